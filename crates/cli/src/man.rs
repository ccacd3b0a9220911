//! `emendo completions` and `emendo man`: the command line as shells and manuals want it.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::shown;

const NAME: &str = "emendo";

/// Prints the completions of a shell.
pub fn completions(shell: Shell) -> Result<ExitStatus, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
    Console::raw(&script)?;
    Ok(ExitStatus::Done)
}

/// Prints the manual page of a command, as roff.
pub fn page(path: &[String]) -> Result<ExitStatus, CommandError> {
    let mut command = Cli::command();
    // Lets every command know its options, the global ones too.
    command.build();
    let mut name = VisibleText::from(NAME);
    for part in path {
        let found = command.find_subcommand(part).cloned();
        command = found
            .ok_or_else(|| CommandError::refused(shown!("{name} has no command {}. See {name} --help.", escape(part), name = name)))?;
        name = shown!("{} {}", name, escape(part));
    }
    let title = name.replace(' ', "-");
    let mut page = Vec::new();
    // A page in memory takes all that is written to it.
    let _ = clap_mangen::Man::new(command).title(title).render(&mut page);
    Console::raw(&page)?;
    Ok(ExitStatus::Done)
}
