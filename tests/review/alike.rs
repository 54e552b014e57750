//! Nearly the same text twice: a warning with the likeness, and both side by side.

use super::staff::House;
use crate::support::http::Browser;
use serde_json::json;
use std::time::{Duration, Instant};

fn text(changed: &str) -> String {
    let steps = (1..=40).map(|step| format!("Bước {step}: làm đất lần {step}, bón phân chuồng {step} tạ, tưới đủ ẩm."));
    steps.collect::<Vec<_>>().join("\n\n") + "\n\n" + changed
}

/// The staff page of a material once its text has a signature.
fn page(browser: &mut Browser, id: &str, wanted: &str) -> String {
    let started = Instant::now();
    loop {
        let text = browser.get(&format!("/quan-ly/hoc-lieu/{id}")).text();
        if text.contains(wanted) {
            return text;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "{wanted}: {text}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_draft_that_says_nearly_what_another_says_is_shown_beside_it() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "so-nnmt");
    let public =
        house.import(false, &json!({"title": "Trồng ném, bản đang có", "text": text("Thu hoạch sau ba tháng.")}));
    let hidden = house.import(
        true,
        &json!({
            "title": "Bản nháp của sở khác", "organisation": "so-yt", "text": text("Thu hoạch sau hai tháng.")
        }),
    );
    let own = house.import(true, &json!({"title": "Trồng ném, bản mới", "text": text("Thu hoạch sau bốn tháng.")}));
    let far = house.import(true, &json!({"title": "Nuôi ong", "text": "Ong mật cần hoa quanh năm và thùng sạch."}));
    let shown = page(&mut lan, &own, "Có học liệu gần giống");
    let line = shown.split("Trồng ném, bản đang có</a>: giống ").nth(1).unwrap_or_else(|| panic!("{shown}"));
    let percent: u32 = line.split(' ').next().unwrap().parse().unwrap();
    assert!((90..=100).contains(&percent), "{percent}");
    assert!(!shown.contains("Bản nháp của sở khác"), "what one may not see is not named");
    let beside = lan.get(&format!("/quan-ly/hoc-lieu/{own}/giong/{public}"));
    assert!(
        beside.text().contains("<mark>bốn </mark>") && beside.text().contains("40 đoạn giống nhau"),
        "{}",
        beside.text()
    );
    assert_eq!(lan.get(&format!("/quan-ly/hoc-lieu/{own}/giong/{hidden}")).status, 404);
    let other = lan.get(&format!("/quan-ly/hoc-lieu/{far}")).text();
    assert!(!other.contains("Có học liệu gần giống"));
}
