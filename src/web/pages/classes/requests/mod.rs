//! Requests for speakers: asked, listed, answered.

pub(in crate::web) mod ask;
pub(in crate::web) mod list;
pub(in crate::web) mod one;

use super::{long_day, time_line};
use crate::actions::schedule::requests::{RequestCard, WishCard};
use crate::domain::id::RequestId;
use crate::domain::meeting::MeetingState;
use crate::domain::request::RequestState;
use crate::web::error::Problem;
use crate::web::links;
use crate::web::pages::view::date;

/// A request in a list.
#[derive(Debug, Clone)]
pub(super) struct RequestLine {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) state: &'static str,
    pub(super) notes: Vec<String>,
}

impl RequestLine {
    pub(super) fn of(card: &RequestCard) -> Self {
        let request = &card.request;
        let mut notes = vec![format!("{} mời {}", card.centre.name, card.asked.name)];
        notes.push(dates(&card.wishes));
        let waits = matches!(request.state, RequestState::Asked | RequestState::Lapsed);
        notes.extend(waits.then(|| format!("hạn trả lời {}", date(request.reply_by))));
        notes.extend(card.named.clone());
        let changed = card.wishes.iter().filter(|wish| changed(wish).is_some()).count();
        notes.extend((changed > 0).then(|| format!("{changed} buổi đã đổi")));
        Self { url: links::request(request.id), title: request.subject.clone(), state: request.state.label(), notes }
    }
}

fn parse(id: &str) -> Result<RequestId, Problem> {
    RequestId::parse(id).map_err(|_error| Problem::of("request-missing"))
}

/// The first and the last date, and how many there are.
fn dates(wishes: &[WishCard]) -> String {
    let slots: Vec<_> = wishes.iter().map(WishCard::slot).collect();
    match slots.as_slice() {
        [] => String::new(),
        [one] => format!("{}, {}", long_day(one.day), time_line(one)),
        all => {
            let first = all.iter().map(|slot| slot.day).min().unwrap_or_default();
            let last = all.iter().map(|slot| slot.day).max().unwrap_or_default();
            format!("{} buổi, từ {} đến {}", all.len(), date(first), date(last))
        }
    }
}

/// What became of a date since it was asked for.
fn changed(wish: &WishCard) -> Option<String> {
    let before = || format!("lúc mời là {}, {}", long_day(wish.asked.day), time_line(&wish.asked));
    match &wish.meeting {
        Some(meeting) if meeting.state == MeetingState::Cancelled => Some("buổi này đã hủy".to_owned()),
        Some(meeting) if meeting.slot != wish.asked => Some(before()),
        None if wish.gone => Some("lớp không còn buổi này".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
pub(super) fn sample_line() -> RequestLine {
    RequestLine {
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        state: "Chờ trả lời",
        notes: vec!["<thử>".to_owned(), "hạn".to_owned()],
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    [ask::samples(), list::samples(), one::samples()].into_iter().flatten().collect()
}
