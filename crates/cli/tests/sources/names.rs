//! The name of a public type belongs to one type of the workspace, so that a search for the name finds that type.

use std::collections::BTreeMap;

use crate::sources;

#[test]
fn no_two_public_types_share_a_name() {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources() {
        collect(&path, &text, &mut types);
    }
    let known = ["Cleaner", "CorpusStatistics", "CommandError"];
    for name in known {
        assert!(types.contains_key(name), "{name} was not found: this test does not read all packages");
    }
    let shared = shared(&types);
    assert!(shared.is_empty(), "Give each of these public types a name of its own:\n{}", shared.join("\n"));
}

#[test]
fn a_shared_name_is_found() {
    let mut types = BTreeMap::new();
    collect("a.rs", "pub struct Row<'t> {\n}\nstruct Line;\npub fn row() {}\n", &mut types);
    collect("b.rs", "    pub(super) enum Row {\nenum Line {}\npub(crate) type Other = u8;\n", &mut types);
    collect("c.rs", "pub(in crate::rules) unsafe trait Other {}\npub struct Rows(u8);\npub union Only {}\n", &mut types);
    assert_eq!(shared(&types), ["Other: b.rs:3, c.rs:1", "Row: a.rs:1, b.rs:1"]);
}

/// Adds the public types of a file, by name, with file and line.
fn collect(path: &str, text: &str, types: &mut BTreeMap<String, Vec<String>>) {
    for (line, number) in text.lines().zip(1..) {
        if let Some(name) = public_type(line) {
            types.entry(name.to_owned()).or_default().push(format!("{path}:{number}"));
        }
    }
}

/// The name of the public type that a line declares. Any visibility but private counts.
fn public_type(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub")?;
    let rest = match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')')?.1,
        None => rest,
    };
    let rest = rest.strip_prefix(' ')?;
    let rest = rest.strip_prefix("unsafe ").unwrap_or(rest);
    let (keyword, rest) = rest.split_once(' ')?;
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    ["struct", "enum", "union", "trait", "type"].contains(&keyword).then_some(name)
}

/// Each name that several types have, with the types.
fn shared(types: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    types.iter().filter(|(_, places)| places.len() > 1).map(|(name, places)| format!("{name}: {}", places.join(", "))).collect()
}
