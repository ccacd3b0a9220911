//! What `emendo rules check --fix` tells.

use emendo_corpus::report::{VisibleText, escape, escape_lines};
use emendo_corpus::{TidiedFile, TidiedTables, showln};

/// For people.
pub fn human(tables: &TidiedTables, is_dry: bool) -> VisibleText {
    let mut text = VisibleText::default();
    for file in &tables.files {
        text.push(escape_lines(&file.diff()));
    }
    for (file, line, what) in &tables.left {
        showln!(text, "not mended: {}:{}: {}", escape(file), line, escape(what));
    }
    match (tables.files.len(), is_dry) {
        (0, _) if tables.left.is_empty() => showln!(text, "The tables are in order; nothing was written."),
        (0, _) => showln!(text, "There is nothing else to mend; nothing was written."),
        (1, true) => showln!(text, "1 file would be written. Nothing was."),
        (1, false) => showln!(text, "1 file was written."),
        (files, true) => showln!(text, "{} files would be written. Nothing was.", files),
        (files, false) => showln!(text, "{} files were written.", files),
    }
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
