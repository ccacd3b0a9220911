//! The verb: whatever the rules propose and whoever decides, the record accounts for every byte.

use std::borrow::Cow;
use std::sync::Arc;

use emendo_core::chain::Chain;
use emendo_core::clean::clean;
use emendo_core::cleaner::{CleanedSlice, Cleaner, formats};
use emendo_core::document::{Cleaned, Document, DocumentField, PartText};
use emendo_core::edit::{Change, Edit, Fate, Hunk, Part, PlacedChange, RuleNumber, Span};
use emendo_core::input::ProblemKind;
use emendo_core::passes::{Contract, Overrun, Pass, View};
use emendo_core::prose::LineColumn;
use emendo_core::review::Decisions;
use emendo_core::review::decision::Decision;
use emendo_core::rules::{Caps, ChainPlan, Find, PassName, PassPlan, Policies, Policy, Rule, RuleSet};
use proptest::prelude::*;

use crate::draft::text;

/// A pass that replaces fixed strings, wherever they stand, overlapping ones too.
struct Replacer {
    name: PassName,
    rules: Vec<(RuleNumber, String, String)>,
}

impl Pass for Replacer {
    fn name(&self) -> PassName {
        self.name
    }

    fn contract(&self) -> Contract {
        Contract { says: "anything", allows: |_, _| true }
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        for (rule, find, with) in &self.rules {
            edits.extend(
                view.text
                    .match_indices(find.as_str())
                    .map(|(at, found)| Edit::replace(*rule, Span::new(at, at + found.len()), with.as_str())),
            );
        }
        Ok(())
    }
}

/// What a random rule finds, what it becomes, and its policy.
pub type Recipe = (String, String, Policy);

fn recipe() -> impl Strategy<Value = Recipe> {
    let short = |range| text().prop_map(move |text: String| text.chars().take(range).collect::<String>());
    (short(3), short(4), prop_oneof![3 => Just(Policy::Apply), 1 => Just(Policy::Ask), 1 => Just(Policy::Off)])
}

pub fn chain(recipes: &[Vec<Recipe>]) -> Chain {
    let (mut rules, mut passes, mut plan) = (Vec::new(), Vec::new(), ChainPlan::default());
    for (name, recipes) in PassName::ALL.into_iter().zip(recipes) {
        let mut pass = Replacer { name, rules: Vec::new() };
        for (find, with, policy) in recipes {
            let number = RuleNumber(u32::try_from(rules.len()).expect("few"));
            rules.push(Rule { policy: Some(*policy), ..Rule::new(name, &format!("{name}/{}", number.0), Find::BuiltIn(String::new())) });
            pass.rules.push((number, find.clone(), with.clone()));
        }
        plan.passes.push(PassPlan { name, why: String::new(), zones: Vec::new(), unless_named: Policy::Apply });
        passes.push(Box::new(pass) as Box<dyn Pass>);
    }
    let rules = Arc::new(RuleSet::new(rules));
    Chain::of_passes(rules.clone(), Policies::new(&rules, &plan, &Caps::default()), passes)
}

/// The text as one document whose first `title` characters are a title.
fn split(text: &str, title: usize) -> ([DocumentField<'_>; 1], &str) {
    let split = text.char_indices().nth(title).map_or(text.len(), |(at, _)| at);
    ([DocumentField { name: "title".into(), text: &text[..split], start: 0 }], &text[split..])
}

fn run<'a>((fields, body): &'a ([DocumentField<'a>; 1], &'a str), chain: &Chain, decisions: &str) -> Cleaned<'a> {
    let decisions = Decisions::parse(decisions).expect("the test writes good decisions");
    let document = Document { fields, ..Document::new("a.txt", body) };
    let bound = decisions.bind(&document, chain.rules());
    clean(&document, chain, &bound).expect("no pass leaves its contract")
}

/// All changes, each with one place.
pub fn placed(cleaned: &Cleaned<'_>) -> Vec<Change> {
    cleaned.placed().map(PlacedChange::to_change).collect()
}

/// The line that decides on a change of one of these texts.
pub fn decision(verdict: &str, texts: &[PartText<'_>], change: &Change) -> String {
    let text = texts.iter().find(|text| text.part == change.part).expect("it lies in one of them");
    let verdict = serde_json::from_value(verdict.into()).expect("a verdict");
    Decision::here(verdict, text, change.first()).line()
}

/// The texts of a document.
fn texts<'a>(([title], body): &([DocumentField<'a>; 1], &'a str)) -> [PartText<'a>; 2] {
    let title = PartText { part: Part::Field(title.name.clone()), text: title.text, start: 0 };
    [title, PartText { part: Part::Body, text: body, start: 0 }]
}

