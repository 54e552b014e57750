//! Word since 2007.

use crate::domain::page::Block;
use crate::extract::archive::Archive;
use crate::extract::clean;
use crate::extract::content::{Content, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::read::looks;
use rwml::{Document, Paragraph, Table};

/// Deeper nested tables than this are left out.
const DEEPEST: usize = 8;

/// Reads a DOCX.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    Archive::open(bytes, limits)?;
    let document = Document::open(bytes).map_err(|error| refusal(&error))?;
    let model = document.model();
    let has_styles = model.blocks.iter().any(|block| matches!(block, rwml::Block::Paragraph(p) if level(p).is_some()));
    let mut blocks = Vec::new();
    for block in &model.blocks {
        match block {
            rwml::Block::Paragraph(paragraph) => blocks.extend(read_paragraph(paragraph, has_styles)),
            rwml::Block::Table(table) => blocks.extend(read_table(table, 0)),
            _ => {}
        }
    }
    let notes = document.notes();
    blocks.extend(notes.into_iter().map(|note| paragraph(note.text)));
    Ok(Content::flow(document.core_properties().title, blocks))
}

fn refusal(error: &rwml::Error) -> ExtractError {
    match error {
        rwml::Error::Encrypted { .. } => ExtractError::FileEncrypted,
        other => ExtractError::FileDamaged(other.to_string()),
    }
}

fn level(paragraph: &Paragraph) -> Option<u8> {
    let title = paragraph.props.style_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("title"));
    if title { Some(1) } else { paragraph.props.heading_level }
}

/// Text of a paragraph's runs as shown: hidden runs are left out, capitals are made.
fn text_of(paragraph: &Paragraph) -> String {
    let mut text = String::new();
    for run in paragraph.runs.iter().filter(|run| !run.props.hidden) {
        if run.props.caps { text.push_str(&run.text.to_uppercase()) } else { text.push_str(&run.text) }
    }
    text
}

fn read_paragraph(paragraph: &Paragraph, has_styles: bool) -> Option<Block> {
    let text = text_of(paragraph);
    if text.trim().is_empty() {
        return None;
    }
    let label = paragraph.props.list.as_ref().map_or("", |list| list.label.trim());
    let number = Some(label).filter(|label| label.chars().any(char::is_alphanumeric));
    if let Some(level) = level(paragraph) {
        return Some(heading(level, number.map_or_else(|| text.clone(), |number| format!("{number} {text}"))));
    }
    if let Some(list) = &paragraph.props.list {
        // Labels such as "a)" or "Điều 5." are cited, so they must not turn into a plain counter.
        let counter = label.trim_end_matches(['.', ')']).chars().all(|c| c.is_ascii_digit());
        return Some(match number {
            Some(number) if list.ordered && !counter => self::paragraph(format!("{number} {text}")),
            _ => Block::ListItem { ordered: list.ordered, level: list.level, text },
        });
    }
    if !has_styles && let Some(level) = heading_by_look(paragraph, &clean::line(&text)) {
        return Some(heading(level, text));
    }
    Some(looks::list_item(text.trim()).unwrap_or_else(|| self::paragraph(text)))
}

/// Where nobody used heading styles, a short line all in bold is a heading.
fn heading_by_look(paragraph: &Paragraph, text: &str) -> Option<u8> {
    let bold = paragraph.runs.iter().filter(|run| !run.text.trim().is_empty()).all(|run| run.props.bold);
    if !bold || !looks::may_be_heading(text) {
        return None;
    }
    looks::heading_level(text).or(Some(3))
}

fn read_table(table: &Table, depth: usize) -> Vec<Block> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let mut rows = Vec::new();
    let mut nested = Vec::new();
    for row in &table.rows {
        let mut cells = Vec::new();
        for cell in &row.cells {
            let mut parts = Vec::new();
            for block in &cell.blocks {
                match block {
                    rwml::Block::Paragraph(paragraph) => parts.push(text_of(paragraph)),
                    rwml::Block::Table(inner) => nested.extend(read_table(inner, depth + 1)),
                    _ => {}
                }
            }
            cells.push(parts.join(" "));
            cells.extend(std::iter::repeat_n(String::new(), usize::from(cell.col_span.clamp(1, 100)) - 1));
        }
        rows.push(cells);
    }
    let header = table.header_rows > 0
        || table.rows.first().is_some_and(|row| !row.cells.is_empty() && row.cells.iter().all(is_head));
    let mut blocks = vec![Block::Table { header, rows }];
    blocks.append(&mut nested);
    blocks
}

/// A cell of a header row is marked so, or all its text is bold.
fn is_head(cell: &rwml::Cell) -> bool {
    let mut runs = cell.blocks.iter().flat_map(|block| match block {
        rwml::Block::Paragraph(paragraph) => paragraph.runs.as_slice(),
        _ => &[],
    });
    cell.is_header || runs.all(|run| run.props.bold || run.text.trim().is_empty())
}
