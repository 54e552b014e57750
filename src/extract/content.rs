//! What the reader of one format hands on: content before it is cleaned, paged and told its language.

use crate::domain::page::{Block, Origin, Scan};
use crate::domain::text::decoding::Decodings;
use std::ops::Deref;

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
    Flow(Vec<Part>),
    /// Content whose pages the file itself sets: PDF pages, slides.
    Pages(Vec<Draft>),
    /// Content of which each piece begins a page and may be cut into several: chapters, sheets.
    Sections(Vec<Draft>),
}

/// A block, and what its text was put right from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) block: Block,
    pub(super) decodings: Decodings,
}

impl From<Block> for Part {
    fn from(block: Block) -> Self {
        Self { block, decodings: Decodings::default() }
    }
}

impl Deref for Part {
    type Target = Block;

    fn deref(&self) -> &Block {
        &self.block
    }
}

/// A page as a reader found it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// A name that is not among the blocks, such as a sheet's.
    pub(super) heading: Option<String>,
    /// The page's content.
    pub(super) parts: Vec<Part>,
    /// The text lies unseen over a picture, where an earlier recognition put it.
    pub(super) recognised: bool,
    /// Set when the page is a picture of text.
    pub(super) scan: Option<Scan>,
}

impl Draft {
    /// A page of blocks.
    pub(super) fn of(blocks: Vec<Block>) -> Self {
        Self { parts: blocks.into_iter().map(Part::from).collect(), ..Self::default() }
    }

    /// Where the text of this page comes from.
    pub(super) fn origin(&self) -> Origin {
        if self.recognised { Origin::Ocr } else { Origin::Extracted }
    }
}

impl Content {
    /// Content that runs on.
    pub(super) fn flow(title: Option<String>, parts: impl IntoIterator<Item = impl Into<Part>>) -> Self {
        Self { body: Body::Flow(parts.into_iter().map(Into::into).collect()), ..Self::pages(title, Vec::new()) }
    }

    /// Content that has pages.
    pub(super) fn pages(title: Option<String>, pages: Vec<Draft>) -> Self {
        Self { title, body: Body::Pages(pages), letters_unknown: false }
    }

    /// Content in pieces that begin pages.
    pub(super) fn sections(title: Option<String>, sections: Vec<Draft>) -> Self {
        Self { body: Body::Sections(sections), ..Self::pages(title, Vec::new()) }
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
