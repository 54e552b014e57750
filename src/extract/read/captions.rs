//! `WebVTT` and `SubRip` captions: lines spoken at their moments, a page for about a minute of them.

use crate::domain::page::{Block, cue};
use crate::extract::content::{Content, Draft};
use crate::extract::error::ExtractError;
use crate::extract::{clean, text_bytes};

/// A page ends with the cue that reaches so far from its first one …
const PAGE_MS: u64 = 60_000;
/// … or makes it so long, in characters.
const PAGE_CHARS: usize = 900;
/// A cue longer than this is none: nobody reads so much at once.
const MAX_CUE_CHARS: usize = 2_000;

struct Cue {
    start_ms: u64,
    end_ms: u64,
    text: String,
}

/// Reads captions.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let damaged = |reason: String| ExtractError::FileDamaged(reason);
    let text = text_bytes::decode(bytes).ok_or_else(|| damaged("no text encoding fits".to_owned()))?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut cues: Vec<Cue> = text.split("\n\n").flat_map(cues_of).collect();
    if let Some(long) = cues.iter().map(|cue| cue.text.chars().count()).find(|chars| *chars > MAX_CUE_CHARS) {
        return Err(damaged(format!("a caption of {long} characters")));
    }
    if cues.is_empty() {
        return Err(damaged("no caption with its time".to_owned()));
    }
    cues.sort_by_key(|cue| cue.start_ms);
    Ok(Content::pages(None, pages(joined(cues)).into_iter().map(Draft::of).collect()))
}

/// The cues of a part between blank lines: one, or several where blank lines are missing.
fn cues_of(part: &str) -> Vec<Cue> {
    let lines: Vec<&str> = part.lines().collect();
    let is_comment = lines.first().is_some_and(|line| {
        ["NOTE", "STYLE", "REGION"].iter().any(|name| line.split_whitespace().next() == Some(*name))
    });
    let times: Vec<usize> =
        (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| line.contains("-->"))).collect();
    if is_comment {
        return Vec::new();
    }
    let cue = |(index, at): (usize, &usize)| {
        let (start_ms, end_ms) = span(lines.get(*at)?)?;
        let until = times.get(index + 1).copied().unwrap_or(lines.len());
        let mut said = lines.get(at + 1..until)?.to_vec();
        // The number of the next cue stands before its time.
        if until < lines.len() && said.last().is_some_and(|line| line.trim().parse::<u32>().is_ok()) {
            said.pop();
        }
        let text = clean::line(&plain(&said.join(" ")));
        (!text.is_empty() && end_ms > start_ms).then_some(Cue { start_ms, end_ms, text })
    };
    times.iter().enumerate().filter_map(cue).collect()
}

/// From when to when, of a line such as `00:01.000 --> 00:04.000 align:start`.
fn span(line: &str) -> Option<(u64, u64)> {
    let (start, rest) = line.split_once("-->")?;
    Some((cue::parse(start)?, cue::parse(rest.split_whitespace().next()?)?))
}

/// The text without markup; the name of a voice stays before what it says.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['<', '{']) {
        let close = if rest.strip_prefix(before).is_some_and(|rest| rest.starts_with('<')) { '>' } else { '}' };
        let Some((tag, after_tag)) = after.split_once(close).filter(|(tag, _)| is_tag(tag, close)) else {
            out.push_str(before);
            out.push(if close == '>' { '<' } else { '{' });
            rest = after;
            continue;
        };
        out.push_str(before);
        let voice = tag
            .strip_prefix("v ")
            .or_else(|| tag.strip_prefix("v.").and_then(|rest| rest.split_once(' ').map(|(_, name)| name)));
        if let Some(voice) = voice {
            out.push_str(voice.trim());
            out.push_str(": ");
        }
        rest = after_tag;
    }
    out.push_str(rest);
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&lrm;", "")
        .replace("&rlm;", "")
        .replace("&amp;", "&")
}

