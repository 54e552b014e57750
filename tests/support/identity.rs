//! A real OpenID provider, from the registry that `make setup-tests` installs from.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The provider; ended when dropped.
pub(crate) struct Provider {
    child: Child,
    /// Where it describes itself.
    pub(crate) issuer: String,
}

/// A port that nobody uses at the moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

impl Provider {
    /// Starts a provider that knows one service, which lives at `public_url`.
    pub(crate) fn start(public_url: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let port = free_port().to_string();
        let mut child = Command::new("node")
            .arg(root.join("tests/fixtures/identity/provider.mjs"))
            .arg(root.join("target/tools/node_modules"))
            .args([&port, &format!("{public_url}/dang-nhap/danh-tinh/ve")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed (make setup-tests installs it)");
        let mut out = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let ready = out.by_ref().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "oidc-provider did not start (make setup-tests installs it)");
        std::thread::spawn(move || out.for_each(drop));
        Self { child, issuer: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
