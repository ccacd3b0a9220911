//! A pass that is added to the table: rules, chain, contract and record know it without another line.

use std::sync::Arc;

use emendo_core::chain::Chain;
use emendo_core::clean::{CleanError, clean};
use emendo_core::document::{Cleaned, Document};
use emendo_core::passes::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, PassTable, View, built_in};
use emendo_core::review::Bound;
use emendo_core::rules::{Caps, Diagnostic, Find, Knowledge, RuleDir, Style, load_for};
use emendo_core::{Edit, Fate, RuleNumber, Span};

/// What the file of a pass holds.
mod shout {
    use super::*;

    pub static SPEC: PassSpec =
        PassSpec { built_ins: &["doubled-mark", "whole-text"], ..PassSpec::new("shout", CONTRACT, |rules, _| Box::new(Shout::new(rules))) };

    const CONTRACT: Contract =
        Contract { says: "exclamation marks", allows: |text, edit| text[edit.at.range()].chars().all(|c| c == '!') && &*edit.with == "!" };

    /// Makes one exclamation mark of two.
    struct Shout {
        doubled_mark: Option<RuleNumber>,
        whole_text: Option<RuleNumber>,
    }

    impl Shout {
        fn new(rules: PassRules<'_>) -> Self {
            Self { doubled_mark: built_in(rules, "doubled-mark"), whole_text: built_in(rules, "whole-text") }
        }
    }

    impl Pass for Shout {
        fn name(&self) -> PassName {
            PassName::of(&SPEC)
        }

        fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
            if let Some(rule) = self.doubled_mark {
                edits.extend(view.text.match_indices("!!").map(|(at, _)| Edit::replace(rule, Span::new(at, at + 2), "!")));
            }
            edits.extend(self.whole_text.map(|rule| Edit::replace(rule, Span::new(0, view.text.len()), "!")));
            Ok(())
        }
    }
}

const SHOUT: PassName = PassName::of(&shout::SPEC);

/// The table of passes with one more entry.
fn table() -> [PassName; PassName::ALL.len() + 1] {
    std::array::from_fn(|at| PassName::ALL.get(at).copied().unwrap_or(SHOUT))
}

const CHAIN: &str =
    "[[pass]]\nname = \"spaces\"\nwhy = \"First.\"\n\n[[pass]]\nname = \"shout\"\nwhy = \"Last.\"\nzones = { quotation = \"ask\" }\n";

fn rule(behaviour: &str) -> String {
    format!("[[rule]]\nid = \"{behaviour}\"\nbuilt-in = \"{behaviour}\"\nwhy = \"Once is enough.\"\nexamples = [[\"No!!\", \"No!\"]]\n")
}

fn loaded(path: &str, text: &str) -> Result<Knowledge, Vec<Diagnostic>> {
    let files = [("chain.toml", CHAIN), (path, text)].map(|(path, text)| (path.to_owned(), text.to_owned()));
    load_for(PassTable::new(&table()), false, &[RuleDir { name: "mine".into(), files: files.into(), ..RuleDir::default() }])
}

fn chain(behaviour: &str) -> Chain {
    let knowledge = loaded("shout/marks.toml", &rule(behaviour)).expect("the rules have no errors");
    Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &Caps::default())
}

fn cleaned<'t>(text: &'t str, behaviour: &str) -> Result<Cleaned<'t>, CleanError> {
    clean(&Document::new("a.txt", text), &chain(behaviour), &Bound::default())
}

#[test]
fn its_rules_are_read_and_its_behaviours_are_known() {
    let knowledge = loaded("shout/marks.toml", &rule("doubled-mark")).expect("the rules have no errors");
    let rule = knowledge.rules.by_id("shout/doubled-mark").expect("the folder names the pass");
    assert_eq!((rule.pass, rule.pass.spec().name), (SHOUT, "shout"));
    assert!(matches!(&rule.find, Find::BuiltIn(name) if rule.pass.spec().built_ins.contains(&name.as_str())));
}

#[test]
fn help_and_errors_know_its_name() {
    let title_and_help = |path, text| {
        let errors = loaded(path, text).expect_err("the file is wrong");
        errors.iter().map(|error| error.render(false)).collect::<String>()
    };
    assert!(title_and_help("shouts/marks.toml", "").contains("Did you mean `shout`?"));
    assert!(title_and_help("shout/marks.tsv", "wrong\tright\n").contains("The pass `shout` has no tables."));
}

#[test]
fn it_runs_in_its_place_and_the_record_names_it() {
    let cleaned = cleaned("No!! \"Yes!!\" he said.\n", "doubled-mark").expect("it keeps its contract");
    assert_eq!(cleaned.text.as_deref(), Some("No! \"Yes!!\" he said.\n"));
    let told: Vec<_> = cleaned.changes.iter().map(|change| (change.pass, &*change.rule, change.fate)).collect();
    assert_eq!(told, [("shout", "shout/doubled-mark", Fate::Applied), ("shout", "shout/doubled-mark", Fate::Pending)]);
}

#[test]
fn its_contract_is_kept() {
    let error = cleaned("No!\n", "whole-text").expect_err("a word is no exclamation mark");
    assert!(error.to_string().contains("the pass shout may touch only exclamation marks"), "{error}");
}
