//! From what was typed to what a run needs. Everything that can be wrong is found here, before the
//! first document is read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::RuleArgs;
use super::command_error::CommandError;
use super::counted;
use emendo_core::chain::Chain;
use emendo_core::cleaner::{Cleaner, formats};
use emendo_core::review::Decisions;
use emendo_core::rules::packs::{self, Pack};
use emendo_core::rules::{
    Caps, Encodings, Knowledge, Profile, Project, RuleDir, Style, Syntaxes, is_language_tag, is_rule_file, load, parse_policy_option,
    parse_project,
};
use emendo_corpus::check;
use emendo_corpus::disk::{self, DecisionsFile};
use emendo_corpus::report::{escape, escape_lines};

/// What the user and the project say, resolved.
pub struct Settings {
    /// The rules and all that was read with them.
    pub knowledge: Knowledge,
    /// The folders of rules that were read beside the shipped ones, in order.
    pub dirs: Vec<RuleDir>,
    /// The folders that the project or the command line names, in order. One that the project does not name may be missing.
    pub rule_folders: Vec<PathBuf>,
    /// The folder of the project's `emendo.toml`, if there is one.
    pub home: Option<PathBuf>,
    /// The most that the passes may do: profile, project and command line together.
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
    unnamed: Vec<usize>,
    wants_names: bool,
}

/// The project that a run belongs to: the nearest `emendo.toml` at or above the first path.
struct Home {
    folder: PathBuf,
    /// What it says, and where it says nothing what those say that it extends.
    project: Project,
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

/// What a command wants beside the usual.
#[derive(Default)]
struct Wish {
    makes_decisions: bool,
    is_unproven: bool,
    dirs: Option<Vec<RuleDir>>,
}

impl Settings {
    /// Resolves the options. `first` is the first PATH, where the search for `emendo.toml` starts.
    pub fn resolve(args: &RuleArgs, first: Option<&Path>) -> Result<Self, CommandError> {
        Ok(Self::resolve_with(args, first, Wish::default())?.0)
    }

    /// The same for a command that proves the rules itself; with these folders of rules in place of what stands in them, if there are such.
    pub fn unproven(args: &RuleArgs, first: Option<&Path>, dirs: Option<Vec<RuleDir>>) -> Result<Self, CommandError> {
        Ok(Self::resolve_with(args, first, Wish { is_unproven: true, dirs, ..Wish::default() })?.0)
    }

    /// The folders of rules beside the shipped ones and the packs, and what is in them.
    pub fn dirs(args: &RuleArgs, first: Option<&Path>) -> Result<Vec<(RuleFolderSetting, RuleDir)>, CommandError> {
        let home = if args.isolated { None } else { home(first)? };
        let mut folders = rule_folders(args, home.as_ref());
        folders.retain(|folder| !folder.may_be_missing || folder.path.is_dir());
        let dirs = read_dirs(&folders)?;
        Ok(folders.into_iter().zip(dirs).collect())
    }

    /// The same for a command that adds decisions, with the file that they belong into, be it there already or not.
    pub fn for_decisions(args: &RuleArgs, first: Option<&Path>) -> Result<(Self, DecisionsFile), CommandError> {
        let (settings, file) = Self::resolve_with(args, first, Wish { makes_decisions: true, ..Wish::default() })?;
        let none = "There is no emendo.toml above what is to be cleaned, so that decisions have no place. Make one there (an empty one will do), or name the file with --decisions FILE.";
        Ok((settings, file.ok_or_else(|| CommandError::refused(none))?))
    }

