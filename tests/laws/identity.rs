//! What a change is, and which decisions are about it: its text says so, wherever that is found.

use std::cell::RefCell;

use emendo_core::Cleaner;
use emendo_core::cleaner::{CleanedSource, CleanedText};
use emendo_core::document::{Document, DocumentField, PartText};
use emendo_core::edit::{Change, ChangeId, Fate, Part, Span};
use emendo_core::review::Decisions;
use emendo_core::review::decision::{Decision, Verdict, context};
use emendo_core::review::session::{DecisionTarget, Item, Reader, Session, State};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::chain::placed;
use crate::hand::{cleaner, source};

/// A title and a text.
type Sheet = (String, String);

/// A text that an envelope leaves as it is: without blanks at its ends.
fn text() -> impl Strategy<Value = String> {
    source().prop_map(|text| text.trim().to_owned()).prop_filter("it has a text", |text| !text.is_empty())
}

fn sheet() -> impl Strategy<Value = Sheet> {
    (text(), text())
}

/// A source in which each stands in an envelope.
fn enveloped(sheets: &[Sheet]) -> String {
    let sheet = |(number, (title, text)): (usize, &Sheet)| {
        format!(
            "F-N-S-T-A-R-T. {number}.xml F-N-E-N-D. D-A-T-E-S-T-A-R-T. 2024-03-05 D-A-T-E-E-N-D. T-I-T-L-E-S-T-A-R-T. {title} T-I-T-L-E-E-N-D. T-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D.\n"
        )
    };
    sheets.iter().enumerate().map(sheet).collect()
}

thread_local! {
    static CLEANER: RefCell<Cleaner> = RefCell::new(cleaner(""));
}

/// Does something with the shipped rules and these decisions.
fn with_cleaner<T>(decisions: &str, work: impl FnOnce(&Cleaner) -> T) -> T {
    CLEANER.with_borrow_mut(|cleaner| {
        cleaner.set_decisions(Decisions::parse(decisions).expect("good lines"));
        work(cleaner)
    })
}

fn run(decisions: &str, name: &str, source: &str) -> CleanedSource {
    with_cleaner(decisions, |cleaner| cleaner.clean_source(name, source.as_bytes()))
}

fn clean(decisions: &str, document: &Document<'_>) -> Vec<Change> {
    with_cleaner(decisions, |cleaner| placed(&cleaner.clean(document).expect("good rules")))
}

fn text_of(source: &CleanedSource) -> &CleanedText {
    source.text().expect("it is text")
}

/// One change of a source at one place.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    /// Which document, from 0.
    document: usize,
    /// The text of the part that it lies in.
    text: String,
    change: Change,
}

impl Found {
    fn id(&self) -> ChangeId {
        self.change.id()
    }

    fn is_open(&self) -> bool {
        matches!(self.change.fate, Fate::Applied | Fate::Pending)
    }
}

/// All changes of a source at all their places.
fn found(source: &CleanedSource) -> Vec<Found> {
    let text = &text_of(source).text;
    let of_document = |(number, document): (usize, &emendo_core::cleaner::CleanedDocument)| {
        let found = |change: Change| {
            let place = document.layout.place_of(&change.part).expect("it lies in a part");
            Found { document: number, text: text[place.range()].to_owned(), change }
        };
        placed(&document.cleaned).into_iter().map(found).collect::<Vec<_>>()
    };
    source.documents().enumerate().flat_map(of_document).collect()
}

/// The decision about a change of a source, as emendo writes it now.
fn here(verdict: Verdict, source: &CleanedSource, found: &Found) -> Decision {
    let text = PartText { part: found.change.part.clone(), text: &found.text, start: 0 };
    let number = (text_of(source).slices.len() > 1).then_some(found.document + 1);
    let who = Some("Ann".to_owned());
    Decision { source: Some(source.name.clone()), document: number, who, ..Decision::here(verdict, &text, found.change.first()) }
}

