-- A person has several drafts of new messages, each with an id of its own. The
-- one that there could be becomes one of them.

-- +goose Up
UPDATE draft SET slot = 'compose:' || lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2)
    || '-' || hex(randomblob(6)))
WHERE slot = 'compose';
