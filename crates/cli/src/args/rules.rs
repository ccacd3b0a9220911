//! What `emendo rules` is told.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{OutputFormat, RuleArgs};
use emendo_core::rules::{PassName, Policy};
use emendo_corpus::new_rules::import::TableForm;

/// `emendo rules`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Prove the rules: every example holds, every keep stays, no rule feeds another; and tell what is doubtful.
    ///
    /// An error is what breaks a law, so that no run would take the rules: files that cannot be read, two rules that undo each other, an
    /// example that does not hold, or that another rule makes. A warning is what does no harm by itself: a row that another row does
    /// (duplicate), a rule that never has a turn (shadowed, never-runs), one whose result depends on a rule of another pass
    /// (order-dependent), a pattern that is slow, greedy or large. Warnings alter the exit status with --strict only. Rules that never
    /// meet, by their files, languages or styles, are not compared.
    ///
    /// With --corpus it is also told how often each rule fires there, and which never do. --fix sorts the tables of the project, joins
    /// rows of one name and removes rows that stand there twice, and leaves all other lines as they are; what it cannot mend is told.
    #[command(after_help = "\
Examples:
  emendo rules check                         the project's rules, with the shipped ones
  emendo rules check --rules my-rules        a folder of rules
  emendo rules check --corpus corpus         and which of them never fire
  emendo rules check --fix --dry-run         what --fix would write
  emendo rules check --strict                a gate: exit with 1 if there is a warning

Exit status:
  0  the rules keep the laws
  1  with --strict: there is a warning, or with --corpus a rule of yours that never fires
  2  a law is broken, or usage refused
  3  as 0, but some of the corpus could not be cleaned")]
    Check(Box<CheckArgs>),
    /// List the rules in the order in which they run, with their policies.
    List(RulesArgs),
    /// Show one rule: what it finds, what that becomes, why, and its examples.
    #[command(after_help = "Example:\n  emendo rules show typos/recurring/Isrfael")]
    Show(ShowArgs),
    /// Show what a rule would change in a corpus, beside the rules as they are. Writes nothing.
    ///
    /// Each text is cleaned with the rules as they are and with the new one as well. Told is what the new rule gains, what is lost by
    /// it and what becomes something else, in context, and with which rules it is in conflict: rules that it outranks, that outrank it,
    /// that feed it or that it feeds.
    #[command(after_help = "\
Examples:
  emendo rules try --typo ambulence=ambulance corpus
  emendo rules try --name 'Antony Blinken' --variant 'Anthony Blinken' corpus
  emendo rules try --find '``(\\w)' --becomes '\"${1}' --pass quotes corpus
  emendo rules try --file rules/typos/new.tsv --format md corpus > new.md

Exit status:
  0  nothing to object to
  1  something is lost or becomes something else, or there is a conflict
  2  nothing was tried: usage or rules refused
  3  as 0, but some inputs could not be cleaned")]
    Try(Box<TryArgs>),
    /// Add a rule to the project's rules.
    ///
    /// It goes into the table or file that --into names, in the project's last folder of rules: what stands there stays as it is. With a
    /// PATH an example and a text to keep are cut from the corpus, of 8 words at most. All rules are proven with the new one first:
    /// if there is one like it, or one that undoes it, or if its example fails, nothing is written.
    #[command(after_help = "\
Examples:
  emendo rules add --typo ambulence=ambulance --why 'Typed with an e.' corpus
  emendo rules add --typo ambulence=ambulance --into typos/outlet --dry-run
  emendo rules add --name 'Antony Blinken' --variant 'Anthony Blinken' --policy ask
  emendo rules add --find '``(\\w)' --becomes '\"${1}' --pass quotes --why 'Two signs for a mark.' --example 'said ``no'
  emendo rules add --file new.tsv")]
    Add(Box<AddArgs>),
    /// Add the corrections of a table to the project's rules: a spreadsheet's, a word list's, or those of another tool.
    ///
    /// Read are CSV and TSV, with or without a header, and lists of `wrong->right`. Each row is judged by itself: added, there already,
    /// added to ask because the wrong form is a word too or has several corrections, or refused, which says a table beside the imported
    /// one that can be corrected and imported again. With a PATH the corpus is read once for all rows: it tells which forms never occur
    /// and which are more usual than their correction, and gives examples. All rules are proven before anything is written.
    #[command(after_help = "\
