//! Rules that are regular expressions, for any pass.

use regex::Regex;

use super::{Overrun, PassRules, View};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::{paragraph, word};
use crate::rules::Find;

/// What one rule may cost in one window: matches times the window's length, in bytes.
///
/// `regex` is linear for one search but not for all matches of a text: `.*[0-9]|[A-Z]` reads on to
/// the end of the window for each capital. This bounds it, whatever the pattern.
pub const BUDGET: usize = 256 << 20;

/// How a match is cut down to what it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trim {
    /// To the characters that differ.
    Characters,
    /// To the words that differ.
    Words,
}

/// The regular expressions of one pass.
///
/// A pattern sees one paragraph at a time, at most [`paragraph::WINDOW`] bytes of it; `^` and `$`
/// are the ends of a line. It competes with its whole match and is recorded without what it leaves
/// as it was.
#[derive(Debug, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    rule: RuleNumber,
    find: Regex,
    becomes: String,
}

impl Patterns {
    /// The patterns among the rules of a pass; other kinds of rules are passed over.
    pub fn new(rules: PassRules<'_>) -> Self {
        let patterns = rules.iter().filter_map(|(rule, data)| match &data.find {
            Find::Pattern { find, becomes } => Some(Pattern { rule: *rule, find: find.clone(), becomes: becomes.clone() }),
            _ => None,
        });
        Self { patterns: patterns.collect() }
    }

    /// Adds an edit for each match.
    ///
    /// # Errors
    /// When a pattern goes over its [`BUDGET`] in a window.
    pub fn propose<'r>(&'r self, view: &View<'_>, trim: Trim, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        for pattern in &self.patterns {
            // Nearly every rule finds nothing in nearly every text: one linear search settles that.
            if pattern.find.is_match(view.text) {
                for window in paragraph::windows(view.text) {
                    pattern.search(view.text, window, trim, edits)?;
                }
            }
        }
        Ok(())
    }
}

impl Pattern {
    fn search<'r>(&'r self, text: &str, window: std::ops::Range<usize>, trim: Trim, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let haystack = &text[..window.end];
        let (mut at, mut spent) = (window.start, 0);
        while at <= window.end {
            let Some(captures) = self.find.captures_at(haystack, at) else { break };
            let found = captures.get_match();
            spent += window.len();
            if spent > BUDGET {
                return Err(Overrun { rule: self.rule, at: window.start });
            }
            let mut with = String::new();
            captures.expand(&self.becomes, &mut with);
            let edit = Edit::replace(self.rule, Span::new(found.start(), found.end()), with).trimmed(text);
            if !(edit.at.is_empty() && edit.with.is_empty()) {
                edits.push(if trim == Trim::Words { whole_words(&edit, text) } else { edit });
            }
            at = if found.is_empty() { next_char(haystack, found.end()) } else { found.end() };
        }
        Ok(())
    }
}

/// Widens a trimmed edit to the words that it changes, within its reach.
fn whole_words<'r>(edit: &Edit<'r>, text: &str) -> Edit<'r> {
    let is_inner = |c: char| word::is_word_char(c) || word::is_joiner(c);
    let before = &text[edit.reach.start..edit.at.start];
    let after = &text[edit.at.end..edit.reach.end];
    let start = edit.reach.start + before.trim_end_matches(is_inner).len();
    let end = edit.at.end + (after.len() - after.trim_start_matches(is_inner).len());
    let with = [&text[start..edit.at.start], &edit.with, &text[edit.at.end..end]].concat();
    Edit::in_context(edit.rule, Span::new(start, end), edit.reach, with)
}

fn next_char(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::Extent;
    use crate::rules::{PassName, Rule};

    fn edits(find: &str, becomes: &str, text: &str, trim: Trim) -> Result<Vec<(usize, usize, String)>, Overrun> {
        let find = regex::RegexBuilder::new(find).multi_line(true).build().expect("the test's pattern is valid");
        let rule = Rule::new(PassName::QUOTES, "quotes/test", Find::Pattern { find, becomes: becomes.to_owned() });
        let patterns = Patterns::new(&[(RuleNumber(0), &rule)]);
        let mut edits = Vec::new();
        patterns.propose(&View::of(text, Extent::Whole), trim, &mut edits)?;
        Ok(edits.into_iter().map(|edit| (edit.at.start, edit.at.end, edit.with.into_owned())).collect())
    }

    #[test]
    fn a_match_is_recorded_without_its_context() {
        assert_eq!(edits(r"(\p{L}[.,!?]?)″", "${1}\"", "he said so.″", Trim::Characters), Ok(vec![(11, 14, "\"".into())]));
        assert_eq!(edits(r"\bthe teh\b", "the the", "see the teh end", Trim::Words), Ok(vec![(8, 11, "the".into())]));
    }

    #[test]
    fn a_match_stays_within_its_paragraph() {
        assert_eq!(edits(r"a\s+b", "ab", "a\n\nb", Trim::Characters), Ok(vec![]));
        assert_eq!(edits("^x", "y", "x\n\nx x\nx", Trim::Characters).map(|found| found.len()), Ok(3));
    }

    #[test]
    fn a_match_of_nothing_does_not_hang() {
        assert_eq!(edits(r"\bé", "e", "é é", Trim::Characters).map(|found| found.len()), Ok(2));
        assert_eq!(edits("x*", "", "aé", Trim::Characters), Ok(vec![]));
    }

    #[test]
    fn a_pattern_that_reads_on_and_on_goes_over_its_budget() {
        let text = "A".repeat(100_000);
        assert_eq!(edits(".*[0-9]|[A-Z]", "", &text, Trim::Characters), Err(Overrun { rule: RuleNumber(0), at: 0 }));
    }
}
