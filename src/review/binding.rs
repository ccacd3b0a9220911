//! Which decisions concern a document, and where in it.
//!
//! A decision *here* is bound to the digest of a text: documents with equal texts share it, wherever they are found. If
//! the text was altered, the decision is looked for in the document that it names, by the text around its place.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::decision::{Decision, DecisionScope, HAND, Verdict};
use super::decisions::Decisions;
use crate::document::{Document, DocumentOrigin, PartText};
use crate::edit::{ChangeId, ChangePlace, InDocument, Part, Span, Zone};
use crate::rules::RuleSet;

/// A document as decisions find it.
#[derive(Clone, Debug)]
pub struct DocumentKey<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// Where it comes from.
    pub origin: DocumentOrigin<'a>,
    /// Its texts, each with its digest.
    pub parts: Vec<(PartText<'a>, String)>,
}

/// Where the change is that a decision *here* is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// In this document: in this text of it, at this place.
    At(Part, Span<InDocument>),
    /// The decision names this document, but its place cannot be found again.
    Lost,
    /// In another document.
    Elsewhere,
}

impl<'a> DocumentKey<'a> {
    /// The key of a document.
    pub fn of(document: &Document<'a>) -> Self {
        let parts = document.parts().map(|text| {
            let digest = text.digest();
            (text, digest)
        });
        Self { source: document.name, origin: document.origin, parts: parts.collect() }
    }

    /// The digest that decisions about the whole document are bound to: of its text, or of its first field.
    pub fn digest(&self) -> Option<&str> {
        let body = self.parts.iter().find(|(text, _)| text.part == Part::Body);
        body.or(self.parts.first()).map(|(_, digest)| digest.as_str())
    }

    /// Whether a decision about a whole document is about this one.
    pub fn is_meant_by(&self, decision: &Decision) -> bool {
        is_meant(decision, self.source, self.origin.number, self.digest(), self.origin.source_digest)
    }

    /// Where the change is that a decision *here* is about.
    pub fn locate(&self, decision: &Decision) -> Located {
        let Some([start, end]) = decision.span.filter(|[start, end]| start <= end) else { return Located::Elsewhere };
        if decision.is_bound_to_source() {
            return self.locate_in_source(decision, start, end);
        }
        let digest = decision.digest.as_deref().unwrap_or_default();
        let part = decision.part();
        if self.parts.iter().any(|(text, own)| text.part == part && own == digest) {
            return Located::At(part, Span::new(start, end));
        }
        let is_named = decision.source.as_deref() == Some(self.source) && decision.document == self.origin.number;
        if !is_named || self.origin.siblings.iter().any(|sibling| sibling == digest) {
            return Located::Elsewhere;
        }
        let found = self.parts.iter().find(|(text, _)| text.part == part).and_then(|(text, _)| find_context(decision, text.text));
        found.map_or(Located::Lost, |span| Located::At(part, span))
    }

    /// The same for a decision of version 0.1, which knew the source alone.
    fn locate_in_source(&self, decision: &Decision, start: usize, end: usize) -> Located {
        if decision.digest.is_some() && decision.digest.as_deref() == self.origin.source_digest {
            let holds = |text: &PartText<'_>| text.start <= start && end <= text.start + text.text.len();
            let found = self.parts.iter().find(|(text, _)| holds(text));
            return found
                .map_or(Located::Elsewhere, |(text, _)| Located::At(text.part.clone(), Span::new(start - text.start, end - text.start)));
        }
        if decision.source.as_deref() != Some(self.source) {
            return Located::Elsewhere;
        }
        let mut found = self.parts.iter().filter_map(|(text, _)| Some((text.part.clone(), find_context(decision, text.text)?)));
        match (found.next(), found.next()) {
            (Some((part, span)), None) => Located::At(part, span),
            // It may be in another document of this source.
            _ if self.origin.number.is_some() => Located::Elsewhere,
            _ => Located::Lost,
        }
    }
}

