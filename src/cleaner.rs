//! One source, from its bytes to all that is known of it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use blake3::Hash;
use rustc_hash::FxHashSet;

use crate::clean::{Chain, Cleaned, Document, clean};
use crate::edit::{Change, ChangeId, Fate, Span};
use crate::input::Encoding;
use crate::input::{Article, Decoded, DecodedText, EnvelopeFormat, FieldType, Problem, ProblemKind, Slice, decode, slices};
use crate::prose::{Syntax, Vocabulary, word};
use crate::review::{Bound, Decisions};
use crate::rules::{Caps, Encodings, Knowledge, Style, Syntaxes};

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
#[derive(Debug)]
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
#[derive(Debug)]
pub enum Content {
    /// Text.
    Text(CleanedText),
    /// Something else, and why that is thought; it is skipped.
    NotText(String),
    /// Bytes that cannot be decoded; the problem's places are bytes of the file.
    Undecodable(Problem),
}

/// A source that is text.
#[derive(Debug)]
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
    /// Lines of the decisions file that are about this source and found no change.
    pub stale: Vec<usize>,
    /// So many changes ask only because others were accepted.
    pub opened: usize,
}

/// What became of a slice.
#[derive(Debug)]
pub enum CleanedSlice {
    /// An article, cleaned.
    Article(CleanedArticle),
    /// A problem, kept byte for byte.
    Problem(Problem),
}

/// An article and what became of it.
#[derive(Debug)]
pub struct CleanedArticle {
    /// Where its parts are.
    pub article: Article,
    /// What it became.
    pub cleaned: Cleaned<'static>,
    /// How many words its cleaned text has.
    pub words: usize,
    /// BLAKE3 of its cleaned text, if there is one.
    pub digest: Option<Hash>,
    /// A digest of its text and of its fields but for names and numbers: two articles with the same are duplicates.
    pub says: Option<[u8; 32]>,
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
    pub fn clean(&self, name: &str, bytes: &[u8]) -> CleanedSource {
        self.clean_among(name, bytes, &self.survey(name, bytes))
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
    pub fn clean_among(&self, name: &str, bytes: &[u8], vocabulary: &Vocabulary) -> CleanedSource {
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
        let bound = self.decisions.bind(name, digest, &text, self.chain.rules());
        let stray = if let Encoding::Mixed(looks_like) = encoding { Some(looks_like) } else { None };
        let lang = Some(self.lang.as_deref().unwrap_or("en"));
        let syntax = self.syntax.of(name).unwrap_or_else(|| Syntax::of_file(name));
        let document = Document { name, text: &text, syntax, lang, detect: self.lang.is_none(), stray, vocabulary: Some(vocabulary) };
        let slices: Vec<_> = slices(&text, bom, &self.formats)
            .into_iter()
            .map(|slice| match slice {
                Slice::Problem(problem) => CleanedSlice::Problem(problem),
                Slice::Article(article) => {
                    // One article must not take the batch down with it, whatever is wrong with emendo.
                    let cleaned = catch_unwind(AssertUnwindSafe(|| clean(&document, &article, &self.chain, &bound)))
                        .unwrap_or_else(|panic| Err(panicked(&article, &*panic)));
                    match cleaned {
                        Ok(cleaned) => CleanedSlice::Article(CleanedArticle::new(&text, article, cleaned)),
                        Err(problem) => CleanedSlice::Problem(problem),
                    }
                }
            })
            .collect();
        let changes = slices.iter().filter_map(CleanedSlice::article).flat_map(|article| &article.cleaned.changes);
        let used: Vec<_> = changes.filter_map(|change| change.decision).collect();
        let stale = bound.stale(&used);
        let opened = slices.iter().filter_map(CleanedSlice::article).map(|article| self.opened(&document, article)).sum();
        CleanedText { text, encoding, bom, detected, slices, stale, opened }
    }

    /// How many changes of an article ask only because others were accepted.
    fn opened(&self, document: &Document<'_>, article: &CleanedArticle) -> usize {
        let changes = &article.cleaned.changes;
        let has_accepted = changes.iter().any(|change| change.decision.is_some() && change.fate == Fate::Applied);
        let waiting = changes.iter().filter(|change| change.fate == Fate::Waiting);
        if !has_accepted || waiting.clone().next().is_none() {
            return 0;
        }
        // What it would be if nobody had decided anything. An article that is a problem then was none with the decisions.
        let before = clean(document, &article.article, &self.chain, &Bound::default()).unwrap_or_default();
        let before: FxHashSet<ChangeId> = before.changes.iter().map(|change| change.id).collect();
        waiting.filter(|change| !before.contains(&change.id)).count()
    }
}

/// The formats that a run knows.
///
/// # Errors
/// The file and what is wrong with it.
pub fn formats(knowledge: &Knowledge) -> Result<Vec<EnvelopeFormat>, String> {
    let parse = |file: &crate::rules::EnvelopeFile| EnvelopeFormat::parse(&file.text).map_err(|error| format!("{}: {error}", file.file));
    knowledge.envelopes.iter().map(parse).collect()
}

fn panicked(article: &Article, panic: &(dyn std::any::Any + Send)) -> Problem {
    let message =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    let reason = format!("emendo failed on this article: {message}. This is a defect of emendo; please report it with the article.");
    Problem { slice: article.slice, kind: ProblemKind::Panic, reason, at: article.slice.start }
}

impl CleanedArticle {
    fn new(source: &str, article: Article, cleaned: Cleaned<'_>) -> Self {
        let Cleaned { text, fields, changes, hunks } = cleaned;
        let words = text.as_deref().map_or(0, |text| word::words(text).count());
        let digest = text.as_deref().map(|text| blake3::hash(text.as_bytes()));
        let says = content_digest(source, &article);
        Self {
            article,
            cleaned: Cleaned { text: text.map(|text| Cow::Owned(text.into_owned())), fields, changes, hunks },
            words,
            digest,
            says,
        }
    }

