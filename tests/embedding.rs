//! What a program takes in with emendo-core: few crates, and no way to the world outside of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Whoever embeds the library has to build, audit and update each of them.
const MOST_FOREIGN_CRATES: usize = 75;

/// Files, threads, the environment, the clock and the terminal belong to the program that embeds the library.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::env",
    "std::net",
    "std::process",
    "std::io::std",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "fs::read",
    "fs::write",
    "thread::spawn",
    "env::var",
    "process::exit",
    "SystemTime",
    "Instant",
    "print!",
    "println!",
    "dbg!",
];

#[test]
fn the_core_needs_few_foreign_crates() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "emendo-core", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).expect("names of crates are ASCII");
    // Name and version; what follows is a mark, such as `(*)` or `(proc-macro)`.
    let crates: BTreeSet<Vec<&str>> = tree.lines().map(|line| line.split(' ').take(2).collect()).collect();
    let foreign = crates.iter().filter(|named| named.first().is_some_and(|name| !name.is_empty() && *name != "emendo-core"));
    let foreign: Vec<String> = foreign.map(|named| named.join(" ")).collect();
    assert!(foreign.len() > 20, "{tree}");
    assert!(foreign.len() <= MOST_FOREIGN_CRATES, "{} foreign crates:\n{}", foreign.len(), foreign.join("\n"));
}

#[test]
fn the_core_touches_nothing_outside() {
    let (mut found, mut read) = (Vec::new(), 0);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in ignore::Walk::new(root.join("src")).map(|entry| entry.expect("it can be read")) {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "rs") || is_of_tests(path) {
            continue;
        }
        read += 1;
        let text = std::fs::read_to_string(path).expect("it can be read");
        for (number, line) in program(&text) {
            if OUTSIDE.iter().any(|outside| line.contains(outside)) {
                found.push(format!("{}:{number}: {}", path.strip_prefix(root).expect("it is below").display(), line.trim()));
            }
        }
    }
    assert!(read > 50, "{read} files");
    assert!(found.is_empty(), "only tests may do this in src/:\n{}", found.join("\n"));
}

/// Whether a file is a module of tests: it is declared so in `mod.rs` beside it.
fn is_of_tests(path: &Path) -> bool {
    let stem = path.file_stem().expect("it is a file").to_string_lossy();
    let parent = path.with_file_name("mod.rs");
    let declared = std::fs::read_to_string(parent).is_ok_and(|text| text.contains(&format!("#[cfg(test)]\nmod {stem};")));
    declared || stem == "tests" || path.components().any(|part| part.as_os_str() == "tests")
}

/// The lines of a file, counted from 1, without comments and without items that only tests have.
fn program(text: &str) -> Vec<(usize, &str)> {
    let (mut kept, mut lines) = (Vec::new(), (1..).zip(text.lines()));
    while let Some((number, line)) = lines.next() {
        let code = line.trim_start();
        if code.starts_with("#[cfg(test)]") {
            let is_one_line = lines.next().is_none_or(|(_, item)| item.ends_with([';', '}']));
            let closing = format!("{}}}", &line[..line.len() - code.len()]);
            if !is_one_line {
                lines.by_ref().find(|(_, line)| line.starts_with(&closing));
            }
        } else if !code.starts_with("//") {
            kept.push((number, line));
        }
    }
    kept
}

#[test]
fn only_items_of_tests_are_left_out() {
    let text = "use a;\n#[cfg(test)]\nuse b;\nfn c() {}\n    #[cfg(test)]\n    fn d() {\n        {\n        }\n    }\n// e\n#[cfg(test)]\nmod tests {\n    f\n}\ng\n";
    assert_eq!(program(text), [(1, "use a;"), (4, "fn c() {}"), (15, "g")]);
}
