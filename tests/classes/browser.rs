//! The pages of those who plan, on a telephone and to a screen reader.

use crate::accounts::PASSWORD;
use crate::review::staff::House;
use crate::support::browser::Page;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_planned_on_a_telephone_and_every_page_on_the_way_is_accessible() {
    let (house, material) = tokio::task::spawn_blocking(|| {
        let house = House::new(&[]);
        house.person("lan", "author", "tthtcd.cam-lo");
        let material = house.import(false, &json!({"text": "Ném trồng trên cát."}));
        (house, material)
    })
    .await
    .unwrap();
    let base = &house.server.url;
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/dang-nhap?ve=/hoc-lieu/{material}/x")).await;
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text("lan").await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
    page.follow("a[href*='/quan-ly/lop/moi']").await;
    check(&mut page, "the form of a class").await;
    page.follow("main form button:not([name])").await;
    assert!(page.text("location.pathname").await.ends_with("/lich"));
    check(&mut page, "the form of a plan").await;
    page.eval("document.querySelector('#ngay').value = '2099-12-01'").await;
    page.follow("button[name=xem]").await;
    assert!(page.text("document.querySelector('[role=status]').textContent").await.contains("1 buổi mới"));
    check(&mut page, "the preview").await;
    page.follow("button[name=luu]").await;
    check(&mut page, "the class").await;
    page.follow("ol.list a[href*='/buoi/']").await;
    check(&mut page, "the meeting").await;
    page.follow("a[href='/quan-ly/lop']").await;
    page.follow("main .list a").await;
    page.follow("main .chips a[href*='/loi-moi/moi']").await;
    check(&mut page, "asking for a speaker").await;
    page.eval("document.querySelector('#ai').selectedIndex = 1").await;
    page.follow("main form button").await;
    assert!(page.text("location.search").await.contains("da=moi"));
    check(&mut page, "the request").await;
    for path in ["loi-moi", "loi-moi?phia=gui", "loi-moi/moi", "lop/so-lieu", "ngay-bao"] {
        page.goto(&format!("{base}/quan-ly/{path}")).await;
        check(&mut page, path).await;
    }
    for path in ["lop", "dia-diem", "dia-diem/moi", "chuyen-de", "chuyen-de/moi", "bao-cao-vien", "bao-cao-vien/moi"] {
        page.goto(&format!("{base}/quan-ly/{path}")).await;
        check(&mut page, path).await;
    }
}

pub(super) async fn check(page: &mut Page, what: &str) {
    let over = page.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().unwrap();
    assert!(over <= 0, "{what} scrolls sideways by {over} px");
    let violations = page.axe_violations().await;
    assert!(violations.is_empty(), "{what}: {violations:#?}");
}
