//! The layers of the crate: no module may use one that stands above it.

use std::fs;
use std::path::Path;

/// From the top to the bottom. A module may use those further down, and its own.
const LAYERS: [(&str, &[&str]); 13] = [
    ("main", &["cli"]),
    ("cli", &["check", "clean", "corpus", "input", "passes", "report", "review", "rules", "source", "suggest", "text"]),
    ("suggest", &["rules", "text"]),
    ("source", &["clean", "input", "passes", "report", "review", "rules", "text"]),
    ("check", &["clean", "input", "passes", "review", "rules", "text"]),
    ("report", &["clean", "input", "passes", "review", "rules", "text"]),
    ("corpus", &["input"]),
    ("clean", &["input", "passes", "review", "rules", "text"]),
    ("passes", &["rules", "text"]),
    ("review", &["rules", "text"]),
    ("input", &["text"]),
    ("rules", &["text"]),
    ("text", &[]),
];

/// The modules of the crate that a file names after `crate::` or `emendo::`.
fn used(source: &str, module: &str) -> Vec<String> {
    let mut used: Vec<String> = source
        .match_indices("crate::")
        .map(|(at, found)| &source[at + found.len()..])
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .filter(|name: &String| !name.is_empty() && name != module)
        .collect();
    used.sort();
    used.dedup();
    used
}

fn files(path: &Path, found: &mut Vec<std::path::PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).expect("src can be read") {
        files(&entry.expect("src can be read").path(), found);
    }
}

#[test]
fn no_module_uses_one_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let mut wrong = Vec::new();
    for file in all {
        let inner = file.strip_prefix(&src).expect("it lies below src");
        let module = inner.iter().next().expect("a file has a name").to_string_lossy().trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == module) else {
            wrong.push(format!("{}: the module {module} has no layer", inner.display()));
            continue;
        };
        let source = fs::read_to_string(&file).expect("src can be read");
        for name in used(&source, &module).iter().filter(|name| !allowed.contains(&name.as_str())) {
            wrong.push(format!("{}: {module} stands below {name}, or beside it", inner.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_library_below_the_command_line_does_not_speak() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    for file in all.iter().filter(|file| !file.starts_with(src.join("cli"))) {
        let source = fs::read_to_string(file).expect("src can be read");
        for banned in ["println!", "eprintln!", "print!(", "process::exit", "SystemTime::now", "Instant::now", "env::var"] {
            assert!(!source.contains(banned), "{}: {banned}", file.display());
        }
    }
}