/// Both ways: the original text from the cleaned one, and the cleaned one from the original.
pub fn assert_hunks_account(source: &str, cleaned: &str, hunks: &[&Hunk], changes: &[Change]) {
    let (mut forth, mut back) = (source.to_owned(), cleaned.to_owned());
    for hunk in hunks.iter().rev() {
        assert_eq!(source[hunk.original.range()], hunk.before);
        assert_eq!(cleaned[hunk.cleaned.range()], hunk.after);
        forth.replace_range(hunk.original.range(), &hunk.after);
        back.replace_range(hunk.cleaned.range(), &hunk.before);
        assert_ne!(hunk.before, hunk.after, "a hunk is a difference");
        assert!(!hunk.changes.is_empty(), "every hunk names the changes that made it");
        for place in &hunk.changes {
            assert_eq!(place.of(changes).fate, Fate::Applied, "and these were applied");
        }
    }
    assert_eq!(forth, cleaned);
    assert_eq!(back, source);
}

fn assert_accounted(document: &([DocumentField<'_>; 1], &str), cleaned: &Cleaned<'_>) {
    for PartText { part, text, .. } in texts(document) {
        let hunks: Vec<_> = cleaned.hunks.iter().filter(|hunk| hunk.part == part).collect();
        let after = match &part {
            Part::Body => cleaned.text.as_deref().expect("the test gives one"),
            Part::Field(name) => cleaned.fields.iter().find(|clean| clean.name == *name).map_or(text, |clean| &clean.text),
        };
        assert_hunks_account(text, after, &hunks, &cleaned.changes);
        assert!(hunks.windows(2).all(|pair| pair[0].original.end <= pair[1].original.start), "hunks are sorted and disjoint: {hunks:?}");
    }
    assert!(cleaned.hunks.is_sorted_by_key(|hunk| hunk.part == Part::Body), "those of the fields come first");
    let mut known: Vec<&Change> = Vec::new();
    for change in &cleaned.changes {
        assert!(!change.places.is_empty(), "a change has a place");
        let alike = |other: &Change| Change { places: change.places.clone(), ..other.clone() } == *change;
        assert!(!known.iter().any(|other| alike(other)), "equal edits are one change: {change:?}");
        known.push(change);
    }
}

/// Whether the fates of one pass over one part are what competition says they must be.
fn assert_fates_fit(changes: &[Change]) {
    for change in changes {
        if let Fate::Superseded { by } = change.fate {
            let winner = changes.iter().find(|other| other.id() == by).expect("the winner is listed");
            assert!(matches!(winner.fate, Fate::Applied | Fate::Pending) && winner.pass == change.pass && winner.part == change.part);
        }
    }
}

pub fn recipes() -> impl Strategy<Value = Vec<Vec<Recipe>>> {
    proptest::collection::vec(proptest::collection::vec(recipe().prop_filter("finds something", |recipe| !recipe.0.is_empty()), 0..4), 0..4)
}

proptest! {
    #[test]
    fn rebuild_and_account((text, title, recipes) in (text(), 0..5usize, recipes())) {
        let (document, chain) = (split(&text, title), chain(&recipes));
        let cleaned = run(&document, &chain, "");
        assert_accounted(&document, &cleaned);
        assert_fates_fit(&placed(&cleaned));
        prop_assert_eq!(&run(&document, &chain, ""), &cleaned, "the same again");
        let changes = placed(&cleaned);
        let mut ids: Vec<_> = changes.iter().map(Change::id).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), changes.len(), "an id names one change");
        if cleaned.changes.iter().all(|change| change.fate != Fate::Applied) {
            prop_assert!(matches!(cleaned.text, Some(Cow::Borrowed(_))), "nothing applied, nothing copied");
        }
    }

    #[test]
    fn a_rejected_change_does_not_come_back((text, recipes, pick) in (text(), recipes(), any::<proptest::sample::Index>())) {
        let (document, chain) = (split(&text, 2), chain(&recipes));
        let before = run(&document, &chain, "");
        let before = placed(&before);
        let candidates: Vec<_> = before.iter().filter(|change| matches!(change.fate, Fate::Applied | Fate::Pending)).collect();
        if candidates.is_empty() {
            return Ok(());
        }
        let rejected = *pick.get(&candidates);
        let after = run(&document, &chain, &decision("reject", &texts(&document), rejected));
        assert_accounted(&document, &after);
        let after = placed(&after);
        let again = after.iter().find(|change| change.id() == rejected.id());
        prop_assert_eq!(again.map(|change| change.fate), Some(Fate::Rejected));
        // Earlier passes, and in the same pass all but its rivals, stand as they were.
        let pass = |changes: &[Change]| changes.iter().filter(|change| change.part == rejected.part).position(|change| change.pass == rejected.pass);
        prop_assert_eq!(pass(&before), pass(&after));
        for change in before.iter().filter(|change| change.part == rejected.part && change.pass == rejected.pass && change.id() != rejected.id()) {
            let now = after.iter().find(|now| now.id() == change.id()).expect("it is proposed again");
            let was_rival = change.fate == (Fate::Superseded { by: rejected.id() });
            let fell_to_rival = matches!(now.fate, Fate::Superseded { by } if before.iter().any(|other| other.id() == by && matches!(other.fate, Fate::Superseded { .. })));
            prop_assert!(now.fate == change.fate || was_rival || fell_to_rival, "{change:?} became {now:?}");
        }
    }

    #[test]
    fn an_accepted_change_is_applied((text, recipes, pick) in (text(), recipes(), any::<proptest::sample::Index>())) {
        let (document, chain) = (split(&text, 2), chain(&recipes));
        let before = run(&document, &chain, "");
        let before = placed(&before);
        let waiting: Vec<_> = before.iter().filter(|change| change.fate == Fate::Pending).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let accepted = *pick.get(&waiting);
        let after = run(&document, &chain, &decision("accept", &texts(&document), accepted));
        assert_accounted(&document, &after);
        prop_assert!(placed(&after).iter().any(|change| change.id() == accepted.id() && change.fate == Fate::Applied));
    }

    #[test]
    fn with_every_rule_off_the_text_is_borrowed((text, recipes) in (text(), recipes())) {
        let off: Vec<Vec<Recipe>> = recipes.into_iter().map(|pass| pass.into_iter().map(|(find, with, _)| (find, with, Policy::Off)).collect()).collect();
        let (document, chain) = (split(&text, 2), chain(&off));
        let cleaned = run(&document, &chain, "");
        prop_assert!(matches!(cleaned.text, Some(Cow::Borrowed(_))) && cleaned.changes.is_empty() && cleaned.fields.is_empty());
    }
}

