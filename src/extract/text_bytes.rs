//! Bytes of plain text into text: byte order marks, UTF-8, then a guess at older encodings.

use crate::extract::legacy;
use chardetng::{EncodingDetector, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// So many paragraphs with marks tell what a text is in.
const MOST_PARAGRAPHS: usize = 2_000;

/// Decodes text; `None` when the bytes are no text in any encoding.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return plausible(encoding.decode_with_bom_removal(bytes).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(cut_tail(bytes)) {
        return plausible(text.to_owned());
    }
    if let Some(encoding) = wide(bytes) {
        return plausible(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    let head = bytes.get(..64 * 1024).unwrap_or(bytes);
    if head.contains(&0) {
        return None;
    }
    if let Some(text) = old(bytes) {
        return Some(text);
    }
    let mut detector = EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(Some(b"vn"), Utf8Detection::Allow);
    plausible(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Bytes of a Vietnamese encoding older than Unicode, as the western signs by which these encodings are known.
fn old(bytes: &[u8]) -> Option<String> {
    let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    // Paragraphs of other languages may stand among them.
    let paragraphs = text.split('\n').filter(|paragraph| !paragraph.is_ascii());
    let marked: String = paragraphs.take(MOST_PARAGRAPHS).collect::<Vec<_>>().join("\n");
    legacy::is_old(&marked).then(|| text.into_owned())
}

/// A sign cut at the end (the head of a longer file) does not make the whole no UTF-8.
fn cut_tail(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() && error.valid_up_to() + 4 > bytes.len() => {
            bytes.get(..error.valid_up_to()).unwrap_or(bytes)
        }
        _ => bytes,
    }
}

/// UTF-16 without a mark shows by its zero bytes standing all on one side.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let pairs = head.len() / 2;
    if pairs < 8 {
        return None;
    }
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 3 > pairs && even == 0 {
        Some(UTF_16LE)
    } else if even * 3 > pairs && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Text has hardly any control or replacement signs; other bytes are full of them.
fn plausible(text: String) -> Option<String> {
    let (mut signs, mut bad) = (0_usize, 0_usize);
    for c in text.chars().take(20_000) {
        signs += 1;
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
        if control || c == char::REPLACEMENT_CHARACTER || ('\u{80}'..='\u{9f}').contains(&c) {
            bad += 1;
        }
    }
    (bad * 50 <= signs).then_some(text)
}

/// Decodes text that names its encoding, as web pages do; falls back to guessing.
pub(super) fn decode_labelled(bytes: &[u8]) -> Option<String> {
    if std::str::from_utf8(bytes).is_err()
        && Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = label(bytes).and_then(|name| Encoding::for_label(&name))
        && encoding != UTF_8
    {
        // Word named a western code page for whatever letters its fonts drew.
        if let Some(text) = old(bytes).filter(|_| encoding.is_single_byte()) {
            return Some(text);
        }
        return Some(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    decode(bytes)
}

fn label(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = bytes.get(..2048).unwrap_or(bytes).to_ascii_lowercase();
    let at = crate::extract::detect::find(&head, b"charset=")?;
    let name = head.get(at + 8..)?.iter().copied().skip_while(|byte| matches!(byte, b'"' | b'\''));
    Some(name.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Trồng lúa bị đạo ôn: phun thuốc sớm, giữ nước nông, bón ít đạm.";

    #[test]
    fn marks_and_wide_text_are_recognised() {
        let little: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [&[0xff, 0xfe][..], &little].concat();
        assert_eq!(decode(&marked).unwrap(), TEXT);
        assert_eq!(decode(&little).unwrap(), TEXT);
        assert_eq!(decode(&[&[0xef, 0xbb, 0xbf][..], TEXT.as_bytes()].concat()).unwrap(), TEXT);
    }

    #[test]
    fn text_of_windows_1258_is_read() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1258.encode("Ba\u{300}i ho\u{323}c vê\u{300} lu\u{301}a va\u{300} ho\u{323}c trâ\u{300}u, na\u{306}m na\u{300}o cu\u{303}ng va\u{323}y");
        // As western signs, which are put right with the rest of the document.
        assert!(decode(&bytes).unwrap().contains("BaÌi hoòc vêÌ luìa"));
    }

    #[test]
    fn random_bytes_are_no_text() {
        let noise: Vec<u8> = (0_u32..4000).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
        assert_eq!(decode(&noise), None);
    }
}
