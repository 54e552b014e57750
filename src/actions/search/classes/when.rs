//! Reads what a query says about time, and whether it asks for a class at all.

use super::super::words::{Word, words};
use crate::domain::day::date_vi;
use crate::domain::meeting::Slot;
use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta};
use std::ops::Range;
use std::sync::LazyLock;

/// In longer queries nothing is read: they are texts, not wishes.
const MAX_WORDS: usize = 40;

/// The first hour of an evening.
const EVENING_FROM: u32 = 17;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Days(Span),
    Evening,
    EveningOf(Span),
    When,
    Class,
    /// Asks for a class beside the word for learning.
    Where,
    Filler,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Today,
    Tomorrow,
    ThisWeek,
    NextWeek,
    Weekend,
    ThisMonth,
    NextMonth,
}

/// What is known of phrases: their words and their meaning.
static PHRASES: LazyLock<Vec<(Vec<Word>, Meaning)>> = LazyLock::new(|| {
    let lines = include_str!("when.tsv").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &str| {
        let (phrase, meaning) = line.split_once('\t')?;
        Some((words(phrase), meaning_of(meaning)?))
    };
    lines.filter_map(read).collect()
});

fn meaning_of(code: &str) -> Option<Meaning> {
    Some(match code {
        "evening" => Meaning::Evening,
        "when" => Meaning::When,
        "class" => Meaning::Class,
        "where" => Meaning::Where,
        "filler" => Meaning::Filler,
        _ => match code.strip_suffix(" evening") {
            Some(span) => Meaning::EveningOf(span_of(span)?),
            None => Meaning::Days(span_of(code)?),
        },
    })
}

fn span_of(code: &str) -> Option<Span> {
    Some(match code {
        "today" => Span::Today,
        "tomorrow" => Span::Tomorrow,
        "this_week" => Span::ThisWeek,
        "next_week" => Span::NextWeek,
        "weekend" => Span::Weekend,
        "this_month" => Span::ThisMonth,
        "next_month" => Span::NextMonth,
        _ => return None,
    })
}

impl Span {
    /// The first and the last day.
    fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
        let first = today.with_day(1).unwrap_or(today);
        let month = |ahead: u32| first.checked_add_months(Months::new(ahead)).unwrap_or(today);
        let week = |from: i64, to: i64| (monday + TimeDelta::days(from), monday + TimeDelta::days(to));
        match self {
            Self::Today => (today, today),
            Self::Tomorrow => (today + TimeDelta::days(1), today + TimeDelta::days(1)),
            Self::ThisWeek => week(0, 6),
            Self::NextWeek => week(7, 13),
            Self::Weekend => week(5, 6),
            Self::ThisMonth => (first, month(1) - TimeDelta::days(1)),
            Self::NextMonth => (month(1), month(2) - TimeDelta::days(1)),
        }
    }
}

/// When meetings are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The first and the last day; any where nothing was said.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub evening: bool,
    /// The words that it was read from, as typed.
    pub typed: String,
}

impl When {
    /// Whether a meeting is then.
    pub(super) fn takes(&self, slot: &Slot) -> bool {
        let evening = NaiveTime::from_hms_opt(EVENING_FROM, 0, 0).unwrap_or_default();
        self.days.is_none_or(|(from, to)| (from..=to).contains(&slot.day)) && (!self.evening || slot.from >= evening)
    }

    /// What was read, for people.
    pub fn label(&self) -> String {
        let days =
            self.days.map(
                |(from, to)| {
                    if from == to { date_vi(from) } else { format!("{} đến {}", date_vi(from), date_vi(to)) }
                },
            );
        let evening = self.evening.then(|| "buổi tối".to_owned());
        evening.into_iter().chain(days).collect::<Vec<_>>().join(", ")
    }
}

/// What a query says beside its subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// It asks for a class: by that word, by asking when, or where something is learned.
    pub(super) wants_class: bool,
    pub(super) when: Option<When>,
    /// What tells nothing about the subject.
    pub(super) cut: Vec<Range<usize>>,
}

