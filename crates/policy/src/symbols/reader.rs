//! Reading conditions: what each expression is, case by case, and when it errs.

use super::facts::Unknowns;
use super::number::{Beyond, Number};
use super::texts::matches;
use crate::constant;
use crate::logic::{Circuit, Lit};
use crate::schema::PRINCIPAL;
use cedar_policy::pst::{BinaryOp, Clause, Expr, Literal, PatternElem, Policy, UnaryOp, Var};
use consentry_model::facts::Attribute;
use consentry_model::instant::MILLIS_PER_DAY;
use std::collections::BTreeMap;

/// How many cases one expression may have before it counts as beyond exact reading.
const CASES_MAX: usize = 128;

/// When a policy is satisfied, and when it errs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) satisfied: Lit,
    pub(crate) errs: Lit,
}

/// What an expression is in one case.
#[derive(Clone, Debug)]
enum Shape {
    Bool(Lit),
    Text(Text),
    Number(Number),
    Set(Vec<Value>),
    Record(BTreeMap<String, Value>),
    /// An entity other than the resource, as it is written.
    Entity(String),
    Resource,
    Context,
    /// Beyond exact reading.
    Other(String),
}

#[derive(Clone, Debug)]
enum Text {
    Literal(String),
    Attribute(Attribute),
}

/// What an expression is: exactly one of the cases holds, unless it errs.
#[derive(Clone, Debug)]
struct Value {
    cases: Vec<(Lit, Shape)>,
    errs: Lit,
}

impl Value {
    fn of(shape: Shape) -> Self {
        Self { cases: vec![(Lit::TRUE, shape)], errs: Lit::FALSE }
    }

    const fn error() -> Self {
        Self { cases: Vec::new(), errs: Lit::TRUE }
    }
}

/// Reads the conditions of policies about one action, kind of resource and purpose.
pub(crate) struct Reader<'c> {
    pub(crate) circuit: &'c mut Circuit,
    pub(crate) unknowns: &'c Unknowns,
    pub(crate) beyond: &'c mut Beyond,
    pub(crate) action: &'c str,
    pub(crate) purpose: &'c str,
}

