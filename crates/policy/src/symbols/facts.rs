//! All rows of facts that a history can give, at all instants.

use crate::logic::{Circuit, Distance, Lit, Node, ZERO};
use crate::schema::{Supply, supply};
use consentry_model::facts::{Attribute, Resource, Type};
use std::collections::BTreeMap;

/// The earliest instant that a history can tell of: 0000-01-01T00:00:00Z, in milliseconds.
pub(super) const EARLIEST: i64 = -62_167_219_200_000;
/// The latest one: 9999-12-31T23:59:59.999Z.
pub(super) const LATEST: i64 = 253_402_300_799_999;

/// The words that a text attribute is one of, the most usual first; `None` where any text will do.
fn words(attribute: Attribute) -> Option<Vec<&'static str>> {
    let mut words = attribute.words()?;
    let usual = match attribute {
        Attribute::Plan => "pro",
        Attribute::Choice => "unset",
        _ => return Some(words),
    };
    words.sort_by_key(|word| *word != usual);
    Some(words)
}

/// All words of the attributes that have a list of them.
pub(crate) fn listed_words() -> impl Iterator<Item = &'static str> {
    Attribute::ALL.iter().filter_map(|attribute| words(*attribute)).flatten()
}

/// How many attributes of a kind of resource may hold any text.
pub(crate) fn free_texts(resource: Resource) -> usize {
    let is_free = |attribute: &&Attribute| {
        attribute.type_of() == Type::Text
            && words(**attribute).is_none()
            && !matches!(supply(resource, **attribute), Supply::Never)
    };
    Attribute::ALL.iter().filter(is_free).count()
}

/// What is not known about a row of facts, and the instant of the question.
#[derive(Debug)]
pub(crate) struct Unknowns {
    pub(crate) resource: Resource,
    present: BTreeMap<Attribute, Lit>,
    bools: BTreeMap<Attribute, Lit>,
    /// The texts that an attribute may have, each with the input that says that it does.
    texts: BTreeMap<Attribute, Vec<(String, Lit)>>,
    times: BTreeMap<Attribute, Node>,
    pub(crate) now: Node,
    /// That the part was written before the present instant.
    pub(crate) is_older: Lit,
}

impl Unknowns {
    /// Every row about this kind of resource. `texts` are those to try where any text will do.
    pub(crate) fn new(circuit: &mut Circuit, resource: Resource, texts: &[String]) -> Self {
        let now = circuit.node();
        bound(circuit, now);
        let mut unknowns = Self {
            resource,
            present: BTreeMap::new(),
            bools: BTreeMap::new(),
            texts: BTreeMap::new(),
            times: BTreeMap::new(),
            now,
            is_older: Lit::TRUE,
        };
        for attribute in Attribute::ALL {
            unknowns.add(circuit, *attribute, texts);
        }
        unknowns.is_older = match (resource, unknowns.time(Attribute::At)) {
            (Resource::Part, Some(at)) => circuit.within(Distance { x: at, y: now, at_most: -1 }),
            _ => Lit::TRUE,
        };
        unknowns.obey(circuit);
        unknowns
    }

    fn add(&mut self, circuit: &mut Circuit, attribute: Attribute, texts: &[String]) {
        let present = match supply(self.resource, attribute) {
            Supply::Never => return,
            Supply::Always => Lit::TRUE,
            Supply::Sometimes => circuit.input(),
        };
        self.present.insert(attribute, present);
        match attribute.type_of() {
            Type::Bool => {
                self.bools.insert(attribute, circuit.input());
            }
            Type::Time => {
                let node = circuit.node();
                bound(circuit, node);
                self.times.insert(attribute, node);
            }
            Type::Text => {
                let words = words(attribute).map_or_else(
                    || texts.to_vec(),
                    |words| words.into_iter().map(str::to_owned).collect(),
                );
                let domain: Vec<_> =
                    words.into_iter().map(|word| (word, circuit.input())).collect();
                let mut one: Vec<_> = domain.iter().map(|(_, lit)| *lit).collect();
                if present != Lit::TRUE {
                    one.push(!present);
                }
                circuit.require_one(&one);
                self.texts.insert(attribute, domain);
            }
        }
    }

    /// The laws of folding: what is true of facts whatever happened.
    fn obey(&self, circuit: &mut Circuit) {
        let no_later = |circuit: &mut Circuit, one: Node, other: Node| {
            circuit.always_within(Distance { x: one, y: other, at_most: 0 });
        };
        // What is known at an instant has happened by then. Only a deadline may lie ahead.
        for (attribute, node) in &self.times {
            if *attribute != Attribute::EarliestDeadline {
                no_later(circuit, *node, self.now);
            }
        }
        // The last activity is the latest of the start and the messages.
        if let Some(last) = self.time(Attribute::LastActivity) {
            for earlier in [Attribute::StartedAt, Attribute::At] {
                if let Some(earlier) = self.time(earlier) {
                    no_later(circuit, earlier, last);
                }
            }
        }
        // A choice was made at some time; who made none has none.
        if self.present.contains_key(&Attribute::Choice) {
            let unset = self.text(Attribute::Choice, "unset");
            let since = self.present(Attribute::ChoiceSince);
            circuit.require(&[unset, since]);
            circuit.require(&[!unset, !since]);
        }
        // A part without a plan is older than its account, which is open by now.
        if self.resource == Resource::Part {
            circuit.require(&[self.present(Attribute::Plan), self.is_older]);
        }
        // The feedback store never holds what comes from a connector.
        if self.resource == Resource::FeedbackPart {
            circuit.require(&[!self.text(Attribute::Origin, "connector")]);
        }
    }

    /// That the attribute is there.
    pub(crate) fn present(&self, attribute: Attribute) -> Lit {
        self.present.get(&attribute).copied().unwrap_or(Lit::FALSE)
    }

    /// That a yes-or-no attribute is yes.
    pub(crate) fn yes(&self, attribute: Attribute) -> Option<Lit> {
        self.bools.get(&attribute).copied()
    }

    /// That a text attribute is this text.
    pub(crate) fn text(&self, attribute: Attribute, text: &str) -> Lit {
        let domain = self.domain(attribute);
        domain.iter().find(|(word, _)| word == text).map_or(Lit::FALSE, |(_, lit)| *lit)
    }

    /// The texts that an attribute may have.
    pub(crate) fn domain(&self, attribute: Attribute) -> &[(String, Lit)] {
        self.texts.get(&attribute).map_or(&[], Vec::as_slice)
    }

    /// The instant of a time attribute.
    pub(crate) fn time(&self, attribute: Attribute) -> Option<Node> {
        self.times.get(&attribute).copied()
    }

    /// The attributes that a row may have.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute> + '_ {
        self.present.keys().copied()
    }

    /// The inputs that say what an attribute is, as far as it is no instant.
    pub(crate) fn inputs(&self, attribute: Attribute) -> Vec<Lit> {
        let texts = self.domain(attribute).iter().map(|(_, lit)| *lit);
        let mut inputs: Vec<_> = texts.chain(self.yes(attribute)).collect();
        let present = self.present(attribute);
        if present != Lit::TRUE {
            inputs.push(present);
        }
        inputs
    }
}

/// Instants are those that can be written.
fn bound(circuit: &mut Circuit, node: Node) {
    circuit.always_within(Distance { x: node, y: ZERO, at_most: LATEST.into() });
    circuit.always_within(Distance { x: ZERO, y: node, at_most: -i128::from(EARLIEST) });
}
