//! The one way in for content, whoever brings it: files are checked and stored alike, versions are written alike.
//!
//! Imports, uploads and the API differ in how they come by a file and a description, in nothing behind that.

mod content;
mod file;

pub(super) use content::{Content, page_rows};
pub(super) use file::{Refusal, check, limit_for, too_large};
