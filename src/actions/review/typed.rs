//! What people type into the form of a description, turned into what the domain knows.
//!
//! What cannot be understood is told and leaves the field as it was: the rest is kept all the same.

use crate::actions::import::{MAX_TITLE_CHARS, clean_line, parse_date};
use crate::domain::catalogue::Catalogue;
use crate::domain::file::WebLink;
use crate::domain::id::{AreaId, MaterialId, TopicId};
use crate::domain::language::Language;
use crate::domain::material::{Audience, Description, Kind, Level, Licence};
use crate::domain::proposal::Proposal;
use chrono::NaiveDate;
use std::fmt::Display;

/// The longest summary, in characters.
const MAX_SUMMARY_CHARS: usize = 4_000;
/// The longest of the other lines, in characters.
const MAX_LINE_CHARS: usize = 400;
/// The most entries of a list.
const MAX_ENTRIES: usize = 100;

/// The form of a description as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub title: String,
    pub summary: String,
    /// Topic ids.
    pub topics: Vec<String>,
    /// Parted by `;`.
    pub authors: String,
    /// BCP 47.
    pub languages: Vec<String>,
    pub kind: String,
    pub level: String,
    pub audiences: Vec<String>,
    /// Area ids.
    pub areas: Vec<String>,
    pub season: String,
    pub licence: String,
    pub document_number: String,
    pub issued_on: String,
    pub valid_from: String,
    pub valid_to: String,
    pub review_by: String,
    /// Addresses or ids of materials, parted by white space or `;`.
    pub replaces: String,
    /// Parted by `;`.
    pub sources: String,
    /// Addresses, parted by white space.
    pub links: String,
}

impl Typed {
    /// The form as it looks when someone begins to write on.
    pub fn of(description: &Description) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let all = |list: &[String]| list.join("; ");
        let ids = |list: &[MaterialId]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Self {
            title: description.title.clone(),
            summary: description.summary.clone(),
            topics: description.topics.iter().map(ToString::to_string).collect(),
            authors: all(&description.authors),
            languages: description.languages.iter().map(ToString::to_string).collect(),
            kind: description.kind.code().to_owned(),
            level: description.level.map(Level::code).unwrap_or_default().to_owned(),
            audiences: description.audiences.iter().map(|audience| audience.code().to_owned()).collect(),
            areas: description.areas.iter().map(ToString::to_string).collect(),
            season: description.season.clone().unwrap_or_default(),
            licence: description.licence.code().to_owned(),
            document_number: description.document_number.clone().unwrap_or_default(),
            issued_on: day(description.issued_on),
            valid_from: day(description.valid_from),
            valid_to: day(description.valid_to),
            review_by: day(description.review_by),
            replaces: ids(&description.replaces),
            sources: all(&description.sources),
            links: description.links.iter().map(WebLink::as_str).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// Takes proposals over into what was typed: the field with a code, or `all`; what was typed stays.
pub fn accept(typed: &mut Typed, proposal: &Proposal, code: &str) {
    let wants = |field: &str| code == field || code == "all";
    let fill = |text: &mut String, proposed: Option<String>| {
        if let Some(proposed) = proposed.filter(|_| text.trim().is_empty()) {
            *text = proposed;
        }
    };
    if wants("title") {
        fill(&mut typed.title, proposal.title.clone());
    }
    if wants("summary") {
        fill(&mut typed.summary, proposal.summary.clone());
    }
    if wants("document_number") {
        fill(&mut typed.document_number, proposal.document_number.clone());
    }
    if wants("issued_on") {
        fill(&mut typed.issued_on, proposal.issued_on.map(|day| day.to_string()));
    }
    let add = |list: &mut Vec<String>, proposed: Vec<String>| {
        list.retain(|value| !value.trim().is_empty() && value != "und");
        if list.is_empty() {
            *list = proposed;
        }
    };
    if wants("topics") {
        add(&mut typed.topics, proposal.topics.iter().map(ToString::to_string).collect());
    }
    if wants("languages") {
        add(&mut typed.languages, proposal.languages.iter().map(ToString::to_string).collect());
    }
    if wants("audiences") {
        add(&mut typed.audiences, proposal.audiences.iter().map(|one| one.code().to_owned()).collect());
    }
}

/// A field that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub reason: String,
}

/// Reads a form; what is not understood stays as it was in `before`.
pub(super) struct Reading<'a> {
    pub(super) typed: &'a Typed,
    pub(super) before: &'a Description,
    pub(super) catalogue: &'a Catalogue,
    pub(super) own: MaterialId,
    wrong: Vec<Wrong>,
}

/// What a form says of a description, and what in it was not understood.
pub(super) fn understand(
    typed: &Typed,
    before: &Description,
    catalogue: &Catalogue,
    own: MaterialId,
) -> (Description, Vec<Wrong>) {
    let mut reading = Reading { typed, before, catalogue, own, wrong: Vec::new() };
    let description = reading.description();
    (description, reading.wrong)
}

