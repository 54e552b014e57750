//! How the service is reached.

use super::{ConfigError, Options};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    pub listen: SocketAddr,
    /// The address that readers use, without a slash at its end; decides absolute links and `https` cookies.
    pub public_url: Option<String>,
    /// Who runs the service and how to reach them, one line each; shown on the contact page.
    pub contact: Vec<String>,
    /// Only these may tell a client's address in `X-Forwarded-For`.
    pub trusted_proxies: Vec<IpAddr>,
    pub tls: Option<TlsFiles>,
    /// Searches and API calls a minute for one address; 0 switches the limit off.
    pub rate_limit_per_minute: u32,
}

/// A certificate and its key, both PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl HttpConfig {
    pub(super) fn from_options(options: &Options) -> Result<Self, ConfigError> {
        let tls = match (&options.tls_certificate, &options.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate: certificate.clone(), key: key.clone() }),
            (None, None) => None,
            _ => {
                let reason = "tls_certificate và tls_key phải được đặt cùng nhau";
                return Err(ConfigError::Contradiction(reason.to_owned()));
            }
        };
        let public_url = options.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) = &public_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(ConfigError::Contradiction(format!(
                "public_url = {url} phải bắt đầu bằng http:// hoặc https://"
            )));
        }
        Ok(Self {
            listen: options.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            public_url,
            contact: lines(options.contact.as_deref().unwrap_or_default()),
            trusted_proxies: options.trusted_proxies.clone().unwrap_or_default().0,
            tls,
            rate_limit_per_minute: options.rate_limit_per_minute.unwrap_or(240),
        })
    }
}

/// The parts of a text parted by semicolons.
fn lines(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
