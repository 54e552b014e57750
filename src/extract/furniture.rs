//! Running heads, running feet and page numbers: removed where certain, kept where not.

use crate::domain::page::Block;
use std::collections::HashMap;

/// How many blocks at either end of a page may be furniture.
const EDGE: usize = 3;
/// The longest line that may be furniture.
const LONGEST_CHARS: usize = 120;

/// Removes lines that repeat at the same end of at least three pages and of most pages, digits apart.
pub(super) fn remove(pages: &mut [Vec<Block>]) {
    if pages.len() < 3 {
        return;
    }
    let filled = pages.iter().filter(|blocks| !blocks.is_empty()).count();
    let mut seen: HashMap<(bool, String), usize> = HashMap::new();
    for blocks in pages.iter() {
        for top in [true, false] {
            let mut keys: Vec<String> =
                edge(blocks, top).into_iter().filter_map(|index| key(blocks.get(index)?)).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                *seen.entry((top, key)).or_default() += 1;
            }
        }
    }
    // Two sided books alternate their heads, so half of the pages is "most" for one line.
    let enough = 3.max(filled.div_ceil(2).min(filled * 2 / 5 + 1));
    for blocks in pages.iter_mut() {
        for top in [true, false] {
            strip(blocks, top, |key| seen.get(&(top, key.to_owned())).is_some_and(|count| *count >= enough));
        }
    }
}

/// Takes furniture away from one end inwards and stops at the first line that is none.
fn strip(blocks: &mut Vec<Block>, top: bool, is_furniture: impl Fn(&str) -> bool) {
    for _ in 0..EDGE {
        let at = if top { 0 } else { blocks.len().saturating_sub(1) };
        let Some(key) = blocks.get(at).and_then(key) else { return };
        if !is_furniture(&key) {
            return;
        }
        blocks.remove(at);
    }
}

fn edge(blocks: &[Block], top: bool) -> Vec<usize> {
    let all = 0..blocks.len();
    if top { all.take(EDGE).collect() } else { all.rev().take(EDGE).collect() }
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

    fn sheet(head: &str, body: &str, foot: &str) -> Vec<Block> {
        vec![paragraph(head), paragraph(body), paragraph(foot)]
    }

    #[test]
    fn repeated_heads_and_page_numbers_go() {
        let mut pages: Vec<Vec<Block>> = (1..=4)
            .map(|n| sheet("Cẩm nang trồng lúa", &format!("Thân bài {n}: chữ."), &format!("Trang {n}/4")))
            .collect();
        pages[0][1] = paragraph("Mở đầu.");
        pages[1][1] = paragraph("Làm đất.");
        pages[2][1] = paragraph("Gieo sạ.");
        remove(&mut pages);
        assert_eq!(
            pages,
            [
                vec![paragraph("Mở đầu.")],
                vec![paragraph("Làm đất.")],
                vec![paragraph("Gieo sạ.")],
                vec![paragraph("Thân bài 4: chữ.")]
            ]
        );
    }

    #[test]
    fn two_pages_are_too_few_to_be_certain() {
        let mut pages = vec![sheet("Bài", "a", "1"), sheet("Bài", "b", "2")];
        remove(&mut pages);
        assert_eq!(pages[0].len(), 3);
    }
}
