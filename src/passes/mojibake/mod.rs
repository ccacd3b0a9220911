//! Text that was decoded with the wrong encoding.
//!
//! `cafÃ©` is UTF-8 that somebody read as windows-1252, `don<92>t` windows-1252 read as Latin-1. Both are read again as
//! what they were, as often as somebody read them wrongly, and only where nothing else explains them: characters that
//! stand side by side in no right text. Where one such place is found in a text, others in it are put right with it
//! that alone could be what they seem. What is left alone: capitals before marks (`MARQUÉ…`), formulas (`√π`), a letter
//! that is spoken of (`é appears as Ã©`), everything that would become what is hardly ever written.
//!
//! The pass also asks about bytes that are not of the text's encoding, and about HTML entities.
//!
//! Example: `The cafÃ© in Beâ€™er Sheva` becomes `The café in Be’er Sheva`.

mod composed;
mod entity;
mod reading;
mod stray;
mod unit;

use std::cmp::Reverse;
use std::ops::Range;

use memchr::memchr_iter;

use self::composed::{Composed, is_mark};
use self::reading::{LineReading, ReadCharacter};
use self::unit::{ByteUnit, Grade, LONGEST, is_c1};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, View, built_in};
use crate::edit::{Edit, RuleNumber, Span, Zone};
use crate::input::code_page::CodePage;
use crate::input::stray_byte;
use crate::rules::Style;

/// The behaviours that a rule can stand for.
const BUILT_INS: &[&str] = &[
    "utf-8-as-windows-1252",
    "utf-8-as-windows-1251",
    "utf-8-as-windows-1250",
    "utf-8-as-iso-8859-2",
    "utf-8-as-macintosh",
    "utf-8-as-cp437",
    "utf-8-as-windows-1254",
    "utf-8-as-windows-1257",
    "utf-8-as-windows-1253",
    C1,
    STRAY_BYTES,
    ENTITIES,
];

const C1: &str = "windows-1252-as-latin-1";
const STRAY_BYTES: &str = "stray-bytes";
const ENTITIES: &str = "html-entities";

