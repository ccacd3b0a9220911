//! What is shown, to whom, and in which order.

use std::num::NonZeroU64;

use super::Session;
use super::item::{Id, ReviewGroup};

/// Which items are shown.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of these rules: whole ids, or the part before a slash.
    pub rules: Vec<String>,
    /// In these zones, by name; `none` is outside all of them.
    pub zones: Vec<String>,
    /// In documents of sources whose name holds this.
    pub document: Option<String>,
    /// What was, becomes or stands around holds this.
    pub text: Option<String>,
    /// Whatever was decided as well; otherwise what is undecided or disputed.
    pub decided: bool,
    /// Only what needs review, not what a rule applied by itself.
    pub pending: bool,
    /// Only what readers want different things of.
    pub disputed: bool,
    /// The share of one of several readers.
    pub share: Option<Share>,
}

/// The share of one of several readers: whole groups, dealt by their ids, and some that all of them get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which reader, from 0.
    pub reader: u64,
    /// Of how many.
    pub of: NonZeroU64,
    /// So many groups of a hundred are everybody's.
    pub overlap: u64,
}

impl Share {
    pub(super) fn holds(self, group: &Id) -> bool {
        let number = u64::from_str_radix(group.as_str().get(1..).unwrap_or_default(), 16).unwrap_or_default();
        number / self.of % 100 < self.overlap || number % self.of == self.reader
    }
}

/// In which order groups are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What needs review inside a quotation, title or other zone; then what else needs review; then what is applied. The larger first.
    #[default]
    Risk,
    /// By rule.
    Rule,
    /// By the first document.
    Document,
    /// The larger first.
    Frequency,
}

impl Order {
    /// All of them, each followed by the one that a reader turns to next.
    pub const ALL: [Order; 4] = [Order::Risk, Order::Rule, Order::Document, Order::Frequency];

    /// The name, for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Order::Risk => "risk",
            Order::Rule => "rule",
            Order::Document => "document",
            Order::Frequency => "frequency",
        }
    }
}

/// Whether a rule has this id, or stands below it: `typos` and `typos/recurring` hold `typos/recurring/Isrfael`.
pub(super) fn is_below(rule: &str, wanted: &str) -> bool {
    rule.strip_prefix(wanted.trim_end_matches(['*', '/'])).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Session {
    /// The groups that pass the filter, each with the items that do.
    pub fn select(&self, filter: &Filter, order: Order) -> Vec<(usize, Vec<usize>)> {
        let groups = self.groups.iter().enumerate().filter(|(_, group)| filter.share.is_none_or(|share| share.holds(&group.id)));
        let items = |group: &ReviewGroup| group.items.iter().copied().filter(|item| self.passes(*item, filter)).collect::<Vec<_>>();
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
        let is_pending = items.iter().any(|item| self.items[*item].is_pending());
        let in_zone = items.iter().any(|item| self.items[*item].change().zone.is_some());
        usize::from(!is_pending) * 2 + usize::from(!in_zone)
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
            && (!filter.pending || item.is_pending())
            && (!filter.disputed || is_disputed)
            && (filter.rules.is_empty() || filter.rules.iter().any(of_rule))
            && (filter.zones.is_empty() || filter.zones.iter().any(|zone| zone == item.zone()))
            && filter.document.as_ref().is_none_or(|name| self.documents[item.document].source.contains(&**name))
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
}
