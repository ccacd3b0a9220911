//! What `emendo rules try` tells: as lines, as JSON, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::check::fault;
use crate::counted;
use crate::rules_line::rules_line;
use emendo_corpus::new_rules::{DifferenceSide, Differences, Keyword, RuleConflict, RuleTrial};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{ExcerptPiece, ExcerptStyle, Private, escape, escape_lines, pair_shown, render_pieces};

/// So many documents are named.
const DOCUMENTS: usize = 5;

/// So many conflicts are told: one can be met in every document.
const CONFLICTS: usize = 20;
/// So many breaches of laws are told: where a word feeds many rules there is one for each.
const BREACHES: usize = 10;

/// What came out.
pub struct TrialReport<'a> {
    /// What the rule would do.
    pub trial: &'a RuleTrial,
    /// The rules as they are.
    pub settings: &'a Settings,
}

impl TrialReport<'_> {
    fn sides(&self) -> [(&'static str, &DifferenceSide); 3] {
        let Differences { gained, lost, altered, .. } = &self.trial.differences;
        [("gained", gained), ("lost", lost), ("altered", altered)]
    }

    fn verdict(&self) -> String {
        let mut told = if self.trial.is_objected_to() {
            let Differences { lost, altered, .. } = &self.trial.differences;
            format!("To look at: {} lost, {} altered, {}.", lost.count, altered.count, counted(self.trial.conflict_count(), "conflict"))
        } else if self.trial.differences.gained.count == 0 {
            "The rule changes nothing here.".to_owned()
        } else {
            "Nothing to object to.".to_owned()
        };
        if self.trial.unproven && self.trial.differences.gained.count == 0 {
            told.push_str(" It has no example, so that its own laws could not be looked at: give one with --example.");
        }
        told
    }

    fn names(&self) -> String {
        match &self.trial.ids[..] {
            [] => "no rule".to_owned(),
            [one] => escape(one).into_owned(),
            many => format!("{} rules", many.len()),
        }
    }

    /// For people.
    pub fn human(&self) -> String {
        let files = counted(self.trial.differences.sources, "file");
        let mut text = format!("tried {} on {files}; {}\n", self.names(), rules_line(self.settings));
        for (name, side) in self.sides() {
            let _ = writeln!(text, "{}", format!("  {name:<10} {:>7}  {}", side.count, spread(side)).trim_end());
            for (zone, count) in &side.zones {
                let _ = writeln!(text, "  {count:>18}  {zone}");
            }
            for (document, count) in most(&side.documents) {
                let _ = writeln!(text, "  {count:>18}  {}", escape(document));
            }
            if side.documents.len() > DOCUMENTS {
                let _ = writeln!(text, "  {:>18}  and {} more", "", counted(side.documents.len() - DOCUMENTS, "document"));
            }
        }
        if self.trial.differences.same > 0 {
            let _ = writeln!(text, "  {:<10} {:>7}  as before, only by the new rule", "the same", self.trial.differences.same);
        }
        let protected: usize = self.trial.differences.protected.values().sum();
        if protected > 0 {
            let zones: Vec<_> = self.trial.differences.protected.iter().map(|(zone, count)| format!("{count} {zone}")).collect();
            let _ = writeln!(text, "  {:<10} {protected:>7}  {}", "protected", zones.join(", "));
        }
        let _ = writeln!(text, "  {:<10} {:>7}", "conflicts", self.trial.conflict_count());
        for conflict in self.trial.conflicts.iter().take(CONFLICTS) {
            let _ = writeln!(text, "  {:>18}  {}", "", told(conflict));
        }
        if self.trial.conflicts.len() > CONFLICTS {
            let _ = writeln!(text, "  {:>18}  and {} more", "", self.trial.conflicts.len() - CONFLICTS);
        }
        for (name, side) in self.sides().into_iter().filter(|(_, side)| side.count > 0) {
            let _ = writeln!(text, "\n{name}");
            text.push_str(&concordance(&side.shown));
            if side.count > side.shown.len() {
                let _ = writeln!(text, "  and {} more: --limit N shows them", side.count - side.shown.len());
            }
        }
        for breach in self.trial.breaches.iter().take(BREACHES) {
            let _ = write!(text, "\n{}\n", breach.render(true));
        }
        if self.trial.breaches.len() > BREACHES {
            let _ = writeln!(
                text,
                "\nand {} more: emendo rules check tells all once the rule is there",
                counted(self.trial.breaches.len() - BREACHES, "error")
            );
        }
        if self.trial.differences.problems > 0 {
            let _ =
                writeln!(text, "\n{} could not be cleaned: emendo preview tells why.", counted(self.trial.differences.problems, "input"));
        }
        let _ = writeln!(text, "\n{} Nothing was written.", self.verdict());
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        let rules: Vec<_> = self.trial.ids.iter().map(|id| &**id).collect();
        let conflict = |conflict: &RuleConflict| serde_json::json!({ "kind": conflict.kind.replace(' ', "_"), "with": conflict.rule, "places": conflict.count, "says": conflict.says });
        let Differences { gained, lost, altered, protected, problems, sources, .. } = &self.trial.differences;
        let report = serde_json::json!({
            "rules": rules, "files": sources, "documents": self.trial.differences.documents(),
            "gained": gained, "lost": lost, "altered": altered, "same": self.trial.differences.same, "protected": protected,
            "conflicts": self.trial.conflicts.iter().map(conflict).collect::<Vec<_>>(),
            "breaches": self.trial.breaches.iter().map(fault).collect::<Vec<_>>(),
            "proven": !self.trial.unproven, "problems": problems, "objection": self.trial.is_objected_to(),
        });
        format!("{report}\n")
    }

    /// For a review.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n\n", inert(&self.names()), inert(&self.verdict()));
        let _ = writeln!(text, "| | changes | documents | only ask |\n|---|---:|---:|---:|");
        for (name, side) in self.sides() {
            let _ = writeln!(text, "| {name} | {} | {} | {} |", side.count, side.documents.len(), side.pending);
        }
        let _ = writeln!(text, "| conflicts | {} | | |", self.trial.conflict_count());
        if self.trial.conflict_count() > 0 {
            text.push_str("\n### conflicts\n\n");
        }
        for conflict in self.trial.conflicts.iter().take(CONFLICTS) {
            let _ = writeln!(text, "- {}", inert(&told(conflict)));
        }
        for breach in self.trial.breaches.iter().take(BREACHES) {
            let _ = writeln!(text, "- {}", inert(&breach.to_string()));
        }
        for (name, side) in self.sides().into_iter().filter(|(_, side)| side.count > 0) {
            let zones: Vec<_> = side.zones.iter().map(|(zone, count)| format!("{count} in {zone}")).collect();
            let _ = writeln!(text, "\n### {name}\n\n{}\n\n| place | | | |\n|---|---:|---|---|", zones.join(", "));
            for line in &side.shown {
                let _ = writeln!(
                    text,
                    "| {}:{}:{} | {} | {} | {} |",
                    inert(&escape(&line.source)),
                    line.line,
                    line.column,
                    inert(&shown(&line.left, line.private)),
                    struck(line),
                    inert(&shown(&line.right, line.private)),
                );
            }
            if side.count > side.shown.len() {
                let _ = writeln!(text, "\nand {} more", side.count - side.shown.len());
            }
        }
        text
    }
}

