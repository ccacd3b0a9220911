//! Errors in rule files, with the place under a caret.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Renderer, Snippet};

use crate::prose::{is_unseen, line};

/// Something wrong with a file that a person wrote: where, what, why, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as the user named its folder.
    pub file: Arc<str>,
    /// The place in it; nothing if the file as a whole is meant.
    pub place: Option<DiagnosticPlace>,
    /// What is wrong: one sentence.
    pub title: String,
    /// The reason, short, as it stands under the caret; may be empty.
    pub label: String,
    /// The way out; may be empty.
    pub help: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// The file cannot be used as it is.
    #[default]
    Error,
    /// It can, but somebody should look at it.
    Warning,
}

impl Severity {
    /// The name for programs: `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A place in a file, and what is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagnosticPlace {
    /// Counted from 1.
    pub line: usize,
    /// In code points, counted from 1.
    pub column: usize,
    excerpt: String,
    span: Range<usize>,
}

/// How much of a line is shown before and after the place, in bytes.
const CONTEXT: usize = 80;

impl Diagnostic {
    /// An error at `span`, in bytes of `text`, which is the whole of `file`.
    ///
    /// A span that goes on over several lines is shown on its first.
    pub fn at(file: &Arc<str>, text: &str, span: Range<usize>, title: impl Into<String>) -> Self {
        Self { place: Some(DiagnosticPlace::new(text, span)), ..Self::of_file(file, title) }
    }

    /// An error of the file as a whole.
    pub fn of_file(file: &Arc<str>, title: impl Into<String>) -> Self {
        let (label, help) = (String::new(), String::new());
        Self { file: file.clone(), place: None, title: title.into(), label, help, severity: Severity::Error }
    }

    /// With the reason.
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// With the way out.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// As something that can be used all the same.
    pub fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// In the look of a compiler, with ANSI colours if `colours`. Ends without a line end.
    ///
    /// Control, bidirectional and invisible characters of the file are shown as `\u{…}`.
    pub fn render(&self, colours: bool) -> String {
        let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(escape(&self.title));
        let group = match &self.place {
            Some(place) => title.element(self.snippet(place)),
            None => title.element(Origin::path(path(&self.file))),
        };
        // Without a place there is no caret for the label to stand under.
        let note = (self.place.is_none() && !self.label.is_empty()).then(|| Level::NOTE.message(escape(&self.label)));
        let help = (!self.help.is_empty()).then(|| Level::HELP.message(escape(&self.help)));
        let shown = renderer.render(&[group.elements(note).elements(help)]);
        match &self.place {
            Some(place) => place.with_true_column(&shown, &path(&self.file)),
            None => shown,
        }
    }

    fn snippet<'a>(&self, place: &DiagnosticPlace) -> Snippet<'a, Annotation<'a>> {
        let [before, inside, after] = place.shown();
        let label = (!self.label.is_empty()).then(|| escape(&self.label));
        let annotation = AnnotationKind::Primary.span(before.len()..before.len() + inside.len()).label(label);
        Snippet::source([before, inside, after].concat()).line_start(place.line).path(path(&self.file)).annotation(annotation)
    }
}

/// One line: `file:line:column: title`, escaped like the rendering.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&path(&self.file))?;
        if let Some(place) = &self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        write!(f, ": {}", escape(&self.title))
    }
}

impl DiagnosticPlace {
    fn new(text: &str, span: Range<usize>) -> Self {
        let start = char_boundary(text, span.start);
        let (line_start, line_end) = (line::start_after_feed(text, start), line::end_before_feed(text, start));
        let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
        let start = start.min(line_end);
        let end = char_boundary(text, span.end.min(start + CONTEXT)).clamp(start, line_end);
        let from = char_boundary(text, start.saturating_sub(CONTEXT)).max(line_start);
        let to = char_boundary(text, end + CONTEXT).clamp(end, line_end);
        let head = if from > line_start { "…" } else { "" };
        let tail = if to < line_end { "…" } else { "" };
        Self {
            line: line::number_by_feeds(text, line_start),
            column: 1 + text[line_start..start].chars().count(),
            excerpt: [head, &text[from..to], tail].concat(),
            span: head.len() + start - from..head.len() + end - from,
        }
    }

    /// The line as people see it: before the place, the place, after it.
    fn shown(&self) -> [String; 3] {
        [&self.excerpt[..self.span.start], &self.excerpt[self.span.clone()], &self.excerpt[self.span.end..]].map(escape)
    }

    /// The renderer counts the column in what it is given: escapes and cuts have moved it.
    fn with_true_column(&self, rendered: &str, file: &str) -> String {
        let shown = 1 + self.shown()[0].chars().count();
        let (counted, true_one) = (format!("{file}:{}:{shown}", self.line), format!("{file}:{}:{}", self.line, self.column));
        let (title, rest) = rendered.split_once('\n').unwrap_or((rendered, ""));
        [title, "\n", &rest.replacen(&counted, &true_one, 1)].concat()
    }
}

/// A file's name, in which a tab is no layout.
fn path(file: &str) -> String {
    escape(file).replace('\t', "\\u{9}")
}

/// The nearest start of a character at or before `at`, within the text.
fn char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// One file, and what was found to be wrong with it.
pub(super) struct FileDiagnostics<'a> {
    pub(super) file: Arc<str>,
    pub(super) text: &'a str,
    errors: Vec<Diagnostic>,
    untold: usize,
}

