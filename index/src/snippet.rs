//! The part of a passage that answers, with what matched marked in the original text.

use crate::query::{Kind, Plan};
use crate::rank::{LIKELY, REPEATED};
use crate::text::escape::escape;
use crate::text::fold::fold;
use crate::text::syllable::{forms, places};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use std::rc::Rc;

/// How long a part is at most, in characters.
const PART_CHARS: usize = 240;
/// A part is looked for among so many syllables of a passage.
const SEEN_SYLLABLES: usize = 4_000;

/// Knows which syllables of a text to mark.
pub(crate) struct Marker {
    /// By key: the word it stands for, what it weighs, and whether it is the likely reading of it.
    ways: FxHashMap<String, Mark>,
    /// Other wordings by their first key: all keys, and what a syllable of them weighs.
    wordings: FxHashMap<String, Vec<(Vec<String>, f32)>>,
    /// The letters that what is marked begins with: most words of a text are told by them.
    beginnings: FxHashSet<char>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    word: usize,
    weight: f32,
    likely: bool,
}

/// A part of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) html: String,
    pub(crate) text: String,
}

impl Marker {
    pub(crate) fn new(plan: &Plan) -> Self {
        let (mut ways, mut wordings) = (FxHashMap::default(), FxHashMap::<_, Vec<_>>::default());
        let words = plan.slots.iter().filter(|slot| slot.kind == Kind::Word);
        let weights: FxHashMap<&str, f32> = words.map(|slot| (slot.label.as_str(), slot.weight)).collect();
        for (word, read) in plan.words.iter().enumerate() {
            let weight = weights.get(read.best_key()).copied().unwrap_or_default();
            for way in &read.ways {
                let mark = Mark { word, weight: weight * way.amount, likely: way.amount >= LIKELY };
                ways.entry(way.key.clone()).or_insert(mark);
            }
        }
        for wording in &plan.wordings {
            let first = plan.words.get(wording.span.start).and_then(|word| weights.get(word.best_key()));
            if let (Some(weight), Some(key)) = (first, wording.keys.first()) {
                wordings.entry(key.clone()).or_default().push((wording.keys.clone(), *weight));
            }
        }
        Self::of(ways, wordings)
    }

    fn of(ways: FxHashMap<String, Mark>, wordings: FxHashMap<String, Vec<(Vec<String>, f32)>>) -> Self {
        let others = wordings.values().flatten().flat_map(|(keys, _)| keys);
        let beginnings = ways.keys().chain(others).filter_map(|key| fold(key).chars().next()).collect();
        Self { ways, wordings, beginnings }
    }

    /// The key of a word that may be marked.
    fn key(&self, written: &str) -> Option<Rc<str>> {
        let first = written.chars().next()?;
        let may_be = !first.is_ascii() || self.beginnings.contains(&first.to_ascii_lowercase());
        may_be.then(|| forms(written).0)
    }

    /// The weight of each syllable of a text; zero where nothing matches. Unlikely readings of a word only stand in where
    /// the text has no likely one.
    fn weights(&self, text: &str, found: &[Range<usize>]) -> Vec<f32> {
        let keys: Vec<Option<Rc<str>>> =
            found.iter().map(|place| self.key(text.get(place.clone()).unwrap_or_default())).collect();
        let marks: Vec<Option<&Mark>> = keys.iter().map(|key| self.ways.get(&**key.as_ref()?)).collect();
        let sure: FxHashSet<usize> = marks.iter().flatten().filter(|mark| mark.likely).map(|mark| mark.word).collect();
        let counts = |mark: &&Mark| mark.likely || !sure.contains(&mark.word);
        let mut weights: Vec<f32> =
            marks.iter().map(|mark| mark.filter(counts).map_or(0.0, |mark| mark.weight)).collect();
        if self.wordings.is_empty() {
            return weights;
        }
        for (at, key) in keys.iter().enumerate() {
            for (wording, weight) in key.as_ref().and_then(|key| self.wordings.get(&**key)).into_iter().flatten() {
                let run = keys.iter().skip(at).take(wording.len());
                if run.len() == wording.len() && run.zip(wording).all(|(one, key)| one.as_deref() == Some(key)) {
                    weights.iter_mut().skip(at).take(wording.len()).for_each(|place| *place = place.max(*weight));
                }
            }
        }
        weights
    }
}

