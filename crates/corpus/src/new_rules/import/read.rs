//! From the text of a table of corrections to its rows.

use super::form::{Form, TableForm, content};
use emendo_core::prose::is_unseen;
use emendo_core::rules::{PassName, Policy};

/// Longer forms are no words, in bytes.
const LONGEST_FORM: usize = 200;
/// Longer remarks and examples are no cells, in bytes.
const LONGEST_CELL: usize = 2000;
/// With more words than this, what stands behind the last comma is a remark and no correction.
const WORDS_OF_CORRECTION: usize = 3;

/// A correction that a table lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its line, counted from 1.
    pub line: usize,
    /// The wrong form, or the variant of a name.
    pub wrong: String,
    /// What it may be corrected to, the likeliest first.
    pub rights: Vec<String>,
    /// Why the list itself does not trust it.
    pub doubt: Option<String>,
    /// What its other cells say.
    pub says: RowDetails,
}

impl Listed {
    /// Whether it takes a person to say what is right.
    pub fn is_choice(&self) -> bool {
        self.rights.len() > 1 || self.doubt.is_some()
    }
}

/// What a row says beside the two forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowDetails {
    /// What happens to capitals.
    pub case: Option<String>,
    /// What the rule may do.
    pub policy: Option<Policy>,
    /// Longer names that are somebody else's.
    pub not_same: Vec<String>,
    /// The sentence that a reviewer reads.
    pub why: Option<String>,
    /// A text that the rule changes.
    pub example: Option<String>,
    /// A text that it must leave.
    pub keep: Option<String>,
}

/// A line that is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornLine {
    /// Its number, counted from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// Why it is no row.
    pub why: String,
}

/// Why nothing can be made of a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct TableFault {
    /// The line, counted from 1, if it is about one.
    pub line: Option<usize>,
    /// What is wrong, and the way out.
    pub why: String,
}

/// What a table holds.
#[derive(Debug)]
pub struct ImportedTable {
    /// How it was read.
    pub form: Form,
    /// The corrections, in the order of the table.
    pub rows: Vec<Listed>,
    /// The lines that are none.
    pub torn: Vec<TornLine>,
    /// Whether its first line names the columns.
    pub has_header: bool,
    /// Names of columns of which nothing is known.
    pub unread: Vec<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Wrong,
    Right,
    NotSame,
    Case,
    Policy,
    Why,
    Example,
    Keep,
    /// It is known and not needed.
    Spare,
    Unknown,
}

/// The names that people give to columns. Those of emendo's own tables are among them.
const COLUMNS: [(Column, &[&str]); 9] = [
    (Column::Wrong, &["wrong", "variants", "variant", "typo", "misspelling", "incorrect", "error", "from", "find", "before", "source"]),
    (Column::Right, &["right", "canonical", "correct", "correction", "corrections", "to", "replace", "replacement", "after", "target"]),
    (Column::NotSame, &["not-same"]),
    (Column::Case, &["case"]),
    (Column::Policy, &["policy"]),
    (Column::Why, &["why", "note", "notes", "comment", "remark", "explanation"]),
    (Column::Example, &["example"]),
    (Column::Keep, &["keep"]),
    (Column::Spare, &["line", "refused because"]),
];

impl Column {
    fn of(name: &str) -> Self {
        let name = name.trim().to_lowercase();
        COLUMNS.iter().find(|(_, names)| names.contains(&&*name)).map_or(Self::Unknown, |(column, _)| *column)
    }
}

impl ImportedTable {
    /// Reads a table.
    ///
    /// # Errors
    /// Why nothing can be made of it, with the line.
    pub fn read(text: &str, named: Option<TableForm>, pass: PassName) -> Result<Self, TableFault> {
        let none = TableFault { line: None, why: "There is no row in it.".to_owned() };
        content(text).next().ok_or(none)?;
        let form = Form::of(text, named).ok_or_else(|| {
            let ways = "Write wrong,right or wrong->right, or a tab between the two; --as csv|tsv|arrows says which it is.";
            let line = content(text).next().map(|(line, _)| line);
            TableFault { line, why: format!("Nothing tells here what is wrong and what is right. {ways}") }
        })?;
        let mut lines = content(text).peekable();
        let header = lines.peek().map(|(line, first)| (*line, form.cells(first).unwrap_or_default()));
        let (columns, unread) = match header.filter(|_| !matches!(form, Form::Arrows(_))) {
            Some((line, cells)) => columns(&cells).map_err(|why| TableFault { line: Some(line), why })?,
            None => (None, Vec::new()),
        };
        let has_header = columns.is_some();
        if has_header {
            lines.next();
        }
        let columns = columns.unwrap_or_else(|| vec![Column::Wrong, Column::Right]);
        let (mut rows, mut torn) = (Vec::new(), Vec::new());
        for (line, text) in lines {
            match listed(form, &columns, line, text, pass) {
                Ok(found) => rows.extend(found),
                Err(why) => torn.push(TornLine { line, text: text.to_owned(), why }),
            }
        }
        Ok(Self { form, rows, torn, has_header, unread })
    }
}

