//! The one verb.

use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::{SmallVec, smallvec};

use crate::chain::Chain;
use crate::document::{Cleaned, CleanedField, Document, PartText};
use crate::edit::{Change, ChangePlace, Draft, Edit, Fate, Hunk, InDocument, InDraft, Part, PlaceRef, Span, Zone};
use crate::passes::{Extent, Overrun, Pass, View};
use crate::prose::language::Languages;
use crate::prose::{Columns, LineColumn, Marked, Syntax, Zones};
use crate::review::decision::{HAND, Verdict};
use crate::review::{Bound, ProposedChange};
use crate::rules::{PassName, Policy};

/// Why a document was not cleaned. Places are bytes of the part of the document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// A pass proposed an edit outside its contract.
    #[error("the rule {rule} would change {before:?} to {after:?}, but the pass {pass} may touch only {says}")]
    Contract {
        /// The text.
        part: Part,
        /// The place.
        at: usize,
        /// The rule.
        rule: Arc<str>,
        /// Its pass.
        pass: &'static str,
        /// The text that it would change.
        before: Box<str>,
        /// What it would become.
        after: Box<str>,
        /// What the pass may touch.
        says: &'static str,
    },
    /// A rule went over its budget.
    #[error("the rule {rule} went over its budget (matches times paragraph length)")]
    Budget {
        /// The text.
        part: Part,
        /// Where the paragraph begins.
        at: usize,
        /// The rule.
        rule: Arc<str>,
    },
}

impl CleanError {
    /// What is wrong and the way out, for people who find the place at this line and column.
    pub fn explain(&self, place: LineColumn) -> String {
        match self {
            CleanError::Contract { rule, pass, before, after, says, .. } => format!(
                "The rule {rule} would change {before:?} to {after:?} at {place}, but the pass {pass} may touch only {says}. Correct the rule, or move it to the pass whose work it does."
            ),
            CleanError::Budget { rule, .. } => format!(
                "The rule {rule} went over its budget (matches times paragraph length) in the paragraph at {place}. Make its pattern more specific, or switch the rule off."
            ),
        }
    }

    /// The text and the place to look at, in bytes of that text.
    pub fn place(&self) -> (&Part, usize) {
        match self {
            CleanError::Contract { part, at, .. } | CleanError::Budget { part, at, .. } => (part, *at),
        }
    }
}

/// Runs the chain over the fields and the text of a document. Has no state, does no I/O.
///
/// # Errors
/// A pass left its contract, or a rule went over its budget.
pub fn clean<'a>(document: &Document<'a>, chain: &Chain, decisions: &Bound<'_>) -> Result<Cleaned<'a>, CleanError> {
    let mut cleaned = Cleaned::default();
    for PartText { part, text: source, .. } in document.parts() {
        let mut run = PartRun {
            document,
            part,
            chain,
            decisions,
            changes: &mut cleaned.changes,
            known: FxHashMap::default(),
            last: None,
            places: Vec::new(),
        };
        let draft = run.run(Draft::new(source))?;
        cleaned.hunks.extend(Hunk::of(&draft, &run.part, |number| run.places[number as usize]));
        match run.part {
            Part::Field(name) if draft.text() != source => {
                cleaned.fields.push(CleanedField { name, text: draft.into_text().into_owned() });
            }
            Part::Field(_) => {}
            Part::Body => cleaned.text = Some(draft.into_text()),
        }
    }
    Ok(cleaned)
}

/// One run of the chain over one text of a document.
struct PartRun<'r, 'a> {
    document: &'r Document<'a>,
    part: Part,
    chain: &'r Chain,
    decisions: &'r Bound<'r>,
    /// All changes of the document so far.
    changes: &'r mut Vec<Change>,
    /// The changes of this part by the hash of what they have in common.
    known: FxHashMap<u64, u32>,
    /// The change that was added to last.
    last: Option<u32>,
    /// The places of the proposals that were applied, by the numbers that the draft knows them by.
    places: Vec<PlaceRef>,
}

/// A pass in its place of the chain.
#[derive(Clone, Copy)]
struct Step<'p> {
    pass: &'p dyn Pass,
    /// Whether a pass before it left columns.
    has_columns: bool,
}

/// What is found out about the places of a text: each at the first edit that needs it, and once for all passes that see the
/// same text.
struct Lookup<'t> {
    zones: Zones<'t>,
    languages: Languages<'t>,
    columns: Columns<'t>,
}

impl<'t> Lookup<'t> {
    /// Looks at nothing yet.
    fn of(view: &View<'t>) -> Self {
        let View { text, markup, .. } = *view;
        Self { zones: Zones::new(text, markup), languages: Languages::of(text), columns: Columns::new(text, markup) }
    }
}

