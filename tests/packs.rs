//! The packs keep the laws of rule sets, beside the shipped rules.

use emendo::check;
use emendo::rules::{load, packs};

fn proven(name: &str) {
    let pack = packs::named([name]).expect("the pack is there")[0];
    let knowledge = load(true, &[pack.dir()]).expect("the rules can be read");
    let id = format!("typos/{name}/");
    let breaches = check::check(&knowledge, |rule| rule.id.starts_with(&id));
    let told: Vec<String> = breaches.iter().map(|breach| breach.render(false)).collect();
    assert!(told.is_empty(), "{} breaches:\n{}", told.len(), told[..told.len().min(20)].join("\n\n"));
}

#[test]
fn american() {
    proven("american");
}

#[test]
fn british() {
    proven("british");
}

#[test]
fn oxford() {
    proven("oxford");
}

#[test]
fn english() {
    proven("english");
}
