//! Reviews by plain commands, through whole projects.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::disk::{Disk, Ran};

/// The seeds, in a project in which nothing is applied that a person has not accepted by name.
fn evidence() -> Disk {
    let disk = Disk::empty();
    disk.put("emendo.toml", "profile = \"evidence\"\n");
    for entry in fs::read_dir(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("seeds")).expect("the seeds") {
        let path = entry.expect("the seeds").path();
        disk.put(Path::new("in").join(path.file_name().expect("a file")), fs::read(&path).expect("a seed"));
    }
    disk
}

fn project(text: &str) -> Disk {
    let disk = Disk::empty();
    disk.put("emendo.toml", "");
    disk.put("in/a.txt", text);
    disk
}

/// A review as Ann, and what it told.
#[track_caller]
fn review(disk: &Disk, args: &[&str]) -> Ran {
    disk.run(&[&["review", "in", "--by", "Ann"], args].concat())
}

/// The ids of the changes of a rule, in their order.
#[track_caller]
fn ids(disk: &Disk, rule: &str) -> Vec<String> {
    let listed = review(disk, &["--list", "--decided", "--rule", rule, "--format", "json"]);
    listed.expect(0, &[]);
    let groups: Vec<Value> = listed.lines().skip(1).map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let of_group = |group: &Value| {
        let shown = review(disk, &["--show", group["id"].as_str().expect("an id"), "--format", "json"]);
        let shown: Value = serde_json::from_str(shown.told.trim()).expect("it is JSON");
        shown["items"].as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    groups.iter().flat_map(of_group).collect()
}

const TYPO: &str = "typos/recurring/Isrfael";
const SEED: &str = "000_1ad945f829456fdb.txt";

#[test]
fn what_was_decided_by_name_is_done_and_nothing_else_and_never_asked_again() {
    let disk = evidence();
    let both = ids(&disk, TYPO);
    assert_eq!(both.len(), 2);
    review(&disk, &["--reject", &both[0]]).expect(0, &["reject typos/recurring/Isrfael", ": 1 place\n"]);
    review(&disk, &["--accept", &both[1], "--note", "a slip"]).expect(0, &["accept typos/recurring/Isrfael"]);
    let clean = ["clean", "in", "-o", "out"];
    disk.run(&clean).expect(0, &["applied          1"]);
    let source = disk.read(&format!("in/{SEED}"));
    let (first, second) = source.rsplit_once("Isrfael").expect("the second one");
    assert_eq!(disk.read(&format!("out/{SEED}")), format!("{first}Israel{second}"), "exactly one is changed");

    review(&disk, &["--list", "--rule", TYPO]).expect(0, &["0 changes in 0 groups", "Nothing is left"]);
    disk.run(&["verify", "out"]).expect(0, &[]);

    // An unrelated word of the source is altered: what was decided holds.
    disk.put(format!("in/{SEED}"), source.replace("JAKARTA", "Djakarta"));
    disk.run(&clean).expect(0, &["applied          1"]);
    assert_eq!(disk.read(&format!("out/{SEED}")), format!("{first}Israel{second}").replace("JAKARTA", "Djakarta"));

    // The words round it are altered: it is listed, and not applied.
    let altered = source.replace("to Isrfael, will", "to Isrfael, may");
    disk.put(format!("in/{SEED}"), &altered);
    disk.run(&clean).expect(0, &["applied          0", "stale", "decision on line 2"]);
    assert_eq!(disk.read(&format!("out/{SEED}")), altered);
    review(&disk, &["--list", "--rule", TYPO]).expect(0, &["1 decision stale", "line 2", "1 change in 1 group"]);
}

#[test]
fn an_acceptance_without_a_name_is_no_evidence() {
    let disk = evidence();
    let both = ids(&disk, TYPO);
    review(&disk, &["--accept", &both[1]]).expect(0, &[]);
    let lines = disk.read("decisions.jsonl").replace("\"who\":\"Ann\",", "");
    disk.put("decisions.jsonl", lines);
    disk.run(&["clean", "in", "-o", "out"]).expect(0, &["applied          0", "decisions.jsonl:1 accepts in nobody's name"]);
}

#[test]
fn where_names_are_wanted_nobody_decides_without_one() {
    let disk = evidence();
    let both = ids(&disk, TYPO);
    let unnamed = |args: &[&str]| disk.run(&[&["review", "in", "--by", " "], args].concat());
    for verb in ["--accept", "--reject"] {
        unnamed(&[verb, &both[0]]).expect(2, &["The profile evidence takes decisions in somebody's name only", "--by NAME"]);
    }
    assert!(!disk.path("decisions.jsonl").exists());
    unnamed(&["--list", "--rule", TYPO]).expect(0, &["2 changes in 1 group"]);
    disk.put("emendo.toml", "");
    unnamed(&["--accept", &both[0]]).expect(0, &["1 decision saved"]);
}

#[test]
fn a_decision_about_a_place_tells_of_the_copies_that_it_holds_for() {
    let disk = project("Isrfael talks.\n");
    disk.put("in/copy.txt", "Isrfael talks.\n");
    review(&disk, &["--reject", &ids(&disk, TYPO)[0]]).expect(0, &["at a.txt:1:1: 2 places\n"]);
    disk.run(&["clean", "in", "-o", "out"]).expect(0, &[]);
    for name in ["out/a.txt", "out/copy.txt"] {
        assert!(disk.read(name).starts_with("Isrfael talks"), "{name}");
    }
}

const TEXT: &str = "Isrfael talks -- and Isrfael said: \"Isrfael is ready.\"\n";

#[test]
fn each_width_and_its_undoing_are_told_and_done() {
    let disk = project(TEXT);
    let list = review(&disk, &["--list", "--rule", TYPO, "--zone", "none", "--format", "json"]);
    let group: Value = serde_json::from_str(list.lines().nth(1).expect("a group")).expect("it is JSON");
    let group = group["id"].as_str().expect("an id");
    let told = "2 places now, and later ones; 1 in quotations stays as it is";
    review(&disk, &["--reject", group, "--dry-run"]).expect(0, &[told, "Nothing was saved"]);
    assert!(!disk.path("decisions.jsonl").exists());
    review(&disk, &["--reject", group]).expect(0, &[told, "1 decision saved in decisions.jsonl"]);
    review(&disk, &["--accept", group, "--doc", "a.txt"]).expect(0, &["in a.txt: 2 places; 1 in quotations stays as it is\n"]);
    review(&disk, &["--replace", TYPO, "--with", "Jisrael"])
        .expect(0, &["all that typos/recurring/Isrfael does: 1 place now, and later ones; 2 stay as a narrower decision has them\n"]);
    let clean = |expected: &str| {
        disk.run(&["clean", "in", "-o", "out"]).expect(0, &[]);
        assert_eq!(disk.read("out/a.txt"), expected);
    };
    clean("Israel talks -- and Israel said: \"Jisrael is ready.\"\n");
    review(&disk, &["--undo"]).expect(0, &["take back what was decided on typos/recurring/Isrfael"]);
    clean("Israel talks -- and Israel said: \"Isrfael is ready.\"\n");
    review(&disk, &["--undo"]).expect(0, &["in a.txt"]);
    clean("Isrfael talks -- and Isrfael said: \"Isrfael is ready.\"\n");
    review(&disk, &["--undo"]).expect(0, &[]);
    clean("Israel talks -- and Israel said: \"Isrfael is ready.\"\n");
    review(&disk, &["--undo"]).expect(2, &["No decision of Ann stands in decisions.jsonl"]);
}

#[test]
fn what_depends_on_an_acceptance_is_announced() {
    // Without what cannot be seen in it, the word is a typo.
    let disk = project("He went to Isr\u{ad}fael.\n");
    disk.put("emendo.toml", "profile = \"evidence\"\n");
    let hidden = ids(&disk, "unicode");
    assert!(ids(&disk, "typos").is_empty());
    let accept: Vec<&str> = hidden.iter().flat_map(|id| ["--accept", id]).collect();
    review(&disk, &accept).expect(0, &["new change asks, which depends on what was accepted"]);
    assert_eq!(ids(&disk, "typos").len(), 1);
    disk.run(&["clean", "in", "-o", "out"]).expect(0, &["new              1  pending change depends on what was accepted"]);
}

#[test]
fn a_sample_is_drawn_and_its_bound_kept() {
    let disk = project(&"It was so -- and so it was.\n\n".repeat(300));
    let list = review(&disk, &["--list", "--rule", "dashes", "--format", "json"]);
    let group: Value = serde_json::from_str(list.lines().nth(1).expect("a group")).expect("it is JSON");
    let group = group["id"].as_str().expect("an id");
    let drawn = review(&disk, &["--sample", group]);
    drawn.expect(0, &["60 of 300 drawn at random (seed 1)", &format!("--accept {group} --checked 60/60")]);
    assert_eq!(drawn.told, review(&disk, &["--sample", group]).told, "the same seed draws the same");
    assert_ne!(drawn.told, review(&disk, &["--sample", group, "--seed", "2"]).told);
    review(&disk, &["--accept", group, "--checked", "60/60", "--note", "read by two"]).expect(0, &["300 places now"]);
    let line: Value = serde_json::from_str(disk.read("decisions.jsonl").trim()).expect("a line");
    assert_eq!(line["note"], "read by two; 60 of 60 right: error below 4.9 % at 95 %; drawn at random, seed 1");
    review(&disk, &["--accept", group, "--checked", "61/60"]).expect(2, &["60/60"]);
}

#[test]
fn two_readers_share_merge_and_see_where_they_disagree() {
    let disk = project(TEXT);
    let listed = |args: &[&str]| -> Vec<String> {
        let list = review(&disk, &[&["--list", "--format", "json"], args].concat());
        list.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).expect("it is JSON")["id"].to_string()).collect()
    };
    let (one, other) = (listed(&["--share", "1/2"]), listed(&["--share", "2/2"]));
    assert_eq!(one.len() + other.len(), listed(&[]).len());
    assert!(one.iter().all(|id| !other.contains(id)));
    assert_eq!(listed(&["--share", "1/2", "--overlap", "100"]), listed(&[]));
    // Each decides in a copy of the file, and the copies are merged line by line.
    let dash = &ids(&disk, "dashes")[0];
    review(&disk, &["--accept", dash]).expect(0, &[]);
    let ann = disk.read("decisions.jsonl");
    fs::remove_file(disk.path("decisions.jsonl")).expect("it is there");
    disk.run(&["review", "in", "--by", "Bob", "--reject", dash]).expect(0, &[]);
    let bob = disk.read("decisions.jsonl");
    disk.put("decisions.jsonl", format!("{bob}{ann}"));
    review(&disk, &["--list", "--disputed"])
        .expect(0, &["1 change in 1 group", "disputed", "decisions.jsonl:1 and decisions.jsonl:2 want different things"]);
    disk.run(&["clean", "in", "-o", "out"]).expect(0, &[]);
    assert!(disk.read("out/a.txt").contains(" -- "), "the rejection counts");
    review(&disk, &["--reject", dash]).expect(0, &[]);
    review(&disk, &["--list", "--disputed"]).expect(0, &["0 changes in 0 groups"]);
}

