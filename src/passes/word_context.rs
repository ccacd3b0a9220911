//! Whether a word that was found stands in prose as a word of its own: what `typos` and `names` share.

use std::ops::Range;

use crate::prose::word::{is_apostrophe, is_joiner, is_word_char, words};

/// Whether a match may be part of a compound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compounds {
    /// `pro-Isrfael` holds `Isrfael`.
    Searched,
    /// `the the-x` is no doubled word.
    Whole,
    /// `anti-Gadhafi` and `Blinken-led` are about the man, but `Anthony Blinken-Smith` is somebody else and `al-Gadhafi`
    /// more of his name.
    OfName,
}

impl Compounds {
    /// Whether this part of a word may be joined by a hyphen to the front of the match.
    fn allow_before(self, part: &str) -> bool {
        self == Compounds::Searched || self == Compounds::OfName && PREFIXES.contains(&part)
    }

    /// The same for the end of the match.
    fn allow_after(self, part: &str) -> bool {
        self == Compounds::Searched || self == Compounds::OfName && AFTER_NAMES.contains(&part)
    }
}

/// What is joined to the front of a name and is no part of it.
const PREFIXES: [&str; 12] = ["anti", "cross", "ex", "mid", "neo", "non", "post", "pre", "pro", "then", "trans", "ultra"];

/// What is joined to the end of a name and is no part of it. The second half of a given name, as in Kim Jong-un, is in
/// small letters too, so this cannot be any word.
const AFTER_NAMES: [&str; 38] = [
    "affiliated",
    "aligned",
    "allied",
    "appointed",
    "area",
    "backed",
    "based",
    "born",
    "bound",
    "brokered",
    "controlled",
    "dominated",
    "era",
    "esque",
    "flagged",
    "friendly",
    "funded",
    "held",
    "induced",
    "inspired",
    "led",
    "like",
    "linked",
    "loyal",
    "made",
    "mediated",
    "nominated",
    "occupied",
    "owned",
    "related",
    "ruled",
    "run",
    "sponsored",
    "style",
    "supplied",
    "supported",
    "trained",
    "wide",
];

/// How far round a match to look for the signs of a path, a file name or an identifier, in characters.
const NEIGHBOURHOOD: usize = 100;

/// Whether a match stands as a word of its own, or before a possessive ’s: not in a longer
/// word, an identifier, a file name, a domain or a path, and not as a word that is spoken about.
pub fn stands_free(text: &str, at: &Range<usize>, compounds: Compounds) -> bool {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let whole = ends_at_border(after, compounds) && begins_at_border(before, compounds);
    whole && !is_technical(before, after) && !is_operand(before, after) && !is_mentioned(before) && !is_erratum(before, after)
}

fn begins_at_border(before: &str, compounds: Compounds) -> bool {
    let mut chars = before.chars().rev();
    match (chars.next(), chars.next()) {
        (Some(c), _) if is_word_char(c) => false,
        (Some(joiner), Some(c)) if is_joiner(joiner) && is_word_char(c) => {
            !is_apostrophe(joiner) && compounds.allow_before(last_part(&before[..before.len() - joiner.len_utf8()]))
        }
        _ => true,
    }
}

fn last_part(before: &str) -> &str {
    &before[before.trim_end_matches(is_word_char).len()..]
}

fn first_part(after: &str) -> &str {
    &after[..after.len() - after.trim_start_matches(is_word_char).len()]
}

fn ends_at_border(after: &str, compounds: Compounds) -> bool {
    let mut chars = after.chars();
    match (chars.next(), chars.next()) {
        (Some(c), _) if is_word_char(c) => false,
        (Some(joiner), Some(c)) if is_apostrophe(joiner) && is_word_char(c) => {
            matches!(c, 's' | 'S') && !chars.next().is_some_and(is_word_char)
        }
        (Some(joiner), Some(c)) if is_joiner(joiner) && is_word_char(c) => compounds.allow_after(first_part(&after[joiner.len_utf8()..])),
        _ => true,
    }
}

/// Whether the compound between `before` and `after` is part of an identifier, file name or path.
fn is_technical(before: &str, after: &str) -> bool {
    let is_inner = |c: char| is_word_char(c) || is_joiner(c);
    let (before, after) = (chunk_before(before), chunk_after(after));
    let (left, right) = (before.trim_end_matches(is_inner), after.trim_start_matches(is_inner));
    // A compound does not begin or end with a joiner: `U.S.-Israel` is not a file name.
    let left = if before[left.len()..].starts_with(is_joiner) { "" } else { left };
    let right = if after[..after.len() - right.len()].ends_with(is_joiner) { "" } else { right };

    let in_identifier = left.ends_with(['_', '\\', '$', '&', '<']) || left.ends_with("::") || right.starts_with(['_', '\\']);
    let is_attribute = left.ends_with("=\"") || left.ends_with("='");
    // The name of a page, made from its title: no compound has so many parts.
    let is_slug = ![before, after].iter().any(|side| side.contains("--")) && before.matches('-').count() + after.matches('-').count() > 3;
    let after_dot = left.ends_with('.') && !left.ends_with("..");
    let before_dot = right.strip_prefix('.').is_some_and(|rest| rest.starts_with(is_word_char));
    in_identifier || is_attribute || is_slug || after_dot || before_dot || is_in_path(left, right)
}

