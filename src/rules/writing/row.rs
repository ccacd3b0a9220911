//! A row that is added to a table.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::passes::TableSpec;
use crate::prose::line::{ending_of_file, is_ascii_end, with_last_ending, without_ending};
use crate::rules::{PassName, Policy};

/// A row for a table of words or names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRow {
    /// `wrong`, or for a name `canonical`.
    pub key: String,
    /// `right`, or for a name its `variants`.
    pub forms: Vec<String>,
    /// Longer names that mean somebody else.
    pub not_same: Vec<String>,
    /// What happens to capitals: `copy`, `force` or `exact`.
    pub case: Option<String>,
    /// What the row may do without asking.
    pub policy: Option<Policy>,
    /// The sentence that a reviewer reads.
    pub why: Option<String>,
    /// A text that holds a wrong form.
    pub example: Option<String>,
    /// A text that must stay.
    pub keep: Option<String>,
}

/// Why a table cannot take a row, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NewRowError {
    /// The rules of the pass are no rows of a table.
    #[error("The pass `{pass}` has no tables.")]
    NoTable {
        /// The pass.
        pass: &'static str,
    },
    /// A name holds the character that separates two names of a cell.
    #[error("`{name}` holds `|`, which stands between two names of a table. Name each by itself.")]
    Separator {
        /// The name.
        name: String,
    },
    /// A cell would hold a character that ends the cell or its row.
    #[error("The cell `{column}` would hold a tab or a line end, which no table can. Leave it out.")]
    EndOfCell {
        /// The column of the cell.
        column: &'static str,
    },
    /// The row that the name has already says something else.
    #[error(
        "The name `{name}` has a row already, whose `{column}` is `{value}` for all its variants. Leave --{column} out, or correct the row."
    )]
    OtherValue {
        /// The name.
        name: String,
        /// The column in which the two rows differ.
        column: &'static str,
        /// The cell of the row that is there.
        value: String,
    },
}

/// A table as text: what stands before its header, the header, and its rows with what stands between them.
pub(super) struct RuleTable<'t> {
    pub(super) head: &'t str,
    pub(super) header: &'t str,
    pub(super) columns: Vec<&'t str>,
    pub(super) lines: Vec<&'t str>,
}

impl<'t> RuleTable<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if is_row(line) {
                let (head, rest) = text.split_at(start);
                let (header, rows) = rest.split_at(line.len());
                return Self { head, header, columns: cells(header).collect(), lines: rows.split_inclusive('\n').collect() };
            }
            start += line.len();
        }
        Self { head: text, header: "", columns: Vec::new(), lines: Vec::new() }
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }

    /// The rows with their numbers, and what stands in that column of theirs.
    fn keys(&self, column: &str) -> impl Iterator<Item = (usize, &'t str)> {
        let at = self.column(column);
        let key = move |line| at.and_then(|at| cells(line).nth(at)).unwrap_or_default();
        self.lines.iter().enumerate().filter(|(_, line)| is_row(line)).map(move |(number, line)| (number, key(line)))
    }

    /// The cell of that column; empty where there is none.
    pub(super) fn cell(&self, line: &'t str, column: &str) -> &'t str {
        self.column(column).and_then(|at| cells(line).nth(at)).unwrap_or_default()
    }

    /// All cells of a row that are not empty.
    fn cells(&self, line: &str, spec: &TableSpec) -> Cells {
        let cell = |name: &&'static str| Some((*name, cells(line).nth(self.column(name)?)?.to_owned()));
        spec.columns().iter().filter_map(cell).filter(|(_, cell)| !cell.is_empty()).collect()
    }
}

/// The cells of a row by the names of their columns; empty ones are left out.
type Cells = Vec<(&'static str, String)>;

fn cell<'c>(cells: &'c Cells, column: &str) -> &'c str {
    cells.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| cell)
}

