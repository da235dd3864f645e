-- +goose Up

CREATE TABLE inbox (
    district     BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    version      INTEGER NOT NULL DEFAULT 0,
    unread_total INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (district, person),
    FOREIGN KEY (district, person) REFERENCES person (district, id)
) STRICT, WITHOUT ROWID;
