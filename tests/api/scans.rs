//! Scans of the seed: recognised by the running service, found, marked as read by a machine, shown as pictures.

use crate::support::http::{encode, get, get_with};
use crate::support::seeded::{recognised, url};
use std::time::Duration;

#[test]
fn a_scan_of_the_seed_is_found_and_says_that_a_machine_read_it() {
    let scan = recognised("trong-rung-fsc");
    let search = format!("{}/api/v1/search?q={}", url(), encode("tỉa thưa lần đầu khoảng năm ba"));
    let mut found = get(&search).json();
    // The index follows the store within moments.
    for _ in 0..300 {
        if found["items"][0]["external_id"] == "trong-rung-fsc" {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        found = get(&search).json();
    }
    assert_eq!(found["items"][0]["external_id"], "trong-rung-fsc", "{found}");
    assert_eq!(found["items"][0]["passages"][0]["page"], 1);
    let page = get(&format!("{}/api/v1/materials/{}/pages/1", url(), scan.id)).json();
    assert_eq!((&page["origin"], &page["scan"]["state"]), (&"ocr".into(), &"read".into()));
    assert!(page["confidence"].as_f64().unwrap() > 0.85, "{}", page["confidence"]);
    assert!(page["text"].as_str().unwrap().contains("Giữ vệ sinh rừng, phòng cháy"), "{}", page["text"]);
    let html = get(&format!("{}{}?trang=1", url(), scan.address)).text();
    assert!(html.contains("Văn bản do máy đọc từ bản quét, có thể sai sót."), "{html}");
    assert!(html.contains("/anh-trang/"), "the picture is offered beside the text");
}

#[test]
fn the_picture_of_a_scanned_page_is_small_safe_and_cached() {
    let scan = recognised("phong-chay-rung");
    let page = get(&format!("{}/api/v1/materials/{}/pages/1", url(), scan.id)).json();
    let address = page["image_url"].as_str().unwrap();
    let image = get(&format!("{}{address}", url()));
    assert_eq!((image.status, image.header("content-type")), (200, "image/jpeg"));
    assert!(image.body.starts_with(b"\xff\xd8\xff") && image.body.len() < 300_000, "{} bytes", image.body.len());
    let decoded = image::load_from_memory(&image.body).unwrap();
    assert_eq!(decoded.width().max(decoded.height()), 1_600);
    assert_eq!(image.header("x-content-type-options"), "nosniff");
    assert!(image.header("content-security-policy").contains("sandbox"));
    assert!(image.header("content-disposition").starts_with("inline; filename=\"trang-1.jpg\""));
    let again = get_with(&format!("{}{address}", url()), &[("if-none-match", image.header("etag"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let for_people = get(&format!("{}/anh-trang/{}/1?ban=1", url(), scan.id));
    assert_eq!(for_people.body, image.body);
}

#[test]
fn pages_without_a_picture_say_so() {
    let list = get(&format!("{}/api/v1/materials?limit=100", url())).json();
    let items = list["items"].as_array().unwrap();
    let written = items.iter().find(|item| item["external_id"] == "lua-dao-on").unwrap()["id"].as_str().unwrap();
    let scan = recognised("phong-chay-rung").id;
    for path in
        [format!("{written}/pages/1"), format!("{scan}/pages/99"), format!("{scan}/pages/x"), "x/pages/1".into()]
    {
        let answer = get(&format!("{}/api/v1/materials/{path}/image", url()));
        assert_eq!((answer.status, &answer.json()["code"]), (404, &"page-image-missing".into()), "{path}");
    }
    assert_eq!(get(&format!("{}/anh-trang/{scan}/99", url())).status, 404);
    let page = get(&format!("{}/api/v1/materials/{written}/pages/1", url())).json();
    assert!(page["scan"].is_null() && page["image_url"].is_null(), "{page}");
}
