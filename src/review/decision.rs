//! A decision, and the line of JSON that keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::PartText;
use crate::edit::{InDocument, Part, PlacedChange, Span};
use crate::rules::RuleSet;

/// The version of the line format that is written.
pub const SCHEMA_VERSION: u32 = 2;

/// The version of emendo 0.1, which is read: its digests and spans are those of the source, not of the document.
pub const SOURCE_BOUND: u32 = 1;

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

/// How far a decision reaches. A narrower one counts before a wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionScope {
    /// All that a rule does, in all documents.
    Rule,
    /// The same change in all documents.
    Everywhere,
    /// The same change, or all that a rule does, in one document.
    Document,
    /// One change.
    Here,
}

impl DecisionScope {
    /// The name in the decisions file: `rule`, `everywhere`, `document`, `here`.
    pub fn name(self) -> &'static str {
        match self {
            DecisionScope::Rule => "rule",
            DecisionScope::Everywhere => "everywhere",
            DecisionScope::Document => "document",
            DecisionScope::Here => "here",
        }
    }

    /// Whether it is about later documents too.
    pub fn is_lasting(self) -> bool {
        matches!(self, DecisionScope::Rule | DecisionScope::Everywhere)
    }
}

/// One line of the decisions file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// [`SCHEMA_VERSION`], or [`SOURCE_BOUND`].
    pub schema_version: u32,
    /// What the reader wants.
    pub decision: Verdict,
    /// How far it reaches. Version 1 has `width`, which says `everywhere` for a whole rule too.
    #[serde(alias = "width")]
    pub scope: DecisionScope,
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
    /// The name of the source, for `here` and `document`: for people, and to find the place again if the text was altered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The number of the document among the slices of its source, from 1; `None` if it is all of its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// The field of the document that the change lies in; `None` for its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// BLAKE3 of the text that the change lies in, for `here`; of the text of the document, for `document`. 64
    /// hexadecimal digits. In version 1 of the bytes of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The span in that text, in bytes, for `here`. In version 1 in the decoded source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
    /// Which of the proposals that are alike in rule, span, before and after; 0 is the first.
    #[serde(default, skip_serializing_if = "is_first")]
    pub occurrence: u32,
    /// The text in front of the span, in it and behind it, up to 40 characters each side: if the text was altered, the
    /// change is found again by these three.
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
    /// A decision of this scope that says nothing else yet.
    pub fn about(decision: Verdict, scope: DecisionScope, rule: &str) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            decision,
            scope,
            rule: rule.to_owned(),
            before: None,
            after: None,
            with: None,
            rule_digest: None,
            zones: None,
            source: None,
            document: None,
            field: None,
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

    /// The decision about one change of a text.
    pub fn here(decision: Verdict, text: &PartText<'_>, change: PlacedChange<'_>) -> Self {
        Self {
            before: Some(change.before.to_string()),
            after: Some(change.after.to_string()),
            field: if let Part::Field(name) = &text.part { Some(name.to_string()) } else { None },
            digest: Some(text.digest()),
            span: Some([change.span().start, change.span().end]),
            occurrence: change.place.occurrence,
            context: Some(context(text.text, change.span())),
            ..Self::about(decision, DecisionScope::Here, &change.rule)
        }
    }

    /// The line that keeps it, with its line end.
    #[expect(clippy::missing_panics_doc, reason = "all keys are texts")]
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("all keys are texts");
        line.push('\n');
        line
    }

    /// What it is about: of two lines with the same key only one can count.
    ///
    /// The names of a source and a document are only hints, if a digest says which text is meant.
    pub(super) fn key(&self) -> String {
        let Self { schema_version, scope, rule, before, after, rule_digest, zones, field, digest, span, occurrence, .. } = self;
        let is_hint = *scope == DecisionScope::Here && digest.is_some() && *schema_version != SOURCE_BOUND;
        let named = (!is_hint).then_some((&self.source, self.document));
        format!("{:?}", (scope, rule, before, after, rule_digest, zones, named, field, digest, span, occurrence))
    }

    /// Whether its digest and span are those of the source, as in version 0.1.
    pub fn is_bound_to_source(&self) -> bool {
        self.schema_version == SOURCE_BOUND
    }

    /// The text of its document that it is about.
    pub fn part(&self) -> Part {
        self.field.as_deref().map_or(Part::Body, |name| Part::Field(name.into()))
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
            return self.scope != DecisionScope::Here;
        }
        let digest = self.rule_digest.as_deref();
        rules.by_id(&self.rule).is_none_or(|rule| digest.is_some_and(|digest| rule.digest() != digest))
    }
}

