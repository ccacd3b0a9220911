//! The picture.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::keys::{HELP, HINTS};
use super::state::{GroupRow, Mode, Pane, Screen, Show, Typed};
use super::texts::{Middle, QUIET, STRONG, ScreenStyle, beginning, change, columns, ending, in_context};
use crate::review::cards::{GroupCard, ItemCard};
use emendo_core::review::session::{State, grouped};
use emendo_corpus::report::{Private, escape, escape_lines};

/// From this width on, groups and places stand side by side.
const WIDE: u16 = 110;

/// Draws the screen.
pub fn draw(screen: &Screen<'_>, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < 20 || area.height < 8 {
        frame.render_widget(Paragraph::new("The window is too small."), area);
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
    frame.render_widget(Paragraph::new(below), status);
    frame.render_widget(hint_line(hints.width), hints);
    match &screen.mode {
        Mode::Typing(typed, input) => draw_input(*typed, input, frame, status),
        Mode::Help(line) => draw_help(*line, frame, area),
        Mode::Text(around, line) => {
            let text = around_text(&around.parts, &around.after, screen.show, look);
            draw_over(&format!(" {} ", around.title), text, *line, frame, area);
        }
        _ => {}
    }
}

fn head_line(screen: &Screen<'_>, width: u16) -> Line<'static> {
    let (decided, asked) = screen.desk.session.progress();
    let bar = bar(decided, asked, 10);
    let who = screen.desk.who().unwrap_or("nobody's name: say --by");
    let right = format!("{} of {} decided {bar}  {}", grouped(decided), grouped(asked), escape(who));
    let filter = if screen.filter_text.is_empty() { String::new() } else { format!("  /{}", escape(&screen.filter_text)) };
    let left = format!("emendo review{filter}");
    let room = usize::from(width).saturating_sub(columns(&right) + 1);
    let left = beginning(&left, room);
    let gap = usize::from(width).saturating_sub(columns(&left) + columns(&right));
    Line::styled(format!("{left}{}{right}", " ".repeat(gap)), STRONG.add_modifier(Modifier::REVERSED))
}

/// How much is done, in so many columns.
fn bar(done: usize, of: usize, width: usize) -> String {
    let full = (done * width).checked_div(of).unwrap_or(width);
    "█".repeat(full) + &"░".repeat(width - full)
}

/// The rows of a list round the chosen one.
fn window(chosen: usize, count: usize, room: usize) -> std::ops::Range<usize> {
    let start = chosen.saturating_sub(room / 2).min(count.saturating_sub(room));
    start..(start + room).min(count)
}

fn title(name: &str, has_keys: bool) -> Block<'static> {
    let style = if has_keys { STRONG } else { QUIET };
    Block::new().borders(ratatui::widgets::Borders::TOP).border_style(style).title(Span::styled(format!(" {name} "), style))
}

fn draw_groups(screen: &Screen<'_>, frame: &mut Frame<'_>, area: Rect, look: ScreenStyle) -> usize {
    let has_keys = screen.pane == Pane::Groups;
    let at = if screen.rows.is_empty() { 0 } else { screen.row + 1 };
    let block = title(&format!("group {} of {}", grouped(at), grouped(screen.rows.len())), has_keys);
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
    frame.render_widget(Paragraph::new(lines), inner);
    inner.height.into()
}

