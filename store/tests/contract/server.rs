//! What holds for a database server alone.
