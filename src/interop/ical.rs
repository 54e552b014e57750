//! Meetings as iCalendar (RFC 5545, RFC 7986): one `VEVENT` each, no rules, so that weak readers agree with strong ones.
//!
//! Written here and not with a crate: the maintained writer folds lines one octet too late, writes no `VTIMEZONE` and
//! lets a bare carriage return through; what is left of it is less than what would mend it.

use chrono::{DateTime, NaiveDateTime, Utc};

/// The media type of a calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The longest line, in octets without its end.
const MAX_OCTETS: usize = 75;

/// The zone of every time. Vietnam has had no daylight saving time since it took UTC+7 in June 1975.
const ZONE: &str = "Asia/Ho_Chi_Minh";

/// A calendar that phones subscribe to.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    pub name: String,
    /// The page for people.
    pub page: String,
    /// How often readers are asked to look again.
    pub refresh_hours: u32,
    pub events: Vec<Event>,
}

/// One meeting.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// Never changes, whatever becomes of the meeting.
    pub uid: String,
    /// When what is told of it last changed.
    pub changed_at: DateTime<Utc>,
    /// How often it has changed.
    pub sequence: u32,
    /// Civil time in Vietnam.
    pub starts_at: NaiveDateTime,
    pub ends_at: NaiveDateTime,
    pub cancelled: bool,
    pub summary: String,
    /// Left out where it is empty, as all that follows.
    pub location: String,
    /// Latitude and longitude.
    pub geo: Option<(f64, f64)>,
    pub description: String,
    pub categories: Vec<String>,
    pub url: String,
}

/// Writes a calendar. The same calendar is always the same bytes.
pub fn calendar(calendar: &Calendar) -> String {
    let mut out = Lines::default();
    for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//hoclieu//lich lop//VI")] {
        out.raw(name, value);
    }
    out.raw("CALSCALE", "GREGORIAN");
    out.raw("METHOD", "PUBLISH");
    out.text("NAME", &calendar.name);
    out.text("X-WR-CALNAME", &calendar.name);
    out.raw("X-WR-TIMEZONE", ZONE);
    let every = format!("PT{}H", calendar.refresh_hours);
    out.raw("REFRESH-INTERVAL;VALUE=DURATION", &every);
    out.raw("X-PUBLISHED-TTL", &every);
    out.address("URL", &calendar.page);
    zone(&mut out);
    for one in &calendar.events {
        event(&mut out, one);
    }
    out.raw("END", "VCALENDAR");
    out.0
}

