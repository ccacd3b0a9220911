//! A table put in order: its rows sorted, and those that belong together joined.

use super::row::{RuleTable, cells, is_row};
use crate::passes::TableSpec;
use crate::prose::line::{ending_of_file, with_last_ending, without_ending};
use crate::rules::PassName;

/// A table in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tidied {
    /// The text; the same if there was nothing to do.
    pub text: String,
    /// Rows that belong together and say different things.
    pub left: Vec<RowConflict>,
}

/// Two rows of one key that cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` has two rows, and they differ in `{column}`: make one of them.")]
pub struct RowConflict {
    /// The line of the later row, counted from 1.
    pub line: usize,
    /// The word or name that both rows are about.
    pub key: String,
    /// The column in which they differ.
    pub column: String,
}

/// A row with all that stands above it since the row before.
struct Block<'t> {
    above: Vec<&'t str>,
    row: String,
    key: &'t str,
    line: usize,
}

/// Sorts the rows of a table in the byte order of their first column, removes those that say the same twice and joins those of one name.
/// What stands above a row goes with it; all other lines stay byte for byte. Nothing is done to a text without a header, or with a row
/// that has too many cells.
pub fn tidy(pass: PassName, text: &str) -> Tidied {
    let unchanged = || Tidied { text: text.to_owned(), left: Vec::new() };
    let Some(spec) = &pass.spec().table else { return unchanged() };
    let (mark, body) = text.strip_prefix('\u{FEFF}').map_or(("", text), |text| ("\u{FEFF}", text));
    let table = RuleTable::of(body);
    let header = table.columns.clone();
    let is_whole = |line: &&str| !is_row(line) || cells(line).count() <= header.len();
    if !header.contains(&spec.key) || !table.lines.iter().all(is_whole) {
        return unchanged();
    }
    let end = ending_of_file(body);
    let (top, mut blocks, tail) = blocks(&table, spec.key, end);
    blocks.sort_by(|a, b| a.key.cmp(b.key));
    let mut left = Vec::new();
    let mut joined: Vec<Block<'_>> = Vec::new();
    for block in blocks {
        match joined.last_mut().filter(|last| last.key == block.key) {
            None => joined.push(block),
            Some(last) => match join(spec, &header, &last.row, &block.row) {
                Ok(row) => {
                    last.row = row;
                    last.above.extend(block.above);
                }
                Err(column) => {
                    left.push(RowConflict { line: block.line, key: block.key.to_owned(), column: column.to_owned() });
                    joined.push(block);
                }
            },
        }
    }
    let rows = joined.iter().flat_map(|block| block.above.iter().copied().chain([block.row.as_str()]));
    let sorted: String = top.iter().copied().chain(rows).chain(tail).collect();
    let header = with_last_ending(table.header, end);
    let tidied = [mark, table.head, &header, &sorted].concat();
    // A last line without an end keeps to that, if it is still the last.
    let same = with_last_ending(text, end) == with_last_ending(&tidied, end);
    Tidied { text: if same { text.to_owned() } else { tidied }, left }
}

/// What stands between the header and the first row and is not about that row, the rows, and what stands behind the last one.
fn blocks<'t>(table: &RuleTable<'t>, key: &str, end: &str) -> (Vec<&'t str>, Vec<Block<'t>>, Vec<&'t str>) {
    let first_line = 1 + table.head.matches('\n').count() + table.header.matches('\n').count();
    let mut blocks = Vec::new();
    let mut above = Vec::new();
    for (at, line) in table.lines.iter().enumerate() {
        if is_row(line) {
            let row = with_last_ending(line, end);
            blocks.push(Block { above: std::mem::take(&mut above), row, key: table.cell(line, key), line: first_line + at });
        } else {
            above.push(*line);
        }
    }
    let of_table = blocks.first().and_then(|first: &Block<'_>| first.above.iter().rposition(|line| line.trim().is_empty()));
    let top = of_table.map_or_else(Vec::new, |last| blocks[0].above.drain(..=last).collect());
    (top, blocks, above)
}

/// One row for two of the same key, or the column in which they differ.
fn join<'h>(spec: &TableSpec, header: &[&'h str], first: &str, second: &str) -> Result<String, &'h str> {
    let of = |line: &str, at: usize| cells(line).nth(at).unwrap_or_default().to_owned();
    let mut row = Vec::new();
    for (at, column) in header.iter().enumerate() {
        let (one, other) = (of(first, at), of(second, at));
        row.push(match (one.is_empty(), other.is_empty()) {
            (_, true) => one,
            (true, false) => other,
            _ if one == other => one,
            _ if spec.is_list(column) => union(&one, &other),
            _ => return Err(column),
        });
    }
    let row = row.join("\t");
    let row = row.trim_end_matches('\t');
    // Not a byte of a row that says it all is touched.
    let keeps = without_ending(first).trim_end_matches('\t') == row;
    Ok(if keeps { first.to_owned() } else { [row, &first[without_ending(first).len()..]].concat() })
}

