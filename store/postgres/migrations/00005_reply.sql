-- Replies by e-mail: those that wait to be confirmed, which mails were answered,
-- and what a provider brought with which token.

-- +goose Up
-- body is empty once it was confirmed.
CREATE TABLE held_reply (
    district     uuid        NOT NULL,
    key          uuid        NOT NULL, -- of the message that it becomes
    hash         bytea       NOT NULL CHECK (length(hash) = 32) UNIQUE,
    person       uuid        NOT NULL,
    conversation uuid        NOT NULL,
    sender       text        NOT NULL, -- the address that it came from
    body         text        NOT NULL,
    expires_at   timestamptz NOT NULL,
    told         boolean     NOT NULL DEFAULT false, -- the person was mailed
    confirmed    boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (district, key),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

CREATE INDEX held_reply_person ON held_reply (district, person);
CREATE INDEX held_reply_expiry ON held_reply (expires_at);

CREATE TABLE reply_answer (
    district uuid        NOT NULL REFERENCES district (id),
    key      uuid        NOT NULL,
    address  text        NOT NULL COLLATE "C",
    at       timestamptz NOT NULL,
    PRIMARY KEY (district, key)
);

CREATE INDEX reply_answer_address ON reply_answer (district, address, at);
CREATE INDEX reply_answer_at ON reply_answer (at);

CREATE TABLE reply_token (
    token  text        NOT NULL COLLATE "C" PRIMARY KEY,
    digest bytea       NOT NULL CHECK (length(digest) = 32),
    at     timestamptz NOT NULL
);

CREATE INDEX reply_token_at ON reply_token (at);