    /// The cleaned body; nothing for an article without text.
    pub fn text(&self) -> Option<&str> {
        self.cleaned.text.as_deref()
    }

    /// The fields: name, type, the value in the decoded source and the cleaned one.
    pub fn fields<'t>(&'t self, source: &'t str) -> impl Iterator<Item = (&'t str, FieldType, &'t str, &'t str)> {
        self.article.fields.iter().map(|field| {
            let raw = &source[field.value.range()];
            let clean = self.cleaned.fields.iter().find(|clean| clean.name == field.name).map_or(raw, |clean| &clean.text);
            (&*field.name, field.kind, raw, clean)
        })
    }

    /// How many changes have this fate.
    pub fn count(&self, is: impl Fn(Fate) -> bool) -> usize {
        self.cleaned.changes.iter().filter(|change| is(change.fate)).count()
    }
}

/// A digest of what an article says: its text and its fields but for names and numbers. Two articles with the
/// same are duplicates; an article without text is nobody's.
fn content_digest(source: &str, article: &Article) -> Option<[u8; 32]> {
    let body = source[article.body?.range()].trim();
    let said = article.fields.iter().filter(|field| field.kind != FieldType::Name);
    let said: BTreeMap<_, _> = said.map(|field| (&*field.name, &source[field.value.range()])).collect();
    let mut hasher = blake3::Hasher::new();
    for text in said.values().copied().chain([body]) {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    (!body.is_empty()).then(|| *hasher.finalize().as_bytes())
}

impl CleanedSlice {
    /// The article, if it is one.
    pub fn article(&self) -> Option<&CleanedArticle> {
        match self {
            CleanedSlice::Article(article) => Some(article),
            CleanedSlice::Problem(_) => None,
        }
    }

    /// The problem, if it is one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            CleanedSlice::Article(_) => None,
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

    /// The articles, in order.
    pub fn articles(&self) -> impl Iterator<Item = &CleanedArticle> {
        self.text().into_iter().flat_map(|text| &text.slices).filter_map(CleanedSlice::article)
    }

    /// The problems, in order: the whole source, or slices of it.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        let whole = match &self.content {
            Content::Undecodable(problem) => Some(problem),
            _ => None,
        };
        whole.into_iter().chain(self.text().into_iter().flat_map(|text| &text.slices).filter_map(CleanedSlice::problem))
    }

    /// All changes of all articles.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.articles().flat_map(|article| &article.cleaned.changes)
    }
}
