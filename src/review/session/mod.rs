//! A review session: what there is to decide, in which order, and what was decided. It has no face and does no I/O:
//! it gives the lines that are to be added to the decisions file.

mod filter;
mod item;
mod reach;
mod state;
mod tally;

pub use super::decision::{CONTEXT, context};
pub use filter::{Filter, Order, Share};
pub use item::{Group, Id, Item, Source, zone_name};
pub use reach::{Reach, grouped};
pub use state::State;
pub use tally::{Earned, Tally};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use self::filter::is_below;
use self::item::items;
use super::decision::{BadLine, Decision, HAND, LineId, SCHEMA_VERSION, Verdict, Width, parse_line};
use super::decisions::{Decisions, place, prevailing};
use crate::rules::RuleSet;
use crate::text::{Change, ChangeId, Fate};

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
pub enum Target {
    /// One item.
    Here(usize),
    /// A group in one document, both by number.
    Document(usize, usize),
    /// A group in all documents.
    Everywhere(usize),
    /// All that a rule does, in all documents.
    Rule(Arc<str>),
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

/// A line of the decisions file.
#[derive(Clone, Debug)]
struct Line {
    id: LineId,
    decision: Decision,
    counts: bool,
    /// The line whose decision it makes stand again; itself, if it says something new.
    origin: usize,
}

/// What was done at once, as the lines that first said it.
#[derive(Debug, Default)]
struct Past {
    lines: Vec<usize>,
    /// What doing it again has to take back.
    undone_by: Vec<usize>,
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
    sources: Vec<Source>,
    items: Vec<Item>,
    groups: Vec<Group>,
    wishes: Vec<Option<Wish>>,
    lines: Vec<Line>,
    /// Lines by their ids.
    by_id: FxHashMap<LineId, Vec<usize>>,
    /// Lines about more than one change, by number.
    wide: FxHashMap<Kind, Vec<usize>>,
    /// Lines about one change, by number.
    here: FxHashMap<(usize, ChangeId), Vec<usize>>,
    /// Lines about one change, by name and by digest of its document: where they belong once that is added.
    of_source: FxHashMap<String, Vec<usize>>,
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

    /// Adds a document: its decoded text, and what the rules propose in each of its articles. Documents come in their order.
    pub fn add<'c>(&mut self, source: Source, text: &str, changes: impl Iterator<Item = &'c Change>) {
        let number = self.sources.len();
        let of_source = [&source.digest, &source.name].into_iter().filter_map(|key| self.of_source.get(key)).flatten();
        let of_source: BTreeSet<usize> = of_source.copied().collect();
        for at in of_source {
            let decision = &self.lines[at].decision;
            let same_bytes = decision.digest.as_deref() == Some(&*source.digest);
            if let Some(id) = place(decision, same_bytes, text) {
                self.here.entry((number, id)).or_default().push(at);
            }
        }
        self.items.extend(items(number, &source, text, changes));
        self.sources.push(source);
    }

