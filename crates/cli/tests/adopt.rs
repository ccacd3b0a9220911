//! What a person writes into cleaned texts stays there, run by run, and is recorded; what is not adopted is never overwritten.

mod project;

use std::fs;

use project::Project;
use proptest::prelude::*;

const CLEAN: &[&str] = &["clean", "in", "-o", "out"];
const ADOPT: &[&str] = &["adopt", "out", "--by", "Ann"];

/// Edits a text, and gives it.
fn edit(project: &Project, name: &str, from: &str, to: &str) -> String {
    let name = format!("out/{name}");
    let text = project.read(&name);
    assert!(text.contains(from), "{from:?} in {text:?}");
    let edited = text.replacen(from, to, 1);
    project.put(&name, &edited);
    edited
}

/// After adoption the same run leaves the texts as they are, twice in a row, and all is proven.
#[track_caller]
fn assert_stays(project: &Project, edited: &[(String, Vec<u8>)]) {
    for _ in 0..2 {
        project.run(CLEAN);
        for (name, bytes) in edited {
            assert_eq!(String::from_utf8_lossy(&project.tree("out")[name]), String::from_utf8_lossy(bytes), "{name}");
        }
    }
    project.run(&["verify", "out"]);
    let _ = fs::remove_dir_all(project.path("back"));
    project.run(&["restore", "out", "-o", "back"]);
    assert_eq!(project.tree("back"), project.tree("in"));
}

#[track_caller]
fn adopt_and_stay(project: &Project, names: &[&str]) {
    let edited: Vec<_> = names.iter().map(|name| ((*name).to_owned(), project.read(&format!("out/{name}")).into_bytes())).collect();
    project.ends(2, CLEAN);
    project.run(ADOPT);
    assert_stays(project, &edited);
    let lines = project.read("decisions.jsonl");
    assert!(project.run(ADOPT).contains("No text was edited"));
    assert_eq!(project.read("decisions.jsonl"), lines);
}

#[test]
fn edits_of_all_kinds_stay() {
    let project = Project::new([("a.txt", "“Isrfael”  said -- so.\n\nIt’s teh end.\n".as_bytes())]);
    project.run(CLEAN);
    for (from, to) in [
        ("\"Israel\"", "Israel"),
        ("said", "claimed"),
        ("\"", "New at the start. \""),
        ("end.\n", "end.\nAnd more at the end.\n"),
        ("end.\n", "end."),
        ("\n\n", "\n"),
        (" so", ""),
    ] {
        if project.read("out/a.txt").contains(from) {
            edit(&project, "a.txt", from, to);
            adopt_and_stay(&project, &["a.txt"]);
        }
    }
    project.put("out/a.txt", "");
    adopt_and_stay(&project, &["a.txt"]);
    project.put("out/a.txt", "All new.\n");
    adopt_and_stay(&project, &["a.txt"]);
    let record = project.read("out/record/a.txt.jsonl");
    assert!(record.contains(r#""pass":"hand","rule":"hand""#) && record.contains("A person corrected this"), "{record}");
}

#[test]
fn sources_of_other_encodings_and_line_ends_are_corrected_as_well() {
    let utf16: Vec<u8> = "\u{feff}It’s “so”.\r\nMore.\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let project = Project::new([
        ("crlf.txt", "One line.\r\nIt’s  teh end.\r\n".as_bytes()),
        ("legacy.txt", b"A caf\xe9 and a na\xefve d\xe9j\xe0 vu, that\x92s all of it.\n"),
        ("wide.txt", &utf16),
        ("bom.txt", "\u{feff}Isrfael it is.\n".as_bytes()),
    ]);
    project.run(CLEAN);
    edit(&project, "crlf.txt", "line.\n", "line, and another.\n");
    edit(&project, "legacy.txt", "café", "coffee house — a café");
    edit(&project, "wide.txt", "More", "漢字");
    edit(&project, "bom.txt", "Israel", "In Israel");
    adopt_and_stay(&project, &["crlf.txt", "legacy.txt", "wide.txt", "bom.txt"]);
}

fn two_articles() -> String {
    let article = |number: u32, title: &str, text: &str| {
        format!(
            " F-N-S-T-A-R-T. {number} F-N-E-N-D.  D-A-T-E-S-T-A-R-T. 2024-01-24 D-A-T-E-E-N-D.  T-I-T-L-E-S-T-A-R-T. {title} T-I-T-L-E-E-N-D.  T-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D. "
        )
    };
    article(1, "One", "Isrfael said -- so.  It was so.") + &article(2, "Two", "Isrfael said -- so, too.")
}

