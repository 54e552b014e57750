//! Settings: flags win over environment variables, those over the TOML file, that over the defaults.
//!
//! Every setting is one field of [`Options`], so that its flag, its variable and its line in the file have one name.

mod accounts;
mod complaints;
mod http;
mod limits;
mod mail;
mod options;
mod registrations;
mod uploads;

pub use accounts::AccountsConfig;
pub use complaints::ComplaintsConfig;
pub use http::{HttpConfig, TlsFiles};
pub use limits::{ExtractConfig, OcrConfig, SearchConfig};
pub use mail::{MailConfig, MailSecurity};
pub use options::{Options, Setting};
pub use registrations::RegistrationsConfig;
pub use uploads::{ClamdConfig, UploadsConfig};

use std::path::{Path, PathBuf};

/// The organisation that guides the centres where a province names none: the seed's department of education.
const CENTRES_GUIDE: &str = "so-gddt";

/// All settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder that holds the store, the files, the index and the socket.
    pub data: PathBuf,
    /// The file of the keys that seal what names persons; never inside the data folder.
    pub vault_key: PathBuf,
    /// The TOML file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// The folder with the content loaded on first start; none is loaded when it does not exist.
    pub seed_content: PathBuf,
    /// The store's page cache in bytes.
    pub store_cache_bytes: usize,
    /// So much of the data folder's disk stays free; 0 for no such bound.
    pub disk_floor_bytes: u64,
    pub http: HttpConfig,
    pub search: SearchConfig,
    pub extract: ExtractConfig,
    pub ocr: OcrConfig,
    pub accounts: AccountsConfig,
    pub uploads: UploadsConfig,
    pub complaints: ComplaintsConfig,
    pub registrations: RegistrationsConfig,
    /// Who sees what agencies leave unanswered, beside administrators.
    pub centres_guide: Option<String>,
    /// Absent where no letters are sent.
    pub mail: Option<MailConfig>,
    /// The settings that bound something.
    pub limits: Vec<Setting>,
}

/// Says what is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there or cannot be read.
    #[error("Không đọc được tệp cấu hình {path}: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// The file is not TOML or names an unknown setting.
    #[error("Tệp cấu hình {path}, dòng {line}: {reason}")]
    Malformed { path: PathBuf, line: usize, reason: String },
    /// Two settings contradict each other, or a value is out of range.
    #[error("Cấu hình không dùng được: {0}")]
    Contradiction(String),
}

impl Config {
    /// Joins flags and variables (already in `options`) with the TOML file and the defaults.
    ///
    /// The file is the one named by `--config`, else `hoclieu.toml` in the data folder when there is one.
    ///
    /// # Errors
    /// When the file cannot be used or settings contradict each other.
    pub fn load(options: Options) -> Result<Self, ConfigError> {
        let data = options.data.clone().unwrap_or_else(|| PathBuf::from("data"));
        let named = options.config.clone();
        let fallback = data.join("hoclieu.toml");
        let path = named.or_else(|| fallback.is_file().then_some(fallback));
        let file = path.as_deref().map(read_file).transpose()?.unwrap_or_default();
        Ok(Self { file: path, ..Self::from_options(options.or(file))? })
    }

    fn from_options(options: Options) -> Result<Self, ConfigError> {
        let http = HttpConfig::from_options(&options)?;
        let search = SearchConfig::from_options(&options)?;
        let extract = ExtractConfig::from_options(&options)?;
        let ocr = OcrConfig::from_options(&options)?;
        let accounts = AccountsConfig::from_options(&options)?;
        let mail = MailConfig::from_options(&options)?;
        let store_cache = megabytes("store_cache_mb", options.store_cache_mb.unwrap_or(32), 65_536)?;
        let uploads = UploadsConfig::from_options(&options)?;
        let complaints = ComplaintsConfig::from_options(&options)?;
        let registrations = RegistrationsConfig::from_options(&options)?;
        let centres_guide = options.centres_guide.clone().unwrap_or_else(|| CENTRES_GUIDE.to_owned());
        let centres_guide = Some(centres_guide).filter(|id| !id.trim().is_empty());
        let limits = options.told().into_iter().filter(Setting::is_limit).collect();
        let data = options.data.clone().unwrap_or_else(|| PathBuf::from("data"));
        Ok(Self {
            vault_key: vault_key(&data, options.vault_key)?,
            data: options.data.unwrap_or_else(|| PathBuf::from("data")),
            file: None,
            seed_content: options.seed_content.unwrap_or_else(|| PathBuf::from("seed-content")),
            store_cache_bytes: usize::try_from(store_cache).unwrap_or(usize::MAX),
            disk_floor_bytes: in_range("disk_floor_mb", options.disk_floor_mb.unwrap_or(1024), 0, 1 << 30)? << 20,
            http,
            search,
            extract,
            ocr,
            accounts,
            uploads,
            complaints,
            registrations,
            centres_guide,
            mail,
            limits,
        })
    }

    /// Where the store's file lies.
    pub fn store_path(&self) -> PathBuf {
        self.data.join("store.redb")
    }

    /// Where the originals and extracted texts lie.
    pub fn blobs_path(&self) -> PathBuf {
        self.data.join("blobs")
    }

    /// Where the generations of the index lie.
    pub fn index_path(&self) -> PathBuf {
        self.data.join("index")
    }

    /// Where documents that are brought together lie until they are taken in.
    pub fn inbox_path(&self) -> PathBuf {
        self.data.join("inbox")
    }

    /// Where a restore is under way.
    pub fn unfinished_restore_path(&self) -> PathBuf {
        self.data.join(".phuc-hoi")
    }

