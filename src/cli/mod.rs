//! The command line: reads what is asked, finds a running server or opens the store itself, and tells the outcome.

mod arguments;
mod client;
mod terminal;
mod words;

use crate::app::{self, App, AppError, Command};
use crate::config::Config;
use arguments::{VaultVerb, Verb};
use std::process::ExitCode;
use terminal::Terminal;

/// Ran and found problems, or some rows could not be used.
const EXIT_PROBLEMS: u8 = 1;
/// Could not run at all.
const EXIT_UNABLE: u8 = 2;

/// Runs the program; the exit code is 0 for success, 1 when problems were found, 2 when it could not run.
pub fn main() -> ExitCode {
    let arguments = match words::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err((text, true)) => {
            Terminal::text(&text);
            return ExitCode::SUCCESS;
        }
        Err((text, false)) => return unable(&text),
    };
    let config = match Config::load(arguments.options) {
        Ok(config) => config,
        Err(error) => return unable(&error.to_string()),
    };
    app::start_log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return unable(&format!("Không khởi động được: {error}")),
    };
    let outcome = runtime.block_on(async {
        match arguments.verb {
            Verb::Serve => serve(config).await,
            Verb::Restore { file, without_keys } => {
                app::restore(config, file, !without_keys, Terminal::new().into_progress()).await
            }
            verb => run(config, verb.command().map_err(AppError::Usage)?).await,
        }
    });
    // Background threads of a finished command must not hold the program up.
    runtime.shutdown_background();
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(EXIT_PROBLEMS),
        Err(error) => unable(&error.to_string()),
    }
}

fn unable(message: &str) -> ExitCode {
    Terminal::error(message);
    ExitCode::from(EXIT_UNABLE)
}

async fn serve(config: Config) -> Result<bool, AppError> {
    if client::server_is_running(&config).await {
        return Err(AppError::AlreadyServing(config.data));
    }
    let terminal = Terminal::new();
    let app = App::open(config)?;
    app.serve(&terminal).await?;
    Ok(true)
}

/// Runs a command through the server that holds the data, or by itself when none does.
async fn run(config: Config, command: Command) -> Result<bool, AppError> {
    let terminal = Terminal::new();
    if let Some(server) = client::connect(&config).await {
        Terminal::note("Máy chủ đang chạy trên thư mục dữ liệu này; lệnh được chuyển cho máy chủ.");
        return server.run(command, &terminal).await;
    }
    let is_absent = !config.store_path().is_file() && !config.unfinished_restore_path().exists();
    if command.needs_data() && is_absent {
        let reason = format!(
            "Chưa có dữ liệu ở {}. Hãy kiểm tra --data, hoặc chạy `hoclieu serve` hay `hoclieu seed` trước.",
            config.data.display()
        );
        return Err(AppError::Usage(reason));
    }
    let app = App::open(config)?;
    app.run_alone(command, terminal.into_progress()).await
}

impl Verb {
    /// The command behind the verb.
    fn command(self) -> Result<Command, String> {
        let absolute = |path: std::path::PathBuf| std::path::absolute(&path).map_err(|error| error.to_string());
        match self {
            Self::Serve | Self::Restore { .. } => Err("Lệnh này không chạy qua máy chủ.".to_owned()),
            Self::Seed => Ok(Command::Seed),
            Self::Import { path, options } => {
                absolute(path).and_then(|path| Ok(Command::Import { path, options: options.into_options()? }))
            }
            Self::Export { folder } => absolute(folder).map(|folder| Command::Export { folder }),
            Self::Backup { file } => absolute(file).map(|file| Command::Backup { file }),
            Self::Reindex => Ok(Command::Reindex),
            Self::Explain { words, material } => Ok(Command::Explain { words, material }),
            Self::Stats(arguments) => arguments.into_request().map(|wanted| Command::Stats { wanted }),
            Self::Doctor => Ok(Command::Doctor),
            Self::Vault(VaultVerb::Rotate) => Ok(Command::RotateVault),
            Self::Account(verb) => verb.command(),
            Self::Token(verb) => verb.command(),
        }
    }
}
