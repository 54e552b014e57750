//! What a material's page tells beside its text: its facts, and what is to be known before anything else.

use super::view::{CardView, Fact, Link, date, fact};
use crate::actions::materials::{MaterialView, Named};
use crate::actions::search::Facet;
use crate::domain::id::MaterialId;
use crate::domain::material::Extraction;
use crate::domain::page::{Origin, Page as TextPage, Scan};
use crate::domain::validity::Validity;
use crate::web::links;

/// Which of a material's versions a page shows, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Public,
    /// An old version that readers may still see.
    Old(u32),
    /// A version as staff see it beforehand.
    Staff(u32),
}

impl Place {
    /// The address of a page of the version's text.
    pub(super) fn page(self, view: &MaterialView, page: u32) -> String {
        let id = view.card.id;
        match self {
            Self::Public => links::material_page(id, &view.card.title, page),
            Self::Old(version) => links::old_version(id, version, page),
            Self::Staff(version) => links::staff_preview(id, version, page),
        }
    }
}

/// A line above everything else.
pub(super) struct Banner {
    pub(super) text: String,
    pub(super) links: Vec<Link>,
}

/// What is to be known of a version before anything else.
pub(super) fn banners(view: &MaterialView, place: Place) -> Vec<Banner> {
    let named = |list: &[Named<MaterialId>]| -> Vec<Link> {
        list.iter().map(|other| Link::to(links::material(other.id, &other.name), &other.name)).collect()
    };
    let (card, standing) = (&view.card, &view.card.standing);
    let public = || vec![Link::to(links::material(card.id, &card.title), "Xem phiên bản đang công bố")];
    let say = |text: String, links: Vec<Link>| Banner { text, links };
    let mut banners = Vec::new();
    match place {
        Place::Public => {}
        Place::Old(number) => banners.push(say(format!("Đây là phiên bản cũ (bản {number})."), public())),
        Place::Staff(number) => {
            let back = vec![Link::to(links::staff_material(card.id), "Quay lại")];
            banners.push(say(format!("Xem trước bản {number}, như người đọc sẽ thấy."), back));
        }
    }
    if !view.replaced_by.is_empty() {
        banners.push(say("Đã được thay thế bởi:".to_owned(), named(&view.replaced_by)));
    }
    match standing.validity {
        Validity::Expired(day) => {
            banners.push(say(format!("Đã hết hiệu lực: ngày cuối cùng có hiệu lực là {}.", date(day)), Vec::new()));
        }
        Validity::NotYet(day) => banners.push(say(format!("Có hiệu lực từ ngày {}.", date(day)), Vec::new())),
        Validity::InForce => {}
    }
    if let Some(day) = standing.stale_since {
        let text = format!("Nội dung có thể đã cũ: cơ quan dự định xem lại trước ngày {} nhưng chưa làm.", date(day));
        banners.push(say(text, Vec::new()));
    }
    banners
}

