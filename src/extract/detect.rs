//! What a file is, by its content; its name only decides between kinds of plain text.

use crate::domain::page::cue;
use crate::extract::archive;
use crate::extract::media::media;
use crate::extract::text_bytes;
use serde::{Deserialize, Serialize};

/// A kind of file, as far as the library tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Word since 2007.
    Docx,
    /// `PowerPoint` since 2007.
    Pptx,
    /// Excel since 2007.
    Xlsx,
    /// Word 97 to 2003.
    Doc,
    /// `PowerPoint` 97 to 2003.
    Ppt,
    /// Excel 97 to 2003.
    Xls,
    /// `OpenDocument` text.
    Odt,
    /// `OpenDocument` presentation.
    Odp,
    /// `OpenDocument` spreadsheet.
    Ods,
    /// Rich Text Format.
    Rtf,
    /// Electronic book.
    Epub,
    /// Web page.
    Html,
    /// Markdown.
    Markdown,
    /// Values parted by commas, semicolons or tabs.
    Csv,
    /// Plain text.
    Text,
    /// Captions as the web takes them.
    WebVtt,
    /// Captions as films on discs have them.
    SubRip,
    /// A picture; its text needs recognition.
    Image,
    /// A sound recording.
    Audio,
    /// A film.
    Video,
    /// An office file that opens with a password only.
    Encrypted,
    /// A packed file of no document kind.
    Archive,
    /// A program.
    Program,
    /// Anything else.
    Unknown,
}

impl Format {
    /// The media type of files of this kind.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Doc => "application/msword",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Xls => "application/vnd.ms-excel",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Rtf => "application/rtf",
            Self::Epub => "application/epub+zip",
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
            Self::WebVtt => "text/vtt",
            Self::SubRip => "application/x-subrip",
            Self::Image => "image/*",
            Self::Audio => "audio/*",
            Self::Video => "video/*",
            Self::Encrypted => "application/x-ole-storage",
            Self::Archive => "application/zip",
            Self::Program => "application/x-executable",
            Self::Unknown => "application/octet-stream",
        }
    }

    /// Whether text can be read out of such files, or a picture of text be recognised in them.
    pub fn is_readable(self) -> bool {
        !matches!(self, Self::Audio | Self::Video | Self::Encrypted | Self::Archive | Self::Program | Self::Unknown)
    }
}

/// A file's kind and its exact media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The kind.
    pub format: Format,
    /// The media type to store and to serve.
    pub media_type: String,
}

impl From<Format> for Detected {
    fn from(format: Format) -> Self {
        Self { format, media_type: format.media_type().to_owned() }
    }
}

/// Tells what a file is from its bytes; the whole file gives the surest answer, its first 4 KB a good one.
///
/// `name` decides only where the content leaves a choice: Markdown, CSV and plain text look alike.
pub fn detect(bytes: &[u8], name: &str) -> Detected {
    if let Some(media_type) = media(bytes, name) {
        let format = match media_type.split('/').next() {
            Some("image") => Format::Image,
            Some("audio") => Format::Audio,
            _ => Format::Video,
        };
        return Detected { format, media_type: media_type.to_owned() };
    }
    document(bytes, name).into()
}

fn document(bytes: &[u8], name: &str) -> Format {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return packed(bytes, name);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound(bytes);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Format::Rtf;
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    if find(head, b"%PDF-").is_some() {
        return Format::Pdf;
    }
    if [&b"MZ"[..], b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"dex\n"]
        .iter()
        .any(|magic| bytes.starts_with(magic))
    {
        return Format::Program;
    }
    if [&b"7z\xbc\xaf"[..], b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"].iter().any(|magic| bytes.starts_with(magic)) {
        return Format::Archive;
    }
    textual(bytes, name)
}

