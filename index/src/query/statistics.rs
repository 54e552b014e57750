//! What the index and the language say about the spellings of a query's words.

use super::View as Index;
use crate::error::Error;
use crate::lexicon::{self, Synonyms};
use crate::rank::{LEAST_OWN_WEIGHT, MOST_OWN_WEIGHT, OWN_WEIGHT};
use crate::schema::{Fields, View};
use crate::term::{key_of, pair_prefix, syllable_prefix};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tantivy::Searcher;

/// One marked form of some letters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form {
    pub(crate) key: String,
    /// In how many passages it stands.
    pub(crate) passages: u64,
    /// How often it is met in general text.
    pub(crate) general: u32,
}

/// All marked forms of the same letters.
pub(crate) type Forms = Rc<Vec<Form>>;

/// At most so many marked forms are looked at: letters of Vietnamese have fewer.
const MAX_FORMS: usize = 64;

/// In a query with more strange words than this the others are taken as typed: each has hundreds of neighbours.
const MOST_MENDED: usize = 24;

/// Looks up forms; each is asked of the index once.
pub(crate) struct Statistics<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    /// The library's own wordings.
    pub(crate) synonyms: &'a Synonyms,
    pub(crate) passages: u64,
    /// What one passage of the index says about usual spellings, in meetings in general text: a small library's own words
    /// must not drown in those of the newspapers.
    own_weight: f32,
    known: RefCell<FxHashMap<String, Forms>>,
    /// So many more words may be looked at for slips.
    slips_left: Cell<usize>,
}

impl<'a> Statistics<'a> {
    pub(crate) fn new(index: Index<'a>) -> Self {
        let Index { searcher, fields, synonyms, .. } = index;
        let passages = searcher.num_docs();
        let own_weight = (OWN_WEIGHT / super::as_f32(passages.max(1))).clamp(LEAST_OWN_WEIGHT, MOST_OWN_WEIGHT);
        Self {
            searcher,
            fields,
            synonyms,
            passages,
            own_weight,
            known: RefCell::default(),
            slips_left: Cell::new(MOST_MENDED),
        }
    }

    /// How often a form is met, in the index and in general.
    pub(crate) fn met(&self, form: &Form) -> f32 {
        super::as_f32(form.passages) * self.own_weight + super::as_f32(u64::from(form.general))
    }

    /// Whether one more word may be looked at for slips of the finger.
    pub(crate) fn may_mend(&self) -> bool {
        let left = self.slips_left.get();
        self.slips_left.set(left.saturating_sub(1));
        left > 0
    }

    /// How many syllables all counts come from.
    pub(crate) fn total(&self) -> f32 {
        /// An average passage has so many syllables.
        const PASSAGE_SYLLABLES: f32 = 200.0;
        lexicon::COUNTED + self.own_weight * super::as_f32(self.passages) * PASSAGE_SYLLABLES
    }

    /// The marked forms of a syllable's letters, in the index and in general.
    pub(crate) fn syllable(&self, fold: &str) -> Result<Forms, Error> {
        self.forms(View::Syllables, syllable_prefix(fold), || lexicon::syllable_forms(fold).collect())
    }

    /// The marked forms of a pair, both keys as one.
    pub(crate) fn pair(&self, first: &str, second: &str) -> Result<Forms, Error> {
        self.forms(View::Pairs, pair_prefix(first, second), || lexicon::pair_forms(first, second))
    }

    fn forms(&self, view: View, prefix: String, general: impl FnOnce() -> Vec<lexicon::Form>) -> Result<Forms, Error> {
        if let Some(known) = self.known.borrow().get(&prefix) {
            return Ok(Rc::clone(known));
        }
        let mut forms: Vec<Form> = Vec::new();
        for (key, general) in general().into_iter().take(MAX_FORMS) {
            forms.push(Form { key: key.to_owned(), passages: 0, general });
        }
        self.add_indexed(view, &prefix, &mut forms)?;
        let forms = Rc::new(forms);
        self.known.borrow_mut().insert(prefix, Rc::clone(&forms));
        Ok(forms)
    }

    fn add_indexed(&self, view: View, prefix: &str, forms: &mut Vec<Form>) -> Result<(), Error> {
        let field = self.fields.view(view);
        // The sign after `|` bounds all terms that begin with the prefix.
        let mut end = prefix.as_bytes().to_vec();
        if let Some(last) = end.last_mut() {
            *last += 1;
        }
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(field)?;
            let mut stream = index.terms().range().ge(prefix).lt(&end).into_stream()?;
            while let Some((term, info)) = stream.next() {
                let Ok(term) = std::str::from_utf8(term) else { continue };
                let key = key_of(prefix, term);
                let passages = u64::from(info.doc_freq);
                if let Some(form) = forms.iter_mut().find(|form| form.key == key) {
                    form.passages += passages;
                } else if forms.len() < MAX_FORMS {
                    forms.push(Form { key: key.to_owned(), passages, general: 0 });
                }
            }
        }
        Ok(())
    }

    /// In how many passages a term stands in a view.
    pub(crate) fn passages_with(&self, view: View, text: &str) -> Result<u64, Error> {
        Ok(self.searcher.doc_freq(&tantivy::Term::from_field_text(self.fields.view(view), text))?)
    }
}
