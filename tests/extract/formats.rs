//! One article in every format: order, headings, lists, tables and Vietnamese letters arrive.

use super::{headings, items, read, table, text};
use hoclieu::domain::language::Language;
use hoclieu::domain::page::{Block, Origin};
use hoclieu::extract::{Extracted, Format, Warning};
use unicode_normalization::is_nfc;

const TITLE: &str = "Trồng lúa bị đạo ôn: nhận biết và xử lý";
const SPOTS: &str = "Vết bệnh trên lá ban đầu là chấm nhỏ màu xanh xám, sau lan rộng thành hình thoi";
const REMEDY: &str = "Khi phát hiện bệnh, ngừng bón đạm, giữ mực nước nông trong ruộng";

/// What every copy of the article must show, whatever the format.
#[track_caller]
fn assert_is_article(extracted: &Extracted) {
    let text = text(extracted);
    assert!(is_nfc(&text), "not in NFC");
    assert_eq!(extracted.title.as_deref(), Some(TITLE));
    let mut rest = text.as_str();
    for words in [TITLE, "Nhận biết", SPOTS, "Xử lý", REMEDY, "Giữ nước 3–5 cm", "Đẻ nhánh"] {
        rest = rest.split_once(words).unwrap_or_else(|| panic!("{words} is missing or out of order in {text}")).1;
    }
    let expected = ["Giai đoạn|Biểu hiện|Việc cần làm", "Đẻ nhánh|Chấm kim trên lá|Thăm đồng, ngừng đạm"];
    let (header, rows) = table(extracted);
    assert!(header, "the header row is not marked");
    assert_eq!(rows[..2], expected);
    assert_eq!(extracted.languages.iter().map(Language::as_str).collect::<Vec<_>>(), ["vi"]);
    assert_eq!(extracted.warnings, []);
}

#[tokio::test]
async fn docx_keeps_headings_lists_and_tables() {
    let found = read("article.docx").await.unwrap();
    assert_is_article(&found);
    assert_eq!(found.format, Format::Docx);
    assert_eq!(headings(&found)[..3], [format!("1 {TITLE}"), "1 Nhận biết".into(), "1 Xử lý".into()]);
    assert_eq!(items(&found)[..3], ["Giữ nước 3–5 cm", "Ngừng bón đạm", "Phun lại sau 7 ngày"]);
    assert!(!text(&found).contains("Đầu trang"), "the running head is no text");
}

#[tokio::test]
async fn odt_keeps_headings_lists_and_tables() {
    let found = read("article.odt").await.unwrap();
    assert_is_article(&found);
    assert!(headings(&found).contains(&"1 Nhận biết".to_owned()));
    assert_eq!(items(&found).len(), 6);
    let ordered = found.pages[0].blocks.iter().filter(|block| matches!(block, Block::ListItem { ordered: true, .. }));
    assert_eq!(ordered.count(), 3);
}

#[tokio::test]
async fn old_word_files_keep_headings_and_tables() {
    let found = read("article.doc").await.unwrap();
    assert_is_article(&found);
    assert_eq!(found.media_type, "application/msword");
    assert!(headings(&found).contains(&"1 Xử lý".to_owned()));
}

#[tokio::test]
async fn rtf_keeps_headings_lists_and_tables() {
    let found = read("article.rtf").await.unwrap();
    assert_is_article(&found);
    assert!(headings(&found).contains(&"1 Nhận biết".to_owned()));
    assert_eq!(items(&found).len(), 3);
    assert!(text(&found).contains("2. Ngừng bón đạm"));
}

#[tokio::test]
async fn pdf_of_an_office_program_is_read_in_order() {
    let found = read("office.pdf").await.unwrap();
    assert_is_article(&found);
    assert_eq!(found.pages.len(), 2);
    assert!(headings(&found).contains(&"2 Nhận biết".to_owned()), "{:?}", headings(&found));
}

#[tokio::test]
async fn pdf_loses_running_heads_and_keeps_columns_apart() {
    let found = read("typst.pdf").await.unwrap();
    assert_is_article(&found);
    let text = text(&found);
    for furniture in ["Cẩm nang khuyến nông", "Trang 1", "Trang 3"] {
        assert!(!text.contains(furniture), "{furniture}");
    }
    // In two columns a sentence stays whole and paragraphs stay in turn.
    let columns = found.pages[1].text();
    assert_eq!(columns.matches(SPOTS).count(), 4, "{columns}");
    assert_eq!(columns.matches(REMEDY).count(), 4);
    assert_eq!(found.pages[2].heading.as_deref(), Some("Trang ba"));
}

