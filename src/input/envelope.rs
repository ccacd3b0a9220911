//! Cuts a text into documents and problems.

use std::sync::Arc;

use super::format::{Enclosed, EnvelopeFormat, EnvelopePart, Header, Shape};
use super::marker::MarkerToken;
use super::{DocumentLayout, Field, Problem, ProblemKind, Slice};
use crate::edit::{InSource, Span};
use crate::prose::line;

/// Cuts a decoded source into slices that tile it, a byte order mark excepted.
///
/// The first enclosed format that has a marker in the text counts, then the first header that the
/// text begins with; a text in no envelope is one document. Takes time in proportion to the text.
///
/// An enclosed document that is whole is always taken, whatever stands beside it. A broken one goes
/// up to the next start marker of the format's first field. A marker in an unexpected place is a
/// mention, and stays in the prose, if it is quoted or bracketed, or if the sentence goes on after it.
pub fn slices(text: &str, bom: bool, formats: &[EnvelopeFormat]) -> Vec<Slice> {
    const MARK: char = '\u{FEFF}';
    let from = if bom && text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    let enclosed = formats.iter().find_map(|format| match &format.shape {
        Shape::Enclosed(shape) => Cutter::new(text, from, &format.id, shape).map(Cutter::cut),
        Shape::Header(_) => None,
    });
    let headed = || {
        formats.iter().find_map(|format| match &format.shape {
            Shape::Header(shape) => with_header(text, from, &format.id, shape),
            Shape::Enclosed(_) => None,
        })
    };
    enclosed.or_else(|| headed().map(|document| vec![document])).unwrap_or_else(|| vec![without_envelope(text, from)])
}

fn without_envelope(text: &str, from: usize) -> Slice {
    let all = Span::new(from, text.len());
    Slice::Document(DocumentLayout { slice: all, format: None, fields: Vec::new(), body: Some(all) })
}

/// Reads ` date 2024-02-14 text`. All on one line up to the value, so that a table with a column
/// `date` is no envelope, and a value that is not of its type makes it prose.
fn with_header(text: &str, from: usize, id: &Arc<str>, header: &Header) -> Option<Slice> {
    let is_space = |c: char| c.is_whitespace() && !line::is_ascii_end(c);
    let after_marker = text[from..].trim_start_matches(is_space).strip_prefix(&header.start)?;
    let rest = after_marker.trim_start_matches(is_space);
    if rest.len() == after_marker.len() {
        return None;
    }
    let value = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    if value.is_empty() || header.kind.fault(value).is_some() {
        return None;
    }
    let start = text.len() - rest.len();
    let end = start + value.len();
    let body = text.len() - text[end..].trim_start().len();
    Some(Slice::Document(DocumentLayout {
        slice: Span::new(from, text.len()),
        format: Some(id.clone()),
        fields: vec![Field { name: header.name.clone(), kind: header.kind, value: Span::new(start, end), fault: None }],
        body: Some(Span::new(body, text.len())),
    }))
}

/// The start marker of the first field: where to look for the next document after a broken one.
const FIRST: usize = 0;

/// Cuts a text in an enclosed format.
struct Cutter<'a> {
    text: &'a str,
    id: &'a Arc<str>,
    format: &'a Enclosed,
    tokens: Vec<MarkerToken>,
    /// For each token, whether it can only be a marker.
    firm: Vec<bool>,
    /// Where the next slice starts.
    at: usize,
    places: Places<'a>,
    slices: Vec<Slice>,
}

/// Why there is no document.
struct Fault<'a> {
    /// The place to look at.
    at: usize,
    /// The first token that may start the next document.
    resume: usize,
    reason: Reason<'a>,
}