/// Whether a word is called as a function, or stands beside an operator: then the line is code.
fn is_operand(before: &str, after: &str) -> bool {
    let is_operator = |token: &str| token.starts_with(['=', '+', '|', '{', '}']) && token.len() <= 2 || matches!(token, "->" | "&&" | "!=");
    let next = |text: &'_ str| text.strip_prefix(' ').is_some_and(|rest| rest.split(char::is_whitespace).next().is_some_and(is_operator));
    let last = |text: &'_ str| text.strip_suffix(' ').is_some_and(|rest| rest.rsplit(char::is_whitespace).next().is_some_and(is_operator));
    // “goverment(s)” is prose.
    let is_called = after.starts_with('(') && !after.starts_with("(s)") && !after.starts_with("(es)");
    is_called || next(after) || last(before)
}

/// Whether a slash beside a word is a path's and not an alternative's, as in `and/or`: there is
/// another slash, or no word of two letters or more beyond it.
fn is_in_path(left: &str, right: &str) -> bool {
    let is_alternative = |beyond: &str, letters: usize| !beyond.contains('/') && letters > 1;
    match (left.strip_suffix('/'), right.strip_prefix('/')) {
        (None, None) => false,
        (Some(_), Some(_)) => true,
        (Some(beyond), None) => !is_alternative(beyond, beyond.chars().rev().take_while(|c| is_word_char(*c)).count()),
        (None, Some(beyond)) => !is_alternative(beyond, beyond.chars().take_while(|c| is_word_char(*c)).count()),
    }
}

/// What stands before a place without white space, at most [`NEIGHBOURHOOD`] characters of it.
fn chunk_before(text: &str) -> &str {
    let chunk = text.char_indices().rev().take(NEIGHBOURHOOD).take_while(|(_, c)| !c.is_whitespace());
    &text[chunk.last().map_or(text.len(), |(at, _)| at)..]
}

fn chunk_after(text: &str) -> &str {
    let chunk = text.char_indices().take(NEIGHBOURHOOD).take_while(|(_, c)| !c.is_whitespace());
    &text[..chunk.last().map_or(0, |(at, c)| at + c.len_utf8())]
}

/// Words that say that another is spoken about: correcting it there would make nonsense of the
/// sentence (“an earlier version spelled the name Isrfael”).
const MENTIONS: [&str; 6] = ["spelled", "spelt", "spelling", "misspelled", "misspelt", "misspelling"];

/// Whether one of the three words before it in its sentence says that a word is spoken about.
fn is_mentioned(before: &str) -> bool {
    let sentence = before.char_indices().rev().take(NEIGHBOURHOOD).take_while(|(_, c)| !matches!(c, '\n' | '.' | '!' | '?' | ';'));
    let near = &before[sentence.last().map_or(before.len(), |(at, _)| at)..];
    let mut last = [""; 3];
    for word in words(near) {
        last = [last[1], last[2], &near[word]];
    }
    last.iter().any(|word| MENTIONS.iter().any(|mention| word.eq_ignore_ascii_case(mention)))
}

/// Whether a match stands in a line of an errata list: what was printed, an arrow, what it should be.
fn is_erratum(before: &str, after: &str) -> bool {
    let line_before = before.char_indices().rev().take(NEIGHBOURHOOD).take_while(|(_, c)| *c != '\n');
    let line_after = after.char_indices().take(NEIGHBOURHOOD).take_while(|(_, c)| *c != '\n');
    let before = &before[line_before.last().map_or(before.len(), |(at, _)| at)..];
    let after = &after[..line_after.last().map_or(0, |(at, c)| at + c.len_utf8())];
    before.contains("=>") || after.contains("=>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(text: &str, compounds: Compounds) -> bool {
        let start = text.find("teh").expect("the word is in the text");
        stands_free(text, &(start..start + 3), compounds)
    }

    #[test]
    fn a_word_of_its_own_stands_free() {
        for text in
            ["teh", "(teh)", "'teh'", "\"teh's\"", "teh’s", "teh.", "well...teh...", "a--teh--b", "war/teh", "teh/war", "<b>teh</b>"]
        {
            assert!(free(text, Compounds::Whole), "{text}");
        }
        for text in ["pro-teh", "teh-led", "U.S.-teh talks", "teh-led.", "teh's-x"] {
            assert!(free(text, Compounds::Searched), "{text}");
        }
    }

    #[test]
    fn part_of_a_compound_is_free_only_where_compounds_are_searched() {
        for text in ["pro-teh", "teh-led", "a-teh-b", "teh‑led"] {
            assert!(free(text, Compounds::Searched) && !free(text, Compounds::Whole), "{text}");
        }
    }

    #[test]
    fn part_of_a_word_identifier_file_name_or_path_is_not_free() {
        for text in [
            "o'teh",
            "teh're",
            "teh'sx",
            "teh2",
            "x_teh",
            "teh_x",
            "x_a-teh",
            "teh.txt",
            "a.teh",
            "teh-a.txt",
            "teh.org",
            "/teh/",
            "a/bb/teh",
            "teh/a/b",
            "u/teh",
            "/teh",
            "teh/",
            "\\teh",
            "C:\\teh\\x",
            "std::teh",
            "$teh",
            "src=\"teh-x\"",
            "a-page-about-teh-thing",
            "x = teh",
            "teh + x",
            "teh(2)",
            "teh end=> the end",
            "&teh;",
            "<teh>",
        ] {
            assert!(!free(text, Compounds::Searched), "{text}");
        }
    }

    #[test]
    fn a_word_that_is_spoken_about_is_not_free() {
        assert!(!free("an earlier version spelled the name teh.", Compounds::Searched));
        assert!(!free("Misspelt as “teh”", Compounds::Searched));
        assert!(free("state-of-teh-art, teh(s), teh – x", Compounds::Searched));
        assert!(free("It was misspelled. teh", Compounds::Searched), "that was another sentence");
        assert!(free("they spelled out what to do with teh", Compounds::Searched));
    }
}
