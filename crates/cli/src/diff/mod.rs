//! `emendo diff`.

mod render;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::args::{Color, DiffArgs, DiffFormat};
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use super::stdin;
use emendo_core::cleaner::{CleanedSlice, CleanedSource};
use emendo_core::review::decision::HAND;
use emendo_core::rules::load_shipped;
use emendo_corpus::batch::{self, InputContent};
use emendo_corpus::disk;
use emendo_corpus::output::{Output, containing, is_output};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{LineColumns, Private, escape};
use emendo_corpus::selection::{ChangeSelection, no_such_rule};
use emendo_corpus::shown;
use render::{ShownDocument, ShownSource, Teller};

/// Shows changes, of a run to come or of a recorded one.
pub fn run(args: &DiffArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    if args.group && args.format == DiffFormat::Unified {
        return Err(CommandError::refused("A unified diff has no groups: leave --group or --format unified out."));
    }
    let mut view = View { args, selection: selection(args)?, teller: Teller::new(args), console };
    let recorded = args.paths.iter().filter(|path| is_output(path) || containing(path).is_some()).count();
    let problems = if recorded == args.paths.len() {
        view.recorded()?;
        false
    } else if recorded > 0 {
        return Err(CommandError::refused(
            "Some of the paths lie in the output folder of a run and others do not: ask for them one after the other.",
        ));
    } else {
        view.fresh()?
    };
    view.teller.end(view.console)?;
    Ok(if problems { ExitStatus::Problems } else { ExitStatus::Done })
}

/// What was asked for. Rules are not looked up yet.
fn selection(args: &DiffArgs) -> Result<ChangeSelection, CommandError> {
    let zones = args.zone.iter().map(|zone| zone.0).collect();
    Ok(ChangeSelection::of_names(&args.rule, &args.doc)?.in_zones(zones).with_pending(args.pending))
}

struct View<'a> {
    args: &'a DiffArgs,
    selection: ChangeSelection,
    teller: Teller<'a>,
    console: &'a mut Console,
}

