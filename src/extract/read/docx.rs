//! Word since 2007.

use crate::domain::page::Block;
use crate::domain::text::decoding::Decodings;
use crate::extract::archive::Archive;
use crate::extract::content::{Content, Part, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::legacy::FontText;
use crate::extract::limits::Limits;
use crate::extract::read::looks;
use crate::extract::{clean, legacy};
use rwml::{Document, Paragraph, Table};

/// Deeper nested tables than this are left out.
const DEEPEST: usize = 8;

/// Reads a DOCX.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    Archive::open(bytes, limits)?;
    let document = Document::open(bytes).map_err(|error| refusal(&error))?;
    let model = document.model();
    let has_styles = model.blocks.iter().any(|block| matches!(block, rwml::Block::Paragraph(p) if level(p).is_some()));
    let mut parts = Vec::new();
    for block in &model.blocks {
        match block {
            rwml::Block::Paragraph(paragraph) => parts.extend(read_paragraph(paragraph, has_styles)),
            rwml::Block::Table(table) => parts.extend(read_table(table, 0)),
            _ => {}
        }
    }
    let notes = document.notes();
    parts.extend(notes.into_iter().map(|note| Part::from(paragraph(note.text))));
    Ok(Content::flow(document.core_properties().title, parts))
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

/// Text of a paragraph's runs as shown: hidden runs are left out, capitals are made, old fonts' letters are put right.
fn text_of(paragraph: &Paragraph) -> (String, Decodings) {
    let mut text = FontText::default();
    for run in paragraph.runs.iter().filter(|run| !run.props.hidden) {
        text.push(&run.text, run.props.font.as_deref().and_then(legacy::font), run.props.caps);
    }
    text.finish()
}

fn read_paragraph(paragraph: &Paragraph, has_styles: bool) -> Option<Part> {
    let (text, decodings) = text_of(paragraph);
    if text.trim().is_empty() {
        return None;
    }
    Some(Part { block: block(paragraph, text, has_styles), decodings })
}

fn block(paragraph: &Paragraph, text: String, has_styles: bool) -> Block {
    let label = paragraph.props.list.as_ref().map_or("", |list| list.label.trim());
    let number = Some(label).filter(|label| label.chars().any(char::is_alphanumeric));
    if let Some(level) = level(paragraph) {
        return heading(level, number.map_or_else(|| text.clone(), |number| format!("{number} {text}")));
    }
    if let Some(list) = &paragraph.props.list {
        // Labels such as "a)" or "Điều 5." are cited, so they must not turn into a plain counter.
        let counter = label.trim_end_matches(['.', ')']).chars().all(|c| c.is_ascii_digit());
        return match number {
            Some(number) if list.ordered && !counter => self::paragraph(format!("{number} {text}")),
            _ => Block::ListItem { ordered: list.ordered, level: list.level, text },
        };
    }
    if !has_styles && let Some(level) = heading_by_look(paragraph, &clean::line(&text)) {
        return heading(level, text);
    }
    looks::list_item(text.trim()).unwrap_or_else(|| self::paragraph(text))
}

/// Where nobody used heading styles, a short line all in bold is a heading.
fn heading_by_look(paragraph: &Paragraph, text: &str) -> Option<u8> {
    let bold = paragraph.runs.iter().filter(|run| !run.text.trim().is_empty()).all(|run| run.props.bold);
    if !bold || !looks::may_be_heading(text) {
        return None;
    }
    looks::heading_level(text).or(Some(3))
}

fn read_table(table: &Table, depth: usize) -> Vec<Part> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let (mut rows, mut nested) = (Vec::new(), Vec::new());
    let mut decodings = Decodings::default();
    for row in &table.rows {
        let mut cells = Vec::new();
        for cell in &row.cells {
            let mut texts = Vec::new();
            for block in &cell.blocks {
                match block {
                    rwml::Block::Paragraph(paragraph) => {
                        let (text, found) = text_of(paragraph);
                        decodings.add_all(&found);
                        texts.push(text);
                    }
                    rwml::Block::Table(inner) => nested.extend(read_table(inner, depth + 1)),
                    _ => {}
                }
            }
            cells.push(texts.join(" "));
            cells.extend(std::iter::repeat_n(String::new(), usize::from(cell.col_span.clamp(1, 100)) - 1));
        }
        rows.push(cells);
    }
    let header = table.header_rows > 0
        || table.rows.first().is_some_and(|row| !row.cells.is_empty() && row.cells.iter().all(is_head));
    let mut parts = vec![Part { block: Block::Table { header, rows }, decodings }];
    parts.append(&mut nested);
    parts
}

/// A cell of a header row is marked so, or all its text is bold.
fn is_head(cell: &rwml::Cell) -> bool {
    let mut runs = cell.blocks.iter().flat_map(|block| match block {
        rwml::Block::Paragraph(paragraph) => paragraph.runs.as_slice(),
        _ => &[],
    });
    cell.is_header || runs.all(|run| run.props.bold || run.text.trim().is_empty())
}
