//! From what a person changed in a cleaned text to decisions: each holds for its place in the source, and the chain makes
//! the change again on every run, after its last pass.

use std::ops::Range;

use super::decision::{Decision, HAND, LineId, Verdict, Width};
use super::decisions::{Decisions, place, prevailing};
use super::difference::{Difference, differences};
use super::session::{Reader, context};
use crate::text::{Change, ChangeId, Draft, Fate, Hunk, InDraft, Original, Part, Span};

/// An article as a run left and recorded it.
#[derive(Clone, Copy, Debug)]
pub struct Left<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// The digest of the source's bytes.
    pub digest: &'a str,
    /// All of the decoded source.
    pub text: &'a str,
    /// The place of the article's text in it.
    pub body: Span<Original>,
    /// The differences, of titles too.
    pub hunks: &'a [Hunk],
    /// What was proposed.
    pub changes: &'a [Change],
}

/// Something that a person changed.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Where in the text as the run left it, in bytes.
    pub at: Range<usize>,
    /// What the run left there.
    pub before: String,
    /// What the person wrote.
    pub after: String,
    /// What it comes to.
    pub outcome: Outcome,
}

/// What a correction comes to.
#[derive(Clone, Debug)]
pub enum Outcome {
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
    change: &'a Change,
    /// Nothing if it cannot be told from its neighbours.
    at: Option<Span<InDraft>>,
}

/// Differences that are decided on together.
struct Cluster {
    span: Span<Original>,
    at: Span<InDraft>,
    differences: Range<usize>,
}

/// The text of an article, rebuilt from the source and what the run recorded.
///
/// # Errors
/// What does not fit together.
pub fn recorded_text(left: &Left<'_>) -> Result<String, String> {
    Ok(draft(left)?.text().to_owned())
}

fn draft<'a>(left: &Left<'a>) -> Result<Draft<'a>, String> {
    let body = left.text.get(left.body.range()).ok_or("the article lies outside of the source")?;
    Draft::of_hunks(body, left.body.start, left.hunks.iter().filter(|hunk| hunk.part == Part::Body))
}

/// What a person changed in the text that a run left, in order.
///
/// # Errors
/// What in the record does not fit together.
pub fn corrections(left: &Left<'_>, edited: &str, decisions: &Decisions, reader: &Reader) -> Result<Vec<Correction>, String> {
    let draft = draft(left)?;
    let applied = left.changes.iter().filter(|change| &*change.rule == HAND && change.fate == Fate::Applied);
    let earlier = applied.map(|change| {
        let own = left.hunks.iter().find(|hunk| hunk.part == Part::Body && hunk.source == change.span && hunk.after == change.result());
        let placed = || draft.place(change.span).filter(|at| draft.text()[at.range()] == *change.result());
        Earlier { change, at: own.map(|hunk| Span::new(hunk.cleaned.start, hunk.cleaned.end)).or_else(placed) }
    });
    let adopting = Adopting { left, draft: &draft, earlier: earlier.collect(), decisions, reader };
    let found = differences(draft.text(), edited);
    let correction = |(cluster, is_anchored): (Cluster, bool)| {
        let (first, last) = (&found[cluster.differences.start], &found[cluster.differences.end - 1]);
        let after = &edited[first.1.start - (first.0.start - cluster.at.start)..last.1.end + (cluster.at.end - last.0.end)];
        Correction {
            at: cluster.at.range(),
            before: draft.text()[cluster.at.range()].to_owned(),
            after: after.to_owned(),
            outcome: if is_anchored { adopting.outcome(&cluster, after) } else { Outcome::Unanchored },
        }
    };
    Ok(adopting.clusters(&found).into_iter().map(correction).collect())
}

struct Adopting<'a> {
    left: &'a Left<'a>,
    draft: &'a Draft<'a>,
    earlier: Vec<Earlier<'a>>,
    decisions: &'a Decisions,
    reader: &'a Reader,
}

