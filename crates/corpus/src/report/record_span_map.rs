//! Spans of a source carried to its cleaned texts and back, by its record alone.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Recorded, RecordedDocument};
use emendo_core::edit::{Carried, Draft, HunkMismatch, InSource, Part, Span, SpanMap};
use emendo_core::prose::CodePoints;

/// The name of a document's text, where parts are named.
const TEXT: &str = "text";

/// A span that is to be carried to the other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanRequest {
    /// The number of its document.
    pub document: Option<usize>,
    /// `text`, or the name of a field.
    pub part: Option<String>,
    /// In the decoded source, or in the cleaned text or field.
    pub span: Range<usize>,
}

/// A span that was carried to the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedAnnotation {
    /// The number of its document.
    pub document: usize,
    /// `text`, or the name of a field.
    pub part: String,
    /// In the cleaned text or field, or in the decoded source.
    pub span: Range<usize>,
    /// Whether an end lay inside a change, so that it stands at the edge of the change now.
    pub widened: bool,
}

/// A record whose parts do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordMismatch {
    /// A difference is not where the record says.
    #[error(transparent)]
    Hunk(#[from] HunkMismatch),
    /// The places of a part, or its differences, are not in the source.
    #[error("its places are not those of its source")]
    Places,
}

/// Why a span has no place on the other side, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCounterpart {
    /// The span lies outside of the source.
    #[error("The span {}..{} lies outside of the source{}.", .span.start, .span.end, which_has(*.code_points))]
    OutsideSource {
        /// The span.
        span: Range<usize>,
        /// How many code points the source has; `None` if spans count bytes.
        code_points: Option<usize>,
    },
    /// The span lies outside of the cleaned text or field.
    #[error("The span {}..{} lies outside of the cleaned {}, which has {length} {unit}.", .span.start, .span.end, named(.part))]
    OutsidePart {
        /// The span.
        span: Range<usize>,
        /// `text`, or the name of a field.
        part: String,
        /// How long the text or field is.
        length: usize,
        /// What spans count: `code points` or `bytes`.
        unit: &'static str,
    },
    /// Several documents have the part, and none of them was named.
    #[error("The source holds several documents: give the number of one as `document`.")]
    SeveralDocuments,
    /// The source has no document of this number.
    #[error("The source has no document {document}.")]
    NoDocument {
        /// The number.
        document: usize,
    },
    /// No document that was meant has this part.
    #[error("There is no {} there.", named(.part))]
    NoPart {
        /// `text`, or the name of a field.
        part: String,
    },
    /// The span does not lie within one part.
    #[error("The span {}..{} does not lie within the {} of a document.", .span.start, .span.end, named_or_any(.part.as_deref()))]
    BetweenParts {
        /// The span.
        span: Range<usize>,
        /// `text`, or the name of a field; `None` if any of them was meant.
        part: Option<String>,
    },
}

/// The ways between a source and its cleaned texts and fields.
#[derive(Clone, Debug)]
pub struct RecordSpanMap {
    /// In the order of the source.
    parts: Vec<PartSpanMap>,
    /// The code points of the decoded source, if spans count these.
    source: Option<CodePoints>,
}

#[derive(Clone, Debug)]
struct PartSpanMap {
    document: usize,
    part: String,
    /// Where the part is in the decoded source.
    place: Range<usize>,
    map: SpanMap,
    /// The code points of the cleaned text or field, if spans count these.
    cleaned: Option<CodePoints>,
}

impl RecordSpanMap {
    /// The ways through a record, for spans that count bytes.
    ///
    /// # Errors
    /// What does not fit together in the record.
    pub fn in_bytes(recorded: &Recorded) -> Result<Self, RecordMismatch> {
        Ok(Self { parts: ways(recorded)?, source: None })
    }

    /// The ways through a record, for spans that count code points. `source` is the decoded source.
    ///
    /// # Errors
    /// What does not fit together in the record.
    pub fn in_code_points(recorded: &Recorded, source: String) -> Result<Self, RecordMismatch> {
        let mut parts = ways(recorded)?;
        let documents: FxHashMap<_, _> = recorded.documents.iter().map(|document| (document.number, document)).collect();
        for way in &mut parts {
            let text = documents.get(&way.document).and_then(|document| cleaned(&source, way, document));
            way.cleaned = Some(CodePoints::new(text.ok_or(RecordMismatch::Places)?));
        }
        Ok(Self { parts, source: Some(CodePoints::new(source)) })
    }

    /// Where a span of the source stands in a cleaned text or field.
    ///
    /// # Errors
    /// Why it stands nowhere.
    pub fn to_cleaned(&self, wanted: &SpanRequest) -> Result<CarriedAnnotation, NoCounterpart> {
        let outside = || NoCounterpart::OutsideSource { span: wanted.span.clone(), code_points: self.source.as_ref().map(CodePoints::len) };
        let span = bytes(self.source.as_ref(), &wanted.span).ok_or_else(outside)?;
        let way = self.way_at(&span, wanted).ok_or_else(|| self.nowhere(wanted))?;
        let in_part = span.start.checked_sub(way.place.start).map(|start| Span::new(start, span.end - way.place.start));
        let Carried { span, widened } = in_part.and_then(|span| way.map.to_cleaned(span)).ok_or_else(|| self.nowhere(wanted))?;
        Ok(way.found(counted(way.cleaned.as_ref(), &span.range()), widened))
    }

