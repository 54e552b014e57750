//! The part of a passage that answers, with what matched marked in the original text.

use crate::query::{Kind, Plan};
use crate::text::{Syllable, syllables};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// How long a part is at most, in characters.
const PART_CHARS: usize = 240;
/// A part is looked for among so many syllables of a passage.
const SEEN_SYLLABLES: usize = 4_000;
/// A reading that counts so much is a likely one.
const LIKELY: f32 = 0.5;

/// Knows which syllables of a text to mark.
pub(crate) struct Marker {
    /// By key: the word it stands for, what it weighs, and whether it is the likely reading of it.
    ways: FxHashMap<String, Mark>,
    /// Other wordings by their first key: all keys, and what a syllable of them weighs.
    wordings: FxHashMap<String, Vec<(Vec<String>, f32)>>,
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
        let mut marker = Self { ways: FxHashMap::default(), wordings: FxHashMap::default() };
        let words = plan.slots.iter().filter(|slot| slot.kind == Kind::Word);
        let weights: FxHashMap<&str, f32> = words.map(|slot| (slot.label.as_str(), slot.weight)).collect();
        for (word, read) in plan.words.iter().enumerate() {
            let weight = weights.get(read.best_key()).copied().unwrap_or_default();
            for way in &read.ways {
                let mark = Mark { word, weight: weight * way.amount, likely: way.amount >= LIKELY };
                marker.ways.entry(way.key.clone()).or_insert(mark);
            }
        }
        for wording in &plan.wordings {
            let first = plan.words.get(wording.span.start).and_then(|word| weights.get(word.best_key()));
            if let (Some(weight), Some(key)) = (first, wording.keys.first()) {
                marker.wordings.entry(key.clone()).or_default().push((wording.keys.clone(), *weight));
            }
        }
        marker
    }

    /// The weight of each syllable of a text; zero where nothing matches. Unlikely readings of a word only stand in where
    /// the text has no likely one.
    fn weights(&self, found: &[Syllable]) -> Vec<f32> {
        let marks: Vec<Option<&Mark>> = found.iter().map(|syllable| self.ways.get(&*syllable.key)).collect();
        let sure: FxHashSet<usize> = marks.iter().flatten().filter(|mark| mark.likely).map(|mark| mark.word).collect();
        let counts = |mark: &&Mark| mark.likely || !sure.contains(&mark.word);
        let mut weights: Vec<f32> =
            marks.iter().map(|mark| mark.filter(counts).map_or(0.0, |mark| mark.weight)).collect();
        if self.wordings.is_empty() {
            return weights;
        }
        for (at, syllable) in found.iter().enumerate() {
            for (keys, weight) in self.wordings.get(&*syllable.key).into_iter().flatten() {
                let run = found.iter().skip(at).take(keys.len());
                if run.len() == keys.len() && run.zip(keys).all(|(one, key)| *one.key == **key) {
                    weights.iter_mut().skip(at).take(keys.len()).for_each(|place| *place = place.max(*weight));
                }
            }
        }
        weights
    }
}

/// A whole text as escaped HTML with what matched marked.
pub(crate) fn marked(text: &str, marker: &Marker) -> String {
    let found = syllables(text);
    let weights = marker.weights(&found);
    html(text, 0..text.len(), &found, &weights)
}

