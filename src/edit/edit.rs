//! What a pass proposes.

use std::borrow::Cow;

use super::{InDraft, Span};

/// The place of a rule in the run's rule set: the earlier rule wins a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleNumber(pub u32);

/// A proposal, in the coordinates of the text that its pass saw.
///
/// Made by [`Edit::replace`] or [`Edit::in_context`]; an edit that changes nothing is dropped by
/// whoever applies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<'r> {
    /// The text to replace; empty for an insertion.
    pub at: Span<InDraft>,
    /// All that the rule looked at and needs to stand as it is: this is what competes with other
    /// edits. It holds `at`.
    pub reach: Span<InDraft>,
    /// What stands there afterwards; empty for a deletion.
    pub with: Cow<'r, str>,
    /// The rule that asks for it.
    pub rule: RuleNumber,
    /// Whether the pass is not sure: then it needs review, whatever the policy of its rule.
    pub is_guess: bool,
}

impl<'r> Edit<'r> {
    /// Replaces exactly what the rule found.
    pub fn replace(rule: RuleNumber, at: Span<InDraft>, with: impl Into<Cow<'r, str>>) -> Self {
        Self { at, reach: at, with: with.into(), rule, is_guess: false }
    }

    /// Replaces part of what the rule found; the rest is context.
    ///
    /// # Panics
    /// When `reach` does not hold `at`.
    pub fn in_context(rule: RuleNumber, at: Span<InDraft>, reach: Span<InDraft>, with: impl Into<Cow<'r, str>>) -> Self {
        assert!(reach.start <= at.start && at.end <= reach.end, "an edit lies within its reach: {at:?} in {reach:?}");
        Self { at, reach, with: with.into(), rule, is_guess: false }
    }

    /// The same edit without the characters at both ends that it would leave as they are.
    ///
    /// Cuts between code points; the cut-off characters stay in the reach.
    pub fn trimmed(mut self, text: &str) -> Self {
        let found = &text[self.at.range()];
        let prefix = common_prefix(found, &self.with);
        let suffix = common_prefix_back(&found[prefix..], &self.with[prefix..]);
        self.at = Span::new(self.at.start + prefix, self.at.end - suffix);
        let kept = prefix..self.with.len() - suffix;
        self.with = match self.with {
            Cow::Borrowed(with) => Cow::Borrowed(&with[kept]),
            Cow::Owned(with) => Cow::Owned(with[kept].to_owned()),
        };
        self
    }
}

/// How many bytes of whole code points the two share at their start.
fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

/// How many bytes of whole code points the two share at their end.
fn common_prefix_back(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trim(found: &'static str, with: &'static str) -> (usize, usize, String) {
        let edit = Edit::replace(RuleNumber(0), Span::new(0, found.len()), with).trimmed(found);
        assert_eq!(edit.reach, Span::new(0, found.len()), "the reach keeps the whole match");
        (edit.at.start, edit.at.end, edit.with.into_owned())
    }

    #[test]
    fn trimming_keeps_only_what_differs() {
        assert_eq!(trim("so.″", "so.\""), (3, 6, "\"".into()));
        assert_eq!(trim("aa", "a"), (1, 2, String::new()));
        assert_eq!(trim("a", "aa"), (1, 1, "a".into()));
        assert_eq!(trim("é", "è"), (0, 2, "è".into()), "never half a code point");
        assert_eq!(trim("same", "same"), (4, 4, String::new()));
    }
}
