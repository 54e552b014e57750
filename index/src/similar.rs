//! Documents like another one, by its most telling pairs of words.

use crate::error::Error;
use crate::query::{Alternative, Hit, Kind, Plan, Request, Slot, View as Index, answer, as_f32, as_weight};
use crate::schema::View;
use crate::term;
use crate::text::syllables;
use rustc_hash::FxHashMap;
use tantivy::TantivyDocument;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};

/// How many pairs of syllables speak for a document.
const TELLING: usize = 24;
/// How many of its passages are read.
const PASSAGES: usize = 8;
/// What a pair of the title counts, against one of the text.
const TITLE: u32 = 3;
/// A like document bears this share of them at least.
const SHARE: f32 = 0.25;

/// Finds the documents most like one.
pub(crate) fn similar(index: Index<'_>, id: &str, limit: usize) -> Result<Vec<Hit>, Error> {
    let mut slots = Vec::new();
    for (text, times) in pairs(index, id)? {
        let wanted = tantivy::Term::from_field_text(index.fields.view(View::Pairs), &text);
        let bearing = as_f32(index.searcher.doc_freq(&wanted)?);
        let all = as_f32(index.searcher.num_docs()).max(bearing);
        let weight = (1.0 + (all - bearing + 0.5) / (bearing + 0.5)).ln() * as_weight(times).sqrt();
        let alternatives = vec![Alternative { view: View::Pairs, text, amount: 1.0, presence: 1.0 }];
        slots.push(Slot { kind: Kind::Pair, alternatives, weight, share: weight, label: String::new() });
    }
    let text = |slot: &Slot| slot.alternatives.first().map(|one| one.text.clone());
    slots.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| text(a).cmp(&text(b))));
    slots.truncate(TELLING);
    if slots.is_empty() {
        return Ok(Vec::new());
    }
    let least = slots.iter().map(|slot| slot.weight).sum::<f32>() * SHARE;
    let plan = Plan { slots, least, has_words: true, ..Plan::default() };
    let request = Request { limit: limit + 1, ..Request::new(id) };
    let mut hits = answer(index, &request, &plan, None)?.hits;
    hits.retain(|hit| hit.id != id);
    hits.truncate(limit);
    Ok(hits)
}

/// The pairs of a document with how often they stand in it.
fn pairs(index: Index<'_>, id: &str) -> Result<FxHashMap<String, u32>, Error> {
    let fields = index.fields;
    let query = TermQuery::new(tantivy::Term::from_field_text(fields.id, id), IndexRecordOption::Basic);
    let rows = index.searcher.search(&query, &TopDocs::with_limit(PASSAGES).order_by_score())?;
    let mut pairs = FxHashMap::default();
    for (at, (_, address)) in rows.iter().enumerate() {
        let row: TantivyDocument = index.searcher.doc(*address)?;
        let mut count = |field, times| {
            let text = row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            for pair in syllables(text).windows(2) {
                if let [first, second] = pair {
                    let mut text = String::new();
                    term::push_pair(&mut text, first, second);
                    *pairs.entry(text).or_default() += times;
                }
            }
        };
        if at == 0 {
            count(fields.title, TITLE);
        }
        count(fields.text, 1);
    }
    Ok(pairs)
}
