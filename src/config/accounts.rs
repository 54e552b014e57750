//! Settings of signing in.

use super::{ConfigError, Options, in_range};

/// How accounts are guarded.
#[derive(Debug, Clone, Copy)]
pub struct AccountsConfig {
    /// A session ends after so long without use …
    pub session_idle_minutes: u64,
    /// … and after so long in any case.
    pub session_days: u64,
    /// Attempts to sign in to one account in a quarter of an hour.
    pub sign_in_per_account: u32,
    /// Attempts to sign in from one address in a quarter of an hour; an office may share one.
    pub sign_in_per_address: u32,
    /// Whether an administrator's role counts only with a second step.
    pub admin_second_factor: bool,
}

impl AccountsConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        let attempts = |name, value: Option<u32>, default: u32| {
            let value = in_range(name, u64::from(value.unwrap_or(default)), 1, 100_000)?;
            Ok(u32::try_from(value).unwrap_or(default))
        };
        Ok(Self {
            session_idle_minutes: in_range(
                "session_idle_minutes",
                options.session_idle_minutes.unwrap_or(720),
                5,
                60 * 24 * 90,
            )?,
            session_days: in_range("session_days", options.session_days.unwrap_or(7), 1, 90)?,
            sign_in_per_account: attempts("sign_in_per_account", options.sign_in_per_account, 10)?,
            sign_in_per_address: attempts("sign_in_per_address", options.sign_in_per_address, 100)?,
            admin_second_factor: options.admin_second_factor.unwrap_or(false),
        })
    }
}
