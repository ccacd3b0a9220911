//! A small corpus of every kind of text that emendo is meant for, end to end, and the laws over it.
//!
//! `EMENDO_RENEW=1 cargo test --test corpora` writes what becomes of it anew (and fails, so that nobody takes
//! it for a pass).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock};

use emendo_core::chain::Chain;
use emendo_core::cleaner::{CleanedSource, Cleaner, formats};
use emendo_core::edit::Fate;
use emendo_core::prose::paragraph;
use emendo_core::review::Decisions;
use emendo_core::rules::{Caps, Style, load_shipped};
use proptest::prelude::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpora")
}

fn emendo(args: &[&str], paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emendo")).args(args).args(paths).output().expect("the program starts")
}

/// The texts of a folder, by name; what emendo writes beside them left out.
fn texts(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("the folder can be read").path());
    let is_text = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|extension| extension == "txt" || extension == "md");
    let name = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    entries.filter(is_text).map(|path| (name(&path), fs::read(&path).expect("the file can be read"))).collect()
}

/// What a run makes of a folder; the folder of its outputs goes with the guard.
fn clean(folder: &Path, style: &str) -> (tempfile::TempDir, PathBuf) {
    let guard = tempfile::tempdir().expect("a folder");
    let out = guard.path().join("out");
    let run = emendo(&["clean", "--isolated", "--quotes", style, "-o"], &[&out, folder]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    (guard, out)
}

#[test]
fn each_text_becomes_what_stands_beside_it() {
    let renew = std::env::var_os("EMENDO_RENEW").is_some();
    for style in ["straight", "typographic"] {
        let (_guard, out) = clean(&folder().join("in"), style);
        assert_eq!(emendo(&["verify"], &[&out]).status.code(), Some(0));
        let (became, expected) = (texts(&out), folder().join(style));
        if renew {
            let _ = fs::remove_dir_all(&expected);
            fs::create_dir_all(&expected).expect("the folder can be made");
            for (name, text) in &became {
                fs::write(expected.join(name), text).expect("the file can be written");
            }
            continue;
        }
        let expected = texts(&expected);
        assert_eq!(became.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (name, text) in &became {
            let (became, expected) = (String::from_utf8_lossy(text), String::from_utf8_lossy(&expected[name]));
            assert_eq!(became, expected, "{style}/{name}; if it should be so: EMENDO_RENEW=1 cargo test --test corpora");
        }
    }
    assert!(!renew, "written anew; now run it without EMENDO_RENEW");
}

#[test]
fn what_was_cleaned_is_clean() {
    for style in ["straight", "typographic"] {
        let run = emendo(&["clean", "--isolated", "--check", "--quotes", style], &[&folder().join(style)]);
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stdout));
    }
}

static CLEANERS: LazyLock<[Cleaner; 2]> = LazyLock::new(|| {
    Style::ALL.map(|style| {
        let knowledge = load_shipped();
        let chain = Chain::new(Arc::new(knowledge.rules.in_style(style)), &knowledge.chain, &Caps::default());
        let formats = formats(&knowledge).expect("the shipped formats are well-formed");
        Cleaner::new(chain, formats, Decisions::default(), Some("en".to_owned()))
    })
});

/// The paragraphs of all texts.
static PARAGRAPHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts: Vec<String> = texts(&folder().join("in")).into_values().filter_map(|bytes| String::from_utf8(bytes).ok()).collect();
    texts.iter().flat_map(|text| paragraph::paragraphs(text).map(|at| text[at].to_owned())).collect()
});

/// Paragraphs of different texts, one after the other.
fn mixed() -> impl Strategy<Value = String> {
    let paragraph = (0..PARAGRAPHS.len()).prop_map(|at| PARAGRAPHS[at].clone());
    let gap = prop::sample::select(vec!["\n\n", "\r\n\r\n", "\n", " ", "\n \n\n", "\u{2029}"]);
    prop::collection::vec((paragraph, gap), 1..8)
        .prop_map(|parts| parts.into_iter().flat_map(|(text, gap)| [text, gap.to_owned()]).collect())
}

fn applied(source: &CleanedSource) -> Vec<(&str, &str, &str)> {
    let applied = source.changes().filter(|change| change.fate == Fate::Applied);
    applied.map(|change| (&*change.rule, &*change.before, change.result())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn paragraphs_of_many_kinds_settle_and_can_be_rebuilt(text in mixed(), style in prop::sample::select(Style::ALL.to_vec())) {
        let cleaner = &CLEANERS[style as usize];
        let source = cleaner.clean_source("a.txt", text.as_bytes());
        // An overstepped contract would make a problem; a mixture of markers may be a broken envelope.
        let broken: Vec<_> = source.problems().filter(|problem| !problem.kind.name().contains("envelope")).collect();
        prop_assert!(broken.is_empty(), "{broken:?}");
        for article in source.documents() {
            let Some(body) = article.text() else { continue };
            let mut rebuilt = String::new();
            let original = &text[article.layout.body.expect("it has a text").range()];
            let mut at = 0;
            for hunk in article.cleaned.hunks.iter().filter(|hunk| hunk.part == emendo_core::edit::Part::Body) {
                rebuilt.push_str(&original[at..hunk.original.start]);
                prop_assert_eq!(&original[hunk.original.range()], &*hunk.before);
                rebuilt.push_str(&hunk.after);
                at = hunk.original.end;
            }
            rebuilt.push_str(&original[at..]);
            prop_assert_eq!(&rebuilt, body);
            let again = cleaner.clean_source("a.txt", body.as_bytes());
            prop_assert_eq!(applied(&again), Vec::new(), "from {:?}", body);
        }
    }
}
