//! Where a character may stand that a pass looks for, by the first byte of its UTF-8 form.

/// A set of first bytes.
#[derive(Clone, Debug)]
pub struct FirstBytes([bool; 256]);

/// So many bytes are looked at without a branch: where a set finds little it is quicker than one guess a byte.
const BLOCK: usize = 32;

impl FirstBytes {
    /// No bytes.
    pub fn none() -> Self {
        Self([false; 256])
    }

    /// Adds those of a range of characters, which lie between those of its ends.
    pub fn add(&mut self, from: char, to: char) {
        for byte in first_byte(from)..=first_byte(to) {
            // No character begins with a continuation byte, nor with C0 and C1.
            self.0[usize::from(byte)] |= !matches!(byte, 0x80..=0xC1);
        }
    }

    /// The first byte of the set at or after `from`.
    pub fn find(&self, text: &str, from: usize) -> Option<usize> {
        let rest = &text.as_bytes()[from..];
        let holds = |block: &&[u8]| block.iter().fold(false, |found, byte| found | self.0[usize::from(*byte)]);
        let clean = rest.chunks(BLOCK).take_while(|block| !holds(block)).count() * BLOCK;
        rest.get(clean..)?.iter().position(|byte| self.0[usize::from(*byte)]).map(|found| from + clean + found)
    }
}

fn first_byte(c: char) -> u8 {
    c.encode_utf8(&mut [0; 4]).as_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_of_them_is_found(text in "[ -~]{0,70}[à-ÿ‘-‟]{0,2}[ -~]{0,40}", from in 0..80_usize) {
            let mut set = FirstBytes::none();
            set.add('‘', '‟');
            set.add('`', '`');
            let from = from.min(text.len());
            let plainly = (from..text.len()).find(|at| matches!(text.as_bytes()[*at], b'`' | 0xE2));
            prop_assert_eq!(set.find(&text, from), plainly);
        }
    }

    #[test]
    fn a_range_holds_all_first_bytes_between_its_ends() {
        let mut set = FirstBytes::none();
        set.add('~', '\u{800}');
        assert_eq!(
            (0..=255).filter(|byte| set.0[*byte]).collect::<Vec<_>>(),
            [0x7E, 0x7F].into_iter().chain(0xC2..=0xE0).collect::<Vec<_>>()
        );
    }
}
