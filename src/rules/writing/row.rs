//! A row that is added to a table.

use super::{line_end, with_last_end};
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

/// The columns in the order in which a new table has them.
fn columns(pass: PassName) -> [&'static str; 7] {
    match pass {
        PassName::Names => ["canonical", "variants", "not-same", "policy", "why", "example", "keep"],
        _ => ["wrong", "right", "case", "policy", "why", "example", "keep"],
    }
}

/// A table as text: what stands before its header, the header, and its rows with what stands between them.
struct Table<'t> {
    head: &'t str,
    header: &'t str,
    lines: Vec<&'t str>,
}

impl<'t> Table<'t> {
    fn of(text: &'t str) -> Self {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if is_row(line) {
                let (head, rest) = text.split_at(start);
                let (header, rows) = rest.split_at(line.len());
                return Self { head, header, lines: rows.split_inclusive('\n').collect() };
            }
            start += line.len();
        }
        Self { head: text, header: "", lines: Vec::new() }
    }

    fn columns(&self) -> Vec<&'t str> {
        if self.header.is_empty() { Vec::new() } else { cells(self.header).collect() }
    }

    /// The cell of that column; empty where there is none.
    fn cell(&self, line: &'t str, column: &str) -> &'t str {
        let at = self.columns().iter().position(|name| *name == column);
        at.and_then(|at| cells(line).nth(at)).unwrap_or_default()
    }

    /// The number of the row with that key.
    fn row_of(&self, column: &str, key: &str) -> Option<usize> {
        self.lines.iter().position(|line| is_row(line) && self.cell(line, column) == key)
    }
}

