//! `emendo rules`.

pub mod add;
mod blame;
mod book;
mod check;
mod compare;
mod cuttings;
mod fresh;
mod import;
mod learn;
mod look;
mod stats;
mod trial;
mod trial_report;
mod wanted;

use super::args::RulesCommand;
use super::console::Console;
use super::failure::Failure;
use super::outcome::Outcome;

/// Checks, lists, shows, tries, adds, imports, learns or weighs rules.
pub fn run(command: &RulesCommand, console: &mut Console) -> Result<Outcome, Failure> {
    match command {
        RulesCommand::Check(args) => check::run(args, console),
        RulesCommand::List(args) => look::list(args, console),
        RulesCommand::Show(args) => look::show(args, console),
        RulesCommand::Try(args) => trial::run(args, console),
        RulesCommand::Add(args) => add::run(args, console),
        RulesCommand::Import(args) => import::run(args, console),
        RulesCommand::Learn(args) => learn::run(args, console),
        RulesCommand::Stats(args) => stats::run(args, console),
    }
}
