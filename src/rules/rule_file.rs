//! Files of rules: `[[rule]]` after `[[rule]]`.

use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{FileDiagnostics, code_point};
use super::fields::{Fields, SpannedText, parse};
use super::keys;
use super::pattern;
use super::{Example, Find, Origin, PassName, Rule};

/// A rule, and where its parts stand in its file. In boxes: a large table is moved about many times.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) rule: Box<Rule>,
    pub(super) spots: Box<Spots>,
}

/// Where the parts of a rule stand, in bytes of its file.
#[derive(Clone, Debug, Default)]
pub(super) struct Spots {
    pub(super) text: Arc<str>,
    pub(super) id: Range<usize>,
    pub(super) find: Range<usize>,
    pub(super) keep_in: Vec<Range<usize>>,
    pub(super) examples: Vec<Range<usize>>,
    pub(super) keeps: Vec<Range<usize>>,
}

/// The keys that say what a rule finds: it has one of them.
const KINDS: [&str; 4] = ["find", "chars", "mark", "built-in"];

/// The rules of a file. Those with errors are left out; the errors are on the page.
pub(super) fn rules(page: &mut FileDiagnostics<'_>, pass: PassName, shipped: bool) -> Vec<Written> {
    let Some(document) = parse(page) else { return Vec::new() };
    let document = Fields::document(page, &document, &keys::names(&keys::RULES));
    let text: Arc<str> = page.text.into();
    let tables = document.tables(page, "rule", &keys::names(&keys::RULE));
    let starts: Vec<usize> = tables.iter().map(|table| table.span.start).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts: Vec<_> = starts.iter().zip(ends).map(|(start, end)| lines_of(&text[*start..end])).collect();
    let rules = tables.iter().zip(parts).filter_map(|(table, lines)| {
        let mut written = rule(page, table, pass, shipped, &text)?;
        written.rule.origin.text = lines.into();
        Some(written)
    });
    rules.collect()
}

/// The lines of a rule: comments and blank lines at the end are about the next one.
fn lines_of(part: &str) -> &str {
    let mut lines = part.trim_end();
    while let Some((before, last)) = lines.rsplit_once('\n')
        && last.trim_start().starts_with('#')
    {
        lines = before.trim_end();
    }
    lines
}

fn rule(page: &mut FileDiagnostics<'_>, fields: &Fields<'_>, pass: PassName, shipped: bool, text: &Arc<str>) -> Option<Written> {
    let id = fields.required(page, "id", "Give it a name in kebab-case that says what is wrong, such as \"double-prime\".");
    let id = id.filter(|id| is_kebab_case(page, id));
    let mut spots = Spots { text: text.clone(), ..Spots::default() };
    let find = find(page, fields, &mut spots);
    let why = fields.required(page, "why", "Write the sentence that a reviewer reads beside its changes.");
    let examples = examples(page, fields, &mut spots);
    let keeps = fields.texts(page, "keeps");
    spots.keeps = keeps.iter().map(|keep| keep.span.clone()).collect();
    let (policy, zones, style) = (fields.policy(page), fields.zones(page), fields.style(page, "style"));
    let (only, not) = (fields.scope(page, "only"), fields.scope(page, "not"));
    let (id, find, why) = (id?, find?, why?);
    let origin = Origin { file: page.file.clone(), line: page.line(id.span.start), shipped, ..Origin::default() };
    spots.id = id.span;
    let rule = Rule {
        style,
        policy,
        zones: zones.into(),
        only: only.into(),
        not: not.into(),
        why: why.value.into(),
        examples,
        keeps: keeps.iter().map(|keep| keep.value.to_owned()).collect(),
        origin,
        ..Rule::new(pass, &format!("{pass}/{}", id.value), find)
    };
    Some(Written { rule: rule.into(), spots: spots.into() })
}

fn is_kebab_case(page: &mut FileDiagnostics<'_>, id: &SpannedText<'_>) -> bool {
    let is_fine = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let fine = id.value.split('-').all(is_fine);
    if !fine {
        let title = format!("`{}` is no id in kebab-case.", id.value);
        let help = "An id has lower-case letters a to z, digits and single hyphens; the folder adds the name of the pass.";
        page.error(id.span.clone(), title, "", help);
    }
    fine
}

