//! How words are read: names, dialect, what is nearly as likely, what a match must bear.

use crate::support::http::{encode, get};
use crate::support::seeded::url;
use serde_json::Value;

fn search(query: &str) -> Value {
    get(&format!("{}/api/v1/search?limit=10&q={}", url(), encode(query))).json()
}

fn ids(found: &Value, partial: bool) -> Vec<&str> {
    let items = found["items"].as_array().unwrap().iter().filter(|item| item["partial"] == partial);
    items.map(|item| item["external_id"].as_str().unwrap()).collect()
}

#[test]
fn words_of_the_dialect_are_not_mended() {
    for query in [
        "thấy bom mìn thì mần chi",
        "con tui biếng ăn",
        "tru bò bị lở mồm",
        "thực đơn cho mệ bị tiểu đường",
        "heo bị dịch tả",
        "ND",
    ] {
        assert_eq!(search(query)["interpretation"]["read_as"], Value::Null, "{query}");
    }
    assert_eq!(search("nuoi lon")["interpretation"]["read_as"], "nuôi lợn", "what lacks its marks still gets them");
}

#[test]
fn words_of_everyday_life_are_read_though_newspapers_hardly_print_them() {
    for (typed, read_as) in [
        ("nuoi de", Value::from("nuôi dê")),
        ("con tui bieng an", Value::from("con tui biếng ăn")),
        ("heo tai xanh", Value::Null),
        ("trong sa", Value::from("trồng sả")),
        ("tru bi tu huyet trung", Value::from("tru bị tụ huyết trùng")),
        ("thoi co re", Value::from("thối cổ rễ")),
    ] {
        assert_eq!(search(typed)["interpretation"]["read_as"], read_as, "{typed}");
    }
}

#[test]
fn words_that_name_how_a_thing_is_told_are_not_what_a_match_must_bear() {
    for query in ["kỹ thuật nuôi tôm", "hướng dẫn cách nuôi tôm", "tài liệu nuôi tôm"] {
        let found = search(query);
        assert_eq!(ids(&found, false).first(), Some(&"tom-the-tren-cat"), "{query}: {found}");
    }
    assert!(
        search("hướng dẫn")["total"].as_u64().unwrap() > 0,
        "where they are all that is asked for, they are asked for"
    );
}

#[test]
fn what_a_bare_word_may_mean_as_well_is_offered_and_both_are_found() {
    let found = search("lua");
    let other = &found["interpretation"]["other_reading"];
    assert_eq!(other["query"], "lúa", "{found}");
    let followed = get(&format!("{}{}", url(), other["url"].as_str().unwrap())).json();
    assert_eq!(ids(&followed, false)[0], "lua-dao-on");
    let all = get(&format!("{}/api/v1/search?limit=50&q=lua", url())).json();
    assert!(ids(&all, false).contains(&"lua-dao-on") && ids(&all, false).contains(&"lua-dao-tren-mang"), "{all}");
    let page = get(&format!("{}/tim?q=lua", url())).text();
    assert!(page.contains("Hay bà con tìm: <a href=\"/tim?q=l%C3%BAa\" rel=\"nofollow\"><strong>lúa</strong></a>?"));
    assert_eq!(search("lúa")["interpretation"]["other_reading"], Value::Null, "typed with its marks");
    assert_eq!(search("tom the chan trang")["interpretation"]["other_reading"], Value::Null, "sure enough");
}

