//! What the page is answered: texts that are inert, decisions that are on the disk, and no decision about something that
//! the reader did not see.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::server::{Answer, Server};

/// A folder of texts, and a server on it.
struct Stage {
    server: Server,
    corpus: tempfile::TempDir,
}

impl Stage {
    fn new(files: &[(&str, &str)]) -> Self {
        let corpus = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(corpus.path().join(name), text).expect("written");
        }
        Self { server: Server::on(corpus.path()), corpus }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.corpus.path().join(name), text).expect("written");
    }

    fn groups(&self, filter: &str) -> Vec<Value> {
        let answer = self.server.ask(&format!("/api/groups?count=100&view={filter}")).json();
        answer["groups"].as_array().expect("it is a list").clone()
    }

    /// The group of a rule in running text, and its items.
    fn items(&self, rule: &str) -> (Value, Vec<Value>) {
        let group =
            self.groups("1&decided=true").into_iter().find(|group| group["rule"] == rule && group["zone"] == "none").expect("there is one");
        let way = format!("/api/items?view=1&decided=true&count=100&group={}", group["id"].as_str().expect("it is a text"));
        (group, self.server.ask(&way).json()["items"].as_array().expect("it is a list").clone())
    }

    fn decide(&self, item: &Value, verdict: &str) -> Answer {
        let body = json!({ "review": 1, "stamp": item["stamp"], "id": item["id"], "scope": "here", "verdict": verdict });
        self.server.post("/api/decide", &body)
    }

    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.server.decided()).expect("it is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
    }

    /// Waits until the head says so.
    #[track_caller]
    fn until(&self, what: &str, value: u64) {
        for _ in 0..1_000 {
            if self.head()[what] == value {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("{what} is never {value}: {}", self.head());
    }

    fn head(&self) -> Value {
        self.server.ask("/api/state").json()
    }
}

const DASHES: &str = "dashes/double-hyphen";

fn dashes() -> Stage {
    Stage::new(&[("a.txt", "One -- two -- three.\n"), ("b.txt", "Four -- five -- eight. \"Six -- seven.\"\n")])
}

#[test]
fn a_decision_is_on_the_disk_before_the_answer() {
    let mut stage = dashes();
    let (_, items) = stage.items(DASHES);
    let answer = stage.decide(&items[1], "reject");
    // SIGKILL: nothing more is written.
    stage.server.child.kill().expect("it runs");
    stage.server.child.wait().expect("it ends");
    assert_eq!(answer.status, 200, "{answer:?}");
    let lines = stage.lines();
    assert_eq!((lines.len(), &lines[0]["decision"], &lines[0]["who"]), (1, &json!("reject"), &json!("A. Reader")));
    assert!(lines[0]["when"].as_str().is_some_and(|when| when.ends_with('Z')) && lines[0]["digest"].is_string());
}

#[test]
fn what_others_decided_meanwhile_makes_a_decision_stale() {
    let stage = dashes();
    let (_, items) = stage.items(DASHES);
    assert_eq!(stage.decide(&items[0], "accept").status, 200);
    // The reader of another page saw it undecided.
    let answer = stage.decide(&items[0], "reject");
    assert_eq!((answer.status, stage.lines().len()), (409, 1), "{answer:?}");
    // Another program adds a line; what it is about is stale at once, the rest is not.
    let mut line = stage.lines()[0].clone();
    let other = stage.items(DASHES).1;
    line["who"] = "B. Reader".into();
    line["span"] = json!([11, 13]);
    line.as_object_mut().expect("it is an object").remove("context");
    let text = String::from_utf8(stage.server.decided()).expect("UTF-8");
    fs::write(stage.server.decisions(), format!("{text}{line}\n")).expect("written");
    assert_eq!((stage.decide(&other[1], "reject").status, stage.lines().len()), (409, 2));
    assert_eq!((stage.decide(&other[2], "reject").status, stage.lines().len()), (200, 3));
    // Undo names what it knew.
    let head = stage.head();
    let known = |revision: i64| json!({ "review": 1, "revision": head["revision"].as_i64().expect("a number") + revision });
    assert_eq!((stage.server.post("/api/undo", &known(-1)).status, stage.lines().len()), (409, 3));
    assert_eq!((stage.server.post("/api/undo", &known(0)).status, stage.lines().len()), (200, 4));
    // A review that was begun anew knows nothing of the old one.
    let body = json!({ "review": 2, "stamp": other[3]["stamp"], "id": other[3]["id"], "scope": "here", "verdict": "accept" });
    assert_eq!((stage.server.post("/api/decide", &body).status, stage.lines().len()), (409, 4));
}

#[test]
fn a_document_that_was_altered_is_not_decided_about() {
    let stage = dashes();
    let (_, items) = stage.items(DASHES);
    stage.put("a.txt", "One -- two -- three!\n");
    let answer = stage.decide(&items[0], "accept");
    assert!(answer.status == 409 && answer.body.contains("altered") && stage.lines().is_empty(), "{answer:?}");
    assert_eq!(stage.server.ask("/api/document?number=0&from=0").status, 409);
    assert_eq!(stage.decide(&items[2], "accept").status, 200);
    // Cleaned again, it can be decided about.
    assert_eq!(stage.server.post("/api/again", &json!({ "review": 1 })).status, 200);
    stage.until("review", 2);
    let (_, items) = stage.items(DASHES);
    let body = json!({ "review": 2, "stamp": items[0]["stamp"], "id": items[0]["id"], "scope": "here", "verdict": "accept" });
    assert_eq!(stage.server.post("/api/decide", &body).status, 200);
}

#[test]
fn how_far_a_decision_reaches_is_said_before() {
    let stage = dashes();
    let (group, items) = stage.items(DASHES);
    let reach = |id: &Value, width: &str| {
        let answer = stage.server.ask(&format!("/api/reach?scope={width}&id={}", id.as_str().expect("it is a text")));
        answer.json()
    };
    for (id, width, said) in [
        (&group["id"], "everywhere", "4 places now, and later ones; 1 in quotations stays as it is"),
        (&items[0]["id"], "document", "2 places; 2 in running text stay as they are; 1 in quotations stays as it is"),
        (&items[0]["id"], "rule", "5 places now, and later ones"),
        (&items[0]["id"], "here", "1 place"),
    ] {
        assert_eq!(reach(id, width)["reach"], said, "{width}");
    }
    let body = json!({ "review": 1, "stamp": reach(&group["id"], "everywhere")["stamp"], "id": group["id"], "scope": "everywhere", "verdict": "accept" });
    let done = stage.server.post("/api/decide", &body);
    let said = "accept dashes/double-hyphen “--” → “–”: 4 places now, and later ones; 1 in quotations stays as it is";
    assert_eq!((done.status, done.json()["said"].as_str()), (200, Some(said)));
    assert_eq!((stage.lines()[0]["scope"].as_str(), stage.lines()[0]["zones"].clone()), (Some("everywhere"), json!(["none"])));
    // The same press once more, from a page that has not seen it yet.
    assert_eq!(stage.server.post("/api/decide", &body).status, 409);
}

#[test]
fn no_text_leaves_raw() {
    let hostile = "</script><script>alert(1)</script> Isrfael \u{202e}Isrfael\u{202c} \u{1b}]0;t\u{7} Isrfael \u{9b}31m & Isrfael\u{2028} \u{feff}Isrfael\n";
    let stage = Stage::new(&[("<b>\u{202e}.txt", hostile), ("b.txt", hostile)]);
    let mut ways: Vec<String> = ["/api/state", "/api/facets", "/api/groups?view=1&count=100&decided=true", "/api/document?number=0&from=0"]
        .map(str::to_owned)
        .into();
    for group in stage.groups("1&decided=true") {
        let id = group["id"].as_str().expect("it is a text");
        ways.push(format!("/api/items?view=1&decided=true&count=100&group={id}"));
        ways.push(format!("/api/reach?scope=everywhere&id={id}"));
        ways.push(format!("/api/sample?size=9&seed=1&group={id}"));
    }
    assert!(ways.len() > 15);
    let mut named = 0;
    for way in &ways {
        let answer = stage.server.ask(way);
        assert_eq!(answer.status, 200, "{way}: {answer:?}");
        let text = serde_json::to_string(&answer.json()).expect("it is JSON");
        let is_raw = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{feff}');
        assert!(!text.contains(is_raw) && !text.contains("\\u001b"), "{way}: {text}");
        assert!(!answer.body.contains(['<', '>', '&']), "{way}: {answer:?}");
        assert_eq!(answer.header("content-type"), ["application/json"]);
        named += text.matches("U+202E RIGHT-TO-LEFT OVERRIDE").count();
    }
    assert!(named > 5, "{named}");
}

#[test]
fn a_label_that_names_nothing_is_told_with_what_is_in_it_named() {
    let stage = dashes();
    let (_, items) = stage.items(DASHES);
    let (stamp, id) = (&items[0]["stamp"], &items[0]["id"]);
    let body = json!({ "review": 1, "stamp": stamp, "id": id, "scope": "here", "verdict": "replace", "with": "⟦\u{202E}x⟧" });
    let answer = stage.server.post("/api/decide", &body);
    let told = "⟦⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧x⟧ names no character: write its number, such as ⟦U+00A0⟧.";
    assert_eq!((answer.status, &answer.json()["error"]), (422, &told.into()));
    assert!(stage.lines().is_empty(), "nothing was saved");
}

fn lines(count: usize) -> String {
    (0..count).map(|number| format!("Line {number} -- as ever.")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sample_is_counted_by_the_server() {
    let text = lines(30);
    let stage = Stage::new(&[("a.txt", &text)]);
    let (group, _) = stage.items(DASHES);
    let id = group["id"].as_str().expect("it is a text");
    let drawn = stage.server.ask(&format!("/api/sample?size=10&seed=7&group={id}")).json();
    let drawn = drawn["items"].as_array().expect("it is a list");
    assert_eq!(drawn.len(), 10);
    let accept_all = || {
        let stamp = stage.server.ask(&format!("/api/reach?scope=everywhere&id={id}")).json()["stamp"].clone();
        let body = json!({ "review": 1, "stamp": stamp, "id": id, "scope": "everywhere", "verdict": "accept", "note": "ours", "sample": { "size": 10, "seed": 7 } });
        stage.server.post("/api/decide", &body)
    };
    for (at, item) in drawn.iter().enumerate() {
        assert_eq!((accept_all().status, stage.lines().len()), (422, at), "not all is read");
        assert_eq!(stage.decide(item, if at == 3 { "reject" } else { "accept" }).status, 200);
    }
    assert_eq!(accept_all().status, 200);
    assert_eq!(stage.lines()[10]["note"], "ours; 9 of 10 right: error below 39.5 % at 95 %; drawn at random, seed 7");
}

#[test]
fn selections_are_paged_and_stay_as_they_are() {
    let text = lines(250);
    let stage = Stage::new(&[("a.txt", &text)]);
    let (group, _) = stage.items(DASHES);
    let id = group["id"].as_str().expect("it is a text");
    let page = |from: usize| stage.server.ask(&format!("/api/items?view=2&count=9999&from={from}&group={id}")).json();
    let first = page(0);
    let (total, shown) = (first["total"].as_u64(), first["items"].as_array().map(Vec::len));
    assert_eq!(
        (total, shown, page(240)["items"].as_array().map(Vec::len), page(999)["items"].as_array().map(Vec::len)),
        (Some(250), Some(200), Some(10), Some(0))
    );
    assert_eq!(stage.decide(&first["items"][0], "accept").status, 200);
    // The list that the reader sees stays; a new one has only what is left.
    let (same, new) = (page(0), stage.server.ask(&format!("/api/items?view=3&count=1&group={id}")).json());
    assert_eq!(
        (same["total"].as_u64(), &same["items"][0]["state"], &same["open"], new["total"].as_u64()),
        (Some(250), &json!("accepted"), &json!(1), Some(249))
    );
    let end = stage.server.ask("/api/document?number=0&from=240").json();
    assert_eq!((end["total"].as_u64(), end["rows"].as_array().map(Vec::len)), (Some(250), Some(10)));
}

#[test]
fn nothing_that_is_asked_for_makes_a_file() {
    let stage = dashes();
    for way in
        ["/", "/api/state", "/api/facets", "/api/groups?view=1&count=9", "/api/document?number=0&from=0", "/api/reach?id=x&scope=here"]
    {
        stage.server.ask(way);
    }
    let there: Vec<PathBuf> =
        fs::read_dir(stage.server.disk.path()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert!(there.is_empty(), "{there:?}");
}

#[test]
fn new_questions_are_announced_and_can_be_had() {
    let corpus = tempfile::tempdir().expect("a folder");
    fs::write(corpus.path().join("a.txt"), "Then CIA Director Bil Burns came.\n").expect("written");
    let rules = tempfile::tempdir().expect("a folder");
    fs::create_dir(rules.path().join("typos")).expect("made");
    fs::write(rules.path().join("typos/ours.tsv"), "wrong\tright\nBil\tBill\n").expect("written");
    fs::write(rules.path().join("typos/ours.toml"), "policy = \"ask\"\nwhy = \"A letter was lost.\"\n").expect("written");
    let stage = Stage { server: Server::with_rules(corpus.path(), rules.path()), corpus };
    let (_, items) = stage.items("typos/ours/Bil");
    assert_eq!((stage.decide(&items[0], "accept").status, &stage.head()["questions"]), (200, &json!(0)));
    stage.until("questions", 1);
    assert_eq!(stage.server.post("/api/again", &json!({ "review": 1 })).status, 200);
    stage.until("review", 2);
    // It is about the same text, so that it is judged with the change that it follows from.
    let (_, items) = stage.items("typos/ours/Bil");
    assert_eq!((&items[0]["state"], &items[0]["others"][0]["rule"]), (&json!("open"), &json!("names/people/Bill_Burns")));
    assert_eq!(stage.head()["questions"], 0);
}
