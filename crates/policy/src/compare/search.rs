//! Searching one action and kind of resource for disagreements.

use super::{Against, CompareError, Confirming, Dates, Differences, Fixture, Group, Kind};
use crate::cedar::CedarEngine;
use crate::engine::{Decision, Engine as _, RequestError};
use crate::field::{Field, Grounds, Ruling, Slip, holds};
use crate::load::RETAIN;
use crate::logic::{Answer, Lit, ZERO};
use crate::set::PolicySet;
use crate::witness::{Fact, Witness};
use consentry_columnar::Effect;
use consentry_model::facts::{Attribute, Resource, Type};
use std::sync::Arc;

/// How many groups of one question are told apart. Sets of 25 policies have a few dozen.
const GROUPS_MAX: usize = 400;
/// How many rows are tried where instants cannot be compared exactly.
const TRIES: u64 = 48;
/// How many solutions that are none are excluded before the search gives up.
const EXCLUDED_MAX: usize = 64;

pub(super) struct Search<'s> {
    pub(super) sets: [&'s Arc<PolicySet>; 2],
    pub(super) plain: &'s [CedarEngine; 2],
    pub(super) confirming: &'s [Confirming<'s>],
    pub(super) action: &'s str,
    pub(super) resource: Resource,
    pub(super) reasons: bool,
    /// How many purposes there are.
    pub(super) all: usize,
    pub(super) found: Vec<Group>,
}

/// One kind of disagreement to look for.
struct Aim {
    kind: Kind,
    root: Lit,
    /// The policy, where it is about a reason.
    reason: Option<Arc<str>>,
}

