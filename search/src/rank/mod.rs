//! Ranking: what is measured of a candidate, the weights learned on golden questions, and what is asked for.

mod feature;
mod proximity;
mod thing;
mod weights;

pub(crate) use feature::{GATE, Gate, RANK, Rank};
pub(crate) use proximity::Close;
pub(crate) use thing::Things;
pub(crate) use weights::{Decision, LikenessWeights, Linear, LookUpWeights, Mode, Weights};
