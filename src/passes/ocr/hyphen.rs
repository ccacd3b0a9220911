//! Words that a printer cut at the end of a line.

use std::ops::Range;

use super::rows::{PrintedRow, is_hyphen};
use crate::prose::word::is_word_char;
use crate::prose::{Vocabulary, line};

/// A word in two halves, and what to make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CutWord {
    /// From the hyphen to the first word behind the cut one, or to the end of that line, in bytes.
    pub at: Range<usize>,
    /// The rest of the word with what is set behind it, and the line end that stood in the word.
    pub with: String,
    /// Whether the whole word is known, in one spelling only.
    pub is_certain: bool,
}

/// The word that is cut at the end of row `first`, if it goes on in row `second`.
pub(super) fn cut_word(text: &str, first: &PrintedRow, second: &PrintedRow, vocabulary: &Vocabulary) -> Option<CutWord> {
    if has_gutter(&text[first.text.clone()]) || has_gutter(&text[second.text.clone()]) {
        return None;
    }
    let (start, rest) = halves(text, first, second)?;
    let hyphen = text[start.end..].chars().next()?;
    let line = &text[second.text.clone()];
    let token = &line[..line.find(char::is_whitespace).unwrap_or(line.len())];
    // Its end is cut as well: one at a time.
    if token.ends_with(is_hyphen) {
        return None;
    }
    let (start, rest) = (&text[start], &text[rest]);
    // The word at the end of a page was once set at its foot as well: it is not cut.
    if rest.len() > start.len() && rest.to_lowercase().starts_with(&start.to_lowercase()) {
        return None;
    }
    let knows = |word: &str| vocabulary.has_spelling(word);
    // A capital within a word comes after a hyphen. Behind a small word it begins a sentence, and the hyphen is a dash.
    let has_capital = rest.starts_with(char::is_uppercase) && start.ends_with(char::is_lowercase);
    let (in_one, hyphened) = (!has_capital && knows(&format!("{start}{rest}")), knows(&format!("{start}-{rest}")));
    if has_capital && !hyphened && !start.starts_with(char::is_uppercase) {
        return None;
    }
    let is_compound = !in_one && (hyphened || has_capital || knows(start) && knows(rest));
    let mut with = String::new();
    if is_compound {
        with.push(if hyphen == '\u{2010}' { hyphen } else { '-' });
    }
    with.push_str(token);
    let next = line[token.len()..].find(|c: char| !c.is_whitespace());
    let end = second.text.start + token.len();
    let end = next.map_or(end, |next| {
        with.push_str(line_end(text, first));
        with.push_str(&text[second.start..second.text.start]);
        end + next
    });
    Some(CutWord { at: first.text.end - hyphen.len_utf8()..end, with, is_certain: in_one != hyphened })
}

/// The two halves, without the hyphen between and without what is set around them.
fn halves(text: &str, first: &PrintedRow, second: &PrintedRow) -> Option<(Range<usize>, Range<usize>)> {
    let line = &text[first.text.clone()];
    let before = line.strip_suffix(is_hyphen)?;
    let start = before.len() - last_word(before).len();
    let rest = first_word(&text[second.text.clone()]);
    let has_letters = |half: &str| half.chars().all(|c| !c.is_numeric()) && !half.is_empty();
    (has_letters(&before[start..]) && has_letters(rest))
        .then(|| (first.text.start + start..first.text.start + before.len(), second.text.start..second.text.start + rest.len()))
}

/// The word that a text ends with: letters, with hyphens between two of them.
fn last_word(text: &str) -> &str {
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        if is_word_char(c) {
            start = at;
        } else if !(c == '-' && start < text.len() && start == at + 1 && text[..at].ends_with(is_word_char)) {
            break;
        }
    }
    &text[start..]
}

/// The word that a text begins with.
fn first_word(text: &str) -> &str {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if is_word_char(c) {
            end = at + c.len_utf8();
        } else if !(c == '-' && end == at && end > 0 && text[at + 1..].starts_with(is_word_char)) {
            break;
        }
    }
    &text[..end]
}

/// Whether the line has columns: what stands below the end of one is not how it goes on.
fn has_gutter(line: &str) -> bool {
    let mut blanks = 0;
    line.chars().any(|c| {
        blanks = if c.is_whitespace() { blanks + 1 } else { 0 };
        blanks >= 3 || c == '\t' || c == '|'
    })
}

fn line_end<'t>(text: &'t str, row: &PrintedRow) -> &'t str {
    let end = text[row.text.end..row.next].trim_start_matches(line::is_blank);
    if end.is_empty() { "\n" } else { end }
}

/// Counts the words of these rows, but for those that are cut.
pub(super) fn note_spellings(text: &str, rows: &[&PrintedRow], vocabulary: &mut Vocabulary) {
    let mut is_rest = false;
    for row in rows {
        let line = &text[row.text.clone()];
        let is_cut = line.ends_with(is_hyphen);
        let from = if is_rest { first_word(line).len() } else { 0 };
        let to = if is_cut { line.trim_end_matches(is_hyphen).len() } else { line.len() };
        let to = if is_cut { to - last_word(&line[..to]).len() } else { to };
        is_rest = is_cut;
        if from >= to {
            continue;
        }
        let mut rest = &line[from..to];
        while let Some(start) = rest.find(is_word_char) {
            let word = first_word(&rest[start..]);
            vocabulary.note_spelling(word);
            if word.contains('-') {
                word.split('-').for_each(|part| vocabulary.note_spelling(part));
            }
            rest = &rest[start + word.len()..];
        }
    }
}
