//! Deciding, undoing and doing again: what each comes to, as lines for the decisions file, and taking it once they are there.

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::item::zone_name;
use super::{DecisionTarget, Line, Reader, ReviewGroup, ReviewedDocument, Session, kind};
use crate::edit::{Change, Part, Span};
use crate::review::binding::change_id;
use crate::review::decision::{Decision, DecisionScope, LineId, Verdict};

/// A decision, its undoing or its doing again: lines to be added to the decisions file. Only once they are on the disk
/// may [`Session::take`] take it, and anybody be told.
#[derive(Clone, Debug)]
pub struct Step {
    decisions: Vec<Decision>,
    does: Does,
}

impl Step {
    /// The lines, each with its line end.
    pub fn lines(&self) -> String {
        self.decisions.iter().map(Decision::line).collect()
    }

    /// What the lines say.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
enum Does {
    Decide,
    /// Undoes the step of this number.
    Undo(usize),
    Redo,
}

/// What was done at once, as the lines that first said it.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) lines: Vec<usize>,
    /// What doing it again has to take back.
    pub(super) undone_by: Vec<usize>,
}

impl Session {
    /// What deciding comes to. Of two decisions of one reader about the same the later one stands.
    pub fn deciding(&self, target: &DecisionTarget, verdict: Verdict, with: Option<&str>, reader: &Reader) -> Step {
        let mut decisions = self.decisions(target, verdict, with, reader);
        for decision in &mut decisions {
            decision.instead_of = self.replaced_by(decision);
        }
        Step { decisions, does: Does::Decide }
    }

    /// The documents in which a step may alter something, by number.
    pub fn concerned(&self, step: &Step) -> BTreeSet<usize> {
        let of_kind = |decision| self.with_kind.get(&kind(decision)).into_iter().flatten().map(|item| self.items[*item].document);
        let mut concerned = BTreeSet::new();
        for decision in &step.decisions {
            if decision.scope.is_lasting() {
                concerned.extend(of_kind(decision));
            } else {
                concerned.extend((0..self.documents.len()).filter(|document| is_about(decision, &self.documents[*document])));
            }
        }
        concerned
    }

    /// Takes a step whose lines are on the disk. What was undone before a decision cannot be done again after it.
    pub fn take(&mut self, step: Step) {
        let numbers: Vec<usize> = step.decisions.into_iter().map(|decision| self.write(decision)).collect();
        let origins = || numbers.iter().map(|number| self.lines[*number].origin).collect();
        match step.does {
            Does::Decide => {
                let lines = origins();
                self.history.truncate(self.stands);
                self.history.push(Past { lines, undone_by: Vec::new() });
                self.stands += 1;
            }
            Does::Undo(step) => {
                // Between them are those that somebody else has taken back.
                self.history.drain(step + 1..self.stands);
                self.stands = step;
                self.history[step].undone_by = numbers;
            }
            Does::Redo => {
                let lines = origins();
                self.history[self.stands] = Past { lines, undone_by: Vec::new() };
                self.stands += 1;
            }
        }
    }

    /// The lines of the same reader about the same.
    fn replaced_by(&self, decision: &Decision) -> Vec<LineId> {
        let is_own = |line: &&Line| line.counts && line.decision.who == decision.who;
        if decision.scope == DecisionScope::Here {
            // All of these are about this very change, whatever they know of its source.
            let lines = self.about_place(decision).into_iter().map(|number| &self.lines[number]);
            return lines.filter(is_own).map(|line| line.id.clone()).collect();
        }
        let key = decision.key();
        let lines = self.wide.get(&kind(decision)).into_iter().flatten().map(|number| &self.lines[*number]);
        lines.filter(is_own).filter(|line| line.decision.key() == key).map(|line| line.id.clone()).collect()
    }

    /// The lines about the change that a decision *here* is about, in all documents that have its text: lines of version
    /// 0.1 are about one of them.
    fn about_place(&self, decision: &Decision) -> BTreeSet<usize> {
        let Some([start, end]) = decision.span else { return BTreeSet::new() };
        let Some(id) = change_id(decision, &decision.part(), Span::new(start, end)) else { return BTreeSet::new() };
        self.bound_to(decision).filter_map(|document| self.here.get(&(document, id))).flatten().copied().collect()
    }

