//! The tables of a project, put in order.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::project::{ProjectError, RuleFolderSetting, Settings, SettingsOptions};
use emendo_core::rules::{PassName, RuleDir, tidy_table};

/// The folders of rules with their tables in order.
pub struct TidiedTables {
    dirs: Vec<(RuleFolderSetting, RuleDir)>,
    /// The tables that were not in order.
    pub files: Vec<TidiedFile>,
    /// What is left to a person: file, line and what is to be done.
    pub left: Vec<(String, usize, String)>,
}

/// A table that was not in order.
pub struct TidiedFile {
    /// Where it is.
    pub path: PathBuf,
    old: String,
    new: String,
}

impl TidiedTables {
    /// Puts the tables of the project in order, in memory.
    ///
    /// # Errors
    /// When project or folders cannot be read.
    pub fn of(options: &SettingsOptions, first: Option<&Path>) -> Result<Self, ProjectError> {
        let mut mended = Self { dirs: Settings::dirs(options, first)?, files: Vec::new(), left: Vec::new() };
        for (folder, dir) in mended.dirs.iter_mut().filter(|(folder, _)| folder.is_own) {
            for (name, text) in &mut dir.files {
                let Some(pass) = table_of(name) else { continue };
                let path = folder.path.join(&*name);
                let tidied = tidy_table(pass, text);
                let shown = path.display().to_string();
                mended.left.extend(tidied.left.into_iter().map(|left| (shown.clone(), left.line, left.to_string())));
                if tidied.text != *text {
                    let old = std::mem::replace(text, tidied.text.clone());
                    mended.files.push(TidiedFile { path, old, new: tidied.text });
                }
            }
        }
        mended.files.sort_by(|a, b| a.path.cmp(&b.path));
        mended.left.sort();
        Ok(mended)
    }

    /// Writes each file whole.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn write(&self) -> Result<(), ProjectError> {
        let write = |file: &TidiedFile| disk::write_whole(&file.path, file.new.as_bytes());
        Ok(self.files.iter().try_for_each(write)?)
    }

    /// The folders as they are in order.
    pub fn dirs(&self) -> Vec<RuleDir> {
        self.dirs.iter().map(|(_, dir)| dir.clone()).collect()
    }
}

/// The pass whose table a file is.
fn table_of(name: &str) -> Option<PassName> {
    let (folder, rest) = name.split_once('/')?;
    rest.strip_suffix(".tsv")?;
    PassName::from_name(folder).filter(|pass| pass.spec().table.is_some())
}

impl TidiedFile {
    /// What is put in order, as a unified diff.
    pub fn diff(&self) -> String {
        let name = self.path.display().to_string();
        similar::TextDiff::from_lines(&*self.old, &*self.new)
            .unified_diff()
            .header(&format!("a/{}", name.trim_start_matches('/')), &format!("b/{}", name.trim_start_matches('/')))
            .to_string()
    }
}
