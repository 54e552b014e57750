//! Staff pages as they are sent: writing, keeping while typing, two who write at once, deciding, versions.

use super::staff::{House, act};
use crate::support::http::{Answer, Browser, encode};
use serde_json::json;

/// The fields of a form as a browser would send them, read out of the page.
fn form(page: &str) -> Vec<(String, String)> {
    let part = |tag: &str, name: &str| {
        let rest = tag.split(&format!("{name}=\"")).nth(1)?;
        rest.split('"').next().map(unescape)
    };
    let form = page.split("<form method=\"post\"").nth(1 + usize::from(page.contains("/dang-xuat"))).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let is_on = !tag.contains("type=\"checkbox\"") && !tag.contains("type=\"radio\"") || tag.contains(" checked");
        if tag.starts_with("input") && is_on {
            fields.extend(part(tag, "name").zip(part(tag, "value").or(Some(String::new()))));
        } else if tag.starts_with("textarea") {
            let text = tag.split('>').nth(1).map(unescape).unwrap_or_default();
            fields.extend(part(tag, "name").zip(Some(text)));
        } else if tag.starts_with("option") && tag.contains(" selected") {
            let before = form.split(&format!("<{tag}")).next().unwrap();
            let name = before.rsplit("<select").next().and_then(|select| part(select, "name"));
            fields.extend(name.zip(part(tag, "value")));
        }
    }
    fields
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"")
}

/// Sends a page's form with some fields changed.
#[track_caller]
fn send(browser: &mut Browser, id: &str, fields: &[(String, String)], changed: &[(&str, &str)]) -> Answer {
    let kept = fields.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let mut all: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(changed);
    browser.post(&format!("/quan-ly/hoc-lieu/{id}"), &all)
}

fn page(browser: &mut Browser, id: &str) -> String {
    browser.get(&format!("/quan-ly/hoc-lieu/{id}")).text()
}

#[test]
fn an_author_describes_and_publishes_with_one_button_and_a_reviewer_returns_with_a_comment() {
    let house = House::new(&[]);
    let (mut lan, mut duyet) = (house.person("lan", "author", "so-nnmt"), house.person("duyet", "reviewer", "so-nnmt"));
    let id = house.import(true, &json!({"title": "Bản chưa xong", "topics": [], "text": "Ném trồng trên cát."}));
    assert!(lan.get("/quan-ly").text().contains("Bản chưa xong"), "a draft waits on the first page");
    let fields = form(&page(&mut lan, &id));
    let sent = send(&mut lan, &id, &fields, &[("viec", "send")]);
    assert!(sent.status == 400 && sent.text().contains("Còn thiếu: ít nhất một chủ đề"), "{}", sent.text());
    let changed = [
        ("tieu-de", "Trồng ném trên cát"),
        ("chu-de", "agri.veg"),
        ("giay-phep", "CC-BY-4.0"),
        ("doi-tuong", "farmer"),
        ("hieu-luc-den", "31/12/2030"),
        ("xem-nghe", "https://www.youtube.com/watch?v=a"),
        ("viec", "send"),
    ];
    let bad = send(&mut lan, &id, &fields, &[("xem-nghe", "javascript:alert(1)")]);
    assert!(bad.text().contains("không phải địa chỉ bắt đầu bằng https://"), "{}", bad.text());
    let fields = form(&page(&mut lan, &id));
    assert_eq!(send(&mut lan, &id, &fields, &changed).status, 303);
    assert!(duyet.get("/quan-ly").text().contains("Chờ bạn duyệt"));
    assert!(duyet.get(&format!("/quan-ly/hoc-lieu/{id}/ban/1")).text().contains("Ném trồng trên cát."));
    act(&mut duyet, &id, "return", &[("loi-nhan", "Thiếu <liều lượng>")]);
    let returned = page(&mut lan, &id);
    assert!(returned.contains("Người duyệt trả lại: Thiếu &#60;liều lượng&#62;"), "{returned}");
    assert!(lan.get("/quan-ly").text().contains("Bị trả lại"));
    act(&mut lan, &id, "send", &[]);
    act(&mut duyet, &id, "publish", &[]);
    let public = house.visit(&format!("/hoc-lieu/{id}/x")).text();
    assert!(public.contains("Xem hoặc nghe tại youtube.com"), "{public}");
    for told in ["Trồng ném trên cát", "CC BY 4.0", "Nông dân", "đến hết 31/12/2030", "Rau màu"] {
        assert!(public.contains(told), "{told}");
    }
}

