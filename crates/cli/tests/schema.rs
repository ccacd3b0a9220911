//! The schemas say what the loader says: `docs/schema/*.json` are what `emendo schema` prints, every shipped file fits, and what the loader
//! refuses for its form an editor refuses too. `EMENDO_RENEW=1 cargo test --test schema` writes the files anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use emendo_core::input::EnvelopeFormat;
use emendo_core::rules::{Diagnostic, RuleDir, load, parse_project};
use serde_json::{Value, json};

const NAMES: [&str; 6] = ["rules", "table", "project", "chain", "profiles", "envelope"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn printed(name: &str) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_emendo")).args(["schema", name]).output().expect("emendo runs");
    assert!(ran.status.success(), "{name}");
    String::from_utf8(ran.stdout).expect("JSON is UTF-8")
}

struct Schemas(BTreeMap<&'static str, jsonschema::Validator>);

impl Schemas {
    fn new() -> Self {
        let of = |name: &'static str| {
            let schema: Value = serde_json::from_str(&printed(name)).expect("it is JSON");
            (name, jsonschema::validator_for(&schema).expect("it is a schema"))
        };
        Self(NAMES.map(of).into())
    }

    /// What a file breaks of its schema.
    fn errors(&self, name: &str, toml: &str) -> Vec<String> {
        let table: toml::Table = toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
        let value = serde_json::to_value(table).expect("TOML is JSON");
        self.0[name].iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

#[test]
fn the_kept_schemas_are_those_that_are_printed() {
    for name in NAMES {
        let path = root().join("docs/schema").join(format!("{name}.json"));
        let printed = printed(name);
        if renew() {
            fs::write(&path, &printed).expect("it can be written");
        }
        assert!(fs::read_to_string(&path).is_ok_and(|kept| kept == printed), "{} is not what emendo schema {name} prints", path.display());
    }
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
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

/// The kind of a file of a rule folder.
fn kind(path: &Path) -> &'static str {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("chain.toml") => "chain",
        Some("profiles.toml") => "profiles",
        Some("emendo.toml") => "project",
        _ if path.parent().is_some_and(|folder| folder.ends_with("envelopes")) => "envelope",
        _ if path.parent().is_some_and(|folder| folder.ends_with("packs")) => "table",
        _ if path.with_extension("tsv").exists() => "table",
        _ => "rules",
    }
}

#[test]
fn every_shipped_file_fits_its_schema() {
    let schemas = Schemas::new();
    let mut files = Vec::new();
    walk(&root().join("rules"), &mut files);
    assert!(files.len() > 20, "the rules are there");
    for path in files {
        let text = fs::read_to_string(&path).expect("it can be read");
        assert_eq!(schemas.errors(kind(&path), &text), [""; 0], "{}", path.display());
    }
}

#[test]
fn a_new_project_fits_with_its_examples() {
    let schemas = Schemas::new();
    let uncommented = |text: &str| text.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n").collect::<String>();
    for (file, name) in [("emendo", "project"), ("typos", "table"), ("names", "table"), ("boilerplate", "rules")] {
        let text = fs::read_to_string(root().join("crates/cli/src/init").join(format!("{file}.toml"))).expect("it can be read");
        for text in [&text, &uncommented(&text)] {
            assert_eq!(schemas.errors(name, text), [""; 0], "{file}");
        }
    }
}

/// The indented blocks of a page.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(code) => blocks.last_mut().expect("there is one").extend([code, "\n"]),
            None if line.is_empty() && !blocks.last().is_none_or(String::is_empty) => blocks.last_mut().expect("there is one").push('\n'),
            None => blocks.push(String::new()),
        }
    }
    blocks.into_iter().map(|block| block.trim().to_owned()).filter(|block| !block.is_empty()).collect()
}

#[test]
fn every_example_of_the_docs_fits() {
    let schemas = Schemas::new();
    let mut seen = BTreeMap::new();
    let pages = ["README.md", "docs/rules.md", "docs/inputs.md"];
    let text = pages.map(|page| fs::read_to_string(root().join(page)).expect("it can be read"));
    for block in text.iter().flat_map(|page| blocks(page)) {
        let Ok(table) = toml::from_str::<toml::Table>(&block) else { continue };
        let name = match table.keys().map(String::as_str).next() {
            Some("rule") => "rules",
            Some("pass") => "chain",
            Some("id" | "field" | "body") => "envelope",
            Some("profile") if table["profile"].is_array() => "profiles",
            Some(_) if table.contains_key("profile") || table.contains_key("rules") => "project",
            Some("why") => "table",
            _ => continue,
        };
        assert_eq!(schemas.errors(name, &block), [""; 0], "{block}");
        *seen.entry(name).or_insert(0) += 1;
    }
    assert!(["rules", "project", "envelope"].iter().all(|name| seen.contains_key(name)), "the pages have examples: {seen:?}");
}

