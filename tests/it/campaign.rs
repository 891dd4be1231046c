//! The whole life of a campaign by the command line and a running server.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use fenghuo_store::{Account, Change, LeaveToken, Location, Store, SubscriberId, Subscription};
use serde_json::Value;

use crate::support::telegram::{Bot, Mode};
use crate::support::{fenghuo, root, stderr, stdout};

const PASSWORD: &str = "槐树下的红砖房子2026";
const TEXT: &str = "今天刮大风，{{ place }}的乡亲不要在外面烧东西。出门前关火、关电。\n\n\
                    ## 家里看三处\n\n1. 炉子\n2. 插座\n3. 柴草\n";

/// Makes a command of the binary with these arguments.
type Make<'a> = Box<dyn Fn(&[&str]) -> Command + 'a>;

/// Where commands are run.
pub(crate) struct Desk<'a> {
    command: Make<'a>,
}

impl Desk<'_> {
    fn output(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = (self.command)(arguments)
            .env("FENGHUO_OFFICIAL_PASSWORD", PASSWORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        // A command that refuses its arguments reads nothing.
        let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
        child.wait_with_output().expect("the binary ends")
    }

    /// Runs a command that must succeed.
    fn run(&self, arguments: &[&str]) -> String {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> String {
        let output = self.output(arguments, input);
        assert!(output.status.success(), "{arguments:?}\n{}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    /// Runs a command that must end with `code`; what it says.
    fn refused(&self, arguments: &[&str], input: &str, code: i32) -> String {
        let output = self.output(arguments, input);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{said}");
        said
    }

    pub(crate) fn officials(&self) {
        for (name, role) in
            [("maxia", "editor"), ("lichun", "approver"), ("wangqiang", "admin"), ("kan", "viewer")]
        {
            self.run(&["official", "add", name, "--role", role]);
        }
    }

    /// A campaign by `maxia` from `arguments`; its id.
    pub(crate) fn create(&self, arguments: &[&str], text: &str) -> String {
        let all = [arguments, &["--as", "maxia", "--json"]].concat();
        let campaign: Value = serde_json::from_str(&self.run_with(&all, text)).expect("JSON");
        campaign["id"].as_str().expect("an id").to_owned()
    }

    /// Takes `id` from its draft to its readers.
    pub(crate) fn release(&self, id: &str) {
        self.run(&["campaign", "submit", id, "--as", "maxia"]);
        self.run(&["campaign", "approve", id, "--as", "lichun"]);
        self.run(&["campaign", "send", id, "--as", "lichun"]);
    }

    pub(crate) fn status(&self, id: &str) -> Value {
        serde_json::from_str(&self.run(&["campaign", "status", id, "--json"])).expect("JSON")
    }

    pub(crate) fn wait_until_done(&self, id: &str) {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let status = self.status(id);
            if status["campaign"]["state"] == "done" {
                return;
            }
            assert!(Instant::now() < until, "{status:#}");
        }
    }
}

pub(crate) fn beside(bot: &Bot) -> Desk<'_> {
    Desk { command: Box::new(|arguments| bot.command(arguments)) }
}

/// Subscribes each chat of `people` to a region in a setting.
fn subscribe(location: &Location, people: &[(i64, &str, &str)]) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::connect(location).await.expect("a store");
        for (chat, region, role) in people {
            let bits = u128::try_from(*chat).expect("positive");
            let change = Change::Subscribe {
                id: SubscriberId::from_bits(bits),
                leave: LeaveToken::from_bits(bits),
                address: Account::new("telegram", "main").address(chat.to_string()),
                subscription: Subscription {
                    region: (*region).to_owned(),
                    role: Some((*role).to_owned()),
                    language: "zh".to_owned(),
                    quiet: None,
                },
            };
            let now = "2026-01-01T00:00:00Z".parse().expect("an instant");
            store.apply(vec![change], now).await.expect("subscribed");
        }
        store.close().await;
    });
}

