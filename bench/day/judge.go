package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

// grace is how long a page must have stood after a letter was sent to be held to
// having shown it, where it was closed before the end.
const grace = 30 * time.Second

// seen is what one person was told, made ready for questions.
type seen struct {
	person *person
	facts  page.Facts
	shown  map[place][]time.Time // on pages of conversations
	told   map[uuid.UUID][]page.Told
}

type place struct {
	conversation uuid.UUID
	seq          int64
}

func see(p *person) *seen {
	s := &seen{person: p, facts: p.device.Record.Take(), shown: map[place][]time.Time{}, told: map[uuid.UUID][]page.Told{}}
	s.index()
	return s
}

func (s *seen) index() {
	for _, m := range s.facts.Shown {
		at := place{m.Conversation, m.Seq}
		s.shown[at] = append(s.shown[at], m.At)
	}
	for _, t := range s.facts.Inboxes {
		if t.Letter != nil {
			s.told[t.Letter.Conversation] = append(s.told[t.Letter.Conversation], t)
		}
	}
}

// judgement is what the morning came to.
type judgement struct {
	letters   int // stored
	sent      int // with success
	screens   int // that showed a letter, all letters together
	coalesced int // those that were told of a letter together with later ones
	answers   []time.Duration
	last      []time.Duration // for each letter that anybody else saw: until the last screen had it
	openings  []time.Duration
	wrong     []string
}

// judge holds what everybody was told against the truth, and takes the times.
func judge(c *crowd, t truth, end time.Time) judgement {
	j := judgement{letters: len(t.letters)}
	everybody := map[uuid.UUID]*seen{}
	sent := map[uuid.UUID]sending{}
	for _, p := range c.people {
		everybody[p.id] = see(p)
		j.openings = append(j.openings, p.opened...)
		for _, s := range append(p.sends, p.starts...) {
			sent[s.key] = s
			if s.answered.IsZero() {
				j.wrong = append(j.wrong, fmt.Sprintf("%s was not answered", s.key))
				continue
			}
			j.sent++
			j.answers = append(j.answers, s.answered.Sub(s.sent))
		}
		j.wrong = append(j.wrong, everybody[p.id].faults()...)
	}
	j.wrong = append(j.wrong, acknowledged(everybody, t)...)
	for _, l := range t.letters {
		s, ok := sent[l.key]
		if !ok {
			j.wrong = append(j.wrong, fmt.Sprintf("nobody has sent %d of %s", l.seq, l.conversation))
			continue
		}
		j.follow(l, s, t.participants[l.conversation], everybody, end)
	}
	return j
}

// follow finds when each screen that stood showed a letter.
func (j *judgement) follow(l letter, s sending, participants []uuid.UUID, everybody map[uuid.UUID]*seen, end time.Time) {
	var last time.Time
	for _, id := range participants {
		one := everybody[id]
		if one == nil {
			continue
		}
		for _, sc := range one.person.screens {
			if sc.live.After(s.sent) || sc.conversation != uuid.Nil && sc.conversation != l.conversation {
				continue
			}
			stood := end
			if !sc.left.IsZero() {
				stood = sc.left
			}
			at, how := one.when(l, sc, s.sent, stood)
			switch {
			case how == shows:
				j.screens++
				if id != l.sender && at.After(last) {
					last = at
				}
			case how == coalesces:
				j.coalesced++
			case sc.left.IsZero() || stood.Sub(s.sent) > grace:
				j.wrong = append(j.wrong, fmt.Sprintf("%s did not show %d of %s", one.person.device.Record.Device, l.seq, l.conversation))
			}
		}
	}
	if !last.IsZero() {
		j.last = append(j.last, last.Sub(s.sent))
	}
}

// How a screen has a letter.
type showing int

const (
	hides showing = iota
	shows
	coalesces // the inbox was told of something later, and nothing of the letter
)

// when is when a screen that stood showed a letter, if it did.
func (s *seen) when(l letter, sc screen, from, to time.Time) (time.Time, showing) {
	if sc.conversation != uuid.Nil {
		for _, at := range s.shown[place{l.conversation, l.seq}] {
			if !at.Before(from) && !at.After(to) {
				return at, shows
			}
		}
		return time.Time{}, hides
	}
	for _, t := range s.told[l.conversation] {
		if t.Letter.Seq >= l.seq && !t.At.Before(from) && !t.At.After(to) {
			return t.At, shows
		}
	}
	for _, t := range s.facts.Inboxes {
		if t.Letter == nil && !t.At.Before(from) && !t.At.After(to) {
			return t.At, coalesces
		}
	}
	return time.Time{}, hides
}

// faults are what nobody should ever be told, and letters that a page showed twice
// or out of order.
func (s *seen) faults() (wrong []string) {
	name := s.person.device.Record.Device
	for _, d := range s.facts.Disorders {
		wrong = append(wrong, fmt.Sprintf("%s: %d of %s is out of order: %s", name, d.Seq, d.Conversation, d.Why))
	}
	for _, what := range append(s.facts.Strangers, s.facts.Wrong...) {
		wrong = append(wrong, name+": "+what)
	}
	type shown struct {
		since        time.Time
		conversation uuid.UUID
	}
	last := map[shown]int64{}
	for _, m := range s.facts.Shown {
		on := shown{m.Since, m.Conversation}
		if before, ok := last[on]; ok && m.Seq != before+1 {
			wrong = append(wrong, fmt.Sprintf("%s showed %d of %s after %d", name, m.Seq, m.Conversation, before))
		}
		last[on] = m.Seq
	}
	return wrong
}

// acknowledged holds what senders were told against what is stored.
func acknowledged(everybody map[uuid.UUID]*seen, t truth) (wrong []string) {
	stored := map[uuid.UUID]letter{}
	for _, l := range t.letters {
		stored[l.key] = l
	}
	for _, s := range everybody {
		for _, sent := range s.facts.Stored {
			l, ok := stored[sent.Key]
			if !ok || l.conversation != sent.Conversation || l.seq != sent.Seq || l.body != sent.Body {
				wrong = append(wrong, fmt.Sprintf("%s was told that %d of %s is stored, and it is not", s.person.device.Record.Device, sent.Seq, sent.Conversation))
			}
		}
	}
	return wrong
}
