//! E-mail end to end: the real binary, its pages and a relay on loopback.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fenghuo_store::{Account, Store, Subscriber};
use tempfile::TempDir;

use crate::support::smtp::{Fail, Relay, Taken};
use crate::support::{App, root};

/// A server that writes through a relay of its own.
pub(crate) struct Post {
    pub(crate) relay: Relay,
    pub(crate) app: App,
    _config: TempDir,
}

impl Post {
    pub(crate) fn start() -> Self {
        let relay = Relay::start();
        let config = config(&format!(
            "[email]\nsmtp = \"{}\"\nfrom = \"示范县消防 <notice@fire.example>\"\n",
            relay.url()
        ));
        let app = serve(&config);
        Self { relay, app, _config: config }
    }

    /// Fills in the form; status and page.
    fn ask(&self, email: &str) -> (u16, String) {
        let fields = [("region", "chengguan"), ("role", "home"), ("email", email)];
        self.form("/subscribe", &fields)
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let answer = self.app.request("POST", path).form(fields).send().expect("an answer");
        assert!(answer.headers().get("set-cookie").is_none(), "no cookie is needed");
        (answer.status().as_u16(), answer.text().expect("a page"))
    }

    fn get(&self, path: &str) -> (u16, String) {
        let answer = self.app.get(path);
        (answer.status().as_u16(), answer.text().expect("a page"))
    }

    fn subscribers(&self, email: &str) -> Option<Subscriber> {
        subscriber(&self.app.data, email)
    }

    /// Asks and confirms; the path of `/u/TOKEN`.
    fn subscribe(&self, email: &str) -> String {
        self.ask(email);
        let letter = self.relay.taken().pop().expect("a letter");
        let (status, page) = self.form(&path_in(&plain(&letter)), &[]);
        assert_eq!(status, 200, "{page}");
        link(&page, "/u/")
    }
}

fn config(lines: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("[server]\npublic_url = \"https://fire.example\"\n{lines}");
    std::fs::write(folder.path().join("fenghuo.toml"), text).expect("written");
    folder
}

fn serve(config: &TempDir) -> App {
    let file = config.path().join("fenghuo.toml").display().to_string();
    let library = root().join("bot/tests/library").display().to_string();
    let day = "2026-11-10T09:00:00+08:00";
    App::with(&["--config", &file, "--library", &library, "--now", day])
}

fn subscriber(data: &TempDir, email: &str) -> Option<Subscriber> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&data.path().join("fenghuo.db")).await.expect("a store");
        let found = store.subscriber(&Account::new("email", "main").address(email)).await;
        store.close().await;
        found.expect("read")
    })
}

/// The plain part of a letter.
fn plain(taken: &Taken) -> String {
    let part = taken.letter.split("Content-Type: text/plain").nth(1).expect("a plain part");
    let (head, rest) = part.split_once("\r\n\r\n").expect("a body");
    assert!(head.contains("base64"), "{head}");
    let body: String = rest.split("--=_").next().unwrap_or_default().split_whitespace().collect();
    String::from_utf8(STANDARD.decode(body).expect("base64")).expect("text")
}

