//! What each single mark of a paragraph is: an apostrophe, or one end of a quotation.
//!
//! As with double marks (see [`super::quotation`]) the neighbours of a mark say little by themselves: the
//! mark after `students` in `the students' strike` may own the strike or end a quotation. So the marks of a
//! paragraph are read together, each role of each mark has a cost, and the cheapest reading wins.

use std::ops::Range;

use super::quotation::{Mark, Role, is_double, is_single};
use super::word::is_word_char;

/// What a single mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Single {
    /// It opens a quotation.
    Opens,
    /// It closes a quotation.
    Closes,
    /// It stands for letters that are left out, or for a possessive.
    Apostrophe,
    /// It counts feet or minutes.
    Prime,
}

/// A single mark, as the whole paragraph reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleMark {
    /// Where it stands, in bytes of the paragraph.
    pub at: Range<usize>,
    /// What it does.
    pub role: Single,
    /// For each role, in the order of their declaration, how much dearer the best reading is in which it has that.
    dearer: [u32; 4],
}

impl SingleMark {
    /// How much dearer the best reading is in which the mark does something that these roles do not: 0 is a guess.
    pub fn margin(&self, alike: impl Fn(Single) -> bool) -> u32 {
        ROLES.into_iter().filter(|role| !alike(*role)).map(|role| self.dearer[role as usize]).min().unwrap_or(FAR)
    }
}

const ROLES: [Single; 4] = [Single::Opens, Single::Closes, Single::Apostrophe, Single::Prime];

/// A margin from which on a reading counts as proven.
pub const PROVEN: u32 = 2;

/// A quotation that never closes.
const UNCLOSED: u32 = 6;
/// The same at the end of a paragraph, if the speech runs on into the next.
const CONTINUED: u32 = 2;
/// A closing mark where nothing is open.
const STRAY: u32 = 10;
/// A role that nothing in the mark's place supports.
const MISFIT: u32 = 16;

/// Reads the single marks of a paragraph together.
///
/// `doubles` are its double marks, read; `runs_on` is whether the next paragraph begins with a single mark.
#[expect(clippy::missing_panics_doc, reason = "there is a step for every role from every state")]
pub fn read(paragraph: &str, doubles: &[Mark], runs_on: bool) -> Vec<SingleMark> {
    let signs = signs(paragraph, doubles);
    if !signs.iter().any(|sign| matches!(sign, Sign::Single { .. })) {
        return Vec::new();
    }
    let open = if runs_on { CONTINUED } else { UNCLOSED };
    let mut ahead = vec![[0; STATES]; signs.len() + 1];
    ahead[signs.len()] = [0, open, UNCLOSED];
    for (number, sign) in signs.iter().enumerate().rev() {
        let mut before = [FAR; STATES];
        for step in sign.steps() {
            before[step.from] = before[step.from].min(step.cost + ahead[number + 1][step.to]);
        }
        ahead[number] = before;
    }
    let best = ahead[0][0];
    let (mut costs, mut state) = ([0, FAR, FAR], 0);
    let mut marks = Vec::new();
    for (number, sign) in signs.iter().enumerate() {
        let ahead = &ahead[number + 1];
        let chosen = sign.steps().filter(|step| step.from == state).min_by_key(|step| step.cost + ahead[step.to]);
        let chosen = chosen.expect("every role leads on from every state");
        if let (Sign::Single { at, .. }, Some(role)) = (sign, chosen.role) {
            let mut dearer = [FAR; ROLES.len()];
            for step in sign.steps() {
                let cost = (costs[step.from] + step.cost + ahead[step.to]).saturating_sub(best);
                step.role.into_iter().for_each(|role| dearer[role as usize] = dearer[role as usize].min(cost));
            }
            marks.push(SingleMark { at: at.clone(), role, dearer });
        }
        let mut after = [FAR; STATES];
        for step in sign.steps() {
            after[step.to] = after[step.to].min(costs[step.from] + step.cost);
        }
        (costs, state) = (after, chosen.to);
    }
    marks
}

/// No quotation in single marks is open; one is; one is that began within double marks, and so must end within them.
const STATES: usize = 3;
/// Dearer than any reading, and still far from overflow when costs are added.
const FAR: u32 = u32::MAX / 4;

