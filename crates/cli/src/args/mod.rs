//! What can be typed. Parsing does nothing: see `settings` for what it comes to.

mod review;
mod rules;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use emendo_core::edit::Zone;
use emendo_core::rules::Style;
use emendo_corpus::clock;
use emendo_corpus::project::SettingsOptions;
use emendo_corpus::suggest::proposal::ProposalKind;

pub use review::{Checked, OrderName, ReviewArgs, ShareName};
pub use rules::*;

/// Clean text corpora with rules; keep every change as a record.
#[derive(Debug, Parser)]
#[command(
    name = "emendo",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  emendo preview corpus              what would happen; writes nothing
  emendo clean corpus -o cleaned     clean a folder; diffs and records go beside the texts
  emendo diff cleaned                read what was changed, word by word
  emendo adopt cleaned               keep what was corrected by hand in cleaned texts
  emendo why cleaned/a.txt:12:40     which rule made this, and what stood there
  emendo map --to clean cleaned      carry spans of the sources over to the cleaned texts
  emendo verify cleaned              prove that nothing was lost
  emendo rules try --typo ambulence=ambulance corpus     what a new rule would change

Exit status:
  0  done
  1  --check, verify, rules try or rules check --strict found something
  2  nothing was done: usage, rules or output refused
  3  done, but there are problems: see the summary
  130  interrupted; what was written is whole"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what a run would do: counts by rule with two contexts each, what would wait, problems.
    ///
    /// Writes nothing.
    #[command(
        after_help = "Examples:\n  emendo preview corpus\n  emendo preview --profile train corpus\n  emendo preview --rules my-rules --format json corpus"
    )]
    Preview(PreviewArgs),

    /// Clean files and folders.
    ///
    /// The cleaned texts go to DIR under the names of their sources, with a diff beside each changed
    /// text, a record of every change in DIR/record and all inputs accounted for in
    /// DIR/manifest.jsonl. Inputs are never written to, and no output that a person has edited
    /// since is overwritten, unless emendo adopt has made decisions of the edits.
    #[command(after_help = "\
Examples:
  emendo clean corpus -o cleaned                 a folder
  emendo clean a.txt b.txt -o cleaned            some files
  emendo clean corpus -o cleaned --policy ask    apply nothing, ask about everything
  emendo clean --check corpus                    exit with 1 if a text would change
  emendo clean - < raw.txt > clean.txt           one document, through a pipe")]
    Clean(CleanArgs),

    /// Show changes word by word, in context.
    ///
    /// For files and folders: what a run would change. For the output folder of a run: what that run
    /// recorded. Invisible characters are named.
    #[command(after_help = "\
Examples:
  emendo diff corpus                         what a run would change
  emendo diff cleaned                        what a run changed
  emendo diff cleaned/a.txt                  the same for one text
  emendo diff --pending corpus               what would need review
  emendo diff --group --rule typos cleaned   corrected words, each once
  emendo diff --zone quotation --doc 'news/**' cleaned
  emendo diff --format unified --rule quotes cleaned > quotes.diff
  emendo diff --format html cleaned > changes.html")]
    Diff(DiffArgs),

    /// Decide what is done: accept, reject or replace changes, one by one or in groups, once and for all.
    ///
    /// Decisions are added to decisions.jsonl beside emendo.toml (or --decisions FILE), which every later run obeys. Without one of
    /// the options below a screen opens, on which all of it is done by single keys.
    ///
    /// An ID is that of a group (g…): the decision holds everywhere in its kind of place, now and later, or with --doc in these
    /// documents; of one change (c…): it holds there; or of a rule, with a slash: it holds for all that the rule does.
    #[command(after_help = "\