/// What only a loader can know: whether a pattern can be read, whether a name is taken, and what the pass of the folder has.
const BEYOND: [&str; 16] = [
    "The pattern",
    "These file name patterns",
    "This file name pattern",
    "A group",
    "Two rules have the id",
    "Two profiles have the name",
    "The example changes nothing",
    "is in the chain twice",
    "The range runs backwards",
    "is no code point",
    "The encoding",
    "The file lies in no pass",
    "There is no pass `quotse`",
    "The profile",
    "The rules",
    "The example holds",
];

fn is_beyond(error: &Diagnostic) -> bool {
    BEYOND.iter().any(|title| error.title.contains(title))
}

/// Whether the schema refuses what the loader refuses for its form, and nothing that the loader takes.
fn is_agreed(by_loader: &[Diagnostic], by_schema: &[String]) -> bool {
    if by_schema.is_empty() { by_loader.iter().all(is_beyond) } else { !by_loader.is_empty() }
}

/// What the loader says of a file; `None` where it is no TOML.
fn loaded(name: &str, text: &str) -> Option<Vec<Diagnostic>> {
    toml::from_str::<toml::Table>(text).ok()?;
    let errors = |path: &str| {
        let mut files = vec![(path.to_owned(), text.to_owned())];
        if name == "table" {
            files.push((path.replace(".toml", ".tsv"), String::new()));
        }
        load(false, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]).err().unwrap_or_default()
    };
    Some(match name {
        "project" => parse_project("emendo.toml", text).err().unwrap_or_default(),
        "chain" => errors("chain.toml"),
        "profiles" => errors("profiles.toml"),
        _ => errors("typos/a.toml"),
    })
}

#[test]
fn what_the_loader_refuses_for_its_form_the_schema_refuses() {
    let schemas = Schemas::new();
    let folder = root().join("crates/corpus/tests/rule_errors");
    let mut files = Vec::new();
    walk(&folder, &mut files);
    let mut refused = 0;
    for path in files {
        let text = fs::read_to_string(&path).expect("it can be read").replace('\u{FEFF}', "");
        let name = if path.parent().is_some_and(|folder| folder.ends_with("projects")) { "project" } else { kind(&path) };
        let Some(errors) = loaded(name, &text) else { continue };
        let of_form: Vec<_> = errors.iter().filter(|error| !is_beyond(error)).map(ToString::to_string).collect();
        let by_schema = schemas.errors(name, &text);
        assert!(is_agreed(&errors, &by_schema), "{}\nloader: {of_form:?}\nschema: {by_schema:?}", path.display());
        refused += usize::from(!of_form.is_empty());
    }
    assert!(refused > 15, "the folder holds such mistakes: {refused}");
}

/// A file in which nothing is wrong, with all tables that its kind has.
fn base(name: &str) -> Value {
    match name {
        "rules" => json!({ "rule": [{
            "id": "a", "find": "x", "becomes": "y", "why": "w", "examples": [["x", "y"]], "only": { "files": ["a"], "lang": "en" },
        }] }),
        "table" => json!({ "why": "w", "only": { "files": ["a"] } }),
        "project" => json!({ "policy": { "typos": "ask" } }),
        "chain" => json!({ "pass": [{ "name": "typos", "why": "w", "zones": { "quotation": "ask" } }], "zones": { "field": "ask" } }),
        "profiles" => json!({ "profile": [{ "name": "a", "why": "w", "caps": { "all": "ask" } }] }),
        _ => unreachable!("the envelope has another reader"),
    }
}

