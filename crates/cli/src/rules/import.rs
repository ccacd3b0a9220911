//! `emendo rules import`.

use super::import_report::ImportReport;
use crate::args::{ImportArgs, OutputFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::interrupt;
use crate::outcome::ExitStatus;
use emendo_corpus::new_rules::RuleFilePlace;
use emendo_corpus::new_rules::import::{ImportOptions, import_table};
use emendo_corpus::project::{Settings, SettingsOptions};

/// Adds the rows of a table to the project's rules, and tells of each what became of it.
pub fn run(args: &ImportArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let into = RuleFilePlace::parse(&args.into)?;
    into.refuse_without_tables()?;
    let options = SettingsOptions { rule_dirs: args.dirs.clone(), ..SettingsOptions::default() };
    let settings = Settings::resolve(&options, args.paths.first().map(|path| &**path))?;
    let options = ImportOptions {
        table: args.table.clone(),
        paths: args.paths.clone(),
        into,
        form: args.form.map(Into::into),
        only_occurring: args.only_occurring,
        why: args.why.clone(),
        policy: args.policy,
        no_quotes: args.no_quotes_from_corpus,
        problems: args.problems.clone(),
        dry_run: args.dry_run,
        threads: args.threads,
    };
    interrupt::catch_interrupts();
    let Some(outcome) = import_table(&settings, &options, console)? else { return Ok(ExitStatus::Interrupted) };
    let report = ImportReport { args, outcome: &outcome };
    match args.format {
        OutputFormat::Json => console.json(&report.json())?,
        OutputFormat::Human => console.out(report.human())?,
    }
    Ok(if outcome.problems.is_some() { ExitStatus::Problems } else { ExitStatus::Done })
}
