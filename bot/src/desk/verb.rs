//! What is done to a campaign: one POST a verb, on the version that was seen.

use axum::extract::{Path, State};
use axum::response::Response;
use fenghuo_store::{Campaign, CampaignId};

use super::error::DeskError;
use super::fields::Fields;
use super::guard::Posted;
use super::session::{self, Signed};
use super::state::DeskState;
use super::when;
use crate::office::{self, Fault};

/// `POST /desk/campaigns/{id}/{verb}`
pub(super) async fn post(
    State(state): State<DeskState>,
    Path((id, verb)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let Posted { signed, fields } = posted;
    let Some(id) = CampaignId::parse(&id) else {
        return DeskError::Missing.page(&state, Some(&signed));
    };
    let back = format!("/desk/campaigns/{id}");
    let done = match verb.as_str() {
        "resolve" => resolve(&state, &signed, id, &fields).await,
        "heard" => heard(&state, &signed, id, &fields).await,
        verb => act(&state, &signed, (id, verb), &fields).await,
    };
    match done {
        Ok(said) => session::go_saying(&state, &back, &said),
        Err(Failed::Office(error)) => {
            let refused = DeskError::of(error, back).keeping(fields.text("reason"));
            refused.page(&state, Some(&signed))
        }
        Err(Failed::Desk(error)) => error.page(&state, Some(&signed)),
    }
}

/// Why a verb was not carried out.
enum Failed {
    Office(office::Error),
    Desk(DeskError),
}

impl From<office::Error> for Failed {
    fn from(error: office::Error) -> Self {
        Self::Office(error)
    }
}

async fn act(
    state: &DeskState,
    signed: &Signed,
    (id, verb): (CampaignId, &str),
    fields: &Fields,
) -> Result<String, Failed> {
    let version = version(fields)?;
    let actor = signed.actor();
    let reason = one_line(fields.raw("reason"));
    let reason = reason.as_str();
    let done: Result<Campaign, office::Error> = match verb {
        "submit" => state.submit(id, version, &actor).await,
        "return" => state.return_to_author(id, version, reason, &actor).await,
        "approve" => state.approve(id, version, &actor).await,
        "schedule" => state.schedule(id, version, moment(fields)?, &actor).await,
        "send" => state.send(id, version, &actor).await,
        "pause" => state.pause(id, version, reason, &actor).await,
        "resume" => state.resume(id, version, &actor).await,
        "cancel" => state.cancel(id, version, reason, &actor).await,
        "override" => {
            sure(fields)?;
            state.override_approval(id, version, reason, &actor).await
        }
        _ => return Err(Failed::Desk(DeskError::Missing)),
    };
    let campaign = done?;
    Ok(said(verb, &campaign))
}

/// What the next page begins with.
fn said(verb: &str, campaign: &Campaign) -> String {
    match verb {
        "submit" => "已送审。请另一位审批员批准。".to_owned(),
        "return" => format!("已退回给{}。", campaign.author),
        "approve" => "已批准，还没有发出。要发请按“现在发送”。".to_owned(),
        "schedule" => match campaign.draft.starts {
            Some(at) => format!("已定时：{}开始发送。", when::moment(at)),
            None => "已定时。".to_owned(),
        },
        "send" => "开始发送了。".to_owned(),
        "pause" => "已暂停，没有发出的先不发。".to_owned(),
        "resume" => "继续发送。".to_owned(),
        "cancel" => "已取消，没有发出的不再发。".to_owned(),
        _ => "已紧急放行，所有人员都会看到。".to_owned(),
    }
}

/// Sends what is unknown again, or lets it be.
async fn resolve(
    state: &DeskState,
    signed: &Signed,
    id: CampaignId,
    fields: &Fields,
) -> Result<String, Failed> {
    let resend = match fields.text("resend") {
        "1" => true,
        "0" => false,
        _ => return Err(Failed::Desk(DeskError::Missing)),
    };
    let resolved = state.store().resolve_unknown(id, resend, &signed.actor(), state.now()).await;
    let count = resolved.map_err(office::Error::from)?;
    Ok(if resend {
        format!("{count} 条排队再发。")
    } else {
        format!("{count} 条不再发。")
    })
}

/// Notes that the loudspeakers of a place have read it out.
async fn heard(
    state: &DeskState,
    signed: &Signed,
    id: CampaignId,
    fields: &Fields,
) -> Result<String, Failed> {
    let library = state.library();
    let Some(region) = library.regions.find(fields.text("region")) else {
        let fault = Fault::new("region", "请选一个乡镇或村");
        return Err(Failed::Office(office::Error::Faults(vec![fault])));
    };
    let (actor, now) = (signed.actor(), state.now());
    let noted = state.store().acknowledge(id, &region.id, "loudspeaker", &actor, now).await;
    Ok(if noted.map_err(office::Error::from)? {
        format!("记下了：{}的大喇叭播过这一条。", region.name)
    } else {
        format!("{}早就记过了，不用再记。", region.name)
    })
}

/// The version of the campaign that was seen; without one nothing was.
fn version(fields: &Fields) -> Result<i64, Failed> {
    fields.text("version").parse().map_err(|_| Failed::Office(fenghuo_store::Error::Stale.into()))
}

fn moment(fields: &Fields) -> Result<jiff::Timestamp, Failed> {
    when::parse(fields.text("at"), false).ok_or_else(|| {
        let message = "看不懂这个时间，请写 2026-11-10 08:00 这样";
        Failed::Office(office::Error::Faults(vec![Fault::new("starts", message)]))
    })
}

/// Whoever releases alone says so twice.
fn sure(fields: &Fields) -> Result<(), Failed> {
    if fields.has("sure") {
        return Ok(());
    }
    let message = "请勾选“由我一个人负责发出”，再按一次";
    Err(Failed::Office(office::Error::Faults(vec![Fault::new("reason", message)])))
}

/// Reasons are typed into a field of several lines and kept as one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
