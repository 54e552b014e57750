//! Storm days: meetings of whole communes moved or cancelled in one act, and taken back.

use super::{Office, actor, code, evenings, morning, typed};
use crate::review::staff::House;
use hoclieu::actions::schedule::classes::{self, TypedClass};
use hoclieu::actions::schedule::meetings::{self, TypedMeeting};
use hoclieu::actions::schedule::plan::plan;
use hoclieu::actions::schedule::storms::{self, Caller, Fate, TypedStorm};
use hoclieu::actions::schedule::typed::TypedPlan;
use hoclieu::actions::schedule::venues::{self, TypedBlock};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::class::ClassAct;
use hoclieu::domain::id::{ClassId, VenueId};
use hoclieu::domain::meeting::{Meeting, MeetingState};
use hoclieu::domain::permission::Role;

/// A published class of a centre or committee on Tuesday and Thursday evenings; its hall.
async fn published(office: &Office, body: &str) -> (ClassId, String) {
    let (by, hall) = (actor(Role::Author, body), office.hall_of(body).await);
    let contact = TypedClass { contact: "0900 111 222".to_owned(), ..typed(body, "Trồng ném") };
    let id = office.class(&by, contact).await.unwrap();
    plan(&office.context, &by, id, evenings(&hall)).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    (id, hall)
}

fn storm(names: &str, moved_to: &str) -> TypedStorm {
    TypedStorm {
        names: names.to_owned(),
        day: "2026-12-01".to_owned(),
        fate: if moved_to.is_empty() { Fate::Cancel } else { Fate::Move(moved_to.to_owned()) },
        reason: "Bão số 9".to_owned(),
        ..TypedStorm::default()
    }
}

