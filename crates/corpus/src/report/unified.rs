//! A unified diff, written from the edits themselves and never found by comparing.

use std::fmt::Write;
use std::ops::Range;

/// Lines that stay, before and after each change.
const CONTEXT: usize = 3;

/// A piece of the source and what stands there afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement<'t> {
    /// In bytes of the source.
    pub at: Range<usize>,
    /// Empty for a deletion.
    pub with: &'t str,
}

/// The unified diff from `source` to what the edits make of it; empty if that is the same text.
///
/// `patch --binary -R` on the new text gives `source` back byte for byte. Only a line feed ends a
/// line. `name` stands in both headers, in quotes as in C if it holds a blank or a control.
///
/// # Panics
/// When the edits are not sorted and disjoint, or cut a code point in two.
pub fn unified(name: &str, source: &str, edits: &[Replacement<'_>]) -> String {
    if cancel_out(source, edits) {
        return String::new();
    }
    let lines = Lines::new(source);
    let (blocks, new_text) = blocks(&lines, edits);
    // Both sides of what differs are told, and a little more.
    let mut out = String::with_capacity(2 * new_text.len());
    let mut added = 0;
    let mut removed = 0;
    for hunk in blocks.chunk_by(|a, b| b.old.start - a.old.end <= 2 * CONTEXT) {
        if out.is_empty() {
            out = format!("--- {}\n+++ {}\n", quoted("a/", name), quoted("b/", name));
        }
        let (first, last) = (&hunk[0], &hunk[hunk.len() - 1]);
        let old = first.old.start.saturating_sub(CONTEXT)..(last.old.end + CONTEXT).min(lines.count());
        let plus: usize = hunk.iter().map(|block| block.new_lines).sum();
        let minus: usize = hunk.iter().map(|block| block.old.len()).sum();
        let new_start = old.start + added - removed;
        let new = new_start..new_start + old.len() + plus - minus;
        (added, removed) = (added + plus, removed + minus);
        writeln!(out, "@@ -{} +{} @@", range(&old), range(&new)).expect("a string takes all that is written to it");
        let mut at = old.start;
        for block in hunk {
            lines.push(&mut out, ' ', at..block.old.start);
            lines.push(&mut out, '-', block.old.clone());
            new_text[block.new.clone()].split_inclusive('\n').for_each(|line| push_line(&mut out, '+', line));
            at = block.old.end;
        }
        lines.push(&mut out, ' ', at..old.end);
    }
    out
}

/// Whether what one edit takes out another puts back, so that the text stays as it is.
fn cancel_out(source: &str, edits: &[Replacement<'_>]) -> bool {
    let removed: usize = edits.iter().map(|edit| edit.at.len()).sum();
    let added: usize = edits.iter().map(|edit| edit.with.len()).sum();
    if removed != added {
        return false;
    }
    let mut new = String::with_capacity(source.len());
    let mut at = 0;
    for edit in edits {
        new.push_str(&source[at..edit.at.start]);
        new.push_str(edit.with);
        at = edit.at.end;
    }
    new.push_str(&source[at..]);
    new == source
}

/// Whole lines, and the whole lines that replace them.
struct Block {
    /// Lines of the source, counted from 0.
    old: Range<usize>,
    /// What stands there afterwards, in bytes of the text of all blocks.
    new: Range<usize>,
    new_lines: usize,
}

/// The lines of a text, each with its line feed. The last may lack it.
struct Lines<'t> {
    text: &'t str,
    /// Where each line starts, and the end of the text.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        if starts.last() != Some(&text.len()) {
            starts.push(text.len());
        }
        Self { text, starts }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn line(&self, number: usize) -> &'t str {
        &self.text[self.starts[number]..self.starts[number + 1]]
    }

    /// The number of the line that starts at `at` or holds it, which is `from` or a later one.
    fn number(&self, from: usize, at: usize) -> usize {
        from + self.starts[from + 1..].iter().take_while(|start| **start <= at).count()
    }

    /// The line that an edit at `at` opens. Behind a last line without line feed it is that line.
    fn opened(&self, from: usize, at: usize) -> usize {
        let number = self.number(from, at);
        if number == self.count() && !self.is_border(at) { number - 1 } else { number }
    }

    /// Whether `at` lies between two lines. The end of a line without line feed does not.
    fn is_border(&self, at: usize) -> bool {
        at == 0 || self.text.as_bytes()[at - 1] == b'\n'
    }

    fn push(&self, out: &mut String, sign: char, lines: Range<usize>) {
        for line in lines {
            push_line(out, sign, self.line(line));
        }
    }
}

