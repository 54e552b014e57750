//! Words typed as raw keystrokes of an input method that was switched off: `dduowcj` or `d9uo7c5` for `được`.
//!
//! A word is decoded as a whole: its letters name a rhyme, its other keys say which marks the rhyme has. So the keys may
//! stand in any order that input methods take. Both decoders answer `None` for a word that shows no such key, and for
//! one that decodes to no syllable that [`is_spellable`](super::shape::is_spellable). Whether the typist meant the
//! decoded word is the caller's to judge: `has` is `há` in Telex, `CO2` is `cò` in VNI.

mod abbreviation;
mod keys;
mod spell;
mod telex;
#[cfg(test)]
mod tests;
mod vni;

pub use abbreviation::abbreviation;
pub use telex::telex;
pub use vni::vni;

/// Gives a decoded word the case of its keystrokes: all capitals, one in front, or none.
fn case_like(token: &str, word: String) -> String {
    let mut letters = token.chars().filter(char::is_ascii_alphabetic);
    let front = letters.next().is_some_and(|c| c.is_ascii_uppercase());
    if !front {
        return word;
    }
    // One capital alone (`A1`, `W`) is both; nobody can tell, and nothing differs.
    if letters.all(|c| c.is_ascii_uppercase()) {
        return word.to_uppercase();
    }
    let mut rest = word.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).collect::<String>() + rest.as_str()
}
