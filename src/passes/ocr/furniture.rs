//! Which rows are the page's and not the text's: page numbers and running heads.

use rustc_hash::FxHashMap;

use super::page_number::{Numbered, head, numbered};
use super::rows::{PrintedRow, RowKind, goes_on};

/// What a row of page furniture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Furniture {
    /// A page number, and nothing else.
    PageNumber,
    /// A running head, with a page number beside it or not.
    RunningHead,
}

/// What was found out about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowFinding {
    /// What it is.
    pub what: Furniture,
    /// Whether that is sure.
    pub is_certain: bool,
}

/// What must be repeated so often, be it numbers that follow one another or a head, before it is taken for page furniture.
const OFTEN: usize = 3;
/// Page numbers count up, but some are missing: on plates and on the first pages of chapters.
const STEP: u32 = 3;
/// So many characters that can be seen stand on a page at least: numbers that stand closer are a list or a table.
const LEAST_ON_PAGE: usize = 400;

/// A line of the text, once page breaks and what is certainly furniture are gone.
struct Line<'t> {
    /// Its row.
    row: usize,
    text: &'t str,
    /// So many page breaks come before it.
    page: usize,
    /// So many characters that can be seen come before it.
    seen: usize,
    /// What it says if it is a page number.
    numbered: Option<&'t Numbered>,
    /// Its letters; empty if it is too long for a head.
    head: &'t str,
}

/// What is known of each row, by its place in `rows`.
///
/// Numbers alone on their lines are page numbers if they count up and stand where pages do: at page breaks, as many
/// numbers as pages apart, or far from one another and in the middle of sentences. Numbered chapters, verses and figures
/// do not do that. Heads repeat, beside page numbers or at page breaks.
///
/// Whatever is certain is taken away before the rest is looked at again, until nothing more is: so that what is left
/// would be left by another run too.
pub(super) fn furniture(text: &str, rows: &[PrintedRow]) -> Vec<Option<RowFinding>> {
    let of_rows =
        |read: fn(&str) -> Option<Numbered>| -> Vec<Option<Numbered>> { rows.iter().map(|row| read(&text[row.text.clone()])).collect() };
    let numbers = of_rows(numbered);
    let heads: Vec<String> = rows.iter().map(|row| plain_head(&text[row.text.clone()])).collect();
    let mut found: Vec<Option<RowFinding>> = vec![None; rows.len()];
    let mut has_pages = rows.iter().any(|row| row.kind == RowKind::PageBreak);
    loop {
        let lines = remaining(text, rows, &numbers, &heads, &found, has_pages);
        let seen = Look::at(&lines).everything(has_pages);
        let is_done = !seen.iter().flatten().any(|found| found.is_certain);
        if is_done && has_pages {
            // Page breaks go in any case: what another run would find without them.
            has_pages = false;
            continue;
        }
        for (line, seen) in lines.iter().zip(seen) {
            found[line.row] = seen.filter(|seen| seen.is_certain || is_done);
        }
        if is_done {
            return found;
        }
    }
}

/// What a line says as a head without a number.
fn plain_head(line: &str) -> String {
    const LONGEST: usize = 80;
    let is_short = line.len() <= 4 * LONGEST && line.chars().count() <= LONGEST;
    // [Illustration]
    let is_note = line.starts_with('[') && line.ends_with(']');
    Some(head(line)).filter(|head| is_short && !is_note && head.chars().count() >= 4).unwrap_or_default()
}

fn remaining<'t>(
    text: &'t str,
    rows: &[PrintedRow],
    numbers: &'t [Option<Numbered>],
    heads: &'t [String],
    found: &[Option<RowFinding>],
    has_pages: bool,
) -> Vec<Line<'t>> {
    let (mut page, mut seen) = (0, 0);
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        page += usize::from(has_pages && row.kind == RowKind::PageBreak);
        if row.kind != RowKind::Text || found[at].is_some() {
            continue;
        }
        let line = &text[row.text.clone()];
        lines.push(Line { row: at, text: line, page, seen, numbered: numbers[at].as_ref(), head: &heads[at] });
        seen += line.chars().filter(|c| !c.is_whitespace()).count();
    }
    lines
}

