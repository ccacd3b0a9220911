//! `--accept` and `--reject`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::reading::CorpusReading;
use super::refused::RefusedProposals;
use crate::args::{AddArgs, NewRuleArgs, SuggestArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::outcome::ExitStatus;
use crate::rules::add;
use crate::settings::Settings;
use emendo_core::rules::{PassName, Policy};
use emendo_corpus::report::escape;
use emendo_corpus::suggest::proposal::{Fix, Proposal};

/// Adds the proposals that are accepted to the project's rules, and remembers those that are rejected.
pub fn run(
    args: &SuggestArgs,
    all: &[Proposal],
    reading: &CorpusReading<'_>,
    mut refused: RefusedProposals,
    console: &mut Console,
) -> Result<ExitStatus, CommandError> {
    let (accepted, rejected) = (named(&args.accept, all)?, named(&args.reject, all)?);
    if let Some(id) = args.accept.iter().find(|id| args.reject.contains(id)) {
        return Err(CommandError::refused(format!("{} is both accepted and rejected. Leave one of them out.", escape(id))));
    }
    for proposal in &accepted {
        if let Fix::Advice { write, .. } = &proposal.fix {
            return Err(CommandError::refused(format!("{} cannot become a rule with certainty. Write {}.", proposal.id(), escape(write))));
        }
    }
    if !rejected.is_empty() {
        let file = refused.remember(&rejected)?;
        for proposal in rejected {
            let (wrong, right) = proposal.fix.pair();
            let arrow = if right.is_empty() { String::new() } else { format!(" → {}", escape(right)) };
            console.out(&format!("rejected {}{arrow}, in {}\n", escape(wrong), escape(&file)))?;
        }
    }
    for proposal in accepted {
        // Each rule is proven beside those that were added before it.
        let settings = Settings::resolve(&args.rules, args.paths.first().map(|path| &**path))?;
        let ended = add::run_in(&settings, &wanted(args, proposal, reading), console)?;
        if ended != ExitStatus::Done {
            return Ok(ended);
        }
    }
    Ok(ExitStatus::Done)
}

/// The proposals with these ids.
fn named<'p>(ids: &[String], all: &'p [Proposal]) -> Result<Vec<&'p Proposal>, CommandError> {
    let of = |id: &String| {
        all.iter().find(|proposal| proposal.id() == *id).ok_or_else(|| {
            CommandError::refused(format!(
                "The corpus proposes nothing with the id {}: a rule or a no may have settled it. Run emendo suggest without --accept and --reject to see what it proposes.",
                escape(id)
            ))
        })
    };
    ids.iter().collect::<BTreeSet<_>>().into_iter().map(of).collect()
}

/// What `emendo rules add` would be told.
fn wanted(args: &SuggestArgs, proposal: &Proposal, reading: &CorpusReading<'_>) -> AddArgs {
    let none = NewRuleArgs {
        typo: Vec::new(),
        case: None,
        name: None,
        variant: Vec::new(),
        not_same: Vec::new(),
        find: None,
        becomes: None,
        pass: None,
        id: None,
        file: None,
        into: None,
        example: Vec::new(),
        keep: Vec::new(),
    };
    let new = match &proposal.fix {
        Fix::Words { wrong, right, case } => {
            NewRuleArgs { typo: vec![format!("{wrong}={right}")], case: case.map(str::to_owned), pass: Some(PassName::TYPOS), ..none }
        }
        Fix::Name { variant, canonical } => {
            NewRuleArgs { name: Some(canonical.clone()), variant: vec![variant.clone()], pass: Some(PassName::NAMES), ..none }
        }
        Fix::Pattern { pass, id, find, becomes, example } => NewRuleArgs {
            find: Some(find.clone()),
            becomes: Some(becomes.clone()),
            pass: Some(*pass),
            id: Some(id.clone()),
            example: example.iter().cloned().collect(),
            ..none
        },
        Fix::Advice { .. } => none,
    };
    AddArgs {
        paths: sources(proposal, reading),
        new,
        why: Some(proposal.why.clone()),
        policy: proposal.asks.then_some(Policy::Ask),
        no_quotes_from_corpus: args.no_quotes_from_corpus,
        dry_run: false,
        dirs: Vec::new(),
        format: args.format,
        threads: args.threads,
    }
}

/// The files that examples are cut from: those of the contexts, and those in which the right form stands.
fn sources(proposal: &Proposal, reading: &CorpusReading<'_>) -> Vec<PathBuf> {
    let spots = proposal.spots.iter().chain(&proposal.right_spots);
    let numbers: BTreeSet<u32> = spots.map(|spot| spot.source).collect();
    let entries = numbers.into_iter().filter_map(|number| reading.listing.entries.get(number as usize));
    entries.map(|entry| reading.listing.path(entry)).collect()
}
