//! What `emendo diff` selects and groups, in each of its formats, and what `emendo map` carries across.

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::disk::{CLEAN, Disk, Ran, ran};

/// Two articles in envelopes, each with a title, and changes of several rules.
fn disk() -> Disk {
    let article = |number: u32, title: &str, text: &str| {
        format!(
            " F-N-S-T-A-R-T. {number} F-N-E-N-D.  D-A-T-E-S-T-A-R-T. 2024-01-24 D-A-T-E-E-N-D.  T-I-T-L-E-S-T-A-R-T. {title} T-I-T-L-E-E-N-D.  T-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D. "
        )
    };
    let disk = Disk::new();
    disk.put(
        "in/news/two.txt",
        [
            article(
                1,
                "The Isrfael of “today”",
                "It said  Isrfael’s gap.\nA line.\nHe said \"the Isrfael army\" left -- twice.\nMore  of it.",
            ),
            article(2, "Peace", "Isrfael again."),
        ]
        .concat(),
    );
    disk.put("in/plain.txt", "A\u{a0}Isrfael  here.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\nEight.\n“Nine”.\n");
    disk.run(CLEAN).expect(0, &[]);
    disk
}

/// The first article of the two as it stands in their source.
fn slice<'s>(disk: &Disk, source: &'s str) -> &'s str {
    let record = disk.read("out/record/news/two.txt.jsonl");
    let article = record.lines().nth(1).expect("a head and an article");
    let article: serde_json::Value = serde_json::from_str(article).expect("JSON");
    &source[..usize::try_from(article["slice"][1].as_u64().expect("a number")).expect("small")]
}

fn patched(disk: &Disk, source: &str, diff: &str) -> String {
    disk.put("slice", source);
    disk.put("diff", diff);
    let run =
        Command::new("patch").args(["--binary", "--batch", "--fuzz=0", "-o", "new", "slice", "diff"]).current_dir(disk.path(".")).output();
    let run = run.expect("GNU patch is installed");
    assert!(run.status.success(), "{}\n{diff}", String::from_utf8_lossy(&run.stdout));
    disk.read("new")
}

