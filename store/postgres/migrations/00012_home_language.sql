-- +goose Up
-- The language that a family reads, by the district's overlay; empty: unknown. What
-- the person has chosen themself comes first.
ALTER TABLE preference ADD COLUMN home_language text NOT NULL DEFAULT '';
