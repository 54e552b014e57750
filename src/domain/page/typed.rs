//! The text of a page as a person types it, its structure told by the signs that people use anyway.
//!
//! | block | how it is typed |
//! |---|---|
//! | heading of level 2 | `## Kỹ thuật` |
//! | paragraph | its lines; a blank line ends it |
//! | item of a list | `- ` before it, two more blanks for each level; `1. `, `2. ` in their order make a numbered list |
//! | line of a transcript | `[1:23.450-1:27] ` before it; `[1:23] ` where its end does not matter |
//! | table | `\| a \| b \|` for each row; `\| --- \|` under a row of headings |

use super::{Block, cue};

/// Writes blocks as a person would type them.
pub fn write(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    let mut number = 0;
    for block in blocks {
        let in_list = matches!(
            (before, block),
            (Some(Block::ListItem { .. }), Block::ListItem { .. }) | (Some(Block::Cue { .. }), Block::Cue { .. })
        );
        if before.is_some() {
            out.push_str(if in_list { "\n" } else { "\n\n" });
        }
        number = if matches!(block, Block::ListItem { ordered: true, .. }) { number + 1 } else { 0 };
        out.push_str(&written(block, number));
        before = Some(block);
    }
    out
}

fn written(block: &Block, number: usize) -> String {
    match block {
        Block::Heading { level, text } => {
            format!("{} {}", "#".repeat(usize::from((*level).clamp(1, 6))), one_line(text))
        }
        Block::Paragraph { text } => text.clone(),
        Block::ListItem { ordered: true, text, .. } => format!("{number}. {}", one_line(text)),
        Block::ListItem { level, text, .. } => format!("{}- {}", "  ".repeat(usize::from(*level)), one_line(text)),
        Block::Table { header, rows } => table(*header, rows),
        Block::Cue { start_ms, end_ms, text } => {
            format!("[{}-{}] {}", cue::exact(*start_ms), cue::exact(*end_ms), one_line(text))
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn table(header: bool, rows: &[Vec<String>]) -> String {
    let row = |cells: &Vec<String>| -> String {
        let cells: Vec<String> = cells.iter().map(|cell| one_line(cell).replace('|', "\\|")).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines: Vec<String> = rows.iter().map(row).collect();
    if header && let Some(first) = rows.first() {
        lines.insert(1, format!("|{}", " --- |".repeat(first.len().max(1))));
    }
    lines.join("\n")
}

/// Reads what a person typed; nothing is refused.
pub fn read(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (mut blocks, mut paragraph, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let (found, taken) = structure(rest);
        if line.trim().is_empty() || taken > 0 {
            flush(&mut paragraph, &mut blocks);
        } else {
            paragraph.push(line.trim());
        }
        blocks.extend(found);
        at += taken.max(1);
    }
    flush(&mut paragraph, &mut blocks);
    blocks
}

fn flush(paragraph: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph { text: paragraph.join("\n") });
        paragraph.clear();
    }
}

/// What begins at the first line other than a paragraph, and how many lines it has.
fn structure(lines: &[&str]) -> (Vec<Block>, usize) {
    let Some(first) = lines.first() else { return (Vec::new(), 0) };
    if let Some(block) = heading(first).or_else(|| item(first)).or_else(|| spoken(first)) {
        return (vec![block], 1);
    }
    let rows: Vec<Vec<String>> = lines.iter().map_while(|line| cells(line)).collect();
    if !rows.is_empty() {
        let taken = rows.len();
        return (vec![table_of(rows)], taken);
    }
    let numbered: Vec<Block> = lines.iter().zip(1..).map_while(|(line, number)| numbered(line, number)).collect();
    // A single number begins a paragraph of its own as often as not.
    if numbered.len() < 2 {
        return (Vec::new(), 0);
    }
    let taken = numbered.len();
    (numbered, taken)
}

fn heading(line: &str) -> Option<Block> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let text = line.trim_start_matches('#').strip_prefix(' ')?.trim();
    let level = u8::try_from(level).ok().filter(|level| (1..=6).contains(level))?;
    (!text.is_empty()).then(|| Block::Heading { level, text: text.to_owned() })
}

fn item(line: &str) -> Option<Block> {
    let text = line.trim_start();
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let text = text.strip_prefix("- ").or_else(|| text.strip_prefix("• "))?.trim();
    let level = u8::try_from(indent / 2).unwrap_or(u8::MAX);
    (!text.is_empty()).then(|| Block::ListItem { ordered: false, level, text: text.to_owned() })
}

/// How long a line is taken to be spoken that does not say, in milliseconds.
const SPOKEN_MS: u64 = 4_000;

fn spoken(line: &str) -> Option<Block> {
    let (moments, text) = line.trim_start().strip_prefix('[')?.split_once("] ")?;
    let (start, end) = moments.split_once(['-', '–']).unwrap_or((moments, ""));
    let start_ms = cue::parse(start)?;
    let end_ms = if end.is_empty() { Some(start_ms + SPOKEN_MS) } else { cue::parse(end) };
    let end_ms = end_ms.filter(|end_ms| *end_ms > start_ms)?;
    // `[1] ` begins a reference: only a moment with a colon is one.
    (start.contains(':') && !text.trim().is_empty()).then(|| Block::Cue {
        start_ms,
        end_ms,
        text: text.trim().to_owned(),
    })
}

fn numbered(line: &str, number: usize) -> Option<Block> {
    let text = line.trim_start().strip_prefix(&format!("{number}. "))?.trim();
    (!text.is_empty()).then(|| Block::ListItem { ordered: true, level: 0, text: text.to_owned() })
}

/// The cells of a line that is a row of a table.
fn cells(line: &str) -> Option<Vec<String>> {
    /// Stands for a bar inside a cell; no text has it.
    const BAR: &str = "\u{0}";
    let line = line.trim().replace('\0', "").replace("\\|", BAR);
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.replace(BAR, "|").trim().to_owned()).collect())
}