impl Reader<'_> {
    /// When a policy whose scope covers the action and the resource is satisfied or errs.
    pub(crate) fn policy(&mut self, policy: &Policy) -> Outcome {
        let Policy::Static(policy) = policy else {
            return Outcome { satisfied: Lit::FALSE, errs: Lit::TRUE };
        };
        let (mut holds, mut errs) = (Lit::TRUE, Lit::FALSE);
        for clause in policy.body().clauses() {
            let (condition, is_unless) = match clause {
                Clause::When(condition) => (condition, false),
                Clause::Unless(condition) => (condition, true),
            };
            let value = self.read(condition);
            let (mut next, failed) = self.truth(&value);
            if is_unless {
                next = self.neither(next, failed);
            }
            let failed = self.circuit.all([holds, failed]);
            errs = self.circuit.any([errs, failed]);
            holds = self.circuit.all([holds, next]);
        }
        Outcome { satisfied: holds, errs }
    }

    fn neither(&mut self, one: Lit, other: Lit) -> Lit {
        self.circuit.all([!one, !other])
    }

    fn bool(&self, holds: Lit, errs: Lit) -> Value {
        Value { cases: vec![(Lit::TRUE, Shape::Bool(holds))], errs }
    }

    /// That a value is true, and that it errs or is no truth value.
    fn truth(&mut self, value: &Value) -> (Lit, Lit) {
        let mut holds = Vec::new();
        let mut errs = vec![value.errs];
        for (case, shape) in &value.cases {
            match shape {
                Shape::Bool(lit) => holds.push(self.circuit.all([*case, *lit])),
                Shape::Other(words) => {
                    let lit = self.beyond.input(self.circuit, format!("{words} holds"));
                    holds.push(self.circuit.all([*case, lit]));
                }
                _ => errs.push(*case),
            }
        }
        let errs = self.circuit.any(errs);
        let holds = self.circuit.any(holds);
        (self.circuit.all([holds, !errs]), errs)
    }

    /// Something of which nothing is known, not even whether it errs.
    fn other(&mut self, words: String) -> Value {
        let errs = self.beyond.input(self.circuit, format!("{words} errs"));
        Value { cases: vec![(Lit::TRUE, Shape::Other(words))], errs }
    }

    fn read(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Literal(literal) => Value::of(match literal {
                Literal::Bool(true) => Shape::Bool(Lit::TRUE),
                Literal::Bool(false) => Shape::Bool(Lit::FALSE),
                Literal::Long(number) => Shape::Number(Number::constant(*number)),
                Literal::String(text) => Shape::Text(Text::Literal(text.to_string())),
                Literal::EntityUID(uid) => Shape::Entity(uid.to_string()),
                _ => return self.other(expr.to_string()),
            }),
            Expr::Var(Var::Principal) => {
                Value::of(Shape::Entity(format!("{PRINCIPAL}::\"{}\"", crate::load::PRINCIPAL_ID)))
            }
            Expr::Var(Var::Action) => {
                let action = self.action.escape_default();
                Value::of(Shape::Entity(format!("Action::\"{action}\"")))
            }
            Expr::Var(Var::Resource) => Value::of(Shape::Resource),
            Expr::Var(Var::Context) => Value::of(Shape::Context),
            Expr::UnaryOp { op, expr: inner } => self.unary(*op, inner, expr),
            Expr::BinaryOp { op: BinaryOp::And, left, right } => self.both(left, right),
            Expr::BinaryOp { op: BinaryOp::Or, left, right } => self.either(left, right),
            Expr::BinaryOp { op, left, right } => {
                let (left, right) = (self.read(left), self.read(right));
                self.binary(*op, &left, &right, expr)
            }
            Expr::GetAttr { expr: inner, attr } => {
                let value = self.read(inner);
                self.each(&value, expr, |reader, shape| reader.attribute(shape, attr))
            }
            Expr::HasAttr { expr: inner, attrs } => {
                let value = self.read(inner);
                let first = attrs.first().to_string();
                let is_path = attrs.len() > 1;
                self.each(&value, expr, |reader, shape| reader.has(shape, &first, is_path))
            }
            Expr::Like { expr: inner, pattern } => {
                let value = self.read(inner);
                self.each(&value, expr, |reader, shape| reader.like(shape, pattern))
            }
            Expr::Is { expr: inner, entity_type, in_expr: None } => {
                let value = self.read(inner);
                let wanted = entity_type.to_string();
                self.each(&value, expr, |reader, shape| {
                    let is = match shape {
                        Shape::Resource => reader.unknowns.resource.as_str() == wanted,
                        Shape::Entity(uid) => uid.split("::\"").next() == Some(wanted.as_str()),
                        _ => return None,
                    };
                    Some(Value::of(Shape::Bool(if is { Lit::TRUE } else { Lit::FALSE })))
                })
            }
            Expr::IfThenElse { cond, then_expr, else_expr } => {
                self.choice(cond, then_expr, else_expr, expr)
            }
            Expr::Set(items) => {
                let items: Vec<_> = items.iter().map(|item| self.read(item)).collect();
                let errs = self.circuit.any(items.iter().map(|item| item.errs));
                Value { cases: vec![(Lit::TRUE, Shape::Set(items))], errs }
            }
            Expr::Record(fields) => {
                let fields: BTreeMap<_, _> =
                    fields.iter().map(|(name, field)| (name.clone(), self.read(field))).collect();
                let errs = self.circuit.any(fields.values().map(|field| field.errs));
                Value { cases: vec![(Lit::TRUE, Shape::Record(fields))], errs }
            }
            _ => self.other(expr.to_string()),
        }
    }

    fn both(&mut self, left: &Expr, right: &Expr) -> Value {
        let left = self.read(left);
        let (first, failed) = self.truth(&left);
        if first == Lit::FALSE {
            return self.bool(Lit::FALSE, failed);
        }
        let right = self.read(right);
        let (second, failed_then) = self.truth(&right);
        let failed_then = self.circuit.all([first, failed_then]);
        let holds = self.circuit.all([first, second]);
        let errs = self.circuit.any([failed, failed_then]);
        self.bool(holds, errs)
    }

    fn either(&mut self, left: &Expr, right: &Expr) -> Value {
        let left = self.read(left);
        let (first, failed) = self.truth(&left);
        let right = self.read(right);
        let (second, failed_then) = self.truth(&right);
        let is_false = self.neither(first, failed);
        let failed_then = self.circuit.all([is_false, failed_then]);
        let second = self.circuit.all([is_false, second]);
        let holds = self.circuit.any([first, second]);
        let errs = self.circuit.any([failed, failed_then]);
        self.bool(holds, errs)
    }

    fn choice(&mut self, cond: &Expr, then: &Expr, otherwise: &Expr, whole: &Expr) -> Value {
        let cond = self.read(cond);
        let (is_then, failed) = self.truth(&cond);
        let is_else = self.neither(is_then, failed);
        let (then, otherwise) = (self.read(then), self.read(otherwise));
        let mut cases = Vec::new();
        let mut errs = vec![failed];
        for (branch, value) in [(is_then, then), (is_else, otherwise)] {
            errs.push(self.circuit.all([branch, value.errs]));
            for (case, shape) in value.cases {
                cases.push((self.circuit.all([branch, case]), shape));
            }
        }
        self.value(cases, errs, whole)
    }

    /// A value of these cases. Those that are truth values become one.
    fn value(&mut self, cases: Vec<(Lit, Shape)>, errs: Vec<Lit>, whole: &Expr) -> Value {
        let mut bools = Vec::new();
        let mut is_bool = Vec::new();
        let mut kept = Vec::new();
        for (case, shape) in cases.into_iter().filter(|(case, _)| *case != Lit::FALSE) {
            if let Shape::Bool(lit) = shape {
                bools.push(self.circuit.all([case, lit]));
                is_bool.push(case);
            } else {
                kept.push((case, shape));
            }
        }
        if !is_bool.is_empty() {
            let case = if kept.is_empty() { Lit::TRUE } else { self.circuit.any(is_bool) };
            let holds = self.circuit.any(bools);
            kept.push((case, Shape::Bool(holds)));
        }
        if kept.len() > CASES_MAX {
            return self.other(whole.to_string());
        }
        Value { cases: kept, errs: self.circuit.any(errs) }
    }

    /// Does something in each case. `None` is what cannot be read exactly.
    fn each(
        &mut self,
        value: &Value,
        whole: &Expr,
        mut read: impl FnMut(&mut Self, &Shape) -> Option<Value>,
    ) -> Value {
        let mut cases = Vec::new();
        let mut errs = vec![value.errs];
        for (case, shape) in &value.cases {
            let outcome = match read(self, shape) {
                Some(outcome) => outcome,
                None => self.other(whole.to_string()),
            };
            errs.push(self.circuit.all([*case, outcome.errs]));
            for (inner, shape) in outcome.cases {
                cases.push((self.circuit.all([*case, inner]), shape));
            }
        }
        self.value(cases, errs, whole)
    }

    fn attribute(&mut self, shape: &Shape, name: &str) -> Option<Value> {
        match shape {
            Shape::Context => match name {
                "now" => Some(Value::of(Shape::Number(Number::instant(self.unknowns.now)))),
                "purpose" => Some(Value::of(Shape::Text(Text::Literal(self.purpose.to_owned())))),
                _ => Some(Value::error()),
            },
            Shape::Resource => {
                let Some(attribute) = Attribute::from_name(name) else {
                    return Some(Value::error());
                };
                let present = self.unknowns.present(attribute);
                if present == Lit::FALSE {
                    return Some(Value::error());
                }
                let shape = if let Some(yes) = self.unknowns.yes(attribute) {
                    Shape::Bool(yes)
                } else if let Some(node) = self.unknowns.time(attribute) {
                    Shape::Number(Number::instant(node))
                } else {
                    Shape::Text(Text::Attribute(attribute))
                };
                Some(Value { cases: vec![(Lit::TRUE, shape)], errs: !present })
            }
            Shape::Record(fields) => Some(fields.get(name).cloned().unwrap_or_else(Value::error)),
            Shape::Entity(_) => Some(Value::error()),
            _ => None,
        }
    }

    fn has(&mut self, shape: &Shape, name: &str, is_path: bool) -> Option<Value> {
        let present = match shape {
            Shape::Context => matches!(name, "now" | "purpose").into(),
            Shape::Resource => {
                let attribute = Attribute::from_name(name);
                attribute.map_or(Lit::FALSE, |attribute| self.unknowns.present(attribute))
            }
            Shape::Record(fields) => fields.contains_key(name).into(),
            Shape::Entity(_) => Lit::FALSE,
            _ => return None,
        };
        if is_path && present != Lit::FALSE {
            return None;
        }
        Some(Value::of(Shape::Bool(present)))
    }

    fn like(&mut self, shape: &Shape, pattern: &[PatternElem]) -> Option<Value> {
        let holds = match shape {
            Shape::Text(Text::Literal(text)) => matches(pattern, text).into(),
            Shape::Text(Text::Attribute(attribute)) => {
                let domain = self.unknowns.domain(*attribute).iter();
                let matching = domain.filter(|(text, _)| matches(pattern, text));
                self.circuit.any(matching.map(|(_, lit)| *lit))
            }
            _ => return None,
        };
        Some(Value::of(Shape::Bool(holds)))
    }

    fn unary(&mut self, op: UnaryOp, inner: &Expr, whole: &Expr) -> Value {
        if let (UnaryOp::Datetime | UnaryOp::Duration, Expr::Literal(Literal::String(text))) =
            (op, inner)
        {
            return constant::millis(op, text).map_or_else(Value::error, |millis| {
                Value::of(Shape::Number(Number::constant(millis)))
            });
        }
        let value = self.read(inner);
        if op == UnaryOp::Not {
            let (holds, errs) = self.truth(&value);
            let not = self.neither(holds, errs);
            return self.bool(not, errs);
        }
        let day = i128::from(MILLIS_PER_DAY);
        self.each(&value, whole, |reader, shape| {
            if let (UnaryOp::IsEmpty, Shape::Set(items)) = (op, shape) {
                return Some(Value::of(Shape::Bool(items.is_empty().into())));
            }
            let Shape::Number(number) = shape else { return None };
            let number = match op {
                UnaryOp::Neg => Number::constant(0).minus(number),
                UnaryOp::ToMilliseconds => number.clone(),
                UnaryOp::ToSeconds => number.quotient(1000),
                UnaryOp::ToMinutes => number.quotient(60_000),
                UnaryOp::ToHours => number.quotient(3_600_000),
                UnaryOp::ToDays => number.quotient(day),
                UnaryOp::ToDate => number.date(day),
                UnaryOp::ToTime => number.time_of_day(day),
                _ => return None,
            };
            Some(reader.checked(number))
        })
    }

    /// A number that Cedar calculated: it errs outside of 64 bits.
    fn checked(&mut self, number: Number) -> Value {
        let errs = number.overflows(self.circuit, self.beyond);
        Value { cases: vec![(Lit::TRUE, Shape::Number(number))], errs }
    }

    fn binary(&mut self, op: BinaryOp, left: &Value, right: &Value, whole: &Expr) -> Value {
        if left.cases.len() * right.cases.len() > CASES_MAX {
            return self.other(whole.to_string());
        }
        let outcome = self.each(left, whole, |reader, one| {
            let inner = reader.each(right, whole, |reader, other| reader.pair(op, one, other));
            Some(Value { errs: inner.errs, cases: inner.cases })
        });
        let errs = self.circuit.any([outcome.errs, right.errs]);
        Value { errs, ..outcome }
    }

    fn pair(&mut self, op: BinaryOp, one: &Shape, other: &Shape) -> Option<Value> {
        use BinaryOp as B;
        let holds = match (op, one, other) {
            (B::Eq, ..) => self.equal(one, other)?,
            (B::NotEq, ..) => !self.equal(one, other)?,
            (
                B::Less | B::LessEq | B::Greater | B::GreaterEq,
                Shape::Number(a),
                Shape::Number(b),
            ) => {
                let difference = a.minus(b);
                match op {
                    B::Less => !difference.at_least(0, self.circuit, self.beyond),
                    B::LessEq => !difference.at_least(1, self.circuit, self.beyond),
                    B::Greater => difference.at_least(1, self.circuit, self.beyond),
                    _ => difference.at_least(0, self.circuit, self.beyond),
                }
            }
            (B::Add | B::Offset, Shape::Number(a), Shape::Number(b)) => {
                return Some(self.checked(a.plus(b)));
            }
            (B::Sub | B::DurationSince, Shape::Number(a), Shape::Number(b)) => {
                return Some(self.checked(a.minus(b)));
            }
            (B::Mul, Shape::Number(a), Shape::Number(b)) => {
                return Some(self.checked(a.product(b)));
            }
            (B::In, Shape::Entity(_) | Shape::Resource, Shape::Set(items)) => {
                self.member(one, items)?
            }
            (B::In, Shape::Entity(_) | Shape::Resource, _) => self.equal(one, other)?,
            (B::Contains, Shape::Set(items), _) => self.member(other, items)?,
            (B::ContainsAll, Shape::Set(items), Shape::Set(wanted)) => {
                self.subset(wanted, items)?
            }
            (B::ContainsAny, Shape::Set(items), Shape::Set(wanted)) => {
                let mut any = Vec::new();
                for item in wanted {
                    any.push(self.item_in(item, items)?);
                }
                self.circuit.any(any)
            }
            _ => return None,
        };
        Some(Value::of(Shape::Bool(holds)))
    }

    fn equal(&mut self, one: &Shape, other: &Shape) -> Option<Lit> {
        Some(match (one, other) {
            (Shape::Bool(a), Shape::Bool(b)) => !self.circuit.differ(*a, *b),
            (Shape::Text(a), Shape::Text(b)) => self.equal_texts(a, b),
            (Shape::Number(a), Shape::Number(b)) => {
                let difference = a.minus(b);
                let at_least = difference.at_least(0, self.circuit, self.beyond);
                let above = difference.at_least(1, self.circuit, self.beyond);
                self.circuit.all([at_least, !above])
            }
            (Shape::Set(a), Shape::Set(b)) => {
                let (into, back) = (self.subset(a, b)?, self.subset(b, a)?);
                self.circuit.all([into, back])
            }
            (Shape::Entity(a), Shape::Entity(b)) => (a == b).into(),
            (Shape::Resource, Shape::Resource) => Lit::TRUE,
            (Shape::Resource, Shape::Entity(_)) | (Shape::Entity(_), Shape::Resource) => Lit::FALSE,
            _ => return None,
        })
    }

    fn equal_texts(&mut self, one: &Text, other: &Text) -> Lit {
        match (one, other) {
            (Text::Literal(a), Text::Literal(b)) => (a == b).into(),
            (Text::Literal(text), Text::Attribute(attribute))
            | (Text::Attribute(attribute), Text::Literal(text)) => {
                self.unknowns.text(*attribute, text)
            }
            (Text::Attribute(a), Text::Attribute(b)) if a == b => Lit::TRUE,
            (Text::Attribute(a), Text::Attribute(b)) => {
                let mut same = Vec::new();
                for (text, lit) in self.unknowns.domain(*a) {
                    let other = self.unknowns.text(*b, text);
                    same.push(self.circuit.all([*lit, other]));
                }
                self.circuit.any(same)
            }
        }
    }

    /// That one of the items is this.
    fn member(&mut self, wanted: &Shape, items: &[Value]) -> Option<Lit> {
        let mut any = Vec::new();
        for item in items {
            let mut cases = Vec::new();
            for (case, shape) in &item.cases {
                let equal = self.equal(shape, wanted)?;
                cases.push(self.circuit.all([*case, equal]));
            }
            any.push(self.circuit.any(cases));
        }
        Some(self.circuit.any(any))
    }

    fn item_in(&mut self, item: &Value, items: &[Value]) -> Option<Lit> {
        let mut cases = Vec::new();
        for (case, shape) in &item.cases {
            let member = self.member(shape, items)?;
            cases.push(self.circuit.all([*case, member]));
        }
        Some(self.circuit.any(cases))
    }

    fn subset(&mut self, some: &[Value], all: &[Value]) -> Option<Lit> {
        let mut every = Vec::new();
        for item in some {
            every.push(self.item_in(item, all)?);
        }
        Some(self.circuit.all(every))
    }
}

impl From<bool> for Lit {
    fn from(always: bool) -> Self {
        if always { Self::TRUE } else { Self::FALSE }
    }
}
