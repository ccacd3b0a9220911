//! What a person sees who made a mistake in a rule file.
//!
//! Each file under `tests/rule_errors/` is loaded alone, as a project's, under its own path; what
//! is shown stands beside it in a `.txt`. Files in `projects/` are read as an `emendo.toml`.
//! `EMENDO_RENEW=1 cargo test --test rule_errors` writes the `.txt` files anew, and fails if that
//! changed one: read the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use emendo_core::rules::{Diagnostic, RuleDir, load, parse_project};
use emendo_corpus::check;

#[test]
fn each_mistake_is_shown_with_its_place_and_the_way_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rule_errors");
    let mut mistakes = Vec::new();
    walk(&root, &mut mistakes);
    assert!(mistakes.len() > 50, "the folder holds the mistakes");
    mistakes.sort();
    let mut wrong = Vec::new();
    for path in &mistakes {
        let text = fs::read_to_string(path).expect("the mistake can be read");
        let name = path.strip_prefix(&root).expect("the walk started there").to_string_lossy().replace('\\', "/");
        let shown = show(&errors(&name, text));
        let beside = root.join(format!("{name}.txt"));
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        if shown == expected {
            continue;
        }
        if renew() {
            fs::write(&beside, &shown).expect("the expectation can be written");
        }
        wrong.push(format!("{name} shows:\n{shown}\nexpected:\n{expected}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

fn errors(name: &str, text: String) -> Vec<Diagnostic> {
    if name.starts_with("projects/") {
        return parse_project("emendo.toml", &text).expect_err("the file holds a mistake");
    }
    let dir = RuleDir { name: "rules".to_owned(), files: vec![(name.to_owned(), text)], ..RuleDir::default() };
    match load(false, std::slice::from_ref(&dir)) {
        Err(errors) => errors,
        // What can be read, but not kept to.
        Ok(_) => check::own_rules(&load(true, &[dir]).expect("it was read before")),
    }
}

fn show(errors: &[Diagnostic]) -> String {
    errors.iter().map(|error| format!("{}\n", error.render(false))).collect::<Vec<_>>().join("\n")
}

#[expect(clippy::disallowed_methods, reason = "a test may be asked to write its expectations")]
fn renew() -> bool {
    std::env::var("EMENDO_RENEW").is_ok()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "txt") {
            found.push(path);
        }
    }
}

/// What is wrong with several files together.
fn together(files: &[(&str, &str)]) -> String {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let errors = match load(true, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]) {
        Err(errors) => errors,
        Ok(knowledge) => check::own_rules(&knowledge),
    };
    show(&errors)
}

#[test]
fn rules_of_two_passes_that_undo_each_other_are_both_named() {
    let shown = together(&[
        ("names/b.tsv", "canonical\tvariants\twhy\nKyiv\tKiev\tThe city.\n"),
        ("typos/a.tsv", "wrong\tright\twhy\nKyiv\tKiev\tTyped so.\n"),
    ]);
    assert!(shown.contains("typos/a/Kyiv and names/b/Kiev undo each other"), "{shown}");
    assert!(shown.contains("rules/typos/a.tsv:2:1"), "{shown}");
}

#[test]
fn an_id_that_two_files_have_is_shown_with_both_places() {
    let rule =
        |find: &str| format!("[[rule]]\nid = \"ad\"\nfind = '^{find}$'\nwhy = \"W.\"\nexamples = [[\"a\\n{find}\\nb\", \"a\\nb\"]]\n");
    let shown = together(&[("boilerplate/a.toml", &rule("AD")), ("boilerplate/b.toml", &rule("ADS"))]);
    assert!(shown.contains("rules/boilerplate/b.toml:2:6") && shown.contains("rules/boilerplate/a.toml:2"), "{shown}");
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_mistakes() {
    assert_eq!(together(&[("typos/a.tsv", "\u{FEFF}wrong\tright\twhy\r\nqwer\tqwert\tTyped so.\r\n")]), "");
    let rule = "\u{FEFF}[[rule]]\r\nid = \"ad\"\r\nfind = '^AD$'\r\nwhy = \"W.\"\r\nexamples = [[\"a\\nAD\\nb\", \"a\\nb\"]]\r\n";
    assert_eq!(together(&[("boilerplate/a.toml", rule)]), "");
}