/// One look at all lines.
struct Look<'l, 't> {
    lines: &'l [Line<'t>],
    /// How often each head stands there, with page numbers and without.
    heads: FxHashMap<&'t str, usize>,
    /// Whether the text goes on from before a line, and what else may be furniture there, to what comes after it.
    is_amid_sentence: Vec<bool>,
}

impl<'l, 't> Look<'l, 't> {
    fn at(lines: &'l [Line<'t>]) -> Self {
        let mut heads = FxHashMap::default();
        for line in lines.iter().filter(|line| !line.head.is_empty()) {
            *heads.entry(line.head).or_default() += 1;
        }
        let mut look = Self { lines, heads, is_amid_sentence: Vec::new() };
        look.is_amid_sentence = look.amid_sentences();
        look
    }

    fn amid_sentences(&self) -> Vec<bool> {
        let is_text = |at: usize| self.lines[at].numbered.is_none() && !self.is_head(at);
        let mut before = None;
        let mut amid = vec![false; self.lines.len()];
        let mut since = 0;
        for at in (0..self.lines.len()).filter(|at| is_text(*at)) {
            let line = self.lines[at].text;
            let goes_on = before.is_some_and(|before| goes_on(before, line));
            amid[since..at].fill(goes_on);
            (before, since) = (Some(line), at + 1);
        }
        amid
    }

    /// What each line is.
    fn everything(&self, has_pages: bool) -> Vec<Option<RowFinding>> {
        let mut found = vec![None; self.lines.len()];
        if has_pages {
            let at_edges: Vec<usize> = (0..self.lines.len()).filter(|at| self.is_edge(*at) && self.lines[*at].numbered.is_some()).collect();
            for chain in self.chains(&at_edges) {
                self.counted_by_pages(&chain, &mut found);
            }
        }
        let all: Vec<usize> = (0..self.lines.len()).filter(|at| self.may_be_page(*at)).collect();
        for chain in self.chains(&all) {
            self.counted_amid_sentences(&chain, &mut found);
        }
        self.plain_heads(has_pages, &mut found);
        found
    }

    /// Whether a line is the first or the last of its page.
    fn is_edge(&self, at: usize) -> bool {
        let page = |at: usize| self.lines.get(at).map(|line| line.page);
        at == 0 || page(at) != page(at - 1) || page(at) != page(at + 1)
    }

    /// Whether a line may be a page number with or without a head wherever it stands.
    fn may_be_page(&self, at: usize) -> bool {
        self.lines[at].numbered.is_some_and(|numbered| numbered.head.is_empty() || self.is_head(at) && !is_label(&numbered.head))
    }

    /// Whether it repeats what is said on the line.
    fn is_head(&self, at: usize) -> bool {
        self.heads.get(self.lines[at].head).is_some_and(|times| *times >= OFTEN)
    }

    /// The longest rows of lines whose numbers count up. A line is in one of them at most.
    fn chains(&self, candidates: &[usize]) -> Vec<Vec<usize>> {
        let mut last_with: FxHashMap<(bool, u32), usize> = FxHashMap::default();
        let mut chains: Vec<Vec<usize>> = Vec::new();
        for at in candidates {
            let Some(Numbered { page, is_roman, .. }) = self.lines[*at].numbered else { continue };
            let before = (1..=STEP).find_map(|step| last_with.remove(&(*is_roman, page.checked_sub(step)?)));
            let chain = before.unwrap_or_else(|| {
                chains.push(Vec::new());
                chains.len() - 1
            });
            chains[chain].push(*at);
            last_with.insert((*is_roman, *page), chain);
        }
        chains.retain(|chain| chain.len() >= OFTEN);
        chains
    }

    fn page_number(&self, at: usize) -> u32 {
        self.lines[at].numbered.map_or(0, |numbered| numbered.page)
    }

    fn mark(&self, lines: &[usize], is_certain: bool, found: &mut [Option<RowFinding>]) {
        for at in lines {
            let is_number = self.lines[*at].numbered.is_some_and(|numbered| numbered.head.is_empty());
            let what = if is_number { Furniture::PageNumber } else { Furniture::RunningHead };
            if found[*at].is_none_or(|found| is_certain && !found.is_certain) {
                found[*at] = Some(RowFinding { what, is_certain });
            }
        }
    }

    /// Numbers at page breaks that lie as many apart as pages.
    fn counted_by_pages(&self, chain: &[usize], found: &mut [Option<RowFinding>]) {
        let keeps_step = |pair: &[usize]| {
            let pages = self.lines[pair[1]].page - self.lines[pair[0]].page;
            usize::try_from(self.page_number(pair[1]) - self.page_number(pair[0])) == Ok(pages)
        };
        let breaks = (1..chain.len()).filter(|at| !keeps_step(&chain[at - 1..=*at]));
        let mut start = 0;
        for end in breaks.chain([chain.len()]) {
            if end - start >= OFTEN {
                self.mark(&chain[start..end], true, found);
            }
            start = end;
        }
    }

    /// Numbers that lie pages apart, and many of them in the middle of a sentence.
    fn counted_amid_sentences(&self, chain: &[usize], found: &mut [Option<RowFinding>]) {
        let amid = chain.iter().filter(|at| self.is_amid_sentence[**at]).count();
        if amid > 0 && self.is_pages_apart(chain) {
            let is_certain = amid >= OFTEN && amid * 5 >= chain.len() * 2;
            self.mark(chain, is_certain, found);
        }
    }

    /// Whether half of the lines or more are a page away from the one before.
    fn is_pages_apart(&self, chain: &[usize]) -> bool {
        let far = chain.windows(2).filter(|pair| self.lines[pair[1]].seen - self.lines[pair[0]].seen >= LEAST_ON_PAGE).count();
        far * 2 >= chain.len() - 1
    }

    /// Heads without a number of their own.
    fn plain_heads(&self, has_pages: bool, found: &mut [Option<RowFinding>]) {
        let mut places: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (at, line) in self.lines.iter().enumerate().filter(|(at, line)| line.numbered.is_none() && self.is_head(*at)) {
            places.entry(line.head).or_default().push(at);
        }
        let is_number = |at: Option<usize>| at.and_then(|at| found.get(at)).copied().flatten().is_some_and(|found| found.is_certain);
        let is_at_page = |at: &usize| has_pages && self.is_edge(*at) || is_number(at.checked_sub(1)) || is_number(Some(at + 1));
        let at_pages: Vec<(Vec<usize>, Vec<usize>)> = places.into_values().map(|places| places.into_iter().partition(is_at_page)).collect();
        for (at_pages, elsewhere) in at_pages {
            // What often stands elsewhere as well is a refrain, or the name below a motto.
            if at_pages.len() >= OFTEN && at_pages.len() >= elsewhere.len() {
                self.mark(&at_pages, true, found);
                continue;
            }
            let mut all = [at_pages, elsewhere].concat();
            all.sort_unstable();
            let amid = all.iter().filter(|at| self.is_amid_sentence[**at]).count();
            // Where a passage is repeated, so are the lines beside.
            let is_alone = |at: &usize| {
                !(at.checked_sub(1).is_some_and(|before| self.is_head(before)) || at + 1 < self.lines.len() && self.is_head(at + 1))
            };
            let is_title = self.lines[all[0]].text.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
            if is_title && all.iter().all(is_alone) && amid >= OFTEN && amid * 2 >= all.len() && self.is_pages_apart(&all) {
                self.mark(&all, false, found);
            }
        }
    }
}

/// What is numbered by itself, in the letters of its caption: it may stand in the middle of a sentence and count up.
fn is_label(head: &str) -> bool {
    const LABELS: [&str; 22] = [
        "abb",
        "abbildung",
        "appendix",
        "article",
        "book",
        "chapter",
        "ex",
        "example",
        "fig",
        "figure",
        "map",
        "note",
        "part",
        "pl",
        "plate",
        "section",
        "step",
        "tab",
        "tabelle",
        "table",
        "vol",
        "volume",
    ];
    LABELS.contains(&head)
}
