//! The view for people in a browser: one page that needs nothing else, and in which the text of a corpus is text.

use askama::Template;
use askama::filters::HtmlSafe;

use super::groups::ChangeGroup;
use super::words::{Excerpt, ExcerptPiece, kept_shown, pair_shown};
use super::{Private, VisibleText, escape};
use emendo_core::edit::{Fate, Part};

/// The look of the page. It is the only style that [`POLICY`] admits.
const STYLE: &str = include_str!("page.css");

/// Nothing is run, fetched, sent or framed; the hash is the SHA-256 of [`STYLE`], in Base64.
const POLICY: &str =
    "default-src 'none'; style-src 'sha256-b4eUxpyyQ0wWA/ydiQD7gG2y89VboqXXx1iNfNY1y+M='; base-uri 'none'; form-action 'none'";

/// A page that is written piece by piece: [`Self::start`], then sources and groups, then [`Self::end`].
///
/// Each piece is a block of one template, which escapes all that it is given. A piece that is part of another says so
/// by [`HtmlSafe`].
#[derive(Clone, Debug, Default)]
pub struct HtmlPage {
    /// The source whose heading was written last.
    source: Option<String>,
}

impl HtmlPage {
    /// How the page begins.
    pub fn start(title: &'static str) -> String {
        PageStart { title, policy: POLICY, style: STYLE }.to_string()
    }

    /// Excerpts of a source, with the ids of the changes that wait if `ids` says so.
    pub fn excerpts(&mut self, name: &str, excerpts: &[Excerpt], private: Private, ids: bool) -> String {
        if excerpts.is_empty() {
            return String::new();
        }
        let is_new = self.source.as_deref() != Some(name);
        if is_new {
            self.source = Some(name.to_owned());
        }
        PageExcerpts { source: is_new.then(|| Run::of(name)), excerpts, private, ids }.to_string()
    }

    /// A group of alike changes and its places.
    pub fn group(group: &ChangeGroup, ids: bool) -> String {
        PageGroup { group, ids }.to_string()
    }

    /// How the page ends, after a note; an empty one is none.
    pub fn end(note: &VisibleText) -> String {
        PageEnd { note: note.trimmed_end() }.to_string()
    }
}

#[derive(Template)]
#[template(path = "page.html", block = "start")]
struct PageStart {
    title: &'static str,
    policy: &'static str,
    style: &'static str,
}

#[derive(Template)]
#[template(path = "page.html", block = "excerpts")]
struct PageExcerpts<'e> {
    source: Option<Run>,
    excerpts: &'e [Excerpt],
    private: Private,
    ids: bool,
}

#[derive(Template)]
#[template(path = "page.html", block = "group")]
struct PageGroup<'g> {
    group: &'g ChangeGroup,
    ids: bool,
}

#[derive(Template)]
#[template(path = "page.html", block = "end")]
struct PageEnd {
    note: VisibleText,
}

/// The pieces of an excerpt. The language of the text is not known, and that of the page is not its.
#[derive(Template)]
#[template(path = "page.html", block = "paragraph")]
struct Paragraph<'p> {
    pieces: &'p [ExcerptPiece],
    private: Private,
}

impl HtmlSafe for Paragraph<'_> {}

/// What was replaced, and by what: an empty one of the two is left out.
#[derive(Template)]
#[template(path = "page.html", block = "replaced")]
struct ReplacedText {
    before: Run,
    after: Run,
    asks: bool,
}

impl HtmlSafe for ReplacedText {}

impl ReplacedText {
    fn new(before: &str, after: &str, private: Private, asks: bool) -> Self {
        let [before, after] = pair_shown(before, after, private).map(Run);
        Self { before, after, asks }
    }
}

/// A run of text that was escaped for people already, isolated in its direction from all round it, its labels marked.
#[derive(Template)]
#[template(path = "page.html", block = "run")]
struct Run(VisibleText);

impl HtmlSafe for Run {}

impl Run {
    fn of(text: &str) -> Self {
        Self(escape(text))
    }

    fn kept(text: &str, private: Private) -> Self {
        Self(kept_shown(text, private))
    }

    /// The text before the first label.
    fn head(&self) -> &str {
        self.0.split('⟦').next().unwrap_or_default()
    }

