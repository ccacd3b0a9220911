//! Groups and items as every face shows them. Texts are raw: a face escapes what it shows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use emendo_core::review::session::{State, zone_name};
use emendo_corpus::review::ReviewWorkspace;

/// A group, or what a filter leaves of it.
#[derive(Debug, Serialize)]
pub struct GroupCard<'d> {
    /// Its id.
    pub id: &'d str,
    /// Its rule.
    pub rule: &'d str,
    /// Why the rule does what it does.
    pub why: &'d str,
    /// The kind of place.
    pub zone: &'static str,
    /// What the rule finds; nothing if that varies.
    pub before: Option<&'d str>,
    /// What it makes of it; nothing if that varies.
    pub after: Option<&'d str>,
    /// How many items.
    pub count: usize,
    /// In how many documents.
    pub documents: usize,
    /// How many of them stand how.
    pub states: BTreeMap<&'static str, usize>,
}

impl<'d> GroupCard<'d> {
    /// The card of a group with these of its items.
    pub fn new(desk: &'d ReviewWorkspace, group: usize, items: &[usize]) -> Self {
        let session = &desk.session;
        let mut states = BTreeMap::new();
        for item in items {
            *states.entry(session.state(*item).name()).or_default() += 1;
        }
        let group = &session.groups()[group];
        let documents: BTreeSet<usize> = items.iter().map(|item| session.items()[*item].document).collect();
        Self {
            id: group.id.as_str(),
            rule: &group.rule,
            why: desk.why(&group.rule),
            zone: zone_name(group.zone),
            before: group.makes.as_ref().map(|makes| &*makes.0),
            after: group.makes.as_ref().map(|makes| &*makes.1),
            count: items.len(),
            documents: documents.len(),
            states,
        }
    }
}

/// An item.
#[derive(Debug, Serialize)]
pub struct ItemCard<'d> {
    /// Its id.
    pub id: &'d str,
    /// The name of its document.
    pub source: &'d str,
    /// Where it begins there, counted from 1.
    pub line: usize,
    /// The same, in code points.
    pub column: usize,
    /// The kind of place.
    pub zone: &'static str,
    /// How it stands.
    pub state: State,
    /// What is to be put there instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<&'d str>,
    /// The source in front of it, in it and behind it.
    pub context: &'d [String; 3],
    /// The changes, in the order of the passes.
    pub steps: Vec<StepCard<'d>>,
}

/// A change of an item.
#[derive(Debug, Serialize)]
pub struct StepCard<'d> {
    /// Its rule.
    pub rule: &'d str,
    /// What was there.
    pub before: &'d str,
    /// What the rule makes of it.
    pub after: &'d str,
}

impl<'d> ItemCard<'d> {
    /// The card of an item.
    pub fn new(desk: &'d ReviewWorkspace, number: usize) -> Self {
        let session = &desk.session;
        let item = &session.items()[number];
        let steps = item.steps.iter();
        Self {
            id: item.id.as_str(),
            source: &session.documents()[item.document].source,
            line: item.place.line,
            column: item.place.column,
            zone: item.zone(),
            state: session.state(number),
            with: session.wish(number).and_then(|wish| wish.with.as_deref()),
            context: &item.context,
            steps: steps.map(|step| StepCard { rule: &step.rule, before: &step.before, after: &step.after }).collect(),
        }
    }

    /// What would stand there: by the rule, or what somebody put there.
    pub fn after(&self) -> &'d str {
        self.with.unwrap_or_else(|| self.steps.first().map_or("", |step| step.after))
    }
}
