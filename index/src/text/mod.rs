//! Vietnamese text: one spelling underneath, letters without marks, syllables.

pub(crate) mod escape;
pub mod fold;
pub mod legacy;
pub mod normal;
pub mod shape;
pub mod spell;
pub mod syllable;
pub mod typing;

pub use syllable::{Syllable, syllables};
