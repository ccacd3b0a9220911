//! `--accept` and `--reject`.

use crate::args::SuggestArgs;
use crate::command_error::CommandError;
use crate::console::Console;
use crate::outcome::ExitStatus;
use crate::person::person;
use crate::rules::add;
use emendo_corpus::new_rules::{AddOptions, ExampleSource, add_rule};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::shown;
use emendo_corpus::suggest::proposal::Proposal;
use emendo_corpus::suggest::{ChosenProposals, CorpusReading, RefusedProposals};

/// Adds the proposals that are accepted to the project's rules, and remembers those that are rejected.
pub fn run(
    args: &SuggestArgs,
    all: &[Proposal],
    reading: &CorpusReading<'_>,
    mut refused: RefusedProposals,
    console: &mut Console,
) -> Result<ExitStatus, CommandError> {
    let ChosenProposals { accepted, rejected } = ChosenProposals::of(&args.accept, &args.reject, all)?;
    if !rejected.is_empty() {
        let file = refused.remember(&rejected, person().as_deref())?.display().to_string();
        for proposal in rejected {
            let (wrong, right) = proposal.fix.pair();
            let arrow = if right.is_empty() { VisibleText::default() } else { shown!(" → {}", escape(right)) };
            console.out(shown!("rejected {}{}, in {}\n", escape(wrong), arrow, escape(&file)))?;
        }
    }
    for proposal in accepted {
        let Some(rule) = proposal.new_rule() else { continue };
        // Each rule is proven beside those that were added before it.
        let settings = Settings::resolve(&args.rules.options(), args.paths.first().map(|path| &**path))?;
        let paths = reading.example_files(proposal);
        let examples = ExampleSource { paths, no_quotes: args.no_quotes_from_corpus, threads: args.threads };
        let Some(added) = add_rule(&settings, rule, &AddOptions { examples, dry_run: false }, console)? else {
            return Ok(ExitStatus::Interrupted);
        };
        add::tell(&added, args.format, console)?;
    }
    Ok(ExitStatus::Done)
}
