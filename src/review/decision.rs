//! A decision, and the line of JSON that keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::edit::{Change, Original, Span};
use crate::rules::RuleSet;

/// The version of the line format.
pub const SCHEMA_VERSION: u32 = 1;

/// The rule, and the pass, of what a person corrected in a cleaned text. It has no pattern: it does what decisions *here* say.
pub const HAND: &str = "hand";

/// Why the rule [`HAND`] does what it does.
pub const HAND_WHY: &str = "A person corrected this in the cleaned text.";

/// What a reader wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Apply it, though its rule only asks. Never lifts a protected zone.
    Accept,
    /// Leave the text as it is, though its rule would apply it.
    Reject,
    /// Put another text there.
    Replace,
    /// Decide nothing: take back the lines that `instead_of` names.
    Withdraw,
}

impl Verdict {
    /// The name in the decisions file.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Replace => "replace",
            Verdict::Withdraw => "withdraw",
        }
    }
}

/// How far a decision reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionScope {
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
    pub width: DecisionScope,
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
    /// The lines that no longer count, by their [`LineId`], wherever in the file they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<LineId>,
}

/// Sixteen hexadecimal digits made from a line of the decisions file: a file is only ever added to, so that what
/// a later line takes back has to have a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineId(String);

impl LineId {
    /// The id of a line, without its line end.
    pub fn of(line: &str) -> Self {
        Self(blake3::hash(line.trim().as_bytes()).to_hex()[..16].to_owned())
    }
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Decision {
    /// A decision of this width that says nothing else yet.
    pub fn about(decision: Verdict, width: DecisionScope, rule: &str) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            decision,
            width,
            rule: rule.to_owned(),
            before: None,
            after: None,
            with: None,
            rule_digest: None,
            zones: None,
            source: None,
            digest: None,
            span: None,
            occurrence: 0,
            context: None,
            who: None,
            when: None,
            note: None,
            instead_of: Vec::new(),
        }
    }

    /// The decision about one change of a source with this digest.
    pub fn here(decision: Verdict, source: &str, digest: &str, change: &Change) -> Self {
        Self {
            before: Some(change.before.to_string()),
            after: Some(change.after.to_string()),
            source: Some(source.to_owned()),
            digest: Some(digest.to_owned()),
            span: Some([change.span.start, change.span.end]),
            occurrence: change.occurrence,
            ..Self::about(decision, DecisionScope::Here, &change.rule)
        }
    }

    /// The same with the text round it, by which the change is found again if the source is altered.
    pub fn in_text(self, text: &str) -> Self {
        let context = self.span.map(|[start, end]| context(text, Span::new(start, end)));
        Self { context, ..self }
    }

    /// The line that keeps it, with its line end.
    #[expect(clippy::missing_panics_doc, reason = "all keys are texts")]
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("all keys are texts");
        line.push('\n');
        line
    }

    /// What it is about: of two lines with the same key only one can count.
    pub(super) fn key(&self) -> String {
        let Self { width, rule, before, after, rule_digest, zones, source, digest, span, occurrence, .. } = self;
        format!("{:?}", (width, rule, before, after, rule_digest, zones, source, digest, span, occurrence))
    }

    /// Whether it is about a change that makes `after` of `before` in this zone (`none` outside all zones), as far as that goes.
    pub fn fits(&self, before: &str, after: &str, zone: &str) -> bool {
        self.before.as_ref().is_none_or(|own| own == before)
            && self.after.as_ref().is_none_or(|own| own == after)
            && self.zones.as_ref().is_none_or(|zones| zones.iter().any(|shown| shown == zone))
    }

    /// Whether the two want the same.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.decision == other.decision && self.with == other.with
    }

    pub(super) fn is_about_no_rule(&self, rules: &RuleSet) -> bool {
        if self.rule == HAND {
            return self.width != DecisionScope::Here;
        }
        let digest = self.rule_digest.as_deref();
        rules.by_id(&self.rule).is_none_or(|rule| digest.is_some_and(|digest| rule.digest() != digest))
    }
}

/// So many characters of context stand on each side of a change in a decision.
pub const CONTEXT: usize = 40;

/// The source in front of a place, in it and behind it: by these three a decision finds it again.
pub fn context(text: &str, span: Span<Original>) -> [String; 3] {
    let before = text[..span.start].char_indices().rev().nth(CONTEXT - 1).map_or(0, |(start, _)| start);
    let behind = text[span.end..].chars().take(CONTEXT).collect();
    [text[before..span.start].to_owned(), text[span.range()].to_owned(), behind]
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

/// Reads one line; an error has the column, counted from 1, or 0 for the whole line.
pub(super) fn parse_line(line: &str) -> Result<Decision, (usize, String)> {
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
    if (decision.decision == Verdict::Withdraw) && decision.instead_of.is_empty() {
        return Err((0, "\"withdraw\" needs \"instead_of\": the ids of the lines that no longer count.".to_owned()));
    }
    match decision.width {
        DecisionScope::Here if decision.before.is_none() => missing("\"before\" and \"after\""),
        DecisionScope::Here if decision.span.is_none_or(|[start, end]| start > end) || decision.digest.is_none() => {
            missing("\"digest\" and \"span\": [start, end]")
        }
        DecisionScope::Document if decision.source.is_none() && decision.digest.is_none() => missing("\"source\" or \"digest\""),
        _ if decision.before.is_none() && decision.rule_digest.is_none() => {
            missing("\"before\" and \"after\", or \"rule_digest\" to decide about the whole rule")
        }
        _ => Ok(decision),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first(occurrence: &u32) -> bool {
    *occurrence == 0
}
