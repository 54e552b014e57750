//! The page where people upload, in a real browser, on a telephone and on a desk, with and without script.

use super::{Office, PASSWORD, post};
use crate::support::browser::Page;
use serde_json::json;
use std::path::PathBuf;

async fn signed_in(office: &Office, login: &str, width: u32) -> Page {
    let mut page = Page::open(width, 740).await;
    page.goto(&format!("{}/dang-nhap?ve=/quan-ly/tai-len", office.url())).await;
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text(login).await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.pathname").await, "/quan-ly/tai-len");
    page
}

/// Gives files to the picker, as a person does in its window.
pub(super) async fn pick(page: &mut Page, files: &[PathBuf]) {
    let document = page.call("DOM.getDocument", json!({})).await;
    let root = document["root"]["nodeId"].clone();
    let input = page.call("DOM.querySelector", json!({"nodeId": root, "selector": "#tep"})).await;
    page.call("DOM.setFileInputFiles", json!({"nodeId": input["nodeId"], "files": files})).await;
}

/// Waits until an expression is true.
async fn until(page: &mut Page, expression: &str) {
    for _ in 0..300 {
        if page.eval(expression).await == json!(true) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let shown = page.text("document.body.innerText").await;
    panic!("{expression}: {shown}");
}

async fn office(arguments: &'static [&'static str]) -> Office {
    tokio::task::spawn_blocking(move || {
        let office = Office::open(arguments);
        office.person("lan", "author", "so-nnmt");
        office
    })
    .await
    .unwrap()
}