/// Mark, change, number and rule.
fn group_line(screen: &Screen<'_>, row: &GroupRow, width: usize, is_chosen: bool, look: ScreenStyle) -> Line<'static> {
    let session = &screen.desk.session;
    let group = &session.groups()[row.group];
    let first = session.state(row.items[0]);
    let is_alike = row.items.iter().all(|item| session.state(*item) == first);
    let count = format!("×{}", grouped(row.items.len()));
    let zone = group.zone.map(|zone| format!(" {zone}")).unwrap_or_default();
    let rule_room = (width / 3).min(34);
    let rule = ending(&escape(&group.rule), rule_room);
    let fixed = 4 + columns(&count) + 1 + rule_room + columns(&zone) + 1;
    let room = width.saturating_sub(fixed);
    let private = session.items()[row.items[0]].document;
    let private = screen.desk.private[private];
    let middle = match &group.makes {
        Some((before, after)) => change(before, after, private, room, look),
        None => vec![Span::styled(beginning("what it finds varies", room), QUIET)],
    };
    let used: usize = middle.iter().map(Span::width).sum();
    let mut spans = vec![Span::raw(if is_chosen { "> " } else { "  " }), look.mark(is_alike.then_some(first)), Span::raw(" ")];
    spans.extend(middle);
    spans.push(Span::raw(" ".repeat(room.saturating_sub(used) + 1)));
    spans.push(Span::styled(count, STRONG));
    spans.push(Span::raw(" "));
    spans.push(Span::styled(rule, QUIET));
    spans.push(Span::raw(zone));
    Line::from(spans)
}

fn draw_places(screen: &Screen<'_>, frame: &mut Frame<'_>, area: Rect, look: ScreenStyle) -> usize {
    let has_keys = screen.pane == Pane::Places;
    let places = screen.places();
    let drawn = if screen.is_sample() { ", drawn at random" } else { "" };
    let at = if places.is_empty() { 0 } else { screen.place + 1 };
    let block = title(&format!("place {} of {}{drawn}", grouped(at), grouped(places.len())), has_keys);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let Some(row) = screen.rows.get(screen.row) else {
        frame.render_widget(Paragraph::new("Nothing to show."), inner);
        return 1;
    };
    let width = usize::from(inner.width);
    let card = GroupCard::new(screen.desk, row.group, &row.items);
    let zone = if card.zone == "none" { "running text".to_owned() } else { format!("in a {}", card.zone) };
    let documents = if card.documents == 1 { "1 document".to_owned() } else { format!("{} documents", grouped(card.documents)) };
    let mut lines = vec![
        Line::from(vec![Span::styled(ending(&escape(card.rule), width), STRONG)]),
        Line::from(beginning(&format!("{zone}, {documents}"), width)),
        Line::from(beginning(&escape(card.why), width * 2)),
        Line::default(),
    ];
    let why_rows = if columns(card.why) > width { 2 } else { 1 };
    let head_height = u16::try_from(lines.len() + why_rows - 1).unwrap_or(4).min(inner.height);
    let [head, list] = Layout::vertical([Constraint::Length(head_height), Constraint::Min(0)]).areas(inner);
    lines.truncate(usize::from(head_height));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), head);
    let room = (usize::from(list.height) / 2).max(1);
    let shown = window(screen.place, places.len(), room);
    let lines: Vec<Line<'_>> = shown.flat_map(|at| place_lines(screen, places[at], at == screen.place, width, look)).collect();
    frame.render_widget(Paragraph::new(lines), list);
    room
}

/// Where it is and how it stands, and below that the change in its context.
fn place_lines(screen: &Screen<'_>, number: usize, is_chosen: bool, width: usize, look: ScreenStyle) -> Vec<Line<'static>> {
    let card = ItemCard::new(screen.desk, number);
    let private = screen.desk.private[screen.desk.session.items()[number].document];
    let state = format!(" {}", card.state.name());
    let others = match card.steps.len() - 1 {
        0 => String::new(),
        1 => format!(", with {}", escape(card.steps[1].rule)),
        more => format!(", with {more} more changes"),
    };
    let place = format!(":{}:{}", card.line, card.column);
    let room = width.saturating_sub(4 + columns(&state) + columns(&place));
    let name = ending(&escape(card.source), room);
    let head = Line::from(vec![
        Span::styled(if is_chosen { "> " } else { "  " }, STRONG),
        look.mark(Some(card.state)),
        Span::styled(format!(" {name}{place}"), if is_chosen { STRONG } else { QUIET }),
        Span::styled(beginning(&(state + &others), room.saturating_sub(columns(&name)) + 12), QUIET),
    ]);
    let found = &card.context[1];
    let middle = match screen.show {
        Show::Change if card.state == State::Rejected => Middle::Text(found),
        Show::Change => Middle::Change { before: found, after: card.after() },
        Show::Before => Middle::Text(found),
        Show::After => Middle::Text(if card.state == State::Rejected { found } else { card.after() }),
    };
    let mut context = in_context(card.context, &middle, private, width.saturating_sub(4), look);
    context.spans.insert(0, Span::raw("    "));
    vec![head, context]
}

/// What stands below the lists: a question, a line that is typed, or what has just happened.
fn below(screen: &Screen<'_>, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width);
    match &screen.mode {
        Mode::Confirming(proposed) => wrapped(&proposed.text, width, STRONG.add_modifier(Modifier::REVERSED)),
        Mode::Typing(..) => vec![Line::default(), Line::styled(beginning(&screen.message, width), STRONG)],
        _ if !screen.message.is_empty() => wrapped(&screen.message, width, STRONG),
        _ => {
            let note = screen.note.as_ref().map(|note| format!("; note: {}", escape(note))).unwrap_or_default();
            vec![Line::styled(beginning(&format!("a, r and e decide for {}{note}", super::state::scope_name(screen.reach)), width), QUIET)]
        }
    }
}

/// A text in lines no wider than that, cut at blanks where there are some.
fn wrapped(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let word = beginning(word, width);
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            *line = word;
        } else if columns(line) + 1 + columns(&word) <= width {
            *line = format!("{line} {word}");
        } else {
            lines.push(word);
        }
    }
    lines.truncate(4);
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}

