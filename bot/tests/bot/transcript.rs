//! One conversation through every room, read as a chat.

use crate::fixture::{Chat, now};

#[test]
fn a_conversation_through_everything() {
    let expires = now() + jiff::SignedDuration::from_hours(1);
    let mut chat = Chat::new().with_notice("notices/winter", expires);
    chat.say("你好")
        .say("帮助")
        .say("油锅着火了怎么办")
        .tap("有用")
        .say("今天股票会涨吗")
        // A guide: step, question in between, back, to its end.
        .say("指引")
        .say("1")
        .tap("门烫")
        .say("电动车怎么充电才安全")
        .tap("继续：着火了出不去怎么办")
        .say("上一步")
        .say("门不烫")
        .tap("从头再来")
        .say("退出")
        // A quiz: one right option, then several; danger breaks in.
        .say("测验")
        .say("1")
        .say("2")
        .tap("☐ 灶火")
        .tap("☐ 燃气阀")
        .tap("选好了")
        .tap("从头再来")
        .say("我家着火了")
        // A self-check.
        .say("自查")
        .say("1")
        .say("不符合")
        .tap("返回上一项")
        .say("2")
        .say("3")
        .say("不符合")
        // Lessons, cases, notices.
        .say("课程")
        .tap("小学四到六年级")
        .tap("厨房安全第一课")
        .say("案例")
        .tap("按场所看")
        .tap("自建房（1）")
        .tap("某自建房火灾")
        .say("提示")
        .tap("冬季用火提示")
        .say("清除");
    insta::assert_snapshot!(chat.log());
}
