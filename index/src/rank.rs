//! Every weight of the ranking, with the experiment that set it (`docs/RELEVANCE.md`).

/// BM25: how fast repeated words stop counting.
pub const K1: f32 = 1.2;
/// BM25: how much long passages are held back.
pub const B: f32 = 0.75;
/// A bigram of neighbouring syllables, against a syllable (experiment 2).
pub const BIGRAM: f32 = 1.0;
/// A match by letters alone where the query had marks, against one with the same marks (experiment 3).
pub const FOLDED_FALLBACK: f32 = 0.2;
/// The second and third best passages of a document, against the best (experiment 4).
pub const NEXT_PASSAGES: [f32; 2] = [0.3, 0.15];
/// A passage matches when it bears this share of the query's weight (experiment 5).
pub const MATCH_SHARE: f32 = 0.3;
/// The same for a short query, in which every word was chosen (experiment 5).
pub const SHORT_MATCH_SHARE: f32 = 0.6;
/// A query of up to so many syllables is short.
pub const SHORT_SYLLABLES: usize = 6;
/// What a letters-only match of a marked syllable counts towards the share.
pub const FOLDED_SHARE: f32 = 0.6;
/// The most syllables of a query that are used; the rarest are kept.
pub const MAX_SYLLABLES: usize = 64;
