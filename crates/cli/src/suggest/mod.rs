//! `emendo suggest`.

mod answer;
mod render;

use super::args::{OutputFormat, SuggestArgs};
use super::command_error::CommandError;
use super::console::Console;
use super::interrupt;
use super::outcome::ExitStatus;
use emendo_corpus::batch;
use emendo_corpus::project::Settings;
use emendo_corpus::suggest::proposal::{Proposal, ProposalKind};
use emendo_corpus::suggest::{CorpusReading, RefusedProposals, proposals};

use render::SuggestReport;

/// No more than one in so many of those that are shown are about lines that come again, and as many about characters.
const SHARE: usize = 6;

/// Reads a corpus and shows the rules that it calls for, or adds and refuses those that are named.
pub fn run(args: &SuggestArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let settings = Settings::resolve(&args.rules.options(), args.paths.first().map(|path| &**path))?;
    let refused = RefusedProposals::of(&settings)?;
    let listing = batch::listing(&args.paths)?;
    let pool = batch::threads(args.threads)?;
    interrupt::catch_interrupts();
    let cleaner = settings.cleaner()?;
    let reading = CorpusReading { settings: &settings, listing: &listing, cleaner: &cleaner, pool: &pool };
    let Some((mine, problems)) = reading.mine(console) else { return Ok(ExitStatus::Interrupted) };
    let known = refused.known(&settings, cleaner.chain());
    let all = proposals(&mine, &known);
    let done = if problems > 0 { ExitStatus::Problems } else { ExitStatus::Done };
    if !args.accept.is_empty() || !args.reject.is_empty() {
        return answer::run(args, &all, &reading, refused, console).map(|ended| if ended == ExitStatus::Done { done } else { ended });
    }
    let (shown, rest) = shown(args, &all);
    let contexts = reading.contexts(&shown);
    let told = SuggestReport { shown: &shown, contexts: &contexts, rest, mine: &mine, settings: &settings, problems };
    match args.format {
        OutputFormat::Json => told.json().iter().try_for_each(|line| console.json(line))?,
        OutputFormat::Human => console.out(told.human())?,
    }
    Ok(done)
}

/// The proposals that are shown, and how many are not.
///
/// A text that all documents have is many lines, each with as many changes as there are documents: unless it is asked for
/// them, they leave room for the rest.
fn shown<'p>(args: &SuggestArgs, all: &'p [Proposal]) -> (Vec<&'p Proposal>, usize) {
    let limit = args.limit.get();
    let most = if args.kind.is_empty() { (limit / SHARE).max(2) } else { limit };
    let mut shown: Vec<&Proposal> = Vec::new();
    let mut rest = 0;
    for proposal in all.iter().filter(|proposal| args.kind.is_empty() || args.kind.contains(&proposal.kind)) {
        let is_of_lines = |kind| matches!(kind, ProposalKind::Boilerplate | ProposalKind::Envelope | ProposalKind::Characters);
        let is_much = is_of_lines(proposal.kind) && shown.iter().filter(|shown| shown.kind == proposal.kind).count() >= most;
        if shown.len() < limit && !is_much { shown.push(proposal) } else { rest += 1 }
    }
    (shown, rest)
}
