//! A rule that somebody wants: what is to be added, and the files that say so.

use std::path::Path;

use smol_str::SmolStr;

use super::NewRuleError;
use crate::disk;
use emendo_core::rules::{Diagnostic, Example, Knowledge, NewPattern, NewRow, PassName, Style, TableState, did_you_mean};

/// What no pattern has become yet: it stands in for the example of a rule that has none so far.
pub(super) const STAND_IN: &str = "no example yet";

/// What is to be added.
pub enum NewRuleContent {
    /// Rows of a table.
    Rows(Vec<NewRow>),
    /// A rule with a pattern.
    Pattern(NewPattern),
    /// A file that somebody wrote: its text, and the text of the NAME.toml beside a table.
    File {
        /// As it was named.
        name: String,
        /// What it says.
        text: String,
        /// The defaults of a table.
        defaults: Option<String>,
    },
}

/// What is to be added, and where it belongs.
pub struct NewRule {
    /// The pass.
    pub pass: PassName,
    /// The name of the file, without its ending.
    pub name: String,
    /// What is to be added.
    pub new: NewRuleContent,
    /// Whether somebody chose the id of the pattern, so that no other may take its place.
    pub is_id_chosen: bool,
}

/// The table or file that a rule belongs into: `typos/outlet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFilePlace {
    /// The pass.
    pub pass: PassName,
    /// The name of the file, without its ending.
    pub name: String,
}

impl RuleFilePlace {
    /// Reads a pass and the name of a file.
    ///
    /// # Errors
    /// When there is no such pass, or the name is fit for no file.
    pub fn parse(into: &str) -> Result<Self, NewRuleError> {
        let no_place = || NewRuleError::Place(into.to_owned());
        let (pass, name) = into.split_once('/').ok_or_else(no_place)?;
        let unknown = || NewRuleError::UnknownPass { pass: pass.to_owned(), hint: did_you_mean(pass, &PassName::ALL.map(PassName::name)) };
        let pass = PassName::from_name(pass).ok_or_else(unknown)?;
        Ok(Self { pass, name: file_name(name).ok_or_else(no_place)? })
    }

    /// Refuses a pass whose rules are no rows of a table.
    ///
    /// # Errors
    /// When it has no tables.
    pub fn refuse_without_tables(&self) -> Result<(), NewRuleError> {
        if has_tables(self.pass) { Ok(()) } else { Err(NewRuleError::NoTables(self.pass)) }
    }
}

impl NewRule {
    /// Rows of a table, which is `house` if nobody named another one.
    pub fn rows(pass: PassName, name: Option<String>, rows: Vec<NewRow>) -> Self {
        Self { pass, name: name.unwrap_or_else(|| "house".to_owned()), new: NewRuleContent::Rows(rows), is_id_chosen: true }
    }

    /// A pattern: what it finds, what becomes of it, and the id if somebody chose one. More can be said of it in what comes back.
    pub fn pattern(pass: PassName, name: Option<String>, (find, becomes): (&str, &str), id: Option<&str>) -> Self {
        // Beside a table a file of its name holds the defaults of the table.
        let usual = if has_tables(pass) { "patterns" } else { "house" };
        let pattern = NewPattern {
            id: id.map_or_else(|| slug(find), str::to_owned),
            find: find.to_owned(),
            becomes: becomes.to_owned(),
            style: style(pass, becomes),
            policy: None,
            why: "It was tried.".to_owned(),
            examples: vec![no_example()],
            keeps: Vec::new(),
        };
        let name = name.unwrap_or_else(|| usual.to_owned());
        Self { pass, name, new: NewRuleContent::Pattern(pattern), is_id_chosen: id.is_some() }
    }

    /// A file of rules that somebody wrote. Its pass is `pass`, else that of its folder, else the one that its columns tell.
    ///
    /// # Errors
    /// When it cannot be read, is no file of rules, or nothing tells its pass.
    pub fn of_file(file: &Path, pass: Option<PassName>, name: Option<String>) -> Result<Self, NewRuleError> {
        let text = disk::read_text(file)?;
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !matches!(ending, "toml" | "tsv") {
            return Err(NewRuleError::NoRuleFile(file.to_owned()));
        }
        let folder = file.parent().and_then(Path::file_name).and_then(|folder| PassName::from_name(&folder.to_string_lossy()));
        let pass = pass.or(folder).or_else(|| pass_of_table(&text).filter(|_| ending == "tsv")).ok_or(NewRuleError::NoPass)?;
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = file.with_extension("toml");
        let defaults = (ending == "tsv" && beside.is_file()).then(|| disk::read_text(&beside)).transpose()?;
        let name = match name {
            Some(name) => name,
            None => file_name(&stem).ok_or(NewRuleError::Place(stem))?,
        };
        let new = NewRuleContent::File { name: file.display().to_string(), text, defaults };
        Ok(Self { pass, name, new, is_id_chosen: true })
    }

    /// The path of the file in a folder of rules.
    pub fn path(&self) -> String {
        format!("{}/{}.{}", self.pass, self.name, if self.is_table() { "tsv" } else { "toml" })
    }

    /// The path of the file with the defaults of the table.
    pub fn defaults_path(&self) -> String {
        format!("{}/{}.toml", self.pass, self.name)
    }

