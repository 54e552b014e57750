//! What is new as an Atom feed (RFC 4287, paged as in RFC 5005).

use chrono::{DateTime, SecondsFormat, Utc};

/// The media type of a feed.
pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// A feed: one part of a list, the latest change first.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    /// An absolute IRI that never changes, such as [`stable_id`] makes.
    pub id: String,
    pub title: String,
    /// The address of this part.
    pub own: String,
    /// The page for people.
    pub page: String,
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub entries: Vec<Entry>,
}

/// One thing of a feed.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// An absolute IRI that never changes.
    pub id: String,
    pub title: String,
    /// The language of title and summary (BCP 47).
    pub language: String,
    pub address: String,
    pub updated: DateTime<Utc>,
    pub published: Option<DateTime<Utc>>,
    pub author: String,
    pub summary: String,
    /// Ids and labels.
    pub categories: Vec<(String, String)>,
}

/// An id that depends on some parameters alone, whatever host serves the feed: a UUID of version 8 made of their digest.
pub fn stable_id(parameters: &[(&str, &str)]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"hoclieu search feed");
    for (name, value) in parameters {
        for part in [name, value] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    format!("urn:uuid:{}", uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Writes a feed. Its `updated` is the latest change among its entries, so that an unchanged feed stays the same bytes.
pub fn feed(feed: &Feed) -> String {
    let updated = feed.entries.iter().map(|entry| entry.updated).max().unwrap_or_default();
    let mut out = Xml::default();
    out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.raw("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"vi\">\n");
    out.element("id", &feed.id);
    out.element("title", &feed.title);
    out.element("updated", &instant(updated));
    out.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &feed.own)]);
    out.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.page)]);
    let parts = [("first", &feed.first), ("previous", &feed.previous), ("next", &feed.next)];
    for (relation, address) in parts.into_iter().filter_map(|(name, address)| Some((name, address.as_ref()?))) {
        out.empty("link", &[("rel", relation), ("type", "application/atom+xml"), ("href", address)]);
    }
    for entry in &feed.entries {
        write_entry(entry, &mut out);
    }
    out.raw("</feed>\n");
    out.text
}

fn write_entry(entry: &Entry, out: &mut Xml) {
    out.raw("<entry");
    if !entry.language.is_empty() {
        out.attribute("xml:lang", &entry.language);
    }
    out.raw(">\n");
    out.element("id", &entry.id);
    out.element("title", &entry.title);
    out.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &entry.address)]);
    out.element("updated", &instant(entry.updated));
    if let Some(published) = entry.published {
        out.element("published", &instant(published));
    }
    out.raw("<author>");
    out.element("name", &entry.author);
    out.raw("</author>\n");
    if !entry.summary.is_empty() {
        out.element("summary", &entry.summary);
    }
    for (term, label) in &entry.categories {
        out.empty("category", &[("term", term), ("label", label)]);
    }
    out.raw("</entry>\n");
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// XML under construction.
#[derive(Default)]
struct Xml {
    text: String,
}

impl Xml {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn element(&mut self, name: &str, content: &str) {
        self.raw(&format!("<{name}>"));
        self.escape(content);
        self.raw(&format!("</{name}>\n"));
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.raw(&format!("<{name}"));
        for (name, value) in attributes {
            self.attribute(name, value);
        }
        self.raw("/>\n");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.raw(&format!(" {name}=\""));
        self.escape(value);
        self.raw("\"");
    }

    /// Writes text; signs that XML does not know are left out.
    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\t' | '\n' | ' ' => self.text.push(c),
                '\u{fffe}' | '\u{ffff}' => {}
                other if other.is_control() => {}
                other => self.text.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    /// Reads a feed strictly; answers the texts of some elements.
    fn texts(xml: &str, element: &str) -> Vec<String> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = true;
        let (mut open, mut found) = (Vec::new(), Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    assert!(start.attributes().all(|attribute| attribute.is_ok()), "{xml}");
                    open.push(String::from_utf8(start.name().as_ref().to_vec()).unwrap());
                    if open.last().unwrap() == element {
                        found.push(String::new());
                    }
                }
                Event::End(_) => drop(open.pop().unwrap()),
                Event::Text(text) if open.last().is_some_and(|name| name == element) => {
                    *found.last_mut().unwrap() += &text.decode().unwrap();
                }
                Event::GeneralRef(name) if open.last().is_some_and(|name| name == element) => {
                    let sign = match &*name.decode().unwrap() {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        other => panic!("{other}"),
                    };
                    *found.last_mut().unwrap() += sign;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(open.is_empty());
        found
    }

    fn sample(title: &str) -> Feed {
        let entry = Entry {
            id: "urn:uuid:0".to_owned(),
            title: title.to_owned(),
            summary: title.to_owned(),
            author: title.to_owned(),
            categories: vec![(title.to_owned(), title.to_owned())],
            updated: DateTime::from_timestamp(86_400, 5).unwrap(),
            ..Entry::default()
        };
        let entries = vec![Entry { updated: DateTime::UNIX_EPOCH, ..entry.clone() }, entry];
        Feed { title: title.to_owned(), next: Some(title.to_owned()), entries, ..Feed::default() }
    }

    #[test]
    fn a_feed_is_as_new_as_its_latest_change_and_an_empty_one_never_changes() {
        let xml = feed(&sample("Lúa"));
        assert_eq!(texts(&xml, "updated"), ["1970-01-02T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z"]);
        assert_eq!(feed(&Feed::default()), feed(&Feed::default()));
    }

    #[test]
    fn an_id_depends_on_every_parameter_and_on_nothing_else() {
        let ids = [
            stable_id(&[("q", "lúa"), ("chu-de", "agri")]),
            stable_id(&[("q", "lúachu-de"), ("", "agri")]),
            stable_id(&[("q", "lúa")]),
        ];
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert_eq!(ids[0], "urn:uuid:81bc77fa-d625-80df-853c-31c9c1577314", "subscribers know it");
    }

    proptest! {
        #[test]
        fn any_text_survives_in_well_formed_xml(title in any::<String>()) {
            let known: String = title
                .chars()
                .filter(|c| matches!(c, '\t' | '\n') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
                .collect();
            let all = texts(&feed(&sample(&title)), "title");
            prop_assert_eq!(all.len(), 3);
            prop_assert!(all.iter().all(|text| *text == known));
        }
    }
}
