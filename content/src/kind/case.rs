//! Case: a real fire or the exposure of a major hazard, told so that it teaches.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::reading;
use crate::front::{Day, Front};
use crate::markdown::{Body, Section};

/// A case with its story and the four things not to be let go.
#[derive(Clone, Debug)]
pub struct Case {
    /// Fire or hazard.
    pub incident: Incident,
    /// 经过
    pub story: Section,
    /// 原因
    pub cause: Section,
    /// 责任
    pub responsibility: Section,
    /// 整改
    pub correction: Section,
    /// 教训
    pub lesson: Section,
}

/// What the case is about.
#[derive(Clone, Debug)]
pub enum Incident {
    /// A fire.
    Fire(Fire),
    /// A major hazard (重大火灾隐患) made public.
    Hazard(Hazard),
}

/// Keys of a fire.
#[derive(Clone, Debug)]
pub struct Fire {
    /// Day it began.
    pub date: Date,
    /// Where, as the report names it.
    pub place: String,
    /// Kind of place, e.g. `学校`, `自建房`.
    pub category: String,
    /// People who died; `None` where the sources do not agree.
    pub deaths: Option<u32>,
    /// People injured.
    pub injuries: Option<u32>,
    /// Direct loss in 万元.
    pub loss: Option<f64>,
    /// Direct cause in a few words.
    pub cause: String,
    /// Whether the figures are final.
    pub figures: Figures,
}

/// Whether figures come from the final report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Figures {
    /// From the final report.
    Final,
    /// From first announcements.
    Preliminary,
}

/// Keys of a hazard.
#[derive(Clone, Debug)]
pub struct Hazard {
    /// Day of publication.
    pub date: Date,
    /// Where.
    pub place: String,
    /// Kind of place.
    pub category: String,
    /// Article it violates.
    pub article: String,
    /// Day by which it must be mended.
    pub deadline: Date,
    /// State of mending, e.g. `整改中`.
    pub status: String,
    /// Authority that published it.
    pub authority: String,
    /// Whether it is demonstration data.
    pub demonstration: bool,
}

impl Incident {
    /// Day of the fire, or of publication.
    pub fn date(&self) -> Date {
        match self {
            Self::Fire(fire) => fire.date,
            Self::Hazard(hazard) => hazard.date,
        }
    }

    /// Where.
    pub fn place(&self) -> &str {
        match self {
            Self::Fire(fire) => &fire.place,
            Self::Hazard(hazard) => &hazard.place,
        }
    }

    /// Kind of place.
    pub fn category(&self) -> &str {
        match self {
            Self::Fire(fire) => &fire.category,
            Self::Hazard(hazard) => &hazard.category,
        }
    }
}

impl Case {
    /// The five sections in reading order.
    pub fn sections(&self) -> [&Section; 5] {
        [&self.story, &self.cause, &self.responsibility, &self.correction, &self.lesson]
    }
}

impl Case {
    pub(crate) fn read(front: &mut Front<'_>, mut body: Body) -> Option<Self> {
        let incident = Incident::read(front);
        let mut section = |title| reading::section(front, &mut body, title);
        let story = section("经过");
        let cause = section("原因");
        let responsibility = section("责任");
        let correction = section("整改");
        let lesson = section("教训");
        reading::no_more_sections(front, &body);
        Some(Self {
            incident: incident?,
            story: story?,
            cause: cause?,
            responsibility: responsibility?,
            correction: correction?,
            lesson: lesson?,
        })
    }
}

impl Incident {
    fn read(front: &mut Front<'_>) -> Option<Self> {
        let line = front.line("type");
        match front.text("type")?.as_str() {
            "fire" => Fire::read(front).map(Self::Fire),
            "hazard" => Hazard::read(front).map(Self::Hazard),
            other => {
                front.error(
                    line,
                    "front-value",
                    format!("`type` 不能是 `{other}`"),
                    "写 \"fire\" 或 \"hazard\"",
                );
                None
            }
        }
    }
}

impl Fire {
    fn read(front: &mut Front<'_>) -> Option<Self> {
        let date = front.required::<Day>("date");
        let place = front.text("place");
        let category = front.text("category");
        let deaths = front.optional("deaths");
        let injuries = front.optional("injuries");
        let loss = front.optional("loss");
        let cause = front.text("cause");
        let figures = front.required("figures");
        Some(Self {
            date: date?.0,
            place: place?,
            category: category?,
            deaths,
            injuries,
            loss,
            cause: cause?,
            figures: figures?,
        })
    }
}

impl Hazard {
    fn read(front: &mut Front<'_>) -> Option<Self> {
        let date = front.required::<Day>("date");
        let place = front.text("place");
        let category = front.text("category");
        let article = front.text("article");
        let deadline = front.required::<Day>("deadline");
        let status = front.text("status");
        let authority = front.text("authority");
        let demonstration = front.optional("demonstration").unwrap_or(false);
        Some(Self {
            date: date?.0,
            place: place?,
            category: category?,
            article: article?,
            deadline: deadline?.0,
            status: status?,
            authority: authority?,
            demonstration,
        })
    }
}
