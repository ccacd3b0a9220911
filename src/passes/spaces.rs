//! White space: runs between words, line ends, blanks at line ends, blank lines, the end of the text.
//!
//! Typists put two spaces after a full stop, HTML leaves no-break spaces beside plain ones, editors
//! leave blanks where nobody sees them, and systems disagree on what ends a line.
//!
//! What it leaves alone:
//! - blanks at the start of a line and after the mark of a quoted line or list item, and every run in
//!   a line that has two of them there, or a tab: code, verse, hanging lists;
//! - lines with a tab, `|` or `│`: tables; lines without a letter or digit: drawings;
//! - lines whose runs end where the runs of the line above or below end, or stand before numbers that end where its
//!   words end: columns. A line is left
//!   whole or cleaned whole, or cleaning one run would move the next out of its column;
//! - lines with a gap of five blanks or more, and short lines side by side that each have one of three or more: verse in
//!   half lines, title pages, lists of contents;
//! - single white space of any kind: a no-break space in `p. 12` was meant; runs with
//!   ideographic spaces: they lay out Chinese and Japanese text;
//! - page breaks (FF) and vertical tabs, which it treats like a letter;
//! - blank lines before the first text; a text of nothing but white space;
//! - paragraphs: a blank line stays one, a line end stays one.
//!
//! Example: `end.  Next␠␠↵↵↵↵Then` becomes `end. Next↵↵Then↵`.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::ops::Range;

use memchr::memmem::Finder;

use super::pattern::{Patterns, Trim};
use super::{Contract, Extent, Overrun, Pass, PassName, PassRules, PassSpec, View, built_in};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::{Marked, line};

/// The behaviours that a rule can stand for.
const BUILT_INS: &[&str] = &["run-of-spaces", "trailing-blanks", "line-ends", "blank-lines", FINAL_NEWLINE];

/// Those among them that are about the edges of a text: their examples are whole texts.
const WHOLE_TEXT: &[&str] = &[FINAL_NEWLINE];

const FINAL_NEWLINE: &str = "final-newline";

const CONTRACT: Contract = Contract { says: "white space between two words, at line ends and at the end of the text", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec {
    built_ins: BUILT_INS,
    edge_built_ins: WHOLE_TEXT,
    leaves_columns: true,
    ..PassSpec::new("spaces", CONTRACT, |rules, _| Box::new(Spaces::new(rules)))
};

impl PassName {
    /// White space.
    pub const SPACES: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Spaces {
    runs: Option<RuleNumber>,
    trailing: Option<RuleNumber>,
    line_ends: Option<RuleNumber>,
    blank_lines: Option<RuleNumber>,
    final_newline: Option<RuleNumber>,
    patterns: Patterns,
    /// Finds two spaces in a row.
    doubled: Finder<'static>,
}

impl Spaces {
    /// The pass with these rules.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self {
            runs: built_in(rules, "run-of-spaces"),
            trailing: built_in(rules, "trailing-blanks"),
            line_ends: built_in(rules, "line-ends"),
            blank_lines: built_in(rules, "blank-lines"),
            final_newline: built_in(rules, FINAL_NEWLINE),
            patterns: Patterns::new(rules),
            doubled: Finder::new("  "),
        }
    }

    /// Whether there are two spaces in a row, or white space other than spaces, LF and CR.
    fn may_have_runs(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        self.doubled.find(bytes).is_some() || memchr::memchr(b'\t', bytes).is_some() || has_wide_space(text)
    }

    fn has_runs(&self, page: Page<'_>, line: &Line) -> bool {
        self.may_have_runs(&page.text[line.content.clone()]) && runs(page, line).next().is_some()
    }
}

impl Pass for Spaces {
    fn name(&self) -> PassName {
        PassName::SPACES
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let may_have_runs = self.may_have_runs(view.text);
        if may_have_work(view, may_have_runs) {
            Scan::new(self, view, may_have_runs, edits).run();
        }
        self.patterns.propose(view, Trim::Characters, edits)
    }
}

