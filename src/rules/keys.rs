//! The keys of the files that people write: the loader refuses all others, and the schemas are made of them.

/// A key, what it takes and what it is for.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) is_required: bool,
    /// For people: an editor shows it beside the key.
    pub(super) about: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy)]
pub(super) enum Takes {
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

const fn key(name: &'static str, takes: Takes, about: &'static str) -> Key {
    Key { name, takes, is_required: false, about }
}

const fn required(name: &'static str, takes: Takes, about: &'static str) -> Key {
    Key { name, takes, is_required: true, about }
}

const POLICY: &str = "What it does where it finds something: `apply`, `ask` for a decision, or `off`.";
const ZONES: &str = "Where the policy differs: in a `quotation`, or in a `field` such as the title.";
const ONLY: &str = "The only documents in which it is run, by file name and language.";
const NOT: &str = "The documents in which it is not run, by file name and language.";

/// A file of rules.
pub(super) const RULES: [Key; 1] = [key("rule", Takes::Tables(&RULE), "A rule. Its folder says which pass runs it.")];

/// A rule.
pub(super) const RULE: [Key; 15] = [
    required("id", Takes::Id, "Names what is wrong, in kebab-case, such as `double-prime`. The full id has the pass before it."),
    key(
        "find",
        Takes::Pattern,
        "A regular expression, in single quotes. It sees one paragraph; `^` and `$` are the ends of a line. The syntax is that of Rust's regex crate.",
    ),
    key("becomes", Takes::Text, "What becomes of it: `${1}` is the first group, `$$` a dollar sign. Left out or empty, it is deleted."),
    key("chars", Takes::CodePoints, "Code points to find: `U+200B`, or a range `U+2060..U+2064`."),
    key("keep-in", Takes::Texts, "With `chars`: contexts of the pass in which they stay, such as `emoji`."),
    key(
        "mark",
        Takes::Said,
        "In quotes/: what a quotation mark does, such as `opening-double` or `apostrophe`; `becomes` is how it is printed.",
    ),
    key("built-in", Takes::Said, "A behaviour that the pass knows, by name: restate a shipped one to change its policy."),
    key("style", Takes::Style, "The only quote style in which it is run."),
    key("policy", Takes::Policy, POLICY),
    key("zones", Takes::Zones, ZONES),
    key("only", Takes::Scope, ONLY),
    key("not", Takes::Scope, NOT),
    required("why", Takes::Said, "The sentence that a reviewer reads beside its changes."),
    required(
        "examples",
        Takes::Pairs,
        "What it changes: pairs of a text before and after. They are proven each time the rules are loaded.",
    ),
    key("keeps", Takes::Texts, "Texts that it must leave as they are."),
];

/// `only` and `not`.
pub(super) const SCOPE: [Key; 2] = [
    key("files", Takes::Globs, "File name patterns as in .gitignore, such as `news/**`."),
    key("lang", Takes::Langs, "Languages of documents, as tags of BCP 47 such as `en`, which stands for `en-GB` too."),
];

/// `NAME.toml` beside a table: what it says for all rows.
pub(super) const TABLE: [Key; 9] = [
    key("why", Takes::Text, "The sentence that a reviewer reads beside the changes of a row that has no `why` of its own."),
    key("policy", Takes::Policy, POLICY),
    key("zones", Takes::Zones, ZONES),
    key(
        "case",
        Takes::Choice(&["copy", "force", "exact"]),
        "In typos/: what happens to capitals. `copy` takes those of the found word, `force` those of `right`, `exact` finds the word only as it is written.",
    ),
    key(
        "trust",
        Takes::Choice(&["full", "cautious"]),
        "In typos/: how far the rows are vouched for. `cautious` is for lists that know no text: their rows ask wherever the text gives a reason.",
    ),
    key(
        "kind",
        Takes::Choice(&["person", "other"]),
        "In names/: whose names these are. Once a person was named in full, what follows the given name is put right alone too.",
    ),
    key("lang", Takes::Lang, "The language of the documents in which the rows are run, as a tag of BCP 47 such as `en`."),
    key("only", Takes::Scope, ONLY),
    key("not", Takes::Scope, NOT),
];

/// `chain.toml`.
pub(super) const CHAIN: [Key; 2] = [
    required("pass", Takes::Tables(&PASS), "A pass. They run in the order in which they stand here."),
    key("zones", Takes::Zones, "What all passes do in single zones, where nothing says otherwise."),
];

/// A pass of the chain.
pub(super) const PASS: [Key; 4] = [
    required("name", Takes::Pass, "The name of the pass."),
    required("why", Takes::Said, "Why the pass stands at this place of the chain."),
    key("zones", Takes::Zones, "What this pass does in single zones, where no rule says otherwise."),
    key("policy", Takes::Policy, "The most that the pass may do where no profile, emendo.toml or --policy names it."),
];

/// `profiles.toml`.
pub(super) const PROFILES: [Key; 1] = [key("profile", Takes::Tables(&PROFILE), "A set of policies that --profile names.")];

/// A profile.
pub(super) const PROFILE: [Key; 4] = [
    required("name", Takes::Said, "The name that --profile takes."),
    required("why", Takes::Said, "What the profile is for."),
    key("caps", Takes::Caps, "The most that the passes may do, by name, or `all` of them."),
    key("accepts", Takes::Choice(&["anybody", "named"]), "Whose acceptances count: `anybody`'s, or only those that say whose they are."),
];

/// `emendo.toml`.
pub(super) const PROJECT: [Key; 10] = [
    key(
        "extends",
        Takes::Said,
        "Another emendo.toml, or its folder: what it says counts where this file says nothing, and its rules come before these.",
    ),
    key(
        "profile",
        Takes::Text,
        "What passes may do: `news`, `ocr` (scanned text), `train` (wording stays), `evidence` (all asks), or a profile of your own.",
    ),
    key(
        "policy",
        Takes::PolicyOrCaps,
        "The most that passes may do: one policy for all, or policies by pass. Of several caps the lowest counts.",
    ),
    key(
        "packs",
        Takes::Packs,
        "Lists of words that are on: `english` (misspellings), and one of `american`, `british`, `oxford` (spelling).",
    ),
    key("rules", Takes::Texts, "Folders of rules beside this file. Left out: `rules`, if there is such a folder."),
    key("decisions", Takes::Said, "The file of decisions beside this file. Left out: `decisions.jsonl`, if there is one."),
    key(
        "lang",
        Takes::Lang,
        "The language of the documents, as a tag of BCP 47. Left out: English, and paragraphs that are surely in another language are told apart.",
    ),
    key("quotes", Takes::Style, "How quotation marks and apostrophes are typed: `straight`, or `typographic` as books are printed."),
    key("encodings", Takes::Encodings, "Encodings of files that are not UTF-8, by file name pattern; the first that fits counts."),
    key(
        "syntax",
        Takes::Syntaxes,
        "How texts are marked up, by file name pattern: `plain`, `markdown` or `html`. Left out: the end of the name tells.",
    ),
];
