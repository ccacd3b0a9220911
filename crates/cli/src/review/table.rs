//! Deciding in a spreadsheet: a table goes out, and comes back with decisions.

use std::path::Path;

use super::cards::{GroupCard, ItemCard};
use super::decide::{end, targets, what};
use super::{filter, order};
use crate::args::{OutputFormat, ReviewArgs};
use crate::command_error::CommandError;
use crate::console::Console;
use crate::counted;
use crate::outcome::ExitStatus;
use emendo_core::review::decision::Verdict;
use emendo_core::review::session::DecisionTarget;
use emendo_corpus::disk;
use emendo_corpus::report::{VisibleTable, VisibleText, escape, visible_pair};
use emendo_corpus::review::ReviewWorkspace;
use emendo_corpus::shown;
use emendo_corpus::spreadsheet::{guarded, unguarded};

/// The columns that come back, and then those that help to decide.
const COLUMNS: [&str; 15] = [
    "id",
    "decision",
    "with",
    "note",
    "rule",
    "before",
    "after",
    "zone",
    "count",
    "documents",
    "state",
    "source",
    "place",
    "context",
    "why",
];

/// Writes a line for each group, and one for each of its changes below it if the group is a small one.
pub fn export(desk: &ReviewWorkspace, args: &ReviewArgs, file: &Path, console: &mut Console) -> Result<(), CommandError> {
    let mut table = VisibleTable::new(csv::Terminator::CRLF);
    table.row(COLUMNS);
    let selected = desk.session.select(&filter(args), order(args));
    for (group, items) in &selected {
        let card = GroupCard::new(desk, *group, items);
        let states: Vec<_> = card.states.iter().map(|(state, count)| shown!("{} {}", count, state)).collect();
        let of_group = Row {
            id: card.id,
            rule: card.rule,
            makes: (card.before.unwrap_or_default(), card.after.unwrap_or_default()),
            places: [card.count, card.documents],
            state: VisibleText::join(states, ", "),
            first: items[0],
            why: card.why,
        };
        table.row(of_group.cells(desk));
        for item in items.iter().filter(|_| items.len() > 1 && items.len() <= SMALL) {
            let card = ItemCard::new(desk, *item);
            let (rule, before) = (card.steps[0].rule, card.steps[0].before);
            let makes = (before, card.after());
            let row = Row { id: card.id, rule, makes, places: [1, 1], state: card.state.name().into(), first: *item, why: "" };
            table.row(row.cells(desk));
        }
    }
    let table = table.finish();
    if file == Path::new("-") {
        return Ok(console.out(table)?);
    }
    // Spreadsheets take a table for UTF-8 if it begins with a byte order mark.
    let table = ["\u{FEFF}", &table].concat();
    disk::write_whole(file, table.as_bytes()).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    let file = file.display().to_string();
    console.out(shown!(
"{} in {}. Write accept, reject or replace into the column decision (and the text into with), then:\n  emendo review {} --import {}\n",
counted(selected.len(), "group"),
escape(&file),
escape(&args.paths[0].display().to_string()),
escape(&file)
))?;
    Ok(())
}

/// A row that goes out.
struct Row<'d> {
    id: &'d str,
    rule: &'d str,
    makes: (&'d str, &'d str),
    /// How many places, in how many documents.
    places: [usize; 2],
    state: VisibleText,
    /// Its first place, as an item.
    first: usize,
    why: &'d str,
}

impl Row<'_> {
    fn cells(&self, desk: &ReviewWorkspace) -> [VisibleText; 15] {
        let card = ItemCard::new(desk, self.first);
        let (before, after) = visible_pair(self.makes.0, self.makes.1);
        let [count, documents] = self.places.map(|count| shown!("{}", count));
        let (rule, why) = (escape(self.rule), escape(self.why));
        let open = VisibleText::default;
        let cells = [
            escape(self.id),
            open(),
            open(),
            open(),
            rule,
            before,
            after,
            card.zone.into(),
            count,
            documents,
            self.state.clone(),
            escape(card.source),
            shown!("{}:{}", card.line, card.column),
            context(desk, self.first),
            why,
        ];
        cells.map(guarded)
    }
}

/// The changes of a group of so many stand in the table one by one as well.
const SMALL: usize = 20;

fn context(desk: &ReviewWorkspace, item: usize) -> VisibleText {
    let private = desk.private[desk.session.items()[item].document];
    let [left, found, right] = ItemCard::new(desk, item).context;
    private.name(shown!("{}[{}]{}", escape(left), escape(found), escape(right)))
}

/// A row that came back decided.
struct Decided {
    line: u64,
    targets: Vec<DecisionTarget>,
    verdict: Verdict,
    with: Option<String>,
    note: Option<String>,
}