/// The line about a change of a source as emendo 0.1 wrote it: digest, span and context are those of the source.
fn line_of_0_1(verdict: &str, who: &str, source: &CleanedSource, found: &Found) -> String {
    let text = &text_of(source).text;
    let document = source.documents().nth(found.document).expect("it is there");
    let start = document.layout.start_of(&found.change.part);
    let span = Span::new(start + found.change.span().start, start + found.change.span().end);
    let mut line = serde_json::json!({
        "schema_version": 1, "decision": verdict, "width": "here", "rule": &*found.change.rule, "before": found.change.before, "after": found.change.after,
        "source": source.name, "digest": source.digest, "span": [span.start, span.end], "context": context(text, span), "who": who, "when": "2025-01-01T00:00:00Z",
    });
    if found.change.places[0].occurrence > 0 {
        line["occurrence"] = found.change.places[0].occurrence.into();
    }
    format!("{line}\n")
}

/// How often a text holds this, overlapping ones counted.
fn count(text: &str, wanted: &str) -> usize {
    text.char_indices().filter(|(at, _)| text[*at..].starts_with(wanted)).count()
}

/// In a source cleaned with one decision: it holds for the changes of this id in texts that are `text`, and for no others.
fn assert_held(after: &CleanedSource, part: &Part, text: &str, id: ChangeId, fate: Fate) {
    let mut held = 0;
    for found in found(after) {
        let is_meant = found.change.part == *part && found.text == text && found.id() == id;
        assert_eq!(found.change.decision, is_meant.then_some(1), "{found:?}");
        if is_meant {
            assert_eq!(found.change.fate, fate);
            held += 1;
        }
    }
    let texts = after.documents().filter(|document| {
        let place = document.layout.place_of(part);
        place.is_some_and(|place| text_of(after).text[place.range()] == *text)
    });
    assert_eq!(held, texts.count(), "once in each document with this text");
    let expected = if held > 0 { vec![1] } else { Vec::new() };
    assert_eq!((&text_of(after).used, &text_of(after).stale), (&expected, &Vec::new()), "{}", after.name);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn ids_are_those_of_the_text_and_unique_in_a_document(sheets in prop::collection::vec(sheet(), 1..4), name in prop::sample::select(vec!["b.txt", "é/c.txt"])) {
        let ids = |found: &[Found], document: usize, part: &Part| {
            let of_part = found.iter().filter(|found| found.document == document && found.change.part == *part);
            of_part.map(Found::id).collect::<Vec<_>>()
        };
        let together = found(&run("", name, &enveloped(&sheets)));
        let title = Part::Field("title".into());
        for (number, sheet) in sheets.iter().enumerate() {
            let alone = found(&run("", "a.txt", &sheet.1));
            prop_assert_eq!(ids(&alone, 0, &Part::Body), ids(&together, number, &Part::Body));
            let enveloped = found(&run("", "d.txt", &enveloped(std::slice::from_ref(sheet))));
            prop_assert_eq!(ids(&enveloped, 0, &title), ids(&together, number, &title));
            let mut all: Vec<_> = together.iter().filter(|found| found.document == number).map(Found::id).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), count, "of title and text");
        }
    }

    #[test]
    fn a_decision_here_holds_for_its_text_in_any_source((title, text) in sheet(), others in prop::collection::vec(sheet(), 0..3), at: Index, pick: Index, accepts: bool) {
        let alone = run("", "a.txt", &text);
        let open: Vec<_> = found(&alone).into_iter().filter(Found::is_open).collect();
        prop_assume!(!open.is_empty());
        let decided = pick.get(&open);
        let (verdict, fate) = if accepts { (Verdict::Accept, Fate::Applied) } else { (Verdict::Reject, Fate::Rejected) };
        let line = here(verdict, &alone, decided).line();
        let mut sheets = others.clone();
        sheets.insert(at.index(others.len() + 1), (title.clone(), text.clone()));
        let more = [vec![("Before".to_owned(), "It came before.".to_owned())], sheets.clone()].concat();
        let twice = [sheets.clone(), vec![(title, text.clone())]].concat();
        let sources = [("a.txt", text.clone()), ("renamed/b.txt", text.clone()), ("c.txt", enveloped(&sheets)), ("c.txt", enveloped(&more)), ("c.txt", enveloped(&twice)), ("a.txt", enveloped(&more))];
        for (name, source) in sources {
            assert_held(&run(&line, name, &source), &Part::Body, &text, decided.id(), fate);
        }
        // As a title it is another text, and so is what stands beneath it.
        let beneath = (text.clone(), format!("{text} So it is."));
        assert_held(&run(&line, "other.txt", &enveloped(&[beneath])), &Part::Body, &text, decided.id(), fate);
        // The same words in another text.
        for other in [format!("{text}\n\nSo it is."), format!("So it is.\n\n{text}"), format!("{text}\n")] {
            assert_held(&run(&line, "other.txt", &other), &Part::Body, &text, decided.id(), fate);
        }
    }

    #[test]
    fn a_decision_made_in_an_envelope_holds_without_it(sheets in prop::collection::vec(sheet(), 1..4), pick: Index) {
        let source = run("", "c.txt", &enveloped(&sheets));
        let open: Vec<_> = found(&source).into_iter().filter(|found| found.is_open() && found.change.part == Part::Body).collect();
        prop_assume!(!open.is_empty());
        let decided = pick.get(&open);
        let line = here(Verdict::Reject, &source, decided).line();
        assert_held(&source_with(&line, "c.txt", &sheets), &Part::Body, &decided.text, decided.id(), Fate::Rejected);
        assert_held(&run(&line, "a.txt", &decided.text), &Part::Body, &decided.text, decided.id(), Fate::Rejected);
        let moved: Vec<_> = sheets.iter().rev().cloned().collect();
        assert_held(&source_with(&line, "c.txt", &moved), &Part::Body, &decided.text, decided.id(), Fate::Rejected);
    }

    #[test]
    fn a_decision_about_a_title_leaves_the_text_alone_and_the_other_way_round((one, other) in sheet(), is_equal: bool, pick: Index) {
        // With the same words in both, only the part tells them apart.
        let (title, text) = if is_equal { (one.clone(), one) } else { (one, other) };
        let fields = [DocumentField { name: "title".into(), text: &title, start: 0 }];
        let document = Document { fields: &fields, lang: Some("en"), ..Document::new("a.txt", &text) };
        let before = clean("", &document);
        let open: Vec<_> = before.iter().filter(|change| matches!(change.fate, Fate::Applied | Fate::Pending)).collect();
        prop_assume!(!open.is_empty());
        let decided = *pick.get(&open);
        let part = document.parts().find(|part| part.part == decided.part).expect("it lies in one of them");
        let decision = Decision { source: Some("a.txt".to_owned()), ..Decision::here(Verdict::Reject, &part, decided.first()) };
        let elsewhere = |changes: &[Change]| changes.iter().filter(|change| change.part != decided.part).cloned().collect::<Vec<_>>();
        let after = clean(&decision.line(), &document);
        prop_assert_eq!(elsewhere(&after), elsewhere(&before));
        let now = after.iter().find(|change| change.id() == decided.id()).map(|change| (change.fate, change.decision));
        prop_assert_eq!(now, Some((Fate::Rejected, Some(1))));
        // Nor once the place is lost.
        let lost = Decision { digest: Some("0".repeat(64)), context: Some(["no".to_owned(), " such ".to_owned(), "context".to_owned()]), ..decision };
        prop_assert_eq!(elsewhere(&clean(&lost.line(), &document)), elsewhere(&before));
    }

    /// The text was altered: its decision is found by its context, if that is there exactly once.
    #[test]
    fn in_an_altered_text_a_decision_holds_where_its_context_is_unique(
        sheets in prop::collection::vec(sheet(), 1..4), front in source(), behind in source(), pick: Index, is_of_0_1: bool, is_wrapped: bool,
    ) {
        // What emendo 0.1 decided in an envelope had markers in its context: see below.
        let is_wrapped = is_wrapped && !is_of_0_1;
        let name = "c.txt";
        let written = |sheets: &[Sheet]| if is_wrapped { enveloped(sheets) } else { sheets[0].1.clone() };
        let source = run("", name, &written(&sheets));
        let open: Vec<_> = found(&source).into_iter().filter(|found| found.is_open() && found.change.part == Part::Body).collect();
        prop_assume!(!open.is_empty());
        let decided = pick.get(&open);
        let decision = here(Verdict::Reject, &source, decided);
        let line = if is_of_0_1 { line_of_0_1("reject", "Ann", &source, decided) } else { decision.line() };
        let mut altered = sheets.clone();
        altered[decided.document].1 = format!("{front}{}{behind}", decided.text).trim().to_owned();
        let text = altered[decided.document].1.clone();
        prop_assume!(text != decided.text);
        let undecided = found(&run("", name, &written(&altered)));
        let after = run(&line, name, &written(&altered));
        let now = found(&after);
        let meant = |found: &&Found| found.document == decided.document && found.change.part == Part::Body;
        // Other documents are the same as without it, unless they have the very text that it is bound to.
        let is_elsewhere = is_wrapped && altered.iter().any(|(_, text)| *text == decided.text);
        let others = |all: &[Found]| all.iter().filter(|found| !meant(found)).cloned().collect::<Vec<_>>();
        if is_elsewhere {
            prop_assert!(now.iter().filter(meant).all(|found| found.change.decision.is_none()), "it is about another document");
            prop_assert!(text_of(&after).stale.is_empty());
            return Ok(());
        }
        prop_assert_eq!(others(&now), others(&undecided));
        let [before, at, behind] = decision.context.clone().expect("it has one");
        let whole = [&*before, &at, &behind].concat();
        let kind = |change: &Change| (change.rule.clone(), change.before.clone(), change.after.clone());
        if whole.is_empty() || count(&text, &whole) != 1 {
            prop_assert_eq!(&text_of(&after).stale, &[1]);
            let alike: Vec<_> = now.iter().filter(meant).filter(|found| kind(&found.change) == kind(&decided.change)).collect();
            prop_assert!(now.iter().all(|found| found.change.decision.is_none()), "nothing is decided");
            prop_assert!(alike.iter().all(|found| found.change.fate != Fate::Applied), "all like it need review: {alike:?}");
            return Ok(());
        }
        let start = text.find(&whole).expect("it is there") + before.len();
        let span = Span::new(start, start + at.len());
        let is_this = |found: &&Found| meant(found) && found.change.span() == span && kind(&found.change) == kind(&decided.change) && found.change.places[0].occurrence == decided.change.places[0].occurrence;
        let proposed = undecided.iter().find(is_this).map(|found| found.change.fate);
        let told = now.iter().find(is_this).map(|found| (found.change.fate, found.change.decision));
        match proposed {
            Some(Fate::Applied | Fate::Pending | Fate::Superseded { .. }) => prop_assert_eq!(told, Some((Fate::Rejected, Some(1)))),
            Some(_) => {}
            None => prop_assert_eq!((told, &*text_of(&after).stale), (None, &[1][..]), "the rules propose something else there"),
        }
        let decided_now = now.iter().filter(|found| found.change.decision.is_some()).count();
        prop_assert!(decided_now <= 1);
    }

    /// Lines of emendo 0.1 about a source that is as it was.
    #[test]
    fn a_decision_of_0_1_is_about_the_same_change(sheets in prop::collection::vec(sheet(), 1..4), is_enveloped: bool, is_marked: bool, pick: Index, accepts: bool) {
        let mark = if is_marked { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", if is_enveloped { enveloped(&sheets) } else { sheets[0].1.clone() });
        let source = run("", "c.txt", &text);
        let all = found(&source);
        let open: Vec<_> = all.iter().filter(|found| found.is_open()).cloned().collect();
        prop_assume!(!open.is_empty());
        let decided = pick.get(&open);
        let (verdict, fate) = if accepts { ("accept", Fate::Applied) } else { ("reject", Fate::Rejected) };
        let line = line_of_0_1(verdict, "Ann", &source, decided);
        for name in ["c.txt", "renamed/d.txt"] {
            let after = run(&line, name, &text);
            prop_assert_eq!((&*text_of(&after).used, &*text_of(&after).stale), (&[1][..], &[][..]), "by the digest of the source alone");
            let after = found(&after);
            let decided_now: Vec<_> = after.iter().filter(|found| found.change.decision.is_some()).collect();
            prop_assert_eq!(decided_now.len(), 1, "this one, also among equal documents");
            let now = decided_now[0];
            prop_assert_eq!((now.document, now.id(), now.change.fate), (decided.document, decided.id(), fate));
            let others = |all: &[Found]| all.iter().filter(|found| (found.document, &found.change.part) != (decided.document, &decided.change.part)).cloned().collect::<Vec<_>>();
            prop_assert_eq!(others(&after), others(&all));
        }
        let other = format!("{text} \n");
        prop_assert!(found(&run(&line, "other.txt", &other)).iter().all(|found| found.change.decision.is_none()), "another source with another name");
    }

    /// What was decided with emendo 0.1 is decided again: one decision is left, and taking it back brings back the first.
    #[test]
    fn a_decision_takes_the_place_of_one_of_0_1(sheets in prop::collection::vec(sheet(), 1..3), is_enveloped: bool, is_altered: bool, pick: Index) {
        let written = |sheets: &[Sheet]| if is_enveloped { enveloped(sheets) } else { sheets[0].1.clone() };
        let text = written(&sheets);
        let source = run("", "c.txt", &text);
        let open: Vec<_> = found(&source).into_iter().filter(Found::is_open).collect();
        prop_assume!(!open.is_empty());
        let decided = pick.get(&open);
        let first = line_of_0_1("reject", "Ann", &source, decided);
        // Altered behind everything, so that it is found by its context if at all.
        let text = if is_altered { format!("{text}\n") } else { text };
        let (mut session, states) = session(&first, "c.txt", &text);
        let item = session.items().iter().position(|item| item.document == decided.document && item.steps.iter().any(|step| step.id() == decided.id()));
        let Some(item) = item else { return Ok(()) };
        let lead = &session.items()[item].steps[0];
        prop_assume!(lead.id() == decided.id() && lead.part == decided.change.part && lead.decision == Some(1));
        let is_one = session.items()[item].steps.len() == 1;
        prop_assert_eq!(session.state(item), State::Rejected);
        let step = session.deciding(&DecisionTarget::Here(item), Verdict::Accept, None, &reader(1));
        prop_assert_eq!(step.decisions()[0].instead_of.len(), 1, "it names the line that it replaces");
        prop_assert_eq!(step.decisions()[0].schema_version, 2);
        let second = step.lines();
        session.take(step);
        if is_one {
            prop_assert_eq!(session.state(item), State::Accepted, "no dispute");
        }
        for lines in [[&*first, &second], [&*second, &first]] {
            let lines = lines.concat();
            let all = Decisions::parse(&lines).expect("good lines");
            prop_assert!(all.iter().all(|(_, decision)| decision.decision == Verdict::Accept), "in any order");
            let after = found(&run(&lines, "c.txt", &text));
            let now = after.iter().find(|found| found.document == decided.document && found.id() == decided.id() && found.change.part == decided.change.part);
            prop_assert_eq!(now.map(|found| found.change.fate), Some(Fate::Applied));
        }
        let undoing = session.undoing(&reader(2)).expect("there is a step");
        let third = undoing.lines();
        session.take(undoing);
        prop_assert_eq!((0..states.len()).map(|item| session.state(item)).collect::<Vec<_>>(), states, "undo is exact");
        let again = run(&[&*first, &second, &third].concat(), "c.txt", &text);
        prop_assert_eq!(found(&again).iter().find(|found| found.document == decided.document && found.id() == decided.id()).map(|found| found.change.fate), Some(Fate::Rejected));
        let redoing = session.redoing(&reader(3)).expect("it was undone");
        session.take(redoing);
        if is_one {
            prop_assert_eq!(session.state(item), State::Accepted);
        }
    }
}

