//! What the command is for.

use std::fs;
use std::path::Path;

use super::news::{articles, plant};
use super::{corpus, proposals};

/// The seeds beside a wider corpus, without the two rules that ship for them: both come back as proposals.
#[test]
fn the_errors_of_the_seeds_are_proposed() {
    let project = corpus(&articles());
    for entry in fs::read_dir(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("seeds")).expect("it is there") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        project.put(&format!("in/seeds/{name}"), fs::read(&path).expect("it can be read"));
    }
    project.put("rules/typos/off.tsv", "wrong\tright\tcase\tpolicy\twhy\nIsrfael\tIsrael\tforce\toff\tOff for this test.\n");
    project.put("rules/names/off.tsv", "canonical\tvariants\tpolicy\twhy\nAntony Blinken\tAnthony Blinken\toff\tOff for this test.\n");
    let found = proposals(&project, &["--limit", "20"]);
    let has = |wrong: &str, right: &str| found.iter().any(|proposal| proposal.wrong == wrong && proposal.right == right);
    let all: Vec<_> = found.iter().map(|proposal| format!("{} → {}", proposal.wrong, proposal.right)).collect();
    assert!(has("Isrfael", "Israel") && has("Anthony Blinken", "Antony Blinken"), "{all:#?}");
}

/// What is wrong, what is right, and how often it is planted.
const PLANTED: &[(&str, &str, usize)] = &[
    ("refguees", "refugees", 3),
    ("hostgaes", "hostages", 3),
    ("humnaitarian", "humanitarian", 2),
    ("delegatoin", "delegation", 3),
    ("crosssing", "crossing", 2),
    ("Jake Sulivan", "Jake Sullivan", 3),
    ("Volodymir Zelenskyy", "Volodymyr Zelenskyy", 2),
    ("Yoav Gallent", "Yoav Gallant", 3),
    ("''We will bring the hostages home,''", "\"We will bring the hostages home,\"", 3),
    ("\"\"Aid is not a weapon,\"\"", "\"Aid is not a weapon,\"", 3),
];

/// Ten recurring errors: at least eight are found, no more is wrong than right among the first twenty, and all of
/// them go by commands alone.
#[test]
fn planted_errors_are_found_added_and_cleaned() {
    let mut texts = articles();
    for (wrong, right, times) in PLANTED {
        assert_eq!(plant(&mut texts, right, wrong, *times), *times, "{right}");
    }
    let project = corpus(&texts);
    let first = proposals(&project, &["--limit", "20"]);
    let is_planted = |wrong: &str| {
        let by_word = PLANTED[..8].iter().position(|(planted, right, _)| {
            let differs = planted.split(' ').zip(right.split(' ')).find(|(a, b)| a != b).map_or("", |(a, _)| a);
            *planted == wrong || differs == wrong
        });
        by_word.or_else(|| wrong.contains("''").then_some(8)).or_else(|| wrong.contains("\"\"").then_some(9))
    };
    let all: Vec<_> = first.iter().map(|proposal| format!("{} → {}", proposal.wrong, proposal.right)).collect();
    let right: Vec<_> = first.iter().filter_map(|proposal| Some((is_planted(&proposal.wrong)?, proposal))).collect();
    let mut found: Vec<_> = right.iter().map(|(planted, _)| *planted).collect();
    found.sort_unstable();
    found.dedup();
    assert!(found.len() >= 8, "{found:?} {all:#?}");
    assert!(first.len() - right.len() <= right.len(), "{all:#?}");

    let ids: Vec<&str> = right.iter().flat_map(|(_, proposal)| ["--accept", &proposal.id]).collect();
    let told = project.run(&[&["suggest", "in"], &ids[..]].concat());
    assert_eq!(told.lines().filter(|line| line.starts_with("added ")).count(), right.len(), "{told}");
    project.run(&["rules", "check"]);
    let again = proposals(&project, &["--limit", "100"]);
    assert!(again.iter().all(|proposal| !right.iter().any(|(_, old)| old.id == proposal.id)), "what is added is known");

    project.run(&["clean", "in", "-o", "out"]);
    project.run(&["verify", "out"]);
    let cleaned: String = (0..texts.len()).map(|number| project.read(&format!("out/{number:03}.txt"))).collect();
    // What is left asks, in quotations or wherever a name stands, and waits for somebody.
    let waiting = project.run(&["diff", "out", "--waiting"]);
    for (wrong, right, _) in &PLANTED[..8] {
        let (wrong, _) = wrong.split(' ').zip(right.split(' ')).find(|(a, b)| a != b).expect("they differ");
        assert!(cleaned.matches(wrong).count() <= waiting.matches(wrong).count(), "{wrong}: {waiting}");
    }
    assert!(!cleaned.contains("''"), "what applies is applied");
}
