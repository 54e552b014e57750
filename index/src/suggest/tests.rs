//! What is suggested, and that nothing else would have been better.

use super::*;
use proptest::prelude::*;

fn suggester(texts: &[(&str, u32)]) -> Suggester<()> {
    let entry = |(text, weight): &(&str, u32)| Entry { text: (*text).to_owned(), kind: (), weight: *weight };
    Suggester::new(texts.iter().map(entry).collect())
}

fn texts<'a>(suggester: &'a Suggester<()>, typed: &str) -> Vec<&'a str> {
    suggester.suggest(typed, 8).iter().map(|found| found.text).collect()
}

fn library() -> Suggester<()> {
    suggester(&[
        ("Phòng trừ bệnh đạo ôn trên cây lúa", 5),
        ("Nhận diện lừa đảo trên mạng", 9),
        ("Luật Đất đai 2024", 4),
        ("Nghề may dân dụng", 1),
        ("Sửa chữa máy gặt", 8),
        ("Kỹ thuật trồng ném trên đất cát", 3),
        ("Làm nem chua tại nhà", 7),
        ("Hòa giải ở cơ sở", 2),
    ])
}

#[test]
fn every_beginning_of_a_title_leads_to_it_with_and_without_marks() {
    let library = library();
    let title = "Phòng trừ bệnh đạo ôn trên cây lúa";
    for form in [title.to_owned(), crate::text::fold::fold(title)] {
        for (at, _) in form.char_indices().skip(2) {
            let typed = form.get(..at).unwrap();
            assert!(texts(&library, typed).contains(&title), "{typed}");
        }
    }
}

#[test]
fn marks_as_typed_come_first_and_other_marks_last() {
    let library = library();
    assert_eq!(texts(&library, "may"), ["Nghề may dân dụng", "Sửa chữa máy gặt"]);
    assert_eq!(texts(&library, "máy"), ["Sửa chữa máy gặt", "Nghề may dân dụng"]);
    assert_eq!(texts(&library, "ném"), ["Kỹ thuật trồng ném trên đất cát", "Làm nem chua tại nhà"]);
    assert_eq!(texts(&library, "lừa đ"), ["Nhận diện lừa đảo trên mạng", "Phòng trừ bệnh đạo ôn trên cây lúa"]);
    assert_eq!(texts(&library, "lúa đa"), ["Phòng trừ bệnh đạo ôn trên cây lúa", "Nhận diện lừa đảo trên mạng"]);
}

#[test]
fn words_may_come_in_any_order_but_each_needs_one_of_its_own() {
    let library = library();
    assert_eq!(texts(&library, "lua dao on"), ["Phòng trừ bệnh đạo ôn trên cây lúa"]);
    assert_eq!(texts(&library, "nem nem"), [""; 0]);
    assert_eq!(texts(&suggester(&[("Tha thi", 1)]), "th tha "), ["Tha thi"]);
    assert_eq!(texts(&library, "hoà giải"), ["Hòa giải ở cơ sở"]);
    assert_eq!(texts(&library, "ki thuat trong n"), ["Kỹ thuật trồng ném trên đất cát"]);
    assert_eq!(texts(&library, "luật 20"), ["Luật Đất đai 2024"]);
}

#[test]
fn a_text_that_begins_with_what_was_typed_comes_before_heavier_ones_that_do_not() {
    let some = suggester(&[("Cây lúa nước", 9), ("Lúa gạo", 1), ("Lụa và lúa non", 5)]);
    assert_eq!(texts(&some, "lua"), ["Lụa và lúa non", "Lúa gạo", "Cây lúa nước"]);
    assert_eq!(texts(&some, "lúa"), ["Lúa gạo", "Cây lúa nước", "Lụa và lúa non"]);
}

#[test]
fn the_typed_letters_are_marked_in_the_original_text() {
    let marked = |text: &str, typed: &str| suggester(&[(text, 1)]).suggest(typed, 1)[0].html.clone();
    assert_eq!(marked("Phòng <trừ> sâu", "phong tr"), "<mark>Phòng</mark> &lt;<mark>tr</mark>ừ&gt; sâu");
    assert_eq!(marked("Bệnh đạo ôn", "dao o"), "Bệnh <mark>đạo ô</mark>n");
    assert_eq!(marked("Tho\u{302}n ba\u{309}n", "tho"), "<mark>Tho\u{302}</mark>n ba\u{309}n");
    assert_eq!(marked("Quyết định", "quy"), "<mark>Quy</mark>ết định");
}

