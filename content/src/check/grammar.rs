//! The words by which Chinese forbids, refuses, asks, tells and excuses, as patterns for `clause.rs`.

use std::sync::LazyLock;

use regex::Regex;

/// Words that forbid whatever follows them in the clause.
const PROHIBITIONS: &str = "^[^，]{0,6}没有|与其|^越|哪怕.{0,8}也不|宁可|谁也|任何人|不(要|用|必|许|准|该|应|可|得|宜|能|让|给|去|是|再|值|兴|敢|须|配|适|想|图|嫌|忙|急|建议|允许|提倡|主张|鼓励|推荐|教|靠|做)|(^|[^特分区级辨性差个类])别([^人的处墅家针扭]|$)|甭|嫑|勿|莫|禁|忌|避免|防止|以防|以免|免得|省得|没必要|没有必要|没用|无需|无法|没法|难以|拒绝|反对|误区|误以为|错|只有|除非|才能|才可|绝不|决不|从不|也不|都不|三不|休|制止|劝阻|阻止|拦住|少(去|往)|舍不得";

/// Words before the act that only calm, hurry or qualify: they are taken out before negation is looked for.
const REASSURANCES: &str = "是不是|有没有|要不要|能不能|会不会|用不用|[出下上进回跑走逃冲]不[去来出了掉下]|不(方便|够[长大用高]?|好使|舒服|顺手|暖和|省事)|(千万)?(不要|不用|不必|别|莫|甭)(太|再|着|过于)?(慌张?|怕|着?急(，|$)|担心|害怕|紧张|犹豫|迟疑|磨蹭|愣|等消防[员队车]?(来|到)?|管(它|他|那么多|别的)?|客气|心疼|嫌|忘了?|耽误|耽搁|舍不得)|不(要紧(，|的|啊|$)|碍事|仅|但|光|只是?|管|论|妨|如|得已|得不|一会儿?)|来不及";

/// Right before the act, `不` and its like negate it.
const ADJACENT: &str = "(代替|取代|而不是|比)$|(没有?|未|勿|莫|毋)(先|直接|随手|随便|擅自|自己|往|朝|向|从|把|将|在|拿|用|会|又|曾|经|人|谁)*$";

/// `不` before a verb, anywhere before the act; after a verb (`出不去`) or before an adjective (`火不大`) it negates
/// something else.
const NOT: &str = "不([^大小旺远近高低多少好清见灭住了掉动到完成行响够久热烫通亮深浓去来出上下开起着]|$)|(^|[^出下上进回跑走逃扑点看听压打拧拔推拉站睡想])不[去来出上下开起着]";

/// Two negations that make an order.
const DOUBLED: &str = "不(能|得|可|该|应|应该|可以|会)不|没有?不|无不|不要不|别不";

/// Words after the act that refuse it.
const REFUSALS: &str = "^[^，]{0,6}不(过来|过去|来|醒|好|成|出去|着火|中用|顶用|顶事|兴|宜|妥|值|放心|保险|安全|稳妥|可靠|等于|是办法|算|解决|合适|科学|可取)|有事|碰不得|使不得|要不得|行不得|万万|休想|不如|也难|出过事|出了事|出事|不是(最|好|正确|安全|办法|上策|个)|最险|很险|最危险|玩命|玩火|作死|找死|送死|赌|自杀|帮倒忙|添乱|越…[旺大凶猛烈重糟坏险疼热难厚多]|埋雷|埋下|坏事|就晚|来不及|不行|不能|不可|不要|不得|不对|不准|不许|不了|不掉|不住|不灭|不管用|没用|没有用|白搭|无用|白费|等于|好比|无异于|禁止|危险|违法|违规|犯法|(^|[^没不])错|误区|谣言|老习惯|老说法|致命|遇难|容易|引发|引起|导致|造成|罚|拘留|坐牢|处分|责令|隐患|起点|祸首|教训|才行|才可以|才可|才能|害人|要命|没命|送命|丧命|人命|死路|拿命|制止|拦|劝|按倒|叫停|举报|行不通|走不通|划不来|打折扣|只会|反而|挨|追究";

/// What comes of the act, in its own clause or a later one.
const CONSEQUENCES: &str = "(会|要|就|易|容易|可能|也许|反而|更|越|一下子?|立刻|马上|十有八九|轻则|重则|半路|根本|越来)[^，。；不]{0,8}(着火|起火|烧着|点着|引爆|带掉|烧到|烧伤|引着|引燃|复燃|爆|炸|死|伤|触电|电死|中毒|没命|丧命|缺氧|烫伤|烤糊|烤着|着起来|更快坏|气管|引到|漂得|扑到|烧红|出不来|出不去|跑不掉|跑不了|坐牢|倒下|呛([^不]|$)|憋|闷|感染|断|塌|掉进|窜|蹿|扑进|扑上|溅|泼一身|喷出|冲出来|毒气|进不来|挤倒|堵死|踩|罚|摔|越凶|追上|被电|熔|晚了|来不及|挡住|积越多|喷不出|过头|过热|发热|打滑|流回|流走|流散|带开|跟着|灌满|灌进|往屋里跑)|烟…上来|(就|又|会|易|能|要)着([。，！火了]|$)|又烧|(跑不过|跑不出来|跑不出去|逃不出|出不来|等于|没有用|没用|白搭|白喷|哑巴|没人(叫醒|知道|发现)|罚|误事|火上浇油|是在给|火借风势|埋雷|散不出|散不掉|烫伤的|等来的是|着一家|半夜着|往屋里走|火(就|会|也|势)?(更|越)[大旺猛]|有风|伤亡|教训|祸首|元凶|起点|都不[行许准能可要对]|一律不|也不行|责令|元以下|第[一二三四五六七八九十]+条|人命|送命|丧命|没命|害人|要命|死路|被罚|受罚|受处分|坐牢|违法|犯法|遇难|身亡|死亡|烧死|炸死|摔死|呛死|毒死|拿命|玩命|赌命|跑不掉|跑不了|逃不掉|卡住|一辈子|人[就也]?没了|没人看得?见|看不见|漏电|磨破|出事|(很难|难)找|找不[到着]|[也都]来不及|却(堵|封|烧|害|成|把)|烧红了|都不断电|掉皮|连皮)";

