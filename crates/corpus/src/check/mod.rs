//! The laws of a rule set: the same code proves the shipped rules in the tests and a project's own
//! when they are loaded.
//!
//! - An example holds, in its own pass and then in the whole chain.
//! - A keep stays: its rule leaves it alone.
//! - The chain settles on every example: no result triggers a rule of the same or an earlier pass.
//! - A built-in behaviour and a `keep-in` context are known to the pass; a word or a name is one that it can use.
//!
//! (That ids are unique, tables sorted and patterns never match the empty text, the loader proves.)

mod duplicates;
mod finding;
mod order;
mod patterns;
mod scopes;
mod shadowed;
mod warnings;

pub use finding::{Finding, FindingKind};
pub use warnings::warnings;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use emendo_core::chain::Chain;
use emendo_core::clean::clean;
use emendo_core::document::{Document, DocumentField};
use emendo_core::edit::{Change, ChangeId, Fate, PlacedChange, RuleNumber};
use emendo_core::passes;
use emendo_core::prose::LineColumn;
use emendo_core::review::Bound;
use emendo_core::rules::{
    ChainPlan, Diagnostic, Find, Knowledge, PassName, Policies, Policy, Rule, RuleSet, RuleSpot, Scope, Style, Trust, did_you_mean,
};

/// Breaches of the laws by any rule.
pub fn rules(knowledge: &Knowledge) -> Vec<Diagnostic> {
    check(knowledge, |_| true)
}

/// Breaches of the laws by the rules that did not come with emendo.
pub fn own_rules(knowledge: &Knowledge) -> Vec<Diagnostic> {
    check(knowledge, |rule| !rule.origin.shipped)
}

/// Breaches of the laws by the rules that are `concerned`.
pub fn check(knowledge: &Knowledge, concerned: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    // What is never run has nothing to prove: see `warnings`.
    let is_run = |rule: &Rule| knowledge.chain.passes.iter().any(|pass| pass.name == rule.pass);
    let concerned = |rule: &Rule| concerned(rule) && is_run(rule);
    if !knowledge.rules.iter().any(|(_, rule)| concerned(rule)) {
        return Vec::new();
    }
    let unusable = unusable_rules(knowledge, concerned);
    if !unusable.is_empty() {
        return unusable;
    }
    let concerned: Vec<_> = knowledge.rules.iter().filter(|(_, rule)| concerned(rule)).collect();
    let mut benches = Benches::new(knowledge);
    for (_, rule) in &concerned {
        benches.prepare(rule);
    }
    // Each by itself: with a hundred thousand rows in a project this is most of the time that a run takes to start.
    concerned.par_iter().flat_map_iter(|(number, rule)| breaches(knowledge, &benches, *number, rule)).collect()
}

/// The laws that a rule breaks.
fn breaches(knowledge: &Knowledge, benches: &Benches<'_>, number: RuleNumber, rule: &Rule) -> Vec<Diagnostic> {
    let mut breaches = Vec::new();
    // A rule that is off is judged as if it were on, and alone in that.
    let style = rule.style.unwrap_or_default();
    let alone = (rule.policy == Some(Policy::Off)).then(|| Bench::new(knowledge, Some(number), Some(rule), style));
    let benches = benches.of(rule);
    let bench = alone.as_ref().unwrap_or(&benches[style as usize]);
    for (at, example) in rule.examples.iter().enumerate() {
        // What becomes of a text is written in straight style, but the chain settles in both.
        let fault = bench.example(rule, &example.before, &example.after).or_else(|| {
            let also = (alone.is_none() && rule.style.is_none()).then(|| &benches[Style::Typographic as usize])?;
            also.settles(rule, &example.before).err()
        });
        if let Some(fault) = fault {
            breaches.push(fault.diagnostic(knowledge, number, RuleSpot::Example(at)));
        }
    }
    for (at, keep) in rule.keeps.iter().enumerate() {
        if let Some(fault) = bench.keep(rule, keep) {
            breaches.push(fault.diagnostic(knowledge, number, RuleSpot::Keep(at)));
        }
    }
    breaches
}

/// What their passes do not know or cannot use of the rules that are `concerned`.
pub fn unusable_rules(knowledge: &Knowledge, concerned: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    let concerned = knowledge.rules.iter().filter(|(_, rule)| concerned(rule));
    concerned.flat_map(|(number, rule)| unusable(knowledge, number, rule)).collect()
}

