//! The tuner: what is measured of every golden line is kept, then ranking is fitted, then the gate on top of it.
//! Lines of the test half are never learned from; within the tuning half every fold is measured by the others.

use serde::Serialize;

use super::fit::{Example, Group, dot, fit_gate, fit_rank};
use super::judge::{Expect, GoldenError, GoldenLine, read};
use super::split::{Split, fold};
use crate::engine::Measured;
use crate::rank::{Decision, GATE, Linear, Mode, RANK, Weights};
use crate::select::logistic;
use crate::{AnswerKind, Engine};

/// Folds of the cross-validation.
const FOLDS: u64 = 5;

/// How strongly weights of ranking and gate are kept near where they start.
const RANK_PULL: f64 = 0.0003;
const GATE_PULL: f64 = 0.0001;

/// Share of questions on the subject that may be refused, and of others that may be answered.
const REFUSED: f32 = 0.03;
const ANSWERED: f32 = 0.05;

/// What one fold gave: learned on the others, measured on the rest and on itself.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Fold {
    /// `lexical` or `semantic`, and the number of the fold, or `test`.
    pub name: String,
    /// Lines with a document.
    pub lines: usize,
    /// Share with the right document first, learned from and held out.
    pub first: [f32; 2],
    /// Share with it among the first three.
    pub third: [f32; 2],
    /// Mean reciprocal rank.
    pub mrr: [f32; 2],
    /// Share of questions on the subject refused at the threshold.
    pub refused: [f32; 2],
    /// Share of other questions answered at the threshold.
    pub answered: [f32; 2],
}

/// What tuning gave.
#[derive(Clone, Debug, Serialize)]
pub struct Tuned {
    /// Measures by fold; the last of each mode is the test half.
    pub folds: Vec<Fold>,
    /// The file of weights.
    pub weights: String,
}

/// Learns weights from golden `lines`.
///
/// # Errors
/// When a line cannot be read or holds a broken pattern.
pub fn tune(engine: &Engine, lines: &str) -> Result<Tuned, GoldenError> {
    let lines: Vec<GoldenLine> = read(lines)?.into_iter().map(|(line, _)| line).collect();
    let mut weights = Weights::built_in().clone();
    let mut folds = Vec::new();
    for mode in engine.modes() {
        let cases: Vec<Case<'_>> =
            lines.iter().filter_map(|line| Case::of(engine, line, mode)).collect();
        let start = weights.of(mode).clone();
        folds.extend((0..FOLDS).map(|at| {
            let (held, learned): (Vec<&Case<'_>>, Vec<&Case<'_>>) =
                tuning(&cases).partition(|case| fold(case.line, FOLDS) == at);
            report(
                format!("{mode:?} {at}"),
                &learn(engine, &learned, &start),
                &learned,
                &held,
                engine,
            )
        }));
        let learned: Vec<&Case<'_>> = tuning(&cases).collect();
        let test: Vec<&Case<'_>> =
            cases.iter().filter(|c| Split::of(c.line) == Split::Test).collect();
        let decision = learn(engine, &learned, &start);
        folds.push(report(format!("{mode:?} test"), &decision, &learned, &test, engine));
        *weights.of_mut(mode) = decision;
    }
    let head = "# Weights of retrieval and selection; `fenghuo eval --tune GOLDEN… --out FILE` writes them.\n\n";
    let body = toml::to_string(&weights).unwrap_or_default();
    Ok(Tuned { folds, weights: format!("{head}{body}") })
}

fn tuning<'a, 'b>(cases: &'b [Case<'a>]) -> impl Iterator<Item = &'b Case<'a>> {
    cases.iter().filter(|case| Split::of(case.line) == Split::Tune)
}

/// A golden line with what was measured of it.
struct Case<'a> {
    line: &'a GoldenLine,
    measured: Measured,
    /// Candidates and the right one, where a document is named and was found.
    group: Option<Group>,
}

