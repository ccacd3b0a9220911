//! One character that was read as several: what it was, and how surely.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::input::code_page::CodePage;
use crate::rules::Style;

/// Characters that are the bytes of one character, as a code page reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteUnit {
    /// How many characters it takes, from two to six.
    pub length: usize,
    /// The character that it was.
    pub becomes: char,
}

/// How surely characters are the bytes of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// What would come out is hardly ever written: they are what they seem.
    No,
    /// They may be, and may as well stand side by side in a right text, as a capital and a mark do.
    Perhaps,
    /// They stand side by side in no right text.
    Certain,
}

/// The most characters that a unit takes: two halves of a surrogate pair of three bytes each.
pub const LONGEST: usize = 6;

impl ByteUnit {
    /// The unit that begins here, if one does: well-formed UTF-8 (Unicode 16.0, table 3-7), or a surrogate pair of
    /// which each half was written as UTF-8 (CESU-8, Unicode Technical Report 26).
    pub fn read(page: &CodePage, chars: &[char]) -> Option<Self> {
        let mut bytes = [0; LONGEST];
        // Of the scripts that are read here none begins so in any page, and in the next run it may be a straight one.
        let lead = page.byte(*chars.first().filter(|c| !matches!(c, '“' | '”' | '‘' | '’'))?)?;
        let length = match lead {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return None,
        };
        let read = |bytes: &mut [u8; LONGEST], range: std::ops::Range<usize>| {
            for at in range {
                bytes[at] = page.byte(*chars.get(at)?)?;
            }
            Some(())
        };
        read(&mut bytes, 0..length)?;
        match std::str::from_utf8(&bytes[..length]) {
            Ok(text) => Some(Self { length, becomes: text.chars().next()? }),
            Err(_) if lead == 0xED => {
                read(&mut bytes, 0..LONGEST)?;
                Some(Self { length: LONGEST, becomes: surrogate_pair(bytes)? })
            }
            Err(_) => None,
        }
    }

    /// How surely it is one. `run` is how many units of one script stand side by side here. Where quotation marks are
    /// printed in this run, they prove nothing, nor do the blanks inside them: they may be straight ones that it turned.
    pub fn grade(self, before: Option<char>, chars: &[char], run: usize, style: Style) -> Grade {
        let (unit, after) = (&chars[..self.length], chars.get(self.length).copied());
        // Controls of Latin-1 come out where a text was read wrongly more than once, but not by way of other pages.
        if is_c1(self.becomes) && unit[0] != 'Â' {
            return Grade::No;
        }
        if unit[1..].iter().any(|c| is_c1(*c)) {
            return if is_c1(self.becomes) || is_assigned(self.becomes) { Grade::Certain } else { Grade::No };
        }
        let script = Script::of(self.becomes);
        if script == Script::None {
            return Grade::No;
        }
        let certain = match (self.length, script) {
            (2 | 3, _) if style == Style::Typographic && (unit[1..].iter().any(|c| is_quote(*c)) || after == Some('»')) => false,
            (4.., _) => true,
            (_, Script::Other(_)) => {
                run >= 3 || run == 2 && !may_follow_word(unit[0]) && unit[1..].iter().any(|c| is_odd_behind_letter(*c))
            }
            (2, _) if unit[0] != '‚' && may_follow_word(unit[0]) => return Grade::No,
            // Letters may follow one another in a language that is not known here.
            (3, _) if unit.iter().all(|c| c.is_alphabetic() && *c < '\u{250}') => false,
            (3, _) => !unit[1..].iter().all(|c| may_follow_word(*c)) || changes_script(before, unit[0]),
            (_, _) if unit == ['Ã', '\u{A0}'] && after == Some(' ') => true,
            (_, _) if script == Script::Latin && is_alone(before, after, style) => false,
            _ => is_certain_pair(before, unit[0], unit[1], after),
        };
        if certain { Grade::Certain } else { Grade::Perhaps }
    }
}

