-- Who is who. Days are counted from 1970-01-01 with 0 for none, instants have
-- microseconds. Every key begins with the district, but for the secrets of
-- sign-in, which are asked for before the district is known.
--
-- Text that is compared by order has the collation "C": the same order on every
-- machine and after every upgrade of its libraries. Text that a roster brings
-- may hold bytes that PostgreSQL does not take: text.go says how it is kept.

-- +goose Up
CREATE TABLE district (
    id             uuid    NOT NULL PRIMARY KEY,
    slug           text    NOT NULL COLLATE "C" UNIQUE,
    name           text    NOT NULL,
    enabled        boolean NOT NULL,
    settings       jsonb   NOT NULL,
    roster_version bigint  NOT NULL
);

-- A row that others name before it came is kept with known = false: what names
-- it is not lost, and nobody is shown it.
CREATE TABLE org (
    district   uuid    NOT NULL REFERENCES district (id),
    id         uuid    NOT NULL,
    sourced_id text    NOT NULL COLLATE "C",
    known      boolean NOT NULL,
    name       text    NOT NULL DEFAULT '',
    type       text    NOT NULL DEFAULT '',
    parent     uuid,
    gone       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id),
    FOREIGN KEY (district, parent) REFERENCES org (district, id)
);

CREATE TABLE term (
    district   uuid    NOT NULL REFERENCES district (id),
    id         uuid    NOT NULL,
    sourced_id text    NOT NULL COLLATE "C",
    known      boolean NOT NULL,
    title      text    NOT NULL DEFAULT '',
    begin_day  integer NOT NULL DEFAULT 0,
    end_day    integer NOT NULL DEFAULT 0,
    gone       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id)
);

CREATE TABLE section (
    district   uuid    NOT NULL REFERENCES district (id),
    id         uuid    NOT NULL,
    sourced_id text    NOT NULL COLLATE "C",
    title      text    NOT NULL,
    course     text    NOT NULL COLLATE "C",
    period     text    NOT NULL,
    org        uuid,
    grades     text[]  NOT NULL,
    gone       boolean NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id),
    FOREIGN KEY (district, org) REFERENCES org (district, id)
);

CREATE INDEX section_course ON section (district, course);
CREATE INDEX section_org ON section (district, org);

CREATE TABLE section_term (
    district uuid    NOT NULL,
    section  uuid    NOT NULL,
    no       integer NOT NULL,
    term     uuid    NOT NULL,
    PRIMARY KEY (district, section, no),
    FOREIGN KEY (district, section) REFERENCES section (district, id),
    FOREIGN KEY (district, term) REFERENCES term (district, id)
);

-- address is email as addresses are compared; sort_key and words are the name
-- folded for ordering and for searching; shown holds the words of the name that
-- pages show.
CREATE TABLE person (
    district   uuid    NOT NULL REFERENCES district (id),
    id         uuid    NOT NULL,
    sourced_id text    NOT NULL COLLATE "C",
    given      text    NOT NULL,
    family     text    NOT NULL,
    preferred  text    NOT NULL,
    email      text    NOT NULL,
    address    text    NOT NULL COLLATE "C",
    grades     text[]  NOT NULL,
    gone       boolean NOT NULL,
    sort_key   text    NOT NULL COLLATE "C",
    words      text    NOT NULL COLLATE "C",
    shown      text    NOT NULL COLLATE "C",
    PRIMARY KEY (district, id),
    UNIQUE (district, sourced_id)
);

CREATE INDEX person_address ON person (district, address) WHERE address <> '' AND NOT gone;
CREATE INDEX person_name ON person (district, sort_key, id);

CREATE TABLE person_role (
    district  uuid    NOT NULL,
    person    uuid    NOT NULL,
    no        integer NOT NULL,
    org       uuid,
    role      text    NOT NULL COLLATE "C",
    begin_day integer NOT NULL,
    end_day   integer NOT NULL,
    PRIMARY KEY (district, person, no),
    FOREIGN KEY (district, person) REFERENCES person (district, id),
    FOREIGN KEY (district, org) REFERENCES org (district, id)
);

CREATE INDEX person_role_org ON person_role (district, org, role, begin_day, end_day, person);

