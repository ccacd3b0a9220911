//! The shipped chain, over texts made from the rules' own vocabulary.

use std::sync::{Arc, LazyLock};

use emendo_core::chain::Chain;
use emendo_core::clean::clean;
use emendo_core::document::{Cleaned, Document, PartText};
use emendo_core::edit::{Change, Fate, Part};
use emendo_core::prose::paragraph;
use emendo_core::review::Decisions;
use emendo_core::rules::{Caps, Find, Policy, Style};
use proptest::prelude::*;

use crate::chain::{assert_hunks_account, decision, placed};

/// One for each style.
static CHAINS: LazyLock<[Chain; 2]> = LazyLock::new(|| {
    let knowledge = emendo_core::rules::load_shipped();
    Style::ALL.map(|style| Chain::new(Arc::new(knowledge.rules.in_style(style)), &knowledge.chain, &Caps::default()))
});

/// With everything asked about.
static ASKING: LazyLock<Chain> = LazyLock::new(|| {
    let knowledge = emendo_core::rules::load_shipped();
    let ask = Caps { caps: vec![(None, Policy::Ask)] };
    Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &ask)
});

/// One for each kind of marks, and one whose marks no rule knows.
const LANGUAGES: [&str; 11] = ["en", "de", "de-CH", "fr", "fr-CH", "it", "it-CH", "ru", "pl", "sv", "da"];

/// Everything that a rule finds, makes, quotes as an example or keeps; and what stands between words.
static VOCABULARY: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words = Vec::new();
    for (_, rule) in CHAINS.iter().flat_map(|chain| chain.rules().iter()) {
        words.extend(rule.examples.iter().flat_map(|example| [example.before.to_string(), example.after.to_string()]));
        words.extend(rule.keeps.clone());
        match &rule.find {
            Find::Words { wrong, right, .. } => {
                words.extend([wrong.to_string(), right.to_string(), wrong.to_uppercase(), wrong.to_lowercase(), format!("{wrong}'s")]);
            }
            Find::Name { variant, canonical, not_same, .. } => {
                words.extend([variant.to_string(), canonical.to_string(), variant.to_uppercase(), variant.replace(' ', "\n")]);
                words.extend(not_same.clone());
            }
            Find::Characters { chars, becomes, .. } => {
                words.extend(chars.iter().flat_map(|(first, last)| [first.to_string(), last.to_string(), becomes.clone()]));
            }
            Find::Mark { becomes, .. } => words.push(becomes.clone()),
            Find::Pattern { .. } | Find::BuiltIn(_) => {}
        }
    }
    words
});

const GLUE: [&str; 46] = [
    "",
    "",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{202f}",
    "\"",
    "\"",
    "'",
    "'",
    "’",
    "‘",
    "“",
    "”",
    "″",
    "′",
    ". ",
    ", ",
    "? ",
    ".",
    ": ",
    "-",
    "--",
    " -- ",
    "–",
    "(",
    ")",
    "[",
    "]",
    "5",
    "e\u{301}",
    "\u{308}",
    "\u{200b}",
    "\u{202e}",
    "«",
    "»",
    "é",
    "`",
    "https://x.org/",
];

fn text() -> impl Strategy<Value = String> {
    let word = (0..VOCABULARY.len()).prop_map(|at| VOCABULARY[at].clone());
    let glue = (0..GLUE.len()).prop_map(|at| GLUE[at].to_owned());
    proptest::collection::vec(prop_oneof![word, glue.clone(), glue], 0..16).prop_map(|pieces| pieces.concat())
}

fn run<'a>(text: &'a str, decisions: &str) -> Cleaned<'a> {
    run_in(Style::Straight, "en", text, decisions)
}

fn run_in<'a>(style: Style, lang: &'a str, text: &'a str, decisions: &str) -> Cleaned<'a> {
    let chain = &CHAINS[style as usize];
    let decisions = Decisions::parse(decisions).expect("the test writes good decisions");
    let document = Document { lang: Some(lang), ..Document::new("a.txt", text) };
    let bound = decisions.bind(&document, chain.rules());
    clean(&document, chain, &bound).unwrap_or_else(|error| panic!("{error}"))
}

