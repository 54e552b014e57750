//! Headings and list items told by how a line looks, for formats that do not mark them.

use crate::domain::page::Block;
use crate::extract::clean::is_bullet;

/// The longest line that may be a heading.
const LONGEST_CHARS: usize = 120;

/// Whether a line may be a heading at all: short, with letters, and not ended like a sentence.
pub(super) fn may_be_heading(line: &str) -> bool {
    let chars = line.chars().count();
    (2..=LONGEST_CHARS).contains(&chars)
        && line.chars().filter(|c| c.is_alphabetic()).count() * 2 >= chars
        && !line.ends_with(['.', ',', ';', ':', '!', '…', '"', '”'])
        && !line.contains('\n')
}

/// The level of a line that is a heading by its words: "PHẦN I", "Chương 2", "Bài 3", "Điều 4" or all capitals.
pub(in crate::extract) fn heading_level(line: &str) -> Option<u8> {
    if let Some(level) = numbered_part(line).filter(|_| line.chars().count() <= LONGEST_CHARS) {
        return Some(level);
    }
    let words = line.split_whitespace().count();
    (may_be_heading(line) && words >= 2 && is_capitals(line)).then_some(2)
}

/// Whether every letter is a capital.
pub(super) fn is_capitals(line: &str) -> bool {
    line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase)
}

/// "Chương 2. ..." and its like.
fn numbered_part(line: &str) -> Option<u8> {
    let mut words = line.split_whitespace();
    let level = match words.next()?.to_lowercase().as_str() {
        "phần" | "chương" => 1,
        "bài" | "mục" => 2,
        "điều" => 3,
        _ => return None,
    };
    let number = words.next()?.trim_end_matches(['.', ':', ')', '-', '–']);
    let roman = !number.is_empty() && number.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
    let arabic = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    (roman || arabic).then_some(level)
}

/// Reads "- x", "• x" as an item of a list. Numbered lines stay as they are: their numbers are often cited.
pub(super) fn list_item(line: &str) -> Option<Block> {
    let mut chars = line.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    let marked = (is_bullet(first) && first != '*' && !rest.trim().is_empty())
        || (matches!(first, '-' | '–' | '+' | '*') && rest.starts_with(' ') && !rest.trim().is_empty());
    let level = u8::from(first == '+' || first == '◦' || first == '○');
    marked.then(|| Block::ListItem { ordered: false, level, text: rest.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_laws_and_capitals_are_headings() {
        assert_eq!(heading_level("Chương II. QUYỀN CỦA NGƯỜI SỬ DỤNG ĐẤT"), Some(1));
        assert_eq!(heading_level("Điều 12. Phạm vi điều chỉnh"), Some(3));
        assert_eq!(heading_level("KỸ THUẬT LÀM ĐẤT"), Some(2));
        assert_eq!(heading_level("Bài học hôm nay"), None);
        assert_eq!(heading_level("Bà con nhớ giữ nước."), None);
    }

    #[test]
    fn dashes_and_bullets_begin_items() {
        assert!(matches!(list_item("- Làm đất"), Some(Block::ListItem { level: 0, .. })));
        assert!(matches!(list_item("•Làm đất"), Some(Block::ListItem { .. })));
        assert!(list_item("-5 độ").is_none());
        assert!(list_item("1. Làm đất").is_none());
    }
}
