//! `emendo undo`.

mod effect;
mod request;

use std::collections::BTreeSet;

use rayon::ThreadPool;

use self::effect::{CleanedNow, Effect};
use self::request::UndoRequest;
use super::args::{OutputFormat, UndoArgs};
use super::batch::{self, Input, InputContent, RunEnd};
use super::clock;
use super::command_error::CommandError;
use super::console::Console;
use super::counted;
use super::diff::{ChangeSelection, no_such_rule};
use super::interrupt;
use super::outcome::ExitStatus;
use super::person::person;
use super::review::refuse_inside;
use super::settings::Settings;
use emendo_core::cleaner::Cleaner;
use emendo_core::prose::Vocabulary;
use emendo_core::review::decision::{Decision, HAND, Verdict};
use emendo_core::review::session::Reader;
use emendo_core::rules::nearest;
use emendo_corpus::disk::{self, DecisionsFile, Listing};
use emendo_corpus::report::escape;

/// Takes changes back, or shows what that would do.
pub fn run(args: &UndoArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    if args.paths.iter().any(|path| path.join(disk::MANIFEST).is_file()) {
        return Err(CommandError::refused(
            "This is the output folder of a run. Name what went into it: decisions are about the sources, and the next run obeys them.",
        ));
    }
    let listing = batch::listing(&args.paths)?;
    let (settings, mut file) = Settings::for_decisions(&args.rules, args.paths.first().map(|path| &**path))?;
    refuse_inside(&file, &args.paths)?;
    let mut cleaner = settings.cleaner()?;
    let selection = selection(args, &settings, &listing)?;
    let pool = batch::threads(args.threads)?;
    let vocabulary = pool.install(|| batch::survey(&listing, &cleaner));
    interrupt::catch_interrupts();
    let all = All { listing: &listing, vocabulary: &vocabulary, pool: &pool };
    let mut seen = Vec::new();
    let mut unread = 0;
    let before = all.clean(&cleaner, console, |input| match &input.what {
        InputContent::Read { report, .. } => seen.extend(CleanedNow::of(report)),
        InputContent::Unread { .. } => unread += 1,
        InputContent::Skipped { .. } => {}
    })?;
    if before == RunEnd::Interrupted {
        return Ok(ExitStatus::Interrupted);
    }
    let reader = reader(args);
    let wanted = UndoRequest::new(args, &selection, (&settings.decisions, cleaner.chain().rules()), &seen, &reader);
    let mut effect = Effect::new(wanted);
    let lines: String = effect.wanted.lines();
    if !lines.is_empty() {
        cleaner.set_decisions(settings.decisions_with(&file, &lines)?);
        let mut seen = seen.iter().peekable();
        let after = all.clean(&cleaner, console, |input| {
            if let InputContent::Read { report, .. } = &input.what
                && let Some(before) = seen.next_if(|before| before.name == report.name)
            {
                effect.compare(before, report);
            }
        })?;
        if after == RunEnd::Interrupted {
            return Ok(ExitStatus::Interrupted);
        }
    }
    if args.yes && !lines.is_empty() {
        file.append(&lines).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    }
    match args.format {
        OutputFormat::Json => console.json(&effect.json(args.yes && !lines.is_empty()))?,
        OutputFormat::Human => {
            console.out(&effect.render(args.yes))?;
            console.out(&end(args, &settings, &file, &effect, &reader))?;
        }
    }
    if unread > 0 {
        console.err(&format!("{} could not be read and was not looked at: emendo preview tells why.\n", counted(unread, "input")));
    }
    Ok(if unread > 0 { ExitStatus::Problems } else { ExitStatus::Done })
}

/// All documents, and what it takes to clean them again.
struct All<'a> {
    listing: &'a Listing,
    vocabulary: &'a Vocabulary,
    pool: &'a ThreadPool,
}

impl All<'_> {
    fn clean(&self, cleaner: &Cleaner, console: &mut Console, mut each: impl FnMut(&Input<'_>)) -> Result<RunEnd, CommandError> {
        batch::run_among(self.listing, cleaner, self.vocabulary, self.pool, console, |inputs| {
            inputs.iter().for_each(&mut each);
            Ok(())
        })
    }
}

/// Rules and documents as they were typed. One that nobody knows is refused, and so is a person who decided nothing.
fn selection(args: &UndoArgs, settings: &Settings, listing: &Listing) -> Result<ChangeSelection, CommandError> {
    let selection = ChangeSelection::of_names(&args.rule, &args.doc)?;
    let decided = settings.decisions.iter().map(|(_, decision)| &*decision.rule);
    let known: BTreeSet<&str> = settings.knowledge.rules.iter().map(|(_, rule)| &*rule.id).chain(decided).chain([HAND]).collect();
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(unknown) = selection.unknown_rules(&known).first() {
        return Err(no_such_rule(unknown, &known));
    }
    selection.check_sources(listing.entries.iter().map(|entry| &*entry.name))?;
    let people: BTreeSet<&str> = settings.decisions.iter().filter_map(|(_, decision)| decision.who.as_deref()).collect();
    match args.by.as_deref().filter(|who| !people.contains(who)) {
        Some(unknown) => Err(no_such_person(unknown, &people.into_iter().collect::<Vec<_>>())),
        None => Ok(selection),
    }
}

fn no_such_person(unknown: &str, people: &[&str]) -> CommandError {
    let hint = match (nearest(unknown, people), people) {
        (Some(near), _) => format!("Did you mean {}?", escape(near)),
        (None, []) => "No decision says whose it is.".to_owned(),
        (None, _) => format!("Decisions are by {}.", people.iter().map(|who| escape(who)).collect::<Vec<_>>().join(", ")),
    };
    CommandError::refused(format!("No decision that counts is by {}. {hint}", escape(unknown)))
}

fn reader(args: &UndoArgs) -> Reader {
    let who = args.person.clone().or_else(person).filter(|who| !who.trim().is_empty());
    Reader { who, when: Some(clock::now_in_milliseconds()), note: args.note.clone() }
}

/// What is left to say.
fn end(args: &UndoArgs, settings: &Settings, file: &DecisionsFile, effect: &Effect, reader: &Reader) -> String {
    let added = effect.wanted.added();
    if added.is_empty() {
        return "Nothing fits: there is nothing to take back.\n".to_owned();
    }
    if !args.yes {
        return "Nothing was saved: add --yes.\n".to_owned();
    }
    let path = file.path().display().to_string();
    let saved = format!("{} saved in {}", counted(added.len(), "decision"), escape(&path));
    if !review_takes_back(settings, &added, reader) {
        return format!("{saved}\n");
    }
    let whose = if args.person.is_some() { format!(" --by {}", escape(reader.who.as_deref().unwrap_or_default())) } else { String::new() };
    format!("{saved}; emendo review --undo{whose} takes it back\n")
}

/// Whether the last step that `emendo review --undo` finds is this one: it knows no withdrawals, and takes what was decided at
/// one time for one step.
fn review_takes_back(settings: &Settings, added: &[&Decision], reader: &Reader) -> bool {
    let is_other = |decision: &Decision| decision.who != reader.who || decision.when != reader.when;
    added.iter().all(|decision| decision.decision != Verdict::Withdraw && !is_other(decision))
        && settings.decisions.iter().all(|(_, decision)| is_other(decision))
}
