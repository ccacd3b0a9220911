//! What `emendo rules check --fix` tells.

use std::fmt::Write as _;

use emendo_corpus::report::{escape, escape_lines};
use emendo_corpus::{TidiedFile, TidiedTables};

/// For people.
pub fn human(tables: &TidiedTables, is_dry: bool) -> String {
    let mut text = String::new();
    for file in &tables.files {
        text.push_str(&escape_lines(&file.diff()));
    }
    for (file, line, what) in &tables.left {
        let _ = writeln!(text, "not mended: {}:{line}: {}", escape(file), escape(what));
    }
    let _ = match (tables.files.len(), is_dry) {
        (0, _) if tables.left.is_empty() => writeln!(text, "The tables are in order; nothing was written."),
        (0, _) => writeln!(text, "There is nothing else to mend; nothing was written."),
        (1, true) => writeln!(text, "1 file would be written. Nothing was."),
        (1, false) => writeln!(text, "1 file was written."),
        (files, true) => writeln!(text, "{files} files would be written. Nothing was."),
        (files, false) => writeln!(text, "{files} files were written."),
    };
    text
}

/// For programs.
pub fn json(tables: &TidiedTables, is_dry: bool) -> serde_json::Value {
    let file = |file: &TidiedFile| serde_json::json!({ "file": file.path.display().to_string(), "diff": file.diff() });
    let left = |(file, line, what): &(String, usize, String)| serde_json::json!({ "file": file, "line": line, "title": what });
    serde_json::json!({
        "files": tables.files.iter().map(file).collect::<Vec<_>>(), "left": tables.left.iter().map(left).collect::<Vec<_>>(),
        "written": !is_dry && !tables.files.is_empty(),
    })
}