CREATE TABLE guardianship (
    district uuid NOT NULL,
    student  uuid NOT NULL,
    guardian uuid NOT NULL,
    relation text NOT NULL COLLATE "C",
    PRIMARY KEY (district, student, guardian),
    FOREIGN KEY (district, student) REFERENCES person (district, id),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id)
);

CREATE INDEX guardianship_guardian ON guardianship (district, guardian);

-- No import touches it (R26).
CREATE TABLE bar (
    district uuid    NOT NULL,
    guardian uuid    NOT NULL,
    student  uuid    NOT NULL,
    since    integer NOT NULL,
    reason   text    NOT NULL,
    PRIMARY KEY (district, guardian, student),
    FOREIGN KEY (district, guardian) REFERENCES person (district, id),
    FOREIGN KEY (district, student) REFERENCES person (district, id)
);

CREATE INDEX bar_student ON bar (district, student);

-- person and section are no foreign keys: to check a million of them takes as
-- long as to write them. An import takes them from the rows that they name, which
-- nobody may delete.
CREATE TABLE enrolment (
    district   uuid    NOT NULL,
    sourced_id text    NOT NULL COLLATE "C",
    person     uuid    NOT NULL,
    section    uuid    NOT NULL,
    role       text    NOT NULL COLLATE "C",
    begin_day  integer NOT NULL,
    end_day    integer NOT NULL,
    PRIMARY KEY (district, sourced_id)
);

CREATE INDEX enrolment_person ON enrolment (district, person);
CREATE INDEX enrolment_section ON enrolment (district, section, role);

-- The students who can be found, worked out from the tables above by every
-- change of them. org is that of their one student role where it has no dates
-- and no section of theirs belongs to another, else empty: then person_role and
-- enrolment say where they are today.
CREATE TABLE student (
    district uuid   NOT NULL,
    person   uuid   NOT NULL,
    sort_key text   NOT NULL COLLATE "C",
    org      uuid,
    grades   text[] NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

CREATE INDEX student_name ON student (district, sort_key, person);
CREATE INDEX student_org ON student (district, org);

-- The words by which a student is found: those of their names and of their
-- guardians', folded.
CREATE TABLE student_word (
    district uuid NOT NULL,
    word     text NOT NULL COLLATE "C",
    person   uuid NOT NULL,
    PRIMARY KEY (district, word, person)
);

CREATE INDEX student_word_person ON student_word (district, person);

-- Who signs in. What a person chose is apart from what the roster says.
CREATE TABLE session (
    id         text        NOT NULL COLLATE "C" PRIMARY KEY,
    district   uuid        NOT NULL REFERENCES district (id),
    person     uuid,
    address    text        NOT NULL COLLATE "C",
    fixed      boolean     NOT NULL DEFAULT false, -- to its person: it no longer changes over to others of the address
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

CREATE INDEX session_person ON session (district, person);
CREATE INDEX session_address ON session (district, address);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE sign_in_link (
    hash       bytea       NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    district   uuid        NOT NULL REFERENCES district (id),
    address    text        NOT NULL COLLATE "C",
    next       text        NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX sign_in_link_address ON sign_in_link (district, address);
CREATE INDEX sign_in_link_expiry ON sign_in_link (expires_at);

-- A shared address is of one person alone, by decision of the district (R28).
CREATE TABLE confirmed_holder (
    district uuid NOT NULL,
    address  text NOT NULL COLLATE "C",
    person   uuid NOT NULL,
    PRIMARY KEY (district, address),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

CREATE TABLE preference (
    district  uuid NOT NULL,
    person    uuid NOT NULL,
    language  text NOT NULL,
    time_zone text NOT NULL,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
);

-- The server notices only after a minute or more that an import has brought a
-- district, and plans searches until then as if there were nothing: seconds
-- instead of milliseconds. So who imports asks for it, with the right of the
-- tables' owner, who alone may; it changes nothing.
-- +goose StatementBegin
CREATE FUNCTION look_at_roster() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    ANALYZE public.org, public.term, public.section, public.section_term, public.person, public.person_role,
        public.guardianship, public.enrolment, public.student, public.student_word;
END
$$;
-- +goose StatementEnd
