//! Bounds on what is brought in, and who looks at it first.

use super::{ConfigError, Options, megabytes};

/// Settings of taking files in.
#[derive(Debug, Clone)]
pub struct UploadsConfig {
    /// The most bytes of a sound recording or a film.
    pub media_bytes: u64,
    /// The most bytes that an account brings in a day.
    pub account_bytes: u64,
    /// The most bytes that all accounts bring in a day.
    pub total_bytes: u64,
    pub clamd: Option<ClamdConfig>,
}

/// A virus scanner that runs beside the service.
#[derive(Debug, Clone)]
pub struct ClamdConfig {
    /// The path of its socket, or host and port.
    pub address: String,
    /// Whether files are refused while it gives no verdict.
    pub required: bool,
}

impl UploadsConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        const MOST_MB: u64 = 64 << 20;
        let required = options.clamd_required.unwrap_or(true);
        Ok(Self {
            media_bytes: megabytes("media_mb", options.media_mb.unwrap_or(2048), MOST_MB)?,
            account_bytes: megabytes("upload_account_mb", options.upload_account_mb.unwrap_or(20_480), MOST_MB)?,
            total_bytes: megabytes("upload_total_mb", options.upload_total_mb.unwrap_or(102_400), MOST_MB)?,
            clamd: options.clamd.clone().map(|address| ClamdConfig { address, required }),
        })
    }
}
