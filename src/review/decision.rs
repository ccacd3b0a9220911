//! Decisions, and the file of JSON lines that keeps them.
//!
//! A decision here is bound to the source's bytes and the change's identity; see
//! [`Decisions::bind`]. One that finds no change of its identity is stale: listed, never applied.

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::rules::RuleSet;
use crate::text::{Change, ChangeId, Original, Span, Zone};

/// The version of the line format.
pub const SCHEMA_VERSION: u32 = 1;

/// What a reader wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Apply it, though its rule only asks. Never lifts a protected zone.
    Accept,
    /// Leave the text as it is, though its rule would apply it.
    Reject,
    /// Put another text there.
    Replace,
}

/// How far a decision reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Width {
    /// All documents.
    Everywhere,
    /// One source.
    Document,
    /// One change.
    Here,
}

/// One line of the decisions file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What the reader wants.
    pub decision: Verdict,
    /// How far it reaches.
    pub width: Width,
    /// The full id of the rule.
    pub rule: String,
    /// What the change's pass saw; nothing for a decision about the whole rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What the rule makes of it; nothing for a decision about the whole rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What to put there instead, for `replace`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The rule's digest, for a decision about the whole rule: stale once the rule finds something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_digest: Option<String>,
    /// The zones that were shown, `none` for the text outside all zones; nothing means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<Vec<String>>,
    /// The name of the source, for `here` and `document`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The digest of the source's bytes, for `here` and `document`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The source span, in bytes of the decoded source, for `here`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
    /// Which of the proposals that are alike in rule, span, before and after; 0 is the first.
    #[serde(default, skip_serializing_if = "is_first")]
    pub occurrence: u32,
    /// The source text in front of the span, in it and behind it: the change is found again by these
    /// three, if the source was altered. Up to 40 characters each side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<[String; 3]>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// When, as the reader's tool wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Why, in the reader's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Decision {
    /// The decision about one change of a source with this digest.
    pub fn here(decision: Verdict, source: &str, digest: &str, change: &Change) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            decision,
            width: Width::Here,
            rule: change.rule.to_string(),
            before: Some(change.before.to_string()),
            after: Some(change.after.to_string()),
            with: None,
            rule_digest: None,
            zones: None,
            source: Some(source.to_owned()),
            digest: Some(digest.to_owned()),
            span: Some([change.span.start, change.span.end]),
            occurrence: change.occurrence,
            context: None,
            who: None,
            when: None,
            note: None,
        }
    }

    fn is_about_no_rule(&self, rules: &RuleSet) -> bool {
        let digest = self.rule_digest.as_deref();
        rules.by_id(&self.rule).is_none_or(|rule| digest.is_some_and(|digest| rule.digest() != digest))
    }
}

/// A line of the decisions file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1, in bytes; 0 if the line as a whole is meant.
    pub column: usize,
    /// What is wrong, and the way out.
    pub reason: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// All decisions of a project, in the order of their lines.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    lines: Vec<(usize, Decision)>,
    /// Whether the last line was cut off while it was written, and so left out.
    pub torn: bool,
}

impl Decisions {
    /// Reads a decisions file.
    ///
    /// A last line without line feed that cannot be read was torn by a crash: it is left out.
    ///
    /// # Errors
    /// All other lines that cannot be read, not the first only.
    pub fn parse(text: &str) -> Result<Self, Vec<BadLine>> {
        let (mut decisions, mut bad) = (Self::default(), Vec::new());
        for (number, line) in text.split_inclusive('\n').enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match parse_line(line) {
                Ok(decision) => decisions.lines.push((number + 1, decision)),
                Err(_) if !line.ends_with('\n') => decisions.torn = true,
                Err((column, reason)) => bad.push(BadLine { line: number + 1, column, reason }),
            }
        }
        if bad.is_empty() { Ok(decisions) } else { Err(bad) }
    }

    /// All decisions, each with its line.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Decision)> {
        self.lines.iter().map(|(line, decision)| (*line, decision))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The decisions that can do nothing with these rules, with line and rule: there is no such rule, or
    /// the whole of it was decided on and it finds something else now.
    pub fn without_rule(&self, rules: &RuleSet) -> Vec<(usize, &str)> {
        let idle = self.iter().filter(|(_, decision)| decision.is_about_no_rule(rules));
        idle.map(|(line, decision)| (line, &*decision.rule)).collect()
    }

    /// The decisions that concern one source, found again in it if its bytes were altered.
    ///
    /// With the digest of the source unchanged, a decision *here* holds for its span; otherwise its
    /// three pieces of context must stand in the text together exactly once.
    pub fn bind<'d>(&'d self, source: &str, digest: &str, text: &str, rules: &RuleSet) -> Bound<'d> {
        let mut bound = Bound::default();
        for (line, decision) in self.iter() {
            let same_bytes = decision.digest.as_deref() == Some(digest);
            let same_source = same_bytes || decision.source.as_deref() == Some(source);
            match decision.width {
                Width::Here if same_source => match place(decision, same_bytes, text) {
                    Some(id) => drop(bound.here.insert(id, (line, decision))),
                    None => bound.lost.push(line),
                },
                Width::Document if same_source => bound.add_wide(line, decision, rules),
                Width::Everywhere => bound.add_wide(line, decision, rules),
                _ => {}
            }
        }
        bound
    }
}

