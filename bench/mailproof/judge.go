package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// kind is a column in which there must be nothing.
type kind string

// The kinds. Needless: mailed before it was due, or though all of it had been
// read when the worker looked last, or to somebody else. Doubled: a letter that
// two mails to a person were about, or a mail that was taken twice though it
// could have been asked about. Missing: a letter that stayed unread, was due, and
// was in no mail that was taken.
const (
	needless kind = "needless"
	doubled  kind = "doubled"
	missing  kind = "missing"
)

var kinds = []kind{needless, doubled, missing}

// finding is one thing that is not as it should be.
type finding struct {
	kind   kind
	person uuid.UUID
	mail   uuid.UUID // uuid.Nil where there is none
	letter           // the first that it is about
	what   string
}

func (f finding) String() string {
	mail := "no mail"
	if f.mail != uuid.Nil {
		mail = "mail " + f.mail.String()
	}
	return fmt.Sprintf("%s: person %s, %s, message %d of %s: %s", f.kind, f.person, mail, f.seq, f.conversation, f.what)
}

// early is how much before it is due a mail may be taken: nodes know the time of
// the database by a question that may take five seconds.
const early = 5 * time.Second

// verdict is what a run came to.
type verdict struct {
	People     int // who were written to
	Due        int // letters to a reader that fell due
	Read       int // those of them that were read, and in no mail
	Held       int // those of them that wait after a mail that went unread
	Sent       int // mails that were taken
	Unknowable int // mails that were taken without a word, and cannot be asked about
	Bad        map[kind]int
	findings   []finding
	late       []time.Duration // from when mails were due until they were taken, ascending
}

// judging is a verdict in the making.
type judging struct {
	truth
	verdict
	accepts map[uuid.UUID][]accept // by mail
	mailsOf map[uuid.UUID][]mail   // by person
	mailed  map[reading]uuid.UUID  // by which mail somebody was told of a letter
}

// reading is a letter to one of its readers.
type reading struct {
	person uuid.UUID
	letterID
}

// judge holds what was taken against what is stored.
func judge(t truth) verdict {
	j := judging{
		truth: t, verdict: verdict{Bad: map[kind]int{}},
		accepts: map[uuid.UUID][]accept{}, mailsOf: map[uuid.UUID][]mail{}, mailed: map[reading]uuid.UUID{},
	}
	for _, id := range sortedIDs(t.mails) {
		m := t.mails[id]
		j.mailsOf[m.person] = append(j.mailsOf[m.person], m)
	}
	for _, a := range t.accepts {
		j.accepts[a.mail] = append(j.accepts[a.mail], a)
	}
	for _, id := range sortedIDs(j.accepts) {
		j.mail(id)
	}
	j.unread()
	slices.Sort(j.late)
	for _, f := range j.findings {
		j.Bad[f.kind]++
	}
	return j.verdict
}

func (j *judging) found(k kind, m mail, first letter, format string, args ...any) {
	j.findings = append(j.findings, finding{k, m.person, m.id, first, fmt.Sprintf(format, args...)})
}

// mail judges one that was taken at least once.
func (j *judging) mail(id uuid.UUID) {
	taken := j.accepts[id]
	j.Sent++
	m, known := j.mails[id]
	if !known {
		j.found(needless, mail{id: id}, letter{}, "it was taken and is not stored")
		return
	}
	letters := j.about(m)
	if len(letters) == 0 {
		j.found(needless, m, letter{}, "it is about nothing")
		return
	}
	for _, a := range taken {
		if a.to != m.address {
			j.found(needless, m, letters[0], "it went to %s instead of %s", a.to, m.address)
		}
	}
	j.copies(m, letters, taken)
	j.late = append(j.late, taken[0].at.Sub(j.dueAt(letters)))
	for _, a := range taken {
		j.call(m, letters, a)
	}
	for _, l := range letters {
		key := reading{m.person, l.letterID}
		if other, twice := j.mailed[key]; twice {
			j.found(doubled, m, l, "mail %s was about it already", other)
		}
		j.mailed[key] = id
	}
}

