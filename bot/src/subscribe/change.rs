//! Changing township, role and quiet hours of a subscription one has.

use fenghuo_store::{Change, Error, Subscriber};

use super::Pages;
use super::form::Fields;

/// Does what `fields` ask; the subscription after it, and what to say.
pub(super) async fn change(
    pages: &Pages,
    subscriber: &Subscriber,
    fields: &Fields,
) -> Result<(Subscriber, &'static str), Error> {
    let library = pages.state.current.get().library.clone();
    let Some(subscription) = fields.subscription(&library) else {
        return Ok((subscriber.clone(), "没有改：请选一个乡镇和一个身份。"));
    };
    let changed = Subscriber { subscription, active: true, ..subscriber.clone() };
    let subscribe = Change::Subscribe {
        id: changed.id.clone(),
        leave: changed.leave.clone(),
        address: changed.address.clone(),
        subscription: changed.subscription.clone(),
    };
    pages.state.store.apply(vec![subscribe], pages.state.clock.now()).await?;
    Ok((changed, "改好了。"))
}
