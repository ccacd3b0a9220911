//! From options and the project's `emendo.toml` to what a run needs. Everything that can be wrong is found here, before the
//! first document is read.

mod home;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::home::RuleFolderSetting;
use self::home::{Home, pack_dirs, read_dirs, rule_folders};
use crate::check;
use crate::disk::{self, DecisionsFile, IoFault};
use emendo_core::chain::Chain;
use emendo_core::cleaner::{Cleaner, FormatFileError, formats};
use emendo_core::review::Decisions;
use emendo_core::review::decision::BadLine;
use emendo_core::rules::packs::PackError;
use emendo_core::rules::{
    Caps, Diagnostic, Encodings, FileGlobOptionError, Knowledge, PolicyOptionError, Profile, Project, RuleDir, Style, Syntaxes,
    UnknownProfile, is_language_tag, load, parse_policy_option,
};

/// What a caller says beside the project. Paths are relative to the current folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsOptions {
    /// Folders of rules to use with the shipped ones, in place of those that the project names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rule_dirs: Vec<PathBuf>,
    /// Packs beside those that the project names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
    /// Use the shipped rules alone, whatever the project says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub isolated: bool,
    /// The most that passes may do: `ask`, or `typos=ask,names=off`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// The profile; else the project's, else `news`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The language of the documents, as a tag of BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Encodings of files that do not say theirs: `windows-1252`, or `old/**=macintosh`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encodings: Vec<String>,
    /// Syntaxes of files that their names do not tell: `markdown`, or `posts/**=markdown`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub syntaxes: Vec<String>,
    /// The name of the style of quotation marks and apostrophes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<String>,
    /// The file of decisions; else the project's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decisions: Option<PathBuf>,
}

