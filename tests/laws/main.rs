//! The laws of the design, over random texts, edits, chains and decisions.

mod chain;
mod crossing;
mod draft;
mod hand;
mod identity;
mod packs;
mod places;
mod review;
mod shipped;
mod syntax;
