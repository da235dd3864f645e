package postgres

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/notify"
)

const (
	insertMails = `
INSERT INTO mail (district, id, person, address, state, made_at, next_at)
SELECT district, id, person, address, 'intended', $5, $6
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS m (district, id, person, address)`
	insertParts = `
INSERT INTO mail_part (district, mail, no, conversation, after_seq, up_to, step)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::bigint[], $6::bigint[], $7::integer[])`
	updateMailed = `
UPDATE participant q SET mailed_seq = u.up_to, mailed_step = u.step, mailed_at = $6
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::integer[]) AS u (district, conversation, person, up_to, step)
WHERE q.district = u.district AND q.conversation = u.conversation AND q.person = u.person`
	dropNotices = `
DELETE FROM notice n USING unnest($1::uuid[], $2::uuid[]) AS w (district, person)
WHERE n.district = w.district AND n.person = w.person`
	moveNotices = `
UPDATE notice n SET due_at = w.due_at FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS w (district, person, due_at)
WHERE n.district = w.district AND n.person = w.person`
)

// verdicts gathers what is written about all who were judged.
type verdicts struct {
	mails mailArrays
	parts struct {
		districts, mails, conversations, people []uuid.UUID
		numbers, steps                          []int
		after, upTo                             []int64
	}
	dropped, moved []mailbox
	next           []time.Time
}

// add takes a verdict, and says whether a mail comes of it.
func (v *verdicts) add(who mailbox, verdict notify.Verdict, s notify.Standing, now time.Time) (m notify.Mail, mailed bool) {
	if verdict.Next.IsZero() {
		v.dropped = append(v.dropped, who)
	} else {
		v.moved, v.next = append(v.moved, who), append(v.next, verdict.Next)
	}
	if len(verdict.Parts) == 0 {
		return m, false
	}
	m = notify.Mail{
		ID: uuid.Must(uuid.NewV7()), District: who.district, Person: who.person, Address: s.Address.Email,
		State: notify.Intended, Parts: verdict.Parts, MadeAt: now,
	}
	v.mails.add(m)
	p := &v.parts
	for no, part := range m.Parts {
		p.districts, p.mails, p.people = append(p.districts, m.District), append(p.mails, m.ID), append(p.people, m.Person)
		p.numbers, p.conversations = append(p.numbers, no), append(p.conversations, part.Conversation)
		p.after, p.upTo, p.steps = append(p.after, part.After), append(p.upTo, part.UpTo), append(p.steps, part.Step)
	}
	return m, true
}

// queue writes in the order of locks: notices, mails, participants.
func (v *verdicts) queue(batch *pgx.Batch, now, until time.Time) {
	if len(v.dropped) > 0 {
		districts, people := columnsOf(v.dropped)
		batch.Queue(dropNotices, districts, people)
	}
	if len(v.moved) > 0 {
		districts, people := columnsOf(v.moved)
		batch.Queue(moveNotices, districts, people, v.next)
	}
	if len(v.mails.ids) > 0 {
		p := v.parts
		batch.Queue(insertMails, v.mails.districts, v.mails.ids, v.mails.people, v.mails.addresses, now, until)
		batch.Queue(insertParts, p.districts, p.mails, p.numbers, p.conversations, p.after, p.upTo, p.steps)
		batch.Queue(updateMailed, p.districts, p.conversations, p.people, p.upTo, p.steps, now)
	}
}

// mailArrays are the columns of mails.
type mailArrays struct {
	districts, ids, people []uuid.UUID
	addresses              []string
}

func (a *mailArrays) add(m notify.Mail) {
	a.districts, a.ids, a.people = append(a.districts, m.District), append(a.ids, m.ID), append(a.people, m.Person)
	a.addresses = append(a.addresses, kept(m.Address))
}
