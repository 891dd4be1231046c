//! The office itself: one set of verbs for the desk and the command line.

use std::fmt;
use std::sync::Arc;

use fenghuo_content::{Library, Region};
use fenghuo_store::{Draft, Store};
use jiff::Timestamp;

use super::content::{self, Ground};
use super::password::Passwords;
use super::throttle::Throttle;
use super::{Error, Fault, Settings, Subject, audience};
use crate::Clock;

/// What officials work with; clones share it.
#[derive(Clone)]
pub struct Office(Arc<Inner>);

struct Inner {
    store: Store,
    library: Source,
    clock: Clock,
    settings: Settings,
    passwords: Passwords,
    throttle: Throttle,
}

/// Gives the newest library.
type Source = Box<dyn Fn() -> Arc<Library> + Send + Sync>;

impl Office {
    /// An office over `store`; `library` gives the newest library each time.
    pub fn new(
        store: Store,
        library: impl Fn() -> Arc<Library> + Send + Sync + 'static,
        clock: Clock,
        settings: Settings,
    ) -> Self {
        Self(Arc::new(Inner {
            store,
            library: Box::new(library),
            clock,
            settings,
            passwords: Passwords::default(),
            throttle: Throttle::default(),
        }))
    }

    /// The store behind it.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The newest library.
    pub fn library(&self) -> Arc<Library> {
        (self.0.library)()
    }

    /// What it is set to.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(super) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(super) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    pub(super) fn ground<'a>(&'a self, library: &'a Library) -> Ground<'a> {
        Ground { library, public_url: &self.0.settings.public_url }
    }

    /// Everything that keeps `draft` from being sent, all at once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn check(&self, draft: &Draft) -> Result<Vec<Fault>, fenghuo_store::Error> {
        let library = self.library();
        let subject = self.subject(draft).await?;
        let now = self.now();
        Ok(self.aside(move |office| office.faults_of(&library, &subject, now)).await)
    }

    fn faults_of(&self, library: &Library, subject: &Subject, now: Timestamp) -> Vec<Fault> {
        let mut faults = super::draft::faults(library, subject, now);
        let regions = self.readers(library, subject);
        faults.extend(content::faults(self.ground(library), subject, &regions));
        faults.sort();
        faults.dedup();
        faults
    }

    /// Does work on words beside the threads that serve: for hundreds of villages it takes a while.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        let office = self.clone();
        match tokio::task::spawn_blocking(move || work(&office)).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The process ends before it could begin: nobody waits for it any more.
                Err(_) => std::future::pending().await,
            },
        }
    }

    /// `draft`, ready to be written out, with a code nobody has.
    pub(super) async fn subject(&self, draft: &Draft) -> Result<Subject, fenghuo_store::Error> {
        let mut wide = draft.clone();
        wide.audience = audience::expand(&self.library(), &draft.audience);
        Subject::of_draft(self.store(), &wide, super::subject::NO_CODE).await
    }

    /// The regions whose readers get the words of `subject`. Whoever got the first message of a chain gets what
    /// follows it, too, wherever she has moved since.
    pub(super) fn readers(&self, library: &Library, subject: &Subject) -> Vec<Region> {
        if subject.draft.refers.is_some() {
            return library.regions.iter().cloned().collect();
        }
        audience::regions(library, &subject.draft.audience)
    }

    /// `draft` as the store takes it: regions written out, nothing wrong with it.
    pub(super) async fn checked(&self, draft: Draft) -> Result<Draft, Error> {
        let faults = self.check(&draft).await?;
        if !faults.is_empty() {
            return Err(Error::Faults(faults));
        }
        Ok(self.written_out(draft))
    }

    /// `draft` with its regions written out.
    pub(super) fn written_out(&self, draft: Draft) -> Draft {
        Draft { audience: audience::expand(&self.library(), &draft.audience), ..draft }
    }
}

impl fmt::Debug for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Office")
    }
}
