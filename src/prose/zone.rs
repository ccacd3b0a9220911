//! Special places in a text, where a rule may have another policy.

use std::ops::Range;

use super::{Marked, Syntax, line, paragraph, quotation, word};
use crate::edit::{Edit, InDraft, Span, Zone};

/// Tells the zone of a place. Nothing is looked at before somebody asks, and each paragraph and line
/// only once as long as the places come in order. The answers do not depend on what was asked before.
pub struct Zones<'t> {
    text: &'t str,
    markup: Option<&'t Marked<'t>>,
    /// Which zones there may be, once one was asked for.
    signs: Option<Signs>,
    /// All paragraphs, once one was asked for.
    paragraphs: Vec<Range<usize>>,
    /// The paragraph asked for last, and the quotations in it: sorted and disjoint, in bytes of the text.
    quotations: (Range<usize>, Vec<Range<usize>>),
    /// The line asked for last, and the backticks in it.
    backticks: (Range<usize>, Vec<usize>),
}

impl<'t> Zones<'t> {
    /// The zones of a field or body.
    pub fn new(text: &'t str, markup: Option<&'t Marked<'t>>) -> Self {
        Self { text, markup, signs: None, paragraphs: Vec::new(), quotations: (0..0, Vec::new()), backticks: (0..0, Vec::new()) }
    }

    /// The zone of what an edit touches. A protected one comes first, then a quotation.
    pub fn of(&mut self, edit: &Edit<'_>) -> Option<Zone> {
        self.markup.and_then(|markup| markup.zone(edit)).or_else(|| self.at(edit.at))
    }

    fn at(&mut self, at: Span<InDraft>) -> Option<Zone> {
        self.protected(at).or_else(|| self.in_quotation(at).then_some(Zone::Quotation))
    }

    /// Whether `[sic]` stands behind the word that holds the byte `end`, or ends there.
    pub fn sic_follows(text: &str, end: usize) -> bool {
        let rest = text[end..].trim_start_matches(|c| word::is_word_char(c) || word::is_joiner(c));
        let rest = rest.trim_start_matches(['"', '”', '’', ',']);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        rest.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("[sic]") || head.eq_ignore_ascii_case("(sic)"))
    }

    fn protected(&mut self, at: Span<InDraft>) -> Option<Zone> {
        let signs = *self.signs.get_or_insert_with(|| Signs::of(self.text));
        let says_backtick = self.markup.is_none_or(|markup| markup.syntax() != Syntax::Markdown);
        if signs.code && says_backtick && self.in_code(at) {
            return Some(Zone::Code);
        }
        if !signs.address && !signs.sic {
            return None;
        }
        let chunk = self.chunk(at)?;
        let zone = address(&self.text[chunk.clone()], at.start.saturating_sub(chunk.start)..at.end - chunk.start);
        zone.or_else(|| Self::sic_follows(self.text, at.end).then_some(Zone::Sic))
    }

    /// The unbroken run of non-blank characters round the non-blank part of `at`.
    fn chunk(&self, at: Span<InDraft>) -> Option<Range<usize>> {
        let found = &self.text[at.range()];
        let start = at.start + (found.len() - found.trim_start().len());
        let end = (at.start + found.trim_end().len()).max(start);
        let chunk = self.text[..start].rfind(char::is_whitespace).map_or(0, |blank| next_char(self.text, blank))
            ..self.text[end..].find(char::is_whitespace).map_or(self.text.len(), |blank| end + blank);
        let prose = self.markup.and_then(|markup| markup.prose_around(&at.range()));
        let chunk = prose.map_or(chunk.clone(), |prose| chunk.start.max(prose.start)..chunk.end.min(prose.end));
        (!chunk.is_empty()).then_some(chunk)
    }

    /// Between two backticks of one line.
    fn in_code(&mut self, at: Span<InDraft>) -> bool {
        let (line, backticks) = &mut self.backticks;
        if !(line.contains(&at.start) || at.start == line.end && line.end == self.text.len()) {
            let bytes = self.text.as_bytes();
            let start = line::start_after_feed(bytes, at.start);
            let end = (line::end_before_feed(bytes, at.start) + 1).min(bytes.len());
            *line = start..end;
            backticks.clear();
            backticks.extend(memchr::memchr_iter(b'`', &bytes[start..end]).map(|found| start + found));
        }
        let before = backticks.partition_point(|backtick| *backtick < at.start);
        before % 2 == 1 && backticks.last().is_some_and(|last| *last >= at.end)
    }

    fn in_quotation(&mut self, at: Span<InDraft>) -> bool {
        if !self.quotations.0.contains(&at.start) {
            if self.paragraphs.is_empty() {
                self.paragraphs.extend(paragraph::paragraphs(self.text));
            }
            let next = self.paragraphs.partition_point(|paragraph| paragraph.end < at.start);
            let Some(paragraph) = self.paragraphs.get(next).filter(|paragraph| paragraph.start <= at.start) else { return false };
            let mut found = quotation::quotations(&self.text[paragraph.clone()]);
            for quotation in &mut found {
                *quotation = paragraph.start + quotation.start..paragraph.start + quotation.end;
            }
            // One inside another is a quotation all the same.
            found.dedup_by(|inner, outer| inner.end <= outer.end);
            self.quotations = (paragraph.clone(), found);
        }
        let quotations = &self.quotations.1;
        let next = quotations.partition_point(|quotation| quotation.end < at.end);
        quotations.get(next).is_some_and(|quotation| quotation.start <= at.start)
    }
}

