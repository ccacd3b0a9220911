//! `emendo rules learn`.

use super::learn_report::LearnReport;
use crate::args::{LearnArgs, OutputFormat};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::interrupt;
use crate::outcome::ExitStatus;
use emendo_corpus::new_rules::learn::{LearnOptions, learn_rules};
use emendo_corpus::project::SettingsOptions;

/// Proposes rules from corrections, and adds those that are accepted.
pub fn run(args: &LearnArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let options = LearnOptions {
        old: args.old.clone(),
        new: args.new.clone(),
        from: args.from.clone(),
        corpus: args.corpus.clone(),
        accept: args.accept.clone(),
        all: args.all,
        into: args.into.clone(),
        why: args.why.clone(),
        no_quotes: args.no_quotes_from_corpus,
        settings: SettingsOptions { rule_dirs: args.dirs.clone(), ..SettingsOptions::default() },
        threads: args.threads,
    };
    if !args.corpus.is_empty() {
        interrupt::catch_interrupts();
    }
    let Some(outcome) = learn_rules(&options, console)? else { return Ok(ExitStatus::Interrupted) };
    let report = LearnReport { outcome: &outcome };
    match args.format {
        OutputFormat::Json => console.json(&report.json())?,
        OutputFormat::Human => console.out(report.human())?,
    }
    Ok(if outcome.left_out.is_empty() { ExitStatus::Done } else { ExitStatus::Problems })
}
