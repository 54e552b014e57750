//! The one who sets a page: a form, its data and the fonts, and nothing else of the world.

use super::{Form, PressError, letters};
use fast_qr::convert::Builder;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use serde_json::Value;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// The letters of every form; whatever host it runs on, the same.
static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::load);
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// How many other forms may be printed before what was reckoned for one is forgotten.
const REMEMBERED: usize = 2;

struct Fonts {
    all: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Fonts {
    fn load() -> Self {
        let files: [&'static [u8]; 4] = [
            include_bytes!("fonts/BeVietnamPro-Regular.ttf"),
            include_bytes!("fonts/BeVietnamPro-Bold.ttf"),
            include_bytes!("fonts/Tinos-Regular.ttf"),
            include_bytes!("fonts/Tinos-Bold.ttf"),
        ];
        let all: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        Self { book: LazyHash::new(FontBook::from_fonts(&all)), all }
    }

    /// Whether a letter can be printed: forms fall back from one family to the other.
    fn know(&self, letter: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }
}

impl Form {
    const fn source(self) -> &'static str {
        match self {
            Self::Poster => include_str!("forms/poster.typ"),
            Self::Sheet => include_str!("forms/sheet.typ"),
            Self::Certificates => include_str!("forms/certificates.typ"),
        }
    }
}

/// Everything that a form may read.
struct Desk {
    main: Source,
    files: Vec<(FileId, Bytes)>,
}

impl Desk {
    fn new(form: Form, data: &Value) -> Result<Self, PressError> {
        let mut files = vec![(file("data.json")?, Bytes::from_string(serde_json::to_string(data)?))];
        if let Some(address) = data["address"].as_str() {
            files.push((file("qr.svg")?, Bytes::from_string(qr(address)?)));
        }
        for (place, one) in data["all"].as_array().into_iter().flatten().enumerate() {
            if let Some(address) = one["address"].as_str() {
                files.push((file(&format!("qr-{place}.svg"))?, Bytes::from_string(qr(address)?)));
            }
        }
        Ok(Self { main: Source::new(file("main.typ")?, form.source().to_owned()), files })
    }
}

fn file(name: &str) -> Result<FileId, PressError> {
    let path = VirtualPath::new(name).map_err(|error| PressError::Form(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn qr(text: &str) -> Result<String, PressError> {
    let code = QRBuilder::new(text).build().map_err(|error| PressError::Form(format!("{error:?}")))?;
    Ok(SvgBuilder::default().margin(4).to_str(&code))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(own, _)| *own == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    /// No form knows the day: what it says of days stands in its data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

pub(super) fn print(form: Form, data: Value) -> Result<Vec<u8>, PressError> {
    let data = letters::printable(data, &|letter| FONTS.know(letter));
    let desk = Desk::new(form, &data)?;
    let set = typst::compile::<PagedDocument>(&desk);
    typst::comemo::evict(REMEMBERED);
    let document = set.output.map_err(|errors| refused(&errors))?;
    if !set.warnings.is_empty() {
        return Err(refused(&set.warnings));
    }
    let options = PdfOptions { creator: Smart::Custom(Some("hoclieu".to_owned())), ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
}

fn refused(said: &[SourceDiagnostic]) -> PressError {
    PressError::Form(said.iter().map(|one| one.message.to_string()).collect::<Vec<_>>().join("; "))
}
