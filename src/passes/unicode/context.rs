//! In which surroundings an invisible character carries meaning.

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::prose::quotation::{is_double, is_single};

/// The contexts in which a listed character may carry meaning.
///
/// Neighbours are the nearest characters that no rule of this pass lists to remove them, and count as what they
/// become, so that what is done first cannot decide what is done next. Combining marks are passed over.
///
/// - `emoji`: a neighbour is a symbol, a skin tone or a variation selector;
/// - `flags`: the character is part of a flag: U+1F3F4, 3 to 7 tag letters or digits, U+E007F;
/// - `other-scripts`: a neighbour belongs to any script but Latin;
/// - `cursive-scripts`: both neighbours are letters of Arabic, Syriac, N'Ko, Mandaic or Mongolian, which would join;
/// - `unspaced-scripts`: the line holds a script that writes no spaces between words;
/// - `right-to-left`: the line holds a right-to-left letter;
/// - `joined`: a combining mark follows, or letters stand on both sides;
/// - `sequence`: it is the first selector after a character that a variation sequence can begin with;
/// - `formulas`: the line holds a mathematical sign, or a neighbour is a digit or a bracket;
/// - `braille`: the line holds a Braille pattern with dots.
pub const KEEP_IN: &[&str] = &[
    "emoji",
    "flags",
    "other-scripts",
    "cursive-scripts",
    "unspaced-scripts",
    "right-to-left",
    "joined",
    "sequence",
    "formulas",
    "braille",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CharacterContext {
    Emoji,
    Flags,
    OtherScripts,
    CursiveScripts,
    UnspacedScripts,
    RightToLeft,
    Joined,
    Sequence,
    Formulas,
    Braille,
}

impl CharacterContext {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "emoji" => CharacterContext::Emoji,
            "flags" => CharacterContext::Flags,
            "other-scripts" => CharacterContext::OtherScripts,
            "cursive-scripts" => CharacterContext::CursiveScripts,
            "unspaced-scripts" => CharacterContext::UnspacedScripts,
            "right-to-left" => CharacterContext::RightToLeft,
            "joined" => CharacterContext::Joined,
            "sequence" => CharacterContext::Sequence,
            "formulas" => CharacterContext::Formulas,
            "braille" => CharacterContext::Braille,
            _ => return None,
        })
    }
}

/// Whether a variation sequence can begin with this character, for all that one character tells.
///
/// None of Unicode's begins with a Latin letter, a blank or an ASCII sign but `#` and `*`. Two begin with curly marks and
/// choose their width; those are not counted, since a later pass turns and moves marks, and would leave the selector behind.
pub(super) fn begins_sequence(c: char) -> bool {
    let is_letter = is_plain(c) && c.is_alphabetic();
    let is_sign = c.is_ascii_punctuation() && !matches!(c, '#' | '*');
    let is_mark = is_double(c) || is_single(c) || matches!(c, '′' | '´' | '«' | '»' | '‹' | '›');
    !(is_letter || is_sign || is_mark || c.is_whitespace() || c.is_control())
}

/// Mathematical signs and letters.
pub(super) fn is_mathematical(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D7FF}') || c.general_category() == GeneralCategory::MathSymbol
}

/// What may stand beside an invisible operator in a formula without a sign: `f(x)`, `2x`.
pub(super) fn is_operand(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '(' | ')' | '[' | ']' | '{' | '}')
}

/// A Braille pattern that shows dots.
pub(super) fn is_braille(c: char) -> bool {
    matches!(c, '\u{2801}'..='\u{28FF}')
}

pub(super) fn first_of_decomposition(c: char) -> char {
    let mut first = None;
    decompose_canonical(c, |part| {
        first.get_or_insert(part);
    });
    first.unwrap_or(c)
}

/// The combining marks that no script owns, and all that canonical ordering moves.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
        || canonical_combining_class(c) != 0
}

/// Latin letters, ASCII, white space, general punctuation and ornamental quotes: nothing here is joined.
///
/// Ornamental quotes are here because a later pass makes typed ones of them: what stands beside them
/// must read the same before and after.
pub(super) fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='\u{2FF}' | '\u{1D00}'..='\u{1D25}' | '\u{1D2C}'..='\u{1DBF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2000}'..='\u{209F}' | '\u{275B}'..='\u{275E}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB64}' | '\u{FB00}'..='\u{FB06}')
        || c.is_whitespace()
}

pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
        || (c > '\u{2FF}' && !is_plain(c) && c.general_category() == GeneralCategory::OtherSymbol)
}

pub(super) fn is_cursive(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8FF}' | '\u{1800}'..='\u{18AF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Thai, Lao, Tibetan, Burmese, Khmer, Tai Le, New Tai Lue, Tai Tham, Balinese, Sundanese, Batak,
/// Lepcha, Javanese, Cham, Tai Viet.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1950}'..='\u{19FF}' | '\u{1A20}'..='\u{1AAF}'
        | '\u{1B00}'..='\u{1C4F}' | '\u{A980}'..='\u{A9FF}' | '\u{AA00}'..='\u{AADF}')
}

/// The blocks that Unicode sets aside for right-to-left scripts, without the marks in them.
pub(super) fn is_right_to_left(c: char) -> bool {
    c != '\u{61C}'
        && matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Whether the tag character at `at` is part of a flag: UTS #51, emoji tag sequence.
pub(super) fn in_flag(text: &str, at: usize) -> bool {
    const LONGEST: usize = 7;
    let is_tag = |c: &char| matches!(c, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}');
    let Some((start, _)) = text[..at].char_indices().rev().take(LONGEST + 1).find(|(_, c)| !is_tag(c)) else { return false };
    let Some(tags) = text[start..].strip_prefix('\u{1F3F4}') else { return false };
    let length = tags.chars().take(LONGEST + 1).take_while(is_tag).count();
    (3..=LONGEST).contains(&length) && tags.chars().nth(length) == Some('\u{E007F}')
}
