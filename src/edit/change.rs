//! An edit anchored in the source: what is shown, counted and judged.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Original, Span, Zone};

/// Which text of an article a change lies in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A field of the envelope, by name.
    Field(Arc<str>),
    /// The text of the article.
    Body,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Field(name) => f.write_str(name),
            Part::Body => f.write_str("body"),
        }
    }
}

/// Sixteen hexadecimal digits made from a change's identity: rule, source span, before, after.
///
/// Unique within a source. Fate and zone are no part of it, so a decision still finds its change
/// when a policy was altered meanwhile. Two proposals within one seam can be alike in all four,
/// since their spans widen to the seam's: the second of them counts as occurrence 1, and so on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(u64);

impl ChangeId {
    /// The id of the change that `rule` proposes for the source text at `span`.
    #[expect(clippy::missing_panics_doc, reason = "a digest has 32 bytes")]
    pub fn new(rule: &str, span: Span<Original>, before: &str, after: &str, occurrence: u32) -> Self {
        // Most changes fit into one block of the digest, of 64 bytes: it is made for every one of them.
        let mut numbers = [0; 36];
        for (bytes, number) in numbers.chunks_exact_mut(8).zip([span.start, span.end, rule.len(), before.len()]) {
            bytes.copy_from_slice(&(number as u64).to_le_bytes());
        }
        numbers[32..].copy_from_slice(&occurrence.to_le_bytes());
        let digest = blake3::hash(&[&numbers, rule.as_bytes(), before.as_bytes(), after.as_bytes()].concat());
        let (head, _) = digest.as_bytes().split_first_chunk::<8>().expect("a digest has 32 bytes");
        Self(u64::from_be_bytes(*head))
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ChangeId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What `Display` writes, without its machinery: there is one for each change.
        let mut digits = [0; 16];
        for (place, digit) in digits.iter_mut().enumerate() {
            *digit = b"0123456789abcdef"[(self.0 >> (60 - 4 * place) & 0xF) as usize];
        }
        serializer.serialize_str(std::str::from_utf8(&digits).expect("hexadecimal digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for ChangeId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = (text.len() == 16).then(|| u64::from_str_radix(&text, 16).ok()).flatten();
        number.map(Self).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no change id: sixteen hexadecimal digits are")))
    }
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It stands in the cleaned text.
    Applied,
    /// It asks for a decision; the text stayed as it was.
    Waiting,
    /// A person's decision forbids it.
    Rejected,
    /// Another change of the same pass claimed the same text first.
    Outranked {
        /// The winner.
        by: ChangeId,
    },
    /// It lies where nothing may be changed.
    Protected {
        /// What kind of place that is.
        zone: Zone,
    },
}

impl Fate {
    /// The name in records: `applied`, `waiting`, `rejected`, `outranked`, `protected`.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Applied => "applied",
            Fate::Waiting => "waiting",
            Fate::Rejected => "rejected",
            Fate::Outranked { .. } => "outranked",
            Fate::Protected { .. } => "protected",
        }
    }
}

/// A proposal of a rule, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Made from rule, span, before and after (of the proposal, should a person have replaced it).
    pub id: ChangeId,
    /// The text it lies in.
    pub part: Part,
    /// The pass that the rule belongs to.
    pub pass: &'static str,
    /// The full id of the rule.
    pub rule: Arc<str>,
    /// The source text concerned, in bytes of the decoded source.
    pub span: Span<Original>,
    /// What the pass saw there: source text, or already another pass's work.
    pub before: SmolStr,
    /// What the rule makes of it.
    pub after: SmolStr,
    /// Which of the proposals that are alike in rule, span, before and after; 0 is the first.
    pub occurrence: u32,
    /// What a person wants there instead of `after`.
    pub replaced_with: Option<String>,
    /// The line of the decisions file that decided it.
    pub decision: Option<usize>,
    /// The kind of place, if it is a special one.
    pub zone: Option<Zone>,
    /// What became of it.
    pub fate: Fate,
}

impl Change {
    /// What stands there if the change is applied.
    pub fn result(&self) -> &str {
        self.replaced_with.as_deref().unwrap_or(&self.after)
    }
}
