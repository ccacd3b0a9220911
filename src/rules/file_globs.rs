//! What is declared for files by their names.

use globset::GlobMatcher;

use super::fields::glob;
use crate::input::Encoding;
use crate::prose::Syntax;

/// What can be declared for files.
pub trait Declarable: Copy + PartialEq + std::fmt::Display {
    /// What to write instead of a name that is not known.
    const HELP: &'static str;

    /// What an example in a message may say.
    const EXAMPLE: &'static str;

    /// The value of that name.
    ///
    /// # Errors
    /// That there is none.
    fn named(name: &str) -> Result<Self, String>;
}

impl Declarable for Encoding {
    const HELP: &'static str =
        "Write a name of the Encoding Standard, such as windows-1252, windows-1251, macintosh, shift_jis or utf-16le.";
    const EXAMPLE: &'static str = "{ \"old/**\" = \"windows-1252\" }";

    fn named(name: &str) -> Result<Self, String> {
        Encoding::of_label(name).ok_or_else(|| format!("The encoding `{name}` is not known."))
    }
}

impl Declarable for Syntax {
    const HELP: &'static str = "Write plain, markdown or html.";
    const EXAMPLE: &'static str = "{ \"posts/*.txt\" = \"markdown\" }";

    fn named(name: &str) -> Result<Self, String> {
        Syntax::ALL.into_iter().find(|syntax| syntax.name() == name).ok_or_else(|| format!("The syntax `{name}` is not known."))
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
    /// What is wrong, and the way out.
    pub fn parse_option(&mut self, value: &str) -> Result<(), String> {
        let (pattern, name) = value.rsplit_once('=').map_or((None, value), |(pattern, name)| (Some(pattern), name));
        self.declare(pattern, name).map_err(|why| format!("{why} {}", T::HELP))
    }

    /// Adds a value for the files of a pattern, or for all.
    pub(super) fn declare(&mut self, pattern: Option<&str>, name: &str) -> Result<(), String> {
        let value = T::named(name)?;
        let matcher = pattern.map(glob).transpose().map_err(|error| format!("The file name pattern cannot be read: {}.", error.kind()))?;
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
        assert!(encodings.parse_option("old/**=latin").expect_err("there is none").starts_with("The encoding `latin` is not known. Write"));
    }

    #[test]
    fn a_syntax_is_declared_alike() {
        let mut syntaxes = Syntaxes::default();
        syntaxes.parse_option("posts/**=markdown").expect("it is known");
        assert_eq!((syntaxes.of("posts/a.txt"), syntaxes.of("a.txt")), (Some(Syntax::Markdown), None));
        assert_eq!(
            syntaxes.parse_option("tex").expect_err("there is none"),
            "The syntax `tex` is not known. Write plain, markdown or html."
        );
    }
}