/// A whole text as escaped HTML with what matched marked.
pub(crate) fn marked(text: &str, marker: &Marker) -> String {
    let found = places(text);
    let weights = marker.weights(text, &found);
    html(text, 0..text.len(), &found, &weights)
}

/// The part of a text that bears most of the query.
pub(crate) fn best_part(text: &str, marker: &Marker) -> Part {
    let mut found = places(text);
    found.truncate(SEEN_SYLLABLES);
    let weights = marker.weights(text, &found);
    let place = widen(text, &found, best_window(text, &found, &weights));
    let inside = text.get(place.clone()).unwrap_or_default();
    let before = if place.start > 0 { "… " } else { "" };
    let after = if place.end < text.trim_end().len() { " …" } else { "" };
    let clean = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Part {
        html: format!("{before}{}{after}", clean(&html(text, place, &found, &weights))),
        text: format!("{before}{}{after}", clean(inside)),
    }
}

/// The run of syllables within the length of a part that bears the most; each word counts once.
fn best_window(text: &str, found: &[Range<usize>], weights: &[f32]) -> Range<usize> {
    let mut words: FxHashMap<Rc<str>, usize> = FxHashMap::default();
    let bearing = found.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
    let hits: Vec<(&Range<usize>, f32, usize)> = bearing
        .map(|(place, weight)| {
            let next = words.len();
            let (_, fold) = forms(text.get(place.clone()).unwrap_or_default());
            (place, *weight, *words.entry(fold).or_insert(next))
        })
        .collect();
    let mut best = (0.0, 0..0);
    let mut times = vec![0_u32; words.len()];
    for (at, (first, ..)) in hits.iter().enumerate() {
        let (mut sum, mut end) = (0.0, first.end);
        times.fill(0);
        for (place, weight, word) in hits.iter().skip(at) {
            // Most letters take one to three bytes; the exact length is cut afterwards.
            if place.end - first.start > PART_CHARS * 5 / 4 {
                break;
            }
            if let Some(times) = times.get_mut(*word) {
                sum += weight / (1.0 + crate::query::as_weight(*times) * REPEATED);
                *times += 1;
            }
            end = place.end;
        }
        if sum > best.0 + f32::EPSILON {
            best = (sum, first.start..end);
        }
    }
    if best.1.is_empty() {
        let start = found.first().map_or(0, |place| place.start);
        best.1 = start..start;
    }
    debug_assert!(text.get(best.1.clone()).is_some(), "places are character boundaries");
    best.1
}

/// Widens a place to about the length of a part: back to the beginning of its sentence when that is near, and on.
fn widen(text: &str, found: &[Range<usize>], core: Range<usize>) -> Range<usize> {
    let taken = text.get(core.clone()).map_or(0, |part| part.chars().count());
    let spare = PART_CHARS.saturating_sub(taken);
    let head = text.get(..core.start).unwrap_or_default();
    let back: Vec<(usize, char)> = head.char_indices().rev().take(spare / 2).collect();
    let sentence = back.iter().position(|(_, c)| matches!(c, '.' | '\n' | '!' | '?' | ';' | ':'));
    let reach = sentence.unwrap_or(back.len());
    let start = back.get(..reach).and_then(<[_]>::last).map_or(core.start, |(at, _)| *at);
    let start = found.iter().map(|place| place.start).find(|at| *at >= start).unwrap_or(core.start).min(core.start);
    let before = text.get(start..core.start).map_or(0, |part| part.chars().count());
    let tail = text.get(core.end..).unwrap_or_default();
    let room = spare.saturating_sub(before);
    let end = tail.char_indices().nth(room).map_or(text.len(), |(at, _)| core.end + at);
    let end = if end == text.len() {
        end
    } else {
        found.iter().map(|place| place.end).take_while(|at| *at <= end).last().unwrap_or(end).max(core.end)
    };
    start..end
}

