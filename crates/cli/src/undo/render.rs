//! What taking back does, for people and programs.

use serde_json::json;

use crate::counted;
use emendo_core::review::decision::Decision;
use emendo_corpus::report::{ExcerptStyle, VisibleText, escape, render, visible_pair};
use emendo_corpus::undo::{TakenBack, UndoEffect, UndoExample, UndoOverlap, UndoRequest};
use emendo_corpus::{showln, shown};

/// So many places that a person must look at are told.
const SHOWN: usize = 5;
/// So much of a text is told, in code points.
const LONGEST: usize = 80;
/// So many rules are told.
const RULES: usize = 12;

/// For people.
pub fn human(effect: &UndoEffect, is_saved: bool) -> VisibleText {
    let mut text = VisibleText::default();
    let UndoRequest { timeless, wider, .. } = effect.wanted;
    let added = effect.wanted.added().len();
    if added > 0 {
        let total: usize = effect.taken_back.values().map(|of_rule| of_rule.count).sum();
        let (changes, documents) = (counted(total, "change"), counted(effect.documents, "document"));
        let verb = if is_saved { "takes back" } else { "would take back" };
        let by = match effect.wanted.withdrawn() {
            Some(count) => shown!("{} withdrawn", counted(count, "decision")),
            None => counted(added, "rejection"),
        };
        showln!(text, "{} {}, in {}; {}", verb, changes, documents, by);
        push_rules(effect, &mut text);
        let mut row = |name: &'static str, count: usize, what: &'static str| {
            if count > 0 {
                showln!(text, "  {:<14} {:>4}  {}", name, count, what);
            }
        };
        row("ask again", effect.asks_again, "of them");
        row("stay", effect.stays, "another decision, narrower or as wide, wants them");
        row("go along", effect.along, "they went on from these, or claim the same text");
        row("applied", effect.applied, "that were not");
        row("ask", effect.asks, "that did not, and were not applied");
        push_overlaps(effect, &mut text);
    }
    if timeless > 0 {
        showln!(text, "note: {} more that fit do not say when they were decided, and are left", timeless);
    }
    if wider > 0 {
        showln!(text, "note: {} more that fit hold for all documents, and are left", wider);
    }
    if !effect.examples.is_empty() {
        text.push("\n");
        effect.examples.iter().for_each(|example| text.push(shown(example)));
        text.push("\n");
    }
    text
}

fn push_rules(effect: &UndoEffect, text: &mut VisibleText) {
    let mut rules: Vec<_> = effect.taken_back.iter().collect();
    rules.sort_by_key(|(id, of_rule)| (std::cmp::Reverse(of_rule.count), *id));
    for (id, TakenBack { count, first }) in rules.iter().take(RULES) {
        let (before, after) = first.as_ref().map(|(before, after)| short_pair(before, after)).unwrap_or_default();
        showln!(text, "  {:<14} {:>4}  {}  [-{}-]{{+{}+}}", "taken back", count, escape(id), before, after);
    }
    if rules.len() > RULES {
        showln!(text, "  and by {} more", counted(rules.len() - RULES, "rule"));
    }
}

fn push_overlaps(effect: &UndoEffect, text: &mut VisibleText) {
    if effect.overlaps.is_empty() {
        return;
    }
    let places = if effect.overlaps.len() == 1 { "place, where" } else { "places, where" };
    showln!(text, "  {:<14} {:>4}  {} other changes claim the same text", "look at", effect.overlaps.len(), places);
    for UndoOverlap { source, place: (line, column), now, then, .. } in effect.overlaps.iter().take(SHOWN) {
        let (now, then) = short_pair(now, then);
        showln!(text, "                      {}:{}:{}  “{}” becomes “{}”", escape(source), line, column, now, then);
    }
}

/// For programs.
pub fn json(effect: &UndoEffect, is_saved: bool) -> String {
    let rules: serde_json::Map<_, _> = effect
        .taken_back
        .iter()
        .map(|(id, TakenBack { count, first })| (id.clone(), json!({ "count": count, "example": first })))
        .collect();
    let overlaps: Vec<_> = effect
        .overlaps
        .iter()
        .map(|UndoOverlap { source, place, before, now, then }| {
            json!({ "source": source, "line": place.0, "column": place.1, "before": before, "now": now, "then": then })
        })
        .collect();
    let added: Vec<&Decision> = effect.wanted.added();
    let told = json!({
        "documents": effect.documents, "taken_back": rules, "ask_again": effect.asks_again, "stay": effect.stays, "along": effect.along,
        "applied": effect.applied, "ask": effect.asks, "overlaps": overlaps, "timeless": effect.wanted.timeless,
        "wider": effect.wanted.wider, "decisions": added, "saved": is_saved,
    });
    format!("{told}\n")
}

/// A place that changes.
fn shown(example: &UndoExample) -> VisibleText {
    let style = ExcerptStyle { colour: true, ids: false, private: example.private };
    render(&example.source, std::slice::from_ref(&example.excerpt), style)
}

/// Two texts, each in a line; of long ones a piece from where they differ on.
fn short_pair(before: &str, after: &str) -> (VisibleText, VisibleText) {
    let longest = before.chars().count().max(after.chars().count());
    if longest <= LONGEST {
        return visible_pair(before, after);
    }
    let shared: usize = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let piece = |text: &str| text[shared..].chars().take(LONGEST).collect::<String>();
    let (shown_before, shown_after) = visible_pair(&piece(before), &piece(after));
    let lead = if shared > 0 { "…" } else { "" };
    let tail = |text: &str| if text[shared..].chars().count() > LONGEST { "…" } else { "" };
    (shown!("{}{}{}", lead, shown_before, tail(before)), shown!("{}{}{}", lead, shown_after, tail(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_told_from_where_they_differ_on() {
        assert_eq!(short_pair("a", "b"), ("a".into(), "b".into()));
        let long = "é".repeat(100);
        assert_eq!(short_pair(&format!("{long}x"), &long), ("…x".into(), "…".into()));
        assert_eq!(short_pair(&format!("x{long}"), "y"), (shown!("x{}…", VisibleText::repeated("é", 79)), "y".into()));
    }
}