fn applied(cleaned: &Cleaned<'_>) -> Vec<Change> {
    placed(cleaned).into_iter().filter(|change| change.fate == Fate::Applied).collect()
}

#[test]
fn a_typo_in_front_of_a_column_waits() {
    // Made shorter, the word would move the column for which the line's blanks were left alone.
    let text = "Mr Isrfael   1\nMs Isabels   2\n\nIsrfael, as Mr Isrfael   1\n";
    let cleaned = run(text, "");
    assert_eq!(cleaned.text.as_deref(), Some("Mr Isrfael   1\nMs Isabels   2\n\nIsrael, as Mr Israel 1\n"));
    assert_eq!(cleaned.changes.iter().filter(|change| change.fate == Fate::Pending).count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_chain_settles_and_accounts(text in text()) {
        let cleaned = run(&text, "");
        let hunks: Vec<_> = cleaned.hunks.iter().collect();
        let after = cleaned.text.as_deref().expect("there is a body");
        assert_hunks_account(&text, after, &hunks, &cleaned.changes);
        let again = run(after, "");
        prop_assert_eq!(applied(&again), Vec::<Change>::new(), "once more, from {:?}", after);
        prop_assert!(cleaned.changes.iter().all(|change| change.part == Part::Body));
    }

    #[test]
    fn the_chain_settles_in_typographic_style_too(text in text(), lang in prop::sample::select(LANGUAGES.to_vec())) {
        let cleaned = run_in(Style::Typographic, lang, &text, "");
        let hunks: Vec<_> = cleaned.hunks.iter().collect();
        let after = cleaned.text.as_deref().expect("there is a body");
        assert_hunks_account(&text, after, &hunks, &cleaned.changes);
        let again = run_in(Style::Typographic, lang, after, "");
        prop_assert_eq!(applied(&again), Vec::<Change>::new(), "once more in {}, from {:?}", lang, after);
    }

    #[test]
    fn a_rejection_is_felt_in_its_own_paragraph_only((text, pick) in (text(), any::<proptest::sample::Index>())) {
        let before = run(&text, "");
        let candidates = applied(&before);
        if candidates.is_empty() {
            return Ok(());
        }
        let rejected = pick.get(&candidates);
        let after = run(&text, &decision("reject", &[PartText { part: Part::Body, text: &text, start: 0 }], rejected));
        let changes = placed(&after);
        let again = changes.iter().find(|change| change.id() == rejected.id());
        prop_assert_eq!(again.map(|change| change.fate), Some(Fate::Rejected));
        // Paragraphs of the source; a change that joins or parts them concerns both, and how the text ends
        // depends on whether anything stands in it.
        let at = rejected.span().start;
        let own = paragraph::paragraphs(&text).find(|paragraph| (paragraph.start..=paragraph.end).contains(&at)).unwrap_or(at..at);
        let end = text.trim_end().len();
        let elsewhere = |change: &&Change| change.span().start < end && (change.span().end < own.start || change.span().start > own.end);
        // A line of invisible characters alone is blank once they are gone, and blank lines are its neighbours'.
        let ends_line = |c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let before = text[..rejected.span().start].rsplit(ends_line).next().unwrap_or_default();
        let behind = text[rejected.span().end..].split(ends_line).next().unwrap_or_default();
        let is_text = [before, behind].concat().contains(char::is_alphanumeric);
        let touches_border = !is_text || rejected.before.contains(ends_line) || rejected.after.contains(ends_line) || rejected.span().end > own.end;
        if !touches_border {
            // In the order of the text: changes are listed by what they have in common, which a rejection alters.
            let ids = |changes: &[Change]| {
                let mut ids: Vec<_> = changes.iter().filter(elsewhere).map(|change| (change.span(), change.id())).collect();
                ids.sort_unstable();
                ids
            };
            prop_assert_eq!(ids(&candidates), ids(&applied(&after)));
        }
    }

    #[test]
    fn asking_about_everything_applies_nothing(text in text()) {
        let cleaned = clean(&Document { lang: Some("en"), ..Document::new("a.txt", &text) }, &ASKING, &emendo_core::review::Bound::default()).expect("no breach");
        prop_assert_eq!(cleaned.text.as_deref(), Some(text.as_str()));
    }
}
