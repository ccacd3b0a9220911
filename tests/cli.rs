//! Whole command lines as data: `tests/cli/*.trycmd`. `TRYCMD=overwrite cargo test --test cli` writes
//! what comes out into them; then read the diff.

#[test]
fn command_lines_give_what_they_gave() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}
