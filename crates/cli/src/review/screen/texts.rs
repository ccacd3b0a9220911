//! Texts on the screen: escaped before the terminal's library sees them, and cut to the room there is.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_segmentation::UnicodeSegmentation;

use emendo_core::review::session::State;
use emendo_corpus::report::{Private, VisibleText, escape, visible_pair};
use emendo_corpus::shown;

/// What matters less.
pub const QUIET: Style = Style::new().add_modifier(Modifier::DIM);
/// Headings, and what is chosen.
pub const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);

/// Which signs and colours are used. Colours are those of the terminal's own sixteen, and never the only sign.
#[derive(Clone, Copy, Debug)]
pub struct ScreenStyle {
    /// Whether there are colours.
    pub colour: bool,
}

impl ScreenStyle {
    fn coloured(self, colour: Color, style: Style) -> Style {
        if self.colour { style.fg(colour) } else { style }
    }

    /// What is taken away: the text, or a sign beside it.
    pub fn removed(self, is_text: bool) -> Style {
        self.coloured(Color::Red, if is_text { Style::new().add_modifier(Modifier::CROSSED_OUT) } else { STRONG })
    }

    /// What is put there.
    pub fn added(self) -> Style {
        self.coloured(Color::Green, Style::new().add_modifier(Modifier::BOLD))
    }

    /// A mark for how something stands, one column wide.
    pub fn mark(self, state: Option<State>) -> Span<'static> {
        let (sign, colour) = match state {
            None => ("~", Color::Reset),
            Some(State::Open) => ("?", Color::Magenta),
            Some(State::Applied) => ("·", Color::Reset),
            Some(State::Disputed) => ("!", Color::Red),
            Some(State::Accepted) => ("+", Color::Green),
            Some(State::Replaced) => ("=", Color::Green),
            Some(State::Rejected) => ("-", Color::Red),
        };
        span(sign, self.coloured(colour, STRONG))
    }
}

/// A piece of the picture: the one way for a text to get onto the screen.
pub fn span(text: impl Into<VisibleText>, style: Style) -> Span<'static> {
    Span::styled(text.into().into_string(), style)
}

/// A piece without a style.
pub fn plain(text: impl Into<VisibleText>) -> Span<'static> {
    span(text, Style::new())
}

/// A line of one piece.
pub fn line(text: impl Into<VisibleText>, style: Style) -> Line<'static> {
    Line::from(text.into().into_string()).style(style)
}

/// A line of several pieces.
pub fn pieces(spans: Vec<Span<'static>>) -> Line<'static> {
    Line::from(spans)
}

/// Lines, one below the other.
pub fn paragraph(lines: Vec<Line<'static>>) -> Paragraph<'static> {
    Paragraph::new(lines)
}

/// As many columns as the terminal's library gives a text.
pub fn columns(text: &str) -> usize {
    Span::raw(text).width()
}

/// The beginning of a text, no wider than that; what is cut off leaves an ellipsis.
pub fn beginning(text: &VisibleText, width: usize) -> VisibleText {
    if columns(text) <= width {
        return text.clone();
    }
    let kept = fitting(text.graphemes(true), width.saturating_sub(1));
    if width == 0 { VisibleText::default() } else { text.part(..kept) + "…" }
}

/// The end of a text, no wider than that; what is cut off leaves an ellipsis.
pub fn ending(text: &VisibleText, width: usize) -> VisibleText {
    if columns(text) <= width {
        return text.clone();
    }
    let kept = fitting(text.graphemes(true).rev(), width.saturating_sub(1));
    if width == 0 { VisibleText::default() } else { VisibleText::from("…") + text.part(text.len() - kept..) }
}

/// How many bytes of these fit.
fn fitting<'t>(graphemes: impl Iterator<Item = &'t str>, width: usize) -> usize {
    let mut used = 0;
    graphemes
        .take_while(|grapheme| {
            used += columns(grapheme);
            used <= width
        })
        .map(str::len)
        .sum()
}

/// A change as it is shown: what was there and what becomes of it, each a part of its own; one that is empty is left out.
pub fn change(before: &str, after: &str, private: Private, width: usize, look: ScreenStyle) -> Vec<Span<'static>> {
    let (before, after) = visible_pair(before, after);
    let (before, after) = (private.name(before), private.name(after));
    let signs = 4 * (usize::from(!before.is_empty()) + usize::from(!after.is_empty()));
    let room = width.saturating_sub(signs);
    // The one that is shorter leaves its room to the other.
    let half = room / 2;
    let for_before = if columns(&after) < half { room - columns(&after) } else { half.max(room.saturating_sub(columns(&after))) };
    let before_shown = beginning(&before, for_before);
    let after_shown = beginning(&after, room.saturating_sub(columns(&before_shown)));
    let mut spans = Vec::new();
    if !before.is_empty() {
        let sign = |sign: &'static str| span(sign, look.removed(false));
        spans.extend([sign("[-"), span(before_shown, look.removed(true)), sign("-]")]);
    }
    if !after.is_empty() {
        spans.push(span(shown!("{{+{}+}}", after_shown), look.added()));
    }
    spans
}

