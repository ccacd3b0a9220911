//! `emendo rules add`.

use std::path::{Path, PathBuf};

use super::cuttings::Cuttings;
use super::fresh::Fresh;
use super::trial::text_of;
use super::wanted::{New, Wanted};
use crate::check;
use crate::cli::args::{AddArgs, Format, RuleArgs};
use crate::cli::batch::{self, Ended, What};
use crate::cli::console::Console;
use crate::cli::counted;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::settings::Settings;
use crate::corpus::{self, IoFault};
use crate::report::{escape, escape_lines};
use crate::rules::{Find, Knowledge, Rule, RuleDir};

/// Adds a rule to the project's, or shows what that would write.
pub fn run(args: &AddArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let rules = RuleArgs { dirs: args.dirs.clone(), ..RuleArgs::default() };
    let settings = Settings::resolve(&rules, args.paths.first().map(|path| &**path))?;
    run_in(&settings, args, console)
}

/// The same in a project that is settled.
pub fn run_in(settings: &Settings, args: &AddArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let mut wanted = Wanted::new(&args.new, args.why.as_deref(), args.policy)?;
    wanted.free_id(&settings.knowledge, &args.new);
    let mut book = Book::open(settings, wanted)?;
    refuse_known(&settings.knowledge, &book.wanted)?;
    let ended = book.settle(args, settings, console)?;
    if ended == Ended::Interrupted {
        return Ok(Outcome::Interrupted);
    }
    let (fresh, files) = book.proven(settings)?;
    if !args.dry_run {
        book.refuse_changed(&files)?;
        for (path, text) in &files {
            write(&book.folder, path, text).map_err(|fault| Failure::refused(escape(&fault.to_string())))?;
        }
    }
    let gone = settings.knowledge.rules.iter().filter(|(_, rule)| fresh.knowledge.rules.by_id(&rule.id).is_none());
    let replaced = gone.map(|(_, rule)| rule.id.to_string()).collect();
    let added = Added { book: &book, fresh: &fresh, files: &files, replaced, is_dry: args.dry_run };
    match args.format {
        Format::Json => console.json(&added.json())?,
        Format::Human => console.out(&added.human())?,
    }
    Ok(Outcome::Done)
}

/// The folder of rules that is added to, and what is added.
struct Book<'a> {
    folder: PathBuf,
    dirs: &'a [RuleDir],
    wanted: Wanted,
}