#[test]
fn two_articles_of_one_source_are_corrected_each_in_its_place() {
    let project = Project::new([("a.txt", two_articles().as_bytes())]);
    project.run(CLEAN);
    let texts = ["a.0001.txt", "a.0002.txt"];
    edit(&project, texts[0], "said", "claimed");
    edit(&project, texts[1], "Israel", "In the end Israel");
    adopt_and_stay(&project, &texts);
    edit(&project, texts[1], "said", "sang");
    adopt_and_stay(&project, &texts);
}

#[test]
fn what_was_not_adopted_is_refused_also_beside_what_was() {
    let project = Project::new([("a.txt", "Isrfael said so.\n".as_bytes()), ("b.txt", b"Isrfael said more.\n")]);
    project.run(CLEAN);
    edit(&project, "a.txt", "said", "claimed");
    project.run(ADOPT);
    let b = edit(&project, "b.txt", "more", "less");
    let told = project.ends(2, CLEAN);
    assert!(told.contains("b.txt") && !told.contains("a.txt") && told.contains("emendo adopt"), "{told}");
    let a = edit(&project, "a.txt", "so", "nothing");
    let told = project.ends(2, CLEAN);
    assert!(told.contains("a.txt, b.txt"), "an edit after the adoption is one more: {told}");
    assert_eq!((project.read("out/a.txt"), project.read("out/b.txt")), (a, b));
    let told = project.run(ADOPT);
    assert!(told.contains("1 correction decided already") && told.contains("2 corrections in 2 texts saved"), "{told}");
    project.run(CLEAN);
}

#[test]
fn nothing_is_saved_where_nothing_may_be() {
    let project = Project::new([("a.txt", "Isrfael said so.\n".as_bytes())]);
    project.run(CLEAN);
    edit(&project, "a.txt", "said", "claimed");
    let told = project.run(&[ADOPT, &["--dry-run"]].concat());
    assert!(told.contains("[-said-]{+claimed+}") && told.contains("--dry-run"), "{told}");
    assert!(!project.path("decisions.jsonl").exists());
    fs::remove_file(project.path("emendo.toml")).expect("it was there");
    assert!(project.ends(2, ADOPT).contains("--decisions"));
    project.run(&[ADOPT, &["--decisions", "mine.jsonl"]].concat());
    project.ends(2, CLEAN);
    project.run(&[CLEAN, &["--decisions", "mine.jsonl"]].concat());
    assert_eq!(project.read("out/a.txt"), "Israel claimed so.\n");
    fs::remove_file(project.path("out/manifest.jsonl")).expect("it was there");
    assert!(project.ends(2, ADOPT).contains("manifest.jsonl"));
    assert!(project.ends(2, &["adopt", "nowhere"]).contains("nowhere"));
}

#[test]
fn without_a_log_it_has_to_be_said_what_was_cleaned() {
    let project = Project::new([("a.txt", "Isrfael said so.\n".as_bytes())]);
    project.run(&[CLEAN, &["--no-run-log"]].concat());
    let edited = edit(&project, "a.txt", "said", "claimed");
    assert!(project.ends(2, ADOPT).contains("--from"));
    assert!(project.ends(2, &[ADOPT, &["--from", "inn"]].concat()).contains("inn is not there"));
    project.run(&[ADOPT, &["--from", "in"]].concat());
    assert_stays(&project, &[("a.txt".to_owned(), edited.into_bytes())]);
}

