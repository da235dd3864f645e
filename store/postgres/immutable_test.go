package postgres

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// What the program's role tries, and with which words it is refused: every way
// round that is known.
var refusedToTheProgram = map[string]string{
	`UPDATE message SET body = 'Never.'`:                                   "permission denied",
	`UPDATE ONLY message SET seq = seq + 100`:                              "permission denied",
	`DELETE FROM message`:                                                  "permission denied",
	`DELETE FROM message USING conversation`:                               "permission denied",
	`TRUNCATE message`:                                                     "permission denied",
	`TRUNCATE message, participant, tie CASCADE`:                           "permission denied",
	`TRUNCATE conversation CASCADE`:                                        "permission denied",
	`SELECT * FROM message FOR UPDATE`:                                     "permission denied",
	`INSERT INTO message SELECT * FROM message`:                            "duplicate key",
	`COPY message TO PROGRAM 'cat'`:                                        "must be superuser",
	`COPY message FROM '/etc/hostname'`:                                    "must be superuser",
	`WITH w AS (UPDATE message SET body = '' RETURNING 1) SELECT * FROM w`: "permission denied",
	`WITH w AS (DELETE FROM message RETURNING 1) SELECT * FROM w`:          "permission denied",
	`INSERT INTO message SELECT * FROM message ON CONFLICT (district, conversation, seq) DO UPDATE SET body = 'Never.'`:                                                                                                                                                 "permission denied",
	`MERGE INTO message m USING message n ON m.seq = n.seq WHEN MATCHED THEN UPDATE SET body = 'Never.'`:                                                                                                                                                                "permission denied",
	`MERGE INTO message m USING message n ON m.seq = n.seq WHEN MATCHED THEN DELETE`:                                                                                                                                                                                    "permission denied",
	`INSERT INTO message SELECT district, conversation, 100, sender, sent_at, gen_random_uuid(), hash, 'More.' FROM message m WHERE EXISTS (SELECT FROM seal s WHERE s.conversation = m.conversation) LIMIT 1`:                                                          "never written to",
	`CREATE TEMP TABLE seal (LIKE public.seal); INSERT INTO public.message SELECT district, conversation, 100, sender, sent_at, gen_random_uuid(), hash, 'More.' FROM message m WHERE EXISTS (SELECT FROM public.seal s WHERE s.conversation = m.conversation) LIMIT 1`: "never written to",

	`SET session_replication_role = replica`:                                                          "permission denied",
	`ALTER TABLE message DISABLE TRIGGER ALL`:                                                         "must be owner",
	`ALTER TABLE message DISABLE TRIGGER message_unchanged`:                                           "must be owner",
	`ALTER TABLE message DROP COLUMN body`:                                                            "must be owner",
	`ALTER TABLE message ALTER COLUMN body TYPE text USING 'Never.'`:                                  "must be owner",
	`ALTER TABLE message OWNER TO CURRENT_USER`:                                                       "must be owner",
	`ALTER TABLE message RENAME TO letter`:                                                            "must be owner",
	`ALTER TABLE message SET SCHEMA pg_temp`:                                                          "must be owner",
	`ALTER TABLE message INHERIT conversation`:                                                        "must be owner",
	`CREATE TABLE child () INHERITS (message)`:                                                        "permission denied",
	`CREATE TEMP TABLE child () INHERITS (message)`:                                                   "must be owner",
	`DROP TRIGGER message_kept ON message`:                                                            "must be owner",
	`DROP TABLE message`:                                                                              "must be owner",
	`DROP TABLE message CASCADE`:                                                                      "must be owner",
	`DROP SCHEMA public CASCADE`:                                                                      "must be owner",
	`CREATE RULE never AS ON SELECT TO message DO INSTEAD SELECT * FROM message`:                      "must be owner",
	`CREATE RULE never AS ON INSERT TO message DO ALSO DELETE FROM message`:                           "must be owner",
	`CREATE TRIGGER never AFTER INSERT ON message FOR EACH ROW EXECUTE FUNCTION refuse('')`:           "permission denied",
	`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`: "permission denied",
	`ALTER FUNCTION refuse() RENAME TO allow`:                                                         "must be owner",
	`DROP FUNCTION refuse() CASCADE`:                                                                  "must be owner",
	`CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'`:     "permission denied",
	`ALTER TABLE message ENABLE ROW LEVEL SECURITY`:                                                   "must be owner",
	`CREATE POLICY never ON message USING (false)`:                                                    "must be owner",
	`CREATE PUBLICATION never FOR TABLE message`:                                                      "permission denied",
	`CREATE EVENT TRIGGER never ON ddl_command_start EXECUTE FUNCTION refuse()`:                       "permission denied",
	`GRANT UPDATE ON message TO CURRENT_USER; UPDATE message SET body = 'Never.'`:                     "permission denied",
	`SET ROLE homeline_owner`:                                                                         "permission denied",
	`SET SESSION AUTHORIZATION postgres`:                                                              "permission denied",
	`REASSIGN OWNED BY homeline_owner TO homeline`:                                                    "permission denied",
	`DO $$ BEGIN EXECUTE 'DELETE FROM message'; END $$`:                                               "permission denied",
	`CLUSTER message USING message_pkey`:                                                              "must be owner",
	`UPDATE pg_class SET relowner = 0 WHERE relname = 'message'`:                                      "permission denied",

	`UPDATE conversation SET subject = 'Another'`:                                "permission denied",
	`UPDATE conversation SET started_by = started_by`:                            "permission denied",
	`UPDATE conversation SET predecessor = id`:                                   "permission denied",
	`UPDATE conversation SET last_seq = 1`:                                       "only grows",
	`UPDATE conversation SET last_hash = sha256('')`:                             "only grows",
	`UPDATE conversation SET last_seq = last_seq + 1, last_at = '1970-01-01'`:    "only grows",
	`UPDATE conversation SET seal_hash = sha256('') WHERE seal_hash IS NOT NULL`: "never broken",
	`UPDATE conversation SET seal_hash = NULL`:                                   "never broken",
	`DELETE FROM conversation`:                                                   "permission denied",

	`UPDATE participant SET person = (SELECT max(id::text)::uuid FROM person)`: "permission denied",
	`UPDATE participant SET read_seq = 0`:                                      "only goes forward",
	`UPDATE participant SET read = read - 1`:                                   "only goes forward",
	`UPDATE participant SET own = own - 1`:                                     "only goes forward",
	`DELETE FROM participant`:                                                  "permission denied",
	`TRUNCATE participant CASCADE`:                                             "permission denied",
	`INSERT INTO participant (district, conversation, person, no, bucket) SELECT district, (SELECT id FROM conversation LIMIT 1), id, 9, 0 FROM person p WHERE NOT EXISTS (SELECT FROM participant WHERE person = p.id)`: "never added",

	`UPDATE tie SET part = 'staff'`: "permission denied",
	`DELETE FROM tie`:               "permission denied",
	`INSERT INTO tie SELECT district, conversation, person, no + 1, part, student, detail FROM tie`: "never added",

	`UPDATE seal SET reason = 'Another'`: "permission denied",
	`DELETE FROM seal`:                   "permission denied",
	`INSERT INTO seal SELECT * FROM seal ON CONFLICT (district, conversation) DO UPDATE SET reason = 'Another'`: "permission denied",
}