impl<'a> Book<'a> {
    fn open(settings: &'a Settings, wanted: Wanted) -> Result<Self, Failure> {
        let path = wanted.path();
        let has_it = |folder: &&PathBuf| folder.join(&path).is_file();
        let folder = settings.rule_folders.iter().rev().find(has_it).or(settings.rule_folders.last());
        let none =
            "There is no emendo.toml here or above, so that rules have no place. emendo init makes a project; --rules DIR names a folder.";
        let folder = folder.ok_or_else(|| Failure::refused(none))?.clone();
        let book = Self { folder, dirs: &settings.dirs, wanted };
        if matches!(book.wanted.new, New::File { .. })
            && let Some(path) = book.taken()
        {
            let path = book.folder.join(path).display().to_string();
            return Err(Failure::refused(format!("{} is there already. Choose another name with --into PASS/NAME.", escape(&path))));
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

    fn text(&self, path: &str) -> Option<String> {
        text_of(self.dir().map(std::slice::from_ref).unwrap_or_default(), path)
    }

    /// Refuses to write over what somebody else wrote since the rules were read.
    fn refuse_changed(&self, files: &[(String, String)]) -> Result<(), Failure> {
        let is_as_read = |path: &str| match self.text(path) {
            Some(text) => corpus::read_text(&self.folder.join(path)).is_ok_and(|now| now == text),
            None => self.folder.join(path).symlink_metadata().is_err(),
        };
        match files.iter().find(|(path, _)| !is_as_read(path)) {
            Some((path, _)) => {
                let file = self.folder.join(path).display().to_string();
                Err(Failure::refused(format!("{} has changed since it was read. Nothing was written; try again.", escape(&file))))
            }
            None => Ok(()),
        }
    }

    /// The defaults that come with a table that somebody wrote.
    fn own_defaults(&self) -> Option<&str> {
        if let New::File { defaults, .. } = &self.wanted.new { defaults.as_deref() } else { None }
    }

    /// The files that are written, as they would be.
    fn files(&mut self) -> Result<Vec<(String, String)>, Failure> {
        let text = self.text(&self.wanted.path()).unwrap_or_default();
        let defaults = self.text(&self.wanted.defaults_path());
        self.wanted.say_why(&text, defaults.as_deref());
        let mut files = vec![(self.wanted.path(), self.wanted.added_to(&text)?)];
        files.extend(self.own_defaults().map(|defaults| (self.wanted.defaults_path(), defaults.to_owned())));
        Ok(files)
    }

    /// All folders, with these files in place of those that are there.
    fn dirs_with(&self, files: &[(String, String)]) -> Vec<RuleDir> {
        let mut dirs = self.dirs.to_vec();
        if self.dir().is_none() {
            dirs.push(RuleDir { name: self.name(), files: Vec::new(), ..RuleDir::default() });
        }
        let name = self.name();
        let dir = dirs.iter_mut().find(|dir| dir.name == name).expect("it was pushed if it was missing");
        dir.files.retain(|(path, _)| files.iter().all(|(new, _)| new != path));
        dir.files.extend(files.iter().cloned());
        dirs
    }

    /// Finds examples, and cuts quotes from the corpus if there is one.
    fn settle(&mut self, args: &AddArgs, settings: &Settings, console: &mut Console) -> Result<Ended, Failure> {
        let files = self.files()?;
        let fresh = Fresh::load(&self.dirs_with(&files), &self.wanted, &self.name())?;
        let unusable = check::unusable_rules(&fresh.knowledge, |rule| fresh.is_new(&rule.id));
        if !unusable.is_empty() {
            return Err(Failure::Rules(self.wanted.named(&self.name(), unusable)));
        }
        let mut cuttings = Cuttings::new(fresh.rules().filter_map(|(_, rule)| right(rule)));
        if !args.paths.is_empty() && !args.no_quotes_from_corpus {
            let cleaner = settings.cleaner_of(&fresh.knowledge)?;
            let listing = batch::listing(&args.paths)?;
            let ended = batch::run(&listing, &cleaner, &batch::threads(args.threads)?, console, |inputs| {
                for input in &inputs {
                    if let What::Read { report, .. } = &input.what {
                        cuttings.add(report, |id| fresh.is_new(id));
                    }
                }
                Ok(())
            })?;
            if ended == Ended::Interrupted {
                return Ok(ended);
            }
        }
        let why_not = fresh.settle_examples(&mut self.wanted, &cuttings)?;
        let text = self.text(&self.wanted.path()).unwrap_or_default();
        fresh.settle_quotes(&mut self.wanted, &cuttings, &text);
        if self.wanted.lacks_example() {
            let way_out = match why_not {
                Some(why) => format!("None of the corpus would hold: {}. Let it find less, or give one with --example.", escape(&why)),
                None if args.paths.is_empty() => "Give one with --example, or a corpus to cut it from.".to_owned(),
                None => "None could be cut from the corpus. Give one with --example.".to_owned(),
            };
            return Err(Failure::refused(format!("A pattern needs an example. {way_out}")));
        }
        Ok(Ended::Wholly)
    }

    /// All rules with the new one, proven, and the files that say it.
    fn proven(&mut self, settings: &Settings) -> Result<(Fresh, Vec<(String, String)>), Failure> {
        let files = self.files()?;
        let fresh = Fresh::load(&self.dirs_with(&files), &self.wanted, &self.name())?;
        let breaches = check::rules(&fresh.knowledge);
        if !breaches.is_empty() {
            return Err(Failure::Rules(self.wanted.named(&self.name(), fresh.new_first(breaches))));
        }
        let lost =
            settings.knowledge.rules.iter().find(|(_, rule)| !rule.origin.shipped && fresh.knowledge.rules.by_id(&rule.id).is_none());
        match lost {
            Some((_, rule)) => Err(Failure::refused(format!(
                "It would take the place of {} ({}:{}). Correct that rule, or remove it first.",
                escape(&rule.id),
                escape(&rule.origin.file),
                rule.origin.line
            ))),
            None => Ok((fresh, files)),
        }
    }
}

fn right(rule: &Rule) -> Option<String> {
    match &rule.find {
        Find::Words { right: form, .. } | Find::Name { canonical: form, .. } => Some(form.to_string()),
        _ => None,
    }
}

/// Refuses a rule about what another one is about.
fn refuse_known(knowledge: &Knowledge, wanted: &Wanted) -> Result<(), Failure> {
    let rules = || knowledge.rules.iter().map(|(_, rule)| rule).filter(|rule| rule.pass == wanted.pass);
    let is_open = |rule: &&Rule| rule.only.files.is_none() && rule.not.is_empty();
    let known = match &wanted.new {
        New::Rows(rows) => rows.iter().find_map(|row| {
            rules().filter(is_open).find(|rule| match &rule.find {
                // A project may well have its own mind about what is shipped.
                Find::Words { wrong, right, .. } => {
                    *wrong == row.key && (!rule.origin.shipped || row.policy.is_none() && matches!(&row.forms[..], [form] if form == right))
                }
                Find::Name { variant, canonical, .. } => {
                    row.forms.iter().any(|form| form == variant) && (!rule.origin.shipped || row.policy.is_none() && *canonical == row.key)
                }
                _ => false,
            })
        }),
        New::Pattern(pattern) => {
            rules().filter(is_open).find(|rule| matches!(&rule.find, Find::Pattern { find, .. } if find.as_str() == pattern.find))
        }
        New::File { .. } => None,
    };
    known.map_or(Ok(()), |rule| Err(Failure::refused(already(rule))))
}

fn already(rule: &Rule) -> String {
    let does = match &rule.find {
        Find::Words { wrong: before, right: after, .. } | Find::Name { variant: before, canonical: after, .. } => {
            format!("makes {} of {}", escape(after), escape(before))
        }
        _ => "finds the same".to_owned(),
    };
    let (id, file, line) = (escape(&rule.id), escape(&rule.origin.file), rule.origin.line);
    let way_out =
        if rule.origin.shipped { "It comes with emendo; --policy gives it another policy." } else { "Correct that rule instead." };
    format!("The rule {id} already {does} ({file}:{line}). {way_out}")
}

/// Writes a file of the folder whole; it and its folders are made if missing.
fn write(folder: &Path, path: &str, text: &str) -> Result<(), IoFault> {
    let file = folder.join(path);
    if file.exists() { corpus::write_whole(&file, text.as_bytes()) } else { corpus::write_new(folder, path, text.as_bytes()) }
}

/// What was added.
struct Added<'a> {
    book: &'a Book<'a>,
    fresh: &'a Fresh,
    files: &'a [(String, String)],
    /// The shipped rules whose place it takes.
    replaced: Vec<String>,
    is_dry: bool,
}

impl Added<'_> {
    fn diff(&self) -> String {
        let one = |(path, text): &(String, String)| {
            let old = self.book.text(path).unwrap_or_default();
            let name = self.book.folder.join(path).display().to_string();
            similar::TextDiff::from_lines(&*old, &**text).unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
        };
        self.files.iter().map(one).collect()
    }

    fn human(&self) -> String {
        let rules = match &self.fresh.ids[..] {
            [one] => escape(one).into_owned(),
            many => counted(many.len(), "rule"),
        };
        let file = self.book.folder.join(self.book.wanted.path()).display().to_string();
        let verb = if self.is_dry { "would add" } else { "added" };
        let end = if self.is_dry { "Nothing was written.\n" } else { "" };
        let replaced: String = self.replaced.iter().flat_map(|id| ["  in place of ".into(), escape(id), "\n".into()]).collect();
        format!("{verb} {rules} to {}\n{replaced}{}{end}", escape(&file), escape_lines(&self.diff()))
    }

    fn json(&self) -> String {
        let file = self.book.folder.join(self.book.wanted.path()).display().to_string();
        let ids: Vec<_> = self.fresh.ids.iter().map(|id| &**id).collect();
        format!(
            "{}\n",
            serde_json::json!({ "rules": ids, "file": file, "in_place_of": self.replaced, "diff": self.diff(), "written": !self.is_dry })
        )
    }
}
