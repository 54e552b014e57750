//! A real Chromium over its `DevTools` protocol: one browser for all tests, one context of its own for each.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// How long anything in the browser may take; machines under test are busy.
const PATIENCE: Duration = Duration::from_secs(30);

const FLAGS: [&str; 14] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--mute-audio",
    "--lang=vi",
    "--remote-debugging-port=0",
    "about:blank",
];

/// The websocket address of the one browser.
fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        let profile = tempfile::tempdir().expect("a profile folder").keep();
        let mut child = Command::new("chromium")
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(FLAGS)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("chromium is installed (make setup-tests installs it)");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let found = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split("DevTools listening on ").nth(1).map(str::to_owned));
        // Chromium stops when nobody reads what it writes.
        std::thread::spawn(move || lines.for_each(drop));
        end_group_with_tests(child.id(), &profile);
        found.expect("chromium tells its address")
    })
}

/// Ends the browser's process group once the test process is gone.
fn end_group_with_tests(group: u32, profile: &Path) {
    let watcher = "while kill -0 \"$1\" 2>/dev/null; do sleep 0.5; done; kill -9 \"-$2\" 2>/dev/null; sleep 0.5; rm -rf -- \"$3\"";
    Command::new("sh")
        .args(["-c", watcher, "watcher", &std::process::id().to_string(), &group.to_string()])
        .arg(profile)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh starts");
}

/// A page in a context of its own: own cookies, own storage.
pub(crate) struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: String,
    next: AtomicU64,
    answers: HashMap<u64, Value>,
    events: Vec<Value>,
    /// The sessions of the page's service workers.
    workers: Vec<String>,
}

