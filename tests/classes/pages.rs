//! Pages and API of classes as they are sent.

use crate::review::staff::{House, act};
use crate::support::http::{Browser, get};
use crate::support::seeded::url;
use serde_json::{Value, json};

/// Makes a venue of Cam Lộ; its id.
fn hall(browser: &mut Browser) -> String {
    let fields = [
        ("ten", "Nhà văn hóa <thôn>"),
        ("loai", "culture_house"),
        ("don-vi", "tthtcd.cam-lo"),
        ("dia-ban", "qt.cam-lo"),
        ("toa-do", "16.8163, 107.1003"),
    ];
    let made = browser.post("/quan-ly/dia-diem/moi", &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").split(['/', '?']).nth(3).unwrap().to_owned()
}

/// Where a form led, without what it says.
fn led(location: &str) -> String {
    location.split('?').next().unwrap().to_owned()
}

#[test]
fn a_class_is_made_from_a_material_planned_seen_and_published_without_script() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let material = house.import(false, &json!({"text": "Ném trồng trên cát."}));
    assert!(lan.get(&format!("/hoc-lieu/{material}/x")).text().contains("Mở lớp với học liệu này"));
    let visitors = house.visit(&format!("/hoc-lieu/{material}/x")).text();
    assert!(!visitors.contains("Mở lớp với học liệu này"));
    let plan = made(&mut lan, &material);
    let class = plan.strip_suffix("/lich").unwrap().to_owned();
    let venue = hall(&mut lan);
    planned(&mut lan, (&plan, &class), &venue);
    let public = class.replace("/quan-ly/lop/", "/lop-hoc/");
    assert_eq!(house.visit(&public).status, 404);
    assert_eq!(lan.post(&class, &[("viec", "publish")]).status, 303);
    let page = house.visit(&public).text();
    for told in [
        "Trồng ném &#60;trên&#62; cát",
        "19:00 – 21:00",
        "Nhà văn hóa &#60;thôn&#62;",
        "mlat=16.8163",
        "Tiếng Bru – Vân Kiều",
        "Hội Nông dân",
        "Tối đa 30 người",
        "\"@type\":\"CourseInstance\"",
        "2099-12-01T19:00:00+07:00",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(house.visit(&format!("/hoc-lieu/{material}/x")).text().contains("Lớp sắp mở với học liệu này"));
    let month = house.visit("/lop-hoc?xem=thang&tu=2099-12-05&dia-ban=qt.cam-lo").text();
    assert!(month.contains("Tháng 12 năm 2099") && month.matches("19:00 Trồng ném").count() == 4, "{month}");
    assert!(!house.visit("/lop-hoc?xem=thang&tu=2099-12-05&dia-ban=qt.lia").text().contains("Trồng ném"));
    one_meeting(&house, &mut lan, (&class, &public), &venue);
}

/// Makes a class from a material by its form; where its meetings are planned.
fn made(lan: &mut Browser, material: &str) -> String {
    let form = lan.get(&format!("/quan-ly/lop/moi?hoc-lieu={material}")).text();
    let chosen = format!("value=\"{material}\" checked");
    for proposed in ["name=\"ten\" type=\"text\" value=\"Trồng ném", "value=\"agri.veg\" checked", &chosen] {
        assert!(form.contains(proposed), "{proposed}");
    }
    let fields = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", "Trồng ném <trên> cát"),
        ("loai", "chuyen-giao"),
        ("chu-de", "agri.veg"),
        ("ngon-ngu", "vi"),
        ("ngon-ngu", "bru"),
        ("hoc-lieu", material),
        ("so-cho", "30"),
        ("dang-ky", "none"),
        ("dem", "names"),
        ("cung", "hoi-nd"),
    ];
    let without: Vec<_> = fields.iter().filter(|(name, _)| *name != "chu-de").copied().collect();
    let refused = lan.post("/quan-ly/lop/moi", &without);
    assert!(refused.status == 400 && refused.text().contains("Hãy chọn ít nhất một chủ đề."), "{}", refused.text());
    let made = lan.post("/quan-ly/lop/moi", &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    led(made.header("location"))
}

/// Plans four evenings: seen first, then kept.
fn planned(lan: &mut Browser, (plan, class): (&str, &str), venue: &str) {
    let rule = [
        ("lap", "weekly"),
        ("ngay", "2099-12-01"),
        ("tu", "19:00"),
        ("den", "21:00"),
        ("thu", "2"),
        ("thu", "4"),
        ("so-buoi", "4"),
        ("cach", "1"),
        ("tru", "03/12/2099"),
        ("dia-diem", venue),
    ];
    let seen = lan.post(plan, &rule).text();
    for told in
        ["4 buổi mới. Chưa lưu gì.", "Thứ ba, 01/12/2099", "âm lịch", "Tháng 12 năm 2099", "Đồng ý, lưu lịch này"]
    {
        assert!(seen.contains(told), "{told}");
    }
    assert!(!seen.contains("03/12/2099</strong>") && lan.get(class).text().contains("Chưa có buổi nào."));
    let kept = lan.post(plan, &[&rule[..], &[("luu", "1")]].concat());
    assert_eq!((kept.status, led(kept.header("location"))), (303, class.to_owned()));
}

/// Moves and cancels one meeting on its page.
fn one_meeting(house: &House, lan: &mut Browser, (class, public): (&str, &str), venue: &str) {
    let shown = lan.get(class).text();
    let link =
        shown.split("href=\"").filter(|part| part.contains("/buoi/") && !part.contains("/buoi/moi")).nth(1).unwrap();
    let meeting = link.split('"').next().unwrap().to_owned();
    let clash = [("ngay", "2099-12-01"), ("tu", "20:00"), ("den", "22:00"), ("dia-diem", venue), ("viec", "doi")];
    let refused = lan.post(&meeting, &clash);
    assert!(refused.status == 400 && refused.text().contains("Địa điểm đã có"), "{}", refused.text());
    let day = [
        ("ngay", "12/12/2099"),
        ("tu", "8h"),
        ("den", "10h30"),
        ("dia-diem", venue),
        ("ly-do", "Bão"),
        ("viec", "doi"),
    ];
    assert_eq!(lan.post(&meeting, &day).status, 303);
    let page = house.visit(public).text();
    for told in ["12/12/2099", "08:00 – 10:30", "Đã dời", "Bão", "EventRescheduled"] {
        assert!(page.contains(told), "{told}");
    }
    let nothing = lan.post(&meeting, &[("viec", "huy"), ("ly-do", "")]);
    assert!(nothing.status == 400 && nothing.text().contains("Hãy ghi lý do hủy"), "{}", nothing.text());
    assert_eq!(lan.post(&meeting, &[("viec", "huy"), ("ly-do", "Lũ về")]).status, 303);
    let api = house.visit(&public.replace("/lop-hoc/", "/api/v1/classes/")).json();
    let states: Vec<&str> =
        api["meetings"].as_array().unwrap().iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states.iter().filter(|state| **state == "planned").count(), 3, "{api}");
    assert_eq!(states.iter().filter(|state| **state == "cancelled").count(), 1, "{api}");
}

