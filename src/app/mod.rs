//! Composition: opens every tool, joins them, and runs commands or the service. Holds no rule of the product.

mod accounts;
mod backup;
mod certificate;
pub mod commands;
mod explain;
mod listener;
pub mod socket;
mod stats;

pub use accounts::{AccountCommand, Wanted};
pub use backup::restore;
pub use commands::Command;

use crate::actions::accounts::AccountRules;
use crate::actions::context::{Bounds, Extras, Tools};
use crate::actions::letters::Post;
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context, indexing, seed};
use crate::antivirus::{self, Antivirus};
use crate::blobs::{BlobError, Blobs};
use crate::clock::Clock;
use crate::config::{Config, MailSecurity, Setting};
use crate::domain::account::session::SessionRules;
use crate::domain::complaint::{ComplaintRules, Reason};
use crate::domain::id::OrganisationId;
use crate::domain::job::Lane;
use crate::domain::registration::RegistrationRules;
use crate::domain::upload::UploadRules;
use crate::extract::{self, Extractor};
use crate::identity::{self, Provider};
use crate::inbox::Inbox;
use crate::jobs;
use crate::mail::{self, Mail};
use crate::search::{SearchError, SearchIndex};
use crate::store::{self, Store, StoreError};
use crate::vault::Vault;
use crate::web;
use chrono::TimeDelta;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Says why the program could not run, in Vietnamese.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("Máy chủ đang chạy trên thư mục dữ liệu {}. Hãy dừng nó trước, hoặc chọn --data khác.", .0.display())]
    AlreadyServing(PathBuf),
    #[error(
        "Một tiến trình hoclieu khác đang giữ thư mục dữ liệu {} (có lẽ một lệnh đang chạy). Hãy đợi nó xong rồi thử lại.",
        .0.display()
    )]
    DataInUse(PathBuf),
    #[error(
        "Một lần phục hồi vào thư mục dữ liệu {} chưa xong hoặc bị ngắt. Hãy chạy lại lệnh restore.",
        .0.display()
    )]
    HalfRestored(PathBuf),
    #[error("Kho dữ liệu: {0}")]
    Store(String),
    #[error("Không mở được {what}: {cause}")]
    Tool { what: &'static str, cause: String },
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Action(String),
    #[error("Lỗi đọc, ghi: {0}")]
    Io(#[from] std::io::Error),
}

impl From<ActionError> for AppError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Invalid { reason, .. } => Self::Action(reason),
            other => {
                let mut text = other.to_string();
                let mut cause = std::error::Error::source(&other);
                while let Some(error) = cause {
                    text = format!("{text}: {error}");
                    cause = error.source();
                }
                Self::Action(text)
            }
        }
    }
}

/// Every tool, opened.
pub struct App {
    context: Context,
    config: Config,
}

/// Sends the log to the standard error output; what is logged is set by `RUST_LOG`, warnings by default.
pub fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,hoclieu=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second start in one process (as in tests) keeps the first one's log.
    drop(log.try_init());
}

impl App {
    /// Opens the data folder, making it when it is missing.
    ///
    /// # Errors
    /// When another process holds it or a part of it cannot be used.
    pub fn open(config: Config) -> Result<Self, AppError> {
        if config.unfinished_restore_path().exists() {
            return Err(AppError::HalfRestored(config.data));
        }
        crate::actions::space::private_folder(&config.data)
            .map_err(|error| AppError::Tool { what: "thư mục dữ liệu", cause: error.to_string() })?;
        let store = open_store(&config)?;
        let blobs = Blobs::open(&config.blobs_path()).map_err(|error| blob_error(&error))?;
        let memory = usize::try_from(config.search.writer_memory_bytes).unwrap_or(usize::MAX);
        let search = SearchIndex::open(&config.index_path(), memory).map_err(|error| search_error(&error))?;
        let extractor = Extractor::new(extract_limits(&config))?.with_recogniser(&config.ocr.tesseract);
        let bounds = Bounds {
            search_budget: config.search.budget,
            file_bytes: config.extract.file_bytes,
            batch_bytes: config.extract.batch_bytes,
            disk_floor_bytes: config.disk_floor_bytes,
            complaints: complaint_rules(&config)?,
            registrations: registration_rules(&config),
            accounts: account_rules(&config),
            uploads: upload_rules(&config),
        };
        let extras = extras(&config)?;
        let tools = Tools { store, blobs, search, extractor, clock: Clock::system(), extras };
        let context = Context::new(tools, bounds)?;
        indexing::open_if_nothing_waits(&context)?;
        Ok(Self { context, config })
    }

