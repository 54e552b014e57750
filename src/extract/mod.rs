//! Text out of files, page by page, in a confined child process.
//!
//! [`Extractor`] is the parent's side: it starts this very program as a child, hands it one document as its input and
//! takes one answer. [`worker_main`] is the child's side: it gives up every right it does not need, then reads. Whatever
//! a hostile file does, it does to a process that can open no file, reach no network and ends at its limits.
//!
//! A document passes `detect` → one reader of `read` → `clean` → `furniture` → `pages` → `language`.

mod archive;
mod clean;
mod content;
mod detect;
mod error;
mod extractor;
mod furniture;
mod kinds;
mod language;
mod legacy;
mod limits;
mod media;
mod ocr;
mod pages;
mod picture;
mod process;
mod read;
mod sandbox;
mod text_bytes;
mod worker;

pub use detect::{Detected, Format, detect};
pub use error::ExtractError;
pub use extractor::{Extractor, Input};
pub use kinds::{has_text, media_type_of};
pub use language::language_of;
pub use legacy::put_right;
pub use limits::Limits;
pub use ocr::Recogniser;
pub use pages::{given_pages, typed_page};
pub use sandbox::Confinement;
pub use worker::{WORKER_COMMAND, worker_main};

use crate::domain::language::Language;
use crate::domain::page::{Page, Scan};
use serde::{Deserialize, Serialize};

/// What was read out of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// What the file is.
    pub format: Format,
    /// Its exact media type.
    pub media_type: String,
    /// The title the file gives itself.
    pub title: Option<String>,
    /// Its pages, numbered from 1; empty pages of a PDF are kept so that numbers agree with the paper.
    pub pages: Vec<Page>,
    /// The languages of its pages, the most used first; those of less than a tenth of the text are left out.
    pub languages: Vec<Language>,
    /// What a person who looks after the material should know.
    pub warnings: Vec<Warning>,
}

/// The picture of a page for readers; its bytes come beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageImage {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl Extracted {
    /// Whether pages show pictures of text that only recognition can read.
    pub fn needs_ocr(&self) -> bool {
        self.pages.iter().any(|page| page.scan == Some(Scan::Waiting))
    }
}

/// Something about a file that is worth telling, though its text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// The name says another kind of file than the content.
    NameDiffers,
    /// No text was found.
    NoText,
    /// Many letters of the file have no meaning attached, so its text may be wrong.
    LettersUnknown,
    /// Text is Vietnamese in quốc ngữ letters by look, yet not by its syllables: a person should say which language it is.
    LanguageUnsure,
}

impl Warning {
    /// What a person is told.
    pub fn message_vi(self) -> &'static str {
        match self {
            Self::NameDiffers => "Phần đuôi tên tệp không đúng với nội dung; tệp được đọc theo nội dung thật.",
            Self::NoText => "Không tìm thấy chữ trong tệp.",
            Self::LettersUnknown => "Một số chữ trong tệp không đọc được đúng; hãy kiểm tra lại từng trang.",
            Self::LanguageUnsure => "Chưa xác định được ngôn ngữ của một số trang; hãy chọn giúp.",
        }
    }
}