// What is refused also to the owner of the tables and to a superuser, as long as
// the triggers stand, and whatever the session is set to.
var refusedToEverybody = map[string]string{
	`UPDATE message SET body = 'Never.'`: "never changed",
	`UPDATE message SET seq = seq + 100`: "never changed",
	`DELETE FROM message`:                "never deleted",
	`TRUNCATE message`:                   "never deleted",
	`TRUNCATE district CASCADE`:          "never",
	`TRUNCATE conversation CASCADE`:      "never",
	`INSERT INTO message SELECT * FROM message ON CONFLICT (district, conversation, seq) DO UPDATE SET body = 'Never.'`: "never changed",
	`MERGE INTO message m USING message n ON m.seq = n.seq WHEN MATCHED THEN DELETE`:                                    "never deleted",
	`WITH w AS (DELETE FROM message RETURNING 1) SELECT * FROM w`:                                                       "never deleted",
	`UPDATE conversation SET subject = 'Another'`:                                                                       "never changed",
	`DELETE FROM conversation`:           "never deleted",
	`UPDATE participant SET no = no + 1`: "never changed",
	`DELETE FROM participant`:            "never removed",
	`TRUNCATE participant CASCADE`:       "never",
	`UPDATE tie SET part = 'staff'`:      "never changed",
	`DELETE FROM tie`:                    "never removed",
	`TRUNCATE tie`:                       "never removed",
	`UPDATE seal SET reason = 'Another'`: "never changed",
	`DELETE FROM seal`:                   "never broken",
	`TRUNCATE seal`:                      "never broken",
}

func TestTheDatabaseItselfKeepsWhatWasSaid(t *testing.T) {
	v, open := talkOfFive(t)
	sealed := v.Talk(v.People[:3]...)
	v.seal(sealed)
	before := dump(v)
	program, owner, super := v.as(v.URL), v.as(v.Owner), v.as(v.Admin)
	for statement, want := range refusedToTheProgram {
		refuses(t, program, statement, want)
	}
	for statement, want := range refusedToEverybody {
		refuses(t, owner, statement, want)
		refuses(t, super, statement, want)
		refuses(t, super, `SET session_replication_role = replica; `+statement, want)
	}
	if after := dump(v); after != before {
		t.Errorf("the tables were\n%s\nand are\n%s", before, after)
	}
	v.unharmed()
	v.Send(open, v.People[1])
}

// as is a connection of somebody.
func (v *village) as(url string) *pgx.Conn {
	v.T.Helper()
	conn, err := pgx.Connect(v.T.Context(), url)
	v.Must(err)
	v.T.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// refuses holds where somebody is refused what they try, with those words. Of
// what they try nothing is left.
func refuses(t *testing.T, who *pgx.Conn, statements, want string) {
	t.Helper()
	if _, err := who.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %s: %v", who.Config().User, statements, err)
	}
}

// dump is all that the tables of conversations hold.
func dump(v *village) string {
	v.T.Helper()
	var all strings.Builder
	for _, table := range []string{"message", "conversation", "participant", "tie", "seal"} {
		rows, err := v.s.pool.Query(v.T.Context(), `SELECT t::text FROM `+table+` t ORDER BY 1`)
		lines, err := scanAll(rows, err, func(s *string) []any { return []any{s} })
		v.Must(err)
		all.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return all.String()
}
