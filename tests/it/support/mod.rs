//! The binary as a user runs it: one-shot commands and a server on loopback.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, RequestBuilder, Response};
use tempfile::TempDir;

pub(crate) mod bot_api;
pub(crate) mod http;
pub(crate) mod outside;
#[expect(dead_code, reason = "the unit tests of `bot` use the rest of it")]
pub(crate) mod smtp;
pub(crate) mod telegram;
pub(crate) mod wechat;

/// The binary under test, run where it finds no configuration of a developer.
pub(crate) fn fenghuo(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fenghuo"));
    command.args(args).current_dir(root());
    command
}

/// Root of the checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of `tests/fixtures`.
pub(crate) fn fixture(name: &str) -> String {
    root().join("tests/fixtures").join(name).display().to_string()
}

/// Runs `args` to their end.
pub(crate) fn run(args: &[&str]) -> Output {
    fenghuo(args).output().expect("the binary starts")
}

/// Runs `args` with `input` on standard input.
pub(crate) fn run_with(args: &[&str], input: &[u8]) -> Output {
    let mut child = fenghuo(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input).expect("the binary reads");
    child.wait_with_output().expect("the binary ends")
}

/// Standard output as text.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Standard error as text.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A copy of a library that a test may change.
pub(crate) fn copy(from: &Path) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    copy_into(from, dir.path());
    dir
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// A running server with a data folder of its own; it ends with the test.
pub(crate) struct App {
    child: Child,
    address: String,
    client: Client,
    pub(crate) data: TempDir,
}

impl App {
    /// A server of the built-in library.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// A server with further arguments.
    pub(crate) fn with(args: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        Self::on(data, args)
    }

    /// A server on the data folder of an earlier one.
    pub(crate) fn on(data: TempDir, args: &[&str]) -> Self {
        let data_arg = data.path().display().to_string();
        let mut child = fenghuo(&["serve", "--listen", "127.0.0.1:0", "--data", &data_arg])
            .args(args)
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let mut lines = stderr.lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| {
                let log: serde_json::Value = serde_json::from_str(&line).ok()?;
                let fields = &log["fields"];
                (fields["message"] == "listening")
                    .then(|| fields["address"].as_str().map(str::to_owned))?
            })
            .expect("the server says where it listens");
        // Its log must be read on, or the pipe fills and the server waits.
        std::thread::spawn(move || lines.for_each(drop));
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { child, address, client, data }
    }

    /// The same once it knows every text by meaning: until then it answers by words alone, and says less.
    pub(crate) fn settled(self) -> Self {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let ready: serde_json::Value = self.get("/readyz").json().expect("JSON");
            let vectors = &ready["vectors"];
            if vectors["done"] == vectors["total"] {
                return self;
            }
            assert!(Instant::now() < until, "meanings are never there: {ready}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().expect("an answer")
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// Posts JSON and reads JSON.
    pub(crate) fn post(&self, path: &str, body: &serde_json::Value) -> serde_json::Value {
        self.request("POST", path).json(body).send().expect("an answer").json().expect("JSON")
    }

    /// Kills it as a power cut would, and gives its data folder.
    pub(crate) fn kill(mut self) -> TempDir {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
        std::mem::replace(&mut self.data, tempfile::tempdir().expect("a folder"))
    }

    /// Ends the process as a power cut would, while others may be talking to it.
    pub(crate) fn cut(&self) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Sends SIGTERM and waits; whether it ended well.
    pub(crate) fn stop(mut self) -> (bool, TempDir) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        let status = self.child.wait().expect("it ends");
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().expect("a folder"));
        (status.success(), data)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says on standard error that a test cannot run here.
#[expect(clippy::print_stderr, reason = "a test that cannot run here must say so")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
