//! `emendo suggest`.

mod answer;
mod context;
mod reading;
mod refused;
mod tell;

use super::args::{Format, SuggestArgs};
use super::batch;
use super::console::Console;
use super::failure::Failure;
use super::outcome::Outcome;
use super::settings::Settings;
use emendo_corpus::suggest::proposal::{Kind, Proposal};
use emendo_corpus::suggest::proposals;

use reading::Reading;
use refused::Refused;
use tell::Told;

/// No more than one in so many of those that are shown are about lines that come again, and as many about characters.
const SHARE: usize = 6;

/// Reads a corpus and shows the rules that it calls for, or adds and refuses those that are named.
pub fn run(args: &SuggestArgs, console: &mut Console) -> Result<Outcome, Failure> {
    let settings = Settings::resolve(&args.rules, args.paths.first().map(|path| &**path))?;
    let refused = Refused::of(&settings)?;
    let listing = batch::listing(&args.paths)?;
    let pool = batch::threads(args.threads)?;
    batch::catch_interrupts();
    let cleaner = settings.cleaner()?;
    let reading = Reading { settings: &settings, listing: &listing, cleaner: &cleaner, pool: &pool };
    let Some((mine, problems)) = reading.mine(console)? else { return Ok(Outcome::Interrupted) };
    let known = refused.known(&settings, cleaner.chain());
    let all = proposals(&mine, &known);
    let done = if problems > 0 { Outcome::Problems } else { Outcome::Done };
    if !args.accept.is_empty() || !args.reject.is_empty() {
        return answer::run(args, &all, &reading, refused, console).map(|ended| if ended == Outcome::Done { done } else { ended });
    }
    let (shown, rest) = shown(args, &all);
    let contexts = reading.contexts(&shown);
    let told = Told { shown: &shown, contexts: &contexts, rest, mine: &mine, settings: &settings, problems };
    match args.format {
        Format::Json => told.json().iter().try_for_each(|line| console.json(line))?,
        Format::Human => console.out(&told.human())?,
    }
    Ok(done)
}

/// The proposals that are shown, and how many are not.
///
/// A text that all articles have is many lines, each with as many changes as there are articles: unless it is asked for
/// them, they leave room for the rest.
fn shown<'p>(args: &SuggestArgs, all: &'p [Proposal]) -> (Vec<&'p Proposal>, usize) {
    let limit = args.limit.get();
    let most = if args.kind.is_empty() { (limit / SHARE).max(2) } else { limit };
    let mut shown: Vec<&Proposal> = Vec::new();
    let mut rest = 0;
    for proposal in all.iter().filter(|proposal| args.kind.is_empty() || args.kind.contains(&proposal.kind)) {
        let is_of_lines = |kind| matches!(kind, Kind::Boilerplate | Kind::Envelope | Kind::Characters);
        let is_much = is_of_lines(proposal.kind) && shown.iter().filter(|shown| shown.kind == proposal.kind).count() >= most;
        if shown.len() < limit && !is_much { shown.push(proposal) } else { rest += 1 }
    }
    (shown, rest)
}
