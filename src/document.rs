//! What the chain gets, and what it gives back.

use std::borrow::Cow;
use std::sync::Arc;

use crate::edit::{Change, Hunk, Part, PlacedChange};
use crate::input::{Encoding, stray_byte};
use crate::prose::{Syntax, Vocabulary};
use crate::rules::PassName;

/// One text to clean, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The name of its source, for rules with a scope and for decisions.
    pub name: &'a str,
    /// The decoded text; `None` if there is none to clean.
    pub text: Option<&'a str>,
    /// Where the text begins in the decoded source, in bytes: for decisions of version 0.1, which counted from there.
    pub start: usize,
    /// The fields that are cleaned like the text, such as a title.
    pub fields: &'a [DocumentField<'a>],
    /// How the text is marked up.
    pub syntax: Syntax,
    /// The language, as a tag such as `en`; `None` if unknown.
    pub lang: Option<&'a str>,
    /// Whether `lang` is only an assumption. If so, paragraphs that are surely in another language than English are
    /// left to the passes that know nothing of words.
    pub detect: bool,
    /// What the bytes look like that are not in the encoding of the source, if there are any.
    pub stray: Option<&'static encoding_rs::Encoding>,
    /// How often the words that [`crate::chain::Chain::survey`] counts occur in all texts of the run; `None` if unknown.
    pub vocabulary: Option<&'a Vocabulary>,
    /// Where it comes from, to find decisions again after the text was altered.
    pub origin: DocumentOrigin<'a>,
}

impl<'a> Document<'a> {
    /// A plain text of which nothing else is known.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            text: Some(text),
            start: 0,
            fields: &[],
            syntax: Syntax::Plain,
            lang: None,
            detect: false,
            stray: None,
            vocabulary: None,
            origin: DocumentOrigin::default(),
        }
    }

    /// Its texts, in the order in which they are cleaned: the fields, then the body.
    pub fn parts(&self) -> impl Iterator<Item = PartText<'a>> {
        let fields =
            self.fields.iter().map(|field| PartText { part: Part::Field(field.name.clone()), text: field.text, start: field.start });
        let start = self.start;
        fields.chain(self.text.map(|text| PartText { part: Part::Body, text, start }))
    }
}

/// One of the texts of a document, before cleaning.
#[derive(Clone, Debug)]
pub struct PartText<'a> {
    /// Which it is.
    pub part: Part,
    /// The decoded text.
    pub text: &'a str,
    /// Where it begins in the decoded source, in bytes.
    pub start: usize,
}

impl PartText<'_> {
    /// BLAKE3 of the text, as 64 hexadecimal digits: decisions are bound to it.
    pub fn digest(&self) -> String {
        blake3::hash(self.text.as_bytes()).to_hex().to_string()
    }
}

/// Where a document comes from.
///
/// Its text says which document it is. This helps a decision to find its place again after the text was altered.
#[derive(Clone, Copy, Debug, Default)]
pub struct DocumentOrigin<'a> {
    /// Its number among the slices of its source, from 1; `None` if it is all of its source.
    pub number: Option<usize>,
    /// BLAKE3 of the bytes of its source, as 64 hexadecimal digits: decisions of version 0.1 were bound to it.
    pub source_digest: Option<&'a str>,
    /// The digests of all texts of its source: a decision about one of these is not looked for in another one.
    pub siblings: &'a [String],
}

/// A field of a document that is cleaned like its text.
#[derive(Clone, Debug)]
pub struct DocumentField<'a> {
    /// Its name.
    pub name: Arc<str>,
    /// Its decoded text.
    pub text: &'a str,
    /// Where it begins in the decoded source, in bytes.
    pub start: usize,
}

/// What a document became, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The cleaned text, borrowed if nothing was applied; `None` for a document without text.
    pub text: Option<Cow<'a, str>>,
    /// The fields whose text differs from the source.
    pub fields: Vec<CleanedField>,
    /// Every proposal and what became of it, in the order of parts and passes. Equal proposals are one change.
    pub changes: Vec<Change>,
    /// Every difference between the texts of the document and their cleaned forms, in the order of the text.
    pub hunks: Vec<Hunk>,
}

/// A field that the chain changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanedField {
    /// Its name.
    pub name: Arc<str>,
    /// Its cleaned text.
    pub text: String,
}

impl Cleaned<'_> {
    /// The same with a text of its own.
    pub fn into_owned(self) -> Cleaned<'static> {
        let Self { text, fields, changes, hunks } = self;
        Cleaned { text: text.map(|text| Cow::Owned(text.into_owned())), fields, changes, hunks }
    }

    /// Every change at each of its places.
    pub fn placed(&self) -> impl Iterator<Item = PlacedChange<'_>> {
        self.changes.iter().flat_map(Change::placed)
    }

    /// What is to be said of stray bytes that are left, if there are any: for people, with the way out.
    pub fn undecided_bytes(&self, encoding: Encoding) -> Option<String> {
        let Encoding::Mixed(looks_like) = encoding else { return None };
        let texts = self.fields.iter().map(|field| field.text.as_str()).chain(self.text.as_deref());
        let left: Vec<u8> = texts.flat_map(str::chars).filter_map(stray_byte).collect();
        let first = left.first()?;
        let bytes = if left.len() == 1 { "1 byte is".to_owned() } else { format!("{} bytes are", left.len()) };
        // Where the bytes mean nothing in the encoding, or the pass is off, nothing was asked.
        let accept = match self.changes.iter().find_map(rule_about_bytes) {
            Some(rule) => format!("Accept what {rule} asks (as {}), or save", looks_like.name()),
            None => "Save".to_owned(),
        };
        Some(format!(
            "{bytes} not UTF-8, the first of them {first:02X}, and left as U+EF{first:02X}. {accept} the file as UTF-8, and run again."
        ))
    }
}

/// The rule that asks about the bytes that a change is about, if it is about bytes that are not in the encoding of the source.
fn rule_about_bytes(change: &Change) -> Option<&'static str> {
    let rule = PassName::from_name(change.pass)?.spec().asks_about_bytes?;
    change.before.contains(|c| stray_byte(c).is_some()).then_some(rule)
}
