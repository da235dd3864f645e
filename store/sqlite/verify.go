package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Finding is something in the file that the program has not done, or has done
// wrongly.
type Finding struct {
	District     uuid.UUID
	Conversation uuid.UUID // uuid.Nil where it concerns none
	Seq          int64     // number of the message, 0 where it concerns none
	Person       uuid.UUID // uuid.Nil where it concerns nobody
	What         string
}

// String names the place and what is wrong there.
func (f Finding) String() string {
	var b bytes.Buffer
	if f.District != uuid.Nil {
		fmt.Fprintf(&b, "district %s: ", f.District)
	}
	if f.Conversation != uuid.Nil {
		fmt.Fprintf(&b, "conversation %s: ", f.Conversation)
	}
	if f.Seq != 0 {
		fmt.Fprintf(&b, "message %d: ", f.Seq)
	}
	if f.Person != uuid.Nil {
		fmt.Fprintf(&b, "person %s: ", f.Person)
	}
	b.WriteString(f.What)
	return b.String()
}

// Summary is what a verification has looked at.
type Summary struct {
	Conversations, Messages, Inboxes int
	Findings                         int
}

// Verify walks the hash chain of every conversation of a district, or of all
// where it is uuid.Nil, and counts again what everybody has not read. It tells
// report of each message that was changed, removed, inserted or cut off, of each
// conversation that no longer is what it began with (predecessor, participants,
// ties) or whose seal was changed, broken or forged, of each count that is wrong,
// and of each safeguard that the file lacks, always in the same order. Sends go
// on meanwhile: it looks at one state of the file.
//
// Who has the file and this program's source can compute a whole chain anew, cut
// the end off or break a seal and make the conversation's own row say the same,
// or take a whole conversation out: against them only a copy kept elsewhere helps.
func (s *Store) Verify(ctx context.Context, district uuid.UUID, report func(Finding)) (Summary, error) {
	return verify(ctx, s.reader, district, report)
}

func verify(ctx context.Context, pool *sql.DB, district uuid.UUID, report func(Finding)) (Summary, error) {
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Summary{}, fmt.Errorf("verify: %w", readFailure(ctx, err))
	}
	defer tx.Rollback()
	v := &verification{ctx: ctx, tx: tx, tell: report}
	for _, step := range []func() error{
		v.structure, v.safeguards, v.orphans,
		func() error { return v.districts(district) },
	} {
		if err := step(); err != nil {
			return v.Summary, fmt.Errorf("verify: %w", readFailure(ctx, err))
		}
	}
	return v.Summary, nil
}

type verification struct {
	Summary
	ctx  context.Context
	tx   *sql.Tx
	tell func(Finding)
}

func (v *verification) report(f Finding) {
	v.Findings++
	v.tell(f)
}

func (v *verification) districts(one uuid.UUID) error {
	ids, err := v.ids(`SELECT id FROM district WHERE ?1 IS NULL OR id = ?1 ORDER BY id`, orNull(one))
	if err != nil {
		return err
	}
	for _, id := range ids {
		d := &districtVerification{verification: v, district: id, unread: map[uuid.UUID]int64{}}
		if err := d.conversations(); err != nil {
			return err
		}
		if err := d.inboxes(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) ids(query string, args ...any) ([]uuid.UUID, error) {
	rows, err := v.tx.QueryContext(v.ctx, query, args...)
	return scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
}

// districtVerification counts, on its way along the conversations of a
// district, what everybody has not read.
type districtVerification struct {
	*verification
	district uuid.UUID
	unread   map[uuid.UUID]int64
}

// verifyStep is how many conversations are listed at a time.
const verifyStep = 1000

func (d *districtVerification) conversations() error {
	for after := uuid.Nil; ; {
		ids, err := d.ids(`SELECT id FROM conversation WHERE district = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
			key(d.district), key(after), verifyStep)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := d.conversation(id); err != nil {
				return fmt.Errorf("conversation %s: %w", id, err)
			}
		}
		if len(ids) < verifyStep {
			return nil
		}
		after = ids[len(ids)-1]
	}
}

// inboxes compares the totals that are kept with those that were counted.
func (d *districtVerification) inboxes() error {
	rows, err := d.tx.QueryContext(d.ctx, `SELECT person, unread_total FROM inbox WHERE district = ?1 ORDER BY person`, key(d.district))
	type kept struct {
		person uuid.UUID
		unread int64
	}
	all, err := scanAll(rows, err, func(k *kept) []any { return []any{&k.person, &k.unread} })
	if err != nil {
		return err
	}
	for _, k := range all {
		d.Inboxes++
		if counted := d.unread[k.person]; counted != k.unread {
			d.report(Finding{District: d.district, Person: k.person, What: fmt.Sprintf(
				"the inbox says %d unread, counted are %d", k.unread, counted)})
		}
		delete(d.unread, k.person)
	}
	for _, person := range slices.SortedFunc(maps.Keys(d.unread), roster.CompareIDs) {
		d.report(Finding{District: d.district, Person: person, What: fmt.Sprintf(
			"there is no inbox, counted are %d unread", d.unread[person])})
	}
	return nil
}
