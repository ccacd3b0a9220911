//! Proves that nothing was lost, from the files alone.
//!
//! Reads records, manifests and diffs with its own code and shares nothing with what writes them, so
//! that one fault cannot agree with itself. Only the digest function and the JSON syntax are common.

mod sums;

pub use sums::seal;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

use self::sums::{read_sums, sha256};
use super::recorded::other_schema;
use super::{SCHEMA_VERSION, escape};

/// Something that is not as the account says. Its `Display` is safe to print: names go through [`escape`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", escape(.path), escape(.reason))]
pub struct ProofFault {
    /// The file, relative to the output folder; the name of an input where it is about one.
    pub path: String,
    /// What is wrong, for people: one sentence, ending with a period.
    pub reason: String,
}

/// What [`verify`] looked at and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Sources rebuilt.
    pub sources: usize,
    /// Bytes of sources rebuilt.
    pub bytes: usize,
    /// Documents checked in both directions.
    pub documents: usize,
    /// Problems found to be where they belong.
    pub problems: usize,
    /// Output files read.
    pub files: usize,
    /// Differences between source and cleaned text that are accounted for.
    pub hunks: usize,
    /// The rules that the records name, with their digests.
    rules: BTreeSet<(String, String)>,
    /// All that is wrong.
    pub faults: Vec<ProofFault>,
    /// The SHA-256 of `SHA256SUMS`, as 64 hexadecimal digits; nothing if there is no such file.
    pub seal: Option<String>,
    /// Files in the folder that the manifest does not name: nothing is wrong with them.
    pub unknown: Vec<String>,
}