fn push_line(out: &mut String, sign: char, line: &str) {
    out.push(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

/// The lines that the edits touch, and the text of what stands there afterwards. An edit that leaves half a line
/// takes the line's rest with it.
fn blocks(lines: &Lines<'_>, edits: &[Replacement<'_>]) -> (Vec<Block>, String) {
    let text = lines.text;
    let mut edits = edits.iter().peekable();
    let (mut blocks, mut new) = (Vec::new(), String::new());
    let mut line = 0;
    while let Some(edit) = edits.next() {
        let (first, new_start) = (lines.opened(line, edit.at.start), new.len());
        line = first;
        new.push_str(&text[lines.starts[first]..edit.at.start]);
        new.push_str(edit.with);
        let mut at = edit.at.end;
        loop {
            line = lines.number(line, at);
            if lines.is_border(at) && (new.len() == new_start || new.ends_with('\n')) {
                break;
            }
            let end = lines.starts.get(line + 1).copied().unwrap_or(text.len());
            let Some(next) = edits.next_if(|next| next.at.start < end || at == text.len() || !lines.is_border(end)) else {
                new.push_str(&text[at..end]);
                at = end;
                break;
            };
            new.push_str(&text[at..next.at.start]);
            new.push_str(next.with);
            at = next.at.end;
        }
        // A block ends where a line does.
        line = lines.number(line, at);
        blocks.extend(trimmed(lines, first..line, &new, new_start));
    }
    (blocks, new)
}

/// The block of these lines and of `new` from the byte `start` on, without the lines at its ends that stay as they are.
fn trimmed(lines: &Lines<'_>, mut old: Range<usize>, new: &str, start: usize) -> Option<Block> {
    let mut kept = start..new.len();
    while let Some(line) = old.clone().next().map(|number| lines.line(number)) {
        let Some(rest) = new[kept.clone()].strip_prefix(line).filter(|rest| rest.is_empty() || line.ends_with('\n')) else { break };
        (old.start, kept.start) = (old.start + 1, kept.end - rest.len());
    }
    while let Some(line) = old.clone().next_back().map(|number| lines.line(number)) {
        let Some(rest) = new[kept.clone()].strip_suffix(line).filter(|rest| rest.is_empty() || rest.ends_with('\n')) else { break };
        (old.end, kept.end) = (old.end - 1, kept.start + rest.len());
    }
    let new_lines = new[kept.clone()].split_inclusive('\n').count();
    (!old.is_empty() || new_lines > 0).then_some(Block { old, new: kept, new_lines })
}

/// Start and length as hunk headers have them: counted from 1; an empty range is named by the line before it.
fn range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        length => format!("{},{length}", lines.start + 1),
    }
}

