//! Lines that many documents have, and what they begin and end with.

use super::{number, squash};
use crate::suggest::lines::Lines;
use crate::suggest::occurrence::Occurrences;
use crate::suggest::proposal::{Fix, Proposal, ProposalKind};
use emendo_core::rules::PassName;

/// In so many documents a line is furniture, or more where there are many.
const ARTICLES: u64 = 4;

/// Words that furniture is made of.
const FURNITURE: &[&str] = &[
    "advert",
    "subscri",
    "read more",
    "click",
    "share",
    "newsletter",
    "copyright",
    "rights reserved",
    "follow us",
    "sign up",
    "cookie",
    "related",
    "comment",
    "photo",
    "image",
    "getty",
    "reuters",
    "e-mail",
    "email",
    "twitter",
    "facebook",
    "print",
    "download",
    "updated",
    "published",
    "continue",
];

/// More lines that stand together are no rule.
const TOGETHER: usize = 30;

/// A line that comes again: its letters, its first places, and in how many documents it stands.
type Line<'l> = (&'l str, &'l Occurrences, u64);

/// All proposals for lines that come again.
pub fn find_repeated(lines: &Lines, documents: u64) -> Vec<Proposal> {
    let least = ARTICLES.max(documents / 200);
    let mut repeated: Vec<Line<'_>> = lines.repeated().filter(|(_, _, count)| *count >= least).collect();
    repeated.sort_by(|(line, one, _), (other_line, other, _)| one.spots.cmp(&other.spots).then(line.cmp(other_line)));
    let mut groups: Vec<Vec<Line<'_>>> = Vec::new();
    for line in repeated {
        match groups.last_mut().filter(|group| stand_together(group, &line)) {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    groups.iter().map(|group| repeated_lines(group, documents)).collect()
}

/// Whether a line stands in the documents of the others, and near them.
fn stand_together(group: &[Line<'_>], (_, seen, count): &Line<'_>) -> bool {
    let Some((last, before, others)) = group.last() else { return false };
    let (Some(one), Some(other)) = (before.spots.first(), seen.spots.first()) else { return false };
    let is_near = (one.source, one.document) == (other.source, other.document) && one.at.abs_diff(other.at) as usize <= last.len() + 400;
    is_near && count * 2 >= *others && others * 2 >= *count
}

fn repeated_lines(group: &[Line<'_>], documents: u64) -> Proposal {
    let (first, seen, _) = group[0];
    let escaped: Vec<String> = group.iter().map(|(line, ..)| regex::escape(line)).collect();
    let find = if let [one] = &escaped[..] { format!("^{one}$") } else { format!("^(?:{})$", escaped.join("|")) };
    let fix = if group.len() > TOGETHER {
        Fix::Advice {
            seen: format!("a text of {} lines, near: {first}", group.len()),
            write: "an envelope whose body ends before it (or begins after it): rules/envelopes/NAME.toml".into(),
        }
    } else {
        // It quotes no more of the corpus than the pattern does.
        let example = Some(format!("It was so.\n{first}\nThen it was not."));
        Fix::Pattern { pass: PassName::BOILERPLATE, id: slug(first), find, becomes: String::new(), example }
    };
    let most = group.iter().map(|(.., count)| *count).max().unwrap_or_default();
    let count = group.iter().map(|(.., count)| *count).sum();
    let is_complete = |line: &str| line.ends_with(|c: char| c.is_alphanumeric() || "!:…])>»›|.".contains(c));
    let share = number(most) / number(documents.max(1));
    let words = first.split_whitespace().count().min(6);
    let mut sum = -1.0 + 2.0 * share.sqrt() + 0.2 * number(words as u64);
    sum += if group.iter().any(|(line, ..)| is_furniture(line)) { 1.2 } else { 0.0 };
    sum += if group.len() > 2 { 1.0 } else { 0.0 };
    sum -= if is_complete(first) { 0.0 } else { 0.5 };
    let what = if group.len() == 1 { "A line that stands".to_owned() } else { format!("{} lines that stand together", group.len()) };
    let why = format!("{what} in {most} documents.");
    Proposal { why, count, documents: most, ..Proposal::new(ProposalKind::Boilerplate, fix, seen, squash(sum)) }
}

fn is_furniture(line: &str) -> bool {
    let line = line.to_lowercase();
    FURNITURE.iter().any(|word| line.contains(word))
}

fn slug(line: &str) -> String {
    let letters: String = line.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let words: Vec<&str> = letters.split_whitespace().take(4).collect();
    if words.is_empty() { "line".to_owned() } else { words.join("-") }
}

/// What many documents begin or end with.
pub fn find_edges(lines: &Lines, documents: u64) -> Vec<Proposal> {
    let least = ARTICLES.max(documents / 5);
    let edges = [("begin", lines.heads()), ("end", lines.tails())];
    let of = |edge: &str, shape: &str, seen: &Occurrences| {
        let fix = Fix::Advice {
            seen: format!("documents {edge} with a line of the shape: {shape}"),
            write: format!(
                "an envelope that takes it for a field and not for text: rules/envelopes/NAME.toml, as in docs/inputs.md under \"Envelopes\"; the line {} the body",
                if edge == "begin" { "before" } else { "after" }
            ),
        };
        let confidence =
            squash(-0.5 + 2.0 * number(seen.documents) / number(documents.max(1)) + if shape.contains('0') { 0.5 } else { 0.0 });
        Proposal {
            why: format!("{} of {documents} documents have it.", seen.documents),
            ..Proposal::new(ProposalKind::Envelope, fix, seen, confidence)
        }
    };
    edges
        .iter()
        .flat_map(|(edge, shapes)| shapes.iter().filter(|(_, seen)| seen.documents >= least).map(|(shape, seen)| of(edge, shape, seen)))
        .collect()
}
