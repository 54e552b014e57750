//! Classes: found and read by everyone, planned by centres.

pub(in crate::web) mod courses;
pub(in crate::web) mod edit;
pub(in crate::web) mod feed;
pub(in crate::web) mod figures;
mod form;
pub(in crate::web) mod list;
pub(in crate::web) mod meeting;
mod month;
pub(in crate::web) mod one;
pub(in crate::web) mod plan;
pub(in crate::web) mod poster;
pub(in crate::web) mod requests;
pub(in crate::web) mod speakers;
pub(in crate::web) mod staff;
pub(in crate::web) mod storms;
pub(in crate::web) mod venues;

use super::accounts::{Choice, Refusal, go};
#[cfg(test)]
use super::rendered;
use super::view::{Link, date};
use super::{Frame, Page, html};
use crate::actions::materials::Named;
use crate::actions::schedule::obstacles::Obstacle;
use crate::actions::schedule::{MeetingCard, calendar};
use crate::domain::holiday::holiday;
use crate::domain::id::MaterialId;
use crate::domain::lunar::lunar;
use crate::domain::meeting::{Clash, MeetingState, Slot, weekday_name};
use crate::web::error::Problem;
use crate::web::links;
use crate::web::state::AppState;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use std::fmt::Display;

/// How many classes to come a material names.
const COMING: usize = 5;

/// The next meetings of the classes that use a material.
pub(super) async fn coming(state: &AppState, id: MaterialId) -> Result<Vec<(Link, String)>, Problem> {
    let coming = calendar::coming(&state.context, id, COMING).await?;
    Ok(coming.iter().map(next_line).collect())
}

/// A class by its next meeting: when, where, whose.
pub(super) fn next_line(one: &MeetingCard) -> (Link, String) {
    let area = one.venue.as_ref().map_or("", |venue| venue.area.as_str());
    let at = format!("{}, {}", one.slot.from.format("%H:%M"), date(one.slot.day));
    let notes: Vec<&str> = [at.as_str(), area, &one.centre.name].into_iter().filter(|text| !text.is_empty()).collect();
    (Link::to(links::class(one.class), &one.title), notes.join(" · "))
}

/// When something is, in words.
#[derive(Debug, Clone, Default)]
struct When {
    day: String,
    time: String,
    lunar: String,
    holiday: Option<&'static str>,
}

fn time_line(slot: &Slot) -> String {
    format!("{} – {}", slot.from.format("%H:%M"), slot.to.format("%H:%M"))
}

/// A day with its weekday.
fn long_day(day: NaiveDate) -> String {
    format!("{}, {}", weekday_name(day.weekday().number_from_monday()), date(day))
}

fn when(slot: &Slot) -> When {
    When {
        day: long_day(slot.day),
        time: time_line(slot),
        lunar: lunar(slot.day).map(|lunar| format!("{lunar} âm lịch")).unwrap_or_default(),
        holiday: holiday(slot.day).map(|holiday| holiday.name),
    }
}

/// A meeting in a list.
#[derive(Debug, Clone, Default)]
struct MeetingView {
    when: When,
    /// What became of it, where that is to be told.
    state: Option<&'static str>,
    cancelled: bool,
    notes: Vec<String>,
    venue: String,
    map: Option<String>,
    map_label: &'static str,
    speakers: String,
    url: Option<String>,
    /// Where a speaker is asked for.
    ask: Option<String>,
}

fn meeting_view(card: &MeetingCard, now: DateTime<Utc>) -> MeetingView {
    let state = match card.state {
        MeetingState::Planned if card.slot.is_over(now) => Some("đã qua"),
        MeetingState::Planned => None,
        other => Some(other.label()),
    };
    let moved = card.moved_from.map(|slot| format!("Trước là {}, {}.", long_day(slot.day), time_line(&slot)));
    let venue = card.venue.as_ref();
    let parts = venue.map(|venue| [venue.name.as_str(), &venue.address, &venue.area]).unwrap_or_default();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    MeetingView {
        when: when(&card.slot),
        state,
        cancelled: card.state == MeetingState::Cancelled,
        notes: moved.into_iter().chain(card.reason.clone()).collect(),
        venue: if parts.is_empty() { "Chưa có địa điểm".to_owned() } else { parts.join(", ") },
        map: venue.and_then(|venue| venue.place).map(links::map),
        map_label: if venue.is_some_and(|venue| venue.roughly) { "Bản đồ của xã" } else { "Bản đồ" },
        speakers: card.speakers.join("; "),
        url: None,
        ask: None,
    }
}

/// Something that stands in the way, in words.
#[derive(Debug, Clone)]
struct ObstacleView {
    refused: bool,
    text: String,
    url: Option<String>,
}

