//! `emendo review`: the plain commands, and the way to the screen and the page.

mod cards;
mod decide;
#[cfg(any(feature = "screen", feature = "web"))]
mod labels;
mod list;
#[cfg(feature = "screen")]
mod screen;
mod table;
#[cfg(feature = "web")]
mod web;

use std::io::{IsTerminal, stdin, stdout};

use super::args::{OrderName, ReviewArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::interrupt;
use super::outcome::ExitStatus;
use super::person::person;
use emendo_core::review::session::{self, Filter, Order, Share, zone_name};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::review::{ReviewOptions, ReviewWorkspace};
use emendo_corpus::shown;

/// Decides.
pub fn run(args: &ReviewArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let is_plain = !args.web && has_action(args);
    refuse_missing(args, is_plain)?;
    let has_terminal = stdin().is_terminal() && stdout().is_terminal() && !Console::terminal_is_dumb();
    if !args.web && !is_plain && !has_terminal {
        return Err(CommandError::refused(without_terminal(args)));
    }
    let Some(mut desk) = open(args, console)? else { return Ok(ExitStatus::Interrupted) };
    if args.doc.as_ref().is_some_and(|name| !desk.session.documents().iter().any(|document| document.source.contains(name))) {
        let name = args.doc.as_deref().unwrap_or_default();
        return Err(CommandError::refused(shown!("No document is called {}. emendo review --list names them.", escape(name))));
    }
    if !only_reads(args) && desk.who().is_none() && desk.settings.wants_names() {
        return Err(CommandError::refused(shown!(
            "The profile {} takes decisions in somebody's name only: say who decides with --by NAME.",
            escape(&desk.settings.profile)
        )));
    }
    #[cfg(feature = "web")]
    if args.web {
        return web::run(args, desk, console);
    }
    if args.list {
        list::groups(&desk, args, console)?;
    } else if !args.show.is_empty() {
        list::show(&desk, args, console)?;
    } else if let Some(id) = &args.sample {
        list::sample(&desk, args, id, console)?;
    } else if let Some(file) = &args.export {
        table::export(&desk, args, file, console)?;
    } else if let Some(file) = &args.import {
        return table::import(&mut desk, args, file, console);
    } else if args.undo {
        decide::undo(&mut desk, args, console)?;
    } else if is_plain {
        decide::decide(&mut desk, args, console)?;
    } else {
        #[cfg(feature = "screen")]
        return screen::run(&mut desk, args, console);
    }
    Ok(ExitStatus::Done)
}

/// Refuses the screen or the page where this emendo was built without it.
fn refuse_missing(args: &ReviewArgs, is_plain: bool) -> Result<(), CommandError> {
    if args.web && !cfg!(feature = "web") {
        return Err(CommandError::refused(
            "This emendo was built without the page: build it with the feature web, or decide with plain commands such as --list.",
        ));
    }
    if !args.web && !is_plain && !cfg!(feature = "screen") {
        return Err(CommandError::refused(
            "This emendo was built without the screen: build it with the feature screen, or decide with plain commands such as --list.",
        ));
    }
    Ok(())
}

/// Cleans everything, in memory, and lays it out. Nothing if somebody interrupted that.
fn open(args: &ReviewArgs, console: &mut Console) -> Result<Option<ReviewWorkspace>, CommandError> {
    let options = ReviewOptions {
        paths: args.paths.clone(),
        settings: args.rules.options(),
        who: args.by.clone().or_else(person),
        note: args.note.clone(),
        threads: args.threads,
    };
    interrupt::catch_interrupts();
    Ok(ReviewWorkspace::open(options, console)?)
}

fn has_action(args: &ReviewArgs) -> bool {
    let ids = [&args.show, &args.accept, &args.reject, &args.replace];
    args.list
        || args.undo
        || args.sample.is_some()
        || args.export.is_some()
        || args.import.is_some()
        || ids.iter().any(|ids| !ids.is_empty())
}

fn only_reads(args: &ReviewArgs) -> bool {
    args.list || !args.show.is_empty() || args.sample.is_some() || args.export.is_some()
}

/// What to do where no screen can be shown.
fn without_terminal(args: &ReviewArgs) -> VisibleText {
    let path = args.paths.first().map(|path| path.display().to_string()).unwrap_or_default();
    let path = escape(&path);
    shown!(
        "A screen needs a terminal. Without one, decide with plain commands:\n  \
         emendo review {path} --list               what there is to decide, in groups\n  \
         emendo review {path} --show ID            a group with all its places\n  \
         emendo review {path} --accept ID          also --reject ID, --replace ID --with TEXT, --undo; with --dry-run first\n  \
         emendo review {path} --export todo.csv    decide in a spreadsheet, then --import todo.csv\n  \
         emendo review {path} --web                decide in a browser",
        path = path
    )
}

/// A number as people read it: `12,345`.
fn grouped(number: usize) -> VisibleText {
    escape(&session::grouped(number))
}

/// What is shown of all.
fn filter(args: &ReviewArgs) -> Filter {
    Filter {
        rules: args.rule.clone(),
        zones: args.zone.iter().map(|zone| zone_name(zone.0).to_owned()).collect(),
        document: args.doc.clone(),
        text: args.text.clone(),
        decided: args.decided,
        pending: args.pending,
        disputed: args.disputed,
        share: args.share.map(|share| Share { reader: share.reader, of: share.of, overlap: args.overlap.into() }),
    }
}

fn order(args: &ReviewArgs) -> Order {
    match args.order {
        OrderName::Risk => Order::Risk,
        OrderName::Rule => Order::Rule,
        OrderName::Document => Order::Document,
        OrderName::Frequency => Order::Frequency,
    }
}
