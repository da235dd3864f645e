package postgres

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
)

// planned is a connection whose server tells the plan of every statement that it
// runs, those inside functions too.
type planned struct {
	*pgx.Conn
	plans []string
}

func planning(v *village, settings ...map[string]string) *planned {
	v.T.Helper()
	config, err := pgx.ParseConfig(v.Admin)
	v.Must(err)
	for _, some := range append(settings, map[string]string{
		"session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0",
		"auto_explain.log_nested_statements": "on", "auto_explain.log_level": "notice",
	}) {
		for name, value := range some {
			config.RuntimeParams[name] = value
		}
	}
	p := &planned{}
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if _, plan, is := strings.Cut(n.Message, "plan:\n"); is {
			p.plans = append(p.plans, plan)
		}
	}
	p.Conn, err = pgx.ConnectConfig(context.Background(), config)
	v.Must(err)
	inUTC(p.Conn)
	v.T.Cleanup(func() { _ = p.Close(context.Background()) })
	return p
}

// A table is looked at in one of these ways.
var look = regexp.MustCompile(`(\w[\w ]* Scan)(?: Backward)?(?: using (\w+))? on (\w+)`)

// looksBy holds where all looks at tables since it was asked last are by these
// indexes, and nothing was read that was not looked for.
func (p *planned) looksBy(t *testing.T, what string, want ...string) {
	t.Helper()
	var all []string
	for _, plan := range p.plans {
		for _, found := range look.FindAllStringSubmatch(plan, -1) {
			switch how, index, table := found[1], found[2], found[3]; how {
			case "Index Scan", "Index Only Scan":
				all = append(all, index+" on "+table)
			case "Function Scan", "CTE Scan", "Subquery Scan":
			default:
				t.Errorf("%s on %s:\n%s", how, table, plan)
			}
		}
		if strings.Contains(plan, "Hash") || strings.Contains(plan, "Merge") {
			t.Errorf("more is read than is looked for:\n%s", plan)
		}
	}
	p.plans = nil
	slices.Sort(all)
	if got := slices.Compact(all); !slices.Equal(got, want) {
		t.Errorf("%s looks by %q", what, got)
	}
}

// manyConversations is a village with so much in its tables that walking one
// costs more than looking into an index.
func manyConversations(t *testing.T) (*village, uuid.UUID) {
	v := settle(t, 3)
	c := v.Talk(v.People...)
	statements := []string{}
	for _, table := range []string{"participant", "message", "conversation", "inbox"} {
		statements = append(statements, `ALTER TABLE `+table+` DISABLE TRIGGER ALL`)
		defer v.Exec(t, `ALTER TABLE `+table+` ENABLE TRIGGER ALL`)
	}
	v.Exec(t, append(statements,
		`CREATE TABLE many AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, 20000) n`,
		`INSERT INTO conversation SELECT c.district, m.id, 'trip', c.started_by, c.started_at, NULL, 1,
			c.last_at + n * interval '1 minute', c.last_hash FROM conversation c, many m`,
		`INSERT INTO participant SELECT q.district, m.id, q.person, q.no, 0, 0, 0, q.bucket + n / 60
			FROM participant q, many m WHERE q.no < 2 AND (q.no = 0 OR n % 100 = 0)`,
		`INSERT INTO message SELECT district, m.id, 1, sender, sent_at, m.id, hash, body FROM message, many m`,
		`INSERT INTO inbox SELECT district, m.id, 1, 0 FROM conversation c, many m WHERE c.last_at = c.started_at`,
		`DROP TABLE many`)...)
	return v, c
}

func TestEachLookIsOneByAnIndex(t *testing.T) {
	v, c := manyConversations(t)
	v.Exec(t, `ANALYZE`) // as the server does by itself within minutes
	calls, reads := planning(v, common, callPlans), planning(v, common)
	for range 7 { // the server plans anew for the first five times
		_, err := post(t.Context(), calls, v.Letter(c, v.People[1]), false)
		v.Must(err)
	}
	calls.looksBy(t, "a send", "conversation_pkey on conversation", "district_pkey on district", "inbox_pkey on inbox",
		"message_key on message", "notice_pkey on notice", "participant_pkey on participant", "person_pkey on person", "seal_pkey on seal", "tie_pkey on tie")
	_, err := markRead(t.Context(), calls, v.ID, c, v.People[0], 3)
	v.Must(err)
	calls.looksBy(t, "a mark", "conversation_pkey on conversation", "inbox_pkey on inbox", "message_pkey on message",
		"participant_pkey on participant")
	top, err := inbox.ParseCursor("")
	v.Must(err)
	for _, reader := range v.People {
		for range 7 {
			_, _, err := headOf(t.Context(), reads, v.ID, reader)
			v.Must(err)
		}
		reads.looksBy(t, "an unread total", "inbox_pkey on inbox")
		for range 7 {
			_, err = candidates(t.Context(), reads, inboxOf{v.ID, reader}, inbox.FilterOf(hub.InboxQuery{}, hub.Head{}), top, 25)
			v.Must(err)
		}
		reads.looksBy(t, "a page", "conversation_pkey on conversation", "participant_inbox on participant")
	}
}
