//! The keys of the files that people write: the loader refuses all others, and the schemas are made of them.

/// A key, what it takes and what it is for.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) takes: ValueType,
    pub(super) is_required: bool,
    /// For people: an editor shows it beside the key.
    pub(super) about: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy)]
pub(super) enum ValueType {
    /// Any text.
    Text,
    /// A text that is not blank.
    Said,
    /// A text of at least one character.
    Pattern,
    /// A name in kebab-case.
    Id,
    /// A list of texts.
    Texts,
    /// A list of names of packs.
    Packs,
    /// A list of code points, `U+200B`, and ranges of them.
    CodePoints,
    /// A list of pairs of texts, one at least.
    Pairs,
    /// `apply`, `ask` or `off`.
    Policy,
    /// Policies by zone.
    Zones,
    /// Policies by pass.
    Caps,
    /// A policy, or policies by pass.
    PolicyOrCaps,
    /// Files and languages.
    Scope,
    /// File name patterns, one at least.
    Globs,
    /// A language tag.
    Lang,
    /// A language tag, or a list of them.
    Langs,
    /// A quote style.
    Style,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The name of a pass.
    Pass,
    /// Names of encodings by file name pattern.
    Encodings,
    /// Names of syntaxes by file name pattern.
    Syntaxes,
    /// `[[key]]` after `[[key]]`.
    Tables(&'static [Key]),
}

/// The names of the keys.
pub(super) fn names(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().map(|key| key.name).collect()
}

const fn key(name: &'static str, takes: ValueType, about: &'static str) -> Key {
    Key { name, takes, is_required: false, about }
}

const fn required(name: &'static str, takes: ValueType, about: &'static str) -> Key {
    Key { name, takes, is_required: true, about }
}

const POLICY: &str = "What it does where it finds something: `apply`, `ask` for a decision, or `off`.";
const ZONES: &str = "Where the policy differs: in a `quotation`, or in a `field` such as the title.";
const ONLY: &str = "The only documents in which it is run, by file name and language.";
const NOT: &str = "The documents in which it is not run, by file name and language.";

/// A file of rules.
pub(super) const RULES: [Key; 1] = [key("rule", ValueType::Tables(&RULE), "A rule. Its folder says which pass runs it.")];

/// A rule.
pub(super) const RULE: [Key; 15] = [
    required("id", ValueType::Id, "Names what is wrong, in kebab-case, such as `double-prime`. The full id has the pass before it."),
    key(
        "find",
        ValueType::Pattern,
        "A regular expression, in single quotes. It sees one paragraph; `^` and `$` are the ends of a line. The syntax is that of Rust's regex crate.",
    ),
    key("becomes", ValueType::Text, "What becomes of it: `${1}` is the first group, `$$` a dollar sign. Left out or empty, it is deleted."),
    key("chars", ValueType::CodePoints, "Code points to find: `U+200B`, or a range `U+2060..U+2064`."),
    key("keep-in", ValueType::Texts, "With `chars`: contexts of the pass in which they stay, such as `emoji`."),
    key(
        "mark",
        ValueType::Said,
        "In quotes/: what a quotation mark does, such as `opening-double` or `apostrophe`; `becomes` is how it is printed.",
    ),
    key("built-in", ValueType::Said, "A behaviour that the pass knows, by name: restate a shipped one to change its policy."),
    key("style", ValueType::Style, "The only quote style in which it is run."),
    key("policy", ValueType::Policy, POLICY),
    key("zones", ValueType::Zones, ZONES),
    key("only", ValueType::Scope, ONLY),
    key("not", ValueType::Scope, NOT),
    required("why", ValueType::Said, "The sentence that a reviewer reads beside its changes."),
    required(
        "examples",
        ValueType::Pairs,
        "What it changes: pairs of a text before and after. They are proven each time the rules are loaded.",
    ),
    key("keeps", ValueType::Texts, "Texts that it must leave as they are."),
];

/// `only` and `not`.
pub(super) const SCOPE: [Key; 2] = [
    key("files", ValueType::Globs, "File name patterns as in .gitignore, such as `news/**`."),
    key("lang", ValueType::Langs, "Languages of documents, as tags of BCP 47 such as `en`, which stands for `en-GB` too."),
];

/// `NAME.toml` beside a table: what it says for all rows.
pub(super) const TABLE: [Key; 9] = [
    key("why", ValueType::Text, "The sentence that a reviewer reads beside the changes of a row that has no `why` of its own."),
    key("policy", ValueType::Policy, POLICY),
    key("zones", ValueType::Zones, ZONES),
    key(
        "case",
        ValueType::Choice(&["copy", "force", "exact"]),
        "In typos/: what happens to capitals. `copy` takes those of the found word, `force` those of `right`, `exact` finds the word only as it is written.",
    ),
    key(
        "trust",
        ValueType::Choice(&["full", "cautious"]),
        "In typos/: how far the rows are vouched for. `cautious` is for lists that know no text: their rows ask wherever the text gives a reason.",
    ),
    key(
        "kind",
        ValueType::Choice(&["person", "other"]),
        "In names/: whose names these are. Once a person was named in full, what follows the given name is put right alone too.",
    ),
    key("lang", ValueType::Lang, "The language of the documents in which the rows are run, as a tag of BCP 47 such as `en`."),
    key("only", ValueType::Scope, ONLY),
    key("not", ValueType::Scope, NOT),
];

/// `chain.toml`.
pub(super) const CHAIN: [Key; 2] = [
    required("pass", ValueType::Tables(&PASS), "A pass. They run in the order in which they stand here."),
    key("zones", ValueType::Zones, "What all passes do in single zones, where nothing says otherwise."),
];

/// A pass of the chain.
pub(super) const PASS: [Key; 4] = [
    required("name", ValueType::Pass, "The name of the pass."),
    required("why", ValueType::Said, "Why the pass stands at this place of the chain."),
    key("zones", ValueType::Zones, "What this pass does in single zones, where no rule says otherwise."),
    key("policy", ValueType::Policy, "The most that the pass may do where no profile, emendo.toml or --policy names it."),
];

/// `profiles.toml`.
pub(super) const PROFILES: [Key; 1] = [key("profile", ValueType::Tables(&PROFILE), "A set of policies that --profile names.")];

/// A profile.
pub(super) const PROFILE: [Key; 4] = [
    required("name", ValueType::Said, "The name that --profile takes."),
    required("why", ValueType::Said, "What the profile is for."),
    key("caps", ValueType::Caps, "The most that the passes may do, by name, or `all` of them."),
    key(
        "accepts",
        ValueType::Choice(&["anybody", "named"]),
        "Whose acceptances count: `anybody`'s, or only those that say whose they are.",
    ),
];

/// `emendo.toml`.
pub(super) const PROJECT: [Key; 10] = [
    key(
        "extends",
        ValueType::Said,
        "Another emendo.toml, or its folder: what it says counts where this file says nothing, and its rules come before these.",
    ),
    key(
        "profile",
        ValueType::Text,
        "What passes may do: `news`, `ocr` (scanned text), `train` (wording stays), `evidence` (all asks), or a profile of your own.",
    ),
    key(
        "policy",
        ValueType::PolicyOrCaps,
        "The most that passes may do: one policy for all, or policies by pass. Of several caps the lowest counts.",
    ),
    key(
        "packs",
        ValueType::Packs,
        "Lists of words that are on: `english` (misspellings), and one of `american`, `british`, `oxford` (spelling).",
    ),
    key("rules", ValueType::Texts, "Folders of rules beside this file. Left out: `rules`, if there is such a folder."),
    key("decisions", ValueType::Said, "The file of decisions beside this file. Left out: `decisions.jsonl`, if there is one."),
    key(
        "lang",
        ValueType::Lang,
        "The language of the documents, as a tag of BCP 47. Left out: English, and paragraphs that are surely in another language are told apart.",
    ),
    key("quotes", ValueType::Style, "How quotation marks and apostrophes are typed: `straight`, or `typographic` as books are printed."),
    key("encodings", ValueType::Encodings, "Encodings of files that are not UTF-8, by file name pattern; the first that fits counts."),
    key(
        "syntax",
        ValueType::Syntaxes,
        "How texts are marked up, by file name pattern: `plain`, `markdown` or `html`. Left out: the end of the name tells.",
    ),
];
