//! A simulator of the official-account platform, and people who write to an account on it.
//!
//! It signs, seals and repeats as the platform does, and takes no reply the platform would not take. Its
//! code shares nothing with that of the channel. Five seconds are not waited for: a repeat is sent at once.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use aes::Aes256;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use sha1::{Digest, Sha1};
use tempfile::TempDir;

use super::App;

pub(crate) const TOKEN: &str = "fenghuoToken";
pub(crate) const APP_ID: &str = "wx2c2769f8efd9abc2";
pub(crate) const AES_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
/// Our account's own name.
pub(crate) const ACCOUNT: &str = "gh_10f6c3c3ac5a";
/// The day the server has.
pub(crate) const NOW: &str = "2026-11-10T09:00:00+08:00";

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// How the platform posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// 明文模式
    Plain,
    /// 兼容模式
    Both,
    /// 安全模式
    Safe,
}

/// A request as the platform makes it.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// The platform with one account, whose server is ours.
pub(crate) struct Platform {
    pub(crate) app: Option<App>,
    pub(crate) mode: Mode,
    arguments: Vec<String>,
    numbers: AtomicU64,
    _config: TempDir,
}

impl Platform {
    /// An account on a server of the built-in library.
    pub(crate) fn start(mode: Mode) -> Self {
        Self::with(mode, &[])
    }

    /// The same with more arguments.
    pub(crate) fn with(mode: Mode, arguments: &[&str]) -> Self {
        let key = match mode {
            Mode::Plain => String::new(),
            Mode::Both | Mode::Safe => format!("aes_key = \"{AES_KEY}\"\n"),
        };
        let config = format!(
            "[server]\npublic_url = \"https://fire.example\"\n\
             [wechat.main]\napp_id = \"{APP_ID}\"\ntoken = \"{TOKEN}\"\n{key}"
        );
        Self::configured(mode, &config, arguments)
    }

    /// An account configured with `config`, which holds our token, `AppID` and key.
    pub(crate) fn configured(mode: Mode, config: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("fenghuo.toml");
        std::fs::write(&file, config).expect("written");
        let mut all = vec!["--config".to_owned(), file.display().to_string()];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let mut platform =
            Self { app: None, mode, arguments: all, numbers: AtomicU64::new(1), _config: folder };
        platform.serve(tempfile::tempdir().expect("a folder"), NOW);
        platform
    }

    /// Starts the server on `data` at `now`.
    pub(crate) fn serve(&mut self, data: TempDir, now: &str) {
        let mut arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        arguments.extend(["--now", now]);
        self.app = Some(App::on(data, &arguments).settled());
    }

    /// Ends the server as a power cut would, and starts it again.
    pub(crate) fn power_cut(&mut self) {
        let data = self.app.take().expect("it runs").kill();
        self.serve(data, NOW);
    }

