//! What there is to decide on.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::edit::{Change, Fate, Part, PlacedChange, Zone};
use crate::prose::LineColumn;
use crate::review::DocumentKey;
use crate::review::binding::is_meant;
use crate::review::decision::{Decision, context};

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

/// A document of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedDocument {
    /// The name of its source.
    pub source: String,
    /// Its number among the slices of its source, from 1; `None` if it is all of its source.
    pub number: Option<usize>,
    /// BLAKE3 of the bytes of its source, for decisions of version 0.1.
    pub source_digest: Option<String>,
    /// Its texts by what they are, each with the BLAKE3 of it as 64 hexadecimal digits.
    pub digests: Vec<(Part, String)>,
}

impl ReviewedDocument {
    /// The document of a key.
    pub(super) fn of(key: &DocumentKey<'_>) -> Self {
        let digests = key.parts.iter().map(|(text, digest)| (text.part.clone(), digest.clone()));
        Self {
            source: key.source.to_owned(),
            number: key.origin.number,
            source_digest: key.origin.source_digest.map(str::to_owned),
            digests: digests.collect(),
        }
    }

    /// The digest of one of its texts.
    pub fn digest_of(&self, part: &Part) -> Option<&str> {
        self.digests.iter().find(|(own, _)| own == part).map(|(_, digest)| digest.as_str())
    }

    /// The digest that decisions about the whole document are bound to: of its text, or of its first field.
    pub fn digest(&self) -> Option<&str> {
        self.digest_of(&Part::Body).or_else(|| self.digests.first().map(|(_, digest)| digest.as_str()))
    }

    /// Whether a decision about a whole document is about this one.
    pub fn is_meant_by(&self, decision: &Decision) -> bool {
        is_meant(decision, &self.source, self.number, self.digest(), self.source_digest.as_deref())
    }
}

/// Something to decide on: a change, or several that touch in the source and so are judged together.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: Id,
    /// Its document, by number.
    pub document: usize,
    /// The changes, in the order of the passes, each with the one place that it has here.
    pub steps: Vec<Change>,
    /// The text in front of the first change, in it and behind it, up to 40 characters each side.
    pub context: [String; 3],
    /// Where the first begins in the decoded source.
    pub place: LineColumn,
}

impl Item {
    /// The change that it is about: the first.
    ///
    /// Not the first that needs review: which one that is changes with every decision.
    #[expect(clippy::missing_panics_doc, reason = "an item has a change")]
    pub fn change(&self) -> &Change {
        self.steps.first().expect("an item has a change")
    }

    /// Whether one of its changes needs review.
    pub fn is_pending(&self) -> bool {
        self.steps.iter().any(|step| step.fate == Fate::Pending)
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

/// What the rules propose in a document, in order: changes that claim the same text together. `source` is the decoded
/// source, for lines and columns.
pub(super) fn items(number: usize, key: &DocumentKey<'_>, source: &str, changes: &[Change]) -> Vec<Item> {
    let mut items = Vec::new();
    for (text, digest) in &key.parts {
        let of_part = changes.iter().filter(|change| change.part == text.part && is_open(change.fate));
        let mut placed: Vec<PlacedChange<'_>> = of_part.flat_map(Change::placed).collect();
        // Stable: changes at one place stay in the order of the passes.
        placed.sort_by_key(PlacedChange::span);
        let mut lines = LineCounter::new(source);
        let item = |touching: &[PlacedChange<'_>]| {
            let span = touching[0].span();
            let ids: Vec<String> = touching.iter().map(|change| change.id().to_string()).collect();
            Item {
                id: Id::new('c', &[digest, &*ids.concat()]),
                document: number,
                steps: touching.iter().map(|change| change.to_change()).collect(),
                context: context(text.text, span),
                place: lines.place(text.start + span.start),
            }
        };
        items.extend(touching(&placed).map(item));
    }
    items
}

/// Whether somebody may decide on a change.
fn is_open(fate: Fate) -> bool {
    matches!(fate, Fate::Applied | Fate::Pending | Fate::Rejected)
}

/// Neighbours in the text, together: changes that claim the same text, each of a text that the one before left.
fn touching<'a, 'c>(changes: &'a [PlacedChange<'c>]) -> impl Iterator<Item = &'a [PlacedChange<'c>]> {
    let mut end = 0;
    let mut starts: Vec<usize> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let span = change.span();
        let is_insertion = span.is_empty() && at > 0 && changes[at - 1].span().is_empty();
        if at == 0 || span.start > end || span.start == end && !is_insertion {
            starts.push(at);
            end = 0;
        }
        end = end.max(span.end);
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
