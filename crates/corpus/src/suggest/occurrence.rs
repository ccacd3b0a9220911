//! Where something stands in a corpus.

use smallvec::SmallVec;

/// So many places of a thing are remembered.
pub const PLACES: usize = 3;

/// A place in the cleaned text of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CleanedSpot {
    /// The number of the source in the listing.
    pub source: u32,
    /// The number of the document in the source.
    pub document: u32,
    /// The byte in its cleaned text; what lies beyond 4 GB is not remembered.
    pub at: u32,
}

/// The first places of a thing, and how often it stands in how many documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// How often.
    pub count: u64,
    /// In how many documents.
    pub documents: u64,
    /// The first places.
    pub spots: SmallVec<[CleanedSpot; PLACES]>,
    last: Option<(u32, u32)>,
}

impl Occurrences {
    /// Notes that it stands at this place. The places of a document come one after the other.
    pub fn note(&mut self, spot: CleanedSpot) {
        self.count += 1;
        let document = (spot.source, spot.document);
        if self.last != Some(document) {
            self.last = Some(document);
            self.documents += 1;
        }
        self.keep(spot);
    }

    /// Adds what was seen in other documents.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.documents += other.documents;
        self.last = other.last;
        other.spots.iter().for_each(|spot| self.keep(*spot));
    }

    /// Keeps the first places, whatever order they come in.
    fn keep(&mut self, spot: CleanedSpot) {
        if let Err(at) = self.spots.binary_search(&spot)
            && at < PLACES
        {
            self.spots.truncate(PLACES - usize::from(self.spots.len() == PLACES));
            self.spots.insert(at, spot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(source: u32, at: u32) -> CleanedSpot {
        CleanedSpot { source, document: 0, at }
    }

    #[test]
    fn the_first_places_are_kept_in_any_order() {
        let all = [spot(0, 9), spot(2, 1), spot(1, 4), spot(0, 3), spot(3, 3)];
        let mut one = Occurrences::default();
        for spot in all {
            one.note(spot);
        }
        let mut parts = [Occurrences::default(), Occurrences::default()];
        all.iter().enumerate().for_each(|(number, spot)| parts[number % 2].note(*spot));
        let [mut other, rest] = parts;
        other.add(&rest);
        assert_eq!(one.spots.to_vec(), [spot(0, 3), spot(0, 9), spot(1, 4)]);
        assert_eq!((one.spots, one.count), (other.spots, other.count));
    }
}
