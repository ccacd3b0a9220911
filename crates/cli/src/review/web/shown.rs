//! Groups and changes as the page shows them: every text is escaped here, and nowhere else.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::review::cards::{GroupCard, ItemCard};
use emendo_core::review::session::{CONTEXT, DecisionTarget, Session};
use emendo_corpus::report::{Private, VisibleText, escape, visible_pair};
use emendo_corpus::review::ReviewWorkspace;

/// So many characters of a change are shown; nobody reads more of a line, and a browser draws it slowly.
const MOST: usize = 2_000;

/// What stood and what is to stand there, told apart, with what cannot be seen named.
pub fn pair(before: &str, after: &str, private: Private) -> [VisibleText; 2] {
    let (before, after) = visible_pair(&shortened(before), &shortened(after));
    [before, after].map(|shown| private.name(shown))
}

/// A text with what cannot be seen named.
pub fn one(text: &str, private: Private) -> VisibleText {
    private.name(escape(&shortened(text)))
}

fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(MOST) else { return text.into() };
    let start = text.char_indices().rev().nth(MOST / 2).map_or(0, |(start, _)| start);
    let middle = text.char_indices().nth(MOST / 2).map_or(end, |(at, _)| at);
    if start <= middle {
        return text.into();
    }
    format!("{} … {}", &text[..middle], &text[start..]).into()
}

/// A group, or what a filter leaves of it.
pub fn group(desk: &ReviewWorkspace, number: usize, items: &[usize]) -> Value {
    let card = GroupCard::new(desk, number, items);
    let private = items.first().map_or(Private::Characters, |item| desk.private[desk.session.items()[*item].document]);
    let makes = card.before.zip(card.after).map(|(before, after)| pair(before, after, private));
    json!({
        "id": card.id, "rule": escape(card.rule), "why": escape(card.why), "zone": card.zone, "makes": makes,
        "count": card.count, "documents": card.documents, "states": card.states,
    })
}

/// A change in its context.
pub fn item(desk: &ReviewWorkspace, number: usize) -> Value {
    let card = ItemCard::new(desk, number);
    let item = &desk.session.items()[number];
    let private = desk.private[item.document];
    let [left, found, right] = card.context;
    let cut = [left, right].map(|side| side.chars().count() >= CONTEXT);
    let others: Vec<Value> = card
        .steps
        .iter()
        .skip(1)
        .map(|step| json!({ "rule": escape(step.rule), "makes": pair(step.before, step.after, private) }))
        .collect();
    json!({
        "id": card.id, "document": item.document, "source": escape(card.source), "line": card.line, "column": card.column,
        "zone": card.zone, "state": card.state, "judged": desk.session.is_judged(number), "pending": item.is_pending(), "left": one(left, private), "makes": pair(found, card.after(), private),
        "right": one(right, private), "others": others, "cut": cut, "stamp": item_stamp(&desk.session, number),
        "edit": private.name(escape(card.after())),
    })
}

/// What there is to filter by.
pub fn facets(desk: &ReviewWorkspace) -> Value {
    let (mut rules, mut zones) = (BTreeMap::<&str, [usize; 2]>::new(), BTreeMap::<&str, usize>::new());
    for item in desk.session.items() {
        let rule = rules.entry(&item.change().rule).or_default();
        rule[0] += 1;
        rule[1] += usize::from(item.is_pending());
        *zones.entry(item.zone()).or_default() += 1;
    }
    let mut passes = BTreeMap::<&str, usize>::new();
    for (rule, [count, _]) in &rules {
        *passes.entry(rule.split('/').next().unwrap_or_default()).or_default() += count;
    }
    let rules: Vec<Value> = rules.iter().map(|(rule, [count, pending])| json!([escape(rule), count, pending])).collect();
    json!({ "rules": rules, "zones": zones, "passes": passes })
}

/// What a reader saw of an item: another as soon as it stands otherwise, or is another's.
pub fn item_stamp(session: &Session, number: usize) -> String {
    stamp(session, &[number])
}

/// The same of all that a decision is about.
pub fn target_stamp(session: &Session, target: &DecisionTarget) -> String {
    match target {
        DecisionTarget::Here(item) => item_stamp(session, *item),
        DecisionTarget::Everywhere(group) | DecisionTarget::Document(group, _) => stamp(session, &session.groups()[*group].items),
        DecisionTarget::Rule(rule) => {
            let of_rule = |(number, _): &(usize, _)| *session.items()[*number].change().rule == **rule;
            stamp(session, &session.items().iter().enumerate().filter(of_rule).map(|(number, _)| number).collect::<Vec<_>>())
        }
    }
}

fn stamp(session: &Session, items: &[usize]) -> String {
    let mut hasher = blake3::Hasher::new();
    for number in items {
        let item = &session.items()[*number];
        let with = session.wish(*number).and_then(|wish| wish.with.as_deref()).unwrap_or_default();
        for part in [
            item.id.as_str(),
            session.documents()[item.document].digest_of(&item.change().part).unwrap_or_default(),
            session.state(*number).name(),
            with,
        ] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
