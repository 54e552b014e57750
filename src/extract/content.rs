//! What the reader of one format hands on: content before it is cleaned, paged and told its language.

use crate::domain::page::{Block, Origin, Scan};

/// The content of a file in reading order.
#[derive(Debug)]
pub(super) struct Content {
    /// The title the file gives itself, from its properties or its head.
    pub(super) title: Option<String>,
    /// The content itself.
    pub(super) body: Body,
    /// Set when many letters have no meaning attached.
    pub(super) letters_unknown: bool,
}

/// Content with or without pages of its own.
#[derive(Debug)]
pub(super) enum Body {
    /// Content that runs on; paging follows its headings and its length.
    Flow(Vec<Block>),
    /// Content whose pages the file itself sets: PDF pages, slides, sheets.
    Pages(Vec<Draft>),
}

/// A page as a reader found it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// A name that is not among the blocks, such as a sheet's.
    pub(super) heading: Option<String>,
    /// The page's content.
    pub(super) blocks: Vec<Block>,
    /// The text lies unseen over a picture, where an earlier recognition put it.
    pub(super) recognised: bool,
    /// Set when the page is a picture of text.
    pub(super) scan: Option<Scan>,
}

impl Draft {
    /// Where the text of this page comes from.
    pub(super) fn origin(&self) -> Origin {
        if self.recognised { Origin::Ocr } else { Origin::Extracted }
    }
}

impl Content {
    /// Content that runs on.
    pub(super) fn flow(title: Option<String>, blocks: Vec<Block>) -> Self {
        Self { title, body: Body::Flow(blocks), letters_unknown: false }
    }

    /// Content that has pages.
    pub(super) fn pages(title: Option<String>, pages: Vec<Draft>) -> Self {
        Self { title, body: Body::Pages(pages), letters_unknown: false }
    }
}

/// Makes a heading block; levels outside 1 to 6 are brought inside.
pub(super) fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading { level: level.clamp(1, 6), text: text.into() }
}

/// Makes a paragraph block.
pub(super) fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph { text: text.into() }
}
