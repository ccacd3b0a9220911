//! One printable page about what a run did to a text: for the file, the notary, the reader without a computer.
//!
//! The page is inert: it holds no script, a policy that forbids all but its own style, and nothing of a corpus that is
//! not escaped twice, once for the eye and once for HTML.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;

use super::slice_diff::source_span;
use super::{KeptRule, LineColumns, Private, Recorded, RecordedDocument, VisibleText, escape, visible_pair};
use emendo_core::edit::{ChangeId, Fate, InSource, Part, PlacedChange, Span};
use emendo_core::review::Decisions;
use emendo_core::review::decision::Decision;

/// So much of the line is shown at each side of a change, in code points.
const CONTEXT: usize = 60;

const STYLE: &str = "body{font:11pt/1.5 serif;max-width:44em;margin:2em auto;padding:0 1em;color:#000;background:#fff}\
h1{font-size:1.4em}h2{font-size:1.15em;border-bottom:1px solid #000;margin-top:2em}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em;margin:.5em 0}dt{font-weight:bold}dd{margin:0}\
dd,p,pre,li{overflow-wrap:anywhere}pre{white-space:pre-wrap;font-size:.85em;border-left:2px solid #999;padding-left:.7em;margin:.4em 0}\
li{margin-bottom:1.2em}del{background:#fdd}ins{background:#dfd}\
@media print{body{margin:0;max-width:none}li,dl{break-inside:avoid}h2{break-after:avoid}del,ins{background:none}}";

/// What a statement is made of.
#[derive(Debug)]
pub struct Statement<'a> {
    /// The record of the source.
    pub recorded: &'a Recorded,
    /// The documents that the page is about.
    pub documents: &'a [RecordedDocument],
    /// The source, decoded.
    pub decoded: &'a str,
    /// The first line of the manifest: what the run was made with.
    pub head: &'a Value,
    /// The rules as kept, by digest.
    pub rules: &'a BTreeMap<String, KeptRule>,
    /// The decisions that the run had, where they are at hand.
    pub decisions: Option<&'a Decisions>,
    /// The log of the runs into this folder.
    pub runs: &'a [Value],
    /// The seal of the folder.
    pub seal: Option<&'a str>,
}

/// The page. All texts were escaped for the eye; the template escapes them for HTML.
#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage {
    style: &'static str,
    source: VisibleText,
    digest: VisibleText,
    bytes: usize,
    encoding: VisibleText,
    texts: Vec<VisibleText>,
    seal: Option<VisibleText>,
    emendo: VisibleText,
    rules: VisibleText,
    profile: VisibleText,
    settings: Vec<(VisibleText, VisibleText)>,
    sections: Vec<StatementSection>,
    runs: Vec<StatementRun>,
}

/// The changes that came to the same end.
struct StatementSection {
    title: &'static str,
    none: &'static str,
    /// The number of the first change.
    first: usize,
    changes: Vec<StatementChange>,
}

/// A change, the text round it, and all that is known about it.
struct StatementChange {
    document: usize,
    part: Option<VisibleText>,
    line: usize,
    column: usize,
    left: VisibleText,
    before: VisibleText,
    after: VisibleText,
    right: VisibleText,
    id: ChangeId,
    rule: VisibleText,
    why: Option<VisibleText>,
    zone: Option<VisibleText>,
    superseded_by: Option<ChangeId>,
    decided: Option<StatementDecision>,
    kept_rule: Option<(VisibleText, usize, Vec<VisibleText>)>,
}

