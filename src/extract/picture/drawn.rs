//! Pages of a PDF, drawn.

use super::Fineness;
use crate::extract::error::ExtractError;
use crate::extract::read::pdf;
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{Rgb, RgbImage};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sides of paper longer than this, in points (about five metres), are mistakes or traps.
const MAX_SIDE_POINTS: u32 = 15_000;
/// A page's pictures are drawn at most so many times as fine as they are.
const FINER: f64 = 2.0;

/// Draws one page, counted from 0.
pub(super) fn page(bytes: &[u8], index: usize, fineness: Fineness) -> Result<RgbImage, ExtractError> {
    let file = pdf::open(bytes)?;
    let page = file.pages().get(index).ok_or_else(|| ExtractError::FileDamaged(format!("no page {}", index + 1)))?;
    let scale = scale(page, fineness)?;
    let failed = Arc::new(AtomicBool::new(false));
    let hear = Arc::clone(&failed);
    let interpreter = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                hear.store(true, Ordering::Relaxed);
            }
        }),
        ..InterpreterSettings::default()
    };
    let paper = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = render(page, &RenderCache::new(), &interpreter, &RenderSettings::default(), &paper);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let mut colours = Vec::with_capacity(drawn.data_as_u8_slice().len() / 4 * 3);
    // The paper is white and opaque, so premultiplied colours are the colours.
    for pixel in drawn.data_as_u8_slice().chunks_exact(4) {
        colours.extend_from_slice(pixel.get(..3).unwrap_or_default());
    }
    let picture = RgbImage::from_raw(width, height, colours)
        .ok_or_else(|| ExtractError::FileDamaged("page without extent".to_owned()))?;
    if failed.load(Ordering::Relaxed) && is_blank(&picture) {
        return Err(ExtractError::FileDamaged("the picture of a page cannot be decoded".to_owned()));
    }
    Ok(picture)
}

fn is_blank(picture: &RgbImage) -> bool {
    picture.pixels().all(|Rgb(colour)| colour.iter().all(|part| *part == u8::MAX))
}

/// Pixels to the point.
fn scale(page: &Page<'_>, fineness: Fineness) -> Result<f32, ExtractError> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let longer = width.max(height);
    // Not a number is no size either.
    if !(longer <= f64::from(MAX_SIDE_POINTS) && width.min(height) >= 1.0) {
        return Err(ExtractError::PageTooLarge { limit_points: MAX_SIDE_POINTS });
    }
    let mut scale = (fineness.dots_per_inch / 72.0).min(f64::from(fineness.max_side) / longer);
    let density = pdf::picture_density(page);
    if density > 0.0 {
        scale = scale.min(density * FINER);
    }
    // Whatever the scale, each side keeps a pixel.
    Ok(narrow(scale.max(1.0 / width.min(height))))
}

#[expect(clippy::cast_possible_truncation, reason = "a factor between 0 and 3; its last digits do not matter")]
fn narrow(scale: f64) -> f32 {
    scale as f32
}
