//! One printable page about what a run did to a text: for the file, the notary, the reader without a computer.
//!
//! The page is inert: it holds no script, a policy that forbids all but its own style, and nothing of a corpus that is
//! not escaped twice, once for the eye and once for HTML.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::slice_diff::source_span;
use super::{KeptRule, LineColumns, Private, Recorded, RecordedDocument, escape, visible_pair};
use emendo_core::edit::{Fate, InSource, Part, PlacedChange, Span};
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

impl Statement<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let name = self.show(&self.recorded.source);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>Statement: {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>What was changed in <bdi>{name}</bdi></h1>\n"
        );
        self.push_source(&mut page);
        self.push_run(&mut page);
        let places = LineColumns::new(self.decoded.as_bytes());
        let mut number = 0;
        for (title, none, is_of) in SECTIONS {
            let _ = writeln!(page, "<h2>{title}</h2>");
            let before = number;
            for document in self.documents {
                let of_fate = document.changes.iter().filter(|change| is_of(&change.fate));
                let mut changes: Vec<_> = of_fate
                    .flat_map(|change| change.placed().map(|placed| (source_span(&document.layout, &change.part, placed.span()), placed)))
                    .collect();
                // As a reader meets them; the record has them pass by pass.
                changes.sort_by_key(|(span, _)| *span);
                for (span, change) in changes {
                    if number == before {
                        let _ = writeln!(page, "<ol start=\"{}\">", number + 1);
                    }
                    number += 1;
                    self.push_change(&mut page, &places, document, span, change);
                }
            }
            let _ = writeln!(page, "{}", if number == before { format!("<p>{none}</p>") } else { "</ol>".to_owned() });
        }
        self.push_log(&mut page);
        page.push_str("</body>\n</html>\n");
        page
    }

    /// Inert, and the same to the eye only if it is the same.
    fn show(&self, text: &str) -> String {
        self.shown(&escape(text))
    }

    fn shown(&self, escaped: &str) -> String {
        html(&Private::of_name(self.recorded.encoding.as_deref()).name(escaped))
    }

    fn push_source(&self, page: &mut String) {
        let texts: Vec<_> =
            self.documents.iter().filter_map(|document| document.text.as_deref()).map(|text| bdi(&self.show(text))).collect();
        let encoding = self.recorded.encoding.as_deref().unwrap_or("could not be decoded");
        page.push_str("<dl>\n");
        row(page, "source", &bdi(&self.show(&self.recorded.source)));
        row(page, "digest (BLAKE3)", &self.show(&self.recorded.digest));
        row(page, "size", &format!("{} bytes", self.recorded.bytes));
        row(page, "encoding", &self.show(encoding));
        row(page, "cleaned text", &if texts.is_empty() { "none".to_owned() } else { texts.join(", ") });
        row(page, "seal of the folder", &self.seal.map_or_else(|| "none".to_owned(), |seal| self.show(seal)));
        page.push_str("</dl>\n");
    }

    fn push_run(&self, page: &mut String) {
        let text = |value: &Value| self.show(&plain(value));
        page.push_str("<h2>Made with</h2>\n<dl>\n");
        row(page, "emendo", &text(&self.head["emendo"]));
        row(page, "rules (BLAKE3)", &text(&self.head["rules"]["digest"]));
        row(page, "profile", &text(&self.head["profile"]));
        for (name, value) in self.head["settings"].as_object().into_iter().flatten() {
            row(page, &self.show(name), &text(value));
        }
        page.push_str("</dl>\n");
    }

    fn push_change(
        &self,
        page: &mut String,
        places: &LineColumns<'_>,
        document: &RecordedDocument,
        span: Span<InSource>,
        change: PlacedChange<'_>,
    ) {
        let (line, column) = places.of(span.start);
        let part = if change.part == Part::Body { String::new() } else { format!(", {}", self.show(&change.part.to_string())) };
        let (before, after) = visible_pair(&change.before, change.result());
        let (left, right) = self.around(span);
        let _ = writeln!(
            page,
            "<li>document {}{part}, line {line}, column {column} of the source\n<p>{}{}{}{}</p>",
            document.number,
            bdi(&self.show(&left)),
            if before.is_empty() { String::new() } else { format!("<del>{}</del>", bdi(&self.shown(&before))) },
            if after.is_empty() { String::new() } else { format!("<ins>{}</ins>", bdi(&self.shown(&after))) },
            bdi(&self.show(&right)),
        );
        page.push_str("<dl>\n");
        row(page, "change", &change.id().to_string());
        row(page, "rule", &bdi(&self.show(&change.rule)));
        if let Some(why) = self.recorded.whys.get(&*change.rule) {
            row(page, "why", &bdi(&self.show(why)));
        }
        if let Some(zone) = change.zone {
            row(page, "zone", &self.show(&zone.to_string()));
        }
        if let Fate::Superseded { by } = change.fate {
            row(page, "superseded by", &by.to_string());
        }
        if let Some(line) = change.decision {
            row(page, "decided", &self.decided(line));
        }
        page.push_str("</dl>\n");
        if let Some(rule) = self.recorded.rule_digests.get(&*change.rule).and_then(|digest| self.rules.get(digest)) {
            let lines = |text: &str| text.lines().map(|line| bdi(&self.show(line))).collect::<Vec<_>>().join("\n");
            let _ = writeln!(page, "<pre>{}:{}\n{}</pre>", bdi(&self.show(&rule.file)), rule.line, lines(&rule.text));
        }
        page.push_str("</li>\n");
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

    fn decided(&self, line: usize) -> String {
        let known = self.decisions.and_then(|decisions| decisions.iter().find(|(number, _)| *number == line));
        let Some((_, Decision { who, when, note, .. })) = known else {
            return format!("on line {line} of the decisions file");
        };
        let told = [("by", who), ("on", when), ("note:", note)];
        let told = told.iter().filter_map(|(name, value)| Some(format!(", {name} {}", bdi(&self.show(value.as_deref()?)))));
        format!("on line {line} of the decisions file{}", told.collect::<String>())
    }

    fn push_log(&self, page: &mut String) {
        page.push_str("<h2>Runs into this folder</h2>\n");
        if self.runs.is_empty() {
            page.push_str("<p>None is in the log.</p>\n");
        }
        for run in self.runs {
            let text = |name: &str| run[name].as_str().map_or_else(|| "unknown".to_owned(), |text| bdi(&self.show(text)));
            let args = run["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
            page.push_str("<dl>\n");
            row(page, "time", &text("time"));
            row(page, "by", &text("by"));
            row(page, "command", &format!("emendo {}", bdi(&self.show(&args))));
            row(page, "seal", &text("seal"));
            page.push_str("</dl>\n");
        }
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
    ("Waiting for a decision", "Nothing waits.", |fate| matches!(fate, Fate::Pending)),
    ("Refused", "Nothing was refused.", |fate| matches!(fate, Fate::Rejected)),
    ("Protected", "Nothing was protected.", |fate| matches!(fate, Fate::Protected { .. })),
    ("Outranked by another change", "Nothing was outranked.", |fate| matches!(fate, Fate::Superseded { .. })),
];

fn row(page: &mut String, name: &str, value: &str) {
    let _ = writeln!(page, "<dt>{name}</dt><dd>{value}</dd>");
}

/// Of a direction of its own, so that no run turns its neighbours round.
fn bdi(html: &str) -> String {
    if html.is_empty() { String::new() } else { format!("<bdi>{html}</bdi>") }
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
