//! Markup in a text: what programs read and people do not.

use std::ops::Range;

/// Where the front matter of a Markdown file ends, its last fence included; 0 if there is none. YAML stands between `---` and
/// `---` or `...`, TOML between `+++`. Exporters put it on one line with the text.
pub(super) fn front_matter(text: &str) -> usize {
    if text.starts_with("--- ") {
        let line = text.lines().next().unwrap_or_default();
        return line[3..].find(" --- ").filter(|end| line[..3 + end].contains(": ")).map_or(0, |end| 3 + end + 1);
    }
    let mut lines = text.split_inclusive('\n');
    let closes: &[&str] = match lines.next().map(str::trim_end) {
        Some("---") => &["---", "..."],
        Some("+++") => &["+++"],
        _ => return 0,
    };
    let mut end = text.len() - lines.clone().map(str::len).sum::<usize>();
    for line in lines {
        end += line.len();
        if closes.contains(&line.trim_end()) {
            return end;
        }
    }
    0
}

/// How markup of a kind begins, how it ends, and whether it may go on in the next line; never behind a blank one.
const KINDS: [(u8, u8, bool); 3] = [(b'<', b'>', true), (b'{', b'}', false), (b']', b')', false)];

/// HTML tags, placeholders of templates (`{{ … }}`), the targets of Markdown links (`](…)`) and front matter, sorted and
/// disjoint: marks there are code. Takes time in proportion to the text.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (front, mut found) = (front_matter(text), Vec::new());
    if front > 0 {
        found.push(0..front);
    }
    // For each kind where it ends next, or cannot go on: known until that place is passed.
    let mut ends = [0; KINDS.len()];
    for at in memchr::memchr3_iter(b'<', b'{', b']', bytes) {
        let kind = KINDS.iter().position(|(open, ..)| *open == bytes[at]).unwrap_or(0);
        let begins = match (bytes[at], bytes.get(at + 1)) {
            (b'<', Some(next)) => next.is_ascii_alphabetic() || *next == b'/',
            (b'{', Some(next)) => *next == b'{',
            (_, next) => next == Some(&b'('),
        };
        if !begins || found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let (_, close, has_lines) = KINDS[kind];
        if ends[kind] <= at {
            let rest = &bytes[at..];
            let is_stop = |end: &usize| !has_lines || matches!(rest[end + 1..], [b'\n', ..] | [b'\r', b'\n', ..]);
            let stop = memchr::memchr_iter(b'\n', rest).find(is_stop).unwrap_or(rest.len());
            ends[kind] = at + memchr::memchr(close, &rest[..stop]).unwrap_or(stop);
        }
        let end = ends[kind];
        if bytes.get(end) == Some(&close) && (bytes[at] != b'<' || memchr::memchr(b'<', &bytes[at + 1..end]).is_none()) {
            found.push(at..end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_prose() {
        let is_code = |text: &str, mark: char| -> Vec<bool> {
            let found = ranges(text);
            text.match_indices(mark).map(|(at, _)| found.iter().any(|range| range.contains(&at))).collect()
        };
        let text = "---\ntitle: 'A'\n---\n<ol type='A'> is 'B' < 'C'";
        assert_eq!(is_code(text, '\''), [true, true, true, true, false, false, false, false]);
        assert_eq!(front_matter("---\nno end"), 0);
        assert_eq!(["---\r\na: b\r\n---\r\nc", "---\na: b\n...\nc", "+++\na = 1\n+++\nc"].map(front_matter), [16, 13, 14]);
        assert_eq!(is_code("--- title: \"A\" date: 2024 --- He said \"B\".", '"'), [true, true, false, false]);
        assert_eq!(front_matter("--- no keys --- here"), 0);
        for (text, expected) in [
            ("a {{< ref \"x\" >}} b", true),
            ("[a](/b \"c\")", true),
            ("<a\nhref=\"b\">", true),
            ("<a\n\nhref=\"b\">", false),
            ("<a\r\nhref=\"b\">", true),
            ("<a\r\n\r\nhref=\"b\">", false),
            ("{{ a }} \"b\" {{ c }}", false),
            ("[a](b), \"c\" (d)", false),
            ("{{ \"a\"\n}}", false),
        ] {
            assert_eq!(is_code(text, '"'), [expected, expected], "{text}");
        }
    }
}
