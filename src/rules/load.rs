//! From folders of rule files to what a run knows.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::chain::{self, Profile};
use super::diagnostic::{Diagnostic, FileDiagnostics, did_you_mean, list, nearest};
use super::packs;
use super::rule_file::{self, Spots, Written};
use super::table;
use super::{ChainPlan, Find, PassName, PassTable, Rule, RuleSet, shipped};
use crate::edit::RuleNumber;

/// A folder of rules, already read.
#[derive(Clone, Debug, Default)]
pub struct RuleDir {
    /// As the user named it.
    pub name: String,
    /// Path in the folder, with `/`, and text. In any order.
    pub files: Vec<(String, String)>,
    /// Whether it is one of the packs that come with emendo: all other rules come before its own.
    pub is_pack: bool,
}

/// What a run knows.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// All rules, in order.
    pub rules: RuleSet,
    /// The order of the passes.
    pub chain: ChainPlan,
    /// What `--profile` may name.
    pub profiles: Vec<Profile>,
    /// The formats that sources may be in, sorted by name.
    pub envelopes: Vec<EnvelopeFile>,
    /// A BLAKE3 digest of all files that were read, in hexadecimal: the same for the same files,
    /// wherever they lie.
    pub digest: String,
    /// The folders, in the order in which they were read.
    pub used: Vec<Used>,
    #[expect(clippy::vec_box, reason = "they come in boxes from the tables")]
    spots: Vec<Box<Spots>>,
}

/// A file that describes an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeFile {
    /// The file, as the user named its folder, or `rules/…` for a shipped one.
    pub file: Arc<str>,
    /// What it says.
    pub text: String,
}

/// A folder that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// As the user named it, or `shipped`.
    pub place: String,
    /// A digest of its files, in hexadecimal.
    pub digest: String,
    /// How many rules of the run come from it; one that another folder replaced is not counted.
    pub rules: usize,
}

/// A part of a rule, to point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSpot {
    /// Its id, or its word in a table.
    Id,
    /// What it finds: the pattern, the code points, the built-in behaviour, the word.
    Find,
    /// The context with that number in `keep-in`.
    KeepIn(usize),
    /// The example with that number.
    Example(usize),
    /// The text with that number in `keeps`.
    Keep(usize),
}

impl Knowledge {
    /// An error that points at a part of a rule.
    pub fn diagnostic(&self, rule: RuleNumber, spot: RuleSpot, title: impl Into<String>) -> Diagnostic {
        let spots = &self.spots[rule.0 as usize];
        let span = match spot {
            RuleSpot::Id => None,
            RuleSpot::Find => Some(&spots.find),
            RuleSpot::KeepIn(number) => spots.keep_in.get(number),
            RuleSpot::Example(number) => spots.examples.get(number),
            RuleSpot::Keep(number) => spots.keeps.get(number),
        };
        Diagnostic::at(&self.rules.get(rule).origin.file, &spots.text, span.unwrap_or(&spots.id).clone(), title)
    }

    /// The same for a part of what it finds, in bytes of that.
    pub fn diagnostic_in(&self, rule: RuleNumber, spot: RuleSpot, part: std::ops::Range<usize>, title: impl Into<String>) -> Diagnostic {
        let (found, spots) = (self.get_find(rule), &self.spots[rule.0 as usize]);
        let quoted = &spots.text[spots.find.clone()];
        match quoted.find(found).filter(|_| spot == RuleSpot::Find) {
            Some(at) if !found.is_empty() => {
                let start = spots.find.start + at;
                Diagnostic::at(&self.rules.get(rule).origin.file, &spots.text, start + part.start..start + part.end, title)
            }
            // Escapes hide the part.
            _ => self.diagnostic(rule, spot, title),
        }
    }

