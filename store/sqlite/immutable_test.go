package sqlite

import (
	"strings"
	"testing"

	"github.com/homeline/homeline/hub"
)

// What the program's own connection is refused, and with which words.
var refusedByTheDatabase = map[string]string{
	`UPDATE message SET body = 'Never.'`:                   "never changed",
	`UPDATE message SET seq = seq + 100`:                   "never changed",
	`UPDATE OR REPLACE message SET seq = 1 WHERE seq = 2`:  "never changed",
	`UPDATE OR IGNORE message SET body = 'Never.'`:         "never changed",
	`DELETE FROM message`:                                  "never deleted",
	`DELETE FROM message WHERE seq = 2`:                    "never deleted",
	`INSERT OR REPLACE INTO message SELECT * FROM message`: "never replaced",
	`REPLACE INTO message (district, conversation, seq, sender, sent_at, key, hash, body) SELECT district, conversation, seq, sender, sent_at, randomblob(16), hash, 'Never.' FROM message`:                                                                  "never replaced",
	`REPLACE INTO message (district, conversation, seq, sender, sent_at, key, hash, body) SELECT district, conversation, seq + 100, sender, sent_at, key, hash, 'Never.' FROM message`:                                                                       "never replaced",
	`INSERT INTO message SELECT * FROM message WHERE true ON CONFLICT DO UPDATE SET body = 'Never.'`:                                                                                                                                                         "never replaced",
	`INSERT INTO message (district, conversation, seq, sender, sent_at, key, hash, body) SELECT m.district, m.conversation, 100, m.sender, m.sent_at, randomblob(16), m.hash, 'More.' FROM message m JOIN seal s ON s.conversation = m.conversation LIMIT 1`: "never written to",

	`UPDATE conversation SET subject = 'Another'`:                    "never changed",
	`UPDATE conversation SET started_by = randomblob(16)`:            "never changed",
	`UPDATE conversation SET started_at = 0`:                         "never changed",
	`UPDATE conversation SET predecessor = id`:                       "never changed",
	`UPDATE conversation SET last_seq = 1`:                           "only grows",
	`UPDATE conversation SET last_hash = zeroblob(32)`:               "only grows",
	`UPDATE conversation SET last_seq = last_seq + 1, last_at = 0`:   "only grows",
	`DELETE FROM conversation`:                                       "never deleted",
	`INSERT OR REPLACE INTO conversation SELECT * FROM conversation`: "never replaced",

	`UPDATE participant SET person = (SELECT max(id) FROM person)`: "never changed",
	`UPDATE participant SET read_seq = 0`:                          "only goes forward",
	`UPDATE participant SET read = read - 1`:                       "only goes forward",
	`UPDATE participant SET own = own - 1`:                         "only goes forward",
	`DELETE FROM participant`:                                      "never removed",
	`INSERT OR REPLACE INTO participant SELECT * FROM participant`: "never added or replaced",
	`INSERT INTO participant (district, conversation, person, no, bucket) SELECT district, (SELECT id FROM conversation LIMIT 1), id, 9, 0 FROM person p WHERE NOT EXISTS (SELECT 1 FROM participant WHERE person = p.id)`: "never added",

	`UPDATE tie SET part = 'staff'`:                "never changed",
	`DELETE FROM tie`:                              "never removed",
	`INSERT OR REPLACE INTO tie SELECT * FROM tie`: "never added or replaced",
	`INSERT INTO tie SELECT district, conversation, person, no + 1, part, student, detail FROM tie`: "never added",

	`UPDATE seal SET reason = 'Another'`: "never changed",
	`DELETE FROM seal`:                   "never broken",
	`UPDATE conversation SET seal_hash = zeroblob(32) WHERE seal_hash IS NOT NULL`: "never broken",
	`UPDATE conversation SET seal_hash = NULL`:                                     "never broken",
	`INSERT OR REPLACE INTO seal SELECT * FROM seal`:                               "never replaced",
}

func TestTheDatabaseItselfKeepsWhatWasSaid(t *testing.T) {
	v := settle(t, openTemp(t), 4)
	open, sealed := v.talk(v.people[:3]...), v.talk(v.people[:3]...)
	v.post(open, v.people[1])
	_, err := v.MarkRead(t.Context(), v.id, open, v.people[2], 2)
	v.must(err)
	_, err = v.Seal(t.Context(), v.id, sealed, hub.Seal{At: v.now, By: v.people[0], Cause: hub.SealedByStaff, Reason: "Enough."}, nil)
	v.must(err)
	before := dump(v)
	for statement, want := range refusedByTheDatabase {
		if _, err := v.writer.Exec(statement); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if after := dump(v); after != before {
		t.Errorf("the tables were\n%s\nand are\n%s", before, after)
	}
	v.unharmed()
}

// dump is all that the tables of conversations hold.
func dump(v *village) string {
	v.t.Helper()
	var all strings.Builder
	for _, query := range []string{
		`SELECT hex(conversation) || seq || hex(sender) || hex(key) || hex(hash) || body FROM message`,
		`SELECT hex(id) || subject || last_seq || last_at || hex(last_hash) FROM conversation`,
		`SELECT hex(conversation) || hex(person) || no || read || read_seq || own || bucket FROM participant`,
		`SELECT hex(conversation) || hex(person) || no || part FROM tie`,
		`SELECT hex(conversation) || reason FROM seal`,
	} {
		rows, err := v.reader.Query(query)
		lines, err := scanAll(rows, err, func(s *string) []any { return []any{s} })
		v.must(err)
		all.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return all.String()
}