impl Reading<'_> {
    fn description(&mut self) -> Description {
        let (typed, before, catalogue) = (self.typed, self.before, self.catalogue);
        let topic = |text: &str| TopicId::parse(text).ok().filter(|id| catalogue.topic(id).is_some());
        let area = |text: &str| AreaId::parse(text).ok().filter(|id| catalogue.area(id).is_some());
        let language = |text: &str| Language::parse(text).ok();
        Description {
            title: self.line("title", &typed.title, MAX_TITLE_CHARS, &before.title),
            summary: self.line("summary", &typed.summary, MAX_SUMMARY_CHARS, &before.summary),
            topics: self.known("topics", &typed.topics, topic, &before.topics),
            authors: self.parts("authors", &typed.authors, &before.authors),
            languages: self.known("languages", &typed.languages, language, &before.languages),
            kind: Kind::from_code(&typed.kind).unwrap_or(before.kind),
            level: Level::from_code(&typed.level),
            audiences: self.known("audiences", &typed.audiences, Audience::from_code, &before.audiences),
            areas: self.known("areas", &typed.areas, area, &before.areas),
            season: self.optional("season", &typed.season, before.season.as_deref()),
            licence: Licence::from_code(&typed.licence).unwrap_or(before.licence),
            document_number: self.optional(
                "document_number",
                &typed.document_number,
                before.document_number.as_deref(),
            ),
            issued_on: self.day("issued_on", &typed.issued_on, before.issued_on),
            valid_from: self.day("valid_from", &typed.valid_from, before.valid_from),
            valid_to: self.last_day(),
            review_by: self.day("review_by", &typed.review_by, before.review_by),
            replaces: self.replaces(),
            sources: self.parts("sources", &typed.sources, &before.sources),
            sample: before.sample,
            links: self.links(),
        }
    }

    fn say(&mut self, field: &'static str, reason: impl Display) {
        self.wrong.push(Wrong { field, reason: reason.to_string() });
    }

    fn line(&mut self, field: &'static str, text: &str, most: usize, before: &str) -> String {
        let line = clean_line(text);
        if line.chars().count() <= most {
            return line;
        }
        self.say(field, format_args!("Dài quá {most} ký tự; hãy rút ngắn."));
        before.to_owned()
    }

    fn optional(&mut self, field: &'static str, text: &str, before: Option<&str>) -> Option<String> {
        let line = self.line(field, text, MAX_LINE_CHARS, before.unwrap_or_default());
        Some(line).filter(|line| !line.is_empty())
    }

    fn parts(&mut self, field: &'static str, text: &str, before: &[String]) -> Vec<String> {
        let lines = text.split([';', '\n']).map(clean_line).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.collect();
        if lines.len() <= MAX_ENTRIES && lines.iter().all(|line| line.chars().count() <= MAX_LINE_CHARS) {
            return lines;
        }
        self.say(field, format_args!("Quá dài: nhiều nhất {MAX_ENTRIES} mục, mỗi mục {MAX_LINE_CHARS} ký tự."));
        before.to_vec()
    }

    /// Each value must be known; the order is kept, none counts twice.
    fn known<T: PartialEq + Clone>(
        &mut self,
        field: &'static str,
        texts: &[String],
        find: impl Fn(&str) -> Option<T>,
        before: &[T],
    ) -> Vec<T> {
        let mut found: Vec<T> = Vec::new();
        for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            match find(text) {
                Some(value) if !found.contains(&value) => found.push(value),
                Some(_) => {}
                None => {
                    self.say(field, format_args!("Không nhận ra “{text}”."));
                    return before.to_vec();
                }
            }
        }
        found.truncate(MAX_ENTRIES);
        found
    }

    fn day(&mut self, field: &'static str, text: &str, before: Option<NaiveDate>) -> Option<NaiveDate> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let day = parse_date(text);
        if day.is_none() {
            self.say(field, format_args!("“{text}” không phải ngày; hãy viết như 23/11/2026."));
        }
        day.or(before)
    }

    fn last_day(&mut self) -> Option<NaiveDate> {
        let (from, to) = (parse_date(self.typed.valid_from.trim()), parse_date(self.typed.valid_to.trim()));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            self.say("valid_to", "Ngày hết hiệu lực phải sau ngày có hiệu lực.");
            return self.before.valid_to;
        }
        let text = self.typed.valid_to.clone();
        self.day("valid_to", &text, self.before.valid_to)
    }

    /// What is no address is told, and the others are kept.
    fn links(&mut self) -> Vec<WebLink> {
        let mut found = Vec::new();
        for text in self.typed.links.split_whitespace() {
            match WebLink::parse(text) {
                Ok(link) if !found.contains(&link) => found.push(link),
                Ok(_) => {}
                Err(_) => {
                    self.say("links", format_args!("“{text}” không phải địa chỉ bắt đầu bằng https:// hoặc http://."));
                }
            }
        }
        found.truncate(MAX_ENTRIES);
        found
    }

    fn replaces(&mut self) -> Vec<MaterialId> {
        let mut found = Vec::new();
        let texts = self.typed.replaces.split(|c: char| c.is_whitespace() || c == ';');
        for text in texts.filter(|text| !text.is_empty()) {
            let id = text.split(['/', '?', '#']).find_map(|part| MaterialId::parse(part).ok());
            match id {
                Some(id) if id == self.own => self.say("replaces", "Học liệu không thể thay thế chính nó."),
                Some(id) if !found.contains(&id) => found.push(id),
                Some(_) => {}
                None => self.say("replaces", format_args!("“{text}” không phải địa chỉ trang của một học liệu, cũng không phải số, ký hiệu của văn bản có trong thư viện.")),
            }
        }
        found.truncate(MAX_ENTRIES);
        found
    }
}
