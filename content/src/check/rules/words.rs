//! How patterns are written: sets of words they name, gaps, and pairs in either order.
//!
//! A rule that lists the sentences its author thought of misses the next one. So patterns name classes of words
//! (every verb for pouring, every place of a home) and pair them in either order; negation is `clause.rs`'s work.

/// Name and alternatives. A set may name sets that stand below it.
const SETS: &[(&str, &str)] = &[
    ("danger", "<fire>|烟|逃|疏散|撤|跑出|被困|困在|出不去|警报|火警|走不了|下不去|没路|呛"),
    (
        "fire",
        "着火|起火|失火|走水|冒火|窜火|喷火|冒了?火苗|着了|烧着|烧起|烧了|烧得|点着|起来了|燃|火灾|大火|火势|火情|火场|火苗|火警|小火|火头|有火|火[大小还来烧到在已不再一快就]",
    ),
    ("alight", "冒烟|着火|起火|着了|冒火|窜火|喷火|发烫|鼓包|燃|烧|爆炸|炸了|火苗|火势|滋滋|有火"),
    (
        "oil",
        "油锅|热油|油火|锅里|锅中|食用油|油着|油.{0,3}(着|起火|烧)|锅.{0,4}(着火|起火|冒火|窜火)|炸(油条|油饼|丸子|东西|鱼|肉)",
    ),
    ("ebike", "电动.{0,3}车|电瓶|电驴|电摩|代步车|平衡车|三轮|锂电|电池|充电宝"),
    ("cylinder", "气瓶|钢瓶|气罐|煤气罐|液化气|煤气瓶|罐子|燃气瓶|罐里|罐口|瓶口"),
    ("leak", "煤气|燃气|液化气|天然气|沼气|瓦斯|漏气|气味|泄漏|漏了|跑气|漏没漏"),
    (
        "home",
        "屋|室内|家里|家中|回家|房间|房里|卧室|床边|床头|床上|炕|客厅|厨房|楼道|走廊|走道|过道|门厅|门洞|楼梯间|楼梯口|阳台|宿舍|地下室|楼里|上楼",
    ),
    (
        "child",
        "孩子|学生|儿童|小学生|同学|未成年|小朋友|娃|少先队|少年|弟弟|妹妹|姐姐|哥哥|孙子|孙女|小孩|小小|年级",
    ),
    (
        "people",
        "群众|村民|老人|学生|大家|大伙|乡亲|劳力|家人|自己|我们|咱|全村|人人|青年|男人|妇女|民兵|牧民|社员|各家|放羊的|谁|党员|干部|你",
    ),
    ("wild", "山火|林火|森林|草原|荒坡|山上|后山|林子|山林|坡下|树林|山坡|沟里"),
    ("towel", "毛巾|湿布|口罩|湿衣|手帕|手绢"),
    ("toilet", "卫生间|厕所|浴室|洗手间|茅房|淋浴间"),
    ("roof", "楼顶|天台|屋顶|顶楼|顶层|房顶"),
    ("sheet", "床单|被单|窗帘|被罩|被套|被面|毛毯|衣服"),
    ("bag", "塑料袋|保鲜袋|购物袋|垃圾袋|食品袋|方便袋|塑料膜|保鲜膜|袋子|塑料.{0,3}袋"),
    ("drain", "地漏|下水|排水|马桶|水管|管道口"),
    (
        "valuable",
        "户口|金银|存折|首饰|钱|手机|证|电脑|衣服|羽绒|外套|裤|鞋|东西|行李|值钱|贵重|书包|拎包|上包|的包|财物|细软|宠物|猫|狗|作业|账本",
    ),
    ("dressing", "被子|被褥|棉被|棉絮|毛毯|毯子|灭火毯|毛巾|枕头|衣服|沙土|沙子|湿布|棉衣|麻袋"),
    (
        "folk",
        "牙膏|酱油|香油|芝麻油|香灰|碱面|面粉|盐|食用油|菜油|清油|麻油|花生油|蛋清|鸡蛋|白酒|药酒|酒精|蜂蜜|獾油|紫药水|红药水|草木灰|炉灰|醋|猪油|土豆|泥",
    ),
    ("heater", "电暖|小太阳|取暖器|暖风机|油汀|电炉|热风扇|火炉|炉子|炉台|炉边|暖气片|暖气"),
    ("cloth", "衣|鞋|袜|被子|被褥|毛巾|尿布|裤|校服|手套|帽"),
    ("alarm", "烟感|感烟|烟雾报警|烟雾探测|烟雾.{0,2}器|报警器|探测器"),
    ("exit", "安全出口|疏散门|疏散通道|逃生门|消防通道|逃生通道|消防门|后门|边门|侧门|出口"),
    ("lane", "消防(车)?通道|消防车道|消火栓|消防栓|救火车道|登高|救火的路"),
    ("stack", "草垛|柴垛|麦垛|草堆|柴堆|秸秆垛|垛"),
    ("shed", "棚|温室|圈舍|羊圈|牛圈|猪圈|鸡舍|牲口圈"),
    (
        "straw",
        "秸秆|麦茬|玉米秆|枯草|荒草|荒坡|杂草|麦草|落叶|地膜|地埂|田埂|茬|秆|边的草|地里的草|干草|荒地",
    ),
    ("firework", "炮|烟花|二踢脚|鞭|窜天猴|冷光|礼花|仙女棒|摔炮"),
    ("pour", "泼|浇|倒|洒|灌|淋|冲|喷|呲|滋|射|招呼|打灭|扬"),
    ("carry", "抱|搬|端|拎|提|推|拖|扔|移|扛|抬|滚|丢|甩|挪|捧|抓|拿|拽|背|送|转移"),
    ("away", "起|走|出|到|下|去|离|进|往|上楼|回|开|远|院|外|池|阳台"),
    ("rush", "冲|钻|闯|穿过|穿出|穿越|跑下|跑出|往下跑|往外跑|逃出|逃下|一口气"),
    ("cover", "盖|捂|蒙|包|裹|压|罩|套|遮|糊|贴"),
    ("undo", "拔|断开|断电|断了|剪|拆|抠|卸|摘|关掉|关了|掐|关闭|取下|取出|下掉"),
    ("fix", "缠|扎|堵|绑|捆|裹|砸|敲|撬|封|修|塞|补|紧一紧|贴|拧紧|焊|换阀"),
];

