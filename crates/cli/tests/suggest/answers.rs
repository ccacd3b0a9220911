//! What becomes of a yes and of a no.

use std::collections::BTreeSet;

use super::news::{articles, plant};
use super::{corpus, proposals};

fn with_errors() -> Vec<String> {
    let mut texts = articles();
    plant(&mut texts, "refugees", "refguees", 3);
    plant(&mut texts, "Jake Sullivan", "Jake Sulivan", 3);
    texts
}

#[test]
fn a_no_is_never_proposed_again() {
    let project = corpus(&with_errors());
    let before = proposals(&project, &[]);
    let refused = before.iter().find(|proposal| proposal.wrong == "refguees").expect("it was planted");
    let told = project.run(&["suggest", "in", "--reject", &refused.id]);
    assert!(told.contains("rejected refguees → refugees, in "), "{told}");
    let line: serde_json::Value = serde_json::from_str(&project.read("not-the-same.jsonl")).expect("a line of JSON");
    assert_eq!((line["kind"].as_str(), line["wrong"].as_str(), line["right"].as_str()), (Some("typo"), Some("refguees"), Some("refugees")));
    let after: BTreeSet<_> = proposals(&project, &[]).into_iter().map(|proposal| proposal.id).collect();
    let expected: BTreeSet<_> = before.iter().map(|proposal| proposal.id.clone()).filter(|id| *id != refused.id).collect();
    assert_eq!(after, expected);
    assert!(project.ends(2, &["suggest", "in", "--reject", &refused.id]).contains("proposes nothing with the id"));
}

#[test]
fn a_no_holds_for_what_a_table_has_as_the_same() {
    let mut texts = articles();
    plant(&mut texts, "Volodymyr Zelenskyy", "Volodymir Zelenskyy", 3);
    let project = corpus(&texts);
    let has = |name: &str| proposals(&project, &[]).iter().any(|proposal| proposal.wrong.contains(name));
    assert!(has("Volodymir"));
    // Another form of the name, which is somebody else than the variant.
    project.put("rules/names/house.tsv", "canonical\tvariants\twhy\nVolodymyr Zelensky\tWolodymyr Zelenskyy\tAnother form.\n");
    assert!(has("Volodymir"));
    project.put("not-the-same.jsonl", "{\"kind\":\"name\",\"wrong\":\"Volodymir Zelenskyy\",\"right\":\"Wolodymyr Zelenskyy\"}\n");
    assert!(!has("Volodymir"));
}

#[test]
fn lines_that_come_again_become_rules_as_their_pass_sees_them() {
    let furniture = [
        "Sign up here for the weekly Zapbook newsletter, with more news than that",
        "Don’t miss our daily letter, “The Wire”.",
        "Read all of it at https://zap.example/news",
    ];
    let texts: Vec<String> = articles().iter().take(12).map(|text| format!("{text}\n\n{}\n", furniture.join("\n\n"))).collect();
    let project = corpus(&texts);
    let lines: Vec<_> = proposals(&project, &["--kind", "boilerplate"]).into_iter().map(|proposal| (proposal.wrong, proposal.id)).collect();
    let [(pattern, id)] = &lines[..] else { panic!("curly marks and addresses are no lines of a rule: {lines:?}") };
    assert!(pattern.contains("Zapbook"), "{pattern}");
    project.run(&["suggest", "in", "--accept", id, "--no-quotes-from-corpus"]);
    assert!(project.run(&["preview", "in"]).contains("boilerplate/sign-up-here-for"));
}

#[test]
fn the_same_is_proposed_for_any_number_of_threads() {
    let project = corpus(&with_errors());
    let told = |threads: &str| project.run(&["suggest", "in", "--threads", threads, "--limit", "100"]);
    assert_eq!(told("1"), told("3"));
}

#[test]
fn what_cannot_be_read_is_refused_with_the_way_out() {
    let project = corpus(&with_errors());
    project.put("not-the-same.jsonl", "{\"kind\":\"name\"}\n");
    let told = project.ends(2, &["suggest", "in"]);
    assert!(told.contains("not-the-same.jsonl:1: ") && told.contains("Correct or remove the line."), "{told}");
}

#[test]
fn nothing_in_a_hostile_text_reaches_the_terminal() {
    let mut texts = with_errors();
    for text in &mut texts {
        *text = text.replace(" the ", " the \u{1b}\u{202e} ");
    }
    let project = corpus(&texts);
    for more in [&[][..], &["--format", "json"]] {
        let told = project.run(&[&["suggest", "in", "--limit", "100", "--policy", "unicode=off"], more].concat());
        // The pass that takes such characters away is off: they are in the contexts.
        assert!(
            told.contains("refguees") && told.contains("202E") | told.contains("202e") && !told.contains(['\u{1b}', '\u{202e}']),
            "{told}"
        );
    }
}