fn union(one: &str, other: &str) -> String {
    let mut all: Vec<&str> = one.split('|').collect();
    for member in other.split('|') {
        if !all.contains(&member) {
            all.push(member);
        }
    }
    all.join("|")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::{RuleDir, load};

    fn typos(text: &str) -> String {
        let tidied = tidy(PassName::TYPOS, text);
        assert_eq!(tidied.left, []);
        tidied.text
    }

    #[test]
    fn rows_are_sorted_and_comments_go_with_theirs() {
        let text = "# T.\nwrong\tright\n# All.\n\n# About b.\nb\tx\na\ty\n# End.\n";
        assert_eq!(typos(text), "# T.\nwrong\tright\n# All.\n\na\ty\n# About b.\nb\tx\n# End.\n");
    }

    #[test]
    fn a_table_in_order_stays_byte_for_byte() {
        for text in ["", "# T.\n", "wrong\tright\r\na\tx\t\r\n\r\nb\ty", "\u{FEFF}right\twrong\nx\ta\nx\tb\n", "no header\nb\na\n"] {
            assert_eq!(typos(text), text);
        }
    }

    #[test]
    fn a_row_that_stands_there_twice_goes() {
        assert_eq!(typos("wrong\tright\twhy\nb\tx\tw\na\ty\nb\tx\n"), "wrong\tright\twhy\na\ty\nb\tx\tw\n");
        assert_eq!(typos("wrong\tright\twhy\n# 1\nb\tx\n# 2\nb\tx\tw"), "wrong\tright\twhy\n# 1\n# 2\nb\tx\tw\n");
    }

    #[test]
    fn rows_of_one_name_are_joined() {
        let text = "canonical\tvariants\tnot-same\twhy\nKyiv\tKiev\t\tw\nAda\tAdda\t\tw\nKyiv\tKyyiv|Kiev\tKiev Hill\n";
        let tidied = tidy(PassName::NAMES, text);
        assert_eq!(tidied.text, "canonical\tvariants\tnot-same\twhy\nAda\tAdda\t\tw\nKyiv\tKiev|Kyyiv\tKiev Hill\tw\n");
        assert_eq!(tidied.left, []);
    }

    #[test]
    fn rows_that_differ_are_left_to_a_person() {
        let tidied = tidy(PassName::TYPOS, "# T.\nwrong\tright\nteh\tthe\nadn\tand\n\nteh\tten\n");
        assert_eq!(tidied.text, "# T.\nwrong\tright\nadn\tand\nteh\tthe\n\nteh\tten\n");
        assert_eq!(tidied.left, [RowConflict { line: 6, key: "teh".into(), column: "right".into() }]);
        assert_eq!(tidied.left[0].to_string(), "`teh` has two rows, and they differ in `right`: make one of them.");
    }

    fn loads(pass: &str, text: &str) -> Result<usize, String> {
        let dir = RuleDir { name: "rules".into(), files: vec![(format!("{pass}/t.tsv"), text.into())], ..RuleDir::default() };
        load(false, &[dir])
            .map(|knowledge| knowledge.rules.len())
            .map_err(|errors| errors.iter().map(|error| error.render(false)).collect())
    }

    proptest! {
        /// Whatever stands in a table, its comments are still there, it is in order, and doing it again changes nothing.
        #[test]
        fn a_tidied_table_reads_and_stays(
            rows in prop::collection::vec(("[A-Cé]{1,2}", "[x-z]{1,2}"), 0..8),
            between in prop::collection::vec(prop::sample::select(vec!["", "\n", "# Said.\n", "#\n\n"]), 8),
            is_names in any::<bool>(),
            is_crlf in any::<bool>(),
            is_ended in any::<bool>(),
        ) {
            let (pass, folder, head) = if is_names { (PassName::NAMES, "names", "canonical\tvariants") } else { (PassName::TYPOS, "typos", "wrong\tright") };
            let mut text = format!("{head}\twhy\n");
            for (number, ((key, form), between)) in rows.iter().zip(&between).enumerate() {
                // Each name has variants of its own, or two rules would have one id.
                let form = if is_names { format!("{form}{}", "v".repeat(number)) } else { form.clone() };
                text.extend([*between, key, "\t", &form, "\tw\n"]);
            }
            if !is_ended {
                text.truncate(text.trim_end().len());
            }
            let text = if is_crlf { text.replace('\n', "\r\n") } else { text };
            let Tidied { text: tidied, left } = tidy(pass, &text);
            let comments = |text: &str| { let mut all: Vec<String> = text.lines().filter(|line| !is_row(line)).map(str::to_owned).collect(); all.sort(); all };
            prop_assert_eq!(comments(&tidied), comments(&text));
            prop_assert_eq!(&tidy(pass, &tidied).text, &tidied);
            if left.is_empty() {
                let read = loads(folder, &tidied);
                prop_assert!(read.is_ok(), "{}\n{:?}", tidied, read);
            }
        }
    }
}
