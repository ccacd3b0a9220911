//! The structure of HTML.

use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::Structure;
use crate::edit::Zone;

/// Elements whose text is no prose.
const VERBATIM: [&str; 14] =
    ["pre", "code", "kbd", "samp", "var", "tt", "textarea", "script", "style", "math", "svg", "xmp", "listing", "template"];

/// The longest character reference has 33 bytes (HTML Living Standard, section 13.5); a number may have more digits.
const LONGEST: usize = 40;

/// An element without prose, from its first tag on.
#[derive(Default)]
pub(super) struct Open {
    name: Vec<u8>,
    /// How many elements of that name are open.
    depth: usize,
    /// Where its text begins.
    since: usize,
}

impl Open {
    fn start(&mut self, name: &[u8], end: usize) {
        if self.depth > 0 {
            self.depth += usize::from(self.name == name);
        } else if VERBATIM.iter().any(|known| known.as_bytes() == name) {
            *self = Self { name: name.to_vec(), depth: 1, since: end };
        }
    }

    fn end(&mut self, name: &[u8], start: usize, structure: &mut Structure) {
        if self.depth > 0 && self.name == name {
            self.depth -= 1;
            if self.depth == 0 {
                structure.fix(self.since..start, Zone::Code);
            }
        }
    }

    /// Closes what is open, since its block ends here.
    pub(super) fn close(&mut self, at: usize, structure: &mut Structure) {
        if self.depth > 0 {
            structure.fix(self.since..at, Zone::Code);
            self.depth = 0;
        }
    }
}

/// What a tag or comment does.
enum Does {
    Starts(Vec<u8>),
    Ends(Vec<u8>),
    Nothing,
}

/// Reads the part `at` of a text as HTML, within what is open.
pub(super) fn read(text: &str, at: Range<usize>, open: &mut Open, structure: &mut Structure) {
    let mut end = at.start;
    let (tags, cut) = tags(&text[at.clone()]);
    for (tag, does) in tags {
        let tag = at.start + tag.start..at.start + tag.end;
        prose(text, end..tag.start, structure);
        end = tag.end;
        match does {
            Does::Starts(name) => open.start(&name, tag.end),
            Does::Ends(name) => open.end(&name, tag.start, structure),
            Does::Nothing => {}
        }
        structure.fix(tag, Zone::Markup);
    }
    // What is open at the end would take one character more, or a quotation mark, as its own.
    let cut = cut.map(|start| at.start + start).or_else(|| open_tag(&text[end..at.end]).map(|start| end + start));
    let last = cut.map_or(at.end, |start| start.max(end));
    prose(text, end..last, structure);
    structure.fix(last..at.end, Zone::Markup);
}

/// Where a tag begins that the end of the text cuts off, by its look.
fn open_tag(text: &str) -> Option<usize> {
    let last = text.rfind('>').map_or(0, |end| end + 1);
    let starts_tag =
        |start: &usize| text[last + start + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    text[last..].match_indices('<').map(|(start, _)| start).find(starts_tag).map(|start| last + start)
}

/// All tags, comments and declarations; and where a tag begins that the end of the text cuts off.
fn tags(text: &str) -> (Vec<(Range<usize>, Does)>, Option<usize>) {
    let mut tags = Vec::new();
    let (mut open, mut name) = (None, Vec::new());
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name: opened } => (open, name) = (Some(span.start), opened.to_vec()),
            CallbackEvent::CloseStartTag { .. } => {
                tags.extend(open.take().map(|start| (start..span.end, Does::Starts(std::mem::take(&mut name)))));
            }
            CallbackEvent::EndTag { name } => tags.push((span.start..span.end, Does::Ends(name.to_vec()))),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => tags.push((span.start..span.end, Does::Nothing)),
            _ => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    for Ok(()) in Tokenizer::new_with_emitter(text, emitter) {}
    (tags, open)
}

/// Text between tags, but for its character references.
fn prose(text: &str, at: Range<usize>, structure: &mut Structure) {
    let mut from = at.start;
    for ampersand in memchr::memchr_iter(b'&', &text.as_bytes()[at.clone()]) {
        let start = at.start + ampersand;
        let rest = &text.as_bytes()[start..at.end];
        let length =
            rest.iter().take(LONGEST).skip(1).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#').map_or(0, |end| end + 1);
        if length > 1 && rest[length] == b';' {
            structure.prose(from..start);
            from = start + length + 1;
        }
    }
    structure.prose(from..at.end);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The prose of a text, and what is code.
    fn parts(text: &str) -> (Vec<&str>, Vec<&str>) {
        let (mut structure, mut open) = (Structure::default(), Open::default());
        read(text, 0..text.len(), &mut open, &mut structure);
        open.close(text.len(), &mut structure);
        let code = structure.fixed.iter().filter(|(_, zone)| *zone == Zone::Code);
        (structure.prose.iter().map(|range| &text[range.clone()]).collect(), code.map(|(range, _)| &text[range.clone()]).collect())
    }

    #[test]
    fn prose_stands_between_tags_and_references() {
        assert_eq!(
            parts("<!DOCTYPE html>\r\n<p class='a>b'>é\r\n&amp; x &#x27;y</p ><!-- a --b- -->z <?php c ?> R&D; < 3<br/>"),
            (vec!["\r\n", "é\r\n", " x ", "y", "z ", " R", " < 3"], vec![]),
        );
        assert_eq!(parts("<![CDATA[ x ]]>a</>b<>c<a"), (vec!["a</>b<>c"], vec![]));
        assert_eq!(parts("a<!-- no end"), (vec!["a"], vec![]));
    }

    #[test]
    fn code_is_no_prose() {
        let code = |text| parts(text).1;
        assert_eq!(code("<p>a <code>b <code>c</code> d</code> e <pre>f"), ["b <code>c</code> d", "f"]);
        assert_eq!(code("<script>a < b; '</b>'</script> <STYLE>x</STYLE>"), ["a < b; '</b>'", "x"]);
        assert_eq!(code("<codex>a</codex></code>"), Vec::<&str>::new());
    }
}