impl Search<'_> {
    /// Looks for everything that the sets disagree on for one purpose.
    pub(super) fn purpose(
        &mut self,
        purpose: &str,
        differences: &mut Differences,
    ) -> Result<(), CompareError> {
        let sets = self.sets.map(AsRef::as_ref);
        let mut field = Field::new(&sets, self.action, self.resource, purpose);
        differences.comparisons += field.circuit.distances().count();
        for aim in self.aims(&mut field) {
            if let Some(reason) = self.aim(&mut field, &aim)? {
                let resource = self.resource.as_str();
                let action = self.action;
                differences
                    .incomplete
                    .push(format!("`{action}` on `{resource}` for `{purpose}`: {reason}"));
            }
        }
        Ok(())
    }

    fn aims(&self, field: &mut Field) -> Vec<Aim> {
        let [first, second] = field.sides.as_slice() else { return Vec::new() };
        let (first, second) = (first.clone(), second.clone());
        let circuit = &mut field.circuit;
        let mut aims = vec![
            Aim {
                kind: Kind::FirstPermits,
                root: circuit.all([first.permits, !second.permits]),
                reason: None,
            },
            Aim {
                kind: Kind::SecondPermits,
                root: circuit.all([second.permits, !first.permits]),
                reason: None,
            },
        ];
        if !self.reasons {
            return aims;
        }
        for one in &first.rulings {
            let same = |other: &&Ruling| (&other.id, other.effect) == (&one.id, one.effect);
            let Some(other) = second.rulings.iter().find(same) else { continue };
            // Permits are reasons of permits, everything else of denials.
            let alike = match one.effect {
                Effect::Permit => [first.permits, second.permits],
                Effect::Forbid => [!first.permits, !second.permits],
            };
            for (kind, [yes, no]) in [
                (Kind::FirstReason, [one.outcome, other.outcome]),
                (Kind::SecondReason, [other.outcome, one.outcome]),
            ] {
                let [a, b] = alike;
                let root = circuit.all([a, b, yes.satisfied, !no.satisfied]);
                aims.push(Aim { kind, root, reason: Some(Arc::clone(&one.id)) });
            }
        }
        aims
    }

    /// Finds group after group, until there is nothing left. Why something may be missing, if so.
    fn aim(&mut self, field: &mut Field, aim: &Aim) -> Result<Option<String>, CompareError> {
        let mut incomplete = None;
        let mut fixed = vec![aim.root];
        let (mut groups, mut excluded) = (0, 0);
        loop {
            let mut chosen = fixed.clone();
            let wishes = wishes(field, aim);
            let model = match field.simplest(&mut chosen, &wishes) {
                Answer::Found(model) => model,
                Answer::Impossible => break,
                Answer::GaveUp => return Ok(Some("the search took too long".to_owned())),
            };
            let grounds = field.grounds(aim.root, &model);
            let Some(witness) = self.real(field, aim, &grounds, &model)? else {
                fixed.push(field.exclude(&grounds, &model));
                incomplete = Some(
                    "instants are compared in a way that only trying can tell about".to_owned(),
                );
                excluded += 1;
                if excluded > EXCLUDED_MAX {
                    break;
                }
                continue;
            };
            let (policies, against, block) = accounts(field, aim, &model);
            self.group(field, aim, (policies, against), &grounds, witness)?;
            fixed.push(!block);
            groups += 1;
            if aim.reason.is_some() {
                break;
            }
            if groups >= GROUPS_MAX {
                return Ok(Some(format!("more than {GROUPS_MAX} groups of disagreements")));
            }
        }
        if !field.has_all_texts && incomplete.is_none() {
            incomplete = Some("patterns tell more texts apart than were tried".to_owned());
        }
        Ok(incomplete)
    }

    /// The witness of a solution, if Cedar finds it to be one. Where everything is compared exactly
    /// it has to be; otherwise other instants are tried.
    fn real(
        &self,
        field: &Field,
        aim: &Aim,
        grounds: &Grounds,
        model: &[bool],
    ) -> Result<Option<Witness>, CompareError> {
        let tries = if grounds.is_beyond { TRIES } else { 1 };
        for seed in 0..tries {
            let witness = field.witness(grounds, model, &Slip { seed });
            let [first, second] = self.plain;
            let answers = witness.answers(self.action, first, second)?;
            if aim.shows(&answers.first, &answers.second) {
                return Ok(Some(witness));
            }
            if !grounds.is_beyond {
                return Err(self.unconfirmed("cedar", &witness));
            }
        }
        Ok(None)
    }

    fn unconfirmed(&self, engine: &str, witness: &Witness) -> CompareError {
        CompareError::Unconfirmed {
            engine: engine.to_owned(),
            action: self.action.to_owned(),
            sentence: format!(
                "{}; asked at {} for `{}`",
                witness.sentence(),
                witness.now,
                witness.purpose
            ),
        }
    }

    fn group(
        &mut self,
        field: &Field,
        aim: &Aim,
        (policies, against): (Vec<Arc<str>>, Against),
        grounds: &Grounds,
        witness: Witness,
    ) -> Result<(), CompareError> {
        let [first, second] = self.plain;
        let answers = witness.answers(self.action, first, second)?;
        for confirming in self.confirming {
            let found = witness.answers(self.action, confirming.first, confirming.second)?;
            if found != answers {
                return Err(self.unconfirmed(confirming.name, &witness));
            }
        }
        let group = Group {
            action: self.action.to_owned(),
            resource: self.resource,
            purposes: Some(vec![witness.purpose.clone()]),
            kind: aim.kind,
            policies,
            against,
            fixtures: Vec::new(),
            answers,
            dates: None,
            witness,
        };
        if let Some(known) = self.found.iter_mut().find(|known| known.is_like(&group)) {
            if let Some(purposes) = &mut known.purposes {
                purposes.push(group.witness.purpose);
            }
            return Ok(());
        }
        let fixtures = self.fixtures(field, aim, grounds, &group.witness)?;
        let dates = self.dates(&group.witness)?;
        self.found.push(Group { fixtures, dates, ..group });
        Ok(())
    }

    /// Until when both sets keep the part of a witness, asked as soon as its facts are so.
    fn dates(&self, witness: &Witness) -> Result<Option<Dates>, RequestError> {
        if self.action != RETAIN {
            return Ok(None);
        }
        let now = witness.holds_from().min(witness.now);
        let one = |engine: &CedarEngine| {
            let all = engine.retain_all(&witness.purpose, now, &[witness.row()])?;
            let first = all.into_iter().next();
            first.ok_or_else(|| RequestError::Cedar("a row has no answer".to_owned()))
        };
        let [first, second] = self.plain;
        Ok(Some(Dates { now, first: one(first)?, second: one(second)? }))
    }

    /// What a witness hangs on, in terms of facts. For texts and truth values, other values are
    /// tried as well.
    fn fixtures(
        &self,
        field: &Field,
        aim: &Aim,
        grounds: &Grounds,
        witness: &Witness,
    ) -> Result<Vec<Fixture>, CompareError> {
        let [first, second] = self.plain;
        let mut fixtures = Vec::new();
        for attribute in &grounds.attributes {
            let find = |witness: &Witness| {
                let mut facts = witness.facts.iter();
                facts.find(|(known, _)| known == attribute).map(|(_, fact)| fact.clone())
            };
            let value = find(witness);
            let mut also = Vec::new();
            if attribute.type_of() == Type::Text && value.is_some() {
                for (text, _) in field.unknowns.domain(*attribute) {
                    let other = Some(Fact::Text(text.clone()));
                    if other == value || (*attribute == Attribute::Choice && text == "unset") {
                        continue;
                    }
                    if *attribute == Attribute::Choice && value == Some(Fact::Text("unset".into()))
                    {
                        continue;
                    }
                    let tried = witness.with(*attribute, other.clone());
                    let answers = tried.answers(self.action, first, second)?;
                    if aim.shows(&answers.first, &answers.second) {
                        also.push(other);
                    }
                }
            }
            fixtures.push(Fixture::Fact { attribute: *attribute, value, also });
        }
        for (distance, is_held) in &grounds.comparisons {
            // x - y ≤ c, or x - y ≥ c + 1.
            let (later, earlier, at_least) = if *is_held {
                (distance.y, distance.x, -distance.at_most)
            } else {
                (distance.x, distance.y, distance.at_most + 1)
            };
            let Ok(at_least) = i64::try_from(at_least) else { continue };
            let name = |node| field.attribute_of(node);
            fixtures.push(match (later, earlier) {
                (ZERO, node) => Fixture::UpTo(name(node), -at_least),
                (node, ZERO) => Fixture::From(name(node), at_least),
                _ => Fixture::Apart { later: name(later), earlier: name(earlier), at_least },
            });
        }
        Ok(fixtures)
    }

    /// The groups, with purposes left out where they do not matter.
    pub(super) fn into_groups(mut self) -> Vec<Group> {
        // One purpose alone: either it was asked for, or no policy asks for any.
        let matters = self.all == 1 && self.reads_purpose();
        for group in &mut self.found {
            let count = group.purposes.as_ref().map_or(0, Vec::len);
            if count == self.all && !matters {
                group.purposes = None;
            }
        }
        self.found.sort_by(|one, other| {
            (one.kind, &one.policies, &one.against).cmp(&(
                other.kind,
                &other.policies,
                &other.against,
            ))
        });
        self.found
    }

    /// Whether more than one purpose is told apart for this action and kind of resource.
    fn reads_purpose(&self) -> bool {
        let sets = self.sets.map(AsRef::as_ref);
        crate::field::purposes(&sets, self.action, self.resource).len() > 1
    }
}

