//! `emendo why`.

use std::path::PathBuf;

use super::args::{OutputFormat, WhyArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use emendo_core::edit::{Change, Fate, Hunk, Part, PlacedChange};
use emendo_core::prose::LineColumn;
use emendo_core::review::Decisions;
use emendo_core::review::decision::{Decision, HAND, Verdict};
use emendo_corpus::output::{Output, containing};
use emendo_corpus::report::{Private, VisibleText, escape, visible_pair};
use emendo_corpus::report::{Recorded, RecordedDocument};
use emendo_corpus::{showln, shown};

/// Tells what made a place of a cleaned text.
pub fn run(args: &WhyArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let (path, place) = parse(&args.place)?;
    let shown = escape(&args.place);
    let (folder, name) = containing(&path).ok_or_else(|| {
        CommandError::refused(shown!("{} does not lie in the output folder of a run: there is no manifest.jsonl above it.", shown))
    })?;
    let output = Output::open(&folder)?;
    let (recorded, document) = find(&output, &name)?.ok_or_else(|| {
        CommandError::refused(shown!("{} is no cleaned text of {}.", escape(&name), escape(&folder.display().to_string())))
    })?;
    let text = output.text(&name)?;
    let at = place
        .byte_in(&text)
        .ok_or_else(|| CommandError::refused(shown!("{} has no line {} column {}.", escape(&name), place.line, place.column)))?;
    let decoded = output.decoded(&recorded.source)?.unwrap_or_default();
    let answer = Answer { decisions: output.decisions()?, ..Answer::new(&recorded, &decoded, &document, at) };
    match args.format {
        OutputFormat::Human => console.out(answer.render())?,
        OutputFormat::Json => console.json(&answer.json())?,
    }
    Ok(ExitStatus::Done)
}

fn parse(place: &str) -> Result<(PathBuf, LineColumn), CommandError> {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next().and_then(|text| text.parse().ok());
    let line = parts.next().and_then(|text| text.parse().ok());
    match (parts.next(), line, column) {
        (Some(path), Some(line @ 1..), Some(column @ 1..)) => Ok((PathBuf::from(path), LineColumn { line, column })),
        _ => {
            Err(CommandError::refused(shown!("{} is no place in a text: write DIR/NAME:LINE:COLUMN, both counted from 1.", escape(place))))
        }
    }
}

/// The document whose text has this name, and what is recorded of its source.
pub(super) fn find(output: &Output, name: &str) -> Result<Option<(Recorded, RecordedDocument)>, CommandError> {
    for source in output.sources()? {
        let mut recorded = output.recorded(&source)?;
        if let Some(at) = recorded.documents.iter().position(|document| document.text.as_deref() == Some(name)) {
            let document = recorded.documents.swap_remove(at);
            return Ok(Some((recorded, document)));
        }
    }
    Ok(None)
}

/// What made a place.
struct Answer<'a> {
    recorded: &'a Recorded,
    /// The place in the source.
    place: LineColumn,
    hunk: Option<&'a Hunk>,
    /// The changes of the hunk; without a hunk, all that was proposed there and not applied.
    changes: Vec<PlacedChange<'a>>,
    document: &'a RecordedDocument,
    /// What was decided, where the run kept it.
    decisions: Option<Decisions>,
    /// The decoded source.
    decoded: &'a str,
}

impl<'a> Answer<'a> {
    fn new(recorded: &'a Recorded, decoded: &'a str, document: &'a RecordedDocument, at: usize) -> Self {
        let body = document.layout.start_of(&Part::Body);
        let hunks: Vec<_> = document.hunks.iter().filter(|hunk| hunk.part == Part::Body).collect();
        // A deletion shows at the character that follows it.
        let hunk = hunks
            .iter()
            .copied()
            .find(|hunk| hunk.cleaned.start <= at && (at < hunk.cleaned.end || hunk.cleaned.is_empty() && at == hunk.cleaned.start));
        let before = hunks.iter().rfind(|hunk| hunk.cleaned.end <= at);
        let origin = hunk.map_or_else(|| before.map_or(at, |hunk| hunk.original.end + (at - hunk.cleaned.end)), |hunk| hunk.original.start);
        let changes = document.changes.iter().filter(|change| change.part == Part::Body).flat_map(Change::placed);
        let changes = changes.filter(|change| match hunk {
            Some(hunk) => hunk.changes.iter().any(|place| place.of(&document.changes) == *change),
            None => change.span().start <= origin && origin < change.span().end.max(change.span().start + 1),
        });
        Self {
            recorded,
            place: LineColumn::of(decoded, body + origin),
            hunk,
            changes: changes.collect(),
            document,
            decisions: None,
            decoded,
        }
    }

