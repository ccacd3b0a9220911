//! Why no rule is added.

use std::path::PathBuf;

use crate::adopt::AdoptError;
use crate::batch::BatchError;
use crate::check::ExampleError;
use crate::disk::IoFault;
use crate::project::ProjectError;
use emendo_core::rules::{Diagnostic, NewRowError, PassName};

/// Why no rule is added, imported or learnt: what is wrong, and the way out.
#[derive(Debug, thiserror::Error)]
pub enum NewRuleError {
    /// The project or its settings are wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The inputs cannot be found, or no threads be started.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The system refused to read or write something.
    #[error(transparent)]
    Io(#[from] IoFault),
    /// What was edited in an output folder cannot be told.
    #[error(transparent)]
    Adopt(#[from] AdoptError),
    /// The rules with the new ones have errors, or break laws.
    #[error("The rules have errors.")]
    Rules(Vec<Diagnostic>),
    /// Nothing tells which pass the rule belongs to.
    #[error("Say whose work the rule is with --pass PASS: a pass touches nothing but its own. There are {}.", pass_names())]
    NoPass,
    /// There is no such pass.
    #[error("There is no pass {pass}. {hint}")]
    UnknownPass {
        /// The name as it was typed.
        pass: String,
        /// The way out.
        hint: String,
    },
    /// Two different passes were named.
    #[error("--pass names {one} and --into {other}: leave one of them out.")]
    TwoPasses {
        /// The one.
        one: PassName,
        /// The other.
        other: PassName,
    },
    /// The rules of the pass are no rows of a table.
    #[error("The pass {0} has no tables: write --into typos/NAME or --into names/NAME.")]
    NoTables(PassName),
    /// A name cannot be that of a file of rules.
    #[error(
        "{0} cannot be the name of a file of rules. Write --into PASS/NAME, with letters, digits, hyphens and underscores in the name."
    )]
    Place(String),
    /// The same, for the files of several passes.
    #[error(
        "{0} cannot be the name of a file of rules. Write --into NAME, with letters, digits, hyphens and underscores: the pass is that of each rule."
    )]
    FileName(String),
    /// A file is no file of rules.
    #[error("{} is no file of rules: it must end in .toml, or for a table in .tsv.", .0.display())]
    NoRuleFile(PathBuf),
    /// The rows do not fit to the table.
    #[error(transparent)]
    Table(#[from] NewRowError),
    /// Rules have no place.
    #[error("There is no emendo.toml here or above, so that rules have no place. emendo init makes a project; --rules DIR names a folder.")]
    NoFolder,
    /// The file that somebody wrote would take the place of another one.
    #[error("{} is there already. Choose another name with --into PASS/NAME.", .0.display())]
    Taken(PathBuf),
    /// Somebody else wrote to the file meanwhile.
    #[error("{} has changed since it was read. Nothing was written; try again.", .0.display())]
    Changed(PathBuf),
    /// No rule can be read from what was given.
    #[error("No rule comes of this: there is nothing in it that would be read as one.")]
    NoRule,
    /// An example does not hold.
    #[error("The example does not hold: {0}.")]
    Example(ExampleError),
    /// A pattern has no example.
    #[error("A pattern needs an example. {0}")]
    NoExample(String),
    /// A rule of the project would be lost.
    #[error("It would take the place of {rule} ({file}:{line}). Correct that rule, or remove it first.")]
    WouldReplace {
        /// The rule.
        rule: String,
        /// Where it stands.
        file: String,
        /// In which line, counted from 1.
        line: usize,
    },
    /// Another rule is about the same.
    #[error("The rule {rule} already {does} ({file}:{line}). {way_out}")]
    Known {
        /// The rule.
        rule: String,
        /// What it does.
        does: String,
        /// Where it stands.
        file: String,
        /// In which line, counted from 1.
        line: usize,
        /// What to do.
        way_out: &'static str,
    },
    /// A table of corrections cannot be read.
    #[error("{}{}: {why}", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
    Unreadable {
        /// The table.
        path: PathBuf,
        /// The line, counted from 1, if it is about one.
        line: Option<usize>,
        /// What is wrong, and the way out.
        why: String,
    },
    /// The columns of a table of corrections seem to be the other way round.
    #[error(
        "{}:{line}: `{wrong}` is a word of English and `{right}` is none, and so it is in {count} of {of} rows: are the columns the other way round? A first line that names them, wrong and right, settles it.",
        path.display()
    )]
    Swapped {
        /// The table.
        path: PathBuf,
        /// The first such line, counted from 1.
        line: usize,
        /// What stands in the first column.
        wrong: String,
        /// What stands in the second column.
        right: String,
        /// In so many rows.
        count: usize,
        /// Of so many.
        of: usize,
    },
    /// The rows break laws again and again.
    #[error("The rules break laws in so many ways that none could be added. Import fewer at once.")]
    TooManyBreaches,
    /// The refused rows have no place.
    #[error("The refused rows would go among the rules or the texts. Say with --problems FILE where they may go.")]
    NoPlaceForProblems,
    /// The refused rows would take the place of a file of somebody.
    #[error("The refused rows would take the place of {}. Move it away, or say with --problems FILE where they may go.", .0.display())]
    ForeignProblems(PathBuf),
    /// A file and a folder cannot be compared.
    #[error("One of the two is a folder and the other is none: name two files or two folders.")]
    FileAndFolder,
    /// A text cannot be read.
    #[error("{0}")]
    Text(String),
    /// A folder alone must be an output folder.
    #[error(
        "{} is no output folder of emendo. Name the old text and then the new one, or a folder that emendo clean wrote and in which texts were corrected.",
        .0.display()
    )]
    NoOutput(PathBuf),
    /// Nothing of that id is proposed.
    #[error("There is no proposal {id}. {hint}")]
    NoProposal {
        /// The id as it was typed.
        id: String,
        /// The way out.
        hint: String,
    },
}

fn pass_names() -> String {
    PassName::ALL.map(PassName::name).join(", ")
}
