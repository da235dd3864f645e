package migrations

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// privileges are what the program's role may do with each table. Of what is
// kept for ever it may change only the columns that count; it may empty none.
var privileges = map[string]string{
	"message":      "SELECT, INSERT",
	"conversation": "SELECT, INSERT, UPDATE (last_seq, last_at, last_hash, seal_hash)",
	"participant":  "SELECT, INSERT, UPDATE (read, read_seq, own, bucket, mailed_seq, mailed_step, mailed_at)",
	"tie":          "SELECT, INSERT",
	"seal":         "SELECT, INSERT",
	"start":        "SELECT, INSERT",
	"started":      "SELECT, INSERT",
	"inbox":        "SELECT, INSERT, UPDATE (version, unread_total)",
	"continuation": "SELECT, INSERT, DELETE",
	"draft":        "SELECT, INSERT, UPDATE, DELETE",

	"district":         "SELECT, INSERT, UPDATE (name, enabled, settings, roster_version)",
	"org":              "SELECT, INSERT, UPDATE",
	"term":             "SELECT, INSERT, UPDATE",
	"section":          "SELECT, INSERT, UPDATE",
	"section_term":     "SELECT, INSERT, UPDATE, DELETE",
	"person":           "SELECT, INSERT, UPDATE",
	"person_role":      "SELECT, INSERT, UPDATE, DELETE",
	"guardianship":     "SELECT, INSERT, UPDATE, DELETE",
	"bar":              "SELECT, INSERT, UPDATE (ended_at, ended_by)",
	"access_grant":     "SELECT, INSERT, UPDATE (ended_at, ended_by)",
	"enrolment":        "SELECT, INSERT, UPDATE, DELETE",
	"student":          "SELECT, INSERT, UPDATE, DELETE",
	"student_word":     "SELECT, INSERT, UPDATE, DELETE",
	"session":          "SELECT, INSERT, UPDATE, DELETE",
	"sign_in_link":     "SELECT, INSERT, UPDATE, DELETE",
	"confirmed_holder": "SELECT, INSERT, UPDATE, DELETE",
	"preference":       "SELECT, INSERT, UPDATE, DELETE",
	"roster_column":    "SELECT, INSERT, UPDATE, DELETE",
	"chosen_address":   "SELECT, INSERT, UPDATE (email, address, since), DELETE",
	"address_change":   "SELECT, INSERT, UPDATE (expires_at), DELETE",

	"notice":    "SELECT, INSERT, UPDATE (due_at), DELETE",
	"mail":      "SELECT, INSERT, UPDATE (address, state, called_at, attempts, doubts, provider, detail, token, next_at), DELETE",
	"mail_part": "SELECT, INSERT, DELETE",
	"address":   "SELECT, INSERT, UPDATE (state, since)",
	"report":    "SELECT, INSERT, UPDATE (at), DELETE",
	"secret":    "SELECT, INSERT",
	"node":      "SELECT, INSERT, UPDATE (count, broker_away, at), DELETE",

	"held_reply":   "SELECT, INSERT, UPDATE (told, confirmed, body), DELETE",
	"reply_answer": "SELECT, INSERT, DELETE",
	"reply_token":  "SELECT, INSERT, DELETE",

	"history": "SELECT, UPDATE (epoch, place)",

	"goose_db_version": "SELECT",
}

// grants are the statements that take all from a role, and from everybody, and
// give the role its privileges.
func grants(role string) []string {
	all := []string{
		"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, " + role,
		"REVOKE CREATE ON SCHEMA public FROM PUBLIC, " + role,
		"GRANT USAGE ON SCHEMA public TO " + role,
		// An import is staged in temporary tables. PUBLIC may have them unless somebody
		// took that away; who does not own the database gives nothing by this.
		"DO $grant$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO ', current_database()) || " + literal(role) + "; END $grant$",
		"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO " + role,
	}
	for _, table := range slices.Sorted(maps.Keys(privileges)) {
		all = append(all, fmt.Sprintf("GRANT %s ON public.%s TO %s", privileges[table], table, role))
	}
	return all
}

// literal is a text as SQL quotes it.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
