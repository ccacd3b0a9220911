//! `emendo why`.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::args::{Format, WhyArgs};
use super::console::Console;
use super::failure::Failure;
use super::outcome::Outcome;
use super::output::{Output, containing};
use crate::report::RecordedArticle;
use crate::report::{escape, visible_pair};
use crate::text::{Change, Fate, Hunk, Part, Place};

/// Tells what made a place of a cleaned text.
pub fn run(args: &WhyArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let (path, place) = parse(&args.place)?;
    let shown = escape(&args.place).into_owned();
    let (folder, name) = containing(&path).ok_or_else(|| {
        Failure::refused(format!("{shown} does not lie in the output folder of a run: there is no manifest.jsonl above it."))
    })?;
    let output = Output::open(&folder)?;
    let (source, article) = find(&output, &name)?
        .ok_or_else(|| Failure::refused(format!("{} is no cleaned text of {}.", escape(&name), escape(&folder.display().to_string()))))?;
    let text = output.text(&name)?;
    let at = place
        .byte_in(&text)
        .ok_or_else(|| Failure::refused(format!("{} has no line {} column {}.", escape(&name), place.line, place.column)))?;
    let decoded = output.decoded(&source)?.unwrap_or_default();
    let answer = Answer::new(&source, &decoded, &article, at);
    match args.format {
        Format::Human => console.out(&answer.render())?,
        Format::Json => console.json(&answer.json())?,
    }
    Ok(Outcome::Done)
}

fn parse(place: &str) -> Result<(PathBuf, Place), Failure> {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next().and_then(|text| text.parse().ok());
    let line = parts.next().and_then(|text| text.parse().ok());
    match (parts.next(), line, column) {
        (Some(path), Some(line @ 1..), Some(column @ 1..)) => Ok((PathBuf::from(path), Place { line, column })),
        _ => Err(Failure::refused(format!("{} is no place in a text: write DIR/NAME:LINE:COLUMN, both counted from 1.", escape(place)))),
    }
}

/// The article whose text has this name, and its source.
fn find(output: &Output, name: &str) -> Result<Option<(String, RecordedArticle)>, Failure> {
    for source in output.sources()? {
        let recorded = output.recorded(&source)?;
        if let Some(article) = recorded.articles.into_iter().find(|article| article.text.as_deref() == Some(name)) {
            return Ok(Some((source, article)));
        }
    }
    Ok(None)
}

/// What made a place.
struct Answer<'a> {
    source: &'a str,
    /// The place in the source.
    place: Place,
    hunk: Option<&'a Hunk>,
    /// The changes of the hunk; without a hunk, all that was proposed there and not applied.
    changes: Vec<&'a Change>,
}

impl<'a> Answer<'a> {
    fn new(source: &'a str, decoded: &str, article: &'a RecordedArticle, at: usize) -> Self {
        let body = article.article.body.map_or(0, |body| body.start);
        let hunks: Vec<_> = article.hunks.iter().filter(|hunk| hunk.part == Part::Body).collect();
        // A deletion shows at the character that follows it.
        let hunk = hunks
            .iter()
            .copied()
            .find(|hunk| hunk.cleaned.start <= at && (at < hunk.cleaned.end || hunk.cleaned.is_empty() && at == hunk.cleaned.start));
        let before = hunks.iter().rfind(|hunk| hunk.cleaned.end <= at);
        let origin =
            hunk.map_or_else(|| before.map_or(body + at, |hunk| hunk.source.end + (at - hunk.cleaned.end)), |hunk| hunk.source.start);
        let changes = article.changes.iter().filter(|change| change.part == Part::Body);
        let changes = changes.filter(|change| match hunk {
            Some(hunk) => hunk.changes.contains(&change.id),
            None => change.span.start <= origin && origin < change.span.end.max(change.span.start + 1),
        });
        Self { source, place: Place::of(decoded, origin), hunk, changes: changes.collect() }
    }

    fn render(&self) -> String {
        let place = format!("{}:{}", escape(self.source), self.place);
        let mut text = match self.hunk {
            Some(hunk) => {
                let (before, after) = visible_pair(&hunk.before, &hunk.after);
                format!("{place} in the source: {} became {}\n", quoted(&before), quoted(&after))
            }
            None => format!("{place} in the source, unchanged\n"),
        };
        for change in &self.changes {
            let (before, after) = visible_pair(&change.before, change.result());
            let _ = writeln!(text, "\n  {}  {}\n  {} → {}", escape(&change.rule), fate(change), quoted(&before), quoted(&after));
            if let Some(line) = change.decision {
                let _ = writeln!(text, "  decided on line {line} of the decisions file");
            }
            let _ = writeln!(text, "  change {}; emendo rules show {}", change.id, escape(&change.rule));
        }
        text
    }

    fn json(&self) -> String {
        let changes = self.changes.iter().map(|change| {
            serde_json::json!({ "id": change.id, "rule": &*change.rule, "pass": change.pass, "fate": change.fate.name(), "before": change.before, "after": change.result(), "decision": change.decision })
        });
        let hunk = self.hunk.map(|hunk| serde_json::json!({ "before": hunk.before, "after": hunk.after }));
        format!(
            "{}\n",
            serde_json::json!({ "source": self.source, "line": self.place.line, "column": self.place.column, "hunk": hunk, "changes": changes.collect::<Vec<_>>() })
        )
    }
}

fn quoted(shown: &str) -> String {
    if shown.is_empty() { "nothing".to_owned() } else { format!("“{shown}”") }
}

fn fate(change: &Change) -> String {
    match change.fate {
        Fate::Outranked { by } => format!("outranked by change {by}"),
        Fate::Protected { zone } => format!("protected: {zone}"),
        fate => fate.name().to_owned(),
    }
}
