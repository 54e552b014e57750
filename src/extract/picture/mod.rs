//! Pages as pictures: drawn out of a PDF or decoded from an image file, never larger than a bound.

mod drawn;
mod file;
mod shown;

pub(super) use file::{check, pages};
pub(super) use shown::{jpeg, lightness};

use crate::extract::detect::{Format, detect};
use crate::extract::error::ExtractError;
use image::RgbImage;

/// How finely a page becomes a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fineness {
    /// Pixels to the inch of paper, where the file knows its paper.
    pub(super) dots_per_inch: f64,
    /// The most pixels of the longer side.
    pub(super) max_side: u32,
    /// The range of an image file's longer side; a smaller one is doubled at most.
    pub(super) sides_of_files: (u32, u32),
}

/// What recognition wants: more pixels cost time and gain nothing.
pub(super) const FOR_RECOGNITION: Fineness =
    Fineness { dots_per_inch: 200.0, max_side: 4_000, sides_of_files: (1_400, 2_800) };
/// What a reader's screen shows, small enough for a weak line.
pub(super) const FOR_READERS: Fineness = Fineness { dots_per_inch: 120.0, max_side: 1_600, sides_of_files: (1, 1_600) };

/// The picture of one page, counted from 1.
///
/// # Errors
/// `FileDamaged`, `PageTooLarge`, `PictureUnsupported`; an image file has as many pages as it has pictures.
pub(super) fn page(bytes: &[u8], name: &str, number: u32, fineness: Fineness) -> Result<RgbImage, ExtractError> {
    let detected = detect(bytes, name);
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    match detected.format {
        Format::Pdf => drawn::page(bytes, index, fineness),
        Format::Image => file::page(bytes, &detected.media_type, index, fineness),
        _ => Err(ExtractError::PictureUnsupported { media_type: detected.media_type }),
    }
}
