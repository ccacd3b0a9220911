//! What the screen shows and what each key does to it. Knows no terminal.

use std::cell::Cell;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::filter_line::{parsed, words};
use crate::command_error::CommandError;
use crate::review::decide::what;
use crate::review::labels::unescape;
use emendo_core::edit::{InSource, Span};
use emendo_core::review::decision::{DecisionScope, Verdict};
use emendo_core::review::sampling::CheckedSample;
use emendo_core::review::session::{DecisionTarget, Filter, Order, State};
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::review::ReviewWorkspace;
use emendo_corpus::shown;

/// A group, and those of its items that pass the filter.
pub struct GroupRow {
    /// The group, by number.
    pub group: usize,
    /// The items, by number.
    pub items: Vec<usize>,
}

/// Where keys move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// Among the groups.
    Groups,
    /// Among the places of one.
    Places,
}

/// How far a decision reaches, as the screen says it.
pub fn scope_name(scope: DecisionScope) -> &'static str {
    match scope {
        DecisionScope::Here => "this place",
        DecisionScope::Document => "this document",
        DecisionScope::Everywhere => "everywhere",
        DecisionScope::Rule => "the whole rule",
    }
}

/// The scope that a reader turns to next.
fn next_scope(scope: DecisionScope) -> DecisionScope {
    match scope {
        DecisionScope::Here => DecisionScope::Document,
        DecisionScope::Document => DecisionScope::Everywhere,
        DecisionScope::Everywhere => DecisionScope::Rule,
        DecisionScope::Rule => DecisionScope::Here,
    }
}

/// What of a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Both sides.
    Change,
    /// The text as it stands in the source.
    Before,
    /// The text as it would stand.
    After,
}

/// What a line is typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A text to be put there.
    Replacement,
    /// A filter.
    Filter,
    /// A note.
    Note,
}

/// A decision that a second press saves.
#[derive(Debug)]
pub struct Proposed {
    target: DecisionTarget,
    verdict: Verdict,
    with: Option<String>,
    key: KeyCode,
    /// What it would do.
    pub text: VisibleText,
}

/// What keys do at the moment.
#[derive(Debug)]
pub enum Mode {
    /// They read and decide.
    Reading,
    /// A second press of the same key saves.
    Confirming(Proposed),
    /// They type a line.
    Typing(Typed, Input),
    /// The help is shown, from this line on.
    Help(u16),
    /// The text round a place is shown, from this line on.
    Text(Box<Around>, u16),
}

/// The text round a place.
#[derive(Debug)]
pub struct Around {
    /// Document and place.
    pub title: VisibleText,
    /// The text in front of it, in it and behind it.
    pub parts: [String; 3],
    /// What the rules make of it.
    pub after: String,
}

/// What the screen does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It goes on.
    On,
    /// It stops until the shell goes on with it.
    Suspend,
    /// The reader leaves.
    Leave,
    /// Somebody stops it.
    Interrupted,
}

/// Places of a group, drawn at random, that are being judged.
pub struct Walk {
    group: usize,
    items: Vec<usize>,
    seed: u64,
}

/// What the screen shows.
pub struct Screen<'d> {
    /// What it works on.
    pub desk: &'d mut ReviewWorkspace,
    /// The groups that pass the filter.
    pub rows: Vec<GroupRow>,
    /// The chosen one.
    pub row: usize,
    /// The chosen place of it.
    pub place: usize,
    /// Where keys move.
    pub pane: Pane,
    /// How far a decision reaches.
    pub reach: DecisionScope,
    /// What of a change is shown.
    pub show: Show,
    /// What keys do.
    pub mode: Mode,
    /// What has just happened.
    pub message: VisibleText,
    /// The filter as it was typed.
    pub filter_text: String,
    /// In which order groups stand.
    pub order: Order,
    /// The note for the decisions that follow.
    pub note: Option<String>,
    /// How many decisions were saved.
    pub saved: usize,
    /// Whether there are colours.
    pub colour: bool,
    /// How many groups, and how many places, the last picture had room for.
    pub room: Cell<(usize, usize)>,
    filter: Filter,
    walk: Option<Walk>,
    /// Where each decision was made, by group and item.
    trail: Vec<(usize, usize)>,
}