#[test]
fn only_wanted_kinds_are_suggested() {
    let entry = |text: &str, kind| Entry { text: text.to_owned(), kind, weight: 1 };
    let suggester = Suggester::new(vec![entry("Lúa", 'a'), entry("Lúa nước", 'b')]);
    let found = suggester.suggest_among("lu", 9, |kind| *kind == 'b');
    assert_eq!(found.iter().map(|one| one.text).collect::<Vec<_>>(), ["Lúa nước"]);
    assert!(suggester.suggest("", 9).is_empty() && suggester.suggest("…", 9).is_empty());
}

#[test]
fn common_beginnings_kept_ready_give_what_gathering_gives() {
    let texts: Vec<String> = (0..9_000_u32).map(|number| format!("Lúa giống {number} trồng")).collect();
    let entries = texts.iter().zip(0..).map(|(text, weight)| Entry { text: text.clone(), kind: (), weight });
    let suggester = Suggester::new(entries.collect());
    assert_eq!(suggester.suggest("tr l", 1)[0].text, "Lúa giống 8999 trồng");
    assert_eq!(suggester.suggest("trong lua 77", 1)[0].text, "Lúa giống 77 trồng");
}

/// What comparing every entry with what was typed gives.
fn by_comparing_all<'a>(suggester: &'a Suggester<()>, typed: &str, limit: usize) -> Vec<&'a str> {
    let typed = read(typed);
    if typed.is_empty() {
        return Vec::new();
    }
    let reaches: Vec<Reach<'_>> = typed.iter().map(|word| suggester.vocabulary.reach(word)).collect();
    let mut ranks: Vec<Rank> = (0..suggester.len()).filter_map(|place| suggester.rank(place, &reaches)).collect();
    // Words with other marks are looked for only where the rest is not enough.
    let right: usize = ranks.iter().filter(|rank| rank.wrong == 0).count();
    ranks.sort_unstable();
    ranks.truncate(limit);
    assert!(right >= limit || ranks.iter().filter(|rank| rank.wrong == 0).count() == right);
    ranks.iter().map(|rank| suggester.entries[rank.place].text.as_str()).collect()
}

/// What an HTML made here shows.
fn shown(html: &str) -> String {
    let bare = html.replace("<mark>", "").replace("</mark>", "");
    assert!(!bare.contains(['<', '>', '"', '\'']), "{html}");
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(bare, |text, (code, sign)| text.replace(code, sign))
}

/// Whether each typed word can have a word of its own that begins with it, by trying everything.
fn can_be_spread(typed: &[&str], words: &[&str]) -> bool {
    let Some((first, rest)) = typed.split_first() else { return true };
    (0..words.len()).any(|at| {
        let others = [&words[..at], &words[at + 1..]].concat();
        words[at].starts_with(first) && can_be_spread(rest, &others)
    })
}

proptest! {
    #[test]
    fn a_text_is_found_by_beginnings_of_its_words_in_any_order_and_by_nothing_else(
        words in proptest::collection::vec("[tb]h?a{1,2}", 1..6),
        typed in proptest::collection::vec("[tb]h?a{0,2}", 1..5),
    ) {
        let text = words.join(" ");
        let one = suggester(&[(&text, 1)]);
        let found = !one.suggest(&format!("{} ", typed.join(" ")), 1).is_empty();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
        prop_assert_eq!(found, can_be_spread(&typed, &words), "{:?} in {:?}", typed, words);
    }

    #[test]
    fn what_is_suggested_is_the_best_of_all(
        texts in proptest::collection::vec(("[aăạáâđdlo ]{0,9}", 0_u32..4), 0..40),
        typed in "[aăáđdlo ]{0,6}",
        limit in 1_usize..6,
    ) {
        let entries = texts.into_iter().map(|(text, weight)| Entry { text, kind: (), weight });
        let suggester = Suggester::new(entries.collect());
        let found: Vec<&str> = suggester.suggest(&typed, limit).iter().map(|one| one.text).collect();
        prop_assert_eq!(found, by_comparing_all(&suggester, &typed, limit));
    }

    #[test]
    fn any_text_is_found_by_its_own_words_and_shown_whole(text in ".{0,60}", cut in 0_usize..60) {
        let suggester = suggester(&[(&text, 1)]);
        let typed: String = text.chars().take(cut).collect();
        for found in suggester.suggest(&typed, 3) {
            prop_assert_eq!(shown(&found.html), text.clone());
        }
        if syllables(&text).len() <= TYPED_WORDS && !syllables(&text).is_empty() {
            prop_assert_eq!(suggester.suggest(&text, 1).len(), 1);
        }
    }

    #[test]
    fn anything_may_be_typed(typed in ".{0,80}") {
        prop_assert!(library().suggest(&typed, 8).len() <= 8);
    }
}