/// Gives the bytes of a source back, from its record and the files that the record names.
///
/// `get` reads a file of the output folder.
///
/// # Errors
/// When a file is missing or altered, or the result is not what the record says that it was.
pub fn restore(record: &[u8], get: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Vec<u8>, ProofFault> {
    let record = Record::read(record).map_err(|reason| ProofFault { path: "record".to_owned(), reason })?;
    record.rebuilt(&get)
}

/// Checks an output folder against its manifest, and every text against its source and back.
///
/// `get` reads a file of the folder, `list` names all that are in it but the manifest.
pub fn verify(manifest: &[u8], get: impl Fn(&str) -> Option<Vec<u8>>, list: &[String]) -> Proof {
    let mut proof = Proof::default();
    let account = match Account::read(manifest) {
        Ok(account) => account,
        Err(reason) => {
            proof.fault(MANIFEST, reason);
            return proof;
        }
    };
    let sums = proof.check_sums(&account, manifest, &get);
    proof.check_files(&account, &sums, &get);
    let mut rows = 0;
    for source in &account.sources {
        match proof.check_source(source, &account, &get) {
            Ok(slices) => rows += slices,
            Err(fault) => proof.faults.push(fault),
        }
    }
    proof.check_table(&account, rows, &get);
    proof.check_rules(&account, &get);
    // One fault for each file: the first that was found explains the others.
    proof.faults.sort_by(|a, b| a.path.cmp(&b.path));
    proof.faults.dedup_by(|later, first| later.path == first.path);
    proof.unknown = list
        .iter()
        .filter(|path| !account.files.contains_key(*path) && ![MANIFEST, SUMS, RUN_LOG].contains(&path.as_str()))
        .cloned()
        .collect();
    proof
}

const MANIFEST: &str = "manifest.jsonl";
const SUMS: &str = "SHA256SUMS";
/// Its lines are added run by run, and nothing else depends on them.
const RUN_LOG: &str = "runs.jsonl";

type Get<'g> = &'g dyn Fn(&str) -> Option<Vec<u8>>;

impl Proof {
    fn fault(&mut self, path: &str, reason: impl Into<String>) {
        self.faults.push(ProofFault { path: path.to_owned(), reason: reason.into() });
    }

    /// The sums of the files, by name. They must name what the manifest names, and the manifest.
    fn check_sums(&mut self, account: &Account, manifest: &[u8], get: Get<'_>) -> BTreeMap<String, String> {
        let Some(text) = get(SUMS) else {
            self.fault(SUMS, "It is missing: a run writes it just before the manifest.");
            return BTreeMap::new();
        };
        self.seal = Some(sha256(&text));
        let mut sums = match read_sums(&text) {
            Ok(sums) => sums,
            Err(reason) => {
                self.fault(SUMS, reason);
                return BTreeMap::new();
            }
        };
        match sums.remove(MANIFEST) {
            None => self.fault(SUMS, "It does not name the manifest."),
            Some(sum) if sum != sha256(manifest) => self.fault(MANIFEST, "Its SHA-256 is not the one in SHA256SUMS."),
            Some(_) => {}
        }
        let named: BTreeSet<_> = sums.keys().collect();
        if let Some(name) = account.files.keys().collect::<BTreeSet<_>>().symmetric_difference(&named).next() {
            self.fault(SUMS, format!("It and the manifest do not both name the file {name:?}."));
        }
        sums
    }

    fn check_files(&mut self, account: &Account, sums: &BTreeMap<String, String>, get: Get<'_>) {
        for (path, file) in &account.files {
            self.files += 1;
            let is_other_sum = |bytes: &[u8]| sums.get(path).is_some_and(|sum| *sum != sha256(bytes));
            match get(path) {
                None => self.fault(path, "The manifest names this file, but it cannot be read."),
                Some(bytes) if digest(&bytes) != file.digest => self.fault(path, "The file was altered after the run: its digest differs."),
                Some(bytes) if is_other_sum(&bytes) => self.fault(path, "Its SHA-256 is not the one in SHA256SUMS."),
                Some(_) => {}
            }
        }
    }

    /// Gives the number of slices.
    fn check_source(&mut self, source: &SourceLine, account: &Account, get: Get<'_>) -> Result<usize, ProofFault> {
        let at_record = |reason: String| ProofFault { path: source.record.clone(), reason };
        let bytes = get(&source.record).ok_or_else(|| at_record("The record cannot be read.".to_owned()))?;
        let record = Record::read(&bytes).map_err(at_record)?;
        let rebuilt = record.rebuilt(&get)?;
        self.rules.extend(record.rules.iter().cloned());
        check_account(source, &record, account).map_err(at_record)?;
        let text = decoded(&rebuilt, record.encoding.as_deref()).map_err(at_record)?;
        let diffs = account.files_of(&source.name).filter(|(_, file)| file.kind == "diff");
        let mut diffs: BTreeMap<_, _> = diffs.map(|(path, file)| (file.document, path)).collect();
        for slice in &record.slices {
            match slice {
                Slice::Document(document) => {
                    document.check(&text, &source.record, diffs.remove(&Some(document.number)), get)?;
                    self.documents += 1;
                    self.hunks += document.hunks.len();
                }
                Slice::Problem(_) => self.problems += 1,
            }
        }
        if let Some(diff) = diffs.values().next() {
            return Err(ProofFault { path: (*diff).to_owned(), reason: "This is a diff of a document that does not exist.".to_owned() });
        }
        self.sources += 1;
        self.bytes += rebuilt.len();
        Ok(record.slices.len())
    }

    /// The rules are kept that records name, and no others.
    fn check_rules(&mut self, account: &Account, get: Get<'_>) {
        let Some((path, _)) = account.files.iter().find(|(_, file)| file.kind == "rules") else { return };
        let Some(text) = get(path) else { return };
        let kept = match read_rules(&text) {
            Ok(kept) => kept,
            Err(reason) => return self.fault(path, reason),
        };
        // Where a source has a fault already, its rules may not have been read.
        if let Some((id, _)) = self.rules.symmetric_difference(&kept).next().filter(|_| self.faults.is_empty()).cloned() {
            self.fault(path, format!("The records and this file do not both have the rule {id:?} with the same digest."));
        }
    }

    fn check_table(&mut self, account: &Account, rows: usize, get: Get<'_>) {
        let tables = account.files.iter().filter(|(_, file)| file.kind == "csv");
        let [(path, _)] = tables.collect::<Vec<_>>()[..] else {
            return self.fault(MANIFEST, "The manifest must name exactly one table of documents.");
        };
        let Some(table) = get(path) else { return };
        let found = csv_rows(&table).saturating_sub(1);
        // Where a source has a fault already, its documents were not counted.
        if found != rows && self.faults.is_empty() {
            self.fault(path, format!("The table has {found} rows for {rows} documents and problems."));
        }
    }
}

/// Record and manifest tell the same story about a source.
fn check_account(source: &SourceLine, record: &Record, account: &Account) -> Result<(), String> {
    let told = (&record.source, &record.digest, record.bytes);
    if told != (&source.name, &source.digest, source.bytes) {
        return Err(format!("Record and manifest name different sources: {:?} and {:?}.", record.source, source.name));
    }
    let problems = record.slices.iter().filter(|slice| matches!(slice, Slice::Problem(_))).count();
    if (record.slices.len() - problems, problems) != (source.documents, source.problems) {
        return Err("Record and manifest count different numbers of documents or problems.".to_owned());
    }
    let mut named = BTreeSet::from([("record", source.record.as_str(), None)]);
    for (slice, number) in record.slices.iter().zip(1..) {
        if slice.number() != number {
            return Err(format!("Slice {number} has the number {}.", slice.number()));
        }
        match slice {
            Slice::Document(document) => named.extend(document.text.iter().map(|text| ("text", text.path.as_str(), Some(number)))),
            Slice::Problem(problem) => _ = named.insert(("problem", problem.file.path.as_str(), Some(number))),
        }
    }
    let listed = account.files_of(&source.name).filter(|(_, file)| file.kind != "diff");
    let listed: BTreeSet<_> = listed.map(|(path, file)| (file.kind.as_str(), path, file.document)).collect();
    match named.symmetric_difference(&listed).next() {
        Some((kind, path, _)) => Err(format!("Record and manifest do not both name the {kind} {path:?} for the same document.")),
        None => Ok(()),
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The ids and digests of the rules that are kept.
fn read_rules(text: &[u8]) -> Result<BTreeSet<(String, String)>, String> {
    let mut kept = BTreeSet::new();
    for (line, number) in text.split_inclusive(|byte| *byte == b'\n').zip(1..) {
        let wrong = || format!("Line {number} does not have the digest of its rule.");
        let value: Value = serde_json::from_slice(line).map_err(|_| wrong())?;
        let (Some(id), Some(told)) = (value["rule"]["id"].as_str(), value["digest"].as_str()) else { return Err(wrong()) };
        // Compared as text: the digest is of the bytes that stand in the line.
        let rule = line.strip_prefix(format!("{{\"digest\":\"{told}\",\"rule\":").as_bytes());
        let rule = rule.and_then(|rest| rest.strip_suffix(b"}\n")).ok_or_else(wrong)?;
        if digest(rule) != told {
            return Err(wrong());
        }
        kept.insert((id.to_owned(), told.to_owned()));
    }
    Ok(kept)
}

/// A manifest as read.
struct Account {
    sources: Vec<SourceLine>,
    files: BTreeMap<String, FileLine>,
    /// The files that came out of each source.
    of_source: BTreeMap<String, Vec<String>>,
}

struct SourceLine {
    name: String,
    digest: String,
    bytes: usize,
    documents: usize,
    problems: usize,
    record: String,
}

struct FileLine {
    kind: String,
    digest: String,
    document: Option<usize>,
}

impl Account {
    fn read(manifest: &[u8]) -> Result<Self, String> {
        let lines = whole_lines(manifest)?;
        let (end, lines) = lines.split_last().ok_or("The manifest is empty.")?;
        let before = &manifest[..manifest.len() - end.len() - 1];
        // Compared as text: nothing in this line may be spelled differently.
        let wanted = format!(r#"{{"type":"end","lines":{},"digest":"{}"}}"#, lines.len(), digest(before));
        if *end != wanted {
            return Err("The manifest was altered or cut after the run: its last line does not fit to it.".to_owned());
        }
        let mut account = Self { sources: Vec::new(), files: BTreeMap::new(), of_source: BTreeMap::new() };
        let mut inputs = BTreeSet::new();
        for (line, number) in lines.iter().zip(1..) {
            let line = Line::read(line).and_then(|line| account.take(&line, number, &mut inputs));
            line.map_err(|reason| format!("Line {number}: {reason}"))?;
        }
        if lines.is_empty() {
            return Err("The manifest has no head.".to_owned());
        }
        let sources: BTreeSet<&str> = account.sources.iter().map(|source| source.name.as_str()).collect();
        match account.of_source.keys().find(|name| !sources.contains(name.as_str())) {
            Some(name) => Err(format!("Files came out of {name:?}, which is no source of this run.")),
            None => Ok(account),
        }
    }

    fn take(&mut self, line: &Line, number: usize, inputs: &mut BTreeSet<String>) -> Result<(), String> {
        let kind = line.text("type")?;
        if (kind == "head") != (number == 1) {
            return Err("The head must be the first line and no other.".to_owned());
        }
        let mut once = |name: String| if inputs.insert(name.clone()) { Ok(()) } else { Err(format!("The input {name:?} is named twice.")) };
        match kind.as_str() {
            "head" => line.check_schema(),
            "skipped" => once(line.text("name")?),
            "problem" if line.0.get("path").is_none() => once(line.text("source")?),
            "source" => {
                once(line.text("name")?)?;
                self.sources.push(SourceLine {
                    name: line.text("name")?,
                    digest: line.text("digest")?,
                    bytes: line.number("bytes")?,
                    documents: line.number("documents")?,
                    problems: line.number("problems")?,
                    record: line.path("record")?,
                });
                Ok(())
            }
            "text" | "diff" | "record" | "problem" | "csv" | "rules" | "decisions" => {
                let path = line.path("path")?;
                let document = line.0.get("document").map(|_| line.number("document")).transpose()?;
                let source = line.optional("source")?;
                if source.is_none() != ["csv", "rules", "decisions"].contains(&&*kind) {
                    return Err("A file must come out of a source, the table, the rules and the decisions out of none.".to_owned());
                }
                if let Some(source) = source {
                    self.of_source.entry(source).or_default().push(path.clone());
                }
                let file = FileLine { kind, digest: line.text("digest")?, document };
                match self.files.insert(path.clone(), file) {
                    Some(_) => Err(format!("The file {path:?} is named twice.")),
                    None => Ok(()),
                }
            }
            _ => Err(format!("The type {kind:?} is not known.")),
        }
    }

    /// The files of a source, with their paths.
    fn files_of<'a>(&'a self, source: &str) -> impl Iterator<Item = (&'a str, &'a FileLine)> {
        let paths = self.of_source.get(source).into_iter().flatten();
        paths.filter_map(|path| self.files.get_key_value(path)).map(|(path, file)| (path.as_str(), file))
    }
}

/// A record as read.
struct Record {
    source: String,
    digest: String,
    bytes: usize,
    encoding: Option<String>,
    bom: bool,
    /// Ids and digests.
    rules: Vec<(String, String)>,
    slices: Vec<Slice>,
}

enum Slice {
    Document(Document),
    Problem(Problem),
}

struct Document {
    number: usize,
    slice: Range<usize>,
    body: Option<Range<usize>>,
    head: String,
    tail: String,
    fields: Vec<Field>,
    /// BLAKE3 of the body.
    digest: Option<String>,
    text: Option<File>,
    hunks: Vec<Hunk>,
    /// Whether each change was applied.
    changes: BTreeMap<String, bool>,
}

struct Field {
    name: String,
    span: Range<usize>,
    raw: String,
    clean: String,
}

struct Hunk {
    part: String,
    /// In bytes of the part, before cleaning.
    span: Range<usize>,
    cleaned: Range<usize>,
    before: String,
    after: String,
    changes: Vec<String>,
}

struct Problem {
    number: usize,
    slice: Range<usize>,
    file: File,
}

struct File {
    path: String,
    digest: String,
}

impl Slice {
    fn number(&self) -> usize {
        match self {
            Slice::Document(document) => document.number,
            Slice::Problem(problem) => problem.number,
        }
    }

    fn range(&self) -> &Range<usize> {
        match self {
            Slice::Document(document) => &document.slice,
            Slice::Problem(problem) => &problem.slice,
        }
    }
}

impl Record {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let lines = whole_lines(bytes)?;
        let (head, lines) = lines.split_first().ok_or("The record is empty.")?;
        let head = Line::read(head).map_err(|reason| format!("Line 1: {reason}"))?;
        let mut record = Self::head(&head).map_err(|reason| format!("Line 1: {reason}"))?;
        for (line, number) in lines.iter().zip(2..) {
            let taken = Line::read(line).and_then(|line| record.take(&line));
            taken.map_err(|reason| format!("Line {number}: {reason}"))?;
        }
        for slice in &mut record.slices {
            if let Slice::Document(document) = slice {
                document.hunks.sort_by_key(|hunk| (hunk.span.start, hunk.span.end, hunk.cleaned.start));
            }
        }
        Ok(record)
    }

    fn head(line: &Line) -> Result<Self, String> {
        if line.text("type")? != "head" {
            return Err("The first line must be the head.".to_owned());
        }
        line.check_schema()?;
        Ok(Self {
            source: line.text("source")?,
            digest: line.text("digest")?,
            bytes: line.number("bytes")?,
            encoding: line.optional("encoding")?,
            bom: line.get("bom")?.as_bool().ok_or("`bom` is neither true nor false.")?,
            rules: line.pairs("rule_digests")?,
            slices: Vec::new(),
        })
    }

    fn take(&mut self, line: &Line) -> Result<(), String> {
        match line.text("type")?.as_str() {
            "document" => self.slices.push(Slice::Document(Document::read(line)?)),
            "problem" => self.slices.push(Slice::Problem(Problem {
                number: line.number("number")?,
                slice: line.range("slice")?,
                file: File { path: line.path("path")?, digest: line.text("digest")? },
            })),
            "hunk" => self.document(line)?.hunks.push(Hunk {
                part: line.text("part")?,
                span: line.range("span")?,
                cleaned: line.range("cleaned")?,
                before: line.text("before")?,
                after: line.text("after")?,
                changes: line.texts("changes")?,
            }),
            "change" => self.document(line)?.take_changes(line)?,
            kind => return Err(format!("The type {kind:?} is not known.")),
        }
        Ok(())
    }

    /// The document that a hunk or change belongs to: the one before it.
    fn document(&mut self, line: &Line) -> Result<&mut Document, String> {
        let number = line.number("document")?;
        match self.slices.last_mut() {
            Some(Slice::Document(document)) if document.number == number => Ok(document),
            _ => Err(format!("This line belongs to document {number}, but does not follow it.")),
        }
    }

    fn rebuilt(&self, get: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<Vec<u8>, ProofFault> {
        let fault = |reason: &str| ProofFault { path: self.source.clone(), reason: reason.to_owned() };
        let encoding = self.encoding.as_deref();
        let mark = if self.bom { "\u{FEFF}" } else { "" };
        let mut bytes = encoded(mark, encoding).map_err(|reason| fault(&reason))?;
        let mut at = mark.len();
        for slice in &self.slices {
            if slice.range().start != at {
                return Err(fault(&format!("Slice {} does not start where the one before it ends.", slice.number())));
            }
            at = slice.range().end;
            match slice {
                Slice::Document(document) => bytes.extend(encoded(&document.rebuilt(get)?, encoding).map_err(|reason| fault(&reason))?),
                Slice::Problem(problem) => bytes.extend(problem.file.bytes(get)?),
            }
        }
        if bytes.len() != self.bytes || digest(&bytes) != self.digest {
            return Err(fault("The rebuilt source is not the one that was read: its digest differs."));
        }
        Ok(bytes)
    }
}

impl File {
    fn bytes(&self, get: &(impl Fn(&str) -> Option<Vec<u8>> + ?Sized)) -> Result<Vec<u8>, ProofFault> {
        let fault = |reason: &str| ProofFault { path: self.path.clone(), reason: reason.to_owned() };
        let bytes = get(&self.path).ok_or_else(|| fault("The record names this file, but it cannot be read."))?;
        if digest(&bytes) == self.digest {
            Ok(bytes)
        } else {
            Err(fault("The file is not the one that the record names: its digest differs."))
        }
    }

    fn text(&self, get: &(impl Fn(&str) -> Option<Vec<u8>> + ?Sized)) -> Result<String, ProofFault> {
        let reason = || "The text is not UTF-8.".to_owned();
        String::from_utf8(self.bytes(get)?).map_err(|_| ProofFault { path: self.path.clone(), reason: reason() })
    }
}

impl Document {
    fn read(line: &Line) -> Result<Self, String> {
        let fields = line.get("fields")?.as_object().ok_or("`fields` is no object.")?;
        let field = |(name, value): (&String, &Value)| {
            let line = Line(value.clone());
            Ok(Field { name: name.clone(), span: line.range("span")?, raw: line.text("raw")?, clean: line.text("clean")? })
        };
        let text = match line.optional("text")? {
            Some(_) => Some(File { path: line.path("text")?, digest: line.text("text_digest")? }),
            None if line.optional("text_digest")?.is_some() => return Err("`text_digest` is there, but no `text`.".to_owned()),
            None => None,
        };
        Ok(Self {
            number: line.number("number")?,
            slice: line.range("slice")?,
            body: if line.get("body")?.is_null() { None } else { Some(line.range("body")?) },
            head: line.text("head")?,
            tail: line.text("tail")?,
            fields: fields.iter().map(field).collect::<Result<_, String>>()?,
            digest: line.optional("digest")?,
            text,
            hunks: Vec::new(),
            changes: BTreeMap::new(),
        })
    }

    /// Changes that are alike but for their places. One that has a place in the cleaned text is a hunk as well.
    fn take_changes(&mut self, line: &Line) -> Result<(), String> {
        let is_applied = line.text("fate")? == "applied";
        let after = line.optional("replaced_with")?.map_or_else(|| line.text("after"), Ok)?;
        for place in line.get("places")?.as_array().ok_or("`places` is no list.")? {
            let place = Line(place.clone());
            let id = place.text("id")?;
            let span = place.range("span")?;
            // The same proposal may stand twice in a record; one that was applied counts.
            *self.changes.entry(id.clone()).or_default() |= is_applied;
            if place.0.get("cleaned").is_some() {
                self.hunks.push(Hunk {
                    part: line.text("part")?,
                    span,
                    cleaned: place.range("cleaned")?,
                    before: line.text("before")?,
                    after: after.clone(),
                    changes: vec![id],
                });
            }
        }
        Ok(())
    }

    /// The slice, from what stands round the body and the cleaned text.
    fn rebuilt(&self, get: &(impl Fn(&str) -> Option<Vec<u8>> + ?Sized)) -> Result<String, ProofFault> {
        let (Some(file), Some(_)) = (&self.text, &self.body) else {
            return Ok([self.head.as_str(), &self.tail].concat());
        };
        let text = file.text(get)?;
        let body = rebuilt_part(&text, self.hunks_of("body")).map_err(|reason| ProofFault { path: file.path.clone(), reason })?;
        Ok([self.head.as_str(), &body, &self.tail].concat())
    }

    fn hunks_of<'a>(&'a self, part: &'a str) -> impl Iterator<Item = &'a Hunk> {
        self.hunks.iter().filter(move |hunk| hunk.part == part)
    }

    /// Checks all that the record says about the document against the decoded source.
    fn check(&self, source: &str, record: &str, diff: Option<&str>, get: Get<'_>) -> Result<(), ProofFault> {
        let fault = |path: &str, reason: String| ProofFault { path: path.to_owned(), reason };
        let in_record = |reason: String| fault(record, format!("Document {}: {reason}", self.number));
        self.check_places(source).map_err(in_record)?;
        self.check_changes().map_err(in_record)?;
        let (Some(file), Some(body)) = (&self.text, &self.body) else {
            return match diff {
                Some(diff) => Err(fault(diff, "This is a diff of a document without text.".to_owned())),
                None => Ok(()),
            };
        };
        let text = file.text(get)?;
        self.check_part(source, "body", body, &text).map_err(in_record)?;
        let slice = &source[self.slice.clone()];
        let Some(path) = diff else {
            return if slice == text {
                Ok(())
            } else {
                Err(fault(&file.path, "Text and document differ, but there is no diff.".to_owned()))
            };
        };
        let diff = get(path).ok_or_else(|| fault(path, "The diff cannot be read.".to_owned()))?;
        let back = taken_back(&diff, text.as_bytes()).map_err(|reason| fault(path, reason))?;
        if back == slice.as_bytes() { Ok(()) } else { Err(fault(path, "Taken back, the diff does not give the document.".to_owned())) }
    }

    fn check_places(&self, source: &str) -> Result<(), String> {
        let slice = source.get(self.slice.clone()).ok_or("The document lies outside of the source.")?;
        let (head, tail) = match &self.body {
            Some(body) if self.slice.start <= body.start && body.end <= self.slice.end => {
                (source.get(self.slice.start..body.start), source.get(body.end..self.slice.end))
            }
            Some(_) => return Err("The body lies outside of the document.".to_owned()),
            None => (Some(slice), Some("")),
        };
        if (head, tail) != (Some(&self.head), Some(&self.tail)) {
            return Err("What stands round the body is not what the record says.".to_owned());
        }
        let own = self.body.as_ref().and_then(|body| source.get(body.clone())).map(|body| digest(body.as_bytes()));
        if own != self.digest {
            return Err("The digest is not the one of its text in the source.".to_owned());
        }
        if self.body.is_some() != self.text.is_some() {
            return Err("A document must have a text if it has a body.".to_owned());
        }
        for field in &self.fields {
            if source.get(field.span.clone()) != Some(&field.raw) || field.span.start < self.slice.start || self.slice.end < field.span.end
            {
                return Err(format!("The field {:?} does not stand where the record says.", field.name));
            }
            self.check_part(source, &format!("field:{}", field.name), &field.span, &field.clean)?;
        }
        let parts: BTreeSet<String> = self.fields.iter().map(|field| format!("field:{}", field.name)).collect();
        let is_known = |part: &str| parts.contains(part) || part == "body" && self.body.is_some();
        match self.hunks.iter().find(|hunk| !is_known(&hunk.part)) {
            Some(hunk) => Err(format!("A hunk lies in {:?}, which the document does not have.", hunk.part)),
            None => Ok(()),
        }
    }

    /// Source and cleaned text are the same bytes but for the hunks, in both directions.
    fn check_part(&self, source: &str, part: &str, at: &Range<usize>, cleaned: &str) -> Result<(), String> {
        let raw = source.get(at.clone()).ok_or("A part lies outside of the source.")?;
        if rebuilt_part(cleaned, self.hunks_of(part))? != raw {
            return Err(format!("Cleaned text and record do not give the source of {part:?}."));
        }
        let mut forward = String::new();
        let mut from = 0;
        for hunk in self.hunks_of(part) {
            let kept = raw.get(from..hunk.span.start).ok_or("The hunks are not sorted and disjoint in the source.")?;
            if raw.get(hunk.span.clone()) != Some(&hunk.before) {
                return Err(format!("At byte {} the source does not hold what a hunk says.", hunk.span.start));
            }
            forward.push_str(kept);
            forward.push_str(&hunk.after);
            from = hunk.span.end;
        }
        forward.push_str(raw.get(from..).ok_or("A hunk lies outside of its part.")?);
        if forward == cleaned { Ok(()) } else { Err(format!("Source and record do not give the cleaned text of {part:?}.")) }
    }

    /// Every difference has a reason.
    fn check_changes(&self) -> Result<(), String> {
        for hunk in &self.hunks {
            if hunk.changes.is_empty() {
                return Err(format!("The hunk at byte {} names no change.", hunk.span.start));
            }
            if let Some(id) = hunk.changes.iter().find(|id| self.changes.get(*id) != Some(&true)) {
                return Err(format!("The hunk at byte {} names the change {id:?}, which was not applied.", hunk.span.start));
            }
        }
        Ok(())
    }
}

/// The source of a field or body: the cleaned text with all hunks taken back.
fn rebuilt_part<'h>(cleaned: &str, hunks: impl Iterator<Item = &'h Hunk>) -> Result<String, String> {
    let mut out = String::new();
    let mut at = 0;
    for hunk in hunks {
        let kept = cleaned.get(at..hunk.cleaned.start).ok_or("The hunks are not sorted and disjoint in the cleaned text.")?;
        if cleaned.get(hunk.cleaned.clone()) != Some(&hunk.after) {
            return Err(format!("At byte {} the cleaned text does not hold what a hunk says.", hunk.cleaned.start));
        }
        out.push_str(kept);
        if out.len() != hunk.span.start || hunk.span.len() != hunk.before.len() {
            return Err(format!("The hunk at byte {} does not start or end where the source says.", hunk.span.start));
        }
        out.push_str(&hunk.before);
        at = hunk.cleaned.end;
    }
    out.push_str(cleaned.get(at..).ok_or("A hunk lies outside of the cleaned text.")?);
    Ok(out)
}

fn encoded(text: &str, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    match encoding {
        Some("utf-8") => Ok(text.as_bytes().to_vec()),
        Some("utf-16le") => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Some("utf-16be") => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Some(mixed) if mixed.starts_with("utf-8+") => Ok(text.chars().fold(Vec::new(), |mut bytes, c| {
            match u32::from(c) {
                stray @ 0xEF80..=0xEFFF => bytes.push(stray.to_le_bytes()[0]),
                _ => bytes.extend(c.to_string().bytes()),
            }
            bytes
        })),
        Some(label) if legacy(label).is_some() => Ok(legacy(label).map_or_else(Vec::new, |encoding| encoding.encode(text).0.into_owned())),
        None if text.is_empty() => Ok(Vec::new()),
        None => Err("A source without an encoding cannot hold a text.".to_owned()),
        Some(other) => Err(format!("The encoding {other:?} is not known.")),
    }
}

/// The source as text; empty where it is none.
fn decoded(bytes: &[u8], encoding: Option<&str>) -> Result<String, String> {
    let unit = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "The source is not UTF-16.".to_owned())
    };
    match encoding {
        Some("utf-16le") => unit(u16::from_le_bytes),
        Some("utf-16be") => unit(u16::from_be_bytes),
        Some(mixed) if mixed.starts_with("utf-8+") => Ok(bytes.utf8_chunks().fold(String::new(), |mut text, chunk| {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(0xEF00 | u32::from(*byte))));
            text
        })),
        Some("utf-8") => String::from_utf8(bytes.to_vec()).map_err(|_| "The source is not UTF-8.".to_owned()),
        Some(label) => {
            let encoding = legacy(label).ok_or_else(|| format!("The encoding {label:?} is not known."))?;
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
            text.map(std::borrow::Cow::into_owned).ok_or_else(|| format!("The source is not {label}."))
        }
        None => Ok(String::new()),
    }
}

