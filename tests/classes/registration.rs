//! Who registers, who waits, who is told, with the real store.

use super::{Office, actor, code, evenings, typed};
use chrono::TimeDelta;
use hoclieu::actions::jobs;
use hoclieu::actions::schedule::calendar;
use hoclieu::actions::schedule::classes::{self, TypedClass};
use hoclieu::actions::schedule::plan::plan;
use hoclieu::actions::schedule::registration::own::{self, New, OwnAct, Registered};
use hoclieu::actions::schedule::registration::queue;
use hoclieu::actions::schedule::registration::staff::{self, Written};
use hoclieu::actions::schedule::registration::typed::TypedPerson;
use hoclieu::actions::{ActionError, audit};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::class::ClassAct;
use hoclieu::domain::id::{ClassId, OrganisationId, RegistrationId};
use hoclieu::domain::job::{Lane, Work};
use hoclieu::domain::permission::Role;
use hoclieu::domain::registration::{RegistrationAct, RegistrationState};
use std::collections::BTreeSet;
use std::net::IpAddr;

const CENTRE: &str = "tthtcd.cam-lo";
/// A village behind one address.
const VILLAGE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

pub(super) fn staff_of_centre() -> Actor {
    actor(Role::Author, CENTRE)
}

/// A published class of fifteen evenings with so many places.
pub(super) async fn class_with(office: &Office, capacity: &str, registration: &str) -> ClassId {
    let by = staff_of_centre();
    let typed = TypedClass {
        capacity: capacity.to_owned(),
        registration: registration.to_owned(),
        ..typed(CENTRE, "Tin học cơ bản")
    };
    let id = office.class(&by, typed).await.unwrap();
    let hall = office.hall().await;
    plan(&office.context, &by, id, evenings(&hall)).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    id
}

/// Someone whose name tells their number.
pub(super) fn person(number: usize) -> TypedPerson {
    let letters: String = number.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect();
    TypedPerson {
        name: format!("Hồ Thị {letters}"),
        birth_year: "1985".to_owned(),
        village: "Bản Cát".to_owned(),
        ..TypedPerson::default()
    }
}

pub(super) async fn register(office: &Office, class: ClassId, number: usize) -> Result<Registered, ActionError> {
    let new = New { person: person(number), consent: true, ..New::default() };
    own::register(&office.context, class, new, VILLAGE).await
}

async fn states(office: &Office, class: ClassId) -> Vec<RegistrationState> {
    let roll = staff::roll(&office.context, &staff_of_centre(), class).await.unwrap();
    roll.entries.iter().map(|entry| entry.registration.state).collect()
}