/// A change in its context, in one line.
pub fn in_context(context: &[String; 3], middle: &Middle<'_>, private: Private, width: usize, look: ScreenStyle) -> Line<'static> {
    let middle = match middle {
        Middle::Change { before, after } => change(before, after, private, width, look),
        Middle::Text(text) => vec![span(beginning(&private.name(escape(text)), width), STRONG)],
    };
    let used: usize = middle.iter().map(Span::width).sum();
    let room = width.saturating_sub(used);
    let [left, right] = [&context[0], &context[2]].map(|part| private.name(escape(part)));
    let for_left = if columns(&right) < room / 2 { room - columns(&right) } else { room / 2 };
    let left = ending(&left, for_left);
    let right = beginning(&right, room.saturating_sub(columns(&left)));
    let mut spans = vec![plain(left)];
    spans.extend(middle);
    spans.push(plain(right));
    pieces(spans)
}

/// What stands between the two sides of a context.
pub enum Middle<'t> {
    /// What was there and what becomes of it.
    Change {
        /// As it stands.
        before: &'t str,
        /// As it would stand.
        after: &'t str,
    },
    /// One of the two.
    Text(&'t str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_graphemes() {
        let beginning = |text: &'static str, width| beginning(&text.into(), width).into_string();
        let ending = |text: &'static str, width| ending(&text.into(), width).into_string();
        assert_eq!([beginning("naïve café", 6), ending("naïve café", 5)], ["naïve…", "…café"]);
        assert_eq!([beginning("ab", 2), beginning("abc", 2), beginning("abc", 0), beginning("", 0)], ["ab", "a…", "", ""]);
        assert_eq!(beginning("日本語", 5), "日本…");
        assert_eq!(ending("e\u{301}e\u{301}e\u{301}", 2), "…e\u{301}");
    }

    #[test]
    fn a_line_is_never_wider_than_its_room_and_shows_the_change() {
        let long = "word ".repeat(20);
        let context = [long.clone(), String::new(), long.clone()];
        let look = ScreenStyle { colour: false };
        for width in 0..120 {
            for (before, after) in [("teh", "the"), (long.as_str(), "x"), ("", &long), ("\u{200b}", ""), (&long, &long)] {
                let line = in_context(&context, &Middle::Change { before, after }, Private::default(), width, look);
                assert!(line.width() <= width.max(8), "{width}: {line:?}");
            }
            if width > 20 {
                let line = in_context(&context, &Middle::Change { before: "teh", after: "the" }, Private::default(), width, look);
                assert!(line.to_string().contains("[-teh-]{+the+}"), "{line}");
            }
        }
    }
}
