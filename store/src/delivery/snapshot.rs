//! The recipients of a campaign as a set: counted and hashed when all stand in the ledger, and again by whoever
//! wants to know whether it is still the same.