#[test]
fn a_campaign_lives_from_its_draft_to_its_withdrawal() {
    let library = root().join("bot/tests/library").display().to_string();
    let bot = Bot::with(Mode::Polling, "", &["--library", &library]);
    let desk = beside(&bot);
    desk.officials();
    let people =
        [(7001, "chengguan", "home"), (7002, "liuhe", "school"), (7003, "chengguan", "school")];
    subscribe(&Location::file(bot.app().data.path().join("fenghuo.db")), &people);

    let new = ["campaign", "new", "--title", "大风天防火", "--file", "-", "--region", "chengguan"];
    let id = desk.create(&new, TEXT);
    let sheet = desk.run(&["campaign", "preview", &id]);
    assert!(sheet.contains("城关镇：2 人") && sheet.contains("【安全提示】大风天防火"), "{sheet}");
    desk.run(&["campaign", "submit", &id, "--as", "maxia"]);
    let own = desk.refused(&["campaign", "approve", &id, "--as", "maxia"], "", 1);
    assert!(own.contains("refused:"), "{own}");
    desk.run(&["campaign", "approve", &id, "--as", "lichun"]);
    assert_eq!(bot.api.messages(7001).len(), 0, "nothing goes out before it is sent");
    desk.run(&["campaign", "send", &id, "--as", "lichun"]);
    for chat in [7001, 7003] {
        let message = bot.api.wait_message(chat, 1);
        let text = message["text"].as_str().expect("text");
        for words in ["【安全提示】大风天防火", "城关镇的乡亲", "3. 柴草", "有效期至", "编号 "]
        {
            assert!(text.contains(words), "{words}\n{text}");
        }
    }
    desk.wait_until_done(&id);
    let report = desk.run(&["campaign", "report", &id, "--csv"]);
    assert!(report.contains("全部,大风天防火,2,2,0,0,0,0"), "{report}");
    assert!(report.contains("乡镇,城关镇,2,2,") && report.contains("场所,学校,1,1,"), "{report}");

    let code = desk.status(&id)["campaign"]["code"].as_str().expect("a code").to_owned();
    let verified: Value = bot.app().get(&format!("/api/v1/verify/{code}")).json().expect("JSON");
    assert_eq!(verified["issued"], true, "{verified}");

    let correction =
        desk.create(&["campaign", "correct", &id, "--title", "大风天防火：时间更正"], "");
    desk.release(&correction);
    let text = bot.api.wait_message(7001, 2)["text"].to_string();
    assert!(text.contains("【更正】") && text.contains(&code), "{text}");
    desk.wait_until_done(&correction);

    let withdrawal =
        desk.create(&["campaign", "withdraw", &correction, "--reason", "演练发错了"], "");
    desk.release(&withdrawal);
    let text = bot.api.wait_message(7003, 3)["text"].to_string();
    assert!(text.contains("【撤回】") && text.contains("演练发错了"), "{text}");
    desk.wait_until_done(&withdrawal);

    for (chat, expected) in [(7001, 3), (7002, 0), (7003, 3)] {
        assert_eq!(bot.api.messages(chat).len(), expected, "chat {chat}");
    }
    bot.api.assert_no_faults();
    let log = desk.run(&["audit", "list"]);
    assert!(log.contains("campaign.approve") && log.contains("via=cli"), "{log}");
    desk.run(&["audit", "verify"]);
}

/// A desk without a server.
fn alone(data: &std::path::Path) -> Desk<'static> {
    let library = root().join("bot/tests/library").display().to_string();
    let data = data.display().to_string();
    Desk {
        command: Box::new(move |arguments| {
            let place = ["--data", data.as_str(), "--library", library.as_str()];
            fenghuo(&[&place, arguments].concat())
        }),
    }
}

