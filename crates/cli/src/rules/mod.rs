//! `emendo rules`.

pub mod add;
mod check;
mod import;
mod import_report;
mod learn;
mod learn_report;
mod list;
mod rule_json;
mod show;
mod stats;
mod trial;
mod trial_report;
mod typed_rule;

use super::args::RulesCommand;
use super::command_error::CommandError;
use super::console::Console;
use super::outcome::ExitStatus;

/// Checks, lists, shows, tries, adds, imports, learns or weighs rules.
pub fn run(command: &RulesCommand, console: &mut Console) -> Result<ExitStatus, CommandError> {
    match command {
        RulesCommand::Check(args) => check::run(args, console),
        RulesCommand::List(args) => list::run(args, console),
        RulesCommand::Show(args) => show::run(args, console),
        RulesCommand::Try(args) => trial::run(args, console),
        RulesCommand::Add(args) => add::run(args, console),
        RulesCommand::Import(args) => import::run(args, console),
        RulesCommand::Learn(args) => learn::run(args, console),
        RulesCommand::Stats(args) => stats::run(args, console),
    }
}
