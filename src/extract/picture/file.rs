//! Pictures that are files themselves: PNG, JPEG and TIFF, the latter with many pages.

use super::Fineness;
use crate::extract::error::ExtractError;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, RgbImage};
use std::io::Cursor;

/// The most pixels of a picture: a sheet of A3 at 600 dots to the inch has 70 million.
const MAX_PIXELS: u64 = 120_000_000;
/// Four bytes of colour, and the same again while they are converted.
const BYTES_PER_PIXEL: u64 = 8;

/// How many pages a picture file has; those beyond `limit` are not counted.
pub(in crate::extract) fn pages(bytes: &[u8], media_type: &str, limit: u32) -> Result<u32, ExtractError> {
    if media_type != "image/tiff" {
        return Ok(1);
    }
    let count = directories(bytes).take(usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1)).count();
    match u32::try_from(count) {
        Ok(0) => Err(ExtractError::FileDamaged("tiff without pages".to_owned())),
        Ok(count) if count <= limit => Ok(count),
        _ => Err(ExtractError::FileTooManyPages { limit }),
    }
}

/// Whether the first page can be decoded to its end.
pub(in crate::extract) fn check(bytes: &[u8], media_type: &str) -> Result<(), ExtractError> {
    decode(bytes, media_type, 0).map(drop)
}

/// One page, counted from 0, upright as its camera says and brought to a usable size.
pub(super) fn page(bytes: &[u8], media_type: &str, index: usize, fineness: Fineness) -> Result<RgbImage, ExtractError> {
    let picture = decode(bytes, media_type, index)?;
    let longer = picture.width().max(picture.height()).max(1);
    let (least, most) = fineness.sides_of_files;
    let wanted = longer.max(least.min(longer.saturating_mul(2))).min(most);
    let sized = if wanted == longer {
        picture
    } else {
        // Keeps the ratio inside a square of that size.
        picture.resize(wanted, wanted, FilterType::Triangle)
    };
    Ok(on_white(sized))
}

fn decode(bytes: &[u8], media_type: &str, index: usize) -> Result<DynamicImage, ExtractError> {
    match media_type {
        "image/png" => upright(PngDecoder::new(Cursor::new(bytes)).map_err(refusal)?),
        "image/jpeg" if is_cut(bytes) => Err(ExtractError::FileDamaged("jpeg without its end".to_owned())),
        "image/jpeg" => upright(JpegDecoder::new(Cursor::new(bytes)).map_err(refusal)?),
        "image/tiff" => {
            let place = directories(bytes).nth(index);
            let place = place.ok_or_else(|| ExtractError::FileDamaged(format!("no page {}", index + 1)))?;
            upright(TiffDecoder::new(Cursor::new(beginning_at(bytes, place))).map_err(refusal)?)
        }
        other => Err(ExtractError::PictureUnsupported { media_type: other.to_owned() }),
    }
}

