//! Documents like another one, by its most telling pairs of words.

use crate::error::Error;
use crate::query::{Alternative, Hit, Kind, Plan, Request, Slot, View as Index, answer, as_f32, as_weight};
use crate::rank::{LIKE_PAIRS, LIKE_SHARE, LIKE_TITLE, TEXT_LIKE_SHARE, rarity};
use crate::schema::View;
use crate::term;
use crate::text::syllables;
use rustc_hash::FxHashMap;
use tantivy::TantivyDocument;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};

/// How many of a document's passages are read.
const PASSAGES: usize = 8;

/// Finds the documents most like one.
pub(crate) fn similar(index: Index<'_>, id: &str, limit: usize) -> Result<Vec<Hit>, Error> {
    let mut hits = like(index, pairs(index, id)?, (LIKE_SHARE, limit + 1))?;
    hits.retain(|hit| hit.id != id);
    hits.truncate(limit);
    Ok(hits)
}

/// Finds the documents most like a text that is in no index.
pub(crate) fn similar_to(index: Index<'_>, title: &str, text: &str, limit: usize) -> Result<Vec<Hit>, Error> {
    let mut pairs = FxHashMap::default();
    count(&mut pairs, title, LIKE_TITLE);
    count(&mut pairs, text, 1);
    like(index, pairs, (TEXT_LIKE_SHARE, limit))
}

/// Finds the documents that bear a share at least of the most telling of some pairs.
fn like(
    index: Index<'_>,
    pairs: FxHashMap<String, u32>,
    (least_share, limit): (f32, usize),
) -> Result<Vec<Hit>, Error> {
    let mut slots = Vec::new();
    for (text, times) in pairs {
        let wanted = tantivy::Term::from_field_text(index.fields.view(View::Pairs), &text);
        let bearing = as_f32(index.searcher.doc_freq(&wanted)?);
        // What nothing bears tells of no likeness, and as the rarest of all would push everything else out.
        if bearing < 1.0 {
            continue;
        }
        let weight = rarity(as_f32(index.searcher.num_docs()), bearing) * as_weight(times).sqrt();
        let alternatives = vec![Alternative { view: View::Pairs, text, amount: 1.0, presence: 1.0 }];
        slots.push(Slot { kind: Kind::Pair, alternatives, weight, share: weight, label: String::new() });
    }
    let text = |slot: &Slot| slot.alternatives.first().map(|one| one.text.clone());
    slots.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| text(a).cmp(&text(b))));
    slots.truncate(LIKE_PAIRS);
    if slots.is_empty() {
        return Ok(Vec::new());
    }
    let least = slots.iter().map(|slot| slot.weight).sum::<f32>() * least_share;
    let plan = Plan { slots, least, has_words: true, ..Plan::default() };
    let request = Request { limit, ..Request::new("") };
    Ok(answer(index, &request, &plan, None)?.hits)
}

/// Counts the pairs of a text, so often each.
fn count(pairs: &mut FxHashMap<String, u32>, text: &str, times: u32) {
    for pair in syllables(text).windows(2) {
        if let [first, second] = pair {
            let mut text = String::new();
            term::push_pair(&mut text, first, second);
            *pairs.entry(text).or_default() += times;
        }
    }
}

/// The pairs of a document with how often they stand in it.
fn pairs(index: Index<'_>, id: &str) -> Result<FxHashMap<String, u32>, Error> {
    let fields = index.fields;
    let query = TermQuery::new(tantivy::Term::from_field_text(fields.id, id), IndexRecordOption::Basic);
    let rows = index.searcher.search(&query, &TopDocs::with_limit(PASSAGES).order_by_score())?;
    let mut pairs = FxHashMap::default();
    for (at, (_, address)) in rows.iter().enumerate() {
        let row: TantivyDocument = index.searcher.doc(*address)?;
        let text = |field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        if at == 0 {
            count(&mut pairs, text(fields.title), LIKE_TITLE);
        }
        count(&mut pairs, text(fields.text), 1);
    }
    Ok(pairs)
}
