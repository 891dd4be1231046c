//! Words of this channel alone.

pub(super) const LINK: &str = "网页链接我打不开。想核对是不是我们发的通知，发“查证”加6位编号；别的事请打字问一句。\n\
     着火了、有人被困，马上打119。";

/// Before numbered choices.
pub(super) const PICK: &str = "回复数字选择：";

/// Where the rest stands.
pub(super) const REST: &str = "全文";

/// Before the link to the rest.
pub(super) const CUT: &str = "（太长，这里没放完）";

/// What is said when the answer is not ready in time; `home` is the address of the site.
pub(super) fn late(home: &str) -> String {
    format!(
        "这会儿答得慢，请过一分钟再问一遍。\n\
         着火了、有人被困，马上打119，不要等我回答。\n\
         也可以先看网页：<a href=\"{home}\">消防安全知识</a>"
    )
}
