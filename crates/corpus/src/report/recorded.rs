//! Reads a record back, to show what a run did. (To prove it, `proof` reads on its own.)

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use smallvec::smallvec;
use smol_str::SmolStr;

use super::SCHEMA_VERSION;
use emendo_core::edit::{Change, ChangeId, Fate, Hunk, Part, Span, Zone};
use emendo_core::input::{Article, Field, FieldType};
use emendo_core::review::decision::HAND;
use emendo_core::rules::PassName;

/// What a run recorded of one source.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// The name of the source.
    pub source: String,
    /// BLAKE3 of its bytes, as 64 hexadecimal digits.
    pub digest: String,
    /// The name of its encoding; nothing if it could not be decoded.
    pub encoding: Option<String>,
    /// The reasons of the rules that proposed something, by id.
    pub whys: BTreeMap<String, String>,
    /// The digests under which these rules are kept, by id.
    pub rule_digests: BTreeMap<String, String>,
    /// How many bytes the source has.
    pub bytes: usize,
    /// The articles, in order.
    pub articles: Vec<RecordedArticle>,
}

/// What a run recorded of one article.
#[derive(Clone, Debug)]
pub struct RecordedArticle {
    /// The number of the slice in the source, from 1.
    pub number: usize,
    /// Where its parts are.
    pub article: Article,
    /// The path of its text.
    pub text: Option<String>,
    /// Every difference.
    pub hunks: Vec<Hunk>,
    /// Every proposal and what became of it.
    pub changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line {
    Head {
        schema_version: u32,
        source: String,
        digest: String,
        encoding: Option<String>,
        rules: BTreeMap<String, String>,
        #[serde(default)]
        rule_digests: BTreeMap<String, String>,
        bytes: usize,
    },
    Article(ArticleLine),
    Hunk(HunkLine),
    Change(ChangeLine),
    #[serde(other)]
    Problem,
}

#[derive(Deserialize)]
struct ArticleLine {
    number: usize,
    format: Option<String>,
    slice: [usize; 2],
    body: Option<[usize; 2]>,
    fields: BTreeMap<String, FieldEntry>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct FieldEntry {
    r#type: FieldType,
    span: [usize; 2],
    fault: Option<String>,
}

#[derive(Deserialize)]
struct HunkLine {
    part: String,
    source: [usize; 2],
    cleaned: [usize; 2],
    before: SmolStr,
    after: SmolStr,
    changes: Vec<ChangeId>,
}

#[derive(Deserialize)]
struct ChangeLine {
    part: String,
    pass: String,
    rule: String,
    before: SmolStr,
    after: SmolStr,
    replaced_with: Option<String>,
    zone: Option<Zone>,
    fate: String,
    by: Option<ChangeId>,
    decision: Option<usize>,
    places: Vec<PlaceEntry>,
}

#[derive(Deserialize)]
struct PlaceEntry {
    id: ChangeId,
    span: [usize; 2],
    cleaned: Option<[usize; 2]>,
    #[serde(default)]
    occurrence: u32,
}

/// Reads a record.
///
/// # Errors
/// The line that cannot be read, and why.
pub fn recorded(text: &str) -> Result<Recorded, String> {
    let mut read = Recorded::default();
    for (at, line) in text.lines().enumerate() {
        let wrong = |why: String| format!("line {}: {why}", at + 1);
        let line: Line = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        let last = read.articles.last_mut();
        match line {
            Line::Head { schema_version, .. } if schema_version != SCHEMA_VERSION => {
                return Err(wrong(format!("schema_version {schema_version} is not known to this emendo, which reads {SCHEMA_VERSION}")));
            }
            Line::Head { source, digest, encoding, rules, rule_digests, bytes, .. } => {
                (read.source, read.digest, read.encoding, read.whys) = (source, digest, encoding, rules);
                (read.rule_digests, read.bytes) = (rule_digests, bytes);
            }
            Line::Article(line) => read.articles.push(line.article()),
            Line::Hunk(line) => last.ok_or_else(|| wrong("a hunk before any article".to_owned()))?.hunks.push(line.hunk().map_err(wrong)?),
            Line::Change(line) => line.add_to(last.ok_or_else(|| wrong("a change before any article".to_owned()))?).map_err(wrong)?,
            Line::Problem => {}
        }
    }
    for article in &mut read.articles {
        article.sort();
    }
    Ok(read)
}

/// The names of the sources that a manifest accounts for, in order.
///
/// # Errors
/// The line that cannot be read, and why.
pub fn sources(manifest: &str) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for (at, line) in manifest.lines().enumerate() {
        let line: ManifestLine = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))?;
        if let ManifestLine::Source { name } = line {
            names.push(name);
        }
    }
    Ok(names)
}

