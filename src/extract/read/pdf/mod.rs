//! PDF: glyphs in content order, lines by baseline, paragraphs by spacing.

mod glyphs;
mod letters;
mod lines;
mod paragraphs;
mod tables;

use crate::extract::content::{Content, Draft};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use encoding_rs::{UTF_8, UTF_16BE, WINDOWS_1252};
use glyphs::Sheet;
use hayro::hayro_interpret::InterpreterCache;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

/// A page with fewer glyphs than this and a large picture is a scan.
const FEW_GLYPHS: usize = 20;
/// The share of the page that such a picture covers at least.
const LARGE_PICTURE: f64 = 0.4;

/// Reads a PDF; each of its pages is a page.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(refusal)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(ExtractError::FileDamaged("no pages".to_owned()));
    }
    if u32::try_from(pages.len()).map_or(true, |count| count > limits.pages) {
        return Err(ExtractError::FileTooManyPages { limit: limits.pages });
    }
    let cache = InterpreterCache::new();
    let sheets: Vec<Sheet> = pages.iter().map(|page| glyphs::sheet(page, &cache)).collect();
    let scans = sheets.iter().filter(|sheet| is_scan(sheet)).count();
    let (total, unknown) =
        sheets.iter().fold((0, 0), |(total, unknown), sheet| (total + sheet.glyphs.len(), unknown + sheet.unknown));
    let style = paragraphs::Style::of(&sheets);
    let drafts = sheets.into_iter().map(|sheet| draft(sheet, &style)).collect();
    Ok(Content {
        // A few picture pages, such as a cover, do not make a scan.
        needs_ocr: scans > 0 && scans * 5 >= pages.len(),
        letters_unknown: unknown * 10 > total + unknown,
        ..Content::pages(pdf.metadata().title.as_deref().and_then(title), drafts)
    })
}

fn draft(sheet: Sheet, style: &paragraphs::Style) -> Draft {
    if is_scan(&sheet) {
        return Draft::default();
    }
    let unseen = sheet.glyphs.iter().filter(|glyph| glyph.unseen).count();
    let recognised = unseen * 2 > sheet.glyphs.len();
    let (glyphs, tables) = tables::take(sheet.glyphs, &sheet.rules);
    let flow = lines::with_dots(lines::flow(glyphs, &tables), &sheet.dots);
    Draft { heading: None, blocks: paragraphs::blocks(&flow, tables, style), recognised }
}

fn is_scan(sheet: &Sheet) -> bool {
    sheet.glyphs.len() < FEW_GLYPHS && sheet.picture_share > LARGE_PICTURE
}

fn refusal(error: LoadPdfError) -> ExtractError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => {
            ExtractError::FileEncrypted
        }
        LoadPdfError::Decryption(other) => ExtractError::FileDamaged(format!("pdf decryption: {other:?}")),
        LoadPdfError::Invalid => ExtractError::FileDamaged("pdf structure".to_owned()),
    }
}

/// The document's own title, unless a program wrote the file's name there.
fn title(bytes: &[u8]) -> Option<String> {
    let encoding = if bytes.starts_with(&[0xfe, 0xff]) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    };
    let title = encoding.decode_with_bom_removal(bytes).0.trim().to_owned();
    let lower = title.to_lowercase();
    let is_file_name = [".doc", ".docx", ".pdf", ".ppt", ".pptx", ".xls", ".xlsx", ".odt", ".indd", ".cdr"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    let is_useless = is_file_name || lower.starts_with("microsoft word") || lower.starts_with("untitled");
    (!is_useless && title.chars().count() > 3).then_some(title)
}
