//! The administrator's pages: organisations, areas, topics and what else is the province's.

pub(in crate::web) mod area_changes;
pub(in crate::web) mod areas;
pub(in crate::web) mod explain;
pub(in crate::web) mod grounds;
pub(in crate::web) mod limits;
pub(in crate::web) mod organisation_changes;
pub(in crate::web) mod organisations;
mod plan;
pub(in crate::web) mod queues;
pub(in crate::web) mod synonyms;
pub(in crate::web) mod topics;

#[cfg(test)]
use super::rendered;
use super::view::{Link, moment};
use super::{Frame, html};
use crate::actions::ActionError;
use crate::actions::administration::{may_manage, taking_back};
use crate::domain::amendment::Amendment;
use crate::domain::id::AmendmentId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Choice, Refusal, go};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

/// Where the administrator's pages begin.
#[derive(Template)]
#[template(path = "administration/hub.html", config = "src/web/askama.toml")]
struct HubPage {
    frame: Frame,
    places: Vec<(Link, &'static str)>,
}

fn places() -> Vec<(Link, &'static str)> {
    let place = |url: &str, label: &str, about| (Link::to(url.to_owned(), label), about);
    vec![
        place(links::MANAGED_ORGANISATIONS, "Cơ quan", "Thêm, đổi tên, hợp nhất, tách, chuyển chức năng, giải thể."),
        place(links::MANAGED_TOPICS, "Chủ đề", "Thêm, đổi tên, chuyển chỗ, gộp."),
        place(links::MANAGED_AREAS, "Địa bàn", "Thêm, đổi tên, sáp nhập xã, phường, thôn."),
        place(links::SYNONYMS, "Từ đồng nghĩa, viết tắt", "Tiếng địa phương và tên gọi khác mà máy tìm cần biết."),
        place(links::QUEUES, "Hàng đợi", "Việc nền đang chờ, việc không làm được, tệp không đọc được."),
        place("/quan-ly/gioi-han", "Giới hạn", "Giới hạn đang đặt và phần đã dùng."),
        place("/quan-ly/giay-phep", "Giấy phép", "Các giấy phép và mỗi giấy phép cho làm gì."),
        place(links::ACCOUNTS, "Tài khoản", "Người làm việc ở các cơ quan và vai trò của họ."),
        place("/quan-ly/nhat-ky", "Nhật ký", "Ai đã làm gì, khi nào."),
    ]
}

pub(in crate::web) async fn hub(staff: Staff) -> Answer {
    if !may_manage(&staff.signed_in.actor) {
        return Err(ActionError::Forbidden.into());
    }
    let page = HubPage { frame: Frame::new("Quản trị tỉnh").for_reader(staff.reader), places: places() };
    Ok(html(&page)?.into_response())
}

/// What was just done, named by the address of the page.
fn done(parameters: &Parameters) -> Option<&'static str> {
    Some(match parameters.first("da")? {
        "them" => "Đã thêm.",
        "bo" => "Đã bỏ.",
        "lam-lai" => "Việc được làm lại ngay.",
        "bo-viec" => "Đã bỏ việc này.",
        "sua" => "Đã lưu.",
        "doi-ten" => "Đã ghi tên mới. Tên cũ vẫn tìm được.",
        "hop-nhat" => "Đã ghi việc hợp nhất. Học liệu giữ nguyên tên cơ quan lúc ban hành.",
        "tach" => "Đã ghi việc tách. Học liệu giữ nguyên tên cơ quan lúc ban hành.",
        "chuyen-chuc-nang" => "Đã ghi việc chuyển chức năng.",
        "can-cu" => "Đã sửa ngày và căn cứ.",
        "giai-the" => "Đã ghi việc giải thể.",
        "sap-nhap" => "Đã ghi việc sáp nhập. Học liệu về đơn vị cũ được tìm thấy ở đơn vị mới.",
        "chuyen" => "Đã chuyển chủ đề. Địa chỉ cũ dẫn tới đây.",
        "gop" => "Đã gộp chủ đề. Học liệu và địa chỉ cũ nay ở đây.",
        "huy" => "Đã hủy thay đổi vừa nhập; mọi thứ như trước khi nhập.",
        _ => return None,
    })
}