const CONTRACT: Contract = Contract { says: "characters beyond ASCII, the spaces that touch them, and HTML entities", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec {
    built_ins: BUILT_INS,
    enters: &[Zone::Hashtag],
    asks_about_bytes: Some("mojibake/stray-bytes"),
    ..PassSpec::new("mojibake", CONTRACT, |rules, style| Box::new(Mojibake::in_style(rules, style)))
};

impl PassName {
    /// Text that was decoded with the wrong encoding.
    pub const MOJIBAKE: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Mojibake {
    style: Style,
    pages: Vec<WrongPage>,
    /// What a character may begin or go on, a bit for each page: from U+0080.
    signs: Vec<Signs>,
    c1: Option<RuleNumber>,
    stray_bytes: Option<RuleNumber>,
    entities: Option<RuleNumber>,
}

/// A code page as which UTF-8 was read.
#[derive(Debug)]
struct WrongPage {
    rule: RuleNumber,
    page: CodePage,
}

/// The pages in which a character is a first byte of UTF-8, and those in which it is another.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    first: u16,
    other: u16,
}

/// Whether a page is one of a set.
fn holds(pages: u16, number: usize) -> bool {
    pages & (1 << number) != 0
}

impl Mojibake {
    /// The pass with these rules.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self::in_style(rules, Style::Straight)
    }

    /// The pass with these rules, for a run in this style.
    pub fn in_style(rules: PassRules<'_>, style: Style) -> Self {
        let wrong_page = |name: &&str| Some((built_in(rules, name)?, CodePage::named(name.strip_prefix("utf-8-as-")?)?));
        let pages: Vec<_> = BUILT_INS.iter().filter_map(wrong_page).map(|(rule, page)| WrongPage { rule, page }).collect();
        let mut signs = Vec::new();
        for (number, WrongPage { page, .. }) in pages.iter().enumerate() {
            for (c, byte) in page.characters() {
                let at = u32::from(c) as usize - 0x80;
                if signs.len() <= at {
                    signs.resize(at + 1, Signs::default());
                }
                signs[at].first |= u16::from(byte >= 0xC2) << number;
                signs[at].other |= u16::from(byte < 0xC0) << number;
            }
        }
        Self {
            style,
            pages,
            signs,
            c1: built_in(rules, C1),
            stray_bytes: built_in(rules, STRAY_BYTES),
            entities: built_in(rules, ENTITIES),
        }
    }

    fn signs(&self, c: char) -> Signs {
        (u32::from(c) as usize).checked_sub(0x80).and_then(|at| self.signs.get(at)).copied().unwrap_or_default()
    }

    /// The pages for which the text holds certain proof, and whether it has controls of the upper half.
    fn evidence(&self, text: &str) -> Evidence {
        let mut evidence = Evidence::default();
        let mut before = None;
        let mut rest = text;
        while let Some(skipped) = find_non_ascii(rest.as_bytes()) {
            let mut passed = rest[..skipped].chars();
            let last = passed.next_back();
            let start = match last {
                // A letter of ASCII with a mark is a letter beyond it.
                Some(last) if rest[skipped..].starts_with(is_mark) => skipped - last.len_utf8(),
                _ => skipped,
            };
            before = if start == skipped { last } else { passed.next_back() }.or(before);
            rest = &rest[start..];
            let mut chars = Composed { rest };
            let Some((c, _)) = chars.next() else { break };
            let next = chars.clone().next().map(|(next, _)| next);
            evidence.has_c1 |= is_c1(c);
            let pages = self.signs(c).first & next.map_or(0, |next| if next == ' ' { u16::MAX } else { self.signs(next).other });
            if pages & !evidence.pages != 0 {
                self.look(before, rest, pages, &mut evidence.pages);
            }
            before = Some(c);
            rest = chars.rest;
        }
        evidence
    }

    #[cold]
    fn look(&self, before: Option<char>, rest: &str, pages: u16, certain: &mut u16) {
        // On the stack: in some languages every text has such places, and nothing wrong.
        let mut window = ['\0'; 3 * LONGEST];
        let length = window.iter_mut().zip(Composed { rest }).map(|(place, (c, _))| *place = c).count();
        let chars = &window[..length];
        for (number, WrongPage { page, .. }) in self.pages.iter().enumerate().filter(|(number, _)| holds(pages, *number)) {
            let is_certain = ByteUnit::read(page, chars)
                .is_some_and(|unit| unit.grade(before, chars, unit::run(page, chars), self.style) == Grade::Certain)
                || reading::is_certain_torn_letter(page, before, chars);
            *certain |= u16::from(is_certain) << number;
        }
    }

    /// Reads the lines again in which there is something to read.
    fn read_again<'r>(&'r self, text: &str, evidence: Evidence, edits: &mut Vec<Edit<'r>>) {
        // Of a word that spoils its own evidence nothing is proven.
        let of_page = |line: Range<usize>, page| LineReading::of(text, line, self.style).units(page, false).certain > 0;
        let pages = self.pages.iter().enumerate().filter(|(number, _)| holds(evidence.pages, *number));
        let proven = pages.filter(|(_, WrongPage { page, .. })| lines(text).any(|line| of_page(line, page)));
        let proven = proven.fold(0, |proven, (number, _)| proven | 1 << number);
        for line in lines(text) {
            let mut reading = LineReading::of(text, line, self.style);
            self.read_line(&mut reading, proven);
            if self.c1.is_some_and(|rule| reading.read_c1(rule)) {
                // Marks that came out may be the bytes of others.
                self.read_line(&mut reading, 0);
            }
            push_edits(&reading.into_pieces(), text, edits);
        }
    }

    /// What was read wrongly twice is read again twice.
    fn read_line(&self, reading: &mut LineReading, mut evident: u16) {
        for _ in 0..MOST_LAYERS {
            let pages = self.pages.iter().enumerate();
            let units = pages.map(|(number, WrongPage { page, rule })| (reading.units(page, holds(evident, number)), *rule, page));
            // The page that explains the most; of two alike the first in the list.
            let best = units.rev().max_by_key(|(units, ..)| (units.certain, Reverse(units.misfits), units.found.len()));
            let Some((units, rule, page)) = best.filter(|(units, ..)| units.certain > 0 || !units.found.is_empty()) else { return };
            reading.apply(&units, rule, page);
            // What comes out has to prove itself anew: it may be right.
            evident = 0;
        }
    }
}

/// By blocks, which a processor looks at as a whole: nearly all of many texts is passed over here.
fn find_non_ascii(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 64;
    let start = bytes.chunks(BLOCK).take_while(|block| block.is_ascii()).count() * BLOCK;
    bytes.get(start..)?.iter().position(|byte| !byte.is_ascii()).map(|at| start + at)
}

/// The lines that are not ASCII alone.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).chain([text.len()]);
    let line = |start: &mut usize, end| Some(std::mem::replace(start, end)..end);
    ends.scan(0, line).filter(|line| !text[line.clone()].is_ascii())
}

/// A text may have been read wrongly so often. The worst that was seen in the wild were four times.
const MOST_LAYERS: usize = 6;

/// What a text proves of itself.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    pages: u16,
    has_c1: bool,
}

impl Pass for Mojibake {
    fn name(&self) -> PassName {
        PassName::MOJIBAKE
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        if let Some(rule) = self.entities {
            entity::propose(rule, view.text, edits);
        }
        if let (Some(rule), Some(looks_like)) = (self.stray_bytes, view.stray) {
            stray::propose(rule, view.text, looks_like, edits);
        }
        let evidence = self.evidence(view.text);
        if evidence.pages != 0 || evidence.has_c1 && self.c1.is_some() {
            self.read_again(view.text, evidence, edits);
        }
        Ok(())
    }
}

