//! Shows progress and outcomes on the terminal, in Vietnamese.

use crate::actions::progress::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a log, which shows no bar, hears how far long work has come.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Writes lines to the standard output, progress and errors to the standard error output.
#[derive(Clone, Default)]
pub(super) struct Terminal {
    stage: Arc<Mutex<Option<Stage>>>,
}

/// What is going on.
enum Stage {
    /// A person looks on.
    Bar(ProgressBar),
    /// The output goes to a file or another program.
    Log { label: String, total: Option<u64>, done: u64, told: Instant },
}

impl Stage {
    fn begin(label: &str, total: Option<u64>) -> Self {
        if !std::io::stderr().is_terminal() {
            Terminal::note(&format!("{label} …"));
            return Self::Log { label: label.to_owned(), total, done: 0, told: Instant::now() };
        }
        let (bar, shape) = match total {
            Some(total) => (ProgressBar::new(total), "{msg} [{bar:30}] {human_pos}/{human_len} ({eta})"),
            None => (ProgressBar::no_length(), "{msg} {spinner} {human_pos} ({per_sec})"),
        };
        bar.set_style(ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(label.to_owned());
        Self::Bar(bar)
    }

    fn advance(&mut self, steps: u64) {
        match self {
            Self::Bar(bar) => bar.inc(steps),
            Self::Log { label, total, done, told } => {
                *done += steps;
                if told.elapsed() >= LOG_EVERY {
                    *told = Instant::now();
                    let of = total.map_or_else(String::new, |total| format!("/{total}"));
                    Terminal::note(&format!("{label} … {done}{of}"));
                }
            }
        }
    }

    fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish();
        }
    }
}

impl Terminal {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// This terminal as the listener of a long piece of work.
    pub(super) fn into_progress(self) -> Arc<dyn Progress> {
        Arc::new(self)
    }

    pub(super) fn note(line: &str) {
        drop(writeln!(std::io::stderr(), "{line}"));
    }

    /// Text that was asked for.
    pub(super) fn text(text: &str) {
        drop(write!(std::io::stdout(), "{text}"));
    }

    pub(super) fn error(message: &str) {
        drop(writeln!(std::io::stderr(), "Lỗi: {message}"));
    }

    fn with_stage(&self, act: impl FnOnce(&mut Option<Stage>)) {
        act(&mut self.stage.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for Terminal {
    fn begin(&self, label: &str, total: Option<u64>) {
        self.with_stage(|stage| {
            if let Some(done) = stage.take() {
                done.finish();
            }
            *stage = Some(Stage::begin(label, total));
        });
    }

    fn advance(&self, steps: u64) {
        self.with_stage(|stage| stage.iter_mut().for_each(|stage| stage.advance(steps)));
    }

    fn say(&self, line: &str) {
        self.with_stage(|stage| {
            if let Some(stage) = stage.take() {
                stage.finish();
            }
        });
        drop(writeln!(std::io::stdout(), "{line}"));
    }
}
