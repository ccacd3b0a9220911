//! Markup that is known for what it is: what in a text is prose, and what programs read.

mod html;
mod markdown;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use super::word::is_word_char;
use super::{is_unseen, line, markup};
use crate::edit::{Edit, Zone};

/// How a text is marked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// Not at all, as far as is known.
    #[default]
    Plain,
    /// As Markdown: `CommonMark` 0.31 with tables, footnotes, task lists, strikethrough, mathematics, heading attributes,
    /// wiki links and front matter.
    Markdown,
    /// As HTML.
    Html,
}

impl Syntax {
    /// All of them.
    pub const ALL: [Syntax; 3] = [Syntax::Plain, Syntax::Markdown, Syntax::Html];

    /// The name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Syntax::Plain => "plain",
            Syntax::Markdown => "markdown",
            Syntax::Html => "html",
        }
    }

    /// What the end of a file's name says.
    pub fn of_file(name: &str) -> Self {
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        let is = |ends: &[&str]| ends.iter().any(|known| end.eq_ignore_ascii_case(known));
        if is(&["md", "markdown"]) {
            Syntax::Markdown
        } else if is(&["html", "htm", "xhtml"]) {
            Syntax::Html
        } else {
            Syntax::Plain
        }
    }
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is prose in a text, and what is not.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// What people read, sorted and disjoint; what touches is one.
    prose: Vec<Range<usize>>,
    /// What stays as it is to the last blank, sorted; what lies in neither is markup whose white space means nothing.
    fixed: Vec<(Range<usize>, Zone)>,
    /// Where the fixed ranges up to each one end at most.
    ends: Vec<usize>,
}

impl Structure {
    /// The structure of a text. Takes time in proportion to it.
    fn of(text: &str, syntax: Syntax) -> Self {
        let mut structure = Self::default();
        let text = &*lone_returns_as_line_feeds(text);
        match syntax {
            Syntax::Plain => structure.prose(0..text.len()),
            Syntax::Markdown => markdown::read(text, &mut structure),
            Syntax::Html => html::read(text, 0..text.len(), &mut html::Open::default(), &mut structure),
        }
        structure.fixed.extend(markup::ranges(text).into_iter().map(|range| (range, Zone::Markup)));
        structure.fixed.sort_by_key(|(range, _)| range.start);
        let mut last = 0;
        structure.ends.extend(structure.fixed.iter().map(|(range, _)| {
            last = last.max(range.end);
            last
        }));
        structure
    }

    fn prose(&mut self, range: Range<usize>) {
        match self.prose.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ if range.is_empty() => {}
            _ => self.prose.push(range),
        }
    }

    fn fix(&mut self, range: Range<usize>, zone: Zone) {
        self.fixed.push((range, zone));
    }

    fn prose_around(&self, at: &Range<usize>) -> Option<Range<usize>> {
        let next = self.prose.partition_point(|prose| prose.end < at.end);
        self.prose[next..].iter().take(2).find(|prose| prose.start <= at.start && at.end <= prose.end).cloned()
    }

    /// The zone of the first fixed range that `at` touches; a point at the border of one is outside.
    fn fixed(&self, at: &Range<usize>) -> Option<Zone> {
        let last = at.end.max(at.start + 1);
        let first = self.ends.partition_point(|end| *end <= at.start);
        let mut near = self.fixed[first..].iter().take_while(|(range, _)| range.start < last);
        let is_in =
            |range: &Range<usize>| if at.is_empty() { range.start < at.start && at.start < range.end } else { at.start < range.end };
        near.find(|(range, _)| is_in(range)).map(|(_, zone)| *zone)
    }
}

/// A text of a known syntax. It is read once somebody asks.
#[derive(Debug)]
pub struct Marked<'t> {
    text: &'t str,
    syntax: Syntax,
    structure: OnceCell<Structure>,
}

impl<'t> Marked<'t> {
    /// A whole text in this syntax.
    pub fn new(text: &'t str, syntax: Syntax) -> Self {
        Self { text, syntax, structure: OnceCell::new() }
    }

