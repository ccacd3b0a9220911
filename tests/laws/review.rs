//! Review sessions: what is decided, undone and done again is what the file says, and what cleaning does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use emendo_core::cleaner::{Cleaner, formats};
use emendo_core::edit::Fate;
use emendo_core::review::decision::Verdict;
use emendo_core::review::session::{DecisionTarget, Filter, Order, Reader, Session, Share, Step, Wish};
use emendo_core::review::{Decisions, sampling::CheckedSample};
use emendo_core::rules::{Caps, Knowledge, Policy, Style};
use proptest::prelude::*;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(emendo_core::rules::load_shipped);

const TEXTS: [(&str, &str); 4] = [
    ("a.txt", "The Isrfael talks -- and teh end. He said: \"Isrfael is teh one.\"\n\nThe the end -- so.\n"),
    ("b.txt", "Isrfael and  Isrfael -- it was teh “end”.\n"),
    // What goes as a whole has a typo in it.
    ("c.txt", "It ended there.\nRead more: Isrfael and the talks\nSo it did.\n"),
    ("c/d.txt", "Nothing here. Teh -- Isrfael,\n\n\n\u{200b}so.\n"),
];

fn cleaner(decisions: &str) -> Cleaner {
    let decisions = Decisions::parse(decisions).expect("a session writes good lines");
    let ask = Caps { caps: vec![(None, Policy::Ask)] };
    let rules = KNOWLEDGE.rules.in_style(Style::Straight);
    let chain = emendo_core::chain::Chain::new(rules.into(), &KNOWLEDGE.chain, &ask);
    Cleaner::new(chain, formats(&KNOWLEDGE).expect("the shipped ones are good"), decisions, Some("en".to_owned()))
}

fn session(decisions: &str, who: &str) -> Session {
    let cleaner = cleaner(decisions);
    let mut session = Session::new(cleaner.decisions(), Some(who));
    for (name, text) in TEXTS {
        let source = cleaner.clean_source(name, text.as_bytes());
        source.each_document(|document, cleaned| session.add(document, text, &cleaned.cleaned.changes));
    }
    session.begin(cleaner.chain().rules());
    session
}

fn wishes(session: &Session) -> Vec<(String, Option<Wish>)> {
    let wishes = session.items().iter().enumerate().map(|(number, item)| (item.id.to_string(), session.wish(number).cloned()));
    let mut wishes: Vec<_> = wishes.collect();
    wishes.sort_by(|a, b| a.0.cmp(&b.0));
    wishes
}

/// Whether two sessions want the same of all items that both have: what is applied alters what later passes find.
fn agree(one: &Session, other: &Session) -> bool {
    let other = wishes(other);
    let same = wishes(one).into_iter().filter_map(|(id, wish)| Some(other.iter().find(|(known, _)| *known == id)?.1 == wish));
    let same: Vec<bool> = same.collect();
    same.len() > TEXTS.len() && same.iter().all(|same| *same)
}

fn reader(step: usize) -> Reader {
    Reader { who: Some("Ann".to_owned()), when: Some(format!("2026-01-01T00:00:{step:02}Z")), note: None }
}

/// What a reader does: decides (which kind of target, which one, verdict), undoes or does again.
#[derive(Clone, Debug)]
enum Act {
    Decide(u8, usize, u8),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![4 => (0..4_u8, 0..1000_usize, 0..3_u8).prop_map(|(kind, which, verdict)| Act::Decide(kind, which, verdict)), 2 => Just(Act::Undo), 1 => Just(Act::Redo)]
}

/// Takes a step, and gives its lines.
fn taken(session: &mut Session, step: Option<Step>) -> String {
    let lines = step.as_ref().map(Step::lines).unwrap_or_default();
    if let Some(step) = step {
        session.take(step);
    }
    lines
}

