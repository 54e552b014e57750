//! Pages of a material: the unit that is read, searched and cited.

pub mod cue;
pub mod typed;

use crate::domain::language::Language;
use crate::domain::text::decoding::Decodings;
use serde::{Deserialize, Serialize};

/// Where the text of a page comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Read out of a file's own text.
    Extracted,
    /// Recognised from an image.
    Ocr,
    /// Put right by a person.
    Corrected,
    /// Given as text with the import.
    Given,
}

/// How far the text of a page that is a picture has been recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Scan {
    /// Not yet.
    Waiting,
    /// Its text is recognised, came with the file, or was typed by a person; there may be none to read.
    Read,
    /// It could not be recognised; the code is one of the stable error codes.
    Failed {
        code: String,
        /// What a person is told, in Vietnamese.
        message: String,
    },
}

/// A recognition less sure than this is told to readers as unsure.
pub const SURE: f32 = 0.85;

/// A piece of a page that is laid out as one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A heading; level 1 is the highest, 6 the lowest.
    Heading { level: u8, text: String },
    /// A paragraph; single line breaks inside it are kept when shown.
    Paragraph { text: String },
    /// One item of a list; level 0 is the outermost.
    ListItem { ordered: bool, level: u8, text: String },
    /// A table by rows of cells; the first row is a header when `header` says so.
    Table { header: bool, rows: Vec<Vec<String>> },
    /// A line of a recording's transcript: what is said from one moment to another, see [`cue`].
    Cue { start_ms: u64, end_ms: u64, text: String },
}

/// A page as the extraction made it or the import gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Counts from 1 inside its version.
    pub number: u32,
    /// What the contents list shows, when the page has a heading.
    pub heading: Option<String>,
    /// The label that the giver used for the page, such as an article's id.
    pub label: Option<String>,
    /// The page's content in reading order.
    pub blocks: Vec<Block>,
    /// The language when it is sure.
    pub language: Option<Language>,
    /// Where the text comes from.
    pub origin: Origin,
    /// How sure a recognition was, from 0 to 1; absent where it does not apply.
    pub confidence: Option<f32>,
    /// Set when the page is a picture of text, so that readers are offered the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<Scan>,
    /// The older encodings that its text was put right from.
    #[serde(default, skip_serializing_if = "Decodings::is_empty")]
    pub decodings: Decodings,
}

impl Page {
    /// Whether the text was recognised with too little certainty to be trusted unseen.
    pub fn is_unsure(&self) -> bool {
        self.origin == Origin::Ocr && self.confidence.is_some_and(|confidence| confidence < SURE)
    }

    /// The page's plain text: blocks by lines, table cells parted by ` | `.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            block.write_text(&mut out);
        }
        out
    }

    /// Makes a page from given plain text: blank lines part paragraphs.
    pub fn from_text(number: u32, heading: Option<String>, text: &str) -> Self {
        let blocks = text
            .split("\n\n")
            .map(str::trim)
            .filter(|paragraph| !paragraph.is_empty())
            .map(|paragraph| Block::Paragraph { text: paragraph.to_owned() })
            .collect();
        Self {
            number,
            heading,
            label: None,
            blocks,
            language: None,
            origin: Origin::Given,
            confidence: None,
            scan: None,
            decodings: Decodings::default(),
        }
    }
}

impl Block {
    /// The block's plain text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) {
        match self {
            Self::Heading { text, .. }
            | Self::Paragraph { text }
            | Self::ListItem { text, .. }
            | Self::Cue { text, .. } => out.push_str(text),
            Self::Table { rows, .. } => {
                for (index, row) in rows.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    out.push_str(&row.join(" | "));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_page_keeps_reading_order_and_table_rows() {
        let mut page = Page::from_text(1, None, "Một.\n\nHai.");
        page.blocks.push(Block::Table {
            header: true,
            rows: vec![vec!["a".into(), "b".into()], vec!["c".into(), "d".into()]],
        });
        assert_eq!(page.text(), "Một.\nHai.\na | b\nc | d");
    }
}
