//! Rules that never have a turn.

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Finding, FindingKind};
use super::scopes;
use emendo_core::edit::RuleNumber;
use emendo_core::rules::{Find, Knowledge, PassName, Rule, RuleSpot};

/// Finds rules that nothing runs, code points and behaviours that an earlier rule takes. (A rule that another one forestalls in each of
/// its examples breaks a law already.)
pub fn find(knowledge: &Knowledge) -> Vec<Finding> {
    let mut findings = never_run(knowledge);
    findings.extend(code_points(knowledge));
    findings.extend(behaviours(knowledge));
    findings
}

/// Rules of a pass that the chain does not name, and rules that are for no document at all.
fn never_run(knowledge: &Knowledge) -> Vec<Finding> {
    let passes: FxHashSet<PassName> = knowledge.chain.passes.iter().map(|pass| pass.name).collect();
    let mut told: FxHashSet<&str> = FxHashSet::default();
    let mut findings = Vec::new();
    for (number, rule) in knowledge.rules.iter().filter(|(_, rule)| !rule.origin.shipped && scopes::is_on(rule)) {
        if !passes.contains(&rule.pass) {
            // All rules of the file are of that pass.
            if told.insert(&rule.origin.file) {
                let title = format!("The pass {} is not in the chain: its rules are never run.", rule.pass);
                let help = "Name the pass in chain.toml, or remove the file.";
                findings.push(
                    Finding::new(FindingKind::NeverRuns, number, RuleSpot::Id, title).label("and all others of this file").help(help),
                );
            }
        } else if is_for_nothing(rule) {
            let title = format!("The rule {} is never run: `not` leaves out all that `only` names.", rule.id);
            findings.push(Finding::new(FindingKind::NeverRuns, number, RuleSpot::Id, title).help("Correct `only` or `not`."));
        }
    }
    findings
}

fn is_for_nothing(rule: &Rule) -> bool {
    let languages = || !rule.only.lang.is_empty() && rule.only.lang.iter().all(|lang| rule.not.lang.contains(lang));
    let files = || match (&rule.only.files, &rule.not.files) {
        (Some(only), Some(not)) => only.patterns.iter().all(|pattern| not.patterns.contains(pattern)),
        _ => false,
    };
    match (rule.not.lang.is_empty(), rule.not.files.is_none()) {
        (true, true) => false,
        (true, false) => files(),
        (false, true) => languages(),
        (false, false) => languages() && files(),
    }
}

/// Listed code points that an earlier rule of the pass takes, wherever they stand.
fn code_points(knowledge: &Knowledge) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut before: Vec<(RuleNumber, &Rule)> = Vec::new();
    for (number, rule) in knowledge.rules.iter().filter(|(_, rule)| scopes::is_on(rule)) {
        let Find::Characters { chars, keep_in, .. } = &rule.find else { continue };
        let taken = before.iter().find_map(|(earlier, by)| {
            let Find::Characters { chars: takes, .. } = &by.find else { return None };
            let meets = by.pass == rule.pass && scopes::covers(by, rule);
            let common = chars.iter().flat_map(|range| takes.iter().filter_map(move |other| common(*range, *other)));
            Some((*earlier, *by, common.min()?)).filter(|_| meets)
        });
        if let Some((earlier, by, (first, last))) = taken {
            let shown = if first == last { code(first) } else { format!("{}..{}", code(first), code(last)) };
            let title = format!("The rule {} never has a turn at {shown}: {} is before it.", rule.id, by.id);
            let label = format!("{}:{} takes it everywhere", by.origin.file, by.origin.line);
            let help = "Leave these code points out of one of the two.";
            findings.push(Finding::new(FindingKind::Shadowed, number, RuleSpot::Find, title).beside(earlier).label(label).help(help));
        }
        if keep_in.is_empty() {
            before.push((number, rule));
        }
    }
    findings
}

