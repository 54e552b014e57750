//! Documents like another one, by its most telling words.

use crate::error::Error;
use crate::query::{Hit, Plan, Rarity, Request, Term, answer, as_weight};
use crate::row::bigram;
use crate::schema::{Fields, View};
use crate::text::syllables;
use std::collections::HashMap;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{Searcher, TantivyDocument};

/// How many pairs of syllables speak for a document.
const TELLING: usize = 24;
/// How many of its passages are read.
const PASSAGES: usize = 8;
/// What a word of the title counts, against one of the text.
const TITLE: u32 = 3;
/// A like document bears this share of them at least.
const SHARE: f32 = 0.25;

/// Finds the documents most like one.
pub(crate) fn similar(searcher: &Searcher, fields: &Fields, id: &str, limit: usize) -> Result<Vec<Hit>, Error> {
    let own = tantivy::Term::from_field_text(fields.id, id);
    let query = TermQuery::new(own, IndexRecordOption::Basic);
    let rows = searcher.search(&query, &TopDocs::with_limit(PASSAGES).order_by_score())?;
    let mut pairs: HashMap<String, u32> = HashMap::new();
    for (at, (_, address)) in rows.iter().enumerate() {
        let row: TantivyDocument = searcher.doc(*address)?;
        let text_of = |field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        if at == 0 {
            count(&text_of(fields.title), TITLE, &mut pairs);
        }
        count(&text_of(fields.text), 1, &mut pairs);
    }
    let rarity = Rarity { searcher, fields };
    let mut terms = Vec::new();
    for (text, times) in pairs {
        let rare = rarity.of(View::Bigrams, &text)?;
        let weight = rare * as_weight(times).sqrt();
        terms.push(Term { view: View::Bigrams, text, weight, share: weight });
    }
    terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
    terms.truncate(TELLING);
    let whole = terms.iter().map(|term| term.weight).sum::<f32>() * SHARE;
    let plan = Plan { terms, whole, words: Vec::new() };
    let request = Request { limit: limit + 1, ..Request::new(id) };
    let mut hits = answer(searcher, fields, &request, &plan, Some(id))?.hits;
    hits.truncate(limit);
    Ok(hits)
}

fn count(text: &str, times: u32, pairs: &mut HashMap<String, u32>) {
    for pair in syllables(text).windows(2) {
        if let [first, second] = pair {
            *pairs.entry(bigram(&first.key, &second.key)).or_default() += times;
        }
    }
}
