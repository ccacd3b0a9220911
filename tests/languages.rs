//! Rules about marks and words act in their own language only.

use std::sync::Arc;

use emendo_core::chain::Chain;
use emendo_core::cleaner::{Cleaner, formats};
use emendo_core::review::Decisions;
use emendo_core::rules::{Caps, Style, load_shipped};

/// An envelope that names the language of its article.
const TAGGED: &str = r#"
id  = "tagged"
why = "A test."

[[field]]
name  = "lang"
type  = "name"
start = "L-A-N-G-S-T-A-R-T."
end   = "L-A-N-G-E-N-D."

[body]
start = "B-O-D-Y-S-T-A-R-T."
end   = "B-O-D-Y-E-N-D."
"#;

/// A cleaner with the shipped rules and a format of its own that may name a language.
fn cleaner(lang: Option<&str>, style: Style) -> Cleaner {
    let knowledge = load_shipped();
    let chain = Chain::new(Arc::new(knowledge.rules.in_style(style)), &knowledge.chain, &Caps::default());
    let mut formats = formats(&knowledge).expect("the shipped formats are well-formed");
    formats.push(emendo_core::input::EnvelopeFormat::parse(TAGGED).expect("it is well-formed"));
    Cleaner::new(chain, formats, Decisions::default(), lang.map(str::to_owned))
}

fn cleaned(text: &str, lang: Option<&str>) -> String {
    let source = cleaner(lang, Style::Straight).clean_source("a.txt", text.as_bytes());
    source.documents().filter_map(|document| document.text().map(str::to_owned)).collect()
}

const FRENCH: &str = "Elle répondit : « Je n’irai pas à l’auberge ce soir, et le Isrfael dont tu parles ne m’intéresse guère. »\n";
const GERMAN: &str = "Er sagte: „Ich gehe heute Abend nicht ins Wirtshaus, und das Isrfael, von dem du sprichst, kümmert mich nicht.“\n";
const CHINESE: &str = "他说：“今晚我不去旅馆，你说的那个地方我不感兴趣。”\n";
const ENGLISH: &str = "She answered: “I won’t go to the inn tonight, and the Isrfael that you speak of is no concern of mine.”\n";
const CLEAN: &str = "She answered: \"I won't go to the inn tonight, and the Isrfael that you speak of is no concern of mine.\"\n";

#[test]
fn other_languages_keep_their_marks_and_words() {
    for text in [FRENCH, GERMAN, CHINESE] {
        assert_eq!(cleaned(text, None), text);
    }
    assert_eq!(cleaned(ENGLISH, None), CLEAN);
}

#[test]
fn each_paragraph_is_judged_alone() {
    let text = format!("{ENGLISH}\n{FRENCH}\n{CHINESE}\n{ENGLISH}");
    assert_eq!(cleaned(&text, None), format!("{CLEAN}\n{FRENCH}\n{CHINESE}\n{CLEAN}"));
}

#[test]
fn a_declared_language_is_believed() {
    assert_ne!(cleaned(FRENCH, Some("en")), FRENCH);
    assert_eq!(cleaned("Le Isrfael.\n", Some("fr")), "Le Isrfael.\n", "no English typo");
}

#[test]
fn a_field_counts_before_all() {
    let tagged =
        |lang: &str| format!(" L-A-N-G-S-T-A-R-T. {lang} L-A-N-G-E-N-D. B-O-D-Y-S-T-A-R-T. Talks in the Isrfael of today. B-O-D-Y-E-N-D. ");
    assert!(cleaned(&tagged("fr"), None).contains("the Isrfael"), "no English typo in a text that says it is French");
    assert!(cleaned(&tagged("en"), Some("fr")).contains("the Israel"), "and English ones in one that says it is English");
}

#[test]
fn scripts_without_case_or_spaces_survive() {
    for text in [
        "الاجتماع سيعقد في القاهرة غدا، كما قالت المصادر.\n",
        "ประชุมพรุ่งนี้ที่กรุงเทพมหานคร\n",
        "東京で「会談」が続いています。\n",
        "बैठक कल दिल्ली में होगी।\n",
        "הפגישה תתקיים מחר בירושלים, אמר ח״כ ׳כהן׳.\n",
    ] {
        assert_eq!(cleaned(text, None), text);
    }
}
