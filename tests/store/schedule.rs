//! Meetings in calendars, and what takes a venue.

use super::{engines, stamp};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use hoclieu::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, SpeakerId, VenueBlockId, VenueId};
use hoclieu::domain::meeting::{Meeting, MeetingState, Slot};
use hoclieu::domain::venue::VenueBlock;
use hoclieu::store::meetings::{self, Calendar};
use hoclieu::store::{Store, StoreError, venues};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn meeting(number: u128, on: &str) -> Meeting {
    Meeting {
        id: MeetingId(Uuid::from_u128(number)),
        class: ClassId(Uuid::from_u128(number % 2)),
        slot: Slot { day: day(on), from: NaiveTime::MIN, to: NaiveTime::from_hms_opt(2, 0, 0).unwrap() },
        venue: Some(VenueId(Uuid::from_u128(1))),
        areas: vec![AreaId::parse("qt.lia").unwrap(), AreaId::parse("tinh.quang-tri").unwrap()],
        organisers: vec![OrganisationId::parse("ubnd.lia").unwrap()],
        speakers: vec![SpeakerId(Uuid::from_u128(1))],
        state: MeetingState::Planned,
        recipe_day: None,
        moved_from: None,
        reason: None,
        sequence: 0,
        changed_at: DateTime::<Utc>::UNIX_EPOCH,
        attended: false,
    }
}

fn put(store: &Store, all: Vec<Meeting>) {
    let written = store
        .write_blocking("test.put", stamp(), move |tx| all.iter().try_for_each(|meeting| meetings::put(tx, meeting)));
    written.unwrap();
}

fn found(store: &Store, calendar: Calendar<'_>, from: &str, to: &str) -> Vec<u128> {
    let entries = store.read_blocking("test.between", |tx| meetings::between(tx, calendar, (day(from), day(to))));
    entries.unwrap().iter().map(|entry| entry.meeting.0.as_u128()).collect()
}

#[test]
fn a_calendar_answers_the_meetings_of_its_days_and_no_others() {
    for (name, store, _folder) in engines() {
        put(&store, vec![meeting(1, "2026-12-31"), meeting(2, "2026-12-01"), meeting(3, "2027-01-01")]);
        let (lia, province) = (AreaId::parse("qt.lia").unwrap(), AreaId::parse("tinh.quang-tri").unwrap());
        let (centre, near) = (OrganisationId::parse("ubnd.lia").unwrap(), AreaId::parse("qt.li").unwrap());
        let calendars = [
            Calendar::Area(&lia),
            Calendar::Area(&province),
            Calendar::Organisation(&centre),
            Calendar::Venue(VenueId(Uuid::from_u128(1))),
            Calendar::Speaker(SpeakerId(Uuid::from_u128(1))),
        ];
        for calendar in calendars {
            assert_eq!(found(&store, calendar, "2026-12-01", "2026-12-31"), [2, 1], "{name} {calendar:?}");
        }
        assert!(found(&store, Calendar::Area(&near), "2026-01-01", "2028-01-01").is_empty(), "{name}");
        let on =
            store.read_blocking("test.on", |tx| meetings::on(tx, Calendar::Area(&lia), day("2027-01-01"))).unwrap();
        assert_eq!(on, [meeting(3, "2027-01-01")], "{name}");
    }
}

#[test]
fn a_meeting_that_moves_leaves_the_calendars_where_it_was() {
    for (name, store, _folder) in engines() {
        put(&store, vec![meeting(1, "2026-12-31")]);
        let moved = Meeting {
            venue: None,
            areas: vec![AreaId::parse("qt.a-doi").unwrap()],
            speakers: Vec::new(),
            ..meeting(1, "2027-01-02")
        };
        put(&store, vec![moved.clone()]);
        let (lia, a_doi) = (AreaId::parse("qt.lia").unwrap(), AreaId::parse("qt.a-doi").unwrap());
        let all = |calendar| found(&store, calendar, "2026-01-01", "2028-01-01");
        for left in [Calendar::Area(&lia), Calendar::Venue(VenueId(Uuid::from_u128(1)))] {
            assert!(all(left).is_empty(), "{name} {left:?}");
        }
        assert_eq!(all(Calendar::Area(&a_doi)), [1], "{name}");
        let of_class = store.read_blocking("test.class", |tx| meetings::of_class(tx, moved.class)).unwrap();
        assert_eq!(of_class, std::slice::from_ref(&moved), "{name}");
        let gone = store.write_blocking("test.gone", stamp(), move |tx| meetings::remove(tx, moved.class, moved.id));
        gone.unwrap();
        assert!(all(Calendar::Area(&a_doi)).is_empty(), "{name}");
    }
}

#[test]
fn what_takes_a_venue_for_days_is_found_on_each_of_them_until_it_is_taken_away() {
    for (name, store, _folder) in engines() {
        let venue = VenueId(Uuid::from_u128(1));
        let block = VenueBlock {
            id: VenueBlockId(Uuid::from_u128(1)),
            venue,
            starts_at: day("2026-11-28").and_time(NaiveTime::MIN),
            ends_at: day("2026-11-30").and_time(NaiveTime::MIN),
            what: "Đám cưới".to_owned(),
        };
        let kept = block.clone();
        store.write_blocking("test.block", stamp(), move |tx| venues::put_block(tx, &kept)).unwrap();
        let on = |text: &str| {
            let range = (day(text), day(text));
            store.read_blocking("test.blocks", |tx| venues::blocks(tx, venue, range)).unwrap()
        };
        assert_eq!([on("2026-11-28"), on("2026-11-29")], [vec![block.clone()], vec![block.clone()]], "{name}");
        assert!(on("2026-11-27").is_empty() && on("2026-12-01").is_empty(), "{name}");
        let gone = store.write_blocking("test.free", stamp(), move |tx| {
            venues::remove_block(tx, &block);
            Ok::<_, StoreError>(())
        });
        gone.unwrap();
        assert!(on("2026-11-29").is_empty(), "{name}");
    }
}
