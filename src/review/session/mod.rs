//! A review session: what there is to decide, in which order, and what was decided. It has no face and does no I/O:
//! it gives the lines that are to be added to the decisions file.

mod filter;
mod item;
mod reach;
mod state;
mod step;
mod tally;

pub use super::decision::{CONTEXT, context};
pub use filter::{Filter, Order, Share};
pub use item::{Id, Item, ReviewGroup, ReviewedDocument, zone_name};
pub use reach::{DecisionEffect, grouped};
pub use state::State;
pub use step::Step;
pub use tally::{Earned, Tally};

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use self::item::items;
use self::step::Past;
use super::binding::{DocumentKey, Located, change_id, prevailing};
use super::decision::{BadLine, Decision, DecisionScope, LineId, Verdict, parse_line};
use super::decisions::Decisions;
use crate::document::Document;
use crate::edit::{Change, ChangeId, Fate, Span};
use crate::rules::RuleSet;

/// What a reader wants to be done with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The verdict.
    pub verdict: Verdict,
    /// The text for `Replace`.
    pub with: Option<String>,
    /// Whether readers want different things.
    pub is_disputed: bool,
}

/// What a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecisionTarget {
    /// One item.
    Here(usize),
    /// A group in one document, both by number.
    Document(usize, usize),
    /// A group in all documents.
    Everywhere(usize),
    /// All that a rule does, in all documents.
    Rule(Arc<str>),
}

impl DecisionTarget {
    /// How far it reaches.
    pub fn scope(&self) -> DecisionScope {
        match self {
            DecisionTarget::Here(_) => DecisionScope::Here,
            DecisionTarget::Document(..) => DecisionScope::Document,
            DecisionTarget::Everywhere(_) => DecisionScope::Everywhere,
            DecisionTarget::Rule(_) => DecisionScope::Rule,
        }
    }
}

/// Who decides, and when: for the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub who: Option<String>,
    /// When, as a time of RFC 3339.
    pub when: Option<String>,
    /// Why, in the reader's words.
    pub note: Option<String>,
}

/// A line of the decisions file.
#[derive(Clone, Debug)]
struct Line {
    id: LineId,
    decision: Decision,
    counts: bool,
    /// The line whose decision it makes stand again; itself, if it says something new.
    origin: usize,
}

/// A rule, and what it makes of what; nothing for all that it does.
type Kind = (Arc<str>, Option<(SmolStr, SmolStr)>);

/// What an id that somebody typed is the id of, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A group.
    Group(usize),
    /// An item.
    Item(usize),
}

/// See the module.
#[derive(Debug, Default)]
pub struct Session {
    documents: Vec<ReviewedDocument>,
    items: Vec<Item>,
    groups: Vec<ReviewGroup>,
    /// The group of each item.
    group_of: Vec<usize>,
    wishes: Vec<Option<Wish>>,
    lines: Vec<Line>,
    /// Lines by their ids.
    by_id: FxHashMap<LineId, Vec<usize>>,
    /// Lines about more than one change, by number.
    wide: FxHashMap<Kind, Vec<usize>>,
    /// Lines about one change, by number.
    here: FxHashMap<(usize, ChangeId), Vec<usize>>,
    /// Lines about one change, by source and by digest: where they belong once their document is added.
    of_document: FxHashMap<String, Vec<usize>>,
    /// The items that are about what a rule does.
    of_rule: FxHashMap<Arc<str>, Vec<usize>>,
    /// The items with a change of this kind, be it the first or a later one.
    with_kind: FxHashMap<Kind, Vec<usize>>,
    /// What each id is the id of.
    named: FxHashMap<Id, Named>,
    /// The digest of each rule.
    digests: FxHashMap<Arc<str>, String>,
    /// What was decided in this session and, of whoever reads, before it.
    history: Vec<Past>,
    /// The line by which a decision stands, if that is not the one that first said it.
    stands_by: FxHashMap<usize, usize>,
    /// So many steps of it stand; the others were undone.
    stands: usize,
}

