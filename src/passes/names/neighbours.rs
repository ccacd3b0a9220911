//! The words on both sides of a surname.

use std::ops::Range;

use crate::prose::word::is_word_char;

/// What stands before a surname without being a name itself.
const TITLES: [&str; 52] = [
    "Admiral",
    "Ambassador",
    "Ayatollah",
    "Baroness",
    "Baron",
    "Brother",
    "Capt",
    "Captain",
    "Chairman",
    "Chairwoman",
    "Chancellor",
    "Chief",
    "Col",
    "Colonel",
    "Comrade",
    "Congressman",
    "Congresswoman",
    "Director",
    "Dr",
    "Emir",
    "Father",
    "Gen",
    "General",
    "Gov",
    "Governor",
    "Imam",
    "Judge",
    "Justice",
    "King",
    "Lady",
    "Lord",
    "Lt",
    "Madame",
    "Maj",
    "Major",
    "Mayor",
    "Minister",
    "Miss",
    "Mr",
    "Mrs",
    "Ms",
    "President",
    "Premier",
    "Prime",
    "Prince",
    "Prof",
    "Professor",
    "Rep",
    "Secretary",
    "Sen",
    "Senator",
    "Sheikh",
];

/// Words that have a capital at the start of a sentence only.
const OPENERS: [&str; 56] = [
    "A",
    "According",
    "After",
    "Although",
    "An",
    "And",
    "As",
    "At",
    "Because",
    "Before",
    "But",
    "By",
    "Can",
    "Could",
    "Did",
    "Does",
    "During",
    "For",
    "From",
    "Had",
    "Has",
    "He",
    "Her",
    "His",
    "How",
    "However",
    "If",
    "In",
    "Is",
    "Later",
    "Like",
    "Meanwhile",
    "Now",
    "Of",
    "On",
    "Once",
    "Or",
    "Since",
    "So",
    "Still",
    "That",
    "The",
    "Then",
    "Though",
    "To",
    "Under",
    "Unlike",
    "Until",
    "Was",
    "What",
    "When",
    "Where",
    "While",
    "Will",
    "With",
    "Yet",
];

/// Whether a word with a capital stands beside a surname, so that it may be part of another name: Saif al-Islam Gadhafi, Gadhafi Street.
pub fn may_be_of_another_name(text: &str, at: &Range<usize>) -> bool {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let before = before.strip_suffix(char::is_whitespace).map_or("", |rest| rest.rsplit(char::is_whitespace).next().unwrap_or_default());
    let after = after.strip_prefix(char::is_whitespace).map_or("", |rest| rest.split(char::is_whitespace).next().unwrap_or_default());
    ends_with_name(before.trim_start_matches(|c: char| !is_word_char(c))) || after.contains(char::is_uppercase)
}

/// Whether a name may go on behind this word.
fn ends_with_name(before: &str) -> bool {
    let word = before.strip_suffix('.').unwrap_or(before);
    let is_initial = word.chars().count() == 1;
    let goes_on = word.ends_with(is_word_char) && (word.len() == before.len() || is_initial);
    goes_on && word.contains(char::is_uppercase) && !TITLES.contains(&word) && !OPENERS.contains(&word)
}
