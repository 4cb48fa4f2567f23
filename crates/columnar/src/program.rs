//! A lowered action: what it is, how it travels, and what it reads.

use crate::evaluator::Evaluator;
use crate::graph::{Bit, BitId, Graph, Number, NumberId, Relation, Text};
use crate::order::{self, Node};
use crate::retain;
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Resource};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Whether a policy allows or rules out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Effect {
    /// It allows, unless something forbids.
    Permit,
    /// It rules out, whatever allows.
    Forbid,
}

/// A policy of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Its id in the set.
    pub id: Arc<str>,
    /// What it does where it is satisfied.
    pub effect: Effect,
    /// Where it is satisfied.
    pub satisfied: BitId,
    /// Where its evaluation errs. Never where it is satisfied.
    pub errs: BitId,
}

/// Two numbers whose comparison can turn as time passes: each moves one way only, if at all, and so
/// does their difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Which comparison: `left < right`, `left <= right`, or whether they are equal. The negated
    /// ones turn where these do.
    pub relation: Relation,
    /// The left side.
    pub left: NumberId,
    /// The right side.
    pub right: NumberId,
}

/// The policies of a set that can have a say about one action, as a program over columns of facts:
/// a row a resource in, the decision, its reasons and its errors out.
///
/// A program is made from a policy set by `consentry-policy` and runs anywhere: it needs neither
/// the set nor Cedar, and travels as bytes.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) about: About,
    pub(crate) policies: Arc<[Policy]>,
    pub(crate) graph: Graph,
    pub(crate) turns: Result<Vec<Turn>, Arc<str>>,
}

/// What a program was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The id of the policy set.
    pub set: Arc<str>,
    /// The hash of the policy set.
    pub set_hash: Arc<str>,
    /// The action.
    pub action: Arc<str>,
    /// What the action applies to.
    #[serde(with = "resources")]
    pub resources: Vec<Resource>,
}

/// A program as it travels.
#[derive(Serialize, Deserialize)]
struct Packed {
    version: u16,
    about: About,
    policies: Vec<Policy>,
    bits: Vec<Bit>,
    numbers: Vec<Number>,
    turns: Result<Vec<Turn>, Arc<str>>,
}

/// The version of the bytes of [`Program::to_bytes`].
const VERSION: u16 = 1;

/// How many nodes a program may have. A policy set may have some thousand words, each of which
/// makes a few nodes.
pub const NODES_MAX: usize = 100_000;

/// How many numbers a program may calculate. Each takes 32 KiB while rows are decided.
pub const CALCULATED_MAX: usize = 1000;

/// How large a number may be when it is written out with all that it is made of, and how deeply
/// nested. A policy has at most some thousand words, nested 64 levels deep.
const WRITTEN_MAX: usize = 20_000;
const NESTED_MAX: usize = 256;

/// Bytes that are not a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a lowered policy set (version {VERSION}), but {reason}")]
pub struct ProgramError {
    reason: String,
}

impl Program {
    /// A program of these policies.
    ///
    /// # Errors
    ///
    /// When the program has more than [`NODES_MAX`] steps or [`CALCULATED_MAX`] calculated numbers, a
    /// number is far too large, a step does not belong to the graph, or it cannot be derived when a
    /// comparison turns.
    pub fn new(
        about: About,
        policies: Vec<Policy>,
        graph: Graph,
        turns: Result<Vec<Turn>, Arc<str>>,
    ) -> Result<Self, ProgramError> {
        let program = Self { about, policies: policies.into(), graph, turns };
        program.check()?;
        Ok(program)
    }

    fn check(&self) -> Result<(), ProgramError> {
        let fail = |reason: String| Err(ProgramError { reason });
        if self.graph.len() > NODES_MAX {
            return fail(format!("it has {} steps, more than {NODES_MAX}", self.graph.len()));
        }
        if let Some(bad) = self.graph.numbers.iter().find(|number| !is_sound(**number)) {
            return fail(format!("`{bad:?}` divides by what is not positive"));
        }
        let calculated = self.graph.numbers.iter().filter(|number| is_calculated(**number)).count();
        if calculated > CALCULATED_MAX {
            return fail(format!("it calculates {calculated} numbers, more than {CALCULATED_MAX}"));
        }
        let Some(order) = order::of(&self.graph, self.roots()) else {
            return fail("its steps go round in a circle, or are missing".to_owned());
        };
        if let Some(reason) = too_large(&self.graph, &order) {
            return fail(reason);
        }
        for turn in self.turns.iter().flatten() {
            if !retain::can_turn(&self.graph, turn) {
                return fail("it cannot be derived when one of its comparisons turns".to_owned());
            }
        }
        Ok(())
    }

