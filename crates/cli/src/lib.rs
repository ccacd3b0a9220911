//! The command line: what was typed becomes settings, settings a run, a run an exit status.

pub mod args;

mod adopt;
mod clean;
mod command_error;
mod console;
mod diff;
mod init;
mod interrupt;
mod json_line;
mod man;
mod map;
mod outcome;
mod person;
mod preview;
mod restore;
mod review;
mod rules;
mod rules_line;
mod schema;
mod statement;
mod stdin;
mod suggest;
mod undo;
mod verify;
mod why;

use std::ffi::OsString;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use command_error::CommandError;
use console::Console;
use outcome::ExitStatus;

use emendo_corpus::disk::IoReason;
use emendo_corpus::report::{VisibleText, diagnostic_shown, escape};
use emendo_corpus::{counted, shown};

/// Runs a command, given with the program's name first, and tells how it ended.
///
/// It installs nothing in the process: see [`install_handlers`].
pub fn run(args: impl IntoIterator<Item = impl Into<OsString>>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let cli = match parse(&args) {
        Ok(cli) => cli,
        Err(error) => return answer(&error),
    };
    let mut console = Console::new(cli.color);
    let typed: Vec<String> = args.iter().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let command = || run_command(&cli.command, &typed, &mut console).and_then(|outcome| Ok(console.flush().map(|()| outcome)?));
    match catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(outcome)) => outcome.into(),
        Ok(Err(failure)) => refuse(failure, &mut console),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            console.err(shown!("error: emendo failed: {}. This is a defect of emendo; please report it.\n", escape(message)));
            ExitStatus::Refused.into()
        }
    }
}

/// Installs the handlers of the process: for signals, so that a command ends between two pieces of work, and for panics, so
/// that no message is printed as it comes. Only the program calls this: handlers belong to it, and not to a library.
///
/// # Errors
/// The system refuses a handler for a signal. Then a signal ends the program at once, and what was written is whole all the same.
pub fn install_handlers() -> io::Result<()> {
    // A panic's message may quote a corpus: `run` tells it, escaped.
    set_hook(Box::new(|_| {}));
    interrupt::install_signal_handler()
}

/// What was typed. An error repeats it, with nothing in it that a terminal obeys: it may be the name of a file.
fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(args).map_err(|error| {
        let inert = args.iter().map(|argument| escape(&argument.to_string_lossy()).into_string());
        Cli::try_parse_from(inert).err().unwrap_or(error)
    })
}

/// Gives the help that was asked for, or says what is wrong with what was typed.
fn answer(error: &clap::Error) -> ExitCode {
    match error.print().and_then(|()| io::stdout().flush()) {
        Err(failed) if !error.use_stderr() => refuse(CommandError::Output(failed), &mut Console::new(args::Color::Auto)),
        _ => error.exit_code().try_into().map_or_else(|_| ExitStatus::Refused.into(), |code: u8| code.into()),
    }
}

fn run_command(command: &Command, typed: &[String], console: &mut Console) -> Result<ExitStatus, CommandError> {
    match command {
        Command::Preview(args) => preview::run(args, console),
        Command::Clean(args) => clean::run(args, typed, console),
        Command::Diff(args) => diff::run(args, console),
        Command::Review(args) => review::run(args, console),
        Command::Undo(args) => undo::run(args, console),
        Command::Adopt(args) => adopt::run(args, console),
        Command::Why(args) => why::run(args, console),
        Command::Map(args) => map::run(args, console),
        Command::Statement(args) => statement::run(args, console),
        Command::Verify(args) => verify::run(args, console),
        Command::Restore(args) => restore::run(args, console),
        Command::Rules(command) => rules::run(command, console),
        Command::Schema(args) => schema::run(args, console),
        Command::Suggest(args) => suggest::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::Completions { shell } => man::completions(*shell),
        Command::Man { command } => man::page(command),
    }
}

fn refuse(failure: CommandError, console: &mut Console) -> ExitCode {
    match failure {
        // Whoever reads has read enough.
        CommandError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitStatus::Done.into(),
        CommandError::Output(error) => {
            console.err(shown!("error: Standard output cannot be written: {}.\n", escape(&IoReason::of(&error).what)));
        }
        CommandError::Refused(message) => console.err(shown!("error: {}\n", message)),
        CommandError::Rules(errors) => {
            let shown: Vec<_> = errors.iter().map(diagnostic_shown).collect();
            let count = counted(errors.len(), "error");
            console.err(shown!("{}\n\nerror: {} in the rules; nothing was done.\n", VisibleText::join(shown, "\n\n").trimmed_end(), count));
        }
    }
    ExitStatus::Refused.into()
}
