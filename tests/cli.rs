//! Whole command lines as data: `tests/cli/*.trycmd`, and `*.toml` for what comes through a pipe.
//! `TRYCMD=overwrite cargo test --test cli` writes what comes out into them; then read the diff.
//! A backslash stands there as `/`, since trycmd takes it for a path of Windows.

use std::path::Path;

#[test]
fn command_lines_give_what_they_gave() {
    // A person at an editor is played by `cp`.
    let cp = ["/bin/cp", "/usr/bin/cp"].map(Path::new).into_iter().find(|path| path.exists()).expect("cp is there");
    trycmd::TestCases::new().register_bin("cp", cp).case("tests/cli/*.trycmd").case("tests/cli/*.toml");
}
