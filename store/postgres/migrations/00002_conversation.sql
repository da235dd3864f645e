-- Conversations, their messages, and who has read what.
--
-- A send writes its message, the conversation, the sender's own row and the
-- inbox rows, and nobody else's row in the conversation: what somebody has not
-- read there is last_seq - own - read. Only when the conversation enters another
-- hour are all its rows in the index of inboxes moved. What every send changes
-- is in no index, so that all these updates are heap-only.
--
-- What was said is never changed and never taken away (R8, R9): triggers that
-- no setting of a session turns off refuse UPDATE, DELETE and TRUNCATE, also
-- to the owner of the tables.

-- +goose Up
-- predecessor is no foreign key: the start judges it. hash is that of the
-- message, last_hash of the last one, seal_hash of the row in seal where the
-- conversation has one.
CREATE TABLE conversation (
    district    uuid        NOT NULL,
    id          uuid        NOT NULL,
    subject     text        NOT NULL,
    started_by  uuid        NOT NULL,
    started_at  timestamptz NOT NULL,
    predecessor uuid,
    last_seq    bigint      NOT NULL,
    last_at     timestamptz NOT NULL,
    last_hash   bytea       NOT NULL CHECK (length(last_hash) = 32),
    seal_hash   bytea       CHECK (length(seal_hash) = 32),
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, started_by) REFERENCES person (district, id)
) WITH (fillfactor = 50);

CREATE INDEX conversation_predecessor ON conversation (district, predecessor) WHERE predecessor IS NOT NULL;

-- bucket is the hour of conversation.last_at, in hours since 1970 UTC.
CREATE TABLE participant (
    district     uuid    NOT NULL,
    conversation uuid    NOT NULL,
    person       uuid    NOT NULL,
    no           integer NOT NULL,
    read         bigint  NOT NULL DEFAULT 0, -- messages of others that one has read
    read_seq     bigint  NOT NULL DEFAULT 0, -- the number up to which one has read
    own          bigint  NOT NULL DEFAULT 0, -- messages that one has sent
    bucket       integer NOT NULL,
    PRIMARY KEY (district, conversation, person),
    FOREIGN KEY (district, conversation) REFERENCES conversation (district, id),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) WITH (fillfactor = 90);

CREATE INDEX participant_inbox ON participant (district, person, bucket DESC, conversation);

-- In what part and through which student somebody takes part, as it was when
-- the conversation began.
CREATE TABLE tie (
    district     uuid    NOT NULL,
    conversation uuid    NOT NULL,
    person       uuid    NOT NULL,
    no           integer NOT NULL,
    part         text    NOT NULL CHECK (part IN ('student', 'guardian', 'teacher', 'staff')),
    student      uuid,
    detail       text    NOT NULL,
    PRIMARY KEY (district, conversation, person, no),
    FOREIGN KEY (district, conversation, person) REFERENCES participant (district, conversation, person),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
);

CREATE INDEX tie_guardian ON tie (district, person, student, conversation) WHERE part = 'guardian';

CREATE TABLE message (
    district     uuid        NOT NULL,
    conversation uuid        NOT NULL,
    seq          bigint      NOT NULL CHECK (seq > 0),
    sender       uuid        NOT NULL,
    sent_at      timestamptz NOT NULL,
    key          uuid        NOT NULL,
    hash         bytea       NOT NULL CHECK (length(hash) = 32),
    body         text        NOT NULL,
    PRIMARY KEY (district, conversation, seq),
    CONSTRAINT message_key UNIQUE (district, sender, key),
    FOREIGN KEY (district, conversation, sender) REFERENCES participant (district, conversation, person)
);

CREATE TABLE seal (
    district     uuid        NOT NULL,
    conversation uuid        NOT NULL,
    at           timestamptz NOT NULL,
    by           uuid,
    cause        text        NOT NULL CHECK (cause IN ('staff', 'roster', 'bar')),
    reason       text        NOT NULL,
    staff_reason text        NOT NULL,
    guardian     uuid, -- whose tie to which student ended, where that is the cause
    student      uuid,
    PRIMARY KEY (district, conversation),
    FOREIGN KEY (district, conversation) REFERENCES conversation (district, id),
    FOREIGN KEY (district, by) REFERENCES person (district, id),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
);

-- What the staff of a conversation that a change in a family has sealed may
-- still want to go on from (R26): gone as soon as a successor with them opens.
CREATE TABLE continuation (
    district     uuid        NOT NULL,
    person       uuid        NOT NULL,
    sealed_at    timestamptz NOT NULL,
    conversation uuid        NOT NULL,
    PRIMARY KEY (district, person, sealed_at, conversation),
    FOREIGN KEY (district, conversation, person) REFERENCES participant (district, conversation, person)
);

-- A row a person: all their unread messages, counted up by sends and down by
-- reading, and a version that grows with every change that a page shows.
CREATE TABLE inbox (
    district     uuid   NOT NULL,
    person       uuid   NOT NULL,
    version      bigint NOT NULL,
    unread_total bigint NOT NULL CHECK (unread_total >= 0),
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) WITH (fillfactor = 50);

-- What a key started, for the answer when it comes again.
CREATE TABLE start (
    district    uuid  NOT NULL,
    sender      uuid  NOT NULL,
    key         uuid  NOT NULL,
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    PRIMARY KEY (district, sender, key),
    FOREIGN KEY (district, sender) REFERENCES person (district, id)
);

