//! What a run did, in numbers: the same for people and for programs.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

use super::{Private, SliceReport, SourceReport, Status, Visible, VisibleText, escape, visible_pair};
use emendo_core::cleaner::CleanedDocument;
use emendo_core::edit::{Change, Fate};
use emendo_core::input::Encoding;
use emendo_core::input::ProblemKind;

use crate::{showln, shown};

/// No list of a summary for people is longer.
const SHOWN: usize = 12;

/// The maximum number of documents that are compared: 32 bytes each.
const COUNTED: usize = 10_000_000;

/// What a run did, in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Inputs that hold a document.
    pub sources: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Of these, those that are not UTF-8, by encoding.
    pub encodings: BTreeMap<String, usize>,
    /// Documents by what became of them.
    pub documents: BTreeMap<&'static str, usize>,
    /// Changes by rule.
    pub rules: BTreeMap<String, RuleCounts>,
    /// What could not be cleaned.
    pub problems: Vec<ProblemEntry>,
    /// Inputs that were not meant, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// Documents with the same text as an earlier one.
    pub equal: usize,
    /// The digests of the texts so far.
    #[serde(skip)]
    texts: FxHashSet<[u8; 32]>,
    /// Lines of the decisions file that found a change.
    #[serde(skip)]
    used: FxHashSet<usize>,
    /// Fields whose value is not of its type.
    pub faults: Vec<(String, usize, String)>,
    /// Lines of the decisions file that found no change.
    pub stale: Vec<(String, usize)>,
    /// Changes that ask only because others were accepted.
    pub opened: usize,
    /// The SHA-256 of `SHA256SUMS`, if files were written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
}

/// How often a rule did what.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RuleCounts {
    /// Applied.
    pub applied: usize,
    /// In need of review.
    pub pending: usize,
    /// Rejected by a decision.
    pub rejected: usize,
    /// Superseded by another change.
    pub superseded: usize,
    /// In a protected place.
    pub protected: usize,
    /// The first thing that it did, as an example.
    pub example: Option<ChangeExample>,
}

/// What could not be cleaned.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemEntry {
    /// The source.
    pub source: String,
    /// The number of the slice, or 0 for the whole source.
    pub number: usize,
    /// What is wrong, for programs.
    pub kind: ProblemKind,
    /// What is wrong, for people.
    pub reason: String,
}

/// A change, as an example.
#[derive(Clone, Debug)]
pub struct ChangeExample {
    /// What stood there.
    pub before: String,
    /// What stands there now, or would.
    pub after: String,
    /// What the source's characters U+EF80 to U+EFFF are.
    private: Private,
}

impl Summary {
    /// Counts a source that was read.
    pub fn add(&mut self, source: &SourceReport<'_>) {
        let (name, encoding, has_many) = (source.name(), source.encoding(), source.has_many_slices());
        if source.documents().next().is_some() {
            self.sources += 1;
            self.bytes += source.bytes.len();
            if let Some(encoding) = encoding.filter(|encoding| *encoding != Encoding::Utf8) {
                let detected = if source.source.text().is_some_and(|text| text.detected) { " (detected)" } else { "" };
                *self.encodings.entry(format!("{encoding}{detected}")).or_default() += 1;
            }
        }
        for (number, slice) in source.slices() {
            let number_of_many = if has_many { number } else { 0 };
            match slice {
                SliceReport::Problem(problem) => self.problem(name, number_of_many, problem.kind, &problem.reason),
                SliceReport::Document(document) => {
                    self.add_document(name, number, document, Private::of(encoding));
                    if let Some(reason) = encoding.and_then(|encoding| document.cleaned.undecided_bytes(encoding)) {
                        self.problem(name, number_of_many, ProblemKind::StrayBytes, &reason);
                    }
                }
            }
        }
        let Some(text) = source.source.text() else { return };
        self.opened += text.opened;
        self.stale.extend(text.stale.iter().map(|line| (name.to_owned(), *line)));
        // A text may have moved to another source: there the decision still holds.
        self.used.extend(&text.used);
        self.stale.retain(|(_, line)| !self.used.contains(line));
    }

