//! One source, from its bytes to all that is known of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use blake3::Hash;
use rustc_hash::FxHashSet;

use crate::chain::Chain;
use crate::clean::{CleanError, clean};
use crate::document::{Cleaned, Document, DocumentOrigin};
use crate::edit::{Change, ChangeId, Fate, InSource, Part, PlacedChange, Span};
use crate::input::Encoding;
use crate::input::{Decoded, DecodedText, DocumentLayout, EnvelopeFormat, FieldType, Problem, ProblemKind, Slice, decode, slices};
use crate::prose::{LineColumn, Syntax, Vocabulary, word};
use crate::review::{Bound, Decisions};
use crate::rules::{Caps, Encodings, EnvelopeFile, Knowledge, Style, Syntaxes, is_language_tag};

/// Cleans one source after another. Has no state and does no I/O, so that many threads may share it.
pub struct Cleaner {
    chain: Chain,
    formats: Vec<EnvelopeFormat>,
    decisions: Decisions,
    lang: Option<String>,
    encodings: Encodings,
    syntax: Syntaxes,
}

/// All that is known of one source.
#[derive(Clone, Debug)]
pub struct CleanedSource {
    /// Its name: relative path, with `/`.
    pub name: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// The BLAKE3 digest of its bytes, in hexadecimal.
    pub digest: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a source.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text.
    Text(CleanedText),
    /// Something else, and why that is thought; it is skipped.
    NotText(String),
    /// Bytes that cannot be decoded; the problem's places are bytes of the file.
    Undecodable(Problem),
}

/// A source that is text.
#[derive(Clone, Debug)]
pub struct CleanedText {
    /// The decoded text, its byte order mark included.
    pub text: String,
    /// How it was encoded.
    pub encoding: Encoding,
    /// Whether it starts with a byte order mark.
    pub bom: bool,
    /// Whether the encoding is a guess.
    pub detected: bool,
    /// What it was cut into, in order.
    pub slices: Vec<CleanedSlice>,
    /// Lines of the decisions file that name this source or a text of it and found no change in it.
    pub stale: Vec<usize>,
    /// Lines of the decisions file that found a change in it.
    pub used: Vec<usize>,
    /// So many changes ask only because others were accepted.
    pub opened: usize,
}

/// What became of a slice.
#[derive(Clone, Debug)]
pub enum CleanedSlice {
    /// A document, cleaned.
    Document(CleanedDocument),
    /// A problem, kept byte for byte.
    Problem(Problem),
}

/// A document of a source and what became of it.
#[derive(Clone, Debug)]
pub struct CleanedDocument {
    /// Where its parts are in the source.
    pub layout: DocumentLayout,
    /// What it became.
    pub cleaned: Cleaned<'static>,
    /// How many words its cleaned text has.
    pub words: usize,
    /// BLAKE3 of its text before cleaning, if it has one: decisions are bound to it, and documents with the same are equal.
    pub digest: Option<Hash>,
    /// BLAKE3 of its cleaned text, if there is one.
    pub cleaned_digest: Option<Hash>,
}

impl Cleaner {
    /// What cleans with these rules, formats and decisions. `lang` is the language of the documents; if nothing, English, and paragraphs that are surely in
    /// another language are told from the rest.
    pub fn new(chain: Chain, formats: Vec<EnvelopeFormat>, decisions: Decisions, lang: Option<String>) -> Self {
        Self { chain, formats, decisions, lang, encodings: Encodings::default(), syntax: Syntaxes::default() }
    }

    /// The same, for sources of which some have declared encodings.
    pub fn with_encodings(self, encodings: Encodings) -> Self {
        Self { encodings, ..self }
    }

    /// The same, for sources of which some have declared syntaxes.
    pub fn with_syntax(self, syntax: Syntaxes) -> Self {
        Self { syntax, ..self }
    }

    /// The shipped rules and formats alone, without decisions.
    ///
    /// # Panics
    /// Never: the shipped rules are proven by the tests.
    pub fn shipped(caps: &Caps) -> Self {
        let knowledge = crate::rules::load_shipped();
        let formats = formats(&knowledge).expect("the shipped formats are well-formed");
        Self::new(
            Chain::new(knowledge.rules.in_style(Style::Straight).into(), &knowledge.chain, caps),
            formats,
            Decisions::default(),
            Some("en".to_owned()),
        )
    }

