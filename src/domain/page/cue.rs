//! Moments of a recording, in milliseconds from its beginning.

/// Reads `83`, `1:23`, `01:23.450` or `1:01:23,450`; nothing for what is no moment of the first 100 hours.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let parts: Vec<&str> = whole.split(':').collect();
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty() || part.len() > 6 || !digits(part)) {
        return None;
    }
    let seconds = parts.iter().try_fold(0_u64, |sum, part| Some(sum * 60 + part.parse::<u64>().ok()?))?;
    let millis = format!("{fraction:0<3}").parse::<u64>().ok()?;
    (seconds < 360_000).then_some(seconds * 1_000 + millis)
}

/// Writes a moment for people: `1:23`, or `1:01:23` from an hour on.
pub fn label(at_ms: u64) -> String {
    let seconds = at_ms / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Writes a moment to the millisecond: `00:01:23.450`.
pub fn exact(at_ms: u64) -> String {
    let seconds = at_ms / 1_000;
    format!("{:02}:{:02}:{:02}.{:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60, at_ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_captions_addresses_and_people_write_them() {
        for (text, at_ms) in
            [("83", 83_000), ("1:23", 83_000), ("00:01:23.450", 83_450), ("01:01:23,5", 3_683_500), ("0", 0)]
        {
            assert_eq!(parse(text), Some(at_ms), "{text}");
        }
        for text in ["", ":", "1:", "-3", "1:2:3:4", "1.2345", "9999999", "400000", "1 2", "١"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_written_for_people_and_programs() {
        assert_eq!((label(83_450), label(3_683_000)), ("1:23".to_owned(), "1:01:23".to_owned()));
        assert_eq!(parse(&exact(3_683_450)), Some(3_683_450));
    }
}
