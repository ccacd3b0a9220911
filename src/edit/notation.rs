//! A draft as one line that a test can type: numbers are bytes kept, `3:"x"` replaces three bytes of the source by an x.

use std::borrow::Cow;
use std::fmt;

use super::Span;
use super::draft::{ChangeNumbers, Draft, Seam};

/// Why a notation is not one of a draft of its source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    /// A number is missing.
    #[error("a number is missing before {rest:?}")]
    MissingNumber {
        /// The notation from there on.
        rest: String,
    },
    /// The text after a colon is missing.
    #[error("a quoted text is missing before {rest:?}")]
    MissingText {
        /// The notation from there on.
        rest: String,
    },
    /// A number leads out of the source, or into the middle of a character.
    #[error("{length} bytes from {start} on are not in the source")]
    NotInSource {
        /// The byte of the source.
        start: usize,
        /// The number.
        length: usize,
    },
    /// The notation ends before the source does.
    #[error("the notation covers {covered} of {length} bytes")]
    TooShort {
        /// How many bytes of the source the notation covers.
        covered: usize,
        /// How many bytes the source has.
        length: usize,
    },
}

impl<'a> Draft<'a> {
    /// A draft of `source` from its `Debug` notation: `3 1:"x" 4`.
    ///
    /// # Errors
    /// When the notation cannot be read, or does not cover the source exactly.
    pub fn from_notation(source: &'a str, notation: &str) -> Result<Self, NotationError> {
        let mut draft = Self::new(source);
        let mut text = String::new();
        let mut at = 0;
        let mut rest = notation.trim();
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let length: usize = rest[..digits].parse().map_err(|_| NotationError::MissingNumber { rest: rest.to_owned() })?;
            let kept = source.get(at..at + length).ok_or(NotationError::NotInSource { start: at, length })?;
            rest = &rest[digits..];
            if let Some(quoted) = rest.strip_prefix(':') {
                let mut values = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
                let with = values.next().and_then(Result::ok).ok_or_else(|| NotationError::MissingText { rest: quoted.to_owned() })?;
                rest = &quoted[values.byte_offset()..];
                let start = text.len();
                text.push_str(&with);
                draft.seams.push(Seam {
                    draft: Span::new(start, text.len()),
                    original: Span::new(at, at + length),
                    changes: ChangeNumbers::new(),
                });
            } else {
                text.push_str(kept);
            }
            at += length;
            rest = rest.trim_start();
        }
        if at != source.len() {
            return Err(NotationError::TooShort { covered: at, length: source.len() });
        }
        if !draft.seams.is_empty() {
            draft.text = Cow::Owned(text);
        }
        Ok(draft)
    }
}

impl fmt::Debug for Draft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut at = 0;
        let mut blank = "";
        for seam in &self.seams {
            if seam.draft.start > at {
                write!(f, "{blank}{}", seam.draft.start - at)?;
                blank = " ";
            }
            let with = serde_json::to_string(&self.text[seam.draft.range()]).map_err(|_| fmt::Error)?;
            write!(f, "{blank}{}:{with}", seam.original.len())?;
            blank = " ";
            at = seam.draft.end;
        }
        if self.text.len() > at {
            write!(f, "{blank}{}", self.text.len() - at)?;
        }
        Ok(())
    }
}