/// The part of a text that bears most of the query.
pub(crate) fn best_part(text: &str, marker: &Marker) -> Part {
    let mut found = syllables(text);
    found.truncate(SEEN_SYLLABLES);
    let weights = marker.weights(&found);
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
fn best_window(text: &str, found: &[Syllable], weights: &[f32]) -> Range<usize> {
    let mut words: FxHashMap<&str, usize> = FxHashMap::default();
    let bearing = found.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
    let hits: Vec<(&Syllable, f32, usize)> = bearing
        .map(|(syllable, weight)| {
            let next = words.len();
            (syllable, *weight, *words.entry(&*syllable.fold).or_insert(next))
        })
        .collect();
    let mut best = (0.0, 0..0);
    let mut times = vec![0_u32; words.len()];
    for (at, (first, ..)) in hits.iter().enumerate() {
        let (mut sum, mut end) = (0.0, first.place.end);
        times.fill(0);
        for (syllable, weight, word) in hits.iter().skip(at) {
            // Most letters take one to three bytes; the exact length is cut afterwards.
            if syllable.place.end - first.place.start > PART_CHARS * 5 / 4 {
                break;
            }
            if let Some(times) = times.get_mut(*word) {
                sum += weight / crate::query::as_weight(1 + *times * 4);
                *times += 1;
            }
            end = syllable.place.end;
        }
        if sum > best.0 + f32::EPSILON {
            best = (sum, first.place.start..end);
        }
    }
    if best.1.is_empty() {
        let start = found.first().map_or(0, |syllable| syllable.place.start);
        best.1 = start..start;
    }
    debug_assert!(text.get(best.1.clone()).is_some(), "places are character boundaries");
    best.1
}

/// Widens a place to about the length of a part: back to the beginning of its sentence when that is near, and on.
fn widen(text: &str, found: &[Syllable], core: Range<usize>) -> Range<usize> {
    let taken = text.get(core.clone()).map_or(0, |part| part.chars().count());
    let spare = PART_CHARS.saturating_sub(taken);
    let head = text.get(..core.start).unwrap_or_default();
    let back: Vec<(usize, char)> = head.char_indices().rev().take(spare / 2).collect();
    let sentence = back.iter().position(|(_, c)| matches!(c, '.' | '\n' | '!' | '?' | ';' | ':'));
    let reach = sentence.unwrap_or(back.len());
    let start = back.get(..reach).and_then(<[_]>::last).map_or(core.start, |(at, _)| *at);
    let start = found.iter().map(|s| s.place.start).find(|at| *at >= start).unwrap_or(core.start).min(core.start);
    let before = text.get(start..core.start).map_or(0, |part| part.chars().count());
    let tail = text.get(core.end..).unwrap_or_default();
    let room = spare.saturating_sub(before);
    let end = tail.char_indices().nth(room).map_or(text.len(), |(at, _)| core.end + at);
    let end = if end == text.len() {
        end
    } else {
        found.iter().map(|s| s.place.end).take_while(|at| *at <= end).last().unwrap_or(end).max(core.end)
    };
    start..end
}

/// Escapes a part and marks what matched; neighbours are marked as one, but not across the end of a line: a heading and
/// what follows it are no phrase.
fn html(text: &str, place: Range<usize>, found: &[Syllable], weights: &[f32]) -> String {
    let mut out = String::new();
    let mut at = place.start;
    let mut open = false;
    let inside = |syllable: &Syllable| syllable.place.start >= place.start && syllable.place.end <= place.end;
    for (syllable, weight) in found.iter().zip(weights).filter(|(syllable, _)| inside(syllable)) {
        let between = text.get(at..syllable.place.start).unwrap_or_default();
        let hit = *weight > 0.0;
        let joined = open && hit && between.chars().all(|c| c.is_whitespace() && c != '\n');
        if open && !joined {
            out.push_str("</mark>");
        }
        escape(between, &mut out);
        if hit && !joined {
            out.push_str("<mark>");
        }
        escape(text.get(syllable.place.clone()).unwrap_or_default(), &mut out);
        (open, at) = (hit, syllable.place.end);
    }
    if open {
        out.push_str("</mark>");
    }
    escape(text.get(at..place.end).unwrap_or_default(), &mut out);
    out
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marker(query: &str) -> Marker {
        let mut marker = Marker { ways: FxHashMap::default(), wordings: FxHashMap::default() };
        for (word, syllable) in syllables(query).iter().enumerate() {
            marker.ways.insert(syllable.key.to_string(), Mark { word, weight: 1.0, likely: true });
        }
        marker
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
