-- Results of self-checks that somebody chose to tell, and page views by township: figures, never who.

-- So many results of a level in a month. Months, not days: a day and a small township would point at a shop.
CREATE TABLE self_check (
    month     TEXT   NOT NULL,
    checklist TEXT   NOT NULL,
    region    TEXT   NOT NULL,
    level     TEXT   NOT NULL,
    times     BIGINT NOT NULL,
    PRIMARY KEY (month, checklist, region, level)
);

-- Forms that were counted, for two days: a second tap counts once.
CREATE TABLE self_check_form (
    form TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL
);
CREATE INDEX self_check_form_at ON self_check_form (at);

-- Views of pages whose address names a place.
CREATE TABLE place_view (
    day    TEXT   NOT NULL,
    region TEXT   NOT NULL,
    times  BIGINT NOT NULL,
    PRIMARY KEY (day, region)
);
