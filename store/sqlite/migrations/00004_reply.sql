-- Replies by e-mail: those that wait to be confirmed, which mails were answered,
-- and what a provider brought with which token.

-- +goose Up
-- conversation is no foreign key: with every start SQLite would walk the replies
-- of the district. body is empty once it was confirmed.
CREATE TABLE held_reply (
    district     BLOB    NOT NULL,
    key          BLOB    NOT NULL CHECK (length(key) = 16), -- of the message that it becomes
    hash         BLOB    NOT NULL CHECK (length(hash) = 32) UNIQUE,
    person       BLOB    NOT NULL,
    conversation BLOB    NOT NULL,
    sender       TEXT    NOT NULL, -- the address that it came from
    body         TEXT    NOT NULL,
    expires_at   INTEGER NOT NULL,
    told         INTEGER NOT NULL DEFAULT 0, -- the person was mailed
    confirmed    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (district, key),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX held_reply_person ON held_reply (district, person);
CREATE INDEX held_reply_expiry ON held_reply (expires_at);

CREATE TABLE reply_answer (
    district BLOB    NOT NULL REFERENCES district (id),
    key      BLOB    NOT NULL CHECK (length(key) = 16),
    address  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (district, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX reply_answer_address ON reply_answer (district, address, at);
CREATE INDEX reply_answer_at ON reply_answer (at);

CREATE TABLE reply_token (
    token  TEXT    NOT NULL PRIMARY KEY,
    digest BLOB    NOT NULL CHECK (length(digest) = 32),
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reply_token_at ON reply_token (at);
