package main

import (
	"fmt"
	"hash/maphash"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

// judge holds what every client was told against the database.
type judge struct {
	seed    maphash.Seed
	stored  map[uuid.UUID][]stamp // by conversation, in the order of the numbers
	bodies  map[uint64]string     // where each text is stored
	inboxes map[uuid.UUID]map[int64]state
}

// stamp is what is remembered of a stored message.
type stamp struct {
	body uint64
	key  uuid.UUID
}

// state is what somebody's inbox was said to be at a version.
type state struct {
	unread int64
	letter *page.Letter
}

func newJudge() *judge {
	return &judge{
		seed: maphash.MakeSeed(), stored: map[uuid.UUID][]stamp{}, bodies: map[uint64]string{},
		inboxes: map[uuid.UUID]map[int64]state{},
	}
}

// tally is what a round, or a run, came to.
type tally struct {
	Acknowledged int           `json:"acknowledged"`
	Stored       int           `json:"stored"`
	Worst        time.Duration `json:"worst"` // shown late
	Bad          map[kind]int  `json:"bad"`
}

func (t *tally) add(other tally) {
	t.Acknowledged += other.Acknowledged
	t.Stored += other.Stored
	t.Worst = max(t.Worst, other.Worst)
	if t.Bad == nil {
		t.Bad = map[kind]int{}
	}
	for k, n := range other.Bad {
		t.Bad[k] += n
	}
}

func (t tally) bad() int {
	n := 0
	for _, of := range t.Bad {
		n += of
	}
	return n
}

// verdict is errFound where there is anything in a column that must be empty.
func (t tally) verdict() error {
	if t.bad() > 0 {
		return errFound
	}
	return nil
}

// checked is up to which number messages have been taken in, by conversation.
func (j *judge) checked() map[uuid.UUID]int64 {
	numbers := map[uuid.UUID]int64{}
	for id, stamps := range j.stored {
		numbers[id] = int64(len(stamps))
	}
	return numbers
}

// takeIn takes what was stored since.
func (j *judge) takeIn(letters []letter) (findings []finding) {
	for _, l := range letters {
		name := letterName(l.conversation, l.seq)
		if want := int64(len(j.stored[l.conversation])) + 1; l.seq != want {
			findings = append(findings, finding{disorder, nil, fmt.Sprintf("%s is stored where %d should be", name, want)})
			continue
		}
		body := j.hash(l.body)
		if twice, ok := j.bodies[body]; ok {
			findings = append(findings, finding{doubled, nil, name + " is stored as " + twice + " as well"})
		}
		j.bodies[body] = name
		j.stored[l.conversation] = append(j.stored[l.conversation], stamp{body, l.key})
	}
	return findings
}

func (j *judge) hash(body string) uint64 { return maphash.String(j.seed, body) }

// holds says whether a message is stored as it was told.
func (j *judge) holds(m page.Message) (s stamp, ok bool) {
	stamps := j.stored[m.Conversation]
	if m.Seq < 1 || m.Seq > int64(len(stamps)) {
		return stamp{}, false
	}
	s = stamps[m.Seq-1]
	return s, s.body == j.hash(m.Body)
}

// facts judges what one client was told.
func (j *judge) facts(r *page.Record, f page.Facts, t truth, end time.Time) (n tally, findings []finding) {
	found := func(k kind, format string, args ...any) {
		findings = append(findings, finding{k, r, fmt.Sprintf(format, args...)})
	}
	keys := map[uuid.UUID]struct{}{} // a page that was left may be answered beside the next one
	for _, s := range f.Stored {
		keys[s.Key] = struct{}{}
		if stamp, ok := j.holds(s.Message); !ok || stamp.key != s.Key {
			found(lost, "%s was acknowledged (key %s) and is not stored so", letterName(s.Conversation, s.Seq), s.Key)
		}
	}
	for _, s := range f.Started {
		keys[s.Key] = struct{}{}
		if len(s.Conversations) != 1 {
			found(lost, "a start gave %d conversations", len(s.Conversations))
		} else if _, ok := j.holds(page.Message{Conversation: s.Conversations[0], Seq: 1, Body: s.Body}); !ok {
			found(lost, "the conversation %s was acknowledged and is not stored so", s.Conversations[0])
		}
	}
	for _, m := range f.Told {
		if _, ok := j.holds(m); !ok {
			found(disorder, "%s was told with another text than is stored", letterName(m.Conversation, m.Seq))
		}
	}
	for _, d := range f.Disorders {
		found(disorder, "%s: %s", letterName(d.Conversation, d.Seq), d.Why)
	}
	for _, read := range f.Read {
		if got := t.members[membership{read.Conversation, r.Person}].readSeq; got < read.ReadSeq {
			found(wrong, "%s was acknowledged as read up to %d, and is up to %d", read.Conversation, read.ReadSeq, got)
		}
	}
	for id := range f.Mentioned {
		if _, ok := t.members[membership{id, r.Person}]; !ok {
			found(stranger, "it was told of %s", id)
		}
	}
	for _, s := range f.Strangers {
		found(stranger, "%s", s)
	}
	for _, w := range f.Wrong {
		found(refused, "%s", w)
	}
	worst, lates := lateness(r, f, end)
	n.Acknowledged, n.Worst = len(keys), worst
	return n, append(findings, lates...)
}

// lateness is how much later than it could be something was shown, counted from
// the end of the faults, and from when a page was loaded or its device woke.
func lateness(r *page.Record, f page.Facts, end time.Time) (worst time.Duration, findings []finding) {
	see := func(what string, at, from time.Time) {
		by := at.Sub(later(from, end))
		worst = max(worst, by)
		if by > bound {
			findings = append(findings, finding{late, r, fmt.Sprintf("%s was shown %.1f s after it could be", what, by.Seconds())})
		}
	}
	for _, s := range f.Shown {
		see(letterName(s.Conversation, s.Seq), s.At, later(s.SentAt, s.Since))
	}
	for _, told := range f.Inboxes {
		if l := told.Letter; l != nil {
			see("in the inbox "+letterName(l.Conversation, l.Seq), told.At, l.At)
		}
	}
	return worst, findings
}
