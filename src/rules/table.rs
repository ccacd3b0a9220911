//! Tables of words and names: tab-separated, one row for each.

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use super::diagnostic::{FileDiagnostics, code_point, did_you_mean, list};
use super::fields::{Fields, SpannedText, choose, counted, parse, policy_named};
use super::keys;
use super::rule_file::{Spots, Written};
use super::{Case, Example, Find, NameKind, Origin, PassName, PassTable, Policy, Rule, Scope, Trust};
use crate::edit::Zone;
use crate::passes::{RowForm, TableSpec};
use crate::prose::line::without_ending;
use crate::prose::{is_unseen, word};

/// What the file `NAME.toml` beside `NAME.tsv` says for all its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    why: Option<Arc<str>>,
    policy: Option<Policy>,
    zones: Arc<[(Zone, Policy)]>,
    case: Case,
    trust: Trust,
    kind: NameKind,
    only: Arc<Scope>,
    not: Arc<Scope>,
}

/// What a table is called and where its rules go.
pub(super) struct TableTarget<'a> {
    pub(super) pass: PassName,
    pub(super) name: &'a str,
    pub(super) shipped: bool,
}

const KINDS: [(&str, NameKind); 2] = [("person", NameKind::Person), ("other", NameKind::Other)];
const TRUST: [(&str, Trust); 2] = [("full", Trust::Full), ("cautious", Trust::Cautious)];
const CASES: [(&str, Case); 3] = [("copy", Case::Copy), ("force", Case::Force), ("exact", Case::Exact)];

/// The keys of defaults that not all tables have.
const OWN_DEFAULTS: [&str; 3] = ["case", "trust", "kind"];

/// Reads the defaults of a table.
pub(super) fn defaults(page: &mut FileDiagnostics<'_>, pass: PassName) -> Defaults {
    let Some(document) = parse(page) else { return Defaults::default() };
    let own = pass.spec().table.as_ref().map_or(&[][..], |table| table.own_defaults);
    let mut keys = keys::names(&keys::TABLE);
    keys.retain(|key| !OWN_DEFAULTS.contains(key) || own.contains(key));
    keys.push("rule");
    let fields = Fields::document(page, &document, &keys);
    if fields.has("rule") {
        page.error(
            fields.key_span("rule"),
            "This file holds the defaults of a table, not rules.",
            "the table beside it has the same name",
            "Move the rules into a file of another name.",
        );
    }
    let mut only = fields.scope(page, "only");
    if let Some(lang) = fields.lang(page, "lang") {
        if !only.lang.is_empty() {
            page.error(fields.key_span("lang"), "The language is stated twice.", "`only` states it too", "Leave one of them out.");
        }
        only.lang = vec![lang];
    }
    Defaults {
        why: fields.text(page, "why").map(|why| why.value.into()),
        policy: fields.policy(page),
        zones: fields.zones(page).into(),
        case: fields.choice(page, "case", &CASES).unwrap_or_default(),
        trust: fields.choice(page, "trust", &TRUST).unwrap_or_default(),
        kind: fields.choice(page, "kind", &KINDS).unwrap_or_default(),
        only: only.into(),
        not: fields.scope(page, "not").into(),
    }
}

/// Refuses a table of a pass that has none.
pub(super) fn refuse(page: &mut FileDiagnostics<'_>, pass: PassName, passes: PassTable<'_>) {
    let with_tables = passes.iter().filter(|pass| pass.spec().table.is_some()).map(|pass| format!("`{pass}`"));
    let with_tables = with_tables.collect::<Vec<_>>().join(" or ");
    let help = format!("Tables belong into {with_tables}; for this pass write rules in a file that ends in .toml.");
    page.error(0..0, format!("The pass `{pass}` has no tables."), "", help);
}

/// The rules of a table: one for each wrong form or variant.
pub(super) fn rules(page: &mut FileDiagnostics<'_>, place: &TableTarget<'_>, spec: &TableSpec, defaults: &Defaults) -> Vec<Written> {
    let mut lines = lines(page.text).filter(|(_, line)| !line.text.trim().is_empty() && !line.text.starts_with('#'));
    let Some((_, header)) = lines.next() else { return Vec::new() };
    let columns = header.text;
    let Some(header) = header_of(page, header, &spec.columns()) else { return Vec::new() };
    let text: Arc<str> = page.text.into();
    let rows: Vec<Row<'_>> = lines.filter_map(|(line, cells)| row(page, spec, &header, line, &cells)).collect();
    check_order(page, &rows, spec.key);
    if spec.is_row_for_key {
        check_one_row_each(page, &rows);
    }
    let reader = Reader { place, spec, defaults, columns, text };
    rows.iter().flat_map(|row| reader.rules(page, row)).collect()
}

