//! Every weight of the ranking. `docs/RELEVANCE.md` tells the experiments that set them; what none is named for was set by judgement.

/// BM25 of syllables: how fast repeated words stop counting, and how much long passages are held back. (Experiments 2 and 23.)
pub const SYLLABLE_CURVE: Curve = Curve { k1: 1.0, b: 0.85 };
/// The same for pairs: that one stands there says nearly all. (Experiment 6.)
pub const PAIR_CURVE: Curve = Curve { k1: 0.3, b: 0.9 };
/// The same for titles.
pub const TITLE_CURVE: Curve = Curve { k1: 1.5, b: 0.75 };
/// A document's number is there or not.
pub const NUMBER_CURVE: Curve = Curve { k1: 0.0, b: 0.0 };
/// A pair of neighbouring syllables, against a syllable. (Experiment 6.)
pub const PAIR: f32 = 0.6;
/// Two neighbours that are not one word say so many times more than `PAIR` …
pub const PAIR_LOOSE: f32 = 1.2;
/// … and those that always stand together so much less: each syllable of a word says already what the word says. (Experiment 21.)
pub const PAIR_COHESION: f32 = 0.8;
/// What the title alone says, against the whole passage. (Experiment 5.)
pub const TITLE: f32 = 0.3;
/// How often a title counts among the words of its passages. (Experiment 5.)
pub const TITLE_TIMES: usize = 3;
/// A word that asks or connects, against one that tells. (Experiments 3 and 23.)
pub const FUNCTION_WORD: f32 = 0.32;
/// What is asked of a match, in a short query, of a word that names how a thing is told, against one that names the thing. In the
/// score it counts as any other. (Experiment 18.)
pub const GENRE_WORD: f32 = 0.25;
/// A document that bears the number asked for, against all other words together.
pub const NUMBER: f32 = 2.0;
/// Another wording for the same thing, against the one that was typed.
pub const SYNONYM: f32 = 0.4;
/// The second and third best passages of a document, against the best.
pub const NEXT_PASSAGES: [f32; 2] = [0.3, 0.15];
/// What the words are worth that stand close together, against their weight. (Experiment 7.)
pub const CLOSENESS: f32 = 0.2;
/// Words within so many syllables stand close together. (Experiments 7 and 23.)
pub const CLOSE_SYLLABLES: usize = 30;
/// So many of the best documents of a long query are put in a new order by closeness.
pub const REORDERED: usize = 30;
/// A passage matches when it bears this share of the query's weight.
pub const MATCH_SHARE: f32 = 0.6;
/// In a query of up to so many syllables, typed with marks, a match bears the most telling word that the library knows, too: "trồng cam" is
/// not answered by what is about trồng ném. (Experiment 16.)
pub const TELLING_SYLLABLES: usize = 6;
/// In a longer query so many of its words are enough. (Experiments 8 and 23.)
pub const MATCH_WORDS: f32 = 4.5;
/// An answer shorter than a page is filled up with what bears this part of the share.
pub const RELAXED: f32 = 0.3;
/// A query of up to so many syllables is short.
pub const SHORT_SYLLABLES: usize = 6;
/// The most syllables of a query that are used; the rarest are kept.
pub const MAX_SYLLABLES: usize = 128;

