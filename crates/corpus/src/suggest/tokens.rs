//! The words of a text, as they are mined.

use std::ops::Range;

use emendo_core::prose::language::Languages;
use emendo_core::prose::{Marked, Syntax, Zones, is_old_spelling, paragraph, stands_as_name, word};

/// What is mined of a text.
#[derive(Clone, Copy, Debug)]
pub struct MinedText<'t> {
    /// A cleaned document.
    pub text: &'t str,
    /// How it is marked up.
    pub syntax: Syntax,
    /// Whether it was declared to be in English; if nothing, each paragraph tells.
    pub is_english: Option<bool>,
}

/// A word of a text.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else of the same word")]
pub struct MinedToken<'t> {
    /// Where it stands, with what a possessive adds.
    pub at: Range<usize>,
    /// The word without what a possessive adds.
    pub word: &'t str,
    /// Its capitals.
    pub capitals: Capitals,
    /// Whether only a blank stands between it and the word before.
    pub follows: bool,
    /// Whether a sentence, a line or a quotation begins with it, as far as the text tells.
    pub begins: bool,
    /// Whether an apostrophe stands before or after it, as where letters are left out: `nothin'`.
    pub is_clipped: bool,
    /// Whether it stands free: neither in an address, a path or code, nor before `[sic]`.
    pub is_free: bool,
}

/// The capitals of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capitals {
    /// None.
    Small,
    /// The first letter, for its own sake.
    Name,
    /// The first letter, where the place may ask for it.
    Unclear,
    /// Others.
    Other,
}

/// The words of each paragraph that is in English prose.
pub fn paragraphs<'t>(text: &MinedText<'t>, mut each: impl FnMut(&[MinedToken<'t>])) {
    if text.is_english == Some(false) || is_old_spelling(text.text) {
        return;
    }
    let mut languages = text.is_english.is_none().then(|| Languages::of(text.text));
    let marked = (text.syntax != Syntax::Plain).then(|| Marked::new(text.text, text.syntax));
    let start = front_matter(text.text);
    let mut tokens = Vec::new();
    for paragraph in paragraph::windows(text.text) {
        let at = paragraph.start.max(start)..paragraph.end;
        if at.start >= at.end || languages.as_mut().is_some_and(|languages| languages.is_foreign(at.start)) {
            continue;
        }
        tokens.clear();
        read(text.text, at, marked.as_ref(), &mut tokens);
        each(&tokens);
    }
}

/// How many bytes at the start of a text are what programs read of it, whatever its syntax.
pub fn front_matter(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    rest.find("\n---\n").map_or(if rest.ends_with("\n---") { text.len() } else { 0 }, |end| "---\n".len() + end + "\n---\n".len())
}

fn read<'t>(text: &'t str, part: Range<usize>, marked: Option<&Marked<'t>>, tokens: &mut Vec<MinedToken<'t>>) {
    let mut last = part.start;
    for at in word::words(&text[part.clone()]).map(|at| part.start + at.start..part.start + at.end) {
        let full = &text[at.clone()];
        let between = &text[last..at.start];
        let follows = between == " " && last > part.start;
        let is_gap = !between.is_empty() && between.trim().is_empty() || matches!(between, ", " | "; ");
        let begins = !(is_gap && last > part.start);
        let base = full.strip_suffix("'s").or_else(|| full.strip_suffix("’s")).unwrap_or(full);
        tokens.push(MinedToken {
            word: base,
            capitals: capitals(text, &at, base),
            follows,
            begins,
            is_clipped: text[at.end..].starts_with(word::is_apostrophe) || text[..at.start].ends_with(word::is_apostrophe),
            is_free: stands_free(text, &at) && marked.is_none_or(|marked| marked.prose_around(&at).is_some()),
            at: at.clone(),
        });
        last = at.end;
    }
}

fn capitals(text: &str, at: &Range<usize>, word: &str) -> Capitals {
    if !word.contains(char::is_uppercase) {
        return Capitals::Small;
    }
    let mut chars = word.chars();
    let is_title = chars.next().is_some_and(char::is_uppercase) && !chars.clone().any(char::is_uppercase) && chars.next().is_some();
    match is_title {
        true if stands_as_name(text, at) => Capitals::Name,
        true => Capitals::Unclear,
        false => Capitals::Other,
    }
}