#[test]
fn every_step_works_without_a_server_and_waits_for_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = alone(dir.path());
    desk.officials();
    let id = desk.create(&["campaign", "new", "--title", "大风天防火", "--file", "-"], TEXT);
    desk.run(&["campaign", "submit", &id, "--as", "maxia"]);
    desk.run(&["campaign", "return", &id, "--reason", "写短些", "--as", "lichun"]);
    desk.run_with(
        &["campaign", "edit", &id, "--file", "-", "--urgent", "--as", "maxia"],
        "关火关电。",
    );
    desk.run(&["campaign", "submit", &id, "--as", "maxia"]);
    desk.run(&["campaign", "approve", &id, "--as", "wangqiang"]);
    let past = desk.refused(
        &["campaign", "schedule", &id, "--at", "2020-01-01 08:10", "--as", "lichun"],
        "",
        1,
    );
    assert!(past.contains("已经过了"), "{past}");
    let said = desk.output(&["campaign", "send", &id, "--as", "lichun"], "");
    assert!(said.status.success() && stderr(&said).contains("`fenghuo serve` carries it out"));
    for (verb, state) in [("pause", "paused"), ("resume", "sending")] {
        desk.run(&["campaign", verb, &id, "--as", "lichun"]);
        assert_eq!(desk.status(&id)["campaign"]["state"], state);
    }
    desk.run(&["campaign", "cancel", &id, "--reason", "风停了", "--as", "lichun"]);
    let status = desk.status(&id);
    assert_eq!(status["campaign"]["state"], "cancelled");
    let history = status["history"].as_array().expect("a list");
    assert!(history.len() >= 9, "{history:#?}");
    let listed = desk.run(&["campaign", "list", "--state", "cancelled"]);
    assert!(listed.starts_with(&format!("{id}\tcancelled\tnotice\t")), "{listed}");
    let plan = desk.run(&["campaign", "plan", "--year", "2027"]);
    assert!(plan.contains("notices/winter 2027-11-09"), "{plan}");
    let ics = desk.run(&["campaign", "plan", "--year", "2027", "--ics"]);
    assert!(ics.starts_with("BEGIN:VCALENDAR"), "{ics}");
}

#[test]
fn one_person_alone_needs_an_emergency_and_a_reason() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = alone(dir.path());
    desk.officials();
    let id =
        desk.create(&["campaign", "new", "--title", "草原起火", "--file", "-"], "往上风方向走。");
    desk.refused(&["campaign", "send", &id, "--as", "lichun"], "", 1);
    desk.refused(&["campaign", "send", &id, "--emergency", "--as", "lichun"], "", 2);
    let emergency = ["campaign", "send", &id, "--emergency", "--reason", "火离村两公里"];
    desk.refused(&[&emergency[..], &["--as", "maxia"]].concat(), "", 1);
    desk.run(&[&emergency[..], &["--as", "lichun"]].concat());
    assert_eq!(desk.status(&id)["campaign"]["overridden"], true);
    let log = desk.run(&["audit", "list", "--limit", "1"]);
    assert!(log.contains("campaign.override") && log.contains("火离村两公里"), "{log}");
}

#[test]
fn wrong_huge_and_hostile_input_is_refused_by_every_verb() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = alone(dir.path());
    desk.officials();
    let huge = "火".repeat(400_000);
    let new = ["campaign", "new", "--title", "提示", "--file", "-", "--as", "maxia"];
    for (more, text, code, said) in [
        (&[][..], "油锅着火马上泼水。", 1, "会害人"),
        (&[], "", 1, "没有正文"),
        (&[], "{% for x in range(10) %}火{% endfor %}", 1, "看不懂"),
        (&[], "关\u{202e}火。", 1, "看不见的控制字符"),
        (&[], "<img src=x onerror=alert(1)>关火。", 1, "HTML"),
        (&[], &huge, 2, "1 MiB"),
        (&["--region", "nowhere"], "关火。", 1, "没有“nowhere”这个地方"),
        (&["--role", "teacher"], "关火。", 1, "没有“teacher”这个场所"),
        (&["--channel", "fax"], "关火。", 1, "没有“fax”这个渠道"),
        (&["--except-region", "county"], "关火。", 1, "一个人也不剩"),
        (&["--expires", "2020-01-01"], "关火。", 1, "有效期已经过了"),
        (&["--expires", "tomorrow"], "关火。", 2, "is no time"),
        (&["--policy", "always"], "关火。", 2, "is no policy"),
        (&["--kind", "relay"], "关火。", 2, "cannot be written"),
        (&["--override", "telegram"], "关火。", 2, "CHANNEL=FILE"),
        (&["--override", "telegram=/no/such/file"], "关火。", 2, "/no/such/file"),
        (&["--document", "../../etc/passwd"], "关火。", 1, "资料库里没有这一篇"),
    ] {
        let told = desk.refused(&[&new[..], more].concat(), text, code);
        assert!(told.contains(said), "{more:?} {said}\n{told}");
    }
    assert_eq!(desk.run(&["campaign", "list"]), "", "nothing of it was kept");

    let id = desk.create(&["campaign", "new", "--title", "大风天防火", "--file", "-"], TEXT);
    for verb in ["submit", "approve", "send", "pause", "resume"] {
        for (id, name, code) in [
            ("x", "lichun", 2),
            ("c999", "lichun", 1),
            ("-1", "lichun", 2),
            (&id, "kan", 1),
            (&id, "' OR 1", 1),
        ] {
            desk.refused(&["campaign", verb, id, "--as", name], "", code);
        }
    }
    for verb in ["return", "cancel", "withdraw"] {
        desk.refused(&["campaign", verb, &id, "--reason", "", "--as", "lichun"], "", 1);
        desk.refused(&["campaign", verb, &id, "--reason", &huge[..3_000], "--as", "lichun"], "", 1);
    }
    desk.refused(&["campaign", "correct", &id, "--as", "maxia"], "", 1);
    desk.refused(&["campaign", "schedule", &id, "--at", "soon", "--as", "lichun"], "", 2);
    desk.refused(&["campaign", "new", "--relay", "/no/such/file", "--as", "lichun"], "", 2);
    desk.refused(&["campaign", "report", "c999"], "", 1);
    desk.refused(&["campaign", "list", "--state", "flying"], "", 2);
    desk.refused(&["official", "add", "maxia", "--role", "admin"], "", 1);
    desk.refused(&["official", "add", "a b", "--role", "admin"], "", 1);
    desk.refused(&["official", "disable", "nobody"], "", 1);
    assert_eq!(desk.status(&id)["campaign"]["state"], "draft");
    desk.run(&["audit", "verify"]);
}

