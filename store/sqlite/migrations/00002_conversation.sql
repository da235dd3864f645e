-- Conversations, their messages, and who has read what.
--
-- A send writes its message, the conversation, the sender's own row and the
-- inbox rows, and nobody else's row in the conversation: what somebody has not
-- read there is last_seq - own - read. Only when the conversation enters another
-- hour are all its rows in the index of inboxes moved.
--
-- What was said is never changed and never taken away (R8, R9): triggers refuse
-- UPDATE, DELETE, and INSERT over what is there, which is how INSERT OR REPLACE
-- would pass the first two.

-- +goose Up
-- predecessor is no foreign key: to keep one that leads into its own table,
-- SQLite walks the district with every start. The start judges it.
CREATE TABLE conversation (
    district    BLOB    NOT NULL REFERENCES district (id),
    id          BLOB    NOT NULL CHECK (length(id) = 16),
    subject     TEXT    NOT NULL,
    started_by  BLOB    NOT NULL,
    started_at  INTEGER NOT NULL,
    predecessor BLOB,
    last_seq    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    last_hash   BLOB    NOT NULL CHECK (length(last_hash) = 32),
    seal_hash   BLOB    CHECK (length(seal_hash) = 32), -- of its row in seal, where it has one
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, started_by) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_predecessor ON conversation (district, predecessor) WHERE predecessor IS NOT NULL;

