//! The names of outputs, all known before the first write.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

/// One row for each document.
pub const DOCUMENTS: &str = "documents.csv";
/// One line for each source, document and output; written last.
pub const MANIFEST: &str = "manifest.jsonl";
/// The SHA-256 of every file of a run, the manifest's too, as `sha256sum -c` reads it.
pub const SUMS: &str = "SHA256SUMS";
/// One line for each run. It says when and by whom, so it lies outside of manifest and sums.
pub const RUN_LOG: &str = "runs.jsonl";
/// The rules that proposed a change, as they were written.
pub const RULES: &str = "rules.jsonl";
/// The decisions as the run read them, if there were any.
pub const DECISIONS: &str = "decisions.jsonl";
/// How the names of all files begin that a run keeps for itself.
pub(super) const OWN: &str = ".emendo";

const RECORD: &str = "record/";
const PROBLEMS: &str = "problems/";
/// What the common file systems allow for one part of a path.
const MAX_NAME_BYTES: usize = 255;
/// More clashes than this help nobody.
const MAX_CLASHES: usize = 20;

/// The text of a document: the source's name, or `STEM.0001.EXT` where the source holds `many`.
pub fn text_name(source: &str, number: usize, many: bool) -> String {
    if many { numbered(source, number) } else { source.to_owned() }
}

/// The diff of a text.
pub fn diff_name(text: &str) -> String {
    format!("{text}.diff")
}

/// The record of a source.
pub fn record_name(source: &str) -> String {
    format!("{RECORD}{source}.jsonl")
}

/// The bytes of a problem: under the source's name if all of it is one, else numbered.
pub fn problem_name(source: &str, number: usize, whole: bool) -> String {
    format!("{PROBLEMS}{}", text_name(source, number, !whole))
}

/// Why an output cannot have a name, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutputNameError {
    /// A part of it is longer than file systems allow.
    #[error(
        "The name {part} would take {} bytes and a file system allows {MAX_NAME_BYTES}: give the source a shorter name.", .part.len()
    )]
    TooLong {
        /// The part.
        part: String,
    },
    /// It is one that emendo needs itself, or leads out of the folder.
    #[error("An output cannot have the name {name}: rename the source.")]
    Reserved {
        /// The name.
        name: String,
    },
}

/// What is wrong with the length of the name of an output.
pub fn name_fault(name: &str) -> Option<OutputNameError> {
    let long = name.split('/').find(|part| part.len() > MAX_NAME_BYTES)?;
    Some(OutputNameError::TooLong { part: long.to_owned() })
}

/// Which names a run may write.
///
/// Names are compared as the most forgiving file system would: without regard to case and to how an
/// accented letter is composed. So a corpus that can be cleaned here can be cleaned everywhere.
#[derive(Debug)]
pub struct Plan {
    /// Folded name → name of each source.
    sources: HashMap<String, String>,
    /// All folders that outputs may lie in, folded, without the output folder itself.
    folded_folders: BTreeSet<String>,
    folders: BTreeSet<String>,
}

/// Why the outputs of a source cannot have their names, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Clash {
    /// Outputs of another source have one of the names.
    #[error("{name} and {other} would be written under one name: rename one, or clean them into two folders.")]
    TwoSources {
        /// The source.
        name: String,
        /// The other source.
        other: String,
    },
    /// emendo needs one of the names itself.
    #[error("{name} has a name that emendo needs for itself: rename it.")]
    Reserved {
        /// The source.
        name: String,
    },
}

