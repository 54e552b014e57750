//! Who may see a material, since when, and why.

#[cfg(test)]
use super::rendered;
use super::{Frame, date, edit, html, moment};
use crate::actions::review::access::{Access, Public, StaffGroup, access};
use crate::domain::id::MaterialId;
use crate::web::links;
use crate::web::pages::view::Link;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "review/access.html", config = "src/web/askama.toml")]
struct AccessPage {
    frame: Frame,
    back: String,
    title: String,
    /// How the public stands to it: what, and why.
    public: (String, String),
    old_versions: Vec<Link>,
    staff: Vec<String>,
}

fn public(public: &Public) -> (String, String) {
    let since =
        |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(String::new, |at| format!(" từ {}", moment(at)));
    match public {
        Public::Sees { version, since: at, first } => {
            let first = first.map(|first| format!(" Công bố lần đầu lúc {}.", moment(first))).unwrap_or_default();
            let what = format!("Mọi người đọc và tìm được bản {version}{}, không cần tài khoản.", since(*at));
            (
                what,
                format!(
                    "Vì học liệu ở trạng thái “Đã công bố”.{first} Có trong kết quả tìm, danh sách, nguồn tin, sơ đồ trang và API."
                ),
            )
        }
        Public::NotYet { state, from } => {
            let when = from.map(|day| format!(" Sẽ thấy từ ngày {}.", date(day))).unwrap_or_default();
            let what = format!("Công chúng chưa thấy gì.{when}");
            (what, format!("Vì học liệu ở trạng thái “{}”.", state.label()))
        }
        Public::NoLonger { since: at, reason } => {
            let why = if reason.is_empty() { String::new() } else { format!(" Lý do: {reason}") };
            (
                format!("Công chúng không còn thấy{}.", since(*at)),
                format!("Vì học liệu đã được rút khỏi thư viện.{why}"),
            )
        }
    }
}

fn group(group: &StaffGroup) -> String {
    format!("{}, {}: {} tài khoản", group.role.label(), group.organisation, group.count)
}

fn page(id: MaterialId, access: &Access) -> AccessPage {
    let old = |number: &u32| Link::to(links::old_version(id, *number, 1), &format!("bản {number}"));
    AccessPage {
        frame: Frame::new("Ai xem được"),
        back: links::staff_material(id),
        title: access.title.clone(),
        public: public(&access.public),
        old_versions: access.old_versions.iter().map(old).collect(),
        staff: access.staff.iter().map(group).collect(),
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = edit::parse(&id)?;
    let access = access(&state.context, &staff.signed_in.actor, id).await?;
    let mut page = page(id, &access);
    page.frame = page.frame.for_reader(staff.reader);
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use crate::domain::material::State;
    use crate::domain::permission::Role;
    let all = [
        Public::Sees { version: 2, since: None, first: Some(chrono::DateTime::UNIX_EPOCH) },
        Public::NotYet { state: State::Scheduled, from: Some(chrono::NaiveDate::default()) },
        Public::NoLonger { since: None, reason: "<thử>".to_owned() },
    ];
    let staff = vec![StaffGroup { role: Role::Author, organisation: "<thử>".to_owned(), count: 2 }];
    let access = |public| Access { title: "<thử>".to_owned(), public, old_versions: vec![1], staff: staff.clone() };
    rendered(&all.map(|public| page(MaterialId(uuid::Uuid::nil()), &access(public))))
}
