//! Markdown: turned into HTML, then read as such.

use crate::extract::content::Content;
use crate::extract::error::ExtractError;
use crate::extract::read::html;
use crate::extract::text_bytes;
use pulldown_cmark::{Options, Parser};

/// Reads Markdown; a `title:` in its front matter is the document's title.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let text =
        text_bytes::decode(bytes).ok_or_else(|| ExtractError::FileDamaged("no text encoding fits".to_owned()))?;
    let text = text.replace("\r\n", "\n");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut page = String::new();
    pulldown_cmark::html::push_html(&mut page, Parser::new_ext(&text, options));
    Ok(Content::flow(front_title(&text), html::read_whole(&page).1))
}

fn front_title(text: &str) -> Option<String> {
    let front = text.strip_prefix("---\n")?.split("\n---").next()?;
    let title = front.lines().find_map(|line| line.strip_prefix("title:"))?;
    Some(title.trim().trim_matches(['"', '\'']).to_owned())
}
