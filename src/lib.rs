//! `hoclieu`: a catalogue of learning materials with Vietnamese full-text search.
//!
//! Edges (`web`, `jobs`) call verbs (`actions`); verbs use tools (`store`, `blobs`, `search`, `extract`);
//! all speak in the nouns of `domain`. `tests/house/arrows.rs` holds the arrows.

pub mod actions;
pub mod antivirus;
pub mod app;
pub mod archive;
pub mod blobs;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod extract;
pub mod identity;
pub mod inbox;
pub mod interop;
pub mod jobs;
pub mod mail;
pub mod press;
pub mod search;
pub mod secrets;
pub mod sheets;
pub mod store;
pub mod vault;
pub mod web;
