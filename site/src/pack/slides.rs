//! Slides as a page of the site and as one file to carry around; without script all slides stand on one page.

use std::collections::HashMap;

use askama::Template;

use super::deck::{Slide, deck};
use super::{Imprint, Subject, data};
use crate::asset::{ICON, SLIDES_SCRIPT, SLIDES_STYLE};
use crate::frame::render;
use crate::render::Drawing;

/// What differs between the page and the file.
struct Around<'a> {
    style: String,
    script: String,
    icon: String,
    /// Address of the lesson.
    back: String,
    drawings: &'a HashMap<String, Drawing>,
}

#[derive(Template)]
#[template(path = "pack/slides.html")]
struct View<'a> {
    title: &'a str,
    site: &'a str,
    around: Around<'a>,
    slides: Vec<SlideView<'a>>,
    imprint: Imprint,
}

struct SlideView<'a> {
    number: usize,
    slide: &'a Slide,
    /// Drawing and what it shows.
    figure: Option<(&'a Drawing, &'a str)>,
}

/// The page of the site.
pub(crate) fn page(subject: &Subject<'_>) -> String {
    let around = Around {
        style: SLIDES_STYLE.address.clone(),
        script: SLIDES_SCRIPT.address.clone(),
        icon: "/icon.svg".to_owned(),
        back: subject.document.address(),
        drawings: subject.site.context(subject.document.lang).sizes,
    };
    show(subject, around)
}

/// One file that needs nothing else.
pub(super) fn file(subject: &Subject<'_>) -> String {
    let around = Around {
        style: data::url("text/css", SLIDES_STYLE.bytes),
        script: data::url("text/javascript", SLIDES_SCRIPT.bytes),
        icon: data::url("image/svg+xml", ICON),
        back: subject.url(),
        drawings: &data::drawings(subject),
    };
    show(subject, around)
}

fn show(subject: &Subject<'_>, around: Around<'_>) -> String {
    let slides = deck(subject);
    let views = slides.iter().zip(1..).map(|(slide, number)| SlideView {
        number,
        slide,
        figure: slide
            .figure
            .as_ref()
            .and_then(|(path, alt)| Some((around.drawings.get(path)?, alt.as_str()))),
    });
    let slides = views.collect();
    let (title, site) = (subject.title(), subject.site.library.place.title.as_str());
    render(&View { title, site, around, slides, imprint: subject.imprint() })
}