    fn roots(&self) -> impl Iterator<Item = Node> + '_ {
        let bits = self.policies.iter().flat_map(|policy| [policy.satisfied, policy.errs]);
        let turns = self.turns.iter().flatten();
        let numbers = turns.flat_map(|turn| [turn.left, turn.right]);
        bits.map(Node::Bit).chain(numbers.map(Node::Number))
    }

    /// The program as bytes that [`Self::from_bytes`] reads.
    ///
    /// # Errors
    ///
    /// When the program cannot be written down: a mistake in Consentry.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ProgramError> {
        let packed = Packed {
            version: VERSION,
            about: self.about.clone(),
            policies: self.policies.to_vec(),
            bits: self.graph.bits.clone(),
            numbers: self.graph.numbers.clone(),
            turns: self.turns.clone(),
        };
        postcard::to_stdvec(&packed).map_err(|error| ProgramError { reason: error.to_string() })
    }

    /// Reads what [`Self::to_bytes`] wrote. The bytes are not trusted: whatever they are, there is a
    /// program that ends, or an error.
    ///
    /// # Errors
    ///
    /// When the bytes are anything else, or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProgramError> {
        let fail = |reason: String| ProgramError { reason };
        let (version, _) = postcard::take_from_bytes::<u16>(bytes)
            .map_err(|error| fail(format!("the bytes end too early or are none: {error}")))?;
        if version != VERSION {
            return Err(fail(format!("this is version {version}")));
        }
        let (packed, rest): (Packed, _) = postcard::take_from_bytes(bytes)
            .map_err(|error| fail(format!("it is damaged: {error}")))?;
        if !rest.is_empty() {
            return Err(fail(format!("{} bytes follow it", rest.len())));
        }
        let graph = Graph::of(packed.bits, packed.numbers)
            .ok_or_else(|| fail("it does not begin with the constants".to_owned()))?;
        Self::new(packed.about, packed.policies, graph, packed.turns)
    }

    /// What it was made from.
    #[must_use]
    pub const fn about(&self) -> &About {
        &self.about
    }

    /// The policies, in the order in which votes number them.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The graph that the policies' bits are of.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The comparisons that time can turn, or the id of a policy for which it cannot be derived when
    /// it turns.
    ///
    /// # Errors
    ///
    /// The id of such a policy.
    pub fn turns(&self) -> Result<&[Turn], &Arc<str>> {
        self.turns.as_deref()
    }

    /// The attributes that it reads for some purpose at some instant, in the order of their
    /// declaration.
    #[must_use]
    pub fn reads(&self) -> Vec<Attribute> {
        reads(&self.graph, order::of(&self.graph, self.roots()).unwrap_or_default())
    }

    /// Makes it ready for one purpose and one instant: what these settle is folded away.
    #[must_use]
    pub fn bind(&self, purpose: &str, now: Instant) -> Evaluator {
        Evaluator::new(self, purpose, Some(now))
    }
}

fn is_calculated(number: Number) -> bool {
    !matches!(number, Number::Constant(_) | Number::Now | Number::Time(_))
}

/// What is too large about numbers. They share parts, so that few steps may stand for an expression
/// that nobody could go through.
fn too_large(graph: &Graph, order: &[Node]) -> Option<String> {
    // The size and the depth of every number, its parts before itself.
    let mut measured: HashMap<NumberId, (usize, usize)> = HashMap::new();
    for node in order {
        let Node::Number(id) = *node else { continue };
        let (mut size, mut depth) = (1usize, 1usize);
        for operand in order::operands(graph, *node).into_iter().flatten() {
            if let Node::Number(part) = operand
                && let Some((part_size, part_depth)) = measured.get(&part)
            {
                size = size.saturating_add(*part_size);
                depth = depth.max(part_depth + 1);
            }
        }
        if size > WRITTEN_MAX || depth > NESTED_MAX {
            return Some(format!(
                "a number of it is made of more than {WRITTEN_MAX} others, or nested more than \
                 {NESTED_MAX} levels deep"
            ));
        }
        measured.insert(id, (size, depth));
    }
    None
}

fn is_sound(number: Number) -> bool {
    !matches!(number, Number::Quotient(_, divisor) if divisor < 1)
}

/// The attributes that nodes read.
pub(crate) fn reads(graph: &Graph, nodes: Vec<Node>) -> Vec<Attribute> {
    let mut found = BTreeSet::new();
    for node in nodes {
        match node {
            Node::Bit(id) => match graph.bit(id) {
                Bit::Has(attribute) | Bit::IsTrue(attribute) => {
                    found.insert(*attribute);
                }
                Bit::OneOf(Text::Attribute(attribute), _)
                | Bit::Like(Text::Attribute(attribute), _) => {
                    found.insert(*attribute);
                }
                Bit::Same(left, right) => {
                    for text in [left, right] {
                        if let Text::Attribute(attribute) = text {
                            found.insert(*attribute);
                        }
                    }
                }
                _ => {}
            },
            Node::Number(id) => {
                if let Number::Time(attribute) = graph.number(id) {
                    found.insert(attribute);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Attributes travel by their names.
pub(crate) mod attribute {
    use consentry_model::facts::Attribute;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub fn serialize<S: Serializer>(attribute: &Attribute, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(attribute.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Attribute, D::Error> {
        let name = <&str>::deserialize(from)?;
        Attribute::from_name(name)
            .ok_or_else(|| D::Error::custom(format!("there is no attribute `{name}`")))
    }
}

/// Kinds of resource travel by their names.
mod resources {
    use consentry_model::facts::Resource;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    const ALL: [Resource; 4] =
        [Resource::Part, Resource::FeedbackPart, Resource::Conversation, Resource::Account];

    pub fn serialize<S: Serializer>(resources: &[Resource], to: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> = resources.iter().map(|resource| resource.as_str()).collect();
        names.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Resource>, D::Error> {
        let names = Vec::<&str>::deserialize(from)?;
        let named = |name: &&str| {
            let found = ALL.into_iter().find(|resource| resource.as_str() == *name);
            found.ok_or_else(|| D::Error::custom(format!("there is no resource `{name}`")))
        };
        names.iter().map(named).collect()
    }
}
