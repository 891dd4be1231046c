-- Sessions of the chat, questions nothing answers, votes on answers. No table knows who anyone is.
-- Times are seconds since 1970 (UTC); days are `YYYY-MM-DD` in Beijing time.

CREATE TABLE session (
    id      TEXT   NOT NULL PRIMARY KEY,
    state   TEXT   NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX session_updated ON session (updated);

CREATE TABLE gap (
    question_key TEXT   NOT NULL PRIMARY KEY,
    sample       TEXT   NOT NULL,
    times        BIGINT NOT NULL,
    first_day    TEXT   NOT NULL,
    last_day     TEXT   NOT NULL
);
CREATE INDEX gap_last_day ON gap (last_day);

CREATE TABLE feedback (
    doc     TEXT    NOT NULL,
    section TEXT    NOT NULL,
    helpful BOOLEAN NOT NULL,
    day     TEXT    NOT NULL,
    times   BIGINT  NOT NULL,
    PRIMARY KEY (doc, section, day, helpful)
);
