//! Which changes, rules and sources somebody asked for.

use std::collections::BTreeSet;

use globset::{GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;

use emendo_core::edit::{Change, Fate, Hunk, Zone};
use emendo_core::rules::{file_glob, nearest};

/// Why nothing can be selected.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// There is no such rule.
    #[error("There is no rule {typed}. {hint}")]
    NoRule {
        /// As it was typed.
        typed: String,
        /// The way out.
        hint: String,
    },
    /// There is no such source.
    #[error("No source is called {typed}. {hint}")]
    NoSource {
        /// As it was typed.
        typed: String,
        /// The way out.
        hint: String,
    },
    /// A pattern of names cannot be read.
    #[error("The pattern {pattern} of --doc cannot be read: {why}.")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: globset::ErrorKind,
    },
}

/// What was asked for.
#[derive(Clone)]
pub struct ChangeSelection {
    pending: bool,
    rules: Vec<RuleName>,
    zones: Vec<Option<Zone>>,
    sources: Option<(Vec<String>, GlobSet)>,
}

/// The changes of a document that were asked for.
pub struct SelectedChanges {
    /// What was done.
    pub hunks: Vec<Hunk>,
    /// The changes that made the hunks, and with `--pending` those that need review.
    pub changes: Vec<Change>,
    /// How many of those that need review were asked for, shown or not.
    pub pending: usize,
    /// Whether the hunks are all that the document has.
    pub is_all: bool,
}

impl ChangeSelection {
    /// What these names of rules and sources select; rules are not looked up yet: see [`Self::unknown_rules`].
    ///
    /// # Errors
    /// When a name of a source cannot be read as a pattern.
    pub fn of_names(rules: &[String], docs: &[String]) -> Result<Self, SelectionError> {
        let sources = if docs.is_empty() { None } else { Some((docs.to_vec(), globs(docs)?)) };
        let rules = rules.iter().map(|name| RuleName::new(name)).collect();
        Ok(Self { pending: false, rules, zones: Vec::new(), sources })
    }

    /// Of these only the changes in such zones; nothing is the text outside all zones.
    pub fn in_zones(self, zones: Vec<Option<Zone>>) -> Self {
        Self { zones, ..self }
    }

    /// Of these also the changes that need review.
    pub fn with_pending(self, pending: bool) -> Self {
        Self { pending, ..self }
    }

    /// Whether rules were named.
    pub fn names_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Whether sources were named.
    pub fn names_sources(&self) -> bool {
        self.sources.is_some()
    }

    /// Whether a rule was asked for.
    pub fn wants_rule(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|name| name.fits(rule))
    }

    /// Whether a source was asked for.
    pub fn wants_source(&self, name: &str) -> bool {
        self.sources.as_ref().is_none_or(|(_, set)| set.is_match(name))
    }

    /// Refuses a pattern that none of the sources fits.
    ///
    /// # Errors
    /// When there is one.
    pub fn check_sources<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) -> Result<(), SelectionError> {
        let Some((patterns, set)) = &self.sources else { return Ok(()) };
        let mut found = vec![false; patterns.len()];
        for name in names.clone() {
            set.matches(name).into_iter().for_each(|pattern| found[pattern] = true);
        }
        let Some(none) = found.iter().position(|found| !found) else { return Ok(()) };
        let near = nearest(&patterns[none], &names.collect::<Vec<_>>());
        let hint = near.map_or_else(
            || "Write a name as emendo diff prints it, or a pattern such as 'news/**'.".to_owned(),
            |near| format!("Did you mean {near}?"),
        );
        Err(SelectionError::NoSource { typed: patterns[none].clone(), hint })
    }

    /// The names of rules that fit none of these.
    pub fn unknown_rules(&self, known: &[&str]) -> Vec<&str> {
        let is_known = |name: &RuleName| known.iter().any(|rule| name.fits(rule));
        self.rules.iter().filter(|name| !is_known(name)).map(|name| &*name.typed).collect()
    }

    /// What was asked for of a document's changes.
    pub fn of(&self, hunks: &[Hunk], changes: &[Change]) -> SelectedChanges {
        if self.rules.is_empty() && self.zones.is_empty() {
            let pending = changes.iter().filter(|change| change.fate == Fate::Pending).map(|change| change.places.len()).sum();
            return SelectedChanges { hunks: hunks.to_vec(), changes: changes.to_vec(), pending, is_all: true };
        }
        let fits: Vec<bool> = changes.iter().map(|change| self.fits(change)).collect();
        // A difference that several changes made is shown if one of them was asked for, with all of them.
        let is_shown = |hunk: &&Hunk| hunk.changes.iter().any(|place| fits[place.change as usize]);
        let mut shown: Vec<Hunk> = hunks.iter().filter(is_shown).cloned().collect();
        let made: BTreeSet<u32> = shown.iter().flat_map(|hunk| hunk.changes.iter().map(|place| place.change)).collect();
        let is_pending = |number: usize| changes[number].fate == Fate::Pending && fits[number];
        let pending = (0..changes.len()).filter(|number| is_pending(*number)).map(|number| changes[number].places.len()).sum();
        // The hunks name changes by their numbers, which are others in the selection.
        let (mut numbers, mut selected) = (FxHashMap::default(), Vec::new());
        for (number, change) in (0..).zip(changes) {
            if made.contains(&number) || self.pending && is_pending(number as usize) {
                numbers.insert(number, u32::try_from(selected.len()).unwrap_or(u32::MAX));
                selected.push(change.clone());
            }
        }
        shown.iter_mut().flat_map(|hunk| &mut hunk.changes).for_each(|place| place.change = numbers[&place.change]);
        SelectedChanges { changes: selected, is_all: shown.len() == hunks.len(), hunks: shown, pending }
    }

    fn fits(&self, change: &Change) -> bool {
        self.wants_rule(&change.rule) && (self.zones.is_empty() || self.zones.contains(&change.zone))
    }
}

