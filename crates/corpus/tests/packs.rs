//! The packs keep the laws of rule sets, beside the shipped rules and beside each other.

use emendo_core::rules::{load, packs};
use emendo_corpus::check;

fn proven(names: &[&str]) {
    let packs = packs::named(names.iter().copied()).expect("the packs are there");
    let dirs: Vec<_> = packs.iter().map(|pack| pack.dir()).collect();
    let knowledge = load(true, &dirs).expect("the rules can be read");
    let breaches = check::rules(&knowledge);
    let told: Vec<String> = breaches.iter().map(|breach| breach.render(false)).collect();
    assert!(told.is_empty(), "{} breaches:\n{}", told.len(), told[..told.len().min(20)].join("\n\n"));
}

#[test]
fn english() {
    proven(&["english"]);
}

#[test]
fn english_and_american() {
    proven(&["english", "american"]);
}

#[test]
fn english_and_british() {
    proven(&["english", "british"]);
}

#[test]
fn english_and_oxford() {
    proven(&["english", "oxford"]);
}
