//! Which quotation marks of a paragraph open and which close, and so which parts are somebody's words.
//!
//! A straight mark does not say what it does, and its neighbours say it only as long as it stands
//! where it should. So the marks of a paragraph are read together: each role of each mark has a cost,
//! so has a quotation that never closes or never opened, and the cheapest reading wins. How much dearer
//! a mark's other roles are is its margin: what has none is a guess.
//!
//! The direction of a curly mark is no evidence: nearly all are typed by software that looked at
//! the same neighbours. That a text reads alike before and after its marks are made straight is worth more.

use std::ops::Range;

use super::line;
use super::word::is_word_char;

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It opens a quotation.
    Opens,
    /// It closes a quotation.
    Closes,
    /// Neither: inches, seconds, a Hebrew abbreviation, a ditto mark.
    Neither,
}

/// What is wrong with the place of a mark, given its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkFault {
    /// It closes, and sticks to the next word: `We agree, "he said.`
    ClosesAtNextWord,
    /// It opens, and sticks to the previous word: `He said" we agree."`
    OpensAtPreviousWord,
    /// It opens, and a blank follows: `called " a mistake"`
    BlankAfterOpening,
    /// It closes, and a blank precedes: `called "a mistake "`
    BlankBeforeClosing,
    /// It closes, and was typed as two apostrophes: `“no''`
    Doubled,
}

/// A double quotation mark, as the whole paragraph reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it stands, in bytes of the paragraph; several marks in a row count as one.
    pub at: Range<usize>,
    /// What it does.
    pub role: Role,
    /// How many quotations are open round the one that it opens or closes.
    pub depth: usize,
    /// How much dearer the best reading is in which it does something else; 0 is a guess.
    pub margin: u32,
    /// What is wrong with its place.
    pub fault: Option<MarkFault>,
}

/// What a paragraph cannot tell about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the next paragraph begins with a mark, so that speech may run on into it.
    pub runs_on: Option<bool>,
    /// Whether breaks between paragraphs may have been lost inside this one.
    pub breaks_lost: bool,
}

/// A margin from which on a reading counts as proven.
pub const PROVEN: u32 = 4;

/// A mark whose place is wrong costs this: less than one quotation that never closes.
const MISPLACED: u32 = 4;
/// A thin space parts it from a single mark, as typesetters do: `‘yes.’ ”`
const APART: u32 = 1;
/// The same as misplaced, where the place could as well be right.
const DOUBTFUL: u32 = 8;
/// A role that nothing in the mark's place supports.
const MISFIT: u32 = 16;
/// An opening mark while a quotation is open, which so never closes.
const UNCLOSED: u32 = 6;
/// The same where a paragraph may begin: speech over paragraphs opens each and closes the last.
const CONTINUED: u32 = 2;
/// A quotation within a quotation, in the same marks.
const NESTED: u32 = 5;
/// A closing mark where nothing is open.
const STRAY: u32 = 6;

/// Whether this is a double quotation mark, or a character that is typed for one.
pub fn is_double(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '″' | '❝' | '❞')
}

/// Whether this is a single quotation mark or an apostrophe.
pub fn is_single(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‛' | '❛' | '❜')
}

/// Whether a letter stands on both sides.
pub fn is_in_word(text: &str, at: Range<usize>) -> bool {
    text[..at.start].chars().next_back().is_some_and(char::is_alphabetic) && text[at.end..].chars().next().is_some_and(char::is_alphabetic)
}

/// The quotations of a paragraph, in bytes, marks included; sorted by where they start.
///
/// In double marks, and in single ones where they are unmistakable. A quotation that never closes
/// ends with its sentence, or where the speaker's next paragraph opens.
pub fn quotations(paragraph: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if memchr::memchr3(b'"', b'\'', FIRST_BYTE_OF_CURLY, paragraph.as_bytes()).is_none() {
        return found;
    }
    in_double_marks(paragraph, &mut found);
    in_single_marks(paragraph, &mut found);
    found.sort_unstable_by_key(|quotation| (quotation.start, quotation.end));
    found
}

