//! Right text is left alone.

use emendo_core::cleaner::Cleaner;
use emendo_core::edit::Fate;
use emendo_core::rules::Caps;

#[derive(serde::Deserialize)]
struct File {
    text: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    trap: String,
    text: String,
    #[serde(default)]
    ask: bool,
}

#[test]
fn texts_that_are_right_stay_as_they_are() {
    let cleaner = Cleaner::shipped(&Caps::default());
    let file: File = toml::from_str(include_str!("untouched.toml")).expect("the file is well-formed");
    let mut wrong = Vec::new();
    for Case { trap, text, ask } in file.text {
        let report = cleaner.clean_source("a.txt", text.as_bytes());
        let changes: Vec<_> = report.changes().collect();
        if let Some(change) = changes.iter().find(|change| change.fate == Fate::Applied) {
            wrong.push(format!("{trap}: {} made {:?} of {:?}", change.rule, change.after, change.before));
        }
        if changes.iter().any(|change| change.fate == Fate::Pending) != ask {
            wrong.push(format!("{trap}: asks, or does not, against what is expected: {changes:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
