//! Markup of a known syntax: whatever is cleaned round it, programs read the same as before.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use emendo_core::edit::{Change, Fate, Zone};
use emendo_core::prose::Syntax;
use emendo_core::review::Bound;
use emendo_core::rules::{Caps, Style};
use emendo_core::{chain::Chain, clean::clean, document::Document};
use html5gum::{Token, Tokenizer};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// One for each style.
static CHAINS: LazyLock<[Chain; 2]> = LazyLock::new(|| {
    let knowledge = emendo_core::rules::load_shipped();
    Style::ALL.map(|style| Chain::new(Arc::new(knowledge.rules.in_style(style)), &knowledge.chain, &Caps::default()))
});

fn run_in(style: Style, text: &str, syntax: Syntax) -> (String, Vec<Change>) {
    let chain = &CHAINS[style as usize];
    let document = Document { syntax, lang: Some("en"), ..Document::new("a", text) };
    let cleaned = clean(&document, chain, &Bound::default()).unwrap_or_else(|error| panic!("{error}"));
    (cleaned.text.expect("there is a body").into_owned(), cleaned.changes)
}

fn run(text: &str, syntax: Syntax) -> String {
    run_in(Style::Straight, text, syntax).0
}

/// All that is not prose, in order: blocks, marks, targets, code, tags.
fn of_markdown(text: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    // Which characters end a line is no matter of structure.
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut structure, mut html) = (String::new(), String::new());
    let mut is_code = false;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Text(_) if !is_code => {}
            Event::Text(code) => structure.push_str(&code),
            Event::Start(Tag::CodeBlock(kind)) => {
                is_code = true;
                _ = writeln!(structure, "code {kind:?}");
            }
            Event::End(TagEnd::CodeBlock) => {
                is_code = false;
                structure.truncate(structure.trim_end().len());
                structure.push_str("\nend\n");
            }
            // Prose of HTML is another law's.
            Event::Html(line) => html.push_str(&line),
            Event::End(TagEnd::HtmlBlock) => structure.push_str(&of_html(&std::mem::take(&mut html))),
            event => _ = writeln!(structure, "{event:?}"),
        }
    }
    structure
}

/// All tags, with their attributes, and all comments, in order.
fn of_html(text: &str) -> String {
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    let mut emitter = html5gum::DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut structure = String::new();
    for Ok(token) in Tokenizer::new_with_emitter(text.as_str(), emitter) {
        match token {
            Token::String(_) | Token::Error(_) => {}
            Token::Comment(comment) => _ = writeln!(structure, "{}", String::from_utf8_lossy(&comment).trim_end_matches(['-', ' ', '\n'])),
            other => _ = writeln!(structure, "{other:?}"),
        }
    }
    structure
}

const PROSE: &[&str] = &[
    "word",
    "Isrfael",
    "teh",
    "don’t",
    "“so”",
    "‘no’",
    " \"",
    "\" ",
    "é",
    "e\u{301}",
    "1",
    "12.",
    "R&D",
    "a.",
    "—",
    " -- ",
    "…",
    "½",
    "Anthony Blinken",
    "Â£",
    "\u{200b}",
    "\u{ad}",
    "\u{feff}",
    "\u{202e}",
    "http://x.org/teh",
    "@teh",
    "″",
    "'",
    "\"",
];
/// U+0085 is left out: the passes take it for a line end, or else for an ellipsis that was decoded wrongly.
const BLANKS: &[&str] = &[
    " ", " ", " ", "  ", "   ", "\t", "\u{a0}", "\n", "\n", "\n", "  \n", " \n", "\r\n", "\n\n", "\n\n\n\n", "\r", "\u{2028}", "\u{2029}",
];
const MARKDOWN: &[&str] = &[
    "# ",
    "## ",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "> ",
    "> ",
    "    ",
    "        ",
    "```\n",
    "\n```\n",
    "~~~",
    "`",
    "``",
    "*",
    "**",
    "_",
    "[",
    "]",
    "](",
    ")",
    "[a’]: /b\n",
    "[a’]",
    "![",
    "|",
    "\n--|--\n",
    "---\n",
    "===\n",
    "\\",
    "\\\n",
    "<",
    ">",
    "<b>",
    "</b>",
    "<code>",
    "</code>",
    "<div>\n",
    "</div>\n",
    "<!-- ",
    " -->",
    "&amp;",
    "&quot;",
    "&",
    ";",
    "{#i’d}",
    "[^1]",
    "[^1]: ",
    "<http://x.org/’>",
    "~~",
    "$",
    "-",
    "---\ntitle: ‘teh’\n---\n",
    "<pre>\n",
    "</pre>\n",
    "(",
    "![a’](b “c”)",
    "[a’](b \"c’\")",
    "<a title=\"’\">",
    "- [ ] ",
    "=",
    ":",
    "#",
    "!",
];
const HTML: &[&str] = &[
    "<p>",
    "</p>",
    "<a href=\"teh’\" title='“Isrfael  ”'>",
    "</a>",
    "<br/>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<!-- teh  ’ -->",
    "<!--",
    "-->",
    "<!DOCTYPE html>",
    "&amp;",
    "&lt;",
    "&#8217;",
    "&quot;",
    "&",
    "<",
    ">",
    "</",
    "/>",
    "=",
    "\"",
    "'",
    "b",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<b ",
    "<svg>",
    "</svg>",
    "<?x ",
    "<![CDATA[",
    "!",
    "?",
];

