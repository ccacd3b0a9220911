//! What `emendo rules check` tells.

use super::{fault, fix_report};
use crate::args::CheckArgs;
use crate::counted;
use crate::outcome::ExitStatus;
use crate::rules_line::rules_line;
use emendo_core::edit::RuleNumber;
use emendo_core::rules::Knowledge;
use emendo_corpus::check::Finding;
use emendo_corpus::project::Settings;
use emendo_corpus::report::{VisibleText, diagnostic_shown, escape};
use emendo_corpus::{FiredCounts, FiredRules, TidiedTables, showln, shown};

/// For programs, of so many warnings the column is told: it takes reading the file up to there.
const PLACED: usize = 1000;

/// So many inputs that could not be cleaned are named.
const PROBLEMS: usize = 5;

/// What came out, of rules that keep the laws.
pub struct Report<'a> {
    settings: &'a Settings,
    findings: Vec<Finding>,
    fired: Option<FiredRules>,
    mended: Option<&'a TidiedTables>,
    args: &'a CheckArgs,
}

impl<'a> Report<'a> {
    /// With what the corpus shows as well.
    pub fn new(
        settings: &'a Settings,
        mut findings: Vec<Finding>,
        fired: Option<FiredRules>,
        mended: Option<&'a TidiedTables>,
        args: &'a CheckArgs,
    ) -> Self {
        findings.extend(fired.iter().flat_map(|fired| fired.findings(&settings.knowledge)));
        Self { settings, findings, fired, mended, args }
    }

    fn knowledge(&self) -> &Knowledge {
        &self.settings.knowledge
    }

    /// How many own rules never fired.
    fn never(&self) -> usize {
        self.fired.iter().map(|fired| fired.own_never(self.knowledge()).count()).sum()
    }

    /// How the command ends.
    pub fn outcome(&self) -> ExitStatus {
        if self.fired.as_ref().is_some_and(|fired| !fired.problems.is_empty()) {
            ExitStatus::Problems
        } else if self.args.strict && self.findings.len() + self.never() > 0 {
            ExitStatus::Found
        } else {
            ExitStatus::Done
        }
    }

    fn counts(&self) -> [usize; 3] {
        let rules = &self.knowledge().rules;
        let examples = rules.iter().map(|(_, rule)| rule.examples.len()).sum();
        let keeps = rules.iter().map(|(_, rule)| rule.keeps.len()).sum();
        [rules.len(), examples, keeps]
    }

    /// For people.
    pub fn human(&self) -> VisibleText {
        let mut text = VisibleText::default();
        for finding in self.findings.iter().take(self.args.limit) {
            showln!(text, "{}\n", diagnostic_shown(&finding.diagnostic(self.knowledge())).trimmed_end());
        }
        let [rules, examples, keeps] = self.counts();
        showln!(text, "{}", rules_line(self.settings));
        showln!(text, "{} rules: {} examples hold, {} keeps stay, no rule feeds another.", rules, examples, keeps);
        if let Some(fired) = &self.fired {
            self.tell_fired(fired, &mut text);
        }
        if !self.findings.is_empty() {
            let untold = self.findings.len().saturating_sub(self.args.limit);
            let more = if untold > 0 { shown!("; {} not shown: --limit N shows more", untold) } else { VisibleText::default() };
            showln!(text, "{}{}.", counted(self.findings.len(), "warning"), more);
        }
        text
    }

