//! Adds the corrections of a table to a project's rules.

mod form;
mod judge;
mod problems;
mod read;
mod seen;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

pub use self::form::{Form, TableForm};
use self::judge::{Judge, usual_word};
pub use self::judge::{Judged, RowVerdict, listed_word};
use self::problems::{Problems, RefusedRow};
pub use self::read::{ImportedTable, Listed, RowDetails, TableFault, TornLine};
use self::seen::Forms;
use super::NewRuleError;
use super::blame::blame;
use super::candidate_rules::CandidateRules;
use super::corpus_examples::CorpusExamples;
use super::new_rule::{NewRule, NewRuleContent, RuleFilePlace};
use super::rule_folder::{RuleFolder, right};
use crate::batch::{self, InputContent, RunEnd, RunObserver};
use crate::check;
use crate::disk;
use crate::project::Settings;
use emendo_core::rules::{Diagnostic, NewRow, PassName, Policy, TableState};

/// What is imported, and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The table of corrections.
    pub table: PathBuf,
    /// Files and folders in which the forms are looked for.
    pub paths: Vec<PathBuf>,
    /// The table of the project that the rows belong into.
    pub into: RuleFilePlace,
    /// What the table is; else what most of its lines look like.
    pub form: Option<TableForm>,
    /// Add only what occurs in the corpus.
    pub only_occurring: bool,
    /// The sentence that a reviewer reads beside the changes of a row that says none of its own.
    pub why: Option<String>,
    /// What the rules may do; else what the row says.
    pub policy: Option<Policy>,
    /// Cut nothing from the corpus, which may not be quoted.
    pub no_quotes: bool,
    /// Where the refused rows go; else beside the table.
    pub problems: Option<PathBuf>,
    /// Write nothing.
    pub dry_run: bool,
    /// How many threads; else one for each core.
    pub threads: Option<NonZeroUsize>,
}

/// What became of a table.
pub struct ImportOutcome {
    /// The rows, and what became of each.
    pub rows: Vec<Judged>,
    /// The table as it was read.
    pub table: ImportedTable,
    /// The file of rules that the rows belong into.
    pub file: PathBuf,
    /// Where the refused rows are, if there are any.
    pub problems: Option<PathBuf>,
}

/// So many times rows are taken out that break a law before the rules are proven again without them.
const ROUNDS: usize = 10;

/// Adds the rows of a table to the project's rules, and tells of each what became of it. Nothing if the observer stopped that.
///
/// # Errors
/// When the table or the rules are refused as a whole.
pub fn import_table(
    settings: &Settings,
    options: &ImportOptions,
    observer: &mut dyn RunObserver,
) -> Result<Option<ImportOutcome>, NewRuleError> {
    options.into.refuse_without_tables()?;
    let RuleFilePlace { pass, name } = options.into.clone();
    let table = read(options, pass)?;
    refuse_swapped(&table, pass, options)?;
    let mut judge = Judge::new(&settings.knowledge, pass, &name);
    let judged = |listed: &Listed| match judge.judge(listed) {
        // Somebody has said what it may do.
        RowVerdict::Choice if options.policy.or(listed.says.policy).is_some() => RowVerdict::Added,
        verdict => verdict,
    };
    let rows =
        table.rows.iter().map(judged).zip(&table.rows).map(|(verdict, listed)| Judged { verdict, listed: listed.clone(), seen: None });
    let book = RuleFolder::open(settings, NewRule::rows(pass, Some(name), Vec::new()))?;
    let mut import = Import { options, settings, book, rows: rows.collect() };
    let Some(files) = import.settle(observer)? else { return Ok(None) };
    let torn =
        table.torn.iter().map(|torn| RefusedRow { wrong: &torn.text, right: String::new(), line: torn.line, why: &torn.why, says: None });
    let mut refused: Vec<RefusedRow<'_>> = torn.chain(import.rows.iter().filter_map(refused)).collect();
    refused.sort_by_key(|refused| refused.line);
    let forbidden: Vec<_> = settings.rule_folders.iter().chain(&options.paths).map(|path| &**path).collect();
    let problems = (!refused.is_empty()).then(|| Problems::place(&options.table, options.problems.as_deref(), &forbidden)).transpose()?;
    problems.as_ref().map_or(Ok(()), Problems::refuse_foreign)?;
    if !options.dry_run {
        problems.as_ref().map_or(Ok(()), |problems| problems.write(&refused))?;
        import.book.write(&files)?;
    }
    let file = import.book.folder.join(import.book.wanted.path());
    Ok(Some(ImportOutcome { rows: import.rows, table, file, problems: problems.map(|problems| problems.path) }))
}