/// What to say about a fault; numbers are those of tokens, the end of the file included.
enum Reason<'a> {
    Unclosed { opening: usize, before: usize },
    Missing { wanted: &'a str, before: usize },
    Text { wanted: &'a str },
    Twice { found: usize },
    Stray { found: usize },
}

impl<'a> Cutter<'a> {
    /// Nothing if the text has no marker of the format.
    fn new(text: &'a str, from: usize, id: &'a Arc<str>, format: &'a Enclosed) -> Option<Self> {
        let tokens = format.vocabulary.find(text, from);
        let firm = firm(&tokens, format.parts.len());
        let cutter = Self { text, id, format, tokens, firm, at: from, places: Places::new(text, from), slices: Vec::new() };
        cutter.next_marker(0).is_some().then_some(cutter)
    }

    fn cut(mut self) -> Vec<Slice> {
        let mut next = 0;
        while self.at < self.text.len() {
            let Some(found) = self.next_marker(next) else {
                self.outside(self.text.len());
                break;
            };
            let start = self.tokens[found].start;
            let outcome = if self.starts_field(found) {
                if self.after_blanks(self.at) < start {
                    self.outside(start);
                }
                self.document(found)
            } else {
                Err(Fault { at: start, resume: found + 1, reason: Reason::Stray { found } })
            };
            next = match outcome {
                Ok((document, next)) => {
                    self.at = document.slice.end;
                    self.slices.push(Slice::Document(document));
                    next
                }
                Err(fault) => self.broken(&fault),
            };
        }
        self.slices
    }

    /// The next token that is a marker between two documents: a field may start right here.
    fn next_marker(&self, from: usize) -> Option<usize> {
        let here = self.after_blanks(self.at);
        (from..self.tokens.len()).find(|&i| self.firm[i] || (self.tokens[i].start == here && self.starts_field(i)))
    }

    /// Reads the document whose first marker is the token `first`; gives the token after it too.
    fn document(&self, first: usize) -> Result<(DocumentLayout, usize), Fault<'a>> {
        let mut fields: Vec<Field> = Vec::new();
        let mut opening = first;
        loop {
            let closing = self.closing(opening)?;
            let value = self.trimmed(self.tokens[opening].end, self.tokens[closing].start);
            let value_text = &self.text[value.range()];
            let Some((name, kind)) = self.part(opening).field.clone() else {
                let slice = Span::new(self.at, self.after_blanks(self.tokens[closing].end));
                let body = (self.format.no_text.as_deref() != Some(value_text)).then_some(value);
                return Ok((DocumentLayout { slice, format: Some(self.id.clone()), fields, body }, closing + 1));
            };
            fields.push(Field { name, kind, value, fault: kind.fault(value_text) });
            opening = self.next_part(closing, &fields)?;
        }
    }

    /// The end marker that belongs to a start marker.
    ///
    /// An end marker that prose follows is a mention if the same one comes again; else it is the end.
    fn closing(&self, opening: usize) -> Result<usize, Fault<'a>> {
        let end = self.tokens[opening].marker + 1;
        let mut in_prose = None;
        let mut before = self.tokens.len();
        for i in opening + 1..self.tokens.len() {
            let closes = self.tokens[i].whole && self.tokens[i].marker == end;
            if closes && self.firm[i] {
                return Ok(i);
            }
            if closes {
                in_prose = in_prose.or(Some(i));
            } else if self.firm[i] {
                before = i;
                break;
            }
        }
        let at = self.tokens[opening].start;
        in_prose.ok_or(Fault { at, resume: before, reason: Reason::Unclosed { opening, before } })
    }

    /// The start marker that comes after the end marker of a field.
    fn next_part(&self, closing: usize, fields: &[Field]) -> Result<usize, Fault<'a>> {
        let is_new = |part: &EnvelopePart| part.field.as_ref().is_some_and(|(name, _)| fields.iter().all(|field| field.name != *name));
        let (body, declared) = self.format.parts.split_last().expect("a format has a body");
        let missing = declared.iter().find(|part| is_new(part));

        let next = closing + 1;
        let at = self.after_blanks(self.tokens[closing].end);
        let is_marker = self.tokens.get(next).is_some_and(|token| token.start == at);
        let is_start = is_marker && self.tokens[next].is_start();
        let is_first = is_start && self.tokens[next].marker == FIRST;
        let is_field = is_start && self.part(next).field.is_some();
        let fits = is_start && if is_field { is_new(self.part(next)) } else { missing.is_none() };
        // What came before may be the rest of a broken document, and a whole one starts here. Asked
        // at most once a document: the attempt has this field already when it meets another.
        if fits && !(is_first && self.document(next).is_ok()) {
            return Ok(next);
        }
        if is_field && !is_first {
            return Err(Fault { at, resume: next, reason: Reason::Twice { found: next } });
        }
        let wanted = missing.filter(|_| !is_first).unwrap_or(body).start.as_str();
        if is_marker || at == self.text.len() {
            return Err(Fault { at: self.tokens[closing].start, resume: next, reason: Reason::Missing { wanted, before: next } });
        }
        Err(Fault { at, resume: next, reason: Reason::Text { wanted } })
    }

    /// Keeps all up to the next document as a problem; gives the token to go on with.
    fn broken(&mut self, fault: &Fault<'_>) -> usize {
        let next = (fault.resume..self.tokens.len()).find(|&i| self.firm[i] && self.tokens[i].whole && self.tokens[i].marker == FIRST);
        let end = next.map_or(self.text.len(), |i| self.tokens[i].start);
        let reason = self.explain(fault) + " Repair the markers in the source, or take this part out of it, and run again.";
        self.problem(end, ProblemKind::BrokenEnvelope, fault.at, reason);
        next.unwrap_or(self.tokens.len())
    }

    fn outside(&mut self, end: usize) {
        let at = self.after_blanks(self.at);
        let place = self.places.say(at);
        let reason =
            format!("Text stands outside the envelopes at {place}. Put it inside a document of the source, or take it out, and run again.");
        self.problem(end, ProblemKind::OutsideEnvelope, at, reason);
    }

    fn problem(&mut self, end: usize, kind: ProblemKind, at: usize, reason: String) {
        self.slices.push(Slice::Problem(Problem { slice: Span::new(self.at, end), kind, reason, at }));
        self.at = end;
    }

    fn explain(&mut self, fault: &Fault<'_>) -> String {
        match fault.reason {
            Reason::Unclosed { opening, before } => {
                format!("{} has no `{}` before {}.", self.say(opening), self.part(opening).end, self.say(before))
            }
            Reason::Missing { wanted, before } => format!("`{wanted}` is missing before {}.", self.say(before)),
            Reason::Text { wanted } => format!("Text stands at {}, where `{wanted}` is expected.", self.places.say(fault.at)),
            Reason::Twice { found } => format!("{} stands a second time in one document.", self.say(found)),
            Reason::Stray { found } if !self.tokens[found].whole => format!("No document starts before {}.", self.say(found)),
            Reason::Stray { found } => {
                let wanted = if self.tokens[found].is_start() { &self.format.parts[0].start } else { &self.part(found).start };
                format!("{} has no `{wanted}` before it.", self.say(found))
            }
        }
    }

    /// A token and its place, or the end of the file, to put into a sentence.
    fn say(&mut self, token: usize) -> String {
        let Some(&MarkerToken { start, end, whole, .. }) = self.tokens.get(token) else {
            return "the end of the file".to_owned();
        };
        let found = &self.text[start..end];
        let place = self.places.say(start);
        if whole { format!("`{found}` at {place}") } else { format!("the damaged or unseparated marker `{found}` at {place}") }
    }

    fn part(&self, token: usize) -> &'a EnvelopePart {
        &self.format.parts[self.tokens[token].marker / 2]
    }

    fn starts_field(&self, token: usize) -> bool {
        self.tokens[token].is_start() && self.part(token).field.is_some()
    }

    fn after_blanks(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start().len()
    }

    fn trimmed(&self, start: usize, end: usize) -> Span<InSource> {
        let start = end - self.text[start..end].trim_start().len();
        Span::new(start, start + self.text[start..end].trim_end().len())
    }
}