    fn get_find(&self, rule: RuleNumber) -> &str {
        if let Find::Pattern { find, .. } = &self.rules.get(rule).find { find.as_str() } else { "" }
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// When there is none. The error names the nearest one, or all.
    pub fn profile(&self, name: &str) -> Result<&Profile, UnknownProfile> {
        let found = self.profiles.iter().find(|profile| profile.name == name);
        let known = || self.profiles.iter().map(|profile| profile.name.clone()).collect();
        found.ok_or_else(|| UnknownProfile { name: name.to_owned(), known: known() })
    }
}

/// There is no profile of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no profile `{name}`. {}", did_you_mean(.name, &.known.iter().map(|known| &**known).collect::<Vec<&str>>()))]
pub struct UnknownProfile {
    /// The name.
    pub name: String,
    /// The names of all profiles, in the order of their file.
    pub known: Vec<String>,
}

/// Reads the shipped rules, if asked for, and then those of the folders.
///
/// A rule, or a row of a table, with the id of an earlier folder's takes its place, and so does a row about
/// the same word or name; of others that find the same, those of the later folder come first. Likewise a `chain.toml`, a `profiles.toml`, and an envelope of the same name. Without the shipped rules
/// their chain and profiles are still there to be replaced.
///
/// # Errors
/// All errors of all files.
pub fn load(shipped: bool, dirs: &[RuleDir]) -> Result<Knowledge, Vec<Diagnostic>> {
    load_for(PassTable::SHIPPED, shipped, dirs)
}

/// Reads rules as [`load`] does, for these passes: a program may add its own to those that come with emendo.
///
/// # Errors
/// All errors of all files.
pub fn load_for(passes: PassTable<'_>, shipped: bool, dirs: &[RuleDir]) -> Result<Knowledge, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut layers = vec![shipped_layer(passes, shipped, &mut errors)];
    layers.extend(dirs.iter().map(|dir| dir_layer(passes, dir, &mut errors)));
    let knowledge = merge(layers, shipped);
    if errors.is_empty() { Ok(knowledge) } else { Err(errors) }
}

/// What emendo knows by itself.
///
/// # Panics
/// Never: the tests prove that the shipped rules have no errors.
pub fn load_shipped() -> Knowledge {
    load(true, &[]).expect("the tests prove that the shipped rules have no errors")
}

/// What one folder says.
#[derive(Default)]
struct Layer {
    place: String,
    is_pack: bool,
    digest: String,
    rules: Vec<Written>,
    chain: Option<ChainPlan>,
    profiles: Option<Vec<Profile>>,
    envelopes: Vec<(String, EnvelopeFile)>,
}

/// A file that says something: its path in the folder, its name for people, its text.
struct File<'a> {
    path: &'a str,
    name: String,
    text: &'a str,
}

fn shipped_layer(passes: PassTable<'_>, all: bool, errors: &mut Vec<Diagnostic>) -> Layer {
    let files = shipped::files().iter().filter(|(path, _)| all || ["chain.toml", "profiles.toml"].contains(path));
    let files = files.map(|(path, text)| File { path, name: format!("rules/{path}"), text }).collect();
    layer(passes, "shipped", files, true, errors)
}

fn dir_layer(passes: PassTable<'_>, dir: &RuleDir, errors: &mut Vec<Diagnostic>) -> Layer {
    let folder = dir.name.trim_end_matches('/');
    let files = dir.files.iter().map(|(path, text)| File { path, name: format!("{folder}/{path}"), text });
    let layer = layer(passes, &dir.name, files.collect(), dir.is_pack, errors);
    Layer { is_pack: dir.is_pack, ..layer }
}

/// Whether a file of a rule folder is to be read, by its path in the folder.
///
/// A note, a licence or a hidden file is not; a `.csv` is, to be told that it should be a `.tsv`.
pub fn is_rule_file(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    matches!(&*extension, "toml" | "tsv" | "csv") && !path.split('/').any(|name| name.starts_with('.'))
}