/// How many errors of one file are told one by one: a table saved in the wrong form has one in each
/// row.
const MOST_ERRORS: usize = 50;

impl<'a> FileDiagnostics<'a> {
    pub(super) fn new(file: &str, text: &'a str) -> Self {
        Self { file: file.into(), text, errors: Vec::new(), untold: 0 }
    }

    /// Notes an error; empty `help` is none.
    pub(super) fn error(&mut self, span: Range<usize>, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        if self.errors.len() == MOST_ERRORS {
            self.untold += 1;
            return;
        }
        self.errors.push(Diagnostic::at(&self.file, self.text, span, title).label(label).help(help));
    }

    /// All errors in the order of the file.
    pub(super) fn into_errors(mut self) -> Vec<Diagnostic> {
        self.errors.sort_by_key(|error| error.place.as_ref().map(|place| (place.line, place.column)));
        if self.untold > 0 {
            self.errors.push(Diagnostic::of_file(&self.file, format!("The file has {} more errors.", self.untold)));
        }
        self.errors
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        line::number_by_feeds(self.text, at)
    }
}

/// The text with each unseen character, except the tab and the space, as `\u{…}`.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) && c != '\t' { escaped.extend(c.escape_unicode()) } else { escaped.push(c) }
    }
    escaped
}

/// `U+200B`, as messages name a character.
pub(super) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A way out for a name that is not among the known ones: the nearest, or all of them.
pub fn did_you_mean(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(nearest) => format!("Did you mean `{nearest}`?"),
        None if known.len() == 1 => format!("Known is {}.", list(known)),
        None => format!("Known are {}.", list(known)),
    }
}

/// `` `a`, `b` and `c` ``.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}

/// The known name that a third of the letters at most separates from this one. Letters are inserted, deleted, replaced,
/// or swapped with their neighbour.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    // Whoever knows how it begins is nearer than any slip of a key.
    let shared = |known: &str| known.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
    let mut begun = known.iter().filter(|known| shared(known) + 1 >= name.chars().count().max(4));
    if let (Some(begun), None) = (begun.next(), begun.next()) {
        return Some(begun);
    }
    let name: Vec<char> = name.chars().take(64).collect();
    let distance = |known: &str| rapidfuzz::distance::osa::distance(name.iter().copied(), known.chars());
    let (distance, nearest) = known.iter().map(|known| (distance(known), *known)).min_by_key(|(distance, _)| *distance)?;
    (distance <= (name.len().max(nearest.len()) / 3).max(1)).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, span: Range<usize>) -> String {
        Diagnostic::at(&"a.toml".into(), text, span, "The key is unknown.")
            .label("no rule has it")
            .help("Did you mean `find`?")
            .render(false)
    }

    #[test]
    fn an_error_looks_like_a_compilers() {
        assert_eq!(
            rendered("x = 1\nfnd = 'é'\n", 6..9),
            "error: The key is unknown.\n --> a.toml:2:1\n  |\n2 | fnd = 'é'\n  | ^^^ no rule has it\n  |\n  = help: Did you mean `find`?"
        );
    }

    #[test]
    fn a_warning_says_that_it_is_one() {
        let shown = Diagnostic::at(&"a.toml".into(), "x = 1", 0..1, "It is slow.").warning().render(false);
        assert!(shown.starts_with("warning: It is slow.\n --> a.toml:1:1"), "{shown}");
    }

    #[test]
    fn the_place_survives_any_span() {
        let text = "é\r\nü€\r\n";
        for start in 0..text.len() + 3 {
            for end in start..text.len() + 3 {
                assert!(rendered(text, start..end).contains("a.toml:"));
            }
        }
    }

    #[test]
    fn a_hostile_line_is_shown_escaped() {
        let shown = rendered("a\u{1b}[2J\u{202e}b\u{200b}\u{7f}\u{85}\u{e0041}\n", 1..2);
        assert!(shown.contains(r"a\u{1b}[2J\u{202e}b\u{200b}\u{7f}\u{85}\u{e0041}"), "{shown}");
        assert!(shown.chars().all(|c| c == '\n' || !is_unseen(c)), "{shown}");
    }

    #[test]
    fn a_hostile_file_name_and_title_are_shown_escaped() {
        let error = Diagnostic::of_file(&"a\u{1b}]0;x\u{7}.toml".into(), "Bad\nerror: `\u{202e}`.").label("\u{9b}").help("\r");
        assert!(error.render(false).chars().all(|c| c == '\n' || !is_unseen(c)));
        assert_eq!(error.to_string(), r"a\u{1b}]0;x\u{7}.toml: Bad\u{a}error: `\u{202e}`.");
    }

    #[test]
    fn a_long_line_is_cut_round_the_place() {
        let text = format!("{}X{}", "a".repeat(1000), "b".repeat(1000));
        let shown = rendered(&text, 1000..1001);
        assert!(shown.contains("a.toml:1:1001") && shown.len() < 700, "{shown}");
        assert!(shown.contains("aX"), "{shown}");
    }

    #[test]
    fn a_slip_of_the_finger_has_a_nearest_name() {
        let known = ["find", "becomes", "examples"];
        assert_eq!(nearest("fnid", &known), Some("find"));
        assert_eq!(nearest("example", &known), Some("examples"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
