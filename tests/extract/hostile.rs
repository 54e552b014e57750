//! Files that are broken or lie: each costs one clear message with its code.

use super::{code, fixture, headings, read, read_bytes};
use hoclieu::extract::{Format, Limits, Warning};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A packed file with these entries.
fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A PDF of these objects, numbered from 1; the first is the catalogue.
pub(super) fn pdf(objects: &[String]) -> Vec<u8> {
    let mut out = "%PDF-1.7\n".to_owned();
    let mut places = String::new();
    for (index, object) in objects.iter().enumerate() {
        writeln!(places, "{:010} 00000 n ", out.len()).unwrap();
        write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let (start, count) = (out.len(), objects.len() + 1);
    let trailer = format!("trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF");
    write!(out, "xref\n0 {count}\n0000000000 65535 f \n{places}{trailer}").unwrap();
    out.into_bytes()
}

fn noise(length: u32) -> Vec<u8> {
    (0..length).map(|n| n.wrapping_mul(2_654_435_761).rotate_left(7).to_le_bytes()[2]).collect()
}

#[tokio::test]
async fn empty_files_are_called_empty() {
    assert_eq!(code(b"", "a.pdf").await, "file-empty");
    assert_eq!(code(b" \r\n\t\n", "a.txt").await, "file-empty");
}

#[tokio::test]
async fn bytes_of_no_kind_are_refused_whatever_their_name() {
    for name in ["a.pdf", "a.docx", "a.txt", "a"] {
        assert_eq!(code(&noise(20_000), name).await, "file-unsupported", "{name}");
    }
}

#[tokio::test]
async fn programs_and_archives_are_refused_under_any_name() {
    let program = std::fs::read(crate::support::program::PROGRAM).unwrap();
    assert_eq!(code(&program[..100_000], "giao-trinh.pdf").await, "file-unsupported");
    assert_eq!(code(&packed(&[("a.exe", b"MZ")]), "giao-trinh.docx").await, "file-unsupported");
    assert_eq!(code(b"ID3\x04\x00rest of a song", "bai-hat.docx").await, "file-unsupported");
}

#[tokio::test]
async fn a_web_page_under_another_name_is_read_as_what_it_is() {
    let page = "<!DOCTYPE html><title>Chợ phiên</title><h1>Chợ phiên</h1><p>Chợ họp ngày mồng ba và mười ba.</p>";
    let found = read_bytes(page.as_bytes(), "cho.docx", Limits::default()).await.unwrap();
    assert_eq!(found.format, Format::Html);
    assert_eq!(headings(&found), ["1 Chợ phiên"]);
    assert_eq!(found.warnings, [Warning::NameDiffers]);
}

#[tokio::test]
async fn names_with_slashes_controls_and_direction_marks_do_no_harm() {
    for name in ["../../etc/passwd", "a\u{0}b\n.txt", "\u{202e}fdp.txt", &"ơ".repeat(5_000)] {
        let found = read_bytes("Một đoạn văn ngắn về trồng lúa.".as_bytes(), name, Limits::default()).await.unwrap();
        assert_eq!(found.pages.len(), 1);
    }
}

#[tokio::test]
async fn cut_files_are_called_damaged() {
    for name in ["typst.pdf", "article.docx", "article.odt", "slides.pptx", "sheet.xlsx", "book.epub", "article.doc"] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        assert_eq!(code(&bytes[..bytes.len() / 2], name).await, "file-damaged", "{name}");
    }
}

#[tokio::test]
async fn files_with_a_password_are_called_encrypted() {
    assert_eq!(read("locked.pdf").await.unwrap_err().code(), "file-encrypted");
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let office = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600], &name, &[0; 600]].concat();
    assert_eq!(code(&office, "a.docx").await, "file-encrypted");
    let manifest = b"<manifest:manifest xmlns:manifest=\"m\"><manifest:encryption-data/></manifest:manifest>";
    let odt = packed(&[("mimetype", b"x"), ("META-INF/manifest.xml", manifest), ("content.xml", b"\x01\x02")]);
    assert_eq!(code(&odt, "a.odt").await, "file-unsupported", "without its mark it is no OpenDocument file");
}