    /// Where a span of a cleaned text or field stood in the source.
    ///
    /// # Errors
    /// Why it stood nowhere.
    pub fn to_source(&self, wanted: &SpanRequest) -> Result<CarriedAnnotation, NoCounterpart> {
        let part = wanted.part.as_deref().unwrap_or(TEXT);
        let mut ways = self.of_document(wanted.document).iter().filter(|way| way.part == part);
        let way = ways.next().ok_or_else(|| self.nowhere(wanted))?;
        if ways.next().is_some() {
            return Err(NoCounterpart::SeveralDocuments);
        }
        let (length, unit) = match &way.cleaned {
            Some(points) => (points.len(), "code points"),
            None => (way.map.cleaned_len(), "bytes"),
        };
        let outside = || NoCounterpart::OutsidePart { span: wanted.span.clone(), part: way.part.clone(), length, unit };
        let span = bytes(way.cleaned.as_ref(), &wanted.span).ok_or_else(outside)?;
        let Carried { span, widened } = way.map.to_original(Span::new(span.start, span.end)).ok_or_else(outside)?;
        let in_source: Span<InSource> = span.shifted(way.place.start);
        Ok(way.found(counted(self.source.as_ref(), &in_source.range()), widened))
    }

    /// The part that holds a place of the source, of those that are asked about.
    fn way_at(&self, span: &Range<usize>, wanted: &SpanRequest) -> Option<&PartSpanMap> {
        let begun = self.parts.partition_point(|way| way.place.start <= span.start);
        let near = self.parts[..begun].iter().rev().take_while(|way| span.start <= way.place.end);
        let is_meant = |way: &&PartSpanMap| {
            wanted.document.is_none_or(|document| way.document == document) && wanted.part.as_ref().is_none_or(|part| way.part == *part)
        };
        near.filter(is_meant).find(|way| span.end <= way.place.end)
    }

    fn of_document(&self, number: Option<usize>) -> &[PartSpanMap] {
        let Some(number) = number else { return &self.parts };
        let start = self.parts.partition_point(|way| way.document < number);
        let end = self.parts.partition_point(|way| way.document <= number);
        &self.parts[start..end.max(start)]
    }

    /// Why there is no part such as is asked about.
    fn nowhere(&self, wanted: &SpanRequest) -> NoCounterpart {
        let of_document = self.of_document(wanted.document);
        let part = wanted.part.as_deref().unwrap_or(TEXT);
        match wanted.document {
            Some(document) if of_document.is_empty() => NoCounterpart::NoDocument { document },
            _ if !of_document.iter().any(|way| way.part == part) => NoCounterpart::NoPart { part: part.to_owned() },
            _ => NoCounterpart::BetweenParts { span: wanted.span.clone(), part: wanted.part.clone() },
        }
    }
}

impl PartSpanMap {
    fn found(&self, span: Range<usize>, widened: bool) -> CarriedAnnotation {
        CarriedAnnotation { document: self.document, part: self.part.clone(), span, widened }
    }
}

fn which_has(code_points: Option<usize>) -> String {
    code_points.map(|points| format!(", which has {points} code points")).unwrap_or_default()
}

fn named_or_any(part: Option<&str>) -> String {
    part.map_or_else(|| "text or a field".to_owned(), named)
}

fn named(part: &str) -> String {
    if part == TEXT { TEXT.to_owned() } else { format!("field {part}") }
}

/// The span in bytes. `None` if it counts code points and lies outside of them.
fn bytes(points: Option<&CodePoints>, span: &Range<usize>) -> Option<Range<usize>> {
    points.map_or_else(|| Some(span.clone()), |points| Some(points.byte(span.start)?..points.byte(span.end)?))
}

/// The same span in code points, if these are counted.
fn counted(points: Option<&CodePoints>, span: &Range<usize>) -> Range<usize> {
    points.map_or_else(|| span.clone(), |points| points.count(span.start)..points.count(span.end))
}

fn ways(recorded: &Recorded) -> Result<Vec<PartSpanMap>, HunkMismatch> {
    let mut ways = Vec::new();
    for document in &recorded.documents {
        let layout = &document.layout;
        let fields = layout.fields.iter().map(|field| (Part::Field(field.name.clone()), field.value));
        for (part, place) in fields.chain(layout.body.map(|body| (Part::Body, body))) {
            let map = SpanMap::new(place.len(), document.hunks.iter().filter(|hunk| hunk.part == part))?;
            let part = if part == Part::Body { TEXT.to_owned() } else { part.to_string() };
            ways.push(PartSpanMap { document: document.number, part, place: place.range(), map, cleaned: None });
        }
    }
    ways.sort_by_key(|way| (way.document, way.place.start, way.place.end));
    Ok(ways)
}

