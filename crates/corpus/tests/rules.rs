//! The shipped rules keep the laws of a rule set.

#[test]
fn every_shipped_rule_keeps_the_laws() {
    let knowledge = emendo_core::rules::load_shipped();
    let breaches: Vec<_> = emendo_corpus::check::rules(&knowledge).iter().map(|breach| breach.render(false)).collect();
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n\n"));
    assert!(knowledge.rules.len() > 20, "the rules are there at all");
}