fn files(office: &Office, bytes: usize) -> Vec<PathBuf> {
    let texts = [
        ("Trồng ném.md", "# Trồng ném trên cát\n\nNém trồng trên đất cát thì thoát nước tốt.\n"),
        ("Nuôi ong.txt", "Nuôi ong lấy mật ở vùng gò đồi."),
    ];
    let mut all: Vec<PathBuf> = texts
        .map(|(name, text)| {
            let path = office.folder.path().join(name);
            std::fs::write(&path, text.repeat(1 + bytes / text.len())).unwrap();
            path
        })
        .into();
    let program = office.folder.path().join("chương trình.exe");
    std::fs::write(&program, b"MZ\x90\x00\x03\x00\x00\x00\x04").unwrap();
    all.push(program);
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_files_at_once_become_drafts_and_one_that_cannot_be_taken_says_why() {
    let office = office(&[]).await;
    for width in [360, 1280] {
        let mut page = signed_in(&office, "lan", width).await;
        page.check("the empty page").await;
        pick(&mut page, &files(&office, usize::try_from(width).unwrap())).await;
        until(&mut page, "document.querySelectorAll('#dang-gui li a').length === 2").await;
        until(&mut page, "document.querySelector('#dang-gui li .wrong') !== null").await;
        until(
            &mut page,
            "![...document.querySelectorAll('#dang-gui .said')].some(e => e.textContent.includes('Đang đọc'))",
        )
        .await;
        let said = page.text("document.querySelector('#dang-gui ul').innerText").await;
        assert!(said.contains("Chưa đọc được loại tệp này") && said.contains("Đã đọc 1 trang"), "{said}");
        page.check("the page with results").await;
        page.goto(&format!("{}/quan-ly/tai-len", office.url())).await;
        let listed = page.text("document.querySelector('#da-gui').innerText").await;
        assert!(listed.contains("Nuôi ong.txt") && listed.contains("Bản nháp"), "{listed}");
        page.check("the list").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_was_closed_goes_on_where_it_stopped_when_the_same_file_is_picked() {
    let office = office(&["--file-mb", "60"]).await;
    let mut page = signed_in(&office, "lan", 1280).await;
    let path = office.folder.path().join("lớn.txt");
    std::fs::write(&path, "Một dòng về cây ném trên cát.\n".repeat(900_000)).unwrap();
    // A slow line: the second of several pieces is still on its way when the page goes.
    let slow = json!({"offline": false, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 6_000_000});
    page.call("Network.enable", json!({})).await;
    page.call("Network.emulateNetworkConditions", slow).await;
    pick(&mut page, std::slice::from_ref(&path)).await;
    until(
        &mut page,
        "document.querySelector('#dang-gui progress') && document.querySelector('#dang-gui progress').value >= 8 << 20",
    )
    .await;
    page.eval("[...document.querySelectorAll('#dang-gui button')].find(b => b.textContent === 'Tạm dừng').click()")
        .await;
    until(&mut page, "document.querySelector('#dang-gui .said').textContent === 'Đã tạm dừng.'").await;
    page.goto(&format!("{}/quan-ly/tai-len", office.url())).await;
    let unfinished = page.text("document.body.innerText").await;
    assert!(unfinished.contains("Gửi dở") && unfinished.contains("Hãy chọn lại đúng tệp này"), "{unfinished}");
    page.check("the page with an unfinished upload").await;
    let fast = json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    page.call("Network.emulateNetworkConditions", fast).await;
    page.eval("window.first = null; const open = XMLHttpRequest.prototype.setRequestHeader; XMLHttpRequest.prototype.setRequestHeader = function (name, value) { if (name === 'Upload-Offset') window.first ??= +value; return open.call(this, name, value); }; 0").await;
    pick(&mut page, std::slice::from_ref(&path)).await;
    until(&mut page, "document.querySelector('#dang-gui li a') !== null").await;
    assert!(page.eval("window.first").await.as_u64().unwrap() >= 8 << 20, "what was confirmed is not sent again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_form_does_without_script() {
    let office = office(&[]).await;
    let mut page = signed_in(&office, "lan", 360).await;
    page.call("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    page.goto(&format!("{}/quan-ly/tai-len", office.url())).await;
    pick(&mut page, &files(&office, 1)).await;
    page.follow("#tai-len button").await;
    let said = page.text("document.querySelector('section.note').innerText").await;
    assert!(said.contains("Trồng ném.md") && said.contains("Bản nháp."), "{said}");
    assert!(said.contains("chương trình.exe") && said.contains("Chưa đọc được loại tệp này"), "{said}");
    // Whoever may write nowhere is told so.
    let reader = tokio::task::spawn_blocking(move || {
        let mut reader = office.person("xem", "reader", "so-nnmt");
        let token = office.token("doc", "reader", "so-nnmt", &["materials:write"]);
        let refused =
            post("POST", &format!("{}/api/v1/materials", office.url()), &token, &[("file", Some("a.txt"), b"x")]);
        (reader.get("/quan-ly/tai-len").status, refused.status)
    });
    assert_eq!(reader.await.unwrap(), (403, 403));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_file_of_a_material_becomes_its_next_version_under_the_same_address() {
    let (office, id) = tokio::task::spawn_blocking(|| {
        let office = Office::open(&[]);
        office.person("lan", "author", "so-nnmt");
        let token = office.token("hoa", "reviewer", "so-nnmt", &["materials:write"]);
        let url = format!("{}/api/v1/materials?publish=1", office.url());
        let made = post("POST", &url, &token, &[("file", Some("a.txt"), "Bản thứ nhất nói về ném.".as_bytes())]);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        (office, id)
    })
    .await
    .unwrap();
    let mut page = signed_in(&office, "lan", 360).await;
    page.goto(&format!("{}/quan-ly/hoc-lieu/{id}", office.url())).await;
    page.follow(&format!("a[href='/quan-ly/tai-len?hoc-lieu={id}']")).await;
    page.check("the page for a new file").await;
    pick(&mut page, &files(&office, 9)).await;
    page.until("document.querySelector('#dang-gui li a.button') !== null").await;
    assert_eq!(page.eval("document.querySelectorAll('#dang-gui li').length").await, json!(1), "one file at a time");
    page.follow("#dang-gui li a.button").await;
    assert_eq!(page.text("location.pathname").await, format!("/quan-ly/hoc-lieu/{id}"));
    let text = page.text("document.querySelector('main').innerText").await;
    assert!(text.contains("phiên bản 2 đang soạn: bản nháp"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_for_several_bodies_says_for_which_and_what_is_there_already_makes_no_draft() {
    let office = office(&[]).await;
    let office = tokio::task::spawn_blocking(move || {
        office.person("tinh", "admin", "so-nnmt");
        office
    });
    let office = office.await.unwrap();
    let mut page = signed_in(&office, "tinh", 360).await;
    assert_eq!(page.text("document.querySelector('#co-quan').value").await, "", "no body is chosen beforehand");
    pick(&mut page, &files(&office, 9)[..1]).await;
    assert_eq!(
        page.eval("document.querySelectorAll('#dang-gui li').length").await,
        json!(0),
        "it waits for the answer"
    );
    for (heading, hint) in
        [("Đã nhận xong 1 tệp", "mở từng bản nháp"), ("Thư viện đã có 1 tệp này", "Không có bản nháp mới")]
    {
        let choose =
            "(s => { s.value = 'so-nnmt'; s.dispatchEvent(new Event('change')); })(document.querySelector('#co-quan'))";
        page.eval(choose).await;
        until(&mut page, &format!("document.querySelector('#dang-gui h2').textContent === '{heading}'")).await;
        assert!(page.text("document.querySelector('#dang-gui').innerText").await.contains(hint), "{heading}");
        page.goto(&format!("{}/quan-ly/tai-len", office.url())).await;
        pick(&mut page, &files(&office, 9)[..1]).await;
    }
}
