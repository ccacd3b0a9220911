//! Prints marks as the language of the text does: typographic style.
//!
//! Which marks a language has is a matter of rules. Marks are printed in a language that is declared only: that a
//! paragraph is in another language than English can be told, but not surely in which, and related ones (Danish and
//! Norwegian, Spanish and Portuguese, German in Germany and in Switzerland) print other marks.

use std::ops::Range;
use std::sync::Arc;

use super::repaired::Repaired;
use super::{Context, FIRST_BYTE_OF_CURLY, Scan, is_blank, is_held, is_mark};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::apostrophe::{self, Single};
use crate::prose::paragraph;
use crate::prose::quotation::{self, Mark, Role, Surroundings, is_double, is_single};
use crate::rules::{Find, Rule, Scope};

/// How one rule prints the marks that do one thing.
#[derive(Debug)]
pub(super) struct Printed {
    rule: RuleNumber,
    pub(super) does: Does,
    pub(super) becomes: String,
    only: Arc<Scope>,
    not: Arc<Scope>,
}

/// What a mark does: in a quotation of which kind of marks, or as what else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    OpensDouble,
    ClosesDouble,
    /// In double marks too, within a quotation in double marks.
    OpensInner,
    ClosesInner,
    OpensSingle,
    ClosesSingle,
    Apostrophe,
}

impl Printed {
    pub(super) fn new(number: RuleNumber, rule: &Rule) -> Option<Self> {
        let Find::Mark { mark, becomes } = &rule.find else { return None };
        let does = match mark.as_str() {
            "opening-double" => Does::OpensDouble,
            "closing-double" => Does::ClosesDouble,
            "opening-inner" => Does::OpensInner,
            "closing-inner" => Does::ClosesInner,
            "opening-single" => Does::OpensSingle,
            "closing-single" => Does::ClosesSingle,
            "apostrophe" => Does::Apostrophe,
            _ => return None,
        };
        Some(Self { rule: number, does, becomes: becomes.clone(), only: rule.only.clone(), not: rule.not.clone() })
    }

    /// Whether the rule is about this language, or about all.
    pub(super) fn is_for(&self, lang: Option<&str>) -> bool {
        self.only.allows_language(lang, &self.not)
    }
}