impl Session {
    /// A session without documents, on top of the decisions there are. What this reader decided before can be undone.
    pub fn new(decisions: &Decisions, who: Option<&str>) -> Self {
        let mut session = Self::default();
        let mut own = BTreeSet::new();
        for (id, decision, counts) in decisions.in_order() {
            let number = if counts { session.keep(id.clone(), decision.clone()) } else { session.push(id.clone(), decision.clone()) };
            if counts && decision.who.as_deref() == who {
                own.insert(session.lines[number].origin);
            }
        }
        let mut time = None;
        for number in own {
            let when = &session.lines[number].decision.when;
            // What was decided at one time was decided by one command.
            let is_one_step = when.is_some() && time.as_ref() == Some(when);
            time = Some(when.clone());
            match session.history.last_mut().filter(|_| is_one_step) {
                Some(past) => past.lines.push(number),
                None => session.history.push(Past { lines: vec![number], undone_by: Vec::new() }),
            }
        }
        session.stands = session.history.len();
        session
    }

    /// Adds a document, and what the rules propose in it. `source` is the decoded source, for lines and columns.
    /// Documents come in their order.
    pub fn add(&mut self, document: &Document<'_>, source: &str, changes: &[Change]) {
        let number = self.documents.len();
        let key = DocumentKey::of(document);
        let digests = key.parts.iter().map(|(_, digest)| digest.as_str());
        let names = digests.chain([key.source]).chain(key.origin.source_digest);
        let lines: BTreeSet<usize> = names.filter_map(|name| self.of_document.get(name)).flatten().copied().collect();
        for at in lines {
            let decision = &self.lines[at].decision;
            if let Located::At(part, span) = key.locate(decision)
                && let Some(id) = change_id(decision, &part, span)
            {
                self.here.entry((number, id)).or_default().push(at);
            }
        }
        self.items.extend(items(number, &key, source, changes));
        self.documents.push(ReviewedDocument::of(&key));
    }

    /// Groups the items, once all documents are there.
    pub fn begin(&mut self, rules: &RuleSet) {
        for (number, item) in self.items.iter().enumerate() {
            self.of_rule.entry(item.change().rule.clone()).or_default().push(number);
            for step in &item.steps {
                for makes in [None, Some((step.before.clone(), step.after.clone()))] {
                    let with_kind = self.with_kind.entry((step.rule.clone(), makes)).or_default();
                    if with_kind.last() != Some(&number) {
                        with_kind.push(number);
                    }
                }
            }
        }
        // Of those that propose something: a project may have a hundred thousand others.
        let proposing: FxHashSet<_> = self.items.iter().flat_map(|item| &item.steps).map(|step| &step.rule).collect();
        let digests = rules.iter().filter(|(_, rule)| proposing.contains(&rule.id));
        self.digests = digests.map(|(_, rule)| (rule.id.clone(), rule.digest())).collect();
        let mut rules: Vec<_> = self.of_rule.iter().collect();
        rules.sort_by(|a, b| a.0.cmp(b.0));
        for (rule, numbers) in rules {
            let makes = |number: &usize| {
                let change = self.items[*number].change();
                (change.before.clone(), change.after.clone())
            };
            let kinds: FxHashSet<_> = numbers.iter().map(makes).collect();
            let varies = kinds.len() > VARIES && kinds.len() * 2 > numbers.len();
            let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
            for number in numbers {
                let key = ((!varies).then(|| makes(number)), self.items[*number].change().zone);
                groups.entry(key).or_default().push(*number);
            }
            for ((makes, zone), items) in groups {
                let (from, to) = makes.clone().unwrap_or_default();
                let id = Id::new('g', &[rule, &from, &to, zone_name(zone), if varies { "varies" } else { "" }]);
                self.groups.push(ReviewGroup { id, rule: rule.clone(), makes, zone, items });
            }
        }
        self.group_of = vec![0; self.items.len()];
        for (number, group) in self.groups.iter().enumerate() {
            group.items.iter().for_each(|item| self.group_of[*item] = number);
        }
        let groups = self.groups.iter().enumerate().map(|(number, group)| (group.id.clone(), Named::Group(number)));
        let items = self.items.iter().enumerate().map(|(number, item)| (item.id.clone(), Named::Item(number)));
        for (id, named) in groups.chain(items) {
            self.named.entry(id).or_insert(named);
        }
        self.wishes = (0..self.items.len()).map(|item| self.wish_for(item)).collect();
    }

    /// The documents.
    pub fn documents(&self) -> &[ReviewedDocument] {
        &self.documents
    }

    /// All items, in the order of documents and places.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// All groups, by rule.
    pub fn groups(&self) -> &[ReviewGroup] {
        &self.groups
    }