    /// Lets the server end well; its data.
    pub(crate) fn stop(&mut self) -> TempDir {
        let (well, data) = self.app.take().expect("it runs").stop();
        assert!(well, "the server ended badly");
        data
    }

    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().expect("it runs")
    }

    /// A number nothing had before.
    pub(crate) fn number(&self) -> u64 {
        6_054_768_590_064_713_000 + self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// What the platform posts when `who` does what `inner` says.
    pub(crate) fn compose(&self, who: &str, inner: &str) -> Post {
        let message = message(who, inner);
        self.wrap(&message, second())
    }

    /// `message` in the mode of the account, signed at `second`.
    pub(crate) fn wrap(&self, message: &str, second: i64) -> Post {
        self.wrap_for(message, second, APP_ID)
    }

    /// The same, sealed for `app_id`.
    pub(crate) fn wrap_for(&self, message: &str, second: i64, app_id: &str) -> Post {
        let (second, nonce) = (second.to_string(), (self.number() % 1_000_000_007).to_string());
        let signature = sign(&[TOKEN, &second, &nonce]);
        let mut query =
            vec![("signature", signature), ("timestamp", second.clone()), ("nonce", nonce.clone())];
        if self.mode == Mode::Plain {
            return Post { query, body: message.to_owned() };
        }
        let sealed = seal(message, app_id);
        query.push(("encrypt_type", "aes".to_owned()));
        query.push(("msg_signature", sign(&[TOKEN, &second, &nonce, &sealed])));
        let outer = format!("<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>");
        let body = match self.mode {
            Mode::Both => message.replace("</xml>", &outer),
            _ => format!("<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>{outer}"),
        };
        Post { query, body }
    }

    /// Posts, as often as one likes.
    pub(crate) fn post(&self, post: &Post) -> Got {
        self.try_post(post).expect("an answer")
    }

    /// Posts to a server that may be dead.
    pub(crate) fn try_post(&self, post: &Post) -> Option<Got> {
        let request = self.app().request("POST", "/in/wechat/main").query(&post.query);
        let answer = request.body(post.body.clone()).send().ok()?;
        Some(Got { status: answer.status().as_u16(), body: answer.text().ok()? })
    }

    /// What she reads; `None` where the account says nothing. Fails where the platform would tell her that
    /// the account is out of order.
    pub(crate) fn read(&self, who: &str, got: &Got) -> Option<String> {
        assert_eq!(got.status, 200, "{}", got.body);
        if got.body.is_empty() || got.body == "success" {
            return None;
        }
        let message = match self.mode {
            Mode::Plain => got.body.clone(),
            Mode::Both | Mode::Safe => open(&got.body),
        };
        assert_eq!(field(&message, "ToUserName"), who, "{message}");
        assert_eq!(field(&message, "FromUserName"), ACCOUNT, "{message}");
        assert_eq!(field(&message, "MsgType"), "text", "{message}");
        let created = field(&message, "CreateTime").parse::<i64>().expect("a second");
        assert!((0..600).contains(&(created - second())), "{created}");
        let content = field(&message, "Content");
        assert!(!content.trim().is_empty() && content.len() <= 2048, "{}", content.len());
        assert!(content.chars().count() <= 600, "{}", content.chars().count());
        let links = content.matches("<a href=\"https://fire.example/").count();
        assert_eq!(content.matches('<').count(), 2 * links, "{content}");
        Some(content)
    }
}

/// Someone who follows the account, and what she sees.
pub(crate) struct Follower<'p> {
    platform: &'p Platform,
    openid: String,
    pub(crate) last: Option<String>,
    log: String,
}

impl<'p> Follower<'p> {
    pub(crate) fn new(platform: &'p Platform, name: &str) -> Self {
        let openid = format!("oyORnuP8q7ou2gfYjqLzS{name}");
        Self { platform, openid, last: None, log: String::new() }
    }

    pub(crate) fn openid(&self) -> &str {
        &self.openid
    }

    /// Types `text`.
    pub(crate) fn say(&mut self, text: &str) -> &mut Self {
        let inner =
            format!("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>");
        self.send(&inner, text)
    }

    /// Types the number of the choice whose label begins with `label`.
    pub(crate) fn pick(&mut self, label: &str) -> &mut Self {
        let shown = self.last.clone().unwrap_or_default();
        let number = number_of(&shown, label);
        self.say(&number.unwrap_or_else(|| panic!("no choice {label} in\n{shown}")))
    }

    /// Sends something else; `shown` is how it looks.
    pub(crate) fn send(&mut self, inner: &str, shown: &str) -> &mut Self {
        let number = self.platform.number();
        self.take(&format!("{inner}<MsgId>{number}</MsgId>"), shown)
    }

    /// Does something the platform tells as an event.
    pub(crate) fn event(&mut self, name: &str, key: &str, shown: &str) -> &mut Self {
        let inner = format!(
            "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>\
             <EventKey><![CDATA[{key}]]></EventKey>"
        );
        self.take(&inner, shown)
    }

    /// Posts it three times, as if no answer had come in time: the same bytes must come each time.
    fn take(&mut self, inner: &str, shown: &str) -> &mut Self {
        let post = self.platform.compose(&self.openid, inner);
        let got = self.platform.post(&post);
        for _ in 0..2 {
            assert_eq!(self.platform.post(&post), got, "a repeat of {shown}");
        }
        self.last = self.platform.read(&self.openid, &got);
        let heard = self.last.as_deref().unwrap_or("（不回复）");
        write!(self.log, "人：{shown}\n\n{heard}\n\n──────────\n\n").expect("a string");
        self
    }

