//! Markup in a text: what programs read and people do not.

use std::ops::Range;

/// Where the front matter of a Markdown file ends, its last fence included; 0 if there is none. YAML stands between `---` and
/// `---` or `...`, TOML between `+++`. Exporters put it on one line with the text.
pub(super) fn front_matter(text: &str) -> usize {
    if text.starts_with("--- ") {
        let line = text.lines().next().unwrap_or_default().trim_end();
        let last = line.strip_suffix(" ---").map(str::len).filter(|last| *last > 3);
        let close = line[3..].find(" --- ").map(|end| 3 + end).or(last);
        return close.filter(|end| line[..*end].contains(": ")).map_or(0, |end| end + 1);
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

/// Fenced code, scripts and styles, formulas of TeX (`\\(…\\)`, `\\[…\\]`, `$$…$$`, `$x^2$`), HTML tags, placeholders and commands of templates (`{{ … }}`, `{% … %}`), the targets of Markdown links (`](…)`) and front matter, sorted and
/// disjoint: marks there are code. Takes time in proportion to the text.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let front = front_matter(text);
    let mut found: Vec<Range<usize>> = (front > 0).then_some(0..front).into_iter().collect();
    let mut fenced = fenced(text, front).peekable();
    let (mut placeholders, mut targets, mut commands) = (Closed::by(b'}'), Closed::by(b')'), Commands::default());
    for at in memchr::memchr3_iter(b'<', b'{', b']', bytes) {
        while let Some(block) = fenced.next_if(|block| block.start < at) {
            add(&mut found, block);
        }
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'<', Some(next)) if next.is_ascii_alphabetic() || *next == b'/' => tag_end(bytes, at, &mut placeholders),
            (b'{', Some(b'{')) => placeholders.end(bytes, at),
            (b'{', Some(b'%')) => commands.end(bytes, at),
            (b']', Some(b'(')) => targets.end(bytes, at),
            _ => None,
        };
        found.extend(end.map(|end| at..end));
    }
    fenced.for_each(|block| add(&mut found, block));
    let more: Vec<Range<usize>> = formulas(text).into_iter().chain(scripts(text)).collect();
    if more.is_empty() {
        return found;
    }
    found.extend(more);
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Formulas of TeX.
fn formulas(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (open, close) in [("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$")] {
        let mut at = 0;
        while let Some(start) = text[at..].find(open).map(|start| at + start) {
            let Some(end) = text[start + 2..].find(close).map(|end| start + 2 + end + 2) else { break };
            // A paragraph ends no formula that was begun by chance.
            let is_one = !text[start..end].contains("\n\n");
            at = if is_one { end } else { start + 2 };
            found.extend(is_one.then_some(start..end));
        }
    }
    let mut dollars = memchr::memchr_iter(b'$', text.as_bytes()).peekable();
    while let (Some(start), Some(end)) = (dollars.next(), dollars.peek().copied()) {
        let inner = &text[start + 1..end];
        let is_formula = inner.contains(['\\', '^', '_']) && !inner.contains('\n') && inner.trim() == inner;
        if is_formula {
            found.push(start..end + 1);
            dollars.next();
        }
    }
    found
}

/// What stands between the tags of scripts and styles.
fn scripts(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (open, close) in [("<script", "</script"), ("<style", "</style")] {
        let mut at = 0;
        while let Some(start) = text[at..].find(open).map(|start| at + start) {
            let Some(end) = text[start..].find(close).map(|end| start + end) else { break };
            found.push(start..end);
            at = end + close.len();
        }
    }
    found
}

/// Adds what does not begin in the last one.
fn add(found: &mut Vec<Range<usize>>, range: Range<usize>) {
    if found.last().is_none_or(|last| last.end <= range.start) {
        found.push(range);
    }
}

/// Code between two lines that begin with three backticks, from the byte `from` on.
fn fenced(text: &str, from: usize) -> impl Iterator<Item = Range<usize>> {
    let starts_line = move |at: &usize| text[from..*at].bytes().rev().find(|byte| *byte != b' ').is_none_or(|byte| byte == b'\n');
    let mut fences = memchr::memmem::find_iter(&text.as_bytes()[from..], b"```").map(move |at| from + at).filter(starts_line);
    std::iter::from_fn(move || Some(fences.next()?..fences.next()? + 3))
}