/// Reads the double marks of a paragraph together.
pub fn read(paragraph: &str, surroundings: Surroundings) -> Vec<Mark> {
    path(paragraph, surroundings).into_iter().map(|(mark, ..)| mark).collect()
}

/// Whether a mark may be misplaced here. Allocates nothing, unlike [`read`].
pub fn may_be_misplaced(paragraph: &str, surroundings: Surroundings) -> bool {
    let mut costs = START;
    let mut doubled = false;
    for sign in signs(paragraph) {
        costs = sign.forward(costs, surroundings);
        doubled |= sign.doubled;
    }
    let total = (0..STATES).map(|state| costs[state] + end_cost(state, surroundings)).min().unwrap_or(0);
    doubled || total >= MISPLACED
}

/// So many single marks are looked through at most, or a row of them would be read again and again.
const NESTED_MARKS: usize = 4;

/// All curly quotation marks begin with this byte in UTF-8.
const FIRST_BYTE_OF_CURLY: u8 = 0xE2;

/// How many quotations are open: none, one, one within another.
const STATES: usize = 3;
const START: [u32; STATES] = [0, FAR, FAR];
/// Dearer than any reading, and still far from overflow when costs are added.
const FAR: u32 = u32::MAX / 4;

fn end_cost(state: usize, surroundings: Surroundings) -> u32 {
    let open = match surroundings.runs_on {
        Some(true) | None => CONTINUED,
        Some(false) => UNCLOSED,
    };
    [0, open, open + 2][state]
}

/// The marks on the cheapest path, each with the number of open quotations before and after it.
fn path(paragraph: &str, surroundings: Surroundings) -> Vec<(Mark, usize, usize)> {
    let signs: Vec<Sign> = signs(paragraph).collect();
    if signs.is_empty() {
        return Vec::new();
    }
    let mut ahead = vec![[0; STATES]; signs.len() + 1];
    ahead[signs.len()] = std::array::from_fn(|state| end_cost(state, surroundings));
    for (number, sign) in signs.iter().enumerate().rev() {
        ahead[number] = sign.backward(ahead[number + 1], surroundings);
    }
    let best = ahead[0][0];
    let (mut costs, mut state) = (START, 0);
    let mut marks = Vec::with_capacity(signs.len());
    for (number, sign) in signs.into_iter().enumerate() {
        let ahead = &ahead[number + 1];
        let chosen = sign.moves(surroundings).filter(|step| step.from == state).min_by_key(|step| step.cost + ahead[step.to]);
        let chosen = chosen.expect("every role leads on from every state");
        let other = sign.moves(surroundings).filter(|step| step.role != chosen.role);
        let other = other.map(|step| costs[step.from] + step.cost + ahead[step.to]).min().unwrap_or(FAR);
        costs = sign.forward(costs, surroundings);
        let fault = sign.fit(chosen.role).fault;
        let depth = if chosen.role == Role::Opens { chosen.to - 1 } else { chosen.to };
        let mark = Mark { at: sign.at, role: chosen.role, depth, margin: other.saturating_sub(best), fault };
        marks.push((mark, state, chosen.to));
        state = chosen.to;
    }
    marks
}

/// One step of a reading.
#[derive(Clone, Copy)]
struct Step {
    role: Role,
    from: usize,
    to: usize,
    cost: u32,
}

/// A mark before it is read: what each role would cost.
struct Sign {
    at: Range<usize>,
    opens: Fit,
    closes: Fit,
    neither: Fit,
    /// Whether a paragraph may begin here.
    begins: bool,
    /// Whether it is two apostrophes.
    doubled: bool,
}

/// How well a role fits a place.
#[derive(Clone, Copy)]
struct Fit {
    cost: u32,
    fault: Option<MarkFault>,
}

impl Fit {
    fn cost(cost: u32) -> Self {
        Self { cost, fault: None }
    }

