//! From what a person changed in a cleaned text to decisions: each holds for its place in the source, and the chain makes
//! the change again on every run, after its last pass.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::binding::{change_id, prevailing};
use super::decision::{Decision, DecisionScope, HAND, LineId, Verdict, context};
use super::decisions::Decisions;
use super::difference::{Difference, differences};
use super::session::Reader;
use crate::edit::{Change, ChangeId, Draft, Fate, Hunk, HunkMismatch, InDocument, InDraft, Part, PlacedChange, Span};

/// The text of a document as a run left and recorded it.
#[derive(Clone, Copy, Debug)]
pub struct RecordedDocumentText<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// The number of the document among the slices of its source, from 1; `None` if it is all of its source.
    pub number: Option<usize>,
    /// BLAKE3 of the text before cleaning, as 64 hexadecimal digits.
    pub digest: &'a str,
    /// The text before cleaning.
    pub text: &'a str,
    /// The differences, of fields too.
    pub hunks: &'a [Hunk],
    /// What was proposed.
    pub changes: &'a [Change],
}

/// Something that a person changed.
#[derive(Clone, Debug)]
pub struct HandCorrection {
    /// Where in the text as the run left it, in bytes.
    pub at: Range<usize>,
    /// What the run left there.
    pub before: String,
    /// What the person wrote.
    pub after: String,
    /// What it comes to.
    pub outcome: CorrectionOutcome,
}

/// What a correction comes to.
#[derive(Clone, Debug)]
pub enum CorrectionOutcome {
    /// A decision to add.
    New(Box<Decision>),
    /// It is decided already.
    Known,
    /// Somebody else rejected it, or wants something else there, on this line of the decisions file.
    Opposed(usize),
    /// No place of the source stands for it.
    Unanchored,
}

/// A correction that an earlier run made, as it stands in the text that the run left.
struct Earlier<'a> {
    change: PlacedChange<'a>,
    at: Span<InDraft>,
}

/// A line about a correction in this source.
struct Line<'a> {
    number: usize,
    id: &'a LineId,
    decision: &'a Decision,
    of: ChangeId,
    span: Span<InDocument>,
    /// Where the last of the spans up to this one ends.
    reach: usize,
}

/// Differences that are decided on together.
struct Cluster {
    span: Span<InDocument>,
    at: Span<InDraft>,
    differences: Range<usize>,
}

/// The text of a document, rebuilt from the source and what the run recorded.
///
/// # Errors
/// What does not fit together.
pub fn recorded_text(left: &RecordedDocumentText<'_>) -> Result<String, HunkMismatch> {
    Ok(draft(left)?.text().to_owned())
}

fn draft<'a>(left: &RecordedDocumentText<'a>) -> Result<Draft<'a>, HunkMismatch> {
    Draft::of_hunks(left.text, left.hunks.iter().filter(|hunk| hunk.part == Part::Body))
}

/// What a person changed in the text that a run left, in order.
///
/// # Errors
/// What in the record does not fit together.
pub fn corrections(
    left: &RecordedDocumentText<'_>,
    edited: &str,
    decisions: &Decisions,
    reader: &Reader,
) -> Result<Vec<HandCorrection>, HunkMismatch> {
    let draft = draft(left)?;
    let adopting = Adopting::new(left, &draft, decisions, reader);
    let found = differences(draft.text(), edited);
    let correction = |(cluster, is_anchored): (Cluster, bool)| {
        let (first, last) = (&found[cluster.differences.start], &found[cluster.differences.end - 1]);
        let after = &edited[first.1.start - (first.0.start - cluster.at.start)..last.1.end + (cluster.at.end - last.0.end)];
        HandCorrection {
            at: cluster.at.range(),
            before: draft.text()[cluster.at.range()].to_owned(),
            after: after.to_owned(),
            outcome: if is_anchored { adopting.outcome(&cluster, after) } else { CorrectionOutcome::Unanchored },
        }
    };
    Ok(adopting.clusters(&found).into_iter().map(correction).collect())
}