Examples:
  emendo review corpus                                     decide on a screen
  emendo review corpus --web                               decide in a browser
  emendo review corpus --list                              what there is to decide, in groups
  emendo review corpus --show g3f2a91c04e                  a group with all its places
  emendo review corpus --accept g3f2a91c04e --dry-run      what accepting it would do
  emendo review corpus --reject c0d4e6f8a1b --note 'a name'
  emendo review corpus --replace g3f2a91c04e --with Israel
  emendo review corpus --undo                              take the last decision back
  emendo review corpus --sample g3f2a91c04e                60 of its places, drawn at random
  emendo review corpus --accept g3f2a91c04e --checked 60/60
  emendo review corpus --export todo.csv                   decide in a spreadsheet
  emendo review corpus --import todo.csv")]
    Review(Box<ReviewArgs>),

    /// Take many changes back at once: what a rule did, what was decided since a day, or by one person.
    ///
    /// First it shows what would happen; nothing is saved without --yes. With --since or --by the decisions that fit are
    /// withdrawn, and what they had replaced stands again; other and later decisions stay. With --rule or --doc alone what
    /// the rules applied is rejected.
    #[command(after_help = "\
Examples:
  emendo undo corpus --rule typos/recurring/Isrfael        all that a rule did, everywhere
  emendo undo corpus --rule names --doc 'news/**'          what the rules of a pass did in some documents
  emendo undo corpus --doc a.txt                           all that was done to a document
  emendo undo corpus --since 2024-02-14                    what was decided since a day
  emendo undo corpus --by 'Ann Smith' --since 2024-02-14T09:00:00Z --yes")]
    Undo(UndoArgs),

    /// Make decisions of what was edited in cleaned texts, so that every run makes it again.
    ///
    /// Each difference between a text as the last run left it and as it is now becomes a decision that holds for its place in
    /// the source. They are added to decisions.jsonl beside emendo.toml (or --decisions FILE). A text with edits that are not
    /// adopted is never overwritten.
    #[command(after_help = "\
Examples:
  emendo adopt cleaned --dry-run                 what would be adopted, word by word
  emendo adopt cleaned --note 'checked against the print'
  emendo adopt cleaned --from corpus             where the log of runs does not tell what was cleaned")]
    Adopt(AdoptArgs),

    /// Tell which rule and decision made a place of a cleaned text, and what stood there.
    #[command(after_help = "Example:\n  emendo why cleaned/000.txt:12:40    line 12, column 40, counted from 1 in characters")]
    Why(WhyArgs),

    /// Carry spans across: from sources to cleaned texts, or back.
    ///
    /// Reads JSON lines from standard input, such as {"source": "a.txt", "span": [120, 131]}, and writes each of them with its span on
    /// the other side. A span of a source counts from the start of the decoded source; one of a cleaned text or field from its
    /// start, and names its `document` where a source holds several, and its `part` where that is a field and not `text`. What was
    /// left out of that is added, and all other members stay. A span with an end inside a change widens to the edge of the change
    /// and says so: "widened": true. A line that cannot be carried gets a member `error`. Fastest with the lines of a source
    /// together.
    #[command(after_help = "\
Examples:
  emendo map --to clean cleaned < source-spans.jsonl > spans.jsonl
  emendo map --to source cleaned < spans.jsonl > source-spans.jsonl
  emendo map --to clean --unit chars cleaned < spans.jsonl      spans count code points")]
    Map(MapArgs),

    /// Make one printable HTML page about what was done to a text.
    ///
    /// It tells the source, each change in context, the rule as it read that day, who decided and when, what
    /// needs review or was refused, the runs and the seal.
    #[command(
        after_help = "Examples:\n  emendo statement cleaned/a.txt -o a.html\n  emendo statement cleaned/record/a.txt.jsonl > a.html    all documents of a source"
    )]
    Statement(StatementArgs),

    /// Prove that an output folder is whole and that its sources can be rebuilt from it.
    #[command(
        after_help = "Examples:\n  emendo verify cleaned\n  emendo verify --seal 3c1f… cleaned        and that it is what a run printed the seal of"
    )]
    Verify(VerifyArgs),

    /// Give the sources back, byte for byte, from an output folder alone.
    #[command(after_help = "Example:\n  emendo restore cleaned -o sources")]
    Restore(RestoreArgs),

    /// Look at the rules and add to them: check them, list them, show one, try one, add one.
    #[command(subcommand)]
    Rules(RulesCommand),

    /// Propose rules that a corpus calls for: rare forms of frequent words and names, doubled words, stray marks and
    /// characters, lines that come again.
    ///
    /// The texts are cleaned first, so that nothing is proposed that a rule puts right already. Each proposal tells what
    /// speaks for it: how often the wrong and the right form stand there, the neighbours that they share, and three
    /// contexts. Those with the most changes that are to be expected to be right come first. Writes nothing but what
    /// --accept and --reject name.
    #[command(after_help = "\
