//! People, places and organisations: listed variants of a name.

use std::ops::Range;

use super::pattern::{Patterns, Trim};
use super::phrases::{Compounds, Gaps, Phrases, is_all_caps, is_whole, rendered, same, stands_free};
use super::{Contract, Overrun, Pass, PassRules, View};
use crate::rules::{Find, PassName, Style};
use crate::text::{Edit, RuleNumber, Span, Zones, word};

/// The behaviours that rules may name.
pub const BUILT_INS: &[&str] = &[];

/// Gives names their canonical form.
///
/// A variant is found as it is written in the rule, or in capitals throughout, which the canonical form
/// then takes. Its words may stand on two lines. Only the words that differ are replaced, and the rest
/// of the name is context: `Anthony Albanese` has nothing to fear from `Anthony Blinken`. Nothing is
/// done in a longer word (`Anthony Blinken-Smith`), in a longer name that the rule lists as
/// somebody else's, where a name is spoken about (“misspelled Anthony Blinken”), or before `[sic]`.
#[derive(Debug)]
pub struct Names {
    phrases: Phrases,
    forms: Vec<Name>,
    patterns: Patterns,
}

/// A form of a name and what to make of it.
#[derive(Debug)]
struct Name {
    rule: RuleNumber,
    form: String,
    /// Nothing for a name that means somebody else.
    canonical: Option<String>,
}

impl Names {
    /// The pass with these rules, in straight style; names that [`fault`] objects to are left out.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self::in_style(rules, Style::Straight)
    }

    /// The same, with apostrophes in this style.
    #[expect(clippy::missing_panics_doc, reason = "no memory holds so many rules")]
    pub fn in_style(rules: PassRules<'_>, style: Style) -> Self {
        let mut forms = Vec::new();
        for (rule, data) in rules {
            let Find::Name { variant, canonical, not_same } = &data.find else { continue };
            if fault(variant).or_else(|| fault(canonical)).is_none() {
                forms.push(Name { rule: *rule, form: rendered(variant, style), canonical: Some(rendered(canonical, style)) });
                forms.extend(not_same.iter().map(|other| Name { rule: *rule, form: rendered(other, style), canonical: None }));
            }
        }
        let mut phrases = Phrases::new(Gaps::WhiteSpace);
        for (number, name) in forms.iter().enumerate() {
            phrases.insert(&name.form, u32::try_from(number).expect("rules are counted in 32 bits"));
        }
        Self { phrases, forms, patterns: Patterns::new(rules) }
    }
}

/// Why a variant or canonical form cannot be used.
pub fn fault(name: &str) -> Option<&'static str> {
    let is_bordered = name.starts_with(word::is_word_char) && name.ends_with(word::is_word_char);
    if name.is_empty() {
        Some("is empty")
    } else if !is_name(name) || name.split(' ').any(|word| word.is_empty() || word.contains(char::is_whitespace)) {
        Some("holds more than letters, digits, apostrophes, hyphens, full stops, ampersands and single spaces between words")
    } else {
        (!is_bordered).then_some("does not begin and end with a letter or digit")
    }
}

impl Pass for Names {
    fn name(&self) -> PassName {
        PassName::Names
    }

    fn contract(&self) -> Contract {
        Contract { says: "whole words of a name, and single spaces where it gains or loses a word", allows }
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let (mut found, mut others) = (Vec::new(), Vec::new());
        self.phrases.find(view.text, |at, number| {
            let name = &self.forms[number as usize];
            let of = if name.canonical.is_some() { &mut found } else { &mut others };
            if name.is(&view.text[at.clone()]) {
                of.push((at, name));
            }
        });
        let others = Others::new(others);
        for (at, name) in found {
            // The zone of the edit would miss a [sic] behind words that stay as they are.
            let is_meant = Zones::sic_follows(view.text, at.end);
            if !is_meant && stands_free(view.text, &at, Compounds::Whole) && !others.cover(&at, name.rule) {
                edits.extend(name.edit(view.text, &at));
            }
        }
        self.patterns.propose(view, Trim::Words, edits)
    }
}

impl Name {
    fn is(&self, found: &str) -> bool {
        same(found, &self.form) || is_all_caps(found) && same(found, &self.form.to_uppercase())
    }

