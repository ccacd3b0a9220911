//! Rows that could go and nothing would be different.

use rustc_hash::FxHashMap;

use super::finding::{Finding, FindingKind};
use super::scopes;
use emendo_core::edit::RuleNumber;
use emendo_core::passes::typos::TypoRow;
use emendo_core::rules::{Find, Knowledge, Rule, RuleSpot};

/// A rule about a word, and what it does.
struct Word<'k> {
    number: RuleNumber,
    rule: &'k Rule,
    row: TypoRow,
}

/// Finds the rows of words of which another row, of whatever table, does all that they do. (Two that find the same in the same letters
/// and are in each other's way break a law already.) Each row is compared with those alone that are about the same letters.
pub fn find(knowledge: &Knowledge) -> Vec<Finding> {
    let words: Vec<Word<'_>> = knowledge.rules.iter().filter_map(|(number, rule)| word(number, rule)).collect();
    let mut by_key: FxHashMap<String, Vec<(usize, bool)>> = FxHashMap::default();
    for (at, word) in words.iter().enumerate() {
        by_key.entry(word.row.key()).or_default().push((at, false));
        if let Some(several) = word.row.of_several() {
            by_key.entry(several.key()).or_default().push((at, true));
        }
    }
    let mut findings = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(alike) = by_key.get(&word.row.key()).filter(|alike| alike.len() > 1) else { continue };
        let is_by = |(other, is_plural): &&(usize, bool)| {
            let by = &words[*other];
            // Of two that do the same the later one is told.
            *other != at && does_all_of(by, word, *is_plural) && (*is_plural || *other < at || !does_all_of(word, by, false))
        };
        if let Some((other, is_plural)) = alike.iter().find(is_by) {
            findings.push(finding(word, &words[*other], *is_plural));
        }
    }
    findings
}

fn word(number: RuleNumber, rule: &Rule) -> Option<Word<'_>> {
    let Find::Words { wrong, right, case } = &rule.find else { return None };
    scopes::is_on(rule).then(|| Word { number, rule, row: TypoRow::new(wrong, right, *case) })
}

fn does_all_of(by: &Word<'_>, word: &Word<'_>, as_plural: bool) -> bool {
    let does = || if as_plural { by.row.of_several().is_some_and(|row| word.row.is_done_by(&row)) } else { word.row.is_done_by(&by.row) };
    scopes::covers(by.rule, word.rule) && scopes::same_policy(by.rule, word.rule) && does()
}

fn finding(word: &Word<'_>, by: &Word<'_>, is_plural: bool) -> Finding {
    let title = format!("The rule {} does nothing that {} would not do.", word.rule.id, by.rule.id);
    let label = if is_plural {
        "the row of a name stands for its plural too".to_owned()
    } else {
        format!("the same word in other letters: {}:{}", by.rule.origin.file, by.rule.origin.line)
    };
    Finding::new(FindingKind::Duplicate, word.number, RuleSpot::Find, title).beside(by.number).label(label).help("Remove the row.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{RuleDir, load};

    fn told(rows: &str, defaults: &str) -> Vec<String> {
        let files = [("typos/a.tsv", &*format!("wrong\tright\tcase\n{rows}")), ("typos/a.toml", &format!("why = \"w\"\n{defaults}"))];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let knowledge =
            load(false, &[RuleDir { name: "rules".to_owned(), files, ..RuleDir::default() }]).expect("the table is well-formed");
        find(&knowledge).iter().map(|finding| finding.title.clone()).collect()
    }

    #[test]
    fn a_row_that_another_one_does_is_told() {
        let told = told("Isrfael\tIsrael\tforce\nisrfael\tIsrael\tcopy\n", "");
        assert_eq!(told, ["The rule typos/a/isrfael does nothing that typos/a/Isrfael would not do."]);
    }

    #[test]
    fn the_plural_of_a_name_needs_no_row() {
        let told = told("Isreal\tIsrael\t\nIsreals\tIsraels\t\n", "");
        assert_eq!(told, ["The rule typos/a/Isreals does nothing that typos/a/Isreal would not do."]);
    }

    #[test]
    fn a_row_that_does_more_or_otherwise_is_not() {
        for rows in [
            "teh\tthe\t\ntehs\tthese\t\n",
            "TEH\tTEH!\texact\nteh\tthe\t\n",
            "IPhone\tiPhone\texact\niphone\tiPhone\texact\n",
            "Teh\tThe\texact\nteh\tten\texact\n",
            // One asks where the word may be a name, the other does not.
            "Teh\tThe\t\nteh\tthe\t\n",
        ] {
            assert_eq!(told(rows, ""), [""; 0], "{rows}");
        }
    }

    #[test]
    fn a_row_that_is_off_does_nothing_for_another() {
        let rows = "Isrfael\tIsrael\tforce\nisrfael\tIsrael\tcopy\n";
        assert_eq!(told(rows, "policy = \"off\""), [""; 0]);
        assert_eq!(told(rows, "policy = \"ask\"").len(), 1);
    }
}
