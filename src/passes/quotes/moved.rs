//! Moves marks to the words they belong to, where the whole paragraph proves it.

use std::sync::Arc;

use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::quotation::{self, Mark, MarkFault, PROVEN, Surroundings, is_double, is_single};
use crate::prose::{line, markup, paragraph};
use crate::rules::{Find, Rule, Scope};

use super::printed::Does;
use super::{FIRST_BYTE_OF_CURLY, Scan, is_held, is_mark};
use crate::passes::PassRules;

/// The rules that move marks.
#[derive(Debug)]
pub(super) struct Repairs(Vec<Repair>);

/// A rule that moves marks.
#[derive(Debug)]
struct Repair {
    rule: RuleNumber,
    /// What it puts right; a split possessive if nothing.
    fault: Option<MarkFault>,
    only: Arc<Scope>,
    not: Arc<Scope>,
}

impl Repair {
    fn new(number: RuleNumber, rule: &Rule) -> Option<Self> {
        let Find::BuiltIn(name) = &rule.find else { return None };
        let fault = match name.as_str() {
            "closing-mark-at-next-word" => Some(MarkFault::ClosesAtNextWord),
            "opening-mark-at-previous-word" => Some(MarkFault::OpensAtPreviousWord),
            "blank-after-opening-mark" => Some(MarkFault::BlankAfterOpening),
            "blank-before-closing-mark" => Some(MarkFault::BlankBeforeClosing),
            "doubled-apostrophe" => Some(MarkFault::Doubled),
            "split-possessive" => None,
            _ => return None,
        };
        Some(Self { rule: number, fault, only: rule.only.clone(), not: rule.not.clone() })
    }
}

impl Repairs {
    pub(super) fn new(rules: PassRules<'_>) -> Self {
        Self(rules.iter().filter_map(|(number, rule)| Repair::new(*number, rule)).collect())
    }

    /// The first rule that puts this right in this language; a split possessive if nothing.
    pub(super) fn rule(&self, fault: Option<MarkFault>, lang: Option<&str>) -> Option<RuleNumber> {
        let is_it = |repair: &&Repair| repair.fault == fault && repair.only.allows_language(lang, &repair.not);
        self.0.iter().find(is_it).map(|repair| repair.rule)
    }

    /// Whether no rule moves double marks in this language.
    fn none(&self, lang: Option<&str>) -> bool {
        !self.0.iter().any(|repair| repair.fault.is_some() && repair.only.allows_language(lang, &repair.not))
    }
}

