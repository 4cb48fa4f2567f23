//! Running a program: prepare a batch, then compute it block by block.

use crate::bind::Bound;
use crate::columns::{ColumnError, Columns, Data, Presence, TextColumn, View, bits_of, block};
use crate::graph::Relation;
use crate::kernels::{self, BLOCK_ROWS, BLOCK_WORDS, Instructions, Numbers, Words};
use crate::plan::{Plan, Register, Source, Step};
use crate::program::{Policy, Program};
use crate::votes::Votes;
use arrow_array::RecordBatch;
use consentry_model::Instant;
use consentry_model::facts::{ATTRIBUTE_COUNT, Attribute, Resource};
use std::sync::Arc;

mod arithmetic;
mod registers;
mod texts;

use registers::Registers;
pub(crate) use registers::Truth;
use texts::Texts;

/// A program that is ready for one purpose and one instant.
#[derive(Debug)]
pub struct Evaluator {
    policies: Arc<[Policy]>,
    applies_to: Vec<Resource>,
    plan: Plan,
    instructions: Instructions,
    registers: Registers,
    slots: Vec<Box<[i64; BLOCK_ROWS]>>,
    /// Where the next number is computed.
    spare: Box<[i64; BLOCK_ROWS]>,
    texts: Texts,
}

/// The present instant of each row, in milliseconds.
pub(crate) type Now<'a> = Option<&'a [i64]>;

impl Evaluator {
    pub(crate) fn new(program: &Program, purpose: &str, now: Option<Instant>) -> Self {
        let bound = Bound::new(program, purpose, now);
        let roots: Vec<_> =
            [bound.permit].into_iter().chain(bound.satisfied).chain(bound.errs).collect();
        let plan = Plan::new(&bound.graph, &roots);
        Self {
            policies: Arc::clone(&program.policies),
            applies_to: program.about.resources.clone(),
            instructions: Instructions::detect(),
            registers: Registers::new(plan.registers),
            slots: (0..plan.slots).map(|_| Box::new([0; BLOCK_ROWS])).collect(),
            spare: Box::new([0; BLOCK_ROWS]),
            texts: Texts::new(plan.tests.len()),
            plan,
        }
    }

    /// Uses these instructions instead of the fastest that the processor has. The bits are the same.
    /// Those that the processor does not have are not taken.
    #[must_use]
    pub fn with(mut self, instructions: Instructions) -> Self {
        if Instructions::available().contains(&instructions) {
            self.instructions = instructions;
        }
        self
    }

    /// The attributes that it reads: the columns that a batch should have. Without one of them, no
    /// row has the attribute.
    #[must_use]
    pub fn reads(&self) -> &[Attribute] {
        &self.plan.reads
    }

    /// Whether rows can be of one store or another: then the column [`crate::STORE`] should be there.
    /// Without it, every row is about a part of a conversation.
    #[must_use]
    pub fn reads_store(&self) -> bool {
        self.applies_to.contains(&Resource::Part)
            || self.applies_to.contains(&Resource::FeedbackPart)
    }

    /// Decides every row of a batch.
    ///
    /// # Errors
    ///
    /// When a column has a type that its attribute cannot have, a store is none of the two, or the
    /// action does not apply to it.
    pub fn evaluate(&mut self, batch: &RecordBatch) -> Result<Votes, ColumnError> {
        self.evaluate_columns(&Columns::of(batch)?)
    }

    /// Decides every row.
    ///
    /// # Errors
    ///
    /// When a store is none of the two, or the action does not apply to it.
    pub fn evaluate_columns(&mut self, columns: &Columns) -> Result<Votes, ColumnError> {
        self.evaluate_at(columns, None)
    }