#[test]
fn a_material_that_is_withdrawn_is_named_by_no_class() {
    let house = House::new(&[]);
    let (mut lan, mut duyet) =
        (house.person("lan", "author", "tthtcd.cam-lo"), house.person("duyet", "reviewer", "so-nnmt"));
    let material = house.import(false, &json!({"title": "Trồng ném kín", "text": "Ném trồng trên cát."}));
    let plan = made(&mut lan, &material);
    let (class, venue) = (plan.strip_suffix("/lich").unwrap().to_owned(), hall(&mut lan));
    planned(&mut lan, (&plan, &class), &venue);
    assert_eq!(lan.post(&class, &[("viec", "publish")]).status, 303);
    let public = class.replace("/quan-ly/lop/", "/lop-hoc/");
    let places =
        [public.clone(), public.replace("/lop-hoc/", "/api/v1/classes/"), "/api/v1/classes?from=2099-11-30".to_owned()];
    for place in &places {
        assert!(house.visit(place).text().contains("Trồng ném kín"), "{place}");
    }
    act(&mut duyet, &material, "withdraw", &[("loi-nhan", "Sai liều lượng")]);
    for place in &places {
        assert!(!house.visit(place).text().contains("Trồng ném kín"), "{place}");
    }
    assert!(!lan.get(&class).text().contains("Trồng ném kín"));
    assert_eq!(lan.get(&format!("/quan-ly/lop/moi?hoc-lieu={material}")).status, 404);
}

