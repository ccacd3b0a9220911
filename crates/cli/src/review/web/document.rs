//! A whole document, source and cleaned side by side, line by line, with every change marked on both sides.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::answer::Trouble;
use super::shown;
use emendo_core::cleaner::{CleanedDocument, CleanedSlice, CleanedSource, Content};
use emendo_core::edit::{Change, ChangeId, Fate, Part};
use emendo_corpus::report::{Private, escape};
use emendo_corpus::review::ReviewWorkspace;

/// So many characters without a line end or a change are shown whole; of longer runs the middle is left out.
const LONG: usize = 20_000;

/// The items of a source, by the numbers of their documents and the ids of their changes.
type Items = FxHashMap<(usize, ChangeId), usize>;

/// A difference, or a proposal for one.
struct Mark<'c> {
    start: usize,
    end: usize,
    after: &'c str,
    kind: &'static str,
    item: Option<usize>,
}

/// Lines of a document from the `from`th on, or round an item.
pub fn side_by_side(desk: &mut ReviewWorkspace, number: usize, from: usize, count: usize, at: &str) -> Result<Value, Trouble> {
    let gone = || Trouble::stale("The document is gone or was altered since it was read: clean everything again.");
    let cleaned = desk.document(number)?.ok_or_else(gone)?;
    let Content::Text(text) = &cleaned.content else { return Err(gone()) };
    let desk = &*desk;
    let is_of_source = |document: usize| desk.session.documents()[document].source == cleaned.name;
    let items = desk.session.items().iter().enumerate().filter(|(_, item)| is_of_source(item.document));
    let key = |number: usize| desk.session.documents()[number].number.unwrap_or(1);
    let items = items.flat_map(|(number, item)| item.steps.iter().map(move |step| ((key(item.document), step.id()), number)));
    let items: Items = items.collect();
    let mut lines = Lines { desk, private: desk.private[number], rows: Vec::new(), row: Row::default() };
    for (slice, number) in text.slices.iter().zip(1..) {
        match slice {
            CleanedSlice::Document(document) => lines.document(&text.text, (number, document), &items),
            CleanedSlice::Problem(problem) => {
                lines.rows.push(json!({ "problem": escape(&problem.reason) }));
            }
        }
    }
    let rows = lines.rows;
    let holds = |row: &Value| row["items"].as_array().is_some_and(|items| items.iter().any(|item| item == at));
    let found = rows.iter().position(holds).filter(|_| !at.is_empty());
    // A few lines above it, for the context.
    let from = found.map_or(from, |row| row.saturating_sub(count / 4)).min(rows.len());
    let to = rows.len().min(from + count);
    Ok(json!({ "name": escape(&cleaned.name), "total": rows.len(), "from": from, "rows": rows[from..to], "counts": counts(&cleaned) }))
}

fn counts(cleaned: &CleanedSource) -> Value {
    let of = |fate: Fate| cleaned.changes().filter(|change| change.fate == fate).map(|change| change.places.len()).sum::<usize>();
    json!({ "applied": of(Fate::Applied), "pending": of(Fate::Pending), "rejected": of(Fate::Rejected) })
}

/// What a line says on both sides.
#[derive(Default)]
struct Row {
    left: Vec<Value>,
    right: Vec<Value>,
    items: Vec<String>,
}

struct Lines<'d> {
    desk: &'d ReviewWorkspace,
    private: Private,
    rows: Vec<Value>,
    row: Row,
}

