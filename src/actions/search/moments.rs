//! The moment of a recording at which a found passage is spoken.

use super::{FoundPassage, SearchItem};
use crate::actions::cards::public_rows;
use crate::actions::materials::read_page;
use crate::actions::{ActionError, Context};
use crate::domain::id::MaterialId;
use crate::domain::material::{Kind, Version};
use crate::domain::page::Block;
use crate::store::pages::PageRow;
use crate::store::{self, ReadTx};
use std::collections::BTreeSet;

/// Sets the moments of passages whose pages are transcripts.
pub(super) async fn place(context: &Context, items: &mut [SearchItem]) -> Result<(), ActionError> {
    let is_recording = |item: &SearchItem| matches!(item.card.kind, Kind::Audio | Kind::Video);
    let wanted = |item: &SearchItem| -> Vec<(MaterialId, u32)> {
        item.passages.iter().map(|passage| (item.card.id, passage.page)).collect()
    };
    let wanted: Vec<_> = items.iter().filter(|item| is_recording(item)).flat_map(wanted).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let rows = context.store.read("search.moments", move |tx| rows(tx, &wanted)).await?;
    let reader = context.clone();
    let pages = tokio::task::spawn_blocking(move || {
        let read = |(version, row): (Version, PageRow)| {
            read_page(&reader, &version, row).map(|page| ((version.material, page.number), page.blocks))
        };
        rows.into_iter().map(read).collect::<Result<Vec<_>, ActionError>>()
    });
    for ((material, number), blocks) in pages.await?? {
        let items = items.iter_mut().filter(|item| item.card.id == material);
        for passage in items.flat_map(|item| &mut item.passages).filter(|passage| passage.page == number) {
            passage.start_ms = moment(&blocks, passage);
        }
    }
    Ok(())
}

fn rows(tx: &dyn ReadTx, wanted: &[(MaterialId, u32)]) -> Result<Vec<(Version, PageRow)>, ActionError> {
    let mut found = Vec::with_capacity(wanted.len());
    for (material, page) in wanted {
        let Some((_, version)) = public_rows(tx, *material)? else { continue };
        let row = store::pages::get(tx, *material, version.number, *page)?;
        found.extend(row.map(|row| (version, row)));
    }
    Ok(found)
}

/// The line that has the most of what was marked, best where all of it is shown; else the page's first line.
fn moment(blocks: &[Block], passage: &FoundPassage) -> Option<u64> {
    let marked = marked(&passage.html);
    let cues = blocks.iter().filter_map(|block| match block {
        Block::Cue { start_ms, text, .. } => Some((*start_ms, text.as_str())),
        _ => None,
    });
    let worth = |text: &str| -> (usize, bool) {
        let held: usize =
            marked.iter().filter(|words| text.contains(words.as_str())).map(|words| words.chars().count()).sum();
        (held, held > 0 && passage.text.contains(text))
    };
    let mut best: Option<(u64, (usize, bool))> = None;
    for (start_ms, text) in cues {
        let worth = worth(text);
        if best.is_none_or(|(_, before)| worth > before) {
            best = Some((start_ms, worth));
        }
    }
    best.map(|(start_ms, _)| start_ms)
}

/// The marked words of escaped HTML, each once: they may go on from one line to the next.
fn marked(html: &str) -> BTreeSet<String> {
    let plain =
        |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let pieces = html.split("<mark>").skip(1).filter_map(|rest| rest.split("</mark>").next());
    pieces.flat_map(str::split_whitespace).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_that_of_the_line_with_the_marked_words() {
        let cue = |start_ms, text: &str| Block::Cue { start_ms, end_ms: start_ms + 900, text: text.to_owned() };
        let blocks =
            [cue(1_000, "Nước lũ đã rút"), cue(2_000, "rửa tay sạch"), cue(3_000, "rồi rửa tay"), cue(4_000, "hết")];
        let passage = |html: &str, text: &str| FoundPassage {
            page: 1,
            page_id: String::new(),
            label: None,
            start_ms: None,
            html: html.to_owned(),
            text: text.to_owned(),
        };
        let at = |html: &str, text: &str| moment(&blocks, &passage(html, text));
        assert_eq!(at("sạch rồi <mark>rửa tay</mark> hết", "sạch rồi rửa tay hết"), Some(3_000));
        assert_eq!(at("<mark>rút rửa</mark>", "rút rửa"), Some(1_000), "marks over two lines");
        assert_eq!(at("không có", "không có"), Some(1_000));
        assert_eq!(moment(&[], &passage("<mark>a</mark>", "a")), None);
    }
}
