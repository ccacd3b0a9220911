//! Page numbers and the heads that run with them.

/// What a row says if it is a page number, with or without a running head beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    /// The number.
    pub page: u32,
    /// Whether it is written with Roman numerals: such pages are counted by themselves.
    pub is_roman: bool,
    /// The letters of the head in small letters; empty if the row holds nothing but the number.
    pub head: String,
}

/// No running head has more characters.
const LONGEST: usize = 80;

/// Reads a row as a page number: `12`, `- 12 -`, `[12]`, `Page 12 of 30`, `xii`, `12 THE HOUSE`, `THE HOUSE. 12`.
pub(super) fn numbered(row: &str) -> Option<Numbered> {
    if row.len() > 4 * LONGEST || row.chars().count() > LONGEST {
        return None;
    }
    let is_frame =
        |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '[' | ']' | '(' | ')' | '.' | '*' | '|' | '~' | '_' | '•' | '·');
    let row = row.trim_matches(is_frame);
    if let Some((page, is_roman)) = number(row).or_else(|| number(after_label(row)?)) {
        return Some(Numbered { page, is_roman, head: String::new() });
    }
    let (first, after) = row.split_once(char::is_whitespace)?;
    let (before, last) = row.rsplit_once(char::is_whitespace)?;
    let beside = |token: &str, rest: &str| {
        let (page, is_roman) = number(token.trim_matches(is_frame))?;
        let head = head(rest);
        // A head of one letter is no head; with Roman numerals, one without any would be a word.
        (head.chars().count() > 1 && !is_roman).then_some(Numbered { page, is_roman, head })
    };
    beside(first, after).or_else(|| beside(last, before))
}

/// The number behind the word “page”: `12 of 30` is the number 12.
fn after_label(row: &str) -> Option<&str> {
    const LABELS: [&str; 9] = ["page", "pag.", "pg.", "pg", "p.", "p", "seite", "s.", "página"];
    let (label, rest) = row.split_once(char::is_whitespace)?;
    LABELS.contains(&&*label.to_lowercase()).then_some(())?;
    let number = rest.split_whitespace().next()?;
    let of = rest[number.len()..].trim();
    (of.is_empty() || of.split_whitespace().next_back().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))).then_some(number)
}

/// The letters of a head, in small letters: what is left when number, marks and blanks differ from page to page.
pub(super) fn head(row: &str) -> String {
    row.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// A number of at most four digits, or in Roman numerals as pages have them.
fn number(token: &str) -> Option<(u32, bool)> {
    if (1..=4).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((token.parse().ok()?, false));
    }
    roman(token).map(|number| (number, true))
}

/// The value of a Roman numeral under 400, all of its letters small or all of them capitals; nothing for what nobody would write.
fn roman(token: &str) -> Option<u32> {
    let is_alike = |digits: &str| !token.is_empty() && token.len() <= 12 && token.chars().all(|c| digits.contains(c));
    let is_numeral = is_alike("clxvi") || is_alike("CLXVI");
    is_numeral.then(|| (1..400).find(|value| spelled(*value).eq_ignore_ascii_case(token)))?
}

fn spelled(mut value: u32) -> String {
    const SIGNS: [(u32, &str); 9] = [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut all = String::new();
    for (worth, sign) in SIGNS {
        while value >= worth {
            all.push_str(sign);
            value -= worth;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(row: &str) -> Option<(u32, bool, String)> {
        numbered(row).map(|found| (found.page, found.is_roman, found.head))
    }

    #[test]
    fn a_number_alone() {
        for row in ["12", "- 12 -", "— 12 —", "[12]", "(12)", "12.", "Page 12", "page 12 of 300", "Page 12 / 30", "S. 12", "* 12 *"] {
            assert_eq!(read(row), Some((12, false, String::new())), "{row}");
        }
        for (row, page) in [("xii", 12), ("XIV", 14), ("- iv -", 4), ("xc", 90)] {
            assert_eq!(read(row), Some((page, true, String::new())), "{row}");
        }
        for row in ["iiii", "ixv", "Xii", "12345", "1,234", "12:30", "12%", "civic", "", "-", "page", "12a"] {
            assert_eq!(read(row), None, "{row}");
        }
    }

    #[test]
    fn a_number_with_a_head() {
        assert_eq!(read("124 THE HOUSE OF MIRTH"), Some((124, false, "thehouseofmirth".into())));
        assert_eq!(read("THE HOUSE OF MIRTH. 125"), Some((125, false, "thehouseofmirth".into())));
        assert_eq!(read("[ 125 ]  THE HOUSE OF MIRTH"), Some((125, false, "thehouseofmirth".into())));
        assert_eq!(read("The House [125]"), Some((125, false, "thehouse".into())));
        assert_eq!(read("I was there"), None, "a Roman numeral beside words is a word");
        assert_eq!(read(&format!("12 {}", "word ".repeat(20))), None, "nobody prints such a head");
    }
}
