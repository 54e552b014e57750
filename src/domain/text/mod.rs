//! What can be said of texts: how alike two are, where they differ, what was decoded in them.

pub mod comparison;
pub mod decoding;
pub mod likeness;