#[tokio::test]
async fn pdf_printed_by_a_browser_gets_its_list_markers_back() {
    let found = read("browser.pdf").await.unwrap();
    let text = text(&found);
    assert!(
        text.contains(
            "\n1. Thăm đồng vào buổi sáng, đi chéo ruộng và xem năm điểm. Ghi lại số lá có vết.\n2. Giữ nước"
        ),
        "{text}"
    );
    assert_eq!(items(&found), ["Khẩu trang, găng tay", "Bình phun đã rửa sạch"], "drawn dots are bullets");
    let (header, rows) = table(&found);
    assert!(header);
    assert_eq!(rows, ["Tuần|Việc cần làm", "2–3|Thăm ruộng, dặm tỉa", "4–6|Đếm vết bệnh khi trời âm u"]);
    assert_eq!(found.pages[1].heading, None);
}

#[tokio::test]
async fn pdf_keeps_lao_with_its_vowels_and_tones_in_place() {
    // The file's table of Lao letters has an entry without letters, and its vowels stand over and under others.
    let path = crate::support::program::seed_content().join("materials/tieng-lao-giao-tiep.pdf");
    let bytes = std::fs::read(path).unwrap();
    let found = super::read_bytes(&bytes, "tieng-lao.pdf", hoclieu::extract::Limits::default()).await.unwrap();
    let text = text(&found);
    for phrase in ["ສະບາຍດີ", "ຂ້ອຍສະບາຍດີ", "ບໍ່ເປັນຫຍັງ", "ເຈົ້າມາແຕ່ໃສ?", "ຂ້ອຍຮູ້ພາສາລາວໜ້ອຍໜຶ່ງ"]
    {
        assert!(text.contains(phrase), "{phrase} is missing in {text}");
    }
}

#[tokio::test]
async fn scans_wait_for_recognition_with_their_pages_kept() {
    let found = read("scan.pdf").await.unwrap();
    assert!(found.needs_ocr());
    assert_eq!(found.pages.len(), 2);
    assert!(found.pages.iter().all(|page| page.blocks.is_empty() && page.language.is_none()));
    assert_eq!(found.warnings, [Warning::NoText]);
}

#[tokio::test]
async fn unseen_text_over_a_picture_counts_as_recognised() {
    let found = read("searchable.pdf").await.unwrap();
    assert!(!found.needs_ocr());
    assert_eq!(found.pages[0].origin, Origin::Ocr);
    assert!(text(&found).contains("Quy chế của trung tâm học tập cộng đồng"));
}

#[tokio::test]
async fn each_slide_is_a_page_with_its_notes() {
    let found = read("slides.pptx").await.unwrap();
    assert_eq!(found.pages.len(), 2);
    assert_eq!(found.pages[0].heading.as_deref(), Some(TITLE));
    assert!(found.pages[0].text().ends_with("hỏi bà con đã gặp bệnh chưa."));
    assert_eq!(table(&found).1[2], "Trổ bông|Cổ bông thâm đen|Phun thuốc trước trổ");
    let found = read("slides.odp").await.unwrap();
    assert_eq!(found.pages[1].text(), "Việc cần làm\nThăm đồng");
    assert_eq!(items(&found), ["Giữ nước 3–5 cm", "Ngừng bón đạm", "Thăm đồng"]);
}

#[tokio::test]
async fn each_shown_sheet_is_a_page_with_a_header_row() {
    let found = read("sheet.xlsx").await.unwrap();
    assert_eq!(found.pages.len(), 1, "the hidden sheet and the empty one are no pages");
    assert_eq!(found.pages[0].heading.as_deref(), Some("Lịch thời vụ"));
    let expected = ["Tháng|Việc|Ngày|Giá", "1|Gieo mạ|15/01/2026|12000", "2|Cấy lúa|20/02/2026|12500,5"];
    assert_eq!(table(&found), (true, expected.map(str::to_owned).to_vec()));
    for name in ["sheet.xls", "sheet.ods"] {
        let found = read(name).await.unwrap();
        assert_eq!(
            table(&found),
            (true, ["Tháng|Việc", "1|Gieo mạ", "2|Cấy lúa"].map(str::to_owned).to_vec()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn each_chapter_of_a_book_is_a_page() {
    let found = read("book.epub").await.unwrap();
    assert_eq!(found.title.as_deref(), Some("Sách dạy nghề may"));
    let chapters: Vec<_> = found.pages.iter().filter_map(|page| page.heading.as_deref()).collect();
    assert_eq!(chapters, ["Chương 1. Lấy số đo", "Chương 2. Cắt vải"]);
    assert_eq!(table(&found).1[1], "Dài áo|Từ cổ sau xuống mông");
}

#[tokio::test]
async fn web_pages_lose_what_stands_around_the_article() {
    let found = read("web.html").await.unwrap();
    let text = text(&found);
    assert_eq!(headings(&found), [format!("1 {TITLE}"), "2 Xử lý".into()]);
    assert!(!text.contains("Trang chủ") && !text.contains("Bản quyền"), "{text}");
    assert_eq!(items(&found), ["Giữ nước 3–5 cm", "con"]);
    assert_eq!(table(&found), (true, vec!["A|B".into(), "x|y".into()]));
}
