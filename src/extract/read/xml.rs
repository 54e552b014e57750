//! A small tree of an XML file: local names, attributes, text; no entities but the five of XML itself.

use crate::extract::error::ExtractError;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// Deeper nesting than this is refused.
const DEEPEST: usize = 256;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// The name without its prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A number in an attribute; 1 when there is none.
    pub(super) fn count(&self, name: &str) -> usize {
        self.attribute(name).and_then(|value| value.parse().ok()).unwrap_or(1)
    }

    /// The child elements.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of that name anywhere inside.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.elements().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }

    /// All text inside.
    pub(super) fn text(&self) -> String {
        self.children
            .iter()
            .map(|node| match node {
                Node::Element(element) => element.text(),
                Node::Text(text) => text.clone(),
            })
            .collect()
    }
}

/// Reads a file into a tree under a nameless root.
pub(super) fn parse(bytes: &[u8]) -> Result<Element, ExtractError> {
    let mut reader = Reader::from_reader(bytes);
    reader.config_mut().check_end_names = false;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|error| damaged(&error))? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(damaged(&"nested too deeply"));
                }
                open.push(element(&start));
            }
            Event::Empty(start) => push(&mut open, Node::Element(element(&start))),
            Event::End(_) => close(&mut open),
            Event::Text(text) => push(&mut open, Node::Text(String::from_utf8_lossy(&text).into_owned())),
            Event::CData(text) => push(&mut open, Node::Text(String::from_utf8_lossy(&text).into_owned())),
            Event::GeneralRef(name) => {
                let letter = name.resolve_char_ref().ok().flatten().map(String::from);
                let known = String::from_utf8_lossy(&name).into_owned();
                let text = letter.or_else(|| resolve_predefined_entity(&known).map(str::to_owned));
                push(&mut open, Node::Text(text.unwrap_or_default()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().ok_or_else(|| damaged(&"no content"))
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn close(open: &mut Vec<Element>) {
    // A stray end tag must not close the root.
    if open.len() > 1
        && let Some(done) = open.pop()
    {
        push(open, Node::Element(done));
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start.attributes().flatten().map(|attribute| {
        let value = attribute.unescape_value().map_or_else(|_| String::new(), std::borrow::Cow::into_owned);
        (String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned(), value)
    });
    Element {
        name: String::from_utf8_lossy(start.local_name().as_ref()).into_owned(),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}

fn damaged(error: &dyn std::fmt::Display) -> ExtractError {
    ExtractError::FileDamaged(format!("xml: {error}"))
}