/// White space for white space, that parts what it parted: words stay apart, lines stay lines.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    if !found.chars().chain(edit.with.chars()).all(char::is_whitespace) {
        return false;
    }
    let (before, after) = (&text[..edit.at.start], &text[edit.at.end..]);
    let starts_line = before.trim_end_matches(line::is_blank);
    let starts_line = starts_line.is_empty() || starts_line.ends_with(line::is_end);
    let ends_line = after.is_empty() || after.starts_with(line::is_end);
    if !edit.with.is_empty() {
        let ends_text = after.is_empty();
        return ends_text || found.contains(line::is_end) == edit.with.contains(line::is_end) && !found.is_empty();
    }
    let whole_lines = found.ends_with(line::is_end) && (before.is_empty() || before.ends_with(line::is_end));
    ends_line || whole_lines || (!starts_line && (before.ends_with(line::is_blank) || after.starts_with(line::is_blank)))
}

/// Whether there is anything to look at: what may be a run of blanks, blanks at a line end, two blank lines, a line end
/// other than a line feed, or a text that does not end as it should.
///
/// Nearly no text has any, and a walk through all lines takes ten times as long as these searches.
fn may_have_work(view: &View<'_>, may_have_runs: bool) -> bool {
    let bytes = view.text.as_bytes();
    let finds = |wanted: &[u8]| memchr::memmem::find(bytes, wanted).is_some();
    may_have_runs
        || finds(b" \n")
        || finds(b"\n\n\n")
        || memchr::memchr(b'\r', bytes).is_some()
        || view.extent == Extent::Whole && (!bytes.ends_with(b"\n") || bytes.ends_with(b"\n\n"))
}

/// Whether there is white space that is not ASCII.
fn has_wide_space(text: &str) -> bool {
    // The first bytes of all but U+1680: U+0085 and U+00A0, U+2000 to U+205F, U+3000.
    let mut firsts = memchr::memchr3_iter(0xC2, 0xE2, 0xE3, text.as_bytes());
    firsts.any(|at| text[at..].starts_with(char::is_whitespace)) || text.contains('\u{1680}')
}

/// A text, and how it is marked up. Blanks in its code hold nothing outside of it in place.
#[derive(Clone, Copy)]
struct Page<'t> {
    text: &'t str,
    markup: Option<&'t Marked<'t>>,
}

/// A line, in bytes of the text.
#[derive(Clone, Debug)]
struct Line {
    start: usize,
    /// The part between the blanks at its two ends; empty, at `end`, in a blank line.
    content: Range<usize>,
    /// Where the line end begins.
    end: usize,
    /// Where the next line starts; equal to `end` if the text ends without a line end.
    next: usize,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.content.is_empty()
    }
}

/// Two or more blanks between two words.
#[derive(Clone, Debug)]
struct Run {
    at: Range<usize>,
    /// The column in which the next word starts, in code points.
    column: usize,
}

fn lines(text: &str) -> impl Iterator<Item = Line> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at == text.len() {
            return None;
        }
        let start = at;
        let end = line::end_of(text, start);
        at = line::after_end(text, end);
        let line = &text[start..end];
        let content_end = start + line.trim_end_matches(line::is_blank).len();
        let content_start = end - line.trim_start_matches(line::is_blank).len();
        let content = content_start..content_end.max(content_start);
        Some(Line { start, content, end, next: at })
    })
}

/// The runs in a line, found anew each time that they are asked for: few lines have any.
fn runs<'t>(page: Page<'t>, line: &Line) -> impl Iterator<Item = Run> + Clone + use<'t> {
    let content = line.content.clone();
    let first_column = page.text[line.start..content.start].chars().count();
    let mut chars = (first_column..).zip(page.text[content.clone()].char_indices());
    let (mut first_blank, mut blanks) = (content.start, 0);
    let runs = std::iter::from_fn(move || {
        for (column, (at, c)) in chars.by_ref() {
            let at = content.start + at;
            if line::is_blank(c) {
                first_blank = if blanks == 0 { at } else { first_blank };
                blanks += 1;
            } else if std::mem::take(&mut blanks) > 1 {
                return Some(Run { at: first_blank..at, column });
            }
        }
        None
    });
    runs.filter(move |run| !page.markup.is_some_and(|markup| markup.is_fixed(&run.at)))
}