/// Something that a reading goes past.
enum Sign {
    Single {
        at: Range<usize>,
        costs: Costs,
        quoted: bool,
    },
    /// The end of a quotation in double marks.
    DoubleCloses,
}

/// What each role costs at a place.
#[derive(Clone, Copy)]
struct Costs {
    opens: u32,
    closes: u32,
    apostrophe: u32,
    prime: u32,
}

#[derive(Clone, Copy)]
struct Step {
    role: Option<Single>,
    from: usize,
    to: usize,
    cost: u32,
}

impl Sign {
    fn steps(&self) -> impl Iterator<Item = Step> + use<> {
        let steps: Vec<(Option<Single>, usize, usize, u32)> = match self {
            Sign::DoubleCloses => vec![(None, 0, 0, 0), (None, 1, 1, 0), (None, 2, 0, UNCLOSED)],
            Sign::Single { costs, quoted, .. } => {
                let inside = if *quoted { 2 } else { 1 };
                let (opens, closes) = (Some(Single::Opens), Some(Single::Closes));
                let mut steps = vec![
                    (opens, 0, inside, costs.opens),
                    (opens, 1, inside, costs.opens + UNCLOSED),
                    (opens, 2, inside, costs.opens + UNCLOSED),
                    (closes, 0, 0, costs.closes + STRAY),
                    (closes, 1, 0, costs.closes),
                    (closes, 2, 0, costs.closes),
                ];
                for state in 0..STATES {
                    steps.push((Some(Single::Apostrophe), state, state, costs.apostrophe));
                    steps.push((Some(Single::Prime), state, state, costs.prime));
                }
                steps
            }
        };
        steps.into_iter().map(|(role, from, to, cost)| Step { role, from, to, cost })
    }
}

/// The single marks of a paragraph and the ends of its quotations in double marks, in order.
fn signs(paragraph: &str, doubles: &[Mark]) -> Vec<Sign> {
    let taken: Vec<_> = doubles.iter().map(|mark| mark.at.clone()).filter(|at| paragraph[at.clone()].starts_with(is_single)).collect();
    let mut doubles = doubles.iter().filter(|mark| mark.role != Role::Neither).peekable();
    let (mut signs, mut depth) = (Vec::new(), 0_usize);
    // An escaped mark is code, and two apostrophes may be one double mark.
    let is_taken = |at: usize| taken.get(taken.partition_point(|taken| taken.end <= at)).is_some_and(|taken| taken.contains(&at));
    let is_own = |at: usize| !paragraph[..at].ends_with('\\') && !is_taken(at);
    let marks = paragraph.char_indices().filter(|(at, c)| is_single(*c) && is_own(*at));
    for (at, c) in marks {
        while let Some(mark) = doubles.next_if(|mark| mark.at.start < at) {
            pass_double(mark, &mut depth, &mut signs);
        }
        let at = at..at + c.len_utf8();
        let costs = costs(paragraph, &at, doubles.peek().is_some_and(|mark| mark.at.start == at.end && mark.role == Role::Closes));
        signs.push(Sign::Single { at, costs, quoted: depth > 0 });
    }
    doubles.for_each(|mark| pass_double(mark, &mut depth, &mut signs));
    signs
}

fn pass_double(mark: &Mark, depth: &mut usize, signs: &mut Vec<Sign>) {
    if mark.role == Role::Opens {
        *depth += 1;
    } else {
        *depth = depth.saturating_sub(1);
        signs.push(Sign::DoubleCloses);
    }
}

/// So many characters are looked at beside a mark at most, or a row of marks would be read again and again.
const NESTED_MARKS: usize = 5;

/// What stands on one side of a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// White space, an edge, a dash, an opening bracket or mark: what a quotation may stand beside.
    Free,
    /// Punctuation that ends a sentence or a clause, a closing bracket or mark.
    Stop,
    Letter,
    Digit,
    /// Anything else: a currency sign, a hash.
    Other,
}

