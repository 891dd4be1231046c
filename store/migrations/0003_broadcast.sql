-- Broadcast: officials, campaigns, the ledger of deliveries, relays, and the figures of the reach.
-- COMPACT stands for how a table of many small rows is kept, which the two databases write differently.

-- Accounts get a number, which the ledger uses, and two holders: purpose 0 receives, 1 sends.
ALTER TABLE account RENAME TO account_before;
CREATE TABLE account (
    number        GENERATED_ID,
    channel       TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    purpose       BIGINT NOT NULL,
    owner         BIGINT,
    epoch         BIGINT NOT NULL,
    next_update   BIGINT,
    blocked_until BIGINT,
    UNIQUE (channel, name, purpose)
);
INSERT INTO account (channel, name, purpose, owner, epoch, next_update, blocked_until)
    SELECT channel, name, 0, owner, epoch, next_update, blocked_until FROM account_before
    ORDER BY channel, name;
INSERT INTO account (channel, name, purpose, epoch)
    SELECT DISTINCT channel, account, 1, 0 FROM subscriber;
DROP TABLE account_before;

-- All there is of sending account × region × role ('' is none): whom an audience means is found out here.
CREATE TABLE segment (
    number  GENERATED_ID,
    account BIGINT NOT NULL,
    region  TEXT   NOT NULL,
    role    TEXT   NOT NULL,
    UNIQUE (account, region, role)
);
INSERT INTO segment (account, region, role)
    SELECT DISTINCT account.number, subscriber.region, COALESCE(subscriber.role, '')
    FROM subscriber JOIN account
      ON account.channel = subscriber.channel AND account.name = subscriber.account
     AND account.purpose = 1;

-- Subscribers get a number, never given twice, under which the ledger knows them.
-- outlet: no person but a robot, a webhook, a whole public account.
ALTER TABLE subscriber RENAME TO subscriber_before;
DROP INDEX subscriber_region;
CREATE TABLE subscriber (
    number      GENERATED_ID,
    id          TEXT    NOT NULL UNIQUE,
    segment     BIGINT  NOT NULL,
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
    outlet      BOOLEAN NOT NULL,
    leave_token TEXT    NOT NULL UNIQUE,
    UNIQUE (channel, account, chat)
);
INSERT INTO subscriber (id, segment, channel, account, chat, region, role, language, quiet_from,
                        quiet_until, consented, active, outlet, leave_token)
    SELECT before.id, segment.number, before.channel, before.account, before.chat, before.region,
           before.role, before.language, before.quiet_from, before.quiet_until, before.consented,
           before.active, FALSE, before.leave_token
    FROM subscriber_before AS before
    JOIN account ON account.channel = before.channel AND account.name = before.account
                AND account.purpose = 1
    JOIN segment ON segment.account = account.number AND segment.region = before.region
                AND segment.role = COALESCE(before.role, '')
    ORDER BY before.consented, before.id;
DROP TABLE subscriber_before;
CREATE INDEX subscriber_segment ON subscriber (segment) WHERE active;

-- Officials. role: 0 viewer, 1 editor, 2 approver, 3 admin.
CREATE TABLE official (
    name          TEXT    NOT NULL PRIMARY KEY,
    role          BIGINT  NOT NULL,
    password_hash TEXT    NOT NULL,
    disabled      BOOLEAN NOT NULL,
    added         BIGINT  NOT NULL
);

CREATE TABLE desk_session (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    official   TEXT   NOT NULL,
    csrf       TEXT   NOT NULL,
    expires    BIGINT NOT NULL
);
CREATE INDEX desk_session_expires ON desk_session (expires);
CREATE INDEX desk_session_official ON desk_session (official);

-- kind: 0 notice, 1 relay, 2 drill, 3 test, 4 correction, 5 withdrawal.
-- state: 0 draft, 1 submitted, 2 returned, 3 approved, 4 scheduled, 5 sending, 6 paused, 10 done, 11 cancelled,
-- 12 expired. policy, for what may have arrived: 0 never again, 1 send again, 2 ask.
-- frontier: the highest subscriber at approval; position: up to where the audience has been written out.
-- With `started` a campaign is published.
CREATE TABLE campaign (
    id             GENERATED_ID,
    code           TEXT    NOT NULL UNIQUE,
    kind           BIGINT  NOT NULL,
    title          TEXT    NOT NULL,
    body           TEXT    NOT NULL,
    overrides      TEXT    NOT NULL,
    audience       TEXT    NOT NULL,
    urgent         BOOLEAN NOT NULL,
    policy         BIGINT  NOT NULL,
    expires        BIGINT  NOT NULL,
    starts         BIGINT,
    document       TEXT,
    occasion       TEXT,
    refers         BIGINT,
    relay          BIGINT,
    state          BIGINT  NOT NULL,
    version        BIGINT  NOT NULL,
    author         TEXT    NOT NULL,
    editor         TEXT    NOT NULL,
    approver       TEXT,
    overridden     BOOLEAN NOT NULL,
    approved_hash  TEXT,
    reason         TEXT,
    created        BIGINT  NOT NULL,
    submitted      BIGINT,
    approved       BIGINT,
    started        BIGINT,
    ended          BIGINT,
    frontier       BIGINT,
    position       BIGINT  NOT NULL,
    materialised   BOOLEAN NOT NULL,
    audience_hash  TEXT,
    audience_count BIGINT,
    swept          BOOLEAN NOT NULL
);
CREATE INDEX campaign_state ON campaign (state, id);
CREATE INDEX campaign_unswept ON campaign (id) WHERE state > 10 AND NOT swept;
CREATE INDEX campaign_started ON campaign (started) WHERE started IS NOT NULL;
CREATE INDEX campaign_refers ON campaign (refers) WHERE refers IS NOT NULL;

