//! What is done with classes, with the real store.

use super::{Office, actor, code, evenings, morning, typed};
use hoclieu::actions::audit;
use hoclieu::actions::schedule::calendar::{self, Filter};
use hoclieu::actions::schedule::classes::{self, TypedClass};
use hoclieu::actions::schedule::meetings::{self, TypedMeeting};
use hoclieu::actions::schedule::plan::{plan, preview};
use hoclieu::actions::schedule::typed::TypedPlan;
use hoclieu::actions::schedule::venues::{self, TypedBlock};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::class::ClassAct;
use hoclieu::domain::id::{AreaId, ClassId, OrganisationId, VenueId};
use hoclieu::domain::meeting::{Meeting, MeetingState};
use hoclieu::domain::permission::Role;

/// A published class of Cam Lộ on fifteen evenings.
async fn published(office: &Office, by: &Actor) -> (ClassId, String) {
    let hall = office.hall().await;
    let id = office.class(by, typed("tthtcd.cam-lo", "Trồng ném")).await.unwrap();
    plan(&office.context, by, id, evenings(&hall)).await.unwrap();
    classes::act(&office.context, by, id, (ClassAct::Publish, "")).await.unwrap();
    (id, hall)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_meeting_is_cancelled_or_moved_and_fourteen_others_stay_as_they_were() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (id, hall) = published(&office, &by).await;
    let before = office.meetings(id);
    assert_eq!(before.len(), 15);
    let others = |all: &[Meeting], without: usize| {
        let id = before[without].id;
        all.iter().filter(|meeting| meeting.id != id).cloned().collect::<Vec<_>>()
    };
    let ids = (id, before[3].id);
    assert_eq!(code(meetings::cancel(&office.context, &by, ids, TypedMeeting::default()).await), "reason-missing");
    let because = TypedMeeting { reason: "Bão số 9".to_owned(), ..TypedMeeting::default() };
    meetings::cancel(&office.context, &by, ids, because).await.unwrap();
    let after = office.meetings(id);
    assert_eq!(others(&after, 3), others(&before, 3));
    assert_eq!((after[3].state, after[3].sequence), (MeetingState::Cancelled, 1));
    assert!(meetings::revive(&office.context, &by, ids).await.unwrap().done);
    let moved = TypedMeeting {
        day: "11/12/2026".to_owned(),
        from: "19h30".to_owned(),
        to: "21h".to_owned(),
        venue: hall,
        reason: "Bão".to_owned(),
    };
    assert!(meetings::shift(&office.context, &by, ids, moved).await.unwrap().done);
    let after = office.meetings(id);
    let now = after.iter().find(|meeting| meeting.id == ids.1).unwrap();
    assert_eq!((now.state, now.sequence, now.slot.day.to_string().as_str()), (MeetingState::Moved, 3, "2026-12-11"));
    assert_eq!(others(&after, 3), others(&before, 3));
    let shown = calendar::show(&office.context, id).await.unwrap();
    let told = shown.meetings.iter().find(|card| card.id == ids.1).unwrap();
    assert_eq!(told.moved_from, Some(before[3].slot));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_is_given_once_across_all_centres_and_times_that_touch_are_free() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (_, hall) = published(&office, &by).await;
    let other = actor(Role::Author, "tthtcd.gio-linh");
    let second = office.class(&other, typed("tthtcd.gio-linh", "Nuôi ong")).await.unwrap();
    let once = |from: &str, to: &str| TypedPlan {
        pattern: "once".to_owned(),
        first: "2026-12-03".to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        ..evenings(&hall)
    };
    let seen = preview(&office.context, &other, second, once("20:30", "22:00")).await.unwrap();
    assert!(seen.is_refused() && seen.dates[0].obstacles[0].other.contains("“Trồng ném” của Trung tâm"), "{seen:?}");
    assert_eq!(code(plan(&office.context, &other, second, once("20:30", "22:00")).await), "room-taken");
    assert!(office.meetings(second).is_empty());
    plan(&office.context, &other, second, once("21:00", "22:00")).await.unwrap();
    plan(&office.context, &other, second, once("17:00", "19:00")).await.unwrap();
    let venue = VenueId::parse(&hall).unwrap();
    let wedding = TypedBlock {
        what: "Đám cưới".to_owned(),
        first_day: "2026-12-02".to_owned(),
        from: "8h".to_owned(),
        last_day: "2026-12-03".to_owned(),
        to: "17h".to_owned(),
    };
    assert_eq!(code(venues::block(&office.context, &other, venue, wedding.clone()).await), "forbidden");
    venues::block(&office.context, &by, venue, wedding).await.unwrap();
    plan(&office.context, &other, second, once("17:00", "19:00")).await.unwrap();
    assert_eq!(code(plan(&office.context, &other, second, once("16:00", "18:00")).await), "room-taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_centres_that_ask_for_one_room_at_once_one_gets_it() {
    let office = Office::new().await;
    let hall = office.hall().await;
    let mut asking = Vec::new();
    for centre in ["gio-linh", "cua-tung", "khe-sanh", "lao-bao", "a-doi", "dong-ha", "hai-lang", "le-thuy"] {
        let centre = format!("tthtcd.{centre}");
        let by = actor(Role::Author, &centre);
        let id = office.class(&by, typed(&centre, "Lớp")).await.unwrap();
        let (context, typed) = (office.context.clone(), evenings(&hall));
        asking.push(tokio::spawn(async move { code(plan(&context, &by, id, typed).await) }));
    }
    let mut answers = Vec::new();
    for one in asking {
        answers.push(one.await.unwrap());
    }
    answers.sort_unstable();
    assert_eq!(answers, [&["ok"][..], &["room-taken"; 7]].concat());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_class_sees_it_its_centre_changes_it_and_nobody_else_knows_of_it() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let joint = TypedClass { co_organisers: vec!["hoi-lhpn".to_owned()], ..typed("tthtcd.cam-lo", "Trồng ném") };
    let id = office.class(&by, joint.clone()).await.unwrap();
    let partner = actor(Role::Author, "hoi-lhpn");
    assert!(!classes::show(&office.context, &partner, id).await.unwrap().may_change);
    assert_eq!(code(classes::write(&office.context, &partner, Some(id), joint).await), "forbidden");
    let above = actor(Role::Reviewer, "ubnd.cam-lo");
    assert!(classes::show(&office.context, &above, id).await.unwrap().may_change, "the commune runs its centre");
    for stranger in [actor(Role::Manager, "tthtcd.gio-linh"), actor(Role::Reader, "tthtcd.cam-lo"), Actor::Visitor] {
        assert_eq!(code(classes::show(&office.context, &stranger, id).await), "missing", "{stranger:?}");
        let act = classes::act(&office.context, &stranger, id, (ClassAct::Cancel, "Vì thế")).await;
        assert_eq!(code(act), "missing", "{stranger:?}");
    }
    let elsewhere = office.class(&by, typed("tthtcd.gio-linh", "Lớp")).await;
    assert_eq!(code(elsewhere), "forbidden");
    assert_eq!(code(calendar::show(&office.context, id).await), "missing", "a draft is nobody's business");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_published_with_meetings_and_a_place_and_found_under_its_commune_and_topic() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let id = office.class(&by, typed("tthtcd.cam-lo", "Trồng ném")).await.unwrap();
    let publish = async || code(classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await);
    assert_eq!(publish().await, "class-without-meetings");
    plan(&office.context, &by, id, evenings("")).await.unwrap();
    assert_eq!(publish().await, "class-without-venue");
    let hall = office.hall().await;
    plan(&office.context, &by, id, evenings(&hall)).await.unwrap();
    assert_eq!(publish().await, "ok");
    let found = async |filter: Filter| {
        let listed = calendar::list(&office.context, Filter { limit: 10, ..filter }).await.unwrap();
        listed.items.iter().map(|card| card.class.id).collect::<Vec<_>>()
    };
    let area = |id: &str| Filter { area: Some(AreaId::parse(id).unwrap()), ..Filter::default() };
    assert_eq!(found(Filter::default()).await, [id]);
    assert_eq!(found(area("qt.cam-lo")).await, [id]);
    assert_eq!(found(area("huyen.cam-lo")).await, [id], "where the former district was");
    assert!(found(area("qt.lia")).await.is_empty());
    let topic = |id: &str| Filter { topic: hoclieu::domain::id::TopicId::parse(id).ok(), ..Filter::default() };
    assert_eq!(found(topic("agri")).await, [id]);
    assert!(found(topic("law")).await.is_empty());
    let later = Filter { from: "2027-02-01".parse().ok(), ..Filter::default() };
    assert!(found(later).await.is_empty());
    classes::act(&office.context, &by, id, (ClassAct::Cancel, "Lũ")).await.unwrap();
    assert!(office.meetings(id).iter().all(|meeting| meeting.state == MeetingState::Cancelled));
    assert_eq!(calendar::show(&office.context, id).await.unwrap().class.reason.as_deref(), Some("Lũ"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_counts_totals_only_is_never_shown_to_the_public() {
    let office = Office::new().await;
    let (by, hall) = (actor(Role::Author, "ca-tinh"), office.hall().await);
    let open =
        TypedClass { count: "totals".to_owned(), registration: "open".to_owned(), ..typed("ca-tinh", "Pháp luật") };
    assert_eq!(code(office.class(&by, open.clone()).await), "class-contradiction");
    let id = office.class(&by, TypedClass { registration: "staff".to_owned(), ..open }).await.unwrap();
    plan(&office.context, &by, id, evenings(&hall)).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    assert_eq!(code(calendar::show(&office.context, id).await), "missing");
    let listed = calendar::list(&office.context, Filter { limit: 10, ..Filter::default() }).await.unwrap();
    assert!(
        listed.items.is_empty() && calendar::meetings(&office.context, Filter::default()).await.unwrap().is_empty()
    );
    let other = actor(Role::Author, "tthtcd.cam-lo");
    let second = office.class(&other, typed("tthtcd.cam-lo", "Lớp")).await.unwrap();
    let seen = preview(&office.context, &other, second, evenings(&hall)).await.unwrap();
    let told = &seen.dates[0].obstacles[0];
    assert!(told.is_refused() && told.class.is_none() && !told.other.contains("Pháp luật"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_rule_changes_meetings_to_come_alone() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (id, hall) = published(&office, &by).await;
    let before = office.meetings(id);
    office.clock.set(morning("2026-12-10"));
    let mondays = TypedPlan {
        weekdays: vec!["1".to_owned(), "4".to_owned()],
        from: "18:00".to_owned(),
        to: "20:00".to_owned(),
        times: "6".to_owned(),
        ..evenings(&hall)
    };
    plan(&office.context, &by, id, mondays).await.unwrap();
    let after = office.meetings(id);
    let day = |meeting: &Meeting| meeting.slot.day.to_string();
    assert_eq!(after[..3], before[..3], "what was held before stays");
    let standing: Vec<String> = after.iter().filter(|meeting| meeting.stands()).map(day).collect();
    assert_eq!(standing[3..], ["2026-12-10", "2026-12-14", "2026-12-17", "2026-12-21"]);
    let renewed = after.iter().find(|meeting| day(meeting) == "2026-12-17").unwrap();
    assert!(before.iter().any(|meeting| meeting.id == renewed.id), "the same meeting at another hour");
    assert_eq!((renewed.slot.from.to_string().as_str(), renewed.sequence), ("18:00:00", 1));
    let dropped = after.iter().filter(|meeting| !meeting.stands()).count();
    assert_eq!(dropped, 10, "who has the calendar is told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_of_a_centre_tells_from_what_to_what_a_class_changed_and_no_telephone_number() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (id, _) = published(&office, &by).await;
    let told = TypedClass {
        capacity: "30".to_owned(),
        contact: "0912 345 678".to_owned(),
        ..typed("tthtcd.cam-lo", "Trồng ném vụ đông")
    };
    classes::write(&office.context, &by, Some(id), told).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Cancel, "Lũ lớn")).await.unwrap();
    let of = audit::Of::Organisation(OrganisationId::parse("tthtcd.cam-lo").unwrap());
    let trail = audit::trail(&office.context, &actor(Role::Manager, "tthtcd.cam-lo"), of, None).await.unwrap();
    let all: Vec<_> = trail.lines.iter().map(|line| &line.things[0]).collect();
    let told = |at: usize| {
        let one =
            |one: &hoclieu::domain::alteration::Alteration| (one.field.clone(), one.before.clone(), one.after.clone());
        all[at].altered.iter().map(one).collect::<Vec<_>>()
    };
    let row = |field: &str, before: &str, after: &str| (field.to_owned(), before.to_owned(), after.to_owned());
    assert_eq!(told(0), [row("state", "Đã đăng", "Đã hủy"), row("reason", "", "Lũ lớn")]);
    assert_eq!(told(1), [row("title", "Trồng ném", "Trồng ném vụ đông"), row("capacity", "", "30")]);
    assert_eq!(all[1].name, "Trồng ném vụ đông");
    assert!(!format!("{:?}", trail.lines).contains("0912"));
}