fn find(page: &mut FileDiagnostics<'_>, fields: &Fields<'_>, spots: &mut Spots) -> Option<Find> {
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| fields.has(kind)).collect();
    let [kind] = kinds[..] else {
        let (span, title, label) = match kinds.first() {
            None => (fields.span.clone(), "The rule does not say what it finds.", "needs `find`, `chars`, `mark` or `built-in`".to_owned()),
            Some(_) => (fields.key_span(kinds[1]), "The rule says twice what it finds.", format!("`{}` is there too", kinds[0])),
        };
        page.error(
            span,
            title,
            label,
            "A rule has exactly one of `find` (a pattern), `chars` (code points), `mark` (what a quotation mark does) and `built-in` (a behaviour of the pass).",
        );
        return None;
    };
    let misplaced: &[&str] = match kind {
        "find" | "mark" => &["keep-in"],
        "chars" => &[],
        _ => &["keep-in", "becomes"],
    };
    for key in misplaced.iter().filter(|key| fields.has(key)) {
        page.error(fields.key_span(key), format!("`{key}` does not go with `{kind}`."), "nothing would read it", "Leave it out.");
    }
    let becomes = fields.text(page, "becomes");
    let found = match kind {
        "find" => find_pattern(page, fields, becomes.as_ref(), spots),
        "chars" => find_characters(page, fields, becomes.as_ref(), spots),
        "mark" => {
            let mark = fields.required(page, "mark", "Say what the mark does, such as \"opening-double\".");
            let becomes = fields.required(page, "becomes", "Give the mark as it is printed.");
            let (mark, becomes) = (mark?, becomes?);
            spots.find = mark.span;
            Some(Find::Mark { mark: mark.value.to_owned(), becomes: becomes.value.to_owned() })
        }
        _ => {
            let name = fields.required(page, "built-in", "Name a behaviour of the pass.")?;
            spots.find = name.span;
            Some(Find::BuiltIn(name.value.to_owned()))
        }
    };
    found.filter(|_| becomes.is_some() || !fields.has("becomes"))
}

fn find_pattern(page: &mut FileDiagnostics<'_>, fields: &Fields<'_>, becomes: Option<&SpannedText<'_>>, spots: &mut Spots) -> Option<Find> {
    let text = fields.text(page, "find")?;
    let find = pattern::compile(page, &text)?;
    if let Some(becomes) = becomes {
        pattern::check_template(page, becomes, &find);
    }
    spots.find = text.span;
    Some(Find::Pattern { find, becomes: becomes.map_or("", |becomes| becomes.value).to_owned() })
}

fn find_characters(
    page: &mut FileDiagnostics<'_>,
    fields: &Fields<'_>,
    becomes: Option<&SpannedText<'_>>,
    spots: &mut Spots,
) -> Option<Find> {
    let texts = fields.texts(page, "chars");
    if fields.is_empty_list("chars") {
        page.error(fields.key_span("chars"), "`chars` names no code point.", "", "Write chars = [\"U+200B\", \"U+2060..U+2064\"].");
    }
    let ranges: Vec<_> = texts.iter().filter_map(|text| range(page, text)).collect();
    let keep_in = fields.texts(page, "keep-in");
    spots.find = fields.key_span("chars");
    spots.keep_in = keep_in.iter().map(|context| context.span.clone()).collect();
    (!ranges.is_empty()).then(|| Find::Characters {
        chars: joined(ranges),
        becomes: becomes.map_or("", |becomes| becomes.value).to_owned(),
        keep_in: keep_in.iter().map(|context| context.value.to_owned()).collect(),
    })
}

/// `U+200B` or `U+2060..U+2064`.
fn range(page: &mut FileDiagnostics<'_>, text: &SpannedText<'_>) -> Option<(char, char)> {
    let (first, last) = text.value.split_once("..").unwrap_or((text.value, text.value));
    let last_at = text.value.len() - last.len();
    let first = code_point_named(page, text, first, 0);
    let last = if last_at == 0 { first } else { code_point_named(page, text, last, last_at) };
    let (first, last) = (first?, last?);
    if first > last {
        let label = format!("{} comes after {}", code_point(first), code_point(last));
        page.error(text.span.clone(), "The range runs backwards.", label, "Write the lower code point first.");
        return None;
    }
    Some((first, last))
}