/// A warning as an office above sends it.
fn cap(number: &str, kind: &str, references: &str, text: &str) -> String {
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(20);
    let expires = jiff::tz::offset(8).to_datetime(expires).strftime("%Y-%m-%dT%H:%M:%S+08:00");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\
         <identifier>{number}</identifier><sender>qx@example.cn</sender><sent>2026-11-10T08:00:00+08:00</sent>\
         <status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{references}\
         <info><language>zh-CN</language><category>Met</category><event>大风</event><urgency>Expected</urgency>\
         <severity>Moderate</severity><certainty>Likely</certainty><expires>{expires}</expires>\
         <senderName>示范市气象台</senderName><headline>大风蓝色预警</headline><description>{text}</description>\
         <area><areaDesc>小示范县</areaDesc></area></info></alert>"
    )
}

#[test]
fn relays_from_files_are_taken_whole_or_not_at_all() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = alone(dir.path());
    desk.officials();
    let new = ["campaign", "new", "--relay", "-", "--as", "lichun", "--json"];
    let good = cap("w1", "Alert", "", "今天{{ 有 }}大风。");
    let bomb = "<!DOCTYPE a [<!ENTITY b \"火\">]><alert>&b;</alert>";
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let huge = cap("big", "Alert", "", &"火".repeat(400_000));
    let half = &good[..good.len() / 2];
    let at = good.find("<expires>").expect("there") + "<expires>".len();
    let later = format!("{}2020{}", &good[..at], &good[at + 4..]);
    for (input, code) in [
        ("", 1),
        ("不是预警", 1),
        (half, 1),
        (bomb, 1),
        (deep.as_str(), 1),
        (huge.as_str(), 2),
        (later.as_str(), 1),
        (&good.replace("Public", "Restricted"), 1),
        (&good.replace("小示范县</areaDesc>", "远方县</areaDesc>"), 1),
        (&good.replace("2026-11-10T08:00:00+08:00", "昨天"), 1),
        (&good.replace("<identifier>w1", "<identifier>w 1,<"), 1),
    ] {
        desk.refused(&new, input, code);
    }
    // Half a character at the end, and bytes that are no text.
    for cut in [good.len() - 20, good.find("大风").expect("there") + 1] {
        let mut child = (desk.command)(&new)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let _ = child.stdin.take().expect("piped").write_all(&good.as_bytes()[..cut]);
        assert_eq!(child.wait().expect("ends").code(), Some(1), "{cut}");
    }
    for who in ["kan", "nobody", "' OR 1 --"] {
        let new = ["campaign", "new", "--relay", "-", "--as", who];
        desk.refused(&new, &good, 1);
    }
    assert_eq!(desk.run(&["campaign", "list"]), "", "nothing of it was kept");

    let made: Value = serde_json::from_str(&desk.run_with(&new, &good)).expect("JSON");
    let id = made["id"].as_str().expect("an id").to_owned();
    let known = desk.refused(&new, &good, 1);
    assert!(known.contains(&id), "{known}");
    desk.refused(&[&new[..], &["--region", "nowhere"]].concat(), &cap("w9", "Alert", "", "风"), 1);
    let sheet = desk.run(&["campaign", "preview", &id]);
    assert!(sheet.contains("今天{{ 有 }}大风。"), "word for word: {sheet}");
    // The issuer ends it before anybody was told: there is nothing to send, and that is said.
    let references = "<references>qx@example.cn,w1,2026-11-10T08:00:00+08:00</references>";
    let ended = desk.refused(&new, &cap("w2", "Cancel", references, "解除。"), 1);
    assert!(ended.contains("1 drafts are cancelled"), "{ended}");
    assert_eq!(desk.status(&id)["campaign"]["state"], "cancelled");
    desk.run(&["audit", "verify"]);
}

