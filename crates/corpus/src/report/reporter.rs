//! From what was cleaned to what is reported and counted.

use std::sync::Arc;

use super::{KeptRules, SourceReport, Summary};
use crate::batch::{Input, InputContent};
use emendo_core::cleaner::{CleanedSource, Cleaner};

/// Makes the report of one source after the other, in order.
pub struct Reporter<'c> {
    rules: Arc<KeptRules<'c>>,
}

impl<'c> Reporter<'c> {
    /// Reports what this cleaner does.
    pub fn new(cleaner: &'c Cleaner) -> Self {
        Self { rules: Arc::new(KeptRules::new(cleaner.chain().rules())) }
    }

    /// The rules, to be kept if they propose something.
    pub fn rules(&self) -> &KeptRules<'c> {
        &self.rules
    }

    /// Counts an input, and reports it if it is a source that was read.
    pub fn count<'a>(&self, input: &'a Input<'_>, summary: &mut Summary) -> Option<SourceReport<'a>>
    where
        'c: 'a,
    {
        match &input.what {
            InputContent::Skipped { why } => summary.skip(why),
            InputContent::Unread { kind, reason } => summary.problem(&input.entry.name, 0, *kind, reason),
            InputContent::Read { bytes, report } => match self.report(report, bytes) {
                Some(report) => {
                    summary.add(&report);
                    return Some(report);
                }
                // The manifest says of each why.
                None => summary.skip("not text"),
            },
        }
        None
    }

    /// The report of a source; nothing if it is no text.
    pub fn report<'a>(&self, source: &'a CleanedSource, bytes: &'a [u8]) -> Option<SourceReport<'a>>
    where
        'c: 'a,
    {
        SourceReport::new(source, bytes, Arc::clone(&self.rules))
    }
}