fn source_with(decisions: &str, name: &str, sheets: &[Sheet]) -> CleanedSource {
    run(decisions, name, &enveloped(sheets))
}

fn reader(second: usize) -> Reader {
    Reader { who: Some("Ann".to_owned()), when: Some(format!("2026-01-01T00:00:{second:02}Z")), note: None }
}

/// A session of Ann over sources, and how its items stand.
fn session_of(decisions: &str, sources: &[(&str, &str)]) -> (Session, Vec<State>) {
    with_cleaner(decisions, |cleaner| {
        let mut session = Session::new(cleaner.decisions(), Some("Ann"));
        for (name, text) in sources {
            let source = cleaner.clean_source(name, text.as_bytes());
            source.each_document(|document, cleaned| session.add(document, &text_of(&source).text, &cleaned.cleaned.changes));
        }
        session.begin(cleaner.chain().rules());
        let states = (0..session.items().len()).map(|item| session.state(item)).collect();
        (session, states)
    })
}

fn session(decisions: &str, name: &str, text: &str) -> (Session, Vec<State>) {
    session_of(decisions, &[(name, text)])
}

fn sheets(all: &[(&str, &str)]) -> Vec<Sheet> {
    all.iter().map(|(title, text)| ((*title).to_owned(), (*text).to_owned())).collect()
}

