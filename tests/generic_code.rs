//! Code outside of `src/passes` names no pass: it asks the spec of the pass, so that a new pass needs no change of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use emendo_core::passes::PassName;

/// What names a pass all the same, and why.
const EXCEPTIONS: [(&str, &str, &str); 4] = [
    ("rules/shipped.rs", "/", "the list of the shipped files, each in the folder of its pass"),
    ("rules/packs.rs", "typos/", "the packs are tables of one pass"),
    ("rules/keys.rs", "/: ", "what an editor shows beside a key names the folder for which the key is"),
    ("rules/", "\"quotes\"", "a key of emendo.toml, which sets the style of the run"),
];

#[test]
fn generic_code_names_no_pass() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut named, mut used) = (Vec::new(), BTreeSet::new());
    for file in source_files(&root) {
        let path = file.strip_prefix(&root).expect("it is in src").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for (line, number) in code(&text).lines().zip(1..) {
            for found in named_in(line) {
                match EXCEPTIONS.iter().position(|(file, what, _)| path.starts_with(file) && found.contains(what)) {
                    Some(exception) => _ = used.insert(exception),
                    None => named.push(format!("src/{path}:{number}: {found}")),
                }
            }
        }
    }
    assert!(named.is_empty(), "Ask the spec of the pass instead:\n{}", named.join("\n"));
    assert_eq!(used.len(), EXCEPTIONS.len(), "an exception is no longer needed");
}

#[test]
fn a_named_pass_is_found() {
    let code = "use crate::passes::names::fault;\nif pass == PassName::TYPOS {}\nid.starts_with(\"typos/\") || folder == \"quotes\"\n";
    let found: Vec<_> = code.lines().flat_map(named_in).collect();
    assert_eq!(found, ["names::fault;", "PassName::TYPOS {}", "typos/\") || folder == \"quotes\"", "\"quotes\""]);
    assert_eq!(named_in("let names = keys::names(&keys); \"The names of spaces\"").next(), None);
}

/// The code of a file: without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }.to_owned() + "\n").collect()
}

/// Each place of a line that names a pass, with what follows there.
fn named_in(line: &str) -> impl Iterator<Item = &str> {
    let forms = |pass: PassName| {
        let name = pass.name();
        [format!("{name}::"), format!("PassName::{}", name.to_uppercase()), format!("\"{name}\""), format!("{name}/")]
    };
    let forms: Vec<String> = PassName::ALL.into_iter().flat_map(forms).collect();
    let is_named = move |at: &usize| {
        let is_inside_word = line[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        !is_inside_word && forms.iter().any(|form| line[*at..].starts_with(form.as_str()))
    };
    line.char_indices().map(|(at, _)| at).filter(is_named).map(|at| &line[at..])
}

/// The source files of the package but for those of the passes.
fn source_files(root: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the source can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() && path != root.join("passes") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
