//! Recurring misspellings, phrases and doubled words.

use std::borrow::Cow;
use std::ops::Range;

use super::pattern::{Patterns, Trim};
use super::phrases::{Compounds, Gaps, Phrases, is_all_caps, is_whole, rendered, same, stands_free};
use super::{Contract, Overrun, Pass, PassRules, View};
use crate::rules::{Case, Find, PassName, Style};
use crate::text::{Edit, RuleNumber, Span, word};

/// The behaviours that rules may name.
pub const BUILT_INS: &[&str] = &[];

/// Replaces words and phrases of which it is known that they are wrong.
///
/// One row covers the word before a possessive (`Isrfael's`) and, for a single word, in a compound
/// (`pro-Isrfael`); the rest of the token stays as it is. Not looked at: parts of identifiers, file
/// names, domains and paths, and words that are spoken about (“spelled the name Isrfael”). A phrase
/// needs exactly one ordinary space between its words. A doubled word (`the the` → `the`) goes
/// however often it stands there, but not where a capital begins the second: `the The Hague talks`,
/// the band `The The`.
#[derive(Debug)]
pub struct Typos {
    phrases: Phrases,
    words: Vec<Word>,
    patterns: Patterns,
}

/// What a row of a table says.
#[derive(Debug)]
struct Word {
    rule: RuleNumber,
    wrong: String,
    right: String,
    case: Case,
    compounds: Compounds,
    /// Whether `wrong` is nothing but `right` again and again.
    doubled: bool,
}

impl Typos {
    /// The pass with these rules, in straight style; words that [`fault`] objects to are left out.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self::in_style(rules, Style::Straight)
    }

    /// The same, with apostrophes in this style.
    #[expect(clippy::missing_panics_doc, reason = "no memory holds so many rules")]
    pub fn in_style(rules: PassRules<'_>, style: Style) -> Self {
        let mut phrases = Phrases::new(Gaps::Blank);
        let mut words = Vec::new();
        for (rule, data) in rules {
            let Find::Words { wrong, right, case } = &data.find else { continue };
            if fault(wrong).or_else(|| fault(right)).is_none() {
                phrases.insert(wrong, u32::try_from(words.len()).expect("rules are counted in 32 bits"));
                words.push(Word::new(*rule, wrong, right, *case, style));
            }
        }
        Self { phrases, words, patterns: Patterns::new(rules) }
    }
}

/// Why a wrong or right form cannot be used: it must consist of words with one space between two.
pub fn fault(form: &str) -> Option<&'static str> {
    let is_bordered = form.starts_with(word::is_word_char) && form.ends_with(word::is_word_char);
    if form.is_empty() {
        Some("is empty")
    } else if !is_words(form) {
        Some("holds more than letters, apostrophes, hyphens and single spaces between words")
    } else {
        (!is_bordered).then_some("does not begin and end with a letter")
    }
}

impl Pass for Typos {
    fn name(&self) -> PassName {
        PassName::Typos
    }

    fn contract(&self) -> Contract {
        Contract { says: "whole words: letters, apostrophes and hyphens, with one space between two words", allows }
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let mut doubled_to = 0;
        self.phrases.find(view.text, |at, number| {
            let word = &self.words[number as usize];
            if word.doubled && at.start < doubled_to {
                return;
            }
            let Some(edit) = word.edit(view.text, at) else { return };
            if word.doubled {
                doubled_to = edit.at.end;
            }
            edits.push(edit);
        });
        self.patterns.propose(view, Trim::Words, edits)
    }
}

impl Word {
    fn new(rule: RuleNumber, wrong: &str, right: &str, case: Case, style: Style) -> Self {
        let (wrong, right) = (rendered(wrong, style), rendered(right, style));
        let doubled = wrong.contains(' ') && wrong.split(' ').all(|word| word == right);
        let compounds = if wrong.contains(' ') { Compounds::Whole } else { Compounds::Searched };
        Self { rule, wrong, right, case, compounds, doubled }
    }