/// Whether two neighbouring lines hold each other in place: at least half of the runs of each end where a run of the other
/// does, or stand before a number that ends where a word of the other does.
///
/// Symmetric, so that of two such lines neither can go without the other.
fn aligned(page: Page<'_>, a: &Line, b: &Line) -> bool {
    let all = usize::max(runs(page, a).count(), runs(page, b).count());
    let starts = shared(runs(page, a).map(|run| (run.column, true)), runs(page, b).map(|run| (run.column, true)));
    let is_enough = |shared: usize| shared > 0 && shared * 2 >= all;
    is_enough(starts)
        || is_enough(starts + shared(ends(page, a), ends(page, b)))
        || stand_above_each_other(page, a, b)
        || is_spread(page, a) && is_spread(page, b)
}

/// So many blanks in a row are no slip: a page was laid out with them.
const WIDE: usize = 5;

/// Whether a line of verse, a title or a row has a gap that is made on purpose: one such line alone may be a slip, and
/// between two sentences typists leave any number of blanks.
fn is_spread(page: Page<'_>, line: &Line) -> bool {
    const LONGEST: usize = 90;
    let content = &page.text[line.content.clone()];
    content.len() < 4 * LONGEST
        && content.chars().count() < LONGEST
        && runs(page, line)
            .any(|run| page.text[run.at.clone()].chars().count() > 2 && !page.text[..run.at.start].ends_with(['.', '!', '?', ':']))
}

/// Whether two lines have the same number of words or groups of words after wide runs, each above one of the other: columns
/// that are centred, such as under their heads. Sentences that two blanks part may stand so by chance.
fn stand_above_each_other(page: Page<'_>, a: &Line, b: &Line) -> bool {
    let is_wide = |line: &Line| runs(page, line).any(|run| page.text[run.at].chars().count() > 2);
    let (left, right) = (groups(page, a), groups(page, b));
    let count = left.clone().count();
    count > 1
        && count == right.clone().count()
        && is_wide(a)
        && is_wide(b)
        && left.zip(right).all(|(a, b)| a.start < b.end && b.start < a.end)
}

/// The columns that what stands between two runs takes up, or a run and the line end.
fn groups<'t>(page: Page<'t>, line: &Line) -> impl Iterator<Item = Range<usize>> + Clone + use<'t> {
    let ends = runs(page, line).map(|run| run.at.start).skip(1).chain(std::iter::once(line.content.end));
    runs(page, line).zip(ends).map(move |(run, end)| run.column..run.column + page.text[run.at.end..end].chars().count())
}

/// How many columns two sorted rows of them share, and one of the two says that it tells something.
fn shared(a: impl Iterator<Item = (usize, bool)>, b: impl Iterator<Item = (usize, bool)>) -> usize {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    let mut shared = 0;
    while let (Some((left, tells)), Some((right, tells_too))) = (a.peek(), b.peek()) {
        let order = left.cmp(right);
        shared += usize::from(order == Ordering::Equal && (*tells || *tells_too));
        if order.is_le() {
            a.next();
        }
        if order.is_ge() {
            b.next();
        }
    }
    shared
}

/// Where words end that stand alone between two runs, or a run and the line end; and whether each is a number. Numbers line up at
/// their ends.
fn ends<'t>(page: Page<'t>, line: &Line) -> impl Iterator<Item = (usize, bool)> + use<'t> {
    let end = line.content.end;
    runs(page, line).filter_map(move |run| {
        let rest = &page.text[run.at.end..end];
        let word = rest.split(line::is_blank).next().unwrap_or_default();
        let is_alone = word.len() == rest.len() || rest[word.len()..].chars().take(2).filter(|c| line::is_blank(*c)).count() == 2;
        is_alone.then(|| (run.column + word.chars().count(), word.contains(|c: char| c.is_ascii_digit())))
    })
}

