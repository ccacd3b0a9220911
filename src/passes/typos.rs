//! Recurring misspellings, phrases and doubled words.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::doubt;
use super::pattern::{Patterns, Trim};
use super::phrases::{Gaps, Phrases, is_all_caps, is_whole, plural, rendered, same};
use super::word_context::{Compounds, stands_free};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, RowForm, TableSpec, View};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::{Vocabulary, is_old_spelling, line, stands_as_name, word};
use crate::rules::{Case, Find, Rule, Style, Trust};

const CONTRACT: Contract = Contract { says: "whole words: letters, apostrophes and hyphens, with one space between two words", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec {
    is_about_language: true,
    table: Some(TABLE),
    ..PassSpec::new("typos", CONTRACT, |rules, style| Box::new(Typos::in_style(rules, style)))
};

impl PassName {
    /// Recurring misspellings.
    pub const TYPOS: Self = Self::of(&SPEC);
}

/// A row has a wrong word or phrase and the right one.
const TABLE: TableSpec = TableSpec {
    key: "wrong",
    forms: "right",
    finds_key: true,
    own_columns: &["case"],
    lists: &[],
    own_defaults: &["case", "trust"],
    is_row_for_key: false,
    find: |RowForm { wrong, right, case, .. }| Find::Words { wrong, right, case },
    fault,
};

/// Replaces words and phrases of which it is known that they are wrong.
///
/// One row covers the word before a possessive (`Isrfael's`) and, for a single word, in a compound
/// (`pro-Isrfael`), and for a name its plural (`the Isrfaels`); the rest of the token stays as it is. A word that is a
/// name in the texts of the run is left alone, and one that looks like a name asks; so does every word of a text in old
/// spelling. Not looked at: parts of identifiers, file
/// names, domains and paths, and words that are spoken about (“spelled the name Isrfael”). A phrase
/// needs exactly one ordinary space between its words. A doubled word (`the the` → `the`) goes
/// however often it stands there, but not where a capital begins the second: `the The Hague talks`,
/// the band `The The`.
#[derive(Debug)]
pub struct Typos {
    phrases: Phrases,
    words: Vec<Word>,
    patterns: Patterns,
    /// The words of which it has to be known how often they stand in all texts of a run.
    surveyed: Phrases,
    /// The rules that ask wherever the text gives a reason.
    cautious: FxHashSet<RuleNumber>,
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
        let mut surveyed = Phrases::new(Gaps::Blank);
        let mut words: Vec<Word> = Vec::new();
        // A row of its own counts before the plural of another.
        let given: FxHashSet<&str> = rules.iter().filter_map(|(_, rule)| wrong_form(rule)).collect();
        for (rule, data) in rules {
            let Find::Words { wrong, right, case } = &data.find else { continue };
            if fault(wrong).or_else(|| fault(right)).is_some() {
                continue;
            }
            let word = Word::new(*rule, wrong, right, *case, style);
            let several = word.of_several().filter(|several| !given.contains(&*several.wrong));
            for word in [several, Some(word)].into_iter().flatten() {
                phrases.insert(&word.wrong, u32::try_from(words.len()).expect("rules are counted in 32 bits"));
                word.asks_of_all_texts().for_each(|word| surveyed.insert(word, 0));
                words.push(word);
            }
        }
        let cautious = rules.iter().filter(|(_, rule)| rule.trust == Trust::Cautious).map(|(number, _)| *number).collect();
        Self { phrases, words, patterns: Patterns::new(rules), surveyed, cautious }
    }
}

