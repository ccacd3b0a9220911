//! Rules whose result depends on a rule of another pass.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::finding::{Finding, FindingKind};
use super::{Bench, run, scopes};
use emendo_core::edit::{Change, Fate, RuleNumber};
use emendo_core::rules::{Caps, Knowledge, PassName, Policies, Policy, Rule, RuleSpot, Style};

/// Finds, in the examples, rules of an earlier pass that leave a rule nothing to find, and rules of a later pass that find something only in
/// what another one made. Nothing is told of two shipped rules: their passes are in this order for that.
pub fn find(knowledge: &Knowledge) -> Vec<Finding> {
    if knowledge.rules.iter().all(|(_, rule)| rule.origin.shipped) {
        return Vec::new();
    }
    let order = Order::new(knowledge);
    let concerned: Vec<_> = knowledge.rules.iter().filter(|(_, rule)| order.concerns(rule)).collect();
    concerned.into_par_iter().filter_map(|(number, rule)| order.of_rule(number, rule)).collect()
}

/// The rules at work together, and what they do by themselves.
struct Order<'k> {
    knowledge: &'k Knowledge,
    bench: Bench,
    /// What the rules may do in a run where nobody says otherwise.
    policies: Policies,
    /// The places of the passes in the chain.
    places: FxHashMap<&'static str, usize>,
}

impl<'k> Order<'k> {
    fn new(knowledge: &'k Knowledge) -> Self {
        let places = knowledge.chain.passes.iter().enumerate().map(|(place, pass)| (pass.name.name(), place)).collect();
        let policies = Policies::new(&knowledge.rules, &knowledge.chain, &Caps::default());
        Self { knowledge, bench: Bench::new(knowledge, None, None, Style::Straight), policies, places }
    }

    /// Whether the examples of a rule are looked at: it is run, and in the style of the chain.
    fn concerns(&self, rule: &Rule) -> bool {
        rule.policy != Some(Policy::Off) && rule.style != Some(Style::Typographic) && self.places.contains_key(rule.pass.name())
    }

    fn of_rule(&self, number: RuleNumber, rule: &Rule) -> Option<Finding> {
        rule.examples.iter().enumerate().find_map(|(at, example)| {
            let (_, changes) = run(&self.bench.chain, rule, &example.before).ok()?;
            let applied: Vec<&Change> = changes.iter().filter(|change| change.fate == Fate::Applied).collect();
            // Nearly always the rule alone does something.
            if applied.iter().all(|change| change.rule == rule.id) && !applied.is_empty() {
                return None;
            }
            let found = if applied.iter().any(|change| change.rule == rule.id) {
                self.fed(number, rule, &example.before, &applied)
            } else {
                self.forestalled(number, rule, &example.before, &applied)
            };
            found.map(|found| Finding { spot: RuleSpot::Example(at), ..found })
        })
    }

    /// What a rule of an earlier pass leaves nothing of.
    fn forestalled(&self, number: RuleNumber, rule: &Rule, before: &str, applied: &[&Change]) -> Option<Finding> {
        // A project may well have its own rule for what a shipped one finds.
        if rule.origin.shipped {
            return None;
        }
        let (_, alone) = run(self.bench.pass(rule.pass), rule, before).ok()?;
        let own = alone.iter().find(|change| change.rule == rule.id && change.fate == Fate::Applied)?;
        let is_before = |change: &&&Change| {
            self.place(change) < self.places[rule.pass.name()]
                && change.span().start < own.span().end
                && own.span().start < change.span().end
        };
        let first = applied.iter().find(is_before)?;
        let (other, by) = self.rule(&first.rule)?;
        // What asks, or is only for certain texts, leaves the text as it is.
        if self.policies.of(other, None) < Policy::Apply || !scopes::meet(rule, by) {
            return None;
        }
        let title = format!("The rule {} finds nothing in its example: {} is in an earlier pass.", rule.id, by.id);
        let label = format!("{} makes {:?} of {:?} first", by.id, first.result(), first.before);
        let help = format!("Remove one of the two. The pass {} comes before {}.", by.pass, rule.pass);
        Some(Finding::new(FindingKind::OrderDependent, number, RuleSpot::Id, title).beside(other).label(label).help(help))
    }

