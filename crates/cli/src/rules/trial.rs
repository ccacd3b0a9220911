//! `emendo rules try`.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::candidate_rules::CandidateRules;
use super::compare::Differences;
use super::corpus_examples::CorpusExamples;
use super::new_rule::{NewRule, NewRuleContent};
use super::trial_report::{Conflict, Trial};
use crate::args::{TryArgs, TryFormat};
use crate::batch::{self, InputContent, RunEnd};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::interrupt;
use crate::outcome::ExitStatus;
use crate::settings::Settings;
use emendo_core::rules::{Knowledge, Rule, RuleDir};
use emendo_corpus::check;

/// The folder that the new rule would stand in, if it were on the disk.
const FOLDER: &str = "the new rule";

/// Cleans a corpus with and without a new rule, and tells what differs.
pub fn run(args: &TryArgs, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let settings = Settings::resolve(&args.rules, args.paths.first().map(|path| &**path))?;
    let mut wanted = NewRule::new(&args.new, None, None)?;
    wanted.free_id(&settings.knowledge, &args.new);
    let dirs = |wanted: &mut NewRule| with_new(&settings.dirs, wanted);
    let fresh = CandidateRules::load(&dirs(&mut wanted)?, &wanted, FOLDER)?;
    let unusable = check::unusable_rules(&fresh.knowledge, |rule| fresh.is_new(&rule.id));
    if !unusable.is_empty() {
        return Err(CommandError::Rules(wanted.named(FOLDER, unusable)));
    }
    let (old, new) = (settings.cleaner()?, settings.cleaner_of(&fresh.knowledge)?);
    let listing = batch::listing(&args.paths)?;
    let pool = batch::threads(args.threads)?;
    interrupt::catch_interrupts();
    let among = pool.install(|| batch::survey(&listing, &new));
    let limit = args.limit.unwrap_or(if args.format == TryFormat::Json { 1000 } else { 20 });
    let mut differences = Differences::new(limit);
    let mut cuttings = CorpusExamples::default();
    let ended = batch::run(&listing, &old, &pool, console, |inputs| {
        let again = |input: &batch::Input<'_>| match &input.what {
            InputContent::Read { bytes, report } => Some(new.clean_source_among(&report.name, bytes, &among)),
            _ => None,
        };
        let cleaned: Vec<_> = pool.install(|| inputs.par_iter().map(again).collect());
        for (input, after) in inputs.iter().zip(&cleaned) {
            match (&input.what, after) {
                (InputContent::Read { report, .. }, Some(after)) => {
                    differences.add(report, after, |id| fresh.is_new(id));
                    if wanted.lacks_example() {
                        cuttings.add(after, |change| fresh.is_new(&change.rule));
                    }
                }
                (InputContent::Unread { .. }, _) => differences.problems += 1,
                _ => {}
            }
        }
        Ok(())
    })?;
    if ended == RunEnd::Interrupted {
        return Ok(ExitStatus::Interrupted);
    }
    let why_not = fresh.settle_examples(&mut wanted, &cuttings)?;
    let proven = CandidateRules::load(&dirs(&mut wanted)?, &wanted, FOLDER)?;
    // Without an example there is nothing to prove of it.
    let unproven = wanted.lacks_example();
    let breaches = check::check(&proven.knowledge, |rule| !unproven || !proven.is_new(&rule.id));
    let breaches = wanted.named(FOLDER, fresh.new_first(breaches));
    let mut conflicts = replaced(&settings.knowledge, &fresh);
    conflicts.extend(rivals(&differences));
    conflicts.extend(why_not.map(|says| Conflict { kind: "breaks a law", rule: String::new(), count: None, says }));
    let trial = Trial { fresh: &fresh, settings: &settings, differences: &differences, conflicts, breaches, unproven };
    match args.format {
        TryFormat::Human => console.out(&trial.human())?,
        TryFormat::Json => console.json(&trial.json())?,
        TryFormat::Md => console.out(&trial.markdown())?,
    }
    Ok(match trial.is_objected_to() {
        true => ExitStatus::Found,
        false if differences.problems > 0 => ExitStatus::Problems,
        false => ExitStatus::Done,
    })
}

/// The folders of rules, and a further one that holds nothing but the new rule.
fn with_new(dirs: &[RuleDir], wanted: &mut NewRule) -> Result<Vec<RuleDir>, CommandError> {
    let defaults = match &wanted.new {
        NewRuleContent::File { defaults, .. } => defaults.clone(),
        // What the table says for all its rows holds for this one too.
        NewRuleContent::Rows(_) => text_of(dirs, &wanted.defaults_path()),
        NewRuleContent::Pattern(_) => None,
    };
    wanted.say_why("", defaults.as_deref());
    let mut files = vec![(wanted.path(), wanted.added_to("")?)];
    files.extend(defaults.map(|defaults| (wanted.defaults_path(), defaults)));
    let new = RuleDir { name: FOLDER.to_owned(), files, ..RuleDir::default() };
    Ok(dirs.iter().cloned().chain([new]).collect())
}

/// The file of that path in the last folder that has it.
pub fn text_of(dirs: &[RuleDir], path: &str) -> Option<String> {
    let mut found = dirs.iter().rev().flat_map(|dir| &dir.files);
    found.find(|(name, _)| name == path).map(|(_, text)| text.clone())
}

/// The rules whose place the new one takes.
fn replaced(old: &Knowledge, fresh: &CandidateRules) -> Vec<Conflict> {
    let now: BTreeMap<&str, &Rule> = fresh.knowledge.rules.iter().map(|(_, rule)| (&*rule.id, rule)).collect();
    let gone = old.rules.iter().filter(|(_, rule)| now.get(&*rule.id).is_none_or(|now| fresh.is_new(&now.id)));
    gone.map(|(_, rule)| Conflict {
        kind: "replaces",
        rule: rule.id.to_string(),
        count: None,
        says: format!("which stands at {}:{} and is about the same", rule.origin.file, rule.origin.line),
    })
    .collect()
}

/// The rules that claim the same text, and the articles that become problems.
fn rivals(differences: &Differences) -> Vec<Conflict> {
    let of = |kind, rules: &BTreeMap<std::sync::Arc<str>, usize>| -> Vec<Conflict> {
        let one = |(rule, count): (&std::sync::Arc<str>, &usize)| Conflict {
            kind,
            rule: rule.to_string(),
            count: Some(*count),
            says: String::new(),
        };
        rules.iter().map(one).collect()
    };
    let mut all = of("outranks", &differences.outranks);
    all.extend(of("outranked by", &differences.outranked_by));
    all.extend(differences.new_problems.iter().map(|(source, why)| Conflict {
        kind: "makes a problem",
        rule: source.clone(),
        count: None,
        says: why.clone(),
    }));
    all
}
