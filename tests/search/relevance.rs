//! The everyday queries find what answers them.

use crate::support::http::{encode, get};
use crate::support::seeded::url;

/// The queries that a material answers.
fn judged() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("everyday.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).filter(|(_, answer)| *answer != "-" && !answer.contains(':'))
}

/// From 1; beyond the first ten none.
fn place(query: &str, answer: &str) -> Option<usize> {
    let found = get(&format!("{}/api/v1/search?limit=10&q={}", url(), encode(query))).json();
    let items = found["items"].as_array().unwrap();
    items.iter().position(|item| item["external_id"] == answer).map(|at| at + 1)
}

#[test]
fn the_right_material_stands_among_the_first_three_for_each_everyday_query() {
    let places: Vec<_> = judged().map(|(query, answer)| (query, answer, place(query, answer))).collect();
    let missed: Vec<_> = places.iter().filter(|(.., place)| place.is_none_or(|place| place > 3)).collect();
    let real = |count: usize| f64::from(u32::try_from(count).unwrap());
    let reciprocal = places.iter().map(|(.., place)| place.map_or(0.0, |place| 1.0 / real(place))).sum::<f64>();
    let mean = reciprocal / real(places.len());
    println!("{} everyday queries: mean reciprocal place {mean:.3}", places.len());
    assert!(missed.len() <= MISSED, "{missed:#?}");
    assert!(mean >= FLOOR, "mean reciprocal place {mean:.3}: {places:#?}");
}

/// So many queries may find their material only further down.
const MISSED: usize = 2;
/// What the mean reciprocal place may not fall below.
const FLOOR: f64 = 0.93;

#[test]
fn a_query_with_marks_does_not_lose_to_its_look_alikes() {
    for (query, first, not_first) in [
        ("lừa đảo", "lua-dao-tren-mang", "lua-dao-on"),
        ("đạo ôn", "lua-dao-on", "lua-dao-tren-mang"),
        ("may", "nghe-may-dan-dung", "sua-xe-may"),
        ("máy", "sua-xe-may", "nghe-may-dan-dung"),
        ("ném", "trong-nem-dat-cat", "nem-chua-an-toan"),
        ("nem chua", "nem-chua-an-toan", "trong-nem-dat-cat"),
    ] {
        let (right, other) = (place(query, first), place(query, not_first));
        assert!(right.is_some() && (other.is_none() || right < other), "{query}: {right:?} {other:?}");
    }
}

#[test]
fn spellings_that_mean_the_same_find_the_same_and_the_page_says_how_they_were_read() {
    let ids = |query: &str| {
        let found = get(&format!("{}/api/v1/search?limit=5&q={}", url(), encode(query))).json();
        let ids: Vec<String> =
            found["items"].as_array().unwrap().iter().map(|item| item["external_id"].to_string()).collect();
        (ids, found["interpretation"]["read_as"].clone())
    };
    let (wanted, read) = ids("kỹ thuật nuôi tôm");
    assert!(read.is_null(), "{read}");
    for typed in [
        "kĩ thuật nuôi tôm",
        "ky thuat nuoi tom",
        "kyx thuaatj nuooi toom",
        "ky4 thua65t nuo6i to6m",
        "kỷ thuật nuôi tôm",
        "kỹ thuạt nuôi tôm",
        "kỹ thuật nuôi tôm",
    ] {
        let (found, read) = ids(typed);
        assert_eq!(found[0], wanted[0], "{typed}: {read}");
    }
    assert_eq!(ids("ky thuat nuoi tom").1, "kỹ thuật nuôi tôm");
    let page = get(&format!("{}/tim?q=ky+thuat+nuoi+tom", url())).text();
    assert!(page.contains("Kết quả cho: <strong>kỹ thuật nuôi tôm</strong>") && page.contains("dung-chu=1"), "{page}");
    let exact = get(&format!("{}/tim?q=ky+thuat+nuoi+tom&dung-chu=1", url())).text();
    assert!(exact.contains("Đang tìm đúng như đã gõ"), "{exact}");
}

#[test]
fn a_query_copied_out_of_an_old_document_is_read() {
    // "kỹ thuật nuôi tôm" in TCVN3, VNI and VIQR.
    for typed in ["kü thuËt nu«i t«m", "kyõ thuaät nuoâi toâm", "ky~ thua^.t nuo^i to^m"] {
        let page = get(&format!("{}/tim?q={}", url(), encode(typed))).text();
        assert!(page.contains("Kết quả cho: <strong>kỹ thuật nuôi tôm</strong>"), "{typed}: {page}");
        assert!(page.contains("Tìm đúng như đã gõ") && page.contains("<mark>Nuôi tôm</mark>"), "{typed}: {page}");
    }
}

#[test]
fn quotes_ask_for_words_in_a_row_and_a_minus_leaves_documents_out() {
    let total =
        |query: &str| get(&format!("{}/api/v1/search?q={}", url(), encode(query))).json()["total"].as_u64().unwrap();
    assert!(total("\"đạo ôn\"") > 0 && total("\"đạo ôn\"") <= total("đạo ôn"));
    let found = get(&format!("{}/api/v1/search?q={}", url(), encode("\"ôn đạo\" lúa"))).json();
    assert!(found["interpretation"]["hints"][0].as_str().unwrap().contains("ngoặc kép"), "{found}");
    assert!(total("lúa -tôm") < total("lúa"));
    assert_eq!(place("lừa đảo -zalo -tên", "lua-dao-tren-mang"), None);
}
