//! The rules that come with emendo, embedded.

macro_rules! embed {
    ($($path:literal,)*) => {
        &[$(($path, include_str!(concat!("../../rules/", $path))),)*]
    };
}

/// One line for each file under `rules/`, sorted; a test says which line is missing.
#[rustfmt::skip]
static FILES: &[(&str, &str)] = embed![
    "boilerplate/read-more.toml",
    "chain.toml",
    "dashes/double-hyphen.toml",
    "envelopes/articles.toml",
    "envelopes/dated.toml",
    "mojibake/asks.toml",
    "mojibake/wrong-encoding.toml",
    "names/people.toml",
    "names/people.tsv",
    "names/places.toml",
    "names/places.tsv",
    "names/spellings.toml",
    "names/spellings.tsv",
    "ocr/pages.toml",
    "profiles.toml",
    "quotes/curly.toml",
    "quotes/misplaced.toml",
    "quotes/scare.toml",
    "quotes/typographic.toml",
    "spaces/spaces.toml",
    "typos/doubled-words.toml",
    "typos/doubled-words.tsv",
    "typos/misspellings.toml",
    "typos/misspellings.tsv",
    "typos/recurring.toml",
    "typos/recurring.tsv",
    "unicode/bidi.toml",
    "unicode/composition.toml",
    "unicode/control.toml",
    "unicode/fillers.toml",
    "unicode/hidden.toml",
    "unicode/notation.toml",
    "unicode/selectors.toml",
    "unicode/zero-width.toml",
];

/// The files under `rules/`: path in that folder, with `/`, and text. Sorted by path.
pub fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn on_disk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("the repository has this folder") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                // Packs are off unless they are named: see `packs`.
                if path != root.join("packs") {
                    on_disk(&path, root, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "tsv") {
                let relative = path.strip_prefix(root).expect("the walk started there");
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }

    #[test]
    fn every_file_under_rules_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut found = Vec::new();
        on_disk(&root, &root, &mut found);
        found.sort();
        let listed: Vec<&str> = files().iter().map(|(path, _)| *path).collect();
        let lines: Vec<String> = found.iter().map(|path| format!("    \"{path}\",")).collect();
        assert!(listed == found, "src/rules/shipped.rs should list:\n{}", lines.join("\n"));
    }

    #[test]
    fn the_shipped_rules_have_no_errors() {
        let errors = crate::rules::load(true, &[]).err().unwrap_or_default();
        let errors: Vec<String> = errors.iter().map(|error| error.render(false)).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n\n"));
    }
}
