//! How long work tells how far it has come.

/// Hears of progress; a terminal, a socket or nobody.
pub trait Progress: Send + Sync {
    /// A stage begins; `total` is the number of steps when it is known.
    fn begin(&self, label: &str, total: Option<u64>);
    /// So many more steps are done.
    fn advance(&self, steps: u64);
    /// A line for the reader, in Vietnamese.
    fn say(&self, line: &str);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _label: &str, _total: Option<u64>) {}
    fn advance(&self, _steps: u64) {}
    fn say(&self, _line: &str) {}
}