/// A file that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedFile {
    /// What it holds: `text`, `record` and so on.
    pub r#type: String,
    /// Relative to the output folder, with `/`.
    pub path: String,
    /// BLAKE3 of its bytes, as 64 hexadecimal digits.
    pub digest: String,
    /// The source that it came from; nothing for what tells of all.
    pub source: Option<String>,
    /// The number of its slice.
    pub article: Option<usize>,
}

/// The files that a manifest names, in order.
pub fn listed_files(manifest: &str) -> Vec<ListedFile> {
    manifest.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ManifestLine {
    Source {
        name: String,
    },
    #[serde(other)]
    Other,
}

/// A span, unless it ends before it starts.
fn span<S>([start, end]: [usize; 2]) -> Result<Span<S>, String> {
    if start <= end { Ok(Span::new(start, end)) } else { Err(format!("a span cannot end before it starts: {start}..{end}")) }
}

fn part(name: &str) -> Part {
    name.strip_prefix("field:").map_or(Part::Body, |field| Part::Field(field.into()))
}

impl ArticleLine {
    fn article(self) -> RecordedArticle {
        let place = |[start, end]: [usize; 2]| Span::new(start.min(end), end);
        let mut fields: Vec<_> = self
            .fields
            .into_iter()
            .map(|(name, field)| Field { name: name.into(), kind: field.r#type, value: place(field.span), fault: field.fault })
            .collect();
        fields.sort_by_key(|field| field.value);
        let article = Article { slice: place(self.slice), format: self.format.map(Into::into), fields, body: self.body.map(place) };
        RecordedArticle { number: self.number, article, text: self.text, hunks: Vec::new(), changes: Vec::new() }
    }
}

impl HunkLine {
    fn hunk(self) -> Result<Hunk, String> {
        Ok(Hunk {
            part: part(&self.part),
            source: span(self.source)?,
            cleaned: span(self.cleaned)?,
            before: self.before,
            after: self.after,
            changes: self.changes.into(),
        })
    }
}

impl ChangeLine {
    /// Adds the changes, and the hunks that they alone made.
    fn add_to(self, article: &mut RecordedArticle) -> Result<(), String> {
        let fate = match (self.fate.as_str(), self.by, self.zone) {
            ("applied", ..) => Fate::Applied,
            ("waiting", ..) => Fate::Waiting,
            ("rejected", ..) => Fate::Rejected,
            ("outranked", Some(by), _) => Fate::Outranked { by },
            ("protected", _, Some(zone)) => Fate::Protected { zone },
            (other, ..) => return Err(format!("{other:?} is no fate of a change")),
        };
        let of_chain = || PassName::from_name(&self.pass).map(PassName::name);
        let pass = if self.pass == HAND { Some(HAND) } else { of_chain() };
        let pass = pass.ok_or_else(|| format!("there is no pass {:?}", self.pass))?;
        let rule: Arc<str> = self.rule.into();
        let part = part(&self.part);
        for place in self.places {
            let change = Change {
                id: place.id,
                part: part.clone(),
                pass,
                rule: rule.clone(),
                span: span(place.span)?,
                before: self.before.clone(),
                after: self.after.clone(),
                occurrence: place.occurrence,
                replaced_with: self.replaced_with.clone(),
                decision: self.decision,
                zone: self.zone,
                fate,
            };
            if let Some(cleaned) = place.cleaned {
                article.hunks.push(Hunk {
                    part: part.clone(),
                    source: change.span,
                    cleaned: span(cleaned)?,
                    before: change.before.clone(),
                    after: change.result().into(),
                    changes: smallvec![change.id],
                });
            }
            article.changes.push(change);
        }
        Ok(())
    }
}

impl RecordedArticle {
    /// Puts hunks and changes into the order that they had before alike changes were told together.
    fn sort(&mut self) {
        self.hunks.sort_by_key(|hunk| (hunk.source, hunk.cleaned));
        // The changes of one pass in one part follow each other.
        for of_pass in self.changes.chunk_by_mut(|a, b| (&a.part, a.pass) == (&b.part, b.pass)) {
            of_pass.sort_by_key(|change| (change.span, change.occurrence));
        }
    }
}
