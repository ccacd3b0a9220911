//! Places counted in code points.

/// So many code points are passed over at once.
const STEP: usize = 256;

/// Turns places of a text that are counted in bytes into code points, and back.
#[derive(Clone, Debug)]
pub struct CodePoints {
    text: String,
    /// The byte at which every [`STEP`]th code point starts, the first included.
    starts: Vec<usize>,
}

impl CodePoints {
    /// Counts the code points of a text.
    pub fn new(text: String) -> Self {
        let starts = text.char_indices().step_by(STEP).map(|(at, _)| at).collect();
        Self { text, starts }
    }

    /// The byte that so many code points precede, if the text has so many.
    pub fn byte(&self, count: usize) -> Option<usize> {
        let Some(last) = self.starts.len().checked_sub(1) else { return (count == 0).then_some(0) };
        let step = last.min(count / STEP);
        let (start, end) = (self.starts[step], self.text.len());
        self.text[start..].char_indices().map(|(at, _)| start + at).chain([end]).nth(count - step * STEP)
    }

    /// How many code points start before a byte; of a text that ends earlier, all.
    pub fn count(&self, byte: usize) -> usize {
        let steps = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.starts.get(steps).copied().unwrap_or_default();
        steps * STEP + self.text[start..].char_indices().take_while(|(at, _)| start + at < byte).count()
    }

    /// How many code points the text has.
    pub fn len(&self) -> usize {
        self.count(self.text.len())
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_and_code_points_are_counted_alike(letters in prop::collection::vec(prop::sample::select(vec!['a', 'é', '漢', '🦀']), 0..900)) {
            let text: String = letters.into_iter().collect();
            let points = CodePoints::new(text.clone());
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            for (count, byte) in places.iter().enumerate() {
                prop_assert_eq!(points.byte(count), Some(*byte));
                prop_assert_eq!(points.count(*byte), count);
            }
            prop_assert_eq!(points.byte(places.len()), None);
            prop_assert_eq!(points.byte(usize::MAX), None);
            prop_assert_eq!((points.len(), points.is_empty()), (places.len() - 1, text.is_empty()));
        }
    }
}
