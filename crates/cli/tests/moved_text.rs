//! A decision is about a text: it holds wherever that text is found, and about no other.

mod project;

use project::Project;

const TEXT: &str = "The Isrfael talks -- they said -- went on.";
const OTHER: &str = "Before it -- of course -- came this.";

/// A source in which each text stands in an envelope.
fn enveloped(texts: &[&str]) -> String {
    let one = |(number, text): (usize, &&str)| {
        format!(
            "F-N-S-T-A-R-T. {number}.xml F-N-E-N-D. D-A-T-E-S-T-A-R-T. 2024-03-05 D-A-T-E-E-N-D. T-I-T-L-E-S-T-A-R-T. A title T-I-T-L-E-E-N-D. T-E-X-T-S-T-A-R-T. {text} T-E-X-T-E-N-D.\n"
        )
    };
    texts.iter().enumerate().map(one).collect()
}

/// Rejects the first change of these rules, at its place.
fn reject(project: &Project, rules: &str) {
    let group = |args: &[&str]| {
        let told = project.run(&[&["review", "in", "--format", "json"], args].concat());
        let mut lines = told.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.find(|line| line["type"] == "group").expect("there is one")
    };
    let id = |value: &serde_json::Value| value["id"].as_str().expect("it has an id").to_owned();
    let change = id(&group(&["--show", &id(&group(&["--list", "--rule", rules]))])["items"][0]);
    project.run(&["review", "in", "--reject", &change, "--by", "Ann"]);
}

/// The one cleaned text that begins like this, in a fresh run.
fn cleaned(project: &Project, beginning: &str) -> String {
    project.run(&["clean", "in", "-o", "out"]);
    let texts = project.tree("out").into_iter().filter(|(name, _)| !name.contains('/'));
    let mut texts = texts.map(|(_, bytes)| String::from_utf8(bytes).expect("it is UTF-8")).filter(|text| text.starts_with(beginning));
    let text = texts.next().expect("there is one");
    project.run(&["verify", "out"]);
    text
}

/// A project in which the correction of the name was rejected in a file of its own.
fn rejected() -> Project {
    let project = Project::new([("a.txt", TEXT.as_bytes())]);
    assert!(cleaned(&project, "The").starts_with("The Israel talks"));
    reject(&project, "typos");
    assert!(cleaned(&project, "The").starts_with("The Isrfael talks"));
    let digest = blake3::hash(TEXT.as_bytes()).to_hex();
    assert!(project.read("decisions.jsonl").contains(digest.as_str()), "the decision is bound to its text");
    project
}

/// Puts the sources in place of those that are there.
fn put_instead(project: &Project, sources: &[(&str, String)]) {
    for folder in ["in", "out"] {
        std::fs::remove_dir_all(project.path(folder)).expect("it was there");
    }
    for (name, text) in sources {
        project.put(&format!("in/{name}"), text);
    }
}

#[test]
fn a_decision_about_a_file_holds_after_it_was_renamed() {
    let project = rejected();
    put_instead(&project, &[("renamed.txt", TEXT.to_owned())]);
    assert!(cleaned(&project, "The").starts_with("The Isrfael talks"));
}

#[test]
fn a_decision_about_a_file_holds_for_its_text_inside_another_one() {
    let project = rejected();
    for texts in [&[TEXT][..], &[OTHER, TEXT], &[OTHER, OTHER, TEXT, OTHER]] {
        put_instead(&project, &[("b.txt", enveloped(texts))]);
        assert!(cleaned(&project, "The").starts_with("The Isrfael talks"), "{texts:?}");
    }
}

#[test]
fn a_decision_holds_after_a_document_was_added_before_its_text() {
    let project = Project::new([("all.txt", enveloped(&[TEXT, OTHER]).as_bytes())]);
    reject(&project, "typos");
    assert!(cleaned(&project, "The").starts_with("The Isrfael talks"));
    put_instead(&project, &[("all.txt", enveloped(&[OTHER, "One more.", TEXT]))]);
    assert!(cleaned(&project, "The").starts_with("The Isrfael talks"));
    put_instead(&project, &[("alone.txt", TEXT.to_owned())]);
    assert!(cleaned(&project, "The").starts_with("The Isrfael talks"));
}

#[test]
fn a_decision_holds_for_no_other_text() {
    let project = rejected();
    // The source and its number are those of the decision, and the text is another one with the same words.
    put_instead(&project, &[("b.txt", format!("{TEXT} And on.")), ("c.txt", format!("So it was.\n\n{TEXT}"))]);
    assert!(cleaned(&project, "The").starts_with("The Israel talks"));
    assert!(cleaned(&project, "So it").contains("The Israel talks"));
}

#[test]
fn where_the_text_itself_was_altered_the_decision_follows_its_context_in_the_file_it_names() {
    let project = rejected();
    put_instead(&project, &[("a.txt", format!("So it was.\n\n{TEXT} And on."))]);
    assert!(cleaned(&project, "So it").contains("The Isrfael talks"), "before and behind it stands what stood there");
}

#[test]
fn where_a_rejection_was_lost_such_changes_need_review() {
    let project = rejected();
    put_instead(&project, &[("a.txt", "Isrfael was never named like that, said Isrfael Smith.\n".to_owned())]);
    let told = project.run(&["clean", "in", "-o", "out"]);
    assert!(told.contains("found no change"), "{told}");
    assert!(cleaned(&project, "Is").starts_with("Isrfael was"), "nobody knows whether the rejection is about it");
}
