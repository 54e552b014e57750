//! Builds the slots of a plan from read words.

use super::plan::{Alternative, Kind, Phrase, Slot};
use super::read::{Way, Word};
use super::statistics::{Form, Statistics};
use super::{as_f32, as_weight};
use crate::error::Error;
use crate::lexicon::{Equivalent, genre_words, is_function_word};
use crate::numbers;
use crate::rank::{
    FUNCTION_WORD, GENRE_WORD, MAX_SYLLABLES, NUMBER, PAIR, PAIR_COHESION, PAIR_LOOSE, SHORT_SYLLABLES, SYNONYM,
    TELLING_SYLLABLES, TITLE, rarity,
};
use crate::schema::View;
use crate::term::{pair_key, pair_prefix, syllable_prefix, under_prefix};
use crate::text::fold::fold;
use crate::text::normal::{has_marks, split_tone};
use crate::text::syllables;
use rustc_hash::FxHashSet;

/// The most terms that stand for a pair.
const MAX_PAIRS: usize = 16;

pub(super) struct Builder<'a> {
    statistics: &'a Statistics<'a>,
    slots: Vec<Slot>,
    whole: f32,
    /// The place of the word that says most, of those that stand anywhere, and its share.
    telling: Option<(usize, f32)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(statistics: &'a Statistics<'a>) -> Self {
        Self { statistics, slots: Vec::new(), whole: 0.0, telling: None }
    }

    /// The slots, the weight of all words together, and the place of the slot that a match of so many words must bear.
    pub(super) fn finish(self, words: usize) -> (Vec<Slot>, f32, Option<usize>) {
        // The number of a document says all.
        let is_short = words <= TELLING_SYLLABLES && self.slots.iter().all(|slot| slot.kind != Kind::Number);
        let telling = self.telling.filter(|_| is_short).map(|(at, _)| at);
        (self.slots, self.whole, telling)
    }

    /// How telling something is that stands in so many passages: BM25's inverse document frequency.
    fn rarity(&self, passages: f32) -> f32 {
        rarity(as_f32(self.statistics.passages), passages)
    }

    /// Leaves the most telling words of a long query.
    pub(super) fn keep_rarest(&self, words: &mut Vec<Word>) -> Result<(), Error> {
        if words.len() <= MAX_SYLLABLES {
            return Ok(());
        }
        let mut order = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            order.push((at, self.rarity(self.passages_with(word)?) * importance(word)));
        }
        order.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let kept: FxHashSet<usize> = order.into_iter().take(MAX_SYLLABLES).map(|(at, _)| at).collect();
        let mut at = 0..;
        words.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
        Ok(())
    }

    /// In how many passages a word stands, each way by its amount.
    fn passages_with(&self, word: &Word) -> Result<f32, Error> {
        let mut sum = 0.0;
        for way in &word.ways {
            let forms = self.statistics.syllable(&way.fold)?;
            let form = forms.iter().find(|form| form.key == way.key);
            sum += form.map_or(0.0, |form| as_f32(form.passages)) * way.amount;
        }
        Ok(sum)
    }

    /// Adds slots for words and for those that stand side by side; a repeated one weighs once.
    pub(super) fn words(&mut self, words: &[Word], wordings: &[Equivalent]) -> Result<(), Error> {
        let mut seen = FxHashSet::default();
        // Of a long question a part is enough for a match, whatever it says.
        let short = if words.len() <= SHORT_SYLLABLES { words } else { &[] };
        let genres = genre_words(&short.iter().map(Word::best_key).collect::<Vec<_>>());
        for (at, word) in words.iter().enumerate() {
            let covers = |one: &&Equivalent| one.span.start <= at && at < one.span.start + one.span.length;
            let other: Vec<&Equivalent> = wordings.iter().filter(covers).collect();
            let label = word.best_key().to_owned();
            if seen.insert(label.clone()) {
                let is_genre = genres.get(at).is_some_and(|is_genre| *is_genre);
                self.word(word, &other, &label, if is_genre { GENRE_WORD } else { 1.0 })?;
            }
            let Some(next) = words.get(at + 1).filter(|next| next.at == word.at + 1) else { continue };
            let both = format!("{label} {}", next.best_key());
            if seen.insert(both.clone()) {
                let covers_both = |one: &&&Equivalent| at + 1 < one.span.start + one.span.length;
                let other: Vec<&Equivalent> = other.iter().filter(covers_both).copied().collect();
                self.pair((word, next), &other, &both)?;
            }
        }
        Ok(())
    }

    /// Adds the slots of one word, of which so much is asked of a match.
    fn word(&mut self, word: &Word, other: &[&Equivalent], label: &str, asked: f32) -> Result<(), Error> {
        let term = |way: &Way| under_prefix(&syllable_prefix(&way.fold), &way.key);
        let own: Vec<Term> = word.ways.iter().map(|way| (term(way), way.amount, way.presence)).collect();
        let importance = importance(word);
        self.title(Kind::TitleWord, &own, importance, label)?;
        let (others, elsewhere) = self.other_wordings(other)?;
        let passages = self.passages_with(word)? + elsewhere;
        let weight = self.rarity(passages) * importance;
        let share = weight * asked;
        self.whole += share;
        let alternatives = in_view(View::Syllables, own).chain(others).collect();
        if passages > 0.0 && self.telling.is_none_or(|(_, most)| share > most) {
            self.telling = Some((self.slots.len(), share));
        }
        self.push(Slot { kind: Kind::Word, alternatives, weight, share, label: label.to_owned() });
        Ok(())
    }

    fn pair(&mut self, (first, second): (&Word, &Word), other: &[&Equivalent], label: &str) -> Result<(), Error> {
        let mut own: Vec<Term> = Vec::new();
        let mut passages = 0.0;
        for (one, two) in first.ways.iter().flat_map(|one| second.ways.iter().map(move |two| (one, two))) {
            let Some((text, found)) = self.pair_term(one, two)? else { continue };
            let amount = one.amount * two.amount;
            passages += found * amount;
            own.push((text, amount, 1.0));
        }
        own.sort_by(|a, b| b.1.total_cmp(&a.1));
        own.truncate(MAX_PAIRS);
        let importance = importance(first).max(importance(second));
        self.title(Kind::TitlePair, &own, importance * PAIR, label)?;
        let (others, elsewhere) = self.other_wordings(other)?;
        let news = PAIR_LOOSE - PAIR_COHESION * self.cohesion(first, second)?;
        let weight = self.rarity(passages + elsewhere) * importance * PAIR * news;
        let alternatives = in_view(View::Pairs, own).chain(others).collect();
        self.push(Slot { kind: Kind::Pair, alternatives, weight, share: 0.0, label: label.to_owned() });
        Ok(())
    }

    /// How much two syllables belong together, from -1 to 1: their normalised pointwise mutual information in the index and
    /// in general text. Syllables of one word have much of it, neighbours by chance none.
    fn cohesion(&self, first: &Word, second: &Word) -> Result<f32, Error> {
        let Some((one, two)) = first.ways.first().zip(second.ways.first()) else { return Ok(0.0) };
        let share = |forms: &[Form], key: &str| {
            let form = forms.iter().find(|form| form.key == key);
            form.map_or(0.0, |form| self.statistics.met(form) / self.statistics.total())
        };
        let a = share(&self.statistics.syllable(&one.fold)?, &one.key);
        let b = share(&self.statistics.syllable(&two.fold)?, &two.key);
        let both = share(&self.statistics.pair(&one.fold, &two.fold)?, &pair_key(&one.key, &two.key));
        if a.min(b).min(both) <= 0.0 {
            return Ok(0.0);
        }
        Ok(((both / (a * b)).ln() / -both.ln()).clamp(-1.0, 1.0))
    }

    /// The term of a pair with the number of its passages; none when no passage has it.
    fn pair_term(&self, one: &Way, two: &Way) -> Result<Option<(String, f32)>, Error> {
        let key = pair_key(&one.key, &two.key);
        let forms = self.statistics.pair(&one.fold, &two.fold)?;
        let form = forms.iter().find(|form| form.key == key && form.passages > 0);
        let prefix = pair_prefix(&one.fold, &two.fold);
        Ok(form.map(|form| (under_prefix(&prefix, &key), as_f32(form.passages))))
    }

    fn title(&mut self, kind: Kind, own: &[Term], importance: f32, label: &str) -> Result<(), Error> {
        let mut passages = 0.0;
        for (text, amount, _) in own {
            passages += as_f32(self.statistics.passages_with(kind.view(), text)?) * amount;
        }
        let weight = self.rarity(passages) * importance * TITLE;
        let alternatives = in_view(kind.view(), own.to_vec()).collect();
        self.push(Slot { kind, alternatives, weight, share: 0.0, label: label.to_owned() });
        Ok(())
    }

    /// The terms of other wordings, and in how many passages they stand together.
    fn other_wordings(&self, other: &[&Equivalent]) -> Result<(Vec<Alternative>, f32), Error> {
        let (mut all, mut passages) = (Vec::new(), 0.0);
        for wording in other {
            let terms = wording_terms(&wording.keys);
            let mut rarest = u64::MAX;
            for (view, text) in &terms {
                rarest = rarest.min(self.statistics.passages_with(*view, text)?);
            }
            if rarest == 0 || terms.is_empty() {
                continue;
            }
            passages += as_f32(rarest) * SYNONYM;
            let presence = 1.0 / as_weight(u32::try_from(terms.len()).unwrap_or(u32::MAX));
            let amount = SYNONYM * presence;
            all.extend(terms.into_iter().map(|(view, text)| Alternative { view, text, amount, presence }));
        }
        Ok((all, passages))
    }

    fn push(&mut self, slot: Slot) {
        if !slot.alternatives.is_empty() && slot.weight > 0.0 {
            self.slots.push(slot);
        }
    }

    /// Adds slots for the numbers of documents in a query: who bears one comes first.
    pub(super) fn numbers(&mut self, typed: &str) -> Result<(), Error> {
        let whole = self.whole.max(1.0);
        for (name, amount) in numbers::wanted(typed) {
            if self.statistics.passages_with(View::Numbers, &name)? > 0 {
                let alternatives =
                    vec![Alternative { view: View::Numbers, text: name.clone(), amount: 1.0, presence: 1.0 }];
                let weight = NUMBER * whole * amount;
                self.push(Slot { kind: Kind::Number, alternatives, weight, share: whole, label: name });
            }
        }
        Ok(())
    }

    /// Phrases as terms.
    pub(super) fn phrases(&self, texts: &[String]) -> Result<Vec<Phrase>, Error> {
        let mut phrases = Vec::new();
        for text in texts {
            let found = syllables(text);
            let marked = found.iter().any(|syllable| has_marks(&syllable.key));
            let mut places = Vec::new();
            if let [only] = found.as_slice() {
                let prefix = syllable_prefix(&only.fold);
                let forms = self.statistics.syllable(&only.fold)?;
                let keys = forms.iter().map(|form| form.key.as_str()).filter(|key| !marked || **key == *only.key);
                places.push(keys.map(|key| under_prefix(&prefix, key)).collect());
            }
            for pair in found.windows(2) {
                let [one, two] = pair else { continue };
                let (prefix, wanted) = (pair_prefix(&one.fold, &two.fold), pair_key(&one.key, &two.key));
                let forms = self.statistics.pair(&one.fold, &two.fold)?;
                let keys = forms.iter().map(|form| form.key.as_str()).filter(|key| !marked || *key == wanted);
                places.push(keys.map(|key| under_prefix(&prefix, key)).collect());
            }
            let view = if found.len() == 1 { View::Syllables } else { View::Pairs };
            let form =
                |syllable: &crate::text::Syllable| if marked { &syllable.key } else { &syllable.fold }.to_string();
            phrases.push(Phrase { view, places, syllables: found.iter().map(form).collect(), marked });
        }
        Ok(phrases)
    }
}

/// How much a word says: less when it only asks or connects.
fn importance(word: &Word) -> f32 {
    if is_function_word(word.best_key()) { FUNCTION_WORD } else { 1.0 }
}

/// A term with its amount and its presence.
type Term = (String, f32, f32);

fn in_view(view: View, terms: Vec<Term>) -> impl Iterator<Item = Alternative> {
    terms.into_iter().map(move |(text, amount, presence)| Alternative { view, text, amount, presence })
}

/// The terms that a wording leaves in a passage: its syllable, or its pairs.
fn wording_terms(keys: &[String]) -> Vec<(View, String)> {
    if let [only] = keys {
        return vec![(View::Syllables, under_prefix(&syllable_prefix(&letters(only)), only))];
    }
    let pair = |pair: &[String]| {
        let [one, two] = pair else { return None };
        Some((View::Pairs, under_prefix(&pair_prefix(&letters(one), &letters(two)), &pair_key(one, two))))
    };
    keys.windows(2).filter_map(pair).collect()
}

/// A key without its marks.
fn letters(key: &str) -> String {
    fold(split_tone(key).0)
}
