//! The service's own certificate: read, matched with its key, and watched for its end.

use crate::config::TlsFiles;
use chrono::{DateTime, NaiveDateTime, Utc};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;

/// Reads the certificate and its key for serving.
///
/// # Errors
/// When a file cannot be read or is no PEM, or when the key is another certificate's; in words for the operator.
pub(super) fn server_config(files: &TlsFiles) -> Result<ServerConfig, String> {
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| format!("không đọc được khóa {}: {error}", files.key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain(files)?, key))
        .map_err(|error| format!("chứng thư và khóa không dùng được cùng nhau: {error}"))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn chain(files: &TlsFiles) -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    let read = CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    read.map_err(|error| rustls::Error::General(format!("{}: {error}", files.certificate.display())))
}

/// The last instant at which the certificate is valid; `None` where it does not say in the usual form.
pub(super) fn valid_to(files: &TlsFiles) -> Option<DateTime<Utc>> {
    not_after(chain(files).ok()?.first()?)
}

/// Walks the certificate's fields (RFC 5280): version, serial number, algorithm and issuer stand before the validity.
fn not_after(certificate: &[u8]) -> Option<DateTime<Utc>> {
    let (_, whole, _) = element(certificate)?;
    let (_, fields, _) = element(whole)?;
    let (first, _, after) = element(fields)?;
    let from_serial = if first == VERSION { after } else { fields };
    let (_, _, rest) = element(from_serial)?;
    let (_, _, rest) = element(rest)?;
    let (_, _, rest) = element(rest)?;
    let (_, validity, _) = element(rest)?;
    let (_, _, rest) = element(validity)?;
    let (kind, text, _) = element(rest)?;
    let text = std::str::from_utf8(text).ok()?;
    // Years of two digits end with 2049.
    let full = if kind == UTC_TIME { format!("20{text}") } else { text.to_owned() };
    NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%SZ").ok().map(|at| at.and_utc())
}

/// The tag of the optional version at the beginning.
const VERSION: u8 = 0xa0;
/// The tag of a time with a year of two digits.
const UTC_TIME: u8 = 0x17;

/// One DER element: its tag, its content and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ 0..0x80 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long - 0x80).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn fixture() -> TlsFiles {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
        TlsFiles { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") }
    }

    #[test]
    fn the_end_of_a_certificate_is_read_and_no_part_of_one_is_mistaken_for_it() {
        let files = fixture();
        assert!(server_config(&files).is_ok());
        assert!(valid_to(&files).is_some_and(|end| end > DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000)));
        let whole = chain(&files).unwrap().remove(0);
        for length in 0..whole.len().min(200) {
            assert_eq!(not_after(&whole[..length]), None);
        }
    }

    #[test]
    fn a_key_that_is_no_key_is_named() {
        let files = TlsFiles { key: fixture().certificate, ..fixture() };
        assert!(server_config(&files).unwrap_err().contains("certificate.pem"));
    }
}
