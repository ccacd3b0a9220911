//! What printing and scanning leave in a text: page numbers, running heads, page breaks, words cut at line ends.
//!
//! Off unless a profile or `--policy` names it: in a text that was never printed, a number alone on its line is a number.
//!
//! What is certain is applied, the rest asks:
//! - a word that is cut at the end of a line is joined if the texts of the run have it whole; if they have it with a
//!   hyphen (`well-known`), it keeps its hyphen; if they have both, or neither, it asks. The line end moves behind the word;
//! - page numbers and running heads: see `furniture`;
//! - a page break (form feed) goes. A paragraph that runs over the page is one again, without blank lines.
//!
//! What it leaves alone: the ends of all other lines; columns; lists, verses and chapters with numbers; heads in which the
//! scanner read a letter wrongly; catchwords and footnotes.
//!
//! Example: `the govern-⏎⏎␌12 THE HOUSE⏎⏎ment said so` becomes `the government⏎said so`.

mod furniture;
mod hyphen;
mod page_number;
mod rows;

use std::borrow::Cow;
use std::cell::LazyCell;

use self::furniture::{Furniture, RowFinding, furniture};
use self::hyphen::{cut_word, note_spellings};
use self::rows::{PAGE_BREAK, PrintedRow, RowKind, goes_on, is_hyphen, rows};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, View, built_in};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::{Vocabulary, line};

/// The behaviours that a rule can stand for.
const BUILT_INS: &[&str] = &["cut-word", "page-number", "running-head", "page-break"];

const CONTRACT: Contract =
    Contract { says: "whole lines and page breaks, to delete them, and the hyphen and line end within a word", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec { built_ins: BUILT_INS, ..PassSpec::new("ocr", CONTRACT, |rules, _| Box::new(Ocr::new(rules))) };

impl PassName {
    /// What printing and scanning leave: page numbers, running heads, words cut at line ends.
    pub const OCR: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Ocr {
    cut_words: Option<RuleNumber>,
    page_numbers: Option<RuleNumber>,
    running_heads: Option<RuleNumber>,
    page_breaks: Option<RuleNumber>,
}

impl Ocr {
    /// The pass with these rules.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self {
            cut_words: built_in(rules, "cut-word"),
            page_numbers: built_in(rules, "page-number"),
            running_heads: built_in(rules, "running-head"),
            page_breaks: built_in(rules, "page-break"),
        }
    }

    /// The rule about a row that is the page's, and whether that is certain. Nothing for a row of the text, or if the rule is off.
    fn rule(&self, row: &PrintedRow, found: Option<RowFinding>) -> Option<(RuleNumber, bool)> {
        match found {
            Some(RowFinding { what: Furniture::PageNumber, is_certain }) => Some((self.page_numbers?, is_certain)),
            Some(RowFinding { what: Furniture::RunningHead, is_certain }) => Some((self.running_heads?, is_certain)),
            None if row.kind == RowKind::PageBreak => Some((self.page_breaks?, true)),
            None => None,
        }
    }
}

impl Pass for Ocr {
    fn name(&self) -> PassName {
        PassName::OCR
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        let text = view.text;
        let rows = rows(text);
        let found = furniture(text, &rows);
        let of_rows: Vec<_> = rows.iter().zip(found).map(|(row, found)| self.rule(row, found)).collect();
        // A text that is all there is to a run.
        let own = LazyCell::new(|| {
            let mut vocabulary = Vocabulary::default();
            self.survey(text, &mut vocabulary);
            vocabulary
        });
        let vocabulary = view.vocabulary.unwrap_or_else(|| &own);
        let pages = Pages { text, rows: &rows, of_rows: &of_rows };
        let mut before = None;
        for at in (0..rows.len()).filter(|at| pages.is_text(*at)).chain([rows.len()]) {
            let joined = before.zip(self.cut_words).and_then(|(before, rule)| pages.cut_word(before, at, rule, vocabulary));
            match joined {
                Some(edit) => edits.push(edit),
                None => pages.delete_between(before, at, edits),
            }
            before = Some(at);
        }
        Ok(())
    }