fn code_point_named(page: &mut FileDiagnostics<'_>, text: &SpannedText<'_>, name: &str, at: usize) -> Option<char> {
    let digits = name.strip_prefix("U+").filter(|digits| (4..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let found = number.and_then(char::from_u32);
    if found.is_none() {
        let span = text.part(page, at..at + name.len());
        let label = match number {
            Some(0xD800..=0xDFFF) => "a surrogate is no character",
            Some(_) => "the last code point is U+10FFFF",
            None => "not U+ and four to six hexadecimal digits",
        };
        page.error(
            span,
            format!("`{name}` is no code point."),
            label,
            "Write \"U+200B\", or \"U+2060..U+2064\" for a range with both its ends.",
        );
    }
    found
}

/// Sorted, and without overlaps.
fn joined(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut joined: Vec<(char, char)> = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

fn examples(page: &mut FileDiagnostics<'_>, fields: &Fields<'_>, spots: &mut Spots) -> Vec<Example> {
    const WAY_OUT: &str = "Write examples = [['text before', 'text after']].";
    if !fields.has("examples") {
        page.error(fields.span.clone(), "The key `examples` is missing.", "needs `examples`", WAY_OUT);
    }
    if fields.is_empty_list("examples") {
        page.error(fields.key_span("examples"), "The rule has no example.", "", WAY_OUT);
    }
    let mut examples = Vec::new();
    for (before, after, span) in fields.pairs(page, "examples") {
        if before.value == after.value {
            page.error(
                span.clone(),
                "The example changes nothing.",
                "before and after are equal",
                "Put texts that must stay into `keeps`.",
            );
        }
        spots.examples.push(span);
        examples.push(Example { before: before.value.into(), after: after.value.into() });
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<Written> {
        let mut page = FileDiagnostics::new("rules/quotes/a.toml", text);
        let rules = rules(&mut page, PassName::QUOTES, true);
        let errors: Vec<String> = page.into_errors().iter().map(|error| error.render(false)).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        rules
    }

    #[test]
    fn a_rule_is_read_with_all_it_says() {
        let rules = written(
            "\n[[rule]]\nid = \"double-prime\"\nfind = '(\\p{L})″'\nbecomes = '${1}\"'\npolicy = \"ask\"\nzones = { quotation = \"off\" }\n\
             only = { files = [\"news/**\"], lang = \"en\" }\nnot = { files = [\"*.csv\"] }\nwhy = \"Typed so.\"\n\
             examples = [['so″', 'so\"']]\nkeeps = [\"5″\"]\n",
        );
        let [Written { rule, .. }] = &rules[..] else { panic!("one rule was written") };
        assert_eq!((&*rule.id, rule.pass, rule.origin.line, rule.origin.shipped), ("quotes/double-prime", PassName::QUOTES, 3, true));
        assert!(
            rule.in_scope("news/a.txt", Some("en-GB")) && !rule.in_scope("news/a.csv", None) && !rule.in_scope("news/a.txt", Some("de"))
        );
        assert_eq!((rule.examples.len(), &*rule.keeps[0], rule.policy), (1, "5″", Some(crate::rules::Policy::Ask)));
    }

    #[test]
    fn a_rule_keeps_the_lines_in_which_it_is_written() {
        let rule = |id: &str| format!("[[rule]]\nid = \"{id}\"\nfind = 'x' # or y\nwhy = \"w\"\nexamples = [['x', '']]");
        let rules = written(&format!("# First.\n\n{}\n\n# Second.\n# Of two.\n{}\n\n", rule("one"), rule("two")));
        let texts: Vec<_> = rules.iter().map(|written| written.rule.origin.text.to_string()).collect();
        assert_eq!(texts, [rule("one"), rule("two")]);
    }

    #[test]
    fn a_pattern_reads_line_by_line() {
        let rules = written("[[rule]]\nid = \"x\"\nfind = '^x$'\nwhy = \"w\"\nexamples = [['x', '']]\n");
        let Find::Pattern { find, becomes } = &rules[0].rule.find else { panic!("a pattern was written") };
        assert!(find.is_match("a\nx\nb") && becomes.is_empty());
    }

    #[test]
    fn code_points_are_sorted_and_joined() {
        let rules = written(
            "[[rule]]\nid = \"x\"\nchars = [\"U+2064\", \"U+200B\", \"U+2060..U+2064\"]\nkeep-in = [\"emoji\"]\nwhy = \"w\"\nexamples = [['x', '']]\n",
        );
        let Find::Characters { chars, keep_in, .. } = &rules[0].rule.find else { panic!("characters were written") };
        assert_eq!((&chars[..], &keep_in[..]), (&[('\u{200B}', '\u{200B}'), ('\u{2060}', '\u{2064}')][..], &["emoji".to_owned()][..]));
    }
}
