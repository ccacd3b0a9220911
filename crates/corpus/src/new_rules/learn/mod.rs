//! Learns rules from what somebody corrected: proposes the narrowest ones that explain it, and adds those that are accepted.

mod found;
mod pairs;
mod propose;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use rayon::ThreadPool;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use self::found::corrections;
pub use self::found::{CorrectionKind, FoundCorrection};
pub use self::pairs::Pair;
use self::pairs::Pairs;
pub use self::propose::{CorrectionSpot, Elsewhere, LearnedRule, LearnedRuleVerdict, Texts, times};
use super::NewRuleError;
use super::blame::blame;
use super::candidate_rules::{CandidateRules, as_row};
use super::compare::Differences;
use super::corpus_examples::pieces;
use super::new_rule::{NewRule, NewRuleContent, file_name, no_example, style};
use super::rule_folder::RuleFolder;
use crate::batch::{self, InputContent, RunEnd, RunObserver};
use crate::check::{self, Prover};
use crate::project::{Settings, SettingsOptions};
use emendo_core::cleaner::{CleanedSource, Cleaner};
use emendo_core::edit::{Change, Fate, InSource, RuleNumber, Span};
use emendo_core::prose::Vocabulary;
use emendo_core::rules::{Diagnostic, Example, Knowledge, NewPattern, NewRow, PassName, Policy, RuleDir, did_you_mean};

/// What is learnt from, and what of it is added.
#[derive(Clone, Debug, Default)]
pub struct LearnOptions {
    /// The text or folder as it was, or an output folder in which texts were corrected.
    pub old: PathBuf,
    /// The same as somebody corrected it.
    pub new: Option<PathBuf>,
    /// What was cleaned into the output folder; else what its log of runs says.
    pub from: Vec<PathBuf>,
    /// Files and folders in which is looked what else the rules would touch.
    pub corpus: Vec<PathBuf>,
    /// The ids of the proposed rules that are added.
    pub accept: Vec<String>,
    /// Add all proposed rules.
    pub all: bool,
    /// The name of the tables and files that the rules belong into; else `house`.
    pub into: Option<String>,
    /// The sentence that a reviewer reads beside their changes.
    pub why: Option<String>,
    /// Cut no example from the texts, which may not be quoted.
    pub no_quotes: bool,
    /// Which rules.
    pub settings: SettingsOptions,
    /// How many threads; else one for each core.
    pub threads: Option<NonZeroUsize>,
}

/// What was learnt, and what was done with it.
pub struct LearnOutcome {
    /// The texts before and after.
    pub pairs: Vec<Pair>,
    /// What could not be compared: a sentence for each.
    pub left_out: Vec<String>,
    /// The corrections of each pair.
    pub corrections: Vec<Vec<FoundCorrection>>,
    /// What a rule makes already.
    pub made: BTreeMap<CorrectionSpot, String>,
    /// The rules that may explain the others.
    pub proposals: Vec<LearnedRule>,
    /// What was written.
    pub added: Option<LearnedFiles>,
}

impl LearnOutcome {
    /// The texts and their corrections.
    pub fn texts(&self) -> Texts<'_> {
        Texts { pairs: &self.pairs, corrections: &self.corrections }
    }

    /// All corrections.
    pub fn spots(&self) -> impl Iterator<Item = CorrectionSpot> {
        spots(&self.corrections)
    }
}

/// What was written.
pub struct LearnedFiles {
    /// The ids of the rules.
    pub ids: Vec<String>,
    /// What was written, as unified diffs.
    pub diff: String,
}

/// So many times rules are taken out that break a law before they are proven again without them.
const ROUNDS: usize = 5;
/// So many places are looked at for an example.
const TRIES: usize = 20;
/// So many places in a corpus are shown of each rule.
const SHOWN: usize = 3;

