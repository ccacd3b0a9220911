//! The command line of emendo.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Without handlers a signal ends the program at once, and what was written is whole all the same.
    drop(emendo::install_handlers());
    emendo::run(std::env::args_os())
}