-- bucket is the hour of conversation.last_at, in hours since 1970 UTC.
CREATE TABLE participant (
    district     BLOB    NOT NULL,
    conversation BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    no           INTEGER NOT NULL,
    read         INTEGER NOT NULL DEFAULT 0, -- messages of others that one has read
    read_seq     INTEGER NOT NULL DEFAULT 0, -- the number up to which one has read
    own          INTEGER NOT NULL DEFAULT 0, -- messages that one has sent
    bucket       INTEGER NOT NULL,
    PRIMARY KEY (district, conversation, person),
    FOREIGN KEY (district, conversation) REFERENCES conversation (district, id),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX participant_inbox ON participant (district, person, bucket DESC, conversation);

-- In what part and through which student somebody takes part, as it was when
-- the conversation began.
CREATE TABLE tie (
    district     BLOB    NOT NULL,
    conversation BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    no           INTEGER NOT NULL,
    part         TEXT    NOT NULL CHECK (part IN ('student', 'guardian', 'teacher', 'staff')),
    student      BLOB,
    detail       TEXT    NOT NULL,
    PRIMARY KEY (district, conversation, person, no),
    FOREIGN KEY (district, conversation, person) REFERENCES participant (district, conversation, person),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tie_guardian ON tie (district, person, student, conversation) WHERE part = 'guardian';

CREATE TABLE message (
    district     BLOB    NOT NULL,
    conversation BLOB    NOT NULL,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    sender       BLOB    NOT NULL,
    sent_at      INTEGER NOT NULL,
    key          BLOB    NOT NULL CHECK (length(key) = 16),
    hash         BLOB    NOT NULL CHECK (length(hash) = 32),
    body         TEXT    NOT NULL,
    PRIMARY KEY (district, conversation, seq),
    UNIQUE (district, sender, key),
    FOREIGN KEY (district, conversation, sender) REFERENCES participant (district, conversation, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE seal (
    district     BLOB    NOT NULL,
    conversation BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    by           BLOB,
    cause        TEXT    NOT NULL CHECK (cause IN ('staff', 'roster', 'bar')),
    reason       TEXT    NOT NULL,
    staff_reason TEXT    NOT NULL,
    guardian     BLOB, -- whose tie to which student ended, where that is the cause
    student      BLOB,
    PRIMARY KEY (district, conversation),
    FOREIGN KEY (district, conversation) REFERENCES conversation (district, id),
    FOREIGN KEY (district, by) REFERENCES person (district, id),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

-- What the staff of a conversation that a change in a family has sealed may
-- still want to go on from (R26): gone as soon as a successor with them opens.
CREATE TABLE continuation (
    district     BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    sealed_at    INTEGER NOT NULL,
    conversation BLOB    NOT NULL,
    PRIMARY KEY (district, person, sealed_at, conversation),
    FOREIGN KEY (district, conversation, person) REFERENCES participant (district, conversation, person)
) STRICT, WITHOUT ROWID;

-- A row a person: all their unread messages, counted up by sends and down by
-- reading, and a version that grows with every change that a page shows.
CREATE TABLE inbox (
    district     BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    version      INTEGER NOT NULL,
    unread_total INTEGER NOT NULL CHECK (unread_total >= 0),
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

-- What a key started, for the answer when it comes again.
CREATE TABLE start (
    district    BLOB    NOT NULL,
    sender      BLOB    NOT NULL,
    key         BLOB    NOT NULL CHECK (length(key) = 16),
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    PRIMARY KEY (district, sender, key),
    FOREIGN KEY (district, sender) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE started (
    district     BLOB    NOT NULL,
    sender       BLOB    NOT NULL,
    key          BLOB    NOT NULL,
    no           INTEGER NOT NULL,
    conversation BLOB    NOT NULL,
    PRIMARY KEY (district, sender, key, no),
    FOREIGN KEY (district, sender, key) REFERENCES start (district, sender, key),
    FOREIGN KEY (district, conversation) REFERENCES conversation (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX started_conversation ON started (district, conversation);

CREATE TABLE draft (
    district BLOB    NOT NULL,
    person   BLOB    NOT NULL,
    slot     TEXT    NOT NULL,
    content  BLOB    NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (district, person, slot),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER message_unchanged BEFORE UPDATE ON message
BEGIN SELECT RAISE(ABORT, 'a sent message is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER message_kept BEFORE DELETE ON message
BEGIN SELECT RAISE(ABORT, 'a sent message is never deleted'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER message_not_replaced BEFORE INSERT ON message
WHEN EXISTS (SELECT 1 FROM message
             WHERE district = NEW.district AND conversation = NEW.conversation AND seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM message
             WHERE district = NEW.district AND sender = NEW.sender AND key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'a sent message is never replaced'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER message_not_after_seal BEFORE INSERT ON message
WHEN EXISTS (SELECT 1 FROM seal WHERE district = NEW.district AND conversation = NEW.conversation)
BEGIN SELECT RAISE(ABORT, 'a sealed conversation is never written to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER conversation_unchanged
BEFORE UPDATE OF district, id, subject, started_by, started_at, predecessor ON conversation
BEGIN SELECT RAISE(ABORT, 'a conversation is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER conversation_forward
BEFORE UPDATE OF last_seq, last_at, last_hash ON conversation
WHEN NEW.last_seq <> OLD.last_seq + 1 OR NEW.last_at < OLD.last_at
BEGIN SELECT RAISE(ABORT, 'a conversation only grows'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER conversation_sealed_once BEFORE UPDATE OF seal_hash ON conversation
WHEN OLD.seal_hash IS NOT NULL OR NEW.seal_hash IS NULL
BEGIN SELECT RAISE(ABORT, 'a seal is never broken'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER conversation_kept BEFORE DELETE ON conversation
BEGIN SELECT RAISE(ABORT, 'a conversation is never deleted'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER conversation_not_replaced BEFORE INSERT ON conversation
WHEN EXISTS (SELECT 1 FROM conversation WHERE district = NEW.district AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a conversation is never replaced'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER participant_unchanged
BEFORE UPDATE OF district, conversation, person, no ON participant
BEGIN SELECT RAISE(ABORT, 'a participant is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER participant_forward BEFORE UPDATE OF read, read_seq, own ON participant
WHEN NEW.read < OLD.read OR NEW.read_seq < OLD.read_seq OR NEW.own < OLD.own
BEGIN SELECT RAISE(ABORT, 'a read mark only goes forward'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER participant_kept BEFORE DELETE ON participant
BEGIN SELECT RAISE(ABORT, 'a participant is never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER participant_not_added BEFORE INSERT ON participant
WHEN EXISTS (SELECT 1 FROM message WHERE district = NEW.district AND conversation = NEW.conversation)
  OR EXISTS (SELECT 1 FROM participant
             WHERE district = NEW.district AND conversation = NEW.conversation AND person = NEW.person)
BEGIN SELECT RAISE(ABORT, 'a participant is never added or replaced'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tie_unchanged BEFORE UPDATE ON tie
BEGIN SELECT RAISE(ABORT, 'a tie is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tie_kept BEFORE DELETE ON tie
BEGIN SELECT RAISE(ABORT, 'a tie is never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tie_not_added BEFORE INSERT ON tie
WHEN EXISTS (SELECT 1 FROM message WHERE district = NEW.district AND conversation = NEW.conversation)
  OR EXISTS (SELECT 1 FROM tie WHERE district = NEW.district AND conversation = NEW.conversation
             AND person = NEW.person AND no = NEW.no)
BEGIN SELECT RAISE(ABORT, 'a tie is never added or replaced'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER seal_unchanged BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER seal_kept BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never broken'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER seal_not_replaced BEFORE INSERT ON seal
WHEN EXISTS (SELECT 1 FROM seal WHERE district = NEW.district AND conversation = NEW.conversation)
BEGIN SELECT RAISE(ABORT, 'a seal is never replaced'); END;
-- +goose StatementEnd
