//! The table of the rows that were refused: it can be corrected and imported again.

use std::path::{Path, PathBuf};

use super::read::RowDetails;
use crate::disk;
use crate::new_rules::NewRuleError;
use crate::report::{VisibleTable, VisibleText, escape};
use crate::shown;
use crate::spreadsheet::guarded;

/// How such a table begins. A file that begins otherwise is somebody's, and stays.
const COLUMNS: [&str; 4] = ["wrong", "right", "line", "refused because"];
/// And what else a row may say.
const MORE: [&str; 6] = ["case", "policy", "not-same", "why", "example", "keep"];
/// A longer cell is cut, in characters.
const LONGEST: usize = 600;

/// A row that was refused.
pub struct RefusedRow<'a> {
    /// The wrong form; or all of a line that is no row.
    pub wrong: &'a str,
    /// The right form, or several.
    pub right: String,
    /// Its line in the imported table.
    pub line: usize,
    /// Why.
    pub why: &'a str,
    /// What it says beside the two forms; nothing of a line that is no row.
    pub says: Option<&'a RowDetails>,
}

/// The table that tells what was refused.
pub struct Problems {
    /// Where it goes.
    pub path: PathBuf,
}

impl Problems {
    /// Where the refused rows of a table go: beside it, unless that is in a folder of rules, where a .csv is an error, or among the texts.
    pub fn place(table: &Path, named: Option<&Path>, forbidden: &[&Path]) -> Result<Self, NewRuleError> {
        let is_within = |path: &Path| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            forbidden.iter().filter_map(|other| other.canonicalize().ok()).any(|other| other.is_dir() && folder.starts_with(other))
        };
        let stem = table.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{stem}.problems.csv");
        let usual = [table.with_file_name(&name), PathBuf::from(&name)];
        let path = match named {
            Some(path) => Some(path.to_owned()).filter(|path| !is_within(path)),
            None => usual.into_iter().find(|path| !is_within(path)),
        };
        Ok(Self { path: path.ok_or(NewRuleError::NoPlaceForProblems)? })
    }

    /// Refuses to take the place of a file that is something else.
    pub fn refuse_foreign(&self) -> Result<(), NewRuleError> {
        let is_ours = || disk::read_text(&self.path).is_ok_and(|text| text.trim_start_matches('\u{FEFF}').starts_with(&COLUMNS.join(",")));
        if self.path.symlink_metadata().is_err() || is_ours() {
            return Ok(());
        }
        Err(NewRuleError::ForeignProblems(self.path.clone()))
    }

    /// Writes the table.
    pub fn write(&self, refused: &[RefusedRow<'_>]) -> Result<(), NewRuleError> {
        let mut table = VisibleTable::new(csv::Terminator::CRLF);
        // Most tables say no more than what is wrong and what is right.
        let says_more = refused.iter().any(|refused| refused.says.is_some_and(|says| *says != RowDetails::default()));
        let more: &[&str] = if says_more { &MORE } else { &[] };
        table.row(COLUMNS.iter().chain(more).copied());
        for RefusedRow { wrong, right, line, why, says } in refused {
            let cells = [cell(wrong), cell(right), shown!("{}", line), cell(why)];
            let says = says_more.then(|| says.cloned().unwrap_or_default());
            table.row(cells.into_iter().chain(says.iter().flat_map(said)));
        }
        // Spreadsheets take a table for UTF-8 if it begins with a byte order mark.
        let bytes = ["\u{FEFF}", &table.finish()].concat();
        Ok(disk::write_whole(&self.path, bytes.as_bytes())?)
    }
}

/// The cells of [`MORE`].
fn said(says: &RowDetails) -> [VisibleText; 6] {
    let policy = says.policy.map(|policy| policy.to_string());
    let cells = [says.case.clone(), policy, Some(says.not_same.join("|")), says.why.clone(), says.example.clone(), says.keep.clone()];
    cells.map(|text| cell(&text.unwrap_or_default()))
}

/// A cell that can be seen, and that no spreadsheet takes for a formula.
fn cell(text: &str) -> VisibleText {
    let short: String = text.chars().take(LONGEST).collect();
    let end = if short.len() < text.len() { "…" } else { "" };
    guarded(escape(&short) + end)
}
