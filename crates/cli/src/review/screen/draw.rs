//! The picture.

use std::collections::VecDeque;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Wrap};

use super::keys::{HELP, HINTS};
use super::state::{GroupRow, Mode, Pane, Screen, Show, Typed};
use super::texts::{
    Middle, QUIET, STRONG, ScreenStyle, beginning, change, columns, ending, in_context, line, paragraph, pieces, plain, span,
};
use crate::review::cards::{GroupCard, ItemCard};
use crate::review::grouped;
use emendo_core::review::session::State;
use emendo_corpus::report::{Private, VisibleText, escape, escape_lines};
use emendo_corpus::{show, shown};

/// From this width on, groups and places stand side by side.
const WIDE: u16 = 110;

/// Draws the screen.
pub fn draw(screen: &Screen<'_>, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < 20 || area.height < 8 {
        frame.render_widget(plain("The window is too small."), area);
        return;
    }
    let look = ScreenStyle { colour: screen.colour };
    let below = below(screen, area.width);
    let rows = [
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(u16::try_from(below.len()).unwrap_or(2).clamp(2, 4)),
        Constraint::Length(1),
    ];
    let [head, body, status, hints] = Layout::vertical(rows).areas(area);
    frame.render_widget(head_line(screen, head.width), head);
    let [groups, places] = if area.width >= WIDE {
        Layout::horizontal([Constraint::Percentage(44), Constraint::Fill(1)]).spacing(2).areas(body)
    } else {
        Layout::vertical([Constraint::Length((body.height / 3).clamp(3, 14)), Constraint::Min(3)]).areas(body)
    };
    let group_rows = draw_groups(screen, frame, groups, look);
    let place_rows = draw_places(screen, frame, places, look);
    screen.room.set((group_rows, place_rows));
    frame.render_widget(paragraph(below), status);
    frame.render_widget(hint_line(hints.width), hints);
    match &screen.mode {
        Mode::Typing(typed, input) => draw_input(*typed, input, frame, status),
        Mode::Help(line) => draw_help(*line, frame, area),
        Mode::Text(around, line) => {
            let text = around_text(&around.parts, &around.after, screen.show, look);
            draw_over(shown!(" {} ", around.title), text, *line, frame, area);
        }
        _ => {}
    }
}

fn head_line(screen: &Screen<'_>, width: u16) -> Line<'static> {
    let (decided, asked) = screen.desk.session.progress();
    let bar = bar(decided, asked, 10);
    let who = screen.desk.who().unwrap_or("nobody's name: say --by");
    let right = shown!("{} of {} decided {}  {}", grouped(decided), grouped(asked), bar, escape(who));
    let filter = if screen.filter_text.is_empty() { VisibleText::default() } else { shown!("  /{}", escape(&screen.filter_text)) };
    let left = shown!("emendo review{}", filter);
    let room = usize::from(width).saturating_sub(columns(&right) + 1);
    let left = beginning(&left, room);
    let gap = usize::from(width).saturating_sub(columns(&left) + columns(&right));
    line(shown!("{}{}{}", left, VisibleText::repeated(" ", gap), right), STRONG.add_modifier(Modifier::REVERSED))
}

/// How much is done, in so many columns.
fn bar(done: usize, of: usize, width: usize) -> VisibleText {
    let full = (done * width).checked_div(of).unwrap_or(width);
    VisibleText::repeated("█", full) + VisibleText::repeated("░", width - full)
}

/// The rows of a list round the chosen one.
fn window(chosen: usize, count: usize, room: usize) -> std::ops::Range<usize> {
    let start = chosen.saturating_sub(room / 2).min(count.saturating_sub(room));
    start..(start + room).min(count)
}

fn title(name: &VisibleText, has_keys: bool) -> Block<'static> {
    let style = if has_keys { STRONG } else { QUIET };
    Block::new().borders(ratatui::widgets::Borders::TOP).border_style(style).title(span(shown!(" {} ", name), style))
}

