//! The laws of a rule set: the same code proves the shipped rules in the tests and a project's own
//! when they are loaded.
//!
//! - An example holds, in its own pass and then in the whole chain.
//! - A keep stays: its rule leaves it alone.
//! - The chain settles on every example: no result triggers a rule of the same or an earlier pass.
//! - A built-in behaviour and a `keep-in` context are known to the pass.
//!
//! (That ids are unique, tables sorted and patterns never match the empty text, the loader proves.)

use std::borrow::Cow;
use std::sync::Arc;

use crate::clean::{Chain, Cleaned, Document, clean};
use crate::input::{Article, Field, FieldType, Problem};
use crate::passes;
use crate::review::decision::Bound;
use crate::rules::{Caps, ChainPlan, Diagnostic, Find, Knowledge, PassName, Policy, Rule, RuleSet, Scope, Spot};
use crate::text::{Change, Fate, RuleNumber, Span};

/// Breaches of the laws by any rule.
pub fn rules(knowledge: &Knowledge) -> Vec<Diagnostic> {
    check(knowledge, |_| true)
}

/// Breaches of the laws by the rules that did not come with emendo.
pub fn own_rules(knowledge: &Knowledge) -> Vec<Diagnostic> {
    check(knowledge, |rule| !rule.origin.shipped)
}

fn check(knowledge: &Knowledge, concerned: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    if !knowledge.rules.iter().any(|(_, rule)| concerned(rule)) {
        return Vec::new();
    }
    let unknown: Vec<_> = knowledge
        .rules
        .iter()
        .filter(|(_, rule)| concerned(rule))
        .flat_map(|(number, rule)| names_known(knowledge, number, rule))
        .collect();
    if !unknown.is_empty() {
        return unknown;
    }
    let bench = Bench::new(knowledge, None);
    let mut breaches = Vec::new();
    for (number, rule) in knowledge.rules.iter().filter(|(_, rule)| concerned(rule)) {
        // A rule that is off is judged as if it were on, and alone in that.
        let alone = (rule.policy == Some(Policy::Off)).then(|| Bench::new(knowledge, Some(number)));
        let bench = alone.as_ref().unwrap_or(&bench);
        for (at, example) in rule.examples.iter().enumerate() {
            if let Some(fault) = bench.example(rule, &example.before, &example.after) {
                breaches.push(fault.diagnostic(knowledge, number, Spot::Example(at)));
            }
        }
        for (at, keep) in rule.keeps.iter().enumerate() {
            if let Some(fault) = bench.keep(rule, keep) {
                breaches.push(fault.diagnostic(knowledge, number, Spot::Keep(at)));
            }
        }
    }
    breaches
}

/// What is wrong with an example, and the way out.
struct Fault {
    title: String,
    label: String,
    help: String,
}

impl Fault {
    fn new(title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) -> Self {
        Self { title: title.into(), label: label.into(), help: help.into() }
    }

    fn diagnostic(self, knowledge: &Knowledge, rule: RuleNumber, spot: Spot) -> Diagnostic {
        knowledge.diagnostic(rule, spot, self.title).label(self.label).help(self.help)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::new("The rule does what its pass may not do.", problem.reason, "Narrow the rule, or move it to the pass whose work it does.")
    }
}

