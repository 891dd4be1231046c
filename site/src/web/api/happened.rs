//! What a list of cases is narrowed by: what it was, in what kind of place, where and when.

use fenghuo_content::kind::Incident;
use fenghuo_content::{Content, Document};

use super::params::Params;
use super::value::{number, only, refused};
use crate::web::Problem;

/// The words `type` may have.
const SORTS: [&str; 2] = ["fire", "hazard"];

#[derive(Debug, Default, PartialEq)]
pub(super) struct Happened {
    hazard: Option<bool>,
    category: Option<String>,
    place: Option<String>,
    year: Option<i16>,
}

impl Happened {
    /// Reads what `params` say of cases, which only a list of cases may.
    pub(super) fn parse(cases: bool, params: &Params) -> Result<Self, Problem> {
        for (name, value) in [
            ("type", &params.sort),
            ("category", &params.category),
            ("place", &params.place),
            ("year", &params.year),
        ] {
            only(cases, name, value.as_ref(), "cases")?;
        }
        let sort = params.sort.as_deref().map(|sort| match SORTS.iter().position(|s| *s == sort) {
            Some(position) => Ok(position == 1),
            None => Err(refused("type", SORTS)),
        });
        Ok(Self {
            hazard: sort.transpose()?,
            category: params.category.clone(),
            place: params.place.clone().filter(|place| !place.trim().is_empty()),
            year: number(params.year.as_ref(), "year", 1900..=2100)?,
        })
    }

    /// Whether `document` is such a case; anything is while nothing is asked of cases.
    pub(super) fn takes(&self, document: &Document) -> bool {
        if *self == Self::default() {
            return true;
        }
        let Content::Case(case) = &document.content else { return false };
        let incident = &case.incident;
        let hazard = matches!(incident, Incident::Hazard(_));
        self.hazard.is_none_or(|wanted| wanted == hazard)
            && self.category.as_ref().is_none_or(|category| category == incident.category())
            && self.place.as_ref().is_none_or(|place| incident.place().contains(place.trim()))
            && self.year.is_none_or(|year| year == incident.date().year())
    }
}
