//! Quotation marks, apostrophes and primes: one style, each at the word it belongs to.
//!
//! A text has been through word processors, web forms and extractors: some marks are curly and some
//! straight, an apostrophe is an accent, and the blank beside a mark has changed sides, so that
//! the closing mark of one sentence opens the next.
//!
//! The style is `straight`, where turning ’ into ' needs no guess, or `typographic`, where marks are printed as their
//! language does (see `printed`). A mark is moved only if the whole paragraph proves it (see
//! [`crate::prose::quotation`]); in doubt it stays where it is.
//!
//! What it leaves alone:
//! - primes after a number, Hebrew geresh and gershayim, letters that look like marks (ʻokina);
//! - marks in lines of Chinese, Japanese or Korean, where curly ones are the correct ones;
//! - guillemets, unless their rule is switched on;
//! - a blank that is not single (a column), and line ends: no mark moves to another line.
//!
//! Example: `a cause for optimism. "Later, he` becomes `a cause for optimism." Later, he`.

mod moved;
mod printed;
mod repaired;

use std::ops::Range;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use self::moved::Repairs;
use self::printed::Printed;
use super::first_bytes::FirstBytes;
use super::pattern::{Patterns, Trim};
use super::{Contract, Overrun, Pass, PassName, PassRules, PassSpec, View};
use crate::edit::{Edit, RuleNumber, Span};
use crate::prose::line::{self, is_blank};
use crate::prose::quotation::{self, is_double, is_single};
use crate::rules::{Find, Style};

/// The behaviours that a rule can stand for.
const BUILT_INS: &[&str] = &[
    "closing-mark-at-next-word",
    "opening-mark-at-previous-word",
    "blank-after-opening-mark",
    "blank-before-closing-mark",
    "doubled-apostrophe",
    "split-possessive",
];

/// What a mark can be read as, for rules that say how that is printed.
const MARKS: &[&str] =
    &["opening-double", "closing-double", "opening-inner", "closing-inner", "opening-single", "closing-single", "apostrophe"];

/// The contexts in which a listed character can be left alone.
///
/// - `cjk`: its line is mostly Chinese, Japanese or Korean
/// - `hebrew`: it stands for geresh or gershayim, after a Hebrew letter
/// - `between-letters`: a letter stands on both sides
/// - `outside-words`: a letter is missing on one side
/// - `code`: another backtick stands in its line
/// - `measures`: a number, perhaps with a blank or another prime, stands before it
const KEEP_IN: &[&str] = &["cjk", "hebrew", "between-letters", "outside-words", "code", "measures"];

const CONTRACT: Contract = Contract { says: "quotation marks, apostrophes, primes and the spaces that touch them", allows };

/// What emendo knows of the pass.
pub static SPEC: PassSpec = PassSpec {
    built_ins: BUILT_INS,
    marks: MARKS,
    contexts: KEEP_IN,
    is_about_language: true,
    ..PassSpec::new("quotes", CONTRACT, |rules, style| Box::new(Quotes::in_style(rules, style)))
};

impl PassName {
    /// Quotation marks, apostrophes and primes.
    pub const QUOTES: Self = Self::of(&SPEC);
}

/// The pass.
#[derive(Debug)]
pub struct Quotes {
    patterns: Patterns,
    listed: Vec<Listed>,
    /// With what a listed character may begin.
    wakes: FirstBytes,
    repairs: Repairs,
    /// Empty in straight style.
    printed: Vec<Printed>,
}

/// Characters of one rule.
#[derive(Debug)]
struct Listed {
    rule: RuleNumber,
    chars: Vec<(char, char)>,
    becomes: String,
    keep_in: Vec<Context>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Cjk,
    Hebrew,
    BetweenLetters,
    OutsideWords,
    Code,
    Measures,
}

impl Quotes {
    /// The pass with these rules, in straight style.
    pub fn new(rules: PassRules<'_>) -> Self {
        Self::in_style(rules, Style::Straight)
    }

    /// The pass with these rules, in this style.
    pub fn in_style(rules: PassRules<'_>, style: Style) -> Self {
        let listed: Vec<_> = rules.iter().filter_map(|(number, rule)| Listed::new(*number, &rule.find, style)).collect();
        let mut wakes = FirstBytes::none();
        listed.iter().flat_map(|listed| &listed.chars).for_each(|(from, to)| wakes.add(*from, *to));
        Self {
            patterns: Patterns::new(rules),
            wakes,
            listed,
            repairs: Repairs::new(rules),
            printed: rules.iter().filter_map(|(number, rule)| Printed::new(*number, rule)).collect(),
        }
    }
}

