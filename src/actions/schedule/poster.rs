//! A class on a poster: what stands on it, and the poster as PDF.

use super::MeetingCard;
use super::calendar::{self, ClassCard};
use crate::actions::{ActionError, Context};
use crate::domain::class::{ClassState, RegistrationMode};
use crate::domain::day::date_vi;
use crate::domain::id::ClassId;
use crate::domain::language::Language;
use crate::domain::lunar::lunar;
use crate::domain::meeting::{Slot, weekday_name};
use crate::press::{self, Form};
use chrono::{Datelike, NaiveTime};
use serde::Serialize;
use std::collections::BTreeSet;

/// The most days that are named one by one.
const MAX_DAYS: usize = 24;
/// The most different times or places that are named.
const MAX_TIMES: usize = 4;
/// The most of a summary, in characters.
const MAX_SUMMARY_CHARS: usize = 320;

/// What stands on a poster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Poster {
    pub title: String,
    /// What sort of class it is.
    pub kind: &'static str,
    pub centre: String,
    pub partners: Vec<String>,
    /// What must be known before anything else.
    pub banners: Vec<String>,
    pub times: Vec<Times>,
    pub summary: String,
    /// What else is told, each with its name.
    pub facts: Vec<(&'static str, String)>,
    /// Where readers are led by the QR code.
    pub address: String,
}

/// Meetings of one time at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    /// How many meetings they are.
    pub label: String,
    pub time: String,
    /// The days of the week.
    pub days: String,
    pub dates: String,
    pub place: String,
}

/// The size of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A4,
    A5,
}

impl Paper {
    /// Its code in addresses and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::A5 => "a5",
        }
    }
}

/// Whether posters can be had as PDF.
pub const IS_PRINTED: bool = press::IS_BUILT;

/// Says what stands on the poster of a class that everyone may see.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn compose(context: &Context, id: ClassId, address: String) -> Result<Poster, ActionError> {
    let card = calendar::show(context, id).await?;
    let now = context.now();
    let coming: Vec<&MeetingCard> = card.meetings.iter().filter(|one| one.stands() && !one.slot.is_over(now)).collect();
    Ok(poster(&card, &coming, address))
}

/// Prints a poster.
///
/// # Errors
/// `Unavailable` when the program was built without the press.
pub async fn print(context: &Context, poster: Poster, paper: Paper) -> Result<Vec<u8>, ActionError> {
    #[derive(Serialize)]
    struct Data {
        paper: &'static str,
        #[serde(flatten)]
        poster: Poster,
    }
    let _turn = context.drawing.acquire().await.map_err(ActionError::internal)?;
    let data = Data { paper: paper.code(), poster };
    Ok(tokio::task::spawn_blocking(move || press::print(Form::Poster, &data)).await??)
}

fn poster(card: &ClassCard, coming: &[&MeetingCard], address: String) -> Poster {
    let (class, teaching) = (&card.class, &card.class.teaching);
    let reason = class.reason.as_deref().unwrap_or_default();
    let banners = [
        (class.state == ClassState::Cancelled).then(|| format!("LỚP ĐÃ HỦY. {reason}").trim().to_owned()),
        (class.state == ClassState::Closed).then(|| "Lớp đã kết thúc.".to_owned()),
        class.sample.then(|| "Lớp mẫu để xem thử, không có thật.".to_owned()),
    ];
    Poster {
        title: teaching.title.clone(),
        kind: teaching.class_type.label(),
        centre: card.centre.name.clone(),
        partners: card.co_organisers.iter().map(|one| one.name.clone()).collect(),
        banners: banners.into_iter().flatten().collect(),
        times: times(coming),
        summary: shortened(&teaching.summary),
        facts: facts(card, coming),
        address,
    }
}