fn obstacle_view(obstacle: &Obstacle) -> ObstacleView {
    let (other, who) = (&obstacle.other, obstacle.speaker.as_deref().unwrap_or("Báo cáo viên"));
    let text = match &obstacle.clash {
        Clash::Room { slot, shared: false, .. } => format!("Địa điểm đã có {other}, {}.", time_line(slot)),
        Clash::Room { slot, .. } => format!("Cùng địa điểm (dùng chung) với {other}, {}.", time_line(slot)),
        Clash::Blocked { what, shared: false } => format!("Địa điểm đã giữ cho việc khác: {what}."),
        Clash::Blocked { what, .. } => format!("Địa điểm (dùng chung) cũng có việc khác: {what}."),
        Clash::Speaker { slot, .. } => format!("{who} cũng dạy {other}, {}.", time_line(slot)),
        Clash::Travel { slot, needed_minutes, free_minutes, .. } => format!(
            "{who} còn dạy {other}, {}: chỉ có {free_minutes} phút để đi, ước chừng cần {needed_minutes} phút.",
            time_line(slot)
        ),
    };
    ObstacleView { refused: obstacle.is_refused(), text, url: obstacle.class.map(links::class) }
}

fn obstacle_views(all: &[Obstacle]) -> Vec<ObstacleView> {
    all.iter().map(obstacle_view).collect()
}

/// Named things to choose from.
fn named_choices<Id: Display>(all: &[Named<Id>], chosen: &[String]) -> Vec<Choice> {
    let choice = |one: &Named<Id>| {
        let value = one.id.to_string();
        Choice { selected: chosen.contains(&value), value, label: one.name.clone() }
    };
    all.iter().map(choice).collect()
}

/// A file that is shown in the browser and saved under a name of plain letters.
pub(super) fn pdf_file(bytes: Vec<u8>, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}

/// What was just done, named by the address of the page.
fn done(code: Option<&str>) -> Option<&'static str> {
    Some(match code? {
        "tao" => "Đã tạo lớp. Hãy xếp lịch.",
        "sua" => "Đã lưu.",
        "lich" => "Đã xếp lịch.",
        "publish" => "Đã đăng lớp. Ai cũng xem được.",
        "close" => "Đã kết thúc lớp.",
        "cancel" => "Đã hủy lớp và mọi buổi chưa học.",
        "reopen" => "Đã mở lại lớp.",
        "doi" => "Đã dời buổi học. Các buổi khác giữ nguyên.",
        "huy" => "Đã hủy buổi học. Các buổi khác giữ nguyên.",
        "khoi-phuc" => "Buổi học diễn ra như cũ.",
        "them" => "Đã thêm.",
        "thu-lich" => "Đã thu hồi địa chỉ lịch. Địa chỉ đã gửi không dùng được nữa.",
        "giu" => "Đã giữ địa điểm.",
        "giu-trung" => "Đã giữ địa điểm, nhưng trong thời gian ấy đã có buổi học. Hãy báo cho nơi mở lớp.",
        "bo" => "Đã bỏ giữ địa điểm.",
        "moi" => "Đã gửi lời mời. Trả lời sẽ hiện ở đây và ở trang của lớp.",
        "name" => "Đã cử báo cáo viên. Người được cử đã có trong lịch của lớp.",
        "decline" => "Đã trả lời là không cử được.",
        "withdraw" => "Đã rút lời mời.",
        "renew" => "Đã hỏi lại.",
        _ => return None,
    })
}

#[cfg(test)]
fn sample_meeting() -> MeetingView {
    MeetingView {
        when: When {
            day: "Thứ ba, 01/12/2026".to_owned(),
            time: "19:00 – 21:00".to_owned(),
            lunar: "23/10 âm lịch".to_owned(),
            holiday: Some("Tết"),
        },
        state: Some("Đã hủy"),
        cancelled: true,
        notes: vec!["<thử>".to_owned()],
        venue: "<thử>".to_owned(),
        map: Some("https://vidu.vn".to_owned()),
        map_label: "Bản đồ",
        speakers: "<thử>".to_owned(),
        url: Some("/".to_owned()),
        ask: Some("/".to_owned()),
    }
}

#[cfg(test)]
fn sample_obstacles() -> Vec<ObstacleView> {
    let view = |refused| ObstacleView { refused, text: "<thử>".to_owned(), url: refused.then(|| "/".to_owned()) };
    vec![view(true), view(false)]
}

#[cfg(test)]
fn sample_refusal() -> Refusal {
    Refusal::of(Problem::of("value-invalid")).unwrap_or_default()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let all = [
        list::samples(),
        one::samples(),
        staff::samples(),
        edit::samples(),
        plan::samples(),
        poster::samples(),
        meeting::samples(),
        venues::samples(),
        courses::samples(),
        speakers::samples(),
        requests::samples(),
        figures::samples(),
        storms::samples(),
    ];
    all.into_iter().flatten().collect()
}