/// A cell, or a part of one, and where it stands.
#[derive(Clone, Debug)]
struct Cell<'a> {
    text: &'a str,
    span: Range<usize>,
}

impl<'a> Cell<'a> {
    /// The parts between the separators.
    fn split(&self, separator: char) -> impl Iterator<Item = Cell<'a>> {
        let mut start = self.span.start;
        self.text.split(separator).map(move |text| {
            let span = start..start + text.len();
            start = span.end + separator.len_utf8();
            Cell { text, span }
        })
    }
}

/// The lines of a text with their numbers, without their ends.
fn lines(text: &str) -> impl Iterator<Item = (usize, Cell<'_>)> {
    let all = Cell { text, span: 0..text.len() };
    let lines: Vec<Cell<'_>> = all.split('\n').collect();
    lines.into_iter().enumerate().map(|(number, line)| {
        let text = without_ending(line.text);
        (number + 1, Cell { text, span: line.span.start..line.span.start + text.len() })
    })
}

/// The names of the columns, in the order of the file.
fn header_of(page: &mut FileDiagnostics<'_>, line: Cell<'_>, known: &[&'static str]) -> Option<Vec<&'static str>> {
    let cells: Vec<Cell<'_>> = line.split('\t').collect();
    let way_out = format!("Begin the table with a line of column names: `{}`, a tab, `{}`.", known[0], known[1]);
    if !cells.iter().any(|cell| known.contains(&cell.text)) {
        let label = if line.text.contains('\t') { "no column has one of the known names" } else { "there is no tab in it" };
        page.error(line.span, "The table has no header.", label, way_out);
        return None;
    }
    let mut header: Vec<&'static str> = Vec::new();
    let mut is_whole = true;
    for cell in &cells {
        let name = known.iter().find(|name| **name == cell.text);
        match name {
            Some(name) if !header.contains(name) => header.push(name),
            Some(name) => page.error(cell.span.clone(), format!("The column `{name}` is there twice."), "", "Leave one of them out."),
            None => page.error(cell.span.clone(), format!("The column `{}` is unknown.", cell.text), "", did_you_mean(cell.text, known)),
        }
        is_whole &= name.is_some() && header.len() <= cells.len();
    }
    for name in known[..2].iter().filter(|name| !header.contains(name)) {
        page.error(line.span.clone(), format!("The column `{name}` is missing."), "", way_out.clone());
        is_whole = false;
    }
    (is_whole && header.len() == cells.len()).then_some(header)
}

/// The cells of a line by the names of their columns; an empty or absent cell is left out.
#[derive(Debug)]
struct Row<'a> {
    line: usize,
    span: Range<usize>,
    cells: Vec<(&'static str, Cell<'a>)>,
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> Option<&Cell<'a>> {
        self.cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell)
    }

    fn key(&self) -> &Cell<'a> {
        &self.cells[0].1
    }
}

/// A row whose required cells are there and whose cells all can be seen.
fn row<'a>(page: &mut FileDiagnostics<'_>, spec: &TableSpec, header: &[&'static str], line: usize, cells: &Cell<'a>) -> Option<Row<'a>> {
    let span = cells.span.clone();
    let mut cells: Vec<Cell<'a>> = cells.split('\t').collect();
    if cells.len() > header.len() {
        let extra = cells[header.len()].span.start..span.end;
        page.error(
            extra,
            "The row has too many cells.",
            format!("the header has {}", counted(header.len(), "column")),
            "Remove the extra tabs.",
        );
        return None;
    }
    let needed = header.iter().rposition(|name| spec.is_required(name)).map_or(0, |last| last + 1);
    if cells.len() < needed {
        let label = format!("{} of {needed}", counted(cells.len(), "cell"));
        page.error(span, "The row has too few cells.", label, "Put one tab, not spaces, between two cells.");
        return None;
    }
    let mut is_fine = true;
    for (name, cell) in header.iter().zip(&cells) {
        if cell.text.is_empty() && spec.is_required(name) {
            page.error(cell.span.clone(), format!("The cell `{name}` is empty."), "", "Fill it, or remove the row.");
            is_fine = false;
        }
        is_fine &= is_visible(page, spec, name, cell);
    }
    let mut cells: Vec<_> = header.iter().copied().zip(cells.drain(..)).filter(|(_, cell)| !cell.text.is_empty()).collect();
    cells.sort_by_key(|(name, _)| *name != spec.key);
    is_fine.then_some(Row { line, span, cells })
}

