use crate::support::browser::Page;
use crate::support::program::seed_content;
use crate::support::seeded::{recognised, url};
use serde_json::json;

/// The address of a seed server, asked for outside the test's own thread pool.
async fn seed() -> &'static str {
    tokio::task::spawn_blocking(url).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_searches_with_and_without_marks_and_reads_at_the_page_that_matched() {
    let base = seed().await;
    let mut page = Page::open(360, 740).await;
    for query in ["trồng lúa bị đạo ôn", "trong lua bi dao on"] {
        page.goto(base).await;
        page.eval("document.querySelector('input[name=q]').focus()").await;
        page.type_text(query).await;
        page.press("Enter").await;
        page.loaded().await;
        let marked = page.text("document.querySelector('ol.list p mark').textContent").await;
        assert_eq!(marked, "trồng lúa bị đạo ôn", "{query}");
    }
    assert!(page.text("document.querySelector('ol.list h2').textContent").await.contains("đạo ôn"));
    page.follow("ol.list h2 a").await;
    assert!(page.text("location.search + location.hash").await.starts_with("?trang="));
    assert!(page.text("document.querySelector('#noi-dung').textContent").await.contains("đạo ôn"));
    assert!(page.text("document.querySelector('a[download]').getAttribute('href')").await.starts_with("/tep/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_is_narrowed_and_widened_again_without_script() {
    let base = seed().await;
    let mut page = Page::open(1280, 900).await;
    page.call("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    page.goto(&format!("{base}/tim?q=an+toan")).await;
    let before = page.text("document.querySelector('[role=status]').textContent").await;
    page.follow(".side details ul a").await;
    let narrowed = page.text("document.querySelector('[role=status]').textContent").await;
    assert_ne!(before, narrowed);
    page.follow(".chips a").await;
    assert_eq!(page.text("document.querySelector('[role=status]').textContent").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_text_and_high_contrast_last_on_every_page() {
    let base = seed().await;
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tuy-chon")).await;
    let small = page.eval("parseFloat(getComputedStyle(document.body).fontSize)").await.as_f64().unwrap();
    page.eval("document.querySelector('[name=chu-lon]').checked = true").await;
    page.eval("document.querySelector('[name=tuong-phan]').checked = true").await;
    page.follow("form[method=post] button").await;
    page.goto(&format!("{base}/chu-de")).await;
    let large = page.eval("parseFloat(getComputedStyle(document.body).fontSize)").await.as_f64().unwrap();
    assert!(large > small * 1.2, "{small} {large}");
    assert_eq!(page.text("getComputedStyle(document.body).color").await, "rgb(0, 0, 0)");
    page.goto(&format!("{base}/tuy-chon")).await;
    assert_eq!(page.eval("document.querySelector('[name=chu-lon]').checked").await, json!(true));
    page.goto(&format!("{base}/khong-co")).await;
    assert_eq!(page.text("document.querySelector('h1').textContent").await, "Không có trang này");
    let error = page.eval("parseFloat(getComputedStyle(document.body).fontSize)").await.as_f64().unwrap();
    assert!(error > small * 1.2, "{small} {error}");
    assert_eq!(page.text("getComputedStyle(document.body).color").await, "rgb(0, 0, 0)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_alone_reaches_the_first_result() {
    let base = seed().await;
    let mut page = Page::open(1280, 900).await;
    page.goto(&format!("{base}/tim?q=lua")).await;
    for _ in 0..40 {
        page.press("Tab").await;
        if page.eval("!!document.activeElement.closest('ol.list h2')").await == json!(true) {
            page.press("Enter").await;
            page.loaded().await;
            assert!(page.text("location.pathname").await.starts_with("/hoc-lieu/"));
            return;
        }
    }
    panic!("no result was reached with the keyboard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_page_fits_a_phone_and_violates_no_accessibility_rule() {
    let base = seed().await;
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tim?q=lua")).await;
    let material = page.text("document.querySelector('ol.list h2 a').getAttribute('href')").await;
    page.goto(&format!("{base}/lop-hoc")).await;
    let class = page.text("document.querySelector('ul.list h2 a').getAttribute('href')").await;
    let [poster, aloud] = ["ap-phich", "doc-loa"].map(|part| format!("{class}/{part}"));
    let printout = format!("{}/in", material.split('/').take(3).collect::<Vec<_>>().join("/"));
    let paths = [
        "/",
        "/tim?q=lua",
        "/tim?q=zzzzzz",
        &material,
        &printout,
        "/lop-hoc",
        "/lop-hoc?xem=thang",
        "/lop-hoc?xem=tuan",
        "/lop-hoc?dia-ban=qt.ta-rut",
        &class,
        &poster,
        &aloud,
        "/chung-nhan",
        "/hoc-lieu",
        "/chu-de",
        "/chu-de/agri",
        "/co-quan",
        "/co-quan/so-nnptnt",
        "/dia-ban",
        "/dia-ban/qt.gio-linh",
        "/loai",
        "/tuy-chon",
        "/gioi-thieu",
        "/rieng-tu",
        "/tiep-can",
        "/lien-he",
        "/phan-anh",
        "/api",
        "/khong-co",
    ];
    for path in paths {
        page.goto(&format!("{base}{path}")).await;
        let over = page.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().unwrap();
        assert!(over <= 0, "{path} scrolls sideways by {over} px");
        let violations = page.axe_violations().await;
        assert!(violations.is_empty(), "{path}: {violations:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_theme_has_contrast_enough_and_large_text_fits_a_phone() {
    let base = seed().await;
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tim?q=lua")).await;
    let material = page.text("document.querySelector('ol.list h2 a').getAttribute('href')").await;
    for theme in ["toi", "tuong-phan", "tuong-phan.toi", "chu-lon"] {
        page.eval(&format!("document.cookie = 'tuy-chon={theme}; path=/'")).await;
        for path in ["/", "/tim?q=lua&chu-de=agri", &material, "/chu-de", "/co-quan/so-nnmt", "/tuy-chon"] {
            page.goto(&format!("{base}{path}")).await;
            let violations = page.axe_violations().await;
            assert!(violations.is_empty(), "{theme} {path}: {violations:#?}");
            let over = page.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().unwrap();
            assert!(over <= 0, "{theme} {path} scrolls sideways by {over} px");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_original_is_downloaded_under_its_own_name_byte_for_byte() {
    let base = seed().await;
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tim?q=lua+dao+on")).await;
    page.follow("ol.list h2 a").await;
    let folder = tempfile::tempdir().unwrap();
    page.save_downloads_to(folder.path()).await;
    page.eval("document.querySelector('a[download]').click()").await;
    let saved = page.downloaded(folder.path()).await;
    let original = seed_content().join("materials").join(saved.file_name().unwrap());
    assert_eq!(std::fs::read(&saved).unwrap(), std::fs::read(&original).unwrap(), "{}", original.display());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_printed_page_is_a_handout_without_menus_or_buttons() {
    let base = seed().await;
    let mut page = Page::open(1280, 900).await;
    page.goto(&format!("{base}/tim?q=lua+dao+on")).await;
    page.follow("ol.list h2 a").await;
    page.call("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
    let shown = "[...document.querySelectorAll('header nav, footer nav, button, a.button, input')].filter(e => e.offsetParent).length";
    assert_eq!(page.eval(shown).await, json!(0));
    assert!(page.text("document.querySelector('#noi-dung').innerText").await.contains("đạo ôn"));
    assert!(page.text("document.body.innerText").await.contains("không phải ấn phẩm"), "the note stays on paper");
    let printed = page.call("Page.printToPDF", json!({"paperWidth": 8.27, "paperHeight": 11.7})).await;
    assert!(printed["data"].as_str().unwrap().starts_with("JVBERi"), "a PDF in Base64");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_read_aloud_and_a_device_without_a_voice_is_told_what_to_do() {
    let base = seed().await;
    let mut page = Page::open(360, 740).await;
    page.goto(&format!("{base}/tim?q=lua+dao+on")).await;
    page.follow("ol.list h2 a").await;
    // The voices are the device's; here there is first none, then a Vietnamese one that notes what it is given.
    page.eval("speechSynthesis.getVoices = () => []; document.querySelector('#nghe').click()").await;
    assert!(page.text("document.querySelector('#nghe-giup').innerText").await.contains("Tiếng Việt"));
    assert_eq!(page.text("document.activeElement.id").await, "nghe-giup");
    page.eval(
        "window.said = []; speechSynthesis.getVoices = () => [{lang: 'vi-VN'}];
         Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', {set() {}, get() {}});
         speechSynthesis.speak = part => { said.push(part.text); setTimeout(() => part.onend(), 0); };
         document.querySelector('#nghe').click()",
    )
    .await;
    page.until("document.querySelector('#nghe').textContent === 'Nghe'").await;
    let said = page.text("said.join(' ')").await;
    assert!(said.contains("đạo ôn") && !said.contains("Tải"), "{said}");
    assert_eq!(page.eval("document.querySelector('#nghe-giup').hidden").await, json!(true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_picture_of_a_scanned_page_is_shown_beside_its_text_on_request() {
    let base = seed().await;
    let scan = tokio::task::spawn_blocking(|| recognised("trong-rung-fsc")).await.unwrap();
    for (width, beside) in [(360, false), (1280, true)] {
        let mut page = Page::open(width, 900).await;
        page.goto(&format!("{base}{}?trang=1", scan.address)).await;
        let text = page.text("document.querySelector('#noi-dung').textContent").await;
        assert!(text.contains("Văn bản do máy đọc từ bản quét, có thể sai sót."), "{text}");
        // A phone on a weak line fetches the picture only when it is asked for.
        assert_eq!(
            page.eval(
                "document.querySelector('.scan img').complete && document.querySelector('.scan img').naturalWidth > 0"
            )
            .await,
            json!(false)
        );
        page.eval("document.querySelector('.scan summary').click()").await;
        page.until("document.querySelector('.scan img').naturalWidth > 800").await;
        let lies_beside = "(() => { const [a, b] = ['.scan img', '.scan > div'].map(s => document.querySelector(s).getBoundingClientRect()); return a.right <= b.left; })()";
        assert_eq!(page.eval(lies_beside).await, json!(beside), "{width}");
        assert_eq!(page.eval("document.documentElement.scrollWidth <= innerWidth").await, json!(true), "{width}");
        let violations = page.axe_violations().await;
        assert!(violations.is_empty(), "{width}: {violations:?}");
    }
}
