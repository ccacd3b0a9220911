//! `chain.toml` and `profiles.toml`: the order of the passes, and what a run allows.

use super::diagnostic::{FileDiagnostics, did_you_mean};
use super::fields::{Fields, parse};
use super::keys;
use super::{Caps, ChainPlan, PassName, PassPlan, PassTable, Policy};

/// A named set of caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// As `--profile` takes it.
    pub name: String,
    /// What it is for.
    pub why: String,
    /// The most that each pass may do.
    pub caps: Caps,
    /// Whether only acceptances count that say whose they are.
    pub wants_names: bool,
}

/// The passes by name, and `all` of them: the keys of caps.
pub(super) fn cap_names(passes: PassTable<'_>) -> Vec<(&'static str, Option<PassName>)> {
    let each = passes.iter().map(|pass| (pass.name(), Some(pass)));
    std::iter::once(("all", None)).chain(each).collect()
}

/// Reads `chain.toml`.
pub(super) fn chain(page: &mut FileDiagnostics<'_>, known: PassTable<'_>) -> ChainPlan {
    const WAY_OUT: &str = "Begin each line of the chain with [[pass]], then name = \"…\" and why = \"…\".";
    let Some(document) = parse(page) else { return ChainPlan::default() };
    let document = Fields::document(page, &document, &keys::names(&keys::CHAIN));
    let tables = document.tables(page, "pass", &keys::names(&keys::PASS));
    if !document.has("pass") {
        page.error(0..0, "The chain has no passes.", "", WAY_OUT);
    }
    let mut passes: Vec<PassPlan> = Vec::new();
    for table in &tables {
        let name = pass_name(page, table, known, &passes);
        let why = table.required(page, "why", "Write why the pass stands at this place of the chain.");
        let zones = table.zones(page);
        let unless_named = table.policy(page).unwrap_or(Policy::Apply);
        if let (Some(name), Some(why)) = (name, why) {
            passes.push(PassPlan { name, why: why.value.to_owned(), zones, unless_named });
        }
    }
    ChainPlan { passes, zones: document.zones(page) }
}

fn pass_name(page: &mut FileDiagnostics<'_>, table: &Fields<'_>, known: PassTable<'_>, before: &[PassPlan]) -> Option<PassName> {
    let name = table.required(page, "name", "Name a pass.")?;
    let Some(pass) = known.find(name.value) else {
        page.error(name.span, format!("There is no pass `{}`.", name.value), "", did_you_mean(name.value, &known.names()));
        return None;
    };
    if before.iter().any(|plan| plan.name == pass) {
        page.error(name.span, format!("The pass `{pass}` is in the chain twice."), "it runs once", "Remove one of the two.");
        return None;
    }
    Some(pass)
}

/// Reads `profiles.toml`.
pub(super) fn profiles(page: &mut FileDiagnostics<'_>, passes: PassTable<'_>) -> Vec<Profile> {
    let Some(document) = parse(page) else { return Vec::new() };
    let document = Fields::document(page, &document, &keys::names(&keys::PROFILES));
    let mut profiles: Vec<Profile> = Vec::new();
    for table in document.tables(page, "profile", &keys::names(&keys::PROFILE)) {
        let name = table.required(page, "name", "Give the profile the name that --profile is to take.");
        let why = table.required(page, "why", "Write what the profile is for.");
        let caps = Caps { caps: table.policies(page, "caps", &cap_names(passes)) };
        let wants_names = table.choice(page, "accepts", &[("anybody", false), ("named", true)]).unwrap_or(false);
        let (Some(name), Some(why)) = (name, why) else { continue };
        if profiles.iter().any(|profile| profile.name == name.value) {
            page.error(name.span, format!("Two profiles have the name `{}`.", name.value), "", "Rename one of them.");
            continue;
        }
        profiles.push(Profile { name: name.value.to_owned(), why: why.value.to_owned(), caps, wants_names });
    }
    profiles
}
