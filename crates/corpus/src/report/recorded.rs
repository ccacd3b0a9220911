//! Reads a record back, to show what a run did. (To prove it, `proof` reads on its own.)

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use super::SCHEMA_VERSION;
use crate::JsonLineError;
use emendo_core::document::PartText;
use emendo_core::edit::{Change, ChangeId, ChangePlace, Fate, Hunk, Part, PlaceRef, PlacedChange, Span, Zone};
use emendo_core::input::{DocumentLayout, Field, FieldType};
use emendo_core::review::decision::{Decision, HAND, Verdict};
use emendo_core::rules::PassName;

/// What a run recorded of one source.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// The name of the source.
    pub source: String,
    /// BLAKE3 of its bytes, as 64 hexadecimal digits.
    pub digest: String,
    /// The name of its encoding; nothing if it could not be decoded.
    pub encoding: Option<String>,
    /// The reasons of the rules that proposed something, by id.
    pub whys: BTreeMap<String, String>,
    /// The digests under which these rules are kept, by id.
    pub rule_digests: BTreeMap<String, String>,
    /// How many bytes the source has.
    pub bytes: usize,
    /// How many slices it was cut into: documents and problems.
    pub slices: usize,
    /// The documents, in order.
    pub documents: Vec<RecordedDocument>,
}

/// What a run recorded of one document.
#[derive(Clone, Debug)]
pub struct RecordedDocument {
    /// The number of the slice in the source, from 1.
    pub number: usize,
    /// Where its parts are.
    pub layout: DocumentLayout,
    /// BLAKE3 of its text before cleaning, as 64 hexadecimal digits; `None` if it has no text.
    pub digest: Option<String>,
    /// The path of its cleaned text.
    pub text: Option<String>,
    /// Every difference.
    pub hunks: Vec<Hunk>,
    /// Every proposal and what became of it.
    pub changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Head {
        schema_version: u32,
        source: String,
        digest: String,
        encoding: Option<String>,
        rules: BTreeMap<String, String>,
        #[serde(default)]
        rule_digests: BTreeMap<String, String>,
        bytes: usize,
    },
    Document(DocumentLine),
    Hunk(HunkLine),
    Change(ChangeLine),
    #[serde(other)]
    Problem,
}

#[derive(Deserialize)]
struct DocumentLine {
    number: usize,
    format: Option<String>,
    slice: [usize; 2],
    body: Option<[usize; 2]>,
    fields: BTreeMap<String, FieldEntry>,
    digest: Option<String>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct FieldEntry {
    r#type: FieldType,
    span: [usize; 2],
    fault: Option<String>,
}

#[derive(Deserialize)]
struct HunkLine {
    part: String,
    span: [usize; 2],
    cleaned: [usize; 2],
    before: SmolStr,
    after: SmolStr,
    changes: Vec<ChangeId>,
}

#[derive(Deserialize)]
struct ChangeLine {
    part: String,
    pass: String,
    rule: String,
    before: SmolStr,
    after: SmolStr,
    replaced_with: Option<String>,
    zone: Option<Zone>,
    fate: String,
    by: Option<ChangeId>,
    decision: Option<usize>,
    places: Vec<PlaceEntry>,
}

#[derive(Deserialize)]
struct PlaceEntry {
    span: [usize; 2],
    cleaned: Option<[usize; 2]>,
    #[serde(default)]
    occurrence: u32,
}

/// A line of a record cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {error}")]
pub struct RecordError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub error: RecordLineError,
}

/// Why a line of a record cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordLineError {
    /// It is not JSON, or lacks a member.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Another version of emendo wrote the folder.
    #[error("{}", other_schema(*.version))]
    OtherSchema {
        /// The version of the record.
        version: u32,
    },
    /// A hunk does not follow a document.
    #[error("a hunk before any document")]
    HunkBeforeDocument,
    /// A change does not follow a document.
    #[error("a change before any document")]
    ChangeBeforeDocument,
    /// A span ends before it starts.
    #[error("a span cannot end before it starts: {start}..{end}")]
    ReversedSpan {
        /// Where it starts.
        start: usize,
        /// Where it ends.
        end: usize,
    },
    /// A change has a fate that is not known.
    #[error("{fate:?} is no fate of a change")]
    UnknownFate {
        /// The fate.
        fate: String,
    },
    /// A change comes from a pass that does not exist.
    #[error("there is no pass {pass:?}")]
    UnknownPass {
        /// The pass.
        pass: String,
    },
    /// A document has more changes than can be counted.
    #[error("there are too many changes")]
    TooManyChanges,
    /// A change has no place.
    #[error("a change without a place")]
    NoPlace,
}

