//! Suggestions while typing, as the index crate makes them.

pub use hoclieu_index::suggest::{Entry, Suggester, Suggestion};
