//! How an envelope is declared.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::Error as _;

use super::FieldType;
use super::marker::MarkerVocabulary;

/// An envelope format, as a TOML file declares it. Made by [`EnvelopeFormat::parse`].
///
/// There are two kinds. *Enclosed*: each part stands between a start and an end marker, the body
/// last, and a document may follow a document. *Header*: the file begins with a word and one value
/// of one word, and the rest is the body.
#[derive(Clone, Debug)]
pub struct EnvelopeFormat {
    pub(super) id: Arc<str>,
    pub(super) why: String,
    pub(super) shape: Shape,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Enclosed(Enclosed),
    Header(Header),
}

#[derive(Clone, Debug)]
pub(super) struct Enclosed {
    /// The fields as declared, then the body.
    pub parts: Vec<EnvelopePart>,
    /// What the exporter writes for a body that it could not extract.
    pub no_text: Option<String>,
    /// Part `p` has the markers `2 * p` (start) and `2 * p + 1` (end).
    pub vocabulary: MarkerVocabulary,
}

#[derive(Clone, Debug)]
pub(super) struct EnvelopePart {
    /// Name and type; nothing for the body.
    pub field: Option<(Arc<str>, FieldType)>,
    pub start: String,
    pub end: String,
}

#[derive(Clone, Debug)]
pub(super) struct Header {
    pub name: Arc<str>,
    pub kind: FieldType,
    pub start: String,
}