/// Refuses what nobody would see in a table: it would be part of a word.
fn is_visible(page: &mut FileDiagnostics<'_>, spec: &TableSpec, column: &str, cell: &Cell<'_>) -> bool {
    if let Some((at, c)) = cell.text.char_indices().find(|(_, c)| is_unseen(*c)) {
        let at = cell.span.start + at;
        let title = format!("The cell holds {}, which cannot be seen.", code_point(c));
        page.error(at..at + c.len_utf8(), title, "", "Remove it; a rule about it is written in a .toml file, as \\u{…} in a pattern.");
        return false;
    }
    let parts = if spec.is_list(column) { cell.split('|').collect() } else { vec![cell.clone()] };
    for part in parts {
        let inner = part.text.trim_matches(' ');
        if inner.len() < part.text.len() {
            page.error(part.span, "The cell begins or ends with a space.", "", "Remove the space.");
            return false;
        }
    }
    true
}

/// Rows stand in the byte order of their first column, so that a table has one form.
fn check_order(page: &mut FileDiagnostics<'_>, rows: &[Row<'_>], column: &str) {
    let mut sorted: Vec<&Row<'_>> = Vec::new();
    let mut misplaced = rows.iter().filter(|row| {
        let in_place = sorted.last().is_none_or(|last| last.key().text <= row.key().text);
        if in_place {
            sorted.push(row);
        }
        !in_place
    });
    let Some(first) = misplaced.next() else { return };
    let others = misplaced.count();
    let Some(after) = rows.iter().find(|row| row.key().text > first.key().text) else { return };
    let label = format!("belongs before `{}` on line {}", after.key().text, after.line);
    let mut help = format!("Sort the rows by `{column}` in byte order, as LC_ALL=C sort does: capitals come before small letters.");
    match others {
        0 => {}
        1 => help.push_str(" One more row is out of place."),
        _ => help = format!("{help} {others} more rows are out of place."),
    }
    page.error(first.key().span.clone(), "The table is not sorted.", label, help);
}

/// What one row of a name says, such as who is not the same, should hold for all its variants.
fn check_one_row_each(page: &mut FileDiagnostics<'_>, rows: &[Row<'_>]) {
    for (before, row) in rows.iter().zip(rows.iter().skip(1)).filter(|(before, row)| before.key().text == row.key().text) {
        let title = format!("The name `{}` has two rows.", row.key().text);
        page.error(
            row.key().span.clone(),
            title,
            format!("the first is line {}", before.line),
            "Join them, with `|` between the variants.",
        );
    }
}

struct Reader<'a> {
    place: &'a TableTarget<'a>,
    spec: &'a TableSpec,
    defaults: &'a Defaults,
    /// The line that names them, as written.
    columns: &'a str,
    text: Arc<str>,
}