/// The cleaned text of a part, made of the source and the differences.
fn cleaned(source: &str, way: &PartSpanMap, document: &RecordedDocument) -> Option<String> {
    let is_of = |part: &Part| if way.part == TEXT { *part == Part::Body } else { part.to_string() == way.part && *part != Part::Body };
    let hunks = document.hunks.iter().filter(|hunk| is_of(&hunk.part));
    Draft::of_hunks(source.get(way.place.clone())?, hunks).ok().map(|draft| draft.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::samples::{SampleSource, WantedChange as Change};
    use super::super::{record_jsonl, recorded};
    use super::*;
    use emendo_core::input::Encoding;
    use emendo_core::input::FieldType;

    const SOURCE: &str = "<é one>Ïsrfael  x|<two>b  c|";

    /// Two documents, each with a title of five or three characters and a text.
    fn ways(unit: &str) -> RecordSpanMap {
        let at = |part: &str| SOURCE.find(part).expect("it is there")..SOURCE.find(part).expect("it is there") + part.len();
        let (first, second) = (at("Ïsrfael  x"), at("b  c"));
        let middle = SOURCE.find("<two>").expect("it is there");
        let change = |at: Range<usize>, with: &str| Change { at, with: with.into(), rule: "r".into() };
        let source = SampleSource::new("a", SOURCE, Encoding::Utf8)
            .document(
                0..middle,
                Some(&first),
                &[("title", FieldType::Text, at("é one"))],
                &[change(at("é"), "e"), change(at("f"), ""), change(at("  x").start..at("  x").start + 1, "")],
            )
            .document(middle..SOURCE.len(), Some(&second), &[("title", FieldType::Text, at("two"))], &[]);
        let record = String::from_utf8(record_jsonl(&source.report())).expect("records are UTF-8");
        let recorded = recorded(&record).expect("it was just written");
        match unit {
            "bytes" => RecordSpanMap::in_bytes(&recorded),
            _ => RecordSpanMap::in_code_points(&recorded, SOURCE.to_owned()),
        }
        .expect("it fits together")
    }

    fn wanted(document: Option<usize>, part: Option<&str>, span: Range<usize>) -> SpanRequest {
        SpanRequest { document, part: part.map(String::from), span }
    }

    fn told(found: Result<CarriedAnnotation, NoCounterpart>) -> String {
        found.map_or_else(
            |why| why.to_string(),
            |CarriedAnnotation { document, part, span, widened }| {
                format!("{document} {part} {span:?}{}", if widened { " widened" } else { "" })
            },
        )
    }

    #[test]
    fn a_place_of_the_source_tells_its_document_and_part() {
        let ways = ways("bytes");
        let to = |span| told(ways.to_cleaned(&wanted(None, None, span)));
        assert_eq!(to(8..16), "1 text 0..7");
        assert_eq!(to(18..19), "1 text 8..9");
        assert_eq!(to(3..7), "1 title 1..5");
        assert_eq!(to(25..26), "2 text 0..1");
        assert_eq!(to(24..26), "The span 24..26 does not lie within the text or a field of a document.");
        assert_eq!(to(900..901), "The span 900..901 does not lie within the text or a field of a document.");
        assert_eq!(told(ways.to_cleaned(&wanted(Some(3), None, 0..1))), "The source has no document 3.");
        assert_eq!(told(ways.to_cleaned(&wanted(None, Some("date"), 0..1))), "There is no field date there.");
        assert_eq!(
            told(ways.to_cleaned(&wanted(Some(2), None, 8..9))),
            "The span 8..9 does not lie within the text or a field of a document."
        );
    }

    #[test]
    fn a_place_of_a_cleaned_text_leads_back() {
        let ways = ways("bytes");
        let to = |document, part, span| told(ways.to_source(&wanted(document, part, span)));
        assert_eq!(to(Some(1), None, 0..7), "1 text 8..16");
        assert_eq!(to(Some(1), Some("title"), 0..1), "1 title 1..3");
        assert_eq!(to(Some(2), Some("text"), 0..1), "2 text 25..26");
        assert_eq!(to(None, None, 0..1), "The source holds several documents: give the number of one as `document`.");
        assert_eq!(to(Some(1), None, 0..10), "The span 0..10 lies outside of the cleaned text, which has 9 bytes.");
        assert_eq!(to(Some(1), Some("title"), 6..6), "The span 6..6 lies outside of the cleaned field title, which has 5 bytes.");
    }

    #[test]
    fn code_points_are_counted_on_both_sides() {
        let ways = ways("code points");
        assert_eq!(told(ways.to_cleaned(&wanted(None, None, 7..14))), "1 text 0..6");
        assert_eq!(told(ways.to_source(&wanted(Some(1), None, 0..6))), "1 text 7..14");
        assert_eq!(told(ways.to_source(&wanted(Some(1), Some("title"), 0..1))), "1 title 1..2");
        assert_eq!(
            told(ways.to_source(&wanted(Some(1), None, 0..9))),
            "The span 0..9 lies outside of the cleaned text, which has 8 code points."
        );
        assert_eq!(
            told(ways.to_cleaned(&wanted(None, None, 0..99))),
            "The span 0..99 lies outside of the source, which has 28 code points."
        );
    }
}