/// Markup that ends with a character in its own line.
struct Closed {
    by: u8,
    /// Where it ends next, or cannot go on: known until that place is passed.
    end: usize,
}

impl Closed {
    fn by(by: u8) -> Self {
        Self { by, end: 0 }
    }

    /// Where what begins at `at` ends.
    fn end(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.end <= at {
            let found = memchr::memchr2(self.by, b'\n', &bytes[at..]);
            self.end = found.map_or(bytes.len(), |found| at + found);
        }
        (bytes.get(self.end) == Some(&self.by)).then_some(self.end)
    }
}

/// Commands of templates, which end with `%}` in their own paragraph.
#[derive(Default)]
struct Commands {
    /// Where one may end next, and where a blank line stands: known until that place is passed.
    close: usize,
    blank_line: usize,
}

impl Commands {
    /// Where what begins at `at` ends.
    fn end(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let next = |mark: &[u8]| memchr::memmem::find(&bytes[at..], mark).map_or(bytes.len(), |found| at + found);
        if self.close <= at {
            self.close = next(b"%}");
        }
        if self.blank_line <= at {
            self.blank_line = next(b"\n\n").min(next(b"\n\r\n"));
        }
        (self.close < self.blank_line).then_some(self.close)
    }
}

/// Where the tag that begins at `at` ends: at the next `>` that is not a placeholder's, unless another tag or a blank line comes first.
fn tag_end(bytes: &[u8], at: usize, placeholders: &mut Closed) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let next = from + bytes[from..].iter().position(|byte| matches!(byte, b'<' | b'>' | b'{' | b'\n'))?;
        from = next + 1;
        match (bytes[next], &bytes[next + 1..]) {
            (b'>', _) => return Some(next),
            (b'<', _) | (b'\n', [b'\n', ..] | [b'\r', b'\n', ..]) => return None,
            (b'{', [b'{', ..]) => from = placeholders.end(bytes, next).unwrap_or(from),
            _ => {}
        }
    }
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
        assert_eq!(front_matter("--- title: \"A\" ---"), 15, "nothing need follow");
        assert_eq!(front_matter("--- title: \"A\" ---\nB"), 15);
        assert_eq!(is_code("<a href=\"{{< ref \"b\" >}}\" title=\"c\"> \"d\"", '"'), [true, true, true, true, true, true, false, false]);
        for (text, expected) in [
            ("a\n```json\n{\"x\": 1}\n```\nb", true),
            ("```\n\"x\" <a>\n\n  ```", true),
            ("```\na\n```\n\"x\"", false),
            ("```\n\"x\" and no end", false),
            ("in a line ``` \"x\"\n```", false),
            ("a {{< ref \"x\" >}} b", true),
            ("[a](/b \"c\")", true),
            ("<a\nhref=\"b\">", true),
            ("<a\n\nhref=\"b\">", false),
            ("<a href={{< ref \"b.md\" >}}>", true),
            ("<a\r\nhref=\"b\">", true),
            ("<a\r\n\r\nhref=\"b\">", false),
            ("{{ a }} \"b\" {{ c }}", false),
            ("[a](b), \"c\" (d)", false),
            ("{{ \"a\"\n}}", false),
            ("a {% image \"x\" %} b", true),
            ("{% image\n  alt: \"x\" %}", true),
            ("{% image\n\nsaid \"x\" %}", false),
            ("{% a %} said \"x\" {% b %}", false),
            ("<script>\n  f(\"x\");\n</script>", true),
            ("so \\(a = \"x\"\\) is", true),
            ("so \\[ a\n = \"x\" \\] is", true),
            ("so \\( a\n\n = \"x\" \\) is", false),
            ("so $$\\mu \"x\"^2 = 1$$ is", true),
            ("so $a_\"x\"$ is", true),
            ("from $5 to \"x\" or $6", false),
        ] {
            assert_eq!(is_code(text, '"'), [expected, expected], "{text}");
        }
    }
}