struct Adopting<'a> {
    left: &'a RecordedDocumentText<'a>,
    draft: &'a Draft<'a>,
    /// Sorted and disjoint.
    earlier: Vec<Earlier<'a>>,
    /// Earlier corrections that cannot be told from their neighbours.
    untold: Vec<PlacedChange<'a>>,
    /// The ids of all earlier corrections.
    run: FxHashSet<ChangeId>,
    /// Lines that count, by their spans.
    lines: Vec<Line<'a>>,
    /// What somebody rejected.
    rejected: FxHashSet<ChangeId>,
    reader: &'a Reader,
}

impl<'a> Adopting<'a> {
    fn new(left: &'a RecordedDocumentText<'a>, draft: &'a Draft<'a>, decisions: &'a Decisions, reader: &'a Reader) -> Self {
        let hunks: FxHashMap<Span<InDocument>, &Hunk> =
            left.hunks.iter().filter(|hunk| hunk.part == Part::Body).map(|hunk| (hunk.original, hunk)).collect();
        let (mut earlier, mut untold, mut run) = (Vec::new(), Vec::new(), FxHashSet::default());
        let by_hand = left.changes.iter().filter(|change| &*change.rule == HAND && change.fate == Fate::Applied);
        for change in by_hand.flat_map(Change::placed) {
            run.insert(change.id());
            let own = hunks.get(&change.span()).filter(|hunk| hunk.after == change.result());
            let placed = || draft.place(change.span()).filter(|at| draft.text()[at.range()] == *change.result());
            match own.map(|hunk| Span::new(hunk.cleaned.start, hunk.cleaned.end)).or_else(placed) {
                Some(at) => earlier.push(Earlier { change, at }),
                None => untold.push(change),
            }
        }
        earlier.sort_by_key(|earlier| (earlier.at, earlier.change.span()));
        let lines = lines(left.digest, decisions);
        let rejected = lines.iter().filter(|line| line.decision.decision == Verdict::Reject).map(|line| line.of).collect();
        Self { left, draft, earlier, untold, run, lines, rejected, reader }
    }

    /// The differences, those together that one place of the source stands for, and whether there is one.
    fn clusters(&self, found: &[Difference]) -> Vec<(Cluster, bool)> {
        let mut clusters: Vec<(Cluster, bool)> = Vec::new();
        for (number, (at, _)) in found.iter().enumerate() {
            let at = Span::new(at.start, at.end);
            let mut cluster = Cluster { span: self.draft.anchor(at), at, differences: number..number + 1 };
            let mut is_anchored = self.widen(&mut cluster);
            while let Some((last, _)) = clusters.pop_if(|(last, _)| touch(last.at, cluster.at)) {
                cluster.span = cluster.span.hull(last.span);
                cluster.at = cluster.at.hull(last.at);
                cluster.differences.start = last.differences.start;
                is_anchored = self.widen(&mut cluster);
            }
            clusters.push((cluster, is_anchored));
        }
        clusters
    }

    /// Widens a place until its source stands for it alone, with the earlier corrections that it touches. Tells whether that
    /// was possible.
    fn widen(&self, cluster: &mut Cluster) -> bool {
        loop {
            let Some(placed) = self.draft.place(cluster.span) else { return false };
            let mut at = cluster.at.hull(placed);
            let mut span = cluster.span.hull(self.draft.anchor(at));
            if self.untold.iter().any(|change| touch(change.span(), span)) {
                return false;
            }
            let first = self.earlier.partition_point(|earlier| earlier.at.end < at.start);
            let end = at.end;
            for earlier in self.earlier[first..].iter().take_while(|earlier| earlier.at.start <= end) {
                (at, span) = (at.hull(earlier.at), span.hull(earlier.change.span()));
            }
            if (span, at) == (cluster.span, cluster.at) {
                return placed == at;
            }
            (cluster.span, cluster.at) = (span, at);
        }
    }

