//! The record of a source, and the files that come out of it.

use blake3::Hash;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{LineColumns, SliceReport, SourceReport, whole_diff};
use crate::disk::{self, NewFile};
use emendo_core::cleaner::CleanedDocument;
use emendo_core::document::Cleaned;
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, Part, PlacedChange, Span, Zone};
use emendo_core::input::{Encoding, FieldType, Problem, ProblemKind};
use emendo_core::review::decision::{HAND, HAND_WHY};

/// Changes when a program that reads records or manifests must be changed.
pub const SCHEMA_VERSION: u32 = 2;

/// What became of a document, or of the documents of a source: the last that holds for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its fields and body are as they were.
    Unchanged,
    /// The exporter could not extract a text.
    NoText,
    /// Something was changed.
    Cleaned,
    /// Changes need review; others may have been applied.
    Pending,
    /// It was kept byte for byte.
    Problem,
}

impl Status {
    /// What became of a document. One without text counts before what was changed.
    pub fn of(document: &CleanedDocument) -> Self {
        if document.cleaned.text.is_none() {
            Self::NoText
        } else if document.count(|fate| fate == Fate::Pending) > 0 {
            Self::Pending
        } else if document.cleaned.hunks.is_empty() {
            Self::Unchanged
        } else {
            Self::Cleaned
        }
    }

    /// The name in records: `unchanged`, `no-text` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Status::Unchanged => "unchanged",
            Status::NoText => "no-text",
            Status::Cleaned => "cleaned",
            Status::Pending => "pending",
            Status::Problem => "problem",
        }
    }
}

/// A file of the output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile<'a> {
    /// Relative to the output folder, with `/`.
    pub path: String,
    /// All of it.
    pub bytes: Cow<'a, [u8]>,
    /// BLAKE3 of the bytes.
    pub digest: Hash,
    /// What it holds.
    pub kind: OutputKind,
    /// The number of its slice, if it is about one.
    pub document: Option<usize>,
}

impl OutputFile<'_> {
    /// The file as a run writes it.
    pub fn as_new(&self) -> NewFile<'_> {
        NewFile { name: &self.path, bytes: &self.bytes, digest: self.digest }
    }
}

impl<'a> OutputFile<'a> {
    /// A file about the slice of that number, or about none.
    pub fn new(path: &str, bytes: impl Into<Cow<'a, [u8]>>, kind: OutputKind, document: Option<usize>) -> Self {
        let bytes = bytes.into();
        Self { path: path.to_owned(), digest: blake3::hash(&bytes), bytes, kind, document }
    }

    /// The same file with bytes of its own.
    pub fn into_owned(self) -> OutputFile<'static> {
        let Self { path, bytes, digest, kind, document } = self;
        OutputFile { path, bytes: Cow::Owned(bytes.into_owned()), digest, kind, document }
    }
}

/// What an output file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputKind {
    /// A cleaned text.
    Text,
    /// A unified diff from the document's slice to its text.
    Diff,
    /// The record of a source.
    Record,
    /// The bytes of a problem.
    Problem,
    /// The table of documents.
    Csv,
    /// The rules that proposed a change.
    Rules,
    /// The decisions as the run read them.
    Decisions,
}

/// BLAKE3 of the bytes, as 64 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// All files that come out of a source: texts, diffs and problems in the order of the slices, then
/// the record.
pub fn output_files<'a>(report: &SourceReport<'a>) -> Vec<OutputFile<'a>> {
    let mut files = Vec::new();
    for (number, slice) in report.slices() {
        match slice {
            SliceReport::Document(document) => push_document_files(&mut files, report, number, document),
            SliceReport::Problem(problem) => {
                let bytes = report.problem_bytes(problem);
                files.push(OutputFile::new(&report.problem_path(number), bytes, OutputKind::Problem, Some(number)));
            }
        }
    }
    files.push(OutputFile::new(&report.record_path(), record_jsonl(report), OutputKind::Record, None));
    files
}

fn push_document_files<'a>(files: &mut Vec<OutputFile<'a>>, report: &SourceReport<'a>, number: usize, document: &'a CleanedDocument) {
    let (Some(text), Some(digest)) = (document.text(), document.cleaned_digest) else { return };
    let path = report.text_path(number);
    let diff = whole_diff(&path, report.text(), &document.layout, &document.cleaned.hunks);
    let diff_path = disk::diff_name(&path);
    files.push(OutputFile { path, bytes: text.as_bytes().into(), digest, kind: OutputKind::Text, document: Some(number) });
    if !diff.is_empty() {
        files.push(OutputFile::new(&diff_path, diff.into_bytes(), OutputKind::Diff, Some(number)));
    }
}