    /// The decisions, without what they replace.
    fn decisions(&self, target: &DecisionTarget, verdict: Verdict, with: Option<&str>, reader: &Reader) -> Vec<Decision> {
        let about = |scope, rule: &Arc<str>, makes: Option<&(SmolStr, SmolStr)>, zone: Option<&str>| Decision {
            before: makes.map(|makes| makes.0.to_string()),
            after: makes.map(|makes| makes.1.to_string()),
            with: with.map(str::to_owned),
            rule_digest: if makes.is_none() { self.digests.get(rule).cloned() } else { None },
            zones: zone.map(|zone| vec![zone.to_owned()]),
            who: reader.who.clone(),
            when: reader.when.clone(),
            note: reader.note.clone(),
            ..Decision::about(verdict, scope, rule)
        };
        match target {
            // They stand for themselves alone.
            _ if self.is_by_hand(target) => {
                let each = self.about(target).into_iter().map(DecisionTarget::Here);
                each.flat_map(|one| self.decisions(&one, verdict, with, reader)).collect()
            }
            DecisionTarget::Rule(rule) => vec![about(DecisionScope::Rule, rule, None, None)],
            DecisionTarget::Everywhere(group) => {
                let ReviewGroup { rule, makes, zone, .. } = &self.groups[*group];
                let scope = if makes.is_some() { DecisionScope::Everywhere } else { DecisionScope::Rule };
                vec![about(scope, rule, makes.as_ref(), Some(zone_name(*zone)))]
            }
            DecisionTarget::Document(group, document) => {
                let (ReviewGroup { rule, makes, zone, .. }, document) = (&self.groups[*group], &self.documents[*document]);
                let decision = about(DecisionScope::Document, rule, makes.as_ref(), Some(zone_name(*zone)));
                vec![named(decision, document, document.digest())]
            }
            DecisionTarget::Here(item) => {
                let item = &self.items[*item];
                let document = &self.documents[item.document];
                let of_step = |(number, step): (usize, &Change)| {
                    let makes = (step.before.clone(), step.after.clone());
                    let is_lead = number == 0;
                    let place = step.places[0];
                    let decision = Decision {
                        field: if let Part::Field(name) = &step.part { Some(name.to_string()) } else { None },
                        span: Some([place.span.start, place.span.end]),
                        occurrence: place.occurrence,
                        context: is_lead.then(|| item.context.clone()),
                        // A text of the reader's own takes the place of one change; the others stay what they are.
                        decision: if is_lead || verdict != Verdict::Replace { verdict } else { Verdict::Accept },
                        with: with.filter(|_| is_lead).map(str::to_owned),
                        ..about(DecisionScope::Here, &step.rule, Some(&makes), None)
                    };
                    named(decision, document, document.digest_of(&step.part))
                };
                item.steps.iter().enumerate().map(of_step).collect()
            }
        }
    }

    /// What taking the last step back that stands comes to; nothing if there is none.
    pub fn undoing(&self, reader: &Reader) -> Option<Step> {
        let stand = |past: &Past| past.lines.iter().filter(|origin| self.standing(**origin).counts).copied().collect();
        let mut steps = self.history[..self.stands].iter().map(stand).enumerate().rev();
        let (step, origins): (usize, Vec<usize>) = steps.find(|(_, origins): &(usize, Vec<usize>)| !origins.is_empty())?;
        let mut decisions = Vec::new();
        for origin in origins {
            let instead_of = vec![self.standing(origin).id.clone()];
            let decision = &self.lines[origin].decision;
            let replaced = decision.instead_of.iter().filter_map(|id| self.by_id.get(id)?.first());
            let replaced = replaced.map(|number| &self.lines[*number].decision);
            let earlier: Vec<&Decision> = replaced.filter(|earlier| earlier.decision != Verdict::Withdraw).collect();
            if earlier.is_empty() {
                let when = reader.when.clone();
                decisions.push(Decision { decision: Verdict::Withdraw, with: None, when, instead_of, ..decision.clone() });
            } else {
                // With its own time: so the next session, too, knows it for what was decided then.
                decisions.extend(earlier.into_iter().map(|earlier| Decision { instead_of: instead_of.clone(), ..earlier.clone() }));
            }
        }
        Some(Step { decisions, does: Does::Undo(step) })
    }

    /// What doing again what was undone last comes to; nothing if nothing was undone.
    pub fn redoing(&self, reader: &Reader) -> Option<Step> {
        let Past { lines, undone_by } = self.history.get(self.stands)?;
        let again = lines.iter().map(|origin| {
            let id = &self.standing(*origin).id;
            let by = undone_by.iter().map(|number| &self.lines[*number]).filter(|line| line.decision.instead_of.contains(id));
            let instead_of = by.map(|line| line.id.clone()).collect();
            Decision { when: reader.when.clone(), instead_of, ..self.lines[*origin].decision.clone() }
        });
        let decisions: Vec<Decision> = again.filter(|decision| !decision.instead_of.is_empty()).collect();
        (!decisions.is_empty()).then_some(Step { decisions, does: Does::Redo })
    }

    /// The line by which a decision stands, or stood last.
    fn standing(&self, origin: usize) -> &Line {
        &self.lines[self.stands_by.get(&origin).copied().unwrap_or(origin)]
    }

    /// The line that first said what this one says again, because what had replaced it was undone.
    pub(super) fn origin(&self, decision: &Decision) -> Option<usize> {
        let named = |ids: &[LineId]| ids.iter().filter_map(|id| self.by_id.get(id)?.first()).copied().collect::<Vec<_>>();
        let undone = named(&decision.instead_of).into_iter().map(|undone| self.lines[undone].origin);
        let replaced = undone.flat_map(|undone| named(&self.lines[undone].decision.instead_of));
        let is_same = |number: &usize| {
            let earlier = &self.lines[*number].decision;
            Decision { instead_of: earlier.instead_of.clone(), ..decision.clone() } == *earlier
        };
        replaced.filter(|number| is_same(number)).map(|number| self.lines[number].origin).next()
    }
}

/// A decision that says which document it is about.
fn named(decision: Decision, document: &ReviewedDocument, digest: Option<&str>) -> Decision {
    let ReviewedDocument { source, number, .. } = document;
    Decision { source: Some(source.clone()), document: *number, digest: digest.map(str::to_owned), ..decision }
}

/// Whether a decision *here* or about a document may be about this one.
fn is_about(decision: &Decision, document: &ReviewedDocument) -> bool {
    let has_text = |digest: &String| document.digests.iter().any(|(_, own)| own == digest);
    decision.digest.as_ref().is_some_and(has_text) || decision.source.as_ref() == Some(&document.source)
}
