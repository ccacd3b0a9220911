//! The seed corpus, end to end: what `cleaned/` holds is what `seeds/` gives.
//!
//! `EMENDO_RENEW=1 cargo test --test seeds` writes `cleaned/` anew (and fails, so that nobody takes it
//! for a pass); the diff in git then shows the whole effect of what was changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use similar::TextDiff;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn emendo(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emendo")).args(args).current_dir(root()).output().expect("the program starts")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Cleans the seeds into a fresh folder.
fn clean(more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let run = emendo(&[&["clean", "seeds", "--isolated", "-o", out.to_str().expect("it is UTF-8")], more].concat());
    assert_eq!(run.status.code(), Some(0), "{}", text(&run));
    (folder, out)
}

/// Every file below a folder, by name; those of emendo alone left out, and the log of runs, which knows the time.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in ignore::WalkBuilder::new(folder).git_ignore(false).build() {
        let path = entry.expect("the folder can be read").into_path();
        if path.is_file() && !path.ends_with("runs.jsonl") {
            let name = path.strip_prefix(folder).expect("it lies there").to_string_lossy().into_owned();
            files.insert(name, fs::read(&path).expect("it can be read"));
        }
    }
    files
}

fn changes(folder: &Path) -> String {
    text(&emendo(&["diff", "--color", "never", folder.to_str().expect("it is UTF-8")]))
}

/// The words that differ, each with a few of its neighbours: whole paragraphs on one line stay readable.
fn word_diff(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_words(old, new);
    let mut report = format!("\n--- {name}\n");
    for group in diff.grouped_ops(3) {
        report.push_str("  …");
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (open, close) = match change.tag() {
                similar::ChangeTag::Equal => ("", ""),
                similar::ChangeTag::Delete => ("[-", "-]"),
                similar::ChangeTag::Insert => ("{+", "+}"),
            };
            report.extend([open, change.value(), close]);
        }
        report.push_str("…\n");
    }
    report
}

fn is_text(name: &str) -> bool {
    !name.contains('/') && Path::new(name).extension().is_some_and(|ending| ending == "txt")
}

#[test]
fn cleaned_is_what_the_seeds_give() {
    let (_folder, out) = clean(&[]);
    let (committed, fresh) = (tree(&root().join("cleaned")), tree(&out));
    if committed == fresh {
        return;
    }
    #[expect(clippy::disallowed_methods, reason = "the one documented way to renew a snapshot")]
    if std::env::var("EMENDO_RENEW").is_ok() {
        let run = emendo(&["clean", "seeds", "--isolated", "-o", "cleaned"]);
        panic!("cleaned/ was written anew; read its diff in git.\n{}", text(&run));
    }
    let mut report = String::new();
    for name in committed.keys().chain(fresh.keys()).collect::<std::collections::BTreeSet<_>>() {
        let side = |files: &BTreeMap<String, Vec<u8>>| {
            files.get(name).map_or_else(String::new, |bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        let (old, new) = (side(&committed), side(&fresh));
        if old != new {
            report.push_str(&word_diff(&format!("cleaned/{name}"), &old, &new));
        }
    }
    panic!("cleaned/ is not what seeds/ gives. If it should be, renew it: EMENDO_RENEW=1 cargo test --test seeds\n{report}");
}

#[test]
fn any_number_of_threads_and_a_second_run_give_the_same_tree() {
    let (_folder, out) = clean(&["--threads", "1"]);
    let first = tree(&out);
    assert!(first.len() > 10, "{:?}", first.keys());
    for threads in ["2", "8"] {
        assert_eq!(tree(&clean(&["--threads", threads]).1), first);
    }
    let again = emendo(&["clean", "seeds", "--isolated", "-o", out.to_str().expect("it is UTF-8")]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again));
    assert_eq!(tree(&out), first);
}

#[test]
fn cleaning_the_cleaned_texts_applies_nothing() {
    let (folder, out) = clean(&[]);
    let texts = folder.path().join("texts");
    fs::create_dir(&texts).expect("a folder");
    for name in tree(&out).keys().filter(|name| is_text(name)) {
        fs::copy(out.join(name), texts.join(name)).expect("a copy");
    }
    assert_eq!(tree(&texts).len(), 5);
    let check = emendo(&["clean", "--check", "--isolated", texts.to_str().expect("it is UTF-8")]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check));
}

#[test]
fn the_sources_come_back_byte_for_byte() {
    let (folder, out) = clean(&[]);
    let back = folder.path().join("back");
    let run = emendo(&["restore", out.to_str().expect("it is UTF-8"), "-o", back.to_str().expect("it is UTF-8")]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run));
    assert_eq!(tree(&back), tree(&root().join("seeds")));
}

#[test]
fn verify_passes_and_finds_one_altered_byte_anywhere() {
    let (_folder, out) = clean(&[]);
    let verify = || emendo(&["verify", out.to_str().expect("it is UTF-8")]);
    assert_eq!(verify().status.code(), Some(0), "{}", text(&verify()));
    for (name, bytes) in tree(&out) {
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            fs::write(out.join(&name), &altered).expect("it can be written");
            assert_eq!(verify().status.code(), Some(1), "byte {at} of {name}");
        }
        fs::write(out.join(&name), &bytes).expect("it can be written");
    }
    assert_eq!(verify().status.code(), Some(0));
}