/// Reads a query on a day; with `any_time` words of time mean nothing.
pub(super) fn read(query: &str, today: NaiveDate, any_time: bool) -> Said {
    let typed = words(query);
    let mut said = Said::default();
    if typed.len() > MAX_WORDS {
        return said;
    }
    let (mut at, mut days, mut evening, mut told) = (0, None, false, Vec::new());
    let learns = words("học");
    let mut learned = false;
    while at < typed.len() {
        let rest = typed.get(at..).unwrap_or_default();
        let Some((length, meaning)) = meaning_at(rest) else {
            learned |= learns.first().zip(rest.first()).is_some_and(|(word, typed)| typed.may_be(word));
            at += 1;
            continue;
        };
        let place = place(rest.get(..length).unwrap_or_default());
        let timed = matches!(meaning, Meaning::Days(_) | Meaning::Evening | Meaning::EveningOf(_));
        match meaning {
            Meaning::Days(span) => days = days.or(Some(span)),
            Meaning::Evening => evening = true,
            Meaning::EveningOf(span) => (days, evening) = (days.or(Some(span)), true),
            Meaning::When | Meaning::Class => said.wants_class = true,
            Meaning::Where => said.wants_class |= learned,
            Meaning::Filler => {}
        }
        if timed {
            told.push(query.get(place.clone()).unwrap_or_default().to_owned());
        }
        said.cut.push(place);
        at += length;
    }
    let days = days.map(|span| span.days(today));
    said.when = (!told.is_empty() && !any_time).then(|| When { days, evening, typed: told.join(", ") });
    said
}

/// The longest phrase that begins some words.
fn meaning_at(rest: &[Word]) -> Option<(usize, Meaning)> {
    let begins =
        |phrase: &[Word]| phrase.len() <= rest.len() && phrase.iter().zip(rest).all(|(word, typed)| typed.may_be(word));
    let found = PHRASES.iter().filter(|(phrase, _)| begins(phrase));
    found.max_by_key(|(phrase, _)| phrase.len()).map(|(phrase, meaning)| (phrase.len(), *meaning))
}

fn place(words: &[Word]) -> Range<usize> {
    let start = words.first().map_or(0, |word| word.place.start);
    start..words.last().map_or(start, |word| word.place.end)
}

#[cfg(test)]
mod tests {
    use super::super::super::reading::without;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A Wednesday.
    const TODAY: &str = "2026-11-25";

    fn days(query: &str) -> Option<(NaiveDate, NaiveDate)> {
        read(query, day(TODAY), false).when.and_then(|when| when.days)
    }

    #[test]
    fn words_of_time_are_read_with_marks_and_without_and_in_the_dialect() {
        let month = Some((day("2026-11-01"), day("2026-11-30")));
        for query in ["lớp tin học tháng này", "lop tin hoc thang nay", "lớp học tháng ni"] {
            assert_eq!(days(query), month, "{query}");
        }
        assert_eq!(days("lớp tuần sau"), Some((day("2026-11-30"), day("2026-12-06"))));
        assert_eq!(days("cuối tuần có lớp không"), Some((day("2026-11-28"), day("2026-11-29"))));
        let tonight = read("tối nay có lớp chi", day(TODAY), false).when.unwrap();
        assert!(tonight.evening && tonight.days == Some((day(TODAY), day(TODAY))), "{tonight:?}");
        assert_eq!(tonight.label(), "buổi tối, 25/11/2026");
        assert_eq!(days("tháng củ mật"), None);
    }

    #[test]
    fn who_asks_when_or_where_something_is_learned_asks_for_a_class() {
        for query in ["bữa mô có lớp tin học", "khi mo day may", "hoc tin hoc mien phi o dau", "lịch học tiếng Lào"]
        {
            assert!(read(query, day(TODAY), false).wants_class, "{query}");
        }
        for query in ["lúa bị đạo ôn", "mua giống ở đâu", "nuôi tôm"] {
            assert!(!read(query, day(TODAY), false).wants_class, "{query}");
        }
    }

    #[test]
    fn the_subject_is_left_and_words_of_time_can_be_made_to_mean_nothing() {
        let query = "bữa mô có lớp tin học tuần sau";
        assert_eq!(without(query, &read(query, day(TODAY), false).cut), "tin học");
        assert_eq!(read(query, day(TODAY), true).when, None);
    }
}
