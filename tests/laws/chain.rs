//! The verb: whatever the rules propose and whoever decides, the record accounts for every byte.

use std::borrow::Cow;
use std::sync::Arc;

use emendo_core::clean::{Chain, Cleaned, Document, clean};
use emendo_core::edit::{Change, Edit, Fate, Hunk, Part, RuleNumber, Span};
use emendo_core::input::{Article, Field, FieldType};
use emendo_core::passes::{Contract, Overrun, Pass, View};
use emendo_core::review::Decisions;
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
type Recipe = (String, String, Policy);

fn recipe() -> impl Strategy<Value = Recipe> {
    let short = |range| text().prop_map(move |text: String| text.chars().take(range).collect::<String>());
    (short(3), short(4), prop_oneof![3 => Just(Policy::Apply), 1 => Just(Policy::Ask), 1 => Just(Policy::Off)])
}

fn chain(recipes: &[Vec<Recipe>]) -> Chain {
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

/// The text as one article whose first `title` characters are a title.
fn article(text: &str, title: usize) -> Article {
    let split = text.char_indices().nth(title).map_or(text.len(), |(at, _)| at);
    let field = |kind, name: &str| Field { name: name.into(), kind, value: Span::new(0, split), fault: None };
    Article {
        slice: Span::new(0, text.len()),
        format: Some("test".into()),
        fields: vec![field(FieldType::Text, "title"), field(FieldType::Name, "file")],
        body: Some(Span::new(split, text.len())),
    }
}

fn run<'a>(text: &'a str, article: &Article, chain: &Chain, decisions: &str) -> Cleaned<'a> {
    let decisions = Decisions::parse(decisions).expect("the test writes good decisions");
    let bound = decisions.bind("a.txt", "d", text, chain.rules());
    clean(&Document::new("a.txt", text), article, chain, &bound).expect("no pass leaves its contract")
}

pub fn decision(verdict: &str, change: &Change) -> String {
    let line = serde_json::json!({
        "schema_version": 1, "decision": verdict, "width": "here", "rule": &*change.rule, "before": change.before, "after": change.after, "occurrence": change.occurrence,
        "source": "a.txt", "digest": "d", "span": [change.span.start, change.span.end],
    });
    format!("{line}\n")
}

/// Both ways: the source part from the cleaned one, and the cleaned one from the source.
pub fn assert_hunks_account(source: &str, base: usize, cleaned: &str, hunks: &[&Hunk], changes: &[Change]) {
    let (mut forth, mut back) = (source.to_owned(), cleaned.to_owned());
    for hunk in hunks.iter().rev() {
        let range = hunk.source.start - base..hunk.source.end - base;
        assert_eq!(source[range.clone()], hunk.before);
        assert_eq!(cleaned[hunk.cleaned.range()], hunk.after);
        forth.replace_range(range, &hunk.after);
        back.replace_range(hunk.cleaned.range(), &hunk.before);
        assert_ne!(hunk.before, hunk.after, "a hunk is a difference");
        assert!(!hunk.changes.is_empty(), "every hunk names the changes that made it");
        for id in &hunk.changes {
            assert!(changes.iter().any(|change| change.id == *id && change.fate == Fate::Applied), "and these stand");
        }
    }
    assert_eq!(forth, cleaned);
    assert_eq!(back, source);
}

fn assert_accounted(text: &str, article: &Article, cleaned: &Cleaned<'_>) {
    let part = |wanted: Part| cleaned.hunks.iter().filter(|hunk| hunk.part == wanted).collect::<Vec<_>>();
    let body = article.body.expect("the test gives one");
    assert_hunks_account(
        &text[body.range()],
        body.start,
        cleaned.text.as_ref().expect("the test gives one"),
        &part(Part::Body),
        &cleaned.changes,
    );
    for field in &article.fields {
        let raw = &text[field.value.range()];
        let clean = cleaned.fields.iter().find(|clean| clean.name == field.name).map_or(raw, |clean| &clean.text);
        assert_hunks_account(raw, field.value.start, clean, &part(Part::Field(field.name.clone())), &cleaned.changes);
    }
    let starts: Vec<_> = cleaned.hunks.iter().map(|hunk| hunk.source).collect();
    assert!(starts.windows(2).all(|pair| pair[0].end <= pair[1].start), "hunks are sorted and disjoint: {starts:?}");
}