fn is_row(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

/// The line without its end.
fn bare(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    bare(line).split('\t')
}

impl NewRow {
    /// Whether the row has to say why: neither a row that it joins nor the table does. `defaults` is the text of the
    /// `NAME.toml` beside the table.
    pub fn needs_why(&self, pass: PassName, text: &str, defaults: Option<&str>) -> bool {
        let says = |defaults: &str| toml::from_str::<toml::Table>(defaults).is_ok_and(|defaults| defaults.contains_key("why"));
        self.why.is_none() && !defaults.is_some_and(says) && !self.joins(pass, text)
    }

    /// Whether the table has a row for this name already, which takes the new variants.
    pub fn joins(&self, pass: PassName, text: &str) -> bool {
        pass == PassName::Names && Table::of(text).row_of("canonical", &self.key).is_some()
    }

    /// The text of the table with this row: at its place in byte order, or as more variants of the row that the name has. Missing
    /// columns are added at the end of the header; all other lines stay byte for byte.
    ///
    /// # Errors
    /// What no table can hold, or what the row of the name says otherwise.
    pub fn into_table(&self, pass: PassName, text: &str) -> Result<String, String> {
        let (mark, text) = text.strip_prefix('\u{FEFF}').map_or(("", text), |text| ("\u{FEFF}", text));
        let cells = self.cells(pass)?;
        let key = columns(pass)[0];
        let table = Table::of(text);
        let end = line_end(text);
        if table.header.is_empty() {
            let header: Vec<_> = cells.iter().map(|(name, _)| *name).collect();
            let row: Vec<_> = cells.iter().map(|(_, cell)| cell.as_str()).collect();
            return Ok([mark, &with_last_end(text, end), &header.join("\t"), end, &row.join("\t"), end].concat());
        }
        let joined = self.joins(pass, text).then(|| table.row_of(key, &self.key)).flatten();
        let cells = match joined {
            Some(at) => self.joined(&table, table.lines[at])?,
            None => cells,
        };
        let known = table.columns();
        let new: Vec<&str> = cells.iter().map(|(name, _)| *name).filter(|name| !known.contains(name)).collect();
        let all: Vec<&str> = known.into_iter().chain(new).collect();
        let row: Vec<&str> =
            all.iter().map(|name| cells.iter().find(|(cell, _)| cell == name).map_or("", |(_, cell)| cell.as_str())).collect();
        let row = row.join("\t").trim_end_matches('\t').to_owned();
        let (before, after) = match joined {
            Some(at) => (&table.lines[..at], &table.lines[at + 1..]),
            None => table.lines.split_at(self.place(&table, key)),
        };
        let header_end = &table.header[bare(table.header).len()..];
        let header = [&*all.join("\t"), if header_end.is_empty() { end } else { header_end }].concat();
        Ok([mark, table.head, &header, &with_last_end(&before.concat(), end), &row, end, &after.concat()].concat())
    }

    /// Right after the last row that comes before it: what is said above a row stays above it.
    fn place(&self, table: &Table<'_>, key: &str) -> usize {
        let is_before = |line: &str| is_row(line) && table.cell(line, key) <= self.key.as_str();
        table.lines.iter().rposition(|line| is_before(line)).map_or(0, |last| last + 1)
    }

    /// All cells that are not empty, in order.
    fn cells(&self, pass: PassName) -> Result<Vec<(&'static str, String)>, String> {
        let [key, forms, third, policy, why, example, keep] = columns(pass);
        let listed = self.forms.iter().chain(&self.not_same);
        if let Some(name) = listed.clone().find(|name| pass == PassName::Names && name.contains('|')) {
            return Err(format!("`{name}` holds `|`, which stands between two names of a table. Name each by itself."));
        }
        let third_cell = if pass == PassName::Names { self.not_same.join("|") } else { self.case.clone().unwrap_or_default() };
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            (key, self.key.clone()),
            (forms, self.forms.join("|")),
            (third, third_cell),
            (policy, self.policy.map(|policy| policy.to_string()).unwrap_or_default()),
            (why, or_empty(&self.why)),
            (example, or_empty(&self.example)),
            (keep, or_empty(&self.keep)),
        ];
        match cells.iter().find(|(_, cell)| cell.contains(['\t', '\n', '\r'])) {
            Some((name, _)) => Err(format!("The cell `{name}` would hold a tab or a line end, which no table can. Leave it out.")),
            None => Ok(cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect()),
        }
    }

    /// The cells of the row that the name has, with the new variants.
    fn joined(&self, table: &Table<'_>, line: &str) -> Result<Vec<(&'static str, String)>, String> {
        let more = |old: &str, new: &[String]| {
            let mut all: Vec<&str> = old.split('|').filter(|name| !name.is_empty()).collect();
            all.extend(new.iter().map(String::as_str).filter(|name| !old.split('|').any(|known| known == *name)));
            all.join("|")
        };
        let mut cells = Vec::new();
        for name in columns(PassName::Names) {
            let old =
                table.columns().iter().position(|column| *column == name).and_then(|at| self::cells(line).nth(at)).unwrap_or_default();
            let new = self.cells(PassName::Names)?.into_iter().find(|(cell, _)| *cell == name).map(|(_, cell)| cell).unwrap_or_default();
            let cell = match name {
                "variants" => more(old, &self.forms),
                "not-same" => more(old, &self.not_same),
                "why" | "policy" | "example" | "keep" if !old.is_empty() && !new.is_empty() && old != new => {
                    return Err(format!(
                        "The name `{}` has a row already, whose `{name}` is `{old}` for all its variants. Leave --{name} out, or correct the row.",
                        self.key
                    ));
                }
                _ if old.is_empty() => new,
                _ => old.to_owned(),
            };
            cells.push((name, cell));
        }
        cells.retain(|(_, cell)| !cell.is_empty());
        Ok(cells)
    }
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
        assert_eq!(row.into_table(PassName::Typos, ""), Ok("wrong\tright\twhy\nteh\tthe\tw\n".into()));
        assert_eq!(row.into_table(PassName::Typos, "# Ours."), Ok("# Ours.\nwrong\tright\twhy\nteh\tthe\tw\n".into()));
    }

    #[test]
    fn a_row_goes_to_its_place_and_comments_stay_above_theirs() {
        let table = "# T.\nwrong\tright\twhy\nB\tb\tw\n\n# About c.\nc\td\tw";
        let added = |wrong| typo(wrong, "x").into_table(PassName::Typos, table).expect("it fits");
        assert_eq!(added("a"), "# T.\nwrong\tright\twhy\nB\tb\tw\na\tx\n\n# About c.\nc\td\tw");
        assert_eq!(added("A"), "# T.\nwrong\tright\twhy\nA\tx\nB\tb\tw\n\n# About c.\nc\td\tw");
        assert_eq!(added("d"), "# T.\nwrong\tright\twhy\nB\tb\tw\n\n# About c.\nc\td\tw\nd\tx\n");
    }

    #[test]
    fn a_missing_column_comes_to_the_header_and_no_row_changes() {
        let row = NewRow { example: Some("say teh word".into()), ..typo("teh", "the") };
        let added = row.into_table(PassName::Typos, "right\twrong\r\nb\ta\r\n");
        assert_eq!(added, Ok("right\twrong\texample\r\nb\ta\r\nthe\tteh\tsay teh word\r\n".into()));
    }

    #[test]
    fn more_variants_join_the_row_of_the_name() {
        let table = "canonical\tvariants\twhy\nA B\tA Bb|Aa B\tone\nC D\tC Dd\ttwo\n";
        let added = name("A B", &["A Bbb", "A Bb"]).into_table(PassName::Names, table);
        assert_eq!(added, Ok(table.replace("Aa B", "Aa B|A Bbb")));
        let other = NewRow { why: Some("three".into()), ..name("A B", &["A Bbb"]) };
        assert!(other.into_table(PassName::Names, table).is_err_and(|why| why.contains("`why` is `one`")));
        assert!(name("A B", &["x"]).joins(PassName::Names, table) && !name("A C", &["x"]).joins(PassName::Names, table));
    }

    #[test]
    fn what_no_table_can_hold_is_refused() {
        assert!(typo("a\tb", "c").into_table(PassName::Typos, "").is_err());
        assert!(name("A", &["b|c"]).into_table(PassName::Names, "").is_err());
    }

    #[test]
    fn a_row_needs_a_reason_unless_another_place_gives_it() {
        let row = name("A B", &["x"]);
        assert!(row.needs_why(PassName::Names, "", None) && row.needs_why(PassName::Names, "", Some("lang = \"en\"")));
        assert!(!row.needs_why(PassName::Names, "", Some("why = \"w\"")));
        assert!(!row.needs_why(PassName::Names, "canonical\tvariants\twhy\nA B\ty\tw\n", None));
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
            let added = row.into_table(PassName::Typos, &table).expect("it fits");
            let is_other = |line: &&str| bare(line) != format!("w\tzz\t{new}");
            let others: String = added.split_inclusive('\n').filter(is_other).collect();
            let end = line_end(&table);
            prop_assert_eq!(with_last_end(&others, end), with_last_end(&table, end));
            prop_assert!(added.contains("\r\n") == table.contains("\r\n") && added.lines().count() == table.lines().count() + 1);
            let mut expected: Vec<String> = words.iter().chain([&new]).map(|word| format!("typos/t/{word}")).collect();
            expected.sort();
            prop_assert_eq!(ids(&added), expected);
        }
    }
}