/// Reads a record.
///
/// # Errors
/// The first line that cannot be read.
pub fn recorded(text: &str) -> Result<Recorded, RecordError> {
    let mut read = Recorded::default();
    // The differences that several changes made come before these changes.
    let mut of_many: Vec<(usize, usize, Vec<ChangeId>)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let wrong = |error| RecordError { line: at + 1, error };
        let line: Line = serde_json::from_str(line).map_err(|error| wrong(error.into()))?;
        match line {
            Line::Head { schema_version, .. } if schema_version != SCHEMA_VERSION => {
                return Err(wrong(RecordLineError::OtherSchema { version: schema_version }));
            }
            Line::Head { source, digest, encoding, rules, rule_digests, bytes, .. } => {
                (read.source, read.digest, read.encoding, read.whys) = (source, digest, encoding, rules);
                (read.rule_digests, read.bytes) = (rule_digests, bytes);
            }
            Line::Document(line) => {
                read.slices += 1;
                read.documents.push(line.document());
            }
            Line::Hunk(line) => {
                let (hunk, ids) = line.hunk().map_err(wrong)?;
                let number = read.documents.len().checked_sub(1).ok_or_else(|| wrong(RecordLineError::HunkBeforeDocument))?;
                of_many.push((number, read.documents[number].hunks.len(), ids));
                read.documents[number].hunks.push(hunk);
            }
            Line::Change(line) => {
                line.add_to(read.documents.last_mut().ok_or_else(|| wrong(RecordLineError::ChangeBeforeDocument))?).map_err(wrong)?;
            }
            Line::Problem => read.slices += 1,
        }
    }
    for of_document in of_many.chunk_by(|a, b| a.0 == b.0) {
        let RecordedDocument { hunks, changes, .. } = &mut read.documents[of_document[0].0];
        let places = places_by_id(changes);
        for (_, hunk, ids) in of_document {
            hunks[*hunk].changes = ids.iter().filter_map(|id| places.get(id).copied()).collect();
        }
    }
    for document in &mut read.documents {
        document.hunks.sort_by_key(|hunk| (document.layout.start_of(&hunk.part), hunk.original, hunk.cleaned));
    }
    Ok(read)
}

/// What is wrong with a folder of another version, and the way out.
pub(super) fn other_schema(version: u32) -> String {
    if version < SCHEMA_VERSION {
        format!(
            "This folder was written by emendo 0.1 (schema {version}). Clean the sources again with this emendo, or use emendo 0.1 to read it."
        )
    } else {
        format!("This folder was written in schema {version}, and this emendo reads {SCHEMA_VERSION}: use a newer emendo.")
    }
}

fn places_by_id(changes: &[Change]) -> FxHashMap<ChangeId, PlaceRef> {
    let number = |number: usize| u32::try_from(number).expect("a document has less than 2^32 changes");
    let of_change = |(change, all): (usize, &Change)| {
        let ids: Vec<_> = all.placed().map(|placed| placed.id()).collect();
        ids.into_iter().enumerate().map(move |(place, id)| (id, PlaceRef { change: number(change), place: number(place) }))
    };
    changes.iter().enumerate().flat_map(of_change).collect()
}

impl Recorded {
    /// The decision about a change of a document, whose decoded source this is: bound to its text, with its names as hints.
    ///
    /// `None` if the record does not fit the source.
    pub fn decision(&self, verdict: Verdict, decoded: &str, document: &RecordedDocument, change: PlacedChange<'_>) -> Option<Decision> {
        let place = document.layout.place_of(&change.part)?;
        let text = PartText { part: change.part.clone(), text: decoded.get(place.range())?, start: place.start };
        text.text.get(change.span().range())?;
        let number = (self.slices > 1).then_some(document.number);
        Some(Decision { source: Some(self.source.clone()), document: number, ..Decision::here(verdict, &text, change) })
    }
}

/// The names of the sources that a manifest accounts for, in order.
///
/// # Errors
/// The first line that cannot be read.
pub fn sources(manifest: &str) -> Result<Vec<String>, JsonLineError> {
    let mut names = Vec::new();
    for (line, text) in (1..).zip(manifest.lines()) {
        if let ManifestLine::Source { name } = serde_json::from_str(text).map_err(|error| JsonLineError { line, error })? {
            names.push(name);
        }
    }
    Ok(names)
}