fn layer(passes: PassTable<'_>, place: &str, mut files: Vec<File<'_>>, shipped: bool, errors: &mut Vec<Diagnostic>) -> Layer {
    files.retain(|file| is_rule_file(file.path));
    files.sort_by(|a, b| a.path.cmp(b.path));
    let mut layer = Layer { place: place.to_owned(), digest: digest_of(&files), ..Layer::default() };
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path).collect();
    let defaults = table_defaults(passes, &files, &paths, errors);
    let texts: HashMap<&str, Arc<str>> =
        files.iter().filter(|file| defaults.contains_key(file.path)).map(|file| (file.path, file.text.into())).collect();
    for file in files.iter().filter(|file| !defaults.contains_key(file.path)) {
        let first = layer.rules.len();
        // A spreadsheet may begin its file with a byte order mark.
        let mut page = FileDiagnostics::new(&file.name, file.text.strip_prefix('\u{FEFF}').unwrap_or(file.text));
        match Role::of(passes, file.path) {
            Role::Chain => layer.chain = Some(chain::chain(&mut page, passes)),
            Role::Profiles => layer.profiles = Some(chain::profiles(&mut page, passes)),
            Role::Envelope(name) => {
                let envelope = EnvelopeFile { file: page.file.clone(), text: page.text.to_owned() };
                layer.envelopes.push((name.to_owned(), envelope));
            }
            Role::Rules(pass) => layer.rules.extend(rule_file::rules(&mut page, pass, shipped)),
            Role::Table(pass, name) => {
                let defaults = defaults.get(&*format!("{pass}/{name}.toml")).cloned().unwrap_or_default();
                let target = table::TableTarget { pass, name, shipped };
                match &pass.spec().table {
                    Some(spec) => layer.rules.extend(table::rules(&mut page, &target, spec, &defaults)),
                    None => table::refuse(&mut page, pass, passes),
                }
            }
            Role::Misplaced { title, help } => errors.push(Diagnostic::of_file(&page.file, title).help(help)),
        }
        let (path, beside) = (Arc::from(file.path), file.path.strip_suffix(".tsv").and_then(|stem| texts.get(&*format!("{stem}.toml"))));
        for written in &mut layer.rules[first..] {
            let origin = &mut written.rule.origin;
            (origin.path, origin.defaults) = (Arc::clone(&path), beside.cloned().unwrap_or_default());
        }
        errors.extend(page.into_errors());
    }
    errors.extend(same_ids(&layer.rules));
    layer
}

/// What a file is for: its folder says so, and its ending.
enum Role<'p> {
    Chain,
    Profiles,
    Envelope(&'p str),
    Rules(PassName),
    Table(PassName, &'p str),
    Misplaced { title: String, help: String },
}

impl<'p> Role<'p> {
    fn of(passes: PassTable<'_>, path: &'p str) -> Self {
        let Some((folder, rest)) = path.split_once('/') else {
            return match path {
                "chain.toml" => Role::Chain,
                "profiles.toml" => Role::Profiles,
                _ => Role::outside(passes, path),
            };
        };
        let Some((stem, extension)) = rest.rsplit_once('.') else { return Role::outside(passes, path) };
        match (passes.find(folder), extension) {
            (_, "csv") => Role::misplaced(
                "A table is tab-separated.",
                "Save it with tabs between the cells, in a file that ends in .tsv; quotation marks are part of a cell there.",
            ),
            (None, "toml") if folder == "envelopes" => Role::Envelope(stem),
            (Some(pass), "toml") => Role::Rules(pass),
            (Some(pass), "tsv") => Role::Table(pass, stem),
            (_, "toml" | "tsv") => Role::unknown_folder(passes, folder),
            _ => Role::misplaced("The ending of the file is not in small letters.", "Rename it to end in .toml or .tsv."),
        }
    }

    fn outside(passes: PassTable<'_>, path: &str) -> Self {
        const TITLE: &str = "The file lies in no pass's folder.";
        match nearest(path.trim_end_matches(".toml"), &["chain", "profiles"]) {
            Some(nearest) => Role::misplaced(TITLE, &format!("Did you mean `{nearest}.toml`?")),
            None => Role::misplaced(TITLE, &format!("Move it into the folder of its pass: {}.", list(&passes.names()))),
        }
    }

    fn unknown_folder(passes: PassTable<'_>, folder: &str) -> Self {
        let mut known = passes.names();
        known.push("envelopes");
        Role::misplaced(&format!("There is no pass `{folder}`."), &did_you_mean(folder, &known))
    }

    fn misplaced(title: &str, help: &str) -> Self {
        Role::Misplaced { title: title.to_owned(), help: help.to_owned() }
    }
}

/// The files `NAME.toml` that have a `NAME.tsv` beside them, and what they say.
fn table_defaults<'a>(
    passes: PassTable<'_>,
    files: &[File<'a>],
    paths: &BTreeSet<&str>,
    errors: &mut Vec<Diagnostic>,
) -> HashMap<&'a str, table::Defaults> {
    let mut found = HashMap::new();
    for file in files {
        let Role::Rules(pass) = Role::of(passes, file.path) else { continue };
        let Some(stem) = file.path.strip_suffix(".toml") else { continue };
        if paths.contains(&*format!("{stem}.tsv")) {
            let mut page = FileDiagnostics::new(&file.name, file.text.strip_prefix('\u{FEFF}').unwrap_or(file.text));
            found.insert(file.path, table::defaults(&mut page, pass));
            errors.extend(page.into_errors());
        }
    }
    found
}

