//! `hoclieu`: a catalogue of learning materials with Vietnamese full-text search.
//!
//! Edges (`web`, `jobs`) call verbs (`actions`); verbs use tools (`store`, `blobs`, `search`, `extract`);
//! all speak in the nouns of `domain`. `tests/house/arrows.rs` holds the arrows.

pub mod domain;
