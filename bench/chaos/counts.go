package main

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

// counts judges the counts that everybody shows, and that the database keeps.
func (j *judge) counts(c *crowd, t truth) (findings []finding) {
	total := map[uuid.UUID]int64{}
	for m, r := range t.members {
		total[m.person] += r.unread
	}
	for person, h := range t.heads {
		if total[person] != h.unread {
			findings = append(findings, finding{wrong, nil, fmt.Sprintf("the inbox of %s says %d unread, and there are %d", person, h.unread, total[person])})
		}
	}
	for _, m := range c.members {
		p := m.open()
		if p == nil {
			continue
		}
		s, h := p.State(), t.heads[m.person.ID]
		found := func(format string, args ...any) {
			findings = append(findings, finding{wrong, m.device.Record, fmt.Sprintf(format, args...)})
		}
		if s.Version != h.version || s.Unread != h.unread {
			found("it shows %d unread of version %d, and there are %d of version %d", s.Unread, s.Version, h.unread, h.version)
		}
		for id, row := range s.Rows {
			r := t.members[membership{id, m.person.ID}]
			if row.Unread != r.unread || row.LastSeq != t.last[id] {
				found("%s is shown with %d unread of %d, and there are %d of %d", id, row.Unread, row.LastSeq, r.unread, t.last[id])
			}
		}
	}
	return findings
}

// versions judges every number of unread that somebody was told on the way: all
// devices are told the same of a version, and a letter makes it one more, or
// none where it is one's own.
func (j *judge) versions(r *page.Record, told []page.Told) (findings []finding) {
	known := j.inboxes[r.Person]
	if known == nil {
		known = map[int64]state{}
		j.inboxes[r.Person] = known
	}
	for _, t := range told {
		before, again := known[t.Version]
		if again && before.unread != t.Unread {
			findings = append(findings, finding{wrong, r, fmt.Sprintf("of version %d it was told %d unread, and elsewhere %d", t.Version, t.Unread, before.unread)})
		}
		if before.letter == nil {
			before.letter = t.Letter
		}
		known[t.Version] = state{t.Unread, before.letter}
	}
	return findings
}

// follow judges how versions follow one another, and keeps the last of each
// person for the next round.
func (j *judge) follow(records map[uuid.UUID]*page.Record) (findings []finding) {
	for person, known := range j.inboxes {
		var last int64
		for version, s := range known {
			last = max(last, version)
			before, ok := known[version-1]
			if !ok || s.letter == nil {
				continue
			}
			expected := before.unread
			if s.letter.Sender != person {
				expected++
			}
			if s.unread != expected {
				findings = append(findings, finding{wrong, records[person], fmt.Sprintf(
					"%s made %d unread of %d (version %d)", letterName(s.letter.Conversation, s.letter.Seq), s.unread, before.unread, version)})
			}
		}
		j.inboxes[person] = map[int64]state{last: known[last]}
	}
	return findings
}
