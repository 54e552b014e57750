//! One reader per format, and what all of them share.

mod captions;
mod docx;
mod epub;
mod html;
mod html_blocks;
mod html_depth;
pub(super) mod looks;
mod markdown;
mod odf;
mod office;
pub(super) mod pdf;
mod picture;
mod rtf;
mod sheets;
mod text;
mod xml;

use crate::domain::page::{Block, Origin, Page};
use crate::extract::content::{Body, Content, Draft, Part};
use crate::extract::detect::{Detected, Format, detect};
use crate::extract::error::ExtractError;
use crate::extract::limits::Limits;
use crate::extract::{Extracted, Warning, clean, furniture, language, legacy, pages};

/// Reads a whole document: the child's work.
pub(super) fn document(bytes: &[u8], name: &str, limits: &Limits) -> Result<Extracted, ExtractError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ExtractError::FileEmpty);
    }
    let detected = detect(bytes, name);
    let content = legacy::restore(read(bytes, &detected, limits)?);
    let unknown = content.letters_unknown;
    let own_title = content.title.as_deref().map(clean::line).filter(|title| !title.is_empty());
    let pages = paged(content.body, detected.format, limits)?;
    let title = own_title.or_else(|| first_heading(&pages));
    let mut warnings = Vec::new();
    if name_differs(name, detected.format) {
        warnings.push(Warning::NameDiffers);
    }
    if pages.iter().all(|page| page.blocks.is_empty()) {
        warnings.push(Warning::NoText);
    }
    if unknown {
        warnings.push(Warning::LettersUnknown);
    }
    if pages.iter().any(|page| page.language.is_none() && language::is_unsure(&page.text())) {
        warnings.push(Warning::LanguageUnsure);
    }
    let languages = language::of_pages(&pages);
    let Detected { format, media_type } = detected;
    Ok(Extracted { format, media_type, title, pages, languages, warnings })
}

fn read(bytes: &[u8], detected: &Detected, limits: &Limits) -> Result<Content, ExtractError> {
    match detected.format {
        Format::Pdf => pdf::read(bytes, limits),
        Format::Docx => docx::read(bytes, limits),
        Format::Pptx => office::slides(bytes, true, limits),
        Format::Ppt => office::slides(bytes, false, limits),
        Format::Doc => office::old_word(bytes),
        Format::Xlsx => sheets::xlsx(bytes, limits),
        Format::Xls => sheets::xls(bytes),
        Format::Ods => sheets::ods(bytes, limits),
        Format::Odt => odf::odt(bytes, limits),
        Format::Odp => odf::odp(bytes, limits),
        Format::Rtf => rtf::read(bytes),
        Format::Epub => epub::read(bytes, limits),
        Format::Csv => sheets::csv(bytes),
        Format::Html => html::read(bytes),
        Format::Markdown => markdown::read(bytes),
        Format::Text => text::read(bytes),
        Format::WebVtt | Format::SubRip => captions::read(bytes),
        Format::Image => picture::read(bytes, &detected.media_type, limits),
        Format::Encrypted => Err(ExtractError::FileEncrypted),
        _ => Err(ExtractError::FileUnsupported { media_type: detected.media_type.clone() }),
    }
}

/// Where a file does not say its title, the heading that it begins with is one.
fn first_heading(pages: &[Page]) -> Option<String> {
    match pages.first()?.blocks.first()? {
        Block::Heading { text, .. } => Some(text.clone()),
        _ => None,
    }
}

fn paged(body: Body, format: Format, limits: &Limits) -> Result<Vec<Page>, ExtractError> {
    let pages: Vec<_> = match body {
        Body::Flow(parts) => numbered(pages::cut(clean::parts(parts)).into_iter().map(|parts| (None, parts))),
        Body::Sections(drafts) => numbered(drafts.into_iter().flat_map(|draft| {
            let Draft { heading, parts, .. } = draft;
            pages::cut(clean::parts(parts)).into_iter().map(move |parts| (heading.clone(), parts))
        })),
        Body::Pages(drafts) => {
            let kinds: Vec<_> =
                drafts.iter().map(|draft| (draft.heading.clone(), draft.origin(), draft.scan.clone())).collect();
            let mut all: Vec<_> = drafts.into_iter().map(|draft| clean::parts(draft.parts)).collect();
            // Only paper repeats its head and foot on every page.
            if format == Format::Pdf {
                furniture::remove(&mut all);
            }
            all.into_iter()
                .zip(kinds)
                .enumerate()
                .map(|(index, (parts, (heading, origin, scan)))| Page {
                    scan,
                    ..pages::page(index, heading, parts, origin)
                })
                .collect()
        }
    };
    let limit = limits.pages;
    if u32::try_from(pages.len()).is_ok_and(|count| count <= limit) {
        Ok(pages)
    } else {
        Err(ExtractError::FileTooManyPages { limit })
    }
}

/// Pages of text in the order in which they come.
fn numbered(pages: impl Iterator<Item = (Option<String>, Vec<Part>)>) -> Vec<Page> {
    pages.enumerate().map(|(index, (heading, parts))| pages::page(index, heading, parts, Origin::Extracted)).collect()
}

/// Whether the name's ending belongs to another kind of file; kinds of plain text do not count as different.
fn name_differs(name: &str, format: Format) -> bool {
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    let expected: &[Format] = match ending.to_lowercase().as_str() {
        "pdf" => &[Format::Pdf],
        "docx" | "docm" | "dotx" => &[Format::Docx],
        "pptx" | "ppsx" | "pptm" => &[Format::Pptx],
        "xlsx" | "xlsm" => &[Format::Xlsx],
        // Old Word opened RTF and web pages named .doc, and whole offices saved them so.
        "doc" | "dot" => &[Format::Doc, Format::Rtf],
        "ppt" | "pps" => &[Format::Ppt],
        "xls" => &[Format::Xls],
        "odt" => &[Format::Odt],
        "odp" => &[Format::Odp],
        "ods" => &[Format::Ods],
        "rtf" => &[Format::Rtf],
        "epub" => &[Format::Epub],
        "html" | "htm" | "xhtml" => &[Format::Html, Format::Text],
        "txt" | "md" | "csv" => &[Format::Text, Format::Markdown, Format::Csv],
        "vtt" | "srt" => &[Format::WebVtt, Format::SubRip],
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "tif" | "tiff" | "bmp" => &[Format::Image],
        _ => return false,
    };
    !expected.contains(&format)
}
