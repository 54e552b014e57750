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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_paths_bidi_marks_and_control_signs() {
        assert_eq!(safe_file_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_file_name("C:\\tai lieu\\lúa.pdf"), "lúa.pdf");
        assert_eq!(safe_file_name("a\u{202e}fdp.exe\r\n"), "afdp.exe");
        assert_eq!(safe_file_name("///"), "tai-lieu");
        assert!(safe_file_name(&"ơ".repeat(500)).chars().count() <= MAX_FILE_NAME_CHARS);
    }
}
