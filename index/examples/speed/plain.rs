//! What is compared with: an index of Tantivy's with one field, the letters of title and text without marks, ranked by
//! its BM25; it keeps the same texts and counts the same facets.

use crate::corpus::{Piece, TOPIC, YEAR};
use hoclieu_index::text::syllables;
use std::error::Error;
use std::path::Path;
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, SchemaBuilder, TextFieldIndexing, TextOptions, document::TantivyDocument,
};
use tantivy::{Index, IndexWriter, Searcher, Term};

#[derive(Clone, Copy)]
struct Fields {
    title: Field,
    text: Field,
    folded: Field,
    topic: Field,
    year: Field,
}

pub(crate) struct Plain {
    index: Index,
    fields: Fields,
    aggregations: Aggregations,
}

/// An index being filled.
pub(crate) struct Filling {
    writer: IndexWriter,
    fields: Fields,
}

impl Plain {
    pub(crate) fn open(folder: &Path) -> Result<Self, Box<dyn Error>> {
        std::fs::create_dir_all(folder)?;
        let mut schema = SchemaBuilder::default();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs)
            .set_fieldnorms(true);
        let facet = STRING.set_fast("raw");
        let fields = Fields {
            title: schema.add_text_field("title", STORED),
            text: schema.add_text_field("text", STORED),
            folded: schema.add_text_field("folded", TextOptions::default().set_indexing_options(indexing)),
            topic: schema.add_text_field(TOPIC, facet.clone()),
            year: schema.add_text_field(YEAR, facet),
        };
        let index = Index::open_or_create(tantivy::directory::MmapDirectory::open(folder)?, schema.build())?;
        let aggregations = serde_json::from_value(serde_json::json!({
            TOPIC: { "terms": { "field": TOPIC, "size": 1000 } },
            YEAR: { "terms": { "field": YEAR, "size": 1000 } },
        }))?;
        Ok(Self { index, fields, aggregations })
    }

    pub(crate) fn searcher(&self) -> Result<Searcher, Box<dyn Error>> {
        Ok(self.index.reader()?.searcher())
    }

    pub(crate) fn fill(&self) -> Result<Filling, Box<dyn Error>> {
        Ok(Filling { writer: self.index.writer_with_num_threads(2, 192 << 20)?, fields: self.fields })
    }

    /// Ten documents with their texts, how many bear any of the words, and their facets; `least` words must stand in
    /// each.
    pub(crate) fn search(&self, searcher: &Searcher, query: &str, least: usize) -> Result<usize, Box<dyn Error>> {
        let term = |fold: &str| -> Box<dyn Query> {
            let term = Term::from_field_text(self.fields.folded, fold);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        let words: Vec<Box<dyn Query>> = syllables(query).iter().map(|word| term(&word.fold)).collect();
        let least = least.min(words.len());
        let query = BooleanQuery::union_with_minimum_required_clauses(words, least);
        let facets = AggregationCollector::from_aggs(
            self.aggregations.clone(),
            tantivy::aggregation::AggContextParams::default(),
        );
        let wanted = (TopDocs::with_limit(10).order_by_score(), Count, facets);
        let (best, total, facets) = searcher.search(&query, &wanted)?;
        for (_, at) in best {
            std::hint::black_box(searcher.doc::<TantivyDocument>(at)?);
        }
        std::hint::black_box(facets);
        Ok(total)
    }
}

impl Filling {
    pub(crate) fn put(&mut self, piece: &Piece) -> Result<(), Box<dyn Error>> {
        let fields = self.fields;
        let mut document = TantivyDocument::default();
        document.add_text(fields.title, &piece.title);
        document.add_text(fields.text, &piece.text);
        let words = [&piece.title, &piece.text].map(|text| syllables(text)).concat();
        let folded: Vec<&str> = words.iter().map(|word| &*word.fold).collect();
        document.add_text(fields.folded, folded.join(" "));
        for (name, value) in piece.facets() {
            let field = if name == TOPIC { fields.topic } else { fields.year };
            document.add_text(field, &value);
            if let Some((parent, _)) = value.split_once('.') {
                document.add_text(field, parent);
            }
        }
        self.writer.add_document(document)?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), Box<dyn Error>> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        Ok(())
    }
}
