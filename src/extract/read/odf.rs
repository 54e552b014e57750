//! `OpenDocument` texts and presentations.

use crate::domain::page::Block;
use crate::extract::archive::Archive;
use crate::extract::content::{Content, Draft, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::read::looks;
use crate::extract::read::xml::{self, Element, Node};
use crate::extract::{clean, detect};
use std::collections::{HashMap, HashSet};

/// Repeated cells beyond this are padding of the sheet.
const MOST_REPEATS: usize = 50;

/// Reads a text.
pub(super) fn odt(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    let Opened { title, root, styles } = open(bytes, limits)?;
    let mut walker = Walker::new(&root, &styles);
    if let Some(body) = root.find("body") {
        walker.children(body, 0);
    }
    Ok(Content::flow(title, walker.finish()))
}

/// Reads a presentation; each slide is a page.
pub(super) fn odp(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    let Opened { title, root, styles } = open(bytes, limits)?;
    let slides = root.find("presentation").map(|body| body.elements().filter(|child| child.name == "page"));
    let drafts = slides.into_iter().flatten().map(|slide| {
        let mut walker = Walker::new(&root, &styles);
        walker.children(slide, 0);
        Draft::of(walker.finish())
    });
    Ok(Content::pages(title, drafts.collect()))
}

/// The parts of a file that carry text or its structure.
struct Opened {
    title: Option<String>,
    root: Element,
    styles: Element,
}

fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, ExtractError> {
    let mut archive = Archive::open(bytes, limits)?;
    let manifest = archive.read("META-INF/manifest.xml")?.unwrap_or_default();
    if detect::find(&manifest, b"encryption-data").is_some() {
        return Err(ExtractError::FileEncrypted);
    }
    let content = archive.read("content.xml")?.ok_or_else(|| ExtractError::FileDamaged("no content.xml".to_owned()))?;
    let root = xml::parse(&content)?;
    let meta = archive.read("meta.xml")?.and_then(|bytes| xml::parse(&bytes).ok());
    let title = meta.as_ref().and_then(|meta| meta.find("title")).map(Element::text);
    let styles = archive.read("styles.xml")?.and_then(|bytes| xml::parse(&bytes).ok()).unwrap_or_default();
    Ok(Opened { title, root, styles })
}

struct Walker<'a> {
    /// Names of list styles that count.
    ordered: HashSet<&'a str>,
    /// The named style behind each automatic one, and whether it is bold.
    styles: HashMap<&'a str, (&'a str, bool)>,
    has_headings: bool,
    blocks: Vec<Block>,
    notes: Vec<Block>,
}

impl<'a> Walker<'a> {
    fn new(root: &'a Element, named: &'a Element) -> Self {
        let mut ordered = HashSet::new();
        let mut styles = HashMap::new();
        let lists =
            named.find("styles").into_iter().flat_map(Element::elements).filter(|style| style.name == "list-style");
        for style in root.find("automatic-styles").into_iter().flat_map(Element::elements).chain(lists) {
            let Some(name) = style.attribute("name") else { continue };
            if style.name == "list-style" {
                if style.elements().next().is_some_and(|level| level.name == "list-level-style-number") {
                    ordered.insert(name);
                }
            } else if let Some(parent) = style.attribute("parent-style-name") {
                let bold = style.elements().any(|inner| inner.attribute("font-weight") == Some("bold"));
                styles.insert(name, (parent, bold));
            }
        }
        Self { ordered, styles, has_headings: root.find("h").is_some(), blocks: Vec::new(), notes: Vec::new() }
    }

    fn finish(mut self) -> Vec<Block> {
        self.blocks.append(&mut self.notes);
        self.blocks
    }

    fn children(&mut self, element: &'a Element, level: u8) {
        for child in element.elements() {
            self.element(child, level);
        }
    }

