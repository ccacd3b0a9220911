//! TOML with the place of every key and value, so that all its errors can be shown at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{FileDiagnostics, did_you_mean, list, nearest};
use super::file_globs::{ByName, Declarable};
use super::keys;
use super::{Globs, Policy, Scope, Style};
use crate::edit::Zone;

/// The fields of one TOML table.
pub(super) struct Fields<'d> {
    table: &'d DeTable<'d>,
    /// The header or the braces of the table.
    pub(super) span: Range<usize>,
}

/// A string and where it stands.
#[derive(Clone, Debug)]
pub(super) struct SpannedText<'d> {
    pub(super) value: &'d str,
    /// Its place with its quotes.
    pub(super) span: Range<usize>,
}

impl SpannedText<'_> {
    /// The place of a part of the value; of all of it where escapes hide the part.
    pub(super) fn part(&self, page: &FileDiagnostics<'_>, part: Range<usize>) -> Range<usize> {
        match page.text[self.span.clone()].find(self.value) {
            Some(found) if !self.value.is_empty() => self.span.start + found + part.start..self.span.start + found + part.end,
            _ => self.span.clone(),
        }
    }
}

const POLICIES: [(&str, Policy); 3] = [("apply", Policy::Apply), ("ask", Policy::Ask), ("off", Policy::Off)];

/// The policy of that name.
pub(super) fn policy_named(name: &str) -> Option<Policy> {
    POLICIES.iter().find(|(known, _)| *known == name).map(|(_, policy)| *policy)
}

/// Reads a file's TOML; a document with syntax errors is not looked at any further.
pub(super) fn parse<'d>(page: &mut FileDiagnostics<'d>) -> Option<Spanned<DeTable<'d>>> {
    let (document, errors) = DeTable::parse_recoverable(page.text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let help =
            if page.text[span.clone()].contains(['“', '”', '„', '‘', '’']) { CURLY_HELP } else { syntax_help(error.message()) };
        page.error(span, "This is not valid TOML.", error.message(), help);
    }
    errors.is_empty().then_some(document)
}

const CURLY_HELP: &str = "Only straight quotation marks hold a text: id = \"name\", or find = 'pattern'.";

fn syntax_help(message: &str) -> &'static str {
    if message.contains("must be quoted") {
        "Put the value between quotes: policy = \"off\"."
    } else if message.contains("escape") {
        "Write the text in single quotes: there a backslash is a backslash."
    } else if message.contains("literal string") {
        "Close the quote on its line; a text that holds an apostrophe goes between ''' and '''."
    } else if message.contains("basic string") {
        "Close the quote on its line; a quotation mark in the text is \\\", or the text goes between single quotes."
    } else if message.contains("duplicate key") {
        "Give each key once; a further rule begins with [[rule]]."
    } else {
        "The format is described at https://toml.io; a text that holds an apostrophe goes between ''' and '''."
    }
}

impl<'d> Fields<'d> {
    /// The fields of a whole document.
    pub(super) fn document(page: &mut FileDiagnostics<'_>, document: &'d Spanned<DeTable<'d>>, keys: &[&str]) -> Self {
        Self::known(page, document.get_ref(), 0..0, keys)
    }

    /// Checks that a table has no other keys than these.
    fn known(page: &mut FileDiagnostics<'_>, table: &'d DeTable<'d>, span: Range<usize>, keys: &[&str]) -> Self {
        for key in table.keys().filter(|key| !keys.contains(&&**key.get_ref())) {
            let name = key.get_ref();
            page.error(key.span(), format!("The key `{name}` is unknown."), "nothing reads this key", unknown_key_help(name, keys));
        }
        Self { table, span }
    }

    /// Whether the key is there, whatever its value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether the value of the key is a list of nothing.
    pub(super) fn is_empty_list(&self, key: &str) -> bool {
        self.table.get(key).and_then(|value| value.get_ref().as_array()).is_some_and(|values| values.is_empty())
    }

