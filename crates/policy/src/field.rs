//! Every row of facts that one question can be about, with what the policies of one or two sets
//! make of it.

use crate::logic::{Answer, Circuit, Distance, Lit, Node};
use crate::set::PolicySet;
use crate::symbols::{
    Beyond, Mentions, Outcome, Reader, Unknowns, free_texts, listed_words, representatives,
};
use crate::witness::{Fact, Witness};
use consentry_columnar::Effect;
use consentry_model::facts::{Attribute, Resource, Type};
use consentry_model::{Instant, words::MODEL_IMPROVEMENT};
use std::collections::BTreeSet;
use std::sync::Arc;

/// 2026-01-01T00:00:00Z: where the instants of a witness are, unless something moves them.
const USUAL: i64 = 1_767_225_600_000;
const DAY: i64 = consentry_model::instant::MILLIS_PER_DAY;

/// One policy of a set, with when it is satisfied.
#[derive(Clone, Debug)]
pub(crate) struct Ruling {
    pub(crate) id: Arc<str>,
    pub(crate) effect: Effect,
    pub(crate) outcome: Outcome,
}

/// What a set makes of a row.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) rulings: Vec<Ruling>,
    /// That the decision is to permit.
    pub(crate) permits: Lit,
    /// That no policy is satisfied or errs.
    pub(crate) is_silent: Lit,
}

/// What a solution hangs on: without any one of these it would not be known to be one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grounds {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) comparisons: Vec<(Distance, bool)>,
    pub(crate) lits: Vec<Lit>,
    /// Whether something beyond exact comparison is among them.
    pub(crate) is_beyond: bool,
}

/// One question about one kind of resource, over all rows and instants.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) circuit: Circuit,
    pub(crate) unknowns: Unknowns,
    pub(crate) sides: Vec<Side>,
    beyond: Beyond,
    purpose: String,
    /// Whether all texts that patterns tell apart are tried.
    pub(crate) has_all_texts: bool,
}

