-- Who is who. Identifiers are UUIDs of 16 bytes, instants microseconds since
-- 1970 UTC, days are counted from 1970-01-01 with 0 for none, lists are JSON.
-- Every key begins with the district, but for the secrets of sign-in, which are
-- asked for before the district is known.

-- +goose Up
CREATE TABLE district (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    slug           TEXT    NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    enabled        INTEGER NOT NULL,
    settings       TEXT    NOT NULL,
    roster_version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row that others name before it came is kept with known = 0: what names it
-- is not lost, and nobody is shown it.
CREATE TABLE org (
    district   BLOB    NOT NULL REFERENCES district (id),
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    sourced_id TEXT    NOT NULL,
    known      INTEGER NOT NULL,
    name       TEXT    NOT NULL DEFAULT '',
    type       TEXT    NOT NULL DEFAULT '',
    parent     BLOB,
    gone       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id),
    FOREIGN KEY (district, parent) REFERENCES org (district, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE term (
    district   BLOB    NOT NULL REFERENCES district (id),
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    sourced_id TEXT    NOT NULL,
    known      INTEGER NOT NULL,
    title      TEXT    NOT NULL DEFAULT '',
    begin      INTEGER NOT NULL DEFAULT 0,
    end        INTEGER NOT NULL DEFAULT 0,
    gone       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE section (
    district   BLOB    NOT NULL REFERENCES district (id),
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    sourced_id TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    course     TEXT    NOT NULL,
    period     TEXT    NOT NULL,
    org        BLOB,
    grades     TEXT    NOT NULL,
    gone       INTEGER NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id),
    FOREIGN KEY (district, org) REFERENCES org (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX section_course ON section (district, course);
CREATE INDEX section_org ON section (district, org);

CREATE TABLE section_term (
    district BLOB    NOT NULL,
    section  BLOB    NOT NULL,
    no       INTEGER NOT NULL,
    term     BLOB    NOT NULL,
    PRIMARY KEY (district, section, no),
    FOREIGN KEY (district, section) REFERENCES section (district, id),
    FOREIGN KEY (district, term) REFERENCES term (district, id)
) STRICT, WITHOUT ROWID;

-- address is email as addresses are compared; sort_key and words are the name
-- folded for ordering and for searching; shown holds the words of the name that
-- pages show.
CREATE TABLE person (
    district   BLOB    NOT NULL REFERENCES district (id),
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    sourced_id TEXT    NOT NULL,
    given      TEXT    NOT NULL,
    family     TEXT    NOT NULL,
    preferred  TEXT    NOT NULL,
    email      TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    grades     TEXT    NOT NULL,
    gone       INTEGER NOT NULL,
    sort_key   TEXT    NOT NULL,
    words      TEXT    NOT NULL,
    shown      TEXT    NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_address ON person (district, address) WHERE address <> '' AND gone = 0;
CREATE INDEX person_name ON person (district, sort_key);

CREATE TABLE person_role (
    district BLOB    NOT NULL,
    person   BLOB    NOT NULL,
    no       INTEGER NOT NULL,
    org      BLOB,
    role     TEXT    NOT NULL,
    begin    INTEGER NOT NULL,
    end      INTEGER NOT NULL,
    PRIMARY KEY (district, person, no),
    FOREIGN KEY (district, person) REFERENCES person (district, id),
    FOREIGN KEY (district, org) REFERENCES org (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_role_org ON person_role (district, org, role, begin, end, person);

CREATE TABLE guardianship (
    district BLOB NOT NULL,
    student  BLOB NOT NULL,
    guardian BLOB NOT NULL,
    relation TEXT NOT NULL,
    PRIMARY KEY (district, student, guardian),
    FOREIGN KEY (district, student) REFERENCES person (district, id),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX guardianship_guardian ON guardianship (district, guardian);

-- No import touches it (R26).
CREATE TABLE bar (
    district BLOB    NOT NULL,
    guardian BLOB    NOT NULL,
    student  BLOB    NOT NULL,
    since    INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    PRIMARY KEY (district, guardian, student),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bar_student ON bar (district, student);

-- An enrolment stands in three tables, by person, by section and by sourcedId,
-- and not in one with two indexes: an import fills each in the order of its own
-- key. In one order for all, a million rows land anywhere in two of the three,
-- and pages are written again and again.
CREATE TABLE enrolment (
    district   BLOB    NOT NULL,
    person     BLOB    NOT NULL,
    section    BLOB    NOT NULL,
    sourced_id TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    begin      INTEGER NOT NULL,
    end        INTEGER NOT NULL,
    PRIMARY KEY (district, person, section, sourced_id),
    FOREIGN KEY (district, person) REFERENCES person (district, id),
    FOREIGN KEY (district, section) REFERENCES section (district, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE section_roll (
    district   BLOB    NOT NULL,
    section    BLOB    NOT NULL,
    role       TEXT    NOT NULL,
    person     BLOB    NOT NULL,
    sourced_id TEXT    NOT NULL,
    begin      INTEGER NOT NULL,
    end        INTEGER NOT NULL,
    PRIMARY KEY (district, section, role, person, sourced_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_key (
    district   BLOB    NOT NULL,
    sourced_id TEXT    NOT NULL,
    person     BLOB    NOT NULL,
    section    BLOB    NOT NULL,
    role       TEXT    NOT NULL,
    PRIMARY KEY (district, sourced_id)
) STRICT, WITHOUT ROWID;

-- The students who can be found, in the order in which a search lists them:
-- worked out from the tables above by every change of them. org is that of
-- their one student role where it has no dates, else empty: then person_role
-- says where they are today. words are their own and their guardians'.
CREATE TABLE student (
    district BLOB NOT NULL,
    sort_key TEXT NOT NULL,
    person   BLOB NOT NULL,
    org      BLOB,
    grades   TEXT NOT NULL,
    words    TEXT NOT NULL,
    PRIMARY KEY (district, sort_key, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX student_person ON student (district, person);

-- Who signs in. What a person chose is apart from what the roster says.
CREATE TABLE session (
    id         TEXT    NOT NULL PRIMARY KEY,
    district   BLOB    NOT NULL REFERENCES district (id),
    person     BLOB,
    address    TEXT    NOT NULL,
    fixed      INTEGER NOT NULL DEFAULT 0, -- to its person: it no longer changes over to others of the address
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_person ON session (district, person);
CREATE INDEX session_address ON session (district, address);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE sign_in_link (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    district   BLOB    NOT NULL REFERENCES district (id),
    address    TEXT    NOT NULL,
    next       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_link_address ON sign_in_link (district, address);
CREATE INDEX sign_in_link_expiry ON sign_in_link (expires_at);

-- A shared address is of one person alone, by decision of the district (R28).
CREATE TABLE confirmed_holder (
    district BLOB NOT NULL,
    address  TEXT NOT NULL,
    person   BLOB NOT NULL,
    PRIMARY KEY (district, address),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE preference (
    district  BLOB NOT NULL,
    person    BLOB NOT NULL,
    language  TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;
