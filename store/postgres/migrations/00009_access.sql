-- What the district decides over the roster: the access that it gives to staff
-- (R3), and whom it keeps from whom (R26). A row ends and is never removed.

-- +goose Up
-- until is the first day on which it no longer holds, 0 for none. students are
-- identifiers of people, for a grant that names neither org nor section.
CREATE TABLE access_grant (
    district uuid        NOT NULL REFERENCES district (id),
    id       uuid        NOT NULL,
    person   uuid,
    role     text        NOT NULL COLLATE "C", -- empty for a grant to one person
    role_org uuid,
    org      uuid,
    section  uuid,
    students text[]      NOT NULL,
    reason   text        NOT NULL,
    by       text        NOT NULL,
    until    integer     NOT NULL,
    made_at  timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text        NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, person) REFERENCES person (district, id),
    FOREIGN KEY (district, role_org) REFERENCES org (district, id),
    FOREIGN KEY (district, org) REFERENCES org (district, id),
    FOREIGN KEY (district, section) REFERENCES section (district, id)
);

CREATE INDEX access_grant_person ON access_grant (district, person) WHERE ended_at IS NULL;

ALTER TABLE bar
    ADD COLUMN id       uuid        NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN until    integer     NOT NULL DEFAULT 0,
    ADD COLUMN order_no text        NOT NULL DEFAULT '',
    ADD COLUMN by       text        NOT NULL DEFAULT '',
    ADD COLUMN made_at  timestamptz,
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_by text        NOT NULL DEFAULT '';
UPDATE bar SET made_at = timestamptz '1970-01-01 00:00:00+00' + since * interval '1 day';
ALTER TABLE bar
    ALTER COLUMN id DROP DEFAULT, ALTER COLUMN until DROP DEFAULT, ALTER COLUMN order_no DROP DEFAULT,
    ALTER COLUMN by DROP DEFAULT, ALTER COLUMN made_at SET NOT NULL, ALTER COLUMN ended_by DROP DEFAULT,
    DROP CONSTRAINT bar_pkey, ADD PRIMARY KEY (district, id);

CREATE INDEX bar_guardian ON bar (district, guardian, student) WHERE ended_at IS NULL;
-- Those that end by themselves: a search asks which have.
CREATE INDEX bar_until ON bar (district, until) WHERE ended_at IS NULL AND until <> 0;

CREATE TRIGGER access_grant_only_ends BEFORE UPDATE ON access_grant FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR
    (OLD.district, OLD.id, OLD.person, OLD.role, OLD.role_org, OLD.org, OLD.section, OLD.students, OLD.reason, OLD.by, OLD.until, OLD.made_at)
    IS DISTINCT FROM
    (NEW.district, NEW.id, NEW.person, NEW.role, NEW.role_org, NEW.org, NEW.section, NEW.students, NEW.reason, NEW.by, NEW.until, NEW.made_at))
EXECUTE FUNCTION refuse('a grant only ends');
CREATE TRIGGER access_grant_kept BEFORE DELETE ON access_grant
FOR EACH ROW EXECUTE FUNCTION refuse('a grant is never removed');
CREATE TRIGGER access_grant_not_emptied BEFORE TRUNCATE ON access_grant
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a grant is never removed');

CREATE TRIGGER bar_only_ends BEFORE UPDATE ON bar FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR
    (OLD.district, OLD.id, OLD.guardian, OLD.student, OLD.since, OLD.until, OLD.reason, OLD.order_no, OLD.by, OLD.made_at)
    IS DISTINCT FROM
    (NEW.district, NEW.id, NEW.guardian, NEW.student, NEW.since, NEW.until, NEW.reason, NEW.order_no, NEW.by, NEW.made_at))
EXECUTE FUNCTION refuse('a contact restriction only ends');
CREATE TRIGGER bar_kept BEFORE DELETE ON bar
FOR EACH ROW EXECUTE FUNCTION refuse('a contact restriction is never removed');
CREATE TRIGGER bar_not_emptied BEFORE TRUNCATE ON bar
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a contact restriction is never removed');

ALTER TABLE access_grant
    ENABLE ALWAYS TRIGGER access_grant_only_ends, ENABLE ALWAYS TRIGGER access_grant_kept,
    ENABLE ALWAYS TRIGGER access_grant_not_emptied;
ALTER TABLE bar
    ENABLE ALWAYS TRIGGER bar_only_ends, ENABLE ALWAYS TRIGGER bar_kept, ENABLE ALWAYS TRIGGER bar_not_emptied;