    /// What is wanted of an item so far.
    pub fn wish(&self, item: usize) -> Option<&Wish> {
        self.wishes[item].as_ref()
    }

    /// Whether somebody decided on this item alone, and nobody against it: what was decided about many at once does not tell
    /// that this one was read.
    pub fn is_judged(&self, item: usize) -> bool {
        let mut lines = self.here.get(&(self.items[item].document, self.items[item].change().id())).into_iter().flatten();
        self.state(item).is_decided() && lines.any(|number| self.lines[*number].counts)
    }

    /// What an id is the id of.
    pub fn find(&self, id: &str) -> Option<Named> {
        self.named.get(id).copied()
    }

    /// Whether a rule has proposed anything.
    pub fn rule(&self, id: &str) -> Option<Arc<str>> {
        self.of_rule.get_key_value(id).map(|(rule, _)| rule.clone())
    }

    /// The group of an item.
    pub fn group_of(&self, item: usize) -> usize {
        self.group_of[item]
    }

    /// The items of a document.
    fn items_of(&self, document: usize) -> Range<usize> {
        let first = self.items.partition_point(|item| item.document < document);
        first..first + self.items[first..].partition_point(|item| item.document == document)
    }

    /// How many items were asked about and are decided, and how many were asked about.
    pub fn progress(&self) -> (usize, usize) {
        let asked = self.items.iter().zip(&self.wishes).filter(|(item, wish)| item.is_pending() || wish.is_some());
        asked.fold((0, 0), |(decided, asked), (_, wish)| {
            (decided + usize::from(wish.as_ref().is_some_and(|wish| !wish.is_disputed)), asked + 1)
        })
    }

    /// Keeps a new line. Gives its number.
    fn write(&mut self, decision: Decision) -> usize {
        let number = self.keep(LineId::of(&decision.line()), decision);
        self.refresh(number);
        number
    }

    /// Takes in what others have added to the decisions file meanwhile.
    ///
    /// # Errors
    /// The lines that cannot be read, counted from the first that was added; the others are taken in.
    pub fn take_in(&mut self, lines: &str) -> Result<(), Vec<BadLine>> {
        let mut bad = Vec::new();
        for (at, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match parse_line(line) {
                Ok(decision) => {
                    let number = self.keep(LineId::of(line), decision);
                    self.refresh(number);
                }
                Err(error) => bad.push(BadLine { line: at + 1, error }),
            }
        }
        if bad.is_empty() { Ok(()) } else { Err(bad) }
    }

    /// Asks again what is wanted of all items that a line may be about, and those that it takes back.
    fn refresh(&mut self, number: usize) {
        let taken_back = self.lines[number].decision.instead_of.iter().filter_map(|id| self.by_id.get(id)).flatten();
        let lines: Vec<usize> = taken_back.copied().chain([number]).collect();
        let kinds: FxHashSet<Kind> = lines.into_iter().map(|line| kind(&self.lines[line].decision)).collect();
        let decision = &self.lines[number].decision;
        let items: Vec<usize> = if decision.scope == DecisionScope::Here && !decision.is_bound_to_source() {
            // Of the same text: one document, as a rule, of many.
            self.bound_to(decision).flat_map(|at| self.items_of(at)).collect()
        } else {
            kinds.iter().filter_map(|kind| self.with_kind.get(kind)).flatten().copied().collect()
        };
        for item in items {
            self.wishes[item] = self.wish_for(item);
        }
    }

    fn keep(&mut self, id: LineId, decision: Decision) -> usize {
        for number in decision.instead_of.iter().filter_map(|id| self.by_id.get(id)).flatten() {
            self.lines[*number].counts = false;
        }
        let number = self.push(id, decision);
        let Line { decision, origin, counts, .. } = &mut self.lines[number];
        *counts = decision.decision != Verdict::Withdraw;
        self.stands_by.insert(*origin, number);
        let decision = decision.clone();
        if decision.scope != DecisionScope::Here {
            self.wide.entry(kind(&decision)).or_default().push(number);
            return number;
        }
        if decision.is_bound_to_source() {
            self.find_again(number, &decision);
            return number;
        }
        self.register(number, &decision);
        let part = decision.part();
        let id = decision.span.and_then(|[start, end]| change_id(&decision, &part, Span::new(start.min(end), end)));
        let bound: Vec<usize> = self.bound_to(&decision).collect();
        for (at, id) in bound.into_iter().zip(id.into_iter().cycle()) {
            self.here.entry((at, id)).or_default().push(number);
        }
        number
    }

