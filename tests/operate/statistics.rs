//! An organisation sees its own work and use, and takes it home as tables.

use super::{colleague, import_rows};
use crate::accounts::served;
use crate::support::browser::Page;
use crate::support::http::{Browser, encode, get};
use calamine::{Reader, Xlsx};
use std::io::Cursor;

const ROWS: &str = concat!(
    "{\"id\":\"1\",\"title\":\"Phòng trừ bệnh đạo ôn\",\"text\":\"Bón ít đạm.\",\"topics\":[\"agri.rice\"]}\n",
    "{\"id\":\"2\",\"title\":\"=Lịch cũ\",\"text\":\"Gieo sớm.\",\"valid_to\":\"2020-01-01\"}\n",
    "{\"id\":\"3\",\"title\":\"Đang soạn\",\"text\":\"Chưa xong.\",\"state\":\"draft\"}\n"
);
const PAGE: &str = "/quan-ly/co-quan/so-nnmt/so-lieu";

/// The address of the material with a title.
fn material(url: &str, title: &str) -> String {
    let all = get(&format!("{url}/api/v1/materials")).json()["items"].as_array().unwrap().clone();
    let one = all.iter().find(|item| item["title"] == title).unwrap();
    format!("{url}/hoc-lieu/{}/x", one["id"].as_str().unwrap())
}

/// A library that was used a little.
fn used(folder: &std::path::Path) -> (crate::support::program::Server, Browser) {
    let (server, admin) = served(folder, &[]);
    import_rows(folder, ROWS);
    for _ in 0..2 {
        assert_eq!(get(&material(&server.url, "Phòng trừ bệnh đạo ôn")).status, 200);
    }
    let searches = [
        ("qwxz kjhg", "chu-de=agri", 4),
        ("đạo ôn", "loai=video", 3),
        ("vay vốn", "loai=video", 3),
        ("kjhg qwxz", "chu-de=agri", 2),
    ];
    for (query, narrowed, times) in searches {
        for _ in 0..times {
            assert_eq!(get(&format!("{}/tim?q={}&{narrowed}", server.url, encode(query))).status, 200);
        }
    }
    (server, admin)
}

#[test]
fn what_was_published_waits_is_outdated_used_and_sought_in_vain_is_told_to_its_own_people() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = used(folder.path());
    let mut reader = colleague(&mut admin, "lan", "reader");
    assert_eq!(reader.get("/quan-ly/so-lieu").header("location"), PAGE, "straight to one's own");
    let page = reader.get(PAGE).text();
    let figure = |name: &str, count: u32| page.contains(&format!("<dt>{name}</dt><dd>{count}</dd>"));
    for (name, count) in [
        ("Đang công bố", 2),
        ("Bản nháp", 1),
        ("Chờ duyệt", 0),
        ("Đang công bố nhưng hết hiệu lực", 1),
        ("Công bố lần đầu", 2),
        ("Lượt mở", 2),
        ("Lượt tải", 0),
    ] {
        assert!(figure(name, count), "{name} is not {count}: {page}");
    }
    let (topics, like) = page.split_once("Có từ gần").unwrap();
    assert!(topics.contains("qwxz kjhg") && topics.contains("4 lượt không thấy") && !topics.contains("kjhg qwxz"));
    assert!(like.contains("<span>đạo ôn</span>") && !like.contains("vay vốn"), "{like}");
    assert_eq!(reader.get("/quan-ly/co-quan/so-yt/so-lieu").status, 403);
    assert_eq!(reader.get("/quan-ly/co-quan/khong-co/so-lieu").status, 404);
    assert_eq!(Browser::new(&server.url).get(PAGE).status, 303, "signing in comes first");
    assert_eq!(reader.get(&format!("{PAGE}?tu=2026-02-01&den=2026-01-01")).status, 400);
    let before = reader.get(&format!("{PAGE}?tu=2020-01-01&den=2020-12-31")).text();
    assert!(before.contains("<dt>Lượt mở</dt><dd>0</dd>") && before.contains("từ 01/01/2020"));
    assert!(admin.get("/quan-ly/so-lieu").text().contains(PAGE), "an administrator chooses");
}

#[test]
fn all_of_it_can_be_taken_home_as_csv_and_as_a_workbook_and_no_title_is_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut admin) = used(folder.path());
    let csv = admin.get(&format!("{PAGE}.csv?bang=hoc-lieu"));
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").starts_with("attachment; filename=\"hoc-lieu-so-nnmt-"));
    let text = csv.text();
    assert!(
        text.starts_with("\u{feff}Học liệu,") && text.contains("Phòng trừ bệnh đạo ôn,") && text.contains(",2,0\r\n")
    );
    assert!(text.contains("'=Lịch cũ,") && !text.contains("\n=Lịch"), "{text}");
    assert!(admin.get(&format!("{PAGE}.csv?bang=tim")).text().contains("qwxz kjhg,4,4,tìm trong chủ đề của cơ quan"));
    let book = admin.get(&format!("{PAGE}.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.body)).unwrap();
    assert_eq!(book.sheet_names(), ["Tổng quan", "Học liệu", "Tìm không thấy"]);
    let materials = book.worksheet_range("Học liệu").unwrap();
    let titles: Vec<String> = materials.rows().skip(1).map(|row| row[0].to_string()).collect();
    assert_eq!(titles, ["Phòng trừ bệnh đạo ôn", "=Lịch cũ", "Đang soạn"]);
    assert!(book.worksheet_formula("Học liệu").unwrap().cells().all(|(_, _, formula)| formula.is_empty()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_an_agency_fits_a_telephone_and_is_accessible() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (server, cookies) = tokio::task::spawn_blocking(move || {
        let (server, admin) = used(&path);
        (server, admin.cookies)
    })
    .await
    .unwrap();
    let mut page = Page::open(360, 740).await;
    for (name, value) in cookies {
        page.call("Network.setCookie", serde_json::json!({"url": server.url, "name": name, "value": value})).await;
    }
    for width in [360, 1280] {
        page.resize(width, 740).await;
        for path in [PAGE, "/quan-ly/so-lieu"] {
            page.goto(&format!("{}{path}", server.url)).await;
            page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
            page.check(path).await;
        }
    }
}