/// The page of ours that `text` names.
fn path_in(text: &str) -> String {
    let rest = text.split("https://fire.example").nth(1).expect("a link");
    rest.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The first address in `page` that begins with `start`.
fn link(page: &str, start: &str) -> String {
    let at = page.find(&format!("\"{start}")).expect("a link");
    page[at + 1..].split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn only_the_button_confirms_and_only_a_post_ends() {
    let post = Post::start();
    let (status, page) = post.get("/subscribe");
    assert_eq!(status, 200);
    assert!(page.contains("action=\"/subscribe\"") && page.contains("/feeds/chengguan.atom"));
    let (status, page) = post.ask(" Ma.Li@QQ.com ");
    assert_eq!(status, 200, "{page}");
    let letter = post.relay.wait(1).remove(0);
    assert_eq!((letter.to.as_str(), letter.from.as_str()), ("ma.li@qq.com", "notice@fire.example"));
    let text = plain(&letter);
    insta::assert_snapshot!(text.replace(&path_in(&text), "/subscribe/confirm/〈令牌〉"));

    let confirm = path_in(&text);
    for _ in 0..3 {
        let (status, page) = post.get(&confirm);
        assert_eq!(status, 200);
        assert!(page.contains("m…@qq.com") && page.contains("城关镇"), "{page}");
    }
    assert_eq!(post.subscribers("ma.li@qq.com"), None, "a GET confirms nothing");
    let (status, page) = post.form(&confirm, &[]);
    assert_eq!(status, 200, "{page}");
    let own = link(&page, "/u/");
    let stored = post.subscribers("ma.li@qq.com").expect("a subscriber");
    assert_eq!(stored.subscription.role.as_deref(), Some("home"));
    assert!(stored.consented.to_string().starts_with("2026-11-10"));
    assert_eq!(post.form(&confirm, &[]).0, 404, "a token is good for once");
    assert_eq!(post.get(&confirm).0, 404);

    for _ in 0..3 {
        let (status, page) = post.get(&own);
        assert_eq!(status, 200);
        assert!(page.contains("退订") && page.contains("m…@qq.com"), "{page}");
    }
    assert!(post.subscribers("ma.li@qq.com").is_some(), "a GET ends nothing");
    post.ask("ma.li@qq.com");
    let (status, page) = post.form(&own, &[("List-Unsubscribe", "One-Click")]);
    assert_eq!((status, post.subscribers("ma.li@qq.com")), (200, None), "{page}");
    let deleted = "已经删除：邮箱 m…@qq.com、你的订阅（城关镇，家庭）、免打扰时间、你同意的记录、等你确认的申请1份。";
    assert!(page.contains(deleted), "{page}");
    assert_eq!(post.form(&own, &[("List-Unsubscribe", "One-Click")]).0, 200, "twice is fine");
    assert_eq!(post.get(&own).0, 404);
}

#[test]
fn one_click_comes_as_a_form_of_either_kind() {
    let post = Post::start();
    for (kind, body) in [
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
        ),
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("text/plain", ""),
    ] {
        let own = post.subscribe("ma@qq.com");
        let request = post.app.request("POST", &own).header("content-type", kind).body(body);
        assert_eq!(request.send().expect("an answer").status().as_u16(), 200, "{kind}");
        assert_eq!(post.subscribers("ma@qq.com"), None, "{kind}");
    }
}

#[test]
fn township_role_and_quiet_hours_are_changed_there_too() {
    let post = Post::start();
    let own = post.subscribe("ma@qq.com");
    let change = [("do", "change"), ("region", "liuhe"), ("role", "village"), ("quiet", "")];
    let (status, page) = post.form(&own, &change);
    assert_eq!(status, 200);
    assert!(page.contains("改好了"), "{page}");
    let stored = post.subscribers("ma@qq.com").expect("a subscriber").subscription;
    assert_eq!((stored.region.as_str(), stored.role.as_deref()), ("liuhe", Some("village")));
    assert_eq!(stored.quiet, None);
    let wrong = [("do", "change"), ("region", "atlantis"), ("role", "village"), ("quiet", "")];
    assert!(post.form(&own, &wrong).1.contains("没有改"));
    assert_eq!(post.subscribers("ma@qq.com").expect("still there").subscription.region, "liuhe");
}

#[test]
fn the_answer_never_tells_whether_an_address_is_known() {
    let post = Post::start();
    post.subscribe("known@qq.com");
    let before = post.relay.taken().len();
    let (known, unknown) = (post.ask("known@qq.com"), post.ask("unknown@qq.com"));
    assert_eq!(known, unknown);
    assert_eq!(post.relay.taken().len(), before + 2, "both get a letter");
    // More letters than three are not sent to one address, and that is not told either.
    for _ in 0..5 {
        assert_eq!(post.ask("unknown@qq.com"), unknown);
    }
    let sent = post.relay.taken().iter().filter(|taken| taken.to == "unknown@qq.com").count();
    assert_eq!(sent, 3);
}

#[test]
fn what_is_typed_wrong_is_said_and_kept() {
    let post = Post::start();
    for email in ["", "ma", "ma@qq", "ma@qq.com\r\nBcc: li@qq.com", "<script>@qq.com"] {
        let (status, page) = post.ask(email);
        assert_eq!(status, 422, "{email}");
        assert!(page.contains("邮箱写得不对") && !page.contains("<script>@"), "{page}");
    }
    for fields in [
        [("region", "atlantis"), ("role", "home"), ("email", "ma@qq.com")],
        [("region", "chengguan"), ("role", "king"), ("email", "ma@qq.com")],
    ] {
        let (status, page) = post.form("/subscribe", &fields);
        assert_eq!(status, 422);
        assert!(page.contains("请选一个乡镇") && page.contains("ma@qq.com"), "{page}");
    }
    assert_eq!(post.relay.taken(), []);
    for path in ["/subscribe/confirm/x", "/subscribe/confirm/0123456789abcdef0123456789abcdef"] {
        assert_eq!((post.get(path).0, post.form(path, &[]).0), (404, 404), "{path}");
    }
    assert_eq!((post.get("/u/x").0, post.form("/u/x", &[]).0), (404, 200));
}

#[test]
fn a_relay_that_is_down_is_said_and_nothing_is_confirmed() {
    let post = Post::start();
    post.relay.fail(Fail::Dot("451 4.3.0 later"));
    let (status, page) = post.ask("ma@qq.com");
    assert_eq!(status, 503, "{page}");
    assert!(page.contains("过一会儿再试"));
    assert_eq!(post.ask("ma@qq.com").0, 200);
}

#[test]
fn without_email_the_page_offers_the_other_ways() {
    let folder = config("");
    let app = serve(&folder);
    let page = app.get("/subscribe").text().expect("a page");
    assert!(page.contains("还没有开通邮件") && page.contains("/feeds/chengguan.atom"), "{page}");
    assert!(!page.contains("type=\"email\""));
    let fields = [("region", "chengguan"), ("role", "home"), ("email", "ma@qq.com")];
    let answer = app.request("POST", "/subscribe").form(&fields).send().expect("an answer");
    assert!(answer.text().expect("a page").contains("还没有开通邮件"));
}

#[test]
fn the_widget_is_framed_by_named_origins_and_carries_its_session() {
    let folder = config("embed_origins = [\"https://school.example\"]\n");
    let app = serve(&folder);
    let header = |answer: &reqwest::blocking::Response, name: &str| {
        answer.headers().get(name).map(|value| value.to_str().expect("ASCII").to_owned())
    };
    let page = app.get("/widget");
    let policy = header(&page, "content-security-policy").expect("a policy");
    assert!(policy.contains("frame-ancestors 'self' https://school.example;"), "{policy}");
    assert_eq!(header(&page, "x-frame-options"), None);
    let chat = app.get("/chat");
    assert_eq!(header(&chat, "x-frame-options").as_deref(), Some("DENY"));
    assert!(header(&chat, "content-security-policy").expect("one").contains("ancestors 'none'"));
    let script = app.get("/widget.js");
    assert!(header(&script, "content-type").expect("a type").starts_with("text/javascript"));

    let say = |session: &str, field: (&str, &str)| {
        let form = [("session", session), field];
        let answer = app.request("POST", "/widget").form(&form).send().expect("an answer");
        assert_eq!(header(&answer, "set-cookie"), None);
        let session = header(&answer, "x-session").expect("a session");
        (session, answer.text().expect("a page"))
    };
    let (session, page) = say("", ("text", "/quiz"));
    assert!(page.contains(&format!("value=\"{session}\"")), "{page}");
    let (same, page) = say(&session, ("text", "1"));
    assert_eq!(same, session);
    assert!(page.contains("第 1 题"), "{page}");
    // A session nobody has is not taken over.
    let chosen = "0123456789abcdef0123456789abcdef";
    assert_ne!(say(chosen, ("text", "你好")).0, chosen);
    let (_, page) = say("", ("text", "油锅着火了怎么办"));
    assert!(page.contains("target=\"_blank\" rel=\"noopener\""), "{page}");
}