/// What is wrong with a project or with the options of a run.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// Rule files or `emendo.toml` have errors, or rules break laws.
    #[error("The rules have errors.")]
    Rules(Vec<Diagnostic>),
    /// A policy cannot be read.
    #[error(transparent)]
    Policy(#[from] PolicyOptionError),
    /// There is no such profile.
    #[error(transparent)]
    Profile(#[from] UnknownProfile),
    /// There is no such pack.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// An encoding or a syntax cannot be read.
    #[error(transparent)]
    FileGlob(#[from] FileGlobOptionError),
    /// There is no such style of quotation marks.
    #[error("There is no style {0} of quotation marks: write straight or typographic.")]
    Quotes(String),
    /// The language is no tag.
    #[error("{0} is no language tag. Write a code of BCP 47 such as en or en-GB.")]
    Language(String),
    /// Decisions have no place.
    #[error(
        "There is no emendo.toml above what is to be cleaned, so that decisions have no place. Make one there (an empty one will do), or name the file with --decisions FILE."
    )]
    NoDecisionsFile,
    /// The project names a file of decisions that is not there.
    #[error("emendo.toml names the decisions file {}, which is not there. Correct the name, or make the file: an empty one will do.", .0.display())]
    MissingDecisions(PathBuf),
    /// Decisions cannot be read. The message of the variant alone does not say which: see [`crate::CorpusError::lines`].
    #[error("Correct or remove these lines: a decision that cannot be read is never guessed.")]
    Decisions {
        /// Their file.
        path: PathBuf,
        /// The lines.
        bad: Vec<BadLine>,
    },
    /// Projects extend each other.
    #[error("{} extends {}, which extends it again. Take one `extends` out.", by.display(), file.display())]
    ExtendsItself {
        /// The project that is extended.
        file: PathBuf,
        /// By this one.
        by: PathBuf,
    },
    /// A project that is extended cannot be read.
    #[error("{fault} Correct `extends` in {}.", by.display())]
    Extended {
        /// Why.
        fault: IoFault,
        /// The project that extends it.
        by: PathBuf,
    },
    /// A folder of rules cannot be read.
    #[error("{fault} Correct --rules, or `rules` in emendo.toml.")]
    RuleFolder {
        /// Why.
        fault: IoFault,
    },
    /// A format of envelopes that the rules declare is wrong; the message may have several lines.
    #[error(transparent)]
    Formats(#[from] FormatFileError),
}

/// What the caller and the project say, resolved.
pub struct Settings {
    /// The rules and all that was read with them.
    pub knowledge: Knowledge,
    /// The folders of rules that were read beside the shipped ones, in order.
    pub dirs: Vec<RuleDir>,
    /// The folders that the project or the options name, in order. One that the project does not name may be missing.
    pub rule_folders: Vec<PathBuf>,
    /// The folder of the project's `emendo.toml`, if there is one.
    pub home: Option<PathBuf>,
    /// The most that the passes may do: profile, project and options together.
    pub caps: Caps,
    /// The profile's name.
    pub profile: String,
    /// The language of the documents, if it was declared.
    pub lang: Option<String>,
    /// How quotation marks and apostrophes are typed.
    pub quotes: Style,
    /// The encodings of files that do not say theirs.
    pub encodings: Encodings,
    /// The syntaxes of files that their names do not tell.
    pub syntax: Syntaxes,
    /// The decisions, and the file they stand in.
    pub decisions: Decisions,
    /// That file, if there is one.
    pub decisions_file: Option<PathBuf>,
    /// What stands in it.
    decisions_text: Option<String>,
    /// Lines of it that accept in nobody's name, where the profile wants names.
    pub unnamed: Vec<usize>,
    wants_names: bool,
}

/// What a command wants beside the usual.
#[derive(Default)]
struct Wish {
    makes_decisions: bool,
    is_unproven: bool,
    dirs: Option<Vec<RuleDir>>,
}

/// What is decided, and where it stands.
#[derive(Default)]
struct Decided {
    file: Option<DecisionsFile>,
    path: Option<PathBuf>,
    decisions: Decisions,
    text: Option<String>,
    unnamed: Vec<usize>,
}

impl Settings {
    /// Resolves the options. `first` is the first input, where the search for `emendo.toml` starts.
    ///
    /// # Errors
    /// What is wrong with options, project, rules or decisions.
    pub fn resolve(options: &SettingsOptions, first: Option<&Path>) -> Result<Self, ProjectError> {
        Ok(Self::resolve_with(options, first, Wish::default())?.0)
    }

    /// The same for a command that proves the rules itself; with these folders of rules in place of what stands in them, if there are such.
    ///
    /// # Errors
    /// As [`Self::resolve`], but no rule breaks a law.
    pub fn unproven(options: &SettingsOptions, first: Option<&Path>, dirs: Option<Vec<RuleDir>>) -> Result<Self, ProjectError> {
        Ok(Self::resolve_with(options, first, Wish { is_unproven: true, dirs, ..Wish::default() })?.0)
    }

    /// The folders of rules beside the shipped ones and the packs, and what is in them.
    ///
    /// # Errors
    /// When project or folders cannot be read.
    pub fn dirs(options: &SettingsOptions, first: Option<&Path>) -> Result<Vec<(RuleFolderSetting, RuleDir)>, ProjectError> {
        let home = Home::of(options, first)?;
        let mut folders = rule_folders(options, home.as_ref());
        folders.retain(RuleFolderSetting::is_read);
        let dirs = read_dirs(&folders)?;
        Ok(folders.into_iter().zip(dirs).collect())
    }

    /// The same for a command that adds decisions, with the file that they belong into, be it there already or not.
    ///
    /// # Errors
    /// As [`Self::resolve`], and if decisions have no place.
    pub fn for_decisions(options: &SettingsOptions, first: Option<&Path>) -> Result<(Self, DecisionsFile), ProjectError> {
        let (settings, file) = Self::resolve_with(options, first, Wish { makes_decisions: true, ..Wish::default() })?;
        Ok((settings, file.ok_or(ProjectError::NoDecisionsFile)?))
    }

    fn resolve_with(options: &SettingsOptions, first: Option<&Path>, wish: Wish) -> Result<(Self, Option<DecisionsFile>), ProjectError> {
        let Wish { makes_decisions, is_unproven, dirs: given } = wish;
        let home = Home::of(options, first)?;
        let folders = rule_folders(options, home.as_ref());
        let mut dirs = pack_dirs(options, home.as_ref())?;
        dirs.extend(given.map_or_else(|| read_dirs(&folders), Ok)?);
        let knowledge = if is_unproven { load(true, &dirs).map_err(ProjectError::Rules)? } else { proven(&dirs)? };
        let project = home.as_ref().map_or_else(Project::default, |home| home.project.clone());
        let profile = options.profile.clone().or(project.profile.clone()).unwrap_or_else(|| "news".to_owned());
        let Profile { mut caps, wants_names, .. } = knowledge.profile(&profile).map_err(ProjectError::Profile)?.clone();
        caps.caps.extend(project.policy.caps.iter().copied());
        for policy in &options.policies {
            caps.caps.extend(parse_policy_option(policy).map_err(ProjectError::Policy)?.caps);
        }
        let folder = home.as_ref().map(|home| &*home.folder);
        let decided = decided(options, folder, &project, makes_decisions, wants_names)?;
        let settings = Self {
            knowledge,
            dirs,
            rule_folders: folders.into_iter().filter(|folder| folder.is_own).map(|folder| folder.path).collect(),
            caps,
            profile,
            lang: language(options, &project)?,
            quotes: quotes(options, &project)?,
            encodings: encodings(options, project.encodings)?,
            syntax: syntaxes(options, project.syntax)?,
            home: home.map(|home| home.folder),
            decisions: decided.decisions,
            decisions_file: decided.path,
            decisions_text: decided.text,
            unnamed: decided.unnamed,
            wants_names,
        };
        Ok((settings, decided.file))
    }

    /// The decisions file as it was read, if there is one.
    pub fn decisions_text(&self) -> Option<&str> {
        self.decisions_text.as_deref()
    }

    /// Whether only acceptances count that say whose they are.
    pub fn wants_names(&self) -> bool {
        self.wants_names
    }

    /// The decisions as they would be with more lines in the file.
    ///
    /// # Errors
    /// When the file or the lines cannot be read.
    pub fn decisions_with(&self, file: &DecisionsFile, lines: &str) -> Result<Decisions, ProjectError> {
        let (_, text) = DecisionsFile::open(file.path())?;
        // A last line that was torn goes when one is added.
        let whole = if self.decisions.torn { &text[..text.rfind('\n').map_or(0, |end| end + 1)] } else { &text };
        let end = if whole.is_empty() || whole.ends_with('\n') { "" } else { "\n" };
        let mut decisions = parsed(file.path(), &[whole, end, lines].concat())?;
        if self.wants_names {
            decisions.drop_unnamed();
        }
        Ok(decisions)
    }

    /// Whether the documents are in English, as far as it was declared.
    pub fn is_english(&self) -> bool {
        self.lang.as_deref().is_none_or(|lang| lang == "en" || lang.starts_with("en-"))
    }

    /// What cleans the sources.
    ///
    /// # Errors
    /// When the envelope formats of the rules are wrong.
    pub fn cleaner(&self) -> Result<Cleaner, ProjectError> {
        self.cleaner_of(&self.knowledge)
    }

    /// The same with other rules.
    ///
    /// # Errors
    /// When the envelope formats of the rules are wrong.
    pub fn cleaner_of(&self, knowledge: &Knowledge) -> Result<Cleaner, ProjectError> {
        let formats = formats(knowledge).map_err(ProjectError::Formats)?;
        let chain = Chain::new(Arc::new(knowledge.rules.in_style(self.quotes)), &knowledge.chain, &self.caps);
        Ok(Cleaner::new(chain, formats, self.decisions.clone(), self.lang.clone())
            .with_encodings(self.encodings.clone())
            .with_syntax(self.syntax.clone()))
    }
}

/// The rules, proven.
fn proven(dirs: &[RuleDir]) -> Result<Knowledge, ProjectError> {
    let knowledge = load(true, dirs).map_err(ProjectError::Rules)?;
    // The shipped rules are proven by the project's tests; a project's own, each time they are loaded.
    let broken = check::own_rules(&knowledge);
    if broken.is_empty() { Ok(knowledge) } else { Err(ProjectError::Rules(broken)) }
}

/// The decisions of the options or the project.
fn decided(
    options: &SettingsOptions,
    folder: Option<&Path>,
    project: &Project,
    makes_decisions: bool,
    wants_names: bool,
) -> Result<Decided, ProjectError> {
    let named = folder.map(|folder| folder.join(project.decisions.as_deref().unwrap_or("decisions.jsonl")));
    // A name that somebody wrote and that leads nowhere would lose every decision without a word.
    let must_exist = options.decisions.is_none() && project.decisions.is_some() && !makes_decisions;
    if let Some(file) = named.as_ref().filter(|file| must_exist && !file.exists()) {
        return Err(ProjectError::MissingDecisions(file.clone()));
    }
    if let Some(file) = options.decisions.as_ref().filter(|_| !makes_decisions) {
        disk::read_text(file)?;
    }
    let Some(path) = options.decisions.clone().or(named.filter(|file| makes_decisions || file.exists())) else {
        return Ok(Decided::default());
    };
    let (file, text) = DecisionsFile::open(&path)?;
    let mut decisions = parsed(&path, &text)?;
    let unnamed = if wants_names { decisions.drop_unnamed() } else { Vec::new() };
    Ok(Decided { file: Some(file), path: Some(path), decisions, text: Some(text), unnamed })
}

fn parsed(path: &Path, text: &str) -> Result<Decisions, ProjectError> {
    Decisions::parse(text).map_err(|bad| ProjectError::Decisions { path: path.to_owned(), bad })
}

fn language(options: &SettingsOptions, project: &Project) -> Result<Option<String>, ProjectError> {
    let lang = options.lang.clone().or_else(|| project.lang.clone());
    match lang.as_deref().filter(|lang| !is_language_tag(lang)) {
        Some(unknown) => Err(ProjectError::Language(unknown.to_owned())),
        None => Ok(lang),
    }
}

fn quotes(options: &SettingsOptions, project: &Project) -> Result<Style, ProjectError> {
    let unknown = |name: &str| ProjectError::Quotes(name.to_owned());
    let named = options.quotes.as_deref().map(|name| Style::from_name(name).ok_or_else(|| unknown(name))).transpose()?;
    Ok(named.or(project.quotes).unwrap_or_default())
}

fn encodings(options: &SettingsOptions, of_project: Encodings) -> Result<Encodings, ProjectError> {
    let mut encodings = Encodings::default();
    options.encodings.iter().try_for_each(|declared| encodings.parse_option(declared))?;
    Ok(encodings.or(of_project))
}

fn syntaxes(options: &SettingsOptions, of_project: Syntaxes) -> Result<Syntaxes, ProjectError> {
    let mut syntaxes = Syntaxes::default();
    options.syntaxes.iter().try_for_each(|declared| syntaxes.parse_option(declared))?;
    Ok(syntaxes.or(of_project))
}
