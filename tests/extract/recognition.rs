//! Pages on paper, read by the real recognising program: how right, in which order, and how sure.

use super::{extractor, text};
use crate::support::paper::{self, PARAGRAPHS, error_rate, print, prose, skewed, wrapped};
use hoclieu::domain::language::Language;
use hoclieu::domain::page::{Block, Origin, Page, SURE, Scan};
use hoclieu::extract::{Input, Limits, Recogniser};
use image::GrayImage;
use std::io::Write;

/// Recognises the first page of a file with the model of Vietnamese.
async fn recognised(bytes: &[u8], name: &str) -> Page {
    let mut content = tempfile::tempfile().unwrap();
    content.write_all(bytes).unwrap();
    let input = Input { content, size_bytes: bytes.len() as u64, name };
    extractor(Limits::default()).recognise(input, 1, "vie").await.unwrap()
}

/// Recognises a page that was scanned into a PDF.
async fn read(page: GrayImage, quality: u8) -> Page {
    recognised(&paper::scan(&[(page, quality)]), "quet.pdf").await
}

#[track_caller]
fn assert_is_right(page: &Page, wanted: &str, case: &str) {
    let (found, confidence) = (page.text(), page.confidence.unwrap());
    let rate = error_rate(&found, wanted);
    eprintln!("{case}: {:.2} % of characters wrong, confidence {confidence}", rate * 100.0);
    assert!(rate <= 0.03, "{case}: {rate}\n{found}");
    assert!(confidence > 0.85, "{case}: {confidence}");
    assert!(!page.is_unsure());
    assert_eq!((page.origin, &page.scan), (Origin::Ocr, &Some(Scan::Read)), "{case}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clean_print_is_read_with_less_than_three_errors_in_a_hundred() {
    let (body, wanted) = prose();
    let page = print(&body).await;
    let read = read(page.clone(), 80).await;
    assert_is_right(&read, &wanted, "clean print in a PDF");
    assert_eq!(read.heading.as_deref(), Some("Trồng ném trên đất cát"));
    assert_eq!(read.language, Some(Language::vietnamese()));
    let paragraphs = read.blocks.iter().filter(|block| matches!(block, Block::Paragraph { .. })).count();
    assert_eq!(paragraphs, PARAGRAPHS.len(), "lines are joined to paragraphs");
    for (format, name) in [(image::ImageFormat::Png, "trang.png"), (image::ImageFormat::Tiff, "trang.tif")] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        page.write_to(&mut bytes, format).unwrap();
        assert_is_right(&recognised(bytes.get_ref(), name).await, &wanted, name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_laid_askew_by_up_to_five_degrees_are_read_as_well() {
    let (body, wanted) = prose();
    let page = print(&body).await;
    for degrees in [2.0, -3.5, 5.0] {
        let read = read(skewed(&page, degrees), 70).await;
        assert_is_right(&read, &wanted, &format!("askew by {degrees}°"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_on_their_head_are_turned() {
    let (body, wanted) = prose();
    let page = print(&body).await;
    assert_is_right(&read(image::imageops::rotate180(&page), 80).await, &wanted, "on its head");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_columns_are_read_one_after_the_other() {
    let text: Vec<&str> = PARAGRAPHS.iter().chain(&PARAGRAPHS[..4]).copied().collect();
    let columns = wrapped("p", &text);
    let page = print(&format!("<h1>Bản tin khuyến nông</h1><div class=\"columns\">{columns}</div>")).await;
    let wanted = format!("Bản tin khuyến nông {}", text.join(" "));
    assert_is_right(&read(page.clone(), 80).await, &wanted, "two columns");
    assert_is_right(&read(skewed(&page, -2.5), 70).await, &wanted, "two columns askew");
}

const ROWS: [[&str; 4]; 4] = [
    ["Giai đoạn", "Biểu hiện", "Việc cần làm", "Ngày"],
    ["Ra củ", "Lá vàng từ chóp, củ phình to dần", "Ngừng tưới, bón thêm kali cho chắc củ", "15/01/2026"],
    ["Chín", "Hai phần ba số lá đã gục xuống", "Nhổ vào ngày nắng, giũ sạch cát rồi bó lại", "20/02/2026"],
    ["Cất giữ", "Vỏ khô, kêu lạo xạo", "Treo nơi thoáng gió", "05/03/2026"],
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ruled_tables_come_out_as_tables_cell_by_cell() {
    let rows = wrapped("tr", &ROWS.map(|row| wrapped("td", &row)));
    let [first, second, ..] = PARAGRAPHS;
    let page = print(&format!("<p>{first}</p><table>{rows}</table><p>{second}</p>")).await;
    let wanted: Vec<String> = ROWS.iter().flatten().map(|cell| (*cell).to_owned()).collect();
    for (page, case) in [(page.clone(), "level"), (skewed(&page, 2.0), "askew")] {
        let read = read(page, 80).await;
        let [Block::Paragraph { text: before }, Block::Table { rows, .. }, Block::Paragraph { text: after }] =
            &read.blocks[..]
        else {
            panic!("{case}: {:?}", read.blocks);
        };
        assert!(error_rate(before, first) <= 0.03 && error_rate(after, second) <= 0.03, "{case}: {before} {after}");
        assert!(rows.iter().all(|row| row.len() == 4) && rows.len() == 4, "{case}: {rows:?}");
        let cells: Vec<String> = rows.iter().flatten().cloned().collect();
        for (cell, wanted) in cells.iter().zip(&wanted) {
            assert!(error_rate(cell, wanted) <= 0.2, "{case}: {cell} for {wanted}");
        }
        let rate = error_rate(&cells.join(" "), &wanted.join(" "));
        println!("table {case}: {:.2} % of characters wrong", rate * 100.0);
        assert!(rate <= 0.03, "{case}: {rate} {cells:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photograph_of_a_page_by_a_lamp_is_read() {
    let (body, wanted) = prose();
    let page = paper::photographed(&print(&body).await);
    assert_is_right(&recognised(&paper::jpeg(&page, 60), "anh-chup.jpg").await, &wanted, "photograph");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posters_with_light_letters_on_dark_areas_are_read() {
    let band = "background:#97191c;color:#fff;font-size:34pt;font-weight:700;text-align:center;padding:12mm";
    let area = |place: &str, text: &str| {
        format!("<div style=\"position:absolute;width:75mm;padding:5mm;{place}\">{text}</div>")
    };
    let body = [
        format!("<div style=\"{band}\">PHÒNG CHỐNG ĐUỐI NƯỚC</div>"),
        area("top:75mm;left:15mm;background:#ffe39a", "Rào ao, đậy giếng, che kín hố vôi quanh nhà"),
        area("top:95mm;left:115mm;background:#1b5e20;color:#fff", "Dạy trẻ học bơi từ sáu tuổi, có người lớn kèm"),
        area("top:140mm;left:30mm;background:#4a148c;color:#ffe39a", "Mặc áo phao khi đi đò qua sông"),
    ];
    let read = read(print(&body.concat()).await, 75).await;
    let wanted = "PHÒNG CHỐNG ĐUỐI NƯỚC Rào ao, đậy giếng, che kín hố vôi quanh nhà Dạy trẻ học bơi từ sáu tuổi, có người \
                  lớn kèm Mặc áo phao khi đi đò qua sông";
    assert_is_right(&read, wanted, "poster");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blank_pages_and_pictures_without_text_have_none() {
    let blank = read(GrayImage::from_pixel(1654, 2339, image::Luma([250])), 80).await;
    assert_eq!((blank.blocks.len(), blank.confidence, blank.language), (0, Some(1.0), None));
    let clouds = GrayImage::from_fn(1654, 2339, |x, y| {
        let wave = |v: u32, step: u32| (v % step).abs_diff(step / 2) * 255 / step;
        image::Luma([u8::try_from((wave(x + y / 3, 410) + wave(y, 530) + wave(x * 2 + y, 170)) % 256).unwrap()])
    });
    let picture = read(clouds, 60).await;
    assert_eq!(picture.blocks, [], "{:?}", picture.blocks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_well_is_called_unsure() {
    let (body, wanted) = prose();
    let page = print(&body).await;
    // Two thirds of the page are blurred beyond reading; the program alone would be as sure as ever.
    let blurred = image::imageops::blur(&page, 4.0);
    let ruined = GrayImage::from_fn(page.width(), page.height(), |x, y| {
        *if y < page.height() / 5 { page.get_pixel(x, y) } else { blurred.get_pixel(x, y) }
    });
    let read = read(ruined, 70).await;
    println!("ruined: {:.0} % wrong, confidence {:?}", error_rate(&read.text(), &wanted) * 100.0, read.confidence);
    assert!(read.is_unsure(), "{:?} of {SURE}: {}", read.confidence, read.text());
}

#[tokio::test]
async fn the_languages_of_a_material_choose_the_models() {
    let here = extractor(Limits::default());
    let language = |tag: &str| Language::parse(tag).unwrap();
    assert_eq!(here.recogniser(&[language("vi")]).await, Recogniser::Models("vie".to_owned()));
    assert_eq!(here.recogniser(&[language("vi"), language("en")]).await, Recogniser::Models("vie+eng".to_owned()));
    let nowhere = extractor(Limits::default()).with_recogniser("/nonexistent/tesseract");
    let packages = ["tesseract-ocr", "tesseract-ocr-vie"].map(str::to_owned).to_vec();
    assert_eq!(nowhere.recogniser(&[]).await, Recogniser::Lacks(packages));
}

#[tokio::test]
async fn pages_that_need_recognition_are_told_from_those_that_do_not() {
    let sheet = GrayImage::from_pixel(400, 560, image::Luma([240]));
    let found = super::read_bytes(&paper::scan(&[(sheet.clone(), 50), (sheet, 50)]), "a.pdf", Limits::default()).await;
    let found = found.unwrap();
    assert!(found.needs_ocr() && text(&found).trim().is_empty());
    assert!(found.pages.iter().all(|page| page.scan == Some(Scan::Waiting)));
}
