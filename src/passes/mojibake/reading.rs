//! A line on its way from what it was read as to what it was.

use std::ops::Range;

use super::composed::Composed;
use super::unit::{ByteUnit, Grade, LONGEST, Script, is_c1, is_quote, may_follow_word, run};
use crate::edit::RuleNumber;
use crate::input::code_page::CodePage;
use crate::rules::Style;

/// A character and the place of what it was read from.
#[derive(Clone, Debug)]
pub struct ReadCharacter {
    /// The character.
    pub c: char,
    /// In bytes of the text.
    pub at: Range<usize>,
    /// The rule that read it first; nothing for a character that is as it was.
    pub rule: Option<RuleNumber>,
}

/// A line on its way.
pub struct LineReading {
    pieces: Vec<ReadCharacter>,
    chars: Vec<char>,
    style: Style,
}

/// What a page explains of a line.
pub struct Units {
    /// Where each unit begins, and what it is, in order.
    pub found: Vec<(usize, ByteUnit)>,
    /// How many of them are certain.
    pub certain: usize,
    /// How many of them would be capitals behind small letters.
    pub misfits: usize,
}

impl LineReading {
    /// A line as it stands in the text.
    pub fn of(text: &str, line: Range<usize>, style: Style) -> Self {
        let mut at = line.start;
        let piece = |(c, length)| {
            at += length;
            ReadCharacter { c, at: at - length..at, rule: None }
        };
        let pieces: Vec<ReadCharacter> = Composed { rest: &text[line] }.map(piece).collect();
        Self { chars: pieces.iter().map(|piece| piece.c).collect(), pieces, style }
    }

    /// What a page explains, if anything of it is certain or the page is known to be the one.
    pub fn units(&self, page: &CodePage, is_known: bool) -> Units {
        let mut units = Units { found: Vec::new(), certain: 0, misfits: 0 };
        let mut at = 0;
        // Of a word that holds what is hardly ever written nothing is read again.
        let (mut word, mut certain_before, mut is_spoilt) = (0, 0, false);
        while at < self.chars.len() {
            if self.chars[at].is_whitespace() && self.chars[at].is_ascii() {
                (word, certain_before, is_spoilt) = (units.found.len(), units.certain, false);
            }
            let window = &self.chars[at..self.chars.len().min(at + 3 * LONGEST)];
            let before = at.checked_sub(1).map(|before| self.chars[before]);
            if let Some(unit) = ByteUnit::read(page, window) {
                match unit.grade(before, window, run(page, window), self.style) {
                    // The next run may find a straight mark or no blank there, and nothing that is spoilt.
                    Grade::No if window[..unit.length].iter().any(|c| is_quote(*c) || c.is_whitespace()) => {}
                    Grade::No => {
                        is_spoilt = true;
                        units.found.truncate(word);
                        units.certain = certain_before;
                    }
                    grade if !is_spoilt => {
                        units.found.push((at, unit));
                        units.certain += usize::from(grade == Grade::Certain);
                        units.misfits += usize::from(unit.becomes.is_uppercase() && before.is_some_and(char::is_lowercase));
                    }
                    _ => {}
                }
                at += unit.length;
            } else {
                units.certain += usize::from(is_certain_torn_letter(page, before, window));
                at += 1;
            }
        }
        if units.certain == 0 && !is_known {
            units.found.clear();
        }
        units
    }

    /// Reads the units as what they were, and what is left of others that lost a byte on the way.
    pub fn apply(&mut self, units: &Units, rule: RuleNumber, page: &CodePage) {
        let mut pieces = Vec::with_capacity(self.pieces.len());
        let mut found = units.found.iter().peekable();
        let mut at = 0;
        while at < self.chars.len() {
            let before = at.checked_sub(1).map(|before| self.chars[before]);
            let unit = found.next_if(|(start, _)| *start == at).map(|(_, unit)| (unit.length, unit.becomes));
            let Some((length, becomes)) = unit.or_else(|| torn(page, &self.chars[at..], before)) else {
                pieces.push(self.pieces[at].clone());
                at += 1;
                continue;
            };
            let parts = &self.pieces[at..at + length];
            let rule = parts.iter().find_map(|piece| piece.rule).or(Some(rule));
            pieces.push(ReadCharacter { c: becomes, at: parts[0].at.start..parts[length - 1].at.end, rule });
            at += length;
        }
        self.replace(pieces);
    }

