//! Foreign text becomes `VisibleText` in `report/visible` only, and reaches a terminal as `VisibleText` only: the compiler
//! holds that, but for the few ways round it, which are looked for here.

use crate::sources;

/// A way round the type, and the files that may take it.
const WAYS_ROUND: &[(&str, &[&str])] = &[
    // What the macros are made of: public, as they are written out in other packages.
    ("of_seen", &["crates/corpus/src/report/visible/text.rs"]),
    ("append_seen", &["crates/corpus/src/report/visible/text.rs"]),
    ("with_seen", &["crates/corpus/src/report/visible/text.rs"]),
    ("of_shown", &["crates/corpus/src/report/visible/"]),
    // A literal is told by how long it lives: no text that was read may live so long. A test of the core lends a pass.
    ("leak(", &["src/passes/spaces.rs"]),
    ("transmute", &[]),
    // Who has a handle of the terminal. `Console` writes to it, and the screen, whose pieces `texts.rs` makes.
    ("stdout()", &["crates/cli/src/console.rs", "crates/cli/src/lib.rs", "crates/cli/src/review/"]),
    ("stderr()", &["crates/cli/src/console.rs", "crates/cli/src/lib.rs"]),
    ("Span::raw", &["crates/cli/src/review/screen/texts.rs"]),
    ("Span::styled", &["crates/cli/src/review/screen/texts.rs"]),
    ("Line::from", &["crates/cli/src/review/screen/texts.rs"]),
    ("Line::raw", &[]),
    ("Line::styled", &[]),
    ("Text::raw", &[]),
    ("Text::styled", &[]),
    ("Paragraph::new", &["crates/cli/src/review/screen/texts.rs"]),
    // Bytes as they are: a cleaned text, a diff, completions and a manual page on their way through a pipe.
    ("Console::raw", &["crates/cli/src/diff/render.rs", "crates/cli/src/man.rs", "crates/cli/src/stdin.rs"]),
];

#[test]
fn no_text_gets_round_the_type_that_says_it_is_visible() {
    let sources = sources();
    let taken = taken(&sources);
    assert!(taken.is_empty(), "Escape these, or write them with shown!:\n{}", taken.join("\n"));
    for (way, files) in WAYS_ROUND {
        for file in *files {
            let is_taken = sources.iter().any(|(path, text)| path.starts_with(file) && text.contains(way));
            assert!(is_taken, "{file} does not use {way} any more: strike it from the list");
        }
    }
}

#[test]
fn a_way_round_is_found() {
    let source = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let sources = [
        source("crates/cli/src/why.rs", "fn a() {\n    VisibleText::of_seen(format_args!(\"{name}\"))\n}\n"),
        source("crates/cli/src/console.rs", "io::stdout()\n"),
        source("crates/corpus/src/report/words.rs", "// of_shown\n"),
        source("crates/cli/src/review/screen/draw.rs", "Span::raw(name)\n"),
    ];
    assert_eq!(
        taken(&sources),
        [
            "crates/cli/src/why.rs:2: of_seen",
            "crates/corpus/src/report/words.rs:1: of_shown",
            "crates/cli/src/review/screen/draw.rs:1: Span::raw"
        ]
    );
}

/// The ways round that are taken where they may not be, by file and line.
fn taken(sources: &[(String, String)]) -> Vec<String> {
    let mut taken = Vec::new();
    for (path, text) in sources {
        for (line, number) in text.lines().zip(1..) {
            let may_not = |(way, files): &&(&str, &[&str])| line.contains(way) && !files.iter().any(|file| path.starts_with(file));
            taken.extend(WAYS_ROUND.iter().filter(may_not).map(|(way, _)| format!("{path}:{number}: {way}")));
        }
    }
    taken
}