    fn surveys(&self) -> bool {
        self.cut_words.is_some()
    }

    fn survey(&self, text: &str, vocabulary: &mut Vocabulary) {
        let rows = rows(text);
        let found = furniture(text, &rows);
        let is_text =
            |(row, found): &(&PrintedRow, Option<RowFinding>)| row.kind == RowKind::Text && found.is_none_or(|found| !found.is_certain);
        let lines: Vec<&PrintedRow> = rows.iter().zip(found).filter(is_text).map(|(row, _)| row).collect();
        note_spellings(text, &lines, vocabulary);
    }
}

/// The rows of a text, with the rule that says of each that it is the page's, and whether that is certain.
struct Pages<'p> {
    text: &'p str,
    rows: &'p [PrintedRow],
    of_rows: &'p [Option<(RuleNumber, bool)>],
}

impl Pages<'_> {
    fn line(&self, row: usize) -> &str {
        &self.text[self.rows[row].text.clone()]
    }

    /// Whether a row stays.
    fn is_text(&self, row: usize) -> bool {
        self.rows[row].kind == RowKind::Text && self.of_rows[row].is_none_or(|(_, is_certain)| !is_certain)
    }

    /// The word that is cut at the end of one row of text and goes on in the next. Only what is the page's may stand between.
    fn cut_word<'r>(&self, before: usize, after: usize, rule: RuleNumber, vocabulary: &Vocabulary) -> Option<Edit<'r>> {
        if after == self.rows.len() || self.of_rows[before].is_some() || self.of_rows[after].is_some() {
            return None;
        }
        let is_over_page = self.of_rows[before + 1..after].iter().any(Option::is_some);
        if !is_over_page && after > before + 1 {
            return None;
        }
        let cut = cut_word(self.text, &self.rows[before], &self.rows[after], vocabulary)?;
        // Over a page it would take what stands between along.
        (cut.is_certain || !is_over_page)
            .then(|| Edit { is_guess: !cut.is_certain, ..Edit::replace(rule, Span::new(cut.at.start, cut.at.end), cut.with) })
    }

    /// Deletes what is the page's between two rows of text, and with it the blank lines if a sentence goes on there.
    fn delete_between(&self, before: Option<usize>, after: usize, edits: &mut Vec<Edit<'_>>) {
        let between = before.map_or(0, |before| before + 1)..after;
        let pages: Vec<usize> = between.clone().filter(|row| self.of_rows[*row].is_some()).collect();
        if let Some(before) = before
            && let Some((rule, false)) = self.of_rows[before]
        {
            let row = &self.rows[before];
            edits.push(Edit { is_guess: true, ..Edit::replace(rule, Span::new(row.start, row.next), "") });
        }
        let goes_on = before.is_some_and(|before| after < self.rows.len() && goes_on(self.line(before), self.line(after)));
        for (number, row) in pages.iter().enumerate() {
            let Some((rule, _)) = self.of_rows[*row] else { continue };
            let is_first = number == 0;
            let start = if is_first && goes_on { self.rows[between.start].start } else { self.rows[*row].start };
            let next = pages.get(number + 1).copied().unwrap_or(after);
            let end = if goes_on { self.rows[next - 1].next } else { self.rows[*row].next };
            let with =
                if is_first && self.rows[*row].kind == RowKind::PageBreak { self.missing_line_end(before, end) } else { Cow::Borrowed("") };
            edits.push(Edit::replace(rule, Span::new(start, end), with));
        }
    }

    /// A line end, if what goes was all that ended the line before.
    fn missing_line_end(&self, before: Option<usize>, end: usize) -> Cow<'static, str> {
        let is_ended = before.is_none_or(|before| self.text[..self.rows[before].next].ends_with(line::is_end));
        let rest = self.text[end..].trim_start_matches(|c| line::is_blank(c) || c == PAGE_BREAK);
        let goes_on = !rest.is_empty() && !rest.starts_with(line::is_end);
        Cow::Borrowed(if !is_ended && goes_on { "\n" } else { "" })
    }
}