fn same_ids(rules: &[Written]) -> Vec<Diagnostic> {
    let mut first: FxHashMap<&str, &Written> = FxHashMap::default();
    let mut errors = Vec::new();
    for written in rules {
        let (rule, spots) = (&written.rule, &written.spots);
        match first.get(&*rule.id) {
            Some(before) => {
                let label = format!("the first stands at {}:{}", before.rule.origin.file, before.rule.origin.line);
                let error =
                    Diagnostic::at(&rule.origin.file, &spots.text, spots.id.clone(), format!("Two rules have the id `{}`.", rule.id));
                errors.push(error.label(label).help("Rename one of them, or remove it."));
            }
            None => _ = first.insert(&rule.id, written),
        }
    }
    errors
}

/// A digest of paths and texts, each with its length before it so that no two folders can read alike.
fn digest_of(files: &[File<'_>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in files.iter().flat_map(|file| [file.path, file.text]) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Lays the folders over each other, the later over the earlier.
fn merge(layers: Vec<Layer>, shipped: bool) -> Knowledge {
    let mut places: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    let mut forms: FxHashMap<Form, SmallVec<[usize; 2]>> = FxHashMap::default();
    let mut rules: Vec<(usize, Written)> = Vec::new();
    let (mut chain, mut profiles, mut envelopes) = (ChainPlan::default(), Vec::new(), std::collections::BTreeMap::new());
    let mut hasher = blake3::Hasher::new();
    let mut used = Vec::new();
    let is_pack: Vec<bool> = layers.iter().map(|layer| layer.is_pack).collect();
    for (number, layer) in layers.into_iter().enumerate() {
        hasher.update(layer.digest.as_bytes());
        for written in layer.rules {
            let form = form(&written.rule);
            let alike = form.as_ref().and_then(|form| forms.get(form)).into_iter().flatten();
            let earlier = alike.copied().find(|place| rules[*place].0 < number && covers(&written.rule, &rules[*place].1.rule));
            if layer.is_pack && earlier.is_some() {
                continue;
            }
            let place = places.get(&written.rule.id).copied().or(earlier).unwrap_or(rules.len());
            places.insert(written.rule.id.clone(), place);
            if let Some(form) = form {
                forms.entry(form).or_default().push(place);
            }
            if place == rules.len() {
                rules.push((number, written));
            } else {
                rules[place] = (number, written);
            }
        }
        chain = layer.chain.unwrap_or(chain);
        profiles = layer.profiles.unwrap_or(profiles);
        envelopes.extend(layer.envelopes);
        used.push(Used { place: layer.place, digest: layer.digest, rules: 0 });
    }
    for (number, _) in &rules {
        used[*number].rules += 1;
    }
    if !shipped {
        used.remove(0);
    }
    // Of two rules that find the same the first counts: what a later folder says of some files only, for these.
    rules.sort_by_key(|(number, _)| (is_pack[*number], Reverse(*number)));
    write_in_dialect(&mut rules);
    let (rules, spots): (Vec<_>, _) = rules.into_iter().map(|(_, written)| (Arc::from(written.rule), written.spots)).unzip();
    Knowledge {
        rules: rules.into_iter().collect(),
        chain,
        profiles,
        envelopes: envelopes.into_values().collect(),
        digest: hasher.finalize().to_hex().to_string(),
        used,
        spots,
    }
}

/// Lets what comes with emendo correct words to those of the dialect that is on: with British spelling `organizaton` becomes
/// `organisation`, and not a word that is corrected once more.
fn write_in_dialect(rules: &mut [(usize, Written)]) {
    let is_of_dialect = |rule: &Rule| rule.origin.shipped && packs::is_of_dialect(&rule.id);
    let words = |(_, written): &(usize, Written)| match &written.rule.find {
        Find::Words { wrong, right, .. } if is_of_dialect(&written.rule) => Some((wrong.clone(), right.clone())),
        _ => None,
    };
    let dialect: FxHashMap<SmolStr, SmolStr> = rules.iter().filter_map(words).collect();
    for (_, Written { rule, .. }) in rules.iter_mut().filter(|(_, written)| !dialect.is_empty() && written.rule.origin.shipped) {
        let of_dialect = is_of_dialect(rule);
        let Rule { find: Find::Words { wrong, right, .. }, examples, .. } = &mut **rule else { continue };
        let Some(ours) = dialect.get(right).filter(|ours| !of_dialect && *ours != wrong) else { continue };
        for example in examples {
            example.after = example.after.replace(right.as_str(), ours).into();
        }
        *right = ours.clone();
    }
}

/// A word or name, and its pass.
type Form = (PassName, SmolStr);

/// The word or name that a rule is about: two with the same would be in each other's way.
fn form(rule: &Rule) -> Option<Form> {
    let (Find::Words { wrong: form, .. } | Find::Name { variant: form, .. }) = &rule.find else { return None };
    Some((rule.pass, form.clone()))
}

/// Whether the rule holds wherever the earlier one does.
fn covers(rule: &Rule, earlier: &Rule) -> bool {
    rule.only.files.is_none() && rule.not.is_empty() && (rule.only.lang.is_empty() || rule.only.lang == earlier.only.lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, becomes: &str) -> String {
        format!("[[rule]]\nid = \"{id}\"\nfind = 'x'\nbecomes = '{becomes}'\nwhy = \"w\"\nexamples = [['x', 'y']]\n")
    }

    fn dir(name: &str, files: &[(&str, &str)]) -> RuleDir {
        RuleDir {
            name: name.into(),
            files: files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect(),
            ..RuleDir::default()
        }
    }

    fn loaded(dirs: &[RuleDir]) -> Knowledge {
        let knowledge = load(false, dirs);
        knowledge.unwrap_or_else(|errors| panic!("{}", errors.iter().map(|error| error.render(false)).collect::<Vec<_>>().join("\n")))
    }

    fn ids(knowledge: &Knowledge) -> Vec<(String, String)> {
        knowledge.rules.iter().map(|(_, rule)| (rule.id.to_string(), rule.origin.file.to_string())).collect()
    }

    #[test]
    fn rules_stand_in_the_order_of_files_then_lines() {
        let b = [rule("b2", ""), rule("b1", "")].concat();
        let knowledge =
            loaded(&[dir("mine", &[("typos/b.toml", &b), ("quotes/z.toml", &rule("z", "")), ("typos/a.toml", &rule("a", ""))])]);
        let ids: Vec<_> = ids(&knowledge).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["quotes/z", "typos/a", "typos/b2", "typos/b1"]);
    }

    #[test]
    fn a_later_rule_of_the_same_id_takes_the_place_of_the_earlier() {
        let first = dir("first", &[("quotes/a.toml", &[rule("a", ""), rule("b", "")].concat())]);
        let second = dir("second/", &[("quotes/other.toml", &[rule("new", ""), rule("a", "y")].concat())]);
        let knowledge = loaded(&[first, second]);
        let expected =
            [("quotes/a", "second/quotes/other.toml"), ("quotes/new", "second/quotes/other.toml"), ("quotes/b", "first/quotes/a.toml")];
        assert_eq!(ids(&knowledge), expected.map(|(id, file)| (id.to_owned(), file.to_owned())));
        assert!(matches!(&knowledge.rules.get(RuleNumber(0)).find, Find::Pattern { becomes, .. } if becomes == "y"));
        assert_eq!(knowledge.used.iter().map(|used| used.rules).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_later_row_of_the_same_word_takes_the_place_of_the_earlier() {
        let table = |right: &str| format!("wrong\tright\twhy\nteh\t{right}\tw\n");
        let knowledge = loaded(&[dir("a", &[("typos/t.tsv", &table("the"))]), dir("b", &[("typos/t.tsv", &table("ten"))])]);
        assert!(matches!(&knowledge.rules.get(RuleNumber(0)).find, Find::Words { right, .. } if right == "ten"));
        assert_eq!(knowledge.rules.len(), 1);
    }

    #[test]
    fn a_later_row_about_the_same_word_counts_whatever_its_table() {
        let file = |folder: &str, path: &str, defaults: &str| {
            dir(folder, &[(&format!("{path}.tsv"), "wrong\tright\twhy\nteh\tthe\tw\n"), (&format!("{path}.toml"), defaults)])
        };
        let files = |second: &str| {
            let knowledge = loaded(&[file("a", "typos/first", ""), file("b", "typos/second", second)]);
            knowledge.rules.iter().map(|(_, rule)| rule.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(files(""), ["typos/second/teh"]);
        assert_eq!(files("only = { files = [\"x/**\"] }"), ["typos/second/teh", "typos/first/teh"], "elsewhere the first counts");
        assert_eq!(files("lang = \"de\""), ["typos/second/teh", "typos/first/teh"], "elsewhere the first counts");
    }

    #[test]
    fn a_later_chain_and_envelope_take_the_place_of_the_earlier() {
        let first = dir("a", &[("chain.toml", "pass = []"), ("envelopes/x.toml", "1"), ("envelopes/y.toml", "2")]);
        let second = dir("b", &[("chain.toml", "[[pass]]\nname = \"names\"\nwhy = \"w\""), ("envelopes/x.toml", "3")]);
        let knowledge = loaded(&[first, second]);
        assert_eq!(knowledge.chain.passes.iter().map(|pass| pass.name).collect::<Vec<_>>(), [PassName::NAMES]);
        let envelopes: Vec<_> = knowledge.envelopes.iter().map(|envelope| (&*envelope.file, &*envelope.text)).collect();
        assert_eq!(envelopes, [("b/envelopes/x.toml", "3"), ("a/envelopes/y.toml", "2")]);
    }

    #[test]
    fn a_table_takes_its_defaults_from_the_file_beside_it() {
        let files =
            [("typos/t.toml", "why = \"Why.\"\nlang = \"en\"\ncase = \"exact\"\n"), ("typos/t.tsv", "\u{FEFF}wrong\tright\nteh\tthe\n")];
        let knowledge = loaded(&[dir("a", &files)]);
        let rule = knowledge.rules.get(RuleNumber(0));
        assert_eq!((&*rule.id, &*rule.why, &rule.only.lang[..], rule.origin.line), ("typos/t/teh", "Why.", &["en".to_owned()][..], 2));
    }

    #[test]
    fn a_mistake_in_the_defaults_of_a_table_is_told_once() {
        let defaults = "why = \"w\"\nlang = \"en\"\nonly = { lang = \"de\" }\ncase = \"any\"\nrule = 1\n";
        let files = [("typos/t.toml", defaults), ("typos/t.tsv", "wrong\tright\nteh\tthe\n")];
        let errors = load(false, &[dir("a", &files)]).expect_err("the defaults are wrong");
        let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let expected = [
            "2:1: The language is stated twice.",
            "4:8: `case` cannot be `any`.",
            "5:1: This file holds the defaults of a table, not rules.",
        ];
        assert_eq!(shown, expected.map(|error| format!("a/typos/t.toml:{error}")));
    }

    #[test]
    fn the_digest_knows_the_files_and_not_their_folder_or_order() {
        let (a, b) = (("quotes/a.toml", &*rule("a", "")), ("quotes/b.toml", &*rule("b", "")));
        let digest = |name: &str, files: &[(&str, &str)]| loaded(&[dir(name, files)]).digest;
        let same = digest("x", &[a, b]);
        assert_eq!(same, digest("/tmp/y/", &[b, a, ("README.md", "no knowledge"), ("quotes/.a.toml.swp", "")]));
        assert_ne!(same, digest("x", &[a]));
        assert_ne!(same, digest("x", &[a, ("quotes/c.toml", b.1)]));
        assert_ne!(same, digest("x", &[a, ("quotes/b.toml", &rule("b", "y"))]));
    }

    #[test]
    fn the_shipped_chain_names_every_pass_once_in_order() {
        let knowledge = loaded(&[]);
        assert_eq!(knowledge.chain.passes.iter().map(|pass| pass.name).collect::<Vec<_>>(), PassName::ALL);
        assert!(knowledge.used.is_empty());
        assert_eq!(knowledge.profiles.iter().map(|profile| &*profile.name).collect::<Vec<_>>(), ["news", "ocr", "train", "evidence"]);
    }

    #[test]
    fn the_errors_of_all_files_are_told() {
        let errors = load(false, &[dir("a", &[("quotes/a.toml", "x = "), ("typos/b.toml", "y = 1\nz = 2")]), dir("b", &[("c.toml", "")])]);
        let places: Vec<String> = errors.expect_err("the files have errors").iter().map(ToString::to_string).collect();
        assert_eq!(places.len(), 4, "{places:?}");
        assert!(places[0].starts_with("a/quotes/a.toml:1") && places[3].starts_with("b/c.toml: "), "{places:?}");
    }

    #[test]
    fn an_error_of_a_later_check_points_into_the_file() {
        let knowledge = loaded(&[dir("a", &[("quotes/a.toml", &rule("a", ""))])]);
        let at = |spot| knowledge.diagnostic(RuleNumber(0), spot, "It fails.").to_string();
        assert_eq!(at(RuleSpot::Example(0)), "a/quotes/a.toml:6:13: It fails.");
        assert_eq!(at(RuleSpot::Find), "a/quotes/a.toml:3:8: It fails.");
        assert_eq!(at(RuleSpot::Keep(7)), "a/quotes/a.toml:2:6: It fails.");
    }

    proptest::proptest! {
        /// Files made of what rule files are made of, in an order that makes no sense.
        #[test]
        fn no_file_can_break_the_loader(pieces in proptest::collection::vec(0..PIECES.len(), 0..24), path in 0..PATHS.len(), cut in 0..400_usize) {
            let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
            let text: String = text.chars().take(cut).collect();
            for error in load(false, &[dir("a", &[(PATHS[path], &text)])]).err().unwrap_or_default() {
                let shown = error.render(false);
                proptest::prop_assert!(shown.chars().all(|c| c == '\n' || !crate::prose::is_unseen(c)), "{shown}");
            }
        }
    }

    const PATHS: [&str; 6] = ["quotes/a.toml", "typos/a.toml", "typos/a.tsv", "names/a.tsv", "chain.toml", "profiles.toml"];

    const PIECES: &[&str] = &[
        "[[rule]]\n",
        "[[pass]]\n",
        "[[profile]]\n",
        "id = ",
        "find = ",
        "becomes = ",
        "why = ",
        "examples = ",
        "chars = ",
        "zones = ",
        "only = ",
        "keeps = ",
        "name = ",
        "caps = ",
        "policy = ",
        "'a'",
        "'(é\\p{L})'",
        "'(?<=x'",
        "\"\\u001b[31m\"",
        "'''\n(?x)\n[″\n'''",
        "'$1x ${'",
        "[['a', 'b']]",
        "[\"U+200B..U+1\"]",
        "{ files = ['['], lang = 5 }",
        "{ quotation = 'ask' }",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\u{FEFF}",
        "\u{202E}",
        "\u{1B}[2J",
        "#",
        "\t",
        "\t",
        "wrong\tright\twhy\n",
        "canonical\tvariants\twhy\texample\n",
        "teh\tthe\tw\n",
        "A B\tA C|A|é\tw\tA C A\n",
        " ",
        "|",
        "  ",
        "é",
        "\u{0}",
    ];

    #[test]
    fn an_unknown_profile_names_the_nearest() {
        let knowledge = loaded(&[]);
        let error = knowledge.profile("evidense").expect_err("there is none");
        assert_eq!(error.to_string(), "There is no profile `evidense`. Did you mean `evidence`?");
        assert!(knowledge.profile("train").is_ok());
    }
}
