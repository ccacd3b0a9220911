//! How often the forms of a table stand in a corpus.

use rayon::prelude::*;

use super::judge::Judged;
use crate::batch::{Input, InputContent};
use emendo_core::passes::phrases::{Gaps, Phrases};

/// Looks for all forms of a table in one reading of each text.
pub struct Forms {
    phrases: Phrases,
    count: usize,
}

impl Forms {
    /// The forms of these rows: of each the wrong one and the right one.
    pub fn of(rows: &[Judged]) -> Self {
        let mut phrases = Phrases::new(Gaps::Blank);
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| row.verdict.is_rule()) {
            for (side, form) in [&*row.listed.wrong, row.right()].into_iter().enumerate() {
                phrases.insert(form, u32::try_from(2 * number + side).unwrap_or(u32::MAX));
            }
        }
        Self { phrases, count: rows.len() }
    }

    /// Nothing seen yet.
    pub fn none_seen(&self) -> Vec<[u64; 2]> {
        vec![[0, 0]; self.count]
    }

    /// Counts in some inputs, on all threads of this pool.
    pub fn count(&self, inputs: &[Input<'_>], seen: &mut [[u64; 2]]) {
        let found: Vec<Vec<u32>> = inputs.par_iter().map(|input| self.find(input)).collect();
        for number in found.into_iter().flatten() {
            if let Some(row) = seen.get_mut(number as usize / 2) {
                row[number as usize % 2] += 1;
            }
        }
    }

    fn find(&self, input: &Input<'_>) -> Vec<u32> {
        let InputContent::Read { report, .. } = &input.what else { return Vec::new() };
        let Some(text) = report.text() else { return Vec::new() };
        let mut found = Vec::new();
        self.phrases.find(&text.text, |_, number| found.push(number));
        found
    }
}