fn wrong_form(rule: &Rule) -> Option<&str> {
    if let Find::Words { wrong, .. } = &rule.find { Some(wrong) } else { None }
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

/// What a row does wherever its word is found, so that two rows can be compared.
#[derive(Debug)]
pub struct TypoRow(Word);

impl TypoRow {
    /// The row of these forms.
    pub fn new(wrong: &str, right: &str, case: Case) -> Self {
        Self(Word::new(RuleNumber(0), wrong, right, case, Style::Straight))
    }

    /// The same for the plural, if the row stands for it too.
    pub fn of_several(&self) -> Option<Self> {
        self.0.of_several().map(Self)
    }

    /// What the row finds, in small letters.
    pub fn key(&self) -> String {
        self.0.wrong.to_lowercase()
    }

    /// The forms that the row finds. With [`Case::Force`] there are others, of which the same becomes as of these.
    pub fn forms(&self) -> Vec<String> {
        let wrong = &self.0.wrong;
        let all = [wrong.clone(), wrong.to_lowercase(), word::capitalised(wrong), headline(wrong), wrong.to_uppercase()];
        all.into_iter().filter(|form| self.becomes(form).is_some()).collect()
    }

    /// What becomes of a form; nothing if it is left alone.
    pub fn becomes(&self, form: &str) -> Option<Cow<'_, str>> {
        self.0.correction(form).filter(|becomes| !same(form, becomes))
    }

    /// Whether the other row does all that this one does, in the same way, and no person is asked where this one asks none.
    pub fn is_done_by(&self, other: &TypoRow) -> bool {
        let (row, by) = (&self.0, &other.0);
        let is_like = |row: &Word| (row.doubled, row.is_one_word(), row.is_about_a_name(), row.case == Case::Exact);
        is_like(row) == is_like(by)
            && (row.case != Case::Force || by.case == Case::Force)
            && self.forms().iter().all(|form| other.becomes(form) == self.becomes(form))
    }
}

impl Pass for Typos {
    fn name(&self) -> PassName {
        PassName::TYPOS
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let (first, mut doubled_to) = (edits.len(), 0);
        let is_old = LazyCell::new(|| is_old_spelling(view.text));
        self.phrases.find(view.text, |at, number| {
            let word = &self.words[number as usize];
            if word.doubled && at.start < doubled_to {
                return;
            }
            let Some(mut edit) = word.edit(view, at) else { return };
            edit.is_guess |= word.is_one_word() && !word.is_about_a_name() && *is_old;
            if word.doubled {
                doubled_to = edit.at.end;
            }
            edits.push(edit);
        });
        self.patterns.propose(view, Trim::Words, edits)?;
        let is_cautious = |rule| self.cautious.contains(&rule);
        if edits.len() > first {
            doubt::weigh(view.text, &mut edits[first..], is_cautious);
        }
        Ok(())
    }

    fn surveys(&self) -> bool {
        !self.surveyed.is_empty()
    }

    fn survey(&self, text: &str, vocabulary: &mut Vocabulary) {
        let mut last = None;
        self.surveyed.find(text, |at, _| {
            // A word that several rules ask about stands there once all the same.
            if last.replace(at.clone()) != Some(at.clone()) {
                vocabulary.count(text, at);
            }
        });
    }
}

/// So often a word must stand as a name in the texts of a run before it is one.
const OFTEN: u64 = 3;
/// So often a name must be mistyped alike, more often than it is right, before it may be another name: somebody who
/// wrote down that a word is wrong is believed on less.
const VERY_OFTEN: u64 = 20;

/// What speaks against a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    /// Nothing.
    None,
    /// It may be a name, or an abbreviation: a person has to look.
    Some,
    /// It is a name.
    Certain,
}

impl Word {
    fn new(rule: RuleNumber, wrong: &str, right: &str, case: Case, style: Style) -> Self {
        let (wrong, right) = (rendered(wrong, style), rendered(right, style));
        let doubled = wrong.contains(' ') && wrong.split(' ').all(|word| word == right);
        let compounds = if wrong.contains(' ') { Compounds::Whole } else { Compounds::Searched };
        Self { rule, wrong, right, case, compounds, doubled }
    }

    /// The same for the plural, which only names have: `the Smiths`, but not `ands`.
    fn of_several(&self) -> Option<Self> {
        let of_name = self.is_one_word() && self.is_about_a_name() && self.case != Case::Exact;
        of_name.then(|| Self { wrong: plural(&self.wrong), right: plural(&self.right), ..*self })
    }

    /// The words of which this rule has to know how often they stand in all texts of a run.
    fn asks_of_all_texts(&self) -> impl Iterator<Item = &str> {
        let right = self.is_about_a_name().then_some(&*self.right);
        [Some(&*self.wrong), right].into_iter().flatten().filter(|_| !self.doubled && self.is_one_word())
    }

    fn is_one_word(&self) -> bool {
        self.wrong.chars().all(word::is_word_char)
    }

