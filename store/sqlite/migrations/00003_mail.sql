-- Who is due a mail, which mails are under way, and where people are reached.
-- Only the worker writes up to which message somebody was mailed, so that a send
-- still writes nobody's row in the conversation.

-- +goose Up
ALTER TABLE participant ADD COLUMN mailed_seq INTEGER NOT NULL DEFAULT 0; -- the number up to which one was mailed
ALTER TABLE participant ADD COLUMN mailed_step INTEGER NOT NULL DEFAULT 0; -- how many mails in a row went unread
ALTER TABLE participant ADD COLUMN mailed_at INTEGER;

-- +goose StatementBegin
CREATE TRIGGER participant_mailed_forward BEFORE UPDATE OF mailed_seq ON participant
WHEN NEW.mailed_seq < OLD.mailed_seq
BEGIN SELECT RAISE(ABORT, 'nobody is mailed twice for one message'); END;
-- +goose StatementEnd

ALTER TABLE preference ADD COLUMN mail TEXT NOT NULL DEFAULT '' CHECK (mail IN ('', 'daily', 'off'));
ALTER TABLE preference ADD COLUMN daily_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE preference ADD COLUMN own_quiet INTEGER NOT NULL DEFAULT 0; -- quiet hours are their own, not the district's
ALTER TABLE preference ADD COLUMN quiet_from TEXT NOT NULL DEFAULT '';
ALTER TABLE preference ADD COLUMN quiet_until TEXT NOT NULL DEFAULT '';

-- What a person chose instead of the roster's address; no import touches it.
-- person.address is the one of the two that holds.
CREATE TABLE chosen_address (
    district BLOB    NOT NULL,
    person   BLOB    NOT NULL,
    email    TEXT    NOT NULL,
    address  TEXT    NOT NULL CHECK (address <> ''),
    since    INTEGER NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE address_change (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    district   BLOB    NOT NULL,
    person     BLOB    NOT NULL,
    email      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX address_change_person ON address_change (district, person);
CREATE INDEX address_change_expiry ON address_change (expires_at);

-- How addresses take mail; one that is fine again says so, and since when.
CREATE TABLE address (
    district BLOB    NOT NULL REFERENCES district (id),
    address  TEXT    NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('', 'bounced', 'complained')),
    since    INTEGER NOT NULL,
    PRIMARY KEY (district, address)
) STRICT, WITHOUT ROWID;

-- When a person is next due.
CREATE TABLE notice (
    district BLOB    NOT NULL,
    person   BLOB    NOT NULL,
    due_at   INTEGER NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_due ON notice (due_at);

-- next_at is when an unfinished mail may be claimed (again): the end of its
-- lease, or of its wait. token counts the claims: only the last may say what
-- became of it.
CREATE TABLE mail (
    district  BLOB    NOT NULL,
    id        BLOB    NOT NULL CHECK (length(id) = 16),
    person    BLOB    NOT NULL,
    address   TEXT    NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('intended', 'calling', 'waiting', 'sent', 'cancelled', 'failed', 'unknown')),
    made_at   INTEGER NOT NULL,
    called_at INTEGER,
    attempts  INTEGER NOT NULL DEFAULT 0,
    doubts    INTEGER NOT NULL DEFAULT 0,
    provider  TEXT    NOT NULL DEFAULT '',
    detail    TEXT    NOT NULL DEFAULT '',
    token     INTEGER NOT NULL DEFAULT 1,
    next_at   INTEGER,
    PRIMARY KEY (district, id),
    CHECK ((state IN ('intended', 'calling', 'waiting')) = (next_at IS NOT NULL)),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_id ON mail (id); -- links and replies name nothing else
CREATE INDEX mail_next ON mail (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX mail_made ON mail (made_at) WHERE next_at IS NULL;

-- conversation is no foreign key: with every start SQLite would walk the parts
-- of the district.
CREATE TABLE mail_part (
    district     BLOB    NOT NULL,
    mail         BLOB    NOT NULL,
    no           INTEGER NOT NULL,
    conversation BLOB    NOT NULL,
    after_seq    INTEGER NOT NULL,
    up_to        INTEGER NOT NULL CHECK (up_to > after_seq),
    step         INTEGER NOT NULL,
    PRIMARY KEY (district, mail, no),
    FOREIGN KEY (district, mail) REFERENCES mail (district, id)
) STRICT, WITHOUT ROWID;

-- What providers have reported, so that it counts once.
CREATE TABLE report (
    nonce TEXT    NOT NULL PRIMARY KEY,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX report_at ON report (at);

-- Keys that all of an installation share; of no district.
CREATE TABLE secret (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL CHECK (length(value) = 32)
) STRICT, WITHOUT ROWID;