fn draw_groups(screen: &Screen<'_>, frame: &mut Frame<'_>, area: Rect, look: ScreenStyle) -> usize {
    let has_keys = screen.pane == Pane::Groups;
    let at = if screen.rows.is_empty() { 0 } else { screen.row + 1 };
    let block = title(&shown!("group {} of {}", grouped(at), grouped(screen.rows.len())), has_keys);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let shown = window(screen.row, screen.rows.len(), inner.height.into());
    let lines: Vec<Line<'_>> = shown
        .map(|row| {
            let is_chosen = row == screen.row;
            let line = group_line(screen, &screen.rows[row], inner.width.into(), is_chosen, look);
            if is_chosen && has_keys { line.style(Style::new().add_modifier(Modifier::REVERSED)) } else { line }
        })
        .collect();
    frame.render_widget(paragraph(lines), inner);
    inner.height.into()
}

/// Mark, change, number and rule.
fn group_line(screen: &Screen<'_>, row: &GroupRow, width: usize, is_chosen: bool, look: ScreenStyle) -> Line<'static> {
    let session = &screen.desk.session;
    let group = &session.groups()[row.group];
    let first = session.state(row.items[0]);
    let is_alike = row.items.iter().all(|item| session.state(*item) == first);
    let count = shown!("×{}", grouped(row.items.len()));
    let zone = group.zone.map(|zone| shown!(" {}", zone)).unwrap_or_default();
    let rule_room = (width / 3).min(34);
    let rule = ending(&escape(&group.rule), rule_room);
    let fixed = 4 + columns(&count) + 1 + rule_room + columns(&zone) + 1;
    let room = width.saturating_sub(fixed);
    let private = session.items()[row.items[0]].document;
    let private = screen.desk.private[private];
    let middle = match &group.makes {
        Some((before, after)) => change(before, after, private, room, look),
        None => vec![span(beginning(&"what it finds varies".into(), room), QUIET)],
    };
    let used: usize = middle.iter().map(Span::width).sum();
    let mut spans = vec![plain(if is_chosen { "> " } else { "  " }), look.mark(is_alike.then_some(first)), plain(" ")];
    spans.extend(middle);
    spans.push(plain(VisibleText::repeated(" ", room.saturating_sub(used) + 1)));
    spans.push(span(count, STRONG));
    spans.push(plain(" "));
    spans.push(span(rule, QUIET));
    spans.push(plain(zone));
    pieces(spans)
}

fn draw_places(screen: &Screen<'_>, frame: &mut Frame<'_>, area: Rect, look: ScreenStyle) -> usize {
    let has_keys = screen.pane == Pane::Places;
    let places = screen.places();
    let drawn = if screen.is_sample() { ", drawn at random" } else { "" };
    let at = if places.is_empty() { 0 } else { screen.place + 1 };
    let block = title(&shown!("place {} of {}{}", grouped(at), grouped(places.len()), drawn), has_keys);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let Some(row) = screen.rows.get(screen.row) else {
        frame.render_widget(plain("Nothing to show."), inner);
        return 1;
    };
    let width = usize::from(inner.width);
    let card = GroupCard::new(screen.desk, row.group, &row.items);
    let zone = if card.zone == "none" { VisibleText::from("running text") } else { shown!("in a {}", card.zone) };
    let documents = if card.documents == 1 { VisibleText::from("1 document") } else { shown!("{} documents", grouped(card.documents)) };
    let mut lines = vec![
        pieces(vec![span(ending(&escape(card.rule), width), STRONG)]),
        line(beginning(&shown!("{}, {}", zone, documents), width), Style::new()),
        line(beginning(&escape(card.why), width * 2), Style::new()),
        Line::default(),
    ];
    let why_rows = if columns(card.why) > width { 2 } else { 1 };
    let head_height = u16::try_from(lines.len() + why_rows - 1).unwrap_or(4).min(inner.height);
    let [head, list] = Layout::vertical([Constraint::Length(head_height), Constraint::Min(0)]).areas(inner);
    lines.truncate(usize::from(head_height));
    frame.render_widget(paragraph(lines).wrap(Wrap { trim: true }), head);
    let room = (usize::from(list.height) / 2).max(1);
    let shown = window(screen.place, places.len(), room);
    let lines: Vec<Line<'_>> = shown.flat_map(|at| place_lines(screen, places[at], at == screen.place, width, look)).collect();
    frame.render_widget(paragraph(lines), list);
    room
}

/// Where it is and how it stands, and below that the change in its context.
fn place_lines(screen: &Screen<'_>, number: usize, is_chosen: bool, width: usize, look: ScreenStyle) -> Vec<Line<'static>> {
    let card = ItemCard::new(screen.desk, number);
    let private = screen.desk.private[screen.desk.session.items()[number].document];
    let state = shown!(" {}", card.state.name());
    let others = match card.steps.len() - 1 {
        0 => VisibleText::default(),
        1 => shown!(", with {}", escape(card.steps[1].rule)),
        more => shown!(", with {} more changes", more),
    };
    let place = shown!(":{}:{}", card.line, card.column);
    let room = width.saturating_sub(4 + columns(&state) + columns(&place));
    let name = ending(&escape(card.source), room);
    let head = pieces(vec![
        span(if is_chosen { "> " } else { "  " }, STRONG),
        look.mark(Some(card.state)),
        span(shown!(" {}{}", name, place), if is_chosen { STRONG } else { QUIET }),
        span(beginning(&(state + others), room.saturating_sub(columns(&name)) + 12), QUIET),
    ]);
    let found = &card.context[1];
    let middle = match screen.show {
        Show::Change if card.state == State::Rejected => Middle::Text(found),
        Show::Change => Middle::Change { before: found, after: card.after() },
        Show::Before => Middle::Text(found),
        Show::After => Middle::Text(if card.state == State::Rejected { found } else { card.after() }),
    };
    let mut context = in_context(card.context, &middle, private, width.saturating_sub(4), look);
    context.spans.insert(0, plain("    "));
    vec![head, context]
}

/// What stands below the lists: a question, a line that is typed, or what has just happened.
fn below(screen: &Screen<'_>, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width);
    match &screen.mode {
        Mode::Confirming(proposed) => wrapped(&proposed.text, width, STRONG.add_modifier(Modifier::REVERSED)),
        Mode::Typing(..) => vec![Line::default(), line(beginning(&screen.message, width), STRONG)],
        _ if !screen.message.is_empty() => wrapped(&screen.message, width, STRONG),
        _ => {
            let note = screen.note.as_ref().map(|note| shown!("; note: {}", escape(note))).unwrap_or_default();
            vec![line(beginning(&shown!("a, r and e decide for {}{}", super::state::scope_name(screen.reach), note), width), QUIET)]
        }
    }
}

/// A text in lines no wider than that, cut at blanks where there are some.
fn wrapped(text: &VisibleText, width: usize, style: Style) -> Vec<Line<'static>> {
    let mut lines = vec![VisibleText::default()];
    for word in text.parts(' ') {
        let word = beginning(&word, width);
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            *line = word;
        } else if columns(line) + 1 + columns(&word) <= width {
            show!(line, " {}", word);
        } else {
            lines.push(word);
        }
    }
    lines.truncate(4);
    lines.into_iter().map(|text| line(text, style)).collect()
}

