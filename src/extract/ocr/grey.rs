//! Grey pictures and what is done with all of their points alike.

use crate::extract::picture::lightness;
use image::RgbImage;

/// A grey picture, row by row from the top; 0 is black, 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
}

/// What stands where a picture has no points.
const WHITE: u8 = 255;
/// Fractions of a point are counted in so many parts, as a power of two.
const FRACTION_BITS: u32 = 8;

impl Grey {
    pub(super) fn of(picture: &RgbImage) -> Self {
        let side = |length: u32| usize::try_from(length).unwrap_or(0);
        let pixels = picture.pixels().map(|pixel| lightness(pixel.0)).collect();
        Self { width: side(picture.width()), height: side(picture.height()), pixels }
    }

    /// The rows from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    /// One point; white outside.
    pub(super) fn at(&self, x: i64, y: i64) -> u8 {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return WHITE };
        if x >= self.width { WHITE } else { self.pixels.get(y * self.width + x).copied().unwrap_or(WHITE) }
    }

    /// The picture after so many quarter turns to the right.
    #[must_use]
    pub(super) fn turned(self, quarters: u8) -> Self {
        match quarters % 4 {
            1 => self.quarter_turned(),
            2 => Self { pixels: self.pixels.into_iter().rev().collect(), ..self },
            3 => self.turned(2).quarter_turned(),
            _ => self,
        }
    }

    fn quarter_turned(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for x in 0..self.width {
            pixels.extend((0..self.height).rev().filter_map(|y| self.pixels.get(y * self.width + x)));
        }
        Self { width, height, pixels }
    }

    /// A rectangle of the picture, cut at its edges.
    pub(super) fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let (left, top) = (left.min(self.width), top.min(self.height));
        let (width, height) = (width.min(self.width - left), height.min(self.height - top));
        let rows = self.rows().skip(top).take(height);
        let pixels = rows.flat_map(|row| row.get(left..left + width).unwrap_or_default()).copied().collect();
        Self { width, height, pixels }
    }

    /// Every `factor` by `factor` points as one, of their mean.
    pub(super) fn reduced(&self, factor: usize) -> Self {
        let (width, height) = (self.width / factor, self.height / factor);
        let mut sums = vec![0_usize; width * height];
        for (y, row) in self.rows().take(height * factor).enumerate() {
            let sums = sums.get_mut(y / factor * width..).unwrap_or_default();
            for (sum, points) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                *sum += points.iter().map(|point| usize::from(*point)).sum::<usize>();
            }
        }
        let mean = |sum: usize| u8::try_from(sum / (factor * factor)).unwrap_or(WHITE);
        Self { width, height, pixels: sums.into_iter().map(mean).collect() }
    }

    /// The picture turned about its middle so that lines which fall by `slope` thousandths become level.
    #[must_use]
    pub(super) fn levelled(&self, slope: i64) -> Self {
        let (sine, cosine) = direction(slope);
        let half = |length: usize| i64::try_from(length / 2).unwrap_or(0);
        let (middle_x, middle_y) = (half(self.width), half(self.height));
        let one = 1_i64 << FRACTION_BITS;
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in (0_i64..).take(self.height) {
            let (mut from_x, mut from_y) = (
                (-middle_x * cosine - (y - middle_y) * sine) + (middle_x << 20),
                (-middle_x * sine + (y - middle_y) * cosine) + (middle_y << 20),
            );
            for _ in 0..self.width {
                let (x, y) = (from_x >> 20, from_y >> 20);
                let (right, down) = ((from_x >> (20 - FRACTION_BITS)) % one, (from_y >> (20 - FRACTION_BITS)) % one);
                pixels.push(self.between(x, y, (right.rem_euclid(one), down.rem_euclid(one))));
                (from_x, from_y) = (from_x + cosine, from_y + sine);
            }
        }
        Self { pixels, ..*self }
    }

    /// The mean of four neighbouring points by how near they are.
    fn between(&self, x: i64, y: i64, (right, down): (i64, i64)) -> u8 {
        let one = 1_i64 << FRACTION_BITS;
        let mix = |a: u8, b: u8| i64::from(a) * (one - right) + i64::from(b) * right;
        let above = mix(self.at(x, y), self.at(x + 1, y));
        let below = mix(self.at(x, y + 1), self.at(x + 1, y + 1));
        u8::try_from((above * (one - down) + below * down) >> (2 * FRACTION_BITS)).unwrap_or(WHITE)
    }
}

/// Sine and cosine of the angle whose tangent is so many thousandths, in parts of 2^20.
fn direction(slope: i64) -> (i64, i64) {
    let one = 1_i64 << 20;
    let length = (1_000_000 + slope * slope).isqrt();
    (slope * one / length, 1_000 * one / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(width: usize, height: usize) -> Grey {
        Grey { width, height, pixels: (0..width * height).map(|n| u8::try_from(n).unwrap()).collect() }
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let picture = numbered(3, 2);
        assert_eq!(picture.clone().turned(1).pixels, [3, 0, 4, 1, 5, 2]);
        assert_eq!(picture.clone().turned(2).pixels, [5, 4, 3, 2, 1, 0]);
        assert_eq!(picture.clone().turned(3).turned(1), picture);
    }

    #[test]
    fn parts_are_cut_at_the_edges() {
        let part = numbered(4, 3).part(2, 1, 9, 9);
        assert_eq!((part.width, part.height, part.pixels), (2, 2, vec![6, 7, 10, 11]));
    }

    #[test]
    fn a_falling_line_becomes_level() {
        let mut picture = Grey { width: 400, height: 200, pixels: vec![255; 80_000] };
        for x in 0..400 {
            let y = 90 + x / 20;
            picture.pixels[y * 400 + x] = 0;
            picture.pixels[(y + 1) * 400 + x] = 0;
        }
        let level = picture.levelled(50);
        let darkest = level.rows().map(|row| row.iter().filter(|point| **point < 128).count()).max().unwrap();
        assert!(darkest > 350, "{darkest}");
        assert_eq!(numbered(9, 9).levelled(0), numbered(9, 9));
    }
}
