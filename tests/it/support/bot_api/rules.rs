//! Rules of the Bot API that hold whether or not its specification lies beside the repository.

use serde_json::Value;

/// What is wrong with `body` as a request of `method` (lower case).
pub(super) fn faults(method: &str, body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let required: &[&str] = match method {
        "sendmessage" => &["chat_id", "text"],
        "answercallbackquery" => &["callback_query_id"],
        "setmycommands" => &["commands"],
        "setwebhook" => &["url"],
        "getme" | "getupdates" | "deletewebhook" => &[],
        _ => return vec!["a method the bot has no use for".to_owned()],
    };
    faults.extend(
        required
            .iter()
            .filter(|key| body.get(**key).is_none())
            .map(|key| format!("`{key}` is missing")),
    );
    if let Some(text) = body["text"].as_str() {
        match seen(text) {
            Some(seen) => {
                let units = seen.encode_utf16().count();
                if seen.trim().is_empty() || units > 4096 {
                    faults.push(format!("text of {units} units"));
                }
            }
            None => faults.push(format!("can't parse entities: {text}")),
        }
    }
    for button in body["reply_markup"]["inline_keyboard"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|row| row.as_array())
        .flatten()
    {
        let data = button["callback_data"].as_str().unwrap_or_default();
        if !(1..=64).contains(&data.len()) || button["text"].as_str().unwrap_or_default().is_empty()
        {
            faults.push(format!("button {button}"));
        }
    }
    faults
}

/// What the reader sees of Telegram's HTML; `None` where it is refused.
pub(crate) fn seen(html: &str) -> Option<String> {
    let (mut out, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(if rest.starts_with('<') { '>' } else { ';' })?;
        match &rest[1..end] {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            tag => match tag.strip_prefix('/') {
                Some(name) => (open.pop()? == name).then_some(())?,
                None => {
                    let name = tag.split(' ').next()?;
                    ["b", "i", "u", "s", "a", "code", "pre"].contains(&name).then_some(())?;
                    open.push(name);
                }
            },
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    open.is_empty().then_some(out)
}