    fn add_document(&mut self, source: &str, number: usize, document: &CleanedDocument, private: Private) {
        *self.documents.entry(Status::of(document).name()).or_default() += 1;
        if let Some(digest) = document.digest.filter(|_| self.texts.len() < COUNTED) {
            self.equal += usize::from(!self.texts.insert(*digest.as_bytes()));
        }
        let faults = document.layout.fields.iter().filter_map(|field| field.fault.as_ref());
        self.faults.extend(faults.map(|fault| (source.to_owned(), number, fault.clone())));
        // Neighbours often come from one rule, and there are many.
        document.cleaned.changes.chunk_by(|a, b| a.rule == b.rule).for_each(|of_rule| self.count(of_rule, private));
    }

    /// Counts an input that was not meant.
    pub fn skip(&mut self, why: &str) {
        *self.skipped.entry(why.to_owned()).or_default() += 1;
    }

    /// Counts a problem.
    pub fn problem(&mut self, source: &str, number: usize, kind: ProblemKind, reason: &str) {
        self.problems.push(ProblemEntry { source: source.to_owned(), number, kind, reason: reason.to_owned() });
    }

    /// Counts changes of one rule in one source, of which there is at least one.
    fn count(&mut self, of_rule: &[Change], private: Private) {
        let counts = self.rules.entry(of_rule[0].rule.to_string()).or_default();
        for change in of_rule {
            let places = change.places.len();
            match change.fate {
                Fate::Applied => counts.applied += places,
                Fate::Pending => counts.pending += places,
                Fate::Rejected => counts.rejected += places,
                Fate::Superseded { .. } => counts.superseded += places,
                Fate::Protected { .. } => counts.protected += places,
            }
        }
        let first = || ChangeExample { before: of_rule[0].before.to_string(), after: of_rule[0].result().to_owned(), private };
        counts.example.get_or_insert_with(first);
    }

    /// How many changes in all, by what `of` picks.
    pub fn total(&self, of: impl Fn(&RuleCounts) -> usize) -> usize {
        self.rules.values().map(of).sum()
    }

    /// How many documents in all.
    pub fn document_count(&self) -> usize {
        self.documents.values().sum()
    }

