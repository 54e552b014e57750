//! Marks judged one by one, with the real store and a clock that stands still.

use super::Office;
use crate::classes::{evenings, typed};
use crate::support::library::{actor, code, morning};
use chrono::TimeDelta;
use hoclieu::actions::schedule::attendance::headcounts::{TypedHeadcount, count};
use hoclieu::actions::schedule::attendance::marks::{self, Load, TypedMark, WalkIn};
use hoclieu::actions::schedule::attendance::roll;
use hoclieu::actions::schedule::classes::TypedClass;
use hoclieu::actions::schedule::meetings::{self, TypedMeeting};
use hoclieu::actions::schedule::plan::plan;
use hoclieu::actions::schedule::typed::TypedPlan;
use hoclieu::domain::actor::Actor;
use hoclieu::domain::attendance::{MarkSource, Presence};
use hoclieu::domain::id::{ClassId, LearnerId, MarkId, MeetingId};
use hoclieu::domain::learner::Person;
use hoclieu::domain::meeting::MeetingState;
use hoclieu::domain::permission::Role;
use hoclieu::store::attendance as rows;
use uuid::Uuid;

pub(super) fn person(name: &str) -> Person {
    Person { name: name.to_owned(), birth_year: 1980, village: "Bản Mẫu".to_owned(), ..Person::default() }
}

pub(super) fn mark(id: u128, meeting: MeetingId, learner: LearnerId, presence: Option<Presence>) -> TypedMark {
    TypedMark { id: MarkId(Uuid::from_u128(id)), meeting, learner, presence, at: None }
}

pub(super) fn load(walk_ins: Vec<WalkIn>, marks: Vec<TypedMark>) -> Load {
    Load { source: MarkSource::Phone, sent_at: None, walk_ins, marks }
}

