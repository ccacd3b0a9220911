//! Lines and blanks, whatever ends a line.
//!
//! The passes before `spaces` meet every line end that occurs in the world, so they cannot count on
//! line feeds alone: in an old Macintosh file that would make one line of the whole text.

use std::ops::Range;

/// Whether a line ends here: LF, CR, NEL (U+0085), LS (U+2028), PS (U+2029).
///
/// VT and FF are white space but end no line: a page break stays where its author put it.
pub fn is_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether this is white space within a line: all of Unicode's `White_Space` but line ends, VT and FF.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_end(c) && !matches!(c, '\u{B}' | '\u{C}')
}

/// The line that holds `at`, without its end, in bytes.
pub fn around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].char_indices().rfind(|(_, c)| is_end(*c)).map_or(0, |(found, c)| found + c.len_utf8());
    start..end_of(text, at)
}

/// Where the line that holds `at` ends, before the characters that end it.
pub fn end_of(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at..];
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    // The line ends that are not ASCII are rare, and so is the byte that begins them where most letters are ASCII.
    let wide = memchr::memchr2_iter(0xC2, 0xE2, &rest[..end]).find(|found| text[at + found..].starts_with(is_end));
    at + wide.unwrap_or(end)
}

/// Where the next line starts, given the end of this one.
///
/// CR LF is one line end, and so is CR CR LF, which programs make of CR LF by translating it twice.
pub fn after_end(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let length = ["\r\r\n", "\r\n"].into_iter().find(|ending| rest.starts_with(ending)).map(str::len);
    end + length.unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_ends_a_line() {
        for ending in ["\n", "\r\n", "\r\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"] {
            let text = format!("one{ending}two");
            assert_eq!(around(&text, 1), 0..3, "{ending:?}");
            assert_eq!(after_end(&text, 3), 3 + ending.len(), "{ending:?}");
            assert_eq!(around(&text, text.len()), 3 + ending.len()..text.len(), "{ending:?}");
        }
        assert_eq!(around("a\u{C}b", 0), 0..3, "a page break ends no line");
        assert_eq!(after_end("a", 1), 1);
    }
}
