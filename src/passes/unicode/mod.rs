//! Invisible and control characters that carry nothing, and canonical composition.
//!
//! They come in with copied web pages (zero-width spaces, byte order marks), with converted
//! documents (control characters), with templates that isolate every name for a script that the
//! text is not written in (bidi marks), with marking of copied text (joiners, tags), and from file
//! systems and PDFs that keep letters decomposed (`u` + U+0308). Nobody sees them, and no search
//! finds the word that holds one.
//!
//! What it leaves alone:
//! - joiners in emoji and beside any script but Latin: Persian and the scripts of India spell with them;
//! - zero-width spaces in lines of Thai, Lao, Khmer, Burmese, Tibetan and their kin: they part words there;
//! - bidi marks in every line that holds a right-to-left letter, balanced or not: what to do with an unbalanced one is for a person to say;
//! - tag characters that make a flag; variation selectors after what may be varied; Hangul fillers, selectors, operators and
//!   controls of layout in the scripts and notations that they are for; white space, which is for `spaces`;
//! - format characters that are drawn, such as the Arabic number sign;
//! - compatibility forms (`ﬁ`, `³`, full-width letters): NFC only, never NFKC.
//!
//! Example: `zero⟦U+200B⟧width Tu⟦U+0308⟧rk` becomes `zerowidth Türk`.
//!
//! "NFC of the text with the removals made": where removing a character lets two others compose, that
//! is one edit. Text is composed piece by piece, each from one stable character (combining class 0,
//! `NFC_Quick_Check=Yes`) to the next, which gives NFC of the whole (UAX #15, section 9).

mod context;

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use self::context::{CharacterContext, KEEP_IN};
use super::first_bytes::FirstBytes;
use super::pattern::{Patterns, Trim};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, View, built_in};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::line;
use crate::rules::{Find, Policy};

/// The behaviours that a rule can stand for.
const BUILT_INS: &[&str] = &[NOT_NFC];

const NOT_NFC: &str = "not-nfc";

