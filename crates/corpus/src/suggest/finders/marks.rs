//! Stray quotation marks and characters that nobody types.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::{number, squash};
use crate::suggest::characters::Characters;
use crate::suggest::proposal::{Fix, Proposal, ProposalKind};
use crate::suggest::words::{Words, lookalike};
use emendo_core::rules::PassName;

/// All proposals for marks that were typed for others.
pub fn find_strays(characters: &Characters) -> Vec<Proposal> {
    let patterns = characters.strays().filter(|(_, seen)| seen.count > 1).map(|(stray, seen)| {
        let fix = Fix::Pattern {
            pass: PassName::QUOTES,
            id: stray.id.to_owned(),
            find: stray.find.to_owned(),
            becomes: stray.becomes.to_owned(),
            example: None,
        };
        let start = if stray.is_doubtful { 0.4 } else { 1.4 };
        let confidence = squash(start + 0.4 * (number(seen.documents) - 1.0).min(3.0));
        Proposal { why: stray.why.into(), asks: stray.is_doubtful, ..Proposal::new(ProposalKind::Quotes, fix, seen, confidence) }
    });
    let low = characters.low();
    let advice = (low.count > 1).then(|| {
        let fix = Fix::Advice {
            seen: "two commas typed for a low mark: ,,".into(),
            write: "no pass may make a mark of commas: correct them in the source, or by hand with emendo review".into(),
        };
        Proposal { why: "Two commas typed for a low mark.".into(), ..Proposal::new(ProposalKind::Quotes, fix, low, 0.6) }
    });
    patterns.chain(advice).collect()
}

/// All proposals for words with letters of two scripts.
pub fn find_lookalikes(words: &Words) -> Vec<Proposal> {
    let of = |(word, seen): (&str, &crate::suggest::occurrence::Occurrences)| {
        let right: String = word.chars().map(|c| lookalike(c).unwrap_or(c)).collect();
        let is_known = words.get(&right.to_lowercase()).is_some() || emendo_core::rules::lexicon::is_word(&right);
        let fix = Fix::Words { wrong: word.to_owned(), right, case: Some("exact") };
        let why = "Letters of another script that look like Latin ones.".to_owned();
        Proposal { why, asks: !is_known, ..Proposal::new(ProposalKind::Characters, fix, seen, if is_known { 0.97 } else { 0.6 }) }
    };
    words.mixed().into_iter().map(of).collect()
}

/// All proposals for unusual characters.
pub fn find_characters(characters: &Characters) -> Vec<Proposal> {
    characters.unusual().map(|(c, seen)| unusual(c, seen)).collect()
}

fn unusual(c: char, seen: &crate::suggest::occurrence::Occurrences) -> Proposal {
    let code = format!("U+{:04X}", u32::from(c));
    let pattern = |pass, becomes: &str| Fix::Pattern {
        pass,
        id: format!("character-{:04x}", u32::from(c)),
        find: format!("\\x{{{:X}}}", u32::from(c)),
        becomes: becomes.to_owned(),
        example: None,
    };
    let advice = |seen: &str, write: &str| Fix::Advice { seen: format!("{seen} {code}"), write: write.to_owned() };
    let (fix, why, confidence) = match c.general_category() {
        GeneralCategory::Format | GeneralCategory::Control => {
            (pattern(PassName::UNICODE, ""), format!("The invisible character {code}, which the rest of the corpus does without."), 0.55)
        }
        GeneralCategory::SpaceSeparator => (pattern(PassName::SPACES, " "), format!("The blank {code} in place of the usual one."), 0.6),
        GeneralCategory::PrivateUse => (
            advice(
                "the private character",
                "find out from the source what its font shows there; then emendo rules add --pass mojibake --find … --becomes …",
            ),
            "A character that means something only in the font of its source.".to_owned(),
            0.6,
        ),
        _ => (
            advice("the character", "text was lost before it came here: take the source again, or declare its encoding with --encoding"),
            "A character that stands for something that was lost.".to_owned(),
            0.6,
        ),
    };
    Proposal { why, ..Proposal::new(ProposalKind::Characters, fix, seen, confidence) }
}
