//! Questions about text, answered once for each different text of a batch.

use super::Batch;
use crate::columns::{CONVERSATION, ColumnError, Data, Dictionary, FEEDBACK, TextColumn};
use crate::kernels::{self, Instructions, Keys, Words};
use crate::plan::{Plan, TextTest};
use arrow_array::ArrayRef;
use consentry_model::facts::Resource;
use std::collections::HashMap;
use std::sync::Arc;

/// Up to this many keys are compared one after another; more are looked up in a table.
const COMPARED: usize = 4;

/// What is known about the texts of a batch.
#[derive(Debug)]
pub(super) struct Texts {
    tests: Vec<Answers>,
    pairs: Vec<Pair>,
    /// Which keys of the store column mean a feedback copy.
    copies: Answers,
}

/// A number for each key of two dictionaries, the same where the texts are the same.
#[derive(Debug, Default)]
struct Pair {
    left: Vec<u32>,
    right: Vec<u32>,
    /// The dictionaries that were numbered: the same ones need not be numbered again.
    numbered: Option<[ArrayRef; 2]>,
}

/// Which keys of a dictionary pass a test.
#[derive(Debug, Default)]
struct Answers {
    /// The dictionary that was tested: the same array need not be tested again.
    tested: Option<ArrayRef>,
    table: Vec<u8>,
    passing: Vec<u64>,
    failing: Vec<u64>,
}

impl Answers {
    fn test(&mut self, dictionary: &Dictionary<'_>, holds: impl Fn(&str) -> bool) {
        if let (Some(tested), Dictionary::Shared(values)) = (&self.tested, dictionary)
            && Arc::ptr_eq(tested, values)
        {
            return;
        }
        self.table.clear();
        self.table.extend(dictionary.texts().into_iter().map(|text| u8::from(holds(text))));
        let keys = |wanted: u8| {
            let all = (0..).zip(&self.table);
            all.filter(move |(_, found)| **found == wanted).map(|(key, _)| key).collect()
        };
        (self.passing, self.failing) = (keys(1), keys(0));
        self.tested = match dictionary {
            Dictionary::Shared(values) => Some(Arc::clone(values)),
            Dictionary::Found(_) => None,
        };
    }

    /// The bits of the rows whose key passes; `false` where none can.
    fn rows(&self, instructions: Instructions, keys: Keys<'_>, out: &mut Words) -> bool {
        if self.passing.is_empty() {
            return false;
        }
        if self.failing.is_empty() {
            out.fill(u64::MAX);
        } else if self.passing.len() <= COMPARED {
            kernels::keys_in(instructions, keys, &self.passing, out);
        } else if self.failing.len() <= COMPARED {
            kernels::keys_in(instructions, keys, &self.failing, out);
            for word in out.iter_mut() {
                *word = !*word;
            }
        } else {
            kernels::keys_looked_up(instructions, keys, &self.table, out);
        }
        true
    }
}

impl Texts {
    pub(super) fn new(tests: usize) -> Self {
        Self {
            tests: (0..tests).map(|_| Answers::default()).collect(),
            pairs: Vec::new(),
            copies: Answers::default(),
        }
    }

    /// Answers every question of the plan for the texts of a batch.
    pub(super) fn prepare(&mut self, plan: &Plan, batch: &Batch<'_>) {
        for (answers, (attribute, test)) in self.tests.iter_mut().zip(&plan.tests) {
            if let Data::Text(text) = batch.data(*attribute) {
                answers.test(&text.dictionary, |text| TextTest::holds(test, text));
            }
        }
        self.pairs.resize_with(plan.pairs.len(), Pair::default);
        for (pair, (left, right)) in self.pairs.iter_mut().zip(&plan.pairs) {
            if let (Data::Text(left), Data::Text(right)) = (batch.data(*left), batch.data(*right)) {
                pair.number(left, right);
            }
        }
        if let Some(store) = &batch.store {
            self.copies.test(&store.dictionary, |text| text == FEEDBACK);
        }
    }