/// Gives the proposed patterns ids that no rule has.
fn free_ids(proposals: &mut [LearnedRule], knowledge: &Knowledge) {
    let mut number = 0;
    for proposal in proposals.iter_mut().filter(|proposal| proposal.kind == CorrectionKind::Mark) {
        let id = |number: usize| format!("{}/learnt-{number}", proposal.pass);
        // Of so many one is free.
        let free = (number + 1..=number + knowledge.rules.len() + 1).find(|number| knowledge.rules.number_of(&id(*number)).is_none());
        number = free.unwrap_or(number + 1);
        proposal.id = id(number);
    }
}

/// Whether what a change makes was made as a part of a larger correction.
fn is_part(pair: &Pair, correction: &FoundCorrection, at: Span<InSource>, change: &Change) -> bool {
    correction.at.start <= at.start && at.end <= correction.at.end && pair.new[correction.with.clone()].contains(change.result())
}

/// Proposes rules from corrections, and adds those that are accepted. Nothing if the observer stopped that.
///
/// # Errors
/// When texts or settings are wrong, or a rule that is accepted cannot be added.
pub fn learn_rules(options: &LearnOptions, observer: &mut dyn RunObserver) -> Result<Option<LearnOutcome>, NewRuleError> {
    let no_file = |name: &str| NewRuleError::FileName(name.to_owned());
    let name = options.into.as_deref().map_or(Ok("house".to_owned()), |name| file_name(name).ok_or_else(|| no_file(name)))?;
    let Pairs { all: pairs, left_out } = Pairs::read(options)?;
    let settings = Settings::resolve(&options.settings, Some(&options.old))?;
    let pool = batch::threads(options.threads)?;
    let found: Vec<Vec<FoundCorrection>> = pool.install(|| pairs.par_iter().map(|pair| corrections(&pair.old, &pair.new)).collect());
    let cleaned = clean(&settings.cleaner()?, &pairs, &pool);
    let texts = Texts { pairs: &pairs, corrections: &found };
    let made = made(&texts, &cleaned);
    let open: Vec<CorrectionSpot> = spots(&found).filter(|spot| !made.contains_key(spot)).collect();
    let mut proposals = texts.propose(&open, &name);
    free_ids(&mut proposals, &settings.knowledge);
    let mut learning = Learning { options, settings: &settings, name, texts, proposals };
    learning.judge();
    let knowledge = learning.prove()?;
    learning.count(&knowledge, &pool)?;
    if !options.corpus.is_empty() && learning.look(&knowledge, &pool, observer)? == RunEnd::Interrupted {
        return Ok(None);
    }
    let added = learning.add()?;
    let proposals = learning.proposals;
    Ok(Some(LearnOutcome { pairs, left_out, corrections: found, made, proposals, added }))
}

fn spots(found: &[Vec<FoundCorrection>]) -> impl Iterator<Item = CorrectionSpot> {
    found.iter().enumerate().flat_map(|(pair, found)| (0..found.len()).map(move |number| (pair, number)))
}

/// The old texts, cleaned.
fn clean(cleaner: &Cleaner, pairs: &[Pair], pool: &ThreadPool) -> Vec<CleanedSource> {
    pool.install(|| {
        let counted = pairs.par_iter().map(|pair| cleaner.survey(&pair.name, pair.old.as_bytes()));
        let among = counted.reduce(Vocabulary::default, |mut all, one| {
            all.add(one);
            all
        });
        pairs.par_iter().map(|pair| cleaner.clean_source_among(&pair.name, pair.old.as_bytes(), &among)).collect()
    })
}

/// The corrections that a rule makes or asks about already, with its id.
fn made(texts: &Texts<'_>, cleaned: &[CleanedSource]) -> BTreeMap<CorrectionSpot, String> {
    let mut made = BTreeMap::new();
    for (number, (pair, source)) in texts.pairs.iter().zip(cleaned).enumerate() {
        for (span, change) in source.placed().filter(|(_, change)| stands(change)) {
            if let Some(at) =
                correction_at(&texts.corrections[number], span).filter(|at| makes(pair, &texts.corrections[number][*at], span, &change))
            {
                made.entry((number, at)).or_insert_with(|| change.rule.to_string());
            }
        }
    }
    made
}

