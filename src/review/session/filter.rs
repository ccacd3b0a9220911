//! What is shown, to whom, and in which order.

use std::num::NonZeroU64;

use super::item::Id;

/// Which items are shown.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of these rules: whole ids, or the part before a slash.
    pub rules: Vec<String>,
    /// In these zones, by name; `none` is outside all of them.
    pub zones: Vec<String>,
    /// In documents whose name holds this.
    pub document: Option<String>,
    /// What was, becomes or stands around holds this.
    pub text: Option<String>,
    /// Whatever was decided as well; otherwise what is undecided or disputed.
    pub decided: bool,
    /// Only what asked for a decision, not what a rule applied by itself.
    pub waiting: bool,
    /// Only what readers want different things of.
    pub disputed: bool,
    /// The share of one of several readers.
    pub share: Option<Share>,
}

/// The share of one of several readers: whole groups, dealt by their ids, and some that all of them get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which reader, from 0.
    pub reader: u64,
    /// Of how many.
    pub of: NonZeroU64,
    /// So many groups of a hundred are everybody's.
    pub overlap: u64,
}

impl Share {
    pub(super) fn holds(self, group: &Id) -> bool {
        let number = u64::from_str_radix(group.as_str().get(1..).unwrap_or_default(), 16).unwrap_or_default();
        number / self.of % 100 < self.overlap || number % self.of == self.reader
    }
}

/// In which order groups are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What waits inside a quotation, title or other zone; then what waits; then what is applied. The larger first.
    #[default]
    Risk,
    /// By rule.
    Rule,
    /// By the first document.
    Document,
    /// The larger first.
    Frequency,
}

/// Whether a rule has this id, or stands below it: `typos` and `typos/recurring` hold `typos/recurring/Isrfael`.
pub(super) fn is_below(rule: &str, wanted: &str) -> bool {
    rule.strip_prefix(wanted.trim_end_matches(['*', '/'])).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
