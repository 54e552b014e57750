//! Slides, and office files from before 2007.

use crate::domain::page::Block;
use crate::extract::archive::Archive;
use crate::extract::clean;
use crate::extract::content::{Content, Draft, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::read::looks;
use undoc::model::{Block as Found, Document, ListType, Paragraph, Section, Table};

/// Reads slides; each is a page, with the speaker's notes at its end.
pub(super) fn slides(bytes: &[u8], packed: bool, limits: &Limits) -> Result<Content, ExtractError> {
    if packed {
        Archive::open(bytes, limits)?;
    }
    let document = open(bytes)?;
    let drafts = document.sections.iter().map(slide).collect();
    Ok(Content::pages(document.metadata.title.clone(), drafts))
}

/// Reads a Word file of 1997 to 2003.
pub(super) fn old_word(bytes: &[u8]) -> Result<Content, ExtractError> {
    let document = open(bytes)?;
    let has_styles = document
        .sections
        .iter()
        .flat_map(|section| &section.content)
        .any(|block| matches!(block, Found::Paragraph(paragraph) if paragraph.is_heading()));
    let blocks = document.sections.iter().flat_map(|section| read_blocks(section, has_styles)).collect();
    Ok(Content::flow(document.metadata.title.clone(), blocks))
}

fn open(bytes: &[u8]) -> Result<Document, ExtractError> {
    undoc::parse_bytes(bytes).map_err(|error| match error {
        undoc::Error::Encrypted => ExtractError::FileEncrypted,
        other => ExtractError::FileDamaged(other.to_string()),
    })
}

fn slide(section: &Section) -> Draft {
    let mut blocks = read_blocks(section, true);
    // The title becomes a heading even where the file keeps it only as the slide's name.
    let has_heading = blocks.iter().any(|block| matches!(block, Block::Heading { .. }));
    if let (Some(name), false) = (&section.name, has_heading) {
        blocks.retain(|block| !matches!(block, Block::Paragraph { text } if clean::line(text) == clean::line(name)));
        blocks.insert(0, heading(1, name.as_str()));
    }
    let notes = section.notes.iter().flatten().map(Paragraph::plain_text);
    blocks.extend(notes.map(paragraph));
    Draft { blocks, ..Draft::default() }
}

fn read_blocks(section: &Section, has_styles: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    for block in &section.content {
        match block {
            Found::Paragraph(found) => blocks.extend(read_paragraph(found, has_styles)),
            Found::Table(table) => read_table(table, &mut blocks),
            Found::Note { content, .. } => {
                blocks.extend(content.iter().map(|note| paragraph(note.plain_text())));
            }
            _ => {}
        }
    }
    blocks
}

fn read_paragraph(found: &Paragraph, has_styles: bool) -> Option<Block> {
    let text = found.plain_text();
    let shown = clean::line(&text);
    if shown.is_empty() {
        return None;
    }
    if found.is_heading() {
        return Some(heading(found.heading.level(), text));
    }
    if let Some(list) = found.list_info.as_ref().filter(|list| list.list_type != ListType::None) {
        return Some(Block::ListItem { ordered: list.list_type == ListType::Numbered, level: list.level, text });
    }
    let bold = found.runs.iter().all(|run| run.style.bold || run.text.trim().is_empty());
    if !has_styles && bold && looks::may_be_heading(&shown) {
        return Some(heading(looks::heading_level(&shown).unwrap_or(3), text));
    }
    Some(looks::list_item(text.trim()).unwrap_or_else(|| paragraph(text)))
}

fn read_table(table: &Table, blocks: &mut Vec<Block>) {
    let mut rows = Vec::new();
    let mut inner = Vec::new();
    for row in &table.rows {
        let mut cells = Vec::new();
        for cell in &row.cells {
            let text: Vec<String> = cell.content.iter().map(Paragraph::plain_text).collect();
            cells.push(text.join(" "));
            let span = usize::try_from(cell.col_span.clamp(1, 100)).unwrap_or(1);
            cells.extend(std::iter::repeat_n(String::new(), span - 1));
            inner.extend(cell.nested_tables.iter());
        }
        rows.push(cells);
    }
    let header = table.rows.first().is_some_and(|row| row.is_header || row.cells.iter().all(|cell| cell.is_header));
    blocks.push(Block::Table { header, rows });
    // The library refuses tables nested without end, so this one stays shallow.
    for table in inner {
        read_table(table, blocks);
    }
}
