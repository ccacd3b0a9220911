//! Typographic style: marks as each language prints them, and what is left alone.

use std::sync::Arc;

use emendo_core::chain::Chain;
use emendo_core::cleaner::{Cleaner, formats};
use emendo_core::review::Decisions;
use emendo_core::rules::{Caps, Style, load_shipped};

fn printed(text: &str, lang: Option<&str>) -> String {
    let knowledge = load_shipped();
    let chain = Chain::new(Arc::new(knowledge.rules.in_style(Style::Typographic)), &knowledge.chain, &Caps::default());
    let formats = formats(&knowledge).expect("the shipped formats are well-formed");
    let cleaner = Cleaner::new(chain, formats, Decisions::default(), lang.map(str::to_owned));
    let source = cleaner.clean_source("a.txt", text.as_bytes());
    source.documents().filter_map(|document| document.text().map(str::to_owned)).collect()
}

/// How `"A "b" c", d.` is printed, and `the word 'e'`. `_` is a no-break space.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("en", "“A “b” c”, d.", "the word ‘e’."),
    ("en-GB", "“A “b” c”, d.", "the word ‘e’."),
    ("nl", "“A “b” c”, d.", "the word ‘e’."),
    ("pt", "“A “b” c”, d.", "the word ‘e’."),
    ("pt-BR", "“A “b” c”, d.", "the word ‘e’."),
    ("pt-PT", "«A “b” c», d.", "the word 'e'."),
    ("es", "«A “b” c», d.", "the word 'e'."),
    ("es-ES", "«A “b” c», d.", "the word 'e'."),
    ("es-MX", "“A “b” c”, d.", "the word ‘e’."),
    ("it", "«A “b” c», d.", "the word 'e'."),
    ("it-CH", "«A ‹b› c», d.", "the word 'e'."),
    ("fr", "«_A “b” c_», d.", "the word 'e'."),
    ("fr-CA", "«_A “b” c_», d.", "the word 'e'."),
    ("fr-CH", "«A ‹b› c», d.", "the word 'e'."),
    ("de", "„A „b“ c“, d.", "the word ‚e‘."),
    ("de-AT", "„A „b“ c“, d.", "the word ‚e‘."),
    ("de-CH", "«A ‹b› c», d.", "the word 'e'."),
    ("cs", "„A „b“ c“, d.", "the word ‚e‘."),
    ("sk", "„A „b“ c“, d.", "the word ‚e‘."),
    ("sl", "„A „b“ c“, d.", "the word ‚e‘."),
    ("is", "„A „b“ c“, d.", "the word ‚e‘."),
    ("pl", "„A «b» c”, d.", "the word 'e'."),
    ("ro", "„A «b» c”, d.", "the word 'e'."),
    ("sv", "”A ”b” c”, d.", "the word ’e’."),
    ("fi", "”A ”b” c”, d.", "the word ’e’."),
    ("ru", "«A „b“ c», d.", "the word 'e'."),
    ("uk", "«A „b“ c», d.", "the word 'e'."),
    ("el", "«A “b” c», d.", "the word 'e'."),
    ("nb", "«A «b» c», d.", "the word 'e'."),
    ("nn", "«A «b» c», d.", "the word 'e'."),
    ("no", "«A «b» c», d.", "the word 'e'."),
    // No rule knows their marks.
    ("da", "\"A \"b\" c\", d.", "the word 'e'."),
    ("hu", "\"A \"b\" c\", d.", "the word 'e'."),
    ("ja", "\"A \"b\" c\", d.", "the word 'e'."),
];

#[test]
fn each_language_has_its_marks() {
    for (lang, doubles, singles) in LANGUAGES {
        for (typed, expected) in [("\"A \"b\" c\", d.\n", doubles), ("the word 'e'.\n", singles)] {
            let expected = expected.replace('_', "\u{A0}") + "\n";
            assert_eq!(printed(typed, Some(lang)), expected, "{lang}");
            assert_eq!(printed(&expected, Some(lang)), expected, "{lang} settles");
        }
    }
}

#[test]
fn each_language_of_a_shipped_rule_is_tested_here() {
    let knowledge = load_shipped();
    let rules = knowledge.rules.in_style(Style::Typographic);
    for (_, rule) in rules.iter().filter(|(_, rule)| matches!(rule.find, emendo_core::rules::Find::Mark { .. })) {
        for lang in &rule.only.lang {
            let is_tested = LANGUAGES.iter().any(|(tested, ..)| tested == lang);
            let american = lang.starts_with("es-") && LANGUAGES.iter().any(|(tested, ..)| *tested == "es-MX");
            assert!(is_tested || american, "{}: {lang}", rule.id);
        }
    }
}

#[test]
fn french_marks_that_are_there_stay_and_are_read() {
    for text in [
        "« Oui », dit-il.\n",
        "«\u{A0}Oui\u{A0}», dit-il.\n",
        "«\u{202F}Oui\u{202F}», dit-il.\n",
        "« Il a dit “oui” à tous », dit-elle.\n",
        "« Je viens, dit-il.\n\n« Je pars », dit-elle.\n",
        "Un écran de 24\" et un mur de 5' 10\".\n",
    ] {
        assert_eq!(printed(text, Some("fr")), text);
    }
    assert_eq!(printed("« Il a dit \"oui\" à tous », dit-elle.\n", Some("fr")), "« Il a dit “oui” à tous », dit-elle.\n");
}

#[test]
fn french_elisions_are_apostrophes() {
    assert_eq!(
        printed("L'eau d'un puits qu'il creuse aujourd'hui, c'est l'\"or\" de l'«\u{A0}an\u{A0}».\n", Some("fr")),
        "L’eau d’un puits qu’il creuse aujourd’hui, c’est l’«\u{A0}or\u{A0}» de l’«\u{A0}an\u{A0}».\n"
    );
}

/// Half a quotation in guillemets would be worse than none, and what stands inside a straight mark may be a slip.
#[test]
fn a_doubtful_quotation_waits_whole() {
    for text in ["Il a dit \" oui \" hier.\n", "\"\n", "Oui \"\n"] {
        assert_eq!(printed(text, Some("fr")), text);
    }
}

/// That a paragraph is not in English can be told, but not surely which related language it is in.
#[test]
fn a_language_that_is_not_declared_keeps_its_marks() {
    let french = "Elle répondit : \"Je n'irai pas à l'auberge ce soir, et le garçon dont tu parles ne m'intéresse guère.\"\n";
    assert_eq!(printed(french, None), french);
    assert_ne!(printed(french, Some("fr")), french);
}
