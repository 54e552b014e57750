//! The audit trail of materials: who changed what, from what to what.

use super::{Office, actor, morning};
use chrono::TimeDelta;
use hoclieu::actions::audit::{self, Line, Of};
use hoclieu::actions::extraction::pages::{self, Correction};
use hoclieu::actions::review::describe::{Described, describe};
use hoclieu::actions::review::{Seen, Typed, Wish, desk, perform};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::{MaterialId, OrganisationId};
use hoclieu::domain::permission::Role;
use hoclieu::domain::review::Act;
use hoclieu::store::{alterations, log};
use serde_json::json;

/// Saves what the form says after a change.
async fn write(office: &Office, actor: &Actor, id: MaterialId, change: impl FnOnce(&mut Typed)) {
    let desk = desk(&office.context, actor, id).await.unwrap();
    let (mut typed, seen) =
        (Typed::of(&desk.version.description), Seen { version: desk.version.number, edition: desk.version.edition });
    change(&mut typed);
    assert!(matches!(describe(&office.context, actor, id, (seen, typed)).await.unwrap(), Described::Kept(_)));
}

fn later(office: &Office, minutes: i64) {
    office.clock.set(office.clock.now() + TimeDelta::minutes(minutes));
}

async fn trail(office: &Office, actor: &Actor, of: Of) -> Vec<Line> {
    audit::trail(&office.context, actor, of, None).await.unwrap().lines
}

fn told(line: &Line) -> Vec<(&str, &str, &str)> {
    let all = line.things.iter().flat_map(|thing| &thing.altered);
    all.map(|one| (one.field.as_str(), one.before.as_str(), one.after.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_person_types_is_one_entry_that_says_from_what_to_what() {
    let office = Office::new().await;
    let (author, other) = (actor(Role::Author, "so-nnmt"), actor(Role::Manager, "so-nnmt"));
    let id = office.import(true, json!({})).await;
    write(&office, &author, id, |typed| typed.title = "Trồng ném".to_owned()).await;
    later(&office, 4);
    write(&office, &author, id, |typed| {
        typed.title = "Trồng ném vụ đông".to_owned();
        typed.season = "vụ đông".to_owned();
        typed.authors = "Nguyễn Thị Lan".to_owned();
        typed.topics.push("agri.rice".to_owned());
    })
    .await;
    let lines = trail(&office, &author, Of::Material(id)).await;
    assert_eq!(
        lines.iter().map(|line| line.act.as_str()).collect::<Vec<_>>(),
        ["material.describe", "material.import"]
    );
    assert_eq!(
        told(&lines[0]),
        [
            ("title", "Trồng ném trên cát", "Trồng ném vụ đông"),
            ("topics", "Rau màu", "Rau màu, Lúa"),
            ("season", "", "vụ đông"),
            ("authors", "", ""),
        ],
        "persons are not named"
    );
    assert_eq!(told(&lines[1]), [], "what begins has nothing before it");

    later(&office, 2);
    write(&office, &author, id, |typed| typed.season = String::new()).await;
    write(&office, &other, id, |typed| typed.title = "Ném".to_owned()).await;
    write(&office, &author, id, |typed| typed.summary = "Ngắn gọn.".to_owned()).await;
    let lines = trail(&office, &other, Of::Material(id)).await;
    let fields: Vec<_> = lines.iter().map(told).collect();
    assert_eq!(fields[0], [("summary", "", "Ngắn gọn.")]);
    assert_eq!(fields[1], [("title", "Trồng ném vụ đông", "Ném")], "another person's hand is told apart");
    assert_eq!(fields[2], [("season", "vụ đông", "")], "after five minutes a new entry begins");
    let organisation = Of::Organisation(OrganisationId::parse("so-nnmt").unwrap());
    let whole = trail(&office, &other, organisation).await;
    assert_eq!(told(&whole[1]), [("title", "Trồng ném vụ đông", "Ném")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_material_stands_and_its_text_are_told_in_words_and_the_log_knows_names_only() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let id = office.import(true, json!({})).await;
    office.act(&author, id, Act::Send).await.unwrap();
    // What is typed after something else was done is told after it.
    let shown = pages::show(&office.context, &reviewer, id, 1).await.unwrap();
    let told_text = Correction { version: 1, seen: shown.seen.clone(), text: "Ném ưa đất cát.".to_owned() };
    pages::correct(&office.context, &reviewer, id, 1, told_text).await.unwrap();
    let on = chrono::NaiveDate::from_ymd_opt(2026, 12, 1);
    perform(&office.context, &reviewer, id, Wish { on, ..Wish::to(Act::Schedule) }).await.unwrap();
    office.act(&reviewer, id, Act::Return).await.unwrap();
    let lines = trail(&office, &reviewer, Of::Material(id)).await;
    let all: Vec<_> = lines.iter().map(told).collect();
    assert_eq!(all[0], [("state", "Hẹn ngày công bố", "Bản nháp"), ("publish_on", "01/12/2026", "")]);
    assert_eq!(all[1], [("state", "Chờ duyệt", "Hẹn ngày công bố"), ("publish_on", "", "01/12/2026")]);
    assert_eq!(all[2], [("page", "", "")], "texts are not told");
    assert_eq!(lines[2].things[0].altered[0].number, Some(1));
    assert_eq!(all[3], [("state", "Bản nháp", "Chờ duyệt")]);
    let entries =
        office.store.read_blocking("test.log", move |tx| log::about(tx, ("material", &id.to_string()), None, 9));
    let entries = serde_json::to_string(&entries.unwrap()).unwrap();
    assert!(!entries.contains("đất cát") && !entries.contains("Chờ duyệt"), "{entries}");
    // What is thrown away leaves nothing of what it said.
    office.act(&author, id, Act::Discard).await.unwrap();
    let last = office.store.read_blocking("test.last", move |tx| alterations::last(tx, ("material", &id.to_string())));
    assert_eq!(last.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_version_tells_what_is_new_in_it() {
    let office = Office::new().await;
    let reviewer = actor(Role::Reviewer, "so-nnmt");
    let id = office.import(false, json!({"id": "nem"})).await;
    office.clock.set(morning("2026-11-25"));
    office.act(&reviewer, id, Act::Revise).await.unwrap();
    let lines = trail(&office, &reviewer, Of::Material(id)).await;
    assert_eq!(told(&lines[0]), [("newer", "", "Bản nháp")]);
    office.act(&reviewer, id, Act::Discard).await.unwrap();
    assert_eq!(told(&trail(&office, &reviewer, Of::Material(id)).await[0]), [("newer", "Bản nháp", "")]);
}