/// Reads what policies of these sets say about an action on a kind of resource.
fn policies(
    set: &PolicySet,
    action: &str,
    resource: Resource,
) -> Vec<(Arc<str>, Effect, cedar_policy::pst::Policy)> {
    let Some(rules) = set.actions.get(action).and_then(|action| action.rules(resource)) else {
        return Vec::new();
    };
    let all = rules.permits.policies().chain(rules.forbids.policies());
    let mut found: Vec<_> = all
        .filter_map(|policy| {
            let info = set.policy(policy.id().as_ref())?;
            Some((Arc::clone(&info.id), info.effect, policy.to_pst().ok()?))
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Whether two sets have the same policies about an action on a kind of resource, by their ids,
/// effects and conditions.
pub(crate) fn say_the_same(
    first: &PolicySet,
    second: &PolicySet,
    action: &str,
    resource: Resource,
) -> bool {
    let (one, other) = (policies(first, action, resource), policies(second, action, resource));
    one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| {
            let clauses = |policy: &cedar_policy::pst::Policy| policy.body().clauses().clone();
            (&one.0, one.1) == (&other.0, other.1) && clauses(&one.2) == clauses(&other.2)
        })
}

fn mentions(sets: &[&PolicySet], action: &str, resource: Resource) -> Mentions {
    let mut mentions = Mentions::default();
    for set in sets {
        for (_, _, policy) in policies(set, action, resource) {
            for condition in crate::expr::conditions(&policy).unwrap_or_default() {
                mentions.collect(condition);
            }
        }
    }
    mentions
}

/// The purposes that the policies tell apart: those that they name, and one that they do not. One
/// alone if they ask for none. Where the purpose is compared with attributes, it may be any word
/// that these may be.
pub(crate) fn purposes(sets: &[&PolicySet], action: &str, resource: Resource) -> Vec<String> {
    let mentions = mentions(sets, action, resource);
    let (mut purposes, _) = if mentions.compares_purpose {
        let mut words = mentions.literals;
        words.extend(listed_words().map(str::to_owned));
        words.insert(MODEL_IMPROVEMENT.to_owned());
        representatives(&words, &mentions.patterns, 1)
    } else if mentions.purposes.is_empty() && mentions.purpose_patterns.is_empty() {
        return vec![MODEL_IMPROVEMENT.to_owned()];
    } else {
        representatives(&mentions.purposes, &mentions.purpose_patterns, 1)
    };
    purposes.sort_by_key(|purpose| purpose != MODEL_IMPROVEMENT);
    purposes
}

impl Field {
    pub(crate) fn new(
        sets: &[&PolicySet],
        action: &str,
        resource: Resource,
        purpose: &str,
    ) -> Self {
        let mut mentions = mentions(sets, action, resource);
        let mut each = 1;
        if mentions.compares_attributes {
            // An attribute may be like each other one, and like the purpose; and all may differ.
            mentions.literals.extend(listed_words().map(str::to_owned));
            mentions.literals.insert(purpose.to_owned());
            each = free_texts(resource).max(1);
        }
        let (mut texts, has_all_texts) =
            representatives(&mentions.literals, &mentions.patterns, each);
        // What is unlike everything comes first.
        texts.sort_by_key(|text| mentions.literals.contains(text));
        let mut circuit = Circuit::new();
        let unknowns = Unknowns::new(&mut circuit, resource, &texts);
        let mut beyond = Beyond::default();
        let mut reader = Reader {
            circuit: &mut circuit,
            unknowns: &unknowns,
            beyond: &mut beyond,
            action,
            purpose,
        };
        let sides = sets.iter().map(|set| side(&mut reader, &policies(set, action, resource)));
        let sides = sides.collect();
        let purpose = purpose.to_owned();
        Self { sides, circuit, unknowns, beyond, purpose, has_all_texts }
    }

    /// Finds values under which all of these hold, with as little as possible out of the ordinary:
    /// first what `wishes` asks for, then usual facts. What was wished for and is possible is added
    /// to `fixed`.
    pub(crate) fn simplest(&mut self, fixed: &mut Vec<Lit>, wishes: &[Lit]) -> Answer {
        let mut model = match self.circuit.solve(fixed) {
            Answer::Found(model) => model,
            other => return other,
        };
        let usual = self.usual();
        let wishes = wishes.iter().map(std::slice::from_ref).chain(usual.iter().map(Vec::as_slice));
        for alternatives in wishes {
            for wish in alternatives {
                if holds(&model, *wish) {
                    fixed.push(*wish);
                    break;
                }
                fixed.push(*wish);
                match self.circuit.solve(fixed) {
                    Answer::Found(found) => {
                        model = found;
                        break;
                    }
                    _ => drop(fixed.pop()),
                }
            }
        }
        Answer::Found(model)
    }

    /// What is usual about facts: alternatives in the order of preference, for one thing after the
    /// other.
    fn usual(&self) -> Vec<Vec<Lit>> {
        let mut usual = Vec::new();
        for attribute in self.unknowns.attributes() {
            let present = self.unknowns.present(attribute);
            if present != Lit::TRUE {
                usual.push(vec![if attribute == Attribute::Plan { present } else { !present }]);
            }
        }
        for attribute in self.unknowns.attributes() {
            if let Some(yes) = self.unknowns.yes(attribute) {
                usual.push(vec![if attribute == Attribute::Adult { yes } else { !yes }]);
            }
            let domain = self.unknowns.domain(attribute);
            usual.push(domain.iter().map(|(_, lit)| *lit).collect());
        }
        usual
    }

    /// What a solution hangs on.
    pub(crate) fn grounds(&self, root: Lit, model: &[bool]) -> Grounds {
        let mut is_open = vec![false; model.len()];
        let mut try_without = |lits: &[Lit]| {
            let before: Vec<_> = lits
                .iter()
                .map(|lit| is_open.get(lit.variable()).copied().unwrap_or(false))
                .collect();
            for lit in lits {
                if let Some(open) = is_open.get_mut(lit.variable()) {
                    *open = true;
                }
            }
            let known = |variable: usize| {
                let value = model.get(variable).copied()?;
                (!is_open.get(variable).copied().unwrap_or(true)).then_some(value)
            };
            let follows = self.circuit.follows(root, known) == Some(true);
            if !follows {
                for (lit, was) in lits.iter().zip(before) {
                    if let Some(open) = is_open.get_mut(lit.variable()) {
                        *open = was;
                    }
                }
            }
            follows
        };
        let mut grounds = Grounds::default();
        for lit in self.beyond.lits() {
            grounds.is_beyond |= !try_without(&[lit]);
        }
        let mut distances: Vec<_> = self.circuit.distances().collect();
        distances.sort_by_key(|(distance, _)| (distance.x, distance.y, distance.at_most));
        for (distance, lit) in distances {
            if !try_without(&[lit]) {
                let is_held = holds(model, lit);
                grounds.comparisons.push((distance, is_held));
                grounds.lits.push(if is_held { lit } else { !lit });
            }
        }
        for attribute in self.unknowns.attributes() {
            let inputs = self.unknowns.inputs(attribute);
            if !inputs.is_empty() && !try_without(&inputs) {
                grounds.attributes.push(attribute);
            }
        }
        grounds
    }

    /// The row of facts and the question that a solution stands for. `slip` moves the instants away
    /// from the usual ones, for those that have to be tried.
    pub(crate) fn witness(&self, grounds: &Grounds, model: &[bool], slip: &Slip) -> Witness {
        let older = (!holds(model, self.unknowns.present(Attribute::Plan)))
            .then_some(self.unknowns.is_older);
        let lits = grounds.lits.iter().copied().chain(older);
        let mut placing = self.circuit.placing(lits);
        let mut facts = Vec::new();
        for (place, attribute) in self.unknowns.attributes().enumerate() {
            if !holds(model, self.unknowns.present(attribute)) {
                continue;
            }
            let fact = match attribute.type_of() {
                Type::Bool => {
                    let yes = self.unknowns.yes(attribute);
                    Fact::Bool(yes.is_some_and(|yes| holds(model, yes)))
                }
                Type::Text => {
                    let mut domain = self.unknowns.domain(attribute).iter();
                    let text = domain.find(|(_, lit)| holds(model, *lit));
                    Fact::Text(text.map_or_else(String::new, |(text, _)| text.clone()))
                }
                Type::Time => {
                    let Some(node) = self.unknowns.time(attribute) else { continue };
                    // A conversation begins before what is said in it, where nothing speaks against.
                    let usual = match attribute {
                        Attribute::StartedAt => USUAL - DAY,
                        _ => USUAL,
                    };
                    let at = placing.place(node, usual.saturating_add(slip.at(place)));
                    Fact::Time(Instant::from_millis(at))
                }
            };
            facts.push((attribute, fact));
        }
        let now = placing.place(self.unknowns.now, USUAL + DAY + slip.at(99));
        Witness {
            resource: self.unknowns.resource,
            facts,
            purpose: self.purpose.clone(),
            now: Instant::from_millis(now),
        }
    }

    /// The attribute that a node is the instant of; nothing for the present instant.
    pub(crate) fn attribute_of(&self, node: Node) -> Option<Attribute> {
        self.unknowns.attributes().find(|attribute| self.unknowns.time(*attribute) == Some(node))
    }

    /// Excludes a solution that turned out not to be one, as far as comparisons of instants go.
    pub(crate) fn exclude(&mut self, grounds: &Grounds, model: &[bool]) -> Lit {
        let beyond: Vec<_> = self.beyond.lits().collect();
        let lits = grounds.lits.iter().copied();
        let beyond = beyond.into_iter().map(|lit| if holds(model, lit) { lit } else { !lit });
        !self.circuit.all(lits.chain(beyond))
    }
}

/// How instants are moved to try what cannot be compared exactly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slip {
    pub(crate) seed: u64,
}

impl Slip {
    /// How far the instant of this number is moved. Not at all for the seed 0.
    fn at(&self, place: usize) -> i64 {
        if self.seed == 0 {
            return 0;
        }
        let place = u64::try_from(place).unwrap_or_default();
        // A step of a linear congruential generator (Knuth, MMIX), twice, is mixed enough.
        let mix = |x: u64| {
            x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
        };
        let drawn = mix(mix(self.seed.wrapping_mul(1_000).wrapping_add(place))) >> 20;
        let day = i64::try_from(drawn % 61).unwrap_or_default() - 30;
        let fine = [0, 0, 1, DAY / 2, DAY - 1, 3_600_000, 32_400_000, 79_200_000];
        let fine = fine.get(usize::try_from(drawn / 64 % 8).unwrap_or_default()).copied();
        day * DAY + fine.unwrap_or_default()
    }
}

/// Whether a literal holds in a solution.
pub(crate) fn holds(model: &[bool], lit: Lit) -> bool {
    model.get(lit.variable()).copied().unwrap_or(false) != lit.is_negated()
}

fn side(
    reader: &mut Reader<'_>,
    policies: &[(Arc<str>, Effect, cedar_policy::pst::Policy)],
) -> Side {
    let rulings: Vec<_> = policies
        .iter()
        .map(|(id, effect, policy)| Ruling {
            id: Arc::clone(id),
            effect: *effect,
            outcome: reader.policy(policy),
        })
        .collect();
    let satisfied = |effect: Effect| {
        let of_effect = rulings.iter().filter(move |ruling| ruling.effect == effect);
        of_effect.map(|ruling| ruling.outcome.satisfied).collect::<BTreeSet<_>>()
    };
    let (permits, forbids) = (satisfied(Effect::Permit), satisfied(Effect::Forbid));
    let errs: Vec<_> = rulings.iter().map(|ruling| ruling.outcome.errs).collect();
    let errs = reader.circuit.any(errs);
    let permitted = reader.circuit.any(permits);
    let forbidden = reader.circuit.any(forbids);
    let permits = reader.circuit.all([permitted, !forbidden, !errs]);
    let is_silent = reader.circuit.all([!permitted, !forbidden, !errs]);
    Side { rulings, permits, is_silent }
}
