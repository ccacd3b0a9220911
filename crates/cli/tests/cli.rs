//! Whole command lines as data: `cli/*.trycmd`, and `*.toml` for what comes through a pipe.
//! `TRYCMD=overwrite cargo test --test cli` writes what comes out into them; then read the diff.
//! A backslash stands there as `/`, since trycmd takes it for a path of Windows.

use std::path::Path;

#[test]
fn command_lines_give_what_they_gave() {
    // The seeds are named as a user at the root of the checkout names them.
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).expect("the root of the checkout");
    // A person at an editor is played by `cp`.
    let cp = ["/bin/cp", "/usr/bin/cp"].map(Path::new).into_iter().find(|path| path.exists()).expect("cp is there");
    trycmd::TestCases::new().register_bin("cp", cp).case("crates/cli/tests/cli/*.trycmd").case("crates/cli/tests/cli/*.toml");
}
