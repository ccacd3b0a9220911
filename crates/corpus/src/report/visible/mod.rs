//! The one way from text or names to a terminal, a page or a table: all that is shown is [`VisibleText`].

mod names;
mod table;
mod text;

use std::fmt::Write;

pub use table::VisibleTable;
pub use text::{Visible, VisibleText, visible};

use names::NAMES;

use emendo_core::input::Encoding;
use emendo_core::prose::is_unseen;
use emendo_core::rules::Diagnostic;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// How many marks one letter may carry before the rest are named: no writing system needs more,
/// and a taller stack climbs over the lines above.
const STACK: usize = 8;

/// The text in one line with nothing in it that a terminal obeys, hides or leaves blank.
///
/// Whatever cannot be seen is named: `⟦U+00A0 NO-BREAK SPACE⟧`, a run of it `⟦U+0000 NULL ×40⟧`. A
/// line feed becomes `⏎`, a tab `⇥`. Those signs themselves are named where the text holds them, so
/// that no two texts become one.
pub fn escape(text: &str) -> VisibleText {
    show(text, |c| match c {
        '\n' => Shown::Sign('⏎'),
        '\t' => Shown::Sign('⇥'),
        c if is_unseen(c) || is_sign(c) => Shown::Named,
        c => by_category(c),
    })
}

/// Like [`escape`], but line feeds and tabs stay: for whole texts.
pub fn escape_lines(text: &str) -> VisibleText {
    show(text, |c| match c {
        '\n' | '\t' => Shown::Itself,
        c if is_unseen(c) || is_sign(c) => Shown::Named,
        c => by_category(c),
    })
}

/// JSON that says the same, with nothing raw in its strings that a terminal obeys or hides.
pub fn escape_json(json: &str) -> VisibleText {
    without_raw(json, |out, c| out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))))
}

/// A page that says the same, with nothing raw in it that a terminal obeys or hides.
///
/// What a page shows was escaped before: here only what a browser reads the same is written otherwise.
pub fn escape_html(page: &str) -> VisibleText {
    without_raw(page, |out, c| write!(out, "&#x{:X};", u32::from(c)).expect("a string takes all that is written to it"))
}

/// A text whose unseen characters, but line feeds, are written otherwise.
fn without_raw(text: &str, write: impl Fn(&mut String, char)) -> VisibleText {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_unseen(c) { write(&mut out, c) } else { out.push(c) }
    }
    VisibleText::of_shown(out)
}

/// An error or a warning about a rule file, in colours: its rendering names what cannot be seen.
pub fn diagnostic_shown(diagnostic: &Diagnostic) -> VisibleText {
    VisibleText::of_shown(diagnostic.render(true))
}

/// Two texts in one line each, so that two that differ look different.
///
/// Where they would look the same (they differ only in blanks, in how an accent is composed, or in
/// letters that are drawn alike), the differing part is spelled out: a space as `␣`, all else by
/// code point.
pub fn visible_pair(before: &str, after: &str) -> (VisibleText, VisibleText) {
    let shared = common_prefix(before, after);
    let (start, b, a) = (&before[..shared], &before[shared..], &after[shared..]);
    let ending = common_suffix(b, a);
    let (b, end) = b.split_at(b.len() - ending);
    let a = &a[..a.len() - ending];
    if look(before) != look(after) && look(b) != look(a) {
        return (escape(before), escape(after));
    }
    let around = |middle| escape(start) + spell(middle) + escape(end);
    (around(b), around(a))
}

/// What the characters U+EF80 to U+EFFF of a text are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Private {
    /// Characters of somebody's own.
    #[default]
    Characters,
    /// Bytes that are not UTF-8, as [`emendo_core::input::stray`] decodes them.
    Bytes,
}

impl Private {
    /// What they are in a text that was decoded so.
    pub fn of(encoding: Option<Encoding>) -> Self {
        if matches!(encoding, Some(Encoding::Mixed(_))) { Private::Bytes } else { Private::Characters }
    }

    /// The same by the encoding's name in a record.
    pub fn of_name(encoding: Option<&str>) -> Self {
        if encoding.is_some_and(|name| name.starts_with("utf-8+")) { Private::Bytes } else { Private::Characters }
    }

