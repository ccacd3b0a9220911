//! What `emendo undo` takes back is as it was; what others decided stays.

mod project;

use std::collections::BTreeMap;
use std::fs;

use project::Project;

const TEXTS: [(&str, &str); 3] = [
    ("a.txt", "The Isrfael talks -- and teh end. He said: \"Isrfael is teh one.\"\n\nThe the end -- so.\n"),
    ("b.txt", "Isrfael and  Isrfael -- it was teh “end”.\n"),
    ("c/d.txt", "Nothing here. Teh -- Isrfael,\n\n\n\u{200b}so.\n"),
];

fn project() -> Project {
    Project::new(TEXTS.map(|(name, text)| (name, text.as_bytes())))
}

/// The ids of the groups that there are to decide on, decided ones too.
fn groups(project: &Project) -> Vec<String> {
    let listed = project.run(&["review", "in", "--list", "--decided", "--format", "json"]);
    let lines = listed.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let ids: Vec<String> = lines.filter_map(|line| Some(line["id"].as_str()?.to_owned())).filter(|id| id.starts_with('g')).collect();
    assert!(ids.len() > 5, "{listed}");
    ids
}

/// The cleaned texts, as a fresh run writes them.
fn texts(project: &Project) -> BTreeMap<&'static str, String> {
    let _ = fs::remove_dir_all(project.path("out"));
    project.run(&["clean", "in", "-o", "out"]);
    let tree = project.tree("out");
    TEXTS.map(|(name, _)| (name, String::from_utf8_lossy(&tree[name]).into_owned())).into()
}

#[test]
fn what_was_just_decided_is_taken_back_and_what_others_decided_stays() {
    let project = project();
    let groups = groups(&project);
    let plain = texts(&project);
    project.run(&["review", "in", "--accept", &groups[0], "--accept", &groups[1], "--by", "Ann"]);
    let of_ann = texts(&project);
    assert_ne!(of_ann, plain);
    for verdict in ["--accept", "--reject"] {
        for group in &groups {
            project.run(&["review", "in", verdict, group, "--by", "Bob"]);
            project.run(&["undo", "in", "--by", "Bob", "--as", "Eve", "--yes"]);
            assert_eq!(texts(&project), of_ann, "{verdict} {group}");
        }
    }
    project.run(&["undo", "in", "--by", "Ann", "--as", "Eve", "--yes"]);
    assert_eq!(texts(&project), plain);
}

#[test]
fn what_a_rule_did_is_taken_back_and_that_too() {
    let project = project();
    let plain = texts(&project);
    for what in [["--rule", "typos"].as_slice(), &["--doc", "a.txt"], &["--rule", "typos/recurring/Isrfael", "--doc", "b.txt"]] {
        let undo = [["undo", "in", "--as", "Eve"].as_slice(), what].concat();
        let before = project.read("decisions.jsonl");
        assert!(project.run(&undo).ends_with("Nothing was saved: add --yes.\n"));
        assert_eq!((project.read("decisions.jsonl"), texts(&project)), (before, plain.clone()), "{what:?}");
        project.run(&[&undo[..], &["--yes"]].concat());
        let without = texts(&project);
        assert_ne!(without, plain);
        assert_eq!(without["a.txt"] == TEXTS[0].1, what[1] != "typos/recurring/Isrfael", "{without:?}");
        assert!(project.run(&undo).contains("Nothing fits"), "all of it is taken back");
        project.run(&["review", "in", "--undo", "--by", "Eve"]);
        if texts(&project) != plain {
            project.run(&["undo", "in", "--by", "Eve", "--as", "Eve", "--yes"]);
        }
        assert_eq!(texts(&project), plain, "{what:?}");
    }
}

/// The number is a hint for people, but a wrong or missing one sends them to the wrong place.
#[test]
fn a_rejection_by_document_says_which_document_of_a_source_with_a_problem() {
    let envelope = |text: &str| {
        format!(
            "F-N-S-T-A-R-T. 1.xml F-N-E-N-D. D-A-T-E-S-T-A-R-T. D-A-T-E-E-N-D. T-I-T-L-E-S-T-A-R-T. T-I-T-L-E-E-N-D. T-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D.\n"
        )
    };
    let source = format!("{}What lies outside of all envelopes is a problem.\n", envelope("The Isrfael talks."));
    let project = Project::new([("all.txt", source.as_bytes())]);
    project.run(&["undo", "in", "--doc", "all.txt", "--as", "Eve", "--yes"]);
    let saved = project.read("decisions.jsonl");
    assert!(saved.contains(r#""scope":"document""#) && saved.contains(r#""document":1"#), "{saved}");
}

#[test]
fn what_was_decided_before_a_day_stands_again() {
    let project = project();
    let line = |verdict: &str, when: &str| {
        format!(
            "{{\"schema_version\":1,\"decision\":\"{verdict}\",\"width\":\"everywhere\",\"rule\":\"typos/recurring/Isrfael\",\"before\":\"Isrfael\",\"after\":\"Israel\",\"who\":\"Ann\",\"when\":\"{when}\"}}\n"
        )
    };
    let plain = texts(&project);
    project.put("decisions.jsonl", line("reject", "2026-01-01T00:00:00Z"));
    let rejected = texts(&project);
    project.put("decisions.jsonl", line("reject", "2026-01-01T00:00:00Z") + &line("accept", "2026-02-01T00:00:00Z"));
    let accepted = texts(&project);
    assert!(rejected != plain && accepted != rejected);
    project.run(&["undo", "in", "--since", "2026-01-15", "--yes", "--as", "Eve"]);
    assert_eq!(texts(&project), rejected);
    project.run(&["undo", "in", "--since", "2025-12-31", "--yes", "--as", "Eve"]);
    assert_eq!(texts(&project), plain);
}

#[test]
fn decisions_of_unknown_time_are_told() {
    let project = project();
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
    let project = project();
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