/// Why a text cannot be an example of a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExampleError {
    /// The rule leaves the text as it is.
    #[error("{text:?} stays as it is: {reason}")]
    Unchanged {
        /// The text.
        text: String,
        /// Why the rule does so.
        reason: String,
    },
    /// The example would break a law.
    #[error("{} ({reason})", .law.trim_end_matches('.'))]
    BreaksLaw {
        /// How it breaks which law: one sentence.
        law: String,
        /// The reason, short.
        reason: String,
    },
}

/// Tells of texts whether a rule may have them as its examples or keeps, before they are written down.
pub struct Prover<'k> {
    knowledge: &'k Knowledge,
    benches: Benches<'k>,
}

impl<'k> Prover<'k> {
    /// For the rules of this knowledge.
    pub fn new(knowledge: &'k Knowledge) -> Self {
        Self { knowledge, benches: Benches::new(knowledge) }
    }

    /// What the pass of the rule makes of the text, if the two would be an example that holds.
    ///
    /// # Errors
    /// When the rule leaves the text as it is, or the example would break a law.
    pub fn example(&mut self, rule: RuleNumber, before: &str) -> Result<String, ExampleError> {
        let rule = self.knowledge.rules.get(rule);
        let told = |fault: Fault| ExampleError::BreaksLaw { law: fault.title, reason: fault.label };
        let style = rule.style.unwrap_or_default();
        self.benches.prepare(rule);
        let benches = self.benches.of(rule);
        let bench = &benches[style as usize];
        let (after, changes) = run(bench.pass(rule.pass), rule, before).map_err(told)?;
        if after == before {
            return Err(ExampleError::Unchanged { text: before.to_owned(), reason: blame(rule, &changes) });
        }
        bench.judge_example(rule, before, &after).map_err(told)?;
        if rule.style.is_none() {
            benches[Style::Typographic as usize].settles(rule, before).map_err(told)?;
        }
        Ok(after)
    }

    /// Whether the rule leaves the text alone.
    pub fn keeps(&mut self, rule: RuleNumber, text: &str) -> bool {
        let rule = self.knowledge.rules.get(rule);
        self.benches.prepare(rule);
        self.benches.of(rule)[rule.style.unwrap_or_default() as usize].keep(rule, text).is_none()
    }
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

    fn diagnostic(self, knowledge: &Knowledge, rule: RuleNumber, spot: RuleSpot) -> Diagnostic {
        knowledge.diagnostic(rule, spot, self.title).label(self.label).help(self.help)
    }
}

/// What the pass of a rule does not know or cannot use, and so would leave out.
fn unusable(knowledge: &Knowledge, number: RuleNumber, rule: &Rule) -> Vec<Diagnostic> {
    let known = |name: &str, names: &[&str]| match names {
        [] => "The pass knows none.".to_owned(),
        _ => did_you_mean(name, names),
    };
    match &rule.find {
        Find::BuiltIn(name) if !rule.pass.spec().built_ins.contains(&name.as_str()) => {
            let title = format!("The pass {} has no built-in behaviour of this name.", rule.pass);
            vec![knowledge.diagnostic(number, RuleSpot::Find, title).label("not known").help(known(name, rule.pass.spec().built_ins))]
        }
        Find::Characters { keep_in, .. } => {
            let contexts = rule.pass.spec().contexts;
            let unknown = keep_in.iter().enumerate().filter(|(_, context)| !contexts.contains(&context.as_str()));
            let title = format!("The pass {} has no context of this name.", rule.pass);
            unknown
                .map(|(at, context)| {
                    knowledge.diagnostic(number, RuleSpot::KeepIn(at), title.clone()).label("not known").help(known(context, contexts))
                })
                .collect()
        }
        Find::Mark { mark, .. } if !rule.pass.spec().marks.contains(&mark.as_str()) => {
            let title = format!("The pass {} knows no mark of this name.", rule.pass);
            vec![knowledge.diagnostic(number, RuleSpot::Find, title).label("not known").help(known(mark, rule.pass.spec().marks))]
        }
        Find::Words { wrong, right, .. } => unusable_form(knowledge, number, [wrong, right]),
        Find::Name { variant, canonical, .. } => unusable_form(knowledge, number, [variant, canonical]),
        Find::Pattern { .. } | Find::Mark { .. } | Find::BuiltIn(_) => Vec::new(),
    }
}

