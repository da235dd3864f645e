-- An address that a member of staff keeps because they had it before others: the
-- district has not confirmed whose it is (R28).

-- +goose Up
ALTER TABLE confirmed_holder ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
