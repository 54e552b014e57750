//! Putting the text of a scanned page right, beside its picture, as a reviewer of its agency does it.

use super::PASSWORD;
use super::pages::{make, served, sign_in};
use crate::support::browser::Page;
use crate::support::http::{Browser, get};
use crate::support::paper::{self, print};
use crate::support::program::{Server, run};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long recognising two pages may take; machines under test are busy.
const PATIENCE: Duration = Duration::from_mins(4);

/// A server with a published scan of two pages and a reviewer of its agency; answers the scan's id.
fn library(folder: &Path, scan: &[u8]) -> (Server, Browser, String) {
    let (server, mut admin) = served(folder, &[]);
    let (_, link) = make(&mut admin, "lan", "reviewer");
    let mut lan = Browser::new(&server.url);
    assert_eq!(lan.post(&link, &[("mat-khau-moi", PASSWORD)]).status, 303);
    assert_eq!(sign_in(&mut lan, "lan", PASSWORD), 303);
    let documents = folder.join("tai-lieu");
    std::fs::create_dir(&documents).unwrap();
    std::fs::write(documents.join("quet.pdf"), scan).unwrap();
    let said = run(&folder.join("data"), &["import", &documents.to_string_lossy(), "--organisation", "so-nnmt"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let list = get(&format!("{}/api/v1/materials", server.url)).json();
    let own = |item: &&serde_json::Value| item["organisation"]["id"] == "so-nnmt";
    let id = list["items"].as_array().unwrap().iter().find(own).unwrap()["id"].as_str().unwrap().to_owned();
    let begun = Instant::now();
    while get(&format!("{}/api/v1/materials/{id}", server.url)).json()["processing"] != "done" {
        assert!(begun.elapsed() < PATIENCE, "the scan is not read");
        std::thread::sleep(Duration::from_millis(200));
    }
    (server, lan, id)
}

async fn scan() -> Vec<u8> {
    let pages = ["<p>Trồng ném trên đất cát, bón phân chuồng hoai mục.</p>", "<p>Nuôi ong lấy mật ở vùng gò đồi.</p>"];
    let mut printed = Vec::new();
    for page in pages {
        printed.push((print(page).await, 70));
    }
    paper::scan(&printed)
}

/// The value of a field of a form.
fn field(html: &str, name: &str) -> String {
    let rest = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {html}"));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reviewer_puts_a_public_page_right_beside_its_picture_and_others_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let (at, scan) = (folder.path().to_owned(), scan().await);
    let corrected = tokio::task::spawn_blocking(move || {
        let (server, mut lan, id) = library(&at, &scan);
        let address = format!("/quan-ly/hoc-lieu/{id}/trang/1");
        assert!(lan.get(&format!("/hoc-lieu/{id}/x")).text().contains(&address), "the reader's page leads there");
        let shown = lan.get(&address);
        let html = shown.text();
        assert_eq!((shown.status, shown.header("cache-control")), (200, "no-store"));
        assert!(html.contains("chắc chắn") && html.contains("Trồng ném trên đất cát"), "{html}");
        let picture = lan.get(&format!("{address}/anh"));
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/jpeg"));
        let (version, seen) = (field(&html, "ban"), field(&html, "dau"));
        let text = format!("# Trồng ném\r\n\r\n{}\r\n\r\n- bón lót", "Ném Gio Linh thơm, củ nhỏ. ".repeat(300).trim());
        let fields = [("ban", version.as_str()), ("dau", seen.as_str()), ("chu", text.as_str())];
        assert_eq!(lan.post(&address, &fields).header("location"), format!("{address}?da=luu"));
        let page = get(&format!("{}/api/v1/materials/{id}/pages/1", server.url)).json();
        assert_eq!((&page["origin"], &page["heading"]), (&"corrected".into(), &"Trồng ném".into()));
        assert_eq!(page["blocks"].as_array().unwrap().len(), 3, "{page}");
        // Sent once more with what was shown at first: somebody else might have been meanwhile.
        let again = lan.post(&address, &fields);
        assert_eq!(again.status, 400);
        assert!(again.text().contains("Người khác hoặc máy vừa thay chữ"), "{}", again.text());

        let mut visitor = Browser::new(&server.url);
        let led = visitor.get(&address);
        assert!(led.header("location").starts_with("/dang-nhap?ve="), "{}", led.status);
        assert!(!visitor.get(&format!("/hoc-lieu/{id}/x")).text().contains(&address));
        let mut admin = Browser::new(&server.url);
        assert_eq!(sign_in(&mut admin, "quantri", PASSWORD), 303);
        let (_, link) = make(&mut admin, "khach", "reader");
        let mut reader = Browser::new(&server.url);
        reader.post(&link, &[("mat-khau-moi", PASSWORD)]);
        assert_eq!(sign_in(&mut reader, "khach", PASSWORD), 303);
        assert_eq!(reader.get(&address).status, 403);
        assert_eq!(reader.post(&address, &fields).status, 403);
        assert_eq!(reader.get(&format!("{address}/anh")).status, 403);
        let trail = admin.get(&format!("/quan-ly/nhat-ky?hoc-lieu={id}")).text();
        assert!(trail.contains("Sửa chữ của một trang") && trail.contains("Nguyễn Thị Lan"), "{trail}");
    });
    corrected.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_for_it_fits_a_telephone_and_is_accessible() {
    let folder = tempfile::tempdir().unwrap();
    let (at, scan) = (folder.path().to_owned(), scan().await);
    let (server, lan, id) = tokio::task::spawn_blocking(move || library(&at, &scan)).await.unwrap();
    let mut page = Page::open(360, 740).await;
    for (name, value) in &lan.cookies {
        let cookie = serde_json::json!({"name": name, "value": value, "url": server.url});
        page.call("Network.setCookie", cookie).await;
    }
    page.call("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": true})).await;
    page.goto(&format!("{}/quan-ly/hoc-lieu/{id}/trang/2", server.url)).await;
    let tops = "JSON.stringify(['.desk img','.desk textarea'].map(s => document.querySelector(s).getBoundingClientRect().top))";
    let stacked: Vec<f64> = serde_json::from_str(&page.text(tops).await).unwrap();
    assert!(stacked[1] > stacked[0] + 100.0, "the text lies below the picture: {stacked:?}");
    page.eval("document.querySelector('#chu').value = 'Nuôi ong ở gò đồi'").await;
    page.follow(".desk button").await;
    assert_eq!(page.text("document.querySelector('[role=status]').textContent").await, "Đã lưu chữ của trang này.");
    assert_eq!(page.text("document.querySelector('#chu').value").await, "Nuôi ong ở gò đồi");
    page.call("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": false})).await;
    for width in [360, 1280] {
        page.resize(width, 740).await;
        page.goto(&format!("{}/quan-ly/hoc-lieu/{id}/trang/1", server.url)).await;
        let over = page.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().unwrap();
        assert!(over <= 0, "scrolls sideways by {over} px at {width}");
        let violations = page.axe_violations().await;
        assert!(violations.is_empty(), "{width}: {violations:#?}");
    }
    let beside: Vec<f64> = serde_json::from_str(&page.text(tops).await).unwrap();
    assert!((beside[0] - beside[1]).abs() < 100.0, "the text lies beside the picture: {beside:?}");
}
