//! Recognising the text of pages that are pictures.
//!
//! A confined child draws the page and makes it level and even ([`Print`]); the recognising program, confined as well,
//! reads it; `layout` makes blocks of its words and `measure` says how far they can be trusted. A page that reads like
//! nonsense is turned upright and read once more.

mod grey;
mod hocr;
mod ink;
mod layout;
mod measure;
mod paper;
mod print;
mod program;
mod sizes;
mod straighten;
mod words;

pub(super) use print::Print;
pub(super) use program::Models;
pub use program::Recogniser;

use crate::domain::page::{Origin, Page, Scan};
use crate::extract::error::ExtractError;
use crate::extract::extractor::{Extractor, Input};
use crate::extract::pages;
use crate::extract::worker::Task;
use grey::Grey;
use hocr::{Found, Place, Word};
use measure::Measured;
use program::{Layout, VIETNAMESE};

/// A page with less ink than a few letters have is blank.
const LEAST_INK: usize = 60;
/// A page that is less sure than this may lie on its side or on its head.
const DOUBTFUL: f64 = 0.6;
/// Text that is less sure than this is no text but the pattern of a picture.
const NONSENSE: f64 = 0.2;
/// Tables on one page that are looked into; more are a form, which columns read as well.
const MOST_TABLES: usize = 4;
/// Around a table, so many pixels are read with it.
const MARGIN: i32 = 6;

/// A page as it was read in one position.
struct Attempt {
    print: Grey,
    found: Found,
    confidence: f64,
}

impl Extractor {
    /// Recognises the text of a page, counted from 1, with models of [`recogniser`](Self::recogniser).
    ///
    /// A page without text answers no blocks. Dropping the future ends the children.
    ///
    /// # Errors
    /// Each cause has its code; those that may pass are [transient](ExtractError::is_transient).
    pub async fn recognise(&self, input: Input<'_>, page: u32, models: &str) -> Result<Page, ExtractError> {
        let mut best = self.attempt(&input, page, 0, models).await?;
        if best.confidence < DOUBTFUL {
            let quarters = self.quarters_to_upright(&best.print).await.unwrap_or(0);
            if quarters > 0 {
                let turned = self.attempt(&input, page, quarters, models).await?;
                if turned.confidence > best.confidence {
                    best = turned;
                }
            }
        }
        let Attempt { found, confidence, .. } = best;
        let made = tokio::task::spawn_blocking(move || made_of(page, found, confidence)).await;
        made.map_err(|error| ExtractError::OcrFailed(error.to_string()))
    }

    async fn attempt(&self, input: &Input<'_>, page: u32, quarters: u8, models: &str) -> Result<Attempt, ExtractError> {
        let content =
            input.content.try_clone().map_err(|error| ExtractError::ExtractionUnavailable(error.to_string()))?;
        let again = Input { content, ..*input };
        let (told, rest) = self.ask_of::<Print>(again, Task::Print { page, quarters }).await?;
        let (print, ink) = told.take(rest)?;
        if ink.total() < LEAST_INK {
            return Ok(Attempt { print, found: Found::default(), confidence: 1.0 });
        }
        let mut found = self.read_print(&print, models, Layout::Columns).await?;
        for table in layout::tables(&found).into_iter().take(MOST_TABLES) {
            self.read_table(&print, table, models, &mut found).await?;
        }
        let confidence = Measured::of(&found, &ink, models == VIETNAMESE).confidence();
        Ok(Attempt { print, found, confidence })
    }

    /// Reads a table piece by piece: lines of neighbouring cells that do not lie level are torn where columns are read.
    async fn read_table(
        &self,
        print: &Grey,
        table: Place,
        models: &str,
        found: &mut Found,
    ) -> Result<(), ExtractError> {
        let (left, top) = ((table.left - MARGIN).max(0), (table.top - MARGIN).max(0));
        let side = |length: i32| usize::try_from(length + 2 * MARGIN).unwrap_or(0);
        let place = |at: i32| usize::try_from(at).unwrap_or(0);
        let part = print.part(place(left), place(top), side(table.right - table.left), side(table.bottom - table.top));
        let mut pieces = self.read_print(&part, models, Layout::Pieces).await?.words;
        for word in &mut pieces {
            word.place = word.place.moved(left, top);
            word.line.baseline += f64::from(top);
        }
        pieces.retain(|word| table.holds(word.place));
        let before: Vec<Word> = found.words.iter().filter(|word| table.holds(word.place)).cloned().collect();
        if measure::is_as_good(&pieces, &before) {
            layout::replace(found, table, pieces);
        }
        Ok(())
    }
}

/// The page that was read.
fn made_of(number: u32, found: Found, confidence: f64) -> Page {
    let blocks = if confidence < NONSENSE { Vec::new() } else { layout::blocks(found) };
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(0);
    let made = pages::page(index, None, blocks, Origin::Ocr);
    Page { confidence: Some(measure::rounded(confidence)), scan: Some(Scan::Read), ..made }
}
