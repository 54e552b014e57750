//! How registrations for classes are dealt with.

use super::{ConfigError, Options, in_range};

/// Settings of registrations.
#[derive(Debug, Clone)]
pub struct RegistrationsConfig {
    /// From one address in a quarter of an hour; 0 for no such bound.
    pub per_address: u32,
    /// How long an offered place is kept.
    pub offer_hours: u16,
    /// The most who wait for a class; 0 where nobody can.
    pub waiting: u32,
    /// Days after the last meeting after which names are gone.
    pub keep_days: u16,
}

impl RegistrationsConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        let small = |value: u64| u16::try_from(value).unwrap_or(u16::MAX);
        let offer = options.registration_offer_hours.unwrap_or(24);
        let keep = options.learner_keep_days.unwrap_or(730);
        let waiting = in_range("registration_waiting", options.registration_waiting.unwrap_or(50).into(), 0, 2_000)?;
        Ok(Self {
            per_address: options.registration_per_address.unwrap_or(300),
            offer_hours: small(in_range("registration_offer_hours", offer, 1, 24 * 30)?),
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            keep_days: small(in_range("learner_keep_days", keep, 1, 3650 * 3)?),
        })
    }
}