/// Escapes a part and marks what matched; neighbours are marked as one, but not across the end of a line: a heading and
/// what follows it are no phrase.
fn html(text: &str, part: Range<usize>, found: &[Range<usize>], weights: &[f32]) -> String {
    let mut out = String::new();
    let mut at = part.start;
    let mut open = false;
    let inside = |place: &Range<usize>| place.start >= part.start && place.end <= part.end;
    for (place, weight) in found.iter().zip(weights).filter(|(place, _)| inside(place)) {
        let between = text.get(at..place.start).unwrap_or_default();
        let hit = *weight > 0.0;
        let joined = open && hit && between.chars().all(|c| c.is_whitespace() && c != '\n');
        if open && !joined {
            out.push_str("</mark>");
        }
        escape(between, &mut out);
        if hit && !joined {
            out.push_str("<mark>");
        }
        escape(text.get(place.clone()).unwrap_or_default(), &mut out);
        (open, at) = (hit, place.end);
    }
    if open {
        out.push_str("</mark>");
    }
    escape(text.get(at..part.end).unwrap_or_default(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::syllables;
    use proptest::prelude::*;

    fn marker(query: &str) -> Marker {
        let mark = |(word, key)| (key, Mark { word, weight: 1.0, likely: true });
        let keys = syllables(query).into_iter().map(|syllable| syllable.key.to_string());
        Marker::of(keys.enumerate().map(mark).collect(), FxHashMap::default())
    }

    /// The text that HTML made here shows; nothing when it holds any other markup.
    fn shown(html: &str) -> Option<String> {
        let bare = html.replace("<mark>", "").replace("</mark>", "");
        let is_escaped = !bare.contains(['<', '>', '"', '\'']);
        let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        is_escaped.then(|| pairs.iter().fold(bare, |text, (code, sign)| text.replace(code, sign)))
    }

    #[test]
    fn the_part_that_bears_most_is_chosen_and_neighbours_are_marked_as_one() {
        let text = format!("{} Ruộng lúa bị đạo ôn thì ngừng bón đạm.", "Lúa là cây lương thực. ".repeat(40));
        let part = best_part(&text, &marker("lúa bị đạo ôn"));
        assert!(part.html.contains("<mark>lúa bị đạo ôn</mark> thì"), "{}", part.html);
        assert!(part.text.chars().count() <= PART_CHARS + 8, "{}", part.text);
    }

    #[test]
    fn capitals_and_marks_apart_from_their_letters_are_marked_all_the_same() {
        let apart = "A\u{306}n Đạo ÔN LU\u{301}A Hủ hư";
        let found = marked(apart, &marker("ăn đạo ôn lúa"));
        assert_eq!(found, "<mark>A\u{306}n Đạo ÔN LU\u{301}A</mark> Hủ hư");
    }

    #[test]
    fn a_heading_and_what_follows_it_are_marked_apart() {
        let part = best_part("Trồng ném\nTrồng ném trên cát", &marker("trồng ném"));
        assert_eq!(part.html, "<mark>Trồng ném</mark> <mark>Trồng ném</mark> trên cát");
    }

    proptest! {
        #[test]
        fn any_text_is_escaped_and_kept(text in ".{0,400}", query in ".{0,40}") {
            let html = marked(&text, &marker(&query));
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
            prop_assert_eq!(shown(&html), Some(text));
        }

        #[test]
        fn a_part_is_made_of_any_text(text in "[a-zA-Zàáđạôịờ<&'\" \n.]{0,900}", query in "[a-zđạô ]{0,30}") {
            let part = best_part(&text, &marker(&query));
            prop_assert_eq!(shown(&part.html), Some(part.text));
        }
    }
}