    /// Reads what Latin-1 made controls of as the marks and letters of windows-1252.
    /// Tells whether there was one.
    pub fn read_c1(&mut self, rule: RuleNumber) -> bool {
        let has_others = self.chars.iter().any(|c| is_c1(*c) && *c != NEXT_LINE);
        let is_mark = |at: usize| match self.chars[at] {
            NEXT_LINE => has_others || self.ends_a_word(at),
            CONTROL_SEQUENCE => self.ends_a_word(at),
            _ => true,
        };
        let mut found = false;
        let mut pieces = self.pieces.clone();
        for (at, piece) in pieces.iter_mut().enumerate() {
            if !is_c1(piece.c) || !is_mark(at) {
                continue;
            }
            let byte = [u8::try_from(u32::from(piece.c)).expect("below A0")];
            let (read, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
            if let Some(mark) = read.chars().next().filter(|mark| !is_c1(*mark)) {
                (piece.c, piece.rule) = (mark, piece.rule.or(Some(rule)));
                found = true;
            }
        }
        self.replace(pieces);
        found
    }

    /// Closing marks and ellipses stand behind a word and before a space; the end of a line has no space behind it.
    fn ends_a_word(&self, at: usize) -> bool {
        at > 0 && self.chars[at - 1].is_alphanumeric() && self.chars.get(at + 1).is_some_and(|c| *c == ' ' || matches!(c, '"' | '”' | '»'))
    }

    fn replace(&mut self, pieces: Vec<ReadCharacter>) {
        self.chars = pieces.iter().map(|piece| piece.c).collect();
        self.pieces = pieces;
    }

    /// The pieces of the line as it was.
    pub fn into_pieces(self) -> Vec<ReadCharacter> {
        self.pieces
    }
}

/// NEL, which is an ellipsis in windows-1252.
const NEXT_LINE: char = '\u{85}';

/// CSI, which is a closing mark in windows-1252, and to a terminal the beginning of a command.
const CONTROL_SEQUENCE: char = '\u{9B}';

/// The bytes of `à` and of the no-break space, of which the second is itself a no-break space.
const A_GRAVE: u8 = 0xC3;
const NO_BREAK_SPACE: u8 = 0xC2;

/// `Ã` right behind a small letter and before a space: an `à` whose no-break space became a space.
pub fn is_certain_torn_letter(page: &CodePage, before: Option<char>, chars: &[char]) -> bool {
    let [lead, ' ', ..] = chars else { return false };
    lead.is_uppercase() && before.is_some_and(char::is_lowercase) && page.byte(*lead) == Some(A_GRAVE)
}

/// What is left of a character one of whose bytes was taken for something else: how long it is, and what it was.
///
/// No-break spaces become spaces, and what has no meaning in a page is lost or becomes U+FFFD.
fn torn(page: &CodePage, chars: &[char], before: Option<char>) -> Option<(usize, char)> {
    let lead = page.byte(*chars.first().filter(|c| !may_follow_word(**c))?)?;
    let next = chars.get(1).copied();
    match (lead, next) {
        (A_GRAVE, Some(' ')) if chars.get(2) == Some(&' ') || joins(&chars[2..]) => Some((2, 'à')),
        (A_GRAVE, Some(' ')) => Some((1, 'à')),
        (NO_BREAK_SPACE, Some(' ')) if !before.is_some_and(char::is_uppercase) => Some((2, '\u{A0}')),
        (0xC4.., Some(' ')) if chars.get(2).is_some_and(|c| c.is_alphabetic()) => spaced(page, lead, chars),
        (0xC2..=0xDF, Some('?')) if chars.get(2).is_some_and(|c| c.is_alphabetic()) => Some((2, '\u{FFFD}')),
        (0xE2, _) if page.byte(next?) == Some(0x80) => {
            let after = chars.get(2).copied();
            let is_closing = before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(char::is_alphanumeric);
            (after != Some(char::REPLACEMENT_CHARACTER) && is_closing).then_some((2, '”')).or_else(|| replaced(page, lead, chars))
        }
        _ => replaced(page, lead, chars),
    }
}

/// Portuguese and French words whose `à` joins the next letters: `às`, `àquele`.
fn joins(rest: &[char]) -> bool {
    let word: String = rest.iter().take_while(|c| **c != ' ').collect();
    word == "s" || ["quele", "quela", "quilo"].iter().any(|form| word.starts_with(form))
}

/// A letter of two bytes whose second became a space, before letters of its script.
fn spaced(page: &CodePage, lead: u8, chars: &[char]) -> Option<(usize, char)> {
    let letter = std::str::from_utf8(&[lead, 0xA0]).ok()?.chars().next()?;
    let next = ByteUnit::read(page, &chars[2..]).map_or(chars[2], |unit| unit.becomes);
    (letter.is_alphabetic() && Script::of(letter) == Script::of(next) || letter == 'Š' && next.is_alphabetic()).then_some((2, letter))
}

/// A first byte and those after it, of which one became U+FFFD, or of three one a space.
fn replaced(page: &CodePage, lead: u8, chars: &[char]) -> Option<(usize, char)> {
    let wanted = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = vec![lead];
    for (at, c) in chars.iter().enumerate().take(wanted).skip(1) {
        match c {
            '\u{FFFD}' => {
                let rest = chars[at + 1..].iter().take(wanted - at - 1);
                let left = rest.take_while(|c| page.byte(**c).is_some_and(|byte| (0x80..0xC0).contains(&byte)));
                return Some((at + 1 + left.count(), '\u{FFFD}'));
            }
            '?' if wanted == 3 => bytes.push(b'?'),
            ' ' if wanted == 3 => bytes.push(0xA0),
            _ => bytes.push(page.byte(*c).filter(|byte| (0x80..0xC0).contains(byte))?),
        }
    }
    if bytes.contains(&b'?') {
        // Behind a letter that is right a question mark may stand, and then a closing mark or a space.
        let others = chars[1..].iter().take(wanted - 1).filter(|c| **c != '?');
        let is_lost = bytes.len() == wanted && others.clone().count() == 1 && others.clone().all(|c| *c != ' ' && !may_follow_word(*c));
        return is_lost.then_some((wanted, '\u{FFFD}'));
    }
    let read = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    (bytes.len() == wanted && Script::of(read) == Script::Sign).then_some((wanted, read))
}
