//! The record of a source, and the files that come out of it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use blake3::Hash;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};

use super::{KeptRules, LineColumns, whole_diff};
use crate::disk::NewFile;
use emendo_core::clean::Cleaned;
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, Part, Span, Zone};
use emendo_core::input::Encoding;
use emendo_core::input::{Article, FieldType, Problem, ProblemKind};
use emendo_core::review::decision::{HAND, HAND_WHY};

/// Changes when a program that reads records or manifests must be changed.
pub const SCHEMA_VERSION: u32 = 1;

/// One source and all that became of it.
#[derive(Clone, Debug)]
pub struct SourceReport<'a> {
    /// Relative to the input folder, with `/`.
    pub name: &'a str,
    /// The bytes of the file.
    pub bytes: &'a [u8],
    /// BLAKE3 of the bytes, as 64 hexadecimal digits.
    pub digest: Cow<'a, str>,
    /// Nothing for bytes that could not be decoded.
    pub encoding: Option<Encoding>,
    /// Whether the encoding is a guess, from the bytes alone.
    pub detected: bool,
    /// Whether the decoded text begins with a byte order mark, which lies in no slice.
    pub bom: bool,
    /// All of the decoded text; empty if there is none.
    pub text: &'a str,
    /// What it was cut into: tiles the text but for a byte order mark. For bytes that could not be
    /// decoded it is one problem, whose places are bytes of the file.
    pub slices: Vec<SliceReport<'a>>,
    /// Where the record goes.
    pub record_path: String,
    /// The lines of the decisions file that are about this source and found no change.
    pub stale: Vec<usize>,
    /// So many changes ask only because others were accepted.
    pub opened: usize,
    /// The rules: all that proposed a change here, perhaps others.
    pub rules: Arc<KeptRules<'a>>,
}

/// One slice of a source and what became of it.
#[derive(Clone, Debug)]
pub enum SliceReport<'a> {
    /// It was cleaned.
    Article(ArticleReport<'a>),
    /// It was kept.
    Problem(ProblemReport<'a>),
}

/// One article and what became of it.
#[derive(Clone, Debug)]
pub struct ArticleReport<'a> {
    /// The number of the slice in its source, from 1; problems count.
    pub number: usize,
    /// The article.
    pub article: &'a Article,
    /// What it became.
    pub cleaned: &'a Cleaned<'a>,
    /// How many words the cleaned text has.
    pub words: usize,
    /// BLAKE3 of the cleaned text, if there is one.
    pub digest: Option<Hash>,
    /// The earlier article of the run that says the same: its source and number.
    pub repeats: Option<(String, usize)>,
    /// Where the text goes, if there is one.
    pub text_path: String,
    /// Where the diff goes, if text and slice differ.
    pub diff_path: String,
}

/// One slice that could not be cleaned.
#[derive(Clone, Debug)]
pub struct ProblemReport<'a> {
    /// The number of the slice in its source, from 1; articles count.
    pub number: usize,
    /// What is wrong.
    pub problem: &'a Problem,
    /// The bytes of the slice, exactly as the file holds them.
    pub bytes: Cow<'a, [u8]>,
    /// Where they go.
    pub path: String,
}

/// What became of an article, or of the articles of a source: the last that holds for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Its fields and body are as they were.
    Unchanged,
    /// An earlier article has the same text.
    Duplicate,
    /// The exporter could not extract a text.
    NoText,
    /// Something was changed.
    Cleaned,
    /// Changes ask for a decision; others may have been applied.
    Waiting,
    /// It was kept byte for byte.
    Problem,
}

impl Status {
    /// The name in records: `unchanged`, `no-text` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Status::Unchanged => "unchanged",
            Status::Duplicate => "duplicate",
            Status::NoText => "no-text",
            Status::Cleaned => "cleaned",
            Status::Waiting => "waiting",
            Status::Problem => "problem",
        }
    }
}