const CONTRACT: Contract =
    Contract { says: "invisible and control characters, and which of its canonical or compatible forms a character has", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec =
    PassSpec { built_ins: BUILT_INS, contexts: KEEP_IN, ..PassSpec::new("unicode", CONTRACT, |rules, _| Box::new(Unicode::new(rules))) };

impl PassName {
    /// Invisible and control characters, canonical composition.
    pub const UNICODE: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Unicode {
    listed: Vec<Listed>,
    compose: Option<RuleNumber>,
    patterns: Patterns,
    /// With what a character of interest may begin.
    wakes: FirstBytes,
}

/// A range of code points, and what becomes of them. Ranges are disjoint and sorted.
#[derive(Clone, Debug)]
struct Listed {
    from: char,
    to: char,
    rule: RuleNumber,
    asks: bool,
    becomes: String,
    keep_in: Vec<CharacterContext>,
}

impl Unicode {
    /// The pass with these rules.
    pub fn new(rules: PassRules<'_>) -> Self {
        let mut listed = Vec::new();
        for (number, rule) in rules {
            let Find::Characters { chars, becomes, keep_in } = &rule.find else { continue };
            let keep_in: Vec<_> = keep_in.iter().filter_map(|name| CharacterContext::from_name(name)).collect();
            for &(from, to) in chars {
                let asks = rule.policy == Some(Policy::Ask);
                list(&mut listed, Listed { from, to, rule: *number, asks, becomes: becomes.clone(), keep_in: keep_in.clone() });
            }
        }
        let compose = built_in(rules, NOT_NFC);
        let wakes = wakes(&listed, compose.is_some());
        Self { listed, compose, patterns: Patterns::new(rules), wakes }
    }

    fn listed(&self, c: char) -> Option<&Listed> {
        let found = self.listed.get(self.listed.partition_point(|range| range.to < c))?;
        (found.from <= c).then_some(found)
    }

    /// Whether a rule lists the character to remove it.
    fn removes(&self, c: char) -> bool {
        self.listed(c).is_some_and(|listed| listed.becomes.is_empty())
    }

    /// The first character of what a rule puts in the place of this one; itself if none does.
    fn replaced(&self, c: char) -> char {
        self.listed(c).and_then(|listed| listed.becomes.chars().next()).unwrap_or(c)
    }

    /// Whether a composed text can be cut before this character.
    fn is_stable(&self, c: char) -> bool {
        self.compose.is_none()
            || c < '\u{300}'
            || (canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes)
    }
}

impl Pass for Unicode {
    fn name(&self) -> PassName {
        PassName::UNICODE
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        if self.wakes.find(view.text, 0).is_some() {
            Scan::new(self, view.text, edits).run();
        }
        self.patterns.propose(view, Trim::Characters, edits)
    }
}

/// Both sides show the same, white space takes the place of what shows nothing, or the sign of what was lost that of what
/// is no character.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    let shown = |text: &str| text.chars().filter(|c| !is_invisible(*c)).nfkd().collect::<String>();
    let parts_words = !found.is_empty() && found.chars().all(is_invisible) && edit.with.chars().all(char::is_whitespace);
    let marks_loss = !found.is_empty() && found.chars().all(is_noncharacter) && edit.with.chars().all(|c| c == char::REPLACEMENT_CHARACTER);
    parts_words || marks_loss || shown(found) == shown(&edit.with)
}

/// Control and format characters, what Unicode calls ignorable by default, the placeholder of an object and the empty
/// pattern of Braille.
fn is_invisible(c: char) -> bool {
    match c.general_category() {
        GeneralCategory::Control => !c.is_whitespace(),
        GeneralCategory::Format => true,
        _ => matches!(c, '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2065}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{FFFC}'
            | '\u{E0000}'..='\u{E0FFF}'),
    }
}

/// The code points that are for the inside of programs (Unicode 16.0, section 23.7).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Adds a range, except where an earlier rule already lists the characters.
fn list(listed: &mut Vec<Listed>, new: Listed) {
    let mut from = Some(new.from);
    let mut parts = Vec::new();
    for old in listed.iter().filter(|old| old.from <= new.to && new.from <= old.to) {
        let Some(start) = from else { break };
        parts.extend((start..old.from).next_back().map(|to| Listed { from: start, to, ..new.clone() }));
        from = (old.to..=char::MAX).nth(1).map(|next| next.max(start));
    }
    if let Some(from) = from.filter(|from| *from <= new.to) {
        parts.push(Listed { from, ..new });
    }
    listed.extend(parts);
    listed.sort_by_key(|range| range.from);
}

fn wakes(listed: &[Listed], compose: bool) -> FirstBytes {
    let mut wakes = FirstBytes::none();
    for range in listed {
        wakes.add(range.from, range.to);
    }
    if compose || !listed.is_empty() {
        // All below U+0300 is composed as it stands, and is no combining mark.
        wakes.add('\u{300}', char::MAX);
    }
    wakes
}

/// One character as it will be.
#[derive(Clone, Copy)]
struct Piece<'r> {
    start: usize,
    end: usize,
    listed: Option<&'r Listed>,
}

/// One walk through a text.
struct Scan<'r, 't, 'e> {
    pass: &'r Unicode,
    text: &'t str,
    edits: &'e mut Vec<Edit<'r>>,
    /// The neighbour before: the last character that is neither to go nor a combining mark.
    before: Option<usize>,
    /// Where the run of such characters that was looked at last ends: the neighbour after.
    after: usize,
    /// Where the run of characters that are to go ends that was looked at last.
    remains: usize,
    /// The neighbour before the last variation selector.
    selected: Option<usize>,
    /// The line that was looked at last, and what is known of it.
    line: Range<usize>,
    known: Vec<(CharacterContext, bool)>,
}