/// The record of a source: JSON lines, described in `docs/formats.md`.
///
/// A head; then for each slice its line, and for a document its hunks and its changes. With the
/// texts and the problems it gives the source back byte for byte.
pub fn record_jsonl(report: &SourceReport<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let format = report.documents().find_map(|(_, document)| document.layout.format.as_deref());
    let (whys, rule_digests) = rules_used(report);
    let text = report.source.text();
    let head = Line::Head {
        schema_version: SCHEMA_VERSION,
        emendo: env!("CARGO_PKG_VERSION"),
        source: report.name(),
        digest: &report.source.digest,
        bytes: report.bytes.len(),
        encoding: report.encoding().map(|encoding| encoding.to_string()),
        detected: text.is_some_and(|text| text.detected),
        bom: text.is_some_and(|text| text.bom),
        unit: if matches!(report.encoding(), None | Some(Encoding::Utf8)) { "source" } else { "decoded" },
        format,
        stale: text.map_or(&[], |text| &text.stale),
        rules: &whys,
        rule_digests: &rule_digests,
    };
    push_line(&mut out, &head);
    let places = LineColumns::new(if text.is_some() { report.text().as_bytes() } else { report.bytes });
    for (number, slice) in report.slices() {
        match slice {
            SliceReport::Document(document) => push_document(&mut out, report, number, document),
            SliceReport::Problem(problem) => push_line(&mut out, &problem_line(report, number, problem, &places)),
        }
    }
    out
}

/// Adds a value as one line of JSON.
pub(super) fn push_line(out: &mut Vec<u8>, line: &impl Serialize) {
    serde_json::to_writer(&mut *out, line).expect("strings, numbers and maps with strings as keys become JSON");
    out.push(b'\n');
}

/// The reasons of the rules that proposed something in this source, and their digests.
fn rules_used<'a>(report: &'a SourceReport<'_>) -> (BTreeMap<&'a str, &'a str>, BTreeMap<&'a str, &'a str>) {
    let (mut whys, mut digests) = (BTreeMap::new(), BTreeMap::new());
    for (_, document) in report.documents() {
        // Neighbours often come from one rule, and there are many.
        let rules = document.cleaned.changes.chunk_by(|a, b| a.rule == b.rule).map(|of_rule| &*of_rule[0].rule);
        if document.cleaned.changes.iter().any(|change| &*change.rule == HAND) {
            whys.insert(HAND, HAND_WHY);
        }
        for (id, why, digest) in rules.filter_map(|rule| report.rules.get(rule)) {
            whys.insert(id, why);
            digests.insert(id, digest);
        }
    }
    (whys, digests)
}

fn push_document(out: &mut Vec<u8>, report: &SourceReport<'_>, number: usize, document: &CleanedDocument) {
    push_line(out, &document_line(report, number, document));
    let Cleaned { changes, hunks, .. } = &document.cleaned;
    let (own_hunks, others) = own_hunks(changes, hunks);
    for hunk in others {
        push_line(out, &hunk_line(number, hunk, changes));
    }
    for (change, own_hunks) in changes.iter().zip(&own_hunks) {
        push_line(out, &change_line(number, change, own_hunks));
    }
}

/// The hunk that is nothing but the work of one change, for each place of that change.
type OwnHunks<'a> = Vec<Option<&'a Hunk>>;

/// For each change and place the hunk that is nothing but its work: the line of the change holds it. And the other hunks.
fn own_hunks<'a>(changes: &[Change], hunks: &'a [Hunk]) -> (Vec<OwnHunks<'a>>, Vec<&'a Hunk>) {
    let (mut own, mut others) = (changes.iter().map(|change| vec![None; change.places.len()]).collect::<Vec<_>>(), Vec::new());
    for hunk in hunks {
        let is_told = |change: &Change, span| {
            (span, change.before.as_str(), change.result()) == (hunk.original, hunk.before.as_str(), hunk.after.as_str())
        };
        match hunk.changes[..] {
            [place] if is_told(&changes[place.change as usize], place.of(changes).span()) => {
                own[place.change as usize][place.place as usize] = Some(hunk);
            }
            _ => others.push(hunk),
        }
    }
    (own, others)
}

fn document_line<'a>(report: &SourceReport<'a>, number: usize, of: &'a CleanedDocument) -> Line<'a> {
    let slice = of.layout.slice;
    let (head_end, tail_start) = of.layout.body.map_or((slice.end, slice.end), |body| (body.start, body.end));
    Line::Document {
        number,
        slice: pair(slice),
        body: of.layout.body.map(pair),
        head: &report.text()[slice.start..head_end],
        tail: &report.text()[tail_start..slice.end],
        fields: fields(report, of),
        digest: of.digest.map(|digest| digest.to_hex().to_string()),
        text: of.text().map(|_| report.text_path(number)),
        text_digest: of.cleaned_digest.map(|digest| digest.to_hex().to_string()),
        words: of.words,
        status: Status::of(of),
    }
}

