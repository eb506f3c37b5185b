//! Chromium without a window, steered through its driver, and what it says of a page.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::TestApp;
use crate::support::skip;

/// axe-core, which finds what keeps people with disabilities out; see the notice at its top.
const AXE: &str = include_str!("axe.min.js");
/// The rules that are held to: WCAG 2.2 at level AA, and what the makers of axe advise.
const RUN_AXE: &str = "const [options, done] = arguments; \
    axe.run(document, {resultTypes: ['violations'], ...options}).then( \
      found => done(found.violations.map(it => it.id + ': ' + it.help + ' — ' \
        + it.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join('; '))), \
      error => done(['axe: ' + error]))";
/// The rules whose outcome depends on colours; the others find the same in light and in dark.
const COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// Light or dark, as the reader's system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// A browser with one tab.
pub(crate) struct Browser {
    pub(crate) tab: Client,
    _driver: Driver,
    _profile: TempDir,
}

/// Chromium's driver. When it is dropped it is gone, and so is its browser, also where a test has failed.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.0.id())).into_iter().flatten().flatten();
        let children = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
        for id in children.flat_map(|ids| ids.split(' ').filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        {
            // A browser whose tab was closed has ended by itself.
            let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Performs a test in a browser that shows this app; skips it by name where there is none, unless CI counts on it.
pub(crate) fn in_browser(test: &str, app: &TestApp, perform: impl AsyncFnOnce(&Browser)) {
    let Some(driver) = chromedriver() else {
        return absent(test, "no chromedriver is installed (Debian, Ubuntu: chromium-driver)");
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let Some(browser) = Browser::start(driver, app).await else {
            return absent(test, "no Chromium is installed (Debian, Ubuntu: chromium)");
        };
        perform(&browser).await;
        browser.end().await;
    });
}

/// Whoever tests on their own machine may have no browser; where all is to be tested, its absence is a fault.
fn absent(test: &str, why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{why}, and under CI nothing is skipped");
    skip(test, why);
}

/// The driver, started, and the port that it listens on.
fn chromedriver() -> Option<(Driver, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
    Some((Driver(driver), port.expect("it says its port")))
}

impl Browser {
    /// None where there is a driver and nothing to drive.
    async fn start((driver, port): (Driver, u16), app: &TestApp) -> Option<Browser> {
        let profile = tempfile::Builder::new().prefix("hotseat-browser-").tempdir().expect("a folder");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            &format!("--user-data-dir={}", profile.path().display()),
        ]
        .map(str::to_string);
        let wanted = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let wanted = wanted.as_object().expect("it is one").clone();
        let tab = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        if tab.as_ref().is_err_and(|error| error.to_string().to_lowercase().contains("chrome binary")) {
            return None;
        }
        let tab = tab.expect("Chromium starts");
        let browser = Browser { tab, _driver: driver, _profile: profile };
        browser.look(Scheme::Light, 1440).await;
        browser.tab.goto(&format!("http://127.0.0.1:{}/", app.port)).await.expect("the app answers");
        Some(browser)
    }

    async fn end(self) {
        self.tab.clone().close().await.expect("the tab closes");
    }

    /// Shows pages in this scheme, so many pixels wide.
    pub(crate) async fn look(&self, scheme: Scheme, width: u32) {
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", media).await;
        let size = json!({ "width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        let call = Call { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) };
        self.tab.issue_cmd(call).await.unwrap_or_else(|e| panic!("{command}: {e}"));
    }

    /// Goes to a page of the app.
    pub(crate) async fn open(&self, app: &TestApp, path: &str) {
        let address = format!("http://127.0.0.1:{}{path}", app.port);
        self.tab.goto(&address).await.unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// What keeps people from using this page, and what else is wrong with it.
    pub(crate) async fn complaints(&self, scheme: Scheme) -> Vec<String> {
        self.tab.execute(AXE, Vec::new()).await.expect("axe loads");
        let options = match scheme {
            Scheme::Light => json!({}),
            Scheme::Dark => json!({ "runOnly": { "type": "rule", "values": COLOURS } }),
        };
        let found = self.tab.execute_async(RUN_AXE, vec![options]).await.expect("axe runs");
        let mut complaints = texts(&found);
        let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let beyond = self.tab.execute(wide, Vec::new()).await.expect("it is a number");
        if beyond.as_i64() != Some(0) {
            complaints.push(format!("the page is {beyond} pixels wider than the window"));
        }
        let foreign = "return performance.getEntriesByType('resource').map(it => it.name) \
            .filter(name => !name.startsWith(location.origin))";
        let foreign = texts(&self.tab.execute(foreign, Vec::new()).await.expect("it is a list"));
        complaints.extend(foreign.into_iter().map(|name| format!("a request to elsewhere: {name}")));
        complaints.extend(self.log().await);
        complaints
    }

    /// What the browser has written on its console since the last look.
    async fn log(&self) -> Vec<String> {
        let call = Call { path: "se/log", body: json!({ "type": "browser" }) };
        let lines = self.tab.issue_cmd(call).await.expect("the browser keeps a log");
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| format!("console: {}", line["message"])).collect()
    }

    /// The text of the first element that a selector names; waits until it is there.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let element = self.tab.wait().for_element(Locator::Css(selector)).await;
        let element = element.unwrap_or_else(|e| panic!("{selector}: {e}"));
        element.text().await.unwrap_or_else(|e| panic!("{selector}: {e}"))
    }

    /// Clicks on the first element that a selector names; waits until it is there.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.tab.wait().for_element(Locator::Css(selector)).await;
        let element = element.unwrap_or_else(|e| panic!("{selector}: {e}"));
        element.click().await.unwrap_or_else(|e| panic!("{selector}: {e}"));
    }

    /// Writes into a field.
    pub(crate) async fn write(&self, selector: &str, text: &str) {
        let element = self.tab.wait().for_element(Locator::Css(selector)).await;
        let element = element.unwrap_or_else(|e| panic!("{selector}: {e}"));
        element.send_keys(text).await.unwrap_or_else(|e| panic!("{selector}: {e}"));
    }
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
}

/// A command of Chromium's driver that is in no standard.
#[derive(Debug)]
struct Call {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Call {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