    fn faulty(cost: u32, fault: MarkFault) -> Self {
        Self { cost, fault: Some(fault) }
    }
}

impl Sign {
    fn fit(&self, role: Role) -> Fit {
        match role {
            Role::Opens => self.opens,
            Role::Closes => self.closes,
            Role::Neither => self.neither,
        }
    }

    fn moves(&self, surroundings: Surroundings) -> impl Iterator<Item = Step> + use<> {
        let unclosed = if self.begins && surroundings.breaks_lost { CONTINUED } else { UNCLOSED };
        let fits = [self.opens.cost, self.closes.cost, self.neither.cost];
        let moves = [
            (Role::Opens, 0, 1, fits[0]),
            (Role::Opens, 1, 1, fits[0] + unclosed),
            (Role::Opens, 1, 2, fits[0] + NESTED),
            (Role::Opens, 2, 1, fits[0] + UNCLOSED),
            (Role::Opens, 2, 2, fits[0] + UNCLOSED),
            (Role::Closes, 0, 0, fits[1] + STRAY),
            (Role::Closes, 1, 0, fits[1]),
            (Role::Closes, 2, 1, fits[1]),
            (Role::Neither, 0, 0, fits[2]),
            (Role::Neither, 1, 1, fits[2]),
            (Role::Neither, 2, 2, fits[2]),
        ];
        moves.into_iter().map(|(role, from, to, cost)| Step { role, from, to, cost })
    }

    fn forward(&self, costs: [u32; STATES], surroundings: Surroundings) -> [u32; STATES] {
        let mut after = [FAR; STATES];
        for step in self.moves(surroundings) {
            after[step.to] = after[step.to].min(costs[step.from] + step.cost);
        }
        after
    }

    fn backward(&self, ahead: [u32; STATES], surroundings: Surroundings) -> [u32; STATES] {
        let mut before = [FAR; STATES];
        for step in self.moves(surroundings) {
            before[step.from] = before[step.from].min(step.cost + ahead[step.to]);
        }
        before
    }
}

/// The double marks of a paragraph, and pairs of apostrophes that may stand for a closing one.
fn signs(paragraph: &str) -> impl Iterator<Item = Sign> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr3(b'"', b'\'', FIRST_BYTE_OF_CURLY, &paragraph.as_bytes()[at..])?;
            let rest = &paragraph[at..];
            let doubles = rest.len() - rest.trim_start_matches(is_double).len();
            let singles = rest.len() - rest.trim_start_matches(is_single).len();
            let start = at;
            at += doubles.max(singles).max(rest.chars().next().map_or(1, char::len_utf8));
            let sign = if doubles > 0 { double_sign(paragraph, start..at) } else { doubled_sign(paragraph, start..at) };
            if sign.is_some() {
                return sign;
            }
        }
    })
}

/// What a run of double marks may be. An escaped mark, an empty pair and an apostrophe are none.
fn double_sign(paragraph: &str, at: Range<usize>) -> Option<Sign> {
    let (before, after) = (Side::before(paragraph, at.start), Side::after(paragraph, at.end));
    if before.kind == Kind::Escape || (&paragraph[at.clone()] == "‟" && is_in_word(paragraph, at.clone())) {
        return None;
    }
    let begins = before.kind.is_blank() && before.ends_sentence() && after.is_upper;
    let (mut opens, mut closes) = (opening_fit(before, after), closing_fit(before, after));
    if paragraph[at.clone()].chars().nth(1).is_some() {
        // A run of marks is one mark typed twice, an empty pair or code: nothing to repair.
        if opens.cost.min(closes.cost) > 0 {
            return None;
        }
        for fit in [&mut opens, &mut closes] {
            *fit = Fit::cost(if fit.fault.is_some() { MISFIT } else { fit.cost });
        }
    }
    Some(Sign { at, opens, closes, neither: neither_fit(before, after), begins, doubled: false })
}

