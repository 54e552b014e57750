//! Slides, and office files from before 2007.

use crate::domain::page::Block;
use crate::extract::archive::Archive;
use crate::extract::content::{Content, Draft, Part, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::read::looks;
use crate::extract::{clean, legacy};
use undoc::model::{Block as Found, Document, ListType, Paragraph, Section, Table};

/// Reads slides; each is a page, with the speaker's notes at its end.
pub(super) fn slides(bytes: &[u8], packed: bool, limits: &Limits) -> Result<Content, ExtractError> {
    if packed {
        Archive::open(bytes, limits)?;
    }
    let document = open(bytes)?;
    let reader = Reader::of(&document, true);
    let drafts = document.sections.iter().map(|section| reader.slide(section)).collect();
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
    let reader = Reader::of(&document, has_styles);
    let parts: Vec<Part> = document.sections.iter().flat_map(|section| reader.parts(section)).collect();
    Ok(Content::flow(document.metadata.title.clone(), parts))
}

fn open(bytes: &[u8]) -> Result<Document, ExtractError> {
    undoc::parse_bytes(bytes).map_err(|error| match error {
        undoc::Error::Encrypted => ExtractError::FileEncrypted,
        other => ExtractError::FileDamaged(other.to_string()),
    })
}

/// What is known of a document while its paragraphs are read.
struct Reader {
    /// Somebody used heading styles.
    has_styles: bool,
    /// These files tell no fonts, so their words tell the encoding; looks are looked at once the text is right.
    old: legacy::Document,
}

impl Reader {
    fn of(document: &Document, has_styles: bool) -> Self {
        let content = document.sections.iter().flat_map(|section| &section.content);
        let texts = content.filter_map(|block| match block {
            Found::Paragraph(found) => Some(found.plain_text()),
            _ => None,
        });
        Self { has_styles, old: legacy::Document::of_texts(texts) }
    }

    fn slide(&self, section: &Section) -> Draft {
        let mut parts = self.parts(section);
        // The title becomes a heading even where the file keeps it only as the slide's name.
        let has_heading = parts.iter().any(|part| matches!(part.block, Block::Heading { .. }));
        if let (Some(name), false) = (&section.name, has_heading) {
            let (name, decodings) = self.old.put_right(name);
            let same = |text: &str| clean::line(text) == clean::line(&name);
            parts.retain(|part| !matches!(&part.block, Block::Paragraph { text } if same(text)));
            parts.insert(0, Part { block: heading(1, name), decodings });
        }
        let notes = section.notes.iter().flatten().map(Paragraph::plain_text);
        parts.extend(notes.map(|note| Part::from(paragraph(note))));
        Draft { parts, ..Draft::default() }
    }

    fn parts(&self, section: &Section) -> Vec<Part> {
        let mut parts = Vec::new();
        for block in &section.content {
            match block {
                Found::Paragraph(found) => {
                    let (text, decodings) = self.old.put_right(&found.plain_text());
                    let block = read_paragraph(found, text, self.has_styles);
                    parts.extend(block.map(|block| Part { block, decodings }));
                }
                Found::Table(table) => read_table(table, &mut parts),
                Found::Note { content, .. } => {
                    parts.extend(content.iter().map(|note| Part::from(paragraph(note.plain_text()))));
                }
                _ => {}
            }
        }
        parts
    }
}

fn read_paragraph(found: &Paragraph, text: String, has_styles: bool) -> Option<Block> {
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

fn read_table(table: &Table, parts: &mut Vec<Part>) {
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
    parts.push(Block::Table { header, rows }.into());
    // The library refuses tables nested without end, so this one stays shallow.
    for table in inner {
        read_table(table, parts);
    }
}