    fn resolve_with(args: &RuleArgs, first: Option<&Path>, wish: Wish) -> Result<(Self, Option<DecisionsFile>), CommandError> {
        let Wish { makes_decisions, is_unproven, dirs } = wish;
        let home = if args.isolated { None } else { home(first)? };
        let folders = rule_folders(args, home.as_ref());
        let mut all = pack_dirs(args, home.as_ref())?;
        all.extend(dirs.map_or_else(|| read_dirs(&folders), Ok)?);
        let dirs = all;
        let rule_folders = folders.into_iter().filter(|folder| folder.is_own).map(|folder| folder.path).collect();
        let knowledge = if is_unproven { load(true, &dirs).map_err(CommandError::Rules)? } else { knowledge(&dirs)? };
        let project = home.as_ref().map_or_else(Project::default, |home| home.project.clone());
        let profile = args.profile.clone().or(project.profile).unwrap_or_else(|| "news".to_owned());
        let Profile { mut caps, wants_names, .. } =
            knowledge.profile(&profile).map_err(|why| CommandError::refused(escape(&why.to_string())))?.clone();
        caps.caps.extend(project.policy.caps);
        for policy in &args.policy {
            caps.caps.extend(parse_policy_option(policy).map_err(|why| CommandError::refused(escape(&why.to_string())))?.caps);
        }
        let named = home.as_ref().map(|home| home.folder.join(project.decisions.as_deref().unwrap_or("decisions.jsonl")));
        // A name that somebody wrote and that leads nowhere would lose every decision without a word.
        if let Some(file) =
            named.as_ref().filter(|file| args.decisions.is_none() && project.decisions.is_some() && !makes_decisions && !file.exists())
        {
            let file = file.display().to_string();
            return Err(CommandError::refused(format!(
                "emendo.toml names the decisions file {}, which is not there. Correct the name, or make the file: an empty one will do.",
                escape(&file)
            )));
        }
        let decisions_file = args.decisions.clone().or(named.filter(|file| makes_decisions || file.exists()));
        if let Some(file) = args.decisions.as_ref().filter(|_| !makes_decisions) {
            disk::read_text(file).map_err(fault)?;
        }
        let read = decisions_file.as_deref().map(decisions).transpose()?;
        let (file, mut decisions, decisions_text) = match read {
            Some((file, decisions, text)) => (Some(file), Some(decisions), Some(text)),
            None => (None, None, None),
        };
        let unnamed = decisions.as_mut().filter(|_| wants_names).map(Decisions::drop_unnamed).unwrap_or_default();
        let decisions = decisions.unwrap_or_default();
        let lang = args.lang.clone().or(project.lang);
        if let Some(lang) = lang.as_deref().filter(|lang| !is_language_tag(lang)) {
            return Err(CommandError::refused(format!("{} is no language tag. Write a code of BCP 47 such as en or en-GB.", escape(lang))));
        }
        let quotes = args.quotes.or(project.quotes).unwrap_or_default();
        let mut encodings = Encodings::default();
        for encoding in &args.encoding {
            encodings.parse_option(encoding).map_err(|why| CommandError::refused(escape(&why.to_string())))?;
        }
        let encodings = encodings.or(project.encodings);
        let mut syntax = Syntaxes::default();
        for declared in &args.syntax {
            syntax.parse_option(declared).map_err(|why| CommandError::refused(escape(&why.to_string())))?;
        }
        let syntax = syntax.or(project.syntax);
        let settings = Self {
            knowledge,
            dirs,
            rule_folders,
            home: home.map(|home| home.folder),
            caps,
            profile,
            lang,
            quotes,
            encodings,
            syntax,
            decisions,
            decisions_file,
            decisions_text,
            unnamed,
            wants_names,
        };
        Ok((settings, file))
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
    pub fn decisions_with(&self, file: &DecisionsFile, lines: &str) -> Result<Decisions, CommandError> {
        let (_, text) = DecisionsFile::open(file.path()).map_err(fault)?;
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
    pub fn cleaner(&self) -> Result<Cleaner, CommandError> {
        self.cleaner_of(&self.knowledge)
    }

    /// The same with other rules.
    pub fn cleaner_of(&self, knowledge: &Knowledge) -> Result<Cleaner, CommandError> {
        let formats = formats(knowledge).map_err(|why| CommandError::refused(escape_lines(&why.to_string())))?;
        let chain = Chain::new(Arc::new(knowledge.rules.in_style(self.quotes)), &knowledge.chain, &self.caps);
        Ok(Cleaner::new(chain, formats, self.decisions.clone(), self.lang.clone())
            .with_encodings(self.encodings.clone())
            .with_syntax(self.syntax.clone()))
    }

    /// The rules and decisions that were used, in a line for people, and a line for each decision that can
    /// do nothing.
    pub fn rules_line(&self) -> String {
        let used: Vec<_> =
            self.knowledge.used.iter().map(|used| format!("{} ({})", escape(&used.place), counted(used.rules, "rule"))).collect();
        let mut text = format!("rules: {}; profile {}", used.join(", "), escape(&self.profile));
        if self.quotes != Style::default() {
            let _ = write!(text, "; quotes {}", self.quotes.name());
        }
        if let Some(file) = &self.decisions_file {
            let file = file.display().to_string();
            let _ = write!(text, "; {} of {}", counted(self.decisions.len(), "decision"), escape(&file));
            self.note_idle_decisions(&mut text, &escape(&file));
        }
        text
    }

    fn note_idle_decisions(&self, text: &mut String, file: &str) {
        let idle = self.decisions.without_rule(&self.knowledge.rules);
        for (line, rule) in idle.iter().take(NOTES) {
            let _ = write!(
                text,
                "\n  note: {file}:{line}: there is no rule {}, or it finds something else now: the decision does nothing",
                escape(rule)
            );
        }
        if idle.len() > NOTES {
            let _ = write!(text, "\n  note: {} more lines of {file} are about no rule of this run", idle.len() - NOTES);
        }
        for (one, other) in self.decisions.contradictions().iter().take(NOTES) {
            let _ = write!(
                text,
                "\n  note: {file}:{one} and {file}:{other} want different things: the rejection counts, or nothing is done; withdraw one of them"
            );
        }
        if let Some(line) = self.unnamed.first() {
            let (more, accept) = match self.unnamed.len() {
                1 => (String::new(), "accepts"),
                all => (format!(" and {} more", counted(all - 1, "line")), "accept"),
            };
            let _ = write!(
                text,
                "\n  note: {file}:{line}{more} {accept} in nobody's name, which the profile {} does not take: add \"who\"",
                escape(&self.profile)
            );
        }
        if self.decisions.torn {
            let _ = write!(text, "\n  note: {file}: the last line is cut off and was left out");
        }
    }
}

/// So many decisions that can do nothing are told one by one.
const NOTES: usize = 5;

fn home(first: Option<&Path>) -> Result<Option<Home>, CommandError> {
    let start = first.filter(|path| *path != Path::new("-")).unwrap_or(Path::new("."));
    let Some(file) = disk::find_upwards(start, "emendo.toml") else { return Ok(None) };
    let mut seen = vec![file.clone()];
    let mut home = project_at(&file)?;
    let mut extended = home.project.extends.take().map(|path| home.folder.join(path));
    while let Some(named) = extended {
        let file = if named.is_dir() { named.join("emendo.toml") } else { named };
        let is_same = |other: &PathBuf| other.canonicalize().ok().is_some_and(|other| file.canonicalize().is_ok_and(|file| file == other));
        if seen.iter().any(is_same) {
            let (one, other) = (file.display().to_string(), seen[seen.len() - 1].display().to_string());
            return Err(CommandError::refused(format!(
                "{} extends {}, which extends it again. Take one `extends` out.",
                escape(&other),
                escape(&one)
            )));
        }
        let lost = |why: String| {
            CommandError::refused(format!("{why} Correct `extends` in {}.", escape(&seen[seen.len() - 1].display().to_string())))
        };
        let text = disk::read_text(&file).map_err(|fault| lost(escape(&fault.to_string()).into_owned()))?;
        let mut base = project_of(&file, &text)?;
        extended = base.project.extends.take().map(|path| base.folder.join(path));
        let of_others = base.rules.into_iter().map(|folder| RuleFolderSetting { is_own: false, ..folder });
        home = Home { project: home.project.or(base.project), rules: of_others.chain(home.rules).collect(), ..home };
        seen.push(file);
    }
    Ok(Some(home))
}

/// What a project says by itself.
fn project_at(file: &Path) -> Result<Home, CommandError> {
    project_of(file, &disk::read_text(file).map_err(fault)?)
}

fn project_of(file: &Path, text: &str) -> Result<Home, CommandError> {
    let project = parse_project(&file.display().to_string(), text).map_err(CommandError::Rules)?;
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    let of = |name: &str, may_be_missing| RuleFolderSetting { path: folder.join(name), is_own: true, may_be_missing };
    let rules = match &project.rules {
        Some(named) => named.iter().map(|dir| of(dir, false)).collect(),
        None => vec![of("rules", true)],
    };
    Ok(Home { folder, project, rules })
}

/// The folders that rules are read from, the ones of the command line or else the project's.
fn rule_folders(args: &RuleArgs, home: Option<&Home>) -> Vec<RuleFolderSetting> {
    if args.dirs.is_empty() {
        return home.map(|home| home.rules.clone()).unwrap_or_default();
    }
    args.dirs.iter().map(|dir| RuleFolderSetting { path: dir.clone(), is_own: true, may_be_missing: false }).collect()
}

/// The packs that the command line and the project name.
fn pack_dirs(args: &RuleArgs, home: Option<&Home>) -> Result<Vec<RuleDir>, CommandError> {
    let of_project = home.and_then(|home| home.project.packs.as_deref()).unwrap_or_default();
    let packs = packs::named(of_project.iter().chain(&args.packs).map(String::as_str));
    Ok(packs.map_err(|why| CommandError::refused(escape(&why.to_string())))?.into_iter().map(Pack::dir).collect())
}

/// What is in the folders.
fn read_dirs(folders: &[RuleFolderSetting]) -> Result<Vec<RuleDir>, CommandError> {
    let mut read = Vec::new();
    for RuleFolderSetting { path, .. } in folders.iter().filter(|folder| !folder.may_be_missing || folder.path.is_dir()) {
        let files = disk::read_tree(path, is_rule_file).map_err(|error| {
            CommandError::refused(format!("{} Correct --rules, or `rules` in emendo.toml.", escape(&error.to_string())))
        })?;
        read.push(RuleDir { name: path.display().to_string(), files, ..RuleDir::default() });
    }
    Ok(read)
}

fn knowledge(dirs: &[RuleDir]) -> Result<Knowledge, CommandError> {
    let knowledge = load(true, dirs).map_err(CommandError::Rules)?;
    // The shipped rules are proven by the project's tests; a project's own, each time they are loaded.
    let broken = check::own_rules(&knowledge);
    if broken.is_empty() { Ok(knowledge) } else { Err(CommandError::Rules(broken)) }
}

fn decisions(path: &Path) -> Result<(DecisionsFile, Decisions, String), CommandError> {
    let (file, text) = DecisionsFile::open(path).map_err(fault)?;
    let decisions = parsed(path, &text)?;
    Ok((file, decisions, text))
}

fn parsed(path: &Path, text: &str) -> Result<Decisions, CommandError> {
    Decisions::parse(text).map_err(|bad| {
        let lines: Vec<_> = bad
            .iter()
            .map(|bad| format!("{}:{}: {}", escape(&path.display().to_string()), bad.line, escape(&bad.error.to_string())))
            .collect();
        CommandError::refused(format!(
            "{}\nCorrect or remove these lines: a decision that cannot be read is never guessed.",
            lines.join("\n")
        ))
    })
}

/// A file that cannot be read.
#[expect(clippy::needless_pass_by_value, reason = "map_err gives it away")]
fn fault(fault: disk::IoFault) -> CommandError {
    CommandError::refused(escape(&fault.to_string()))
}
