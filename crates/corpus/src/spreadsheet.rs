//! Cells of tables that spreadsheets open.

use crate::report::VisibleText;
use crate::shown;

/// What a spreadsheet takes for a formula if a cell begins with it (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell that no spreadsheet takes for a formula.
pub fn guarded(cell: VisibleText) -> VisibleText {
    if cell.starts_with(FORMULA) || cell.starts_with('\'') { shown!("'{}", cell) } else { cell }
}

/// What was in the cell before it was guarded.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with('\'') => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_each_comes_back() {
        for cell in ["", "Israel", "=1+1", "+1", "-x", "@a", "\tx", "\rx", "'tis", "''", "'=", "a=b"] {
            let safe = guarded(cell.into());
            assert!(!safe.starts_with(FORMULA), "{safe:?}");
            assert_eq!(unguarded(&safe), cell);
        }
        assert_eq!(unguarded("'tis"), "'tis", "typed by a person");
    }
}
