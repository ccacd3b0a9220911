//! The words of a text, as they are mined.

use std::ops::Range;

use crate::text::language::Languages;
use crate::text::{Marked, Syntax, Zones, is_old_spelling, stands_as_name, word};

/// What is mined of a text.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// A cleaned article.
    pub text: &'t str,
    /// How it is marked up.
    pub syntax: Syntax,
    /// Whether it was declared to be in English; if nothing, each paragraph tells.
    pub is_english: Option<bool>,
}

/// A word of a text.
#[derive(Clone, Debug)]
pub struct Token<'t> {
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

/// The words of each line that is in English prose.
pub fn lines<'t>(text: &Text<'t>, mut each: impl FnMut(&[Token<'t>])) {
    if text.is_english == Some(false) || is_old_spelling(text.text) {
        return;
    }
    let mut languages = text.is_english.is_none().then(|| Languages::of(text.text));
    let marked = (text.syntax != Syntax::Plain).then(|| Marked::new(text.text, text.syntax));
    let (mut start, mut tokens) = (front_matter(text.text), Vec::new());
    for line in text.text[start..].split_inclusive('\n') {
        let (at, end) = (start, start + line.len());
        start = end;
        if line.trim().is_empty() || languages.as_mut().is_some_and(|languages| languages.is_foreign(at)) {
            continue;
        }
        tokens.clear();
        read(text.text, at..end, marked.as_ref(), &mut tokens);
        each(&tokens);
    }
}

/// How many bytes at the start of a text are what programs read of it, whatever its syntax.
pub fn front_matter(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    rest.find("\n---\n").map_or(if rest.ends_with("\n---") { text.len() } else { 0 }, |end| "---\n".len() + end + "\n---\n".len())
}

fn read<'t>(text: &'t str, line: Range<usize>, marked: Option<&Marked<'t>>, tokens: &mut Vec<Token<'t>>) {
    let mut last = line.start;
    for at in word::words(&text[line.clone()]).map(|at| line.start + at.start..line.start + at.end) {
        let full = &text[at.clone()];
        let between = &text[last..at.start];
        let follows = between == " " && last > line.start;
        let begins = !(between.ends_with(' ') && between.trim_end().is_empty() && last > line.start || matches!(between, ", " | "; "));
        let base = full.strip_suffix("'s").or_else(|| full.strip_suffix("’s")).unwrap_or(full);
        tokens.push(Token {
            word: base,
            capitals: capitals(text, &at, base),
            follows,
            begins,
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
    !goes_on && !comes && !Zones::sic_follows(text, at.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        lines(&Text { text, syntax: Syntax::Plain, is_english: Some(true) }, |tokens| {
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
        assert_eq!(of("see www.aljazera.com now"), ["^see:s", "!^www:s", "!^aljazera:s", "!^com:s", "now:s"]);
        assert_eq!(of("the recieved [sic] letter"), ["^the:s", "!recieved:s", "^sic:s", "^letter:s"]);
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
        lines(&Text { text: french, syntax: Syntax::Plain, is_english: None }, |tokens| read += tokens.len());
        assert_eq!(read, 0);
    }
}
