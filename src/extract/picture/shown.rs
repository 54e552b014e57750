//! Pictures for readers: JPEG, small enough for a weak line.

use crate::extract::error::ExtractError;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage};

/// How good the first attempt looks, and the next ones when it is too large.
const QUALITIES: [u8; 3] = [60, 40, 20];
/// The longest picture that is handed out, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// Colours whose parts differ by less are the greys of a scanner.
const GREYISH: u8 = 24;

/// Encodes a page; scans without colour are encoded without, which saves a third.
pub(in crate::extract) fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, ExtractError> {
    let (width, height) = picture.dimensions();
    let is_grey = picture.pixels().filter(|pixel| !is_greyish(pixel.0)).count() * 1_000 < picture.as_raw().len();
    let grey: Vec<u8> = if is_grey { picture.pixels().map(|pixel| lightness(pixel.0)).collect() } else { Vec::new() };
    let (pixels, colours) =
        if is_grey { (&grey, ExtendedColorType::L8) } else { (picture.as_raw(), ExtendedColorType::Rgb8) };
    let mut bytes = Vec::new();
    for quality in QUALITIES {
        bytes.clear();
        JpegEncoder::new_with_quality(&mut bytes, quality)
            .encode(pixels, width, height, colours)
            .map_err(|error| ExtractError::FileDamaged(format!("picture: {error}")))?;
        if bytes.len() <= MAX_BYTES {
            break;
        }
    }
    Ok(bytes)
}

fn is_greyish([red, green, blue]: [u8; 3]) -> bool {
    red.max(green).max(blue) - red.min(green).min(blue) < GREYISH
}

/// How light a colour looks, from 0 to 255.
pub(in crate::extract) fn lightness([red, green, blue]: [u8; 3]) -> u8 {
    let sum = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114;
    u8::try_from(sum / 1_000).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_page_without_colour_is_encoded_without() {
        let grey = jpeg(&RgbImage::from_fn(80, 80, |x, _| Rgb([u8::try_from(x * 3).unwrap(); 3]))).unwrap();
        let red = jpeg(&RgbImage::from_fn(80, 80, |x, _| Rgb([u8::try_from(x * 3).unwrap(), 0, 0]))).unwrap();
        let colour = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().color();
        assert_eq!(colour(&grey), image::ColorType::L8);
        assert_eq!(colour(&red), image::ColorType::Rgb8);
    }
}