fn read(options: &ImportOptions, pass: PassName) -> Result<ImportedTable, NewRuleError> {
    let text = disk::read_text(&options.table)?;
    let unreadable = |TableFault { line, why }| NewRuleError::Unreadable { path: options.table.clone(), line, why };
    ImportedTable::read(&text, options.form, pass).map_err(unreadable)
}

/// Where nobody named the columns, they may be the other way round.
fn refuse_swapped(table: &ImportedTable, pass: PassName, options: &ImportOptions) -> Result<(), NewRuleError> {
    const ENOUGH: usize = 4;
    let is_swapped = |row: &&Listed| listed_word(&row.wrong).is_some() && listed_word(&row.rights[0]).is_none();
    let swapped: Vec<&Listed> = table.rows.iter().filter(is_swapped).collect();
    match swapped.first() {
        Some(first)
            if pass == PassName::TYPOS && !table.has_header && swapped.len() >= ENOUGH && swapped.len() * 4 >= table.rows.len() * 3 =>
        {
            Err(NewRuleError::Swapped {
                path: options.table.clone(),
                line: first.line,
                wrong: first.wrong.clone(),
                right: first.rights[0].clone(),
                count: swapped.len(),
                of: table.rows.len(),
            })
        }
        _ => Ok(()),
    }
}

fn refused(row: &Judged) -> Option<RefusedRow<'_>> {
    let RowVerdict::Refused(why) = &row.verdict else { return None };
    Some(RefusedRow {
        wrong: &row.listed.wrong,
        right: row.listed.rights.join(", "),
        line: row.listed.line,
        why,
        says: Some(&row.listed.says),
    })
}

/// Rows on their way into the rules.
struct Import<'a> {
    options: &'a ImportOptions,
    settings: &'a Settings,
    book: RuleFolder<'a>,
    rows: Vec<Judged>,
}