/// The tables of a file, by their places.
fn tables(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(table) => {
            found.push(at.to_owned());
            table.iter().for_each(|(key, value)| tables(value, &format!("{at}/{key}"), found));
        }
        Value::Array(values) => values.iter().enumerate().for_each(|(key, value)| tables(value, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

/// All names of keys in a schema.
fn keys(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(table) => {
            if let Some(Value::Object(properties)) = table.get("properties") {
                found.extend(properties.keys().cloned());
            }
            table.values().for_each(|value| keys(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// Each key of a kind of file, and one that nobody knows, in each of its tables with values of every sort: loader and schema agree.
#[test]
fn loader_and_schema_agree_about_each_key_and_value() {
    let schemas = Schemas::new();
    let values = [
        json!("x"),
        json!(""),
        json!(" "),
        json!("en"),
        json!("en_GB"),
        json!("ask"),
        json!("typographic"),
        json!("named"),
        json!("exact"),
        json!("person"),
        json!("names"),
        json!(1),
        json!(true),
        json!([]),
        json!(["en"]),
        json!(["U+200B..U+200D"]),
        json!([1]),
        json!([["a", "b"]]),
        json!([["a"]]),
        json!([{}]),
        json!([{ "name": "quotes", "why": "w" }]),
        json!({}),
        json!({ "quotation": "ask" }),
        json!({ "url": "ask" }),
        json!({ "quotation": "no" }),
        json!({ "all": "off" }),
        json!({ "files": ["a"] }),
        json!({ "files": [] }),
        json!({ "lang": ["en", "de"] }),
        json!({ "**": "html" }),
        json!({ "**": "latin1" }),
    ];
    let mut checked = 0;
    for name in ["rules", "table", "project", "chain", "profiles"] {
        let schema: Value = serde_json::from_str(&printed(name)).expect("it is JSON");
        let mut names = vec!["nobody-knows-it".to_owned()];
        keys(&schema, &mut names);
        names.sort();
        names.dedup();
        let base = base(name);
        let mut places = Vec::new();
        tables(&base, "", &mut places);
        for place in &places {
            for key in &names {
                // A key that the base has can also be left out.
                for value in values.iter().map(Some).chain([None]) {
                    let mut file = base.clone();
                    let table = file.pointer_mut(place).and_then(Value::as_object_mut).expect("it is a table");
                    match value {
                        Some(value) => _ = table.insert(key.clone(), value.clone()),
                        None => _ = table.remove(key),
                    }
                    // `find` goes with none of the other kinds: each of them is looked at alone as well.
                    let alone = ["chars", "mark", "built-in"].contains(&key.as_str()).then(|| {
                        let mut file = file.clone();
                        let table = file.pointer_mut(place).and_then(Value::as_object_mut).expect("it is a table");
                        table.remove("find");
                        file
                    });
                    for file in [Some(file), alone].into_iter().flatten() {
                        agree(&schemas, name, &file);
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(checked > 5000, "{checked}");
}

fn agree(schemas: &Schemas, name: &str, file: &Value) {
    let text = toml_edit::ser::to_string(file).expect("it is TOML");
    let errors = loaded(name, &text).expect("it is TOML");
    let of_form: Vec<String> = errors.iter().filter(|error| !is_beyond(error)).map(ToString::to_string).collect();
    let by_schema = schemas.errors(name, &text);
    // The schema knows nothing of folders: `kind` is for names/, and the table that is read here is one of typos.
    let is_of_names = name == "table" && file.get("kind").is_some() && of_form.iter().all(|error| error.contains("`kind`"));
    assert!(is_of_names || is_agreed(&errors, &by_schema), "{name}:\n{text}\nloader: {of_form:?}\nschema: {by_schema:?}");
}

#[test]
fn the_reader_of_envelopes_and_their_schema_agree() {
    let schemas = Schemas::new();
    let enclosed = json!({
        "id": "a", "why": "w", "field": [{ "name": "n", "type": "text", "start": "S", "end": "E" }],
        "body": { "start": "B", "end": "C", "no-text": "x" },
    });
    let header = json!({ "id": "a", "why": "w", "field": [{ "name": "n", "type": "date", "start": "S" }] });
    let values = [json!("x"), json!(""), json!("a b"), json!("text"), json!("date"), json!(1), json!([]), json!({})];
    for base in [enclosed, header] {
        let mut places = Vec::new();
        tables(&base, "", &mut places);
        for place in &places {
            for key in ["id", "why", "field", "body", "name", "type", "start", "end", "no-text", "other"] {
                for value in values.iter().map(Some).chain([None]) {
                    let mut file = base.clone();
                    let table = file.pointer_mut(place).and_then(Value::as_object_mut).expect("it is a table");
                    match value {
                        Some(value) => _ = table.insert(key.to_owned(), value.clone()),
                        None => _ = table.remove(key),
                    }
                    let text = toml_edit::ser::to_string(&file).expect("it is TOML");
                    let read = EnvelopeFormat::parse(&text).map(|_| ()).map_err(|error| error.to_string());
                    let by_schema = schemas.errors("envelope", &text);
                    assert_eq!(read.is_ok(), by_schema.is_empty(), "{text}\nreader: {read:?}\nschema: {by_schema:?}");
                }
            }
        }
    }
}
