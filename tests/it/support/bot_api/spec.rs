//! The published specification of the Bot API, where it lies beside the repository
//! (`shared/spec/telegram-bot-api.json`): methods, fields, types and lengths of every request.

use std::io::Write;

use serde_json::Value;

use crate::support::root;

/// The specification.
pub(super) struct Spec(Value);

impl Spec {
    /// Reads it; says so where it is absent.
    pub(super) fn read() -> Option<Self> {
        let root = root();
        let file = root
            .ancestors()
            .map(|dir| dir.join("shared/spec/telegram-bot-api.json"))
            .find(|file| file.exists());
        let Some(file) = file else {
            let _ = writeln!(
                std::io::stderr(),
                "no specification of the Bot API here: requests meet the built-in rules only"
            );
            return None;
        };
        let text = std::fs::read_to_string(file).expect("readable");
        Some(Self(serde_json::from_str(&text).expect("JSON")))
    }

    /// What is wrong with `body` as a request of `method`.
    pub(super) fn faults(&self, method: &str, body: &Value) -> Vec<String> {
        let methods = self.0["methods"].as_object().expect("methods");
        let found = methods.iter().find(|(name, _)| name.eq_ignore_ascii_case(method));
        let Some((_, method)) = found else { return vec!["no such method".to_owned()] };
        let mut faults = Vec::new();
        self.object(method, body, "", &mut faults);
        faults
    }

    fn object(&self, shape: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let fields = shape["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
        let empty = serde_json::Map::new();
        let given = value.as_object().unwrap_or(&empty);
        for field in fields {
            let name = field["name"].as_str().expect("a name");
            match given.get(name) {
                None if field["required"] == true => {
                    faults.push(format!("{path}{name} is missing"));
                }
                None => {}
                Some(value) => self.field(field, value, &format!("{path}{name}"), faults),
            }
        }
        let known = |name: &String| fields.iter().any(|field| field["name"] == **name);
        faults.extend(
            given.keys().filter(|name| !known(name)).map(|name| format!("{path}{name} is unknown")),
        );
    }

    fn field(&self, field: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let types: Vec<&str> =
            field["types"].as_array().expect("types").iter().filter_map(Value::as_str).collect();
        if !types.iter().any(|kind| self.fits(kind, value)) {
            faults.push(format!("{path} is no {types:?}: {value}"));
        }
        let description = field["description"].as_str().unwrap_or_default();
        // Lengths of texts count after their entities are parsed, which the built-in rules do.
        if let (Some((least, most, unit)), Some(text)) = (length(description), value.as_str())
            && !description.contains("after entities parsing")
        {
            let length = if unit == "bytes" { text.len() } else { text.encode_utf16().count() };
            if !(least..=most).contains(&length) {
                faults.push(format!("{path} has {length} {unit}"));
            }
        }
    }

    fn fits(&self, kind: &str, value: &Value) -> bool {
        if let Some(inner) = kind.strip_prefix("Array of ") {
            return value.as_array().is_some_and(|all| all.iter().all(|one| self.fits(inner, one)));
        }
        match kind {
            "Integer" => value.is_i64(),
            "Float" => value.is_number(),
            "String" => value.is_string(),
            "Boolean" => value.is_boolean(),
            "True" => *value == true,
            _ => self.fits_type(&self.0["types"][kind], value),
        }
    }

    fn fits_type(&self, shape: &Value, value: &Value) -> bool {
        if let Some(kinds) = shape["subtypes"].as_array() {
            return kinds.iter().filter_map(Value::as_str).any(|kind| self.fits(kind, value));
        }
        let mut faults = Vec::new();
        self.object(shape, value, "", &mut faults);
        value.is_object() && faults.is_empty()
    }
}

/// `1-64 bytes` in a description.
fn length(description: &str) -> Option<(usize, usize, &str)> {
    let words: Vec<&str> = description.split([' ', ',', '.']).collect();
    words.windows(2).find_map(|pair| {
        let unit = pair[1].trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let (least, most) = pair[0].split_once('-')?;
        let known = ["bytes", "characters"].contains(&unit);
        known.then_some((least.parse().ok()?, most.parse().ok()?, unit))
    })
}

#[test]
fn the_specification_finds_what_is_wrong() {
    let Some(spec) = Spec::read() else { return };
    let check = |method: &str, body: Value, wrong: bool| {
        assert_eq!(!spec.faults(method, &body).is_empty(), wrong, "{method} {body}");
    };
    let keyboard = |data: &str| {
        serde_json::json!({ "chat_id": 1, "text": "x",
        "reply_markup": { "inline_keyboard": [[{ "text": "a", "callback_data": data }]] } })
    };
    check("SendMessage", keyboard("menu"), false);
    check("sendmessage", keyboard(&"x".repeat(65)), true);
    check("sendmessage", keyboard(""), true);
    check("sendmessage", serde_json::json!({ "chat_id": 1 }), true);
    check("sendmessage", serde_json::json!({ "chat_id": 1, "text": 5 }), true);
    check("sendmessage", serde_json::json!({ "chat_id": 1, "text": "x", "colour": "red" }), true);
    check("sendtelepathy", serde_json::json!({}), true);
}