impl Side {
    /// The side of a mark from which `away` leads away; a few other marks are looked through.
    fn look(away: impl Iterator<Item = char>) -> Self {
        let Some(c) = away.take(NESTED_MARKS).find(|c| !is_single(*c) && !is_double(*c)) else { return Side::Free };
        match c {
            _ if c.is_whitespace() => Side::Free,
            '-' | '\u{2010}'..='\u{2015}' | '(' | '[' | '{' | '/' | '*' | '_' | '~' | '|' | '<' | '=' | '«' | '‹' => Side::Free,
            '.' | ',' | ';' | ':' | '!' | '?' | '…' | ')' | ']' | '}' | '>' | '»' | '›' => Side::Stop,
            _ if c.is_numeric() => Side::Digit,
            _ if is_word_char(c) => Side::Letter,
            _ => Side::Other,
        }
    }
}

/// Words that begin with an apostrophe. Some of them do so rarely, but begin a quotation more rarely still.
const ELISIONS: &[&str] = &[
    "tis",
    "twas",
    "twere",
    "twill",
    "twould",
    "tisn",
    "twasn",
    "em",
    "n",
    "til",
    "till",
    "cause",
    "bout",
    "round",
    "cos",
    "coz",
    "im",
    "er",
    "neath",
    "gainst",
    "mid",
    "midst",
    "mongst",
    "tween",
    "twixt",
    "fore",
    "phone",
    "net",
    "ere",
    "ave",
    "ad",
    "ome",
    "ouse",
    "ow",
    "ead",
    "imself",
    "nuff",
    "nother",
    "stead",
    "scuse",
    "spose",
    "tother",
    "pon",
    "ud",
    "un",
    "uns",
    "sieur",
    "ware",
    "sblood",
    "sdeath",
    "gan",
    "scape",
    "scaped",
    "scapes",
    "bove",
    "mong",
    "long",
    "stablish",
    "stablished",
    "larum",
    "larums",
    "ceptin",
    "preciate",
    "preciated",
    "sputin",
    "casionally",
    "ruptin",
    "eard",
    "elp",
    "alf",
    "undred",
    "orse",
    "orses",
    "appen",
    "appened",
    "usband",
    "s",
    "d",
    "ll",
    "re",
    "ve",
    "m",
    "t",
];

/// Ends of words after which a letter is left out, beside the s of a possessive.
const CUT_SHORT: &[&str] = &["in", "n", "o", "th", "an", "wi", "ol", "of", "i", "lil", "mo", "po", "fo", "bo", "ha", "d"];

fn costs(paragraph: &str, at: &Range<usize>, before_closing_double: bool) -> Costs {
    let (before, after) = (&paragraph[..at.start], &paragraph[at.end..]);
    let (left, right) = (Side::look(before.chars().rev()), Side::look(after.chars()));
    let touching = before.ends_with(is_word_char) && after.starts_with(is_word_char);
    let mut costs = Costs { opens: MISFIT, closes: MISFIT, apostrophe: MISFIT, prime: MISFIT };
    match (left, right) {
        (Side::Digit, _) if is_measure(before, after) => costs.prime = 0,
        // Thousands, or minutes.
        (Side::Digit, Side::Digit) if touching => (costs.closes, costs.apostrophe, costs.prime) = (12, 0, 1),
        (Side::Letter | Side::Digit, Side::Letter | Side::Digit) if touching => {
            costs.apostrophe = 0;
            costs.closes = 12;
        }
        // Of a number alone nobody knows what it counts.
        (Side::Digit, Side::Free | Side::Stop | Side::Other) => (costs.closes, costs.prime) = (0, 3),
        (Side::Free, Side::Free) => (costs.opens, costs.closes, costs.apostrophe) = (8, 8, 8),
        (Side::Free, _) => {
            costs.opens = 0;
            costs.apostrophe = leading(after);
            costs.opens += if costs.apostrophe == 0 { 4 } else { 0 };
            costs.closes = 14;
        }
        // An article that lost its vowel, before a quotation: l’« ami ».
        (Side::Letter, Side::Letter | Side::Digit) if after.starts_with(is_double) && is_elided(before) => {
            (costs.apostrophe, costs.closes) = (0, 4);
        }
        // A letter by itself may be a variable, and the mark its prime: f′(x), S″.
        (Side::Letter, _) if is_variable(before, after) => {
            (costs.closes, costs.apostrophe, costs.prime) = (0, 4, 3);
        }
        (Side::Letter | Side::Digit | Side::Other, _) => {
            costs.apostrophe = trailing(before, after, right, before_closing_double);
            // Where letters are left out at the ends of words they are at the starts of words as well.
            let is_dialect = is_cut_short(before) && goes_on_small(after);
            costs.closes = if is_dialect {
                4
            } else if costs.apostrophe == 0 {
                2
            } else {
                0
            };
            costs.opens = if right == Side::Letter { 8 } else { MISFIT };
        }
        // An abbreviation's: T.’s.
        (Side::Stop, Side::Letter) if is_ending(after) => costs.apostrophe = 0,
        (Side::Stop, Side::Letter | Side::Digit | Side::Other) => (costs.opens, costs.closes, costs.apostrophe) = (3, 3, 6),
        (Side::Stop, _) => (costs.closes, costs.apostrophe) = (0, 12),
    }
    // Programs that guess print ‘ before every word; who has ’ there meant an apostrophe, unless all marks are alike.
    if paragraph[at.clone()].starts_with('’') {
        costs.opens += 5;
    }
    costs
}