    /// The numbers, for programs: one object, indented.
    #[expect(clippy::missing_panics_doc, reason = "numbers and strings are always JSON")]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a summary is plain data") + "\n"
    }

    /// The numbers, for people: a few lines, ready to show.
    pub fn render(&self) -> VisibleText {
        let mut text = VisibleText::default();
        let by_status = list(self.documents.iter().map(|(status, count)| shown!("{} {}", count, status)));
        line(&mut text, "documents", self.document_count(), &by_status);
        self.changes(&mut text, "applied", |counts| counts.applied);
        self.changes(&mut text, "pending", |counts| counts.pending);
        for (name, of) in
            [("rejected", (|c| c.rejected) as fn(&RuleCounts) -> usize), ("protected", |c| c.protected), ("superseded", |c| c.superseded)]
        {
            if self.total(of) > 0 {
                self.changes(&mut text, name, of);
            }
        }
        self.places(&mut text);
        if let Some(seal) = &self.seal {
            showln!(text, "  {:<10} {}", "seal", escape(seal));
        }
        text
    }

    fn changes(&self, text: &mut VisibleText, name: &'static str, of: impl Fn(&RuleCounts) -> usize) {
        let mut rules: Vec<_> = self.rules.iter().map(|(id, counts)| (of(counts), id, counts)).filter(|(count, ..)| *count > 0).collect();
        rules.sort_by_key(|(count, id, _)| (std::cmp::Reverse(*count), *id));
        let by = match rules.len() {
            0 => VisibleText::default(),
            1 => "by 1 rule".into(),
            many => shown!("by {} rules", many),
        };
        line(text, name, rules.iter().map(|(count, ..)| count).sum(), &by);
        let width = rules.iter().take(SHOWN).map(|(_, id, _)| id.chars().count()).max().unwrap_or(0);
        for (count, id, counts) in rules.iter().take(SHOWN) {
            let example = counts.example.as_ref().map_or_else(VisibleText::default, ChangeExample::render);
            showln!(text, "  {:>18}  {:<width$}  {}", count, escape(id), example, width = width);
        }
        if rules.len() > SHOWN {
            showln!(text, "  {:>18}  and {} rules more", "", rules.len() - SHOWN);
        }
    }

    fn places(&self, text: &mut VisibleText) {
        if !self.encodings.is_empty() {
            let by_name = list(self.encodings.iter().map(|(name, count)| shown!("{} {}", count, escape(name))));
            line(text, "not UTF-8", self.encodings.values().sum(), &by_name);
        }
        if !self.problems.is_empty() {
            line(text, "problems", self.problems.len(), "");
        }
        entries(text, &self.problems, |problem| match problem.number {
            0 => shown!("{}: {}", escape(&problem.source), escape(&problem.reason)),
            number => shown!("{} document {}: {}", escape(&problem.source), number, escape(&problem.reason)),
        });
        if !self.skipped.is_empty() {
            let by_reason = list(self.skipped.iter().map(|(why, count)| shown!("{} {}", count, escape(why))));
            line(text, "skipped", self.skipped.values().sum(), &by_reason);
        }
        if self.equal > 0 {
            line(text, "equal", self.equal, "documents have the same text as an earlier one");
        }
        if !self.faults.is_empty() {
            line(text, "odd fields", self.faults.len(), "documents were cleaned all the same");
        }
        entries(text, &self.faults, |(source, number, fault)| shown!("{} document {}: {}", escape(source), number, escape(fault)));
        if self.opened > 0 {
            let what = if self.opened == 1 { "pending change depends" } else { "of the pending changes depend" };
            line(text, "new", self.opened, shown!("{} on what was accepted", what));
        }
        if !self.stale.is_empty() {
            let what = if self.stale.len() == 1 { "decision" } else { "decisions" };
            line(text, "stale", self.stale.len(), shown!("{} found no change and did nothing", what));
        }
        entries(text, &self.stale, |(source, number)| shown!("{}: decision on line {}", escape(source), number));
    }
}

/// For programs: the two texts as they are.
impl Serialize for ChangeExample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.before, &self.after).serialize(serializer)
    }
}

impl ChangeExample {
    /// `before → after`, each cut to what fits on a line.
    fn render(&self) -> VisibleText {
        let (before, after) = visible_pair(&self.before, &self.after);
        shown!("{} → {}", shortened(self.private.name(before)), shortened(self.private.name(after)))
    }
}

fn shortened(text: VisibleText) -> VisibleText {
    const WIDTH: usize = 28;
    if text.is_empty() {
        return "∅".into();
    }
    match text.char_indices().map(|(at, _)| at).nth(WIDTH - 1) {
        Some(end) if text.chars().count() > WIDTH => text.part(..end) + "…",
        _ => text,
    }
}

fn line(text: &mut VisibleText, name: &'static str, count: usize, rest: impl Visible) {
    showln!(text, "{}", shown!("  {:<10} {:>7}  {}", name, count, rest).trimmed_end());
}

fn entries<T>(text: &mut VisibleText, all: &[T], show: impl Fn(&T) -> VisibleText) {
    for entry in all.iter().take(SHOWN) {
        showln!(text, "  {:>18}  {}", "", show(entry));
    }
    if all.len() > SHOWN {
        showln!(text, "  {:>18}  and {} more", "", all.len() - SHOWN);
    }
}

fn list(parts: impl Iterator<Item = VisibleText>) -> VisibleText {
    VisibleText::join(parts, ", ")
}