/// A proposal on its way to its fate.
struct Candidate<'e> {
    edit: Edit<'e>,
    place: ChangePlace,
    zone: Option<Zone>,
    policy: Policy,
}

/// What is applied: where in the draft, and the place of its change.
type Winner = (Span<InDraft>, PlaceRef);

/// What becomes of a candidate.
struct Outcome<'d> {
    fate: Fate,
    /// The line of the decision about it.
    line: Option<usize>,
    /// What a person wants instead.
    with: Option<&'d str>,
}

/// Whether a pass may change nothing in a zone.
fn is_protected(zone: Zone, pass: PassName) -> bool {
    zone.is_protected() && !pass.spec().enters.contains(&zone)
}

impl<'a> PartRun<'_, 'a> {
    fn run(&mut self, mut draft: Draft<'a>) -> Result<Draft<'a>, CleanError> {
        let chain = self.chain;
        let mut has_columns = false;
        let mut passes = chain.passes().map(|pass| {
            let step = Step { pass, has_columns };
            has_columns |= pass.name().spec().leaves_columns;
            step
        });
        while let Some(winners) = self.until_applied(&mut passes, &draft)? {
            self.apply(&mut draft, &winners);
        }
        if self.part == Part::Body {
            self.by_hand(&mut draft);
        }
        Ok(draft)
    }

    /// Runs passes until one of them has something to apply, and gives that; `None` if no pass is left. So long they all see
    /// the same text, and what is found out about it is found out once.
    fn until_applied<'p>(
        &mut self,
        passes: &mut impl Iterator<Item = Step<'p>>,
        draft: &Draft<'_>,
    ) -> Result<Option<Vec<Winner>>, CleanError> {
        let Document { lang, stray, vocabulary, syntax, .. } = *self.document;
        let extent = if self.part == Part::Body { Extent::Whole } else { Extent::Fragment };
        // A title is no document.
        let markup = (self.part == Part::Body && syntax != Syntax::Plain).then(|| Marked::new(draft.text(), syntax));
        let view = View { text: draft.text(), extent, markup: markup.as_ref(), lang, stray, vocabulary };
        let mut lookup = Lookup::of(&view);
        let mut edits = Vec::new();
        for step in passes {
            step.pass.propose(&view, &mut edits).map_err(|overrun| self.overrun(&overrun, draft))?;
            if edits.is_empty() {
                continue;
            }
            let candidates = self.candidates(step, &mut lookup, draft, &mut edits)?;
            let winners = self.resolve(step.pass.name(), view.text, &candidates);
            if !winners.is_empty() {
                return Ok(Some(winners));
            }
        }
        Ok(None)
    }

    /// Applies changes, of which each is in the list already, at these places. They come sorted.
    fn apply(&mut self, draft: &mut Draft<'_>, winners: &[Winner]) {
        let first = self.places.len();
        self.places.extend(winners.iter().map(|(_, place)| *place));
        let changes = &self.changes;
        draft.apply(winners.iter().enumerate().map(|(number, (at, place))| {
            let number = u32::try_from(first + number).expect("a document has less than 2^32 changes");
            (*at, changes[place.change as usize].result(), number)
        }));
    }

    /// What people corrected in the cleaned text, where the chain still leaves what they corrected. It may touch anything:
    /// a person did it.
    fn by_hand(&mut self, draft: &mut Draft<'a>) {
        let mut corrections = self.decisions.by_hand().peekable();
        if corrections.peek().is_none() {
            return;
        }
        draft.forget_equal_seams();
        let mut placed: Vec<(Span<InDraft>, usize)> = Vec::new();
        for (span, found) in corrections {
            let (Some(before), Some(after)) = (found.decision.before.as_deref(), found.decision.after.as_deref()) else { continue };
            let Some(at) = draft.place(span).filter(|at| draft.text()[at.range()] == *before && before != after) else { continue };
            let fate = match found.decision.decision {
                Verdict::Reject => Fate::Rejected,
                _ if found.is_disputed => Fate::Pending,
                _ => Fate::Applied,
            };
            if fate != Fate::Rejected {
                placed.push((at, self.changes.len()));
            }
            self.changes.push(Change {
                part: Part::Body,
                pass: HAND,
                rule: HAND.into(),
                before: before.into(),
                after: after.into(),
                replaced_with: found.decision.with.clone().filter(|_| fate == Fate::Applied),
                decision: Some(found.line),
                zone: None,
                fate,
                places: smallvec![ChangePlace::at(span)],
            });
        }
        placed.sort_unstable();
        // If two claim the same text, neither is applied until one of them is withdrawn.
        for (number, (at, change)) in placed.iter().enumerate() {
            for (_, other) in placed[number + 1..].iter().take_while(|(next, _)| next.start <= at.end).filter(|(next, _)| at.rivals(*next))
            {
                self.changes[*change].fate = Fate::Pending;
                self.changes[*other].fate = Fate::Pending;
            }
        }
        placed.retain(|(_, change)| self.changes[*change].fate == Fate::Applied);
        let winners: Vec<_> = placed.iter().map(|(at, change)| (*at, PlaceRef { change: number_of(*change), place: 0 })).collect();
        self.apply(draft, &winners);
    }

    /// What is left of the proposals of a pass: each changes the text, is on here and keeps the contract. Sorted as they
    /// compete: leftmost, longest, earliest rule.
    fn candidates<'e>(
        &self,
        Step { pass, has_columns }: Step<'_>,
        lookup: &mut Lookup<'_>,
        draft: &Draft<'_>,
        edits: &mut Vec<Edit<'e>>,
    ) -> Result<Vec<Candidate<'e>>, CleanError> {
        let text = draft.text();
        edits.sort_by(|a, b| {
            let key = |edit: &Edit<'_>| (edit.reach.start, Reverse(edit.reach.end), edit.rule, edit.at);
            key(a).cmp(&key(b)).then_with(|| a.with.cmp(&b.with))
        });
        edits.dedup();
        let contract = pass.contract();
        let is_about_language = self.document.detect && pass.name().spec().is_about_language;
        let mut candidates: Vec<Candidate<'e>> = Vec::with_capacity(edits.len());
        let mut repeats = Repeats::default();
        for edit in edits.drain(..) {
            let rule = self.chain.rules().get(edit.rule);
            if text[edit.at.range()] == *edit.with || !rule.in_scope(self.document.name, self.document.lang) {
                continue;
            }
            if is_about_language && lookup.languages.is_foreign(edit.at.start) {
                continue;
            }
            if !(contract.allows)(text, &edit) {
                return Err(self.breach(pass, contract.says, &edit, draft));
            }
            let zone = lookup.zones.of(&edit).or(matches!(self.part, Part::Field(_)).then_some(Zone::Field));
            let mut policy = self.chain.policies().of(edit.rule, zone);
            if edit.is_guess {
                policy = policy.min(Policy::Ask);
            }
            // A table would lose its columns, and the pass that left them the reason for it.
            let moves = || text[edit.at.range()].chars().count() != edit.with.chars().count();
            if policy == Policy::Apply && has_columns && moves() && lookup.columns.follow(edit.at.end) {
                policy = Policy::Ask;
            }
            if policy != Policy::Off {
                let span = draft.anchor(edit.at);
                let is_alike = |earlier: &Candidate<'_>| {
                    (earlier.edit.rule, earlier.place.span) == (edit.rule, span)
                        && earlier.edit.with == edit.with
                        && text[earlier.edit.at.range()] == text[edit.at.range()]
                };
                let occurrence = repeats.count(span, &candidates, is_alike);
                candidates.push(Candidate { edit, place: ChangePlace { span, occurrence }, zone, policy });
            }
        }
        Ok(candidates)
    }

    /// Gives each candidate its fate and adds it to the changes. Returns those to apply, in the order of the text.
    fn resolve(&mut self, pass: PassName, text: &str, candidates: &[Candidate<'_>]) -> Vec<Winner> {
        let mut winners = Vec::with_capacity(candidates.len());
        let mut last: Option<&Candidate<'_>> = None;
        for candidate in candidates {
            let Candidate { edit, zone, policy, .. } = candidate;
            let proposed = self.proposed(candidate, text);
            let decided = self.decisions.about(&proposed);
            let verdict = decided.map(|found| found.decision);
            let fate = match (zone, verdict, last) {
                (Some(zone), ..) if is_protected(*zone, pass) => Fate::Protected { zone: *zone },
                // First of all, or a rejected winner would still kill its rival.
                (_, Some(decision), _) if decision.decision == Verdict::Reject => Fate::Rejected,
                (_, _, Some(winner)) if winner.edit.reach.rivals(edit.reach) => Fate::Superseded { by: self.proposed(winner, text).id() },
                (_, None, _) if *policy < Policy::Apply || self.decisions.lost_rejection(&proposed) => Fate::Pending,
                // Until its readers agree.
                _ if decided.is_some_and(|found| found.is_disputed) => Fate::Pending,
                _ => Fate::Applied,
            };
            if matches!(fate, Fate::Applied | Fate::Pending) {
                last = Some(candidate);
            }
            let is_applied = fate == Fate::Applied;
            let outcome = Outcome {
                fate,
                line: decided.map(|found| found.line),
                with: verdict.and_then(|decision| decision.with.as_deref()).filter(|_| is_applied),
            };
            let place = self.add(pass, text, candidate, &outcome);
            if is_applied {
                winners.push((edit.at, edit.reach, place));
            }
        }
        winners.sort_by_key(|(at, reach, _)| (*at, *reach));
        winners.into_iter().map(|(at, _, place)| (at, place)).collect()
    }

    /// A candidate as decisions know it.
    fn proposed<'c>(&'c self, candidate: &'c Candidate<'_>, text: &'c str) -> ProposedChange<'c> {
        let Candidate { edit, place, zone, .. } = candidate;
        let rule = &*self.chain.rules().get(edit.rule).id;
        ProposedChange { part: &self.part, rule, place: *place, before: &text[edit.at.range()], after: &edit.with, zone: *zone }
    }

    /// Adds a place to the change that is alike in all but the place, or adds that change.
    fn add(&mut self, pass: PassName, text: &str, candidate: &Candidate<'_>, outcome: &Outcome<'_>) -> PlaceRef {
        let Candidate { edit, place, zone, .. } = candidate;
        let before = &text[edit.at.range()];
        let rule = &self.chain.rules().get(edit.rule).id;
        let Outcome { fate, line, with } = *outcome;
        let is_alike = |change: &Change| {
            (&change.rule, &*change.before, &*change.after) == (rule, before, &*edit.with)
                && (change.zone, change.fate, change.decision, change.replaced_with.as_deref()) == (*zone, fate, line, with)
                && change.part == self.part
        };
        // Neighbours are alike more often than not.
        let last = self.last.filter(|last| is_alike(&self.changes[*last as usize]));
        let hash = || FxBuildHasher.hash_one((edit.rule, before, &*edit.with, zone, fate, line, with));
        let known = last.or_else(|| self.known.get(&hash()).copied().filter(|known| is_alike(&self.changes[*known as usize])));
        let number = known.unwrap_or_else(|| {
            let number = number_of(self.changes.len());
            self.known.insert(hash(), number);
            self.changes.push(Change {
                part: self.part.clone(),
                pass: pass.name(),
                rule: rule.clone(),
                before: before.into(),
                after: (&*edit.with).into(),
                replaced_with: with.map(str::to_owned),
                decision: line,
                zone: *zone,
                fate,
                places: SmallVec::new(),
            });
            number
        });
        self.last = Some(number);
        let places = &mut self.changes[number as usize].places;
        places.push(*place);
        PlaceRef { change: number, place: number_of(places.len() - 1) }
    }

    fn breach(&self, pass: &dyn Pass, says: &'static str, edit: &Edit<'_>, draft: &Draft<'_>) -> CleanError {
        CleanError::Contract {
            part: self.part.clone(),
            at: draft.anchor(edit.at).start,
            rule: self.chain.rules().get(edit.rule).id.clone(),
            pass: pass.name().name(),
            before: draft.text()[edit.at.range()].into(),
            after: (&*edit.with).into(),
            says,
        }
    }

    fn overrun(&self, overrun: &Overrun, draft: &Draft<'_>) -> CleanError {
        CleanError::Budget {
            part: self.part.clone(),
            at: draft.anchor(Span::point(overrun.at)).start,
            rule: self.chain.rules().get(overrun.rule).id.clone(),
        }
    }
}