impl Page {
    /// Opens a page of the given size in CSS pixels.
    pub(crate) async fn open(width: u32, height: u32) -> Self {
        let limits = WebSocketConfig::default().max_message_size(Some(256 << 20)).max_frame_size(Some(256 << 20));
        let (socket, _) = connect_async_with_config(address(), Some(limits), false).await.expect("chromium answers");
        let mut page = Self {
            socket,
            session: String::new(),
            next: AtomicU64::new(1),
            answers: HashMap::new(),
            events: Vec::new(),
            workers: Vec::new(),
        };
        let context = page.call("Target.createBrowserContext", json!({"disposeOnDetach": true})).await;
        let target = page
            .call("Target.createTarget", json!({"url": "about:blank", "browserContextId": context["browserContextId"]}))
            .await;
        let attached =
            page.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true})).await;
        page.session = attached["sessionId"].as_str().expect("a session").to_owned();
        page.call("Page.enable", json!({})).await;
        page.call("Runtime.enable", json!({})).await;
        page.resize(width, height).await;
        page
    }

    /// Gives the page another size.
    pub(crate) async fn resize(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Sends a command and waits for its answer.
    pub(crate) async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.call_in(None, method, parameters).await
    }

    /// The same to another session than the page's own.
    async fn call_in(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({"id": id, "method": method, "params": parameters});
        let session = session.unwrap_or(&self.session);
        if !session.is_empty() {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).await.expect("chromium listens");
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.hear(deadline, method).await;
        }
    }

    async fn hear(&mut self, deadline: Instant, waiting_for: &str) {
        let left = deadline.saturating_duration_since(Instant::now());
        let message = tokio::time::timeout(left, self.socket.next()).await;
        let message = message.unwrap_or_else(|_| panic!("chromium is silent about {waiting_for}"));
        let Some(Ok(Message::Text(text))) = message else { return };
        let value: Value = serde_json::from_str(&text).expect("JSON from chromium");
        if let Some(id) = value["id"].as_u64() {
            self.answers.insert(id, value);
            return;
        }
        let target = &value["params"];
        if value["method"] == "Target.attachedToTarget" && target["targetInfo"]["type"] == "service_worker" {
            self.workers.extend(target["sessionId"].as_str().map(str::to_owned));
        } else if value["method"] == "Target.detachedFromTarget" {
            self.workers.retain(|worker| target["sessionId"] != *worker);
        }
        self.events.push(value);
    }

    /// Hears of the page's service workers, so that [`Page::offline`] reaches them.
    pub(crate) async fn follow_workers(&mut self) {
        let all = json!({"autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true});
        self.call("Target.setAutoAttach", all).await;
    }

    /// Takes the line away from the page and its service workers, or gives it back.
    pub(crate) async fn offline(&mut self, is_offline: bool) {
        let line = json!({"offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.call("Network.enable", json!({})).await;
        self.call("Network.emulateNetworkConditions", line.clone()).await;
        for worker in self.workers.clone() {
            self.call_in(Some(&worker), "Network.enable", json!({})).await;
            self.call_in(Some(&worker), "Network.emulateNetworkConditions", line.clone()).await;
        }
    }

    /// Goes to an address and waits until the page is loaded.
    pub(crate) async fn goto(&mut self, url: &str) {
        self.events.clear();
        let gone = self.call("Page.navigate", json!({"url": url})).await;
        assert!(gone.get("errorText").is_none(), "{url}: {gone}");
        self.loaded().await;
    }

    /// Waits for a page to be loaded after an act that leads to one.
    pub(crate) async fn loaded(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            self.hear(deadline, "the page to load").await;
        }
        self.events.clear();
    }

    /// Evaluates an expression (a promise is awaited) and answers its value.
    pub(crate) async fn eval(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Evaluates an expression that answers a text.
    pub(crate) async fn text(&mut self, expression: &str) -> String {
        self.eval(expression).await.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks on what a selector finds and waits for the page that follows.
    pub(crate) async fn follow(&mut self, selector: &str) {
        self.events.clear();
        let quoted = json!(selector);
        self.eval(&format!("document.querySelector({quoted}).click()")).await;
        self.loaded().await;
    }

    /// Types text into what has the focus.
    pub(crate) async fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text})).await;
    }

    /// Presses and releases a key.
    pub(crate) async fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "Space" => (32, " "),
            "Escape" => (27, ""),
            "End" => (35, ""),
            "Home" => (36, ""),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            other => panic!("no key code for {other}"),
        };
        let name = if key == "Space" { " " } else { key };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": name, "code": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Chooses files in a field.
    pub(crate) async fn attach(&mut self, selector: &str, files: &[&Path]) {
        let root = self.call("DOM.getDocument", json!({})).await["root"]["nodeId"].clone();
        let found = self.call("DOM.querySelector", json!({"nodeId": root, "selector": selector})).await;
        self.call("DOM.setFileInputFiles", json!({"nodeId": found["nodeId"], "files": files})).await;
    }

    /// Waits until an expression is true.
    pub(crate) async fn until(&mut self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.eval(expression).await != json!(true) {
            assert!(Instant::now() < deadline, "never true: {expression}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lets downloads into a folder.
    pub(crate) async fn save_downloads_to(&mut self, folder: &Path) {
        self.call("Page.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": folder})).await;
    }

    /// Waits for the one finished download in a folder.
    pub(crate) async fn downloaded(&mut self, folder: &Path) -> PathBuf {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let files: Vec<PathBuf> =
                std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
            match files.as_slice() {
                [file] if file.extension().is_none_or(|ending| ending != "crdownload") => return file.clone(),
                _ => assert!(Instant::now() < deadline, "no download ended: {files:?}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Fails when the page scrolls sideways or violates an accessibility rule.
    pub(crate) async fn check(&mut self, what: &str) {
        let over = self.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().expect("a number");
        assert!(over <= 0, "{what} scrolls sideways by {over} px");
        let violations = self.axe_violations().await;
        assert!(violations.is_empty(), "{what}: {violations:#?}");
    }

    /// The names of the accessibility rules that the page violates, with the elements that do.
    pub(crate) async fn axe_violations(&mut self) -> Vec<String> {
        let source = std::fs::read_to_string(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/target/tools/node_modules/axe-core/axe.min.js"
        ))
        .expect("axe-core is installed (make setup-tests installs it)");
        self.eval(&source).await;
        let found = self
            .eval("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' ')))")
            .await;
        found.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
