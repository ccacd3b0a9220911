//! Documents and their cleaning for tests, made with the types of the middle and none of its rules.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use smallvec::smallvec;

use super::{Manifest, OutputKind, RulesUsed, RunHead, SourceEntry, SourceReport, digest, output_files};
use emendo_core::cleaner::{CleanedDocument, CleanedSlice, CleanedSource, CleanedText, Content};
use emendo_core::document::{Cleaned, CleanedField};
use emendo_core::edit::{Change, ChangePlace, Draft, Fate, Hunk, InDocument, Part, PlaceRef, Seam, Span};
use emendo_core::input::{DocumentLayout, Field, FieldType, Problem, ProblemKind};
use emendo_core::input::{Encoding, encode};
use emendo_core::prose::word;

/// A change that a test wants: a place in the decoded source and what stands there afterwards.
///
/// A rule whose name ends with `?` only asks. One whose name begins with `later/` changes what an earlier
/// one made at the same place.
#[derive(Clone, Debug)]
pub struct WantedChange {
    pub at: Range<usize>,
    pub with: String,
    pub rule: Arc<str>,
}

/// A text in no envelope.
pub fn whole(source: &str) -> DocumentLayout {
    DocumentLayout { slice: Span::new(0, source.len()), format: None, fields: Vec::new(), body: Some(Span::new(0, source.len())) }
}

/// The document with all that is wanted in its fields and body: sorted, and disjoint where applied.
pub fn cleaned<'a>(source: &'a str, layout: &DocumentLayout, wanted: &[WantedChange]) -> Cleaned<'a> {
    let mut out = Cleaned::default();
    for Field { name, value, .. } in &layout.fields {
        let text = clean_part(&source[value.range()], value.start, &Part::Field(name.clone()), wanted, &mut out);
        if text.text() != text.source() {
            out.fields.push(CleanedField { name: name.clone(), text: text.text().to_owned() });
        }
    }
    if let Some(body) = layout.body {
        out.text = Some(clean_part(&source[body.range()], body.start, &Part::Body, wanted, &mut out).into_text());
    }
    out
}

/// Each wanted change is a change of its own, with one place.
fn clean_part<'a>(source: &'a str, base: usize, part: &Part, wanted: &[WantedChange], out: &mut Cleaned<'a>) -> Draft<'a> {
    let mut draft = Draft::new(source);
    let inside = wanted.iter().filter(|wanted| base <= wanted.at.start && wanted.at.end <= base + source.len());
    let (later, inside): (Vec<&WantedChange>, Vec<&WantedChange>) = inside.partition(|wanted| wanted.rule.starts_with("later/"));
    let first = out.changes.len();
    for wanted in &inside {
        let before = source[wanted.at.start - base..wanted.at.end - base].to_owned();
        let change = wanted.change(part, base, before, &out.changes[first..]);
        out.changes.push(change);
    }
    let numbered = inside.iter().zip(first..).filter(|(wanted, _)| !wanted.rule.ends_with('?'));
    draft.apply(numbered.map(|(wanted, number)| {
        let at = Span::new(wanted.at.start - base, wanted.at.end - base);
        (at, wanted.with.as_str(), u32::try_from(number).expect("few changes"))
    }));
    for wanted in later {
        let is_meant = |seam: &&Seam| seam.original == wanted.span(base);
        let at = draft.seams().iter().find(is_meant).expect("an earlier change at the same place").draft;
        let change = wanted.change(part, base, draft.text()[at.range()].to_owned(), &[]);
        draft.apply([(at, wanted.with.as_str(), u32::try_from(out.changes.len()).expect("few changes"))]);
        out.changes.push(change);
    }
    out.hunks.extend(Hunk::of(&draft, part, |change| PlaceRef { change, place: 0 }));
    draft
}

impl WantedChange {
    fn span(&self, base: usize) -> Span<InDocument> {
        Span::new(self.at.start - base, self.at.end - base)
    }

    fn change(&self, part: &Part, base: usize, before: String, others: &[Change]) -> Change {
        let span = self.span(base);
        let rule = self.rule.trim_end_matches('?');
        let is_alike = |other: &&Change| (&*other.rule, other.span(), &*other.after) == (rule, span, &*self.with);
        let occurrence = u32::try_from(others.iter().filter(is_alike).count()).expect("few changes");
        Change {
            part: part.clone(),
            pass: "typos",
            rule: rule.into(),
            before: before.into(),
            after: self.with.as_str().into(),
            replaced_with: None,
            decision: None,
            zone: None,
            fate: if self.rule.ends_with('?') { Fate::Pending } else { Fate::Applied },
            places: smallvec![ChangePlace { span, occurrence }],
        }
    }
}

