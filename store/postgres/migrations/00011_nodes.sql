-- Which nodes serve from this database, so that they notice whom they do not hear
-- through the broker. Nothing of it is worth keeping.

-- +goose Up
CREATE UNLOGGED TABLE node (
    id          uuid        NOT NULL PRIMARY KEY, -- of a process, made anew with it
    count       bigint      NOT NULL,             -- of its signs of life
    broker_away boolean     NOT NULL,             -- it hears nothing, and knows
    at          timestamptz NOT NULL              -- of the last one
) WITH (fillfactor = 50);
