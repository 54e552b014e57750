//! Text as it is kept: NFC, no control or invisible signs, white space sane.

use crate::domain::page::Block;
use crate::extract::content::Part;
use unicode_normalization::UnicodeNormalization;

/// Cleans text; line breaks inside it stay, runs of blanks and of line breaks become one.
pub(super) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfc().flat_map(unlinked).filter_map(readable) {
        match c {
            '\n' => {
                let kept = out.trim_end_matches(' ').len();
                out.truncate(kept);
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            ' ' => {
                if !out.is_empty() && !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
            }
            _ => out.push(c),
        }
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    out
}

/// Cleans text that must stay on one line.
pub(super) fn line(raw: &str) -> String {
    text(&raw.replace(['\n', '\r', '\u{b}', '\u{c}', '\u{2028}'], " "))
}

/// Letters that type setting drew as one sign; the whole of NFKC would also undo m², ½ and the like.
fn unlinked(c: char) -> impl Iterator<Item = char> {
    let letters = match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => "",
    };
    letters.chars().chain(letters.is_empty().then_some(c))
}

/// One sign as it is kept, or nothing.
fn readable(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        // Soft hyphens, zero-width and direction signs, byte order marks: seen by no reader, in the way of every search.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fff9}'..='\u{fffc}' => None,
        '\u{e000}'..='\u{f8ff}' => symbol(c),
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Signs of the Symbol and Wingdings fonts, which office programs store in the private use area.
fn symbol(c: char) -> Option<char> {
    match c {
        '\u{f0b7}' | '\u{f0a7}' | '\u{f06c}' | '\u{f06e}' | '\u{f09f}' | '\u{f076}' | '\u{f0d8}' | '\u{f0e0}' => {
            Some('•')
        }
        '\u{f0fc}' | '\u{f050}' => Some('✓'),
        '\u{f02d}' => Some('–'),
        '\u{f0ae}' => Some('→'),
        '\u{f0b0}' => Some('°'),
        '\u{f0b1}' => Some('±'),
        '\u{f0b4}' => Some('×'),
        '\u{f0a3}' => Some('≤'),
        '\u{f0b3}' => Some('≥'),
        _ => None,
    }
}

/// Signs that stand before the items of a list.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '◦'
            | '▪'
            | '▫'
            | '■'
            | '□'
            | '●'
            | '○'
            | '‣'
            | '⁃'
            | '∙'
            | '·'
            | '➢'
            | '➤'
            | '✓'
            | '✔'
            | '❖'
            | '*'
    )
}

/// Cleans blocks and drops the empty ones; tables of one cell become paragraphs.
pub(super) fn parts(raw: Vec<Part>) -> Vec<Part> {
    let clean =
        |part: Part| block(part.block).into_iter().map(move |block| Part { block, decodings: part.decodings.clone() });
    raw.into_iter().flat_map(clean).collect()
}

fn block(raw: Block) -> Vec<Block> {
    let cleaned = match raw {
        Block::Heading { level, text } => Block::Heading { level: level.clamp(1, 6), text: line(&text) },
        Block::Paragraph { text: inner } => Block::Paragraph { text: text(&inner) },
        Block::ListItem { ordered, level, text: inner } => {
            let inner = text(&inner);
            let inner = if ordered { inner.as_str() } else { inner.trim_start_matches(is_bullet).trim_start() };
            Block::ListItem { ordered, level: level.min(8), text: inner.to_owned() }
        }
        Block::Cue { start_ms, end_ms, text } => Block::Cue { start_ms, end_ms, text: line(&text) },
        Block::Table { header, rows } => return table(header, &rows),
    };
    let empty = match &cleaned {
        Block::Heading { text, .. }
        | Block::Paragraph { text }
        | Block::ListItem { text, .. }
        | Block::Cue { text, .. } => text.is_empty(),
        Block::Table { .. } => false,
    };
    if empty { Vec::new() } else { vec![cleaned] }
}

/// Cleans a table: empty rows and columns go, rows get one length; one column only is no table.
fn table(header: bool, raw: &[Vec<String>]) -> Vec<Block> {
    let mut rows: Vec<Vec<String>> =
        raw.iter().map(|row| row.iter().map(|cell| line(cell)).collect::<Vec<_>>()).collect();
    let header = header && rows.first().is_some_and(|row| row.iter().any(|cell| !cell.is_empty()));
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let used: Vec<bool> =
        (0..width).map(|column| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))).collect();
    for row in &mut rows {
        row.resize(width, String::new());
        let mut column = used.iter();
        row.retain(|_| column.next().copied().unwrap_or(false));
    }
    match used.iter().filter(|used| **used).count() {
        0 => Vec::new(),
        1 => rows.into_iter().flatten().map(|text| Block::Paragraph { text }).collect(),
        _ => vec![Block::Table { header: header || looks_headed(&rows), rows }],
    }
}

/// Most files do not mark header rows: a first row of short words over longer or counted ones is one.
fn looks_headed(rows: &[Vec<String>]) -> bool {
    let [first, rest @ ..] = rows else { return false };
    let label = |cell: &String| {
        let chars = cell.chars().count();
        (1..=40).contains(&chars)
            && !cell.contains(|c: char| c.is_ascii_digit())
            && !cell.ends_with(['.', ';', ',', ':'])
    };
    let mean = |rows: &[Vec<String>]| {
        let (cells, chars) =
            rows.iter().flatten().filter(|cell| !cell.is_empty()).fold((0, 0), |(cells, chars), cell| {
                (cells + 1, chars + if cell.contains(|c: char| c.is_ascii_digit()) { 40 } else { cell.chars().count() })
            });
        chars.checked_div(cells).unwrap_or(0)
    };
    rest.len() >= 2 && first.iter().all(label) && mean(rest) * 3 >= mean(std::slice::from_ref(first)) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_nfc_without_invisible_signs() {
        assert_eq!(
            text("Trô\u{300}ng  lu\u{301}a\u{200b}\u{ad} \t ở\u{a0}đây \r\n\r\n mai\u{0}"),
            "Trồng lúa ở đây\nmai"
        );
    }

    #[test]
    fn symbol_font_bullets_become_list_signs() {
        assert_eq!(text("\u{f0b7} Một"), "• Một");
        assert_eq!(text("\u{f8ff}"), "");
    }

    #[test]
    fn tables_lose_empty_rows_and_columns() {
        let rows = vec![vec!["a".into(), String::new(), "b".into()], vec![], vec!["c".into()]];
        let expected =
            Block::Table { header: true, rows: vec![vec!["a".into(), "b".into()], vec!["c".into(), String::new()]] };
        assert_eq!(parts(vec![Block::Table { header: true, rows }.into()]), vec![expected.into()]);
    }

    #[test]
    fn header_rows_are_told_by_their_short_words() {
        let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let headed = vec![
            row("Nơi", "Vì sao"),
            row("Ruộng mới khai hoang", "Cuốc cày chạm phải"),
            row("Bờ suối", "Nước cuốn lộ ra"),
        ];
        assert!(looks_headed(&headed));
        let plain = vec![row("Số điện thoại", "0912"), row("Người nhận", "Trạm y tế"), row("Giờ", "7 giờ")];
        assert!(!looks_headed(&plain));
    }

    #[test]
    fn a_table_of_one_column_is_read_as_paragraphs() {
        let rows = vec![vec!["Lưu ý".into()], vec!["Đeo găng tay".into()]];
        assert_eq!(parts(vec![Block::Table { header: false, rows }.into()]).len(), 2);
    }
}
