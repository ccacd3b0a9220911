//! A `[[rule]]` that is added to a file of rules.

use crate::prose::line;
use crate::rules::{Example, Policy, Style};

/// A rule with a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPattern {
    /// Its id, without the pass.
    pub id: String,
    /// What it finds.
    pub find: String,
    /// What becomes of it.
    pub becomes: String,
    /// The only style in which it is run.
    pub style: Option<Style>,
    /// What it may do without asking.
    pub policy: Option<Policy>,
    /// The sentence that a reviewer reads.
    pub why: String,
    /// Texts that it changes.
    pub examples: Vec<Example>,
    /// Texts that it leaves.
    pub keeps: Vec<String>,
}

impl NewPattern {
    /// The text of the file with this rule at its end: all that stands there stays byte for byte.
    pub fn into_file(&self, text: &str) -> String {
        let end = line::ending_of_file(text);
        let mut file = line::with_last_ending(text, end);
        if !file.trim().is_empty() {
            file.push_str(end);
        }
        let lines = self.lines();
        for line in ["[[rule]]"].into_iter().chain(lines.iter().map(String::as_str)) {
            file.extend([line, end]);
        }
        file
    }

    fn lines(&self) -> Vec<String> {
        let pairs = self.examples.iter().map(|Example { before, after }| format!("[{}, {}]", string(before), string(after)));
        let keeps: Vec<_> = self.keeps.iter().map(|keep| string(keep)).collect();
        let mut lines = vec![
            format!("id       = {}", string(&self.id)),
            format!("find     = {}", string(&self.find)),
            format!("becomes  = {}", string(&self.becomes)),
        ];
        lines.extend(self.style.map(|style| format!("style    = \"{}\"", style.name())));
        lines.extend(self.policy.map(|policy| format!("policy   = \"{policy}\"")));
        lines.push(format!("why      = {}", string(&self.why)));
        lines.push(format!("examples = [{}]", pairs.collect::<Vec<_>>().join(", ")));
        lines.extend((!keeps.is_empty()).then(|| format!("keeps    = [{}]", keeps.join(", "))));
        lines
    }
}

/// A string of TOML on one line: with apostrophes round it where that spares the escapes.
fn string(text: &str) -> String {
    if text.contains(['\\', '"']) && !text.contains('\'') && !text.contains(|c: char| c.is_control() || crate::prose::is_unseen(c)) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' ' => out.push(' '),
            c if c.is_control() || crate::prose::is_unseen(c) => out.extend(["\\U", &format!("{:08X}", u32::from(c))]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_rule_stands_behind_all_others() {
        let rule = NewPattern {
            id: "x".into(),
            find: r"a\b".into(),
            why: "It is so.".into(),
            examples: vec![Example { before: "a\n".into(), after: "".into() }],
            ..NewPattern::default()
        };
        let text = "[[rule]]\r\nid       = \"x\"\r\nfind     = 'a\\b'\r\nbecomes  = \"\"\r\nwhy      = \"It is so.\"\r\nexamples = [[\"a\\n\", \"\"]]\r\n";
        assert_eq!(rule.into_file("# One.\r\n"), format!("# One.\r\n\r\n{text}"));
        assert_eq!(rule.into_file("# One.\r\n"), rule.into_file("# One.\r\n"));
    }

    proptest! {
        #[test]
        fn every_string_is_read_as_it_was(text in any::<String>()) {
            let read: toml::Table = toml::from_str(&format!("x = {}", string(&text))).expect("it is TOML");
            prop_assert_eq!(read["x"].as_str(), Some(&*text));
        }
    }
}
