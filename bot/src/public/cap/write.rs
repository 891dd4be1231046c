//! From an [`Alert`] to XML, in the order of the schema.

use quick_xml::escape::partial_escape;

use super::NAMESPACE;
use super::model::{Alert, Area, Info, Moment, Pair, Reference, Resource};

/// `alert` as a document; a signature it carried is left out, since it would not hold.
pub fn write(alert: &Alert) -> String {
    let mut out = Out {
        text: format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"{NAMESPACE}\">\n"
        ),
    };
    out.put("identifier", &alert.identifier);
    out.put("sender", &alert.sender);
    out.put("sent", &alert.sent.text);
    out.put("status", alert.status.word());
    out.put("msgType", alert.msg_type.word());
    out.maybe("source", alert.source.as_ref());
    out.put("scope", alert.scope.word());
    out.maybe("restriction", alert.restriction.as_ref());
    out.maybe("addresses", alert.addresses.as_ref());
    out.each("code", &alert.codes);
    out.maybe("note", alert.note.as_ref());
    if !alert.references.is_empty() {
        let all: Vec<String> = alert.references.iter().map(Reference::to_string).collect();
        out.put("references", &all.join(" "));
    }
    out.maybe("incidents", alert.incidents.as_ref());
    for info in &alert.infos {
        out.within("info", |out| write_info(info, out));
    }
    out.text.push_str("</alert>\n");
    out.text
}

fn write_info(info: &Info, out: &mut Out) {
    out.maybe("language", info.language.as_ref());
    out.each("category", &info.categories);
    out.put("event", &info.event);
    out.each("responseType", &info.response_types);
    out.put("urgency", &info.urgency);
    out.put("severity", &info.severity);
    out.put("certainty", &info.certainty);
    out.maybe("audience", info.audience.as_ref());
    out.pairs("eventCode", &info.event_codes);
    out.moment("effective", info.effective.as_ref());
    out.moment("onset", info.onset.as_ref());
    out.moment("expires", info.expires.as_ref());
    out.maybe("senderName", info.sender_name.as_ref());
    out.maybe("headline", info.headline.as_ref());
    out.maybe("description", info.description.as_ref());
    out.maybe("instruction", info.instruction.as_ref());
    out.maybe("web", info.web.as_ref());
    out.maybe("contact", info.contact.as_ref());
    out.pairs("parameter", &info.parameters);
    for resource in &info.resources {
        out.within("resource", |out| write_resource(resource, out));
    }
    for area in &info.areas {
        out.within("area", |out| write_area(area, out));
    }
}

fn write_resource(resource: &Resource, out: &mut Out) {
    out.put("resourceDesc", &resource.description);
    out.put("mimeType", &resource.mime);
    out.maybe("size", resource.size.as_ref());
    out.maybe("uri", resource.uri.as_ref());
    out.maybe("derefUri", resource.deref.as_ref());
    out.maybe("digest", resource.digest.as_ref());
}

fn write_area(area: &Area, out: &mut Out) {
    out.put("areaDesc", &area.description);
    out.each("polygon", &area.polygons);
    out.each("circle", &area.circles);
    out.pairs("geocode", &area.geocodes);
    out.maybe("altitude", area.altitude.as_ref());
    out.maybe("ceiling", area.ceiling.as_ref());
}

#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    fn put(&mut self, name: &str, value: &str) {
        // XML 1.0 has no other control characters, and a `\r` survives only by its number.
        let kept = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        let value: String = value.chars().filter(kept).collect();
        let value = partial_escape(value.as_str()).replace('\r', "&#13;");
        self.text.push_str(&format!("<{name}>{value}</{name}>\n"));
    }

    fn maybe(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn each(&mut self, name: &str, values: &[String]) {
        values.iter().for_each(|value| self.put(name, value));
    }

    fn moment(&mut self, name: &str, value: Option<&Moment>) {
        self.maybe(name, value.map(|moment| &moment.text));
    }

    fn pairs(&mut self, name: &str, pairs: &[Pair]) {
        for pair in pairs {
            self.within(name, |out| {
                out.put("valueName", &pair.name);
                out.put("value", &pair.value);
            });
        }
    }

    fn within(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.text.push_str(&format!("<{name}>\n"));
        fill(self);
        self.text.push_str(&format!("</{name}>\n"));
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{},{}", self.sender, self.identifier, self.sent.text)
    }
}
