//! Mistakes that somebody could make in the lowering, in the evaluator or in the retention.

/// One edit of a source file.
pub struct Mistake {
    /// What is done wrong.
    pub what: &'static str,
    pub file: &'static str,
    /// What stands there once.
    right: &'static str,
    wrong: &'static str,
}

impl Mistake {
    /// The text with the mistake made.
    ///
    /// # Errors
    ///
    /// When what is to be changed does not stand there exactly once: the list is out of date.
    pub fn in_text(&self, text: &str) -> Result<String, String> {
        match text.matches(self.right).count() {
            1 => Ok(text.replacen(self.right, self.wrong, 1)),
            count => Err(format!("{}: `{}` stands there {count} times", self.file, self.right)),
        }
    }
}

const LOGIC: &str = "crates/policy/src/lower/logic.rs";
const LOWER: &str = "crates/policy/src/lower.rs";
const ACCESS: &str = "crates/policy/src/lower/access.rs";
const ARITHMETIC: &str = "crates/policy/src/lower/arithmetic.rs";
const SETS: &str = "crates/policy/src/lower/sets.rs";
const BITS: &str = "crates/columnar/src/graph/bits.rs";
const NUMBERS: &str = "crates/columnar/src/graph/numbers.rs";
const EVALUATOR: &str = "crates/columnar/src/evaluator.rs";
const REGISTERS: &str = "crates/columnar/src/evaluator/registers.rs";
const TEXTS: &str = "crates/columnar/src/evaluator/texts.rs";
const DECISIONS: &str = "crates/columnar/src/votes/decisions.rs";
const CROSSING: &str = "crates/columnar/src/retain/crossing.rs";
const RETAIN: &str = "crates/columnar/src/retain.rs";

macro_rules! mistake {
    ($what:literal, $file:ident, $right:literal => $wrong:literal) => {
        Mistake { what: $what, file: $file, right: $right, wrong: $wrong }
    };
}

pub const MISTAKES: &[Mistake] = &[
    mistake!("`&&` looks at its right side whatever the left one is", LOGIC,
        "let right_fails = self.graph.and(is_true, right_fails);" => ""),
    mistake!("`||` looks at its right side whatever the left one is", LOGIC,
        "let right_fails = self.graph.and(is_false, right_fails);" => ""),
    mistake!("`!` of an error is true", LOGIC,
        "let either = self.graph.or(is_true, fails);\n        self.graph.not(either)"
            => "self.graph.not(is_true)"),
    mistake!("the branches of `if` are exchanged", LOGIC,
        "[(is_true, then), (is_false, otherwise)]" => "[(is_true, otherwise), (is_false, then)]"),
    mistake!("errors in the condition of `if` are lost", LOGIC,
        "let mut value = Value { errs: fails, cases: Vec::new() };"
            => "let mut value = Value { errs: BitId::FALSE, cases: Vec::new() };"),
    mistake!("`unless` is read as `when`", LOWER,
        "let is_met = if is_unless {" => "let is_met = if false {"),
    mistake!("a policy's errors are lost", LOWER,
        "errs = self.graph.or(errs, fails);" => ""),
    mistake!("the kinds of resource are exchanged", LOWER,
        "(graph.choose(copy, satisfied, of_part)," => "(graph.choose(copy, of_part, satisfied),"),
    mistake!("an absent attribute is no error", ACCESS,
        "value.errs = self.graph.or(value.errs, lacks);" => ""),
    mistake!("`has` is true of every attribute", ACCESS,
        "let has = self.graph.and(*guard, has);\n                        is_true"
            => "let has = self.graph.or(*guard, has);\n                        is_true"),
    mistake!("sums beyond the range are no error", ARITHMETIC,
        "value.errs = self.graph.or(value.errs, beyond);" => ""),
    mistake!("`<` is read as `<=`", ARITHMETIC,
        "BinaryOp::Less => self.graph.compare(Relation::Less," =>
        "BinaryOp::Less => self.graph.compare(Relation::LessEq,"),
    mistake!("`>` is read as `<`", ARITHMETIC,
        "BinaryOp::Greater => self.graph.compare(Relation::Less, right, left)," =>
        "BinaryOp::Greater => self.graph.compare(Relation::Less, left, right),"),
    mistake!("days have 23 hours", ARITHMETIC,
        "UnaryOp::ToDays => MILLIS_PER_DAY," => "UnaryOp::ToDays => MILLIS_PER_DAY / 24 * 23,"),
    mistake!("`containsAll` is turned around", SETS,
        "self.is_subset(&right, &left)" => "self.is_subset(&left, &right)"),
    mistake!("sets are equal where one is within the other", SETS,
        "self.graph.and(within, around)" => "within"),
    mistake!("sums below the range are no error", BITS,
        "self.any([below, above].into_iter().flatten())" => "self.any(above)"),
    mistake!("what a disjunction settles is taken for a conjunction's", BITS,
        "let right = self.given(left, false, right);" => "let right = self.given(left, true, right);"),
    mistake!("limits beyond the range decide the wrong way", NUMBERS,
        "is_above != is_swapped" => "is_above == is_swapped"),
    mistake!("a comparison with a constant is turned around", NUMBERS,
        "Sign::Minus => (limit.saturating_neg(), !is_swapped)," =>
        "Sign::Minus => (limit.saturating_neg(), is_swapped),"),
    mistake!("words with a null are left out", EVALUATOR,
        "*care &= present;" => "*care &= if present == u64::MAX { present } else { 0 };"),
    mistake!("`or` of something that is the same in every row is lost", REGISTERS,
        "self.join(left, right, to, true, |left, right| left | right);" =>
        "self.join(left, right, to, false, |left, right| left | right);"),
    mistake!("keys that fail are taken for keys that pass", TEXTS,
        "*word = !*word;" => ""),
    mistake!("satisfied permits are reasons of a denial", DECISIONS,
        "if permit { Arc::clone(&permits) } else { against.into() }" => "Arc::clone(&permits)"),
    mistake!("`<` is taken to turn a millisecond late", CROSSING,
        "if turn.relation != Relation::LessEq {\n            crossings.push(Self::new(&difference, 0));"
            => "if turn.relation != Relation::LessEq {\n            crossings.push(Self::new(&difference, 1));"),
    mistake!("the latest end wins instead of the first", RETAIN,
        "known.millis() <= *at" => "known.millis() >= *at"),
    mistake!("an answer that is no already ends again", RETAIN,
        "let mut ending = later & votes.permit_bits().word(index);" => "let mut ending = *later;"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_mistake_can_still_be_made() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for mistake in MISTAKES {
            let text = std::fs::read_to_string(root.join(mistake.file)).unwrap();
            let mistaken = mistake.in_text(&text).unwrap();
            assert_ne!(mistaken, text, "{}", mistake.what);
        }
    }
}