    fn render(&self) -> VisibleText {
        let place = shown!("{}:{}", escape(&self.recorded.source), self.place);
        let mut text = match self.hunk {
            Some(hunk) => {
                let (before, after) = self.shown(&hunk.before, &hunk.after);
                shown!("{} in the source: {} became {}\n", place, quoted(&before), quoted(&after))
            }
            None => shown!("{} in the source, unchanged\n", place),
        };
        for change in &self.changes {
            let (before, after) = self.shown(&change.before, change.result());
            showln!(text, "\n  {}  {}\n  {} → {}", escape(&change.rule), fate(change), quoted(&before), quoted(&after));
            if let Some(why) = self.why(change) {
                showln!(text, "  {}", escape(why));
            }
            if let Some(line) = change.decision {
                showln!(text, "  {}", self.decided(line));
            }
            match &*change.rule {
                HAND => showln!(text, "  change {}", change.id()),
                rule => showln!(text, "  change {}; emendo rules show {}", change.id(), escape(rule)),
            }
        }
        text
    }

    /// Who decided, when and why, as far as it was written down.
    fn decided(&self, line: usize) -> VisibleText {
        let known = self.decisions.iter().flat_map(Decisions::iter).find(|(number, _)| *number == line);
        let told = known.map(|(_, Decision { who, when, note, .. })| (who, when, note)).filter(|told| *told != (&None, &None, &None));
        let Some((who, when, note)) = told else { return shown!("decided on line {} of the decisions file", line) };
        let part = |before: &'static str, text: &Option<String>| {
            text.as_ref().map(|text| shown!("{}{}", before, escape(text))).unwrap_or_default()
        };
        shown!("decided{}{}{} (line {})", part(" by ", who), part(" on ", when), part(": ", note), line)
    }

    fn shown(&self, before: &str, after: &str) -> (VisibleText, VisibleText) {
        let private = Private::of_name(self.recorded.encoding.as_deref());
        let (before, after) = visible_pair(before, after);
        (private.name(before), private.name(after))
    }

    /// The reason of a change's rule, as the run knew it.
    fn why(&self, change: &Change) -> Option<&str> {
        self.recorded.whys.get(&*change.rule).map(String::as_str)
    }

    fn json(&self) -> String {
        let source = &self.recorded.source;
        let changes = self.changes.iter().map(|change| {
            // What was applied can be rejected, what needs review accepted: the line to write into the decisions file.
            let decide = match change.fate {
                Fate::Applied => self.recorded.decision(Verdict::Reject, self.decoded, self.document, *change),
                Fate::Pending => self.recorded.decision(Verdict::Accept, self.decoded, self.document, *change),
                _ => None,
            };
            serde_json::json!({ "id": change.id(), "rule": &*change.rule, "pass": change.pass, "why": self.why(change), "fate": change.fate.name(), "before": change.before, "after": change.result(), "decision": change.decision, "decide": decide })
        });
        let hunk = self.hunk.map(|hunk| serde_json::json!({ "before": hunk.before, "after": hunk.after }));
        format!(
            "{}\n",
            serde_json::json!({ "source": source, "line": self.place.line, "column": self.place.column, "hunk": hunk, "changes": changes.collect::<Vec<_>>() })
        )
    }
}

fn quoted(shown: &VisibleText) -> VisibleText {
    if shown.is_empty() { "nothing".into() } else { shown!("“{}”", shown) }
}

fn fate(change: &Change) -> VisibleText {
    match change.fate {
        Fate::Superseded { by } => shown!("superseded by change {}", by),
        Fate::Protected { zone } => shown!("protected: {}", zone),
        fate => fate.name().into(),
    }
}
