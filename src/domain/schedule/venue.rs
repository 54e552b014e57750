//! Venues: where classes meet, and when they are taken by something else.

use super::meeting::Slot;
use crate::domain::id::{AreaId, OrganisationId, VenueBlockId, VenueId};
use crate::domain::words::words;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

words! {
    /// What sort of place a venue is.
    VenueKind {
        Hall = "hall", "Hội trường, phòng học của trung tâm";
        School = "school", "Trường học";
        CultureHouse = "culture_house", "Nhà văn hóa thôn, khu phố";
        Library = "library", "Thư viện, bưu điện văn hóa xã";
        BorderPost = "border_post", "Đồn, trạm biên phòng";
        Workplace = "workplace", "Doanh nghiệp, hợp tác xã";
        Outdoor = "outdoor", "Ngoài trời, ruộng vườn";
        Online = "online", "Trực tuyến";
    }
}

/// The longest time for which a venue can be taken by something else, in days.
pub const MAX_BLOCK_DAYS: i64 = 60;

/// A place where classes meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    pub id: VenueId,
    /// Who looks after it; others may meet there, too.
    pub organisation: OrganisationId,
    pub area: AreaId,
    pub name: String,
    pub kind: VenueKind,
    /// How to find it: village, street, what it stands beside.
    #[serde(default)]
    pub address: String,
    /// How many people have room.
    #[serde(default)]
    pub capacity: Option<u32>,
    /// What is there, such as a projector.
    #[serde(default)]
    pub equipment: String,
    /// Who has the key and how they are reached; for staff alone.
    #[serde(default)]
    pub keeper: String,
    /// Several may meet there at once, as on a field.
    #[serde(default)]
    pub shared: bool,
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    /// No new meeting is planned there.
    #[serde(default)]
    pub retired: bool,
}

/// A time for which a venue is taken by something that is no class: a wedding, a village meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueBlock {
    pub id: VenueBlockId,
    pub venue: VenueId,
    pub starts_at: NaiveDateTime,
    /// The first moment at which it is free again.
    pub ends_at: NaiveDateTime,
    pub what: String,
}

impl VenueBlock {
    /// Whether it takes some of a meeting's time.
    pub fn overlaps(&self, slot: &Slot) -> bool {
        self.starts_at < slot.day.and_time(slot.to) && slot.day.and_time(slot.from) < self.ends_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, NaiveTime};
    use uuid::Uuid;

    #[test]
    fn a_wedding_takes_the_hall_until_the_minute_it_ends() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let block = VenueBlock {
            id: VenueBlockId(Uuid::nil()),
            venue: VenueId(Uuid::nil()),
            starts_at: day(28).and_time(time(15)),
            ends_at: day(29).and_time(time(10)),
            what: "Đám cưới".to_owned(),
        };
        let slot = |on, from, to| Slot { day: day(on), from: time(from), to: time(to) };
        assert!(block.overlaps(&slot(28, 19, 21)) && block.overlaps(&slot(29, 8, 11)));
        assert!(!block.overlaps(&slot(28, 13, 15)) && !block.overlaps(&slot(29, 10, 12)));
    }
}