impl Reader<'_> {
    fn rules(&self, page: &mut FileDiagnostics<'_>, row: &Row<'_>) -> Vec<Written> {
        let forms = forms(page, row, self.spec);
        let base = self.base(page, row);
        let Some(base) = base else { return Vec::new() };
        let example = row.cell("example").and_then(|cell| example(page, cell, &forms));
        let case = row.cell("case").and_then(|cell| choose(page, "case", &cell.into(), &CASES)).unwrap_or(self.defaults.case);
        let not_same: Vec<Cell<'_>> = row.cell("not-same").map(|cell| members(page, cell)).unwrap_or_default();
        forms.iter().map(|form| self.rule(&base, row, form, example.as_ref(), case, &not_same)).collect()
    }

    /// What the rules of a row have in common.
    fn base(&self, page: &mut FileDiagnostics<'_>, row: &Row<'_>) -> Option<Rule> {
        let why = row.cell("why").map(|cell| cell.text.into()).or_else(|| self.defaults.why.clone());
        if why.is_none() {
            let help = format!("Fill its cell `why`, or write why = \"…\" for all rows in {}.toml beside the table.", self.place.name);
            page.error(row.span.clone(), "The row does not say why.", "", help);
        }
        let policy = row.cell("policy").and_then(|cell| {
            let policies = ["apply", "ask", "off"].map(|name| (name, policy_named(name)));
            choose(page, "policy", &cell.into(), &policies)?
        });
        let text = format!("{}\n{}", self.columns, page.text[row.span.clone()].trim_end()).into();
        Some(Rule {
            policy: policy.or(self.defaults.policy),
            trust: self.defaults.trust,
            zones: self.defaults.zones.clone(),
            only: self.defaults.only.clone(),
            not: self.defaults.not.clone(),
            why: why?,
            origin: Origin { file: page.file.clone(), line: row.line, shipped: self.place.shipped, text, ..Origin::default() },
            ..Rule::new(self.place.pass, "", Find::BuiltIn(String::new()))
        })
    }

    fn rule(&self, base: &Rule, row: &Row<'_>, form: &Form<'_>, example: Option<&Example>, case: Case, not_same: &[Cell<'_>]) -> Written {
        let wrong = SmolStr::new(form.wrong.text);
        let right = SmolStr::new(form.right.text);
        let mut examples = vec![Example { before: wrong.clone(), after: right.clone() }];
        let mut spots = Spots { text: self.text.clone(), id: form.wrong.span.clone(), find: form.wrong.span.clone(), ..Spots::default() };
        spots.examples.push(form.wrong.span.clone());
        // A row's example belongs to each of its variants that stands in it.
        if let (Some(example), Some(cell)) = (example, row.cell("example"))
            && standing(&example.before, &[form]).next().is_some()
        {
            examples.push(example.clone());
            spots.examples.push(cell.span.clone());
        }
        let keep = row.cell("keep");
        spots.keeps = keep.iter().map(|cell| cell.span.clone()).collect();
        let rule = Rule {
            id: format!("{}/{}/{}", self.place.pass, self.place.name, wrong.replace(' ', "_")).into(),
            find: (self.spec.find)(RowForm {
                wrong,
                right,
                case,
                not_same: not_same.iter().map(|name| name.text.to_owned()).collect(),
                kind: self.defaults.kind,
            }),
            examples,
            keeps: keep.iter().map(|cell| cell.text.to_owned()).collect(),
            ..base.clone()
        };
        Written { rule: rule.into(), spots: spots.into() }
    }
}

impl<'a> From<&Cell<'a>> for SpannedText<'a> {
    fn from(cell: &Cell<'a>) -> Self {
        SpannedText { value: cell.text, span: cell.span.clone() }
    }
}

/// A wrong form and the right one.
#[derive(Debug)]
struct Form<'a> {
    wrong: Cell<'a>,
    right: Cell<'a>,
}

/// What a row finds: its wrong form, or each of its variants.
fn forms<'a>(page: &mut FileDiagnostics<'_>, row: &Row<'a>, spec: &TableSpec) -> Vec<Form<'a>> {
    let (wrong_column, right_column) = spec.wrong_and_right();
    let (Some(wrong), Some(right)) = (row.cell(wrong_column), row.cell(right_column)) else { return Vec::new() };
    let wrongs = if spec.is_list(wrong_column) { members(page, wrong) } else { vec![wrong.clone()] };
    let mut forms = Vec::new();
    for wrong in wrongs {
        if wrong.text == right.text {
            page.error(wrong.span, "The row changes nothing.", format!("it would become `{}` again", right.text), "Remove it.");
            continue;
        }
        if let Some(at) = wrong.text.find("  ") {
            let at = wrong.span.start + at;
            page.error(at..at + 2, "Two spaces stand in a row.", "words are separated by one", "Remove one of them.");
            continue;
        }
        forms.push(Form { wrong, right: right.clone() });
    }
    forms
}

/// The members of a cell, which `|` separates.
fn members<'a>(page: &mut FileDiagnostics<'_>, cell: &Cell<'a>) -> Vec<Cell<'a>> {
    let (empty, full): (Vec<_>, Vec<_>) = cell.split('|').partition(|member| member.text.is_empty());
    for member in empty {
        page.error(member.span, "A name in the list is empty.", "", "Remove the extra `|`.");
    }
    full
}

