//! Pictures, sound and film, told by their first bytes.

use super::detect::find;

/// The media type of a picture, a recording or a film. What a container holds is looked for in the bytes that are
/// given; `name` decides where they do not say.
pub(super) fn media(bytes: &[u8], name: &str) -> Option<&'static str> {
    let known: [(&[u8], &str); 10] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
        (b"BM", "image/bmp"),
        (b"ID3", "audio/mpeg"),
        (b"fLaC", "audio/flac"),
        (b"#!AMR", "audio/amr"),
    ];
    // "BM" alone also begins many a text, so a bitmap must carry the zeros of its header.
    if bytes.starts_with(b"BM") && bytes.get(6..10) != Some(&[0; 4]) {
        return None;
    }
    if let Some((_, media_type)) = known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(media_type);
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => Some("image/webp"),
        (Some(b"RIFF"), _, Some(b"WAVE")) => Some("audio/wav"),
        (Some(b"RIFF"), _, Some(b"AVI ")) => Some("video/x-msvideo"),
        (Some(b"OggS"), ..) => Some(ogg(bytes)),
        (Some(b"\x1aE\xdf\xa3"), ..) => Some(matroska(bytes)),
        (_, Some(b"ftyp"), Some(brand)) => Some(mp4(bytes, brand, name)),
        _ => frames(bytes),
    }
}

fn ogg(bytes: &[u8]) -> &'static str {
    if find(bytes.get(..4096).unwrap_or(bytes), b"\x80theora").is_some() { "video/ogg" } else { "audio/ogg" }
}

fn matroska(bytes: &[u8]) -> &'static str {
    let is_web = find(bytes.get(..64).unwrap_or(bytes), b"webm").is_some();
    let has = |codec: &[u8]| find(bytes, codec).is_some();
    match (is_web, has(b"A_OPUS") || has(b"A_VORBIS"), has(b"V_VP") || has(b"V_AV1")) {
        (true, true, false) => "audio/webm",
        (true, ..) => "video/webm",
        (false, ..) => "video/x-matroska",
    }
}

fn mp4(bytes: &[u8], brand: &[u8], name: &str) -> &'static str {
    match brand {
        b"M4A " | b"M4B " => return "audio/mp4",
        b"heic" | b"heix" | b"mif1" => return "image/heic",
        b"avif" => return "image/avif",
        b"qt  " => return "video/quicktime",
        _ => {}
    }
    let is_sound_by_name = [".m4a", ".m4b", ".aac"].iter().any(|ending| name.to_lowercase().ends_with(ending));
    match (has_handler(bytes, b"vide"), has_handler(bytes, b"soun")) {
        (false, true) => "audio/mp4",
        // The description of the tracks may stand at the end of the file.
        (false, false) if is_sound_by_name => "audio/mp4",
        _ if brand.starts_with(b"3g") => "video/3gpp",
        _ => "video/mp4",
    }
}

/// Whether a track of the kind is described.
fn has_handler(bytes: &[u8], kind: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = find(rest, b"hdlr") {
        if rest.get(at + 12..at + 16) == Some(kind) {
            return true;
        }
        rest = rest.get(at + 4..).unwrap_or_default();
    }
    false
}

/// Streams that begin with a frame: MPEG layer III, and AAC.
fn frames(bytes: &[u8]) -> Option<&'static str> {
    match *bytes.get(..4)? {
        [0xff, second, third, _] if second & 0xe6 == 0xe2 && second & 0x18 != 0x08 => {
            // Neither the free nor the forbidden bit rate, and a sampling rate that there is.
            ((1..15).contains(&(third >> 4)) && third & 0x0c != 0x0c).then_some("audio/mpeg")
        }
        [0xff, 0xf1 | 0xf9, ..] => Some("audio/aac"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8], name: &str) -> &'static str {
        media(bytes, name).unwrap_or("-")
    }

    #[test]
    fn recordings_and_films_are_told_by_what_they_hold() {
        assert_eq!(told(b"ID3\x04\x00", "a"), "audio/mpeg");
        assert_eq!(told(&[0xff, 0xfb, 0x90, 0x64], "a"), "audio/mpeg");
        assert_eq!(told(&[0xff, 0xf3, 0x48, 0xc4], "a"), "audio/mpeg");
        assert_eq!(told(&[0xff, 0xf1, 0x50, 0x80], "a"), "audio/aac");
        assert_eq!(told(b"RIFF\x24\x00\x00\x00WAVEfmt ", "a"), "audio/wav");
        assert_eq!(told(b"OggS\x00\x02........OpusHead", "a"), "audio/ogg");
        assert_eq!(told(b"OggS\x00\x02........\x80theora", "a"), "video/ogg");
        assert_eq!(told(b"\x1aE\xdf\xa3\x9fB\x82\x84webm....A_OPUS", "a"), "audio/webm");
        assert_eq!(told(b"\x1aE\xdf\xa3\x9fB\x82\x84webm....V_VP9..A_OPUS", "a"), "video/webm");
        assert_eq!(told(b"\x00\x00\x00\x20ftypM4A ", "a"), "audio/mp4");
        assert_eq!(told(b"\x00\x00\x00\x20ftypisom....hdlr........soun", "a.mp4"), "audio/mp4");
        assert_eq!(told(b"\x00\x00\x00\x20ftypisom....hdlr........soun..hdlr........vide", "a.m4a"), "video/mp4");
        assert_eq!(told(b"\x00\x00\x00\x20ftypisom....mdat", "a.m4a"), "audio/mp4");
        assert_eq!(told(b"\x00\x00\x00\x20ftypisom....mdat", "a.mp4"), "video/mp4");
    }

    #[test]
    fn text_is_no_recording_whatever_its_name() {
        for text in ["ID của tài liệu", "\u{feff}Chữ", "BMI là chỉ số"] {
            assert_eq!(media(text.as_bytes(), "a.mp3"), None, "{text}");
        }
        assert_eq!(media(&[0xff, 0xfe, b'a', 0], "a.mp3"), None, "a byte order mark");
    }
}
