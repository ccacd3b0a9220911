//! The rules and decisions of a run, for people.

use std::fmt::Write as _;

use crate::counted;
use emendo_core::rules::Style;
use emendo_corpus::project::Settings;
use emendo_corpus::report::escape;

/// So many decisions that can do nothing are told one by one.
const NOTES: usize = 5;

/// The rules and decisions that were used, in a line for people, and a line for each decision that can
/// do nothing.
pub fn rules_line(settings: &Settings) -> String {
    let used: Vec<_> =
        settings.knowledge.used.iter().map(|used| format!("{} ({})", escape(&used.place), counted(used.rules, "rule"))).collect();
    let mut text = format!("rules: {}; profile {}", used.join(", "), escape(&settings.profile));
    if settings.quotes != Style::default() {
        let _ = write!(text, "; quotes {}", settings.quotes.name());
    }
    if let Some(file) = &settings.decisions_file {
        let file = file.display().to_string();
        let _ = write!(text, "; {} of {}", counted(settings.decisions.len(), "decision"), escape(&file));
        note_idle_decisions(settings, &mut text, &escape(&file));
    }
    text
}

fn note_idle_decisions(settings: &Settings, text: &mut String, file: &str) {
    let idle = settings.decisions.without_rule(&settings.knowledge.rules);
    for (line, rule) in idle.iter().take(NOTES) {
        let _ = write!(
            text,
            "\n  note: {file}:{line}: there is no rule {}, or it finds something else now: the decision does nothing",
            escape(rule)
        );
    }
    if idle.len() > NOTES {
        let _ = write!(text, "\n  note: {} more lines of {file} are about no rule of this run", idle.len() - NOTES);
    }
    for (one, other) in settings.decisions.contradictions().iter().take(NOTES) {
        let _ = write!(
            text,
            "\n  note: {file}:{one} and {file}:{other} want different things: the rejection counts, or nothing is done; withdraw one of them"
        );
    }
    if let Some(line) = settings.unnamed.first() {
        let (more, accept) = match settings.unnamed.len() {
            1 => (String::new(), "accepts"),
            all => (format!(" and {} more", counted(all - 1, "line")), "accept"),
        };
        let _ = write!(
            text,
            "\n  note: {file}:{line}{more} {accept} in nobody's name, which the profile {} does not take: add \"who\"",
            escape(&settings.profile)
        );
    }
    if settings.decisions.torn {
        let _ = write!(text, "\n  note: {file}: the last line is cut off and was left out");
    }
}