    fn is_about_a_name(&self) -> bool {
        self.right.contains(char::is_uppercase)
    }

    /// What speaks against it that the word at `at` is this one mistyped.
    ///
    /// A dictionary takes every cricketer called Ponting for a misspelling of “pointing”. So a word that the texts
    /// of the run often have with a capital, and hardly ever without, is a name; and where the texts do not tell, a capital
    /// within a sentence is a reason to ask. What is itself a name mistyped has its capital anyway: there the right
    /// form must not be by far the rarer one.
    fn doubt(&self, view: &View<'_>, at: &Range<usize>) -> Doubt {
        let found = &view.text[at.clone()];
        if !self.is_one_word() || self.case == Case::Exact {
            return Doubt::None;
        }
        let seen = |word: &str| view.vocabulary.map(|vocabulary| vocabulary.seen(word)).unwrap_or_default();
        let wrong = seen(&self.wrong);
        if self.is_about_a_name() {
            let outweighs = wrong.in_all() >= VERY_OFTEN && wrong.in_all() > seen(&self.right).in_all();
            return if outweighs { Doubt::Some } else { Doubt::None };
        }
        let is_name = wrong.as_name >= OFTEN && wrong.as_name > 10 * wrong.small;
        if !found.contains(char::is_uppercase) {
            return if is_name { Doubt::Some } else { Doubt::None };
        }
        if is_name {
            return Doubt::Certain;
        }
        let is_abbreviation = is_all_caps(found) && !beside_capitals(view.text, at);
        if is_abbreviation || stands_as_name(view.text, at) { Doubt::Some } else { Doubt::None }
    }