impl<'d> Screen<'d> {
    /// The screen as it opens.
    pub fn new(desk: &'d mut ReviewWorkspace, filter: Filter, order: Order, colour: bool) -> Self {
        let mut screen = Self {
            desk,
            rows: Vec::new(),
            row: 0,
            place: 0,
            pane: Pane::Groups,
            reach: DecisionScope::Here,
            show: Show::Change,
            mode: Mode::Reading,
            message: VisibleText::default(),
            filter_text: words(&filter),
            order,
            note: None,
            saved: 0,
            colour,
            room: Cell::new((1, 1)),
            filter,
            walk: None,
            trail: Vec::new(),
        };
        screen.select();
        screen
    }

    /// The places that are shown: those of the chosen group, or those of them that were drawn.
    pub fn places(&self) -> &[usize] {
        let Some(row) = self.rows.get(self.row) else { return &[] };
        match &self.walk {
            Some(walk) if walk.group == row.group => &walk.items,
            _ => &row.items,
        }
    }

    /// The chosen place, as an item.
    pub fn item(&self) -> Option<usize> {
        self.places().get(self.place).copied()
    }

    /// Whether the places are drawn at random.
    pub fn is_sample(&self) -> bool {
        self.walk.as_ref().is_some_and(|walk| self.rows.get(self.row).is_some_and(|row| row.group == walk.group))
    }

    /// What those that were drawn and judged say of all: how many were read, and how many of them were rejected or replaced.
    pub fn sample(&self) -> Option<CheckedSample> {
        let walk = self.walk.as_ref()?;
        let session = &self.desk.session;
        let judged = walk.items.iter().filter(|item| session.is_judged(**item)).map(|item| session.state(*item));
        let sample = judged.fold(CheckedSample { read: 0, wrong: 0 }, |sample, state| CheckedSample {
            read: sample.read + 1,
            wrong: sample.wrong + u64::from(state != State::Accepted),
        });
        (sample.read > 0).then_some(sample)
    }

    /// Takes in what others have decided.
    pub fn look_for_news(&mut self) -> Result<(), CommandError> {
        if self.desk.look_for_news()? {
            self.say("Somebody else has decided something; it is taken in.");
        }
        Ok(())
    }

    fn say(&mut self, message: &'static str) {
        self.message = message.into();
    }

    /// Text that was pasted: it is typed where a line is typed, and nothing elsewhere.
    pub fn paste(&mut self, text: &str) {
        if let Mode::Typing(_, input) = &mut self.mode {
            for c in text.chars() {
                input.handle(InputRequest::InsertChar(c));
            }
        }
    }

