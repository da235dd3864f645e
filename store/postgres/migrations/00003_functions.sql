-- What is one call for the program. Locks are taken in one order everywhere:
-- the district, conversations by key, inboxes by key, then the rest; what is
-- judged is judged by statements that begin once the locks are held. So these
-- functions need READ COMMITTED, where each statement sees what is committed.
-- They run with the rights of whoever calls them.

-- +goose Up

-- lock_inboxes takes the inboxes of all in some conversations in the order of
-- their keys, and makes those that are missing.
-- +goose StatementBegin
CREATE FUNCTION lock_inboxes(in_district uuid, in_conversations uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    people uuid[] := ARRAY(SELECT DISTINCT person FROM participant
                           WHERE district = in_district AND conversation = ANY (in_conversations) ORDER BY person);
BEGIN
    INSERT INTO inbox (district, person, version, unread_total)
    SELECT in_district, person, 0, 0 FROM unnest(people) AS p (person)
    WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.district = in_district AND i.person = p.person)
    ORDER BY person
    ON CONFLICT DO NOTHING;

    PERFORM FROM inbox WHERE district = in_district AND person = ANY (people) ORDER BY person FOR NO KEY UPDATE;
END
$$;
-- +goose StatementEnd

-- post judges one message and stores it (hub.Store.Post). Its status is stored,
-- repeated (the key was used before: what was stored then, whatever it is), or
-- the code of a refusal. The hash is that of hub.ChainHash over in_plain, or over
-- in_body where the two are the same and in_plain is NULL.
--
-- What cannot change is read with the lock (who takes part); what the lock keeps
-- from changing is read from the locked row (number, hash, seal).
-- +goose StatementBegin
CREATE FUNCTION post(
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

    SELECT d.enabled, p.gone, p.given, p.family, p.preferred,
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

    SELECT * INTO people, versions, totals, heres FROM raise_inboxes(in_district, in_conversation, in_sender, 1);
END
$$;
-- +goose StatementEnd

-- raise_inboxes raises the version of the inbox of everybody in a conversation,
-- and the unread total of all but one, and answers what all who are there have
-- then, in their order. The inboxes must be locked. Those who are gone are
-- counted on: they find what was theirs when they return (R24).
-- +goose StatementBegin
CREATE FUNCTION raise_inboxes(
    in_district uuid, in_conversation uuid, in_sender uuid, in_messages integer,
    OUT people uuid[], OUT versions bigint[], OUT totals bigint[], OUT heres bigint[]
) LANGUAGE plpgsql AS $$
BEGIN
    WITH raised AS (
        UPDATE inbox i SET version = i.version + 1,
            unread_total = i.unread_total + CASE q.person WHEN in_sender THEN 0 ELSE in_messages END
        FROM participant q
        WHERE q.district = in_district AND q.conversation = in_conversation
          AND i.district = in_district AND i.person = q.person
        RETURNING i.person, i.version, i.unread_total, q.no, q.own + q.read AS known
    ), told AS (
        SELECT r.person, r.version, r.unread_total, c.last_seq - r.known AS here
        FROM raised r
        JOIN person p ON p.district = in_district AND p.id = r.person AND NOT p.gone
        JOIN conversation c ON c.district = in_district AND c.id = in_conversation
        ORDER BY r.no
    )
    SELECT array_agg(person), array_agg(version), array_agg(unread_total), array_agg(here)
    INTO people, versions, totals, heres FROM told;
END
$$;
-- +goose StatementEnd

-- mark_read moves a mark (hub.Store.MarkRead). The inbox comes first: while it
-- is locked no message to this person is under way.
-- +goose StatementBegin
CREATE FUNCTION mark_read(
    in_district uuid, in_conversation uuid, in_person uuid, in_up_to bigint,
    OUT taken boolean, OUT moved boolean, OUT read_seq bigint, OUT here bigint, OUT version bigint, OUT total bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    mine  record;
    newly bigint;
BEGIN
    SELECT i.version, i.unread_total INTO version, total FROM inbox i
    WHERE i.district = in_district AND i.person = in_person FOR NO KEY UPDATE;
    SELECT q.read, q.read_seq, q.own, c.last_seq INTO mine
    FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
    WHERE q.district = in_district AND q.conversation = in_conversation AND q.person = in_person;
    taken := FOUND;
    IF NOT taken THEN
        RETURN;
    END IF;

    read_seq := greatest(mine.read_seq, least(in_up_to, mine.last_seq));
    moved := read_seq > mine.read_seq;
    here := mine.last_seq - mine.own - mine.read;
    IF NOT moved THEN
        RETURN;
    END IF;
    newly := here; -- all that are left: no need to count
    IF read_seq < mine.last_seq THEN
        SELECT count(*) INTO newly FROM message m
        WHERE m.district = in_district AND m.conversation = in_conversation
          AND m.seq > mine.read_seq AND m.seq <= mark_read.read_seq AND m.sender <> in_person;
    END IF;
    here := here - newly;
    UPDATE participant q SET read = q.read + newly, read_seq = mark_read.read_seq
    WHERE q.district = in_district AND q.conversation = in_conversation AND q.person = in_person;
    UPDATE inbox i SET version = i.version + 1, unread_total = i.unread_total - newly
    WHERE i.district = in_district AND i.person = in_person
    RETURNING i.version, i.unread_total INTO version, total;
END
$$;
-- +goose StatementEnd
