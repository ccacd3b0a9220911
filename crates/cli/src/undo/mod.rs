//! `emendo undo`.

mod render;

use super::args::{OutputFormat, UndoArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::interrupt;
use super::outcome::ExitStatus;
use super::person::person;
use crate::counted;
use emendo_core::review::session::Reader;
use emendo_corpus::clock;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::shown;
use emendo_corpus::undo::{UndoOptions, UndoPlan};

/// Takes changes back, or shows what that would do.
pub fn run(args: &UndoArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let options = options(args);
    interrupt::catch_interrupts();
    let Some(mut plan) = UndoPlan::new(&options, console)? else { return Ok(ExitStatus::Interrupted) };
    let is_saved = args.yes && plan.save()?;
    match args.format {
        OutputFormat::Json => console.json(&render::json(&plan.effect, is_saved))?,
        OutputFormat::Human => {
            console.out(render::human(&plan.effect, args.yes))?;
            console.out(end(args, &plan, &options.reader))?;
        }
    }
    if plan.unread > 0 {
        console.err(shown!("{} could not be read and was not looked at: emendo preview tells why.\n", counted(plan.unread, "input")));
    }
    Ok(if plan.unread > 0 { ExitStatus::Problems } else { ExitStatus::Done })
}

fn options(args: &UndoArgs) -> UndoOptions {
    let who = args.person.clone().or_else(person).filter(|who| !who.trim().is_empty());
    UndoOptions {
        paths: args.paths.clone(),
        rules: args.rule.clone(),
        docs: args.doc.clone(),
        since: args.since,
        by: args.by.clone(),
        settings: args.rules.options(),
        reader: Reader { who, when: Some(clock::now_in_milliseconds()), note: args.note.clone() },
        threads: args.threads,
    }
}

/// What is left to say.
fn end(args: &UndoArgs, plan: &UndoPlan, reader: &Reader) -> VisibleText {
    let added = plan.effect.wanted.added();
    if added.is_empty() {
        return "Nothing fits: there is nothing to take back.\n".into();
    }
    if !args.yes {
        return "Nothing was saved: add --yes.\n".into();
    }
    let saved = shown!("{} saved in {}", counted(added.len(), "decision"), escape(&plan.file().display().to_string()));
    if !plan.is_step_of_review() {
        return shown!("{}\n", saved);
    }
    let whose =
        if args.person.is_some() { shown!(" --by {}", escape(reader.who.as_deref().unwrap_or_default())) } else { VisibleText::default() };
    shown!("{}; emendo review --undo{} takes it back\n", saved, whose)
}
