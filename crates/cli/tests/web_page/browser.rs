//! The page in a real browser: `e2e/page.test.mjs` drives it.

use std::path::Path;
use std::process::Command;

use crate::server::EMENDO;

#[test]
fn readers_decide_in_a_browser() {
    let e2e = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("e2e");
    let chromium = std::env::var_os("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    for (what, is_there) in [
        ("Chromium", Path::new(&chromium).exists()),
        ("Node.js", Command::new("node").arg("--version").output().is_ok_and(|run| run.status.success())),
        ("playwright-core", e2e.join("node_modules/playwright-core/package.json").is_file()),
    ] {
        assert!(is_there, "{what} is missing: e2e/install installs what this test needs");
    }
    let run = Command::new("node").arg(e2e.join("page.test.mjs")).arg(EMENDO).output().expect("Node.js is there");
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && said.contains("ok   finish"), "{said}");
}
