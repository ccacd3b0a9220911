//! Corrections by hand: whatever a person writes into a cleaned text, the next run makes it again.

use std::fs;
use std::sync::LazyLock;

use emendo_core::cleaner::{CleanedDocument, CleanedSource, Cleaner, formats};
use emendo_core::edit::{Fate, Part};
use emendo_core::review::Decisions;
use emendo_core::review::decision::{Decision, HAND};
use emendo_core::review::hand::{CorrectionOutcome, RecordedDocumentText, corrections, recorded_text};
use emendo_core::review::session::Reader;
use emendo_core::rules::{Caps, Knowledge, Style};
use proptest::prelude::*;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(emendo_core::rules::load_shipped);

/// The shipped rules, with these decisions.
pub fn cleaner(decisions: &str) -> Cleaner {
    let decisions = Decisions::parse(decisions).expect("good lines are written");
    let chain = emendo_core::chain::Chain::new(KNOWLEDGE.rules.in_style(Style::Straight).into(), &KNOWLEDGE.chain, &Caps::default());
    Cleaner::new(chain, formats(&KNOWLEDGE).expect("the shipped ones are good"), decisions, Some("en".to_owned()))
}

fn reader(who: &str) -> Reader {
    Reader { who: Some(who.to_owned()), when: None, note: None }
}

/// The cleaned texts of all articles.
fn texts(source: &CleanedSource) -> Vec<String> {
    source.documents().map(|article| article.text().unwrap_or_default().to_owned()).collect()
}

/// The number of a document among the slices of its source, from 1.
fn number(source: &CleanedSource, document: &CleanedDocument) -> usize {
    let slices = &source.text().expect("it is text").slices;
    1 + slices.iter().position(|slice| slice.document().is_some_and(|other| std::ptr::eq(other, document))).expect("it is one of them")
}

/// The lines of Ann that make these texts of what a run left, and how many there were already.
fn adopted(source: &CleanedSource, edited: &[String], decisions: &Decisions) -> (String, usize) {
    adopted_by("Ann", source, edited, decisions).expect("nobody opposes")
}

/// The same of anybody; nothing if somebody else opposes.
fn adopted_by(who: &str, source: &CleanedSource, edited: &[String], decisions: &Decisions) -> Option<(String, usize)> {
    let (mut lines, mut known) = (String::new(), 0);
    for (article, edited) in source.documents().zip(edited) {
        let Some(body) = article.layout.body else { continue };
        let left = RecordedDocumentText {
            source: &source.name,
            number: (source.text().expect("it is text").slices.len() > 1).then(|| number(source, article)),
            digest: &article.digest.expect("it has a text").to_hex(),
            text: &source.text().expect("it is text").text[body.range()],
            hunks: &article.cleaned.hunks,
            changes: &article.cleaned.changes,
        };
        assert_eq!(Some(recorded_text(&left).expect("it fits").as_str()), article.text());
        for correction in corrections(&left, edited, decisions, &reader(who)).expect("it fits") {
            match correction.outcome {
                CorrectionOutcome::New(decision) => lines += &decision.line(),
                CorrectionOutcome::Known => known += 1,
                CorrectionOutcome::Opposed(_) => return None,
                other @ CorrectionOutcome::Unanchored => {
                    panic!("{other:?}: {correction:?}", correction = (correction.at, correction.before, correction.after))
                }
            }
        }
    }
    Some((lines, known))
}

/// A text in which at each wish some of its characters were replaced.
fn edited(text: &str, wishes: &[(usize, usize, String)]) -> String {
    let mut text = text.to_owned();
    for (at, length, with) in wishes {
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let start = at % bounds.len();
        text.replace_range(bounds[start]..bounds[(start + length).min(bounds.len() - 1)], with);
    }
    text
}

type Wishes = Vec<(usize, usize, String)>;

fn wishes() -> impl Strategy<Value = Wishes> {
    let piece = prop_oneof![
        Just(String::new()),
        Just(" ".to_owned()),
        Just("word".to_owned()),
        Just("’".to_owned()),
        Just("\n".to_owned()),
        Just("Isrfael".to_owned()),
        Just("é".to_owned()),
        Just("\r\n".to_owned()),
        Just("  two  words ".to_owned())
    ];
    proptest::collection::vec((0..4000_usize, 0..9_usize, piece), 0..6)
}