/// The example of a row: the text of the cell, and the same with each wrong form put right.
fn example(page: &mut FileDiagnostics<'_>, cell: &Cell<'_>, forms: &[Form<'_>]) -> Option<Example> {
    let forms: Vec<&Form<'_>> = forms.iter().collect();
    let (mut after, mut at) = (String::new(), 0);
    for (start, form) in standing(cell.text, &forms) {
        after.push_str(&cell.text[at..start]);
        after.push_str(form.right.text);
        at = start + form.wrong.text.len();
    }
    if at == 0 && !forms.is_empty() {
        let wrong: Vec<&str> = forms.iter().map(|form| form.wrong.text).collect();
        page.error(
            cell.span.clone(),
            "The example does not hold what the row corrects.",
            format!("needs {}", list(&wrong)),
            "Write the wrong form into it, just as the row has it.",
        );
        return None;
    }
    after.push_str(&cell.text[at..]);
    Some(Example { before: cell.text.into(), after: after.into() })
}

/// Where the wrong forms stand in a text as whole words, the longest first.
fn standing<'f, 'a>(text: &'f str, forms: &'f [&'f Form<'a>]) -> impl Iterator<Item = (usize, &'f Form<'a>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let (start, rest) = (at, &text[at..]);
            let starts_word = !text[..start].ends_with(word::is_word_char);
            let fits = |form: &&&Form<'_>| rest.strip_prefix(form.wrong.text).is_some_and(|rest| !rest.starts_with(word::is_word_char));
            let longest = forms.iter().filter(fits).max_by_key(|form| form.wrong.text.len());
            if let (true, Some(form)) = (starts_word, longest) {
                at += form.wrong.text.len();
                return Some((start, *form));
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pass: PassName, text: &str, defaults: &Defaults) -> Vec<Rule> {
        let mut page = FileDiagnostics::new("rules/typos/a.tsv", text);
        let spec = pass.spec().table.as_ref().expect("the pass has tables");
        let rules = rules(&mut page, &TableTarget { pass, name: "a", shipped: false }, spec, defaults);
        let errors: Vec<String> = page.into_errors().iter().map(|error| error.render(false)).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        rules.into_iter().map(|written| *written.rule).collect()
    }

    #[test]
    fn a_row_is_a_rule_and_its_own_example() {
        let defaults = Defaults { why: Some("Typed so.".into()), case: Case::Force, ..Defaults::default() };
        let text = "# comment\nwrong\tright\tpolicy\texample\r\n\r\nIsrfael\tIsrael\t\tThe Isrfael army\r\nalot of\ta lot of\task\n";
        let rules = written(PassName::TYPOS, text, &defaults);
        assert_eq!(rules.iter().map(|rule| &*rule.id).collect::<Vec<_>>(), ["typos/a/Isrfael", "typos/a/alot_of"]);
        assert_eq!(rules.iter().map(|rule| (rule.origin.line, rule.policy)).collect::<Vec<_>>(), [(4, None), (5, Some(Policy::Ask))]);
        assert!(matches!(&rules[0].find, Find::Words { wrong, right, case: Case::Force } if wrong == "Isrfael" && right == "Israel"));
        let examples: Vec<_> = rules[0].examples.iter().map(|example| (&*example.before, &*example.after)).collect();
        assert_eq!(examples, [("Isrfael", "Israel"), ("The Isrfael army", "The Israel army")]);
    }

    #[test]
    fn each_variant_of_a_name_is_a_rule() {
        let text = "canonical\tvariants\tnot-same\twhy\texample\n\
                    Kerem Shalom\tKarem Shalom|Kerem\tKerem Or|Kerem Street\tOne place.\tFrom Kerem to Karem Shalom and Keremia\n";
        let rules = written(PassName::NAMES, text, &Defaults::default());
        assert_eq!(rules.iter().map(|rule| &*rule.id).collect::<Vec<_>>(), ["names/a/Karem_Shalom", "names/a/Kerem"]);
        assert!(matches!(&rules[1].find, Find::Name { not_same, .. } if not_same[..] == ["Kerem Or", "Kerem Street"]));
        assert_eq!(rules[0].examples[1].after, "From Kerem Shalom to Kerem Shalom and Keremia");
    }

    #[test]
    fn an_empty_table_is_no_error() {
        assert!(written(PassName::TYPOS, "", &Defaults::default()).is_empty());
        assert!(written(PassName::TYPOS, "wrong\tright\n", &Defaults::default()).is_empty());
    }
}