/// A file that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedFile {
    /// What it holds: `text`, `record` and so on.
    pub r#type: String,
    /// Relative to the output folder, with `/`.
    pub path: String,
    /// BLAKE3 of its bytes, as 64 hexadecimal digits.
    pub digest: String,
    /// The source that it came from; nothing for what tells of all.
    pub source: Option<String>,
    /// The number of its slice.
    pub document: Option<usize>,
}

/// The files that a manifest names, in order.
pub fn listed_files(manifest: &str) -> Vec<ListedFile> {
    manifest.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ManifestLine {
    Source {
        name: String,
    },
    #[serde(other)]
    Other,
}

/// A span, unless it ends before it starts.
fn span<S>([start, end]: [usize; 2]) -> Result<Span<S>, RecordLineError> {
    if start <= end { Ok(Span::new(start, end)) } else { Err(RecordLineError::ReversedSpan { start, end }) }
}

fn part(name: &str) -> Part {
    name.strip_prefix("field:").map_or(Part::Body, |field| Part::Field(field.into()))
}

impl DocumentLine {
    fn document(self) -> RecordedDocument {
        let place = |[start, end]: [usize; 2]| Span::new(start.min(end), end);
        let mut fields: Vec<_> = self
            .fields
            .into_iter()
            .map(|(name, field)| Field { name: name.into(), kind: field.r#type, value: place(field.span), fault: field.fault })
            .collect();
        fields.sort_by_key(|field| field.value);
        let layout = DocumentLayout { slice: place(self.slice), format: self.format.map(Into::into), fields, body: self.body.map(place) };
        RecordedDocument { number: self.number, layout, digest: self.digest, text: self.text, hunks: Vec::new(), changes: Vec::new() }
    }
}

impl HunkLine {
    /// The difference without its changes, and their ids.
    fn hunk(self) -> Result<(Hunk, Vec<ChangeId>), RecordLineError> {
        let hunk = Hunk {
            part: part(&self.part),
            original: span(self.span)?,
            cleaned: span(self.cleaned)?,
            before: self.before,
            after: self.after,
            changes: SmallVec::new(),
        };
        Ok((hunk, self.changes))
    }
}

impl ChangeLine {
    /// Adds the changes, and the hunks that they alone made.
    fn add_to(self, document: &mut RecordedDocument) -> Result<(), RecordLineError> {
        let fate = match (self.fate.as_str(), self.by, self.zone) {
            ("applied", ..) => Fate::Applied,
            ("pending", ..) => Fate::Pending,
            ("rejected", ..) => Fate::Rejected,
            ("superseded", Some(by), _) => Fate::Superseded { by },
            ("protected", _, Some(zone)) => Fate::Protected { zone },
            _ => return Err(RecordLineError::UnknownFate { fate: self.fate }),
        };
        let of_chain = || PassName::from_name(&self.pass).map(PassName::name);
        let pass = if self.pass == HAND { Some(HAND) } else { of_chain() };
        let pass = pass.ok_or(RecordLineError::UnknownPass { pass: self.pass })?;
        let rule: Arc<str> = self.rule.into();
        let part = part(&self.part);
        let mut change = Change {
            part,
            pass,
            rule,
            before: self.before,
            after: self.after,
            replaced_with: self.replaced_with,
            decision: self.decision,
            zone: self.zone,
            fate,
            places: SmallVec::new(),
        };
        let number = |number: usize| u32::try_from(number).map_err(|_| RecordLineError::TooManyChanges);
        let own = number(document.changes.len())?;
        for (at, place) in self.places.into_iter().enumerate() {
            let placed = ChangePlace { span: span(place.span)?, occurrence: place.occurrence };
            change.places.push(placed);
            if let Some(cleaned) = place.cleaned {
                document.hunks.push(Hunk {
                    part: change.part.clone(),
                    original: placed.span,
                    cleaned: span(cleaned)?,
                    before: change.before.clone(),
                    after: change.result().into(),
                    changes: smallvec![PlaceRef { change: own, place: number(at)? }],
                });
            }
        }
        if change.places.is_empty() {
            return Err(RecordLineError::NoPlace);
        }
        document.changes.push(change);
        Ok(())
    }
}
