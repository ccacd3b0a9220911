//! Who sits here.

use std::process::Command;

/// As git knows the person here, else the system.
#[expect(clippy::disallowed_methods, reason = "a name stands in logs and decisions only, which no cleaned text depends on")]
pub fn person() -> Option<String> {
    let git = Command::new("git").args(["config", "user.name"]).output().ok();
    let git = git.filter(|git| git.status.success()).map(|git| String::from_utf8_lossy(&git.stdout).trim().to_owned());
    let system = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    git.filter(|name| !name.is_empty()).or_else(system)
}