impl<'r, 't, 'e> Scan<'r, 't, 'e> {
    fn new(pass: &'r Unicode, text: &'t str, edits: &'e mut Vec<Edit<'r>>) -> Self {
        Self { pass, text, edits, before: None, after: 0, remains: 0, selected: None, line: 0..0, known: Vec::new() }
    }

    fn run(mut self) {
        let mut base = None;
        let mut at = 0;
        while let Some(found) = self.pass.wakes.find(self.text, at) {
            if found > at {
                at = found;
                base = self.text[..at].char_indices().next_back().map(|(last, _)| last);
                self.before = base;
            }
            let piece = self.piece(at);
            if self.starts_afresh(piece) && piece.listed.is_none() {
                base = Some(at);
                at = piece.end;
            } else {
                (base, at) = self.unstable(base, piece);
            }
        }
    }

    /// The character at `at`, and its rule unless it stands where the rule keeps it.
    fn piece(&mut self, at: usize) -> Piece<'r> {
        let c = self.text[at..].chars().next().expect("the walk stops at the end of the text");
        let end = at + c.len_utf8();
        let Some(listed) = self.pass.listed(c) else {
            if !context::is_mark(c) {
                self.before = Some(at);
            }
            return Piece { start: at, end, listed: None };
        };
        let kept = listed.keep_in.iter().any(|context| self.holds(*context, at));
        if !listed.becomes.is_empty() {
            self.before = Some(at);
        }
        Piece { start: at, end, listed: (!kept).then_some(listed) }
    }

    /// What will stand there.
    fn written<'a>(&self, piece: Piece<'a>) -> &'a str
    where
        't: 'a,
    {
        piece.listed.map_or(&self.text[piece.start..piece.end], |listed| &listed.becomes)
    }

    /// Whether what will stand there does not compose with anything before it.
    fn starts_afresh(&self, piece: Piece<'_>) -> bool {
        self.written(piece).chars().next().is_some_and(|c| self.pass.is_stable(c))
    }

    /// Goes from the stable character before `piece` on to the next that stays as it is; gives back
    /// where that one starts and ends.
    fn unstable(&mut self, base: Option<usize>, piece: Piece<'r>) -> (Option<usize>, usize) {
        let mut pieces: Vec<Piece<'r>> = base.map(|start| Piece { start, end: piece.start, listed: None }).into_iter().collect();
        let mut piece = piece;
        loop {
            if self.starts_afresh(piece) {
                self.flush(&pieces);
                pieces.clear();
                if piece.listed.is_none() {
                    return (Some(piece.start), piece.end);
                }
            }
            pieces.push(piece);
            if piece.end == self.text.len() {
                self.flush(&pieces);
                return (None, piece.end);
            }
            piece = self.piece(piece.end);
        }
    }

    /// Adds the edits for a stable character and what follows it.
    fn flush(&mut self, pieces: &[Piece<'r>]) {
        let visible = pieces.iter().rposition(|piece| !self.written(*piece).is_empty()).map_or(0, |last| last + 1);
        let (cluster, removed) = pieces.split_at(visible);
        let (replaced, cluster) = cluster.split_at(usize::from(self.stands_alone(cluster)));
        self.one_by_one(replaced);
        if !self.composed(cluster) {
            self.one_by_one(cluster);
        }
        self.one_by_one(removed);
    }

    /// Whether what replaces the first character does not compose with what follows.
    fn stands_alone(&self, cluster: &[Piece<'r>]) -> bool {
        let Some((Piece { listed: Some(listed), .. }, rest)) = cluster.split_first() else { return false };
        let rest: String = rest.iter().map(|piece| self.written(*piece)).collect();
        let whole = || listed.becomes.chars().chain(rest.chars());
        !listed.becomes.is_empty() && whole().nfc().eq(listed.becomes.nfc().chain(rest.nfc()))
    }

    /// Adds one edit for a cluster that composes, or nothing.
    fn composed(&mut self, cluster: &[Piece<'r>]) -> bool {
        let (Some(compose), Some(first), Some(last)) = (self.pass.compose, cluster.first(), cluster.last()) else { return false };
        let written: String = cluster.iter().map(|piece| self.written(*piece)).collect();
        let composed: String = written.nfc().collect();
        if composed == written {
            return false;
        }
        // Of several rules the one that asks answers for the edit: nothing goes unasked.
        let listed = || cluster.iter().filter_map(|piece| piece.listed);
        let rule = listed().find(|listed| listed.asks).or_else(|| listed().next()).map_or(compose, |listed| listed.rule);
        self.edits.push(Edit::replace(rule, Span::new(first.start, last.end), composed).trimmed(self.text));
        true
    }

    /// Adds an edit for each listed character, and one for a run of removals by one rule.
    fn one_by_one(&mut self, pieces: &[Piece<'r>]) {
        for piece in pieces {
            let Some(listed) = piece.listed else { continue };
            let joins = |last: &&mut Edit<'r>| {
                last.rule == listed.rule
                    && last.at.end == piece.start
                    && last.reach == last.at
                    && last.with.is_empty()
                    && listed.becomes.is_empty()
            };
            if let Some(last) = self.edits.last_mut().filter(joins) {
                *last = Edit::replace(listed.rule, Span::new(last.at.start, piece.end), "");
            } else if self.text[piece.start..piece.end] != listed.becomes {
                let is_guess = listed.becomes.is_empty() && is_between_marks(self.text, piece.start, piece.end);
                self.edits
                    .push(Edit { is_guess, ..Edit::replace(listed.rule, Span::new(piece.start, piece.end), listed.becomes.as_str()) });
            }
        }
    }

    fn holds(&mut self, context: CharacterContext, at: usize) -> bool {
        match context {
            CharacterContext::Emoji => self.neighbours(at).any(|c| c.is_some_and(context::is_emoji)),
            CharacterContext::OtherScripts => {
                self.neighbours(at).any(|c| c.is_some_and(|c| !context::is_plain(c) && !context::is_emoji(c)))
            }
            CharacterContext::CursiveScripts => self.neighbours(at).all(|c| c.is_some_and(context::is_cursive)),
            CharacterContext::Flags => context::in_flag(self.text, at),
            CharacterContext::UnspacedScripts => self.line_holds(context, at, context::is_unspaced),
            CharacterContext::RightToLeft => self.line_holds(context, at, context::is_right_to_left),
            CharacterContext::Joined => self.mark_follows(at) || self.neighbours(at).all(|c| c.is_some_and(char::is_alphabetic)),
            CharacterContext::Sequence => self.continues_sequence(at),
            CharacterContext::Formulas => {
                self.neighbours(at).any(|c| c.is_some_and(context::is_operand)) || self.line_holds(context, at, context::is_mathematical)
            }
            CharacterContext::Braille => self.line_holds(context, at, context::is_braille),
        }
    }

    fn neighbours(&mut self, at: usize) -> impl Iterator<Item = Option<char>> + use<> {
        if self.after <= at {
            self.after = self.next(at, |c| !self.pass.removes(c) && !context::is_mark(c));
        }
        let before = self.before.and_then(|start| self.text[start..].chars().next());
        let after = self.text[self.after..].chars().next();
        // A canonical form and its other form are one character here, or composing could change what is kept; and so are
        // a character and what replaces it.
        [before, after].map(|c| c.map(|c| context::first_of_decomposition(self.pass.replaced(c)))).into_iter()
    }

    /// Where the next such character after the one at `at` starts.
    fn next(&self, at: usize, is_it: impl Fn(char) -> bool) -> usize {
        let start = at + self.text[at..].chars().next().map_or(0, char::len_utf8);
        self.text[start..].find(is_it).map_or(self.text.len(), |length| start + length)
    }

    /// Whether the next character that no rule removes is a combining mark.
    fn mark_follows(&mut self, at: usize) -> bool {
        if self.remains <= at {
            self.remains = self.next(at, |c| !self.pass.removes(c));
        }
        self.text[self.remains..].starts_with(context::is_mark)
    }

    /// Whether this is the first selector after a character that takes one: no sequence has two.
    fn continues_sequence(&mut self, at: usize) -> bool {
        let is_first = self.selected != self.before;
        self.selected = self.before;
        is_first && self.neighbours(at).next().flatten().is_some_and(context::begins_sequence)
    }

    fn line_holds(&mut self, context: CharacterContext, at: usize, holds: fn(char) -> bool) -> bool {
        if !self.line.contains(&at) {
            self.line = line::around(self.text, at);
            self.known.clear();
        }
        if let Some((_, held)) = self.known.iter().find(|(known, _)| *known == context) {
            return *held;
        }
        let held = self.text[self.line.clone()].contains(holds);
        self.known.push((context, held));
        held
    }
}

/// Whether it parts two marks of emphasis that are alike: without it two pairs of asterisks would be one row of four.
fn is_between_marks(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back().filter(|c| matches!(c, '*' | '_' | '~' | '`'));
    before.is_some_and(|before| text[end..].starts_with(before))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::passes::{Extent, proof};
    use crate::rules::Rule;

    fn shipped() -> Unicode {
        Unicode::new(&proof::numbered(&proof::shipped(PassName::UNICODE)))
    }

    fn clean(text: &str) -> String {
        proof::run(&shipped(), text, Extent::Whole)
    }

    #[test]
    fn the_shipped_rules_hold() {
        proof::prove(PassName::UNICODE, Unicode::new, &[]);
    }

    #[test]
    fn contexts_and_built_ins_of_the_rule_files_are_known() {
        for rule in proof::shipped(PassName::UNICODE) {
            match &rule.find {
                Find::Characters { keep_in, .. } => assert!(keep_in.iter().all(|name| KEEP_IN.contains(&name.as_str())), "{}", rule.id),
                Find::BuiltIn(name) => assert!(BUILT_INS.contains(&name.as_str()), "{}", rule.id),
                _ => {}
            }
        }
        assert!(KEEP_IN.iter().all(|name| CharacterContext::from_name(name).is_some()));
    }

    #[test]
    fn a_removal_that_lets_letters_compose_is_one_edit_of_the_rule_that_removes() {
        let rules = proof::shipped(PassName::UNICODE);
        let number =
            |id: &str| rules.iter().position(|rule| &*rule.id == id).and_then(|found| u32::try_from(found).ok()).expect("it is shipped");
        let edits = |text| proof::edits(&shipped(), text);
        let space = number("unicode/zero-width-space");
        assert_eq!(edits("xe\u{200B}\u{301}y"), [(space, 1, 7, "é".into())]);
        assert_eq!(edits("x\u{200B}\u{200B}y"), [(space, 1, 7, String::new())], "a run is one edit");
        let hyphen = number("unicode/soft-hyphen");
        assert_eq!(edits("e\u{200B}\u{AD}\u{301}"), [(hyphen, 0, 8, "é".into())], "nothing goes unasked");
        let nfc = number("unicode/not-nfc");
        assert_eq!(edits("e\u{301}\u{200B}x"), [(nfc, 0, 3, "é".into()), (space, 3, 6, String::new())], "what does not meet stays apart");
        assert_eq!(edits("a\u{212A}"), [(nfc, 1, 4, "K".into())], "only what differs");
        let filler = number("unicode/hangul-filler");
        assert_eq!(edits("\u{3164}\u{37E}"), [(filler, 0, 3, " ".into()), (nfc, 3, 5, ";".into())], "a blank composes with nothing");
    }

    #[test]
    fn a_character_whose_rule_is_off_stays() {
        let rules: Vec<_> = proof::shipped(PassName::UNICODE).into_iter().filter(|rule| !rule.id.ends_with("zero-width-space")).collect();
        let pass = Unicode::new(&proof::numbered(&rules));
        assert_eq!(proof::run(&pass, "e\u{200B}\u{301} u\u{308}", Extent::Whole), "e\u{200B}\u{301} ü");
        let rules: Vec<_> = proof::shipped(PassName::UNICODE).into_iter().filter(|rule| !rule.id.ends_with("not-nfc")).collect();
        let pass = Unicode::new(&proof::numbered(&rules));
        assert_eq!(proof::run(&pass, "e\u{200B}\u{301} u\u{308}", Extent::Whole), "e\u{301} u\u{308}");
        assert_eq!(proof::run(&Unicode::new(&[]), "e\u{200B}\u{301}", Extent::Whole), "e\u{200B}\u{301}");
    }

    #[test]
    fn the_first_rule_that_lists_a_character_has_it() {
        let chars =
            |from, to, becomes: &str| Find::Characters { chars: vec![(from, to)], becomes: becomes.to_owned(), keep_in: Vec::new() };
        let rules = [
            Rule::new(PassName::UNICODE, "unicode/ligature", chars('ﬁ', 'ﬁ', "fi")),
            Rule::new(PassName::UNICODE, "unicode/private", chars('\u{FB00}', '\u{FB02}', "")),
        ];
        let pass = Unicode::new(&proof::numbered(&rules));
        assert_eq!(proof::edits(&pass, "ﬁﬀﬂ"), [(0, 0, 3, "fi".into()), (1, 3, 9, String::new())]);
    }

    #[test]
    fn the_contract_lets_no_letter_go() {
        let says = |found: &str, with: &str| allows(found, &Edit::replace(RuleNumber(0), Span::new(0, found.len()), with.to_owned()));
        assert!(says("e\u{301}", "é") && says("ﬁ", "fi") && says("\u{200B}", "") && says("\u{1F}", " "));
        assert!(!says("é", "e") && !says("a\u{200B}", "") && !says("a b", "ab") && !says("", "a"));
    }

    #[test]
    fn white_space_and_marks_that_carry_something_stay() {
        for text in ["p.\u{A0}12", "a\u{C}b\u{B}c\u{85}d", "1\u{FE0F}\u{20E3}", "👍🏽", "葛\u{E0100}", "x\u{2061}(y)", "“é” … 日本語"]
        {
            assert!(proof::edits(&shipped(), text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn bidi_marks_stay_in_lines_of_right_to_left_text_only() {
        assert_eq!(clean("\u{200F}one\r\u{200F}שלום\n\u{200F}two"), "one\r\u{200F}שלום\ntwo");
    }

    #[test]
    fn hidden_text_after_a_flag_goes() {
        let flag = "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";
        assert_eq!(clean(&format!("{flag}\u{E0067}\u{E0062}\u{E0065}\u{E007F}")), flag);
    }

    #[test]
    fn what_selects_nothing_is_told_from_what_does() {
        for (text, expected) in [
            ("a\u{FE0F}\u{301}", "á"),
            ("\u{212A}\u{FE0F}", "K"),
            ("❤\u{200B}\u{FE0F}", "❤\u{FE0F}"),
            ("❤\u{FE0F}\u{200B}\u{FE0E}", "❤\u{FE0F}"),
            ("❤\u{FE0F}\u{200D}🔥\u{FE0F}", "❤\u{FE0F}\u{200D}🔥\u{FE0F}"),
            ("\u{FE0F}start", "start"),
            ("x\u{FE0F}\u{200D}y", "xy"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_grapheme_joiner_stays_where_it_keeps_marks_apart() {
        for text in ["e\u{34F}\u{301}", "c\u{34F}h", "\u{323}\u{34F}\u{301}", "ב\u{34F} "] {
            assert!(proof::edits(&shipped(), text).is_empty(), "{text:?}");
        }
        assert_eq!(clean("e\u{34F}\u{200B}\u{301}"), "e\u{34F}\u{301}");
        assert_eq!(clean("e\u{34F} \u{34F}\u{200B}x"), "e x");
    }

    #[test]
    fn a_mark_is_no_neighbour_even_if_nothing_is_composed() {
        let rules: Vec<_> = proof::shipped(PassName::UNICODE).into_iter().filter(|rule| !rule.id.ends_with("not-nfc")).collect();
        let pass = Unicode::new(&proof::numbered(&rules));
        assert_eq!(proof::run(&pass, "ن\u{7}\u{300}\u{200C}", Extent::Whole), "ن\u{300}\u{200C}");
    }

    #[test]
    fn a_long_run_of_joiners_is_walked_once() {
        let text = format!("ن{}ن", "\u{200C}\u{301}".repeat(50_000));
        assert!(proof::edits(&shipped(), &text).is_empty());
        let text = format!("a{}b", "\u{200C}".repeat(100_000));
        assert_eq!(clean(&text), "ab");
        let text = format!("a{} b", "\u{34F}\u{FE0F}".repeat(50_000));
        assert_eq!(clean(&text), "a b");
    }

    /// Text from what the tables of this pass treat differently.
    fn texts() -> impl Strategy<Value = String> {
        let singles = "ae=qK .1\n\r\t\u{85}\u{7}\u{80}\u{AD}é\u{300}\u{301}\u{307}\u{323}\u{338}\u{34F}\u{345}\u{61C}\u{200B}\u{200C}\u{200D}\
            \u{200E}\u{202B}\u{202C}\u{2060}\u{2067}\u{2069}\u{206A}\u{FEFF}\u{FFFC}\u{3164}\u{1160}\u{180E}\u{2062}\u{2800}\u{2801}\u{FE00}#(\u{212A}\u{2126}\u{37E}\u{1FEF}\u{2000}\u{2028}ن\u{653}\u{627}\u{654}שกन\u{94D}\u{93C}\
            か\u{3099}\u{1100}\u{1161}\u{11A8}각\u{AC00}❤\u{FE0F}👩\u{1F3FB}🏴\u{E0067}\u{E0062}\u{E0065}\u{E007F}\u{E0001}\u{2F800}\u{958}\u{FB1D}\u{E0100}";
        prop::collection::vec(prop::sample::select(singles.chars().collect::<Vec<_>>()), 0..24)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_pass_settles_and_composes(text in texts()) {
            let once = clean(&text);
            prop_assert_eq!(once.nfc().collect::<String>(), &once[..]);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn composing_alone_is_nfc(text in texts()) {
            let rule = Rule::new(PassName::UNICODE, "unicode/not-nfc", Find::BuiltIn(NOT_NFC.to_owned()));
            let pass = Unicode::new(&[(RuleNumber(0), &rule)]);
            prop_assert_eq!(proof::run(&pass, &text, Extent::Whole), text.nfc().collect::<String>());
        }

        #[test]
        fn any_rules_settle_on_any_text(text in texts(), given in any::<u32>()) {
            let rules: Vec<_> = proof::shipped(PassName::UNICODE).into_iter().enumerate().filter(|(at, _)| given >> at & 1 == 1).map(|(_, rule)| rule).collect();
            let pass = Unicode::new(&proof::numbered(&rules));
            let once = proof::run(&pass, &text, Extent::Fragment);
            prop_assert_eq!(proof::run(&pass, &once, Extent::Fragment), once);
        }

        #[test]
        fn it_settles_while_questions_are_open(text in texts()) {
            let rules = proof::shipped(PassName::UNICODE);
            let applies = |rule: RuleNumber| rules[rule.0 as usize].policy != Some(Policy::Ask);
            let run = |text: &str| proof::run_some(&shipped(), text, Extent::Whole, applies);
            let once = run(&text);
            prop_assert_eq!(run(&once), once);
        }

        #[test]
        fn edits_never_overlap(text in texts()) {
            let edits = proof::edits(&shipped(), &text);
            prop_assert!(edits.windows(2).all(|pair| pair[0].2 <= pair[1].1), "{:?}", edits);
        }
    }
}