/// Texts in which rules have much to do, close together.
pub fn source() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Isrfael"),
        Just("’s "),
        Just(" -- "),
        Just("“"),
        Just("”"),
        Just("  "),
        Just("\r\n"),
        Just("\n\n\n"),
        Just("\u{200b}"),
        Just("teh end. "),
        Just("a"),
        Just("é "),
        Just(" said\n"),
        Just("Anthony Blinken ")
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// What was written is made again in one round after the other, the last of which writes what the rules left; and all is
/// accounted for.
fn assert_rounds(name: &str, bytes: &str, rounds: &[Wishes]) {
    let mut lines = String::new();
    let plain = cleaner("").clean_source(name, bytes.as_bytes());
    let wanted: Vec<Option<&Wishes>> = rounds.iter().map(Some).chain([None]).collect();
    for wishes in wanted {
        let run = cleaner(&lines);
        let before = run.clean_source(name, bytes.as_bytes());
        let edited: Vec<String> = match wishes {
            Some(wishes) => texts(&before).iter().map(|text| edited(text, wishes)).collect(),
            None => texts(&plain),
        };
        let (more, _) = adopted(&before, &edited, run.decisions());
        lines += &more;
        let decisions = Decisions::parse(&lines).expect("good lines are written");
        assert_eq!(adopted(&before, &edited, &decisions).0, "", "what is adopted is known: {lines}");
        let after = cleaner(&lines).clean_source(name, bytes.as_bytes());
        assert_eq!(texts(&after), edited, "{bytes:?}\n{lines}");
        let text = after.text().expect("it is text");
        assert!(text.stale.is_empty(), "{:?} of\n{lines}", text.stale);
        for article in after.documents() {
            let of_body: Vec<_> = article.cleaned.hunks.iter().filter(|hunk| hunk.part == Part::Body).collect();
            let body = article.layout.body.expect("it has a text");
            crate::chain::assert_hunks_account(
                &text.text[body.range()],
                article.text().expect("it has a text"),
                &of_body,
                &article.cleaned.changes,
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Two people who know nothing of each other, and one of them again once the lines of both are merged.
    #[test]
    fn what_two_write_is_made_where_they_do_not_claim_the_same(source in source(), ann in wishes(), bob in wishes(), later in wishes()) {
        let plain = cleaner("").clean_source("a.txt", source.as_bytes());
        let write = |wishes: &Wishes| texts(&plain).iter().map(|text| edited(text, wishes)).collect::<Vec<_>>();
        let of_both = [("Ann", &ann), ("Bob", &bob)]
            .map(|(who, wishes)| adopted_by(who, &plain, &write(wishes), &Decisions::default()).expect("nobody is there").0);
        let merged = [of_both.concat(), of_both.into_iter().rev().collect()];
        let [before, other] = merged.each_ref().map(|lines| cleaner(lines).clean_source("a.txt", source.as_bytes()));
        prop_assert_eq!(texts(&before), texts(&other), "in any order");
        // Where one of two that wait is taken back, the other is made: that nobody has seen yet.
        if before.changes().any(|change| &*change.rule == HAND && change.fate == Fate::Pending) {
            return Ok(());
        }
        let lines = &merged[0];
        let decisions = Decisions::parse(lines).expect("good lines are written");
        let wanted: Vec<String> = texts(&before).iter().map(|text| edited(text, &later)).collect();
        if let Some((more, _)) = adopted_by("Ann", &before, &wanted, &decisions) {
            let after = cleaner(&format!("{lines}{more}")).clean_source("a.txt", source.as_bytes());
            prop_assert_eq!(texts(&after), wanted, "{}{}", lines, more);
        }
    }

    #[test]
    fn what_is_written_into_a_text_is_made_again(source in source(), rounds in proptest::collection::vec(wishes(), 1..4)) {
        assert_rounds("a.txt", &source, &rounds);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_into_a_seed_is_made_again(rounds in proptest::collection::vec(wishes(), 1..3)) {
        for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds")).expect("they are there") {
            let path = entry.expect("it can be read").path();
            let text = fs::read_to_string(&path).expect("it is UTF-8");
            assert_rounds(&path.file_name().expect("it has one").to_string_lossy(), &text, &rounds);
        }
    }
}

fn hand_lines(bytes: &str, edited: &str) -> String {
    let source = cleaner("").clean_source("a.txt", bytes.as_bytes());
    adopted(&source, &[edited.to_owned()], &Decisions::default()).0
}

#[test]
fn who_writes_what_the_rules_left_takes_the_correction_back() {
    let bytes = "The Isrfael talks -- so they said -- went on.\n";
    let lines = hand_lines(bytes, "The Israel talks -- so they claimed -- went on.\n");
    let left = cleaner(&lines).clean_source("a.txt", bytes.as_bytes());
    let (more, _) = adopted(&left, &texts(&cleaner("").clean_source("a.txt", bytes.as_bytes())), cleaner(&lines).decisions());
    assert!(more.contains("\"withdraw\""), "{more}");
    let after = cleaner(&(lines + &more)).clean_source("a.txt", bytes.as_bytes());
    assert!(after.changes().all(|change| &*change.rule != HAND));
}

#[test]
fn where_the_source_says_something_else_now_a_correction_is_stale() {
    let lines = hand_lines("The Isrfael talks -- so they said -- went on.\n", "The Israel talks -- so they claimed -- went on.\n");
    let cleaned = |bytes: &str| {
        let source = cleaner(&lines).clean_source("a.txt", bytes.as_bytes());
        (texts(&source).concat(), source.text().expect("it is text").stale.clone())
    };
    let moved = cleaned("More. The Isrfael talks -- so they said -- went on.\n");
    assert_eq!(moved, ("More. The Israel talks -- so they claimed -- went on.\n".to_owned(), vec![]));
    let altered = cleaned("The Isrfael talks -- so they sang -- went on.\n");
    assert_eq!(altered, ("The Israel talks -- so they sang -- went on.\n".to_owned(), vec![1]));
}

/// Two documents, of which the second is corrected.
#[test]
fn a_correction_in_an_envelope_follows_its_text() {
    let sheet = |text: &str| {
        format!(
            "F-N-S-T-A-R-T. 1 F-N-E-N-D. D-A-T-E-S-T-A-R-T. D-A-T-E-E-N-D. T-I-T-L-E-S-T-A-R-T. T-I-T-L-E-E-N-D. T-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D.\n"
        )
    };
    let (one, other) = ("The talks -- so they said -- went on.", "The Isrfael talks -- so they said -- went on.");
    let envelope = [sheet(one), sheet(other)].concat();
    let source = cleaner("").clean_source("c.txt", envelope.as_bytes());
    let edited = [texts(&source)[0].clone(), texts(&source)[1].replace("said", "claimed")];
    let (lines, _) = adopted(&source, &edited, &Decisions::default());
    assert!(lines.contains("\"document\":2"), "{lines}");
    let said = |name: &str, bytes: &str| {
        let source = cleaner(&lines).clean_source(name, bytes.as_bytes());
        let claims: Vec<bool> = texts(&source).iter().map(|text| text.contains("claimed")).collect();
        (claims, source.text().expect("it is text").stale.clone())
    };
    assert_eq!(said("c.txt", &envelope), (vec![false, true], vec![]));
    assert_eq!(said("a.txt", other), (vec![true], vec![]), "without the envelope, in another source");
    assert_eq!(said("c.txt", &[sheet("It ended."), sheet(one), sheet(other)].concat()), (vec![false, false, true], vec![]), "moved");
    assert_eq!(said("a.txt", one), (vec![false], vec![]), "the same words in another text");
    let altered = other.replace("went on", "ended");
    assert_eq!(said("c.txt", &[sheet(one), sheet(&altered)].concat()), (vec![false, false], vec![1]), "its context is gone");
    let longer = format!("So it was. {other} It ended.");
    assert_eq!(said("c.txt", &[sheet(one), sheet(&longer)].concat()), (vec![false, true], vec![]), "found again");
    assert_eq!(said("c.txt", &[sheet(&longer), sheet(one)].concat()), (vec![false, false], vec![1]), "never in another document");
}

/// A correction that emendo 0.1 kept: digest and span are those of the source.
#[test]
fn a_correction_of_0_1_is_made_again() {
    let bytes = "\u{feff}The Isrfael talks -- so they said -- went on.\n";
    let digest = blake3::hash(bytes.as_bytes()).to_hex();
    let at = bytes.find("said").expect("it is there");
    let line = format!(
        "{{\"schema_version\":1,\"decision\":\"accept\",\"width\":\"here\",\"rule\":\"hand\",\"before\":\"said\",\"after\":\"claimed\",\"source\":\"a.txt\",\"digest\":\"{digest}\",\"span\":[{at},{}],\"context\":[\"talks -- so they \",\"said\",\" -- went on.\"],\"who\":\"Ann\"}}\n",
        at + 4
    );
    for (name, bytes) in [("a.txt", bytes.to_owned()), ("renamed.txt", bytes.to_owned()), ("a.txt", format!("{bytes}So it ended.\n"))] {
        let source = cleaner(&line).clean_source(name, bytes.as_bytes());
        assert_eq!(texts(&source).concat().lines().next(), Some("The Israel talks -- so they claimed -- went on."), "{name}");
        assert!(source.text().expect("it is text").stale.is_empty(), "{name}");
    }
    let other = cleaner(&line).clean_source("other.txt", format!("{bytes}So it ended.\n").as_bytes());
    assert!(texts(&other).concat().contains("so they said"));
}

#[test]
fn where_the_rules_leave_something_else_now_a_correction_is_stale() {
    let lines = hand_lines("In Isrfael it is.\n", "In Zion it is.\n");
    let reject = r#"{"schema_version":1,"decision":"reject","width":"everywhere","rule":"typos/recurring/Isrfael","before":"Isrfael","after":"Israel"}"#;
    let source = cleaner(&format!("{lines}{reject}\n")).clean_source("a.txt", b"In Isrfael it is.\n");
    assert_eq!((texts(&source), source.text().map(|text| text.stale.clone())), (vec!["In Isrfael it is.\n".to_owned()], Some(vec![1])));
}

#[test]
fn where_two_correct_the_same_differently_nobodys_will_is_done() {
    let bytes = "They said so.\n";
    let (one, other) = (hand_lines(bytes, "They claimed so.\n"), hand_lines(bytes, "They sang so.\n").replace("Ann", "Bob"));
    let fates = |lines: &str| {
        let source = cleaner(lines).clean_source("a.txt", bytes.as_bytes());
        (texts(&source).concat(), source.changes().map(|change| change.fate).collect::<Vec<_>>())
    };
    for lines in [format!("{one}{other}"), format!("{other}{one}")] {
        assert_eq!(fates(&lines), (bytes.to_owned(), vec![Fate::Pending, Fate::Pending]), "in any order");
    }
    let rejected = other.replace("\"accept\"", "\"reject\"");
    let (text, fates) = fates(&format!("{one}{other}{rejected}"));
    assert_eq!((text.as_str(), fates.contains(&Fate::Rejected), fates.contains(&Fate::Applied)), ("They claimed so.\n", true, true));
}

#[test]
fn in_the_profile_evidence_a_correction_needs_a_name() {
    let lines = hand_lines("They said so.\n", "They claimed so.\n");
    let mut named = Decisions::parse(&lines).expect("good lines are written");
    assert_eq!(named.drop_unnamed(), [] as [usize; 0]);
    let mut unnamed = Decisions::parse(&lines.replace("\"who\":\"Ann\"", "\"who\":\" \"")).expect("good lines are written");
    assert_eq!(unnamed.drop_unnamed(), [1]);
}

#[test]
fn forged_places_are_stale_and_nothing_worse() {
    let bytes = "é “x”\n";
    let line = hand_lines(bytes, "é \"y\"\n");
    let decision: Decision = serde_json::from_str(&line).expect("it is a line");
    for span in [[0, 1], [1, 2], [0, 999], [999, 999], [3, 4], [4, 7], [3, 8]] {
        let forged = Decision { span: Some(span), ..decision.clone() }.line();
        let source = cleaner(&forged).clean_source("a.txt", bytes.as_bytes());
        assert_eq!(texts(&source), ["é \"x\"\n"], "{span:?}");
        assert_eq!(source.text().map(|text| text.stale.clone()), Some(vec![1]), "{span:?}");
    }
}
