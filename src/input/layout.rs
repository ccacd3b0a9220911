//! What a source is cut into.

use crate::document::DocumentField;
use crate::edit::{InSource, Part, Span};
use std::sync::Arc;

/// One slice of a decoded source. The slices of a source tile it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slice {
    /// Text to clean.
    Document(DocumentLayout),
    /// Text to keep byte for byte.
    Problem(Problem),
}

impl Slice {
    /// The document, if it is one.
    pub fn document(&self) -> Option<&DocumentLayout> {
        match self {
            Slice::Document(layout) => Some(layout),
            Slice::Problem(_) => None,
        }
    }

    /// The place in the decoded source.
    pub fn span(&self) -> Span<InSource> {
        match self {
            Slice::Document(layout) => layout.slice,
            Slice::Problem(problem) => problem.slice,
        }
    }
}

/// Where the parts of a document are in its source: the fields and the text that its envelope holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLayout {
    /// All of it, markers included, in bytes of the decoded source.
    pub slice: Span<InSource>,
    /// The id of the envelope format; nothing for a file in no envelope.
    pub format: Option<Arc<str>>,
    /// The fields, in the order in which they stand.
    pub fields: Vec<Field>,
    /// The text; nothing if the exporter could not extract one (a placeholder stands there).
    pub body: Option<Span<InSource>>,
}

impl DocumentLayout {
    /// The layout of a source that is one document, without an envelope.
    pub fn whole(text: &str) -> Self {
        let all = Span::new(0, text.len());
        Self { slice: all, format: None, fields: Vec::new(), body: Some(all) }
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| &*field.name == name)
    }

    /// The fields that are cleaned, with their texts.
    pub fn text_fields<'t>(&self, source: &'t str) -> Vec<DocumentField<'t>> {
        let cleaned = self.fields.iter().filter(|field| field.kind == FieldType::Text);
        let field =
            |field: &Field| DocumentField { name: field.name.clone(), text: &source[field.value.range()], start: field.value.start };
        cleaned.map(field).collect()
    }

    /// The place of a part in the decoded source; `None` if there is no such part.
    pub fn place_of(&self, part: &Part) -> Option<Span<InSource>> {
        match part {
            Part::Body => self.body,
            Part::Field(name) => self.field(name).map(|field| field.value),
        }
    }

    /// Where a part begins in the decoded source, in bytes; the start of the slice if there is no such part.
    pub fn start_of(&self, part: &Part) -> usize {
        self.place_of(part).map_or(self.slice.start, |place| place.start)
    }
}

/// One field of an envelope. Blanks round its value belong to its markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name that the format gives it.
    pub name: Arc<str>,
    /// What its value should be.
    pub kind: FieldType,
    /// The value, in bytes of the decoded source; empty if there is none.
    pub value: Span<InSource>,
    /// Why the value is not of its type, for people; the document is cleaned all the same.
    pub fault: Option<String>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A number or a file name: never cleaned.
    Name,
    /// A calendar date, `YYYY-MM-DD`: never cleaned.
    Date,
    /// Prose: runs through the chain like the body.
    Text,
}

impl FieldType {
    /// Why a value is not of this type, for people; nothing for an empty value.
    pub fn fault(self, value: &str) -> Option<String> {
        match self {
            _ if value.is_empty() => None,
            FieldType::Name => {
                value.contains(char::is_control).then(|| "A name has neither line breaks nor control characters.".to_owned())
            }
            FieldType::Date => {
                (!is_calendar_date(value)).then(|| format!("`{}` is not a calendar date, YYYY-MM-DD.", value.escape_debug()))
            }
            FieldType::Text => None,
        }
    }
}

/// Whether this is a day of the Gregorian calendar as ISO 8601 writes it, after the year 0.
fn is_calendar_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |digits: &[u8]| digits.iter().try_fold(0, |sum, d| d.is_ascii_digit().then(|| sum * 10 + u32::from(d - b'0')));
    let (Some(year), Some(month), Some(day)) = (number(&bytes[..4]), number(&bytes[5..7]), number(&bytes[8..])) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}

/// A slice that cannot be cleaned, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// All of it, in bytes of the decoded source.
    pub slice: Span<InSource>,
    /// What is wrong, for programs.
    pub kind: ProblemKind,
    /// What is wrong, where, and the way out, for people: one sentence each, each with a period.
    pub reason: String,
    /// The place to look at, in bytes of the decoded source.
    pub at: usize,
}

/// What can be wrong with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The file cannot be opened or read.
    Unreadable,
    /// A link leads out of the folder, in a loop or nowhere.
    Link,
    /// A device, FIFO or socket.
    NotAFile,
    /// The file changed while it was read.
    Changed,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// Bytes in a text of UTF-8 that are not, and of which nothing was decided.
    StrayBytes,
    /// UTF-16 that is not well-formed, or without a byte order mark.
    InvalidUtf16,
    /// An envelope whose markers do not fit together.
    BrokenEnvelope,
    /// Text before, between or after envelopes.
    OutsideEnvelope,
    /// A pass proposed an edit outside its contract.
    Contract,
    /// A rule went over its budget.
    Budget,
    /// emendo itself failed on this document.
    Panic,
}

impl ProblemKind {
    /// Whether there are bytes to keep: otherwise nothing could be read.
    pub fn has_bytes(self) -> bool {
        !matches!(self, Self::Unreadable | Self::Link | Self::NotAFile | Self::Changed | Self::StrayBytes)
    }

    /// The name in records: `invalid-utf8`, `broken-envelope` and so on.
    pub fn name(self) -> &'static str {
        match self {
            ProblemKind::Unreadable => "unreadable",
            ProblemKind::Link => "link",
            ProblemKind::NotAFile => "not-a-file",
            ProblemKind::Changed => "changed",
            ProblemKind::InvalidUtf8 => "invalid-utf8",
            ProblemKind::StrayBytes => "stray-bytes",
            ProblemKind::InvalidUtf16 => "invalid-utf16",
            ProblemKind::BrokenEnvelope => "broken-envelope",
            ProblemKind::OutsideEnvelope => "outside-envelope",
            ProblemKind::Contract => "contract",
            ProblemKind::Budget => "budget",
            ProblemKind::Panic => "panic",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for date in ["2024-02-14", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", ""] {
            assert_eq!(FieldType::Date.fault(date), None, "{date}");
        }
        let wrong =
            ["2023-02-29", "1900-02-29", "2024-04-31", "2024-00-10", "2024-13-01", "2024-01-00", "0000-01-01", "2024-2-4", "24-02-14"];
        for date in wrong.into_iter().chain(["2024/02/14", "2024-02-1x", "+024-02-14", "2024-02-14 ", "٢٠٢٤-٠٢-١٤"]) {
            assert_eq!(FieldType::Date.fault(date), Some(format!("`{date}` is not a calendar date, YYYY-MM-DD.")));
        }
    }

    #[test]
    fn a_name_stands_on_one_line() {
        assert_eq!(FieldType::Name.fault("a talk (2).txt"), None);
        assert!(FieldType::Name.fault("a\nb").is_some());
    }
}
