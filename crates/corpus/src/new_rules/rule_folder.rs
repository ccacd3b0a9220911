//! The folder of rules that is added to, and what it becomes.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::NewRuleError;
use super::candidate_rules::CandidateRules;
use super::corpus_examples::CorpusExamples;
use super::new_rule::{NewRule, NewRuleContent};
use crate::batch::{self, InputContent, RunEnd, RunObserver};
use crate::check;
use crate::disk::{self, IoFault};
use crate::project::Settings;
use emendo_core::rules::{Find, Rule, RuleDir};

/// Where examples of a new rule may be cut from.
#[derive(Clone, Debug, Default)]
pub struct ExampleSource {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Whether nothing may be cut, because the texts may not be quoted.
    pub no_quotes: bool,
    /// How many threads; else one for each core.
    pub threads: Option<NonZeroUsize>,
}

/// The folder of rules that is added to, and what is added.
pub struct RuleFolder<'a> {
    /// That folder.
    pub folder: PathBuf,
    /// All folders of rules, this one among them if it is there.
    pub dirs: std::borrow::Cow<'a, [RuleDir]>,
    /// What is added.
    pub wanted: NewRule,
}

impl<'a> RuleFolder<'a> {
    /// For a folder that may not be there, where nothing is going to be written.
    pub fn nowhere(settings: &'a Settings, wanted: NewRule) -> Self {
        let folder = settings.rule_folders.last().cloned().unwrap_or_else(|| PathBuf::from("rules"));
        Self { folder, dirs: settings.dirs.as_slice().into(), wanted }
    }

    /// What these files would change in those that are there, for `patch`.
    pub fn diff(&self, files: &[(String, String)]) -> String {
        let one = |(path, text): &(String, String)| {
            let old = self.text(path).unwrap_or_default();
            let name = self.folder.join(path).display().to_string();
            similar::TextDiff::from_lines(&*old, &**text)
                .unified_diff()
                .header(&format!("a/{}", name.trim_start_matches('/')), &format!("b/{}", name.trim_start_matches('/')))
                .to_string()
        };
        files.iter().map(one).collect()
    }

    /// Finds the folder: the last that has the file, or else the last.
    pub fn open(settings: &'a Settings, wanted: NewRule) -> Result<Self, NewRuleError> {
        let path = wanted.path();
        let has_it = |folder: &&PathBuf| folder.join(&path).is_file();
        let folder = settings.rule_folders.iter().rev().find(has_it).or(settings.rule_folders.last());
        let folder = folder.ok_or(NewRuleError::NoFolder)?.clone();
        let book = Self { folder, dirs: settings.dirs.as_slice().into(), wanted };
        if matches!(book.wanted.new, NewRuleContent::File { .. })
            && let Some(path) = book.taken()
        {
            return Err(NewRuleError::Taken(book.folder.join(path)));
        }
        Ok(book)
    }

    /// The file that a file which somebody wrote would overwrite.
    fn taken(&self) -> Option<String> {
        let files = [Some(self.wanted.path()), self.own_defaults().map(|_| self.wanted.defaults_path())];
        files.into_iter().flatten().find(|path| self.folder.join(path).symlink_metadata().is_ok())
    }

    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    /// The folder as it is, or nothing if it is still to be made.
    fn dir(&self) -> Option<&RuleDir> {
        self.dirs.iter().find(|dir| dir.name == self.name())
    }

    /// The file of that path as it is, if it is there.
    pub fn text(&self, path: &str) -> Option<String> {
        text_of(self.dir().map(std::slice::from_ref).unwrap_or_default(), path)
    }

    /// Writes the files, unless somebody else wrote over one since the rules were read.
    pub fn write(&self, files: &[(String, String)]) -> Result<(), NewRuleError> {
        self.refuse_changed(files)?;
        for (path, text) in files {
            write(&self.folder, path, text)?;
        }
        Ok(())
    }

    /// Refuses to write over what somebody else wrote since the rules were read.
    fn refuse_changed(&self, files: &[(String, String)]) -> Result<(), NewRuleError> {
        let is_as_read = |path: &str| match self.text(path) {
            Some(text) => disk::read_text(&self.folder.join(path)).is_ok_and(|now| now == text),
            None => self.folder.join(path).symlink_metadata().is_err(),
        };
        match files.iter().find(|(path, _)| !is_as_read(path)) {
            Some((path, _)) => Err(NewRuleError::Changed(self.folder.join(path))),
            None => Ok(()),
        }
    }

    /// The defaults that come with a table that somebody wrote.
    fn own_defaults(&self) -> Option<&str> {
        if let NewRuleContent::File { defaults, .. } = &self.wanted.new { defaults.as_deref() } else { None }
    }

    /// The files that are written, as they would be.
    pub fn files(&mut self) -> Result<Vec<(String, String)>, NewRuleError> {
        let text = self.text(&self.wanted.path()).unwrap_or_default();
        let defaults = self.text(&self.wanted.defaults_path());
        self.wanted.say_why(&text, defaults.as_deref());
        let mut files = vec![(self.wanted.path(), self.wanted.added_to(&text)?)];
        files.extend(self.own_defaults().map(|defaults| (self.wanted.defaults_path(), defaults.to_owned())));
        Ok(files)
    }

