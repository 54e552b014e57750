//! The language of a text, when it is sure.

use crate::domain::language::Language;
use crate::domain::page::Page;
use hoclieu_index::text::shape;
use hoclieu_index::text::syllable::is_word_sign;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// How many words of a text are looked at, evenly spread: more make no answer surer.
const SAMPLE_WORDS: usize = 240;
/// How many distinct words a thread remembers.
const REMEMBERED_WORDS: usize = 20_000;
/// How much of a text the statistics are asked about.
const SAMPLE_CHARS: usize = 2_000;

/// Tells the language of a text, or nothing when no rule is sure.
///
/// Lao is told by its script and Vietnamese by its syllables. Statistics answer for the rest, and never answer
/// "Vietnamese": to them Bru and other languages written in quốc ngữ letters look reliably Vietnamese.
pub fn language_of(text: &str) -> Option<Language> {
    if is_lao(text) {
        return Language::parse("lo").ok();
    }
    let sample = Sample::of(text);
    if sample.words < 3 {
        return None;
    }
    if sample.is_vietnamese() {
        return Some(Language::vietnamese());
    }
    let start: String = text.chars().take(SAMPLE_CHARS).collect();
    let info = whatlang::detect(&start).filter(whatlang::Info::is_reliable)?;
    if info.lang() == whatlang::Lang::Vie { None } else { tag(info.lang()) }
}

/// Whether a text is written in quốc ngữ letters without being Vietnamese by its syllables.
pub(super) fn is_unsure(text: &str) -> bool {
    let sample = Sample::of(text);
    sample.words >= 5 && sample.marked * 10 >= sample.words && language_of(text).is_none()
}

/// The languages of pages by their share of the text; a page counts for its length.
pub(super) fn of_pages(pages: &[Page]) -> Vec<Language> {
    let mut shares: BTreeMap<&Language, usize> = BTreeMap::new();
    let mut total = 0;
    for page in pages {
        if let Some(language) = &page.language {
            let length = page.text().chars().count();
            total += length;
            *shares.entry(language).or_default() += length;
        }
    }
    let mut ranked: Vec<(&Language, usize)> = shares.into_iter().filter(|(_, share)| share * 10 >= total).collect();
    ranked.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
    ranked.into_iter().map(|(language, _)| language.clone()).collect()
}

fn is_lao(text: &str) -> bool {
    // The byte with which every Lao letter begins; no letter of Vietnamese does.
    if !text.as_bytes().contains(&0xe0) {
        return false;
    }
    let (mut lao, mut letters) = (0_usize, 0_usize);
    for c in text.chars() {
        if ('\u{e80}'..='\u{eff}').contains(&c) {
            lao += 1;
            letters += 1;
        } else if c.is_alphabetic() {
            letters += 1;
        }
    }
    lao >= 3 && lao * 2 > letters
}

thread_local! {
    /// Each thread remembers the words it has met: a language has few, and a library has many pages.
    static KNOWN: RefCell<HashMap<String, bool>> = RefCell::default();
}

/// Whether a word, in letters of either case, is built like a Vietnamese syllable.
pub(super) fn is_syllable(word: &str) -> bool {
    KNOWN.with_borrow_mut(|known| {
        if let Some(is_syllable) = known.get(word) {
            return *is_syllable;
        }
        let is_syllable = shape::is_syllable(&word.to_lowercase());
        if known.len() >= REMEMBERED_WORDS {
            known.clear();
        }
        known.insert(word.to_owned(), is_syllable);
        is_syllable
    })
}

/// Counts of the words of a text.
struct Sample {
    words: usize,
    syllables: usize,
    marked: usize,
}

impl Sample {
    fn of(text: &str) -> Self {
        let is_part = |c: char| is_word_sign(c) || ('\u{300}'..='\u{36f}').contains(&c);
        let words: Vec<&str> = text.split(|c: char| !is_part(c)).filter(|word| !word.is_empty()).collect();
        let mut sample = Self { words: 0, syllables: 0, marked: 0 };
        for word in words.iter().step_by(words.len().div_ceil(SAMPLE_WORDS).max(1)) {
            if word.contains(char::is_numeric) {
                continue;
            }
            sample.words += 1;
            sample.syllables += usize::from(is_syllable(word));
            sample.marked += usize::from(!word.is_ascii());
        }
        sample
    }

    /// Nine words in ten are syllables, and there are marks or enough words to do without.
    fn is_vietnamese(&self) -> bool {
        self.syllables * 10 >= self.words * 9 && (self.words >= 5 || self.marked > 0)
    }
}

fn tag(lang: whatlang::Lang) -> Option<Language> {
    use whatlang::Lang;
    let two_letters = match lang {
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Cmn => "zh",
        Lang::Tha => "th",
        Lang::Rus => "ru",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Khm => "km",
        other => other.code(),
    };
    Language::parse(two_letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        language_of(text).map_or_else(|| "und".to_owned(), |language| language.to_string())
    }

    #[test]
    fn vietnamese_is_told_with_and_without_marks() {
        assert_eq!(told("Trồng lúa bị đạo ôn phải làm sao"), "vi");
        assert_eq!(told("Cẩm nang trồng lúa"), "vi");
        assert_eq!(told("trong lua bi dao on phai lam sao"), "vi");
    }

    #[test]
    fn other_languages_are_told_only_when_sure() {
        assert_eq!(told("The farmers of this commune grow rice and pepper, and they sell most of the harvest."), "en");
        assert_eq!(told("ສະບາຍດີ ປະເທດລາວ ແມ່ນປະເທດທີ່ສວຍງາມ"), "lo");
        assert_eq!(told("STT 1 2 3"), "und");
        assert_eq!(told("https://vidu.vn/abc 0912"), "und");
    }

    #[test]
    fn words_in_quoc_ngu_letters_that_are_no_syllables_are_not_vietnamese() {
        let bru = "Máh ngkŏ́h akoan klŏ́q táq ntŏ́q prưan lứq tŏ́ng kroŏng ngkéq anhiaq pơq";
        assert_eq!(told(bru), "und");
        assert!(is_unsure(bru));
    }
}
