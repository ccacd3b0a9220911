//! Decisions, as a person writes them, through whole runs.

use std::fs;

use crate::disk::{CLEAN, Disk};

const TEXT: &str = "Isrfael said -- twice -- that Isrfael would.\n";

fn disk() -> Disk {
    let disk = Disk::empty();
    disk.put("in/a.txt", TEXT);
    // A decision *here* is bound to bytes, so that a file with the same ones would share it.
    disk.put("in/b.txt", format!("{TEXT}\n"));
    disk
}

/// What the cleaned texts say after two runs with these decisions, and what was told.
#[track_caller]
fn decided(disk: &Disk, lines: &[serde_json::Value]) -> (String, String, String) {
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    disk.put("decisions.jsonl", lines.join("\n") + "\n");
    let args = [CLEAN, &["--decisions", "decisions.jsonl"]].concat();
    let first = disk.run(&args);
    first.expect(0, &[]);
    let tree = disk.outputs("out");
    let again = disk.run(&args);
    assert_eq!((disk.outputs("out"), again.told), (tree, first.told.clone()), "twice in a row");
    disk.run(&["verify", "out"]).expect(0, &[]);
    (disk.read("out/a.txt"), disk.read("out/b.txt"), first.told)
}

/// A decision about the `nth` change of a rule in `a.txt`, as the record of a run without decisions tells it.
fn about(disk: &Disk, rule: &str, nth: usize, verdict: &str) -> serde_json::Value {
    let _ = fs::remove_dir_all(disk.path("plain"));
    disk.run(&["clean", "in", "--isolated", "-o", "plain"]).expect(0, &[]);
    let record = disk.read("plain/record/a.txt.jsonl");
    let lines: Vec<serde_json::Value> = record.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let of_rule = lines.iter().filter(|line| line["type"] == "change" && line["rule"] == rule);
    let places = of_rule.flat_map(|line| line["places"].as_array().expect("it is a list").iter().map(move |place| (line, place)));
    let mut places: Vec<_> = places.collect();
    places.sort_by_key(|(_, place)| place["span"][0].as_u64());
    let (change, place) = places[nth];
    serde_json::json!({
        "schema_version": 1, "decision": verdict, "width": "here", "rule": rule, "before": change["before"], "after": change["after"],
        "source": "a.txt", "digest": lines[0]["digest"], "span": place["span"], "context": ["", TEXT, ""],
    })
}

fn everywhere(rule: &str, verdict: &str, before: &str, after: &str) -> serde_json::Value {
    serde_json::json!({ "schema_version": 1, "decision": verdict, "width": "everywhere", "rule": rule, "before": before, "after": after })
}

#[test]
fn a_rejection_here_spares_one_change_and_no_other() {
    let disk = disk();
    for (nth, expected) in [(0, "Isrfael said -- twice -- that Israel would.\n"), (1, "Israel said -- twice -- that Isrfael would.\n")] {
        let reject = about(&disk, "typos/recurring/Isrfael", nth, "reject");
        let mut reject = reject;
        reject.as_object_mut().expect("it is an object").remove("context");
        let (a, b, told) = decided(&disk, &[reject]);
        assert_eq!((a.as_str(), b.as_str()), (expected, "Israel said -- twice -- that Israel would.\n"));
        assert!(told.contains("rejected         1") && !told.contains("stale"), "{told}");
    }
}

#[test]
fn an_acceptance_applies_what_waits_here_or_everywhere() {
    let disk = disk();
    let mut accept = about(&disk, "dashes/double-hyphen", 1, "accept");
    accept.as_object_mut().expect("it is an object").remove("context");
    let (a, b, _) = decided(&disk, &[accept]);
    assert_eq!((a.as_str(), b.as_str()), ("Israel said -- twice – that Israel would.\n", "Israel said -- twice -- that Israel would.\n"));
    let (a, b, told) = decided(&disk, &[everywhere("dashes/double-hyphen", "accept", "--", "–")]);
    assert_eq!((a.as_str(), b.as_str()), ("Israel said – twice – that Israel would.\n", "Israel said – twice – that Israel would.\n"));
    assert!(told.contains("pending          0"), "{told}");
    // The narrower decision counts.
    let mut reject = about(&disk, "dashes/double-hyphen", 0, "reject");
    reject.as_object_mut().expect("it is an object").remove("context");
    let (a, ..) = decided(&disk, &[reject, everywhere("dashes/double-hyphen", "accept", "--", "–")]);
    assert_eq!(a, "Israel said -- twice – that Israel would.\n");
}

#[test]
fn a_replacement_puts_its_own_text() {
    let disk = disk();
    let mut replace = everywhere("typos/recurring/Isrfael", "replace", "Isrfael", "Israel");
    replace["with"] = "the State of Israel".into();
    let (a, ..) = decided(&disk, &[replace]);
    assert_eq!(a, "the State of Israel said -- twice -- that the State of Israel would.\n");
}

