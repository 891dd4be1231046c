//! Figures of boards that one official entered and another confirmed, brought to the public pages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_content::kind::Progress;
use fenghuo_site::World;
use fenghuo_store::{Error, Store};
use tokio::sync::watch;

use super::reload::Makings;

/// How often the store is asked.
const EVERY: Duration = Duration::from_secs(5);

/// Keeps the boards of the newest world at the latest confirmed figures.
pub(crate) struct Boards {
    pub(crate) store: Store,
    pub(crate) makings: Makings,
    pub(crate) world: Arc<watch::Sender<Arc<World>>>,
}

impl Boards {
    /// Runs until it is dropped. A library read anew comes without the figures and gets them at the next look.
    pub(crate) async fn run(self) {
        loop {
            match figures(&self.store).await {
                Ok(figures) if !figures.is_empty() => self.show(figures).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "boards stay as they are"
                    );
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn show(&self, figures: BTreeMap<String, Vec<Progress>>) {
        let before = self.world.borrow().library.clone();
        let (known, makings) = (before.clone(), self.makings.clone());
        let made = tokio::task::spawn_blocking(move || {
            let library = Arc::new(known.with_figures(&figures)?);
            Some((Arc::new(makings.site(&library)), library))
        });
        let Ok(Some((site, library))) = made.await else { return };
        // A library that was saved meanwhile goes first.
        self.world.send_if_modified(|world| {
            let same = Arc::ptr_eq(&world.library, &before);
            if same {
                *world = Arc::new(World { library, engine: world.engine.clone(), site });
            }
            same
        });
    }
}

/// The latest confirmed figures by board. One that is no number is left to the desk, which shows it as it was written.
async fn figures(store: &Store) -> Result<BTreeMap<String, Vec<Progress>>, Error> {
    let mut figures: BTreeMap<String, Vec<Progress>> = BTreeMap::new();
    for entry in store.board_figures().await? {
        if let Some(value) = entry.value.parse().ok().filter(|value: &f64| value.is_finite()) {
            let row = Progress { region: entry.region, date: entry.date, value, note: entry.note };
            figures.entry(entry.board).or_default().push(row);
        }
    }
    Ok(figures)
}
