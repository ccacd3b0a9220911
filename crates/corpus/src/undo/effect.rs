//! What taking back would do: what was done with the decisions as they are, beside what would be done without.

use std::collections::{BTreeMap, BTreeSet};

use super::request::UndoRequest;
use crate::report::{Excerpt, LineColumns, Private, excerpts_of};
use emendo_core::cleaner::{CleanedDocument, CleanedSource};
use emendo_core::document::PartText;
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, InSource, Part, PlacedChange, Span};
use emendo_core::input::DocumentLayout;
use emendo_core::review::decision::{Decision, HAND, Verdict};
use rustc_hash::FxHashMap;

/// So many examples are kept.
const EXAMPLES: usize = 5;

/// A source as it is cleaned now.
pub struct CleanedNow {
    /// Its name.
    pub name: String,
    /// The digest of its bytes.
    pub digest: String,
    /// Whether it is one document and nothing else.
    pub is_whole: bool,
    /// Its documents.
    pub documents: Vec<DocumentNow>,
}

/// A document as it is cleaned now.
pub struct DocumentNow {
    /// Its number among the slices of its source, from 1.
    pub number: usize,
    /// BLAKE3 of its text before cleaning, if it has one.
    pub digest: Option<String>,
    /// What was proposed in it.
    pub changes: Vec<Change>,
    /// The rejection of each correction by hand that was applied.
    pub by_hand: Vec<Decision>,
    layout: DocumentLayout,
    hunks: Vec<Hunk>,
}

/// A change: the number of its document, and its id there.
type ChangeKey = (usize, ChangeId);

/// A difference in a source.
#[derive(PartialEq)]
struct SourceHunk {
    at: Span<InSource>,
    part: Part,
    before: String,
    after: String,
    changes: Vec<ChangeKey>,
}

impl CleanedNow {
    /// What is known of a source, if it is text.
    pub fn of(report: &CleanedSource) -> Option<Self> {
        let text = report.text()?;
        let is_whole = text.slices.len() == 1;
        let documents = numbered(report).map(|(number, document)| {
            let CleanedDocument { layout, cleaned, digest, .. } = document;
            let rejection = |change: PlacedChange<'_>| {
                let place = layout.body?;
                let part = PartText { part: Part::Body, text: &text.text[place.range()], start: place.start };
                let decision = Decision::here(Verdict::Reject, &part, change);
                Some(Decision { source: Some(report.name.clone()), document: (!is_whole).then_some(number), ..decision })
            };
            let by_hand = cleaned.placed().filter(|change| &*change.rule == HAND && change.fate == Fate::Applied);
            DocumentNow {
                number,
                digest: digest.map(|digest| digest.to_hex().to_string()),
                by_hand: by_hand.filter_map(rejection).collect(),
                changes: cleaned.changes.clone(),
                layout: layout.clone(),
                hunks: cleaned.hunks.clone(),
            }
        });
        Some(Self { name: report.name.clone(), digest: report.digest.clone(), is_whole, documents: documents.collect() })
    }

    fn hunks(&self) -> Vec<SourceHunk> {
        let hunks = self.documents.iter().flat_map(|now| source_hunks(now.number, &now.layout, &now.hunks, &now.changes));
        hunks.collect()
    }

    fn placed(&self) -> impl Iterator<Item = (ChangeKey, PlacedChange<'_>)> {
        self.documents.iter().flat_map(|now| now.changes.iter().flat_map(Change::placed).map(|change| ((now.number, change.id()), change)))
    }
}

/// The documents of a source, each with its number among the slices.
fn numbered(report: &CleanedSource) -> impl Iterator<Item = (usize, &CleanedDocument)> {
    let slices = report.text().into_iter().flat_map(|text| text.slices.iter().zip(1..));
    slices.filter_map(|(slice, number)| Some((number, slice.document()?)))
}

