//! One sign-in on one device.

use crate::domain::id::{AccountId, SessionId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long the second step may take.
const SECOND_STEP: TimeDelta = TimeDelta::minutes(10);
/// How exactly the last use is remembered: a row is written for it no more often than this.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(5);

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The password was right; the second step is still to be passed, and until then it opens nothing.
    SecondStep,
    Complete,
}

/// When sessions end by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionRules {
    /// After so long without use.
    pub idle: TimeDelta,
    /// After so long in any case.
    pub absolute: TimeDelta,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self { idle: TimeDelta::hours(12), absolute: TimeDelta::days(7) }
    }
}

/// One sign-in on one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub stage: Stage,
    pub created_at: DateTime<Utc>,
    /// Exact to five minutes.
    pub last_seen_at: DateTime<Utc>,
    /// Browser and system in words, so that the owner knows it again; no address is kept.
    pub device: String,
}

impl Session {
    /// Whether it has ended by itself.
    pub fn is_over(&self, now: DateTime<Utc>, rules: &SessionRules) -> bool {
        let (age, idle) = (now - self.created_at, now - self.last_seen_at);
        match self.stage {
            Stage::SecondStep => age >= SECOND_STEP,
            Stage::Complete => age >= rules.absolute || idle >= rules.idle,
        }
    }

    /// Whether its use at `now` is worth a row.
    pub fn is_seen_anew(&self, now: DateTime<Utc>) -> bool {
        now - self.last_seen_at >= SEEN_STEP
    }
}

/// Browser and system behind a `User-Agent` header, in words.
pub fn device(user_agent: &str) -> String {
    // The first that is found wins: every browser also names those that it resembles.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("CocCoc", "Cốc Cốc"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let name =
        |list: &[(&str, &'static str)]| list.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name);
    let parts: Vec<&str> = [name(&BROWSERS), name(&SYSTEMS)].into_iter().flatten().collect();
    if parts.is_empty() { "Thiết bị không rõ".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_idle_or_old_and_a_half_one_soon() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let rules = SessionRules { idle: TimeDelta::hours(2), absolute: TimeDelta::hours(5) };
        let mut session = Session {
            id: SessionId(uuid::Uuid::nil()),
            account: AccountId(uuid::Uuid::nil()),
            stage: Stage::Complete,
            created_at: start,
            last_seen_at: start,
            device: String::new(),
        };
        let at = |minutes| start + TimeDelta::minutes(minutes);
        assert!(!session.is_over(at(119), &rules) && session.is_over(at(120), &rules));
        session.last_seen_at = at(299);
        assert!(!session.is_over(at(299), &rules) && session.is_over(at(300), &rules));
        session.stage = Stage::SecondStep;
        assert!(!session.is_over(at(9), &rules) && session.is_over(at(10), &rules));
    }

    #[test]
    fn devices_are_told_in_words() {
        let chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";
        assert_eq!(device(chrome), "Chrome, Android");
        assert_eq!(device("curl/8"), "Thiết bị không rõ");
        assert!(!device("<script>").contains('<'));
    }
}