fn unusable_form(knowledge: &Knowledge, number: RuleNumber, forms: [&str; 2]) -> Vec<Diagnostic> {
    let pass = knowledge.rules.get(number).pass;
    let fault = |form| pass.spec().table.as_ref().and_then(|table| (table.fault)(form));
    let Some((form, fault)) = forms.into_iter().find_map(|form| Some((form, fault(form)?))) else { return Vec::new() };
    let title = format!("The pass {pass} cannot use `{form}`: it {fault}.");
    let help = "Correct the row. What is no word belongs into a rule with `find`, in a .toml file of the pass that may touch it.";
    vec![knowledge.diagnostic(number, RuleSpot::Find, title).label("in this row").help(help)]
}

/// The benches for all rules. Two rules of which one holds for these files and one for those never meet: two outlets may
/// prefer what the other corrects.
struct Benches<'k> {
    knowledge: &'k Knowledge,
    /// For rules that meet all others, once there is one.
    open: Option<[Bench; 2]>,
    /// For rules that do not, by the files that they are for and not for.
    scoped: BTreeMap<Files, [Bench; 2]>,
    /// A rule for each of the scopes that there are.
    scopes: BTreeMap<Files, &'k Rule>,
}

/// The patterns of the files that a rule is for, and not for, and in which languages, and not.
type Files = (Vec<String>, Vec<String>, Vec<String>, Vec<String>);

/// What a rule says of the files that it is for.
fn files(rule: &Rule) -> Files {
    let patterns = |scope: &Scope| scope.files.as_ref().map(|files| files.patterns.clone()).unwrap_or_default();
    (patterns(&rule.only), patterns(&rule.not), rule.only.lang.clone(), rule.not.lang.clone())
}

impl<'k> Benches<'k> {
    fn new(knowledge: &'k Knowledge) -> Self {
        let scopes = knowledge.rules.iter().map(|(_, rule)| (files(rule), rule)).collect();
        Self { knowledge, open: None, scoped: BTreeMap::new(), scopes }
    }

    /// Makes the benches for this rule, if it needs others than are there.
    fn prepare(&mut self, rule: &Rule) {
        if self.scopes.values().all(|other| scopes::meet_in_a_document(rule, other)) {
            let open = || Style::ALL.map(|style| Bench::new(self.knowledge, None, None, style));
            self.open.get_or_insert_with(open);
        } else {
            let beside = || Style::ALL.map(|style| Bench::new(self.knowledge, None, Some(rule), style));
            self.scoped.entry(files(rule)).or_insert_with(beside);
        }
    }

    /// The benches for this rule, one for each style; they were prepared.
    fn of(&self, rule: &Rule) -> &[Bench; 2] {
        let of_scope = if self.scoped.is_empty() { None } else { self.scoped.get(&files(rule)) };
        of_scope.or(self.open.as_ref()).expect("they were prepared")
    }
}

/// The passes with every rule in force, everywhere: what a rule that asks would do if accepted.
struct Bench {
    plan: ChainPlan,
    rules: Arc<RuleSet>,
    is_off: Vec<bool>,
    /// Each pass by itself, once a rule of it is judged.
    passes: [OnceLock<Chain>; PassName::ALL.len()],
    chain: Chain,
}

impl Bench {
    /// Rules that are off stay off, but for `forced`; and so do those that never meet the rule `beside`.
    fn new(knowledge: &Knowledge, forced: Option<RuleNumber>, beside: Option<&Rule>, style: Style) -> Self {
        let rules: RuleSet = knowledge.rules.shared().map(|(_, rule)| everywhere(rule)).collect();
        let is_off = |(number, rule): (RuleNumber, &Rule)| {
            let is_apart = beside.is_some_and(|beside| !scopes::meet_in_a_document(beside, rule));
            rule.policy == Some(Policy::Off) && forced != Some(number) || is_apart
        };
        let in_style = knowledge.rules.iter().filter(|(_, rule)| rule.style.is_none_or(|only| only == style));
        let (is_off, rules) = (in_style.map(is_off).collect(), Arc::new(rules.in_style(style)));
        let chain = Self::chain(&knowledge.chain, &rules, &is_off, None);
        Self { plan: knowledge.chain.clone(), rules, is_off, passes: Default::default(), chain }
    }