    /// The socket through which commands reach a running server.
    pub fn socket_path(&self) -> PathBuf {
        self.data.join("hoclieu.sock")
    }
}

/// Where the keys lie: as it was said, else beside the data folder under its name.
fn vault_key(data: &Path, named: Option<PathBuf>) -> Result<PathBuf, ConfigError> {
    let whole = |path: &Path| {
        let found = path.canonicalize().or_else(|_absent| std::path::absolute(path));
        found.map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
    };
    let data = whole(data)?;
    let beside = || {
        let mut name = data.file_name().filter(|_| data.parent().is_some())?.to_owned();
        name.push(".vault-key");
        Some(data.with_file_name(name))
    };
    let reason = "vault_key: hãy nêu tệp khóa, vì thư mục dữ liệu không có thư mục nào chứa nó";
    let file = named.or_else(beside).ok_or_else(|| ConfigError::Contradiction(reason.to_owned()))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if whole(folder)?.starts_with(&data) {
        let reason =
            "vault_key: tệp khóa không được nằm trong thư mục dữ liệu, vì bản chép thư mục ấy sẽ mang theo khóa";
        return Err(ConfigError::Contradiction(reason.to_owned()));
    }
    Ok(file)
}

/// The text of a settings file without the settings that open something; comments are lost.
///
/// # Errors
/// When it is no TOML.
pub fn without_secrets(text: &str) -> Result<String, toml::de::Error> {
    let mut table: toml::Table = toml::from_str(text)?;
    table.retain(|name, _| !SECRET_WORDS.iter().any(|word| name.contains(word)));
    Ok(table.to_string())
}

/// What the names of settings that open something have in them.
const SECRET_WORDS: [&str; 3] = ["secret", "password", "token"];

fn read_file(path: &Path) -> Result<Options, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|error| malformed(path, &text, &error))
}

/// The reader's words are English; the line that it stopped at, and what stands there, are everyone's.
fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or_default();
    let line = text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1;
    let found = text.get(span).map(str::trim).filter(|found| !found.is_empty() && !found.contains('\n'));
    let found = found.map(|found| format!(" «{found}»")).unwrap_or_default();
    let reason = match error.message() {
        message if message.starts_with("unknown field") => {
            format!("không có mục cấu hình{found}; các mục ở bảng trong docs/OPERATING.md, dấu - viết thành _.")
        }
        message if message.starts_with("duplicate") => format!("mục{found} bị lặp lại."),
        message if message.starts_with("invalid type") || message.starts_with("invalid value") => {
            format!("giá trị{found} không đúng kiểu: số viết trần, chữ trong ngoặc kép, có/không là true/false.")
        }
        _ => format!("không đúng cách viết TOML{found}; mỗi dòng là: tên_mục = giá trị, chữ trong ngoặc kép."),
    };
    ConfigError::Malformed { path: path.to_owned(), line, reason }
}

/// A setting in megabytes as bytes, refused outside `1..=max`.
fn megabytes(name: &str, value: u64, max: u64) -> Result<u64, ConfigError> {
    in_range(name, value, 1, max).map(|mb| mb << 20)
}

fn in_range(name: &str, value: u64, min: u64, max: u64) -> Result<u64, ConfigError> {
    if (min..=max).contains(&value) {
        Ok(value)
    } else {
        Err(ConfigError::Contradiction(format!("{name} = {value} nằm ngoài khoảng {min}–{max}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("hoclieu.toml"), "listen = \"127.0.0.1:9000\"\nsearch_budget_ms = 250\n")
            .unwrap();
        let flags = Options {
            data: Some(folder.path().to_owned()),
            listen: Some("127.0.0.1:9001".parse().unwrap()),
            ..Options::default()
        };
        let config = Config::load(flags).unwrap();
        assert_eq!(config.http.listen.port(), 9001);
        assert_eq!(config.search.budget.as_millis(), 250);
        assert_eq!(config.http.rate_limit_per_minute, 240);
    }

    #[test]
    fn settings_that_open_something_are_left_out_of_an_archive() {
        let text = "# nơi phục vụ\nlisten = \"127.0.0.1:9000\"\noidc_client_secret = \"kín\"\nfile_mb = 5\n";
        let open = without_secrets(text).unwrap();
        assert!(open.contains("listen") && open.contains("file_mb = 5") && !open.contains("kín"), "{open}");
        let secrets = Options::VARIABLES.iter().map(|name| name.to_lowercase());
        let known = |name: &String| SECRET_WORDS.iter().any(|word| name.contains(word));
        assert!(secrets.filter(known).any(|name| name == "hoclieu_oidc_client_secret"));
    }

    #[test]
    fn an_unknown_line_in_the_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "listne = \"127.0.0.1:9000\"\n").unwrap();
        let error = Config::load(Options { config: Some(path), ..Options::default() }).unwrap_err();
        assert!(error.to_string().contains("dòng 1: không có mục cấu hình «listne»"), "{error}");
    }

    #[test]
    fn what_is_wrong_with_the_file_is_said_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        for (text, told) in [
            ("file_mb = 5\nfile_mb = 6\n", "dòng 2: mục"),
            ("\nfile_mb = \"nhiều\"\n", "dòng 2: giá trị «\"nhiều\"» không đúng kiểu"),
            ("file_mb 5\n", "dòng 1: không đúng cách viết TOML"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Config::load(Options { config: Some(path.clone()), ..Options::default() }).unwrap_err();
            assert!(error.to_string().contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn a_certificate_without_its_key_is_refused() {
        let options = Options { tls_certificate: Some("cert.pem".into()), ..Options::default() };
        assert!(matches!(Config::load(options), Err(ConfigError::Contradiction(_))));
    }
}