    fn edit<'r>(&'r self, text: &str, at: &Range<usize>) -> Option<Edit<'r>> {
        let found = &text[at.clone()];
        let canonical = self.canonical.as_deref()?;
        let (inner, with) = if same(found, &self.form) { rewrite(found, canonical)? } else { rewrite(found, &canonical.to_uppercase())? };
        let reach = Span::new(at.start, at.end);
        Some(Edit::in_context(self.rule, Span::new(at.start + inner.start, at.start + inner.end), reach, with))
    }
}

/// Where names stand that mean somebody else, in the order of their starts.
struct Others<'r> {
    places: Vec<(Range<usize>, &'r Name)>,
    longest: usize,
}

impl<'r> Others<'r> {
    fn new(places: Vec<(Range<usize>, &'r Name)>) -> Self {
        let longest = places.iter().map(|(at, _)| at.len()).max().unwrap_or(0);
        Self { places, longest }
    }

    fn cover(&self, at: &Range<usize>, rule: RuleNumber) -> bool {
        let first = self.places.partition_point(|(other, _)| other.start + self.longest < at.end);
        let near = self.places[first..].iter().take_while(|(other, _)| other.start <= at.start);
        near.into_iter().any(|(other, name)| name.rule == rule && other.end >= at.end)
    }
}

/// The part of `found` that differs from the canonical form, and what that becomes: whole words, the
/// white space between them as it was. Nothing if there is no difference, or if the only way would
/// lose a line end.
fn rewrite(found: &str, canonical: &str) -> Option<(Range<usize>, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (found.split_whitespace().collect(), canonical.split_whitespace().collect());
    let old_gaps = gaps(found);
    let new_gaps = refit(&old_gaps, new.len() - 1)?;
    // At least one word stays on each side, so that nothing is inserted between words or deleted whole.
    let common = old.len().min(new.len()) - 1;
    let prefix = (0..common).take_while(|i| same(old[*i], new[*i]) && old_gaps[*i] == new_gaps[*i]).count();
    let back = |i: &usize| {
        let (o, n) = (old.len() - 1 - i, new.len() - 1 - i);
        same(old[o], new[n]) && old_gaps[o - 1] == new_gaps[n - 1]
    };
    let suffix = (0..common - prefix).take_while(back).count();

    let start = length(&old[..prefix], &old_gaps[..prefix]);
    let end = found.len() - length(&old[old.len() - suffix..], &old_gaps[old_gaps.len() - suffix..]);
    let mut with = String::new();
    for i in prefix..new.len() - suffix {
        let kept = old.len() == new.len() && same(old[i], new[i]);
        with.push_str(if kept { old[i] } else { new[i] });
        if i + 1 < new.len() - suffix {
            with.push_str(new_gaps[i]);
        }
    }
    (found[start..end] != with).then_some((start..end, with))
}

fn length(words: &[&str], gaps: &[&str]) -> usize {
    words.iter().chain(gaps).map(|piece| piece.len()).sum()
}

/// The white space between the words of a name.
fn gaps(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_whitespace()).filter(|gap| !gap.is_empty()).collect()
}

/// As many gaps as wanted: only single spaces come or go, the later ones first.
fn refit<'t>(gaps: &[&'t str], wanted: usize) -> Option<Vec<&'t str>> {
    let mut gaps = gaps.to_vec();
    while gaps.len() > wanted {
        let last = gaps.iter().rposition(|gap| *gap == " ")?;
        gaps.remove(last);
    }
    gaps.resize(wanted, " ");
    Some(gaps)
}

fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let Some(found) = text.get(edit.at.range()) else { return false };
    let (old, new) = (gaps(found), gaps(&edit.with));
    let fixed = |gaps: &[&str]| gaps.iter().filter(|gap| **gap != " ").map(|gap| (*gap).to_owned()).collect::<Vec<_>>();
    let keeps_gaps = old == new || old.len() != new.len() && fixed(&old) == fixed(&new);
    is_whole(text, &edit.at.range()) && is_name(found) && is_name(&edit.with) && keeps_gaps
}