    fn outcome(&self, cluster: &Cluster, after: &str) -> CorrectionOutcome {
        let before = self.left_by_the_chain(cluster);
        let RecordedDocumentText { source, number, digest, text, .. } = *self.left;
        let decision = Decision {
            before: Some(before.clone()),
            after: Some(after.to_owned()),
            source: Some(source.to_owned()),
            document: number,
            digest: Some(digest.to_owned()),
            span: Some([cluster.span.start, cluster.span.end]),
            context: Some(context(text, cluster.span)),
            who: self.reader.who.clone(),
            when: self.reader.when.clone(),
            note: self.reader.note.clone(),
            ..Decision::about(Verdict::Accept, DecisionScope::Here, HAND)
        };
        let instead_of = self.replaced(cluster, &decision);
        if before == after {
            let withdrawal = || Decision { decision: Verdict::Withdraw, instead_of: instead_of.clone(), ..decision };
            return if instead_of.is_empty() { CorrectionOutcome::Known } else { CorrectionOutcome::New(Box::new(withdrawal())) };
        }
        if let Some(line) = self.opposing(cluster, &decision) {
            return CorrectionOutcome::Opposed(line);
        }
        let own = own_id(&decision);
        let alike = self.claiming(cluster).filter(|line| Some(line.of) == own).map(|line| (line.number, line.decision));
        match prevailing(alike.collect::<Vec<_>>().into_iter()) {
            Some(found) if found.decision.decision == Verdict::Accept && !found.is_disputed && instead_of.is_empty() => {
                CorrectionOutcome::Known
            }
            _ => CorrectionOutcome::New(Box::new(Decision { instead_of, ..decision })),
        }
    }

    /// The line of somebody else that would keep a correction from being made: a rejection of it, or another correction of
    /// the same words that no run has made, so that this person has not seen it.
    fn opposing(&self, cluster: &Cluster, decision: &Decision) -> Option<usize> {
        let own = own_id(decision);
        let opposes = |line: &&Line<'_>| {
            let verdict = line.decision.decision;
            if Some(line.of) == own {
                return verdict != Verdict::Accept;
            }
            let is_open = !self.run.contains(&line.of) && !self.rejected.contains(&line.of);
            claim(line.span, cluster.span) && is_open && verdict != Verdict::Reject
        };
        self.claiming(cluster).find(|line| line.decision.who != decision.who && opposes(line)).map(|line| line.number)
    }

    /// What the chain leaves at a place without earlier corrections.
    fn left_by_the_chain(&self, cluster: &Cluster) -> String {
        let (mut text, mut from) = (String::new(), cluster.at.start);
        for earlier in self.inside(cluster) {
            text.push_str(&self.draft.text()[from..earlier.at.start]);
            text.push_str(&earlier.change.before);
            from = earlier.at.end;
        }
        text.push_str(&self.draft.text()[from..cluster.at.end]);
        text
    }

    /// The earlier corrections of a place, in order.
    fn inside<'s>(&'s self, cluster: &'s Cluster) -> impl Iterator<Item = &'s Earlier<'s>> {
        let is_inside = |span: Span<InDocument>| cluster.span.start <= span.start && span.end <= cluster.span.end;
        let first = self.earlier.partition_point(|earlier| earlier.at.end < cluster.at.start);
        let near = self.earlier[first..].iter().take_while(|earlier| earlier.at.start <= cluster.at.end);
        near.filter(move |earlier| is_inside(earlier.change.span()))
    }

    /// The lines about the text of a place, or about what lies at its edges.
    fn claiming<'s>(&'s self, cluster: &'s Cluster) -> impl Iterator<Item = &'s Line<'s>> {
        let end = self.lines.partition_point(|line| line.span.start <= cluster.span.end);
        let back = self.lines[..end].iter().rev().take_while(|line| line.reach >= cluster.span.start);
        let mut near: Vec<_> = back.filter(|line| touch(line.span, cluster.span)).collect();
        near.sort_by_key(|line| line.number);
        near.into_iter()
    }

    /// The lines that a new one takes the place of: those of earlier corrections that it holds, which the person has seen;
    /// and the person's own that no run has made yet.
    fn replaced(&self, cluster: &Cluster, decision: &Decision) -> Vec<LineId> {
        let own = own_id(decision);
        let seen: FxHashSet<ChangeId> = self.inside(cluster).map(|earlier| earlier.change.id()).collect();
        let is_replaced = |line: &&Line<'_>| {
            let is_of_reader = line.decision.who == decision.who;
            if Some(line.of) == own {
                return is_of_reader && line.decision.decision != Verdict::Accept;
            }
            seen.contains(&line.of) || is_of_reader && !self.run.contains(&line.of) && claim(line.span, cluster.span)
        };
        self.claiming(cluster).filter(is_replaced).map(|line| line.id.clone()).collect()
    }
}