/// An encoding from before Unicode.
fn legacy(label: &str) -> Option<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).filter(|encoding| encoding.output_encoding() == *encoding)
}

/// Takes a unified diff back, as `patch -R` does but for its guessing.
fn taken_back(diff: &[u8], new: &[u8]) -> Result<Vec<u8>, String> {
    let mut lines = diff.split_inclusive(|byte| *byte == b'\n').peekable();
    for sign in ["--- ", "+++ "] {
        lines.next().filter(|line| line.starts_with(sign.as_bytes())).ok_or("The diff has no header.")?;
    }
    let new: Vec<&[u8]> = new.split_inclusive(|byte| *byte == b'\n').collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(header) = lines.next() {
        let [_, mut minus, start, mut plus] = hunk_header(header).ok_or("A hunk of the diff has no header.")?;
        let start = if plus == 0 { start } else { start.saturating_sub(1) };
        out.extend_from_slice(&new.get(at..start).ok_or("The hunks of the diff are not sorted, or lie outside of the text.")?.concat());
        at = start;
        while minus > 0 || plus > 0 {
            let line = lines.next().ok_or("A hunk of the diff is too short.")?;
            let (sign, content) = line.split_first().ok_or("A line of the diff is empty.")?;
            let content =
                if lines.next_if(|next| next.starts_with(b"\\")).is_some() { &content[..content.len().saturating_sub(1)] } else { content };
            let (in_old, in_new) = match sign {
                b' ' => (true, true),
                b'-' => (true, false),
                b'+' => (false, true),
                _ => return Err("A line of the diff has no sign.".to_owned()),
            };
            if in_new {
                if new.get(at) != Some(&content) {
                    return Err(format!("Line {} of the text is not the one in the diff.", at + 1));
                }
                at += 1;
            }
            if in_old {
                out.extend_from_slice(content);
            }
            let too_long = || "A hunk of the diff is too long.".to_owned();
            minus = minus.checked_sub(usize::from(in_old)).ok_or_else(too_long)?;
            plus = plus.checked_sub(usize::from(in_new)).ok_or_else(too_long)?;
        }
    }
    out.extend_from_slice(&new[at..].concat());
    Ok(out)
}

