//! The `hoclieu` program: a thin door to [`hoclieu::cli`].

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Gives memory back after a large import, which the system's own allocator holds on to.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // The confined child limits itself before anything else is set up.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == hoclieu::extract::WORKER_COMMAND) {
        return hoclieu::extract::worker_main();
    }
    hoclieu::cli::main()
}
