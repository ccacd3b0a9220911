//! What looks for proposals, each kind in a file of its own.

pub mod doubled;
pub mod lines;
pub mod marks;
pub mod names;
pub mod typos;

/// From any number to one between 0 and 1.
fn squash(number: f64) -> f64 {
    1.0 / (1.0 + (-number).exp())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far from 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}