    /// All folders, with these files in place of those that are there.
    pub fn dirs_with(&self, files: &[(String, String)]) -> Vec<RuleDir> {
        let mut dirs = self.dirs.to_vec();
        if self.dir().is_none() {
            dirs.push(RuleDir { name: self.name(), ..RuleDir::default() });
        }
        let name = self.name();
        let dir = dirs.iter_mut().find(|dir| dir.name == name).expect("it was pushed if it was missing");
        dir.files.retain(|(path, _)| files.iter().all(|(new, _)| new != path));
        dir.files.extend(files.iter().cloned());
        dirs
    }

    /// All rules with the new ones, not proven yet, and the files that say so.
    pub fn fresh(&mut self) -> Result<(CandidateRules, Vec<(String, String)>), NewRuleError> {
        let files = self.files()?;
        let fresh = CandidateRules::load(&self.dirs_with(&files), &self.wanted, &self.name())?;
        Ok((fresh, files))
    }

    /// Finds examples, and cuts quotes from the corpus if there is one.
    pub fn settle(&mut self, from: &ExampleSource, settings: &Settings, observer: &mut dyn RunObserver) -> Result<RunEnd, NewRuleError> {
        let fresh = self.fresh()?.0;
        let unusable = check::unusable_rules(&fresh.knowledge, |rule| fresh.is_new(&rule.id));
        if !unusable.is_empty() {
            return Err(NewRuleError::Rules(self.wanted.named(&self.name(), unusable)));
        }
        let mut cuttings = CorpusExamples::new(fresh.rules().filter_map(|(_, rule)| right(rule)));
        if !from.paths.is_empty() && !from.no_quotes {
            let cleaner = settings.cleaner_of(&fresh.knowledge)?;
            let listing = batch::listing(&from.paths)?;
            let ended = batch::run(&listing, &cleaner, &batch::threads(from.threads)?, observer, |inputs| {
                for input in &inputs {
                    if let InputContent::Read { report, .. } = &input.what {
                        cuttings.add(report, |change| fresh.is_new(&change.rule));
                    }
                }
                Ok::<_, NewRuleError>(())
            })?;
            if ended == RunEnd::Interrupted {
                return Ok(ended);
            }
        }
        let why_not = fresh.settle_examples(&mut self.wanted, &cuttings)?;
        let text = self.text(&self.wanted.path()).unwrap_or_default();
        fresh.settle_quotes(&mut self.wanted, &cuttings, &text);
        if self.wanted.lacks_example() {
            let way_out = match why_not {
                Some(why) => format!("None of the corpus would hold: {why}. Let it find less, or give one with --example."),
                None if from.paths.is_empty() => "Give one with --example, or a corpus to cut it from.".to_owned(),
                None => "None could be cut from the corpus. Give one with --example.".to_owned(),
            };
            return Err(NewRuleError::NoExample(way_out));
        }
        Ok(RunEnd::Wholly)
    }

    /// All rules with the new ones, proven, and the files that say it.
    pub fn proven(&mut self, settings: &Settings) -> Result<(CandidateRules, Vec<(String, String)>), NewRuleError> {
        let (fresh, files) = self.fresh()?;
        let breaches = check::rules(&fresh.knowledge);
        if !breaches.is_empty() {
            return Err(NewRuleError::Rules(self.wanted.named(&self.name(), fresh.new_first(breaches))));
        }
        Self::refuse_lost(settings, &fresh)?;
        Ok((fresh, files))
    }

    /// Refuses to let a rule of the project go that the new ones would take the place of.
    pub fn refuse_lost(settings: &Settings, fresh: &CandidateRules) -> Result<(), NewRuleError> {
        let lost =
            settings.knowledge.rules.iter().find(|(_, rule)| !rule.origin.shipped && fresh.knowledge.rules.by_id(&rule.id).is_none());
        match lost {
            Some((_, rule)) => {
                Err(NewRuleError::WouldReplace { rule: rule.id.to_string(), file: rule.origin.file.to_string(), line: rule.origin.line })
            }
            None => Ok(()),
        }
    }
}

/// The form that a rule about words or a name arrives at.
pub fn right(rule: &Rule) -> Option<String> {
    match &rule.find {
        Find::Words { right: form, .. } | Find::Name { canonical: form, .. } => Some(form.to_string()),
        _ => None,
    }
}

/// The file of that path in the last folder that has it.
pub(super) fn text_of(dirs: &[RuleDir], path: &str) -> Option<String> {
    let mut found = dirs.iter().rev().flat_map(|dir| &dir.files);
    found.find(|(name, _)| name == path).map(|(_, text)| text.clone())
}

/// Writes a file of the folder whole; it and its folders are made if missing.
fn write(folder: &Path, path: &str, text: &str) -> Result<(), IoFault> {
    let file = folder.join(path);
    if file.exists() { disk::write_whole(&file, text.as_bytes()) } else { disk::write_new(folder, path, text.as_bytes()) }
}
