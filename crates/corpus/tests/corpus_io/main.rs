//! What the disk can do to a run, and what a run may do to the disk.
#![cfg(unix)]

mod disk;
mod faults;
mod placing;
mod reading;
mod single_files;
mod walking;
mod writing;
