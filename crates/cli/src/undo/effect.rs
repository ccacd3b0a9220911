//! What taking back would do: what was done with the decisions as they are, beside what would be done without.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde_json::json;

use super::request::UndoRequest;
use crate::counted;
use emendo_core::cleaner::{CleanedArticle, CleanedSource};
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, Span};
use emendo_core::review::decision::{Decision, HAND};
use emendo_core::review::session::context;
use emendo_corpus::report::{ExcerptStyle, LineColumns, Private, escape, excerpts, render, visible_pair};

/// So many examples are shown, and so many places that a person must look at.
const SHOWN: usize = 5;
/// So much of a text is told, in code points.
const LONGEST: usize = 80;
/// So many rules are told.
const RULES: usize = 12;

/// A document as it is cleaned now.
pub struct CleanedNow {
    /// Its name.
    pub name: String,
    /// The digest of its bytes.
    pub digest: String,
    /// What was proposed in it.
    pub changes: Vec<Change>,
    /// What stands round each correction by hand.
    pub contexts: FxHashMap<ChangeId, [String; 3]>,
    hunks: Vec<Hunk>,
}

impl CleanedNow {
    /// What is known of a source, if it is text.
    pub fn of(report: &CleanedSource) -> Option<Self> {
        let text = &report.text()?.text;
        let changes: Vec<Change> = report.changes().cloned().collect();
        let by_hand = changes.iter().filter(|change| &*change.rule == HAND);
        let contexts = by_hand.map(|change| (change.id, context(text, change.span))).collect();
        let mut hunks: Vec<Hunk> = report.articles().flat_map(|article| article.cleaned.hunks.iter().cloned()).collect();
        hunks.sort_by_key(|hunk| hunk.source);
        Some(Self { name: report.name.clone(), digest: report.digest.clone(), changes, contexts, hunks })
    }
}

/// Changes of a rule, and the first of them.
#[derive(Default)]
struct OfRule {
    count: usize,
    first: Option<(String, String)>,
}

/// A place where what is left was made by nobody alone.
struct Overlap {
    source: String,
    place: (usize, usize),
    before: String,
    now: String,
    then: String,
}

/// What taking back would do.
pub struct Effect {
    /// What is to be taken back.
    pub wanted: UndoRequest,
    documents: usize,
    taken_back: BTreeMap<String, OfRule>,
    /// Of what is taken back, what asks again.
    asks_again: usize,
    /// What was to be taken back and stands.
    stays: usize,
    /// What goes because what it went on from is gone.
    along: usize,
    /// What is applied then, and was not.
    applied: usize,
    /// What asks then, and did not, and was not applied.
    asks: usize,
    overlaps: Vec<Overlap>,
    examples: Vec<String>,
}

/// What became of a document without what is taken back.
struct Then<'a> {
    fates: FxHashMap<ChangeId, &'a Change>,
    hunks: Vec<&'a Hunk>,
}

impl<'a> Then<'a> {
    fn is_applied(&self, change: &Change) -> bool {
        self.fates.get(&change.id).is_some_and(|then| then.fate == Fate::Applied && then.result() == change.result())
    }

    /// The differences that claim the same text as one.
    fn at<'s>(&'s self, hunk: &'s Hunk) -> impl Iterator<Item = &'a Hunk> {
        // Sorted and disjoint.
        let from = self.hunks.partition_point(|left| left.source.end < hunk.source.start);
        let near = self.hunks[from..].iter().take_while(|left| left.source.start <= hunk.source.end);
        near.copied().filter(|left| claims(left.source, hunk.source) && left.part == hunk.part)
    }

    fn waits(&self, id: ChangeId) -> bool {
        self.fates.get(&id).is_some_and(|then| then.fate == Fate::Waiting)
    }
}

impl Effect {
    /// Nothing was looked at yet.
    pub fn new(wanted: UndoRequest) -> Self {
        Self {
            wanted,
            documents: 0,
            taken_back: BTreeMap::new(),
            asks_again: 0,
            stays: 0,
            along: 0,
            applied: 0,
            asks: 0,
            overlaps: Vec::new(),
            examples: Vec::new(),
        }
    }

