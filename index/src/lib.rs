//! Vietnamese full-text search over passages.
