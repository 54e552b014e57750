//! What learners agree to, version by version; the words lie in a table beside this file.

use crate::domain::words::words;

static TABLE: &str = include_str!("data/consent.tsv");

words! {
    /// What a part of the text tells.
    Part {
        Controller = "controller", "Ai chịu trách nhiệm";
        Data = "data", "Hỏi những gì";
        Purpose = "purpose", "Để làm gì";
        Access = "access", "Ai xem được";
        Keeping = "keeping", "Giữ bao lâu";
        Rights = "rights", "Quyền của bà con";
        Box = "box", "Đồng ý";
    }
}

fn rows() -> impl Iterator<Item = (&'static str, Part, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.splitn(3, '\t');
        Some((cells.next()?, Part::from_code(cells.next()?)?, cells.next()?))
    })
}

/// The version that people agree to now.
pub fn current() -> &'static str {
    rows().next().map_or("", |(version, _, _)| version)
}

/// The parts of a version in their order; empty where there is none. `keep_days` is how long names are kept.
pub fn parts(version: &str, keep_days: u16) -> Vec<(Part, String)> {
    let days = keep_days.to_string();
    let of = rows().filter(|(other, _, _)| *other == version);
    of.map(|(_, part, text)| (part, text.replace("{days}", &days))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_in_force_has_every_part_once() {
        let parts = parts(current(), 730);
        let named: Vec<Part> = parts.iter().map(|(part, _)| *part).collect();
        assert_eq!(named, Part::ALL);
        assert!(parts.iter().any(|(_, text)| text.contains("730 ngày")));
        assert!(super::parts("1999", 1).is_empty());
    }
}
