//! A description in words, field by field, to be set beside another.

use crate::domain::alteration::{self, Alteration};
use crate::domain::catalogue::Catalogue;
use crate::domain::day::date_vi;
use crate::domain::file::WebLink;
use crate::domain::material::{Description, Level};
use chrono::NaiveDate;

/// A field that two descriptions tell differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub field: &'static str,
    pub label: &'static str,
    /// Empty where nothing is said.
    pub before: String,
    pub after: String,
}

/// The fields that two descriptions tell differently, in the order of the form.
pub(super) fn differences(catalogue: &Catalogue, before: &Description, after: &Description) -> Vec<Difference> {
    let pairs = told(catalogue, before).into_iter().zip(told(catalogue, after));
    let differ = pairs.filter(|((.., before), (.., after))| before != after);
    differ.map(|((field, label, before), (.., after))| Difference { field, label, before, after }).collect()
}

/// The same for the trail of a material, which names no persons: of authors it tells only that they are others.
pub(in crate::actions) fn altered(catalogue: &Catalogue, before: &Description, after: &Description) -> Vec<Alteration> {
    let differences = differences(catalogue, before, after).into_iter();
    let alteration = |one: Difference| match one.field {
        "authors" => Alteration::untold(one.field, None),
        _ => Alteration::new(one.field, &one.before, &one.after),
    };
    differences.map(alteration).collect()
}

/// Every field with what it says in words; always the same fields in the same order.
fn told(catalogue: &Catalogue, description: &Description) -> Vec<(&'static str, &'static str, String)> {
    let day = |day: Option<NaiveDate>| day.map(date_vi).unwrap_or_default();
    let areas = description.areas.iter().map(|id| catalogue.area(id).map_or(id.as_str(), |area| &area.full_name));
    let replaces: Vec<String> = description.replaces.iter().map(ToString::to_string).collect();
    vec![
        ("title", "Tiêu đề", description.title.clone()),
        ("summary", "Tóm tắt", description.summary.clone()),
        ("topics", "Chủ đề", alteration::topics(catalogue, &description.topics)),
        ("licence", "Giấy phép", description.licence.label().to_owned()),
        ("languages", "Ngôn ngữ", alteration::languages(&description.languages)),
        ("kind", "Loại", description.kind.label().to_owned()),
        ("level", "Trình độ", description.level.map(Level::label).unwrap_or_default().to_owned()),
        ("audiences", "Dành cho", alteration::audiences(&description.audiences)),
        ("areas", "Địa bàn", areas.collect::<Vec<_>>().join(", ")),
        ("season", "Mùa vụ", description.season.clone().unwrap_or_default()),
        ("authors", "Tác giả", description.authors.join("; ")),
        ("document_number", "Số, ký hiệu", description.document_number.clone().unwrap_or_default()),
        ("issued_on", "Ngày ban hành", day(description.issued_on)),
        ("valid_from", "Có hiệu lực từ", day(description.valid_from)),
        ("valid_to", "Hết hiệu lực sau ngày", day(description.valid_to)),
        ("replaces", "Thay thế", replaces.join("; ")),
        ("review_by", "Xem lại trước ngày", day(description.review_by)),
        ("sources", "Nguồn tham khảo", description.sources.join("; ")),
        ("links", "Xem, nghe ở nơi khác", description.links.iter().map(WebLink::as_str).collect::<Vec<_>>().join("; ")),
    ]
}
