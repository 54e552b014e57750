//! The form of a description: what can be chosen, what is, and what was sent.

use crate::actions::review::{Seen, Typed, Wrong};
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::language::Language;
use crate::domain::material::{Audience, Kind, Level, Licence};
use crate::web::forms::Form;
use crate::web::pages::accounts::Choice;

/// The languages that are offered; any other can be typed as a tag.
const LANGUAGES: [&str; 10] = ["vi", "en", "lo", "bru", "pac", "tth", "scb", "nuo", "zh", "th"];

/// Languages that are offered in a list of their own.
const OTHERS: [(&str, &str); 10] = [
    ("fr", "Tiếng Pháp"),
    ("ja", "Tiếng Nhật"),
    ("ko", "Tiếng Hàn"),
    ("ru", "Tiếng Nga"),
    ("de", "Tiếng Đức"),
    ("es", "Tiếng Tây Ban Nha"),
    ("km", "Tiếng Khơ-me"),
    ("cjm", "Tiếng Chăm"),
    ("hmn", "Tiếng Mông"),
    ("tai", "Tiếng Thái (dân tộc Thái)"),
];

/// Where each field of the form stands and what it is called.
const PLACES: [(&str, &str, &str); 16] = [
    ("title", "tieu-de", "Tiêu đề"),
    ("summary", "tom-tat", "Tóm tắt"),
    ("topics", "chu-de", "Chủ đề"),
    ("languages", "ngon-ngu", "Ngôn ngữ"),
    ("areas", "dia-ban", "Địa bàn"),
    ("audiences", "doi-tuong", "Dành cho ai"),
    ("document_number", "so-ky-hieu", "Số, ký hiệu"),
    ("issued_on", "ngay-ban-hanh", "Ngày ban hành"),
    ("valid_from", "hieu-luc-tu", "Có hiệu lực từ ngày"),
    ("valid_to", "hieu-luc-den", "Ngày cuối cùng có hiệu lực"),
    ("replaces", "thay-the", "Thay thế học liệu nào"),
    ("season", "mua-vu", "Mùa vụ"),
    ("authors", "tac-gia", "Tác giả"),
    ("sources", "nguon", "Nguồn tham khảo"),
    ("links", "xem-nghe", "Xem, nghe ở nơi khác"),
    ("review_by", "xem-lai", "Cơ quan xem lại trước ngày"),
];

/// Where a field stands and what it is called.
pub(super) fn place(field: &str) -> Option<(&'static str, &'static str)> {
    PLACES.iter().find(|(code, ..)| *code == field).map(|(_, id, label)| (*id, *label))
}

/// A form of a description as it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct FormView {
    pub(super) typed: Typed,
    pub(super) topics: Vec<Group>,
    pub(super) chosen_topics: Vec<String>,
    pub(super) licences: Vec<Choice>,
    pub(super) languages: Vec<Choice>,
    pub(super) kinds: Vec<Choice>,
    pub(super) levels: Vec<Choice>,
    pub(super) audiences: Vec<Choice>,
    pub(super) areas: Vec<Choice>,
    pub(super) n_areas: usize,
    wrong: Vec<Wrong>,
}

/// Topics under one of the first level.
#[derive(Debug, Clone)]
pub(in crate::web::pages) struct Group {
    pub(in crate::web::pages) label: String,
    /// Something in it is chosen.
    pub(in crate::web::pages) open: bool,
    pub(in crate::web::pages) choices: Vec<Choice>,
}

impl FormView {
    pub(super) fn of(catalogue: &Catalogue, typed: Typed, wrong: Vec<Wrong>) -> Self {
        let topics = topics(catalogue, &typed.topics);
        let chosen = topics.iter().flat_map(|group| &group.choices).filter(|choice| choice.selected);
        Self {
            chosen_topics: chosen.map(|choice| choice.label.clone()).collect(),
            topics,
            licences: coded(Licence::ALL, |one| (one.code(), one.label()), &[&typed.licence]),
            languages: languages(&typed.languages),
            kinds: coded(Kind::ALL, |one| (one.code(), one.label()), &[&typed.kind]),
            levels: coded(Level::ALL, |one| (one.code(), one.label()), &[&typed.level]),
            audiences: coded(Audience::ALL, |one| (one.code(), one.label()), &typed.audiences),
            areas: areas(catalogue, &typed),
            n_areas: typed.areas.len(),
            typed,
            wrong,
        }
    }

    /// What was not understood: where the field is, what it is called, what is wrong.
    pub(super) fn errors(&self) -> Vec<(&'static str, &'static str, &str)> {
        let of = |wrong: &Wrong| place(wrong.field).unwrap_or(("mo-ta", "Mô tả"));
        let all = self.wrong.iter().map(|wrong| (of(wrong), wrong.reason.as_str()));
        all.map(|((id, label), reason)| (id, label, reason)).collect()
    }

