//! Vietnamese text: one spelling underneath, letters without marks, syllables.

pub mod fold;
pub mod normal;
pub mod spell;
pub mod syllable;

pub use syllable::{Syllable, syllables};