#[test]
fn a_table_goes_out_and_comes_back_decided() {
    let disk = project("=Isrfael -- talks.\n\nSo -- then, said \"=Isrfael\".\n");
    review(&disk, &["--export", "todo.csv"]).expect(0, &["groups in todo.csv", "--import todo.csv"]);
    let table = disk.read("todo.csv");
    let rows: Vec<Vec<String>> = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    let formula = |cell: &String| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    assert!(rows.iter().flatten().all(|cell| !formula(cell)), "{table}");
    let decided = |verdict: &str, with: &str| {
        let mut lines = vec!["id;decision;with;note".to_owned()];
        let dashes = rows.iter().filter(|row| row[4] == "dashes/double-hyphen" && row[0].starts_with('g'));
        lines.extend(dashes.map(|row| format!("{};{verdict};{with};'=why", row[0])));
        lines.extend(rows.iter().filter(|row| row[4] == TYPO).map(|row| format!("{};;;", row[0])));
        lines.join("\r\n")
    };
    disk.put("back.csv", decided("perhaps", ""));
    review(&disk, &["--import", "back.csv"]).expect(2, &["back.csv:2: perhaps is no decision", "Nothing was saved"]);
    disk.put("back.csv", decided("accept", "x"));
    review(&disk, &["--import", "back.csv"]).expect(2, &["needs the decision replace"]);
    disk.put("back.csv", "id,decision\ng0000000000,accept\n");
    review(&disk, &["--import", "back.csv"]).expect(2, &["back.csv:2: There is no group and no change g0000000000"]);
    assert!(!disk.path("decisions.jsonl").exists());
    disk.put("back.csv", decided("replace", "'=>"));
    review(&disk, &["--import", "back.csv"]).expect(0, &["2 places now", "1 row decided, 2 left open", "1 decision saved"]);
    let line: Value = serde_json::from_str(disk.read("decisions.jsonl").trim()).expect("a line");
    assert_eq!((line["with"].as_str(), line["note"].as_str()), (Some("=>"), Some("=why")), "as it was typed into the cell");
}