CREATE TABLE started (
    district     uuid    NOT NULL,
    sender       uuid    NOT NULL,
    key          uuid    NOT NULL,
    no           integer NOT NULL,
    conversation uuid    NOT NULL,
    PRIMARY KEY (district, sender, key, no),
    FOREIGN KEY (district, sender, key) REFERENCES start (district, sender, key),
    FOREIGN KEY (district, conversation) REFERENCES conversation (district, id)
);

CREATE TABLE draft (
    district uuid        NOT NULL,
    person   uuid        NOT NULL,
    slot     text        NOT NULL COLLATE "C",
    content  bytea       NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (district, person, slot),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

-- refuse says why what was tried is never done.
-- +goose StatementBegin
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HL001';
END
$$;
-- +goose StatementEnd

-- Trigger functions name the schema: a temporary table of the same name must
-- not stand before the one that is meant.
-- +goose StatementBegin
CREATE FUNCTION refuse_after_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.seal WHERE district = NEW.district AND conversation = NEW.conversation) THEN
        RAISE EXCEPTION 'a sealed conversation is never written to' USING ERRCODE = 'HL001';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION refuse_once_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.message WHERE district = NEW.district AND conversation = NEW.conversation) THEN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'HL001';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER message_unchanged BEFORE UPDATE ON message
FOR EACH ROW EXECUTE FUNCTION refuse('a sent message is never changed');
CREATE TRIGGER message_kept BEFORE DELETE ON message
FOR EACH ROW EXECUTE FUNCTION refuse('a sent message is never deleted');
CREATE TRIGGER message_not_emptied BEFORE TRUNCATE ON message
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a sent message is never deleted');
CREATE TRIGGER message_not_after_seal BEFORE INSERT ON message
FOR EACH ROW EXECUTE FUNCTION refuse_after_seal();

CREATE TRIGGER conversation_unchanged
BEFORE UPDATE OF district, id, subject, started_by, started_at, predecessor ON conversation
FOR EACH ROW EXECUTE FUNCTION refuse('a conversation is never changed');
CREATE TRIGGER conversation_forward BEFORE UPDATE OF last_seq, last_at, last_hash ON conversation
FOR EACH ROW WHEN (NEW.last_seq <> OLD.last_seq + 1 OR NEW.last_at < OLD.last_at)
EXECUTE FUNCTION refuse('a conversation only grows');
CREATE TRIGGER conversation_sealed_once BEFORE UPDATE OF seal_hash ON conversation
FOR EACH ROW WHEN (OLD.seal_hash IS NOT NULL OR NEW.seal_hash IS NULL)
EXECUTE FUNCTION refuse('a seal is never broken');
CREATE TRIGGER conversation_kept BEFORE DELETE ON conversation
FOR EACH ROW EXECUTE FUNCTION refuse('a conversation is never deleted');
CREATE TRIGGER conversation_not_emptied BEFORE TRUNCATE ON conversation
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a conversation is never deleted');

CREATE TRIGGER participant_unchanged
BEFORE UPDATE OF district, conversation, person, no ON participant
FOR EACH ROW EXECUTE FUNCTION refuse('a participant is never changed');
CREATE TRIGGER participant_forward BEFORE UPDATE OF read, read_seq, own ON participant
FOR EACH ROW WHEN (NEW.read < OLD.read OR NEW.read_seq < OLD.read_seq OR NEW.own < OLD.own)
EXECUTE FUNCTION refuse('a read mark only goes forward');
CREATE TRIGGER participant_kept BEFORE DELETE ON participant
FOR EACH ROW EXECUTE FUNCTION refuse('a participant is never removed');
CREATE TRIGGER participant_not_emptied BEFORE TRUNCATE ON participant
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a participant is never removed');
CREATE TRIGGER participant_not_added BEFORE INSERT ON participant
FOR EACH ROW EXECUTE FUNCTION refuse_once_written('a participant is never added');

CREATE TRIGGER tie_unchanged BEFORE UPDATE ON tie
FOR EACH ROW EXECUTE FUNCTION refuse('a tie is never changed');
CREATE TRIGGER tie_kept BEFORE DELETE ON tie
FOR EACH ROW EXECUTE FUNCTION refuse('a tie is never removed');
CREATE TRIGGER tie_not_emptied BEFORE TRUNCATE ON tie
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a tie is never removed');
CREATE TRIGGER tie_not_added BEFORE INSERT ON tie
FOR EACH ROW EXECUTE FUNCTION refuse_once_written('a tie is never added');

CREATE TRIGGER seal_unchanged BEFORE UPDATE ON seal
FOR EACH ROW EXECUTE FUNCTION refuse('a seal is never changed');
CREATE TRIGGER seal_kept BEFORE DELETE ON seal
FOR EACH ROW EXECUTE FUNCTION refuse('a seal is never broken');
CREATE TRIGGER seal_not_emptied BEFORE TRUNCATE ON seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a seal is never broken');

-- ALWAYS: also under session_replication_role = replica.
-- +goose StatementBegin
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT tgname, tgrelid::regclass AS tab FROM pg_trigger WHERE NOT tgisinternal
             AND tgrelid IN ('message'::regclass, 'conversation'::regclass, 'participant'::regclass,
                             'tie'::regclass, 'seal'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.tab, t.tgname);
    END LOOP;
END
$$;
-- +goose StatementEnd