/// Whether the fates of one pass over one part are what competition says they must be.
fn assert_fates_fit(changes: &[Change]) {
    for change in changes {
        if let Fate::Outranked { by } = change.fate {
            let winner = changes.iter().find(|other| other.id == by).expect("the winner is listed");
            assert!(matches!(winner.fate, Fate::Applied | Fate::Waiting) && winner.pass == change.pass && winner.part == change.part);
        }
    }
}

fn recipes() -> impl Strategy<Value = Vec<Vec<Recipe>>> {
    proptest::collection::vec(proptest::collection::vec(recipe().prop_filter("finds something", |recipe| !recipe.0.is_empty()), 0..4), 0..4)
}

proptest! {
    #[test]
    fn rebuild_and_account((text, title, recipes) in (text(), 0..5usize, recipes())) {
        let (article, chain) = (article(&text, title), chain(&recipes));
        let cleaned = run(&text, &article, &chain, "");
        assert_accounted(&text, &article, &cleaned);
        assert_fates_fit(&cleaned.changes);
        prop_assert_eq!(&run(&text, &article, &chain, ""), &cleaned, "the same again");
        let mut ids: Vec<_> = cleaned.changes.iter().map(|change| change.id).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), cleaned.changes.len(), "an id names one change");
        if cleaned.changes.iter().all(|change| change.fate != Fate::Applied) {
            prop_assert!(matches!(cleaned.text, Some(Cow::Borrowed(_))), "nothing applied, nothing copied");
        }
    }

    #[test]
    fn a_rejected_change_does_not_come_back((text, recipes, pick) in (text(), recipes(), any::<proptest::sample::Index>())) {
        let (article, chain) = (article(&text, 2), chain(&recipes));
        let before = run(&text, &article, &chain, "");
        let candidates: Vec<_> = before.changes.iter().filter(|change| matches!(change.fate, Fate::Applied | Fate::Waiting)).collect();
        if candidates.is_empty() {
            return Ok(());
        }
        let rejected = *pick.get(&candidates);
        let after = run(&text, &article, &chain, &decision("reject", rejected));
        assert_accounted(&text, &article, &after);
        let again = after.changes.iter().find(|change| change.id == rejected.id);
        prop_assert_eq!(again.map(|change| change.fate), Some(Fate::Rejected));
        // Earlier passes, and in the same pass all but its rivals, stand as they were.
        let pass = |changes: &[Change]| changes.iter().filter(|change| change.part == rejected.part).position(|change| change.pass == rejected.pass);
        prop_assert_eq!(pass(&before.changes), pass(&after.changes));
        for change in before.changes.iter().filter(|change| change.part == rejected.part && change.pass == rejected.pass && change.id != rejected.id) {
            let now = after.changes.iter().find(|now| now.id == change.id).expect("it is proposed again");
            let was_rival = change.fate == (Fate::Outranked { by: rejected.id });
            let fell_to_rival = matches!(now.fate, Fate::Outranked { by } if before.changes.iter().any(|other| other.id == by && matches!(other.fate, Fate::Outranked { .. })));
            prop_assert!(now.fate == change.fate || was_rival || fell_to_rival, "{change:?} became {now:?}");
        }
    }

    #[test]
    fn an_accepted_change_is_applied((text, recipes, pick) in (text(), recipes(), any::<proptest::sample::Index>())) {
        let (article, chain) = (article(&text, 2), chain(&recipes));
        let before = run(&text, &article, &chain, "");
        let waiting: Vec<_> = before.changes.iter().filter(|change| change.fate == Fate::Waiting).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let accepted = *pick.get(&waiting);
        let after = run(&text, &article, &chain, &decision("accept", accepted));
        assert_accounted(&text, &article, &after);
        prop_assert!(after.changes.iter().any(|change| change.id == accepted.id && change.fate == Fate::Applied));
    }

    #[test]
    fn with_every_rule_off_the_text_is_borrowed((text, recipes) in (text(), recipes())) {
        let off: Vec<Vec<Recipe>> = recipes.into_iter().map(|pass| pass.into_iter().map(|(find, with, _)| (find, with, Policy::Off)).collect()).collect();
        let (article, chain) = (article(&text, 2), chain(&off));
        let cleaned = run(&text, &article, &chain, "");
        prop_assert!(matches!(cleaned.text, Some(Cow::Borrowed(_))) && cleaned.changes.is_empty() && cleaned.fields.is_empty());
    }
}