fn parse_line(line: &str) -> Result<Decision, (usize, String)> {
    let decision: Decision = serde_json::from_str(line.trim_end()).map_err(|error| {
        // The line is told by its number in the file, not in itself.
        let reason = error.to_string();
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
        (error.column(), format!("{reason}, at column {}.", error.column()))
    })?;
    let missing = |what: &str| Err((0, format!("a decision of width {:?} needs {what}.", decision.width).to_lowercase()));
    if decision.schema_version != SCHEMA_VERSION {
        let version = decision.schema_version;
        return Err((
            0,
            format!("schema_version {version} is not known to this emendo, which reads {SCHEMA_VERSION}: use the emendo that wrote it."),
        ));
    }
    if decision.before.is_some() != decision.after.is_some() {
        return Err((0, "\"before\" and \"after\" go together: give both, or none to decide about the whole rule.".to_owned()));
    }
    if (decision.decision == Verdict::Replace) != decision.with.is_some() {
        return Err((0, "\"with\" goes with the decision \"replace\", and only with it.".to_owned()));
    }
    match decision.width {
        Width::Here if decision.before.is_none() => missing("\"before\" and \"after\""),
        Width::Here if decision.span.is_none_or(|[start, end]| start > end) || decision.digest.is_none() => {
            missing("\"digest\" and \"span\": [start, end]")
        }
        Width::Document if decision.source.is_none() && decision.digest.is_none() => missing("\"source\" or \"digest\""),
        _ if decision.before.is_none() && decision.rule_digest.is_none() => {
            missing("\"before\" and \"after\", or \"rule_digest\" to decide about the whole rule")
        }
        _ => Ok(decision),
    }
}

/// The change that a decision *here* is about, in this text.
fn place(decision: &Decision, same_bytes: bool, text: &str) -> Option<ChangeId> {
    let [start, end] = decision.span?;
    let span = if same_bytes {
        Span::<Original>::new(start, end)
    } else {
        let [before, found, after] = decision.context.as_ref()?;
        let all = [before.as_str(), found, after].concat();
        if all.is_empty() {
            return None;
        }
        let mut places = text.match_indices(&all);
        let at = places.next()?.0 + before.len();
        // A second place, overlapping ones included, leaves it open which is meant.
        let again =
            text[at - before.len()..].char_indices().nth(1).is_some_and(|(next, _)| text[at - before.len() + next..].contains(&all));
        if again {
            return None;
        }
        Span::new(at, at + found.len())
    };
    Some(ChangeId::new(&decision.rule, span, decision.before.as_ref()?, decision.after.as_ref()?, decision.occurrence))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first(occurrence: &u32) -> bool {
    *occurrence == 0
}

/// The decisions that concern one source.
#[derive(Clone, Debug, Default)]
pub struct Bound<'d> {
    here: FxHashMap<ChangeId, (usize, &'d Decision)>,
    by_rule: BTreeMap<&'d str, Vec<(usize, &'d Decision)>>,
    /// Lines of decisions *here* whose place is no longer in the source.
    lost: Vec<usize>,
}

impl<'d> Bound<'d> {
    fn add_wide(&mut self, line: usize, decision: &'d Decision, rules: &RuleSet) {
        if decision.rule_digest.is_none() || !decision.is_about_no_rule(rules) {
            self.by_rule.entry(&decision.rule).or_default().push((line, decision));
        }
    }

    /// The decision about a change, with its line: the narrowest one, and of these the latest.
    pub fn about(&self, change: &Change) -> Option<(usize, &'d Decision)> {
        if let Some(found) = self.here.get(&change.id) {
            return Some(*found);
        }
        let wide = self.by_rule.get(&*change.rule)?.iter().filter(|(_, decision)| fits(decision, change));
        wide.max_by_key(|(line, decision)| (decision.width, decision.before.is_some(), *line)).copied()
    }