fn names_known(knowledge: &Knowledge, number: RuleNumber, rule: &Rule) -> Vec<Diagnostic> {
    let known =
        |names: &[&str]| if names.is_empty() { "The pass knows none.".to_owned() } else { format!("The pass knows {}.", names.join(", ")) };
    match &rule.find {
        Find::BuiltIn(name) if !passes::built_ins(rule.pass).contains(&name.as_str()) => {
            let title = format!("The pass {} has no built-in behaviour of this name.", rule.pass);
            vec![knowledge.diagnostic(number, Spot::Find, title).label("not known").help(known(passes::built_ins(rule.pass)))]
        }
        Find::Characters { keep_in, .. } => {
            let contexts = passes::contexts(rule.pass);
            let unknown = keep_in.iter().enumerate().filter(|(_, context)| !contexts.contains(&context.as_str()));
            let title = format!("The pass {} has no context of this name.", rule.pass);
            unknown
                .map(|(at, _)| knowledge.diagnostic(number, Spot::KeepIn(at), title.clone()).label("not known").help(known(contexts)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The passes with every rule in force, everywhere: what a rule that asks would do if accepted.
struct Bench {
    passes: Vec<(PassName, Chain)>,
    chain: Chain,
}

impl Bench {
    /// Rules that are off stay off, but for `forced`.
    fn new(knowledge: &Knowledge, forced: Option<RuleNumber>) -> Self {
        let in_force = |(number, rule): (RuleNumber, &Rule)| {
            let off = rule.policy == Some(Policy::Off) && forced != Some(number);
            let policy = Some(if off { Policy::Off } else { Policy::Apply });
            Rule { policy, zones: Vec::new(), only: Scope::default(), not: Scope::default(), ..rule.clone() }
        };
        let rules = Arc::new(RuleSet::new(knowledge.rules.iter().map(in_force).collect()));
        let plan = ChainPlan { passes: knowledge.chain.passes.clone(), zones: Vec::new() };
        let only = |pass: PassName| {
            let others = PassName::ALL.into_iter().filter(|other| *other != pass).map(|other| (Some(other), Policy::Off));
            (pass, Chain::new(rules.clone(), &plan, &Caps { caps: others.collect() }))
        };
        Self { passes: PassName::ALL.map(only).into(), chain: Chain::new(rules.clone(), &plan, &Caps::default()) }
    }

    fn pass(&self, name: PassName) -> &Chain {
        &self.passes.iter().find(|(pass, _)| *pass == name).expect("there is one for each pass").1
    }

    fn example(&self, rule: &Rule, before: &str, after: &str) -> Option<Fault> {
        self.judge_example(rule, before, after).err()
    }

    fn judge_example(&self, rule: &Rule, before: &str, after: &str) -> Result<(), Fault> {
        let (own, changes) = run(self.pass(rule.pass), rule, before)?;
        if own != after {
            let title = format!("The example does not hold: {before:?} becomes {own:?}, not {after:?}.");
            return Err(Fault::new(
                title,
                blame(rule, &changes),
                "Correct the rule or the example. `emendo rules show ID` shows what the rule finds.",
            ));
        }
        if before != after && !changes.iter().any(|change| change.rule == rule.id && change.fate == Fate::Applied) {
            let title = format!("The example holds, but not by this rule: {} makes it.", makers(&changes));
            return Err(Fault::new(
                title,
                "another rule is first",
                "Remove one of the two rules, or give an example that only this one changes.",
            ));
        }
        let (once, _) = run(&self.chain, rule, before)?;
        let (expected, _) = run(&self.chain, rule, after)?;
        if once != expected {
            let title =
                format!("In the whole chain the example does not hold: {before:?} becomes {once:?}, and {after:?} becomes {expected:?}.");
            return Err(Fault::new(
                title,
                "an earlier or later pass undoes it",
                "Write the example as the passes before leave it, with straight quotes and single spaces.",
            ));
        }
        let (twice, again) = run(&self.chain, rule, &once)?;
        if twice != once {
            let title = format!("The chain does not settle: {before:?} becomes {once:?}, and that becomes {twice:?}.");
            let help = format!("The rules {} and {} feed one another. Remove one, or make it find less.", rule.id, makers(&again));
            return Err(Fault::new(title, format!("loops with {}", makers(&again)), help));
        }
        Ok(())
    }

    fn keep(&self, rule: &Rule, keep: &str) -> Option<Fault> {
        for chain in [self.pass(rule.pass), &self.chain] {
            let changes = match run(chain, rule, keep) {
                Ok((_, changes)) => changes,
                Err(fault) => return Some(fault),
            };
            if let Some(change) = changes.iter().find(|change| change.rule == rule.id && change.fate == Fate::Applied) {
                let title = format!("The rule does not keep {keep:?}: it changes {:?} to {:?}.", change.before, change.after);
                return Some(Fault::new(title, "must stay as it is", "Make the rule find less, or remove the keep."));
            }
        }
        None
    }
}

/// The example after the chain, and all changes. It is a fragment, unless the rule is about the edges
/// of a text.
fn run(chain: &Chain, rule: &Rule, text: &str) -> Result<(String, Vec<Change>), Fault> {
    let all = Span::new(0, text.len());
    let (fields, body) = if passes::is_about_edges(rule) {
        (Vec::new(), Some(all))
    } else {
        (vec![Field { name: "example".into(), kind: FieldType::Text, value: all, fault: None }], None)
    };
    let article = Article { slice: all, format: None, fields, body };
    let cleaned: Cleaned<'_> = clean(&Document { name: "example", text, lang: None }, &article, chain, &Bound::default())?;
    let changed = cleaned.fields.into_iter().next().map(|field| field.text).or(cleaned.text.map(Cow::into_owned));
    Ok((changed.unwrap_or_else(|| text.to_owned()), cleaned.changes))
}

/// Why the example does not hold, as far as the changes tell.
fn blame(rule: &Rule, changes: &[Change]) -> String {
    let own = changes.iter().find(|change| change.rule == rule.id);
    match own.map(|change| change.fate) {
        None => "the rule finds nothing here".to_owned(),
        Some(Fate::Protected { zone }) => format!("the place is protected: {zone}"),
        Some(Fate::Outranked { by }) => {
            let winner = changes.iter().find(|change| change.id == by).map_or("another rule", |change| &change.rule);
            format!("{winner} is leftmost, longer or earlier")
        }
        Some(_) => "this is not what comes out".to_owned(),
    }
}

fn makers(changes: &[Change]) -> String {
    let mut rules: Vec<&str> = changes.iter().filter(|change| change.fate == Fate::Applied).map(|change| &*change.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules.join(", ")
}
