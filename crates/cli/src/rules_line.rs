//! The rules and decisions of a run, for people.

use crate::counted;
use emendo_core::rules::Style;
use emendo_corpus::project::Settings;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::{show, shown};

/// So many decisions that can do nothing are told one by one.
const NOTES: usize = 5;

/// The rules and decisions that were used, in a line for people, and a line for each decision that can
/// do nothing.
pub fn rules_line(settings: &Settings) -> VisibleText {
    let used = settings.knowledge.used.iter().map(|used| shown!("{} ({})", escape(&used.place), counted(used.rules, "rule")));
    let mut text = shown!("rules: {}; profile {}", VisibleText::join(used, ", "), escape(&settings.profile));
    if settings.quotes != Style::default() {
        show!(text, "; quotes {}", settings.quotes.name());
    }
    if let Some(file) = &settings.decisions_file {
        let file = file.display().to_string();
        show!(text, "; {} of {}", counted(settings.decisions.len(), "decision"), escape(&file));
        note_idle_decisions(settings, &mut text, &escape(&file));
    }
    text
}

fn note_idle_decisions(settings: &Settings, text: &mut VisibleText, file: &VisibleText) {
    let idle = settings.decisions.without_rule(&settings.knowledge.rules);
    for (line, rule) in idle.iter().take(NOTES) {
        show!(
            text,
            "\n  note: {}:{}: there is no rule {}, or it finds something else now: the decision does nothing",
            file,
            line,
            escape(rule)
        );
    }
    if idle.len() > NOTES {
        show!(text, "\n  note: {} more lines of {} are about no rule of this run", idle.len() - NOTES, file);
    }
    for (one, other) in settings.decisions.contradictions().iter().take(NOTES) {
        show!(
            text,
            "\n  note: {file}:{} and {file}:{} want different things: the rejection counts, or nothing is done; withdraw one of them",
            one,
            other,
            file = file
        );
    }
    if let Some(line) = settings.unnamed.first() {
        let (more, accept) = match settings.unnamed.len() {
            1 => (VisibleText::default(), "accepts"),
            all => (shown!(" and {} more", counted(all - 1, "line")), "accept"),
        };
        show!(
            text,
            "\n  note: {}:{}{} {} in nobody's name, which the profile {} does not take: add \"who\"",
            file,
            line,
            more,
            accept,
            escape(&settings.profile)
        );
    }
    if settings.decisions.torn {
        show!(text, "\n  note: {}: the last line is cut off and was left out", file);
    }
}