/// Packed files: the names inside say what they are.
fn packed(bytes: &[u8], name: &str) -> Format {
    match archive::first_entry_text(bytes, b"mimetype").as_deref().map(str::trim) {
        Some("application/epub+zip") => return Format::Epub,
        Some("application/vnd.oasis.opendocument.text" | "application/vnd.oasis.opendocument.text-template") => {
            return Format::Odt;
        }
        Some("application/vnd.oasis.opendocument.presentation") => return Format::Odp,
        Some("application/vnd.oasis.opendocument.spreadsheet") => return Format::Ods,
        _ => {}
    }
    // Names of entries stand uncompressed in the file, so cut files are still told apart.
    let parts: [(&[u8], Format); 4] = [
        (b"word/document", Format::Docx),
        (b"ppt/presentation", Format::Pptx),
        (b"xl/workbook", Format::Xlsx),
        (b"META-INF/container.xml", Format::Epub),
    ];
    for (part, format) in parts {
        if find(bytes, part).is_some() {
            return format;
        }
    }
    let folders: [(&[u8], Format); 3] = [(b"word/", Format::Docx), (b"ppt/", Format::Pptx), (b"xl/", Format::Xlsx)];
    if find(bytes, b"[Content_Types].xml").is_some() {
        for (folder, format) in folders {
            if find(bytes, folder).is_some() {
                return format;
            }
        }
    }
    // The list of parts stands at the end: without it (a cut file, a file's head) only the name is left to go by.
    match extension(name).as_str() {
        "docx" if !is_whole(bytes) => Format::Docx,
        "pptx" if !is_whole(bytes) => Format::Pptx,
        "xlsx" if !is_whole(bytes) => Format::Xlsx,
        _ => Format::Archive,
    }
}

fn is_whole(packed: &[u8]) -> bool {
    find(packed, b"PK\x05\x06").is_some()
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

/// OLE compound files: the names of their streams, in UTF-16, say what they are.
fn compound(bytes: &[u8]) -> Format {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide).is_some()
    };
    if has("EncryptedPackage") {
        Format::Encrypted
    } else if has("WordDocument") {
        Format::Doc
    } else if has("PowerPoint Document") {
        Format::Ppt
    } else if has("Workbook") || has("Book") {
        Format::Xls
    } else {
        Format::Unknown
    }
}

fn textual(bytes: &[u8], name: &str) -> Format {
    let Some(text) = text_bytes::decode(bytes) else { return Format::Unknown };
    let start: String = text.chars().take(2_000).collect::<String>().to_lowercase();
    let start = start.trim_start();
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.contains("<html") {
        return Format::Html;
    }
    if start.trim_start_matches('\u{feff}').starts_with("webvtt") {
        return Format::WebVtt;
    }
    if is_subrip(start) {
        return Format::SubRip;
    }
    match extension(name).as_str() {
        "md" | "markdown" | "mdown" => Format::Markdown,
        "csv" | "tsv" => Format::Csv,
        "html" | "htm" | "xhtml" if start.contains('<') => Format::Html,
        _ if start.starts_with("<?xml") || start.starts_with("<svg") => Format::Unknown,
        _ => Format::Text,
    }
}

/// A number, then the moments of a line: `1`, `00:00:01,000 --> 00:00:04,000`.
fn is_subrip(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty());
    let (Some(number), Some(times)) = (lines.next(), lines.next()) else { return false };
    let is_moment = |text: &str| cue::parse(text.split_whitespace().next().unwrap_or_default()).is_some();
    let spoken = times.split_once("-->").is_some_and(|(from, to)| is_moment(from) && is_moment(to));
    number.trim_start_matches('\u{feff}').parse::<u32>().is_ok() && spoken
}

/// Where `needle` begins in `bytes`.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + step;
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_before_the_name() {
        assert_eq!(detect(b"%PDF-1.7\n", "bai.docx").format, Format::Pdf);
        assert_eq!(detect(b"MZ\x90\x00\x03", "bai.pdf").format, Format::Program);
        assert_eq!(detect(b"<!DOCTYPE html><p>a", "bai.docx").format, Format::Html);
        assert_eq!(detect(b"\x89PNG\r\n\x1a\n....", "bai.txt").media_type, "image/png");
        assert_eq!(detect(b"\x00\x01\x02\x03\x04\x05", "bai.pdf").format, Format::Unknown);
    }

    #[test]
    fn the_name_decides_between_kinds_of_text() {
        let text = "# Trồng lúa\n".as_bytes();
        assert_eq!(detect(text, "a.md").format, Format::Markdown);
        assert_eq!(detect(text, "a.txt").format, Format::Text);
        assert_eq!(detect(text, "a.csv").format, Format::Csv);
        assert_eq!(detect(b"WEBVTT\n\n00:01.000 --> 00:02.000\na", "a.txt").format, Format::WebVtt);
        assert_eq!(detect(b"1\n00:00:01,000 --> 00:00:02,000\na", "a.txt").format, Format::SubRip);
        assert_eq!(detect(b"1\nx --> y\na", "a.srt").format, Format::Text);
        assert_eq!(detect("BMI là chỉ số".as_bytes(), "a").format, Format::Text);
    }
}