fn table_of(mut rows: Vec<Vec<String>>) -> Block {
    let is_line =
        |row: &Vec<String>| row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| c == '-' || c == ':'));
    let header = rows.len() > 1 && rows.get(1).is_some_and(is_line);
    rows.retain(|row| !is_line(row));
    Block::Table { header, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks() -> Vec<Block> {
        let item = |ordered, level, text: &str| Block::ListItem { ordered, level, text: text.to_owned() };
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        vec![
            Block::Heading { level: 2, text: "Kỹ thuật".to_owned() },
            Block::Paragraph { text: "Dòng một\ndòng hai.".to_owned() },
            item(false, 0, "bón lót"),
            item(false, 1, "phân chuồng"),
            Block::Paragraph { text: "3. Thu hoạch".to_owned() },
            item(true, 0, "gặt"),
            item(true, 0, "phơi"),
            Block::Table { header: true, rows: vec![row(&["Giống", "Ngày|vụ"]), row(&["HN6", ""])] },
            Block::Cue { start_ms: 83_450, end_ms: 87_000, text: "Bà con chú ý".to_owned() },
            Block::Cue { start_ms: 87_000, end_ms: 3_690_000, text: "nước lũ".to_owned() },
        ]
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        assert_eq!(read(&write(&blocks())), blocks());
        assert_eq!(read(&write(&blocks()).replace('\n', "\r\n")), blocks());
    }

    #[test]
    fn what_a_person_types_needs_no_blank_lines_around_structure() {
        let read = read("Mở đầu\n# Đề mục\n- một\nsau\n| a |\n|--|\n| b |\n");
        assert_eq!(read.len(), 5, "{read:?}");
        assert!(matches!(&read[4], Block::Table { header: true, rows } if rows.len() == 2));
    }

    #[test]
    fn lines_that_only_look_like_structure_are_paragraphs() {
        for line in ["#hashtag", "-5 độ", "1. Mục tiêu", "|", "2. a\n3. b", "[1] sách", "[1:2"] {
            assert!(matches!(read(line).as_slice(), [Block::Paragraph { text }] if text == line), "{line}");
        }
    }
}