/// Whether a decision about a whole document is about the one with this source, number, digest and digest of its source.
pub(super) fn is_meant(
    decision: &Decision,
    source: &str,
    number: Option<usize>,
    digest: Option<&str>,
    source_digest: Option<&str>,
) -> bool {
    let names_source = decision.source.as_deref() == Some(source);
    let is_digest = |own: Option<&str>| decision.digest.is_some() && decision.digest.as_deref() == own;
    if decision.is_bound_to_source() {
        return names_source || is_digest(source_digest);
    }
    // A number is no name: it is another's once a document was added before this one.
    is_digest(digest) || names_source && decision.document.is_none() && number.is_none()
}

/// Where the context of a decision is in a text, if it is there exactly once.
fn find_context(decision: &Decision, text: &str) -> Option<Span<InDocument>> {
    let [before, found, after] = decision.context.as_ref()?;
    let all = [before.as_str(), found, after].concat();
    if all.is_empty() {
        return None;
    }
    let first = text.match_indices(&all).next()?.0;
    // A second place, overlapping ones included, leaves it open which is meant.
    let next = first + text[first..].chars().next().map_or(0, char::len_utf8);
    if text[next..].contains(&all) {
        return None;
    }
    let start = first + before.len();
    Some(Span::new(start, start + found.len()))
}

/// The id of the change that a decision *here* is about, at a place.
pub(super) fn change_id(decision: &Decision, part: &Part, span: Span<InDocument>) -> Option<ChangeId> {
    let place = ChangePlace { span, occurrence: decision.occurrence };
    Some(ChangeId::new(part, &decision.rule, place, decision.before.as_ref()?, decision.after.as_ref()?))
}

/// A proposal of a pass, as decisions know it.
#[derive(Clone, Copy, Debug)]
pub struct ProposedChange<'a> {
    /// The text that it lies in.
    pub part: &'a Part,
    /// Its rule.
    pub rule: &'a str,
    /// Its place.
    pub place: ChangePlace,
    /// What the pass saw.
    pub before: &'a str,
    /// What the rule makes of it.
    pub after: &'a str,
    /// The kind of place.
    pub zone: Option<Zone>,
}

impl ProposedChange<'_> {
    /// Its id, made anew with each call.
    pub fn id(&self) -> ChangeId {
        ChangeId::new(self.part, self.rule, self.place, self.before, self.after)
    }
}

/// The decisions that concern one document.
#[derive(Clone, Debug, Default)]
pub struct Bound<'d> {
    /// All decisions: those that make one thing of another everywhere are asked for one by one.
    decisions: Option<&'d Decisions>,
    here: FxHashMap<ChangeId, Vec<(usize, &'d Decision)>>,
    /// Those about this document, and those about whole rules.
    by_rule: BTreeMap<&'d str, Vec<(usize, &'d Decision)>>,
    /// The places that a person corrected by hand: their decisions are among those *here*.
    by_hand: BTreeSet<(Span<InDocument>, ChangeId)>,
    /// Decisions *here* that name this document and whose place is not in it.
    lost: Vec<(usize, &'d Decision)>,
}

impl<'d> Bound<'d> {
    pub(super) fn new(decisions: &'d Decisions) -> Self {
        Self { decisions: Some(decisions), ..Self::default() }
    }

    /// Takes a decision *here* or about a document, if it is about this one.
    pub(super) fn add(&mut self, key: &DocumentKey<'_>, line: usize, decision: &'d Decision, rules: &RuleSet) {
        if decision.scope == DecisionScope::Document {
            if key.is_meant_by(decision) {
                self.add_wide(line, decision, rules);
            }
            return;
        }
        match key.locate(decision) {
            Located::At(part, span) => {
                let Some(id) = change_id(decision, &part, span) else { return };
                if decision.rule == HAND && part == Part::Body {
                    self.by_hand.insert((span, id));
                }
                self.here.entry(id).or_default().push((line, decision));
            }
            Located::Lost => self.lost.push((line, decision)),
            Located::Elsewhere => {}
        }
    }

    pub(super) fn add_wide(&mut self, line: usize, decision: &'d Decision, rules: &RuleSet) {
        if decision.rule_digest.is_none() || !decision.is_about_no_rule(rules) {
            self.by_rule.entry(&decision.rule).or_default().push((line, decision));
        }
    }

