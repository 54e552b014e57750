//! A page made ready for recognition: grey, even, level, with its ink counted. The child's work.

use super::grey::Grey;
use super::ink::Ink;
use super::{paper, straighten};
use crate::extract::error::ExtractError;
use crate::extract::picture::{self, FOR_RECOGNITION};
use serde::{Deserialize, Serialize};

/// What a child tells of a page; its points follow, then the cells of its ink.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::extract) struct Print {
    width: usize,
    height: usize,
    /// How many cells of ink stand beside each other.
    across: usize,
}

impl Print {
    /// Prepares a page, counted from 1, after so many quarter turns to the right.
    pub(in crate::extract) fn of(
        bytes: &[u8],
        name: &str,
        page: u32,
        quarters: u8,
    ) -> Result<(Self, Vec<u8>), ExtractError> {
        let drawn = picture::page(bytes, name, page, FOR_RECOGNITION)?;
        let grey = Grey::of(&drawn);
        drop(drawn);
        let even = paper::evened(grey.turned(quarters));
        let level = match straighten::slope(&even) {
            0 => even,
            slope => even.levelled(slope),
        };
        let ink = Ink::of(&level);
        let told = Self { width: level.width, height: level.height, across: ink.across };
        let mut rest = level.pixels;
        rest.extend(ink.cells);
        Ok((told, rest))
    }

    /// Takes the page and its ink out of the bytes that followed.
    pub(super) fn take(&self, mut bytes: Vec<u8>) -> Result<(Grey, Ink), ExtractError> {
        let points = self.width.checked_mul(self.height).filter(|points| *points <= bytes.len());
        let points =
            points.ok_or_else(|| ExtractError::ExtractionFailed("a page came without its points".to_owned()))?;
        let cells = bytes.split_off(points);
        let ink = Ink { across: self.across, cells };
        Ok((Grey { width: self.width, height: self.height, pixels: bytes }, ink))
    }
}