impl Plan {
    /// Plans the outputs of these sources.
    ///
    /// # Errors
    /// When names clash: the first 20 clashes, in the order of the sources.
    pub fn new<'s>(sources: impl IntoIterator<Item = &'s str>) -> Result<Self, Vec<Clash>> {
        let mut plan = Self { sources: HashMap::new(), folded_folders: BTreeSet::new(), folders: BTreeSet::new() };
        let mut names = Vec::new();
        let mut clashes = Vec::new();
        for source in sources {
            names.push(source);
            if let Some(other) = plan.sources.insert(fold(source), source.to_owned()) {
                clashes.push(Clash::TwoSources { name: source.to_owned(), other });
            }
            plan.add_folders(source);
        }
        clashes.extend(names.iter().filter_map(|source| plan.clash(source)));
        clashes.truncate(MAX_CLASHES);
        if clashes.is_empty() { Ok(plan) } else { Err(clashes) }
    }

    /// Whether a run may write a file of this name.
    pub fn may_write(&self, name: &str) -> bool {
        let name = fold(name);
        [DOCUMENTS, RULES, DECISIONS].contains(&&*name) || name == fold(SUMS) || self.owners(&name).next().is_some()
    }

    /// The folders that outputs may lie in, without the output folder itself.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(String::as_str)
    }

    /// Whether outputs may lie in a folder of this name.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        self.folded_folders.contains(&fold(name))
    }

    fn add_folders(&mut self, source: &str) {
        for name in [source.to_owned(), record_name(source), problem_name(source, 1, true)] {
            for folder in folders_of(&name) {
                if !self.folders.contains(folder) {
                    self.folders.insert(folder.to_owned());
                    self.folded_folders.insert(fold(folder));
                }
            }
        }
    }

    fn clash(&self, source: &str) -> Option<Clash> {
        let (name, folded) = (source.to_owned(), fold(source));
        if is_reserved(&folded) {
            return Some(Clash::Reserved { name });
        }
        // A diff can look like a numbered text, and a folder like any file.
        let mut taken = vec![folded.clone(), diff_name(&folded)];
        for name in [folded.clone(), record_name(&folded), problem_name(&folded, 1, true)] {
            taken.extend(folders_of(&name).map(str::to_owned));
        }
        let other = taken.iter().flat_map(|name| self.owners(name)).find(|other| *other != folded)?;
        Some(match self.sources.get(&other).cloned() {
            Some(other) => Clash::TwoSources { name, other },
            None => Clash::Reserved { name },
        })
    }

    /// The folded names of the sources that may write a file of this folded name.
    fn owners(&self, name: &str) -> impl Iterator<Item = String> {
        let mut found = Vec::new();
        if let Some(source) = name.strip_prefix(RECORD).and_then(|name| name.strip_suffix(".jsonl")) {
            found.push(source.to_owned());
        } else if let Some(name) = name.strip_prefix(PROBLEMS) {
            found.extend(texts_of(name));
        } else {
            found.extend(texts_of(name));
            found.extend(name.strip_suffix(".diff").into_iter().flat_map(texts_of));
        }
        found.retain(|source| self.sources.contains_key(source));
        found.into_iter()
    }
}

/// The sources that may have a text of this name: itself, and what is left without a number.
fn texts_of(name: &str) -> Vec<String> {
    let mut sources = vec![name.to_owned()];
    let (stem, extension) = split(name);
    let without_number = |stem: &str, extension: &str| {
        let (stem, number) = stem.rsplit_once('.')?;
        let source = format!("{stem}{extension}");
        let number = number.parse().ok()?;
        // Written again it must be the same: `a.01.txt` is no document of `a.txt`.
        (numbered(&source, number) == name).then_some(source)
    };
    sources.extend(without_number(stem, extension));
    sources.extend(without_number(name, ""));
    sources
}

fn numbered(source: &str, number: usize) -> String {
    let (stem, extension) = split(source);
    format!("{stem}.{number:04}{extension}")
}

/// Splits before the last point of the file name; a point that it starts with does not count.
fn split(name: &str) -> (&str, &str) {
    let file = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[file..].rfind('.') {
        Some(point) if point > 0 => name.split_at(file + point),
        _ => (name, ""),
    }
}

/// `a/b/c` lies in `a` and `a/b`.
pub(super) fn folders_of(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').map(|(slash, _)| &name[..slash])
}

fn is_reserved(folded: &str) -> bool {
    let first = folded.split('/').next().unwrap_or(folded);
    matches!(first, "record" | "problems")
        || [DOCUMENTS, MANIFEST, RULES, DECISIONS, RUN_LOG].contains(&folded)
        || folded == fold(SUMS)
        || folded.split('/').any(|part| part.starts_with(OWN))
}

