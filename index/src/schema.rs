//! The fields of the index: four views of each passage, what is shown of it, and facets.

use crate::error::Error;
use crate::library::Options;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;

/// A property by which documents are counted and narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetField {
    /// The field's name.
    pub name: String,
    /// Values are paths parted by dots; a parent counts its children.
    pub hierarchical: bool,
}

/// Bumped whenever documents must be indexed anew: when fields, syllables or stored values change.
const SCHEMA_VERSION: u32 = 2;

/// One of the four views of a passage's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Syllables,
    Bigrams,
    FoldedSyllables,
    FoldedBigrams,
}

impl View {
    pub(crate) const ALL: [Self; 4] = [Self::Syllables, Self::Bigrams, Self::FoldedSyllables, Self::FoldedBigrams];

    /// The view that keeps the lengths of passages.
    pub(crate) const LENGTHS: Self = Self::Syllables;

    const fn name(self) -> &'static str {
        match self {
            Self::Syllables => "syllables",
            Self::Bigrams => "bigrams",
            Self::FoldedSyllables => "folded_syllables",
            Self::FoldedBigrams => "folded_bigrams",
        }
    }
}

/// The fields by what they hold.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// The document's id: a term to replace it by, and stored.
    pub(crate) id: Field,
    /// The document's number in the order of putting: passages of one document share it.
    pub(crate) group: Field,
    pub(crate) date: Field,
    pub(crate) page: Field,
    pub(crate) page_id: Field,
    pub(crate) title: Field,
    pub(crate) heading: Field,
    pub(crate) text: Field,
    views: [Field; 4],
    pub(crate) facets: Vec<(FacetField, Field)>,
}

/// The name under which passages of one document are known to belong together.
pub(crate) const GROUP: &str = "group";
/// The name of the date column.
pub(crate) const DATE: &str = "date";

impl Fields {
    pub(crate) fn new(options: &Options) -> Self {
        let mut builder = SchemaBuilder::default();
        let fast = NumericOptions::default().set_fast();
        // All views of a passage have one length, which the first keeps for all.
        let view = |view: View| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("whitespace")
                .set_index_option(IndexRecordOption::WithFreqs)
                .set_fieldnorms(view == View::LENGTHS);
            TextOptions::default().set_indexing_options(indexing)
        };
        let facet = STRING.set_fast(RAW_TOKENIZER_NAME);
        let id = builder.add_text_field("id", STRING | STORED);
        let group = builder.add_u64_field(GROUP, fast.clone());
        let date = builder.add_i64_field(DATE, fast);
        let page = builder.add_u64_field("page", STORED);
        let page_id = builder.add_text_field("page_id", STORED);
        let title = builder.add_text_field("title", STORED);
        let heading = builder.add_text_field("heading", STORED);
        let text = builder.add_text_field("text", STORED);
        let views = View::ALL.map(|one| builder.add_text_field(one.name(), view(one)));
        let field = |of: &FacetField| (of.clone(), builder.add_text_field(&facet_name(&of.name), facet.clone()));
        let facets = options.facets.iter().map(field).collect();
        Self { schema: builder.build(), id, group, date, page, page_id, title, heading, text, views, facets }
    }

    pub(crate) fn view(&self, view: View) -> Field {
        let [syllables, bigrams, folded_syllables, folded_bigrams] = self.views;
        match view {
            View::Syllables => syllables,
            View::Bigrams => bigrams,
            View::FoldedSyllables => folded_syllables,
            View::FoldedBigrams => folded_bigrams,
        }
    }

    pub(crate) fn facet(&self, name: &str) -> Result<Field, Error> {
        let found = self.facets.iter().find(|(facet, _)| facet.name == name);
        found.map(|(_, field)| *field).ok_or_else(|| Error::UnknownFacet(name.to_owned()))
    }
}

/// The column of a facet.
pub(crate) fn facet_name(name: &str) -> String {
    format!("facet_{name}")
}

/// What distinguishes an index of these options and this version from others.
pub(crate) fn fingerprint(options: &Options) -> String {
    let facets: Vec<String> = options
        .facets
        .iter()
        .map(|facet| format!("{}{}", facet.name, if facet.hierarchical { "/" } else { "" }))
        .collect();
    format!("{SCHEMA_VERSION}:{}", facets.join(","))
}
