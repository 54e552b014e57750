//! Days, hours and numbers in words, as they are read aloud over a village's loudspeaker.

use super::lunar::{LunarDay, lunar};
use super::meeting::weekday_name;
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
/// A run of digits as long as this is a telephone number and read digit by digit.
const TELEPHONE_DIGITS: usize = 8;

/// A number in words: `105` is `một trăm linh năm`. Numbers from a million on stay in digits.
pub fn number(value: u32) -> String {
    match value {
        0 => DIGITS[0].to_owned(),
        1..=999 => hundreds(value, false),
        1_000..=999_999 => {
            let (thousands, rest) = (hundreds(value / 1_000, false), value % 1_000);
            if rest == 0 {
                format!("{thousands} nghìn")
            } else {
                format!("{thousands} nghìn {}", hundreds(rest, true))
            }
        }
        more => more.to_string(),
    }
}

/// A number below a thousand; one that follows thousands names its hundreds even where there are none.
fn hundreds(value: u32, follows: bool) -> String {
    let (hundred, rest) = (value / 100, value % 100);
    let mut words = Vec::new();
    if hundred > 0 || follows {
        words.push(format!("{} trăm", digit(hundred)));
    }
    match rest {
        0 => {}
        1..=9 if words.is_empty() => words.push(digit(rest).to_owned()),
        1..=9 => words.push(format!("linh {}", digit(rest))),
        _ => words.push(tens(rest)),
    }
    words.join(" ")
}

fn tens(value: u32) -> String {
    let (ten, one) = (value / 10, value % 10);
    let ten_words = if ten == 1 { "mười".to_owned() } else { format!("{} mươi", digit(ten)) };
    let one_words = match (ten, one) {
        (_, 0) => return ten_words,
        (2.., 1) => "mốt",
        (2.., 4) => "tư",
        (_, 5) => "lăm",
        _ => digit(one),
    };
    format!("{ten_words} {one_words}")
}

fn digit(value: u32) -> &'static str {
    usize::try_from(value).ok().and_then(|place| DIGITS.get(place)).copied().unwrap_or_default()
}

/// A month in words: `tháng tư`.
fn month(value: u32) -> String {
    if value == 4 { "tháng tư".to_owned() } else { format!("tháng {}", number(value)) }
}

/// A day of a month in words: `ngày mồng một`.
fn day_of_month(value: u32) -> String {
    if value <= 10 { format!("ngày mồng {}", number(value)) } else { format!("ngày {}", number(value)) }
}

/// A weekday in the middle of a sentence.
pub fn weekday(day: NaiveDate) -> String {
    weekday_name(day.weekday().number_from_monday()).to_lowercase()
}

/// A day without its year: `thứ ba, ngày mồng một tháng mười hai`.
pub fn short_day(day: NaiveDate) -> String {
    format!("{}, {} {}", weekday(day), day_of_month(day.day()), month(day.month()))
}

/// A day with its year and, where it is known, its lunar date.
pub fn long_day(day: NaiveDate) -> String {
    let year = u32::try_from(day.year()).map(number).unwrap_or_default();
    let solar = format!("{} năm {year}", short_day(day));
    lunar(day).map_or(solar.clone(), |lunar| format!("{solar}, tức {} âm lịch", lunar_day(lunar)))
}

fn lunar_day(day: LunarDay) -> String {
    let named = match day.month {
        1 => "tháng giêng".to_owned(),
        12 => "tháng chạp".to_owned(),
        other => month(other),
    };
    format!("{} {named}{}", day_of_month(day.day), if day.leap { " nhuận" } else { "" })
}

/// An hour as people say it: `bảy giờ rưỡi tối`.
pub fn hour(time: NaiveTime) -> String {
    let said = match time.hour() {
        0 => 12,
        hour @ 1..=12 => hour,
        hour => hour - 12,
    };
    let minutes = match time.minute() {
        0 => String::new(),
        30 => " rưỡi".to_owned(),
        minute => format!(" {} phút", number(minute)),
    };
    format!("{} giờ{minutes} {}", number(said), part_of_day(time))
}

/// The part of the day that an hour belongs to.
pub fn part_of_day(time: NaiveTime) -> &'static str {
    match time.hour() {
        1..=10 => "sáng",
        11 | 12 => "trưa",
        13..=17 => "chiều",
        18..=21 => "tối",
        _ => "đêm",
    }
}

/// A text whose telephone numbers are read digit by digit, in groups as they are written.
pub fn telephones(text: &str) -> String {
    let (mut spoken, mut run) = (String::new(), String::new());
    for letter in text.chars() {
        let goes_on = letter.is_ascii_digit() || !run.is_empty() && matches!(letter, ' ' | '.' | '-');
        if goes_on {
            run.push(letter);
        } else {
            spoken.push_str(&said(&std::mem::take(&mut run)));
            spoken.push(letter);
        }
    }
    spoken + &said(&run)
}

fn said(run: &str) -> String {
    if run.chars().filter(char::is_ascii_digit).count() < TELEPHONE_DIGITS {
        return run.to_owned();
    }
    let end = if run.ends_with(' ') { " " } else { "" };
    let groups = run.split([' ', '.', '-']).filter(|group| !group.is_empty());
    let group = |group: &str| group.chars().filter_map(|one| one.to_digit(10)).map(digit).collect::<Vec<_>>().join(" ");
    groups.map(group).collect::<Vec<_>>().join(", ") + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_read_them() {
        let all = [
            (0, "không"),
            (5, "năm"),
            (10, "mười"),
            (15, "mười lăm"),
            (21, "hai mươi mốt"),
            (24, "hai mươi tư"),
            (35, "ba mươi lăm"),
            (40, "bốn mươi"),
            (105, "một trăm linh năm"),
            (111, "một trăm mười một"),
            (2_026, "hai nghìn không trăm hai mươi sáu"),
            (2_100, "hai nghìn một trăm"),
            (120_000, "một trăm hai mươi nghìn"),
        ];
        for (value, words) in all {
            assert_eq!(number(value), words);
        }
    }

    #[test]
    fn days_name_their_lunar_date_and_hours_their_part_of_the_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            long_day(day("2026-12-01")),
            "thứ ba, ngày mồng một tháng mười hai năm hai nghìn không trăm hai mươi sáu, tức ngày hai mươi ba tháng mười âm lịch"
        );
        assert!(long_day(day("2027-02-06")).ends_with("tức ngày mồng một tháng giêng âm lịch"));
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let all = [(7, 0), (7, 30), (11, 45), (14, 0), (19, 5), (22, 0), (0, 0)].map(|(h, m)| hour(time(h, m)));
        let said = [
            "bảy giờ sáng",
            "bảy giờ rưỡi sáng",
            "mười một giờ bốn mươi lăm phút trưa",
            "hai giờ chiều",
            "bảy giờ năm phút tối",
            "mười giờ đêm",
            "mười hai giờ đêm",
        ];
        assert_eq!(all, said);
    }

    #[test]
    fn telephone_numbers_are_read_digit_by_digit_and_other_numbers_stay() {
        assert_eq!(
            telephones("Anh Hồ, 0912 345 678 (sau 17 giờ)"),
            "Anh Hồ, không chín một hai, ba bốn năm, sáu bảy tám (sau 17 giờ)"
        );
        assert_eq!(telephones("Phòng 12"), "Phòng 12");
    }
}
