//! The bot's own words; everything else it says comes from the library.

use fenghuo_content::Source;

pub(super) const MENU: &str =
    "你想了解什么？直接打字问就行，比如“油锅着火怎么办”。也可以点下面的选项。";
pub(super) const HELP: &str = "我回答消防安全的问题，内容都来自核对过的资料，并注明来源。\n\
    着火了、有人被困，先打119，不要等我回答。\n\
    直接打字问就行，错别字、拼音也可以。\n\
    回复数字就是选那一项。发“退出”结束当前内容，发“上一步”退回。";
pub(super) const HELP_FORGET: &str = "发“清除”忘掉这次对话。";
pub(super) const EMPTY: &str = "没有看到文字。请打字问一句，比如“电动车怎么充电才安全”。";
pub(super) const TOO_LONG: &str =
    "这段话太长了，请用一两句话说清要问的事。着火了、有人被困，马上打119。";
pub(super) const TOO_FAST: &str =
    "问得太快了，请过一分钟再问。着火了、有人被困，马上打119；说“着火了”我任何时候都会回答。";
pub(super) const STALE: &str = "这个选项已经过时了，请重新选一次。";
pub(super) const LEFT: &str = "好的，已经退出。";
pub(super) const NOTHING_TO_LEAVE: &str = "现在没有进行中的内容。";
pub(super) const NO_BACK: &str = "已经是第一步了。";
pub(super) const FORGOTTEN: &str = "已经清除这次对话的记录。";
pub(super) const EMPTY_LIST: &str = "这里还没有内容。";
pub(super) const RESTARTED: &str = "上次的进度没有了，我们从头开始。";
pub(super) const THANKS: &str = "谢谢你的评价。";
pub(super) const SORRY: &str =
    "谢谢你告诉我们，编辑会看到。着急的事请直接打电话问当地消防救援机构。";
pub(super) const VOTE_STALE: &str = "这条回答已经评价过，或者时间太久了。谢谢你。";
pub(super) const RATE: &str = "上一条回答对你有用吗？";
pub(super) const NOTHING_TO_RATE: &str =
    "先问一个问题。回答下面可以点“有用”或“没用”，编辑会看到。别的意见请打12345反映。";
pub(super) const ASK_CODE: &str =
    "请发通知上的6位编号，比如 A7K9M2。没有编号、又叫你转账或点链接的，多半是假的。";
pub(super) const CALL_119: &str = "打 119";
pub(super) const CALL: &str = "tel:119";

pub(super) const BACK: &str = "返回上一步";
pub(super) const BACK_ITEM: &str = "返回上一项";
pub(super) const LEAVE: &str = "退出";
pub(super) const MORE: &str = "更多";
pub(super) const TO_MENU: &str = "看看能问什么";
pub(super) const AGAIN: &str = "从头再来";
pub(super) const HELPFUL: &str = "有用";
pub(super) const UNHELPFUL: &str = "没用";

pub(super) const GUIDES: &str = "遇险一步步做";
pub(super) const CHECKLISTS: &str = "安全自查";
pub(super) const QUIZZES: &str = "做测验";
pub(super) const LESSONS: &str = "上课用的课程";
pub(super) const CASES: &str = "真实案例";
pub(super) const NOTICES: &str = "应季提示";

pub(super) const PICK_GUIDE: &str = "现在遇到哪种情况？着火了先打119。";
pub(super) const PICK_CHECKLIST: &str =
    "要查哪里？一项一项来，随时可以退出。结果只给你自己看，不上报。";
pub(super) const PICK_QUIZ: &str = "选一套题。不记名，不排名。";
pub(super) const PICK_GRADE: &str = "给哪个年级上课？";
pub(super) const PICK_CASE: &str = "最近的案例。看经过，更要看教训。";
pub(super) const PICK_CATEGORY: &str = "要看哪类场所的案例？";
pub(super) const PICK_NOTICE: &str = "这段时间要注意：";
pub(super) const PICK_SENT: &str = "现行通知：";
pub(super) const SENT_OVER: &str = "这条通知已经过期、更正或撤回，不要再照着办。";
pub(super) const BY_CATEGORY: &str = "按场所看";
pub(super) const ALL_CASES: &str = "所有案例";

