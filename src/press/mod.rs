//! PDF out: posters, attendance sheets and certificates, set by typst inside this process with fonts of our own.
//!
//! What users wrote comes to a form as data, never as its source, and in letters that the fonts have. The same data
//! always gives the same bytes. Without the cargo feature `press` nothing is printed, and callers offer what browsers print.

#[cfg(feature = "press")]
mod desk;
#[cfg(feature = "press")]
mod letters;

use serde::Serialize;

/// Whether this program can print at all.
pub const IS_BUILT: bool = cfg!(feature = "press");

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One page, with a QR code of `address`.
    Poster,
    /// The attendance sheet of one meeting, with a wide field to sign in.
    Sheet,
    /// Certificates, one a page, each with a QR code of its `address`.
    Certificates,
}

/// Says why nothing was printed.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The program was built without the feature `press`.
    #[error("built without the feature `press`")]
    NotBuilt,
    /// What is to be printed cannot be written as data.
    #[error("data of a form")]
    Data(#[from] serde_json::Error),
    /// The form does not fit its data, or the reverse; never what a user wrote.
    #[error("form: {0}")]
    Form(String),
}

/// Prints a form with its data as PDF; takes a tenth of a second of one core, or more for hundreds of rows.
///
/// # Errors
/// `NotBuilt`, or a form that cannot be filled.
pub fn print(form: Form, data: &impl Serialize) -> Result<Vec<u8>, PressError> {
    #[cfg(feature = "press")]
    return desk::print(form, serde_json::to_value(data)?);
    #[cfg(not(feature = "press"))]
    {
        let _ = (form, data);
        Err(PressError::NotBuilt)
    }
}