/// Whether the layout of a line speaks for itself: indented, a row of a table, or without any word: part of a drawing.
fn is_laid_out(text: &str, line: &Line) -> bool {
    let content = &text[line.content.clone()];
    let indent = &text[line.start..line.content.start + marker(content)];
    let is_indented =
        indent.contains('\t') || indent.chars().zip(indent.chars().skip(1)).any(|(a, b)| line::is_blank(a) && line::is_blank(b));
    is_indented || content.contains(['\t', '|', '│']) || !content.contains(char::is_alphanumeric)
}

/// The length of the marks that stand before a quoted line or a list item (`>`, `-`, `*`, `+`, `•`,
/// `1.`, `1)`), and of the blanks after them: part of the indent.
fn marker(content: &str) -> usize {
    let after_quote = if content.starts_with('>') { content.trim_start_matches(|c| c == '>' || line::is_blank(c)) } else { content };
    let word = after_quote.find(line::is_blank).map_or("", |end| &after_quote[..end]);
    let number = word.strip_suffix(['.', ')']).unwrap_or_default();
    let is_item = matches!(word, "-" | "*" | "+" | "•") || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let rest = if is_item { after_quote[word.len()..].trim_start_matches(line::is_blank) } else { after_quote };
    content.len() - rest.len()
}

/// Whether a text has a heading `# …` or a link `](…)`, which only Markdown has.
fn has_marks_of_markdown(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"](").is_some()
        || memchr::memchr_iter(b'#', text.as_bytes()).any(|at| {
            let is_start = at == 0 || text[..at].ends_with(line::is_end);
            let title = text[at..].trim_start_matches('#').strip_prefix(' ');
            // The blank behind a mark alone goes, and a heading would be none any more.
            is_start && title.is_some_and(|title| title.trim_start_matches(' ').starts_with(char::is_alphanumeric))
        })
}

/// One walk through the lines of a text.
struct Scan<'r, 't, 'e> {
    pass: &'r Spaces,
    view: View<'t>,
    /// From the first character that is no white space of ours to the last.
    content: Range<usize>,
    /// Whether any line may have a run of blanks.
    may_have_runs: bool,
    edits: &'e mut Vec<Edit<'r>>,
    /// Whether the text looks like Markdown; known once somebody asked.
    is_markdown: OnceCell<bool>,
}

impl<'r, 't, 'e> Scan<'r, 't, 'e> {
    fn new(pass: &'r Spaces, view: &View<'t>, may_have_runs: bool, edits: &'e mut Vec<Edit<'r>>) -> Self {
        let is_space = |c| line::is_blank(c) || line::is_end(c);
        let end = view.text.trim_end_matches(is_space).len();
        let start = end - view.text[..end].trim_start_matches(is_space).len();
        Self { pass, view: *view, content: start..end, may_have_runs, edits, is_markdown: OnceCell::new() }
    }

    fn run(mut self) {
        if self.content.is_empty() {
            return;
        }
        let text = self.view.text;
        let mut lines = lines(text).peekable();
        let mut before: Option<Line> = None;
        // Where the lines start that go.
        let mut gone: Option<usize> = None;
        while let Some(line) = lines.next() {
            if self.goes(&line, before.as_ref()) {
                gone = gone.or(Some(line.start));
            } else {
                self.delete_lines(self.pass.blank_lines, gone.take(), line.start);
                self.runs(before.as_ref(), &line, lines.peek());
                self.line_end(before.as_ref(), &line, lines.peek());
            }
            before = Some(line);
        }
        self.delete_lines(self.pass.final_newline, gone, text.len());
        let ends = text[self.content.end..].contains(line::is_end);
        if let Some(rule) = self.pass.final_newline.filter(|_| self.view.extent == Extent::Whole && !ends) {
            self.edits.push(Edit::replace(rule, Span::point(text.len()), "\n"));
        }
    }

