//! From the publications of the store to [`Published`]: Markdown parsed, relays read from their bytes, chains joined.

use std::collections::{BTreeSet, HashMap};

use fenghuo_content::markdown::Section;
use fenghuo_content::published::{Link, Mode, Own, Part, Relayed, Said};
use fenghuo_content::{Code, DocumentId, Library, Published};
use fenghuo_store::{
    CampaignKind, Error, Publication, PublicationFilter, RelayId, Store, StoredRelay,
};
use jiff::Timestamp;

use super::relay;
use crate::office::content::public_text;

/// The newest `limit` messages that were sent, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn load(store: &Store, library: &Library, limit: u32) -> Result<Vec<Published>, Error> {
    let filter = PublicationFilter { limit, ..PublicationFilter::default() };
    published(store, library, &store.publications(&filter).await?).await
}

/// What holds at `now` and tells people something to do, newest first.
pub(crate) async fn current(
    store: &Store,
    library: &Library,
    now: Timestamp,
) -> Result<Vec<Published>, Error> {
    let filter = PublicationFilter { current_at: Some(now), ..PublicationFilter::default() };
    let mut all = published(store, library, &store.publications(&filter).await?).await?;
    all.retain(|published| published.is_active(now));
    Ok(all)
}

/// The message of `code` with its whole chain.
pub(crate) async fn look_up(
    store: &Store,
    library: &Library,
    code: &Code,
) -> Result<Option<Published>, Error> {
    let chain = store.publication_chain(code.as_str()).await?;
    let all = published(store, library, &chain).await?;
    Ok(all.into_iter().find(|published| published.code == *code))
}

/// `rows` as they are shown, in their order; what cannot be read any more is left out and logged.
pub(super) async fn published(
    store: &Store,
    library: &Library,
    rows: &[Publication],
) -> Result<Vec<Published>, Error> {
    let mut relays: HashMap<RelayId, StoredRelay> = HashMap::new();
    for id in rows.iter().filter_map(|row| row.relay) {
        if let Some(stored) = store.relay(id).await? {
            relays.insert(id, stored);
        }
    }
    let mut all: Vec<(Option<Code>, Published)> =
        rows.iter().filter_map(|row| one(row, &relays, library)).collect();
    join(&mut all);
    Ok(all.into_iter().map(|(_, published)| published).collect())
}

/// `row` without its chain, and the code it refers to.
fn one(
    row: &Publication,
    relays: &HashMap<RelayId, StoredRelay>,
    library: &Library,
) -> Option<(Option<Code>, Published)> {
    let code = Code::read(&row.code)?;
    let (said, mode) = match row.relay {
        None => (Said::Own(own(row, library)), mode(row.kind)),
        Some(id) => {
            let bytes = &relays.get(&id)?.relay.raw;
            let relay = relay::read(bytes).inspect_err(|fault| {
                tracing::error!(code = row.code, %fault, "a stored relay cannot be read");
            });
            let relay = relay.ok()?;
            (Said::Relay(relay.relayed(&row.body)), relay.mode())
        }
    };
    let published = Published {
        code,
        headline: match row.relay {
            // Braces in the words of others are not ours.
            Some(_) => row.title.clone(),
            None => public_text(library, &row.title, &row.audience.regions),
        },
        sender: library.place.operator.clone(),
        issued: row.issued,
        expires: row.expires,
        regions: regions(row, library),
        urgent: row.urgent,
        mode,
        said,
        chain: Vec::new(),
    };
    Some((row.refers.as_deref().and_then(Code::read), published))
}