#[test]
fn two_changes_that_are_alike_have_two_ids() {
    // Both é lie in the seam that 😀 became, so both spans widen to it.
    let apply = |find: &str, with: &str| (find.to_owned(), with.to_owned(), Policy::Apply);
    let chain = chain(&[vec![apply("😀", "éé")], vec![apply("é", "’")]]);
    let text = "😀";
    let document = split(text, 0);
    let cleaned = run(&document, &chain, "");
    let changes = placed(&cleaned);
    assert_eq!(changes.iter().map(|change| change.places[0].occurrence).collect::<Vec<_>>(), [0, 0, 1]);
    assert_ne!(changes[1].id(), changes[2].id());
    let line = decision("reject", &texts(&document), &changes[2]);
    assert_eq!(run(&document, &chain, &line).text.as_deref(), Some("’é"));
}

#[test]
fn leftmost_then_longest_then_earliest_rule_wins() {
    let apply = |find: &str, with: &str| (find.to_owned(), with.to_owned(), Policy::Apply);
    let chain = chain(&[vec![apply("bc", "1"), apply("ab", "2"), apply("abc", "3"), apply("abc", "4")]]);
    let text = "abcd";
    let document = split(text, 0);
    let cleaned = run(&document, &chain, "");
    assert_eq!(cleaned.text.as_deref(), Some("3d"));
    let winner = cleaned.changes.iter().find(|change| change.fate == Fate::Applied).expect("one wins");
    assert_eq!(
        placed(&cleaned).iter().filter(|change| change.fate == (Fate::Superseded { by: winner.id() })).count(),
        3,
        "no loser is dropped silently"
    );
}

