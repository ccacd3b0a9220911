//! What taking back does, for people and programs.

use std::fmt::Write as _;

use serde_json::json;

use crate::counted;
use emendo_core::review::decision::Decision;
use emendo_corpus::report::{ExcerptStyle, escape, render, visible_pair};
use emendo_corpus::undo::{TakenBack, UndoEffect, UndoExample, UndoOverlap, UndoRequest};

/// So many places that a person must look at are told.
const SHOWN: usize = 5;
/// So much of a text is told, in code points.
const LONGEST: usize = 80;
/// So many rules are told.
const RULES: usize = 12;

/// For people.
pub fn human(effect: &UndoEffect, is_saved: bool) -> String {
    let mut text = String::new();
    let UndoRequest { timeless, wider, .. } = effect.wanted;
    let added = effect.wanted.added().len();
    if added > 0 {
        let total: usize = effect.taken_back.values().map(|of_rule| of_rule.count).sum();
        let (changes, documents) = (counted(total, "change"), counted(effect.documents, "document"));
        let verb = if is_saved { "takes back" } else { "would take back" };
        let by = match effect.wanted.withdrawn() {
            Some(count) => format!("{} withdrawn", counted(count, "decision")),
            None => counted(added, "rejection"),
        };
        let _ = writeln!(text, "{verb} {changes}, in {documents}; {by}");
        push_rules(effect, &mut text);
        let mut row = |name: &str, count: usize, what: &str| {
            if count > 0 {
                let _ = writeln!(text, "  {name:<14} {count:>4}  {what}");
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
        let _ = writeln!(text, "note: {timeless} more that fit do not say when they were decided, and are left");
    }
    if wider > 0 {
        let _ = writeln!(text, "note: {wider} more that fit hold for all documents, and are left");
    }
    if !effect.examples.is_empty() {
        text.push('\n');
        effect.examples.iter().for_each(|example| text.push_str(&shown(example)));
        text.push('\n');
    }
    text
}

fn push_rules(effect: &UndoEffect, text: &mut String) {
    let mut rules: Vec<_> = effect.taken_back.iter().collect();
    rules.sort_by_key(|(id, of_rule)| (std::cmp::Reverse(of_rule.count), *id));
    for (id, TakenBack { count, first }) in rules.iter().take(RULES) {
        let (before, after) = first.as_ref().map(|(before, after)| short_pair(before, after)).unwrap_or_default();
        let _ = writeln!(text, "  {:<14} {count:>4}  {}  [-{before}-]{{+{after}+}}", "taken back", escape(id));
    }
    if rules.len() > RULES {
        let _ = writeln!(text, "  and by {} more", counted(rules.len() - RULES, "rule"));
    }
}

fn push_overlaps(effect: &UndoEffect, text: &mut String) {
    if effect.overlaps.is_empty() {
        return;
    }
    let places = if effect.overlaps.len() == 1 { "place, where" } else { "places, where" };
    let _ = writeln!(text, "  {:<14} {:>4}  {places} other changes claim the same text", "look at", effect.overlaps.len());
    for UndoOverlap { source, place: (line, column), now, then, .. } in effect.overlaps.iter().take(SHOWN) {
        let (now, then) = short_pair(now, then);
        let _ = writeln!(text, "                      {}:{line}:{column}  “{now}” becomes “{then}”", escape(source));
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
fn shown(example: &UndoExample) -> String {
    let style = ExcerptStyle { colour: true, ids: false, private: example.private };
    render(&example.source, std::slice::from_ref(&example.excerpt), style)
}

/// Two texts, each in a line; of long ones a piece from where they differ on.
fn short_pair(before: &str, after: &str) -> (String, String) {
    let longest = before.chars().count().max(after.chars().count());
    if longest <= LONGEST {
        return visible_pair(before, after);
    }
    let shared: usize = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let piece = |text: &str| text[shared..].chars().take(LONGEST).collect::<String>();
    let (shown_before, shown_after) = visible_pair(&piece(before), &piece(after));
    let lead = if shared > 0 { "…" } else { "" };
    let tail = |text: &str| if text[shared..].chars().count() > LONGEST { "…" } else { "" };
    (format!("{lead}{shown_before}{}", tail(before)), format!("{lead}{shown_after}{}", tail(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_told_from_where_they_differ_on() {
        assert_eq!(short_pair("a", "b"), ("a".to_owned(), "b".to_owned()));
        let long = "é".repeat(100);
        assert_eq!(short_pair(&format!("{long}x"), &long), ("…x".to_owned(), "…".to_owned()));
        assert_eq!(short_pair(&format!("x{long}"), "y"), (format!("x{}…", "é".repeat(79)), "y".to_owned()));
    }
}
