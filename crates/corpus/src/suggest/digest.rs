//! Digests of texts that are the same on every machine and in every run.

/// A digest of a text of some kind: FNV-1a, and mixed once more, so that every bit of it depends on the last letter too.
pub fn digest(kind: u64, text: impl Iterator<Item = char>) -> u64 {
    let start = 0xCBF2_9CE4_8422_2325 ^ kind.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut hash = text.fold(start, |hash: u64, c| (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01B3));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn texts_that_differ_at_their_ends_fall_apart() {
        let slots: BTreeSet<u64> = ('a'..='z').map(|last| digest(0, "neighbour".chars().chain([last])) >> 51).collect();
        assert!(slots.len() > 24, "{slots:?}");
        assert_ne!(digest(0, "a".chars()), digest(1, "a".chars()));
    }
}