/// Two apostrophes where a quotation may end.
fn doubled_sign(paragraph: &str, at: Range<usize>) -> Option<Sign> {
    if paragraph[at.clone()].chars().filter(|c| is_single(*c)).count() != 2 {
        return None;
    }
    let (before, after) = (Side::before(paragraph, at.start), Side::after(paragraph, at.end));
    let beside_mark = |c: Option<char>| c.is_some_and(is_double);
    let closes = matches!(before.kind, Kind::Letter | Kind::Stop | Kind::Comma | Kind::Closing)
        && (after.kind.is_blank() || matches!(after.kind, Kind::Stop | Kind::Comma | Kind::Colon | Kind::Closing));
    if !closes || beside_mark(paragraph[..at.start].chars().next_back()) || beside_mark(paragraph[at.end..].chars().next()) {
        return None;
    }
    // As a mark of its own it costs less than nothing would, so that only an open quotation proves it.
    let closes = Fit::faulty(1, MarkFault::Doubled);
    Some(Sign { at, opens: Fit::cost(MISFIT), closes, neither: Fit::cost(2), begins: false, doubled: true })
}

/// What stands beside a mark, in classes that matter to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The end of the paragraph, or of a line.
    Edge,
    /// One blank, with text behind it.
    Blank,
    /// More than one blank: a column, not a slip.
    Gap,
    Letter,
    Hebrew,
    Digit,
    /// `.`, `!`, `?`, `…`
    Stop,
    /// `,` and `;`
    Comma,
    Colon,
    /// Brackets that open.
    Opening,
    /// Brackets that close.
    Closing,
    Dash,
    /// Markup, which may stand on either side of either mark.
    Markup,
    Escape,
    /// `=`: code, whose values are nobody's words.
    Equals,
    Double,
    Single,
    Symbol,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '.' | '!' | '?' | '…' => Kind::Stop,
            ',' | ';' => Kind::Comma,
            ':' => Kind::Colon,
            '(' | '[' | '{' => Kind::Opening,
            '=' => Kind::Equals,
            ')' | ']' | '}' => Kind::Closing,
            '-' | '\u{2010}'..='\u{2015}' => Kind::Dash,
            '*' | '_' | '~' | '|' | '/' | '<' | '>' => Kind::Markup,
            '\\' => Kind::Escape,
            '\u{5D0}'..='\u{5EA}' => Kind::Hebrew,
            _ if is_double(c) => Kind::Double,
            _ if is_single(c) => Kind::Single,
            _ if c.is_numeric() => Kind::Digit,
            _ if is_word_char(c) => Kind::Letter,
            _ => Kind::Symbol,
        }
    }

    fn is_blank(self) -> bool {
        matches!(self, Kind::Edge | Kind::Blank | Kind::Gap)
    }

    fn is_word(self) -> bool {
        matches!(self, Kind::Letter | Kind::Hebrew | Kind::Digit)
    }
}

/// What a mark sees on one side. Single marks in between are looked through.
#[derive(Clone, Copy)]
struct Side {
    kind: Kind,
    /// What comes behind the blank.
    beyond: Kind,
    /// Whether no other mark stands in between.
    is_next: bool,
    /// Whether it is a letter that may begin a sentence.
    is_upper: bool,
}

impl Side {
    fn before(paragraph: &str, at: usize) -> Self {
        Self::look(paragraph[..at].chars().rev())
    }

    fn after(paragraph: &str, at: usize) -> Self {
        Self::look(paragraph[at..].chars())
    }

    fn look(mut away: impl Iterator<Item = char>) -> Self {
        let first = away.next();
        let is_next = !first.is_some_and(is_single);
        let seen = if is_next { first } else { away.by_ref().take(NESTED_MARKS).find(|c| !is_single(*c)).or(first) };
        let side = |kind, beyond| Self { kind, beyond, is_next, is_upper: seen.is_some_and(|c| !c.is_lowercase()) };
        let Some(c) = seen else { return side(Kind::Edge, Kind::Edge) };
        if !c.is_whitespace() {
            return side(Kind::of(c), Kind::Edge);
        }
        let mut blanks = 0;
        let mut beyond = Some(c);
        while let Some(blank) = beyond.filter(|c| c.is_whitespace()) {
            if line::is_break(blank) {
                return side(Kind::Edge, Kind::Edge);
            }
            blanks += 1;
            beyond = away.next();
        }
        match beyond.map(Kind::of) {
            None => side(Kind::Edge, Kind::Edge),
            Some(beyond) => side(if blanks == 1 { Kind::Blank } else { Kind::Gap }, beyond),
        }
    }

