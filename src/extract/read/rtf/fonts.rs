//! Code pages of RTF: the document's own, and those that fonts bring.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254, WINDOWS_1258,
};

use crate::extract::legacy::{self, OldFont};

/// A font of the document's table.
#[derive(Default)]
pub(super) struct Font {
    /// Its name, with the semicolon that ends the entry.
    pub(super) name: String,
    /// The encoding that it brings.
    pub(super) encoding: Option<&'static Encoding>,
}

impl Font {
    /// What its name says about its letters.
    pub(super) fn old(&self) -> Option<OldFont> {
        legacy::font(self.name.trim_end_matches(';'))
    }
}

/// The encoding of `\ansicpg`.
pub(super) fn code_page(number: Option<i32>) -> &'static Encoding {
    match number {
        Some(1258) => WINDOWS_1258,
        Some(1250) => WINDOWS_1250,
        Some(1251) => WINDOWS_1251,
        Some(874) => WINDOWS_874,
        Some(932) => SHIFT_JIS,
        Some(936) => GBK,
        Some(949) => EUC_KR,
        Some(950) => BIG5,
        _ => WINDOWS_1252,
    }
}

/// The encoding of `\fcharset`; nothing where the document's own holds.
pub(super) fn charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        2 => WINDOWS_1252,
        128 => SHIFT_JIS,
        129 => EUC_KR,
        134 => GBK,
        136 => BIG5,
        161 => WINDOWS_1253,
        162 => WINDOWS_1254,
        163 => WINDOWS_1258,
        204 => WINDOWS_1251,
        222 => WINDOWS_874,
        238 => WINDOWS_1250,
        _ => return None,
    })
}
