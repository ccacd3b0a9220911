//! One reading of a corpus.

use super::characters::Characters;
use super::lines::{CountedDocument, Lines};
use super::names::CorpusNames;
use super::occurrence::CleanedSpot;
use super::tokens::{self, MinedText};
use super::words::Words;

/// So many different words, names or lines are remembered; beyond that those that were seen once go.
const MOST: usize = 2_000_000;

/// What was counted in a corpus: as much as its vocabulary, whatever its size.
#[derive(Clone, Debug, Default)]
pub struct CorpusStatistics {
    /// The words.
    pub words: Words,
    /// The names of several words.
    pub names: CorpusNames,
    /// Lines that come again, and what documents begin and end with.
    pub lines: Lines,
    /// Strange characters and marks.
    pub characters: Characters,
    /// So many documents were read.
    pub documents: u64,
    /// Whether the corpus has more different words than are remembered, so that some that were seen once are forgotten.
    pub forgot: bool,
}

/// What was counted in one source.
#[derive(Debug, Default)]
pub struct SourceCounts {
    words: Words,
    names: CorpusNames,
    characters: Characters,
    lines: Vec<CountedDocument>,
}

impl SourceCounts {
    /// Counts a document of a source: its numbers, its cleaned text, and its text before that.
    pub fn read(&mut self, source: u32, document: u32, text: &MinedText<'_>, raw: &str) {
        let spot = |at: usize| Some(CleanedSpot { source, document, at: u32::try_from(at).ok()? });
        tokens::paragraphs(text, |tokens| {
            self.words.read(tokens, spot);
            self.names.read(tokens, spot);
        });
        self.characters.read(text.text, spot);
        self.lines.push(CountedDocument::of(text.text, raw, spot));
    }
}

impl CorpusStatistics {
    /// Adds a source. They have to come in the order of the corpus.
    pub fn add(&mut self, seam: SourceCounts) {
        self.words.add(seam.words);
        self.names.add(seam.names);
        self.characters.add(&seam.characters);
        for document in seam.lines {
            self.documents += 1;
            self.lines.read(document);
        }
        let forgot = [self.words.forget(MOST), self.names.forget(MOST), self.lines.forget(MOST)];
        self.forgot |= forgot.contains(&true);
    }
}
