//! Adds a rule to a project.

use std::path::PathBuf;
use std::sync::Arc;

use super::NewRuleError;
use super::candidate_rules::CandidateRules;
use super::new_rule::{NewRule, NewRuleContent};
use super::rule_folder::{ExampleSource, RuleFolder};
use crate::batch::{RunEnd, RunObserver};
use crate::project::Settings;
use emendo_core::rules::{Find, Knowledge, Rule};

/// How a rule is added.
#[derive(Clone, Debug, Default)]
pub struct AddOptions {
    /// Where an example may be cut from.
    pub examples: ExampleSource,
    /// Write nothing.
    pub dry_run: bool,
}

/// What was added, or would be.
pub struct AddedRules {
    /// The ids of the new rules.
    pub ids: Vec<Arc<str>>,
    /// The file that they stand in.
    pub file: PathBuf,
    /// The shipped rules whose place they take.
    pub replaced: Vec<String>,
    /// What was written, as a unified diff.
    pub diff: String,
    /// Whether it was written.
    pub is_written: bool,
}

/// Adds a rule to the project's, proven with all others. Nothing if the observer stopped that.
///
/// # Errors
/// When rules have no place, another rule is about the same, no example can be found, or a law is broken.
pub fn add_rule(
    settings: &Settings,
    mut wanted: NewRule,
    options: &AddOptions,
    observer: &mut dyn RunObserver,
) -> Result<Option<AddedRules>, NewRuleError> {
    wanted.free_id(&settings.knowledge);
    let mut book = RuleFolder::open(settings, wanted)?;
    refuse_known(&settings.knowledge, &book.wanted)?;
    if book.settle(&options.examples, settings, observer)? == RunEnd::Interrupted {
        return Ok(None);
    }
    let (fresh, files) = book.proven(settings)?;
    if !options.dry_run {
        book.write(&files)?;
    }
    Ok(Some(AddedRules {
        replaced: replaced(&settings.knowledge, &fresh),
        file: book.folder.join(book.wanted.path()),
        diff: book.diff(&files),
        ids: fresh.ids,
        is_written: !options.dry_run,
    }))
}

/// The rules that are gone with the new ones.
fn replaced(old: &Knowledge, fresh: &CandidateRules) -> Vec<String> {
    let gone = old.rules.iter().filter(|(_, rule)| fresh.knowledge.rules.by_id(&rule.id).is_none());
    gone.map(|(_, rule)| rule.id.to_string()).collect()
}

/// Refuses a rule about what another one is about.
fn refuse_known(knowledge: &Knowledge, wanted: &NewRule) -> Result<(), NewRuleError> {
    let rules = || knowledge.rules.iter().map(|(_, rule)| rule).filter(|rule| rule.pass == wanted.pass);
    let is_open = |rule: &&Rule| rule.only.files.is_none() && rule.not.is_empty();
    let known = match &wanted.new {
        NewRuleContent::Rows(rows) => rows.iter().find_map(|row| {
            rules().filter(is_open).find(|rule| match &rule.find {
                // A project may well have its own mind about what is shipped.
                Find::Words { wrong, right, .. } => {
                    *wrong == row.key && (!rule.origin.shipped || row.policy.is_none() && matches!(&row.forms[..], [form] if form == right))
                }
                Find::Name { variant, canonical, .. } => {
                    row.forms.iter().any(|form| form == variant) && (!rule.origin.shipped || row.policy.is_none() && *canonical == row.key)
                }
                _ => false,
            })
        }),
        NewRuleContent::Pattern(pattern) => {
            rules().filter(is_open).find(|rule| matches!(&rule.find, Find::Pattern { find, .. } if find.as_str() == pattern.find))
        }
        NewRuleContent::File { .. } => None,
    };
    known.map_or(Ok(()), |rule| Err(already(rule)))
}

fn already(rule: &Rule) -> NewRuleError {
    let does = match &rule.find {
        Find::Words { wrong: before, right: after, .. } | Find::Name { variant: before, canonical: after, .. } => {
            format!("makes {after} of {before}")
        }
        _ => "finds the same".to_owned(),
    };
    let way_out =
        if rule.origin.shipped { "It comes with emendo; --policy gives it another policy." } else { "Correct that rule instead." };
    NewRuleError::Known { rule: rule.id.to_string(), does, file: rule.origin.file.to_string(), line: rule.origin.line, way_out }
}
