//! Reads a corpus, to propose rules for it.

use std::convert::Infallible;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::statistics::{CorpusStatistics, SourceCounts};
use super::tokens::MinedText;
use crate::batch::{self, InputContent, RunEnd, RunObserver};
use crate::disk::Listing;
use crate::project::Settings;
use emendo_core::cleaner::{CleanedSource, Cleaner};
use emendo_core::prose::{Syntax, Vocabulary};

/// A corpus and what cleans it.
pub struct CorpusReading<'r> {
    /// What the project says.
    pub settings: &'r Settings,
    /// The sources.
    pub listing: &'r Listing,
    /// What cleans them.
    pub cleaner: &'r Cleaner,
    /// The threads.
    pub pool: &'r ThreadPool,
}

impl CorpusReading<'_> {
    /// Counts the words of all sources, and the inputs that could not be read; nothing if the observer stopped it.
    ///
    /// Everything is read once. What a rule would have to know of all texts before it judges one stays unknown: it
    /// then puts right a word more or less, and none of them is proposed twice.
    pub fn mine(&self, observer: &mut dyn RunObserver) -> Option<(CorpusStatistics, usize)> {
        let (mut mine, mut problems, mut number) = (CorpusStatistics::default(), 0, 0);
        let ended = batch::run_among(self.listing, self.cleaner, &Vocabulary::default(), self.pool, observer, |inputs| {
            let first = number;
            number += inputs.len();
            let seam = |(at, input): (usize, &batch::Input<'_>)| match &input.what {
                InputContent::Read { report, .. } => self.seam(first + at, report),
                _ => SourceCounts::default(),
            };
            let seams: Vec<SourceCounts> = self.pool.install(|| inputs.par_iter().enumerate().map(seam).collect());
            for seam in seams {
                mine.add(seam);
            }
            problems += inputs.iter().map(|input| problems_of(&input.what)).sum::<usize>();
            Ok::<_, Infallible>(())
        });
        let Ok(ended) = ended;
        (ended == RunEnd::Wholly).then_some((mine, problems))
    }

    fn seam(&self, source: usize, report: &CleanedSource) -> SourceCounts {
        let mut seam = SourceCounts::default();
        let Ok(source) = u32::try_from(source) else { return seam };
        let syntax = self.settings.syntax.of(&report.name).unwrap_or_else(|| Syntax::of_file(&report.name));
        let is_english = self.settings.lang.as_deref().map(|lang| lang == "en" || lang.starts_with("en-"));
        let Some(whole) = report.text() else { return seam };
        for (number, document) in (0..).zip(report.documents()) {
            if let (Some(text), Some(body)) = (document.text(), document.layout.body) {
                seam.read(source, number, &MinedText { text, syntax, is_english }, &whole.text[body.range()]);
            }
        }
        seam
    }
}

fn problems_of(what: &InputContent) -> usize {
    match what {
        InputContent::Read { report, .. } => report.problems().count(),
        InputContent::Unread { .. } => 1,
        InputContent::Skipped { .. } => 0,
    }
}
