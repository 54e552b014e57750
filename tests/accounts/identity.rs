//! Signing in at another's identity provider: a real one, in a real browser.

use super::PASSWORD;
use crate::support::browser::Page;
use crate::support::http::{Browser, get};
use crate::support::identity::{Provider, free_port};
use crate::support::program::{Server, run, seed_content};
use std::path::Path;

/// A provider and a server that knows it, with an account for `lan@vidu.vn`.
fn both(folder: &Path) -> (Provider, Server) {
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let public_url = format!("http://{address}");
    let provider = Provider::start(&public_url);
    let (data, seed) = (folder.join("data"), seed_content().to_string_lossy().into_owned());
    let said = run(
        &data,
        &[
            "--seed-content",
            &seed,
            "account",
            "add",
            "lan",
            "--name",
            "Nguyễn Thị Lan",
            "--email",
            "lan@vidu.vn",
            "--organisation",
            "so-nnmt",
            "--role",
            "author",
        ],
    );
    assert_eq!(said.code, Some(0), "{said:?}");
    let server = Server::start(
        &data,
        &[
            "--seed-content",
            "/nonexistent",
            "--listen",
            &address,
            "--public-url",
            &public_url,
            "--oidc-issuer",
            &provider.issuer,
            "--oidc-client-id",
            "hoclieu",
            "--oidc-client-secret",
            "bi-mat-cua-dich-vu",
        ],
    );
    (provider, server)
}

/// Goes to the provider and says there who one is.
async fn come_as(page: &mut Page, base: &str, name: &str) {
    page.goto(&format!("{base}/dang-nhap?ve=/chu-de")).await;
    page.follow("main a.button").await;
    page.eval("document.querySelector('input').focus()").await;
    page.type_text(name).await;
    page.press("Enter").await;
    page.loaded().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_proved_elsewhere_comes_in_as_their_own_account_and_nobody_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (_provider, server) = tokio::task::spawn_blocking(move || both(&path)).await.unwrap();
    let mut page = Page::open(360, 740).await;
    come_as(&mut page, &server.url, "lan").await;
    assert_eq!(page.text("location.pathname").await, "/chu-de");
    assert!(page.text("document.querySelector('.staff').innerText").await.contains("Nguyễn Thị Lan"));

    for stranger in ["hoa", "unverified-lan"] {
        let mut page = Page::open(360, 740).await;
        come_as(&mut page, &server.url, stranger).await;
        let said = page.text("document.querySelector('[role=alert]').textContent").await;
        assert!(said.contains("chưa gắn với tài khoản nào"), "{stranger}: {said}");
        assert_eq!(page.eval("document.querySelector('.staff') === null").await, true, "{stranger}");
    }

    // Whoever enters another's address for themselves does not get their person.
    let (url, data) = (server.url.clone(), folder.path().join("data"));
    tokio::task::spawn_blocking(move || {
        let said =
            run(&data, &["account", "add", "mai", "--name", "Mai", "--organisation", "so-nnmt", "--role", "author"]);
        let link = said.out.lines().last().unwrap().strip_prefix(&url).unwrap().to_owned();
        let mut mai = Browser::new(&url);
        assert_eq!(mai.post(&link, &[("mat-khau-moi", PASSWORD)]).status, 303);
        assert_eq!(mai.post("/dang-nhap", &[("ten", "mai"), ("mat-khau", PASSWORD)]).status, 303);
        let fields = [("ho-ten", "Mai"), ("thu", "hoa@vidu.vn"), ("dien-thoai", "")];
        assert_eq!(mai.post("/tai-khoan", &fields).status, 303);
    })
    .await
    .unwrap();
    let mut page = Page::open(360, 740).await;
    come_as(&mut page, &server.url, "hoa").await;
    assert!(page.text("document.querySelector('[role=alert]').textContent").await.contains("chưa gắn"));

    // The provider's own name for the person counts from now on, whatever the address is here.
    let (url, data) = (server.url.clone(), folder.path().join("data"));
    tokio::task::spawn_blocking(move || {
        let said = run(&data, &["account", "link", "lan"]);
        let link = said.out.lines().last().unwrap().strip_prefix(&url).unwrap().to_owned();
        let mut lan = Browser::new(&url);
        assert_eq!(lan.post(&link, &[("mat-khau-moi", PASSWORD)]).status, 303);
        assert_eq!(lan.post("/dang-nhap", &[("ten", "lan"), ("mat-khau", PASSWORD)]).status, 303);
        let fields = [("ho-ten", "Nguyễn Thị Lan"), ("thu", "khac@vidu.vn"), ("dien-thoai", "")];
        assert_eq!(lan.post("/tai-khoan", &fields).status, 303);
    })
    .await
    .unwrap();
    let mut page = Page::open(360, 740).await;
    come_as(&mut page, &server.url, "lan").await;
    assert!(page.text("document.querySelector('.staff').innerText").await.contains("Nguyễn Thị Lan"));
}

#[test]
fn a_return_without_the_departure_or_with_anothers_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (provider, server) = both(folder.path());
    let mut browser = Browser::new(&server.url);
    let left = browser.get("/dang-nhap/danh-tinh?ve=//evil.example");
    let address = left.header("location").to_owned();
    assert!(address.starts_with(&provider.issuer) && address.contains("code_challenge_method=S256"), "{address}");
    assert!(left.header("set-cookie").contains("HttpOnly") && !left.header("set-cookie").contains("evil"));
    let state = address.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().to_owned();
    let back = |browser: &mut Browser, state: &str, code: &str| {
        browser.get(&format!("/dang-nhap/danh-tinh/ve?state={state}&code={code}"))
    };
    let mut other = Browser::new(&server.url);
    assert_eq!(back(&mut other, &state, "x").status, 401, "another browser");
    assert_eq!(back(&mut browser, "of-an-attacker", "x").status, 401);
    browser.get("/dang-nhap/danh-tinh");
    let forged = back(&mut browser, &state, "forged");
    assert_eq!(forged.status, 401);
    assert!(browser.cookies.is_empty(), "nothing is remembered and nobody is signed in: {:?}", browser.cookies);
    drop(provider);
    let silent = Browser::new(&server.url).get("/dang-nhap/danh-tinh");
    assert!(
        silent.status == 503 && silent.text().contains("không trả lời")
            || silent.text().contains("thử lại sau ít phút")
    );
    assert_eq!(get(&format!("{}/dang-nhap", server.url)).status, 200, "passwords still work");
}
