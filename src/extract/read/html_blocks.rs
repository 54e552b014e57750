//! The blocks of an HTML tree, in reading order; no markup passes through.

use crate::domain::page::Block;
use crate::extract::content::{heading, paragraph};
use dom_query::{Document, NodeRef};

/// Deeper nesting than this is read as plain text, so that no file can exhaust the stack.
const DEEPEST: usize = 200;

/// The blocks of a document's body.
pub(super) fn of(document: &Document) -> Vec<Block> {
    let mut walker = Walker::default();
    match document.body() {
        Some(body) => walker.children(&body, 0),
        None => walker.children(&document.root(), 0),
    }
    walker.flush();
    walker.blocks
}

#[derive(Default)]
struct Walker {
    blocks: Vec<Block>,
    /// Text of the block that is open.
    open: String,
    /// The lists around the present place: whether each is ordered.
    lists: Vec<bool>,
    /// Set at the start of an item until its first text is out.
    at_item: bool,
    /// Inside preformatted text.
    pre: bool,
}

impl Walker {
    fn children(&mut self, node: &NodeRef<'_>, depth: usize) {
        for child in node.children_it(false) {
            self.node(&child, depth + 1);
        }
    }

    fn node(&mut self, node: &NodeRef<'_>, depth: usize) {
        if node.is_text() {
            self.text(&node.text());
            return;
        }
        let Some(name) = node.node_name() else { return };
        if depth > DEEPEST {
            self.text(&node.text());
            return;
        }
        match name.as_ref() {
            "script" | "style" | "head" | "template" | "svg" | "math" | "iframe" | "object" | "select" | "nav"
            | "button" | "textarea" | "noscript" | "audio" | "video" | "rt" | "rp" => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name),
            "br" => self.open.push('\n'),
            "ul" | "ol" | "menu" => self.list(node, name.as_ref() == "ol", depth),
            "li" => self.item(node, depth),
            "table" => self.table(node, depth),
            "pre" => self.preformatted(node, depth),
            name if is_block(name) => {
                self.flush();
                self.children(node, depth);
                self.flush();
            }
            _ => self.children(node, depth),
        }
    }

    /// White space of the source means one blank, except in preformatted text.
    fn text(&mut self, text: &str) {
        if self.pre {
            self.open.push_str(text);
            return;
        }
        for c in text.chars() {
            let c = if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') { ' ' } else { c };
            if c != ' ' || !self.open.ends_with([' ', '\n']) {
                self.open.push(c);
            }
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.open);
        if text.trim().is_empty() {
            return;
        }
        let block = match self.lists.last() {
            Some(ordered) if self.at_item => Block::ListItem {
                ordered: *ordered,
                level: u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX),
                text,
            },
            _ => paragraph(text),
        };
        self.at_item = false;
        self.blocks.push(block);
    }

    fn heading(&mut self, node: &NodeRef<'_>, name: &str) {
        self.flush();
        let level = name.chars().last().and_then(|digit| digit.to_digit(10)).and_then(|digit| u8::try_from(digit).ok());
        self.blocks.push(heading(level.unwrap_or(6), node.text().to_string()));
    }

    fn list(&mut self, node: &NodeRef<'_>, ordered: bool, depth: usize) {
        self.flush();
        self.lists.push(ordered);
        self.children(node, depth);
        self.flush();
        self.lists.pop();
    }

    fn item(&mut self, node: &NodeRef<'_>, depth: usize) {
        self.flush();
        self.at_item = true;
        self.children(node, depth);
        self.flush();
        self.at_item = false;
    }

    fn preformatted(&mut self, node: &NodeRef<'_>, depth: usize) {
        self.flush();
        self.pre = true;
        self.children(node, depth);
        self.flush();
        self.pre = false;
    }

    /// A table of data becomes rows; one that holds headings, lists or tables was made for layout and is read as text.
    fn table(&mut self, node: &NodeRef<'_>, depth: usize) {
        self.flush();
        let inner = node.descendants();
        if inner.iter().any(|inner| ["table", "h1", "h2", "h3", "ul", "ol"].iter().any(|name| inner.has_name(name))) {
            self.children(node, depth);
            self.flush();
            return;
        }
        if let Some(caption) = inner.iter().find(|inner| inner.has_name("caption")) {
            self.blocks.push(paragraph(caption.text().to_string()));
        }
        let found: Vec<&NodeRef<'_>> = inner.iter().filter(|inner| inner.has_name("tr")).collect();
        let header = found.first().is_some_and(|row| {
            row.parent().is_some_and(|parent| parent.has_name("thead"))
                || row.element_children().iter().all(|cell| cell.has_name("th"))
        });
        let rows = found.into_iter().map(cells).collect();
        self.blocks.push(Block::Table { header, rows });
    }
}

/// The cells of a row; a cell over several columns is followed by empty ones.
fn cells(row: &NodeRef<'_>) -> Vec<String> {
    let mut cells = Vec::new();
    for cell in row.element_children().iter().filter(|cell| cell.has_name("td") || cell.has_name("th")) {
        let mut inner = Walker::default();
        inner.children(cell, 0);
        inner.flush();
        let text: Vec<String> = inner.blocks.iter().map(block_text).collect();
        cells.push(text.join(" "));
        let span = cell.attr("colspan").and_then(|span| span.parse::<usize>().ok()).unwrap_or(1);
        cells.extend(std::iter::repeat_n(String::new(), span.clamp(1, 100) - 1));
    }
    cells
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Heading { text, .. }
        | Block::Paragraph { text }
        | Block::ListItem { text, .. }
        | Block::Cue { text, .. } => text.clone(),
        Block::Table { .. } => String::new(),
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "address"
            | "dl"
            | "dt"
            | "dd"
            | "hr"
            | "form"
            | "fieldset"
            | "center"
            | "details"
            | "summary"
            | "hgroup"
            | "body"
            | "html"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "thead"
            | "tfoot"
            | "caption"
    )
}