fn hint_line(width: u16) -> Line<'static> {
    let mut spans = Vec::new();
    let mut used = 0;
    for (key, what) in HINTS {
        used += columns(key) + 1 + columns(what) + 2;
        if used > usize::from(width) + 2 {
            break;
        }
        spans.push(span(key, STRONG.add_modifier(Modifier::REVERSED)));
        spans.push(span(shown!(" {}  ", what), QUIET));
    }
    pieces(spans)
}

fn draw_input(typed: Typed, input: &tui_input::Input, frame: &mut Frame<'_>, area: Rect) {
    let label = match typed {
        Typed::Replacement => "Put there (Enter saves, Esc leaves it): ",
        Typed::Filter => "Filter: ",
        Typed::Note => "Note: ",
    };
    let (before, after): (String, String) =
        (input.value().chars().take(input.cursor()).collect(), input.value().chars().skip(input.cursor()).collect());
    let (before, after) = (typed_shown(&before), typed_shown(&after));
    let room = usize::from(area.width).saturating_sub(columns(label) + 1);
    let before = ending(&before, room);
    let after = beginning(&after, room.saturating_sub(columns(&before)));
    let cursor = columns(label) + columns(&before);
    let line = Rect { height: area.height.min(1), ..area };
    frame.render_widget(pieces(vec![span(label, STRONG), plain(before), plain(after)]), line);
    frame.set_cursor_position(Position::new(area.x + u16::try_from(cursor).unwrap_or(u16::MAX).min(area.width.saturating_sub(1)), area.y));
}