/// In how many documents, and how many need review.
fn spread(side: &DifferenceSide) -> String {
    if side.count == 0 {
        return String::new();
    }
    let pending = match side.pending {
        0 => String::new(),
        1 => "; 1 needs review".to_owned(),
        many => format!("; {many} need review"),
    };
    format!("in {}{pending}", counted(side.documents.len(), "document"))
}

/// The documents with most of them.
fn most(documents: &BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    let mut all: Vec<_> = documents.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    all.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    all.truncate(DOCUMENTS);
    all
}

fn told(conflict: &RuleConflict) -> String {
    let places = conflict.count.map(|count| format!(" at {}", counted(count, "place"))).unwrap_or_default();
    let says = if conflict.says.is_empty() { String::new() } else { format!(", {}", escape(&conflict.says)) };
    match conflict.kind {
        "makes a problem" => format!("makes a problem of {}: {}", escape(&conflict.rule), escape(&conflict.says)),
        "breaks a law" => format!("breaks a law wherever it finds something: {}", escape(&conflict.says)),
        kind => format!("{kind} {}{places}{says}", escape(&conflict.rule)),
    }
}

fn shown(text: &str, private: Private) -> String {
    private.name(&escape(text)).into_owned()
}

/// Keywords below each other, each with the text on both sides.
fn concordance(lines: &[Keyword]) -> String {
    let place = |line: &Keyword| format!("{}:{}:{}", escape(&line.source), line.line, line.column);
    let width = |texts: &dyn Fn(&Keyword) -> String| lines.iter().map(|line| texts(line).chars().count()).max().unwrap_or(0);
    let (places, lefts) = (width(&place), width(&|line| shown(&line.left, line.private)));
    let mut text = String::new();
    for line in lines {
        let look = ExcerptStyle { colour: true, ids: false, private: line.private };
        let (before, after) = (line.before.clone(), line.after.clone());
        let piece = if line.is_pending { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } };
        let keyword = render_pieces(&[piece], look);
        let left = shown(&line.left, line.private);
        let _ = write!(text, "  {:<places$}  {left:>lefts$}{keyword}{}", place(line), shown(&line.right, line.private).trim_end());
        if let Some(was) = &line.instead_of {
            let (before, after) = (was.before.clone(), was.after.clone());
            let piece = if was.is_pending { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } };
            let _ =
                write!(text, "\n  {:<places$}  {:>lefts$}{}  as it is, by {}", "", "", render_pieces(&[piece], look), escape(&was.rule));
        }
        text.push('\n');
    }
    text
}

/// A change in Markdown, and what it stands in place of.
fn struck(line: &Keyword) -> String {
    let pair = |before: &str, after: &str, is_pending: bool| {
        let [before, after] = pair_shown(before, after, line.private).map(|text| inert(&text));
        let wrapped = |mark: &str, text: &str| if text.is_empty() { String::new() } else { format!("{mark}{text}{mark}") };
        format!("{} {}{}", wrapped("~~", &before), wrapped("**", &after), if is_pending { " ?" } else { "" })
    };
    let now = pair(&line.before, &line.after, line.is_pending);
    match &line.instead_of {
        Some(was) => format!("{now} (as it is: {} by {})", pair(&was.before, &was.after, was.is_pending), inert(&escape(&was.rule))),
        None => now,
    }
}

/// A text in which nothing is markup of Markdown or HTML.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in escape_lines(text).replace('\n', " ").chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if matches!(c, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '$') => {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_markup() {
        assert_eq!(inert("a|b *c* <i>&amp;"), r"a\|b \*c\* &lt;i&gt;&amp;amp;");
    }
}