    fn edit<'r>(&'r self, text: &str, at: Range<usize>) -> Option<Edit<'r>> {
        if !stands_free(text, &at, self.compounds) {
            return None;
        }
        let with = self.correction(&text[at.clone()])?;
        if same(&text[at.clone()], &with) {
            return None;
        }
        let at = if self.doubled { self.all_of_them(text, at) } else { at };
        Some(Edit::replace(self.rule, Span::new(at.start, at.end), with))
    }

    /// The right form in the case of what was found; nothing if that is a case in which it is left alone.
    fn correction(&self, found: &str) -> Option<Cow<'_, str>> {
        if same(found, &self.wrong) {
            return Some(Cow::Borrowed(&self.right));
        }
        if self.case == Case::Exact {
            return None;
        }
        if is_all_caps(found) {
            return Some(Cow::Owned(self.right.to_uppercase()));
        }
        if self.case == Case::Force || same(found, &self.wrong.to_lowercase()) {
            return Some(Cow::Borrowed(&self.right));
        }
        if same(found, &capitalised(&self.wrong)) {
            return Some(Cow::Owned(capitalised(&self.right)));
        }
        let is_headline = self.wrong.split(' ').count() == self.right.split(' ').count() && same(found, &headline(&self.wrong));
        is_headline.then(|| Cow::Owned(headline(&self.right)))
    }

    /// A doubled word, and as often as it stands there again in the same letters.
    fn all_of_them(&self, text: &str, at: Range<usize>) -> Range<usize> {
        let mut end = at.end;
        let last = text[at.clone()].rsplit(' ').next().unwrap_or_default();
        while let Some(rest) = text[end..].strip_prefix(' ').and_then(|rest| rest.strip_prefix(last)) {
            let next = at.start..text.len() - rest.len();
            if !stands_free(text, &next, self.compounds) {
                break;
            }
            end = next.end;
        }
        at.start..end
    }
}

fn capitalised(phrase: &str) -> String {
    let mut chars = phrase.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// With a capital for each word.
fn headline(phrase: &str) -> String {
    phrase.split(' ').map(capitalised).collect::<Vec<_>>().join(" ")
}

fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let Some(found) = text.get(edit.at.range()) else { return false };
    is_whole(text, &edit.at.range()) && is_words(found) && is_words(&edit.with)
}