impl<'r> Scan<'r, '_, '_> {
    pub(super) fn printed(&self, does: Does) -> Option<&'r Printed> {
        self.printed.iter().find(|printed| printed.does == does).copied()
    }

    pub(super) fn printed_double(&self, mark: &Mark) -> Option<&'r Printed> {
        let (outer, inner) = match mark.role {
            Role::Opens => (Does::OpensDouble, Does::OpensInner),
            Role::Closes => (Does::ClosesDouble, Does::ClosesInner),
            Role::Neither => return None,
        };
        let inner = if mark.depth > 0 { self.printed(inner) } else { None };
        inner.or_else(|| self.printed(outer))
    }

    /// Whether the language of the text prints this guillemet or blank.
    fn prints(&self, c: char) -> bool {
        self.printed.iter().any(|printed| printed.becomes.contains(c))
    }

    /// Prints each mark as what the whole paragraph reads it as. A guess needs review.
    pub(super) fn print_marks(&mut self) {
        let text = self.text;
        if self.printed.is_empty() || memchr::memchr3(b'"', b'\'', FIRST_BYTE_OF_CURLY, text.as_bytes()).is_none() {
            return;
        }
        self.look_for_markup();
        self.edits[self.first..].sort_unstable_by_key(|edit| edit.at);
        let end_of_moves = self.edits.len();
        let in_guillemets = ['«', '‹'].into_iter().any(|mark| self.prints(mark));
        let opens_speech = |c: char| is_double(c) || in_guillemets && matches!(c, '«' | '»' | '‹' | '›');
        let mut paragraphs = paragraph::paragraphs(text).peekable();
        let breaks_lost = paragraph::paragraphs(text).nth(1).is_none();
        while let Some(at) = paragraphs.next() {
            let next = paragraphs.peek().map_or("", |next| text[next.clone()].trim_start());
            let surroundings = Surroundings { runs_on: Some(next.starts_with(opens_speech)), breaks_lost };
            // Read as it will be: a mark that moves changes what stands beside the others.
            let repaired = Repaired::new(text, at, &self.edits[self.first..end_of_moves], |c| self.prints(c));
            let doubles = quotation::read(&repaired.text, surroundings);
            let singles = apostrophe::read(&repaired.text, &doubles, next.starts_with(is_single));
            let is_guess = |mark: &Mark| mark.margin < apostrophe::PROVEN || mark.fault.is_some();
            let has_blank_inside = |mark: &Mark| match mark.role {
                Role::Opens => repaired.text[mark.at.end..].starts_with(is_blank),
                Role::Closes => repaired.text[..mark.at.start].ends_with(is_blank),
                Role::Neither => false,
            };
            // Half a quotation in guillemets is worse than none.
            let doubtful = in_guillemets && doubles.iter().any(|mark| is_guess(mark) || has_blank_inside(mark));
            for mark in doubles {
                let printed = self.printed_double(&mark);
                self.print(repaired.origin(&mark.at), printed, doubtful || is_guess(&mark));
            }
            for mark in singles {
                let printed = self.printed_single(mark.role);
                let alike = |role| self.printed_single(role).map(|printed| &printed.becomes) == printed.map(|printed| &printed.becomes);
                self.print(repaired.origin(&mark.at), printed, mark.margin(alike) < apostrophe::PROVEN);
            }
        }
    }

    fn printed_single(&self, role: Single) -> Option<&'r Printed> {
        match role {
            Single::Opens => self.printed(Does::OpensSingle),
            Single::Closes => self.printed(Does::ClosesSingle),
            Single::Apostrophe => self.printed(Does::Apostrophe),
            Single::Prime => None,
        }
    }

    /// Prints one mark. One that moves is printed on the way, and has no place here.
    fn print(&mut self, at: Option<Range<usize>>, printed: Option<&'r Printed>, is_guess: bool) {
        let (Some(printed), Some(at)) = (printed, at) else { return };
        let mut chars = self.text[at.clone()].chars();
        let (c, only) = (chars.next().unwrap_or_default(), chars.next().is_none());
        let is_code = self.is_markup(at.start);
        if !only || is_code || self.is_in(Context::Cjk, at.start, c) || self.is_in(Context::Hebrew, at.start, c) {
            return;
        }
        let Some(at) = with_blanks(self.text, at, &printed.becomes) else { return };
        let mut edit = Edit::replace(printed.rule, Span::new(at.start, at.end), &*printed.becomes);
        edit.is_guess = is_guess;
        self.edits.push(edit);
    }
}

/// The mark at `at` with the blank inside it, where it is printed with one; nothing if there is no place for one.
fn with_blanks(text: &str, at: Range<usize>, becomes: &str) -> Option<Range<usize>> {
    let mut at = at;
    if becomes.ends_with(is_blank) && is_held(text, at.end) {
        return None;
    }
    if becomes.ends_with(is_blank) {
        at.end += replaced_blank(text[at.end..].chars())?;
    }
    if becomes.starts_with(is_blank) {
        at.start -= replaced_blank(text[..at.start].chars().rev())?;
    }
    Some(at)
}

/// How long the blank is that gives way to the printed one: a second blank, a line end and another mark beside it
/// would be changed or read differently afterwards.
fn replaced_blank(mut away: impl Iterator<Item = char>) -> Option<usize> {
    let first = away.next().filter(|c| is_blank(*c) || !c.is_whitespace())?;
    if !is_blank(first) {
        return Some(0);
    }
    away.next().filter(|c| !c.is_whitespace() && !is_mark(*c)).map(|_| first.len_utf8())
}