fn own(row: &Publication, library: &Library) -> Own {
    let part = match row.kind {
        CampaignKind::Correction => Part::Correction,
        CampaignKind::Withdrawal => Part::Withdrawal,
        _ => Part::First,
    };
    let document = row.document.as_deref().and_then(DocumentId::parse);
    let filled = |text: &str| public_text(library, text, &row.audience.regions);
    let page = row.overrides.get("page").unwrap_or(&row.body);
    let written = Own::parse(&filled(page), part);
    // What was written for the loudspeaker is spoken, whatever the page says.
    let spoken = row.overrides.get("speaker").map(|text| Section {
        anchor: "script".to_owned(),
        title: "广播稿".to_owned(),
        blocks: Relayed::actions(&filled(text)),
        ..Section::default()
    });
    Own { document, script: spoken.or(written.script), ..written }
}

fn mode(kind: CampaignKind) -> Mode {
    match kind {
        CampaignKind::Drill => Mode::Drill,
        CampaignKind::Test => Mode::Test,
        _ => Mode::Real,
    }
}

/// The regions meant: the audience has all that lies below written out, readers want the names above.
fn regions(row: &Publication, library: &Library) -> Vec<String> {
    let audience = &row.audience;
    if audience.regions.is_empty() && audience.except_regions.is_empty() {
        return Vec::new();
    }
    let all = || library.regions.iter().map(|region| region.id.clone()).collect();
    let meant: BTreeSet<String> = if audience.regions.is_empty() {
        all()
    } else {
        audience.regions.iter().cloned().collect()
    };
    let meant: BTreeSet<String> =
        meant.into_iter().filter(|id| !audience.except_regions.contains(id)).collect();
    collapsed(&meant, library)
}

/// `meant` without what lies in another of them; the whole county is empty.
fn collapsed(meant: &BTreeSet<String>, library: &Library) -> Vec<String> {
    let whole = |id: &str| {
        library
            .regions
            .iter()
            .filter(|region| library.regions.within(&region.id, id))
            .all(|below| meant.contains(&below.id))
    };
    // A region some of whose parts are left out is no more than its parts.
    let kept: Vec<&str> = meant.iter().map(String::as_str).filter(|id| whole(id)).collect();
    if kept.contains(&library.place.region.as_str()) {
        return Vec::new();
    }
    let inside =
        |id: &str| kept.iter().any(|other| *other != id && library.regions.within(id, other));
    let order = library.regions.iter().map(|region| region.id.as_str());
    order.filter(|id| kept.contains(id) && !inside(id)).map(str::to_owned).collect()
}

/// Whether a message for `regions` is for `region` as well: for itself, for one above it, for the whole county.
pub fn region_holds(library: &Library, regions: &[String], region: &str) -> bool {
    regions.is_empty() || regions.iter().any(|id| library.regions.within(region, id))
}

/// Gives each message its chain, and to what follows the mode of the first: the correction of a drill is one, too.
fn join(all: &mut [(Option<Code>, Published)]) {
    let by_code: HashMap<Code, usize> =
        all.iter().enumerate().map(|(at, (_, published))| (published.code.clone(), at)).collect();
    // The first message and how many steps lead to it; as many as there are messages: a circle ends, too.
    let walk = |mut at: usize, all: &[(Option<Code>, Published)]| {
        let mut steps = 0;
        while let Some(earlier) = all[at].0.as_ref().and_then(|code| by_code.get(code))
            && steps < all.len()
        {
            at = *earlier;
            steps += 1;
        }
        (at, steps)
    };
    let (roots, steps): (Vec<usize>, Vec<usize>) = (0..all.len()).map(|at| walk(at, all)).unzip();
    // Two may have been sent within one second; what follows comes after what it follows.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| (all[*at].1.issued, steps[*at]));
    for at in 0..all.len() {
        all[at].1.mode = all[roots[at]].1.mode;
    }
    let links: Vec<Link> = all
        .iter()
        .map(|(refers, published)| Link { refers: refers.clone(), ..published.link() })
        .collect();
    for (at, (_, published)) in all.iter_mut().enumerate() {
        let chain = order.iter().filter(|other| roots[**other] == roots[at]);
        published.chain = chain.map(|other| links[*other].clone()).collect();
    }
}