/// The name that is misspelt in a document of a source.
fn typo(source: &CleanedSource, document: usize) -> Found {
    found(source).into_iter().find(|found| found.document == document && *found.change.before == *"Isrfael").expect("it is there")
}

/// The items about that name, each with its document and how it stands.
fn typos(session: &Session) -> Vec<(usize, State)> {
    let items = session.items().iter().enumerate().filter(|(_, item)| *item.change().before == *"Isrfael");
    items.map(|(number, item)| (item.document, session.state(number))).collect()
}

/// The item about that name in a document.
fn typo_in(session: &Session, document: usize) -> DecisionTarget {
    let is_it = |item: &Item| item.document == document && *item.change().before == *"Isrfael";
    DecisionTarget::Here(session.items().iter().position(is_it).expect("it is there"))
}

/// The decision of Ann against the misspelt name in a document of a source.
fn rejecting(name: &str, text: &str, document: usize) -> String {
    let source = run("", name, text);
    here(Verdict::Reject, &source, &typo(&source, document)).line()
}

/// What each misspelt name of a source became: its document, the line about it, and its fate.
fn fates(source: &CleanedSource) -> Vec<(usize, Option<usize>, Fate)> {
    let typos = found(source).into_iter().filter(|found| *found.change.before == *"Isrfael");
    let mut typos: Vec<_> = typos.collect();
    // Equal changes are listed together.
    typos.sort_by_key(|found| (found.document, found.change.span()));
    typos.into_iter().map(|found| (found.document, found.change.decision, found.change.fate)).collect()
}

