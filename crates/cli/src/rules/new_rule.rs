//! A rule that somebody wants: from what was typed to the files that say so.

use std::path::Path;

use smol_str::SmolStr;

use crate::args::NewRuleArgs;
use crate::command_error::CommandError;
use emendo_core::rules::{Diagnostic, Example, Knowledge, NewPattern, NewRow, PassName, Policy, Style, TableState, did_you_mean};
use emendo_corpus::disk;
use emendo_corpus::report::escape;

/// What no pattern has become yet: it stands in for the example of a rule that has none so far.
pub const STAND_IN: &str = "no example yet";

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
}

impl NewRule {
    /// Reads what was typed.
    pub fn new(args: &NewRuleArgs, why: Option<&str>, policy: Option<Policy>) -> Result<Self, CommandError> {
        let into = args.into.as_deref().map(place).transpose()?;
        if let Some(file) = &args.file {
            return Self::of_file(file, args, into);
        }
        let (pass, new) = if let Some(find) = &args.find {
            let pass = agreed(args.pass, into.as_ref())?.ok_or_else(no_pass)?;
            (
                pass,
                NewRuleContent::Pattern(NewPattern {
                    style: style(pass, args.becomes.as_deref().unwrap_or_default()),
                    ..pattern(args, find, why, policy)?
                }),
            )
        } else {
            let (pass, rows) = match &args.name {
                Some(name) => (PassName::Names, vec![name_row(args, name)]),
                None => (PassName::Typos, args.typo.iter().map(|typo| typo_row(args, typo)).collect::<Result<_, _>>()?),
            };
            if agreed(args.pass, into.as_ref())?.is_some_and(|other| other != pass) {
                return Err(CommandError::refused(format!("Such a rule belongs to the pass {pass}: write --into {pass}/NAME.")));
            }
            (pass, NewRuleContent::Rows(dressed(args, rows, why, policy)?))
        };
        let is_table = matches!(new, NewRuleContent::Rows(_));
        // Beside a table a file of its name holds the defaults of the table.
        let usual = if !is_table && has_tables(pass) { "patterns" } else { "house" };
        Ok(Self { pass, name: into.map_or_else(|| usual.to_owned(), |(_, name)| name), new })
    }

