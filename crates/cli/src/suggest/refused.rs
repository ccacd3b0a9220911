//! The file of what nobody wants to be asked again.

use crate::command_error::CommandError;
use crate::person;
use crate::settings::Settings;
use emendo_core::chain::Chain;
use emendo_core::rules::Policies;
use emendo_corpus::disk::DecisionsFile;
use emendo_corpus::report::escape;
use emendo_corpus::suggest::known::{Known, RefusalLine, refusals};
use emendo_corpus::suggest::proposal::Proposal;

/// Its name, beside `emendo.toml`.
const FILE: &str = "not-the-same.jsonl";

/// What was refused, and the file that remembers it; none without a project.
pub struct RefusedProposals {
    file: Option<DecisionsFile>,
    nos: Vec<RefusalLine>,
}

impl RefusedProposals {
    /// Reads the project's file.
    pub fn of(settings: &Settings) -> Result<Self, CommandError> {
        let Some(home) = &settings.home else { return Ok(Self { file: None, nos: Vec::new() }) };
        let home = if home.as_os_str().is_empty() { std::path::Path::new(".") } else { home };
        let path = home.join(FILE);
        let (file, text) = DecisionsFile::open(&path).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
        let nos = refusals(&text).map_err(|bad| {
            let path = path.display().to_string();
            let (line, why) = (bad.line, bad.error.to_string());
            CommandError::refused(format!("{}:{line}: {}. Correct or remove the line.", escape(&path), escape(&why)))
        })?;
        Ok(Self { file: Some(file), nos })
    }

    /// What rules and people have said already.
    pub fn known(&self, settings: &Settings, chain: &Chain) -> Known {
        let rules = chain.rules();
        let policies = Policies::new(rules, &settings.knowledge.chain, &settings.caps);
        let mut known = Known::of(rules, &policies);
        self.nos.iter().for_each(|no| known.refuse(no));
        known
    }

    /// Remembers that these are not wanted. Gives the name of the file.
    pub fn remember(&mut self, proposals: &[&Proposal]) -> Result<String, CommandError> {
        let none = "There is no emendo.toml here or above, so that a no has no place. emendo init makes a project.";
        let file = self.file.as_mut().ok_or_else(|| CommandError::refused(none))?;
        let who = person::person();
        let mut lines = String::new();
        for proposal in proposals {
            let (wrong, right) = proposal.fix.pair();
            let no =
                RefusalLine { kind: proposal.kind.name().to_owned(), wrong: wrong.to_owned(), right: right.to_owned(), who: who.clone() };
            lines.push_str(&serde_json::to_string(&no).expect("strings are JSON"));
            lines.push('\n');
        }
        file.append(&lines).map_err(|fault| CommandError::refused(escape(&fault.to_string())))?;
        Ok(file.path().display().to_string())
    }
}
