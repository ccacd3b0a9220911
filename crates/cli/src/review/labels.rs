//! Texts that a reader types, in which what cannot be seen is named as it is shown.

use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::shown;

/// The text that a shown one stands for: the inverse of [`emendo_corpus::report::escape`].
///
/// # Errors
/// A label that names no character.
pub fn unescape(shown: &str) -> Result<String, VisibleText> {
    let mut text = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some(at) = rest.find(['⟦', '⏎', '⇥']) {
        text.push_str(&rest[..at]);
        let tail = &rest[at..];
        let sign = tail.chars().next().unwrap_or_default();
        rest = &tail[sign.len_utf8()..];
        match sign {
            '⏎' => text.push('\n'),
            '⇥' => text.push('\t'),
            _ => {
                let (label, after) = rest.split_once('⟧').ok_or("A label that begins with ⟦ ends with ⟧.")?;
                push_labelled(&mut text, label)?;
                rest = after;
            }
        }
    }
    text.push_str(rest);
    Ok(text)
}

fn push_labelled(text: &mut String, label: &str) -> Result<(), VisibleText> {
    let wrong = || shown!("⟦{}⟧ names no character: write its number, such as ⟦U+00A0⟧.", escape(label));
    let (code, times) = match label.rsplit_once('×') {
        Some((code, times)) => (code.trim_end(), times.parse().ok().filter(|times| *times <= MOST_TIMES).ok_or_else(wrong)?),
        None => (label, 1),
    };
    let number = match (code.strip_prefix("byte "), code.strip_prefix("U+")) {
        // A byte that is not UTF-8 is kept as a character of private use.
        (Some(byte), _) => u32::from_str_radix(byte, 16).ok().filter(|byte| (0x80..=0xFF).contains(byte)).map(|byte| 0xEF00 + byte),
        (None, Some(code)) => u32::from_str_radix(code.split(' ').next().unwrap_or_default(), 16).ok(),
        (None, None) => None,
    };
    let character = number.and_then(char::from_u32).ok_or_else(wrong)?;
    text.extend(std::iter::repeat_n(character, times));
    Ok(())
}

/// A label says how often; no text is made that would not fit into a request.
const MOST_TIMES: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_corpus::report::{Private, escape};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(text in "(?s)[a\u{a0}\u{202e}⟦⟧⏎⇥␣\n\t×\u{301}\u{0}.]{0,20}|.{0,20}") {
            prop_assert_eq!(unescape(&escape(&text)).expect("labels of our own"), text);
        }
    }

    #[test]
    fn a_byte_can_be_typed() {
        let shown = Private::Bytes.name(escape("a\u{EF92}b"));
        assert_eq!((&*shown, unescape(&shown)), ("a⟦byte 92⟧b", Ok("a\u{EF92}b".to_owned())));
    }

    #[test]
    fn a_label_that_names_nothing_is_refused() {
        for shown in ["⟦", "⟦⟧", "⟦U+⟧", "⟦U+D800⟧", "⟦U+110000⟧", "⟦byte 7F⟧", "⟦U+0041 ×99999999⟧", "⟦U+0041 ×⟧", "⟦NBSP⟧"]
        {
            assert!(unescape(shown).is_err(), "{shown}");
        }
        let why = unescape("⟦\u{202E}\u{1B}[2J⟧").expect_err("it is no label");
        let named = "⟦⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧⟦U+001B ESCAPE⟧[2J⟧ names no character: write its number, such as ⟦U+00A0⟧.";
        assert_eq!(why, named);
        assert_eq!(unescape("a⟦U+00A0⟧b⏎"), Ok("a\u{a0}b\n".to_owned()));
    }
}
