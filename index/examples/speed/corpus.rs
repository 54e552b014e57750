//! The texts that are searched, cut into passages.

use hoclieu_index::{Document, FacetField, Passage};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// A passage of a story, which is a document of its own here: as many documents as passages is the hardest case for
/// counting.
pub(crate) struct Piece {
    pub(crate) title: String,
    pub(crate) text: String,
    /// The number of its story, from 0.
    pub(crate) story: usize,
}

impl Piece {
    /// Bytes of text that the index is given.
    pub(crate) const fn bytes(&self) -> usize {
        self.title.len() + self.text.len()
    }

    /// Its topics, a path each, and its year.
    pub(crate) fn facets(&self) -> [(&'static str, String); 2] {
        [(TOPIC, format!("t{}.s{}", self.story % 13, self.story % 110)), (YEAR, (2000 + self.story % 26).to_string())]
    }

    pub(crate) fn document(&self, id: String) -> Document {
        let facets = self.facets().into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
        let passages = vec![Passage { page_id: "1".to_owned(), page: 1, heading: None, text: self.text.clone() }];
        Document { id, title: self.title.clone(), passages, facets, ..Document::default() }
    }
}

pub(crate) const TOPIC: &str = "topic";
pub(crate) const YEAR: &str = "year";

pub(crate) fn facet_fields() -> Vec<FacetField> {
    let field = |name: &str, hierarchical| FacetField { name: name.to_owned(), hierarchical };
    vec![field(TOPIC, true), field(YEAR, false)]
}

/// Files of JSON lines with `title` and `text`.
pub(crate) struct Corpus(pub(crate) Vec<PathBuf>);

impl Corpus {
    /// Gives each passage to `take`, up to so many; a passage ends with the first sentence or line at which it has so many
    /// characters.
    pub(crate) fn each(
        &self,
        most: usize,
        characters: usize,
        mut take: impl FnMut(Piece) -> Result<(), Box<dyn Error>>,
    ) -> Result<usize, Box<dyn Error>> {
        let (mut count, mut story) = (0, 0);
        for path in &self.0 {
            for line in BufReader::new(File::open(path)?).lines() {
                let (title, text) = story_of(&line?)?;
                for text in cut(&text, characters) {
                    if count == most {
                        return Ok(count);
                    }
                    take(Piece { title: title.clone(), text, story })?;
                    count += 1;
                }
                story += 1;
            }
        }
        Ok(count)
    }

    /// The titles of all stories.
    pub(crate) fn titles(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let mut titles = Vec::new();
        for path in &self.0 {
            for line in BufReader::new(File::open(path)?).lines() {
                titles.push(story_of(&line?)?.0);
            }
        }
        Ok(titles)
    }
}

fn story_of(line: &str) -> Result<(String, String), Box<dyn Error>> {
    let mut story: serde_json::Value = serde_json::from_str(line)?;
    let mut part = |name: &str| match story.get_mut(name).map(serde_json::Value::take) {
        Some(serde_json::Value::String(text)) => text,
        _ => String::new(),
    };
    Ok((part("title"), part("text")))
}

fn cut(text: &str, characters: usize) -> Vec<String> {
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    for sentence in text.split_inclusive(['.', '\n']) {
        piece.push_str(sentence);
        if piece.chars().count() >= characters {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    if !piece.trim().is_empty() {
        pieces.push(piece);
    }
    pieces
}