/// The line of the decision, and what is known about who decided: names of facts and facts.
struct StatementDecision {
    line: usize,
    told: Vec<(&'static str, VisibleText)>,
}

/// A run of the log.
struct StatementRun {
    time: Option<VisibleText>,
    by: Option<VisibleText>,
    args: VisibleText,
    seal: Option<VisibleText>,
}

impl Statement<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let text = |value: &Value| self.show(&plain(value));
        let page = StatementPage {
            style: STYLE,
            source: self.show(&self.recorded.source),
            digest: self.show(&self.recorded.digest),
            bytes: self.recorded.bytes,
            encoding: self.show(self.recorded.encoding.as_deref().unwrap_or("could not be decoded")),
            texts: self.documents.iter().filter_map(|document| document.text.as_deref()).map(|text| self.show(text)).collect(),
            seal: self.seal.map(|seal| self.show(seal)),
            emendo: text(&self.head["emendo"]),
            rules: text(&self.head["rules"]["digest"]),
            profile: text(&self.head["profile"]),
            settings: {
                let settings = self.head["settings"].as_object().into_iter().flatten();
                settings.map(|(name, value)| (self.show(name), text(value))).collect()
            },
            sections: self.sections(),
            runs: self.runs.iter().map(|run| self.run(run)).collect(),
        };
        page.to_string()
    }

    fn sections(&self) -> Vec<StatementSection> {
        let places = LineColumns::new(self.decoded.as_bytes());
        let mut first = 1;
        let mut sections = Vec::new();
        for (title, none, is_of) in SECTIONS {
            let mut shown = Vec::new();
            for document in self.documents {
                let of_fate = document.changes.iter().filter(|change| is_of(&change.fate));
                let mut changes: Vec<_> = of_fate
                    .flat_map(|change| change.placed().map(|placed| (source_span(&document.layout, &change.part, placed.span()), placed)))
                    .collect();
                // As a reader meets them; the record has them pass by pass.
                changes.sort_by_key(|(span, _)| *span);
                shown.extend(changes.into_iter().map(|(span, change)| self.change(&places, document, span, change)));
            }
            let count = shown.len();
            sections.push(StatementSection { title, none, first, changes: shown });
            first += count;
        }
        sections
    }

    /// Inert, and the same to the eye only if it is the same.
    fn show(&self, text: &str) -> VisibleText {
        self.shown(escape(text))
    }

    fn shown(&self, escaped: VisibleText) -> VisibleText {
        Private::of_name(self.recorded.encoding.as_deref()).name(escaped)
    }

    fn change(
        &self,
        places: &LineColumns<'_>,
        document: &RecordedDocument,
        span: Span<InSource>,
        change: PlacedChange<'_>,
    ) -> StatementChange {
        let (line, column) = places.of(span.start);
        let (before, after) = visible_pair(&change.before, change.result());
        let (left, right) = self.around(span);
        let kept_rule = self.recorded.rule_digests.get(&*change.rule).and_then(|digest| self.rules.get(digest));
        StatementChange {
            document: document.number,
            part: (change.part != Part::Body).then(|| self.show(&change.part.to_string())),
            line,
            column,
            left: self.show(&left),
            before: self.shown(before),
            after: self.shown(after),
            right: self.show(&right),
            id: change.id(),
            rule: self.show(&change.rule),
            why: self.recorded.whys.get(&*change.rule).map(|why| self.show(why)),
            zone: change.zone.map(|zone| self.show(&zone.to_string())),
            superseded_by: if let Fate::Superseded { by } = change.fate { Some(by) } else { None },
            decided: change.decision.map(|line| self.decided(line)),
            kept_rule: kept_rule.map(|rule| (self.show(&rule.file), rule.line, rule.text.lines().map(|line| self.show(line)).collect())),
        }
    }

    /// The text round a change, within its line.
    fn around(&self, span: Span<InSource>) -> (String, String) {
        let before = self.decoded.get(..span.start).unwrap_or_default();
        let after = self.decoded.get(span.end..).unwrap_or_default();
        let line_before = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
        let line_after = &after[..after.find('\n').unwrap_or(after.len())];
        let left = line_before.char_indices().rev().nth(CONTEXT).map(|(at, c)| at + c.len_utf8());
        let right = line_after.char_indices().nth(CONTEXT).map(|(at, _)| at);
        (
            left.map_or_else(|| line_before.to_owned(), |at| format!("…{}", &line_before[at..])),
            right.map_or_else(|| line_after.to_owned(), |at| format!("{}…", &line_after[..at])),
        )
    }

    fn decided(&self, line: usize) -> StatementDecision {
        let known = self.decisions.and_then(|decisions| decisions.iter().find(|(number, _)| *number == line));
        let told = known.map(|(_, Decision { who, when, note, .. })| [("by", who), ("on", when), ("note:", note)]);
        let told = told.into_iter().flatten().filter_map(|(name, value)| Some((name, self.show(value.as_deref()?))));
        StatementDecision { line, told: told.collect() }
    }

    fn run(&self, run: &Value) -> StatementRun {
        let text = |name: &str| run[name].as_str().map(|text| self.show(text));
        let args = run["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        StatementRun { time: text("time"), by: text("by"), args: self.show(&args), seal: text("seal") }
    }
}

/// A setting, in words.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name} {}", plain(value)));
            members.collect::<Vec<_>>().join(", ")
        }
        Value::Array(members) => members.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

type Section = (&'static str, &'static str, fn(&Fate) -> bool);

const SECTIONS: [Section; 5] = [
    ("Changed", "Nothing was changed.", |fate| matches!(fate, Fate::Applied)),
    ("Needs review", "Nothing needs review.", |fate| matches!(fate, Fate::Pending)),
    ("Refused", "Nothing was refused.", |fate| matches!(fate, Fate::Rejected)),
    ("Protected", "Nothing was protected.", |fate| matches!(fate, Fate::Protected { .. })),
    ("Superseded by another change", "Nothing was superseded.", |fate| matches!(fate, Fate::Superseded { .. })),
];