    /// Notes where a line about one change belongs, for documents that are yet to come.
    fn register(&mut self, number: usize, decision: &Decision) {
        for key in [&decision.source, &decision.digest].into_iter().flatten() {
            self.of_document.entry(key.clone()).or_default().push(number);
        }
    }

    /// Places a line of version 0.1 where an earlier one about the same change was found: its own digest and span are those of
    /// the source, which is not at hand any more.
    fn find_again(&mut self, number: usize, decision: &Decision) {
        let key = decision.key();
        let alike = decision.digest.as_ref().and_then(|digest| self.of_document.get(digest)).into_iter().flatten().copied();
        let earlier = alike.filter(|other| *other != number).find(|other| {
            let other = &self.lines[*other].decision;
            other.is_bound_to_source() && other.key() == key
        });
        if let Some(earlier) = earlier {
            self.here.values_mut().filter(|lines| lines.contains(&earlier)).for_each(|lines| lines.push(number));
        }
    }

    /// The documents that have the text which a decision *here* is bound to, by number.
    fn bound_to<'s>(&'s self, decision: &Decision) -> impl Iterator<Item = usize> + use<'s> {
        let (part, digest) = (decision.part(), decision.digest.clone());
        let is_bound = move |document: &ReviewedDocument| digest.is_some() && document.digest_of(&part) == digest.as_deref();
        self.documents.iter().enumerate().filter(move |(_, document)| is_bound(document)).map(|(number, _)| number)
    }

    /// Adds a line that does not count, as yet.
    fn push(&mut self, id: LineId, decision: Decision) -> usize {
        let number = self.lines.len();
        let origin = self.origin(&decision).unwrap_or(number);
        self.by_id.entry(id.clone()).or_default().push(number);
        // Also one that does not count: what took its place may be undone, and then it is said again.
        if decision.scope == DecisionScope::Here && decision.is_bound_to_source() {
            self.register(number, &decision);
        }
        self.lines.push(Line { id, decision, counts: false, origin });
        number
    }

    /// What the lines want of an item: `None` as long as one of its changes needs review, or may need it again because what was decided
    /// about it when the session began was withdrawn.
    fn wish_for(&self, item: usize) -> Option<Wish> {
        let item = &self.items[item];
        let mut others = item.steps.iter().skip(1).filter(|step| step.fate == Fate::Pending || step.decision.is_some());
        others.all(|step| self.wish_for_change(item, step).is_some()).then(|| self.wish_for_change(item, item.change()))?
    }

    fn wish_for_change(&self, item: &Item, change: &Change) -> Option<Wish> {
        let found = prevailing(self.about_change(item, change).into_iter())?;
        Some(Wish { verdict: found.decision.decision, with: found.decision.with.clone(), is_disputed: found.is_disputed })
    }

    /// The lines that count and are about a change, with their numbers.
    fn about_change(&self, item: &Item, change: &Change) -> Vec<(usize, &Decision)> {
        let document = &self.documents[item.document];
        let numbered = |number: &usize| (*number, &self.lines[*number].decision);
        let counts = |number: &&usize| self.lines[**number].counts;
        let here = self.here.get(&(item.document, change.id())).into_iter().flatten().filter(counts).map(numbered);
        let kinds = [None, Some((change.before.clone(), change.after.clone()))].map(|makes| (change.rule.clone(), makes));
        let wide = kinds.iter().filter_map(|kind| self.wide.get(kind)).flatten().filter(counts).map(numbered);
        let wide = wide.filter(|(_, decision)| {
            let of_rule = decision.rule_digest.as_ref().is_none_or(|digest| self.digests.get(&change.rule) == Some(digest));
            (decision.scope.is_lasting() || document.is_meant_by(decision))
                && of_rule
                && decision.fits(&change.before, &change.after, zone_name(change.zone))
        });
        here.chain(wide).collect()
    }
}

fn kind(decision: &Decision) -> Kind {
    let makes = decision.before.as_deref().zip(decision.after.as_deref());
    (decision.rule.as_str().into(), makes.map(|(before, after)| (before.into(), after.into())))
}

/// So many different things at least, and most of them once, make a rule one whose results vary.
const VARIES: usize = 20;