    /// Decides every row, each at its own instant where one is given.
    pub(crate) fn evaluate_at(
        &mut self,
        columns: &Columns,
        now: Now<'_>,
    ) -> Result<Votes, ColumnError> {
        let rows = columns.rows();
        let mut views: [Option<View<'_>>; ATTRIBUTE_COUNT] = [const { None }; ATTRIBUTE_COUNT];
        for attribute in &self.plan.reads {
            if let Some(view) = views.get_mut(*attribute as usize) {
                *view = Some(View::of(columns, *attribute));
            }
        }
        let store = columns.store().map(|store| TextColumn::of(store.as_ref()));
        texts::check_store(store.as_ref(), rows, &self.applies_to)?;
        let batch = Batch { views, store, now };
        self.texts.prepare(&self.plan, &batch);
        let mut votes = Votes::new(Arc::clone(&self.policies), rows);
        for start in (0..rows).step_by(BLOCK_ROWS) {
            let block_rows = (rows - start).min(BLOCK_ROWS);
            self.block(&batch, start, block_rows);
            for (index, register) in self.plan.outputs.iter().enumerate() {
                votes.push(index, self.registers.get(*register), start, block_rows);
            }
        }
        Ok(votes)
    }

    /// Computes all steps for the rows from `start` on.
    fn block(&mut self, batch: &Batch<'_>, start: usize, rows: usize) {
        let Self { plan, registers, slots, spare, texts, instructions, .. } = self;
        let block = Block { batch, start, rows, instructions: *instructions };
        registers.begin(rows);
        for step in &plan.steps {
            match step {
                Step::Constant(value, to) => registers.set(*to, *value),
                Step::Not(from, to) => registers.not(*from, *to),
                Step::And(left, right, to) => registers.and(*left, *right, *to),
                Step::Or(left, right, to) => registers.or(*left, *right, *to),
                Step::Copy(to) => {
                    let store = batch.store.as_ref().map(TextColumn::keys);
                    let store = store.as_ref().map(|keys| keys.block(start));
                    registers.fill(*to, |words| texts.copies(*instructions, store, words));
                }
                Step::Has(attribute, to) => block.has(*attribute, registers, *to),
                Step::IsTrue(attribute, to) => registers.fill(*to, |words| {
                    let Data::Bool(bits) = batch.data(*attribute) else { return false };
                    bits_of(bits, start, words);
                    true
                }),
                Step::Text(attribute, test, to) => registers.fill(*to, |words| {
                    let Data::Text(text) = batch.data(*attribute) else { return false };
                    texts.test(*test, *instructions, text.keys().block(start), words)
                }),
                Step::Same(pair, to) => registers.fill(*to, |words| {
                    let Some((left, right)) = plan.pairs.get(*pair) else { return false };
                    let (Data::Text(left), Data::Text(right)) =
                        (batch.data(*left), batch.data(*right))
                    else {
                        return false;
                    };
                    let keys = (left.keys(), right.keys());
                    texts.same(*pair, (keys.0.block(start), keys.1.block(start)), rows, words)
                }),
                Step::Compare(relation, left, right, to) => {
                    block.compare(*relation, [*left, *right], slots, registers, *to);
                }
                Step::Overflows(of, to) => registers.fill(*to, |words| {
                    arithmetic::overflows(*of, |source| block.numbers(slots, source), rows, words);
                    true
                }),
                Step::Number(of, to) => {
                    let read = |source| block.numbers(slots, source);
                    arithmetic::compute(*of, read, registers, rows, spare);
                    if let Some(slot) = slots.get_mut(*to) {
                        std::mem::swap(slot, spare);
                    }
                }
            }
        }
    }
}

/// Some rows of a batch.
struct Block<'b, 'a> {
    batch: &'b Batch<'a>,
    start: usize,
    rows: usize,
    instructions: Instructions,
}

impl Block<'_, '_> {
    fn has(&self, attribute: Attribute, registers: &mut Registers, to: Register) {
        match self.batch.presence(attribute) {
            Presence::Everywhere => registers.set(to, true),
            Presence::Nowhere => registers.set(to, false),
            Presence::Somewhere(nulls) => registers.fill(to, |words| {
                bits_of(nulls.inner(), self.start, words);
                true
            }),
        }
    }

    fn compare(
        &self,
        relation: Relation,
        sides: [Source; 2],
        slots: &[Box<[i64; BLOCK_ROWS]>],
        registers: &mut Registers,
        to: Register,
    ) {
        let mut care = [u64::MAX; BLOCK_WORDS];
        let needed = self.batch.care(sides, self.start, &mut care);
        if needed == Care::Nothing {
            return registers.set(to, false);
        }
        let care = (needed == Care::Something).then_some(&care);
        let [left, right] = sides.map(|side| self.numbers(slots, side));
        registers.fill(to, |words| {
            kernels::compare(self.instructions, relation, left, right, care, words);
            true
        });
    }

    /// The numbers of a source.
    fn numbers<'s>(&'s self, slots: &'s [Box<[i64; BLOCK_ROWS]>], source: Source) -> Numbers<'s> {
        let column = |values: &'s [i64]| Numbers::Column(values.get(..self.rows).unwrap_or(values));
        match source {
            Source::Constant(value) => Numbers::Constant(value),
            Source::Now => column(block(self.batch.now.unwrap_or_default(), self.start)),
            Source::Column(attribute) => match self.batch.data(attribute) {
                Data::Time(values) => column(block(values, self.start)),
                _ => Numbers::Constant(0),
            },
            Source::Slot(slot) => {
                slots.get(slot).map_or(Numbers::Constant(0), |values| column(values.as_slice()))
            }
        }
    }
}

/// A batch as the steps see it.
pub(crate) struct Batch<'a> {
    views: [Option<View<'a>>; ATTRIBUTE_COUNT],
    pub(crate) store: Option<TextColumn<'a>>,
    now: Now<'a>,
}

/// Which rows of a block are worth comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    Everything,
    Something,
    Nothing,
}

impl<'a> Batch<'a> {
    fn view(&self, attribute: Attribute) -> Option<&View<'a>> {
        self.views.get(attribute as usize).and_then(Option::as_ref)
    }

    pub(crate) fn presence(&self, attribute: Attribute) -> &Presence {
        self.view(attribute).map_or(&Presence::Nowhere, |view| &view.presence)
    }

    pub(crate) fn data(&self, attribute: Attribute) -> &Data<'a> {
        self.view(attribute).map_or(&Data::Missing, |view| &view.data)
    }

    /// A comparison says nothing about a row that lacks one of its columns.
    fn care(&self, sources: [Source; 2], start: usize, care: &mut Words) -> Care {
        let mut needed = Care::Everything;
        for source in sources {
            let Source::Column(attribute) = source else { continue };
            match self.presence(attribute) {
                Presence::Everywhere => {}
                Presence::Nowhere => return Care::Nothing,
                Presence::Somewhere(nulls) => {
                    let mut present = [0; BLOCK_WORDS];
                    bits_of(nulls.inner(), start, &mut present);
                    let mut any = 0;
                    for (care, present) in care.iter_mut().zip(present) {
                        *care &= present;
                        any |= *care;
                    }
                    if any == 0 {
                        return Care::Nothing;
                    }
                    needed = Care::Something;
                }
            }
        }
        needed
    }
}
