//! Why a document is found: what each word of the query adds.

use super::lengths::Lengths;
use super::postings::Cursor;
use super::{Group, Search};
use crate::error::Error;
use crate::query::{Kind, Plan, as_weight};
use crate::text::spell::spell;
use tantivy::SegmentReader;

/// What a document's best passage is worth for a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// The document's score: its best passage and parts of the next two.
    pub score: f32,
    /// The scores of its counted passages, best first.
    pub passages: Vec<f32>,
    /// What the words add to the best passage, most first.
    pub parts: Vec<Part>,
    /// The share of the query's weight that a passage needs to match, and that this one bears; 0 to 1.
    pub share: (f32, f32),
    /// The most telling word of a short query, where this passage lacks it and so is no match.
    pub lacks: Option<String>,
}

/// What one word or pair of words adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The words as they were read.
    pub words: String,
    /// In what they were looked for: `word`, `pair`, `title-word`, `title-pair` or `number`.
    pub kind: &'static str,
    /// How telling they are in this library.
    pub rarity: f32,
    /// How often the passage bears them, other readings and wordings by their amounts.
    pub times: f32,
    /// What is added to the score.
    pub score: f32,
}

/// Explains a found document; `plan` says what a passage needs to match.
pub(crate) fn explain(search: &Search<'_>, plan: &Plan, group: &Group) -> Result<Explanation, Error> {
    let reader = search.searcher.segment_reader(group.segment);
    let Some((doc, _)) = group.passages.first() else { return Ok(Explanation::default()) };
    let (mut parts, mut borne, mut lacks) = (Vec::new(), 0.0, None);
    for (at, slot) in plan.slots.iter().enumerate() {
        let lengths = Lengths::of(search.curves, reader, search.fields, slot.kind)?;
        let (times, presence) = times(search, reader, slot, *doc)?;
        if times > 0.0 {
            borne += slot.share * presence.min(1.0);
            let score = slot.weight * lengths.saturated(*doc, times);
            let words = written(slot);
            parts.push(Part { words, kind: name(slot.kind), rarity: slot.weight, times, score });
        } else if plan.required == Some(at) {
            lacks = Some(written(slot));
        }
    }
    parts.sort_by(|a, b| b.score.total_cmp(&a.score));
    let words = plan.slots.iter().filter(|slot| slot.kind == Kind::Word);
    let whole = words.map(|slot| slot.share).sum::<f32>().max(f32::MIN_POSITIVE);
    let passages = group.passages.iter().map(|(_, score)| *score).collect();
    let share = (plan.least / whole, (borne / whole).min(1.0));
    Ok(Explanation { score: group.score, passages, parts, share, lacks })
}

fn times(
    search: &Search<'_>,
    reader: &SegmentReader,
    slot: &crate::query::Slot,
    doc: u32,
) -> Result<(f32, f32), Error> {
    let (mut times, mut presence) = (0.0, 0.0);
    for alternative in &slot.alternatives {
        if let Some(mut cursor) = Cursor::open(reader, search.fields, alternative)? {
            let frequency = cursor.frequency(doc);
            if frequency > 0 {
                times += alternative.amount * as_weight(frequency);
                presence += alternative.presence;
            }
        }
    }
    Ok((times, presence))
}

/// What a slot stands for, as people write it.
fn written(slot: &crate::query::Slot) -> String {
    if slot.kind == Kind::Number {
        return slot.label.clone();
    }
    slot.label.split(' ').map(|key| spell(key, "")).collect::<Vec<_>>().join(" ")
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Word => "word",
        Kind::Pair => "pair",
        Kind::TitleWord => "title-word",
        Kind::TitlePair => "title-pair",
        Kind::Number => "number",
    }
}