/// Takes the decisions of a table. Nothing is saved if a row cannot be read.
pub fn import(desk: &mut ReviewWorkspace, args: &ReviewArgs, file: &Path, console: &mut Console) -> Result<ExitStatus, CommandError> {
    let text = disk::read_text(file).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
    let shown = escape(&file.display().to_string());
    let (rows, open) = read(desk, text.trim_start_matches('\u{FEFF}'), args.doc.as_deref()).map_err(|bad| {
        let lines: Vec<_> = bad.iter().map(|(line, why)| shown!("{}:{}: {}", shown, line, why)).collect();
        CommandError::refused(shown!(
            "{}\nNothing was saved. Correct these rows and import the table again.",
            VisibleText::join(lines, "\n")
        ))
    })?;
    let mut saved = 0;
    for Decided { line, targets, verdict, with, note } in &rows {
        for target in targets {
            let reach = desk.session.effect(target);
            if args.format == OutputFormat::Json {
                let told = serde_json::json!({
                    "type": "decision", "line": line, "decision": verdict, "with": with, "places": reach.places, "lasting": reach.is_lasting,
                    "elsewhere": reach.elsewhere, "saved": !args.dry_run,
                });
                console.json(&format!("{told}\n"))?;
            } else {
                console.out(shown!("{} {}: {}\n", verdict.name(), what(desk, target, with.as_deref()), reach))?;
            }
            if !args.dry_run {
                desk.decide(target, *verdict, with.as_deref(), note.clone())?;
                saved += 1;
            }
        }
    }
    if args.format == OutputFormat::Human {
        console.out(shown!("{} decided, {} left open\n", counted(rows.len(), "row"), open))?;
    }
    if saved > 0 || args.dry_run {
        end(desk, args, Some(saved), console)?;
    }
    Ok(ExitStatus::Done)
}

/// Rows that cannot be read, each by its line.
type BadRows = Vec<(u64, VisibleText)>;

/// The rows that decide, and how many do not.
fn read(desk: &ReviewWorkspace, text: &str, document: Option<&str>) -> Result<(Vec<Decided>, usize), BadRows> {
    let separator = if text.lines().next().is_some_and(|head| head.contains(';') && !head.contains(',')) { b';' } else { b',' };
    let mut table = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let head = table.headers().map(|head| head.iter().map(|cell| cell.trim().to_lowercase()).collect::<Vec<_>>()).unwrap_or_default();
    let column = |name: &str| head.iter().position(|cell| cell == name);
    let (Some(id), Some(decision)) = (column("id"), column("decision")) else {
        return Err(vec![(1, "The table needs the columns id and decision, as --export writes them.".into())]);
    };
    let (with, note) = (column("with"), column("note"));
    let (mut rows, mut open, mut bad) = (Vec::new(), 0, Vec::new());
    let mut lines = Lines { text, at: 0, line: 1 };
    for record in table.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                bad.push((error.position().map_or(0, |position| lines.of(position)), "This row is no row of a table.".into()));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| lines.of(position));
        let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).map(unguarded).unwrap_or_default();
        let verdict = match &*cell(Some(decision)).trim().to_lowercase() {
            "" => {
                open += 1;
                continue;
            }
            "accept" | "a" => Verdict::Accept,
            "reject" | "r" => Verdict::Reject,
            "replace" => Verdict::Replace,
            other => {
                bad.push((line, shown!("{} is no decision: write accept, reject or replace, or nothing.", escape(other))));
                continue;
            }
        };
        let replacement = (verdict == Verdict::Replace).then(|| cell(with).to_owned());
        if verdict != Verdict::Replace && !cell(with).is_empty() {
            bad.push((line, "A text in the column with needs the decision replace.".into()));
            continue;
        }
        match targets(desk, cell(Some(id)), document) {
            Ok(targets) => {
                let note = Some(cell(note).trim().to_owned()).filter(|note| !note.is_empty());
                rows.push(Decided { line, targets, verdict, with: replacement, note });
            }
            Err(CommandError::Refused(why)) => bad.push((line, why)),
            Err(_) => bad.push((line, "This row cannot be read.".into())),
        }
    }
    if bad.is_empty() { Ok((rows, open)) } else { Err(bad) }
}

/// The lines of rows, asked for in order.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a row, counted from 1: the reader takes the end of the line before for its beginning.
    fn of(&mut self, position: &csv::Position) -> u64 {
        let bytes = self.text.as_bytes();
        let at = usize::try_from(position.byte()).unwrap_or(bytes.len()).clamp(self.at, bytes.len());
        let end = at + bytes[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line += memchr::memchr_iter(b'\n', &bytes[self.at..end]).count() as u64;
        self.at = end;
        self.line
    }
}