impl Adopting<'_> {
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
            for earlier in &self.earlier {
                match earlier.at {
                    Some(earlier_at) if touch(earlier_at, at) => {
                        at = at.hull(earlier_at);
                        span = span.hull(earlier.change.span);
                    }
                    None if touch(earlier.change.span, span) => return false,
                    _ => {}
                }
            }
            if (span, at) == (cluster.span, cluster.at) {
                return placed == at;
            }
            (cluster.span, cluster.at) = (span, at);
        }
    }

    fn outcome(&self, cluster: &Cluster, after: &str) -> Outcome {
        let before = self.left_by_the_chain(cluster);
        let Left { source, digest, text, .. } = *self.left;
        let decision = Decision {
            before: Some(before.clone()),
            after: Some(after.to_owned()),
            source: Some(source.to_owned()),
            digest: Some(digest.to_owned()),
            span: Some([cluster.span.start, cluster.span.end]),
            context: Some(context(text, cluster.span)),
            who: self.reader.who.clone(),
            when: self.reader.when.clone(),
            note: self.reader.note.clone(),
            ..Decision::about(Verdict::Accept, Width::Here, HAND)
        };
        let instead_of = self.replaced(cluster, &decision);
        if before == after {
            let withdrawal = || Decision { decision: Verdict::Withdraw, instead_of: instead_of.clone(), ..decision };
            return if instead_of.is_empty() { Outcome::Known } else { Outcome::New(Box::new(withdrawal())) };
        }
        if let Some(line) = self.opposing(cluster, &decision) {
            return Outcome::Opposed(line);
        }
        let own = place(&decision, true, "");
        let alike = self.by_hand().filter(|(_, _, other)| place(other, true, "") == own).map(|(line, _, other)| (line, other));
        match prevailing(alike.collect::<Vec<_>>().into_iter()) {
            Some(found) if found.decision.decision == Verdict::Accept && !found.is_disputed && instead_of.is_empty() => Outcome::Known,
            _ => Outcome::New(Box::new(Decision { instead_of, ..decision })),
        }
    }

    /// The line of somebody else that would keep a correction from being made: a rejection of it, or another correction of
    /// the same words that no run has made, so that this person has not seen it.
    fn opposing(&self, cluster: &Cluster, decision: &Decision) -> Option<usize> {
        let own = place(decision, true, "");
        let opposes = |other: &Decision| {
            let id = place(other, true, "");
            if id == own {
                return other.decision != Verdict::Accept;
            }
            let is_run = self.earlier.iter().any(|earlier| Some(earlier.change.id) == id);
            let claims = other.span.is_some_and(|[start, end]| start <= end && claim(Span::new(start, end), cluster.span));
            claims && !is_run && other.decision != Verdict::Reject && !self.is_rejected(id)
        };
        self.by_hand().find(|(_, _, other)| other.who != decision.who && opposes(other)).map(|(line, _, _)| line)
    }

    /// Whether somebody rejected a correction.
    fn is_rejected(&self, id: Option<ChangeId>) -> bool {
        self.by_hand().any(|(_, _, other)| other.decision == Verdict::Reject && place(other, true, "") == id)
    }

    /// What the chain leaves at a place without earlier corrections.
    fn left_by_the_chain(&self, cluster: &Cluster) -> String {
        let (mut text, mut from) = (String::new(), cluster.at.start);
        for (earlier, at) in self.inside(cluster) {
            text.push_str(&self.draft.text()[from..at.start]);
            text.push_str(&earlier.change.before);
            from = at.end;
        }
        text.push_str(&self.draft.text()[from..cluster.at.end]);
        text
    }

    /// The earlier corrections of a place, in order.
    fn inside<'s>(&'s self, cluster: &'s Cluster) -> impl Iterator<Item = (&'s Earlier<'s>, Span<InDraft>)> {
        let is_inside = |span: Span<Original>| cluster.span.start <= span.start && span.end <= cluster.span.end;
        self.earlier.iter().filter(move |earlier| is_inside(earlier.change.span)).filter_map(|earlier| Some((earlier, earlier.at?)))
    }

    /// The lines that a new one takes the place of: those of earlier corrections that it holds, which the person has seen;
    /// and the person's own that no run has made yet.
    fn replaced(&self, cluster: &Cluster, decision: &Decision) -> Vec<LineId> {
        let own = place(decision, true, "");
        let is_replaced = |other: &Decision| {
            let id = place(other, true, "");
            let seen = self.inside(cluster).any(|(earlier, _)| Some(earlier.change.id) == id);
            let is_run = self.earlier.iter().any(|earlier| Some(earlier.change.id) == id);
            let claims = other.span.is_some_and(|[start, end]| claim(Span::new(start, end), cluster.span));
            let is_same = id == own;
            (seen && !is_same)
                || (is_same && other.who == decision.who && other.decision != Verdict::Accept)
                || (!is_same && !is_run && claims && other.who == decision.who)
        };
        self.by_hand().filter(|(_, _, other)| is_replaced(other)).map(|(_, id, _)| id.clone()).collect()
    }

    /// The decisions about corrections in this source that count.
    fn by_hand(&self) -> impl Iterator<Item = (usize, &LineId, &Decision)> {
        let all = self.decisions.iter().zip(self.decisions.with_ids()).map(|((line, decision), (id, _))| (line, id, decision));
        all.filter(|(_, _, decision)| {
            decision.rule == HAND && decision.width == Width::Here && decision.digest.as_deref() == Some(self.left.digest)
        })
    }
}

/// Whether the two overlap or meet.
fn touch<S>(one: Span<S>, other: Span<S>) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// Whether the two cannot both be done.
fn claim(one: Span<Original>, other: Span<Original>) -> bool {
    one.rivals(other) || one == other
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use super::*;

    #[test]
    fn an_edit_of_what_the_record_does_not_tell_apart_is_not_anchored() {
        let (span, before, after) = (Span::new(2, 5), "b c", "b C");
        let id = ChangeId::new(HAND, span, "c", "C", 0);
        let hunk = Hunk {
            part: Part::Body,
            source: span,
            cleaned: Span::new(2, 5),
            before: before.into(),
            after: after.into(),
            changes: smallvec![id],
        };
        let change = Change {
            id,
            part: Part::Body,
            pass: HAND,
            rule: HAND.into(),
            span: Span::new(4, 5),
            before: "c".into(),
            after: "C".into(),
            occurrence: 0,
            replaced_with: None,
            decision: None,
            zone: None,
            fate: Fate::Applied,
        };
        let left = Left { source: "a", digest: "d", text: "a b c d e", body: Span::new(0, 9), hunks: &[hunk], changes: &[change] };
        let outcomes = |edited: &str| {
            let found = corrections(&left, edited, &Decisions::default(), &Reader::default()).expect("it fits");
            found.into_iter().map(|correction| (correction.after, matches!(correction.outcome, Outcome::New(_)))).collect::<Vec<_>>()
        };
        assert_eq!(outcomes("a b x d E"), [("x".to_owned(), false), ("E".to_owned(), true)]);
        let beyond = Left { hunks: &[], body: Span::new(0, 99), ..left };
        assert!(corrections(&beyond, "", &Decisions::default(), &Reader::default()).is_err());
    }
}