impl Lines<'_> {
    fn document(&mut self, source: &str, document: (usize, &CleanedDocument), items: &Items) {
        for field in &document.1.layout.fields {
            self.rows.push(json!({ "heading": escape(&field.name) }));
            self.part(source, field.value.range(), &Part::Field(field.name.clone()), document, items);
        }
        if let Some(body) = document.1.layout.body {
            if !document.1.layout.fields.is_empty() {
                self.rows.push(json!({ "heading": "text" }));
            }
            self.part(source, body.range(), &Part::Body, document, items);
        }
    }

    /// One text: a field or the body.
    fn part(&mut self, source: &str, range: std::ops::Range<usize>, part: &Part, document: (usize, &CleanedDocument), items: &Items) {
        let mut at = range.start;
        for mark in marks(part, range.start, document, items) {
            // Two proposals for one text: the first is shown, the other in the list.
            if mark.start < at || mark.end > range.end {
                continue;
            }
            self.same(&source[at..mark.start]);
            self.mark(&source[mark.start..mark.end], &mark);
            at = mark.end;
        }
        self.same(&source[at..range.end]);
        if !self.row.left.is_empty() {
            self.end_row();
        }
    }

    /// Text that is the same on both sides.
    fn same(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            let (line, ends) = line.strip_suffix('\n').map_or((line, false), |line| (line, true));
            if !line.is_empty() {
                for part in shortened(line) {
                    let run = match part {
                        Ok(text) => json!({ "text": self.private.name(escape(text)) }),
                        Err(left_out) => json!({ "cut": left_out }),
                    };
                    self.row.left.push(run.clone());
                    self.row.right.push(run);
                }
            }
            if ends {
                self.end_row();
            }
        }
    }

    fn mark(&mut self, before: &str, mark: &Mark<'_>) {
        let [left, right] = shown::pair(before, mark.after, self.private);
        let id = mark.item.map(|item| self.desk.session.items()[item].id.as_str());
        let state = mark.item.map(|item| self.desk.session.state(item));
        self.row.items.extend(id.map(str::to_owned));
        let run = |text: &str| json!({ "text": text, "kind": mark.kind, "item": id, "state": state });
        self.row.left.push(run(&left));
        // What is not done leaves the text as it was.
        let right = if mark.kind == "done" { &right } else { &left };
        let mut right = run(right);
        if mark.kind == "asked" {
            right["proposed"] = shown::pair(before, mark.after, self.private)[1].to_string().into();
        }
        self.row.right.push(right);
        if before.ends_with('\n') || mark.kind == "done" && mark.after.ends_with('\n') {
            self.end_row();
        }
    }

    fn end_row(&mut self) {
        let Row { left, right, items } = std::mem::take(&mut self.row);
        self.rows.push(json!({ "left": left, "right": right, "items": items }));
    }
}

/// What is marked in a text, in its order.
fn marks<'c>(part: &Part, start: usize, (number, document): (usize, &'c CleanedDocument), items: &Items) -> Vec<Mark<'c>> {
    let changes = &document.cleaned.changes;
    let hunks = document.cleaned.hunks.iter().filter(|hunk| hunk.part == *part);
    let done = hunks.map(|hunk| Mark {
        start: start + hunk.original.start,
        end: start + hunk.original.end,
        after: &hunk.after,
        kind: "done",
        item: hunk.changes.iter().find_map(|place| items.get(&(number, place.of(changes).id()))).copied(),
    });
    let proposed = changes.iter().filter(|change| change.part == *part);
    let kind = |change: &Change| match change.fate {
        Fate::Pending => Some("asked"),
        Fate::Rejected => Some("left"),
        _ => None,
    };
    let proposed = proposed.filter_map(|change| Some((change, kind(change)?)));
    let proposed = proposed.flat_map(|(change, kind)| change.placed().map(move |placed| (change, placed, kind)));
    let proposed = proposed.map(|(change, placed, kind)| Mark {
        start: start + placed.span().start,
        end: start + placed.span().end,
        after: change.result(),
        kind,
        item: items.get(&(number, placed.id())).copied(),
    });
    let mut marks: Vec<Mark<'c>> = done.chain(proposed).collect();
    marks.sort_by_key(|mark| (mark.start, mark.kind != "done", mark.end));
    marks
}

/// The parts of a long run that are shown, and how many characters are left out between them.
fn shortened(line: &str) -> Vec<Result<&str, usize>> {
    let length = if line.len() > LONG { line.chars().count() } else { 0 };
    if length <= LONG {
        return vec![Ok(line)];
    }
    let at = |number: usize| line.char_indices().nth(number).map_or(line.len(), |(at, _)| at);
    let (head, tail) = (at(LONG / 2), at(length - LONG / 2));
    vec![Ok(&line[..head]), Err(length - LONG), Ok(&line[tail..])]
}
