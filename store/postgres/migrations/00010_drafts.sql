-- A person has several drafts of new messages, each with an id of its own. The
-- one that there could be becomes one of them.

-- +goose Up
UPDATE draft SET slot = 'compose:' || gen_random_uuid() WHERE slot = 'compose';
