//! Running heads, running feet and page numbers: removed where certain, kept where not.

use crate::domain::page::Block;
use crate::extract::content::Part;
use std::collections::HashMap;

/// How many blocks at either end of a page may be furniture.
const EDGE: usize = 3;
/// The longest line that may be furniture.
const LONGEST_CHARS: usize = 120;

/// Removes lines that repeat at the same end of most pages, digits apart.
///
/// Three pages make a repetition certain; two do when both number their pages at that end, in steps of one.
pub(super) fn remove(pages: &mut [Vec<Part>]) {
    let filled = pages.iter().filter(|blocks| !blocks.is_empty()).count();
    if filled < 2 {
        return;
    }
    // Two sided books alternate their heads, so somewhat less than half of the pages is "most" for one line.
    let enough = if filled == 2 { 2 } else { 3.max(filled * 2 / 5 + 1) };
    for top in [true, false] {
        if filled == 2 && !is_numbered(pages, top) {
            continue;
        }
        let seen = count(pages, top);
        for blocks in pages.iter_mut() {
            strip(blocks, top, |key| seen.get(key).is_some_and(|count| *count >= enough));
        }
    }
}

/// On how many pages each line stands at that end.
fn count(pages: &[Vec<Part>], top: bool) -> HashMap<String, usize> {
    let mut seen = HashMap::new();
    for blocks in pages {
        let mut keys: Vec<String> = edge(blocks, top).filter_map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *seen.entry(key).or_default() += 1;
        }
    }
    seen
}

/// Whether the outermost lines of both pages are their numbers: "Trang 1/2", "- 7 -".
fn is_numbered(pages: &[Vec<Part>], top: bool) -> bool {
    let numbers: Vec<Option<u32>> = pages
        .iter()
        .filter(|blocks| !blocks.is_empty())
        .map(|blocks| edge(blocks, top).find_map(page_number))
        .collect();
    matches!(numbers.as_slice(), [Some(first), Some(second)] if first.checked_add(1) == Some(*second))
}

fn page_number(block: &Block) -> Option<u32> {
    let Block::Paragraph { text } = block else { return None };
    let lower = text.to_lowercase();
    let rest = lower.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '|'));
    let rest = ["trang", "page"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim_start();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let after = rest.get(digits.len()..)?.trim_start();
    let total = ["/", "của", "of"].iter().find_map(|word| after.strip_prefix(word)).unwrap_or(after);
    total.trim().chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Takes furniture away from one end inwards and stops at the first line that is none.
fn strip(blocks: &mut Vec<Part>, top: bool, is_furniture: impl Fn(&str) -> bool) {
    for _ in 0..EDGE {
        let at = if top { 0 } else { blocks.len().saturating_sub(1) };
        let Some(key) = blocks.get(at).and_then(|part| key(part)) else { return };
        if !is_furniture(&key) {
            return;
        }
        blocks.remove(at);
    }
}

/// The outermost blocks of one end.
fn edge(blocks: &[Part], top: bool) -> impl Iterator<Item = &Block> {
    let skip = if top { 0 } else { blocks.len().saturating_sub(EDGE) };
    blocks.iter().skip(skip).take(EDGE).map(|part| &part.block)
}

/// What makes two lines the same furniture: their words, digits apart. Longer texts and tables are never furniture.
fn key(block: &Block) -> Option<String> {
    let (Block::Heading { text, .. } | Block::Paragraph { text } | Block::ListItem { text, .. }) = block else {
        return None;
    };
    if text.chars().count() > LONGEST_CHARS {
        return None;
    }
    let mut key = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        if c.is_ascii_digit() {
            if !key.ends_with('#') {
                key.push('#');
            }
        } else if !c.is_whitespace() {
            key.push(c);
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::content::paragraph;

    fn sheets(bodies: &[&str], foot: impl Fn(usize) -> String) -> Vec<Vec<Part>> {
        let page = |(index, body): (usize, &&str)| {
            let texts = ["Cẩm nang trồng lúa", *body, "Xã Hải Lăng", &foot(index + 1)];
            texts.map(|text| paragraph(text).into()).to_vec()
        };
        bodies.iter().enumerate().map(page).collect()
    }

    #[test]
    fn repeated_heads_and_page_numbers_go() {
        let mut pages =
            sheets(&["Mở đầu.", "Làm đất.", "Gieo sạ.", "Thu hoạch."], |n| format!("Trang {n}/4"));
        remove(&mut pages);
        assert_eq!(pages[0], [paragraph("Mở đầu.").into()]);
        assert_eq!(pages[3], [paragraph("Thu hoạch.").into()]);
    }

    #[test]
    fn two_pages_are_certain_only_where_they_are_numbered() {
        let mut pages = sheets(&["Mở đầu.", "Làm đất."], |n| format!("Trang {n} / 2"));
        remove(&mut pages);
        assert_eq!(pages[1], [paragraph("Cẩm nang trồng lúa").into(), paragraph("Làm đất.").into()]);
        let mut pages = sheets(&["Mở đầu.", "Làm đất."], |_| "Ghi nhớ".to_owned());
        remove(&mut pages);
        assert_eq!(pages[1].len(), 4);
    }
}
