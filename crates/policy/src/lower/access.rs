//! Entities, attributes and texts.

use super::Lowering;
use super::value::{Entity, Kind, Shape, Source, Value};
use cedar_policy::pst::BinaryOp;
use consentry_columnar::graph::{BitId, Text};
use consentry_columnar::pattern::Pattern;
use consentry_model::facts::{Attribute, Type};

impl Lowering<'_> {
    /// `of.name`
    pub(super) fn attribute(&mut self, of: &Value, name: &str) -> Value {
        let mut value = Value { errs: of.errs, cases: Vec::new() };
        for (guard, shape) in &of.cases {
            match shape {
                Shape::Record(fields) if fields.contains_key(name) => {
                    let field = fields.get(name).cloned().unwrap_or_default();
                    let cases = self.under(*guard, field);
                    value.cases.extend(cases);
                }
                Shape::Entity(Entity::Resource) if Attribute::from_name(name).is_some() => {
                    let Some(attribute) = Attribute::from_name(name) else { continue };
                    let has = self.graph.has(attribute);
                    let there = self.graph.and(*guard, has);
                    let shape = self.fact(attribute);
                    value.cases.push((there, shape));
                    let lacks = self.graph.not(has);
                    let lacks = self.graph.and(*guard, lacks);
                    value.errs = self.graph.or(value.errs, lacks);
                }
                // No such attribute, no such entity, or nothing that has attributes.
                _ => value.errs = self.graph.or(value.errs, *guard),
            }
        }
        value.cases = self.merged(value.cases);
        value
    }

    fn fact(&mut self, attribute: Attribute) -> Shape {
        match attribute.type_of() {
            Type::Text => Shape::Text(Source::Row(Text::Attribute(attribute))),
            Type::Bool => Shape::Bool(self.graph.is_true(attribute)),
            Type::Time => Shape::Number(Kind::Datetime, self.graph.time(attribute)),
        }
    }

    /// `of has a.b.c`: each name is asked for only where the ones before it are there.
    pub(super) fn has_path(&mut self, of: Value, path: &[&str]) -> Value {
        let Some((name, rest)) = path.split_first() else { return of };
        let has = self.has(&of, name);
        if rest.is_empty() {
            return has;
        }
        let (is_true, fails) = self.truth(&has);
        let inner = self.attribute(&of, name);
        let further = self.has_path(inner, rest);
        let (further, further_fails) = self.truth(&further);
        let all = self.graph.and(is_true, further);
        let later = self.graph.and(is_true, further_fails);
        let fails = self.graph.or(fails, later);
        self.of_truth(all, fails)
    }

    fn has(&mut self, of: &Value, name: &str) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, of.errs);
        for (guard, shape) in &of.cases {
            match shape {
                Shape::Record(fields) if fields.contains_key(name) => {
                    is_true = self.graph.or(is_true, *guard);
                }
                Shape::Entity(Entity::Resource) => {
                    if let Some(attribute) = Attribute::from_name(name) {
                        let has = self.graph.has(attribute);
                        let has = self.graph.and(*guard, has);
                        is_true = self.graph.or(is_true, has);
                    }
                }
                // An entity that is only a name has no attributes.
                Shape::Record(_) | Shape::Entity(Entity::Named { .. }) => {}
                _ => fails = self.graph.or(fails, *guard),
            }
        }
        self.of_truth(is_true, fails)
    }

    /// `of is kind`
    pub(super) fn is(&mut self, of: &Value, kind: &str) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, of.errs);
        for (guard, shape) in &of.cases {
            let found = match shape {
                Shape::Entity(Entity::Resource) => self.resource.as_str(),
                Shape::Entity(Entity::Named { kind, .. }) => kind.as_str(),
                _ => {
                    fails = self.graph.or(fails, *guard);
                    continue;
                }
            };
            if found == kind {
                is_true = self.graph.or(is_true, *guard);
            }
        }
        self.of_truth(is_true, fails)
    }

    /// `of in whole`: no entity is in another one, so it must be one of them itself.
    pub(super) fn within(&mut self, of: &Value, whole: &Value) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, self.graph.or(of.errs, whole.errs));
        for (both, of, whole) in self.pairs(&of.cases, &whole.cases) {
            let Shape::Entity(of) = of else {
                fails = self.graph.or(fails, both);
                continue;
            };
            let members = match whole {
                Shape::Entity(entity) => vec![vec![(BitId::TRUE, Shape::Entity(entity))]],
                Shape::Set(members) => members,
                _ => {
                    fails = self.graph.or(fails, both);
                    continue;
                }
            };
            let (mut found, mut is_wrong) = (BitId::FALSE, BitId::FALSE);
            for (guard, member) in members.into_iter().flatten() {
                match member {
                    Shape::Entity(member) if member == of => found = self.graph.or(found, guard),
                    Shape::Entity(_) => {}
                    // A set of anything else errs as a whole.
                    _ => is_wrong = self.graph.or(is_wrong, guard),
                }
            }
            let wrong = self.graph.and(both, is_wrong);
            fails = self.graph.or(fails, wrong);
            let right = self.graph.not(is_wrong);
            let here = self.graph.all([both, right, found]);
            is_true = self.graph.or(is_true, here);
        }
        self.of_truth(is_true, fails)
    }

    /// `of.hasTag(name)` and `of.getTag(name)`: nothing has tags.
    pub(super) fn tag(&mut self, op: BinaryOp, of: &Value, name: &Value) -> Value {
        let mut fails = self.graph.or(of.errs, name.errs);
        for (both, of, name) in self.pairs(&of.cases, &name.cases) {
            let is_asked = matches!((of, name), (Shape::Entity(_), Shape::Text(_)));
            if !is_asked || op == BinaryOp::GetTag {
                fails = self.graph.or(fails, both);
            }
        }
        self.of_truth(BitId::FALSE, fails)
    }

    /// `of like pattern`
    pub(super) fn like(&mut self, of: &Value, pattern: &Pattern) -> Value {
        let (mut is_true, mut fails) = (BitId::FALSE, of.errs);
        for (guard, shape) in &of.cases {
            let matches = match shape {
                Shape::Text(Source::Constant(text)) if pattern.matches(text) => BitId::TRUE,
                Shape::Text(Source::Constant(_)) => BitId::FALSE,
                Shape::Text(Source::Row(text)) => self.graph.like(*text, pattern.clone()),
                _ => {
                    fails = self.graph.or(fails, *guard);
                    continue;
                }
            };
            let matches = self.graph.and(*guard, matches);
            is_true = self.graph.or(is_true, matches);
        }
        self.of_truth(is_true, fails)
    }
}
