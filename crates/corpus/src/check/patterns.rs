//! Patterns that cost much or claim much. All of it is counted, nothing clocked.

use std::ops::Range;

use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange};
use regex_syntax::hir::translate::{Translator, TranslatorBuilder};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use super::finding::{Finding, FindingKind};
use super::scopes;
use emendo_core::edit::RuleNumber;
use emendo_core::rules::{Find, Knowledge, PassName, Rule, RuleSpot};

/// Of a pattern that takes more than this when compiled, in bytes, it is told; of one that takes ten times as much, the loader refuses it.
const LARGE: usize = 1 << 20;

/// A count from which a repetition is looked at for its size.
const MANY: u32 = 8;

/// So many of the small letters a to z make a class one of letters.
const LETTERS: usize = 6;

/// Finds the patterns that are slow, greedy or large.
pub fn find(knowledge: &Knowledge) -> Vec<Finding> {
    let is_on = |(_, rule): &(RuleNumber, &Rule)| scopes::is_on(rule);
    knowledge.rules.iter().filter(is_on).flat_map(|(number, rule)| of_rule(number, rule)).collect()
}

fn of_rule(number: RuleNumber, rule: &Rule) -> Vec<Finding> {
    let Find::Pattern { find, .. } = &rule.find else { return Vec::new() };
    let Some(pattern) = Parsed::new(find.as_str()) else { return Vec::new() };
    let finding = |kind, title: &str| Finding::new(kind, number, RuleSpot::Find, title);
    let mut findings = Vec::new();
    if !is_selective(&pattern.hir) {
        findings.push(
            finding(FindingKind::Slow, "There is nothing in the pattern that is rare.")
                .label("may match at any word, so that each is looked at")
                .help("Add what must be there: a word, a mark, a digit. A rule about single words is faster as a row of a table."),
        );
    }
    // Site furniture goes by whole lines: there the rest of a line is just what is meant.
    let may_take_lines = rule.pass == PassName::BOILERPLATE;
    if let Some(greedy) = pattern.repetitions.iter().find(|repetition| repetition.is_greedy(may_take_lines)) {
        let to = if greedy.crosses_lines { "paragraph" } else { "line" };
        let found = finding(FindingKind::Greedy, "The pattern goes on over any number of words.")
            .label(format!("to the end of the {to}, if need be"));
        let help = "All that it matches is taken from the other rules of the pass. Say what may stand there, such as [^\\s\"]+, or how much: .{1,40}?";
        findings.push(Finding { part: Some(greedy.span.clone()), ..found.help(help) });
    }
    if let Some(largest) =
        pattern.repetitions.iter().filter(|repetition| repetition.count >= MANY).max_by_key(|repetition| repetition.count)
        && is_large(find.as_str())
    {
        let found = finding(FindingKind::Large, "The pattern is large.").label(format!("compiled, it takes more than {} MiB", LARGE >> 20));
        let help = "Lower the counts in {…}, or repeat what has fewer members: [A-Za-z] is smaller than \\w.";
        findings.push(Finding { part: Some(largest.span.clone()), ..found.help(help) });
    }
    findings
}

fn is_large(pattern: &str) -> bool {
    let built = regex::RegexBuilder::new(pattern).multi_line(true).size_limit(LARGE).build();
    matches!(built, Err(regex::Error::CompiledTooBig(_)))
}

/// A pattern, and what is repeated in it.
struct Parsed {
    hir: Hir,
    repetitions: Vec<Repetition>,
}

/// A part of a pattern that may be there several times.
struct Repetition {
    /// Its place in the pattern, in bytes.
    span: Range<usize>,
    /// The largest number in braces; 0 if there is none.
    count: u32,
    /// Whether it has no end, and is about words and the blanks between them.
    is_endless: bool,
    crosses_lines: bool,
}

impl Repetition {
    fn is_greedy(&self, may_take_lines: bool) -> bool {
        self.is_endless && (self.crosses_lines || !may_take_lines)
    }
}

impl Parsed {
    /// Nothing for what cannot be read; the loader has refused it.
    fn new(pattern: &str) -> Option<Self> {
        let ast = ast::parse::Parser::new().parse(pattern).ok()?;
        let mut translator = TranslatorBuilder::new().multi_line(true).build();
        let hir = translator.translate(pattern, &ast).ok()?;
        let seen = ast::visit(&ast, Repetitions { pattern, translator, found: Vec::new() });
        Some(Self { hir, repetitions: seen.ok()? })
    }
}

struct Repetitions<'p> {
    pattern: &'p str,
    translator: Translator,
    found: Vec<Repetition>,
}

impl ast::Visitor for Repetitions<'_> {
    type Output = Vec<Repetition>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self::Output, Self::Err> {
        Ok(self.found)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        let Ast::Repetition(repetition) = ast else { return Ok(()) };
        let (is_endless, count) = match repetition.op.kind {
            RepetitionKind::ZeroOrOne => (false, 0),
            RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore => (true, 0),
            RepetitionKind::Range(RepetitionRange::AtLeast(count)) => (true, count),
            RepetitionKind::Range(RepetitionRange::Exactly(count) | RepetitionRange::Bounded(_, count)) => (false, count),
        };
        // Flags that were set before it are not known here; of what is repeated only `(?s)` would alter the answer.
        let hir = self.translator.translate(self.pattern, &repetition.ast).unwrap_or_else(|_| Hir::empty());
        let members = members(&hir);
        self.found.push(Repetition {
            span: repetition.span.start.offset..repetition.span.end.offset,
            count,
            is_endless: is_endless && holds(&members, ' ') && letters(&members) > 20,
            crosses_lines: holds(&members, '\n'),
        });
        Ok(())
    }
}