    /// Whether a sentence may end here: nothing is known at an edge.
    fn ends_sentence(self) -> bool {
        self.kind == Kind::Edge || matches!(self.beyond, Kind::Stop | Kind::Closing | Kind::Double | Kind::Single)
    }
}

fn opening_fit(before: Side, after: Side) -> Fit {
    use Kind::{Blank, Colon, Comma, Dash, Digit, Equals, Letter, Markup, Opening, Single, Symbol};
    let free = before.kind.is_blank() || matches!(before.kind, Opening | Dash | Markup | Equals);
    if !after.kind.is_blank() {
        return Fit::cost(match before.kind {
            _ if free => 0,
            Symbol => 1,
            Colon | Comma if after.kind.is_word() => 1,
            kind if kind.is_word() && after.kind.is_word() => 3,
            _ => MISFIT,
        });
    }
    if free && after.kind == Blank && after.beyond == Single {
        return Fit::cost(APART);
    }
    if after.kind != Blank || !after.is_next || !after.beyond.is_word() {
        return Fit::cost(MISFIT);
    }
    match before.kind {
        Equals => Fit::cost(MISPLACED),
        _ if free && before.beyond == Symbol => Fit::cost(MISPLACED),
        _ if free => Fit::faulty(MISPLACED, MarkFault::BlankAfterOpening),
        Letter | Colon if before.is_next => Fit::faulty(MISPLACED, MarkFault::OpensAtPreviousWord),
        // Here a closing mark is as usual.
        Comma | Digit if before.is_next => Fit::faulty(DOUBTFUL, MarkFault::OpensAtPreviousWord),
        _ => Fit::cost(MISFIT),
    }
}

fn closing_fit(before: Side, after: Side) -> Fit {
    use Kind::{Blank, Closing, Colon, Comma, Dash, Equals, Markup, Opening, Single, Stop, Symbol};
    let ends = after.kind.is_blank() || matches!(after.kind, Stop | Comma | Colon | Closing);
    let free = ends || matches!(after.kind, Dash | Markup | Opening);
    if !before.kind.is_blank() {
        return Fit::cost(match before.kind {
            Opening | Equals => DOUBTFUL,
            _ if free => 0,
            _ if after.kind == Symbol => 1,
            Stop | Comma | Colon | Closing => 1,
            kind if kind.is_word() => 3,
            _ => DOUBTFUL,
        });
    }
    if ends && before.kind == Blank && before.beyond == Single {
        return Fit::cost(APART);
    }
    let is_text = before.beyond.is_word() || matches!(before.beyond, Stop | Comma | Colon | Closing);
    if before.kind != Blank || !before.is_next || !is_text {
        return Fit::cost(MISFIT);
    }
    match after.kind {
        kind if kind.is_word() && after.is_next => Fit::faulty(MISPLACED, MarkFault::ClosesAtNextWord),
        // A text that goes on elsewhere: `print("Sum: ", sum)`, `"wall, " + "pass"`.
        Blank if after.beyond == Symbol => Fit::cost(MISPLACED),
        _ if ends && before.beyond == Colon => Fit::cost(MISPLACED),
        _ if ends => Fit::faulty(MISPLACED, MarkFault::BlankBeforeClosing),
        _ => Fit::cost(MISFIT),
    }
}

