//! One leaflet in the encodings and formats in which offices kept it before Unicode.

use super::{headings, items, read, read_bytes, table, text};
use hoclieu::domain::text::decoding::{Decodings, Encoding};
use hoclieu::extract::{Extracted, Limits};

const TITLE: &str = "Kỹ thuật trồng ném trên đất cát";
const PARAGRAPHS: [&str; 4] = [
    "Ném là cây gia vị quen thuộc của vùng cát ven biển, củ nhỏ mà thơm, dùng nấu cháo và làm thuốc.",
    "Chọn ruộng cao, thoát nước tốt, cày bừa cho tơi xốp rồi lên luống rộng một mét, cao hai mươi phân.",
    "Bón lót phân chuồng đã ủ hoai mục trước khi trồng; đừng dùng phân tươi vì dễ sinh sâu bệnh.",
    "Ở chân đất trũng, phải khơi rãnh sâu để nước mưa rút nhanh, củ mới không bị thối.",
];
const ITEMS: [&str; 3] = ["Tưới nhẹ mỗi sáng", "Nhổ cỏ bằng tay", "Phủ rơm giữ ẩm"];
const ROWS: [&str; 4] =
    ["Việc cần làm|Tháng", "Xuống giống|tháng chín", "Thu hoạch củ|tháng giêng", "Phơi khô, cất giữ|tháng hai"];

/// What each page was put right from.
fn decodings(extracted: &Extracted) -> Decodings {
    extracted.pages.iter().flat_map(|page| page.decodings.iter()).collect()
}

#[track_caller]
fn assert_decoded(extracted: &Extracted, encoding: Encoding) {
    let found: Vec<_> = decodings(extracted).iter().collect();
    assert!(found.iter().all(|one| one.encoding == encoding && one.sure) && found.len() == 1, "{found:?}");
    assert_eq!(extracted.languages.first().map(ToString::to_string).as_deref(), Some("vi"));
}

/// Paragraphs of a text, the capital apart that TCVN3 has no code for.
#[track_caller]
fn assert_paragraphs(extracted: &Extracted) {
    let text = text(extracted);
    for paragraph in PARAGRAPHS {
        let rest: String = paragraph.chars().skip(1).collect();
        assert!(text.contains(&rest), "{paragraph}\n{text}");
    }
}

#[tokio::test]
async fn word_files_are_read_by_the_fonts_of_their_runs() {
    for (name, encoding, title) in
        [("old/tcvn3.docx", Encoding::Tcvn3, TITLE.to_uppercase()), ("old/vni.docx", Encoding::Vni, TITLE.to_owned())]
    {
        let extracted = read(name).await.unwrap();
        assert_decoded(&extracted, encoding);
        assert_eq!(headings(&extracted), [format!("1 {title}")], "{name}");
        assert_paragraphs(&extracted);
        assert_eq!(items(&extracted), ITEMS);
        assert_eq!(table(&extracted).1, ROWS);
        assert!(text(&extracted).contains("Hỏi thêm: cán bộ khuyến nông xã"), "{}", text(&extracted));
    }
}

#[tokio::test]
async fn rich_text_is_read_by_its_fonts_whatever_code_page_they_claim() {
    for (name, encoding, title) in
        [("old/tcvn3.rtf", Encoding::Tcvn3, TITLE.to_uppercase()), ("old/vni.rtf", Encoding::Vni, TITLE.to_owned())]
    {
        let extracted = read(name).await.unwrap();
        assert_decoded(&extracted, encoding);
        assert_eq!(headings(&extracted), [format!("1 {title}")], "{name}");
        assert_paragraphs(&extracted);
        assert_eq!(items(&extracted), ITEMS);
        assert_eq!(table(&extracted).1, ROWS);
    }
}

#[tokio::test]
async fn pdf_is_read_by_the_fonts_that_it_embeds() {
    for (name, encoding, title) in
        [("old/tcvn3.pdf", Encoding::Tcvn3, TITLE.to_uppercase()), ("old/vni.pdf", Encoding::Vni, TITLE.to_owned())]
    {
        let extracted = read(name).await.unwrap();
        assert_decoded(&extracted, encoding);
        assert_eq!(headings(&extracted), [format!("1 {title}")], "{name}");
        assert_paragraphs(&extracted);
        assert_eq!(table(&extracted).1, ROWS);
    }
}

#[tokio::test]
async fn files_without_fonts_are_read_by_their_words() {
    for (name, encoding) in [
        ("old/tcvn3.txt", Encoding::Tcvn3),
        ("old/vni.txt", Encoding::Vni),
        ("old/viscii.txt", Encoding::Viscii),
        ("old/vps.txt", Encoding::Vps),
        ("old/viqr.txt", Encoding::Viqr),
        ("old/windows-1258.txt", Encoding::Windows1258),
    ] {
        let extracted = read(name).await.unwrap();
        assert_decoded(&extracted, encoding);
        assert_eq!(headings(&extracted), [format!("1 {TITLE}")], "{name}");
        let found = text(&extracted);
        assert!(PARAGRAPHS.iter().all(|paragraph| found.contains(paragraph)), "{name}: {found}");
        assert_eq!(items(&extracted), ITEMS, "{name}");
    }
}

#[tokio::test]
async fn web_pages_and_tables_are_read_by_their_words() {
    for (name, encoding) in [("old/tcvn3.html", Encoding::Tcvn3), ("old/vni.html", Encoding::Vni)] {
        let extracted = read(name).await.unwrap();
        assert_decoded(&extracted, encoding);
        assert_eq!(extracted.title.as_deref(), Some(TITLE), "{name}");
        assert_paragraphs(&extracted);
        assert_eq!(table(&extracted).1, ROWS);
    }
    let extracted = read("old/tcvn3.csv").await.unwrap();
    assert_decoded(&extracted, Encoding::Tcvn3);
    assert_eq!(table(&extracted).1[1], ROWS[1]);
}

#[tokio::test]
async fn word_97_is_read_by_its_words() {
    let extracted = read("old/tcvn3.doc").await.unwrap();
    assert_decoded(&extracted, Encoding::Tcvn3);
    assert_paragraphs(&extracted);
    assert!(ROWS.iter().all(|row| text(&extracted).contains(&row.replace('|', " | "))), "{}", text(&extracted));
}

#[tokio::test]
async fn a_short_text_is_put_right_and_marked_as_doubtful() {
    let extracted = read_bytes("Phßng trõ s©u bÖnh".as_bytes(), "a.txt", Limits::default()).await.unwrap();
    assert_eq!(text(&extracted), "Phòng trừ sâu bệnh");
    assert!(decodings(&extracted).is_unsure());
}

#[tokio::test]
async fn text_that_is_right_is_left_alone() {
    for given in [
        "Trồng lúa bị đạo ôn: 25 °C, 5 m², hạt giống «Khang dân» ® – không có gì lạ.",
        "Le café à côté de la forêt ; l’été dernier, où est passé le garçon ? Déjà très âgé, il a été opéré.",
    ] {
        let extracted = read_bytes(given.as_bytes(), "a.txt", Limits::default()).await.unwrap();
        assert_eq!(text(&extracted), given);
        assert!(decodings(&extracted).is_empty());
    }
    for name in
        ["article.docx", "article.rtf", "article.doc", "office.pdf", "typst.pdf", "web.html", "sheet.xls", "book.epub"]
    {
        assert!(decodings(&read(name).await.unwrap()).is_empty(), "{name}");
    }
}
