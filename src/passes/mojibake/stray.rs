//! Bytes in a text that are not of its encoding.

use crate::edit::{Edit, RuleNumber, Span};
use crate::input::{encode, find_stray, stray_byte};
use crate::prose::line;
use encoding_rs::Encoding;

/// Proposes what stray bytes are in the encoding that they look like. An encoding of one byte for each character is read
/// run by run; in others the bytes of a character may be those of ASCII, so that they are read line by line.
pub fn propose(rule: RuleNumber, text: &str, looks_like: &'static Encoding, edits: &mut Vec<Edit<'_>>) {
    let mut at = 0;
    while let Some(found) = find_stray(&text[at..]).map(|found| at + found) {
        let (start, end) = if looks_like.is_single_byte() {
            (found, text[found..].find(|c| stray_byte(c).is_none()).map_or(text.len(), |length| found + length))
        } else {
            (found, line::end_before_feed(text, found))
        };
        let bytes = encode(&text[start..end], crate::input::Encoding::Mixed(looks_like));
        let (read, malformed) = looks_like.decode_without_bom_handling(&bytes);
        if !malformed && !read.contains(char::is_control) {
            let edit = Edit::replace(rule, Span::new(start, end), read.into_owned());
            edits.push(edit.trimmed(text));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::stray;

    fn found(text: &str, looks_like: &'static Encoding) -> Vec<String> {
        let mut edits = Vec::new();
        propose(RuleNumber(0), text, looks_like, &mut edits);
        edits.iter().map(|edit| format!("{}→{}", edit.at.start, edit.with)).collect()
    }

    fn strays(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { stray(*byte) }).collect()
    }

    #[test]
    fn each_run_of_single_bytes_is_one_question() {
        assert_eq!(found(&strays(b"l\x92\xE9t\xE9"), encoding_rs::WINDOWS_1252), ["1→’é", "8→é"]);
        assert_eq!(found(&strays(b"a\x81b"), encoding_rs::WINDOWS_1252), [""; 0], "which means nothing there");
    }

    #[test]
    fn characters_of_two_bytes_are_read_by_the_line() {
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode("a 東京ソ b");
        assert_eq!(found(&format!("é\n{}\né", strays(&bytes)), encoding_rs::SHIFT_JIS), ["5→東京ソ"], "of which one byte is a backslash");
    }
}