/// What a text must hold for a zone of a kind. Most hold none of them, and need not be looked at more closely.
#[derive(Clone, Copy)]
struct Signs {
    code: bool,
    address: bool,
    sic: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let is_sic = |at| bytes.get(at + 1..at + 4).is_some_and(|word: &[u8]| word.eq_ignore_ascii_case(b"sic"));
        Self {
            code: memchr::memchr(b'`', bytes).is_some(),
            address: memchr::memchr3(b'/', b'@', b'#', bytes).is_some() || memchr::memmem::find(bytes, b"www.").is_some(),
            sic: memchr::memchr2_iter(b'[', b'(', bytes).any(is_sic),
        }
    }
}

fn next_char(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The kind of address that `asked`, a range of `chunk`, lies in.
fn address(chunk: &str, asked: Range<usize>) -> Option<Zone> {
    // Every address has one of these, the w of `www.` among them; nearly no word has.
    if !chunk.bytes().any(|byte| matches!(byte, b'/' | b'@' | b'#' | b'w')) {
        return None;
    }
    let within = |zone: Range<usize>| {
        let inside = zone.start < zone.end
            && (if asked.is_empty() {
                zone.start < asked.start && asked.start < zone.end
            } else {
                asked.start < zone.end && zone.start < asked.end
            });
        inside.then_some(())
    };
    if let Some(scheme) = chunk.find("://").or_else(|| chunk.find("www.")) {
        let start = chunk[..scheme].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| next_char(chunk, before));
        return within(start..address_end(chunk)).map(|()| Zone::Url);
    }
    if let Some(at) = chunk.find('@') {
        let start = chunk[..at]
            .rfind(|c: char| !(word::is_word_char(c) || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'')))
            .map_or(0, |before| next_char(chunk, before));
        let end = at
            + 1
            + chunk[at + 1..].find(|c: char| !(word::is_word_char(c) || matches!(c, '.' | '_' | '-'))).unwrap_or(chunk.len() - at - 1);
        let end = start + chunk[start..end].trim_end_matches(['.', '-']).len();
        let zone = if start < at { Zone::Email } else { Zone::Handle };
        return (end > at + 1).then(|| within(start..end)).flatten().map(|()| zone);
    }
    if let Some(at) = chunk.find('#') {
        let end = at + 1 + chunk[at + 1..].find(|c: char| !(word::is_word_char(c) || c == '_')).unwrap_or(chunk.len() - at - 1);
        let before = chunk[..at].chars().next_back();
        let is_tag = end > at + 1 && before.is_none_or(|c| !word::is_word_char(c));
        return is_tag.then(|| within(at..end)).flatten().map(|()| Zone::Hashtag);
    }
    bare_domain(chunk).and_then(within).map(|()| Zone::Url)
}