impl ArticleReport<'_> {
    /// What became of it. An article without text, then a duplicate, count before what was changed.
    pub fn status(&self) -> Status {
        if self.cleaned.text.is_none() {
            Status::NoText
        } else if self.repeats.is_some() {
            Status::Duplicate
        } else if self.waiting() > 0 {
            Status::Waiting
        } else if self.cleaned.hunks.is_empty() {
            Status::Unchanged
        } else {
            Status::Cleaned
        }
    }

    /// How many changes stand in the cleaned article.
    pub fn applied(&self) -> usize {
        self.cleaned.changes.iter().filter(|change| change.fate == Fate::Applied).count()
    }

    /// How many changes ask for a decision.
    pub fn waiting(&self) -> usize {
        self.cleaned.changes.iter().filter(|change| change.fate == Fate::Waiting).count()
    }
}

impl SliceReport<'_> {
    /// What became of it.
    pub fn status(&self) -> Status {
        match self {
            SliceReport::Article(article) => article.status(),
            SliceReport::Problem(_) => Status::Problem,
        }
    }
}

impl SourceReport<'_> {
    /// What became of its slices: the last of the statuses that one of them has.
    pub fn status(&self) -> Status {
        self.slices.iter().map(SliceReport::status).max().unwrap_or(Status::Unchanged)
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
    pub article: Option<usize>,
}

impl OutputFile<'_> {
    /// The file as a run writes it.
    pub fn as_new(&self) -> NewFile<'_> {
        NewFile { name: &self.path, bytes: &self.bytes, digest: self.digest }
    }
}

impl<'a> OutputFile<'a> {
    /// A file about the slice of that number, or about none.
    pub fn new(path: &str, bytes: impl Into<Cow<'a, [u8]>>, kind: OutputKind, article: Option<usize>) -> Self {
        let bytes = bytes.into();
        Self { path: path.to_owned(), digest: blake3::hash(&bytes), bytes, kind, article }
    }

    /// The same file with bytes of its own.
    pub fn into_owned(self) -> OutputFile<'static> {
        let Self { path, bytes, digest, kind, article } = self;
        OutputFile { path, bytes: Cow::Owned(bytes.into_owned()), digest, kind, article }
    }
}

/// What an output file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputKind {
    /// A cleaned text.
    Text,
    /// A unified diff from the article's slice to its text.
    Diff,
    /// The record of a source.
    Record,
    /// The bytes of a problem.
    Problem,
    /// The table of articles.
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
pub fn output_files<'a>(report: &'a SourceReport<'a>) -> Vec<OutputFile<'a>> {
    let mut files = Vec::new();
    for slice in &report.slices {
        match slice {
            SliceReport::Article(article) => push_article_files(&mut files, report, article),
            SliceReport::Problem(problem) => {
                files.push(OutputFile::new(&problem.path, &*problem.bytes, OutputKind::Problem, Some(problem.number)));
            }
        }
    }
    files.push(OutputFile::new(&report.record_path, record_jsonl(report), OutputKind::Record, None));
    files
}

fn push_article_files<'a>(files: &mut Vec<OutputFile<'a>>, report: &SourceReport<'_>, article: &'a ArticleReport<'_>) {
    let (Some(text), Some(digest)) = (article.cleaned.text.as_deref(), article.digest) else { return };
    let (path, bytes, number) = (article.text_path.clone(), text.as_bytes().into(), Some(article.number));
    files.push(OutputFile { path, bytes, digest, kind: OutputKind::Text, article: number });
    let diff = whole_diff(&article.text_path, report.text, article.article, &article.cleaned.hunks);
    if !diff.is_empty() {
        files.push(OutputFile::new(&article.diff_path, diff.into_bytes(), OutputKind::Diff, number));
    }
}