/// How many units of one script stand side by side here; so many as matter are counted.
pub fn run(page: &CodePage, chars: &[char]) -> usize {
    let mut script = None;
    let mut at = 0;
    let mut count = 0;
    while count < 3
        && let Some(unit) = chars.get(at..).and_then(|rest| ByteUnit::read(page, rest))
        && *script.get_or_insert(Script::of(unit.becomes)) == Script::of(unit.becomes)
    {
        at += unit.length;
        count += 1;
    }
    count
}

/// A letter that stands alone is perhaps spoken of: “é appears as Ã©”. Blanks that are not ASCII prove something only where the
/// run prints none inside its marks.
fn is_alone(before: Option<char>, after: Option<char>, style: Style) -> bool {
    let is_nothing = |c: char| c.is_ascii() || is_quote(c) || style == Style::Typographic && c.is_whitespace();
    ![before, after].iter().flatten().any(|c| c.is_alphanumeric() || !is_nothing(*c))
}

fn is_certain_pair(before: Option<char>, lead: char, second: char, after: Option<char>) -> bool {
    let before_small = before.is_some_and(char::is_lowercase);
    let before_capital = before.is_some_and(char::is_uppercase);
    let before_letter = before.is_some_and(char::is_alphabetic);
    let after_letter = after.is_some_and(char::is_alphabetic);
    if !lead.is_alphabetic() {
        // In formulas a root stands behind letters too.
        return before_letter && !matches!(second, 'π' | 'µ' | 'Ω');
    }
    // As in formulas.
    if matches!(lead, 'Α'..='Ω') && matches!(second, '·' | '°' | '²' | '³' | '¹' | '±' | '½') {
        return false;
    }
    let begins = |c: char| matches!(c, '‘' | '“' | '„' | '‚' | '«' | '‹' | '¿' | '¡');
    let sign_of_word = |c: char| matches!(c, '©' | '®' | '™' | 'ª' | 'º' | '°' | '²' | '³' | '¹' | '´' | '·' | '§');
    before_small && lead.is_uppercase()
        || changes_script(before, lead)
        || is_odd_behind_letter(second)
        || matches!(lead, 'Â' | 'Ã')
            && (!before_capital && sign_of_word(second) || matches!(second, 'š' | 'ž' | 'œ' | 'ƒ' | 'Š' | 'Ž' | 'Œ' | 'Ÿ'))
        || matches!(lead, 'Â') && !before_letter && matches!(second, '«' | '»' | '¿' | '¡')
        || before_letter && after_letter && begins(second)
        || after_letter && sign_of_word(second)
}

/// Within a word no letter of ASCII is followed by one of another script.
fn changes_script(before: Option<char>, lead: char) -> bool {
    before.is_some_and(|c| c.is_ascii_alphabetic()) && matches!(lead, '\u{400}'..='\u{52F}')
}

/// Signs that follow no letter without a space: money, daggers, fractions, brackets that open, accents alone, frames.
fn is_odd_behind_letter(c: char) -> bool {
    matches!(
        c,
        '€' | '‚'
            | '„'
            | '†'
            | '‡'
            | 'ˆ'
            | '˜'
            | '‰'
            | '•'
            | '¡'
            | '¢'
            | '£'
            | '¤'
            | '¥'
            | '¦'
            | '¨'
            | '¬'
            | '\u{AD}'
            | '¯'
            | '±'
            | 'µ'
            | '¶'
            | '¸'
            | '¼'
            | '½'
            | '¾'
            | '¿'
            | '˛'
            | '˝'
            | '˘'
            | '˙'
            | '∂'
            | '∑'
            | '∏'
            | '∫'
            | '∞'
            | '≠'
            | '≤'
            | '≥'
            | '√'
            | '≈'
            | '∆'
            | '◊'
    ) || is_box(c)
}

fn is_box(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{25FF}' | '⌐')
}

