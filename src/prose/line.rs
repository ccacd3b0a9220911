//! Lines, what ends them, and the blanks within them.
//!
//! Texts come with every line end that occurs in the world, so the passes that work on lines cannot count on line feeds
//! alone: an old Macintosh file would be one line. What knows line feeds only, such as a file of rules or the number of
//! a line, takes the functions with `feed` in their names.

use std::ops::Range;

/// Whether a line ends here: LF, CR, NEL (U+0085), LS (U+2028), PS (U+2029).
///
/// VT and FF are white space but end no line: a page break stays where its author put it.
pub fn is_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether this ends a line in every program: LF or CR.
pub fn is_ascii_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// Whether a line breaks here, as Unicode sees it: line ends, VT and FF (UAX #14, classes BK, CR, LF and NL).
pub fn is_break(c: char) -> bool {
    is_end(c) || matches!(c, '\u{B}' | '\u{C}')
}

/// Whether this is white space within a line: all of Unicode's `White_Space` but line ends, VT and FF.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_break(c)
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

/// Where the line that holds `at` starts, if only line feeds end lines.
pub fn start_after_feed(text: &(impl AsRef<[u8]> + ?Sized), at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_ref()[..at]).map_or(0, |feed| feed + 1)
}

/// Where the line that holds `at` ends, before the line feed, if only line feeds end lines.
pub fn end_before_feed(text: &(impl AsRef<[u8]> + ?Sized), at: usize) -> usize {
    let text = text.as_ref();
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length)
}

/// The number of the line that holds `at`, from 1, if only line feeds end lines.
pub fn number_by_feeds(text: &(impl AsRef<[u8]> + ?Sized), at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_ref()[..at]).count()
}

/// The ending of the first line of a file: CR LF, or LF if it has another or none.
pub fn ending_of_file(text: &str) -> &'static str {
    if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}

/// The text with an ending of its last line: this one if the line has none.
pub fn with_last_ending(text: &str, ending: &str) -> String {
    [text, if text.is_empty() || text.ends_with('\n') { "" } else { ending }].concat()
}

/// The line without its LF, CR LF or CR.
pub fn without_ending(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
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

    #[test]
    fn a_line_between_feeds_is_found() {
        let text = "one\r\ntwo\rthree\n";
        let lines = [0, 3, 4, 5, 11, 14].map(|at| (start_after_feed(text, at), end_before_feed(text, at), number_by_feeds(text, at)));
        assert_eq!(lines, [(0, 4, 1), (0, 4, 1), (0, 4, 1), (5, 14, 2), (5, 14, 2), (5, 14, 2)]);
        assert_eq!((start_after_feed(text, 15), end_before_feed(text, 15), number_by_feeds(text, 15)), (15, 15, 3));
    }

    #[test]
    fn a_file_keeps_its_endings() {
        assert_eq!(["", "a", "a\nb\r\n", "a\r\nb\n", "a\rb"].map(ending_of_file), ["\n", "\n", "\n", "\r\n", "\n"]);
        assert_eq!(["", "a", "a\n"].map(|text| with_last_ending(text, "\r\n")), ["", "a\r\n", "a\n"]);
        assert_eq!(["a", "a\n", "a\r\n", "a\r", "a\n\n"].map(without_ending), ["a", "a", "a", "a", "a\n"]);
    }
}
