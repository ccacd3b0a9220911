//! What was learnt: for people, and a line of JSON for each rule.

use std::collections::BTreeMap;

use crate::counted;
use emendo_corpus::new_rules::learn::{CorrectionKind, CorrectionSpot, LearnOutcome, LearnedRule, LearnedRuleVerdict, times};
use emendo_corpus::report::{LineColumns, VisibleText, escape, escape_lines, visible_pair};
use emendo_corpus::{show, showln, shown};

/// So many texts that were left out are told one by one.
const SHOWN: usize = 5;

/// So many rules or places of a kind are named.
const NAMED: usize = 5;

/// So many reasons are told why there is no rule.
const REASONS: usize = 12;

/// What was learnt, and what was done with it.
pub struct LearnReport<'a> {
    /// What was learnt.
    pub outcome: &'a LearnOutcome,
}

impl LearnReport<'_> {
    fn rules(&self) -> impl Iterator<Item = &LearnedRule> {
        self.outcome.proposals.iter().filter(|one| one.is_rule())
    }

    fn explained(&self) -> usize {
        self.rules().map(|one| one.corrected).sum()
    }

    /// The corrections that no rule explains, by the reason.
    fn unexplained(&self) -> BTreeMap<String, Vec<CorrectionSpot>> {
        let texts = self.outcome.texts();
        let mut all: BTreeMap<String, Vec<CorrectionSpot>> = BTreeMap::new();
        for spot in self.outcome.spots().filter(|spot| !self.outcome.made.contains_key(spot)) {
            if let CorrectionKind::Other(reason) = texts.at(spot).1.kind {
                all.entry(reason.to_owned()).or_default().push(spot);
            }
        }
        let mut others: Vec<CorrectionSpot> = Vec::new();
        for one in &self.outcome.proposals {
            if let LearnedRuleVerdict::No(why) = &one.verdict {
                all.entry(format!("{} → {}: {}", one.wrong, one.right, why.trim_end_matches('.'))).or_default().extend(&one.spots);
            }
            others.extend(&one.spots);
        }
        // A form that was corrected to something else than mostly.
        let is_open = |spot: &CorrectionSpot| !self.outcome.made.contains_key(spot) && !others.contains(spot);
        let rest: Vec<CorrectionSpot> =
            self.outcome.spots().filter(is_open).filter(|spot| !matches!(texts.at(*spot).1.kind, CorrectionKind::Other(_))).collect();
        if !rest.is_empty() {
            all.insert("corrected to something else than mostly".to_owned(), rest);
        }
        all
    }

    /// For people.
    pub fn human(&self) -> VisibleText {
        let texts = self.outcome.texts();
        let all = self.outcome.spots().count();
        let mut text = shown!("{} in {}\n", counted(all, "correction"), counted(texts.pairs.len(), "text"));
        for left_out in self.outcome.left_out.iter().take(SHOWN) {
            showln!(text, "  left out: {}", escape(left_out));
        }
        if let Some(more) = self.outcome.left_out.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            showln!(text, "  left out: {} more", more);
        }
        if !self.outcome.made.is_empty() {
            showln!(text, "  {:>5}  made by rules that are there: {}", self.outcome.made.len(), self.makers());
        }
        showln!(text, "  {:>5}  explained by {}", self.explained(), counted(self.rules().count(), "new rule"));
        let unexplained = self.unexplained();
        showln!(text, "  {:>5}  explained by no rule", unexplained.values().map(Vec::len).sum::<usize>());
        for one in self.rules() {
            tell_rule(one, &mut text);
        }
        if !unexplained.is_empty() {
            text.push("\nno rule explains\n");
        }
        let mut reasons: Vec<(&String, &Vec<CorrectionSpot>)> = unexplained.iter().collect();
        reasons.sort_by_key(|(_, spots)| std::cmp::Reverse(spots.len()));
        for (reason, spots) in reasons.iter().take(REASONS) {
            showln!(text, "  {:>5}  {}", spots.len(), escape(reason));
            showln!(text, "         {}", self.place(spots[0]));
        }
        if reasons.len() > REASONS {
            showln!(text, "  and {} more reasons: --format json tells all", reasons.len() - REASONS);
        }
        match &self.outcome.added {
            Some(added) => show!(text, "\nadded {}\n{}", counted(added.ids.len(), "rule"), escape_lines(&added.diff)),
            None if self.rules().next().is_none() => showln!(text, "\nNothing was written."),
            None => showln!(text, "\nNothing was written: --accept ID adds a rule, --all adds all of them."),
        }
        text
    }

    /// The rules that make corrections already, those that make most of them first.
    fn makers(&self) -> VisibleText {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in self.outcome.made.values() {
            *counts.entry(rule).or_default() += 1;
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
        let named: Vec<_> = counts.iter().take(NAMED).map(|(rule, count)| shown!("{} {}", escape(rule), count)).collect();
        let more = if counts.len() > NAMED { shown!(" and {} more rules", counts.len() - NAMED) } else { VisibleText::default() };
        VisibleText::join(named, ", ") + more
    }

    /// A correction with its place.
    fn place(&self, spot: CorrectionSpot) -> VisibleText {
        let texts = self.outcome.texts();
        let (pair, one) = texts.at(spot);
        let (line, column) = LineColumns::new(pair.old.as_bytes()).of(one.at.start);
        let (before, after) = visible_pair(&short(&one.wrong), &short(&one.right));
        shown!("{}:{}:{}  [-{}-]{{+{}+}}", escape(&pair.name), line, column, before, after)
    }

    /// For programs: a line for each rule, one for each reason that there is none, and one at the end.
    pub fn json(&self) -> String {
        let mut text = String::new();
        for one in self.rules() {
            let (policy, why) = match &one.verdict {
                LearnedRuleVerdict::Ask(why) => ("ask", Some(why)),
                _ => ("apply", None),
            };
            let elsewhere = one.elsewhere.as_ref();
            let line = serde_json::json!({
                "type": "rule", "id": one.id, "find": one.wrong, "becomes": one.right, "policy": policy, "asks_because": why,
                "corrected": one.corrected, "left": one.left, "example": one.example,
                "corpus": elsewhere.map(|found| serde_json::json!({ "places": found.places, "documents": found.documents, "shown": found.shown })),
                "added": self.outcome.added.as_ref().is_some_and(|added| added.ids.contains(&one.id)),
            });
            text.extend([line.to_string(), "\n".into()]);
        }
        for (reason, spots) in self.unexplained() {
            let line = serde_json::json!({ "type": "unexplained", "reason": reason, "count": spots.len(), "first": self.place(spots[0]) });
            text.extend([line.to_string(), "\n".into()]);
        }
        let end = serde_json::json!({
            "type": "end", "texts": self.outcome.pairs.len(), "corrections": self.outcome.spots().count(),
            "made": self.outcome.made.len(), "explained": self.explained(), "left_out": self.outcome.left_out, "diff": self.outcome.added.as_ref().map(|added| &added.diff),
        });
        text.extend([end.to_string(), "\n".into()]);
        text
    }
}

/// A rule, and what the texts say of it.
fn tell_rule(one: &LearnedRule, text: &mut VisibleText) {
    let (before, after) = visible_pair(&one.wrong, &one.right);
    showln!(text, "\n{}\n  {} → {}", escape(&one.id), before, after);
    let left = if one.left == 0 { VisibleText::default() } else { shown!(", left {}", escape(&times(one.left))) };
    let elsewhere = one
        .elsewhere
        .as_ref()
        .map(|found| shown!("; in the corpus {} in {}", counted(found.places, "place"), counted(found.documents, "document")));
    showln!(text, "  corrected {}{}{}", escape(&times(one.corrected)), left, elsewhere.unwrap_or_default());
    if let LearnedRuleVerdict::Ask(why) = &one.verdict {
        showln!(text, "  asks: {}", escape(why));
    }
    if let Some([before, after]) = &one.example {
        showln!(text, "  - {}\n  + {}", escape(before), escape(after));
    }
    for place in one.elsewhere.iter().flat_map(|found| &found.shown) {
        showln!(text, "    {}", escape(place));
    }
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() { start + "…" } else { start }
}