fn do_it(session: &mut Session, act: &Act, step: usize) -> String {
    let reader = reader(step);
    let step = match act {
        Act::Undo => session.undoing(&reader),
        Act::Redo => session.redoing(&reader),
        Act::Decide(kind, which, verdict) => {
            let group = which % session.groups().len();
            let target = match kind {
                0 => DecisionTarget::Everywhere(group),
                1 => DecisionTarget::Document(group, which % session.documents().len()),
                2 => DecisionTarget::Rule(session.groups()[group].rule.clone()),
                _ => DecisionTarget::Here(which % session.items().len()),
            };
            let (verdict, with) = [(Verdict::Accept, None), (Verdict::Reject, None), (Verdict::Replace, Some("X"))][usize::from(*verdict)];
            Some(session.deciding(&target, verdict, with, &reader))
        }
    };
    taken(session, step)
}

/// Lines of emendo 0.1 about single items, by Ann: which ones, and whether she accepts them.
fn lines_of_0_1(picks: &[(usize, bool)]) -> String {
    let session = session("", "Ann");
    // Of each item one: a session names what it replaces.
    let picks: BTreeMap<usize, bool> = picks.iter().map(|(pick, accepts)| (pick % session.items().len(), *accepts)).collect();
    let mut lines = String::new();
    for (second, (item, accepts)) in picks.into_iter().enumerate() {
        let item = &session.items()[item];
        let document = &session.documents()[item.document];
        for step in &item.steps {
            // Each is all of its source, so that the spans are the same.
            let mut line = serde_json::json!({
                "schema_version": 1, "decision": if accepts { "accept" } else { "reject" }, "width": "here", "rule": &*step.rule,
                "before": step.before, "after": step.after, "source": document.source, "digest": document.source_digest,
                "span": [step.span().start, step.span().end], "who": "Ann", "when": format!("2025-01-01T00:00:{second:02}Z"),
            });
            if step.places[0].occurrence > 0 {
                line["occurrence"] = step.places[0].occurrence.into();
            }
            lines.extend([line.to_string(), "\n".to_owned()]);
        }
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// What was decided with emendo 0.1 is decided again, undone and done again like everything else.
    #[test]
    fn the_file_says_what_the_session_holds_also_where_0_1_wrote_it(
        picks in prop::collection::vec((0..1000_usize, any::<bool>()), 1..8), acts in prop::collection::vec(act(), 1..10),
    ) {
        let mut file = lines_of_0_1(&picks);
        let mut here = session(&file, "Ann");
        let run = cleaner(&file);
        let used = |(name, text): (&str, &str)| run.clean_source(name, text.as_bytes()).text().map(|text| text.used.len()).unwrap_or_default();
        // What lies in text that goes as a whole is not asked any more.
        let times: BTreeSet<_> = file.lines().filter_map(|line| line.split("\"when\":").nth(1)).collect();
        prop_assert!(TEXTS.into_iter().map(used).sum::<usize>() >= times.len(), "they are read: {}", file);
        for (step, act) in acts.iter().enumerate() {
            let before = wishes(&here);
            file += &do_it(&mut here, act, step);
            if let Act::Decide(..) = act {
                let after = wishes(&here);
                let undoing = here.undoing(&reader(step));
                file += &taken(&mut here, undoing);
                prop_assert_eq!(&wishes(&here), &before, "undo is exact");
                let redoing = here.redoing(&reader(step));
                file += &taken(&mut here, redoing);
                prop_assert_eq!(&wishes(&here), &after, "redo is exact");
            }
            prop_assert!(agree(&session(&file, "Ann"), &here), "{}", file);
        }
    }

    #[test]
    fn the_file_says_what_the_session_holds(acts in prop::collection::vec(act(), 1..12)) {
        let mut file = String::new();
        let mut here = session("", "Ann");
        let mut states = vec![wishes(&here)];
        for (step, act) in acts.iter().enumerate() {
            let at = states.len() - 1;
            file += &do_it(&mut here, act, step);
            if let Act::Decide(..) = act {
                states.push(wishes(&here));
                let undoing = here.undoing(&reader(step));
                file += &taken(&mut here, undoing);
                prop_assert_eq!(&wishes(&here), &states[at], "undo is exact");
                let redoing = here.redoing(&reader(step));
                file += &taken(&mut here, redoing);
                prop_assert_eq!(&wishes(&here), &states[at + 1], "redo is exact");
            } else {
                states.push(wishes(&here));
            }
            prop_assert!(agree(&session(&file, "Ann"), &here), "{}", file);
        }
        // As a union merge may leave it.
        let mut lines: Vec<&str> = file.split_inclusive('\n').collect();
        lines.sort_unstable();
        if acts.iter().filter(|act| matches!(act, Act::Decide(..))).count() < 2 {
            prop_assert!(agree(&session(&lines.concat(), "Ann"), &here));
        }
        // What was wanted is done.
        let cleaner = cleaner(&file);
        for (number, (name, text)) in TEXTS.iter().enumerate() {
            let source = cleaner.clean_source(name, text.as_bytes());
            for (_, change) in source.placed().filter(|(_, change)| !matches!(change.fate, Fate::Superseded { .. } | Fate::Protected { .. })) {
                let item = here.items().iter().position(|item| item.document == number && item.steps.len() == 1 && item.change().id() == change.id());
                let Some(item) = item else { continue };
                let expected = match here.wish(item).map(|wish| &wish.verdict) {
                    Some(Verdict::Reject) => Fate::Rejected,
                    Some(_) => Fate::Applied,
                    None => Fate::Pending,
                };
                prop_assert_eq!(change.fate, expected, "{:?}", change);
            }
        }
    }

    #[test]
    fn undoing_goes_back_step_by_step_also_where_one_thing_was_decided_again(
        acts in prop::collection::vec((0..4_u8, 0..2_usize, 0..3_u8), 1..6),
        is_new_session in any::<bool>(),
        of_0_1 in prop::collection::vec((0..1000_usize, any::<bool>()), 0..4),
    ) {
        let mut file = lines_of_0_1(&of_0_1);
        let mut here = session(&file, "Ann");
        let mut states = vec![wishes(&here)];
        for (step, (kind, which, verdict)) in acts.iter().enumerate() {
            file += &do_it(&mut here, &Act::Decide(*kind, *which, *verdict), step);
            states.push(wishes(&here));
        }
        states.pop();
        for (step, state) in (acts.len()..).zip(states.iter().rev()) {
            if is_new_session {
                here = session(&file, "Ann");
            }
            let undoing = here.undoing(&reader(step));
            prop_assert!(undoing.is_some());
            file += &taken(&mut here, undoing);
            let is_undone = |(id, wish): &(String, Option<Wish>)| state.iter().find(|(known, _)| known == id).is_none_or(|known| known.1 == *wish);
            prop_assert!(wishes(&here).iter().all(is_undone), "{}", file);
        }
        if of_0_1.is_empty() {
            prop_assert!(here.undoing(&reader(0)).is_none(), "everything is undone");
            prop_assert!(session(&file, "Ann").undoing(&reader(0)).is_none(), "also for the next session");
        }
    }

    #[test]
    fn decisions_about_different_groups_commute(one in 0..100_usize, other in 0..100_usize) {
        let groups = session("", "Ann").groups().len();
        let (one, other) = (one % groups, other % groups);
        prop_assume!(one != other);
        let both = |first: usize, second: usize| {
            let mut session = session("", "Ann");
            for group in [first, second] {
                let verdict = if group == one { Verdict::Accept } else { Verdict::Reject };
                let step = session.deciding(&DecisionTarget::Everywhere(group), verdict, None, &reader(0));
                session.take(step);
            }
            wishes(&session)
        };
        prop_assert_eq!(both(one, other), both(other, one));
    }
}

#[test]
fn two_readers_share_the_groups() {
    let session = session("", "Ann");
    let all = session.select(&Filter::default(), Order::Risk);
    assert_eq!(all.iter().map(|(_, items)| items.len()).sum::<usize>(), session.items().len());
    let share = |reader, overlap| {
        let filter = Filter { share: Some(Share { reader, of: 2.try_into().expect("two are not none"), overlap }), ..Filter::default() };
        session.select(&filter, Order::Rule).into_iter().map(|(group, _)| group).collect::<Vec<_>>()
    };
    let (ann, bob) = (share(0, 0), share(1, 0));
    assert!(!ann.is_empty() && !bob.is_empty() && ann.iter().all(|group| !bob.contains(group)));
    assert_eq!(ann.len() + bob.len(), all.len());
    assert_eq!(share(0, 100), share(1, 100), "everything is everybody's");
}

#[test]
fn what_a_narrower_decision_keeps_is_not_reached() {
    let mut session = session("", "Ann");
    let rule: std::sync::Arc<str> = "typos/recurring/Isrfael".into();
    let group = session.groups().iter().position(|group| group.rule == rule && group.zone.is_none()).expect("it is there");
    let all = session.effect(&DecisionTarget::Rule(rule.clone())).places;
    let step = session.deciding(&DecisionTarget::Everywhere(group), Verdict::Reject, None, &reader(0));
    session.take(step);
    let reach = session.effect(&DecisionTarget::Rule(rule.clone()));
    assert_eq!((reach.places, reach.narrower), (all - 4, 4));
    assert_eq!(
        reach.to_string(),
        format!("{} place{} now, and later ones; 4 stay as a narrower decision has them", all - 4, if all == 5 { "" } else { "s" })
    );
    // It says the truth: so many change.
    let before = wishes(&session);
    let step = session.deciding(&DecisionTarget::Rule(rule), Verdict::Accept, None, &reader(1));
    session.take(step);
    let after = wishes(&session);
    assert_eq!(before.iter().zip(&after).filter(|(one, other)| one != other).count(), all - 4);
}

#[test]
fn what_a_decision_reaches_is_told_before() {
    let session = session("", "Ann");
    let group =
        session.groups().iter().position(|group| &*group.rule == "typos/recurring/Isrfael" && group.zone.is_none()).expect("it is there");
    let reach = session.effect(&DecisionTarget::Everywhere(group));
    assert_eq!((reach.places, reach.is_lasting), (4, true));
    assert_eq!(reach.elsewhere.into_iter().collect::<Vec<_>>(), [("quotation", 1)]);
    let sample = session.sample(group, 2, 7);
    assert_eq!((sample.len(), session.sample(group, 2, 7)), (2, sample));
    assert_eq!(session.sample(group, 9, 7).len(), 4);
    assert_eq!(CheckedSample { read: 60, wrong: 0 }.to_string(), "60 of 60 right: error below 4.9 % at 95 %");
}

#[test]
fn what_others_add_meanwhile_is_taken_in() {
    let (mut ann, mut bob) = (session("", "Ann"), session("", "Bob"));
    let group = ann.groups().iter().position(|group| &*group.rule == "dashes/double-hyphen").expect("it is there");
    let by = |who: &str, time: &str| Reader { who: Some(who.to_owned()), when: Some(time.to_owned()), note: None };
    let step = bob.deciding(&DecisionTarget::Everywhere(group), Verdict::Reject, None, &by("Bob", "1"));
    let lines = taken(&mut bob, Some(step));
    ann.take_in(&lines).expect("the lines are good");
    assert_eq!(wishes(&ann), wishes(&bob));
    assert!(ann.undoing(&by("Ann", "2")).is_none(), "what others did is not Ann's to undo");
    let step = ann.deciding(&DecisionTarget::Everywhere(group), Verdict::Accept, None, &by("Ann", "3"));
    let more = taken(&mut ann, Some(step));
    let first = ann.groups()[group].items[0];
    assert!(ann.wish(first).is_some_and(|wish| wish.is_disputed && wish.verdict == Verdict::Reject));
    bob.take_in(&more).expect("the lines are good");
    assert_eq!(wishes(&ann), wishes(&bob));
    assert_eq!(bob.take_in("nonsense\n").expect_err("it is no line").len(), 1);
}

#[test]
fn one_command_is_one_step_also_for_the_next_session() {
    let mut here = session("", "Ann");
    let target = DecisionTarget::Here(here.items().iter().position(|item| item.steps.len() > 1).expect("changes that touch"));
    let before = wishes(&here);
    let step = here.deciding(&target, Verdict::Accept, None, &reader(1));
    let lines = taken(&mut here, Some(step));
    let mut later = session(&lines, "Ann");
    let step = later.undoing(&reader(2)).expect("there is a step");
    let more = taken(&mut later, Some(step));
    assert_eq!(wishes(&session(&(lines + &more), "Ann")), before);
    assert!(later.undoing(&reader(3)).is_none());
}
