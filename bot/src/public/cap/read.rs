//! From XML to an [`Alert`]: every element where the schema has it, in its order, with a value it may have.

use super::element::{Element, parse};
use super::model::{Alert, Area, Info, Moment, MsgType, Pair, Reference, Resource, Scope, Status};
use super::{Fault, NAMESPACE, check};

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

const CATEGORIES: [&str; 12] = [
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
];
const RESPONSES: [&str; 9] =
    ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];
const URGENCIES: [&str; 5] = ["Immediate", "Expected", "Future", "Past", "Unknown"];
const SEVERITIES: [&str; 5] = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
const CERTAINTIES: [&str; 5] = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"];

/// Reads one alert and judges it.
///
/// # Errors
/// What is wrong with it: its form, its structure, or its meaning beyond the schema.
pub fn read(bytes: &[u8]) -> Result<Alert, Fault> {
    let root = parse(bytes)?;
    if root.name != "alert" || root.namespace != NAMESPACE {
        return Err(Fault::Version { root: root.name, namespace: root.namespace });
    }
    let alert = alert(&root)?;
    check::meaning(&alert)?;
    Ok(alert)
}

fn alert(root: &Element) -> Result<Alert, Fault> {
    let mut parts = Parts::of("alert", root);
    let alert = Alert {
        identifier: parts.text("identifier")?,
        sender: parts.text("sender")?,
        sent: parts.moment("sent")?.ok_or(parts.missing("sent"))?,
        status: parts.word("status", Status::parse)?,
        msg_type: parts.word("msgType", MsgType::parse)?,
        source: parts.optional("source"),
        scope: parts.word("scope", Scope::parse)?,
        restriction: parts.optional("restriction"),
        addresses: parts.optional("addresses"),
        codes: parts.all("code").map(|element| element.text.clone()).collect(),
        note: parts.optional("note"),
        references: references(parts.optional("references").as_deref())?,
        incidents: parts.optional("incidents"),
        infos: parts.all("info").map(info).collect::<Result<_, _>>()?,
        signed: parts.signatures() > 0,
    };
    parts.end()?;
    Ok(alert)
}

fn info(element: &Element) -> Result<Info, Fault> {
    let mut parts = Parts::of("info", element);
    let info = Info {
        language: parts.optional("language"),
        categories: parts.words("category", &CATEGORIES)?,
        event: parts.text("event")?,
        response_types: parts.words("responseType", &RESPONSES)?,
        urgency: parts.one_of("urgency", &URGENCIES)?,
        severity: parts.one_of("severity", &SEVERITIES)?,
        certainty: parts.one_of("certainty", &CERTAINTIES)?,
        audience: parts.optional("audience"),
        event_codes: parts.pairs("eventCode")?,
        effective: parts.moment("effective")?,
        onset: parts.moment("onset")?,
        expires: parts.moment("expires")?,
        sender_name: parts.optional("senderName"),
        headline: parts.optional("headline"),
        description: parts.optional("description"),
        instruction: parts.optional("instruction"),
        web: parts.optional("web"),
        contact: parts.optional("contact"),
        parameters: parts.pairs("parameter")?,
        resources: parts.all("resource").map(resource).collect::<Result<_, _>>()?,
        areas: parts.all("area").map(area).collect::<Result<_, _>>()?,
    };
    parts.end()?;
    if info.categories.is_empty() {
        return Err(Fault::Missing { parent: "info", name: "category" });
    }
    Ok(info)
}

fn resource(element: &Element) -> Result<Resource, Fault> {
    let mut parts = Parts::of("resource", element);
    let resource = Resource {
        description: parts.text("resourceDesc")?,
        mime: parts.text("mimeType")?,
        size: parts.optional("size"),
        uri: parts.optional("uri"),
        deref: parts.optional("derefUri"),
        digest: parts.optional("digest"),
    };
    parts.end()?;
    match &resource.size {
        Some(size) if size.trim().parse::<i64>().is_err() => Err(value("size", size)),
        _ => Ok(resource),
    }
}

fn area(element: &Element) -> Result<Area, Fault> {
    let mut parts = Parts::of("area", element);
    // An empty outline says nothing, and some senders write one.
    let filled =
        |element: &Element| Some(element.text.trim().to_owned()).filter(|text| !text.is_empty());
    let area = Area {
        description: parts.text("areaDesc")?,
        polygons: parts.all("polygon").filter_map(filled).collect(),
        circles: parts.all("circle").filter_map(filled).collect(),
        geocodes: parts.pairs("geocode")?,
        altitude: parts.number("altitude")?,
        ceiling: parts.number("ceiling")?,
    };
    parts.end()?;
    Ok(area)
}

