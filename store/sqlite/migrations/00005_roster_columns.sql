-- Which columns the files of a district's imports had: one that is missing all
-- of a sudden says nothing, and takes nothing from anyone (R24).

-- +goose Up
CREATE TABLE roster_column (
    district BLOB    NOT NULL REFERENCES district (id),
    file     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    missing  INTEGER NOT NULL, -- the last import lacked it, and was told to go on
    PRIMARY KEY (district, file, name)
) STRICT, WITHOUT ROWID;

-- sourced_id is that of the row in roles.csv, by which a delta file ends a role.
ALTER TABLE person_role ADD COLUMN sourced_id TEXT NOT NULL DEFAULT '';
