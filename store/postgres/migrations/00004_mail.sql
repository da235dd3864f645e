-- Who is due a mail, which mails are under way, and where people are reached.
--
-- A send makes notices, which are written under the lock of the inbox; the
-- worker of any node claims what is due. Only the worker writes up to which
-- message somebody was mailed, so that a send still writes nobody's row in the
-- conversation.

-- +goose Up
ALTER TABLE participant
    ADD COLUMN mailed_seq  bigint  NOT NULL DEFAULT 0, -- the number up to which one was mailed
    ADD COLUMN mailed_step integer NOT NULL DEFAULT 0, -- how many mails in a row went unread
    ADD COLUMN mailed_at   timestamptz;

CREATE TRIGGER participant_mailed_forward BEFORE UPDATE OF mailed_seq ON participant
FOR EACH ROW WHEN (NEW.mailed_seq < OLD.mailed_seq)
EXECUTE FUNCTION refuse('nobody is mailed twice for one message');
ALTER TABLE participant ENABLE ALWAYS TRIGGER participant_mailed_forward;

ALTER TABLE preference
    ADD COLUMN mail        text    NOT NULL DEFAULT '' CHECK (mail IN ('', 'daily', 'off')),
    ADD COLUMN daily_at    integer NOT NULL DEFAULT 0,
    ADD COLUMN own_quiet   boolean NOT NULL DEFAULT false, -- quiet hours are their own, not the district's
    ADD COLUMN quiet_from  text    NOT NULL DEFAULT '',
    ADD COLUMN quiet_until text    NOT NULL DEFAULT '';

