//! Captions as browsers take them beside a recording.

use crate::domain::page::{Block, cue};

/// The lines of a transcript as a `WebVTT` file; other blocks have no moment and are left out.
pub fn track<'a>(blocks: impl IntoIterator<Item = &'a Block>) -> String {
    let mut out = "WEBVTT\n".to_owned();
    for block in blocks {
        let Block::Cue { start_ms, end_ms, text } = block else { continue };
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(['\n', '\r'], " ");
        out.push_str(&format!("\n{} --> {}\n{text}\n", cue::exact(*start_ms), cue::exact(*end_ms)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup_or_another_cue() {
        let cue = |text: &str| Block::Cue { start_ms: 1_500, end_ms: 3_000, text: text.to_owned() };
        let told =
            track(&[cue("<b>a\n\n00:01.000 --> 00:02.000 & b"), Block::Paragraph { text: "không giờ".to_owned() }]);
        assert_eq!(told, "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\n&lt;b&gt;a  00:01.000 --&gt; 00:02.000 &amp; b\n");
    }
}