pub(super) const FINE: &str = "符合";
pub(super) const FAULTY: &str = "不符合";
pub(super) const SKIP: &str = "跳过";
pub(super) const DONE: &str = "选好了";
pub(super) const MULTIPLE: &str = "（多选，选完点“选好了”，也可以直接回复全部序号）";
pub(super) const RIGHT: &str = "✓ 答对了。";
pub(super) const GUIDE_END: &str =
    "这一步做完，就按这里说的等着或离开。情况变了，返回上一步重新选。";
pub(super) const CHECK_NOTE: &str = "自查结果供自己参考，不代替消防部门的检查。";
pub(super) const NOTHING_CHECKED: &str = "每一项都跳过了，没有结果。";
pub(super) const ALL_FINE: &str = "查过的各项都符合。过一个月再查一次。";

pub(super) fn unverified(code: &str) -> String {
    format!(
        "编号 {code} 没有查到，我们没有发过这样的通知。\n\
         不要照着做，不要转账，不要点里面的链接，也不要转发。拿不准，打12345核实。"
    )
}

pub(super) fn misread(code: &str) -> String {
    format!(
        "{code} 不会是我们的编号：编号里没有数字 0 和 1，也没有字母 O、I、L。请看清楚再发一次；\
         真是这样写的，就是假的，不要信，也不要转发。"
    )
}

pub(super) fn sent(title: &str) -> String {
    format!("通知：{title}")
}

pub(super) fn sent_until(until: &str, code: &str) -> String {
    format!("{until}。编号 {code}。")
}

pub(super) fn cannot_verify(code: &str) -> String {
    format!("现在查不了编号 {code}，请过几分钟再发一次。着急就打12345核实。")
}

pub(super) fn whole_text(title: &str) -> String {
    format!("看全文：{title}")
}

pub(super) fn image(alt: &str) -> String {
    format!("〔图：{alt}〕")
}

/// `来源：《消防法》第四十四条（全国人大常委会，2021-04-29）`
pub(super) fn source(source: &Source) -> String {
    let article = source.article.as_deref().unwrap_or_default();
    format!("来源：《{}》{article}（{}，{}）", source.title, source.issuer, source.date)
}

pub(super) fn heading(title: &str) -> String {
    format!("【{title}】")
}

pub(super) fn resume(title: &str) -> String {
    format!("继续：{title}")
}

pub(super) fn guided(title: &str) -> String {
    if title.contains("一步") { title.to_owned() } else { format!("一步步做：{title}") }
}

pub(super) fn quiz_of_lesson(title: &str) -> String {
    format!("做题：{title}")
}

pub(super) fn question(number: usize, total: usize, text: &str) -> String {
    format!("第 {number} 题，共 {total} 题\n{text}")
}

pub(super) fn wrong(right: &str) -> String {
    format!("✗ 不对，正确的是：{right}")
}

pub(super) fn result(right: usize, total: usize) -> String {
    let remark = match right * 100 / total.max(1) {
        100 => "全对。把学到的讲给家里人听。",
        60.. => "错的几题，看看解释再做一遍。",
        _ => "先看看有关的资料，再来做一遍。",
    };
    format!("做完了：共 {total} 题，答对 {right} 题。{remark}")
}

pub(super) fn item(number: usize, total: usize, group: &str, text: &str) -> String {
    format!("第 {number} 项，共 {total} 项 · {group}\n{text}")
}

pub(super) fn fault(level: &str, risk: &str, basis: &str, fix: &str) -> String {
    let mut lines = vec![format!("记下了：不符合，风险{level}。")];
    let parts = [("风险", risk), ("整改", fix), ("依据", basis)];
    lines.extend(
        parts
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("{name}：{text}")),
    );
    lines.join("\n")
}

pub(super) fn verdict(level: &str, checked: usize, faulty: usize, skipped: usize) -> String {
    let skipped = if skipped == 0 { String::new() } else { format!("，跳过 {skipped} 项") };
    format!("查完了：查了 {checked} 项，不符合 {faulty} 项{skipped}。\n总的风险：{level}。")
}

pub(super) fn mend_first(count: usize) -> String {
    format!("先改这 {count} 项：")
}

pub(super) fn lessons_for(band: &str) -> String {
    format!("{band}的课程：")
}

pub(super) fn cases_of(category: &str) -> String {
    format!("{category}的案例：")
}