Examples:
  emendo suggest corpus
  emendo suggest corpus --kind typo --kind name --limit 50
  emendo suggest corpus --accept 3f2a91c0 --accept 77b0e1d4    as emendo rules add does, with examples from the corpus
  emendo suggest corpus --reject 90aa17f3                      remembered in not-the-same.jsonl beside emendo.toml

Exit status:
  0  done, be there proposals or not
  2  nothing was done: usage or rules refused, or no such proposal
  3  as 0, but some inputs could not be read")]
    Suggest(Box<SuggestArgs>),

    /// Make a new project: emendo.toml, and a folder of rules with examples in comments.
    ///
    /// Asks nothing, and overwrites nothing.
    #[command(after_help = "Examples:\n  emendo init            here\n  emendo init news       in a folder, which is made if missing")]
    Init(InitArgs),

    /// Print the JSON Schema of a kind of file, with which an editor completes and checks its keys.
    ///
    /// Editors that know TOML by Taplo read a schema that the first line of a file names: `#:schema ../../schema/rules.json`. Without
    /// NAME the kinds are listed.
    #[command(after_help = "\
Examples:
  emendo schema                                 the kinds of files
  emendo schema rules > schema/rules.json       keep one beside emendo.toml")]
    Schema(SchemaArgs),

    /// Print what makes a shell complete emendo's commands and options.
    #[command(after_help = "\
Examples:
  emendo completions bash > ~/.local/share/bash-completion/completions/emendo
  emendo completions fish > ~/.config/fish/completions/emendo.fish
  emendo completions zsh > ~/.zfunc/_emendo        with ~/.zfunc in fpath")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },

    /// Print the manual page of emendo or of one of its commands.
    #[command(after_help = "Examples:\n  emendo man | man -l -\n  emendo man clean > emendo-clean.1\n  emendo man rules check | man -l -")]
    Man {
        /// The command, such as `clean` or `rules check`; nothing for emendo itself.
        command: Vec<String>,
    },
}

/// Which rules a run uses, and how far they may go.
#[derive(Args, Clone, Debug, Default)]
pub struct RuleArgs {
    /// A folder of rules to use with the shipped ones; may be repeated. [default: `rules` beside the
    /// nearest emendo.toml at or above the first PATH, or else the current folder]
    #[arg(long = "rules", value_name = "DIR", help_heading = "Rules")]
    pub dirs: Vec<PathBuf>,

    /// A list of words to use too: `english` (misspellings), `american`, `british` or `oxford` (spelling); may be repeated.
    /// [default: what `packs` in emendo.toml names]
    #[arg(long = "pack", value_name = "NAME", help_heading = "Rules")]
    pub packs: Vec<String>,

    /// Use the shipped rules alone, whatever emendo.toml says.
    #[arg(long, help_heading = "Rules", conflicts_with = "dirs")]
    pub isolated: bool,

    /// The most that passes may do: `apply`, `ask` or `off` for all, or `typos=ask,names=off`; may be
    /// repeated.
    #[arg(long, value_name = "POLICY", help_heading = "Rules")]
    pub policy: Vec<String>,