/// The record of a source: JSON lines, described in `docs/formats.md`.
///
/// A head; then for each slice its line, and for an article its hunks and its changes. With the
/// texts and the problems it gives the source back byte for byte.
pub fn record_jsonl(report: &SourceReport<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let formats = report.slices.iter().filter_map(|slice| match slice {
        SliceReport::Article(article) => article.article.format.as_deref(),
        SliceReport::Problem(_) => None,
    });
    let (whys, rule_digests) = rules_used(report);
    let head = Line::Head {
        schema_version: SCHEMA_VERSION,
        emendo: env!("CARGO_PKG_VERSION"),
        source: report.name,
        digest: &report.digest,
        bytes: report.bytes.len(),
        encoding: report.encoding.map(|encoding| encoding.to_string()),
        detected: report.detected,
        bom: report.bom,
        unit: if matches!(report.encoding, None | Some(Encoding::Utf8)) { "source" } else { "decoded" },
        format: formats.into_iter().next(),
        stale: &report.stale,
        rules: &whys,
        rule_digests: &rule_digests,
    };
    push_line(&mut out, &head);
    let places = LineColumns::new(if report.encoding.is_some() { report.text.as_bytes() } else { report.bytes });
    for slice in &report.slices {
        match slice {
            SliceReport::Article(article) => push_article(&mut out, report, article),
            SliceReport::Problem(problem) => push_line(&mut out, &problem_line(problem, &places)),
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
    for slice in &report.slices {
        let SliceReport::Article(article) = slice else { continue };
        // Neighbours often come from one rule, and there are many.
        let rules = article.cleaned.changes.chunk_by(|a, b| a.rule == b.rule).map(|of_rule| &*of_rule[0].rule);
        if article.cleaned.changes.iter().any(|change| &*change.rule == HAND) {
            whys.insert(HAND, HAND_WHY);
        }
        for (id, why, digest) in rules.filter_map(|rule| report.rules.get(rule)) {
            whys.insert(id, why);
            digests.insert(id, digest);
        }
    }
    (whys, digests)
}

fn push_article(out: &mut Vec<u8>, report: &SourceReport<'_>, article: &ArticleReport<'_>) {
    push_line(out, &article_line(report, article));
    let Cleaned { changes, hunks, .. } = article.cleaned;
    let (own_hunks, others) = own_hunks(changes, hunks);
    for hunk in others {
        push_line(out, &hunk_line(article.number, hunk));
    }
    for alike in alike(changes) {
        push_line(out, &change_line(article.number, changes, &alike, &own_hunks));
    }
}

/// For each change the hunk that is nothing but its work: where the change is told, so is the hunk. And the other hunks.
fn own_hunks<'a>(changes: &[Change], hunks: &'a [Hunk]) -> (Vec<Option<&'a Hunk>>, Vec<&'a Hunk>) {
    let numbers: FxHashMap<_, _> = changes.iter().enumerate().map(|(number, change)| ((&change.part, change.id), number)).collect();
    let tells = |change: &Change, hunk: &Hunk| {
        (change.span, change.before.as_str(), change.result()) == (hunk.source, hunk.before.as_str(), hunk.after.as_str())
    };
    let (mut own, mut others) = (vec![None; changes.len()], Vec::new());
    for hunk in hunks {
        let only = if let [change] = hunk.changes[..] { numbers.get(&(&hunk.part, change)) } else { None };
        match only.filter(|number| tells(&changes[**number], hunk)) {
            Some(number) => own[*number] = Some(hunk),
            None => others.push(hunk),
        }
    }
    (own, others)
}

/// The changes that differ in nothing but their places, together, by number; the first of each decides the order.
///
/// A text with CR LF has one change for each of its lines: one by one they took seven times its bytes.
fn alike(changes: &[Change]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known = FxHashMap::default();
    // Neighbours are alike more often than not.
    let mut last = None;
    for (number, change) in changes.iter().enumerate() {
        let Change { part, pass, rule, before, after, replaced_with, decision, zone, fate, .. } = change;
        let look = (part, pass, rule, before, after, replaced_with, decision, zone, fate);
        let group = match last {
            Some((last, group)) if last == look => group,
            _ => *known.entry(look).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            }),
        };
        last = Some((look, group));
        groups[group].push(number);
    }
    groups
}

