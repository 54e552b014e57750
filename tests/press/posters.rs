//! Posters: one page whatever is typed, every mark right, the same bytes each time, a QR code that leads to the class.

use super::{pages_of, picture_of, text_of};
use crate::review::staff::House;
use crate::support::http::get;
use crate::support::seeded::url;
use hoclieu::press::{Form, print};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ADDRESS: &str = "https://hoclieu.example.vn/lop-hoc/0190b5a0-0000-7000-8000-000000000001";

fn poster(title: &str) -> Value {
    json!({
        "paper": "a4",
        "title": title,
        "kind": "Chuyển giao kỹ thuật",
        "centre": "Trung tâm học tập cộng đồng xã Cam Lộ",
        "partners": ["Hội Liên hiệp Phụ nữ xã", "Đồn Biên phòng Cửa Tùng"],
        "banners": [],
        "times": [{
            "label": "15 buổi", "time": "19:00 – 21:00", "days": "Thứ ba, Thứ năm",
            "dates": "01/12/2026, 03/12, 08/12", "place": "Nhà văn hóa thôn Tân Hiệp, xã Cam Lộ"
        }],
        "summary": "Ươm củ giống, lên luống, tưới nhỏ giọt; nhận biết bệnh thối nhũn.",
        "facts": [["Dành cho", "Nông dân, Phụ nữ"], ["Ngôn ngữ", "Tiếng Việt, Tiếng Bru – Vân Kiều"]],
        "address": ADDRESS,
    })
}

#[test]
fn every_letter_of_the_language_comes_back_from_the_paper() {
    let letters = "aàảãáạăằẳẵắặâầẩẫấậ eèẻẽéẹêềểễếệ iìỉĩíị oòỏõóọôồổỗốộơờởỡớợ uùủũúụưừửữứự yỳỷỹýỵ đ";
    let all = format!("{letters} {} 15.000 ₫ – “ném”", letters.to_uppercase());
    let mut data = poster("Trồng ném trên cát");
    data["summary"] = json!(all);
    let said = text_of(&print(Form::Poster, &data).unwrap());
    assert!(said.contains(&all), "{said}");
    for told in [
        "Trồng ném trên cát",
        "Hội Liên hiệp Phụ nữ xã",
        "19:00 – 21:00",
        "Nhà văn hóa thôn Tân Hiệp",
        "Tiếng Bru – Vân Kiều",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
}

#[test]
fn what_was_typed_is_never_a_program_and_what_no_font_has_is_seen_to_be_missing() {
    let typed = "#import \"/etc\" *x* $y$ #panic() Nuo\u{302}i ong 🐝 ລາວ \u{7}";
    let said = text_of(&print(Form::Poster, &poster(typed)).unwrap());
    assert!(said.contains("#import \"/etc\" *x* $y$ #panic() Nuôi ong □ □"), "{said}");
}

#[test]
fn a_poster_is_one_page_on_both_papers_however_much_is_told() {
    let mut long = poster(&"Kỹ thuật trồng và chăm sóc cây ném trên đất cát ven biển, ".repeat(5));
    long["summary"] = json!("chữ ".repeat(80));
    let time = long["times"][0].clone();
    long["times"] = json!([time, time, time, time]);
    long["facts"] = json!(vec![
        ["Báo cáo viên", &"Kỹ sư Nguyễn Thị Ươm (Trung tâm Khuyến nông tỉnh); ".repeat(4)];
        6
    ]);
    long["banners"] = json!(["LỚP ĐÃ HỦY. Bão số 9"]);
    for paper in ["a4", "a5"] {
        long["paper"] = json!(paper);
        let pdf = print(Form::Poster, &long).unwrap();
        assert_eq!(pages_of(&pdf), 1, "{paper}");
        let said = text_of(&pdf);
        assert!(said.contains("LỚP ĐÃ HỦY") && said.contains(ADDRESS), "{said}");
    }
}

#[test]
fn the_same_class_gives_the_same_bytes_within_a_second() {
    let first = print(Form::Poster, &poster("Lớp một")).unwrap();
    let began = Instant::now();
    let other = print(Form::Poster, &poster("Lớp hai")).unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(other != first && print(Form::Poster, &poster("Lớp một")).unwrap() == first);
}

#[test]
fn the_qr_code_on_the_paper_leads_to_the_class() {
    for paper in ["a4", "a5"] {
        let mut data = poster("Trồng ném");
        data["paper"] = json!(paper);
        let (width, height, dots) = picture_of(&print(Form::Poster, &data).unwrap());
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| dots[y * width + x]);
        let read: Vec<String> = image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
        assert_eq!(read, [ADDRESS], "{paper}");
    }
}

#[test]
fn posters_of_the_seeds_classes_are_served_and_those_of_drafts_are_not() {
    let list = get(&format!("{}/api/v1/classes?limit=3", url())).json();
    for class in list["items"].as_array().unwrap() {
        let id = class["id"].as_str().unwrap();
        let page = get(&format!("{}/lop-hoc/{id}", url())).text();
        for paper in ["a4", "a5"] {
            let path = format!("/lop-hoc/{id}/ap-phich/{paper}.pdf");
            assert!(page.contains(&path), "{path}");
            let pdf = get(&format!("{}{path}", url()));
            assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
            let said = text_of(&pdf.body);
            let first = class["title"].as_str().unwrap().split_whitespace().next().unwrap();
            assert!(said.contains(first) && said.contains("Lớp mẫu") && pages_of(&pdf.body) == 1, "{said}");
        }
    }
    assert_eq!(get(&format!("{}/lop-hoc/{}/ap-phich/a4.pdf", url(), uuid::Uuid::nil())).status, 404);
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let fields = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", "Nháp"),
        ("loai", "chuyen-de"),
        ("chu-de", "agri.veg"),
        ("dang-ky", "none"),
        ("dem", "names"),
    ];
    let made = lan.post("/quan-ly/lop/moi", &fields);
    let class = made.header("location").split('/').nth(3).unwrap().to_owned();
    for part in ["ap-phich", "ap-phich/a4.pdf", "doc-loa"] {
        assert_eq!(house.visit(&format!("/lop-hoc/{class}/{part}")).status, 404, "{part}");
    }
}
