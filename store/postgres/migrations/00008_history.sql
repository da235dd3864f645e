-- Which history the rows are of: a copy, a restored dump or a standby that was
-- promoted has another epoch.

-- +goose Up
-- place is what tells this database from a copy of it, see epoch.go of the store;
-- empty until it was first looked at.
CREATE TABLE history (
    one   boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (one),
    epoch uuid    NOT NULL,
    place text    NOT NULL DEFAULT ''
);

INSERT INTO history (epoch) VALUES (gen_random_uuid());