fn article_line<'a>(report: &'a SourceReport<'a>, of: &'a ArticleReport<'a>) -> Line<'a> {
    let slice = of.article.slice;
    let (head_end, tail_start) = of.article.body.map_or((slice.end, slice.end), |body| (body.start, body.end));
    let text = of.cleaned.text.as_deref();
    Line::Article {
        number: of.number,
        slice: pair(slice),
        body: of.article.body.map(pair),
        head: &report.text[slice.start..head_end],
        tail: &report.text[tail_start..slice.end],
        fields: fields(report, of),
        text: text.map(|_| &*of.text_path),
        digest: of.digest.map(|digest| digest.to_hex().to_string()),
        words: of.words,
        status: of.status(),
        repeats: of.repeats.as_ref().map(|(source, number)| (source.as_str(), *number)),
    }
}

fn fields<'a>(report: &'a SourceReport<'a>, of: &'a ArticleReport<'a>) -> Ordered<'a> {
    let cleaned: FxHashMap<&str, &str> = of.cleaned.fields.iter().map(|field| (&*field.name, &*field.text)).collect();
    let line = |field: &'a emendo_core::input::Field| {
        let raw = &report.text[field.value.range()];
        let clean = cleaned.get(&*field.name).copied().unwrap_or(raw);
        (&*field.name, FieldLine { r#type: field.kind, span: pair(field.value), raw, clean, fault: field.fault.as_deref() })
    };
    Ordered(of.article.fields.iter().map(line).collect())
}

fn hunk_line(article: usize, hunk: &Hunk) -> Line<'_> {
    Line::Hunk {
        article,
        part: part(&hunk.part),
        source: pair(hunk.source),
        cleaned: pair(hunk.cleaned),
        before: &hunk.before,
        after: &hunk.after,
        changes: &hunk.changes,
    }
}

/// The line of alike changes, of which there is at least one.
fn change_line<'a>(article: usize, changes: &'a [Change], alike: &[usize], own_hunks: &[Option<&Hunk>]) -> Line<'a> {
    let change = &changes[alike[0]];
    let place = |number: &usize| PlaceLine {
        id: changes[*number].id,
        span: pair(changes[*number].span),
        cleaned: own_hunks[*number].map(|hunk| pair(hunk.cleaned)),
        occurrence: changes[*number].occurrence,
    };
    Line::Change {
        article,
        part: part(&change.part),
        pass: change.pass,
        rule: &change.rule,
        before: &change.before,
        after: &change.after,
        replaced_with: change.replaced_with.as_deref(),
        zone: change.zone,
        fate: change.fate.name(),
        by: if let Fate::Outranked { by } = change.fate { Some(by) } else { None },
        protected: if let Fate::Protected { zone } = change.fate { Some(zone) } else { None },
        decision: change.decision,
        places: alike.iter().map(place).collect(),
    }
}

fn problem_line<'a>(of: &'a ProblemReport<'_>, places: &LineColumns<'_>) -> Line<'a> {
    let (line, column) = places.of(of.problem.at);
    Line::Problem {
        number: of.number,
        slice: pair(of.problem.slice),
        kind: of.problem.kind,
        at: of.problem.at,
        line,
        column,
        reason: &of.problem.reason,
        path: &of.path,
        digest: digest(&of.bytes),
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
    Article {
        number: usize,
        slice: [usize; 2],
        body: Option<[usize; 2]>,
        head: &'a str,
        tail: &'a str,
        fields: Ordered<'a>,
        text: Option<&'a str>,
        digest: Option<String>,
        words: usize,
        status: Status,
        #[serde(skip_serializing_if = "Option::is_none")]
        repeats: Option<(&'a str, usize)>,
    },
    Hunk {
        article: usize,
        part: String,
        source: [usize; 2],
        cleaned: [usize; 2],
        before: &'a str,
        after: &'a str,
        changes: &'a [ChangeId],
    },
    Change {
        article: usize,
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
        path: &'a str,
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
