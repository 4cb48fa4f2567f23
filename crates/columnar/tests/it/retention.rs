//! When answers turn, held to asking at every instant.

use consentry_columnar::graph::{BitId, Graph, Number, NumberId, Relation};
use consentry_columnar::{About, Columns, Effect, Policy, Program, Turn, Until};
use consentry_model::Instant;
use consentry_model::facts::{Attribute, Facts, Resource, Value};
use consentry_model::instant::MILLIS_PER_DAY;
use proptest::prelude::*;
use proptest::sample::select;

/// A limit of `now`, made in one of the ways that policies write.
#[derive(Clone, Debug)]
struct Limit {
    shape: usize,
    relation: Relation,
    is_swapped: bool,
    fact: Attribute,
    days: i64,
}

fn limit() -> impl Strategy<Value = Limit> {
    let relation = select(vec![Relation::Less, Relation::LessEq, Relation::Equal]);
    let fact = select(vec![Attribute::LastActivity, Attribute::FlaggedAt]);
    (0..5usize, relation, any::<bool>(), fact, -2..3i64).prop_map(
        |(shape, relation, is_swapped, fact, days)| Limit {
            shape,
            relation,
            is_swapped,
            fact,
            days,
        },
    )
}

/// The two sides of a limit, and where either is out of range.
fn sides(limit: &Limit, graph: &mut Graph) -> (NumberId, NumberId, BitId) {
    let (now, fact) = (graph.now(), graph.time(limit.fact));
    let period = graph.constant(limit.days * MILLIS_PER_DAY);
    let (left, right) = match limit.shape {
        0 => (now, graph.plus(fact, period)),
        1 => (graph.minus(now, fact), period),
        2 => (graph.day_start(now), graph.day_start(fact)),
        3 => {
            let since = graph.minus(now, fact);
            (graph.quotient(since, MILLIS_PER_DAY), graph.constant(limit.days))
        }
        _ => (graph.plus(now, period), fact),
    };
    let beyond = [left, right].map(|side| match graph.number(side) {
        // Only a quotient has a step inside that can leave the range.
        Number::Quotient(of, _) => graph.overflows(of),
        _ => graph.overflows(side),
    });
    let beyond = graph.any(beyond);
    if limit.is_swapped { (right, left, beyond) } else { (left, right, beyond) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_end_is_the_first_instant_at_which_the_answer_is_no(
        limits in prop::collection::vec(limit(), 1..4),
        times in prop::collection::vec(prop::option::of(-3..4i64), 2),
        now in -4..4i64,
    ) {
        let mut graph = Graph::new();
        let (mut turns, mut satisfied, mut errs) = (Vec::new(), BitId::FALSE, BitId::FALSE);
        for limit in &limits {
            let (left, right, beyond) = sides(limit, &mut graph);
            let holds = graph.compare(limit.relation, left, right);
            let has = graph.has(limit.fact);
            let holds = graph.and(has, holds);
            let beyond = graph.and(has, beyond);
            errs = graph.or(errs, beyond);
            satisfied = graph.or(satisfied, holds);
            turns.push(Turn { relation: limit.relation, left, right });
        }
        let policy =
            Policy { id: "p".into(), effect: Effect::Permit, satisfied, errs };
        let about = About {
            set: "test".into(),
            set_hash: "none".into(),
            action: "retain".into(),
            resources: vec![Resource::Part],
        };
        let program = Program::new(about, vec![policy], graph, Ok(turns)).unwrap();
        let mut row = Facts::new(Resource::Part);
        let hour = 3_600_000;
        for (attribute, at) in [Attribute::LastActivity, Attribute::FlaggedAt].iter().zip(&times) {
            let at = at.map(|at| Value::Time(Instant::from_millis(at * 5 * hour)));
            row.set(*attribute, at);
        }
        let columns = Columns::of_rows(&[row], Attribute::ALL);
        let now = now * 5 * hour;
        let mut retainer = program.bind_retention("", Instant::from_millis(now)).unwrap();
        let found = retainer.retain(&columns).unwrap().until()[0];
        // Everything in reach happens on a whole hour, or the millisecond behind one.
        let is_kept = |at: i64| {
            let mut evaluator = program.bind("", Instant::from_millis(at));
            evaluator.evaluate_columns(&columns).unwrap().permit().value(0)
        };
        let instants = (0..24 * 12).flat_map(|step| [now + step * hour, now + step * hour + 1]);
        let first = instants.into_iter().find(|at| !is_kept(*at));
        let expected = match first {
            Some(at) if at == now => Until::Due,
            Some(at) => Until::At(Instant::from_millis(at)),
            None => Until::NoEnd,
        };
        // Beyond that, arithmetic may leave its range: then the answer turns just there.
        if let (Until::At(at), Until::NoEnd) = (found, expected)
            && at.millis() > now + 1000 * MILLIS_PER_DAY
        {
            prop_assert!(is_kept(at.millis() - 1) && !is_kept(at.millis()));
        } else {
            prop_assert_eq!(found, expected);
        }
    }
}