/// The columns of a header, and the names of those that are not known; nothing if the line is no header.
fn columns(cells: &[String]) -> Result<(Option<Vec<Column>>, Vec<String>), String> {
    let columns: Vec<Column> = cells.iter().map(|cell| Column::of(cell)).collect();
    let has = |column| columns.contains(&column);
    if has(Column::Wrong) && has(Column::Right) {
        for column in [Column::Wrong, Column::Right] {
            if columns.iter().filter(|other| **other == column).count() > 1 {
                return Err("Two columns have names for the same: rename the one that is not meant.".to_owned());
            }
        }
        let unread = cells.iter().zip(&columns).filter(|(_, column)| **column == Column::Unknown);
        return Ok((Some(columns.clone()), unread.map(|(cell, _)| cell.trim().to_owned()).collect()));
    }
    // Words that no table lists as misspelled, so that they must be names of columns.
    let telling = ["wrong", "right", "misspelling", "correct", "correction", "incorrect", "canonical", "variants", "replacement"];
    match cells.iter().find(|cell| telling.contains(&&*cell.trim().to_lowercase())) {
        Some(cell) => {
            Err(format!("This looks like a header, with `{}` in it, but two columns are needed: name them wrong and right.", cell.trim()))
        }
        None => Ok((None, Vec::new())),
    }
}

/// The corrections of a line: one, or one for each variant of a name.
fn listed(form: Form, columns: &[Column], line: usize, text: &str, pass: PassName) -> Result<Vec<Listed>, String> {
    let cells = form.cells(text)?;
    let cell = |column: Column| {
        let at = columns.iter().position(|other| *other == column)?;
        cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    };
    // In a rule an apostrophe stands for either.
    let plain = |column| cell(column).map(|form| form.replace('’', "'"));
    let (Some(wrong), Some(right)) = (plain(Column::Wrong), plain(Column::Right)) else {
        let why = if cells.len() < 2 { "There is one cell only: two are needed." } else { "The wrong form or the right one is missing." };
        return Err(why.to_owned());
    };
    if let Some(long) = cells.iter().find(|cell| cell.len() > LONGEST_CELL) {
        return Err(format!("A cell has {} bytes: {LONGEST_CELL} are the most.", long.len()));
    }
    let (rights, doubt) = if let Form::Arrows(_) = form { alternatives(&right) } else { (vec![right], None) };
    if rights.is_empty() {
        return Err("The right form is missing.".to_owned());
    }
    let wrongs: Vec<&str> = if pass == PassName::NAMES { wrong.split('|').map(str::trim).collect() } else { vec![&wrong] };
    for form in wrongs.iter().copied().chain(rights.iter().map(String::as_str)) {
        if form.len() > LONGEST_FORM {
            return Err(format!("A form has {} bytes: {LONGEST_FORM} are the most.", form.len()));
        }
        if form.contains(is_unseen) {
            return Err(format!("`{form}` holds a character that cannot be seen."));
        }
    }
    let says = says(cell)?;
    let one = |wrong: &str| Listed { line, wrong: wrong.to_owned(), rights: rights.clone(), doubt: doubt.clone(), says: says.clone() };
    Ok(wrongs.into_iter().map(one).collect())
}

fn says<'c>(cell: impl Fn(Column) -> Option<&'c str>) -> Result<RowDetails, String> {
    let policy = match cell(Column::Policy) {
        Some(named) => Some(
            [Policy::Apply, Policy::Ask, Policy::Off]
                .into_iter()
                .find(|policy| policy.to_string() == named)
                .ok_or_else(|| format!("`{named}` is no policy: write apply, ask or off."))?,
        ),
        None => None,
    };
    if let Some(case) = cell(Column::Case).filter(|case| !["copy", "force", "exact"].contains(case)) {
        return Err(format!("`{case}` says nothing about capitals: write copy, force or exact."));
    }
    let text = |column| cell(column).map(str::to_owned);
    for column in [Column::Why, Column::Example, Column::Keep] {
        if let Some(cell) = cell(column).filter(|cell| cell.contains(['\t', '\n']) || cell.contains(is_unseen)) {
            return Err(format!("`{cell}` holds a tab or a character that cannot be seen."));
        }
    }
    let not_same = cell(Column::NotSame).into_iter().flat_map(|cell| cell.split('|')).map(|name| name.trim().to_owned());
    Ok(RowDetails {
        case: text(Column::Case),
        policy,
        not_same: not_same.filter(|name| !name.is_empty()).collect(),
        why: text(Column::Why),
        example: text(Column::Example),
        keep: text(Column::Keep),
    })
}

