//! The review page: who may ask it for what, what it answers, and what it does in a real browser.
#![cfg(unix)]

mod api;
mod browser;
mod guard;
mod server;
