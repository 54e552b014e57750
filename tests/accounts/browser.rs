//! Signing in as people do it: a small telephone, a keyboard, a screen reader.

use super::PASSWORD;
use crate::support::browser::Page;
use crate::support::http::Browser;
use crate::support::program::Server;

async fn server(folder: &std::path::Path) -> Server {
    let data = folder.join("data");
    tokio::task::spawn_blocking(move || Server::start(&data, &["--seed-content", "/nonexistent"])).await.unwrap()
}

/// Presses Tab until an element has the focus.
async fn tab_to(page: &mut Page, selector: &str) {
    for _ in 0..40 {
        page.press("Tab").await;
        if page.eval(&format!("document.activeElement.matches({})", serde_json::json!(selector))).await == true {
            return;
        }
    }
    panic!("the keyboard does not reach {selector}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_administrator_is_made_and_signs_in_with_the_keyboard_alone_on_a_telephone_without_script() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let mut page = Page::open(360, 740).await;
    page.call("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": true})).await;
    page.goto(&format!("{}/bat-dau", server.url)).await;
    let code = server.first_code.clone().unwrap();
    for (field, text) in [("#ma", code.as_str()), ("#ho-ten", "Trần Văn Bình"), ("#ten", "quantri"), ("#moi", PASSWORD)]
    {
        tab_to(&mut page, field).await;
        page.type_text(text).await;
    }
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.pathname").await, "/quan-ly", "signed in at once");
    tab_to(&mut page, ".staff button").await;
    page.press("Enter").await;
    page.loaded().await;
    for (field, text) in [("#ten", "quantri"), ("#mat-khau", "sai rồi")] {
        tab_to(&mut page, field).await;
        page.type_text(text).await;
    }
    page.press("Enter").await;
    page.loaded().await;
    let said = page.text("document.querySelector('[role=alert]').textContent").await;
    assert_eq!(said, "Tên đăng nhập hoặc mật khẩu không đúng.");
    assert_eq!(page.text("document.querySelector('#ten').value").await, "quantri", "the name need not be typed again");
    tab_to(&mut page, "#mat-khau").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.pathname").await, "/quan-ly");
    assert!(page.text("document.querySelector('.staff').innerText").await.contains("Trần Văn Bình"));
    tab_to(&mut page, ".staff button").await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.pathname").await, "/dang-nhap");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_accounts_fit_a_telephone_and_are_accessible() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path()).await;
    let mut page = Page::open(360, 740).await;
    for path in ["/bat-dau", "/dang-nhap", "/mo-tai-khoan", "/mo-tai-khoan/0000-0000-0000-0000"] {
        page.goto(&format!("{}{path}", server.url)).await;
        page.check(path).await;
    }
    let (url, code) = (server.url.clone(), server.first_code.clone().unwrap());
    let made = tokio::task::spawn_blocking(move || {
        let fields =
            [("ma", code.as_str()), ("ten", "quantri"), ("ho-ten", "Trần Văn Bình"), ("mat-khau-moi", PASSWORD)];
        Browser::new(&url).post("/bat-dau", &fields).status
    });
    assert_eq!(made.await.unwrap(), 303);
    page.goto(&format!("{}/dang-nhap?ve=/quan-ly/nhat-ky", server.url)).await;
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text("quantri").await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.pathname").await, "/quan-ly/nhat-ky");
    for width in [360, 1280] {
        page.resize(width, 740).await;
        for path in [
            "/tai-khoan",
            "/tai-khoan/buoc-hai",
            "/quan-ly/tai-khoan",
            "/quan-ly/tai-khoan/moi",
            "/quan-ly/nhat-ky",
            "/",
        ] {
            page.goto(&format!("{}{path}", server.url)).await;
            page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
            page.check(path).await;
        }
        page.goto(&format!("{}/quan-ly/tai-khoan", server.url)).await;
        page.follow("ul.list h2 a").await;
        page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
        page.check("an account").await;
    }
    page.follow("form[action$='/lien-ket'] button").await;
    assert!(page.text("document.querySelector('.secrets').innerText").await.contains("/mo-tai-khoan/"));
    page.check("a one-time link").await;
}
