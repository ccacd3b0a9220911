//! The command line of emendo.

use std::process::ExitCode;

fn main() -> ExitCode {
    emendo::main()
}