    /// A key.
    pub fn press(&mut self, key: KeyEvent) -> Result<Flow, CommandError> {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            match key.code {
                KeyCode::Char('c') => return Ok(Flow::Leave),
                KeyCode::Char('z') => return Ok(Flow::Suspend),
                _ => {}
            }
        }
        match std::mem::replace(&mut self.mode, Mode::Reading) {
            Mode::Reading => return self.read(key),
            Mode::Confirming(proposed) => self.confirm(key, &proposed)?,
            Mode::Typing(typed, input) => self.type_line(key, typed, input)?,
            Mode::Help(line) => {
                if let Some(line) = scrolled(key, line) {
                    self.mode = Mode::Help(line);
                }
            }
            Mode::Text(around, line) => {
                if let Some(line) = scrolled(key, line) {
                    self.mode = Mode::Text(around, line);
                }
            }
        }
        Ok(Flow::On)
    }

    fn read(&mut self, key: KeyEvent) -> Result<Flow, CommandError> {
        self.message = VisibleText::default();
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return Ok(Flow::On);
        }
        match key.code {
            KeyCode::Char('q') => return Ok(Flow::Leave),
            KeyCode::Char('?') => self.mode = Mode::Help(0),
            KeyCode::Char('a') => self.propose(Verdict::Accept, None, key.code)?,
            KeyCode::Char('r') => self.propose(Verdict::Reject, None, key.code)?,
            KeyCode::Char('A') => self.propose_widely(Verdict::Accept, key.code),
            KeyCode::Char('R') => self.propose_widely(Verdict::Reject, key.code),
            KeyCode::Char('e') => self.edit(),
            KeyCode::Char('s') => self.skip(),
            KeyCode::Char('u') => self.undo()?,
            KeyCode::Char('U') => self.redo()?,
            KeyCode::Char('w') => {
                self.reach = next_scope(self.reach);
                self.message = shown!("a, r and e now decide for {}.", scope_name(self.reach));
            }
            KeyCode::Char('t') => {
                self.show = match self.show {
                    Show::Change => Show::Before,
                    Show::Before => Show::After,
                    Show::After => Show::Change,
                }
            }
            KeyCode::Char('/') => self.mode = Mode::Typing(Typed::Filter, Input::new(self.filter_text.clone())),
            KeyCode::Char('n') => self.mode = Mode::Typing(Typed::Note, Input::new(self.note.clone().unwrap_or_default())),
            KeyCode::Char('o') => {
                let after = Order::ALL.into_iter().cycle().skip_while(|order| *order != self.order).nth(1);
                self.order = after.unwrap_or_default();
                self.select();
                self.message = shown!("Ordered by {}.", self.order.name());
            }
            KeyCode::Char('S') => self.draw_sample(),
            KeyCode::Enter => match self.pane {
                Pane::Groups => self.pane = Pane::Places,
                Pane::Places => self.look_around()?,
            },
            KeyCode::Tab | KeyCode::BackTab => {
                self.pane = if self.pane == Pane::Groups { Pane::Places } else { Pane::Groups };
            }
            KeyCode::Esc => self.back(),
            _ => self.go(key.code),
        }
        Ok(Flow::On)
    }

    /// Out of the innermost thing.
    fn back(&mut self) {
        if self.walk.take().is_some() {
            self.place = 0;
        } else if self.pane == Pane::Places {
            self.pane = Pane::Groups;
        } else if !self.filter_text.is_empty() {
            self.filter_text.clear();
            self.filter = Filter { share: self.filter.share, ..Filter::default() };
            self.select();
            self.say("All groups again.");
        }
    }

    fn go(&mut self, code: KeyCode) {
        let (groups, places) = self.room.get();
        let page = if self.pane == Pane::Groups { groups } else { places }.max(1);
        let step = |at: usize, count: usize| match code {
            KeyCode::Char('j') | KeyCode::Down => (at + 1).min(count.saturating_sub(1)),
            KeyCode::Char('k') | KeyCode::Up => at.saturating_sub(1),
            KeyCode::PageDown => (at + page).min(count.saturating_sub(1)),
            KeyCode::PageUp => at.saturating_sub(page),
            KeyCode::Home | KeyCode::Char('g') => 0,
            KeyCode::End | KeyCode::Char('G') => count.saturating_sub(1),
            _ => at,
        };
        match self.pane {
            Pane::Groups => {
                let row = step(self.row, self.rows.len());
                if row != self.row {
                    (self.row, self.place, self.walk) = (row, 0, None);
                }
            }
            Pane::Places => self.place = step(self.place, self.places().len()),
        }
    }

    /// Applies filter and order; the chosen group stays chosen if it is still there.
    fn select(&mut self) {
        let chosen = self.rows.get(self.row).map(|row| row.group);
        let rows = self.desk.session.select(&self.filter, self.order);
        self.rows = rows.into_iter().map(|(group, items)| GroupRow { group, items }).collect();
        self.row = self.rows.iter().position(|row| Some(row.group) == chosen).unwrap_or(0);
        (self.place, self.walk) = (0, None);
    }

    fn target(&self, reach: DecisionScope) -> Option<DecisionTarget> {
        let (row, item) = (self.rows.get(self.row)?, self.item()?);
        Some(match reach {
            DecisionScope::Here => DecisionTarget::Here(item),
            DecisionScope::Document => DecisionTarget::Document(row.group, self.desk.session.items()[item].document),
            DecisionScope::Everywhere => DecisionTarget::Everywhere(row.group),
            DecisionScope::Rule => DecisionTarget::Rule(self.desk.session.groups()[row.group].rule.clone()),
        })
    }

    /// Decides on one place at once; for more it first says what that would do.
    fn propose(&mut self, verdict: Verdict, with: Option<String>, key: KeyCode) -> Result<(), CommandError> {
        let Some(target) = self.target(self.reach) else { return Ok(()) };
        if self.reach == DecisionScope::Here {
            return self.decide(&target, verdict, with.as_deref());
        }
        self.confirm_first(target, verdict, with, key);
        Ok(())
    }

    fn propose_widely(&mut self, verdict: Verdict, key: KeyCode) {
        if let Some(target) = self.target(DecisionScope::Everywhere) {
            self.confirm_first(target, verdict, None, key);
        }
    }

    fn confirm_first(&mut self, target: DecisionTarget, verdict: Verdict, with: Option<String>, key: KeyCode) {
        let reach = self.desk.session.effect(&target);
        let pressed = match key {
            KeyCode::Char(c) => escape(&c.to_string()),
            _ => "Enter".into(),
        };
        let text = shown!("{} {}: {}. {} again saves it.", verdict.name(), what(self.desk, &target, with.as_deref()), reach, pressed);
        self.mode = Mode::Confirming(Proposed { target, verdict, with, key, text });
    }

    fn confirm(&mut self, key: KeyEvent, proposed: &Proposed) -> Result<(), CommandError> {
        if key.code != proposed.key {
            self.say("Nothing was decided.");
            return Ok(());
        }
        self.decide(&proposed.target, proposed.verdict, proposed.with.as_deref())
    }

    /// Saves a decision, and goes on to what is undecided.
    fn decide(&mut self, target: &DecisionTarget, verdict: Verdict, with: Option<&str>) -> Result<(), CommandError> {
        let (Some(row), Some(item)) = (self.rows.get(self.row), self.item()) else { return Ok(()) };
        self.trail.push((row.group, item));
        let sampled = self.walk.as_ref().filter(|walk| walk.group == row.group && *target == DecisionTarget::Everywhere(walk.group));
        let sampled = sampled.and_then(|walk| Some(format!("{}; drawn at random, seed {}", self.sample()?, walk.seed)));
        let note: Vec<String> = self.note.clone().into_iter().chain(sampled).collect();
        let told = shown!("Saved: {} {}.", verdict.name(), what(self.desk, target, with));
        self.desk.decide(target, verdict, with, (!note.is_empty()).then(|| note.join("; ")))?;
        self.saved += 1;
        self.message = told;
        self.advance();
        Ok(())
    }

    fn is_decided(&self, item: usize) -> bool {
        self.desk.session.state(item).is_decided()
    }

    /// To the next place that nobody has decided on: in this group, or else in one further down.
    fn advance(&mut self) {
        let is_done = |item: usize| if self.is_sample() { self.desk.session.is_judged(item) } else { self.is_decided(item) };
        let next = |from: usize, items: &[usize]| (from..items.len()).find(|at| !is_done(items[*at]));
        if let Some(place) = next(self.place + 1, self.places()).or_else(|| next(0, self.places())) {
            self.place = place;
            return;
        }
        if self.is_sample() {
            if let Some(sample) = self.sample() {
                self.message = shown!("{}. A accepts the whole group, Esc ends the sample.", sample);
            }
            return;
        }
        let below = (self.row + 1..self.rows.len()).find_map(|row| Some((row, next(0, &self.rows[row].items)?)));
        match below {
            Some((row, place)) => (self.row, self.place, self.walk) = (row, place, None),
            None => self.message.push(" Nothing below is undecided."),
        }
    }

    fn skip(&mut self) {
        if self.place + 1 < self.places().len() && self.pane == Pane::Places {
            self.place += 1;
        } else if self.row + 1 < self.rows.len() {
            (self.row, self.place, self.walk) = (self.row + 1, 0, None);
        }
    }

    fn edit(&mut self) {
        let Some(item) = self.item() else { return };
        let wish = self.desk.session.wish(item).and_then(|wish| wish.with.clone());
        let after = wish.unwrap_or_else(|| self.desk.session.items()[item].change().after.to_string());
        // As it is shown, so that what cannot be seen can be typed and taken out.
        self.mode = Mode::Typing(Typed::Replacement, Input::new(escape(&after).into_string()));
    }

    fn undo(&mut self) -> Result<(), CommandError> {
        match self.desk.undo()? {
            None => self.say("There is nothing to undo."),
            Some(step) => {
                self.saved += 1;
                self.message = shown!("Undone: {}.", about(step.decisions()));
                if let Some((group, item)) = self.trail.pop() {
                    self.jump(group, item);
                }
            }
        }
        Ok(())
    }

    fn redo(&mut self) -> Result<(), CommandError> {
        match self.desk.redo()? {
            None => self.say("There is nothing to do again."),
            Some(step) => {
                self.saved += 1;
                self.message = shown!("Done again: {}.", about(step.decisions()));
                if let (Some(row), Some(item)) = (self.rows.get(self.row), self.item()) {
                    self.trail.push((row.group, item));
                }
            }
        }
        Ok(())
    }

    fn jump(&mut self, group: usize, item: usize) {
        if let Some(row) = self.rows.iter().position(|row| row.group == group) {
            self.row = row;
            let place = self.places().iter().position(|place| *place == item);
            if place.is_none() {
                self.walk = None;
            }
            self.place = self.places().iter().position(|place| *place == item).unwrap_or(0);
        }
    }

    fn draw_sample(&mut self) {
        let Some(row) = self.rows.get(self.row) else { return };
        let seed = 1;
        let items = self.desk.session.sample(row.group, SAMPLE, seed);
        let of = self.desk.session.groups()[row.group].items.len();
        self.message = shown!("{} of {} drawn at random: judge each with a or r.", items.len(), of);
        self.walk = Some(Walk { group: row.group, items, seed });
        (self.place, self.pane) = (0, Pane::Places);
    }

    fn look_around(&mut self) -> Result<(), CommandError> {
        let Some(number) = self.item() else { return Ok(()) };
        let item = self.desk.session.items()[number].clone();
        let name = self.desk.session.documents()[item.document].source.clone();
        let Some(cleaned) = self.desk.document(item.document)? else {
            self.message = shown!("{} was altered or is gone since it was read.", escape(&name));
            return Ok(());
        };
        let text = cleaned.text().map_or("", |text| &text.text);
        let change = item.change();
        let number = self.desk.session.documents()[item.document].number.unwrap_or(1);
        let layout = cleaned.text().and_then(|text| text.slices.get(number - 1)?.document());
        let start = layout.map_or(0, |document| document.layout.start_of(&change.part));
        let span: Span<InSource> = change.span().shifted(start);
        let cut = |from: usize| text[..from].char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
        let end = text[span.end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| span.end + at);
        let parts = [&text[cut(span.start)..span.start], &text[span.range()], &text[span.end..end]].map(str::to_owned);
        let title = shown!("{}:{}", escape(&name), item.place);
        self.mode = Mode::Text(Box::new(Around { title, parts, after: item.change().after.to_string() }), 0);
        Ok(())
    }

    fn type_line(&mut self, key: KeyEvent, typed: Typed, mut input: Input) -> Result<(), CommandError> {
        match key.code {
            KeyCode::Esc => return Ok(()),
            KeyCode::Enter => return self.typed(typed, input),
            _ => {}
        }
        if let Some(request) = request(key) {
            input.handle(request);
        }
        self.mode = Mode::Typing(typed, input);
        Ok(())
    }

    fn typed(&mut self, typed: Typed, input: Input) -> Result<(), CommandError> {
        let text = input.value().to_owned();
        match typed {
            Typed::Replacement => match unescape(&text) {
                Ok(text) => self.propose(Verdict::Replace, Some(text), KeyCode::Enter)?,
                Err(why) => {
                    self.message = why;
                    self.mode = Mode::Typing(typed, input);
                }
            },
            Typed::Note => {
                self.note = Some(text.trim().to_owned()).filter(|note| !note.is_empty());
                self.say(if self.note.is_some() { "The note is kept with what you decide from now on." } else { "No note." });
            }
            Typed::Filter => match parsed(&text) {
                Ok(filter) => {
                    // Whose share it is stays, whatever is looked for in it.
                    (self.filter, self.filter_text) = (Filter { share: self.filter.share, ..filter }, text.trim().to_owned());
                    self.select();
                    if self.rows.is_empty() {
                        self.say("Nothing passes this filter. Esc shows all groups again.");
                    }
                }
                Err(why) => {
                    self.message = why;
                    self.mode = Mode::Typing(typed, input);
                }
            },
        }
        Ok(())
    }
}