    fn edit<'r>(&'r self, view: &View<'_>, at: Range<usize>) -> Option<Edit<'r>> {
        let text = view.text;
        if !stands_free(text, &at, self.compounds) {
            return None;
        }
        let with = self.correction(&text[at.clone()])?;
        if same(&text[at.clone()], &with) {
            return None;
        }
        let doubt = self.doubt(view, &at);
        let at = if self.doubled { self.all_of_them(text, at) } else { at };
        // “The the.” is a title, a poem's end or a lesson in grammar: what a typist doubles has a word after it.
        let ends = self.doubled && (text[at.end..].starts_with(|c: char| !c.is_whitespace()) || is_indented(text, at.start));
        (doubt != Doubt::Certain)
            .then(|| Edit { is_guess: doubt == Doubt::Some || ends, ..Edit::replace(self.rule, Span::new(at.start, at.end), with) })
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
        if same(found, &word::capitalised(&self.wrong)) {
            return Some(Cow::Owned(word::capitalised(&self.right)));
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

/// Whether the line of this place is indented, as verse and quotations are: there an author's way is kept.
fn is_indented(text: &str, at: usize) -> bool {
    let line = &text[line::start_after_feed(text, at)..];
    line.starts_with("  ") || line.starts_with('\t')
}

/// Whether a word next to this one has no small letters either, as in a headline that is all capitals.
fn beside_capitals(text: &str, at: &Range<usize>) -> bool {
    let before = text[..at.start].split_whitespace().next_back();
    let after = text[at.end..].split_whitespace().next();
    [before, after].into_iter().flatten().any(is_all_caps)
}

/// With a capital for each word.
fn headline(phrase: &str) -> String {
    phrase.split(' ').map(word::capitalised).collect::<Vec<_>>().join(" ")
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

    /// All proposals for `text`, as `before→after`.
    fn proposals(rules: &[(&str, &str, Case)], text: &str) -> Vec<String> {
        proposals_among(rules, text, &[])
    }

    /// All proposals for `text`, as `before→after`, with a question mark if they ask, where these are all texts of the run.
    fn proposals_among(rules: &[(&str, &str, Case)], text: &str, all: &[&str]) -> Vec<String> {
        let words = |(wrong, right, case): &(&str, &str, Case)| Find::Words { wrong: (*wrong).into(), right: (*right).into(), case: *case };
        let rules: Vec<Rule> = rules.iter().map(|row| Rule::new(PassName::TYPOS, "typos/test", words(row))).collect();
        let rules: Vec<_> = (0..).map(RuleNumber).zip(&rules).collect();
        let pass = Typos::new(&rules);
        let mut edits = Vec::new();
        let mut vocabulary = Vocabulary::default();
        for text in all {
            pass.survey(text, &mut vocabulary);
        }
        let vocabulary = (!all.is_empty()).then_some(&vocabulary);
        pass.propose(&View { vocabulary, ..View::of(text, Extent::Whole) }, &mut edits).expect("no pattern, no budget");
        for edit in &edits {
            assert!((pass.contract().allows)(text, edit), "{edit:?} breaks the contract");
        }
        let ask = |edit: &Edit<'_>| if edit.is_guess && vocabulary.is_some() { "?" } else { "" };
        edits.iter().map(|edit| format!("{}→{}{}", &text[edit.at.range()], edit.with, ask(edit))).collect()
    }

    const ISRAEL: (&str, &str, Case) = ("Isrfael", "Israel", Case::Force);
    const THE: (&str, &str, Case) = ("the the", "the", Case::Copy);

    #[test]
    fn one_row_covers_possessives_and_compounds() {
        let text = "Isrfael, Isrfael's, Isrfael’s, 'Isrfael', Isrfael-Hamas, pro-Isrfael, anti-Isrfael's";
        assert_eq!(proposals(&[ISRAEL], text), ["Isrfael→Israel"; 7]);
        assert_eq!(proposals(&[ISRAEL], "two Isrfaels, the Isrfaels'"), ["Isrfaels→Israels"; 2]);
        assert_eq!(proposals(&[("teh", "the", Case::Copy)], "tehs"), [""; 0], "only names have a plural here");
        let text = "isrfaelnews.org Isrfael2 my_Isrfael Isrfael.txt /Isrfael/ O'Isrfael newIsrfael";
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

    const PONTING: (&str, &str, Case) = ("ponting", "pointing", Case::Copy);

    #[test]
    fn what_looks_like_a_name_asks() {
        let text = "Ponting out. He met Ricky Ponting there, ponting at PONTING; IN PONTING OUT";
        assert_eq!(
            proposals_among(&[PONTING], text, &[text]),
            ["Ponting→Pointing", "Ponting→Pointing?", "ponting→pointing", "PONTING→POINTING?", "PONTING→POINTING"]
        );
    }

    #[test]
    fn a_name_seen_often_is_left_alone() {
        let all = ["He met Ricky Ponting there.", "then Ponting said", "and Ponting, who"];
        assert_eq!(proposals_among(&[PONTING], "Ponting said no, PONTING", &all), [""; 0]);
        assert_eq!(proposals_among(&[PONTING], "a ponting finger", &all), ["ponting→pointing?"]);
        assert_eq!(proposals_among(&[PONTING], "Ponting said no", &all[1..]), ["Ponting→Pointing"], "twice is not often");
        let both = [all.as_slice(), &["a ponting man"]].concat();
        assert_eq!(proposals_among(&[PONTING], "Ponting said no", &both), ["Ponting→Pointing"], "it is also a word mistyped");
    }

    #[test]
    fn in_old_spelling_words_ask() {
        let text = "It hath been shewn to the Publick, ponting at the the Isrfael";
        assert_eq!(proposals_among(&[PONTING, THE, ISRAEL], text, &[text]), ["ponting→pointing?", "the the→the", "Isrfael→Israel"]);
    }

    #[test]
    fn a_name_mistyped_is_rarer_than_the_name() {
        let (wrong, right) = ("Isrfael, ".repeat(20), "Israel, ".repeat(19));
        assert_eq!(proposals_among(&[ISRAEL], "in Isrfael", &[&wrong, &right]), ["Isrfael→Israel?"]);
        assert_eq!(proposals_among(&[ISRAEL], "in Isrfael", &[&wrong, &right, "Israel"]), ["Isrfael→Israel"]);
        assert_eq!(proposals_among(&[ISRAEL], "in Isrfael", &[&wrong[9..]]), ["Isrfael→Israel"], "that is not often enough");
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
        let rule = Rule::new(PassName::TYPOS, "typos/of", Find::Pattern { find, becomes: "${1} have".into() });
        let rules = [(RuleNumber(0), &rule)];
        let pass = Typos::new(&rules);
        let mut edits = Vec::new();
        let text = "could of been";
        pass.propose(&View::of(text, Extent::Whole), &mut edits).expect("within the budget");
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
