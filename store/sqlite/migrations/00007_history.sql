-- Which history the rows are of: a copy or a restored backup has another epoch.

-- +goose Up
-- place is what tells this file from a copy of it, see epoch.go; empty until it
-- was first looked at.
CREATE TABLE history (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch BLOB    NOT NULL CHECK (length(epoch) = 16),
    place TEXT    NOT NULL
) STRICT;

INSERT INTO history (one, epoch, place) VALUES (1, unhex(
    hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2)), '');
