//! The command line of emendo.
fn main() {}
