//! A text as the passes that follow will leave it: without what cannot be seen, composed, with spaces for blanks.
//!
//! Otherwise they would bring together what looks wrongly decoded then, and the chain would not settle.

use unicode_normalization::char::{canonical_combining_class, compose};

use crate::prose::line;

/// The characters of a text with their length in bytes there.
#[derive(Clone, Debug)]
pub struct Composed<'t> {
    /// What is left.
    pub rest: &'t str,
}

impl Iterator for Composed<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let mut chars = self.rest.chars();
        let mut c = chars.by_ref().find(|c| !is_ignorable(*c))?;
        while let Some(next) = chars.clone().next() {
            if matches!(next, ' '..='~') {
                break;
            }
            match is_mark(next).then(|| compose(c, next)).flatten() {
                Some(composed) => c = composed,
                None if is_ignorable(next) => {}
                None => break,
            }
            chars.next();
        }
        let length = self.rest.len() - chars.as_str().len();
        self.rest = chars.as_str();
        Some((if is_blank(c) { ' ' } else { c }, length))
    }
}

/// Whether a character goes with the one before it.
pub fn is_mark(c: char) -> bool {
    canonical_combining_class(c) != 0
}

/// Characters that `unicode` takes away; a soft hyphen is a byte of UTF-8 too.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Blanks but the no-break space, which is a byte of UTF-8 too.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && !line::is_end(c) && c != '\u{A0}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_goes_with_its_neighbour() {
        let composed = |rest| Composed { rest }.collect::<Vec<_>>();
        assert_eq!(composed("a\u{200B}\u{303}b"), [('ã', 6), ('b', 1)]);
        assert_eq!(composed("\u{FEFF}\u{2003}x\u{AD}"), [(' ', 6), ('x', 1), ('\u{AD}', 2)]);
        assert_eq!(composed("\u{200B}"), []);
    }
}