impl View<'_> {
    /// What a run would change. Tells whether there were problems.
    fn fresh(&mut self) -> Result<bool, CommandError> {
        let piped = stdin::is_meant(&self.args.paths)?;
        let settings = Settings::resolve(&self.args.rules.options(), self.args.paths.first().filter(|_| !piped).map(|path| &**path))?;
        let known: Vec<&str> = settings.knowledge.rules.iter().map(|(_, rule)| &*rule.id).chain([HAND]).collect();
        if let Some(unknown) = self.selection.unknown_rules(&known).first() {
            return Err(no_such_rule(unknown, &known).into());
        }
        let cleaner = settings.cleaner()?;
        if piped {
            self.selection.check_sources([stdin::NAME].into_iter())?;
            let report = cleaner.clean_source(stdin::NAME, &stdin::read()?);
            if stdin::is_no_text(&report, self.console) {
                return Ok(true);
            }
            self.teller.start(self.console)?;
            return self.report(&report);
        }
        let listing = batch::listing(&self.args.paths)?;
        self.selection.check_sources(listing.entries.iter().map(|entry| &*entry.name))?;
        self.teller.start(self.console)?;
        let mut problems = false;
        // Progress goes to nobody: the screen is the reader's.
        let mut silent = Console::new(Color::Never);
        batch::run(&listing, &cleaner, &batch::threads(None)?, &mut silent, |inputs| {
            for input in inputs {
                match &input.what {
                    _ if !self.selection.wants_source(&input.entry.name) => {}
                    InputContent::Read { report, .. } => problems |= self.report(report)?,
                    InputContent::Unread { reason, .. } => {
                        problems = true;
                        self.console.err(shown!("{}: {}\n", escape(&input.entry.name), escape(reason)));
                    }
                    InputContent::Skipped { .. } => {}
                }
            }
            Ok::<_, CommandError>(())
        })?;
        Ok(problems)
    }

    /// The problems and changes of a source. Tells whether there were problems.
    fn report(&mut self, report: &CleanedSource) -> Result<bool, CommandError> {
        for problem in report.problems() {
            self.console.err(shown!("{}: {}\n", escape(&report.name), escape(&problem.reason)));
        }
        let mut problems = report.problems().next().is_some();
        let Some(text) = report.text() else { return Ok(problems) };
        for reason in report.documents().filter_map(|document| document.cleaned.undecided_bytes(text.encoding)) {
            self.console.err(shown!("{}: {}\n", escape(&report.name), escape(&reason)));
            problems = true;
        }
        let source = ShownSource {
            name: &report.name,
            text: &text.text,
            places: LineColumns::new(text.text.as_bytes()),
            private: Private::of(Some(text.encoding)),
        };
        for (slice, number) in text.slices.iter().zip(1_usize..) {
            let CleanedSlice::Document(document) = slice else { continue };
            let selected = self.selection.of(&document.cleaned.hunks, &document.cleaned.changes);
            let text_name = disk::text_name(&report.name, number, text.slices.len() > 1);
            let number = (text.slices.len() > 1).then_some(number);
            self.teller.document(
                &source,
                &ShownDocument { text_name: &text_name, number, document: &document.layout, selected },
                self.console,
            )?;
        }
        Ok(problems)
    }

    /// What runs recorded: of all sources of an output folder, or of one text in it.
    fn recorded(&mut self) -> Result<(), CommandError> {
        let (mut folders, mut asked): (Vec<Folder>, Vec<_>) = (Vec::new(), Vec::new());
        for path in &self.args.paths {
            let (path, name) = if is_output(path) {
                (path.to_owned(), None)
            } else {
                containing(path).map(|(folder, name)| (folder, Some(name))).expect("the caller looked")
            };
            let known = folders.iter().position(|folder| folder.path == path);
            asked.push((known.unwrap_or(folders.len()), name));
            if known.is_none() {
                folders.push(Folder::open(path)?);
            }
        }
        self.selection.check_sources(folders.iter().flat_map(|folder| &folder.sources).map(String::as_str))?;
        self.check_rules(&folders)?;
        self.teller.start(self.console)?;
        asked.iter().try_for_each(|(folder, name)| self.folder(&folders[*folder], name.as_deref()))
    }

    /// Refuses the name of a rule that is neither shipped nor did anything in these runs.
    fn check_rules(&self, folders: &[Folder]) -> Result<(), CommandError> {
        if !self.selection.names_rules() {
            return Ok(());
        }
        let shipped = load_shipped();
        let mut known: BTreeSet<String> = shipped.rules.iter().map(|(_, rule)| rule.id.to_string()).chain([HAND.to_owned()]).collect();
        let is_unknown =
            |known: &BTreeSet<String>| !self.selection.unknown_rules(&known.iter().map(String::as_str).collect::<Vec<_>>()).is_empty();
        // Records are read for rules of a project only: there may be many.
        if is_unknown(&known) {
            for folder in folders {
                for source in &folder.sources {
                    known.extend(folder.output.recorded(source)?.whys.into_keys());
                }
            }
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.selection.unknown_rules(&known).first().map_or(Ok(()), |unknown| Err(no_such_rule(unknown, &known).into()))
    }

    fn folder(&mut self, folder: &Folder, name: Option<&str>) -> Result<(), CommandError> {
        let mut found = false;
        for source in &folder.sources {
            let is_named = name == Some(source);
            if !self.selection.wants_source(source) {
                found |= is_named;
                continue;
            }
            let recorded = folder.output.recorded(source)?;
            let wanted = |text: Option<&str>| is_named || name.is_none_or(|name| text == Some(name));
            if !recorded.documents.iter().any(|document| wanted(document.text.as_deref())) {
                continue;
            }
            found = true;
            let Some(text) = folder.output.decoded(source)? else { continue };
            let of = ShownSource {
                name: source,
                text: &text,
                places: LineColumns::new(text.as_bytes()),
                private: Private::of_name(recorded.encoding.as_deref()),
            };
            for document in recorded.documents.iter().filter(|document| wanted(document.text.as_deref())) {
                let selected = self.selection.of(&document.hunks, &document.changes);
                let text_name = document.text.as_deref().unwrap_or(source);
                let number = (recorded.slices > 1).then_some(document.number);
                self.teller.document(&of, &ShownDocument { text_name, number, document: &document.layout, selected }, self.console)?;
            }
        }
        match name {
            // A text of a source that was not asked for cannot be told from one that is none.
            Some(name) if !found && self.args.doc.is_empty() => {
                Err(CommandError::refused(shown!("{} is no cleaned text of {}.", escape(name), escape(&folder.path.display().to_string()))))
            }
            _ => Ok(()),
        }
    }
}

/// An output folder that was asked about.
struct Folder {
    path: PathBuf,
    output: Output,
    sources: Vec<String>,
}

impl Folder {
    fn open(path: PathBuf) -> Result<Self, CommandError> {
        let output = Output::open(&path)?;
        Ok(Self { sources: output.sources()?, path, output })
    }
}
