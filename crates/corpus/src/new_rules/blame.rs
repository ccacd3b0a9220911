//! Which of many new rules are to blame for a law that is broken.

use rustc_hash::FxHashMap;

use super::NewRuleError;
use super::candidate_rules::{CandidateRules, form};
use super::rule_folder::RuleFolder;
use emendo_core::passes::phrases::{Gaps, Phrases};
use emendo_core::rules::{Diagnostic, PassName, Rule};

/// The numbers of the new rules to blame, each with what it breaks. `forms` has the numbers of the new rules by what they find;
/// `fresh` is missing where the rules could not be read.
pub fn blame(
    book: &mut RuleFolder<'_>,
    fresh: Option<&CandidateRules>,
    breaches: &[Diagnostic],
    forms: &FxHashMap<String, usize>,
) -> Result<Vec<(usize, String)>, NewRuleError> {
    let table = format!("{}/{}", book.folder.display(), book.wanted.path());
    let own = forms_by_line(book, fresh, &table)?;
    let mut phrases = Phrases::new(if book.wanted.pass == PassName::NAMES { Gaps::WhiteSpace } else { Gaps::Blank });
    for (form, number) in forms {
        phrases.insert(form, u32::try_from(*number).unwrap_or(u32::MAX));
    }
    let mut faults = Vec::new();
    for breach in breaches {
        let label = if breach.label.is_empty() { String::new() } else { format!(" ({})", breach.label) };
        let why = format!("{}{label}.", breach.title.trim_end_matches('.'));
        let line = breach.place.as_ref().map(|place| place.line);
        let of_line = line.filter(|_| *breach.file == *table).and_then(|line| own.get(&line));
        let found: Vec<usize> = of_line.into_iter().flatten().filter_map(|form| forms.get(form)).copied().collect();
        if found.is_empty() {
            let rule = fresh.zip(line).and_then(|(fresh, line)| rule_at(fresh, &breach.file, line));
            faults.extend(rule.into_iter().flat_map(|rule| in_the_way(rule, &phrases, &why)));
        } else {
            faults.extend(found.into_iter().map(|number| (number, why.clone())));
        }
    }
    faults.sort();
    faults.dedup_by_key(|(number, _)| *number);
    Ok(faults)
}

/// The new rules that find something in the examples of another one.
fn in_the_way(rule: &Rule, phrases: &Phrases, why: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let examples = rule.examples.iter().flat_map(|example| [&*example.before, &*example.after]);
    for text in examples.chain(rule.keeps.iter().map(|keep| &**keep)) {
        phrases.find(text, |_, number| found.push((number as usize, format!("It is in the way of {}: {why}", rule.id))));
    }
    found
}

/// What the rules of each line of the table find; where it cannot be read, what stands in its cells.
fn forms_by_line(
    book: &mut RuleFolder<'_>,
    fresh: Option<&CandidateRules>,
    table: &str,
) -> Result<FxHashMap<usize, Vec<String>>, NewRuleError> {
    let mut forms: FxHashMap<usize, Vec<String>> = FxHashMap::default();
    if let Some(fresh) = fresh {
        for (_, rule) in fresh.rules().filter(|(_, rule)| *rule.origin.file == *table) {
            forms.entry(rule.origin.line).or_default().extend(form(rule).map(str::to_owned));
        }
    } else {
        for (path, text) in book.files()? {
            let lines = (1..).zip(text.lines()).filter(|_| path == book.wanted.path());
            forms.extend(lines.map(|(number, line)| (number, line.split(['\t', '|']).map(str::to_owned).collect())));
        }
    }
    Ok(forms)
}

/// The rule that a line of a file belongs to.
fn rule_at<'f>(fresh: &'f CandidateRules, file: &str, line: usize) -> Option<&'f Rule> {
    let of_file = fresh.knowledge.rules.iter().map(|(_, rule)| rule).filter(|rule| *rule.origin.file == *file && rule.origin.line <= line);
    of_file.filter(|rule| form(rule).is_none() || rule.origin.line == line).max_by_key(|rule| rule.origin.line)
}