#[test]
fn a_waiting_winner_keeps_its_place_and_its_text() {
    let chain = chain(&[vec![("ab".to_owned(), "x".to_owned(), Policy::Ask), ("b".to_owned(), "y".to_owned(), Policy::Apply)]]);
    let text = "ab b";
    let document = split(text, 0);
    let cleaned = run(&document, &chain, "");
    assert_eq!(cleaned.text.as_deref(), Some("ab y"));
    let rejected = run(&document, &chain, &decision("reject", &texts(&document), &cleaned.changes[0]));
    assert_eq!(rejected.text.as_deref(), Some("ay y"), "a rejected winner is no rival");
}

#[test]
fn a_reader_may_put_another_text_there() {
    let chain = chain(&[vec![("b".to_owned(), "x".to_owned(), Policy::Ask)]]);
    let text = "abc";
    let document = split(text, 0);
    let asked = run(&document, &chain, "");
    let line = decision("replace", &texts(&document), &asked.changes[0]).replacen('{', "{\"with\":\"Z\",", 1);
    let cleaned = run(&document, &chain, &line);
    assert_eq!(cleaned.text.as_deref(), Some("aZc"));
    assert_eq!((cleaned.changes[0].id(), cleaned.changes[0].decision), (asked.changes[0].id(), Some(1)), "the identity is the proposal's");
}

/// A pass that may touch white space, and would change the c in `cd`.
struct Breaker;

impl Pass for Breaker {
    fn name(&self) -> PassName {
        PassName::SPACES
    }

    fn contract(&self) -> Contract {
        Contract { says: "white space", allows: |text, edit| text[edit.at.range()].trim().is_empty() }
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        edits.extend(view.text.match_indices("cd").map(|(at, _)| Edit::replace(RuleNumber(0), Span::new(at, at + 1), "x")));
        Ok(())
    }
}

fn breaking() -> Chain {
    let rules = Arc::new(RuleSet::new(vec![Rule::new(PassName::SPACES, "spaces/bad", Find::BuiltIn(String::new()))]));
    let policies = Policies::new(&rules, &ChainPlan::default(), &Caps::default());
    Chain::of_passes(rules, policies, vec![Box::new(Breaker)])
}

/// The others are cleaned, and the problem's places are those of the source.
#[test]
fn a_pass_that_leaves_its_contract_makes_the_document_a_problem() {
    let formats = formats(&emendo_core::rules::load_shipped()).expect("the shipped ones are good");
    let cleaner = Cleaner::new(breaking(), formats, Decisions::default(), Some("en".to_owned()));
    let document = |title: &str, text: &str| {
        format!(
            "F-N-S-T-A-R-T. 1 F-N-E-N-D. D-A-T-E-S-T-A-R-T. D-A-T-E-E-N-D. T-I-T-L-E-S-T-A-R-T. {title} T-I-T-L-E-E-N-D.\nT-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D.\n"
        )
    };
    for (broken, place) in [(document("Two", "a b\ncd"), "5:1"), (document("So cd", "a b"), "3:")] {
        let text = [document("One", "a b"), broken.clone(), document("Three", "b c")].concat();
        let source = cleaner.clean_source("a.txt", text.as_bytes());
        let slices = &source.text().expect("it is text").slices;
        let [CleanedSlice::Document(_), CleanedSlice::Problem(problem), CleanedSlice::Document(_)] = &slices[..] else {
            panic!("one problem between two documents: {slices:?}")
        };
        assert_eq!((problem.kind, problem.at), (ProblemKind::Contract, text.find("cd").expect("it is there")));
        assert_eq!(text[problem.slice.range()].trim(), broken.trim());
        for named in ["spaces/bad", "the pass spaces", place, "white space"] {
            assert!(problem.reason.contains(named), "{named} in {:?}", problem.reason);
        }
    }
    let alone = cleaner.clean_source("a.txt", b"a b\ncd");
    let problem = alone.problems().next().expect("there is one");
    assert_eq!((problem.slice, problem.at), (Span::new(0, 6), 4));
    assert!(problem.reason.contains("2:1"), "{}", problem.reason);
}

#[test]
fn a_pass_that_leaves_its_contract_is_an_error_that_names_the_place() {
    let chain = breaking();
    let text = "a b\ncd";
    let error = clean(&Document::new("a", text), &chain, &emendo_core::review::Bound::default()).expect_err("the edit is no blank");
    let reason = error.explain(LineColumn::of(text, error.place().1));
    for named in ["spaces/bad", "the pass spaces", "2:1", "white space"] {
        assert!(reason.contains(named), "{named} in {reason:?}");
    }
}
