//! Addresses of classes: for everyone, and for those who plan them.

use super::query;
use crate::domain::id::{
    AreaId, ClassId, CourseId, MaterialId, MeetingId, OrganisationId, SpeakerId, StormId, TopicId, VenueBlockId,
    VenueId,
};
use crate::domain::meeting::Place;

/// The classes that everyone may see.
pub(in crate::web) const CLASSES: &str = "/lop-hoc";
/// The classes of those who plan.
pub(in crate::web) const STAFF_CLASSES: &str = "/quan-ly/lop";
/// The venues.
pub(in crate::web) const VENUES: &str = "/quan-ly/dia-diem";
/// The courses.
pub(in crate::web) const COURSES: &str = "/quan-ly/chuyen-de";
/// The roster of speakers.
pub(in crate::web) const SPEAKERS: &str = "/quan-ly/bao-cao-vien";

/// A part of the list of classes.
pub(in crate::web) fn classes(parameters: &[(&str, &str)]) -> String {
    format!("{CLASSES}{}", query(parameters))
}

/// A class.
pub(in crate::web) fn class(id: ClassId) -> String {
    format!("{CLASSES}/{id}")
}

/// The poster of a class, to be printed by a browser.
pub(in crate::web) fn poster(id: ClassId) -> String {
    format!("{}/ap-phich", class(id))
}

/// The poster of a class as PDF, on paper of a size.
pub(in crate::web) fn poster_pdf(id: ClassId, paper: &str) -> String {
    format!("{}/{paper}.pdf", poster(id))
}

/// What is read aloud of a class.
pub(in crate::web) fn announcement(id: ClassId) -> String {
    format!("{}/doc-loa", class(id))
}

/// A part of the list of those who plan.
pub(in crate::web) fn staff_classes(parameters: &[(&str, &str)]) -> String {
    format!("{STAFF_CLASSES}{}", query(parameters))
}

/// A class as those see it who plan it.
pub(in crate::web) fn staff_class(id: ClassId) -> String {
    format!("{STAFF_CLASSES}/{id}")
}

/// Where a class is described.
pub(in crate::web) fn describe_class(id: ClassId) -> String {
    format!("{}/sua", staff_class(id))
}

/// Where the meetings of a class are planned.
pub(in crate::web) fn plan_class(id: ClassId) -> String {
    format!("{}/lich", staff_class(id))
}

/// Where a meeting is added by hand.
pub(in crate::web) fn new_meeting(id: ClassId) -> String {
    format!("{}/buoi/moi", staff_class(id))
}

/// Where a meeting is moved or cancelled.
pub(in crate::web) fn staff_meeting(class: ClassId, id: MeetingId) -> String {
    format!("{}/buoi/{id}", staff_class(class))
}

/// Where a meeting is added that begins with some values.
pub(in crate::web) fn another_meeting(id: ClassId, parameters: &[(&str, &str)]) -> String {
    format!("{}{}", new_meeting(id), query(parameters))
}

/// Where marks of a class are typed.
pub(in crate::web) fn attendance(id: ClassId) -> String {
    format!("{}/diem-danh", staff_class(id))
}

/// A part of the table of marks, from a meeting and a learner on, with what was just done there.
pub(in crate::web) fn attendance_part(id: ClassId, meeting: &str, learner: &str, done: &str) -> String {
    let given = [("buoi", meeting), ("tu", learner), ("da", done)].into_iter().filter(|(_, value)| !value.is_empty());
    format!("{}{}", attendance(id), query(&given.collect::<Vec<_>>()))
}

/// Where the people of each meeting are counted.
pub(in crate::web) fn headcount(id: ClassId) -> String {
    format!("{}/so-nguoi", staff_class(id))
}

/// The attendance sheet of a meeting, to be printed by a browser.
pub(in crate::web) fn attendance_sheet(class: ClassId, id: MeetingId) -> String {
    format!("{}/phieu", staff_meeting(class, id))
}

/// The attendance sheet of a meeting as PDF.
pub(in crate::web) fn attendance_sheet_pdf(class: ClassId, id: MeetingId) -> String {
    format!("{}.pdf", attendance_sheet(class, id))
}

/// Where certificates of a class are given.
pub(in crate::web) fn certificates(id: ClassId) -> String {
    format!("{}/chung-nhan", staff_class(id))
}

/// The certificates of a class as PDF.
pub(in crate::web) fn certificates_pdf(id: ClassId) -> String {
    format!("{}.pdf", certificates(id))
}

