//! The small nouns: organisations, areas, topics, words that mean the same, and how they were amended.

pub mod amendments;
pub mod areas;
pub mod organisations;
pub mod synonyms;
pub mod topics;
