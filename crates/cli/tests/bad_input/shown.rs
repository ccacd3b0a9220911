//! What the program says: never raw, and no lie about what was said to nobody.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::disk::{CLEAN, Disk, ran};

/// All that a terminal might obey: escapes, a title, C1 controls, directions, line ends, blanks.
const HOSTILE: &str = "\u{1b}[31m\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\u{2066}\u{200b}\u{ad}\u{feff}\r\n\t\u{8}evil";

/// A disk with hostile names and texts in places that every command shows.
fn hostile() -> (Disk, String) {
    let disk = Disk::new();
    let name = format!("{}.txt", HOSTILE.replace('/', ""));
    disk.put(format!("in/{name}"), format!("{HOSTILE} Isrfael  two -- spaces {HOSTILE} Bill Burns “{HOSTILE}”\n"));
    disk.put(format!("in/{HOSTILE}/bad-{name}"), format!("{HOSTILE} \u{1b}\n").replace('e', "\u{e9}").into_bytes().repeat(2));
    let mut undecodable = HOSTILE.as_bytes().to_vec();
    undecodable.push(0xff);
    disk.put(format!("in/{HOSTILE}/broken-{name}"), undecodable);
    disk.put(
        format!("in/{HOSTILE}/envelope-{name}"),
        format!(" F-N-S-T-A-R-T. {HOSTILE} F-N-E-N-D.  D-A-T-E-S-T-A-R-T. {HOSTILE} D-A-T-E-E-N-D.  T-I-T-L-E-S-T-A-R-T. {HOSTILE} T-I-T-L-E-E-N-D.  T-E-X-T-S-T-A-R-T. {HOSTILE} T-E-X-T-E-N-D. "),
    );
    (disk, name)
}

#[test]
fn no_command_shows_hostile_names_or_texts_raw() {
    let (disk, name) = hostile();
    let out = format!("out{HOSTILE}");
    for colour in ["never", "auto"] {
        let run = |args: &[&str]| disk.run(&[args, &["--color", colour]].concat());
        run(&["preview", "in", "--isolated"]).expect(3, &["U+001B ESCAPE"]);
        run(&["diff", "in", "--isolated"]).expect(3, &["U+001B ESCAPE"]);
        run(&["diff", "--waiting", "in", "--isolated"]).expect(3, &["U+001B ESCAPE"]);
        run(&["clean", "--check", "in", "--isolated"]).expect(3, &["U+001B ESCAPE"]);
        run(&["clean", "in", "--isolated", "-o", &out]).expect(3, &["U+001B ESCAPE", "U+202E"]);
        run(&["diff", &out]).expect(0, &["U+001B ESCAPE"]);
        run(&["diff", "--waiting", &out]).expect(0, &["U+001B ESCAPE"]);
        run(&["diff", &format!("{out}/{name}")]).expect(0, &["U+001B ESCAPE"]);
        run(&["why", &format!("{out}/{name}:1:1")]).expect(0, &["U+001B ESCAPE"]);
        run(&["why", &format!("{out}/no-{name}:1:1")]).expect(2, &["U+001B ESCAPE"]);
        run(&["verify", &out]).expect(0, &[]);
        disk.put(format!("{out}/{name}"), "edited");
        disk.put(format!("{out}/new-{name}"), "unknown");
        run(&["verify", &out]).expect(1, &["U+001B ESCAPE"]);
        run(&["clean", "in", "--isolated", "-o", &out]).expect(2, &["U+001B ESCAPE"]);
        fs::remove_dir_all(disk.path(&out)).expect("it can be removed");
    }
    for json in [&["preview", "in"][..], &["clean", "--check", "in"], &["diff", "in"], &["clean", "in", "-o", "json"]] {
        disk.run(&[json, &["--isolated", "--format", "json"]].concat()).expect(3, &[r"\u001b", r"\u202e"]);
    }
    disk.run(&["verify", "json", "--format", "json"]).expect(0, &[]);
    disk.run(&["why", &format!("json/{name}:1:1"), "--format", "json"]).expect(0, &[r"\u001b", r"\u202e"]);
}

