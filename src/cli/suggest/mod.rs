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
use crate::suggest::proposals;

use reading::Reading;
use refused::Refused;
use tell::Told;

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
    let of_kind = all.iter().filter(|proposal| args.kind.is_empty() || args.kind.contains(&proposal.kind));
    let (shown, rest): (Vec<_>, Vec<_>) = of_kind.enumerate().partition(|(number, _)| *number < args.limit);
    let shown: Vec<_> = shown.into_iter().map(|(_, proposal)| proposal).collect();
    let contexts = reading.contexts(&shown);
    let told = Told { shown: &shown, contexts: &contexts, rest: rest.len(), mine: &mine, settings: &settings, problems };
    match args.format {
        Format::Json => told.json().iter().try_for_each(|line| console.json(line))?,
        Format::Human => console.out(&told.human())?,
    }
    Ok(done)
}
