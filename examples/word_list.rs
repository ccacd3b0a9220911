//! Makes the word list of `rules/english/` from the lists of SCOWL, as its README there tells.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

/// The lists of the dialects, and of the variants that dictionaries give beside them.
const SPELLINGS: [&str; 16] = [
    "english",
    "american",
    "british",
    "british_z",
    "canadian",
    "australian",
    "variant_1",
    "variant_2",
    "variant_3",
    "british_variant_1",
    "british_variant_2",
    "canadian_variant_1",
    "canadian_variant_2",
    "australian_variant_1",
    "australian_variant_2",
    "special",
];

/// Of ten steps from the commonest words to the rarest. Beyond this one the lists come under further terms, and hold
/// words that are misspellings far more often.
const LARGEST: u32 = 70;

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder of SCOWL's lists, such as usr/share/dict/scowl of its package")?;
    let (mut words, mut names) = (BTreeSet::new(), BTreeSet::new());
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let Some((spelling, kind, size)) = parted(&path) else { continue };
        if !SPELLINGS.contains(&spelling) || size > LARGEST {
            continue;
        }
        for word in std::fs::read_to_string(&path)?.lines() {
            // What a possessive adds to a word is no part of it.
            let word = word.strip_suffix("'s").unwrap_or(word);
            let list = if word.contains(char::is_uppercase) { &mut names } else { &mut words };
            if kind != "hacker" && word.chars().count() > 1 {
                list.insert(word.to_owned());
            }
        }
    }
    for (name, list) in [("words", words), ("names", names)] {
        let set = fst::Set::from_iter(&list)?;
        println!("{name}: {} in {} bytes", list.len(), set.as_fst().as_bytes().len());
        std::fs::write(format!("rules/english/{name}.fst"), set.as_fst().as_bytes())?;
    }
    Ok(())
}

/// `british_z-words.35`: whose spelling, what kind of words, and how rare they are.
fn parted(path: &Path) -> Option<(&str, &str, u32)> {
    let (spelling, rest) = path.file_name()?.to_str()?.split_once('-')?;
    let (kind, size) = rest.rsplit_once('.')?;
    Some((spelling, kind, size.parse().ok()?))
}