    fn is_table(&self) -> bool {
        match &self.new {
            NewRuleContent::Rows(_) => true,
            NewRuleContent::Pattern(_) => false,
            NewRuleContent::File { name, .. } => Path::new(name).extension().is_some_and(|ending| ending == "tsv"),
        }
    }

    /// The text of the file with the new rule, in a file that says `text` so far.
    ///
    /// # Errors
    /// When the rows do not fit to the table.
    pub fn added_to(&self, text: &str) -> Result<String, NewRuleError> {
        match &self.new {
            NewRuleContent::Rows(rows) => NewRow::all_into_table(rows, self.pass, text).map_err(NewRuleError::Table),
            NewRuleContent::Pattern(pattern) => Ok(pattern.into_file(text)),
            NewRuleContent::File { text, .. } => Ok(text.clone()),
        }
    }

    /// Gives each row that has to say why a sentence.
    pub fn say_why(&mut self, text: &str, defaults: Option<&str>) {
        let pass = self.pass;
        let NewRuleContent::Rows(rows) = &mut self.new else { return };
        let standing = TableState::of(pass, text, defaults);
        for row in rows.iter_mut().filter(|row| standing.needs_why(row)) {
            let usual = if pass == PassName::NAMES { "Another form of the name." } else { "A misspelling." };
            row.why = Some(usual.to_owned());
        }
    }

    /// Gives a pattern whose id nobody chose one that no other rule has.
    pub fn free_id(&mut self, knowledge: &Knowledge) {
        let pass = self.pass;
        let NewRuleContent::Pattern(pattern) = &mut self.new else { return };
        let is_taken = |id: &str| knowledge.rules.by_id(&format!("{pass}/{id}")).is_some();
        if !self.is_id_chosen && is_taken(&pattern.id) {
            // Of so many one is free.
            let mut numbered = (2..=knowledge.rules.len() + 2).map(|number| format!("{}-{number}", pattern.id));
            pattern.id = numbered.find(|id| !is_taken(id)).unwrap_or_default();
        }
    }

    /// Whether the rule is a pattern that has no example yet.
    pub fn lacks_example(&self) -> bool {
        matches!(&self.new, NewRuleContent::Pattern(pattern) if pattern.examples.iter().all(|example| example.before == STAND_IN))
    }

    /// The errors, with the name of the file that somebody wrote in place of the one it would have.
    pub fn named(&self, folder: &str, mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if let NewRuleContent::File { name, .. } = &self.new {
            let would_be = format!("{folder}/{}", self.path());
            errors.iter_mut().filter(|error| *error.file == *would_be).for_each(|error| error.file = name.as_str().into());
        }
        errors
    }
}

/// The example of a pattern that has none so far.
pub(super) fn no_example() -> Example {
    Example { before: STAND_IN.into(), after: SmolStr::default() }
}

/// Whether the rules of a pass may be rows of a table.
pub fn has_tables(pass: PassName) -> bool {
    pass.spec().table.is_some()
}

/// A name that is fit for a file in the folder of a pass.
pub fn file_name(name: &str) -> Option<String> {
    let is_fine = !name.is_empty() && !name.starts_with('-') && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    is_fine.then(|| name.to_owned())
}

/// The pass of a table, which its columns tell.
fn pass_of_table(text: &str) -> Option<PassName> {
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    let has = |column: &str| header.trim_start_matches('\u{FEFF}').split('\t').any(|name| name == column);
    if has("canonical") { Some(PassName::NAMES) } else { has("wrong").then_some(PassName::TYPOS) }
}

/// A straight mark is none of the typographic style, whose own rules would go on from it.
pub(super) fn style(pass: PassName, becomes: &str) -> Option<Style> {
    (pass == PassName::QUOTES && becomes.contains(['"', '\''])).then_some(Style::Straight)
}

/// An id from the letters of a pattern.
fn slug(find: &str) -> String {
    // A letter after a backslash is no text.
    let mut letters = String::new();
    let mut chars = find.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if chars.next().is_some_and(|class| matches!(class, 'p' | 'P')) && chars.as_str().starts_with('{') {
                    chars.by_ref().find(|c| *c == '}');
                }
                letters.push(' ');
            }
            c if c.is_ascii_alphanumeric() => letters.push(c.to_ascii_lowercase()),
            _ => letters.push(' '),
        }
    }
    let words: Vec<&str> = letters.split_whitespace().take(4).collect();
    if words.is_empty() { "pattern".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_what_is_found() {
        assert_eq!([slug("^ADVERTISEMENT$"), slug(r",,(\p{L})"), slug("Read More: .*")], ["advertisement", "pattern", "read-more"]);
        assert_eq!(slug(",,"), "pattern");
    }

    #[test]
    fn a_table_tells_its_pass() {
        assert_eq!(pass_of_table("# x\n\nright\twrong\n"), Some(PassName::TYPOS));
        assert_eq!(pass_of_table("canonical\tvariants\n"), Some(PassName::NAMES));
        assert_eq!(pass_of_table("a\tb\n"), None);
    }

    #[test]
    fn a_file_stands_in_the_folder_of_its_pass_and_nowhere_else() {
        assert!(RuleFilePlace::parse("typos/outlet").is_ok());
        for wrong in ["typos", "typo/x", "typos/../x", "typos/", "typos/.x", "typos/a/b"] {
            assert!(RuleFilePlace::parse(wrong).is_err(), "{wrong}");
        }
    }
}
