//! The structure of Markdown.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{Structure, html, starts_line};
use crate::edit::{Edit, Zone};
use crate::prose::{line, markup};

/// What is common; more than that protects more than it needs to.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_WIKILINKS);

/// Reads a whole text as Markdown.
pub(super) fn read(text: &str, structure: &mut Structure) {
    let front = markup::front_matter(text);
    structure.fix(0..front, Zone::Markup);
    if text.contains('$') {
        code_without_formulas(text, front, structure);
    }
    let mut open = html::Open::default();
    let mut is_code = false;
    for (event, range) in Parser::new_ext(&text[front..], OPTIONS).into_offset_iter() {
        let range = front + range.start..front + range.end;
        match event {
            // A character reference is something else than what it stands for.
            Event::Text(shown) if !is_code && text[range.clone()] == *shown => structure.prose(range),
            Event::SoftBreak => structure.prose(range),
            Event::Start(Tag::Paragraph) if may_be_title(text, &range) => structure.fix(range, Zone::Markup),
            Event::HardBreak => structure.fix(range, Zone::Markup),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => structure.fix(range, Zone::Code),
            Event::InlineHtml(_) => html::read(text, range, &mut open, structure),
            Event::Start(Tag::CodeBlock(_)) => {
                is_code = true;
                structure.fix(range, Zone::Code);
            }
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::HtmlBlock) => {
                let (end, mut open) = (range.end, html::Open::default());
                html::read(text, range, &mut open, structure);
                open.close(end, structure);
            }
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) if is_target(link_type) => {
                structure.fix(range, Zone::Markup);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item) => open.close(range.end, structure),
            _ => {}
        }
    }
}

/// What is code for those who read a dollar as a dollar.
fn code_without_formulas(text: &str, front: usize, structure: &mut Structure) {
    for (event, range) in Parser::new_ext(&text[front..], OPTIONS.difference(Options::ENABLE_MATH)).into_offset_iter() {
        if matches!(event, Event::Code(_)) {
            structure.fix(front + range.start..front + range.end, Zone::Code);
        }
    }
}

/// Whether a paragraph would become the title of the link that is defined in the line before, were its marks others.
fn may_be_title(text: &str, paragraph: &Range<usize>) -> bool {
    let before = text[..paragraph.start].trim_end_matches(|c| !line::is_ascii_end(c));
    let before = before.strip_suffix('\n').unwrap_or(before);
    let line = before.rsplit(line::is_ascii_end).find(|line| !line.is_empty()).unwrap_or_default();
    line.contains("]:") && !text[paragraph.clone()].starts_with(char::is_alphanumeric)
}

/// Whether the text of such a link says where it leads.
fn is_target(link: LinkType) -> bool {
    matches!(
        link,
        LinkType::Autolink | LinkType::Email | LinkType::Shortcut | LinkType::Collapsed | LinkType::WikiLink { has_pothole: false }
    )
}

/// Whether white space that an edit replaces by other white space means something: an indent, the blank after a mark, a line end
/// that Markdown does not know, the blank that keeps a backslash from its line end.
pub(super) fn is_white_space_of_markup(text: &str, edit: &Edit<'_>) -> bool {
    let (before, after) = (&text[..edit.at.start], &text[edit.at.end..]);
    let run = before.trim_end().len()..text.len() - after.trim_start().len();
    let is_inside_line = !text[edit.at.range()].contains('\n') && !after.is_empty() && !after.starts_with(line::is_ascii_end);
    before.ends_with('\\')
        || has_other_line_end(&text[run.clone()])
        || has_other_blank_line(text, run)
        || is_inside_line && starts_line(text, edit.at.start)
        || text[edit.at.range()].contains(is_other_blank) && (before.ends_with('>') || starts_line(text, edit.at.start))
}

/// White space that makes no line blank.
fn is_other_blank(c: char) -> bool {
    c.is_whitespace() && !matches!(c, ' ' | '\t') && !line::is_ascii_end(c)
}

/// Whether one of the blank lines in this run of white space is none for Markdown.
fn has_other_blank_line(text: &str, run: Range<usize>) -> bool {
    let starts = if run.start == 0 { 0 } else { text[run.clone()].find(line::is_ascii_end).unwrap_or(run.len()) };
    let ends = if run.end == text.len() { run.len() } else { text[run.clone()].rfind(line::is_ascii_end).unwrap_or(0) };
    text[run].get(starts..ends).is_some_and(|lines| lines.contains(is_other_blank))
}

