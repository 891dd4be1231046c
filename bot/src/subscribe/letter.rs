//! The letter that asks an address whether it was its owner who subscribed.

use fenghuo_content::Library;
use fenghuo_store::{Address, Subscription};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::form::{region_name, role_name};
use crate::mail::{Letter, simple_html};

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) address: &'a Address,
    pub(super) subscription: &'a Subscription,
    /// The page that confirms.
    pub(super) link: String,
    pub(super) now: Timestamp,
    pub(super) expires: Timestamp,
}

impl Asked<'_> {
    pub(super) fn letter(&self, library: &Library) -> Letter {
        let place = &library.place;
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let until =
            self.expires.to_zoned_datetime(zone).strftime("%Y年%-m月%-d日%H:%M").to_string();
        let text = format!(
            "有人用这个邮箱申请接收消防安全通知：\n\n\
             乡镇：{}\n身份：{}\n\n\
             是你申请的，请打开下面的网页，再点“确认订阅”：\n\n\
             {}\n\n\
             {until}（北京时间）前有效。不是你申请的，不用理会，过期自动作废。没有确认，我们不会再写信来。\n\n\
             我们只发消防安全通知，不收钱，不要你的密码和验证码。随时可以退订，每封信下面都有退订的网页。\n\n\
             {}",
            region_name(library, &self.subscription.region),
            role_name(self.subscription.role.as_deref()),
            self.link,
            place.title,
        );
        Letter {
            to: self.address.chat.clone(),
            subject: format!("请确认订阅：{}", place.title),
            html: simple_html(&text),
            text,
            name: format!("confirm.{:032x}", rand::random::<u128>()),
            date: self.now,
            list: None,
        }
    }
}
