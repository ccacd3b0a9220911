//! Lines that stand in many documents, and the shapes of first and last lines.

use rustc_hash::{FxHashMap, FxHashSet};

use super::digest::digest;
use super::occurrence::{CleanedSpot, Occurrences};
use super::tokens::front_matter;
use super::words::{note, sorted};

/// Longer lines are prose, in bytes.
const LONGEST: usize = 160;
/// So many counters there are for lines that were seen once or twice so far.
const COUNTERS: usize = 1 << 20;
/// In so many documents a line is nothing yet.
const FREE: u8 = 2;
/// So many lines at each end of a document are looked at.
const EDGE: usize = 2;

/// Lines of a corpus that stand in more than two documents, and what documents begin and end with.
///
/// Nearly every line of a corpus stands in it once: lines are counted by their digests in a table of fixed size, and
/// only from the third document on by their letters.
#[derive(Clone, Debug)]
pub struct Lines {
    counters: Box<[u8]>,
    repeated: FxHashMap<Box<str>, Occurrences>,
    heads: FxHashMap<Box<str>, Occurrences>,
    tails: FxHashMap<Box<str>, Occurrences>,
}

/// The lines of one document that may be counted.
#[derive(Clone, Debug, Default)]
pub struct CountedDocument {
    lines: Vec<(Box<str>, CleanedSpot)>,
    heads: Vec<(Box<str>, CleanedSpot)>,
    tails: Vec<(Box<str>, CleanedSpot)>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            counters: vec![0; COUNTERS].into(),
            repeated: FxHashMap::default(),
            heads: FxHashMap::default(),
            tails: FxHashMap::default(),
        }
    }
}

impl CountedDocument {
    /// The lines of a text, and of `raw`, the same before it was cleaned. `spot` tells where a byte of the text is.
    pub fn of(text: &str, raw: &str, spot: impl Fn(usize) -> Option<CleanedSpot>) -> Self {
        let mut document = Self::default();
        // What programs read at the head of a page is no line of it.
        let (mut start, mut full) = (front_matter(text), Vec::new());
        for line in text[start..].split_inclusive('\n') {
            let at = start + (line.len() - line.trim_start().len());
            start += line.len();
            let line = line.trim();
            if !line.is_empty()
                && let Some(spot) = spot(at)
            {
                full.push((line, spot));
            }
        }
        let edge = |lines: &[(&str, CleanedSpot)]| lines.iter().filter_map(|(line, spot)| Some((shape(line)?, *spot))).collect();
        if full.len() > 2 * EDGE {
            document.heads = edge(&full[..EDGE]);
            document.tails = edge(&full[full.len() - EDGE..]);
        }
        // A rule that deletes lines sees the text as it comes, and leaves addresses alone.
        let as_they_come: FxHashSet<&str> = raw.lines().collect();
        let mut lines: Vec<_> = full.into_iter().filter(|(line, _)| may_repeat(line) && as_they_come.contains(line)).collect();
        lines.sort_unstable();
        lines.dedup_by_key(|(line, _)| *line);
        document.lines = lines.into_iter().map(|(line, spot)| (line.into(), spot)).collect();
        document
    }
}

/// A line that is neither prose nor a mark alone, and holds nothing that is protected.
fn may_repeat(line: &str) -> bool {
    let is_protected = ["://", "www.", "@", "#", "`", "[sic]", "](", "<", "{{"].iter().any(|sign| line.contains(sign));
    line.len() <= LONGEST && !is_protected && line.chars().filter(|c| c.is_alphabetic()).count() >= 6
}

/// A short line with its digits made alike.
fn shape(line: &str) -> Option<Box<str>> {
    let is_short = line.len() <= LONGEST / 2 && line.contains(char::is_alphanumeric);
    is_short.then(|| line.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>().into())
}

impl Lines {
    /// Counts the lines of a document. The documents have to come in the order of the corpus.
    pub fn read(&mut self, document: CountedDocument) {
        for (line, spot) in document.lines {
            let counter = &mut self.counters[counter(&line)];
            if *counter < FREE {
                *counter += 1;
            } else {
                note(&mut self.repeated, &line, spot);
            }
        }
        document.heads.into_iter().for_each(|(line, spot)| note(&mut self.heads, &line, spot));
        document.tails.into_iter().for_each(|(line, spot)| note(&mut self.tails, &line, spot));
    }

    /// Forgets what was seen once, if there is more than that of a kind. Tells whether anything was forgotten.
    pub fn forget(&mut self, most: usize) -> bool {
        let mut forgot = false;
        for counted in [&mut self.repeated, &mut self.heads, &mut self.tails] {
            if counted.len() > most {
                forgot = true;
                counted.retain(|_, seen| seen.count > 1);
            }
        }
        forgot
    }

    /// The lines that stand in three documents or more, sorted, with how many of them.
    pub fn repeated(&self) -> impl Iterator<Item = (&str, &Occurrences, u64)> {
        sorted(&self.repeated).into_iter().map(|(line, seen)| (line, seen, seen.documents + u64::from(FREE)))
    }

    /// The shapes of first lines, sorted.
    pub fn heads(&self) -> Vec<(&str, &Occurrences)> {
        sorted(&self.heads)
    }

    /// The shapes of last lines, sorted.
    pub fn tails(&self) -> Vec<(&str, &Occurrences)> {
        sorted(&self.tails)
    }
}

fn counter(line: &str) -> usize {
    // Twenty bits are left.
    usize::try_from(digest(0, line.chars()) >> 44).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_many_documents_are_remembered_by_their_letters() {
        let mut lines = Lines::default();
        for source in 0..5 {
            let text = format!(
                "Head {source}\n\nThis is a line of its own, {source}.\n  ADVERTISEMENT\nOne\nTwo\nADVERTISEMENT\nThe end {source}\n"
            );
            lines.read(CountedDocument::of(&text, &text, |at| {
                Some(CleanedSpot { source, document: 0, at: u32::try_from(at).expect("small") })
            }));
        }
        let repeated: Vec<_> = lines.repeated().map(|(line, _, documents)| (line, documents)).collect();
        assert_eq!(repeated, [("ADVERTISEMENT", 5)]);
        assert!(lines.heads().iter().any(|(shape, seen)| *shape == "Head 0" && seen.documents == 5));
        assert!(lines.tails().iter().any(|(shape, seen)| *shape == "The end 0" && seen.documents == 5));
    }
}