fn text(marks: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PROSE),
        3 => prop::sample::select(BLANKS),
        3 => prop::sample::select(marks),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn markdown_is_read_as_before(text in text(MARKDOWN)) {
        for style in Style::ALL {
            let cleaned = run_in(style, &text, Syntax::Markdown).0;
            prop_assert_eq!(of_markdown(&cleaned), of_markdown(&text), "{:?} of {:?}", cleaned, text);
        }
    }

    #[test]
    fn html_is_read_as_before(text in text(HTML)) {
        for style in Style::ALL {
            let cleaned = run_in(style, &text, Syntax::Html).0;
            prop_assert_eq!(of_html(&cleaned), of_html(&text), "{:?} of {:?}", cleaned, text);
        }
    }

    #[test]
    fn a_text_with_markup_settles(markdown in text(MARKDOWN), html in text(HTML)) {
        for (text, syntax) in [(markdown, Syntax::Markdown), (html, Syntax::Html)] {
            // What was decoded wrongly and stays in a tag proves the same of prose the second time.
            let text = text.replace("Â£", "£");
            for style in Style::ALL {
                let once = run_in(style, &text, syntax).0;
                let again = run_in(style, &once, syntax).1.into_iter().filter(|change| change.fate == Fate::Applied).collect::<Vec<_>>();
                prop_assert_eq!(again, Vec::<Change>::new(), "once more, from {:?}", once);
            }
        }
    }
}

#[test]
fn prose_is_cleaned_and_markup_is_not() {
    assert_eq!(
        run(
            "# Isrfael\n\nIsrfael’s  *Isrfael*  `Isrfael’s` [Isrfael](Isrfael’s \"Isrfael\")  \nIsrfael\r\n\r\n\r\n~~~\r\nIsrfael’s  x  \r\n\r\n\r\n~~~\r\nR&amp;D\n",
            Syntax::Markdown
        ),
        "# Israel\n\nIsrael's *Israel* `Isrfael’s` [Israel](Isrfael’s \"Isrfael\")  \nIsrael\n\n~~~\nIsrfael’s  x  \n\n\n~~~\nR&amp;D\n"
    );
    assert_eq!(
        run("<p title='Isrfael’s  x'>Isrfael’s  <b>Isrfael</b></p>\r\n<pre>\nIsrfael’s  x \n</pre><!-- Isrfael -->R&amp;D", Syntax::Html),
        "<p title='Isrfael’s  x'>Israel's <b>Israel</b></p>\n<pre>\nIsrfael’s  x \n</pre><!-- Isrfael -->R&amp;D\n"
    );
}

#[test]
fn what_markup_protects_is_told() {
    let (_, changes) = run_in(Style::Straight, "R&amp;D `Isrfael` one  \ntwo\n", Syntax::Markdown);
    let told: Vec<_> = changes.iter().map(|change| (&*change.before, change.fate)).collect();
    assert_eq!(
        told,
        [
            ("&amp;", Fate::Protected { zone: Zone::Markup }),
            ("  ", Fate::Protected { zone: Zone::Markup }),
            ("Isrfael", Fate::Protected { zone: Zone::Code })
        ]
    );
}

#[test]
fn what_stands_beside_a_mark_of_emphasis_stays_of_its_kind() {
    // Before a letter the second mark closes nothing, before a sign it would.
    assert_eq!(run("*12.*Â£ and Â£", Syntax::Markdown), "*12.*Â£ and £\n");
    assert_eq!(run("*“so”* and **teh**", Syntax::Markdown), "*\"so\"* and **the**\n");
}

#[test]
fn markup_without_end_is_read_too() {
    let opens = [
        "<a ",
        "<a href=\"",
        "<!-- ",
        "<pre>",
        "<b>",
        "</",
        "[",
        "![",
        "](",
        "> ",
        "- ",
        "`",
        "```\n",
        "**_",
        "{{",
        "&",
        "$",
        "| ",
        "<a {{ ",
    ];
    for open in opens {
        for syntax in [Syntax::Markdown, Syntax::Html] {
            let text = format!("Isrfael\n\n{}\u{200b}\n", open.repeat(20_000));
            let cleaned = run(&text, syntax);
            assert!(cleaned.starts_with("Israel\n\n"), "{open} in {syntax}");
            let kept = |text: &str| text.matches(open.trim_end()).count();
            assert_eq!(kept(&cleaned), kept(&text), "{open} in {syntax}");
        }
    }
}