#[test]
fn a_document_that_moved_takes_its_decisions_along_and_leaves_none_behind() {
    let sheet = ("One", "In the talks Isrfael agreed to it.");
    let line = rejecting("c.txt", &enveloped(&sheets(&[sheet, ("Two", "It ended.")])), 0);
    // Another one with the same context now has its number.
    let other = ("New", "So: In the talks Isrfael agreed to it.");
    let text = enveloped(&sheets(&[other, sheet, ("Two", "It ended.")]));
    let after = run(&line, "c.txt", &text);
    assert_eq!(fates(&after), [(0, None, Fate::Applied), (1, Some(1), Fate::Rejected)]);
    assert!(text_of(&after).stale.is_empty());
    // A session knows it too.
    let (session, _) = session(&line, "c.txt", &text);
    assert_eq!(typos(&session), [(0, State::Applied), (1, State::Rejected)]);
    // Once its own text is gone, the document that is named has what is left of it.
    let text = enveloped(&sheets(&[other, ("Two", "It ended.")]));
    assert_eq!(fates(&run(&line, "c.txt", &text)), [(0, Some(1), Fate::Rejected)]);
}

#[test]
fn what_a_rejection_has_lost_needs_review_in_its_document_alone() {
    let line = rejecting("a.txt", "In the talks Isrfael agreed to it.", 0);
    for (name, text, expected) in [
        ("gone", "In the end Isrfael agreed.", vec![(0, None, Fate::Pending)]),
        ("twice", "In the talks Isrfael agreed to it. In the talks Isrfael agreed to it.", vec![(0, None, Fate::Pending); 2]),
    ] {
        let after = run(&line, "a.txt", text);
        assert_eq!((fates(&after), &*text_of(&after).stale), (expected, &[1][..]), "{name}");
        let elsewhere = run(&line, "b.txt", text);
        assert!(fates(&elsewhere).iter().all(|(.., fate)| *fate == Fate::Applied), "{name}");
        assert!(text_of(&elsewhere).stale.is_empty(), "{name}");
        let accepted = run(&line.replace("\"reject\"", "\"accept\""), "a.txt", text);
        assert!(fates(&accepted).iter().all(|(.., fate)| *fate == Fate::Applied), "only a rejection forbids something: {name}");
        assert_eq!(text_of(&accepted).stale, [1], "{name}");
    }
    let all = sheets(&[("One", "In the talks Isrfael agreed to it."), ("Two", "It was Isrfael.")]);
    let line = rejecting("c.txt", &enveloped(&all), 0);
    let altered = sheets(&[("One", "In the end Isrfael agreed to it."), ("Two", "It was Isrfael.")]);
    let after = run(&line, "c.txt", &enveloped(&altered));
    assert_eq!((fates(&after), &*text_of(&after).stale), (vec![(0, None, Fate::Pending), (1, None, Fate::Applied)], &[1][..]));
}