#[test]
fn a_match_bears_the_most_telling_word_and_what_does_not_comes_under_a_heading_of_its_own() {
    let found = search("kỹ thuật trồng cam");
    assert_eq!(ids(&found, false)[0], "trong-cam", "{found}");
    assert!(!ids(&found, false).contains(&"trong-nem-dat-cat"), "cam stands nowhere in it");
    assert!(ids(&found, true).contains(&"trong-nem-dat-cat"));
    let first_partial = found["items"].as_array().unwrap().iter().position(|item| item["partial"] == true).unwrap();
    assert_eq!(Some(first_partial as u64), found["total"].as_u64(), "whole matches come first");
    let page = get(&format!("{}/tim?q={}", url(), encode("kỹ thuật trồng cam"))).text();
    let (before, after) = page.split_once("Gần đúng: thiếu một vài từ</h2>").unwrap();
    assert!(before.contains("cây <mark>cam</mark>") && after.contains("trồng</mark> ném"), "{page}");
}

#[test]
fn exclusions_alone_leave_out_what_bears_them() {
    let (all, bearing, rest) = (search(""), search("lúa"), search("-lúa"));
    let total = |found: &Value| found["total"].as_u64().unwrap();
    assert_eq!(total(&rest), total(&all) - total(&bearing));
    assert!(rest["items"].as_array().unwrap().iter().all(|item| item["partial"] == false));
}

#[test]
fn the_notice_of_samples_is_neither_found_nor_shown() {
    for query in ["\"nhóm phát triển hoclieu biên soạn\"", "\"không phải ấn phẩm của cơ quan\""] {
        let found = search(query);
        assert!(found["interpretation"]["hints"][0].as_str().unwrap().contains("ngoặc kép"), "{query}: {found}");
    }
    for query in ["trồng cam", "nuôi ong lấy mật", "dệt zèng", "đạo ôn"] {
        for item in search(query)["items"].as_array().unwrap() {
            for passage in item["passages"].as_array().unwrap() {
                assert!(!passage["text"].as_str().unwrap().contains("nhóm phát triển hoclieu"), "{query}: {passage}");
            }
        }
    }
    let page = get(&format!("{}/tim?q={}", url(), encode("\"đạo ôn\""))).text();
    let link = page.split("<h2><a href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let material = get(&format!("{}{link}", url())).text();
    assert!(material.contains("không phải ấn phẩm của cơ quan"), "the page says so");
}

#[test]
fn a_query_of_any_length_makes_short_links() {
    let long = "lúa ".repeat(4_000);
    let found = get(&format!("{}/api/v1/search?q={}", url(), encode(&long))).json();
    assert!(found["interpretation"]["hints"][0].as_str().unwrap().contains("Câu tìm quá dài"), "{found}");
    assert!(found["interpretation"]["exact_url"].as_str().unwrap().len() < 10_000);
    let page = get(&format!("{}/tim?q={}", url(), encode(&long)));
    let (whole, short) = (page.body.len(), get(&format!("{}/tim?q={}", url(), encode(&"lúa ".repeat(250)))).body.len());
    assert!(page.text().contains("Câu tìm quá dài") && whole < short + 1_000, "{whole} / {short}");
}

#[test]
fn an_address_without_a_place_among_the_results_leads_to_the_first() {
    for part in ["abc", "99999999999", "-1"] {
        let page = get(&format!("{}/tim?q={}&sau={part}", url(), encode("đạo ôn")));
        assert_eq!(page.status, 200, "{part}");
        assert!(page.text().contains("value=\"đạo ôn\"") && page.text().contains("nên đây là trang đầu"), "{part}");
        assert!(page.text().contains("<ol class=\"list\" start=\"1\">"), "{part}");
    }
    let api = get(&format!("{}/api/v1/search?q=lua&cursor=abc", url()));
    assert_eq!((api.status, api.json()["code"].as_str()), (400, Some("cursor-invalid")), "a program is told");
}

#[test]
fn a_documents_number_is_left_out_as_a_whole() {
    let found = search("NĐ 101/2017");
    let ways = found["interpretation"]["help"]["fewer_words"].as_array().unwrap();
    assert!(!ways.is_empty(), "{found}");
    for way in ways {
        let query = way["query"].as_str().unwrap();
        assert!(query.split_whitespace().all(|word| word.contains(char::is_alphanumeric)), "{query}");
    }
}