/// Words that open a threat: what follows them is no consequence of the act.
const OTHERWISE: &str =
    "不然|否则|不[^，]{1,4}就|要不|省得|免得|以免|以防|防止|避免|才不|就不会|不会|趁";

/// After the act: it is the subject of what is said about it.
const SUBJECT: &str = "^(也|就|都|可能|很|最)?(会|容易)";

/// Before the act: somebody sees it done, plays it, talks of it.
const SIGHT: &str = "(谁|听说|听到|讨论|扮|演|检查|说的是|有没有|是否|是不是)[^就先赶快立]*$|(看见|看到|发现|遇到|碰到|碰见|遇见|撞见|见到)(防火|消火|[^就先赶快立着烟漏火])*$";

/// Titles of other documents, which advise nothing.
const POINTER: &str = "^(接着看|另见|参见|详见|相关)";

/// Marks of a story: what somebody did is no advice to do it.
const STORY: &str =
    "有人([^触中被晕昏烧受身着在困]|$)|一位|有住户|住户在|当时|曾经?|事发|租户|店主|家人已|结果";

/// Marks of a question, which advises nothing.
const QUESTION: &str = "？|吗|能不能|可不可以|行不行|有没有|为什么|为啥|怎么办|咋办|要不要|会不会|是不是|对不对|该不该|好不好|能否|是否|如何|什么时候|怎么|在哪|多久|还是[先往向]|呢$";

/// A question that readers are told to settle by looking.
const INDIRECT: &str = "(核实|核对|弄清|搞清|决定|判断|研究|商定|看|瞧|瞅|查|试|摸|找|确认|说清|问清|弄清|知道)[^，。]{0,8}(是不是|有没有|是否|能不能|会不会|要不要|用不用|怎么|在哪|哪儿|啥)|(问|商量|打听|请示)[^，。]{0,8}(怎么办?|咋办?|在哪|在不在|谁家)";

/// Marks of something quoted to be refuted.
const REBUTTAL: &str = "(说法|做法|办法|老话|传言|经验|观念|想法|网上|传说)…(不对|错|不可信|别信|不要信|不靠谱|骗|害|误|假|没有?用|不科学|不可取|要不得|行不通)|(别|不要|不能|莫|甭)(相?信|学|听|当真|照做|模仿)|谣言|误区|辟谣|以为…(错|不是|其实|要命|害|误)";

/// Headings that turn what follows a colon into warnings.
const FORBIDDING_LEAD: &str = "(不要|别|不能|禁止|不许|严禁|切忌|不得|不准|不可|错误|误区|不[做帮干碰买用]|莫|勿|忌|危险|违法)[^，。]{0,6}$";

/// Words that allow or hurry on.
pub(super) const PERMISSIONS: [&str; 12] =
    ["可以", "能", "没事", "没关系", "行", "好", "快", "赶紧", "马上", "先", "再", "就"];

/// `不能嫌吵就拔`: what stands between the prohibition and `就` is no condition.
pub(super) const EXCUSES: [&str; 7] = ["一", "嫌", "为了", "因为", "图", "以为", "怕"];

/// All of them compiled.
pub(super) struct Grammar {
    pub(super) befalls: Regex,
    pub(super) doubled: Regex,
    pub(super) insisted: Regex,
    pub(super) prohibition: Regex,
    pub(super) reassurance: Regex,
    pub(super) adjacent: Regex,
    pub(super) not: Regex,
    pub(super) subject: Regex,
    pub(super) sight: Regex,
    pub(super) pointer: Regex,
    pub(super) refusal: Regex,
    pub(super) consequence: Regex,
    pub(super) otherwise: Regex,
    pub(super) story: Regex,
    pub(super) question: Regex,
    pub(super) indirect: Regex,
    pub(super) rebuttal: Regex,
    pub(super) lead: Regex,
}

/// The one there is.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let regex =
        |pattern: &str| Regex::new(&pattern.replace('…', ".{0,8}")).expect("a constant pattern");
    Grammar {
        befalls: regex("(容易|可能会?|[也就都]会|迟早会?|难免)$"),
        doubled: regex(DOUBLED),
        insisted: regex("非(?:得|要)?([^，。常法]{1,8})不(?:可|行)"),
        prohibition: regex(PROHIBITIONS),
        reassurance: regex(REASSURANCES),
        adjacent: regex(ADJACENT),
        not: regex(NOT),
        subject: regex(SUBJECT),
        sight: regex(SIGHT),
        pointer: regex(POINTER),
        refusal: regex(REFUSALS),
        consequence: regex(CONSEQUENCES),
        otherwise: regex(OTHERWISE),
        story: regex(STORY),
        question: regex(QUESTION),
        indirect: regex(INDIRECT),
        rebuttal: regex(REBUTTAL),
        lead: regex(FORBIDDING_LEAD),
    }
});
