//! A page about a text is inert, whatever the text holds.

use crate::disk::{CLEAN, Disk};

/// What a page could obey.
const HOSTILE: &str = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)> Isrfael\u{2019}s \u{1b}[31m red \u{202e}gnp\u{202c} <!-- ]]> &lt; \"'";

#[test]
fn a_page_about_hostile_text_stays_inert() {
    let disk = Disk::new();
    disk.put("in/<b>&.txt", format!("{HOSTILE}\n{}{HOSTILE}\n", "<script>x</script> ".repeat(60_000)));
    disk.run(&[CLEAN, &["--by", "<i>Eve</i>\u{202e}"]].concat()).expect(0, &[]);
    disk.run(&["statement", "out/<b>&.txt", "-o", "page.html"]).expect(0, &[]);
    let page = disk.read("page.html");
    for raw in ["<script", "<img", "</textarea", "<b>", "<i>", "<!--", "&#60;&#60;b", "\u{1b}", "\u{202e}", "\u{202c}"] {
        assert!(!page.contains(raw), "{raw:?} is in the page");
    }
    let shown = ["&#60;script&#62;", "⟦U+202E RIGHT-TO-LEFT OVERRIDE", "&#60;i&#62;Eve", "<ins><bdi>Israel</bdi></ins>", "default-src &"];
    for told in shown {
        assert_eq!(page.contains(told), told != "default-src &", "{told:?}");
    }
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    assert!(page.len() < 300_000, "a line of a megabyte is shown in part: {} bytes", page.len());
    let opened = |tag: &str| page.matches(&format!("<{tag}>")).count();
    let closed = |tag: &str| page.matches(&format!("</{tag}>")).count();
    for tag in ["bdi", "del", "ins", "p", "dl", "li", "pre", "dt", "dd"] {
        assert_eq!(opened(tag), closed(tag), "{tag}");
    }
}

#[test]
fn a_page_tells_source_rule_decision_and_run() {
    let disk = Disk::new();
    let decision = "{\"schema_version\":1,\"decision\":\"reject\",\"width\":\"everywhere\",\"rule\":\"typos/recurring/Isrfael\",\"before\":\"Isrfael\",\"after\":\"Israel\",\"who\":\"Ada\",\"when\":\"2024-02-29\",\"note\":\"As printed.\"}\n";
    disk.put("d.jsonl", decision);
    let clean = [CLEAN, &["--decisions", "d.jsonl", "--by", "Ben"]].concat();
    let ended = disk.emendo(&clean).env("SOURCE_DATE_EPOCH", "1709210096").output().expect("the program starts");
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let log = disk.read("out/runs.jsonl");
    assert!(log.starts_with("{\"type\":\"run\",\"time\":\"2024-02-29T12:34:56Z\",\"by\":\"Ben\",\"args\":[\"clean\",\"in\","), "{log}");
    // What the run read is kept: the file may go on.
    disk.put("d.jsonl", decision.replace("Ada", "Eve"));
    let page = disk.run(&["statement", "out/good.txt"]);
    page.expect(
        0,
        &["good.txt", "2024-02-29T12:34:56Z", "Ben", "A slip of the keyboard for Israel.", "typos/recurring.tsv", "<h2>Refused</h2>"],
    );
    page.expect(0, &["on line 1 of the decisions file, by <bdi>Ada</bdi>, on <bdi>2024-02-29</bdi>, note: <bdi>As printed.</bdi>"]);
    let of_record = disk.run(&["statement", "out/record/good.txt.jsonl"]);
    assert_eq!(of_record.told, page.told);
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
    assert_eq!(disk.read("out/decisions.jsonl"), decision);
    disk.run(&["why", "out/good.txt:1:10"]).expect(0, &["decided by Ada on 2024-02-29: As printed. (line 1)"]);
    disk.run(&["statement", "out/good.txt.diff"]).expect(2, &["is no cleaned text"]);
    disk.run(&[CLEAN, &["--no-run-log"]].concat()).expect(0, &[]);
    assert_eq!(disk.read("out/runs.jsonl"), log);
    assert!(!disk.path("out/decisions.jsonl").exists(), "a run without decisions keeps none");
    disk.run(&["verify", "out"]).expect(0, &["whole"]);
}