fn zone(out: &mut Lines) {
    out.raw("BEGIN", "VTIMEZONE");
    out.raw("TZID", ZONE);
    let standard = [
        ("BEGIN", "STANDARD"),
        ("DTSTART", "19750613T000000"),
        ("TZOFFSETFROM", "+0800"),
        ("TZOFFSETTO", "+0700"),
        ("TZNAME", "+07"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    ];
    for (name, value) in standard {
        out.raw(name, value);
    }
}

fn event(out: &mut Lines, one: &Event) {
    out.raw("BEGIN", "VEVENT");
    out.text("UID", &one.uid);
    let changed = one.changed_at.format("%Y%m%dT%H%M%SZ").to_string();
    out.raw("DTSTAMP", &changed);
    out.raw("LAST-MODIFIED", &changed);
    out.raw("SEQUENCE", &one.sequence.to_string());
    for (name, at) in [("DTSTART", one.starts_at), ("DTEND", one.ends_at)] {
        out.raw(&format!("{name};TZID={ZONE}"), &at.format("%Y%m%dT%H%M%S").to_string());
    }
    out.raw("STATUS", if one.cancelled { "CANCELLED" } else { "CONFIRMED" });
    out.text("SUMMARY", &one.summary);
    for (name, value) in [("LOCATION", &one.location), ("DESCRIPTION", &one.description)] {
        if !value.is_empty() {
            out.text(name, value);
        }
    }
    if let Some((latitude, longitude)) = one.geo {
        out.raw("GEO", &format!("{latitude:.6};{longitude:.6}"));
    }
    if !one.categories.is_empty() {
        let all: Vec<String> = one.categories.iter().map(|text| escaped(text)).collect();
        out.raw("CATEGORIES", &all.join(","));
    }
    out.address("URL", &one.url);
    out.raw("END", "VEVENT");
}

/// A text as it stands in a value. Signs that steer a terminal are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Lines under construction, folded and each with its end.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A value that bears nothing to escape.
    fn raw(&mut self, name: &str, value: &str) {
        let mut room = MAX_OCTETS;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                // The blank that marks a line as the last one's rest counts, too.
                room = MAX_OCTETS - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.raw(name, &escaped(value));
    }

    /// An address is no text: its commas stay as they are.
    fn address(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.raw(name, &value.replace(char::is_control, ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The logical lines of a calendar, read by the letter of the standard; its physical lines are checked on the way.
    fn unfolded(text: &str) -> Vec<String> {
        let physical = text.strip_suffix("\r\n").unwrap().split("\r\n");
        let mut found: Vec<String> = Vec::new();
        for line in physical {
            assert!(line.len() <= MAX_OCTETS && !line.contains(['\r', '\n']), "{line:?}");
            match line.strip_prefix(' ') {
                Some(rest) => found.last_mut().unwrap().push_str(rest),
                None => found.push(line.to_owned()),
            }
        }
        found
    }

    /// The text that a value stands for.
    fn read_back(value: &str) -> String {
        let (mut out, mut signs) = (String::new(), value.chars());
        while let Some(c) = signs.next() {
            match c {
                '\\' => out.push(match signs.next().unwrap() {
                    'n' => '\n',
                    other => other,
                }),
                ';' | ',' => panic!("{value}"),
                other => out.push(other),
            }
        }
        out
    }

    fn value<'a>(lines: &'a [String], name: &str) -> &'a str {
        lines.iter().find_map(|line| line.strip_prefix(&format!("{name}:"))).unwrap()
    }

    fn sample() -> Event {
        let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        Event {
            uid: "01".to_owned(),
            starts_at: at("2026-12-01T19:00:00"),
            ends_at: at("2026-12-01T21:00:00"),
            geo: Some((17.06, 107.09)),
            categories: vec!["Trồng trọt, rau".to_owned(), "Cát".to_owned()],
            url: "https://vidu.vn/lop-hoc/1,2;3".to_owned(),
            ..Event::default()
        }
    }

    #[test]
    fn a_meeting_has_a_zone_a_state_and_an_address_that_stays_as_it_is() {
        let cancelled = Event { cancelled: true, sequence: 2, ..sample() };
        let text =
            calendar(&Calendar { name: "Lịch".to_owned(), events: vec![sample(), cancelled], ..Calendar::default() });
        let lines = unfolded(&text);
        for wanted in [
            "X-WR-CALNAME:Lịch",
            "TZID:Asia/Ho_Chi_Minh",
            "DTSTART;TZID=Asia/Ho_Chi_Minh:20261201T190000",
            "DTEND;TZID=Asia/Ho_Chi_Minh:20261201T210000",
            "DTSTAMP:19700101T000000Z",
            "STATUS:CONFIRMED",
            "STATUS:CANCELLED",
            "SEQUENCE:2",
            "GEO:17.060000;107.090000",
            "CATEGORIES:Trồng trọt\\, rau,Cát",
            "URL:https://vidu.vn/lop-hoc/1,2;3",
        ] {
            assert!(lines.iter().any(|line| line == wanted), "{wanted} in {lines:?}");
        }
        assert!(!lines.iter().any(|line| line.starts_with("LOCATION")));
        assert_eq!(
            (lines.first().unwrap().as_str(), lines.last().unwrap().as_str()),
            ("BEGIN:VCALENDAR", "END:VCALENDAR")
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_no_line_is_too_long_or_broken_within_a_sign(
            text in "(?s)([a-zà-ỹĐ😀 ;,:\\\\\"]|\r\n|\n|.){0,300}",
        ) {
            let one = Event { summary: text.clone(), description: text.clone(), location: format!("-{text}"), ..sample() };
            let lines = unfolded(&calendar(&Calendar { name: text.clone(), events: vec![one], ..Calendar::default() }));
            let plain = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
            let plain: String = plain.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            for name in ["X-WR-CALNAME", "SUMMARY"] {
                prop_assert_eq!(&read_back(value(&lines, name)), &plain);
            }
            prop_assert_eq!(read_back(value(&lines, "LOCATION")), format!("-{plain}"));
            prop_assert_eq!(lines.iter().filter(|line| line.starts_with("BEGIN:")).count(), 4, "nothing was let in");
        }
    }
}
