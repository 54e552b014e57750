//! The administrator's pages over HTTP, with the index behind them.

use super::served;
use crate::support::http::{Answer, Browser, encode, get};
use crate::support::program::Server;
use std::path::Path;
use std::time::{Duration, Instant};

/// Sends the form of a change, agrees to the plan that is shown, and answers what was shown.
fn agree(admin: &mut Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let shown = admin.post(path, fields);
    assert_eq!(shown.status, 200, "{}", shown.text());
    let text = shown.text();
    let mark = text.split("name=\"xac-nhan\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mut all = fields.to_vec();
    all.push(("xac-nhan", mark.unwrap_or_else(|| panic!("{text}"))));
    let done = admin.post(path, &all);
    assert_eq!(done.status, 303, "{}", done.text());
    text
}

fn ids(server: &Server, query: &str) -> Vec<String> {
    let found = get(&format!("{}/api/v1/search?{query}", server.url)).json();
    let items = found["items"].as_array().unwrap_or_else(|| panic!("{found}")).iter();
    let mut ids: Vec<String> = items.map(|item| item["external_id"].as_str().unwrap_or_default().to_owned()).collect();
    ids.sort();
    ids
}

/// Waits until the index has followed.
fn until(server: &Server, query: &str, wanted: &[&str]) {
    let started = Instant::now();
    while ids(server, query) != wanted {
        assert!(started.elapsed() < Duration::from_secs(20), "{query}: {:?}", ids(server, query));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The generation of the index: another name would mean that everything was indexed anew.
fn generation(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder.join("data/index")).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn kinds(answer: &Answer) -> (u16, String) {
    (answer.status, answer.header("location").to_owned())
}

#[test]
fn a_merged_agency_keeps_its_name_on_what_it_published_and_is_found_by_old_and_new() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    let before = generation(folder.path());
    let fields = [
        ("cung", "so-gddt"),
        ("ke-tuc", ""),
        ("ten-moi", "Sở Xây dựng và Học tập tỉnh Quảng Trị"),
        ("ten-tat-moi", "Sở XDHT"),
        ("ngay", "2026-06-01"),
        ("can-cu", "Nghị quyết 12/NQ-HĐND"),
    ];
    let plan = agree(&mut admin, "/quan-ly/co-quan/so-xd/thay-doi/hop-nhat", &fields);
    assert!(plan.contains("hoạt động đến hết 31/05/2026") && plan.contains("Chưa có gì được ghi"), "{plan}");
    let new = "so-xay-dung-va-hoc-tap-tinh-quang-tri";
    until(&server, &format!("organisation={new}"), &["an-toan"]);
    assert_eq!(ids(&server, "organisation=so-xd"), ["an-toan"]);
    assert_eq!(generation(folder.path()), before, "only what is concerned was indexed anew");
    let found = get(&format!("{}/api/v1/search?q=lao+dong", server.url)).json();
    assert_eq!(found["items"][0]["organisation"]["name"], "Sở Xây dựng tỉnh Quảng Trị", "as it was published");
    for name in ["Sở Xây dựng", "Sở Xây dựng và Học tập"] {
        assert_eq!(ids(&server, &format!("q={}", encode(&format!("lao động của {name}")))), ["an-toan"], "{name}");
        let listed = admin.get(&format!("/quan-ly/co-quan?ten={}", encode(name))).text();
        assert!(listed.contains(&format!("/quan-ly/co-quan/{new}")), "{name}");
    }
    let bodies = get(&format!("{}/api/v1/organisations", server.url)).json();
    let old = bodies["items"].as_array().unwrap().iter().find(|body| body["id"] == "so-xd").unwrap().clone();
    assert_eq!((old["ended_on"].as_str(), old["successors"][0].as_str()), (Some("2026-05-31"), Some(new)));
    let trail = admin.get("/quan-ly/nhat-ky?co-quan=so-xd").text();
    assert!(trail.contains("Hợp nhất cơ quan") && trail.contains("ngày kết thúc"), "{trail}");

    // It was a mistake: the page of the old body offers to take it back.
    let page = admin.get("/quan-ly/co-quan/so-xd").text();
    let undo = page.split("action=\"/quan-ly/thay-doi/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let back = admin.post(&format!("/quan-ly/thay-doi/{undo}"), &[("ve", "/quan-ly/co-quan/so-xd")]);
    assert_eq!(kinds(&back), (303, "/quan-ly/co-quan?da=huy".to_owned()));
    let started = Instant::now();
    while get(&format!("{}/api/v1/search?organisation={new}", server.url)).json()["code"] != "filter-unknown" {
        assert!(started.elapsed() < Duration::from_secs(20), "the index still knows the body");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(admin.get(&format!("/quan-ly/co-quan/{new}")).status, 404);
    assert!(!admin.get("/quan-ly/co-quan/so-xd").text().contains("Hoạt động đến"));
}

#[test]
fn a_renamed_agency_is_one_body_under_two_names() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    let fields = [
        ("ten-moi", "Sở Hạ tầng tỉnh Quảng Trị"),
        ("ten-tat-moi", "Sở HT"),
        ("ngay", "2026-06-01"),
        ("can-cu", "Nghị quyết 12/NQ-HĐND"),
    ];
    agree(&mut admin, "/quan-ly/co-quan/so-xd/thay-doi/doi-ten", &fields);
    for name in ["Sở Xây dựng", "Sở Hạ tầng"] {
        assert_eq!(ids(&server, &format!("q={}", encode(&format!("lao động của {name}")))), ["an-toan"], "{name}");
    }
    let public = get(&format!("{}/co-quan/so-xd", server.url)).text();
    assert!(public.contains("<h1>Sở Hạ tầng tỉnh Quảng Trị</h1>") && public.contains("Tên cũ"));
    let card = get(&format!("{}/api/v1/search?q=lao+dong", server.url)).json();
    assert_eq!(card["items"][0]["organisation"]["name"], "Sở Xây dựng tỉnh Quảng Trị", "as it was published");
}

#[test]
fn a_merged_topic_leads_on_and_its_materials_count_under_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    let before = generation(folder.path());
    until(&server, "topic=agri.bee", &["nam-rom", "nuoi-ong"]);
    let done = admin.post("/quan-ly/chu-de/agri.bee", &[("ten", "Ong và con nuôi nhỏ"), ("mo-ta", "")]);
    assert_eq!(kinds(&done), (303, "/quan-ly/chu-de/agri.bee?da=sua".to_owned()));
    let suggested = get(&format!("{}/api/v1/suggest?kind=topic&q={}", server.url, encode("ong nấm")));
    assert_eq!(suggested.status, 200);
    let merged = admin.post("/quan-ly/chu-de/agri.bee/gop", &[("vao", "agri.veg")]);
    assert_eq!(kinds(&merged), (303, "/quan-ly/chu-de/agri.veg?da=gop".to_owned()));
    until(&server, "topic=agri.veg", &["nam-rom", "nuoi-ong"]);
    assert_eq!(generation(folder.path()), before, "only what is concerned was indexed anew");
    assert_eq!(ids(&server, "topic=agri.bee"), ["nam-rom", "nuoi-ong"], "the old id means the new topic");
    let old = get(&format!("{}/chu-de/agri.bee", server.url));
    assert_eq!(kinds(&old), (307, "/chu-de/agri.veg".to_owned()));
    let tree = get(&format!("{}/api/v1/topics", server.url)).json();
    assert!(!tree.to_string().contains("agri.bee"));
    let listed = admin.get(&format!("/quan-ly/chu-de?ten={}", encode("ong và con"))).text();
    assert!(listed.contains("/quan-ly/chu-de/agri.veg"), "found by the old label");
    let refused = admin.post("/quan-ly/chu-de/agri/gop", &[("vao", "env")]);
    assert!(refused.status == 400 && refused.text().contains("còn chủ đề con"));
    let card = get(&format!("{}/api/v1/search?q=nam+rom", server.url)).json();
    assert_eq!(card["items"][0]["topics"].as_array().unwrap().len(), 1, "two topics that became one are one: {card}");
}

#[test]
fn a_moved_topic_is_under_the_other_and_an_old_link_with_filters_still_finds() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    let moved = admin.post("/quan-ly/chu-de/agri.bee/chuyen", &[("thuoc", "env")]);
    assert_eq!(kinds(&moved), (303, "/quan-ly/chu-de/env.bee?da=chuyen".to_owned()));
    until(&server, "topic=env", &["nam-rom", "nuoi-ong"]);
    until(&server, "topic=agri", &["nam-rom"]);
    let page = get(&format!("{}/tim?q=ong&chu-de=agri.bee", server.url)).text();
    assert!(page.contains("chu-de=env.bee") && page.contains("<mark>ong</mark> lấy mật"), "{page}");
}

#[test]
fn areas_are_renamed_and_merged_with_what_is_about_them() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path());
    let ground = [("ngay", "2026-06-01"), ("can-cu", "Nghị quyết 99/NQ-UBTVQH15")];
    let mut fields = vec![("ten-moi", "Xã Sông Hiền")];
    fields.extend(ground);
    agree(&mut admin, "/quan-ly/dia-ban/qt.gio-linh/thay-doi/doi-ten", &fields);
    for name in ["Gio Linh", "Sông Hiền"] {
        assert_eq!(ids(&server, &format!("q={}", encode(&format!("nuôi ong ở {name}")))), ["nuoi-ong"], "{name}");
        assert!(
            admin
                .get(&format!("/quan-ly/dia-ban?ten={}", encode(name)))
                .text()
                .contains("/quan-ly/dia-ban/qt.gio-linh")
        );
    }
    let village = [("ten", "Thôn Hà Thanh"), ("cap", "village"), ("thuoc", "qt.gio-linh"), ("ma", "")];
    let village: Vec<_> = village.into_iter().chain(ground).collect();
    let made = admin.post("/quan-ly/dia-ban/moi", &village);
    assert_eq!(kinds(&made), (303, "/quan-ly/dia-ban/thon.ha-thanh?da=them".to_owned()));

    let mut fields = vec![("cung", "qt.con-tien"), ("ke-tuc", ""), ("ten-moi", "Xã Bắc Hiền")];
    fields.extend([("ngay", "2026-07-01"), ("can-cu", "Nghị quyết 100/NQ-UBTVQH15")]);
    agree(&mut admin, "/quan-ly/dia-ban/qt.gio-linh/thay-doi/sap-nhap", &fields);
    until(&server, "area=qt.bac-hien", &["nam-rom", "nuoi-ong"]);
    assert_eq!(ids(&server, "area=qt.gio-linh"), ["nuoi-ong"]);
    assert!(admin.get("/quan-ly/dia-ban/thon.ha-thanh").text().contains("Xã Bắc Hiền"), "the village lies in the heir");
    let all = get(&format!("{}/api/v1/areas?q={}", server.url, encode("gio linh"))).json();
    assert!(all.to_string().contains("qt.bac-hien"), "{all}");
}