/// The differences of a document, in the order of the source.
fn source_hunks(number: usize, layout: &DocumentLayout, hunks: &[Hunk], changes: &[Change]) -> Vec<SourceHunk> {
    let of_hunk = |hunk: &Hunk| SourceHunk {
        at: hunk.original.shifted(layout.start_of(&hunk.part)),
        part: hunk.part.clone(),
        before: hunk.before.to_string(),
        after: hunk.after.to_string(),
        changes: hunk.changes.iter().map(|place| (number, place.of(changes).id())).collect(),
    };
    let mut all: Vec<SourceHunk> = hunks.iter().map(of_hunk).collect();
    all.sort_by_key(|hunk| hunk.at);
    all
}

/// Changes of a rule that are taken back.
#[derive(Default)]
pub struct TakenBack {
    /// How many there are.
    pub count: usize,
    /// What the first of them found, and what it made of that.
    pub first: Option<(String, String)>,
}

/// A place where what is left was made by nobody alone.
pub struct UndoOverlap {
    /// The source.
    pub source: String,
    /// Line and column, counted from 1.
    pub place: (usize, usize),
    /// The source's text.
    pub before: String,
    /// The text as it is now.
    pub now: String,
    /// The text as it would be.
    pub then: String,
}

/// A place that changes when something is taken back.
pub struct UndoExample {
    /// The source.
    pub source: String,
    /// The place, with what goes.
    pub excerpt: Excerpt,
    /// What private characters are in the source.
    pub private: Private,
}

/// What taking back would do.
pub struct UndoEffect {
    /// What is to be taken back.
    pub wanted: UndoRequest,
    /// In how many sources something changes.
    pub documents: usize,
    /// What is taken back, by rule.
    pub taken_back: BTreeMap<String, TakenBack>,
    /// Of what is taken back, what needs review again.
    pub asks_again: usize,
    /// What was to be taken back and stands.
    pub stays: usize,
    /// What goes because what it went on from is gone.
    pub along: usize,
    /// What is applied then, and was not.
    pub applied: usize,
    /// What needs review then, and did not, and was not applied.
    pub asks: usize,
    /// Places that a person must look at.
    pub overlaps: Vec<UndoOverlap>,
    /// The first places that change.
    pub examples: Vec<UndoExample>,
}

/// What became of a source without what is taken back.
struct Then<'a> {
    fates: FxHashMap<ChangeKey, PlacedChange<'a>>,
    hunks: Vec<SourceHunk>,
}

impl Then<'_> {
    fn is_applied(&self, key: ChangeKey, change: &Change) -> bool {
        self.fates.get(&key).is_some_and(|then| then.fate == Fate::Applied && then.result() == change.result())
    }

    /// The differences that claim the same text as one.
    fn at<'s>(&'s self, hunk: &'s SourceHunk) -> impl Iterator<Item = &'s SourceHunk> {
        // Sorted and disjoint.
        let from = self.hunks.partition_point(|left| left.at.end < hunk.at.start);
        let near = self.hunks[from..].iter().take_while(|left| left.at.start <= hunk.at.end);
        near.filter(|left| claims(left.at, hunk.at) && left.part == hunk.part)
    }

    fn is_pending(&self, key: ChangeKey) -> bool {
        self.fates.get(&key).is_some_and(|then| then.fate == Fate::Pending)
    }
}

