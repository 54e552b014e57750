//! Plain text: paragraphs by blank lines, headings and lists by their look.

use crate::domain::page::Block;
use crate::extract::content::{Content, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::read::looks;
use crate::extract::{clean, text_bytes};

/// Reads plain text.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let text =
        text_bytes::decode(bytes).ok_or_else(|| ExtractError::FileDamaged("no text encoding fits".to_owned()))?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut blocks = Vec::new();
    if text.trim().contains("\n\n") {
        for part in text.split("\n\n") {
            lines(part, true, &mut blocks);
        }
    } else {
        // Without blank lines each line is a paragraph.
        for line in text.lines() {
            lines(line, false, &mut blocks);
        }
    }
    Ok(Content::flow(None, blocks))
}

/// The lines between two blank ones: a heading, a list, or a paragraph.
fn lines(part: &str, set_apart: bool, blocks: &mut Vec<Block>) {
    let lines: Vec<&str> = part.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let [first, rest @ ..] = lines.as_slice() else { return };
    let level = looks::heading_level(&clean::line(first));
    let is_heading = level.is_some() && (set_apart || rest.is_empty());
    if let (Some(level), true) = (level, is_heading) {
        blocks.push(heading(level, *first));
    }
    let body = if is_heading { rest } else { lines.as_slice() };
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

fn flush(open: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !open.is_empty() {
        blocks.push(paragraph(open.join("\n")));
        open.clear();
    }
}
