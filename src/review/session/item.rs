//! What there is to decide on.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::edit::{Change, Fate, Zone};
use crate::prose::LineColumn;
use crate::review::decision::context;

/// Ten hexadecimal digits that stay the same from run to run, behind a letter: `g` for a group, `c` for a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    pub(super) fn new(letter: char, parts: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Self(format!("{letter}{}", &hasher.finalize().to_hex()[..10]))
    }

    /// As it is shown and typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedSource {
    /// Its name.
    pub name: String,
    /// The digest of its bytes.
    pub digest: String,
}

/// Something to decide on: a change, or several that touch in the source and so are judged together.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: Id,
    /// Its document, by number.
    pub source: usize,
    /// The changes, in the order of the passes.
    pub steps: Vec<Change>,
    /// The source in front of the first change, in it and behind it, up to 40 characters each side.
    pub context: [String; 3],
    /// Where the first begins in the decoded source.
    pub place: LineColumn,
}

impl Item {
    /// The change that it is about: the first.
    ///
    /// Not the first that waits: which one that is changes with every decision.
    #[expect(clippy::missing_panics_doc, reason = "an item has a change")]
    pub fn change(&self) -> &Change {
        self.steps.first().expect("an item has a change")
    }

    /// Whether one of its changes asks.
    pub fn waits(&self) -> bool {
        self.steps.iter().any(|step| step.fate == Fate::Waiting)
    }

    /// The kind of place it stands in, by name.
    pub fn zone(&self) -> &'static str {
        zone_name(self.change().zone)
    }
}

/// The name of a zone in decisions.
pub fn zone_name(zone: Option<Zone>) -> &'static str {
    zone.map_or("none", Zone::name)
}

/// Items that are alike: the same rule makes the same of the same, in the same kind of place. Where a rule makes
/// something else nearly each time, all that it does in one kind of place.
#[derive(Clone, Debug)]
pub struct ReviewGroup {
    /// Its id.
    pub id: Id,
    /// The rule.
    pub rule: Arc<str>,
    /// What it makes of what; nothing if that varies.
    pub makes: Option<(SmolStr, SmolStr)>,
    /// The kind of place.
    pub zone: Option<Zone>,
    /// Its items, by number, in the order of documents and places.
    pub items: Vec<usize>,
}

/// What the rules propose in a document, in order: changes that claim the same text together.
pub(super) fn items<'c>(number: usize, source: &ReviewedSource, text: &str, changes: impl Iterator<Item = &'c Change>) -> Vec<Item> {
    let mut changes: Vec<&Change> =
        changes.filter(|change| matches!(change.fate, Fate::Applied | Fate::Waiting | Fate::Rejected)).collect();
    // Stable: changes at one place stay in the order of the passes.
    changes.sort_by_key(|change| (change.span.start, change.span.end));
    let mut lines = LineCounter::new(text);
    let item = |touching: &[&Change]| {
        let span = touching[0].span;
        let ids: Vec<String> = touching.iter().map(|change| change.id.to_string()).collect();
        Item {
            id: Id::new('c', &[&*source.name, &*ids.concat()]),
            source: number,
            steps: touching.iter().map(|change| (*change).clone()).collect(),
            context: context(text, span),
            place: lines.place(span.start),
        }
    };
    touching(&changes).map(item).collect()
}

/// Neighbours in the source, together: changes that claim the same text, each of a text that the one before left.
fn touching<'a, 'c>(changes: &'a [&'c Change]) -> impl Iterator<Item = &'a [&'c Change]> {
    let mut end = 0;
    let mut starts: Vec<usize> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let is_insertion = change.span.is_empty() && at > 0 && changes[at - 1].span.is_empty();
        if at == 0 || change.span.start > end || change.span.start == end && !is_insertion {
            starts.push(at);
            end = 0;
        }
        end = end.max(change.span.end);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([changes.len()]).collect();
    starts.into_iter().zip(ends).filter(|(start, end)| start < end).map(|(start, end)| &changes[start..end])
}

/// Places in a text, asked for in order.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line_start: usize,
    line: usize,
}

impl<'t> LineCounter<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0, line_start: 0, line: 1 }
    }

    fn place(&mut self, at: usize) -> LineColumn {
        // The lead of several changes may stand before the one that was asked for last.
        if at < self.at {
            *self = Self::new(self.text);
        }
        for found in memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..at]) {
            self.line += 1;
            self.line_start = self.at + found + 1;
        }
        self.at = at;
        LineColumn { line: self.line, column: self.text[self.line_start..at].chars().count() + 1 }
    }
}
