//! `/signage/events`: what a screen shows, pushed as server-sent events.
//!
//! Once a second the board is looked at, which reads the database at most twice a second for all screens
//! together; a screen hears at once when something changes and every ten seconds that we are there.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::{Asked, Message, Screen, shown};
use crate::public::Public;

const TICK: Duration = Duration::from_secs(1);
/// The page says that it is offline when it has heard nothing for three of these.
const BEAT: Duration = Duration::from_secs(10);
/// How often it is noted that the screen is alive.
const SEEN: Duration = Duration::from_secs(60);
/// Browsers come back by themselves; long-lived connections hide a dead way.
const LONGEST: Duration = Duration::from_secs(3600);

/// What one screen has heard.
struct Listener {
    public: Public,
    screen: Screen,
    tick: Interval,
    begun: Instant,
    told: Option<(Instant, Vec<Message>)>,
    noted: Option<Instant>,
}

/// `GET /signage/events`
pub(in crate::public) async fn events(State(public): State<Public>, asked: Asked) -> Response {
    let world = public.current().get();
    let screen = asked.ok().and_then(|Query(screen)| screen.checked(&world));
    let Some(screen) = screen else { return StatusCode::NOT_FOUND.into_response() };
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener =
        Listener { public, screen, tick, begun: Instant::now(), told: None, noted: None };
    let mut response = Sse::new(stream(listener)).into_response();
    // nginx would hold events back to fill a buffer.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn stream(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    futures_util::stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    })
}

impl Listener {
    /// The next event; `None` at the end of the connection.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let mut stopping = self.public.stopping.clone();
            if *stopping.borrow() || self.begun.elapsed() > LONGEST {
                return None;
            }
            tokio::select! {
                _ = self.tick.tick() => {}
                changed = stopping.changed() => {
                    if changed.is_ok() { continue; }
                    // Nobody is left who could ask us to stop.
                    self.tick.tick().await;
                }
            }
            if let Some(event) = self.look().await {
                return Some(event);
            }
        }
    }

    async fn look(&mut self) -> Option<Event> {
        let now = self.public.now();
        if self.noted.is_none_or(|noted| noted.elapsed() >= SEEN) {
            self.noted = Some(Instant::now());
            self.screen.seen(&self.public, now).await;
        }
        let world = self.public.current().get();
        let shown = match shown(&self.public, &world, &self.screen, now).await {
            Ok(shown) => shown,
            // The page keeps what it has and says that it is offline.
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "store failed");
                return None;
            }
        };
        let due = self
            .told
            .as_ref()
            .is_none_or(|(at, messages)| at.elapsed() >= BEAT || *messages != shown.messages);
        if !due {
            return None;
        }
        self.told = Some((Instant::now(), shown.messages.clone()));
        Event::default().event("state").json_data(&shown).ok()
    }
}