-- One time a notice falls due: it has become a campaign, or was passed over for a reason. Never both, never twice.
CREATE TABLE occasion (
    name     TEXT   NOT NULL PRIMARY KEY,
    campaign BIGINT,
    reason   TEXT,
    at       BIGINT NOT NULL
);

-- The ledger. state, pending: 0 queued, 1 retry, 2 leased, 3 sending (a request may be on its way);
-- final: 10 sent, 11 failed, 12 unknown, 13 skipped. at: when the row came to its state.
-- It names recipients by number; who that was is known for as long as she subscribes.
CREATE TABLE delivery (
    campaign    BIGINT NOT NULL,
    recipient   BIGINT NOT NULL,
    account     BIGINT NOT NULL,
    segment     BIGINT NOT NULL,
    state       BIGINT NOT NULL,
    due         BIGINT NOT NULL,
    attempt     BIGINT NOT NULL,
    repeats     BIGINT NOT NULL,
    epoch       BIGINT NOT NULL,
    lease_until BIGINT,
    at          BIGINT,
    provider_id TEXT,
    reason      TEXT,
    PRIMARY KEY (campaign, recipient)
) COMPACT;
CREATE INDEX delivery_queue ON delivery (campaign, account, due, recipient) WHERE state < 2;
CREATE INDEX delivery_active ON delivery (campaign, recipient) WHERE state IN (2, 3);
CREATE INDEX delivery_listed ON delivery (campaign, state, recipient) WHERE state > 10;

-- Routine messages that reached somebody, or may have, in the last days: the weekly cap counts them.
CREATE TABLE routine (
    recipient BIGINT NOT NULL,
    campaign  BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (recipient, campaign)
) COMPACT;

-- Mails that came back for the moment (mailbox full): three in two weeks, and the address is given up.
CREATE TABLE bounce (
    recipient BIGINT NOT NULL,
    report    TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (recipient, report)
);

-- What of a channel's quota is used up; what and period are the channel's own words.
CREATE TABLE quota (
    channel TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    what    TEXT   NOT NULL,
    period  TEXT   NOT NULL,
    used    BIGINT NOT NULL,
    PRIMARY KEY (channel, name, what, period)
);

-- Warnings of others. raw: the message byte for byte, in hex digits.
CREATE TABLE relay (
    id         GENERATED_ID,
    identifier TEXT   NOT NULL,
    sender     TEXT   NOT NULL,
    sent       TEXT   NOT NULL,
    msg_type   TEXT   NOT NULL,
    refs       TEXT   NOT NULL,
    raw        TEXT   NOT NULL,
    issuer     TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    effective  BIGINT,
    expires    BIGINT,
    source     TEXT   NOT NULL,
    received   BIGINT NOT NULL,
    UNIQUE (sender, identifier, sent)
);

-- Figures of the boards; entered by one official, confirmed or rejected by another, never changed.
CREATE TABLE board_entry (
    id           GENERATED_ID,
    board        TEXT   NOT NULL,
    region       TEXT   NOT NULL,
    day          TEXT   NOT NULL,
    value        TEXT   NOT NULL,
    note         TEXT   NOT NULL,
    entered_by   TEXT   NOT NULL,
    entered      BIGINT  NOT NULL,
    rejected     BOOLEAN NOT NULL,
    confirmed_by TEXT,
    confirmed    BIGINT
);
CREATE INDEX board_entry_board ON board_entry (board, region, day);

-- Views of a page on a day; never by whom.
CREATE TABLE page_view (
    day   TEXT   NOT NULL,
    page  TEXT   NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (day, page)
);

-- Screens that show the signage page.
CREATE TABLE screen (
    region     TEXT   NOT NULL,
    screen     TEXT   NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    PRIMARY KEY (region, screen)
);

-- Who has said that a campaign was carried out there: read over the loudspeakers, put up.
CREATE TABLE acknowledgement (
    campaign BIGINT NOT NULL,
    region   TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (campaign, region, kind)
);

-- How many subscribed, day by day. role '' is none.
CREATE TABLE coverage (
    day    TEXT   NOT NULL,
    region TEXT   NOT NULL,
    role   TEXT   NOT NULL,
    times  BIGINT NOT NULL,
    PRIMARY KEY (day, region, role)
);

CREATE INDEX audit_subject ON audit (subject, number);
