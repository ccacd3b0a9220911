//! `emendo rules check --fix`: tables put in order.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::args::RuleArgs;
use crate::command_error::CommandError;
use crate::settings::{RuleFolderSetting, Settings};
use emendo_core::rules::{PassName, RuleDir, tidy_table};
use emendo_corpus::disk;
use emendo_corpus::report::{escape, escape_lines};

/// The folders of rules with their tables in order.
pub struct Mended {
    dirs: Vec<(RuleFolderSetting, RuleDir)>,
    files: Vec<File>,
    /// What is left to a person: file, line and what is to be done.
    left: Vec<(String, usize, String)>,
}

/// A table that was not in order.
struct File {
    path: PathBuf,
    old: String,
    new: String,
}

impl Mended {
    /// Puts the tables of the project in order, in memory.
    pub fn of(args: &RuleArgs, first: Option<&Path>) -> Result<Self, CommandError> {
        let mut mended = Self { dirs: Settings::dirs(args, first)?, files: Vec::new(), left: Vec::new() };
        for (folder, dir) in mended.dirs.iter_mut().filter(|(folder, _)| folder.is_own) {
            for (name, text) in &mut dir.files {
                let Some(pass) = table_of(name) else { continue };
                let path = folder.path.join(&*name);
                let tidied = tidy_table(pass, text);
                let shown = path.display().to_string();
                mended.left.extend(tidied.left.into_iter().map(|left| (shown.clone(), left.line, left.to_string())));
                if tidied.text != *text {
                    let old = std::mem::replace(text, tidied.text.clone());
                    mended.files.push(File { path, old, new: tidied.text });
                }
            }
        }
        mended.files.sort_by(|a, b| a.path.cmp(&b.path));
        mended.left.sort();
        Ok(mended)
    }

    /// Writes each file whole.
    pub fn write(&self) -> Result<(), CommandError> {
        let write = |file: &File| disk::write_whole(&file.path, file.new.as_bytes());
        self.files.iter().try_for_each(write).map_err(|fault| CommandError::refused(escape(&fault.to_string())))
    }

    /// The folders as they are in order.
    pub fn dirs(&self) -> Vec<RuleDir> {
        self.dirs.iter().map(|(_, dir)| dir.clone()).collect()
    }

    /// For people.
    pub fn human(&self, is_dry: bool) -> String {
        let mut text = String::new();
        for file in &self.files {
            text.push_str(&escape_lines(&file.diff()));
        }
        for (file, line, what) in &self.left {
            let _ = writeln!(text, "not mended: {}:{line}: {}", escape(file), escape(what));
        }
        let _ = match (self.files.len(), is_dry) {
            (0, _) if self.left.is_empty() => writeln!(text, "The tables are in order; nothing was written."),
            (0, _) => writeln!(text, "There is nothing else to mend; nothing was written."),
            (1, true) => writeln!(text, "1 file would be written. Nothing was."),
            (1, false) => writeln!(text, "1 file was written."),
            (files, true) => writeln!(text, "{files} files would be written. Nothing was."),
            (files, false) => writeln!(text, "{files} files were written."),
        };
        text
    }

    /// For programs.
    pub fn json(&self, is_dry: bool) -> serde_json::Value {
        let file = |file: &File| serde_json::json!({ "file": file.path.display().to_string(), "diff": file.diff() });
        let left = |(file, line, what): &(String, usize, String)| serde_json::json!({ "file": file, "line": line, "title": what });
        serde_json::json!({
            "files": self.files.iter().map(file).collect::<Vec<_>>(), "left": self.left.iter().map(left).collect::<Vec<_>>(),
            "written": !is_dry && !self.files.is_empty(),
        })
    }
}

/// The pass whose table a file is.
fn table_of(name: &str) -> Option<PassName> {
    let (folder, rest) = name.split_once('/')?;
    rest.strip_suffix(".tsv")?;
    PassName::from_name(folder).filter(|pass| matches!(pass, PassName::Typos | PassName::Names))
}

impl File {
    fn diff(&self) -> String {
        let name = self.path.display().to_string();
        similar::TextDiff::from_lines(&*self.old, &*self.new)
            .unified_diff()
            .header(&format!("a/{}", name.trim_start_matches('/')), &format!("b/{}", name.trim_start_matches('/')))
            .to_string()
    }
}
