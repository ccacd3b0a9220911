//! The account of a run: every input and every output, each once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::record::push_line;
use super::{COLUMNS, OutputFile, OutputKind, SCHEMA_VERSION, SourceReport, Status, digest, document_rows};
use emendo_core::input::ProblemKind;

/// What a run was made with.
#[derive(Clone, Debug, Serialize)]
pub struct RunHead {
    /// The rules.
    pub rules: RulesUsed,
    /// The name of the profile.
    pub profile: String,
    /// Whatever else decides about the outputs. No path, time, host or number of threads.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// Which rules a run used.
#[derive(Clone, Debug, Serialize)]
pub struct RulesUsed {
    /// Of all of them, in order.
    pub digest: String,
    /// Where they came from, for people.
    pub used: Vec<String>,
}

/// The account under construction. Its parts may come in any order.
#[derive(Clone, Debug)]
pub struct Manifest {
    head: Vec<u8>,
    inputs: BTreeMap<String, SourceEntry>,
}

/// What manifest and table say about one input.
#[derive(Clone, Debug, Default)]
pub struct SourceEntry {
    name: String,
    lines: Vec<u8>,
    rows: String,
}

impl SourceEntry {
    /// The lines and rows about a source and the files that came out of it.
    pub fn new(report: &SourceReport<'_>, files: &[OutputFile<'_>]) -> Self {
        let mut lines = Vec::new();
        let (documents, slices) = (report.documents().count(), report.slices().count());
        push_line(
            &mut lines,
            &Line::Source {
                name: report.name(),
                status: report.status(),
                digest: &report.source.digest,
                bytes: report.bytes.len(),
                documents,
                problems: slices - documents,
                record: &report.record_path(),
            },
        );
        for file in files {
            push_line(&mut lines, &file_line(file, Some(report.name())));
        }
        Self { name: report.name().to_owned(), lines, rows: document_rows(report) }
    }

    /// An input that was passed over, which is no fault.
    pub fn skipped(name: &str, why: &str) -> Self {
        let mut lines = Vec::new();
        push_line(&mut lines, &Line::Skipped { name, why });
        Self { name: name.to_owned(), lines, rows: String::new() }
    }

    /// An input whose bytes could not be had.
    pub fn unreadable(name: &str, kind: ProblemKind, reason: &str) -> Self {
        let mut lines = Vec::new();
        push_line(&mut lines, &Line::Problem { source: name, kind, reason });
        Self { name: name.to_owned(), lines, rows: String::new() }
    }
}

impl Manifest {
    /// An account with no inputs yet.
    pub fn new(head: &RunHead) -> Self {
        let mut line = Vec::new();
        push_line(&mut line, &Line::Head { schema_version: SCHEMA_VERSION, emendo: env!("CARGO_PKG_VERSION"), run: head });
        Self { head: line, inputs: BTreeMap::new() }
    }

    /// Takes an input into the account. A second one of the same name replaces the first.
    pub fn add(&mut self, entry: SourceEntry) {
        self.inputs.insert(entry.name.clone(), entry);
    }

    /// `documents.csv` and `manifest.jsonl`, the inputs sorted by the bytes of their names.
    ///
    /// `csv_path` is the name under which the table is written.
    ///
    /// `kept` are the rules that proposed a change and the decisions, if there were any; each with the name under which it is
    /// written.
    pub fn finish(self, csv_path: &str, kept: &[(OutputKind, &str, &str)]) -> (String, Vec<u8>) {
        let mut csv = COLUMNS.to_owned();
        let mut manifest = self.head;
        for entry in self.inputs.values() {
            csv.push_str(&entry.rows);
            manifest.extend(&entry.lines);
        }
        let table = OutputFile::new(csv_path, csv.as_bytes(), OutputKind::Csv, None);
        push_line(&mut manifest, &file_line(&table, None));
        for (kind, path, text) in kept {
            push_line(&mut manifest, &file_line(&OutputFile::new(path, text.as_bytes(), *kind, None), None));
        }
        let end = Line::End { lines: memchr::memchr_iter(b'\n', &manifest).count(), digest: digest(&manifest) };
        push_line(&mut manifest, &end);
        (csv, manifest)
    }
}

fn file_line<'a>(file: &'a OutputFile<'_>, source: Option<&'a str>) -> FileLine<'a> {
    FileLine { r#type: file.kind, path: &file.path, digest: file.digest.to_hex().to_string(), source, document: file.document }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Head {
        schema_version: u32,
        emendo: &'a str,
        #[serde(flatten)]
        run: &'a RunHead,
    },
    Source {
        name: &'a str,
        status: Status,
        digest: &'a str,
        bytes: usize,
        documents: usize,
        problems: usize,
        record: &'a str,
    },
    Skipped {
        name: &'a str,
        why: &'a str,
    },
    Problem {
        source: &'a str,
        kind: ProblemKind,
        reason: &'a str,
    },
    End {
        lines: usize,
        digest: String,
    },
}

#[derive(Serialize)]
struct FileLine<'a> {
    r#type: OutputKind,
    path: &'a str,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<usize>,
}
