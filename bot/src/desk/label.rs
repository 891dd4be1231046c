//! Chinese names of what the store calls by English words.

use fenghuo_store::{CampaignState, DeliveryState, OfficialRole, UnknownPolicy};

pub(super) fn official_role(role: OfficialRole) -> &'static str {
    match role {
        OfficialRole::Viewer => "查看员",
        OfficialRole::Editor => "编辑员",
        OfficialRole::Approver => "审批员",
        OfficialRole::Admin => "管理员",
    }
}

/// What a role may do, for the page on which it is given.
pub(super) fn role_duty(role: OfficialRole) -> &'static str {
    match role {
        OfficialRole::Viewer => "只看，不能改",
        OfficialRole::Editor => "写通知、送审、填台账",
        OfficialRole::Approver => "还能批准别人写的、发送、暂停、取消",
        OfficialRole::Admin => "还能管人员",
    }
}

/// Class of the badge of a state.
pub(super) fn state_class(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Sending | CampaignState::Scheduled | CampaignState::Approved => "badge live",
        CampaignState::Submitted | CampaignState::Returned | CampaignState::Paused => "badge wait",
        _ => "badge",
    }
}

pub(super) fn policy(policy: UnknownPolicy) -> &'static str {
    match policy {
        UnknownPolicy::Never => "不重发",
        UnknownPolicy::Resend => "自动再发一次",
        UnknownPolicy::Ask => "先记下，由人决定",
    }
}

pub(super) fn delivery(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Queued => "排队",
        DeliveryState::Leased => "已领取",
        DeliveryState::Sending => "正在发",
        DeliveryState::Sent => "已送达平台",
        DeliveryState::Failed => "失败",
        DeliveryState::Retry => "稍后再试",
        DeliveryState::Unknown => "不确定",
        DeliveryState::Skipped => "跳过",
    }
}

/// What was done, as the audit log has it.
pub(super) fn action(action: &str) -> &str {
    match action {
        "campaign.create" => "写了草稿",
        "campaign.edit" => "修改",
        "campaign.submit" => "送审",
        "campaign.return" => "退回",
        "campaign.approve" => "批准",
        "campaign.schedule" => "定时",
        "campaign.send" => "开始发送",
        "campaign.pause" => "暂停",
        "campaign.resume" => "继续发送",
        "campaign.cancel" => "取消",
        "campaign.supersede" => "取消（发布单位有了新的）",
        "campaign.override" => "紧急发送（未经第二人）",
        "campaign.resolve" => "处理不确定的投递",
        "campaign.acknowledge" => "记下大喇叭播了",
        "campaign.done" => "发完",
        "campaign.expire" => "过期",
        "official.add" => "添加人员",
        "official.role" => "改角色",
        "official.password" => "改密码",
        "official.disable" => "停用",
        "official.enable" => "启用",
        "board.enter" => "填台账",
        "board.confirm" => "确认台账",
        "board.reject" => "退回台账",
        other => other,
    }
}

/// Who acts: officials by their name, the program by what it is.
pub(super) fn actor(name: &str) -> &str {
    match name {
        "engine" | "system" => "系统",
        "console" => "服务器上的管理员",
        other => other,
    }
}

/// How and why, as the audit log has it: `via=desk reason=…`.
pub(super) fn detail(detail: &str) -> String {
    let (via, rest) = match detail.split_once(' ') {
        Some((via, rest)) => (via, rest),
        None => (detail, ""),
    };
    let via = match via {
        "via=desk" => "值班台",
        "via=cli" => "命令行",
        "via=engine" => "自动",
        other => other,
    };
    let rest = rest.strip_prefix("reason=").unwrap_or(rest);
    if rest.is_empty() { via.to_owned() } else { format!("{via}，{rest}") }
}

/// The reason in the detail of an entry; everything else there is for whoever reads the log as a whole.
pub(super) fn why(detail: &str) -> String {
    let reason = detail.split_once("reason=").map_or("", |(_, reason)| reason);
    let by_hand = if detail.starts_with("via=cli") { "（命令行）" } else { "" };
    format!("{reason}{by_hand}")
}

/// Why something was not sent, as store and engine have it; what a channel says in its own words stays as it is.
pub(super) fn reason(reason: &str) -> String {
    let known = match reason {
        "left" => "已退订",
        "inactive" => "已停用或屏蔽了我们",
        "cap" => "本周已收满三条",
        "quiet" => "免打扰时段，到失效也没轮到",
        "expired" => "过了失效时间",
        "cancelled" => "取消时还没发",
        "the sender died" => "发送的程序中断",
        late if late.starts_with("late:") => "当天没有人写，错过了",
        other => return other.to_owned(),
    };
    known.to_owned()
}