#[test]
fn the_docs_show_the_seal_of_the_seeds() {
    let seal = emendo_corpus::report::seal(&fs::read(root().join("cleaned/SHA256SUMS")).expect("the sums"));
    let page = fs::read_to_string(root().join("docs/clean.md")).expect("the page");
    assert_eq!(page.matches(&seal).count(), 2, "the seal is {seal} now");
}

#[test]
fn each_diff_gives_its_slice_back_through_patch() {
    let (folder, out) = clean(&[]);
    for (name, text) in tree(&out).iter().filter(|(name, _)| is_text(name)) {
        let work = folder.path().join("work.txt");
        fs::write(&work, text).expect("it can be written");
        let patch = Command::new("patch")
            .args(["--binary", "-R", "-s"])
            .arg(&work)
            .arg(out.join(format!("{name}.diff")))
            .output()
            .expect("patch is installed");
        assert!(patch.status.success(), "{name}: {patch:?}");
        // Each seed holds one article, so its slice is the whole file.
        assert_eq!(fs::read(&work).expect("it can be read"), fs::read(root().join("seeds").join(name)).expect("it can be read"), "{name}");
    }
}

#[test]
fn the_seeds_become_what_a_reader_expects() {
    let (_folder, out) = clean(&[]);
    let files = tree(&out);
    let get = |name: &str| {
        String::from_utf8(files.iter().find(|(file, _)| file.starts_with(name) && is_text(file)).expect("it is there").1.clone())
            .expect("it is UTF-8")
    };
    assert!(
        get("000").contains("warned that if Israel continued")
            && get("000").contains("from Cairo to Israel, will")
            && !get("000").contains("Isrfael")
    );
    let second = get("001");
    for kept in [
        "\"Israel\" and Hamas",
        "news \"very very soon\"",
        "Rafah and Karem Abu Salem crossings -- the",
        "\nRead more: Israeli officials",
        "\n'Israel' would invade all",
    ] {
        assert!(second.contains(kept), "{kept}");
    }
    let third = get("002");
    assert!(
        third.starts_with("Senior officials")
            && third.contains("Volker Türk said")
            && third.contains("a \"delusional\" ceasefire")
            && !third.contains(['“', '”', '’'])
    );
    let fourth = get("003");
    assert!(fourth.starts_with("The recent two-hour") && fourth.contains("Foreign Minister Antony Blinken") && !fourth.contains("Anthony"));
    let fifth = get("004");
    assert!(
        fifth.starts_with("There is huge pressure")
            && fifth.ends_with("is not final.\n")
            && !fifth.contains("-E-N-D")
            && !fifth.contains("T-A-R-T")
    );
    assert!(fifth.contains("cause for optimism.\" Later, White House") && fifth.contains("cessation of hostilities. The handover"));
    let record = String::from_utf8(files.iter().find(|(file, _)| file.starts_with("record/004")).expect("it is there").1.clone())
        .expect("it is UTF-8");
    for field in ["\"raw\":\"2433\"", "\"raw\":\"2024-01-24\"", "\"raw\":\"Mediators push for Gaza ceasefire but gaps remain\""] {
        assert!(record.contains(field), "{field}");
    }
}

#[test]
fn a_rejected_change_stays_rejected() {
    let (folder, out) = clean(&[]);
    let record = fs::read_to_string(out.join("record/000_1ad945f829456fdb.txt.jsonl")).expect("there is a record");
    let lines: Vec<serde_json::Value> = record.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let change = lines.iter().find(|line| line["type"] == "change" && line["rule"] == "typos/recurring/Isrfael").expect("there is one");
    let decision = serde_json::json!({
        "schema_version": 1, "decision": "reject", "width": "here", "rule": change["rule"], "before": change["before"], "after": change["after"],
        "source": lines[0]["source"], "digest": lines[0]["digest"], "span": change["places"][0]["span"],
    });
    let file = folder.path().join("decisions.jsonl");
    fs::write(&file, format!("{decision}\n")).expect("it can be written");
    let decided = clean(&["--decisions", file.to_str().expect("it is UTF-8")]);
    let again = clean(&["--decisions", file.to_str().expect("it is UTF-8")]);
    assert_eq!(tree(&decided.1), tree(&again.1), "twice in a row");
    let cleaned = fs::read_to_string(decided.1.join("000_1ad945f829456fdb.txt")).expect("it is there");
    assert!(
        cleaned.contains("Hamas had warned that if Isrfael continued") && cleaned.contains("traveled from Cairo to Israel, will"),
        "{cleaned}"
    );
    assert_eq!(changes(&decided.1).matches("{+Israel+}").count(), 1);
}

#[test]
fn the_readme_installs_the_package_that_has_the_program() {
    let readme = fs::read_to_string(root().join("README.md")).expect("it is there");
    let folder = readme.split("cargo install --path ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("it says how");
    let package = fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a package");
    assert!(package.contains("\nname = \"emendo\"\n"), "{folder} has no program");
}
