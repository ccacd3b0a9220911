//! `emendo suggest` on corpora of which it is known what is wrong with them.

mod answers;
mod news;
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other tests look at whole folders")]
mod project;
mod shown_by;

use project::Project;

/// A proposal as the program tells it.
struct Proposal {
    id: String,
    wrong: String,
    right: String,
}

/// What is proposed for `in`, the best first.
fn proposals(project: &Project, more: &[&str]) -> Vec<Proposal> {
    let told = project.run(&[&["suggest", "in", "--format", "json"], more].concat());
    told.lines().map(proposal).collect()
}

fn proposal(line: &str) -> Proposal {
    let line: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let first =
        |names: [&str; 4]| names.into_iter().map(|name| text(&line["rule"][name])).find(|text| !text.is_empty()).unwrap_or_default();
    Proposal {
        id: text(&line["id"]),
        wrong: first(["wrong", "variant", "find", "seen"]),
        right: first(["right", "canonical", "becomes", "write"]),
    }
}

fn corpus(articles: &[String]) -> Project {
    let names: Vec<String> = (0..articles.len()).map(|number| format!("{number:03}.txt")).collect();
    Project::new(names.iter().zip(articles).map(|(name, text)| (&**name, text.as_bytes())))
}
