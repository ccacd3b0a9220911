//! Tries a new rule on a corpus: cleans it with and without the rule, and compares.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::NewRuleError;
use super::candidate_rules::CandidateRules;
use super::compare::Differences;
use super::corpus_examples::CorpusExamples;
use super::new_rule::{NewRule, NewRuleContent};
use super::rule_folder::text_of;
use crate::batch::{self, InputContent, RunEnd, RunObserver};
use crate::check;
use crate::project::Settings;
use emendo_core::rules::{Diagnostic, Knowledge, Rule, RuleDir};

/// The folder that the new rule would stand in, if it were on the disk.
const FOLDER: &str = "the new rule";

/// On what a rule is tried.
#[derive(Clone, Debug, Default)]
pub struct TrialOptions {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// So many places are kept of what is gained, lost and altered.
    pub limit: usize,
    /// How many threads; else one for each core.
    pub threads: Option<NonZeroUsize>,
}

/// Another rule that is in the way of the new one, or the other way round.
pub struct RuleConflict {
    /// How they meet: `replaces`, `supersedes`, `superseded by`, `makes a problem`, `breaks a law`.
    pub kind: &'static str,
    /// The other rule; or the source that becomes a problem.
    pub rule: String,
    /// At so many places.
    pub count: Option<usize>,
    /// More about it; often empty.
    pub says: String,
}

/// What a new rule would do.
pub struct RuleTrial {
    /// The ids of the new rules.
    pub ids: Vec<Arc<str>>,
    /// What differs.
    pub differences: Differences,
    /// The rules that meet the new one.
    pub conflicts: Vec<RuleConflict>,
    /// The laws that the rules break with it.
    pub breaches: Vec<Diagnostic>,
    /// Whether the new rule has no example, so that no law was looked at.
    pub unproven: bool,
}

impl RuleTrial {
    /// How many other rules and laws are in the way.
    pub fn conflict_count(&self) -> usize {
        self.conflicts.len() + self.breaches.len()
    }

    /// Whether there is something that a person should look at before the rule is added.
    pub fn is_objected_to(&self) -> bool {
        self.differences.lost.count + self.differences.altered.count + self.conflict_count() > 0
    }
}

/// Cleans a corpus with and without a new rule, and tells what differs. Nothing if the observer stopped that.
///
/// # Errors
/// When the rule cannot be read or used.
pub fn try_rule(
    settings: &Settings,
    mut wanted: NewRule,
    options: &TrialOptions,
    observer: &mut dyn RunObserver,
) -> Result<Option<RuleTrial>, NewRuleError> {
    wanted.free_id(&settings.knowledge);
    let dirs = |wanted: &mut NewRule| with_new(&settings.dirs, wanted);
    let fresh = CandidateRules::load(&dirs(&mut wanted)?, &wanted, FOLDER)?;
    let unusable = check::unusable_rules(&fresh.knowledge, |rule| fresh.is_new(&rule.id));
    if !unusable.is_empty() {
        return Err(NewRuleError::Rules(wanted.named(FOLDER, unusable)));
    }
    let mut differences = Differences::new(options.limit);
    let mut cuttings = CorpusExamples::default();
    let cut = wanted.lacks_example().then_some(&mut cuttings);
    if compare(settings, &fresh, options, observer, (&mut differences, cut))? == RunEnd::Interrupted {
        return Ok(None);
    }
    let why_not = fresh.settle_examples(&mut wanted, &cuttings)?;
    let proven = CandidateRules::load(&dirs(&mut wanted)?, &wanted, FOLDER)?;
    // Without an example there is nothing to prove of it.
    let unproven = wanted.lacks_example();
    let breaches = check::check(&proven.knowledge, |rule| !unproven || !proven.is_new(&rule.id));
    let breaches = wanted.named(FOLDER, fresh.new_first(breaches));
    let mut conflicts = replaced(&settings.knowledge, &fresh);
    conflicts.extend(rivals(&differences));
    conflicts.extend(why_not.map(|says| RuleConflict { kind: "breaks a law", rule: String::new(), count: None, says }));
    Ok(Some(RuleTrial { ids: fresh.ids, differences, conflicts, breaches, unproven }))
}

/// Cleans all sources with the old and the new rules.
fn compare(
    settings: &Settings,
    fresh: &CandidateRules,
    options: &TrialOptions,
    observer: &mut dyn RunObserver,
    (differences, mut cuttings): (&mut Differences, Option<&mut CorpusExamples>),
) -> Result<RunEnd, NewRuleError> {
    let (old, new) = (settings.cleaner()?, settings.cleaner_of(&fresh.knowledge)?);
    let listing = batch::listing(&options.paths)?;
    let pool = batch::threads(options.threads)?;
    let stop = observer.stop();
    let among = pool.install(|| batch::survey(&listing, &new, stop));
    batch::run(&listing, &old, &pool, observer, |inputs| {
        let again = |input: &batch::Input<'_>| match &input.what {
            InputContent::Read { bytes, report } => Some(new.clean_source_among(&report.name, bytes, &among)),
            _ => None,
        };
        let cleaned: Vec<_> = pool.install(|| inputs.par_iter().map(again).collect());
        for (input, after) in inputs.iter().zip(&cleaned) {
            match (&input.what, after) {
                (InputContent::Read { report, .. }, Some(after)) => {
                    differences.add(report, after, |id| fresh.is_new(id));
                    if let Some(cuttings) = &mut cuttings {
                        cuttings.add(after, |change| fresh.is_new(&change.rule));
                    }
                }
                (InputContent::Unread { .. }, _) => differences.problems += 1,
                _ => {}
            }
        }
        Ok(())
    })
}

/// The folders of rules, and a further one that holds nothing but the new rule.
fn with_new(dirs: &[RuleDir], wanted: &mut NewRule) -> Result<Vec<RuleDir>, NewRuleError> {
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

/// The rules whose place the new one takes.
fn replaced(old: &Knowledge, fresh: &CandidateRules) -> Vec<RuleConflict> {
    let now: BTreeMap<&str, &Rule> = fresh.knowledge.rules.iter().map(|(_, rule)| (&*rule.id, rule)).collect();
    let gone = old.rules.iter().filter(|(_, rule)| now.get(&*rule.id).is_none_or(|now| fresh.is_new(&now.id)));
    gone.map(|(_, rule)| RuleConflict {
        kind: "replaces",
        rule: rule.id.to_string(),
        count: None,
        says: format!("which stands at {}:{} and is about the same", rule.origin.file, rule.origin.line),
    })
    .collect()
}

/// The rules that claim the same text, and the documents that become problems.
fn rivals(differences: &Differences) -> Vec<RuleConflict> {
    let of = |kind, rules: &BTreeMap<std::sync::Arc<str>, usize>| -> Vec<RuleConflict> {
        let one = |(rule, count): (&std::sync::Arc<str>, &usize)| RuleConflict {
            kind,
            rule: rule.to_string(),
            count: Some(*count),
            says: String::new(),
        };
        rules.iter().map(one).collect()
    };
    let mut all = of("supersedes", &differences.supersedes);
    all.extend(of("superseded by", &differences.superseded_by));
    all.extend(differences.new_problems.iter().map(|(source, why)| RuleConflict {
        kind: "makes a problem",
        rule: source.clone(),
        count: None,
        says: why.clone(),
    }));
    all
}
