//! The table and the sheet, as they are sent.

use super::{House, class, people, roll, send};
use serde_json::{Value, json};

fn hidden(page: &str, name: &str) -> Vec<String> {
    let marker = format!("name=\"{name}\" value=\"");
    page.split(&marker).skip(1).map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn a_signed_sheet_is_typed_back_one_letter_a_mark() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let class = class(&mut lan, "names");
    let receipt = send(&mut lan, &class, &json!({"source": "phone", "walk_ins": people(3)}));
    assert_eq!(receipt["learners"].as_array().unwrap().len(), 3, "{receipt}");
    let url = format!("/quan-ly/lop/{class}/diem-danh");
    let page = lan.get(&url).text();
    let (meetings, learners, shown) = (hidden(&page, "buoi"), hidden(&page, "hoc-vien"), hidden(&page, "da-co"));
    assert_eq!((meetings.len(), learners.len()), (2, 3), "tomorrow's meeting is not there yet");
    let mut fields: Vec<(String, String)> = Vec::new();
    let all = |name: &str, values: &[String]| values.iter().map(|v| (name.to_owned(), v.clone())).collect::<Vec<_>>();
    fields.extend(all("buoi", &meetings));
    fields.extend(all("hoc-vien", &learners));
    fields.extend(all("da-co", &shown));
    for (name, value) in [("o-0-0", "x"), ("o-1-0", "V"), ("o-2-0", ""), ("o-0-1", "m"), ("cot-1", "x"), ("phieu", "1")]
    {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let typed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = lan.post(&url, &typed);
    assert_eq!(saved.status, 303, "{}", saved.text());
    let marks = roll(&mut lan, &class)["marks"].as_array().unwrap().clone();
    let of = |learner: usize, meeting: usize| {
        let is = |one: &&Value| one["learner"] == learners[learner] && one["meeting"] == meetings[meeting];
        marks.iter().find(is).map_or("", |one| one["presence"].as_str().unwrap())
    };
    assert_eq!([of(0, 0), of(1, 0), of(2, 0)], ["present", "absent", ""]);
    assert_eq!([of(0, 1), of(1, 1), of(2, 1)], ["late", "present", "present"], "empty fields of a column are filled");
    // A table that was opened before brings back nothing that it did not show.
    let stale: Vec<(&str, &str)> =
        typed.iter().filter(|(name, _)| !name.starts_with("cot-") && !name.starts_with("o-")).copied().collect();
    let unchanged = lan.post(&url, &stale);
    assert_eq!((unchanged.status, roll(&mut lan, &class)["marks"].as_array().unwrap().len()), (303, 5));
    let wrong = lan.post(&url, &[&stale[..], &[("o-0-0", "q")]].concat());
    assert!(wrong.status == 400 && wrong.text().contains("“q” không phải là chữ điểm danh"), "{}", wrong.text());
    a_newcomer_by_form(&mut lan, &url, &meetings[1]);
}

fn a_newcomer_by_form(lan: &mut super::Browser, url: &str, meeting: &str) {
    let person =
        [("viec", "them"), ("ten", "Lê Thị <Mới>"), ("nam-sinh", "1990"), ("thon", "Thôn Đông"), ("buoi-den", meeting)];
    let refused = lan.post(url, &person);
    assert!(refused.status == 400 && refused.text().contains("Lê Thị &#60;Mới&#62;"), "what was typed stays");
    let person: Vec<_> = person.iter().map(|(name, value)| (*name, value.trim_matches(['<', '>']))).collect();
    let person: Vec<_> = person
        .into_iter()
        .map(|(name, value)| if name == "ten" { (name, "Lê Thị Mới") } else { (name, value) })
        .collect();
    assert_eq!(lan.post(url, &person).status, 303);
    let page = lan.get(url).text();
    assert!(page.contains("Lê Thị Mới") && page.contains("4 có mặt"), "{page}");
}

#[test]
fn the_sheet_has_every_name_and_room_for_more_and_only_staff_see_it() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let class = class(&mut lan, "names");
    send(&mut lan, &class, &json!({"source": "phone", "walk_ins": people(40)}));
    let meeting = roll(&mut lan, &class)["meetings"][2]["id"].as_str().unwrap().to_owned();
    let url = format!("/quan-ly/lop/{class}/buoi/{meeting}/phieu");
    let page = lan.get(&url).text();
    assert!(page.contains("Ký tên hoặc điểm chỉ") && page.contains("<td>48</td>"), "{page}");
    assert_eq!(house.visit(&url).status, 303, "strangers are led to the sign-in");
    let mut other = house.person("minh", "author", "tthtcd.gio-linh");
    assert_eq!(other.get(&url).status, 404, "a draft is nobody else's business");
    #[cfg(feature = "press")]
    {
        let pdf = lan.get(&format!("{url}.pdf"));
        assert_eq!(
            (pdf.status, pdf.header("content-type"), pdf.header("cache-control")),
            (200, "application/pdf", "no-store")
        );
        let said = crate::press::text_of(&pdf.body);
        for told in ["DANH SÁCH ĐIỂM DANH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Ký tên hoặc điểm chỉ", "Buổi: 3/3"]
        {
            assert!(said.contains(told), "{told}: {said}");
        }
        let roll = roll(&mut lan, &class);
        for learner in roll["learners"].as_array().unwrap() {
            assert!(said.contains(learner["name"].as_str().unwrap()), "{learner}: {said}");
        }
    }
}

#[test]
fn headcounts_of_a_class_without_names_have_a_page_and_nothing_public() {
    let house = House::new(&[]);
    let mut lan = house.person("lan", "author", "tthtcd.cam-lo");
    let class = class(&mut lan, "totals");
    let led = lan.get(&format!("/quan-ly/lop/{class}/diem-danh"));
    assert_eq!(led.status, 303);
    let url = format!("/quan-ly/lop/{class}/so-nguoi");
    let page = lan.get(&url).text();
    let meeting = hidden(&page, "buoi")[1].clone();
    let wrong = lan.post(&url, &[("buoi", &meeting), ("tong", "9"), ("nu", "10")]);
    assert!(wrong.status == 400 && wrong.text().contains("value=\"10\""), "{}", wrong.text());
    assert_eq!(lan.post(&url, &[("buoi", &meeting), ("tong", "21"), ("nu", "10")]).status, 303);
    assert!(lan.get(&url).text().contains("· 21 người"));
    assert_eq!(house.visit(&format!("/lop-hoc/{class}")).status, 404);
}
