//! Regular expressions and templates, as rules write them.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::diagnostic::{FileDiagnostics, did_you_mean};
use super::fields::SpannedText;
use crate::prose::line::without_ending;

/// The most memory that a compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 10 << 20;

const GROUPS_INSTEAD: &str =
    "Match the context too, in groups, and give it back: find = '(before)wrong(after)', becomes = '${1}right${2}'.";

/// Compiles `find`; `^` and `$` are the ends of a line.
pub(super) fn compile(page: &mut FileDiagnostics<'_>, find: &SpannedText<'_>) -> Option<Regex> {
    let error = match RegexBuilder::new(find.value).multi_line(true).size_limit(SIZE_LIMIT).build() {
        Ok(regex) => return of_something(page, find, regex),
        Err(error) => error,
    };
    if let regex::Error::CompiledTooBig(_) = error {
        let label = format!("compiled, it would take more than {} MiB", SIZE_LIMIT >> 20);
        page.error(find.span.clone(), "The pattern is too large.", label, "Lower the counts in {…}, or write several rules.");
        return None;
    }
    let message = error.to_string();
    let reason = message.rsplit_once("error: ").map_or(&*message, |(_, reason)| reason);
    let span = notated(find.value, &message).map_or(find.span.clone(), |part| find.part(page, part));
    let help = if reason.starts_with("look-around") {
        GROUPS_INSTEAD
    } else if reason.starts_with("backreferences") {
        "Write a rule for each form, or an alternation: (aa|bb) instead of (a|b)\\1."
    } else if reason.starts_with("unclosed group") || reason.starts_with("unopened group") {
        "Write (…) with both brackets; a bracket of the text is \\( or \\)."
    } else if reason.starts_with("unclosed character class") {
        "Write […] with both brackets; a bracket of the text is \\[ or \\]."
    } else if reason.starts_with("repetition") {
        "Write what is repeated before the sign; a sign of the text is \\*, \\+, \\? or \\{."
    } else {
        "The syntax is that of Rust's regex crate: https://docs.rs/regex/latest/regex/#syntax."
    };
    page.error(span, "The pattern cannot be read.", reason, help);
    None
}

/// Refuses a pattern that finds nothing: it would insert its text between all characters.
fn of_something(page: &mut FileDiagnostics<'_>, find: &SpannedText<'_>, regex: Regex) -> Option<Regex> {
    let probes = ["", "a b\n\n1."];
    if probes.iter().any(|probe| regex.find_iter(probe).any(|found| found.is_empty())) {
        let help = "Use + in place of *, or add to the pattern what must be there.";
        page.error(find.span.clone(), "The pattern matches the empty text.", "fits between any two characters", help);
        return None;
    }
    Some(regex)
}

/// The part of the pattern under the carets of the crate's message, in bytes.
///
/// The crate gives its syntax errors as a notated text only. Should its form ever change, nothing
/// is found here and the whole pattern is shown.
fn notated(pattern: &str, message: &str) -> Option<Range<usize>> {
    // A heading, and a rule above a pattern of several lines.
    let mut notes = message.lines().skip(if pattern.contains('\n') { 2 } else { 1 }).peekable();
    let mut start = 0;
    for line in pattern.split('\n') {
        let content = without_ending(line);
        let margin = notes.next()?.strip_suffix(content)?.len();
        if let Some(carets) = notes.next_if(|note| note.contains('^') && note.chars().all(|c| matches!(c, ' ' | '^'))) {
            let from = carets.find('^')?.checked_sub(margin)?;
            let count = carets.trim_start().chars().take_while(|c| *c == '^').count();
            let byte = |chars: usize| content.char_indices().nth(chars).map_or(content.len(), |(at, _)| at);
            return Some(start + byte(from)..start + byte(from + count));
        }
        start += line.len() + 1;
    }
    None
}

