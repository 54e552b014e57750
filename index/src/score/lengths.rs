//! BM25's part that depends on how long a text is.

use crate::error::Error;
use crate::query::{Kind, as_f32, as_weight};
use crate::rank::Curve;
use crate::schema::{Fields, View};
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, Searcher, SegmentReader};

/// For each of the 256 kept lengths what is added below the line, by kind of slot.
#[derive(Clone)]
pub(crate) struct Curves(Arc<Vec<(Kind, [f32; 256])>>);

impl Curves {
    pub(crate) fn of(searcher: &Searcher, fields: &Fields) -> Result<Self, Error> {
        let mut all = Vec::with_capacity(Kind::ALL.len());
        for kind in Kind::ALL {
            let mean = mean_length(searcher, fields, kind.view().lengths())?;
            all.push((kind, held(kind.curve(), mean)));
        }
        Ok(Self(Arc::new(all)))
    }

    fn held(&self, kind: Kind) -> &[f32; 256] {
        const FLAT: [f32; 256] = [1.0; 256];
        self.0.iter().find(|(one, _)| *one == kind).map_or(&FLAT, |(_, held)| held)
    }
}

fn mean_length(searcher: &Searcher, fields: &Fields, view: View) -> Result<f32, Error> {
    let mut tokens = 0;
    for reader in searcher.segment_readers() {
        tokens += reader.inverted_index(fields.view(view))?.total_num_tokens();
    }
    Ok((as_f32(tokens) / as_f32(searcher.num_docs().max(1))).max(1.0))
}

fn held(curve: Curve, mean: f32) -> [f32; 256] {
    let mut held = [0.0; 256];
    for (id, held) in (0..=u8::MAX).zip(&mut held) {
        let length = as_weight(FieldNormReader::id_to_fieldnorm(id));
        *held = curve.k1 * (1.0 - curve.b + curve.b * length / mean);
    }
    held
}

/// The lengths of one segment for one kind of slot.
pub(super) struct Lengths<'a> {
    norms: FieldNormReader,
    held: &'a [f32; 256],
    k1: f32,
}

impl<'a> Lengths<'a> {
    pub(super) fn of(curves: &'a Curves, reader: &SegmentReader, fields: &Fields, kind: Kind) -> Result<Self, Error> {
        let norms = reader.get_fieldnorms_reader(fields.view(kind.view().lengths()))?;
        Ok(Self { norms, held: curves.held(kind), k1: kind.curve().k1 })
    }

    /// BM25 without its weight: how much a passage says that bears a word so often.
    #[inline]
    pub(super) fn saturated(&self, doc: DocId, frequency: f32) -> f32 {
        let held = self.held.get(usize::from(self.norms.fieldnorm_id(doc))).copied().unwrap_or(1.0);
        frequency * (self.k1 + 1.0) / (frequency + held)
    }
}