    /// A shown text in which bytes are named as such: `⟦byte 92⟧`. Characters stay `⟦U+EF92⟧`.
    ///
    /// In one text they are all bytes or all characters; so two texts that differ still look different.
    pub fn name(self, shown: VisibleText) -> VisibleText {
        const LABEL: &str = "⟦U+EF";
        if self == Private::Characters || !shown.contains(LABEL) {
            return shown;
        }
        let mut parts = shown.split(LABEL);
        let mut named = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // U+EF00 to U+EF7F stand for no byte.
            let label = if part.starts_with(|digit| digit >= '8') { "⟦byte " } else { LABEL };
            named.extend([label, part]);
        }
        VisibleText::of_shown(named)
    }
}

/// How a character is shown.
enum Shown {
    Itself,
    /// By another character, which never stands for itself.
    Sign(char),
    /// A mark: as itself on something to stand on, else named.
    Mark,
    Named,
}

fn show(text: &str, shown: impl Fn(char) -> Shown) -> VisibleText {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && matches!(shown(' '), Shown::Itself) {
        return VisibleText::of_shown(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    // How many more marks the letter before can carry.
    let mut room = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match shown(c) {
            Shown::Itself => {
                out.push(c);
                room = if c.is_whitespace() { 0 } else { STACK };
            }
            Shown::Sign(sign) => {
                out.push(sign);
                room = 0;
            }
            Shown::Mark if room > 0 => {
                out.push(c);
                room -= 1;
            }
            Shown::Mark | Shown::Named => {
                let more = std::iter::from_fn(|| chars.next_if_eq(&c)).count();
                push_named(&mut out, c, 1 + more);
                room = 0;
            }
        }
    }
    VisibleText::of_shown(out)
}

fn push_named(out: &mut String, c: char, times: usize) {
    let mut push = |part: std::fmt::Arguments<'_>| out.write_fmt(part).expect("a string takes all that is written to it");
    push(format_args!("⟦U+{:04X}", u32::from(c)));
    if let Ok(at) = NAMES.binary_search_by_key(&u32::from(c), |(code, _)| *code) {
        push(format_args!(" {}", NAMES[at].1));
    }
    if times > 1 {
        push(format_args!(" ×{times}"));
    }
    push(format_args!("⟧"));
}

/// All that can look like something else, by code point.
fn spell(text: &str) -> VisibleText {
    show(text, |c| match c {
        '\n' => Shown::Sign('⏎'),
        '\t' => Shown::Sign('⇥'),
        ' ' => Shown::Sign('␣'),
        c if is_unseen(c) || is_sign(c) || is_mark(c) || drawn_as(c) != c || !std::iter::once(c).nfd().eq([c]) => Shown::Named,
        _ => Shown::Itself,
    })
}

/// What is left of a text for an eye that sees no blanks and no code points.
fn look(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(drawn_as).nfc().collect()
}

fn by_category(c: char) -> Shown {
    if is_mark(c) { Shown::Mark } else { Shown::Itself }
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// The signs that stand for something else in these views.
fn is_sign(c: char) -> bool {
    matches!(c, '⟦' | '␣' | '⏎' | '⇥')
}

/// The Latin letter or common punctuation that most fonts draw the character as.
///
/// The letters of words that are met in mixed scripts, not all of Unicode's `confusables.txt`.
fn drawn_as(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    LOOKALIKES.iter().find(|(odd, _)| *odd == c).map_or(c, |(_, common)| *common)
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

/// Pairs that UTS #39, `confusables.txt`, calls confusable.
#[rustfmt::skip]
const LOOKALIKES: &[(char, char)] = &[
    // Cyrillic
    ('А', 'A'), ('В', 'B'), ('Е', 'E'), ('Ѕ', 'S'), ('І', 'I'), ('Ј', 'J'), ('К', 'K'), ('М', 'M'), ('Н', 'H'), ('О', 'O'),
    ('Р', 'P'), ('С', 'C'), ('Т', 'T'), ('У', 'Y'), ('Х', 'X'), ('а', 'a'), ('с', 'c'), ('е', 'e'), ('і', 'i'), ('ј', 'j'),
    ('о', 'o'), ('р', 'p'), ('ѕ', 's'), ('у', 'y'), ('х', 'x'), ('һ', 'h'), ('ԁ', 'd'), ('ԛ', 'q'), ('ԝ', 'w'), ('ӏ', 'l'),
    // Greek
    ('Α', 'A'), ('Β', 'B'), ('Ε', 'E'), ('Ζ', 'Z'), ('Η', 'H'), ('Ι', 'I'), ('Κ', 'K'), ('Μ', 'M'), ('Ν', 'N'), ('Ο', 'O'),
    ('Ρ', 'P'), ('Τ', 'T'), ('Υ', 'Y'), ('Χ', 'X'), ('ο', 'o'), ('ν', 'v'),
    // Hyphens and minus signs, apostrophes
    ('\u{2010}', '-'), ('\u{2011}', '-'), ('\u{2212}', '-'), ('\u{2BC}', '’'), ('\u{2044}', '/'), ('\u{2215}', '/'),
];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every code point that a terminal obeys or does not draw: C0, DEL, C1, bidi controls, blanks,
    /// invisible characters, tags, variation selectors.
    pub(crate) fn hostile() -> Vec<char> {
        let ranges = [
            (0x00, 0x1F),
            (0x7F, 0x9F),
            (0xA0, 0xA0),
            (0xAD, 0xAD),
            (0x34F, 0x34F),
            (0x61C, 0x61C),
            (0x115F, 0x1160),
            (0x1680, 0x1680),
            (0x17B4, 0x17B5),
            (0x180B, 0x180F),
            (0x2000, 0x200F),
            (0x2028, 0x202F),
            (0x205F, 0x206F),
            (0x2800, 0x2800),
            (0x3000, 0x3000),
            (0x3164, 0x3164),
            (0xE000, 0xE001),
            (0xEF7F, 0xEF81),
            (0xFDD0, 0xFDD1),
            (0xFE00, 0xFE0F),
            (0xFEFF, 0xFEFF),
            (0xFFA0, 0xFFA0),
            (0xFFF0, 0xFFFC),
            (0xFFFE, 0xFFFF),
            (0xE0000, 0xE01EF),
            (0x10_FFFF, 0x10_FFFF),
        ];
        ranges.iter().flat_map(|(from, to)| *from..=*to).filter_map(char::from_u32).collect()
    }

    /// A piece of text that a view could get wrong.
    pub(crate) fn piece() -> impl Strategy<Value = String> {
        let plain =
            ["a", "e", "é", "e\u{301}", "\u{301}", "\u{323}", " ", "  ", "⟦", "⟧", "U+00A0", " NO-BREAK SPACE", " ×2", "␣", "⏎", "⇥"];
        let lookalike =
            ["а", "Å", "\u{212B}", "Ω", "\u{2126}", "가", "\u{1100}\u{1161}", "’", "\u{2BC}", "'", "-", "\u{2010}", "[-", "+}", "漢"];
        prop_oneof![
            3 => prop::sample::select(hostile()).prop_map(String::from),
            3 => prop::sample::select([plain.as_slice(), &lookalike].concat()).prop_map(String::from),
            1 => any::<char>().prop_map(String::from),
        ]
    }

    pub(crate) fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(piece(), 0..6).prop_map(|pieces| pieces.concat())
    }

    /// Written from the list above and not from `is_unseen`.
    pub(crate) fn assert_inert(shown: &str) {
        let hostile = hostile();
        assert!(!shown.chars().any(|c| hostile.contains(&c)), "{shown:?} holds a character that cannot be seen");
    }

    fn to_the_eye(shown: &str) -> String {
        shown.split_whitespace().collect::<String>().nfc().collect()
    }

    #[test]
    fn every_hostile_code_point_is_named_and_no_two_alike() {
        let hostile = hostile();
        assert!(hostile.len() > 600, "the list shrank to {}", hostile.len());
        let mut seen = std::collections::BTreeSet::new();
        for c in hostile {
            let shown = escape(&format!("a{c}b"));
            assert_inert(&shown);
            assert!(seen.insert(shown.clone()), "{shown} stands for two characters");
        }
    }

    #[test]
    fn names_are_sorted_and_of_characters_that_get_named() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        for (code, name) in NAMES {
            let c = char::from_u32(*code).expect("the table holds characters");
            assert!(c == ' ' || spell(&c.to_string()).contains(name) || matches!(c, '\n' | '\t'), "U+{code:04X} {name}");
        }
    }

    #[test]
    fn what_can_be_seen_stays() {
        for text in ["", "plain", "Türk “said”—…", "हिन्दी ภาษาไทย", "漢字 عربي", "Tu\u{308}rk", "🦀"]
        {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn examples() {
        assert_eq!(escape("5\u{A0}km"), "5⟦U+00A0 NO-BREAK SPACE⟧km");
        assert_eq!(escape("\u{1B}]0;x\u{7}"), "⟦U+001B ESCAPE⟧]0;x⟦U+0007 ALERT⟧");
        assert_eq!(escape("\0\0\0"), "⟦U+0000 NULL ×3⟧");
        assert_eq!(escape("a\tb\r\n"), "a⇥b⟦U+000D CARRIAGE RETURN⟧⏎");
        assert_eq!(escape_lines("a\tb\n\u{202E}"), "a\tb\n⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧");
        assert_eq!(escape("\u{301}a \u{301}"), "⟦U+0301 COMBINING ACUTE ACCENT⟧a ⟦U+0301 COMBINING ACUTE ACCENT⟧");
    }

    #[test]
    fn a_byte_is_called_one_where_there_are_bytes() {
        let text = "it\u{EF92}s\u{EFE9}\u{EFE9} \u{EF7F}\u{F000}⟦U+EF92⟧";
        let shown = "it⟦byte 92⟧s⟦byte E9 ×2⟧ ⟦U+EF7F⟧⟦U+F000⟧⟦U+27E6 MATHEMATICAL LEFT WHITE SQUARE BRACKET⟧U+EF92⟧";
        assert_eq!(Private::Bytes.name(escape(text)), shown);
        assert_eq!(Private::Characters.name(escape(text)), escape(text));
        assert_eq!(Private::of(Some(Encoding::Mixed(encoding_rs::WINDOWS_1252))), Private::Bytes);
        assert_eq!(Private::of_name(Some("utf-8+windows-1252")), Private::Bytes);
        assert_eq!(Private::of_name(Some("utf-8")), Private::of(Some(Encoding::Utf8)));
    }

    #[test]
    fn a_tower_of_marks_is_cut() {
        let tower = format!("Z{}", "\u{300}\u{301}".repeat(100));
        let raw = escape(&tower).chars().filter(|c| is_mark(*c)).count();
        assert_eq!(raw, STACK);
    }

    #[test]
    fn pairs_that_would_look_alike_are_spelled_out() {
        let pair = |before, after| {
            let (before, after) = visible_pair(before, after);
            format!("{before} | {after}")
        };
        assert_eq!(pair("a  b", "a b"), "a ␣b | a b");
        assert_eq!(pair("a\u{A0}b", "a b"), "a⟦U+00A0 NO-BREAK SPACE⟧b | a␣b");
        assert_eq!(pair("caf\u{E9}", "cafe\u{301}"), "caf⟦U+00E9⟧ | cafe⟦U+0301 COMBINING ACUTE ACCENT⟧");
        assert_eq!(pair("Isrаel", "Israel"), "Isr⟦U+0430⟧el | Israel");
        assert_eq!(pair("end\n", "end"), "end⏎ | end");
        assert_eq!(pair("Isrfael", "Israel"), "Isrfael | Israel");
        assert_eq!(pair("don’t", "don't"), "don’t | don't");
        assert_eq!(pair("same ", "same "), "same  | same ");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn no_two_texts_are_shown_alike(a in text(), b in text()) {
            for shown in [escape(&a), escape(&b)] {
                assert_inert(&shown);
            }
            prop_assert_eq!(a == b, escape(&a) == escape(&b));
            prop_assert_eq!(a == b, escape_lines(&a) == escape_lines(&b));
            prop_assert_eq!(a == b, Private::Bytes.name(escape(&a)) == Private::Bytes.name(escape(&b)));
        }

        #[test]
        fn two_texts_that_differ_look_different(a in text(), b in text(), shared in text(), end in text()) {
            for (a, b) in [(a.clone(), b.clone()), (format!("{shared}{a}{end}"), format!("{shared}{b}{end}"))] {
                let (before, after) = visible_pair(&a, &b);
                assert_inert(&before);
                assert_inert(&after);
                prop_assert_eq!(a == b, to_the_eye(&before) == to_the_eye(&after), "{} | {}", before, after);
            }
        }
    }

    proptest! {
        #[test]
        fn json_says_the_same_with_nothing_raw_in_it(mut chars in prop::collection::vec(any::<char>(), 0..20)) {
            chars.extend(hostile());
            let text: String = chars.into_iter().collect();
            let json = serde_json::json!({ "text": text }).to_string();
            let shown = escape_json(&json);
            prop_assert_eq!(shown.chars().find(|c| is_unseen(*c)), None);
            prop_assert_eq!(escape_html(&text).chars().find(|c| *c != '\n' && is_unseen(*c)), None);
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&shown).expect("it is JSON")["text"], &text);
        }
    }
}