impl<'a> Case<'a> {
    /// Dangers are none of ranking's business, nor are greetings.
    fn of(engine: &Engine, line: &'a GoldenLine, mode: Mode) -> Option<Self> {
        let kind = engine.ask(&line.q).kind;
        if line.expect == Expect::Emergency
            || (matches!(kind, AnswerKind::Emergency | AnswerKind::Greeting) && line.doc.is_none())
        {
            return None;
        }
        let measured = engine.measure(&line.q, mode);
        let right = line.doc.as_ref().and_then(|doc| measured.place_of(engine, doc));
        let candidates =
            || measured.retrieved.documents.iter().map(|found| found.rank.to_vec()).collect();
        let group = right.map(|right| Group { candidates: candidates(), right });
        Some(Self { line, measured, group })
    }
}

fn learn(engine: &Engine, cases: &[&Case<'_>], start: &Decision) -> Decision {
    let groups: Vec<&Group> = cases.iter().filter_map(|case| case.group.as_ref()).collect();
    let rank = round(fit_rank(&groups, &start.rank.weights, RANK_PULL));
    let examples: Vec<Example> = cases.iter().map(|case| example(engine, case, &rank)).collect();
    let all: Vec<&Example> = examples.iter().collect();
    let gate = round(fit_gate(&all, &start.gate.weights, GATE_PULL));
    let answer = threshold(&examples, &gate);
    Decision {
        answer,
        suggest: round(vec![answer * 0.3])[0],
        rank: Linear::new(&RANK, rank),
        gate: Linear::new(&GATE, gate),
    }
}

/// Two digits behind the point: the file stays readable and the same everywhere.
fn round(weights: Vec<f32>) -> Vec<f32> {
    weights.into_iter().map(|weight| (weight * 100.0).round() / 100.0).collect()
}

fn example(engine: &Engine, case: &Case<'_>, rank: &[f32]) -> Example {
    let values = engine.gate_values(&case.measured, &Linear::new(&RANK, rank.to_vec())).to_vec();
    Example { values, positive: case.line.expect == Expect::Answer }
}

/// The probability at which both kinds of mistake are farthest below what is allowed.
fn threshold(examples: &[Example], gate: &[f32]) -> f32 {
    let cost = |at: &f32| {
        let [refused, answered] = mistakes(examples, gate, *at);
        (refused / REFUSED).max(answered / ANSWERED)
            + 0.1 * (refused / REFUSED + answered / ANSWERED)
    };
    let steps = (5..95).map(|step| step as f32 / 100.0);
    steps.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(0.5)
}

/// Share of questions on the subject refused, and of others answered.
fn mistakes(examples: &[Example], gate: &[f32], threshold: f32) -> [f32; 2] {
    let share = |positive: bool| {
        let of: Vec<bool> = examples
            .iter()
            .filter(|example| example.positive == positive)
            .map(|example| (logistic(dot(gate, &example.values)) >= threshold) != positive)
            .collect();
        of.iter().filter(|wrong| **wrong).count() as f32 / of.len().max(1) as f32
    };
    [share(true), share(false)]
}

fn report(
    name: String,
    decision: &Decision,
    learned: &[&Case<'_>],
    held: &[&Case<'_>],
    engine: &Engine,
) -> Fold {
    let mut fold = Fold { name, ..Fold::default() };
    for (at, cases) in [learned, held].into_iter().enumerate() {
        let named: Vec<&&Case<'_>> = cases.iter().filter(|case| case.line.doc.is_some()).collect();
        let ranks: Vec<Option<usize>> = named.iter().map(|case| place(case, decision)).collect();
        let total = named.len().max(1) as f32;
        let within = |k| ranks.iter().flatten().filter(|rank| **rank < k).count() as f32 / total;
        fold.lines = named.len();
        fold.first[at] = within(1);
        fold.third[at] = within(3);
        fold.mrr[at] =
            ranks.iter().flatten().map(|rank| 1.0 / (*rank as f32 + 1.0)).sum::<f32>() / total;
        let examples: Vec<Example> =
            cases.iter().map(|case| example(engine, case, &decision.rank.weights)).collect();
        [fold.refused[at], fold.answered[at]] =
            mistakes(&examples, &decision.gate.weights, decision.answer);
    }
    fold
}

/// Place of the right document under other weights.
fn place(case: &Case<'_>, decision: &Decision) -> Option<usize> {
    let group = case.group.as_ref()?;
    let scores: Vec<f32> =
        group.candidates.iter().map(|values| decision.rank.score(values)).collect();
    Some(scores.iter().filter(|score| **score > scores[group.right]).count())
}