    /// Cleans with other decisions from now on.
    pub fn set_decisions(&mut self, decisions: Decisions) {
        self.decisions = decisions;
    }

    /// The chain, with its rules.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The decisions.
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// Cleans a source that is all that there is. Whatever its bytes are, it gives a report.
    pub fn clean_source(&self, name: &str, bytes: &[u8]) -> CleanedSource {
        self.clean_source_among(name, bytes, &self.survey(name, bytes))
    }

    /// Counts in a source what has to be known of all sources before one is cleaned: often nothing.
    pub fn survey(&self, name: &str, bytes: &[u8]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        if self.chain.surveys()
            && let Decoded::Text(decoded) = decode(bytes, self.encodings.of(name))
        {
            self.chain.survey(&decoded.text, &mut vocabulary);
        }
        vocabulary
    }

    /// Cleans one source of many. Whatever its bytes are, it gives a report.
    pub fn clean_source_among(&self, name: &str, bytes: &[u8], vocabulary: &Vocabulary) -> CleanedSource {
        let digest = blake3::hash(bytes).to_hex().to_string();
        let content = match decode(bytes, self.encodings.of(name)) {
            Decoded::NotText { why } => Content::NotText(why),
            Decoded::Problem { kind, reason, at } => Content::Undecodable(Problem { slice: Span::new(0, bytes.len()), kind, reason, at }),
            Decoded::Text(decoded) => Content::Text(self.text(name, &digest, decoded, vocabulary)),
        };
        CleanedSource { name: name.to_owned(), bytes: bytes.len(), digest, content }
    }

    fn text(&self, name: &str, digest: &str, decoded: DecodedText<'_>, vocabulary: &Vocabulary) -> CleanedText {
        let DecodedText { text, encoding, bom, detected } = decoded;
        let text = text.into_owned();
        let stray = if let Encoding::Mixed(looks_like) = encoding { Some(looks_like) } else { None };
        let syntax = self.syntax.of(name).unwrap_or_else(|| Syntax::of_file(name));
        let slices = slices(&text, bom, &self.formats);
        let is_whole = slices.len() == 1;
        let is_asked = self.decisions.has_documents() && !is_whole;
        let siblings = if is_asked { digests(&text, slices.iter().filter_map(Slice::document)) } else { Vec::new() };
        let lang = self.lang.as_deref().unwrap_or("en");
        let (mut used, mut stale) = (FxHashSet::default(), Vec::new());
        let mut opened = 0;
        let cleaned = slices.into_iter().enumerate().map(|(at, slice)| match slice {
            Slice::Problem(problem) => CleanedSlice::Problem(problem),
            Slice::Document(layout) => {
                let fields = layout.text_fields(&text);
                // What a document says of itself counts before what was said of all.
                let own_lang = layout.field("lang").map(|field| text[field.value.range()].trim()).filter(|tag| is_language_tag(tag));
                let document = Document {
                    name,
                    text: layout.body.map(|body| &text[body.range()]),
                    start: layout.body.map_or(0, |body| body.start),
                    fields: &fields,
                    syntax,
                    lang: Some(own_lang.unwrap_or(lang)),
                    detect: self.lang.is_none() && own_lang.is_none(),
                    stray,
                    vocabulary: Some(vocabulary),
                    origin: DocumentOrigin { number: (!is_whole).then_some(at + 1), source_digest: Some(digest), siblings: &siblings },
                };
                match self.slice(&document, &mut used, &mut stale) {
                    Ok((cleaned, opens)) => {
                        opened += opens;
                        CleanedSlice::Document(CleanedDocument::new(&text, layout, cleaned))
                    }
                    Err(failure) => CleanedSlice::Problem(failure.problem(&layout, &text)),
                }
            }
        });
        let slices: Vec<_> = cleaned.collect();
        stale.extend(self.decisions.naming(name));
        stale.sort_unstable();
        stale.dedup();
        stale.retain(|line| !used.contains(line));
        let mut used: Vec<_> = used.into_iter().collect();
        used.sort_unstable();
        CleanedText { text, encoding, bom, detected, slices, stale, used, opened }
    }