Examples:
  emendo rules import outlet.csv --into typos/outlet corpus
  emendo rules import names.tsv --into names/outlet --dry-run
  emendo rules import dictionary.txt --as arrows --into typos/dictionary --only-occurring corpus

Exit status:
  0  every row was added, or is there already
  2  nothing was done: usage, table or rules refused
  3  some rows were refused")]
    Import(ImportArgs),
    /// Propose rules from what somebody corrected by hand: two versions of a text or of a folder, or the edited texts of an output folder.
    ///
    /// What differs is told apart word by word. For what a rule can explain the narrowest one is proposed: a word, a phrase, a doubled
    /// word, a name of which one word differs, a mark that recurs. Of each is told how often it was corrected and how often it was left,
    /// and with --corpus what else it would touch; it asks if it was left somewhere. Nothing is written without --accept or --all.
    #[command(after_help = "\
Examples:
  emendo rules learn draft.txt edited.txt
  emendo rules learn cleaned                      what was edited there by hand
  emendo rules learn old new --corpus corpus --accept typos/house/goverment
  emendo rules learn old new --all --into outlet

Exit status:
  0  all texts were compared
  2  nothing was done: usage, texts or rules refused
  3  as 0, but some texts could not be compared")]
    Learn(LearnArgs),
    /// Show how often readers accepted, replaced and rejected what each rule does in a corpus, and which rules should ask or may apply.
    #[command(after_help = "Examples:\n  emendo rules stats corpus\n  emendo rules stats corpus --all --format json")]
    Stats(StatsArgs),
}

/// A rule that is not among the others yet.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("new rule").args(["typo", "name", "find", "file"]).required(true))]
pub struct NewRuleArgs {
    /// A word that is always wrong, and the right one; may be repeated.
    #[arg(long, value_name = "WRONG=RIGHT", help_heading = "New rule")]
    pub typo: Vec<String>,
    /// What happens to capitals of a typo: `copy` takes those of the found word, `force` those of the right one, `exact` finds the
    /// word only as it is written. [default: copy]
    #[arg(long, value_name = "CASE", requires = "typo", value_parser = ["copy", "force", "exact"], help_heading = "New rule")]
    pub case: Option<String>,
    /// The form of a name to arrive at.
    #[arg(long, value_name = "NAME", requires = "variant", help_heading = "New rule")]
    pub name: Option<String>,
    /// A form of the name to replace; may be repeated.
    #[arg(long, value_name = "NAME", requires = "name", help_heading = "New rule")]
    pub variant: Vec<String>,
    /// A longer name that holds a variant and means somebody else; may be repeated.
    #[arg(long, value_name = "NAME", requires = "name", help_heading = "New rule")]
    pub not_same: Vec<String>,
    /// A regular expression to find.
    #[arg(long, value_name = "REGEX", requires = "becomes", allow_hyphen_values = true, help_heading = "New rule")]
    pub find: Option<String>,
    /// What becomes of it; `${1}` is its first group, nothing deletes it.
    #[arg(long, value_name = "TEXT", requires = "find", allow_hyphen_values = true, help_heading = "New rule")]
    pub becomes: Option<String>,
    /// The pass whose work it is, for --find and --file: `quotes`, `spaces` and so on. [default: the one of --into]
    #[arg(long, value_name = "PASS", value_parser = pass_name, help_heading = "New rule")]
    pub pass: Option<PassName>,
    /// The id of a pattern, without its pass. [default: made from what it finds]
    #[arg(long, value_name = "ID", requires = "find", help_heading = "New rule")]
    pub id: Option<String>,
    /// A file of rules (.toml) or a table (.tsv), with the defaults of its NAME.toml if one is beside it.
    #[arg(long, value_name = "FILE", help_heading = "New rule")]
    pub file: Option<PathBuf>,
    /// The table or file that the rule belongs into. [default: `house` in the folder of its pass]
    #[arg(long, value_name = "PASS/NAME", help_heading = "New rule")]
    pub into: Option<String>,
    /// A text that the rule changes, with what becomes of it if you want to state it: `BEFORE => AFTER`; may be repeated for --find.
    #[arg(long, value_name = "TEXT", conflicts_with = "file", allow_hyphen_values = true, help_heading = "New rule")]
    pub example: Vec<String>,
    /// A text that the rule must leave as it is; may be repeated for --find.
    #[arg(long, value_name = "TEXT", conflicts_with = "file", allow_hyphen_values = true, help_heading = "New rule")]
    pub keep: Vec<String>,
}