    /// Its syntax.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    fn structure(&self) -> &Structure {
        self.structure.get_or_init(|| Structure::of(self.text, self.syntax))
    }

    /// The unbroken prose that holds all of `at`.
    pub fn prose_around(&self, at: &Range<usize>) -> Option<Range<usize>> {
        self.structure().prose_around(at)
    }

    /// Whether `at` touches what stays to the last blank: code, tags, front matter.
    pub fn is_fixed(&self, at: &Range<usize>) -> bool {
        self.structure().fixed(at).is_some()
    }

    /// The protected zone that an edit would touch.
    ///
    /// Line ends may be turned everywhere, and white space between the marks of Markdown means nothing, but for what
    /// `is_white_space_of_markup` names. All else may touch prose only, and make no markup of it.
    pub fn zone(&self, edit: &Edit<'_>) -> Option<Zone> {
        let (text, at) = (self.text, edit.at.range());
        if self.is_line_end(edit) && !self.ends_in_tag(edit) {
            return None;
        }
        let fixed = self.structure().fixed(&at);
        if fixed.is_some() {
            return fixed;
        }
        let is_white = text[at.clone()].chars().chain(edit.with.chars()).all(char::is_whitespace);
        let is_markup = if is_white {
            match self.syntax {
                Syntax::Plain => false,
                Syntax::Markdown => markdown::is_white_space_of_markup(text, edit),
                Syntax::Html => self.ends_in_tag(edit),
            }
        } else {
            self.prose_around(&at).is_none() || makes_markup(text, self.syntax, edit)
        };
        is_markup.then_some(Zone::Markup)
    }

    /// Whether an edit touches the end of a text that ends in a tag or comment cut off: one character more would be part of it.
    fn ends_in_tag(&self, edit: &Edit<'_>) -> bool {
        let end = self.text.len();
        let is_html = self.syntax == Syntax::Html && edit.at.end == end && !self.text.ends_with('>');
        is_html && self.structure().fixed(&(end.saturating_sub(1)..end)).is_some()
    }

    /// Whether an edit turns a line end that every program knows as one into a line feed, or ends the text with one.
    fn is_line_end(&self, edit: &Edit<'_>) -> bool {
        let (before, after) = (&self.text[..edit.at.start], &self.text[edit.at.end..]);
        match (&self.text[edit.at.range()], &*edit.with) {
            ("\r", "") => after.starts_with('\n') && !before.ends_with('\r'),
            ("\r\n", "\n") => !before.ends_with('\r'),
            ("\r", "\n") => !after.starts_with('\n'),
            ("", "\n") => after.is_empty(),
            _ => false,
        }
    }
}

/// The parsers do not all know that a CR alone ends a line too. All places stay the same.
fn lone_returns_as_line_feeds(text: &str) -> Cow<'_, str> {
    let is_lone = |at: usize| !text[at + 1..].starts_with('\n');
    if !memchr::memchr_iter(b'\r', text.as_bytes()).any(is_lone) {
        return Cow::Borrowed(text);
    }
    text.char_indices().map(|(at, c)| if c == '\r' && is_lone(at) { '\n' } else { c }).collect()
}

/// Characters that make markup of what stands beside them, wherever they stand.
const SIGNS: &str = "\\`*_[]<>|~&$^!{}(";

/// Characters that make markup of a line that begins with them; so do digits.
const STARTS: &str = "#+-=:.)%";

/// So far back it is looked whether a line begins with markup: who wants more gets a cautious answer.
const MOST_MARKS: usize = 256;

/// Whether no letter stands between the start of the line and this place.
pub(super) fn starts_line(text: &str, at: usize) -> bool {
    let mut before = text[..at].char_indices().rev();
    before.find(|(start, c)| c.is_alphabetic() || line::is_ascii_end(*c) || at - start > MOST_MARKS).is_none_or(|(_, c)| !c.is_alphabetic())
}

/// Whether a deletion between these two texts may bring blanks to the end of a line, where two of them break it.
fn makes_line_break(before: &str, after: &str) -> bool {
    let is_blank = |c: char| !line::is_ascii_end(c) && (c.is_whitespace() || is_unseen(c));
    let ends_line = match after.char_indices().take(MOST_MARKS).find(|(_, c)| !is_blank(*c)) {
        Some((_, c)) => line::is_ascii_end(c),
        None => true,
    };
    ends_line && before.chars().rev().take(MOST_MARKS).take_while(|c| is_blank(*c)).any(char::is_whitespace)
}

/// What counts of a character beside a mark of emphasis (`CommonMark` 0.31, section 6.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flank {
    Blank,
    Letter,
    Punctuation,
}

impl Flank {
    fn of(c: char) -> Self {
        match c {
            _ if c.is_whitespace() => Flank::Blank,
            _ if is_word_char(c) => Flank::Letter,
            _ => Flank::Punctuation,
        }
    }
}

/// Whether an edit of prose may make markup of it: a deleted character lets its neighbours meet, another brings a sign.
fn makes_markup(text: &str, syntax: Syntax, edit: &Edit<'_>) -> bool {
    let (before, after) = (&text[..edit.at.start], &text[edit.at.end..]);
    let (last, next) = (before.chars().next_back().unwrap_or('\n'), after.chars().next().unwrap_or('\n'));
    // Lines mean nothing in HTML.
    let begins = |c: char| syntax == Syntax::Markdown && (c.is_ascii_digit() || c.is_whitespace() || STARTS.contains(c));
    if edit.with.is_empty() {
        let breaks_line = syntax == Syntax::Markdown && makes_line_break(before, after);
        return breaks_line || SIGNS.contains([last, next]) || begins(next) && starts_line(text, edit.at.start);
    }
    let count = |text: &str, sign: char| text.matches(sign).count();
    let brings = |sign: char| count(&edit.with, sign) > count(&text[edit.at.range()], sign);
    let found = &text[edit.at.range()];
    let turns = |mark: char, old: Option<char>, new: Option<char>| {
        syntax == Syntax::Markdown && matches!(mark, '*' | '_' | '~') && old.map(Flank::of) != new.map(Flank::of)
    };
    turns(last, found.chars().next(), edit.with.chars().next())
        || turns(next, found.chars().next_back(), edit.with.chars().next_back())
        || last == '\\' && edit.with.starts_with(|c: char| c.is_ascii_punctuation())
        || edit.with.chars().any(|c| SIGNS.contains(c) && brings(c))
        || edit.with.chars().any(|c| begins(c) && brings(c)) && starts_line(text, edit.at.start)
}