/// Marks and signs that may follow a word at once.
pub fn may_follow_word(c: char) -> bool {
    is_quote(c) || matches!(c, '\u{A0}' | '…' | '–' | '—' | '™' | '®' | '©' | '°' | 'ª' | 'º' | '²' | '³' | '¹' | '´' | '·' | '§')
}

pub fn is_quote(c: char) -> bool {
    matches!(c, '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' | '‹' | '›')
}

/// A control character that no encoding of one byte has in texts.
pub fn is_c1(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}')
}

fn is_assigned(c: char) -> bool {
    !matches!(c.general_category(), GeneralCategory::Unassigned | GeneralCategory::PrivateUse | GeneralCategory::Control)
}

fn surrogate_pair(bytes: [u8; LONGEST]) -> Option<char> {
    let half = |bytes: &[u8]| (u16::from(bytes[0] & 0x0F) << 12) | (u16::from(bytes[1] & 0x3F) << 6) | u16::from(bytes[2] & 0x3F);
    let is_half = |bytes: &[u8]| bytes[0] == 0xED && bytes[1..].iter().all(|byte| (0x80..=0xBF).contains(byte));
    let (high, low) = bytes.split_at(3);
    (is_half(high) && is_half(low)).then(|| char::decode_utf16([half(high), half(low)]).next()?.ok())?
}

/// What a character is, as far as it is written in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// A letter of a Latin alphabet in use.
    Latin,
    /// A mark, sign or picture.
    Sign,
    /// A letter of another script, by its number.
    Other(u8),
    /// What is hardly ever written.
    None,
}

impl Script {
    /// The script of a character.
    #[expect(clippy::match_same_arms, reason = "a line for each block of characters")]
    pub fn of(c: char) -> Self {
        let letter = |script| if c.is_alphanumeric() || is_mark(c) { Self::Other(script) } else { Self::None };
        match c {
            // Ligatures and letters that only old prints have.
            'Ĳ' | 'ĳ' | 'ĸ' | 'Ŀ' | 'ŀ' | 'ŉ' | 'ſ' | 'ẗ' | 'ẘ' | 'ẙ' | 'ẚ' | 'ẛ'..='ẟ' => Self::None,
            '\u{80}'..='¿' | '×' | '÷' => Self::Sign,
            'À'..='ž' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | 'Ǎ'..='ǜ' | 'Ș'..='ț' | 'Ə' | 'ə' | '\u{1E00}'..='\u{1EFF}' => Self::Latin,
            '\u{2BC}'
            | '\u{2C6}'
            | '\u{2C7}'
            | '\u{2D8}'..='\u{2DD}'
            | '\u{2010}'..='\u{2027}'
            | '\u{202F}'..='\u{203A}'
            | '\u{2060}'
            | '\u{20A0}'..='\u{20BF}' => Self::Sign,
            '\u{2100}'..='\u{23FF}' | '\u{2460}'..='\u{27BF}' | '\u{2800}' | '\u{2B00}'..='\u{2BFF}' | '\u{3000}'..='\u{303F}' => {
                Self::Sign
            }
            '\u{200B}'..='\u{200F}' | '\u{FE0F}' | '\u{FEFF}' | '\u{FF01}'..='\u{FF60}' | '\u{FFFD}' | '\u{FB00}'..='\u{FB06}' => {
                Self::Sign
            }
            '\u{1F000}'..='\u{1FAFF}' | '\u{E0020}'..='\u{E007F}' => Self::Sign,
            'Ά'..='ώ' | '\u{1F00}'..='\u{1FFF}' => letter(0),
            'Ё'..='џ' | 'Ґ' | 'ґ' if c != 'Ѐ' && c != 'ѐ' && c != 'Ѝ' && c != 'ѝ' => Self::Other(1),
            'Ա'..='և' => letter(2),
            'א'..='ת' => Self::Other(3),
            '،'
            | '؛'
            | '؟'
            | 'ء'..='\u{652}'
            | '٠'..='٩'
            | 'پ'
            | 'چ'
            | 'ژ'
            | 'ک'
            | 'گ'
            | 'ی'
            | 'ں'
            | 'ہ'
            | 'ھ'
            | 'ے'
            | 'ٹ'
            | 'ڈ'
            | 'ڑ'
            | '۰'..='۹' => Self::Other(4),
            '\u{900}'..='\u{DFF}' => letter(u8::try_from((u32::from(c) - 0x900) / 0x80 + 5).expect("a few")),
            '\u{E00}'..='\u{EFF}' => letter(20),
            'Ⴀ'..='ჿ' => letter(21),
            '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' => letter(22),
            '가'..='힣' => Self::Other(23),
            _ => Self::None,
        }
    }
}

