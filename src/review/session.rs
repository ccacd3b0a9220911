//! A review session: what there is to decide, in which order, and what was decided. It has no face and does no I/O:
//! it gives the lines that are to be added to the decisions file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::decision::{Decision, LineId, SCHEMA_VERSION, Verdict, Width};
use super::decisions::{Decisions, place, prevailing};
use crate::rules::RuleSet;
use crate::text::{Change, ChangeId, Fate, Place, Zone};

/// Ten hexadecimal digits that stay the same from run to run, behind a letter: `g` for a group, `c` for a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    fn new(letter: char, parts: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Self(format!("{letter}{}", &hasher.finalize().to_hex()[..10]))
    }

    /// As it is shown and typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The digest of its bytes.
    pub digest: String,
}

/// Something to decide on: a change, or several that touch in the source and so are judged together.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: Id,
    /// Its document, by number.
    pub source: usize,
    /// The changes, in the order of the passes.
    pub steps: Vec<Change>,
    /// The source in front of the first change, in it and behind it, up to 40 characters each side.
    pub context: [String; 3],
    /// Where the first begins in the decoded source.
    pub place: Place,
}

impl Item {
    /// The change that it is about: the first.
    ///
    /// Not the first that waits: which one that is changes with every decision.
    #[expect(clippy::missing_panics_doc, reason = "an item has a change")]
    pub fn change(&self) -> &Change {
        self.steps.first().expect("an item has a change")
    }

    fn zone(&self) -> &'static str {
        zone_name(self.change().zone)
    }
}

/// The name of a zone in decisions.
pub fn zone_name(zone: Option<Zone>) -> &'static str {
    zone.map_or("none", Zone::name)
}

/// Items that are alike: the same rule makes the same of the same, in the same kind of place. Where a rule makes
/// something else nearly each time, all that it does in one kind of place.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id.
    pub id: Id,
    /// The rule.
    pub rule: Arc<str>,
    /// What it makes of what; nothing if that varies.
    pub makes: Option<(SmolStr, SmolStr)>,
    /// The kind of place.
    pub zone: Option<Zone>,
    /// Its items, by number, in the order of documents and places.
    pub items: Vec<usize>,
}

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

/// What a decision would do, to be said before it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// So many places now.
    pub places: usize,
    /// Whether later ones as well.
    pub is_lasting: bool,
    /// So many like them, by kind of place, that it leaves as they are.
    pub elsewhere: BTreeMap<&'static str, usize>,
}

/// Which items are shown.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of these rules: whole ids, or the part before a slash.
    pub rules: Vec<String>,
    /// In these zones, by name; `none` is outside all of them.
    pub zones: Vec<String>,
    /// In documents whose name holds this.
    pub document: Option<String>,
    /// What was, becomes or stands around holds this.
    pub text: Option<String>,
    /// Whatever was decided as well; otherwise what is undecided or disputed.
    pub decided: bool,
    /// The share of one of several readers.
    pub share: Option<Share>,
}

/// The share of one of several readers: whole groups, dealt by their ids, and some that all of them get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which reader, from 0.
    pub reader: u64,
    /// Of how many.
    pub of: u64,
    /// So many groups of a hundred are everybody's.
    pub overlap: u64,
}

impl Share {
    fn holds(self, group: &Id) -> bool {
        let number = u64::from_str_radix(group.as_str().get(1..).unwrap_or_default(), 16).unwrap_or_default();
        number / self.of % 100 < self.overlap || number % self.of == self.reader
    }
}

/// In which order groups are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What waits inside a quotation, title or other zone; then what waits; then what is applied. The larger first.
    #[default]
    Risk,
    /// By rule.
    Rule,
    /// By the first document.
    Document,
    /// The larger first.
    Frequency,
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
}

/// See the module.
#[derive(Debug, Default)]
pub struct Session {
    sources: Vec<Source>,
    items: Vec<Item>,
    groups: Vec<Group>,
    wishes: Vec<Option<Wish>>,
    lines: Vec<Line>,
    /// Lines about rules, by number.
    by_rule: FxHashMap<String, Vec<usize>>,
    /// Lines about one change, by number.
    here: FxHashMap<(usize, ChangeId), Vec<usize>>,
    /// Lines about one change, by name and by digest of its document: where they belong once that is added.
    of_source: FxHashMap<String, Vec<usize>>,
    /// The items of each rule.
    of_rule: FxHashMap<Arc<str>, Vec<usize>>,
    /// The digest of each rule.
    digests: FxHashMap<Arc<str>, String>,
    /// What was decided in this session and, of whoever reads, before it; each as the lines that did it.
    history: Vec<Vec<usize>>,
    /// So many steps of it stand; the others were undone.
    stands: usize,
}

