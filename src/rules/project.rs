//! `emendo.toml`: what a project settles once.

use super::chain::cap_names;
use super::diagnostic::{Diagnostic, FileDiagnostics, did_you_mean};
use super::fields::{Fields, parse, policy_named};
use super::file_globs::{Encodings, Syntaxes};
use super::keys;
use super::{Caps, PassName, PassTable, Policy, Style, packs};

/// What an `emendo.toml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The profile; whether there is one of that name is [`super::Knowledge::profile`]'s to say.
    pub profile: Option<String>,
    /// The most that the passes may do.
    pub policy: Caps,
    /// Another `emendo.toml`, or its folder, relative to the file: what it says counts where this one says nothing.
    pub extends: Option<String>,
    /// The packs that are on; nothing means none.
    pub packs: Option<Vec<String>>,
    /// Folders of rules, relative to the file. Nothing means `rules`, if there is such a folder.
    pub rules: Option<Vec<String>>,
    /// The file of decisions, relative to the file. Nothing means `decisions.jsonl`, if there is such a file.
    pub decisions: Option<String>,
    /// The language of the documents; nothing means that it is detected.
    pub lang: Option<String>,
    /// How quotation marks and apostrophes are typed; nothing means straight.
    pub quotes: Option<Style>,
    /// The encodings of files that do not say theirs.
    pub encodings: Encodings,
    /// The syntaxes of files that their names do not tell.
    pub syntax: Syntaxes,
}

impl Project {
    /// This project where it says something, and else the other one. Folders and files of the other one are not taken over:
    /// they are relative to that.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        // What is said of all passes counts for each.
        let says = |pass: &Option<PassName>| self.policy.caps.iter().any(|(of, _)| of == pass);
        let others = other.policy.caps.into_iter().filter(|(pass, _)| !says(pass)).collect::<Vec<_>>();
        Self {
            profile: self.profile.or(other.profile),
            policy: Caps { caps: [others, self.policy.caps].concat() },
            packs: self.packs.or(other.packs),
            lang: self.lang.or(other.lang),
            quotes: self.quotes.or(other.quotes),
            encodings: self.encodings.or(other.encodings),
            syntax: self.syntax.or(other.syntax),
            ..self
        }
    }
}

/// Reads the text of an `emendo.toml`; `file` is its name for people.
///
/// # Errors
/// All that is wrong with it.
pub fn parse_project(file: &str, text: &str) -> Result<Project, Vec<Diagnostic>> {
    let mut page = FileDiagnostics::new(file, text.strip_prefix('\u{FEFF}').unwrap_or(text));
    let project = project(&mut page);
    let errors = page.into_errors();
    if errors.is_empty() { Ok(project) } else { Err(errors) }
}

/// Why the value of `--policy` cannot be read, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyOptionError {
    /// It names a pass that does not exist.
    #[error("There is no pass `{name}`. {}", did_you_mean(.name, &PassTable::SHIPPED.names()))]
    UnknownPass {
        /// The name.
        name: String,
    },
    /// It names a policy that does not exist.
    #[error("There is no policy `{name}`. Write `apply`, `ask` or `off`, or `typos=ask,names=off` for single passes.")]
    UnknownPolicy {
        /// The name.
        name: String,
    },
    /// It gives a pass, or all passes, two policies.
    #[error("The policy of `{pass}` is given twice. Give it once.")]
    GivenTwice {
        /// The name of the pass, or `all`.
        pass: String,
    },
}

/// Reads the value of `--policy`: `ask`, or `typos=ask,names=off`.
///
/// # Errors
/// When it names no pass or no policy, or names one pass twice.
pub fn parse_policy_option(value: &str) -> Result<Caps, PolicyOptionError> {
    let mut caps: Vec<(Option<PassName>, Policy)> = Vec::new();
    for part in value.split(',').map(str::trim) {
        let (name, policy) = part.split_once('=').map_or(("all", part), |(name, policy)| (name.trim(), policy.trim()));
        let names = cap_names(PassTable::SHIPPED);
        let Some((_, pass)) = names.iter().find(|(known, _)| *known == name) else {
            return Err(PolicyOptionError::UnknownPass { name: name.to_owned() });
        };
        let Some(policy) = policy_named(policy) else {
            return Err(PolicyOptionError::UnknownPolicy { name: policy.to_owned() });
        };
        if caps.iter().any(|(known, _)| known == pass) {
            return Err(PolicyOptionError::GivenTwice { pass: name.to_owned() });
        }
        caps.push((*pass, policy));
    }
    Ok(Caps { caps })
}