    /// Takes in a document, as it is cleaned now and as it would be.
    pub fn compare(&mut self, before: &CleanedNow, report: &CleanedSource) {
        let Some(text) = report.text() else { return };
        let mut hunks: Vec<&Hunk> = report.articles().flat_map(|article| &article.cleaned.hunks).collect();
        hunks.sort_by_key(|hunk| hunk.source);
        let then = Then { fates: report.changes().map(|change| (change.id, change)).collect(), hunks };
        let (mut gone, mut were) = (BTreeSet::new(), FxHashMap::default());
        for change in &before.changes {
            were.insert(change.id, change.fate);
            if change.fate != Fate::Applied {
                continue;
            }
            let is_wanted = self.wanted.holds(before, change);
            match (is_wanted, then.is_applied(change)) {
                (true, true) => self.stays += 1,
                (false, true) => {}
                (is_wanted, false) => {
                    gone.insert(change.id);
                    self.count_gone(change, is_wanted, then.waits(change.id));
                }
            }
        }
        for change in report.changes() {
            let was = were.get(&change.id);
            match change.fate {
                Fate::Applied if was != Some(&Fate::Applied) => self.applied += 1,
                Fate::Waiting if !matches!(was, Some(Fate::Applied | Fate::Waiting)) => self.asks += 1,
                _ => {}
            }
        }
        let is_touched = !gone.is_empty() || before.hunks.iter().collect::<Vec<_>>() != then.hunks;
        self.documents += usize::from(is_touched);
        self.find_overlaps(before, &gone, &then, &text.text);
        self.show(before, &gone, report, &text.text);
    }

    fn count_gone(&mut self, change: &Change, is_wanted: bool, waits: bool) {
        if !is_wanted {
            self.along += 1;
            return;
        }
        self.asks_again += usize::from(waits);
        let of_rule = self.taken_back.entry(change.rule.to_string()).or_default();
        of_rule.count += 1;
        of_rule.first.get_or_insert_with(|| (change.before.to_string(), change.result().to_owned()));
    }

    /// Differences that several changes made, of which some go: what is left there nobody has seen.
    fn find_overlaps(&mut self, before: &CleanedNow, gone: &BTreeSet<ChangeId>, then: &Then<'_>, text: &str) {
        let places = LineColumns::new(text.as_bytes());
        for hunk in before.hunks.iter().filter(|hunk| hunk.changes.iter().any(|id| gone.contains(id))) {
            if then.at(hunk).next().is_some() {
                self.overlaps.push(Overlap {
                    source: before.name.clone(),
                    place: places.of(hunk.source.start),
                    before: hunk.before.to_string(),
                    now: hunk.after.to_string(),
                    then: then_there(hunk, then),
                });
            }
        }
    }

    fn show(&mut self, before: &CleanedNow, gone: &BTreeSet<ChangeId>, report: &CleanedSource, text: &str) {
        if gone.is_empty() || self.examples.len() >= SHOWN {
            return;
        }
        let private = Private::of(report.text().map(|text| text.encoding));
        let places = LineColumns::new(text.as_bytes());
        let hunks: Vec<Hunk> = before.hunks.iter().filter(|hunk| hunk.changes.iter().any(|id| gone.contains(id))).cloned().collect();
        let changes: Vec<Change> = before.changes.iter().filter(|change| gone.contains(&change.id)).cloned().collect();
        for CleanedArticle { article, .. } in report.articles() {
            let inside: Vec<Hunk> = hunks.iter().filter(|hunk| is_inside(hunk, article.slice)).cloned().collect();
            for excerpt in excerpts(text, &places, article, &inside, &changes) {
                if self.examples.len() < SHOWN {
                    self.examples.push(render(&before.name, &[excerpt], ExcerptStyle { colour: true, ids: false, private }));
                }
            }
        }
    }

    /// For people.
    pub fn render(&self, is_saved: bool) -> String {
        let mut text = String::new();
        let UndoRequest { timeless, wider, .. } = self.wanted;
        let added = self.wanted.added().len();
        if added > 0 {
            let total: usize = self.taken_back.values().map(|of_rule| of_rule.count).sum();
            let (changes, documents) = (counted(total, "change"), counted(self.documents, "document"));
            let verb = if is_saved { "takes back" } else { "would take back" };
            let by = match self.wanted.withdrawn() {
                Some(count) => format!("{} withdrawn", counted(count, "decision")),
                None => counted(added, "rejection"),
            };
            let _ = writeln!(text, "{verb} {changes}, in {documents}; {by}");
            self.push_rules(&mut text);
            let mut row = |name: &str, count: usize, what: &str| {
                if count > 0 {
                    let _ = writeln!(text, "  {name:<14} {count:>4}  {what}");
                }
            };
            row("ask again", self.asks_again, "of them");
            row("stay", self.stays, "another decision, narrower or as wide, wants them");
            row("go along", self.along, "they went on from these, or claim the same text");
            row("applied", self.applied, "that were not");
            row("ask", self.asks, "that did not, and were not applied");
            self.push_overlaps(&mut text);
        }
        if timeless > 0 {
            let _ = writeln!(text, "note: {timeless} more that fit do not say when they were decided, and are left");
        }
        if wider > 0 {
            let _ = writeln!(text, "note: {wider} more that fit hold for all documents, and are left");
        }
        if !self.examples.is_empty() {
            text.push('\n');
            self.examples.iter().for_each(|example| text.push_str(example));
            text.push('\n');
        }
        text
    }