    /// The decision about a proposal: see [`prevailing`].
    pub fn about(&self, proposed: &ProposedChange<'_>) -> Option<Prevailing<'d>> {
        if !self.here.is_empty()
            && let Some(here) = self.here.get(&proposed.id())
        {
            return prevailing(here.iter().copied());
        }
        let alike = self.decisions.into_iter().flat_map(|decisions| decisions.everywhere(proposed));
        let wide = self.by_rule.get(proposed.rule).into_iter().flatten().copied();
        let zone = proposed.zone.map_or("none", Zone::name);
        prevailing(wide.chain(alike).filter(|(_, decision)| decision.fits(proposed.before, proposed.after, zone)))
    }

    /// Whether a rejection of such a change in the same text was lost with what stood around it: then the change needs review.
    pub fn lost_rejection(&self, proposed: &ProposedChange<'_>) -> bool {
        // Version 0.1 did not say which text of a document it meant.
        let is_about = |decision: &Decision| decision.is_bound_to_source() || decision.part() == *proposed.part;
        self.lost.iter().any(|(_, decision)| {
            decision.decision == Verdict::Reject
                && is_about(decision)
                && decision.rule == proposed.rule
                && (decision.before.as_deref(), decision.after.as_deref()) == (Some(proposed.before), Some(proposed.after))
        })
    }

    /// What people corrected by hand in the text, in order: where, and the decision that counts.
    pub fn by_hand(&self) -> impl Iterator<Item = (Span<InDocument>, Prevailing<'d>)> {
        self.by_hand.iter().filter_map(|(span, id)| Some((*span, prevailing(self.here.get(id)?.iter().copied())?)))
    }

    /// The lines of decisions about this document that none of the `used` lines is.
    pub fn stale(&self, used: &[usize]) -> Vec<usize> {
        let document = self.by_rule.values().flatten().filter(|(_, decision)| decision.scope == DecisionScope::Document);
        // Of several about one change one is used, and the others have found it too.
        let found = |lines: &&Vec<(usize, &Decision)>| lines.iter().any(|(line, _)| used.contains(line));
        let here = self.here.values().filter(|lines| !found(lines)).flatten();
        let bound = here.chain(document).map(|(line, _)| *line).filter(|line| !used.contains(line));
        let mut stale: Vec<_> = bound.chain(self.lost.iter().map(|(line, _)| *line)).collect();
        stale.sort_unstable();
        stale.dedup();
        stale
    }

    /// The lines *here* that found their places, used or not: of several about one change one is used.
    pub fn located(&self) -> impl Iterator<Item = usize> {
        self.here.values().flatten().map(|(line, _)| *line)
    }
}

/// What counts of several decisions about one change.
#[derive(Clone, Copy, Debug)]
pub struct Prevailing<'d> {
    /// Its line.
    pub line: usize,
    /// The decision.
    pub decision: &'d Decision,
    /// Whether somebody else wants something else, with the same scope.
    pub is_disputed: bool,
}

/// Which of the decisions that fit a change counts: the narrowest; of these one about this very change before one about a
/// whole rule; of these the latest of each person. If people disagree, a rejection; without one nothing is applied, and
/// `is_disputed` is set.
pub fn prevailing<'d>(fitting: impl Iterator<Item = (usize, &'d Decision)> + Clone) -> Option<Prevailing<'d>> {
    let how_narrow = |decision: &Decision| (decision.scope, decision.before.is_some());
    let narrowest = fitting.clone().map(|(_, decision)| how_narrow(decision)).max()?;
    let mut of_people: BTreeMap<Option<&str>, (usize, &Decision)> = BTreeMap::new();
    for (line, decision) in fitting.filter(|(_, decision)| how_narrow(decision) == narrowest) {
        let latest = of_people.entry(decision.who.as_deref()).or_insert((line, decision));
        if line >= latest.0 {
            *latest = (line, decision);
        }
    }
    let (line, decision) = of_people.values().copied().max_by_key(|(line, decision)| (decision.decision == Verdict::Reject, *line))?;
    let is_disputed = of_people.values().any(|(_, other)| !other.agrees_with(decision));
    Some(Prevailing { line, decision, is_disputed })
}
