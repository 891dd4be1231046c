//! Laws and standards that are no longer in force, as a table with the day their successor took effect.
//!
//! Texts that cite them are wrong; a source that names them makes its document due for review.

use std::sync::LazyLock;

use regex::Regex;

/// A law or standard that was replaced.
pub(super) struct Superseded {
    pub(super) id: &'static str,
    pattern: &'static str,
    /// What is in force, and since when.
    pub(super) why: &'static str,
    pub(super) instead: &'static str,
}

pub(super) const SUPERSEDED: &[Superseded] = &[
    Superseded {
        id: "law-air-pollution",
        pattern: "大气污染防治法",
        why: "这部法律 2026-08-15 起废止",
        instead: "改引《生态环境法典》的相应条文",
    },
    Superseded {
        id: "law-public-security",
        pattern: "治安管理处罚法[》）〉]?[^。；，、]{0,8}第 ?(二十五|三十|五十|25|30|50) ?条",
        why: "这是旧条号，新法 2026-01-01 起施行",
        instead: "谎报警情引第二十九条，孔明灯引第四十三条，阻碍消防车引第六十一条",
    },
    Superseded {
        id: "law-public-security",
        pattern: "治安管理处罚法[》（( ]*(2005|2012|2013)",
        why: "新修订的治安管理处罚法 2026-01-01 起施行",
        instead: "改引 2025-06-27 公布的新法",
    },
    Superseded {
        id: "standard-outdated",
        pattern: "GB[ /T]*17761[ ]?[—–－-]+ ?(1999|2018)",
        why: "2025-09-01 起由 GB 17761—2024 代替",
        instead: "改引 GB 17761—2024",
    },
    Superseded {
        id: "standard-outdated",
        pattern: "GB[ /T]*4351 ?\\. ?[12]|GB[ /T]*4351[ ]?[—–－-]+ ?(1984|1997|2005)|GB[ /T]*4351 ?\\. ?3",
        why: "2025-01-01 起由 GB 4351—2023 代替",
        instead: "改引 GB 4351—2023",
    },
    Superseded {
        id: "standard-outdated",
        pattern: "GB[ /T]*50045",
        why: "高层民用建筑设计防火规范已并入 GB 50016",
        instead: "改引 GB 50016",
    },
    Superseded {
        id: "standard-outdated",
        pattern: "(GB|GA)[ /T]*35181[ ]?[—–－-]+ ?(2013|2017)|重大火灾隐患判定方法|(GA|XF) ?653",
        why: "2025-11-01 起由《重大火灾隐患判定规则》GB 35181—2025 代替",
        instead: "改引 GB 35181—2025",
    },
    Superseded {
        id: "office-renamed",
        pattern: "公安消防(局|总队|支队|大队|中队|部队|机构)|武警消防|消防武警|消防官兵|国家安全生产监督管理总局令?(规定|要求)",
        why: "2018 年起已改制，没有这个机关了",
        instead: "写消防救援局、消防救援大队、消防员；2018 年以前的事写清年份",
    },
];

static COMPILED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compile = |law: &Superseded| {
        Regex::new(law.pattern).expect("patterns of the table compile; a test reads them all")
    };
    SUPERSEDED.iter().map(compile).collect()
});

/// What `text` cites that is no longer in force; whoever says that it was repealed must name it.
pub(super) fn cited(text: &str) -> Vec<(&'static Superseded, String)> {
    let told = ["废止", "代替", "取代", "过时", "旧法", "旧条号", "旧标准", "老标准", "改制"];
    if told.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    found(text)
}

/// The same whatever else `text` says.
pub(super) fn found(text: &str) -> Vec<(&'static Superseded, String)> {
    SUPERSEDED
        .iter()
        .zip(COMPILED.iter())
        .filter_map(|(law, regex)| Some((law, regex.find(text)?.as_str().to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_in_force_is_found_and_its_successor_is_not() {
        for (id, bad, good) in [
            ("law-air-pollution", "依据大气污染防治法", "大气污染防治法已经废止"),
            ("law-public-security", "依照《治安管理处罚法》第二十五条", "治安管理处罚法第二十九条"),
            ("law-public-security", "治安管理处罚法（2012年修正）", "治安管理处罚法（2025年修订）"),
            ("standard-outdated", "符合 GB 17761—2018", "符合 GB 17761—2024"),
            ("standard-outdated", "符合GB17761-2018", "GB 17761—2024 代替 GB 17761—2018"),
            ("standard-outdated", "产品标准 GB 4351.1", "产品标准 GB 4351—2023"),
            ("standard-outdated", "GB 50045 的要求", "GB 50016 的要求"),
            ("standard-outdated", "重大火灾隐患判定方法", "重大火灾隐患判定规则"),
            ("office-renamed", "请公安消防大队检查", "请消防救援大队检查"),
        ] {
            let ids = |text| cited(text).into_iter().map(|(law, _)| law.id).collect::<Vec<_>>();
            assert_eq!(ids(bad).first(), Some(&id), "{bad}");
            assert!(ids(good).is_empty(), "{good}");
        }
    }
}
