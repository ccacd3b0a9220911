//! The shipped tables of words and names, row by row, and the laws of their passes over random text.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use emendo_core::edit::{Edit, RuleNumber};
use emendo_core::passes::names::Names;
use emendo_core::passes::typos::Typos;
use emendo_core::passes::{Extent, Pass, View, names, typos};
use emendo_core::rules::{Case, Find, NameKind, PassName, Rule};
use proptest::prelude::*;

/// A row by the names of its columns.
struct Row {
    table: String,
    cells: Vec<(String, String)>,
}

impl Row {
    fn get(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }

    fn list(&self, column: &str) -> Vec<String> {
        self.get(column).split('|').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }
}

/// The rows of all tables of a pass, in the order of files and lines.
fn rows(pass: &str) -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(pass);
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the folder is shipped").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "tsv")).flat_map(|file| table(file)).collect()
}

fn table(file: &Path) -> Vec<Row> {
    let name = file.file_stem().expect("a table has a name").to_string_lossy();
    let text = fs::read_to_string(file).expect("a table is UTF-8");
    let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().expect("a table has a header");
    let row = |mut cells: Vec<&str>| {
        assert!(cells.len() <= header.len(), "{name}: {cells:?}");
        // Empty cells at the end may be left out.
        cells.resize(header.len(), "");
        Row { table: name.to_string(), cells: header.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect() }
    };
    lines.map(row).collect()
}

fn typo_rules() -> Vec<Rule> {
    let rule = |row: Row| {
        let case = match row.get("case") {
            "" | "copy" => Case::Copy,
            "force" => Case::Force,
            "exact" => Case::Exact,
            other => panic!("{}: no such case: {other}", row.table),
        };
        let find = Find::Words { wrong: row.get("wrong").into(), right: row.get("right").into(), case };
        Rule::new(PassName::TYPOS, &format!("typos/{}/{}", row.table, row.get("wrong")), find)
    };
    rows("typos").into_iter().map(rule).collect()
}

fn name_rules() -> Vec<Rule> {
    let rules = |row: Row| {
        let rule = |variant: String| {
            let id = format!("names/{}/{variant}", row.table);
            Rule::new(
                PassName::NAMES,
                &id,
                Find::Name {
                    variant: variant.into(),
                    canonical: row.get("canonical").into(),
                    not_same: row.list("not-same"),
                    kind: NameKind::Person,
                },
            )
        };
        row.list("variants").into_iter().map(rule).collect::<Vec<_>>()
    };
    rows("names").into_iter().flat_map(rules).collect()
}

fn numbered(rules: &[Rule]) -> Vec<(RuleNumber, &Rule)> {
    (0..).map(RuleNumber).zip(rules).collect()
}

/// The text after the pass, all that it proposes applied; each proposal is held to the contract.
fn clean(pass: &impl Pass, text: &str) -> String {
    let mut edits = Vec::new();
    pass.propose(&View::of(text, Extent::Whole), &mut edits).expect("there are no patterns");
    for edit in &edits {
        assert!((pass.contract().allows)(text, edit), "{edit:?} of {text:?} breaks the contract");
    }
    edits.sort_by_key(|edit| (edit.reach.start, Reverse(edit.reach.end), edit.rule));
    let mut winners: Vec<&Edit<'_>> = Vec::new();
    for edit in &edits {
        if winners.last().is_none_or(|last| last.reach.end <= edit.reach.start) {
            winners.push(edit);
        }
    }
    let mut cleaned = text.to_owned();
    for edit in winners.iter().rev() {
        cleaned.replace_range(edit.at.range(), &edit.with);
    }
    cleaned
}

#[test]
fn each_row_of_a_table_of_typos_is_its_own_example() {
    let pass = Typos::new(&numbered(&typo_rules()));
    for row in rows("typos") {
        let (wrong, right) = (row.get("wrong"), row.get("right"));
        assert_eq!(typos::fault(wrong).or(typos::fault(right)), None, "{wrong}");
        assert_eq!(clean(&pass, wrong), right);
        assert_eq!(clean(&pass, &format!("Then ({wrong}).")), format!("Then ({right})."));
        assert_eq!(clean(&pass, right), right, "a right form is no wrong form");
        assert_eq!(clean(&pass, row.get("keep")), row.get("keep"));
    }
}

#[test]
fn each_row_of_a_table_of_names_is_its_own_example() {
    let pass = Names::new(&numbered(&name_rules()));
    for row in rows("names") {
        let canonical = row.get("canonical");
        for variant in row.list("variants") {
            assert_eq!(names::fault(&variant).or(names::fault(canonical)), None, "{variant}");
            assert_eq!(clean(&pass, &format!("by {variant}'s.")), format!("by {canonical}'s."));
            assert_eq!(clean(&pass, &variant.to_uppercase()), canonical.to_uppercase());
        }
        assert_eq!(clean(&pass, canonical), canonical, "a canonical form is no variant");
        for other in row.list("not-same").iter().map(String::as_str).chain([row.get("keep")]) {
            assert_eq!(clean(&pass, other), other);
        }
    }
}

#[test]
fn tables_are_sorted_without_duplicates() {
    for (pass, column) in [("typos", "wrong"), ("names", "canonical")] {
        for pair in rows(pass).windows(2).filter(|pair| pair[0].table == pair[1].table) {
            assert!(pair[0].get(column) < pair[1].get(column), "{} before {}", pair[0].get(column), pair[1].get(column));
        }
    }
    let variants: Vec<String> = rows("names").iter().flat_map(|row| row.list("variants")).collect();
    assert_eq!(variants.iter().collect::<BTreeSet<_>>().len(), variants.len(), "a variant has one canonical form");
}

