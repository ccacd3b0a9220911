//! The file of what nobody wants to be asked again.

use std::path::{Path, PathBuf};

use super::SuggestError;
use super::known::{Known, RefusalLine, refusals};
use super::proposal::Proposal;
use crate::disk::DecisionsFile;
use crate::json_line::JsonLineError;
use crate::project::Settings;
use emendo_core::chain::Chain;
use emendo_core::rules::Policies;

/// Its name, beside `emendo.toml`.
const FILE: &str = "not-the-same.jsonl";

/// What was refused, and the file that remembers it; none without a project.
pub struct RefusedProposals {
    file: Option<DecisionsFile>,
    nos: Vec<RefusalLine>,
}

impl RefusedProposals {
    /// Reads the project's file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(settings: &Settings) -> Result<Self, SuggestError> {
        let Some(home) = &settings.home else { return Ok(Self { file: None, nos: Vec::new() }) };
        let path = if home.as_os_str().is_empty() { Path::new(".") } else { home }.join(FILE);
        let (file, text) = DecisionsFile::open(&path)?;
        let nos = refusals(&text).map_err(|JsonLineError { line, error }| SuggestError::Unreadable { path, line, error })?;
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

    /// Remembers that these are not wanted, and who said so. Gives the file.
    ///
    /// # Errors
    /// When a no has no place, or cannot be saved; then none is.
    #[expect(clippy::missing_panics_doc, reason = "strings are always JSON")]
    pub fn remember(&mut self, proposals: &[&Proposal], who: Option<&str>) -> Result<PathBuf, SuggestError> {
        let file = self.file.as_mut().ok_or(SuggestError::NoProject)?;
        let mut lines = String::new();
        for proposal in proposals {
            let (wrong, right) = proposal.fix.pair();
            let (kind, who) = (proposal.kind.name().to_owned(), who.map(str::to_owned));
            let no = RefusalLine { kind, wrong: wrong.to_owned(), right: right.to_owned(), who };
            lines.push_str(&serde_json::to_string(&no).expect("strings are JSON"));
            lines.push('\n');
        }
        file.append(&lines)?;
        Ok(file.path().to_owned())
    }
}