/// The facts of a version, each with where it leads.
pub(super) fn facts(view: &MaterialView) -> Vec<Fact> {
    let (card, told) = (&view.card, &view.description);
    let organisation = Link::to(links::organisation(card.organisation.id.as_str()), &card.organisation.name);
    let successors = view.successors.iter().map(|o| Link::to(links::organisation(o.id.as_str()), &o.name));
    let topics = card.topics.iter().map(|topic| Link::to(links::topic(topic.id.as_str()), &topic.name));
    let areas = view.areas.iter().map(|area| Link::to(links::area(area.id.as_str()), &area.name));
    let languages = card.languages.iter().map(|l| Link::to(links::filtered(Facet::Language, l.as_str()), l.name_vi()));
    let audiences = told.audiences.iter().map(|a| Link::to(links::filtered(Facet::Audience, a.code()), a.label()));
    let levels = told.level.iter().map(|l| Link::to(links::filtered(Facet::Level, l.code()), l.label()));
    let days = told.issued_on.iter().map(|day| Link::bare(date(*day)));
    let from = told.valid_from.iter().map(|day| Link::bare(format!("từ {}", date(*day))));
    let until = told.valid_to.iter().map(|day| Link::bare(format!("đến hết {}", date(*day))));
    let replaces = view.replaces.iter().map(|other| Link::to(links::material(other.id, &other.name), &other.name));
    let old = view.old_versions.iter().filter(|number| **number != view.version);
    let old = old.map(|number| Link::to(links::old_version(card.id, *number, 1), &format!("bản {number}")));
    let all = [
        fact(if card.sample { "Trong lĩnh vực của" } else { "Cơ quan" }, vec![organisation]),
        fact("Nay là", successors.collect()),
        fact("Ngày ban hành", days.collect()),
        fact("Số, ký hiệu", told.document_number.iter().map(Link::bare).collect()),
        fact("Hiệu lực", from.chain(until).collect()),
        fact("Thay cho", replaces.collect()),
        fact("Tác giả", told.authors.iter().map(Link::bare).collect()),
        fact("Chủ đề", topics.collect()),
        fact("Loại", vec![Link::to(links::filtered(Facet::Kind, card.kind.code()), card.kind.label())]),
        fact("Dành cho", audiences.collect()),
        fact("Trình độ", levels.collect()),
        fact("Địa bàn", areas.collect()),
        fact("Mùa vụ", told.season.iter().map(Link::bare).collect()),
        fact("Ngôn ngữ", languages.collect()),
        fact("Độ dài", Some(CardView::of(card).length).filter(|l| !l.is_empty()).into_iter().map(Link::bare).collect()),
        fact("Giấy phép", vec![Link::to(links::licence(told.licence.code()), told.licence.label())]),
        fact("Phiên bản cũ", old.collect()),
        fact("Nguồn tham khảo", told.sources.iter().map(Link::bare).collect()),
    ];
    all.into_iter().flatten().collect()
}

/// How far the text of a version has been read, where that is worth saying.
pub(super) fn extraction_notes(extraction: &Extraction) -> Vec<String> {
    let note = match extraction {
        Extraction::Pending => "Nội dung đang được đọc từ tệp; hãy mở lại trang này sau ít phút.".to_owned(),
        Extraction::NeedsOcr => {
            "Tệp có trang quét từ giấy, chưa có chữ để tìm. Hãy xem ảnh trang hoặc tải tệp.".to_owned()
        }
        Extraction::OcrUnderWay { done, of } => {
            format!("Máy đang đọc chữ từ bản quét: xong {done}/{of} trang. Hãy mở lại trang này sau ít phút.")
        }
        Extraction::OcrFailed { message, .. } => format!("Chưa đọc được chữ từ bản quét. {message}"),
        Extraction::Failed { .. } => "Không đọc được chữ trong tệp. Hãy tải tệp để xem.".to_owned(),
        Extraction::Given | Extraction::Done => return Vec::new(),
    };
    vec![note]
}

/// Where the text of a page comes from, where that is not its file.
pub(super) fn remarks(page: &TextPage) -> Vec<&'static str> {
    match (page.origin, &page.scan) {
        (Origin::Corrected, _) => vec!["Văn bản đã được người soạn sửa lại."],
        (Origin::Ocr, _) if page.blocks.is_empty() => vec!["Máy không thấy chữ trên trang này."],
        (Origin::Ocr, _) => vec!["Văn bản do máy đọc từ bản quét, có thể sai sót."],
        (_, Some(Scan::Waiting)) => vec!["Trang quét từ giấy, máy chưa đọc chữ."],
        _ => Vec::new(),
    }
}

/// What a reader must know before trusting a page.
pub(super) fn warnings(page: &TextPage) -> Vec<String> {
    if let Some(Scan::Failed { message, .. }) = &page.scan {
        return vec![format!("Máy không đọc được chữ trên trang này. {message}")];
    }
    let unsure = "Máy không chắc đã đọc đúng trang này: hãy so với ảnh trang hoặc tệp gốc trước khi dùng.";
    (page.is_unsure() && !page.blocks.is_empty()).then(|| unsure.to_owned()).into_iter().collect()
}