    /// A set of policies: `news`, `ocr` (for scanned text), `train` (mojibake, unicode and spaces only), `evidence` (all ask).
    #[arg(long, value_name = "NAME", help_heading = "Rules")]
    pub profile: Option<String>,

    /// The language of the documents, as a tag. [default: English; paragraphs that are surely in another
    /// language keep their marks, typos and names]
    #[arg(long, value_name = "TAG", help_heading = "Rules")]
    pub lang: Option<String>,

    /// The encoding of files that are not UTF-8, such as `windows-1252`, or of those of a pattern:
    /// `old/**=macintosh`; may be repeated, the first that fits counts. [default: detected]
    #[arg(long, value_name = "[GLOB=]NAME", help_heading = "Rules")]
    pub encoding: Vec<String>,

    /// How texts are marked up: `plain`, `markdown` or `html`, for all or for the files of a pattern: `posts/**=markdown`;
    /// may be repeated, the first that fits counts. [default: by the end of the file's name]
    #[arg(long, value_name = "[GLOB=]SYNTAX", help_heading = "Rules")]
    pub syntax: Vec<String>,

    /// How quotation marks and apostrophes are typed: `straight`, or `typographic` as books print them in the
    /// language of the documents. [default: straight]
    #[arg(long, value_name = "STYLE", value_parser = quote_style, help_heading = "Rules")]
    pub quotes: Option<Style>,

    /// The file of decisions. [default: decisions.jsonl beside emendo.toml]
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub decisions: Option<PathBuf>,
}

impl RuleArgs {
    /// What is said beside the project.
    pub fn options(&self) -> SettingsOptions {
        SettingsOptions {
            rule_dirs: self.dirs.clone(),
            packs: self.packs.clone(),
            isolated: self.isolated,
            policies: self.policy.clone(),
            profile: self.profile.clone(),
            lang: self.lang.clone(),
            encodings: self.encoding.clone(),
            syntaxes: self.syntax.clone(),
            quotes: self.quotes.map(|style| style.name().to_owned()),
            decisions: self.decisions.clone(),
        }
    }
}

fn quote_style(name: &str) -> Result<Style, String> {
    Style::from_name(name).ok_or_else(|| "write `straight` or `typographic`".to_owned())
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Human,
    /// For programs: JSON.
    Json,
}

/// `emendo preview`.
#[derive(Args, Debug)]
pub struct PreviewArgs {
    /// Files and folders; `-` is one document on standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
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

/// What `--check` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// Texts that would change.
    Changes,
    /// Texts that would change, and changes that would need review.
    #[value(alias = "waiting")]
    Pending,
}

/// How many problems are no fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowance {
    /// So many.
    Count(u64),
    /// So many of a hundred inputs.
    Percent(f64),
}

impl std::str::FromStr for Allowance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither a number of problems such as 3 nor a share of the inputs such as 0.5%");
        match text.strip_suffix('%') {
            Some(share) => share.parse().ok().filter(|share| (0.0..=100.0).contains(share)).map(Self::Percent).ok_or_else(wrong),
            None => text.parse().map(Self::Count).map_err(|_| wrong()),
        }
    }
}

impl Allowance {
    /// Whether `problems` of `inputs` are within it.
    pub fn holds(self, problems: usize, inputs: usize) -> bool {
        match self {
            Self::Count(allowed) => problems as u64 <= allowed,
            #[expect(clippy::cast_precision_loss, reason = "a share of a count needs no 53 bits")]
            Self::Percent(share) => problems as f64 * 100.0 <= share * inputs as f64,
        }
    }
}