/// Where everyone is told whether a certificate is real.
pub(in crate::web) fn certificate(code: &str) -> String {
    format!("/chung-nhan/{code}")
}

/// Attendance on a phone.
pub(in crate::web) const PHONE: &str = "/diem-danh";

/// Where a phone loads the roll of a class.
pub(in crate::web) fn phone_attendance(id: ClassId) -> String {
    format!("{PHONE}?lop={id}")
}

/// Where a class is made.
pub(in crate::web) const NEW_CLASS: &str = "/quan-ly/lop/moi";

/// Where a class is made from a material.
pub(in crate::web) fn class_from_material(id: MaterialId) -> String {
    format!("{NEW_CLASS}?hoc-lieu={id}")
}

/// Where a class is made from a course.
pub(in crate::web) fn class_from_course(id: CourseId) -> String {
    format!("{NEW_CLASS}?chuyen-de={id}")
}

/// A venue.
pub(in crate::web) fn venue(id: VenueId) -> String {
    format!("{VENUES}/{id}")
}

/// Where a venue is given free again.
pub(in crate::web) fn unblock(venue: VenueId, id: VenueBlockId) -> String {
    format!("{VENUES}/{venue}/ban/{id}/bo")
}

/// A course.
pub(in crate::web) fn course(id: CourseId) -> String {
    format!("{COURSES}/{id}")
}

/// Where a course is copied.
pub(in crate::web) fn copy_course(id: CourseId) -> String {
    format!("{COURSES}/moi?tu={id}")
}

/// A speaker in the roster.
pub(in crate::web) fn speaker(id: SpeakerId) -> String {
    format!("{SPEAKERS}/{id}")
}

/// A place on a public map.
pub(in crate::web) fn map((latitude, longitude): Place) -> String {
    format!("https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}")
}

/// The calendar of the whole province, for phones.
pub(in crate::web) const PROVINCE_CALENDAR: &str = "/lich/tinh.ics";

/// The calendar of a class.
pub(in crate::web) fn class_calendar(id: ClassId) -> String {
    format!("/lich/lop/{id}.ics")
}

/// The calendar of a centre.
pub(in crate::web) fn centre_calendar(id: &OrganisationId) -> String {
    format!("/lich/trung-tam/{id}.ics")
}

/// The calendar of an area.
pub(in crate::web) fn area_calendar(id: &AreaId) -> String {
    format!("/lich/dia-ban/{id}.ics")
}

/// The calendar of a topic.
pub(in crate::web) fn topic_calendar(id: &TopicId) -> String {
    format!("/lich/chu-de/{id}.ics")
}

/// An absolute address of a calendar as phones take it to subscribe, not to fetch once.
pub(in crate::web) fn subscribe(absolute: &str) -> String {
    absolute.split_once("://").map_or_else(|| absolute.to_owned(), |(_, rest)| format!("webcal://{rest}"))
}

/// The calendar of a speaker, for whoever knows its secret.
pub(in crate::web) fn speaker_calendar(id: SpeakerId, secret: &str) -> String {
    format!("/lich/bao-cao-vien/{id}.{secret}.ics")
}

/// Where the address of a speaker's calendar is made or taken back.
pub(in crate::web) fn set_speaker_calendar(id: SpeakerId) -> String {
    format!("{}/lich", speaker(id))
}

/// The requests for speakers.
pub(in crate::web) const REQUESTS: &str = "/quan-ly/loi-moi";

/// A part of the list of requests.
pub(in crate::web) fn requests(parameters: &[(&str, &str)]) -> String {
    format!("{REQUESTS}{}", query(parameters))
}

/// Where a speaker is asked for, for all meetings of a class that are to come or for one.
pub(in crate::web) fn request_speaker(class: ClassId, meeting: Option<MeetingId>) -> String {
    let meeting = meeting.map(|id| format!("&buoi={id}")).unwrap_or_default();
    format!("{REQUESTS}/moi?lop={class}{meeting}")
}

/// How many classes there are in a year.
pub(in crate::web) fn class_figures(year: i32) -> String {
    format!("{STAFF_CLASSES}/so-lieu?nam={year}")
}

/// Where all meetings of communes on a day are moved or cancelled.
pub(in crate::web) const STORMS: &str = "/quan-ly/ngay-bao";

/// What was done because of a storm.
pub(in crate::web) fn storm(id: StormId) -> String {
    format!("{STORMS}/{id}")
}

/// The notice of it, to print.
pub(in crate::web) fn storm_notice(id: StormId) -> String {
    format!("{}/thong-bao", storm(id))
}
