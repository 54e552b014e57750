//! Pages out of content: the file's own, or by headings and about 3,000 characters.

use crate::domain::page::{Block, Origin, Page, typed};
use crate::extract::clean;
use crate::extract::content::Part;
use crate::extract::language::language_of;

/// The length that a page without a heading of its own is cut near, in characters.
const PAGE_CHARS: usize = 3_000;
/// A page shorter than this takes the next headed section in, so that short sections do not make a page each.
const SHORT_CHARS: usize = 700;
/// A single block longer than this is cut between sentences or rows.
const LONG_BLOCK_CHARS: usize = 4_500;

/// Cuts content that runs on into pages.
pub(super) fn cut(parts: Vec<Part>) -> Vec<Vec<Part>> {
    let level = cut_level(&parts);
    let mut pages = Vec::new();
    let mut page: Vec<Part> = Vec::new();
    let mut chars = 0;
    for part in parts.into_iter().flat_map(cut_long) {
        let length = block_chars(&part);
        let has_body = page.iter().any(|part| !is_heading(part));
        let full = match &part.block {
            Block::Heading { level: own, .. } => (*own <= level && chars >= SHORT_CHARS) || chars >= PAGE_CHARS / 2,
            _ => chars + length > PAGE_CHARS + PAGE_CHARS / 5 && chars >= SHORT_CHARS,
        };
        if full && has_body {
            let carried = trailing_headings(&mut page);
            pages.push(std::mem::replace(&mut page, carried));
            chars = page.iter().map(|part| block_chars(part)).sum();
        }
        chars += length;
        page.push(part);
    }
    if !page.is_empty() {
        pages.push(page);
    }
    pages
}

/// Headings at the end of a page belong to what follows.
fn trailing_headings(page: &mut Vec<Part>) -> Vec<Part> {
    let body = page.iter().rposition(|part| !is_heading(part)).map_or(0, |last| last + 1);
    page.split_off(body)
}

/// Headings down to this level begin pages: the highest level that occurs more than once.
fn cut_level(parts: &[Part]) -> u8 {
    let count = |wanted: u8| {
        parts.iter().filter(|part| matches!(part.block, Block::Heading { level, .. } if level == wanted)).count()
    };
    (1..=6).find(|level| count(*level) > 1).unwrap_or(1)
}

fn is_heading(block: &Block) -> bool {
    matches!(block, Block::Heading { .. })
}

fn block_chars(block: &Block) -> usize {
    match block {
        Block::Heading { text, .. }
        | Block::Paragraph { text }
        | Block::ListItem { text, .. }
        | Block::Cue { text, .. } => text.chars().count(),
        Block::Table { rows, .. } => rows.iter().map(|row| row_chars(row)).sum(),
    }
}

fn row_chars(row: &[String]) -> usize {
    row.iter().map(|cell| cell.chars().count() + 3).sum()
}

/// Cuts a block that alone would make too long a page: paragraphs after sentences, tables after rows.
fn cut_long(part: Part) -> Vec<Part> {
    if block_chars(&part) <= LONG_BLOCK_CHARS {
        return vec![part];
    }
    let Part { block, decodings } = part;
    cut_block(block).into_iter().map(|block| Part { block, decodings: decodings.clone() }).collect()
}

fn cut_block(block: Block) -> Vec<Block> {
    match block {
        Block::Paragraph { text } => cut_text(&text).into_iter().map(|text| Block::Paragraph { text }).collect(),
        Block::ListItem { ordered, level, text } => {
            cut_text(&text).into_iter().map(|text| Block::ListItem { ordered, level, text }).collect()
        }
        Block::Table { header, rows } => cut_table(header, rows),
        whole @ (Block::Heading { .. } | Block::Cue { .. }) => vec![whole],
    }
}

