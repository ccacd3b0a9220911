//! What `emendo undo` takes back is as it was; what others decided stays.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const TEXTS: [(&str, &str); 3] = [
    ("a.txt", "The Isrfael talks -- and teh end. He said: \"Isrfael is teh one.\"\n\nThe the end -- so.\n"),
    ("b.txt", "Isrfael and  Isrfael -- it was teh “end”.\n"),
    ("c/d.txt", "Nothing here. Teh -- Isrfael,\n\n\n\u{200b}so.\n"),
];

struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in TEXTS {
            project.put(&format!("in/{name}"), text);
        }
        project.put("emendo.toml", "");
        project
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("it has a name")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn try_run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_emendo")).args(args).current_dir(self.0.path()).output().expect("the program starts")
    }

    #[track_caller]
    fn run(&self, args: &[&str]) -> String {
        let output = self.try_run(args);
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
        told
    }

    /// The ids of the groups that there are to decide on, decided ones too.
    fn groups(&self) -> Vec<String> {
        let listed = self.run(&["review", "in", "--list", "--decided", "--format", "json"]);
        let lines = listed.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let ids: Vec<String> = lines.filter_map(|line| Some(line["id"].as_str()?.to_owned())).filter(|id| id.starts_with('g')).collect();
        assert!(ids.len() > 5, "{listed}");
        ids
    }

    /// The cleaned texts, as a fresh run writes them.
    fn texts(&self) -> BTreeMap<&'static str, String> {
        let _ = fs::remove_dir_all(self.0.path().join("out"));
        self.run(&["clean", "in", "-o", "out"]);
        let read = |name: &'static str| (name, fs::read_to_string(self.0.path().join("out").join(name)).expect("it is cleaned"));
        TEXTS.map(|(name, _)| read(name)).into()
    }

    fn decisions(&self) -> String {
        fs::read_to_string(self.0.path().join(Path::new("decisions.jsonl"))).unwrap_or_default()
    }
}

#[test]
fn what_was_just_decided_is_taken_back_and_what_others_decided_stays() {
    let project = Project::new();
    let groups = project.groups();
    let plain = project.texts();
    project.run(&["review", "in", "--accept", &groups[0], "--accept", &groups[1], "--by", "Ann"]);
    let of_ann = project.texts();
    assert_ne!(of_ann, plain);
    for verdict in ["--accept", "--reject"] {
        for group in &groups {
            project.run(&["review", "in", verdict, group, "--by", "Bob"]);
            project.run(&["undo", "in", "--by", "Bob", "--as", "Eve", "--yes"]);
            assert_eq!(project.texts(), of_ann, "{verdict} {group}");
        }
    }
    project.run(&["undo", "in", "--by", "Ann", "--as", "Eve", "--yes"]);
    assert_eq!(project.texts(), plain);
}

#[test]
fn what_a_rule_did_is_taken_back_and_that_too() {
    let project = Project::new();
    let plain = project.texts();
    for what in [["--rule", "typos"].as_slice(), &["--doc", "a.txt"], &["--rule", "typos/recurring/Isrfael", "--doc", "b.txt"]] {
        let undo = [["undo", "in", "--as", "Eve"].as_slice(), what].concat();
        let before = project.decisions();
        assert!(project.run(&undo).ends_with("Nothing was saved: add --yes.\n"));
        assert_eq!((project.decisions(), project.texts()), (before, plain.clone()), "{what:?}");
        project.run(&[&undo[..], &["--yes"]].concat());
        let without = project.texts();
        assert_ne!(without, plain);
        assert_eq!(without["a.txt"] == TEXTS[0].1, what[1] != "typos/recurring/Isrfael", "{without:?}");
        assert!(project.run(&undo).contains("Nothing fits"), "all of it is taken back");
        project.run(&["review", "in", "--undo", "--by", "Eve"]);
        if project.texts() != plain {
            project.run(&["undo", "in", "--by", "Eve", "--as", "Eve", "--yes"]);
        }
        assert_eq!(project.texts(), plain, "{what:?}");
    }
}

#[test]
fn what_was_decided_before_a_day_stands_again() {
    let project = Project::new();
    let line = |verdict: &str, when: &str| {
        format!(
            "{{\"schema_version\":1,\"decision\":\"{verdict}\",\"width\":\"everywhere\",\"rule\":\"typos/recurring/Isrfael\",\"before\":\"Isrfael\",\"after\":\"Israel\",\"who\":\"Ann\",\"when\":\"{when}\"}}\n"
        )
    };
    let plain = project.texts();
    project.put("decisions.jsonl", &line("reject", "2026-01-01T00:00:00Z"));
    let rejected = project.texts();
    project.put("decisions.jsonl", &(line("reject", "2026-01-01T00:00:00Z") + &line("accept", "2026-02-01T00:00:00Z")));
    let accepted = project.texts();
    assert!(rejected != plain && accepted != rejected);
    project.run(&["undo", "in", "--since", "2026-01-15", "--yes", "--as", "Eve"]);
    assert_eq!(project.texts(), rejected);
    project.run(&["undo", "in", "--since", "2025-12-31", "--yes", "--as", "Eve"]);
    assert_eq!(project.texts(), plain);
}

#[test]
fn decisions_of_unknown_time_are_told() {
    let project = Project::new();
    project.put(
        "decisions.jsonl",
        "{\"schema_version\":1,\"decision\":\"reject\",\"width\":\"everywhere\",\"rule\":\"typos/recurring/Isrfael\",\"before\":\"Isrfael\",\"after\":\"Israel\"}\n",
    );
    let told = project.run(&["undo", "in", "--since", "2026-01-15", "--yes"]);
    assert_eq!(
        told,
        "note: 1 more that fit do not say when they were decided, and are left\nNothing fits: there is nothing to take back.\n"
    );
}

#[test]
fn what_goes_along_and_what_needs_a_person_is_shown() {
    let project = Project::new();
    // Two passes make one difference: without the one, nobody has seen what the other makes.
    project.put("in/e.txt", "The Isr\u{200b}fael talks.\n");
    let told = |rule: &str| {
        let told = project.run(&["undo", "in", "--rule", rule, "--doc", "e.txt", "--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&told).expect("it is JSON")
    };
    let word = told("typos");
    assert_eq!(
        (&word["along"], &word["overlaps"][0]["now"], &word["overlaps"][0]["then"]),
        (&0.into(), &"Israel".into(), &"Isrfael".into())
    );
    let first = told("unicode");
    assert_eq!((&first["along"], first["overlaps"].as_array().map(Vec::len), &first["saved"]), (&1.into(), Some(0), &false.into()));
}
