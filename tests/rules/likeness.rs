//! Nearly the same texts are told from texts on the same subject, measured on the sample materials and edited copies.

use hoclieu::domain::text::likeness::{NEARLY_SAME, Signature};
use std::fs;
use std::path::Path;

/// The texts that the sample materials were made from.
fn sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed-content/sources");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// A text as somebody might change it before handing it in again.
fn copies(text: &str) -> Vec<(&'static str, String)> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let without = |every: usize| -> String {
        let kept = words.iter().enumerate().map(|(at, word)| if at % every == 0 { "khác" } else { *word });
        kept.collect::<Vec<_>>().join(" ")
    };
    let fewer: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| at % 5 != 0).map(|(_, line)| *line).collect();
    let longer: Vec<&str> = words.iter().take(words.len() / 4).copied().collect();
    vec![
        ("typed anew in capitals", text.to_uppercase()),
        ("one word in twenty changed", without(20)),
        ("one word in ten changed", without(10)),
        ("one line in five left out", fewer.join("\n")),
        ("lines in another order", lines.iter().rev().copied().collect::<Vec<_>>().join("\n")),
        ("a quarter put in front again, turned round", {
            let front: Vec<&str> = longer.into_iter().rev().collect();
            format!("{}\n{text}", front.join(" "))
        }),
    ]
}

#[test]
fn edited_copies_are_found_and_other_texts_are_not() {
    let sources = sources();
    assert!(sources.len() >= 60, "{}", sources.len());
    let signatures: Vec<Signature> = sources.iter().map(|text| Signature::of(text).unwrap()).collect();
    let (mut highest, mut by_key) = (0.0_f32, 0);
    for (at, one) in signatures.iter().enumerate() {
        for other in &signatures[at + 1..] {
            highest = highest.max(one.likeness(other));
            by_key += usize::from(share_a_key(one, other));
        }
    }
    println!("most alike of different texts: {highest:.2}; pairs with a key in common: {by_key}");
    assert!(highest < 0.6 * NEARLY_SAME, "{highest}");
    let (mut lowest, mut missed, mut all) = (1.0_f32, 0, 0);
    for (text, original) in sources.iter().zip(&signatures) {
        for (kind, copy) in copies(text) {
            let copy = Signature::of(&copy).unwrap();
            let likeness = original.likeness(&copy);
            assert!(likeness >= NEARLY_SAME, "{kind}: {likeness}");
            lowest = lowest.min(likeness);
            missed += usize::from(!share_a_key(original, &copy));
            all += 1;
        }
    }
    println!("least alike of {all} copies: {lowest:.2}; {missed} without a key in common");
    assert!(missed * 50 <= all, "{missed} of {all} copies would not be looked at");
}

fn share_a_key(one: &Signature, other: &Signature) -> bool {
    one.keys().iter().zip(other.keys()).any(|(one, other)| *one == other)
}
