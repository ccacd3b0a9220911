//! With packs, whose rows look at the words around, the chain settles too.

use std::sync::{Arc, LazyLock};

use emendo_core::edit::{Change, Fate};
use emendo_core::review::Bound;
use emendo_core::rules::{Caps, Find, Style, load, packs};
use emendo_core::{chain::Chain, clean::clean, document::Document};
use proptest::prelude::*;

static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let dirs: Vec<_> = packs::named(["english", "british"]).expect("they are there").into_iter().map(packs::Pack::dir).collect();
    let knowledge = load(true, &dirs).expect("packs have no errors");
    Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &Caps::default())
});

/// Words of all rules about words, not to take those of packs alone; and what may stand around them.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let forms = |find: &Find| match find {
        Find::Words { wrong, right, .. } => vec![wrong.to_string(), right.to_string()],
        Find::Name { variant, .. } => vec![variant.to_string()],
        _ => Vec::new(),
    };
    let (of_packs, others): (Vec<_>, Vec<_>) = CHAIN.rules().iter().partition(|(_, rule)| rule.id.split('/').nth(1) == Some("english"));
    of_packs.iter().step_by(100).chain(others.iter().step_by(7)).flat_map(|(_, rule)| forms(&rule.find)).collect()
});

const AROUND: [&str; 24] = [
    "the", "we", "a", "of", "report", "said", "and", "house", "to", "it", "that", "was", "zorb", "flurbish", "qui", "est", "hath", "thy",
    "Mr", "London", "x=1", "foo_bar", "’tis", "5",
];

const GLUE: [&str; 16] = [" ", " ", " ", " ", " ", " ", ", ", ". ", "\n", "\n\n", "-", "'", "’s ", " \"", "\" ", "- "];

fn text() -> impl Strategy<Value = String> {
    let of_rules = (0..WORDS.len()).prop_map(|at| WORDS[at].clone());
    let around = prop::sample::select(AROUND.to_vec()).prop_map(str::to_owned);
    let word = prop_oneof![2 => of_rules.clone(), 4 => around, 1 => of_rules.prop_map(|word| format!("{word} {word}"))];
    let glue = prop::sample::select(GLUE.to_vec());
    proptest::collection::vec((word, glue), 0..40)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(word, glue)| [word, glue.to_owned()]).collect())
}

fn run(text: &str) -> (String, Vec<Change>) {
    let document = Document { lang: Some("en"), ..Document::new("a.txt", text) };
    let cleaned = clean(&document, &CHAIN, &Bound::default()).unwrap_or_else(|error| panic!("{error}"));
    (cleaned.text.expect("there is a body").into_owned(), cleaned.changes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn the_chain_settles_with_packs(text in text()) {
        let (once, _) = run(&text);
        let (_, again) = run(&once);
        let applied: Vec<_> = again.iter().filter(|change| change.fate == Fate::Applied).collect();
        prop_assert_eq!(applied, Vec::<&Change>::new(), "once more, from {:?}", once);
    }
}

#[test]
fn packs_do_something_in_such_texts() {
    let (once, changes) = run("we said that the possibilty of a report was small");
    assert_eq!(once, "we said that the possibility of a report was small\n");
    assert!(changes.iter().any(|change| &*change.rule == "typos/english/possibilty" && change.fate == Fate::Applied));
}