/// Whether each token can only be a marker: no prose follows, or it starts a field that is closed
/// by the very next token. (A file name is often in small letters; so is a title, at times.)
fn firm(tokens: &[MarkerToken], parts: usize) -> Vec<bool> {
    let is_field = |token: &MarkerToken| token.marker / 2 < parts - 1;
    let closes_next = |i: usize| tokens.get(i + 1).is_some_and(|next| next.marker == tokens[i].marker + 1 && !next.in_prose);
    tokens.iter().enumerate().map(|(i, token)| !token.in_prose || (token.is_start() && is_field(token) && closes_next(i))).collect()
}

/// Turns places into lines and columns, forward, so that a file full of problems is read once.
struct Places<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
    from: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str, from: usize) -> Self {
        Self { text, at: from, line: 1, column: 1, from }
    }

    /// `line:column`, both from 1, the column in code points.
    fn say(&mut self, at: usize) -> String {
        if at < self.at {
            *self = Self::new(self.text, self.from);
        }
        let passed = &self.text[self.at..at];
        match passed.rfind('\n') {
            Some(last) => {
                self.line += passed.matches('\n').count();
                self.column = 1 + passed[last + 1..].chars().count();
            }
            None => self.column += passed.chars().count(),
        }
        self.at = at;
        format!("{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const WHOLE: &str = "F-N-S-T-A-R-T. a.txt F-N-E-N-D.  D-A-T-E-S-T-A-R-T. 2024-01-24 D-A-T-E-E-N-D.  \
        T-I-T-L-E-S-T-A-R-T. Talks T-I-T-L-E-E-N-D.  T-E-X-T-S-T-A-R-T. Whole. T-E-X-T-E-N-D.";

    const MARKERS: [&str; 8] = [
        "F-N-S-T-A-R-T.",
        "F-N-E-N-D.",
        "D-A-T-E-S-T-A-R-T.",
        "D-A-T-E-E-N-D.",
        "T-I-T-L-E-S-T-A-R-T.",
        "T-I-T-L-E-E-N-D.",
        "T-E-X-T-S-T-A-R-T.",
        "T-E-X-T-E-N-D.",
    ];

    const TORN: [&str; 6] = ["T-E-X-T-E-N-", "-T-A-R-T.", "T-E-X-T-E-ND.", "-N-S-T-A-R-T.", "D-A-T-E-S-T-A-R-T", "F-N-E-N-"];

    const WORDS: [&str; 22] = [
        "Gaza",
        "talks",
        "\"",
        "“",
        "”",
        "(",
        ")",
        "2024-02-14",
        "date",
        ".",
        ",",
        "é",
        "٣",
        "S-T-R-I-K-E.",
        "T-E-X-T.",
        "\u{FEFF}",
        "\u{200B}",
        "\u{301}",
        "🕊️",
        "Error in processing document",
        "T-E-X-T-S-T-A-R-T .",
        "T‑E‑X‑T‑E‑N‑D.",
    ];

    const BLANKS: [&str; 7] = [" ", "  ", "\n", "\r\n", "\u{A0}", "", "\t"];

    fn formats() -> &'static [EnvelopeFormat] {
        static SHIPPED: LazyLock<[EnvelopeFormat; 2]> = LazyLock::new(|| {
            [include_str!("../../rules/envelopes/articles.toml"), include_str!("../../rules/envelopes/dated.toml")]
                .map(|toml| EnvelopeFormat::parse(toml).expect("a shipped format"))
        });
        &*SHIPPED
    }

    /// Text made of what the formats look for, whole parts and documents included.
    fn soup() -> impl Strategy<Value = String> {
        let part = (0..4_usize, "[A-Za-z0-9 é]{0,6}").prop_map(|(i, value)| format!("{} {value} {}", MARKERS[2 * i], MARKERS[2 * i + 1]));
        let piece = prop_oneof![
            2 => select(&MARKERS[..]).prop_map(str::to_owned),
            2 => part,
            1 => select(&TORN[..]).prop_map(str::to_owned),
            2 => select(&WORDS[..]).prop_map(str::to_owned),
            1 => Just(WHOLE.to_owned()),
        ];
        prop::collection::vec((piece, select(&BLANKS[..])), 0..14)
            .prop_map(|pieces| pieces.into_iter().map(|(piece, blank)| piece + blank).collect())
    }

    fn check_tiling(text: &str, from: usize, slices: &[Slice]) {
        let mut at = from;
        for slice in slices {
            let span = slice.span();
            assert_eq!(span.start, at, "the slices tile the text");
            assert!(!span.is_empty() || slices.len() == 1, "no slice is empty");
            at = span.end;
            match slice {
                Slice::Document(document) => {
                    let mut inner = span.start;
                    for part in document.fields.iter().map(|field| field.value).chain(document.body) {
                        assert!(inner <= part.start && part.end <= span.end, "fields and body stand in order in their slice");
                        assert!(text.get(part.range()).is_some(), "between characters");
                        inner = part.end;
                    }
                }
                Slice::Problem(problem) => {
                    assert!(span.start <= problem.at && problem.at < span.end, "the place to look at lies in the slice");
                    assert!(text.is_char_boundary(problem.at) && problem.reason.ends_with('.'));
                }
            }
        }
        assert_eq!(at, text.len(), "the slices tile the text");
    }

    /// Panics if a marker, whole or torn, stands in a text and is not a mention.
    fn check_no_marker(text: &str) {
        let text = text.replace('‑', "-").replace(" .", ".");
        let goes_on = |c: char| c.is_alphanumeric() || c == '-';
        let marks = |c: char| "\"“”()".contains(c);
        for marker in MARKERS.iter().chain(&TORN) {
            for (start, _) in text.match_indices(marker) {
                let before = text[..start].chars().next_back();
                let after = &text[start + marker.len()..];
                let next = after.chars().next();
                if TORN.contains(marker)
                    && (before.is_some_and(goes_on) || next.is_some_and(goes_on) || text[start..].starts_with("D-A-T-E-S-T-A-R-T."))
                {
                    continue;
                }
                let in_prose = after.trim_start().starts_with(|c: char| c.is_lowercase() || "\"“”),".contains(c));
                assert!(before.is_some_and(marks) || next.is_some_and(marks) || in_prose, "{marker} in {text:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn slices_tile_any_text(text in soup(), bom: bool) {
            let text = if bom { format!("\u{FEFF}{text}") } else { text };
            check_tiling(&text, if bom { 3 } else { 0 }, &slices(&text, bom, formats()));
        }

        #[test]
        fn no_marker_is_left_in_an_document(text in soup()) {
            for slice in slices(&text, false, formats()) {
                let Slice::Document(document) = slice else { continue };
                for part in document.fields.iter().map(|field| field.value).chain(document.body) {
                    check_no_marker(&text[part.range()]);
                }
            }
        }

        #[test]
        fn a_whole_document_is_taken_whatever_stands_beside_it(before in soup(), after in soup(), blank in select(vec!["\n", " ", "\u{A0}"])) {
            let start = before.len() + blank.len();
            // Text in small letters after an end marker may be a sentence about it.
            let after = after.trim_start_matches(|c: char| c.is_whitespace() || c.is_lowercase() || "\"“”(),".contains(c));
            let text = format!("{before}{blank}{WHOLE}{blank}{after}");
            let body = start + WHOLE.find("Whole.").expect("it has a body");
            let bodies: Vec<_> = slices(&text, false, formats())
                .into_iter()
                .filter_map(|slice| if let Slice::Document(document) = slice { document.body } else { None })
                .collect();
            prop_assert!(bodies.contains(&Span::new(body, body + "Whole.".len())), "{:?}", bodies);
        }

        #[test]
        fn any_text_without_markers_is_one_document(text in "[^-]*") {
            let all = Span::new(0, text.len());
            prop_assert_eq!(slices(&text, false, formats()), [Slice::Document(DocumentLayout { slice: all, format: None, fields: Vec::new(), body: Some(all) })]);
        }
    }

    #[test]
    fn the_end_of_a_byte_order_mark_is_the_start_of_the_first_slice() {
        let found = slices("\u{FEFF}", true, formats());
        assert_eq!(found[0].span(), Span::new(3, 3));
        assert_eq!(slices("", true, formats())[0].span(), Span::new(0, 0), "the mark is only said to be there");
    }

    #[test]
    fn tens_of_thousands_of_markers_do_not_overflow_the_stack() {
        for piece in ["F-N-S-T-A-R-T. ", "T-I-T-L-E-S-T-A-R-T. T T-I-T-L-E-E-N-D. F-N-S-T-A-R-T. 1 F-N-E-N-D. ", "T-E-X-T-E-N-D. a "] {
            let text = piece.repeat(20_000);
            check_tiling(&text, 0, &slices(&text, false, formats()));
        }
    }

    #[test]
    fn places_are_counted_in_lines_and_code_points() {
        let mut places = Places::new("\u{FEFF}é\r\n🕊x", 3);
        assert_eq!([3, 5, 7, 11].map(|at| places.say(at)), ["1:1", "1:2", "2:1", "2:2"]);
        assert_eq!(places.say(5), "1:2", "also backwards");
    }
}