    /// The actions' door, for those who drive the program from inside.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Serves until the process is asked to end; then finishes what is in hand.
    ///
    /// # Errors
    /// When the address cannot be bound or the first content cannot be loaded.
    pub async fn serve(self, progress: &(impl Progress + Clone + 'static)) -> Result<(), AppError> {
        let listener = listener::bind(&self.config.http).await?;
        let socket = socket::bind(&self.config)?;
        let parked = crate::actions::jobs::take_up_parked(&self.context).await?;
        if parked > 0 {
            tracing::info!(parked, "work that was given up is tried again");
        }
        let mut config = self.config.clone();
        config.http.listen = listener.address(config.http.listen);
        let (stop, mut background) = self.start_background();
        background.spawn(jobs::run_batches(self.context.clone(), stop.subscribe()));
        background.spawn(jobs::sign_texts(self.context.clone(), stop.subscribe()));
        background.spawn(jobs::turn_days(self.context.clone(), stop.subscribe()));
        background.spawn(jobs::keep_usage(self.context.clone(), stop.subscribe()));
        background.spawn(jobs::keep_uploads(self.context.clone(), stop.subscribe()));
        background.spawn(jobs::keep_classes(self.context.clone(), stop.subscribe()));
        background.spawn(jobs::keep_suggestions(self.context.clone(), stop.subscribe()));
        let workers = usize::try_from(self.config.ocr.workers).unwrap_or(1);
        // Scans are read while serving only: a command would otherwise end no sooner than the page in hand.
        background.spawn(jobs::run_jobs(self.context.clone(), Lane::Ocr, workers, stop.subscribe()));
        let commands = socket::answer(socket, self.context.clone(), config.clone());
        let commands = tokio::spawn(commands);
        self.seed_on_first_start(Arc::new(progress.clone())).await?;
        crate::actions::accounts::prepare(&self.context).await?;
        crate::actions::uploads::collect::prepare(&self.context).await?;
        accounts::greet(&self.context, &config, progress).await?;
        let scheme = if config.http.tls.is_some() { "https" } else { "http" };
        progress.say(&format!("hoclieu sẵn sàng tại {scheme}://{} (dừng: Ctrl+C)", config.http.listen));
        let router = web::router(self.context.clone(), web_config(&self.config));
        listener.serve(router, shutdown_signal()).await;
        commands.abort();
        stop.send_replace(true);
        finish(background).await;
        drop(std::fs::remove_file(self.config.socket_path()));
        Ok(())
    }

    /// Runs one command in this process, with background work beside it; answers whether all went well.
    ///
    /// # Errors
    /// When the command cannot run.
    pub async fn run_alone(self, command: Command, progress: Arc<dyn Progress>) -> Result<bool, AppError> {
        let (stop, background) = self.start_background();
        let result = commands::run(self.context.clone(), self.config.clone(), command, progress).await;
        stop.send_replace(true);
        finish(background).await;
        Ok(result?)
    }

    fn start_background(&self) -> (watch::Sender<bool>, JoinSet<()>) {
        let (stop, sign) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let workers = usize::try_from(self.config.extract.workers).unwrap_or(1);
        tasks.spawn(catch_up(self.context.clone(), sign.clone()));
        tasks.spawn(jobs::run_jobs(self.context.clone(), Lane::Files, workers, sign));
        (stop, tasks)
    }

    async fn seed_on_first_start(&self, progress: Arc<dyn Progress>) -> Result<(), AppError> {
        let (context, folder) = (self.context.clone(), self.config.seed_content.clone());
        let seeded = tokio::task::spawn_blocking(move || {
            if !folder.is_dir() || !seed::is_needed(&context)? {
                return Ok(None);
            }
            progress.say("Lần chạy đầu: nạp nội dung ban đầu …");
            seed::seed(&context, &folder, progress.as_ref()).map(|summary| Some((summary, progress)))
        });
        match seeded.await.map_err(std::io::Error::other)? {
            Ok(Some((summary, progress))) => drop(commands::tell(&summary, progress.as_ref())),
            Ok(None) => {}
            // A full disk keeps nobody from reading what is there; the next start tries again.
            Err(ActionError::Invalid { code: "disk-full", reason, .. }) => tracing::warn!(reason, "not seeded"),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// Builds the index anew when its generation was lost or made by another schema, then follows the log.
async fn catch_up(context: Context, sign: jobs::StopSign) {
    let building = context.clone();
    let built = tokio::task::spawn_blocking(move || {
        if building.is_ready() { Ok(0) } else { indexing::rebuild(&building, &crate::actions::progress::Silent) }
    });
    match built.await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "the index could not be built"),
        Err(error) => tracing::error!(%error, "building the index broke off"),
    }
    jobs::follow_log(context, sign).await;
}

async fn finish(mut background: JoinSet<()>) {
    while background.join_next().await.is_some() {}
}

fn open_store(config: &Config) -> Result<Store, AppError> {
    let options = store::Options { cache_bytes: config.store_cache_bytes };
    Store::open(&config.store_path(), options).map_err(|error| match error {
        StoreError::AlreadyOpen => AppError::DataInUse(config.data.clone()),
        StoreError::NewerSchema { found, known } => AppError::Store(format!(
            "kho thuộc phiên bản {found}, mới hơn phiên bản {known} mà chương trình này biết. Hãy cập nhật chương trình."
        )),
        other => AppError::Store(other.to_string()),
    })
}

fn blob_error(error: &BlobError) -> AppError {
    AppError::Tool { what: "thư mục tệp", cause: error.to_string() }
}

fn search_error(error: &SearchError) -> AppError {
    AppError::Tool { what: "chỉ mục", cause: error.to_string() }
}

fn extract_limits(config: &Config) -> extract::Limits {
    extract::Limits {
        cpu_seconds: config.extract.cpu_seconds,
        memory_bytes: config.extract.memory_bytes,
        pages: u32::try_from(config.extract.pages).unwrap_or(u32::MAX),
        input_bytes: config.extract.file_bytes,
        ocr_cpu_seconds: config.ocr.cpu_seconds,
        ocr_memory_bytes: config.ocr.memory_bytes,
        ..extract::Limits::default()
    }
}

/// The tools that a library may lack, as the options name them.
fn extras(config: &Config) -> Result<Extras, AppError> {
    let clamd = config.uploads.clamd.as_ref();
    let guide = config.centres_guide.as_ref().map(|guide| {
        let wrong = |_error| AppError::Usage(format!("centres_guide: «{guide}» không phải là mã cơ quan"));
        OrganisationId::parse(guide.trim()).map_err(wrong)
    });
    Ok(Extras {
        identity: identity_settings(config).map(Provider::new),
        vault: Some(Vault::open(&config.vault_key)),
        inbox: Some(Inbox::new(config.inbox_path())),
        material_address: Some(web::plain_material),
        post: post(config)?,
        antivirus: clamd.map(|clamd| Antivirus::new(antivirus::Address::parse(&clamd.address), clamd.required)),
        guide: guide.transpose()?,
    })
}

fn account_rules(config: &Config) -> AccountRules {
    let accounts = &config.accounts;
    let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    AccountRules {
        sessions: SessionRules {
            idle: TimeDelta::minutes(whole(accounts.session_idle_minutes)),
            absolute: TimeDelta::days(whole(accounts.session_days)),
        },
        sign_in_per_account: accounts.sign_in_per_account,
        sign_in_per_address: accounts.sign_in_per_address,
        registrations_per_address: config.registrations.per_address,
        admin_second_factor: accounts.admin_second_factor,
    }
}

fn complaint_rules(config: &Config) -> Result<ComplaintRules, AppError> {
    let mut rules = ComplaintRules::default().with_keep_days(config.complaints.keep_days);
    for (code, days) in &config.complaints.days {
        let known: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        let unknown = || {
            AppError::Usage(format!("complaint_days: «{code}» không phải là lý do. Các lý do: {}.", known.join(", ")))
        };
        rules = rules.with_days(Reason::from_code(code).ok_or_else(unknown)?, *days);
    }
    Ok(rules)
}

fn registration_rules(config: &Config) -> RegistrationRules {
    let registrations = &config.registrations;
    RegistrationRules {
        offer: TimeDelta::hours(i64::from(registrations.offer_hours)),
        waiting: registrations.waiting,
        keep_days: registrations.keep_days,
    }
}

fn upload_rules(config: &Config) -> UploadRules {
    let uploads = &config.uploads;
    UploadRules {
        media_bytes: uploads.media_bytes,
        account_bytes: uploads.account_bytes,
        total_bytes: uploads.total_bytes,
    }
}

fn identity_settings(config: &Config) -> Option<identity::Settings> {
    let known = config.accounts.identity.as_ref()?;
    Some(identity::Settings {
        issuer: known.issuer.clone(),
        client_id: known.client_id.clone(),
        client_secret: known.client_secret.clone(),
        redirect: format!("{}{}", accounts::base(&config.http), web::identity_return()),
    })
}

/// The way to the mail server, where one is configured.
fn post(config: &Config) -> Result<Option<Post>, AppError> {
    let Some(known) = &config.mail else { return Ok(None) };
    let settings = mail::Settings {
        host: known.host.clone(),
        port: known.port,
        security: match known.security {
            MailSecurity::Plain => mail::Security::Plain,
            MailSecurity::StartTls => mail::Security::StartTls,
            MailSecurity::Tls => mail::Security::Tls,
        },
        login: known.login.clone(),
        from: known.from.clone(),
    };
    let mail = Mail::new(&settings)
        .map_err(|error| AppError::Tool { what: "đường gửi thư", cause: error.to_string() })?;
    Ok(Some(Post { mail, base: accounts::base(&config.http), material: web::staff_material, request: web::request }))
}

fn web_config(config: &Config) -> web::Config {
    web::Config {
        public_url: config.http.public_url.clone(),
        own_certificate: config.http.tls.is_some(),
        contact: config.http.contact.clone(),
        trusted_proxies: config.http.trusted_proxies.clone(),
        rate_limit_per_minute: config.http.rate_limit_per_minute,
        session_seconds: config.accounts.session_days * 24 * 3600,
        limits: config.limits.iter().map(limit).collect(),
        ..web::Config::default()
    }
}

fn limit(setting: &Setting) -> web::Limit {
    web::Limit {
        flag: setting.flag(),
        about: setting.words().to_owned(),
        value: setting.value().unwrap_or_default(),
        is_given: setting.given.is_some(),
    }
}

/// Resolves when the process is asked to end.
async fn shutdown_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        drop(tokio::signal::ctrl_c().await);
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