fn on(meetings: &[Meeting], day: &str) -> usize {
    meetings.iter().filter(|one| one.stands() && one.slot.day.to_string() == day).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_classes_of_vinh_linh_cua_tung_and_ben_hai_are_moved_in_one_act_and_undone_in_another() {
    let office = Office::new().await;
    let admin = actor(Role::Admin, "he-thong");
    let mut all = Vec::new();
    for body in ["ubnd.vinh-linh", "tthtcd.cua-tung", "ubnd.ben-hai"] {
        all.push(published(&office, body).await.0);
    }
    let (elsewhere, _) = published(&office, "tthtcd.cam-lo").await;
    let before: Vec<Vec<Meeting>> = all.iter().map(|id| office.meetings(*id)).collect();
    let untouched = office.meetings(elsewhere);
    let typed = storm("Vĩnh Linh, cua tung; Bến Hải", "2026-12-02");
    let seen = storms::preview(&office.context, &admin, &typed).await.unwrap();
    assert!(seen.meetings.len() == 3 && !seen.is_refused(), "{seen:?}");
    assert_eq!(seen.areas, ["Xã Bến Hải", "Xã Cửa Tùng", "Xã Vĩnh Linh"]);
    assert_eq!(all.iter().map(|id| on(&office.meetings(*id), "2026-12-01")).sum::<usize>(), 3, "nothing is done yet");
    let id = storms::act(&office.context, &admin, &typed).await.unwrap();
    for (class, before) in all.iter().zip(&before) {
        let after = office.meetings(*class);
        assert_eq!((on(&after, "2026-12-01"), on(&after, "2026-12-02")), (0, 1));
        let moved = after.iter().find(|one| one.id == before[0].id).unwrap();
        assert_eq!((moved.state, moved.sequence, moved.reason.as_deref()), (MeetingState::Moved, 1, Some("Bão số 9")));
        let others = |all: &[Meeting]| all.iter().filter(|one| one.id != before[0].id).cloned().collect::<Vec<_>>();
        assert_eq!(others(&after), others(before), "fourteen others stay as they were");
    }
    assert_eq!(office.meetings(elsewhere), untouched);
    let card = storms::show(&office.context, &admin, id).await.unwrap();
    assert_eq!(card.meetings.len(), 3);
    let asked = card.calls.iter().find(|call| call.role == Caller::Contact).unwrap();
    assert!(asked.phone == "0900 111 222" && asked.meetings.len() == 3, "rung up once for all three: {asked:?}");
    let undone = storms::undo(&office.context, &admin, id).await.unwrap();
    assert_eq!((undone.meetings, undone.left.len()), (3, 0));
    for (class, before) in all.iter().zip(&before) {
        let now = &office.meetings(*class)[0];
        assert_eq!(
            (now.slot, now.state, &now.reason, &now.moved_from),
            (before[0].slot, before[0].state, &None, &None)
        );
        assert_eq!(now.sequence, 2, "calendars are told");
    }
    assert_eq!(code(storms::undo(&office.context, &admin, id).await), "storm-too-old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commune_acts_for_itself_and_the_province_everywhere() {
    let office = Office::new().await;
    published(&office, "ubnd.vinh-linh").await;
    published(&office, "tthtcd.cua-tung").await;
    let (own, committee) = (actor(Role::Author, "tthtcd.cua-tung"), actor(Role::Reviewer, "ubnd.cua-tung"));
    let both = storm("Cửa Tùng, Vĩnh Linh", "");
    for by in [&own, &committee] {
        assert_eq!(code(storms::preview(&office.context, by, &both).await), "forbidden");
        assert_eq!(storms::preview(&office.context, by, &storm("Cửa Tùng", "")).await.unwrap().meetings.len(), 1);
    }
    for nobody in [Actor::Visitor, actor(Role::Reader, "tthtcd.cua-tung"), actor(Role::Manager, "so-yt")] {
        assert_eq!(
            code(storms::act(&office.context, &nobody, &storm("Cửa Tùng", "")).await),
            "forbidden",
            "{nobody:?}"
        );
    }
    assert_eq!(code(storms::list(&office.context, &Actor::Visitor).await), "forbidden");
    let id = storms::act(&office.context, &own, &storm("Cửa Tùng", "")).await.unwrap();
    assert_eq!(storms::list(&office.context, &committee).await.unwrap().len(), 1);
    let other = actor(Role::Manager, "ubnd.vinh-linh");
    for by in [&other, &actor(Role::Manager, "so-yt")] {
        assert!(storms::list(&office.context, by).await.unwrap().is_empty());
    }
    assert_eq!(code(storms::show(&office.context, &other, id).await), "missing");
    assert_eq!(code(storms::undo(&office.context, &other, id).await), "missing");
    for (typed, refused) in [
        (storm("Nơi Không Có", ""), "storm-name"),
        (storm("", ""), "storm-areas"),
        (storm("Cửa Tùng", "2026-12-01"), "storm-moved-to"),
        (TypedStorm { fate: Fate::Move(" ".to_owned()), ..storm("Cửa Tùng", "") }, "storm-moved-to"),
        (TypedStorm { day: "2026-11-01".to_owned(), ..storm("Cửa Tùng", "") }, "storm-past"),
        (storm("Cửa Tùng", ""), "storm-empty"),
        (TypedStorm { reason: " ".to_owned(), ..storm("Cửa Tùng", "") }, "reason-missing"),
    ] {
        assert_eq!(code(storms::act(&office.context, &own, &typed).await), refused, "{typed:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_finds_no_place_on_the_new_day_is_shown_and_cancelled_only_where_that_is_wished() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cua-tung");
    let (class, hall) = published(&office, "tthtcd.cua-tung").await;
    let second = office.class(&by, typed("tthtcd.cua-tung", "Tin học")).await.unwrap();
    let outside =
        TypedPlan { pattern: "once".to_owned(), from: "08:00".to_owned(), to: "10:00".to_owned(), ..evenings(&hall) };
    plan(&office.context, &by, second, outside).await.unwrap();
    let wedding = TypedBlock {
        what: "Đám cưới".to_owned(),
        first_day: "2026-12-02".to_owned(),
        from: "15h".to_owned(),
        last_day: "2026-12-02".to_owned(),
        to: "22h".to_owned(),
    };
    venues::block(&office.context, &by, VenueId::parse(&hall).unwrap(), wedding).await.unwrap();
    let typed = storm("Cửa Tùng", "2026-12-02");
    let seen = storms::preview(&office.context, &by, &typed).await.unwrap();
    assert!(seen.is_refused() && seen.meetings.len() == 2 && seen.meetings[0].obstacles.is_empty(), "{seen:?}");
    assert_eq!(code(storms::act(&office.context, &by, &typed).await), "storm-taken");
    assert_eq!(on(&office.meetings(second), "2026-12-01"), 1, "all or nothing");
    let id = storms::act(&office.context, &by, &TypedStorm { cancel_rest: true, ..typed }).await.unwrap();
    assert_eq!(office.meetings(class)[0].state, MeetingState::Cancelled);
    let draft = &office.meetings(second)[0];
    assert_eq!((draft.slot.day.to_string().as_str(), draft.state), ("2026-12-02", MeetingState::Planned));
    let again = TypedMeeting {
        day: "2026-12-05".to_owned(),
        from: "8h".to_owned(),
        to: "10h".to_owned(),
        venue: hall,
        reason: String::new(),
    };
    meetings::shift(&office.context, &by, (second, draft.id), again).await.unwrap();
    let undone = storms::undo(&office.context, &by, id).await.unwrap();
    assert_eq!((undone.meetings, undone.left.len()), (1, 1), "what somebody moved since stays there");
    assert_eq!(office.meetings(class)[0].state, MeetingState::Planned);
    assert_eq!(on(&office.meetings(second), "2026-12-05"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_is_undone_for_three_days() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cua-tung");
    published(&office, "tthtcd.cua-tung").await;
    let id = storms::act(&office.context, &by, &storm("Cửa Tùng", "")).await.unwrap();
    office.clock.set(morning("2026-11-27"));
    assert!(!storms::show(&office.context, &by, id).await.unwrap().can_be_undone);
    assert_eq!(code(storms::undo(&office.context, &by, id).await), "storm-too-old");
}

#[test]
fn a_storm_is_entered_printed_and_undone_by_forms_alone() {
    let house = House::with_classes();
    let mut admin = house.person("quantri", "admin", "he-thong");
    let list = admin.get("/api/v1/classes?limit=100").json();
    let items = list["items"].as_array().unwrap();
    let class = items
        .iter()
        .find(|one| {
            one["centre"]["id"] == "tthtcd.dong-hoi" && one["meetings"].as_array().is_some_and(|all| all.len() == 1)
        })
        .unwrap();
    let day = class["meetings"][0]["starts_at"].as_str().unwrap().split('T').next().unwrap().to_owned();
    let wanted = [("ten", "Đồng Hới"), ("ngay", day.as_str()), ("ly-do", "Tránh bão <số 9>")];
    let undecided = admin.post("/quan-ly/ngay-bao", &wanted);
    assert!(undecided.status == 400 && undecided.text().contains("Ngày dời đến phải là một ngày khác"));
    let seen = admin.post("/quan-ly/ngay-bao", &[&wanted[..], &[("lam", "huy"), ("xem", "1")]].concat()).text();
    assert!(
        seen.contains("Sơ cứu cơ bản") && seen.contains("Chưa làm gì.") && seen.contains("Đồng ý, làm ngay"),
        "{seen}"
    );
    let done = admin.post("/quan-ly/ngay-bao", &[&wanted[..], &[("lam", "huy"), ("luu", "1")]].concat());
    assert_eq!(done.status, 303, "{}", done.text());
    let storm = done.header("location").split('?').next().unwrap().to_owned();
    let page = admin.get(&storm).text();
    for told in
        ["Cần gọi điện", "Bùi Thị Mẫu", "0900 000 006 (số mẫu)", "Người giữ chìa khóa", "Tránh bão &#60;số 9&#62;"]
    {
        assert!(page.contains(told), "{told}: {page}");
    }
    let notice = admin.get(&format!("{storm}/thong-bao")).text();
    assert!(notice.contains("<strong>tạm nghỉ</strong>") && !notice.contains("0900"), "no number is put up: {notice}");
    let public = format!("/lop-hoc/{}", class["id"].as_str().unwrap());
    assert!(house.visit(&public).text().contains("Đã hủy"));
    assert_eq!(admin.post(&format!("{storm}/hoan-tac"), &[]).status, 303);
    assert!(!house.visit(&public).text().contains("Đã hủy"));
    assert!(admin.get(&storm).text().contains("Đã hoàn tác."));
    let mut centre = house.person("dong-hoi", "author", "tthtcd.dong-hoi");
    assert!(
        centre.get("/quan-ly/ngay-bao").text().contains("type=\"hidden\" name=\"dia-ban\""),
        "its one commune is chosen"
    );
    let agency = house.person("so-yt", "author", "so-yt").get("/quan-ly/ngay-bao").text();
    assert!(agency.contains("không phụ trách xã, phường nào") && !agency.contains("Xem trước"));
}

#[test]
fn classes_that_several_have_are_marked_and_counted_once_in_the_province_and_once_for_each() {
    let house = House::with_classes();
    let mut admin = house.person("quantri", "admin", "he-thong");
    let list = house.visit("/lop-hoc").text();
    assert!(list.contains("<strong>phối hợp</strong> với"), "{list}");
    let page = admin.get("/quan-ly/lop/so-lieu").text();
    assert!(page.contains("Cả tỉnh: <strong>"), "{page}");
    let mut union = house.person("phu-nu", "author", "hoi-lhpn");
    let own = union.get("/quan-ly/lop/so-lieu").text();
    assert!(!own.contains("Cả tỉnh:") && own.contains("Hội Liên hiệp Phụ nữ"), "{own}");
    let figures = |page: &str, name: &str| {
        let row = page.split("<tr>").find(|row| row.contains(name)).unwrap_or_else(|| panic!("{name}: {page}"));
        row.split("<td>").skip(1).map(|cell| cell.split('<').next().unwrap().parse().unwrap()).collect::<Vec<usize>>()
    };
    let theirs = figures(&own, "Hội Liên hiệp Phụ nữ");
    assert!(theirs[0] >= 2 && theirs[1] == theirs[0] && theirs[2] == 0, "all joint, none led: {theirs:?}");
    assert_eq!(figures(&page, "Hội Liên hiệp Phụ nữ"), theirs, "the province sees the same");
}
