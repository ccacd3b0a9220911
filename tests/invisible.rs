//! Every character that is not seen is either the business of a rule or left alone for a reason.
//!
//! Which characters there are, and which of them are not seen, is read from the tables of the libraries in use: whoever
//! raises their version learns here what Unicode has added.

use std::sync::Arc;

use emendo_core::review::Bound;
use emendo_core::rules::{self, Caps, PassName, Policy, Style};
use emendo_core::{chain::Chain, clean::clean, document::Document};
use regex::Regex;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What stays on purpose, also where nothing speaks for it.
#[rustfmt::skip]
const KEPT: &[(char, char, &str)] = &[
    ('\u{9}', '\u{9}', "A tab parts columns."),
    ('\u{A}', '\u{A}', "The line feed."),
    ('\u{B}', '\u{C}', "A line that is broken or a page that ends was put there by the author."),
    ('\u{20}', '\u{20}', "The space."),
    ('\u{A0}', '\u{A0}', "A no-break space binds a number to its unit."),
    ('\u{600}', '\u{605}', "Arabic signs round or under a number are drawn."),
    ('\u{6DD}', '\u{6DD}', "The sign for the end of an ayah is drawn."),
    ('\u{70F}', '\u{70F}', "The Syriac mark of an abbreviation is drawn."),
    ('\u{890}', '\u{891}', "Arabic currency signs over a number are drawn."),
    ('\u{8E2}', '\u{8E2}', "The sign for a disputed end of an ayah is drawn."),
    ('\u{1680}', '\u{1680}', "The space of Ogham is drawn as a line in many fonts."),
    ('\u{2002}', '\u{200A}', "Spaces of another width are typography; whether they go is a question of style."),
    ('\u{202F}', '\u{202F}', "French marks stand behind it."),
    ('\u{205F}', '\u{205F}', "A space of formulas."),
    ('\u{3000}', '\u{3000}', "The space of Chinese and Japanese."),
    ('\u{110BD}', '\u{110BD}', "The Kaithi number sign is drawn."),
    ('\u{110CD}', '\u{110CD}', "The Kaithi number sign above is drawn."),
    ('\u{13430}', '\u{1343F}', "Egyptian hieroglyphs are put together with these."),
];

fn kept(c: char) -> Option<&'static str> {
    KEPT.iter().find(|(from, to, _)| (*from..=*to).contains(&c)).map(|(.., reason)| *reason)
}

fn unseen() -> impl Iterator<Item = char> {
    let ignorable = Regex::new(r"\p{Default_Ignorable_Code_Point}").expect("a property of Unicode");
    let noncharacter = Regex::new(r"\p{Noncharacter_Code_Point}").expect("a property of Unicode");
    (char::MIN..=char::MAX).filter(move |c| {
        let category = c.general_category();
        matches!(
            category,
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::SpaceSeparator
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        ) || matches!(c, '\u{2800}' | '\u{FFFC}')
            || ignorable.is_match(c.encode_utf8(&mut [0; 4]))
            || noncharacter.is_match(c.encode_utf8(&mut [0; 4]))
    })
}

/// Whether a rule does or asks something about the character between Latin letters, or between a letter and a full stop.
fn touched(chain: &Chain, c: char) -> bool {
    [format!("a{c}b"), format!("a{c}.")].iter().any(|text| {
        let document = Document { lang: Some("en"), ..Document::new("a.txt", text) };
        let cleaned = clean(&document, chain, &Bound::default()).expect("no pass leaves its contract");
        cleaned.changes.iter().any(|change| change.before.contains(c))
    })
}

#[test]
fn each_unseen_character_has_a_rule_or_a_reason() {
    let knowledge = rules::load_shipped();
    let caps = PassName::ALL.into_iter().filter(|pass| ![PassName::UNICODE, PassName::SPACES].contains(pass));
    let caps = Caps { caps: caps.map(|pass| (Some(pass), Policy::Off)).collect() };
    let chain = Chain::new(Arc::new(knowledge.rules.in_style(Style::Straight)), &knowledge.chain, &caps);
    let mut faults = Vec::new();
    for c in unseen() {
        match (touched(&chain, c), kept(c)) {
            (true, Some(reason)) => faults.push(format!("U+{:04X} is touched, but: {reason}", u32::from(c))),
            (false, None) => faults.push(format!("U+{:04X} has no rule and no reason", u32::from(c))),
            _ => {}
        }
    }
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_is_kept_is_unseen_and_the_list_is_sorted() {
    let unseen: Vec<char> = unseen().collect();
    assert!(KEPT.iter().all(|(from, to, _)| (*from..=*to).all(|c| unseen.contains(&c))));
    assert!(KEPT.windows(2).all(|pair| pair[0].1 < pair[1].0));
}

#[test]
fn the_tables_are_of_one_version_that_is_not_older_than_unicode_16() {
    let (composing, categories) = (unicode_normalization::UNICODE_VERSION, unicode_properties::UNICODE_VERSION);
    assert!(composing >= (16, 0, 0), "{composing:?}");
    assert!(categories >= (16, 0, 0), "{categories:?}");
    // U+1C8A, U+10D69 and U+1611E came with Unicode 16: a letter, a mark, and one half of a composition.
    assert_eq!('\u{1C8A}'.general_category(), GeneralCategory::LowercaseLetter);
    assert_eq!(unicode_normalization::char::canonical_combining_class('\u{10D69}'), 230);
    assert_eq!(unicode_normalization::char::compose('\u{1611E}', '\u{1611E}'), Some('\u{16121}'));
    assert!(Regex::new(r"^\p{Ll}\p{Garay}$").expect("a script of Unicode 16").is_match("\u{1C8A}\u{10D69}"));
}