#[test]
fn edits_and_decisions_take_nothing_wrong_huge_or_half_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = alone(dir.path());
    desk.officials();
    let id = desk.create(&["campaign", "new", "--title", "大风天防火", "--file", "-"], TEXT);
    let before = desk.status(&id);
    let edit = ["campaign", "edit", &id, "--as", "maxia"];
    let huge = "火".repeat(400_000);
    let long = "火。".repeat(10_001);
    for (more, text, code) in [
        (&["--file", "-"][..], "", 1),
        (&["--file", "-"], "油锅着火马上泼水。", 1),
        (&["--file", "-"], "看{{ place", 1),
        (&["--file", "-"], "{% if village %}没有收尾", 1),
        (&["--file", "-"], &long, 2),
        (&["--file", "-"], &huge, 2),
        (&["--file", "/"], "", 2),
        (&["--title", ""], "", 1),
        (&["--title", "两\n行"], "", 1),
        (&["--override", "fax=-"], "关火。", 1),
        (&["--override", "=-"], "关火。", 1),
        (&["--expires", "2026-02-30 08:00"], "", 2),
        (&["--starts", "2099-01-01 08:00"], "", 1),
        (&["--region", "chengguan", "--except-region", "chengguan"], "", 1),
        (&["--role", "../../x"], "", 1),
    ] {
        desk.refused(&[&edit[..], more].concat(), text, code);
    }
    for (who, code) in [("kan", 1), ("nobody", 1)] {
        desk.refused(&["campaign", "edit", &id, "--title", "别的", "--as", who], "", code);
    }
    assert_eq!(desk.status(&id)["campaign"]["version"], before["campaign"]["version"], "unchanged");
    // A file with a mark of UTF-8 and the line ends of Windows is a text.
    let windows = "\u{feff}今天风大，不烧荒。\r\n\r\n## 怎么做\r\n\r\n1. 关火\r\n";
    desk.run_with(&[&edit[..], &["--file", "-"]].concat(), windows);
    assert_eq!(
        desk.status(&id)["campaign"]["draft"]["body"],
        "今天风大，不烧荒。\n\n## 怎么做\n\n1. 关火\n"
    );

    // Deciding about what is unknown: whoever may not, what is not there, what is not to be decided.
    for (which, who, code) in [
        ("x", "lichun", 2),
        ("c999", "lichun", 1),
        (id.as_str(), "kan", 1),
        (&id, "maxia", 1),
        (&id, "nobody", 1),
        ("99999999999999999999", "lichun", 2),
    ] {
        desk.refused(&["campaign", "resolve", which, "--resend", "--as", who], "", code);
    }
    desk.run(&["audit", "verify"]);
}

#[test]
fn easy_passwords_are_refused_and_no_hash_is_shown() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = alone(dir.path());
    let output = (desk.command)(&["official", "add", "lina", "--role", "viewer"])
        .env("FENGHUO_OFFICIAL_PASSWORD", "kurz")
        .output()
        .expect("the binary starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("密码：太短"), "{}", stderr(&output));
    let piped = (desk.command)(&["official", "add", "lina", "--role", "viewer"])
        .env_remove("FENGHUO_OFFICIAL_PASSWORD")
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    assert_eq!(piped.status.code(), Some(2));
    desk.officials();
    let listed = desk.run(&["official", "list", "--json"]);
    assert!(listed.contains("\"maxia\"") && !listed.contains("argon2"), "{listed}");
}