fn is_mark(c: char) -> bool {
    matches!(c.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str, text: &str) -> Option<(usize, char)> {
        let chars: Vec<char> = text.chars().collect();
        ByteUnit::read(&CodePage::named(page).expect("it is known"), &chars).map(|unit| (unit.length, unit.becomes))
    }

    #[test]
    fn a_unit_is_the_bytes_of_one_character() {
        assert_eq!(read("windows-1252", "Ã©t"), Some((2, 'é')));
        assert_eq!(read("windows-1252", "â€™s"), Some((3, '’')));
        assert_eq!(read("windows-1252", "ðŸ˜€"), Some((4, '😀')));
        assert_eq!(read("windows-1252", "í\u{A0}½í¸\u{98}"), Some((6, '😘')), "a surrogate pair");
        assert_eq!(read("windows-1252", "í\u{A0}½é"), None, "half of one");
        assert_eq!(read("macintosh", "√©"), Some((2, 'é')));
        assert_eq!(read("windows-1252", "Ãa"), None);
        assert_eq!(read("windows-1252", "À€"), None, "not the shortest form");
    }

    #[test]
    fn only_what_stands_in_no_right_text_is_certain() {
        let grade = |page: &str, before: Option<char>, text: &str| {
            let chars: Vec<char> = text.chars().collect();
            ByteUnit::read(&CodePage::named(page).expect("it is known"), &chars).expect("a unit").grade(before, &chars, 1, Style::Straight)
        };
        for (page, before, text) in [
            ("windows-1252", Some('\u{a0}'), "Ã¨ c"),
            ("windows-1252", Some('f'), "Ã©"),
            ("windows-1252", Some('A'), "Ã‘OS"),
            ("windows-1252", Some('C'), "Ã™IS"),
            ("windows-1252", Some('R'), "ÃœCK"),
            ("windows-1252", Some('i'), "Å³"),
            ("windows-1252", Some(' '), "Â£5"),
            ("windows-1252", Some('n'), "â€™t"),
            ("macintosh", Some('g'), "√¢teaux"),
            ("windows-1251", Some('T'), "Гјrk"),
            ("cp437", Some('i'), "ß║┐ng"),
        ] {
            assert_eq!(grade(page, before, text), Grade::Certain, "{text}");
        }
        for (page, before, text) in [
            ("windows-1252", Some(' '), "Ã’s"),
            ("windows-1252", Some('H'), "Å™,"),
            ("windows-1252", Some('Ç'), "Ã”"),
            ("windows-1252", Some(' '), "Ã©"),
            ("windows-1252", Some(' '), "Å²"),
            ("windows-1252", Some('r'), "â…”"),
            ("windows-1252", Some('f'), "é\u{A0}»"),
            ("macintosh", Some(' '), "√π"),
            ("macintosh", Some(' '), "∆°"),
        ] {
            assert!(grade(page, before, text) < Grade::Certain, "{text}");
        }
        for (page, before, text) in
            [("windows-1252", Some('U'), "É…"), ("windows-1252", Some('8'), "×…"), ("windows-1252", Some('M'), "É¿")]
        {
            assert_eq!(grade(page, before, text), Grade::No, "{text}");
        }
    }
}