impl EnvelopeFormat {
    /// Reads a declaration.
    ///
    /// # Errors
    /// When the TOML is malformed, has an unknown key, or declares what is neither enclosed nor a
    /// header; the message gives line and column where one line is at fault.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let declaration: Declaration = toml::from_str(toml)?;
        declaration.resolve().map_err(toml::de::Error::custom)
    }

    /// Its name in records.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the format comes from, for people.
    pub fn why(&self) -> &str {
        &self.why
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    id: Arc<str>,
    why: String,
    field: Vec<FieldDeclaration>,
    body: Option<BodyDeclaration>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldDeclaration {
    name: Arc<str>,
    #[serde(rename = "type")]
    kind: FieldType,
    start: Marker,
    end: Option<Marker>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BodyDeclaration {
    start: Marker,
    end: Marker,
    no_text: Option<String>,
}

/// A word: white space is what tells a marker from the text round it.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Marker(String);

impl TryFrom<String> for Marker {
    type Error = &'static str;

    fn try_from(marker: String) -> Result<Self, Self::Error> {
        if marker.is_empty() {
            return Err("a marker cannot be empty");
        }
        if marker.contains(char::is_whitespace) {
            return Err("a marker is one word, without white space");
        }
        Ok(Self(marker))
    }
}

/// Why a declaration is neither enclosed nor a header.
#[derive(Debug, thiserror::Error)]
enum DeclarationError {
    #[error("the field `{0}` is declared twice")]
    FieldTwice(Arc<str>),
    #[error("the marker `{0}` is declared twice")]
    MarkerTwice(String),
    #[error("a format with a body needs at least one field before it")]
    NoField,
    #[error("the field `{0}` needs an end marker, for the body has one")]
    NoEndMarker(Arc<str>),
    #[error("the markers are too many or too long: {0}")]
    Markers(regex::Error),
    #[error("a format without a body is a header, which has exactly one field")]
    NotOneField,
    #[error("the field `{0}` has an end marker, so the format needs a body with markers")]
    EndMarkerInHeader(Arc<str>),
    #[error("the value of the header `{0}` is one word, so its type is `name` or `date`")]
    TextInHeader(Arc<str>),
}

impl Declaration {
    fn resolve(self) -> Result<EnvelopeFormat, DeclarationError> {
        let mut names = HashSet::new();
        if let Some(twice) = self.field.iter().find(|field| !names.insert(&field.name)) {
            return Err(DeclarationError::FieldTwice(twice.name.clone()));
        }
        let shape = match self.body {
            Some(body) => Shape::Enclosed(enclosed(self.field, body)?),
            None => Shape::Header(header(self.field)?),
        };
        Ok(EnvelopeFormat { id: self.id, why: self.why, shape })
    }
}

fn enclosed(fields: Vec<FieldDeclaration>, body: BodyDeclaration) -> Result<Enclosed, DeclarationError> {
    if fields.is_empty() {
        return Err(DeclarationError::NoField);
    }
    let mut parts = Vec::with_capacity(fields.len() + 1);
    for field in fields {
        let Some(end) = field.end else {
            return Err(DeclarationError::NoEndMarker(field.name));
        };
        parts.push(EnvelopePart { field: Some((field.name, field.kind)), start: field.start.0, end: end.0 });
    }
    parts.push(EnvelopePart { field: None, start: body.start.0, end: body.end.0 });

    let markers: Vec<&str> = parts.iter().flat_map(|part| [part.start.as_str(), part.end.as_str()]).collect();
    let mut seen = HashSet::new();
    if let Some(twice) = markers.iter().find(|marker| !seen.insert(**marker)) {
        return Err(DeclarationError::MarkerTwice((*twice).to_owned()));
    }
    let vocabulary = MarkerVocabulary::new(&markers).map_err(DeclarationError::Markers)?;
    Ok(Enclosed { parts, no_text: body.no_text, vocabulary })
}

fn header(mut fields: Vec<FieldDeclaration>) -> Result<Header, DeclarationError> {
    let (Some(field), true) = (fields.pop(), fields.is_empty()) else {
        return Err(DeclarationError::NotOneField);
    };
    if field.end.is_some() {
        return Err(DeclarationError::EndMarkerInHeader(field.name));
    }
    if field.kind == FieldType::Text {
        return Err(DeclarationError::TextInHeader(field.name));
    }
    Ok(Header { name: field.name, kind: field.kind, start: field.start.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATED: &str = include_str!("../../rules/envelopes/dated.toml");
    const ARTICLES: &str = include_str!("../../rules/envelopes/articles.toml");

    fn error(toml: &str) -> String {
        EnvelopeFormat::parse(toml).expect_err("a wrong declaration").to_string()
    }

    #[test]
    fn the_shipped_formats_parse() {
        assert_eq!(EnvelopeFormat::parse(ARTICLES).expect("well-formed").id(), "articles");
        assert_eq!(EnvelopeFormat::parse(DATED).expect("well-formed").id(), "dated");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let message = error(&ARTICLES.replace("no-text", "no-txt"));
        assert!(message.contains("unknown field `no-txt`") && message.contains("line 27"), "{message}");
    }

    #[test]
    fn a_marker_of_two_words_is_named_with_its_line() {
        let message = error(&ARTICLES.replace("\"F-N-E-N-D.\"", "\"F-N E-N-D.\""));
        assert!(message.contains("a marker is one word") && message.contains("line 10"), "{message}");
        assert!(error(&DATED.replace("start = \"date\"", "start = \"\"")).contains("a marker cannot be empty"));
    }

    #[test]
    fn what_is_neither_enclosed_nor_a_header_is_refused() {
        assert!(error(&ARTICLES.replace("end   = \"D-A-T-E-E-N-D.\"", "")).contains("the field `date` needs an end marker"));
        assert!(error(&ARTICLES.replace("D-A-T-E-E-N-D.", "F-N-E-N-D.")).contains("the marker `F-N-E-N-D.` is declared twice"));
        assert!(error(&ARTICLES.replace("\"title\"", "\"date\"")).contains("the field `date` is declared twice"));
        assert!(error(&format!("{DATED}end = \"etad\"")).contains("needs a body"));
        assert!(error(&format!("{DATED}[[field]]\nname = \"a\"\ntype = \"name\"\nstart = \"a\"")).contains("exactly one field"));
        assert!(error(&DATED.replace("type  = \"date\"", "type = \"text\"")).contains("`name` or `date`"));
        assert!(error("id = \"a\"\nwhy = \"b\"\nfield = []\n[body]\nstart = \"x\"\nend = \"y\"").contains("at least one field"));
    }
}