    /// Cleans one document of a source. Gives it and how many of its changes are pending only because others were accepted.
    fn slice(
        &self,
        document: &Document<'_>,
        used: &mut FxHashSet<usize>,
        stale: &mut Vec<usize>,
    ) -> Result<(Cleaned<'static>, usize), Failure> {
        // One document must not take the batch down with it, whatever is wrong with emendo.
        catch_unwind(AssertUnwindSafe(|| {
            let bound = self.decisions.bind(document, self.chain.rules());
            let cleaned = clean(document, &self.chain, &bound)?;
            let decided: Vec<_> = cleaned.changes.iter().filter_map(|change| change.decision).collect();
            stale.extend(bound.stale(&decided));
            used.extend(decided);
            used.extend(bound.located().filter(|line| !stale.contains(line)));
            let opened = self.opened(document, &cleaned);
            Ok((cleaned.into_owned(), opened))
        }))
        .unwrap_or_else(|panic| Err(Failure::Panic(panic_message(&*panic))))
    }

    /// Cleans one document: what a program calls that has texts, and no files.
    ///
    /// # Errors
    /// A pass left its contract, or a rule went over its budget.
    pub fn clean<'a>(&self, document: &Document<'a>) -> Result<Cleaned<'a>, CleanError> {
        clean(document, &self.chain, &self.decisions.bind(document, self.chain.rules()))
    }

    /// How many changes of a document are pending only because others were accepted.
    fn opened(&self, document: &Document<'_>, cleaned: &Cleaned<'_>) -> usize {
        let has_accepted = cleaned.changes.iter().any(|change| change.decision.is_some() && change.fate == Fate::Applied);
        let pending = cleaned.placed().filter(|change| change.fate == Fate::Pending);
        if !has_accepted || !cleaned.changes.iter().any(|change| change.fate == Fate::Pending) {
            return 0;
        }
        // What it would be if nobody had decided anything. A document that is a problem then was none with the decisions.
        let before = clean(document, &self.chain, &Bound::default()).unwrap_or_default();
        let before: FxHashSet<ChangeId> = before.placed().map(|change| change.id()).collect();
        pending.filter(|change| !before.contains(&change.id())).count()
    }
}

/// The digests of all texts of a source that decisions may be bound to.
fn digests<'l>(text: &str, layouts: impl Iterator<Item = &'l DocumentLayout>) -> Vec<String> {
    let spans = layouts.flat_map(|layout| layout.fields.iter().map(|field| field.value).chain(layout.body));
    spans.map(|span| blake3::hash(text[span.range()].as_bytes()).to_hex().to_string()).collect()
}

/// Why a document of a source could not be cleaned.
enum Failure {
    Chain(CleanError),
    Panic(String),
}

impl From<CleanError> for Failure {
    fn from(error: CleanError) -> Self {
        Self::Chain(error)
    }
}

impl Failure {
    /// As a problem of the source, with the places that people look for.
    fn problem(self, layout: &DocumentLayout, text: &str) -> Problem {
        let slice = layout.slice;
        match self {
            Failure::Panic(message) => Problem {
                slice,
                kind: ProblemKind::Panic,
                reason: format!(
                    "emendo failed on this document: {message}. This is a defect of emendo; please report it with the document."
                ),
                at: slice.start,
            },
            Failure::Chain(error) => {
                let (part, at) = error.place();
                let at = layout.start_of(part) + at;
                let kind = match error {
                    CleanError::Contract { .. } => ProblemKind::Contract,
                    CleanError::Budget { .. } => ProblemKind::Budget,
                };
                let reason = error.explain(LineColumn::of(text, at));
                Problem { slice, kind, reason, at }
            }
        }
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    message.unwrap_or("no message").to_owned()
}

/// A file that declares an envelope format cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {error}")]
pub struct FormatFileError {
    /// The file, as the user named its folder.
    pub file: Arc<str>,
    /// What is wrong with it.
    pub error: toml::de::Error,
}

/// The formats that a run knows.
///
/// # Errors
/// The first file that cannot be read.
pub fn formats(knowledge: &Knowledge) -> Result<Vec<EnvelopeFormat>, FormatFileError> {
    let parse = |EnvelopeFile { file, text }: &EnvelopeFile| {
        EnvelopeFormat::parse(text).map_err(|error| FormatFileError { file: file.clone(), error })
    };
    knowledge.envelopes.iter().map(parse).collect()
}

impl CleanedDocument {
    fn new(source: &str, layout: DocumentLayout, cleaned: Cleaned<'static>) -> Self {
        let words = cleaned.text.as_deref().map_or(0, |text| word::words(text).count());
        let digest = layout.body.map(|body| blake3::hash(source[body.range()].as_bytes()));
        let is_changed = cleaned.hunks.iter().any(|hunk| hunk.part == Part::Body);
        let cleaned_digest = cleaned.text.as_deref().filter(|_| is_changed).map(|text| blake3::hash(text.as_bytes())).or(digest);
        Self { layout, cleaned, words, digest, cleaned_digest: cleaned_digest.filter(|_| digest.is_some()) }
    }