fn facts(card: &ClassCard, coming: &[&MeetingCard]) -> Vec<(&'static str, String)> {
    let (class, teaching) = (&card.class, &card.class.teaching);
    let mut speakers: Vec<&str> = Vec::new();
    for speaker in coming.iter().flat_map(|one| &one.speakers) {
        if !speakers.contains(&speaker.as_str()) {
            speakers.push(speaker);
        }
    }
    let joined = |all: Vec<&str>| all.join(", ");
    let all = [
        ("Dành cho", joined(teaching.audiences.iter().map(|one| one.label()).collect())),
        ("Báo cáo viên", speakers.join("; ")),
        ("Ngôn ngữ", joined(teaching.languages.iter().map(Language::name_vi).collect())),
        ("Số chỗ", class.capacity.map(|seats| format!("{seats} người")).unwrap_or_default()),
        ("Ghi tên", how_to_come(class.registration).to_owned()),
        ("Hỏi về lớp", class.contact.clone()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// How people come to a class, to those who read it on a wall.
const fn how_to_come(mode: RegistrationMode) -> &'static str {
    match mode {
        RegistrationMode::None => "Không cần đăng ký, cứ đến",
        RegistrationMode::Open | RegistrationMode::Approve => "Trên trang của lớp, hoặc tại trung tâm",
        RegistrationMode::Staff => "Gặp trung tâm để ghi tên",
    }
}

/// Meetings by time and place, in the order of their first days.
fn times(coming: &[&MeetingCard]) -> Vec<Times> {
    let mut groups: Vec<((NaiveTime, NaiveTime, String), Vec<Slot>)> = Vec::new();
    for one in coming {
        let key = (one.slot.from, one.slot.to, place(one));
        match groups.iter_mut().find(|(own, _)| *own == key) {
            Some((_, slots)) => slots.push(one.slot),
            None => groups.push((key, vec![one.slot])),
        }
    }
    let left: usize = groups.iter().skip(MAX_TIMES).map(|(_, slots)| slots.len()).sum();
    let mut all: Vec<Times> = groups.iter().take(MAX_TIMES).map(|(key, slots)| group(key, slots)).collect();
    if let Some(last) = all.last_mut().filter(|_| left > 0) {
        last.dates = format!("{}, và {left} buổi khác", last.dates);
    }
    all
}

fn group((from, to, place): &(NaiveTime, NaiveTime, String), slots: &[Slot]) -> Times {
    let time = format!("{} – {}", from.format("%H:%M"), to.format("%H:%M"));
    let place = place.clone();
    if let [slot] = slots {
        let lunar = lunar(slot.day).map(|lunar| format!(" ({lunar} âm lịch)")).unwrap_or_default();
        let day = weekday_name(slot.day.weekday().number_from_monday()).to_owned();
        return Times { label: "Thời gian".to_owned(), time, days: day, dates: date_vi(slot.day) + &lunar, place };
    }
    let weekdays: BTreeSet<u32> = slots.iter().map(|slot| slot.day.weekday().number_from_monday()).collect();
    let days: Vec<&str> = weekdays.iter().map(|day| weekday_name(*day)).collect();
    let mut dates: Vec<String> = Vec::new();
    let mut year = None;
    for slot in slots.iter().take(MAX_DAYS) {
        // The year stands where it changes.
        let is_new = year.replace(slot.day.year()) != Some(slot.day.year());
        dates.push(slot.day.format(if is_new { "%d/%m/%Y" } else { "%d/%m" }).to_string());
    }
    let left = slots.len().saturating_sub(MAX_DAYS);
    if left > 0 {
        dates.push(format!("và {left} buổi nữa"));
    }
    Times { label: format!("{} buổi", slots.len()), time, days: days.join(", "), dates: dates.join(", "), place }
}

fn place(one: &MeetingCard) -> String {
    let Some(venue) = &one.venue else { return "Địa điểm sẽ báo sau".to_owned() };
    let parts = [venue.name.as_str(), &venue.address, &venue.area];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The beginning of a summary, whole sentences or words.
pub(super) fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MAX_SUMMARY_CHARS {
        return text;
    }
    let cut: String = text.chars().take(MAX_SUMMARY_CHARS).collect();
    let is_long = |whole: &str| whole.chars().count() > MAX_SUMMARY_CHARS / 2;
    let sentence = cut.rsplit_once(". ").map(|(whole, _)| whole).filter(|whole| is_long(whole));
    let whole = sentence.or_else(|| cut.rsplit_once(' ').map(|(whole, _)| whole)).unwrap_or(&cut);
    format!("{} …", whole.trim_end_matches(['.', ',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_one_time_are_told_together_with_the_year_where_it_changes() {
        let slot = |day: &str| Slot {
            day: day.parse().unwrap(),
            from: NaiveTime::from_hms_opt(19, 0, 0).unwrap(),
            to: NaiveTime::from_hms_opt(21, 0, 0).unwrap(),
        };
        let key = (slot("2026-12-29").from, slot("2026-12-29").to, "Nhà văn hóa".to_owned());
        let several = group(&key, &["2026-12-29", "2026-12-31", "2027-01-05"].map(slot));
        assert_eq!((several.label.as_str(), several.days.as_str()), ("3 buổi", "Thứ ba, Thứ năm"));
        assert_eq!(several.dates, "29/12/2026, 31/12, 05/01/2027");
        let one = group(&key, &[slot("2026-12-01")]);
        assert_eq!((one.days.as_str(), one.dates.as_str()), ("Thứ ba", "01/12/2026 (23/10 âm lịch)"));
    }

    #[test]
    fn a_long_summary_ends_with_a_whole_sentence_or_word() {
        let long = format!("{}cuối câu. {}", "chữ ".repeat(45), "từ ".repeat(200));
        assert!(shortened(&long).ends_with("chữ cuối câu …"));
        let far = format!("Ngắn. {}", "chữ ".repeat(200));
        assert!(shortened(&far).ends_with("chữ chữ …"));
        assert_eq!(shortened("Ngắn\nthôi"), "Ngắn thôi");
    }
}
