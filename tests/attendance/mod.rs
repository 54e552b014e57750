//! Attendance: from paper, from a table, from a phone that was offline; by name or by headcount alone.

mod acts;
mod certificates;
mod pages;
mod phone;

use crate::classes::Office;
use crate::review::staff::House;
use crate::support::http::Browser;
use chrono::{NaiveDate, TimeDelta};
use hoclieu::domain::day::day_of;
use serde_json::{Value, json};
use uuid::Uuid;

/// A day counted from today, as Vietnam counts.
fn day(days: i64) -> NaiveDate {
    day_of(hoclieu::clock::Clock::system().now()) + TimeDelta::days(days)
}

/// Makes a class of Cam Lộ by its forms, with meetings yesterday, today and tomorrow; its id.
fn class(lan: &mut Browser, count: &str) -> String {
    let fields = [
        ("trung-tam", "tthtcd.cam-lo"),
        ("ten", "Xóa mù chữ buổi tối"),
        ("loai", "xmc-1"),
        ("chu-de", "agri.veg"),
        ("dang-ky", if count == "names" { "staff" } else { "none" }),
        ("dem", count),
    ];
    let made = lan.post("/quan-ly/lop/moi", &fields);
    assert_eq!(made.status, 303, "{}", made.text());
    let class = made.header("location").split(['/', '?']).nth(3).unwrap().to_owned();
    for days in [-1, 0, 1] {
        let day = day(days).to_string();
        let fields = [("ngay", day.as_str()), ("tu", "19:00"), ("den", "21:00")];
        let added = lan.post(&format!("/quan-ly/lop/{class}/buoi/moi"), &fields);
        assert_eq!(added.status, 303, "{}", added.text());
    }
    class
}

/// Sends what a phone would; what was answered.
fn send(lan: &mut Browser, class: &str, body: &Value) -> Value {
    let sent =
        lan.post_body(&format!("/api/v1/classes/{class}/attendance"), "application/json", body.to_string().as_bytes());
    assert_eq!(sent.status, 200, "{}", sent.text());
    sent.json()
}

fn roll(lan: &mut Browser, class: &str) -> Value {
    let read = lan.get(&format!("/api/v1/classes/{class}/attendance"));
    assert_eq!(read.status, 200, "{}", read.text());
    read.json()
}

/// People who came, as a phone sends them.
fn people(count: u128) -> Vec<Value> {
    let names = ["Hồ Thị Ăm", "Hồ Văn Bưởi", "Nguyễn Thị Cúc", "Trần Văn Đợi", "Lê Thị Ổi"];
    let person = |number: u128| {
        let name = format!("{} {}", names[usize::try_from(number).unwrap() % names.len()], letters(number));
        json!({"id": Uuid::from_u128(1000 + number), "name": name, "birth_year": 1960 + number % 40, "village": "Bản Mẫu"})
    };
    (0..count).map(person).collect()
}

/// A number as a word of letters: names have no digits.
fn letters(number: u128) -> String {
    number.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect()
}
