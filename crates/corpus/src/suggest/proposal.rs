//! What is proposed, and what speaks for it.

use super::neighbours::SharedNeighbours;
use super::occurrence::{CleanedSpot, Occurrences};
use emendo_core::rules::PassName;

/// What a proposal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProposalKind {
    /// A rare form of a frequent word.
    Typo,
    /// A rare form of a frequent name.
    Name,
    /// A word that stands twice.
    Doubled,
    /// Marks typed for quotation marks.
    Quotes,
    /// Characters that nobody types.
    Characters,
    /// A line that stands in many documents.
    Boilerplate,
    /// What documents begin or end with.
    Envelope,
}

impl ProposalKind {
    /// All of them.
    pub const ALL: [ProposalKind; 7] = [
        ProposalKind::Typo,
        ProposalKind::Name,
        ProposalKind::Doubled,
        ProposalKind::Quotes,
        ProposalKind::Characters,
        ProposalKind::Boilerplate,
        ProposalKind::Envelope,
    ];

    /// The name, for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            ProposalKind::Typo => "typo",
            ProposalKind::Name => "name",
            ProposalKind::Doubled => "doubled",
            ProposalKind::Quotes => "quotes",
            ProposalKind::Characters => "characters",
            ProposalKind::Boilerplate => "boilerplate",
            ProposalKind::Envelope => "envelope",
        }
    }
}

/// The rule that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A row of a table of words.
    Words {
        /// The wrong form.
        wrong: String,
        /// The right one.
        right: String,
        /// What happens to capitals, if it is not the usual.
        case: Option<&'static str>,
    },
    /// A row of a table of names.
    Name {
        /// The form to replace.
        variant: String,
        /// The form to arrive at.
        canonical: String,
    },
    /// A pattern.
    Pattern {
        /// Whose work it is.
        pass: PassName,
        /// Its id, without the pass.
        id: String,
        /// What it finds.
        find: String,
        /// What becomes of it.
        becomes: String,
        /// A text in which it finds something, if one could be made of the pattern; else one has to be cut from the corpus.
        example: Option<String>,
    },
    /// Nothing that could be a rule with certainty: what was seen, and what to do about it.
    Advice {
        /// What was seen.
        seen: String,
        /// What to write.
        write: String,
    },
}

impl Fix {
    /// What is wrong and what would be right: under these two a "no" is remembered.
    pub fn pair(&self) -> (&str, &str) {
        match self {
            Self::Words { wrong, right, .. } => (wrong, right),
            Self::Name { variant, canonical } => (variant, canonical),
            Self::Pattern { find, becomes, .. } => (find, becomes),
            Self::Advice { seen, .. } => (seen, ""),
        }
    }
}

/// A proposal, with what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What it is about.
    pub kind: ProposalKind,
    /// The rule.
    pub fix: Fix,
    /// The sentence that a reviewer reads.
    pub why: String,
    /// Whether the rule only asks.
    pub asks: bool,
    /// So many changes it would make, in so many documents.
    pub count: u64,
    /// In so many documents.
    pub documents: u64,
    /// How often the right form stands there, where there is one.
    pub right_count: Option<u64>,
    /// The neighbours that both forms share, where there are two.
    pub shared: Option<SharedNeighbours>,
    /// From 0 to 1.
    pub confidence: f64,
    /// Places of what is wrong.
    pub spots: Vec<CleanedSpot>,
    /// Places of the right form.
    pub right_spots: Vec<CleanedSpot>,
}

impl Proposal {
    /// A proposal about what was seen.
    pub fn new(kind: ProposalKind, fix: Fix, seen: &Occurrences, confidence: f64) -> Self {
        Self {
            kind,
            fix,
            why: String::new(),
            asks: true,
            count: seen.count,
            documents: seen.documents,
            right_count: None,
            shared: None,
            confidence,
            spots: seen.spots.to_vec(),
            right_spots: Vec::new(),
        }
    }

    /// The same, beside a frequent form.
    pub fn beside(self, right: &Occurrences, shared: SharedNeighbours) -> Self {
        Self { right_count: Some(right.count), shared: Some(shared), right_spots: right.spots.to_vec(), ..self }
    }

    /// A short name for it that is the same in every run.
    pub fn id(&self) -> String {
        let (wrong, right) = self.fix.pair();
        let mut hasher = blake3::Hasher::new();
        for part in [self.kind.name(), wrong, right] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize().to_hex()[..8].to_owned()
    }

    /// What it is worth to look at: the changes that are to be expected to be right.
    #[expect(clippy::cast_precision_loss, reason = "counts are far from 2^52")]
    pub fn worth(&self) -> f64 {
        self.count as f64 * self.confidence
    }
}
