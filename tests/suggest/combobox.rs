use crate::support::browser::Page;
use crate::support::seeded::url;
use serde_json::json;

/// The first page of a seed server, in a browser, with the search box focused.
async fn home(width: u32, height: u32) -> Page {
    let base = tokio::task::spawn_blocking(url).await.unwrap();
    let mut page = Page::open(width, height).await;
    page.goto(base).await;
    page.eval("document.querySelector('input[name=q]').focus()").await;
    page
}

const BOX: &str = "document.querySelector('input[name=q]')";
const OPEN: &str = "document.querySelector('input[name=q]').getAttribute('aria-expanded') === 'true'";
const CLOSED: &str = "document.querySelector('input[name=q]').getAttribute('aria-expanded') === 'false'";

/// Types and waits for suggestions that hold a text.
async fn type_until(page: &mut Page, typed: &str, wanted: &str) {
    page.type_text(typed).await;
    page.until(&format!("document.querySelector('.suggest').textContent.includes({})", json!(wanted))).await;
}

/// The text of the option that assistive technology is told to be on.
async fn reached(page: &mut Page) -> String {
    page.text(&format!(
        "(document.getElementById({BOX}.getAttribute('aria-activedescendant')) || {{}}).textContent || ''"
    ))
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_alone_reaches_a_suggestion_and_opens_it() {
    let mut page = home(1280, 900).await;
    type_until(&mut page, "phong tru benh dao", "đạo ôn").await;
    assert_eq!(page.eval(OPEN).await, json!(true));
    assert_eq!(reached(&mut page).await, "", "nothing is chosen before an arrow is pressed");
    page.press("ArrowDown").await;
    assert!(reached(&mut page).await.starts_with("Phòng trừ bệnh đạo ôn"), "{}", reached(&mut page).await);
    assert_eq!(page.text("document.activeElement.name").await, "q", "the focus stays in the box");
    assert_eq!(page.text("document.querySelector('.suggest b').textContent").await, "Phòng trừ bệnh đạo");
    page.press("Enter").await;
    page.loaded().await;
    assert!(page.text("document.querySelector('h1').textContent").await.contains("đạo ôn"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arrows_go_round_home_and_end_reach_the_ends_and_escape_keeps_what_was_typed() {
    let mut page = home(1280, 900).await;
    type_until(&mut page, "lua", "lúa").await;
    let count = page.eval("document.querySelectorAll('.suggest li').length").await.as_u64().unwrap();
    assert!(count >= 3, "{count}");
    page.press("ArrowUp").await;
    let last = reached(&mut page).await;
    page.press("ArrowDown").await;
    let first = reached(&mut page).await;
    assert!(!first.is_empty() && !last.is_empty() && first != last, "{first} {last}");
    page.press("End").await;
    assert_eq!(reached(&mut page).await, last);
    page.press("Home").await;
    assert_eq!(reached(&mut page).await, first);
    assert_eq!(page.eval("document.querySelectorAll('[aria-selected=true]').length").await, json!(1));
    page.press("Escape").await;
    assert_eq!(page.eval(CLOSED).await, json!(true));
    assert_eq!(page.text(&format!("{BOX}.value")).await, "lua");
    page.press("ArrowDown").await;
    page.until(OPEN).await;
    page.press("Tab").await;
    assert_eq!(page.eval(CLOSED).await, json!(true), "leaving the box closes the list");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_without_a_choice_searches_what_was_typed() {
    let mut page = home(360, 740).await;
    type_until(&mut page, "lua dao", "đạo").await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.search").await, "?q=lua+dao");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_reader_hears_in_vietnamese_how_many_suggestions_there_are() {
    let mut page = home(1280, 900).await;
    type_until(&mut page, "benh", "bệnh").await;
    let heard = "document.querySelector('form.find [role=status]').textContent";
    page.until(&format!("/^Có [1-8] gợi ý\\. Bấm phím mũi tên/.test({heard})")).await;
    page.eval(&format!("{BOX}.value = ''")).await;
    page.type_text("zzqqzz").await;
    page.until(&format!("{heard} === 'Không có gợi ý.'")).await;
    assert_eq!(page.eval(CLOSED).await, json!(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_wait_for_the_word_that_an_input_method_puts_together() {
    let mut page = home(360, 740).await;
    page.eval("window.asked = []; var real = fetch; window.fetch = (u, o) => { asked.push(u); return real(u, o); }")
        .await;
    for (at, part) in ["l", "lu", "lu\u{301}", "l\u{fa}a"].iter().enumerate() {
        let length = part.chars().count();
        let composing = json!({"text": part, "selectionStart": length, "selectionEnd": length});
        page.call("Input.imeSetComposition", composing).await;
        if at == 1 {
            // Keys belong to the input method while it is at work.
            let key = json!({"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229});
            page.call("Input.dispatchKeyEvent", key).await;
        }
    }
    page.type_text("lúa").await;
    page.until("document.querySelector('.suggest').textContent.includes('lúa')").await;
    assert_eq!(page.text("location.pathname").await, "/", "no key of the input method has sent the form");
    let asked = page.eval("asked").await;
    assert!(asked.as_array().unwrap().len() <= 2, "one question for a word, not one for each key: {asked}");
    assert!(asked.to_string().contains("l%C3%BAa"), "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_comes_too_late_is_not_shown() {
    let mut page = home(1280, 900).await;
    // The answer to the first word is held back until the second has been answered.
    page.eval(
        "var real = fetch; window.fetch = (u, o) => u.endsWith('=nem')
             ? new Promise(done => setTimeout(done, 900)).then(() => real(u)) : real(u, o)",
    )
    .await;
    page.type_text("nem").await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    page.eval(&format!("{BOX}.value = ''")).await;
    type_until(&mut page, "vneid", "VNeID").await;
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    let shown = page.text("document.querySelector('.suggest').textContent").await;
    assert!(shown.contains("VNeID") && !shown.contains("nem"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finger_opens_a_suggestion_and_the_list_fits_a_phone_in_every_colour() {
    let base = tokio::task::spawn_blocking(url).await.unwrap();
    for (path, theme) in [("/", "light"), ("/tim?q=lua", "dark"), ("/khong-co", "light"), ("/dia-ban", "dark")] {
        let mut page = Page::open(360, 740).await;
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        page.call("Emulation.setEmulatedMedia", scheme).await;
        page.goto(&format!("{base}{path}")).await;
        page.eval("var box = document.querySelector('input[data-suggest]'); box.focus(); box.value = ''").await;
        page.type_text("gio").await;
        page.until("document.querySelectorAll('.suggest li').length > 0").await;
        page.press("ArrowDown").await;
        let over = page.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().unwrap();
        assert!(over <= 0, "{path} scrolls sideways by {over} px");
        let low = "[...document.querySelectorAll('.suggest li')].filter(l => l.offsetHeight < 44).length";
        assert_eq!(page.eval(low).await, json!(0), "{path}: fingers need 44 px");
        let violations = page.axe_violations().await;
        assert!(violations.is_empty(), "{path}: {violations:#?}");
        page.follow(".suggest li").await;
        assert_ne!(page.text("location.pathname").await, path.split('?').next().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_script_the_box_is_an_ordinary_one() {
    let base = tokio::task::spawn_blocking(url).await.unwrap();
    let mut page = Page::open(360, 740).await;
    page.call("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    page.goto(base).await;
    assert_eq!(page.eval(&format!("{BOX}.getAttribute('role')")).await, json!(null));
    page.eval(&format!("{BOX}.focus()")).await;
    page.type_text("lua").await;
    page.press("Enter").await;
    page.loaded().await;
    assert_eq!(page.text("location.search").await, "?q=lua");
}

#[test]
fn the_script_stays_small() {
    let script = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/static/suggest.js")).unwrap();
    assert!(script.len() < 14 * 1024, "{} bytes", script.len());
}
