//! Everything that is doubtful in a rule set that keeps the laws.

use super::finding::Finding;
use super::{duplicates, order, patterns, shadowed};
use emendo_core::rules::Knowledge;

/// What is doubtful, in the order of the files and lines.
///
/// Each rule is compared with those alone that find the same, or that do something in its own examples, so that the time grows
/// with the number of rules and not with that of their pairs.
pub fn warnings(knowledge: &Knowledge) -> Vec<Finding> {
    let mut findings = shadowed::find(knowledge);
    findings.extend(duplicates::find(knowledge));
    findings.extend(order::find(knowledge));
    findings.extend(patterns::find(knowledge));
    findings.sort_by_cached_key(|finding| {
        let rule = knowledge.rules.get(finding.rule);
        (rule.origin.shipped, rule.origin.file.clone(), rule.origin.line, finding.rule, finding.kind)
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_shipped_rules_nothing_is_doubtful() {
        let knowledge = emendo_core::rules::load_shipped();
        let told: Vec<String> = warnings(&knowledge).iter().map(|finding| finding.diagnostic(&knowledge).render(false)).collect();
        assert!(told.is_empty(), "{}", told.join("\n\n"));
    }
}