/// A file name for a header: as it is, or in quotes with C escapes, as GNU patch and git read it.
fn quoted(side: &str, name: &str) -> String {
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '"' | '\\');
    if name.chars().all(plain) {
        return format!("{side}{name}");
    }
    let mut out = format!("\"{side}");
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    write!(out, "\\{byte:03o}").expect("a string takes all that is written to it");
                }
            }
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apply(source: &str, edits: &[Replacement<'_>]) -> String {
        let mut out = String::new();
        let mut at = 0;
        for edit in edits {
            out += &source[at..edit.at.start];
            out += edit.with;
            at = edit.at.end;
        }
        out + &source[at..]
    }

    /// Edits from places (in thousandths of the text) and new texts.
    fn edits<'t>(source: &str, wanted: &'t [(usize, usize, String)]) -> Vec<Replacement<'t>> {
        let mut out: Vec<Replacement<'t>> = Vec::new();
        for (gap, length, with) in wanted {
            let from = out.last().map_or(0, |edit| edit.at.end);
            let border = |mut at: usize| {
                at = at.min(source.len());
                while !source.is_char_boundary(at) {
                    at += 1;
                }
                at
            };
            let start = border(from + gap);
            out.push(Replacement { at: start..border(start + length), with });
        }
        out
    }

    fn text() -> impl Strategy<Value = String> {
        let pieces = [
            "a",
            "b",
            "\n",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "é",
            "\u{85}",
            "\u{2028}",
            "\u{1}",
            "-",
            "+",
            "--- x\n",
            "@@ -1 +1 @@\n",
            " ",
            "\\ No",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
    }

    fn wanted() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
        let with = prop::sample::select(["", "", "x", "\n", "x\n", "\nx", "x\ny\n", "\r\n"].to_vec()).prop_map(String::from);
        prop::collection::vec((0..30_usize, 0..6_usize, with), 0..6)
    }

    /// Takes a diff back, line by line, checking all that a header and a context line claim.
    fn reverse(diff: &str, new: &str) -> String {
        let new: Vec<&str> = new.split_inclusive('\n').collect();
        let mut out = String::new();
        let (mut at, mut old_at) = (0, 0);
        let mut rest = diff.split_inclusive('\n').skip(2).peekable();
        while let Some(header) = rest.next() {
            let numbers: Vec<usize> = header
                .trim_matches(|c: char| !c.is_ascii_digit())
                .split(" +")
                .flat_map(|side| match side.split_once(',') {
                    Some((start, length)) => [start.parse().unwrap_or(0), length.parse().unwrap_or(0)],
                    None => [side.parse().unwrap_or(0), 1],
                })
                .collect();
            let [old_start, old_length, new_start, new_length] = numbers[..] else { panic!("{header:?}") };
            let first = if new_length == 0 { new_start } else { new_start - 1 };
            out.extend(new[at..first].iter().copied());
            old_at += first - at;
            at = first;
            assert_eq!(old_at, if old_length == 0 { old_start } else { old_start - 1 }, "{header}");
            let (old_end, new_end) = (old_at + old_length, at + new_length);
            while old_at < old_end || at < new_end {
                let line = rest.next().expect("a hunk is as long as its header says");
                let bare = rest.next_if(|next| next.starts_with("\\ No newline")).is_some();
                let content = if bare { line[1..].strip_suffix('\n').expect("a line of a diff ends") } else { &line[1..] };
                match &line[..1] {
                    " " => {
                        assert_eq!(content, new[at]);
                        out += content;
                        at += 1;
                        old_at += 1;
                    }
                    "-" => {
                        out += content;
                        old_at += 1;
                    }
                    "+" => {
                        assert_eq!(content, new[at]);
                        at += 1;
                    }
                    sign => panic!("{sign:?} is no sign"),
                }
            }
        }
        out.extend(new[at..].iter().copied());
        out
    }

    #[cfg(target_os = "linux")]
    fn gnu_patch_takes_back(diff: &str, new: &str) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("new"), new).expect("written");
        std::fs::write(path("diff"), diff).expect("written");
        let run = std::process::Command::new("patch")
            .args(["--binary", "--batch", "--fuzz=0", "-R", "-o"])
            .args([path("old"), path("new"), path("diff")])
            .output()
            .expect("GNU patch is installed");
        assert!(run.status.success(), "{}{}\n{diff}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert!(!String::from_utf8_lossy(&run.stdout).contains("offset"), "{diff}");
        std::fs::read_to_string(path("old")).unwrap_or_default()
    }

    fn replace(at: Range<usize>, with: &str) -> Replacement<'_> {
        Replacement { at, with }
    }

    #[test]
    fn a_change_in_the_middle_of_a_file() {
        let source = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
        let diff = unified("a.txt", source, &[replace(8..12, "5")]);
        assert_eq!(diff, "--- a/a.txt\n+++ b/a.txt\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-five\n+5\n 6\n 7\n 8\n");
    }

    #[test]
    fn no_difference_is_no_diff() {
        assert_eq!(unified("a", "x\n", &[]), "");
        assert_eq!(unified("a", "x\n", &[replace(0..1, "x")]), "");
    }

    #[test]
    fn changes_six_lines_apart_share_a_hunk_and_seven_do_not() {
        let hunks = |lines: usize| {
            let source = format!("x\n{}x\n", "-\n".repeat(lines));
            let diff = unified("a", &source, &[replace(0..1, "y"), replace(source.len() - 2..source.len() - 1, "y")]);
            diff.matches("@@ -").count()
        };
        assert_eq!([hunks(0), hunks(6), hunks(7)], [1, 1, 2]);
    }

    #[test]
    fn an_end_without_line_feed_is_said() {
        assert_eq!(unified("a", "x", &[replace(1..1, "\n")]), "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
        assert_eq!(unified("a", "x\n", &[replace(0..2, "")]), "--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n-x\n");
        assert_eq!(unified("a", "", &[replace(0..0, "x\n")]), "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n");
    }

    #[test]
    fn odd_names_are_quoted() {
        assert_eq!(quoted("a/", "news/Türk.txt"), "a/news/Türk.txt");
        assert_eq!(quoted("a/", "a b\t\"c\"\n\\\u{1}\u{85}"), r#""a/a b\t\"c\"\n\\\001\302\205""#);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn gnu_patch_finds_the_file_by_its_odd_name() {
        for name in ["plain", "a b", "a\tb", "a\nb", "a\"b", "a\\b", "Türk\u{1}", "a\rb ", "\u{A0}x"] {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let file = folder.path().join(name);
            std::fs::write(&file, "new\n").expect("written");
            std::fs::write(folder.path().join("diff"), unified(name, "old\n", &[replace(0..3, "new")])).expect("written");
            let run = std::process::Command::new("patch")
                .args(["--binary", "--batch", "-R", "-p1", "-i", "diff"])
                .current_dir(folder.path())
                .output()
                .expect("GNU patch is installed");
            assert!(run.status.success(), "{name:?}: {}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
            assert_eq!(std::fs::read_to_string(&file).expect("still there"), "old\n", "{name:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn gnu_patch_takes_hard_texts_back() {
        let cases = [
            ("a\r\nb\r\n", replace(0..1, "x")),
            ("a\r\nb\r\n", replace(1..2, "")),
            ("a", replace(0..1, "b")),
            ("a", replace(1..1, "\n")),
            ("a\n", replace(1..2, "")),
            ("", replace(0..0, "x")),
            ("x", replace(0..1, "")),
            ("x\n", replace(0..2, "")),
            ("a\u{2028}b\u{85}c\rd\n", replace(0..1, "z")),
            ("\u{1}\u{1B}[31m\u{7F}\n", replace(0..1, "")),
            ("--- a\n+++ b\n@@ -1 +1 @@\n", replace(0..3, "+++")),
            ("\u{FEFF} F-N-S-T-A-R-T. body", replace(0..20, "")),
        ];
        for (source, edit) in cases {
            let new = apply(source, std::slice::from_ref(&edit));
            let diff = unified("a", source, &[edit]);
            assert_eq!(gnu_patch_takes_back(&diff, &new), source, "{diff}");
        }
    }

    #[test]
    fn edits_that_cancel_out_are_no_difference() {
        let edits = [Replacement { at: 0..1, with: "" }, Replacement { at: 1..1, with: "\n" }];
        assert_eq!(unified("a", "\n", &edits), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn taking_the_diff_back_gives_the_source(source in text(), wanted in wanted()) {
            let edits = edits(&source, &wanted);
            let new = apply(&source, &edits);
            let diff = unified("a", &source, &edits);
            prop_assert_eq!(diff.is_empty(), new == source, "{}", diff);
            prop_assert_eq!(reverse(&diff, &new), source, "{}", diff);
        }
    }

    #[cfg(target_os = "linux")]
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn gnu_patch_gives_the_source_back(source in text(), wanted in wanted()) {
            let edits = edits(&source, &wanted);
            let new = apply(&source, &edits);
            let diff = unified("a", &source, &edits);
            if !diff.is_empty() {
                prop_assert_eq!(gnu_patch_takes_back(&diff, &new), source, "{}", diff);
            }
        }
    }
}
