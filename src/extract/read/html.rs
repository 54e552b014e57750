//! Web pages: the article where one can be found, the whole body otherwise.

use crate::domain::page::Block;
use crate::extract::content::{Content, heading};
use crate::extract::error::ExtractError;
use crate::extract::read::{html_blocks, html_depth};
use crate::extract::{clean, text_bytes};
use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

/// What stands around an article on a web page.
const SURROUNDINGS: &str = "nav, header, footer, aside, form, script, style, noscript, template, [hidden], \
    [aria-hidden=true], [role=navigation], [role=banner], [role=contentinfo], [role=search]";
/// An article shorter than this share of the body, in hundredths, is taken for a wrong guess.
const ARTICLE_SHARE: usize = 60;
/// Deeper pages are no page's, and the search for the article takes the square of the depth.
const DEEPEST_ARTICLE: usize = 150;
/// A page of more elements is read whole.
const MOST_ELEMENTS: usize = 50_000;

/// Reads a web page.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let html = text_bytes::decode_labelled(bytes)
        .ok_or_else(|| ExtractError::FileDamaged("no text encoding fits".to_owned()))?;
    let html = html_depth::bounded(&html);
    let whole = Document::from(&*html);
    let title = title(&whole);
    for surrounding in whole.select(SURROUNDINGS).nodes() {
        surrounding.remove_from_parent();
    }
    let body = html_blocks::of(&whole);
    let found = if depth(&whole) > DEEPEST_ARTICLE { None } else { article(&html) };
    let blocks = match found {
        Some(article) if chars(&article) * 100 >= chars(&body) * ARTICLE_SHARE => with_title(article, &body),
        _ => body,
    };
    Ok(Content::flow(title, blocks))
}

/// Reads a whole document that has no surroundings: a chapter of a book, Markdown turned into HTML.
pub(super) fn read_whole(html: &str) -> (Option<String>, Vec<Block>) {
    let document = Document::from(&*html_depth::bounded(html));
    (title(&document), html_blocks::of(&document))
}

fn title(document: &Document) -> Option<String> {
    let title = document.select("head > title").text();
    Some(clean::line(&title)).filter(|title| !title.is_empty())
}

/// How deep a page is nested, without recursion: the page may be made to exhaust the stack.
fn depth(document: &Document) -> usize {
    let (mut deepest, mut depth) = (0, 0_usize);
    let mut next = Some(document.root());
    while let Some(node) = next {
        if let Some(child) = node.first_child() {
            depth += 1;
            deepest = deepest.max(depth);
            next = Some(child);
            continue;
        }
        let mut at: Option<NodeRef<'_>> = Some(node);
        next = loop {
            let Some(node) = at else { break None };
            if let Some(sibling) = node.next_sibling() {
                break Some(sibling);
            }
            depth = depth.saturating_sub(1);
            at = node.parent();
        };
    }
    deepest
}

fn article(html: &str) -> Option<Vec<Block>> {
    let config = Config { max_elements_to_parse: MOST_ELEMENTS, ..Config::default() };
    let article = Readability::new(html, None, Some(config)).ok()?.parse().ok()?;
    Some(html_blocks::of(&Document::from(article.content)))
}

/// The search for the article drops a heading that repeats the page's title; it is put back.
fn with_title(mut article: Vec<Block>, body: &[Block]) -> Vec<Block> {
    let first = body.iter().find_map(|block| match block {
        Block::Heading { level: 1, text } => Some(clean::line(text)),
        _ => None,
    });
    if let Some(first) = first
        && !article.iter().any(|block| matches!(block, Block::Heading { text, .. } if clean::line(text) == first))
    {
        article.insert(0, heading(1, first));
    }
    article
}

fn chars(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|block| match block {
            Block::Heading { text, .. }
            | Block::Paragraph { text }
            | Block::ListItem { text, .. }
            | Block::Cue { text, .. } => text.chars().count(),
            Block::Table { rows, .. } => rows.iter().flatten().map(|cell| cell.chars().count()).sum(),
        })
        .sum()
}
