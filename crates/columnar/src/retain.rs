//! Until when the answer stays yes, for every row of a batch.
//!
//! A program knows the comparisons that time can turn. For a row, each is solved for the present
//! instant, which gives the instants at which the answer may change; between two of them it does
//! not. The program is then run once for each comparison, every row at its own such instant, and the
//! earliest at which the answer is no longer yes is the one.

use crate::columns::{ColumnError, Columns, Data, Presence, View};
use crate::evaluator::Evaluator;
use crate::graph::Graph;
use crate::program::{Program, Turn};
use crate::votes::Votes;
use consentry_model::Instant;
use consentry_model::facts::Attribute;
use std::sync::Arc;

mod crossing;

use crossing::Crossing;

/// Whether it can be derived when a comparison turns.
pub(crate) fn can_turn(graph: &Graph, turn: &Turn) -> bool {
    Crossing::of(graph, turn).is_some()
}

/// Until when something is kept if the facts stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// This is the first millisecond at which it is no longer kept.
    At(Instant),
    /// Nothing ends it.
    NoEnd,
    /// It is not to be kept at the instant of the request.
    Due,
}

/// A program that is ready to tell until when its answer stays yes.
#[derive(Debug)]
pub struct Retainer {
    now: Instant,
    /// The answer at the instant of the request.
    present: Evaluator,
    /// The answer at any instant, which differs from row to row.
    later: Evaluator,
    crossings: Vec<Crossing>,
    /// What the crossings read.
    reads: Vec<Attribute>,
}

/// Until when the answer stays yes, for the rows of a batch.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The decision at the instant of the request, and what determined it.
    pub votes: Votes,
    until: Vec<Until>,
}

impl Kept {
    /// Until when, row by row.
    #[must_use]
    pub fn until(&self) -> &[Until] {
        &self.until
    }
}

impl Program {
    /// Makes it ready to tell until when its answer stays yes from an instant on.
    ///
    /// # Errors
    ///
    /// The id of a policy of which it cannot be derived when it turns. A policy set in which that is
    /// so for `retain` cannot be loaded.
    pub fn bind_retention(&self, purpose: &str, now: Instant) -> Result<Retainer, Arc<str>> {
        let turns = self.turns().map_err(Arc::clone)?;
        let mut crossings: Vec<Crossing> = Vec::new();
        for turn in turns {
            // A program whose comparisons cannot be solved is refused when it is made.
            for crossing in Crossing::of(self.graph(), turn).unwrap_or_default() {
                if !crossings.contains(&crossing) {
                    crossings.push(crossing);
                }
            }
        }
        let mut reads: Vec<Attribute> = crossings.iter().flat_map(Crossing::reads).collect();
        reads.sort_unstable();
        reads.dedup();
        Ok(Retainer {
            now,
            present: Evaluator::new(self, purpose, Some(now)),
            later: Evaluator::new(self, purpose, None),
            crossings,
            reads,
        })
    }
}

impl Retainer {
    /// The attributes that it reads.
    #[must_use]
    pub fn reads(&self) -> Vec<Attribute> {
        let mut reads = self.reads.clone();
        reads.extend(self.present.reads().iter().chain(self.later.reads()));
        reads.sort_unstable();
        reads.dedup();
        reads
    }

    /// Tells until when, for every row.
    ///
    /// # Errors
    ///
    /// As [`Evaluator::evaluate_columns`].
    pub fn retain(&mut self, columns: &Columns) -> Result<Kept, ColumnError> {
        let votes = self.present.evaluate_columns(columns)?;
        let rows = columns.rows();
        let permit = votes.permit();
        let mut until: Vec<Until> =
            permit.iter().map(|kept| if kept { Until::NoEnd } else { Until::Due }).collect();
        if permit.count_set_bits() == 0 {
            return Ok(Kept { votes, until });
        }
        let facts = Facts::of(columns, &self.reads);
        let (mut instants, mut later) = (vec![0; rows], vec![0; rows.div_ceil(64)]);
        for crossing in &self.crossings {
            crossing.instants(&facts, self.now.millis(), &mut instants, &mut later);
            if later.iter().all(|word| *word == 0) {
                continue;
            }
            let then = self.later.evaluate_at(columns, Some(&instants))?;
            for (index, later) in later.iter().enumerate() {
                // What is due already stays so: only what is permitted now can end.
                let mut ending = later & votes.permit_bits().word(index);
                ending &= !then.permit_bits().word(index);
                while ending != 0 {
                    let row = 64 * index + ending.trailing_zeros() as usize;
                    ending &= ending - 1;
                    let (Some(until), Some(at)) = (until.get_mut(row), instants.get(row)) else {
                        continue;
                    };
                    match until {
                        Until::At(known) if known.millis() <= *at => {}
                        _ => *until = Until::At(Instant::from_millis(*at)),
                    }
                }
            }
        }
        Ok(Kept { votes, until })
    }
}

/// Instants of rows.
pub(crate) struct Facts<'a> {
    views: Vec<(Attribute, View<'a>)>,
}

impl<'a> Facts<'a> {
    fn of(columns: &'a Columns, attributes: &[Attribute]) -> Self {
        let views = attributes.iter().map(|attribute| (*attribute, View::of(columns, *attribute)));
        Self { views: views.collect() }
    }

    /// The instants of an attribute, and where there are any. `None` when no row has it.
    pub(crate) fn column(&self, attribute: Attribute) -> Option<(&[i64], &Presence)> {
        let (_, view) = self.views.iter().find(|(known, _)| *known == attribute)?;
        match (&view.data, &view.presence) {
            (_, Presence::Nowhere) => None,
            (Data::Time(values), presence) => Some((values, presence)),
            _ => None,
        }
    }

    /// Sets instants to `now` in rows that do not have an attribute.
    pub(crate) fn forget_absent(&self, attribute: Attribute, now: i64, instants: &mut [i64]) {
        match self.column(attribute) {
            None => instants.fill(now),
            Some((_, Presence::Somewhere(nulls))) => {
                for (instant, is_there) in instants.iter_mut().zip(nulls.iter()) {
                    if !is_there {
                        *instant = now;
                    }
                }
            }
            Some(_) => {}
        }
    }

    /// The instant of a row.
    pub(crate) fn time(&self, attribute: Attribute, row: usize) -> Option<i64> {
        let (values, presence) = self.column(attribute)?;
        let is_there = match presence {
            Presence::Everywhere => true,
            Presence::Nowhere => false,
            Presence::Somewhere(nulls) => row < nulls.len() && nulls.is_valid(row),
        };
        values.get(row).copied().filter(|_| is_there)
    }
}
