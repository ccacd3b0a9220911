//! The rules that proposed a change, kept as they were written: a rule may read otherwise tomorrow.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::digest;
use crate::JsonLineError;
use emendo_core::rules::{Rule, RuleSet};

/// A rule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRule {
    /// The full id.
    pub id: String,
    /// The pass.
    pub pass: String,
    /// The reason.
    pub why: String,
    /// Whether it came with emendo.
    pub shipped: bool,
    /// Its file's path in the folder of rules.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What was written there: the lines of the rule, or of the columns' names and of the row.
    pub text: String,
    /// What was written beside a table for all its rows; often empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub defaults: String,
}

/// All rules of a run, to be kept if they propose something.
#[derive(Debug, Default)]
pub struct KeptRules<'a> {
    rules: Option<&'a RuleSet>,
    /// By their numbers; of a hundred thousand most propose nothing.
    kept: Vec<OnceLock<Kept>>,
}

#[derive(Clone, Debug)]
struct Kept {
    digest: Box<str>,
    rule: Box<str>,
}

impl<'a> KeptRules<'a> {
    /// These rules.
    pub fn new(rules: &'a RuleSet) -> Self {
        Self { rules: Some(rules), kept: rules.iter().map(|_| OnceLock::new()).collect() }
    }

    fn kept(&self, id: &str) -> Option<(&'a Rule, &Kept)> {
        let rules = self.rules?;
        let number = rules.number_of(id)?;
        let rule = rules.get(number);
        Some((rule, self.kept[number.0 as usize].get_or_init(|| Kept::new(rule))))
    }

    /// The reason and the digest of a rule, with its id.
    pub(super) fn get(&self, id: &str) -> Option<(&'a str, &'a str, &str)> {
        self.kept(id).map(|(rule, kept)| (&*rule.id, &*rule.why, &*kept.digest))
    }

    /// `rules.jsonl`: a line for each of these, in the order of their ids, with the digest of `rule` as it stands there.
    pub fn to_jsonl<'i>(&self, ids: impl Iterator<Item = &'i str>) -> String {
        let used: BTreeMap<&str, &Kept> = ids.filter_map(|id| Some((id, self.kept(id)?.1))).collect();
        let lines = used.values().flat_map(|kept| ["{\"digest\":\"", &*kept.digest, "\",\"rule\":", &*kept.rule, "}\n"]);
        lines.collect()
    }
}

impl Kept {
    fn new(rule: &Rule) -> Self {
        let kept = KeptRule {
            id: rule.id.to_string(),
            pass: rule.pass.name().to_owned(),
            why: rule.why.to_string(),
            shipped: rule.origin.shipped,
            file: rule.origin.path.to_string(),
            line: rule.origin.line,
            text: rule.origin.text.to_string(),
            defaults: rule.origin.defaults.to_string(),
        };
        let json = serde_json::to_string(&kept).expect("strings and numbers become JSON");
        Self { digest: digest(json.as_bytes()).into(), rule: json.into() }
    }
}

/// Reads `rules.jsonl`: the rules by their digests.
///
/// # Errors
/// The first line that cannot be read.
pub fn kept_rules(text: &str) -> Result<BTreeMap<String, KeptRule>, JsonLineError> {
    #[derive(Deserialize)]
    struct Line {
        digest: String,
        rule: KeptRule,
    }
    let lines = text.lines().zip(1..).map(|(text, line)| {
        let Line { digest, rule } = serde_json::from_str(text).map_err(|error| JsonLineError { line, error })?;
        Ok((digest, rule))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::load_shipped;

    #[test]
    fn shipped_rules_are_kept_as_they_are_written() {
        let rules = load_shipped().rules;
        let kept = KeptRules::new(&rules);
        let text = kept.to_jsonl(["typos/recurring/Isrfael", "no/such", "dashes/double-hyphen", "dashes/double-hyphen"].into_iter());
        let read = kept_rules(&text).expect("it was just written");
        let mut read: Vec<_> = read.into_values().collect();
        read.sort_by(|a, b| a.id.cmp(&b.id));
        let [dash, typo] = &read[..] else { panic!("two rules: {text}") };
        assert_eq!((&*dash.file, &*typo.file, dash.shipped), ("dashes/double-hyphen.toml", "typos/recurring.tsv", true));
        assert!(dash.text.starts_with("[[rule]]\nid ") && dash.text.contains("examples"), "{}", dash.text);
        let mut lines = typo.text.lines();
        assert!(lines.next().is_some_and(|columns| columns.starts_with("wrong\tright")), "{}", typo.text);
        assert!(lines.next().is_some_and(|row| row.starts_with("Isrfael\tIsrael")) && lines.next().is_none(), "{}", typo.text);
    }

    #[test]
    fn every_shipped_rule_has_its_text() {
        for (_, rule) in load_shipped().rules.iter() {
            let word = rule.id.rsplit('/').next().unwrap_or_default().replace('_', " ");
            assert!(rule.origin.text.contains(&word), "{}: {:?}", rule.id, rule.origin.text);
            assert!(rule.origin.file.ends_with(&*rule.origin.path), "{:?}", rule.origin);
        }
    }
}