    /// Whether a line goes: all blank lines after the text, and all but the first between paragraphs.
    fn goes(&self, line: &Line, before: Option<&Line>) -> bool {
        let is_code = || self.view.markup.is_some_and(|markup| markup.is_fixed(&(line.start..line.next)));
        if !line.is_blank() || line.start < self.content.start || is_code() {
            return false;
        }
        if line.start >= self.content.end {
            return self.view.extent == Extent::Whole && self.pass.final_newline.is_some();
        }
        self.pass.blank_lines.is_some() && before.is_some_and(Line::is_blank)
    }

    fn delete_lines(&mut self, rule: Option<RuleNumber>, start: Option<usize>, end: usize) {
        if let (Some(rule), Some(start)) = (rule, start) {
            self.edits.push(Edit::replace(rule, Span::new(start, end), ""));
        }
    }

    /// Runs of blanks become one space.
    fn runs(&mut self, before: Option<&Line>, line: &Line, next: Option<&Line>) {
        let text = self.view.text;
        let page = Page { text, markup: self.view.markup };
        let Some(rule) = self.pass.runs.filter(|_| self.may_have_runs && self.pass.has_runs(page, line)) else { return };
        // A paragraph separator parts its lines as a blank line does, and becomes one.
        let adjoins = |line: &Line| self.ending(line) != "\u{2029}";
        let above = before.filter(|before| adjoins(before));
        let below = next.filter(|_| adjoins(line));
        let is_wide = runs(page, line).any(|run| text[run.at].chars().count() >= WIDE);
        if is_wide || is_laid_out(text, line) || [above, below].into_iter().flatten().any(|other| aligned(page, line, other)) {
            return;
        }
        for run in runs(page, line) {
            if !text[run.at.clone()].contains('\u{3000}') {
                self.edits.push(Edit::replace(rule, Span::new(run.at.start, run.at.end), " ").trimmed(text));
            }
        }
    }

    /// Blanks before a line end go; the line end becomes a line feed.
    fn line_end(&mut self, before: Option<&Line>, line: &Line, next: Option<&Line>) {
        let blanks = if line.is_blank() { line.start..line.end } else { line.content.end..line.end };
        // What ends a fragment may stand before more text. Without its blanks a blank line after CR
        // would begin with what ends it, and CR LF is one line end: see below.
        let is_end = line.next > line.end || self.view.extent == Extent::Whole;
        let after_return = line.is_blank() && before.is_some_and(|before| self.ending(before) == "\r");
        let is_break = || self.is_hard_break(line, next);
        if let Some(rule) = self.pass.trailing.filter(|_| is_end && !after_return && !blanks.is_empty() && !is_break()) {
            self.edits.push(Edit::replace(rule, Span::new(blanks.start, blanks.end), ""));
        }
        let ending = self.ending(line);
        let Some(rule) = self.pass.line_ends.filter(|_| !matches!(ending, "\n" | "")) else { return };
        // A paragraph separator parts paragraphs, unless a blank line already does.
        let parts = ending == "\u{2029}" && !line.is_blank() && next.is_some_and(|next| !next.is_blank());
        let with = if parts { "\n\n" } else { "\n" };
        // A lone CR takes the blanks of the blank line after it along.
        let blank = next.filter(|next| next.is_blank() && ending == "\r" && self.pass.trailing.is_some() && !self.goes(next, Some(line)));
        let end = blank.filter(|blank| blank.next > blank.end || self.view.extent == Extent::Whole).map_or(line.next, |blank| blank.end);
        self.edits.push(Edit::replace(rule, Span::new(line.end, end), with).trimmed(self.view.text));
    }

    /// Whether two spaces at the end of a line break it, as in Markdown: in a text that has headings or links of Markdown,
    /// whatever it is called.
    fn is_hard_break(&self, line: &Line, next: Option<&Line>) -> bool {
        let text = self.view.text;
        let is_break = !line.is_blank() && &text[line.content.end..line.end] == "  " && next.is_some_and(|next| !next.is_blank());
        is_break && *self.is_markdown.get_or_init(|| has_marks_of_markdown(text))
    }

