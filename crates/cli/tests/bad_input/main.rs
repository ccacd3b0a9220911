//! Bad input through the whole program: a clear message, the rest done, the exit status true, and
//! nothing lost, half-written or shown raw.
#![cfg(unix)]

mod decided;
mod disk;
mod inputs;
mod interrupted;
mod outputs;
mod proven;
mod reviewed;
mod selected;
mod shown;
mod stated;
