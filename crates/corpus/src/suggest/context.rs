//! Where a proposal would change something: a few words round each place.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;
use regex::Regex;

use super::occurrence::CleanedSpot;
use super::proposal::{Fix, Proposal};
use super::reading::CorpusReading;
use crate::disk;
use crate::report::Private;
use emendo_core::prose::Vocabulary;

/// So many characters are shown on each side.
const SIDE: usize = 40;

/// A place with what stands round it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedPlace {
    /// The name of the source.
    pub source: String,
    /// What stands before it.
    pub left: String,
    /// What would change.
    pub before: String,
    /// What would become of it; nothing for what is no rule.
    pub after: Option<String>,
    /// What stands behind it.
    pub right: String,
    /// What private characters are in this source.
    pub private: Private,
}

impl CorpusReading<'_> {
    /// The contexts of each proposal. Only the sources that they stand in are read again; a place that is no longer
    /// as it was is left out.
    pub fn contexts(&self, proposals: &[&Proposal]) -> Vec<Vec<QuotedPlace>> {
        let mut wanted: BTreeMap<u32, Vec<(usize, CleanedSpot)>> = BTreeMap::new();
        for (number, proposal) in proposals.iter().enumerate() {
            for spot in &proposal.spots {
                wanted.entry(spot.source).or_default().push((number, *spot));
            }
        }
        let finders: Vec<_> = proposals.iter().map(|proposal| Finder::of(&proposal.fix)).collect();
        let read = |(source, spots): (u32, Vec<(usize, CleanedSpot)>)| self.contexts_of(source, &spots, &finders);
        let found: Vec<_> = self.pool.install(|| wanted.into_par_iter().map(read).collect());
        let mut contexts = vec![Vec::new(); proposals.len()];
        found.into_iter().flatten().for_each(|(number, context)| contexts[number].push(context));
        contexts
    }

    fn contexts_of(&self, source: u32, spots: &[(usize, CleanedSpot)], finders: &[Finder<'_>]) -> Vec<(usize, QuotedPlace)> {
        let Some(entry) = self.listing.entries.get(source as usize) else { return Vec::new() };
        let Ok(bytes) = disk::read(self.listing, entry) else { return Vec::new() };
        let report = self.cleaner.clean_source_among(&entry.name, &bytes, &Vocabulary::default());
        let texts: Vec<_> = report.documents().map(|document| document.text().unwrap_or_default()).collect();
        let private = Private::of(report.text().map(|text| text.encoding));
        let context = |(number, spot): &(usize, CleanedSpot)| {
            let text = texts.get(spot.document as usize)?;
            let (at, after) = finders[*number].find(text, spot.at as usize)?;
            Some((*number, QuotedPlace { private, ..cut(&entry.name, text, &at, after) }))
        };
        spots.iter().filter_map(context).collect()
    }
}

/// Finds at a place what a proposal is about.
enum Finder<'p> {
    /// A form, and what becomes of it.
    Form(&'p str, &'p str),
    /// A pattern, and what becomes of it.
    Pattern(Option<Regex>, &'p str),
    /// The rest of the line.
    Line,
}

impl<'p> Finder<'p> {
    fn of(fix: &'p Fix) -> Self {
        match fix {
            Fix::Words { wrong, right, .. } => Self::Form(wrong, right),
            Fix::Name { variant, canonical } => Self::Form(variant, canonical),
            Fix::Pattern { find, becomes, .. } => Self::Pattern(Regex::new(&format!("(?m){find}")).ok(), becomes),
            Fix::Advice { .. } => Self::Line,
        }
    }

    fn find(&self, text: &str, start: usize) -> Option<(Range<usize>, Option<String>)> {
        match self {
            Self::Form(wrong, right) => {
                // A part of a compound is remembered by the place of the whole.
                let word = text.get(start..)?.char_indices().map(|(at, _)| start + at).take(SIDE);
                let same = |at: &usize| text.get(*at..*at + wrong.len()).is_some_and(|found| found.to_lowercase() == wrong.to_lowercase());
                let at = word.into_iter().find(same)?;
                Some((at..at + wrong.len(), Some((*right).to_owned())))
            }
            Self::Pattern(find, becomes) => {
                let found = find.as_ref()?.captures_at(text, start)?;
                let all = found.get(0)?;
                let mut after = String::new();
                found.expand(becomes, &mut after);
                (all.start() == start && !all.is_empty()).then(|| (all.range(), Some(after)))
            }
            Self::Line => {
                let rest = text.get(start..)?;
                let end = rest.char_indices().map(|(at, c)| (at + c.len_utf8(), c)).take_while(|(_, c)| *c != '\n').take(2 * SIDE).last();
                Some((start..start + end.map_or(0, |(end, _)| end), None))
            }
        }
    }
}

fn cut(source: &str, text: &str, at: &Range<usize>, after: Option<String>) -> QuotedPlace {
    let line = text[..at.start].rfind('\n').map_or(0, |end| end + 1);
    let from = text[line..at.start].char_indices().rev().take(SIDE).last().map_or(at.start, |(byte, _)| line + byte);
    let rest = &text[at.end..];
    let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let to = rest.char_indices().nth(SIDE).map_or(rest.len(), |(byte, _)| byte);
    let shorter = |is_cut: bool| if is_cut { "…" } else { "" };
    QuotedPlace {
        source: source.to_owned(),
        left: [shorter(from > line), &text[from..at.start]].concat(),
        before: text[at.clone()].to_owned(),
        after,
        right: [&rest[..to], shorter(to < rest.len())].concat(),
        private: Private::default(),
    }
}