#[test]
fn two_changes_that_are_alike_have_two_ids() {
    // Both é lie in the seam that 😀 became, so both spans widen to it.
    let apply = |find: &str, with: &str| (find.to_owned(), with.to_owned(), Policy::Apply);
    let chain = chain(&[vec![apply("😀", "éé")], vec![apply("é", "’")]]);
    let text = "😀";
    let cleaned = run(text, &article(text, 0), &chain, "");
    assert_eq!(cleaned.changes.iter().map(|change| change.occurrence).collect::<Vec<_>>(), [0, 0, 1]);
    assert_ne!(cleaned.changes[1].id, cleaned.changes[2].id);
    let line = decision("reject", &cleaned.changes[2]);
    assert_eq!(run(text, &article(text, 0), &chain, &line).text.as_deref(), Some("’é"));
}

#[test]
fn leftmost_then_longest_then_earliest_rule_wins() {
    let apply = |find: &str, with: &str| (find.to_owned(), with.to_owned(), Policy::Apply);
    let chain = chain(&[vec![apply("bc", "1"), apply("ab", "2"), apply("abc", "3"), apply("abc", "4")]]);
    let text = "abcd";
    let cleaned = run(text, &article(text, 0), &chain, "");
    assert_eq!(cleaned.text.as_deref(), Some("3d"));
    let winner = cleaned.changes.iter().find(|change| change.fate == Fate::Applied).expect("one wins");
    assert_eq!(
        cleaned.changes.iter().filter(|change| change.fate == (Fate::Outranked { by: winner.id })).count(),
        3,
        "no loser is dropped silently"
    );
}

#[test]
fn a_waiting_winner_keeps_its_place_and_its_text() {
    let chain = chain(&[vec![("ab".to_owned(), "x".to_owned(), Policy::Ask), ("b".to_owned(), "y".to_owned(), Policy::Apply)]]);
    let text = "ab b";
    let cleaned = run(text, &article(text, 0), &chain, "");
    assert_eq!(cleaned.text.as_deref(), Some("ab y"));
    let rejected = run(text, &article(text, 0), &chain, &decision("reject", &cleaned.changes[0]));
    assert_eq!(rejected.text.as_deref(), Some("ay y"), "a rejected winner is no rival");
}

#[test]
fn a_reader_may_put_another_text_there() {
    let chain = chain(&[vec![("b".to_owned(), "x".to_owned(), Policy::Ask)]]);
    let text = "abc";
    let asked = run(text, &article(text, 0), &chain, "");
    let line = decision("replace", &asked.changes[0]).replacen('{', "{\"with\":\"Z\",", 1);
    let cleaned = run(text, &article(text, 0), &chain, &line);
    assert_eq!(cleaned.text.as_deref(), Some("aZc"));
    assert_eq!((cleaned.changes[0].id, cleaned.changes[0].decision), (asked.changes[0].id, Some(1)), "the identity is the proposal's");
}

#[test]
fn a_pass_that_leaves_its_contract_makes_the_article_a_problem() {
    struct Breaker;
    impl Pass for Breaker {
        fn name(&self) -> PassName {
            PassName::Spaces
        }
        fn contract(&self) -> Contract {
            Contract { says: "white space", allows: |text, edit| text[edit.at.range()].trim().is_empty() }
        }
        fn propose<'r>(&'r self, _: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
            edits.push(Edit::replace(RuleNumber(0), Span::new(4, 5), "x"));
            Ok(())
        }
    }
    let rules = Arc::new(RuleSet::new(vec![Rule::new(PassName::Spaces, "spaces/bad", Find::BuiltIn(String::new()))]));
    let policies = Policies::new(&rules, &ChainPlan::default(), &Caps::default());
    let chain = Chain::of_passes(rules, policies, vec![Box::new(Breaker)]);
    let text = "a b\ncd";
    let article = Article { slice: Span::new(0, 6), format: None, fields: Vec::new(), body: Some(Span::new(0, 6)) };
    let problem =
        clean(&Document::new("a", text), &article, &chain, &emendo_core::review::Bound::default()).expect_err("the edit is no blank");
    for named in ["spaces/bad", "the pass spaces", "2:1", "white space"] {
        assert!(problem.reason.contains(named), "{named} in {:?}", problem.reason);
    }
}
