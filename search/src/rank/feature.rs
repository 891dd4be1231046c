//! Names of what ranking and the gate measure. Order is meaning: values and weights are kept in this order.

/// Features of a candidate document for ranking.
pub(crate) const RANK: [&str; 27] = [
    "bm25",
    "question",
    "same_question",
    "second_question",
    "title",
    "heading",
    "focus",
    "document",
    "lead",
    "passage",
    "title_words",
    "telling_word",
    "bigrams",
    "thing",
    "year_same",
    "year_other",
    "other_language",
    "forbidding",
    "kind_asked",
    "knowledge",
    "guide",
    "case",
    "teaching",
    "figures",
    "cosine_passage",
    "cosine_question",
    "proximity",
];

/// Values of [`RANK`].
pub(crate) type Rank = [f32; RANK.len()];

/// Features of a question with its best document, for the decision to answer.
pub(crate) const GATE: [&str; 20] = [
    "bias",
    "question",
    "same_question",
    "heading",
    "document",
    "passage",
    "covered_weight",
    "bm25_absolute",
    "topic_one",
    "topic_more",
    "off_field",
    "margin",
    "thing_missing",
    "unknown_words",
    "bigrams",
    "spelled",
    "english",
    "cosine_passage",
    "cosine_question",
    "cosine_elsewhere",
];

/// Values of [`GATE`].
pub(crate) type Gate = [f32; GATE.len()];
