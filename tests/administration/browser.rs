//! The administrator's pages as people use them: a telephone and a desk, with a screen reader.

use super::served;
use crate::accounts::PASSWORD;
use crate::support::browser::Page;

async fn sign_in(page: &mut Page, url: &str, back: &str) {
    page.goto(&format!("{url}/dang-nhap?ve={back}")).await;
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text("quantri").await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
}

const PATHS: [&str; 19] = [
    "/quan-ly/tinh",
    "/quan-ly/co-quan?ten=so",
    "/quan-ly/co-quan/moi",
    "/quan-ly/co-quan/so-nnmt",
    "/quan-ly/co-quan/so-nnmt/thay-doi/tach",
    "/quan-ly/co-quan/so-nnmt/thay-doi/chuyen-chuc-nang",
    "/quan-ly/chu-de",
    "/quan-ly/chu-de/agri.bee",
    "/quan-ly/dia-ban?ten=gio+linh",
    "/quan-ly/dia-ban/moi",
    "/quan-ly/dia-ban/qt.gio-linh",
    "/quan-ly/dia-ban/qt.gio-linh/thay-doi/sap-nhap",
    "/quan-ly/tu-dong-nghia",
    "/quan-ly/hang-doi",
    "/quan-ly/gioi-han",
    "/quan-ly/giay-phep",
    "/giay-phep",
    "/quan-ly/vi-sao?q=nuoi+ong",
    "/tim?q=nuoi+ong",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_administrator_fit_a_telephone_and_are_accessible() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (server, _) = tokio::task::spawn_blocking(move || served(&path)).await.unwrap();
    let mut page = Page::open(360, 740).await;
    sign_in(&mut page, &server.url, "/quan-ly/tinh").await;
    assert_eq!(page.text("location.pathname").await, "/quan-ly/tinh");
    for width in [360, 1280] {
        page.resize(width, 740).await;
        for path in PATHS {
            page.goto(&format!("{}{path}", server.url)).await;
            page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
            page.check(path).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_agencies_merge_on_a_telephone_and_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (server, _) = tokio::task::spawn_blocking(move || served(&path)).await.unwrap();
    let mut page = Page::open(360, 740).await;
    sign_in(&mut page, &server.url, "/quan-ly/co-quan/so-xd").await;
    page.follow("a[href$='/thay-doi/hop-nhat']").await;
    page.eval("document.querySelector('#cung-1').value = 'so-gddt'").await;
    page.eval("document.querySelector('#ten-moi-1').value = 'Sở Ghép tỉnh Quảng Trị'").await;
    page.eval("document.querySelector('#ngay').value = '2026-06-01'").await;
    page.eval("document.querySelector('#can-cu').value = 'Nghị quyết 1'").await;
    page.follow("main form button").await;
    assert!(
        page.text("document.querySelector('main').innerText").await.contains("Cơ quan mới: Sở Ghép tỉnh Quảng Trị")
    );
    page.check("the plan").await;
    page.follow("main form button").await;
    let said = page.text("document.querySelector('[role=status]').textContent").await;
    assert!(said.contains("Đã ghi việc hợp nhất"), "{said}");
    page.check("an ended body with an entry of today").await;
    page.follow("form[action$='/huy'] button").await;
    let said = page.text("document.querySelector('[role=status]').textContent").await;
    assert!(said.contains("Đã hủy"), "{said}");
}
