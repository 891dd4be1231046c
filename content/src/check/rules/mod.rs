//! Sentences that could kill, as data: what is said, about what, why it is wrong, what to say instead, who says so.
//!
//! One file a subject. How a sentence is read — clauses, negation, questions — is left to `clause.rs`.

mod battery;
mod burns;
mod electric;
mod escape;
mod fire;
mod gas;
mod heating;
mod outdoor;
mod place;
mod words;

pub(super) use words::expand;

/// One rule of advice, its patterns written as `words.rs` says.
pub(super) struct Rule {
    /// Id in diagnostics.
    pub(super) id: &'static str,
    /// What the sentence or its heading must be about, parts that must all be met set apart by ` & `; empty for anything.
    pub(super) about: &'static str,
    /// The dangerous act, searched in a clause; a negation in that clause makes it good advice.
    pub(super) act: &'static str,
    /// What is false as it stands, its own negations included (`不用报警`); empty for none.
    pub(super) claim: &'static str,
    /// What makes the sentence harmless (`断电以后`); empty for nothing.
    pub(super) unless: &'static str,
    /// Why it is wrong, for the editor.
    pub(super) why: &'static str,
    /// What to write instead.
    pub(super) instead: &'static str,
    /// Law, standard or office that says so, with its date.
    pub(super) source: &'static str,
}

/// What a rule leaves open.
const RULE: Rule =
    Rule { id: "", about: "", act: "", claim: "", unless: "", why: "", instead: "", source: "" };

/// Where no law or standard says it in so many words; the county's fire office has yet to confirm these.
const COMMON: &str = "通行消防常识，待当地消防救援机构审定";

/// The fire office on mistakes made in escaping.
const MYTHS: &str = "应急管理部消防救援局谈火场逃生误区，2019-11-05";

/// Fire Protection Law, article 28: exits, fire lanes, hydrants, equipment.
const LAW_28: &str = "消防法第二十八条，2021-04-29";

/// All rules, subject by subject.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    let subjects: [&[Rule]; 9] = [
        fire::RULES,
        escape::RULES,
        gas::RULES,
        battery::RULES,
        electric::RULES,
        heating::RULES,
        burns::RULES,
        place::RULES,
        outdoor::RULES,
    ];
    subjects.into_iter().flatten()
}
