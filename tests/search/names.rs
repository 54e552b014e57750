use crate::support::browser::Page;
use crate::support::http::{encode, get};
use crate::support::seeded::url;
use serde_json::Value;

fn search(query: &str) -> Value {
    get(&format!("{}/api/v1/search?limit=50&q={}", url(), encode(query))).json()
}

/// The filters that were read: name, label, words.
fn read(found: &Value) -> Vec<(String, String, String)> {
    let filters = found["interpretation"]["filters"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    filters.map(|one| (text(&one["name"]), text(&one["label"]), text(&one["read_from"]))).collect()
}

fn ids(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().unwrap().iter();
    items.map(|item| item["external_id"].as_str().unwrap_or_default().to_owned()).collect()
}

fn one(name: &str, label: &str, words: &str) -> Vec<(String, String, String)> {
    vec![(name.to_owned(), label.to_owned(), words.to_owned())]
}

#[test]
fn a_former_commune_narrows_to_its_successor_and_taking_it_off_searches_the_words_as_typed() {
    let found = search("lớp học ở Gio Châu");
    assert_eq!(read(&found), one("area", "Xã Gio Linh", "Gio Châu"));
    assert!(found["total"].as_u64().unwrap() > 0);
    let remove = found["interpretation"]["filters"][0]["remove_url"].as_str().unwrap();
    let plain = get(&format!("{}{remove}", url())).json();
    assert!(read(&plain).is_empty(), "{plain}");
    assert_ne!(plain["total"], found["total"]);
    assert_eq!(plain["interpretation"]["typed"], "lớp học ở Gio Châu");
}

#[test]
fn what_is_about_other_places_goes_and_what_is_for_everywhere_stays() {
    let found = search("đăng ký kết hôn ở Lao Bảo");
    assert_eq!(read(&found), one("area", "Xã Lao Bảo", "Lao Bảo"));
    let all = ids(&found);
    assert!(all.contains(&"ket-hon-voi-nguoi-lao".to_owned()), "about the place: {all:?}");
    assert!(all.contains(&"dang-ky-khai-sinh".to_owned()), "for everywhere: {all:?}");
    let elsewhere = search("nước mắm ở Lao Bảo");
    assert_eq!(read(&elsewhere).len(), 1);
    assert!(!ids(&elsewhere).contains(&"nuoc-mam-cua-tung".to_owned()), "about another place");
}

#[test]
fn a_name_that_a_title_bears_is_a_subject_and_the_place_is_only_offered() {
    for (query, first) in [
        ("lam nuoc mam cua tung", "nuoc-mam-cua-tung"),
        ("nước mắm Cửa Tùng", "nuoc-mam-cua-tung"),
        ("ca phe khe sanh tai canh", "tai-canh-ca-phe"),
        ("trồng ớt xuất khẩu trieu phong", "ot-trieu-phong"),
        ("lop xoa mu chu a doi", "day-xoa-mu-chu"),
    ] {
        let found = search(query);
        assert_eq!(ids(&found)[0], first, "{query}");
        assert!(read(&found).is_empty(), "{query}");
        let offer = &found["interpretation"]["offers"][0];
        assert_eq!(offer["name"], "area", "{query}: {found}");
        let followed = get(&format!("{}{}", url(), offer["url"].as_str().unwrap())).json();
        assert_eq!(followed["total"], offer["count"], "{query}");
    }
}

#[test]
fn a_name_alone_narrows_unless_something_bears_just_this_name() {
    for (query, label) in [
        ("Gio Châu", "Xã Gio Linh"),
        ("gio chau", "Xã Gio Linh"),
        ("Hồ Xá", "Xã Vĩnh Linh"),
        ("Lao Bảo", "Xã Lao Bảo"),
        ("dong ha", "Phường Đông Hà và vùng thành phố Đông Hà cũ"),
        ("Cam Lo", "Xã Cam Lộ và vùng huyện Cam Lộ cũ"),
    ] {
        let found = search(query);
        assert_eq!(read(&found), one("area", label, query));
        assert!(found["total"].as_u64().unwrap() > 0, "{query}");
        let remove = found["interpretation"]["filters"][0]["remove_url"].as_str().unwrap();
        assert!(read(&get(&format!("{}{remove}", url())).json()).is_empty(), "{query}: the filter can be taken off");
    }
    let found = search("cua tung");
    assert!(read(&found).is_empty() && found["interpretation"]["read_as"] == "Cửa Tùng", "{found}");
    assert_eq!(ids(&found)[0], "nuoc-mam-cua-tung");
    assert_eq!(found["interpretation"]["offers"][0]["label"], "Xã Cửa Tùng");
}

#[test]
fn words_of_a_name_are_not_mended_into_others() {
    let found = search("bệnh lúa Gio Châu zzz");
    assert!(!found["interpretation"]["read_as"].as_str().unwrap_or_default().contains("giờ"), "{found}");
}

#[test]
fn old_agencies_narrow_to_their_successors_and_never_to_nothing() {
    let found = search("Sở NN&PTNT nuôi lợn");
    assert_eq!(read(&found), one("organisation", "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị", "Sở NN&PTNT"));
    assert_eq!(ids(&found)[0], "nuoi-heo-an-toan");
    let found = search("đài quảng bình dạy tiếng bru");
    assert!(read(&found).is_empty(), "the station has nothing on it: {found}");
    assert_eq!(ids(&found)[0], "tieng-bru-van-kieu-chu-pa-ko");
    assert_eq!(found["interpretation"]["offers"][0]["label"], "Báo và Phát thanh, Truyền hình Quảng Trị");
    assert!(read(&search("nộp hồ sơ cho sở tư pháp")).is_empty(), "asked about, not published by");
}

#[test]
fn a_chosen_place_stays_and_nothing_is_read_beside_it() {
    let found = get(&format!("{}/api/v1/search?area=qt.cua-tung&q={}", url(), encode("tôm ở Gio Châu"))).json();
    assert_eq!(read(&found), one("area", "Xã Cửa Tùng", ""));
    assert!(read(&search("văn hóa đọc")).is_empty());
}

#[test]
fn all_parts_of_a_narrowed_answer_are_narrowed_alike() {
    let base = format!("{}/api/v1/search?limit=5&q={}", url(), encode("trồng lúa Gio Linh"));
    let (mut seen, mut cursor, mut total) = (Vec::new(), String::new(), 0);
    loop {
        let part = get(&format!("{base}{cursor}")).json();
        assert_eq!(read(&part).len(), 1, "{part}");
        total = part["total"].as_u64().unwrap().max(total);
        seen.extend(ids(&part));
        let Some(next) = part["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len() as u64, total);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reading_is_shown_as_a_chip_that_a_reader_without_script_can_take_off() {
    let base = tokio::task::spawn_blocking(url).await.unwrap();
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tim?q={}", encode("lớp học ở Gio Châu"))).await;
    let chip = page.text("document.querySelector('.chips a').textContent").await;
    assert!(chip.contains("Địa bàn: Xã Gio Linh, đọc từ “Gio Châu”"), "{chip}");
    assert!(page.axe_violations().await.is_empty());
    let facet = "[...document.querySelectorAll('.side summary')].find(s => s.textContent === 'Địa bàn').parentElement";
    let href = page.text(&format!("{facet}.querySelector('a').getAttribute('href')")).await;
    assert!(
        href.starts_with("/tim?q=l%E1%BB%9Bp%20h%E1%BB%8Dc&"),
        "a chosen place takes the place of the words: {href}"
    );
    page.follow(".chips a").await;
    assert!(page.text("location.search").await.contains("khong-doc=dia-ban"));
    assert_eq!(page.eval("document.querySelectorAll('.chips').length").await, 0);
    let sorted = page.text("document.querySelector('a[href*=\"xep=moi\"]').getAttribute('href')").await;
    assert!(sorted.contains("khong-doc=dia-ban"), "links keep it: {sorted}");
    page.goto(&format!("{base}/tim?q={}", encode("Cửa Tùng"))).await;
    let offer = page.text("document.querySelector('main p.note').textContent").await;
    assert!(offer.contains("“Cửa Tùng” có thể chỉ Xã Cửa Tùng"), "{offer}");
    assert_eq!(page.text("document.querySelector('main p.note a').getAttribute('href')").await, "/dia-ban/qt.cua-tung");
}