// about are the letters of others that a mail is about.
func (j *judging) about(m mail) []letter {
	var all []letter
	for _, p := range m.parts {
		for _, l := range j.letters[p.conversation] {
			if p.after < l.seq && l.seq <= p.upTo && l.sender != m.person {
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, func(a, b letter) int { return a.sentAt.Compare(b.sentAt) })
	return all
}

// dueAt is when the first of several letters is due.
func (j *judging) dueAt(letters []letter) time.Time { return letters[0].sentAt.Add(j.delay) }

// copies: a mail is taken once. One that cannot be asked about is taken twice at
// the most, and only where the program did not hear of the first.
func (j *judging) copies(m mail, letters []letter, taken []accept) {
	if !j.askable {
		if slices.ContainsFunc(taken, func(a accept) bool { return !a.told }) || m.state == "unknown" {
			j.Unknowable++
		}
		if len(taken) == 1 || len(taken) == 2 && !m.heard(taken[0].at, taken[1].at) {
			return
		}
	}
	if len(taken) > 1 {
		j.found(doubled, m, letters[0], "it was taken %d times, at %s and %s; %s", len(taken),
			taken[0].at.Format(clockFormat), taken[1].at.Format(clockFormat), m.story())
	}
}

const clockFormat = "15:04:05.000"

// heard says whether the program knew, or thought that it did, what became of a
// call in which a mail was taken: the next step is not that it does not know.
func (m mail) heard(taken, again time.Time) bool {
	for _, s := range m.steps {
		if s.at.After(taken) {
			return settled[s.name] && s.at.Before(again)
		}
	}
	return false
}

// story is all that happened to a mail.
func (m mail) story() string {
	var names []string
	for _, s := range m.steps {
		names = append(names, s.at.Format(clockFormat)+" "+s.name)
	}
	return strings.Join(names, ", ")
}

// call: what was all read before the worker looked last is not mailed, and what
// was not is mailed when it is due. The second copy of what nobody knows of does
// not wait for that: the first, which was due, may have told of it already.
func (j *judging) call(m mail, letters []letter, a accept) {
	looked, known := m.looked(a.at)
	if !known {
		j.found(needless, m, letters[0], "it was taken at %s, and the program had not noted that it would call", a.at.Format(clockFormat))
		return
	}
	left := slices.DeleteFunc(slices.Clone(letters), func(l letter) bool {
		at, read := j.readAt[reading{m.person, l.letterID}]
		return read && at.Before(looked)
	})
	if len(left) == 0 {
		j.found(needless, m, letters[0], "all of it had been read when the worker looked at %s", looked.Format(clockFormat))
		return
	}
	if due := j.dueAt(left); a.at.Add(early).Before(due) && !m.doubted(a.at) {
		j.found(needless, m, left[0], "it was taken at %s, and due at %s", a.at.Format(clockFormat), due.Format(clockFormat))
	}
}

// doubted says whether a mail was called for once more without being known not to
// have been taken before.
func (m mail) doubted(taken time.Time) bool {
	before := ""
	for i, s := range m.steps {
		if s.name != calling || s.began.After(taken) {
			continue
		}
		before = ""
		for _, earlier := range m.steps[:i] {
			if earlier.name != claimed {
				before = earlier.name
			}
		}
	}
	return before == doubted || before == calling
}

// looked is when the worker looked last before a mail was taken: when the
// transaction began in which it noted the call.
func (m mail) looked(taken time.Time) (at time.Time, known bool) {
	for _, s := range m.steps {
		if s.name == calling && !s.began.After(taken) {
			at, known = s.began, true
		}
	}
	return at, known
}

// unread judges every letter to every reader.
func (j *judging) unread() {
	people := map[uuid.UUID]bool{}
	for _, conversation := range sortedIDs(j.letters) {
		for _, person := range sortedIDs(j.readers[conversation]) {
			for _, l := range j.letters[conversation] {
				if l.sender != person {
					people[person] = true
					j.letter(person, l)
				}
			}
		}
	}
	j.People = len(people)
}

func (j *judging) letter(person uuid.UUID, l letter) {
	due := j.dueAt([]letter{l})
	if due.After(j.end) {
		return
	}
	j.Due++
	switch _, mailed := j.mailed[reading{person, l.letterID}]; {
	case mailed:
	case l.seq <= j.readers[l.conversation][person]:
		j.Read++
	case j.waits(person, l):
		j.Held++
	default:
		m, story := j.meant(person, l)
		j.found(missing, m, l, "it was sent at %s, due at %s, and is unread; %s", l.sentAt.Format(clockFormat), due.Format(clockFormat), story)
	}
}

// waits are how long further letters wait after the first mail of a conversation
// in a row that went unread, after the second, and after later ones. No run lasts
// as long.
var waits = [...]time.Duration{time.Hour, 4 * time.Hour, 24 * time.Hour}

// waits: one that comes while what a mail of the conversation is about is unread
// waits from when that mail was made; also where only those others are read then,
// and so the mail is not sent. That it waits, a notice has to say, or its own
// mail, which has forgotten when the one before was made, and waits from when the
// letter was written.
func (j *judging) waits(person uuid.UUID, l letter) bool {
	next, noticed := j.notices[person]
	own, is := j.mailAbout(person, l)
	itself := is && own.nextAt != nil
	if itself {
		next = *own.nextAt
	}
	return (noticed || itself) && slices.ContainsFunc(j.mailsOf[person], func(m mail) bool {
		from := m.madeAt
		if itself {
			from = l.sentAt
		}
		at := slices.IndexFunc(m.parts, func(p part) bool { return p.conversation == l.conversation })
		if at < 0 || next.After(from.Add(waits[min(m.parts[at].step, len(waits))-1]+early)) {
			return false
		}
		return slices.ContainsFunc(j.about(m), func(earlier letter) bool {
			at, read := j.readAt[reading{person, earlier.letterID}]
			return earlier.conversation == l.conversation && earlier.seq < l.seq && (!read || at.After(l.sentAt))
		})
	})
}

// mailAbout is the mail that is about a letter to somebody.
func (j *judging) mailAbout(person uuid.UUID, l letter) (mail, bool) {
	for _, m := range j.mailsOf[person] {
		for _, p := range m.parts {
			if p.conversation == l.conversation && p.after < l.seq && l.seq <= p.upTo {
				return m, true
			}
		}
	}
	return mail{person: person}, false
}

// meant is the mail that should have told somebody of a letter, and what is known
// of the conversation's mails to them.
func (j *judging) meant(person uuid.UUID, l letter) (m mail, story string) {
	m, _ = j.mailAbout(person, l)
	for _, other := range j.mailsOf[person] {
		for _, p := range other.parts {
			if p.conversation == l.conversation {
				story += fmt.Sprintf("mail %s is of %d to %d and %s; ", other.id, p.after+1, p.upTo, other.state)
			}
		}
	}
	for _, other := range j.letters[l.conversation] {
		if other.sender == person {
			story += fmt.Sprintf("%d is their own; ", other.seq)
		} else if at, read := j.readAt[reading{person, other.letterID}]; read {
			story += fmt.Sprintf("%d was read at %s; ", other.seq, at.Format(clockFormat))
		}
	}
	if next, noticed := j.notices[person]; noticed {
		return m, story + "they are next due at " + next.Format(clockFormat)
	}
	return m, story + "nothing is due to them"
}

func sortedIDs[V any](m map[uuid.UUID]V) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}
