//! What is kept of learners: put right, handed over, merged, erased, forgotten; sealed with keys that can be changed.

use super::registration::{class_with, person, register, staff_of_centre};
use super::{Office, actor, code};
use chrono::TimeDelta;
use hoclieu::actions::ActionError;
use hoclieu::actions::context::Extras;
use hoclieu::actions::doctor::Finding;
use hoclieu::actions::progress::Silent;
use hoclieu::actions::schedule::calendar;
use hoclieu::actions::schedule::learners;
use hoclieu::actions::schedule::registration::own;
use hoclieu::actions::schedule::registration::staff::{self, Roll, Written};
use hoclieu::actions::schedule::registration::typed::TypedPerson;
use hoclieu::actions::vault;
use hoclieu::domain::id::ClassId;
use hoclieu::domain::learner::Sex;
use hoclieu::domain::permission::Role;
use hoclieu::domain::registration::RegistrationState;
use hoclieu::store::learners::get;
use hoclieu::vault::Vault;
use std::net::IpAddr;

const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn roll(office: &Office, class: ClassId) -> Roll {
    staff::roll(&office.context, &staff_of_centre(), class).await.unwrap()
}

/// How someone stands, with year of birth and sex.
type Counted = (RegistrationState, u16, Option<Sex>);

/// What is counted of a class: how many stand how, and by sex and year of birth.
fn counts(roll: &Roll) -> (usize, u32, Vec<Counted>) {
    let mut each: Vec<_> = roll
        .entries
        .iter()
        .map(|entry| (entry.registration.state, entry.learner.birth_year, entry.learner.sex))
        .collect();
    each.sort_unstable();
    (roll.entries.len(), roll.tally.confirmed, each)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_a_learner_keeps_the_counts_and_nothing_that_names() {
    let office = Office::new().await;
    let (by, class) = (staff_of_centre(), class_with(&office, "9", "open").await);
    let codes: Vec<String> = {
        let mut codes = Vec::new();
        for number in 0..3 {
            codes.push(register(&office, class, number).await.unwrap().code);
        }
        codes
    };
    // The class has begun: who was there stays counted.
    office.clock.set(office.meetings(class)[0].slot.begins_at() + TimeDelta::hours(1));
    let before = roll(&office, class).await;
    let gone = before.entries[1].learner.id;
    for stranger in [actor(Role::Manager, "tthtcd.gio-linh"), actor(Role::Reader, "tthtcd.cam-lo")] {
        assert_eq!(code(learners::erase(&office.context, &stranger, gone).await), "missing");
        assert_eq!(code(learners::export(&office.context, &stranger, gone).await), "missing");
    }
    let export = learners::export(&office.context, &by, gone).await.unwrap();
    assert_eq!((export.name.as_str(), export.registrations.len()), ("Hồ Thị b", 1));
    assert_eq!(export.consent.unwrap().version, hoclieu::domain::consent::current());
    learners::erase(&office.context, &by, gone).await.unwrap();
    let after = roll(&office, class).await;
    assert_eq!(counts(&after), counts(&before));
    assert!(after.entries.iter().any(|entry| entry.learner.id == gone && entry.person.is_none()));
    let row = office.store.read_blocking("test.learner", |tx| get(tx, gone)).unwrap().unwrap();
    assert!(row.name.is_none() && row.village.is_empty() && row.marks.all().next().is_none());
    assert_eq!(code(own::look(&office.context, &codes[1], HOME).await), "registration-code");
    assert_eq!(code(learners::export(&office.context, &by, gone).await), "missing");
    // Another class, which has not begun, gets the place back.
    let seats = calendar::show(&office.context, class).await.unwrap().seats_left;
    assert_eq!(seats, Some(6));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_place_of_someone_erased_before_the_class_goes_to_whoever_waits() {
    let office = Office::new().await;
    let class = class_with(&office, "1", "open").await;
    register(&office, class, 0).await.unwrap();
    register(&office, class, 1).await.unwrap();
    let gone = roll(&office, class).await.entries[0].learner.id;
    learners::erase(&office.context, &staff_of_centre(), gone).await.unwrap();
    let roll = roll(&office, class).await;
    let states: Vec<_> = roll.entries.iter().map(|entry| entry.registration.state).collect();
    assert_eq!(states, [RegistrationState::Cancelled, RegistrationState::Offered]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_of_one_person_become_one_with_one_place() {
    let office = Office::new().await;
    let (by, class) = (staff_of_centre(), class_with(&office, "2", "open").await);
    register(&office, class, 1).await.unwrap();
    let again = TypedPerson { name: "ho thi b".to_owned(), village: "Cát".to_owned(), ..person(1) };
    let phone = TypedPerson { phone: "0905123456".to_owned(), ..again };
    let written = Written { person: phone, consent: "paper".to_owned(), ..Written::default() };
    staff::write_down(&office.context, &by, class, written).await.unwrap();
    register(&office, class, 5).await.unwrap();
    let seen = roll(&office, class).await;
    assert_eq!(seen.entries.iter().map(|entry| entry.alike).collect::<Vec<_>>(), [1, 1, 0]);
    let (kept, other) = (seen.entries[0].learner.id, seen.entries[1].learner.id);
    let file = learners::show(&office.context, &by, kept).await.unwrap();
    assert_eq!(file.alike.iter().map(|one| one.id).collect::<Vec<_>>(), [other]);
    assert_eq!(code(learners::merge(&office.context, &by, kept, kept).await), "learners-apart");
    learners::merge(&office.context, &by, kept, other).await.unwrap();
    let seen = roll(&office, class).await;
    let states: Vec<_> = seen.entries.iter().map(|entry| entry.registration.state).collect();
    use RegistrationState::{Cancelled, Confirmed, Offered};
    assert_eq!(states, [Confirmed, Cancelled, Offered], "one place came free for whoever waited");
    let file = learners::show(&office.context, &by, kept).await.unwrap();
    assert_eq!(file.person.unwrap().phone.as_deref(), Some("0905123456"));
    assert!(file.alike.is_empty());
    let gone = office.store.read_blocking("test.learner", |tx| get(tx, other)).unwrap().unwrap();
    assert!(gone.is_erased() && gone.merged_into == Some(kept));
    let fixed = TypedPerson { name: "Hồ Thị Bê".to_owned(), ..person(1) };
    learners::correct(&office.context, &by, kept, fixed).await.unwrap();
    assert_eq!(learners::show(&office.context, &by, kept).await.unwrap().person.unwrap().name, "Hồ Thị Bê");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_forgotten_by_themselves_after_their_time_and_not_before() {
    let office = Office::new().await;
    let class = class_with(&office, "9", "open").await;
    register(&office, class, 0).await.unwrap();
    let last = office.meetings(class).iter().map(|one| one.slot.begins_at()).max().unwrap();
    let forget = |office: &Office| {
        let context = office.context.clone();
        tokio::task::spawn_blocking(move || learners::forget_old_blocking(&context).unwrap())
    };
    office.clock.set(last + TimeDelta::days(729));
    assert_eq!(forget(&office).await.unwrap(), 0);
    office.clock.set(last + TimeDelta::days(732));
    assert_eq!(forget(&office).await.unwrap(), 1);
    assert_eq!(forget(&office).await.unwrap(), 0);
    let roll = roll(&office, class).await;
    assert!(roll.entries[0].person.is_none() && roll.tally.confirmed == 1);
}

async fn blocking<T: Send + 'static>(
    office: &Office,
    act: impl FnOnce(&hoclieu::actions::context::Context) -> Result<T, ActionError> + Send + 'static,
) -> T {
    let context = office.context.clone();
    tokio::task::spawn_blocking(move || act(&context)).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_are_changed_while_people_register_and_everything_opens_with_the_new_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    let with_keys = || Extras { vault: Some(Vault::open(&file)), ..Extras::default() };
    let office = Office::with(with_keys()).await;
    let class = class_with(&office, "", "open").await;
    let mut codes = Vec::new();
    for number in 0..250 {
        codes.push(register(&office, class, number).await.unwrap().code);
    }
    let before = std::fs::read_to_string(&file).unwrap();
    let office = std::sync::Arc::new(office);
    let registering = {
        let office = std::sync::Arc::clone(&office);
        tokio::spawn(async move {
            let mut codes = Vec::new();
            for number in 250..290 {
                codes.push(register(&office, class, number).await.unwrap().code);
            }
            codes
        })
    };
    let sealed = blocking(&office, |context| vault::rotate(context, &Silent)).await;
    assert!(sealed >= 500, "{sealed}");
    codes.extend(registering.await.unwrap());
    let after = std::fs::read_to_string(&file).unwrap();
    assert!(after != before && after.matches("\"seal\"").count() == 1, "the old key is gone");
    // Opened as after a restart, with what the file holds alone.
    let fresh = Office { context: office.reopened(with_keys()), ..Office::new().await };
    for code in codes.iter().step_by(7) {
        let own = own::look(&fresh.context, code, HOME).await.unwrap();
        assert!(own.person.unwrap().name.starts_with("Hồ Thị "));
    }
    let roll = staff::roll(&fresh.context, &staff_of_centre(), class).await.unwrap();
    assert!(roll.entries.len() == 290 && roll.entries.iter().all(|entry| entry.person.is_some()));
    // The old file opens nothing any more, and says so.
    std::fs::write(&file, before).unwrap();
    let locked = Office { context: office.reopened(with_keys()), ..Office::new().await };
    let refused = staff::roll(&locked.context, &staff_of_centre(), class).await;
    assert!(matches!(refused, Err(ActionError::Locked(_))), "{refused:?}");
    let new = register(&locked, class, 999).await;
    assert!(matches!(new, Err(ActionError::Locked(_))), "nothing is sealed with keys that are not the store's");
    let found: Finding = blocking(&locked, vault::finding).await;
    assert!(!found.good && found.text.contains("không phải của kho này"), "{}", found.text);
    std::fs::remove_file(&file).unwrap();
    let lost = Office { context: office.reopened(with_keys()), ..Office::new().await };
    assert!(matches!(register(&lost, class, 999).await, Err(ActionError::Locked(_))) && !file.exists());
    assert!(blocking(&lost, vault::finding).await.text.contains("không thấy"));
    assert_eq!(calendar::show(&lost.context, class).await.unwrap().seats_left, None, "the library goes on");
}