/// `example.org/path`: a host with a path, without a scheme.
fn bare_domain(chunk: &str) -> Option<Range<usize>> {
    let slash = chunk.find('/')?;
    let start =
        chunk[..slash].rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).map_or(0, |before| next_char(chunk, before));
    let host = &chunk[start..slash];
    let top = host.rsplit_once('.')?.1;
    (top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase())).then(|| start..address_end(chunk))
}

/// An address ends before the punctuation that closes its sentence or quotation.
fn address_end(chunk: &str) -> usize {
    chunk.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '>', '"', '\'', '”', '’', '»', '“']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The zone of the first `needle` in `text`.
    fn zone(text: &str, needle: &str) -> Option<Zone> {
        let start = text.find(needle).expect("the needle is in the text");
        Zones::new(text, None).at(Span::new(start, start + needle.len()))
    }

    #[test]
    fn addresses_are_told_from_the_text_round_them() {
        assert_eq!(zone("see https://x.org/Isrfael-news.", "Isrfael"), Some(Zone::Url));
        assert_eq!(zone("(www.isrfael.org)", "isrfael"), Some(Zone::Url));
        assert_eq!(zone("at example.com/teh/page", "teh"), Some(Zone::Url));
        assert_eq!(zone("mail teh@example.org now", "teh"), Some(Zone::Email));
        assert_eq!(zone("by @Isrfael today", "Isrfael"), Some(Zone::Handle));
        assert_eq!(zone("under #Isrfael today", "Isrfael"), Some(Zone::Hashtag));
        assert_eq!(zone("either/or Isrfael", "or"), None);
        assert_eq!(zone("see https://x.org/a. Isrfael", "Isrfael"), None);
        assert_ne!(zone("see ‘https://x.org/a’ there", "’"), Some(Zone::Url), "the closing mark is not the address's");
    }

    #[test]
    fn code_stands_between_backticks_of_one_line() {
        assert_eq!(zone("run `teh x` now", "teh"), Some(Zone::Code));
        assert_eq!(zone("run `x` teh `y`", "teh"), None);
        assert_eq!(zone("a ` teh\n`", "teh"), None);
    }

    #[test]
    fn sic_protects_the_word_before_it() {
        assert_eq!(zone("the Isrfael [sic] army", "Isrfael"), Some(Zone::Sic));
        assert_eq!(zone("the Isrfael army [sic]", "Isrfael"), None);
    }

    #[test]
    fn a_quotation_is_a_zone() {
        assert_eq!(zone("He said: \"Isrfael is near.\" Then", "Isrfael"), Some(Zone::Quotation));
        assert_eq!(zone("He said: \"No.\" Isrfael is \"far\".", "Isrfael"), None);
        assert_eq!(zone("“Isrfael,” he said", "Isrfael"), Some(Zone::Quotation));
    }

    #[test]
    fn nothing_is_looked_at_before_somebody_asks() {
        let mut zones = Zones::new("He said: \"Isrfael is near.\"", None);
        assert!(zones.signs.is_none() && zones.paragraphs.is_empty());
        assert_eq!(zones.at(Span::new(10, 17)), Some(Zone::Quotation));
        assert!(zones.signs.is_some() && !zones.paragraphs.is_empty());
    }

    #[test]
    fn the_order_of_the_questions_does_not_matter() {
        let text = "run `teh x` now\n\n\"Teh end,\" she said, `a`\nto @teh and teh.\n\n\"Or teh [sic] www.teh.org\"";
        let spans: Vec<Span<InDraft>> = text.match_indices(char::is_alphabetic).map(|(at, c)| Span::new(at, at + c.len())).collect();
        let alone: Vec<_> = spans.iter().map(|span| Zones::new(text, None).at(*span)).collect();
        let mut zones = Zones::new(text, None);
        for _ in 0..2 {
            assert_eq!(spans.iter().map(|span| zones.at(*span)).collect::<Vec<_>>(), alone);
        }
        let backwards: Vec<_> = spans.iter().rev().map(|span| zones.at(*span)).collect();
        assert_eq!(backwards.into_iter().rev().collect::<Vec<_>>(), alone);
    }
}
