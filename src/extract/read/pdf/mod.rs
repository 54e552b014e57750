//! PDF: glyphs in content order, lines by baseline, paragraphs by spacing.

mod glyphs;
mod letters;
mod lines;
mod paragraphs;
mod tables;

use crate::domain::page::Scan;
use crate::extract::content::{Content, Draft, Part};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use encoding_rs::{UTF_8, UTF_16BE, WINDOWS_1252};
use glyphs::Sheet;
pub(in crate::extract) use glyphs::{Glyph, Rule};
use hayro::hayro_interpret::InterpreterCache;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
pub(in crate::extract) use tables::grids;

/// A page with fewer glyphs than this and a large picture or many drawn shapes is a scan.
const FEW_GLYPHS: usize = 20;
/// The share of the page that such a picture covers at least.
const LARGE_PICTURE: f64 = 0.4;
/// Programs for scanning put their names under a picture of the whole page, so such a page may have more glyphs.
const MORE_GLYPHS: usize = 40;
/// The share of the page that is the whole of it, margins apart.
const WHOLE_PAGE: f64 = 0.8;
/// Where letters were turned into outlines, a page has more shapes than this and no glyphs.
const MANY_SHAPES: usize = 300;

/// Reads a PDF; each of its pages is a page.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Content, ExtractError> {
    let pdf = open(bytes)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(ExtractError::FileDamaged("no pages".to_owned()));
    }
    if u32::try_from(pages.len()).map_or(true, |count| count > limits.pages) {
        return Err(ExtractError::FileTooManyPages { limit: limits.pages });
    }
    let cache = InterpreterCache::new();
    let sheets: Vec<Sheet> = pages.iter().map(|page| glyphs::sheet(page, &cache)).collect();
    let (total, unknown) =
        sheets.iter().fold((0, 0), |(total, unknown), sheet| (total + sheet.glyphs.len(), unknown + sheet.unknown));
    let style = paragraphs::Style::of(&sheets);
    let drafts = sheets.into_iter().map(|sheet| draft(sheet, &style)).collect();
    Ok(Content {
        letters_unknown: unknown * 10 > total + unknown,
        ..Content::pages(pdf.metadata().title.as_deref().and_then(title), drafts)
    })
}

/// The parts of glyphs with places, wherever those come from; sizes are told apart within them alone.
pub(in crate::extract) fn parts_of(glyphs: Vec<Glyph>, rules: Vec<Rule>) -> Vec<Part> {
    let sheet = Sheet { glyphs, rules, ..Sheet::default() };
    let style = paragraphs::Style::of(std::slice::from_ref(&sheet));
    draft(sheet, &style).parts
}

/// Opens a PDF.
pub(in crate::extract) fn open(bytes: &[u8]) -> Result<Pdf, ExtractError> {
    Pdf::new(bytes.to_vec()).map_err(refusal)
}

/// How many pixels the finest picture of a page has to the point; 0 where there is none.
pub(in crate::extract) fn picture_density(page: &Page<'_>) -> f64 {
    glyphs::sheet(page, &InterpreterCache::new()).picture_density
}

fn draft(sheet: Sheet, style: &paragraphs::Style) -> Draft {
    let is_scan = is_scan(&sheet);
    if is_scan && is_unknown(&sheet) {
        return Draft { scan: Some(Scan::Waiting), ..Draft::default() };
    }
    let has_picture = sheet.picture_share > LARGE_PICTURE;
    let unseen = sheet.glyphs.iter().filter(|glyph| glyph.unseen).count();
    let recognised = unseen * 2 > sheet.glyphs.len();
    let (glyphs, tables) = tables::take(sheet.glyphs, &sheet.rules);
    let flow = lines::with_dots(lines::flow(glyphs, &tables), &sheet.dots);
    let scan = if is_scan { Some(Scan::Waiting) } else { (recognised && has_picture).then_some(Scan::Read) };
    Draft { heading: None, parts: paragraphs::parts(&flow, tables, style), recognised, scan }
}

/// Whether a page shows text that its glyphs do not say.
fn is_scan(sheet: &Sheet) -> bool {
    let glyphs = sheet.glyphs.len();
    (glyphs < FEW_GLYPHS && (sheet.picture_share > LARGE_PICTURE || sheet.shapes > MANY_SHAPES))
        || (glyphs < MORE_GLYPHS && sheet.picture_share > WHOLE_PAGE)
        || is_unknown(sheet)
}

/// Whether no letter is known for most glyphs.
fn is_unknown(sheet: &Sheet) -> bool {
    sheet.unknown > FEW_GLYPHS && sheet.unknown > sheet.glyphs.len()
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
