//! A rule as JSON, for `emendo rules list` and `show`.

use emendo_core::edit::{RuleNumber, Zone};
use emendo_core::rules::{Find, Policies, Rule, Scope};

/// The JSON object of a rule.
pub fn rule_json(number: RuleNumber, rule: &Rule, policies: &Policies) -> serde_json::Value {
    let zones: serde_json::Map<_, _> = Zone::ALL
        .iter()
        .filter(|zone| !zone.is_protected())
        .map(|zone| (zone.name().to_owned(), policies.of(number, Some(*zone)).to_string().into()))
        .collect();
    serde_json::json!({
        "id": &*rule.id, "pass": rule.pass.name(), "policy": policies.of(number, None).to_string(), "zones": zones, "why": rule.why, "style": rule.style,
        "find": find(&rule.find), "only": scope(&rule.only), "not": scope(&rule.not),
        "examples": rule.examples.iter().map(|example| [&example.before, &example.after]).collect::<Vec<_>>(), "keeps": rule.keeps,
        "file": &*rule.origin.file, "line": rule.origin.line, "shipped": rule.origin.shipped, "digest": rule.digest(),
    })
}

/// What a rule finds and what that becomes, under the names that rule files have for it.
fn find(find: &Find) -> serde_json::Value {
    match find {
        Find::Pattern { find, becomes } => serde_json::json!({ "find": find.as_str(), "becomes": becomes }),
        Find::Characters { chars, becomes, keep_in } => {
            serde_json::json!({ "chars": ranges(chars), "becomes": becomes, "keep-in": keep_in })
        }
        Find::Words { wrong, right, case } => {
            serde_json::json!({ "wrong": wrong, "right": right, "case": format!("{case:?}").to_lowercase() })
        }
        Find::Name { variant, canonical, not_same, kind } => {
            serde_json::json!({ "variant": variant, "canonical": canonical, "not-same": not_same, "kind": kind })
        }
        Find::Mark { mark, becomes } => serde_json::json!({ "mark": mark, "becomes": becomes }),
        Find::BuiltIn(name) => serde_json::json!({ "built-in": name }),
    }
}

fn scope(scope: &Scope) -> serde_json::Value {
    if scope.is_empty() {
        return serde_json::Value::Null;
    }
    serde_json::json!({ "files": scope.files.as_ref().map(|globs| &globs.patterns), "lang": scope.lang })
}

/// The code points of a rule: `U+2018`, or `U+2018..U+201B`.
pub fn ranges(chars: &[(char, char)]) -> Vec<String> {
    chars.iter().map(|(first, last)| if first == last { code(*first) } else { format!("{}..{}", code(*first), code(*last)) }).collect()
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
