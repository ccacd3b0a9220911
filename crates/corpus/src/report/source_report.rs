//! A cleaned source as it is reported: its parts with their numbers and the names of the files that come out of them.

use std::borrow::Cow;
use std::sync::Arc;

use super::{KeptRules, Status};
use crate::disk;
use emendo_core::cleaner::{CleanedDocument, CleanedSlice, CleanedSource, Content};
use emendo_core::input::{Encoding, Problem, encode};

/// A source that is text, or bytes that cannot be decoded, and what became of it.
#[derive(Clone, Debug)]
pub struct SourceReport<'a> {
    /// What became of it.
    pub source: &'a CleanedSource,
    /// The bytes of the file.
    pub bytes: &'a [u8],
    /// The rules: all that proposed a change here, perhaps others.
    pub rules: Arc<KeptRules<'a>>,
}

/// One slice of a source and what became of it.
#[derive(Clone, Copy, Debug)]
pub enum SliceReport<'a> {
    /// It was cleaned.
    Document(&'a CleanedDocument),
    /// It was kept.
    Problem(&'a Problem),
}

impl SliceReport<'_> {
    /// What became of it.
    pub fn status(self) -> Status {
        match self {
            SliceReport::Document(document) => Status::of(document),
            SliceReport::Problem(_) => Status::Problem,
        }
    }
}

impl<'a> SourceReport<'a> {
    /// The report of a source; nothing if it is no text.
    pub fn new(source: &'a CleanedSource, bytes: &'a [u8], rules: Arc<KeptRules<'a>>) -> Option<Self> {
        let is_text = !matches!(source.content, Content::NotText(_));
        is_text.then_some(Self { source, bytes, rules })
    }

    /// Its name, relative to the input folder, with `/`.
    pub fn name(&self) -> &'a str {
        &self.source.name
    }

    /// All of the decoded text; empty if there is none.
    pub fn text(&self) -> &'a str {
        self.source.text().map_or("", |text| &text.text)
    }

    /// How it was encoded; nothing for bytes that could not be decoded.
    pub fn encoding(&self) -> Option<Encoding> {
        self.source.text().map(|text| text.encoding)
    }

    /// What it was cut into, with numbers from 1: tiles the text but for a byte order mark. Bytes that could not be decoded are
    /// one problem, whose places are bytes of the file.
    pub fn slices(&self) -> impl Iterator<Item = (usize, SliceReport<'a>)> + use<'a> {
        let (slices, undecodable): (&[CleanedSlice], _) = match &self.source.content {
            Content::Text(text) => (&text.slices, None),
            Content::Undecodable(problem) => (&[], Some(problem)),
            Content::NotText(_) => (&[], None),
        };
        let slices = slices.iter().map(|slice| match slice {
            CleanedSlice::Document(document) => SliceReport::Document(document),
            CleanedSlice::Problem(problem) => SliceReport::Problem(problem),
        });
        (1..).zip(slices.chain(undecodable.map(SliceReport::Problem)))
    }

    /// The documents, with their numbers among the slices.
    pub fn documents(&self) -> impl Iterator<Item = (usize, &'a CleanedDocument)> + use<'a> {
        self.slices().filter_map(|(number, slice)| match slice {
            SliceReport::Document(document) => Some((number, document)),
            SliceReport::Problem(_) => None,
        })
    }

    /// Whether it was cut into several slices.
    pub fn has_many_slices(&self) -> bool {
        self.slices().nth(1).is_some()
    }

    /// What became of its slices: the last of the statuses that one of them has.
    pub fn status(&self) -> Status {
        self.slices().map(|(_, slice)| slice.status()).max().unwrap_or(Status::Unchanged)
    }

    /// Where the text of the document with this number goes, if it has one.
    pub fn text_path(&self, number: usize) -> String {
        disk::text_name(self.name(), number, self.has_many_slices())
    }

    /// Where the bytes of the problem with this number go.
    pub fn problem_path(&self, number: usize) -> String {
        disk::problem_name(self.name(), number, !self.has_many_slices())
    }

    /// Where the record goes.
    pub fn record_path(&self) -> String {
        disk::record_name(self.name())
    }

    /// The bytes of a problem, exactly as the file holds them.
    pub fn problem_bytes(&self, problem: &Problem) -> Cow<'a, [u8]> {
        let Some(text) = self.source.text() else { return Cow::Borrowed(self.bytes) };
        let raw = &text.text[problem.slice.range()];
        match text.encoding {
            Encoding::Utf8 => Cow::Borrowed(raw.as_bytes()),
            encoding => Cow::Owned(encode(raw, encoding)),
        }
    }
}