/// Whether this is a word, or words with one space between two.
fn is_words(text: &str) -> bool {
    let is_letter = |c: char| word::is_word_char(c) && !c.is_numeric();
    text.split(' ').all(|word| word.contains(is_letter) && word.chars().all(|c| is_letter(c) || word::is_joiner(c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::Extent;
    use crate::rules::Rule;

    /// All proposals for `text`, as `before→after`.
    fn proposals(rules: &[(&str, &str, Case)], text: &str) -> Vec<String> {
        let words = |(wrong, right, case): &(&str, &str, Case)| Find::Words { wrong: (*wrong).into(), right: (*right).into(), case: *case };
        let rules: Vec<Rule> = rules.iter().map(|row| Rule::new(PassName::Typos, "typos/test", words(row))).collect();
        let rules: Vec<_> = (0..).map(RuleNumber).zip(&rules).collect();
        let pass = Typos::new(&rules);
        let mut edits = Vec::new();
        pass.propose(&View { text, extent: Extent::Whole, lang: None, stray: None }, &mut edits).expect("no pattern, no budget");
        for edit in &edits {
            assert!((pass.contract().allows)(text, edit), "{edit:?} breaks the contract");
        }
        edits.iter().map(|edit| format!("{}→{}", &text[edit.at.range()], edit.with)).collect()
    }

    const ISRAEL: (&str, &str, Case) = ("Isrfael", "Israel", Case::Force);
    const THE: (&str, &str, Case) = ("the the", "the", Case::Copy);

    #[test]
    fn one_row_covers_possessives_and_compounds() {
        let text = "Isrfael, Isrfael's, Isrfael’s, 'Isrfael', Isrfael-Hamas, pro-Isrfael, anti-Isrfael's";
        assert_eq!(proposals(&[ISRAEL], text), ["Isrfael→Israel"; 7]);
        let text = "Isrfaels Isrfaels' isrfaelnews.org Isrfael2 my_Isrfael Isrfael.txt /Isrfael/ O'Isrfael newIsrfael";
        assert_eq!(proposals(&[ISRAEL], text), [""; 0]);
    }

    #[test]
    fn force_finds_any_case_and_writes_its_own() {
        assert_eq!(proposals(&[ISRAEL], "isrfael isRfael ISRFAEL"), ["isrfael→Israel", "isRfael→Israel", "ISRFAEL→ISRAEL"]);
        assert_eq!(
            proposals(&[("israel", "Israel", Case::Force)], "Israel israel ISRAEL"),
            ["israel→Israel"],
            "a right word is left alone"
        );
    }

    #[test]
    fn copy_takes_over_the_case_that_was_found() {
        let teh = [("teh", "the", Case::Copy)];
        assert_eq!(proposals(&teh, "teh Teh TEH tEh TeH"), ["teh→the", "Teh→The", "TEH→THE"]);
        let us = [("untied states", "united States", Case::Copy)];
        assert_eq!(
            proposals(&us, "untied states, Untied states, Untied States, UNTIED STATES, untied States"),
            ["untied states→united States", "Untied states→United States", "Untied States→United States", "UNTIED STATES→UNITED STATES"]
        );
        assert_eq!(proposals(&[("Isrfael", "Israel", Case::Copy)], "isrfael Isrfael"), ["isrfael→Israel", "Isrfael→Israel"]);
    }

    #[test]
    fn exact_finds_only_what_is_given() {
        assert_eq!(proposals(&[("IPhone", "iPhone", Case::Exact)], "IPhone iphone IPHONE Iphone"), ["IPhone→iPhone"]);
    }

    #[test]
    fn capitals_whose_letters_change_their_number() {
        assert_eq!(proposals(&[("straßse", "straße", Case::Copy)], "Straßse"), ["Straßse→Straße"]);
        assert_eq!(proposals(&[("İstambul", "İstanbul", Case::Copy)], "İstambul İSTAMBUL"), ["İstambul→İstanbul", "İSTAMBUL→İSTANBUL"]);
    }

    #[test]
    fn both_apostrophes_are_found_and_the_straight_one_is_written() {
        assert_eq!(proposals(&[("do’nt", "don’t", Case::Copy)], "do'nt Do’nt"), ["do'nt→don't", "Do’nt→Don't"]);
        assert_eq!(
            proposals(&[("don't", "don’t", Case::Copy)], "don't don’t"),
            [""; 0],
            "a rule about nothing but the mark is not a typo's"
        );
    }

    #[test]
    fn a_doubled_word_goes_whatever_its_number() {
        assert_eq!(proposals(&[THE], "see the the end"), ["the the→the"]);
        assert_eq!(proposals(&[THE], "The the the the end"), ["The the the the→The"]);
        assert_eq!(proposals(&[THE], "IN THE THE END"), ["THE THE→THE"]);
        assert_eq!(proposals(&[THE], "the the the-x"), ["the the→the"]);
    }

    #[test]
    fn what_only_looks_doubled_stays() {
        for text in [
            "by The The",
            "the The Hague",
            "the-the",
            "the, the",
            "the  the",
            "the\nthe",
            "the\u{a0}the",
            "bathe the",
            "the the-x",
            "to-the the",
        ] {
            assert_eq!(proposals(&[THE], text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn forms_outside_the_contract_are_never_used() {
        for (wrong, right) in
            [("teh2", "the"), ("teh", "the 2"), ("te/h", "the"), ("teh", ""), ("", "the"), ("te  h", "the"), ("teh", "(the)")]
        {
            assert!(fault(wrong).or(fault(right)).is_some(), "{wrong:?} {right:?}");
            assert_eq!(proposals(&[(wrong, right, Case::Copy)], "a teh teh2 te/h te  h"), [""; 0]);
        }
    }

    #[test]
    fn patterns_are_rules_too() {
        let find = regex::Regex::new(r"\b(could) of\b").expect("the pattern is valid");
        let rule = Rule::new(PassName::Typos, "typos/of", Find::Pattern { find, becomes: "${1} have".into() });
        let rules = [(RuleNumber(0), &rule)];
        let pass = Typos::new(&rules);
        let mut edits = Vec::new();
        let text = "could of been";
        pass.propose(&View { text, extent: Extent::Whole, lang: None, stray: None }, &mut edits).expect("within the budget");
        assert_eq!(edits.len(), 1);
        assert_eq!((&text[edits[0].at.range()], &*edits[0].with), ("of", "have"));
        assert!(allows(text, &edits[0]));
    }

    #[test]
    fn the_contract_holds_edits_to_whole_words() {
        let text = "see teh  end, a_b 12 teh.";
        let allowed =
            |start: usize, end: usize, with: &'static str| allows(text, &Edit::replace(RuleNumber(0), Span::new(start, end), with));
        assert!(allowed(4, 7, "the") && allowed(0, 7, "see the") && allowed(4, 7, "the other") && allowed(4, 7, "O'Leary-x"));
        assert!(!allowed(4, 6, "th"), "half a word");
        assert!(!allowed(4, 4, "the"), "an insertion");
        assert!(!allowed(4, 7, ""), "a deletion");
        assert!(!allowed(4, 12, "the end"), "two blanks");
        assert!(!allowed(4, 13, "the end"), "punctuation goes");
        assert!(!allowed(4, 7, "the,"), "punctuation comes");
        assert!(!allowed(4, 7, "the\nend") && !allowed(4, 7, "the ") && !allowed(4, 8, "the "), "white space");
        assert!(!allowed(14, 15, "b") && !allowed(18, 20, "twelve") && !allowed(4, 7, "th3"), "identifiers and numbers");
        assert!(!allowed(4, 99, "the"), "beyond the end");
    }
}
