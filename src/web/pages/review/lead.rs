//! What a material's page for its staff begins with: where it stands, what is to be known, where one can go from it, and
//! what its file suggests.

use super::date;
use crate::actions::review::Desk;
use crate::domain::catalogue::Catalogue;
use crate::domain::proposal::Proposal;
use crate::domain::review::Act;
use crate::domain::upload::is_media;
use crate::web::links;
use crate::web::pages::facts::extraction_notes;

pub(super) fn stands(desk: &Desk) -> Vec<String> {
    let material = &desk.material;
    let mut stands = vec![material.state.label().to_owned()];
    if material.has_newer() {
        let newer = material.working_state().label().to_lowercase();
        stands.push(format!("phiên bản {} đang soạn: {newer}", desk.version.number));
    }
    stands.extend(material.publish_on.map(|on| format!("sẽ công bố ngày {}", date(on))));
    stands
}

pub(super) fn notes(desk: &Desk) -> Vec<String> {
    let mut notes = Vec::new();
    let last = desk.remarks.iter().find(|said| said.remark.act.is_some());
    if let Some(said) = last.filter(|said| said.remark.act == Some(Act::Return)) {
        notes.push(format!("Người duyệt trả lại: {}", said.remark.text));
    }
    notes.extend(extraction_notes(&desk.version.extraction));
    notes
}

pub(super) fn ways(desk: &Desk) -> Vec<(String, &'static str)> {
    let (id, number) = (desk.material.id, desk.version.number);
    let mut ways = vec![(links::staff_preview(id, number, 1), "Xem như người đọc")];
    if number == desk.material.latest_version && desk.version.page_count > 0 {
        ways.push((links::page_at_work(id, 1), "Sửa chữ từng trang"));
    }
    if desk.material.public_version().is_some() {
        ways.push((links::material(id, &desk.version.description.title), "Trang đang công bố"));
    }
    if number > 1 {
        ways.push((links::staff_comparison(id, number - 1, number), "So với bản trước"));
    }
    if desk.acts.iter().any(|act| matches!(act, Act::Send | Act::TakeBack | Act::Revise)) {
        ways.push((links::new_file(id), "Tải tệp mới"));
    }
    if desk.editable && desk.files.iter().any(|file| is_media(&file.media_type)) {
        ways.push((links::draft_files(id), "Thêm tệp phụ đề"));
    }
    ways.push((links::staff_versions(id), "Các phiên bản"));
    ways.push((links::staff_access(id), "Ai xem được"));
    ways.push((links::audit(Some(("hoc-lieu", &id.to_string())), None), "Nhật ký"));
    ways
}

/// What the file suggests, in words.
pub(super) fn proposals(catalogue: &Catalogue, proposal: &Proposal) -> Vec<(&'static str, &'static str, String)> {
    let topics = proposal.topics.iter().filter_map(|id| catalogue.topic(id)).map(|topic| topic.label.clone());
    let languages = proposal.languages.iter().map(|language| language.name_vi().to_owned());
    let audiences = proposal.audiences.iter().map(|audience| audience.label().to_owned());
    let joined = |list: Vec<String>| list.join(", ");
    let all = [
        ("title", "Tiêu đề", proposal.title.clone().unwrap_or_default()),
        ("summary", "Tóm tắt", proposal.summary.clone().unwrap_or_default()),
        ("topics", "Chủ đề", joined(topics.collect())),
        ("languages", "Ngôn ngữ", joined(languages.collect())),
        ("audiences", "Dành cho", joined(audiences.collect())),
        ("document_number", "Số, ký hiệu", proposal.document_number.clone().unwrap_or_default()),
        ("issued_on", "Ngày ban hành", proposal.issued_on.map(date).unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, _, value)| !value.is_empty()).collect()
}
