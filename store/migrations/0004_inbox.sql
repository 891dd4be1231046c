-- The inbox is claimed by its oldest waiting rows. What changes with each step of an update (state, due) stands
-- in no index: pending is what has no time of being handled.
DROP INDEX inbox_pending;
DROP INDEX inbox_leased;
DROP INDEX inbox_erasable;
CREATE INDEX inbox_queue ON inbox (channel, account, chat, id) WHERE handled IS NULL;
CREATE INDEX inbox_waiting ON inbox (channel, account, id) WHERE handled IS NULL AND lease_until IS NULL;
CREATE INDEX inbox_leased ON inbox (channel, account, chat) WHERE lease_until IS NOT NULL;
CREATE INDEX inbox_erasable ON inbox (handled) WHERE body IS NOT NULL AND handled IS NOT NULL;
