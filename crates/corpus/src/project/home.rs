//! The project that a run belongs to, and the folders of rules that it names.

use std::path::{Path, PathBuf};

use super::{ProjectError, SettingsOptions};
use crate::disk;
use emendo_core::rules::packs::{self, Pack};
use emendo_core::rules::{Project, RuleDir, is_rule_file, parse_project};

/// The name of the file that makes a folder a project.
const PROJECT_FILE: &str = "emendo.toml";

/// The project that a run belongs to: the nearest `emendo.toml` at or above the first path.
pub(super) struct Home {
    pub(super) folder: PathBuf,
    /// What it says, and where it says nothing what those say that it extends.
    pub(super) project: Project,
    /// The folders of rules of those that it extends, the farthest first, and then its own.
    rules: Vec<RuleFolderSetting>,
}

/// A folder of rules.
#[derive(Clone)]
pub struct RuleFolderSetting {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is this project's, so that rules may be added to it.
    pub is_own: bool,
    /// Whether nobody named it, so that it need not be there.
    may_be_missing: bool,
}

impl RuleFolderSetting {
    /// Whether its rules are read: it was named, or it is there.
    pub(super) fn is_read(&self) -> bool {
        !self.may_be_missing || self.path.is_dir()
    }
}

impl Home {
    /// The project of these options; nothing if there is none, or none is wanted.
    pub(super) fn of(options: &SettingsOptions, first: Option<&Path>) -> Result<Option<Self>, ProjectError> {
        if options.isolated { Ok(None) } else { Self::find(first) }
    }

    fn find(first: Option<&Path>) -> Result<Option<Self>, ProjectError> {
        let start = first.filter(|path| *path != Path::new("-")).unwrap_or(Path::new("."));
        let Some(file) = disk::find_upwards(start, PROJECT_FILE) else { return Ok(None) };
        let mut seen = vec![file.clone()];
        let mut home = Self::read(&file, &disk::read_text(&file)?)?;
        let mut extended = home.project.extends.take().map(|path| home.folder.join(path));
        while let Some(named) = extended {
            let file = if named.is_dir() { named.join(PROJECT_FILE) } else { named };
            let by = seen[seen.len() - 1].clone();
            if seen.iter().any(|other| is_same(other, &file)) {
                return Err(ProjectError::ExtendsItself { file, by });
            }
            let text = disk::read_text(&file).map_err(|fault| ProjectError::Extended { fault, by })?;
            let mut base = Self::read(&file, &text)?;
            extended = base.project.extends.take().map(|path| base.folder.join(path));
            let of_others = base.rules.into_iter().map(|folder| RuleFolderSetting { is_own: false, ..folder });
            home = Self { project: home.project.or(base.project), rules: of_others.chain(home.rules).collect(), ..home };
            seen.push(file);
        }
        Ok(Some(home))
    }

    /// What a project says by itself.
    fn read(file: &Path, text: &str) -> Result<Self, ProjectError> {
        let project = parse_project(&file.display().to_string(), text).map_err(ProjectError::Rules)?;
        let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
        let of = |name: &str, may_be_missing| RuleFolderSetting { path: folder.join(name), is_own: true, may_be_missing };
        let rules = match &project.rules {
            Some(named) => named.iter().map(|dir| of(dir, false)).collect(),
            None => vec![of("rules", true)],
        };
        Ok(Self { folder, project, rules })
    }
}

/// Whether two paths lead to the same file.
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// The folders that rules are read from, the ones of the options or else the project's.
pub(super) fn rule_folders(options: &SettingsOptions, home: Option<&Home>) -> Vec<RuleFolderSetting> {
    if options.rule_dirs.is_empty() {
        return home.map(|home| home.rules.clone()).unwrap_or_default();
    }
    options.rule_dirs.iter().map(|dir| RuleFolderSetting { path: dir.clone(), is_own: true, may_be_missing: false }).collect()
}

/// The packs that the options and the project name.
pub(super) fn pack_dirs(options: &SettingsOptions, home: Option<&Home>) -> Result<Vec<RuleDir>, ProjectError> {
    let of_project = home.and_then(|home| home.project.packs.as_deref()).unwrap_or_default();
    let packs = packs::named(of_project.iter().chain(&options.packs).map(String::as_str)).map_err(ProjectError::Pack)?;
    Ok(packs.into_iter().map(Pack::dir).collect())
}

/// What is in the folders.
pub(super) fn read_dirs(folders: &[RuleFolderSetting]) -> Result<Vec<RuleDir>, ProjectError> {
    let mut read = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_read()) {
        let files = disk::read_tree(&folder.path, is_rule_file).map_err(|fault| ProjectError::RuleFolder { fault })?;
        read.push(RuleDir { name: folder.path.display().to_string(), files, ..RuleDir::default() });
    }
    Ok(read)
}
