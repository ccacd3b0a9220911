//! What `emendo review` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{OutputFormat, RuleArgs, ZoneName};

/// `emendo review`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("action").args([
    "list", "show", "accept", "reject", "replace", "undo", "sample", "export", "import", "web",
]))]
#[expect(clippy::struct_excessive_bools, reason = "flags are what is typed")]
pub struct ReviewArgs {
    /// Files and folders to clean.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// List the groups.
    #[arg(long)]
    pub list: bool,
    /// Show groups or changes, with every place and the rule's reason; may be repeated, as all options with an ID.
    #[arg(long, value_name = "ID")]
    pub show: Vec<String>,
    /// Have it done.
    #[arg(long, value_name = "ID")]
    pub accept: Vec<String>,
    /// Have it left as it is.
    #[arg(long, value_name = "ID")]
    pub reject: Vec<String>,
    /// Put another text there: the one of --with.
    #[arg(long, value_name = "ID", requires = "with")]
    pub replace: Vec<String>,
    /// The text for --replace; an empty one deletes.
    #[arg(long, value_name = "TEXT", requires = "replace")]
    pub with: Option<String>,
    /// Take back your last decision that still stands.
    #[arg(long)]
    pub undo: bool,
    /// Draw places of a group at random, to judge all of it by them: see --size, --seed and --checked.
    #[arg(long, value_name = "ID")]
    pub sample: Option<String>,
    /// Write what there is to decide as a table for a spreadsheet; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Take the decisions of such a table, from its columns id, decision, with and note.
    #[arg(long, value_name = "FILE")]
    pub import: Option<PathBuf>,
    /// Open a page for a browser, on this machine only.
    #[arg(long)]
    pub web: bool,

    /// Say what would be decided; save nothing.
    #[arg(long, help_heading = "Decisions")]
    pub dry_run: bool,
    /// Who decides. [default: git's user.name, or else the system's user]
    #[arg(long, value_name = "NAME", help_heading = "Decisions")]
    pub by: Option<String>,
    /// Why, in your words; kept with the decisions.
    #[arg(long, value_name = "TEXT", help_heading = "Decisions")]
    pub note: Option<String>,
    /// With --accept: so many of so many places drawn with --sample were right, such as 60/60; kept in the note.
    #[arg(long, value_name = "RIGHT/DRAWN", requires = "accept", help_heading = "Decisions")]
    pub checked: Option<Checked>,
    /// How many places --sample draws.
    #[arg(long, value_name = "N", default_value = "60", help_heading = "Decisions")]
    pub size: std::num::NonZeroUsize,
    /// Which places --sample draws: the same number draws the same.
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Decisions")]
    pub seed: u64,

    /// Only changes of this rule, or of all rules below a pass or table such as `typos`; may be repeated.
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    pub rule: Vec<String>,
    /// Only changes in this zone: `quotation`, `field` (a title) and so on; `none` is the text outside all zones; may be repeated.
    #[arg(long, value_name = "ZONE", help_heading = "Filters")]
    pub zone: Vec<ZoneName>,
    /// Only changes of this document. For a group, a decision then holds in this document.
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub doc: Option<String>,
    /// Only changes that hold this text, or stand beside it.
    #[arg(long, value_name = "TEXT", help_heading = "Filters")]
    pub text: Option<String>,
    /// Only what needs review, not what rules apply by themselves.
    #[arg(long, alias = "waiting", help_heading = "Filters")]
    pub pending: bool,
    /// Also what is decided.
    #[arg(long, help_heading = "Filters")]
    pub decided: bool,
    /// Only what readers want different things of.
    #[arg(long, help_heading = "Filters")]
    pub disputed: bool,
    /// Only the share of one of several readers, such as 1/2 and 2/2.
    #[arg(long, value_name = "WHO/READERS", help_heading = "Filters")]
    pub share: Option<ShareName>,
    /// With --share: so many of a hundred groups go to every reader, so that their decisions can be compared.
    #[arg(long, value_name = "PERCENT", default_value = "0", requires = "share", help_heading = "Filters",
          value_parser = clap::value_parser!(u8).range(..=100))]
    pub overlap: u8,
    /// In which order.
    #[arg(long, value_name = "ORDER", default_value = "risk", help_heading = "Filters")]
    pub order: OrderName,

    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
    /// How many threads. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

/// In which order groups are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OrderName {
    /// What asks inside quotations and titles, then what asks elsewhere, then what is applied; the larger groups first.
    #[default]
    Risk,
    /// By rule.
    Rule,
    /// By the first document.
    Document,
    /// The larger groups first.
    Frequency,
}

/// Two numbers with a slash between them, the first no larger than the second.
fn of(text: &str) -> Option<(u64, std::num::NonZeroU64)> {
    let (part, whole) = text.split_once('/')?;
    let (part, whole) = (part.trim().parse().ok()?, whole.trim().parse::<std::num::NonZeroU64>().ok()?);
    (part <= whole.get()).then_some((part, whole))
}

/// How many of the places that were drawn are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// So many right.
    pub right: u64,
    /// Of so many.
    pub drawn: std::num::NonZeroU64,
}

impl std::str::FromStr for Checked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = "write how many were right and how many drawn, such as 60/60";
        of(text).map(|(right, drawn)| Self { right, drawn }).ok_or_else(|| wrong.to_owned())
    }
}

/// Which of how many readers, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareName {
    /// Which reader, counted from 0.
    pub reader: u64,
    /// Of how many.
    pub of: std::num::NonZeroU64,
}

impl std::str::FromStr for ShareName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let share = of(text).and_then(|(reader, of)| Some(Self { reader: reader.checked_sub(1)?, of }));
        share.ok_or_else(|| "write which reader of how many, such as 1/2".to_owned())
    }
}
