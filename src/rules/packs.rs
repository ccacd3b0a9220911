//! Large lists of words that a project may switch on.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::{RuleDir, did_you_mean};

/// A list of words that comes with emendo and is off unless a project names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its name, which is that of its table too: the rule about `possibilty` is `typos/english/possibilty`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub says: &'static str,
    /// Whether it makes all spellings those of one dialect.
    pub is_dialect: bool,
    defaults: &'static str,
    packed: &'static [u8],
}

macro_rules! pack {
    ($name:literal, $is_dialect:literal, $says:literal) => {
        Pack {
            name: $name,
            says: $says,
            is_dialect: $is_dialect,
            defaults: include_str!(concat!("../../rules/packs/", $name, ".toml")),
            packed: include_bytes!(concat!("../../rules/packs/", $name, ".tsv.gz")),
        }
    };
}

static PACKS: [Pack; 4] = [
    pack!("american", true, "American spelling: color, organize, center."),
    pack!("british", true, "British spelling with -ise: colour, organise, centre."),
    pack!("english", false, "Misspellings of English words: possibilty, annnounced."),
    pack!("oxford", true, "British spelling with -ize: colour, organize, centre."),
];

/// All packs, sorted by name.
pub fn packs() -> &'static [Pack] {
    &PACKS
}

/// Why packs cannot be switched on together, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// There is no pack of this name.
    #[error("There is no pack `{name}`. {}", did_you_mean(.name, &PACKS.map(|pack| pack.name)))]
    UnknownPack {
        /// The name.
        name: String,
    },
    /// Two packs make the spellings those of two dialects.
    #[error("The packs {one} and {other} undo each other: a text is spelled in one dialect. Leave one of them out.")]
    TwoDialects {
        /// The first, in the order of the names.
        one: &'static str,
        /// The second.
        other: &'static str,
    },
}

/// The packs of these names, each once, in the order of their names.
///
/// # Errors
/// When there is no pack of a name, or when two of them are of dialects.
pub fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Vec<&'static Pack>, PackError> {
    let mut found: Vec<&Pack> = Vec::new();
    for name in names {
        let pack = PACKS.iter().find(|pack| pack.name == name);
        found.push(pack.ok_or_else(|| PackError::UnknownPack { name: name.to_owned() })?);
    }
    found.sort_by_key(|pack| pack.name);
    found.dedup();
    let dialects: Vec<&str> = found.iter().filter(|pack| pack.is_dialect).map(|pack| pack.name).collect();
    match &dialects[..] {
        [one, other, ..] => Err(PackError::TwoDialects { one, other }),
        _ => Ok(found),
    }
}

/// Whether a rule with this full id makes spellings those of a dialect.
pub(super) fn is_of_dialect(id: &str) -> bool {
    let table = id.strip_prefix("typos/").and_then(|rest| rest.split_once('/'));
    table.is_some_and(|(table, _)| PACKS.iter().any(|pack| pack.is_dialect && pack.name == table))
}

impl Pack {
    /// Its files, as a folder of rules would hold them.
    #[expect(clippy::missing_panics_doc, reason = "a test reads the packs that come with emendo")]
    pub fn dir(&self) -> RuleDir {
        let mut table = String::new();
        GzDecoder::new(self.packed).read_to_string(&mut table).expect("a test reads the packs that come with emendo");
        let files = vec![(format!("typos/{}.toml", self.name), self.defaults.to_owned()), (format!("typos/{}.tsv", self.name), table)];
        RuleDir { name: format!("pack {}", self.name), files, is_pack: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Find, Policy, Rule, load};

    fn rules(pack: &Pack) -> Vec<Rule> {
        let errors = |errors: Vec<crate::rules::Diagnostic>| errors.iter().map(|error| error.render(false)).collect::<String>();
        let knowledge = load(false, &[pack.dir()]).map_err(errors).expect("packs have no errors");
        knowledge.rules.iter().map(|(_, rule)| rule.clone()).collect()
    }

    #[test]
    fn packs_are_sorted_and_have_words() {
        assert!(PACKS.is_sorted_by_key(|pack| pack.name));
        for pack in packs() {
            let rules = rules(pack);
            assert!(rules.len() > 2000, "{}", pack.name);
            assert!(rules.iter().all(|rule| rule.id.starts_with(&format!("typos/{}/", pack.name)) && rule.origin.shipped), "{}", pack.name);
        }
    }

    #[test]
    fn what_may_be_another_word_asks() {
        let english = rules(named(["english"]).expect("it is there")[0]);
        let of = |word: &str| english.iter().find(|rule| matches!(&rule.find, Find::Words { wrong, .. } if wrong == word));
        assert_eq!(of("possibilty").map(|rule| rule.policy), Some(None));
        for word in ["ahve", "aache", "publick", "preventin"] {
            assert!(of(word).is_none_or(|rule| rule.policy == Some(Policy::Ask)), "{word}");
        }
        assert!(["calender", "mornin", "agression"].iter().all(|word| of(word).is_none_or(|rule| rule.policy == Some(Policy::Ask))));
        let why = of("aache").map(|rule| &*rule.why);
        assert!(why.is_none_or(|why| why.contains("“ache”")), "{why:?}");
    }

    #[test]
    fn no_pack_corrects_what_is_a_word() {
        for rule in rules(named(["english"]).expect("it is there")[0]) {
            let Find::Words { wrong, .. } = &rule.find else { panic!("{} is about a word", rule.id) };
            assert!(!crate::rules::lexicon::is_word(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_name_that_is_none_and_two_dialects_are_refused() {
        let message = |names: &[&str]| named(names.iter().copied()).expect_err("they are wrong").to_string();
        assert_eq!(message(&["englisch"]), "There is no pack `englisch`. Did you mean `english`?");
        assert!(message(&["british", "english", "american"]).contains("american and british undo each other"));
        assert_eq!(named(["english", "english"]).map(|packs| packs.len()), Ok(1));
    }
}
