//! Classes beside materials: the subject, the place and the time are read out of the words of those who ask.

use crate::review::staff::House;
use crate::support::http::{encode, get};
use crate::support::seeded::url;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn search(parameters: &str) -> Value {
    get(&format!("{}/api/v1/search?{parameters}", url())).json()
}

/// The classes of a search, once they are laid out after the start.
fn classes(query: &str) -> Vec<Value> {
    let begun = Instant::now();
    while search(&format!("q={}", encode("lớp học")))["classes"].as_array().is_none_or(Vec::is_empty) {
        assert!(begun.elapsed() < Duration::from_secs(30), "no class is ever found");
        std::thread::sleep(Duration::from_millis(100));
    }
    search(&format!("q={}", encode(query)))["classes"].as_array().unwrap().clone()
}

fn titles(all: &[Value]) -> Vec<&str> {
    all.iter().map(|one| one["title"].as_str().unwrap()).collect()
}

/// The queries whose answer is a class, with what its title must bear and whose it must be.
fn judged() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("everyday.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let (query, answer) = line.split_once('\t')?;
        let (title, centre) = answer.strip_prefix("class: ")?.split_once(" @ ")?;
        Some((query, title, centre))
    })
}

#[test]
fn everyday_queries_for_a_class_find_it_first() {
    let all: Vec<_> = judged().collect();
    assert_eq!(all.len(), 6, "{all:?}");
    for (query, title, centre) in all {
        let found = classes(query);
        let first = found.first().unwrap_or_else(|| panic!("{query}: nothing"));
        let fits = |one: &Value| {
            one["title"].as_str().unwrap().contains(title) && one["centre"]["id"].as_str().unwrap().contains(centre)
        };
        assert!(fits(first), "{query}: {:?}", titles(&found));
    }
}

#[test]
fn place_and_time_are_filters_that_can_be_taken_off() {
    let query = "lớp học ở Cửa Tùng";
    let found = classes(query);
    assert!(found.len() >= 2 && found.iter().all(|one| one["centre"]["id"] == "tthtcd.cua-tung"), "{found:?}");
    assert!(found.windows(2).all(|pair| pair[0]["starts_at"].as_str() <= pair[1]["starts_at"].as_str()), "by time");
    let page = get(&format!("{}/tim?q={}", url(), encode(query))).text();
    assert_eq!(page.matches("Địa bàn: Xã Cửa Tùng, đọc từ “Cửa Tùng”").count(), 1, "told once");
    let group = page.split("Lớp học sắp mở").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(group.contains("/lop-hoc/"), "{group}");
    let soon = search(&format!("q={}", encode("lớp học tuần sau")));
    let filters = soon["interpretation"]["filters"].as_array().unwrap();
    let filter = filters.iter().find(|one| one["name"] == "time").unwrap_or_else(|| panic!("{soon}"));
    assert_eq!(filter["read_from"], "tuần sau");
    let (from, to) = filter["id"].as_str().unwrap().split_once('/').unwrap();
    for one in soon["classes"].as_array().unwrap() {
        let day = one["starts_at"].as_str().unwrap().split('T').next().unwrap();
        assert!((from..=to).contains(&day), "{one}");
    }
    let without = get(&format!("{}{}", url(), filter["remove_url"].as_str().unwrap())).json();
    assert!(without["classes"].as_array().unwrap().len() >= soon["classes"].as_array().unwrap().len());
    assert!(without["interpretation"]["filters"].as_array().unwrap().iter().all(|one| one["name"] != "time"));
    let elsewhere = get(&format!("{}/tim?q={}", url(), encode("lớp xóa mù chữ ở A Dơi sáng mai"))).text();
    assert!(elsewhere.contains("Lớp học sắp mở"), "another day is told of where nothing is on that one");
    for evening in classes("lớp buổi tối") {
        let hour: u32 = evening["starts_at"].as_str().unwrap().get(11..13).unwrap().parse().unwrap();
        assert!(hour >= 17, "{evening}");
    }
}

#[test]
fn a_subject_finds_its_classes_aside_and_others_stay_away() {
    assert_eq!(titles(&classes("kỹ thuật trồng ném")).first(), Some(&"Kỹ thuật trồng ném trên đất cát"));
    assert!(titles(&classes("trong nem tren dat cat")).contains(&"Kỹ thuật trồng ném trên đất cát"));
    assert!(classes("vneid mức 2").iter().all(|one| !one["title"].as_str().unwrap().contains("ném")));
    assert!(classes("zzz qqq").is_empty() && classes("").is_empty());
    assert!(!titles(&classes("lớp pháp luật ở nơi giam giữ")).contains(&"Lớp pháp luật ở nơi giam giữ"), "totals only");
    assert!(titles(&classes("lớp bán hàng trên mạng")).iter().all(|title| !title.contains("Bán hàng")), "cancelled");
    assert!(classes("đi làm việc ở Hàn Quốc").is_empty(), "a draft");
    let page = get(&format!("{}/tim?q={}", url(), encode("kỹ thuật trồng ném zzz qqq"))).text();
    assert!(page.contains("Lớp học sắp mở"), "where nothing fits, a class on the subject does");
}

#[test]
fn a_class_is_found_as_soon_as_it_is_published_and_no_more_when_it_is_cancelled() {
    let house = House::with_classes();
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let list = house.visit("/api/v1/classes?limit=100").json();
    let venue = lan.get("/quan-ly/dia-diem").text();
    let venue = venue.split("href=\"/quan-ly/dia-diem/").nth(2).unwrap().split('"').next().unwrap().to_owned();
    assert!(!list["items"].as_array().unwrap().is_empty());
    let fields = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", "Đan lát mây tre"),
        ("loai", "nghe-ngan-han"),
        ("chu-de", "trade.craft"),
        ("ngon-ngu", "vi"),
        ("dang-ky", "none"),
        ("dem", "names"),
    ];
    let plan = lan.post("/quan-ly/lop/moi", &fields).header("location").split('?').next().unwrap().to_owned();
    let rule = [
        ("lap", "once"),
        ("ngay", "2099-12-01"),
        ("tu", "19:00"),
        ("den", "21:00"),
        ("dia-diem", &venue),
        ("luu", "1"),
    ];
    let class = lan.post(&plan, &rule).header("location").split('?').next().unwrap().to_owned();
    let found = || house.visit(&format!("/api/v1/search?q={}", encode("lớp đan lát"))).json()["classes"].clone();
    let becomes = |wanted: usize| {
        let begun = Instant::now();
        while found().as_array().unwrap().len() != wanted {
            assert!(begun.elapsed() < Duration::from_secs(30), "{wanted}: {}", found());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    assert_eq!(found(), json!([]), "a draft");
    assert_eq!(lan.post(&class, &[("viec", "publish")]).status, 303);
    becomes(1);
    assert_eq!(lan.post(&class, &[("viec", "cancel"), ("ly-do", "Thiếu người")]).status, 303);
    becomes(0);
}