    fn tell_fired(&self, fired: &FiredRules, text: &mut VisibleText) {
        let knowledge = self.knowledge();
        let limit = self.args.limit;
        showln!(text, "\n{} of {} fired in {}.", fired.rules.len(), counted(knowledge.rules.len(), "rule"), counted(fired.files, "file"));
        if !fired.rules.is_empty() {
            let mut most: Vec<_> = fired.rules.iter().collect();
            most.sort_by(|(a, one), (b, other)| other.all().cmp(&one.all()).then_with(|| a.cmp(b)));
            let shown = &most[..most.len().min(limit)];
            let width = shown.iter().map(|(rule, _)| escape(rule).chars().count()).max().unwrap_or(0);
            showln!(text, "  {:<width$}  applied  pending  superseded  protected  rejected", "rule", width = width);
            for (rule, counts) in shown {
                let FiredCounts { applied, pending, superseded, protected, rejected, .. } = counts;
                showln!(
                    text,
                    "  {:<width$}  {:>7}  {:>7}  {:>10}  {:>9}  {:>8}",
                    escape(rule),
                    applied,
                    pending,
                    superseded,
                    protected,
                    rejected,
                    width = width
                );
            }
            if most.len() > limit {
                showln!(text, "  and {} more", most.len() - limit);
            }
        }
        let own: Vec<RuleNumber> = fired.own_never(knowledge).collect();
        if !own.is_empty() {
            showln!(text, "\nnever fired, of your own rules: {}", own.len());
            for number in own.iter().take(limit) {
                let rule = knowledge.rules.get(*number);
                showln!(text, "  {}  {}:{}", escape(&rule.id), escape(&rule.origin.file), rule.origin.line);
            }
            if own.len() > limit {
                showln!(text, "  and {} more", own.len() - limit);
            }
        }
        let shipped = fired.never.len() - own.len();
        if shipped > 0 {
            showln!(text, "never fired, of the shipped ones: {}", shipped);
        }
        if !fired.problems.is_empty() {
            showln!(text, "\n{}, of what could not be cleaned:", counted(fired.problems.len(), "problem"));
            for (source, reason) in fired.problems.iter().take(PROBLEMS) {
                showln!(text, "  {}: {}", escape(source), escape(reason));
            }
            if fired.problems.len() > PROBLEMS {
                showln!(text, "  and {} more", fired.problems.len() - PROBLEMS);
            }
        }
    }

    /// For programs.
    pub fn json(&self) -> String {
        let [rules, examples, keeps] = self.counts();
        let faults: Vec<_> = self.findings.iter().enumerate().map(|(at, finding)| self.fault(at, finding)).collect();
        let mut report = serde_json::json!({
            "rules": rules, "examples": examples, "keeps": keeps, "errors": 0, "warnings": self.findings.len(), "faults": faults,
        });
        if let Some(fired) = &self.fired {
            let never: Vec<_> = fired.never.iter().map(|number| &*self.knowledge().rules.get(*number).id).collect();
            let problem = |(source, reason): &(String, String)| serde_json::json!({ "source": source, "reason": reason });
            report["corpus"] = serde_json::json!({
                "files": fired.files, "fired": fired.rules.iter().map(|(rule, counts)| of_rule(rule, counts)).collect::<Vec<_>>(),
                "never": never, "problems": fired.problems.iter().map(problem).collect::<Vec<_>>(),
            });
        }
        if let Some(mended) = self.mended {
            report["fix"] = fix_report::json(mended, self.args.dry_run);
        }
        format!("{report}\n")
    }

    fn fault(&self, at: usize, finding: &Finding) -> serde_json::Value {
        let knowledge = self.knowledge();
        let origin = &knowledge.rules.get(finding.rule).origin;
        let mut told = if at < PLACED {
            fault(&finding.diagnostic(knowledge))
        } else {
            serde_json::json!({
                "level": "warning", "file": &*origin.file, "line": origin.line, "column": null,
                "title": finding.title, "label": finding.label, "help": finding.help,
            })
        };
        told["kind"] = finding.kind.name().into();
        told["rules"] = finding.rules(knowledge).iter().map(|rule| &***rule).collect();
        told
    }
}

fn of_rule(rule: &str, counts: &FiredCounts) -> serde_json::Value {
    let FiredCounts { applied, pending, superseded, protected, rejected, superseded_by, .. } = counts;
    let by: serde_json::Map<_, _> = superseded_by.iter().map(|(rule, count)| (rule.to_string(), (*count).into())).collect();
    serde_json::json!({
        "rule": rule, "applied": applied, "pending": pending, "superseded": superseded, "protected": protected, "rejected": rejected,
        "superseded_by": by,
    })
}