/// Several corrections with commas between them, and a remark behind the last comma: the remark says why the list itself does
/// not apply the correction.
fn alternatives(right: &str) -> (Vec<String>, Option<String>) {
    let mut parts: Vec<&str> = right.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_remark = |part: &&str| part.starts_with("disabled") || part.split_whitespace().count() > WORDS_OF_CORRECTION;
    let doubt = if parts.len() > 1 { parts.pop_if(|last| is_remark(&&**last)) } else { None };
    (parts.into_iter().map(str::to_owned).collect(), doubt.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use emendo_core::rules::NewRow;

    fn read(text: &str) -> ImportedTable {
        ImportedTable::read(text, None, PassName::TYPOS).unwrap_or_else(|fault| panic!("{fault:?}"))
    }

    fn pairs(text: &str) -> Vec<(usize, String, String)> {
        read(text).rows.into_iter().map(|row| (row.line, row.wrong, row.rights.join("|"))).collect()
    }

    fn pair(line: usize, wrong: &str, right: &str) -> (usize, String, String) {
        (line, wrong.to_owned(), right.to_owned())
    }

    #[test]
    fn a_table_has_a_header_or_none_and_its_columns_any_order() {
        assert_eq!(pairs("teh,the\r\nadn,and\r\n"), [pair(1, "teh", "the"), pair(2, "adn", "and")]);
        let table = read("\u{FEFF}Correct;Seen;Typo;Note\nthe;12;teh;\"Typed; fast.\"\n");
        assert_eq!((&*table.rows[0].wrong, &*table.rows[0].rights[0], table.rows[0].line), ("teh", "the", 2));
        assert_eq!((table.rows[0].says.why.as_deref(), &table.unread[..]), (Some("Typed; fast."), &["Seen".to_owned()][..]));
        assert!(
            ImportedTable::read("Word,Correction\nteh,the\n", None, PassName::TYPOS)
                .is_err_and(|fault| fault.line == Some(1) && fault.why.contains("header"))
        );
    }

    #[test]
    fn a_list_may_have_several_corrections_and_a_remark() {
        assert_eq!(pairs("ans->and, ant,\nteh->the\n"), [pair(1, "ans", "and|ant"), pair(2, "teh", "the")]);
        let table = read("clas->class, disabled because of a name clash\nteh -> the\n");
        assert_eq!(
            (&table.rows[0].rights[..], table.rows[0].doubt.as_deref()),
            (&["class".to_owned()][..], Some("disabled because of a name clash"))
        );
    }

    #[test]
    fn variants_of_a_name_are_rows_of_their_own() {
        let table = ImportedTable::read("canonical\tvariants\tnot-same\nKyiv\tKiev|Kiew\tChicken Kiev\n", None, PassName::NAMES)
            .expect("it is a table");
        assert_eq!(table.rows.iter().map(|row| &*row.wrong).collect::<Vec<_>>(), ["Kiev", "Kiew"]);
        assert!(table.rows.iter().all(|row| row.rights == ["Kyiv"] && row.says.not_same == ["Chicken Kiev"]));
    }

    #[test]
    fn a_line_that_is_no_row_is_told_and_the_others_are_read() {
        let long = format!("{},x", "a".repeat(1 << 20));
        let text = format!("teh,the\nlone\nadn,\"and\n,x\n{long}\nwrnog,wrong\nx\u{200B},y\n");
        let table = read(&text);
        assert_eq!(table.rows.len(), 2);
        let told: Vec<_> = table.torn.iter().map(|torn| (torn.line, &*torn.why)).collect();
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5, 7]);
        for (at, says) in ["one cell", "none closes", "missing", "1048576 bytes", "cannot be seen"].into_iter().enumerate() {
            assert!(told[at].1.contains(says), "{told:?}");
        }
    }

    #[test]
    fn nothing_is_no_table() {
        assert!(ImportedTable::read("\n# Nothing.\n", None, PassName::TYPOS).is_err_and(|fault| fault.line.is_none()));
        assert!(
            ImportedTable::read("# a\nteh the\n", None, PassName::TYPOS)
                .is_err_and(|fault| fault.line == Some(2) && fault.why.contains("--as"))
        );
    }

    proptest! {
        /// What emendo writes as a table is read as the rows that it was made of.
        #[test]
        fn a_table_of_rules_comes_back(
            words in prop::collection::btree_map("[a-zé']{1,4}( [a-z]{1,3})?", "[A-Za-z]{1,4}", 1..6),
            why in prop::option::of("[a-z ,;\"=->.]{0,8}[a-z]"),
            policy in prop::option::of(prop::sample::select(vec![Policy::Apply, Policy::Ask, Policy::Off])),
        ) {
            let words: std::collections::BTreeMap<String, String> = words;
            let new = |(wrong, right): (&String, &String)| NewRow {
                key: wrong.clone(),
                forms: vec![right.clone()],
                why: why.as_ref().map(|why| why.trim().to_owned()),
                policy,
                ..NewRow::default()
            };
            let rows: Vec<NewRow> = words.iter().map(new).collect();
            let text = NewRow::all_into_table(&rows, PassName::TYPOS, "").expect("a table can hold them");
            let table = ImportedTable::read(&text, None, PassName::TYPOS).expect("it is a table");
            prop_assert_eq!((table.form, &table.torn), (Form::Tabs, &Vec::new()));
            let back = table.rows.into_iter().map(|row| NewRow {
                key: row.wrong,
                forms: row.rights,
                why: row.says.why,
                policy: row.says.policy,
                ..NewRow::default()
            });
            prop_assert_eq!(back.collect::<Vec<_>>(), rows);
        }
    }
}