/// Whether nothing beside the word says that it is part of an address, a path, a file name or an identifier.
fn stands_free(text: &str, at: &Range<usize>) -> bool {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let mut next = after.chars();
    let goes_on = match next.next() {
        Some('@' | '/' | '\\' | '_' | '=' | '~' | '`' | '#' | '+') => true,
        Some('.' | ':') => next.next().is_some_and(|c| word::is_word_char(c) || matches!(c, '/' | '\\')),
        _ => false,
    };
    let comes = match before.chars().next_back() {
        Some('@' | '/' | '\\' | '_' | '=' | '#' | '~' | '`' | '&' | '+' | '<') => true,
        Some('.' | ':') => before.chars().rev().nth(1).is_some_and(word::is_word_char),
        _ => false,
    };
    !goes_on && !comes && !is_cut(before, after) && !Zones::sic_follows(text, at.end)
}

/// Whether a word is the part of another: before or after a hyphen at the end of a line, or with marks of emphasis in it.
fn is_cut(before: &str, after: &str) -> bool {
    let ends_in_word = |text: &str, mark: char| text.ends_with(mark) && text.trim_end_matches(mark).ends_with(word::is_word_char);
    let line_before = before.trim_end_matches([' ', '\t']).strip_suffix('\n').unwrap_or_default().trim_end();
    let begins_in_word = |mark: char| after.starts_with(mark) && after.trim_start_matches(mark).starts_with(word::is_word_char);
    let is_at_hyphen = line_before.ends_with('-') && !line_before.ends_with("--") || after.starts_with("-\n") || after.starts_with("-\r\n");
    is_at_hyphen || ['*', '[', ']'].into_iter().any(|mark| ends_in_word(before, mark) || begins_in_word(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        paragraphs(&MinedText { text, syntax: Syntax::Plain, is_english: Some(true) }, |tokens| {
            for token in tokens {
                let free = if token.is_free { "" } else { "!" };
                let begins = if token.begins { "^" } else { "" };
                let capitals = match token.capitals {
                    Capitals::Small => "s",
                    Capitals::Name => "n",
                    Capitals::Unclear => "u",
                    Capitals::Other => "o",
                };
                all.push(format!("{free}{begins}{}:{capitals}", token.word));
            }
        });
        all
    }

    #[test]
    fn words_know_their_capitals_and_where_sentences_begin() {
        assert_eq!(
            of("The minister, Blinken's man. He left NATO."),
            ["^The:u", "minister:s", "Blinken:n", "man:s", "^He:u", "left:s", "NATO:o"]
        );
    }

    #[test]
    fn addresses_and_what_is_meant_are_no_words() {
        assert_eq!(of("see www.aljazera.com now"), ["^see:s", "!www:s", "!^aljazera:s", "!^com:s", "now:s"]);
        assert_eq!(of("the recieved [sic] letter"), ["^the:s", "!recieved:s", "^sic:s", "^letter:s"]);
    }

    #[test]
    fn parts_of_words_are_no_words() {
        assert_eq!(
            of("the d**irectory** of corres-\nponding and\nnew"),
            ["^the:s", "!d:s", "!^irectory:s", "^of:s", "!corres:s", "!^ponding:s", "and:s", "new:s"]
        );
    }

    #[test]
    fn what_programs_read_is_not_read() {
        assert_eq!(of("---\nslug: skretch\n---\nIt is.\n"), ["^It:u", "is:s"]);
        assert_eq!(of("---\nIt is.\n"), ["^It:u", "is:s"]);
    }

    #[test]
    fn other_languages_are_not_read() {
        let french = "Le gouvernement a annoncé que les négociations reprendront la semaine prochaine à Genève, selon des sources proches du dossier qui ont parlé sous couvert d'anonymat.";
        let mut read = 0;
        paragraphs(&MinedText { text: french, syntax: Syntax::Plain, is_english: None }, |tokens| read += tokens.len());
        assert_eq!(read, 0);
    }
}
