//! Makes the packs of `rules/packs/` from published word lists, as the README there tells.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use emendo_core::prose::word::{capitalised, parts};
use emendo_core::rules::lexicon::{is_name, is_word};
use emendo_core::rules::{Find, PassName, Rule, load_shipped};
use flate2::{Compression, GzBuilder};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [misspellings, variants, languages] = &arguments[..] else {
        return Err("name the table of typos-dict, the table of varcon, and a folder of word lists of other languages".into());
    };
    let foreign = foreign_words(Path::new(languages))?;
    write("english", &english(&std::fs::read_to_string(misspellings)?, &foreign)?)?;
    let clusters = std::fs::read_to_string(variants)?;
    for (name, category) in [("american", "American"), ("british", "BritishIse"), ("oxford", "BritishIze")] {
        write(name, &dialect(&clusters, category)?)?;
    }
    Ok(())
}

/// A row: what it becomes, whether it asks, and why if that is not what the table says of all.
struct Row {
    right: String,
    asks: bool,
    why: String,
}

type Rows = BTreeMap<String, Row>;

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn write(name: &str, rows: &Rows) -> Result<()> {
    let mut table = String::from("wrong\tright\tpolicy\twhy\n");
    for (wrong, Row { right, asks, why }) in rows {
        let line = format!("{wrong}\t{right}\t{}\t{why}", if *asks { "ask" } else { "" });
        writeln!(table, "{}", line.trim_end())?;
    }
    let file = std::fs::File::create(format!("rules/packs/{name}.tsv.gz"))?;
    // No name and no time in it: the same rows make the same bytes.
    let mut packed = GzBuilder::new().write(file, Compression::best());
    packed.write_all(table.as_bytes())?;
    packed.finish()?;
    println!("{name}: {} rows, {} of them ask", rows.len(), rows.values().filter(|row| row.asks).count());
    Ok(())
}

/// All words, in small letters, of lists with a word on each line.
fn foreign_words(folder: &Path) -> Result<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && !path.is_symlink() {
            let bytes = std::fs::read(&path)?;
            let (text, ..) = std::str::from_utf8(&bytes)
                .map_or_else(|_| encoding_rs::WINDOWS_1252.decode(&bytes), |text| (text.into(), encoding_rs::UTF_8, false));
            for word in text.lines().map(|line| line.trim().to_lowercase()) {
                // In an English text many a mark over a letter is left out.
                words.insert(word.nfd().filter(char::is_ascii).collect());
                words.insert(word);
            }
        }
    }
    Ok(words)
}