fn upright(mut decoder: impl ImageDecoder) -> Result<DynamicImage, ExtractError> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ExtractError::PictureTooLarge { width, height });
    }
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MAX_PIXELS * BYTES_PER_PIXEL);
    decoder.set_limits(limits).map_err(refusal)?;
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// What shows through is paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let clear = picture.into_rgba8();
    RgbImage::from_fn(clear.width(), clear.height(), |x, y| {
        let [red, green, blue, alpha] = clear.get_pixel(x, y).0;
        let mix = |part: u8| {
            let mixed = (u16::from(part) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([mix(red), mix(green), mix(blue)])
    })
}

/// Whether the last part of a JPEG is not closed: decoders fill such a picture up with grey.
fn is_cut(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    last([0xff, 0xd9]) < last([0xff, 0xda])
}

/// Where the directories of a TIFF begin, one for each page; a chain that comes back to itself ends.
fn directories(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let little = bytes.starts_with(b"II");
    let number = move |at: usize, length: usize| -> Option<u32> {
        let part = bytes.get(at..at.checked_add(length)?)?;
        let fold = |value: u32, byte: &u8| (value << 8) | u32::from(*byte);
        Some(if little { part.iter().rev().fold(0, fold) } else { part.iter().fold(0, fold) })
    };
    let mut seen = std::collections::HashSet::new();
    let following = move |place: &u32| {
        let at = usize::try_from(*place).ok()?;
        let entries = usize::try_from(number(at, 2)?).ok()?;
        number(at + 2 + entries * 12, 4)
    };
    std::iter::successors(number(4, 4), following).take_while(move |place| *place != 0 && seen.insert(*place))
}

/// The same TIFF with another page as its first.
fn beginning_at(bytes: &[u8], place: u32) -> Vec<u8> {
    let mut turned = bytes.to_vec();
    let written = if bytes.starts_with(b"II") { place.to_le_bytes() } else { place.to_be_bytes() };
    if let Some(first) = turned.get_mut(4..8) {
        first.copy_from_slice(&written);
    }
    turned
}

fn refusal(error: ImageError) -> ExtractError {
    match error {
        ImageError::Limits(_) => ExtractError::FileInflates { limit_bytes: MAX_PIXELS * BYTES_PER_PIXEL },
        ImageError::Unsupported(error) => ExtractError::PictureUnsupported { media_type: error.to_string() },
        other => ExtractError::FileDamaged(format!("picture: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FOR_READERS, FOR_RECOGNITION};
    use super::*;

    /// A TIFF of `count` grey pages of one pixel each.
    fn tiff(count: u32) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        for index in 0..count {
            let place = u32::try_from(bytes.len()).unwrap();
            let pixel = place + 2 + 8 * 12 + 4;
            let entry = |tag: u16, value: u32| {
                let mut entry = tag.to_le_bytes().to_vec();
                entry.extend(4_u16.to_le_bytes());
                entry.extend(1_u32.to_le_bytes());
                entry.extend(value.to_le_bytes());
                entry
            };
            bytes.extend(8_u16.to_le_bytes());
            let entries = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, pixel), (278, 1), (279, 1)];
            for (tag, value) in entries {
                bytes.extend(entry(tag, value));
            }
            bytes.extend(if index + 1 < count { pixel + 4 } else { 0 }.to_le_bytes());
            bytes.extend([u8::try_from(10 * index).unwrap(), 0, 0, 0]);
        }
        bytes
    }

    #[test]
    fn every_page_of_a_tiff_is_reached() {
        let bytes = tiff(3);
        assert_eq!(pages(&bytes, "image/tiff", 10).unwrap(), 3);
        assert_eq!(pages(&bytes, "image/tiff", 2).unwrap_err().code(), "file-too-many-pages");
        for index in 0..3 {
            let page = decode(&bytes, "image/tiff", index).unwrap().into_luma8();
            assert_eq!(usize::from(page.get_pixel(0, 0).0[0]), 10 * index);
        }
        assert_eq!(decode(&bytes, "image/tiff", 3).unwrap_err().code(), "file-damaged");
    }

    #[test]
    fn a_tiff_that_leads_back_to_itself_ends() {
        let mut bytes = tiff(2);
        let last = bytes.len() - 8;
        bytes[last..last + 4].copy_from_slice(&8_u32.to_le_bytes());
        assert_eq!(pages(&bytes, "image/tiff", 10).unwrap(), 2);
        assert_eq!(pages(b"II*\0", "image/tiff", 10).unwrap_err().code(), "file-damaged");
    }

    #[test]
    fn a_jpeg_without_its_end_is_damaged() {
        let mut whole = Vec::new();
        let grey = image::GrayImage::from_fn(64, 64, |x, y| image::Luma([u8::try_from((x * y) % 251).unwrap()]));
        image::codecs::jpeg::JpegEncoder::new(&mut whole).encode_image(&grey).unwrap();
        assert!(check(&whole, "image/jpeg").is_ok());
        assert_eq!(check(&whole[..whole.len() - 40], "image/jpeg").unwrap_err().code(), "file-damaged");
    }

    #[test]
    fn small_pictures_grow_and_large_ones_shrink() {
        let mut bytes = Vec::new();
        image::GrayImage::new(30, 10).write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        let sized = |fineness| page(&bytes, "image/png", 0, fineness).unwrap().dimensions();
        assert_eq!(sized(FOR_RECOGNITION), (60, 20));
        assert_eq!(sized(Fineness { sides_of_files: (1, 15), ..FOR_READERS }), (15, 5));
    }
}
