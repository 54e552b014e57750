//! The only place that asks the machine for the present time and for fresh identifiers.

use chrono::{DateTime, NaiveDate, Utc};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

pub use crate::domain::day::{beginning_of, day_of};

/// Tells the present time: the machine's, or a test's.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    fixed: Option<Arc<Mutex<DateTime<Utc>>>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until it is moved.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(Arc::new(Mutex::new(at))) }
    }

    /// Moves a clock that stands still; the machine's clock is not touched.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(fixed) = &self.fixed {
            *fixed.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }
    }

    /// The present instant.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.fixed {
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
            None => Utc::now(),
        }
    }

    /// The present day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        day_of(self.now())
    }

    /// A fresh time-ordered identifier.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes identifiers")]
    pub fn fresh_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn the_day_in_vietnam_begins_seven_hours_before_utc() {
        let evening = DateTime::parse_from_rfc3339("2026-11-23T18:30:00Z").unwrap().with_timezone(&Utc);
        let clock = Clock::fixed(evening);
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(clock.today(), day);
        clock.set(beginning_of(day) - TimeDelta::seconds(1));
        assert_eq!(clock.today(), day.pred_opt().unwrap());
        clock.set(beginning_of(day));
        assert_eq!(clock.today(), day);
    }

    #[test]
    fn fresh_ids_follow_one_another() {
        let clock = Clock::system();
        let ids: Vec<Uuid> = (0..100).map(|_| clock.fresh_id()).collect();
        assert!(ids.is_sorted());
    }
}