/// What is typed, with nothing in it that the terminal obeys; the signs of a label stay themselves.
fn typed_shown(text: &str) -> VisibleText {
    let shown = |c: char| match c {
        '⟦' => "⟦".into(),
        '⏎' => "⏎".into(),
        '⇥' => "⇥".into(),
        c => escape(&c.to_string()),
    };
    text.chars().map(shown).collect()
}

fn draw_help(line: u16, frame: &mut Frame<'_>, area: Rect) {
    let keys = HELP.iter().map(|(key, _)| columns(key)).max().unwrap_or(0);
    let lines = HELP.iter().map(|(key, what)| {
        let gap = VisibleText::repeated(" ", keys - columns(key) + 2);
        pieces(vec![span(*key, STRONG), plain(gap), plain(*what)])
    });
    draw_over(" keys ".into(), lines.collect(), line, frame, area);
}

/// A text over the lists, from a line on.
fn draw_over(title: VisibleText, text: Vec<Line<'static>>, line: u16, frame: &mut Frame<'_>, area: Rect) {
    let width = area.width.saturating_sub(4).min(100);
    let height = area.height.saturating_sub(2).min(u16::try_from(text.len()).unwrap_or(u16::MAX).saturating_mul(3).saturating_add(2));
    let over = Rect::new(area.x + (area.width - width) / 2, area.y + 1, width, height.max(3));
    frame.render_widget(Clear, over);
    let block = Block::bordered().title(plain(title)).title_bottom(" Esc closes, j and k move ");
    frame.render_widget(paragraph(text).wrap(Wrap { trim: false }).scroll((line, 0)).block(block), over);
}

/// The text round a place, in its lines, with the change in it.
fn around_text(parts: &[String; 3], after: &str, show: Show, look: ScreenStyle) -> Vec<Line<'static>> {
    let middle = match show {
        Show::Change => change(&parts[1], after, Private::default(), 400, look),
        Show::Before => vec![span(escape(&parts[1]), STRONG)],
        Show::After => vec![span(escape(after), STRONG)],
    };
    // A short way in front of the place is enough: what lies further up is one key away.
    let inert = |text: &str| escape_lines(text).replaced("\t", "    ");
    let mut left: Vec<VisibleText> = inert(&parts[0]).parts('\n').collect();
    let mut right: VecDeque<VisibleText> = inert(&parts[2]).parts('\n').collect();
    let mut changed = vec![plain(left.pop().unwrap_or_default())];
    changed.extend(middle);
    changed.push(plain(right.pop_front().unwrap_or_default()));
    let above = left.split_off(left.len().saturating_sub(6)).into_iter().map(|text| line(text, Style::new()));
    let below = right.into_iter().map(|text| line(text, Style::new()));
    above.chain([pieces(changed)]).chain(below).collect()
}
