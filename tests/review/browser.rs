//! Staff pages in a real browser: what is typed is kept by itself, the keyboard is enough, a telephone too.

use super::staff::{House, act};
use crate::accounts::PASSWORD;
use crate::support::browser::Page;
use serde_json::json;

async fn sign_in(page: &mut Page, base: &str, login: &str, back: &str) {
    page.goto(&format!("{base}/dang-nhap?ve={back}")).await;
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text(login).await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
}

/// Presses Tab until an element has the focus.
async fn tab_to(page: &mut Page, selector: &str) {
    for _ in 0..400 {
        page.press("Tab").await;
        if page.eval(&format!("document.activeElement.matches({})", json!(selector))).await == true {
            return;
        }
    }
    panic!("the keyboard does not reach {selector}");
}

/// A library with a draft, and a material of two versions; its people.
fn furnished() -> (House, String, String) {
    let house = House::new(&[]);
    house.person("lan", "author", "so-nnmt");
    let mut duyet = house.person("duyet", "reviewer", "so-nnmt");
    let draft = house.import(true, &json!({"title": "Trồng ném", "topics": [], "text": "Ném trồng trên cát."}));
    let two = house.import(false, &json!({"title": "Nuôi ong", "text": "Ong cần hoa.\n\nThùng phải sạch."}));
    act(&mut duyet, &two, "revise", &[]);
    act(&mut duyet, &two, "send", &[]);
    (house, draft, two)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_kept_by_itself_and_the_keyboard_alone_sends_it_to_review() {
    let (house, draft, _) = tokio::task::spawn_blocking(furnished).await.unwrap();
    let mut page = Page::open(360, 740).await;
    let path = format!("/quan-ly/hoc-lieu/{draft}");
    sign_in(&mut page, &house.server.url, "lan", &path).await;
    assert_eq!(page.text("location.pathname").await, path);
    tab_to(&mut page, "#tom-tat").await;
    page.type_text("Ném trên đất cát, ít công chăm.").await;
    page.until("document.querySelector('#da-giu').textContent.startsWith('Đã giữ lúc')").await;
    assert!(page.text("document.querySelector('#da-giu').textContent").await.contains("Còn thiếu: ít nhất một chủ đề"));
    page.goto(&format!("{}{path}", house.server.url)).await;
    assert_eq!(page.text("document.querySelector('#tom-tat').value").await, "Ném trên đất cát, ít công chăm.");
    tab_to(&mut page, "#mo-ta summary").await;
    page.press("Enter").await;
    tab_to(&mut page, "input[name=chu-de][value='agri.veg']").await;
    page.press("Space").await;
    tab_to(&mut page, "button[value=send]").await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("document.querySelector('[role=status]').textContent").await, "Đã gửi duyệt.");
    assert!(page.text("document.querySelector('main').innerText").await.contains("Chờ duyệt"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_never_publishes_and_in_the_box_of_a_day_it_schedules() {
    let (house, _, two) = tokio::task::spawn_blocking(furnished).await.unwrap();
    let mut page = Page::open(1280, 800).await;
    let base = house.server.url.clone();
    let path = format!("/quan-ly/hoc-lieu/{two}");
    sign_in(&mut page, &base, "duyet", &path).await;
    let status = "document.querySelector('[role=status]').textContent";
    page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
    page.eval("document.querySelector('#tieu-de').focus()").await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.search").await, "?da=luu");
    assert!(page.text("document.querySelector('main').innerText").await.contains("đang chờ duyệt"));
    page.goto(&format!("{base}{path}/so-sanh?truoc=1&sau=2")).await;
    enter_in_day(&mut page).await;
    assert_eq!(page.text(status).await, "Đã hẹn ngày công bố.");
    page.goto(&format!("{base}{path}")).await;
    enter_in_day(&mut page).await;
    assert_eq!(page.text(status).await, "Đã hẹn ngày công bố.");
}

/// Chooses a day a month ahead and presses Enter in its box.
async fn enter_in_day(page: &mut Page) {
    page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
    page.eval(
        "document.querySelector('#ngay').value = new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10);
         document.querySelector('#ngay').focus()",
    )
    .await;
    page.press("Enter").await;
    page.loaded().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_outlives_a_session_that_has_ended() {
    let (house, draft, _) = tokio::task::spawn_blocking(furnished).await.unwrap();
    let mut page = Page::open(1280, 800).await;
    let path = format!("/quan-ly/hoc-lieu/{draft}");
    sign_in(&mut page, &house.server.url, "lan", &path).await;
    page.call("Network.clearBrowserCookies", json!({})).await;
    page.eval("document.querySelector('#tom-tat').focus()").await;
    page.type_text("Chữ không được mất.").await;
    page.until("document.querySelector('#da-giu').textContent.startsWith('Phiên đã hết')").await;
    page.eval("window.onbeforeunload = null; document.querySelector('#mo-ta .acts button').click()").await;
    page.until("location.pathname === '/dang-nhap' && document.readyState === 'complete'").await;
    assert_eq!(page.text("document.querySelector('[name=ve]').value").await, path);
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text("lan").await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.until("document.querySelector('#da-giu button') !== null").await;
    assert_eq!(page.text("document.querySelector('#tom-tat').value").await, "");
    page.check("the offer").await;
    page.eval("document.querySelector('#da-giu button').click()").await;
    assert_eq!(page.text("document.querySelector('#tom-tat').value").await, "Chữ không được mất.");
    page.until("document.querySelector('#da-giu').textContent.startsWith('Đã giữ lúc')").await;
    page.goto(&format!("{}{path}", house.server.url)).await;
    assert_eq!(page.text("document.querySelector('#tom-tat').value").await, "Chữ không được mất.");
    assert_eq!(page.eval("document.querySelector('#da-giu button')").await, json!(null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_pages_fit_a_telephone_and_a_desk_and_violate_no_accessibility_rule() {
    let (house, draft, two) = tokio::task::spawn_blocking(furnished).await.unwrap();
    let mut page = Page::open(360, 740).await;
    sign_in(&mut page, &house.server.url, "duyet", "/quan-ly").await;
    for width in [360, 1280] {
        page.resize(width, 800).await;
        for path in [
            "/quan-ly".to_owned(),
            "/quan-ly/hoc-lieu".to_owned(),
            "/quan-ly/hoc-lieu?ten=khong-co".to_owned(),
            format!("/quan-ly/hoc-lieu/{draft}"),
            format!("/quan-ly/hoc-lieu/{draft}/ban/1"),
            format!("/quan-ly/hoc-lieu/{two}"),
            format!("/quan-ly/hoc-lieu/{two}/cac-ban"),
            format!("/quan-ly/hoc-lieu/{two}/so-sanh?truoc=1&sau=2"),
            format!("/quan-ly/hoc-lieu/{two}/ai-xem"),
        ] {
            page.goto(&format!("{}{path}", house.server.url)).await;
            page.eval("document.querySelectorAll('details').forEach(d => d.open = true)").await;
            page.check(&format!("{path} at {width}")).await;
        }
    }
}