pub(super) fn is_row(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

pub(super) fn cells(line: &str) -> impl Iterator<Item = &str> {
    without_ending(line).split('\t')
}

/// What a table says so far, as far as new rows depend on it.
#[derive(Debug)]
pub struct TableState {
    names: FxHashSet<String>,
    says_why: bool,
}

impl TableState {
    /// Of the text of a table, and that of the `NAME.toml` beside it.
    pub fn of(pass: PassName, text: &str, defaults: Option<&str>) -> Self {
        let table = RuleTable::of(text.strip_prefix('\u{FEFF}').unwrap_or(text));
        let key = pass.spec().table.as_ref().filter(|spec| spec.is_row_for_key).map(|spec| spec.key);
        let names = key.into_iter().flat_map(|key| table.keys(key)).map(|(_, name)| name.to_owned()).collect();
        let says = |defaults: &str| toml::from_str::<toml::Table>(defaults).is_ok_and(|defaults| defaults.contains_key("why"));
        Self { names, says_why: defaults.is_some_and(says) }
    }

    /// Whether the row has to say why: neither a row that it joins nor the table does.
    pub fn needs_why(&self, row: &NewRow) -> bool {
        row.why.is_none() && !self.says_why && !self.joins(row)
    }

    /// Whether the table has a row for this name already, which takes the new variants.
    pub fn joins(&self, row: &NewRow) -> bool {
        self.names.contains(&row.key)
    }
}

/// Rows on their way into a table.
#[derive(Default)]
struct Merge {
    /// Rows of the table that take new variants, by their lines.
    joined: FxHashMap<usize, Cells>,
    added: Vec<Cells>,
    /// Where the name of a row stands: in the table, or among those that are added.
    names: FxHashMap<String, Place>,
}

#[derive(Clone, Copy)]
enum Place {
    Line(usize),
    Added(usize),
}

impl Merge {
    fn of(table: &RuleTable<'_>, rows: &[NewRow], spec: &TableSpec) -> Result<Self, NewRowError> {
        let mut merge = Self::default();
        if spec.is_row_for_key {
            // Of two rows the first counts, as it did before.
            for (number, name) in table.keys(spec.key) {
                merge.names.entry(name.to_owned()).or_insert(Place::Line(number));
            }
        }
        for row in rows {
            match merge.names.get(&row.key).copied() {
                Some(Place::Line(number)) => {
                    let old = merge.joined.remove(&number).unwrap_or_else(|| table.cells(table.lines[number], spec));
                    merge.joined.insert(number, row.joined(&old, spec)?);
                }
                Some(Place::Added(number)) => merge.added[number] = row.joined(&merge.added[number], spec)?,
                None => {
                    if spec.is_row_for_key {
                        merge.names.insert(row.key.clone(), Place::Added(merge.added.len()));
                    }
                    merge.added.push(row.cells(spec)?);
                }
            }
        }
        merge.added.sort_by(|a, b| cell(a, spec.key).cmp(cell(b, spec.key)));
        Ok(merge)
    }

    /// The line before which each added row goes: right after the last row that comes before it, so that what is said above a row stays
    /// above it.
    fn places(&self, table: &RuleTable<'_>, key: &str) -> Vec<usize> {
        let rows: Vec<(usize, &str)> = table.keys(key).collect();
        let mut rest = rows.len();
        let place = |added: &Cells| {
            while rest > 0 && rows[rest - 1].1 > cell(added, key) {
                rest -= 1;
            }
            rest.checked_sub(1).map_or(0, |last| rows[last].0 + 1)
        };
        let mut places: Vec<usize> = self.added.iter().rev().map(place).collect();
        places.reverse();
        places
    }
}

impl NewRow {
    /// The text of the table with this row. See [`NewRow::all_into_table`].
    ///
    /// # Errors
    /// As there.
    pub fn into_table(&self, pass: PassName, text: &str) -> Result<String, NewRowError> {
        Self::all_into_table(std::slice::from_ref(self), pass, text)
    }

    /// The text of the table with these rows: each at its place in byte order, or as more variants of the row that the name has.
    /// Missing columns are added at the end of the header; all other lines stay byte for byte.
    ///
    /// # Errors
    /// When no table can hold a row, or the row that a name has already says something else.
    pub fn all_into_table(rows: &[Self], pass: PassName, text: &str) -> Result<String, NewRowError> {
        if rows.is_empty() {
            return Ok(text.to_owned());
        }
        let Some(spec) = &pass.spec().table else { return Err(NewRowError::NoTable { pass: pass.name() }) };
        let (mark, text) = text.strip_prefix('\u{FEFF}').map_or(("", text), |text| ("\u{FEFF}", text));
        let (table, end) = (RuleTable::of(text), ending_of_file(text));
        let merge = Merge::of(&table, rows, spec)?;
        let written = || merge.joined.values().chain(&merge.added);
        let is_filled = |name: &&str| written().any(|cells| !cell(cells, name).is_empty());
        let new = spec.columns().into_iter().filter(|name| !table.columns.contains(name)).filter(is_filled);
        let all: Vec<&str> = table.columns.iter().copied().chain(new).collect();
        let header_end = &table.header[without_ending(table.header).len()..];
        let mut out =
            [mark, &with_last_ending(table.head, end), &all.join("\t"), if header_end.is_empty() { end } else { header_end }].concat();
        let line = |cells: &Cells| {
            let row: Vec<&str> = all.iter().map(|name| cell(cells, name)).collect();
            [row.join("\t").trim_end_matches('\t'), end].concat()
        };
        let mut added = merge.places(&table, spec.key).into_iter().zip(&merge.added).peekable();
        for number in 0..=table.lines.len() {
            while let Some((_, cells)) = added.next_if(|(place, _)| *place == number) {
                if !out.ends_with('\n') {
                    out.push_str(end);
                }
                out.push_str(&line(cells));
            }
            match (table.lines.get(number), merge.joined.get(&number)) {
                (_, Some(cells)) => out.push_str(&line(cells)),
                (Some(old), None) => out.push_str(old),
                (None, None) => {}
            }
        }
        Ok(out)
    }

    /// All cells that are not empty, in order.
    fn cells(&self, spec: &TableSpec) -> Result<Cells, NewRowError> {
        let columns = spec.columns();
        let mut listed = columns.iter().filter(|column| spec.is_list(column)).flat_map(|column| self.listed(spec, column));
        if let Some(name) = listed.find(|name| name.contains('|')) {
            return Err(NewRowError::Separator { name: name.clone() });
        }
        let cells: Cells = columns.into_iter().map(|column| (column, self.cell(spec, column))).collect();
        match cells.iter().find(|(_, cell)| cell.contains(|c| c == '\t' || is_ascii_end(c))) {
            Some((column, _)) => Err(NewRowError::EndOfCell { column }),
            None => Ok(cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect()),
        }
    }

    /// What the row has for a column; empty if it has nothing.
    fn cell(&self, spec: &TableSpec, column: &str) -> String {
        let said = match column {
            "case" => self.case.clone(),
            "policy" => self.policy.map(|policy| policy.to_string()),
            "why" => self.why.clone(),
            "example" => self.example.clone(),
            "keep" => self.keep.clone(),
            _ if column == spec.key => Some(self.key.clone()),
            _ => Some(self.listed(spec, column).join("|")),
        };
        said.unwrap_or_default()
    }

    /// The forms that the row has for a column.
    fn listed(&self, spec: &TableSpec, column: &str) -> &[String] {
        match column {
            "not-same" => &self.not_same,
            _ if column == spec.forms => &self.forms,
            _ => &[],
        }
    }

    /// The cells of the row that the name has, with the new variants.
    fn joined(&self, row: &Cells, spec: &TableSpec) -> Result<Cells, NewRowError> {
        let own = self.cells(spec)?;
        let mut cells = Vec::new();
        for name in spec.columns() {
            let (old, new) = (cell(row, name), cell(&own, name));
            let cell = if spec.is_list(name) {
                with_more(old, self.listed(spec, name))
            } else if name != spec.key && !old.is_empty() && !new.is_empty() && old != new {
                return Err(NewRowError::OtherValue { name: self.key.clone(), column: name, value: old.to_owned() });
            } else if old.is_empty() {
                new.to_owned()
            } else {
                old.to_owned()
            };
            cells.push((name, cell));
        }
        cells.retain(|(_, cell)| !cell.is_empty());
        Ok(cells)
    }
}

/// A list with the forms that it does not have yet.
fn with_more(list: &str, forms: &[String]) -> String {
    let mut all: Vec<&str> = list.split('|').filter(|form| !form.is_empty()).collect();
    all.extend(forms.iter().map(String::as_str).filter(|form| !list.split('|').any(|known| known == *form)));
    all.join("|")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::rules::{RuleDir, load};

    fn typo(wrong: &str, right: &str) -> NewRow {
        NewRow { key: wrong.into(), forms: vec![right.into()], ..NewRow::default() }
    }

    fn name(canonical: &str, variants: &[&str]) -> NewRow {
        NewRow { key: canonical.into(), forms: variants.iter().map(|name| (*name).into()).collect(), ..NewRow::default() }
    }

    #[test]
    fn a_new_table_has_the_columns_that_are_filled() {
        let row = NewRow { why: Some("w".into()), ..typo("teh", "the") };
        assert_eq!(row.into_table(PassName::TYPOS, ""), Ok("wrong\tright\twhy\nteh\tthe\tw\n".into()));
        assert_eq!(row.into_table(PassName::TYPOS, "# Ours."), Ok("# Ours.\nwrong\tright\twhy\nteh\tthe\tw\n".into()));
    }

    #[test]
    fn a_row_goes_to_its_place_and_comments_stay_above_theirs() {
        let table = "# T.\nwrong\tright\twhy\nB\tb\tw\n\n# About c.\nc\td\tw";
        let added = |wrong| typo(wrong, "x").into_table(PassName::TYPOS, table).expect("it fits");
        assert_eq!(added("a"), "# T.\nwrong\tright\twhy\nB\tb\tw\na\tx\n\n# About c.\nc\td\tw");
        assert_eq!(added("A"), "# T.\nwrong\tright\twhy\nA\tx\nB\tb\tw\n\n# About c.\nc\td\tw");
        assert_eq!(added("d"), "# T.\nwrong\tright\twhy\nB\tb\tw\n\n# About c.\nc\td\tw\nd\tx\n");
    }

    #[test]
    fn a_missing_column_comes_to_the_header_and_no_row_changes() {
        let row = NewRow { example: Some("say teh word".into()), ..typo("teh", "the") };
        let added = row.into_table(PassName::TYPOS, "right\twrong\r\nb\ta\r\n");
        assert_eq!(added, Ok("right\twrong\texample\r\nb\ta\r\nthe\tteh\tsay teh word\r\n".into()));
    }

    #[test]
    fn more_variants_join_the_row_of_the_name() {
        let table = "canonical\tvariants\twhy\nA B\tA Bb|Aa B\tone\nC D\tC Dd\ttwo\n";
        let added = name("A B", &["A Bbb", "A Bb"]).into_table(PassName::NAMES, table);
        assert_eq!(added, Ok(table.replace("Aa B", "Aa B|A Bbb")));
        let other = NewRow { why: Some("three".into()), ..name("A B", &["A Bbb"]) };
        assert!(other.into_table(PassName::NAMES, table).is_err_and(|why| why.to_string().contains("`why` is `one`")));
        let standing = TableState::of(PassName::NAMES, table, None);
        assert!(standing.joins(&name("A B", &["x"])) && !standing.joins(&name("A C", &["x"])));
    }

    #[test]
    fn what_no_table_can_hold_is_refused() {
        assert!(typo("a\tb", "c").into_table(PassName::TYPOS, "").is_err());
        assert!(name("A", &["b|c"]).into_table(PassName::NAMES, "").is_err());
    }

    #[test]
    fn a_row_needs_a_reason_unless_another_place_gives_it() {
        let needs_why = |text, defaults| TableState::of(PassName::NAMES, text, defaults).needs_why(&name("A B", &["x"]));
        assert!(needs_why("", None) && needs_why("", Some("lang = \"en\"")));
        assert!(!needs_why("", Some("why = \"w\"")));
        assert!(!needs_why("canonical\tvariants\twhy\nA B\ty\tw\n", None));
    }

    #[test]
    fn rows_of_one_name_become_one_row() {
        let rows = [name("A B", &["A Bb"]), name("A A", &["x"]), name("A B", &["Aa B", "A Bb"])];
        let added = NewRow::all_into_table(&rows, PassName::NAMES, "canonical\tvariants\n");
        assert_eq!(added, Ok("canonical\tvariants\nA A\tx\nA B\tA Bb|Aa B\n".into()));
    }

    /// The ids of the rules of a table, in order.
    fn ids(table: &str) -> Vec<String> {
        let dir = RuleDir { name: "rules".into(), files: vec![("typos/t.tsv".into(), table.into())], ..RuleDir::default() };
        let knowledge = load(false, &[dir]).expect("the table has no errors");
        knowledge.rules.iter().map(|(_, rule)| rule.id.to_string()).collect()
    }

    proptest! {
        /// Whatever stands in a table, a row that is added is the only line that differs, and the table still reads.
        #[test]
        fn all_other_lines_stay_byte_for_byte(
            words in prop::collection::btree_set("[A-Ca-cé]{1,3}", 0..6),
            between in prop::collection::vec(prop::sample::select(vec!["", "\n", "# Said.\n", "#\n\n"]), 7),
            new in "[A-Ca-cé]{1,3}",
            is_crlf in any::<bool>(),
            is_ended in any::<bool>(),
        ) {
            let words: BTreeSet<String> = words;
            prop_assume!(!words.contains(&new));
            let mut table = format!("{}why\tright\twrong\n", between[6]);
            for (word, between) in words.iter().zip(&between) {
                table.extend([between, "w\tzz\t", word, "\n"]);
            }
            if !is_ended {
                table.truncate(table.trim_end().len());
            }
            let table = if is_crlf { table.replace('\n', "\r\n") } else { table };
            let row = NewRow { why: Some("w".into()), ..typo(&new, "zz") };
            let added = row.into_table(PassName::TYPOS, &table).expect("it fits");
            let is_other = |line: &&str| without_ending(line) != format!("w\tzz\t{new}");
            let others: String = added.split_inclusive('\n').filter(is_other).collect();
            let end = ending_of_file(&table);
            prop_assert_eq!(with_last_ending(&others, end), with_last_ending(&table, end));
            prop_assert!(added.contains("\r\n") == table.contains("\r\n") && added.lines().count() == table.lines().count() + 1);
            let mut expected: Vec<String> = words.iter().chain([&new]).map(|word| format!("typos/t/{word}")).collect();
            expected.sort();
            prop_assert_eq!(ids(&added), expected);
        }
    }

    proptest! {
        /// Many rows at once are the same as one after the other, in any order.
        #[test]
        fn rows_are_added_together_as_one_by_one(
            words in prop::collection::btree_set("[a-c]{1,2}", 0..4),
            new in prop::collection::btree_set("[a-c]{3}", 0..5).prop_map(|new| new.into_iter().collect::<Vec<_>>()).prop_shuffle(),
            is_ended in any::<bool>(),
        ) {
            let words: BTreeSet<String> = words;
            let rows: Vec<NewRow> = new.iter().map(|wrong| typo(wrong, "zz")).collect();
            let mut table: String = std::iter::once("wrong\tright\n".to_owned()).chain(words.iter().map(|word| format!("# Said.\n{word}\tzz\n"))).collect();
            if !is_ended {
                table.pop();
            }
            let one_by_one = rows.iter().try_fold(table.clone(), |table, row| row.into_table(PassName::TYPOS, &table));
            prop_assert_eq!(NewRow::all_into_table(&rows, PassName::TYPOS, &table), one_by_one);
        }
    }
}
