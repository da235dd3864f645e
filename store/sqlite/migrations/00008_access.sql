-- What the district decides over the roster: the access that it gives to staff
-- (R3), and whom it keeps from whom (R26). A row ends and is never removed.

-- +goose Up
-- until is the first day on which it no longer holds, 0 for none. students is a
-- JSON list of identifiers as text, for a grant that names neither org nor
-- section.
CREATE TABLE access_grant (
    district BLOB    NOT NULL REFERENCES district (id),
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    person   BLOB,
    role     TEXT    NOT NULL, -- empty for a grant to one person
    role_org BLOB,
    org      BLOB,
    section  BLOB,
    students TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    by       TEXT    NOT NULL,
    until    INTEGER NOT NULL,
    made_at  INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT    NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, person) REFERENCES person (district, id),
    FOREIGN KEY (district, role_org) REFERENCES org (district, id),
    FOREIGN KEY (district, org) REFERENCES org (district, id),
    FOREIGN KEY (district, section) REFERENCES section (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX access_grant_person ON access_grant (district, person);

CREATE TABLE bar_with_history (
    district BLOB    NOT NULL,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    guardian BLOB    NOT NULL,
    student  BLOB    NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    order_no TEXT    NOT NULL,
    by       TEXT    NOT NULL,
    made_at  INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT    NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

INSERT INTO bar_with_history (district, id, guardian, student, since, until, reason, order_no, by, made_at, ended_at, ended_by)
SELECT district, randomblob(16), guardian, student, since, 0, reason, '', '', since * 86400000000, NULL, '' FROM bar;
DROP TABLE bar;
ALTER TABLE bar_with_history RENAME TO bar;

CREATE INDEX bar_guardian ON bar (district, guardian, student);
CREATE INDEX bar_student ON bar (district, student);
-- Those that end by themselves: a search asks which have.
CREATE INDEX bar_until ON bar (district, until) WHERE ended_at IS NULL AND until <> 0;

-- +goose StatementBegin
CREATE TRIGGER access_grant_only_ends BEFORE UPDATE ON access_grant
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
    OR (OLD.district, OLD.id, OLD.role, OLD.students, OLD.reason, OLD.by, OLD.until, OLD.made_at)
    <> (NEW.district, NEW.id, NEW.role, NEW.students, NEW.reason, NEW.by, NEW.until, NEW.made_at)
    OR OLD.person IS NOT NEW.person OR OLD.role_org IS NOT NEW.role_org OR OLD.org IS NOT NEW.org OR OLD.section IS NOT NEW.section
BEGIN SELECT RAISE(ABORT, 'a grant only ends'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER access_grant_kept BEFORE DELETE ON access_grant
BEGIN SELECT RAISE(ABORT, 'a grant is never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER access_grant_not_replaced BEFORE INSERT ON access_grant
WHEN EXISTS (SELECT 1 FROM access_grant WHERE district = NEW.district AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant is never replaced'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER bar_only_ends BEFORE UPDATE ON bar
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
    OR (OLD.district, OLD.id, OLD.guardian, OLD.student, OLD.since, OLD.until, OLD.reason, OLD.order_no, OLD.by, OLD.made_at)
    <> (NEW.district, NEW.id, NEW.guardian, NEW.student, NEW.since, NEW.until, NEW.reason, NEW.order_no, NEW.by, NEW.made_at)
BEGIN SELECT RAISE(ABORT, 'a contact restriction only ends'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER bar_kept BEFORE DELETE ON bar
BEGIN SELECT RAISE(ABORT, 'a contact restriction is never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER bar_not_replaced BEFORE INSERT ON bar
WHEN EXISTS (SELECT 1 FROM bar WHERE district = NEW.district AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a contact restriction is never replaced'); END;
-- +goose StatementEnd
