//! Words of the province that mean the same, beside those that the search knows by itself.

use crate::domain::id::SynonymId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The least and the most wordings of one entry.
pub const WORDINGS: std::ops::RangeInclusive<usize> = 2..=8;
/// The longest wording, in characters.
pub const MAX_WORDING_CHARS: usize = 60;
/// The longest origin, in characters.
pub const MAX_ORIGIN_CHARS: usize = 200;
/// The most entries of the library.
pub const MAX_SYNONYMS: usize = 2_000;

/// Wordings for one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    pub id: SynonymId,
    /// As they are written.
    pub wordings: Vec<String>,
    /// The first finds the others too, and not the other way round.
    pub one_way: bool,
    /// Who says so, or where it is written.
    pub origin: String,
    /// Who added it, as the log names them.
    pub added_by: String,
    pub added_at: DateTime<Utc>,
}

impl Synonym {
    /// The entry as the search reads it.
    pub fn line(&self) -> String {
        match (self.one_way, self.wordings.split_first()) {
            (true, Some((first, others))) => format!("{first} > {}", others.join(" = ")),
            _ => self.wordings.join(" = "),
        }
    }
}

/// Reads wordings, one a line; `None` for a sign that the search would take for its own, for too few, too many or too
/// long ones.
pub fn wordings(text: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            continue;
        }
        let plain = !line.chars().any(|c| c.is_control() || matches!(c, '=' | '>' | '#' | '<'));
        if !plain || line.chars().count() > MAX_WORDING_CHARS {
            return None;
        }
        if !found.iter().any(|other| other.to_lowercase() == line.to_lowercase()) {
            found.push(line);
        }
    }
    WORDINGS.contains(&found.len()).then_some(found)
}

/// Reads an origin; `None` when there is none or it is too long.
pub fn origin(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=MAX_ORIGIN_CHARS).contains(&line.chars().count()) && !line.chars().any(char::is_control);
    fits.then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_are_distinct_lines_without_the_signs_of_the_table() {
        assert_eq!(wordings(" con  cúi \n\ncon heo\nCon heo"), Some(vec!["con cúi".into(), "con heo".into()]));
        for wrong in ["con cúi", "a\nb = c", "a\n# b", "a\nb > c", &format!("a\n{}", "b".repeat(61))] {
            assert_eq!(wordings(wrong), None, "{wrong}");
        }
        assert_eq!(wordings(&["a", "b", "c", "d", "e", "f", "g", "h", "i"].join("\n")), None);
    }

    #[test]
    fn an_entry_is_a_line_of_the_table() {
        let mut entry = Synonym {
            id: SynonymId(uuid::Uuid::nil()),
            wordings: vec!["mạ".into(), "mẹ".into(), "má".into()],
            one_way: false,
            origin: String::new(),
            added_by: "system".into(),
            added_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(entry.line(), "mạ = mẹ = má");
        entry.one_way = true;
        assert_eq!(entry.line(), "mạ > mẹ = má");
    }
}