/// The name as a file system sees it that knows neither case nor composition.
pub(super) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // There and back, because the capital sharp s has no other capital and the small one has two.
    let small = name.nfd().flat_map(char::to_lowercase);
    small.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clashes(sources: &[&str]) -> Vec<Clash> {
        Plan::new(sources.iter().copied()).err().unwrap_or_default()
    }

    #[test]
    fn texts_are_numbered_before_the_extension() {
        assert_eq!(text_name("a/b.txt", 1, false), "a/b.txt");
        assert_eq!(text_name("a/b.txt", 1, true), "a/b.0001.txt");
        assert_eq!(text_name("a.b/c", 12_345, true), "a.b/c.12345");
        assert_eq!(text_name("b.tar.gz", 2, true), "b.tar.0002.gz");
        assert_eq!(text_name(".b", 2, true), ".b.0002");
        assert_eq!(text_name("b.", 2, true), "b.0002.");
        assert_eq!(diff_name("a.txt"), "a.txt.diff");
        assert_eq!(record_name("a/b.txt"), "record/a/b.txt.jsonl");
        assert_eq!(problem_name("a/b.txt", 3, false), "problems/a/b.0003.txt");
        assert_eq!(problem_name("a/b.txt", 1, true), "problems/a/b.txt");
    }

    #[test]
    fn a_plan_knows_all_names_that_it_may_write() {
        let plan = Plan::new(["n/a.txt", "b", ".c"]).expect("no clash");
        for name in ["n/a.txt", "n/a.txt.diff", "n/a.0001.txt", "n/a.0001.txt.diff", "n/a.12345.txt", "record/n/a.txt.jsonl"] {
            assert!(plan.may_write(name), "{name}");
        }
        for name in ["problems/n/a.txt", "problems/n/a.0002.txt", "b.0001", "b.0001.diff", "documents.csv", "N/A.TXT", ".c.0001"] {
            assert!(plan.may_write(name), "{name}");
        }
        for name in
            ["a.txt", "n/a.1.txt", "n/a.00001.txt", "n/a.txt.jsonl", "problems/n/a.txt.diff", "record/n/a.txt", "b.+001", "n/b.0001.txt"]
        {
            assert!(!plan.may_write(name), "{name}");
        }
    }

    #[test]
    fn plain_neighbours_do_not_clash() {
        assert_eq!(clashes(&["a.txt", "b.txt", "c.0001.txt", "c.0002.txt", "a/a.txt", "a.md", "x/record/a.txt"]), []);
    }

    #[test]
    fn names_that_differ_in_case_only_clash() {
        let clash = Clash::TwoSources { name: "News.txt".into(), other: "news.txt".into() };
        assert_eq!(clashes(&["news.txt", "News.txt"])[0], clash);
    }

    #[test]
    fn names_that_differ_in_composition_only_clash() {
        assert!(!clashes(&["caf\u{e9}.txt", "cafe\u{301}.txt"]).is_empty());
        assert!(!clashes(&["STRA\u{1e9e}E", "stra\u{df}e"]).is_empty());
    }

    #[test]
    fn names_that_outputs_of_another_source_may_take_clash() {
        for pair in [
            ["a.txt", "a.txt.diff"],
            ["a.txt", "a.0001.txt"],
            ["a.txt", "a.0001.txt.diff"],
            ["a", "a.0001"],
            ["b.0001", "b.diff"],
            ["a", "a/b"],
            ["a.txt", "A.TXT.DIFF/b"],
            ["a", "a.jsonl/b"],
            ["a.txt", "a.0017.txt/b"],
        ] {
            assert!(!clashes(&pair).is_empty(), "{pair:?}");
        }
    }

    #[test]
    fn names_that_emendo_needs_clash() {
        for name in [
            "documents.csv",
            "Manifest.JSONL",
            "sha256sums",
            "Rules.jsonl",
            "runs.jsonl",
            "record/a",
            "problems",
            "a/.emendo-1.tmp",
            ".emendo.lock",
        ] {
            assert_eq!(clashes(&[name]), [Clash::Reserved { name: name.into() }]);
        }
    }

    #[test]
    fn a_name_may_take_255_bytes() {
        assert_eq!(name_fault(&format!("a/{}", "x".repeat(255))), None);
        let fault = name_fault(&format!("{}/a", "x".repeat(256))).expect("too long");
        assert!(fault.to_string().contains("256 bytes"), "{fault}");
    }
}
