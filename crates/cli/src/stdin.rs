//! One document on standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::args::{CleanArgs, OutputFormat};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use crate::rules_line::rules_line;
use emendo_core::cleaner::{CleanedDocument, CleanedSlice, CleanedSource, Content};
use emendo_core::edit::Fate;
use emendo_corpus::disk;
use emendo_corpus::project::Settings;
use emendo_corpus::report::Reporter;
use emendo_corpus::report::{Private, Summary, escape, escape_lines, record_jsonl};
use emendo_corpus::shown;

/// The name of the document in records.
pub const NAME: &str = "stdin";

/// Whether the paths are `-`, which goes with no other.
pub fn is_meant(paths: &[PathBuf]) -> Result<bool, CommandError> {
    match paths.iter().filter(|path| *path == Path::new("-")).count() {
        0 => Ok(false),
        _ if paths.len() == 1 => Ok(true),
        _ => Err(CommandError::refused("- stands for the only document: give it alone, without other paths.")),
    }
}

/// Says that the document is no text, if it is none. In a folder it would be skipped; but this one was asked for.
pub fn is_no_text(source: &CleanedSource, console: &mut Console) -> bool {
    let Content::NotText(why) = &source.content else { return false };
    console.err(shown!("error: The document is no text: {}\n", escape(why)));
    true
}

/// Cleans the document: the text goes to standard output, the summary to standard error.
pub fn clean(args: &CleanArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    if args.output.is_some() {
        return Err(CommandError::refused(
            "With - the text goes to standard output: leave -o out, and give --record FILE to keep the record.",
        ));
    }
    let settings = Settings::resolve(&args.rules.options(), None)?;
    let bytes = read()?;
    let cleaner = settings.cleaner()?;
    let source = cleaner.clean_source(NAME, &bytes);
    if is_no_text(&source, console) {
        return Ok(ExitStatus::Problems);
    }
    let reporter = Reporter::new(&cleaner);
    let mut summary = Summary::default();
    let report = reporter.report(&source, &bytes).expect("it is text");
    summary.add(&report);
    if let Some(file) = &args.record {
        disk::write_whole(file, &record_jsonl(&report)).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    }
    match (args.format, args.check) {
        (OutputFormat::Json, None) => console.json(&lines(&source))?,
        (OutputFormat::Human, None) if Console::out_is_terminal() => {
            console.out(Private::of(report.encoding()).name(escape_lines(&texts(&source))))?;
        }
        (OutputFormat::Human, None) => Console::raw(texts(&source).as_bytes())?,
        (OutputFormat::Json, Some(_)) => console.json(&summary.json())?,
        (OutputFormat::Human, Some(_)) => {}
    }
    console.err(shown!("cleaned {}; {}\n{}", NAME, rules_line(&settings), summary.render()));
    let applied = summary.total(|counts| counts.applied) > 0;
    let pending = args.check == Some(super::args::Check::Pending) && summary.total(|counts| counts.pending) > 0;
    Ok(
        if !summary.problems.is_empty()
            && args.allow_problems.is_none_or(|allowance| !allowance.holds(summary.problems.len(), report.slices().count()))
        {
            ExitStatus::Problems
        } else if args.check.is_some() && (applied || pending) {
            ExitStatus::Found
        } else {
            ExitStatus::Done
        },
    )
}

/// All of standard input.
pub fn read() -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| CommandError::refused(shown!("Standard input cannot be read: {}.", escape(&disk::IoReason::of(&error).what))))?;
    Ok(bytes)
}

/// The cleaned texts, an empty line between two of them, with one line feed at the end of all.
fn texts(source: &CleanedSource) -> String {
    let texts: Vec<_> = source.documents().filter_map(CleanedDocument::text).collect();
    let mut all = texts.iter().map(|text| text.trim_end_matches('\n')).collect::<Vec<_>>().join("\n\n");
    if !all.is_empty() {
        all.push('\n');
    }
    all
}

/// A line of JSON for each document and problem: its fields, its text, and what is wrong with it.
fn lines(source: &CleanedSource) -> String {
    let mut all = String::new();
    let mut push = |line: serde_json::Value| {
        all.push_str(&line.to_string());
        all.push('\n');
    };
    let Some(text) = source.text() else {
        source
            .problems()
            .for_each(|problem| push(serde_json::json!({ "fields": {}, "error": problem.kind.name(), "reason": problem.reason })));
        return all;
    };
    for slice in &text.slices {
        match slice {
            CleanedSlice::Document(document) => {
                let fields: serde_json::Map<_, _> =
                    document.fields(&text.text).map(|(name, _, _, clean)| (name.to_owned(), clean.into())).collect();
                let cleaned = document.text();
                let fault = document.layout.fields.iter().find_map(|field| field.fault.as_deref());
                let mut line = serde_json::json!({ "fields": fields, "text": cleaned, "changes": document.count(|fate| fate == Fate::Applied), "pending": document.count(|fate| fate == Fate::Pending) });
                if cleaned.is_none() {
                    line["error"] = "no-text".into();
                } else if let Some(fault) = fault {
                    line["error"] = "field".into();
                    line["reason"] = fault.into();
                }
                push(line);
            }
            CleanedSlice::Problem(problem) => {
                let mut line = serde_json::json!({ "fields": {}, "error": problem.kind.name(), "reason": problem.reason });
                if problem.kind == emendo_core::input::ProblemKind::OutsideEnvelope {
                    line["text"] = text.text[problem.slice.range()].trim().into();
                }
                push(line);
            }
        }
    }
    all
}
