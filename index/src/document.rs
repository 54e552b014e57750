//! What goes into the index.

use std::collections::BTreeMap;

/// A document: what a hit names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Names the document; putting the same id again replaces it.
    pub id: String,
    /// The title, searched with every passage.
    pub title: String,
    /// A few sentences about the whole, searched with the first passage.
    pub summary: String,
    /// Exact names such as official document numbers, searched with the first passage.
    pub keys: Vec<String>,
    /// Days since 1970-01-01, for sorting by date.
    pub date_days: Option<i32>,
    /// The share of its score that it loses when sorted by relevance, from 0 to 1: it then stands below what is equally
    /// good without one. Kept in hundredths.
    pub handicap: f32,
    /// Values by facet field; a hierarchical value such as `agri.rice` counts for `agri` too.
    pub facets: BTreeMap<String, Vec<String>>,
    /// The text, by passages in reading order; a document without any is found by its title.
    pub passages: Vec<Passage>,
}

/// A page or a headed section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passage {
    /// Names the passage within its document.
    pub page_id: String,
    /// The page it stands on, from 1.
    pub page: u32,
    /// Its heading, searched with it.
    pub heading: Option<String>,
    /// Its plain text; highlights are made in this very text.
    pub text: String,
}