/// Checks that each group that `becomes` names is one of the pattern's.
pub(super) fn check_template(page: &mut FileDiagnostics<'_>, becomes: &SpannedText<'_>, find: &Regex) {
    for (at, digit) in backslashed_digits(becomes.value).filter(|(_, digit)| is_group(find, digit)) {
        let span = becomes.part(page, at..at + 1 + digit.len());
        page.error(span, "A group is not written with a backslash.", "this stands for itself", format!("Write ${{{digit}}}."));
    }
    for (part, name) in references(becomes.value) {
        let span = becomes.part(page, part);
        let Some(name) = name else {
            page.error(span, "A group's name has no end.", "this brace is never closed", "Write ${1} for a group, $$ for a dollar sign.");
            continue;
        };
        if is_group(find, name) {
            continue;
        }
        let title = format!("The pattern has no group `{name}`.");
        match read_on(find, name) {
            Some((group, rest)) => {
                page.error(span, title, "letters, digits and _ belong to the name", format!("Write ${{{group}}}{rest}."));
            }
            None => page.error(span, title, groups(find), missing_group_help(find, name)),
        }
    }
}

/// What other tools write for a group: the place of the backslash, and the digit behind it.
fn backslashed_digits(template: &str) -> impl Iterator<Item = (usize, &str)> {
    template
        .match_indices('\\')
        .filter_map(|(at, _)| Some((at, template.get(at + 1..at + 2).filter(|digit| digit.bytes().all(|byte| byte.is_ascii_digit()))?)))
}

fn is_group(find: &Regex, name: &str) -> bool {
    match name.parse::<usize>() {
        Ok(number) => number < find.captures_len(),
        Err(_) => find.capture_names().flatten().any(|known| known == name),
    }
}

/// `1x` is meant as the group `1` and an `x`, if there is that group.
fn read_on<'n>(find: &Regex, name: &'n str) -> Option<(&'n str, &'n str)> {
    (1..name.len()).rev().filter(|at| name.is_char_boundary(*at)).map(|at| name.split_at(at)).find(|(group, _)| is_group(find, group))
}

fn groups(find: &Regex) -> String {
    match find.captures_len() - 1 {
        0 => "the pattern has no groups".to_owned(),
        1 => "the pattern has one group".to_owned(),
        count => format!("the pattern has {count} groups"),
    }
}

fn missing_group_help(find: &Regex, name: &str) -> String {
    let names: Vec<&str> = find.capture_names().flatten().collect();
    if !names.is_empty() && name.parse::<usize>().is_err() {
        return did_you_mean(name, &names);
    }
    "Put round brackets round the part to keep; a dollar sign of the text is $$.".to_owned()
}

/// The references of a template, in bytes, as `regex` reads them: the longest run of letters,
/// digits and `_`, or what stands in braces (nothing, if they are never closed).
fn references(template: &str) -> Vec<(Range<usize>, Option<&str>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dollar) = template[at..].find('$').map(|dollar| at + dollar) {
        let rest = &template[dollar + 1..];
        let (end, name) = if rest.starts_with('$') {
            (dollar + 2, Some(""))
        } else if let Some(braced) = rest.strip_prefix('{') {
            match braced.find('}') {
                Some(close) => (dollar + 2 + close + 1, Some(&braced[..close])),
                None => (template.len(), None),
            }
        } else {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            (dollar + 1 + length, Some(&rest[..length]))
        };
        // `$$` and a lone `$` are dollar signs; `${}` is a mistake.
        if name != Some("") || template[dollar..end].ends_with('}') {
            found.push((dollar..end, name));
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_the_regex_crate_reads_them() {
        let names = |template| references(template).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names("${1}x $1x $a_b. $$2 5 $ $"), [Some("1"), Some("1x"), Some("a_b")]);
        assert_eq!(names("é${1"), [None]);
        assert_eq!(names("$é ${}"), [Some("")]);
        assert_eq!(references("é${1}"), [(2..6, Some("1"))]);
    }

    #[test]
    fn the_place_of_a_syntax_error_is_taken_from_the_message() {
        let place = |pattern: &str| {
            let message = Regex::new(pattern).expect_err("the test's pattern is not valid").to_string();
            notated(pattern, &message).map(|part| pattern[part].to_owned())
        };
        assert_eq!(place("é(a"), Some("(".into()));
        assert_eq!(place("aé(?=b)"), Some("(?=".into()));
        assert_eq!(place("(?x)\n  a\n  é(b # c\n"), Some("(".into()));
        assert_eq!(place("a{2,1}"), Some("{2,1}".into()));
        assert_eq!(place("^^^["), Some("[".into()));
        assert_eq!(place(r"\p{Ll}\p{Nope}"), Some(r"\p{Nope}".into()));
    }
}