/// Whether there is a line end that `spaces` knows and Markdown does not, or reads as two.
fn has_other_line_end(white: &str) -> bool {
    white.contains(|c| line::is_end(c) && !line::is_ascii_end(c)) || white.contains("\r\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The prose of a text, and what is fixed.
    fn parts(text: &str) -> (Vec<&str>, Vec<(&str, Zone)>) {
        let mut structure = Structure::default();
        read(text, &mut structure);
        structure.fixed.sort_by_key(|(range, _)| range.start);
        structure.fixed.dedup();
        let fixed = structure.fixed.iter().filter(|(range, _)| !range.is_empty()).map(|(range, zone)| (&text[range.clone()], *zone));
        (structure.prose.iter().map(|range| &text[range.clone()]).collect(), fixed.collect())
    }

    fn prose(text: &str) -> Vec<&str> {
        parts(text).0
    }

    fn fixed(text: &str) -> Vec<(&str, Zone)> {
        parts(text).1
    }

    #[test]
    fn prose_is_told_from_marks() {
        assert_eq!(prose("# One\n\n- *two* _é_\n- [ ] three\n> four\n> five\n"), ["One", "two", " ", "é", "three", "four\n", "five"]);
        assert_eq!(prose("a | b\n--|--\nc \\| d | e\n"), ["a", "b", "c ", "| d", "e"]);
        assert_eq!(prose("R&amp;D \\* x[^1]\n\n[^1]: foot\n"), ["R", "D ", "* x", "foot"]);
        assert_eq!(prose("[one](two \"three\") ![four](five) [six][a b]\n\n[a b]: /url\n"), ["one", " ", "four", " ", "six"]);
    }

    #[test]
    fn code_is_fixed_whole() {
        assert_eq!(fixed("a ``b`\nc`` $d'$ `e`"), [("``b`\nc``", Zone::Code), ("$d'$", Zone::Code), ("`e`", Zone::Code)]);
        assert_eq!(fixed("~~~ x\na  \n~~~\n"), [("~~~ x\na  \n~~~", Zone::Code)]);
        assert_eq!(fixed("a\n\n    b\n\n\n    c  \n"), [("b\n\n\n    c  \n", Zone::Code)]);
        assert_eq!(prose("```\nnever closed  \n"), Vec::<&str>::new());
        assert_eq!(fixed("$\" `$don’t`"), [("$\" `$", Zone::Code), ("`$don’t`", Zone::Code)]);
        assert_eq!(prose("in a line ```\nno fence\n"), ["in a line ```\nno fence"]);
    }

    #[test]
    fn hard_line_breaks_are_fixed() {
        assert_eq!(fixed("one  \ntwo \nthree\\\nfour  \n"), [("  \n", Zone::Markup), ("\\\n", Zone::Markup)]);
        assert_eq!(fixed("one   \r\ntwo"), [("   \r\n", Zone::Markup)]);
    }

    #[test]
    fn the_name_of_a_link_is_its_target() {
        assert_eq!(
            fixed("[Bob’s] [Bob’s][] [[Ann]] <http://x.org> [[Ann|she]]\n\n[Bob’s]: /bob\n"),
            [("[Bob’s]", Zone::Markup), ("[Bob’s]", Zone::Markup), ("[[Ann]]", Zone::Markup), ("<http://x.org>", Zone::Markup)]
        );
        assert_eq!(prose("[not one]\n"), ["[not one]"]);
        assert_eq!(
            fixed("[a]: /b\n \"no title″\n\n[c]: /d\r\n“nor this”\n\n[e]: /f\nnor that"),
            [("\"no title″\n", Zone::Markup), ("“nor this”\n", Zone::Markup)]
        );
    }

    #[test]
    fn html_in_markdown_is_read_as_html() {
        assert_eq!(
            parts("<div class=\"a\">\n  He said <code>b</code>\n</div>\n\nso <kbd>c</kbd> <kbd>d\n\ne\n").0,
            ["\n  He said ", "b", "\n", "\n", "so ", "c", " ", "d", "e"]
        );
        assert!(fixed("a <kbd>b\n\nc\n").contains(&("b\n", Zone::Code)));
    }

    #[test]
    fn front_matter_is_markup() {
        let text = "---\ntitle: 'A  b'\n---\nprose\n";
        assert_eq!(parts(text), (vec!["prose"], vec![("---\ntitle: 'A  b'\n---\n", Zone::Markup)]));
    }
}
