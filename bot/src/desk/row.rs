//! A campaign as one line of a list.

use fenghuo_store::{Campaign, CampaignId, CampaignState};
use jiff::Timestamp;

use super::{label, when};
use crate::office;

/// One line.
pub(super) struct Row {
    pub(super) id: CampaignId,
    pub(super) title: String,
    pub(super) state: &'static str,
    pub(super) state_class: &'static str,
    pub(super) kind: &'static str,
    pub(super) urgent: bool,
    pub(super) author: String,
    /// What matters most about it now.
    pub(super) line: String,
}

impl Row {
    pub(super) fn of(campaign: &Campaign, now: Timestamp) -> Self {
        let title = campaign.draft.title.trim();
        Self {
            id: campaign.id,
            title: if title.is_empty() {
                "（还没有标题）".to_owned()
            } else {
                title.to_owned()
            },
            state: office::state_name(campaign.state),
            state_class: label::state_class(campaign.state),
            kind: office::content::kind_name(campaign.draft.kind),
            urgent: campaign.draft.urgent,
            author: label::actor(&campaign.author).to_owned(),
            line: line(campaign, now),
        }
    }
}

fn line(campaign: &Campaign, now: Timestamp) -> String {
    let at = |at: Option<Timestamp>, word: &str| at.map(|at| format!("{}{word}", when::short(at)));
    let line = match campaign.state {
        CampaignState::Draft => Some(format!("{}新建", when::short(campaign.created))),
        CampaignState::Returned => campaign.reason.as_ref().map(|why| format!("退回：{why}")),
        CampaignState::Submitted => at(campaign.submitted, "送审"),
        CampaignState::Approved => at(campaign.approved, "批准"),
        CampaignState::Scheduled => at(campaign.draft.starts, "开始"),
        CampaignState::Sending | CampaignState::Paused => at(campaign.started, "开始"),
        CampaignState::Done | CampaignState::Cancelled | CampaignState::Expired => {
            at(campaign.ended, "结束")
        }
    };
    let mut line = line.unwrap_or_default();
    if !campaign.state.is_final() {
        let until = when::until(campaign.draft.expires, now);
        line.push_str(&format!("，失效{until}"));
    }
    line
}