    /// What she reads last.
    pub(crate) fn heard(&self) -> &str {
        self.last.as_deref().unwrap_or_default()
    }

    /// All that was said.
    pub(crate) fn log(&self) -> &str {
        &self.log
    }
}

/// `[2] 家庭` → `2`, where the label begins with `label`.
fn number_of(shown: &str, label: &str) -> Option<String> {
    let at = shown.find(&format!("] {label}"))?;
    let start = shown[..at].rfind('[')? + 1;
    Some(shown[start..at].to_owned())
}

/// A message from `who`; every one is a second later than the one before.
pub(crate) fn message(who: &str, inner: &str) -> String {
    static LATER: AtomicU64 = AtomicU64::new(0);
    let created = second() + i64::try_from(LATER.fetch_add(1, Ordering::Relaxed)).expect("few");
    format!(
        "<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>\n\
         <FromUserName><![CDATA[{who}]]></FromUserName>\n<CreateTime>{created}</CreateTime>\n{inner}</xml>"
    )
}

/// The second of [`NOW`].
pub(crate) fn second() -> i64 {
    NOW.parse::<jiff::Timestamp>().expect("an instant").as_second()
}

/// SHA-1 over the sorted parts.
pub(crate) fn sign(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    Sha1::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key() -> [u8; 32] {
    let bytes = BASE64.decode(format!("{AES_KEY}=")).expect("base64");
    bytes.try_into().expect("32 bytes")
}

/// As the sample code of the platform does it.
fn seal(message: &str, app_id: &str) -> String {
    let length = u32::try_from(message.len()).expect("short").to_be_bytes();
    let mut plain =
        [b"0123456789abcdef", &length[..], message.as_bytes(), app_id.as_bytes()].concat();
    let padding = 32 - plain.len() % 32;
    plain.extend(std::iter::repeat_n(u8::try_from(padding).expect("at most 32"), padding));
    let iv: [u8; 16] = *key().first_chunk().expect("32 bytes");
    let whole = plain.len();
    let cipher = cbc::Encryptor::<Aes256>::new(&key().into(), &iv.into());
    BASE64.encode(cipher.encrypt_padded::<NoPadding>(&mut plain, whole).expect("whole blocks"))
}

/// The message in a sealed reply, whose signature and `AppID` must be right.
fn open(body: &str) -> String {
    let sealed = field(body, "Encrypt");
    let (second, nonce) = (field(body, "TimeStamp"), field(body, "Nonce"));
    assert_eq!(field(body, "MsgSignature"), sign(&[TOKEN, &second, &nonce, &sealed]));
    let mut bytes = BASE64.decode(&sealed).expect("base64");
    assert_eq!(bytes.len() % 32, 0, "the platform pads to 32 bytes");
    let iv: [u8; 16] = *key().first_chunk().expect("32 bytes");
    let cipher = cbc::Decryptor::<Aes256>::new(&key().into(), &iv.into());
    let plain = cipher.decrypt_padded::<NoPadding>(&mut bytes).expect("whole blocks");
    let padding = usize::from(*plain.last().expect("not empty"));
    let plain = &plain[16..plain.len() - padding];
    let (length, rest) = plain.split_first_chunk::<4>().expect("a length");
    let (message, app_id) = rest.split_at(u32::from_be_bytes(*length) as usize);
    assert_eq!(app_id, APP_ID.as_bytes());
    String::from_utf8(message.to_vec()).expect("UTF-8")
}

/// The text of a field, in CDATA or not.
pub(crate) fn field(xml: &str, name: &str) -> String {
    let between = |open: &str, close: &str| {
        let start = xml.find(open)? + open.len();
        let end = start + xml[start..].find(close)?;
        Some(xml[start..end].replace("]]]]><![CDATA[>", "]]>"))
    };
    between(&format!("<{name}><![CDATA["), &format!("]]></{name}>"))
        .or_else(|| between(&format!("<{name}>"), &format!("</{name}>")))
        .unwrap_or_else(|| panic!("no {name} in {xml}"))
}
