//! What there is to decide, printed.

use super::cards::{GroupCard, ItemCard};
use super::decide::named;
use super::{filter, grouped, order};
use crate::args::{OutputFormat, ReviewArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::rules_line::rules_line;
use emendo_core::review::session::{CONTEXT, Filter, Named, State};
use emendo_corpus::report::{ExcerptPiece, ExcerptStyle, VisibleText, escape, render_pieces};
use emendo_corpus::review::ReviewWorkspace;
use emendo_corpus::{showln, shown};

/// So many places of a group are listed with it.
const PLACES: usize = 2;

/// Lists the groups.
pub fn groups(desk: &ReviewWorkspace, args: &ReviewArgs, console: &mut Console) -> Result<(), CommandError> {
    let selected = desk.session.select(&filter(args), order(args));
    if args.format == OutputFormat::Json {
        let (decided, asked) = desk.session.progress();
        let head = serde_json::json!({
            "type": "session", "asked": asked, "decided": decided, "changes": desk.session.items().len(), "by": desk.who(),
            "decisions": desk.file(), "stale": desk.stale, "problems": desk.problems,
        });
        console.json(&format!("{head}\n"))?;
        for (group, items) in &selected {
            let mut card = serde_json::to_value(GroupCard::new(desk, *group, items)).expect("a card is plain data");
            card["type"] = "group".into();
            console.json(&format!("{card}\n"))?;
        }
        return Ok(());
    }
    console.out(head(desk, &selected))?;
    for (group, items) in &selected {
        console.out(told(desk, *group, items, PLACES))?;
    }
    console.out(foot(desk, &selected, args))?;
    Ok(())
}

/// Shows groups and changes with all there is to know.
pub fn show(desk: &ReviewWorkspace, args: &ReviewArgs, console: &mut Console) -> Result<(), CommandError> {
    let everything = Filter { decided: true, ..filter(args) };
    let passes: Vec<(usize, Vec<usize>)> = desk.session.select(&everything, order(args));
    for id in &args.show {
        let (group, items) = match named(desk, id)? {
            Named::Item(item) => (desk.session.group_of(item), vec![item]),
            Named::Group(group) => passes.iter().find(|(number, _)| *number == group).cloned().unwrap_or((group, Vec::new())),
        };
        tell(desk, args, group, &items, console)?;
    }
    Ok(())
}

/// Draws places of a group at random.
pub fn sample(desk: &ReviewWorkspace, args: &ReviewArgs, id: &str, console: &mut Console) -> Result<(), CommandError> {
    let Named::Group(group) = named(desk, id)? else {
        return Err(CommandError::refused(shown!("{} is one change. A sample is drawn from a group: g….", escape(id))));
    };
    let items = desk.session.sample(group, args.size.get(), args.seed);
    tell(desk, args, group, &items, console)?;
    if args.format == OutputFormat::Human {
        let (drawn, all) = (items.len(), desk.session.groups()[group].items.len());
        console.out(shown!(
"{drawn} of {} drawn at random (seed {}). Read them; if all are right:\n  emendo review {} --accept {} --checked {drawn}/{drawn}\n",
grouped(all),
args.seed,
escape(&args.paths[0].display().to_string()),
escape(id),
drawn = drawn
))?;
    }
    Ok(())
}

fn tell(desk: &ReviewWorkspace, args: &ReviewArgs, group: usize, items: &[usize], console: &mut Console) -> Result<(), CommandError> {
    match args.format {
        OutputFormat::Human => console.out(told(desk, group, items, usize::MAX))?,
        OutputFormat::Json => {
            let mut card = serde_json::to_value(GroupCard::new(desk, group, items)).expect("a card is plain data");
            card["type"] = "group".into();
            card["items"] =
                items.iter().map(|item| serde_json::to_value(ItemCard::new(desk, *item)).expect("a card is plain data")).collect();
            console.json(&format!("{card}\n"))?;
        }
    }
    Ok(())
}

fn head(desk: &ReviewWorkspace, selected: &[(usize, Vec<usize>)]) -> VisibleText {
    let (decided, asked) = desk.session.progress();
    let shown: usize = selected.iter().map(|(_, items)| items.len()).sum();
    let mut text = shown!(
        "{} in {}; {} of {} decided; {}\n",
        counted(shown, "change"),
        counted(selected.len(), "group"),
        grouped(decided),
        counted(asked, "question"),
        desk.who().map_or_else(|| VisibleText::from("nobody's name is known: say --by"), |who| shown!("decides {}", escape(who)))
    );
    showln!(text, "{}", rules_line(&desk.settings));
    if !desk.stale.is_empty() {
        let lines = desk.stale.iter().take(10);
        let more = if desk.stale.len() > lines.len() { ", …" } else { "" };
        showln!(
            text,
            "{} stale, their words are gone: {} line {}{}",
            counted(desk.stale.len(), "decision"),
            escape(&desk.file()),
            VisibleText::join(lines, ", "),
            more
        );
    }
    if desk.problems > 0 {
        showln!(text, "{}: emendo preview names them", counted(desk.problems, "problem"));
    }
    text.push("\n");
    text
}

fn foot(desk: &ReviewWorkspace, selected: &[(usize, Vec<usize>)], args: &ReviewArgs) -> VisibleText {
    let path = escape(&args.paths[0].display().to_string());
    match selected.first() {
        None if desk.session.items().is_empty() => "There is nothing to decide.\n".into(),
        None => "Nothing is left of what was asked for. --decided shows what was decided.\n".into(),
        Some((group, _)) => {
            let id = &desk.session.groups()[*group].id;
            shown!(
                "next\n  emendo review {path} --show {id}      all its places\n  emendo review {path} --accept {id}    or --reject, or --replace … --with TEXT; --dry-run first\n",
                path = path,
                id = escape(id.as_str())
            )
        }
    }
}

/// A group: its line, its reason, and some of its places.
fn told(desk: &ReviewWorkspace, group: usize, items: &[usize], most: usize) -> VisibleText {
    let card = GroupCard::new(desk, group, items);
    let look = ExcerptStyle { colour: true, ids: true, ..ExcerptStyle::default() };
    let change = card.before.zip(card.after).map(|(before, after)| piece(before, after, card.states.contains_key(State::Open.name())));
    let change = change.map_or_else(|| VisibleText::from("varies"), |change| render_pieces(&[change], look));
    let states: Vec<_> = State::ALL
        .iter()
        .filter_map(|state| card.states.get_key_value(state.name()))
        .map(|(state, count)| if *count == card.count { (*state).into() } else { shown!("{} {}", grouped(*count), state) })
        .collect();
    let mut text = shown!("{}  {} ×{}  {}\n", escape(card.id), escape(card.rule), grouped(card.count), change);
    let zone = if card.zone == "none" { "running text" } else { card.zone };
    showln!(text, "    {}; {}; {}", VisibleText::join(states, ", "), zone, counted(card.documents, "document"));
    showln!(text, "    {}", escape(card.why));
    for item in items.iter().take(most) {
        text.push(place(desk, *item, items.len() > 1 || most > PLACES));
    }
    if items.len() > most {
        showln!(text, "    and {} more", grouped(items.len() - most));
    }
    text.push("\n");
    text
}

fn piece(before: &str, after: &str, asks: bool) -> ExcerptPiece {
    let (before, after) = (before.to_owned(), after.to_owned());
    if asks { ExcerptPiece::Asked { before, after } } else { ExcerptPiece::Replaced { before, after } }
}

/// An item in its context.
fn place(desk: &ReviewWorkspace, number: usize, with_id: bool) -> VisibleText {
    let card = ItemCard::new(desk, number);
    let look = ExcerptStyle { colour: true, ids: true, private: desk.private[desk.session.items()[number].document] };
    let [left, found, right] = card.context;
    let change = match card.state {
        State::Rejected => ExcerptPiece::Kept(found.clone()),
        state => piece(found, card.after(), matches!(state, State::Open | State::Disputed)),
    };
    let is_cut = |side: &String| side.chars().count() >= CONTEXT;
    let mut pieces = vec![ExcerptPiece::Kept(left.clone()), change, ExcerptPiece::Kept(right.clone())];
    if is_cut(left) {
        pieces.insert(0, ExcerptPiece::Cut);
    }
    if is_cut(right) {
        pieces.push(ExcerptPiece::Cut);
    }
    let state =
        if card.state.is_decided() || card.state == State::Disputed { shown!("{}  ", card.state.name()) } else { VisibleText::default() };
    let id = if with_id { shown!("{}  ", escape(card.id)) } else { VisibleText::default() };
    let mut text = shown!("    {}{}:{}:{}  {}{}\n", id, escape(card.source), card.line, card.column, state, render_pieces(&pieces, look));
    for step in card.steps.iter().skip(1) {
        let change = piece(step.before, step.after, card.state == State::Open);
        showln!(text, "        and {}: {}", escape(step.rule), render_pieces(&[change], look));
    }
    text
}
