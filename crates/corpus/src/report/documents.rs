//! The table of documents, for spreadsheets.

use super::{Private, SliceReport, SourceReport, Status, VisibleTable, VisibleText, escape};
use crate::shown;
use emendo_core::cleaner::CleanedDocument;
use emendo_core::edit::Fate;
use emendo_core::input::{Field, FieldType};

/// The first row of `documents.csv`, with its line end.
pub const COLUMNS: &str = "source,number,date,title,words,changes,pending,status\n";

/// The rows of a source, one for each document and each problem.
///
/// Characters that cannot be seen are named as in [`escape`]. A cell that a spreadsheet would take
/// for a formula gets an apostrophe before it.
pub fn document_rows(report: &SourceReport<'_>) -> String {
    let mut rows = VisibleTable::new(csv::Terminator::Any(b'\n'));
    for (number, slice) in report.slices() {
        let row = match slice {
            SliceReport::Document(document) => document_row(report, number, document),
            SliceReport::Problem(_) => {
                let none = VisibleText::default;
                [cell(report.name()), shown!("{}", number), none(), none(), none(), none(), none(), Status::Problem.name().into()]
            }
        };
        rows.row(row);
    }
    rows.finish().into_string()
}

fn document_row(report: &SourceReport<'_>, number: usize, of: &CleanedDocument) -> [VisibleText; 8] {
    let first = |kind| of.layout.fields.iter().find(|field| field.kind == kind);
    let title = of.layout.fields.iter().find(|field| &*field.name == "title").or_else(|| first(FieldType::Text));
    let raw = |field: &Field| report.text()[field.value.range()].to_owned();
    let clean = |field: &Field| {
        of.cleaned.fields.iter().find(|cleaned| cleaned.name == field.name).map_or_else(|| raw(field), |cleaned| cleaned.text.clone())
    };
    let text = |text: &str| as_cell(Private::of(report.encoding()).name(escape(text)));
    [
        cell(report.name()),
        shown!("{}", number),
        text(&first(FieldType::Date).map(raw).unwrap_or_default()),
        text(&title.map(clean).unwrap_or_default()),
        shown!("{}", of.words),
        shown!("{}", of.count(|fate| fate == Fate::Applied)),
        shown!("{}", of.count(|fate| fate == Fate::Pending)),
        Status::of(of).name().into(),
    ]
}

/// Spreadsheets run what starts with one of these signs, blanks before it or not.
///
/// Full-width twins count too: some spreadsheets fold them. Tabs and carriage returns are gone, since
/// [`escape`] names them. A leading apostrophe gets another, or it could not be told from ours.
fn cell(text: &str) -> VisibleText {
    as_cell(escape(text))
}

fn as_cell(shown: VisibleText) -> VisibleText {
    let runs = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\'' | '⇥');
    if shown.trim_start().starts_with(runs) { shown!("'{}", shown) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::super::visible::tests::{assert_inert, text};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1", "'=1"] {
            assert!(cell(formula).starts_with(['\'', '⟦']), "{formula:?} became {:?}", cell(formula));
        }
        assert_eq!(cell("Talks “resume” in Cairo, Egypt"), "Talks “resume” in Cairo, Egypt");
        assert_ne!(cell("'=1"), cell("=1"));
    }

    proptest! {
        #[test]
        fn cells_are_inert_and_tell_texts_apart(a in text(), b in text()) {
            assert_inert(&cell(&a));
            prop_assert_eq!(a == b, cell(&a) == cell(&b));
        }
    }
}