fn neither_fit(before: Side, after: Side) -> Fit {
    Fit::cost(match (before.kind, after.kind) {
        (Kind::Hebrew, Kind::Hebrew) => 0,
        (Kind::Digit, _) => 1,
        (Kind::Blank, after) if before.beyond == Kind::Digit && after.is_blank() => 3,
        (before, after) if before.is_word() && after.is_word() => 3,
        (before, after) if before.is_blank() && after.is_blank() => 6,
        _ => 12,
    })
}

fn in_double_marks(paragraph: &str, found: &mut Vec<Range<usize>>) {
    let mut open = None;
    for (mark, before, after) in path(paragraph, Surroundings { runs_on: None, breaks_lost: true }) {
        match mark.role {
            Role::Opens if after == 1 => {
                if let Some(start) = open.replace(mark.at.start) {
                    found.push(start..sentence_end(&paragraph[..mark.at.start], start));
                }
            }
            Role::Closes if before == 1 => {
                if let Some(start) = open.take() {
                    found.push(start..mark.at.end);
                }
            }
            _ => {}
        }
    }
    if let Some(start) = open {
        // A paragraph that opens with a mark and never closes is one of several of the same speech.
        let whole = paragraph[..start].trim().is_empty();
        found.push(start..if whole { paragraph.len() } else { sentence_end(paragraph, start) });
    }
}

/// Where the sentence that holds the byte `at` ends, its closing punctuation included.
fn sentence_end(text: &str, at: usize) -> usize {
    let mut stopped = false;
    for (here, c) in text[at..].char_indices() {
        if stopped && c.is_whitespace() {
            return at + here;
        }
        stopped = Kind::of(c) == Kind::Stop || (stopped && matches!(Kind::of(c), Kind::Closing | Kind::Double | Kind::Single));
    }
    text.len()
}

/// Words that often begin with an apostrophe, which so is no opening mark.
const ELISIONS: [&str; 14] = ["tis", "twas", "twere", "twill", "em", "n", "til", "till", "cause", "bout", "round", "cos", "im", "er"];

/// Pairs of single marks that nobody could take for apostrophes.
fn in_single_marks(paragraph: &str, found: &mut Vec<Range<usize>>) {
    let mut open: Option<usize> = None;
    // The closing mark, should no better one come before the next opening one.
    let mut possessive: Option<usize> = None;
    let mut settle = |open: &mut Option<usize>, end: Option<usize>| {
        if let (Some(start), Some(end)) = (open.take(), end) {
            found.push(start..end);
        }
    };
    for at in memchr::memchr2_iter(b'\'', FIRST_BYTE_OF_CURLY, paragraph.as_bytes()) {
        let Some(c) = paragraph[at..].chars().next().filter(|c| is_single(*c)) else { continue };
        let end = at + c.len_utf8();
        let (before, after) = (Side::before(paragraph, at), Side::after(paragraph, end));
        if opens_single(paragraph, end, before, after) {
            settle(&mut open, possessive.take());
            open = Some(at);
        } else if open.is_some() && closes_single(before, after) {
            if paragraph[..at].ends_with(['s', 'S']) && after.kind == Kind::Blank && after.beyond.is_word() {
                possessive.get_or_insert(end);
            } else {
                settle(&mut open, Some(end));
                possessive = None;
            }
        }
    }
    settle(&mut open, possessive);
}

