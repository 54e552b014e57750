//! How the library is used: counts of days, never of persons.
//!
//! What is kept tells the province what its people look for and do not find. It must not tell who looked: there is no
//! address, no session and no time of day in it, and a query that only a few have typed is dropped after a while,
//! because it may name a person or a household.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// A query is kept for longer than [`FRESH_DAYS`] when it was asked at least so often within [`FRESH_DAYS`] before or
/// after. Three, because one person who corrects a query and asks again reaches two, and because a real need of a
/// province is felt by more than two people a month.
pub const COMMON_FROM: u64 = 3;
/// For so many days every countable query is kept: a month holds the market days, classes and pay days of a commune.
pub const FRESH_DAYS: u64 = 30;
/// Days older than this are added up to months.
pub const DAILY_DAYS: u64 = 92;
/// Queries older than this are dropped, so that a plan of five years can still be compared with the one before.
pub const KEPT_DAYS: u64 = 5 * 366;
/// The most words of a query that is counted by its words: a longer one tells more of its writer than of a need.
pub const MAX_WORDS: usize = 12;
/// The most characters of such a query.
pub const MAX_CHARS: usize = 80;

/// What is counted of a whole day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// Searches, those whose words are not kept among them.
    pub searches: u64,
    /// Those that found nothing.
    pub in_vain: u64,
    /// Openings of materials.
    pub views: u64,
    /// Originals fetched.
    pub downloads: u64,
}

impl DayCount {
    /// Adds another count.
    pub fn add(&mut self, other: &Self) {
        self.searches += other.searches;
        self.in_vain += other.in_vain;
        self.views += other.views;
        self.downloads += other.downloads;
    }
}

/// What is counted of one query on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryCount {
    /// Its words in lower case, parted by single spaces.
    pub text: String,
    pub searches: u64,
    /// Those that found nothing.
    pub in_vain: u64,
}

impl QueryCount {
    /// Adds the counts of the same query.
    pub fn add(&mut self, other: &Self) {
        self.searches += other.searches;
        self.in_vain += other.in_vain;
    }
}

/// What is counted of one material on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialCount {
    pub views: u64,
    pub downloads: u64,
}

impl MaterialCount {
    /// Adds the counts of the same material.
    pub fn add(&mut self, other: &Self) {
        self.views += other.views;
        self.downloads += other.downloads;
    }
}

/// Some days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Period {
    /// The last `days` days up to `today`.
    pub fn last(days: u64, today: NaiveDate) -> Self {
        let from = today.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(today);
        Self { from, to: today }
    }
}

/// The first day of a day's month, under which old days are added up.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// So many digits in one piece are no document number and no year.
const LONG_NUMBER: usize = 7;
/// So many digits parted by spaces, dots or hyphens alone are a telephone, an account or an identity number.
const LONG_GROUPED_NUMBER: usize = 9;

/// Whether a query looks as if it named a person: a telephone or identity number, an e-mail or web address.
pub fn looks_personal(query: &str) -> bool {
    query.contains('@') || query.contains("://") || query.to_lowercase().contains("www.") || has_long_number(query)
}

fn has_long_number(query: &str) -> bool {
    let (mut piece, mut group) = (0, 0);
    for c in query.chars() {
        if c.is_numeric() {
            piece += 1;
            group += 1;
        } else {
            piece = 0;
            if !(c.is_whitespace() || matches!(c, '.' | '-' | '(' | ')' | '+' | '–' | '\u{a0}')) {
                group = 0;
            }
        }
        if piece >= LONG_NUMBER || group >= LONG_GROUPED_NUMBER {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn telephones_identity_numbers_and_addresses_look_personal() {
        for query in [
            "0905 123 456",
            "zalo 0905.123.456",
            "+84 905 123 456",
            "0233-3852-xxx 045081000123",
            "nguyenvana@gmail.com",
            "https://facebook.com/abc",
            "www.abc.vn",
            "cccd 045081000123",
            "stk 1234567",
            "sđt (0233) 385 2001",
        ] {
            assert!(looks_personal(query), "{query}");
        }
    }

    #[test]
    fn document_numbers_years_and_amounts_do_not() {
        for query in [
            "1373/QĐ-TTg",
            "quyết định số 1373 2021",
            "nghị định 142/2025/NĐ-CP",
            "luật đất đai 2013 2024",
            "báo cáo 30/11/2026",
            "vay 50 triệu",
            "lúa đạo ôn",
        ] {
            assert!(!looks_personal(query), "{query}");
        }
    }

    proptest! {
        #[test]
        fn a_telephone_number_is_seen_wherever_it_stands(
            before in "[a-zđạ ]{0,12}",
            parts in proptest::collection::vec("[0-9]{1,4}", 4..6),
            gap in "[ .-]",
            after in "[a-zđạ ]{0,12}",
        ) {
            let number = parts.join(&gap);
            let digits = number.chars().filter(char::is_ascii_digit).count();
            prop_assume!(digits >= LONG_GROUPED_NUMBER);
            let query = format!("{before}{number}{after}");
            prop_assert!(looks_personal(&query));
        }
    }
}
