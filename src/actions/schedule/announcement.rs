//! A class read aloud: what a commune's officer reads over the loudspeaker of a village, made from the class.
//!
//! Short sentences, days and hours in words, each telephone number digit by digit, and the main thing said twice.

use super::calendar::{self, ClassCard};
use super::{MeetingCard, poster};
use crate::actions::{ActionError, Context};
use crate::domain::class::{Class, ClassState, RegistrationMode};
use crate::domain::id::ClassId;
use crate::domain::meeting::{MeetingState, Slot};
use crate::domain::spoken;
use chrono::{DateTime, Datelike, NaiveTime, Utc};

/// So many days are named one by one; of more, the first and the last.
const MAX_DAYS: usize = 4;

/// A text to be read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    pub title: String,
    pub sample: bool,
    /// One breath each.
    pub paragraphs: Vec<String>,
}

/// Writes what is read aloud of a class that everyone may see.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn compose(context: &Context, id: ClassId) -> Result<Announcement, ActionError> {
    let card = calendar::show(context, id).await?;
    Ok(Announcement {
        title: card.class.teaching.title.clone(),
        sample: card.class.sample,
        paragraphs: paragraphs(&card, context.now()),
    })
}

fn paragraphs(card: &ClassCard, now: DateTime<Utc>) -> Vec<String> {
    let class = &card.class;
    let title = class.teaching.title.trim_end_matches('.');
    if class.state == ClassState::Cancelled {
        let reason = class.reason.as_deref().map(|reason| format!(" Lý do: {}", sentence(reason))).unwrap_or_default();
        let off = format!("Kính thưa bà con. Lớp “{title}” của {} không mở nữa.{reason}", card.centre.name);
        return vec![off, "Mong bà con thông cảm và báo cho nhau biết. Xin cảm ơn bà con.".to_owned()];
    }
    let coming: Vec<&MeetingCard> = card.meetings.iter().filter(|one| one.stands() && !one.slot.is_over(now)).collect();
    let mut all = vec![greeting(card, title), sentence(&poster::shortened(&class.teaching.summary)), whom(class)];
    all.extend(when(&coming));
    all.extend(card.meetings.iter().filter(|one| !one.slot.is_over(now)).filter_map(changed));
    all.push(speakers(&coming));
    all.push(languages(class));
    all.push(how(card));
    if let Some(next) = coming.first() {
        all.push(format!("Xin nhắc lại: lớp “{title}”, buổi sắp tới học lúc {}, {}.", moment(&next.slot), place(next)));
    }
    all.push("Kính mời bà con đến học đông đủ. Xin cảm ơn bà con đã lắng nghe.".to_owned());
    all.retain(|text| !text.is_empty());
    all
}

fn greeting(card: &ClassCard, title: &str) -> String {
    let partners: Vec<&str> = card.co_organisers.iter().map(|one| one.name.as_str()).collect();
    let together = if partners.is_empty() { String::new() } else { format!(" cùng với {}", listed(&partners)) };
    format!("Kính thưa bà con. {}{together} mở lớp “{title}”.", card.centre.name)
}

fn whom(class: &Class) -> String {
    let audiences: Vec<String> = class.teaching.audiences.iter().map(|one| one.label().to_lowercase()).collect();
    if audiences.is_empty() { String::new() } else { format!("Lớp dành cho {}.", listed(&audiences)) }
}

/// When and where: each day where they are few, otherwise the days of the week from the first to the last.
fn when(coming: &[&MeetingCard]) -> Vec<String> {
    let Some(first) = coming.first() else { return vec!["Lịch học sẽ báo sau.".to_owned()] };
    if let [one] = coming {
        return vec![format!("Lớp học vào lúc {}.", whole(one))];
    }
    let count = u32::try_from(coming.len()).map(spoken::number).unwrap_or_default();
    if coming.len() <= MAX_DAYS {
        let line = |(place, one): (usize, &&MeetingCard)| {
            let which = if place == 0 { "Buổi sắp tới" } else { "Buổi tiếp theo" };
            format!("{which} học vào lúc {}.", whole(one))
        };
        return std::iter::once(format!("Lớp còn {count} buổi.")).chain(coming.iter().enumerate().map(line)).collect();
    }
    let mut weekdays: Vec<u32> = coming.iter().map(|one| one.slot.day.weekday().number_from_monday()).collect();
    weekdays.sort_unstable();
    weekdays.dedup();
    let names: Vec<String> =
        weekdays.iter().map(|day| crate::domain::meeting::weekday_name(*day).to_lowercase()).collect();
    let same_time = coming.iter().all(|one| (one.slot.from, one.slot.to) == (first.slot.from, first.slot.to));
    let same_place = coming.iter().all(|one| place(one) == place(first));
    let time = if same_time { format!(", từ {}", hours(&first.slot)) } else { String::new() };
    let mut all = vec![format!("Lớp còn {count} buổi, học vào {}{time}.", listed(&names))];
    if same_place {
        all.push(format!("Địa điểm: {}.", place(first).trim_start_matches("tại ")));
    }
    let told = |one: &MeetingCard, which: &str| {
        let at = if same_time { String::new() } else { format!(", từ {}", hours(&one.slot)) };
        let there = if same_place { String::new() } else { format!(", {}", place(one)) };
        format!("{which} là {}{at}{there}.", spoken::long_day(one.slot.day))
    };
    all.push(told(first, "Buổi sắp tới"));
    all.extend(coming.last().map(|last| told(last, "Buổi cuối")));
    all
}