#[test]
fn what_a_rejection_of_0_1_has_lost_needs_review_too() {
    let source = run("", "a.txt", "In the talks Isrfael agreed to it.");
    let line = line_of_0_1("reject", "Ann", &source, &typo(&source, 0));
    for text in ["In the end Isrfael agreed.", "In the talks Isrfael agreed to it. In the talks Isrfael agreed to it."] {
        let after = run(&line, "a.txt", text);
        assert!(fates(&after).iter().all(|fate| *fate == (0, None, Fate::Pending)), "{text}");
        assert_eq!(text_of(&after).stale, [1], "{text}");
    }
    let moved = run(&line, "a.txt", "So. In the talks Isrfael agreed to it.");
    assert_eq!((fates(&moved), &*text_of(&moved).stale), (vec![(0, Some(1), Fate::Rejected)], &[][..]));
}

#[test]
fn a_decision_of_0_1_finds_its_document_in_an_altered_source() {
    let body = "It was said at the time, and by many who were there, that Isrfael had agreed to it, which nobody had thought to hear.";
    let all = sheets(&[("One", "It ended."), ("Two", body)]);
    let source = run("", "c.txt", &enveloped(&all));
    let line = line_of_0_1("reject", "Ann", &source, &typo(&source, 1));
    let more = [sheets(&[("New", "It was Isrfael.")]), all].concat();
    let after = run(&line, "c.txt", &enveloped(&more));
    assert_eq!((fates(&after), &*text_of(&after).stale), (vec![(0, None, Fate::Applied), (2, Some(1), Fate::Rejected)], &[][..]));
}