#[test]
fn a_form_that_cannot_be_says_why_and_keeps_what_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut admin) = served(folder.path());
    let fields = [("ten", "Sở <b>Lạ</b>"), ("loai", "department"), ("ngay", "2026-06-01"), ("can-cu", "")];
    let refused = admin.post("/quan-ly/co-quan/moi", &fields);
    assert_eq!(refused.status, 400);
    let text = refused.text();
    assert!(text.contains("role=\"alert\"") && text.contains("văn bản căn cứ"), "{text}");
    assert!(text.contains("Sở &#60;b&#62;Lạ") && text.contains("value=\"department\" selected"), "{text}");
    let shown = admin.post(
        "/quan-ly/co-quan/so-xd/thay-doi/hop-nhat",
        &[("cung", "so-gddt"), ("ten-moi", "Sở Ghép"), ("ngay", "2026-06-01"), ("can-cu", "NQ 1"), ("sua", "1")],
    );
    assert!(shown.status == 200 && shown.text().contains("value=\"Sở Ghép\""), "back to be corrected");
    assert_eq!(admin.get("/quan-ly/co-quan/khong-co").status, 404);
    assert_eq!(admin.get("/quan-ly/co-quan/so-xd/thay-doi/la").status, 404);
    assert!(admin.get("/quan-ly/co-quan?ten=zzzz").text().contains("Không có cơ quan nào"));
    assert!(admin.get("/quan-ly/dia-ban?ten=zzzz").text().contains("Không có địa bàn nào"));
    assert!(admin.get("/quan-ly/chu-de?ten=zzzz").text().contains("Không có chủ đề nào"));
}