    /// What ends a line; nothing at the end of the text.
    fn ending(&self, line: &Line) -> &'t str {
        &self.view.text[line.end..line.next]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::passes::proof;
    use crate::prose::paragraph::paragraphs;
    use crate::rules::{Find, Rule};

    fn shipped() -> Spaces {
        Spaces::new(&proof::numbered(&proof::shipped(PassName::SPACES)))
    }

    fn clean(text: &str) -> String {
        proof::run(&shipped(), text, Extent::Whole)
    }

    /// The number of a built-in's rule when all are given in the order of [`BUILT_INS`].
    fn edits(text: &str) -> Vec<(&'static str, usize, usize, String)> {
        let rules: Vec<_> = BUILT_INS
            .iter()
            .map(|name| Rule::new(PassName::SPACES, &format!("spaces/{name}"), Find::BuiltIn((*name).to_owned())))
            .collect();
        let edits = proof::edits(&Spaces::new(&proof::numbered(&rules)), text);
        edits.into_iter().map(|(rule, start, end, with)| (BUILT_INS[rule as usize], start, end, with)).collect()
    }

    #[test]
    fn the_shipped_rules_hold() {
        proof::prove(PassName::SPACES, Spaces::new, WHOLE_TEXT);
    }

    #[test]
    fn every_built_in_has_a_shipped_rule() {
        let rules = proof::shipped(PassName::SPACES);
        for name in BUILT_INS {
            assert!(built_in(&proof::numbered(&rules), name).is_some(), "{name}");
        }
    }

    #[test]
    fn each_rule_answers_for_its_own_part_of_a_line_end() {
        assert_eq!(
            edits("a \u{A0}b \r\n \r\n\r\n\n c  \n\n\n"),
            [
                ("run-of-spaces", 2, 4, String::new()),
                ("trailing-blanks", 5, 6, String::new()),
                ("line-ends", 6, 7, String::new()),
                ("trailing-blanks", 8, 9, String::new()),
                ("line-ends", 9, 10, String::new()),
                ("blank-lines", 11, 14, String::new()),
                ("trailing-blanks", 16, 18, String::new()),
                ("final-newline", 19, 21, String::new()),
            ]
        );
    }

    #[test]
    fn a_run_with_a_no_break_space_becomes_an_ordinary_space() {
        assert_eq!(clean("Brendan\u{A0} O’Connor,\u{A0} MP\n"), "Brendan O’Connor, MP\n");
        assert_eq!(clean("a\u{2003}\u{2009}\u{A0}b\n"), "a b\n");
        assert_eq!(
            clean("M.\u{A0}Dupont a\u{202F}b a\tb 東京\u{3000}大阪 東京\u{3000}\u{3000}大阪\n"),
            "M.\u{A0}Dupont a\u{202F}b a\tb 東京\u{3000}大阪 東京\u{3000}\u{3000}大阪\n"
        );
    }

    #[test]
    fn centred_columns_stay_under_their_heads() {
        for text in ["To           Mon    Tue\nHarbour     07:15  08:00\n", "a    bb    c\nx   dddd  ee\n"] {
            assert_eq!(clean(text), text);
        }
        assert_eq!(
            clean("He left.  So it ended.  No one\nthey came in.  We all went.  Nothing\n"),
            "He left. So it ended. No one\nthey came in. We all went. Nothing\n"
        );
        assert_eq!(
            clean("He left.   So it ended\ncame in.    We all\n"),
            "He left. So it ended\ncame in. We all\n",
            "one gap may be a slip"
        );
    }

