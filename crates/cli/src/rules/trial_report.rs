//! What `emendo rules try` tells: as lines, as JSON, as Markdown.

use std::collections::BTreeMap;

use super::check::fault;
use crate::counted;
use crate::rules_line::rules_line;
use emendo_corpus::new_rules::{DifferenceSide, Differences, Keyword, RuleConflict, RuleTrial};
use emendo_corpus::project::Settings;
use emendo_corpus::report::{
    ExcerptPiece, ExcerptStyle, Private, VisibleText, diagnostic_shown, escape, escape_lines, pair_shown, render_pieces,
};
use emendo_corpus::{show, showln, shown};

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

    fn verdict(&self) -> VisibleText {
        let mut told = if self.trial.is_objected_to() {
            let Differences { lost, altered, .. } = &self.trial.differences;
            shown!("To look at: {} lost, {} altered, {}.", lost.count, altered.count, counted(self.trial.conflict_count(), "conflict"))
        } else if self.trial.differences.gained.count == 0 {
            "The rule changes nothing here.".into()
        } else {
            "Nothing to object to.".into()
        };
        if self.trial.unproven && self.trial.differences.gained.count == 0 {
            told.push(" It has no example, so that its own laws could not be looked at: give one with --example.");
        }
        told
    }

    fn names(&self) -> VisibleText {
        match &self.trial.ids[..] {
            [] => "no rule".into(),
            [one] => escape(one),
            many => shown!("{} rules", many.len()),
        }
    }

    /// For people.
    pub fn human(&self) -> VisibleText {
        let files = counted(self.trial.differences.sources, "file");
        let mut text = shown!("tried {} on {}; {}\n", self.names(), files, rules_line(self.settings));
        for (name, side) in self.sides() {
            showln!(text, "{}", shown!("  {:<10} {:>7}  {}", name, side.count, spread(side)).trimmed_end());
            for (zone, count) in &side.zones {
                showln!(text, "  {:>18}  {}", count, zone);
            }
            for (document, count) in most(&side.documents) {
                showln!(text, "  {:>18}  {}", count, escape(document));
            }
            if side.documents.len() > DOCUMENTS {
                showln!(text, "  {:>18}  and {} more", "", counted(side.documents.len() - DOCUMENTS, "document"));
            }
        }
        if self.trial.differences.same > 0 {
            showln!(text, "  {:<10} {:>7}  as before, only by the new rule", "the same", self.trial.differences.same);
        }
        let protected: usize = self.trial.differences.protected.values().sum();
        if protected > 0 {
            let zones: Vec<_> = self.trial.differences.protected.iter().map(|(zone, count)| shown!("{} {}", count, zone)).collect();
            showln!(text, "  {:<10} {:>7}  {}", "protected", protected, VisibleText::join(zones, ", "));
        }
        showln!(text, "  {:<10} {:>7}", "conflicts", self.trial.conflict_count());
        for conflict in self.trial.conflicts.iter().take(CONFLICTS) {
            showln!(text, "  {:>18}  {}", "", told(conflict));
        }
        if self.trial.conflicts.len() > CONFLICTS {
            showln!(text, "  {:>18}  and {} more", "", self.trial.conflicts.len() - CONFLICTS);
        }
        for (name, side) in self.sides().into_iter().filter(|(_, side)| side.count > 0) {
            showln!(text, "\n{}", name);
            text.push(concordance(&side.shown));
            if side.count > side.shown.len() {
                showln!(text, "  and {} more: --limit N shows them", side.count - side.shown.len());
            }
        }
        for breach in self.trial.breaches.iter().take(BREACHES) {
            show!(text, "\n{}\n", diagnostic_shown(breach));
        }
        if self.trial.breaches.len() > BREACHES {
            showln!(
                text,
                "\nand {} more: emendo rules check tells all once the rule is there",
                counted(self.trial.breaches.len() - BREACHES, "error")
            );
        }
        if self.trial.differences.problems > 0 {
            showln!(text, "\n{} could not be cleaned: emendo preview tells why.", counted(self.trial.differences.problems, "input"));
        }
        showln!(text, "\n{} Nothing was written.", self.verdict());
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
    pub fn markdown(&self) -> VisibleText {
        let mut text = shown!("## {}\n\n{}\n\n", inert(&self.names()), inert(&self.verdict()));
        showln!(text, "| | changes | documents | only ask |\n|---|---:|---:|---:|");
        for (name, side) in self.sides() {
            showln!(text, "| {} | {} | {} | {} |", name, side.count, side.documents.len(), side.pending);
        }
        showln!(text, "| conflicts | {} | | |", self.trial.conflict_count());
        if self.trial.conflict_count() > 0 {
            text.push("\n### conflicts\n\n");
        }
        for conflict in self.trial.conflicts.iter().take(CONFLICTS) {
            showln!(text, "- {}", inert(&told(conflict)));
        }
        for breach in self.trial.breaches.iter().take(BREACHES) {
            showln!(text, "- {}", inert(&escape_lines(&breach.to_string())));
        }
        for (name, side) in self.sides().into_iter().filter(|(_, side)| side.count > 0) {
            let zones: Vec<_> = side.zones.iter().map(|(zone, count)| shown!("{} in {}", count, zone)).collect();
            showln!(text, "\n### {}\n\n{}\n\n| place | | | |\n|---|---:|---|---|", name, VisibleText::join(zones, ", "));
            for line in &side.shown {
                showln!(
                    text,
                    "| {}:{}:{} | {} | {} | {} |",
                    inert(&escape(&line.source)),
                    line.line,
                    line.column,
                    inert(&shown(&line.left, line.private)),
                    struck(line),
                    inert(&shown(&line.right, line.private))
                );
            }
            if side.count > side.shown.len() {
                showln!(text, "\nand {} more", side.count - side.shown.len());
            }
        }
        text
    }
}

