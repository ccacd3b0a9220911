//! Equal edits are one change with many places: nothing is lost by that, and nothing made up.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use emendo_core::document::Document;
use emendo_core::edit::{Change, ChangeId, ChangePlace, Draft, Edit, Fate, InDraft, Part, RuleNumber, Span};
use emendo_core::review::Bound;
use emendo_core::rules::{Caps, Policy, Style};
use emendo_core::{Cleaner, chain::Chain, clean::clean};
use proptest::prelude::*;

use crate::chain::{Recipe, chain, placed, recipes};
use crate::draft::text;

/// A proposal: pass, rule, place, before, after, fate.
type Proposal = (usize, String, ChangePlace, String, String, &'static str, Option<ChangeId>);

/// What the passes propose and what becomes of it, one proposal after the other: the chain without its lists.
fn one_by_one(text: &str, recipes: &[Vec<Recipe>]) -> Vec<Proposal> {
    let (mut draft, mut proposals, mut first) = (Draft::new(text), Vec::new(), 0);
    for (number, rules) in recipes.iter().enumerate() {
        let pass = emendo_core::rules::PassName::ALL[number];
        let seen = draft.text().to_owned();
        let mut edits: Vec<Edit<'_>> = Vec::new();
        for ((find, with, policy), rule) in rules.iter().zip(first..) {
            let places = seen.match_indices(find.as_str()).filter(|_| find != with && *policy != Policy::Off);
            edits.extend(places.map(|(at, _)| Edit::replace(RuleNumber(rule), Span::new(at, at + find.len()), with.as_str())));
        }
        edits.sort_by_key(|edit| (edit.reach.start, Reverse(edit.reach.end), edit.rule));
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut last: Option<(Span<InDraft>, ChangeId)> = None;
        let mut winners = Vec::new();
        for edit in &edits {
            let (rule, span, before) = (format!("{pass}/{}", edit.rule.0), draft.anchor(edit.at), &seen[edit.at.range()]);
            let count = counts.entry(format!("{:?}", (&rule, span, before, &edit.with))).or_default();
            let place = ChangePlace { span, occurrence: *count };
            *count += 1;
            let id = ChangeId::new(&Part::Body, &rule, place, before, &edit.with);
            let winner = last.filter(|(reach, _)| reach.rivals(edit.reach)).map(|(_, id)| id);
            let policy = rules[(edit.rule.0 - first) as usize].2;
            let fate = match winner {
                Some(_) => "superseded",
                None if policy == Policy::Apply => "applied",
                None => "pending",
            };
            if winner.is_none() {
                last = Some((edit.reach, id));
            }
            if fate == "applied" {
                winners.push((edit.at, edit.with.to_string()));
            }
            proposals.push((number, rule, place, before.to_owned(), edit.with.to_string(), fate, winner));
        }
        winners.sort_by_key(|(at, _)| *at);
        draft.apply(winners.iter().map(|(at, with)| (*at, with.as_str(), 0)));
        first += u32::try_from(rules.len()).expect("few");
    }
    proposals.sort_by(|a, b| (a.0, &a.1, a.2, &a.3, &a.4).cmp(&(b.0, &b.1, b.2, &b.3, &b.4)));
    proposals
}

fn proposals(changes: &[Change]) -> Vec<Proposal> {
    let proposal = |change: &Change| {
        let pass = emendo_core::rules::PassName::ALL.iter().position(|pass| pass.name() == change.pass).expect("it is a pass");
        let by = if let Fate::Superseded { by } = change.fate { Some(by) } else { None };
        let (before, after) = (change.before.to_string(), change.after.to_string());
        (pass, change.rule.to_string(), change.places[0], before, after, change.fate.name(), by)
    };
    let mut proposals: Vec<_> = changes.iter().map(proposal).collect();
    proposals.sort_by(|a, b| (a.0, &a.1, a.2, &a.3, &a.4).cmp(&(b.0, &b.1, b.2, &b.3, &b.4)));
    proposals
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn the_places_of_the_changes_are_the_proposals((text, recipes) in (text(), recipes())) {
        let chain = chain(&recipes);
        let cleaned = clean(&Document::new("a.txt", &text), &chain, &Bound::default()).expect("no pass leaves its contract");
        prop_assert_eq!(proposals(&placed(&cleaned)), one_by_one(&text, &recipes));
        for change in &cleaned.changes {
            prop_assert!(change.places.is_sorted_by(|one, other| one < other), "in the order of the text, each once: {change:?}");
            prop_assert_eq!((change.id(), change.span()), (change.first().id(), change.places[0].span));
        }
        // A hunk names the changes at these very places.
        let changes = &cleaned.changes;
        let places: Vec<_> = cleaned.hunks.iter().flat_map(|hunk| hunk.changes.iter().map(move |place| (hunk, place.of(changes)))).collect();
        for (hunk, place) in &places {
            prop_assert_eq!(hunk.original.hull(place.span()), hunk.original, "{:?}", hunk);
        }
        let mut ids: Vec<_> = places.iter().map(|(_, place)| place.id()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), all, "a change at a place makes one hunk");
    }

    /// What the seam of an earlier pass holds has one span: only their numbers tell alike proposals in it apart.
    #[test]
    fn alike_proposals_within_one_seam_are_counted(pieces in prop::collection::vec(prop::sample::select(vec!["a", "b", "ab"]), 1..12), seams in 1..4_usize) {
        let made = pieces.concat();
        let apply = |find: &str, with: &str| (find.to_owned(), with.to_owned(), Policy::Apply);
        let recipes = [vec![apply("😀", &made)], vec![apply("a", "x"), apply("b", "y")]];
        let text = "😀 ".repeat(seams);
        let chain = chain(&recipes);
        let cleaned = clean(&Document::new("a.txt", &text), &chain, &Bound::default()).expect("no pass leaves its contract");
        prop_assert_eq!(proposals(&placed(&cleaned)), one_by_one(&text, &recipes));
        let kinds = 1 + usize::from(made.contains('a')) + usize::from(made.contains('b'));
        prop_assert_eq!(cleaned.changes.len(), kinds);
        prop_assert_eq!(cleaned.placed().count(), seams * (1 + made.len()));
        let mut ids: Vec<_> = cleaned.placed().map(|change| change.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), cleaned.placed().count());
        let occurrences = |find: &str| made.matches(find).count();
        for change in cleaned.changes.iter().filter(|change| *change.before != *"😀") {
            let most = change.places.iter().map(|place| place.occurrence as usize + 1).max();
            prop_assert_eq!(most, Some(occurrences(&change.before)));
        }
    }
}