/// Water on something, in any order of words.
const DOUSE: &str = "«(<pour>)~(水|花洒|喷头|喷淋|淋浴头)»|(架|接|拉|开)(起|上|根|好)?水(管|带|枪)|(提|端|接|拎|舀|打|拿|用|弄|上|往里加|加)(上|点|些|了|一|几|两|半|盆|桶|瓢|杯|勺|碗|壶|冷|凉|清|自来|瓶)*水";

/// `pattern` with its pairs, sets and gaps written out: `«a~b»` is both in either order near each other,
/// `<name>` a set, `…` up to eight characters.
pub(in crate::check) fn expand(pattern: &str) -> String {
    let mut pattern = pattern.replace("<douse>", &format!("({DOUSE})"));
    while let Some((before, rest)) = pattern.rsplit_once('«') {
        let (pair, after) = rest.split_once('»').expect("a pair is closed");
        let (one, other) = pair.split_once('~').expect("a pair has two sides");
        pattern = format!(
            "{before}(({one})[^、]{{0,12}}?({other})|({other})[^、]{{0,12}}?({one})){after}"
        );
    }
    for (name, words) in SETS {
        pattern = pattern.replace(&format!("<{name}>"), &format!("({words})"));
    }
    pattern.replace('…', "[^、]{0,8}?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_written_out_in_both_orders_and_no_name_is_left() {
        assert_eq!(expand("«a~b»"), "((a)[^、]{0,12}?(b)|(b)[^、]{0,12}?(a))");
        assert_eq!(expand("门…烫"), "门[^、]{0,8}?烫");
        for rule in super::super::all() {
            for pattern in [rule.about, rule.act, rule.claim, rule.unless] {
                assert!(!expand(pattern).contains(['<', '«', '~', '…']), "{}: {pattern}", rule.id);
            }
        }
    }
}
