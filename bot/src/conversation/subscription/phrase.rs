//! The words about subscriptions, consent first: what is stored, for what, how to leave.

use fenghuo_content::Setting;

use super::Quiet;

pub(super) const SUBSCRIBE: &str = "订阅通知";
pub(super) const MINE: &str = "我的订阅";
pub(super) const VERIFY: &str = "查通知真假";
pub(super) const LEAVE: &str = "退订";
pub(super) const QUIET: &str = "免打扰时间";
pub(super) const CHANGE: &str = "换乡镇或身份";
pub(super) const AGREE: &str = "同意，订阅";
pub(super) const NOT_NOW: &str = "先不订";
pub(super) const OTHER_TOWN: &str = "重选乡镇";
pub(super) const OTHER_ROLE: &str = "重选身份";
pub(super) const ANY_TIME: &str = "随时都可以发";
pub(super) const ALONE: &str = "去私聊";

pub(super) const HELP: &str = "发“订阅”，接收你所在乡镇的消防安全通知；发“退订”马上停发。\n\
    发“查证”加通知上的6位编号，看通知是真是假。\n\
    发“清除”，删掉和你有关的全部记录。";
pub(super) const NOT_HERE: &str =
    "网页聊天没法给你发通知。用邮箱、手机聊天软件或者订阅源收，看下面的网页。";
pub(super) const WAYS: &str = "订阅消防安全通知";
pub(super) const NOT_IN_GROUPS: &str =
    "订阅是你个人的事，不在群里办。请点下面和我私聊，再发“订阅”。";
pub(super) const PICK_TOWN: &str = "想收哪个乡镇的消防安全通知？不订也能照常提问。";
pub(super) const PICK_QUIET: &str =
    "什么时候不要打扰你？（北京时间）着火、疏散一类的紧急通知，任何时候都会发。";
pub(super) const NOTHING_TO_LEAVE: &str = "你现在没有订阅，我们不会给你发通知。";
pub(super) const LEFT: &str = "已经退订，以后不给你发通知了。想再收，随时发“订阅”。";
pub(super) const FORGOTTEN: &str =
    "已经删除：这次对话的进度、你最近发来的原话。\n你没有订阅，没有别的记录了。";

/// Roles to choose from; 网站 is no place a person is at.
pub(crate) const ROLES: [(Setting, &str); 6] = [
    (Setting::Home, "家庭（居民、租客）"),
    (Setting::Village, "农村（村民、村干部）"),
    (Setting::Community, "社区（网格员、物业）"),
    (Setting::School, "学校（老师、家长）"),
    (Setting::Enterprise, "企业（单位、商铺）"),
    (Setting::Agency, "机关"),
];

/// Short name of a role.
pub(super) fn role(role: Setting) -> &'static str {
    role.name()
}

pub(super) fn whole(county: &str) -> String {
    format!("{county}（全县）")
}

pub(super) fn pick_role(town: &str) -> String {
    format!("{town}。你主要在哪里用得上？按这个给你发合适的内容。")
}

pub(super) fn consent(town: &str, role: &str) -> String {
    format!(
        "订阅前请看清楚。\n\
         存什么：这个聊天的编号、你选的“{town}”和“{role}”、免打扰时间、你同意的时间。不存姓名、电话，也不存你问过什么。\n\
         做什么用：只用来给你发{town}的消防安全提示和通知。\n\
         怎么退出：点“退订”或发“退订”，马上停发；发“清除”，上面这些全部删除。\n\
         同意就点“同意，订阅”。"
    )
}

pub(super) fn own(town: &str, role: &str, quiet: Option<Quiet>) -> String {
    format!("你订阅了：{town}，{role}。\n{}", quiet_line(quiet))
}

pub(super) fn subscribed(town: &str, role: &str, quiet: Option<Quiet>) -> String {
    format!(
        "订好了：{town}，{role}。有消防安全通知就发到这里。\n{}\n\
         每条通知都有6位编号，发“查证”加编号可以核对真假。",
        quiet_line(quiet)
    )
}

pub(super) fn quiet_set(quiet: Option<Quiet>) -> String {
    format!("改好了。{}", quiet_line(quiet))
}

pub(super) fn forgotten(town: &str, role: &str) -> String {
    format!(
        "已经删除：你的订阅（{town}，{role}）、这个聊天的编号、你同意的记录、这次对话的进度、你最近发来的原话。\n\
         以后不给你发通知了。"
    )
}

fn quiet_line(quiet: Option<Quiet>) -> String {
    match quiet {
        Some(quiet) => format!("免打扰：{}，紧急通知除外。", hours(quiet)),
        None => "免打扰：没有设，随时都会发。".to_owned(),
    }
}

pub(super) fn hours(Quiet { from, to }: Quiet) -> String {
    let next = if to < from { "第二天" } else { "" };
    format!("{from}点到{next}{to}点")
}