#[test]
fn what_cannot_be_adopted_is_told_and_the_rest_goes_on() {
    let names = ["altered.txt", "bytes.txt", "deleted.txt", "good.txt", "noted.txt", "record.txt"];
    let texts: Vec<String> = names.iter().map(|name| format!("Isrfael said “{name}”.\n")).collect();
    let project = Project::new(names.into_iter().zip(texts.iter().map(String::as_bytes)));
    project.run(CLEAN);
    edit(&project, "altered.txt", "said", "claimed");
    project.put("in/altered.txt", "Something else.\n");
    project.put("out/bytes.txt", b"Israel\n said \xff.\n");
    fs::remove_file(project.path("out/deleted.txt")).expect("it was there");
    edit(&project, "good.txt", "said", "claimed");
    project.put("out/noted.txt.diff", "my note\n");
    edit(&project, "record.txt", "said", "claimed");
    project.put("out/record/record.txt.jsonl", "{}\n");
    let told = project.ends(3, ADOPT);
    for part in [
        "out/altered.txt: Its source altered.txt was altered since the run",
        "out/bytes.txt:2:7: It is not UTF-8 any more: save it as UTF-8.",
        "out/deleted.txt: It was deleted, which is no correction",
        "out/noted.txt.diff: It was edited, but only texts can be corrected by hand",
        "out/record.txt: Its record record/record.txt.jsonl is not as the run wrote it",
        "1 correction in 1 text saved",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert_eq!(project.read("decisions.jsonl").lines().count(), 1);
    let told = project.ends(3, &[ADOPT, &["--format", "json"]].concat());
    let lines: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(lines.iter().filter(|line| line["type"] == "fault").count(), 6, "{told}");
    assert!(lines.iter().any(|line| line["text"] == "good.txt" && line["known"] == true && line["saved"] == false), "{told}");
}

#[test]
fn a_correction_is_told_everywhere_and_can_be_taken_back() {
    let project = Project::new([("a.txt", "Isrfael said so.\n".as_bytes())]);
    project.run(CLEAN);
    edit(&project, "a.txt", "Israel", "Zion");
    project.run(&[ADOPT, &["--note", "as printed"]].concat());
    project.run(CLEAN);
    let why = project.run(&["why", "out/a.txt:1:1"]);
    for part in [
        "“Isrfael” became “Zion”",
        "hand  applied",
        "“Israel” → “Zion”",
        "A person corrected this",
        "decided by Ann on ",
        ": as printed (line 1)",
    ] {
        assert!(why.contains(part), "{part} in {why}");
    }
    assert!(project.run(&["diff", "--rule", "hand", "out"]).contains("[-Isrfael-]{+Zion+}"));
    assert!(project.run(&["diff", "--rule", "hand", "in"]).contains("[-Isrfael-]{+Zion+}"));
    let page = project.run(&["statement", "out/a.txt"]);
    assert!(page.contains("as printed") && page.contains("Ann"), "{page}");
    let told = project.run(&["undo", "in", "--rule", "hand", "--as", "Bob", "--yes"]);
    assert!(told.contains("hand  [-Israel-]{+Zion+}"), "{told}");
    project.run(CLEAN);
    assert_eq!(project.read("out/a.txt"), "Israel said so.\n");
    // Somebody else's rejection is not passed over.
    edit(&project, "a.txt", "Israel", "Zion");
    let told = project.ends(3, ADOPT);
    assert!(told.contains("out/a.txt:1:1: Somebody else wants something else here, on line 2"), "{told}");
    project.ends(2, CLEAN);
    project.run(&["undo", "in", "--by", "Bob", "--as", "Bob", "--yes"]);
    assert!(project.run(ADOPT).contains("1 correction decided already"));
    project.run(CLEAN);
    assert_eq!(project.read("out/a.txt"), "Zion said so.\n");
    project.run(&["undo", "in", "--by", "Ann", "--as", "Ann", "--yes"]);
    project.run(CLEAN);
    assert_eq!(project.read("out/a.txt"), "Israel said so.\n");
}

#[test]
fn what_two_people_corrected_differently_is_refused_until_they_agree() {
    let project = Project::new([("a.txt", "It said so.\n".as_bytes())]);
    project.run(CLEAN);
    let ann = edit(&project, "a.txt", "said", "claimed");
    project.run(ADOPT);
    let of_ann = project.read("decisions.jsonl");
    fs::remove_file(project.path("decisions.jsonl")).expect("it was there");
    project.put("out/a.txt", "It sang so.\n");
    project.run(&["adopt", "out", "--by", "Bob"]);
    // As a merge of what both pushed leaves it, for Ann.
    project.put("decisions.jsonl", of_ann + &project.read("decisions.jsonl"));
    project.put("out/a.txt", &ann);
    project.ends(2, CLEAN);
    assert!(project.ends(3, ADOPT).contains("Somebody else wants something else here, on line 2"));
    assert_eq!(project.read("out/a.txt"), ann);
    project.run(&["undo", "in", "--by", "Bob", "--as", "Ann", "--yes"]);
    assert_stays(&project, &[("a.txt".to_owned(), ann.into_bytes())]);
}

#[test]
fn a_correction_can_be_rejected_in_a_review() {
    let project = Project::new([("a.txt", "It said so.\n".as_bytes()), ("b.txt", b"It said more.\n")]);
    project.run(CLEAN);
    edit(&project, "a.txt", "said", "claimed");
    edit(&project, "b.txt", "said", "claimed");
    project.run(ADOPT);
    let listed = project.run(&["review", "in", "--list", "--decided", "--rule", "hand", "--format", "json"]);
    let group: serde_json::Value = serde_json::from_str(listed.lines().last().expect("a group")).expect("it is JSON");
    assert_eq!(group["why"], "A person corrected this in the cleaned text.");
    project.run(&["review", "in", "--reject", group["id"].as_str().expect("an id"), "--by", "Ann"]);
    project.ends(2, CLEAN);
    fs::remove_dir_all(project.path("out")).expect("it was there");
    project.run(CLEAN);
    assert_eq!((project.read("out/a.txt"), project.read("out/b.txt")), ("It said so.\n".to_owned(), "It said more.\n".to_owned()));
}

#[test]
fn evidence_takes_corrections_in_somebodys_name() {
    let project = Project::new([("a.txt", "Isrfael said so.\n".as_bytes())]);
    project.put("emendo.toml", "profile = \"evidence\"\n");
    project.run(CLEAN);
    let edited = edit(&project, "a.txt", "said", "claimed");
    assert!(project.ends(2, &["adopt", "out", "--by", " "]).contains("--by NAME"));
    project.run(ADOPT);
    assert_stays(&project, &[("a.txt".to_owned(), edited.into_bytes())]);
    // The same without a name counts for nothing: the text is as edited as before.
    let line = project.read("decisions.jsonl").replace("\"who\":\"Ann\"", "\"note\":\"\"");
    project.put("decisions.jsonl", line);
    project.run(CLEAN);
    assert_eq!(project.read("out/a.txt"), "Isrfael said so.\n");
}

/// A text in which at each wish a word was put in the place of some characters.
fn edited(text: &str, wishes: &[(usize, usize, &'static str)]) -> String {
    let mut text = text.to_owned();
    for (at, length, with) in wishes {
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let start = at % bounds.len();
        text.replace_range(bounds[start]..bounds[(start + length).min(bounds.len() - 1)], with);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_of_the_seeds_stay(
        wishes in proptest::collection::vec((0..9000_usize, 0..12_usize, prop_oneof![Just(""), Just("word"), Just(" "), Just("“é”\n")]), 1..12)
    ) {
        let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds");
        let seeds = fs::read_dir(seeds).expect("they are there").map(|entry| entry.expect("it can be read").path());
        let seeds: Vec<_> = seeds.map(|path| (path.file_name().expect("it has one").to_string_lossy().into_owned(), fs::read(path).expect("a seed"))).collect();
        let project = Project::new(seeds.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
        project.run(CLEAN);
        let texts: Vec<_> = seeds.iter().map(|(name, _)| (name.clone(), edited(&project.read(&format!("out/{name}")), &wishes))).collect();
        for (name, text) in &texts {
            project.put(&format!("out/{name}"), text);
        }
        project.run(ADOPT);
        assert_stays(&project, &texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect::<Vec<_>>());
    }
}

/// Runs with one call of a kind killed, the first, then the second and so on, until there are fewer. Gives how many there were.
fn kill_at_every(call: &str, fresh: impl Fn() -> Project, check: impl Fn(&Project, &str)) -> usize {
    for number in 1.. {
        let project = fresh();
        let log = project.path("strace.log");
        let run = std::process::Command::new("strace")
            .args(["-f", "-qq", "-e", &format!("inject={call}:signal=KILL:when={number}"), "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_emendo"))
            .args(CLEAN)
            .args(["--threads", "1"])
            .current_dir(project.path(""))
            .output()
            .expect("strace");
        let was_killed = fs::read_to_string(&log).unwrap_or_default().contains("+++ killed by SIGKILL");
        assert!(was_killed || run.status.code().is_some());
        if !was_killed {
            return number - 1;
        }
        check(&project, &format!("{call} {number}"));
    }
    unreachable!("a run makes a finite number of calls")
}

#[test]
#[ignore = "needs strace and some minutes"]
#[expect(clippy::print_stderr, reason = "how much was tried is the result")]
fn no_kill_at_any_call_loses_an_edit() {
    let corrected = || {
        let project = Project::new([("a.txt", "Isrfael said so.\n".as_bytes()), ("b.txt", b"Isrfael said more.\n")]);
        project.run(CLEAN);
        edit(&project, "a.txt", "said", "claimed");
        project
    };
    let adopted = || {
        let project = corrected();
        project.run(ADOPT);
        project
    };
    let mut kills = 0;
    for call in ["openat", "openat2", "read", "write", "fsync", "renameat", "unlinkat", "statx", "newfstatat", "flock", "getdents64"] {
        kills += kill_at_every(call, corrected, |project, label| {
            assert_eq!(project.read("out/a.txt"), "Israel claimed so.\n", "{label}: not adopted");
            project.ends(2, CLEAN);
        });
        kills += kill_at_every(call, adopted, |project, label| {
            assert_eq!(project.read("out/a.txt"), "Israel claimed so.\n", "{label}: adopted");
            // Whatever was journalled, what is written now is nobody's yet.
            let again = edit(project, "b.txt", "more", "less");
            project.ends(2, CLEAN);
            assert_eq!(project.read("out/b.txt"), again, "{label}");
            project.put("out/b.txt", again.replace("less", "more"));
            project.run(CLEAN);
            assert_eq!(project.read("out/a.txt"), "Israel claimed so.\n", "{label}: the next run");
            project.run(&["verify", "out"]);
        });
    }
    eprintln!("{kills} kills");
    assert!(kills > 200, "{kills}");
}
