//! Knowledge: one thing to know and do, with the answer the bot gives first.

use serde::{Deserialize, Serialize};

use super::reading;
use crate::front::Front;
use crate::markdown::{Block, Body};

/// A knowledge document.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// What the bot says first, at most 300 characters.
    pub answer: Vec<Block>,
    /// At least three ways people ask.
    pub questions: Vec<String>,
    /// When a reader needs it.
    pub urgency: Urgency,
    /// The text.
    pub body: Body,
}

/// When a reader needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// While it is happening.
    Now,
    /// To be ready.
    Prepare,
    /// To understand.
    Learn,
}

/// Most characters of an answer: it must fit one screen and one breath.
const ANSWER_LIMIT: usize = 300;

impl Knowledge {
    pub(crate) fn read(front: &mut Front<'_>, body: Body) -> Option<Self> {
        let answer = reading::blocks(front, "answer", ANSWER_LIMIT);
        let questions = front.list("questions", 3);
        let urgency = front.required("urgency");
        Some(Self { answer: answer?, questions: questions?, urgency: urgency?, body })
    }
}