#[test]
fn what_programs_read_is_json_also_where_something_is_wrong() {
    let disk = Disk::empty();
    disk.put("emendo.toml", "");
    disk.put("in/a.txt", "The Isrfael of today.\n");
    disk.put("rules/typos/a.tsv", "wrong\tright\twhy\nteh\tthe\n");
    let json = |args: &[&str], code: i32| -> serde_json::Value {
        let output = disk.emendo(&[args, &["--format", "json"]].concat()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    };
    let broken = json(&["rules", "check"], 2);
    assert_eq!((&broken["errors"], &broken["faults"][0]["line"], &broken["faults"][0]["column"]), (&1.into(), &2.into(), &1.into()));
    assert!(broken["faults"][0]["file"].as_str().is_some_and(|file| file.ends_with("typos/a.tsv")), "{broken}");
    disk.put("rules/typos/a.tsv", "wrong\tright\twhy\nteh\tthe\tTyped so.\n");
    assert_eq!(json(&["rules", "check"], 0)["errors"], 0);
    let shown = json(&["rules", "show", "typos/a/teh"], 0);
    assert_eq!(shown["find"], serde_json::json!({ "wrong": "teh", "right": "the", "case": "copy" }));
    let shown = json(&["rules", "show", "quotes/french-opening"], 0);
    assert_eq!(shown["only"], serde_json::json!({ "files": null, "lang": ["fr"] }));
    assert_eq!(json(&["preview", "in"], 0)["sources"], 1);
    assert_eq!(json(&["clean", "in", "-o", "out"], 0)["sources"], 1);
    assert_eq!(json(&["verify", "out"], 0)["faults"], serde_json::json!([]));
    assert_eq!(json(&["diff", "out"], 0)["after"], "Israel");
    assert_eq!(json(&["why", "out/a.txt:1:6"], 0)["changes"][0]["after"], "Israel");
    let restored = json(&["restore", "out", "-o", "back"], 0);
    assert_eq!((&restored["sources"], &restored["bytes"], &restored["faults"]), (&1.into(), &22.into(), &serde_json::json!([])));
    for line in disk.run(&["rules", "list", "--format", "json"]).lines() {
        let rule: serde_json::Value = serde_json::from_str(line).expect("each line is a rule");
        assert!(rule["find"].is_object(), "{line}");
    }
}

#[test]
fn nothing_that_was_typed_is_shown_raw() {
    let disk = Disk::new();
    let h = HOSTILE;
    let option = format!("--{HOSTILE}");
    let capped = format!("{HOSTILE}=ask");
    let place = format!("{HOSTILE}:1:1");
    let typed: &[&[&str]] = &[
        &[h],
        &["clean", h],
        &["clean", h, "-o", "out"],
        &["clean", "in", "-o", "out", h],
        &["clean", "in", &option],
        &["clean", "in", "-o", "out", "--rules", h],
        &["clean", "in", "-o", "out", "--policy", h],
        &["clean", "in", "-o", "out", "--policy", &capped],
        &["clean", "in", "-o", "out", "--profile", h],
        &["clean", "in", "-o", "out", "--decisions", h],
        &["clean", "in", "-o", "out", "--lang", h],
        &["clean", "in", "-o", "out", "--allow-problems", h],
        &["clean", "in", "-o", "out", "--threads", h],
        &["clean", "in", "-o", "out", "--format", h],
        &["clean", "in", "-o", "out", "--color", h],
        &["clean", "-", "--record", &format!("{h}/x")],
        &["diff", h],
        &["preview", h],
        &["verify", h],
        &["why", h],
        &["why", &place],
        &["restore", h, "-o", h],
        &["rules", h],
        &["rules", "show", h],
        &["rules", "check", "--rules", h],
    ];
    for args in typed {
        let ran = disk.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.told);
        // Some of the messages do not repeat what was typed; none may leave a hole where it stood.
        assert!(!ran.told.contains("``") && !ran.told.contains("''"), "{args:?}: {}", ran.told);
    }
    assert_eq!(disk.tree(".").len(), 1, "nothing was written");
}

#[test]
fn hostile_rules_projects_and_decisions_are_not_shown_raw() {
    let disk = Disk::new();
    let rules = format!("rules{HOSTILE}");
    disk.put(format!("{rules}/typos/{HOSTILE}.tsv"), format!("wrong\tright\n{HOSTILE}\tx\n"));
    disk.put(format!("{rules}/dashes/{HOSTILE}.toml"), format!("[[rule]]\nid = '{HOSTILE}'\nfind = '({HOSTILE}'\n"));
    disk.run(&["clean", "in", "-o", "out", "--rules", &rules]).expect(2, &["errors in the rules"]);
    disk.put("emendo.toml", format!("profile = '{HOSTILE}'\n"));
    disk.run(&["clean", "in", "-o", "out"]).expect(2, &["emendo.toml"]);
    disk.put("emendo.toml", "profile = \"\\u001b[31m\\u202e\"\n");
    disk.run(&["clean", "in", "-o", "out"]).expect(2, &["U+001B", "U+202E"]);
    disk.put("emendo.toml", "rules = [\"\\u001b[31m\\u202e\"]\n");
    disk.run(&["clean", "in", "-o", "out"]).expect(2, &["U+001B", "U+202E"]);
    let decisions = format!("{HOSTILE}.jsonl");
    disk.put(&decisions, format!("{{\"{HOSTILE}\":1}}\n{HOSTILE}\n"));
    disk.run(&["clean", "in", "--isolated", "-o", "out", "--decisions", &decisions]).expect(2, &["U+001B"]);
    assert!(!disk.path("out").exists());
}