    #[test]
    fn gaps_within_verse_stay() {
        for text in [
            "Hard was the harbour    where he held the oar,\nCold came the current    over keel and board.\n",
            "ألا كل شيء ما خلا الله باطل     وكل نعيم لا محالة زائل\n",
            "But when the morning broke again          5\nit rained.\n",
            "The Black Wolf             27\n\nThe Pact                   31\n",
            "G        C\nDown by the river\n",
            "床前明月光， \u{3000}疑是地上霜。\n",
        ] {
            assert_eq!(clean(text), text);
        }
        assert_eq!(clean("It    was so.\nHe left.   She stayed.\n"), "It was so.\nHe left. She stayed.\n");
    }

    #[test]
    fn columns_stay_and_prose_beside_them_does_not() {
        assert_eq!(clean("north   1  a\nsouth   2  b\n"), "north   1  a\nsouth   2  b\n");
        for numbers in [
            "Kyiv      3\nLviv     12\n",
            "Item    Price  Tax\nTea      1.50   7%\nCoffee  12.00  19%\n",
            "I. The End . . .   1\nII. No End . .   145\n",
        ] {
            assert_eq!(clean(numbers), numbers, "numbers line up at their ends");
        }
        assert_eq!(clean("He left.  So\nit ended.  No\n"), "He left. So\nit ended. No\n", "lines of one length are no column");
        assert_eq!(clean("Kyiv    3\nLviv  12\n"), "Kyiv 3\nLviv 12\n");
        assert_eq!(clean("north   1\nsouth   2\n\nend.  Next\n"), "north   1\nsouth   2\n\nend. Next\n");
        assert_eq!(
            clean("one.  Two.  Three.  Four.\nsix.  No.  Or so.  Yes.\n"),
            "one. Two. Three. Four.\nsix. No. Or so. Yes.\n",
            "one chance meeting in three"
        );
        assert_eq!(clean("north   1\u{2029}south   2\n"), "north 1\n\nsouth 2\n", "no column crosses a blank line");
    }

    #[test]
    fn tables_and_indented_blocks_stay() {
        for text in [
            "a  b | c\n",
            "| a   | b |\n",
            "a\t\tb  c\n",
            "  if x  then\n",
            "\tif x  then\n",
            ">   <li>  x\n",
            "1.  a  b\n",
            "> *  a\n",
            "\u{3000}\u{3000}中文  中文\n",
            "+---+  +---+\n/    \\\n*   *   *\n",
        ] {
            assert_eq!(clean(text), text);
        }
        assert_eq!(clean(" One  blank is no indent\n"), " One blank is no indent\n");
    }

