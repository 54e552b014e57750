//! Settings of signing in.

use super::{ConfigError, Options, in_range};

/// How accounts are guarded.
#[derive(Debug, Clone)]
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
    pub identity: Option<IdentityConfig>,
}

/// Another's identity provider at which people may sign in.
#[derive(Clone)]
pub struct IdentityConfig {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
}

/// Keeps the secret out of logs.
impl std::fmt::Debug for IdentityConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityConfig").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl IdentityConfig {
    fn from_options(options: &Options) -> Result<Option<Self>, ConfigError> {
        let contradiction = |reason: &str| Err(ConfigError::Contradiction(reason.to_owned()));
        match (&options.oidc_issuer, &options.oidc_client_id) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) if options.public_url.is_none() => {
                contradiction("oidc_issuer cần public_url, để người dùng được đưa về đúng chỗ")
            }
            (Some(issuer), Some(client_id)) => Ok(Some(Self {
                issuer: issuer.clone(),
                client_id: client_id.clone(),
                client_secret: options.oidc_client_secret.clone(),
            })),
            _ => contradiction("oidc_issuer và oidc_client_id phải được đặt cùng nhau"),
        }
    }
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
            identity: IdentityConfig::from_options(options)?,
        })
    }
}