#[tokio::test]
async fn packed_bombs_are_refused_before_they_unpack() {
    let limits = Limits { unpacked_bytes: 4 << 20, ..Limits::default() };
    let bomb = packed(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &vec![b' '; 40 << 20])]);
    assert!(bomb.len() < 100_000);
    assert_eq!(read_bytes(&bomb, "a.docx", limits.clone()).await.unwrap_err().code(), "file-inflates");
    // The size that a file writes about itself may lie.
    let (size, lie) = ((40_u32 << 20).to_le_bytes(), 100_u32.to_le_bytes());
    let lying: Vec<u8> = replaced(&bomb, &size, &lie);
    let told = read_bytes(&lying, "a.docx", limits).await.unwrap_err();
    assert!(["file-inflates", "file-damaged"].contains(&told.code()), "{told}");
    let many: Vec<(String, &[u8])> = (0..300).map(|n| (format!("word/document{n}.xml"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let limits = Limits { archive_entries: 200, ..Limits::default() };
    assert_eq!(read_bytes(&packed(&many), "a.docx", limits).await.unwrap_err().code(), "file-inflates");
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..out.len().saturating_sub(from.len()) {
        if out[at..].starts_with(from) {
            out[at..at + to.len()].copy_from_slice(to);
        }
    }
    out
}

#[tokio::test]
async fn a_pdf_with_too_many_pages_is_refused() {
    let kids: String = (3..104).map(|number| format!("{number} 0 R")).collect::<Vec<_>>().join(" ");
    let mut objects =
        vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned(), format!("<</Type/Pages/Kids[{kids}]/Count 101>>")];
    objects.extend((3..104).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned()));
    let limits = Limits { pages: 100, ..Limits::default() };
    assert_eq!(read_bytes(&pdf(&objects), "a.pdf", limits).await.unwrap_err().code(), "file-too-many-pages");
}

#[tokio::test]
async fn a_million_claimed_pages_cost_nothing() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1000000>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned(),
    ];
    let found = read_bytes(&pdf(&objects), "a.pdf", Limits::default()).await.unwrap();
    assert_eq!(found.pages.len(), 1);
    let loops = ["<</Type/Catalog/Pages 2 0 R>>".to_owned(), "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>".to_owned()];
    assert_eq!(code(&pdf(&loops), "a.pdf").await, "file-damaged");
}

#[tokio::test]
async fn deep_nesting_ends_in_one_message_or_in_text() {
    let deep = |times: usize, open: &str, close: &str| format!("{}Đáy{}", open.repeat(times), close.repeat(times));
    let page = format!("<!DOCTYPE html><html><body>{}</body></html>", deep(5_000, "<div>", "</div>"));
    let rtf = deep(50_000, "{", "}").replacen('{', "{\\rtf1", 1);
    let body = deep(50_000, "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>");
    let word = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    let docx = packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("word/document.xml", word.as_bytes()),
    ]);
    for (bytes, name) in [(page.as_bytes(), "a.html"), (rtf.as_bytes(), "a.rtf"), (&docx, "a.docx")] {
        let told = code(bytes, name).await;
        assert!(["read", "file-damaged"].contains(&told), "{name}: {told}");
    }
}

#[tokio::test]
async fn a_page_of_endlessly_nested_elements_is_read_at_once() {
    for open in ["<div>", "<div a='</div>'><!--</div>-->", "<b></x>", "<svg><style><g>"] {
        let page = format!("<!DOCTYPE html><html><body>{}<p>Đáy sâu của trang</p></body></html>", open.repeat(200_000));
        let found = read_bytes(page.as_bytes(), "a.html", Limits::default()).await;
        assert!(found.is_ok_and(|found| open.contains("svg") || super::text(&found).contains("Đáy sâu")), "{open}");
    }
}

#[tokio::test]
async fn entities_are_not_expanded() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><office:body><office:text><text:p>Một &c; hai &amp; ba</text:p></office:text></office:body></office:document-content>";
    let odt = stored_first("application/vnd.oasis.opendocument.text", &[("content.xml", bomb.as_bytes())]);
    let found = read_bytes(&odt, "a.odt", Limits::default()).await.unwrap();
    assert_eq!(super::text(&found), "Một hai & ba");
}

/// A packed file that begins with its media type unpacked, as `OpenDocument` asks for.
fn stored_first(media_type: &str, entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("mimetype", SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
    writer.write_all(media_type.as_bytes()).unwrap();
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
