//! What is proposed for a draft by what is published already.

use super::{Office, actor};
use hoclieu::actions::import::{ImportOptions, import};
use hoclieu::actions::progress::Silent;
use hoclieu::actions::versions::Which;
use hoclieu::actions::{materials, proposals};
use hoclieu::domain::id::{MaterialId, TopicId};
use hoclieu::domain::material::Extraction;
use hoclieu::domain::page::Page;
use hoclieu::domain::permission::Role;
use hoclieu::store::versions;
use serde_json::json;
use std::time::Duration;

/// A draft made of a text file, once it is read.
async fn draft(office: &Office, name: &str, text: &str) -> MaterialId {
    std::fs::write(office.folder.path().join(name), text).unwrap();
    let id = office.import(true, json!({"title": "", "topics": [], "languages": [], "text": null, "file": name})).await;
    let pending = || {
        let read = move |tx: &dyn hoclieu::store::ReadTx| versions::get(tx, id, 1);
        office.store.read_blocking("test", read).unwrap().unwrap().extraction == Extraction::Pending
    };
    while pending() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_topics_of_what_is_published_and_alike_are_proposed_and_nothing_for_a_text_like_none() {
    let office = Office::new().await;
    let rice = [
        "Bệnh đạo ôn hại lúa vụ đông xuân: bón phân cân đối, phun thuốc khi bệnh vừa chớm trên lá lúa.",
        "Lúa vụ hè thu hay bị đạo ôn cổ bông; thăm ruộng thường xuyên, giữ nước, phun thuốc trước trổ.",
        "Giống lúa chống đạo ôn cho đồng bằng: gieo thưa, bón phân cân đối, phun thuốc đúng lúc.",
    ];
    for text in rice {
        office.import(false, json!({"title": "Bệnh đạo ôn trên lúa", "topics": ["agri.rice"], "text": text})).await;
    }
    let bees = "Nuôi ong lấy mật: đặt thùng ong nơi khô ráo, tránh gió Lào, cho ong ăn khi hiếm hoa.";
    office.import(false, json!({"title": "Nuôi ong", "topics": ["agri.veg"], "text": bees})).await;
    office.indexed("thùng ong").await;
    let author = actor(Role::Author, "so-nnmt");
    let like =
        draft(&office, "lua.txt", "Phòng bệnh đạo ôn cho lúa: bón phân cân đối, giữ nước, phun thuốc sớm.").await;
    let proposal = proposals::of(&office.context, &author, like).await.unwrap();
    assert_eq!(proposal.topics, [TopicId::parse("agri.rice").unwrap()]);
    let unlike = draft(&office, "khac.txt", "Quixotic zebra vortex.").await;
    assert!(proposals::of(&office.context, &author, unlike).await.unwrap().topics.is_empty());
}

/// How many of the seed's materials must have a topic of theirs among the three that are proposed for them.
const LEAST_SHARE: f64 = 0.8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_of_four_in_five_materials_of_the_seed_is_among_the_three_proposed_without_themselves() {
    let office = Office::new().await;
    let (context, folder) = (office.context.clone(), crate::support::program::seed_content());
    let options = ImportOptions::default();
    let path = folder.join("materials.jsonl");
    tokio::task::spawn_blocking(move || import(&context, &path, &options, &Silent).unwrap()).await.unwrap();
    let cards = materials::list(&office.context, None, materials::MAX_LIST).await.unwrap().items;
    assert!(cards.len() >= 60, "{}", cards.len());
    let (mut hits, mut right, mut proposed) = (0_u32, 0_u32, 0_u32);
    for card in &cards {
        let pages = materials::stretch(&office.context, card.id, Which::Public, 1).await.unwrap().pages;
        let text = pages.iter().map(Page::text).collect::<Vec<_>>().join("\n");
        let found = proposals::topics(&office.context, (card.title.clone(), text), Some(card.id)).await.unwrap();
        assert!(found.len() <= 3);
        let own = found.iter().filter(|topic| card.topics.iter().any(|own| own.id == **topic)).count();
        hits += u32::from(own > 0);
        right += u32::try_from(own).unwrap();
        proposed += u32::try_from(found.len()).unwrap();
    }
    let all = f64::from(u32::try_from(cards.len()).unwrap());
    let share = f64::from(hits) / all;
    println!(
        "a true topic among the first three: {share:.3} of {all}; of the proposed topics right: {:.3}; proposed on average: {:.2}",
        f64::from(right) / f64::from(proposed),
        f64::from(proposed) / all
    );
    assert!(share >= LEAST_SHARE, "{share}");
}
