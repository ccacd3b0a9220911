//! Whole command lines as data: `tests/cli/*.trycmd`, and `*.toml` for what comes through a pipe.
//! `TRYCMD=overwrite cargo test --test cli` writes what comes out into them; then read the diff.
//! A backslash stands there as `/`, since trycmd takes it for a path of Windows.

#[test]
fn command_lines_give_what_they_gave() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").case("tests/cli/*.toml");
}