impl Pass for Quotes {
    fn name(&self) -> PassName {
        PassName::QUOTES
    }

    fn propose<'r>(&'r self, view: &View<'_>, edits: &mut Vec<Edit<'r>>) -> Result<(), Overrun> {
        self.patterns.propose(view, Trim::Characters, edits)?;
        let mut printed: Vec<&Printed> = Vec::new();
        for rule in self.printed.iter().filter(|printed| printed.is_for(view.lang)) {
            if printed.iter().all(|earlier| earlier.does != rule.does) {
                printed.push(rule);
            }
        }
        let mut scan =
            Scan { pass: self, text: view.text, lang: view.lang, printed, markup: Vec::new(), line: None, first: edits.len(), edits };
        scan.move_marks();
        scan.join_possessives();
        scan.keep_moves_to_prose();
        scan.print_marks();
        scan.turn_characters();
        Ok(())
    }
}

/// One text on its way through the pass.
struct Scan<'r, 't, 'e> {
    pass: &'r Quotes,
    text: &'t str,
    lang: Option<&'t str>,
    /// How marks are printed in the language of the text; empty in straight style.
    printed: Vec<&'r Printed>,
    /// Where marks are code; known once marks are moved or printed.
    markup: Vec<Range<usize>>,
    /// The line asked about last, and whether it is mostly Chinese, Japanese or Korean.
    line: Option<(Range<usize>, bool)>,
    /// Where the edits that move marks begin among the edits.
    first: usize,
    edits: &'e mut Vec<Edit<'r>>,
}

impl<'r> Scan<'r, '_, '_> {
    /// Replaces listed characters, except those that were moved, which were replaced on the way.
    fn turn_characters(&mut self) {
        self.edits[self.first..].sort_unstable_by_key(|edit| edit.at);
        let (mut next, end_of_moves) = (self.first, self.edits.len());
        let mut at = 0;
        while let Some(start) = self.pass.wakes.find(self.text, at) {
            let end = start + self.text[start..].chars().next().map_or(1, char::len_utf8);
            at = end;
            while next < end_of_moves && self.edits[next].at.end <= start {
                next += 1;
            }
            if next < end_of_moves && self.edits[next].at.start <= start {
                continue;
            }
            if let Some((rule, becomes)) = self.listed(start) {
                self.edits.push(Edit::replace(rule, Span::new(start, end), becomes));
            }
        }
    }

    /// What becomes of the character that begins at this byte, if it is listed and not kept.
    fn listed(&mut self, at: usize) -> Option<(RuleNumber, &'r str)> {
        let c = self.text[at..].chars().next()?;
        let pass = self.pass;
        pass.listed.iter().find(|listed| listed.has(c) && !self.is_kept(listed, at, c)).map(|listed| (listed.rule, &*listed.becomes))
    }

    /// The character that begins at this byte, in the style of the run.
    fn turned(&mut self, at: usize) -> String {
        let c = self.text[at..].chars().next().map(String::from).unwrap_or_default();
        self.listed(at).map_or(c, |(_, becomes)| becomes.to_owned())
    }

    fn is_kept(&mut self, listed: &Listed, at: usize, c: char) -> bool {
        listed.keep_in.iter().any(|context| self.is_in(*context, at, c))
    }

    fn is_in(&mut self, context: Context, at: usize, c: char) -> bool {
        let before = self.text[..at].chars().next_back().unwrap_or(' ');
        let after = self.text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        match context {
            Context::BetweenLetters => quotation::is_in_word(self.text, at..at + c.len_utf8()),
            Context::OutsideWords => !quotation::is_in_word(self.text, at..at + c.len_utf8()),
            Context::Hebrew => is_hebrew(before) && (is_hebrew(after) || !is_double(c)),
            Context::Code => shares_line_with_backtick(self.text, at),
            Context::Measures => follows_number(&self.text[..at]),
            Context::Cjk => self.is_cjk_line(at),
        }
    }

    fn is_cjk_line(&mut self, at: usize) -> bool {
        if !self.line.as_ref().is_some_and(|(line, _)| line.contains(&at)) {
            let (start, end) = (line::start_after_feed(self.text, at), line::end_before_feed(self.text, at));
            let letters = self.text[start..end].chars().filter(|c| c.is_alphabetic());
            let balance = letters.map(|c| if is_cjk(c) { 1_i64 } else { -1 }).sum::<i64>();
            self.line = Some((start..end, balance > 0));
        }
        self.line.as_ref().is_some_and(|(_, is_cjk)| *is_cjk)
    }
}

