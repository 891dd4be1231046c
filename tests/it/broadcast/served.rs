//! The same with the program as it is run: `fenghuo serve` is killed while a campaign is under way.

use fenghuo_store::Location;

use super::county::{County, telegram};
use super::scene::Outcome;
use crate::support::fixture;
use crate::support::telegram::{Bot, Mode};

const RECIPIENTS: u32 = 600;

#[test]
fn the_server_is_killed_under_a_campaign_and_nobody_is_lost_or_told_twice() {
    let mut bot = Bot::with(Mode::Polling, "rate = 100", &["--library", &fixture("minimal")]);
    bot.api.gather(|_| None);
    let database = bot.app().data.path().join("fenghuo.db");
    let county = County::at(&Location::file(database));
    county.follow(&telegram(), (1..=RECIPIENTS).map(|chat| chat.to_string()));
    let campaign = county.send(|_| {});
    for kill in 0..4 {
        let before = county.progress(campaign).sent;
        let far = before + 20 + 30 * kill;
        county.wait(campaign, "further", |_, progress| progress.sent >= far);
        let data = bot.kill();
        bot.serve(data);
    }
    let progress = county.end(campaign);
    bot.stop();
    let outcome = Outcome::of(&county, &bot.api, campaign, RECIPIENTS);
    assert_eq!((outcome.twice, outcome.failed), (0, 0), "{outcome:?}");
    assert!(outcome.densest <= 100, "{outcome:?}");
    assert_eq!(progress.sent as usize, outcome.sent);
    assert!(outcome.unknown <= 4 * 60, "{outcome:?}");
}