#[test]
fn a_thousand_equal_edits_are_one_change() {
    let many = 1000;
    let text = "In Isrfael, and -- as it was said -- in Isrfael.\n".repeat(many);
    let document = Document { lang: Some("en"), ..Document::new("a.txt", &text) };
    let cleaned = Cleaner::shipped(&Caps::default()).clean(&document).expect("good rules");
    let places: Vec<_> = cleaned.changes.iter().map(|change| (&*change.before, change.places.len())).collect();
    assert_eq!(places, [("--", 2 * many), ("Isrfael", 2 * many)], "in the order of the passes");
    assert_eq!(cleaned.changes.iter().map(|change| change.fate).collect::<Vec<_>>(), [Fate::Pending, Fate::Applied]);
    assert_eq!(cleaned.hunks.len(), 2 * many, "each place is a difference");
    for hunk in &cleaned.hunks {
        let [place] = &hunk.changes[..] else { panic!("one change each: {hunk:?}") };
        let change = place.of(&cleaned.changes);
        assert_eq!((change.span(), &change.before), (hunk.original, &hunk.before));
    }
}

#[test]
fn equal_edits_that_became_different_things_are_two_changes() {
    // The second asks: it moves a column.
    let text = "Isrfael agrees.\n\nMr Isrfael   1\nMs Isabels   2\n\nIsrfael, too.\n";
    let document = Document { lang: Some("en"), ..Document::new("a.txt", text) };
    let cleaned = Cleaner::shipped(&Caps::default()).clean(&document).expect("good rules");
    let told: Vec<_> = cleaned.changes.iter().map(|change| (&*change.before, change.fate, change.places.len())).collect();
    assert_eq!(told, [("Isrfael", Fate::Applied, 2), ("Isrfael", Fate::Pending, 1)]);
}

/// A decision about one place parts it from its like, and from nothing else.
#[test]
fn a_decision_about_one_place_parts_it_from_the_others() {
    let knowledge = emendo_core::rules::load_shipped();
    let chain = Chain::new(knowledge.rules.in_style(Style::Straight).into(), &knowledge.chain, &Caps::default());
    let text = "Isrfael, Isrfael and Isrfael.\n";
    let document = Document { lang: Some("en"), ..Document::new("a.txt", text) };
    let all = clean(&document, &chain, &Bound::default()).expect("good rules");
    let second = all.placed().nth(1).expect("there are three");
    let part = document.parts().next().expect("it has a text");
    for (verdict, fate) in [(emendo_core::Verdict::Reject, Fate::Rejected), (emendo_core::Verdict::Accept, Fate::Applied)] {
        let line = emendo_core::Decision::here(verdict, &part, second).line();
        let decisions = emendo_core::Decisions::parse(&line).expect("a good line");
        let cleaned = clean(&document, &chain, &decisions.bind(&document, chain.rules())).expect("good rules");
        let told: Vec<_> = cleaned.changes.iter().map(|change| (change.fate, change.decision, change.places.len())).collect();
        assert_eq!(told, [(Fate::Applied, None, 2), (fate, Some(1), 1)]);
        let mut ids: Vec<_> = cleaned.placed().map(|change| (change.span(), change.id())).collect();
        ids.sort_unstable();
        assert_eq!(ids, all.placed().map(|change| (change.span(), change.id())).collect::<Vec<_>>(), "no id is another");
    }
}