    /// Where the test holds.
    pub(super) fn test(
        &self,
        test: usize,
        instructions: Instructions,
        keys: Keys<'_>,
        out: &mut Words,
    ) -> bool {
        self.tests.get(test).is_some_and(|answers| answers.rows(instructions, keys, out))
    }

    /// Where the row is of the feedback store.
    pub(super) fn copies(
        &self,
        instructions: Instructions,
        store: Option<Keys<'_>>,
        out: &mut Words,
    ) -> bool {
        store.is_some_and(|keys| self.copies.rows(instructions, keys, out))
    }

    /// Where two texts are the same.
    pub(super) fn same(
        &self,
        pair: usize,
        (left, right): (Keys<'_>, Keys<'_>),
        rows: usize,
        out: &mut Words,
    ) -> bool {
        let Some(pair) = self.pairs.get(pair) else { return false };
        let number = |numbers: &[u32], key: u64| {
            usize::try_from(key).ok().and_then(|key| numbers.get(key)).copied()
        };
        for (index, word) in out.iter_mut().enumerate().take(rows.div_ceil(64)) {
            let mut mask = 0;
            for lane in (0..64).take(rows - 64 * index) {
                let row = 64 * index + lane;
                let left = number(&pair.left, left.get(row));
                let is_same = left.is_some() && left == number(&pair.right, right.get(row));
                mask |= u64::from(is_same) << lane;
            }
            *word = mask;
        }
        true
    }
}

impl Pair {
    fn number(&mut self, left: &TextColumn<'_>, right: &TextColumn<'_>) {
        let shared = match (&left.dictionary, &right.dictionary) {
            (Dictionary::Shared(left), Dictionary::Shared(right)) => Some([left, right]),
            _ => None,
        };
        if let (Some(numbered), Some(shared)) = (&self.numbered, shared)
            && numbered.iter().zip(shared).all(|(known, now)| Arc::ptr_eq(known, now))
        {
            return;
        }
        let mut known: HashMap<&str, u32> = HashMap::new();
        let (left, right) = (left.dictionary.texts(), right.dictionary.texts());
        let mut number = |text| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(text).or_insert(next)
        };
        self.left = left.into_iter().map(&mut number).collect();
        self.right = right.into_iter().map(&mut number).collect();
        self.numbered = shared.map(|shared| shared.map(|values| Arc::clone(values)));
    }
}

/// Refuses rows that would be taken for something else: of an unknown store, or of one that the
/// action does not apply to. Without a column every row is of a conversation.
pub(super) fn check_store(
    store: Option<&TextColumn<'_>>,
    rows: usize,
    applies_to: &[Resource],
) -> Result<(), ColumnError> {
    let has_copies = applies_to.contains(&Resource::FeedbackPart);
    let has_others = applies_to.iter().any(|resource| *resource != Resource::FeedbackPart);
    let check = |text: &str| match text {
        CONVERSATION if has_others => Ok(()),
        CONVERSATION => Err(ColumnError::NotApplicable { store: CONVERSATION }),
        FEEDBACK if has_copies => Ok(()),
        FEEDBACK => Err(ColumnError::NotApplicable { store: FEEDBACK }),
        other => {
            let found = format!("`{}`", other.chars().take(64).collect::<String>());
            Err(ColumnError::Store { found })
        }
    };
    let Some(store) = store else {
        return if rows == 0 { Ok(()) } else { check(CONVERSATION) };
    };
    if store.nulls.as_ref().is_some_and(|nulls| nulls.null_count() > 0) {
        return Err(ColumnError::Store { found: "nothing".to_owned() });
    }
    let texts = store.dictionary.texts();
    if texts.iter().all(|text| check(text).is_ok()) {
        return Ok(());
    }
    // A dictionary may hold texts that no row has.
    for row in 0..rows {
        let key = usize::try_from(store.keys().get(row)).ok();
        match key.and_then(|key| texts.get(key)) {
            Some(text) => check(text)?,
            None => return Err(ColumnError::Store { found: "an unknown key".to_owned() }),
        }
    }
    Ok(())
}