/// Standard output as it is: a diff holds the bytes of the texts.
fn raw(disk: &Disk, args: &[&str]) -> String {
    let output = disk.emendo(args).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

fn map(disk: &Disk, args: &[&str], lines: &str) -> Ran {
    let mut child = disk.emendo(args).stdin(std::process::Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("it is piped").write_all(lines.as_bytes()).expect("it reads");
    ran(&child.wait_with_output().expect("it ends"))
}

#[test]
fn a_unified_diff_of_all_is_what_clean_wrote() {
    let disk = disk();
    for name in ["plain.txt", "news/two.0001.txt", "news/two.0002.txt", "good.txt"] {
        let written = disk.read(&format!("out/{name}.diff"));
        assert_eq!(raw(&disk, &["diff", "--format", "unified", &format!("out/{name}")]), written);
        assert_eq!(raw(&disk, &["diff", "--format", "unified", "--rule", "*", &format!("out/{name}")]), written);
    }
    let all: String =
        ["good.txt", "news/two.0001.txt", "news/two.0002.txt", "plain.txt"].map(|name| disk.read(&format!("out/{name}.diff"))).concat();
    assert_eq!(raw(&disk, &["diff", "--format", "unified", "out"]), all);
    assert_eq!(raw(&disk, &["diff", "--format", "unified", "--isolated", "in"]), all, "a run to come says the same");
}

#[test]
fn a_unified_diff_of_some_changes_makes_these_alone() {
    let disk = disk();
    let source = disk.read("in/plain.txt");
    let diff = raw(&disk, &["diff", "--format", "unified", "--rule", "typos", "out/plain.txt"]);
    assert_eq!(patched(&disk, &source, &diff), source.replace("Isrfael", "Israel"));
    let source = disk.read("in/news/two.txt");
    let slice = slice(&disk, &source);
    let diff = raw(&disk, &["diff", "--format", "unified", "--rule", "typos", "out/news/two.0001.txt"]);
    let quoted = "\"the Isrfael army\"";
    assert_eq!(
        patched(&disk, slice, &diff),
        slice.replace("The Isrfael", "The Israel").replace("said  Isrfael", "said  Israel"),
        "in a quotation it asks"
    );
    let waiting =
        raw(&disk, &["diff", "--format", "unified", "--waiting", "--rule", "typos", "--zone", "quotation", "out/news/two.0001.txt"]);
    assert_eq!(patched(&disk, slice, &waiting), slice.replace(quoted, "\"the Israel army\""));
    assert_eq!(raw(&disk, &["diff", "--format", "unified", "--rule", "names", "out"]), "");
}

#[test]
fn filters_hold_in_every_format() {
    let disk = disk();
    for format in ["human", "json", "html", "unified"] {
        let shown = raw(&disk, &["diff", "--format", format, "--rule", "typos/recurring", "--doc", "plain.txt", "out"]);
        assert!(shown.contains("Israel") && !shown.contains("Nine\"") && !shown.contains("two."), "{format}: {shown}");
    }
    let places = |args: &[&str]| -> Vec<(String, String)> {
        let told = raw(&disk, &[&["diff", "--format", "json"], args, &["out"]].concat());
        let lines = told.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        lines
            .map(|line| (line["source"].as_str().unwrap_or_default().to_owned(), line["after"].as_str().unwrap_or_default().to_owned()))
            .collect()
    };
    let all = places(&[]);
    let typos = places(&["--rule", "typos"]);
    assert!(!typos.is_empty() && typos.len() < all.len() && typos.iter().all(|(_, after)| after == "Israel"), "{typos:?}");
    assert_eq!(typos, places(&["--rule", "typos/recurring/Isr*"]));
    assert_eq!(all, places(&["--zone", "none", "--zone", "field", "--zone", "quotation"]));
    assert_eq!(places(&["--zone", "field"]).len() + places(&["--zone", "none"]).len() + places(&["--zone", "quotation"]).len(), all.len());
    assert!(places(&["--doc", "news/**"]).iter().all(|(source, _)| source == "news/two.txt"));
    assert_eq!(places(&["--waiting", "--rule", "dashes"]), [("news/two.txt".to_owned(), "–".to_owned())]);
}

#[test]
fn groups_tell_alike_changes_once_with_their_number() {
    let disk = disk();
    let told = raw(&disk, &["diff", "--group", "--rule", "typos", "out"]);
    let heads: Vec<&str> = told.lines().filter(|line| line.starts_with("typos")).collect();
    assert_eq!(heads, ["typos/recurring/Isrfael ×5  [-Isrfael-]{+Israel+}"], "{told}");
    assert!(told.contains("    and 2 more\n") && told.contains("    good.txt:1:9  It said [-Isrfael"), "{told}");
    let line: serde_json::Value =
        serde_json::from_str(&raw(&disk, &["diff", "--group", "--rule", "typos", "--format", "json", "out"])).expect("one line");
    assert_eq!(
        (&line["count"], &line["before"], &line["after"], &line["pending"]),
        (&5.into(), &"Isrfael".into(), &"Israel".into(), &false.into())
    );
    assert_eq!(line["places"].as_array().map(Vec::len), Some(3));
    let page = raw(&disk, &["diff", "--group", "--rule", "typos", "--format", "html", "out"]);
    assert_eq!(page.matches("<h2>").count(), 1);
    disk.run(&["diff", "--group", "--waiting", "out"]).expect(0, &["dashes/double-hyphen ×1", "need review"]);
    disk.run(&["diff", "--group", "--format", "unified", "out"]).expect(2, &["has no groups"]);
}

#[test]
fn what_is_not_known_is_answered_with_what_is() {
    let disk = disk();
    for of in ["out", "in"] {
        disk.run(&["diff", "--isolated", "--rule", "tpyos", of]).expect(2, &["There is no rule tpyos. Did you mean typos?"]);
        disk.run(&["diff", "--isolated", "--rule", "typos/recurring/Isrfeal", of]).expect(2, &["Did you mean typos/recurring/Isrfael?"]);
        disk.run(&["diff", "--isolated", "--doc", "plian.txt", of]).expect(2, &["No source is called plian.txt. Did you mean plain.txt?"]);
        disk.run(&["diff", "--isolated", "--doc", "[", of]).expect(2, &["--doc cannot be read"]);
        disk.run(&["diff", "--isolated", "--zone", "title", of]).expect(2, &["quotation, url, email", "none, the text outside all zones"]);
        disk.run(&["diff", "--isolated", "--rule", "names", of]).expect(0, &["No changes."]);
    }
}

#[test]
fn a_page_of_hostile_texts_is_inert() {
    let disk = Disk::new();
    let hostile = "<script>1</script> Isrfael </textarea>\n<!-- &lt; \u{1b}[31m \u{202e} Isrfael";
    disk.put(format!("in/{}", "<b>\u{202e}.txt"), format!("{hostile}\n"));
    disk.put("in/long.txt", format!("{0}Isrfael  {0}\n", "<b>x ".repeat(200_000)));
    disk.run(CLEAN).expect(0, &[]);
    for args in [&["diff", "--format", "html", "out"][..], &["diff", "--format", "html", "--group", "out"]] {
        let page = disk.run(args).told;
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n") && page.len() < 20_000, "{page}");
        for banned in ["<script", "</textarea", "<!-- ", "<b>"] {
            assert!(!page.contains(banned), "{banned} in {page}");
        }
        assert!(page.contains("&#60;script&#62;") && page.contains("⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧"), "{page}");
    }
}

#[test]
fn spans_go_across_and_back_and_other_members_stay() {
    let disk = disk();
    let source = disk.read("in/news/two.txt");
    let at = source.find("A line.").expect("it is there");
    let line = format!("{{\"id\":1.50,\"source\":\"news/two.txt\",\"span\":[{at},{}],\"label\":\"é\"}}\n", at + 7);
    let there = map(&disk, &["map", "--to", "clean", "out"], &line);
    there.expect(0, &["{\"id\":1.50,\"source\":\"news/two.txt\",\"span\":[", "\"label\":\"é\",\"document\":1,\"part\":\"text\"}"]);
    let value: serde_json::Value = serde_json::from_str(&there.told).expect("one line");
    let [start, end] = [0, 1].map(|side| usize::try_from(value["span"][side].as_u64().expect("a number")).expect("small"));
    assert_eq!(&disk.read("out/news/two.0001.txt")[start..end], "A line.");
    let back: serde_json::Value = serde_json::from_str(&map(&disk, &["map", "--to", "source", "out"], &there.told).told).expect("one line");
    assert_eq!((&back["span"], &back["document"]), (&serde_json::json!([at, at + 7]), &1.into()));
    // What diff says for programs can be carried as it is.
    let diff = raw(&disk, &["diff", "--format", "json", "--rule", "typos", "out/plain.txt"]);
    map(&disk, &["map", "--to", "clean", "out"], &diff).expect(0, &["\"part\":\"body\""]);
}

#[test]
fn what_cannot_be_carried_says_why_and_the_rest_goes_on() {
    let disk = disk();
    let lines = [
        r#"{"source":"no.txt","span":[0,1]}"#,
        r#"{"source":"plain.txt","span":[0,9999]}"#,
        r#"{"source":"plain.txt","span":[3,1]}"#,
        r#"{"source":"plain.txt","span":"x"}"#,
        r#"{"source":"plain.txt"}"#,
        r#"{"span":[0,1]}"#,
        r#"{"source":"plain.txt","span":[0,1],"unit":"chars"}"#,
        r#"{"source":"plain.txt","span":[0,1],"part":"title"}"#,
        r#"{"source":"plain.txt","span":[0,1],"document":7}"#,
        "\u{1b}[31m",
        "",
        r#"{"source":"plain.txt","span":[5,6]}"#,
    ];
    let told = map(&disk, &["map", "--to", "clean", "out"], &lines.join("\n"));
    let said =
        ["There is no source no.txt", "0..9999 does not lie", "ends before it starts", "`span` should be two numbers", "`span` is missing"];
    told.expect(3, &said);
    told.expect(3, &["`source` is missing", "--unit says bytes", "no field title", "no document 7", "Line 10 is no JSON object"]);
    assert_eq!((told.lines().count(), told.lines().filter(|line| line.contains("\"error\"")).count()), (11, 10), "{}", told.told);
    assert!(told.told.ends_with("\"span\":[3,9],\"document\":1,\"part\":\"text\",\"widened\":true}\n"), "{}", told.told);
    map(&disk, &["map", "--to", "clean", "in"], "").expect(2, &["no output folder"]);
    map(&disk, &["map", "out"], "").expect(2, &["--to"]);
    map(&disk, &["map", "--to", "source", "out"], "").expect(0, &[]);
}

#[test]
fn a_span_with_an_end_inside_a_change_widens_in_bytes_and_in_code_points() {
    let disk = disk();
    // “A<no-break space>Isrfael  here.”: of the name the end is cut off.
    let line = |span: &str| format!("{{\"source\":\"plain.txt\",\"span\":{span}}}\n");
    let cut = map(&disk, &["map", "--to", "clean", "out"], &line("[3,8]"));
    cut.expect(0, &["\"widened\":true"]);
    let chars = map(&disk, &["map", "--to", "clean", "--unit", "chars", "out"], &line("[2,7]"));
    chars.expect(0, &["\"unit\":\"chars\"", "\"widened\":true", "\"span\":[2,8]"]);
    map(&disk, &["map", "--to", "source", "--unit", "chars", "out"], &chars.told).expect(0, &["\"span\":[2,9]"]);
    map(&disk, &["map", "--to", "source", "out"], &chars.told).expect(3, &["The line counts chars, and --unit says bytes."]);
}

#[test]
fn a_record_that_somebody_edited_stops_its_lines_only() {
    let disk = disk();
    let record = disk.read("out/record/plain.txt.jsonl");
    fs::write(disk.path("out/record/plain.txt.jsonl"), record.replacen("\"cleaned\":[", "\"cleaned\":[9", 1)).expect("it can be written");
    let lines = "{\"source\":\"plain.txt\",\"span\":[0,1]}\n{\"source\":\"good.txt\",\"span\":[0,2]}\n";
    map(&disk, &["map", "--to", "clean", "out"], lines).expect(3, &["plain.txt", "\"error\"", "\"span\":[0,2],\"document\":1"]);
}
