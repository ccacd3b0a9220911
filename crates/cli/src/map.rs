//! `emendo map`.

use std::collections::BTreeSet;
use std::io::{self, BufRead};

use super::args::{MapArgs, MapDirection, SpanUnit};
use super::command_error::CommandError;
use super::console::Console;
use super::json_line::JsonLine;
use super::outcome::ExitStatus;
use emendo_corpus::output::Output;
use emendo_corpus::report::{CarriedAnnotation, RecordSpanMap, SpanRequest, escape};
use emendo_corpus::shown;

/// Carries the spans of standard input across.
pub fn run(args: &MapArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let output = Output::open(&args.dir)?;
    let mut map = Map { args, sources: output.sources()?.into_iter().collect(), output, last: None };
    let mut input = io::stdin().lock();
    let (mut line, mut problems) = (Vec::new(), false);
    for number in 1.. {
        line.clear();
        let read = input.read_until(b'\n', &mut line);
        if read.map_err(|error| CommandError::refused(shown!("Standard input cannot be read: {}.", escape(&error.to_string()))))? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let (told, is_problem) = map.line(&line, number);
        console.json(&told.to_string())?;
        problems |= is_problem;
    }
    Ok(if problems { ExitStatus::Problems } else { ExitStatus::Done })
}

struct Map<'a> {
    args: &'a MapArgs,
    output: Output,
    /// The names of all sources of the run.
    sources: BTreeSet<String>,
    /// The source asked about last. Lines about one source mostly follow each other.
    last: Option<(String, Result<RecordSpanMap, String>)>,
}

impl Map<'_> {
    /// The line with its span on the other side, or with why there is none. Tells whether that is a problem.
    fn line(&mut self, line: &[u8], number: usize) -> (JsonLine, bool) {
        let Ok(mut line) = JsonLine::parse(line) else {
            return (fault(JsonLine::default(), &format!("Line {number} is no JSON object.")), true);
        };
        let CarriedAnnotation { document, part, span, widened } = match self.found(&line) {
            Ok(found) => found,
            Err(why) => return (fault(line, &why), true),
        };
        line.set("span", &[span.start, span.end]);
        // Version 0.1 said `article`.
        if line.lacks("document") && line.lacks("article") {
            line.set("document", &document);
        }
        if line.lacks("part") {
            line.set("part", &part);
        }
        if self.args.unit == SpanUnit::Chars {
            line.set("unit", &"chars");
        }
        if widened {
            line.set("widened", &true);
        }
        (line, false)
    }

    fn found(&mut self, line: &JsonLine) -> Result<CarriedAnnotation, String> {
        let source: String = member(line, "source", "the name of a source")?.ok_or("`source` is missing: the name of the source.")?;
        let [start, end]: [usize; 2] =
            member(line, "span", "two numbers, [start, end]")?.ok_or("`span` is missing: two numbers, [start, end].")?;
        if end < start {
            return Err(format!("The span {start}..{end} ends before it starts."));
        }
        let unit: Option<String> = member(line, "unit", "`bytes` or `chars`")?;
        if let Some(unit) = unit.filter(|unit| unit != self.unit()) {
            return Err(format!("The line counts {unit}, and --unit says {}.", self.unit()));
        }
        let part: Option<String> = member(line, "part", "`text` or the name of a field")?;
        let wanted = SpanRequest {
            document: match member(line, "document", "the number of a document")? {
                None => member(line, "article", "the number of a document")?,
                number => number,
            },
            part: part.as_deref().map(plain),
            span: start..end,
        };
        let to = self.args.to;
        let ways = self.ways(&source)?;
        match to {
            MapDirection::Clean => ways.to_cleaned(&wanted),
            MapDirection::Source => ways.to_source(&wanted),
        }
        .map_err(|why| why.to_string())
    }

    fn unit(&self) -> &'static str {
        match self.args.unit {
            SpanUnit::Bytes => "bytes",
            SpanUnit::Chars => "chars",
        }
    }

    fn ways(&mut self, source: &str) -> Result<&RecordSpanMap, String> {
        if self.last.as_ref().is_none_or(|(last, _)| last != source) {
            self.last = Some((source.to_owned(), self.read(source)));
        }
        let (_, ways) = self.last.as_ref().expect("it was just read");
        ways.as_ref().map_err(Clone::clone)
    }

    fn read(&self, source: &str) -> Result<RecordSpanMap, String> {
        if !self.sources.contains(source) {
            return Err(format!("There is no source {source} in the output folder."));
        }
        let recorded = self.output.recorded(source).map_err(told)?;
        let ways = match self.args.unit {
            SpanUnit::Bytes => RecordSpanMap::in_bytes(&recorded),
            SpanUnit::Chars => {
                let text = self.output.decoded(source).map_err(told)?;
                RecordSpanMap::in_code_points(&recorded, text.unwrap_or_default())
            }
        };
        ways.map_err(|why| format!("The record of {source} is not as emendo wrote it: {why}."))
    }
}

/// A member, or what it should be.
fn member<T: serde::de::DeserializeOwned>(line: &JsonLine, name: &str, should_be: &str) -> Result<Option<T>, String> {
    line.get(name).map_err(|_| format!("`{name}` should be {should_be}."))
}

/// The part as `emendo map` names it: records and `emendo diff` say `body` and `field:` as well.
fn plain(part: &str) -> String {
    if part == "body" { "text".to_owned() } else { part.strip_prefix("field:").unwrap_or(part).to_owned() }
}

fn fault(mut line: JsonLine, why: &str) -> JsonLine {
    line.set("error", &why);
    line
}

fn told(failure: impl Into<CommandError>) -> String {
    match failure.into() {
        CommandError::Refused(why) => why.into_string(),
        CommandError::Output(error) => error.to_string(),
        CommandError::Rules(_) => "The rules have errors.".to_owned(),
    }
}