fn stands(change: &Change) -> bool {
    matches!(change.fate, Fate::Applied | Fate::Pending) && change.before != change.result()
}

/// The correction at the place of a change.
fn correction_at(corrections: &[FoundCorrection], span: Span<InSource>) -> Option<usize> {
    let first = corrections.partition_point(|one| one.at.end < span.start);
    corrections.get(first).filter(|one| one.at.start <= span.end).map(|_| first)
}

/// Whether a change makes of the old text what somebody made of it.
fn makes(pair: &Pair, one: &FoundCorrection, span: Span<InSource>, change: &Change) -> bool {
    let (start, end) = (one.at.start.min(span.start), one.at.end.max(span.end));
    let wanted = [&pair.old[start..one.at.start], &pair.new[one.with.clone()], &pair.old[one.at.end..end]];
    let made = [&pair.old[start..span.start], change.result(), &pair.old[span.end..end]];
    wanted.concat() == made.concat()
}

/// Proposals on their way into the rules.
struct Learning<'a> {
    options: &'a LearnOptions,
    settings: &'a Settings,
    name: String,
    texts: Texts<'a>,
    proposals: Vec<LearnedRule>,
}

impl Learning<'_> {
    /// The proposals that stand in one file each: the tables, then each mark by itself.
    fn groups(&self, is_wanted: impl Fn(&LearnedRule) -> bool) -> Vec<Vec<usize>> {
        let numbers = |of: &dyn Fn(&LearnedRule) -> bool| -> Vec<usize> {
            let all = self.proposals.iter().enumerate().filter(|(_, one)| one.is_rule() && is_wanted(one) && of(one));
            all.map(|(number, _)| number).collect()
        };
        let tables = [PassName::TYPOS, PassName::NAMES].map(|pass| numbers(&|one| one.pass == pass));
        let marks = numbers(&|one| one.kind == CorrectionKind::Mark).into_iter().map(|number| vec![number]);
        tables.into_iter().chain(marks).filter(|group| !group.is_empty()).collect()
    }

    /// The rules of a group, as they would be added.
    fn wanted(&self, group: &[usize]) -> NewRule {
        let first = &self.proposals[group[0]];
        let new = if first.kind == CorrectionKind::Mark {
            NewRuleContent::Pattern(self.pattern(first))
        } else {
            NewRuleContent::Rows(group.iter().map(|number| self.row(&self.proposals[*number])).collect())
        };
        NewRule { pass: first.pass, name: self.name.clone(), new, is_id_chosen: true }
    }

    fn row(&self, one: &LearnedRule) -> NewRow {
        let example = one.example.as_ref().filter(|_| !self.options.no_quotes).map(|[before, _]| before.clone());
        let (mut why, mut policy) = (self.options.why.clone(), None);
        if let LearnedRuleVerdict::Ask(reason) = &one.verdict {
            let usual = if one.pass == PassName::NAMES { "Another form of the name." } else { "A misspelling." };
            why = Some(format!("{} {reason}", why.as_deref().unwrap_or(usual)));
            policy = Some(Policy::Ask);
        }
        let (key, form) = if one.pass == PassName::NAMES { (&one.right, &one.wrong) } else { (&one.wrong, &one.right) };
        NewRow { key: key.clone(), forms: vec![form.clone()], policy, why, example, ..NewRow::default() }
    }

    fn pattern(&self, one: &LearnedRule) -> NewPattern {
        let example = one.example.clone().map(|[before, after]| Example { before: before.into(), after: after.into() });
        NewPattern {
            id: one.id.rsplit('/').next().unwrap_or_default().to_owned(),
            find: regex::escape(&one.wrong),
            becomes: one.right.replace('$', "$$"),
            style: style(one.pass, &one.right),
            policy: None,
            why: self.options.why.clone().unwrap_or_else(|| "Corrected by hand wherever it stood.".to_owned()),
            examples: vec![example.unwrap_or_else(no_example)],
            keeps: Vec::new(),
        }
    }

    /// The rules with all proposals that break no law.
    fn prove(&mut self) -> Result<Knowledge, NewRuleError> {
        let mut dirs = self.settings.dirs.clone();
        let mut knowledge = self.settings.knowledge.clone();
        for group in self.groups(|_| true) {
            if let Some((with, all)) = self.prove_group(&group, &dirs)? {
                (dirs, knowledge) = (with, all);
            }
        }
        Ok(knowledge)
    }

    fn prove_group(&mut self, group: &[usize], dirs: &[RuleDir]) -> Result<Option<(Vec<RuleDir>, Knowledge)>, NewRuleError> {
        for _ in 0..ROUNDS {
            let left: Vec<usize> = group.iter().copied().filter(|number| self.proposals[*number].is_rule()).collect();
            if left.is_empty() {
                return Ok(None);
            }
            let mut book = RuleFolder { dirs: dirs.to_vec().into(), ..RuleFolder::nowhere(self.settings, self.wanted(&left)) };
            let fresh = book.fresh();
            if let (Ok((fresh, _)), CorrectionKind::Mark) = (&fresh, self.proposals[left[0]].kind)
                && self.proposals[left[0]].example.is_none()
            {
                self.exemplify(&left, &fresh.knowledge);
                if self.proposals[left[0]].example.is_none() {
                    self.proposals[left[0]].verdict =
                        LearnedRuleVerdict::No("No text where it was corrected would hold as its example.".to_owned());
                }
                continue;
            }
            let (fresh, files, breaches) = match fresh {
                Ok((fresh, files)) => {
                    let breaches = check::rules(&fresh.knowledge);
                    (Some(fresh), files, breaches)
                }
                Err(NewRuleError::Rules(errors)) => (None, Vec::new(), errors),
                Err(other) => return Err(other),
            };
            if let Some(fresh) = fresh.as_ref().filter(|_| breaches.is_empty()) {
                return Ok(Some((book.dirs_with(&files), fresh.knowledge.clone())));
            }
            self.drop_faulty(&mut book, &left, fresh.as_ref(), &breaches)?;
        }
        Ok(None)
    }

    /// Takes out the proposals that break laws; if it is not clear which do, all of them.
    fn drop_faulty(
        &mut self,
        book: &mut RuleFolder<'_>,
        group: &[usize],
        fresh: Option<&CandidateRules>,
        breaches: &[Diagnostic],
    ) -> Result<(), NewRuleError> {
        let forms: FxHashMap<String, usize> = group.iter().map(|number| (self.proposals[*number].wrong.clone(), *number)).collect();
        let mut faults = blame(book, fresh, breaches, &forms)?;
        if faults.is_empty() {
            let why = breaches.first().map(|breach| breach.title.clone()).unwrap_or_default();
            faults = group.iter().map(|number| (*number, why.clone())).collect();
        }
        for (number, why) in faults {
            self.proposals[number].verdict = LearnedRuleVerdict::No(why);
        }
        Ok(())
    }

    /// Finds an example for each of these proposals, cut where somebody corrected the text.
    fn exemplify(&mut self, group: &[usize], knowledge: &Knowledge) {
        let numbers: FxHashMap<&str, RuleNumber> = knowledge.rules.iter().map(|(number, rule)| (&*rule.id, number)).collect();
        let mut prover = Prover::new(knowledge);
        for number in group {
            let one = &self.proposals[*number];
            let Some(rule) = numbers.get(&*one.id).copied() else { continue };
            let data = knowledge.rules.get(rule);
            let cut = one.spots.iter().take(TRIES).flat_map(|spot| {
                let (pair, correction) = self.texts.at(*spot);
                pieces(&pair.old, correction.at.start, correction.at.end)
            });
            let example = cut.into_iter().find_map(|before| {
                let after = prover.example(rule, &before).ok()?;
                // A table replaces the form as it is written.
                let holds = one.kind == CorrectionKind::Mark || as_row(data, &before).is_some_and(|as_row| as_row == after);
                holds.then_some([before, after])
            });
            self.proposals[*number].example = example;
        }
    }

    /// Judges the proposals by what is counted so far.
    fn judge(&mut self) {
        let is_english = self.settings.is_english();
        for one in &mut self.proposals {
            one.verdict = one.judge(is_english);
        }
    }

    /// Counts what each proposal makes of the old texts, and judges it by that.
    fn count(&mut self, knowledge: &Knowledge, pool: &ThreadPool) -> Result<(), NewRuleError> {
        let cleaned = clean(&self.settings.cleaner_of(knowledge)?, self.texts.pairs, pool);
        let by_id: FxHashMap<String, usize> = self.proposals.iter().enumerate().map(|(number, one)| (one.id.clone(), number)).collect();
        self.proposals.iter_mut().for_each(|one| one.corrected = 0);
        for (number, (pair, source)) in self.texts.pairs.iter().zip(&cleaned).enumerate() {
            let corrections = &self.texts.corrections[number];
            for (span, change) in source.placed().filter(|(_, change)| stands(change)) {
                let Some(of) = by_id.get(&*change.rule) else { continue };
                let is_made = correction_at(corrections, span).is_some_and(|at| makes(pair, &corrections[at], span, &change));
                let one = &mut self.proposals[*of];
                if is_made {
                    one.corrected += 1;
                } else if !corrections.iter().any(|correction| is_part(pair, correction, span, &change)) {
                    one.left += 1;
                }
            }
        }
        self.judge();
        let open: Vec<usize> =
            (0..self.proposals.len()).filter(|at| self.proposals[*at].is_rule() && self.proposals[*at].example.is_none()).collect();
        self.exemplify(&open, knowledge);
        Ok(())
    }

    /// Looks what else the proposals would touch in a corpus.
    fn look(&mut self, knowledge: &Knowledge, pool: &ThreadPool, observer: &mut dyn RunObserver) -> Result<RunEnd, NewRuleError> {
        let (old, new) = (self.settings.cleaner()?, self.settings.cleaner_of(knowledge)?);
        let listing = batch::listing(&self.options.corpus)?;
        let stop = observer.stop();
        let among = pool.install(|| batch::survey(&listing, &new, stop));
        let by_id: FxHashMap<String, usize> = self.proposals.iter().enumerate().map(|(number, one)| (one.id.clone(), number)).collect();
        let mut found: Vec<Elsewhere> = vec![Elsewhere::default(); self.proposals.len()];
        let ended = batch::run(&listing, &old, pool, observer, |inputs| {
            let again = |input: &batch::Input<'_>| match &input.what {
                InputContent::Read { bytes, report } => Some(new.clean_source_among(&report.name, bytes, &among)),
                InputContent::Unread { .. } | InputContent::Skipped { .. } => None,
            };
            let cleaned: Vec<_> = pool.install(|| inputs.par_iter().map(again).collect());
            for (input, after) in inputs.iter().zip(&cleaned) {
                let (InputContent::Read { report: before, .. }, Some(after)) = (&input.what, after) else { continue };
                let mut differences = Differences::new(SHOWN * self.proposals.len());
                differences.add(before, after, |id| by_id.contains_key(id));
                for one in [&differences.gained, &differences.altered].into_iter().flat_map(|side| &side.shown) {
                    if let Some(found) = by_id.get(&*one.rule).map(|number| &mut found[*number]).filter(|found| found.shown.len() < SHOWN) {
                        found.shown.push(format!("{}:{}:{}  {}[{}]{}", one.source, one.line, one.column, one.left, one.before, one.right));
                    }
                }
                let mut places: FxHashMap<usize, usize> = FxHashMap::default();
                for number in after.placed().filter(|(_, change)| stands(change)).filter_map(|(_, change)| by_id.get(&*change.rule)) {
                    *places.entry(*number).or_default() += 1;
                }
                for (number, count) in places {
                    found[number].places += count;
                    found[number].documents += 1;
                }
            }
            Ok::<_, NewRuleError>(())
        })?;
        for (one, found) in self.proposals.iter_mut().zip(found) {
            one.elsewhere = Some(found);
        }
        Ok(ended)
    }

    /// Writes the proposals that were accepted, all of them proven together first; nothing if none was.
    fn add(&self) -> Result<Option<LearnedFiles>, NewRuleError> {
        let known: Vec<&str> = self.proposals.iter().filter(|one| one.is_rule()).map(|one| &*one.id).collect();
        if let Some(unknown) = self.options.accept.iter().find(|id| !known.contains(&id.as_str())) {
            return Err(NewRuleError::NoProposal { id: unknown.clone(), hint: did_you_mean(unknown, &known) });
        }
        let is_chosen = |one: &LearnedRule| self.options.all || self.options.accept.contains(&one.id);
        let mut dirs = self.settings.dirs.clone();
        let mut ready = Vec::new();
        for group in self.groups(is_chosen) {
            let wanted = self.wanted(&group);
            let mut book = RuleFolder { dirs: dirs.clone().into(), ..RuleFolder::open(self.settings, wanted)? };
            let (_, files) = book.proven(self.settings)?;
            dirs = book.dirs_with(&files);
            ready.push((book, files));
        }
        if ready.is_empty() {
            return Ok(None);
        }
        // All that would be refused was refused by now.
        for (book, files) in &ready {
            book.write(files)?;
        }
        let ids = self.proposals.iter().filter(|one| one.is_rule() && is_chosen(one)).map(|one| one.id.clone()).collect();
        Ok(Some(LearnedFiles { ids, diff: ready.iter().map(|(book, files)| book.diff(files)).collect() }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the rules make of the old text that are learnt from what somebody made of it, and how many corrections they explain.
    fn learnt(old: &str, new: &str) -> (String, usize, usize) {
        let rules = SettingsOptions { isolated: true, ..SettingsOptions::default() };
        let settings = Settings::resolve(&rules, None).expect("the shipped rules have no errors");
        let options = LearnOptions { old: "a".into(), ..LearnOptions::default() };
        let pool = batch::threads(None).expect("threads can be started");
        let pairs = [Pair { name: "a.txt".into(), old: old.to_owned(), new: new.to_owned() }];
        let found = [corrections(old, new)];
        let texts = Texts { pairs: &pairs, corrections: &found };
        let all: Vec<CorrectionSpot> = spots(&found).collect();
        let proposals = texts.propose(&all, "house");
        let mut learning = Learning { options: &options, settings: &settings, name: "house".into(), texts, proposals };
        learning.judge();
        let knowledge = learning.prove().expect("nothing is written");
        learning.count(&knowledge, &pool).expect("the rules can be used");
        let explained = learning.proposals.iter().filter(|one| one.verdict == LearnedRuleVerdict::Apply).map(|one| one.corrected).sum();
        let cleaned = clean(&settings.cleaner_of(&knowledge).expect("the rules can be used"), &pairs, &pool);
        let text = cleaned[0].documents().next().and_then(|document| document.cleaned.text.as_deref()).unwrap_or_default();
        (text.to_owned(), explained, found[0].len())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        /// Where every correction is explained, the rules make the new text of the old one.
        #[test]
        fn what_is_explained_is_made(words in prop::collection::vec(prop::sample::select(vec![
            ("harbour", "harbour"), ("quiet", "quiet"), ("storrm", "storm"), ("Lisbonn", "Lisbon"), ("in fornt", "in front"), ("ships", "ships"),
        ]), 1..20)) {
            let text = |side: fn(&(&'static str, &'static str)) -> &'static str| {
                format!("The {} ended.\n", words.iter().map(side).collect::<Vec<_>>().join(" and "))
            };
            let (old, new) = (text(|word| word.0), text(|word| word.1));
            let (made, explained, all) = learnt(&old, &new);
            prop_assert_eq!(explained, all, "{}", &old);
            prop_assert_eq!(made, new);
        }
    }
}
