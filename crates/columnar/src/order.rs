//! The order in which the nodes of a graph can be computed.

use crate::graph::{Bit, BitId, Graph, Number, NumberId};

/// A truth value or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Node {
    Bit(BitId),
    Number(NumberId),
}

/// What a node is made of, in order.
pub(crate) fn operands(graph: &Graph, node: Node) -> [Option<Node>; 3] {
    let bits = |one: BitId, other: BitId| [Some(Node::Bit(one)), Some(Node::Bit(other)), None];
    let numbers =
        |one: NumberId, other: NumberId| [Some(Node::Number(one)), Some(Node::Number(other)), None];
    match node {
        Node::Bit(id) => match *graph.bit(id) {
            Bit::Not(of) => [Some(Node::Bit(of)), None, None],
            Bit::And(left, right) | Bit::Or(left, right) => bits(left, right),
            Bit::Compare(_, left, right) => numbers(left, right),
            Bit::Overflows(number) => match graph.number(number) {
                Number::Plus(left, right)
                | Number::Minus(left, right)
                | Number::Times(left, right) => numbers(left, right),
                Number::DayStart(of) => [Some(Node::Number(of)), None, None],
                _ => [None; 3],
            },
            _ => [None; 3],
        },
        Node::Number(id) => match graph.number(id) {
            Number::Plus(left, right) | Number::Minus(left, right) | Number::Times(left, right) => {
                numbers(left, right)
            }
            Number::Quotient(of, _) | Number::DayStart(of) | Number::TimeOfDay(of) => {
                [Some(Node::Number(of)), None, None]
            }
            Number::Choose(condition, then, otherwise) => [
                Some(Node::Bit(condition)),
                Some(Node::Number(then)),
                Some(Node::Number(otherwise)),
            ],
            Number::Constant(_) | Number::Now | Number::Time(_) => [None; 3],
        },
    }
}

/// The roots and everything that they are made of, each once and behind what it is made of. `None`
/// when that goes round in a circle or a node is missing.
pub(crate) fn of(graph: &Graph, roots: impl IntoIterator<Item = Node>) -> Option<Vec<Node>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let place = |node| match node {
        Node::Bit(BitId(id)) => (id as usize) < graph.bits.len(),
        Node::Number(NumberId(id)) => (id as usize) < graph.numbers.len(),
    };
    let index = |node| match node {
        Node::Bit(BitId(id)) => id as usize,
        Node::Number(NumberId(id)) => graph.bits.len() + id as usize,
    };
    let mut marks = vec![Mark::New; graph.bits.len() + graph.numbers.len()];
    let mut order = Vec::new();
    let mut stack: Vec<(Node, bool)> = Vec::new();
    for root in roots {
        stack.push((root, false));
        while let Some((node, is_left)) = stack.pop() {
            if !place(node) {
                return None;
            }
            let mark = marks.get_mut(index(node))?;
            if is_left {
                *mark = Mark::Done;
                order.push(node);
                continue;
            }
            match *mark {
                Mark::Done => continue,
                Mark::Open => return None,
                Mark::New => *mark = Mark::Open,
            }
            stack.push((node, true));
            for operand in operands(graph, node).into_iter().flatten() {
                if !place(operand) {
                    return None;
                }
                match marks.get(index(operand)) {
                    Some(Mark::Open) => return None,
                    Some(Mark::New) => stack.push((operand, false)),
                    _ => {}
                }
            }
        }
    }
    Some(order)
}
