//! What form a table of corrections has, and how its lines are cut into cells.

use crate::spreadsheet::unguarded;

/// What somebody says that a table of corrections is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Cells with commas or semicolons between them, in quotation marks where they hold one.
    Csv,
    /// Cells with tabs between them.
    Tsv,
    /// `wrong->right`, `wrong => right` or `wrong=right`, several corrections with commas between them.
    Arrows,
}

/// So many lines tell the form of a table.
const SAMPLE: usize = 200;

/// How the lines of a table are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Cells with this sign between them, in quotation marks where they hold it.
    Cells(char),
    /// Cells with tabs between them; a quotation mark is a sign like any other.
    Tabs,
    /// The wrong form, this sign, and the right one.
    Arrows(&'static str),
}

/// The signs that stand between wrong and right, the longer ones first.
const ARROWS: [&str; 5] = ["->", "=>", "→", "⇒", "="];

impl Form {
    /// The form that somebody named, or the one that most lines have.
    pub fn of(text: &str, named: Option<TableForm>) -> Option<Self> {
        let lines: Vec<&str> = content(text).map(|(_, line)| line).take(SAMPLE).collect();
        let having = |sign: &str| lines.iter().filter(|line| line.contains(sign)).count();
        // Of two signs that are in as many lines the first one counts: a list of corrections may have commas behind its arrows.
        let most = |forms: &[(&str, Self)]| {
            let counted = forms.iter().rev().map(|(sign, form)| (having(sign), *form)).filter(|(count, _)| *count > 0);
            counted.max_by_key(|(count, _)| *count).map(|(_, form)| form)
        };
        let arrows = ARROWS.map(|arrow| (arrow, Self::Arrows(arrow)));
        let cells = [(",", Self::Cells(',')), (";", Self::Cells(';'))];
        match named {
            Some(TableForm::Tsv) => Some(Self::Tabs),
            Some(TableForm::Csv) => most(&cells).or(Some(Self::Cells(','))),
            Some(TableForm::Arrows) => most(&arrows).or(Some(Self::Arrows(ARROWS[0]))),
            None => most(&[&[("\t", Self::Tabs)], &arrows[..4], &cells, &arrows[4..]].concat()),
        }
    }

    /// The form for people.
    pub fn name(self) -> String {
        match self {
            Self::Tabs => "cells with tabs between them".to_owned(),
            Self::Cells(sign) => format!("cells with `{sign}` between them"),
            Self::Arrows(arrow) => format!("`wrong {arrow} right`"),
        }
    }

    /// The cells of a line.
    ///
    /// # Errors
    /// Why it cannot be cut into cells.
    pub fn cells(self, line: &str) -> Result<Vec<String>, String> {
        match self {
            Self::Tabs => Ok(line.split('\t').map(str::to_owned).collect()),
            Self::Cells(sign) => Ok(quoted(line, sign)?.iter().map(|cell| unguarded(cell).to_owned()).collect()),
            Self::Arrows(arrow) => {
                // A list that grew over years has several.
                let arrows = if arrow == "=" { &ARROWS[4..] } else { &ARROWS[..4] };
                let (at, found) = arrows
                    .iter()
                    .filter_map(|arrow| Some((line.find(arrow)?, arrow)))
                    .min()
                    .ok_or_else(|| format!("There is no `{arrow}` in it."))?;
                Ok(vec![line[..at].to_owned(), line[at + found.len()..].to_owned()])
            }
        }
    }
}

/// The lines that say something, with their numbers from 1.
pub fn content(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// The cells of a line as RFC 4180 has them, but for cells that go over several lines, which no table of rules can hold.
/// A reader that takes those would take half a file for one cell where a quotation mark is missing, and tell nobody.
fn quoted(line: &str, sign: char) -> Result<Vec<String>, String> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let Some(mut inner) = rest.strip_prefix('"') else {
            let Some((cell, more)) = rest.split_once(sign) else {
                cells.push(rest.to_owned());
                return Ok(cells);
            };
            cells.push(cell.to_owned());
            rest = more;
            continue;
        };
        let mut cell = String::new();
        let behind = loop {
            let (text, more) = inner.split_once('"').ok_or("A quotation mark opens a cell and none closes it on this line.")?;
            cell.push_str(text);
            match more.strip_prefix('"') {
                Some(more) => {
                    cell.push('"');
                    inner = more;
                }
                None => break more,
            }
        };
        cells.push(cell);
        if behind.is_empty() {
            return Ok(cells);
        }
        rest = behind.strip_prefix(sign).ok_or("Something stands behind the quotation mark that closes a cell.")?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_form_is_what_most_lines_have() {
        assert_eq!(Form::of("teh,the\nadn,and\n", None), Some(Form::Cells(',')));
        assert_eq!(Form::of("wrong;right\nteh;the\n", None), Some(Form::Cells(';')));
        assert_eq!(Form::of("teh\tthe, they\nadn\tand\n", None), Some(Form::Tabs));
        assert_eq!(Form::of("ans->and, ant,\nteh->the\n", None), Some(Form::Arrows("->")));
        assert_eq!(Form::of("teh => the\n", None), Some(Form::Arrows("=>")));
        assert_eq!(Form::of("teh=the\n", None), Some(Form::Arrows("=")));
        assert_eq!(Form::of("# a,b\nteh = the\n", None), Some(Form::Arrows("=")));
        assert_eq!(Form::of("teh,the,a -> b\n", Some(TableForm::Csv)), Some(Form::Cells(',')));
        assert_eq!(Form::Arrows("->").cells("a => b"), Ok(vec!["a ".into(), " b".into()]));
        assert!(Form::Arrows("->").cells("a=b").is_err() && Form::Arrows("=").cells("a=b").is_ok());
        assert_eq!([Form::of("", None), Form::of("teh the\n", None)], [None, None]);
    }

    #[test]
    fn cells_may_be_quoted_and_a_torn_mark_is_told() {
        let cells = |line| Form::Cells(',').cells(line);
        assert_eq!(cells("a,\"b,\"\"c\"\"\",d"), Ok(vec!["a".into(), "b,\"c\"".into(), "d".into()]));
        assert_eq!(cells("a,5\" nail,"), Ok(vec!["a".into(), "5\" nail".into(), String::new()]));
        assert_eq!(cells("'=a,'tis"), Ok(vec!["=a".into(), "'tis".into()]));
        assert!(cells("a,\"b").is_err_and(|why| why.contains("none closes it")));
        assert!(cells("a,\"b\"c,d").is_err_and(|why| why.contains("behind")));
    }

    proptest! {
        /// What a writer of tables writes comes back, whatever is in it.
        #[test]
        fn cells_come_back(cells in prop::collection::vec("[a\",; é]{0,4}", 2..5)) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(&cells).expect("memory takes it");
            let line = String::from_utf8(writer.into_inner().expect("memory takes it")).expect("it is text");
            prop_assert_eq!(Form::Cells(',').cells(line.trim_end_matches('\n')), Ok(cells));
        }
    }
}