/// All passages of the index together say as much about usual spellings as so many meetings in general text …
pub const OWN_WEIGHT: f32 = 2_000_000.0;
/// … but one passage no less than this …
pub const LEAST_OWN_WEIGHT: f32 = 8.0;
/// … and no more than this.
pub const MOST_OWN_WEIGHT: f32 = 1_000.0;
/// How much the word before says about a word, against how usual it is by itself.
pub const PAIR_SHARE: f32 = 0.8;
/// In nats: marks on a word typed without any, in a query of which few words have some.
pub const MARKS_ADDED: f32 = 1.5;
/// The same where most have: ordinary Vietnamese marks about three words in four.
pub const MARKS_ADDED_TO_MARKED: f32 = 6.0;
/// In nats: marks on a bare word that stands by itself.
pub const MARKS_ALONE: f32 = 3.0;
/// In nats: hỏi for ngã and ngã for hỏi.
pub const SWAPPED_TONE: f32 = 2.5;
/// In nats: each other mark that differs.
pub const MARK_CHANGED: f32 = 6.0;
/// In nats: a slip of the finger.
pub const SLIP: f32 = 8.0;
/// In nats: raw keystrokes of an input method that was off.
pub const TYPED_KEYS: f32 = 1.0;
/// In nats: a marked form that no passage bears, where another of the same letters would answer something.
pub const ABSENT: f32 = 5.0;
/// A word met more often than this is no slip.
pub const USUAL: f32 = 2_000.0;
/// In nats: how fast other readings stop counting.
pub const READING_TEMPERATURE: f32 = 0.4;
/// With marks on a smaller share of its words than this, a query was typed without marks.
pub const FEW_MARKED: f32 = 0.4;
/// With marks on this share of its words or more, a query was typed with marks.
pub const MOST_MARKED: f32 = 0.7;
/// In nats: a reading within so much of the best may be offered beside it.
pub const NEAR_READING: f32 = 5.0;
/// In nats: in a query without marks, a reading that is so much less likely than the best was not meant. (Experiments 14 and 24.)
pub const READING_FARTHEST: f32 = 6.0;
/// The least that another reading of the same letters counts.
pub const READING_FLOOR: f32 = 0.05;

/// What never stands in any text may still be a word: it is taken for met so often. (By judgement.)
pub const UNSEEN: f32 = 0.5;
/// Two neighbours in a word of everyday life are taken for met so often in general text. (Experiment 17.)
pub const COMPOUND_MET: u32 = 500;
/// When so many words of a query …
pub const KEYSTROKES: usize = 3;
/// … in so many are raw keystrokes, all are taken for such. (Experiment 10.)
pub const KEYSTROKES_OF: usize = 10;
/// A way to read a word that counts so much may well have been meant. (By judgement.)
pub const LIKELY: f32 = 0.5;
/// Ways that count less are left out. (By judgement.)
pub const LEAST_AMOUNT: f32 = 0.02;
/// So many other ways to read a word are looked at for another reading of the query, the likeliest first. (By judgement.)
pub const OTHER_READINGS: usize = 4;
/// The library may bear the other reading out by so many times less than the first. (By judgement.)
pub const OTHER_READING_LESS: u64 = 2;

/// What the names of a document's number say, the first of them the whole number with its symbol. (All by judgement.)
pub const NUMBER_WHOLE: f32 = 1.0;
/// Kind, number and year.
pub const NUMBER_KIND_YEAR: f32 = 0.8;
/// Kind and number.
pub const NUMBER_KIND: f32 = 0.6;
/// Number and year.
pub const NUMBER_YEAR: f32 = 0.5;
/// The number alone, in a query of hardly anything else.
pub const NUMBER_BARE: f32 = 0.5;
/// Kind and number, where a year was typed that the number itself may not bear.
pub const NUMBER_YEAR_TOO_MUCH: f32 = 0.4;

/// How many pairs of syllables speak for a document that others are like. (By judgement.)
pub const LIKE_PAIRS: usize = 24;
/// What a pair of the title counts, against one of the text. (By judgement, as `TITLE_TIMES`.)
pub const LIKE_TITLE: u32 = 3;
/// A like document bears this share of them at least. (By judgement.)
pub const LIKE_SHARE: f32 = 0.25;
/// The same of what is like a text that is in no index: that one is asked what the text may be about, and its like need
/// not be worth reading. (Experiment 25.)
pub const TEXT_LIKE_SHARE: f32 = 0.15;
/// How much less a word says in a snippet each time that it stands there again. (By judgement.)
pub const REPEATED: f32 = 4.0;

/// How telling something is that so many passages of all bear: the inverse document frequency of BM25.
pub fn rarity(all: f32, bearing: f32) -> f32 {
    (1.0 + (all.max(bearing) - bearing + 0.5) / (bearing + 0.5)).ln()
}

/// How term frequency and length make a score (Okapi BM25).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// How fast repeated words stop counting.
    pub k1: f32,
    /// How much long texts are held back, 0 to 1.
    pub b: f32,
}
