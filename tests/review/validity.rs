//! Legal material that has had its day says so, and stands below what came in its place.

use super::{Office, actor, morning};
use hoclieu::actions::search::{SearchRequest, search};
use hoclieu::actions::{calendar, indexing, materials};
use hoclieu::domain::id::MaterialId;
use hoclieu::domain::permission::Role;
use hoclieu::domain::review::Act;
use hoclieu::domain::validity::Validity;
use hoclieu::store::log;
use serde_json::json;
use std::time::Duration;

const LAW: &str = "Hướng dẫn thủ tục cấp giấy chứng nhận quyền sử dụng đất cho hộ gia đình.";

async fn found(office: &Office) -> Vec<MaterialId> {
    let (context, store) = (office.context.clone(), office.store.clone());
    let waited = tokio::task::spawn_blocking(move || {
        let latest = store.read_blocking("test.log", |tx| log::latest(tx)).unwrap();
        indexing::wait_for(&context, latest, Duration::from_secs(30))
    });
    assert!(waited.await.unwrap());
    let request = SearchRequest {
        query: "giấy chứng nhận quyền sử dụng đất".to_owned(), ..SearchRequest::default()
    };
    search(&office.context, request).await.unwrap().items.into_iter().map(|item| item.card.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_replaced_says_so_and_ranks_below_its_successor_as_long_as_that_is_public() {
    let office = Office::new().await;
    let reviewer = actor(Role::Reviewer, "so-nnmt");
    // The older one bears the words in its title, too, and would stand first by itself.
    let title = "Giấy chứng nhận quyền sử dụng đất";
    let old = office.import(false, json!({"title": title, "text": LAW})).await;
    let new = office.import(true, json!({"title": "Văn bản mới", "text": LAW, "replaces": [old.to_string()]})).await;
    let standing = || async { materials::material(&office.context, old).await.unwrap() };
    assert!(standing().await.replaced_by.is_empty(), "a draft takes nobody's place");
    assert_eq!(found(&office).await, [old]);
    office.act(&reviewer, new, Act::Publish).await.unwrap();
    let view = standing().await;
    assert_eq!((view.replaced_by[0].id, view.card.standing.code()), (new, "replaced"));
    assert_eq!(found(&office).await, [new, old]);
    office.act(&reviewer, new, Act::Withdraw).await.unwrap();
    assert!(standing().await.replaced_by.is_empty());
    // Another body's word is no more than a claim.
    let claim = json!({"title": "Chúng tôi thay", "text": LAW, "replaces": [old.to_string()], "organisation": "so-tp"});
    let other = office.import(false, claim).await;
    assert!(standing().await.replaced_by.is_empty());
    assert!(office.material(other).unwrap().public_version().is_some());
    office.act(&actor(Role::Reviewer, "so-tp"), other, Act::Withdraw).await.unwrap();
    assert_eq!(found(&office).await, [old]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_day_after_its_last_a_law_is_expired_everywhere_without_anyone_touching_it() {
    let office = Office::new().await;
    let title = "Giấy chứng nhận quyền sử dụng đất";
    let law = json!({"title": title, "text": LAW, "valid_to": "2026-11-25", "review_by": "2026-11-24"});
    let ending = office.import(false, law).await;
    // Longer, so that it would stand second by itself.
    let longer =
        format!("{LAW}\n\n{}", "Liên hệ bộ phận một cửa của xã trong giờ hành chính để được giúp. ".repeat(30));
    let other = office.import(false, json!({"title": title, "text": longer})).await;
    let turn = || async {
        let (context, today) = (office.context.clone(), office.context.today());
        tokio::task::spawn_blocking(move || calendar::turn_blocking(&context, today).unwrap()).await.unwrap()
    };
    turn().await;
    assert_eq!(found(&office).await, [ending, other]);
    office.clock.set(morning("2026-11-26"));
    assert_eq!((turn().await, turn().await), (1, 0), "once a day");
    let card = materials::material(&office.context, ending).await.unwrap().card;
    assert_eq!(card.standing.validity, Validity::Expired("2026-11-25".parse().unwrap()));
    assert_eq!(card.standing.stale_since, "2026-11-24".parse().ok());
    assert_eq!(found(&office).await, [other, ending]);
}
