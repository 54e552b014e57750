//! What several pages show alike: cards, facts, lines.

use super::Frame;
#[cfg(test)]
use super::rendered;
use crate::actions::materials::Card;
use crate::domain::day::date_vi;
use crate::domain::day::vietnam_time;
use crate::domain::validity::{Standing, Validity};
use crate::web::links;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

/// Words that people read in a minute, for the length of a material.
const WORDS_PER_MINUTE: u32 = 200;

/// A material in a list.
#[derive(Debug, Clone, Default)]
pub(super) struct CardView {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) kind: &'static str,
    pub(super) organisation: String,
    pub(super) date: Option<String>,
    pub(super) length: String,
    pub(super) sample: bool,
    /// That it has had its day, in a few words.
    pub(super) past: Option<String>,
    /// The language of the title: the material's first.
    pub(super) language: String,
}

impl CardView {
    pub(super) fn of(card: &Card) -> Self {
        Self {
            url: links::material(card.id, &card.title),
            title: card.title.clone(),
            summary: card.summary.clone(),
            kind: card.kind.label(),
            organisation: card.organisation.name.clone(),
            date: card.issued_on.map(date),
            length: length(card),
            sample: card.sample,
            past: past(&card.standing),
            language: card.languages.first().map_or("vi", |language| language.as_str()).to_owned(),
        }
    }

    pub(super) fn foreign(&self) -> bool {
        self.language != "vi" && self.language != "und" && !self.language.is_empty()
    }
}

fn past(standing: &Standing) -> Option<String> {
    match standing.validity {
        _ if !standing.replaced_by.is_empty() => Some("đã được thay thế".to_owned()),
        Validity::Expired(day) => Some(format!("hết hiệu lực sau ngày {}", date(day))),
        Validity::NotYet(day) => Some(format!("có hiệu lực từ ngày {}", date(day))),
        Validity::InForce => None,
    }
}

pub(super) fn cards(cards: &[Card]) -> Vec<CardView> {
    cards.iter().map(CardView::of).collect()
}

/// A day as people write it.
pub(super) fn date(day: NaiveDate) -> String {
    date_vi(day)
}

/// An instant as clocks in Vietnam show it.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    vietnam_time(at).format("%H:%M %d/%m/%Y").to_string()
}

fn length(card: &Card) -> String {
    let minutes = card.word_count.div_ceil(WORDS_PER_MINUTE);
    let mut parts = Vec::new();
    if card.page_count > 1 {
        parts.push(format!("{} trang", card.page_count));
    }
    if minutes > 0 {
        parts.push(format!("đọc {minutes} phút"));
    }
    parts.join(", ")
}

/// A link, or a bare label where there is no address.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) label: String,
}

impl Link {
    pub(super) fn to(url: String, label: &str) -> Self {
        Self { url, label: label.to_owned() }
    }

    pub(super) fn bare(label: impl Into<String>) -> Self {
        Self { url: String::new(), label: label.into() }
    }
}

/// A named line of facts.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) links: Vec<Link>,
}

/// A fact, unless there is nothing to tell.
pub(super) fn fact(name: &'static str, links: Vec<Link>) -> Option<Fact> {
    (!links.is_empty()).then_some(Fact { name, links })
}

/// A list of named things with counts: organisations, areas.
#[derive(Template)]
#[template(path = "catalogue_list.html", config = "src/web/askama.toml")]
pub(super) struct LinesPage {
    pub(super) frame: Frame,
    pub(super) title: &'static str,
    pub(super) action: &'static str,
    /// Suggestions of this kind are offered.
    pub(super) kind: &'static str,
    pub(super) label: &'static str,
    pub(super) text: String,
    pub(super) groups: Vec<LineGroup>,
}

/// Lines under a heading of their own.
pub(super) struct LineGroup {
    pub(super) name: &'static str,
    pub(super) lines: Vec<Line>,
}

/// Puts lines that follow each other under one heading under it once.
pub(super) fn grouped(lines: impl Iterator<Item = (&'static str, Line)>) -> Vec<LineGroup> {
    let mut groups: Vec<LineGroup> = Vec::new();
    for (name, line) in lines {
        match groups.last_mut() {
            Some(group) if group.name == name => group.lines.push(line),
            _ => groups.push(LineGroup { name, lines: vec![line] }),
        }
    }
    groups
}

/// A line of such a list.
pub(super) struct Line {
    pub(super) url: String,
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) notes: Vec<String>,
}

/// The page of one organisation or area.
#[derive(Template)]
#[template(path = "catalogue_entry.html", config = "src/web/askama.toml")]
pub(super) struct PlacePage {
    pub(super) frame: Frame,
    /// The list that it stands in.
    pub(super) above: Link,
    pub(super) name: String,
    /// That it has ended, and what it has become.
    pub(super) past: Vec<Fact>,
    pub(super) facts: Vec<Fact>,
    pub(super) count: usize,
    pub(super) items: Vec<CardView>,
    pub(super) all: String,
}

#[cfg(test)]
pub(super) fn sample_card() -> CardView {
    CardView {
        url: "/hoc-lieu/0/x".to_owned(),
        title: "Lúa <thử> & đạo ôn".to_owned(),
        summary: "Tóm tắt".to_owned(),
        kind: "Tài liệu đọc",
        organisation: "Sở".to_owned(),
        date: Some("23/11/2026".to_owned()),
        length: "3 trang".to_owned(),
        sample: true,
        past: Some("đã được thay thế".to_owned()),
        language: "lo".to_owned(),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let line = Line { url: "/".to_owned(), name: "<thử>".to_owned(), count: 1, notes: vec!["ghi chú".to_owned()] };
    let page = |groups| LinesPage {
        frame: Frame::new("Cơ quan"),
        title: "Cơ quan",
        action: "/co-quan",
        kind: "organisation",
        label: "Tên",
        text: "<thử>".to_owned(),
        groups,
    };
    let place = PlacePage {
        frame: Frame::new("Sở"),
        above: Link::to("/co-quan".to_owned(), "Cơ quan"),
        name: "<thử>".to_owned(),
        past: fact("Nay là", vec![Link::bare("a"), Link::to("/".to_owned(), "b")]).into_iter().collect(),
        facts: fact("Thuộc", vec![Link::bare("a")]).into_iter().collect(),
        count: 1,
        items: vec![sample_card()],
        all: "/tim".to_owned(),
    };
    let mut all = rendered(&[page(grouped([("Sở, ngành", line)].into_iter())), page(Vec::new())]);
    all.extend(rendered(&[place]));
    all
}
