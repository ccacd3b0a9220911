//! The table of documents, for spreadsheets.

use super::{Private, SliceReport, SourceReport, Status, escape};
use emendo_core::cleaner::CleanedDocument;
use emendo_core::edit::Fate;
use emendo_core::input::{Field, FieldType};

/// The first row of `documents.csv`, with its line end.
pub const COLUMNS: &str = "source,number,date,title,words,changes,pending,status\n";

/// The rows of a source, one for each document and each problem.
///
/// Characters that cannot be seen are named as in [`escape`]. A cell that a spreadsheet would take
/// for a formula gets an apostrophe before it.
#[expect(clippy::missing_panics_doc, reason = "memory takes all that is written to it")]
pub fn document_rows(report: &SourceReport<'_>) -> String {
    let mut rows = csv::Writer::from_writer(Vec::new());
    for (number, slice) in report.slices() {
        let row = match slice {
            SliceReport::Document(document) => document_row(report, number, document),
            SliceReport::Problem(_) => {
                let none = String::new;
                [cell(report.name()), number.to_string(), none(), none(), none(), none(), none(), Status::Problem.name().to_owned()]
            }
        };
        rows.write_record(row).expect("memory takes all that is written to it");
    }
    String::from_utf8(rows.into_inner().expect("memory takes all that is written to it")).expect("the cells are UTF-8")
}

fn document_row(report: &SourceReport<'_>, number: usize, of: &CleanedDocument) -> [String; 8] {
    let first = |kind| of.layout.fields.iter().find(|field| field.kind == kind);
    let title = of.layout.fields.iter().find(|field| &*field.name == "title").or_else(|| first(FieldType::Text));
    let raw = |field: &Field| report.text()[field.value.range()].to_owned();
    let clean = |field: &Field| {
        of.cleaned.fields.iter().find(|cleaned| cleaned.name == field.name).map_or_else(|| raw(field), |cleaned| cleaned.text.clone())
    };
    let text = |text: &str| as_cell(&Private::of(report.encoding()).name(&escape(text)));
    [
        cell(report.name()),
        number.to_string(),
        text(&first(FieldType::Date).map(raw).unwrap_or_default()),
        text(&title.map(clean).unwrap_or_default()),
        of.words.to_string(),
        of.count(|fate| fate == Fate::Applied).to_string(),
        of.count(|fate| fate == Fate::Pending).to_string(),
        Status::of(of).name().to_owned(),
    ]
}

/// Spreadsheets run what starts with one of these signs, blanks before it or not.
///
/// Full-width twins count too: some spreadsheets fold them. Tabs and carriage returns are gone, since
/// [`escape`] names them. A leading apostrophe gets another, or it could not be told from ours.
fn cell(text: &str) -> String {
    as_cell(&escape(text))
}

fn as_cell(shown: &str) -> String {
    let runs = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\'' | '⇥');
    if shown.trim_start().starts_with(runs) { format!("'{shown}") } else { shown.to_owned() }
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