#[test]
fn a_review_that_cannot_be_is_refused_with_the_way_out() {
    let disk = project(TEXT);
    disk.put("elsewhere/a.txt", TEXT);
    let refused = |args: &[&str], said: &[&str]| disk.run(&[&["review"], args].concat()).expect(2, said);
    refused(&["in"], &["A screen needs a terminal", "emendo review in --list", "--web"]);
    refused(&["nowhere", "--list"], &["nowhere does not exist"]);
    disk.run(&["undo", "nowhere", "--doc", "a.txt"]).expect(2, &["nowhere does not exist"]);
    refused(&["in", "--accept", "nonsense"], &["There is no group and no change nonsense", "--list"]);
    refused(&["in", "--accept", "typos/none"], &["The rule typos/none proposes nothing here"]);
    refused(&["in", "--list", "--doc", "nowhere"], &["No document is called nowhere"]);
    refused(&["in", "--replace", "g1"], &["--with"]);
    refused(&["in", "--list", "--undo"], &["cannot be used with"]);
    refused(&["in", "--list", "--isolated"], &["There is no emendo.toml above", "--decisions FILE"]);
    refused(&["."], &["A screen needs a terminal"]);
    refused(&[".", "--list"], &["The decisions file", "would lie in", "Name the folder of the texts"]);
    refused(&["in", "--list", "--decisions", "in"], &["Cannot read in"]);
    refused(&["in", "--list", "--decisions", "no/such/file"], &[]);
    disk.put("decisions.jsonl", "nonsense\n");
    refused(&["in", "--list"], &["decisions.jsonl:1:"]);
    fs::remove_file(disk.path("decisions.jsonl")).expect("it is there");
    disk.run(&["clean", "in", "-o", "out"]).expect(0, &[]);
    refused(&["out", "--list"], &["This is the output folder of a run"]);
}