/// All curly quotation marks begin with this byte in UTF-8.
const FIRST_BYTE_OF_CURLY: u8 = 0xE2;

impl Listed {
    fn new(rule: RuleNumber, find: &Find, style: Style) -> Option<Self> {
        let Find::Characters { chars, becomes, keep_in } = find else { return None };
        let keep_in = keep_in.iter().filter_map(|name| Context::from_name(name)).collect();
        let becomes = if becomes == "'" { style.apostrophe().to_string() } else { becomes.clone() };
        Some(Self { rule, chars: chars.clone(), becomes, keep_in })
    }

    fn has(&self, c: char) -> bool {
        self.chars.iter().any(|(from, to)| (*from..=*to).contains(&c))
    }
}

impl Context {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "cjk" => Some(Context::Cjk),
            "hebrew" => Some(Context::Hebrew),
            "between-letters" => Some(Context::BetweenLetters),
            "outside-words" => Some(Context::OutsideWords),
            "code" => Some(Context::Code),
            "measures" => Some(Context::Measures),
            _ => None,
        }
    }
}

fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{5D0}'..='\u{5EA}')
}

/// Han, Kana, Hangul and Bopomofo letters, by block.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether another backtick stands in the line of the character that begins at `at`.
fn shares_line_with_backtick(text: &str, at: usize) -> bool {
    let before = memchr::memrchr2(b'\n', b'`', &text.as_bytes()[..at]);
    let after = memchr::memchr2(b'\n', b'`', &text.as_bytes()[at + 1..]);
    before.is_some_and(|found| text.as_bytes()[found] == b'`') || after.is_some_and(|found| text.as_bytes()[at + 1 + found] == b'`')
}

/// Whether a number stands before, perhaps with a blank or a mark for feet in between.
fn follows_number(text: &str) -> bool {
    let is_between = |c: &char| matches!(c, '′' | '″') || is_single(*c) || is_blank(*c);
    text.chars().rev().take(4).find(|c| !is_between(c)).is_some_and(char::is_numeric)
}

/// Only marks differ, and blanks in a gap that holds or touches one.
fn allows(text: &str, edit: &Edit<'_>) -> bool {
    let found = &text[edit.at.range()];
    let touched_before = text[..edit.at.start].ends_with(is_mark);
    let touched_after = text[edit.at.end..].starts_with(is_mark);
    let (mut was, mut is) = (gaps(found).peekable(), gaps(&edit.with).peekable());
    let mut first = true;
    loop {
        match (was.next(), is.next()) {
            (None, None) => return true,
            (Some((was_gap, was_next)), Some((is_gap, is_next))) => {
                let touched = (first && touched_before) || (was_next.is_none() && touched_after);
                let free = touched || was_gap.contains(is_mark) || is_gap.contains(is_mark);
                if was_next != is_next || (was_gap != is_gap && !free) {
                    return false;
                }
            }
            _ => return false,
        }
        first = false;
    }
}

/// The runs of marks and blanks in a text, empty ones too, each with the character after it.
fn gaps(text: &str) -> impl Iterator<Item = (&str, Option<char>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.find(|c| !is_mark(c) && !is_blank(c)).unwrap_or(text.len());
        let next = text[end..].chars().next();
        rest = next.map(|next| &text[end + next.len_utf8()..]);
        Some((&text[..end], next))
    })
}

/// Whether a combining mark follows: it belongs to the mark before it, and would be left behind.
fn is_held(text: &str, end: usize) -> bool {
    text[end..].chars().next().is_some_and(|c| !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Mark)
}

