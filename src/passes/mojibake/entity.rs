//! Character references of HTML that stand in a text as they were typed.

use html5gum::{Token, Tokenizer};

use crate::edit::{Edit, RuleNumber, Span};

/// The longest reference has 33 bytes (HTML Living Standard, section 13.5); this leaves room for layers of `amp;`.
const LONGEST: usize = 64;

/// Text that was escaped twice holds `&amp;amp;`; more layers than this were not seen.
const MOST_LAYERS: usize = 4;

/// Proposes the character for each reference that is closed by a semicolon, as often as it was escaped.
pub fn propose(rule: RuleNumber, text: &str, edits: &mut Vec<Edit<'_>>) {
    for start in memchr::memchr_iter(b'&', text.as_bytes()) {
        let Some(end) = end(&text.as_bytes()[start..]) else { continue };
        let mut reference = &text[start..start + end];
        // `amp;` after `amp;` belongs to the same reference.
        let mut rest = &text[start + end..];
        while reference.ends_with("amp;")
            && let Some(more) = self::end(rest.as_bytes()).filter(|_| !rest.starts_with('&'))
        {
            reference = &text[start..start + reference.len() + more];
            rest = &text[start + reference.len()..];
        }
        if let Some(character) = unescaped(reference) {
            edits.push(Edit::replace(rule, Span::new(start, start + reference.len()), character));
        }
    }
}

/// Where a reference that begins here ends, its semicolon included.
fn end(bytes: &[u8]) -> Option<usize> {
    let length = bytes.iter().take(LONGEST).skip(1).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')? + 1;
    (bytes[length] == b';' && length > 1).then_some(length + 1)
}

fn unescaped(reference: &str) -> Option<String> {
    let mut text = reference.to_owned();
    for _ in 0..MOST_LAYERS {
        match read(&text) {
            same if same == text => break,
            next => text = next,
        }
    }
    let mut chars = text.chars();
    let is_character = chars.next().is_some_and(|c| !c.is_control() && c != '\u{FFFD}') && chars.next().is_none();
    is_character.then_some(text)
}

/// The text of a piece of HTML, as browsers read it.
fn read(html: &str) -> String {
    let text = |token| if let Ok(Token::String(text)) = token { Some(text.value) } else { None };
    let bytes: Vec<u8> = Tokenizer::new(html).filter_map(text).flat_map(|text| text.0).collect();
    String::from_utf8(bytes).expect("the tokenizer gives UTF-8 for UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, usize, String)> {
        let mut edits = Vec::new();
        propose(RuleNumber(0), text, &mut edits);
        edits.into_iter().map(|edit| (edit.at.start, edit.at.end, edit.with.into_owned())).collect()
    }

    #[test]
    fn a_reference_is_read_through_all_its_layers() {
        assert_eq!(found("R&amp;D"), [(1, 6, "&".into())]);
        assert_eq!(found("&amp;amp;amp;"), [(0, 13, "&".into())]);
        assert_eq!(found("&amp;quot;no&#8221;"), [(0, 10, "\"".into()), (12, 19, "”".into())]);
        assert_eq!(found("caf&eacute;"), [(3, 11, "é".into())]);
    }

    #[test]
    fn other_ampersands_stay() {
        for text in ["R&D;", "a & b;", "&;", "&#0;", "&nosuchname;", "&copy 2024", "&", "&amp"] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