    /// The lines of decisions *here* and *document* about this source that none of the `used` lines is.
    pub fn stale(&self, used: &[usize]) -> Vec<usize> {
        let document = self.by_rule.values().flatten().filter(|(_, decision)| decision.width == Width::Document);
        let bound = self.here.values().chain(document).map(|(line, _)| *line).filter(|line| !used.contains(line));
        let mut stale: Vec<_> = bound.chain(self.lost.iter().copied()).collect();
        stale.sort_unstable();
        stale.dedup();
        stale
    }
}

fn fits(decision: &Decision, change: &Change) -> bool {
    let zone = change.zone.map_or("none", Zone::name);
    decision.before.as_ref().is_none_or(|before| *before == change.before)
        && decision.after.as_ref().is_none_or(|after| *after == change.after)
        && decision.zones.as_ref().is_none_or(|zones| zones.iter().any(|shown| shown == zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Find, PassName, Rule};

    #[test]
    fn every_bad_line_is_told_and_a_torn_last_line_left_out() {
        let good = r#"{"schema_version":1,"decision":"reject","width":"everywhere","rule":"typos/x","before":"a","after":"b"}"#;
        let text = format!("{good}\nnonsense\n\n{{\"schema_version\":1}}\n{}", &good[..40]);
        let lines: Vec<_> = Decisions::parse(&text).expect_err("two lines are bad").iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [2, 4]);
        let read = Decisions::parse(&format!("{good}\n{}", &good[..40])).expect("only the torn line is bad");
        assert_eq!((read.len(), read.torn), (1, true));
    }

    #[test]
    fn a_decision_that_lacks_what_its_width_needs_is_told() {
        let bad = |line: &str| Decisions::parse(&format!("{line}\n")).expect_err("the line is bad")[0].reason.clone();
        assert!(
            bad(r#"{"schema_version":1,"decision":"reject","width":"here","rule":"typos/x","before":"a","after":"b"}"#).contains("digest")
        );
        assert!(
            bad(r#"{"schema_version":1,"decision":"replace","width":"everywhere","rule":"typos/x","before":"a","after":"b"}"#)
                .contains("with")
        );
        assert!(bad(r#"{"schema_version":1,"decision":"reject","width":"everywhere","rule":"typos/x"}"#).contains("rule_digest"));
        let unknown = bad(r#"{"schema_version":1,"decision":"maybe","width":"everywhere","rule":"typos/x"}"#);
        assert!(unknown.contains("`maybe`") && unknown.ends_with("at column 38."), "{unknown}");
        assert!(bad(r#"{"schema_version":7,"decision":"reject","width":"everywhere","rule":"typos/x"}"#).contains("schema_version 7"));
    }

    #[test]
    fn a_decision_about_a_rule_that_is_gone_or_altered_is_told() {
        let line = |rule: &str, what: &str| {
            format!("{{\"schema_version\":1,\"decision\":\"reject\",\"width\":\"everywhere\",\"rule\":\"{rule}\",{what}}}\n")
        };
        let one = r#""before":"a","after":"b""#;
        let text = [line("typos/x", one), line("typos/gone", one), line("typos/x", r#""rule_digest":"another""#)].concat();
        let rules = RuleSet::new(vec![Rule::new(PassName::Typos, "typos/x", Find::BuiltIn(String::new()))]);
        let decisions = Decisions::parse(&text).expect("the lines are good");
        assert_eq!(decisions.without_rule(&rules), [(2, "typos/gone"), (3, "typos/x")]);
    }

    #[test]
    fn a_decision_finds_its_place_in_an_altered_source_only_if_that_is_unique() {
        let decision = |span: &str| {
            format!(
                r#"{{"schema_version":1,"decision":"reject","width":"here","rule":"typos/x","before":"teh","after":"the","source":"a.txt","digest":"old","span":{span},"context":["in ","teh"," end"]}}"#
            )
        };
        let decisions = Decisions::parse(&format!("{}\n", decision("[3,6]"))).expect("the line is good");
        let rules = RuleSet::default();
        let found = |text: &str, digest: &str| decisions.bind("a.txt", digest, text, &rules).here.into_keys().next();
        let id = |start| ChangeId::new("typos/x", Span::new(start, start + 3), "teh", "the", 0);
        assert_eq!(found("in teh end", "old"), Some(id(3)));
        assert_eq!(found("So in teh end", "new"), Some(id(6)));
        assert_eq!(found("in teh end, in teh end", "new"), None, "two places: it is open which is meant");
        assert_eq!(found("in the end", "new"), None);
        assert_eq!(decisions.bind("a.txt", "new", "in the end", &rules).stale(&[]), [1]);
        assert_eq!(decisions.bind("b.txt", "new", "in teh end", &rules).stale(&[]), [] as [usize; 0]);
    }
}