/// Whether this is a quotation mark, an apostrophe or a prime, or a character that is typed for one.
fn is_mark(c: char) -> bool {
    is_double(c)
        || is_single(c)
        || matches!(c, '`' | '´' | '′' | '‴' | '‵' | '‶' | '‷' | '⁗' | '«' | '»' | '‹' | '›' | '〝' | '〞' | '〟' | '＂' | '＇')
        || matches!(c, '\u{2B9}'..='\u{2BC}' | '\u{2CA}' | '\u{2CB}' | '\u{55A}' | '\u{5F3}' | '\u{5F4}')
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::edit::Draft;
    use crate::passes::Extent;
    use crate::prose::quotation::MarkFault;
    use crate::rules::Rule;

    /// A rule as its file has it: its examples and keeps, and whether it is off.
    struct Written {
        rule: Rule,
        examples: Vec<(String, String)>,
        keeps: Vec<String>,
        off: bool,
    }

    fn written() -> Vec<Written> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/quotes");
        let mut files: Vec<_> = fs::read_dir(folder).expect("rules are there").map(|entry| entry.expect("readable").path()).collect();
        files.sort();
        let read = |file: &std::path::PathBuf| fs::read_to_string(file).expect("readable").parse::<toml::Table>().expect("TOML");
        let rules = files.iter().map(read).flat_map(|file| file["rule"].as_array().expect("rules").clone());
        rules.filter(|rule| rule.get("style").and_then(toml::Value::as_str) != Some("typographic")).map(|rule| one(&rule)).collect()
    }

    fn one(rule: &toml::Value) -> Written {
        let text = |key: &str| rule.get(key).map(|value| value.as_str().expect("a string").to_owned());
        let list = |value: Option<&toml::Value>| -> Vec<String> {
            let values = value.map(|value| value.as_array().expect("a list").clone()).unwrap_or_default();
            values.iter().map(|value| value.as_str().expect("a string").to_owned()).collect()
        };
        assert!(text("why").is_some_and(|why| why.ends_with('.')), "every rule says why: {rule:?}");
        let becomes = text("becomes").unwrap_or_default();
        let find = match (text("find"), text("built-in")) {
            (Some(find), _) => {
                Find::Pattern { find: regex::RegexBuilder::new(&find).multi_line(true).build().expect("a pattern"), becomes }
            }
            (_, Some(name)) => {
                assert!(BUILT_INS.contains(&&*name), "{name}");
                Find::BuiltIn(name)
            }
            _ => {
                let keep_in = list(rule.get("keep-in"));
                assert!(keep_in.iter().all(|name| KEEP_IN.contains(&&**name)), "{keep_in:?}");
                Find::Characters { chars: list(rule.get("chars")).iter().map(|range| chars(range)).collect(), becomes, keep_in }
            }
        };
        let examples = rule["examples"].as_array().expect("a list").iter().map(|pair| list(Some(pair)));
        let examples: Vec<_> = examples.map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        assert!(!examples.is_empty(), "every rule has an example: {rule:?}");
        let id = format!("quotes/{}", text("id").expect("an id"));
        let off = text("policy").as_deref() == Some("off");
        Written { rule: Rule::new(PassName::QUOTES, &id, find), examples, keeps: list(rule.get("keeps")), off }
    }

    fn chars(range: &str) -> (char, char) {
        let (from, to) = range.split_once("..").unwrap_or((range, range));
        let parse =
            |code: &str| u32::from_str_radix(code.trim_start_matches("U+"), 16).ok().and_then(char::from_u32).expect("a code point");
        (parse(from), parse(to))
    }

    fn pass<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Quotes {
        Quotes::new(&(0..).map(RuleNumber).zip(rules).collect::<Vec<_>>())
    }

    static SHIPPED: LazyLock<Quotes> = LazyLock::new(|| {
        let rules = written();
        pass(rules.iter().filter(|written| !written.off).map(|written| &written.rule))
    });

    fn edits<'r>(pass: &'r Quotes, text: &str) -> Vec<Edit<'r>> {
        let mut edits = Vec::new();
        pass.propose(&View::of(text, Extent::Fragment), &mut edits).expect("no rule is that dear");
        edits.sort_by_key(|edit| (edit.at, edit.rule));
        edits
    }

    /// The text with every proposal applied. None may break the contract or overlap another.
    fn run(pass: &Quotes, text: &str) -> String {
        let edits = edits(pass, text);
        for edit in &edits {
            assert!((pass.contract().allows)(text, edit), "{edit:?} of {text:?} breaks the contract");
            assert_ne!(&text[edit.at.range()], &*edit.with, "{edit:?} of {text:?} changes nothing");
        }
        assert!(edits.windows(2).all(|pair| pair[0].at.end <= pair[1].at.start), "{edits:?} of {text:?} overlap");
        let mut draft = Draft::new(text);
        draft.apply(edits.iter().map(|edit| (edit.at, &*edit.with, 0)));
        draft.into_text().into_owned()
    }

    fn clean(text: &str) -> String {
        run(&SHIPPED, text)
    }

    #[test]
    fn every_rule_does_what_its_file_says() {
        let rules = written();
        for written in &rules {
            let others = rules.iter().filter(|other| !other.off && other.rule.id != written.rule.id);
            let with = pass(std::iter::once(&written.rule).chain(others.map(|other| &other.rule)));
            for (before, after) in &written.examples {
                assert_eq!(run(&with, before), *after, "{}", written.rule.id);
                assert_eq!(run(&with, after), *after, "{} settles", written.rule.id);
                let named = edits(&with, before).iter().any(|edit| edit.rule == RuleNumber(0));
                assert!(named, "{} is named for its own example", written.rule.id);
            }
            for keep in &written.keeps {
                assert!(edits(&with, keep).iter().all(|edit| edit.rule != RuleNumber(0)), "{} keeps {keep:?}", written.rule.id);
                assert!(!written.off || run(&SHIPPED, keep) == *keep, "{keep:?} stays");
            }
        }
    }

    #[test]
    fn every_name_in_the_lists_is_known() {
        assert!(KEEP_IN.iter().all(|name| Context::from_name(name).is_some()));
        for name in BUILT_INS {
            let rule = Rule::new(PassName::QUOTES, "quotes/test", Find::BuiltIn((*name).to_owned()));
            let repairs = pass([&rule]).repairs;
            let faults = [
                MarkFault::ClosesAtNextWord,
                MarkFault::OpensAtPreviousWord,
                MarkFault::BlankAfterOpening,
                MarkFault::BlankBeforeClosing,
                MarkFault::Doubled,
            ];
            let mut faults = faults.into_iter().map(Some).chain([None]);
            assert!(faults.any(|fault| repairs.rule(fault, None).is_some()), "{name} switches something on");
        }
    }

    #[test]
    fn marks_and_apostrophes_are_turned_without_a_guess() {
        assert_eq!(clean("“‘Who’s there?’ he asked.”"), "\"'Who's there?' he asked.\"");
        assert_eq!(
            clean("’Tis the ’80s: rock ’n’ roll, the hostages’ families’ demands"),
            "'Tis the '80s: rock 'n' roll, the hostages' families' demands"
        );
        assert_eq!(clean("“One.\n\n“Two.\n\n“Three.”"), "\"One.\n\n\"Two.\n\n\"Three.\"", "speech over paragraphs");
    }

    #[test]
    fn marks_of_fields_tags_and_formulas_are_not_moved() {
        for text in [
            "first_name: \"Brian \"\nlast_name: \" Behlendorf\"",
            "<img alt=\"A tweet \" src=\"b\">",
            "{{< img alt=\"A tweet \" >}}",
            "[a](b \"IAP2 \")",
            "<a name=\"x-What 's Next\">",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn a_closing_mark_goes_back_to_its_word_across_one_blank() {
        let text = "said: \"We have a cause for optimism. \"Later, he would continue \"active\" talks. \"They are serious,\" he said.";
        assert_eq!(clean(text), text.replace(". \"Later", ".\" Later"));
        let edits = edits(&SHIPPED, text);
        assert_eq!(edits.iter().map(|edit| (&text[edit.at.range()], &*edit.with)).collect::<Vec<_>>(), [(" \"", "\" ")]);
        assert_eq!(clean("“We agree, “he said. “And more.”"), "\"We agree,\" he said. \"And more.\"", "moved and turned in one edit");
        assert_eq!(clean("\"We agree,\u{A0}\"he said."), "\"We agree,\"\u{A0}he said.", "the blank stays what it was");
    }

    #[test]
    fn no_mark_moves_where_the_paragraph_does_not_prove_it() {
        for text in [
            "We agree, \"he said.",
            "See section 3. \"Scope\" applies.",
            "He was 5'10\". \"Tall,\" she said.",
            "The \"Later\" clause applies. \"Never\" does not.",
            "Hamas' 'no' to the deal",
            "\"We came.\n\n\"We saw.\n\n\"We won,\" he said.",
            "\"We came. \"We saw. \"We won,\" he said.",
            "\"He said \"no\" to me,\" she said.",
            "I bought a 24\" and a 27\" screen",
            "Smith  \"  40",
            "agree.\n\"Later, he",
            "print(\"Sum: \", sum, \" of \" + all)",
            "\"‘Yes,’\u{200A}\" he said, \"and ‘no.’\u{200A}\"".replace(['‘', '’'], "'").as_str(),
            "wall,\"  he said \"and\"  so",
            "We agree, \"\u{FE00}he said. \"And more.\"",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn a_lost_paragraph_break_is_no_proof_that_a_mark_was_misplaced() {
        let speech = "\"We won. \"We left. \"We came,\" he said.";
        assert_eq!(clean(speech), speech);
        let kept = format!("{speech}\n\nThen he left.");
        assert_eq!(clean(&kept), kept.replacen(". \"We left", ".\" We left", 1), "here breaks were kept");
    }

    #[test]
    fn marks_in_other_scripts_stay() {
        for text in ["他说：“你好。”", "צה\"ל ואו\"ם", "צה״ל, ג׳", "Hawaiʻi, Fujʼehr", "6′2″ and 5 ½″", "x\n他说：“GDP 你好呀。”"]
        {
            assert_eq!(clean(text), text);
        }
        assert_eq!(clean("the word “你好” means hello"), "the word \"你好\" means hello");
    }

    #[test]
    fn a_rule_that_is_off_does_nothing() {
        let rules = written();
        let only = |id: &str| pass(rules.iter().filter(|written| &*written.rule.id == id).map(|written| &written.rule));
        let moves = only("quotes/closing-mark-at-next-word");
        assert_eq!(run(&moves, "“We agree, “he said, isn’t it?"), "“We agree,“ he said, isn’t it?", "nothing turns it");
        let turns = only("quotes/curly-double");
        assert_eq!(run(&turns, "“We agree, “he said, isn’t it?"), "\"We agree, \"he said, isn’t it?");
    }

    #[test]
    fn a_range_may_hold_characters_of_any_length() {
        let find = Find::Characters { chars: vec![('`', '´')], becomes: "'".to_owned(), keep_in: Vec::new() };
        assert_eq!(run(&pass([&Rule::new(PassName::QUOTES, "quotes/test", find)]), "É´`’"), "É''’");
    }

    #[test]
    fn the_contract_lets_marks_and_the_blanks_beside_them_go_and_nothing_else() {
        let says = |text: &str, at: Range<usize>, with: &str| {
            let edit = Edit::replace(RuleNumber(0), Span::new(at.start, at.end), with.to_owned());
            allows(text, &edit)
        };
        assert!(says("a “b”", 2..5, "\""));
        assert!(says("a. \"B", 2..4, "\" "));
        assert!(says("a 's", 1..2, ""), "the mark beside the blank lies outside the edit");
        assert!(says("the \"Israel\" of", 4..12, "Israel"));
        assert!(!says("a b", 1..2, ""), "no mark touches it");
        assert!(!says("a \"b", 0..4, "\"b"), "a letter goes");
        assert!(!says("a\n\"b", 1..3, "\" "), "a line end goes");
        assert!(!says("a b \"c", 0..6, "ab \"c"), "the mark touches another blank");
    }

    const WORDS: &[&str] =
        &["we", "agree", "Later", "he", "said", "Hamas", "in", "s", "t", "5", "10", "I", "צה", "ל", "你好", "n", "Tis", "O", "x"];
    const MARKS: &[&str] = &["\"", "“", "”", "„", "‟", "'", "’", "‘", "''", "’’", "″", "′", "´", "`", "❝", "״", "ʻ", "«", "'s", "’s", "\\"];
    const BLANKS: &[&str] = &[" ", " ", " ", "  ", "\u{A0}", "\u{200A}", "\n", "\n\n", "\r\n", "\t"];
    const POINTS: &[&str] = &[".", ",", "?", ":", "…", "(", ")", "—", "-", "=", "*", "+"];

    fn tokens() -> impl Strategy<Value = String> {
        let token = prop_oneof![
            4 => proptest::sample::select(WORDS),
            5 => proptest::sample::select(MARKS),
            5 => proptest::sample::select(BLANKS),
            2 => proptest::sample::select(POINTS),
        ];
        // Phrases in which a mark is at the wrong word: chance alone seldom proves anything.
        let phrases =
            ["said \"we agree, \"he said. ", "He said\" we agree.\" ", "a \" mistake \" there. ", "Israel 's \"own\" ", "“no'' and "];
        let phrase = proptest::sample::select(phrases.map(str::to_owned).to_vec());
        let piece = prop_oneof![8 => token.prop_map(str::to_owned), 1 => phrase];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

        #[test]
        fn the_pass_settles_within_its_contract(text in tokens()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn no_new_run_of_blanks_and_no_blank_at_a_line_end(text in tokens()) {
            let untidy = |text: &str| text.match_indices("  ").count() + text.lines().filter(|line| line.ends_with([' ', '\t'])).count();
            let cleaned = clean(&text);
            prop_assert!(untidy(&cleaned) <= untidy(&text), "{:?} became {:?}", text, cleaned);
        }
    }
}