/// A deletion of whole lines or page breaks, or the rest of a cut word that changes places with a line end.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    let is_border = |c: char| line::is_end(c) || c == PAGE_BREAK;
    let starts_row = edit.at.start == 0 || text[..edit.at.start].ends_with(is_border) || found.starts_with(PAGE_BREAK);
    let ends_row = edit.at.end == text.len() || found.ends_with(is_border) || text[edit.at.end..].starts_with(PAGE_BREAK);
    if edit.with.chars().all(line::is_end) {
        return starts_row && ends_row && edit.with.chars().count() <= 1;
    }
    let Some(rest) = found.strip_prefix(is_hyphen) else { return false };
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let with = edit.with.strip_prefix(is_hyphen).unwrap_or(&edit.with);
    text[..edit.at.start].ends_with(char::is_alphanumeric) && rest.contains(is_border) && letters(rest).ends_with(&letters(with))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::passes::{Extent, proof};

    fn shipped() -> Ocr {
        Ocr::new(&proof::numbered(&proof::shipped(PassName::OCR)))
    }

    /// What becomes of a text if only what is certain is applied.
    fn clean(text: &str) -> String {
        let pass = shipped();
        let mut edits = Vec::new();
        pass.propose(&View::of(text, Extent::Whole), &mut edits).expect("no budget is that small");
        edits.sort_by_key(|edit| edit.at);
        assert!(edits.windows(2).all(|pair| !pair[0].at.rivals(pair[1].at)), "{text:?}: {edits:?}");
        let mut clean = text.to_owned();
        for edit in edits.iter().rev() {
            assert!(allows(text, edit), "{text:?}: {edit:?}");
            assert_ne!(text[edit.at.range()], *edit.with, "{text:?}");
            if !edit.is_guess {
                clean.replace_range(edit.at.range(), &edit.with);
            }
        }
        clean
    }

    fn guesses(text: &str) -> usize {
        let pass = shipped();
        let mut edits = Vec::new();
        pass.propose(&View::of(text, Extent::Whole), &mut edits).expect("no budget is that small");
        edits.iter().filter(|edit| edit.is_guess).count()
    }

    /// A page of prose: its last sentence goes on, as its first did.
    fn page(number: usize) -> String {
        const NUMBERS: [&str; 13] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "some", "all"];
        let line = "and so the days of that long summer went by for him and for all of them who lived there\n";
        format!("{}he did not know of {}", line.repeat(8), NUMBERS[number])
    }

    fn of_pages(pages: std::ops::RangeInclusive<usize>, print: impl Fn(usize) -> String) -> String {
        pages.map(print).collect()
    }

    #[test]
    fn the_shipped_rules_hold() {
        proof::prove(PassName::OCR, Ocr::new, &[]);
    }

    #[test]
    fn a_cut_word_is_joined_if_the_corpus_has_it() {
        assert_eq!(clean("government govern-\n  ment, so\n"), "government government,\n  so\n", "the indent stays");
        assert_eq!(clean("government govern- \r\nment. So\r\n"), "government government.\r\nSo\r\n");
        assert_eq!(clean("Government GOVERN-\nMENT\nend"), "Government GOVERNMENT\nend");
        assert_eq!(clean("government's govern-\nment's end"), "government's government's\nend");
        assert_eq!(clean("a govern\u{AD}ment govern\u{AD}\nment"), "a govern\u{AD}ment govern\u{AD}\nment", "nobody wrote it whole");
        assert_eq!(clean("l'évidence est l'évi-\ndence même"), "l'évidence est l'évidence\nmême");
    }

    #[test]
    fn a_compound_keeps_its_hyphen() {
        assert_eq!(clean("well-known, well-\nknown"), "well-known, well-known");
        assert_eq!(clean("an Anglo-Saxon and Anglo-\nSaxons"), "an Anglo-Saxon and Anglo-\nSaxons");
        assert_eq!(clean("mother-in-law, mother-in-\nlaw"), "mother-in-law, mother-in-law");
    }

    #[test]
    fn what_the_corpus_does_not_settle_asks() {
        for text in ["to-day, today, to-\nday", "govern-\nment", "Anglo-\nSaxon", "gov-\nern-\nment government"] {
            assert_eq!((clean(text), guesses(text)), (text.to_owned(), 1), "{text}");
        }
        for text in ["govern-\n\nment government", "12-\nth", "a -\nb", "x--\ny", "one   gov-\nernment government", "-\nment"] {
            assert_eq!((clean(text), guesses(text)), (text.to_owned(), 0), "{text}");
        }
    }

    #[test]
    fn page_numbers_amid_sentences_go_with_the_blank_lines() {
        let text = of_pages(1..=4, |at| format!("{}\n\n- {at} -\n\n", page(at)));
        let text = format!("{text}{}", page(5)).replace("of four", "of four.");
        let clean = clean(&text);
        assert!(!clean.contains("- 3 -"), "{clean}");
        assert!(clean.contains("of two\nand so"), "{clean}");
        assert!(clean.contains("of four.\n\n\nand so"), "where it is not seen that a sentence goes on, the paragraph ends: {clean}");
    }

    #[test]
    fn numbers_that_are_no_page_numbers_stay() {
        let chapters = of_pages(1..=9, |at| format!("{at}\n\nThere he was. {}.\n\n", page(at)));
        assert_eq!((clean(&chapters), guesses(&chapters)), (chapters.clone(), 0));
        let list = of_pages(1..=9, |at| format!("{at}\nthe thing\n"));
        assert_eq!((clean(&list), guesses(&list)), (list.clone(), 0));
        let figures = of_pages(1..=9, |at| format!("{} so\n\nFigure {at}\n\n", page(at)));
        assert_eq!((clean(&figures), guesses(&figures)), (figures.clone(), 0));
    }

    #[test]
    fn heads_run_with_the_numbers() {
        let pages = of_pages(7..=12, |at| {
            format!("{}\n{}\n\n", page(at), if at % 2 == 0 { format!("{at} THE HOUSE") } else { format!("A CHAPTER {at}") })
        });
        let cleaned = clean(&pages);
        assert!(!cleaned.contains("HOUSE") && !cleaned.contains("CHAPTER"), "{cleaned}");
        let apart = pages.replace(" THE HOUSE", "\nTHE HOUSE").replace("A CHAPTER ", "A CHAPTER\n");
        let cleaned = clean(&apart);
        assert!(!cleaned.contains("HOUSE") && !cleaned.contains("CHAPTER"), "{cleaned}");
    }

    #[test]
    fn a_refrain_is_no_head() {
        let song = "He sang of love.\nNevermore.\n\nShe sang of him.\nNevermore.\n\nThey sang of it.\nNevermore.\n";
        assert_eq!((clean(song), guesses(song)), (song.to_owned(), 0));
    }

    #[test]
    fn a_word_is_joined_over_the_page() {
        let text = "A government. The govern-\n\n\u{C}THE HOUSE 7\n\nment of it.\n\u{C}8 THE HOUSE\nOn.\n\u{C}THE HOUSE 9\nEnd.";
        assert_eq!(clean(text), "A government. The government\nof it.\nOn.\nEnd.");
        assert_eq!(clean("The govern-\n\u{C}\nment"), "The govern-\nment", "if nobody knows the word it asks once the page is whole");
    }

    #[test]
    fn page_breaks_go() {
        assert_eq!(clean("\u{C}a\u{C}\u{C}\u{C}b\u{C}"), "a\nb");
        assert_eq!(clean("End.\r\n\u{C}\r\nStart."), "End.\r\n\r\nStart.");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
        #[test]
        fn it_settles(pieces in prop::collection::vec(prop_oneof![
            "[a-c]{1,2}", "[a-c]{1,2}-\n[a-c]{1,2} ", "\n[1-6]\n", "\n(A HEAD|THE HEAD|[ivx]{1,2})( [1-6])?\n", "[ ,.\n\u{C}-]{1,3}",
            Just("and so the days of that long summer went by for him and for all ".repeat(7)),
        ], 0..40)) {
            let text = pieces.concat();
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }
    }
}
