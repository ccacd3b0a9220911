//! Site furniture: lines that a web page puts between the paragraphs of an article.
//!
//! All of it is rules; each is a regular expression that must match within a line, and becomes
//! nothing. The whole line goes with its line end, since half a line of furniture helps nobody. A match that an opening
//! and its closing bracket hold (`[Advertisement]`) goes alone if its line holds more.
//!
//! What it leaves alone: the blank lines around (`spaces` comes later and leaves one), and whatever
//! follows a line without a marker of its own, such as the teaser under a headline. Shipped rules ask:
//! the same words can begin a sentence of the author's.
//!
//! Example: `He left.⏎Read more: Israeli officials …⏎She stayed.⏎` becomes `He left.⏎She stayed.⏎`.

use std::ops::Range;

use super::pattern::{Patterns, Trim};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, View};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::line;
use crate::rules::Find;

const CONTRACT: Contract = Contract { says: "whole lines and bracketed spans, to delete them", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec::new("boilerplate", CONTRACT, |rules, _| Box::new(Boilerplate::new(rules)));

impl PassName {
    /// Site furniture.
    pub const BOILERPLATE: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Boilerplate {
    patterns: Patterns,
    /// The rules whose match becomes nothing, sorted. Others are left to break the contract.
    deletes: Vec<RuleNumber>,
}

impl Boilerplate {
    /// The pass with these rules.
    pub fn new(rules: PassRules<'_>) -> Self {
        let deletes = rules.iter().filter(|(_, rule)| matches!(&rule.find, Find::Pattern { becomes, .. } if becomes.is_empty()));
        let mut deletes: Vec<_> = deletes.map(|(number, _)| *number).collect();
        deletes.sort_unstable();
        Self { patterns: Patterns::new(rules), deletes }
    }
}

impl Pass for Boilerplate {
    fn name(&self) -> PassName {
        PassName::BOILERPLATE
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let first = edits.len();
        self.patterns.propose(view, Trim::Characters, edits)?;
        let mut kept = first;
        for at in first..edits.len() {
            let edit = &edits[at];
            if self.deletes.binary_search(&edit.rule).is_ok() {
                let found = edit.at.range();
                // A pattern gives its matches in order: a line that it deletes already goes once.
                if edits[first..kept].last().is_some_and(|last| last.rule == edit.rule && found.end <= last.at.end) {
                    continue;
                }
                let deleted = deleted(view.text, found);
                edits[at] = Edit::replace(edit.rule, Span::new(deleted.start, deleted.end), "");
            }
            edits.swap(kept, at);
            kept += 1;
        }
        edits.truncate(kept);
        Ok(())
    }
}

/// A deletion of whole lines or of a bracketed span.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    let starts_line = edit.at.start == 0 || text[..edit.at.start].ends_with(line::is_end);
    let ends_line = edit.at.end == text.len() || found.ends_with(line::is_end);
    edit.with.is_empty() && ((starts_line && ends_line) || is_bracketed(found))
}

/// What goes with a match: all lines that it touches, or a bracketed span in a line that holds more.
fn deleted(text: &str, found: Range<usize>) -> Range<usize> {
    let start = line::around(text, found.start).start;
    // A match that ends with a line end does not touch the next line.
    let last = text[found.clone()].trim_end_matches(line::is_end).len();
    let end = line::end_of(text, found.start + last);
    let alone = text[start..found.start].trim().is_empty() && text[found.start + last..end].trim().is_empty();
    if !alone && is_bracketed(&text[found.clone()]) { found } else { start..line::after_end(text, end) }
}

/// Whether an opening bracket starts it that is closed by its last character, not before.
fn is_bracketed(found: &str) -> bool {
    let Some(open) = found.chars().next() else { return false };
    let Some((_, close)) = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')].into_iter().find(|(opening, _)| *opening == open) else {
        return false;
    };
    let mut depth = 0_usize;
    for (at, c) in found.char_indices() {
        depth = if c == open {
            depth + 1
        } else if c == close {
            depth - 1
        } else {
            depth
        };
        if depth == 0 {
            return at + close.len_utf8() == found.len();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::{Extent, proof};
    use crate::rules::{Policy, Rule};

    fn pass(find: &str, becomes: &str) -> Boilerplate {
        let find = regex::RegexBuilder::new(find).multi_line(true).build().expect("the test's pattern is valid");
        let rule = Rule::new(PassName::BOILERPLATE, "boilerplate/test", Find::Pattern { find, becomes: becomes.to_owned() });
        Boilerplate::new(&[(RuleNumber(0), &rule)])
    }

    fn shipped() -> Boilerplate {
        Boilerplate::new(&proof::numbered(&proof::shipped(PassName::BOILERPLATE)))
    }

    #[test]
    fn the_shipped_rules_hold_and_ask() {
        proof::prove(PassName::BOILERPLATE, Boilerplate::new, &[]);
        assert!(proof::shipped(PassName::BOILERPLATE).iter().all(|rule| rule.policy == Some(Policy::Ask)));
    }

    #[test]
    fn both_lines_of_an_article_are_found_and_the_teaser_between_stays() {
        let text = "It is near.\nRead more: They 'got played': Axios\n'Israel' would invade: Gallant\nHe said.\nRead more: Rafah may be a moment: Axios";
        assert_eq!(proof::run(&shipped(), text, Extent::Whole), "It is near.\n'Israel' would invade: Gallant\nHe said.\n");
    }

    #[test]
    fn a_line_goes_whole_and_once() {
        let marks = pass("Share", "");
        assert_eq!(proof::edits(&marks, "a\n> Share on X, Share on Y\nb"), [(0, 2, 27, String::new())]);
        assert_eq!(proof::run(&marks, "a\n\nShare\n\nb", Extent::Whole), "a\n\n\nb", "the blank lines are for another pass");
        assert_eq!(proof::run(&marks, "a\r\nShare\r\nb", Extent::Whole), "a\r\nb");
        assert_eq!(proof::run(&marks, "a\rShare\rb", Extent::Whole), "a\rb", "CR alone ends a line too");
        assert_eq!(proof::run(&marks, "Share", Extent::Whole), "");
        assert_eq!(proof::run(&pass(r"^Share\nthis$", ""), "a\nShare\nthis\nb", Extent::Whole), "a\nb");
        assert_eq!(proof::run(&pass("^Share\\n", ""), "Share\nb", Extent::Whole), "b");
    }

    #[test]
    fn a_bracketed_span_goes_alone_unless_it_is_the_line() {
        let marks = pass(r"\[[^\[\]]*\]", "");
        assert_eq!(proof::run(&marks, "so [ad] it [ad] went", Extent::Whole), "so  it  went");
        assert_eq!(proof::run(&marks, "a\n [ad] \nb", Extent::Whole), "a\nb");
        assert_eq!(proof::run(&pass(r"\(.*\)", ""), "so (a) b (c) d\ne", Extent::Whole), "e", "two spans are no span");
    }

    #[test]
    fn a_rule_that_writes_breaks_the_contract() {
        let mut edits = Vec::new();
        let text = "Share this: yes";
        let writes = pass("^Share this: (.*)", "${1}");
        writes.propose(&View::of(text, Extent::Whole), &mut edits).expect("no budget is that small");
        assert_eq!(edits.len(), 1);
        assert!(!allows(text, &edits[0]), "half a line is not for deletion");
    }
}
