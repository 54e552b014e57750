//! Words that name how a thing is told, and not the thing: kỹ thuật, hướng dẫn, tài liệu.

use crate::text::syllables;
use std::sync::LazyLock;

/// The keys of each.
static GENRES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let lines = include_str!("../../data/genre_words.txt").lines().filter(|line| !line.starts_with('#'));
    let keys = |text: &str| syllables(text).iter().map(|one| one.key.to_string()).collect::<Vec<_>>();
    lines.flat_map(|line| line.split(',')).map(keys).collect()
});

/// For each word of a query, by its key, whether it belongs to such a word.
pub(crate) fn genre_words(query: &[&str]) -> Vec<bool> {
    let mut found = vec![false; query.len()];
    for at in 0..query.len() {
        let rest = query.get(at..).unwrap_or_default();
        let starts =
            |genre: &&Vec<String>| rest.len() >= genre.len() && genre.iter().zip(rest).all(|(one, other)| one == other);
        let longest = GENRES.iter().filter(starts).map(Vec::len).max().unwrap_or_default();
        found.iter_mut().skip(at).take(longest).for_each(|word| *word = true);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_told_and_their_syllables_alone_are_not() {
        assert_eq!(genre_words(&["ki4", "thuât6", "nuôi", "tôm"]), [true, true, false, false]);
        assert_eq!(genre_words(&["mi4", "thuât6", "ki4"]), [false; 3]);
        assert!(genre_words(&[]).is_empty());
    }
}
