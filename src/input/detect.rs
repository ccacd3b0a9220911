//! Which encoding bytes look like that are no UTF-8.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

use crate::prose::line;

/// What bytes look like.
pub enum Guess {
    /// All of them are of this encoding.
    Legacy(&'static Encoding),
    /// UTF-8, with lines in this encoding.
    Mixed(&'static Encoding),
    /// UTF-8 that ends inside a character.
    Torn,
}

/// So many bytes are looked at: the detector reads 16 MB in a second, and more of a text tells it little more.
const WINDOW: usize = 64 << 10;

/// Guesses what bytes are that are not UTF-8.
///
/// They are UTF-8 with other lines if at least as many sequences of theirs are characters of it as are not: in other
/// encodings such sequences are chance.
pub fn guess(bytes: &[u8]) -> Guess {
    let tally = Tally::of(bytes);
    if tally.invalid == 1 && tally.torn > usize::from(tally.characters == 0) {
        Guess::Torn
    } else if tally.characters >= tally.invalid {
        Guess::Mixed(of_other_lines(bytes))
    } else {
        let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
        let line = line::start_after_feed(bytes, first);
        // A line may be a whole book.
        let start = line.max(first.saturating_sub(WINDOW / 2));
        Guess::Legacy(of_one_encoding(&bytes[start..bytes.len().min(start + WINDOW)]))
    }
}

/// How many sequences of bytes beyond ASCII are UTF-8, and how many are not.
struct Tally {
    characters: usize,
    invalid: usize,
    /// How long a cut off character at the end is, in bytes.
    torn: usize,
}

impl Tally {
    fn of(bytes: &[u8]) -> Self {
        let mut tally = Self { characters: 0, invalid: 0, torn: 0 };
        for chunk in bytes.utf8_chunks() {
            tally.characters += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
            tally.invalid += usize::from(!chunk.invalid().is_empty());
            // Only at the end may more have followed.
            let is_torn = std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            tally.torn = if is_torn { chunk.invalid().len() } else { 0 };
        }
        tally
    }
}

/// The encoding of the lines that are not UTF-8. Their characters that are UTF-8 are passed over, unless they are the fewer.
fn of_other_lines(bytes: &[u8]) -> &'static Encoding {
    let mut other = Vec::new();
    let mut rest = bytes;
    while other.len() < WINDOW
        && let Err(error) = std::str::from_utf8(rest)
    {
        let at = error.valid_up_to();
        let start = line::start_after_feed(rest, at).max(at.saturating_sub(WINDOW));
        let end = (line::end_before_feed(rest, at) + 1).min(rest.len()).min(at + WINDOW);
        let line = &rest[start..end];
        let tally = Tally::of(line);
        if tally.characters < tally.invalid {
            other.extend_from_slice(line);
        } else {
            for chunk in line.utf8_chunks() {
                other.extend(chunk.valid().bytes().filter(u8::is_ascii));
                other.extend_from_slice(chunk.invalid());
            }
        }
        rest = &rest[end..];
    }
    of_one_encoding(&other)
}

fn of_one_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, false);
    match detector.guess(None, Utf8Detection::Deny) {
        // The detector does not know the old Macintosh, whose texts it takes for this.
        encoding if encoding == WINDOWS_1252 && oddities(bytes, WINDOWS_1252) > 2 * oddities(bytes, MACINTOSH) => MACINTOSH,
        encoding => encoding,
    }
}

/// How often letters and marks stand as in no European language: a capital or a sign right behind a small letter and before
/// another.
fn oddities(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let characters: Vec<char> = text.chars().collect();
    let is_odd = |triple: &[char]| {
        let [before, c, after] = triple else { return false };
        !c.is_ascii() && !c.is_lowercase() && *c != '’' && before.is_lowercase() && after.is_lowercase()
    };
    characters.windows(3).filter(|triple| is_odd(triple)).count()
}
