//! Expressions, by what they are.

use super::value::{Entity, Kind, Shape, Source, Value};
use super::{Lowering, Refused};
use crate::load::PRINCIPAL_ID;
use crate::schema::PRINCIPAL;
use cedar_policy::pst::{BinaryOp, EntityUID, Expr, Literal, PatternElem, UnaryOp, Var};
use consentry_columnar::graph::{BitId, Text};
use consentry_columnar::pattern::{Pattern, Piece};
use std::collections::BTreeMap;

impl Lowering<'_> {
    /// What an expression comes to.
    pub(super) fn expression(&mut self, expr: &Expr) -> Result<Value, Refused> {
        match expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Var(var) => Ok(Self::always(self.variable(var))),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { op, left, right } => self.binary(*op, left, right),
            Expr::GetAttr { expr, attr } => {
                let of = self.expression(expr)?;
                Ok(self.attribute(&of, attr))
            }
            Expr::HasAttr { expr, attrs } => {
                let of = self.expression(expr)?;
                let path: Vec<&str> = attrs.iter().map(AsRef::as_ref).collect();
                Ok(self.has_path(of, &path))
            }
            Expr::Like { expr, pattern } => {
                let of = self.expression(expr)?;
                let pieces = pattern.iter().map(|piece| match piece {
                    PatternElem::Char(c) => Piece::Text(c.to_string().into()),
                    PatternElem::Wildcard => Piece::Anything,
                });
                Ok(self.like(&of, &Pattern::new(pieces)))
            }
            Expr::Is { expr, entity_type, in_expr } => {
                let of = self.expression(expr)?;
                let is = self.is(&of, &entity_type.to_string());
                let Some(within) = in_expr else { return Ok(is) };
                // Cedar reads `x is T in y` as `x is T && x in y`.
                let (is_true, fails) = self.truth(&is);
                if is_true == BitId::FALSE {
                    return Ok(is);
                }
                let within = self.expression(within)?;
                let within = self.within(&of, &within);
                let (within, within_fails) = self.truth(&within);
                let both = self.graph.and(is_true, within);
                let later = self.graph.and(is_true, within_fails);
                let fails = self.graph.or(fails, later);
                Ok(self.of_truth(both, fails))
            }
            Expr::IfThenElse { cond, then_expr, else_expr } => {
                self.if_then_else(cond, then_expr, else_expr)
            }
            Expr::Set(items) => {
                let mut set = Value { errs: BitId::FALSE, cases: Vec::new() };
                let mut members = Vec::new();
                for item in items {
                    let item = self.expression(item)?;
                    set.errs = self.graph.or(set.errs, item.errs);
                    members.push(item.cases);
                }
                let works = self.graph.not(set.errs);
                set.cases.push((works, Shape::Set(members)));
                Ok(set)
            }
            Expr::Record(fields) => {
                let mut errs = BitId::FALSE;
                let mut members = BTreeMap::new();
                for (name, field) in fields {
                    let field = self.expression(field)?;
                    errs = self.graph.or(errs, field.errs);
                    members.insert(name.clone(), field.cases);
                }
                let works = self.graph.not(errs);
                Ok(Value { errs, cases: vec![(works, Shape::Record(members))] })
            }
            _ => Err(format!("`{expr}` is of a kind that is not known")),
        }
    }

    fn literal(&mut self, literal: &Literal) -> Result<Value, Refused> {
        Ok(Self::always(match literal {
            Literal::Bool(value) => Shape::Bool(if *value { BitId::TRUE } else { BitId::FALSE }),
            Literal::Long(value) => Shape::Number(Kind::Long, self.graph.constant(*value)),
            Literal::String(text) => Shape::Text(Source::Constant(text.as_str().into())),
            Literal::EntityUID(uid) => Shape::Entity(self.entity(uid)),
            other => return Err(format!("`{other:?}` is of a kind that is not known")),
        }))
    }

    fn entity(&self, uid: &EntityUID) -> Entity {
        let (kind, id) = (uid.ty.to_string(), uid.eid.to_string());
        // The resource of every request is named so; see `compile::rules`.
        if kind == self.resource.as_str() && id == crate::compile::RESOURCE_ID {
            return Entity::Resource;
        }
        Entity::Named { kind, id }
    }

    fn variable(&mut self, var: &Var) -> Shape {
        let named = |kind: &str, id: &str| {
            Shape::Entity(Entity::Named { kind: kind.to_owned(), id: id.to_owned() })
        };
        match var {
            Var::Principal => named(PRINCIPAL, PRINCIPAL_ID),
            Var::Action => named("Action", self.action),
            Var::Resource => Shape::Entity(Entity::Resource),
            Var::Context => {
                let now = Shape::Number(Kind::Datetime, self.graph.now());
                let purpose = Shape::Text(Source::Row(Text::Purpose));
                let field = |name: &str, shape| (name.to_owned(), vec![(BitId::TRUE, shape)]);
                Shape::Record(BTreeMap::from([field("now", now), field("purpose", purpose)]))
            }
        }
    }

    fn unary(&mut self, op: UnaryOp, expr: &Expr) -> Result<Value, Refused> {
        use UnaryOp as U;
        match op {
            U::Not => return self.not(expr),
            U::Datetime | U::Duration | U::Decimal | U::Ip => {
                return self.constructed(op, expr);
            }
            _ => {}
        }
        let of = self.expression(expr)?;
        match op {
            U::Neg => Ok(self.negated(&of)),
            U::IsEmpty => Ok(self.is_empty(&of)),
            U::ToDate => Ok(self.day_start(&of)),
            U::ToTime => Ok(self.time_of_day(&of)),
            U::ToMilliseconds | U::ToSeconds | U::ToMinutes | U::ToHours | U::ToDays => {
                Ok(self.in_units(&of, op))
            }
            U::IsIPv4 | U::IsIPV6 | U::IsLoopback | U::IsMulticast => {
                Ok(self.asked_of_constant(&of, op))
            }
            _ => Err(format!("the operator `{op}` is not known")),
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Value, Refused> {
        use BinaryOp as B;
        match op {
            B::And => return self.and(left, right),
            B::Or => return self.or(left, right),
            _ => {}
        }
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let value = match op {
            B::Eq => self.equal(&left, &right),
            B::NotEq => {
                let equal = self.equal(&left, &right);
                let (is_true, fails) = self.truth(&equal);
                let differs = self.neither(is_true, fails);
                self.of_truth(differs, fails)
            }
            B::Less | B::LessEq | B::Greater | B::GreaterEq => self.ordered(op, &left, &right),
            B::Add | B::Sub | B::Mul | B::Offset | B::DurationSince => {
                self.calculated(op, &left, &right)
            }
            B::In => self.within(&left, &right),
            B::Contains => self.contains(&left, &right),
            B::ContainsAll | B::ContainsAny => self.contains_many(op, &left, &right),
            B::HasTag | B::GetTag => self.tag(op, &left, &right),
            B::IsInRange
            | B::DecimalLessThan
            | B::DecimalLessEq
            | B::DecimalGreater
            | B::DecimalGreaterEq => self.asked_of_constants(op, &left, &right),
            _ => return Err(format!("the operator `{op}` is not known")),
        };
        Ok(value)
    }
}