/// All characters that may stand somewhere in a match.
fn members(hir: &Hir) -> ClassUnicode {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => ClassUnicode::empty(),
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            ClassUnicode::new(text.chars().map(|c| ClassUnicodeRange::new(c, c)))
        }
        HirKind::Class(Class::Unicode(class)) => class.clone(),
        HirKind::Class(Class::Bytes(class)) => class.to_unicode_class().unwrap_or_else(ClassUnicode::empty),
        HirKind::Repetition(repetition) => members(&repetition.sub),
        HirKind::Capture(capture) => members(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().fold(ClassUnicode::empty(), |mut all, part| {
            all.union(&members(part));
            all
        }),
    }
}

fn holds(class: &ClassUnicode, c: char) -> bool {
    class
        .ranges()
        .binary_search_by(|range| {
            if range.end() < c {
                std::cmp::Ordering::Less
            } else if range.start() > c {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

/// How many of the small letters a to z are in it.
fn letters(class: &ClassUnicode) -> usize {
    ('a'..='z').filter(|letter| holds(class, *letter)).count()
}

/// Whether each match holds something that does not stand in nearly every sentence: text, or a class without letters and blanks.
fn is_selective(hir: &Hir) -> bool {
    match hir.kind() {
        // There is one such place for many words.
        HirKind::Look(look) => matches!(look, Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF),
        HirKind::Empty => false,
        HirKind::Literal(literal) => literal.0.iter().any(|byte| *byte != b' '),
        HirKind::Class(_) => {
            let members = members(hir);
            letters(&members) <= LETTERS && !holds(&members, ' ')
        }
        HirKind::Repetition(repetition) => {
            let is_gap = repetition.min > 1 && letters(&members(&repetition.sub)) == 0;
            repetition.min > 0 && (is_gap || is_selective(&repetition.sub))
        }
        HirKind::Capture(capture) => is_selective(&capture.sub),
        HirKind::Concat(parts) => parts.iter().any(is_selective),
        HirKind::Alternation(parts) => parts.iter().all(is_selective),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(pass: PassName, pattern: &str) -> Vec<(FindingKind, Option<String>)> {
        let find = regex::RegexBuilder::new(pattern).multi_line(true).build().expect("the test's pattern is valid");
        let rule = Rule::new(pass, "x/y", Find::Pattern { find, becomes: String::new() });
        let part = |finding: &Finding| finding.part.clone().map(|part| pattern[part].to_owned());
        of_rule(RuleNumber(0), &rule).iter().map(|finding| (finding.kind, part(finding))).collect()
    }

    fn part(kind: FindingKind, part: &str) -> Vec<(FindingKind, Option<String>)> {
        vec![(kind, Some(part.to_owned()))]
    }

    #[test]
    fn a_pattern_that_says_what_it_wants_is_told_nothing() {
        for pattern in [
            r"(\d)–(\d)",
            r"\b([OD])´\b|\b´(s|t)\b",
            r"\b(could|would) of\b",
            r"«[ \u{A0}]?|[ \u{A0}]?»",
            r"(\w)\s{2,}(\w)",
            r"\w+'s\b",
            r"[A-Z]\.\s+[A-Z]",
            "(?i)teh",
            r"\S+@\S+",
            "\"[^\\s\"]+\"",
        ] {
            assert_eq!(kinds(PassName::QUOTES, pattern), [], "{pattern}");
        }
    }

    #[test]
    fn the_ends_of_a_line_are_rare() {
        assert_eq!(kinds(PassName::BOILERPLATE, "^[* ]+$"), []);
        assert_eq!(kinds(PassName::TYPOS, r"^\w+"), []);
        assert_eq!(kinds(PassName::TYPOS, r"\b\w+\b"), [(FindingKind::Slow, None)]);
    }

    #[test]
    fn a_pattern_with_nothing_rare_is_slow() {
        for pattern in [r"(\w+) (\w+)", "[a-z]+", r"\b\p{L}{2}\b", r"(\w)\s(\w)", "teh|[a-z] "] {
            assert_eq!(kinds(PassName::TYPOS, pattern), [(FindingKind::Slow, None)], "{pattern}");
        }
    }

    #[test]
    fn a_pattern_without_an_end_is_greedy() {
        assert_eq!(kinds(PassName::QUOTES, "é \"(.*)\""), part(FindingKind::Greedy, ".*"));
        assert_eq!(kinds(PassName::QUOTES, "\"([^\"]+?)''"), part(FindingKind::Greedy, "[^\"]+?"));
        assert_eq!(kinds(PassName::TYPOS, r"not (?:\w+ )+but"), part(FindingKind::Greedy, r"(?:\w+ )+"));
        assert_eq!(kinds(PassName::TYPOS, "not .{1,40}? but"), []);
    }

    #[test]
    fn the_rest_of_a_line_is_what_boilerplate_means() {
        assert_eq!(kinds(PassName::BOILERPLATE, "^AD .*$"), []);
        assert_eq!(kinds(PassName::BOILERPLATE, r"^\[[^\]]*\]$"), part(FindingKind::Greedy, r"[^\]]*"));
    }

    #[test]
    fn a_pattern_of_many_states_is_large() {
        assert_eq!(kinds(PassName::QUOTES, r"x\w{200}"), part(FindingKind::Large, r"\w{200}"));
        assert_eq!(kinds(PassName::QUOTES, "x[a-z]{200}"), []);
    }
}