/// The id of the change that a decision *here* is about.
fn own_id(decision: &Decision) -> Option<ChangeId> {
    let [start, end] = decision.span.filter(|[start, end]| start <= end)?;
    change_id(decision, &decision.part(), Span::new(start, end))
}

/// The lines about corrections in a text that count, by their spans.
fn lines<'a>(digest: &str, decisions: &'a Decisions) -> Vec<Line<'a>> {
    let all = decisions.iter().zip(decisions.with_ids()).map(|((number, decision), (id, _))| (number, id, decision));
    let here = all.filter(|(_, _, decision)| {
        decision.rule == HAND && decision.scope == DecisionScope::Here && decision.digest.as_deref() == Some(digest)
    });
    let line = |(number, id, decision): (usize, &'a LineId, &'a Decision)| {
        let [start, end] = decision.span.filter(|[start, end]| start <= end)?;
        Some(Line { number, id, decision, of: own_id(decision)?, span: Span::new(start, end), reach: end })
    };
    let mut lines: Vec<Line<'_>> = here.filter_map(line).collect();
    lines.sort_by_key(|line| (line.span, line.number));
    let mut reach = 0;
    for line in &mut lines {
        reach = reach.max(line.reach);
        line.reach = reach;
    }
    lines
}

/// Whether the two overlap or meet.
fn touch<S>(one: Span<S>, other: Span<S>) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// Whether the two cannot both be done.
fn claim(one: Span<InDocument>, other: Span<InDocument>) -> bool {
    one.rivals(other) || one == other
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use crate::edit::{ChangePlace, PlaceRef};

    use super::*;

    #[test]
    fn an_edit_of_what_the_record_does_not_tell_apart_is_not_anchored() {
        let (span, before, after) = (Span::new(2, 5), "b c", "b C");
        let hunk = Hunk {
            part: Part::Body,
            original: span,
            cleaned: Span::new(2, 5),
            before: before.into(),
            after: after.into(),
            changes: smallvec![PlaceRef { change: 0, place: 0 }],
        };
        let change = Change {
            part: Part::Body,
            pass: HAND,
            rule: HAND.into(),
            before: "c".into(),
            after: "C".into(),
            replaced_with: None,
            decision: None,
            zone: None,
            fate: Fate::Applied,
            places: smallvec![ChangePlace::at(Span::new(4, 5))],
        };
        let left = RecordedDocumentText { source: "a", number: None, digest: "d", text: "a b c d e", hunks: &[hunk], changes: &[change] };
        let outcomes = |edited: &str| {
            let found = corrections(&left, edited, &Decisions::default(), &Reader::default()).expect("it fits");
            found
                .into_iter()
                .map(|correction| (correction.after, matches!(correction.outcome, CorrectionOutcome::New(_))))
                .collect::<Vec<_>>()
        };
        assert_eq!(outcomes("a b x d E"), [("x".to_owned(), false), ("E".to_owned(), true)]);
        let beyond = RecordedDocumentText { text: "a", ..left };
        assert!(corrections(&beyond, "", &Decisions::default(), &Reader::default()).is_err());
    }
}
