package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub"
)

// whateverHappens asks that, whatever happens in whatever order, all counts are
// those of a recount.
func whateverHappens(t *testing.T, store Store) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &random{school: openSchool(rt, store, "random-"+newID().String())}
		rt.Repeat(map[string]func(*rapid.T){
			"start": m.start, "post": m.post, "repeat": m.repeat, "read": m.read, "seal": m.seal,
			"leave": m.leave, "return": m.comeBack,
		})
		m.check()
	})
}

// random is a school in which anything happens, and what must have come of it.
type random struct {
	*school
	talks []*talk
	sent  []hub.Post
	gone  string
}

// talk is a conversation as it must be.
type talk struct {
	id       uuid.UUID
	names    []string
	messages int64
	sealed   bool
}

var everybody = []string{"ana", "ben", "maria", "leo", "dora"}

func (m *random) start(t *rapid.T) {
	n := rapid.IntRange(2, len(everybody)).Draw(t, "people")
	names := rapid.Permutation(everybody).Draw(t, "names")[:n]
	if names[0] == m.gone {
		return
	}
	m.tick(t)
	m.talks = append(m.talks, &talk{id: m.school.start(names...).Conversation, names: names, messages: 1})
}

func (m *random) post(t *rapid.T) {
	talk := m.talk(t)
	if talk == nil {
		return
	}
	name := rapid.SampledFrom(everybody).Draw(t, "sender")
	m.tick(t)
	p := m.reply(talk.id, name, rapid.StringN(1, 20, -1).Draw(t, "body"))
	r, err := m.Post(m.Context(), p)
	switch {
	case !slices.Contains(talk.names, name):
		m.refused(err, hub.CodeNotFound)
	case name == m.gone:
		m.refused(err, hub.CodeOut)
	case talk.sealed:
		m.refused(err, hub.CodeSealed)
	default:
		m.must(err)
		talk.messages++
		m.sent = append(m.sent, p)
		m.toldRight(talk, r)
	}
}

// toldRight holds where a receipt tells all in a conversation who are there,
// and nobody else, what their inbox says.
func (m *random) toldRight(talk *talk, r hub.Receipt) {
	if r.Seq != talk.messages {
		m.Fatalf("message %d is numbered %d", talk.messages, r.Seq)
	}
	there := slices.DeleteFunc(slices.Clone(talk.names), func(name string) bool { return name == m.gone })
	if len(r.Audience) != len(there) {
		m.Fatalf("%v are there, told are %+v", there, r.Audience)
	}
	for _, name := range there {
		if got := m.told(r.Audience, name); got == nil || got.Head != m.head(name) {
			m.Fatalf("%s is told %+v, their head is %+v", name, got, m.head(name))
		}
	}
}

func (m *random) repeat(t *rapid.T) {
	if len(m.sent) == 0 {
		return
	}
	r, err := m.Post(m.Context(), rapid.SampledFrom(m.sent).Draw(t, "sent"))
	if err != nil || !r.Repeated {
		t.Fatalf("what was sent before: %+v, %v", r, err)
	}
}

func (m *random) read(t *rapid.T) {
	talk := m.talk(t)
	if talk == nil {
		return
	}
	name := rapid.SampledFrom(talk.names).Draw(t, "reader")
	before := m.head(name)
	r := m.school.read(talk.id, name, rapid.Int64Range(0, talk.messages+2).Draw(t, "up to"))
	if r.Head != m.head(name) || r.Moved != (r.Version > before.Version) {
		t.Fatalf("reading took %+v to %+v: %+v", before, m.head(name), r)
	}
}

func (m *random) seal(t *rapid.T) {
	talk := m.talk(t)
	if talk == nil {
		return
	}
	_, err := m.Seal(m.Context(), m.id, talk.id, hub.Seal{At: m.clock, By: m.who["paula"], Cause: hub.SealedByStaff, Reason: "So."}, anybody)
	if talk.sealed {
		m.refused(err, hub.CodeSealed)
		return
	}
	m.must(err)
	talk.sealed = true
}

func (m *random) leave(t *rapid.T) {
	m.gone = rapid.SampledFrom(everybody).Draw(t, "gone")
	m.school.leave(m.gone)
}

func (m *random) comeBack(*rapid.T) {
	m.gone = ""
	m.deliver(lincoln)
}

// check counts again.
func (m *random) check() {
	for _, talk := range m.talks {
		for _, name := range talk.names {
			if n := int64(len(m.all(talk.id, name))); n != talk.messages {
				m.Fatalf("%s sees %d messages of %d", name, n, talk.messages)
			}
		}
	}
	for _, name := range everybody {
		var total int64
		for _, talk := range m.talks {
			if slices.Contains(talk.names, name) {
				total += m.recount(talk.id, name, m.all(talk.id, name))
			}
		}
		if got := m.head(name).Unread; got != total {
			m.Fatalf("%s's inbox says %d unread, counted are %d", name, got, total)
		}
	}
}

func (m *random) talk(t *rapid.T) *talk {
	if len(m.talks) == 0 {
		return nil
	}
	return rapid.SampledFrom(m.talks).Draw(t, "conversation")
}

// tick moves the clock, at times back and at times into another hour.
func (m *random) tick(t *rapid.T) {
	m.clock = m.clock.Add(time.Duration(rapid.IntRange(-10, 90).Draw(t, "minutes")) * time.Minute)
}
