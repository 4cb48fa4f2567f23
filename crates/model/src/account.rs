//! Folding the events of one account, and those of the notices that concern all accounts.

use crate::event::Body;
use crate::words::MODEL_IMPROVEMENT;
use crate::{HoldSubject, Instant, Plan, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// Where an event stands among events of the same instant: the order of the arguments, then of the
/// lines.
pub type Order = u64;

/// What one event changes about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Opened { plan: Plan, region: Option<Box<str>>, adult: bool },
    Plan(Plan),
    Closed,
    Choice(bool),
    Joined(Programme),
    Left(Programme),
    HoldPlaced(Box<str>),
    HoldReleased(Box<str>),
}

/// Everything that was recorded about one account, in the order of time.
///
/// Events may be added in any order; [`AccountTimeline::sort`] must be called before asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountTimeline {
    changes: Vec<(Instant, Order, Change)>,
    /// The plans from the opening on, each with the instant from which it is in force.
    plans: Vec<(Instant, Plan)>,
}

/// The state of the switch for model improvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChoiceState {
    /// Granted.
    On,
    /// Refused.
    Off,
    /// Never said.
    Unset,
}

impl ChoiceState {
    /// `on`, `off` or `unset`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Unset => "unset",
        }
    }
}

/// What is true about an account at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts<'a> {
    /// When it was opened.
    pub opened_at: Instant,
    /// The plan in force.
    pub plan: Plan,
    /// The last choice recorded for model improvement.
    pub choice: ChoiceState,
    /// When the present unbroken run of that choice began; `None` while it is unset.
    pub choice_since: Option<Instant>,
    /// The joining that made the account a trusted tester, while it is one.
    pub trusted_tester_since: Option<Instant>,
    /// The joining that made the account a development partner, while it is one.
    pub development_partner_since: Option<Instant>,
    /// The first closing.
    pub closed_at: Option<Instant>,
    /// Whether the holder is an adult.
    pub adult: bool,
    /// The region given at opening.
    pub region: Option<&'a str>,
    /// Whether a hold is placed on the account.
    pub held: bool,
}

impl AccountTimeline {
    /// Adds an event. Events that are not about an account, and those that change no fact (such as
    /// a choice for another purpose), are let pass.
    pub fn push(&mut self, at: Instant, order: Order, body: &Body<'_>) {
        let change = match body {
            Body::AccountOpened { plan, region, adult, .. } => Change::Opened {
                plan: *plan,
                region: region.as_deref().map(Into::into),
                adult: *adult,
            },
            Body::PlanChanged { plan, .. } => Change::Plan(*plan),
            Body::AccountClosed { .. } => Change::Closed,
            Body::ChoiceRecorded { choice, .. } if choice.purpose == MODEL_IMPROVEMENT => {
                Change::Choice(choice.granted)
            }
            Body::ProgrammeJoined { programme, .. } => Change::Joined(*programme),
            Body::ProgrammeLeft { programme, .. } => Change::Left(*programme),
            Body::HoldPlaced { on: HoldSubject::Account, hold, .. } => {
                Change::HoldPlaced(hold.as_ref().into())
            }
            Body::HoldReleased { on: HoldSubject::Account, hold, .. } => {
                Change::HoldReleased(hold.as_ref().into())
            }
            _ => return,
        };
        self.changes.push((at, order, change));
    }

    /// Brings the events into the order of time, and drops spare memory.
    pub fn sort(&mut self) {
        self.changes.sort_by_key(|(at, order, _)| (*at, *order));
        self.changes.shrink_to_fit();
        self.index_plans();
    }

    fn index_plans(&mut self) {
        self.plans.clear();
        for (at, _, change) in &self.changes {
            match change {
                Change::Opened { plan, .. } => self.plans.push((*at, *plan)),
                Change::Plan(plan) if !self.plans.is_empty() => self.plans.push((*at, *plan)),
                _ => {}
            }
        }
    }

    /// Whether the account is opened at all, at any time.
    #[must_use]
    pub fn is_opened(&self) -> bool {
        self.changes.iter().any(|(.., change)| matches!(change, Change::Opened { .. }))
    }