/// Whether what stands between signs is markup: `b`, `/i`, `c.loud`, `v Lan`, `00:01.000`, or `\an8` between braces.
fn is_tag(tag: &str, close: char) -> bool {
    if close == '}' {
        return tag.starts_with('\\');
    }
    let name = tag.trim_start_matches('/').split(['.', ' ']).next().unwrap_or_default();
    ["b", "i", "u", "c", "v", "lang", "ruby", "rt", "font", ""].contains(&name) || cue::parse(tag).is_some()
}

/// Lines that are shown on while the next one is spoken are said once.
fn joined(cues: Vec<Cue>) -> Vec<Cue> {
    let mut said: Vec<Cue> = Vec::with_capacity(cues.len());
    for next in cues {
        match said.last_mut() {
            Some(last) if last.text == next.text && next.start_ms <= last.end_ms + 100 => {
                last.end_ms = last.end_ms.max(next.end_ms);
            }
            _ => said.push(next),
        }
    }
    said
}

fn pages(cues: Vec<Cue>) -> Vec<Vec<Block>> {
    let mut pages: Vec<Vec<Block>> = Vec::new();
    let (mut from_ms, mut chars) = (0, usize::MAX);
    for Cue { start_ms, end_ms, text } in cues {
        if chars >= PAGE_CHARS || start_ms >= from_ms + PAGE_MS {
            pages.push(Vec::new());
            (from_ms, chars) = (start_ms, 0);
        }
        chars += text.chars().count();
        if let Some(page) = pages.last_mut() {
            page.push(Block::Cue { start_ms, end_ms, text });
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(u64, u64, String)> {
        let crate::extract::content::Body::Pages(pages) = read(bytes).unwrap().body else { panic!("no pages") };
        let blocks = pages.into_iter().flat_map(|page| page.parts).map(|part| part.block);
        let cue = |block| match block {
            Block::Cue { start_ms, end_ms, text } => (start_ms, end_ms, text),
            other => panic!("{other:?}"),
        };
        blocks.map(cue).collect()
    }

    #[test]
    fn webvtt_is_read_without_its_markup_and_comments() {
        let vtt = "\u{feff}WEBVTT - bài\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE --> không phải lời\n\n\
            mở đầu\n00:01.000 --> 00:04.000 align:start position:0%\n<v Lan>Chào <b>bà con</b>\nnghe &amp; nhìn\n\n\
            01:00:00.000 --> 01:00:02.500\n- 3 < 5\n\n00:09.000 --> 00:08.000\nngược\n\n00:05.000 --> 00:06.000\n\n";
        let expected =
            [(1_000, 4_000, "Lan: Chào bà con nghe & nhìn".to_owned()), (3_600_000, 3_602_500, "- 3 < 5".to_owned())];
        assert_eq!(lines(vtt.as_bytes()), expected);
    }

    #[test]
    fn subrip_is_read_even_without_blank_lines_and_rolling_lines_are_said_once() {
        let srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}Một\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\n<i>Một</i>\r\n\r\n\
            3\r\n00:00:03,000 --> 00:00:04,000\r\nHai\r\n";
        assert_eq!(lines(srt.as_bytes()), [(1_000, 3_000, "Một".to_owned()), (3_000, 4_000, "Hai".to_owned())]);
    }

    #[test]
    fn broken_and_monstrous_captions_are_refused() {
        let long = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n", "dài ".repeat(2_500_000));
        for bad in ["WEBVTT\n", "WEBVTT\n\nkhông giờ\n", "WEBVTT\n\nx --> y\nlời\n", long.as_str()] {
            assert!(matches!(read(bad.as_bytes()), Err(ExtractError::FileDamaged(_))));
        }
    }

    #[test]
    fn a_page_is_about_a_minute() {
        let cue = |at: u32| {
            format!("00:{:02}:{:02}.000 --> 00:{:02}:{:02}.900\nlời thứ {at}\n\n", at / 60, at % 60, at / 60, at % 60)
        };
        let vtt = format!("WEBVTT\n\n{}", (0..180).map(cue).collect::<String>());
        let crate::extract::content::Body::Pages(pages) = read(vtt.as_bytes()).unwrap().body else {
            panic!("no pages")
        };
        assert_eq!(pages.iter().map(|page| page.parts.len()).collect::<Vec<_>>(), [60, 60, 60]);
    }
}
