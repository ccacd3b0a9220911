//! What stands beside a word, in a memory that does not grow with the corpus.

use super::digest::digest;

/// So many slots there are: words that share one are taken for the same.
const SLOTS: u16 = 8192;
/// So many are listed one by one; more become a row of bits, which is as large as this list.
const LISTED: usize = SLOTS as usize / 16;

/// Which words stood beside another: not which exactly, but in which slots their digests fall.
///
/// It is the same for any order of reading, and for any number of readers that are added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Neighbours {
    /// Few, sorted.
    Few(Vec<u16>),
    /// Many, a bit for each slot.
    Many(Box<[u64]>),
}

impl Default for Neighbours {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

/// On which side a neighbour stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeighbourSide {
    /// Directly before.
    Before,
    /// Directly after.
    After,
    /// Near, on either side.
    Near,
}

/// The slot of a neighbour, in whatever letters it is written.
pub fn slot(neighbour: &str, side: NeighbourSide) -> u16 {
    let salt = match side {
        NeighbourSide::Before => 0x51,
        NeighbourSide::After => 0xA7,
        NeighbourSide::Near => 0x1F,
    };
    let hash = digest(salt, neighbour.chars().flat_map(char::to_lowercase));
    // Thirteen bits are left.
    u16::try_from(hash >> 51).unwrap_or_default()
}

impl Neighbours {
    /// Adds a slot.
    pub fn insert(&mut self, slot: u16) {
        match self {
            Self::Few(slots) => {
                if let Err(at) = slots.binary_search(&slot) {
                    slots.insert(at, slot);
                    if slots.len() > LISTED {
                        self.spread();
                    }
                }
            }
            Self::Many(bits) => bits[usize::from(slot) / 64] |= 1 << (slot % 64),
        }
    }

    fn spread(&mut self) {
        let mut bits = vec![0_u64; usize::from(SLOTS) / 64].into_boxed_slice();
        for slot in self.slots() {
            bits[usize::from(slot) / 64] |= 1 << (slot % 64);
        }
        *self = Self::Many(bits);
    }

    /// Adds what was seen elsewhere.
    pub fn add(&mut self, other: &Self) {
        for slot in other.slots() {
            self.insert(slot);
        }
    }

    /// How many slots are taken.
    pub fn len(&self) -> usize {
        match self {
            Self::Few(slots) => slots.len(),
            Self::Many(bits) => bits.iter().map(|word| word.count_ones() as usize).sum(),
        }
    }

    /// Whether nothing stood beside it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a slot is taken.
    pub fn holds(&self, slot: u16) -> bool {
        match self {
            Self::Few(slots) => slots.binary_search(&slot).is_ok(),
            Self::Many(bits) => bits[usize::from(slot) / 64] >> (slot % 64) & 1 == 1,
        }
    }

    /// The slots that are taken, sorted.
    pub fn slots(&self) -> Box<dyn Iterator<Item = u16> + '_> {
        match self {
            Self::Few(slots) => Box::new(slots.iter().copied()),
            Self::Many(bits) => Box::new((0..SLOTS).filter(|slot| bits[usize::from(*slot) / 64] >> (slot % 64) & 1 == 1)),
        }
    }
}

/// So much a neighbour tells at least.
const LEAST: f64 = 0.02;

/// How much it tells that two words share a neighbour in a slot: little where nearly all words do.
#[derive(Debug)]
pub struct Weights(Vec<f64>);

/// What two words share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SharedNeighbours {
    /// So many neighbours of the rarer one stand beside the other too.
    pub shared: usize,
    /// So many it has.
    pub of: usize,
    /// From 0, no more than chance would give, to 1, all that tell something.
    pub weight: f64,
}

impl Weights {
    /// From the neighbours of many words.
    #[expect(clippy::cast_precision_loss, reason = "counts are far from 2^52")]
    pub fn of<'n>(all: impl Iterator<Item = &'n Neighbours>) -> Self {
        let (mut counts, mut words) = (vec![0_u64; usize::from(SLOTS)], 0_u64);
        for neighbours in all {
            words += 1;
            for slot in neighbours.slots() {
                counts[usize::from(slot)] += 1;
            }
        }
        let most = (words as f64 + 1.0).ln();
        let weight = |count: u64| ((words as f64 + 1.0) / (count as f64 + 1.0)).ln() / most.max(1.0) + LEAST;
        Self(counts.into_iter().map(weight).collect())
    }

    /// What `rare` shares with `frequent`.
    #[expect(clippy::cast_precision_loss, reason = "there are few slots")]
    pub fn shared(&self, rare: &Neighbours, frequent: &Neighbours) -> SharedNeighbours {
        let (mut all, mut common, mut shared, mut of) = (0.0, 0.0, 0, 0);
        for slot in rare.slots() {
            let weight = self.0[usize::from(slot)];
            of += 1;
            all += weight;
            if frequent.holds(slot) {
                shared += 1;
                common += weight;
            }
        }
        let chance = frequent.len() as f64 / f64::from(SLOTS);
        let share = if all > 0.0 { common / all } else { 0.0 };
        SharedNeighbours { shared, of, weight: ((share - chance) / (1.0 - chance).max(0.01)).clamp(0.0, 1.0) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn few_and_many_hold_the_same(slots in prop::collection::vec(0..8192_u16, 0..1500)) {
            let mut all = Neighbours::default();
            for slot in &slots {
                all.insert(*slot);
            }
            let mut sorted = slots.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(all.slots().collect::<Vec<_>>(), sorted.clone());
            prop_assert_eq!(all.len(), sorted.len());
            prop_assert!(slots.iter().all(|slot| all.holds(*slot)));
            let (one, other) = slots.split_at(slots.len() / 2);
            let (mut apart, mut rest) = (Neighbours::default(), Neighbours::default());
            for slot in one {
                rest.insert(*slot);
            }
            for slot in other {
                apart.insert(*slot);
            }
            apart.add(&rest);
            prop_assert_eq!(apart, all);
        }
    }

    #[test]
    fn capitals_and_sides_tell_neighbours_apart_as_they_should() {
        assert_eq!(slot("The", NeighbourSide::Before), slot("the", NeighbourSide::Before));
        assert_ne!(slot("the", NeighbourSide::Before), slot("the", NeighbourSide::After));
    }

    #[test]
    fn what_stands_beside_every_word_tells_little() {
        let of = |slots: &[u16]| {
            let mut neighbours = Neighbours::default();
            for slot in slots {
                neighbours.insert(*slot);
            }
            neighbours
        };
        let all: Vec<_> = (10..40).map(|own| of(&[1, own])).collect();
        let weights = Weights::of(all.iter());
        let common = weights.shared(&of(&[1, 100]), &of(&[1, 200]));
        let telling = weights.shared(&of(&[11, 1]), &of(&[11, 200]));
        assert_eq!((common.shared, common.of, telling.shared), (1, 2, 1));
        assert!(common.weight < 0.1 && telling.weight > 0.9, "{common:?} {telling:?}");
    }
}
