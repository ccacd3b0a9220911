//! Which files have which encoding, where they do not say it themselves.

use globset::GlobMatcher;

use super::fields::glob;
use crate::text::Encoding;

/// What to write instead of an unknown encoding.
pub(super) const ENCODING_HELP: &str =
    "Write a name of the Encoding Standard, such as windows-1252, windows-1251, macintosh, shift_jis or utf-16le.";

/// Declared encodings by file name pattern; the first that fits counts.
#[derive(Clone, Debug, Default)]
pub struct Encodings {
    declared: Vec<(String, Option<GlobMatcher>, Encoding)>,
}

impl PartialEq for Encodings {
    fn eq(&self, other: &Self) -> bool {
        let lines =
            |encodings: &Self| encodings.declared.iter().map(|(pattern, _, encoding)| (pattern.clone(), *encoding)).collect::<Vec<_>>();
        lines(self) == lines(other)
    }
}

impl Eq for Encodings {}

impl Encodings {
    /// Reads the value of `--encoding`: `windows-1252`, or `old/**=windows-1252`.
    ///
    /// # Errors
    /// What is wrong, and the way out.
    pub fn parse_option(&mut self, value: &str) -> Result<(), String> {
        let (pattern, label) = value.rsplit_once('=').map_or((None, value), |(pattern, label)| (Some(pattern), label));
        self.declare(pattern, label).map_err(|why| format!("{why} {ENCODING_HELP}"))
    }

    /// Adds an encoding for the files of a pattern, or for all.
    pub(super) fn declare(&mut self, pattern: Option<&str>, label: &str) -> Result<(), String> {
        let encoding = Encoding::of_label(label).ok_or_else(|| format!("The encoding `{label}` is not known."))?;
        let matcher = pattern.map(glob).transpose().map_err(|error| format!("The file name pattern cannot be read: {}.", error.kind()))?;
        self.declared.push((pattern.unwrap_or("**").to_owned(), matcher.map(|glob| glob.compile_matcher()), encoding));
        Ok(())
    }

    /// Adds those of another, which count only where none of these fits.
    pub fn or(mut self, other: Self) -> Self {
        self.declared.extend(other.declared);
        self
    }

    /// All declarations, patterns and names.
    pub fn declared(&self) -> impl Iterator<Item = (&str, String)> {
        self.declared.iter().map(|(pattern, _, encoding)| (pattern.as_str(), encoding.to_string()))
    }

    /// The encoding that is declared for a source.
    pub fn of(&self, name: &str) -> Option<Encoding> {
        let fits = |matcher: &Option<GlobMatcher>| matcher.as_ref().is_none_or(|matcher| matcher.is_match(name));
        self.declared.iter().find(|(_, matcher, _)| fits(matcher)).map(|(_, _, encoding)| *encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_counts() {
        let mut encodings = Encodings::default();
        for option in ["old/**=macintosh", "*.kor=euc-kr", "latin1"] {
            encodings.parse_option(option).expect("it is well-formed");
        }
        let of = |name| encodings.of(name).map(|encoding| encoding.to_string());
        assert_eq!(of("old/a/b.kor").as_deref(), Some("macintosh"));
        assert_eq!(of("new/b.kor").as_deref(), Some("euc-kr"));
        assert_eq!(of("new/b.txt").as_deref(), Some("windows-1252"));
        assert_eq!(Encodings::default().of("a"), None);
        assert!(encodings.parse_option("old/**=latin").expect_err("there is none").starts_with("The encoding `latin` is not known. Write"));
    }
}
