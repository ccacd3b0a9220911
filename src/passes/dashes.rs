//! Dashes.
//!
//! Typewriters and news agencies have no dash, so they write two hyphens. Which dash an author wants,
//! and with spaces or without, is a matter of house style: nothing here is applied unless a project
//! says so. The shipped rule asks about ` -- ` between words, and keeps the spaces that the author chose.
//!
//! What it leaves alone: every dash that is one already; hyphens at the edges of a line (lists,
//! signatures, a line broken at a dash); three and more hyphens (rules); lines with a tab, `|` or `│`
//! (tables); hyphens that touch a word (`--flag`), or stand beside a word that begins with one.
//!
//! Example: `the crossings -- the only routes` becomes `the crossings – the only routes`.

use std::ops::Range;

use super::pattern::{Patterns, Trim};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, View, built_in};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::{line, word};

/// The behaviours that a rule can stand for.
const BUILT_INS: &[&str] = &[DOUBLE_HYPHEN];

const DOUBLE_HYPHEN: &str = "double-hyphen";

const CONTRACT: Contract = Contract { says: "dashes, ellipses and the spaces that touch them", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec {
    built_ins: BUILT_INS,
    is_about_language: true,
    ..PassSpec::new("dashes", CONTRACT, |rules, _| Box::new(Dashes::new(rules)))
};

impl PassName {
    /// Dashes and ellipses.
    pub const DASHES: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Dashes {
    double_hyphen: Option<RuleNumber>,
    patterns: Patterns,
}

impl Dashes {
    /// The pass with these rules.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self { double_hyphen: built_in(rules, DOUBLE_HYPHEN), patterns: Patterns::new(rules) }
    }
}

impl Pass for Dashes {
    fn name(&self) -> PassName {
        PassName::DASHES
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        if let Some(rule) = self.double_hyphen {
            double_hyphens(rule, view.text, edits);
        }
        self.patterns.propose(view, Trim::Characters, edits)
    }
}

/// Dashes, points of an ellipsis and blanks for the same; a single full stop is no ellipsis.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    if !found.chars().chain(edit.with.chars()).all(|c| is_dash(c) || matches!(c, '.' | '…') || line::is_blank(c)) {
        return false;
    }
    let start = text[..edit.at.start].chars().next_back().map_or(0, char::len_utf8);
    let end = text[edit.at.end..].chars().next().map_or(0, char::len_utf8);
    let reach = &text[edit.at.start - start..edit.at.end + end];
    reach.contains(is_dash) || reach.contains('…') || reach.matches('.').count() > 1
}

/// Hyphens, dashes, bars that serve as dashes, and the minus sign.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Two hyphens with one space on either side, between two words of one line, become an en dash.
fn double_hyphens(rule: RuleNumber, text: &str, edits: &mut Vec<Edit<'_>>) {
    let mut line: Range<usize> = 0..0;
    let mut is_table = false;
    for at in memchr::memmem::find_iter(text.as_bytes(), " -- ") {
        if !(text[..at].chars().next_back().is_some_and(|c| !c.is_whitespace()) && text[at + 4..].starts_with(|c: char| !c.is_whitespace()))
        {
            continue;
        }
        let before = text[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = text[at + 4..].split(char::is_whitespace).next().unwrap_or_default();
        if ![before, after].iter().all(|chunk| chunk.contains(word::is_word_char) && !chunk.starts_with('-')) {
            continue;
        }
        if !line.contains(&at) {
            line = line::around(text, at);
            is_table = text[line.clone()].contains(['\t', '|', '│']);
        }
        if !is_table {
            edits.push(Edit::in_context(rule, Span::new(at + 1, at + 3), Span::new(at, at + 4), "–"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::{Extent, proof};

    fn shipped() -> Dashes {
        Dashes::new(&proof::numbered(&proof::shipped(PassName::DASHES)))
    }

    #[test]
    fn the_shipped_rules_hold() {
        proof::prove(PassName::DASHES, Dashes::new, &[]);
    }

    #[test]
    fn the_shipped_rule_asks() {
        assert!(proof::shipped(PassName::DASHES).iter().all(|rule| rule.policy == Some(crate::rules::Policy::Ask)));
    }

    #[test]
    fn neighbouring_dashes_are_both_found() {
        assert_eq!(proof::run(&shipped(), "a -- b -- c", Extent::Whole), "a – b – c");
        assert_eq!(proof::edits(&shipped(), "a -- b"), [(0, 2, 4, "–".into())], "the spaces stay the author's");
    }

    #[test]
    fn hyphens_that_are_no_dash_stay() {
        for text in [
            "git commit --amend",
            "ls -- --help",
            "-a -- b",
            "a --- b",
            "---",
            "-- \nName",
            "a --\nb",
            "a\n-- b",
            "Name | -- | 5",
            "a\tb -- c",
            "Name  --  5",
            "* -- x",
            "a -- …",
            "<!-- a -->",
            "a–b — c",
            "",
        ] {
            assert!(proof::edits(&shipped(), text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn a_rule_that_is_off_is_not_run() {
        assert!(proof::edits(&Dashes::new(&[]), "a -- b").is_empty());
    }

    #[test]
    fn the_contract_knows_an_ellipsis_from_a_full_stop() {
        let says = |text: &str, start, end, with: &str| allows(text, &Edit::replace(RuleNumber(0), Span::new(start, end), with.to_owned()));
        assert!(says("a -- b", 2, 4, "–") && says("a—b", 1, 4, " – ") && says("so...", 2, 5, "…") && says("so....", 5, 6, ""));
        assert!(!says("so. And", 2, 3, "") && !says("a -- b", 1, 5, ", ") && !says("a b", 1, 2, "  ") && !says("a -\nb", 3, 4, " "));
    }
}
