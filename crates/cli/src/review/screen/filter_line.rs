//! A filter as a reader types it.

use emendo_core::review::session::Filter;
use emendo_corpus::report::{VisibleText, escape};
use emendo_corpus::shown;

/// The filter that a line says: words, and `rule:`, `zone:`, `doc:`, `is:`.
pub fn parsed(text: &str) -> Result<Filter, VisibleText> {
    let mut filter = Filter::default();
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        match word.split_once(':') {
            Some(("rule", rule)) => filter.rules.push(rule.to_owned()),
            Some(("zone", zone)) => filter.zones.push(zone.to_owned()),
            Some(("doc", name)) => filter.document = Some(name.to_owned()),
            Some(("is", "pending" | "waiting")) => filter.pending = true,
            Some(("is", "decided")) => filter.decided = true,
            Some(("is", "disputed")) => filter.disputed = true,
            Some(("is", other)) => return Err(shown!("is:{} is unknown: write is:pending, is:decided or is:disputed.", escape(other))),
            _ => words.push(word),
        }
    }
    filter.text = (!words.is_empty()).then(|| words.join(" "));
    Ok(filter)
}

/// The line that says a filter.
pub fn words(filter: &Filter) -> String {
    let mut words: Vec<String> = filter.rules.iter().map(|rule| format!("rule:{rule}")).collect();
    words.extend(filter.zones.iter().map(|zone| format!("zone:{zone}")));
    words.extend(filter.document.iter().map(|name| format!("doc:{name}")));
    let flags = [(filter.pending, "is:pending"), (filter.decided, "is:decided"), (filter.disputed, "is:disputed")];
    words.extend(flags.iter().filter(|(holds, _)| *holds).map(|(_, word)| (*word).to_owned()));
    words.extend(filter.text.clone());
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_what_was_typed() {
        for line in ["", "rule:typos zone:quotation doc:news/a is:pending is:decided is:disputed two words", "http://x is: words:too"] {
            let filter = parsed(line);
            if line.contains("is: ") {
                assert!(filter.is_err(), "{line}");
            } else {
                assert_eq!(words(&filter.expect(line)), line);
            }
        }
    }
}
