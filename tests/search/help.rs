use crate::support::browser::Page;
use crate::support::http::{encode, get};
use crate::support::seeded::url;
use serde_json::Value;

fn help(parameters: &str) -> (Value, Value) {
    let found = get(&format!("{}/api/v1/search?{parameters}", url())).json();
    let help = found["interpretation"]["help"].clone();
    (found, help)
}

/// Follows a way on: it finds exactly what was promised.
#[track_caller]
fn assert_kept(way: &Value) {
    let found = get(&format!("{}{}", url(), way["url"].as_str().unwrap())).json();
    assert_eq!(found["total"], way["count"], "{way}");
}

#[test]
fn words_that_nothing_bears_are_named_and_left_out() {
    let (found, help) = help(&format!("q={}", encode("nuôi tôm hùm zzz")));
    assert_eq!(found["total"], 0);
    let way = &help["fewer_words"][0];
    assert_eq!((way["query"].as_str(), &way["dropped"]), (Some("nuôi tôm"), &serde_json::json!(["hùm", "zzz"])));
    assert_kept(way);
    assert_eq!(help["topics"][0]["id"], "agri.aqua", "a topic that shares a word comes first");
}

#[test]
fn filters_are_taken_off_one_by_one_and_a_broader_topic_is_tried() {
    let (found, help) = help("q=vneid&topic=agri.rice&kind=text");
    assert_eq!(found["total"], 0);
    let wider = help["wider"].as_array().unwrap();
    assert!(wider.iter().any(|way| way["change"] == "without" && way["id"] == "agri.rice"), "{help}");
    wider.iter().for_each(assert_kept);
    let (_, help) = self::help("q=l%C3%BAa+%C4%91%E1%BA%A1o+%C3%B4n&topic=agri.fruit");
    let broader = help["wider"].as_array().unwrap().iter().find(|way| way["change"] == "broader");
    assert_eq!(broader.unwrap()["id"], "agri");
    assert_kept(broader.unwrap());
}

#[test]
fn when_words_and_filters_both_hinder_both_go() {
    let (_, help) = help(&format!("q={}&topic=agri.rice&kind=audio", encode("nuôi tôm zzz")));
    let way = &help["fewer_words"][0];
    assert_eq!(way["query"], "nuôi tôm");
    assert!(!way["url"].as_str().unwrap().contains("topic"), "{way}");
    assert_kept(way);
}

#[test]
fn whoever_finds_enough_is_not_helped_and_strange_queries_do_no_harm() {
    assert_eq!(help("q=lua").1, Value::Null);
    assert_eq!(help("q=").1, Value::Null);
    for query in ["zzz", "\"\"", "- - -", &"zz qq ".repeat(200)] {
        let (found, help) = help(&format!("q={}", encode(query)));
        assert!(found["total"] != 0 || help["topics"].as_array().is_some_and(|topics| !topics.is_empty()), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_result_page_leads_on_without_script() {
    let base = tokio::task::spawn_blocking(url).await.unwrap();
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tim?q={}", encode("nuôi tôm hùm zzz"))).await;
    assert!(page.axe_violations().await.is_empty());
    let way = page.text("document.querySelector('section.note li').textContent").await;
    assert!(way.starts_with("Bớt “hùm”, “zzz”: nuôi tôm ("), "{way}");
    page.follow("section.note li a").await;
    assert!(page.eval("document.querySelectorAll('ol.list > li').length").await.as_u64().unwrap() > 0);
}