/// When and where a meeting is, at length.
fn whole(one: &MeetingCard) -> String {
    format!("{}, {}, {}", hours(&one.slot), spoken::long_day(one.slot.day), place(one))
}

/// What has become otherwise than it was told before.
fn changed(one: &MeetingCard) -> Option<String> {
    let reason = one.reason.as_deref().map(|reason| format!(" Lý do: {}", sentence(reason))).unwrap_or_default();
    match one.state {
        MeetingState::Cancelled => Some(format!("Xin lưu ý: {} không học.{reason}", spoken::short_day(one.slot.day))),
        MeetingState::Moved => {
            let former = one.moved_from?;
            let to = moment(&one.slot);
            Some(format!(
                "Xin lưu ý: buổi học {} dời sang {to}, {}.{reason}",
                spoken::short_day(former.day),
                place(one)
            ))
        }
        MeetingState::Planned | MeetingState::Held => None,
    }
}

fn speakers(coming: &[&MeetingCard]) -> String {
    let mut all: Vec<String> = Vec::new();
    for speaker in coming.iter().flat_map(|one| &one.speakers) {
        let spoken = speaker.replace(" (", ", ").replace(')', "");
        if !all.contains(&spoken) {
            all.push(spoken);
        }
    }
    if all.is_empty() { String::new() } else { format!("Người dạy: {}.", all.join("; ")) }
}

fn languages(class: &Class) -> String {
    let all: Vec<String> = class.teaching.languages.iter().map(|one| one.name_vi().to_owned()).collect();
    let only_vietnamese = matches!(all.as_slice(), [one] if one == "Tiếng Việt");
    if all.is_empty() || only_vietnamese {
        return String::new();
    }
    let lowered: Vec<String> = all.iter().map(|name| name.replacen("Tiếng", "tiếng", 1)).collect();
    format!("Lớp dạy bằng {}.", listed(&lowered))
}

fn how(card: &ClassCard) -> String {
    let class = &card.class;
    let seats = class.capacity.map(|seats| format!(" Lớp nhận nhiều nhất {} người.", spoken::number(seats)));
    let come = match class.registration {
        RegistrationMode::None => "Bà con không cần ghi tên trước, cứ đến học.".to_owned(),
        _ => format!("Bà con muốn học, xin ghi tên tại {}.", card.centre.name),
    };
    let ask = Some(class.contact.trim_end_matches('.')).filter(|contact| !contact.is_empty());
    let ask = ask.map(|contact| format!(" Hỏi thêm về lớp: {}.", spoken::telephones(contact)));
    format!("{come}{}{}", seats.unwrap_or_default(), ask.unwrap_or_default())
}

/// From when to when, the part of the day said once where it is the same.
fn hours(slot: &Slot) -> String {
    let (from, to) = (spoken::hour(slot.from), spoken::hour(slot.to));
    let part = |time: NaiveTime| spoken::part_of_day(time);
    let from = if part(slot.from) == part(slot.to) {
        from.trim_end_matches(part(slot.from)).trim_end().to_owned()
    } else {
        from
    };
    format!("{from} đến {to}")
}

fn moment(slot: &Slot) -> String {
    format!("{}, {}", spoken::hour(slot.from), spoken::short_day(slot.day))
}

fn place(one: &MeetingCard) -> String {
    let Some(venue) = &one.venue else { return "địa điểm sẽ báo sau".to_owned() };
    // In the middle of a sentence, `Xã Cam Lộ` is `xã Cam Lộ`.
    let area = venue.area.split_once(' ').map(|(unit, name)| format!("{} {name}", unit.to_lowercase()));
    let parts = [venue.name.clone(), venue.address.clone(), area.unwrap_or_else(|| venue.area.clone())];
    format!("tại {}", parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

/// Things one after the other, the last with `và`.
fn listed(all: &[impl AsRef<str>]) -> String {
    let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} và {last}", first.join(", ")),
    }
}

/// A text that ends as a sentence.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}