/// The four numbers of `@@ -1,2 +3,4 @@`.
fn hunk_header(line: &[u8]) -> Option<[usize; 4]> {
    let line = std::str::from_utf8(line).ok()?;
    let (minus, plus) = line.strip_prefix("@@ -")?.split_once(" @@")?.0.split_once(" +")?;
    let pair = |side: &str| {
        let (start, length) = side.split_once(',').unwrap_or((side, "1"));
        Some([start.parse().ok()?, length.parse().ok()?])
    };
    let ([old, removed], [new, added]) = (pair(minus)?, pair(plus)?);
    Some([old, removed, new, added])
}

/// How many records a CSV file holds, by RFC 4180: a line end between quotation marks ends none.
fn csv_rows(table: &[u8]) -> usize {
    let mut in_quotes = false;
    table
        .iter()
        .filter(|byte| {
            in_quotes ^= **byte == b'"';
            **byte == b'\n' && !in_quotes
        })
        .count()
}

/// The lines of a file of JSON lines, the last of which must be whole.
fn whole_lines(bytes: &[u8]) -> Result<Vec<&str>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "The file is not UTF-8.")?;
    let text = text.strip_suffix('\n').ok_or("The last line is cut off.")?;
    Ok(text.split('\n').collect())
}

/// A JSON object as read, and what it must hold.
struct Line(Value);