/// Whether a mark behind a number counts feet or minutes: `6'2"`, `31°46'N`.
fn is_measure(before: &str, after: &str) -> bool {
    let number = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let after = after.trim_start_matches(' ');
    let inches = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_inches = inches.len() < after.len() && inches.starts_with(|c| is_double(c) || c == '″');
    has_inches || number.trim_end().ends_with('°')
}

/// Whether the mark stands behind a letter by itself, or in a row of marks behind a word.
fn is_variable(before: &str, after: &str) -> bool {
    let word = &before[before.trim_end_matches(is_word_char).len()..];
    let in_row = before.ends_with(is_single) || after.starts_with(is_single);
    in_row || word.chars().nth(1).is_none() && !CUT_SHORT.contains(&word.to_lowercase().as_str())
}

/// Words of French and Italian whose vowel is left out before another.
#[rustfmt::skip]
const ELIDED: &[&str] = &[
    "l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
    "all", "dall", "dell", "nell", "sull", "quell", "un",
];

fn is_elided(before: &str) -> bool {
    let word = &before[before.trim_end_matches(is_word_char).len()..];
    ELIDED.iter().any(|elided| word.to_lowercase() == *elided)
}

/// Whether what stands here is the end of a contraction or possessive.
fn is_ending(after: &str) -> bool {
    let word = &after[..after.find(|c| !is_word_char(c)).unwrap_or(after.len())];
    ["s", "d", "ll", "re", "ve", "m", "t"].iter().any(|ending| word.eq_ignore_ascii_case(ending))
}

/// What an apostrophe costs before the word that begins here.
fn leading(after: &str) -> u32 {
    // Of two marks the second is the word's: ‘’Tis true.’
    if after.starts_with(is_single) {
        return 5;
    }
    let word = &after[..after.find(|c| !is_word_char(c)).unwrap_or(after.len())];
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    // A decade or a year: ’90s, ’68.
    if digits == 2 && matches!(&word[digits..], "" | "s" | "S") {
        return if digits == word.len() { 2 } else { 0 };
    }
    if ELISIONS.iter().any(|elided| word.eq_ignore_ascii_case(elided)) { 0 } else { 5 }
}

/// What an apostrophe costs after the word that ends here.
fn trailing(before: &str, after: &str, right: Side, before_closing_double: bool) -> u32 {
    let word = &before[before.trim_end_matches(is_word_char).len()..];
    let goes_on = after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(is_word_char));
    if word.ends_with(['s', 'S', 'x', 'z']) {
        return match right {
            Side::Free if goes_on && !before_closing_double => 0,
            Side::Free => 2,
            _ => 3,
        };
    }
    // Letters are left out on both sides: rock ’n’ roll.
    if word.eq_ignore_ascii_case("n") {
        return 0;
    }
    if is_cut_short(before) { 1 } else { 6 }
}

/// Whether a letter is often left out after the word that ends here: goin’, o’.
fn is_cut_short(before: &str) -> bool {
    let word = before[before.trim_end_matches(is_word_char).len()..].to_lowercase();
    word.len() > 3 && word.ends_with("in") || CUT_SHORT.contains(&word.as_str())
}