    /// Groups the items, once all documents are there.
    pub fn begin(&mut self, rules: &RuleSet) {
        self.digests = rules.iter().map(|(_, rule)| (rule.id.clone(), rule.digest())).collect();
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
                self.groups.push(Group { id, rule: rule.clone(), makes, zone, items });
            }
        }
        let groups = self.groups.iter().enumerate().map(|(number, group)| (group.id.clone(), Named::Group(number)));
        let items = self.items.iter().enumerate().map(|(number, item)| (item.id.clone(), Named::Item(number)));
        for (id, named) in groups.chain(items) {
            self.named.entry(id).or_insert(named);
        }
        self.wishes = (0..self.items.len()).map(|item| self.wish_for(item)).collect();
    }

    /// The documents.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// All items, in the order of documents and places.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// All groups, by rule.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// What is wanted of an item so far.
    pub fn wish(&self, item: usize) -> Option<&Wish> {
        self.wishes[item].as_ref()
    }

    /// Whether somebody decided on this item alone, and nobody against it: what was decided about many at once does not tell
    /// that this one was read.
    pub fn is_judged(&self, item: usize) -> bool {
        let mut lines = self.here.get(&(self.items[item].source, self.items[item].change().id)).into_iter().flatten();
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
    pub fn group_of(&self, item: usize) -> Option<usize> {
        self.groups.iter().position(|group| group.items.binary_search(&item).is_ok())
    }

    /// How many items were asked about and are decided, and how many were asked about.
    pub fn progress(&self) -> (usize, usize) {
        let asked = self.items.iter().zip(&self.wishes).filter(|(item, wish)| item.waits() || wish.is_some());
        asked.fold((0, 0), |(decided, asked), (_, wish)| {
            (decided + usize::from(wish.as_ref().is_some_and(|wish| !wish.is_disputed)), asked + 1)
        })
    }

    /// The groups that pass the filter, each with the items that do.
    pub fn select(&self, filter: &Filter, order: Order) -> Vec<(usize, Vec<usize>)> {
        let groups = self.groups.iter().enumerate().filter(|(_, group)| filter.share.is_none_or(|share| share.holds(&group.id)));
        let items = |group: &Group| group.items.iter().copied().filter(|item| self.passes(*item, filter)).collect::<Vec<_>>();
        let mut selected: Vec<_> = groups.map(|(number, group)| (number, items(group))).filter(|(_, items)| !items.is_empty()).collect();
        selected.sort_by_cached_key(|(number, items)| {
            let (group, many) = (&self.groups[*number], usize::MAX - items.len());
            match order {
                Order::Risk => (self.risk(&items[..1]), many, 0),
                Order::Rule => (0, 0, *number),
                Order::Document => (items[0], 0, *number),
                Order::Frequency => (0, many, group.items[0]),
            }
        });
        selected
    }

    fn risk(&self, items: &[usize]) -> usize {
        let waits = items.iter().any(|item| self.items[*item].waits());
        let in_zone = items.iter().any(|item| self.items[*item].change().zone.is_some());
        usize::from(!waits) * 2 + usize::from(!in_zone)
    }

    fn passes(&self, number: usize, filter: &Filter) -> bool {
        let item = &self.items[number];
        let is_disputed = self.wishes[number].as_ref().is_some_and(|wish| wish.is_disputed);
        let is_open = self.wishes[number].is_none() || is_disputed;
        let of_rule = |wanted: &String| item.steps.iter().any(|step| is_below(&step.rule, wanted));
        let holds = |text: &str| {
            item.steps.iter().any(|step| step.before.contains(text) || step.after.contains(text))
                || item.context.iter().any(|part| part.contains(text))
        };
        (filter.decided || is_open)
            && (!filter.waiting || item.waits())
            && (!filter.disputed || is_disputed)
            && (filter.rules.is_empty() || filter.rules.iter().any(of_rule))
            && (filter.zones.is_empty() || filter.zones.iter().any(|zone| zone == item.zone()))
            && filter.document.as_ref().is_none_or(|name| self.sources[item.source].name.contains(&**name))
            && filter.text.as_ref().is_none_or(|text| holds(text))
    }

    /// A random sample of a group, the same for the same seed: items by number, in their order.
    pub fn sample(&self, group: usize, size: usize, seed: u64) -> Vec<usize> {
        let mut dealt: Vec<_> = self.groups[group]
            .items
            .iter()
            .map(|item| (Id::new('s', &[self.items[*item].id.as_str(), &seed.to_string()]), *item))
            .collect();
        dealt.sort();
        let mut sample: Vec<_> = dealt.into_iter().take(size).map(|(_, item)| item).collect();
        sample.sort_unstable();
        sample
    }

    /// What a decision would do.
    pub fn reach(&self, target: &Target) -> Reach {
        let about: FxHashSet<usize> = self.about(target).into_iter().collect();
        let alike: Vec<usize> = match target {
            Target::Everywhere(group) | Target::Document(group, _) => {
                let group = &self.groups[*group];
                let is_alike = |item: &&usize| group.makes.as_ref().is_none_or(|makes| self.makes(**item, makes));
                self.of_rule[&group.rule].iter().filter(is_alike).copied().collect()
            }
            _ => Vec::new(),
        };
        let mut elsewhere = BTreeMap::new();
        for item in alike.iter().filter(|item| !about.contains(item) && self.wishes[**item].is_none()) {
            *elsewhere.entry(self.items[*item].zone()).or_default() += 1;
        }
        Reach {
            places: about.len(),
            is_lasting: matches!(target, Target::Everywhere(_) | Target::Rule(_)) && !self.is_by_hand(target),
            elsewhere,
        }
    }

    /// Whether a decision is about several corrections by hand.
    fn is_by_hand(&self, target: &Target) -> bool {
        match target {
            Target::Rule(rule) => &**rule == HAND,
            Target::Everywhere(group) | Target::Document(group, _) => &*self.groups[*group].rule == HAND,
            Target::Here(_) => false,
        }
    }

    fn makes(&self, item: usize, makes: &(SmolStr, SmolStr)) -> bool {
        let change = self.items[item].change();
        change.before == makes.0 && change.after == makes.1
    }

    /// The item, and the same in other documents of the same bytes: a decision *here* is bound to the bytes.
    fn copies(&self, item: usize) -> Vec<usize> {
        let change = self.items[item].change();
        let digest = |item: usize| &self.sources[self.items[item].source].digest;
        let kind = (change.rule.clone(), Some((change.before.clone(), change.after.clone())));
        let alike = self.with_kind.get(&kind).into_iter().flatten().copied();
        alike.filter(|other| self.items[*other].change().id == change.id && digest(*other) == digest(item)).collect()
    }

    /// The items that a decision is about, by number.
    fn about(&self, target: &Target) -> Vec<usize> {
        match target {
            Target::Here(item) => self.copies(*item),
            Target::Document(group, source) => {
                self.groups[*group].items.iter().copied().filter(|item| self.items[*item].source == *source).collect()
            }
            Target::Everywhere(group) => self.groups[*group].items.clone(),
            Target::Rule(rule) => self.of_rule.get(rule).cloned().unwrap_or_default(),
        }
    }

    /// What deciding comes to. Of two decisions of one reader about the same the later one stands.
    pub fn deciding(&self, target: &Target, verdict: Verdict, with: Option<&str>, reader: &Reader) -> Step {
        let mut decisions = self.decisions(target, verdict, with, reader);
        for decision in &mut decisions {
            decision.instead_of = self.replaced_by(decision);
        }
        Step { decisions, does: Does::Decide }
    }

    /// The sources in which a step may alter something, by number.
    pub fn concerned(&self, step: &Step) -> BTreeSet<usize> {
        let of_kind = |decision| self.with_kind.get(&kind(decision)).into_iter().flatten().map(|item| self.items[*item].source);
        let is_about = |decision: &Decision, source: &Source| {
            decision.digest.as_ref() == Some(&source.digest) || decision.source.as_ref() == Some(&source.name)
        };
        let mut concerned = BTreeSet::new();
        for decision in &step.decisions {
            match decision.width {
                Width::Everywhere => concerned.extend(of_kind(decision)),
                _ => concerned.extend((0..self.sources.len()).filter(|source| is_about(decision, &self.sources[*source]))),
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
        let about_one = || {
            let id = place(decision, true, "")?;
            let source = self.sources.iter().position(|source| decision.digest.as_deref() == Some(&*source.digest))?;
            self.here.get(&(source, id))
        };
        let candidates = if decision.width == Width::Here { about_one() } else { self.wide.get(&kind(decision)) };
        let key = decision.key();
        let lines = candidates.into_iter().flatten().map(|number| &self.lines[*number]);
        let is_alike = |line: &&Line| line.counts && line.decision.who == decision.who && line.decision.key() == key;
        lines.filter(is_alike).map(|line| line.id.clone()).collect()
    }

    /// The decisions, without what they replace.
    fn decisions(&self, target: &Target, verdict: Verdict, with: Option<&str>, reader: &Reader) -> Vec<Decision> {
        let about = |width, rule: &Arc<str>, makes: Option<&(SmolStr, SmolStr)>, zone: Option<&str>| Decision {
            schema_version: SCHEMA_VERSION,
            decision: verdict,
            width,
            rule: rule.to_string(),
            before: makes.map(|makes| makes.0.to_string()),
            after: makes.map(|makes| makes.1.to_string()),
            with: with.map(str::to_owned),
            rule_digest: if makes.is_none() { self.digests.get(rule).cloned() } else { None },
            zones: zone.map(|zone| vec![zone.to_owned()]),
            source: None,
            digest: None,
            span: None,
            occurrence: 0,
            context: None,
            who: reader.who.clone(),
            when: reader.when.clone(),
            note: reader.note.clone(),
            instead_of: Vec::new(),
        };
        match target {
            // They stand for themselves alone.
            _ if self.is_by_hand(target) => {
                let each = self.about(target).into_iter().map(Target::Here);
                each.flat_map(|one| self.decisions(&one, verdict, with, reader)).collect()
            }
            Target::Rule(rule) => vec![about(Width::Everywhere, rule, None, None)],
            Target::Everywhere(group) => {
                let Group { rule, makes, zone, .. } = &self.groups[*group];
                vec![about(Width::Everywhere, rule, makes.as_ref(), Some(zone_name(*zone)))]
            }
            Target::Document(group, source) => {
                let (Group { rule, makes, zone, .. }, source) = (&self.groups[*group], &self.sources[*source]);
                let decision = about(Width::Document, rule, makes.as_ref(), Some(zone_name(*zone)));
                vec![Decision { source: Some(source.name.clone()), digest: Some(source.digest.clone()), ..decision }]
            }
            Target::Here(item) => {
                let item = &self.items[*item];
                let source = &self.sources[item.source];
                let of_step = |(number, step): (usize, &Change)| {
                    let makes = (step.before.clone(), step.after.clone());
                    let is_lead = number == 0;
                    Decision {
                        source: Some(source.name.clone()),
                        digest: Some(source.digest.clone()),
                        span: Some([step.span.start, step.span.end]),
                        occurrence: step.occurrence,
                        context: is_lead.then(|| item.context.clone()),
                        // A text of the reader's own takes the place of one change; the others stay what they are.
                        decision: if is_lead || verdict != Verdict::Replace { verdict } else { Verdict::Accept },
                        with: with.filter(|_| is_lead).map(str::to_owned),
                        ..about(Width::Here, &step.rule, Some(&makes), None)
                    }
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
                Err((column, reason)) => bad.push(BadLine { line: at + 1, column, reason }),
            }
        }
        if bad.is_empty() { Ok(()) } else { Err(bad) }
    }

    /// Asks again what is wanted of all items that a line may be about, and those that it takes back.
    fn refresh(&mut self, number: usize) {
        let taken_back = self.lines[number].decision.instead_of.iter().filter_map(|id| self.by_id.get(id)).flatten();
        let lines: Vec<usize> = taken_back.copied().chain([number]).collect();
        let kinds: FxHashSet<Kind> = lines.into_iter().map(|line| kind(&self.lines[line].decision)).collect();
        let here = self.lines[number].decision.digest.clone().filter(|_| self.lines[number].decision.width == Width::Here);
        for item in kinds.iter().flat_map(|kind| self.with_kind.get(kind).cloned().unwrap_or_default()) {
            if here.as_ref().is_none_or(|digest| *digest == self.sources[self.items[item].source].digest) {
                self.wishes[item] = self.wish_for(item);
            }
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
        if decision.width == Width::Here {
            for key in [&decision.source, &decision.digest].into_iter().flatten() {
                self.of_source.entry(key.clone()).or_default().push(number);
            }
            for (at, source) in self.sources.iter().enumerate() {
                if let Some(id) = (decision.digest.as_deref() == Some(&*source.digest)).then(|| place(decision, true, "")).flatten() {
                    self.here.entry((at, id)).or_default().push(number);
                }
            }
        } else {
            self.wide.entry(kind(decision)).or_default().push(number);
        }
        number
    }

    /// Adds a line that does not count, as yet.
    fn push(&mut self, id: LineId, decision: Decision) -> usize {
        let number = self.lines.len();
        let origin = self.origin(&decision).unwrap_or(number);
        self.by_id.entry(id.clone()).or_default().push(number);
        self.lines.push(Line { id, decision, counts: false, origin });
        number
    }

    /// The line that first said what this one says again, because what had replaced it was undone.
    fn origin(&self, decision: &Decision) -> Option<usize> {
        let named = |ids: &[LineId]| ids.iter().filter_map(|id| self.by_id.get(id)?.first()).copied().collect::<Vec<_>>();
        let undone = named(&decision.instead_of).into_iter().map(|undone| self.lines[undone].origin);
        let replaced = undone.flat_map(|undone| named(&self.lines[undone].decision.instead_of));
        let is_same = |number: &usize| {
            let earlier = &self.lines[*number].decision;
            Decision { instead_of: earlier.instead_of.clone(), ..decision.clone() } == *earlier
        };
        replaced.filter(|number| is_same(number)).map(|number| self.lines[number].origin).next()
    }

    /// What the lines want of an item: nothing as long as one of its changes waits.
    fn wish_for(&self, item: usize) -> Option<Wish> {
        let item = &self.items[item];
        let mut others = item.steps.iter().skip(1).filter(|step| step.fate == Fate::Waiting);
        others.all(|step| self.wish_for_change(item, step).is_some()).then(|| self.wish_for_change(item, item.change()))?
    }

    fn wish_for_change(&self, item: &Item, change: &Change) -> Option<Wish> {
        let source = &self.sources[item.source];
        let numbered = |number: &usize| (*number, &self.lines[*number].decision);
        let counts = |number: &&usize| self.lines[**number].counts;
        let here = self.here.get(&(item.source, change.id)).into_iter().flatten().filter(counts).map(numbered);
        let kinds = [None, Some((change.before.clone(), change.after.clone()))].map(|makes| (change.rule.clone(), makes));
        let wide = kinds.iter().filter_map(|kind| self.wide.get(kind)).flatten().filter(counts).map(numbered);
        let wide = wide.filter(|(_, decision)| {
            let of_source = decision.digest.as_deref() == Some(&*source.digest) || decision.source.as_deref() == Some(&*source.name);
            let of_rule = decision.rule_digest.as_ref().is_none_or(|digest| self.digests.get(&change.rule) == Some(digest));
            (decision.width == Width::Everywhere || of_source)
                && of_rule
                && decision.fits(&change.before, &change.after, zone_name(change.zone))
        });
        let found = prevailing(here.chain(wide))?;
        Some(Wish { verdict: found.decision.decision, with: found.decision.with.clone(), is_disputed: found.is_disputed })
    }
}

fn kind(decision: &Decision) -> Kind {
    let makes = decision.before.as_deref().zip(decision.after.as_deref());
    (decision.rule.as_str().into(), makes.map(|(before, after)| (before.into(), after.into())))
}

/// So many different things at least, and most of them once, make a rule one whose results vary.
const VARIES: usize = 20;