#[test]
fn equal_documents_share_what_is_decided_in_a_session() {
    let sheet = ("One", "In the talks Isrfael agreed.");
    let envelope = enveloped(&sheets(&[sheet, ("Two", "Isrfael again."), sheet]));
    let sources = [("a.txt", sheet.1), ("c.txt", &*envelope)];
    let (mut here, _) = session_of("", &sources);
    let with = |states: [State; 4]| (0..).zip(states).collect::<Vec<_>>();
    assert_eq!(typos(&here), with([State::Applied; 4]));
    let effect = here.effect(&typo_in(&here, 3));
    assert_eq!((effect.places, effect.narrower), (3, 0));
    let step = here.deciding(&typo_in(&here, 3), Verdict::Reject, None, &reader(1));
    assert_eq!(here.concerned(&step).into_iter().collect::<Vec<_>>(), [0, 1, 2, 3], "the one that has the text, and those of the source");
    let line = step.lines();
    here.take(step);
    let expected = with([State::Rejected, State::Rejected, State::Applied, State::Rejected]);
    assert_eq!(typos(&here), expected);
    assert_eq!(typos(&session_of(&line, &sources).0), expected, "the next session, too");
    let first = here.deciding(&typo_in(&here, 0), Verdict::Accept, None, &reader(2));
    assert_eq!(first.decisions()[0].instead_of.len(), 1, "the decision in one is replaced in another");
    here.take(first);
    assert_eq!(typos(&here), with([State::Accepted, State::Accepted, State::Applied, State::Accepted]));
}

