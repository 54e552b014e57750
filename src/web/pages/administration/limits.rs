//! The limits in force, and what of them is used.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, html};
use crate::actions::administration::limits::{self as managed, Used};
use crate::domain::file::size_vi;
use crate::web::session::Staff;
use crate::web::state::{AppState, Limit};
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "administration/limits.html", config = "src/web/askama.toml")]
struct LimitsPage {
    frame: Frame,
    used: Vec<(&'static str, String)>,
    limits: Vec<Limit>,
}

fn lines(used: &Used) -> Vec<(&'static str, String)> {
    let (count, bytes) = used.files;
    let room = used.room.map_or_else(|| "không rõ".to_owned(), |room| room.words());
    vec![
        ("Học liệu", format!("{}, trong đó {} đã công bố", used.materials, used.public_materials)),
        ("Tệp gốc", format!("{count} tệp, {}", size_vi(bytes))),
        ("Ổ đĩa", room),
        ("Tài khoản đang hoạt động", used.accounts.to_string()),
        ("Phiên đăng nhập đang mở", used.sessions.to_string()),
    ]
}

pub(in crate::web) async fn show(State(state): State<AppState>, staff: Staff) -> Answer {
    let used = managed::used(&state.context, &staff.signed_in.actor).await?;
    let page = LimitsPage {
        frame: Frame::new("Giới hạn").for_reader(staff.reader),
        used: lines(&used),
        limits: state.config.limits.clone(),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let used = Used { materials: 2, public_materials: 1, files: (1, 5 << 30), room: None, sessions: 1, accounts: 1 };
    let limit =
        |is_given| Limit {
            flag: "--file-mb".to_owned(), about: "<thử>".to_owned(), value: "200".to_owned(), is_given
        };
    let page =
        LimitsPage { frame: Frame::new("Giới hạn"), used: lines(&used), limits: vec![limit(true), limit(false)] };
    rendered(&[page])
}
