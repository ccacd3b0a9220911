//! Lines and columns.

/// Where the lines of a text start. Only a line feed ends a line.
#[derive(Clone, Debug)]
pub struct LineColumns<'t> {
    bytes: &'t [u8],
    /// The byte after each line feed.
    starts: Vec<usize>,
}

impl<'t> LineColumns<'t> {
    /// Finds the lines of a text, or of bytes that are no text.
    pub fn new(bytes: &'t [u8]) -> Self {
        Self { bytes, starts: memchr::memchr_iter(b'\n', bytes).map(|at| at + 1).collect() }
    }

    /// Line and column of a byte, both counted from 1, the column in code points.
    ///
    /// A byte order mark is no column. A place beyond the end is the end.
    pub fn of(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.bytes.len());
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).map_or(0, |line| self.starts[line]);
        let before = &self.bytes[start..at];
        let before = before.strip_prefix("\u{FEFF}".as_bytes()).filter(|_| start == 0).unwrap_or(before);
        (line + 1, 1 + before.iter().filter(|byte| !is_continuation(**byte)).count())
    }
}

/// Whether a byte of UTF-8 goes on with a code point that an earlier one began.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_and_no_byte_order_mark() {
        let places = LineColumns::new("\u{FEFF}ab\né\rx\n".as_bytes());
        assert_eq!([0, 3, 4, 5].map(|at| places.of(at)), [(1, 1), (1, 1), (1, 2), (1, 3)]);
        assert_eq!([6, 8, 9, 10, 11, 99].map(|at| places.of(at)), [(2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 1)]);
        assert_eq!(LineColumns::new(b"").of(0), (1, 1));
    }
}