fn goes_on_small(after: &str) -> bool {
    after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::super::quotation::{self, Surroundings};
    use super::*;

    /// The text with its single marks as signs: `<` opens, `>` closes, `’` is an apostrophe, `′` a prime; `?` after a guess.
    fn shown(paragraph: &str) -> String {
        let doubles = quotation::read(paragraph, Surroundings::default());
        let mut out = String::new();
        let mut at = 0;
        for mark in read(paragraph, &doubles, false) {
            out += &paragraph[at..mark.at.start];
            out.push(match mark.role {
                Single::Opens => '<',
                Single::Closes => '>',
                Single::Apostrophe => '’',
                Single::Prime => '′',
            });
            out += if mark.margin(|role| role == mark.role) < PROVEN { "?" } else { "" };
            at = mark.at.end;
        }
        out + &paragraph[at..]
    }

    #[test]
    fn a_mark_behind_a_number_may_count_minutes() {
        assert_eq!(shown("at 30' 24'$ it was"), "at 30′ 24′$ it was");
        assert_eq!(shown("in 1'41 or 1'000"), "in 1’?41 or 1’?000");
        assert_eq!(shown("the F1's 2nd, 18F's code"), "the F1’s 2nd, 18F’s code");
    }

    #[test]
    fn a_mark_that_is_printed_as_an_apostrophe_is_believed() {
        assert_eq!(shown("the ’98 letters, the ones o’ your father’s"), "the ’98 letters, the ones o’ your father’s");
        assert_eq!(shown("’I know,’ he said."), "<I know,> he said.", "all marks are alike");
    }

    #[test]
    fn rows_of_marks_are_not_read_again_and_again() {
        // In a time that grows with the square of them this would take many minutes.
        for piece in ["'", "a “no'' b ", "'a", "\"'"] {
            let text = piece.repeat(100_000);
            let doubles = quotation::read(&text, Surroundings::default());
            let singles = text.chars().filter(|c| is_single(*c)).count();
            assert!(read(&text, &doubles, false).len() <= singles, "{piece}");
        }
    }

    #[test]
    fn quotations_are_told_from_apostrophes() {
        for (text, expected) in [
            ("'Oak,' 'elm,' and 'beech' are trees. So is 'pine.'", "<Oak,> <elm,> and <beech> are trees. So is <pine.>"),
            ("Were you alive in the '70s?", "Were you alive in the ’70s?"),
            ("users' stuff", "users’ stuff"),
            ("'net for short. Let's rock 'n roll!", "’net for short. Let’s rock ’n roll!"),
            ("rock 'n' roll, Guns N' Roses", "rock ’n’ roll, Guns N’ Roses"),
            ("''Tis true,' she said.", "<’Tis true,> she said."),
            ("both countries' objectives", "both countries’ objectives"),
            ("the 'hostages' forum' said", "the <hostages’ forum> said"),
            ("the students' 'strike'", "the students’ <strike>"),
            ("'got played' by US", "<got played> by US"),
            ("James's and Jesus' disciples", "James’s and Jesus’ disciples"),
            ("Hopin' that this bug gets some fixin'.", "Hopin’ that this bug gets some fixin’."),
            ("Moshe Ya'alon and Ze'ev Elkin", "Moshe Ya’alon and Ze’ev Elkin"),
            (
                "\"He told me, 'I'll never leave,' and he didn't,\" she said.",
                "\"He told me, <I’ll never leave,> and he didn’t,\" she said.",
            ),
            ("'\"Otherway\" is \"round\"'!", "<\"Otherway\" is \"round\">!"),
            ("\"'Nested' quotes are 'possible'\", too!", "\"<Nested> quotes are <possible>\", too!"),
            ("31° 46' 8\" N, 6'2\" tall", "31° 46′ 8\" N, 6′2\" tall"),
            ("3 pcs @ 5'", "3 pcs @ 5′"),
            ("Madame de T.'s salon and \\'e", "Madame de T.’s salon and \\'e"),
            ("young 'uns", "young ’uns"),
            ("planes RP' and S''P, c' = 0.6", "planes RP’ and S′?′?P, c′? = 0.6"),
            ("wi' the sight o' God", "wi’ the sight o’ God"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }
}