fn pass_name(name: &str) -> Result<PassName, String> {
    let all = PassName::ALL.map(PassName::name);
    PassName::from_name(name).ok_or_else(|| emendo_core::rules::did_you_mean(name, &all))
}

fn policy_name(name: &str) -> Result<Policy, String> {
    let known = [Policy::Apply, Policy::Ask, Policy::Off].into_iter().find(|policy| policy.to_string() == name);
    known.ok_or_else(|| "write `apply`, `ask` or `off`".to_owned())
}

/// `emendo rules try`.
#[derive(Args, Debug)]
pub struct TryArgs {
    /// Files and folders to try it on.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The rule.
    #[command(flatten)]
    pub new: NewRuleArgs,
    /// Which rules it stands beside.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// So many contexts are shown of what is gained, lost and altered. [default: 20; for json 1000]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// For people, for programs, or as Markdown.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: TryFormat,
    /// How many threads. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

/// How `emendo rules try` tells what it found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TryFormat {
    /// For people.
    #[default]
    Human,
    /// For programs: one object.
    Json,
    /// A page of Markdown, for a review.
    Md,
}

/// `emendo rules add`.
#[derive(Args, Debug)]
pub struct AddArgs {
    /// Files and folders to cut an example from.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The rule.
    #[command(flatten)]
    pub new: NewRuleArgs,
    /// The sentence that a reviewer reads beside its changes.
    #[arg(long, value_name = "TEXT", conflicts_with = "file", help_heading = "New rule")]
    pub why: Option<String>,
    /// What the rule does where it finds something: `apply`, `ask` or `off`. [default: apply; ask in quotations]
    #[arg(long, value_name = "POLICY", value_parser = policy_name, conflicts_with = "file", help_heading = "New rule")]
    pub policy: Option<Policy>,
    /// Cut nothing from the corpus, which may not be quoted.
    #[arg(long)]
    pub no_quotes_from_corpus: bool,
    /// Show what would be written; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The folder of rules to add to. [default: the last of emendo.toml, or `rules` beside it]
    #[arg(long = "rules", value_name = "DIR", help_heading = "Rules")]
    pub dirs: Vec<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
    /// How many threads. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

/// `emendo rules import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// The table.
    #[arg(value_name = "TABLE")]
    pub table: PathBuf,
    /// Files and folders in which the forms are looked for.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The table of the project that the rows belong into: `typos/outlet`, `names/outlet`.
    #[arg(long, value_name = "PASS/NAME")]
    pub into: String,
    /// What the table is. [default: what most of its lines look like]
    #[arg(long = "as", value_name = "FORM")]
    pub form: Option<TableFormName>,
    /// Add only what occurs in the corpus.
    #[arg(long, requires = "paths")]
    pub only_occurring: bool,
    /// The sentence that a reviewer reads beside the changes of a row that says none of its own.
    #[arg(long, value_name = "TEXT", help_heading = "New rules")]
    pub why: Option<String>,
    /// What the rules do where they find something: `apply`, `ask` or `off`, also where a wrong form is a word too. [default: what the
    /// row says, else apply; ask in quotations]
    #[arg(long, value_name = "POLICY", value_parser = policy_name, help_heading = "New rules")]
    pub policy: Option<Policy>,
    /// Cut nothing from the corpus, which may not be quoted.
    #[arg(long, help_heading = "New rules")]
    pub no_quotes_from_corpus: bool,
    /// Where the refused rows go. [default: TABLE.problems.csv, beside the table]
    #[arg(long, value_name = "FILE")]
    pub problems: Option<PathBuf>,
    /// Show what would be done; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The folder of rules to add to. [default: the last of emendo.toml, or `rules` beside it]
    #[arg(long = "rules", value_name = "DIR", help_heading = "Rules")]
    pub dirs: Vec<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
    /// How many threads. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

/// `emendo rules learn`.
#[derive(Args, Debug)]
pub struct LearnArgs {
    /// The text or folder as it was, or an output folder in which texts were corrected.
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The same as somebody corrected it.
    #[arg(value_name = "NEW")]
    pub new: Option<PathBuf>,
    /// What was cleaned into the output folder; may be repeated. [default: what the last run in OLD/runs.jsonl was given]
    #[arg(long, value_name = "PATH", conflicts_with = "new")]
    pub from: Vec<PathBuf>,
    /// Files and folders in which is looked what else the rules would touch; may be repeated.
    #[arg(long, value_name = "PATH")]
    pub corpus: Vec<PathBuf>,
    /// Add the proposed rule of this id; may be repeated.
    #[arg(long, value_name = "ID", conflicts_with = "all", help_heading = "New rules")]
    pub accept: Vec<String>,
    /// Add all proposed rules.
    #[arg(long, help_heading = "New rules")]
    pub all: bool,
    /// The name of the tables and files that the rules belong into. [default: house]
    #[arg(long, value_name = "NAME", help_heading = "New rules")]
    pub into: Option<String>,
    /// The sentence that a reviewer reads beside their changes.
    #[arg(long, value_name = "TEXT", help_heading = "New rules")]
    pub why: Option<String>,
    /// Cut no example from the texts, which may not be quoted.
    #[arg(long, help_heading = "New rules")]
    pub no_quotes_from_corpus: bool,
    /// The folder of rules to add to. [default: the last of emendo.toml, or `rules` beside it]
    #[arg(long = "rules", value_name = "DIR", help_heading = "Rules")]
    pub dirs: Vec<PathBuf>,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
    /// How many threads. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

/// `emendo rules check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Files and folders to clean, to tell how often each rule fires; may be repeated.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub corpus: Vec<PathBuf>,
    /// Exit with 1 if there is a warning.
    #[arg(long)]
    pub strict: bool,
    /// Put the tables of the project in order first, and show what was written.
    #[arg(long)]
    pub fix: bool,
    /// Show what --fix would write; write nothing.
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// So many warnings are shown, and so many rules of a corpus; for json all are.
    #[arg(long, value_name = "N", default_value = "20")]
    pub limit: usize,
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

/// What a table of corrections is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormName {
    /// Cells with commas or semicolons between them, in quotation marks where they hold one.
    Csv,
    /// Cells with tabs between them.
    Tsv,
    /// `wrong->right`, `wrong => right` or `wrong=right`, several corrections with commas between them.
    Arrows,
}

impl From<TableFormName> for TableForm {
    fn from(name: TableFormName) -> Self {
        match name {
            TableFormName::Csv => Self::Csv,
            TableFormName::Tsv => Self::Tsv,
            TableFormName::Arrows => Self::Arrows,
        }
    }
}

/// `emendo rules list`.
#[derive(Args, Debug)]
pub struct RulesArgs {
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
}

/// `emendo rules stats`.
#[derive(Args, Debug)]
pub struct StatsArgs {
    /// Files and folders to clean.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also rules of which nothing is decided.
    #[arg(long)]
    pub all: bool,
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

/// `emendo rules show`.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The full id of the rule, as `emendo rules list` prints it.
    #[arg(value_name = "ID")]
    pub id: String,
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
}
