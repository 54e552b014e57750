//! How long complaints about materials may wait for an answer and are kept.

use super::{ConfigError, Options, in_range};

/// Settings of complaints.
#[derive(Debug, Clone)]
pub struct ComplaintsConfig {
    /// Days for an answer, by the code of a reason; those that are not named keep their own.
    pub days: Vec<(String, u16)>,
    /// Days after which words and contacts are removed.
    pub keep_days: u16,
}

/// The most days of any kind.
const MAX_DAYS: u64 = 3650;

impl ComplaintsConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        let text = options.complaint_days.as_deref().unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let days = parts.map(|part| {
            let wrong = || ConfigError::Contradiction(format!("complaint_days: «{part}» phải có dạng wrong=7"));
            let (reason, days) = part.split_once('=').ok_or_else(wrong)?;
            let days = days.trim().parse().map_err(|_error| wrong())?;
            Ok((reason.trim().to_owned(), whole(in_range("complaint_days", days, 1, MAX_DAYS)?)))
        });
        let keep = in_range("complaint_keep_days", options.complaint_keep_days.unwrap_or(180), 1, MAX_DAYS)?;
        Ok(Self { days: days.collect::<Result<_, ConfigError>>()?, keep_days: whole(keep) })
    }
}

fn whole(days: u64) -> u16 {
    u16::try_from(days).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_by_reason_and_nonsense_is_named() {
        let with = |text: &str| Options { complaint_days: Some(text.to_owned()), ..Options::default() };
        let days = ComplaintsConfig::from_options(&with("harmful=2, wrong = 9")).unwrap().days;
        assert_eq!(days, [("harmful".to_owned(), 2), ("wrong".to_owned(), 9)]);
        for text in ["harmful", "harmful=x", "harmful=0"] {
            assert!(ComplaintsConfig::from_options(&with(text)).is_err(), "{text}");
        }
    }
}
