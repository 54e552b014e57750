//! Queries of any kind against a small library.

use crate::{Answer, Document, Library, Options, Passage, Request};
use proptest::prelude::*;
use std::sync::LazyLock;

const TEXTS: [(&str, &str, &str); 4] = [
    ("lua", "Phòng trừ bệnh đạo ôn", "Ruộng trồng lúa bị đạo ôn thì ngừng bón đạm, giữ nước, thăm đồng hằng ngày."),
    ("tom", "Nuôi tôm trên cát", "Nước giếng khoan lọc kỹ mới đưa vào ao; độ mặn giữ đều để tôm mau lớn."),
    ("so-do", "Thủ tục cấp sổ đỏ", "Hồ sơ nộp tại bộ phận một cửa của xã theo Quyết định 1373/QĐ-TTg."),
    ("lua-dao", "Nhận biết lừa đảo trên mạng", "Không chuyển tiền cho người lạ, không đọc mã xác nhận qua điện thoại."),
];

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let library = Library::in_memory(Options::default()).unwrap();
    let mut writer = library.writer().unwrap();
    for (id, title, text) in TEXTS {
        let passages = vec![Passage { page_id: "1".to_owned(), page: 1, heading: None, text: text.to_owned() }];
        let document = Document { id: id.to_owned(), title: title.to_owned(), passages, ..Document::default() };
        writer.put(document).unwrap();
    }
    writer.commit(1).unwrap();
    library
});

fn ask(query: &str) -> Answer {
    LIBRARY.search(&Request::new(query)).unwrap()
}

#[test]
fn a_query_in_an_old_encoding_is_read_and_says_so() {
    for (typed, id, read_as) in [
        ("trång lóa bÞ ®¹o «n", "lua", "trồng lúa bị đạo ôn"),
        ("nuoâi toâm treân caùt", "tom", "nuôi tôm trên cát"),
        ("Quye^'t ddi.nh 1373", "so-do", "Quyết định 1373"),
        ("nhËn biÕt lõa ®¶o", "lua-dao", "nhận biết lừa đảo"),
        // Read, and then mended.
        ("phßng trõ bÖnh ®¹o onn", "lua", "phòng trừ bệnh đạo ôn"),
    ] {
        let answer = ask(typed);
        assert_eq!((answer.hits[0].id.as_str(), answer.read_as.as_deref()), (id, Some(read_as)), "{typed}");
        assert!(answer.hits[0].title_html.contains("<mark>") || answer.hits[0].passages[0].html.contains("<mark>"));
        let exact = LIBRARY.search(&Request { exact: true, ..Request::new(typed) }).unwrap();
        assert_eq!(exact.read_as, None, "{typed}");
    }
    assert_eq!(ask("trồng lúa bị đạo ôn").read_as, None);
}

#[test]
fn a_pair_that_is_one_word_weighs_less_than_neighbours_by_chance() {
    let explanation = LIBRARY.explain(&Request::new("giữ nước thăm đồng hằng ngày"), "lua").unwrap().unwrap();
    let weight = |words: &str| {
        let pair = explanation.parts.iter().find(|part| part.kind == "pair" && part.words == words);
        pair.unwrap_or_else(|| panic!("{words}: {:?}", explanation.parts)).rarity
    };
    // All stand in the one passage, so that only what they are to each other can differ.
    for by_chance in ["nước thăm", "giữ nước", "thăm đồng"] {
        assert!(weight("hằng ngày") < 0.95 * weight(by_chance), "{by_chance}: {:?}", explanation.parts);
    }
}

/// The computing time of this thread in seconds, brought up to date by giving up the core: other programs do not count.
fn computed() -> f64 {
    std::thread::yield_now();
    let counts = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    counts.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// The seconds that a query takes, the least of three times.
fn seconds(query: &str) -> f64 {
    let time = || {
        let started = computed();
        ask(query);
        computed() - started
    };
    time().min(time()).min(time())
}

#[test]
fn a_query_of_ten_kilobytes_takes_no_more_than_its_length_says() {
    let parts = [
        "trong lua bi dao on ",
        "trồng lúa bị đạo ôn ",
        "\"đạo ôn\" -thuốc ",
        "“““\"",
        "nuooi toom treen casst ",
        "trång lóa ",
        "a ",
        "-",
        "1373/QĐ-TTg ",
        "lu'a bi. dda.o o^n ",
        "&#7841;",
        "e\u{323}\u{302}",
    ];
    let repeated = parts.map(|part| part.repeat(10_000 / part.len()));
    let letter = |number: u32| char::from_digit(10 + number % 26, 36).unwrap_or('x');
    let word = |number: u32| [letter(number), 'x', letter(number / 26), letter(number / 676), ' '];
    let strange: String = (0..2_000).flat_map(word).collect();
    for query in repeated.into_iter().chain([strange]) {
        let part: String = query.chars().take(30).collect();
        let half = query.get(..query.floor_char_boundary(5_000)).unwrap_or_default();
        let (half, whole) = (seconds(half), seconds(&query));
        // Twice as long may take twice the time; what is short is measured badly.
        assert!(whole < half * 3.0 + 0.02, "{part}: {half:.3} s for 5 KB, {whole:.3} s for 10 KB");
        assert!(whole < 5.0, "{part}: {whole:.3} s");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_answered(
        any in "\\PC{0,60}",
        typed in "[-\"“”«»()a-z àáạảãđôơưứ0-9/.,'^+~&#;]{0,80}",
        old in "[a-zA-Z .?'^(+~\u{a0}-\u{ff}]{0,60}",
    ) {
        for query in [any, typed, old] {
            let answer = ask(&query);
            for hit in &answer.hits {
                let html = hit.passages.iter().map(|passage| &passage.html).chain([&hit.title_html]);
                for html in html {
                    prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
                }
            }
            prop_assert!(answer.total <= TEXTS.len());
        }
    }

    #[test]
    fn words_have_their_places_in_the_text(text in "[-\"“a-z àáạảãđôơưứ0-9/.,^+\u{a0}-\u{ff}\u{300}-\u{304}]{0,120}") {
        let mut end = 0;
        for token in super::spellings::tokens(&text, &[]) {
            prop_assert!(token.place.start >= end);
            prop_assert_eq!(text.get(token.place.clone()), Some(token.typed.as_str()));
            end = token.place.end;
        }
    }
}
