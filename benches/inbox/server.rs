//! The release binary with one bot in webhook mode.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::fake::Fake;
use super::post::SECRET;

/// The server; it ends with its value.
pub(crate) struct Server {
    child: Child,
    address: String,
    data: TempDir,
}

impl Server {
    pub(crate) async fn start(fake: &Fake, semantic: bool) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let config = data.path().join("fenghuo.toml");
        let text = format!(
            "[server]\npublic_url = \"https://fire.example\"\n[search]\nsemantic = {semantic}\n\
             [telegram.main]\ntoken = \"4242:bench\"\nmode = \"webhook\"\nsecret = \"{SECRET}\"\napi_url = \"{}\"\n",
            fake.url()
        );
        std::fs::write(&config, text).expect("written");
        let server = tokio::task::spawn_blocking(move || Self::run(data)).await.expect("started");
        server.ready(semantic).await;
        server
    }

    fn run(data: TempDir) -> Self {
        let config = data.path().join("fenghuo.toml").display().to_string();
        let folder = data.path().join("data").display().to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_fenghuo"))
            .args(["serve", "--listen", "127.0.0.1:0", "--config", &config, "--data", &folder])
            // No line a request, as the peer writes none.
            .env("RUST_LOG", "warn,fenghuo=info,fenghuo::server::access=warn")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let mut lines = lines.map_while(Result::ok);
        let address = lines
            .find_map(|line| {
                let log: serde_json::Value = serde_json::from_str(&line).ok()?;
                let fields = &log["fields"];
                (fields["message"] == "listening")
                    .then(|| fields["address"].as_str().map(str::to_owned))?
            })
            .expect("the server says where it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, data }
    }

    /// Waits for the bot, and with the encoder for the vectors.
    async fn ready(&self, semantic: bool) {
        loop {
            let url = format!("http://{}/readyz", self.address);
            let answer = reqwest::get(url).await.expect("an answer");
            let ready: serde_json::Value = answer.json().await.expect("JSON");
            let vectors = &ready["vectors"];
            if !semantic || (vectors["total"].is_u64() && vectors["done"] == vectors["total"]) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }

    pub(crate) fn hook(&self) -> String {
        format!("http://{}/in/telegram/main", self.address)
    }

    /// Resident memory in MB.
    pub(crate) fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a figure");
        let kilobytes =
            line.split_whitespace().nth(1).and_then(|figure| figure.parse::<f64>().ok());
        kilobytes.expect("a figure") / 1024.0
    }

    /// The database on disk in MB.
    pub(crate) fn disk(&self) -> f64 {
        let files = std::fs::read_dir(self.data.path().join("data")).expect("a folder");
        let size = files.filter_map(Result::ok).filter_map(|entry| entry.metadata().ok());
        size.filter(std::fs::Metadata::is_file).map(|meta| meta.len() as f64).sum::<f64>() / 1e6
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