    /// The cleaned body; nothing for a document without text.
    pub fn text(&self) -> Option<&str> {
        self.cleaned.text.as_deref()
    }

    /// The fields: name, type, the value in the decoded source and the cleaned one.
    pub fn fields<'t>(&'t self, source: &'t str) -> impl Iterator<Item = (&'t str, FieldType, &'t str, &'t str)> {
        self.layout.fields.iter().map(|field| {
            let raw = &source[field.value.range()];
            let clean = self.cleaned.fields.iter().find(|clean| clean.name == field.name).map_or(raw, |clean| &clean.text);
            (&*field.name, field.kind, raw, clean)
        })
    }

    /// How many changes have this fate.
    pub fn count(&self, is: impl Fn(Fate) -> bool) -> usize {
        self.cleaned.changes.iter().filter(|change| is(change.fate)).map(|change| change.places.len()).sum()
    }
}

impl CleanedSlice {
    /// The document, if it is one.
    pub fn document(&self) -> Option<&CleanedDocument> {
        match self {
            CleanedSlice::Document(document) => Some(document),
            CleanedSlice::Problem(_) => None,
        }
    }

    /// The problem, if it is one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            CleanedSlice::Document(_) => None,
            CleanedSlice::Problem(problem) => Some(problem),
        }
    }
}

impl CleanedSource {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&CleanedText> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The documents, in order.
    pub fn documents(&self) -> impl Iterator<Item = &CleanedDocument> {
        self.text().into_iter().flat_map(|text| &text.slices).filter_map(CleanedSlice::document)
    }

    /// The problems, in order: the whole source, or slices of it.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        let whole = match &self.content {
            Content::Undecodable(problem) => Some(problem),
            _ => None,
        };
        whole.into_iter().chain(self.text().into_iter().flat_map(|text| &text.slices).filter_map(CleanedSlice::problem))
    }

    /// Hands on each document as it was before cleaning, with what it became: for decisions, which are about that text.
    pub fn each_document(&self, mut each: impl FnMut(&Document<'_>, &CleanedDocument)) {
        let Some(text) = self.text() else { return };
        let is_whole = text.slices.len() == 1;
        let siblings = if is_whole { Vec::new() } else { digests(&text.text, self.documents().map(|document| &document.layout)) };
        for (slice, number) in text.slices.iter().zip(1..) {
            let Some(document) = slice.document() else { continue };
            let (layout, fields) = (&document.layout, document.layout.text_fields(&text.text));
            let origin = DocumentOrigin { number: (!is_whole).then_some(number), source_digest: Some(&self.digest), siblings: &siblings };
            let body = layout.body.map(|body| &text.text[body.range()]);
            let start = layout.body.map_or(0, |body| body.start);
            each(&Document { text: body, start, fields: &fields, origin, ..Document::new(&self.name, "") }, document);
        }
    }

    /// Every change of every document at each of its places, with the place in the decoded source.
    pub fn placed(&self) -> impl Iterator<Item = (Span<InSource>, PlacedChange<'_>)> {
        self.documents().flat_map(|document| {
            document.cleaned.placed().map(|change| (change.span().shifted(document.layout.start_of(&change.part)), change))
        })
    }

    /// All changes of all documents.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.documents().flat_map(|document| &document.cleaned.changes)
    }
}