    #[test]
    fn a_mark_with_one_blank_is_no_indent() {
        assert_eq!(clean("> - 1. So.  Next\n- So.  Next\n* And so.  Next\n"), "> - 1. So. Next\n- So. Next\n* And so. Next\n");
        assert_eq!(clean("So.  Next\n-  a\n"), "So. Next\n-  a\n");
    }

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        assert_eq!(clean("a\rb\r\nc\u{85}d\u{2028}e\r\r\nf\n"), "a\nb\nc\nd\ne\nf\n");
        assert_eq!(clean("a\u{2029}b\u{2029}\u{2029}c\u{2029}\nd\u{2029}"), "a\n\nb\n\nc\n\nd\n");
        assert_eq!(clean("a\r \nb"), "a\n\nb\n", "CR, blank line: no CR LF comes of it");
        assert_eq!(clean("page\u{C}break\u{B}\n\u{C}\n\u{C}\n"), "page\u{C}break\u{B}\n\u{C}\n\u{C}\n");
    }

    #[test]
    fn the_end_has_one_line_feed_and_the_start_is_left() {
        assert_eq!(clean("a"), "a\n");
        assert_eq!(clean("a \n \n\t"), "a\n");
        assert_eq!(clean("\n\n\n\n  a\n"), "\n\n\n\n  a\n");
        for text in ["", " ", "\n\n", " \r\n\t"] {
            assert_eq!(clean(text), text, "nothing but white space stays");
        }
    }

    #[test]
    fn a_fragment_has_no_edges() {
        for text in ["a", "a ", " a", "a\n", "a\n\n\n"] {
            assert_eq!(proof::run(&shipped(), text, Extent::Fragment), text);
        }
        assert_eq!(proof::run(&shipped(), "a \r\nb  c ", Extent::Fragment), "a\nb c ");
    }

    #[test]
    fn the_contract_keeps_words_and_lines_apart() {
        let says = |text: &str, start, end, with: &str| allows(text, &Edit::replace(RuleNumber(0), Span::new(start, end), with.to_owned()));
        assert!(
            says("a  b", 1, 2, "")
                && says("a\u{A0}b", 1, 3, " ")
                && says("a \nb", 1, 2, "")
                && says("a\n\n\nb", 2, 3, "")
                && says("a", 1, 1, "\n")
        );
        assert!(!says("a b", 1, 2, ""), "joins words");
        assert!(!says("a\nb", 1, 2, "") && !says("a\nb", 1, 2, " "), "joins lines");
        assert!(!says("a b", 1, 2, "\n") && !says("ab", 1, 1, " "), "splits lines and words");
        assert!(!says("  a", 0, 1, "") && !says("a\n  b", 2, 3, ""), "an indent");
        assert!(!says("a-b", 1, 2, " "));
    }

    fn texts(vocabulary: &'static [&'static str]) -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vocabulary), 0..30).prop_map(|parts| parts.concat())
    }

    const ANY: &[&str] = &[
        "a",
        "b.",
        "word",
        "|",
        " ",
        " ",
        "  ",
        "   ",
        "\t",
        "\u{A0}",
        "\u{3000}",
        "\u{2009}",
        "\n",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{C}",
        "é",
        "x  1\ny  2\n",
    ];
    const LINE_FEEDS: &[&str] = &["a", "B.", "word", "|", " ", "  ", "\t", "\u{A0}", "\n", "\n", "\n\n", "\n \n", "x  1\ny  2\n"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_pass_settles(text in texts(ANY)) {
            for extent in [Extent::Whole, Extent::Fragment] {
                let once = proof::run(&shipped(), &text, extent);
                prop_assert_eq!(proof::run(&shipped(), &once, extent), once);
            }
        }

        #[test]
        fn any_rules_settle(text in texts(ANY), given in any::<u8>()) {
            let rules: Vec<_> = proof::shipped(PassName::SPACES).into_iter().enumerate().filter(|(at, _)| given >> at & 1 == 1).map(|(_, rule)| rule).collect();
            let pass = Spaces::new(&proof::numbered(&rules));
            let once = proof::run(&pass, &text, Extent::Whole);
            prop_assert_eq!(proof::run(&pass, &once, Extent::Whole), once);
        }

        #[test]
        fn paragraphs_are_never_joined_or_split(text in texts(LINE_FEEDS)) {
            // A blank line between two others makes it a text of paragraphs before and after.
            let text = format!("one\n\n{text}\n\nlast\n");
            prop_assert_eq!(paragraphs(&clean(&text)).count(), paragraphs(&text).count());
        }

        #[test]
        fn words_stay(text in texts(ANY)) {
            let cleaned = clean(&text);
            prop_assert!(text.split_whitespace().eq(cleaned.split_whitespace()));
        }

        #[test]
        fn edits_never_overlap(text in texts(ANY)) {
            let edits = edits(&text);
            prop_assert!(edits.windows(2).all(|pair| pair[0].2 <= pair[1].1), "{:?}", edits);
        }

        #[test]
        fn nothing_is_missed_by_the_quick_look(text in texts(ANY)) {
            let pass: &'static Spaces = Box::leak(Box::new(shipped()));
            let mut edits = Vec::new();
            pass.propose(&View::of(&text, Extent::Whole), &mut edits).expect("no budget is that small");
            prop_assert_eq!(edits, edits_of_walk(&text));
        }
    }

    fn edits_of_walk(text: &str) -> Vec<Edit<'static>> {
        let pass: &'static Spaces = Box::leak(Box::new(shipped()));
        let mut edits = Vec::new();
        Scan::new(pass, &View::of(text, Extent::Whole), true, &mut edits).run();
        edits
    }
}