/// `sender,identifier,sent` parted by blanks.
fn references(text: Option<&str>) -> Result<Vec<Reference>, Fault> {
    let one = |text: &str| {
        let mut fields = text.split(',');
        let (Some(sender), Some(identifier), Some(sent), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(value("references", text));
        };
        let sent = Moment::parse(sent).ok_or_else(|| value("references", text))?;
        Ok(Reference { sender: sender.to_owned(), identifier: identifier.to_owned(), sent })
    };
    text.unwrap_or_default().split_whitespace().map(one).collect()
}

fn value(name: &'static str, text: &str) -> Fault {
    Fault::Value { name, value: text.chars().take(80).collect() }
}

/// The children of an element, taken in the order of the schema.
struct Parts<'a> {
    parent: &'static str,
    rest: &'a [Element],
}

impl<'a> Parts<'a> {
    fn of(parent: &'static str, element: &'a Element) -> Self {
        Self { parent, rest: &element.children }
    }

    fn missing(&self, name: &'static str) -> Fault {
        Fault::Missing { parent: self.parent, name }
    }

    /// The elements called `name` that come next.
    fn all(&mut self, name: &'static str) -> impl Iterator<Item = &'a Element> + use<'a> {
        let is = |element: &&Element| element.name == name && element.namespace == NAMESPACE;
        let count = self.rest.iter().take_while(is).count();
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken.iter()
    }

    /// The one element called `name` that comes next.
    fn one(&mut self, name: &'static str) -> Option<&'a Element> {
        let (first, rest) = self.rest.split_first()?;
        if first.name != name || first.namespace != NAMESPACE {
            return None;
        }
        self.rest = rest;
        Some(first)
    }

    /// Text that must be there and say something.
    fn text(&mut self, name: &'static str) -> Result<String, Fault> {
        let text = self.one(name).map(|element| element.text.clone());
        text.filter(|text| !text.trim().is_empty()).ok_or(self.missing(name))
    }

    /// Text that may be there; an empty element says nothing.
    fn optional(&mut self, name: &'static str) -> Option<String> {
        self.one(name).map(|element| element.text.clone()).filter(|text| !text.trim().is_empty())
    }

    fn moment(&mut self, name: &'static str) -> Result<Option<Moment>, Fault> {
        let Some(element) = self.one(name) else { return Ok(None) };
        let text = element.text.trim();
        Moment::parse(text).map(Some).ok_or_else(|| value(name, text))
    }

    fn number(&mut self, name: &'static str) -> Result<Option<String>, Fault> {
        let Some(text) = self.optional(name) else { return Ok(None) };
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(text)),
            _ => Err(value(name, &text)),
        }
    }

    fn word<W>(&mut self, name: &'static str, parse: fn(&str) -> Option<W>) -> Result<W, Fault> {
        let element = self.one(name).ok_or(self.missing(name))?;
        parse(&element.text).ok_or_else(|| value(name, &element.text))
    }

    fn one_of(&mut self, name: &'static str, words: &[&str]) -> Result<String, Fault> {
        let element = self.one(name).ok_or(self.missing(name))?;
        known(name, words, element)
    }

    fn words(&mut self, name: &'static str, words: &[&str]) -> Result<Vec<String>, Fault> {
        self.all(name).map(|element| known(name, words, element)).collect()
    }

    fn pairs(&mut self, name: &'static str) -> Result<Vec<Pair>, Fault> {
        let pair = |element: &Element| {
            let mut parts = Parts::of(name, element);
            let pair = Pair {
                name: parts.text("valueName")?,
                value: parts.one("value").ok_or(parts.missing("value"))?.text.clone(),
            };
            parts.end()?;
            Ok(pair)
        };
        self.all(name).map(pair).collect()
    }

    /// Takes the signatures at the end of an alert.
    fn signatures(&mut self) -> usize {
        let is = |element: &&Element| element.namespace == SIGNATURE;
        let count = self.rest.iter().take_while(is).count();
        self.rest = &self.rest[count..];
        count
    }

    /// Nothing else may follow.
    fn end(&self) -> Result<(), Fault> {
        match self.rest.first() {
            None => Ok(()),
            Some(element) => {
                Err(Fault::Misplaced { parent: self.parent, name: element.name.clone() })
            }
        }
    }
}

fn known(name: &'static str, words: &[&str], element: &Element) -> Result<String, Fault> {
    if words.contains(&element.text.as_str()) {
        Ok(element.text.clone())
    } else {
        Err(value(name, &element.text))
    }
}
