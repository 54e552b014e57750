//! Files of a material: what was uploaded or imported, byte by byte.

use crate::domain::id::{BlobHash, FileId, MaterialId};
use serde::{Deserialize, Serialize};

/// One original of one version of a material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Names the file in addresses.
    pub id: FileId,
    /// The material it belongs to.
    pub material: MaterialId,
    /// The version it belongs to, counted from 1.
    pub version: u32,
    /// The name it is offered under; a bare file name without control signs or separators.
    pub name: String,
    /// The media type found from its content, never only from its name.
    pub media_type: String,
    /// Its length in bytes.
    pub size_bytes: u64,
    /// The blob that holds its bytes.
    pub blob: BlobHash,
}

/// A recording or page on another site that belongs to a material: an address that people may open, never one of ours
/// that fetches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// The most characters of a web address.
const MAX_LINK_CHARS: usize = 2_000;

impl WebLink {
    /// Reads an address; `https` and `http` with the name of a host, nothing else.
    ///
    /// # Errors
    /// For any other address, one with a password, or one that is too long.
    pub fn parse(text: &str) -> Result<Self, NoWebLink> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(NoWebLink)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (name, port) = host.split_once(':').unwrap_or((host, "443"));
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let is_plain =
            |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
        let whole = name.contains('.') && !name.starts_with(['.', '-']) && !name.ends_with(['.', '-']);
        let good = whole && name.chars().all(is_name) && port.parse::<u16>().is_ok() && text.chars().all(is_plain);
        if good && text.len() <= MAX_LINK_CHARS { Ok(Self(text.to_owned())) } else { Err(NoWebLink) }
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the site, for people.
    pub fn site(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host)
    }
}

impl TryFrom<String> for WebLink {
    type Error = NoWebLink;

    fn try_from(text: String) -> Result<Self, NoWebLink> {
        Self::parse(&text)
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> Self {
        link.0
    }
}

/// Says that a text is no address that can be linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no address of a web page")]
pub struct NoWebLink;

/// Endings of recordings that captions may lie beside.
const RECORDINGS: [&str; 12] = ["mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "webm", "ogv"];

/// A name without its ending, and the ending in small letters.
fn parted(name: &str) -> (&str, String) {
    name.rsplit_once('.').map_or((name, String::new()), |(stem, ending)| (stem, ending.to_lowercase()))
}

/// Whether a name promises captions.
pub fn is_named_as_captions(name: &str) -> bool {
    matches!(parted(name).1.as_str(), "vtt" | "srt")
}

/// Whether captions belong to a recording by their names or paths: `bai.vtt`, `bai.srt` and `bai.vi.vtt` to `bai.mp3`.
pub fn are_captions_of(captions: &str, recording: &str) -> bool {
    let ((stem, _), (own, ending)) = (parted(captions), parted(recording));
    let of_language = stem.rsplit_once('.').is_some_and(|(stem, _)| stem == own);
    is_named_as_captions(captions) && RECORDINGS.contains(&ending.as_str()) && (stem == own || of_language)
}

/// The most characters a stored file name may have.
pub const MAX_FILE_NAME_CHARS: usize = 150;

/// Makes a name safe to store and to offer: the last path part, without control, separator and direction signs.
///
/// An empty result becomes `tai-lieu`.
pub fn safe_file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !is_unsafe(*c)).collect();
    let trimmed = clean.trim().trim_start_matches('.');
    let skip = trimmed.chars().count().saturating_sub(MAX_FILE_NAME_CHARS);
    let short: String = trimmed.chars().skip(skip).collect();
    if short.is_empty() { "tai-lieu".to_owned() } else { short }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '"' | '<' | '>' | '|' | '*' | '?' | ':')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A length in the unit that people use: `812 B`, `3 KB`, `200 MB`, `2,4 MB`.
pub fn size_vi(bytes: u64) -> String {
    match (bytes, ((bytes % (1 << 20)) * 10) >> 20) {
        (0..1024, _) => format!("{bytes} B"),
        (1024..1_048_576, _) => format!("{} KB", bytes.div_ceil(1024)),
        (_, 0) => format!("{} MB", bytes >> 20),
        (_, tenths) => format!("{},{tenths} MB", bytes >> 20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_web_pages_are_linked_to() {
        let link = WebLink::parse("https://www.youtube.com/watch?v=abc&t=83s").unwrap();
        assert_eq!(link.site(), "youtube.com");
        for bad in [
            "javascript:alert(1)",
            "https://",
            "https://localhost/x",
            "https://a:b@vidu.vn/",
            "https://vidu.vn/\"><script>",
            "https://vidu.vn/a b",
            "ftp://vidu.vn/",
            "//vidu.vn",
            "https://vidu.vn:99999/",
            "https://.vn",
        ] {
            assert_eq!(WebLink::parse(bad), Err(NoWebLink), "{bad}");
        }
        assert!(serde_json::from_str::<WebLink>("\"data:text/html,x\"").is_err());
    }

    #[test]
    fn captions_belong_to_the_recording_whose_name_they_bear() {
        for captions in ["tin/bài.vtt", "tin/bài.SRT", "tin/bài.vi.vtt"] {
            assert!(are_captions_of(captions, "tin/bài.OGG"), "{captions}");
        }
        for captions in ["bài.vtt", "tin/bài khác.vtt", "tin/bài.txt", "tin/bài.vi.x.vtt"] {
            assert!(!are_captions_of(captions, "tin/bài.ogg"), "{captions}");
        }
        assert!(!are_captions_of("bài.vtt", "bài.docx"));
    }

    #[test]
    fn file_names_lose_paths_bidi_marks_and_control_signs() {
        assert_eq!(safe_file_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_file_name("C:\\tai lieu\\lúa.pdf"), "lúa.pdf");
        assert_eq!(safe_file_name("a\u{202e}fdp.exe\r\n"), "afdp.exe");
        assert_eq!(safe_file_name("///"), "tai-lieu");
        assert!(safe_file_name(&"ơ".repeat(500)).chars().count() <= MAX_FILE_NAME_CHARS);
    }
}
