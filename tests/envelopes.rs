//! Files of all kinds and what they are cut into: `tests/envelopes/NAME.txt` and `NAME.json`.
//!
//! `why` says what the case is about. `source` is `utf-8`, `utf-16le` or `utf-16be`, with ` bom` if
//! there is a mark, `not text` or a problem; `slices` are the slices as texts. A body is given with
//! its white space, a problem whole.

use std::fs;
use std::path::{Path, PathBuf};

use emendo_core::input::encode;
use emendo_core::input::{Decoded, DecodedText, DocumentLayout, EnvelopeFormat, Problem, Slice, decode, slices};
use serde_json::{Map, Value, json};

#[test]
fn every_case_is_cut_as_expected() {
    let formats = shipped_formats();
    let cases = files("tests/envelopes", "txt");
    assert!(cases.len() >= 25, "the cases are found");
    let mut wrong = Vec::new();
    for case in cases {
        let bytes = fs::read(&case).expect("a readable case");
        let expected = fs::read_to_string(case.with_extension("json")).unwrap_or_default();
        let mut expected: Value = serde_json::from_str(&expected).unwrap_or_default();
        let why = expected.as_object_mut().and_then(|expected| expected.remove("why"));
        let found = describe(&bytes, &formats);
        if why.is_none() || found != expected {
            wrong.push(format!("{}\nfound {found:#}\nexpected {expected:#}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_expectation_has_its_case() {
    for expectation in files("tests/envelopes", "json") {
        assert!(expectation.with_extension("txt").exists(), "{}", expectation.display());
    }
}

#[test]
fn the_seeds_are_what_they_look_like() {
    let formats = shipped_formats();
    let mut ids = Vec::new();
    for seed in files("seeds", "txt") {
        let bytes = fs::read(seed).expect("a readable seed");
        let Decoded::Text(source) = decode(&bytes, None) else { panic!("the seeds are text") };
        let [Slice::Document(article)] = &slices(&source.text, source.bom, &formats)[..] else { panic!("one document each") };
        assert!(article.fields.iter().all(|field| field.fault.is_none()));
        ids.push(article.format.as_deref().unwrap_or("none").to_owned());
    }
    assert_eq!(ids, ["none", "none", "dated", "dated", "articles"]);
}

fn shipped_formats() -> Vec<EnvelopeFormat> {
    let parse = |path: PathBuf| EnvelopeFormat::parse(&fs::read_to_string(path).expect("a readable format")).expect("a format");
    files("rules/envelopes", "toml").into_iter().map(parse).collect()
}

/// The files of a folder of this project, sorted.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a readable folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == extension));
    files.sort();
    files
}

fn describe(bytes: &[u8], formats: &[EnvelopeFormat]) -> Value {
    let source = match decode(bytes, None) {
        Decoded::Text(source) => source,
        Decoded::NotText { why } => return json!({ "source": "not text", "reason": why }),
        Decoded::Problem { kind, reason, at } => return json!({ "source": kind.name(), "reason": reason, "at": at }),
    };
    assert_eq!(encode(&source.text, source.encoding), bytes, "the bytes can be given back");
    let slices = slices(&source.text, source.bom, formats);
    let tiles: String = slices.iter().map(|slice| &source.text[slice.span().range()]).collect();
    assert_eq!(tiles, source.text.trim_start_matches('\u{FEFF}'), "the slices tile the text");

    let name = format!("{}{}", source.encoding, if source.bom { " bom" } else { "" });
    let slices: Vec<Value> = slices
        .iter()
        .map(|slice| match slice {
            Slice::Document(article) => describe_document(article, &source),
            Slice::Problem(problem) => describe_problem(problem, &source),
        })
        .collect();
    json!({ "source": name, "slices": slices })
}

fn describe_document(article: &DocumentLayout, source: &DecodedText<'_>) -> Value {
    let mut fields = Map::new();
    let mut faults = Map::new();
    for field in &article.fields {
        fields.insert(field.name.to_string(), source.text[field.value.range()].into());
        faults.extend(field.fault.as_ref().map(|fault| (field.name.to_string(), fault.as_str().into())));
    }
    let mut described = json!({
        "document": article.format.as_deref(),
        "fields": fields,
        "body": article.body.map(|body| &source.text[body.range()]),
    });
    if !faults.is_empty() {
        described["faults"] = faults.into();
    }
    described
}

fn describe_problem(problem: &Problem, source: &DecodedText<'_>) -> Value {
    json!({
        "problem": problem.kind.name(),
        "text": &source.text[problem.slice.range()],
        "at": &source.text[problem.at..problem.slice.end].chars().take(20).collect::<String>(),
        "reason": problem.reason,
    })
}