fn project(page: &mut FileDiagnostics<'_>) -> Project {
    let mut project = Project::default();
    let Some(document) = parse(page) else { return project };
    let fields = Fields::document(page, &document, &keys::names(&keys::PROJECT));
    if fields.has("extends")
        && let Some(extends) = fields.required(page, "extends", "Name another emendo.toml, such as \"../house/emendo.toml\".")
    {
        project.extends = Some(extends.value.to_owned());
    }
    if fields.has("packs") {
        let packs = fields.texts(page, "packs");
        if let Err(why) = packs::named(packs.iter().map(|pack| pack.value)) {
            page.error(fields.key_span("packs"), why.to_string(), "", "");
        }
        project.packs = Some(packs.into_iter().map(|pack| pack.value.to_owned()).collect());
    }
    project.profile = fields.text(page, "profile").map(|profile| profile.value.to_owned());
    project.policy = policy(page, &fields);
    if fields.has("rules") {
        project.rules = Some(fields.texts(page, "rules").into_iter().map(|dir| dir.value.to_owned()).collect());
    }
    if fields.has("decisions")
        && let Some(decisions) = fields.required(page, "decisions", "Name a file, or leave the line out for \"decisions.jsonl\".")
    {
        project.decisions = Some(decisions.value.to_owned());
    }
    project.lang = fields.lang(page, "lang");
    project.quotes = fields.style(page, "quotes");
    project.encodings = fields.by_name(page, "encodings");
    project.syntax = fields.by_name(page, "syntax");
    project
}

/// One policy for all passes, or a table by pass.
fn policy(page: &mut FileDiagnostics<'_>, fields: &Fields<'_>) -> Caps {
    if fields.is_table("policy") {
        return Caps { caps: fields.policies(page, "policy", &cap_names(PassTable::SHIPPED)) };
    }
    Caps { caps: fields.policy(page).map(|policy| (None, policy)).into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_settles_nothing() {
        assert_eq!(parse_project("emendo.toml", ""), Ok(Project::default()));
    }

    #[test]
    fn a_project_is_read_with_all_it_says() {
        let text = "extends = \"../house\"\npacks = [\"english\"]\nprofile = \"train\"\npolicy = { typos = \"ask\" }\nrules = [\"a\", \"../b\"]\ndecisions = \"d.jsonl\"\nlang = \"de\"\nquotes = \"typographic\"\nencodings = { \"old/**\" = \"latin1\" }\nsyntax = { \"**\" = \"html\" }\n";
        let mut encodings = Encodings::default();
        encodings.parse_option("old/**=windows-1252").expect("it is known");
        let mut syntax = Syntaxes::default();
        syntax.parse_option("**=html").expect("it is known");
        let expected = Project {
            profile: Some("train".into()),
            policy: Caps { caps: vec![(Some(PassName::TYPOS), Policy::Ask)] },
            rules: Some(vec!["a".into(), "../b".into()]),
            decisions: Some("d.jsonl".into()),
            lang: Some("de".into()),
            quotes: Some(Style::Typographic),
            extends: Some("../house".into()),
            packs: Some(vec!["english".into()]),
            encodings,
            syntax,
        };
        assert_eq!(parse_project("emendo.toml", text), Ok(expected));
        assert_eq!(parse_project("emendo.toml", "policy = \"ask\"").map(|project| project.policy.caps), Ok(vec![(None, Policy::Ask)]));
    }

    #[test]
    fn a_project_counts_before_the_one_it_extends() {
        let read = |text: &str| parse_project("emendo.toml", text).expect("it is a project");
        let house = read(
            "profile = \"train\"\nlang = \"de\"\npacks = [\"english\"]\npolicy = { typos = \"ask\", names = \"off\" }\nrules = [\"a\"]\n",
        );
        let own = read("lang = \"en\"\npacks = []\npolicy = { typos = \"apply\" }\n").or(house);
        assert_eq!((own.profile.as_deref(), own.lang.as_deref(), own.packs, own.rules), (Some("train"), Some("en"), Some(vec![]), None));
        assert_eq!(own.policy.caps, [(Some(PassName::NAMES), Policy::Off), (Some(PassName::TYPOS), Policy::Apply)]);
    }

    #[test]
    fn a_policy_option_is_one_policy_or_one_for_each_pass() {
        let caps = |value| parse_policy_option(value).map(|caps| caps.caps);
        assert_eq!(caps("ask"), Ok(vec![(None, Policy::Ask)]));
        assert_eq!(caps("typos=ask, names=off"), Ok(vec![(Some(PassName::TYPOS), Policy::Ask), (Some(PassName::NAMES), Policy::Off)]));
        let error = caps("typo=ask").expect_err("there is no such pass");
        assert_eq!(error.to_string(), "There is no pass `typo`. Did you mean `typos`?");
        assert_eq!(caps("typos=maybe"), Err(PolicyOptionError::UnknownPolicy { name: "maybe".into() }));
        assert_eq!(caps("typos=ask,typos=off"), Err(PolicyOptionError::GivenTwice { pass: "typos".into() }));
        assert!(caps("").is_err() && caps("ask,apply").is_err());
    }
}
