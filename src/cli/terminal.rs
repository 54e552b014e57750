//! Shows progress and outcomes on the terminal, in Vietnamese.

use crate::actions::progress::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Writes lines to the standard output, progress and errors to the standard error output.
#[derive(Clone, Default)]
pub(super) struct Terminal {
    bar: Arc<Mutex<Option<ProgressBar>>>,
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

    pub(super) fn error(message: &str) {
        drop(writeln!(std::io::stderr(), "Lỗi: {message}"));
    }

    fn with_bar(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for Terminal {
    fn begin(&self, label: &str, total: Option<u64>) {
        self.with_bar(|bar| {
            if let Some(done) = bar.take() {
                done.finish();
            }
            let (fresh, shape) = match total {
                Some(total) => (ProgressBar::new(total), "{msg} [{bar:30}] {human_pos}/{human_len} ({eta})"),
                None => (ProgressBar::no_length(), "{msg} {spinner} {human_pos} ({per_sec})"),
            };
            fresh.set_style(ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar()));
            fresh.set_message(label.to_owned());
            *bar = Some(fresh);
        });
    }

    fn advance(&self, steps: u64) {
        self.with_bar(|bar| bar.iter().for_each(|bar| bar.inc(steps)));
    }

    fn say(&self, line: &str) {
        self.with_bar(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish();
            }
        });
        drop(writeln!(std::io::stdout(), "{line}"));
    }
}
