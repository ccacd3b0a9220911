//! Files of JSON Lines that cannot be read.

/// A line is not JSON, or not what the file should hold.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {error}")]
pub struct JsonLineError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub error: serde_json::Error,
}
