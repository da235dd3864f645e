package copying

import (
	"strings"

	"github.com/jackc/pgx/v5"
)

// column is one of a table. from is its name in SQLite where that is another.
type column struct {
	name string
	kind kind
	from string
}

// table is one that both databases have. Its first columns, as many as key says,
// tell its rows apart.
type table struct {
	name    string
	key     int
	columns []column
	derived bool // not copied but worked out from the others, and compared
}

// tables come in an order in which each names only what came before, and in
// which the safeguards of messages allow it: participants and ties before the
// first message, seals after the last.
var tables = []table{
	{name: "district", key: 1, columns: []column{
		{name: "id", kind: id}, {name: "slug", kind: text}, {name: "name", kind: text}, {name: "enabled", kind: flag},
		{name: "settings", kind: settings}, {name: "roster_version", kind: number},
	}},
	{name: "org", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "sourced_id", kind: text}, {name: "known", kind: flag},
		{name: "name", kind: text}, {name: "type", kind: text}, {name: "parent", kind: id}, {name: "gone", kind: flag},
	}},
	{name: "term", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "sourced_id", kind: text}, {name: "known", kind: flag},
		{name: "title", kind: text}, {name: "begin_day", kind: small, from: "begin"}, {name: "end_day", kind: small, from: "end"},
		{name: "gone", kind: flag},
	}},
	{name: "section", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "sourced_id", kind: text}, {name: "title", kind: text},
		{name: "course", kind: text}, {name: "period", kind: text}, {name: "org", kind: id}, {name: "grades", kind: list},
		{name: "gone", kind: flag},
	}},
	{name: "section_term", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "section", kind: id}, {name: "no", kind: small}, {name: "term", kind: id},
	}},
	{name: "person", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "sourced_id", kind: text}, {name: "given", kind: text},
		{name: "family", kind: text}, {name: "preferred", kind: text}, {name: "email", kind: text}, {name: "address", kind: text},
		{name: "grades", kind: list}, {name: "gone", kind: flag}, {name: "sort_key", kind: word}, {name: "words", kind: word},
		{name: "shown", kind: word},
	}},
	{name: "person_role", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "no", kind: small}, {name: "org", kind: id},
		{name: "role", kind: text}, {name: "begin_day", kind: small, from: "begin"}, {name: "end_day", kind: small, from: "end"},
		{name: "sourced_id", kind: text},
	}},
	{name: "roster_column", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "file", kind: text}, {name: "name", kind: text}, {name: "missing", kind: flag},
	}},
	{name: "guardianship", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "student", kind: id}, {name: "guardian", kind: id}, {name: "relation", kind: text},
	}},
	{name: "bar", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "guardian", kind: id}, {name: "student", kind: id},
		{name: "since", kind: small}, {name: "until", kind: small}, {name: "reason", kind: text}, {name: "order_no", kind: text},
		{name: "by", kind: text}, {name: "made_at", kind: instant}, {name: "ended_at", kind: maybeInstant}, {name: "ended_by", kind: text},
	}},
	{name: "access_grant", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "person", kind: id}, {name: "role", kind: word},
		{name: "role_org", kind: id}, {name: "org", kind: id}, {name: "section", kind: id}, {name: "students", kind: list},
		{name: "reason", kind: text}, {name: "by", kind: text}, {name: "until", kind: small}, {name: "made_at", kind: instant},
		{name: "ended_at", kind: maybeInstant}, {name: "ended_by", kind: text},
	}},
	{name: "enrolment", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "sourced_id", kind: text}, {name: "person", kind: id}, {name: "section", kind: id},
		{name: "role", kind: text}, {name: "begin_day", kind: small, from: "begin"}, {name: "end_day", kind: small, from: "end"},
	}},
	{name: "student", key: 2, derived: true, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "sort_key", kind: word}, {name: "org", kind: id},
		{name: "grades", kind: list},
	}},
	{name: "session", key: 1, columns: []column{
		{name: "id", kind: text}, {name: "district", kind: id}, {name: "person", kind: id}, {name: "address", kind: text},
		{name: "fixed", kind: flag}, {name: "created_at", kind: instant}, {name: "expires_at", kind: instant},
	}},
	{name: "sign_in_link", key: 1, columns: []column{
		{name: "hash", kind: bytes}, {name: "district", kind: id}, {name: "address", kind: text}, {name: "next", kind: text},
		{name: "expires_at", kind: instant},
	}},
	{name: "confirmed_holder", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "address", kind: text}, {name: "person", kind: id}, {name: "kept", kind: flag},
	}},
	{name: "preference", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "language", kind: text}, {name: "time_zone", kind: text},
		{name: "mail", kind: word}, {name: "daily_at", kind: small}, {name: "own_quiet", kind: flag},
		{name: "quiet_from", kind: text}, {name: "quiet_until", kind: text},
		{name: "home_language", kind: text},
	}},
	{name: "chosen_address", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "email", kind: text}, {name: "address", kind: text},
		{name: "since", kind: instant},
	}},
	{name: "address_change", key: 1, columns: []column{
		{name: "hash", kind: bytes}, {name: "district", kind: id}, {name: "person", kind: id}, {name: "email", kind: text},
		{name: "expires_at", kind: instant},
	}},
	{name: "address", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "address", kind: text}, {name: "state", kind: word}, {name: "since", kind: instant},
	}},
	{name: "conversation", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "subject", kind: text}, {name: "started_by", kind: id},
		{name: "started_at", kind: instant}, {name: "predecessor", kind: id}, {name: "last_seq", kind: number},
		{name: "last_at", kind: instant}, {name: "last_hash", kind: bytes}, {name: "seal_hash", kind: bytes},
	}},
	{name: "participant", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "conversation", kind: id}, {name: "person", kind: id}, {name: "no", kind: small},
		{name: "read", kind: number}, {name: "read_seq", kind: number}, {name: "own", kind: number}, {name: "bucket", kind: small},
		{name: "mailed_seq", kind: number}, {name: "mailed_step", kind: small}, {name: "mailed_at", kind: maybeInstant},
	}},
	{name: "tie", key: 4, columns: []column{
		{name: "district", kind: id}, {name: "conversation", kind: id}, {name: "person", kind: id}, {name: "no", kind: small},
		{name: "part", kind: word}, {name: "student", kind: id}, {name: "detail", kind: text},
	}},
	{name: "message", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "conversation", kind: id}, {name: "seq", kind: number}, {name: "sender", kind: id},
		{name: "sent_at", kind: instant}, {name: "key", kind: id}, {name: "hash", kind: bytes}, {name: "body", kind: text},
	}},
	{name: "seal", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "conversation", kind: id}, {name: "at", kind: instant}, {name: "by", kind: id},
		{name: "cause", kind: word}, {name: "reason", kind: text}, {name: "staff_reason", kind: text},
		{name: "guardian", kind: id}, {name: "student", kind: id},
	}},
	{name: "continuation", key: 4, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "sealed_at", kind: instant}, {name: "conversation", kind: id},
	}},
	{name: "inbox", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "version", kind: number}, {name: "unread_total", kind: number},
	}},
	{name: "start", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "sender", kind: id}, {name: "key", kind: id}, {name: "fingerprint", kind: bytes},
	}},
	{name: "started", key: 4, columns: []column{
		{name: "district", kind: id}, {name: "sender", kind: id}, {name: "key", kind: id}, {name: "no", kind: small},
		{name: "conversation", kind: id},
	}},
	{name: "draft", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "slot", kind: word}, {name: "content", kind: bytes},
		{name: "saved_at", kind: instant},
	}},
	{name: "notice", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "person", kind: id}, {name: "due_at", kind: instant},
	}},
	{name: "mail", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "id", kind: id}, {name: "person", kind: id}, {name: "address", kind: text},
		{name: "state", kind: word}, {name: "made_at", kind: instant}, {name: "called_at", kind: maybeInstant},
		{name: "attempts", kind: small}, {name: "doubts", kind: small}, {name: "provider", kind: text}, {name: "detail", kind: text},
		{name: "token", kind: number}, {name: "next_at", kind: maybeInstant},
	}},
	{name: "mail_part", key: 3, columns: []column{
		{name: "district", kind: id}, {name: "mail", kind: id}, {name: "no", kind: small}, {name: "conversation", kind: id},
		{name: "after_seq", kind: number}, {name: "up_to", kind: number}, {name: "step", kind: small},
	}},
	{name: "report", key: 1, columns: []column{{name: "nonce", kind: text}, {name: "at", kind: instant}}},
	{name: "secret", key: 1, columns: []column{{name: "name", kind: text}, {name: "value", kind: bytes}}},
	{name: "held_reply", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "key", kind: id}, {name: "hash", kind: bytes}, {name: "person", kind: id},
		{name: "conversation", kind: id}, {name: "sender", kind: text}, {name: "body", kind: text}, {name: "expires_at", kind: instant},
		{name: "told", kind: flag}, {name: "confirmed", kind: flag},
	}},
	{name: "reply_answer", key: 2, columns: []column{
		{name: "district", kind: id}, {name: "key", kind: id}, {name: "address", kind: text}, {name: "at", kind: instant},
	}},
	{name: "reply_token", key: 1, columns: []column{
		{name: "token", kind: text}, {name: "digest", kind: bytes}, {name: "at", kind: instant},
	}},
}

// names are those of the columns in PostgreSQL.
func (t table) names() []string {
	all := make([]string, len(t.columns))
	for i, c := range t.columns {
		all[i] = c.name
	}
	return all
}

// selectSQLite reads the table where it is copied from.
func (t table) selectSQLite() string {
	all := make([]string, len(t.columns))
	for i, c := range t.columns {
		name := c.from
		if name == "" {
			name = c.name
		}
		all[i] = t.name + `."` + name + `"`
	}
	return `SELECT ` + strings.Join(all, ", ") + ` FROM ` + t.name
}

// selectPostgres reads it where it is copied to.
func (t table) selectPostgres() string {
	all := make([]string, len(t.columns))
	for i, c := range t.columns {
		all[i] = pgx.Identifier{c.name}.Sanitize() + c.kind.as
	}
	return `SELECT ` + strings.Join(all, ", ") + ` FROM public.` + t.name
}
