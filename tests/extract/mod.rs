use crate::support::program::PROGRAM;
use hoclieu::domain::page::Block;
use hoclieu::extract::{ExtractError, Extracted, Extractor, Limits};
use std::io::Write;

async fn read(content: &[u8], name: &str, limits: Limits) -> Result<Extracted, ExtractError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let size = content.len() as u64;
    Extractor::with_program(PROGRAM, limits).extract(file, size, name).await
}

async fn code(content: &[u8], name: &str) -> &'static str {
    match read(content, name, Limits::default()).await {
        Ok(extracted) => panic!("{name} was read: {extracted:?}"),
        Err(error) => {
            assert!(!error.message_vi().is_empty());
            error.code()
        }
    }
}

/// The original of a seed material.
fn original(name: &str) -> Vec<u8> {
    std::fs::read(crate::support::program::seed_content().join("materials").join(name)).unwrap()
}

fn text(extracted: &Extracted) -> String {
    extracted.pages.iter().map(hoclieu::domain::page::Page::text).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_format_of_the_seed_gives_vietnamese_text_in_order() {
    let expected = [
        ("lua-dao-on.pdf", "Ngừng bón đạm"),
        ("nuoi-heo-an-toan.docx", "dịch tả lợn châu Phi"),
        ("slide-lua-dao-nguoi-cao-tuoi.pptx", "lừa đảo"),
        ("bai-choi-trong-hoi.html", "Tiếng trống hội làng"),
        ("tin-hoc-van-phong.epub", "bảng tính"),
        ("quyen-tre-em.odt", "trẻ em"),
        ("tom-tat-qd-1373.doc", "xã hội học tập"),
        ("so-thu-chi.xlsx", "chi"),
        ("xkld-han-quoc.txt", "Hàn Quốc"),
        ("ky-nang-bao-cao-vien.md", "báo cáo viên"),
    ];
    for (name, wanted) in expected {
        let extracted = read(&original(name), name, Limits::default()).await.unwrap();
        let text = text(&extracted);
        assert!(text.to_lowercase().contains(&wanted.to_lowercase()), "{name}: {text}");
        assert_eq!(extracted.languages.first().map(hoclieu::domain::language::Language::as_str), Some("vi"), "{name}");
        assert!(!extracted.needs_ocr, "{name}");
    }
}

#[tokio::test]
async fn a_pdf_loses_its_running_head_and_keeps_headings_and_tables() {
    let extracted = read(&original("lua-dao-on.pdf"), "lua-dao-on.pdf", Limits::default()).await.unwrap();
    assert!(extracted.pages.len() >= 4, "{}", extracted.pages.len());
    let all = text(&extracted);
    assert!(!all.contains("Trang 2 / "), "{all}");
    let blocks = extracted.pages.iter().flat_map(|page| &page.blocks);
    assert!(blocks.clone().any(|block| matches!(block, Block::Table { .. })));
    assert!(
        blocks
            .clone()
            .any(|block| matches!(block, Block::Heading { text, .. } if text.contains("Phòng bệnh từ đầu vụ")))
    );
}

#[tokio::test]
async fn english_is_told_apart_and_marks_are_composed() {
    let english = read(&original("uxo-safety-visitors.pdf"), "x.pdf", Limits::default()).await.unwrap();
    assert!(english.languages.iter().any(|language| language.as_str() == "en"), "{:?}", english.languages);
    let decomposed =
        "Ruo\u{302}\u{323}ng lu\u{301}a bi\u{323} \u{111}a\u{323}o o\u{302}n \u{1edf} que\u{302} to\u{302}i";
    let extracted = read(decomposed.as_bytes(), "a.txt", Limits::default()).await.unwrap();
    assert!(text(&extracted).contains("Ruộng lúa bị đạo ôn"), "{:?}", text(&extracted));
}

#[tokio::test]
async fn broken_and_lying_files_cost_one_clear_code() {
    assert_eq!(code(b"", "a.pdf").await, "file-empty");
    assert_eq!(code(b"MZ\x90\x00\x03", "a.pdf").await, "file-unsupported");
    assert_eq!(code(b"%PDF-1.7\n1 0 obj << /Type", "a.pdf").await, "file-damaged");
    let whole = original("nuoi-heo-an-toan.docx");
    assert_eq!(code(&whole[..whole.len() / 2], "a.docx").await, "file-damaged");
}

#[tokio::test]
async fn a_packed_bomb_is_refused_and_the_next_file_is_read() {
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for name in ["[Content_Types].xml", "word/document.xml"] {
        packed.start_file(name, options).unwrap();
        packed.write_all(&vec![b' '; 64 << 20]).unwrap();
    }
    let bomb = packed.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    let limits = Limits { unpacked_bytes: 16 << 20, ..Limits::default() };
    let refused = read(&bomb, "bom.docx", limits.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "file-inflates");
    assert!(read("Chữ bình thường ở đây".as_bytes(), "a.txt", limits).await.is_ok());
}