/// Counts proposals that are alike and have the same span. Spans nearly always grow, and then there is nothing to count.
#[derive(Default)]
struct Repeats {
    /// One more than the greatest start so far.
    next: usize,
    /// The candidates by the starts of their spans, once one came that does not start behind all others.
    by_start: Option<FxHashMap<usize, SmallVec<[u32; 2]>>>,
}

impl Repeats {
    /// How many of the candidates have this span and are alike. The next candidate has this span.
    fn count(&mut self, span: Span<InDocument>, candidates: &[Candidate<'_>], is_alike: impl Fn(&Candidate<'_>) -> bool) -> u32 {
        let is_new = span.start >= self.next;
        self.next = self.next.max(span.start + 1);
        if is_new && self.by_start.is_none() {
            return 0;
        }
        let by_start = self.by_start.get_or_insert_with(|| {
            let mut by_start: FxHashMap<usize, SmallVec<[u32; 2]>> = FxHashMap::default();
            for (number, candidate) in candidates.iter().enumerate() {
                by_start.entry(candidate.place.span.start).or_default().push(number_of(number));
            }
            by_start
        });
        let here = by_start.entry(span.start).or_default();
        let alike = here.iter().filter(|number| is_alike(&candidates[**number as usize])).count();
        here.push(number_of(candidates.len()));
        number_of(alike)
    }
}

fn number_of(number: usize) -> u32 {
    u32::try_from(number).expect("a document has less than 2^32 changes")
}