#[test]
fn a_stale_decision_is_listed_and_never_applied() {
    let disk = disk();
    let mut lost = about(&disk, "typos/recurring/Isrfael", 0, "reject");
    lost.as_object_mut().expect("it is an object").remove("context");
    let mut other = lost.clone();
    other["span"] = serde_json::json!([1, 8]);
    let document = serde_json::json!({
        "schema_version": 1, "decision": "reject", "width": "document", "source": "a.txt", "rule": "typos/recurring/Isrfael", "before": "Isrfale", "after": "Israel",
    });
    let (a, b, told) = decided(&disk, &[other, document]);
    assert_eq!((a.as_str(), b.as_str()), ("Israel said -- twice -- that Israel would.\n", a.as_str()));
    assert!(
        told.contains("stale            2") && told.contains("a.txt: decision on line 1") && told.contains("a.txt: decision on line 2"),
        "{told}"
    );

    // The source is altered: without context the place is lost, and what was rejected needs review; with it the change is found again.
    let found = about(&disk, "typos/recurring/Isrfael", 0, "reject");
    disk.put("in/a.txt", format!("New. {TEXT}"));
    let (a, _, told) = decided(&disk, &[lost]);
    assert_eq!(a, "New. Isrfael said -- twice -- that Isrfael would.\n");
    assert!(told.contains("a.txt: decision on line 1") && told.contains("2  typos/recurring/Isrfael  Isrfael → Israel"), "{told}");
    let mut found = found;
    found["context"] = serde_json::json!(["", "Isrfael", " said"]);
    let (a, _, told) = decided(&disk, &[found]);
    assert_eq!(a, "New. Isrfael said -- twice -- that Israel would.\n");
    assert!(!told.contains("stale"), "{told}");
}

#[test]
fn a_decision_about_a_rule_that_is_gone_or_another_now_is_listed() {
    let disk = disk();
    let whole = |rule: &str, digest: &str| serde_json::json!({ "schema_version": 1, "decision": "reject", "width": "everywhere", "rule": rule, "rule_digest": digest });
    let (a, _, told) =
        decided(&disk, &[whole("typos/recurring/Isrfael", "0123456789abcdef"), whole("typos/recurring/gone", "0123456789abcdef")]);
    assert_eq!(a, "Israel said -- twice -- that Israel would.\n");
    assert!(told.contains("decisions.jsonl:1: there is no rule") && told.contains("decisions.jsonl:2: there is no rule"), "{told}");
    let shown = disk.run(&["rules", "show", "--isolated", "--format", "json", "typos/recurring/Isrfael"]);
    let digest =
        serde_json::from_str::<serde_json::Value>(&shown.told).expect("it is JSON")["digest"].as_str().expect("a digest").to_owned();
    let (a, b, told) = decided(&disk, &[whole("typos/recurring/Isrfael", &digest)]);
    assert_eq!((a.as_str(), b.as_str()), (TEXT, TEXT));
    assert!(!told.contains("stale"), "{told}");
}

#[test]
fn a_last_line_that_was_cut_off_is_left_out_and_told() {
    let disk = disk();
    let line = everywhere("dashes/double-hyphen", "accept", "--", "–").to_string();
    disk.put("decisions.jsonl", format!("{line}\n{}", &line[..40]));
    let args = [CLEAN, &["--decisions", "decisions.jsonl"]].concat();
    disk.run(&args).expect(0, &["decisions.jsonl: the last line is cut off"]);
    assert_eq!(disk.read("out/a.txt"), "Israel said – twice – that Israel would.\n");
}

/// The `decide` of each line of a command's JSON, and of the changes in it.
fn offered(out: &str) -> Vec<serde_json::Value> {
    let lines =
        out.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str::<serde_json::Value>(line).expect("it is JSON"));
    let all = lines.flat_map(|line| match line["changes"].as_array() {
        Some(changes) => changes.clone(),
        None => vec![line],
    });
    all.map(|change| change["decide"].clone()).filter(|decide| !decide.is_null()).collect()
}

#[test]
fn what_the_commands_offer_can_be_written_into_the_file_as_it_is() {
    let disk = disk();
    disk.run(&["clean", "in", "--isolated", "-o", "out"]).expect(0, &[]);
    let [reject] = &offered(&disk.run(&["why", "out/a.txt:1:2", "--format", "json"]).told)[..] else {
        panic!("one change is applied there")
    };
    let waiting = offered(&disk.run(&["diff", "--waiting", "--isolated", "in/a.txt", "--format", "json"]).told);
    assert_eq!(waiting.len(), 2);
    let (a, b, _) = decided(&disk, &[reject.clone(), waiting[0].clone()]);
    assert_eq!(a, "Isrfael said – twice -- that Israel would.\n");
    assert_eq!(b, "Israel said -- twice -- that Israel would.\n");
}

#[test]
fn a_decisions_file_or_a_rules_folder_that_is_named_and_not_there_stops_the_run() {
    let disk = disk();
    for (says, names) in [("decisions = \"decisons.jsonl\"\n", "decisons.jsonl"), ("rules = [\"ruls\"]\n", "ruls")] {
        disk.put("emendo.toml", says);
        disk.run(&["preview", "in"]).expect(2, &[names, "emendo.toml"]);
    }
}
