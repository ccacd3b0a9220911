//! A rule set with a new rule in it, before anything is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::NewRuleError;
use super::corpus_examples::CorpusExamples;
use super::new_rule::{NewRule, NewRuleContent, STAND_IN};
use crate::check::Prover;
use emendo_core::edit::RuleNumber;
use emendo_core::rules::{Diagnostic, Example, Find, Knowledge, NewRow, Policy, Rule, RuleDir, TableState, load};

/// Rules with new ones among them.
pub struct CandidateRules {
    /// All rules.
    pub knowledge: Knowledge,
    /// The ids of the new ones, in order.
    pub ids: Vec<Arc<str>>,
    known: BTreeSet<Arc<str>>,
}

impl CandidateRules {
    /// The rules of these folders, and which of them say what is wanted.
    pub fn load(dirs: &[RuleDir], wanted: &NewRule, folder: &str) -> Result<Self, NewRuleError> {
        let knowledge = load(true, dirs).map_err(|errors| NewRuleError::Rules(wanted.named(folder, errors)))?;
        let file = format!("{}/{}", folder.trim_end_matches('/'), wanted.path());
        let sought = Sought::of(wanted);
        let is_new = |rule: &Rule| *rule.origin.file == *file && sought.has(rule);
        let ids: Vec<Arc<str>> = knowledge.rules.iter().filter(|(_, rule)| is_new(rule)).map(|(_, rule)| rule.id.clone()).collect();
        if ids.is_empty() {
            return Err(NewRuleError::NoRule);
        }
        let known = ids.iter().cloned().collect();
        Ok(Self { knowledge, ids, known })
    }

    /// The breaches, those by the new rules first.
    pub fn new_first(&self, mut breaches: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let files: BTreeSet<Arc<str>> = self.rules().map(|(_, rule)| rule.origin.file.clone()).collect();
        breaches.sort_by_key(|breach| !files.contains(&breach.file));
        breaches
    }

    /// Whether a rule is new.
    pub fn is_new(&self, id: &str) -> bool {
        self.known.contains(id)
    }

    /// The new rules with their numbers.
    pub fn rules(&self) -> impl Iterator<Item = (RuleNumber, &Rule)> {
        self.knowledge.rules.iter().filter(|(_, rule)| self.is_new(&rule.id))
    }

    /// Works out what becomes of the examples of a pattern that do not say so; one that has none takes the first
    /// of the cuttings that would hold. Tells why none of them would.
    pub fn settle_examples(&self, wanted: &mut NewRule, cuttings: &CorpusExamples) -> Result<Option<String>, NewRuleError> {
        let NewRuleContent::Pattern(pattern) = &mut wanted.new else { return Ok(None) };
        let Some((number, rule)) = self.rules().next() else { return Ok(None) };
        let mut prover = Prover::new(&self.knowledge);
        if pattern.examples.iter().any(|example| example.before == STAND_IN) {
            let mut why_not = None;
            for before in cuttings.examples(&rule.id) {
                match prover.example(number, before) {
                    Ok(after) => {
                        pattern.examples = vec![Example { before: before.into(), after: after.into() }];
                        return Ok(None);
                    }
                    Err(why) => _ = why_not.get_or_insert(why.to_string()),
                }
            }
            return Ok(why_not);
        }
        for example in pattern.examples.iter_mut().filter(|example| example.after.is_empty()) {
            example.after = prover.example(number, &example.before).map_err(NewRuleError::Example)?.into();
        }
        Ok(None)
    }

