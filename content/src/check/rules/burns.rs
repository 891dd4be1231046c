//! Burns, and people who burn.

use super::{COMMON, RULE, Rule};

/// First aid, which the health office confirms.
const FIRST_AID: &str = "通行急救常识，待卫生部门审定";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "advice-burn-smear",
        about: "烫|烧伤|伤口|灼伤|皮肤",
        act: "«(抹|涂|敷|搽|擦|撒|糊|倒|刷|滴|淋|泡|消毒)~<folk>»",
        unless: "涂过|抹过|敷过|擦过|擦洗|锅|生理盐水",
        why: "会让伤口更热、更容易感染",
        instead: "写：流动的凉水冲 15—30 分钟，再去医院",
        source: FIRST_AID,
        ..RULE
    },
    Rule {
        id: "advice-burn-tear",
        about: "烫|烧|伤|泡|粘|皮肉",
        act: "(撕|扯|揭|拽|拔|剥)(掉|下|开|下来)*(粘|贴|沾|黏)|(粘|沾|黏).{0,14}(揭|撕|扯|拽|剥)(下|掉|开|下来|了)?|(使劲|用力|硬|一把)(扯|撕|拽|揭)(下|掉|开)?|«(挑|戳|刺|扎|挤|剪)(破|了|个|开|掉)?~(水泡|水疱|大泡|血泡|泡)»|(剪|扎|戳|挑)(个口|破|它)…(放|水)|挑了它",
        unless: "没粘|未粘|没有粘|泡水|锁|封条|电线|泡沫",
        why: "会把皮肤一起撕下来",
        instead: "写：粘住的衣物不撕，水泡不挑",
        source: FIRST_AID,
        ..RULE
    },
    Rule {
        id: "advice-run-burning",
        about: "(身上|衣服|头发|裤子|裤腿|袖子|人身|棉袄|衣襟).{0,3}(着|火|烧|燃)|着了火的人",
        act: "(奔跑|往外跑|跑出|跑去|跑起来|跑快|跑到|快跑|猛跑|狂奔|撒(开)?腿|往…跑|跑$)|(用|拿|两只|双)(手|巴掌)…(拍|扑|打)|(拍打|拍灭)",
        unless: "灭了(以后|后|再|，)|火灭|水里|水池|水塘|水坑|打滚后|先躺|乱跑|棉被|被子|毯",
        why: "跑起来火更旺，手拍会烧伤手",
        instead: "写：停下、躺倒、打滚",
        source: COMMON,
        ..RULE
    },
    Rule {
        id: "advice-powder-face",
        about: "灭火器|干粉",
        act: "(对着?|朝着?|往|冲着?|向|照着?|冲)…(脸|头|脑袋|眼|嘴)…(喷|打|按|压)|喷…(脸|头|眼|脑袋)(上|部)",
        unless: "火头|机头|枪头|喷头",
        why: "干粉喷脸会呛住、伤眼",
        instead: "写：让他躺下打滚，用厚衣服、湿被子压灭",
        source: COMMON,
        ..RULE
    },
];