impl Aim {
    /// Whether two decisions disagree as looked for.
    fn shows(&self, first: &Decision, second: &Decision) -> bool {
        let is_reason = |decision: &Decision| {
            self.reason.as_ref().is_some_and(|reason| decision.reasons.contains(reason))
        };
        match self.kind {
            Kind::FirstPermits => first.permit && !second.permit,
            Kind::SecondPermits => second.permit && !first.permit,
            Kind::FirstReason => {
                first.permit == second.permit && is_reason(first) && !is_reason(second)
            }
            Kind::SecondReason => {
                first.permit == second.permit && is_reason(second) && !is_reason(first)
            }
        }
    }

    /// Which side permits and which denies.
    const fn sides(&self) -> (usize, usize) {
        match self.kind {
            Kind::FirstPermits | Kind::FirstReason => (0, 1),
            Kind::SecondPermits | Kind::SecondReason => (1, 0),
        }
    }
}

/// What makes a solution simple: few policies that have anything to do with it.
fn wishes(field: &Field, aim: &Aim) -> Vec<Lit> {
    let (permitting, denying) = aim.sides();
    let of = |side: usize, effect: Effect| {
        let rulings = field.sides.get(side).map_or(&[][..], |side| side.rulings.as_slice());
        let lits = rulings.iter().filter(move |ruling| ruling.effect == effect);
        lits.map(|ruling| !ruling.outcome.satisfied)
    };
    let silent = field.sides.get(denying).map(|side| side.is_silent);
    silent
        .into_iter()
        .chain(of(denying, Effect::Forbid))
        .chain(of(permitting, Effect::Permit))
        .chain(of(denying, Effect::Permit))
        .collect()
}

/// The policies that account for a solution, and the condition that they do.
fn accounts(field: &mut Field, aim: &Aim, model: &[bool]) -> (Vec<Arc<str>>, Against, Lit) {
    if let Some(reason) = &aim.reason {
        return (vec![Arc::clone(reason)], Against::Nothing, aim.root);
    }
    let (permitting, denying) = aim.sides();
    let (Some(permitting), Some(denying)) =
        (field.sides.get(permitting).cloned(), field.sides.get(denying).cloned())
    else {
        return (Vec::new(), Against::Nothing, aim.root);
    };
    let mut lits = Vec::new();
    let mut policies = Vec::new();
    for ruling in &permitting.rulings {
        if ruling.effect == Effect::Permit && holds(model, ruling.outcome.satisfied) {
            policies.push(Arc::clone(&ruling.id));
            lits.push(ruling.outcome.satisfied);
        }
    }
    let mut against: Vec<Arc<str>> = Vec::new();
    for ruling in &denying.rulings {
        if ruling.effect == Effect::Forbid && holds(model, ruling.outcome.satisfied) {
            against.push(Arc::clone(&ruling.id));
            lits.push(ruling.outcome.satisfied);
        }
        if holds(model, ruling.outcome.errs) {
            against.push(format!("policy-error:{}", ruling.id).into());
            lits.push(ruling.outcome.errs);
        }
    }
    let against = if against.is_empty() {
        lits.push(denying.is_silent);
        Against::Nothing
    } else {
        Against::Policies(against)
    };
    let block = field.circuit.all(lits);
    (policies, against, block)
}
