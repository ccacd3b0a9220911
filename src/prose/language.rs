//! Which paragraphs of a text are in another language than the rest.

use std::ops::Range;

use whatlang::Lang;

use super::paragraph;

/// Tells the paragraphs of a text apart that are surely not in English.
///
/// A paragraph that is too short to tell is in the language of the whole text.
pub struct Languages<'t> {
    text: &'t str,
    paragraphs: Vec<Range<usize>>,
    /// The paragraph that was looked at last, by its number, and what was found.
    last: Option<(usize, bool)>,
    whole: Option<bool>,
}

/// So many bytes of a text or paragraph are looked at.
const SAMPLE: usize = 600;

/// Texts with fewer letters tell the detector next to nothing.
const LEAST_LETTERS: usize = 40;

/// The last letter of the blocks with Latin letters that are in use; ligatures and the like follow much later.
const LAST_LATIN: char = '\u{2AF}';

impl<'t> Languages<'t> {
    /// Looks at nothing yet.
    pub fn of(text: &'t str) -> Self {
        Self { text, paragraphs: Vec::new(), last: None, whole: None }
    }

    /// Whether the paragraph that holds this place, in bytes, is surely not in English.
    pub fn is_foreign(&mut self, at: usize) -> bool {
        if self.paragraphs.is_empty() {
            self.paragraphs = paragraph::windows(self.text).collect();
        }
        let number = self.paragraphs.partition_point(|paragraph| paragraph.end <= at);
        if let Some((_, foreign)) = self.last.filter(|(last, _)| *last == number) {
            return foreign;
        }
        let paragraph = self.paragraphs.get(number).map_or("", |paragraph| &self.text[paragraph.clone()]);
        let sample = sample(paragraph, 0);
        // Where the rest is English, less will do.
        let is_english = is_plainly_english(sample) || !self.is_whole_foreign() && has_english_words(sample);
        let foreign = !is_english && verdict(sample).unwrap_or_else(|| self.is_whole_foreign());
        self.last = Some((number, foreign));
        foreign
    }

    /// By two of three places that are plainly English, or else by the first of four that tells: titles and notes at the
    /// start may be in another language.
    fn is_whole_foreign(&mut self) -> bool {
        *self.whole.get_or_insert_with(|| {
            let length = self.text.len();
            let samples = [length / 2, length / 4, length / 4 * 3, 0].map(|place| sample(self.text, place));
            let is_english = samples[..3].iter().filter(|sample| is_plainly_english(sample)).count() > 1;
            !is_english && samples.into_iter().find_map(verdict).unwrap_or(false)
        })
    }
}

/// Some text from here on, from a word's start.
fn sample(text: &str, from: usize) -> &str {
    let boundary = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let start = boundary(from);
    let start = if start == 0 { 0 } else { start + text[start..].find(char::is_whitespace).unwrap_or(0) };
    &text[start..boundary(start + SAMPLE)]
}

/// Whether a text is in another language than English; nothing if it does not tell.
fn verdict(text: &str) -> Option<bool> {
    if is_plainly_english(text) {
        return Some(false);
    }
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (latin, other) = letters.fold((0, 0), |(latin, other), c| if c > LAST_LATIN { (latin, other + 1) } else { (latin + 1, other) });
    if other > latin {
        return Some(true);
    }
    if latin + other < LEAST_LETTERS {
        return None;
    }
    Some(whatlang::detect(text).filter(whatlang::Info::is_reliable)?.lang() != Lang::Eng)
}

/// Words that are frequent in English, and some of them in another language too.
#[rustfmt::skip]
const FREQUENT: [&str; 39] = [
    "the", "of", "to", "in", "is", "was", "for", "it", "he", "she", "I", "not", "on", "at", "by", "but", "had", "an", "as", "be",
    "are", "my", "your", "we", "him", "me", "what", "do", "so", "if", "all", "and", "that", "you", "said", "our", "their", "will", "with",
];

/// Words that every longer English text has, and no other language.
#[rustfmt::skip]
const ENGLISH: [&str; 16] = [
    "the", "The", "and", "that", "with", "which", "have", "this", "from", "they", "were", "would", "his", "her", "you", "been",
];

/// Whether one word in eight is a frequent one.
fn has_english_words(text: &str) -> bool {
    let words = text.split(' ');
    words.clone().filter(|word| FREQUENT.contains(word)).count() * 8 >= words.count()
}

/// So many of them are enough, however the text goes on.
const ENOUGH: usize = 3;

/// Whether one word in twenty is one that every English text has and others have not.
///
/// The detector takes 0.1 ms for a paragraph, which is more than all rules together; this spares it nearly everywhere.
fn is_plainly_english(text: &str) -> bool {
    let (mut words, mut english) = (0, 0);
    for word in text.split(' ') {
        words += 1;
        if english >= ENOUGH {
            break;
        }
        english += usize::from(ENGLISH.contains(&word));
    }
    english > 0 && english * 20 >= words
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRENCH: &str = "Le lendemain, la Thénardier guettait déjà depuis longtemps le retour de son mari, qui n’arrivait pas.";
    const ENGLISH: &str = "The next morning, Madame Thénardier had long been waiting for her husband, who did not come.";

    fn foreign(text: &str) -> Vec<bool> {
        let mut languages = Languages::of(text);
        text.match_indices('@').map(|(at, _)| languages.is_foreign(at)).collect()
    }

    #[test]
    fn each_paragraph_has_its_language() {
        assert_eq!(foreign(&format!("@ {ENGLISH}\n\n@ {FRENCH}\n\n@ {ENGLISH}")), [false, true, false]);
        assert_eq!(foreign("@ 会谈在开罗继续进行，双方都没有发表评论。"), [true]);
        assert_eq!(foreign("@ Переговоры в Каире продолжаются, сообщили источники."), [true]);
    }

    #[test]
    fn a_short_paragraph_is_in_the_language_of_the_rest() {
        assert_eq!(foreign(&format!("{FRENCH}\n\n@ Non.\n\n{FRENCH}")), [true]);
        assert_eq!(foreign(&format!("{ENGLISH}\n\n@ Non.\n\n{ENGLISH}")), [false]);
        assert_eq!(foreign("@ Isrfael"), [false], "where nothing tells, it is what most texts are");
    }

    #[test]
    fn no_text_is_too_short_or_too_odd() {
        for text in ["@", "@\n\n", "\n\n@", "é@", "@ 東"] {
            assert_eq!(foreign(text).len(), 1, "{text}");
        }
    }
}