    /// Whether the value of the key is a table.
    pub(super) fn is_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().is_table())
    }

    /// The place of a key itself.
    pub(super) fn key_span(&self, key: &str) -> Range<usize> {
        self.table.get_key_value(key).map_or(self.span.clone(), |(key, _)| key.span())
    }

    /// A string.
    pub(super) fn text(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Option<SpannedText<'d>> {
        string(page, key, self.table.get(key)?)
    }

    /// A string that must be there and say something.
    pub(super) fn required(&self, page: &mut FileDiagnostics<'_>, key: &str, help: &str) -> Option<SpannedText<'d>> {
        if !self.has(key) {
            page.error(self.span.clone(), format!("The key `{key}` is missing."), format!("needs `{key}`"), help);
            return None;
        }
        let text = self.text(page, key)?;
        if text.value.trim().is_empty() {
            page.error(text.span, format!("The key `{key}` is empty."), "", help);
            return None;
        }
        Some(text)
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, page: &mut FileDiagnostics<'_>, key: &str, options: &[(&str, T)]) -> Option<T> {
        let text = self.text(page, key)?;
        choose(page, key, &text, options)
    }

    /// `policy`.
    pub(super) fn policy(&self, page: &mut FileDiagnostics<'_>) -> Option<Policy> {
        self.choice(page, "policy", &POLICIES)
    }

    /// A list of strings; an absent one is empty.
    pub(super) fn texts(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Vec<SpannedText<'d>> {
        let values = self.list(page, key);
        values.iter().filter_map(|value| string(page, key, value)).collect()
    }

    /// A list of pairs of strings, and the place of each pair; an absent one is empty.
    pub(super) fn pairs(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Vec<(SpannedText<'d>, SpannedText<'d>, Range<usize>)> {
        let mut pairs = Vec::new();
        for value in self.list(page, key) {
            let DeValue::Array(pair) = value.get_ref() else {
                page.error(value.span(), format!("`{key}` holds pairs."), kind(value), "Write [before, after], both as strings.");
                continue;
            };
            let [before, after] = &**pair else {
                let label = format!("{} instead of 2", counted(pair.len(), "value"));
                page.error(value.span(), format!("`{key}` holds pairs."), label, "Write [before, after], both as strings.");
                continue;
            };
            if let (Some(before), Some(after)) = (string(page, key, before), string(page, key, after)) {
                pairs.push((before, after, value.span()));
            }
        }
        pairs
    }

    /// A table within the table.
    pub(super) fn table(&self, page: &mut FileDiagnostics<'_>, key: &str, keys: &[&str]) -> Option<Self> {
        let value = self.table.get(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            page.error(value.span(), format!("`{key}` is a table."), kind(value), format!("Write {key} = {{ … = … }}."));
            return None;
        };
        Some(Self::known(page, table, value.span(), keys))
    }

    /// The tables under `[[key]]`, in their order; none if the key is absent.
    pub(super) fn tables(&self, page: &mut FileDiagnostics<'_>, key: &str, keys: &[&str]) -> Vec<Self> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let DeValue::Array(values) = value.get_ref() else {
            page.error(value.span(), format!("`{key}` is a list of tables."), kind(value), format!("Write [[{key}]] above each of them."));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in values {
            match value.get_ref() {
                DeValue::Table(table) => tables.push(Self::known(page, table, value.span(), keys)),
                _ => page.error(
                    value.span(),
                    format!("`{key}` is a list of tables."),
                    kind(value),
                    format!("Write [[{key}]] above each of them."),
                ),
            }
        }
        tables
    }

    /// The policies of a table whose keys are the given names.
    pub(super) fn policies<T: Copy>(&self, page: &mut FileDiagnostics<'_>, key: &str, names: &[(&str, T)]) -> Vec<(T, Policy)> {
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let Some(table) = self.table(page, key, &known) else { return Vec::new() };
        names.iter().filter_map(|(name, of)| Some((*of, table.choice(page, name, &POLICIES)?))).collect()
    }

    /// `zones`.
    pub(super) fn zones(&self, page: &mut FileDiagnostics<'_>) -> Vec<(Zone, Policy)> {
        let known = Zone::ALL.map(Zone::name);
        let Some(table) = self.table(page, "zones", &known) else { return Vec::new() };
        let mut zones = Vec::new();
        for zone in Zone::ALL.into_iter().filter(|zone| table.has(zone.name())) {
            if zone.is_protected() {
                let title = format!("The zone `{zone}` is protected.");
                page.error(
                    table.key_span(zone.name()),
                    title,
                    "nothing is ever changed there",
                    "Leave it out. Policies are for `quotation` and `field`.",
                );
            } else if let Some(policy) = table.choice(page, zone.name(), &POLICIES) {
                zones.push((zone, policy));
            }
        }
        zones
    }

    /// `only` or `not`.
    pub(super) fn scope(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Scope {
        let Some(table) = self.table(page, key, &keys::names(&keys::SCOPE)) else { return Scope::default() };
        if table.table.is_empty() {
            page.error(
                table.span.clone(),
                format!("`{key}` names nothing."),
                "",
                "Write { files = [\"news/**\"] }, { lang = \"en\" } or both.",
            );
        }
        Scope { files: table.globs(page, "files"), lang: table.langs(page, "lang") }
    }

    /// A quote style.
    pub(super) fn style(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Option<Style> {
        self.choice(page, key, &Style::ALL.map(|style| (style.name(), style)))
    }

    /// A language tag.
    pub(super) fn lang(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Option<String> {
        let text = self.text(page, key)?;
        language_tag(page, text)
    }

    /// A language tag, or a list of them.
    fn langs(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Vec<String> {
        if self.is_empty_list(key) {
            page.error(self.key_span(key), format!("`{key}` names no language."), "", "Name some, or leave it out for all languages.");
        }
        match self.table.get(key).map(Spanned::get_ref) {
            Some(DeValue::Array(_)) => self.texts(page, key).into_iter().filter_map(|text| language_tag(page, text)).collect(),
            _ => self.lang(page, key).into_iter().collect(),
        }
    }

    /// A table of values by file name pattern, in the order of the file.
    pub(super) fn by_name<T: Declarable>(&self, page: &mut FileDiagnostics<'_>, key: &str) -> ByName<T> {
        let mut declared = ByName::default();
        let Some(value) = self.table.get(key) else { return declared };
        let DeValue::Table(table) = value.get_ref() else {
            page.error(value.span(), format!("`{key}` is a table."), kind(value), format!("Write {key} = {}.", T::EXAMPLE));
            return declared;
        };
        let mut lines: Vec<_> = table.iter().collect();
        lines.sort_by_key(|(pattern, _)| pattern.span().start);
        for (pattern, value) in lines {
            let Some(name) = string(page, pattern.get_ref(), value) else { continue };
            if let Err(error) = glob(pattern.get_ref()) {
                page.error(pattern.span(), BAD_GLOB, error.kind().to_string(), GLOB_HELP);
            } else if let Err(why) = declared.declare(Some(pattern.get_ref()), name.value) {
                page.error(name.span, why.to_string(), "", T::HELP);
            }
        }
        declared
    }

    fn globs(&self, page: &mut FileDiagnostics<'_>, key: &str) -> Option<Globs> {
        if !self.has(key) {
            return None;
        }
        if self.is_empty_list(key) {
            page.error(self.key_span(key), format!("`{key}` names no files."), "", "Name some, or leave it out for all files.");
        }
        let texts = self.texts(page, key);
        let mut set = globset::GlobSetBuilder::new();
        for text in &texts {
            match glob(text.value) {
                Ok(glob) => _ = set.add(glob),
                Err(error) => page.error(text.span.clone(), BAD_GLOB, error.kind().to_string(), GLOB_HELP),
            }
        }
        match set.build() {
            Ok(set) => Some(Globs { patterns: texts.iter().map(|text| text.value.to_owned()).collect(), set }),
            Err(error) => {
                page.error(
                    self.key_span(key),
                    "These file name patterns are too many or too large.",
                    error.kind().to_string(),
                    "Use fewer.",
                );
                None
            }
        }
    }

    fn list(&self, page: &mut FileDiagnostics<'_>, key: &str) -> &'d [Spanned<DeValue<'d>>] {
        let Some(value) = self.table.get(key) else { return &[] };
        let DeValue::Array(values) = value.get_ref() else {
            page.error(value.span(), format!("`{key}` is a list."), kind(value), format!("Write {key} = [ … ], with square brackets."));
            return &[];
        };
        values
    }
}

/// Finds the word among the options, or says which there are.
pub(super) fn choose<T: Copy>(page: &mut FileDiagnostics<'_>, key: &str, text: &SpannedText<'_>, options: &[(&str, T)]) -> Option<T> {
    let chosen = options.iter().find(|(name, _)| *name == text.value).map(|(_, option)| *option);
    if chosen.is_none() {
        let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
        let title = format!("`{key}` cannot be `{}`.", text.value);
        page.error(text.span.clone(), title, format!("known are {}", list(&names)), suggestion(text.value, &names));
    }
    chosen
}

fn suggestion(name: &str, known: &[&str]) -> String {
    nearest(name, known).map_or_else(|| "Write one of them.".to_owned(), |nearest| format!("Did you mean `{nearest}`?"))
}

fn string<'d>(page: &mut FileDiagnostics<'_>, key: &str, value: &'d Spanned<DeValue<'d>>) -> Option<SpannedText<'d>> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(SpannedText { value: text, span: value.span() });
    }
    page.error(value.span(), format!("`{key}` takes text."), kind(value), "Put it in quotes.");
    None
}

/// What a value is, as a label.
fn kind(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "this is a text",
        DeValue::Integer(_) | DeValue::Float(_) => "this is a number",
        DeValue::Boolean(_) => "this is true or false",
        DeValue::Datetime(_) => "this is a date",
        DeValue::Array(_) => "this is a list",
        DeValue::Table(_) => "this is a table",
    }
}

fn unknown_key_help(name: &str, keys: &[&str]) -> String {
    match name {
        "lang" | "files" if keys.contains(&"only") => format!("Write only = {{ {name} = … }}."),
        "replace" | "replacement" | "with" | "right" if keys.contains(&"becomes") => "Did you mean `becomes`?".to_owned(),
        "pattern" | "regex" | "match" if keys.contains(&"find") => "Did you mean `find`?".to_owned(),
        _ if keys == ["rule"] => {
            "A rule begins with [[rule]]; what holds for a whole table stands in a file of the table's name, beside its .tsv.".to_owned()
        }
        _ => did_you_mean(name, keys),
    }
}

/// "1 value", "2 values".
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

const BAD_GLOB: &str = "This file name pattern cannot be read.";
const GLOB_HELP: &str = "`*` stands for anything within a name, `**` for any folders, `?` for one character; [*] is the star itself.";

/// As in `.gitignore`: `*` stays within a folder, and a pattern without `/` fits in any folder.
///
/// # Errors
/// What cannot be read in the pattern.
pub fn glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    let anywhere = if pattern.contains('/') { pattern.to_owned() } else { format!("**/{pattern}") };
    globset::GlobBuilder::new(&anywhere).literal_separator(true).backslash_escape(true).build()
}

fn language_tag(page: &mut FileDiagnostics<'_>, text: SpannedText<'_>) -> Option<String> {
    if !is_language_tag(text.value) {
        let title = format!("`{}` is no language tag.", text.value);
        page.error(text.span, title, "", "Write a code of BCP 47 such as \"en\" or \"en-GB\".");
        return None;
    }
    Some(text.value.to_owned())
}

/// Whether a text is a language tag: two or three letters, then subtags of two to eight letters or
/// digits (the shape of BCP 47, not its registry).
pub fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && subtags.all(|subtag| (2..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_pattern_reads_as_in_gitignore() {
        let fits = |pattern: &str, name: &str| glob(pattern).expect("the test's pattern is valid").compile_matcher().is_match(name);
        assert!(fits("news/**", "news/a/b.txt") && !fits("news/**", "old/news/a.txt"));
        assert!(fits("*.txt", "a.txt") && fits("*.txt", "x/a.txt"));
        assert!(fits("news/*.txt", "news/a.txt") && !fits("news/*.txt", "news/x/a.txt"));
    }

    #[test]
    fn a_language_tag_has_its_shape() {
        assert!(["en", "en-GB", "zh-Hans-CN", "fil"].into_iter().all(is_language_tag));
        assert!(!["", "EN", "e", "english", "en_GB", "en-"].into_iter().any(is_language_tag));
    }
}