fn opens_single(paragraph: &str, end: usize, before: Side, after: Side) -> bool {
    let free = before.kind.is_blank() || matches!(before.kind, Kind::Opening | Kind::Dash | Kind::Markup) || !before.is_next;
    let rest = &paragraph[end..];
    let word = &rest[..rest.find(|c| !is_word_char(c)).unwrap_or(rest.len())];
    let free = free || paragraph[..end].chars().rev().nth(1).is_some_and(is_double);
    free && matches!(after.kind, Kind::Letter | Kind::Hebrew | Kind::Opening | Kind::Stop)
        && after.is_next
        && !ELISIONS.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

fn closes_single(before: Side, after: Side) -> bool {
    let text = before.kind.is_word() || matches!(before.kind, Kind::Stop | Kind::Comma | Kind::Colon | Kind::Closing);
    let free =
        after.kind.is_blank() || matches!(after.kind, Kind::Stop | Kind::Comma | Kind::Colon | Kind::Closing | Kind::Dash | Kind::Double);
    text && free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(paragraph: &str) -> Vec<&str> {
        quotations(paragraph).into_iter().map(|range| &paragraph[range]).collect()
    }

    /// The roles as signs: `(` opens, `)` closes, `.` neither.
    fn roles(paragraph: &str) -> String {
        let sign = |mark: &Mark| match mark.role {
            Role::Opens => '(',
            Role::Closes => ')',
            Role::Neither => '.',
        };
        read(paragraph, Surroundings { runs_on: Some(false), breaks_lost: false }).iter().map(sign).collect()
    }

    #[test]
    fn quotations_hold_their_marks() {
        assert_eq!(quoted("He said \"no\" and “yes,” twice"), ["\"no\"", "“yes,”"]);
        assert_eq!(quoted("\"He said \"no\" to me,\" she said"), ["\"He said \"no\" to me,\""]);
        assert_eq!(quoted("no marks, isn't it"), Vec::<&str>::new());
    }

    #[test]
    fn single_marks_quote_only_where_they_are_unmistakable() {
        assert_eq!(quoted("He called it 'a mistake' twice"), ["'a mistake'"]);
        assert_eq!(quoted("the ‘no deals’ party’s ‘men’s club’"), ["‘no deals’", "‘men’s club’"]);
        assert_eq!(quoted("Hamas' 'no' to the deal"), ["'no'"]);
        assert_eq!(quoted("'the sides' plan,' he said"), ["'the sides' plan,'"]);
        for text in ["in the '90s' style", "'tis the hostages' plea", "rock 'n' roll", "the sides' plan, the men's", "6' 2'' tall", "'x"] {
            assert_eq!(quoted(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn a_quotation_that_never_closes_spoils_its_sentence_only() {
        assert_eq!(quoted("He said: \"No way. Then he left. It was \"late\" then."), ["\"No way.", "\"late\""]);
        assert_eq!(quoted("He said: \"No way. Then he left."), ["\"No way."]);
        assert_eq!(quoted("\"We came. We saw."), ["\"We came. We saw."], "the speech goes on in the next paragraph");
    }

    #[test]
    fn a_misplaced_mark_does_not_turn_the_text_inside_out() {
        let text = "said: \"We have a cause for optimism. \"Later, he would continue \"active\" talks. \"Yes,\" he said.";
        assert_eq!(quoted(text), ["\"We have a cause for optimism. \"", "\"active\"", "\"Yes,\""]);
    }

    #[test]
    fn inches_abbreviations_and_code_neither_open_nor_close() {
        assert_eq!(roles("a 5\" nail, 6'2\" tall and \"safe\""), "..()");
        assert_eq!(roles("צה\"ל ואו\"ם"), "..");
        assert_eq!(roles("\\\"o and \"\" and won‟t"), "");
        assert_eq!(roles("\"the year 1990\" and \"so\""), "()()", "a number may end a quotation");
    }

    #[test]
    fn what_could_be_read_otherwise_has_no_margin() {
        let margins =
            |text: &str| read(text, Surroundings { runs_on: None, breaks_lost: true }).iter().map(|mark| mark.margin).collect::<Vec<_>>();
        assert!(margins("\"We agree, \"he said. \"So do I.\"").iter().all(|margin| *margin >= PROVEN));
        assert!(margins("\"We won. \"We left. \"We came,\" he said.")[1] < PROVEN);
    }

    #[test]
    fn no_paragraph_is_too_long_or_too_strange() {
        for text in ["\"".repeat(100_000), "\" ".repeat(100_000), "a\" ".repeat(100_000), "'".repeat(100_000), "“’".repeat(50_000)] {
            for quotation in quotations(&text) {
                assert!(text.get(quotation).is_some());
            }
        }
    }
}