#[test]
fn a_decision_of_0_1_in_one_of_two_equal_documents_is_replaced_too() {
    let sheet = ("One", "In the talks Isrfael agreed.");
    let envelope = enveloped(&sheets(&[sheet, sheet]));
    let source = run("", "c.txt", &envelope);
    // Of the second: 0.1 told it from the first.
    let first = line_of_0_1("reject", "Ann", &source, &typo(&source, 1));
    let (mut session, _) = session(&first, "c.txt", &envelope);
    assert_eq!(typos(&session), [(0, State::Applied), (1, State::Rejected)]);
    let step = session.deciding(&typo_in(&session, 0), Verdict::Accept, None, &reader(1));
    let second = step.lines();
    session.take(step);
    assert_eq!(typos(&session), [(0, State::Accepted), (1, State::Accepted)]);
    for lines in [[&*first, &second], [&*second, &first]] {
        let fates: Vec<_> = fates(&run(&lines.concat(), "c.txt", &envelope)).into_iter().map(|(.., fate)| fate).collect();
        assert_eq!(fates, [Fate::Applied; 2], "in any order");
    }
}

#[test]
fn what_somebody_else_decided_with_0_1_stays_a_dispute() {
    let text = "In the talks Isrfael agreed.";
    let source = run("", "a.txt", text);
    let bob = line_of_0_1("reject", "Bob", &source, &typo(&source, 0));
    let (mut session, _) = session(&bob, "a.txt", text);
    let step = session.deciding(&typo_in(&session, 0), Verdict::Accept, None, &reader(1));
    assert!(step.decisions()[0].instead_of.is_empty(), "what others did is not Ann's to replace");
    let ann = step.lines();
    session.take(step);
    assert_eq!(typos(&session), [(0, State::Disputed)]);
    assert_eq!(fates(&run(&(bob + &ann), "a.txt", text)), [(0, Some(1), Fate::Rejected)]);
}

#[test]
fn what_is_no_prose_is_not_cleaned() {
    let text = "F-N-S-T-A-R-T. Isrfael.xml F-N-E-N-D. D-A-T-E-S-T-A-R-T. 2024-03-05 D-A-T-E-E-N-D. T-I-T-L-E-S-T-A-R-T. Isrfael T-I-T-L-E-E-N-D. T-E-X-T-S-T-A-R-T. So Isrfael and Isrfael. T-E-X-T-E-N-D.\n";
    let source = run("", "c.txt", text);
    let document = source.documents().next().expect("there is one");
    let fields: Vec<_> = document.fields(text).map(|(name, _, _, clean)| (name, clean)).collect();
    assert_eq!(fields, [("file", "Isrfael.xml"), ("date", "2024-03-05"), ("title", "Israel")]);
    assert_eq!(document.text(), Some("So Israel and Israel.\n"));
    assert_eq!(document.count(|fate| fate == Fate::Applied), 4, "at each place: three names, and a line end");
    // Places of the source, from those of the parts.
    let typos = source.placed().filter(|(_, change)| *change.before == *"Isrfael");
    let typos: Vec<_> = typos.map(|(place, change)| (place.range(), change.part.to_string(), change.span().range())).collect();
    let at = |part: &str, before: &str, span: std::ops::Range<usize>| {
        let start = text.find(before).expect("it is there") + before.len();
        (start + span.start..start + span.end, part.to_owned(), span)
    };
    assert_eq!(
        typos,
        [at("title", "T-I-T-L-E-S-T-A-R-T. ", 0..7), at("body", "T-E-X-T-S-T-A-R-T. ", 3..10), at("body", "T-E-X-T-S-T-A-R-T. ", 15..22)]
    );
}
