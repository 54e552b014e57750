//! Settings of letters.

use super::{ConfigError, Options};

/// The mail server and the sender.
#[derive(Clone)]
pub struct MailConfig {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub login: Option<(String, String)>,
    pub from: String,
}

/// How the line to the mail server is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    Plain,
    StartTls,
    Tls,
}

/// Keeps the password out of logs.
impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig").field("host", &self.host).finish_non_exhaustive()
    }
}

impl MailConfig {
    pub(super) fn from_options(options: &Options) -> Result<Option<Self>, ConfigError> {
        let contradiction = |reason: &str| Err(ConfigError::Contradiction(reason.to_owned()));
        let Some(host) = options.mail_host.clone() else { return Ok(None) };
        let Some(from) = options.mail_from.clone() else {
            return contradiction("mail_host cần mail_from, địa chỉ người gửi");
        };
        let (security, port) = match options.mail_security.as_deref().unwrap_or("starttls") {
            "none" => (MailSecurity::Plain, 25),
            "starttls" => (MailSecurity::StartTls, 587),
            "tls" => (MailSecurity::Tls, 465),
            _ => return contradiction("mail_security phải là starttls, tls hoặc none"),
        };
        let login = match (options.mail_user.clone(), options.mail_password.clone()) {
            (None, None) => None,
            (Some(_), Some(_)) if security == MailSecurity::Plain => {
                return contradiction("không gửi mật khẩu thư qua đường không mã hoá: hãy đặt mail_security");
            }
            (Some(user), Some(password)) => Some((user, password)),
            _ => return contradiction("mail_user và mail_password phải được đặt cùng nhau"),
        };
        Ok(Some(Self { host, port: options.mail_port.unwrap_or(port), security, login, from }))
    }
}
