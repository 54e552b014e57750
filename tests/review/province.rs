//! What is added up of the whole province is what is counted organisation by organisation.

use super::{Office, actor, morning};
use hoclieu::actions::statistics::{self, Totals, Wanted};
use hoclieu::domain::id::OrganisationId;
use hoclieu::domain::permission::Role;
use hoclieu::domain::review::Act;
use serde_json::json;

/// Every material counted anew, by the organisations that have any.
async fn counted(office: &Office) -> Totals {
    let admin = actor(Role::Admin, "he-thong");
    let mut sum = Totals::default();
    for organisation in ["so-nnmt", "so-yt"] {
        let organisation = OrganisationId::parse(organisation).unwrap();
        let today = office.clock.today();
        let from = Some(today - chrono::Days::new(29));
        let wanted = Wanted { organisation, from, to: Some(today), with_parts: false };
        let one = statistics::statistics(&office.context, &admin, wanted).await.unwrap().totals;
        sum.published += one.published;
        sum.published_in_period += one.published_in_period;
        sum.drafts += one.drafts;
        sum.in_review += one.in_review;
        sum.scheduled += one.scheduled;
        sum.withdrawn += one.withdrawn;
        sum.outdated += one.outdated;
        sum.views += one.views;
        sum.downloads += one.downloads;
    }
    sum
}

async fn kept(office: &Office) -> Totals {
    statistics::province(&office.context, &actor(Role::Admin, "he-thong")).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provinces_totals_stay_equal_to_a_full_count_through_every_change() {
    let office = Office::new().await;
    let reviewer = actor(Role::Reviewer, "so-nnmt");
    assert_eq!(kept(&office).await, Totals::default());
    let first = office.import(false, json!({})).await;
    let old =
        office.import(false, json!({"title": "Lịch cũ", "valid_to": "2026-11-24", "organisation": "so-yt"})).await;
    let draft = office.import(true, json!({"title": "Đang soạn"})).await;
    let gone = office.import(true, json!({"title": "Bỏ đi"})).await;
    let totals = kept(&office).await;
    assert_eq!((totals.published, totals.drafts, totals.outdated), (2, 2, 0), "{old}");
    assert_eq!(totals, counted(&office).await);
    for (id, act) in [(draft, Act::Send), (first, Act::Revise), (first, Act::Withdraw), (gone, Act::Discard)] {
        office.act(&reviewer, id, act).await.unwrap();
        assert_eq!(kept(&office).await, counted(&office).await, "{act:?}");
    }
    // A day changes what is valid, a month what is new, without a revision.
    for (day, outdated, fresh) in [("2026-11-25", 1, 2), ("2027-01-25", 1, 0)] {
        office.clock.set(morning(day));
        let totals = kept(&office).await;
        assert_eq!((totals.outdated, totals.published_in_period), (outdated, fresh), "{day}");
        assert_eq!(totals, counted(&office).await, "{day}");
    }
    office.act(&reviewer, draft, Act::Publish).await.unwrap();
    office.act(&reviewer, first, Act::Restore).await.unwrap();
    let totals = kept(&office).await;
    assert_eq!((totals.published, totals.drafts, totals.withdrawn, totals.published_in_period), (3, 0, 0, 1));
    assert_eq!(totals, counted(&office).await);
}