impl Session {
    /// A session without documents, on top of the decisions there are. What this reader decided before can be undone.
    pub fn new(decisions: &Decisions, who: Option<&str>) -> Self {
        let mut session = Self::default();
        for (id, decision) in decisions.taken_back() {
            session.lines.push(Line { id: id.clone(), decision: decision.clone(), counts: false });
        }
        for (id, decision) in decisions.with_ids() {
            if decision.who.as_deref() == who {
                session.history.push(vec![session.lines.len()]);
            }
            session.keep(id.clone(), decision.clone());
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
        let mut changes: Vec<&Change> =
            changes.filter(|change| matches!(change.fate, Fate::Applied | Fate::Waiting | Fate::Rejected)).collect();
        // Stable: changes at one place stay in the order of the passes.
        changes.sort_by_key(|change| (change.span.start, change.span.end));
        let mut lines = LineCounter::new(text);
        for touching in touching(&changes) {
            let span = touching[0].span;
            let ids: Vec<String> = touching.iter().map(|change| change.id.to_string()).collect();
            let id = Id::new('c', &[&*source.name, &*ids.concat()]);
            let context = [before(text, span.start), text[span.range()].to_owned(), behind(text, span.end)];
            let steps = touching.iter().map(|change| (*change).clone()).collect();
            self.items.push(Item { id, source: number, steps, context, place: lines.place(span.start) });
        }
        self.sources.push(source);
    }

    /// Groups the items, once all documents are there.
    pub fn begin(&mut self, rules: &RuleSet) {
        self.digests = rules.iter().map(|(_, rule)| (rule.id.clone(), rule.digest())).collect();
        for (number, item) in self.items.iter().enumerate() {
            self.of_rule.entry(item.change().rule.clone()).or_default().push(number);
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

    /// How many items are decided, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.wishes.iter().flatten().filter(|wish| !wish.is_disputed).count(), self.items.len())
    }

    /// The groups that pass the filter, each with the items that do.
    pub fn select(&self, filter: &Filter, order: Order) -> Vec<(usize, Vec<usize>)> {
        let groups = self.groups.iter().enumerate().filter(|(_, group)| filter.share.is_none_or(|share| share.holds(&group.id)));
        let items = |group: &Group| group.items.iter().copied().filter(|item| self.passes(*item, filter)).collect::<Vec<_>>();
        let mut selected: Vec<_> = groups.map(|(number, group)| (number, items(group))).filter(|(_, items)| !items.is_empty()).collect();
        selected.sort_by_key(|(number, items)| {
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
        let waits = items.iter().any(|item| self.items[*item].steps.iter().any(|step| step.fate == Fate::Waiting));
        let in_zone = items.iter().any(|item| self.items[*item].change().zone.is_some());
        usize::from(!waits) * 2 + usize::from(!in_zone)
    }

    fn passes(&self, number: usize, filter: &Filter) -> bool {
        let item = &self.items[number];
        let is_open = self.wishes[number].as_ref().is_none_or(|wish| wish.is_disputed);
        let of_rule = |wanted: &String| item.steps.iter().any(|step| is_below(&step.rule, wanted));
        let holds = |text: &str| {
            item.steps.iter().any(|step| step.before.contains(text) || step.after.contains(text))
                || item.context.iter().any(|part| part.contains(text))
        };
        (filter.decided || is_open)
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
        Reach { places: about.len(), is_lasting: matches!(target, Target::Everywhere(_) | Target::Rule(_)), elsewhere }
    }

    fn makes(&self, item: usize, makes: &(SmolStr, SmolStr)) -> bool {
        let change = self.items[item].change();
        change.before == makes.0 && change.after == makes.1
    }

    /// The items that a decision is about, by number.
    fn about(&self, target: &Target) -> Vec<usize> {
        match target {
            Target::Here(item) => vec![*item],
            Target::Document(group, source) => {
                self.groups[*group].items.iter().copied().filter(|item| self.items[*item].source == *source).collect()
            }
            Target::Everywhere(group) => self.groups[*group].items.clone(),
            Target::Rule(rule) => self.of_rule.get(rule).cloned().unwrap_or_default(),
        }
    }

    /// Decides. Gives the lines to add to the decisions file: only once they are on the disk may anybody be told.
    ///
    /// Of two decisions of one reader about the same the later one stands. What was undone before cannot be redone after.
    pub fn decide(&mut self, target: &Target, verdict: &Verdict, with: Option<&str>, reader: &Reader) -> String {
        let decisions = self.decisions(target, verdict, with, reader);
        let mut lines = String::new();
        let mut step = Vec::new();
        for mut decision in decisions {
            let key = decision.key();
            let is_alike = |line: &&Line| {
                let earlier = &line.decision;
                line.counts
                    && earlier.rule == decision.rule
                    && earlier.span == decision.span
                    && earlier.who == decision.who
                    && earlier.key() == key
            };
            let earlier = self.lines.iter().filter(is_alike);
            decision.instead_of = earlier.map(|line| line.id.clone()).collect();
            step.push(self.write(decision, &mut lines));
        }
        self.history.truncate(self.stands);
        self.history.push(step);
        self.stands += 1;
        lines
    }

    /// The decisions, without what they replace.
    fn decisions(&self, target: &Target, verdict: &Verdict, with: Option<&str>, reader: &Reader) -> Vec<Decision> {
        let about = |width, rule: &Arc<str>, makes: Option<&(SmolStr, SmolStr)>, zone: Option<&str>| Decision {
            schema_version: SCHEMA_VERSION,
            decision: verdict.clone(),
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
                        decision: if is_lead || *verdict != Verdict::Replace { verdict.clone() } else { Verdict::Accept },
                        with: with.filter(|_| is_lead).map(str::to_owned),
                        ..about(Width::Here, &step.rule, Some(&makes), None)
                    }
                };
                item.steps.iter().enumerate().map(of_step).collect()
            }
        }
    }

    /// Takes the last step back. Gives the lines to add, or nothing if there is no step.
    pub fn undo(&mut self, reader: &Reader) -> Option<String> {
        let step = self.history.get(self.stands.checked_sub(1)?)?.clone();
        self.stands -= 1;
        let mut lines = String::new();
        let mut undone = Vec::new();
        for number in step {
            let Line { id, decision, .. } = self.lines[number].clone();
            let earlier: Vec<Decision> = self
                .lines
                .iter()
                .filter(|line| decision.instead_of.contains(&line.id) && line.decision.decision != Verdict::Withdraw)
                .map(|line| line.decision.clone())
                .collect();
            let stamp = |decision: Decision| Decision { when: reader.when.clone(), instead_of: vec![id.clone()], ..decision };
            if earlier.is_empty() {
                undone.push(self.write(stamp(Decision { decision: Verdict::Withdraw, with: None, ..decision }), &mut lines));
            }
            for decision in earlier {
                undone.push(self.write(stamp(decision), &mut lines));
            }
        }
        // What redo has to take back again.
        self.history[self.stands].extend(undone);
        Some(lines)
    }

    /// Does again what was undone last. Gives the lines to add, or nothing if there is no such step.
    pub fn redo(&mut self, reader: &Reader) -> Option<String> {
        let step = self.history.get(self.stands)?.clone();
        let undone: BTreeSet<LineId> = step.iter().map(|number| self.lines[*number].id.clone()).collect();
        let is_undoing = |number: &usize| self.lines[*number].decision.instead_of.iter().any(|id| undone.contains(id));
        let (undoing, done): (Vec<usize>, Vec<usize>) = step.into_iter().partition(is_undoing);
        let mut lines = String::new();
        let mut again = Vec::new();
        for number in done {
            let id = self.lines[number].id.clone();
            let by = undoing.iter().filter(|undoing| self.lines[**undoing].decision.instead_of.contains(&id));
            let instead_of = by.map(|undoing| self.lines[*undoing].id.clone()).collect();
            let decision = Decision { when: reader.when.clone(), instead_of, ..self.lines[number].decision.clone() };
            again.push(self.write(decision, &mut lines));
        }
        self.history[self.stands] = again;
        self.stands += 1;
        Some(lines)
    }

    /// Keeps a new line and adds it to `lines`. Gives its number.
    fn write(&mut self, decision: Decision, lines: &mut String) -> usize {
        let line = decision.line();
        lines.push_str(&line);
        let rule = decision.rule.clone();
        let number = self.keep(LineId::of(&line), decision);
        for item in self.of_rule.get(&*rule).cloned().unwrap_or_default() {
            self.wishes[item] = self.wish_for(item);
        }
        number
    }

    fn keep(&mut self, id: LineId, decision: Decision) -> usize {
        let number = self.lines.len();
        if !decision.instead_of.is_empty() {
            let taken_back = self.lines.iter_mut().filter(|line| decision.instead_of.contains(&line.id));
            taken_back.for_each(|line| line.counts = false);
        }
        if decision.width == Width::Here {
            for key in [&decision.source, &decision.digest].into_iter().flatten() {
                self.of_source.entry(key.clone()).or_default().push(number);
            }
            for (at, source) in self.sources.iter().enumerate() {
                if let Some(id) = (decision.digest.as_deref() == Some(&*source.digest)).then(|| place(&decision, true, "")).flatten() {
                    self.here.entry((at, id)).or_default().push(number);
                }
            }
        } else {
            self.by_rule.entry(decision.rule.clone()).or_default().push(number);
        }
        self.lines.push(Line { id, counts: decision.decision != Verdict::Withdraw, decision });
        number
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
        let wide = self.by_rule.get(&*change.rule).into_iter().flatten().filter(counts).map(numbered);
        let wide = wide.filter(|(_, decision)| {
            let of_source = decision.digest.as_deref() == Some(&*source.digest) || decision.source.as_deref() == Some(&*source.name);
            let of_rule = decision.rule_digest.as_ref().is_none_or(|digest| self.digests.get(&change.rule) == Some(digest));
            (decision.width == Width::Everywhere || of_source)
                && of_rule
                && decision.fits(&change.before, &change.after, zone_name(change.zone))
        });
        let found = prevailing(here.chain(wide))?;
        Some(Wish { verdict: found.decision.decision.clone(), with: found.decision.with.clone(), is_disputed: found.is_disputed })
    }
}

/// So many different things at least, and most of them once, make a rule one whose results vary.
const VARIES: usize = 20;

/// Whether a rule has this id, or stands below it: `typos` and `typos/recurring` hold `typos/recurring/Isrfael`.
fn is_below(rule: &str, wanted: &str) -> bool {
    rule.strip_prefix(wanted.trim_end_matches(['*', '/'])).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Neighbours in the source, together: changes that claim the same text, each of a text that the one before left.
fn touching<'a, 'c>(changes: &'a [&'c Change]) -> impl Iterator<Item = &'a [&'c Change]> {
    let mut end = 0;
    let mut starts: Vec<usize> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let is_insertion = change.span.is_empty() && at > 0 && changes[at - 1].span.is_empty();
        if at == 0 || change.span.start > end || change.span.start == end && !is_insertion {
            starts.push(at);
            end = 0;
        }
        end = end.max(change.span.end);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([changes.len()]).collect();
    starts.into_iter().zip(ends).filter(|(start, end)| start < end).map(|(start, end)| &changes[start..end])
}

/// So many characters of context stand on each side of a change in a decision.
const CONTEXT: usize = 40;

fn before(text: &str, at: usize) -> String {
    let start = text[..at].char_indices().rev().nth(CONTEXT - 1).map_or(0, |(start, _)| start);
    text[start..at].to_owned()
}

fn behind(text: &str, at: usize) -> String {
    text[at..].chars().take(CONTEXT).collect()
}

/// Places in a text, asked for in order.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line_start: usize,
    line: usize,
}

impl<'t> LineCounter<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0, line_start: 0, line: 1 }
    }

    fn place(&mut self, at: usize) -> Place {
        // The lead of several changes may stand before the one that was asked for last.
        if at < self.at {
            *self = Self::new(self.text);
        }
        for found in memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..at]) {
            self.line += 1;
            self.line_start = self.at + found + 1;
        }
        self.at = at;
        Place { line: self.line, column: self.text[self.line_start..at].chars().count() + 1 }
    }
}
