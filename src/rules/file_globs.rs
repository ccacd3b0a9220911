//! What is declared for files by their names.

use globset::GlobMatcher;

use super::fields::glob;
use crate::input::Encoding;
use crate::prose::Syntax;

/// Why a value cannot be declared for files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileGlobError {
    /// There is no value of this name.
    #[error("The {noun} `{name}` is not known.")]
    UnknownValue {
        /// What is declared: `encoding` or `syntax`.
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// The file name pattern cannot be read.
    #[error("The file name pattern cannot be read: {}.", .0.kind())]
    Pattern(globset::Error),
}

/// Why an option that declares a value for files cannot be read, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error} {help}")]
pub struct FileGlobOptionError {
    /// What is wrong.
    pub error: FileGlobError,
    /// What to write instead.
    pub help: &'static str,
}

/// What can be declared for files.
pub trait Declarable: Copy + PartialEq + std::fmt::Display {
    /// What it is called in messages.
    const NOUN: &'static str;

    /// What to write instead of a name that is not known.
    const HELP: &'static str;

    /// What an example in a message may say.
    const EXAMPLE: &'static str;

    /// The value of that name; `None` if there is no such value.
    fn named(name: &str) -> Option<Self>;
}

impl Declarable for Encoding {
    const NOUN: &'static str = "encoding";
    const HELP: &'static str =
        "Write a name of the Encoding Standard, such as windows-1252, windows-1251, macintosh, shift_jis or utf-16le.";
    const EXAMPLE: &'static str = "{ \"old/**\" = \"windows-1252\" }";

    fn named(name: &str) -> Option<Self> {
        Encoding::of_label(name)
    }
}

impl Declarable for Syntax {
    const NOUN: &'static str = "syntax";
    const HELP: &'static str = "Write plain, markdown or html.";
    const EXAMPLE: &'static str = "{ \"posts/*.txt\" = \"markdown\" }";

    fn named(name: &str) -> Option<Self> {
        Syntax::ALL.into_iter().find(|syntax| syntax.name() == name)
    }
}

/// Declared encodings by file name pattern.
pub type Encodings = ByName<Encoding>;

/// Declared syntaxes by file name pattern.
pub type Syntaxes = ByName<Syntax>;

/// Declarations by file name pattern; the first that fits counts.
#[derive(Clone, Debug)]
pub struct ByName<T> {
    declared: Vec<(String, Option<GlobMatcher>, T)>,
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self { declared: Vec::new() }
    }
}

impl<T: Declarable> PartialEq for ByName<T> {
    fn eq(&self, other: &Self) -> bool {
        let lines = |all: &Self| all.declared.iter().map(|(pattern, _, value)| (pattern.clone(), *value)).collect::<Vec<_>>();
        lines(self) == lines(other)
    }
}

impl<T: Declarable> Eq for ByName<T> {}

impl<T: Declarable> ByName<T> {
    /// Reads the value of an option: `windows-1252`, or `old/**=windows-1252`.
    ///
    /// # Errors
    /// When there is no value of that name, or the pattern cannot be read.
    pub fn parse_option(&mut self, value: &str) -> Result<(), FileGlobOptionError> {
        let (pattern, name) = value.rsplit_once('=').map_or((None, value), |(pattern, name)| (Some(pattern), name));
        self.declare(pattern, name).map_err(|error| FileGlobOptionError { error, help: T::HELP })
    }

    /// Adds a value for the files of a pattern, or for all.
    pub(super) fn declare(&mut self, pattern: Option<&str>, name: &str) -> Result<(), FileGlobError> {
        let value = T::named(name).ok_or_else(|| FileGlobError::UnknownValue { noun: T::NOUN, name: name.to_owned() })?;
        let matcher = pattern.map(glob).transpose().map_err(FileGlobError::Pattern)?;
        self.declared.push((pattern.unwrap_or("**").to_owned(), matcher.map(|glob| glob.compile_matcher()), value));
        Ok(())
    }

    /// Adds those of another, which count only where none of these fits.
    pub fn or(mut self, other: Self) -> Self {
        self.declared.extend(other.declared);
        self
    }

    /// All declarations, patterns and names.
    pub fn declared(&self) -> impl Iterator<Item = (&str, String)> {
        self.declared.iter().map(|(pattern, _, value)| (pattern.as_str(), value.to_string()))
    }

    /// The value that is declared for a source.
    pub fn of(&self, name: &str) -> Option<T> {
        let fits = |matcher: &Option<GlobMatcher>| matcher.as_ref().is_none_or(|matcher| matcher.is_match(name));
        self.declared.iter().find(|(_, matcher, _)| fits(matcher)).map(|(_, _, value)| *value)
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
        let message = |encodings: &mut Encodings, option| encodings.parse_option(option).expect_err("it is wrong").to_string();
        assert!(message(&mut encodings, "old/**=latin").starts_with("The encoding `latin` is not known. Write"));
        let bad_pattern = message(&mut encodings, "[a=latin1");
        assert!(bad_pattern.starts_with("The file name pattern cannot be read: ") && bad_pattern.contains(". Write"), "{bad_pattern}");
    }

    #[test]
    fn a_syntax_is_declared_alike() {
        let mut syntaxes = Syntaxes::default();
        syntaxes.parse_option("posts/**=markdown").expect("it is known");
        assert_eq!((syntaxes.of("posts/a.txt"), syntaxes.of("a.txt")), (Some(Syntax::Markdown), None));
        assert_eq!(
            syntaxes.parse_option("tex").expect_err("there is none").to_string(),
            "The syntax `tex` is not known. Write plain, markdown or html."
        );
    }
}
