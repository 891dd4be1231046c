//! What a feed of alerts leads to: the alerts an Atom or RSS index names, or the one alert it is itself.

use crate::public::cap::{Element, Fault, NAMESPACE, parse};

/// Entries of one index that are looked at; the newest come first everywhere.
const MOST: usize = 100;

/// What stands at the address of a feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// One alert.
    Alert,
    /// Addresses of alerts, each with what changes when it does.
    Index(Vec<Entry>),
}

/// An entry of an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    /// Where its alert is, as written.
    pub(super) href: String,
    /// When it was changed, as written.
    pub(super) stamp: String,
}

/// Reads `bytes` as an alert, an Atom feed or an RSS feed.
pub(super) fn listed(bytes: &[u8]) -> Result<Listed, Fault> {
    let root = parse(bytes)?;
    match root.name.as_str() {
        "alert" if root.namespace == NAMESPACE => Ok(Listed::Alert),
        "feed" => {
            let entries = root.children.iter().filter(|child| child.name == "entry");
            Ok(Listed::Index(entries.filter_map(atom).take(MOST).collect()))
        }
        "rss" => {
            let items = root.child("channel").map(|channel| channel.children.as_slice());
            let items = items.unwrap_or_default().iter().filter(|child| child.name == "item");
            Ok(Listed::Index(items.filter_map(rss).take(MOST).collect()))
        }
        // RSS 1.0 has its items beside the channel.
        "RDF" => {
            let items = root.children.iter().filter(|child| child.name == "item");
            Ok(Listed::Index(items.filter_map(rss).take(MOST).collect()))
        }
        _ => Err(Fault::Version { root: root.name, namespace: root.namespace }),
    }
}

/// The link that says that it leads to an alert, else the first one, else the id where it is an address.
fn atom(entry: &Element) -> Option<Entry> {
    let links = || entry.children.iter().filter(|child| child.name == "link");
    let is_cap = |link: &&Element| {
        link.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/cap+xml"))
    };
    let is_page = |link: &&Element| {
        link.attribute("rel").is_none_or(|rel| rel == "alternate" || rel == "enclosure")
    };
    let href = links().find(is_cap).or_else(|| links().find(is_page));
    let href = href.and_then(|link| link.attribute("href"));
    let id = entry.text_of("id").filter(|id| id.starts_with("http"));
    Some(Entry {
        href: href.or(id)?.trim().to_owned(),
        stamp: entry.text_of("updated").unwrap_or_default().to_owned(),
    })
}

fn rss(item: &Element) -> Option<Entry> {
    let enclosure = item.child("enclosure").filter(|enclosure| {
        enclosure.attribute("type").is_some_and(|kind| kind.contains("cap+xml"))
    });
    let href = enclosure.and_then(|enclosure| enclosure.attribute("url"));
    let guid = || item.text_of("guid").filter(|guid| guid.starts_with("http"));
    Some(Entry {
        href: href.or_else(|| item.text_of("link")).or_else(guid)?.trim().to_owned(),
        stamp: item.text_of("pubDate").unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_index_leads_to_its_alerts() {
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id><updated>2026-11-09T08:00:00Z</updated>\
            <link href='/page'/><link type='application/cap+xml' href='/1.xml'/></entry>\
            <entry><id>http://h/2.xml</id></entry><entry><id>urn:3</id></entry></feed>";
        let rss = "<rss version='2.0'><channel><item><link> http://h/1.xml </link><pubDate>x</pubDate></item>\
            <item><guid>http://h/2.xml</guid></item><item><title>t</title></item></channel></rss>";
        let alert = format!("<alert xmlns='{NAMESPACE}'/>");
        for (text, expected) in [
            (atom, vec!["/1.xml", "http://h/2.xml"]),
            (rss, vec!["http://h/1.xml", "http://h/2.xml"]),
            ("<rss/>", vec![]),
        ] {
            let Ok(Listed::Index(entries)) = listed(text.as_bytes()) else { panic!("{text}") };
            let hrefs: Vec<&str> = entries.iter().map(|entry| entry.href.as_str()).collect();
            assert_eq!(hrefs, expected);
        }
        assert_eq!(listed(alert.as_bytes()), Ok(Listed::Alert));
        assert!(listed(b"<html/>").is_err());
    }
}