    /// The chain of all passes, or of one.
    fn chain(plan: &ChainPlan, rules: &Arc<RuleSet>, is_off: &Vec<bool>, only: Option<PassName>) -> Chain {
        let in_force = |(rule, is_off): (&Rule, &bool)| {
            let is_run = !is_off && only.is_none_or(|only| only == rule.pass);
            if is_run { Policy::Apply } else { Policy::Off }
        };
        let policies = Policies::of_all(rules.iter().map(|(_, rule)| rule).zip(is_off).map(in_force));
        Chain::with(rules.clone(), policies, plan)
    }

    fn pass(&self, name: PassName) -> &Chain {
        let at = PassName::ALL.iter().position(|pass| *pass == name).expect("all are listed");
        self.passes[at].get_or_init(|| Self::chain(&self.plan, &self.rules, &self.is_off, Some(name)))
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
        // A project may have its own rule for what a shipped one finds, in some files or languages.
        let is_own_rules = |id: ChangeId| {
            let winner = changes.iter().find(|change| change.id() == id);
            winner.is_some_and(|winner| self.chain.rules().iter().any(|(_, rule)| rule.id == winner.rule && !rule.origin.shipped))
        };
        let is_own = |change: &Change| match change.fate {
            Fate::Applied => change.rule == rule.id,
            Fate::Superseded { by } => change.rule == rule.id && rule.origin.shipped && is_own_rules(by),
            _ => false,
        };
        if before != after && !changes.iter().any(is_own) {
            let title = format!("The example holds, but not by this rule: {} makes it.", makers(&changes));
            return Err(Fault::new(
                title,
                "another rule is first",
                "Remove one of the two rules, or give an example that only this one changes.",
            ));
        }
        // Before the next law: a loop breaks that too, and this tells it better.
        let once = self.settles(rule, before)?;
        if once == after {
            // It settled, so the same comes of what it should become.
            return Ok(());
        }
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
        Ok(())
    }