-- What a person chose instead of the roster's address; no import touches it.
-- person.address is the one of the two that holds.
CREATE TABLE chosen_address (
    district uuid        NOT NULL,
    person   uuid        NOT NULL,
    email    text        NOT NULL,
    address  text        NOT NULL COLLATE "C" CHECK (address <> ''),
    since    timestamptz NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

CREATE TABLE address_change (
    hash       bytea       NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    district   uuid        NOT NULL,
    person     uuid        NOT NULL,
    email      text        NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

CREATE INDEX address_change_person ON address_change (district, person);
CREATE INDEX address_change_expiry ON address_change (expires_at);

-- How addresses take mail; one that is fine again says so, and since when.
CREATE TABLE address (
    district uuid        NOT NULL REFERENCES district (id),
    address  text        NOT NULL COLLATE "C",
    state    text        NOT NULL CHECK (state IN ('', 'bounced', 'complained')),
    since    timestamptz NOT NULL,
    PRIMARY KEY (district, address)
);

-- When a person is next due.
CREATE TABLE notice (
    district uuid        NOT NULL,
    person   uuid        NOT NULL,
    due_at   timestamptz NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) WITH (fillfactor = 70);

CREATE INDEX notice_due ON notice (due_at);

-- next_at is when an unfinished mail may be claimed (again): the end of its
-- lease, or of its wait. token counts the claims: only the last may say what
-- became of it.
CREATE TABLE mail (
    district  uuid        NOT NULL,
    id        uuid        NOT NULL,
    person    uuid        NOT NULL,
    address   text        NOT NULL,
    state     text        NOT NULL CHECK (state IN ('intended', 'calling', 'waiting', 'sent', 'cancelled', 'failed', 'unknown')),
    made_at   timestamptz NOT NULL,
    called_at timestamptz,
    attempts  integer     NOT NULL DEFAULT 0,
    doubts    integer     NOT NULL DEFAULT 0,
    provider  text        NOT NULL DEFAULT '',
    detail    text        NOT NULL DEFAULT '',
    token     bigint      NOT NULL DEFAULT 1,
    next_at   timestamptz,
    PRIMARY KEY (district, id),
    CONSTRAINT mail_unfinished CHECK ((state IN ('intended', 'calling', 'waiting')) = (next_at IS NOT NULL)),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) WITH (fillfactor = 70);

CREATE INDEX mail_id ON mail (id); -- links and replies name nothing else
CREATE INDEX mail_next ON mail (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX mail_made ON mail (made_at) WHERE next_at IS NULL;

CREATE TABLE mail_part (
    district     uuid    NOT NULL,
    mail         uuid    NOT NULL,
    no           integer NOT NULL,
    conversation uuid    NOT NULL,
    after_seq    bigint  NOT NULL,
    up_to        bigint  NOT NULL CHECK (up_to > after_seq),
    step         integer NOT NULL,
    PRIMARY KEY (district, mail, no),
    FOREIGN KEY (district, mail) REFERENCES mail (district, id)
);

-- What providers have reported, so that it counts once.
CREATE TABLE report (
    nonce text        NOT NULL COLLATE "C" PRIMARY KEY,
    at    timestamptz NOT NULL
);

CREATE INDEX report_at ON report (at);

-- Keys that all nodes share; of no district.
CREATE TABLE secret (
    name  text  NOT NULL COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL CHECK (length(value) = 32)
);

-- post judges one message and stores it (hub.Store.Post). Its status is stored,
-- repeated (the key was used before: what was stored then, whatever it is), or
-- the code of a refusal. The hash is that of hub.ChainHash over in_plain, or over
-- in_body where the two are the same and in_plain is NULL.
--
-- Everybody else is next due the district's delay after it: under the locks of
-- the inboxes nobody else writes their notices. Who is due before that already is
-- only looked up.
--
-- What cannot change is read with the lock (who takes part); what the lock keeps
-- from changing is read from the locked row (number, hash, seal).
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION post(
    in_district uuid, in_conversation uuid, in_sender uuid, in_key uuid, in_body text, in_plain bytea, in_now timestamptz,
    OUT status text, OUT conversation uuid, OUT seq bigint, OUT sent_at timestamptz, OUT hash bytea, OUT body text,
    OUT given text, OUT family text, OUT preferred text, OUT part text,
    OUT people uuid[], OUT versions bigint[], OUT totals bigint[], OUT heres bigint[]
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    last    record;
    sender  record;
    takes_part boolean;
    hour    integer;
    due     timestamptz;
BEGIN
    SELECT c.last_seq, c.last_at, c.last_hash, c.seal_hash IS NOT NULL AS sealed INTO last
    FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
    WHERE q.district = in_district AND q.conversation = in_conversation AND q.person = in_sender
    FOR NO KEY UPDATE OF c;
    takes_part := FOUND;

    SELECT m.conversation, m.seq, m.sent_at, m.hash, m.body INTO conversation, seq, sent_at, hash, body
    FROM message m WHERE m.district = in_district AND m.sender = in_sender AND m.key = in_key;
    IF FOUND THEN
        status := 'repeated';
    ELSIF NOT takes_part THEN
        status := 'not_found';
        RETURN;
    ELSE
        conversation := in_conversation;
    END IF;

    SELECT d.enabled, coalesce(nullif(greatest((d.settings ->> 'mail_delay_minutes')::integer, 0), 0), 15) AS delay,
           p.gone, p.given, p.family, p.preferred,
           coalesce((SELECT t.part FROM tie t WHERE t.district = in_district AND t.conversation = post.conversation
                     AND t.person = in_sender ORDER BY t.no LIMIT 1), '') AS part INTO sender
    FROM person p JOIN district d ON d.id = p.district
    WHERE p.district = in_district AND p.id = in_sender;
    given := sender.given;
    family := sender.family;
    preferred := sender.preferred;
    part := sender.part;
    CASE
        WHEN status IS NOT NULL THEN RETURN;
        WHEN NOT sender.enabled THEN status := 'messaging_off'; RETURN;
        WHEN sender.gone THEN status := 'out'; RETURN;
        WHEN last.sealed THEN status := 'sealed'; RETURN;
        ELSE status := 'stored';
    END CASE;

    PERFORM FROM participant q JOIN inbox i ON i.district = q.district AND i.person = q.person
    WHERE q.district = in_district AND q.conversation = in_conversation
    ORDER BY q.person FOR NO KEY UPDATE OF i;

    seq := last.last_seq + 1;
    sent_at := greatest(in_now, last.last_at); -- the clocks of those who send differ
    hash := sha256(convert_to(E'homeline message 1\n', 'UTF8') || last.last_hash || int8send(seq) || uuid_send(in_sender)
        || int8send((extract(epoch FROM sent_at) * 1000000)::bigint) || uuid_send(in_key) || coalesce(in_plain, convert_to(in_body, 'UTF8')));
    INSERT INTO message (district, conversation, seq, sender, sent_at, key, hash, body)
    VALUES (in_district, in_conversation, post.seq, in_sender, post.sent_at, in_key, post.hash, in_body);
    UPDATE conversation c SET last_seq = post.seq, last_at = post.sent_at, last_hash = post.hash
    WHERE c.district = in_district AND c.id = in_conversation;
    UPDATE participant q SET own = own + 1
    WHERE q.district = in_district AND q.conversation = in_conversation AND q.person = in_sender;
    hour := floor(extract(epoch FROM sent_at) / 3600);
    IF hour <> floor(extract(epoch FROM last.last_at) / 3600) THEN
        UPDATE participant q SET bucket = hour WHERE q.district = in_district AND q.conversation = in_conversation;
    END IF;

    due := sent_at + sender.delay * interval '1 minute'; -- roster.Settings.MailDelay
    INSERT INTO notice AS n (district, person, due_at)
    SELECT in_district, q.person, due FROM participant q
    WHERE q.district = in_district AND q.conversation = in_conversation AND q.person <> in_sender
      AND coalesce((SELECT o.due_at FROM notice o WHERE o.district = in_district AND o.person = q.person) > due, true)
    ORDER BY q.person
    ON CONFLICT (district, person) DO UPDATE SET due_at = excluded.due_at WHERE n.due_at > excluded.due_at;

    SELECT * INTO people, versions, totals, heres FROM raise_inboxes(in_district, in_conversation, in_sender, 1);
END
$$;
-- +goose StatementEnd

-- unread_of walks somebody's conversations, newest first, until those that they
-- have not read add up to what their inbox says.
-- +goose StatementBegin
CREATE FUNCTION unread_of(in_district uuid, in_person uuid, in_total bigint)
RETURNS TABLE (conversation uuid, last_seq bigint, last_at timestamptz, read_seq bigint,
               mailed_seq bigint, mailed_step integer, mailed_at timestamptz)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    remaining bigint := in_total;
    seat      record;
BEGIN
    IF remaining <= 0 THEN
        RETURN;
    END IF;
    FOR seat IN
        SELECT q.*, c.last_seq, c.last_at, c.last_seq - q.own - q.read AS unread
        FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
        WHERE q.district = in_district AND q.person = in_person
        ORDER BY q.bucket DESC
    LOOP
        CONTINUE WHEN seat.unread = 0;
        conversation := seat.conversation;
        last_seq := seat.last_seq;
        last_at := seat.last_at;
        read_seq := seat.read_seq;
        mailed_seq := seat.mailed_seq;
        mailed_step := seat.mailed_step;
        mailed_at := seat.mailed_at;
        RETURN NEXT;
        remaining := remaining - seat.unread;
        EXIT WHEN remaining <= 0;
    END LOOP;
END
$$;
-- +goose StatementEnd