#[test]
fn rules_and_decisions_that_cannot_be_read_stop_the_run_before_it_starts() {
    let disk = Disk::new();
    disk.put("emendo.toml", "");
    disk.put("rules/typos/house.tsv", "wrong\tright\nb\ta\na\tb\n");
    disk.put("rules/dashes/house.toml", "[[rule]]\nid = 'x'\nfind = '('\n");
    let said = ["house.tsv:2", "house.tsv:3", "dashes/house.toml:1", "dashes/house.toml:3", "help", "nothing was done"];
    disk.run(&["clean", "in", "-o", "out"]).expect(2, &said);
    disk.run(&["rules", "check", "--rules", "rules"]).expect(2, &said);
    disk.put("decisions.jsonl", "{}\nnonsense\n");
    let said = ["decisions.jsonl:1: ", "decisions.jsonl:2: ", "Correct or remove these lines"];
    disk.run(&[CLEAN, &["--decisions", "decisions.jsonl"]].concat()).expect(2, &said);
    disk.put("decisions.jsonl", b"\xff\n");
    disk.run(&[CLEAN, &["--decisions", "decisions.jsonl"]].concat())
        .expect(2, &["decisions.jsonl", "byte FF at 1:1", "save the file as UTF-8"]);
    disk.run(&[CLEAN, &["--decisions", "no-such.jsonl"]].concat()).expect(2, &["no-such.jsonl", "check the spelling"]);
    assert!(!disk.path("out").exists(), "nothing was written");
}

/// One command of each kind that says something on standard output.
fn speaking(disk: &Disk) -> Vec<Vec<&'static str>> {
    disk.run(CLEAN).expect(0, &[]);
    let commands = [
        "preview in --isolated",
        "preview in --isolated --format json",
        "clean in --isolated -o out",
        "clean --check=waiting out/good.txt --isolated",
        "diff in --isolated",
        "diff out",
        "why out/good.txt:1:9",
        "verify out",
        "rules list --isolated",
        "rules show --isolated typos/recurring/Isrfael",
        "rules check --isolated",
        "restore out -o back",
        "--help",
        "--version",
    ];
    commands.iter().map(|command| command.split(' ').collect()).collect()
}

#[test]
fn a_standard_output_that_is_full_is_told_by_the_exit_status() {
    let disk = Disk::new();
    for args in speaking(&disk) {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("there is such a device");
        let ran = ran(&disk.emendo(&args).stdout(full).output().expect("the program starts"));
        ran.expect(2, &["Standard output cannot be written: the disk is full"]);
    }
}

#[test]
fn a_reader_who_has_read_enough_is_no_fault() {
    let disk = Disk::new();
    for args in speaking(&disk) {
        let mut child = disk.emendo(&args).spawn().expect("the program starts");
        drop(child.stdout.take());
        let ran = ran(&child.wait_with_output().expect("it ends"));
        assert_eq!((ran.code, ran.told.as_str()), (Some(0), ""), "{args:?}");
    }
    assert!(disk.path("out/manifest.jsonl").exists(), "the run was done all the same");
    // Read a little, then go: the changes of many files are more than a pipe holds.
    (0..400).for_each(|number| drop(disk.put(format!("in/{number}.txt"), "“x” Isrfael\n".repeat(40))));
    let mut child = disk.emendo(&["diff", "in", "--isolated"]).spawn().expect("the program starts");
    child.stdout.take().expect("it is piped").read_exact(&mut [0; 100]).expect("there is much to read");
    let ran = ran(&child.wait_with_output().expect("it ends"));
    assert_eq!((ran.code, ran.told.as_str()), (Some(0), ""));
}

#[test]
fn a_standard_error_that_nobody_reads_stops_nothing() {
    let disk = Disk::new();
    disk.put("in/bad.txt", b"\xff\x01");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("there is such a device");
    let status = disk.emendo(&["diff", "in", "--isolated"]).stdout(Stdio::null()).stderr(full).status().expect("the program starts");
    assert_eq!(status.code(), Some(3));
    for arguments in ["clean in --isolated -o out >&- 2>&-", "diff in --isolated <&- >&- 2>&-"] {
        let shell = format!("'{}' {arguments}", env!("CARGO_BIN_EXE_emendo"));
        let status = std::process::Command::new("sh").args(["-c", &shell]).current_dir(disk.path(".")).status().expect("sh starts");
        assert_eq!(status.code(), Some(3), "{arguments}");
    }
    assert_eq!(disk.read("out/good.txt"), crate::disk::GOOD.1);
}
