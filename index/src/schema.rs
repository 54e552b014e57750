//! The fields of the index: views of each passage, what is shown of it, and facets.

use crate::error::Error;
use crate::library::Options;
use crate::tokens::TERMS;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;

/// A property by which documents are counted and narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetField {
    /// The field's name.
    pub name: String,
    /// Values are paths of two steps parted by a dot; the first counts all below it.
    pub hierarchical: bool,
}

/// Bumped whenever documents must be indexed anew: when fields, syllables or stored values change.
const SCHEMA_VERSION: u32 = 4;

/// One of the ways in which a passage's text is written down to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum View {
    /// Syllables of all that is searched.
    Syllables,
    /// Neighbouring pairs of them.
    Pairs,
    /// Syllables of the title and the heading alone.
    TitleSyllables,
    /// Neighbouring pairs of them.
    TitlePairs,
    /// The names of the document's official number.
    Numbers,
}

impl View {
    pub(crate) const ALL: [Self; 5] =
        [Self::Syllables, Self::Pairs, Self::TitleSyllables, Self::TitlePairs, Self::Numbers];

    const fn name(self) -> &'static str {
        match self {
            Self::Syllables => "syllables",
            Self::Pairs => "pairs",
            Self::TitleSyllables => "title_syllables",
            Self::TitlePairs => "title_pairs",
            Self::Numbers => "numbers",
        }
    }

    /// Pairs share the length of their syllables.
    const fn keeps_length(self) -> bool {
        matches!(self, Self::Syllables | Self::TitleSyllables)
    }

    /// The view that keeps the length of this view's texts.
    pub(crate) const fn lengths(self) -> Self {
        match self {
            Self::TitleSyllables | Self::TitlePairs => Self::TitleSyllables,
            _ => Self::Syllables,
        }
    }
}

/// The fields by what they hold.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    /// The document's id: a term to replace it by, and stored.
    pub(crate) id: Field,
    /// A hash of the document's id: passages of one document share it.
    pub(crate) group: Field,
    pub(crate) date: Field,
    /// The hundredths of its score that the document loses; absent for none.
    pub(crate) handicap: Field,
    pub(crate) page: Field,
    pub(crate) page_id: Field,
    pub(crate) title: Field,
    pub(crate) heading: Field,
    pub(crate) text: Field,
    /// What describes the whole document, with its first passage.
    pub(crate) about: Field,
    views: [Field; 5],
    pub(crate) facets: Vec<(FacetField, Field)>,
}

/// The name under which passages of one document are known to belong together.
pub(crate) const GROUP: &str = "group";
/// The name of the date column.
pub(crate) const DATE: &str = "date";
/// The name of the column of handicaps.
pub(crate) const HANDICAP: &str = "handicap";

impl Fields {
    pub(crate) fn new(options: &Options) -> Self {
        let mut builder = SchemaBuilder::default();
        let fast = NumericOptions::default().set_fast();
        let view = |view: View| {
            let option = if view == View::Numbers { IndexRecordOption::Basic } else { IndexRecordOption::WithFreqs };
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(TERMS)
                .set_index_option(option)
                .set_fieldnorms(view.keeps_length());
            TextOptions::default().set_indexing_options(indexing)
        };
        let facet = STRING.set_fast(RAW_TOKENIZER_NAME);
        let id = builder.add_text_field("id", STRING | STORED);
        let group = builder.add_u64_field(GROUP, fast.clone());
        let date = builder.add_i64_field(DATE, fast.clone());
        let handicap = builder.add_u64_field(HANDICAP, fast);
        let page = builder.add_u64_field("page", STORED);
        let page_id = builder.add_text_field("page_id", STORED);
        let title = builder.add_text_field("title", STORED);
        let heading = builder.add_text_field("heading", STORED);
        let text = builder.add_text_field("text", STORED);
        let about = builder.add_text_field("about", STORED);
        let views = View::ALL.map(|one| builder.add_text_field(one.name(), view(one)));
        let field = |of: &FacetField| (of.clone(), builder.add_text_field(&facet_name(&of.name), facet.clone()));
        let facets = options.facets.iter().map(field).collect();
        Self {
            schema: builder.build(),
            id,
            group,
            date,
            handicap,
            page,
            page_id,
            title,
            heading,
            text,
            about,
            views,
            facets,
        }
    }

    pub(crate) fn view(&self, view: View) -> Field {
        let [syllables, pairs, title_syllables, title_pairs, numbers] = self.views;
        match view {
            View::Syllables => syllables,
            View::Pairs => pairs,
            View::TitleSyllables => title_syllables,
            View::TitlePairs => title_pairs,
            View::Numbers => numbers,
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