/// An edit for each place where something was read again; what belongs together is one.
fn push_edits(pieces: &[ReadCharacter], text: &str, edits: &mut Vec<Edit<'_>>) {
    for group in pieces.chunk_by(|a, b| a.rule.is_some() && b.rule.is_some()) {
        let (first, last) = (&group[0], &group[group.len() - 1]);
        let Some(rule) = first.rule else { continue };
        let at: Range<usize> = first.at.start..last.at.end;
        let with: String = group.iter().map(|piece| piece.c).collect();
        if text[at.clone()] != with {
            edits.push(Edit::replace(rule, Span::new(at.start, at.end), with));
        }
    }
}

/// Letters of ASCII stay, but where marks follow that make others of them, where bytes of another encoding hold them
/// or the name of an entity does.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    let touches = !found.is_ascii() || text[..edit.at.start].chars().next_back().is_some_and(|c| !c.is_ascii());
    let is_entity = found.starts_with('&') && found.ends_with(';');
    touches && Composed { rest: found }.all(|(c, _)| !c.is_ascii_alphanumeric())
        || is_entity
        || found.chars().any(|c| stray_byte(c).is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::passes::{Extent, proof};

    fn shipped() -> Mojibake {
        Mojibake::new(&proof::numbered(&proof::shipped(PassName::MOJIBAKE)))
    }

    fn read_again(text: &str) -> String {
        let without_entities = Mojibake { entities: None, ..shipped() };
        proof::run(&without_entities, text, Extent::Whole)
    }

    /// A text as somebody reads it who takes its bytes for something else.
    fn misread(text: &str, page: &str) -> String {
        let page = CodePage::named(page).expect("it is known");
        let character = |byte: &u8| page.characters().find(|(_, of)| of == byte).map_or(char::from(*byte), |(c, _)| c);
        text.as_bytes().iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { character(byte) }).collect()
    }

    #[test]
    fn what_was_misread_is_read_again_whatever_it_was_taken_for() {
        let text = "The café in Be’er Sheva – “reopened” for €2m…";
        for page in ["windows-1252", "windows-1251", "windows-1250", "iso-8859-2", "macintosh", "cp437", "windows-1254", "windows-1257"] {
            assert_eq!(read_again(&misread(text, page)), text, "{page}");
        }
        assert_eq!(read_again(&misread(&misread(text, "windows-1252"), "windows-1252")), text, "twice");
        assert_eq!(read_again(&misread(&misread(text, "macintosh"), "windows-1252")), text, "in two ways");
    }

    #[test]
    fn each_page_knows_its_own_rule() {
        let [edit] = &proof::edits(&shipped(), "wei√ü")[..] else { panic!("one place") };
        assert_eq!((edit.1, edit.2, edit.3.as_str()), (3, 8, "ß"));
    }

    #[test]
    fn right_text_beside_it_stays() {
        assert_eq!(read_again("L’été, FranÃ§ois; «MARQUÉ…» √π"), "L’été, François; «MARQUÉ…» √π");
    }

    #[test]
    fn a_byte_that_was_lost_leaves_its_sign() {
        assert_eq!(read_again("cafÃ© ä½\u{FFFD}Ã±"), "café \u{FFFD}ñ");
        assert_eq!(read_again("dÃ©jÃ  vu, et Ã s'en aller"), "déjà vu, et à s'en aller");
        assert_eq!(read_again("atÃ© Ã s 19h"), "até às 19h");
        assert_eq!(read_again("â€œYes,â€ he said, donâ€™t."), "“Yes,” he said, don’t.");
    }

    #[test]
    fn a_line_end_of_latin_1_is_no_ellipsis() {
        assert_eq!(read_again("one\u{85}two"), "one\u{85}two");
        assert_eq!(read_again("end\u{85}"), "end\u{85}");
    }

    #[test]
    fn the_shipped_rules_hold() {
        proof::prove(PassName::MOJIBAKE, Mojibake::new, &[]);
    }

    proptest! {
        #[test]
        fn text_of_one_script_stays(text in "[a-zà-öø-ÿ]{0,6}[’”»…–]?( [A-ZÀ-ÖØ-Ý]?[a-zà-ÿ]{0,5}[,.’”…]?){0,6}") {
            prop_assume!(!text.contains(['÷', '×']));
            prop_assert_eq!(read_again(&text), text);
        }

        #[test]
        fn what_comes_out_stays(text in "([a-zA-Z éÃÂâ€™©œ\u{80}\u{99}Ð±ÑŠ]|Ã©|â€™){0,24}") {
            let once = read_again(&text);
            prop_assert_eq!(read_again(&once), once);
        }
    }
}