/// Why an entry was not taken back or put right, named by the address of the page.
fn refused(parameters: &Parameters) -> Option<&'static str> {
    Some(match parameters.first("loi")? {
        "amendment-too-old" => "Chỉ hủy được trong ngày nhập. Hãy nhập một thay đổi mới để sửa.",
        "amendment-built-on" => "Đã có thay đổi khác nhập sau trên cùng mục này. Hãy hủy thay đổi đó trước.",
        "date-invalid" => "Hãy ghi ngày có hiệu lực, ví dụ 01/07/2025.",
        "date-ahead" => "Ngày có hiệu lực chưa đến.",
        "date-too-early" => "Với ngày này, các thời kỳ không còn nối tiếp nhau. Hãy kiểm tra lại ngày.",
        "basis-missing" => "Hãy ghi văn bản căn cứ, không quá 300 ký tự.",
        "amendment-missing" => "Căn cứ này vừa được người khác sửa. Hãy xem lại.",
        "amendment-in-use" => "Đã có học liệu hoặc tài khoản gắn với mục vừa thêm, nên không hủy được nữa.",
        _ => return None,
    })
}

/// An entry of today that can be taken back.
struct Entry {
    url: String,
    words: String,
}

/// The entries of today on a row.
async fn entries(state: &AppState, staff: &Staff, id: &str) -> Result<Vec<Entry>, Problem> {
    let found = taking_back::of_today(&state.context, &staff.signed_in.actor, id).await?;
    let entry = |amendment: &Amendment| Entry {
        url: links::take_back(amendment.id),
        words: format!("{}, lúc {}", super::accounts::audit::words(&amendment.act), moment(amendment.at)),
    };
    Ok(found.iter().map(entry).collect())
}

pub(in crate::web) async fn take_back(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = AmendmentId::parse(&id).map_err(|_error| Problem::of("amendment-missing"))?;
    let back = links::local(form.value("ve")).unwrap_or(links::ADMINISTRATION).to_owned();
    match taking_back::take_back(&state.context, &staff.signed_in.actor, id).await {
        Ok(amendment) => {
            // What was only just added has no page any more.
            let next = match amendment.act.as_str() {
                "organisation.add" | "organisation.merge" | "organisation.split" => links::MANAGED_ORGANISATIONS,
                "area.add" => links::MANAGED_AREAS,
                "topic.add" | "topic.move" => links::MANAGED_TOPICS,
                _ => back.as_str(),
            };
            Ok(go(&links::done(next, "huy")))
        }
        Err(ActionError::Invalid { code, .. }) => Ok(go(&links::refused(&back, code))),
        Err(error) => Err(error.into()),
    }
}

/// A list to choose from, with what is chosen.
fn choices<T: ToString>(all: Vec<(T, String)>, chosen: &str) -> Vec<Choice> {
    let choice = |(id, label): (T, String)| {
        let value = id.to_string();
        Choice { selected: value == chosen, value, label }
    };
    all.into_iter().map(choice).collect()
}

#[cfg(test)]
fn sample_choices() -> Vec<Choice> {
    vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true }]
}

#[cfg(test)]
fn sample_refusal() -> Refusal {
    Refusal::of(Problem::of("value-invalid")).unwrap_or_default()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let mut all = rendered(&[HubPage { frame: Frame::new("Quản trị tỉnh"), places: places() }]);
    for pages in [
        organisations::samples(),
        organisation_changes::samples(),
        areas::samples(),
        area_changes::samples(),
        topics::samples(),
        synonyms::samples(),
        queues::samples(),
        limits::samples(),
        explain::samples(),
        plan::samples(),
    ] {
        all.extend(pages);
    }
    all
}