#[test]
fn words_that_a_sentence_is_about_are_left_alone() {
    let (typos, names) = (Typos::new(&numbered(&typo_rules())), Names::new(&numbered(&name_rules())));
    let text = "Correction: an earlier version spelled the name Isrfael.";
    assert_eq!(clean(&typos, text), text);
    let text = "We misspelled Anthony Blinken.";
    assert_eq!(clean(&names, text), text);
}

/// Random text of what a table is about and of all that may surround it.
fn texts(words: Vec<String>) -> impl Strategy<Value = String> {
    let all_words = words.into_iter().flat_map(|phrase| phrase.split(' ').map(str::to_owned).chain([phrase.clone()]).collect::<Vec<_>>());
    let cases = |word: String| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        [word.clone(), word.to_uppercase(), word.to_lowercase(), first.to_uppercase() + rest]
    };
    let words: BTreeSet<String> = all_words.flat_map(cases).collect();
    let word = proptest::sample::select(words.into_iter().collect::<Vec<_>>());
    let marks = [
        " ", " ", "\u{a0}", "  ", "\n", "\r\n", "\n\n", "'", "’", "'s", "’S", "-", "‑", "--", "—", ".", "...", ", ", "\"", "(", ")", "/",
        "_",
    ];
    let others = ["1", "x", "İ", "ß", "é", "e\u{301}", "\u{301}", "平和", "👩‍👧", "spelled", "\u{200b}", "&", "$", "\\", "::"];
    let mark = proptest::sample::select([&marks[..], &others[..]].concat());
    let piece = prop_oneof![4 => word, 3 => Just(" ".to_owned()), 2 => mark.prop_map(str::to_owned)];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// The words that the rules know, and some more rules of the same kinds to meet them.
fn typo_words(rules: &[Rule]) -> Vec<String> {
    let words = |rule: &Rule| match &rule.find {
        Find::Words { wrong, right, .. } => vec![wrong.to_string(), right.to_string()],
        _ => Vec::new(),
    };
    rules.iter().flat_map(words).collect()
}

fn more_typo_rules() -> Vec<Rule> {
    let rows = [
        ("al-Quaida", "al-Qaeda", Case::Copy),
        ("do’nt", "don’t", Case::Copy),
        ("hundred percent", "hundred per cent", Case::Copy),
        ("IPhone", "iPhone", Case::Exact),
        ("İstambul", "İstanbul", Case::Force),
        ("straßse", "straße", Case::Copy),
    ];
    let rule = |(wrong, right, case): (&str, &str, _)| Find::Words { wrong: wrong.into(), right: right.into(), case };
    rows.into_iter().map(|row| Rule::new(PassName::TYPOS, row.0, rule(row))).collect()
}

fn name_words(rules: &[Rule]) -> Vec<String> {
    let words = |rule: &Rule| match &rule.find {
        Find::Name { variant, canonical, not_same, .. } => [vec![variant.to_string(), canonical.to_string()], not_same.clone()].concat(),
        _ => Vec::new(),
    };
    rules.iter().flat_map(words).collect()
}

fn more_name_rules() -> Vec<Rule> {
    let rows: [(&str, &str, &[&str]); 5] = [
        ("Hossein Amir-Abdollahian", "Hossein Amir Abdollahian", &[]),
        ("Joe Biden", "Joe R. Biden", &["Joe R. Biden Hall"]),
        ("Mary O’Leary", "Marry O’Leary", &[]),
        ("Mohammed bin Salman", "Mohammed Salman", &["Mohammed Salman Street"]),
        ("Muammar Gaddafi", "Moammar Gadhafi", &["Old Moammar Gadhafi"]),
    ];
    let rule = |(canonical, variant, not_same): (&str, &str, &[&str])| Find::Name {
        variant: variant.into(),
        canonical: canonical.into(),
        not_same: not_same.iter().map(|other| (*other).to_owned()).collect(),
        kind: NameKind::Person,
    };
    rows.into_iter().map(|row| Rule::new(PassName::NAMES, row.1, rule(row))).collect()
}

/// The shipped tables and more.
static TYPOS: LazyLock<Typos> = LazyLock::new(|| Typos::new(&numbered(&[typo_rules(), more_typo_rules()].concat())));
static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new(&numbered(&[name_rules(), more_name_rules()].concat())));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn typos_settle(text in texts(typo_words(&[typo_rules(), more_typo_rules()].concat()))) {
        let once = clean(&*TYPOS, &text);
        prop_assert_eq!(clean(&*TYPOS, &once), once);
    }

    #[test]
    fn names_settle(text in texts(name_words(&[name_rules(), more_name_rules()].concat()))) {
        let once = clean(&*NAMES, &text);
        prop_assert_eq!(clean(&*NAMES, &once), once);
    }

    #[test]
    fn the_white_space_of_a_text_outlives_its_names(text in texts(name_words(&[name_rules(), more_name_rules()].concat()))) {
        let kept = |text: &str| text.chars().filter(|c| c.is_whitespace() && *c != ' ').collect::<String>();
        prop_assert_eq!(kept(&clean(&*NAMES, &text)), kept(&text));
    }
}