impl Import<'_> {
    /// Judges all rows to the end; the files that say what is new, proven. Nothing if it was interrupted.
    fn settle(&mut self, observer: &mut dyn RunObserver) -> Result<Option<Vec<(String, String)>>, NewRuleError> {
        self.refuse_other_policies();
        let Some(fresh) = self.proven()? else { return Ok(Some(Vec::new())) };
        let is_english = self.settings.is_english() && fresh.rules().all(|(_, rule)| rule.only.holds_language(Some("en")));
        let mut cuttings = None;
        if !self.options.paths.is_empty() {
            let Some(cut) = self.look(&fresh, observer)? else { return Ok(None) };
            cuttings = Some(cut).filter(|_| !self.options.no_quotes);
        }
        if is_english && self.book.wanted.pass == PassName::TYPOS {
            self.doubt();
        }
        if !self.say() {
            return Ok(Some(Vec::new()));
        }
        let Some(cuttings) = cuttings else {
            let (fresh, files) = self.book.fresh()?;
            RuleFolder::refuse_lost(self.settings, &fresh)?;
            return Ok(Some(files));
        };
        let text = self.book.text(&self.book.wanted.path()).unwrap_or_default();
        let (fresh, _) = self.book.fresh()?;
        fresh.settle_quotes(&mut self.book.wanted, &cuttings, &text);
        self.book.proven(self.settings).map(|(_, files)| Some(files))
    }

    /// What a row of the table says already holds for all variants of the name.
    fn refuse_other_policies(&mut self) {
        let (pass, path) = (self.book.wanted.pass, self.book.wanted.path());
        let standing = TableState::of(pass, &self.book.text(&path).unwrap_or_default(), None);
        let mut policies: FxHashMap<&str, Option<Policy>> = FxHashMap::default();
        for row in self.rows.iter_mut().filter(|row| pass == PassName::NAMES && row.verdict.is_rule()) {
            let policy = self.options.policy.or(row.listed.says.policy);
            let name = NewRow { key: row.listed.rights[0].clone(), ..NewRow::default() };
            let other = policies.entry(&row.listed.rights[0]).or_insert(if standing.joins(&name) { None } else { policy });
            if policy.is_some() && *other != policy {
                let why = format!("Other variants of `{}` have another policy, and a name has one row.", name.key);
                row.verdict = RowVerdict::Refused(why);
            }
        }
    }

    /// The rows that become rules, as rows of the project's table. Whether there are any.
    fn say(&mut self) -> bool {
        let pass = self.book.wanted.pass;
        let standing = TableState::of(pass, &self.book.text(&self.book.wanted.path()).unwrap_or_default(), None);
        let mut rows: Vec<NewRow> = Vec::new();
        let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
        for row in self.rows.iter().filter(|row| row.verdict.is_rule()) {
            let new = self.new_row(row, pass);
            if pass != PassName::NAMES {
                rows.push(new);
            } else if let Some(at) = by_name.get(row.right()) {
                rows[*at].forms.extend(new.forms);
                let known = &mut rows[*at].not_same;
                let more = new.not_same.into_iter().filter(|name| !known.contains(name)).collect::<Vec<_>>();
                known.extend(more);
            } else {
                by_name.insert(row.right(), rows.len());
                // What its row says of the name already holds.
                let joins = standing.joins(&new);
                rows.push(if joins { NewRow { why: None, example: None, keep: None, policy: None, ..new } } else { new });
            }
        }
        let has_some = !rows.is_empty();
        self.book.wanted.new = NewRuleContent::Rows(rows);
        has_some
    }

    fn new_row(&self, row: &Judged, pass: PassName) -> NewRow {
        let Listed { wrong, rights, says, doubt, .. } = &row.listed;
        let why = says.why.clone().or_else(|| self.options.why.clone());
        let policy = self.options.policy.or(says.policy);
        let word = if let RowVerdict::RealWord(why) = &row.verdict { Some(why.clone()) } else { None };
        let choice = (policy.is_none() && row.listed.is_choice()).then(|| choice(&rights[1..], doubt.as_deref()));
        let also = [choice, word].into_iter().flatten().reduce(|one, other| format!("{one} {other}"));
        let (why, policy) = match also {
            Some(also) => (Some(format!("{} {also}", why.as_deref().unwrap_or("A misspelling."))), policy.or(Some(Policy::Ask))),
            None => (why, policy),
        };
        let (key, forms, case) = if pass == PassName::NAMES {
            (rights[0].clone(), vec![wrong.clone()], None)
        } else {
            (wrong.clone(), vec![rights[0].clone()], says.case.clone())
        };
        let (not_same, example, keep) = (says.not_same.clone(), says.example.clone(), says.keep.clone());
        NewRow { key, forms, not_same, case, policy, why, example, keep }
    }

    /// All rules with those of the rows that break no law; nothing if no row is left.
    fn proven(&mut self) -> Result<Option<CandidateRules>, NewRuleError> {
        for _ in 0..ROUNDS {
            if !self.say() {
                return Ok(None);
            }
            let (fresh, breaches) = match self.book.fresh() {
                Ok((fresh, _)) => {
                    let breaches = check::rules(&fresh.knowledge);
                    (Some(fresh), breaches)
                }
                Err(NewRuleError::Rules(errors)) => (None, errors),
                Err(other) => return Err(other),
            };
            match fresh {
                Some(fresh) if breaches.is_empty() => return Ok(Some(fresh)),
                fresh => {
                    if !self.refuse(fresh.as_ref(), &breaches)? {
                        return Err(NewRuleError::Rules(breaches));
                    }
                }
            }
        }
        Err(NewRuleError::TooManyBreaches)
    }

    /// Takes out the rows that break laws; whether there were any.
    fn refuse(&mut self, fresh: Option<&CandidateRules>, breaches: &[Diagnostic]) -> Result<bool, NewRuleError> {
        let rules = self.rows.iter().enumerate().filter(|(_, row)| row.verdict.is_rule());
        let forms: FxHashMap<String, usize> = rules.map(|(number, row)| (row.listed.wrong.clone(), number)).collect();
        let faults = blame(&mut self.book, fresh, breaches, &forms)?;
        for (number, why) in &faults {
            self.rows[*number].verdict = RowVerdict::Refused(why.clone());
        }
        Ok(!faults.is_empty())
    }

    /// Reads the corpus once: counts all forms, and cuts examples. Nothing if it was interrupted.
    fn look(&mut self, fresh: &CandidateRules, observer: &mut dyn RunObserver) -> Result<Option<CorpusExamples>, NewRuleError> {
        let forms = Forms::of(&self.rows);
        let mut seen = forms.none_seen();
        let mut cuttings = CorpusExamples::few(fresh.rules().filter_map(|(_, rule)| right(rule)));
        let cleaner = self.settings.cleaner_of(&fresh.knowledge)?;
        let listing = batch::listing(&self.options.paths)?;
        let pool = batch::threads(self.options.threads)?;
        let ended = batch::run(&listing, &cleaner, &pool, observer, |inputs| {
            pool.install(|| forms.count(&inputs, &mut seen));
            if !self.options.no_quotes {
                for input in &inputs {
                    if let InputContent::Read { report, .. } = &input.what {
                        cuttings.add(report, |change| fresh.is_new(&change.rule));
                    }
                }
            }
            Ok::<_, NewRuleError>(())
        })?;
        if ended == RunEnd::Interrupted {
            return Ok(None);
        }
        let pass = self.book.wanted.pass;
        for (row, seen) in self.rows.iter_mut().zip(seen).filter(|(row, _)| row.verdict.is_rule()) {
            row.seen = Some(seen);
            let is_open = pass == PassName::TYPOS && self.options.policy.or(row.listed.says.policy).is_none();
            let usual = usual_word(&row.listed.wrong, row.right(), seen).filter(|_| is_open);
            row.verdict = match (&row.verdict, usual) {
                _ if seen[0] == 0 => RowVerdict::Never(!self.options.only_occurring),
                (RowVerdict::Added, Some(why)) => RowVerdict::RealWord(why),
                (verdict, _) => verdict.clone(),
            };
        }
        Ok(Some(cuttings))
    }

    /// Lets rows ask whose wrong form is a word of English.
    fn doubt(&mut self) {
        let policy = self.options.policy;
        let is_open = |row: &&mut Judged| {
            matches!(row.verdict, RowVerdict::Added | RowVerdict::Never(true)) && policy.or(row.listed.says.policy).is_none()
        };
        for row in self.rows.iter_mut().filter(is_open) {
            if let Some(why) = listed_word(&row.listed.wrong) {
                row.verdict = RowVerdict::RealWord(why);
            }
        }
    }
}

/// What else a form may be corrected to.
fn choice(others: &[String], doubt: Option<&str>) -> String {
    let mut says = String::new();
    if !others.is_empty() {
        says = format!("Or: {}.", others.join(", "));
    }
    match doubt {
        Some(doubt) => [says.as_str(), doubt].join(" ").trim().to_owned(),
        None => says,
    }
}
