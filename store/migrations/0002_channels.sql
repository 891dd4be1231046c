-- Residents' channels: what comes in, who subscribes, which process speaks for an account, who did what.
-- GENERATED_ID stands for a key that counts up by itself, which the two databases write differently.

-- Accounts of ours on a channel. One process speaks for each: its owner. The epoch counts owners.
CREATE TABLE account (
    channel       TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    owner         BIGINT,
    epoch         BIGINT NOT NULL,
    next_update   BIGINT,
    blocked_until BIGINT,
    PRIMARY KEY (channel, name)
);

-- state, pending: 0 received, 1 handling, 2 ready (reply stored), 3 sending (a request may be on its way);
-- state, final: 10 answered, 11 failed, 12 unknown, 13 unparsed.
-- chat, body and reply are erased a day after the row was handled; the rest stays.
CREATE TABLE inbox (
    id          GENERATED_ID,
    channel     TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    update_id   TEXT    NOT NULL,
    chat        TEXT,
    body        TEXT,
    state       BIGINT  NOT NULL,
    received    BIGINT  NOT NULL,
    due         BIGINT  NOT NULL,
    owner       BIGINT,
    epoch       BIGINT  NOT NULL,
    lease_until BIGINT,
    reply       TEXT,
    reply_hash  TEXT,
    sent_parts  BIGINT  NOT NULL,
    repeats     BIGINT  NOT NULL,
    handled     BIGINT,
    reason      TEXT,
    forget      BOOLEAN NOT NULL,
    UNIQUE (channel, account, update_id)
);
CREATE INDEX inbox_pending ON inbox (channel, account, chat, id, lease_until, due) WHERE state < 10;
CREATE INDEX inbox_leased ON inbox (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX inbox_chat ON inbox (channel, account, chat) WHERE chat IS NOT NULL;
CREATE INDEX inbox_erasable ON inbox (handled) WHERE body IS NOT NULL;
CREATE INDEX inbox_listed ON inbox (state, id) WHERE state > 10;
CREATE INDEX inbox_repeated ON inbox (id) WHERE repeats > 0;

-- The one place for addresses. Everything else names a subscriber by its random id.
CREATE TABLE subscriber (
    id          TEXT    NOT NULL PRIMARY KEY,
    channel     TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    chat        TEXT    NOT NULL,
    region      TEXT    NOT NULL,
    role        TEXT,
    language    TEXT    NOT NULL,
    quiet_from  BIGINT,
    quiet_until BIGINT,
    consented   BIGINT  NOT NULL,
    active      BOOLEAN NOT NULL,
    leave_token TEXT    NOT NULL UNIQUE,
    UNIQUE (channel, account, chat)
);
CREATE INDEX subscriber_region ON subscriber (region, role);

-- Subscriptions that wait for the owner of the address to confirm them.
CREATE TABLE confirmation (
    token_hash  TEXT   NOT NULL PRIMARY KEY,
    channel     TEXT   NOT NULL,
    account     TEXT   NOT NULL,
    chat        TEXT   NOT NULL,
    region      TEXT   NOT NULL,
    role        TEXT,
    language    TEXT   NOT NULL,
    quiet_from  BIGINT,
    quiet_until BIGINT,
    expires     BIGINT NOT NULL
);
CREATE INDEX confirmation_expires ON confirmation (expires);
CREATE INDEX confirmation_address ON confirmation (channel, account, chat);

-- Who did what; append only. Each hash covers the entry and the hash before it.
CREATE TABLE audit (
    number   BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    detail   TEXT   NOT NULL,
    previous TEXT   NOT NULL,
    hash     TEXT   NOT NULL UNIQUE
);
