//! Walking the expressions of a policy.

use cedar_policy::pst::{Clause, Expr, Var};
use consentry_model::facts::Attribute;
use std::collections::BTreeSet;

/// The conditions of a policy, in the order in which they are written.
pub(crate) fn conditions(policy: &cedar_policy::pst::Policy) -> Option<Vec<&Expr>> {
    let cedar_policy::pst::Policy::Static(policy) = policy else {
        return None;
    };
    let clauses = policy.body().clauses().iter();
    let conditions = clauses.map(|clause| match clause {
        Clause::When(condition) | Clause::Unless(condition) => condition.as_ref(),
    });
    Some(conditions.collect())
}

/// The expressions directly inside an expression, in the order in which they are written (those of
/// a record in the order of its keys). `None` for an expression that this version does not know.
pub(crate) fn children(expr: &Expr) -> Option<Vec<&Expr>> {
    Some(match expr {
        Expr::Literal(_) | Expr::Var(_) => Vec::new(),
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => vec![expr],
        Expr::BinaryOp { left, right, .. } => vec![left, right],
        Expr::Is { expr, in_expr, .. } => {
            let within = in_expr.iter().map(AsRef::as_ref);
            std::iter::once(expr.as_ref()).chain(within).collect()
        }
        Expr::IfThenElse { cond, then_expr, else_expr } => vec![cond, then_expr, else_expr],
        Expr::Set(items) => items.iter().map(AsRef::as_ref).collect(),
        Expr::Record(fields) => fields.values().map(AsRef::as_ref).collect(),
        _ => return None,
    })
}

/// Which attributes of the resource a policy's outcome can depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// These.
    Only(BTreeSet<Attribute>),
    /// Possibly any: the resource is used otherwise than by asking for an attribute or a type.
    Any,
}

impl Reads {
    pub(crate) const fn nothing() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// What either depends on.
    #[must_use]
    pub(crate) fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(mut one), Self::Only(other)) => {
                one.extend(other);
                Self::Only(one)
            }
            _ => Self::Any,
        }
    }

    /// What an expression reads.
    pub(crate) fn of(expr: &Expr) -> Self {
        let is_resource = |expr: &Expr| matches!(expr, Expr::Var(Var::Resource));
        match expr {
            Expr::GetAttr { expr, attr } if is_resource(expr) => Self::attribute(attr),
            // A path of several names asks for the first one of the resource itself.
            Expr::HasAttr { expr, attrs } if is_resource(expr) => Self::attribute(attrs.first()),
            Expr::Is { expr, in_expr: None, .. } if is_resource(expr) => Self::nothing(),
            Expr::Var(Var::Resource) => Self::Any,
            _ => children(expr).map_or(Self::Any, |children| {
                let reads = children.into_iter().map(Self::of);
                reads.fold(Self::nothing(), Self::union)
            }),
        }
    }

    /// A name that no row of facts carries is never there, so that nothing depends on it.
    fn attribute(name: &str) -> Self {
        Self::Only(Attribute::from_name(name).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(condition: &str) -> Reads {
        let text = format!("permit(principal, action, resource) when {{ {condition} }};");
        let policy = cedar_policy::Policy::parse(None, text).unwrap();
        let pst = policy.to_pst().unwrap();
        let conditions = conditions(&pst).unwrap();
        conditions.into_iter().map(Reads::of).fold(Reads::nothing(), Reads::union)
    }

    #[test]
    fn collects_attributes_however_they_are_asked_for() {
        use Attribute::{Adult, DeletedAt, Incognito, Origin, Plan};
        let found = reads(
            "resource has plan && (if resource.adult then resource[\"origin\"] == \"user\" else \
             [resource.incognito].contains(true)) && resource is Part && !(resource has deleted_at) \
             && resource has never_heard_of",
        );
        let wanted = [Plan, Adult, Origin, Incognito, DeletedAt];
        assert_eq!(found, Reads::Only(wanted.into()));
    }

    #[test]
    fn any_other_use_of_the_resource_may_depend_on_everything() {
        for condition in [
            "(if principal is Provider then resource else resource).adult",
            "{r: resource}.r has plan",
            "resource in resource",
            "resource == principal",
            "resource is Part in principal",
        ] {
            assert_eq!(reads(condition), Reads::Any, "{condition}");
        }
        assert_eq!(reads("context.purpose == \"x\""), Reads::nothing());
    }
}