/// Whether this is a name: words with white space between them.
fn is_name(text: &str) -> bool {
    let is_inner = |c: char| word::is_word_char(c) || word::is_joiner(c) || matches!(c, '.' | '&');
    let is_trimmed = !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    is_trimmed && text.contains(word::is_word_char) && text.chars().all(|c| is_inner(c) || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::Extent;
    use crate::rules::Rule;

    /// All proposals for `text`, as `before→after`.
    fn proposals(rules: &[(&str, &str, &[&str])], text: &str) -> Vec<String> {
        let name = |(canonical, variant, not_same): &(&str, &str, &[&str])| Find::Name {
            variant: (*variant).into(),
            canonical: (*canonical).into(),
            not_same: not_same.iter().map(|other| (*other).to_owned()).collect(),
        };
        let rules: Vec<Rule> = rules.iter().map(|row| Rule::new(PassName::Names, "names/test", name(row))).collect();
        let rules: Vec<_> = (0..).map(RuleNumber).zip(&rules).collect();
        let pass = Names::new(&rules);
        let mut edits = Vec::new();
        pass.propose(&View { text, extent: Extent::Whole, lang: None, stray: None }, &mut edits).expect("no pattern, no budget");
        for edit in &edits {
            assert!((pass.contract().allows)(text, edit), "{edit:?} breaks the contract");
        }
        edits.iter().map(|edit| format!("{}→{}", &text[edit.at.range()], edit.with)).collect()
    }

    const BLINKEN: (&str, &str, &[&str]) = ("Antony Blinken", "Anthony Blinken", &["Anthony Blinken Jones", "Mark Anthony Blinken"]);
    const KEREM: (&str, &str, &[&str]) = ("Kerem Shalom", "Karem Abu Salem", &[]);

    #[test]
    fn only_the_words_that_differ_are_replaced() {
        assert_eq!(proposals(&[BLINKEN], "Secretary Anthony Blinken's and Anthony Albanese"), ["Anthony→Antony"]);
        assert_eq!(proposals(&[BLINKEN], "Anthony Blinken’s visit; ANTHONY BLINKEN"), ["Anthony→Antony", "ANTHONY→ANTONY"]);
        assert_eq!(proposals(&[("a b c d", "a x c y", &[])], "a x c y"), ["x c y→b c d"]);
    }

    #[test]
    fn the_whole_name_is_context() {
        let find = Find::Name { variant: BLINKEN.1.into(), canonical: BLINKEN.0.into(), not_same: Vec::new() };
        let rule = Rule::new(PassName::Names, "names/test", find);
        let rules = [(RuleNumber(0), &rule)];
        let pass = Names::new(&rules);
        let mut edits = Vec::new();
        pass.propose(&View { text: "by Anthony Blinken.", extent: Extent::Whole, lang: None, stray: None }, &mut edits)
            .expect("no pattern, no budget");
        assert_eq!(edits, [Edit::in_context(RuleNumber(0), Span::new(3, 10), Span::new(3, 18), "Antony")]);
    }

    #[test]
    fn a_name_keeps_its_line_end() {
        assert_eq!(proposals(&[BLINKEN], "Anthony\nBlinken, Anthony \r\n Blinken, Anthony\u{a0}Blinken"), ["Anthony→Antony"; 3]);
        assert_eq!(proposals(&[BLINKEN], "Anthony\n\nBlinken"), [""; 0]);
        assert_eq!(
            proposals(&[("Benjamin Netanyahu", "Benajmin Netanyhau", &[])], "Benajmin\nNetanyhau"),
            ["Benajmin\nNetanyhau→Benjamin\nNetanyahu"]
        );
    }

    #[test]
    fn a_name_that_gains_or_loses_a_word_gains_or_loses_a_blank() {
        assert_eq!(proposals(&[KEREM], "at Karem Abu Salem."), ["Karem Abu Salem→Kerem Shalom"]);
        assert_eq!(
            proposals(&[KEREM], "Karem\nAbu Salem, Karem Abu\nSalem"),
            ["Karem\nAbu Salem→Kerem\nShalom", "Karem Abu\nSalem→Kerem\nShalom"]
        );
        assert_eq!(proposals(&[KEREM], "Karem\nAbu\u{a0}Salem"), [""; 0], "a line end or a no-break space would be lost");
        assert_eq!(proposals(&[("Joe Biden", "Joe R. Biden", &[])], "Joe R. Biden"), ["R. Biden→Biden"]);
        assert_eq!(proposals(&[("Mohammed bin Salman", "Mohammed Salman", &[])], "Mohammed\nSalman"), ["Salman→bin Salman"]);
        assert_eq!(proposals(&[("Amir-Abdollahian", "Amir Abdollahian", &[])], "Amir Abdollahian"), ["Amir Abdollahian→Amir-Abdollahian"]);
    }

    #[test]
    fn case_counts_unless_all_is_capitals() {
        assert_eq!(proposals(&[BLINKEN], "anthony blinken, Anthony BLINKEN, ANTHONY Blinken"), [""; 0]);
    }

    #[test]
    fn a_longer_name_is_somebody_else() {
        for text in [
            "Anthony Blinken Jones",
            "Mark Anthony\nBlinken",
            "ANTHONY BLINKEN JONES",
            "Anthony Blinken-Smith",
            "Smith-Anthony Blinken",
            "Anthony Blinkens",
        ] {
            assert_eq!(proposals(&[BLINKEN], text), [""; 0], "{text}");
        }
        assert_eq!(proposals(&[BLINKEN], "Mark Anthony Blinken met Anthony Blinken and Anthony Blinken Jones"), ["Anthony→Antony"]);
        assert_eq!(
            proposals(&[BLINKEN, ("B", "Anthony Blinken", &[])], "Anthony Blinken Jones"),
            ["Anthony Blinken→B"],
            "for one rule only"
        );
    }

    #[test]
    fn sic_protects_the_whole_name() {
        assert_eq!(proposals(&[BLINKEN], "“Anthony Blinken” [sic], Anthony Blinken's [sic], ANTHONY BLINKEN (sic)"), [""; 0]);
    }

    #[test]
    fn titles_and_initials_round_a_name_do_no_harm() {
        assert_eq!(proposals(&[BLINKEN], "Dr. Anthony Blinken, J.D. (Anthony Blinken) 'Anthony Blinken'"), ["Anthony→Antony"; 3]);
    }

    #[test]
    fn an_apostrophe_is_no_difference() {
        assert_eq!(proposals(&[("Mary O’Leary", "Marry O’Leary", &[])], "Marry O'Leary, Marry O’Leary"), ["Marry→Mary"; 2]);
        assert_eq!(proposals(&[("O’Leary", "O'Leary", &[])], "O'Leary O’Leary"), [""; 0]);
        assert_eq!(
            proposals(&[("Mary O’Leary Jones", "Marry O’Leary Jonas", &[])], "Marry O’Leary Jonas"),
            ["Marry O’Leary Jonas→Mary O’Leary Jones"]
        );
    }

    #[test]
    fn names_outside_the_contract_are_never_used() {
        for (canonical, variant) in [("", "A"), ("A", ""), ("A", "B/C"), ("A B", "A  B"), ("A", "\"B\""), ("A\nB", "C"), ("Jr", "Jr.")] {
            assert!(fault(variant).or(fault(canonical)).is_some(), "{variant:?} {canonical:?}");
            assert_eq!(proposals(&[(canonical, variant, &[])], "A B/C A  B \"B\" C Jr."), [""; 0]);
        }
    }

    #[test]
    fn the_contract_holds_edits_to_the_words_of_a_name() {
        let text = "by Karem Abu\nSalem, x";
        let allowed =
            |start: usize, end: usize, with: &'static str| allows(text, &Edit::replace(RuleNumber(0), Span::new(start, end), with));
        assert!(allowed(3, 8, "Kerem") && allowed(3, 18, "Kerem\nShalom") && allowed(3, 8, "Kerem bin"));
        assert!(!allowed(3, 7, "Kere"), "half a word");
        assert!(!allowed(3, 3, "Kerem"), "an insertion");
        assert!(!allowed(3, 8, ""), "a deletion");
        assert!(!allowed(3, 9, "Kerem ") && !allowed(2, 8, " Kerem"), "blanks at the edge");
        assert!(!allowed(3, 18, "Kerem Shalom"), "a line end becomes a blank");
        assert!(!allowed(9, 18, "Salem") && !allowed(3, 18, "Kerem Abu Salem"), "a line end goes");
        assert!(!allowed(3, 8, "Kerem\nShalom"), "a line end comes");
        assert!(!allowed(3, 12, "Karem\u{a0}Abu"), "another blank");
        assert!(!allowed(3, 19, "Karem Abu\nSalem"), "punctuation");
        assert!(!allowed(3, 8, "Karem,") && !allowed(3, 99, "Karem"), "punctuation, or beyond the end");
    }
}
