//! Acts on materials, with the real store, index and jobs.

use super::{Office, actor, code, morning};
use hoclieu::actions::extraction::pages::{self, Correction};
use hoclieu::actions::materials;
use hoclieu::actions::review::{Wish, lists, perform, publish_due};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::MaterialId;
use hoclieu::domain::job::Work;
use hoclieu::domain::material::State;
use hoclieu::domain::permission::Role;
use hoclieu::domain::review::Act;
use hoclieu::store::{jobs, log, remarks, versions};
use serde_json::json;

async fn is_public(office: &Office, id: MaterialId) -> bool {
    materials::material(&office.context, id).await.is_ok()
}

fn said(office: &Office, id: MaterialId) -> Vec<(Option<Act>, String)> {
    let all = office.store.read_blocking("test.remarks", move |tx| remarks::list(tx, id)).unwrap();
    all.into_iter().map(|remark| (remark.act, remark.text)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_sent_returned_with_a_comment_sent_again_and_published() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let id = office.import(true, json!({})).await;
    assert_eq!(code(office.act(&author, id, Act::Publish).await), "forbidden");
    assert_eq!(code(office.act(&actor(Role::Manager, "so-yt"), id, Act::Send).await), "missing", "not theirs");
    office.act(&author, id, Act::Send).await.unwrap();
    assert_eq!(code(office.act(&author, id, Act::Send).await), "act-impossible");
    assert_eq!(code(perform(&office.context, &reviewer, id, Wish::to(Act::Return)).await), "reason-missing");
    let waits = lists::waiting(&office.context, &reviewer).await.unwrap();
    assert_eq!((waits.to_review.total, waits.to_review.lines[0].id), (1, id));
    office.act(&reviewer, id, Act::Return).await.unwrap();
    let waits = lists::waiting(&office.context, &author).await.unwrap();
    assert_eq!((waits.returned.total, waits.drafts.total, waits.to_review.total), (1, 0, 0));
    office.act(&author, id, Act::Send).await.unwrap();
    assert!(!is_public(&office, id).await);
    office.act(&reviewer, id, Act::Publish).await.unwrap();
    assert!(is_public(&office, id).await);
    let words = |act, text: &str| (Some(act), text.to_owned());
    assert_eq!(
        said(&office, id),
        [
            words(Act::Send, ""),
            words(Act::Return, "Vì thiếu liều lượng."),
            words(Act::Send, ""),
            words(Act::Publish, "")
        ]
    );
    let trail =
        office.store.read_blocking("test.log", move |tx| log::about(tx, ("material", &id.to_string()), None, 9));
    let acts: Vec<String> = trail.unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(
        acts,
        ["material.publish", "material.send", "material.return", "material.send", "material.import"],
        "the audit trail has all of it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lacks_a_title_a_topic_or_a_language_troubles_nobody() {
    let office = Office::new().await;
    let author = actor(Role::Author, "so-nnmt");
    for fields in [json!({"topics": []}), json!({"languages": ["und"]})] {
        let id = office.import(true, fields.clone()).await;
        assert_eq!(code(office.act(&author, id, Act::Send).await), "description-incomplete", "{fields}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_publishes_without_review_only_where_the_administrator_allows_it() {
    let office = Office::new().await;
    let author = actor(Role::Author, "so-nnmt");
    let id = office.import(true, json!({})).await;
    assert_eq!(code(office.act(&author, id, Act::Publish).await), "forbidden");
    office.allow_unreviewed("so-nnmt", true).await;
    let elsewhere = office.import(true, json!({"organisation": "so-yt"})).await;
    assert_eq!(code(office.act(&actor(Role::Author, "so-yt"), elsewhere, Act::Publish).await), "forbidden");
    office.act(&author, id, Act::Publish).await.unwrap();
    assert!(is_public(&office, id).await);
    office.allow_unreviewed("so-nnmt", false).await;
    let id = office.import(true, json!({})).await;
    assert_eq!(code(office.act(&author, id, Act::Publish).await), "forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_a_day_becomes_public_on_that_day_and_not_when_it_was_taken_back() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let [kept, back] = [office.import(true, json!({})).await, office.import(true, json!({})).await];
    let on = |day: &str| Wish { on: day.parse().ok(), ..Wish::to(Act::Schedule) };
    for bad in ["2026-11-24", "2026-11-01", "2029-01-01"] {
        assert_eq!(code(perform(&office.context, &reviewer, kept, on(bad)).await), "publish-day-invalid", "{bad}");
    }
    for id in [kept, back] {
        perform(&office.context, &reviewer, id, on("2026-11-26")).await.unwrap();
    }
    office.act(&author, back, Act::TakeBack).await.unwrap();
    office.clock.set(morning("2026-11-25"));
    assert!(!publish_due(&office.context, kept, 1).await.unwrap() && !is_public(&office, kept).await);
    office.clock.set(morning("2026-11-26"));
    // The promised job does it; looking for due work takes it some seconds at most.
    for _ in 0..400 {
        if is_public(&office, kept).await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(is_public(&office, kept).await && !is_public(&office, back).await);
    assert!(!publish_due(&office.context, kept, 1).await.unwrap(), "twice is once");
    assert_eq!(said(&office, kept).last().unwrap().0, Some(Act::Publish));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_imported_row_puts_no_other_text_under_what_is_reviewed_or_has_a_day() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let [reviewed, dated, beside] = [
        office.import(true, json!({})).await,
        office.import(true, json!({})).await,
        office.import(false, json!({})).await,
    ];
    office.act(&author, beside, Act::Revise).await.unwrap();
    for id in [reviewed, beside] {
        office.act(&author, id, Act::Send).await.unwrap();
    }
    let on = Wish { on: "2026-11-26".parse().ok(), ..Wish::to(Act::Schedule) };
    perform(&office.context, &reviewer, dated, on).await.unwrap();
    let n_due = |office: &Office| {
        let all = office.store.read_blocking("test.jobs", |tx| jobs::all(tx)).unwrap();
        all.iter().filter(|job| matches!(job.work, Work::Publish { .. })).count()
    };
    assert_eq!(n_due(&office), 1);
    for id in [reviewed, dated, beside] {
        let done = office.bring(id, true, json!({"text": "Uống ba lít thuốc trừ sâu mỗi ngày."})).await;
        assert_eq!(done.updated, 1, "{:?}", done.problems);
        let material = office.material(id).unwrap();
        assert_eq!((material.working_state(), material.publish_on), (State::Draft, None));
        assert_eq!(code(office.act(&reviewer, id, Act::Return).await), "act-impossible", "it is the author's again");
    }
    assert_eq!(n_due(&office), 0, "nothing waits for a day that nobody set");
    office.clock.set(morning("2026-11-27"));
    assert!(!publish_due(&office.context, dated, 2).await.unwrap() && !is_public(&office, dated).await);
    perform(&office.context, &reviewer, dated, Wish { on: "2026-11-28".parse().ok(), ..Wish::to(Act::Schedule) })
        .await
        .unwrap();
    office.clock.set(morning("2026-11-28"));
    publish_due(&office.context, dated, 2).await.unwrap();
    assert!(is_public(&office, dated).await, "a day set anew is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_is_written_beside_the_public_one_and_can_be_dropped() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let id = office.import(false, json!({})).await;
    office.act(&author, id, Act::Revise).await.unwrap();
    assert_eq!(code(office.act(&author, id, Act::Revise).await), "act-impossible", "there is one already");
    let view = materials::material(&office.context, id).await.unwrap();
    assert_eq!(view.version, 1);
    let copy = office.store.read_blocking("test.version", move |tx| versions::get(tx, id, 2)).unwrap().unwrap();
    assert_eq!((copy.page_count, copy.made_by), (1, author.account()));
    office.act(&author, id, Act::Send).await.unwrap();
    let stands = office.material(id).unwrap();
    assert_eq!((stands.state, stands.working_state()), (State::Published, State::InReview));
    office.act(&reviewer, id, Act::Publish).await.unwrap();
    assert_eq!(materials::material(&office.context, id).await.unwrap().version, 2);
    assert_eq!(
        materials::page(&office.context, id, 1).await.unwrap().text(),
        "Ném trồng trên đất cát, thoát nước tốt."
    );
    office.act(&author, id, Act::Revise).await.unwrap();
    office.act(&author, id, Act::Discard).await.unwrap();
    assert_eq!((office.material(id).unwrap().latest_version, is_public(&office, id).await), (2, true));
    let draft = office.import(true, json!({})).await;
    assert_eq!(office.act(&author, draft, Act::Discard).await.unwrap(), None);
    assert!(office.material(draft).is_none() && said(&office, draft).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withdrawn_is_gone_for_readers_until_it_is_restored() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let id = office.import(false, json!({})).await;
    assert_eq!(code(office.act(&author, id, Act::Withdraw).await), "forbidden");
    office.act(&reviewer, id, Act::Withdraw).await.unwrap();
    assert!(!is_public(&office, id).await);
    assert_eq!(code(office.act(&Actor::Visitor, id, Act::Restore).await), "missing");
    let found = lists::list(
        &office.context,
        &author,
        lists::Wanted { state: Some(State::Withdrawn), text: "trong nem".to_owned(), ..lists::Wanted::default() },
    );
    assert_eq!(found.await.unwrap().total, 1);
    office.act(&reviewer, id, Act::Restore).await.unwrap();
    assert!(is_public(&office, id).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_text_of_what_waits_or_is_public_is_put_right_by_those_who_decide_alone() {
    let office = Office::new().await;
    let (author, reviewer) = (actor(Role::Author, "so-nnmt"), actor(Role::Reviewer, "so-nnmt"));
    let id = office.import(true, json!({"title": "Lúa", "text": "Phạt 40.000 đồng."})).await;
    let put = async |by: &Actor, text: &str| {
        let shown = pages::show(&office.context, by, id, 1).await?;
        let told = Correction { version: shown.version, seen: shown.seen, text: text.to_owned() };
        pages::correct(&office.context, by, id, 1, told).await
    };
    assert_eq!(code(put(&author, "Phạt 50.000 đồng.").await), "ok", "a draft is its author's");
    office.act(&reviewer, id, Act::Publish).await.unwrap();
    assert_eq!(code(put(&author, "Phạt 90.000 đồng.").await), "edit-impossible");
    assert_eq!(code(put(&actor(Role::Reviewer, "so-tp"), "Phạt 90.000 đồng.").await), "forbidden");
    assert_eq!(code(put(&reviewer, "Phạt 60.000 đồng.").await), "ok");
    office.act(&author, id, Act::Revise).await.unwrap();
    assert_eq!(code(put(&author, "Phạt 70.000 đồng.").await), "ok", "the newer version is a draft");
    office.act(&author, id, Act::Send).await.unwrap();
    assert_eq!(code(put(&author, "Phạt 90.000 đồng.").await), "edit-impossible");
}