#[test]
fn what_is_typed_is_kept_and_of_two_who_write_at_once_neither_loses_a_word() {
    let house = House::new(&[]);
    let (mut lan, mut hoa) = (house.person("lan", "author", "so-nnmt"), house.person("hoa", "author", "so-nnmt"));
    let id = house.import(true, &json!({"text": "Ném trồng trên cát."}));
    let (first, second) = (form(&page(&mut lan, &id)), form(&page(&mut hoa, &id)));
    let path = format!("/quan-ly/hoc-lieu/{id}");
    let mut typing: Vec<(&str, &str)> = first.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    typing.retain(|(name, _)| *name != "tom-tat");
    typing.push(("tom-tat", "Lan gõ dở"));
    let origin = lan.base.clone();
    let script = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let kept = lan.post_with(&path, &typing, &script);
    assert!(kept.status == 200 && kept.json()["edition"] == 1, "{}", kept.text());
    assert!(page(&mut lan, &id).contains("Lan gõ dở"), "kept without a button");
    // Hoa has not seen what Lan typed.
    let refused = send(&mut hoa, &id, &second, &[("tom-tat", "Hoa viết khác"), ("viec", "send")]);
    assert_eq!(refused.status, 409);
    let text = refused.text();
    for told in ["Nguyễn Thị lan vừa sửa", "Lan gõ dở", "Hoa viết khác"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(page(&mut lan, &id).contains("Lan gõ dở"), "nothing was written over");
    assert_eq!(send(&mut hoa, &id, &form(&text), &[]).status, 303, "having seen it, Hoa may");
    assert!(page(&mut lan, &id).contains("Hoa viết khác"));
    let now = form(&page(&mut hoa, &id));
    let wrong = send(&mut hoa, &id, &now, &[("hieu-luc-tu", "mai"), ("mua-vu", "đông xuân")]);
    assert!(wrong.status == 200 && wrong.text().contains("“mai” không phải ngày"), "{}", wrong.text());
    assert!(page(&mut hoa, &id).contains("đông xuân"), "the rest was kept");
    let stranger = &mut house.person("khac", "author", "so-yt");
    assert_eq!(stranger.post_with(&path, &typing, &script).status, 404, "others do not even learn that it is there");
}

#[test]
fn a_reviewer_decides_about_what_was_seen_and_sees_what_changed_since_the_last_version() {
    let house = House::new(&[]);
    let (mut lan, mut duyet) = (house.person("lan", "author", "so-nnmt"), house.person("duyet", "reviewer", "so-nnmt"));
    let id = house.import(false, &json!({"text": "Ném trồng trên cát, thoát nước tốt.\n\nBón lót phân chuồng."}));
    act(&mut lan, &id, "revise", &[]);
    let stale = form(&page(&mut duyet, &id));
    let fields = form(&page(&mut lan, &id));
    assert_eq!(send(&mut lan, &id, &fields, &[("tieu-de", "Trồng ném vụ mới"), ("viec", "send")]).status, 303);
    let (edition, version) = (value(&stale, "lan"), value(&stale, "ban"));
    let blind = duyet.post(
        &format!("/quan-ly/hoc-lieu/{id}"),
        &[("viec", "publish"), ("ban", version.as_str()), ("lan", edition.as_str())],
    );
    assert!(blind.status == 400 && blind.text().contains("vừa được người khác sửa"), "{}", blind.text());
    let compared = duyet.get(&format!("/quan-ly/hoc-lieu/{id}/so-sanh?truoc=1&sau=2")).text();
    assert!(compared.contains("Trồng ném vụ mới") && compared.contains("2 đoạn giống nhau"), "{compared}");
    act(&mut duyet, &id, "publish", &[]);
    assert!(house.visit(&format!("/hoc-lieu/{id}/x")).text().contains("Trồng ném vụ mới"));
    assert_eq!(house.visit(&format!("/hoc-lieu/{id}/ban/1")).status, 404, "an old version is for staff");
    let kept = duyet.post(&format!("/quan-ly/hoc-lieu/{id}/ban/1"), &[("cho-doc", "1")]);
    assert_eq!(kept.status, 303, "{}", kept.text());
    let old = house.visit(&format!("/hoc-lieu/{id}/ban/1"));
    assert!(old.status == 200 && old.text().contains("Đây là phiên bản cũ") && old.text().contains("noindex"));
    let who = lan.get(&format!("/quan-ly/hoc-lieu/{id}/ai-xem")).text();
    for told in [
        "Mọi người đọc và tìm được bản 2",
        "Người soạn, Sở Nông nghiệp và Môi trường tỉnh Quảng Trị: 1 tài khoản",
        "bản 1",
    ] {
        assert!(who.contains(told), "{told}: {who}");
    }
}

fn value(fields: &[(String, String)], name: &str) -> String {
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn a_very_long_material_is_printed_in_parts_that_lead_on() {
    let house = House::new(&[]);
    let pages: Vec<_> = (1..=230).map(|number| json!({"text": format!("Đoạn riêng số {number}.")})).collect();
    let id = house.import(false, &json!({"title": "Tập tài liệu", "pages": pages}));
    let first = house.visit(&format!("/hoc-lieu/{id}/in")).text();
    assert!(first.contains("Phần này có trang 1 đến 100") && first.contains("Đoạn riêng số 100."), "{first}");
    assert!(!first.contains("Đoạn riêng số 101.") && first.contains(&format!("/hoc-lieu/{id}/in?tu=101")));
    assert!(!first.contains("Phần trước"), "{first}");
    let third = house.visit(&format!("/hoc-lieu/{id}/in?tu=201")).text();
    assert!(third.contains("Đoạn riêng số 230.") && !third.contains("Phần tiếp theo"), "{third}");
    assert!(third.contains(&format!("/hoc-lieu/{id}/in?tu=101")) && third.contains("Phần trước"), "{third}");
    assert_eq!(house.visit(&format!("/hoc-lieu/{id}/in?tu=231")).status, 404);
}

#[test]
fn a_form_of_a_session_that_has_ended_says_so_and_leads_back_to_its_page() {
    let house = House::new(&[]);
    let id = house.import(true, &json!({"title": "Trồng ném", "text": "Ném trồng vào tháng tám."}));
    let path = format!("/quan-ly/hoc-lieu/{id}");
    let mut nobody = Browser::new(&house.server.url);
    let base = house.server.url.clone();
    let own = [("origin", base.as_str()), ("sec-fetch-site", "same-origin")];
    let kept = nobody.post_with(&path, &[("mo-ta", "1")], &[&own[..], &[("accept", "application/json")]].concat());
    assert_eq!(kept.status, 401);
    assert_eq!(kept.json()["code"], "session-ended");
    assert_eq!(kept.json()["detail"], "Phiên đã hết. Đăng nhập ở thẻ khác rồi quay lại, chữ vẫn còn.");
    let mut lands = |from: &str| {
        let answer = nobody.post_with(&path, &[("mo-ta", "1")], &[&own[..], &[("referer", from)]].concat());
        assert_eq!(answer.status, 303);
        answer.header("location").to_owned()
    };
    let back = format!("/dang-nhap?ve={}", encode(&path));
    assert_eq!(lands(&format!("{base}{path}")), back);
    let elsewhere = lands(&format!("http://xau.example{path}"));
    assert_eq!(elsewhere, lands(&format!("{base}//xau.example/")));
    assert!(!elsewhere.contains("xau") && elsewhere != back, "{elsewhere}");
}