    /// When each opening was recorded, in the order of time, with the order of its line. A valid
    /// history has exactly one.
    pub fn openings(&self) -> impl Iterator<Item = (Instant, Order)> + '_ {
        self.changes
            .iter()
            .filter(|(.., change)| matches!(change, Change::Opened { .. }))
            .map(|(at, order, _)| (*at, *order))
    }

    /// Forgets the events of these lines.
    pub fn remove(&mut self, wrong: &dyn Fn(Order) -> bool) {
        self.changes.retain(|(_, known, _)| !wrong(*known));
        self.index_plans();
    }

    /// The instants at which something changes, in the order of time.
    pub fn instants(&self) -> impl Iterator<Item = Instant> + '_ {
        self.changes.iter().map(|(at, ..)| *at)
    }

    /// The plan in force at an instant; `None` before the opening. Plan changes before the opening
    /// have no effect.
    #[must_use]
    pub fn plan_at(&self, instant: Instant) -> Option<Plan> {
        let count = self.plans.partition_point(|(at, _)| *at <= instant);
        self.plans.get(count.checked_sub(1)?).map(|(_, plan)| *plan)
    }

    /// What is true at an instant; `None` before the opening.
    #[must_use]
    pub fn at(&self, instant: Instant) -> Option<AccountFacts<'_>> {
        let until = |(at, ..): &&(Instant, Order, Change)| *at <= instant;
        let (opened_at, region, adult) =
            self.changes.iter().take_while(until).find_map(|(at, _, change)| match change {
                Change::Opened { region, adult, .. } => Some((*at, region.as_deref(), *adult)),
                _ => None,
            })?;
        let mut facts = AccountFacts {
            opened_at,
            plan: self.plan_at(instant)?,
            choice: ChoiceState::Unset,
            choice_since: None,
            trusted_tester_since: None,
            development_partner_since: None,
            closed_at: None,
            adult,
            region,
            held: false,
        };
        let mut holds = BTreeSet::new();
        for (at, _, change) in self.changes.iter().take_while(until) {
            match change {
                Change::Opened { .. } | Change::Plan(_) => {}
                Change::Closed => facts.closed_at = facts.closed_at.or(Some(*at)),
                Change::Choice(granted) => facts.choose(*granted, *at),
                Change::Joined(programme) => {
                    facts.membership(*programme).get_or_insert(*at);
                }
                Change::Left(programme) => *facts.membership(*programme) = None,
                Change::HoldPlaced(hold) => drop(holds.insert(hold)),
                Change::HoldReleased(hold) => drop(holds.remove(hold)),
            }
        }
        facts.held = !holds.is_empty();
        Some(facts)
    }

    /// The ids of the holds in force at an instant.
    #[must_use]
    pub fn holds_at(&self, instant: Instant) -> BTreeSet<&str> {
        let mut holds = BTreeSet::new();
        for (_, _, change) in self.changes.iter().take_while(|(at, ..)| *at <= instant) {
            match change {
                Change::HoldPlaced(hold) => drop(holds.insert(hold.as_ref())),
                Change::HoldReleased(hold) => drop(holds.remove(hold.as_ref())),
                _ => {}
            }
        }
        holds
    }
}

impl AccountFacts<'_> {
    fn choose(&mut self, granted: bool, at: Instant) {
        let choice = if granted { ChoiceState::On } else { ChoiceState::Off };
        if self.choice != choice {
            self.choice = choice;
            self.choice_since = Some(at);
        }
    }

    fn membership(&mut self, programme: Programme) -> &mut Option<Instant> {
        match programme {
            Programme::TrustedTester => &mut self.trusted_tester_since,
            Programme::DevelopmentPartner => &mut self.development_partner_since,
        }
    }
}

/// One recorded publication: when, its place among events of that instant, which notice, and until
/// when accounts may wait with their choice.
type Publication = (Instant, Order, Box<str>, Option<Instant>);

/// The notices that were published to all accounts. A notice is known by `data.notice`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    published: Vec<Publication>,
}

impl Notices {
    /// Adds a publication.
    pub fn push(&mut self, at: Instant, order: Order, notice: &str, deadline: Option<Instant>) {
        self.published.push((at, order, notice.into(), deadline));
    }

    /// Brings the publications into the order of time.
    pub fn sort(&mut self) {
        self.published.sort_by_key(|(at, order, ..)| (*at, *order));
    }

    /// The notices that are published at any time.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        self.published.iter().map(|(_, _, notice, _)| notice.as_ref()).collect()
    }

    /// Forgets the publications of these lines.
    pub fn remove(&mut self, wrong: &dyn Fn(Order) -> bool) {
        self.published.retain(|(_, known, ..)| !wrong(*known));
    }

    /// The earliest deadline in force at an instant. A later publication of a notice replaces its
    /// deadline; one without a deadline removes it.
    #[must_use]
    pub fn earliest_deadline_at(&self, instant: Instant) -> Option<Instant> {
        let mut deadlines = BTreeMap::new();
        for (_, _, notice, deadline) in self.published.iter().take_while(|(at, ..)| *at <= instant)
        {
            deadlines.insert(notice, *deadline);
        }
        deadlines.into_values().flatten().min()
    }
}