#[test]
fn rules_are_weighed_by_what_readers_made_of_them() {
    let disk = project(&"It was so -- and so it was, said Isrfael.\n\n".repeat(60));
    let stats = |args: &[&str]| disk.run(&[&["rules", "stats", "in"], args].concat());
    stats(&[]).expect(0, &["Nothing is decided yet"]);
    let dashes = ids(&disk, "dashes");
    let accept: Vec<&str> = dashes.iter().flat_map(|id| ["--accept", id]).collect();
    review(&disk, &accept).expect(0, &["60 decisions saved"]);
    let typos = ids(&disk, TYPO);
    let reject: Vec<&str> = typos[..4].iter().flat_map(|id| ["--reject", id]).collect();
    review(&disk, &reject).expect(0, &[]);
    stats(&[]).expect(
        0,
        &[
            "typos/recurring/Isrfael should ask: readers wanted something else in 4 of 4 places.",
            "dashes/double-hyphen may apply: 60 of 60 right: error below 4.9 % at 95 %",
        ],
    );
    let told = stats(&["--format", "json"]).told;
    let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let weighed = |line: &Value| (line["rule"].to_string(), line["rejected"].as_u64(), line["earned"].to_string());
    assert_eq!(weighed(&lines[0]), ("\"typos/recurring/Isrfael\"".to_owned(), Some(4), "\"ask\"".to_owned()));
    assert_eq!(weighed(&lines[1]), ("\"dashes/double-hyphen\"".to_owned(), Some(0), "\"apply\"".to_owned()));
    assert_eq!((lines.len(), stats(&["--all"]).lines().count() > 5), (2, true));
}