#[test]
fn staff_pages_are_for_those_who_plan_and_a_venue_is_kept_for_a_wedding() {
    let house = House::new(&[]);
    let pages = [
        "lop",
        "lop/moi",
        "dia-diem",
        "dia-diem/moi",
        "chuyen-de",
        "chuyen-de/moi",
        "bao-cao-vien",
        "bao-cao-vien/moi",
        "loi-moi",
        "loi-moi/moi",
        "lop/so-lieu",
    ];
    let (mut lan, mut reader) =
        (house.person("lan", "author", "tthtcd.cam-lo"), house.person("doc", "reader", "so-yt"));
    for page in pages {
        let path = format!("/quan-ly/{page}");
        assert_eq!(
            (house.visit(&path).status, lan.get(&path).status, reader.get(&path).status),
            (303, 200, 403),
            "{page}"
        );
    }
    let venue = hall(&mut lan);
    let path = format!("/quan-ly/dia-diem/{venue}");
    let wedding = [("viec", "Đám cưới"), ("ngay", "2099-01-02"), ("tu", "15:00"), ("den-ngay", ""), ("den", "14:00")];
    let refused = lan.post(&format!("{path}/ban"), &wedding);
    assert!(refused.status == 400 && refused.text().contains("Lúc xong phải sau lúc bắt đầu"), "{}", refused.text());
    let mut other = house.person("hai", "manager", "tthtcd.gio-linh");
    assert_eq!(other.post(&path, &[("ten", "Của tôi")]).status, 403);
    let course = [
        ("don-vi", "tthtcd.gio-linh"),
        ("ten", "Tin học"),
        ("loai", "ky-nang-so"),
        ("chu-de", "digital.office"),
        ("de-cuong", "Bật máy\n\nTắt máy"),
    ];
    let made = other.post("/quan-ly/chuyen-de/moi", &course);
    assert_eq!(made.status, 303, "{}", made.text());
    let path = led(made.header("location"));
    let id = path.rsplit('/').next().unwrap();
    assert!(lan.get(&path).text().contains("Chép thành chuyên đề mới"));
    assert_eq!(lan.post(&path, &course).status, 403, "another's course is read, not changed");
    let form = lan.get(&format!("/quan-ly/lop/moi?chuyen-de={id}")).text();
    assert!(form.contains("value=\"Tin học\"") && form.contains("value=\"digital.office\" checked"));
}

#[test]
fn the_seed_has_a_living_calendar_of_twelve_centres() {
    let list = get(&format!("{}/api/v1/classes?limit=100", url())).json();
    let items = list["items"].as_array().unwrap();
    assert!((20..=30).contains(&items.len()), "{}", items.len());
    let centres: std::collections::BTreeSet<&str> =
        items.iter().filter_map(|one| one["centre"]["id"].as_str()).collect();
    assert_eq!(centres.len(), 12, "{centres:?}");
    assert!(items.iter().all(|one| one["sample"] == true && !one["meetings"].as_array().unwrap().is_empty()));
    let states: Vec<&Value> =
        items.iter().flat_map(|one| one["meetings"].as_array().unwrap()).map(|one| &one["state"]).collect();
    for state in ["planned", "moved", "cancelled"] {
        assert!(states.contains(&&json!(state)), "{state}");
    }
    assert!(items.iter().any(|one| one["materials"].as_array().is_some_and(|all| !all.is_empty())));
    let first = get(&format!("{}/api/v1/classes?limit=3", url())).json();
    let next = first["next"].as_str().unwrap();
    let second = get(&format!("{}/api/v1/classes?limit=3&cursor={next}", url())).json();
    assert_eq!(second["items"][0]["id"], items[3]["id"]);
    for (wrong, code) in
        [("area=khong-co", "filter-unknown"), ("from=mai", "day-invalid"), ("cursor=x", "cursor-invalid")]
    {
        assert_eq!(get(&format!("{}/api/v1/classes?{wrong}", url())).json()["code"], code, "{wrong}");
    }
    assert_eq!(get(&format!("{}/lop-hoc/khong-co", url())).status, 404);
}