fn fields<'a>(report: &SourceReport<'a>, of: &'a CleanedDocument) -> Ordered<'a> {
    let cleaned: FxHashMap<&str, &str> = of.cleaned.fields.iter().map(|field| (&*field.name, &*field.text)).collect();
    let line = |field: &'a emendo_core::input::Field| {
        let raw = &report.text()[field.value.range()];
        let clean = cleaned.get(&*field.name).copied().unwrap_or(raw);
        (&*field.name, FieldLine { r#type: field.kind, span: pair(field.value), raw, clean, fault: field.fault.as_deref() })
    };
    Ordered(of.layout.fields.iter().map(line).collect())
}

fn hunk_line<'a>(document: usize, hunk: &'a Hunk, changes: &[Change]) -> Line<'a> {
    Line::Hunk {
        document,
        part: part(&hunk.part),
        span: pair(hunk.original),
        cleaned: pair(hunk.cleaned),
        before: &hunk.before,
        after: &hunk.after,
        changes: hunk.changes.iter().map(|place| place.of(changes).id()).collect(),
    }
}

fn change_line<'a>(document: usize, change: &'a Change, own_hunks: &OwnHunks<'_>) -> Line<'a> {
    let place = |(placed, hunk): (PlacedChange<'_>, Option<&Hunk>)| PlaceLine {
        id: placed.id(),
        span: pair(placed.span()),
        cleaned: hunk.map(|hunk| pair(hunk.cleaned)),
        occurrence: placed.place.occurrence,
    };
    Line::Change {
        document,
        part: part(&change.part),
        pass: change.pass,
        rule: &change.rule,
        before: &change.before,
        after: &change.after,
        replaced_with: change.replaced_with.as_deref(),
        zone: change.zone,
        fate: change.fate.name(),
        by: if let Fate::Superseded { by } = change.fate { Some(by) } else { None },
        protected: if let Fate::Protected { zone } = change.fate { Some(zone) } else { None },
        decision: change.decision,
        places: change.placed().zip(own_hunks.iter().copied()).map(place).collect(),
    }
}

fn problem_line<'a>(report: &SourceReport<'a>, number: usize, of: &'a Problem, places: &LineColumns<'_>) -> Line<'a> {
    let (line, column) = places.of(of.at);
    Line::Problem {
        number,
        slice: pair(of.slice),
        kind: of.kind,
        at: of.at,
        line,
        column,
        reason: &of.reason,
        path: report.problem_path(number),
        digest: digest(&report.problem_bytes(of)),
    }
}

fn pair<S>(span: Span<S>) -> [usize; 2] {
    [span.start, span.end]
}

/// `body`, or the name of a field with `field:` before it: a field may be called `body`.
fn part(part: &Part) -> String {
    match part {
        Part::Body => "body".to_owned(),
        Part::Field(name) => format!("field:{name}"),
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Head {
        schema_version: u32,
        emendo: &'a str,
        source: &'a str,
        digest: &'a str,
        bytes: usize,
        encoding: Option<String>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        detected: bool,
        bom: bool,
        unit: &'a str,
        format: Option<&'a str>,
        #[serde(skip_serializing_if = "<[usize]>::is_empty")]
        stale: &'a [usize],
        rules: &'a BTreeMap<&'a str, &'a str>,
        rule_digests: &'a BTreeMap<&'a str, &'a str>,
    },
    Document {
        number: usize,
        slice: [usize; 2],
        body: Option<[usize; 2]>,
        head: &'a str,
        tail: &'a str,
        fields: Ordered<'a>,
        digest: Option<String>,
        text: Option<String>,
        text_digest: Option<String>,
        words: usize,
        status: Status,
    },
    Hunk {
        document: usize,
        part: String,
        span: [usize; 2],
        cleaned: [usize; 2],
        before: &'a str,
        after: &'a str,
        changes: Vec<ChangeId>,
    },
    Change {
        document: usize,
        part: String,
        pass: &'a str,
        rule: &'a str,
        before: &'a str,
        after: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        replaced_with: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        zone: Option<Zone>,
        fate: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<ChangeId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        protected: Option<Zone>,
        #[serde(skip_serializing_if = "Option::is_none")]
        decision: Option<usize>,
        places: Vec<PlaceLine>,
    },
    Problem {
        number: usize,
        slice: [usize; 2],
        kind: ProblemKind,
        at: usize,
        line: usize,
        column: usize,
        reason: &'a str,
        path: String,
        digest: String,
    },
}

/// One of the changes of a line.
#[derive(Serialize)]
struct PlaceLine {
    id: ChangeId,
    span: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    cleaned: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "is_first")]
    occurrence: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first(occurrence: &u32) -> bool {
    *occurrence == 0
}

#[derive(Serialize)]
struct FieldLine<'a> {
    r#type: FieldType,
    span: [usize; 2],
    raw: &'a str,
    clean: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a str>,
}

/// The fields in the order in which they stand in the source.
struct Ordered<'a>(Vec<(&'a str, FieldLine<'a>)>);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}