    /// Gives each row an example and a keep of the cuttings, where it has none and one would hold.
    /// `text` is that of the table: a row that is there already keeps its own.
    pub fn settle_quotes(&self, wanted: &mut NewRule, cuttings: &CorpusExamples, text: &str) {
        let NewRuleContent::Rows(rows) = &mut wanted.new else { return };
        let standing = TableState::of(wanted.pass, text, None);
        let mut by_form: FxHashMap<&str, Vec<(RuleNumber, &Rule)>> = FxHashMap::default();
        for (number, rule) in self.rules() {
            by_form.entry(form(rule).unwrap_or_default()).or_default().push((number, rule));
        }
        let mut prover = Prover::new(&self.knowledge);
        for row in rows.iter_mut().filter(|row| !standing.joins(row)) {
            let forms = [&row.key].into_iter().chain(&row.forms).filter_map(|form| by_form.get(form.as_str()));
            let of_row: Vec<_> = forms.flatten().copied().filter(|(_, rule)| is_of(rule, &row.key, &row.forms)).collect();
            // Of a row that asks nobody knows yet whether what it finds is wrong.
            if row.example.is_none() && row.policy != Some(Policy::Ask) {
                let mut cut = of_row.iter().flat_map(|(number, rule)| cuttings.examples(&rule.id).map(|text| (*number, *rule, text)));
                let fits = |(number, rule, text): &(RuleNumber, &Rule, &str)| {
                    // A table replaces the form as it is written.
                    prover.example(*number, text).is_ok_and(|after| as_row(rule, text).is_some_and(|as_row| as_row == after))
                };
                row.example = cut.find(fits).map(|(.., text)| text.to_owned());
            }
            let right = if row.forms.len() == 1 && of_row.iter().any(|(_, rule)| matches!(rule.find, Find::Words { .. })) {
                &row.forms[0]
            } else {
                &row.key
            };
            if row.keep.is_none() {
                let stays = |text: &&str| of_row.iter().all(|(number, _)| prover.keeps(*number, text));
                row.keep = cuttings.keeps(right).find(stays).map(str::to_owned);
            }
        }
    }
}

/// The rules that are wanted, to be known among all others.
enum Sought<'w> {
    /// The rows with these keys.
    Rows(FxHashMap<&'w str, Vec<&'w NewRow>>),
    Pattern(String),
    Whole,
}

impl<'w> Sought<'w> {
    fn of(wanted: &'w NewRule) -> Self {
        match &wanted.new {
            NewRuleContent::Rows(rows) => {
                let mut by_key: FxHashMap<&str, Vec<&NewRow>> = FxHashMap::default();
                for row in rows {
                    by_key.entry(&row.key).or_default().push(row);
                }
                Self::Rows(by_key)
            }
            NewRuleContent::Pattern(pattern) => Self::Pattern(format!("{}/{}", wanted.pass, pattern.id)),
            NewRuleContent::File { .. } => Self::Whole,
        }
    }

    /// Whether a rule of the file says what is wanted: the others were there before.
    fn has(&self, rule: &Rule) -> bool {
        match self {
            Self::Rows(by_key) => {
                let (Find::Words { wrong: key, .. } | Find::Name { canonical: key, .. }) = &rule.find else { return false };
                by_key.get(key.as_str()).is_some_and(|rows| rows.iter().any(|row| is_of(rule, &row.key, &row.forms)))
            }
            Self::Pattern(id) => *rule.id == **id,
            Self::Whole => true,
        }
    }
}

/// What a rule about words or a name finds.
pub fn form(rule: &Rule) -> Option<&str> {
    match &rule.find {
        Find::Words { wrong: form, .. } | Find::Name { variant: form, .. } => Some(form),
        _ => None,
    }
}

fn is_of(rule: &Rule, key: &str, forms: &[String]) -> bool {
    match &rule.find {
        Find::Words { wrong, .. } => wrong == key,
        Find::Name { variant, canonical, .. } => canonical == key && forms.iter().any(|form| form == variant),
        _ => false,
    }
}

/// The text with the one form put right that stands in it once and as it is written; nothing where that is not so.
pub fn as_row(rule: &Rule, text: &str) -> Option<String> {
    let (Find::Words { wrong, right, .. } | Find::Name { variant: wrong, canonical: right, .. }) = &rule.find else { return None };
    (text.matches(wrong.as_str()).count() == 1).then(|| text.replacen(wrong.as_str(), right, 1))
}
