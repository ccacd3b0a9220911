//! Tables that spreadsheets open.

use csv::{Terminator, Writer, WriterBuilder};

use super::VisibleText;

const WROTE: &str = "a table in memory takes all that is written to it";

/// A table whose cells are visible, as CSV.
#[derive(Debug)]
pub struct VisibleTable(Writer<Vec<u8>>);

impl VisibleTable {
    /// A table without rows, each of which will end so.
    pub fn new(end: Terminator) -> Self {
        Self(WriterBuilder::new().terminator(end).from_writer(Vec::new()))
    }

    /// Adds a row.
    #[expect(clippy::missing_panics_doc, reason = "memory takes all that is written to it")]
    pub fn row<C: Into<VisibleText>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells = cells.into_iter().map(|cell| cell.into().into_string());
        self.0.write_record(cells).expect(WROTE);
    }

    /// The table.
    #[expect(clippy::missing_panics_doc, reason = "memory takes all that is written to it, and the cells are UTF-8")]
    pub fn finish(self) -> VisibleText {
        let bytes = self.0.into_inner().expect(WROTE);
        VisibleText::of_shown(String::from_utf8(bytes).expect("the cells are UTF-8"))
    }
}
