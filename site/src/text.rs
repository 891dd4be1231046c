//! The words of the frame and of common parts, in both languages of the site.

use fenghuo_content::{Kind, Lang};

/// Words around the text of a document.
pub(crate) struct Words {
    pub(crate) skip: &'static str,
    pub(crate) now: &'static str,
    pub(crate) call: &'static str,
    pub(crate) home: &'static str,
    pub(crate) nav: &'static str,
    pub(crate) here: &'static str,
    pub(crate) sources: &'static str,
    pub(crate) related: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) article_of: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) right: &'static str,
    pub(crate) speak: &'static str,
    pub(crate) print: &'static str,
    pub(crate) large: &'static str,
    pub(crate) contrast: &'static str,
    pub(crate) share: &'static str,
    pub(crate) poster: &'static str,
    pub(crate) other_language: &'static str,
    pub(crate) hotlines: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) to_start: &'static str,
    pub(crate) end: &'static str,
    pub(crate) table: &'static str,
}

/// Chinese.
const ZH: Words = Words {
    skip: "跳到正文",
    now: "现在着火了？",
    call: "打 119",
    home: "首页",
    nav: "栏目",
    here: "当前位置",
    sources: "来源",
    related: "相关内容",
    contents: "本页内容",
    answer: "先这样做",
    article_of: "，",
    wrong: "误区",
    right: "正确",
    speak: "朗读",
    print: "打印",
    large: "大字",
    contrast: "高对比",
    share: "发给家人",
    poster: "海报",
    other_language: "English",
    hotlines: "求助电话",
    operator: "主办",
    to_start: "回到第一步",
    end: "到这里就完成了。",
    table: "表格",
};

/// English, for foreign guests.
const EN: Words = Words {
    skip: "Skip to content",
    now: "Fire now?",
    call: "Call 119",
    home: "Home",
    nav: "Sections",
    here: "You are here",
    sources: "Sources",
    related: "Related",
    contents: "On this page",
    answer: "Do this first",
    article_of: ", ",
    wrong: "Wrong",
    right: "Right",
    speak: "Read aloud",
    print: "Print",
    large: "Large type",
    contrast: "High contrast",
    share: "Send to family",
    poster: "Poster",
    other_language: "中文",
    hotlines: "Numbers to call",
    operator: "Run by",
    to_start: "Back to the first step",
    end: "This is the last step.",
    table: "Table",
};

/// The words of `lang`.
pub(crate) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// Name of `kind` in lists and crumbs.
pub(crate) fn kind_name(kind: Kind, lang: Lang) -> &'static str {
    match (lang, kind) {
        (Lang::Zh, kind) => kind.name(),
        (Lang::En, Kind::Knowledge) => "Knowledge",
        (Lang::En, Kind::Case) => "Cases",
        (Lang::En, Kind::Guide) => "Guides",
        (Lang::En, Kind::Lesson) => "Lessons",
        (Lang::En, Kind::Quiz) => "Quizzes",
        (Lang::En, Kind::Checklist) => "Checklists",
        (Lang::En, Kind::Notice) => "Safety notices",
        (Lang::En, Kind::Bulletin) => "Fire figures",
        (Lang::En, Kind::Board) => "Progress",
        (Lang::En, Kind::Page) => "About",
    }
}

/// Name of a school year; 0 is kindergarten.
pub(crate) fn grade_name(grade: i8) -> String {
    if grade == 0 { "幼儿园".to_owned() } else { format!("{grade} 年级") }
}

/// The name of a source's sort.
pub(crate) fn source_kind(kind: fenghuo_content::SourceKind, lang: Lang) -> &'static str {
    use fenghuo_content::SourceKind::{Guide, Law, News, Report, Standard};
    match (lang, kind) {
        (Lang::Zh, Law) => "法律法规",
        (Lang::Zh, Standard) => "标准",
        (Lang::Zh, Report) => "通报",
        (Lang::Zh, Guide) => "指南",
        (Lang::Zh, News) => "官方新闻",
        (Lang::En, Law) => "law",
        (Lang::En, Standard) => "standard",
        (Lang::En, Report) => "report",
        (Lang::En, Guide) => "guide",
        (Lang::En, News) => "official news",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn school_years_are_named_as_in_the_tags_of_lessons() {
        for (grade, expected) in [(0, "幼儿园"), (1, "1 年级"), (12, "12 年级")] {
            assert_eq!(grade_name(grade), expected);
        }
    }
}