    fn push_rules(&self, text: &mut String) {
        let mut rules: Vec<_> = self.taken_back.iter().collect();
        rules.sort_by_key(|(id, of_rule)| (std::cmp::Reverse(of_rule.count), *id));
        for (id, OfRule { count, first }) in rules.iter().take(RULES) {
            let (before, after) = first.as_ref().map(|(before, after)| short_pair(before, after)).unwrap_or_default();
            let _ = writeln!(text, "  {:<14} {count:>4}  {}  [-{before}-]{{+{after}+}}", "taken back", escape(id));
        }
        if rules.len() > RULES {
            let _ = writeln!(text, "  and by {} more", counted(rules.len() - RULES, "rule"));
        }
    }

    fn push_overlaps(&self, text: &mut String) {
        if self.overlaps.is_empty() {
            return;
        }
        let places = if self.overlaps.len() == 1 { "place, where" } else { "places, where" };
        let _ = writeln!(text, "  {:<14} {:>4}  {places} other changes claim the same text", "look at", self.overlaps.len());
        for Overlap { source, place: (line, column), now, then, .. } in self.overlaps.iter().take(SHOWN) {
            let (now, then) = short_pair(now, then);
            let _ = writeln!(text, "                      {}:{line}:{column}  “{now}” becomes “{then}”", escape(source));
        }
    }

    /// For programs.
    pub fn json(&self, is_saved: bool) -> String {
        let rules: serde_json::Map<_, _> =
            self.taken_back.iter().map(|(id, OfRule { count, first })| (id.clone(), json!({ "count": count, "example": first }))).collect();
        let overlaps: Vec<_> = self
            .overlaps
            .iter()
            .map(|Overlap { source, place, before, now, then }| {
                json!({ "source": source, "line": place.0, "column": place.1, "before": before, "now": now, "then": then })
            })
            .collect();
        let added: Vec<&Decision> = self.wanted.added();
        let told = json!({
            "documents": self.documents, "taken_back": rules, "ask_again": self.asks_again, "stay": self.stays, "along": self.along,
            "applied": self.applied, "ask": self.asks, "overlaps": overlaps, "timeless": self.wanted.timeless,
            "wider": self.wanted.wider, "decisions": added, "saved": is_saved,
        });
        format!("{told}\n")
    }
}

/// Two texts, each in a line; of long ones a piece from where they differ on.
fn short_pair(before: &str, after: &str) -> (String, String) {
    let longest = before.chars().count().max(after.chars().count());
    if longest <= LONGEST {
        return visible_pair(before, after);
    }
    let shared: usize = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let piece = |text: &str| text[shared..].chars().take(LONGEST).collect::<String>();
    let (shown_before, shown_after) = visible_pair(&piece(before), &piece(after));
    let lead = if shared > 0 { "…" } else { "" };
    let tail = |text: &str| if text[shared..].chars().count() > LONGEST { "…" } else { "" };
    (format!("{lead}{shown_before}{}", tail(before)), format!("{lead}{shown_after}{}", tail(after)))
}

/// Whether the two claim the same text, or one lies at the edge of the other.
fn claims(one: Span<emendo_core::edit::Original>, other: Span<emendo_core::edit::Original>) -> bool {
    one.rivals(other) || one == other
}

/// What stands then where the difference was.
fn then_there(hunk: &Hunk, then: &Then<'_>) -> String {
    let mut text = String::new();
    let mut at = hunk.source.start;
    for left in then.at(hunk) {
        let kept = at.min(left.source.start)..left.source.start;
        let from = |place: usize| place.saturating_sub(hunk.source.start).min(hunk.before.len());
        text.push_str(hunk.before.get(from(kept.start)..from(kept.end)).unwrap_or_default());
        text.push_str(&left.after);
        at = left.source.end;
    }
    text.push_str(hunk.before.get(at.saturating_sub(hunk.source.start).min(hunk.before.len())..).unwrap_or_default());
    text
}

fn is_inside(hunk: &Hunk, slice: Span<emendo_core::edit::Original>) -> bool {
    slice.start <= hunk.source.start && hunk.source.end <= slice.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_told_from_where_they_differ_on() {
        assert_eq!(short_pair("a", "b"), ("a".to_owned(), "b".to_owned()));
        let long = "é".repeat(100);
        assert_eq!(short_pair(&format!("{long}x"), &long), ("…x".to_owned(), "…".to_owned()));
        assert_eq!(short_pair(&format!("x{long}"), "y"), (format!("x{}…", "é".repeat(79)), "y".to_owned()));
    }
}
