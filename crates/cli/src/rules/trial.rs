//! `emendo rules try`.

use super::trial_report::TrialReport;
use super::typed_rule::new_rule;
use crate::args::{TryArgs, TryFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::interrupt;
use crate::outcome::ExitStatus;
use emendo_corpus::new_rules::{TrialOptions, try_rule};
use emendo_corpus::project::Settings;

/// Cleans a corpus with and without a new rule, and tells what differs.
pub fn run(args: &TryArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let settings = Settings::resolve(&args.rules.options(), args.paths.first().map(|path| &**path))?;
    let wanted = new_rule(&args.new, None, None)?;
    let limit = args.limit.unwrap_or(if args.format == TryFormat::Json { 1000 } else { 20 });
    interrupt::catch_interrupts();
    let options = TrialOptions { paths: args.paths.clone(), limit, threads: args.threads };
    let Some(trial) = try_rule(&settings, wanted, &options, console)? else { return Ok(ExitStatus::Interrupted) };
    let report = TrialReport { trial: &trial, settings: &settings };
    match args.format {
        TryFormat::Human => console.out(report.human())?,
        TryFormat::Json => console.json(&report.json())?,
        TryFormat::Md => console.out(report.markdown())?,
    }
    Ok(match trial.is_objected_to() {
        true => ExitStatus::Found,
        false if trial.differences.problems > 0 => ExitStatus::Problems,
        false => ExitStatus::Done,
    })
}