/// `emendo clean`.
#[derive(Args, Debug)]
pub struct CleanArgs {
    /// Files and folders; `-` is one document on standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder for what comes out; made if missing.
    #[arg(short, long, value_name = "DIR", conflicts_with = "check")]
    pub output: Option<PathBuf>,
    /// Write nothing; exit with 1 if a text would change, or with `--check=pending` also if a change
    /// would need review.
    #[arg(long, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "changes")]
    pub check: Option<Check>,
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Who runs this, for DIR/runs.jsonl. [default: git's user.name, or else the system's user]
    #[arg(long, value_name = "NAME", conflicts_with = "no_run_log")]
    pub by: Option<String>,
    /// Do not add time, person and command line to DIR/runs.jsonl.
    #[arg(long)]
    pub no_run_log: bool,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
    /// With `-`: write the record of the document to this file.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// So many problems, or so many of a hundred inputs, still exit with 0.
    #[arg(long, value_name = "N|N%")]
    pub allow_problems: Option<Allowance>,
    /// How many threads; the output is the same for any number. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

/// How changes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people, word by word.
    #[default]
    Human,
    /// For `patch`: a unified diff of the changes that are shown, from the document as it stands in its source.
    Unified,
    /// For programs: JSON, a line for each.
    Json,
    /// For people, a page for a browser.
    Html,
}

/// A zone, or the text outside all zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneName(pub Option<Zone>);

impl std::str::FromStr for ZoneName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let zone = Zone::ALL.into_iter().find(|zone| zone.name() == name);
        if zone.is_none() && name != "none" {
            let known: Vec<_> = Zone::ALL.iter().map(|zone| zone.name()).collect();
            return Err(format!("the zones are {} and none, the text outside all zones", known.join(", ")));
        }
        Ok(Self(zone))
    }
}

/// `emendo diff`.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// Files and folders to clean, or the output folder of a run, or cleaned texts in one.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Show only what needs review, with the ids of the changes.
    #[arg(long, alias = "waiting")]
    pub pending: bool,
    /// Tell changes that are alike in rule, before and after once, with their number and the first of their places.
    #[arg(long)]
    pub group: bool,
    /// Only changes of this rule, of all rules below a pass or table such as `typos` or `typos/recurring`, or of those that begin
    /// so: `quotes/curly*`; may be repeated.
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// Only changes in this zone: `quotation`, `field` (a title) and so on; `none` is the text outside all zones; may be repeated.
    #[arg(long, value_name = "ZONE")]
    pub zone: Vec<ZoneName>,
    /// Only changes of this source, or of those of a pattern: `news/**`; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub doc: Vec<String>,
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: DiffFormat,
}

/// `emendo undo`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("which").args(["rule", "doc", "since", "by"]).multiple(true).required(true))]
pub struct UndoArgs {
    /// Files and folders to clean.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What this rule did, or all rules below a pass or table such as `typos`, or those that begin so: `quotes/curly*`; may be
    /// repeated.
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// What was done in this document, or in those of a pattern: `news/**`; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub doc: Vec<String>,
    /// What was decided since this day, such as 2024-02-14 (from midnight, UTC), or this time of RFC 3339.
    #[arg(long, value_name = "DATE", value_parser = since)]
    pub since: Option<jiff::Timestamp>,
    /// What this person decided.
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Save it.
    #[arg(long)]
    pub yes: bool,
    /// Who takes it back. [default: git's user.name, or else the system's user]
    #[arg(long = "as", value_name = "NAME")]
    pub person: Option<String>,
    /// Why, in your words; kept with the decisions.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
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

fn since(text: &str) -> Result<jiff::Timestamp, String> {
    clock::instant(text).ok_or_else(|| "write a day such as 2024-02-14, or a time such as 2024-02-14T09:00:00Z".to_owned())
}

/// `emendo adopt`.
#[derive(Args, Debug)]
pub struct AdoptArgs {
    /// The output folder of a run.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// What was cleaned into it; may be repeated. [default: what the last run in DIR/runs.jsonl was given]
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,
    /// The file of decisions. [default: as for the last run: its --decisions, or decisions.jsonl beside emendo.toml]
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Who corrected the texts. [default: git's user.name, or else the system's user]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Why, in your words; kept with the decisions.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Show what would be adopted; save nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
}

/// `emendo why`.
#[derive(Args, Debug)]
pub struct WhyArgs {
    /// A place in a cleaned text: its path, its line and its column, counted from 1 in characters.
    #[arg(value_name = "DIR/NAME:LINE:COL")]
    pub place: String,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
}

/// Where spans are carried to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MapDirection {
    /// To the cleaned texts and fields.
    Clean,
    /// To the decoded sources.
    Source,
}

