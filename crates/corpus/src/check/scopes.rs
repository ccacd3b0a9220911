//! Whether two rules can meet in a document.

use emendo_core::rules::{Policy, Rule};

/// Whether some document may have both, in some style.
pub fn meet(a: &Rule, b: &Rule) -> bool {
    (a.style.is_none() || b.style.is_none() || a.style == b.style) && meet_in_a_document(a, b)
}

/// Whether some document may have both, as far as its name and language tell. Two that are for different languages never meet: a
/// document has one.
pub fn meet_in_a_document(a: &Rule, b: &Rule) -> bool {
    a.may_meet(b) && languages_meet(&a.only.lang, &b.only.lang) && !excludes(a, b) && !excludes(b, a)
}

/// Whether the rule runs wherever the other does, and may do there what that one may.
pub fn covers(rule: &Rule, other: &Rule) -> bool {
    let languages = rule.only.lang.is_empty()
        || !other.only.lang.is_empty() && other.only.lang.iter().all(|lang| rule.only.lang.iter().any(|wider| is_of(wider, lang)));
    let styles = rule.style.is_none() || rule.style == other.style;
    rule.only.files.is_none() && rule.not.is_empty() && languages && styles
}

/// Whether the two say the same of what may be done without asking.
pub fn same_policy(a: &Rule, b: &Rule) -> bool {
    a.policy == b.policy && a.zones == b.zones
}

/// Whether the rule is run at all, as far as the rule itself says.
pub fn is_on(rule: &Rule) -> bool {
    rule.policy != Some(Policy::Off) || rule.zones.iter().any(|(_, policy)| *policy != Policy::Off)
}

fn languages_meet(a: &[String], b: &[String]) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|a| b.iter().any(|b| is_of(a, b) || is_of(b, a)))
}

/// Whether what the one rule is for is what the other is not for.
fn excludes(a: &Rule, b: &Rule) -> bool {
    let of_language = |lang: &String| b.not.lang.iter().any(|not| is_of(not, lang));
    b.not.files.is_none() && !b.not.lang.is_empty() && !a.only.lang.is_empty() && a.only.lang.iter().all(of_language)
}

/// Whether the tag `en` stands for the tag `en-GB`.
fn is_of(tag: &str, of: &str) -> bool {
    of.strip_prefix(tag).is_some_and(|more| more.is_empty() || more.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use emendo_core::rules::{Find, PassName, Scope, Style};

    fn rule(only: &[&str], not: &[&str], style: Option<Style>) -> Rule {
        let scope = |lang: &[&str]| Scope { files: None, lang: lang.iter().map(|lang| (*lang).to_owned()).collect() };
        Rule {
            only: scope(only).into(),
            not: scope(not).into(),
            style,
            ..Rule::new(PassName::TYPOS, "typos/x", Find::BuiltIn(String::new()))
        }
    }

    #[test]
    fn rules_of_two_languages_never_meet() {
        let (any, en, gb, de) = (rule(&[], &[], None), rule(&["en"], &[], None), rule(&["en-GB"], &[], None), rule(&["de"], &[], None));
        assert!(meet(&any, &de) && meet(&en, &gb) && meet(&gb, &en) && !meet(&de, &en));
        assert!(!meet(&rule(&[], &["en"], None), &gb) && meet(&rule(&[], &["en-US"], None), &gb));
        assert!(
            covers(&any, &en) && covers(&en, &gb) && !covers(&gb, &en) && !covers(&en, &any) && !covers(&rule(&[], &["de"], None), &en)
        );
    }

    #[test]
    fn rules_of_two_styles_never_meet() {
        let [straight, typographic] = [Style::Straight, Style::Typographic].map(|style| rule(&[], &[], Some(style)));
        let any = rule(&[], &[], None);
        assert!(!meet(&straight, &typographic) && meet(&any, &straight));
        assert!(covers(&any, &straight) && !covers(&straight, &any));
    }
}
