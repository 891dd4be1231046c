//! A pack asked for by name, as the command line does.

use fenghuo_content::Kind;

use super::{Bundle, Format, Subject, bundle, make};
use crate::Site;
use crate::route::lesson_season_address;
use crate::season::Quarter;

/// A pack as a file.
pub struct Pack {
    /// Its name, letters of ASCII.
    pub name: String,
    /// Its MIME type.
    pub mime: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// No lesson and no season bundle has this name.
    #[error("no lesson is named `{name}`; the library has {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// Names there are.
        known: String,
    },
    /// The lesson has nothing for the format.
    #[error("`{name}` has no pack in the format `{format}`: {reason}")]
    Absent {
        /// The lesson.
        name: String,
        /// The format asked for.
        format: &'static str,
        /// Why.
        reason: &'static str,
    },
}

impl Site {
    /// The pack of `name` in `format`: a lesson (`summer-p46`, `lessons/summer-p46`) or a bundle (`season/summer`).
    ///
    /// # Errors
    /// When there is no such lesson, or nothing in it for the format.
    pub fn pack(&self, name: &str, format: Format) -> Result<Pack, PackError> {
        let short = name.trim_matches('/');
        let short = short.strip_prefix("lessons/").unwrap_or(short);
        if let Some(season) = short.strip_prefix("season/") {
            return self.pack_season(name, season, format);
        }
        let id = format!("{}/{short}", Kind::Lesson.folder());
        let document = self.library.find(&id).filter(|document| !document.meta.draft);
        let Some(subject) = document.and_then(|document| Subject::new(self, document)) else {
            return Err(self.unknown(name));
        };
        if !subject.has(format) {
            let reason = "the lesson names no quiz";
            return Err(PackError::Absent { name: id, format: format.key(), reason });
        }
        let bytes = make(&subject, format);
        Ok(Pack { name: subject.file(format), mime: format.mime(), bytes })
    }

    fn pack_season(&self, name: &str, season: &str, format: Format) -> Result<Pack, PackError> {
        let quarter = Quarter::parse(season);
        let Some(bundle) = quarter.and_then(|quarter| Bundle::of(self, quarter)) else {
            return Err(self.unknown(name));
        };
        if format != Format::Zip {
            let (name, reason) = (name.to_owned(), "a season comes as one ZIP");
            return Err(PackError::Absent { name, format: format.key(), reason });
        }
        Ok(Pack { name: bundle.file(), mime: format.mime(), bytes: bundle::bundle(&bundle) })
    }

    fn unknown(&self, name: &str) -> PackError {
        let lessons = self.library.of_kind(Kind::Lesson).filter(|document| !document.meta.draft);
        let lessons = lessons.map(|document| document.id.as_str().to_owned());
        let seasons = self.index.lesson_seasons.keys().map(|quarter| {
            lesson_season_address(*quarter)
                .trim_matches('/')
                .trim_start_matches("lessons/")
                .to_owned()
        });
        let known: Vec<String> = lessons.chain(seasons).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        PackError::Unknown { name: name.to_owned(), known }
    }
}
