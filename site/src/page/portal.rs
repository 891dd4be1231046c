//! A portal: what one of the seven settings needs, kind by kind.

use askama::Template;
use fenghuo_content::{Kind, Setting};

use super::Page;
use super::entry::{Entry, SHOWN, entries};
use super::list::{Facet, FacetLink};
use crate::Site;
use crate::frame::render;
use crate::route::setting_address;

/// How many documents of a kind the portal names.
const NAMED: usize = 8;

#[derive(Template)]
#[template(path = "portal.html")]
struct Portal<'a> {
    title: &'static str,
    intro: &'static str,
    sections: Vec<Section<'a>>,
    facets: Vec<Facet>,
}

struct Section<'a> {
    name: &'static str,
    address: String,
    count: usize,
    entries: Vec<Entry<'a>>,
}

/// Title and one line of each portal.
pub(super) fn words(setting: Setting) -> (&'static str, &'static str) {
    match setting {
        Setting::Home => ("居民和家庭", "家里怎么防、着火怎么办、带家人做一遍逃生计划。"),
        Setting::School => ("学校和幼儿园", "拿来就能上的课、告家长书、练习单、测验和演练。"),
        Setting::Enterprise => ("企业和商铺", "对照自查、先改哪一项、依据哪一条。"),
        Setting::Village => ("农村", "柴草、秸秆、火炉、大棚、林边防火，和大喇叭广播稿。"),
        Setting::Agency => ("机关和乡镇", "提示、火情通报、工作进展和各单位的责任。"),
        Setting::Community => ("社区和物业", "楼道、消防车道、充电和独居老人。"),
        Setting::Web => ("网站和新媒体", "可以转发的提示、知识和订阅地址。"),
    }
}

pub(super) fn portal(site: &Site, setting: Setting) -> Page {
    let (title, intro) = words(setting);
    let sections = order(setting).into_iter().filter_map(|kind| section(site, setting, kind));
    let view = Portal { title, intro, sections: sections.collect(), facets: vec![others(setting)] };
    Page {
        title: title.to_owned(),
        description: intro.to_owned(),
        main: render(&view),
        ..Page::default()
    }
}

/// What a setting needs most stands first.
fn order(setting: Setting) -> Vec<Kind> {
    let first: &[Kind] = match setting {
        Setting::School => &[Kind::Lesson, Kind::Quiz, Kind::Checklist],
        Setting::Enterprise | Setting::Community => &[Kind::Checklist],
        Setting::Agency => &[Kind::Notice, Kind::Bulletin, Kind::Board],
        Setting::Village => &[Kind::Notice, Kind::Guide, Kind::Checklist],
        Setting::Home | Setting::Web => &[],
    };
    let rest = SHOWN.iter().filter(|kind| !first.contains(kind));
    first.iter().chain(rest).copied().collect()
}

fn section(site: &Site, setting: Setting, kind: Kind) -> Option<Section<'_>> {
    let positions = site.index.of_setting(setting, kind);
    (!positions.is_empty()).then(|| Section {
        name: kind.name(),
        address: format!("{}{}/", setting_address(setting), kind.folder()),
        count: positions.len(),
        entries: entries(site, &positions[..positions.len().min(NAMED)], false),
    })
}

fn others(current: Setting) -> Facet {
    let links = Setting::ALL.into_iter().map(|setting| FacetLink {
        address: setting_address(setting),
        name: words(setting).0.to_owned(),
        count: 0,
        current: setting == current,
    });
    Facet { label: "换个入口", links: links.collect(), open: true }
}