/// What spans count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SpanUnit {
    /// Bytes of UTF-8, as in the records.
    #[default]
    Bytes,
    /// Code points. Each line that is written says so: "unit": "chars".
    Chars,
}

/// `emendo map`.
#[derive(Args, Debug)]
pub struct MapArgs {
    /// The output folder of a run.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The side that the spans are carried to; those that are read are of the other.
    #[arg(long, value_name = "SIDE")]
    pub to: MapDirection,
    /// What spans count, on both sides.
    #[arg(long, value_name = "UNIT", default_value = "bytes")]
    pub unit: SpanUnit,
}

/// `emendo statement`.
#[derive(Args, Debug)]
pub struct StatementArgs {
    /// A cleaned text, or the record of a source, in the output folder of a run.
    #[arg(value_name = "DIR/NAME")]
    pub text: PathBuf,
    /// The page. [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `emendo verify`.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// The output folder of a run.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The seal that the run printed, 64 hexadecimal digits: the folder must have no other.
    #[arg(long, value_name = "HEX", value_parser = seal)]
    pub seal: Option<String>,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
}

fn seal(hex: &str) -> Result<String, String> {
    let is_seal = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_seal { Ok(hex.to_ascii_lowercase()) } else { Err("a seal has 64 hexadecimal digits; emendo clean prints it".to_owned()) }
}

/// `emendo restore`.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The output folder of a run.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The folder for the sources; made if missing. Nothing in it is overwritten.
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Only these sources.
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// For people or for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
}

/// `emendo init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The folder.
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
}

/// A kind of file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// Rules: rules/PASS/NAME.toml.
    Rules,
    /// What a table says for all its rows: rules/PASS/NAME.toml beside NAME.tsv.
    Table,
    /// emendo.toml.
    Project,
    /// rules/chain.toml.
    Chain,
    /// rules/profiles.toml.
    Profiles,
    /// rules/envelopes/NAME.toml.
    Envelope,
}

/// `emendo schema`.
#[derive(Args, Debug)]
pub struct SchemaArgs {
    /// The kind of file.
    #[arg(value_name = "NAME")]
    pub name: Option<SchemaName>,
}

/// `emendo suggest`.
#[derive(Args, Debug)]
pub struct SuggestArgs {
    /// Files and folders to read.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only proposals of this kind; may be repeated. [default: all]
    #[arg(long, value_name = "KIND", value_parser = suggestion_kind)]
    pub kind: Vec<ProposalKind>,
    /// So many proposals are shown.
    #[arg(long, value_name = "N", default_value = "20")]
    pub limit: std::num::NonZeroUsize,
    /// Add the proposal with this id to the project's rules; may be repeated.
    #[arg(long, value_name = "ID")]
    pub accept: Vec<String>,
    /// Never propose the one with this id again; may be repeated.
    #[arg(long, value_name = "ID")]
    pub reject: Vec<String>,
    /// Cut no example from the corpus, which may not be quoted.
    #[arg(long, requires = "accept")]
    pub no_quotes_from_corpus: bool,
    /// Which rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// For people, or a line for each proposal for programs.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: OutputFormat,
    /// How many threads. [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZeroUsize>,
}

fn suggestion_kind(name: &str) -> Result<ProposalKind, String> {
    let all = ProposalKind::ALL.map(ProposalKind::name);
    ProposalKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| emendo_core::rules::did_you_mean(name, &all))
}
