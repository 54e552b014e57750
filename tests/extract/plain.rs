//! Text, Markdown and tables of values, made on the spot.

use super::{headings, items, read_bytes, table, text};
use hoclieu::extract::{Format, Limits, Warning, given_pages, language_of};

#[tokio::test]
async fn markdown_keeps_its_structure_and_no_markup() {
    let source = "---\ntitle: Nuôi gà thả vườn\n---\n# Chuồng\n\nKhô, *thoáng*, <script>x()</script>có [rào](http://a).\n\n- Rơm\n- Cát\n\n| Tuổi | Thức ăn |\n|---|---|\n| 1 tuần | Cám |\n";
    let found = read_bytes(source.as_bytes(), "ga.md", Limits::default()).await.unwrap();
    assert_eq!(found.title.as_deref(), Some("Nuôi gà thả vườn"));
    assert_eq!(headings(&found), ["1 Chuồng"]);
    assert!(text(&found).contains("Khô, thoáng, có rào."), "{}", text(&found));
    assert_eq!(items(&found), ["Rơm", "Cát"]);
    assert_eq!(table(&found), (true, vec!["Tuổi|Thức ăn".into(), "1 tuần|Cám".into()]));
}

#[tokio::test]
async fn text_is_read_in_every_usual_encoding() {
    let source =
        "PHÒNG ĐUỐI NƯỚC\n\nTrẻ em phải có người lớn trông khi ở gần ao, hồ, sông, suối.\n- Rào ao\n- Đậy giếng\n";
    let wide: Vec<u8> = source.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [&[0xfe, 0xff][..], &wide].concat();
    let windows = source.replace('\n', "\r\n");
    for (bytes, name) in [(source.as_bytes(), "utf-8"), (&marked, "utf-16"), (windows.as_bytes(), "line ends")] {
        let found = read_bytes(bytes, "duoi-nuoc.txt", Limits::default()).await.unwrap();
        assert_eq!(headings(&found), ["2 PHÒNG ĐUỐI NƯỚC"], "{name}");
        assert_eq!(items(&found), ["Rào ao", "Đậy giếng"], "{name}");
        assert_eq!(found.languages[0].as_str(), "vi", "{name}");
    }
}

#[tokio::test]
async fn long_text_is_cut_into_pages_at_headings_and_lengths() {
    let paragraph = "Ném ưa đất cát pha, thoát nước tốt, không chịu được úng lâu ngày. ".repeat(20);
    let source =
        format!("# Trồng ném\n\n## Đất\n\n{paragraph}\n\n## Giống\n\n{}", format!("{paragraph}\n\n").repeat(6));
    let found = read_bytes(source.as_bytes(), "nem.md", Limits::default()).await.unwrap();
    assert_eq!(found.pages[0].heading.as_deref(), Some("Trồng ném"));
    assert_eq!(found.pages[1].heading.as_deref(), Some("Giống"));
    assert!(found.pages.len() >= 4);
    assert!(found.pages.iter().all(|page| page.text().chars().count() < 4_000));
    assert!(found.pages.iter().zip(1..).all(|(page, number)| page.number == number));
}

#[tokio::test]
async fn values_become_a_table() {
    let found = read_bytes("\u{feff}Xã;Hộ nghèo\nHải Lăng;12\nCam Lộ;7\n".as_bytes(), "ho.csv", Limits::default())
        .await
        .unwrap();
    assert_eq!(found.format, Format::Csv);
    assert_eq!(table(&found), (true, vec!["Xã|Hộ nghèo".into(), "Hải Lăng|12".into(), "Cam Lộ|7".into()]));
}

#[tokio::test]
async fn languages_are_told_page_by_page_and_never_guessed() {
    let bru = "Máh ngkŏ́h akoan klŏ́q táq ntŏ́q prưan lứq tŏ́ng kroŏng ngkéq anhiaq pơq.";
    let found = read_bytes(bru.as_bytes(), "bru.txt", Limits::default()).await.unwrap();
    assert_eq!(found.pages[0].language, None);
    assert_eq!(found.warnings, [Warning::LanguageUnsure]);
    assert_eq!(language_of("ສະບາຍດີ ຂອບໃຈ").unwrap().as_str(), "lo");
}

#[test]
fn given_pages_are_kept_as_given() {
    let long = "Một câu. ".repeat(2_000);
    let pages = given_pages([
        (Some("Điều 1".to_owned()), Some("d1".to_owned()), long),
        (None, None, "Giữ nước\r\n\r\nBo\u{301}n phân".to_owned()),
    ]);
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0].label.as_deref(), Some("d1"));
    assert_eq!(pages[1].text(), "Giữ nước\nBón phân");
    assert_eq!(pages[1].number, 2);
}