/// The files of an output folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A source with all that became of it.
#[derive(Clone, Debug)]
pub struct SampleSource {
    pub source: CleanedSource,
    pub bytes: Vec<u8>,
}

/// A field that a test wants: its name, type and place.
pub type WantedField<'a> = (&'a str, FieldType, Range<usize>);

impl SampleSource {
    /// A source that reads `text`, byte order mark included, with no slices yet.
    pub fn new(name: &str, text: &str, encoding: Encoding) -> Self {
        let content = CleanedText {
            text: text.to_owned(),
            encoding,
            bom: text.starts_with('\u{FEFF}'),
            detected: false,
            slices: Vec::new(),
            stale: Vec::new(),
            used: Vec::new(),
            opened: 0,
        };
        Self::of(name, encode(text, encoding), Content::Text(content))
    }

    /// A source that is no text.
    pub fn undecodable(name: &str, bytes: &[u8]) -> Self {
        Self::of(name, bytes.to_vec(), Content::Undecodable(problem(0..bytes.len(), ProblemKind::InvalidUtf8)))
    }

    fn of(name: &str, bytes: Vec<u8>, content: Content) -> Self {
        Self { source: CleanedSource { name: name.to_owned(), bytes: bytes.len(), digest: digest(&bytes), content }, bytes }
    }

    fn text(&mut self) -> &mut CleanedText {
        match &mut self.source.content {
            Content::Text(text) => text,
            other => panic!("a text, and not {other:?}"),
        }
    }

    /// Adds a document.
    pub fn document(
        mut self,
        slice: Range<usize>,
        body: Option<&Range<usize>>,
        fields: &[WantedField<'_>],
        wanted: &[WantedChange],
    ) -> Self {
        let span = |range: &Range<usize>| Span::new(range.start, range.end);
        let field = |(name, kind, value): &WantedField<'_>| Field { name: (*name).into(), kind: *kind, value: span(value), fault: None };
        let fields = fields.iter().map(field).collect();
        let layout = DocumentLayout { slice: span(&slice), format: None, fields, body: body.map(span) };
        let source = self.text();
        let Cleaned { text, fields, changes, hunks } = cleaned(&source.text, &layout, wanted);
        let cleaned = Cleaned { text: text.map(|text| Cow::Owned(text.into_owned())), fields, changes, hunks };
        let text = cleaned.text.as_deref();
        let document = CleanedDocument {
            words: text.map_or(0, |text| word::words(text).count()),
            digest: layout.body.map(|body| blake3::hash(source.text[body.range()].as_bytes())),
            cleaned_digest: text.map(|text| blake3::hash(text.as_bytes())),
            layout,
            cleaned,
        };
        source.slices.push(CleanedSlice::Document(document));
        self
    }

    /// Adds a problem.
    pub fn problem(mut self, slice: Range<usize>, kind: ProblemKind) -> Self {
        self.text().slices.push(CleanedSlice::Problem(problem(slice, kind)));
        self
    }

    /// What is to be written.
    pub fn report(&self) -> SourceReport<'_> {
        SourceReport { source: &self.source, bytes: &self.bytes, rules: Arc::default() }
    }
}

/// All files of a run over these sources, a skipped and an unreadable input besides.
pub fn run(samples: &[SampleSource]) -> Files {
    let rules = RulesUsed { digest: "0".repeat(64), used: vec!["shipped".into()] };
    let mut manifest = Manifest::new(&RunHead { rules, profile: "news".into(), settings: serde_json::Map::new() });
    manifest.add(SourceEntry::skipped("image.png", "It starts like a PNG image."));
    manifest.add(SourceEntry::unreadable("locked.txt", ProblemKind::Unreadable, "Permission denied."));
    let mut written = Files::new();
    for sample in samples {
        let report = sample.report();
        let files = output_files(&report);
        manifest.add(SourceEntry::new(&report, &files));
        written.extend(files.into_iter().map(|file| (file.path, file.bytes.into_owned())));
    }
    let (csv, manifest) = manifest.finish("documents.csv", &[(OutputKind::Rules, "rules.jsonl", "")]);
    written.insert("rules.jsonl".into(), Vec::new());
    written.insert("documents.csv".into(), csv.into_bytes());
    written.insert("manifest.jsonl".into(), manifest);
    add_sums(&mut written);
    written
}

/// Writes the sums of all other files.
pub fn add_sums(files: &mut Files) {
    let of_others = files.iter().filter(|(name, _)| *name != "SHA256SUMS");
    let sums: String = of_others.fold(String::new(), |sums, (name, bytes)| sums + &super::seal(bytes) + "  " + name + "\n");
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
}

fn problem(slice: Range<usize>, kind: ProblemKind) -> Problem {
    Problem { slice: Span::new(slice.start, slice.end), kind, reason: "It is broken.".into(), at: slice.start }
}
