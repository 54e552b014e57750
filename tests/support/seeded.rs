//! One server with the seed content for all tests that only read.

use super::program::{Server, seed_content};
use std::sync::OnceLock;

/// The address of a server that holds the seed content; started once, ended with the tests.
pub(crate) fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        let data = tempfile::tempdir().expect("a folder for data").keep();
        let seed = seed_content();
        let server = Server::start(&data, &["--seed-content", &seed.to_string_lossy()]);
        let url = server.url.clone();
        super::program::end_with_tests(server, data);
        url
    })
}