    fn element(&mut self, element: &'a Element, level: u8) {
        match element.name.as_str() {
            "h" => {
                let depth = element.attribute("outline-level").and_then(|level| level.parse().ok()).unwrap_or(1);
                let text = self.text(element);
                self.blocks.push(heading(depth, text));
            }
            "p" => self.paragraph(element),
            "list" => self.list(element, None, level),
            "table" => self.table(element),
            "frame" if element.attribute("class") == Some("title") => {
                let text: Vec<String> = element.elements().map(|inner| self.text(inner)).collect();
                self.blocks.push(heading(1, text.join(" ")));
            }
            "tracked-changes" | "annotation" | "forms" | "sequence-decls" | "desc" | "table-of-content" => {}
            _ => self.children(element, level),
        }
    }

    fn paragraph(&mut self, element: &'a Element) {
        let text = self.text(element);
        let style = element.attribute("style-name").unwrap_or_default();
        let (parent, bold) = self.styles.get(style).copied().unwrap_or((style, false));
        let shown = clean::line(&text);
        let block = if parent == "Title" || parent == "Subtitle" {
            heading(1, text)
        } else if bold && !self.has_headings && looks::may_be_heading(&shown) {
            heading(looks::heading_level(&shown).unwrap_or(3), text)
        } else {
            looks::list_item(&shown).unwrap_or_else(|| paragraph(text))
        };
        self.blocks.push(block);
    }

    fn list(&mut self, element: &'a Element, outer: Option<bool>, level: u8) {
        let ordered =
            element.attribute("style-name").map(|name| self.ordered.contains(name)).or(outer).unwrap_or(false);
        for item in element.elements() {
            let mut first = item.name == "list-item";
            for child in item.elements() {
                match child.name.as_str() {
                    "list" => self.list(child, Some(ordered), level.saturating_add(1)),
                    "p" if first => {
                        let text = self.text(child);
                        self.blocks.push(Block::ListItem { ordered, level, text });
                        first = false;
                    }
                    _ => self.element(child, level),
                }
            }
        }
    }

    fn table(&mut self, element: &'a Element) {
        let mut rows = Vec::new();
        let mut header = false;
        let mut inner = Vec::new();
        for part in element.elements() {
            match part.name.as_str() {
                "table-row" => rows.push(self.row(part, &mut inner)),
                "table-header-rows" | "table-rows" | "table-row-group" => {
                    header |= part.name == "table-header-rows" && rows.is_empty();
                    for row in part.elements().filter(|row| row.name == "table-row") {
                        rows.push(self.row(row, &mut inner));
                    }
                }
                _ => {}
            }
        }
        self.blocks.push(Block::Table { header, rows });
        for table in inner {
            self.table(table);
        }
    }

    fn row(&mut self, row: &'a Element, inner: &mut Vec<&'a Element>) -> Vec<String> {
        let mut cells = Vec::new();
        for cell in row.elements() {
            let text: Vec<String> =
                cell.elements().filter(|part| part.name != "table").map(|part| self.text(part)).collect();
            inner.extend(cell.elements().filter(|part| part.name == "table"));
            let repeats = cell.count("number-columns-repeated").clamp(1, MOST_REPEATS);
            cells.extend(std::iter::repeat_n(text.join(" "), repeats));
        }
        cells
    }

    /// The text of a paragraph; its notes are put aside for the end.
    fn text(&mut self, element: &'a Element) -> String {
        let mut out = String::new();
        for node in &element.children {
            let child = match node {
                Node::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Node::Element(child) => child,
            };
            match child.name.as_str() {
                "s" | "tab" => out.push(' '),
                "line-break" => out.push('\n'),
                "note" => {
                    let note = child.find("note-body").map(|body| self.text(body)).unwrap_or_default();
                    self.notes.push(paragraph(note));
                }
                "annotation" | "desc" => {}
                _ => {
                    let inner = self.text(child);
                    if child.name == "p" && !out.is_empty() {
                        out.push('\n');
                    }
                    out.push_str(&inner);
                }
            }
        }
        out
    }
}