fn cut_text(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = 0;
    for piece in text.split_inclusive(['\n', ' ']) {
        let ends = part.trim_end().ends_with(['.', '!', '?', ';', ':', '…']) || part.ends_with('\n');
        if (chars >= PAGE_CHARS && ends) || chars >= LONG_BLOCK_CHARS {
            parts.push(std::mem::take(&mut part).trim().to_owned());
            chars = 0;
        }
        chars += piece.chars().count();
        part.push_str(piece);
    }
    parts.push(part.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Cuts a long table; each part repeats the header row, so that it can be read by itself.
fn cut_table(header: bool, rows: Vec<Vec<String>>) -> Vec<Block> {
    let head: Vec<Vec<String>> = rows.first().filter(|_| header).cloned().into_iter().collect();
    let mut parts = Vec::new();
    let mut part = head.clone();
    let mut chars = 0;
    for row in rows.into_iter().skip(head.len()) {
        if chars >= PAGE_CHARS {
            parts.push(Block::Table { header, rows: std::mem::replace(&mut part, head.clone()) });
            chars = 0;
        }
        chars += row_chars(&row);
        part.push(row);
    }
    parts.push(Block::Table { header, rows: part });
    parts
}

/// Makes a numbered page; its heading is its first heading unless one is given.
pub(super) fn page(index: usize, heading: Option<String>, parts: Vec<Part>, origin: Origin) -> Page {
    let decodings = parts.iter().flat_map(|part| part.decodings.iter()).collect();
    let blocks: Vec<Block> = parts.into_iter().map(|part| part.block).collect();
    let first = blocks.iter().find_map(|block| match block {
        Block::Heading { text, .. } => Some(text.clone()),
        _ => None,
    });
    let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let heading = heading.or(first);
    let mut page =
        Page { number, heading, label: None, blocks, language: None, origin, confidence: None, scan: None, decodings };
    page.language = language_of(&page.text());
    page
}

/// Makes a page of what a person typed in the place of what was read; see [`typed`] for its structure.
pub fn typed_page(number: u32, text: &str) -> Page {
    let parts = typed::read(text).into_iter().map(Part::from).collect();
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(0);
    page(index, None, clean::parts(parts), Origin::Corrected)
}

/// Makes pages of text that was given page by page, each with its own heading and label; nothing is cut.
pub fn given_pages(given: impl IntoIterator<Item = (Option<String>, Option<String>, String)>) -> Vec<Page> {
    given
        .into_iter()
        .enumerate()
        .map(|(index, (heading, label, text))| {
            let text = text.replace("\r\n", "\n");
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let mut page = Page::from_text(number, heading.map(|heading| clean::line(&heading)), &text);
            let parts = page.blocks.into_iter().map(Part::from).collect();
            page.blocks = clean::parts(parts).into_iter().map(|part| part.block).collect();
            page.label = label;
            page.language = language_of(&text);
            page
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::content::{heading, paragraph};

    fn cut(blocks: Vec<Block>) -> Vec<Vec<Block>> {
        let pages = super::cut(blocks.into_iter().map(Part::from).collect());
        pages.into_iter().map(|page| page.into_iter().map(|part| part.block).collect()).collect()
    }

    #[test]
    fn headed_sections_begin_pages_and_a_heading_stays_with_its_text() {
        let long = "Câu văn. ".repeat(100);
        let blocks = vec![
            heading(1, "Tên sách"),
            heading(2, "Phần một"),
            paragraph(long.as_str()),
            heading(2, "Phần hai"),
            paragraph(long.as_str()),
        ];
        let pages = cut(blocks);
        assert_eq!(pages.len(), 2);
        assert_eq!(pages[1][0], heading(2, "Phần hai"));
    }

    #[test]
    fn short_sections_share_a_page() {
        let blocks = vec![heading(1, "Một"), paragraph("a"), heading(1, "Hai"), paragraph("b")];
        assert_eq!(cut(blocks).len(), 1);
    }

    #[test]
    fn text_without_headings_is_cut_near_three_thousand_characters() {
        let text = "Một câu văn vừa phải ở đây. ".repeat(700);
        let pages = cut(vec![paragraph(text.trim())]);
        assert!(pages.len() >= 5, "{}", pages.len());
        for page in &pages {
            let chars: usize = page.iter().map(block_chars).sum();
            assert!(chars <= PAGE_CHARS + PAGE_CHARS / 5, "{chars}");
        }
    }

    #[test]
    fn long_tables_repeat_their_header() {
        let mut rows = vec![vec!["Tên".to_owned(), "Giá".to_owned()]];
        rows.extend((0..400).map(|n| vec![format!("Giống lúa số {n}"), "12.000 đồng".to_owned()]));
        let pages = cut(vec![Block::Table { header: true, rows }]);
        assert!(pages.len() > 2);
        for page in &pages {
            let Block::Table { rows, .. } = &page[0] else { panic!("no table") };
            assert_eq!(rows[0][0], "Tên");
        }
    }
}