fn common(a: (char, char), b: (char, char)) -> Option<(char, char)> {
    let (first, last) = (a.0.max(b.0), a.1.min(b.1));
    (first <= last).then_some((first, last))
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Behaviours that an earlier rule names: a pass asks the first alone, wherever that one is run.
fn behaviours(knowledge: &Knowledge) -> Vec<Finding> {
    let mut first: FxHashMap<(PassName, &str), (RuleNumber, &Rule)> = FxHashMap::default();
    let mut findings = Vec::new();
    for (number, rule) in knowledge.rules.iter().filter(|(_, rule)| scopes::is_on(rule)) {
        let Find::BuiltIn(name) = &rule.find else { continue };
        let (earlier, by) = *first.entry((rule.pass, name)).or_insert((number, rule));
        // A shipped one that an own rule stands for is just what was wanted, unless that is run in some documents only.
        if earlier != number && !(rule.origin.shipped && scopes::covers(by, rule)) {
            let title = format!("The rule {} never has a turn: {} stands for `{name}`.", rule.id, by.id);
            let label = format!("{}:{} is asked alone", by.origin.file, by.origin.line);
            let help = "A behaviour has one rule. Give it the id of the other one, and say in it where it is run.";
            // What is shown is the rule that a person can alter.
            let told = if rule.origin.shipped { (earlier, number) } else { (number, earlier) };
            findings.push(Finding::new(FindingKind::Shadowed, told.0, RuleSpot::Find, title).beside(told.1).label(label).help(help));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{RuleDir, load};

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let knowledge =
            load(true, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]).expect("the rules are well-formed");
        find(&knowledge).iter().map(|finding| finding.title.clone()).collect()
    }

    fn rule(id: &str, rest: &str) -> String {
        format!("[[rule]]\nid = \"{id}\"\nwhy = \"w\"\nexamples = [['a', 'b']]\n{rest}\n")
    }

    #[test]
    fn rules_of_a_pass_that_is_not_in_the_chain_are_never_run() {
        let chain = ("chain.toml", "[[pass]]\nname = \"typos\"\nwhy = \"w\"\n");
        let rows = "canonical\tvariants\twhy\nA B\tA C\tw\nD E\tD F\tw\n";
        let names = ("names/a.tsv", rows);
        assert_eq!(told(&[chain, names]), ["The pass names is not in the chain: its rules are never run."]);
        let knowledge = load(
            true,
            &[RuleDir { name: "rules".to_owned(), files: vec![(chain.0.to_owned(), chain.1.to_owned())], ..RuleDir::default() }],
        );
        let knowledge = knowledge.expect("the chain is well-formed");
        assert_eq!(crate::check::rules(&knowledge).iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "nor have they to hold");
        assert_eq!(told(&[names]), [""; 0]);
    }

    #[test]
    fn a_rule_for_nothing_is_never_run() {
        let never = |scopes: &str| told(&[("dashes/a.toml", &rule("x", &format!("find = 'a'\nbecomes = 'b'\n{scopes}")))]).len();
        assert_eq!(never("only = { lang = \"en\" }\nnot = { lang = \"en\" }"), 1);
        assert_eq!(never("only = { files = [\"a/**\"] }\nnot = { files = [\"a/**\", \"b\"] }"), 1);
        assert_eq!(never("only = { files = [\"a/**\"], lang = \"en\" }\nnot = { files = [\"a/**\"], lang = \"de\" }"), 0);
        assert_eq!(never("only = { lang = [\"en\", \"de\"] }\nnot = { lang = \"en\" }"), 0);
    }

    #[test]
    fn code_points_that_are_taken_are_named() {
        let rules = |first: &str| {
            let rules = [
                rule("first", &format!("chars = [\"U+E000..U+E010\"]\n{first}")),
                rule("second", "chars = [\"U+E00F..U+E020\"]\nbecomes = '-'"),
            ];
            told(&[("unicode/a.toml", &rules.concat())])
        };
        let expected = "The rule unicode/second never has a turn at U+E00F..U+E010: unicode/first is before it.";
        assert_eq!(rules(""), [expected]);
        assert_eq!(rules("keep-in = [\"emoji\"]"), [""; 0]);
        assert_eq!(rules("only = { lang = \"en\" }"), [""; 0]);
    }

    #[test]
    fn a_behaviour_that_is_taken_in_some_documents_is_told() {
        let rules = |scope: &str| told(&[("spaces/a.toml", &rule("mine", &format!("built-in = \"blank-lines\"\n{scope}")))]);
        let expected = "The rule spaces/blank-lines never has a turn: spaces/mine stands for `blank-lines`.";
        assert_eq!(rules("only = { files = [\"news/**\"] }"), [expected]);
        assert_eq!(rules(""), [""; 0]);
    }
}
