//! Proves the shipped rules of a pass, and runs passes in tests.

use std::fs;
use std::path::Path;

use super::{Extent, Pass, PassRules, View};
use crate::edit::{Draft, Edit, RuleNumber};
use crate::rules::{Example, Find, PassName, Policy, Rule};

/// What the pass makes of a text when every proposal is applied; the earlier of two rivals wins.
pub fn run(pass: &dyn Pass, text: &str, extent: Extent) -> String {
    run_some(pass, text, extent, |_| true)
}

/// The same when the winners of some rules wait: they keep their place, and their text stays.
pub fn run_some(pass: &dyn Pass, text: &str, extent: Extent, applies: impl Fn(RuleNumber) -> bool) -> String {
    let mut edits = Vec::new();
    pass.propose(&View { stray: stray(text), ..View::of(text, extent) }, &mut edits).expect("no budget is that small");
    edits.sort_by_key(|edit| (edit.at, edit.rule));
    let contract = pass.contract();
    let mut winners: Vec<&Edit<'_>> = Vec::new();
    for edit in &edits {
        assert!((contract.allows)(text, edit), "{text:?}: {edit:?} is outside the contract: {}", contract.says);
        assert!(&text[edit.at.range()] != edit.with.as_ref(), "{text:?}: {edit:?} changes nothing");
        if winners.last().is_none_or(|last| last.at.end <= edit.at.start && !last.at.rivals(edit.at)) {
            winners.push(edit);
        }
    }
    let mut draft = Draft::new(text);
    draft.apply(winners.into_iter().filter(|edit| applies(edit.rule)).map(|edit| (edit.at, &*edit.with, 0)));
    draft.into_text().into_owned()
}

/// The proposals for a whole text, as rule number, start, end, result.
pub fn edits(pass: &dyn Pass, text: &str) -> Vec<(u32, usize, usize, String)> {
    let mut edits = Vec::new();
    pass.propose(&View { stray: stray(text), ..View::of(text, Extent::Whole) }, &mut edits).expect("no budget is that small");
    edits.sort_by_key(|edit| (edit.at, edit.rule));
    edits.into_iter().map(|edit| (edit.rule.0, edit.at.start, edit.at.end, edit.with.into_owned())).collect()
}

/// The shipped rules of a pass in straight style, in the order of their files.
pub fn shipped(pass: PassName) -> Vec<Rule> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(pass.name());
    let mut files: Vec<_> = fs::read_dir(&folder).expect("the pass has rules").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| -> toml::Table {
        fs::read_to_string(file).expect("it can be read").parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    let tables = files.iter().map(read).flat_map(|file| file["rule"].as_array().expect("an array of tables").clone());
    let is_straight = |table: &toml::Value| table.get("style").and_then(toml::Value::as_str) != Some("typographic");
    tables.filter(is_straight).map(|table| rule(pass, table.as_table().expect("a table"))).collect()
}

/// Numbers rules as the loader does.
pub fn numbered(rules: &[Rule]) -> Vec<(RuleNumber, &Rule)> {
    (0..).map(RuleNumber).zip(rules).collect()
}

/// Checks each rule of the pass against its examples, alone and together with the others, and
/// that its keeps stay. The rules named in `whole` are about the edges of a text.
pub fn prove<P: Pass>(pass: PassName, new: fn(PassRules<'_>) -> P, whole: &[&str]) {
    let rules = shipped(pass);
    assert!(!rules.is_empty(), "{pass} has rules");
    let all = new(&numbered(&rules));
    for (number, rule) in numbered(&rules) {
        assert!(!rule.why.is_empty() && !rule.examples.is_empty(), "{} says why and gives an example", rule.id);
        let edges = matches!(&rule.find, Find::BuiltIn(name) if whole.contains(&name.as_str()));
        let extent = if edges { Extent::Whole } else { Extent::Fragment };
        let alone = new(&[(number, rule)]);
        for Example { before, after } in &rule.examples {
            assert_ne!(before, after, "{}", rule.id);
            assert_eq!(run(&alone, before, extent), *after, "{} alone", rule.id);
            assert_eq!(run(&all, before, extent), *after, "{} with all rules", rule.id);
            assert_eq!(run(&all, after, extent), *after, "{} settles", rule.id);
        }
        for keep in &rule.keeps {
            assert_eq!(run(&all, keep, extent), *keep, "{} keeps", rule.id);
        }
    }
}

fn rule(pass: PassName, table: &toml::Table) -> Rule {
    const KEYS: [&str; 11] = ["id", "find", "becomes", "chars", "keep-in", "built-in", "style", "policy", "why", "examples", "keeps"];
    assert!(table.keys().all(|key| KEYS.contains(&key.as_str())), "unknown key in {table:?}");
    let text = |key: &str| table.get(key).map(|value| value.as_str().expect("a string").to_owned());
    let list = |value: Option<&toml::Value>| -> Vec<String> {
        let values = value.map(|value| value.as_array().expect("a list").clone()).unwrap_or_default();
        values.iter().map(|value| value.as_str().expect("a string").to_owned()).collect()
    };
    let becomes = text("becomes").unwrap_or_default();
    let find = if let Some(find) = text("find") {
        Find::Pattern { find: regex::RegexBuilder::new(&find).multi_line(true).build().expect("a pattern"), becomes }
    } else if let Some(name) = text("built-in") {
        Find::BuiltIn(name)
    } else {
        let mut chars: Vec<_> = list(table.get("chars")).iter().map(|range| chars(range)).collect();
        chars.sort_unstable();
        Find::Characters { chars, becomes, keep_in: list(table.get("keep-in")) }
    };
    let pairs = table["examples"].as_array().expect("a list").iter().map(|pair| list(Some(pair)));
    Rule {
        policy: text("policy").map(|policy| match policy.as_str() {
            "apply" => Policy::Apply,
            "ask" => Policy::Ask,
            "off" => Policy::Off,
            _ => panic!("{policy} is no policy"),
        }),
        why: text("why").unwrap_or_default().into(),
        examples: pairs.map(|pair| Example { before: pair[0].clone().into(), after: pair[1].clone().into() }).collect(),
        keeps: list(table.get("keeps")),
        ..Rule::new(pass, &format!("{pass}/{}", text("id").expect("an id")), find)
    }
}

/// `U+200B` or `U+E0000..U+E007F`.
fn chars(range: &str) -> (char, char) {
    let (from, to) = range.split_once("..").unwrap_or((range, range));
    let parse =
        |code: &str| u32::from_str_radix(code.strip_prefix("U+").expect("U+"), 16).ok().and_then(char::from_u32).expect("a code point");
    (parse(from), parse(to))
}

/// An example has no bytes; where it writes some all the same, they are of the commonest encoding.
fn stray(text: &str) -> Option<&'static encoding_rs::Encoding> {
    crate::input::find_stray(text).map(|_| encoding_rs::WINDOWS_1252)
}