/// A published class of fifteen evenings; it is the morning of the third.
pub(super) async fn evening_class(office: &Office, by: &Actor) -> (ClassId, Vec<MeetingId>) {
    let hall = office.hall().await;
    let id = office.class(by, TypedClass { registration: "staff".to_owned(), ..typed("tthtcd.cam-lo", "Xóa mù chữ") });
    let id = id.await.unwrap();
    plan(&office.context, by, id, evenings(&hall)).await.unwrap();
    let ids = office.meetings(id).iter().map(|meeting| meeting.id).collect();
    office.clock.set(morning("2026-12-08"));
    (id, ids)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_twice_is_one_and_the_latest_mark_counts_while_all_are_kept() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (class, ids) = evening_class(&office, &by).await;
    let learner = LearnerId(Uuid::from_u128(9));
    let walk_in = WalkIn { id: learner.0, person: person("Hồ Thị Ăm") };
    let first = load(vec![walk_in.clone()], vec![mark(1, ids[0], learner, Some(Presence::Absent))]);
    for _ in 0..2 {
        let receipt = marks::take(&office.context, &by, class, first.clone()).await.unwrap();
        assert_eq!((receipt.learners, receipt.taken.len(), receipt.refused.len()), (vec![(learner.0, learner)], 1, 0));
    }
    // A phone that was offline tells of an earlier moment; what was typed since stays.
    let now = office.context.now();
    let earlier = TypedMark { at: Some(now - TimeDelta::hours(2)), ..mark(2, ids[0], learner, Some(Presence::Late)) };
    marks::take(&office.context, &by, class, load(Vec::new(), vec![earlier])).await.unwrap();
    let shown = roll::read(&office.context, &by, class).await.unwrap();
    assert_eq!((shown.pupils.len(), shown.presence(ids[0], learner)), (1, Some(Presence::Absent)));
    // The same person again, under another id that another phone gave them.
    let again = WalkIn { id: Uuid::from_u128(10), person: person("hồ thị  ăm") };
    let receipt = marks::take(
        &office.context,
        &by,
        class,
        load(vec![again], vec![mark(3, ids[1], LearnerId(Uuid::from_u128(10)), Some(Presence::Present))]),
    );
    assert_eq!(receipt.await.unwrap().learners, [(Uuid::from_u128(10), learner)]);
    let shown = roll::read(&office.context, &by, class).await.unwrap();
    assert_eq!((shown.pupils.len(), shown.attended(learner), shown.came(ids[1])), (1, 1, Some(1)));
    let row = office.store.read_blocking("test.row", |tx| rows::get(tx, class, ids[0], learner)).unwrap().unwrap();
    assert_eq!(row.marks.iter().map(|mark| mark.id.0.as_u128()).collect::<Vec<_>>(), [2, 1], "both are kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_at_which_somebody_was_marked_is_history_and_planning_passes_it_over() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (class, ids) = evening_class(&office, &by).await;
    let learner = LearnerId(Uuid::from_u128(9));
    let walk_in = WalkIn { id: learner.0, person: person("Hồ Thị Ăm") };
    let marks_of =
        |presence| load(vec![walk_in.clone()], vec![mark(presence as u128 + 5, ids[0], learner, Some(presence))]);
    marks::take(&office.context, &by, class, marks_of(Presence::Present)).await.unwrap();
    let first = || office.meetings(class).into_iter().find(|meeting| meeting.id == ids[0]).unwrap();
    assert!(first().attended && first().state == MeetingState::Held);
    let off = TypedMeeting { reason: "Bão".to_owned(), ..TypedMeeting::default() };
    let refused = meetings::cancel(&office.context, &by, (class, ids[0]), off).await;
    assert_eq!(code(refused), "meeting-over");
    let weekly = TypedPlan { weekdays: vec!["3".to_owned()], first: "2026-12-09".to_owned(), ..evenings("") };
    plan(&office.context, &by, class, weekly).await.unwrap();
    assert!(first().attended && first().slot.day.to_string() == "2026-12-01");
    // Taken back, it is an ordinary meeting again.
    let back = load(Vec::new(), vec![mark(99, ids[0], learner, None)]);
    marks::take(&office.context, &by, class, back).await.unwrap();
    assert!(!first().attended && first().state == MeetingState::Planned);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mark_is_judged_alone_and_only_staff_of_the_class_send_any() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let (class, ids) = evening_class(&office, &by).await;
    let learner = LearnerId(Uuid::from_u128(9));
    let stranger = LearnerId(Uuid::from_u128(77));
    let off = TypedMeeting { reason: "Bão".to_owned(), ..TypedMeeting::default() };
    meetings::cancel(&office.context, &by, (class, ids[4]), off).await.unwrap();
    let present = Some(Presence::Present);
    let all = vec![
        mark(1, ids[0], learner, present),
        mark(2, ids[0], stranger, present),
        mark(3, ids[5], learner, present),
        mark(4, ids[4], learner, present),
        mark(5, MeetingId(Uuid::from_u128(5)), learner, present),
    ];
    let sent = load(vec![WalkIn { id: learner.0, person: person("Hồ Thị Ăm") }], all);
    let other = actor(Role::Author, "tthtcd.lia");
    assert_eq!(
        code(marks::take(&office.context, &other, class, sent.clone()).await),
        "missing",
        "a draft is nobody else's business"
    );
    assert_eq!(code(roll::read(&office.context, &Actor::Visitor, class).await), "missing");
    let receipt = marks::take(&office.context, &by, class, sent).await.unwrap();
    assert_eq!(receipt.taken, [MarkId(Uuid::from_u128(1))]);
    let why: Vec<&str> = receipt.refused.into_iter().map(|(_, error)| code::<()>(Err(error))).collect();
    assert_eq!(why, ["learner-not-enrolled", "meeting-not-yet", "meeting-cancelled", "missing"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_counts_totals_takes_numbers_and_never_a_name() {
    let office = Office::new().await;
    let by = actor(Role::Author, "tthtcd.cam-lo");
    let hall = office.hall().await;
    let kept = TypedClass { count: "totals".to_owned(), ..typed("tthtcd.cam-lo", "Lớp kín") };
    let class = office.class(&by, kept).await.unwrap();
    plan(&office.context, &by, class, evenings(&hall)).await.unwrap();
    let meeting = office.meetings(class)[0].id;
    office.clock.set(morning("2026-12-02"));
    let named = load(vec![WalkIn { id: Uuid::from_u128(1), person: person("Hồ Thị Ăm") }], Vec::new());
    assert_eq!(code(marks::take(&office.context, &by, class, named).await), "class-totals");
    let numbers = |people: &str, women: &str, old: &str| TypedHeadcount {
        people: people.to_owned(),
        women: women.to_owned(),
        old: old.to_owned(),
        ..TypedHeadcount::default()
    };
    for (typed, wanted) in [
        (numbers("24", "25", ""), "headcount-impossible"),
        (numbers("", "5", ""), "headcount-impossible"),
        (numbers("hai", "", ""), "number-invalid"),
        (numbers("24", "10", "3"), "ok"),
    ] {
        assert_eq!(code(count(&office.context, &by, (class, meeting), typed).await), wanted);
    }
    let shown = roll::read(&office.context, &by, class).await.unwrap();
    assert_eq!((shown.pupils.len(), shown.came(meeting)), (0, Some(24)));
    assert!(office.meetings(class)[0].attended);
    count(&office.context, &by, (class, meeting), TypedHeadcount::default()).await.unwrap();
    assert!(!office.meetings(class)[0].attended, "what was counted can be taken back");
}
