//! Attendance on a phone in airplane mode, in a real browser at 360 px.

use super::{House, class, people, roll, send};
use crate::accounts::PASSWORD;
use crate::support::browser::Page;
use crate::support::http::Browser;
use serde_json::json;
use std::time::{Duration, Instant};

async fn house(count: u128) -> (House, Browser, String) {
    tokio::task::spawn_blocking(move || {
        let house = House::new(&[]);
        let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
        let class = class(&mut lan, "names");
        send(&mut lan, &class, &json!({"source": "phone", "walk_ins": people(count)}));
        (house, lan, class)
    })
    .await
    .unwrap()
}

/// Signs in on a telephone and loads the roll, as one does where there is still a line.
async fn phone(house: &House, class: &str) -> Page {
    let base = &house.server.url;
    let mut page = Page::open(360, 740).await;
    page.follow_workers().await;
    page.goto(&format!("{base}/dang-nhap?ve=/quan-ly/lop/{class}")).await;
    page.eval("document.querySelector('#ten').focus()").await;
    page.type_text("lan").await;
    page.press("Tab").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.loaded().await;
    page.follow("a[href*='/diem-danh?lop=']").await;
    page.until("document.querySelector('[data-phone]').dataset.state === 'ready'").await;
    page.until("navigator.serviceWorker.controller !== null").await;
    page
}

