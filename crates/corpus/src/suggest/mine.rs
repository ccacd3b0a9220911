//! One reading of a corpus.

use super::characters::Characters;
use super::lines::{Article, Lines};
use super::names::Names;
use super::place::Spot;
use super::tokens::{self, Text};
use super::words::Words;

/// So many different words, names or lines are remembered; beyond that those that were seen once go.
const MOST: usize = 2_000_000;

/// What was counted in a corpus: as much as its vocabulary, whatever its size.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// The words.
    pub words: Words,
    /// The names of several words.
    pub names: Names,
    /// Lines that come again, and what articles begin and end with.
    pub lines: Lines,
    /// Strange characters and marks.
    pub characters: Characters,
    /// So many articles were read.
    pub articles: u64,
    /// Whether the corpus has more different words than are remembered, so that some that were seen once are forgotten.
    pub forgot: bool,
}

/// What was counted in one source.
#[derive(Debug, Default)]
pub struct Seam {
    words: Words,
    names: Names,
    characters: Characters,
    lines: Vec<Article>,
}

impl Seam {
    /// Counts an article of a source: its numbers, its cleaned text, and its text before that.
    pub fn read(&mut self, source: u32, article: u32, text: &Text<'_>, raw: &str) {
        let spot = |at: usize| Some(Spot { source, article, at: u32::try_from(at).ok()? });
        tokens::paragraphs(text, |tokens| {
            self.words.read(tokens, spot);
            self.names.read(tokens, spot);
        });
        self.characters.read(text.text, spot);
        self.lines.push(Article::of(text.text, raw, spot));
    }
}

impl Mine {
    /// Adds a source. They have to come in the order of the corpus.
    pub fn add(&mut self, seam: Seam) {
        self.words.add(seam.words);
        self.names.add(seam.names);
        self.characters.add(&seam.characters);
        for article in seam.lines {
            self.articles += 1;
            self.lines.read(article);
        }
        let forgot = [self.words.forget(MOST), self.names.forget(MOST), self.lines.forget(MOST)];
        self.forgot |= forgot.contains(&true);
    }
}
