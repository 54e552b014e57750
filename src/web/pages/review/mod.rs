//! Pages of those who write materials and of those who decide about them.

pub(in crate::web) mod access;
pub(in crate::web::pages) mod decide;
pub(in crate::web) mod edit;
pub(in crate::web) mod files;
pub(in crate::web::pages) mod form;
pub(in crate::web) mod history;
pub(in crate::web) mod home;
mod lead;
pub(in crate::web) mod list;

#[cfg(test)]
use super::rendered;
use super::view::{date, moment};
use super::{Frame, html};
use crate::actions::review::lists::{Line, Stale};
use crate::domain::review::Act;
use crate::web::links;

/// What a material is called that has neither a title nor a file nor a text.
const UNTITLED: &str = "Chưa có tiêu đề";

/// A material in a list of staff.
#[derive(Debug, Clone, Default)]
struct LineView {
    url: String,
    title: String,
    organisation: String,
    /// Where it stands, with what else is worth knowing.
    notes: Vec<String>,
    /// Something is amiss.
    warning: Option<String>,
}

impl LineView {
    fn of(line: &Line) -> Self {
        let mut notes = vec![line.state.label().to_owned()];
        notes.extend(line.newer.map(|newer| format!("phiên bản mới: {}", newer.label().to_lowercase())));
        notes.extend(line.publish_on.map(|on| format!("công bố ngày {}", date(on))));
        notes.push(format!("sửa lúc {}", moment(line.changed_at)));
        let stale = line.stale.map(|stale| match stale {
            Stale::Expired(day) => format!("Hết hiệu lực sau ngày {}", date(day)),
            Stale::ReviewBy(day) => format!("Cần xem lại từ ngày {}", date(day)),
        });
        Self {
            url: links::staff_material(line.id),
            title: if line.title.is_empty() { UNTITLED.to_owned() } else { line.title.clone() },
            organisation: line.organisation_name.clone(),
            notes,
            warning: stale
                .or_else(|| line.returned.then(|| "Bị trả lại, cần sửa".to_owned()))
                .or_else(|| line.unnoted.then(|| "Có ý kiến chưa xem".to_owned())),
        }
    }
}

/// What was just done, named by the address of the page.
fn done(code: Option<&str>) -> Option<&'static str> {
    if let Some(act) = code.and_then(Act::from_code) {
        return Some(match act {
            Act::Send => "Đã gửi duyệt.",
            Act::TakeBack => "Đã lấy lại để sửa.",
            Act::Return => "Đã trả lại cho người soạn.",
            Act::Publish => "Đã công bố. Mọi người tìm và đọc được ngay.",
            Act::Schedule => "Đã hẹn ngày công bố.",
            Act::Withdraw => "Đã rút khỏi thư viện.",
            Act::Restore => "Đã đưa trở lại thư viện.",
            Act::Revise => "Đã tạo phiên bản mới để soạn. Người đọc vẫn thấy phiên bản đang công bố.",
            Act::Discard => "Đã bỏ bản nháp.",
        });
    }
    Some(match code? {
        "luu" => "Đã lưu.",
        "y-kien" => "Đã ghi ý kiến.",
        "da-xem" => "Đã đánh dấu: các ý kiến đã được xem.",
        "doc-ban-cu" => "Đã lưu: ai được đọc phiên bản cũ.",
        _ => return None,
    })
}

#[cfg(test)]
fn sample_line() -> LineView {
    LineView {
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        organisation: "<thử>".to_owned(),
        notes: vec!["<thử>".to_owned()],
        warning: Some("<thử>".to_owned()),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    [home::samples(), list::samples(), edit::samples(), files::samples(), history::samples(), access::samples()]
        .concat()
}