    /// Each label, and the text behind it.
    fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        // The sign begins labels only: one of the text is named itself.
        self.0.split('⟦').skip(1).map(|part| part.split_once('⟧').unwrap_or((part, "")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{WantedChange, cleaned, whole};
    use super::super::visible::tests::{assert_inert, text};
    use super::super::{LineColumns, excerpts};
    use super::*;
    use proptest::prelude::*;

    /// The page of a text with one change, under a name that begins as the text does.
    fn page(source: &str, at: std::ops::Range<usize>, with: &str, asks: bool) -> String {
        let document = whole(source);
        let wanted = WantedChange { at, with: with.to_owned(), rule: if asks { "r?" } else { "r" }.into() };
        let cleaned = cleaned(source, &document, &[wanted]);
        let excerpts = excerpts(source, &LineColumns::new(source.as_bytes()), &document, &cleaned.hunks, &cleaned.changes);
        let name: String = source.chars().take(80).collect();
        HtmlPage::default().excerpts(&name, &excerpts, Private::default(), true)
    }

    /// The names of all tags of a page, as browsers find them.
    fn tags(page: &str) -> Vec<String> {
        html5gum::Tokenizer::new(page)
            .filter_map(|token| match token {
                Ok(html5gum::Token::StartTag(tag)) => Some(String::from_utf8_lossy(&tag.name).into_owned()),
                _ => None,
            })
            .collect()
    }

    /// What a reader sees, without markup.
    fn read(page: &str) -> String {
        html5gum::Tokenizer::new(page)
            .filter_map(|token| match token {
                Ok(html5gum::Token::String(text)) => Some(String::from_utf8_lossy(&text.value).into_owned()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_text_of_a_corpus_is_text() {
        for hostile in [
            "<script>alert(1)</script>",
            "</textarea></style></title><img src=x onerror=alert(1)>",
            "<!--",
            "]]>",
            "&lt;b&gt; &amp;#60;",
            "\" onload=\"x",
            "' style='x",
            "\u{1b}[31m\u{9b}2J\u{1b}]0;t\u{7}",
            "\u{202e}\u{2066}\u{200b}\u{feff}",
        ] {
            for (before, after) in [("Isrfael", hostile), (hostile, "Israel"), ("Isrfael", "Israel")] {
                let source = format!("{hostile} {before} {hostile}\n");
                let start = hostile.len() + 1;
                let page = page(&source, start..start + before.len(), after, false);
                assert_inert(&page.replace('\n', ""));
                let known = ["h2", "h3", "p", "bdi", "del", "ins", "span"];
                assert!(tags(&page).iter().all(|tag| known.contains(&tag.as_str())), "{page}");
                assert!(!page.contains("<script") && !page.contains("<!--"), "{page}");
                assert!(read(&page).contains(&*escape(hostile)), "{hostile:?} in {page}");
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_is_labelled_and_every_run_is_isolated() {
        let page = page("5\u{a0}km ab שלום", 6..7, "c", true);
        assert!(page.contains("5<span class=\"unseen\">⟦U+00A0 NO-BREAK SPACE⟧</span>km"), "{page}");
        assert!(page.contains("<del class=\"asked\"><bdi>ab</bdi></del><ins class=\"asked\"><bdi>cb</bdi></ins>?"), "{page}");
        assert!(page.contains("<bdi> שלום</bdi>"), "{page}");
    }

    #[test]
    fn a_line_of_a_megabyte_makes_a_small_page() {
        let source = format!("{0}Isrfael{0}\n", "word ".repeat(100_000));
        assert!(page(&source, 500_000..500_007, "Israel", false).len() < 2_000);
        let source = format!("{}\n", "<&x".repeat(400_000));
        let page = page(&source, 0..1_199_999, "y", false);
        assert!(page.contains("characters)…") && tags(&page).len() < 20, "{} bytes", page.len());
    }

    #[test]
    fn a_page_holds_no_script_and_fetches_nothing() {
        let page = [HtmlPage::start("Changes in <a>"), HtmlPage::end(&"No changes.\n".into())].concat();
        assert!(page.contains("<title>Changes in &#60;a&#62;</title>") && page.contains("<p class=\"note\">No changes.</p>"));
        for banned in ["<script", "<link", "<img", "url(", "@import", "http:", "https:", " style="] {
            assert!(!page.contains(banned), "{banned}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_policy_admits_the_style_and_no_other() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("style");
        std::fs::write(&file, STYLE).expect("written");
        let run = std::process::Command::new("sha256sum").arg(&file).output().expect("sha256sum is installed");
        let told = String::from_utf8(run.stdout).expect("it is ASCII");
        let digest: Vec<u8> = (0..64).step_by(2).map(|at| u8::from_str_radix(&told[at..at + 2], 16).expect("hexadecimal")).collect();
        assert!(POLICY.contains(&format!("style-src 'sha256-{}';", base64(&digest))), "the style has {}", base64(&digest));
    }

    #[cfg(target_os = "linux")]
    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for three in bytes.chunks(3) {
            let bits = three.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
            for digit in 0..4 {
                let value = bits >> (18 - 6 * digit) & 63;
                out.push(if digit <= three.len() { char::from(DIGITS[value as usize]) } else { '=' });
            }
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn pages_of_any_text_are_inert_and_tell_changes_apart(lead in text(), before in text(), a in text(), b in text(), tail in text(), asks: bool) {
            let source = format!("{lead}{before}{tail}");
            let shown = [&a, &b].map(|with| page(&source, lead.len()..lead.len() + before.len(), with, asks));
            for shown in &shown {
                assert_inert(&shown.replace('\n', ""));
            }
            prop_assert_eq!(a == b, shown[0] == shown[1], "{}", &shown[0]);
            prop_assert_eq!(before == a, shown[0].is_empty(), "{}", &shown[0]);
        }
    }
}
