//! The formats of a lesson pack: their words, endings and what teachers are told they are.

/// The formats of a lesson pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One HTML file for printing: plan, letter, work sheet, quiz paper.
    A4,
    /// One HTML file with the slides.
    Slides,
    /// EPUB 3.
    Epub,
    /// SCORM 1.2, for learning platforms.
    Scorm,
    /// The quiz in Moodle's GIFT.
    Gift,
    /// iCalendar of the safety days of the school year.
    Ics,
    /// All of them with a README.
    Zip,
}

impl Format {
    /// All formats in the order pages offer them.
    pub const ALL: [Self; 7] =
        [Self::A4, Self::Slides, Self::Epub, Self::Scorm, Self::Gift, Self::Ics, Self::Zip];

    /// Its word on the command line and in the API.
    pub fn key(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::Slides => "slides",
            Self::Epub => "epub",
            Self::Scorm => "scorm",
            Self::Gift => "gift",
            Self::Ics => "ics",
            Self::Zip => "zip",
        }
    }

    /// The format of that word.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// What follows the name of the lesson in the name of its file.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::A4 => "-a4.html",
            Self::Slides => "-slides.html",
            Self::Epub => ".epub",
            Self::Scorm => "-scorm.zip",
            Self::Gift => "-gift.txt",
            Self::Ics => ".ics",
            Self::Zip => ".zip",
        }
    }

    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::A4 | Self::Slides => "text/html; charset=utf-8",
            Self::Epub => "application/epub+zip",
            Self::Scorm | Self::Zip => "application/zip",
            Self::Gift => "text/plain; charset=utf-8",
            Self::Ics => ICS_MIME,
        }
    }

    /// What teachers are told it is.
    pub(crate) fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::A4 => {
                ("A4 打印稿", "教案、告家长书、练习单、小测卷，一个网页文件，双击打开就能打印。")
            }
            Self::Slides => ("幻灯片", "一个网页文件，拷到 U 盘，不联网也能放。"),
            Self::Epub => ("电子书 EPUB", "手机、平板和阅读器都能看。"),
            Self::Scorm => ("学习平台课件 SCORM 1.2", "传到学校的学习平台，只报成绩和是否学完。"),
            Self::Gift => ("题库 GIFT", "导入 Moodle 等平台的题库。"),
            Self::Ics => ("安全日历", "把本学年的安全日加进手机或电脑的日历。"),
            Self::Zip => ("全部打包 ZIP", "上面所有文件和说明。"),
        }
    }
}

/// MIME type of calendars.
pub(crate) const ICS_MIME: &str = "text/calendar; charset=utf-8";