impl Line {
    fn read(line: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| format!("This is not JSON ({error})."))?;
        if value.is_object() { Ok(Self(value)) } else { Err("This is no JSON object.".to_owned()) }
    }

    fn check_schema(&self) -> Result<(), String> {
        let version = u32::try_from(self.number("schema_version")?).unwrap_or(u32::MAX);
        if version == SCHEMA_VERSION { Ok(()) } else { Err(other_schema(version)) }
    }

    fn get(&self, key: &str) -> Result<&Value, String> {
        self.0.get(key).ok_or_else(|| format!("`{key}` is missing."))
    }

    fn text(&self, key: &str) -> Result<String, String> {
        self.get(key)?.as_str().map(str::to_owned).ok_or_else(|| format!("`{key}` is no text."))
    }

    /// Nothing if the member is missing or null.
    fn optional(&self, key: &str) -> Result<Option<String>, String> {
        if self.0.get(key).is_none_or(Value::is_null) { Ok(None) } else { self.text(key).map(Some) }
    }

    /// Names with their texts; none if the member is missing.
    fn pairs(&self, key: &str) -> Result<Vec<(String, String)>, String> {
        let Some(value) = self.0.get(key) else { return Ok(Vec::new()) };
        let pairs =
            value.as_object().and_then(|all| all.iter().map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect());
        pairs.ok_or_else(|| format!("`{key}` does not hold texts by name."))
    }

    fn texts(&self, key: &str) -> Result<Vec<String>, String> {
        let texts = self.get(key)?.as_array().and_then(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| format!("`{key}` is no list of texts."))
    }

    fn number(&self, key: &str) -> Result<usize, String> {
        self.get(key)?.as_u64().and_then(|number| usize::try_from(number).ok()).ok_or_else(|| format!("`{key}` is no number."))
    }

    fn range(&self, key: &str) -> Result<Range<usize>, String> {
        let place = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        match self.get(key)?.as_array().map(Vec::as_slice) {
            Some([start, end]) => match (place(start), place(end)) {
                (Some(start), Some(end)) if start <= end => Ok(start..end),
                _ => Err(format!("`{key}` is no pair of places in order.")),
            },
            _ => Err(format!("`{key}` is no pair of places.")),
        }
    }

    /// A path that stays within the output folder.
    fn path(&self, key: &str) -> Result<String, String> {
        let path = self.text(key)?;
        let leads_out = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.split('/').any(leads_out) { Err(format!("The path {path:?} does not name a file within the folder.")) } else { Ok(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::input::Encoding;

    // It can write all of Unicode.
    const LEGACY: Encoding = Encoding::Legacy(encoding_rs::GB18030);
    const MIXED: Encoding = Encoding::Mixed(encoding_rs::WINDOWS_1252);
    use crate::report::samples::{Files, SampleSource, WantedChange, add_sums, run};
    use emendo_core::input::{FieldType, ProblemKind};
    use proptest::prelude::*;

    const ENVELOPE: &str = " D-START. 2024-01-24 D-END.  T-START. Gaps  remain T-END.  X-START. The end.  “So,” he said. X-END. ";

    fn at(text: &str, part: &str) -> Range<usize> {
        let start = text.find(part).expect("part of the text");
        start..start + part.len()
    }

    fn wanted(text: &str, part: &str, with: &str, rule: &str) -> WantedChange {
        WantedChange { at: at(text, part), with: with.into(), rule: rule.into() }
    }

    /// Two documents of one source, the second without a text, a broken slice between them.
    fn enveloped(encoding: Encoding, mark: &str) -> SampleSource {
        let text = format!("{mark}{ENVELOPE}broken\u{FFFD}\r\n<Error in processing document>");
        let (start, end) = (mark.len(), mark.len() + ENVELOPE.len());
        let fields = [("date", FieldType::Date, at(&text, "2024-01-24")), ("title", FieldType::Text, at(&text, "Gaps  remain"))];
        let body = at(&text, "The end.  “So,” he said.");
        let broken = at(&text, "broken\u{FFFD}\r\n");
        let changes = [
            wanted(&text, "  remain", " remain", "spaces/run"),
            wanted(&text, "  “", " \"", "quotes/double"),
            wanted(&text, "”", "''", "quotes/double"),
            wanted(&text, "”", "\"", "later/double"),
            wanted(&text, "said", "says", "typos/said?"),
        ];
        let last = broken.end..text.len();
        SampleSource::new("news/a b.txt", &text, encoding)
            .document(start..end, Some(&body), &fields, &changes)
            .problem(broken, ProblemKind::BrokenEnvelope)
            .document(last, None, &[], &[])
    }

    fn small_run() -> Vec<SampleSource> {
        let plain = "Nothing to do here.\n";
        vec![
            enveloped(Encoding::Utf8, "\u{FEFF}"),
            SampleSource::new("plain.txt", plain, Encoding::Utf8).document(0..plain.len(), Some(&(0..plain.len())), &[], &[]),
            SampleSource::undecodable("bytes.txt", b"caf\xE9\n\xFF"),
            SampleSource::new("empty.txt", "", Encoding::Utf8).document(0..0, Some(&(0..0)), &[], &[]),
        ]
    }

    fn proof_of(files: &Files) -> Proof {
        let list: Vec<String> = files.keys().cloned().collect();
        verify(&files[MANIFEST], |path| files.get(path).cloned(), &list)
    }

    fn restored(files: &Files, sample: &SampleSource) -> Result<Vec<u8>, ProofFault> {
        restore(&files[&sample.report().record_path()], |path| files.get(path).cloned())
    }

    /// Makes the digests of a manifest fit to its files again.
    fn resign(files: &mut Files) {
        let manifest = String::from_utf8(files.remove(MANIFEST).expect("the manifest")).expect("UTF-8");
        let mut out = String::new();
        let lines: Vec<&str> = manifest.lines().collect();
        for line in &lines[..lines.len() - 1] {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            if let Some(file) = line["path"].as_str().and_then(|path| files.get(path)) {
                line["digest"] = digest(file).into();
            }
            out.push_str(&line.to_string());
            out.push('\n');
        }
        let end = format!("{{\"type\":\"end\",\"lines\":{},\"digest\":\"{}\"}}\n", lines.len() - 1, digest(out.as_bytes()));
        files.insert(MANIFEST.to_owned(), [out, end].concat().into_bytes());
        add_sums(files);
    }

    #[test]
    fn a_whole_run_is_proven() {
        for samples in [
            small_run(),
            vec![enveloped(Encoding::Utf16Le, "\u{FEFF}")],
            vec![enveloped(Encoding::Utf16Be, "\u{FEFF}")],
            vec![enveloped(LEGACY, "")],
            vec![enveloped(MIXED, "")],
            vec![],
        ] {
            let files = run(&samples);
            let proof = proof_of(&files);
            assert_eq!(proof.faults, []);
            assert_eq!(proof.unknown, [""; 0]);
            assert_eq!(proof.sources, samples.len());
            assert_eq!(proof.files, files.len() - 2, "the manifest and the sums are counted apart");
            for sample in &samples {
                assert_eq!(restored(&files, sample).as_ref(), Ok(&sample.bytes));
            }
        }
        let proof = proof_of(&run(&small_run()));
        assert_eq!((proof.documents, proof.problems, proof.hunks), (4, 2, 3));
    }

    #[test]
    fn every_altered_byte_of_every_file_is_found() {
        let mut files = run(&small_run());
        for path in files.keys().cloned().collect::<Vec<_>>() {
            for at in 0..files[&path].len() {
                let byte = files[&path][at];
                let mut put = |byte| files.get_mut(&path).expect("there")[at] = byte;
                put(byte ^ [0x01, 0x20, 0x80][at % 3]);
                assert!(!proof_of(&files).faults.is_empty(), "byte {at} of {path}");
                files.get_mut(&path).expect("there")[at] = byte;
            }
        }
        assert_eq!(proof_of(&files).faults, []);
    }

    #[test]
    fn every_missing_cut_or_longer_file_is_found() {
        let files = run(&small_run());
        for path in files.keys() {
            let is_found = |with: Option<Vec<u8>>| {
                let mut altered = files.clone();
                match with {
                    Some(bytes) => _ = altered.insert(path.clone(), bytes),
                    None => _ = altered.remove(path),
                }
                let manifest = altered.get(MANIFEST).map_or(b"".as_slice(), Vec::as_slice);
                !verify(manifest, |path| altered.get(path).cloned(), &[]).faults.is_empty()
            };
            assert!(is_found(None), "{path}");
            assert!(is_found(Some([files[path].as_slice(), b"\n"].concat())), "{path}");
            let cut = files[path].split_last().map(|(_, rest)| rest.to_vec());
            assert!(cut.is_none_or(|cut| is_found(Some(cut))), "{path}");
        }
    }

    #[test]
    fn a_wrong_story_with_right_digests_is_found() {
        let record = "record/news/a b.txt.jsonl";
        let diff = "news/a b.0001.txt.diff";
        let cases = [
            (record, r#""fate":"applied""#, r#""fate":"pending""#, "names the change"),
            (record, r#""changes":[""#, r#""changes":[],"x":[""#, "names no change"),
            (record, r#""places":["#, r#""places":[],"x":["#, "title"),
            (record, r#""before":"  “""#, r#""before":"  „""#, "its digest differs"),
            (record, r#""part":"field:title","pass""#, r#""part":"field:name","pass""#, "title"),
            (record, r#""clean":"Gaps remain""#, r#""clean":"Gaps remains""#, "title"),
            (record, r#""raw":"2024-01-24""#, r#""raw":"2024-01-25""#, "does not stand"),
            (record, r#""number":2"#, r#""number":4"#, "has the number 4"),
            (record, r#""bom":true"#, r#""bom":false"#, "does not start"),
            (record, r#""schema_version":2"#, r#""schema_version":3"#, "newer emendo"),
            (record, r#""schema_version":2"#, r#""schema_version":1"#, "or use emendo 0.1 to read it."),
            (MANIFEST, r#""schema_version":2"#, r#""schema_version":1"#, "written by emendo 0.1 (schema 1)"),
            (record, r#""digest":"#, r#""digest":"0","x":"#, "digest"),
            (record, r#"}},"digest":""#, r#"}},"digest":"0"#, "not the one of its text in the source"),
            (record, r#"}},"digest":"#, r#"}},"x":"#, "not the one of its text in the source"),
            (record, r#""text_digest":""#, r#""text_digest":"0"#, "its digest differs"),
            (record, r#""text":null,"text_digest":null"#, r#""text":null,"text_digest":"0""#, "but no `text`"),
            (record, r#""type":"hunk""#, r#""type":"hank""#, "not known"),
            (record, r#""body":["#, r#""body":null,"x":["#, "digest"),
            (record, r#""head":" D-START. 2024"#, r#""head":" D-START. 2025"#, "digest"),
            (record, "problems/news/a b.0002.txt", "../a b.0002.txt", "within the folder"),
            (diff, "+The end", "+The  end", "not the one in the diff"),
            (diff, "- D-START", "- D-START ", "does not give the document"),
            (diff, "@@ -1 ", "@@ -1,7 ", "too short"),
            ("documents.csv", "plain.txt,1,,,4,0,0,unchanged\n", "", "rows for"),
            (MANIFEST, r#""name":"plain.txt""#, r#""name":"empty.txt""#, "named twice"),
            (MANIFEST, r#""documents":2"#, r#""documents":3"#, "count different"),
            (MANIFEST, r#""type":"diff""#, r#""type":"text""#, "do not both name"),
            (MANIFEST, r#""source":"bytes.txt","document":1"#, r#""document":1"#, "must come out of a source"),
            (MANIFEST, r#""source":"bytes.txt","document":1"#, r#""source":"x","document":1"#, "no source of this run"),
        ];
        let files = run(&small_run());
        for (path, old, new, reason) in cases {
            let mut altered = files.clone();
            let text = String::from_utf8(altered[path].clone()).expect("UTF-8");
            assert!(text.contains(old), "{path} holds no {old}");
            altered.insert(path.to_owned(), text.replacen(old, new, 1).into_bytes());
            resign(&mut altered);
            let found = proof_of(&altered).faults;
            assert!(found.iter().any(|fault| fault.reason.contains(reason)), "{old} → {new}: {found:#?}");
        }
    }

    #[test]
    fn a_file_that_the_manifest_does_not_know_is_no_fault() {
        let mut files = run(&small_run());
        files.insert("notes.txt".to_owned(), b"mine".to_vec());
        let proof = proof_of(&files);
        assert_eq!((proof.faults, proof.unknown), (Vec::new(), vec!["notes.txt".to_owned()]));
    }

    #[test]
    fn a_fault_can_be_printed() {
        let fault = ProofFault { path: "\u{1B}[2J".into(), reason: "Not \u{202E} good.".into() };
        assert_eq!(fault.to_string(), "⟦U+001B ESCAPE⟧[2J: Not ⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧ good.");
    }

    /// Cuts a text at random and changes it at random: slices, bodies, hunks.
    fn random_sample() -> impl Strategy<Value = SampleSource> {
        let pieces = ["a", "é", "𝄞", "\n", "\r\n", "\r", "\0", "\u{FEFF}", "\u{2028}", "\"", "\\", " word ", "line\n"];
        let text = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60).prop_map(|pieces| pieces.concat());
        let cuts = prop::collection::vec((0..40_usize, 0..5_usize, 0..5_usize, 0..4_u8), 0..5);
        let edits = prop::collection::vec((0..12_usize, 0..5_usize, prop::sample::select(pieces.to_vec()), any::<bool>()), 0..12);
        let encoding = prop::sample::select(vec![
            (Encoding::Utf8, ""),
            (Encoding::Utf8, "\u{FEFF}"),
            (Encoding::Utf16Le, "\u{FEFF}"),
            (Encoding::Utf16Be, "\u{FEFF}"),
            (MIXED, ""),
            (LEGACY, ""),
        ]);
        (text, cuts, edits, encoding).prop_map(|(text, cuts, edits, (encoding, mark))| {
            let text = format!("{mark}{text}");
            let border = |at: usize| (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let mut changes = Vec::new();
            let mut from = 0;
            for (gap, length, with, asks) in edits {
                let start = border(from + gap + 1);
                from = border(start + length);
                changes.push(WantedChange { at: start..from, with: with.into(), rule: if asks { "x/ask?".into() } else { "x/do".into() } });
            }
            let mut sample = SampleSource::new("s.txt", &text, encoding);
            // A text that only happens to begin with a mark has it in a slice.
            let mut start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
            for (length, lead, tail, kind) in cuts.into_iter().chain([(usize::MAX / 2, 0, 0, 1)]) {
                let end = border(start + length);
                let body_start = border(start + lead).min(end);
                let body = body_start..border(end.saturating_sub(tail)).clamp(body_start, end);
                sample = match kind {
                    0 => sample.problem(start..end, ProblemKind::Panic),
                    1 | 2 => sample.document(start..end, Some(&body), &[], &changes),
                    _ => sample.document(start..end, None, &[("title", FieldType::Text, body)], &changes),
                };
                start = end;
            }
            sample
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn record_and_texts_give_the_source_back(sample in random_sample()) {
            let files = run(std::slice::from_ref(&sample));
            prop_assert_eq!(restored(&files, &sample), Ok(sample.bytes.clone()));
            let proof = proof_of(&files);
            prop_assert_eq!(proof.faults, []);
            prop_assert_eq!(proof.unknown, [""; 0]);
        }

        #[test]
        fn no_bytes_make_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,200}") {
            for input in [bytes.as_slice(), text.as_bytes()] {
                prop_assert!(restore(input, |_| None).is_err());
                prop_assert!(!verify(input, |_| None, &[]).faults.is_empty());
                let _ = taken_back(input, &bytes);
                let _ = taken_back(&[b"--- a\n+++ b\n", input].concat(), &bytes);
            }
        }

        #[test]
        fn no_altered_record_makes_the_reader_panic(at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<bool>()) {
            let sample = enveloped(Encoding::Utf8, "\u{FEFF}");
            let files = run(std::slice::from_ref(&sample));
            let mut record = files["record/news/a b.txt.jsonl"].clone();
            let at = at.index(record.len());
            record[at] = with;
            if cut {
                record.truncate(at);
            }
            let back = restore(&record, |path| files.get(path).cloned());
            prop_assert!(back.is_err() || back.as_ref() == Ok(&sample.bytes));
        }
    }
}