    /// More languages to choose from, by their tags.
    pub(super) fn others(&self) -> &'static [(&'static str, &'static str)] {
        let _ = self;
        &OTHERS
    }

    /// Whether anything was not understood.
    pub(super) fn has_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// What is wrong with a field.
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.reason.as_str())
    }
}

/// Values of a closed list to choose from.
pub(in crate::web::pages) fn coded<T: Copy, S: AsRef<str>>(
    all: &[T],
    names: impl Fn(T) -> (&'static str, &'static str),
    chosen: &[S],
) -> Vec<Choice> {
    let choice = |one: &T| {
        let (code, label) = names(*one);
        let selected = chosen.iter().any(|chosen| chosen.as_ref() == code);
        Choice { value: code.to_owned(), label: label.to_owned(), selected }
    };
    all.iter().map(choice).collect()
}

/// Every topic to choose from, by those of the first level.
pub(in crate::web::pages) fn topics(catalogue: &Catalogue, chosen: &[String]) -> Vec<Group> {
    let choice = |id: &str, label: String| Choice {
        selected: chosen.iter().any(|chosen| chosen == id),
        value: id.to_owned(),
        label,
    };
    let group = |parent: &crate::domain::topic::Topic| {
        let whole = choice(parent.id.as_str(), format!("{} nói chung", parent.label));
        let parts = catalogue.topics_below(Some(&parent.id)).into_iter();
        let parts = parts.map(|topic| choice(topic.id.as_str(), topic.label.clone()));
        let choices: Vec<Choice> = parts.chain([whole]).collect();
        Group { label: parent.label.clone(), open: choices.iter().any(|choice| choice.selected), choices }
    };
    catalogue.topics_below(None).into_iter().map(group).collect()
}

/// Languages to choose from, and others that are chosen already.
pub(in crate::web::pages) fn languages(chosen: &[String]) -> Vec<Choice> {
    let undetermined = Language::undetermined();
    let offered = LANGUAGES.iter().map(|tag| (*tag).to_owned());
    let other = chosen.iter().filter(|tag| !LANGUAGES.contains(&tag.as_str()));
    let other = other.filter(|tag| *tag != undetermined.as_str() && !tag.trim().is_empty()).cloned();
    let choice = |tag: String| Choice {
        selected: chosen.contains(&tag),
        label: Language::parse(&tag).map_or_else(|_| tag.clone(), |language| language.name_vi().to_owned()),
        value: tag,
    };
    offered.chain(other).map(choice).collect()
}

/// Today's communes and the province, and former areas that are chosen already.
fn areas(catalogue: &Catalogue, typed: &Typed) -> Vec<Choice> {
    let is_chosen = |id: &str| typed.areas.iter().any(|chosen| chosen == id);
    let is_offered = |area: &&crate::domain::area::Area| {
        let level = matches!(area.level, AreaLevel::Province | AreaLevel::Commune);
        level && area.valid_to.is_none() || is_chosen(area.id.as_str())
    };
    let mut found: Vec<_> = catalogue.areas().filter(is_offered).collect();
    found.sort_by_cached_key(|area| (area.level, crate::actions::search::plain_letters(&area.name)));
    let choice = |area: &crate::domain::area::Area| Choice {
        value: area.id.to_string(),
        label: area.full_name.clone(),
        selected: is_chosen(area.id.as_str()),
    };
    found.into_iter().map(choice).collect()
}

/// What a form says of a description.
pub(super) fn typed(form: &Form) -> Typed {
    let one = |name: &str| form.value(name).to_owned();
    let all = |name: &'static str| form.values(name).map(str::to_owned).collect();
    Typed {
        title: one("tieu-de"),
        summary: one("tom-tat"),
        topics: all("chu-de"),
        authors: one("tac-gia"),
        languages: all("ngon-ngu"),
        kind: one("loai"),
        level: one("trinh-do"),
        audiences: all("doi-tuong"),
        areas: all("dia-ban"),
        season: one("mua-vu"),
        licence: one("giay-phep"),
        document_number: one("so-ky-hieu"),
        issued_on: one("ngay-ban-hanh"),
        valid_from: one("hieu-luc-tu"),
        valid_to: one("hieu-luc-den"),
        review_by: one("xem-lai"),
        replaces: one("thay-the"),
        sources: one("nguon"),
        links: one("xem-nghe"),
    }
}

/// Which version and edition the form was made from.
pub(super) fn seen(form: &Form) -> Option<Seen> {
    Some(Seen { version: form.value("ban").parse().ok()?, edition: form.value("lan").parse().ok()? })
}