    /// What a rule of a later pass makes of the result.
    fn fed(&self, number: RuleNumber, rule: &Rule, before: &str, applied: &[&Change]) -> Option<Finding> {
        let is_later = |change: &&&Change| is_about_words(change.pass) && self.place(change) > self.places[rule.pass.name()];
        if !is_about_words(rule.pass.name()) {
            return None;
        }
        applied.iter().filter(is_later).find_map(|change| {
            let (other, by) = self.rule(&change.rule)?;
            let is_run = |number| self.policies.of(number, None) > Policy::Off;
            if rule.origin.shipped && by.origin.shipped || !scopes::meet(rule, by) || !is_run(number) || !is_run(other) {
                return None;
            }
            let (_, alone) = run(self.bench.pass(by.pass), rule, before).ok()?;
            if alone.iter().any(|change| change.rule == by.id && change.fate == Fate::Applied) {
                return None;
            }
            let title = format!("What the rule {} makes is changed by {}, in a later pass.", rule.id, by.id);
            let label = format!("{} makes {:?} of {:?}", by.id, change.result(), change.before);
            let help = format!("Let {} make the final text, or let {} find less.", rule.id, by.id);
            Some(Finding::new(FindingKind::OrderDependent, number, RuleSpot::Id, title).beside(other).label(label).help(help))
        })
    }

    fn place(&self, change: &Change) -> usize {
        self.places.get(change.pass).copied().unwrap_or_default()
    }

    fn rule(&self, id: &str) -> Option<(RuleNumber, &'k Rule)> {
        self.knowledge.rules.number_of(id).map(|number| (number, self.knowledge.rules.get(number)))
    }
}

/// Whether a pass is about words and lines. Those about characters, blanks and marks are there to work upon what others leave.
fn is_about_words(pass: &str) -> bool {
    [PassName::MOJIBAKE, PassName::OCR, PassName::BOILERPLATE, PassName::TYPOS, PassName::NAMES].iter().any(|name| name.name() == pass)
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{RuleDir, load};

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let knowledge =
            load(true, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]).expect("the rules are well-formed");
        let breaches: Vec<_> = crate::check::rules(&knowledge).iter().map(ToString::to_string).collect();
        assert_eq!(breaches, [""; 0], "the rules keep the laws");
        find(&knowledge).iter().map(|finding| finding.title.clone()).collect()
    }

    const KYIV: &str = "canonical\tvariants\twhy\nKyiv\tKiev\tw\n";

    #[test]
    fn a_name_that_is_a_typo_too_is_never_found() {
        let files = |defaults| [("typos/a.tsv", "wrong\tright\twhy\nKiev\tKyiv\tw\n"), ("names/b.tsv", KYIV), ("names/b.toml", defaults)];
        let expected = ["The rule names/b/Kiev finds nothing in its example: typos/a/Kiev is in an earlier pass."];
        assert_eq!(told(&files("")), expected);
        assert_eq!(told(&files("only = { files = [\"news/**\"] }")), expected);
        let apart = [&files("only = { files = [\"news/**\"] }")[..], &[("typos/a.toml", "not = { files = [\"news/**\"] }")]].concat();
        assert_eq!(told(&apart), [""; 0], "they never meet");
        let languages = [&files("lang = \"de\"")[..], &[("typos/a.toml", "lang = \"en\"")]].concat();
        assert_eq!(told(&languages), [""; 0], "they never meet");
    }

    #[test]
    fn what_only_asks_leaves_the_text_to_later_passes() {
        let files = [("typos/a.tsv", "wrong\tright\twhy\tpolicy\nKiev\tKyiv\tw\task\n"), ("names/b.tsv", KYIV)];
        assert_eq!(told(&files), [""; 0]);
        let pass = |name, more| format!("[[pass]]\nname = \"{name}\"\nwhy = \"w\"\n{more}");
        let chain = [pass("typos", "policy = \"off\"\n"), pass("names", "")].concat();
        let files = [("chain.toml", &*chain), ("typos/a.tsv", "wrong\tright\twhy\nKiev\tKyiv\tw\n"), ("names/b.tsv", KYIV)];
        assert_eq!(told(&files), [""; 0], "the pass is only for texts that somebody names it for");
    }

    #[test]
    fn a_result_that_a_later_pass_changes_is_told() {
        let files = [("typos/a.tsv", "wrong\tright\twhy\nKeiv\tKiev\tw\n"), ("names/b.tsv", KYIV)];
        assert_eq!(told(&files), ["What the rule typos/a/Keiv makes is changed by names/b/Kiev, in a later pass."]);
    }

    #[test]
    fn rules_that_only_stand_side_by_side_are_told_nothing() {
        let typos = "wrong\tright\twhy\texample\ncarefuly\tcarefully\tw\tThe Kiev mayor spoke carefuly “again”\n";
        assert_eq!(told(&[("typos/a.tsv", typos), ("names/b.tsv", KYIV)]), [""; 0]);
        assert_eq!(told(&[]), [""; 0]);
    }
}