/// So many places are drawn at random.
const SAMPLE: usize = 60;

/// So many characters of a document are shown on each side of a place.
const AROUND: usize = 4000;

/// What a key does to a line that is typed.
fn request(key: KeyEvent) -> Option<InputRequest> {
    let with_control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('u') if with_control => InputRequest::DeleteLine,
        KeyCode::Char('w') if with_control => InputRequest::DeletePrevWord,
        KeyCode::Char('k') if with_control => InputRequest::DeleteTillEnd,
        KeyCode::Char('a') if with_control => InputRequest::GoToStart,
        KeyCode::Char('e') if with_control => InputRequest::GoToEnd,
        KeyCode::Char(c) if !with_control => InputRequest::InsertChar(c),
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}

/// The line that is shown first after a key; nothing if the key closes what is shown.
fn scrolled(key: KeyEvent, line: u16) -> Option<u16> {
    match key.code {
        KeyCode::Char('j') | KeyCode::Down => Some(line.saturating_add(1)),
        KeyCode::Char('k') | KeyCode::Up => Some(line.saturating_sub(1)),
        KeyCode::PageDown | KeyCode::Char(' ') => Some(line.saturating_add(10)),
        KeyCode::PageUp => Some(line.saturating_sub(10)),
        _ => None,
    }
}

fn about(decisions: &[emendo_core::review::decision::Decision]) -> VisibleText {
    let rules: Vec<_> = decisions.iter().map(|decision| escape(&decision.rule)).collect();
    rules.first().map_or_else(VisibleText::default, |first| match rules.len() {
        1 => first.clone(),
        more => shown!("{} and {} more", first, more - 1),
    })
}