/// What was typed for rules.
#[derive(Clone)]
struct RuleName {
    typed: String,
    /// With what it begins that fits, if it ends with `*`.
    beginning: Option<String>,
}

impl RuleName {
    fn new(typed: &str) -> Self {
        Self { typed: typed.to_owned(), beginning: typed.strip_suffix('*').map(str::to_owned) }
    }

    /// Whether a rule is meant: by its id, by what its id begins with, or by its pass or table.
    fn fits(&self, rule: &str) -> bool {
        match &self.beginning {
            Some(beginning) => rule.starts_with(beginning.as_str()),
            None => rule == self.typed || sections(rule).any(|section| section == self.typed),
        }
    }
}

/// What a rule stands below: its pass, `PASS/TABLE` and the table alone.
fn sections(rule: &str) -> impl Iterator<Item = &str> {
    let table = rule.match_indices('/').nth(1).map(|(at, _)| &rule[..at]);
    let pass = rule.split_once('/').map(|(pass, _)| pass);
    [pass, table, table.and_then(|table| table.split_once('/')).map(|(_, table)| table)].into_iter().flatten()
}

/// Why there are no such rules, and the way out.
pub fn no_such_rule(typed: &str, known: &[&str]) -> SelectionError {
    let mut names: Vec<&str> = known.iter().flat_map(|rule| sections(rule).chain([*rule])).collect();
    names.sort_unstable();
    names.dedup();
    let hint = nearest(typed.trim_end_matches('*'), &names)
        .map_or_else(|| "emendo rules list names them all.".to_owned(), |near| format!("Did you mean {near}?"));
    SelectionError::NoRule { typed: typed.to_owned(), hint }
}

fn globs(patterns: &[String]) -> Result<GlobSet, SelectionError> {
    let unreadable = |pattern: &str, why: &globset::Error| SelectionError::Pattern { pattern: pattern.to_owned(), why: why.kind().clone() };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(file_glob(pattern).map_err(|why| unreadable(pattern, &why))?);
    }
    set.build().map_err(|why| unreadable(&patterns.join(" "), &why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_named_by_its_id_its_beginning_its_pass_or_its_table() {
        let rule = "typos/recurring/Isrfael";
        for typed in [rule, "typos", "typos/recurring", "recurring", "*", "typos*", "typos/rec*", "typos/recurring/*"] {
            assert!(RuleName::new(typed).fits(rule), "{typed}");
        }
        for typed in ["", "typo", "typos/", "Isrfael", "typos/recurring/Isrfae", "names*", "recurring*", "typos/recurring/Isrfaels"] {
            assert!(!RuleName::new(typed).fits(rule), "{typed}");
        }
        assert!(RuleName::new("quotes").fits("quotes/curly-double") && !RuleName::new("curly-double").fits("quotes/curly-double"));
    }

    #[test]
    fn an_unknown_rule_is_answered_with_the_nearest() {
        let known = ["typos/recurring/Isrfael", "quotes/curly-double"];
        let answer = |typed| no_such_rule(typed, &known).to_string();
        assert_eq!(answer("quotes/curly-doubel"), "There is no rule quotes/curly-doubel. Did you mean quotes/curly-double?");
        assert_eq!(answer("tpyos"), "There is no rule tpyos. Did you mean typos?");
        assert_eq!(answer("tpyos/*"), "There is no rule tpyos/*. Did you mean typos?");
        assert_eq!(answer("xyzzy"), "There is no rule xyzzy. emendo rules list names them all.");
    }
}