/// Does the promised work that is due, as the server does.
async fn work(office: &Office) {
    for job in jobs::due(&office.context, Lane::Files, 100).await.unwrap() {
        if let Work::Offer { class, registration, .. } = job.work {
            queue::lapse(&office.context, class, registration).await.unwrap();
            jobs::settle(&office.context, job, Ok(())).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_once_twenty_get_the_last_places_and_the_rest_wait_in_order() {
    let office = std::sync::Arc::new(Office::new().await);
    let id = class_with(&office, "20", "open").await;
    let mut coming = tokio::task::JoinSet::new();
    for number in 0..100 {
        let office = std::sync::Arc::clone(&office);
        coming.spawn(async move { register(&office, id, number).await.map(|one| (one.registration, one.before)) });
    }
    let (mut confirmed, mut waiting, mut refused) = (0, Vec::new(), 0);
    let mut orders = BTreeSet::new();
    while let Some(came) = coming.join_next().await {
        match came.unwrap() {
            Ok((one, _)) if one.state == RegistrationState::Confirmed => {
                confirmed += 1;
                orders.insert(one.order);
            }
            Ok((one, before)) => {
                assert_eq!(one.state, RegistrationState::Waiting);
                orders.insert(one.order);
                waiting.push((one.order, before));
            }
            error => {
                assert_eq!(code(error), "class-full");
                refused += 1;
            }
        }
    }
    assert_eq!((confirmed, waiting.len(), refused), (20, 50, 30), "the waiting list has fifty places");
    assert_eq!(orders.len(), 70, "everyone has a place of their own in the order");
    waiting.sort_unstable();
    let before: Vec<usize> = waiting.iter().map(|(_, before)| *before).collect();
    assert_eq!(before, (0..50).collect::<Vec<_>>());
    assert_eq!(calendar::show(&office.context, id).await.unwrap().seats_left, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_cancel_the_two_oldest_are_offered_one_lets_it_lapse_and_the_third_is_offered() {
    let office = Office::new().await;
    let id = class_with(&office, "2", "open").await;
    let mut codes = Vec::new();
    for number in 0..6 {
        codes.push(register(&office, id, number).await.unwrap().code);
    }
    use RegistrationState::{Cancelled, Confirmed, Offered, Waiting};
    assert_eq!(states(&office, id).await, [Confirmed, Confirmed, Waiting, Waiting, Waiting, Waiting]);
    for code in &codes[..2] {
        own::act(&office.context, code, OwnAct::Cancel, VILLAGE).await.unwrap();
    }
    assert_eq!(states(&office, id).await, [Cancelled, Cancelled, Offered, Offered, Waiting, Waiting]);
    // Nobody passes them meanwhile, and they have places.
    assert_eq!(register(&office, id, 9).await.unwrap().registration.state, Waiting);
    assert_eq!(calendar::show(&office.context, id).await.unwrap().seats_left, Some(0));
    let taken = own::act(&office.context, &codes[2], OwnAct::Accept, VILLAGE).await.unwrap();
    assert_eq!(taken.registration.state, Confirmed);
    // Staff see whom to tell of an offer: nobody here has a telephone.
    let roll = staff::roll(&office.context, &staff_of_centre(), id).await.unwrap();
    let to_tell: Vec<usize> = (0..roll.entries.len()).filter(|at| roll.entries[*at].registration.news).collect();
    assert_eq!(to_tell, [3]);
    office.clock.set(office.clock.now() + TimeDelta::hours(23));
    work(&office).await;
    assert_eq!(states(&office, id).await[3], Offered, "not before its time");
    office.clock.set(office.clock.now() + TimeDelta::hours(1));
    work(&office).await;
    assert_eq!(states(&office, id).await, [Cancelled, Cancelled, Confirmed, Cancelled, Offered, Waiting, Waiting]);
    let late = own::act(&office.context, &codes[3], OwnAct::Accept, VILLAGE).await;
    assert_eq!(code(late), "offer-over");
    // A job that is done twice takes nothing more away.
    queue::lapse(&office.context, id, roll.entries[3].registration.id).await.unwrap();
    assert_eq!(states(&office, id).await[4], Offered);
    // More places, and everyone who waits is offered one.
    let more = TypedClass { capacity: "9".to_owned(), registration: "open".to_owned(), ..typed(CENTRE, "Tin học") };
    classes::write(&office.context, &staff_of_centre(), Some(id), more).await.unwrap();
    assert_eq!(states(&office, id).await[5..], [Offered, Offered]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_is_kept_no_longer_than_until_the_next_meeting() {
    let office = Office::new().await;
    let id = class_with(&office, "1", "open").await;
    let first = register(&office, id, 0).await.unwrap().code;
    let second = register(&office, id, 1).await.unwrap().code;
    let begins = office.meetings(id)[0].slot.begins_at();
    office.clock.set(begins - TimeDelta::hours(2));
    own::act(&office.context, &first, OwnAct::Cancel, VILLAGE).await.unwrap();
    let seen = own::look(&office.context, &second, VILLAGE).await.unwrap();
    assert_eq!(seen.registration.offered_until, Some(begins));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_staff_approve_nobody_has_a_place_before() {
    let office = Office::new().await;
    let id = class_with(&office, "1", "approve").await;
    let (one, two) = (register(&office, id, 0).await.unwrap(), register(&office, id, 1).await.unwrap());
    assert_eq!(one.registration.state, RegistrationState::Requested);
    let by = staff_of_centre();
    let act = |id: ClassId, who: RegistrationId, act| staff::act(&office.context, &by, (id, who), act);
    act(id, one.registration.id, RegistrationAct::Approve).await.unwrap();
    act(id, two.registration.id, RegistrationAct::Approve).await.unwrap();
    assert_eq!(states(&office, id).await, [RegistrationState::Confirmed, RegistrationState::Waiting]);
    let again = act(id, two.registration.id, RegistrationAct::Decline).await;
    assert_eq!(code(again), "registration-act-impossible");
    act(id, one.registration.id, RegistrationAct::Cancel).await.unwrap();
    assert_eq!(states(&office, id).await, [RegistrationState::Cancelled, RegistrationState::Offered]);
    act(id, two.registration.id, RegistrationAct::Told).await.unwrap();
    act(id, two.registration.id, RegistrationAct::Confirm).await.unwrap();
    let own = own::look(&office.context, &two.code.to_lowercase(), VILLAGE).await.unwrap();
    assert_eq!(own.registration.state, RegistrationState::Confirmed);
    assert_eq!(own.person.unwrap().name, "Hồ Thị b");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_says_why_and_a_form_sent_twice_is_one_registration() {
    let office = Office::new().await;
    let id = class_with(&office, "20", "open").await;
    let send = |new: New| own::register(&office.context, id, new, VILLAGE);
    let whole = New { person: person(1), consent: true, ..New::default() };
    assert_eq!(code(send(New { consent: false, ..whole.clone() }).await), "consent-missing");
    assert_eq!(code(send(New { trap: "x".to_owned(), ..whole.clone() }).await), "registration-trap");
    let nobody = TypedPerson { name: String::new(), ..person(1) };
    assert_eq!(code(send(New { person: nobody, ..whole.clone() }).await), "learner-name");
    let form = New { form: own::fresh_form(&office.context), ..whole.clone() };
    let (first, second) = (send(form.clone()).await.unwrap(), send(form).await.unwrap());
    assert_eq!((first.registration.id, first.code), (second.registration.id, second.code));
    assert_eq!(states(&office, id).await.len(), 1);
    for wrong in ["", "AAAAA-AAAAA", "' or 1", "Hồ Thị b", "0905123456"] {
        assert_eq!(code(own::look(&office.context, wrong, VILLAGE).await), "registration-code", "{wrong}");
    }
    let none = class_with_other(&office, "none").await;
    assert_eq!(code(register(&office, none, 1).await), "registration-closed");
    office.clock.set(office.clock.now() + TimeDelta::days(120));
    assert_eq!(code(register(&office, id, 2).await), "registration-closed", "its last meeting is over");
}

/// Another class, which needs no room.
async fn class_with_other(office: &Office, registration: &str) -> ClassId {
    let by = staff_of_centre();
    let typed = TypedClass { registration: registration.to_owned(), ..typed(CENTRE, "Lớp khác") };
    let id = office.class(&by, typed).await.unwrap();
    let hall = office.hall().await;
    plan(&office.context, &by, id, evenings(&hall)).await.unwrap();
    classes::act(&office.context, &by, id, (ClassAct::Publish, "")).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_write_a_person_down_once_and_only_staff_of_the_centre_see_who_learns() {
    let office = Office::new().await;
    let id = class_with(&office, "1", "staff").await;
    let by = staff_of_centre();
    let written = |number| Written { person: person(number), consent: "paper".to_owned(), ..Written::default() };
    let write = |written: Written| staff::write_down(&office.context, &by, id, written);
    assert_eq!(code(write(Written { consent: String::new(), ..written(1) }).await), "consent-missing");
    let first = write(written(1)).await.unwrap();
    assert!(!first.was_known);
    let twice = Written { person: TypedPerson { name: "HO THI B".to_owned(), ..person(1) }, ..written(1) };
    assert_eq!(code(write(twice.clone()).await), "already-registered");
    let other = write(Written { other: true, ..twice }).await.unwrap();
    assert_eq!(other.registration.state, RegistrationState::Waiting);
    let over = write(Written { over: true, walk_in: true, ..written(3) }).await.unwrap();
    assert!(over.registration.state == RegistrationState::Confirmed && over.registration.walk_in);
    let second = class_with_other(&office, "staff").await;
    let known = staff::write_down(&office.context, &by, second, written(3)).await.unwrap();
    assert!(known.was_known && known.registration.learner == over.registration.learner);
    assert_eq!(staff::slip(&office.context, &by, id, first.registration.id).await.unwrap().code, first.code);
    // Who may look, and that it is noted.
    let strangers =
        [actor(Role::Reader, CENTRE), actor(Role::Manager, "tthtcd.gio-linh"), actor(Role::Author, "ubnd.cam-lo")];
    for stranger in strangers {
        assert_eq!(code(staff::roll(&office.context, &stranger, id).await), "forbidden", "{stranger:?}");
        assert_eq!(code(staff::write_down(&office.context, &stranger, id, written(7)).await), "forbidden");
        let act = staff::act(&office.context, &stranger, (id, first.registration.id), RegistrationAct::Cancel).await;
        assert_eq!(code(act), "forbidden");
    }
    let above = actor(Role::Reviewer, "ubnd.cam-lo");
    assert_eq!(staff::roll(&office.context, &above, id).await.unwrap().entries.len(), 3);
    let centre = audit::Of::Organisation(OrganisationId::parse(CENTRE).unwrap());
    let trail = audit::trail(&office.context, &actor(Role::Manager, CENTRE), centre, None).await.unwrap();
    let read = trail.lines.iter().find(|line| line.act == "learners.read").unwrap();
    assert_eq!(read.things[0].fields, ["learners"]);
    let text = serde_json::to_string(&trail.lines).unwrap();
    assert!(!text.contains("Hồ Thị"), "the trail tells no names");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_counts_totals_takes_no_name_and_one_with_names_stays_with_names() {
    let office = Office::new().await;
    let by = staff_of_centre();
    let totals = TypedClass { count: "totals".to_owned(), registration: "staff".to_owned(), ..typed(CENTRE, "Kín") };
    let id = office.class(&by, totals.clone()).await.unwrap();
    let written = Written { person: person(1), consent: "paper".to_owned(), ..Written::default() };
    let refused = staff::write_down(&office.context, &by, id, written.clone()).await;
    assert_eq!(code(refused), "class-takes-no-names");
    let open = class_with(&office, "20", "staff").await;
    staff::write_down(&office.context, &by, open, written).await.unwrap();
    assert_eq!(code(classes::write(&office.context, &by, Some(open), totals).await), "class-has-names");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_village_behind_one_address_registers_and_a_machine_does_not() {
    let office = Office::new().await;
    let id = class_with(&office, "", "open").await;
    for number in 0..300 {
        register(&office, id, number).await.unwrap();
    }
    assert_eq!(code(register(&office, id, 300).await), "too-often");
    let elsewhere = IpAddr::from([203, 0, 113, 8]);
    let new = New { person: person(1), consent: true, ..New::default() };
    own::register(&office.context, id, new, elsewhere).await.unwrap();
}
