//! A proposal of a rule, and what became of it: what is shown, counted and decided.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{InDocument, Span, Zone};

/// Which text of a document a change lies in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A field of the envelope, by name.
    Field(Arc<str>),
    /// The text of the document.
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

/// Sixteen hexadecimal digits made from the identity of a change: part, rule, span, before, after.
///
/// Unique within a document, and the same wherever that document is found, since spans count from its first byte.
/// Fate and zone are no part of it, so a decision still finds its change after a policy was altered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(u64);

impl ChangeId {
    /// The id of the change that `rule` proposes in a part of a document.
    #[expect(clippy::missing_panics_doc, reason = "a digest has 32 bytes")]
    pub fn new(part: &Part, rule: &str, place: ChangePlace, before: &str, after: &str) -> Self {
        // Most changes fit into one block of the digest, of 64 bytes.
        let field = if let Part::Field(name) = part { name } else { "" };
        let mut numbers = [0; 36];
        for (bytes, number) in numbers.chunks_exact_mut(8).zip([place.span.start, place.span.end, rule.len(), before.len()]) {
            bytes.copy_from_slice(&(number as u64).to_le_bytes());
        }
        numbers[32..].copy_from_slice(&place.occurrence.to_le_bytes());
        let separator = if field.is_empty() { "" } else { "\0" };
        let texts = [rule, before, after, separator, field].concat();
        let digest = blake3::hash(&[&numbers, texts.as_bytes()].concat());
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
    /// It is in the cleaned text.
    Applied,
    /// It needs review; the text stayed as it was.
    Pending,
    /// A person's decision forbids it.
    Rejected,
    /// Another change of the same pass claimed the same text first.
    Superseded {
        /// The change that won.
        by: ChangeId,
    },
    /// It lies where nothing may be changed.
    Protected {
        /// What kind of place that is.
        zone: Zone,
    },
}

impl Fate {
    /// The name in records: `applied`, `pending`, `rejected`, `superseded`, `protected`.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Applied => "applied",
            Fate::Pending => "pending",
            Fate::Rejected => "rejected",
            Fate::Superseded { .. } => "superseded",
            Fate::Protected { .. } => "protected",
        }
    }
}

/// One place of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangePlace {
    /// The text concerned, in bytes of the part of the document.
    pub span: Span<InDocument>,
    /// Which of the proposals that are alike in part, rule, span, before and after; 0 is the first.
    ///
    /// Two proposals inside one seam can be alike in all of these, since their spans widen to the span of the seam.
    pub occurrence: u32,
}

impl ChangePlace {
    /// The first proposal of its kind at this place.
    pub fn at(span: Span<InDocument>) -> Self {
        Self { span, occurrence: 0 }
    }
}

/// Where in a list of changes the place of one is: change `change`, place `place` of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceRef {
    /// The number of the change, from 0.
    pub change: u32,
    /// The number of the place among the places of that change, from 0.
    pub place: u32,
}

impl PlaceRef {
    /// The place that it names.
    ///
    /// # Panics
    /// When it belongs to another list.
    pub fn of(self, changes: &[Change]) -> PlacedChange<'_> {
        let change = &changes[self.change as usize];
        PlacedChange { change, place: change.places[self.place as usize] }
    }
}

/// A proposal of a rule and what became of it, at all the places of a document where both are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The text it lies in.
    pub part: Part,
    /// The pass that the rule belongs to.
    pub pass: &'static str,
    /// The full id of the rule.
    pub rule: Arc<str>,
    /// What the pass saw: original text, or what an earlier pass made of it.
    pub before: SmolStr,
    /// What the rule makes of it.
    pub after: SmolStr,
    /// What a person wants instead of `after`.
    pub replaced_with: Option<String>,
    /// The line of the decisions file that decided it.
    pub decision: Option<usize>,
    /// The kind of place, if it is a special one.
    pub zone: Option<Zone>,
    /// What became of it.
    pub fate: Fate,
    /// Its places, in the order of the text. There is at least one.
    pub places: SmallVec<[ChangePlace; 1]>,
}

impl Change {
    /// The text that is there if the change is applied.
    pub fn result(&self) -> &str {
        self.replaced_with.as_deref().unwrap_or(&self.after)
    }

    /// The change at each of its places.
    pub fn placed(&self) -> impl Iterator<Item = PlacedChange<'_>> + Clone {
        self.places.iter().map(|place| PlacedChange { change: self, place: *place })
    }

    /// The change at its first place.
    pub fn first(&self) -> PlacedChange<'_> {
        PlacedChange { change: self, place: self.places[0] }
    }

    /// The span of its first place.
    pub fn span(&self) -> Span<InDocument> {
        self.places[0].span
    }

    /// The id of its first place.
    pub fn id(&self) -> ChangeId {
        self.first().id()
    }
}

/// A change at one of its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedChange<'c> {
    /// The change.
    pub change: &'c Change,
    /// The place.
    pub place: ChangePlace,
}

impl PlacedChange<'_> {
    /// Its id, made anew with each call.
    pub fn id(&self) -> ChangeId {
        let Change { part, rule, before, after, .. } = self.change;
        ChangeId::new(part, rule, self.place, before, after)
    }

    /// The text concerned, in bytes of the part of the document.
    pub fn span(&self) -> Span<InDocument> {
        self.place.span
    }

    /// A change that has this place alone.
    pub fn to_change(self) -> Change {
        // Field by field: the change may have a hundred thousand other places, which must not be copied.
        let Change { part, pass, rule, before, after, replaced_with, decision, zone, fate, places: _ } = self.change;
        Change {
            part: part.clone(),
            pass,
            rule: rule.clone(),
            before: before.clone(),
            after: after.clone(),
            replaced_with: replaced_with.clone(),
            decision: *decision,
            zone: *zone,
            fate: *fate,
            places: SmallVec::from_buf([self.place]),
        }
    }
}

impl Deref for PlacedChange<'_> {
    type Target = Change;

    fn deref(&self) -> &Change {
        self.change
    }
}
