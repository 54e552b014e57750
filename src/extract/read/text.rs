//! Plain text: paragraphs by blank lines, headings and lists by their look.

use crate::domain::page::Block;
use crate::domain::text::decoding::Decodings;
use crate::extract::content::{Content, Part, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::read::looks;
use crate::extract::{clean, legacy, text_bytes};
use std::ops::Range;

/// Reads plain text.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let text =
        text_bytes::decode(bytes).ok_or_else(|| ExtractError::FileDamaged("no text encoding fits".to_owned()))?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let raw = if text.trim().contains("\n\n") { parts(&text) } else { text.lines().map(str::to_owned).collect() };
    // Looks are looked at once the text is right.
    let old = legacy::Document::of_texts(raw.iter());
    let right: Vec<(String, Decodings)> = raw.iter().map(|part| old.put_right(part)).collect();
    let parts: Vec<Vec<&str>> = right.iter().map(|(text, _)| text.lines().collect()).collect();
    let decodings = |range: Range<usize>| -> Decodings {
        right.get(range).into_iter().flatten().flat_map(|(_, decodings)| decodings.iter()).collect()
    };
    let mut found: Vec<Part> = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        let rows = rows(parts.get(at..).unwrap_or_default());
        if rows.len() > 1 {
            let decodings = decodings(at..at + rows.len());
            at += rows.len();
            found.push(Part { block: Block::Table { header: false, rows }, decodings });
            continue;
        }
        let mut blocks = Vec::new();
        read_part(part, parts.get(at + 1), found.is_empty(), &mut blocks);
        let decodings = decodings(at..at + 1);
        found.extend(blocks.into_iter().map(|block| Part { block, decodings: decodings.clone() }));
        at += 1;
    }
    Ok(Content::flow(None, found))
}

/// The rows of a table written as "one | two", one line each.
fn rows(parts: &[Vec<&str>]) -> Vec<Vec<String>> {
    let cells = |part: &Vec<&str>| match part.as_slice() {
        [line] if line.contains(" | ") => {
            Some(line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
        }
        _ => None,
    };
    let width = parts.first().and_then(cells).map(|row| row.len());
    parts.iter().map_while(cells).take_while(|row| Some(row.len()) == width).collect()
}

/// Lines between blank ones.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match parts.last_mut() {
            Some(part) if part.is_empty() => part.push_str(line),
            Some(part) if !line.is_empty() => {
                part.push('\n');
                part.push_str(line);
            }
            Some(_) => parts.push(String::new()),
            None => {}
        }
    }
    parts
}

/// A part is a heading, a list, or a paragraph; a heading may stand right over its text.
fn read_part(part: &[&str], next: Option<&Vec<&str>>, first_block: bool, blocks: &mut Vec<Block>) {
    let [first, rest @ ..] = part else { return };
    let title = clean::line(first);
    let level = looks::heading_level(&title).or_else(|| {
        let alone = rest.is_empty() && next.is_some_and(|next| stands_over(&title, next));
        alone.then_some(if first_block { 1 } else { 2 })
    });
    if let Some(level) = level {
        blocks.push(heading(level, *first));
    }
    let body = if level.is_some() { rest } else { part };
    let mut open: Vec<&str> = Vec::new();
    for line in body {
        match looks::list_item(line) {
            Some(item) => {
                flush(&mut open, blocks);
                blocks.push(item);
            }
            None => open.push(line),
        }
    }
    flush(&mut open, blocks);
}

/// A short line alone is a heading when something longer follows, or a list.
fn stands_over(title: &str, next: &[&str]) -> bool {
    let chars: usize = next.iter().map(|line| line.chars().count()).sum();
    let short = title.chars().count() <= 90
        && looks::may_be_heading(title)
        && looks::list_item(title).is_none()
        && !title.contains(" | ");
    let list = next.first().is_some_and(|line| looks::list_item(line).is_some());
    short && (list || next.len() > 1 || chars * 2 > title.chars().count() * 3 && chars > 60)
}

fn flush(open: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !open.is_empty() {
        blocks.push(paragraph(open.join("\n")));
        open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::content::Body;

    fn blocks(text: &str) -> Vec<Block> {
        let Body::Flow(parts) = read(text.as_bytes()).unwrap().body else { panic!("flow") };
        parts.into_iter().map(|part| part.block).collect()
    }

    #[test]
    fn short_lines_over_text_are_headings_and_verses_are_not() {
        let long = "Chọn ruộng cao, thoát nước tốt, bón lót phân chuồng hoai mục trước khi xuống giống một tuần.";
        let found = blocks(&format!("Trồng ném trên đất cát\n\n{long}\n\nCần gì?\n\n- Cuốc\n- Rổ\n"));
        assert_eq!(found[0], heading(1, "Trồng ném trên đất cát"));
        assert_eq!(found[2], heading(2, "Cần gì?"));
        assert!(blocks("Câu một\n\nCâu hai\n\nCâu ba").iter().all(|block| matches!(block, Block::Paragraph { .. })));
    }
}
