//! Two versions of one form, field by field.

use fenghuo_content::Library;

use super::form::Form;
use crate::office::{audience, content};

/// A field that differs.
pub(super) struct Difference {
    pub(super) name: String,
    pub(super) theirs: String,
    pub(super) mine: String,
}

/// What differs between `theirs` and `mine`.
pub(super) fn differences(theirs: &Form, mine: &Form, library: &Library) -> Vec<Difference> {
    let (left, right) = (lines(theirs, library), lines(mine, library));
    let pairs = left.into_iter().zip(right);
    let differing = pairs.filter(|((_, theirs), (_, mine))| theirs != mine);
    differing.map(|((name, theirs), (_, mine))| Difference { name, theirs, mine }).collect()
}

/// All fields by name, as people read them.
fn lines(form: &Form, library: &Library) -> Vec<(String, String)> {
    let regions = |ids: &[String]| {
        ids.iter().map(|id| library.regions.name(id)).collect::<Vec<_>>().join("、")
    };
    let settings = |ids: &[String]| {
        ids.iter().map(|id| audience::setting_name(id)).collect::<Vec<_>>().join("、")
    };
    let channels = |ids: &[String]| {
        ids.iter().map(|id| content::channel_name(id)).collect::<Vec<_>>().join("、")
    };
    let places = if form.whole { "全县".to_owned() } else { regions(&form.regions) };
    let urgent = if form.urgent { "是" } else { "否" };
    let mut lines = vec![
        ("标题".to_owned(), form.title.clone()),
        ("正文".to_owned(), form.body.trim_end().to_owned()),
        ("地方".to_owned(), places),
        ("场所".to_owned(), settings(&form.roles)),
        ("渠道".to_owned(), channels(&form.channels)),
        ("不发给的地方".to_owned(), regions(&form.except_regions)),
        ("不发给的场所".to_owned(), settings(&form.except_roles)),
        ("不用的渠道".to_owned(), channels(&form.except_channels)),
        ("失效".to_owned(), form.expires.replace('T', " ")),
        ("开始".to_owned(), form.starts.replace('T', " ")),
        ("紧急".to_owned(), urgent.to_owned()),
        ("不确定的投递".to_owned(), form.policy.clone()),
    ];
    let own = content::CHANNELS.iter().map(|channel| {
        let text = form.instead(channel.id).trim_end().to_owned();
        (format!("{}单独写的", channel.name), text)
    });
    lines.extend(own);
    lines
}