    /// What becomes of a text, which must stay so.
    fn settles(&self, rule: &Rule, before: &str) -> Result<String, Fault> {
        let (once, _) = run(&self.chain, rule, before)?;
        let (twice, again) = run(&self.chain, rule, &once)?;
        let applied = || again.iter().filter(|change| change.fate == Fate::Applied);
        let undone = twice == before || applied().any(|change| change.rule == rule.id);
        if let Some(other) = applied().find(|change| undone && change.rule != rule.id) {
            let title = format!("The rules {} and {} undo each other.", rule.id, other.rule);
            let label = format!("{} makes {:?} of {:?}", other.rule, other.result(), other.before);
            return Err(Fault::new(title, label, "Keep the one that is right, and remove the other."));
        }
        if twice != once {
            let title = format!("The chain does not settle: {before:?} becomes {once:?}, and that becomes {twice:?}.");
            let label = format!("what comes out is changed again by {}", makers(&again));
            return Err(Fault::new(title, label, "Let this rule make the final text, or let the other one find less."));
        }
        Ok(once)
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

/// The rule as if it held in every document and asked nowhere. What a mark is printed as is known for a language only.
fn everywhere(rule: &Arc<Rule>) -> Arc<Rule> {
    let is_row = matches!(rule.find, Find::Words { .. } | Find::Name { .. });
    // Most rules of a large set are such rows. Their policies are those of the chain, and no example has a language.
    if is_row && rule.trust == Trust::Full && rule.only.files.is_none() && rule.not.is_empty() {
        return Arc::clone(rule);
    }
    let by_language = |scope: &Scope| match rule.find {
        Find::Mark { .. } => Arc::new(Scope { files: None, lang: scope.lang.clone() }),
        _ => Arc::default(),
    };
    let (only, not) = (by_language(&rule.only), by_language(&rule.not));
    Arc::new(Rule { policy: Some(Policy::Apply), trust: Trust::Full, zones: Arc::default(), only, not, ..Rule::clone(rule) })
}

/// The example after the chain, and all changes. It is a fragment, unless the rule is about the edges
/// of a text.
fn run(chain: &Chain, rule: &Rule, text: &str) -> Result<(String, Vec<Change>), Fault> {
    let as_field = [DocumentField { name: "example".into(), text, start: 0 }];
    let (fields, body) = if passes::is_about_edges(rule) { (&[][..], Some(text)) } else { (&as_field[..], None) };
    let lang = if let Find::Mark { .. } = rule.find { rule.only.lang.first().map(String::as_str) } else { None };
    // An example has no bytes; where it writes some all the same, they are of the commonest encoding.
    let stray = emendo_core::input::find_stray(text).map(|_| encoding_rs::WINDOWS_1252);
    let document = Document { lang, stray, fields, text: body, ..Document::new("example", text) };
    let cleaned = clean(&document, chain, &Bound::default()).map_err(|error| {
        let place = LineColumn::of(text, error.place().1);
        Fault::new(error.explain(place), "this text shows it", "")
    })?;
    // One by one: what is judged is a change at a place.
    let one_by_one = cleaned.placed().map(PlacedChange::to_change).collect();
    let changed = cleaned.fields.into_iter().next().map(|field| field.text).or(cleaned.text.map(Cow::into_owned));
    Ok((changed.unwrap_or_else(|| text.to_owned()), one_by_one))
}

/// Why the example does not hold, as far as the changes tell.
fn blame(rule: &Rule, changes: &[Change]) -> String {
    let own = changes.iter().find(|change| change.rule == rule.id);
    match own.map(|change| change.fate) {
        None => "the rule finds nothing here".to_owned(),
        Some(Fate::Protected { zone }) => format!("the place is protected: {zone}"),
        Some(Fate::Superseded { by }) => {
            let winner = changes.iter().find(|change| change.id() == by).map_or("another rule", |change| &change.rule);
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

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{RuleDir, load};

    /// What a person sees who adds this file to the shipped rules.
    fn told(path: &str, text: &str) -> String {
        let dir = RuleDir { name: "rules".to_owned(), files: vec![(path.to_owned(), text.to_owned())], ..RuleDir::default() };
        let shown = |errors: Vec<Diagnostic>| errors.iter().map(|error| error.render(false)).collect::<Vec<_>>().join("\n\n");
        shown(load(true, &[dir]).map_or_else(|errors| errors, |knowledge| own_rules(&knowledge)))
    }

    fn row(wrong: &str, right: &str) -> String {
        told("typos/mine.tsv", &format!("wrong\tright\twhy\n{wrong}\t{right}\tw\n"))
    }

    fn rule(pass: &str, find: &str, becomes: &str, before: &str, after: &str) -> String {
        let rule = format!("id = \"x\"\nfind = '{find}'\nbecomes = '{becomes}'\nwhy = \"w\"\nexamples = [['{before}', '{after}']]\n");
        told(&format!("{pass}/mine.toml"), &format!("[[rule]]\n{rule}"))
    }

    #[test]
    fn a_good_rule_is_told_nothing() {
        assert_eq!(row("recieve", "receive"), "");
        assert_eq!(told("names/mine.tsv", "canonical\tvariants\twhy\nJohn Kirby\tJon Kirby\tw\n"), "");
        assert_eq!(rule("dashes", "(\\d)–(\\d)", "${1}-${2}", "pages 3–5", "pages 3-5"), "");
    }

    #[test]
    fn a_form_that_the_pass_would_leave_out_is_told_at_its_row() {
        for (wrong, right) in [("not only,", "not only"), ("(c)", "©"), ("teh", "the."), ("-ing", "ing")] {
            let shown = row(wrong, right);
            assert!(shown.contains("The pass typos cannot use `") && shown.contains("rules/typos/mine.tsv:2:1"), "{shown}");
        }
        let shown = told("names/mine.tsv", "canonical\tvariants\twhy\nAntony Blinken\tAntoni Blinken,Tony Blinken\tw\n");
        assert!(shown.contains("cannot use `Antoni Blinken,Tony Blinken`") && shown.contains("mine.tsv:2:16"), "{shown}");
    }

    #[test]
    fn rules_that_feed_each_other_are_told_as_a_loop() {
        let shown = told("typos/mine.tsv", "wrong\tright\twhy\nfor\tfro\tw\nfro\tfor\tw\n");
        assert!(shown.contains("The rules typos/mine/for and typos/mine/fro undo each other."), "{shown}");
        assert!(shown.contains("typos/mine/fro makes \"for\" of \"fro\""), "{shown}");
        let shown = told("typos/mine.tsv", "wrong\tright\twhy\naa\tbb\tw\nbb\tcc\tw\n");
        assert!(shown.contains("\"aa\" becomes \"bb\", and that becomes \"cc\""), "{shown}");
        assert!(shown.contains("changed again by typos/mine/bb"), "{shown}");
    }

    /// What a person sees who adds two tables of names that prefer the opposite, with these defaults.
    fn opposite(defaults: [&str; 2]) -> String {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files = vec![
            file("names/a.tsv", "canonical\tvariants\nKyiv\tKiev\n"),
            file("names/a.toml", &format!("why = \"w\"\n{}\n", defaults[0])),
            file("names/b.tsv", "canonical\tvariants\nKiev\tKyiv\n"),
            file("names/b.toml", &format!("why = \"w\"\n{}\n", defaults[1])),
        ];
        let knowledge = load(true, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]).expect("the rules can be read");
        own_rules(&knowledge).iter().map(|error| error.render(false)).collect::<Vec<_>>().join("\n\n")
    }

    #[test]
    fn rules_that_never_meet_may_be_of_two_minds() {
        assert_eq!(opposite(["only = { files = [\"kyiv-post/**\"] }", "only = { files = [\"archive/**\", \"old/*.txt\"] }"]), "");
        assert_eq!(opposite(["only = { files = [\"archive/**\"] }", "not = { files = [\"archive/**\"] }"]), "");
        assert_eq!(opposite(["lang = \"en\"", "lang = \"uk\""]), "");
        for meeting in [
            ["", "only = { files = [\"archive/**\"] }"],
            ["only = { files = [\"archive/**\"] }", "only = { files = [\"archive/old/**\"] }"],
            ["only = { files = [\"archive/**\"] }", "only = { files = [\"*.txt\"] }"],
            ["only = { files = [\"archive/**\"] }", "not = { files = [\"archive/old/**\"] }"],
            ["lang = \"en\"", "lang = \"en-GB\""],
        ] {
            let shown = opposite(meeting);
            assert!(shown.contains("The rules names/a/Kiev and names/b/Kyiv undo each other."), "{meeting:?}: {shown}");
        }
    }

    #[test]
    fn a_rule_outside_the_contract_is_told_what_its_pass_may_touch() {
        let shown = rule("spaces", "e +", "a ", "the end", "tha end");
        assert!(shown.contains("the pass spaces may touch only white space"), "{shown}");
    }

    #[test]
    fn an_example_or_a_keep_that_does_not_hold_is_told_with_what_comes_out() {
        let shown = rule("dashes", "–", "-", "a – b", "a - c");
        assert!(shown.contains("\"a – b\" becomes \"a - b\", not \"a - c\""), "{shown}");
        let shown = told("typos/mine.tsv", "wrong\tright\twhy\tkeep\nrecieve\treceive\tw\tto recieve\n");
        assert!(shown.contains("The rule does not keep \"to recieve\""), "{shown}");
    }

    #[test]
    fn shipped_rules_are_no_obstacle_to_a_projects_but_to_each_other() {
        let table = |path: &str| (path.to_owned(), "wrong\tright\twhy\nagremeent\tagreement\tw\n".to_owned());
        let defaults = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let told = |is_shipped: fn(&Rule) -> bool| {
            let files = vec![table("typos/one.tsv"), defaults("typos/two.toml", "only = { files = [\"a/**\"] }"), table("typos/two.tsv")];
            let mut knowledge =
                load(false, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]).expect("the rules can be read");
            let shipped = |(_, rule): (RuleNumber, &Rule)| Rule {
                origin: emendo_core::rules::Origin { shipped: is_shipped(rule), ..rule.origin.clone() },
                ..rule.clone()
            };
            knowledge.rules = RuleSet::new(knowledge.rules.iter().map(shipped).collect());
            rules(&knowledge).iter().map(|error| error.render(false)).collect::<Vec<_>>().join("\n\n")
        };
        assert!(told(|_| true).contains("not by this rule: typos/one/agremeent makes it"), "{}", told(|_| true));
        assert_eq!(told(|rule| rule.id.starts_with("typos/two")), "");
    }

    #[test]
    fn a_rule_that_another_one_forestalls_is_told_which() {
        let rule = |id: &str| {
            format!("[[rule]]\nid = \"{id}\"\nfind = '(\\d)–(\\d)'\nbecomes = '${{1}}-${{2}}'\nwhy = \"w\"\nexamples = [['3–5', '3-5']]\n")
        };
        let shown = told("dashes/mine.toml", &format!("{}{}", rule("first"), rule("second")));
        assert!(shown.contains("not by this rule: dashes/first makes it"), "{shown}");
        assert_eq!(row("Isrfael", "Israel"), "", "a rule that comes with emendo is no obstacle");
        assert_eq!(
            told("typos/mine.tsv", "wrong\tright\twhy\nIsreal\tIsrael\tw\nIsreals\tIsraels\tw\n"),
            "",
            "nor is a plural that another row covers"
        );
    }
}