impl UndoEffect {
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
        let placed =
            || numbered(report).flat_map(|(number, document)| document.cleaned.placed().map(move |change| ((number, change.id()), change)));
        let hunks = numbered(report).flat_map(|(number, now)| source_hunks(number, &now.layout, &now.cleaned.hunks, &now.cleaned.changes));
        let then = Then { fates: placed().collect(), hunks: hunks.collect() };
        let (mut gone, mut were) = (BTreeSet::new(), FxHashMap::default());
        for (key, change) in before.placed() {
            were.insert(key, change.fate);
            if change.fate != Fate::Applied {
                continue;
            }
            let is_wanted = self.wanted.holds(before, &change);
            match (is_wanted, then.is_applied(key, &change)) {
                (true, true) => self.stays += 1,
                (false, true) => {}
                (is_wanted, false) => {
                    gone.insert(key);
                    self.count_gone(&change, is_wanted, then.is_pending(key));
                }
            }
        }
        for (key, change) in placed() {
            let was = were.get(&key);
            match change.fate {
                Fate::Applied if was != Some(&Fate::Applied) => self.applied += 1,
                Fate::Pending if !matches!(was, Some(Fate::Applied | Fate::Pending)) => self.asks += 1,
                _ => {}
            }
        }
        let hunks = before.hunks();
        let is_touched = !gone.is_empty() || hunks != then.hunks;
        self.documents += usize::from(is_touched);
        self.find_overlaps((before, &hunks), &gone, &then, &text.text);
        self.show(before, &gone, report, &text.text);
    }

    fn count_gone(&mut self, change: &Change, is_wanted: bool, is_pending: bool) {
        if !is_wanted {
            self.along += 1;
            return;
        }
        self.asks_again += usize::from(is_pending);
        let of_rule = self.taken_back.entry(change.rule.to_string()).or_default();
        of_rule.count += 1;
        of_rule.first.get_or_insert_with(|| (change.before.to_string(), change.result().to_owned()));
    }

    /// Differences that several changes made, of which some go: what is left there nobody has seen.
    fn find_overlaps(&mut self, (before, hunks): (&CleanedNow, &[SourceHunk]), gone: &BTreeSet<ChangeKey>, then: &Then<'_>, text: &str) {
        let places = LineColumns::new(text.as_bytes());
        for hunk in hunks.iter().filter(|hunk| hunk.changes.iter().any(|key| gone.contains(key))) {
            if then.at(hunk).next().is_some() {
                self.overlaps.push(UndoOverlap {
                    source: before.name.clone(),
                    place: places.of(hunk.at.start),
                    before: hunk.before.clone(),
                    now: hunk.after.clone(),
                    then: then_there(hunk, then),
                });
            }
        }
    }

    fn show(&mut self, before: &CleanedNow, gone: &BTreeSet<ChangeKey>, report: &CleanedSource, text: &str) {
        if gone.is_empty() || self.examples.len() >= EXAMPLES {
            return;
        }
        let private = Private::of(report.text().map(|text| text.encoding));
        let places = LineColumns::new(text.as_bytes());
        for DocumentNow { number, layout, hunks, changes, .. } in &before.documents {
            // Of what made a difference, only what goes is named.
            let gone_of = |hunk: &Hunk| {
                let mut hunk = hunk.clone();
                hunk.changes.retain(|place| gone.contains(&(*number, place.of(changes).id())));
                (!hunk.changes.is_empty()).then_some(hunk)
            };
            let hunks: Vec<Hunk> = hunks.iter().filter_map(gone_of).collect();
            for excerpt in excerpts_of(text, &places, layout, (&hunks, changes), &[]) {
                if self.examples.len() < EXAMPLES {
                    self.examples.push(UndoExample { source: before.name.clone(), excerpt, private });
                }
            }
        }
    }
}

/// Whether the two claim the same text, or one lies at the edge of the other.
fn claims(one: Span<InSource>, other: Span<InSource>) -> bool {
    one.rivals(other) || one == other
}

/// What stands then where the difference was.
fn then_there(hunk: &SourceHunk, then: &Then<'_>) -> String {
    let mut text = String::new();
    let mut at = hunk.at.start;
    for left in then.at(hunk) {
        let kept = at.min(left.at.start)..left.at.start;
        let from = |place: usize| place.saturating_sub(hunk.at.start).min(hunk.before.len());
        text.push_str(hunk.before.get(from(kept.start)..from(kept.end)).unwrap_or_default());
        text.push_str(&left.after);
        at = left.at.end;
    }
    text.push_str(hunk.before.get(at.saturating_sub(hunk.at.start).min(hunk.before.len())..).unwrap_or_default());
    text
}