/// So many characters of context stand on each side of a change in a decision.
pub const CONTEXT: usize = 40;

/// The text in front of a place, in it and behind it: by these three a decision finds it again.
pub fn context(text: &str, span: Span<InDocument>) -> [String; 3] {
    let before = text[..span.start].char_indices().rev().nth(CONTEXT - 1).map_or(0, |(start, _)| start);
    let behind = text[span.end..].chars().take(CONTEXT).collect();
    [text[before..span.start].to_owned(), text[span.range()].to_owned(), behind]
}

/// A line of the decisions file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {error}")]
pub struct BadLine {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub error: DecisionLineError,
}

/// Why a line of the decisions file cannot be read, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionLineError {
    /// It is not JSON, or has other members than a decision.
    #[error("{reason}, at column {column}.")]
    Json {
        /// The column, counted from 1, in bytes; 0 if there is none.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It has a version that this library does not know.
    #[error(
        "schema_version {version} is not known to this emendo, which reads {SOURCE_BOUND} and {SCHEMA_VERSION}: use the emendo that wrote it."
    )]
    UnknownVersion {
        /// The version.
        version: u32,
    },
    /// It lacks members that its scope needs.
    #[error("a decision with the scope {:?} needs {needs}.", .scope.name())]
    Incomplete {
        /// The scope.
        scope: DecisionScope,
        /// The members that it needs.
        needs: &'static str,
    },
    /// It has the text before the change and not the text after it, or the other way round.
    #[error("\"before\" and \"after\" go together: give both, or none to decide about the whole rule.")]
    BeforeOrAfter,
    /// It replaces without a text, or has a text and does not replace.
    #[error("\"with\" goes with the decision \"replace\", and only with it.")]
    ReplaceOrWith,
    /// It withdraws nothing.
    #[error("\"withdraw\" needs \"instead_of\": the ids of the lines that no longer count.")]
    WithdrawsNothing,
    /// It is about a whole rule, and about one change of the rule.
    #[error("a decision about a whole rule has no \"before\" and \"after\": write the scope \"everywhere\".")]
    RuleWithChange,
}

/// Reads one line.
pub(super) fn parse_line(line: &str) -> Result<Decision, DecisionLineError> {
    let mut decision: Decision = serde_json::from_str(line.trim_end()).map_err(|error| {
        // The line is told by its number in the file, not in itself.
        let reason = error.to_string();
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
        DecisionLineError::Json { column: error.column(), reason: reason.to_owned() }
    })?;
    if ![SCHEMA_VERSION, SOURCE_BOUND].contains(&decision.schema_version) {
        return Err(DecisionLineError::UnknownVersion { version: decision.schema_version });
    }
    if decision.is_bound_to_source() && decision.scope == DecisionScope::Everywhere && decision.before.is_none() {
        decision.scope = DecisionScope::Rule;
    }
    let scope = decision.scope;
    let missing = |needs| Err(DecisionLineError::Incomplete { scope, needs });
    if decision.before.is_some() != decision.after.is_some() {
        return Err(DecisionLineError::BeforeOrAfter);
    }
    if (decision.decision == Verdict::Replace) != decision.with.is_some() {
        return Err(DecisionLineError::ReplaceOrWith);
    }
    if (decision.decision == Verdict::Withdraw) && decision.instead_of.is_empty() {
        return Err(DecisionLineError::WithdrawsNothing);
    }
    match scope {
        DecisionScope::Here | DecisionScope::Everywhere if decision.before.is_none() => missing("\"before\" and \"after\""),
        DecisionScope::Here if decision.span.is_none_or(|[start, end]| start > end) || decision.digest.is_none() => {
            missing("\"digest\" and \"span\": [start, end]")
        }
        DecisionScope::Document if decision.source.is_none() && decision.digest.is_none() => missing("\"source\" or \"digest\""),
        DecisionScope::Rule if decision.before.is_some() => Err(DecisionLineError::RuleWithChange),
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
