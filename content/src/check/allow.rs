//! `[[allow]]`: a document may break a rule of wording for a reason it gives, never one of danger or structure.

use crate::{Diagnostic, Document, Library};

/// Rules a document may be allowed to break.
pub(super) const ALLOWABLE: &[&str] = &[
    "action-long",
    "contradiction",
    "figure-source",
    "hard-word",
    "law-air-pollution",
    "law-public-security",
    "missing-119",
    "office-renamed",
    "promise",
    "section-long",
    "sentence-long",
    "slogan",
    "standard-outdated",
    "title-long",
    "warning-colour",
];

/// `faults` without those that are allowed, and with those of the allowing itself.
pub(super) fn applied(library: &Library, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let allowing = library.documents().iter().filter(|document| !document.meta.allow.is_empty());
    allowing.fold(faults, |left, document| to(document, left))
}

/// `faults` without those that `document` is allowed, and with those of its allowing.
pub(super) fn to(document: &Document, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut left = faults;
    for (rule, reason) in &document.meta.allow {
        let fault = if !ALLOWABLE.contains(&rule.as_str()) {
            Some(refused(&document.path, rule))
        } else if reason.trim().is_empty() {
            let message = format!("放过 `{rule}` 没有写原因");
            let help = "写 reason = \"为什么\"";
            Some(Diagnostic::error(&document.path, 1, "allow-rule", message, help))
        } else {
            let before = left.len();
            left.retain(|fault| fault.path != document.path || fault.rule != rule);
            (before == left.len()).then(|| unused(&document.path, rule))
        };
        left.extend(fault);
    }
    left
}

fn refused(path: &str, rule: &str) -> Diagnostic {
    let message = if rule.starts_with("advice-") {
        format!("`{rule}` 是会害人的话，不能放过")
    } else {
        format!("`{rule}` 不能放过，或没有这条规则")
    };
    let help = format!("删掉这个 [[allow]]，改句子；能放过的有：{}", ALLOWABLE.join("、"));
    Diagnostic::error(path, 1, "allow-rule", message, help)
}

fn unused(path: &str, rule: &str) -> Diagnostic {
    let message = format!("放过了 `{rule}`，可是本篇没有违反它");
    Diagnostic::warning(path, 1, "allow-unused", message, "删掉这个 [[allow]]")
}