/// Misspellings of English words.
fn english(table: &str, foreign: &BTreeSet<String>) -> Result<Rows> {
    let entry = Regex::new(r#"InsensitiveStr::(?:Ascii|Unicode)\(\s*"([^"]*)"\s*,?\s*\),\s*&\[([^\]]*)\]"#)?;
    let quoted = Regex::new(r#""([^"]*)""#)?;
    // What comes with emendo anyway was looked at one by one.
    let shipped = load_shipped();
    let wrong_form = |rule: &Rule| if let Find::Words { wrong, .. } = &rule.find { Some(wrong.to_lowercase()) } else { None };
    let shipped = shipped.rules.iter().filter_map(|(_, rule)| wrong_form(rule));
    let shipped: BTreeSet<String> = shipped.flat_map(|wrong| [format!("{wrong}s"), wrong]).chain(right_words()).collect();
    let mut rows = Rows::new();
    for found in entry.captures_iter(table) {
        let wrong = &found[1];
        let rights: Vec<&str> = quoted.captures_iter(&found[2]).map(|right| right.get(1).map_or("", |right| right.as_str())).collect();
        let is_letters = |word: &str| word.chars().all(char::is_alphabetic);
        if !is_letters(wrong) || is_known(wrong) || is_clipped(wrong) {
            continue;
        }
        let Some(first) = rights.first() else { continue };
        // The list is not always right about the ends of words: a nearer word is the likelier.
        let mut near: Vec<String> = neighbours(wrong).into_iter().filter(|word| rights.iter().all(|right| right != word)).collect();
        near.sort();
        let is_second = distance(wrong, first) > 1 && !near.is_empty();
        let asks = rights.len() > 1 || !near.is_empty() || foreign.contains(wrong) || !is_slip(wrong, first);
        let mut choice: Vec<&str> = rights.clone();
        if is_second {
            choice.splice(0..0, near.iter().take(3).map(String::as_str));
        }
        // A name has its capital, which the list leaves out.
        let is_of_name = !is_word(choice[0]) && is_name(&capitalised(choice[0]));
        let case = if is_of_name { capitalised } else { str::to_owned };
        // Rules about names are about their plurals too: one of `Emac` would change `Emacs`.
        let is_singular = is_of_name && is_known(&format!("{wrong}s"));
        if !shipped.contains(wrong) && !is_singular {
            rows.insert(case(wrong), Row { right: case(choice[0]), asks, why: why(&choice) });
        }
    }
    let plurals: BTreeSet<String> =
        rows.keys().filter(|wrong| **wrong != wrong.to_lowercase()).map(|wrong| format!("{}s", wrong.to_lowercase())).collect();
    rows.retain(|wrong, _| !plurals.contains(&wrong.to_lowercase()));
    Ok(rows)
}

/// The words of what the shipped rules arrive at or leave alone: `Tung` of `Mao Tse-Tung`, who has a rule of his own.
fn right_words() -> BTreeSet<String> {
    let knowledge = load_shipped();
    let texts = |rule: &Rule| {
        let names = rule.examples.iter().filter(|_| rule.pass == PassName::NAMES).map(|example| example.before.to_string());
        let after = rule.examples.iter().map(|example| example.after.to_string());
        names.chain(after).chain(rule.keeps.iter().cloned()).collect::<Vec<_>>()
    };
    let texts = knowledge.rules.iter().flat_map(|(_, rule)| texts(rule));
    texts.flat_map(|text| parts(&text).map(|part| text[part].to_lowercase()).collect::<Vec<_>>()).collect()
}

fn why(rights: &[&str]) -> String {
    match rights {
        [] | [_] => String::new(),
        [others @ .., last] => {
            let others: Vec<String> = others.iter().map(|word| format!("“{word}”")).collect();
            format!("A misspelling of {} or “{last}”.", others.join(", "))
        }
    }
}

fn is_known(word: &str) -> bool {
    is_word(word) || is_name(&capitalised(word)) || is_name(&word.to_uppercase())
}

/// Whether this is how the word is said in some places: `mornin`.
fn is_clipped(wrong: &str) -> bool {
    wrong.ends_with("in") && is_word(&format!("{wrong}g"))
}

/// Whether nobody can have meant it: a long word of which one slip of the fingers makes the right one, and no word that
/// may be made of others, or was spelled so once.
fn is_slip(wrong: &str, right: &str) -> bool {
    let length = wrong.chars().count();
    let distance = distance(wrong, right);
    let is_near = distance == 1 || distance == 2 && length > 8;
    let begins_alike = wrong.chars().next() == right.chars().next();
    let is_one_word = right.chars().all(char::is_alphabetic) && is_word(right);
    length > 4 && is_near && begins_alike && is_one_word && !may_be_made(wrong) && !is_old(wrong, right)
}

/// The words that one slip makes of this one.
fn neighbours(wrong: &str) -> BTreeSet<String> {
    let parts: Vec<(&str, &str)> = wrong.char_indices().map(|(at, _)| wrong.split_at(at)).chain([(wrong, "")]).collect();
    let mut words = BTreeSet::new();
    for (left, right) in parts {
        let mut rest = right.chars();
        let first = rest.next();
        let behind = rest.as_str();
        for letter in ('a'..='z').map(String::from).chain([String::new()]) {
            words.insert([left, &letter, right].concat());
            words.insert([left, &letter, behind].concat());
        }
        if let (Some(first), Some(second)) = (first, rest.next()) {
            words.insert(format!("{left}{second}{first}{}", rest.as_str()));
        }
    }
    words.remove(wrong);
    words.into_iter().filter(|word| word.len() > 1 && is_word(word)).collect()
}

/// In letters added, left out, changed and swapped with the next one.
fn distance(a: &str, b: &str) -> usize {
    rapidfuzz::distance::osa::distance(a.chars(), b.chars())
}

const BEGINNINGS: [&str; 28] = [
    "anti", "auto", "bi", "co", "con", "counter", "de", "dis", "en", "extra", "fore", "hyper", "in", "inter", "mega", "micro", "mis",
    "multi", "non", "out", "over", "post", "pre", "re", "semi", "sub", "un", "under",
];
const ENDINGS: [&str; 42] = [
    "able", "age", "al", "ally", "an", "ary", "ate", "ation", "ations", "dom", "ed", "en", "ence", "er", "ers", "es", "ess", "ful",
    "fully", "hood", "ible", "ic", "ing", "ings", "ion", "ions", "ise", "ish", "ism", "ist", "ists", "ity", "ities", "ive", "ize", "ized",
    "less", "like", "ly", "ment", "ness", "y",
];

/// Whether it may be a word that no list has: made from another with what begins or ends words, or from two; or a word
/// with a few letters more, such as the name of a program.
fn may_be_made(word: &str) -> bool {
    let is_base = |rest: &str| rest.len() > 2 && is_word(rest);
    let of_two = || word.char_indices().map(|(at, _)| word.split_at(at)).any(|(one, two)| is_base(one) && is_base(two));
    let is_longer = || (1..=2).any(|more| word.len() >= 5 + more && is_word(&word[..word.len() - more]));
    is_derived(word, 2) || of_two() || word.is_ascii() && is_longer()
}

/// Whether a word is another with at most so many beginnings and endings.
fn is_derived(word: &str, most: usize) -> bool {
    let is_base = |rest: &str| {
        let is_cut =
            rest.len() > 3 && (is_word(&format!("{rest}e")) || rest.strip_suffix('i').is_some_and(|rest| is_word(&format!("{rest}y"))));
        rest.len() > 2 && is_word(rest) || is_cut || most > 1 && rest.len() > 5 && is_derived(rest, most - 1)
    };
    let from_start = BEGINNINGS.iter().filter_map(|beginning| word.strip_prefix(beginning));
    let from_end = ENDINGS.iter().chain(&["s"]).filter_map(|ending| word.strip_suffix(ending));
    from_start.chain(from_end).any(is_base)
}

/// Whether people spelled it so before about 1800.
fn is_old(wrong: &str, right: &str) -> bool {
    let was = |old: &str, new: &str| wrong.contains(old) && wrong.replace(old, new) == right;
    was("our", "or")
        || was("ck", "c")
        || was("yed", "ied")
        || was("ll", "l")
        || was("y", "i")
        || was("e", "")
        || was("ence", "ense")
        || wrong.strip_suffix('e') == Some(right)
        || right.strip_suffix('e') == Some(wrong)
}

/// A word of a dialect and what it is called in others.
#[derive(Default)]
struct Spelling {
    /// Those who prefer it.
    preferred: bool,
    /// Those who take it too.
    accepted: bool,
}

/// Words that are also others, which the table does not tell.
const OTHER_SENSES: [&str; 8] = ["balk", "chil", "furor", "luster", "molder", "neglig", "nett", "rigor"];

/// Rarer words are left out: what lists say of their spellings is often a guess.
const LARGEST: u32 = 60;

/// How rare the words of a cluster are.
fn size(cluster: &str) -> u32 {
    let number = cluster.split_once("level: ").and_then(|(_, rest)| rest.split_once(','));
    number.and_then(|(number, _)| number.parse().ok()).unwrap_or(u32::MAX)
}

/// Spellings of other dialects, as the one of that category has them.
fn dialect(clusters: &str, category: &str) -> Result<Rows> {
    let word = Regex::new(r#"word: "([^"]*)""#)?;
    let kind = Regex::new(r"category: Category::(\w+), tag: (None|Some\(Tag::(\w+)\))")?;
    let mut rights: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut accepted, mut special) = (BTreeSet::new(), BTreeSet::new());
    let clusters = clusters.split("Cluster {").filter(|cluster| cluster.contains("verified: true") && size(cluster) <= LARGEST);
    for entry in clusters.flat_map(|cluster| cluster.split("Entry {").skip(1)) {
        let mut spellings: BTreeMap<&str, Spelling> = BTreeMap::new();
        let is_special = entry.contains("pos: Some")
            || entry.contains("note: Some")
            || entry.contains("description: Some")
            || entry.contains("archaic: true");
        for variant in entry.split("Variant {").skip(1) {
            let Some(word) = word.captures(variant).and_then(|found| found.get(1)) else { continue };
            let spelling = spellings.entry(word.as_str()).or_default();
            for found in kind.captures_iter(variant) {
                let tag = found.get(3).map(|tag| tag.as_str());
                // What is nobody's standard is nobody's dialect either.
                let is_ours = &found[1] == category;
                spelling.preferred |= is_ours && tag.is_none();
                spelling.accepted |= is_ours && matches!(tag, None | Some("Eq" | "Variant" | "Possible"));
            }
        }
        accepted.extend(spellings.iter().filter(|(_, spelling)| spelling.accepted).map(|(word, _)| (*word).to_owned()));
        let preferred: Vec<&&str> = spellings.iter().filter(|(_, spelling)| spelling.preferred).map(|(word, _)| word).collect();
        let [right] = preferred[..] else { continue };
        for wrong in spellings.iter().filter(|(_, spelling)| !spelling.accepted).map(|(word, _)| *word) {
            let is_plain = |word: &str| word.chars().all(char::is_lowercase) && word.chars().count() > 2;
            if is_plain(wrong) && is_plain(right) && is_word(wrong) && is_word(right) {
                rights.entry(wrong.to_owned()).or_default().insert((*right).to_owned());
                if is_special {
                    special.insert(wrong.to_owned());
                }
            }
        }
    }
    let rows = rights.into_iter().filter_map(|(wrong, rights)| {
        let right = rights.first()?.clone();
        // A word that is right in one of its senses nearly always is: a bank's check among all the others.
        if accepted.contains(&wrong) {
            return None;
        }
        let several: Vec<&str> = rights.iter().map(String::as_str).collect();
        let why = if let [_] = several[..] {
            String::new()
        } else {
            format!("This is spelled “{}”, after its sense.", several.join("” or “"))
        };
        let asks = several.len() > 1 || special.contains(&wrong) || OTHER_SENSES.iter().any(|word| wrong.starts_with(word));
        Some((wrong, Row { right, asks, why }))
    });
    Ok(rows.collect())
}
