//! Characters that cannot be seen.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether a reader would not see this character, or would see others moved by it: whether a terminal
/// obeys it, hides it, leaves it blank or cannot know it. The space is seen.
///
/// By `General_Category`, and what Unicode calls `Default_Ignorable_Code_Point` in other categories
/// (fillers, variation selectors, the grapheme joiner), with the blank Braille pattern and the object
/// replacement character. Selectors and joiners inside emoji count as well: this is about seeing, not
/// about beauty.
pub fn is_unseen(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator, Surrogate, Unassigned};
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match c {
        '\u{34F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FFA0}'
        | '\u{FFFC}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        _ => matches!(
            c.general_category(),
            Control | Format | LineSeparator | ParagraphSeparator | SpaceSeparator | PrivateUse | Surrogate | Unassigned
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_no_ink_is_unseen() {
        for c in "\0\u{1b}\u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{202e}\u{2028}\u{3000}\u{feff}\u{e0041}\u{e000}\u{10ffff}\u{378}".chars() {
            assert!(is_unseen(c), "U+{:04X}", u32::from(c));
        }
        for c in " a~éß漢ا😀“…\u{301}".chars() {
            assert!(!is_unseen(c), "U+{:04X}", u32::from(c));
        }
    }
}