impl Scan<'_, '_, '_> {
    /// Moves double marks to the words they belong to.
    pub(super) fn move_marks(&mut self) {
        let text = self.text;
        if self.pass.repairs.none(self.lang) || memchr::memchr2(b'"', FIRST_BYTE_OF_CURLY, text.as_bytes()).is_none() {
            return;
        }
        let mut paragraphs = paragraph::paragraphs(text).peekable();
        let breaks_lost = paragraph::paragraphs(text).nth(1).is_none();
        while let Some(at) = paragraphs.next() {
            let next = paragraphs.peek().map_or("", |next| text[next.clone()].trim_start());
            let surroundings = Surroundings { runs_on: Some(next.starts_with(is_double)), breaks_lost };
            let content = &text[at.clone()];
            if quotation::may_be_misplaced(content, surroundings) {
                for mark in quotation::read(content, surroundings).iter().filter(|mark| mark.margin >= PROVEN) {
                    self.repair(at.start, mark);
                }
            }
        }
    }

    /// Drops what was moved in code, tags, formulas and fields.
    pub(super) fn keep_moves_to_prose(&mut self) {
        if self.edits.len() == self.first {
            return;
        }
        self.look_for_markup();
        let moves = self.edits.split_off(self.first);
        let in_prose = moves.into_iter().filter(|edit| {
            let mark = edit.at.start + self.text[edit.at.range()].find(is_mark).unwrap_or_default();
            !self.is_markup(mark) && !is_value(self.text, mark)
        });
        let in_prose: Vec<_> = in_prose.collect();
        self.edits.extend(in_prose);
    }

    /// Finds out where marks are code, once.
    pub(super) fn look_for_markup(&mut self) {
        if self.markup.is_empty() {
            self.markup = markup::ranges(self.text);
        }
    }

    pub(super) fn is_markup(&self, at: usize) -> bool {
        let next = self.markup.partition_point(|markup| markup.end <= at);
        self.markup.get(next).is_some_and(|markup| markup.contains(&at))
    }

    fn repair(&mut self, offset: usize, mark: &Mark) {
        let (Some(fault), at) = (mark.fault, offset + mark.at.start..offset + mark.at.end) else { return };
        let Some(rule) = self.pass.repairs.rule(Some(fault), self.lang) else { return };
        if is_held(self.text, at.end) {
            return;
        }
        let printed = self.printed_double(mark);
        let straight = if fault == MarkFault::Doubled { "\"".to_owned() } else { self.turned(at.start) };
        let straight = printed.map_or(straight, |printed| printed.becomes.clone());
        // A fault that concerns a blank has exactly one on that side.
        let before = self.text[..at.start].chars().next_back().map_or(0, char::len_utf8);
        let after = self.text[at.end..].chars().next().map_or(0, char::len_utf8);
        let (at, with) = match fault {
            MarkFault::ClosesAtNextWord => (at.start - before..at.end, straight + &self.text[at.start - before..at.start]),
            MarkFault::OpensAtPreviousWord => (at.start..at.end + after, self.text[at.end..at.end + after].to_owned() + &straight),
            MarkFault::BlankAfterOpening => (at.start..at.end + after, straight),
            MarkFault::BlankBeforeClosing => (at.start - before..at.end, straight),
            MarkFault::Doubled => (at, straight),
        };
        // A tab is a column's border: `spaces` leaves a line with one alone, and would not any more.
        if self.text[at.clone()].contains('\t') {
            return;
        }
        self.edits.push(Edit::replace(rule, Span::new(at.start, at.end), with));
    }

    /// `Israel 's offer`: a tokeniser's blank before a possessive.
    pub(super) fn join_possessives(&mut self) {
        let Some(rule) = self.pass.repairs.rule(None, self.lang) else { return };
        let text = self.text;
        for at in memchr::memchr2_iter(b'\'', FIRST_BYTE_OF_CURLY, text.as_bytes()) {
            let mark = text[at..].chars().next().filter(|c| matches!(c, '\'' | '’' | '‘'));
            let Some(mark) = mark.filter(|mark| is_split_possessive(text, at, at + mark.len_utf8())) else { continue };
            let blank = text[..at].chars().next_back().filter(|c| *c != '\t').map_or(0, char::len_utf8);
            if blank == 0 {
                continue;
            }
            let apostrophe = self.printed(Does::Apostrophe).map_or_else(|| self.turned(at), |printed| printed.becomes.clone());
            self.edits.push(Edit::replace(rule, Span::new(at - blank, at + mark.len_utf8()), apostrophe));
        }
    }
}

/// Whether the mark at this byte stands in a field whose value is quoted whole, as in YAML: `title: " A"`.
fn is_value(text: &str, at: usize) -> bool {
    let start = text[..at].rfind(line::is_ascii_end).map_or(0, |end| end + 1);
    let line = text[start..].split(line::is_ascii_end).next().unwrap_or_default().trim_start_matches([' ', '-']);
    let value = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let is_key = line.starts_with(|c: char| c.is_ascii_lowercase()) && value.len() < line.len();
    is_key && value.strip_prefix(':').is_some_and(|value| value.trim().starts_with(is_mark) && value.trim().ends_with(is_mark))
}

/// Words after which `'s` is short for `his` or `us` in old verse, and no possessive: `in 's hand`.
#[rustfmt::skip]
const BEFORE_HIS: [&str; 63] =
    ["at", "and", "by", "for", "from", "give", "in", "let", "of", "on", "than", "through", "to", "up", "upon", "with",
     "about", "above", "after", "against", "all", "as", "before", "behind", "beneath", "beside", "but", "er", "into", "like", "near",
     "off", "or", "out", "over", "round", "since", "till", "toward", "towards", "under", "within", "without",
     "did", "do", "does", "gave", "had", "has", "have", "kept", "left", "lost", "made", "make", "makes", "put", "take", "tell", "told",
     "took", "keep", "leave"];

/// Whether the mark at `start..end` begins the `'s` of the word before the blank before it.
fn is_split_possessive(text: &str, start: usize, end: usize) -> bool {
    let Some(before) = text[..start].strip_suffix([' ', '\u{A0}']) else { return false };
    let word = &before[before.trim_end_matches(char::is_alphabetic).len()..];
    let Some(last) = word.chars().next_back().filter(|last| word.len() > last.len_utf8()) else { return false };
    if BEFORE_HIS.iter().any(|before| before.eq_ignore_ascii_case(word)) {
        return false;
    }
    let mut after = text[end..].chars();
    let (s, next, second) = (after.next(), after.next(), after.next());
    // Two apostrophes are a closing mark, one would be the other end of 's'.
    let doubled = next.is_some_and(is_single) && second.is_some_and(is_single);
    (s == Some('s') || (s == Some('S') && last.is_uppercase()))
        && (doubled
            || next.is_none_or(|c| {
                c.is_whitespace() || is_double(c) || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '…' | '—')
            }))
}