    fn of_file(file: &Path, args: &NewRuleArgs, into: Option<(PassName, String)>) -> Result<Self, CommandError> {
        let text = disk::read_text(file).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
        let name = file.display().to_string();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !matches!(ending, "toml" | "tsv") {
            return Err(CommandError::refused(format!(
                "{} is no file of rules: it must end in .toml, or for a table in .tsv.",
                escape(&name)
            )));
        }
        let folder = file.parent().and_then(Path::file_name).and_then(|folder| PassName::from_name(&folder.to_string_lossy()));
        let pass = agreed(args.pass, into.as_ref())?.or(folder).or_else(|| pass_of_table(&text).filter(|_| ending == "tsv"));
        let pass = pass.ok_or_else(no_pass)?;
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = file.with_extension("toml");
        let defaults = (ending == "tsv" && beside.is_file()).then(|| disk::read_text(&beside)).transpose();
        let defaults = defaults.map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
        let name_in_pass = match into {
            Some((_, name)) => name,
            None => file_name(&stem).ok_or_else(|| no_place(&stem))?,
        };
        Ok(Self { pass, name: name_in_pass, new: NewRuleContent::File { name, text, defaults } })
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
    pub fn added_to(&self, text: &str) -> Result<String, CommandError> {
        match &self.new {
            NewRuleContent::Rows(rows) => {
                NewRow::all_into_table(rows, self.pass, text).map_err(|why| CommandError::refused(escape(&why.to_string())))
            }
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
            let usual = if pass == PassName::Names { "Another form of the name." } else { "A misspelling." };
            row.why = Some(usual.to_owned());
        }
    }

    /// Gives a pattern whose id nobody chose one that no other rule has.
    pub fn free_id(&mut self, knowledge: &Knowledge, args: &NewRuleArgs) {
        let pass = self.pass;
        let NewRuleContent::Pattern(pattern) = &mut self.new else { return };
        let is_taken = |id: &str| knowledge.rules.by_id(&format!("{pass}/{id}")).is_some();
        if args.id.is_none() && is_taken(&pattern.id) {
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

/// Whether the rules of a pass may be rows of a table.
pub fn has_tables(pass: PassName) -> bool {
    matches!(pass, PassName::Typos | PassName::Names)
}

fn no_pass() -> CommandError {
    let all: Vec<&str> = PassName::ALL.into_iter().map(PassName::name).collect();
    CommandError::refused(format!(
        "Say whose work the rule is with --pass PASS: a pass touches nothing but its own. There are {}.",
        all.join(", ")
    ))
}

fn no_place(name: &str) -> CommandError {
    CommandError::refused(format!(
        "{} cannot be the name of a file of rules. Write --into PASS/NAME, with letters, digits, hyphens and underscores in the name.",
        escape(name)
    ))
}

/// A name that is fit for a file in the folder of a pass.
pub fn file_name(name: &str) -> Option<String> {
    let is_fine = !name.is_empty() && !name.starts_with('-') && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    is_fine.then(|| name.to_owned())
}

/// `typos/outlet`: a pass and the name of a file.
pub fn place(into: &str) -> Result<(PassName, String), CommandError> {
    let (pass, name) = into.split_once('/').ok_or_else(|| no_place(into))?;
    let pass = PassName::from_name(pass).ok_or_else(|| {
        let near = did_you_mean(pass, &PassName::ALL.map(PassName::name));
        CommandError::refused(format!("There is no pass {}. {}", escape(pass), escape(&near)))
    })?;
    Ok((pass, file_name(name).ok_or_else(|| no_place(into))?))
}

/// The pass of --pass and --into.
fn agreed(pass: Option<PassName>, into: Option<&(PassName, String)>) -> Result<Option<PassName>, CommandError> {
    match (pass, into) {
        (Some(one), Some((other, _))) if one != *other => {
            Err(CommandError::refused(format!("--pass names {one} and --into {other}: leave one of them out.")))
        }
        (one, other) => Ok(one.or(other.map(|(pass, _)| *pass))),
    }
}

/// The pass of a table, which its columns tell.
fn pass_of_table(text: &str) -> Option<PassName> {
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    let has = |column: &str| header.trim_start_matches('\u{FEFF}').split('\t').any(|name| name == column);
    if has("canonical") { Some(PassName::Names) } else { has("wrong").then_some(PassName::Typos) }
}

fn typo_row(args: &NewRuleArgs, typo: &str) -> Result<NewRow, CommandError> {
    let (wrong, right) =
        typo.split_once('=').filter(|(wrong, right)| !wrong.trim().is_empty() && !right.trim().is_empty()).ok_or_else(|| {
            CommandError::refused(format!("Write --typo WRONG=RIGHT, such as --typo ambulence=ambulance, and not {}.", escape(typo)))
        })?;
    Ok(NewRow { key: wrong.trim().to_owned(), forms: vec![right.trim().to_owned()], case: args.case.clone(), ..NewRow::default() })
}

fn name_row(args: &NewRuleArgs, name: &str) -> NewRow {
    NewRow { key: name.to_owned(), forms: args.variant.clone(), not_same: args.not_same.clone(), ..NewRow::default() }
}

/// The rows with all that was said of them.
fn dressed(args: &NewRuleArgs, mut rows: Vec<NewRow>, why: Option<&str>, policy: Option<Policy>) -> Result<Vec<NewRow>, CommandError> {
    for row in &mut rows {
        row.why = why.map(str::to_owned);
        row.policy = policy;
    }
    if args.example.is_empty() && args.keep.is_empty() {
        return Ok(rows);
    }
    let ([row], [] | [_], [] | [_]) = (&mut rows[..], &args.example[..], &args.keep[..]) else {
        return Err(CommandError::refused("A row of a table takes one example and one text to keep. Add one row after the other."));
    };
    row.keep = args.keep.first().cloned();
    // What becomes of it the table works out.
    row.example = args.example.first().map(|example| example.split_once(" => ").map_or(&**example, |(before, _)| before).to_owned());
    Ok(rows)
}

/// A straight mark is none of the typographic style, whose own rules would go on from it.
pub fn style(pass: PassName, becomes: &str) -> Option<Style> {
    (pass == PassName::Quotes && becomes.contains(['"', '\''])).then_some(Style::Straight)
}

fn pattern(args: &NewRuleArgs, find: &str, why: Option<&str>, policy: Option<Policy>) -> Result<NewPattern, CommandError> {
    let stated = args.example.iter().map(|example| match example.split_once(" => ") {
        Some((before, after)) if before == after => {
            Err(CommandError::refused("An example has to change something; what must stay is a --keep."))
        }
        Some((before, after)) => Ok(Example { before: before.into(), after: after.into() }),
        None => Ok(Example { before: example.into(), after: SmolStr::default() }),
    });
    let mut examples = stated.collect::<Result<Vec<_>, _>>()?;
    if examples.is_empty() {
        examples.push(Example { before: STAND_IN.into(), after: SmolStr::default() });
    }
    Ok(NewPattern {
        id: args.id.clone().unwrap_or_else(|| slug(find)),
        find: find.to_owned(),
        becomes: args.becomes.clone().unwrap_or_default(),
        style: None,
        policy,
        why: why.unwrap_or("It was tried.").to_owned(),
        examples,
        keeps: args.keep.clone(),
    })
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
        assert_eq!(pass_of_table("# x\n\nright\twrong\n"), Some(PassName::Typos));
        assert_eq!(pass_of_table("canonical\tvariants\n"), Some(PassName::Names));
        assert_eq!(pass_of_table("a\tb\n"), None);
    }

    #[test]
    fn a_file_stands_in_the_folder_of_its_pass_and_nowhere_else() {
        assert!(place("typos/outlet").is_ok());
        for wrong in ["typos", "typo/x", "typos/../x", "typos/", "typos/.x", "typos/a/b"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