fn hint_line(width: u16) -> Line<'static> {
    let mut spans = Vec::new();
    let mut used = 0;
    for (key, what) in HINTS {
        used += columns(key) + 1 + columns(what) + 2;
        if used > usize::from(width) + 2 {
            break;
        }
        spans.push(Span::styled(key, STRONG.add_modifier(Modifier::REVERSED)));
        spans.push(Span::styled(format!(" {what}  "), QUIET));
    }
    Line::from(spans)
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
    frame.render_widget(Line::from(vec![Span::styled(label, STRONG), Span::raw(before), Span::raw(after)]), line);
    frame.set_cursor_position(Position::new(area.x + u16::try_from(cursor).unwrap_or(u16::MAX).min(area.width.saturating_sub(1)), area.y));
}

/// What is typed, with nothing in it that the terminal obeys; the signs of a label stay themselves.
fn typed_shown(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '⟦' | '⟧' | '⏎' | '⇥') { c.to_string() } else { escape(&c.to_string()).into_owned() }).collect()
}

fn draw_help(line: u16, frame: &mut Frame<'_>, area: Rect) {
    let keys = HELP.iter().map(|(key, _)| columns(key)).max().unwrap_or(0);
    let lines = HELP.iter().map(|(key, what)| {
        let gap = " ".repeat(keys - columns(key) + 2);
        Line::from(vec![Span::styled(*key, STRONG), Span::raw(gap), Span::raw(*what)])
    });
    draw_over(" keys ", lines.collect(), line, frame, area);
}

/// A text over the lists, from a line on.
fn draw_over(title: &str, text: Text<'_>, line: u16, frame: &mut Frame<'_>, area: Rect) {
    let width = area.width.saturating_sub(4).min(100);
    let height = area.height.saturating_sub(2).min(u16::try_from(text.lines.len()).unwrap_or(u16::MAX).saturating_mul(3).saturating_add(2));
    let over = Rect::new(area.x + (area.width - width) / 2, area.y + 1, width, height.max(3));
    frame.render_widget(Clear, over);
    let block = Block::bordered().title(title.to_owned()).title_bottom(" Esc closes, j and k move ");
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: false }).scroll((line, 0)).block(block), over);
}

/// The text round a place, in its lines, with the change in it.
fn around_text(parts: &[String; 3], after: &str, show: Show, look: ScreenStyle) -> Text<'static> {
    let middle = match show {
        Show::Change => change(&parts[1], after, Private::default(), 400, look),
        Show::Before => vec![Span::styled(escape(&parts[1]).into_owned(), STRONG)],
        Show::After => vec![Span::styled(escape(after).into_owned(), STRONG)],
    };
    // A short way in front of the place is enough: what lies further up is one key away.
    let left = escape_lines(&parts[0]).replace('\t', "    ");
    let right = escape_lines(&parts[2]).replace('\t', "    ");
    let mut left: Vec<&str> = left.split('\n').collect();
    let last = left.pop().unwrap_or_default().to_owned();
    let mut lines: Vec<Line<'static>> = left.iter().rev().take(6).rev().map(|line| Line::raw((*line).to_owned())).collect();
    let mut right = right.split('\n');
    let mut line = vec![Span::raw(last)];
    line.extend(middle);
    line.push(Span::raw(right.next().unwrap_or_default().to_owned()));
    lines.push(Line::from(line));
    lines.extend(right.map(|line| Line::raw(line.to_owned())));
    Text::from(lines)
}