/// Taps where a selector's element is, as a finger does.
async fn tap(page: &mut Page, selector: &str) {
    let found = format!("document.querySelector({})", json!(selector));
    let place = page
        .eval(&format!(
            "(() => {{ const e = {found}; e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const b = e.getBoundingClientRect(); \
             return [b.x + b.width / 2, b.y + b.height / 2, b.width, b.height]; }})()"
        ))
        .await;
    let [x, y, width, height] = [0, 1, 2, 3].map(|at| place[at].as_f64().unwrap());
    assert!(width >= 44.0 && height >= 44.0, "{selector} is {width} × {height} px: too small for a finger");
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
        page.call("Input.dispatchMouseEvent", event).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_learners_are_marked_in_airplane_mode_and_arrive_once_when_the_line_is_back() {
    let (house, mut lan, class) = house(40).await;
    let mut page = phone(&house, &class).await;
    page.check("the roll on a telephone").await;
    page.offline(true).await;
    // The telephone was asleep: the page opens anew without any line.
    page.goto(&format!("{}/diem-danh?lop={class}", house.server.url)).await;
    page.until("document.querySelector('[data-phone]').dataset.state === 'ready'").await;
    let began = Instant::now();
    for place in 1..=40 {
        let presence = if place % 10 == 0 { "absent" } else { "present" };
        tap(&mut page, &format!("[data-list] li:nth-child({place}) [data-presence={presence}]")).await;
    }
    page.until("document.querySelector('[data-count]').textContent.startsWith('36 có mặt, 40/40')").await;
    let needed = began.elapsed();
    assert!(needed < Duration::from_mins(5), "{needed:?}");
    page.until("/Chưa gửi 40 lượt.*mất mạng/.test(document.querySelector('[data-unsent]').textContent)").await;
    let (mut lan, class) = tokio::task::spawn_blocking(move || {
        assert_eq!(roll(&mut lan, &class)["marks"].as_array().unwrap().len(), 0);
        (lan, class)
    })
    .await
    .unwrap();
    page.offline(false).await;
    page.until("document.querySelector('[data-unsent]').textContent.startsWith('Không còn gì chưa gửi')").await;
    let marks = tokio::task::spawn_blocking(move || roll(&mut lan, &class)["marks"].clone()).await.unwrap();
    let marks = marks.as_array().unwrap();
    let came = marks.iter().filter(|one| one["presence"] == "present").count();
    assert_eq!((marks.len(), came), (40, 36));
    // Done: no name stays on the telephone.
    page.eval("document.querySelector('[data-done]').click()").await;
    page.until("location.search === '' && document.querySelector('[data-phone]')?.dataset.state === 'ready'").await;
    let kept = "new Promise(r => { const o = indexedDB.open('diem-danh'); o.onsuccess = () => { const q = o.result.transaction('rolls').objectStore('rolls').count(); q.onsuccess = () => r(q.result); }; })";
    assert_eq!(page.eval(kept).await, json!(0));
    println!("forty learners in {needed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn someone_without_a_phone_is_added_within_thirty_seconds_while_offline() {
    let (house, mut lan, class) = house(2).await;
    let mut page = phone(&house, &class).await;
    page.offline(true).await;
    let began = Instant::now();
    tap(&mut page, "[data-class] details summary").await;
    for (field, text) in [("name", "Hồ Thị Mới"), ("birth_year", "1955"), ("village", "Bản Cát")] {
        page.eval(&format!("document.querySelector('[data-walk-in] [name={field}]').focus()")).await;
        page.type_text(text).await;
    }
    page.press("Enter").await;
    page.until("document.querySelector('[data-added]').textContent === 'Đã thêm Hồ Thị Mới, có mặt.'").await;
    let needed = began.elapsed();
    assert!(needed < Duration::from_secs(30), "{needed:?}");
    page.check("a walk-in").await;
    page.offline(false).await;
    page.until("document.querySelector('[data-unsent]').textContent.startsWith('Không còn gì chưa gửi')").await;
    let shown = tokio::task::spawn_blocking(move || roll(&mut lan, &class)).await.unwrap();
    let learner = shown["learners"].as_array().unwrap().iter().find(|one| one["name"] == "Hồ Thị Mới").unwrap().clone();
    assert_eq!(shown["marks"].as_array().unwrap().len(), 1);
    assert_eq!((&shown["marks"][0]["learner"], &shown["marks"][0]["presence"]), (&learner["id"], &json!("present")));
    println!("a walk-in in {needed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_waits_for_marks_that_were_not_sent_and_takes_every_name_along() {
    let (house, _lan, class) = house(3).await;
    let mut page = phone(&house, &class).await;
    page.offline(true).await;
    tap(&mut page, "[data-list] li:nth-child(1) [data-presence=present]").await;
    page.until("document.querySelector('[data-unsent]').textContent.includes('Chưa gửi 1 lượt')").await;
    // Another page of the service, whose sign-out does not lose the mark.
    page.offline(false).await;
    page.until("document.querySelector('[data-unsent]').textContent.startsWith('Không còn gì chưa gửi')").await;
    page.goto(&format!("{}/quan-ly/lop/{class}", house.server.url)).await;
    let waiting = "new Promise(r => { const o = indexedDB.open('diem-danh'); o.onsuccess = () => { const t = o.result.transaction('marks', 'readwrite'); t.objectStore('marks').put({id: 'x', class: 'y'}); t.oncomplete = () => { o.result.close(); r(1); }; }; })";
    page.eval(waiting).await;
    page.follow("form[action='/dang-xuat'] button").await;
    assert_eq!(page.text("location.pathname + location.search").await, "/diem-danh?chua-gui=1");
    page.eval("new Promise(r => { const o = indexedDB.open('diem-danh'); o.onsuccess = () => { const t = o.result.transaction('marks', 'readwrite'); t.objectStore('marks').clear(); t.oncomplete = () => { o.result.close(); r(1); }; }; })").await;
    page.goto(&format!("{}/quan-ly/lop/{class}", house.server.url)).await;
    page.follow("form[action='/dang-xuat'] button").await;
    let left = page.eval("indexedDB.databases().then(all => all.length)").await;
    assert_eq!(left, json!(0), "no roll stays on the device");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_takes_one_key_a_mark_and_every_page_of_attendance_fits_a_telephone() {
    let (house, mut lan, class) = house(5).await;
    let mut page = phone(&house, &class).await;
    let base = format!("{}/quan-ly/lop/{class}", house.server.url);
    page.goto(&format!("{base}/diem-danh")).await;
    page.check("the table").await;
    let sheet = page.text("document.querySelector('thead a').getAttribute('href')").await;
    page.eval("document.querySelector('[name=o-0-1]').focus()").await;
    for letter in ["x", "v", "x", "m", "q", "p"] {
        page.type_text(letter).await;
    }
    let typed = "[...document.querySelectorAll('input[name$=\"-1\"]')].map(e => e.value).join('')";
    assert_eq!(page.text(typed).await, "xvxmp", "a key that is no mark is passed over");
    page.follow("button[value=luu]").await;
    assert_eq!(page.text("document.querySelector('[role=status]').textContent").await, "Đã lưu điểm danh.");
    assert_eq!(page.text(typed).await, "xvxmp");
    page.check("the table after it was kept").await;
    page.goto(&format!("{}{sheet}", house.server.url)).await;
    page.check("the sheet").await;
    page.goto(&format!("{base}/so-nguoi")).await;
    page.check("the headcounts").await;
    let marks = tokio::task::spawn_blocking(move || roll(&mut lan, &class)["marks"].clone()).await.unwrap();
    assert_eq!(marks.as_array().unwrap().len(), 5);
}