/// In how many documents, and how many need review.
fn spread(side: &DifferenceSide) -> VisibleText {
    if side.count == 0 {
        return VisibleText::default();
    }
    let pending = match side.pending {
        0 => VisibleText::default(),
        1 => "; 1 needs review".into(),
        many => shown!("; {} need review", many),
    };
    shown!("in {}{}", counted(side.documents.len(), "document"), pending)
}

/// The documents with most of them.
fn most(documents: &BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    let mut all: Vec<_> = documents.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    all.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    all.truncate(DOCUMENTS);
    all
}

fn told(conflict: &RuleConflict) -> VisibleText {
    let places = conflict.count.map(|count| shown!(" at {}", counted(count, "place"))).unwrap_or_default();
    let says = if conflict.says.is_empty() { VisibleText::default() } else { shown!(", {}", escape(&conflict.says)) };
    match conflict.kind {
        "makes a problem" => shown!("makes a problem of {}: {}", escape(&conflict.rule), escape(&conflict.says)),
        "breaks a law" => shown!("breaks a law wherever it finds something: {}", escape(&conflict.says)),
        kind => shown!("{} {}{}{}", kind, escape(&conflict.rule), places, says),
    }
}

fn shown(text: &str, private: Private) -> VisibleText {
    private.name(escape(text))
}

/// Keywords below each other, each with the text on both sides.
fn concordance(lines: &[Keyword]) -> VisibleText {
    let place = |line: &Keyword| shown!("{}:{}:{}", escape(&line.source), line.line, line.column);
    let width = |texts: &dyn Fn(&Keyword) -> VisibleText| lines.iter().map(|line| texts(line).chars().count()).max().unwrap_or(0);
    let (places, lefts) = (width(&place), width(&|line| shown(&line.left, line.private)));
    let mut text = VisibleText::default();
    for line in lines {
        let look = ExcerptStyle { colour: true, ids: false, private: line.private };
        let (before, after) = (line.before.clone(), line.after.clone());
        let piece = if line.is_pending { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } };
        let keyword = render_pieces(&[piece], look);
        let left = shown(&line.left, line.private);
        show!(
            text,
            "  {:<places$}  {:>lefts$}{}{}",
            place(line),
            left,
            keyword,
            shown(&line.right, line.private).trimmed_end(),
            places = places,
            lefts = lefts
        );
        if let Some(was) = &line.instead_of {
            let (before, after) = (was.before.clone(), was.after.clone());
            let piece = if was.is_pending { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } };
            show!(
                text,
                "\n  {:<places$}  {:>lefts$}{}  as it is, by {}",
                "",
                "",
                render_pieces(&[piece], look),
                escape(&was.rule),
                places = places,
                lefts = lefts
            );
        }
        text.push("\n");
    }
    text
}

/// A change in Markdown, and what it stands in place of.
fn struck(line: &Keyword) -> VisibleText {
    let pair = |before: &str, after: &str, is_pending: bool| {
        let [before, after] = pair_shown(before, after, line.private).map(|text| inert(&text));
        let wrapped = |mark: &'static str, text: &VisibleText| {
            if text.is_empty() { VisibleText::default() } else { shown!("{mark}{}{mark}", text, mark = mark) }
        };
        shown!("{} {}{}", wrapped("~~", &before), wrapped("**", &after), if is_pending { " ?" } else { "" })
    };
    let now = pair(&line.before, &line.after, line.is_pending);
    match &line.instead_of {
        Some(was) => shown!("{} (as it is: {} by {})", now, pair(&was.before, &was.after, was.is_pending), inert(&escape(&was.rule))),
        None => now,
    }
}

/// Signs of Markdown, each as itself; the backslash comes first, as it stands before the others.
const MARKUP: [&str; 15] = [r"\\", r"\`", r"\*", r"\_", r"\{", r"\}", r"\[", r"\]", r"\(", r"\)", r"\#", r"\!", r"\|", r"\~", r"\$"];

/// A text in which nothing is markup of Markdown or HTML.
fn inert(text: &VisibleText) -> VisibleText {
    let mut out = text.replaced("\n", " ");
    for sign in MARKUP {
        out = out.replaced(&sign[1..], sign);
    }
    out.replaced("&", "&amp;").replaced("<", "&lt;").replaced(">", "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_markup() {
        assert_eq!(inert(&"a|b *c* <i>&amp;".into()), r"a\|b \*c\* &lt;i&gt;&amp;amp;");
    }

    #[test]
    fn what_cannot_be_seen_is_named_once() {
        assert_eq!(inert(&escape("5\u{A0}km\n")), r"5⟦U+00A0 NO-BREAK SPACE⟧km⏎");
    }
}
